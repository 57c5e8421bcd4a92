//! How mandates end: at a window, whatever stands in front of them; with what they rest on; and what counts as standing.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;
use crate::proxy;

use chengxin_app::Kind;
use chengxin_app::mandate::{MandateEnding, MandateOffer};
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, MandateNumber, MandateState, PaperKind, Scope};
use chengxin_store::audit::Cell;
use city::OFFICE;
use desk::DAY;
use jiff::civil::date;
use proxy::{Proxies, Someone};

/// The mother is recorded as the office's legal representative.
fn chief(town: &mut Proxies) -> String {
    let record = town.record_of(MandateKind::LegalRepresentative, &town.mother);
    town.desk.app.mandate_record(&Proxies::window(), &record).unwrap().number
}

/// The daughter is named agent; number of her mandate.
fn agent(town: &mut Proxies, chief: &str) -> String {
    let offer = MandateOffer {
        kind: DocumentKind::Uscc,
        number: OFFICE.to_owned(),
        ..town.offer_of(&[Scope::Log, Scope::Report])
    };
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", Some(chief)).unwrap();
    let code = town.desk.app.mandate_offer(&her, &offer).unwrap().code.grouped();
    town.accept(|it| &it.daughter, &code).unwrap().number
}

/// Somebody is recorded as an attorney of the mother's, on a power of attorney.
fn attorney(town: &mut Proxies, who: fn(&Proxies) -> &Someone) -> (String, MandateEnding) {
    let mut record = town.record_of(MandateKind::Guardian, who(town));
    (record.kind, record.paper.kind, record.until) = (MandateKind::Attorney, PaperKind::PowerOfAttorney, proxy::UNTIL);
    let number = town.desk.app.mandate_record(&Proxies::window(), &record).unwrap().number;
    (number, Proxies::ending(&record))
}

#[test]
fn nobody_heaps_up_so_much_in_front_of_their_standing_that_it_cannot_be_ended() {
    let mut town = Proxies::new();
    let chief = chief(&mut town);
    let heap = "INSERT INTO mandate SELECT subject_id, $1, kind, given, $2, actor_id, parent_id, from_us, until_us, granted_us + $3, \
        line, sealed, seal FROM mandate WHERE stage = 2";
    for at in 1..=501_i64 {
        let mut id = [0xab; 16];
        id[..8].copy_from_slice(&at.to_be_bytes());
        // Half of it offers that wait, half of it stopped.
        let stage = if at % 2 == 0 { 1 } else { 3 };
        let heaped = town.desk.hand().run(heap, &[(&id).into(), Cell::Int(stage), Cell::Int(at)]).unwrap();
        assert_eq!(heaped, 1);
    }
    // It is listed before all of that, and stands in the way of another.
    let (her, kind, number) = town.as_whom(|it| &it.mother, "mandate_list", Some(&chief)).unwrap();
    let listed = town.desk.app.mandate_list(&her, kind, &number).unwrap();
    assert!(listed.iter().any(|line| line.number == chief && line.state == MandateState::InForce), "{listed:#?}");
    let second = town.record_of(MandateKind::LegalRepresentative, &town.stranger);
    assert_eq!(town.desk.app.mandate_record(&Proxies::window(), &second).unwrap_err().kind, Kind::Conflict);
    let record = town.record_of(MandateKind::LegalRepresentative, &town.mother);
    town.desk.app.mandate_end(&Proxies::window(), &Proxies::ending(&record)).unwrap();
    town.refused(|it| &it.mother, "record_list", &chief);
    town.desk.app.mandate_record(&Proxies::window(), &second).unwrap();
}

#[test]
fn a_window_ends_a_mandate_on_the_document_that_ends_it_and_one_of_several_alone() {
    let mut town = Proxies::new();
    let (first, ending) = attorney(&mut town, |it| &it.daughter);
    let (second, _) = attorney(&mut town, |it| &it.stranger);
    // What founded it does not end it.
    let founded = town.desk.app.mandate_end(&Proxies::window(), &ending).unwrap_err();
    assert!(founded.kind == Kind::Invalid && founded.public.en.contains("written revocation"), "{founded}");
    let on = |kind: PaperKind, number: Option<&str>| {
        let mut ending = ending.clone();
        (ending.paper.kind, ending.number) = (kind, number.map(str::to_owned));
        ending
    };
    let no_number = on(PaperKind::Revocation, Some("12"));
    assert_eq!(town.desk.app.mandate_end(&Proxies::window(), &no_number).unwrap_err().kind, Kind::Invalid);
    // One that is none of theirs is answered like every other.
    let unknown = MandateNumber::new(date(2026, 11, 21), &[9; 12]).text();
    let unknown = on(PaperKind::Revocation, Some(&unknown));
    town.desk.app.mandate_end(&Proxies::window(), &unknown).unwrap();
    town.desk.app.mandate_end(&Proxies::window(), &on(PaperKind::Revocation, Some(&second))).unwrap();
    assert!(town.records(|it| &it.daughter, &first).is_ok(), "the other stands");
    town.refused(|it| &it.stranger, "record_list", &second);
    let told = town.lines(|it| &it.stranger, None);
    let told = told.iter().find(|line| line.operation == "mandate_end").unwrap();
    assert_eq!(told.who.role.as_deref(), Some("clerk"), "{told:?}");
    town.desk.app.mandate_end(&Proxies::window(), &on(PaperKind::CourtJudgment, None)).unwrap();
    town.refused(|it| &it.daughter, "record_list", &first);
    town.desk.assert_whole();
}

#[test]
fn agents_end_with_the_legal_representative_and_read_it() {
    let mut town = Proxies::new();
    let chief = chief(&mut town);
    let agent = agent(&mut town, &chief);
    let record = town.record_of(MandateKind::LegalRepresentative, &town.mother);
    town.desk.app.mandate_end(&Proxies::window(), &Proxies::ending(&record)).unwrap();
    let held = town.mandates(|it| &it.daughter);
    assert_eq!(held.iter().map(|line| (&line.number, line.state)).collect::<Vec<_>>(), [(&agent, MandateState::Ended)]);
    assert!(town.lines(|it| &it.daughter, None).iter().any(|line| line.operation == "mandate_end"));
    town.desk.assert_whole();
}

#[test]
fn a_mandate_on_which_nobody_can_act_is_not_shown_as_in_force() {
    let mut town = Proxies::new();
    let chief = chief(&mut town);
    let agent = agent(&mut town, &chief);
    assert_eq!(town.mandates(|it| &it.daughter)[0].state, MandateState::InForce);
    let (own, kind, number) = town.as_whom(|it| &it.mother, "mandate_resign", None).unwrap();
    town.desk.app.mandate_resign(&own, kind, &number, &chief).unwrap();
    town.refused(|it| &it.daughter, "log_lines", &agent);
    assert_eq!(town.mandates(|it| &it.daughter)[0].state, MandateState::Unfounded);
    // A successor reads so too, and clears up.
    let next = town.record_of(MandateKind::LegalRepresentative, &town.stranger);
    let next = town.desk.app.mandate_record(&Proxies::window(), &next).unwrap().number;
    let (successor, kind, number) = town.as_whom(|it| &it.stranger, "mandate_list", Some(&next)).unwrap();
    let listed = town.desk.app.mandate_list(&successor, kind, &number).unwrap();
    assert_eq!(listed.iter().find(|line| line.number == agent).unwrap().state, MandateState::Unfounded);
    let (successor, kind, number) = town.as_whom(|it| &it.stranger, "mandate_revoke", Some(&next)).unwrap();
    let revoked = town.desk.app.mandate_revoke(&successor, kind, &number, &agent).unwrap();
    assert_eq!(revoked.mandate.state, MandateState::Revoked);
    // A person's rests on the account in which it was granted.
    let granted = town.granted(&[Scope::Records]);
    let state = |town: &mut Proxies| {
        let held = town.mandates(|it| &it.daughter);
        held.into_iter().find(|line| line.number == granted).unwrap().state
    };
    assert_eq!(state(&mut town), MandateState::InForce);
    town.unbind(|it| &it.mother);
    assert_eq!(state(&mut town), MandateState::Unfounded);
}

#[test]
fn the_bound_counts_what_stands_and_waits_and_keeps_no_court_waiting() {
    let mut town = Proxies::new();
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", None).unwrap();
    let offer = town.offer_of(&[Scope::Records]);
    for _ in 0..20 {
        town.desk.app.mandate_offer(&her, &offer).unwrap();
    }
    assert_eq!(town.desk.app.mandate_offer(&her, &offer).unwrap_err().kind, Kind::Conflict);
    let guardian = town.record_of(MandateKind::Guardian, &town.daughter);
    town.desk.app.mandate_record(&Proxies::window(), &guardian).unwrap();
    town.desk.pass(4 * DAY);
    town.offer(&[Scope::Records]);
}
