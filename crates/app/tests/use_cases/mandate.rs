//! Mandates among persons: granted and accepted, recorded at a window, acted on, and over.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;
use crate::proxy;

use chengxin_app::Kind;
use chengxin_app::mandate::{MandateSide, OfferedMandate};
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, MandateState, PaperKind, Scope};
use chengxin_core::{Caller, Ground, Role};
use city::{OFFICE, caller, number};
use desk::DAY;
use jiff::civil::date;
use proxy::{KIND, Proxies, UNTIL};

#[test]
fn an_attorney_acts_within_a_mandate_and_both_read_who_did_what_for_whom() {
    let mut town = Proxies::new();
    let offered = town.offer(&[Scope::Records, Scope::Log]);
    assert_eq!(offered.mandate.state, MandateState::Offered);
    let code = offered.code.grouped();
    let (asker, kind, own) = town.as_whom(|it| &it.daughter, "mandate_accept", None).unwrap();
    let looked = town.desk.app.mandate_offered(&asker, kind, &own, &code).unwrap();
    assert_eq!((looked.mandator.name.as_str(), looked.actor.name.as_str()), ("周*", "周*雨"));
    assert!(!format!("{looked:?}").contains(&town.mother.number), "numbers are masked");
    let accepted = town.accept(|it| &it.daughter, &code).unwrap();
    assert_eq!((accepted.state, accepted.side), (MandateState::InForce, MandateSide::Held));

    assert_eq!(town.records(|it| &it.daughter, &accepted.number).unwrap().records.len(), 1);
    let lines = town.lines(|it| &it.mother, None);
    let read = lines.iter().find(|line| line.operation == "record_list").unwrap();
    assert!(!read.who.yourself, "{read:?}");
    assert!(read.who.say.zh.contains("委托代理人") && read.who.say.zh.contains("周*雨"), "{read:?}");
    assert!(read.who.say.en.contains("attorney") && read.who.say.zh.contains("990*"), "{read:?}");
    assert_eq!(read.mandate.as_deref(), Some(accepted.number.as_str()));
    assert!(read.basis.as_ref().unwrap().zh.contains(&accepted.number));
    for operation in ["mandate_offer", "mandate_accept"] {
        assert!(lines.iter().any(|line| line.operation == operation), "{operation}");
    }
    let took = lines.iter().find(|line| line.operation == "mandate_accept").unwrap();
    assert!(!took.who.yourself, "the other accepted it: {took:?}");
    let own = town.lines(|it| &it.daughter, None);
    assert!(own.iter().any(|line| line.operation == "mandate_accept" && line.who.yourself));
    assert!(
        !own.iter().any(|line| line.operation == "record_list"),
        "what is done for another stands in the other's log"
    );

    for (who, side) in [
        ((|it: &Proxies| &it.mother) as fn(&Proxies) -> &proxy::Someone, MandateSide::Given),
        (|it: &Proxies| &it.daughter, MandateSide::Held),
    ] {
        let listed = town.mandates(who);
        assert_eq!((listed.len(), listed[0].side), (1, side));
        assert!(listed[0].uses.iter().any(|made| made.operation == "record_list"), "{listed:?}");
    }
    assert!(town.mandates(|it| &it.stranger).is_empty());
    town.desk.assert_whole();
}

#[test]
fn whatever_is_wrong_with_a_mandate_one_sentence_is_read_and_it_is_a_denial() {
    let mut town = Proxies::new();
    let mandate = town.granted(&[Scope::Records]);
    let waits = town.offer(&[Scope::Records]).mandate.number;
    // Out of its scope, another's, never accepted, unknown, mistyped, what nobody does for another.
    town.refused(|it| &it.daughter, "log_lines", &mandate);
    town.refused(|it| &it.daughter, "report_issue", &mandate);
    town.refused(|it| &it.daughter, "mandate_offer", &mandate);
    town.refused(|it| &it.daughter, "mandate_accept", &mandate);
    town.refused(|it| &it.daughter, "session_list", &mandate);
    town.refused(|it| &it.stranger, "record_list", &mandate);
    town.refused(|it| &it.mother, "record_list", &mandate);
    town.refused(|it| &it.daughter, "record_list", &waits);
    town.refused(|it| &it.daughter, "record_list", "WT20261121-0000-0000-0000-00");
    town.refused(|it| &it.daughter, "record_list", "x");
    // Its period is over.
    town.desk.pass(182 * DAY);
    town.refused(|it| &it.daughter, "record_list", &mandate);
    let tried = town.lines(|it| &it.mother, None);
    let tried: Vec<_> = tried.iter().filter(|line| line.operation == "access_deny").collect();
    assert_eq!(tried.len(), 6, "what was theirs and did not hold, the other reads: {tried:#?}");
    assert!(tried.iter().all(|line| line.act.en.contains("on a mandate") && line.who.say.zh.contains("周*雨")));
    town.desk.assert_whole();
}

#[test]
fn a_mandate_stops_the_moment_it_is_revoked_or_given_up() {
    let mut town = Proxies::new();
    let (first, second) = (town.granted(&[Scope::Records]), town.granted(&[Scope::Records]));
    // Looked at before, and revoked while it was being used.
    let (before, kind, number) = town.as_whom(|it| &it.daughter, "record_list", Some(&first)).unwrap();
    town.desk.app.record_list(&before, kind, &number).unwrap();
    let (her, her_kind, hers) = town.as_whom(|it| &it.mother, "mandate_revoke", None).unwrap();
    let revoked = town.desk.app.mandate_revoke(&her, her_kind, &hers, &first).unwrap();
    assert_eq!(revoked.mandate.state, MandateState::Revoked);
    let denials = town.desk.denials().len();
    assert_eq!(town.desk.app.record_list(&before, kind, &number).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(town.desk.denials().len(), denials + 1);
    let tried = town.lines(|it| &it.mother, None);
    assert!(tried.iter().any(|line| line.operation == "access_deny" && line.mandate.as_deref() == Some(&first)));
    town.refused(|it| &it.daughter, "record_list", &first);
    town.desk.app.mandate_revoke(&her, her_kind, &hers, &first).unwrap();

    let (own, kind, number) = town.as_whom(|it| &it.daughter, "mandate_resign", None).unwrap();
    assert_eq!(town.desk.app.mandate_resign(&own, kind, &number, &second).unwrap().state, MandateState::Resigned);
    town.refused(|it| &it.daughter, "record_list", &second);
    // Nobody stops another's, and what was stopped does not begin again.
    let other = town.granted(&[Scope::Records]);
    let (stranger, kind, number) = town.as_whom(|it| &it.stranger, "mandate_revoke", None).unwrap();
    assert_eq!(town.desk.app.mandate_revoke(&stranger, kind, &number, &other).unwrap_err().kind, Kind::NotFound);
    let (stranger, kind, number) = town.as_whom(|it| &it.stranger, "mandate_resign", None).unwrap();
    assert_eq!(town.desk.app.mandate_resign(&stranger, kind, &number, &other).unwrap_err().kind, Kind::NotFound);
    assert!(town.records(|it| &it.daughter, &other).is_ok());
    town.desk.assert_whole();
}

#[test]
fn a_code_works_once_in_time_and_for_nobody_but_whom_is_meant() {
    let mut town = Proxies::new();
    let code = town.offer(&[Scope::Records]).code.grouped();
    let refusal = town.accept(|it| &it.stranger, &code).unwrap_err();
    assert_eq!(refusal.kind, Kind::NotFound, "whoever intercepts it has nothing");
    town.desk.pass(DAY);
    town.accept(|it| &it.daughter, &code).unwrap();
    town.desk.pass(DAY);
    let again = town.accept(|it| &it.daughter, &code).unwrap_err();
    let late = town.offer(&[Scope::Records]).code.grouped();
    town.desk.pass(3 * DAY);
    let late = town.accept(|it| &it.daughter, &late).unwrap_err();
    assert!([&again, &late].iter().all(|it| it.public == refusal.public), "the same to the byte");
    let stored = town.desk.city.everything_stored();
    for text in [code.clone(), code.replace('-', "")] {
        assert!(!stored.windows(text.len()).any(|window| window == text.as_bytes()));
    }
}

#[test]
fn naming_a_number_makes_nobody_known_and_does_not_tell_whether_somebody_is() {
    let mut town = Proxies::new();
    let subjects = |town: &Proxies| town.desk.hand().number("SELECT count(*) FROM subject", &[]).unwrap();
    let before = subjects(&town);
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", None).unwrap();
    let mut unknown = town.offer_of(&[Scope::Records]);
    unknown.actor_number = number("19700101", 77);
    let of_nobody = town.desk.app.mandate_offer(&her, &unknown).unwrap();
    let of_somebody = town.desk.app.mandate_offer(&her, &town.offer_of(&[Scope::Records])).unwrap();
    // But for the number of the mandate, and the one whom she typed herself, the answers are the same.
    let alike = |of: &OfferedMandate, number: &str| {
        let said = serde_json::to_string(&of.mandate).unwrap();
        said.replace(&of.mandate.number, "").replace(&of.mandate.actor.number, number)
    };
    assert_eq!(alike(&of_nobody, "x"), alike(&of_somebody, "x"));
    assert_eq!(of_nobody.expires_us, of_somebody.expires_us);
    assert_eq!(subjects(&town), before);
    let stored = town.desk.city.everything_stored();
    assert!(!stored.windows(18).any(|window| window == unknown.actor_number.as_bytes()));
}

#[test]
fn granting_takes_a_fresh_proof_and_is_the_persons_alone() {
    let mut town = Proxies::new();
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", None).unwrap();
    let mut of_another = town.offer_of(&[Scope::Records]);
    of_another.number.clone_from(&town.stranger.number);
    assert_eq!(town.desk.app.mandate_offer(&her, &of_another).unwrap_err().kind, Kind::Forbidden);
    let mut own = town.offer_of(&[Scope::Records]);
    own.actor_number.clone_from(&town.mother.number);
    assert_eq!(town.desk.app.mandate_offer(&her, &own).unwrap_err().kind, Kind::Invalid);
    for wrong in [&[][..], &[Scope::Mandates]] {
        assert_eq!(town.desk.app.mandate_offer(&her, &town.offer_of(wrong)).unwrap_err().kind, Kind::Invalid);
    }
    let mut long = town.offer_of(&[Scope::Records]);
    long.until = date(2027, 11, 23);
    assert_eq!(town.desk.app.mandate_offer(&her, &long).unwrap_err().kind, Kind::Invalid);
    town.desk.pass(11 * desk::MINUTE);
    let token = town.mother.token.clone();
    let stale = town.with(&token, "mandate_offer", None);
    let (stale, ..) = stale.unwrap();
    let refused = town.desk.app.mandate_offer(&stale, &town.offer_of(&[Scope::Records])).unwrap_err();
    assert!(refused.public.en.contains("confirm who you are"), "{refused}");
}

#[test]
fn a_guardian_is_recorded_on_a_document_and_ended_on_another() {
    let mut town = Proxies::new();
    let record = town.record_of(MandateKind::Guardian, &town.daughter);
    let line = town.desk.app.mandate_record(&Proxies::window(), &record).unwrap();
    assert!(line.paper.as_ref().unwrap().zh.contains("民特12号"));
    assert!(!line.scope.contains(&Scope::Mandates) && line.scope.contains(&Scope::Consents));
    assert_eq!(town.records(|it| &it.daughter, &line.number).unwrap().records.len(), 1);
    let lines = town.lines(|it| &it.daughter, Some(&line.number));
    let read = lines.iter().find(|line| line.operation == "record_list").unwrap();
    assert!(read.who.say.zh.starts_with("监护人"), "{read:?}");
    assert!(lines.iter().any(|line| line.operation == "mandate_record" && line.who.role.as_deref() == Some("clerk")));
    // The ward revokes nothing that a court decided; a window does, on the court's word.
    let (her, kind, hers) = town.as_whom(|it| &it.mother, "mandate_revoke", None).unwrap();
    assert_eq!(town.desk.app.mandate_revoke(&her, kind, &hers, &line.number).unwrap_err().kind, Kind::Conflict);
    town.desk.app.mandate_end(&Proxies::window(), &Proxies::ending(&record)).unwrap();
    town.refused(|it| &it.daughter, "record_list", &line.number);
    // Where there is nothing, the answer is the same.
    town.desk.app.mandate_end(&Proxies::window(), &Proxies::ending(&record)).unwrap();
    town.desk.assert_whole();
}

#[test]
fn nobody_is_recorded_as_guardian_of_a_child_and_the_clerk_reads_why() {
    let mut town = Proxies::new();
    let child = number("20100505", 1);
    let subjects = |town: &Proxies| town.desk.hand().number("SELECT count(*) FROM subject", &[]).unwrap();
    let before = subjects(&town);
    let mut record = town.record_of(MandateKind::Guardian, &town.daughter);
    record.mandator.1.clone_from(&child);
    record.of_age = true;
    let refused = town.desk.app.mandate_record(&Proxies::window(), &record).unwrap_err();
    assert_eq!(refused.kind, Kind::Invalid);
    assert!(refused.public.zh.contains("未满 18 周岁") && refused.public.en.contains("under 18"), "{refused}");
    let mut attorney = town.offer_of(&[Scope::Records]);
    attorney.actor_number = child;
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", None).unwrap();
    assert_eq!(town.desk.app.mandate_offer(&her, &attorney).unwrap_err().kind, Kind::Invalid);
    assert_eq!(subjects(&town), before, "nothing about a child is written");
}

#[test]
fn a_window_says_what_it_saw_and_records_no_agent() {
    let mut town = Proxies::new();
    let base = town.record_of(MandateKind::Guardian, &town.daughter);
    let mut wrong = vec![base.clone(), base.clone(), base.clone(), base.clone(), base.clone()];
    wrong[0].evidence = " ".to_owned();
    wrong[1].paper.number = String::new();
    wrong[2].paper.kind = PaperKind::PowerOfAttorney;
    wrong[3].mandator_name = String::new();
    wrong[4].kind = MandateKind::Agent;
    wrong[4].mandator = (DocumentKind::Uscc, OFFICE.to_owned());
    for record in &wrong {
        assert_eq!(town.desk.app.mandate_record(&Proxies::window(), record).unwrap_err().kind, Kind::Invalid);
    }
    for role in [Role::Resident, Role::DataOfficer, Role::Administrator, Role::Public] {
        let nobody = caller(role, "eve", Some(OFFICE));
        assert_eq!(town.desk.app.mandate_record(&nobody, &base).unwrap_err().kind, Kind::Forbidden, "{role:?}");
        assert_eq!(town.desk.app.mandate_end(&nobody, &Proxies::ending(&base)).unwrap_err().kind, Kind::Forbidden);
    }
    let mut attorney = base;
    attorney.kind = MandateKind::Attorney;
    attorney.paper.kind = PaperKind::PowerOfAttorney;
    attorney.until = UNTIL;
    let line = town.desk.app.mandate_record(&Proxies::window(), &attorney).unwrap();
    assert!(town.records(|it| &it.daughter, &line.number).is_ok());
}

#[test]
fn a_mandate_ends_with_the_bindings_on_which_it_rests() {
    let mut town = Proxies::new();
    let mandate = town.granted(&[Scope::Records]);
    assert!(town.records(|it| &it.daughter, &mandate).is_ok());
    let kept =
        town.desk.hand().rows("SELECT account_id, subject_id FROM account WHERE subject_id IS NOT NULL", &[]).unwrap();
    assert_eq!(kept.len(), 3);
    // Whoever granted it has no such account any more.
    town.unbind(|it| &it.mother);
    town.refused(|it| &it.daughter, "record_list", &mandate);
    // Nor has whoever acts on one that rests on paper: nobody comes to it from an account that is not bound to them.
    let mut town = Proxies::new();
    let record = town.record_of(MandateKind::Guardian, &town.daughter);
    let guardian = town.desk.app.mandate_record(&Proxies::window(), &record).unwrap().number;
    assert!(town.records(|it| &it.daughter, &guardian).is_ok());
    town.unbind(|it| &it.daughter);
    town.refused(|it| &it.daughter, "record_list", &guardian);
}

#[test]
fn at_the_console_the_same_rules_hold() {
    let mut town = Proxies::new();
    let mandate = town.granted(&[Scope::Records]);
    let resident = Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "console", None) };
    let daughter = town.daughter.number.clone();
    let (for_her, kind, hers) =
        town.desk.app.console_deputy(&resident, "record_list", (KIND, &daughter), &mandate).unwrap();
    assert_eq!(hers, town.mother.number);
    town.desk.app.record_list(&for_her, kind, &hers).unwrap();
    // What was looked at for one thing is no ground for another person's.
    let stranger = town.stranger.number.clone();
    assert_eq!(town.desk.app.record_list(&for_her, KIND, &stranger).unwrap_err().kind, Kind::Forbidden);
    let refused = town.desk.app.console_deputy(&resident, "record_list", (KIND, &stranger), &mandate).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
}
