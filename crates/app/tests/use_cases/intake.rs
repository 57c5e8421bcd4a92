//! Intake as a sending office meets it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use chengxin_app::{Kind, Mode};
use chengxin_core::identity::DocumentKind;
use chengxin_seal::Profile;
use chengxin_store::ReadStore;
use city::{City, csv, number, row};

fn versions(city: &City, number: &str) -> Vec<(i64, i64)> {
    let Some(subject) = city.installation.find_subject(DocumentKind::ResidentId, number).unwrap() else {
        return Vec::new();
    };
    let reader = ReadStore::open(city.installation.database()).unwrap();
    let all = reader.view().versions_of_subject(&subject).unwrap();
    all.iter().map(|v| (v.row.version, v.row.state)).collect()
}

#[test]
fn a_file_becomes_records_and_the_same_file_twice_changes_nothing() {
    let mut city = City::new();
    let rows: Vec<_> = (1..=50).map(row).collect();
    let first = city.import("week1.csv", &rows).quality;
    assert_eq!(
        (first.counts.rows, first.counts.new, first.counts.refused, first.counts.held),
        (50, 50, 0, 0),
        "{first:#?}"
    );
    assert!(first.needs_release && first.counts.awaiting_release == 50);
    let second = city.import("week1.csv", &rows).quality;
    assert_eq!((second.counts.unchanged, second.counts.new, second.counts.changed), (50, 0, 0));
    assert!(second.repeated);
    assert_eq!(versions(&city, &rows[0].number), [(1, 1)]);
}

#[test]
fn a_changed_row_makes_a_new_version_and_the_difference_is_told() {
    let mut city = City::new();
    let mut rows: Vec<_> = (1..=10).map(row).collect();
    city.import("week1.csv", &rows);
    rows[3].fine = "0.050000".to_owned();
    rows.remove(0);
    rows.push(row(11));
    let report = city.import("week2.csv", &rows).quality;
    assert_eq!((report.counts.new, report.counts.changed, report.counts.unchanged), (1, 1, 8));
    let difference = report.difference.unwrap();
    assert_eq!((difference.added, difference.in_both, difference.left_out), (1, 9, 1));
    assert_eq!((difference.added_rows, difference.left_out_rows), (vec![11], vec![2]), "of this file, and of the last");
    assert_eq!(versions(&city, &rows[2].number), [(1, 1), (2, 1)]);
}

#[test]
fn a_withdrawal_row_withdraws() {
    let mut city = City::new();
    city.import("a.csv", &[row(1)]);
    let mut gone = row(1);
    gone.action = "撤销".to_owned();
    let report = city.import("b.csv", &[gone.clone()]).quality;
    assert_eq!(report.counts.withdrawn, 1, "{report:#?}");
    assert_eq!(versions(&city, &gone.number), [(1, 1), (2, 2)]);
    let mut nobody = row(2);
    nobody.action = "撤销".to_owned();
    let report = city.import("c.csv", &[nobody]).quality;
    assert_eq!(report.refused[0].faults[0].code, "nothing_to_withdraw");
}

#[test]
fn an_older_source_time_never_overwrites_a_newer_one() {
    let mut city = City::new();
    let mut r = row(1);
    r.time = "2026-09-10 08:00:00".to_owned();
    city.import("a.csv", &[r.clone()]);
    r.fine = "0.03".to_owned();
    r.time = "2026-09-09 08:00:00".to_owned();
    let report = city.import("b.csv", &[r.clone()]).quality;
    assert_eq!(report.refused[0].faults[0].code, "older_than_held");
    // Equal content with a newer time counts as seen then: what lies between is older.
    let mut same = row(1);
    same.time = "2026-10-01 08:00:00".to_owned();
    assert_eq!(city.import("c.csv", &[same]).quality.counts.unchanged, 1);
    r.time = "2026-09-20 08:00:00".to_owned();
    assert_eq!(city.import("d.csv", &[r]).quality.refused[0].faults[0].code, "older_than_held");
}

#[test]
fn content_equal_to_a_superseded_version_is_held_without_a_source_time() {
    let mut city = City::new();
    let mut r = row(1);
    city.import("a.csv", &[r.clone()]);
    r.fine = "0.03".to_owned();
    assert_eq!(city.import("b.csv", &[r]).quality.counts.changed, 1);
    let report = city.import("c.csv", &[row(1)]).quality;
    assert_eq!((report.counts.held, report.counts.changed), (1, 0));
}

#[test]
fn one_record_with_two_contents_in_a_file_refuses_both_rows() {
    let mut city = City::new();
    let mut other = row(1);
    other.fine = "0.9".to_owned();
    let rows = [row(1), row(2), other, row(3), row(3)];
    let path = city.write("a.csv", &csv(&rows));
    let dry = city.import_with(&path, |r| r.dry_run = true).unwrap().quality;
    let real = city.import_with(&path, |_| {}).unwrap().quality;
    for report in [dry, real] {
        let c = report.counts;
        assert_eq!((c.rows, c.new, c.refused, c.repeated, c.awaiting_release), (5, 2, 2, 1, 2), "{report:#?}");
        let lines: Vec<_> = report.refused.iter().map(|r| (r.row, r.faults[0].code.as_str())).collect();
        assert_eq!(lines, [(2, "conflict_in_file"), (4, "conflict_in_file")]);
    }
    assert_eq!(versions(&city, &row(1).number), []);
}

#[test]
fn one_number_with_two_names_in_a_file_is_held_whole_and_attached_to_nobody() {
    let mut city = City::new();
    let mut other = row(1);
    other.name = "周鸣".to_owned();
    other.document = "云交罚〔2026〕99号".to_owned();
    let path = city.write("a.csv", &csv(&[row(1), other, row(2)]));
    let dry = city.import_with(&path, |r| r.dry_run = true).unwrap().quality;
    let real = city.import_with(&path, |_| {}).unwrap().quality;
    for report in [dry, real] {
        assert_eq!((report.counts.new, report.counts.held), (1, 2), "{report:#?}");
        assert!(report.held.iter().all(|h| h.say.en == "held for identity check"));
    }
    assert_eq!(city.installation.find_subject(DocumentKind::ResidentId, &row(1).number).unwrap(), None);
}

#[test]
fn a_name_that_disagrees_with_the_one_on_file_is_held_and_the_answer_tells_nothing() {
    let mut city = City::new();
    city.import("a.csv", &[row(1)]);
    let mut other = row(1);
    other.name = "李四".to_owned();
    other.document = "云交罚〔2026〕7号".to_owned();
    let mut missing = row(2);
    missing.number = String::new();
    let mut wrong = row(3);
    wrong.number.replace_range(17.., if wrong.number.ends_with('1') { "2" } else { "1" });
    let report = city.import("b.csv", &[other, missing, wrong]).quality;
    assert_eq!(report.counts.held, 3, "{report:#?}");
    let said: std::collections::BTreeSet<_> = report.held.iter().map(|h| h.say.zh.as_str()).collect();
    assert_eq!(said.into_iter().collect::<Vec<_>>(), ["待核验身份"]);
    assert_eq!(versions(&city, &row(1).number).len(), 1);
}

#[test]
fn minors_and_public_security_rows_leave_no_value_anywhere() {
    let mut city = City::new();
    let mut minor = row(1);
    minor.number = number("20100101", 1);
    minor.facts = "小标记甲".to_owned();
    let mut security = row(2);
    security.basis = "《中华人民共和国治安管理处罚法》第二十六条".to_owned();
    security.facts = "小标记乙".to_owned();
    let mut young = row(3);
    young.number = number("20040101", 2);
    young.conduct = String::new();
    // A fault elsewhere in the row does not hide the age: then it is judged by today.
    let mut undated = row(4);
    undated.number = number("20120101", 3);
    undated.decided = "2026-02-30".to_owned();
    undated.facts = "小标记丙".to_owned();
    let path = city.write("a.csv", &csv(&[minor.clone(), security, young, undated.clone()]));
    let outcome = city.import_with(&path, |_| {}).unwrap();
    let report = &outcome.quality;
    let codes: Vec<_> = report.refused.iter().map(|r| r.faults[0].code.as_str()).collect();
    assert_eq!(codes, ["minor", "public_security", "minor"]);
    assert_eq!(report.counts.held, 1);
    let xlsx = city.dir.path().join("refused.xlsx");
    let request = chengxin_app::intake::ImportRequest {
        authority: city.office.clone(),
        item: Some("penalty".to_owned()),
        file: path,
        ..Default::default()
    };
    assert_eq!(city.installation.refused_xlsx(&city.officer(), &request, &outcome, &xlsx).unwrap(), 3);
    let said = serde_json::to_string(report).unwrap();
    let mut held = said.into_bytes();
    let unzipped = chengxin_sheet::Source::open(&xlsx, None, &chengxin_sheet::Limits::default()).unwrap();
    for row in unzipped.head().iter() {
        row.fields().for_each(|f| held.extend_from_slice(f.as_bytes()));
    }
    held.extend(city.everything_stored());
    for secret in ["小标记甲", "小标记乙", "小标记丙", &minor.number, &undated.number] {
        assert!(!held.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} was kept");
    }
}

#[test]
fn no_value_of_a_record_stands_in_the_database_in_clear() {
    let mut city = City::new();
    let mut r = row(1);
    r.facts = "非常特别的事实".to_owned();
    city.import("a.csv", &[r.clone()]);
    let bytes = city.everything_stored();
    assert!(bytes.windows(5).any(|w| w == b"a.csv"), "what stands there in clear is found");
    for secret in [r.facts.as_str(), r.number.as_str(), "周明"] {
        assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret}");
    }
}

#[test]
fn unlisted_and_forbidden_columns_are_neither_read_nor_stored_and_are_named() {
    let mut city = City::new();
    let text = csv(&[row(1)]).replace("CZBS\n", "CZBS,宗教信仰,手机壳颜色\n").replace(",\n", ",,某教,蓝\n");
    let path = city.write("a.csv", &text);
    let report = city.import_with(&path, |_| {}).unwrap().quality;
    assert_eq!((report.counts.new, report.counts.refused), (1, 0), "{report:#?}");
    let column = |name: &str| report.columns.iter().find(|c| c.heading == name).unwrap().clone();
    assert!(column("宗教信仰").forbidden && column("宗教信仰").field.is_none());
    assert!(!column("手机壳颜色").forbidden && column("手机壳颜色").field.is_none());
    assert_eq!(report.warnings.len(), 2);
}

#[test]
fn who_sent_a_submission_does_not_release_it_and_recall_leaves_nothing() {
    let mut city = City::new();
    let report = city.import("a.csv", &[row(1), row(2)]).quality;
    let id = report.submission.unwrap();
    let mut same = city.second();
    same.actor = "zhou".to_owned();
    assert_eq!(city.installation.submission_release(&same, id).unwrap_err().kind, Kind::Forbidden);
    let second = city.second();
    city.installation.submission_recall(&second, id, "发错了文件").unwrap();
    assert_eq!(city.installation.find_subject(DocumentKind::ResidentId, &row(1).number).unwrap(), None);
    assert_eq!(city.installation.submission_release(&second, id).unwrap_err().kind, Kind::Conflict);
    let again = city.import("a.csv", &[row(1), row(2)]).quality;
    assert_eq!(again.counts.new, 2);
    let id = again.submission.unwrap();
    assert_eq!(city.installation.submission_release(&second, id).unwrap(), 2);
    assert_eq!(city.installation.submission_recall(&second, id, "晚了").unwrap_err().kind, Kind::Conflict);
}

#[test]
fn another_office_can_neither_see_nor_release_it() {
    let mut city = City::new();
    let id = city.import("a.csv", &[row(1)]).quality.submission.unwrap();
    let stranger = city::caller(chengxin_core::Role::Decider, "wu", Some("11990000MB0000002C"));
    assert_eq!(city.installation.submission_release(&stranger, id).unwrap_err().kind, Kind::NotFound);
    assert!(city.installation.submission_list(&stranger).unwrap().is_empty());
}

#[test]
fn three_times_the_usual_volume_needs_a_reason_and_goes_on_with_one() {
    let mut city = City::new();
    let rows: Vec<_> = (1..=40).map(row).collect();
    city.import("a.csv", &rows);
    let many: Vec<_> = (1..=200).map(row).collect();
    let path = city.write("b.csv", &csv(&many));
    let dry = city.import_with(&path, |r| r.dry_run = true).unwrap().quality;
    assert_eq!(dry.warnings.len(), 1);
    assert_eq!(city.import_with(&path, |_| {}).unwrap_err().kind, Kind::Conflict);
    let report = city.import_with(&path, |r| r.reason = "补报上季度".to_owned()).unwrap().quality;
    assert_eq!((report.counts.new, report.counts.unchanged), (160, 40));
}

#[test]
fn made_up_numbers_are_refused_in_production() {
    let mut city = City::with(Mode::Production, Profile::Intl);
    let report = city.import("a.csv", &[row(1)]).quality;
    assert_eq!(report.refused[0].faults[0].code, "synthetic_number");
}

#[test]
fn a_dry_run_says_what_a_real_run_says_and_writes_nothing() {
    for profile in [Profile::Intl, Profile::Gm] {
        let mut city = City::with(Mode::Synthetic, profile);
        let mut rows: Vec<_> = (1..=30).map(row).collect();
        rows[4].decided = "2026-02-30".to_owned();
        rows[5].kind = "打屁股".to_owned();
        rows[6].kind = "罚款；没收违法所得".to_owned();
        rows[7].fine = "一百".to_owned();
        rows[8].number = String::new();
        rows[9].decided = "２０２６年９月１日".to_owned();
        let path = city.write("a.csv", &csv(&rows));
        let mut dry = city.import_with(&path, |r| r.dry_run = true).unwrap().quality;
        let reader = ReadStore::open(city.installation.database()).unwrap();
        assert!(!reader.view().any_subject().unwrap());
        let real = city.import_with(&path, |_| {}).unwrap().quality;
        (dry.dry_run, dry.submission, dry.root) = (false, real.submission, real.root.clone());
        dry.needs_release = real.needs_release;
        assert_eq!(dry, real);
        assert_eq!(real.counts.held, 1);
    }
}

#[test]
fn the_receipt_is_signed_and_a_changed_receipt_is_found_out() {
    let mut city = City::new();
    let receipt = city.import("a.csv", &[row(1)]).receipt.unwrap();
    let trust = city.installation.keys().provider().trust_list().clone();
    let envelope = chengxin_seal::SignedEnvelope::from_json(receipt.as_bytes()).unwrap();
    let verified = chengxin_seal::verify_envelope(&envelope, &trust).unwrap();
    assert_eq!(verified.payload_type, chengxin_app::intake::RECEIPT_TYPE);
    let mut forged = envelope.clone();
    forged.payload = String::from_utf8(forged.payload).unwrap().replace("\"new\":1", "\"new\":2").into_bytes();
    assert!(chengxin_seal::verify_envelope(&forged, &trust).is_err());
}

#[test]
fn a_held_row_is_attached_on_evidence_and_its_record_shows_after_release() {
    use chengxin_app::held::HeldDecision;
    let mut city = City::new();
    let mut missing = row(1);
    missing.number = String::new();
    let report = city.import("a.csv", &[missing]).quality;
    let clerk = city::caller(chengxin_core::Role::IdentityClerk, "sun", None);
    let held = city.installation.held_list(&clerk).unwrap();
    assert_eq!(held.len(), 1);
    let attach = HeldDecision::Attach {
        kind: DocumentKind::ResidentId,
        number: row(1).number,
        further_name: false,
        of_age: false,
    };
    let id = held[0].id;
    let early = city.installation.held_resolve(&clerk, id, &attach, "调取原始案卷").unwrap_err();
    assert_eq!(early.kind, Kind::Conflict);
    let second = city.second();
    city.installation.submission_release(&second, report.submission.unwrap()).unwrap();
    assert_eq!(city.installation.held_resolve(&clerk, id, &attach, " ").unwrap_err().kind, Kind::Invalid);
    city.installation.held_resolve(&clerk, id, &attach, "调取原始案卷").unwrap();
    assert_eq!(versions(&city, &row(1).number), [(1, 1)]);
    let mut resent = row(1);
    resent.time = "2026-09-05 10:00:00".to_owned();
    let again = city.import("b.csv", &[resent]).quality;
    assert_eq!((again.counts.unchanged, again.counts.changed), (1, 0), "only the time at the source differs");
    assert_eq!(city.installation.held_resolve(&clerk, id, &attach, "再来").unwrap_err().kind, Kind::NotFound);
}

#[test]
fn held_rows_are_deleted_at_their_deadline() {
    use chengxin_app::{FixedClock, Installation};
    use std::sync::Arc;
    let mut city = City::new();
    let mut missing = row(1);
    missing.number = String::new();
    city.import("a.csv", &[missing]);
    let dir = city.installation.dir().to_owned();
    let clerk = city::caller(chengxin_core::Role::IdentityClerk, "sun", None);
    assert_eq!(city.installation.held_purge(&clerk).unwrap(), (0, 0));
    let later = Arc::new(FixedClock::on(jiff::civil::date(2027, 3, 1)));
    let mut installation = Installation::open(&dir, later).unwrap();
    assert_eq!(installation.held_purge(&clerk).unwrap().0, 1);
    assert!(installation.held_list(&clerk).unwrap().is_empty());
}

#[test]
fn a_fault_does_not_hide_a_public_security_row_from_the_door() {
    let mut city = City::new();
    let (mut long, mut detained) = (row(1), row(2));
    long.basis = format!("《中华人民共和国治安管理处罚法》{}", "长".repeat(5_000));
    detained.kind = "行政拘留及其他".to_owned();
    let report = city.import("a.csv", &[long, detained]).quality;
    let codes: Vec<_> = report.refused.iter().map(|r| r.faults[0].code.as_str()).collect();
    assert_eq!(codes, ["public_security", "public_security"]);
}
