//! Many open applications at once: two people, the rows that were approved and no others, a line for everybody, and going on after an
//! interruption.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use chengxin_app::check::{
    Batch, BatchOpened, BatchRequest, BatchRow, CheckRequest, PartAnswers, PartRequest, batch_rows,
};
use chengxin_app::{AppError, FixedClock, Installation, Kind};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_core::identity::{DocumentKind, Uscc};
use chengxin_store::authority::AuthorityRow;
use chengxin_store::testing::Hand;
use city::{City, OFFICE, caller, number};
use jiff::civil::date;

const MATTER: &str = "procurement-supplier";
const CLAUSE: &str = "procurement-credit-notice#screen";
const FINANCE: &str = "11990000MB0000004X";
/// Applications in a part.
const PART: usize = 1_000;

fn clerk() -> Caller {
    Caller { purpose: "供应商资格审查".to_owned(), ..on_duty(Role::Clerk, "li") }
}

fn decider() -> Caller {
    on_duty(Role::Decider, "qian")
}

fn on_duty(role: Role, actor: &str) -> Caller {
    Caller { ground: Ground::Duty(CLAUSE.to_owned()), ..caller(role, actor, Some(&finance())) }
}

fn with_check(first17: &str) -> String {
    format!("{first17}{}", Uscc::check_character(first17.as_bytes().try_into().unwrap()).unwrap())
}

fn finance() -> String {
    with_check(&FINANCE[..17])
}

/// A made-up company.
fn company(sequence: usize) -> String {
    with_check(&format!("91990000MC{sequence:07}"))
}

fn application(sequence: usize) -> BatchRow {
    BatchRow {
        kind: None,
        number: company(sequence),
        name: format!("云汀供应商{sequence}有限公司"),
        case_number: format!("采审〔2026〕{sequence}号"),
        ground: CLAUSE.to_owned(),
    }
}

struct Town {
    city: City,
}

impl Town {
    /// Company 1 had to close its workshop.
    fn new() -> Self {
        let mut city = City::new();
        let office = AuthorityRow {
            code: finance(),
            name: "云汀市财政局".to_owned(),
            name_en: "Yunting Finance Bureau".to_owned(),
            kind: "finance".to_owned(),
        };
        city.installation.authority_add(&Caller::operator("operator", "test"), &office).unwrap();
        let row = application(1);
        let headings = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,XWFSRQ";
        let line = format!(
            "{},法人及非法人组织,{},云交罚〔2026〕1号,违规经营,未经许可从事营运,《道路运输条例》第六十三条,责令停产停业,责令停业整顿,2026-09-01,云汀市交通运输局,{OFFICE},云汀市交通运输局,{OFFICE},2026-08-20",
            row.name, row.number
        );
        let path = city.write("rows.csv", &format!("{headings}\n{line}\n"));
        let outcome = city.import_with(&path, |_| {}).unwrap();
        assert_eq!(outcome.quality.counts.new, 1, "{:?}", outcome.quality);
        Self { city }
    }

    fn opened(&mut self, rows: &[BatchRow]) -> Result<BatchOpened, AppError> {
        let request = BatchRequest { matter: MATTER.to_owned(), rows: rows.to_vec() };
        self.city.installation.check_batch_open(&clerk(), &request)
    }

    fn approved(&mut self, rows: &[BatchRow]) -> Batch {
        let BatchOpened::Waits(batch) = self.opened(rows).unwrap() else { panic!("faulty") };
        self.city.installation.check_batch_approve(&decider(), &batch.number).unwrap()
    }

    fn ask(&mut self, batch: &Batch, part: usize, rows: &[BatchRow]) -> Result<PartAnswers, AppError> {
        self.ask_as(&clerk(), batch, part, rows)
    }

    fn ask_as(
        &mut self,
        caller: &Caller,
        batch: &Batch,
        part: usize,
        rows: &[BatchRow],
    ) -> Result<PartAnswers, AppError> {
        let request = PartRequest { number: batch.number.clone(), part, rows: rows.to_vec() };
        self.city.installation.check_batch_answer(caller, &request)
    }

    /// How often a company was checked, as it reads itself.
    fn lines(&mut self, sequence: usize) -> usize {
        let own = Caller { ground: Ground::OwnRight, authority: None, ..caller(Role::Representative, "rep", None) };
        let log = match self.city.installation.log_lines(&own, DocumentKind::Uscc, &company(sequence)) {
            Ok(log) => log,
            Err(nothing) if nothing.kind == Kind::NotFound => return 0,
            Err(error) => panic!("{error}"),
        };
        let checks = log.lines.iter().filter(|line| line.operation == "check_answer");
        checks.inspect(|line| assert!(line.act.zh.contains("批量核查"), "{line:?}")).count()
    }

    fn whole(&self) {
        let auditor = Caller { role: Role::Auditor, ..Caller::operator("auditor", "test") };
        let verified = self.city.installation.log_verify(&auditor, None).unwrap();
        assert!(verified.is_whole(), "{:#?}", verified.findings);
    }
}

#[test]
fn a_batch_is_asked_by_one_approved_by_another_and_answers_what_single_checks_would() {
    let mut town = Town::new();
    let rows: Vec<_> = (1..=3).map(application).collect();
    let BatchOpened::Waits(batch) = town.opened(&rows).unwrap() else { panic!("faulty") };
    assert_eq!((batch.state.as_str(), batch.applications, batch.parts), ("waiting", 3, 1));
    assert_eq!([1, 2, 3].map(|sequence| town.lines(sequence)), [0; 3], "nobody is looked up before the approval");
    assert_eq!(town.ask(&batch, 1, &rows).unwrap_err().kind, Kind::Conflict);

    // Not by whoever asked for it, in whatever role, nor by another office.
    let own = Caller { actor: clerk().actor, ..decider() };
    let refused = town.city.installation.check_batch_approve(&own, &batch.number).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden, "{refused}");
    let stranger = caller(Role::Decider, "sun", Some(OFFICE));
    assert_eq!(town.city.installation.check_batch_approve(&stranger, &batch.number).unwrap_err().kind, Kind::NotFound);
    let batch = town.city.installation.check_batch_approve(&decider(), &batch.number).unwrap();
    assert_eq!(town.city.installation.check_batch_approve(&decider(), &batch.number).unwrap_err().kind, Kind::Conflict);

    let other_clerk = Caller { actor: "wu".to_owned(), ..clerk() };
    assert_eq!(town.ask_as(&other_clerk, &batch, 1, &rows).unwrap_err().kind, Kind::Forbidden);
    let part = town.ask(&batch, 1, &rows).unwrap();
    assert_eq!((part.next, part.answers.len()), (None, 3));
    for (answered, row) in part.answers.iter().zip(&rows) {
        let single = CheckRequest {
            matter: MATTER.to_owned(),
            kind: DocumentKind::Uscc,
            number: row.number.clone(),
            name: row.name.clone(),
            case_number: row.case_number.clone(),
        };
        let caller = town.city.installation.for_matter(clerk(), MATTER);
        let single = town.city.installation.check_answer(&caller, &single).unwrap();
        assert_eq!(answered.checked.as_ref().unwrap().slip.answer, single.slip.answer);
        assert_eq!(answered.case_number, row.case_number);
    }
    assert_eq!(part.answers[0].checked.as_ref().unwrap().slip.answer.findings.len(), 1);
    let listed = town.city.installation.check_batch_list(&clerk()).unwrap();
    assert_eq!((listed.len(), listed[0].state.as_str()), (1, "answered"));
    town.whole();
}

#[test]
fn each_applicant_reads_the_check_and_its_slip() {
    let mut town = Town::new();
    let rows: Vec<_> = (1..=2).map(application).collect();
    let batch = town.approved(&rows);
    let told = town.ask(&batch, 1, &rows).unwrap();
    let own = Caller { ground: Ground::OwnRight, authority: None, ..caller(Role::Representative, "rep", None) };
    for (sequence, answered) in (1..).zip(&told.answers) {
        assert_eq!(town.lines(sequence), 1);
        let slips = town.city.installation.check_slip(&own, DocumentKind::Uscc, &company(sequence)).unwrap();
        let checked = answered.checked.as_ref().unwrap();
        assert_eq!(slips.len(), 1);
        assert_eq!(slips[0].number, checked.slip.head.number);
        assert_eq!(slips[0].answer.as_ref(), Some(&checked.slip.answer));
    }
    town.whole();
}

#[test]
fn only_the_rows_that_were_approved_are_answered() {
    let mut town = Town::new();
    let rows: Vec<_> = (1..=3).map(application).collect();
    let batch = town.approved(&rows);
    let other = |change: &dyn Fn(&mut Vec<BatchRow>)| {
        let mut rows = rows.clone();
        change(&mut rows);
        rows
    };
    let tries = [
        other(&|rows| rows[1] = application(9)),
        other(&|rows| rows.swap(0, 1)),
        other(&|rows| drop(rows.pop())),
        other(&|rows| rows.push(application(9))),
        other(&|rows| rows[0].case_number = "采审〔2026〕9号".to_owned()),
        other(&|rows| rows[0].name = "云汀供应商九有限公司".to_owned()),
        Vec::new(),
    ];
    for rows in &tries {
        assert_eq!(town.ask(&batch, 1, rows).unwrap_err().kind, Kind::Conflict);
    }
    assert_eq!([1, 2, 3, 9].map(|sequence| town.lines(sequence)), [0; 4], "nobody was looked up");
    // Written otherwise they are the same.
    let same = other(&|rows| rows[0].number = format!(" {} ", rows[0].number.to_lowercase()));
    assert_eq!(town.ask(&batch, 1, &same).unwrap().answers.len(), 3);
}

#[test]
fn parts_go_in_order_and_the_last_answer_may_be_fetched_once_more() {
    let mut town = Town::new();
    let rows: Vec<_> = (1..=2 * PART + 1).map(application).collect();
    let batch = town.approved(&rows);
    assert_eq!((batch.parts, batch.part_size), (3, PART));
    let part = |at: usize| rows.chunks(PART).nth(at - 1).unwrap();
    assert_eq!(town.ask(&batch, 2, part(2)).unwrap_err().kind, Kind::Conflict, "the first is next");
    assert_eq!(town.ask(&batch, 1, part(1)).unwrap().next, Some(2));
    assert_eq!(town.ask(&batch, 2, part(1)).unwrap_err().kind, Kind::Conflict, "another part's rows");
    let first = town.ask(&batch, 2, part(2)).unwrap();
    // The answer was lost; whoever is asked about again reads two lines, both of them true.
    let again = town.ask(&batch, 2, part(2)).unwrap();
    assert_eq!((first.next, again.next), (Some(3), Some(3)));
    assert_eq!((again.answers[0].row, again.answers.len()), (PART + 1, PART));
    assert_eq!((town.lines(1), town.lines(PART + 1)), (1, 2));
    assert_eq!(town.ask(&batch, 1, part(1)).unwrap_err().kind, Kind::Conflict, "that was two parts ago");
    assert_eq!(town.ask(&batch, 2, part(2)).unwrap_err().kind, Kind::Conflict, "it was given once more already");
    assert_eq!((town.lines(1), town.lines(PART + 1)), (1, 2), "and nobody was looked at again");
    assert_eq!(town.ask(&batch, 3, part(3)).unwrap().next, None);
    assert_eq!(town.ask(&batch, 3, part(3)).unwrap().next, None, "each part has its own second time");
    assert_eq!(town.ask(&batch, 3, part(3)).unwrap_err().kind, Kind::Conflict);
    assert_eq!(town.ask(&batch, 4, part(3)).unwrap_err().kind, Kind::Conflict);
    town.whole();
}

#[test]
fn what_is_wrong_is_told_row_by_row_and_nothing_is_kept() {
    let mut town = Town::new();
    let mut rows: Vec<_> = (1..=8).map(application).collect();
    rows[1].number = "91990000MC000000".to_owned();
    rows[2].name = String::new();
    rows[3].case_number = String::new();
    rows[4].ground = "penalty-law#art-48".to_owned();
    rows[5].number = number("19850505", 3);
    rows[6].ground = String::new();
    let BatchOpened::Faulty(faults) = town.opened(&rows).unwrap() else { panic!("opened") };
    assert_eq!(faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
    assert!(faults[3].says.en.contains(CLAUSE), "{faults:?}");
    assert!(faults.iter().all(|fault| !fault.says.zh.contains("9900001985")), "{faults:?}");
    let BatchOpened::Faulty(twice) = town.opened(&[application(1), application(2), application(1)]).unwrap() else {
        panic!("opened")
    };
    assert_eq!(twice.iter().map(|fault| fault.row).collect::<Vec<_>>(), [3]);
    assert_eq!(town.opened(&[]).unwrap_err().kind, Kind::Invalid);
    let many: Vec<_> = (0..=100_000).map(application).collect();
    assert_eq!(town.opened(&many).unwrap_err().kind, Kind::Invalid);
    assert!(town.city.installation.check_batch_list(&clerk()).unwrap().is_empty());
}

#[test]
fn only_a_matter_whose_clause_asks_for_it_and_only_an_authority_of_the_matter() {
    let mut town = Town::new();
    let one = |matter: &str| BatchRequest { matter: matter.to_owned(), rows: vec![application(1)] };
    let app = &mut town.city.installation;
    let duty = |matter: &str, clause: &str| (one(matter), Ground::Duty(clause.to_owned()));
    let (request, ground) = duty("enterprise-development-funds", "sme-promotion-law#art-8");
    let refused = app.check_batch_open(&Caller { ground, ..clerk() }, &request).unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict, "{refused}");
    let transport = caller(Role::Clerk, "zhao", Some(OFFICE));
    let (request, ground) = duty(MATTER, CLAUSE);
    assert_eq!(app.check_batch_open(&Caller { ground, ..transport }, &request).unwrap_err().kind, Kind::Forbidden);
    for role in [Role::Decider, Role::DataOfficer, Role::CreditOffice, Role::Auditor] {
        let refused = app.check_batch_open(&Caller { role, ..clerk() }, &one(MATTER)).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{role:?}");
    }
    assert_eq!(app.check_batch_open(&clerk(), &one("none")).unwrap_err().kind, Kind::NotFound);
}

#[test]
fn what_waits_for_somebody_is_never_pushed_out_of_the_list() {
    let mut town = Town::new();
    let first = town.approved(&[application(1)]);
    for at in 2..=100 {
        assert!(matches!(town.opened(&[application(at)]).unwrap(), BatchOpened::Waits(_)));
    }
    let refused = town.opened(&[application(101)]).unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict);
    assert!(refused.public.en.contains("100 batches"), "{}", refused.public.en);
    town.ask(&first, 1, &[application(1)]).unwrap();
    assert!(matches!(town.opened(&[application(101)]).unwrap(), BatchOpened::Waits(_)), "one was answered");
    let listed = town.city.installation.check_batch_list(&decider()).unwrap();
    assert_eq!((listed.len(), listed.last().map(|batch| batch.state.as_str())), (101, Some("answered")));
    let shown = town.city.installation.check_batch_show(&clerk(), &first.number).unwrap();
    assert_eq!(Some(&shown), listed.last());
    let elsewhere = Caller { authority: Some(city::OFFICE.to_owned()), ..clerk() };
    assert_eq!(town.city.installation.check_batch_show(&elsewhere, &first.number).unwrap_err().kind, Kind::NotFound);
}

#[test]
fn another_name_is_told_nothing_and_a_line_says_that_it_was_tried() {
    let mut town = Town::new();
    let rows = [BatchRow { name: "云汀供应商有限公司".to_owned(), ..application(1) }, application(2)];
    let batch = town.approved(&rows);
    let part = town.ask(&batch, 1, &rows).unwrap();
    assert!(part.answers[0].checked.is_none() && part.answers[0].refused.is_some());
    assert!(part.answers[1].checked.is_some());
    let own = Caller { ground: Ground::OwnRight, authority: None, ..caller(Role::Representative, "rep", None) };
    let log = town.city.installation.log_lines(&own, DocumentKind::Uscc, &company(1)).unwrap();
    assert!(log.lines.iter().any(|line| line.act.en.contains("under another name")), "{:#?}", log.lines);
    town.whole();
}

#[test]
fn a_batch_is_over_after_its_week() {
    let mut town = Town::new();
    let rows = [application(1)];
    let BatchOpened::Waits(waits) = town.opened(&rows).unwrap() else { panic!("faulty") };
    let approved = town.approved(&rows);
    town.city.installation =
        Installation::open(town.city.installation.dir(), std::sync::Arc::new(FixedClock::on(date(2026, 11, 28))))
            .unwrap();
    assert_eq!(town.city.installation.check_batch_approve(&decider(), &waits.number).unwrap_err().kind, Kind::Conflict);
    assert_eq!(town.ask(&approved, 1, &rows).unwrap_err().kind, Kind::Conflict);
    assert_eq!(town.city.installation.check_batch_list(&clerk()).unwrap()[0].state, "over");
}

#[test]
fn a_batch_approved_by_hand_in_the_database_is_none() {
    let mut town = Town::new();
    let rows = [application(1)];
    let BatchOpened::Waits(batch) = town.opened(&rows).unwrap() else { panic!("faulty") };
    let hand = Hand::in_(town.city.installation.database());
    hand.batch("UPDATE check_batch SET approved_by = 'qian', approved_us = opened_us").unwrap();
    assert_eq!(town.ask(&batch, 1, &rows).unwrap_err().kind, Kind::NotFound);
    assert!(town.city.installation.check_batch_list(&clerk()).unwrap().is_empty());
    let auditor = Caller { role: Role::Auditor, ..Caller::operator("auditor", "test") };
    let verified = town.city.installation.log_verify(&auditor, None).unwrap();
    assert!(verified.findings.iter().any(|finding| finding.table == "check_batch"), "{:#?}", verified.findings);
}

#[test]
fn nothing_that_is_kept_of_a_batch_tells_whom_it_was_about() {
    let mut town = Town::new();
    let rows: Vec<_> = (1..=2).map(application).collect();
    let stray = Caller { purpose: format!("查 {}", number("19850505", 3)), ..clerk() };
    let request = BatchRequest { matter: MATTER.to_owned(), rows: rows.clone() };
    town.city.installation.check_batch_open(&stray, &request).unwrap();
    let stored = town.city.everything_stored();
    for text in [rows[1].number.as_str(), rows[1].name.as_str(), number("19850505", 3).as_str()] {
        assert!(!stored.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
}

#[test]
fn a_file_of_applications_is_read_in_each_form_and_its_columns_by_name() {
    let town = Town::new();
    let csv = town.city.write(
        "a.csv",
        &format!(
            "核查依据,名称,统一社会信用代码,办件编号\n{CLAUSE},甲,{},1号\n{CLAUSE},乙,{},2号\n",
            company(1),
            company(2)
        ),
    );
    let lines = town.city.write(
        "a.jsonl",
        &format!(
            "{{\"number\":\"{}\",\"name\":\"甲\",\"caseNumber\":\"1号\",\"ground\":\"{CLAUSE}\"}}\n{{\"number\":\"{}\",\"name\":\"乙\",\"caseNumber\":\"2号\",\"ground\":\"{CLAUSE}\"}}\n",
            company(1),
            company(2)
        ),
    );
    for path in [csv, lines] {
        let rows = batch_rows(&path).unwrap();
        assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["甲", "乙"]);
        assert_eq!((rows[1].number.as_str(), rows[1].case_number.as_str()), (company(2).as_str(), "2号"));
        assert!(rows.iter().all(|row| row.ground == CLAUSE && row.kind.is_none()));
    }
    let short = town.city.write("b.csv", "名称,办件编号\n甲,1号\n");
    assert!(batch_rows(&short).unwrap_err().to_string().contains("核查依据"));
    let kind = town.city.write("c.csv", "证件类型,名称,证件号码,办件编号,依据\n军官证,甲,1,1号,x\n");
    assert_eq!(batch_rows(&kind).unwrap_err().kind, Kind::Invalid);
}
