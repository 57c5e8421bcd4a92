//! The check at the window: one matter, one answer, the same for the clerk and for the applicant, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use chengxin_app::check::{CheckRequest, Checked, Outcome, OutcomeRequest};
use chengxin_app::reading::Reading;
use chengxin_app::{AppError, Kind};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_core::catalogue::matter::FindingKind;
use chengxin_core::check::Headline;
use chengxin_core::identity::DocumentKind;
use chengxin_store::authority::AuthorityRow;
use city::{City, OFFICE, Row, caller, number, row};

const MATTER: &str = "road-transport-practitioner";
const CLAUSE: &str = "road-transport-regulation#art-9";
const HEALTH: &str = "11990000MB0000003A";

fn clerk() -> Caller {
    Caller { ground: Ground::Duty(CLAUSE.to_owned()), ..caller(Role::Clerk, "li", Some(OFFICE)) }
}

fn own(actor: &str) -> Caller {
    Caller { ground: Ground::OwnRight, authority: None, ..caller(Role::Resident, actor, None) }
}

/// Zhou Ming's licence was revoked.
fn revoked(sequence: u32) -> Row {
    Row { kind: "吊销许可证件".to_owned(), fine: String::new(), ..row(sequence) }
}

fn about(row: &Row) -> CheckRequest {
    CheckRequest {
        matter: MATTER.to_owned(),
        kind: DocumentKind::ResidentId,
        number: row.number.clone(),
        name: row.name.clone(),
        case_number: "云交受〔2026〕17号".to_owned(),
    }
}

/// The office's file, with the column that a revocation needs.
fn file(rows: &[Row]) -> String {
    let lines = city::csv(rows);
    let mut lines = lines.lines();
    let mut text = format!("{},CF_NR_ZKDX\n", lines.next().unwrap());
    for (line, row) in lines.zip(rows) {
        let licence = if row.kind == "吊销许可证件" { "道路运输从业资格证" } else { "" };
        text += &format!("{line},{licence}\n");
    }
    text
}

fn with(rows: &[Row]) -> City {
    let mut city = City::new();
    let path = city.write("rows.csv", &file(rows));
    let outcome = city.import_with(&path, |_| {}).unwrap();
    assert_eq!(outcome.quality.counts.new, rows.len() as u64, "{:?}", outcome.quality);
    let second = city.second();
    city.installation.submission_release(&second, 1).unwrap();
    city
}

fn ask(city: &mut City, request: &CheckRequest) -> Result<Checked, AppError> {
    city.installation.check_answer(&clerk(), request)
}

fn lines(city: &mut City, number: &str) -> Vec<String> {
    let lines = city.installation.log_lines(&own("zhou"), DocumentKind::ResidentId, number).unwrap();
    lines.lines.into_iter().map(|line| line.operation).collect()
}

#[test]
fn a_clerk_is_told_what_the_matter_makes_relevant_with_its_clause_and_nothing_else() {
    let (revocation, fine) = (revoked(1), Row { document: "云交罚〔2026〕2号".to_owned(), ..row(1) });
    let mut city = with(&[revocation.clone(), fine]);
    let checked = ask(&mut city, &about(&revocation)).unwrap();
    let answer = &checked.slip.answer;
    assert!(matches!(&answer.headline, Headline::ToVerify { count: 1, clauses, .. } if clauses.len() == 1));
    let [finding] = answer.findings.as_slice() else { panic!("{answer:#?}") };
    assert_eq!((finding.finding, finding.item.as_str()), (FindingKind::Consider, "penalty"));
    let json = serde_json::to_string(&checked).unwrap();
    assert!(!json.contains(&revocation.number), "no number of a document stands in an answer");
    assert!(!json.contains("云交罚〔2026〕2号"), "a fine is of no account in this matter");
}

#[test]
fn records_of_no_account_change_no_byte_of_the_answer() {
    let revocation = revoked(1);
    let mut plain = with(std::slice::from_ref(&revocation));
    let expired = Row { decided: "2022-01-05".to_owned(), conduct: "2022-01-01".to_owned(), ..revoked(2) };
    let expired = Row { number: revocation.number.clone(), ..expired };
    let more = [revocation.clone(), Row { document: "另".to_owned(), ..row(1) }, expired];
    let mut full = with(&more);
    let bytes = |city: &mut City| {
        let answer = ask(city, &about(&revocation)).unwrap().slip.answer;
        let mut json = serde_json::to_value(&answer).unwrap();
        // The one thing that differs between two installations: ids are made by their keys.
        json["findings"][0]["record"] = "".into();
        serde_json::to_string(&json).unwrap()
    };
    assert_eq!(bytes(&mut plain), bytes(&mut full));
}

#[test]
fn somebody_of_whom_nothing_is_held_is_answered_as_somebody_of_whom_nothing_may_be_shown() {
    let fined = row(1);
    let mut city = with(std::slice::from_ref(&fined));
    let unknown = Row { name: "何雨".to_owned(), number: number("19900101", 7), ..row(9) };
    let (one, two) = (ask(&mut city, &about(&fined)).unwrap(), ask(&mut city, &about(&unknown)).unwrap());
    assert!(matches!(one.slip.answer.headline, Headline::MayProceed { .. }));
    assert_eq!(one.slip.answer, two.slip.answer);
    // Both can read that they were checked.
    for person in [&fined, &unknown] {
        assert!(lines(&mut city, &person.number).contains(&"check_answer".to_owned()));
    }
    // A second time nobody is new any more, and the whole log still verifies.
    ask(&mut city, &about(&unknown)).unwrap();
    let auditor = Caller { role: Role::Auditor, ..Caller::operator("auditor", "test") };
    let verified = city.installation.log_verify(&auditor, None).unwrap();
    assert!(verified.is_whole(), "{:#?}", verified.findings);
}

#[test]
fn another_name_than_the_documents_is_told_nothing_and_leaves_a_line() {
    let revocation = revoked(1);
    let mut city = with(std::slice::from_ref(&revocation));
    for name in ["周 明明", "周鸣", "ZHOU MING"] {
        let refused = ask(&mut city, &CheckRequest { name: name.to_owned(), ..about(&revocation) }).unwrap_err();
        assert_eq!(refused.kind, Kind::Conflict, "{name}: {refused}");
        assert!(!refused.to_string().contains("吊销"));
    }
    assert_eq!(lines(&mut city, &revocation.number).iter().filter(|line| *line == "check_answer").count(), 3);
    assert!(
        city.installation.check_slip(&own("zhou"), DocumentKind::ResidentId, &revocation.number).unwrap().is_empty()
    );
}

#[test]
fn only_the_matters_own_authorities_ask_and_only_on_its_own_ground() {
    let revocation = revoked(1);
    let mut city = with(std::slice::from_ref(&revocation));
    let health = AuthorityRow {
        code: HEALTH.to_owned(),
        name: "云汀市卫生健康委员会".to_owned(),
        name_en: "Yunting Health Commission".to_owned(),
        kind: "health".to_owned(),
    };
    city.installation.authority_add(&Caller::operator("operator", "test"), &health).unwrap();
    let elsewhere = Caller { authority: Some(HEALTH.to_owned()), ..clerk() };
    let nowhere = Caller { authority: Some("11990000MB0000009X".to_owned()), ..clerk() };
    let other_duty = Caller { ground: Ground::Duty("penalty-law#art-48".to_owned()), ..clerk() };
    let on_consent = Caller { ground: Ground::Consent("R1".to_owned()), ..clerk() };
    let own_right = Caller { ground: Ground::OwnRight, ..clerk() };
    let officer = Caller { role: Role::DataOfficer, ..clerk() };
    let no_purpose = Caller { purpose: String::new(), ..clerk() };
    for refused in [elsewhere, nowhere, other_duty, on_consent, own_right, officer, own("zhou"), no_purpose] {
        let error = city.installation.check_answer(&refused, &about(&revocation)).unwrap_err();
        assert_eq!(error.kind, Kind::Forbidden, "{refused:?}: {error}");
    }
    for (change, kind) in [
        (CheckRequest { matter: "anything".to_owned(), ..about(&revocation) }, Kind::NotFound),
        (CheckRequest { number: "990000198505050013".to_owned(), ..about(&revocation) }, Kind::Invalid),
        (CheckRequest { case_number: " ".to_owned(), ..about(&revocation) }, Kind::Invalid),
        (CheckRequest { case_number: "号".repeat(65), ..about(&revocation) }, Kind::Invalid),
        (CheckRequest { name: String::new(), ..about(&revocation) }, Kind::Invalid),
    ] {
        assert_eq!(ask(&mut city, &change).unwrap_err().kind, kind, "{change:?}");
    }
    assert!(!lines(&mut city, &revocation.number).contains(&"check_answer".to_owned()));
}

#[test]
fn the_applicant_reads_the_same_slip_to_the_byte_and_what_came_of_it() {
    let revocation = revoked(1);
    let mut city = with(std::slice::from_ref(&revocation));
    let checked = ask(&mut city, &about(&revocation)).unwrap();
    // By the readers of a server it is answered alike.
    let reading = Reading::open(&city.installation).unwrap();
    let read = reading.check_answer(&clerk(), &about(&revocation)).unwrap().unwrap();
    assert_eq!(read.answer.slip.answer, checked.slip.answer);
    assert_ne!(read.answer.slip.head.number, checked.slip.head.number, "each check has a number of its own");

    let list = |city: &mut City| {
        city.installation.check_slip(&own("zhou"), DocumentKind::ResidentId, &revocation.number).unwrap()
    };
    let [line] = &list(&mut city)[..] else { panic!("one check was logged") };
    assert_eq!(line.answer.as_ref(), Some(&checked.slip.answer));
    assert_eq!((line.number.as_str(), line.matter.as_str()), (checked.slip.head.number.as_str(), MATTER));
    assert_eq!(line.case_number, "云交受〔2026〕17号");

    let record = checked.slip.answer.findings[0].record.clone();
    let request = OutcomeRequest {
        kind: DocumentKind::ResidentId,
        number: revocation.number.clone(),
        check: line.number.clone(),
        outcome: Outcome::Refused,
        reason: "吊销期内，依条例不予核发".to_owned(),
        rests_on: vec![record.clone()],
    };
    let notice = city.installation.check_outcome(&clerk(), &request).unwrap().unwrap();
    assert_eq!(notice.facts.len(), 1);
    assert!(notice.review.zh.contains("60 日内申请行政复议") && notice.object.zh.contains("异议"));
    let [line] = &list(&mut city)[..] else { panic!("one check was logged") };
    assert_eq!(line.outcomes.len(), 1);
    assert_eq!(line.outcomes[0].reason.as_deref(), Some("吊销期内，依条例不予核发"));
    assert_eq!(line.outcomes[0].rests_on, [record]);
    // The reason lies nowhere in the open.
    let stored = city.everything_stored();
    let reason = "吊销期内".as_bytes();
    assert!(!stored.windows(reason.len()).any(|window| window == reason));
}

#[test]
fn a_refusal_rests_only_on_what_its_own_check_showed() {
    let (revocation, clean) = (revoked(1), Row { name: "何雨".to_owned(), number: number("19900101", 7), ..row(9) });
    let mut city = with(&[revocation.clone(), clean.clone()]);
    let (bad, good) = (ask(&mut city, &about(&revocation)).unwrap(), ask(&mut city, &about(&clean)).unwrap());
    let record = bad.slip.answer.findings[0].record.clone();
    let request = |checked: &Checked, row: &Row, rests_on: &[&str]| OutcomeRequest {
        kind: DocumentKind::ResidentId,
        number: row.number.clone(),
        check: checked.slip.head.number.clone(),
        outcome: Outcome::Refused,
        reason: "材料不符合规定".to_owned(),
        rests_on: rests_on.iter().map(|record| (*record).to_owned()).collect(),
    };
    let refused = |city: &mut City, caller: &Caller, request: &OutcomeRequest| {
        city.installation.check_outcome(caller, request).unwrap_err().kind
    };
    assert_eq!(refused(&mut city, &clerk(), &request(&good, &clean, &[&record])), Kind::Conflict);
    assert_eq!(refused(&mut city, &clerk(), &request(&bad, &clean, &[])), Kind::NotFound, "another person's check");
    let elsewhere = Caller { authority: Some(HEALTH.to_owned()), ..clerk() };
    assert_eq!(refused(&mut city, &elsewhere, &request(&bad, &revocation, &[&record])), Kind::NotFound);
    let wordless = OutcomeRequest { reason: "不行".to_owned(), ..request(&bad, &revocation, &[&record]) };
    assert_eq!(refused(&mut city, &clerk(), &wordless), Kind::Invalid);
    let granted = OutcomeRequest { outcome: Outcome::Granted, ..request(&bad, &revocation, &[&record]) };
    assert_eq!(refused(&mut city, &clerk(), &granted), Kind::Invalid);
    // A refusal for other reasons than records names none, and both routes.
    let notice = city.installation.check_outcome(&clerk(), &request(&good, &clean, &[])).unwrap().unwrap();
    assert!(notice.facts.is_empty() && notice.review.zh.contains("行政复议"));
}

#[test]
fn a_person_sees_beforehand_what_a_window_would_be_told_and_nobody_else_does() {
    let revocation = revoked(1);
    let mut city = with(std::slice::from_ref(&revocation));
    let told = ask(&mut city, &about(&revocation)).unwrap().slip.answer;
    let number = revocation.number.clone();
    let preview = |city: &mut City, caller: &Caller| {
        city.installation.check_preview(caller, MATTER, DocumentKind::ResidentId, &number)
    };
    assert_eq!(preview(&mut city, &own("zhou")).unwrap(), told);
    for other in [clerk(), caller(Role::CreditOffice, "office", None), Caller::operator("operator", "test")] {
        assert_eq!(preview(&mut city, &other).unwrap_err().kind, Kind::Forbidden, "{other:?}");
    }
    let unknown = city.installation.check_preview(&own("he"), "no-such", DocumentKind::ResidentId, &number);
    assert_eq!(unknown.unwrap_err().kind, Kind::NotFound);
}

#[test]
fn every_matter_can_be_read_by_anybody() {
    let city = City::new();
    let public = Caller { role: Role::Public, ..own("anybody") };
    let matters = city.installation.matter_list(&public).unwrap();
    assert!(matters.len() >= 20, "{}", matters.len());
    for matter in &matters {
        let shown = city.installation.matter_show(&public, &matter.code).unwrap();
        assert!(!shown.relevant.is_empty() && !shown.clause_label.zh.is_empty(), "{}", shown.code);
    }
    assert_eq!(city.installation.matter_show(&public, "none").unwrap_err().kind, Kind::NotFound);
}

#[test]
fn trying_names_does_not_tell_who_is_known_here() {
    let fined = row(1);
    let mut city = with(std::slice::from_ref(&fined));
    let unknown = Row { number: number("19900101", 7), ..row(9) };
    let tried = |city: &mut City, row: &Row| {
        ask(city, &CheckRequest { name: "测试".to_owned(), ..about(row) }).unwrap().slip.answer
    };
    assert_eq!(tried(&mut city, &fined), tried(&mut city, &unknown));
}

#[test]
fn a_check_made_while_nothing_was_held_is_found_again_when_something_is() {
    let later = row(1);
    let mut city = with(&[row(8)]);
    let before = ask(&mut city, &about(&later)).unwrap();
    let path = city.write("later.csv", &file(std::slice::from_ref(&later)));
    city.import_with(&path, |_| {}).unwrap();
    let request = OutcomeRequest {
        kind: DocumentKind::ResidentId,
        number: later.number.clone(),
        check: before.slip.head.number.clone(),
        outcome: Outcome::Granted,
        reason: "材料齐全，准予核发".to_owned(),
        rests_on: Vec::new(),
    };
    assert_eq!(city.installation.check_outcome(&clerk(), &request).unwrap(), None);
    let lines = city.installation.check_slip(&own("zhou"), DocumentKind::ResidentId, &later.number).unwrap();
    assert_eq!((lines.len(), lines[0].outcomes.len()), (1, 1));
    assert_eq!(lines[0].answer.as_ref(), Some(&before.slip.answer));
}

#[test]
fn an_office_that_is_renamed_changes_no_slip() {
    let revocation = revoked(1);
    let mut city = with(std::slice::from_ref(&revocation));
    let told = ask(&mut city, &about(&revocation)).unwrap().slip.answer;
    let renamed = AuthorityRow {
        code: OFFICE.to_owned(),
        name: "云汀市交通运输委员会".to_owned(),
        name_en: "Yunting Transport Commission".to_owned(),
        kind: "transport".to_owned(),
    };
    city.installation.authority_add(&Caller::operator("operator", "test"), &renamed).unwrap();
    let lines = city.installation.check_slip(&own("zhou"), DocumentKind::ResidentId, &revocation.number).unwrap();
    assert_eq!(lines[0].answer.as_ref(), Some(&told));
}

#[test]
fn a_record_that_ran_out_since_supports_no_refusal() {
    let revocation = revoked(1);
    let mut city = with(std::slice::from_ref(&revocation));
    let checked = ask(&mut city, &about(&revocation)).unwrap();
    let later = chengxin_app::FixedClock::on(jiff::civil::date(2031, 1, 5));
    let mut later = chengxin_app::Installation::open(city.installation.dir(), std::sync::Arc::new(later)).unwrap();
    let request = OutcomeRequest {
        kind: DocumentKind::ResidentId,
        number: revocation.number.clone(),
        check: checked.slip.head.number.clone(),
        outcome: Outcome::Refused,
        reason: "吊销期内，依条例不予核发".to_owned(),
        rests_on: vec![checked.slip.answer.findings[0].record.clone()],
    };
    let refused = later.check_outcome(&clerk(), &request).unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict, "{refused}");
}

#[test]
fn consent_is_not_taken_on_the_askers_word_and_no_check_is_silent() {
    let revocation = revoked(1);
    let mut city = with(std::slice::from_ref(&revocation));
    let consented = CheckRequest { matter: "commitment-based-approval".to_owned(), ..about(&revocation) };
    for receipt in ["", "R-2026-1", "口头同意"] {
        let caller = Caller { ground: Ground::Consent(receipt.to_owned()), ..clerk() };
        let refused = city.installation.check_answer(&caller, &consented).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{receipt}: {refused}");
        assert!(refused.public.zh.contains("登记的授权"), "{refused}");
    }
    let until = jiff::civil::date(2027, 1, 1);
    let silence = "pipl#art-18".to_owned();
    let silent = Ground::SilentDuty { clause: CLAUSE.to_owned(), silence, until, said: true };
    let refused =
        city.installation.check_answer(&Caller { ground: silent, ..clerk() }, &about(&revocation)).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden, "{refused}");
    assert!(!lines(&mut city, &revocation.number).contains(&"check_answer".to_owned()));
}

#[test]
fn in_production_a_matter_waits_until_somebody_has_read_its_clauses() {
    let mut city = City::with(chengxin_app::Mode::Production, chengxin_seal::Profile::Intl);
    // A number that a real area could have, of nobody: its check character is made for it.
    let request = CheckRequest { number: "110101190001010013".to_owned(), ..about(&row(1)) };
    let refused = city.installation.check_answer(&clerk(), &request).unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict, "{refused}");
    assert!(refused.public.zh.contains(CLAUSE) && refused.public.en.contains("catalogue confirm"), "{refused}");
    let office = caller(Role::CreditOffice, "wang", None);
    let clauses: std::collections::BTreeSet<String> = {
        let matter = city.installation.catalogue().matter(MATTER).unwrap();
        matter.matter.clauses().map(str::to_owned).collect()
    };
    for clause in &clauses {
        city.installation.catalogue_confirm(&office, clause, "王芳", "信用办", "公报原文").unwrap();
    }
    let asked = city.installation.check_answer(&clerk(), &request);
    assert!(asked.as_ref().err().is_none_or(|error| error.kind != Kind::Conflict), "{asked:?}");
}

#[test]
fn the_same_outcome_twice_is_recorded_once_and_another_stands_beside_it() {
    let revocation = revoked(1);
    let mut city = with(std::slice::from_ref(&revocation));
    let checked = ask(&mut city, &about(&revocation)).unwrap();
    let request = |outcome| OutcomeRequest {
        kind: DocumentKind::ResidentId,
        number: revocation.number.clone(),
        check: checked.slip.head.number.clone(),
        outcome,
        reason: "材料不符合规定".to_owned(),
        rests_on: Vec::new(),
    };
    city.installation.check_outcome(&clerk(), &request(Outcome::Refused)).unwrap();
    let again = city.installation.check_outcome(&clerk(), &request(Outcome::Refused)).unwrap_err();
    assert_eq!(again.kind, Kind::Conflict, "{again}");
    city.installation.check_outcome(&clerk(), &request(Outcome::Granted)).unwrap();
    let lines = city.installation.check_slip(&own("zhou"), DocumentKind::ResidentId, &revocation.number).unwrap();
    let outcomes: Vec<Outcome> = lines[0].outcomes.iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes, [Outcome::Refused, Outcome::Granted]);
}
