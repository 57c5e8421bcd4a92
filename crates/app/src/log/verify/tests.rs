//! What the installation itself wrote and nobody can read: found, and no reason to believe that nothing was said.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chengxin_core::{Caller, Ground, Role};
use chengxin_store::log::INSTALLATION;
use data_encoding::HEXLOWER;

use super::Finding;
use crate::log::testing::{append, auditor, caller, installation};

const SUBJECT: [u8; 16] = [7; 16];

/// What checking finds in an entry, if it finds anything.
fn found(chain: &[u8; 16], operation: &str, caller: &str, detail: &str) -> Vec<Finding> {
    let dir = tempfile::tempdir().unwrap();
    let installation = installation(&dir.path().join("data"));
    let entry = append(&installation, chain, operation, caller, detail);
    let key = format!("{}/{}", HEXLOWER.encode(chain), entry.number);
    let mut findings = installation.log_verify(&auditor(), None).unwrap().findings;
    findings.retain(|finding| finding.table == "log_entry" && finding.key == key);
    findings
}

#[test]
fn an_entry_that_does_not_say_what_it_should_is_a_finding_about_that_entry() {
    let cases = [
        (INSTALLATION, "submission_import", r#"{"accepted": true, "submission": 1, "versions": 2}"#, "root, versions"),
        (
            INSTALLATION,
            "submission_import",
            r#"{"accepted": true, "submission": 1, "versions": 2, "root": "00"}"#,
            "root, versions",
        ),
        (INSTALLATION, "submission_import", r#"{"opened": true, "rows": []}"#, "submission"),
        (INSTALLATION, "submission_recall", r#"{"submission": "one", "rows": []}"#, "submission"),
        (INSTALLATION, "held_purge", r#"{"held": -1, "at_us": 5}"#, "held, at_us"),
        (INSTALLATION, "held_purge", r#"{"held": 1}"#, "held, at_us"),
        (SUBJECT, "record_erase", r#"{"versions": [["00", 1]]}"#, "versions"),
        (SUBJECT, "record_erase", r#"{"versions": [["00", 1, "00"]]}"#, "versions"),
        (SUBJECT, "record_erase", r#"{"versions": "all"}"#, "versions"),
        (SUBJECT, "record_lock", r#"{"rows": [["record_lock"]]}"#, "JSON"),
        (SUBJECT, "log_reveal", "nothing", "JSON"),
    ];
    for (chain, operation, detail, what) in cases {
        let findings = found(&chain, operation, &caller(), detail);
        let [finding] = &findings[..] else { panic!("{operation} {detail}: {findings:#?}") };
        assert!(finding.what.en.contains(what) && finding.what.zh.contains("detail"), "{detail}: {finding:#?}");
    }
    let nothing_to_say = found(&SUBJECT, "record_list", &caller(), r#"{"records": []}"#);
    assert_eq!(nothing_to_say, []);
}

#[test]
fn a_hidden_entry_whose_caller_cannot_be_read_is_a_finding() {
    let ground = Ground::SilentDuty {
        clause: "penalty-law#art-48".to_owned(),
        silence: "pipl#art-18".to_owned(),
        until: jiff::civil::date(2027, 1, 1),
        said: false,
    };
    let officer = Caller { role: Role::Clerk, ground, ..Caller::operator("clerk", "test") };
    let whole = serde_json::to_string(&officer).unwrap();
    assert_eq!(
        found(&SUBJECT, "report_issue", &whole, "{}"),
        [],
        "the row that hides it is missing, the entry is whole"
    );
    let cut = &whole[..whole.len() - 1];
    let findings = found(&SUBJECT, "report_issue", cut, "{}");
    assert!(matches!(&findings[..], [finding] if finding.what.zh.contains("caller")), "{findings:#?}");
}

#[test]
fn what_is_no_number_of_a_submission_is_a_finding() {
    let dir = tempfile::tempdir().unwrap();
    let installation = installation(&dir.path().join("data"));
    let root = "0".repeat(64);
    let detail = format!(r#"{{"rows": [["refusal/*", "first", "{root}"]]}}"#);
    append(&installation, &INSTALLATION, "authority_add", &caller(), &detail);
    let findings = installation.log_verify(&auditor(), None).unwrap().findings;
    let [finding] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!((finding.table, finding.key.as_str()), ("refusal", "submission_id=first"));
}
