//! What a person reads about themself in the log: all of it, nobody else's, and so that a missing line shows.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::path::Path;
use std::sync::Arc;

use chengxin_app::log::{Line, LineChain, Lines, LogWriter, NewEntry};
use chengxin_app::record::{Decision, LockKind, RecordRef};
use chengxin_app::report::ReportRequest;
use chengxin_app::{FixedClock, Installation, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Lang, Role, Standing};
use chengxin_store::audit::Cell;
use chengxin_store::testing::{Copy, Hand};
use chengxin_store::{ReadStore, Store};
use city::{City, OFFICE, caller, row};
use jiff::civil::{Date, date};
use serde_json::json;

const KIND: DocumentKind = DocumentKind::ResidentId;
/// The day on which the city stands.
const TODAY: Date = date(2026, 11, 21);

fn me() -> Caller {
    Caller {
        actor: "account-1".to_owned(),
        role: Role::Resident,
        authority: None,
        purpose: "看看谁查过我".to_owned(),
        ground: Ground::OwnRight,
        standing: Standing::Console,
    }
}

fn read(installation: &mut Installation, number: &str) -> Lines {
    installation.log_lines(&me(), KIND, number).unwrap()
}

/// A city in which an office sent a penalty on each of two people, and a second officer released them.
fn two_people() -> (City, String, String) {
    let mut city = City::new();
    let (one, two) = (row(1), row(2));
    city.import("penalties.csv", &[one.clone(), two.clone()]);
    let second = city.second();
    city.installation.submission_release(&second, 1).unwrap();
    (city, one.number, two.number)
}

fn request(number: &str) -> ReportRequest {
    ReportRequest {
        document_kind: KIND,
        number: number.to_owned(),
        name: None,
        recipient: "云汀市公共资源交易中心".to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: Lang::Zh,
    }
}

fn subject(city: &City, number: &str) -> [u8; 16] {
    city.installation.find_subject(KIND, number).unwrap().unwrap()
}

fn store(city: &City) -> ReadStore {
    ReadStore::open(city.installation.database()).unwrap()
}

fn open(dir: &Path, on: Date) -> Installation {
    Installation::open(dir, Arc::new(FixedClock::on(on))).unwrap()
}

fn operations(lines: &Lines) -> Vec<(&str, Option<i64>)> {
    lines.lines.iter().map(|line| (line.operation.as_str(), line.number)).collect()
}

/// An office's look that a law keeps from the person until a day.
fn secret(subject: [u8; 16], until: Date, said: bool) -> NewEntry {
    let ground =
        Ground::SilentDuty { clause: "penalty-law#art-48".to_owned(), silence: "pipl#art-18".to_owned(), until, said };
    let officer =
        Caller { purpose: "依法调查".to_owned(), ground, ..caller(Role::Clerk, "李秘密", Some(OFFICE)) };
    NewEntry::new(subject, "report_issue", officer, json!({ "report": "R-1", "recipient": "某机关" }))
}

/// Writes entries the way a server does.
fn serve(installation: &Installation, entries: Vec<NewEntry>) {
    let writer = LogWriter::start(installation).unwrap();
    for entry in entries {
        writer.write_and_wait(entry).unwrap();
    }
}

#[test]
fn a_person_reads_who_brought_released_and_read_their_record_on_what_ground_and_where_to_complain() {
    let (mut city, number, _) = two_people();
    city.installation.report_issue(&me(), &request(&number)).unwrap();
    let lines = read(&mut city.installation, &number);

    assert_eq!(lines.broken, None);
    assert_eq!(
        operations(&lines),
        [("log_lines", Some(2)), ("report_issue", Some(1)), ("submission_release", None), ("submission_import", None)]
    );
    let [reading, report, released, brought] = &lines.lines[..] else { panic!() };
    assert_eq!((reading.who.say.zh.as_str(), reading.who.say.en.as_str()), ("您本人", "you"));
    assert!(reading.who.yourself && reading.purpose.as_deref() == Some("看看谁查过我"));
    assert!(reading.complain.zh.contains("如果这不是您所为"), "{}", reading.complain);
    assert_eq!(reading.at, "2026-11-21T09:00:00+08:00");

    assert_eq!(report.recipient.as_deref(), Some("云汀市公共资源交易中心"));
    assert!(report.report.is_some() && report.basis.as_ref().unwrap().zh.contains("第四十五条"));
    assert_eq!(report.records.len(), 1);

    assert_eq!(brought.who.say.zh, "云汀市交通运输局 · 数据报送人员");
    assert_eq!(released.who.say.en, "Yunting Transport Bureau · the officer who releases and decides");
    for line in [released, brought] {
        let [touched] = &line.records[..] else { panic!("{line:?}") };
        assert_eq!((touched.item.as_str(), touched.item_name.zh.as_str()), ("penalty", "行政处罚"));
        assert!(!touched.class.en.is_empty());
        assert_eq!(line.who.authority.as_deref(), Some(OFFICE));
        assert!(line.basis.as_ref().unwrap().zh.starts_with("《行政处罚法》第四十八条"), "{:?}", line.basis);
        assert!(line.complain.zh.contains("云汀市交通运输局") && line.complain.zh.contains("行政复议"));
        assert!(line.complain.en.contains("credit office") && line.anchor.is_some());
    }
    assert!(lines.sealed.zh.contains("只在法律允许说明时说明"));
}

#[test]
fn nothing_of_other_people_and_no_name_of_staff_comes_out() {
    let (mut city, mine, theirs) = two_people();
    city.installation.report_issue(&me(), &request(&theirs)).unwrap();
    let other: Vec<_> = store(&city).view().versions_of_subject(&subject(&city, &theirs)).unwrap();
    let own: Vec<_> = store(&city).view().versions_of_subject(&subject(&city, &mine)).unwrap();
    lock(&mut city, &mine, RecordId(own[0].row.record_id), "更〔2026〕1号");
    lock(&mut city, &theirs, RecordId(other[0].row.record_id), "更〔2026〕2号");

    let lines = read(&mut city.installation, &mine);
    let export = city.installation.log_export(&lines).unwrap().to_json().unwrap();
    let said = serde_json::to_string(&lines).unwrap();

    assert_eq!(
        operations(&lines),
        [("log_lines", Some(2)), ("record_lock", Some(1)), ("submission_release", None), ("submission_import", None)]
    );
    for text in [&said, &export] {
        assert!(text.contains("更〔2026〕1号") && text.contains(&RecordId(own[0].row.record_id).hex()));
        let hidden = [
            theirs.clone(),
            mine.clone(),
            "更〔2026〕2号".to_owned(),
            RecordId(other[0].row.record_id).hex(),
            data_encoding::HEXLOWER.encode(&other[0].row.subject_id),
            "周明".to_owned(),
            "zhou".to_owned(),
            "qian".to_owned(),
        ];
        for secret in hidden {
            assert!(!text.contains(&secret), "{secret} in {text}");
        }
    }
}

fn lock(city: &mut City, number: &str, record: RecordId, case_no: &str) {
    let at = RecordRef { kind: KIND, number: number.to_owned(), record };
    let decision = Decision { case_no: case_no.to_owned(), decided_on: TODAY };
    let second = city.second();
    city.installation.record_lock(&second, &at, LockKind::Correction, &decision).unwrap();
}

#[test]
fn a_record_of_somebody_else_that_an_entry_names_is_left_out() {
    let (mut city, mine, theirs) = two_people();
    let (own, other) = (subject(&city, &mine), subject(&city, &theirs));
    let records: Vec<_> = [own, other]
        .iter()
        .map(|subject| RecordId(store(&city).view().versions_of_subject(subject).unwrap()[0].row.record_id).hex())
        .collect();
    let detail = json!({ "report": "R-1", "records": [[records[0], 1], [records[1], 1], ["nonsense", 1]] });
    let entry = NewEntry::new(own, "report_issue", caller(Role::Clerk, "a", Some(OFFICE)), detail);
    serve(&city.installation, vec![entry]);
    let lines = read(&mut city.installation, &mine);
    let line = lines.lines.iter().find(|line| line.operation == "report_issue").unwrap();
    assert_eq!(line.records.iter().map(|touched| &touched.record).collect::<Vec<_>>(), [&records[0]]);
    assert!(!serde_json::to_string(&lines).unwrap().contains(&records[1]));
}

#[test]
fn names_of_staff_stand_in_a_persons_chain_as_tags_that_the_operator_can_find_again() {
    let (mut city, number, _) = two_people();
    let id = subject(&city, &number);
    let record = RecordId(store(&city).view().versions_of_subject(&id).unwrap()[0].row.record_id);
    lock(&mut city, &number, record, "更1");
    read(&mut city.installation, &number);
    let view = store(&city);
    let actors: Vec<String> = view
        .view()
        .log_of_subject(&id, 0, 10)
        .unwrap()
        .iter()
        .map(|entry| serde_json::from_str::<Caller>(&entry.caller).unwrap().actor)
        .collect();
    let tag = city.installation.keys().actor_tag("qian");
    assert_eq!(actors, [tag.as_str(), "account-1"]);
    assert!(tag.len() == 33 && tag.starts_with('#') && tag != city.installation.keys().actor_tag("zhou"));
    let installation = view.view().log_of_subject(&[0; 16], 0, 100).unwrap();
    assert!(installation.iter().any(|entry| entry.caller.contains("\"qian\"")), "in the clear in its own chain");
}

#[test]
fn what_waits_for_release_is_not_told_and_nobody_learns_that_a_number_is_known() {
    let mut city = City::new();
    let (mine, unknown) = (row(1), row(9).number);
    city.import("penalties.csv", std::slice::from_ref(&mine));
    let mut refused = |number: &str| city.installation.log_lines(&me(), KIND, number).unwrap_err();
    let (waiting, nobody) = (refused(&mine.number), refused(&unknown));
    assert_eq!((waiting.kind, &waiting.public), (Kind::NotFound, &nobody.public));
    let second = city.second();
    city.installation.submission_release(&second, 1).unwrap();
    assert_eq!(read(&mut city.installation, &mine.number).lines.len(), 3);
}

#[test]
fn who_has_no_record_reads_who_looked_at_their_report() {
    let mut city = City::new();
    let number = row(5).number;
    let report = city.installation.report_issue(&me(), &request(&number)).unwrap();
    let anybody = Caller {
        actor: "public".to_owned(),
        role: Role::Public,
        authority: None,
        purpose: "核验报告真伪".to_owned(),
        ground: Ground::Consent("当事人出示的报告".to_owned()),
        standing: Standing::Console,
    };
    city.installation.report_view(&anybody, &report.verification_code, None).unwrap();
    city.installation.report_view(&anybody, &report.verification_code, Some("AAAA-AAAA")).unwrap();
    city.installation.report_view(&anybody, &report.verification_code, Some(&report.extract_code)).unwrap();
    let lines = read(&mut city.installation, &number);
    let acts: Vec<_> = lines.lines.iter().map(|line| line.act.zh.as_str()).collect();
    assert_eq!(acts.len(), 5);
    assert!(acts[1].ends_with("查看了您的一份信用报告的内容"), "{acts:?}");
    assert!(acts[2].contains("提取码不正确") && acts[3].contains("未看到内容"), "{acts:?}");
    assert!(lines.lines.iter().all(|line| line.chain == LineChain::Reports && line.number.is_some()));
    assert!(lines.lines[1].who.say.zh.contains("未登录"));

    // Later an office sends a record: both chains are theirs, and both are told.
    let mut fined = row(5);
    fined.kind = "警告".to_owned();
    fined.fine = String::new();
    city.import("later.csv", &[fined]);
    let second = city.second();
    city.installation.submission_release(&second, 1).unwrap();
    let lines = read(&mut city.installation, &number);
    assert_eq!(lines.broken, None);
    let chains: Vec<_> = lines.lines.iter().map(|line| line.chain).collect();
    assert_eq!(chains.iter().filter(|chain| **chain == LineChain::Reports).count(), 5);
    assert_eq!(lines.lines[0].chain, LineChain::Records);
}

#[test]
fn only_the_person_themself_reads_it_and_a_refusal_is_logged() {
    let (mut city, number, _) = two_people();
    let before = read(&mut city.installation, &number).lines.len();
    let denied = |city: &City| {
        let entries = store(city).view().log_of_subject(&[0; 16], 0, 100).unwrap();
        entries.iter().filter(|entry| entry.operation == "access_deny").count()
    };
    let mut count = denied(&city);
    for role in Role::ALL {
        let mut asker = caller(role, "x", Some(OFFICE));
        if role == Role::Clerk {
            asker.ground = Ground::Consent("授1".to_owned());
        }
        let refusal = city.installation.log_lines(&asker, KIND, &number).unwrap_err();
        assert_eq!(refusal.kind, Kind::Forbidden, "{role:?}");
        count += 1;
        assert_eq!(denied(&city), count, "{role:?}");
    }
    let other_kind = Caller { role: Role::Representative, ..me() };
    assert_eq!(city.installation.log_lines(&other_kind, KIND, &number).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(city.installation.log_lines(&me(), KIND, "12").unwrap_err().kind, Kind::Invalid);
    assert_eq!(read(&mut city.installation, &number).lines.len(), before + 1, "only the readings are lines");
}

#[test]
fn a_hidden_entry_changes_no_byte_of_what_the_person_reads_until_its_day() {
    let (mut city, number, _) = two_people();
    read(&mut city.installation, &number);
    let id = subject(&city, &number);
    let data = city.dir.path().join("data");
    let places = city.installation.places().clone();
    drop(city.installation);
    // The same city twice: once it went on without anything hidden, and was put back.
    let twin = [places.main, places.keys].map(|place| Copy::of(&place, city.dir.path()));
    let until = date(2027, 3, 1);
    let said = |dir: &Path, hidden: Vec<NewEntry>, on: Date| {
        serve(&open(dir, TODAY), hidden);
        let mut installation = open(dir, on);
        let lines = read(&mut installation, &number);
        let export = installation.log_export(&lines).unwrap().to_json().unwrap();
        (serde_json::to_string(&lines).unwrap(), export)
    };
    let (without, export_without) = said(&data, vec![], date(2027, 2, 28));
    twin.iter().for_each(Copy::put_back);
    let (with, export_with) = said(&data, vec![secret(id, until, false), secret(id, until, false)], date(2027, 2, 28));
    assert_eq!(with, without);
    // Of an export, only its proofs and its checkpoint differ, as they do with whatever is logged about anybody.
    let bare = |text: &str| {
        let export: serde_json::Value = serde_json::from_str(text).unwrap();
        let lines = |name: &str| export[name].as_array().unwrap().len();
        let entries = export["chains"][0]["entries"].as_array().unwrap().clone();
        let detail: Vec<_> =
            entries.iter().map(|e| (e["entry"]["number"].clone(), e["entry"]["detail"].clone())).collect();
        (lines("chains"), lines("revealed"), lines("anchors"), detail)
    };
    assert_eq!(bare(&export_with), bare(&export_without));
    assert!(!export_with.contains("某机关") && !with.contains("依法调查"));

    let (after, _) = said(&data, vec![], until);
    assert!(after.contains("某机关") && after.contains("依法调查"));
}

#[test]
fn on_its_day_a_hidden_entry_becomes_lines_that_tell_when_who_what_for_and_why_it_was_silent() {
    let (city, number, _) = two_people();
    let id = subject(&city, &number);
    let data = city.dir.path().join("data");
    serve(&city.installation, vec![secret(id, date(2027, 3, 1), true), secret(id, date(2027, 4, 1), false)]);
    drop(city.installation);

    let mut installation = open(&data, date(2027, 2, 1));
    let lines = read(&mut installation, &number);
    assert_eq!(operations(&lines)[..2], [("log_lines", Some(2)), ("log_seal", Some(1))]);
    let seal = &lines.lines[1];
    assert_eq!(seal.sealed_until.as_deref(), Some("2027-03-01"));
    assert!(seal.basis.as_ref().unwrap().zh.contains("第十八条") && seal.purpose.is_none());
    assert!(!serde_json::to_string(seal).unwrap().contains(OFFICE));

    drop(installation);
    let mut installation = open(&data, date(2027, 3, 1));
    let operator = Caller::operator("运维", "每日告知");
    assert_eq!(installation.log_reveal_due(&operator).unwrap(), 1);
    assert_eq!(installation.log_reveal_due(&operator).unwrap(), 0, "once only");
    let lines = read(&mut installation, &number);
    assert_eq!(lines.broken, None);
    let told = revealed(&lines);
    let [told] = &told[..] else { panic!("{told:?}") };
    assert_eq!((told.number, told.at.as_str()), (Some(3), "2026-11-21T09:00:00+08:00"));
    assert_eq!(told.who.say.zh, "云汀市交通运输局 · 窗口经办人员");
    assert_eq!((told.purpose.as_deref(), told.recipient.as_deref()), (Some("依法调查"), Some("某机关")));
    assert!(told.basis.as_ref().unwrap().zh.starts_with("《行政处罚法》第四十八条"));
    let silence = told.revealed.as_ref().unwrap();
    assert!(silence.at.starts_with("2027-03-01T") && silence.clause.zh.contains("第十八条"), "{silence:?}");
    assert!(!serde_json::to_string(&lines).unwrap().contains("李秘密"));

    drop(installation);
    let mut installation = open(&data, date(2027, 4, 2));
    assert_eq!(revealed(&read(&mut installation, &number)).len(), 2, "whoever reads has it revealed");
    assert_eq!(installation.log_reveal_due(&me()).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn a_server_reveals_by_itself_when_the_day_has_come() {
    let (city, number, _) = two_people();
    let id = subject(&city, &number);
    let data = city.dir.path().join("data");
    serve(&city.installation, vec![secret(id, date(2027, 3, 1), false)]);
    drop(city.installation);
    let count = |on: Date| {
        let installation = open(&data, on);
        // Starts, finds the day, and ends with everything done.
        let record = NewEntry::new([0; 16], "log_publish", Caller::operator("", "测试"), json!({}));
        serve(&installation, vec![record.clone()]);
        serve(&installation, vec![record]);
        ReadStore::open(installation.database()).unwrap().view().log_last_number(&id).unwrap()
    };
    assert_eq!((count(date(2027, 2, 28)), count(date(2027, 3, 1)), count(date(2027, 3, 2))), (0, 1, 1));
}

#[test]
fn a_file_that_changes_or_withdraws_a_record_says_so() {
    let (mut city, number, _) = two_people();
    let changed = city::Row { facts: "在禁停路段停放车辆半小时".to_owned(), ..row(1) };
    let withdrawn = city::Row { action: "撤销".to_owned(), ..changed.clone() };
    city.import("changed.csv", &[changed]);
    let second = city.second();
    city.installation.submission_release(&second, 2).unwrap();
    city.import("withdrawn.csv", &[withdrawn]);
    let lines = read(&mut city.installation, &number);
    assert_eq!(lines.broken, None);
    let brought: Vec<_> = lines.lines.iter().filter(|line| line.operation == "submission_import").collect();
    let acts: Vec<_> = brought.iter().map(|line| line.act.en.as_str()).collect();
    assert_eq!(
        acts,
        [
            "sent in a file that withdrew a record about you",
            "sent in a file that changed a record about you",
            "sent in a file that brought a record about you"
        ]
    );
}

fn revealed(lines: &Lines) -> Vec<&Line> {
    lines.lines.iter().filter(|line| line.revealed.is_some()).collect()
}

#[test]
fn a_change_of_the_catalogue_that_moved_a_date_is_a_line() {
    let mut city = City::new();
    let mine = city::Row { fine: "0.600000".to_owned(), ..row(1) };
    city.import("penalties.csv", std::slice::from_ref(&mine));
    let second = city.second();
    city.installation.submission_release(&second, 1).unwrap();
    let folder = city.dir.path().join("new");
    std::fs::create_dir_all(folder.join("matters")).unwrap();
    for (file, text) in chengxin_app::catalogue::shipped_files() {
        // General penalties are shown for 12 months; here for 6.
        let general = "severity = \"general\"\nmin_months = 3\nmax_months = ";
        std::fs::write(folder.join(file), text.replace(&format!("{general}12"), &format!("{general}6"))).unwrap();
    }
    let operator = Caller::operator("运维", "启用新目录");
    assert_eq!(city.installation.catalogue_apply(&operator, &folder).unwrap().changed, 1);
    let lines = read(&mut city.installation, &mine.number);
    assert_eq!(lines.broken, None);
    let line = lines.lines.iter().find(|line| line.operation == "catalogue_apply").unwrap();
    assert!(line.number.is_none() && line.anchor.is_some() && line.records.len() == 1);
    assert_eq!(line.who.say.zh, "平台运行维护人员");
    assert!(line.complain.zh.contains("云汀市信用主管部门"));
}

/// Changes the database by hand, reads, and gives back what is said to be broken.
fn tampered(sql: &str) -> Option<String> {
    let (mut city, number, _) = two_people();
    for _ in 0..4 {
        read(&mut city.installation, &number);
    }
    city.installation.log_sequence().unwrap();
    let id = subject(&city, &number);
    let changed = Hand::in_(city.installation.database()).run(sql, &[Cell::Bytes(id.to_vec())]).unwrap();
    assert!(changed > 0, "{sql} changed nothing");
    read(&mut city.installation, &number).broken.map(|say| say.en)
}

#[test]
fn a_line_that_was_altered_removed_or_moved_by_hand_is_named() {
    let cases = [
        ("UPDATE log_entry SET detail = '{}' WHERE subject_id = $1 AND number = 2", "line 2 was altered"),
        ("UPDATE log_entry SET at_us = at_us - 1 WHERE subject_id = $1 AND number = 3", "line 3 was altered"),
        (
            "UPDATE log_entry SET caller = replace(caller, 'account-1', 'x') WHERE subject_id = $1 AND number = 1",
            "line 1 was altered",
        ),
        (
            "UPDATE log_entry SET salt = substr(commitment, 1, 16) WHERE subject_id = $1 AND number = 4",
            "line 4 was altered",
        ),
        ("DELETE FROM log_entry WHERE subject_id = $1 AND number = 2", "line 2 is missing"),
        ("DELETE FROM log_entry WHERE subject_id = $1 AND number IN (1, 2)", "line 1 to line 2 are missing"),
        ("UPDATE log_entry SET number = 99 WHERE subject_id = $1 AND number = 4", "line 4 to line 98 are missing"),
        ("UPDATE log_entry SET commitment = previous WHERE subject_id = $1 AND number = 2", "line 2 was altered"),
        (
            "UPDATE log_leaf SET commitment = (SELECT commitment FROM log_leaf WHERE leaf_index = 0) WHERE subject_id = $1 AND number = 2",
            "line 2 is not what the published log holds: it was altered after it was written",
        ),
    ];
    for (sql, broken) in cases {
        assert_eq!(tampered(sql).as_deref(), Some(broken), "{sql}");
    }
}

#[test]
fn a_line_added_by_hand_shows_even_where_it_fits_its_chain() {
    let (mut city, number, _) = two_people();
    read(&mut city.installation, &number);
    let id = subject(&city, &number);
    let last = store(&city).view().log_entry(&id, 1).unwrap().unwrap();
    let mut added = chengxin_store::log::LogRow { number: 2, previous: last.commitment, leaf_index: None, ..last };
    added.commitment = added.expected_commitment(&city.installation.keys().hash(), &id);
    let bytes = |bytes: &[u8]| Cell::Bytes(bytes.to_vec());
    let values = [
        bytes(&id),
        Cell::Int(added.number),
        Cell::Int(added.at_us),
        Cell::Text(added.operation.clone()),
        Cell::Text(added.caller.clone()),
        Cell::Text(added.detail.clone()),
        bytes(&added.salt),
        bytes(&added.previous),
        bytes(&added.commitment),
    ];
    Hand::in_(city.installation.database())
        .run(
            "INSERT INTO log_entry (subject_id, number, at_us, operation, caller, detail, salt, previous, commitment) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &values,
        )
        .unwrap();
    let broken = read(&mut city.installation, &number).broken.unwrap();
    assert_eq!(broken.en, "line 2 was not written by this platform");
}

#[test]
fn a_record_altered_or_a_submission_without_its_entry_is_said() {
    let altered = tampered("UPDATE version SET severity = 3 WHERE subject_id = $1").unwrap();
    assert!(altered.starts_with("version 1 of your record ") && altered.ends_with(" was altered"), "{altered}");
    let gone = tampered("DELETE FROM log_entry WHERE operation = 'submission_import' AND subject_id <> $1").unwrap();
    assert_eq!(gone, "submission 1 (submission_import) brought a record about you, but the log has no entry of it");
}

#[test]
fn a_hidden_entry_that_was_removed_or_altered_is_said_when_its_day_comes() {
    let cases = [
        ("DELETE FROM log_entry WHERE operation = 'report_issue'", "what line 1 reveals is missing"),
        ("UPDATE log_entry SET detail = '{}' WHERE operation = 'report_issue'", "what line 1 reveals was altered"),
    ];
    for (sql, broken) in cases {
        let (city, number, _) = two_people();
        serve(&city.installation, vec![secret(subject(&city, &number), date(2027, 3, 1), false)]);
        let data = city.dir.path().join("data");
        assert_eq!(Hand::in_(city.installation.database()).run(sql, &[]).unwrap(), 1);
        drop(city.installation);
        let lines = read(&mut open(&data, date(2027, 3, 1)), &number);
        assert_eq!(lines.broken.as_ref().map(|say| say.en.as_str()), Some(broken), "{sql}");
        assert!(lines.lines.iter().any(|line| line.number == Some(1)), "the rest is still read");
    }
}

#[test]
fn the_reading_is_durable_before_its_answer() {
    let (mut city, number, _) = two_people();
    let lines = read(&mut city.installation, &number);
    let number_of = lines.lines[0].number.unwrap();
    let beside = Store::open(city.installation.database()).unwrap();
    let entry = beside.view().log_entry(&subject(&city, &number), number_of).unwrap().unwrap();
    assert_eq!((entry.operation.as_str(), lines.lines[0].operation.as_str()), ("log_lines", "log_lines"));
}
