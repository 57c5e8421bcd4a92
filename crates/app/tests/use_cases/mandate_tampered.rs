//! Mandates against somebody who can write to the database: nothing that they put there is a mandate, and the log shows what they did.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::proxy;

use chengxin_core::mandate::Scope;
use chengxin_store::KeyStore;
use chengxin_store::audit::Cell;
use proxy::Proxies;

fn found(town: &mut Proxies, table: &str) -> bool {
    town.desk.app.log_sequence().unwrap();
    let auditor = city::caller(chengxin_core::Role::Auditor, "audit", None);
    let verified = town.desk.app.log_verify(&auditor, None).unwrap();
    verified.findings.iter().any(|finding| finding.table == table)
}

#[test]
fn a_mandate_that_a_hand_wrote_or_altered_is_none() {
    let mut town = Proxies::new();
    let mandate = town.granted(&[Scope::Records]);
    let before = town.desk.hand().rows("SELECT * FROM mandate", &[]).unwrap();
    let stranger = town.desk.hand().rows("SELECT subject_id FROM account_binding ORDER BY bound_us DESC LIMIT 1", &[]);
    let stranger = stranger.unwrap()[0][0].clone();
    for change in ["until_us = until_us + 1", "kind = 2", "given = 2", "from_us = from_us - 1", "line = line + 1"] {
        town.desk.hand().run(&format!("UPDATE mandate SET {change}"), &[]).unwrap();
        let refused = town.records(|it| &it.daughter, &mandate).unwrap_err();
        assert_eq!(refused.kind, chengxin_app::Kind::Forbidden, "{change}");
        assert!(found(&mut town, "mandate"), "{change}");
        put_back(&town, &before);
    }
    assert!(town.records(|it| &it.daughter, &mandate).is_ok());
    // Somebody lays themself the way to it, and then themself into it.
    let hand = town.desk.hand();
    let way = "INSERT INTO mandate_holder (subject_id, mandate_id, mandator_id) SELECT $1, mandate_id, subject_id FROM mandate";
    hand.run(way, std::slice::from_ref(&stranger)).unwrap();
    town.refused(|it| &it.stranger, "record_list", &mandate);
    town.desk.hand().run("UPDATE mandate SET actor_id = $1", &[stranger]).unwrap();
    town.refused(|it| &it.stranger, "record_list", &mandate);
    assert!(found(&mut town, "mandate_holder"));
}

#[test]
fn an_older_row_put_back_is_no_mandate_and_the_log_shows_it() {
    let mut town = Proxies::new();
    let mandate = town.granted(&[Scope::Records]);
    let before = town.desk.hand().rows("SELECT * FROM mandate", &[]).unwrap();
    let (her, kind, hers) = town.as_whom(|it| &it.mother, "mandate_revoke", None).unwrap();
    town.desk.app.mandate_revoke(&her, kind, &hers, &mandate).unwrap();
    put_back(&town, &before);
    town.refused(|it| &it.daughter, "record_list", &mandate);
    assert!(town.mandates(|it| &it.mother).is_empty(), "nor is it shown as one that stands");
    assert!(found(&mut town, "mandate"));
}

#[test]
fn a_code_of_ones_own_cannot_be_made_to_lead_to_anothers_offer() {
    let mut town = Proxies::new();
    let code = town.offer(&[Scope::Records]).code.grouped();
    town.offer(&[Scope::Log]);
    let other = "UPDATE mandate_code SET mandate_id = (SELECT mandate_id FROM mandate ORDER BY line DESC LIMIT 1)";
    town.desk.hand().run(other, &[]).unwrap();
    assert_eq!(town.accept(|it| &it.daughter, &code).unwrap_err().kind, chengxin_app::Kind::NotFound);
    assert!(found(&mut town, "mandate_code"));
}

#[test]
fn what_a_mandate_says_lies_nowhere_in_the_open_and_goes_with_the_mandators_key() {
    let mut town = Proxies::new();
    let mandate = town.granted(&[Scope::Records]);
    let stored = town.desk.city.everything_stored();
    let (daughter, mother) = (town.daughter.number.clone(), town.mother.number.clone());
    for text in ["周小雨", "周*雨", &daughter, &mother] {
        assert!(!stored.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    let subject = town.desk.hand().rows("SELECT subject_id FROM mandate", &[]).unwrap()[0][0].id().unwrap();
    let mut keys = KeyStore::open(&town.desk.city.installation.places().keys).unwrap();
    keys.write(|tx| tx.subject_key_remove(&subject)).unwrap();
    town.refused(|it| &it.daughter, "record_list", &mandate);
    assert!(town.mandates(|it| &it.daughter).is_empty());
}

/// Has these rows stand in the table, and no others.
fn put_back(town: &Proxies, rows: &[Vec<Cell>]) {
    let hand = town.desk.hand();
    hand.run("DELETE FROM mandate", &[]).unwrap();
    let marks: Vec<String> = (1..=rows[0].len()).map(|number| format!("${number}")).collect();
    for row in rows {
        hand.run(&format!("INSERT INTO mandate VALUES ({})", marks.join(", ")), row).unwrap();
    }
}
