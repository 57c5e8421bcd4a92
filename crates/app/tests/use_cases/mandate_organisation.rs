//! Organisations: the legal representative whom a window recorded, and the agents whom that one names.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;
use crate::proxy;

use chengxin_app::Kind;
use chengxin_app::mandate::MandateOffer;
use chengxin_app::report::ReportRequest;
use chengxin_core::Lang;
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, MandateState, Scope};
use city::OFFICE;
use desk::DAY;
use jiff::civil::date;
use proxy::{KIND, Proxies, UNTIL};

/// The mother is recorded as the office's legal representative.
fn chief(town: &mut Proxies) -> String {
    let record = town.record_of(MandateKind::LegalRepresentative, &town.mother);
    town.desk.app.mandate_record(&Proxies::window(), &record).unwrap().number
}

fn to_daughter(town: &Proxies, scope: &[Scope]) -> MandateOffer {
    let mut offer = town.offer_of(scope);
    (offer.kind, offer.number) = (DocumentKind::Uscc, OFFICE.to_owned());
    offer
}

/// The daughter is named agent; number of her mandate.
fn agent(town: &mut Proxies, chief: &str, scope: &[Scope]) -> String {
    let offer = to_daughter(town, scope);
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", Some(chief)).unwrap();
    let code = town.desk.app.mandate_offer(&her, &offer).unwrap().code.grouped();
    town.accept(|it| &it.daughter, &code).unwrap().number
}

#[test]
fn a_legal_representative_reads_everything_of_the_organisation_and_nobody_else_does() {
    let mut town = Proxies::new();
    let chief = chief(&mut town);
    let (her, kind, number) = town.as_whom(|it| &it.mother, "report_issue", Some(&chief)).unwrap();
    assert_eq!((kind, number.as_str()), (DocumentKind::Uscc, OFFICE));
    let request = ReportRequest {
        document_kind: kind,
        number,
        name: None,
        recipient: "本单位".to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: Lang::Zh,
    };
    let report = town.desk.app.report_issue(&her, &request).unwrap();
    let lines = town.lines(|it| &it.mother, Some(&chief));
    let issued = lines.iter().find(|line| line.operation == "report_issue").unwrap();
    assert!(issued.who.say.zh.starts_with("法定代表人") && issued.mandate.as_deref() == Some(&chief), "{issued:?}");
    // Her own report and the organisation's are two things.
    let (own, ..) = town.as_whom(|it| &it.mother, "report_withdraw", None).unwrap();
    assert_eq!(town.desk.app.report_withdraw(&own, &report.verification_code).unwrap_err().kind, Kind::NotFound);
    let (her, ..) = town.as_whom(|it| &it.mother, "report_withdraw", Some(&chief)).unwrap();
    town.desk.app.report_withdraw(&her, &report.verification_code).unwrap();
    town.refused(|it| &it.stranger, "report_issue", &chief);
    // One at a time.
    let second = town.record_of(MandateKind::LegalRepresentative, &town.stranger);
    assert_eq!(town.desk.app.mandate_record(&Proxies::window(), &second).unwrap_err().kind, Kind::Conflict);
    town.desk.assert_whole();
}

#[test]
fn an_agent_acts_within_what_the_legal_representative_gave_and_names_nobody() {
    let mut town = Proxies::new();
    let chief = chief(&mut town);
    let agent = agent(&mut town, &chief, &[Scope::Log, Scope::Report]);
    let lines = town.lines(|it| &it.daughter, Some(&agent));
    let read = lines.iter().find(|line| line.operation == "log_lines").unwrap();
    assert!(read.who.say.zh.starts_with("经办人"), "{read:?}");
    town.refused(|it| &it.daughter, "consent_list", &agent);
    town.refused(|it| &it.daughter, "mandate_offer", &agent);
    town.refused(|it| &it.stranger, "log_lines", &agent);
    // Without a standing of theirs nobody names one, nor wider or longer than it.
    let offer = to_daughter(&town, &[Scope::Log]);
    let (bare, ..) = town.as_whom(|it| &it.mother, "mandate_offer", None).unwrap();
    assert_eq!(town.desk.app.mandate_offer(&bare, &offer).unwrap_err().kind, Kind::Forbidden);
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", Some(&chief)).unwrap();
    let wider = to_daughter(&town, &[Scope::Log, Scope::Mandates]);
    assert_eq!(town.desk.app.mandate_offer(&her, &wider).unwrap_err().kind, Kind::Invalid);
    town.desk.assert_whole();
}

#[test]
fn an_agent_stops_when_the_legal_representative_does() {
    let mut town = Proxies::new();
    let chief = chief(&mut town);
    let agent = agent(&mut town, &chief, &[Scope::Log]);
    town.lines(|it| &it.daughter, Some(&agent));
    let record = town.record_of(MandateKind::LegalRepresentative, &town.mother);
    town.desk.app.mandate_end(&Proxies::window(), &Proxies::ending(&record)).unwrap();
    town.refused(|it| &it.mother, "log_lines", &chief);
    town.refused(|it| &it.daughter, "log_lines", &agent);
    // A successor takes over nothing that the former granted.
    let next = town.record_of(MandateKind::LegalRepresentative, &town.stranger);
    let next = town.desk.app.mandate_record(&Proxies::window(), &next).unwrap().number;
    town.refused(|it| &it.daughter, "log_lines", &agent);
    let (successor, kind, number) = town.as_whom(|it| &it.stranger, "mandate_list", Some(&next)).unwrap();
    let listed = town.desk.app.mandate_list(&successor, kind, &number).unwrap();
    assert_eq!(listed.iter().filter(|line| line.state == MandateState::Ended).count(), 2);
    assert_eq!((listed.len(), listed[0].number.as_str()), (3, next.as_str()), "what stands comes first");
    town.desk.assert_whole();
}

#[test]
fn an_agent_is_narrowed_with_the_standing_it_rests_on_and_ends_no_later() {
    let mut town = Proxies::new();
    let mut record = town.record_of(MandateKind::LegalRepresentative, &town.mother);
    record.scope = [Scope::Log, Scope::Mandates].into();
    record.until = date(2027, 1, 21);
    let chief = town.desk.app.mandate_record(&Proxies::window(), &record).unwrap().number;
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", Some(&chief)).unwrap();
    let longer = to_daughter(&town, &[Scope::Log]);
    assert_eq!(longer.until, UNTIL);
    assert_eq!(town.desk.app.mandate_offer(&her, &longer).unwrap_err().kind, Kind::Invalid);
    let wider = MandateOffer { until: date(2027, 1, 21), ..to_daughter(&town, &[Scope::Report]) };
    assert_eq!(town.desk.app.mandate_offer(&her, &wider).unwrap_err().kind, Kind::Invalid);
    let fits = MandateOffer { until: date(2027, 1, 21), ..to_daughter(&town, &[Scope::Log]) };
    let code = town.desk.app.mandate_offer(&her, &fits).unwrap().code.grouped();
    let agent = town.accept(|it| &it.daughter, &code).unwrap().number;
    town.lines(|it| &it.daughter, Some(&agent));
    town.desk.pass(62 * DAY);
    town.refused(|it| &it.daughter, "log_lines", &agent);
}

#[test]
fn a_person_is_no_organisation_and_an_organisation_no_person() {
    let mut town = Proxies::new();
    let mut swapped = town.record_of(MandateKind::LegalRepresentative, &town.mother);
    swapped.mandator = (KIND, town.daughter.number.clone());
    let mut guardian = town.record_of(MandateKind::Guardian, &town.daughter);
    guardian.mandator = (DocumentKind::Uscc, OFFICE.to_owned());
    for record in [swapped, guardian] {
        assert_eq!(town.desk.app.mandate_record(&Proxies::window(), &record).unwrap_err().kind, Kind::Invalid);
    }
}
