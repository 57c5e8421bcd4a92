//! Consents: what a person allows is good for that and for nothing else, and whoever asks on anything else reads one sentence.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::giver;

use std::sync::{Arc, Barrier};

use chengxin_app::consent::verify_receipt;
use chengxin_app::{AppError, Installation, Kind};
use chengxin_core::consent::{Confirmed, ConsentState};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground};
use city::{OFFICE, number};
use giver::{MATTER, OTHER_MATTER, OTHER_OFFICE, Town, clerk, me};
use jiff::civil::date;

const KIND: DocumentKind = DocumentKind::ResidentId;
const MINUTE_US: i64 = 60_000_000;

#[test]
fn a_consent_is_answered_on_counted_and_read_by_the_person_who_gave_it() {
    let mut town = Town::new();
    let granted = town.grant(|request| request.uses = 2);
    let receipt = verify_receipt(granted.json.as_bytes(), town.trust()).unwrap();
    assert_eq!(receipt, granted.receipt);
    assert_eq!((receipt.uses, receipt.confirmed), (2, Confirmed::Account));
    assert_eq!(receipt.classes.iter().map(|class| class.zh.as_str()).collect::<Vec<_>>(), ["信用承诺及履行情况"]);
    assert!(!granted.json.contains(&town.number) && receipt.document_number.contains('*'));

    let checked = town.ask(&receipt.number).unwrap();
    let [line] = &town.list()[..] else { panic!("one consent") };
    assert_eq!((line.state, line.used.len(), line.uses), (ConsentState::InForce, 1, 2));
    assert_eq!(line.used[0].check, checked.slip.head.number);
    assert_eq!(
        (line.used[0].case_number.as_str(), line.used[0].authority.as_str()),
        ("云交受〔2026〕17号", "云汀市交通运输局")
    );
    town.ask(&receipt.number.to_lowercase().replace('-', " ")).unwrap();
    assert_eq!(town.list()[0].state, ConsentState::UsedUp);
    town.refused_alike(&receipt.number);

    // The person reads the check, the use of the consent, and on what it rested; both stand in a log that holds.
    let lines = town.lines();
    let of = |operation: &str| lines.iter().filter(|line| line.operation == operation).count();
    assert_eq!((of("consent_grant"), of("check_answer"), of("access_deny")), (1, 4, 1));
    let basis =
        |line: &chengxin_app::log::Line| line.basis.as_ref().is_some_and(|basis| basis.zh.contains(&receipt.number));
    assert_eq!(lines.iter().filter(|line| line.operation == "check_answer" && basis(line)).count(), 4);
    assert_eq!(lines.iter().filter(|line| line.act.zh.contains("使用了您的一项授权")).count(), 2);
    assert!(lines.iter().any(|line| line.operation == "access_deny" && line.act.zh.contains("没有可用的授权")));
    town.assert_whole();
    // The slip is found again as after any other check.
    let slips = town.city.installation.check_slip(&me(), KIND, &town.number).unwrap();
    assert_eq!(slips.len(), 2);
    assert!(slips.iter().any(|slip| slip.answer.as_ref() == Some(&checked.slip.answer)));
}

#[test]
fn whatever_is_wrong_with_a_consent_the_clerk_reads_the_same_sentence_and_it_is_logged_as_a_denial() {
    let mut town = Town::new();
    let unknown = town.refused_alike("SQ20261121-0000-0000-0000-00");
    for text in ["", "口头同意", "R-2026-1", "7KQ2-M9F4-3T", &"9".repeat(4_000)] {
        assert_eq!(town.ask_as("wu", OFFICE, MATTER, text).unwrap_err().public, unknown.public, "{text}");
    }
    let receipt = town.grant(|_| ()).receipt.number;
    let refused = |town: &mut Town, what: &str, asked: Result<chengxin_app::check::Checked, AppError>| {
        let error = asked.unwrap_err();
        assert_eq!(
            (error.kind, &error.public, &error.private),
            (unknown.kind, &unknown.public, &unknown.private),
            "{what}"
        );
        assert!(town.denials() > 0, "{what}");
    };
    let asked = town.ask_as("clerk-1", OTHER_OFFICE, MATTER, &receipt);
    refused(&mut town, "another authority", asked);
    let asked = town.ask_as("clerk-2", OFFICE, OTHER_MATTER, &receipt);
    refused(&mut town, "another matter", asked);
    let other = town.about("何雨", &number("19900101", 7));
    let asked = town.city.installation.check_answer(&clerk("clerk-3", OFFICE, &receipt), &other);
    refused(&mut town, "another person's", asked);
    let mut later = town.on(date(2027, 5, 21));
    let asked = later.check_answer(&clerk("clerk-4", OFFICE, &receipt), &town.request());
    refused(&mut town, "after its last day", asked);
    let ahead = town.grant(|request| request.from = Some(date(2026, 12, 1))).receipt.number;
    let asked = town.ask_as("clerk-5", OFFICE, MATTER, &ahead);
    refused(&mut town, "before its first day", asked);
    let words = town.grant(|request| {
        request.matter = None;
        request.purpose = "申请信用贷款".to_owned();
        request.classes = vec!["信用承诺及履行情况".to_owned()];
    });
    let asked = town.ask_as("clerk-6", OFFICE, MATTER, &words.receipt.number);
    refused(&mut town, "for a purpose in words", asked);
    town.ask(&receipt).unwrap();
    let asked = town.ask_as("clerk-7", OFFICE, MATTER, &receipt);
    refused(&mut town, "used up", asked);
    town.assert_whole();
}

#[test]
fn withdrawing_takes_effect_with_the_next_check_and_nothing_begins_again() {
    let mut town = Town::new();
    let receipt = town.grant(|request| request.uses = 9).receipt.number;
    town.ask(&receipt).unwrap();
    let number = town.number.clone();
    let line = town.city.installation.consent_withdraw(&me(), KIND, &number, &receipt).unwrap();
    assert_eq!((line.state, line.used.len()), (ConsentState::Withdrawn, 1));
    town.refused_alike(&receipt);
    // Said twice it is said once.
    let again = town.city.installation.consent_withdraw(&me(), KIND, &number, &receipt).unwrap();
    assert_eq!(again.state, ConsentState::Withdrawn);
    let disowned = town.city.installation.consent_disown(&me(), KIND, &number, &receipt).unwrap();
    assert_eq!(disowned.state, ConsentState::Disowned);
    let back = town.city.installation.consent_withdraw(&me(), KIND, &number, &receipt).unwrap();
    assert_eq!(back.state, ConsentState::Disowned, "what was disowned stays so");
    let lines = town.lines();
    let of = |operation: &str| lines.iter().filter(|line| line.operation == operation).count();
    // Said again it changed nothing, and is a line all the same.
    assert_eq!((of("consent_withdraw"), of("consent_disown")), (3, 1));
    assert_eq!(lines.iter().filter(|line| line.act.en.contains("stopped before")).count(), 2);
    town.assert_whole();
}

#[test]
fn nothing_tells_a_clerk_that_a_consent_was_disowned() {
    let mut town = Town::new();
    let receipt = town.grant(|request| request.uses = 9).receipt.number;
    let code = town.code();
    let number = town.number.clone();
    town.city.installation.consent_disown(&me(), KIND, &number, &receipt).unwrap();
    town.city.installation.consent_disown(&me(), KIND, &number, &code.granted.receipt.number).unwrap();
    let bytes =
        |error: &AppError| format!("{:?} {} {error}", error.kind, serde_json::to_string(&error.public).unwrap());
    let unknown = town.ask_as("clerk-1", OFFICE, MATTER, "0000000000").unwrap_err();
    for (at, shown) in
        [receipt.clone(), code.code.grouped(), "SQ20261121-ABCD-ABCD-ABCD-00".to_owned()].iter().enumerate()
    {
        let refused = town.ask_as(&format!("clerk-{}", at + 2), OFFICE, MATTER, shown).unwrap_err();
        assert_eq!(bytes(&refused), bytes(&unknown));
    }
    // What the installation's own log has of it, which others read, is the same too; only the person's says why.
    let reasons = town.denial_details();
    assert_eq!(reasons.len(), 4);
    assert!(reasons.iter().all(|detail| *detail == reasons[0]), "{reasons:?}");
    assert!(
        town.lines().iter().any(|line| line.act.zh.contains("并非自愿") && line.receipt.as_deref() == Some(&receipt))
    );
    assert_eq!(town.list().iter().filter(|line| line.state == ConsentState::Disowned).count(), 2);
}

#[test]
fn a_code_grants_one_check_in_its_matter_at_its_desk_and_no_other() {
    let mut town = Town::new();
    let code = town.code();
    let text = code.code.grouped();
    assert_eq!(text.len(), 12, "ten characters in groups of four");
    assert_eq!(code.granted.receipt.uses, 1);
    for (at, (office, matter)) in [(OTHER_OFFICE, MATTER), (OFFICE, OTHER_MATTER)].into_iter().enumerate() {
        assert!(town.ask_as(&format!("clerk-{at}"), office, matter, &text).is_err(), "{office} {matter}");
    }
    let other = town.about("何雨", &number("19900101", 7));
    let elsewhere = town.city.installation.check_answer(&clerk("clerk-3", OFFICE, &text), &other).unwrap_err();
    assert_eq!(elsewhere.kind, Kind::Forbidden, "a code of somebody else");
    town.refused_alike(&code.granted.receipt.number);
    town.ask(&text.to_lowercase()).unwrap();
    town.refused_alike(&text);
    let [line] = &town.list()[..] else { panic!("one consent") };
    assert_eq!((line.state, line.confirmed, line.used.len()), (ConsentState::UsedUp, Confirmed::Code, 1));
    // In the log it goes by its receipt; the code itself is nowhere.
    let stored = town.city.everything_stored();
    for written in [text.clone(), text.replace('-', ""), text.to_lowercase()] {
        assert!(!stored.windows(written.len()).any(|window| window == written.as_bytes()), "{written}");
    }
    town.assert_whole();
}

#[test]
fn a_code_is_worth_nothing_after_ten_minutes() {
    let mut town = Town::new();
    let (first, second) = (town.code(), town.code());
    let now_us = town.city.installation.now_us();
    assert_eq!(first.expires_us, now_us + 10 * MINUTE_US);
    let ask = |shown: &str, after_us: i64| {
        let mut then = town.at(now_us + after_us);
        then.check_answer(&clerk("li", OFFICE, shown), &town.request()).map(drop)
    };
    ask(&first.code.grouped(), 10 * MINUTE_US - 1).unwrap();
    assert_eq!(ask(&second.code.grouped(), 10 * MINUTE_US).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(town.list().iter().filter(|line| line.used.len() == 1).count(), 1);
}

#[test]
fn whoever_guesses_at_codes_waits_and_keeps_nobody_else_away() {
    let mut town = Town::new();
    let code = town.code().code.grouped();
    for _ in 0..5 {
        assert_eq!(town.ask_as("eve", OFFICE, MATTER, "0000000000").unwrap_err().kind, Kind::Forbidden);
    }
    assert!(
        matches!(town.ask_as("eve", OFFICE, MATTER, &code).unwrap_err().kind, Kind::TooOften(_)),
        "not even looked at"
    );
    town.ask_as("li", OFFICE, MATTER, &code).unwrap();
}

#[test]
fn of_many_who_come_for_the_last_use_one_is_answered() {
    let mut town = Town::new();
    for (uses, clerks) in [(1, 4), (3, 5)] {
        let receipt = town.grant(|request| request.uses = uses).receipt.number;
        let (start, request) = (Arc::new(Barrier::new(clerks)), town.request());
        let threads: Vec<_> = (0..clerks)
            .map(|at| {
                let (mut door, start) = (town.city.installation.another().unwrap(), Arc::clone(&start));
                let (caller, request) = (clerk(&format!("clerk-{uses}-{at}"), OFFICE, &receipt), request.clone());
                std::thread::spawn(move || {
                    start.wait();
                    door.check_answer(&caller, &request).map_err(|error| error.kind)
                })
            })
            .collect();
        let came: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        let answered = came.iter().filter(|came| came.is_ok()).count();
        assert_eq!(i64::try_from(answered).unwrap(), uses, "{came:?}");
        assert!(came.iter().all(|came| came.as_ref().err().is_none_or(|kind| *kind == Kind::Forbidden)), "{came:?}");
        let line = town.list().into_iter().find(|line| line.number == receipt).unwrap();
        assert_eq!((line.used.len(), line.state), (answered, ConsentState::UsedUp));
    }
    town.assert_whole();
}

#[test]
fn a_matter_of_consent_is_not_asked_on_duty_and_one_of_duty_not_on_consent() {
    let mut town = Town::new();
    let receipt = town.grant(|_| ()).receipt.number;
    let clause = "state-council-2020-42#adoption".to_owned();
    let on_duty = Caller { ground: Ground::Duty(clause), ..clerk("li", OFFICE, "") };
    let refused = town.city.installation.check_answer(&on_duty, &town.request()).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    assert!(refused.public.zh.contains("授权回执编号"), "{refused}");
    let refused = town.ask_as("li", OFFICE, "road-transport-practitioner", &receipt).unwrap_err();
    assert!(refused.kind == Kind::Forbidden && refused.public.en.contains("on nothing else"), "{refused}");
    // The readers of a server leave it to the writer, where the use is counted.
    let reading = chengxin_app::reading::Reading::open(&town.city.installation).unwrap();
    assert!(reading.check_answer(&clerk("li", OFFICE, &receipt), &town.request()).unwrap().is_none());
    assert_eq!(town.list()[0].used.len(), 0, "nothing was used");
}

#[test]
fn a_second_door_sees_the_same() {
    let mut town = Town::new();
    let receipt = town.grant(|_| ()).receipt.number;
    let mut door: Installation = town.city.installation.another().unwrap();
    door.check_answer(&clerk("li", OFFICE, &receipt), &town.request()).unwrap();
    town.refused_alike(&receipt);
}
