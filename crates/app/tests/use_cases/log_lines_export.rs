//! A person's lines as a file that proves itself, checked with nothing but the public key.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::sync::Arc;

use chengxin_app::log::{CheckedLines, LineChain, LinesFault, LogWriter, NewEntry, check_lines};
use chengxin_app::report::{ReportRequest, TrustList};
use chengxin_app::{FixedClock, Installation, Mode};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Lang, Role, Standing};
use chengxin_seal::Profile;
use city::{City, OFFICE, caller, row};
use jiff::civil::date;
use serde_json::{Value, json};

const KIND: DocumentKind = DocumentKind::ResidentId;

fn me() -> Caller {
    Caller {
        actor: "account-1".to_owned(),
        role: Role::Resident,
        authority: None,
        purpose: "核对".to_owned(),
        ground: Ground::OwnRight,
        standing: Standing::Console,
    }
}

/// An export with everything in it: a report before there was a record, a submission, looks, and one that was hidden.
fn export(profile: Profile) -> (Value, TrustList) {
    let mut city = City::with(Mode::Synthetic, profile);
    let mine = row(1);
    let request = ReportRequest {
        document_kind: KIND,
        number: mine.number.clone(),
        name: None,
        recipient: "某银行".to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: Lang::Zh,
    };
    city.installation.report_issue(&me(), &request).unwrap();
    city.import("penalties.csv", &[mine.clone(), row(2)]);
    let second = city.second();
    city.installation.submission_release(&second, 1).unwrap();
    city.installation.report_issue(&me(), &request).unwrap();
    let subject = city.installation.find_subject(KIND, &mine.number).unwrap().unwrap();
    let ground = Ground::SilentDuty {
        clause: "penalty-law#art-48".to_owned(),
        silence: "pipl#art-18".to_owned(),
        until: date(2027, 3, 1),
        said: false,
    };
    let officer = Caller { ground, ..caller(Role::Clerk, "李", Some(OFFICE)) };
    let hidden = NewEntry::new(subject, "report_issue", officer, json!({ "report": "R" }));
    LogWriter::start(&city.installation).unwrap().write_and_wait(hidden).unwrap();
    let data = city.dir.path().join("data");
    drop(city.installation);
    let mut installation = Installation::open(&data, Arc::new(FixedClock::on(date(2027, 3, 2)))).unwrap();
    installation.log_lines(&me(), KIND, &mine.number).unwrap();
    let lines = installation.log_lines(&me(), KIND, &mine.number).unwrap();
    assert_eq!(lines.broken, None);
    let json = installation.log_export(&lines).unwrap().to_json().unwrap();
    let trust = installation.keys().provider().trust_list().clone();
    (serde_json::from_str(&json).unwrap(), trust)
}

fn check(export: &Value, trust: &TrustList) -> Result<CheckedLines, LinesFault> {
    check_lines(export.to_string().as_bytes(), trust)
}

/// Chain and number of the line at which a file is refused.
fn refused(export: &Value, trust: &TrustList) -> Option<(LineChain, i64)> {
    match check(export, trust) {
        Err(LinesFault::Line { chain, number, say }) => {
            assert!(say.zh.contains(&number.to_string()) && say.en.contains(&number.to_string()), "{say}");
            Some((chain, number))
        }
        Err(_) => None,
        Ok(_) => panic!("taken: {export}"),
    }
}

#[test]
fn an_export_is_checked_with_the_public_key_alone_in_both_profiles() {
    for profile in Profile::ALL {
        let (export, trust) = export(profile);
        let checked = check(&export, &trust).unwrap();
        let lines: Vec<_> = checked.lines.iter().map(|l| (l.chain, l.number, l.operation.as_str())).collect();
        assert_eq!(
            lines,
            [
                (LineChain::Records, 1, "report_issue"),
                (LineChain::Records, 2, "report_issue"),
                (LineChain::Records, 3, "log_lines"),
                (LineChain::Records, 4, "log_lines"),
                (LineChain::Reports, 1, "report_issue"),
            ],
            "the second line is what was hidden"
        );
        let hidden = &checked.lines[1];
        assert_eq!((hidden.authority.as_deref(), hidden.cited.as_deref()), (Some(OFFICE), Some("penalty-law#art-48")));
        assert_eq!(
            (hidden.at.as_str(), hidden.role.en.as_str()),
            ("2026-11-21T09:00:00+08:00", "a clerk at the window")
        );
        assert_eq!((checked.anchors, checked.origin.as_str()), (2, "credit.example/log"));
        // Not by another city's key.
        let other = City::with(Mode::Synthetic, profile);
        let others = other.installation.keys().provider().trust_list();
        assert!(matches!(check(&export, others), Err(LinesFault::Unsigned(_))));
    }
}

/// Calls `each` with a copy of `value` in which one string or number below `at` was changed, for each of them.
fn each_change(whole: &Value, at: &str, each: &mut impl FnMut(&str, &Value)) {
    match whole.pointer(at).unwrap() {
        Value::Object(map) => map.keys().for_each(|key| each_change(whole, &format!("{at}/{key}"), each)),
        Value::Array(list) => (0..list.len()).for_each(|i| each_change(whole, &format!("{at}/{i}"), each)),
        Value::String(text) => {
            // The last character but one: at the end of base64 stands padding.
            let mut chars: Vec<char> = text.chars().collect();
            let i = chars.len().saturating_sub(2);
            chars[i] = if chars[i] == '0' { '1' } else { '0' };
            let mut changed = whole.clone();
            *changed.pointer_mut(at).unwrap() = chars.into_iter().collect::<String>().into();
            each(at, &changed);
        }
        Value::Number(number) => {
            let mut changed = whole.clone();
            *changed.pointer_mut(at).unwrap() = (number.as_i64().unwrap() + 1).into();
            each(at, &changed);
        }
        other => panic!("{at}: {other}"),
    }
}

#[test]
fn whatever_is_altered_in_a_line_is_refused_with_its_number() {
    for profile in Profile::ALL {
        let (export, trust) = export(profile);
        let chains = [(LineChain::Records, 4), (LineChain::Reports, 1)];
        for (c, (chain, count)) in chains.into_iter().enumerate() {
            for n in 0..count {
                each_change(&export, &format!("/chains/{c}/entries/{n}"), &mut |at, changed| {
                    assert_eq!(refused(changed, &trust), Some((chain, n + 1)), "{at}");
                });
            }
        }
        each_change(&export, "/revealed/0/entries", &mut |at, changed| {
            assert_eq!(refused(changed, &trust), Some((LineChain::Records, 2)), "{at}");
        });
    }
}

#[test]
fn a_line_that_is_missing_doubled_or_moved_is_refused_with_its_number() {
    let (export, trust) = export(Profile::Intl);
    let records = "/chains/0/entries";
    let with = |pointer: &str, change: &dyn Fn(&mut Vec<Value>)| {
        let mut changed = export.clone();
        change(changed.pointer_mut(pointer).unwrap().as_array_mut().unwrap());
        refused(&changed, &trust)
    };
    for n in 0..3usize {
        let line = Some((LineChain::Records, n as i64 + 1));
        assert_eq!(with(records, &|list| drop(list.remove(n))), line);
        assert_eq!(with(records, &|list| list.swap(n, n + 1)), line);
        let doubled = with(records, &|list| list.insert(n, list[n].clone()));
        assert_eq!(doubled, Some((LineChain::Records, n as i64 + 2)));
    }
    // Cut behind: the reading that ends an export says how far the chains went.
    assert_eq!(with(records, &|list| list.truncate(2)), Some((LineChain::Records, 3)));
    assert_eq!(with(records, &Vec::clear), Some((LineChain::Records, 1)));
    assert_eq!(with("/chains/1/entries", &Vec::clear), Some((LineChain::Reports, 1)));
    assert_eq!(with("/chains", &|list| list.truncate(1)), Some((LineChain::Reports, 1)));
    assert_eq!(with("/revealed", &Vec::clear), Some((LineChain::Records, 2)));
    // A whole entry under another number, with its columns made to fit, does not stand in the log.
    let renumbered = with(records, &|list| {
        list.remove(0);
        for (n, entry) in list.iter_mut().enumerate() {
            entry["entry"]["number"] = json!(n + 1);
        }
    });
    assert_eq!(renumbered, Some((LineChain::Records, 1)));
}

#[test]
fn an_anchor_that_does_not_stand_in_the_log_is_refused_and_what_is_no_export_too() {
    let (export, trust) = export(Profile::Intl);
    for at in ["/anchors/0/commitment", "/anchors/1/place/leafIndex", "/anchors/0/place/inclusion/0"] {
        each_change(&export, at, &mut |at, changed| {
            assert!(matches!(check(changed, &trust), Err(LinesFault::Anchor(_))), "{at}");
        });
    }
    for at in ["/format", "/profile"] {
        each_change(&export, at, &mut |at, changed| {
            assert!(matches!(check(changed, &trust), Err(LinesFault::NotAnExport(_))), "{at}");
        });
    }
    for at in ["/checkpoint", "/origin"] {
        each_change(&export, at, &mut |at, changed| {
            assert!(matches!(check(changed, &trust), Err(LinesFault::Unsigned(_))), "{at}");
        });
    }
    let mut other_profile = export.clone();
    other_profile["profile"] = "gm".into();
    let mut unrevealed = export.clone();
    let spare = unrevealed["revealed"][0].clone();
    unrevealed["revealed"].as_array_mut().unwrap().push(spare);
    let mut more = export.clone();
    more["note"] = "a word that nobody signed".into();
    let mut order = export;
    order["chains"].as_array_mut().unwrap().reverse();
    for changed in [other_profile, unrevealed, more, order] {
        assert!(matches!(check(&changed, &trust), Err(LinesFault::NotAnExport(_))), "{changed}");
    }
    for bytes in ["", "{}", "[]", "null", "{\"format\":\"chengxin/lines/1\"}", &"[".repeat(10_000)] {
        assert!(matches!(check_lines(bytes.as_bytes(), &trust), Err(LinesFault::NotAnExport(_))));
    }
}
