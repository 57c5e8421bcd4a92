//! Over random decisions, contests, endings and days: no record is in a report, a list or an answer outside its period or its state, and none is missing inside.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use chengxin_app::Installation;
use chengxin_app::check::CheckRequest;
use chengxin_app::intake::{ImportRequest, Silent};
use chengxin_app::objection::ObjectionRequest;
use chengxin_app::publication::{PublicationQuery, PublicationShown};
use chengxin_core::Role;
use chengxin_core::objection::ObjectionStep as Step;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::city::{Firm, OFFICE, Row, caller, firm, firms_csv, row};
use crate::contest::{self, Contest, KIND, MATTER, clerk, decider, identity_clerk, own, revoked};
use crate::desk::public;

const PEOPLE: usize = 4;
const FIRMS: usize = 3;
const BEGIN: Date = date(2026, 11, 21);
/// Days for an answer.
const ANSWER: i64 = 20;

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// So many days pass.
    Days(i64),
    /// A person objects, or says that it is not them.
    Objects(usize, bool),
    /// Whoever has it decides: the record stands, or it goes.
    Answered(usize, bool),
    /// The office takes back what it sent about a person.
    TakenBack(usize),
    /// The same of a firm.
    FirmTakenBack(usize),
}

fn next() -> impl Strategy<Value = Next> {
    prop_oneof![
        3 => (1i64..25).prop_map(Next::Days),
        1 => (100i64..500).prop_map(Next::Days),
        3 => (0..PEOPLE, prop::bool::weighted(0.3)).prop_map(|(who, not_me)| Next::Objects(who, not_me)),
        2 => (0..PEOPLE, any::<bool>()).prop_map(|(who, stands)| Next::Answered(who, stands)),
        1 => (0..PEOPLE).prop_map(Next::TakenBack),
        1 => (0..FIRMS).prop_map(Next::FirmTakenBack),
    ]
}

/// One of the city's decisions: is it serious, and on which day of the weeks before the year begins was it made?
fn decisions() -> impl Strategy<Value = (Vec<(bool, i32)>, Vec<i32>)> {
    (prop::collection::vec((any::<bool>(), 1..80), PEOPLE), prop::collection::vec(1..80, FIRMS))
}

/// What the rules know of a person's record.
struct Known {
    row: Row,
    record: RecordId,
    serious: bool,
    decided: Date,
    gone: bool,
    /// The objection that runs: its number and its day of filing.
    objection: Option<(String, Date)>,
    not_me: Option<String>,
}

impl Known {
    fn in_period(&self, today: Date) -> bool {
        let months = if self.serious { 36 } else { 3 };
        !self.gone && today <= self.decided.checked_add(months.months()).unwrap()
    }

    fn out_of_use(&self, today: Date) -> bool {
        let late = |filed: &Date| today > filed.checked_add(ANSWER.days()).unwrap();
        self.not_me.is_some() || self.objection.as_ref().is_some_and(|(_, filed)| late(filed))
    }

    fn shows(&self, today: Date) -> bool {
        self.in_period(today) && !self.out_of_use(today)
    }
}

struct Town {
    contest: Contest,
    people: Vec<Known>,
    firms: Vec<(Firm, Date, bool)>,
    today: Date,
    looks: usize,
}

impl Town {
    fn new(people: &[(bool, i32)], firms: &[i32]) -> Self {
        let day = |back: i32| BEGIN.checked_sub(i64::from(back).days()).unwrap();
        let rows: Vec<(Row, bool, Date)> = (1..)
            .zip(people)
            .map(|(n, (serious, back))| {
                let (of, decided) = (if *serious { revoked(n) } else { row(n) }, day(*back));
                (Row { decided: decided.to_string(), conduct: day(85).to_string(), ..of }, *serious, decided)
            })
            .collect();
        let mut contest = Contest::with(&rows.iter().map(|(row, ..)| row.clone()).collect::<Vec<_>>());
        let year = contest.desk.city.write("2027.toml", &contest::year_2027());
        contest.desk.app.calendar_apply(&crate::desk::administrator(), &year).unwrap();
        let firms: Vec<_> = (1..)
            .zip(firms)
            .map(|(n, back)| (Firm { decided: day(*back).to_string(), ..firm(n) }, day(*back), false))
            .collect();
        let people = rows.into_iter().map(|(row, serious, decided)| {
            let list = contest.desk.app.record_list(&own(), KIND, &row.number).unwrap().records;
            let record = RecordId::from_hex(&list[0].record).unwrap();
            Known { row, record, serious, decided, gone: false, objection: None, not_me: None }
        });
        let people = people.collect();
        let mut town = Self { contest, people, firms, today: BEGIN, looks: 0 };
        town.firms_sent();
        town
    }

    fn app(&mut self) -> &mut Installation {
        &mut self.contest.desk.app
    }

    fn firms_sent(&mut self) {
        let firms: Vec<Firm> = self.firms.iter().map(|(firm, ..)| firm.clone()).collect();
        let file = self.contest.desk.city.write(&format!("firms-{}.csv", self.looks), &firms_csv(&firms));
        let (authority, item) = (OFFICE.to_owned(), Some("penalty".to_owned()));
        let request = ImportRequest { authority, item, file, ..ImportRequest::default() };
        let officer = caller(Role::DataOfficer, "zhou", Some(OFFICE));
        self.app().submission_import(&officer, &request, &mut Silent).unwrap();
    }

    fn goes_on(&mut self, next: Next) {
        match next {
            Next::Days(days) => {
                self.contest.days(days);
                self.today = self.today.checked_add(days.days()).unwrap();
            }
            Next::Objects(who, not_me) => self.objects(who, not_me),
            Next::Answered(who, stands) => self.answered(who, stands),
            Next::TakenBack(who) => {
                "撤销".clone_into(&mut self.people[who].row.action);
                let (rows, name) = ([self.people[who].row.clone()], format!("back-{}.csv", self.looks));
                self.contest.sends(&name, &rows);
                self.people[who].gone = true;
            }
            Next::FirmTakenBack(which) => {
                "撤销".clone_into(&mut self.firms[which].0.action);
                self.firms_sent();
                self.firms[which].2 = true;
            }
        }
    }

    fn objects(&mut self, who: usize, not_me: bool) {
        let Known { row, record, .. } = &self.people[who];
        let asked = ObjectionRequest {
            kind: KIND,
            number: row.number.clone(),
            record: *record,
            aspect: (!not_me).then_some(ObjectionAspect::Content),
            grounds: "当日不在本市".to_owned(),
            attachments: Vec::new(),
            evidence: None,
        };
        // What may not be filed changes nothing; which that is other tests say.
        let Ok(filed) = self.app().objection_file(&own(), &asked) else { return };
        let (number, today) = (filed.proceeding.number, self.today);
        if not_me {
            self.people[who].not_me = Some(number);
        } else {
            self.people[who].objection = Some((number, today));
        }
    }

    fn answered(&mut self, who: usize, stands: bool) {
        let answer = |number: &str, step| Contest::answer(number, step, "经核实");
        if let Some(number) = self.people[who].not_me.take() {
            let step = if stands { Step::FindTheirs } else { Step::FindNotTheirs };
            self.app().objection_identify(&identity_clerk(), &answer(&number, step)).unwrap();
        } else if let Some((number, _)) = self.people[who].objection.take() {
            let step = if stands { Step::Keep } else { Step::Withdraw };
            self.app().objection_decide(&decider(), &answer(&number, Step::Accept)).unwrap();
            self.app().objection_decide(&decider(), &answer(&number, step)).unwrap();
        } else {
            return;
        }
        if !stands {
            (self.people[who].gone, self.people[who].objection) = (true, None);
        }
    }

    /// Everything that shows anything, against the rules.
    fn look(&mut self) {
        self.looks += 1;
        let today = self.today;
        for who in 0..PEOPLE {
            let request = contest::report_request(&self.people[who].row.number);
            let report = self.app().report_issue(&own(), &request).unwrap().content;
            let shows = self.people[who].shows(today);
            assert_eq!(report.entry_count(), usize::from(shows), "report of {who} on {today}");
            let Row { number, name, .. } = self.people[who].row.clone();
            let case_number = format!("{who}-{}", self.looks);
            let asked = CheckRequest { matter: MATTER.to_owned(), kind: KIND, number, name, case_number };
            let answer = self.app().check_answer(&clerk(), &asked).unwrap().slip.answer;
            // The matter asks for revocations alone.
            let known = &self.people[who];
            assert_eq!(answer.findings.len(), usize::from(shows && known.serious), "check of {who} on {today}");
            let marked = shows && known.objection.is_some();
            assert!(answer.findings.iter().all(|finding| finding.mark.is_some() == marked), "mark of {who} on {today}");
        }
        let published = BTreeSet::from_iter(self.listed());
        let of_period = |(firm, decided, gone): &(Firm, Date, bool)| {
            let until = decided.checked_add(1.year()).unwrap();
            (!gone && today <= until).then(|| firm.document.clone())
        };
        let expected: BTreeSet<String> = self.firms.iter().filter_map(of_period).collect();
        assert_eq!(published, expected, "list on {today}");
    }

    /// Numbers of the decisions that are published; each is shown whole too.
    fn listed(&mut self) -> Vec<String> {
        let asked = PublicationQuery { item: Some("penalty".to_owned()), limit: 50, ..PublicationQuery::default() };
        let list = self.app().publication_list(&public(), &asked).unwrap();
        for line in &list.entries {
            let shown = self.app().publication_show(&public(), &line.code).unwrap();
            assert!(matches!(shown, PublicationShown::Entry(_)), "{shown:?}");
        }
        list.entries.into_iter().filter_map(|line| line.document_number).collect()
    }
}

#[test]
fn nothing_shows_outside_its_period_or_state_and_nothing_is_missing_inside() {
    let config = Config { cases: 5, max_shrink_iters: 12, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[21; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let (shown, looked) = (RefCell::new(BTreeSet::new()), Cell::new(0));
    let plan = (decisions(), prop::collection::vec(next(), 12..24));
    let result = runner.run(&plan, |((people, firms), steps)| {
        let mut town = Town::new(&people, &firms);
        town.look();
        for step in steps {
            town.goes_on(step);
            town.look();
            let stands = |known: &Known| (known.in_period(town.today), known.out_of_use(town.today));
            shown.borrow_mut().extend(town.people.iter().map(stands));
            looked.set(looked.get() + 1);
        }
        town.contest.desk.assert_whole();
        Ok(())
    });
    result.unwrap();
    assert!(shown.borrow().len() == 4 && looked.get() > 60, "what was tried is worth little: {shown:?}, {looked:?}");
}
