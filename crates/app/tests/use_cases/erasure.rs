//! Records locked, unlocked and erased.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use chengxin_app::Kind;
use chengxin_app::record::{Afterwards, Decision, LockKind, REGISTER};
use chengxin_core::Role;
use chengxin_core::identity::DocumentKind;
use chengxin_core::record::RecordId;
use chengxin_seal::Profile;
use chengxin_store::testing::{Copy, Databases};
use common::{City, OFFICE, Person, TODAY, caller, decider};
use jiff::civil::{Date, date};

const PENALTY: &str = "penalty";

fn decision(case_no: &str) -> Decision {
    Decision { case_no: case_no.to_owned(), decided_on: TODAY }
}

fn fined(city: &City, person: &Person, document: &str) -> RecordId {
    let values =
        [("CF_XDR_MC", person.name.as_str()), ("CF_WSH", document), ("CF_CFLB", "罚款"), ("CF_NR_FK", "600000")];
    city.record(person, PENALTY, date(2026, 5, 1), &values)
}

#[test]
fn an_erased_record_cannot_be_read_and_its_log_still_verifies() {
    for profile in Profile::ALL {
        let mut city = City::with(chengxin_app::Mode::Synthetic, profile);
        let person = Person::new(1);
        let record = fined(&city, &person, "990000〔2026〕1号");
        let before = city.versions(&person, record);
        assert!(city.body(&before[0].row).unwrap().contains(&"990000〔2026〕1号".to_owned()));

        let erased = city
            .app
            .record_erase(&decider(), &person.record(record), &decision("删〔2026〕1号"), Afterwards::KeepLock)
            .unwrap();

        assert_eq!((erased.version, erased.subject_forgotten), (2, false));
        let after = city.versions(&person, record);
        assert_eq!(
            after.iter().map(|v| (v.row.state, v.row.cause, v.awaits_release)).collect::<Vec<_>>(),
            [(1, 1, false), (3, 5, false)]
        );
        assert_eq!(after[1].row.body_version, 1);
        assert!(after[1].row.body.is_empty());
        assert_eq!(city.body(&after[0].row), None);
        city.verify_commitments(&after);
        let (operation, detail) = city.logged_about(&after[0].row.subject_id).pop().unwrap();
        assert_eq!((operation.as_str(), detail["case_no"].as_str()), ("record_erase", Some("删〔2026〕1号")));
        assert!(!detail.to_string().contains(&person.number) && !detail.to_string().contains(&person.name));
    }
}

#[test]
fn erasing_one_record_leaves_the_others_readable() {
    let mut city = City::new();
    let person = Person::new(1);
    let (gone, stays) = (fined(&city, &person, "1号"), fined(&city, &person, "2号"));
    let erase = |city: &mut City, record| {
        city.app.record_erase(&decider(), &person.record(record), &decision("删1"), Afterwards::ForgetSubject).unwrap()
    };
    assert!(!erase(&mut city, gone).subject_forgotten, "something is left about the person");
    assert!(city.body(&city.versions(&person, stays)[0].row).is_some());
    let subject = city.app.find_subject(DocumentKind::ResidentId, &person.number).unwrap().unwrap();

    assert!(erase(&mut city, stays).subject_forgotten);
    assert_eq!(city.app.find_subject(DocumentKind::ResidentId, &person.number).unwrap(), None);
    assert_eq!(city.key_store().subject_key(&subject).unwrap(), None);
    assert_eq!(city.reader().view().subject_kind(&subject).unwrap(), None);
    let rows = city.reader().view().versions_of_subject(&subject).unwrap();
    assert_eq!(rows.len(), 4);
    city.verify_commitments(&rows);
}

#[test]
fn a_key_store_from_a_backup_gets_the_erasures_again_before_anything_is_served() {
    for afterwards in [Afterwards::KeepLock, Afterwards::ForgetSubject] {
        let city = City::new();
        let (person, other) = (Person::new(1), Person::new(2));
        let (record, kept) = (fined(&city, &person, "1号"), fined(&city, &other, "2号"));
        let (mut city, backup) = Backup::of(city);
        let row = city.versions(&person, record)[0].row.clone();
        city.app.record_erase(&decider(), &person.record(record), &decision("删1"), afterwards).unwrap();

        let city = backup.put_back(city, &[KEYS]);

        assert_eq!(city.key_store().body_salt(&row.body_at()).unwrap(), None);
        assert_eq!(city.body(&row), None);
        let key = city.key_store().subject_key(&row.subject_id).unwrap();
        assert_eq!(key.is_some(), afterwards == Afterwards::KeepLock);
        assert!(city.body(&city.versions(&other, kept)[0].row).is_some());
    }
}

#[test]
fn an_erasure_that_was_interrupted_before_the_keys_were_destroyed_is_finished_at_the_next_start() {
    let mut city = City::new();
    let person = Person::new(1);
    let record = fined(&city, &person, "1号");
    let row = city.versions(&person, record)[0].row.clone();
    let salt = city.key_store().body_salt(&row.body_at()).unwrap().unwrap();
    city.app.record_erase(&decider(), &person.record(record), &decision("删1"), Afterwards::KeepLock).unwrap();
    city.key_store()
        .write(|tx| -> Result<(), chengxin_store::StoreError> {
            tx.body_salt_set(&row.body_at(), &salt)?;
            tx.set_meta("erasures_replayed", "0")?;
            tx.set_meta("subjects_replayed", "0")
        })
        .unwrap();
    assert!(city.body(&row).is_some(), "as if the power had gone between the two stores");
    let city = city.reopen();
    assert_eq!(city.body(&row), None);
}

#[test]
fn only_the_determining_authority_decides_and_others_do_not_learn_that_there_is_anything() {
    let mut city = City::new();
    let person = Person::new(1);
    let record = fined(&city, &person, "1号");
    let at = person.record(record);
    let stranger = caller(Role::Decider, Some("11990000MB0000002N"));
    let nobody = Person::new(2).record(record);
    let unknown = person.record(RecordId([7; 16]));
    let refused = |caller: &chengxin_core::Caller, at, city: &mut City| {
        city.app.record_erase(caller, at, &decision("删1"), Afterwards::KeepLock).unwrap_err()
    };
    let answers = [
        refused(&stranger, &at, &mut city),
        refused(&decider(), &nobody, &mut city),
        refused(&decider(), &unknown, &mut city),
    ];
    for answer in &answers {
        assert_eq!((answer.kind, &answer.public), (Kind::NotFound, &answers[0].public));
    }
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Decider) {
        let caller = caller(role, Some(OFFICE));
        assert_eq!(refused(&caller, &at, &mut city).kind, Kind::Forbidden);
        assert_eq!(
            city.app.record_lock(&caller, &at, LockKind::Correction, &decision("1")).unwrap_err().kind,
            Kind::Forbidden
        );
        assert_eq!(city.app.record_unlock(&caller, &at, &decision("1"), "x").unwrap_err().kind, Kind::Forbidden);
    }
    assert!(city.body(&city.versions(&person, record)[0].row).is_some());
}

#[test]
fn a_record_is_erased_once() {
    let mut city = City::new();
    let person = Person::new(1);
    let at = person.record(fined(&city, &person, "1号"));
    city.app.record_erase(&decider(), &at, &decision("删1"), Afterwards::KeepLock).unwrap();
    let again = city.app.record_erase(&decider(), &at, &decision("删2"), Afterwards::KeepLock).unwrap_err();
    assert_eq!(again.kind, Kind::Conflict);
}

#[test]
fn an_erased_record_is_locked_and_only_a_new_decision_reopens_it() {
    let mut city = City::new();
    let person = Person::new(1);
    let record = fined(&city, &person, "1号");
    let at = person.record(record);
    city.app.record_erase(&decider(), &at, &decision("删1"), Afterwards::KeepLock).unwrap();
    let subject = city.app.find_subject(DocumentKind::ResidentId, &person.number).unwrap().unwrap();
    let lock = city.reader().view().lock(&subject, &record.0).unwrap().unwrap();
    assert_eq!((lock.kind.as_str(), lock.case_no.as_str(), lock.digest), ("erasure", "删1", [0; 16]));

    let lock = |city: &mut City| {
        city.app.record_lock(&decider(), &at, LockKind::Correction, &decision("更1")).unwrap_err().kind
    };
    assert_eq!(lock(&mut city), Kind::Conflict);
    let same = city.app.record_unlock(&decider(), &at, &decision("删1"), "新决定书").unwrap_err();
    assert_eq!(same.kind, Kind::Conflict);
    let older = Decision { case_no: "新1".to_owned(), decided_on: date(2026, 11, 19) };
    assert_eq!(city.app.record_unlock(&decider(), &at, &older, "新决定书").unwrap_err().kind, Kind::Conflict);
    city.app.record_unlock(&decider(), &at, &decision("新1"), "新决定书").unwrap();
    assert_eq!(city.reader().view().lock(&subject, &record.0).unwrap(), None);
    assert_eq!(city.app.record_unlock(&decider(), &at, &decision("新2"), "新决定书").unwrap_err().kind, Kind::Conflict);
}

#[test]
fn what_a_new_decision_recorded_after_an_erasure_survives_its_repetition() {
    let mut city = City::new();
    let person = Person::new(1);
    let record = fined(&city, &person, "1号");
    let row = city.versions(&person, record)[0].row.clone();
    city.app.record_erase(&decider(), &person.record(record), &decision("删1"), Afterwards::KeepLock).unwrap();
    let reopened = chengxin_store::record::VersionRow { version: 3, body_version: 3, submission_id: 0, ..row.clone() };
    city.store().write("test", |tx| tx.version_add(&reopened)).unwrap();
    city.key_store()
        .write(|tx| -> Result<(), chengxin_store::StoreError> {
            tx.body_salt_set(&row.body_at(), &[1; 16])?;
            tx.body_salt_set(&reopened.body_at(), &[3; 16])?;
            tx.set_meta("subjects_replayed", "0")
        })
        .unwrap();
    let city = city.reopen();
    let salt = |of: &chengxin_store::record::VersionRow| city.key_store().body_salt(&of.body_at()).unwrap();
    assert_eq!((salt(&row), salt(&reopened)), (None, Some([3; 16])));
}

#[test]
fn a_lock_keeps_what_the_decision_left_in_force() {
    let mut city = City::new();
    let person = Person::new(1);
    let record = fined(&city, &person, "1号");
    let at = person.record(record);
    let row = city.versions(&person, record)[0].row.clone();
    city.app.record_lock(&decider(), &at, LockKind::Correction, &decision("更1")).unwrap();
    let lock = |city: &City| city.reader().view().lock(&row.subject_id, &record.0).unwrap().unwrap();
    assert_eq!((lock(&city).digest, lock(&city).kind), (row.digest, "correction".to_owned()));
    let (operation, detail) = city.logged_about(&row.subject_id).pop().unwrap();
    assert_eq!((operation.as_str(), detail["record"].as_str().unwrap()), ("record_lock", record.hex().as_str()));

    let earlier = Decision { case_no: "更0".to_owned(), decided_on: date(2026, 6, 1) };
    assert_eq!(city.app.record_lock(&decider(), &at, LockKind::Repair, &earlier).unwrap_err().kind, Kind::Conflict);
    let active = city.app.record_lock(&decider(), &at, LockKind::Withdrawal, &decision("撤1")).unwrap_err();
    assert_eq!(active.kind, Kind::Conflict);

    let keys = city.keyring();
    let mut withdrawn =
        chengxin_store::record::VersionRow { version: 2, state: 2, cause: 2, body: Vec::new(), ..row.clone() };
    withdrawn.commitment = chengxin_app::record::version_commitment(&keys, &withdrawn, &mut Vec::new());
    city.store().write("test", |tx| tx.version_add(&withdrawn)).unwrap();
    city.app.record_lock(&decider(), &at, LockKind::Withdrawal, &decision("撤1")).unwrap();
    assert_eq!((lock(&city).digest, lock(&city).kind), ([0; 16], "withdrawal".to_owned()));
}

#[test]
fn a_record_that_waits_for_release_can_be_erased_but_not_locked() {
    let mut city = City::new();
    let person = Person::new(1);
    let submission = city.submission(PENALTY, true);
    let record = city.record_of(&person, PENALTY, date(2026, 5, 1), &[("CF_WSH", "1号")], submission, true);
    let at = person.record(record);
    assert_eq!(
        city.app.record_lock(&decider(), &at, LockKind::Correction, &decision("更1")).unwrap_err().kind,
        Kind::Conflict
    );
    city.app.record_erase(&decider(), &at, &decision("删1"), Afterwards::KeepLock).unwrap();
    let versions = city.versions(&person, record);
    assert_eq!(city.body(&versions[0].row), None);
    assert!(!versions[1].awaits_release);
}

#[test]
fn a_decision_has_a_number_and_a_day_that_has_come() {
    let mut city = City::new();
    let person = Person::new(1);
    let at = person.record(fined(&city, &person, "1号"));
    let bad = |case_no: &str, decided_on: Date| Decision { case_no: case_no.to_owned(), decided_on };
    let too_long = "长".repeat(129);
    for decision in [bad(" ", TODAY), bad(&too_long, TODAY), bad("删1", date(2026, 11, 21))] {
        let erase = city.app.record_erase(&decider(), &at, &decision, Afterwards::KeepLock).unwrap_err();
        let lock = city.app.record_lock(&decider(), &at, LockKind::Repair, &decision).unwrap_err();
        assert_eq!((erase.kind, lock.kind), (Kind::Invalid, Kind::Invalid));
    }
    let mut wrong = at.clone();
    wrong.number = "990000199001010018".to_owned();
    let refusal = city.app.record_erase(&decider(), &wrong, &decision("删1"), Afterwards::KeepLock).unwrap_err();
    assert_eq!(refusal.kind, Kind::Invalid);
    assert!(
        !format!("{refusal:?}{wrong:?}").contains("990000199001010018"),
        "a number is never repeated in an error or a trace"
    );
}

#[test]
fn both_stores_from_a_backup_and_the_latest_register_erase_again() {
    for afterwards in [Afterwards::KeepLock, Afterwards::ForgetSubject] {
        let city = City::new();
        let (person, other) = (Person::new(1), Person::new(2));
        let (record, kept) = (fined(&city, &person, "1号"), fined(&city, &other, "2号"));
        let (mut city, backup) = Backup::of(city);
        let row = city.versions(&person, record)[0].row.clone();
        city.app.record_erase(&decider(), &person.record(record), &decision("删1"), afterwards).unwrap();

        let city = backup.put_back(city, &[MAIN, KEYS]);

        assert_eq!(city.body(&row), None);
        let rows = city.reader().view().versions_of_subject(&row.subject_id).unwrap();
        assert_eq!(rows.iter().map(|version| version.row.state).collect::<Vec<_>>(), [1, 3]);
        let lock = city.reader().view().lock(&row.subject_id, &row.record_id).unwrap().unwrap();
        assert_eq!((lock.kind.as_str(), lock.case_no.as_str()), ("erasure", "删1"));
        let key = city.key_store().subject_key(&row.subject_id).unwrap();
        assert_eq!(key.is_some(), afterwards == Afterwards::KeepLock);
        city.verify_commitments(&rows);
        assert!(city.body(&city.versions(&other, kept)[0].row).is_some());
        let city = city.reopen();
        assert_eq!(city.reader().view().versions_of_subject(&row.subject_id).unwrap().len(), 2, "once is enough");
    }
}

#[test]
fn an_erasure_after_the_main_database_was_restored_destroys_its_keys_though_its_number_was_used_before() {
    let city = City::new();
    let (person, other) = (Person::new(1), Person::new(2));
    let (record, second) = (fined(&city, &person, "1号"), fined(&city, &other, "2号"));
    let (mut city, backup) = Backup::of(city);
    city.app.record_erase(&decider(), &person.record(record), &decision("删1"), Afterwards::KeepLock).unwrap();
    std::fs::remove_file(city.path(REGISTER)).unwrap();
    let mut city = backup.put_back(city, &[MAIN]);
    let row = city.versions(&other, second)[0].row.clone();
    let erased =
        city.app.record_erase(&decider(), &other.record(second), &decision("删2"), Afterwards::KeepLock).unwrap();
    assert_eq!(erased.number, 1);
    assert_eq!(city.body(&row), None);
}

#[test]
fn a_register_that_lost_its_last_line_gets_it_again_and_a_damaged_one_stops_the_start() {
    let mut city = City::new();
    let person = Person::new(1);
    let (first, second) = (fined(&city, &person, "1号"), fined(&city, &person, "2号"));
    for (record, case_no) in [(first, "删1"), (second, "删2")] {
        city.app.record_erase(&decider(), &person.record(record), &decision(case_no), Afterwards::KeepLock).unwrap();
    }
    let path = city.path(REGISTER);
    let whole = std::fs::read_to_string(&path).unwrap();
    assert!(!whole.contains(&person.number) && !whole.contains(&person.name));
    let within_a_character = whole.rfind("删").unwrap() + 1;
    std::fs::write(&path, &whole.as_bytes()[..within_a_character]).unwrap();
    let city = city.reopen();
    let mended = std::fs::read_to_string(&path).unwrap();
    assert_eq!(mended.lines().last(), whole.lines().last());
    let City { app, dir, databases: _databases } = city.reopen();
    drop(app);
    let open = || chengxin_app::Installation::open(&dir.path().join("city"), common::clock()).map(|_| ());
    std::fs::write(&path, whole.replacen("删1", "\"", 1)).unwrap();
    assert_eq!(open().unwrap_err().kind, Kind::Unavailable);
    std::fs::write(&path, whole.trim_end()).unwrap();
    open().unwrap();
}

/// Copies of both stores: the main database, the key store.
struct Backup([Copy; 2]);

impl Backup {
    /// Taken while nothing is open: then the files hold everything.
    fn of(city: City) -> (City, Self) {
        let City { app, dir, databases } = city;
        let places = app.places().clone();
        drop(app);
        let copies = [places.main, places.keys].map(|place| Copy::of(&place, dir.path()));
        (opened(dir, databases), Self(copies))
    }

    /// Closes the installation, puts these copies back and opens it again.
    fn put_back(&self, city: City, which: &[usize]) -> City {
        let City { app, dir, databases } = city;
        drop(app);
        which.iter().for_each(|of| self.0[*of].put_back());
        opened(dir, databases)
    }
}

/// The main database in a backup.
const MAIN: usize = 0;
/// The key store in a backup.
const KEYS: usize = 1;

fn opened(dir: tempfile::TempDir, databases: Databases) -> City {
    let app = chengxin_app::Installation::open(&dir.path().join("city"), common::clock()).unwrap();
    City { app, dir, databases }
}

/// A file of the office about these people, one penalty each; `note` makes it another file with the same rows.
fn penalty_file(city: &City, people: &[Person], note: &str) -> std::path::PathBuf {
    let mut text = "CF_CFLB,CF_XDR_MC,CF_XDR_LB,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM\n"
        .to_owned();
    for (n, Person { number, name }) in people.iter().enumerate() {
        text += &format!(
            "罚款,{name},自然人,身份证,{number},{n}号,无证经营,未取得许可从事经营,行政许可法,罚款六千元,0.6,2026-05-01,虚构市监局,{OFFICE}\n"
        );
    }
    let path = city.dir.path().join(format!("penalty{note}.csv"));
    std::fs::write(&path, text + &"\n".repeat(note.len())).unwrap();
    path
}

fn import(city: &mut City, file: std::path::PathBuf) -> chengxin_app::intake::QualityReport {
    let request = chengxin_app::intake::ImportRequest {
        authority: OFFICE.to_owned(),
        item: Some(PENALTY.to_owned()),
        file,
        ..Default::default()
    };
    let officer = caller(Role::DataOfficer, Some(OFFICE));
    city.app.submission_import(&officer, &request, &mut chengxin_app::intake::Silent).unwrap().quality
}

#[test]
fn an_erased_record_does_not_come_back_with_the_next_file_not_even_after_a_rotation_of_all_keys() {
    let mut city = City::new();
    let office = chengxin_store::authority::AuthorityRow {
        code: OFFICE.to_owned(),
        name: "虚构市监局".to_owned(),
        name_en: "Made-up market regulation".to_owned(),
        kind: "market_regulation".to_owned(),
    };
    city.app.authority_add(&common::administrator(), &office).unwrap();
    let people: Vec<_> = (1..=3).map(Person::new).collect();
    let file = penalty_file(&city, &people, "");
    let first = import(&mut city, file);
    assert_eq!((first.counts.new, first.counts.refused, first.counts.held), (3, 0, 0), "{:?}", first.refused);
    city.app.submission_release(&decider(), first.submission.unwrap()).unwrap();

    let subject = city.app.find_subject(DocumentKind::ResidentId, &people[0].number).unwrap().unwrap();
    let row = city.reader().view().versions_of_subject(&subject).unwrap()[0].row.clone();
    assert!(city.body(&row).unwrap().contains(&people[0].name));
    let at = people[0].record(RecordId(row.record_id));
    city.app.record_erase(&decider(), &at, &decision("删1"), Afterwards::KeepLock).unwrap();
    city.app.keys_rotate(&common::administrator(), chengxin_app::keys::Rotate::All).unwrap();
    let mut city = city.reopen();

    let file = penalty_file(&city, &people, "-again");
    let second = import(&mut city, file);
    assert_eq!((second.counts.new, second.counts.unchanged, second.counts.refused), (0, 2, 1));
    assert_eq!(second.refused[0].faults[0].code, "locked");
    assert!(
        second.refused[0].faults[0].say.zh.contains("删1") && second.refused[0].faults[0].say.zh.contains("2026-11-20")
    );
    assert_eq!(city.body(&row), None);
    let other = city.app.find_subject(DocumentKind::ResidentId, &people[1].number).unwrap().unwrap();
    let kept = city.reader().view().versions_of_subject(&other).unwrap();
    assert!(city.body(&kept[0].row).unwrap().contains(&people[1].name));
}
