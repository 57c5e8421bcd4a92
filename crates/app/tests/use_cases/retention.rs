//! The end of retention: what may be kept no longer goes by itself, neither early nor late, and does not come back.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use chengxin_app::Kind;
use chengxin_app::record::{Afterwards, Decision, RecordRef};
use chengxin_core::objection::ObjectionStep as Step;
use chengxin_core::record::{RecordId, State};
use chengxin_core::repair::RepairStep;
use chengxin_core::retention::PutOff;
use chengxin_core::{Caller, Ground, Role};
use chengxin_store::audit::Cell;
use chengxin_store::log::INSTALLATION;
use chengxin_store::{KeyStore, Store};
use jiff::civil::{Date, date};

use crate::city::{self, City, Row, caller, row, serve, volunteers};
use crate::contest::{self, Contest, KIND, decider, own};
use crate::desk::{self, DAY, Desk};

/// A fine of 1 September 2026 is minor: last shown on 1 December 2026, and last kept on 1 December 2029.
const KEPT_UNTIL: Date = date(2029, 12, 2);

impl Contest {
    /// Lets the days pass, and the worker do everything that is due then.
    fn until(&mut self, day: Date) {
        let now = chengxin_core::dates::shanghai_date(self.desk.now());
        self.desk.pass(i64::from(chengxin_core::dates::to_days(day) - chengxin_core::dates::to_days(now)) * DAY);
        self.round();
    }

    fn round(&mut self) {
        for _ in 0..20 {
            let done = self.desk.app.job_run(&desk::administrator(), "worker").unwrap();
            assert_eq!(done.failed, 0, "{:?}", self.desk.app.job_list(&desk::administrator()).unwrap());
            if done.done == 0 {
                return;
            }
        }
        panic!("the worker comes to no end");
    }

    /// Is the content of the record of the n-th row there?
    fn readable(&self, row: &Row) -> bool {
        let subject = self.desk.app.find_subject(KIND, &row.number).unwrap();
        subject.is_some_and(|subject| !self.erased(&subject))
    }

    fn erased(&self, subject: &[u8; 16]) -> bool {
        let store = Store::open(self.desk.app.database()).unwrap();
        let versions = store.view().versions_of_subject(subject).unwrap();
        let last = &versions.last().unwrap().row;
        let keys = KeyStore::open(&self.desk.app.places().keys).unwrap();
        let salts = versions.iter().any(|of| keys.body_salt(&of.row.body_at()).unwrap().is_some());
        let erased = last.state == State::Erased.as_i64();
        assert_eq!(erased, !salts, "a tombstone without the loss of the keys, or the other way round");
        erased
    }

    /// Reads what the person of a row is told: then no letter waits for them.
    fn told(&mut self, row: &Row) {
        let app = &mut self.desk.app;
        for line in app.notice_list(&own(), KIND, &row.number).unwrap() {
            app.notice_show(&own(), (KIND, &row.number), &line.notice).unwrap();
        }
    }

    /// Years of working days, made up: what counts here is that they are there.
    fn calendars(&mut self) {
        for year in 2027..=2030 {
            let text = contest::year_2027().replace("2027", &year.to_string());
            let path = self.desk.city.write(&format!("{year}.toml"), &text);
            self.desk.app.calendar_apply(&desk::administrator(), &path).unwrap();
        }
    }

    fn at(&self) -> RecordRef {
        RecordRef { kind: KIND, number: self.row.number.clone(), record: self.record }
    }

    /// Last month's file once more: how many rows were refused, and why.
    fn again(&mut self, row: &Row) -> Vec<String> {
        let outcome = self.sends("again.csv", std::slice::from_ref(row));
        let counts = outcome.quality.counts;
        assert_eq!((counts.new, counts.changed, counts.withdrawn), (0, 0, 0), "{:?}", outcome.quality);
        outcome.quality.refused.iter().map(|row| row.faults[0].code.to_string()).collect()
    }
}

fn auditor() -> Caller {
    caller(Role::Auditor, "audit", None)
}

#[test]
fn a_record_is_destroyed_on_the_day_after_its_time_and_nowhere_seen_again() {
    let mut contest = Contest::with(&[row(1), row(2)]);
    let (first, second) = (contest.row.clone(), row(2));
    let horizon = contest.desk.app.record_horizon(&own(), (KIND, &first.number), &contest.record).unwrap();
    assert_eq!((horizon.destroyed_on, horizon.put_off, horizon.own_wish), (Some(KEPT_UNTIL), None, false));
    contest.until(KEPT_UNTIL.yesterday().unwrap());
    assert!(contest.readable(&first) && contest.readable(&second), "nothing goes a day early");
    contest.until(KEPT_UNTIL);
    assert!(!contest.readable(&first) && !contest.readable(&second), "nor stays a day late");
    assert_eq!(contest.report().content.entry_count(), 0);
    assert!(contest.check("1").slip.answer.findings.is_empty());
    let document = first.number.clone();
    let lines = contest.desk.app.log_lines(&own(), KIND, &document).unwrap();
    let line = lines.lines.iter().find(|line| line.operation == "record_expire").unwrap();
    assert!(line.act.zh.contains("保存期限届满") && line.basis.as_ref().unwrap().zh.contains("第十九条"), "{line:?}");
    assert_eq!(line.case_no, None, "nobody decided it");
    contest.desk.assert_whole();
    // Done again it does nothing.
    let erasures =
        |contest: &Contest| contest.desk.hand().number("SELECT count(*) FROM erasure", &[] as &[Cell]).unwrap();
    assert_eq!(erasures(&contest), 2);
    contest.until(KEPT_UNTIL.tomorrow().unwrap());
    assert_eq!(erasures(&contest), 2);
    contest.desk.assert_whole();
}

#[test]
fn what_something_open_needs_is_put_off_and_the_person_reads_why() {
    let mut contest = Contest::with(&[row(1)]);
    contest.calendars();
    let number = contest.object();
    contest.until(KEPT_UNTIL);
    let first = contest.row.clone();
    assert!(contest.readable(&first), "an objection needs what it is about");
    let horizon = contest.desk.app.record_horizon(&own(), (KIND, &first.number), &contest.record).unwrap();
    assert_eq!((horizon.destroyed_on, horizon.put_off), (Some(KEPT_UNTIL), Some(PutOff::Proceeding.say())));
    let list = contest.desk.app.record_retention(&auditor(), KEPT_UNTIL).unwrap();
    assert_eq!((list.lines[0].due, list.lines[0].put_off.as_slice()), (Some(0), &[(PutOff::Proceeding, None)][..]));
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Keep, "决定正确").unwrap();
    contest.until(KEPT_UNTIL.tomorrow().unwrap());
    assert!(!contest.readable(&first), "with the answer nothing needs it any more");
    contest.desk.assert_whole();
}

/// What can become of a record, and what then is said of the same row sent again.
#[derive(Debug, Clone, Copy)]
enum Decided {
    Corrected,
    Withdrawn,
    NotTheirs,
    Repaired,
    Erased,
    Expired,
}

#[test]
fn last_months_file_undoes_no_decision_whatever_it_was() {
    let all = [
        (Decided::Corrected, "locked"),
        (Decided::Withdrawn, "locked"),
        (Decided::NotTheirs, "locked"),
        (Decided::Repaired, ""),
        (Decided::Erased, "locked"),
        (Decided::Expired, "no_longer_kept"),
    ];
    for (decided, refused) in all {
        let mut contest = Contest::new();
        let first = contest.row.clone();
        bring_about(&mut contest, decided);
        let before = contest.records()[0].clone();
        let codes = contest.again(&first);
        let expected: Vec<&str> = if refused.is_empty() { Vec::new() } else { vec![refused] };
        assert_eq!(codes, expected, "{decided:?}");
        // A repaired record keeps its content: the same row says nothing new, and another is refused.
        if matches!(decided, Decided::Repaired) {
            let other = Row { facts: "另一事实".to_owned(), ..first.clone() };
            assert_eq!(contest.again(&other), ["locked"]);
        }
        contest.desk.pass(desk::SECOND);
        assert_eq!(contest.records()[0].state, before.state, "{decided:?}");
        contest.desk.assert_whole();
    }
}

fn bring_about(contest: &mut Contest, decided: Decided) {
    match decided {
        Decided::Corrected | Decided::Withdrawn => {
            let number = contest.object();
            contest.decide(&number, Step::Accept, "").unwrap();
            if matches!(decided, Decided::Withdrawn) {
                contest.decide(&number, Step::Withdraw, "决定已撤销").unwrap();
                return;
            }
            let mut answer = Contest::answer(&number, Step::Correct, "处罚种类登记有误，已改为警告");
            answer.corrected =
                [("CF_CFLB", "警告"), ("CF_NR_ZKDX", "")].map(|(code, value)| (code.into(), value.into())).into();
            contest.desk.app.objection_decide(&decider(), &answer).unwrap();
        }
        Decided::NotTheirs => {
            let request = contest.request(None, "不是我");
            let number = contest.desk.app.objection_file(&own(), &request).unwrap().proceeding.number;
            let answer = Contest::answer(&number, Step::FindNotTheirs, "经核对证件照片，不是本人");
            contest.desk.app.objection_identify(&contest::identity_clerk(), &answer).unwrap();
        }
        Decided::Repaired => {
            contest.calendars();
            contest.until(date(2027, 9, 2));
            let ask = contest.ask();
            let number = contest.desk.app.repair_file(&own(), &ask).unwrap().proceeding.number;
            contest.decide_repair(&number, RepairStep::Accept, "").unwrap();
            contest.decide_repair(&number, RepairStep::Grant, "已履行").unwrap();
        }
        Decided::Erased => {
            let decision = Decision { case_no: "删1".to_owned(), decided_on: date(2026, 11, 20) };
            let at = contest.at();
            let clause = Some("pipl#art-47");
            contest.desk.app.record_erase_on(&decider(), &at, &decision, clause, Afterwards::KeepLock).unwrap();
            let document = contest.row.number.clone();
            let lines = contest.desk.app.log_lines(&own(), KIND, &document).unwrap();
            let line = lines.lines.iter().find(|line| line.operation == "record_erase").unwrap();
            assert!(
                line.basis.as_ref().unwrap().zh.contains("第四十七条"),
                "the person reads which clause asks for it"
            );
        }
        Decided::Expired => contest.until(date(2032, 9, 2)),
    }
}

#[test]
fn a_record_that_is_withdrawn_is_kept_from_that_day_on_for_as_long_as_what_is_not_shown() {
    let mut contest = Contest::new();
    bring_about(&mut contest, Decided::Withdrawn);
    let document = contest.row.number.clone();
    let horizon = contest.desk.app.record_horizon(&own(), (KIND, &document), &contest.record).unwrap();
    // Withdrawn on 21 November 2026: the day before is the last on which it was shown.
    assert_eq!(horizon.destroyed_on, Some(date(2029, 11, 21)));
    let first = contest.row.clone();
    contest.until(date(2029, 11, 20));
    assert!(contest.readable(&first));
    contest.until(date(2029, 11, 21));
    assert!(!contest.readable(&first));
    // Its own time would have lasted until 2032: the tombstone stands against it.
    assert_eq!(contest.again(&first), ["no_longer_kept"]);
    contest.desk.assert_whole();
}

#[test]
fn killed_between_two_slices_the_round_goes_on_and_destroys_each_once() {
    let people: Vec<Row> = (1..=120).map(row).collect();
    let mut contest = Contest::with(&people);
    contest.desk.pass(
        i64::from(chengxin_core::dates::to_days(KEPT_UNTIL) - chengxin_core::dates::to_days(date(2026, 11, 21))) * DAY,
    );
    // The second slice dies: a tombstone that cannot be written.
    let hand = contest.desk.hand();
    let sqlite = contest.desk.app.database().file().is_some();
    if !sqlite {
        return;
    }
    hand.run("CREATE TRIGGER dies BEFORE INSERT ON erasure WHEN NEW.erasure_id > 70 BEGIN SELECT RAISE(ABORT, 'killed'); END", &[]).unwrap();
    let round = contest.desk.app.job_run(&desk::administrator(), "one").unwrap();
    assert_eq!(round.failed, 1);
    let erasures =
        |contest: &Contest| contest.desk.hand().number("SELECT count(*) FROM erasure", &[] as &[Cell]).unwrap();
    assert_eq!(erasures(&contest), 50, "one slice is whole, the other is not there at all");
    contest.desk.assert_whole();
    hand.run("DROP TRIGGER dies", &[]).unwrap();
    contest.desk.pass(desk::HOUR);
    contest.round();
    assert_eq!(erasures(&contest), 120);
    assert!(people.iter().all(|of| !contest.readable(of)));
    contest.desk.assert_whole();
}

#[test]
fn a_file_of_what_may_be_kept_no_longer_is_not_taken() {
    let mut contest = Contest::with(&[row(1)]);
    contest.until(KEPT_UNTIL.yesterday().unwrap());
    assert_eq!(contest.sends("late.csv", &[row(3)]).quality.counts.new, 1, "on its last day it may be");
    contest.until(KEPT_UNTIL);
    let refused = contest.sends("later.csv", &[row(4)]).quality;
    assert_eq!((refused.counts.new, refused.counts.refused), (0, 1));
    assert_eq!(refused.refused[0].faults[0].code, "no_longer_kept");
    let stored = contest.desk.city.everything_stored();
    let document = row(4).document;
    assert!(!stored.windows(document.len()).any(|w| w == document.as_bytes()), "and nothing of it is kept");
    contest.desk.assert_whole();
}

#[test]
fn the_round_finds_what_is_due_by_an_index_and_reads_nothing_else() {
    let contest = Contest::with(&[row(1)]);
    let hand = contest.desk.hand();
    if !hand.is_sqlite() {
        return;
    }
    let text = "EXPLAIN QUERY PLAN SELECT display_until, subject_id, record_id FROM version WHERE item = 'penalty' AND display_until IS NOT NULL \
        AND state <> 3 AND display_until >= 5 AND (display_until, subject_id, record_id) > (5, x'00', x'00') AND display_until < 900 \
        ORDER BY display_until, subject_id, record_id LIMIT 50";
    let plan: Vec<String> = hand.rows(text, &[]).unwrap().iter().map(|row| row[3].to_string()).collect();
    assert!(plan[0].contains("version_ended (item=? AND display_until>? AND display_until<?)"), "{plan:?}");
}

#[test]
fn the_list_counts_what_is_due_and_no_small_number_out() {
    let people: Vec<Row> = (1..=6).map(row).collect();
    let contest = Contest::with(&people);
    let app = &contest.desk.app;
    assert!(app.record_retention(&auditor(), KEPT_UNTIL.yesterday().unwrap()).unwrap().lines.is_empty());
    let list = app.record_retention(&auditor(), KEPT_UNTIL).unwrap();
    assert_eq!((list.lines.len(), list.lines[0].item.as_str(), list.lines[0].due), (1, "penalty", Some(6)));
    assert!(list.unread.is_empty(), "a made-up city rests on any clause");
    let few = Contest::with(&[row(1)]);
    let list = few.desk.app.record_retention(&auditor(), KEPT_UNTIL).unwrap();
    assert_eq!(list.lines[0].due, None);
    let past = few.desk.app.record_retention(&auditor(), date(2026, 11, 20)).unwrap_err();
    assert_eq!(past.kind, Kind::Invalid);
    assert_eq!(app.record_retention(&contest::clerk(), KEPT_UNTIL).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn a_subject_is_forgotten_once_nothing_holds_them_and_their_log_still_verifies() {
    let mut contest = Contest::with(&[row(1), row(2)]);
    let (first, second) = (contest.row.clone(), row(2));
    let subject = contest.desk.app.find_subject(KIND, &first.number).unwrap().unwrap();
    let key = |contest: &Contest| {
        KeyStore::open(&contest.desk.app.places().keys).unwrap().subject_key(&subject).unwrap().is_some()
    };
    contest.round();
    contest.told(&first);
    contest.told(&second);
    contest.until(KEPT_UNTIL);
    contest.until(KEPT_UNTIL.tomorrow().unwrap());
    assert!(key(&contest), "the lines of their log may be wanted for three years");
    // Two years later they still want them: that is a line, from which the time counts anew.
    contest.until(date(2031, 12, 1));
    assert!(!contest.lines().is_empty());
    contest.until(date(2032, 12, 3));
    assert!(key(&contest));
    assert!(contest.desk.app.find_subject(KIND, &second.number).unwrap().is_none(), "the other wanted nothing");
    contest.until(date(2034, 12, 3));
    assert!(!key(&contest));
    assert_eq!(contest.desk.app.find_subject(KIND, &first.number).unwrap(), None);
    contest.desk.assert_whole();
    assert_eq!(contest.again(&first), ["no_longer_kept"], "their row is still refused, for its dates alone");
    // A new matter makes them somebody new.
    let anew = Row { decided: "2034-11-01".to_owned(), conduct: "2034-10-20".to_owned(), ..first.clone() };
    assert_eq!(contest.sends("anew.csv", &[anew]).quality.counts.new, 1);
    contest.desk.assert_whole();
}

/// A person with a record that rests on their own wish, and one that rests on law.
fn volunteer() -> (Contest, RecordId) {
    let mut contest = Contest::with(&[row(1)]);
    volunteers(&mut contest.desk.app);
    assert_eq!(serves(&mut contest), BTreeMap::from([("new", 1), ("refused", 0)]));
    let record = contest.records().into_iter().find(|of| of.item == "volunteer-service").unwrap().record;
    (contest, RecordId::from_hex(&record).unwrap())
}

/// The bureau sends its file.
fn serves(contest: &mut Contest) -> BTreeMap<&'static str, u64> {
    let quality = serve(&mut contest.desk.app, contest.desk.city.dir.path(), &contest.row);
    if let Some(row) = quality.refused.first() {
        assert_eq!(row.faults[0].code, "deleted_by_wish", "{:?}", quality.refused);
    }
    BTreeMap::from([("new", quality.counts.new), ("refused", quality.counts.refused)])
}

#[test]
fn who_gave_something_of_their_own_accord_has_it_deleted_and_the_file_does_not_bring_it_back() {
    let (mut contest, record) = volunteer();
    let document = contest.row.number.clone();
    let horizon = contest.desk.app.record_horizon(&own(), (KIND, &document), &record).unwrap();
    assert!(horizon.own_wish && horizon.destroyed_on.is_none(), "kept as long as they want");
    let other = Caller { actor: "li".to_owned(), ..own() };
    let stranger = row(9).number;
    let refused = contest.desk.app.record_delete(&other, (KIND, &stranger), &record).unwrap_err();
    assert_eq!(refused.kind, Kind::NotFound);
    let clerk = contest.desk.app.record_delete(&contest::clerk(), (KIND, &document), &record).unwrap_err();
    assert_eq!(clerk.kind, Kind::Forbidden);

    contest.desk.app.record_delete(&own(), (KIND, &document), &record).unwrap();
    let (left, erased): (Vec<_>, Vec<_>) = contest.records().into_iter().partition(|of| of.record != record.hex());
    assert_eq!((left.len(), erased.len()), (1, 1));
    assert!(contest.readable_record(&contest.record.0), "exactly that one, and no other");
    assert!(!contest.readable_record(&record.0));
    assert_eq!(serves(&mut contest), BTreeMap::from([("new", 0), ("refused", 1)]));
    let lines = contest.desk.app.log_lines(&own(), KIND, &document).unwrap();
    let line = lines.lines.iter().find(|line| line.operation == "record_delete").unwrap();
    assert!(line.basis.as_ref().unwrap().zh.contains("第四十七条"));
    let again = contest.desk.app.record_delete(&own(), (KIND, &document), &record).unwrap_err();
    assert_eq!(again.kind, Kind::Conflict);
    contest.desk.assert_whole();
}

#[test]
fn what_rests_on_law_is_not_deleted_because_it_is_asked_for_and_the_lawful_ways_are_named() {
    let mut contest = Contest::with(&[row(1)]);
    let (document, record) = (contest.row.number.clone(), contest.record);
    let refused = contest.desk.app.record_delete(&own(), (KIND, &document), &record).unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict);
    assert!(
        refused.public.zh.contains("异议")
            && refused.public.zh.contains("修复")
            && refused.public.zh.contains("保存期限")
    );
    assert!(refused.public.en.contains("object") && refused.public.en.contains("repair"));
    let first = contest.row.clone();
    assert!(contest.readable(&first));
}

impl Contest {
    fn readable_record(&self, record: &[u8; 16]) -> bool {
        let subject = self.desk.app.find_subject(KIND, &self.row.number).unwrap().unwrap();
        let store = Store::open(self.desk.app.database()).unwrap();
        let keys = KeyStore::open(&self.desk.app.places().keys).unwrap();
        let versions = store.view().versions_of_subject(&subject).unwrap();
        let own: Vec<_> = versions.iter().filter(|of| of.row.record_id == *record).collect();
        own.iter().any(|of| keys.body_salt(&of.row.body_at()).unwrap().is_some())
    }
}

#[test]
fn a_restored_key_store_and_a_restored_database_destroy_again_what_was_due() {
    let mut contest = Contest::with(&[row(1)]);
    let Some(main) = contest.desk.app.database().file().map(std::path::Path::to_owned) else { return };
    let keys = contest.desk.app.places().keys.file().unwrap().to_owned();
    let first = contest.row.clone();
    // Both stores as they are before: closed, so that the files hold everything.
    let Contest { desk: Desk { app, clock, city }, row: kept, record } = contest;
    drop(app);
    let City { installation, office, dir, databases } = city;
    let folder = installation.dir().to_owned();
    drop(installation);
    let copies = [main, keys].map(|path| (std::fs::read(&path).unwrap(), path));
    let open = || chengxin_app::Installation::open(&folder, clock.clone()).unwrap();
    let city = City { installation: open(), office, dir, databases };
    contest = Contest { desk: Desk { app: open(), clock: clock.clone(), city }, row: kept, record };
    contest.until(KEPT_UNTIL);
    assert!(!contest.readable(&first));
    for restored in [&copies[1..], &copies[..]] {
        let Contest { desk: Desk { app, clock, city }, row: kept, record } = contest;
        drop(app);
        let City { installation, office, dir, databases } = city;
        drop(installation);
        for (content, path) in restored {
            std::fs::write(path, content).unwrap();
            for ending in ["-wal", "-shm"] {
                let beside = std::path::PathBuf::from(format!("{}{ending}", path.display()));
                if beside.exists() {
                    std::fs::remove_file(beside).unwrap();
                }
            }
        }
        let city = City { installation: open(), office, dir, databases };
        contest = Contest { desk: Desk { app: open(), clock: clock.clone(), city }, row: kept, record };
        assert!(!contest.readable(&first), "it is destroyed before anything is served");
        let subject = contest.desk.app.find_subject(KIND, &first.number).unwrap().unwrap();
        let store = Store::open(contest.desk.app.database()).unwrap();
        assert_eq!(store.view().lock(&subject, &contest.record.0).unwrap().unwrap().kind, "retention");
        drop(store);
        contest.desk.assert_whole();
    }
}

/// Numbers by chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn over_random_records_and_days_nothing_goes_early_and_nothing_stays_late() {
    let mut chance = Chance(2026);
    let kinds = [("罚款", "0.020000"), ("罚款", "0.800000"), ("吊销许可证件", "")];
    let rows: Vec<Row> = (1..=40)
        .map(|sequence| {
            let decided = date(2025, 1, 1).saturating_add(jiff::ToSpan::days(chance.below(690) as i64));
            let (kind, fine) = kinds[chance.below(3) as usize];
            Row {
                decided: decided.to_string(),
                conduct: decided.saturating_sub(jiff::ToSpan::days(20)).to_string(),
                kind: kind.to_owned(),
                fine: fine.to_owned(),
                ..row(sequence)
            }
        })
        .collect();
    let mut contest = Contest::with(&rows);
    let item = contest.desk.app.catalogue().item("penalty").unwrap().clone();
    let store = Store::open(contest.desk.app.database()).unwrap();
    let ends: Vec<Date> = rows
        .iter()
        .map(|row| {
            let subject = contest.desk.app.find_subject(KIND, &row.number).unwrap().unwrap();
            let version = store.view().versions_of_subject(&subject).unwrap().remove(0).row;
            let until = chengxin_core::dates::from_days(version.display_until.unwrap() as i32).unwrap();
            // By the law itself, and not by the code that is tested: 36 months behind the last day shown, and the day after.
            let last = until.yesterday().unwrap();
            let end = last.saturating_add(jiff::ToSpan::months(36)).tomorrow().unwrap();
            assert_eq!(item.kept_until(Some(until), date(2026, 11, 21)), Some(end));
            end
        })
        .collect();
    drop(store);
    let (mut day, last) = (date(2027, 11, 1), *ends.iter().max().unwrap());
    while day <= last {
        contest.until(day);
        for (row, end) in rows.iter().zip(&ends) {
            assert_eq!(contest.readable(row), day < *end, "{} on {day}, kept until {end}", row.decided);
        }
        // Mostly some weeks, and at times the very day of an end and the one before.
        let next = ends.iter().filter(|end| **end > day).min().copied();
        day = match (chance.below(3), next) {
            (0, Some(end)) if end.yesterday().unwrap() > day => end.yesterday().unwrap(),
            (1, Some(end)) => end,
            _ => day.saturating_add(jiff::ToSpan::days(1 + chance.below(60) as i64)),
        };
    }
    contest.until(last.max(day));
    assert!(rows.iter().all(|row| !contest.readable(row)));
    contest.desk.assert_whole();
    let waits = Store::open(contest.desk.app.database()).unwrap();
    assert!(
        waits.view().job_candidates(contest.desk.now(), 9).unwrap().iter().all(|job| job.subject_id != INSTALLATION)
    );
}

#[test]
fn production_destroys_nothing_on_a_clause_that_nobody_has_read() {
    let dir = tempfile::tempdir().unwrap();
    let new = chengxin_app::installation::NewInstallation {
        mode: chengxin_app::Mode::Production,
        profile: chengxin_seal::Profile::Intl,
        city: "云汀市".to_owned(),
        place: "990000".to_owned(),
        base_url: "https://credit.example".to_owned(),
        places: None,
    };
    let operator = desk::administrator();
    let mut app = chengxin_app::Installation::init(&dir.path().join("data"), &new, city::clock(), &operator).unwrap();
    let list = app.record_retention(&auditor(), date(2026, 11, 21)).unwrap();
    assert_eq!(list.unread, ["pipl#art-19"]);
    let office = Caller { ground: Ground::Duty("penalty-law#art-48".to_owned()), ..desk::credit_office() };
    app.catalogue_confirm(&office, "pipl#art-19", "周明", "信用办", "国家法律法规数据库").unwrap();
    assert!(app.record_retention(&auditor(), date(2026, 11, 21)).unwrap().unread.is_empty());
}
