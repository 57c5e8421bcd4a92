//! A look is kept from the person only where a clause of the catalogue orders it, and never for long.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use chengxin_app::policy::{LONGEST_SILENCE_YEARS, authorise, silence};
use chengxin_app::record::{Decision, LockKind};
use chengxin_app::report::ReportRequest;
use chengxin_app::{AppError, Kind, Mode};
use chengxin_core::catalogue::Catalogue;
use chengxin_core::identity::DocumentKind;
use chengxin_core::operation::OPERATIONS;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Lang, Role};
use chengxin_seal::Profile;
use common::{City, OFFICE, Person, TODAY, caller};
use jiff::ToSpan;
use jiff::civil::Date;

const DUTY: &str = "penalty-law#art-48";
const SILENCE: &str = "pipl#art-18";

fn silent(clause: &str, silence: &str, until: Date, said: bool) -> Caller {
    let ground = Ground::SilentDuty { clause: clause.to_owned(), silence: silence.to_owned(), until, said };
    Caller { ground, ..caller(Role::Clerk, Some(OFFICE)) }
}

/// The shipped catalogue with one text for another in its laws.
fn laws_with(from: &str, to: &str) -> Catalogue {
    let mut files = chengxin_app::catalogue::shipped_files();
    let laws = files.iter_mut().find(|(name, _)| name == "laws.toml").unwrap();
    assert!(laws.1.contains(from));
    laws.1 = laws.1.replacen(from, to, 1);
    chengxin_app::catalogue::load(&files).unwrap()
}

fn held(city: &City, caller: &Caller, catalogue: &Catalogue, mode: Mode) -> Result<(), AppError> {
    silence(caller, catalogue, city.reader().view(), mode, TODAY)
}

#[test]
fn silence_needs_a_clause_in_force_that_orders_it_and_says_the_same_about_telling() {
    let city = City::new();
    let shipped = city.app.catalogue();
    let until = TODAY + 1.year();
    let judge = |caller: &Caller| held(&city, caller, shipped, Mode::Synthetic);
    judge(&silent(DUTY, SILENCE, until, false)).unwrap();
    judge(&caller(Role::Clerk, Some(OFFICE))).unwrap();
    let refused = [
        (silent("penalty-law#art-0", SILENCE, until, false), "penalty-law#art-0"),
        (silent(DUTY, "pipl#art-0", until, false), "pipl#art-0"),
        (silent(DUTY, "", until, false), "law#clause"),
        (silent(DUTY, "pipl#art-44", until, false), "does not order silence"),
        (silent(DUTY, SILENCE, until, true), "says otherwise"),
    ];
    for (caller, why) in refused {
        let refusal = judge(&caller).unwrap_err();
        assert_eq!(refusal.kind, Kind::Forbidden);
        assert!(refusal.public.en.contains(why), "{}", refusal.public);
    }
    // A clause that allows saying that something is sealed must be used so, and one of a law that is not in force not at all.
    let said = laws_with("silence = \"unsaid\"", "silence = \"said\"");
    held(&city, &silent(DUTY, SILENCE, until, true), &said, Mode::Synthetic).unwrap();
    assert!(held(&city, &silent(DUTY, SILENCE, until, false), &said, Mode::Synthetic).is_err());
    let later = laws_with("from = \"2021-11-01\"", "from = \"2027-01-01\"");
    assert!(held(&city, &silent(DUTY, SILENCE, until, false), &later, Mode::Synthetic).is_err());
}

#[test]
fn silence_ends_after_today_and_within_five_years() {
    let city = City::new();
    let until = |until: Date| held(&city, &silent(DUTY, SILENCE, until, false), city.app.catalogue(), Mode::Synthetic);
    let latest = TODAY + LONGEST_SILENCE_YEARS.years();
    for good in [TODAY + 1.day(), latest] {
        until(good).unwrap();
    }
    for bad in [TODAY, TODAY - 1.day(), latest + 1.day(), Date::MAX] {
        assert_eq!(until(bad).unwrap_err().kind, Kind::Forbidden, "{bad}");
    }
}

#[test]
fn in_production_both_clauses_must_have_been_read_at_their_source() {
    let mut city = City::with(Mode::Production, Profile::Intl);
    let caller_ = silent(DUTY, SILENCE, TODAY + 1.year(), false);
    let judge = |city: &City| held(city, &caller_, city.app.catalogue(), Mode::Production);
    let office = caller(Role::CreditOffice, None);
    let mut confirmed = 0;
    while let Err(refusal) = judge(&city) {
        assert!(refusal.public.en.contains("nobody has read"), "{}", refusal.public);
        let clause = if refusal.public.en.contains(SILENCE) { SILENCE } else { DUTY };
        city.app.catalogue_confirm(&office, clause, "王芳", "信用办", "公报原文").unwrap();
        confirmed += 1;
        assert!(confirmed <= 2, "each clause once");
    }
    assert!(confirmed >= 1, "art. 18 of the law was not read at its source by whoever wrote the catalogue");
}

#[test]
fn only_an_officers_look_can_be_silent_never_a_change_of_data() {
    for operation in OPERATIONS {
        for role in operation.roles.iter().copied() {
            let caller = Caller { role, ..silent(DUTY, SILENCE, TODAY + 1.year(), false) };
            let officer = matches!(role, Role::Clerk | Role::DataOfficer | Role::Decider);
            let granted = authorise(&caller, operation.name).is_ok();
            // A report is issued at a window on consent alone, which nobody gives in silence.
            let on_duty = operation.name != "report_issue";
            assert_eq!(granted, officer && operation.discloses && on_duty, "{} by {role:?}", operation.name);
        }
    }
}

#[test]
fn use_cases_ask_and_log_the_refusal() {
    let mut city = City::new();
    let person = Person::new(1);
    let at = person.record(RecordId([1; 16]));
    let decider = Caller { role: Role::Decider, ..silent(DUTY, SILENCE, TODAY + 1.year(), false) };
    let decision = Decision { case_no: "1".to_owned(), decided_on: TODAY };
    let changed = city.app.record_lock(&decider, &at, LockKind::Correction, &decision).unwrap_err();
    assert_eq!(changed.kind, Kind::Forbidden);
    let request = ReportRequest {
        document_kind: DocumentKind::ResidentId,
        number: person.number,
        name: None,
        recipient: "某机关".to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: Lang::Zh,
    };
    let looked = city.app.report_issue(&silent(DUTY, "pipl#art-44", TODAY + 1.year(), false), &request);
    assert_eq!(looked.map(|report| report.number).unwrap_err().kind, Kind::Forbidden);
    let denials = city.logged().into_iter().filter(|(operation, _)| operation == "access_deny").count();
    assert_eq!(denials, 2);
}
