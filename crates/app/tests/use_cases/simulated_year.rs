//! A year of a city: people object, ask for repair and check up on offices, some of which are late; processes die in the middle of what they do, and what they
//! did is tried again. Day by day what is shown is held against rules written here once more, in a few lines that know nothing of tables. The same
//! seed tells the same year, of two dozen people here and of ten thousand where there is time.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::contest;
use crate::desk;

use std::collections::HashMap;

use chengxin_app::check::CheckRequest;
use chengxin_app::objection::{ObjectionAnswer, ObjectionRequest};
use chengxin_app::record::HeldRecord;
use chengxin_app::repair::{RepairAnswer, RepairRequest};
use chengxin_app::{AppError, Installation, Kind};
use chengxin_core::objection::ObjectionStep;
use chengxin_core::proceeding::{ObjectionAspect, ProceedingKind};
use chengxin_core::record::{RecordId, State};
use chengxin_core::repair::RepairStep;
use chengxin_store::fault::{Moment, die_at, died};
use city::{Row, row};
use contest::{Contest, KIND, attached, clerk, decider, identity_clerk, own, revoked};

const DAYS: i64 = 365;
const SEED: u64 = 20_261_121;
/// After this long whatever a dead worker had in hand is another's.
const LEASE_US: i64 = 600_000_000;

/// Another year where somebody asks for one: `CHENGXIN_YEAR_SEED=7`.
fn seed() -> u64 {
    std::env::var("CHENGXIN_YEAR_SEED").map_or(SEED, |seed| seed.parse().unwrap())
}

/// A city's size, and how seldom somebody in it does something: of so many people on one day one.
#[derive(Debug, Clone, Copy)]
struct Size {
    people: u32,
    seldom: u64,
}

/// Enough for everything to happen.
const SMALL: Size = Size { people: 24, seldom: 1 };
const TEN_THOUSAND: Size = Size { people: 10_000, seldom: 12 };

/// Chance that is the same every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, most: u64) -> u64 {
        (self.next() >> 33) % most
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }
}

/// What the rules know of somebody's record.
#[derive(Debug, Clone, Default)]
struct Model {
    /// Day of filing of the objection that runs, its number and whether it was taken up.
    objection: Option<(i64, String, bool)>,
    /// Number of “this is not me”, while it is undecided.
    not_me: Option<String>,
    /// Is the one statement spent, and the objection about content answered?
    said_not_me: bool,
    answered: bool,
    /// Number of the repair and whether it was taken up, while it is undecided.
    repair: Option<(String, bool)>,
    /// How it ended.
    ended: Option<State>,
    statement: Option<String>,
    handed_in: usize,
}

impl Model {
    /// What a reader of the record sees: out of use, marked, or neither.
    fn mark(&self, today: i64) -> &'static str {
        match (&self.objection, &self.not_me) {
            _ if self.ended.is_some() => "",
            (_, Some(_)) => "停止使用",
            (Some((filed, ..)), _) if today > filed + 20 => "停止使用",
            (Some(_), _) => "异议中",
            (None, None) => "",
        }
    }
}

/// Of two in three the licence was revoked, the others were fined little. Each has a number of their own, 999 to a birthday.
fn penalty(n: u32) -> Row {
    let of_day = 1 + n % 999;
    let row = if n.is_multiple_of(3) { row(of_day) } else { revoked(of_day) };
    let number = city::number(&format!("{}0505", 1985 + n / 999), of_day);
    Row { number, document: format!("云交罚〔2026〕{n}号"), ..row }
}

struct Year {
    size: Size,
    /// How often a process died, before and after what it did was kept.
    died: [usize; 2],
    died_in_the_round: usize,
    contest: Contest,
    people: Vec<(Row, RecordId)>,
    models: Vec<Model>,
    chance: Chance,
    today: i64,
}

impl Year {
    fn new(size: Size) -> Self {
        let rows: Vec<Row> = (1..=size.people).map(penalty).collect();
        let mut contest = Contest::with(&rows);
        let calendar = contest.desk.city.write("2027.toml", &contest::year_2027());
        contest.desk.app.calendar_apply(&desk::administrator(), &calendar).unwrap();
        let mut people = Vec::new();
        for row in rows {
            let records = contest.desk.app.record_list(&own(), KIND, &row.number).unwrap().records;
            people.push((row, RecordId::from_hex(&records[0].record).unwrap()));
        }
        let models = vec![Model::default(); people.len()];
        Self { size, died: [0, 0], died_in_the_round: 0, contest, people, models, chance: Chance(seed()), today: 0 }
    }

    /// The licence of two in three was revoked, for which a record shows three years; the others were fined little, and theirs shows three months.
    fn was_revoked(&self, who: usize) -> bool {
        self.people[who].0.kind == "吊销许可证件"
    }

    /// One step. Sometimes the process dies in it, and a new one tries again: nothing of it was kept then, or all of it, and never is it done twice.
    fn step<T>(&mut self, go: impl Fn(&mut Installation) -> Result<T, AppError>) -> Result<T, AppError> {
        if self.chance.one_in(12 * self.size.seldom) {
            die_at(Moment::BeforeCommit);
            let outcome = go(&mut self.contest.desk.app);
            if died() {
                assert!(outcome.is_err(), "nothing was kept, and nobody is told that it was");
                self.died[0] += 1;
                self.contest.desk.app = self.contest.desk.app.another().unwrap();
            } else {
                return outcome;
            }
        }
        go(&mut self.contest.desk.app)
    }

    /// A decision. Sometimes it was kept and its answer lost: tried again it is refused, and counts once.
    fn decide<T>(&mut self, go: impl Fn(&mut Installation) -> Result<T, AppError>) -> Result<(), AppError> {
        if !self.chance.one_in(12 * self.size.seldom) {
            return self.step(go).map(drop);
        }
        die_at(Moment::AfterCommit);
        let outcome = go(&mut self.contest.desk.app);
        if !died() {
            return outcome.map(drop);
        }
        assert!(outcome.is_err(), "whoever asked heard nothing");
        self.died[1] += 1;
        self.contest.desk.app = self.contest.desk.app.another().unwrap();
        let again = go(&mut self.contest.desk.app).map(drop).unwrap_err();
        assert!(matches!(again.kind, Kind::Conflict | Kind::Invalid | Kind::NotFound), "{again:?}");
        Ok(())
    }

    fn record(&mut self, who: usize) -> HeldRecord {
        let number = self.people[who].0.number.clone();
        self.contest.desk.app.record_list(&own(), KIND, &number).unwrap().records.remove(0)
    }

    fn object(&mut self, who: usize, aspect: Option<ObjectionAspect>) {
        let (row, record) = self.people[who].clone();
        let request = ObjectionRequest {
            kind: KIND,
            number: row.number,
            record,
            aspect,
            grounds: "当日不在本市".to_owned(),
            attachments: vec![attached("车票.txt", b"ticket")],
            evidence: None,
        };
        let filed = self.step(|app| app.objection_file(&own(), &request));
        let model = &mut self.models[who];
        let busy = model.not_me.is_some() || aspect.is_some() && model.objection.is_some();
        let spent = if aspect.is_some() { model.answered } else { model.said_not_me };
        assert_eq!(filed.is_ok(), model.ended.is_none() && !busy && !spent, "{who} on {}: {filed:?}", self.today);
        let Ok(filed) = filed else { return };
        model.handed_in += 1;
        match aspect {
            Some(_) => model.objection = Some((self.today, filed.proceeding.number, false)),
            None => (model.not_me, model.said_not_me) = (Some(filed.proceeding.number), true),
        }
    }

    /// An office does what it should, or does not get to it.
    fn answer(&mut self, who: usize) {
        let answer = |number: &str, step| ObjectionAnswer {
            number: number.to_owned(),
            step,
            text: "经核实".to_owned(),
            attachments: Vec::new(),
            corrected: [].into(),
        };
        if let Some(number) = self.models[who].not_me.clone() {
            let theirs = self.chance.one_in(2);
            let step = if theirs { ObjectionStep::FindTheirs } else { ObjectionStep::FindNotTheirs };
            self.decide(|app| app.objection_identify(&identity_clerk(), &answer(&number, step))).unwrap();
            self.models[who].not_me = None;
            if !theirs {
                (self.models[who].ended, self.models[who].objection) = (Some(State::Withdrawn), None);
            }
        } else if let Some((filed, number, taken_up)) = self.models[who].objection.clone() {
            if !taken_up {
                self.decide(|app| app.objection_decide(&decider(), &answer(&number, ObjectionStep::Accept))).unwrap();
                self.models[who].objection = Some((filed, number, true));
                return;
            }
            let kept = !self.chance.one_in(3);
            let step = if kept { ObjectionStep::Keep } else { ObjectionStep::Withdraw };
            self.decide(|app| app.objection_decide(&decider(), &answer(&number, step))).unwrap();
            (self.models[who].objection, self.models[who].answered) = (None, true);
            if !kept {
                self.models[who].ended = Some(State::Withdrawn);
                return;
            }
            let (said, document) = (format!("第{}天的说明", self.today), self.people[who].0.number.clone());
            self.step(|app| app.objection_add(&own(), (KIND, &document), &number, true, &said, &[], None)).unwrap();
            self.models[who].statement = Some(said);
        } else if let Some((number, taken_up)) = self.models[who].repair.clone() {
            let step = match (taken_up, self.chance.one_in(2)) {
                (false, _) => RepairStep::Accept,
                (true, true) => RepairStep::Grant,
                (true, false) => RepairStep::Refuse,
            };
            let text = "经核实".to_owned();
            let answer = RepairAnswer { number: number.clone(), step, text, attachments: vec![], until: None };
            let done = self.decide(|app| app.repair_decide(&decider(), &answer));
            // What was withdrawn meanwhile is not repaired.
            assert_eq!(done.is_ok(), self.models[who].ended.is_none() || step != RepairStep::Grant, "{done:?}");
            self.models[who].repair = (step == RepairStep::Accept).then_some((number, true));
            if done.is_ok() && step == RepairStep::Grant {
                self.models[who].ended = Some(State::Repaired);
            }
        }
    }

    fn ask_for_repair(&mut self, who: usize) {
        let (row, record) = self.people[who].clone();
        let request = RepairRequest {
            kind: KIND,
            number: row.number,
            record,
            step: RepairStep::Ask,
            text: "申请".to_owned(),
            attachments: vec![attached("凭证.txt", b"paid")],
            commitment: Some(attached("承诺.txt", b"promise")),
            national_number: None,
            evidence: None,
        };
        let asked = self.step(|app| app.repair_file(&own(), &request));
        let model = &mut self.models[who];
        // The minimum of a serious one is over on 2 September 2027, 285 days after the year begins.
        let may = self.today >= 285 && model.ended.is_none() && model.repair.is_none();
        assert_eq!(asked.is_ok(), may, "{who} on {}: {asked:?}", self.today);
        if let Ok(asked) = asked {
            model.repair = Some((asked.proceeding.number, false));
            model.handed_in += 2;
        }
    }

    /// What one person sees, and what a window is told, against the rules.
    fn look(&mut self, who: usize) {
        let record = self.record(who);
        let (model, today) = (self.models[who].clone(), self.today);
        assert_eq!(record.state, model.ended.unwrap_or(State::Active), "{who} on {today}");
        let mark = record.mark.map_or_else(String::new, |mark| mark.zh);
        assert!(
            mark.starts_with(model.mark(today)) && mark.is_empty() == model.mark(today).is_empty(),
            "{who} on {today}: {mark} {model:?}"
        );
        let request = CheckRequest {
            matter: contest::MATTER.to_owned(),
            kind: KIND,
            number: self.people[who].0.number.clone(),
            name: self.people[who].0.name.clone(),
            case_number: format!("{who}-{today}"),
        };
        let answer = self.contest.desk.app.check_answer(&clerk(), &request).unwrap().slip.answer;
        let found = (answer.findings.len(), answer.ask.len());
        let expected = match model.mark(today) {
            _ if model.ended.is_some() || !self.was_revoked(who) => (0, 0),
            "停止使用" => (0, 1),
            _ => (1, 0),
        };
        assert_eq!(found, expected, "{who} on {today}: {model:?}");
        if let Some(finding) = answer.findings.first() {
            assert_eq!(finding.statement, model.statement, "a statement is never lost");
        }
    }

    /// A report says what shows on that day, and nothing of what does not.
    fn report(&mut self, who: usize) {
        let request = contest::report_request(&self.people[who].0.number);
        let report = self.contest.desk.app.report_issue(&own(), &request).unwrap();
        let (model, today) = (&self.models[who], self.today);
        // What was fined little shows until 1 December 2026, ten days after the year begins.
        let shows = model.ended.is_none() && model.mark(today) != "停止使用" && (self.was_revoked(who) || today <= 10);
        assert_eq!(report.content.entry_count(), usize::from(shows), "{who} on {today}: {model:?}");
    }

    /// The daily round begins after midnight, before any office opens. Sometimes the process dies in it, and another does what is left.
    fn round(&mut self) {
        let worker = chengxin_app::jobs::worker_name();
        if self.chance.one_in(20) {
            die_at(Moment::BeforeCommit);
            let outcome = self.contest.desk.app.job_run(&desk::administrator(), &worker);
            if died() {
                self.died[0] += 1;
                self.died_in_the_round += 1;
                self.contest.desk.pass(LEASE_US);
                self.contest.desk.app = self.contest.desk.app.another().unwrap();
            } else {
                outcome.unwrap();
            }
        }
        let worker = chengxin_app::jobs::worker_name();
        while self.contest.desk.app.job_run(&desk::administrator(), &worker).unwrap().done > 0 {}
    }

    fn day(&mut self) {
        self.round();
        for who in 0..self.people.len() {
            match self.chance.below(60 * self.size.seldom) {
                0 => self.object(who, Some(ObjectionAspect::Content)),
                1 => self.object(who, None),
                2 | 3 if self.was_revoked(who) => self.ask_for_repair(who),
                // Offices get to things in their own time.
                4..=8 => self.answer(who),
                9..=11 => self.look(who),
                12 => self.report(who),
                _ => continue,
            }
            if self.size.seldom > 1 {
                self.look(who);
            }
        }
        if self.chance.one_in(40) {
            // Everything ends, and begins again: nothing was only in memory.
            self.contest.desk.app = self.contest.desk.app.another().unwrap();
        }
        if self.chance.one_in(30) {
            // The office sends its whole file again, with every mistake still in it.
            let rows: Vec<Row> = self.people.iter().map(|(row, _)| row.clone()).collect();
            let name = format!("again-{}.csv", self.today);
            let outcome = self.contest.sends(&name, &rows);
            assert_eq!(outcome.quality.counts.new, 0, "{:?}", outcome.quality);
        }
        self.contest.days(1);
        self.today += 1;
    }
}

#[test]
fn a_year_of_random_actions_late_offices_and_crashes_never_leaves_the_rules() {
    let year = lived(SMALL);
    assert!(year.died.iter().all(|times| *times > 0), "{:?}", year.died);
}

#[test]
fn full_a_year_of_ten_thousand_people_never_leaves_the_rules() {
    let year = lived(TEN_THOUSAND);
    assert!(year.died.iter().all(|times| *times > 10) && year.died_in_the_round > 5, "{:?}", year.died);
}

fn lived(size: Size) -> Year {
    let mut year = Year::new(size);
    while year.today < DAYS {
        year.day();
    }
    // What passed its last day yesterday is told this night.
    year.round();
    let mut told: HashMap<String, usize> = HashMap::new();
    // Of objections and of repairs: how many an office was late with, and how many it was in time with.
    let mut late_with: HashMap<ProceedingKind, [usize; 2]> = HashMap::new();
    for who in 0..year.people.len() {
        year.look(who);
        let number = year.people[who].0.number.clone();
        let own_list = year.contest.desk.app.proceeding_list(&own(), KIND, &number).unwrap();
        let kept: usize = own_list.iter().map(|of| of.proceeding.attachments.len()).sum();
        assert_eq!(kept, year.models[who].handed_in, "nothing that was handed in is lost");
        let lines = year.contest.desk.app.log_lines(&own(), KIND, &number).unwrap().lines;
        let written = lines.iter().filter(|line| line.operation == "proceeding_overdue").count();
        let notices = year.contest.desk.app.notice_list(&own(), KIND, &number).unwrap();
        let overdue = notices.iter().filter(|notice| notice.kind.ends_with("_overdue"));
        let passed: Vec<&str> = overdue.map(|notice| notice.case_number.as_str()).collect();
        assert_eq!(passed.len(), written, "what is told is written, and once: {who}");
        for of in &own_list {
            let late = of.proceeding.late_days > 0 || of.proceeding.overdue;
            let said = passed.contains(&of.proceeding.number.as_str());
            // A last day that passes is told that night; what came in time is never called late.
            assert_eq!(late, said, "{} on {}: {passed:?}", of.proceeding.number, year.today);
            late_with.entry(of.proceeding.kind).or_default()[usize::from(!late)] += 1;
            *told.entry(of.proceeding.state.clone()).or_default() += 1;
        }
    }
    // The year was one in which things happened.
    for state in ["kept", "withdrawn", "not_theirs", "theirs", "granted"] {
        assert!(told.contains_key(state), "{state} in {told:?}");
    }
    for kind in [ProceedingKind::Objection, ProceedingKind::Repair] {
        let with = late_with.get(&kind).copied().unwrap_or_default();
        assert!(with.iter().all(|times| *times > 0), "{kind:?}: {late_with:?}");
    }
    let figures = year.contest.desk.app.proceeding_figures(&desk::credit_office()).unwrap();
    assert!(figures.iter().any(|of| of.late > 0), "some were late: {figures:?}");
    year.contest.desk.assert_whole();
    year
}
