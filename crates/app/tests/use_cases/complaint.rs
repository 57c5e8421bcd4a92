//! Complaints: from a line of one's own log in one step, answered in time by the credit office, seen by no clerk, touching no record.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::contest;
use crate::desk;

use chengxin_app::complaint::{ComplaintAnswer, ComplaintRequest, ComplaintView, LineAt};
use chengxin_app::log::LineChain;
use chengxin_app::notice::Served;
use chengxin_app::{AppError, Kind};
use chengxin_core::complaint::{ComplaintState as S, ComplaintStep as K};
use chengxin_core::delivery::Delivery;
use chengxin_core::workflow::Party;
use chengxin_core::{Caller, Lang, Role};
use chengxin_store::authority::AuthorityRow;
use city::{OFFICE, caller};
use contest::{Contest, KIND, clerk, decider, own};
use desk::credit_office;

const WORDS: &str = "我从未申请过该事项，有人无故查看我的记录";

const ABOVE: &str = "11990000MB0000002C";
const OTHER: &str = "11990000MB0000019F";

fn decider_of(code: &str) -> Caller {
    caller(Role::Decider, "he", Some(code))
}

struct Case {
    contest: Contest,
    line: i64,
}

/// A clerk looked; the person reads it.
fn case() -> Case {
    let mut contest = Contest::new();
    contest.check("1");
    let line = lines(&mut contest).into_iter().find(|(_, operation, _)| operation == "check_answer").unwrap();
    Case { contest, line: line.0.unwrap() }
}

fn lines(contest: &mut Contest) -> Vec<(Option<i64>, String, Option<i64>)> {
    let number = contest.row.number.clone();
    let lines = contest.desk.app.log_lines(&own(), KIND, &number).unwrap();
    lines.lines.into_iter().map(|line| (line.number, line.operation, line.anchor)).collect()
}

impl Case {
    fn file(&mut self, line: LineAt, words: &str) -> Result<ComplaintView, AppError> {
        let (number, words) = (self.contest.row.number.clone(), words.to_owned());
        self.contest.desk.app.complaint_file(&own(), &ComplaintRequest { kind: KIND, number, line, words })
    }

    fn filed(&mut self) -> String {
        let line = LineAt::Number(LineChain::Records, self.line);
        self.file(line, WORDS).unwrap().number
    }

    fn answer(&mut self, who: &Caller, number: &str, step: K, text: &str) -> Result<ComplaintView, AppError> {
        let (number, text) = (number.to_owned(), text.to_owned());
        self.contest.desk.app.complaint_answer(who, &ComplaintAnswer { number, step, to: None, text })
    }

    fn refer(&mut self, who: &Caller, number: &str, to: Option<&str>) -> Result<ComplaintView, AppError> {
        let (number, text, to) = (number.to_owned(), "属贵单位职责".to_owned(), to.map(str::to_owned));
        self.contest.desk.app.complaint_answer(who, &ComplaintAnswer { number, step: K::Refer, to, text })
    }

    /// Registers the authority that supervises the office complained of, and says so.
    fn supervised(&mut self) {
        let app = &mut self.contest.desk.app;
        let mut office = app.authority_list(&desk::administrator()).unwrap().remove(0);
        assert_eq!(office.code, OFFICE);
        let above = AuthorityRow { code: ABOVE.to_owned(), name: "云汀市人民政府".to_owned(), ..office.clone() };
        app.authority_add(&desk::administrator(), &above).unwrap();
        let other = AuthorityRow { code: OTHER.to_owned(), name: "云汀市网信办".to_owned(), ..office.clone() };
        app.authority_add(&desk::administrator(), &other).unwrap();
        "transport".clone_into(&mut office.kind);
        app.authority_add_under(&desk::administrator(), &office, Some(ABOVE)).unwrap();
    }

    fn own(&mut self) -> Vec<ComplaintView> {
        let number = self.contest.row.number.clone();
        self.contest.desk.app.complaint_list(&own(), KIND, &number).unwrap()
    }
}

#[test]
fn a_line_of_the_log_is_enough_to_complain_and_the_answer_names_the_routes() {
    let mut case = case();
    let line = LineAt::Number(LineChain::Records, case.line);
    let filed = case.file(line, WORDS).unwrap();
    assert_eq!(
        (filed.state, filed.about.number, filed.about.operation.as_str()),
        (S::Filed, Some(case.line), "check_answer")
    );
    assert_eq!(filed.authority.as_deref(), Some(OFFICE));
    assert_eq!(filed.due_on.unwrap().to_string(), "2026-12-11", "twenty days");
    let number = filed.number;
    let work = case.contest.desk.app.complaint_work(&credit_office()).unwrap();
    assert_eq!((work.len(), work[0].number.as_str(), work[0].overdue), (1, number.as_str(), false));
    case.answer(&credit_office(), &number, K::Accept, "").unwrap();
    let silent = case.answer(&credit_office(), &number, K::Uphold, "").unwrap_err();
    assert_eq!(silent.kind, Kind::Invalid, "an answer has reasons");
    let answered = case.answer(&credit_office(), &number, K::Uphold, "没有对应的办件，已处理").unwrap();
    assert_eq!((answered.state, answered.routes.len()), (S::Upheld, 2));
    let own = case.own();
    assert_eq!((own.len(), own[0].state, own[0].words.as_deref()), (1, S::Upheld, Some(WORDS)));
    assert!(case.contest.desk.app.complaint_work(&credit_office()).unwrap().is_empty());
    let told: Vec<_> = case.contest.lines().into_iter().map(|(_, act)| act).collect();
    assert!(told.iter().any(|act| act.contains("投诉成立")), "{told:?}");
    case.contest.desk.assert_whole();
}

#[test]
fn a_line_without_a_number_is_named_by_its_anchor_and_a_line_of_nobodys_is_not_found() {
    let mut case = case();
    let anchor = lines(&mut case.contest).into_iter().find_map(|(_, _, anchor)| anchor).unwrap();
    let filed = case.file(LineAt::Anchor(anchor), "这批数据不是我的").unwrap();
    assert_eq!((filed.about.number, filed.about.anchor), (None, Some(anchor)));
    for line in [LineAt::Number(LineChain::Records, 9_999), LineAt::Number(LineChain::Reports, 1), LineAt::Anchor(1)] {
        assert_eq!(case.file(line, WORDS).unwrap_err().kind, Kind::NotFound, "{line:?}");
    }
    let line = LineAt::Number(LineChain::Records, case.line);
    assert_eq!(case.file(line, "  ").unwrap_err().kind, Kind::Invalid);
    case.file(line, WORDS).unwrap();
    assert_eq!(case.file(line, WORDS).unwrap_err().kind, Kind::Conflict, "one at a time about one line");
}

#[test]
fn it_touches_no_record_and_no_clerk_learns_of_it() {
    let mut case = case();
    let records = case.contest.records();
    let before = case.contest.check("2").slip.answer;
    let number = case.filed();
    assert_eq!(case.contest.records(), records);
    assert_eq!(case.contest.check("3").slip.answer, before, "not a byte of an answer changes");
    let app = &mut case.contest.desk.app;
    for role in [Role::Clerk, Role::DataOfficer, Role::IdentityClerk, Role::Auditor, Role::Administrator] {
        let other = Caller { role, ..clerk() };
        assert_eq!(app.complaint_work(&other).unwrap_err().kind, Kind::Forbidden, "{role:?}");
        assert_eq!(app.complaint_show(&other, &number).unwrap_err().kind, Kind::Forbidden, "{role:?}");
    }
}

#[test]
fn the_authority_complained_of_knows_comments_and_does_not_answer() {
    let mut case = case();
    let number = case.filed();
    let app = &mut case.contest.desk.app;
    let seen = app.complaint_show(&decider(), &number).unwrap();
    assert_eq!(seen.words, None, "what the person said stays with the credit office");
    assert!(!serde_json::to_string(&seen).unwrap().contains(WORDS));
    app.complaint_comment(&decider(), &number, "系办理从业资格申请").unwrap();
    let elsewhere = caller(Role::Decider, "he", Some("11990000MB0000002C"));
    assert_eq!(app.complaint_show(&elsewhere, &number).unwrap_err().kind, Kind::NotFound);
    assert_eq!(app.complaint_comment(&elsewhere, &number, "x").unwrap_err().kind, Kind::NotFound);
    assert!(app.complaint_work(&elsewhere).unwrap().is_empty());
    assert_eq!(case.answer(&decider(), &number, K::Accept, "").unwrap_err().kind, Kind::Forbidden);
    let refused = case.answer(&credit_office(), &number, K::Comment, "x").unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict, "a comment is the authority's");
    let own = case.own().remove(0);
    assert_eq!(own.steps[0].text, "系办理从业资格申请", "the person reads the comment");
    case.contest.desk.assert_whole();
}

#[test]
fn the_supervisor_is_told_reads_the_line_comments_and_does_not_answer() {
    let mut case = case();
    case.supervised();
    let number = case.filed();
    let app = &mut case.contest.desk.app;
    let told = app.notice_inbox(&decider_of(ABOVE)).unwrap();
    assert_eq!(
        (told.len(), told[0].kind.as_str(), told[0].case_number.as_str()),
        (1, "complaint_filed", number.as_str())
    );
    let work = app.complaint_work(&decider_of(ABOVE)).unwrap();
    assert_eq!((work.len(), work[0].number.as_str(), work[0].to_answer), (1, number.as_str(), false));
    let seen = app.complaint_show(&decider_of(ABOVE), &number).unwrap();
    assert_eq!((seen.words, seen.about.operation.as_str()), (None, "check_answer"));
    app.complaint_comment(&decider_of(ABOVE), &number, "已责令说明").unwrap();
    let refused = case.answer(&decider_of(ABOVE), &number, K::Uphold, "成立").unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    let own = case.own().remove(0);
    assert_eq!((own.steps[0].text.as_str(), own.steps[0].by), ("已责令说明", Party::Supervisor));
    let app = &mut case.contest.desk.app;
    assert!(app.complaint_work(&decider_of(OTHER)).unwrap().is_empty());
    assert_eq!(app.complaint_show(&decider_of(OTHER), &number).unwrap_err().kind, Kind::NotFound);
    let office =
        app.authority_list(&desk::administrator()).unwrap().into_iter().find(|one| one.code == OFFICE).unwrap();
    app.authority_add_under(&desk::administrator(), &office, Some("")).unwrap();
    assert_eq!(app.complaint_show(&decider_of(ABOVE), &number).unwrap_err().kind, Kind::NotFound, "not any more");
    case.contest.desk.assert_whole();
}

#[test]
fn an_authority_is_supervised_by_another_that_is_registered_and_that_it_does_not_supervise() {
    let mut case = case();
    case.supervised();
    let app = &mut case.contest.desk.app;
    let all = app.authority_list(&desk::administrator()).unwrap();
    let row = |code: &str| all.iter().find(|one| one.code == code).unwrap().clone();
    for (of, by) in [(OFFICE, OFFICE), (ABOVE, OFFICE), (OTHER, "11990000MB00000948")] {
        let refused = app.authority_add_under(&desk::administrator(), &row(of), Some(by)).unwrap_err();
        assert_eq!(refused.kind, Kind::Invalid, "{by} over {of}");
    }
    app.authority_add(&desk::administrator(), &row(OFFICE)).unwrap();
    let under = app.authority_supervisors(&desk::administrator()).unwrap();
    assert_eq!(under, [(OFFICE.to_owned(), ABOVE.to_owned())], "who is not named stays as it is");
}

#[test]
fn what_was_handed_over_stands_in_the_work_list_of_who_answers_it_and_its_clock_goes_on() {
    let mut case = case();
    case.supervised();
    let number = case.filed();
    for nobody in [None, Some(OFFICE), Some("11990000MB00000948")] {
        assert_eq!(case.refer(&credit_office(), &number, nobody).unwrap_err().kind, Kind::Invalid, "{nobody:?}");
    }
    assert_eq!(case.refer(&decider_of(ABOVE), &number, Some(ABOVE)).unwrap_err().kind, Kind::Forbidden);
    let referred = case.refer(&credit_office(), &number, Some(OTHER)).unwrap();
    assert_eq!((referred.state, referred.handler.as_deref()), (S::Referred, Some(OTHER)));
    assert_eq!(referred.due_on.unwrap().to_string(), "2026-12-11", "in the time that is left");
    let app = &mut case.contest.desk.app;
    assert_eq!(app.notice_inbox(&decider_of(OTHER)).unwrap()[0].kind, "complaint_referred");
    let work = app.complaint_work(&decider_of(OTHER)).unwrap();
    assert_eq!((work.len(), work[0].to_answer), (1, true));
    assert_eq!(app.complaint_show(&decider_of(OTHER), &number).unwrap().words.as_deref(), Some(WORDS));
    assert_eq!(app.complaint_show(&decider_of(ABOVE), &number).unwrap().words, None);
    let refused = case.answer(&credit_office(), &number, K::Uphold, "x").unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict, "it takes it back first");
    let same = caller(Role::Decider, "li", Some(OTHER));
    let recused = case.answer(&same, &number, K::Uphold, "x").unwrap_err();
    assert_eq!(recused.kind, Kind::Forbidden, "who did it answers nowhere");
    let answered = case.answer(&decider_of(OTHER), &number, K::Uphold, "查看没有理由").unwrap();
    assert_eq!((answered.state, answered.routes.len()), (S::Upheld, 2));
    assert!(case.contest.desk.app.complaint_work(&decider_of(OTHER)).unwrap().is_empty());
    let told: Vec<_> = case.contest.lines().into_iter().map(|(_, act)| act).collect();
    assert!(told.iter().any(|act| act.contains("转交有关单位答复")), "{told:?}");
    case.contest.desk.assert_whole();
}

#[test]
fn the_credit_office_takes_back_what_it_handed_over() {
    let mut case = case();
    case.supervised();
    let number = case.filed();
    case.refer(&credit_office(), &number, Some(ABOVE)).unwrap();
    let back = case.answer(&credit_office(), &number, K::Accept, "").unwrap();
    assert_eq!((back.state, back.handler), (S::Accepted, None));
    let seen = case.contest.desk.app.complaint_show(&decider_of(ABOVE), &number).unwrap();
    assert_eq!(seen.words, None, "it supervises again, and answers no more");
    assert_eq!(case.answer(&decider_of(ABOVE), &number, K::Uphold, "x").unwrap_err().kind, Kind::Forbidden);
    case.answer(&credit_office(), &number, K::NotUphold, "有办件为据").unwrap();
    case.contest.desk.assert_whole();
}

#[test]
fn at_a_window_it_is_taken_on_a_compared_document_by_a_clerk_who_does_not_read_the_line() {
    let mut case = case();
    let (number, line) = (case.contest.row.number.clone(), LineAt::Number(LineChain::Records, case.line));
    let asked = ComplaintRequest { kind: KIND, number, line, words: WORDS.to_owned() };
    let other = caller(Role::Clerk, "wu", Some(OFFICE));
    let app = &mut case.contest.desk.app;
    assert_eq!(app.complaint_take(&other, &asked, " ").unwrap_err().kind, Kind::Invalid, "what was compared is said");
    assert_eq!(app.complaint_take(&own(), &asked, "身份证原件").unwrap_err().kind, Kind::Invalid);
    assert_eq!(app.complaint_file(&other, &asked).unwrap_err().kind, Kind::Forbidden);
    let same = app.complaint_take(&clerk(), &asked, "身份证原件").unwrap_err();
    assert_eq!(same.kind, Kind::Forbidden, "not from the hand that did it");
    let taken = app.complaint_take(&other, &asked, "身份证原件，与本人相符").unwrap();
    assert_eq!(taken.due_on.unwrap().to_string(), "2026-12-11");
    assert!(!serde_json::to_string(&taken).unwrap().contains("check_answer"));
    assert_eq!(app.complaint_show(&other, &taken.number).unwrap_err().kind, Kind::Forbidden, "nor later");
    let seen = app.complaint_show(&credit_office(), &taken.number).unwrap();
    assert_eq!((seen.words.as_deref(), seen.evidence.as_deref()), (Some(WORDS), Some("身份证原件，与本人相符")));
    assert_eq!(app.complaint_show(&decider(), &taken.number).unwrap().evidence, None);
    let told: Vec<_> = case.contest.lines().into_iter().map(|(operation, _)| operation).collect();
    assert!(told.contains(&"complaint_file".to_owned()), "{told:?}");
    case.contest.desk.assert_whole();
}

#[test]
fn whoever_did_what_is_complained_of_handles_nothing_of_it() {
    let mut case = case();
    let number = case.filed();
    // The clerk of the check, who holds other rights too.
    let app = &mut case.contest.desk.app;
    let same = caller(Role::Decider, "li", Some(OFFICE));
    assert_eq!(app.complaint_show(&same, &number).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(app.complaint_comment(&same, &number, "x").unwrap_err().kind, Kind::Forbidden);
    let same = caller(Role::CreditOffice, "li", None);
    assert_eq!(case.answer(&same, &number, K::Accept, "").unwrap_err().kind, Kind::Forbidden);
    case.answer(&credit_office(), &number, K::Accept, "").unwrap();
}

#[test]
fn an_answer_that_is_late_is_told_once_and_counted() {
    let mut case = case();
    let number = case.filed();
    case.contest.days(20);
    assert!(!case.own()[0].overdue, "the last day is in time");
    case.contest.days(1);
    let worker = chengxin_app::jobs::worker_name();
    for _ in 0..2 {
        case.contest.desk.app.job_run(&desk::administrator(), &worker).unwrap();
        case.contest.days(1);
    }
    let told = case.contest.lines().iter().filter(|(operation, _)| operation == "complaint_overdue").count();
    assert_eq!(told, 1);
    assert!(case.contest.desk.app.complaint_work(&credit_office()).unwrap()[0].overdue);
    let figures = case.contest.desk.app.complaint_figures(&credit_office()).unwrap().remove(0);
    assert_eq!((figures.authority.as_deref(), figures.filed, figures.overdue), (Some(OFFICE), 1, 1));
    case.answer(&credit_office(), &number, K::PassOn, "移送公安机关").unwrap();
    let figures = case.contest.desk.app.complaint_figures(&credit_office()).unwrap().remove(0);
    assert_eq!((figures.closed, figures.late, figures.late_days, figures.overdue), (1, 1, 3, 0));
    case.contest.desk.assert_whole();
}

#[test]
fn whom_no_channel_reaches_is_served_the_answer_of_the_credit_office_on_paper() {
    let mut case = case();
    let number = case.filed();
    case.answer(&credit_office(), &number, K::Accept, "").unwrap();
    case.answer(&credit_office(), &number, K::Uphold, "没有对应的办件，已处理").unwrap();
    let document = case.contest.row.number.clone();
    let app = &mut case.contest.desk.app;
    app.job_run(&desk::administrator(), &chengxin_app::jobs::worker_name()).unwrap();
    let mine = app.notice_list(&own(), KIND, &document).unwrap();
    let of_record = mine.iter().find(|line| line.kind == "adverse_record").unwrap().notice.clone();
    let waits = app.notice_undelivered(&credit_office()).unwrap();
    assert_eq!(waits.len(), 1, "of records it serves nothing: {waits:?}");
    assert_eq!((waits[0].kind.as_str(), &waits[0].case_number), ("complaint_answered", &number));
    let letter = waits[0].notice.clone();
    for who in [decider(), clerk()] {
        assert!(app.notice_undelivered(&who).unwrap().iter().all(|line| line.notice != letter));
        let how =
            Served { on: jiff::civil::date(2026, 11, 21), by: "老赵".to_owned(), evidence: "回证1号".to_owned() };
        assert_eq!(app.notice_served(&who, &letter, &how).unwrap_err().kind, Kind::NotFound);
    }
    assert_eq!(app.notice_letter(&clerk(), &letter, Lang::Zh).unwrap_err().kind, Kind::NotFound);
    let refused = app.notice_letter(&credit_office(), &of_record, Lang::Zh).unwrap_err();
    assert_eq!(refused.kind, Kind::NotFound, "a record is no business of the credit office's");
    let printed = app.notice_letter(&credit_office(), &letter, Lang::Zh).unwrap();
    assert!(printed.pdf().unwrap().starts_with(b"%PDF-"));
    let text = format!("{printed:?}");
    for said in [number.as_str(), "信用主管部门", "行政复议", "投诉人"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    assert!(!text.contains(&document) && !text.contains(WORDS), "{text}");
    let how =
        Served { on: jiff::civil::date(2026, 11, 21), by: "老赵".to_owned(), evidence: "回证1号".to_owned() };
    let served = app.notice_served(&credit_office(), &letter, &how).unwrap();
    assert_eq!(served.delivery, Delivery::Letter);
    assert!(app.notice_undelivered(&credit_office()).unwrap().is_empty());
    case.contest.desk.assert_whole();
}

#[test]
fn the_credit_office_is_reminded_of_its_letters_as_authorities_are() {
    let mut case = case();
    let number = case.filed();
    case.answer(&credit_office(), &number, K::Accept, "").unwrap();
    case.answer(&credit_office(), &number, K::NotUphold, "有办件为据").unwrap();
    case.contest.days(4);
    let worker = chengxin_app::jobs::worker_name();
    case.contest.desk.app.job_run(&desk::administrator(), &worker).unwrap();
    let inbox = case.contest.desk.app.notice_inbox(&credit_office()).unwrap();
    assert_eq!(inbox.iter().filter(|line| line.kind == "letters_wait").count(), 1, "{inbox:?}");
}

#[test]
fn the_person_takes_it_back_and_nobody_elses_number_leads_anywhere() {
    let mut case = case();
    let number = case.filed();
    let document = case.contest.row.number.clone();
    let app = &mut case.contest.desk.app;
    let other = city::row(7).number;
    assert_eq!(app.complaint_withdraw(&own(), (KIND, &other), &number, "").unwrap_err().kind, Kind::NotFound);
    let back = app.complaint_withdraw(&own(), (KIND, &document), &number, "").unwrap();
    assert_eq!((back.state, back.routes.len()), (S::Withdrawn, 0));
    assert_eq!(app.complaint_withdraw(&own(), (KIND, &document), &number, "").unwrap_err().kind, Kind::Conflict);
    assert_eq!(app.complaint_show(&credit_office(), "TS-1").unwrap_err().kind, Kind::Invalid);
    case.contest.desk.assert_whole();
}

#[test]
fn what_was_said_lies_sealed() {
    let mut case = case();
    let number = case.filed();
    let stored = case.contest.desk.city.everything_stored();
    let has = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!has("我从未申请过该事项"));
    assert!(has(&number), "the number stands in the person's log");
}

#[test]
fn the_credit_office_reads_a_complaint_whole_also_where_its_line_names_no_authority() {
    let mut case = case();
    let (number, own) = (case.contest.row.number.clone(), own());
    let lines = case.contest.desk.app.log_lines(&own, KIND, &number).unwrap().lines;
    let without = lines.iter().find(|line| line.who.authority.is_none() && line.number.is_some()).unwrap();
    for line in [case.line, without.number.unwrap()] {
        let filed = case.file(LineAt::Number(LineChain::Records, line), WORDS).unwrap();
        let shown = case.contest.desk.app.complaint_show(&credit_office(), &filed.number).unwrap();
        assert_eq!((shown.words.as_deref(), shown.about.number), (Some(WORDS), Some(line)));
        case.answer(&credit_office(), &filed.number, K::Accept, "").unwrap();
    }
}
