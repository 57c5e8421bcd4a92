//! Mandates: between whom there can be one, for how long, and when one holds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use chengxin_core::dates::day_start_us;
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule};
use chengxin_core::mandate::{
    Mandate, MandateCode, MandateFault, MandateKind, MandateNumber, MandateState, Paper, PaperKind, Party, RecordedBy,
    Scope, Stage, Terms, check_party, check_terms, holds,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 22);
const ADULT: &str = "990000199001010017";

fn document(kind: DocumentKind, number: &str) -> Document {
    Document::parse(kind, number, SyntheticRule::Allowed).unwrap().0
}

fn mandate(kind: MandateKind, scope: &[Scope]) -> Mandate {
    let terms = Terms {
        kind,
        by: RecordedBy::Account,
        scope: scope.iter().copied().collect(),
        from_us: day_start_us(TODAY),
        until_us: day_start_us(date(2027, 5, 22)),
    };
    Mandate { terms, stage: Stage::Accepted, granted_us: day_start_us(TODAY) }
}

fn noon(day: Date) -> i64 {
    day_start_us(day) + 12 * 3_600 * 1_000_000
}

#[test]
fn a_mandate_holds_from_its_first_day_to_its_last_for_what_it_covers() {
    let of = mandate(MandateKind::Attorney, &[Scope::Records]);
    assert!(holds(&of, None, Scope::Records, day_start_us(TODAY)));
    assert!(!holds(&of, None, Scope::Records, day_start_us(TODAY) - 1));
    assert!(holds(&of, None, Scope::Records, of.terms.until_us - 1));
    assert!(!holds(&of, None, Scope::Records, of.terms.until_us), "not one day past its period");
    for other in Scope::ALL.into_iter().filter(|scope| *scope != Scope::Records) {
        assert!(!holds(&of, None, other, noon(TODAY)), "{other:?}");
    }
}

#[test]
fn what_was_stopped_or_never_accepted_holds_for_nothing() {
    for stage in [Stage::Offered, Stage::Revoked, Stage::Resigned, Stage::Ended] {
        let of = Mandate { stage, ..mandate(MandateKind::Attorney, &Scope::ALL) };
        assert!(Scope::ALL.into_iter().all(|scope| !holds(&of, None, scope, noon(TODAY))), "{stage:?}");
        assert_eq!(Stage::from_i64(stage as i64), Some(stage));
    }
    let offer = Mandate { stage: Stage::Offered, ..mandate(MandateKind::Attorney, &[Scope::Log]) };
    assert_eq!(offer.state(offer.answer_by_us() - 1), MandateState::Offered);
    assert_eq!(offer.state(offer.answer_by_us()), MandateState::Lapsed);
}

#[test]
fn an_agent_stands_and_falls_with_the_legal_representative() {
    let agent = mandate(MandateKind::Agent, &[Scope::Records, Scope::Log]);
    let chief = mandate(MandateKind::LegalRepresentative, &[Scope::Records, Scope::Mandates]);
    let now = noon(TODAY);
    assert!(holds(&agent, Some(&chief), Scope::Records, now));
    assert!(!holds(&agent, Some(&chief), Scope::Log, now), "never wider than the other's standing");
    assert!(!holds(&agent, None, Scope::Records, now), "nor without it");
    for stage in [Stage::Offered, Stage::Revoked, Stage::Resigned, Stage::Ended] {
        let gone = Mandate { stage, ..chief.clone() };
        assert!(!holds(&agent, Some(&gone), Scope::Records, now), "{stage:?}");
    }
    let mut shorter = chief.clone();
    shorter.terms.until_us = now;
    assert!(!holds(&agent, Some(&shorter), Scope::Records, now), "nor longer");
    let mut narrowed = chief.clone();
    narrowed.terms.scope = [Scope::Records].into();
    assert!(!holds(&agent, Some(&narrowed), Scope::Records, now), "nor by one who may name nobody any more");
    let other = mandate(MandateKind::Attorney, &Scope::ALL);
    assert!(!holds(&agent, Some(&other), Scope::Records, now), "nor on a mandate of another kind");
    assert!(!holds(&other, Some(&chief), Scope::Records, now), "and nothing else rests on it");
}

#[test]
fn nobody_under_eighteen_is_either_of_the_two() {
    for kind in [MandateKind::Attorney, MandateKind::Guardian] {
        for party in [Party::Mandator, Party::Actor] {
            let child = document(DocumentKind::ResidentId, &child_number());
            assert_eq!(check_party(kind, party, &child, true, TODAY), Err(MandateFault::Minor(party)), "{kind:?}");
            let adult = document(DocumentKind::ResidentId, ADULT);
            assert_eq!(check_party(kind, party, &adult, false, TODAY), Ok(()));
            let passport = document(DocumentKind::Passport, "E12345678");
            assert_eq!(check_party(kind, party, &passport, false, TODAY), Err(MandateFault::AgeUnsaid(party)));
            assert_eq!(check_party(kind, party, &passport, true, TODAY), Ok(()));
        }
    }
}

/// Number of somebody born on 2010-05-05.
fn child_number() -> String {
    let body = "99000020100505001";
    let fits = |check: &char| {
        let number = format!("{body}{check}");
        Document::parse(DocumentKind::ResidentId, &number, SyntheticRule::Allowed).is_ok()
    };
    let check = "0123456789X".chars().find(fits).unwrap();
    format!("{body}{check}")
}

#[test]
fn persons_act_for_persons_and_organisations_and_organisations_for_nobody() {
    let office = document(DocumentKind::Uscc, "11990000MB0000001E");
    let person = document(DocumentKind::ResidentId, ADULT);
    for kind in MandateKind::ALL {
        assert_eq!(
            check_party(kind, Party::Actor, &office, true, TODAY),
            Err(MandateFault::DocumentKind(Party::Actor))
        );
        let (right, wrong) = if kind.of_organisation() { (&office, &person) } else { (&person, &office) };
        assert_eq!(check_party(kind, Party::Mandator, right, false, TODAY), Ok(()));
        let fault = Err(MandateFault::DocumentKind(Party::Mandator));
        assert_eq!(check_party(kind, Party::Mandator, wrong, true, TODAY), fault);
        assert_eq!(MandateKind::from_code(kind.code()), Some(kind));
    }
}

#[test]
fn terms_have_a_scope_a_document_of_their_kind_and_an_end_within_bounds() {
    let paper = |kind, day| Paper { kind, number: "1号".to_owned(), date: day };
    let terms = |kind, scope: &[Scope], from, until, paper: Option<&Paper>| {
        check_terms((kind, RecordedBy::Window), scope.iter().copied().collect(), (from, until), paper, TODAY)
    };
    // The day behind a year: that of the next year which bears the same date still belongs to it.
    let (attorney, day) = (MandateKind::Attorney, date(2027, 11, 23));
    let signed = paper(PaperKind::PowerOfAttorney, TODAY);
    assert!(terms(attorney, &[Scope::Log], TODAY, day, Some(&signed)).is_ok());
    for (fault, result) in [
        (MandateFault::Nothing, terms(attorney, &[], TODAY, day, None)),
        (MandateFault::Past, terms(attorney, &[Scope::Log], date(2026, 11, 21), day, None)),
        (MandateFault::Backwards, terms(attorney, &[Scope::Log], TODAY, TODAY, None)),
        (
            MandateFault::TooFarAhead(date(2027, 2, 23)),
            terms(attorney, &[Scope::Log], date(2027, 2, 24), date(2027, 3, 1), None),
        ),
        (MandateFault::TooLong(day), terms(attorney, &[Scope::Log], TODAY, date(2027, 11, 24), None)),
        (MandateFault::Scope(Scope::Mandates), terms(attorney, &[Scope::Mandates], TODAY, day, None)),
        (MandateFault::Paper, terms(MandateKind::Guardian, &[Scope::Log], TODAY, day, Some(&signed))),
        (
            MandateFault::PaperAhead,
            terms(attorney, &[Scope::Log], TODAY, day, Some(&paper(PaperKind::PowerOfAttorney, day))),
        ),
    ] {
        assert_eq!(result, Err(fault));
    }
    let judgment = paper(PaperKind::CourtJudgment, date(2026, 3, 1));
    assert!(terms(MandateKind::Guardian, &[Scope::Log], TODAY, date(2029, 11, 22), Some(&judgment)).is_ok());
    for kind in PaperKind::ALL {
        assert!(!kind.fits(MandateKind::Agent), "an agent's is never recorded on paper");
        assert_eq!(PaperKind::from_code(kind.code()), Some(kind));
    }
}

#[test]
fn a_code_tells_nothing_by_accident_and_is_no_number() {
    let (number, code) = (MandateNumber::new(TODAY, &[9; 12]), MandateCode::new(&[9; 14]));
    assert_eq!(format!("{code:?}"), "MandateCode(..)");
    assert_eq!(MandateCode::parse(&code.grouped().to_lowercase()), Some(code.clone()));
    assert_eq!(MandateNumber::parse(code.as_str()), None);
    assert_eq!(MandateCode::parse(number.as_str()), None);
    assert!(number.text().starts_with("WT20261122-"));
}

proptest! {
    #[test]
    fn an_agent_never_does_what_the_legal_representative_may_not(
        own in proptest::collection::btree_set(proptest::sample::select(&Scope::ALL[..]), 0..7),
        chief in proptest::collection::btree_set(proptest::sample::select(&Scope::ALL[..]), 0..7),
        hours in -200i64..200,
    ) {
        let with = |kind, scope: &BTreeSet<Scope>| {
            let mut of = mandate(kind, &[]);
            of.terms.scope.clone_from(scope);
            of
        };
        let now = day_start_us(TODAY) + hours * 3_600 * 1_000_000;
        let (agent, chief) = (with(MandateKind::Agent, &own), with(MandateKind::LegalRepresentative, &chief));
        for scope in Scope::ALL {
            if holds(&agent, Some(&chief), scope, now) {
                prop_assert!(holds(&chief, None, scope, now) && own.contains(&scope));
            }
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,80}") {
        let _ = (MandateNumber::parse(&text), MandateCode::parse(&text));
    }
}
