//! Authorities as subjects: what they answer late is a record about them, made once, and nothing of the person who waited is in it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::contest;
use crate::desk;

use chengxin_app::Kind;
use chengxin_app::authority::{AuthorityRecords, AuthorityRow};
use chengxin_app::objection::ObjectionRequest;
use chengxin_core::catalogue::model::SubjectKind;
use chengxin_core::identity::DocumentKind;
use chengxin_core::objection::ObjectionStep as Step;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Role};

use crate::city::{OFFICE, caller};
use contest::Contest;

/// A made-up credit office.
const CREDIT: &str = "11990000MB00000046";

fn with_credit_office() -> Contest {
    let mut contest = Contest::new();
    let credit = AuthorityRow {
        code: CREDIT.to_owned(),
        name: "云汀市信用办公室".to_owned(),
        name_en: "Yunting Credit Office".to_owned(),
        kind: "credit_office".to_owned(),
    };
    contest.desk.app.authority_add(&desk::administrator(), &credit).unwrap();
    contest
}

/// The daily round, and what follows from it.
fn round(contest: &mut Contest) {
    let worker = chengxin_app::jobs::worker_name();
    for _ in 0..2 {
        contest.desk.pass(desk::MINUTE);
        let done = contest.desk.app.job_run(&desk::administrator(), &worker).unwrap();
        assert_eq!(done.failed, 0, "{:?}", contest.desk.app.job_list(&desk::administrator()));
    }
}

fn public(contest: &Contest) -> AuthorityRecords {
    contest.desk.app.authority_records(&desk::public(), OFFICE).unwrap()
}

fn field<'r>(records: &'r AuthorityRecords, label: &str) -> Option<&'r str> {
    let fields = &records.records.first()?.fields;
    fields.iter().find(|(of, _)| of.zh == label).map(|(_, value)| value.zh.as_str())
}

#[test]
fn a_late_answer_makes_exactly_one_record_with_the_clause_and_the_number_and_nothing_of_the_person() {
    let mut contest = with_credit_office();
    let number = contest.object();
    contest.days(20);
    round(&mut contest);
    assert_eq!(public(&contest).records.len(), 0, "the last day is in time");
    contest.days(1);
    round(&mut contest);
    contest.days(1);
    round(&mut contest);
    let records = public(&contest);
    assert_eq!(records.records.len(), 1, "a round that is done again makes none");
    assert_eq!(records.records[0].item, "authority-late-answer");
    assert_eq!(records.records[0].determined_by.en, "Yunting Credit Office");
    assert!(field(&records, "事项").unwrap().contains(&number), "{records:#?}");
    assert!(field(&records, "认定依据").unwrap().contains("《"), "with the clause of the deadline");
    assert_eq!(field(&records, "履行日期"), None);
    let all = serde_json::to_string(&records).unwrap();
    for secret in [&contest.row.name, &contest.row.number, &contest.record.hex(), &"zhou".to_owned()] {
        assert!(!all.contains(secret.as_str()), "{secret} is nobody's business: {all}");
    }
    let figures = contest.desk.app.proceeding_figures(&desk::credit_office()).unwrap();
    assert_eq!((figures[0].overdue, figures[0].unrecorded), (1, 0));
    contest.desk.assert_whole();
}

#[test]
fn the_answer_is_noted_in_the_record_and_an_answer_before_the_round_is_late_all_the_same() {
    let mut contest = with_credit_office();
    let number = contest.object();
    contest.days(21);
    round(&mut contest);
    contest.decide(&number, Step::Accept, "").unwrap();
    round(&mut contest);
    assert_eq!(field(&public(&contest), "履行日期"), None, "taking it up is no answer");
    contest.days(2);
    contest.decide(&number, Step::Keep, "决定正确").unwrap();
    round(&mut contest);
    let records = public(&contest);
    assert_eq!(records.records.len(), 1);
    assert_eq!(field(&records, "法定答复期限"), Some("2026年12月11日"));
    assert_eq!(field(&records, "履行日期"), Some("2026年12月14日"));
    contest.desk.assert_whole();

    let mut hasty = with_credit_office();
    let number = hasty.object();
    hasty.days(22);
    hasty.decide(&number, Step::Accept, "").unwrap();
    hasty.decide(&number, Step::Keep, "决定正确").unwrap();
    round(&mut hasty);
    let records = public(&hasty);
    assert_eq!((records.records.len(), field(&records, "履行日期")), (1, Some("2026年12月13日")));
    hasty.desk.assert_whole();
}

#[test]
fn an_answer_in_time_leaves_no_record() {
    let mut contest = with_credit_office();
    let number = contest.object();
    contest.days(20);
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Keep, "决定正确").unwrap();
    contest.days(5);
    round(&mut contest);
    assert_eq!(public(&contest).records.len(), 0);
}

#[test]
fn a_record_about_an_authority_is_shown_no_day_longer_than_its_item_says() {
    let mut contest = with_credit_office();
    contest.object();
    contest.days(21);
    round(&mut contest);
    // Found on 12 December 2026; at most a year.
    contest.days(365);
    assert_eq!(public(&contest).records.len(), 1);
    contest.days(1);
    assert_eq!(public(&contest).records.len(), 0, "with no round between the day and its effect");
}

#[test]
fn an_authority_contests_its_record_like_any_subject_and_the_office_that_determined_it_decides() {
    let mut contest = with_credit_office();
    contest.object();
    contest.days(21);
    round(&mut contest);
    let record = RecordId::from_hex(&public(&contest).records[0].record).unwrap();
    let own = Caller { ground: Ground::OwnRight, ..caller(Role::Representative, "wu", None) };
    let request = ObjectionRequest {
        kind: DocumentKind::Uscc,
        number: OFFICE.to_owned(),
        record,
        aspect: Some(ObjectionAspect::Content),
        grounds: "答复已于期限内寄出，有回执".to_owned(),
        attachments: Vec::new(),
        evidence: None,
    };
    let number = contest.desk.app.objection_file(&own, &request).unwrap().proceeding.number;
    assert_eq!(public(&contest).records[0].mark.as_ref().unwrap().zh, "异议中");
    let late_itself =
        contest.desk.app.objection_decide(&contest::decider(), &Contest::answer(&number, Step::Accept, ""));
    assert_eq!(late_itself.unwrap_err().kind, Kind::NotFound, "whoever was late decides nothing about it");
    let credit = caller(Role::Decider, "feng", Some(CREDIT));
    contest.desk.app.objection_decide(&credit, &Contest::answer(&number, Step::Accept, "")).unwrap();
    contest.desk.app.objection_decide(&credit, &Contest::answer(&number, Step::Withdraw, "回执属实")).unwrap();
    assert_eq!(public(&contest).records.len(), 0);
    contest.days(1);
    round(&mut contest);
    assert_eq!(public(&contest).records.len(), 0, "no round brings it back");
    contest.desk.assert_whole();
}

#[test]
fn where_nobody_is_on_file_to_determine_it_lateness_is_counted_and_no_record() {
    let mut contest = Contest::new();
    contest.object();
    contest.days(21);
    round(&mut contest);
    assert_eq!(public(&contest).records.len(), 0);
    let figures = contest.desk.app.proceeding_figures(&desk::credit_office()).unwrap();
    assert_eq!((figures[0].overdue, figures[0].unrecorded), (1, 1));
}

#[test]
fn what_is_public_about_authorities_is_no_door_to_anybody_else() {
    let contest = with_credit_office();
    for code in ["91350100M000100Y43", &contest.row.number, "", "11990000MB0000001e"] {
        let refused = contest.desk.app.authority_records(&desk::public(), code).unwrap_err();
        assert_eq!(refused.kind, Kind::NotFound, "{code}");
    }
}

#[test]
fn no_item_about_authorities_has_room_for_a_person() {
    let catalogue = contest::Contest::new().desk.app.catalogue().clone();
    let items: Vec<_> =
        catalogue.items().iter().filter(|item| item.item.subjects.contains(&SubjectKind::Authority)).collect();
    assert!(items.len() >= 5, "{}", items.len());
    for item in items {
        assert_eq!(item.item.subjects, [SubjectKind::Authority], "{}", item.code());
        use chengxin_core::catalogue::FieldRole as R;
        for field in &item.fields {
            let personal = [R::SubjectDocumentNumber, R::SubjectDocumentKind, R::ConductOn, R::AdultAttested];
            assert!(
                field.field.role.is_none_or(|role| !personal.contains(&role)),
                "{} {}",
                item.code(),
                field.field.code
            );
            for word in ["姓名", "法定代表人", "负责人", "责任人", "身份证", "电话"] {
                assert!(!field.field.label.contains(word), "{} {}", item.code(), field.field.label);
            }
        }
    }
}
