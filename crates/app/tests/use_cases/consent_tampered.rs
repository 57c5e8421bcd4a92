//! Consents against somebody who can write to the database: nothing that they put there is a consent, and the log shows what they did.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::giver;

use chengxin_app::Kind;
use chengxin_app::consent::{ConsentCodeRequest, RecipientAsked};
use chengxin_core::identity::DocumentKind;
use chengxin_store::KeyStore;
use chengxin_store::audit::Cell;
use chengxin_store::testing::Hand;
use city::{OFFICE, number};
use giver::{MATTER, Town, clerk, me};

const KIND: DocumentKind = DocumentKind::ResidentId;

#[test]
fn a_row_that_was_written_or_altered_by_hand_is_no_consent() {
    let mut town = Town::new();
    let receipt = town.grant(|request| request.uses = 1).receipt.number;
    town.ask(&receipt).unwrap();
    let fresh = town.grant(|_| ()).receipt.number;
    let hand = Hand::in_(town.city.installation.database());
    let before = hand.rows("SELECT * FROM consent ORDER BY line", &[]).unwrap();
    let swapped = |column: usize| {
        let mut rows = before.clone();
        let (first, second) = (rows[0][column].clone(), rows[1][column].clone());
        (rows[0][column], rows[1][column]) = (second, first);
        rows
    };
    let mut holds_for_nothing = |what: &str| {
        for shown in [&receipt, &fresh] {
            town.refused_alike(shown);
        }
        assert!(town.list().is_empty(), "{what}");
        replace(&hand, &before);
    };
    for change in [
        "used = used - 1",
        "uses = uses + 1",
        "until_us = until_us + 1",
        "from_us = from_us - 1",
        "granted_us = granted_us + 1",
        "line = line + 100",
        "confirmed = 3",
        "stopped = 4",
    ] {
        hand.run(&format!("UPDATE consent SET {change}"), &[]).unwrap();
        holds_for_nothing(change);
    }
    // What is sealed of the one, and the seal of the one, do not fit the other.
    for column in [10, 11] {
        replace(&hand, &swapped(column));
        holds_for_nothing("exchanged");
    }
    town.ask(&fresh).unwrap();
    town.assert_whole();
}

#[test]
fn an_older_row_put_back_is_no_consent_and_the_log_shows_it() {
    let mut town = Town::new();
    let receipt = town.grant(|request| request.uses = 1).receipt.number;
    let hand = Hand::in_(town.city.installation.database());
    let unused = hand.rows("SELECT * FROM consent", &[]).unwrap();
    town.ask(&receipt).unwrap();
    town.assert_whole();
    hand.run("DELETE FROM consent_use", &[]).unwrap();
    replace(&hand, &unused);
    town.refused_alike(&receipt);
    assert!(town.list().is_empty(), "nor is it shown as one that stands");
    let verified = town.verified();
    for table in ["consent", "consent_use"] {
        assert!(verified.findings.iter().any(|finding| finding.table == table), "{table}: {:#?}", verified.findings);
    }
}

#[test]
fn a_code_of_ones_own_cannot_be_made_to_lead_to_anothers_consent() {
    let mut town = Town::new();
    let own = town.code().code.grouped();
    let (name, number) = ("何雨", number("19900101", 7));
    let request = ConsentCodeRequest {
        kind: KIND,
        number: number.clone(),
        matter: MATTER.to_owned(),
        authority: OFFICE.to_owned(),
    };
    let theirs = town.city.installation.consent_code(&me(), &request).unwrap();
    let hand = Hand::in_(town.city.installation.database());
    let ids = hand.rows("SELECT subject_id, consent_id FROM consent ORDER BY line DESC, granted_us", &[]).unwrap();
    assert_eq!(ids.len(), 2);
    let about = town.about(name, &number);
    for target in &ids {
        let text = "UPDATE consent_code SET subject_id = $1, consent_id = $2";
        hand.run(text, target).unwrap();
        let asked = town.city.installation.check_answer(&clerk("eve", OFFICE, &own), &about);
        assert_eq!(asked.unwrap_err().kind, Kind::Forbidden);
    }
    drop(theirs);
    assert!(town.verified().findings.iter().any(|finding| finding.table == "consent_code"));
}

#[test]
fn what_a_consent_says_lies_nowhere_in_the_open_and_goes_with_the_persons_key() {
    let mut town = Town::new();
    let receipt = town.grant(|request| request.uses = 3).receipt.number;
    town.grant(|request| {
        request.matter = None;
        request.recipient = RecipientAsked::Organisation("云汀虚构银行股份有限公司".to_owned());
        request.purpose = "申请住房贷款".to_owned();
        request.classes = vec!["知识产权".to_owned()];
    });
    town.ask(&receipt).unwrap();
    let stored = town.city.everything_stored();
    for text in ["云汀虚构银行", "申请住房贷款"] {
        assert!(!stored.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    let hand = Hand::in_(town.city.installation.database());
    let subject = hand.rows("SELECT subject_id FROM consent", &[]).unwrap()[0][0].id().unwrap();
    let mut keys = KeyStore::open(&town.city.installation.places().keys).unwrap();
    keys.write(|tx| tx.subject_key_remove(&subject)).unwrap();
    town.refused_alike(&receipt);
    assert!(town.list().is_empty());
}

#[test]
fn the_log_verifies_after_everything_and_not_after_a_direct_change() {
    let mut town = Town::new();
    let receipt = town.grant(|request| request.uses = 3).receipt.number;
    town.ask(&receipt).unwrap();
    town.code();
    town.assert_whole();
    let hand = Hand::in_(town.city.installation.database());
    for (table, change) in [
        ("consent", "uses = uses + 1"),
        ("consent_use", "at_us = at_us + 1"),
        ("consent_code", "consent_id = subject_id"),
    ] {
        hand.run(&format!("UPDATE {table} SET {change}"), &[]).unwrap();
        let verified = town.verified();
        assert!(verified.findings.iter().any(|finding| finding.table == table), "{table}: {:#?}", verified.findings);
    }
}

/// Has these rows stand in the table, and no others.
fn replace(hand: &Hand, rows: &[Vec<Cell>]) {
    hand.run("DELETE FROM consent", &[]).unwrap();
    let marks: Vec<String> = (1..=rows[0].len()).map(|number| format!("${number}")).collect();
    for row in rows {
        hand.run(&format!("INSERT INTO consent VALUES ({})", marks.join(", ")), row).unwrap();
    }
}
