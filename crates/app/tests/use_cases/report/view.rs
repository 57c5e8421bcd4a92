//! The page behind the QR code.

use chengxin_app::Kind;
use chengxin_app::report::{Comparison, Extract, IssuedReport, ReportStatus};
use chengxin_core::{Caller, Ground, Role, Standing};
use jiff::civil::date;

use super::fixture::{City, TODAY, WANG, WANG_NAME, about, public, resident};

fn issued() -> (City, IssuedReport, super::fixture::Record) {
    let mut city = City::new();
    let (fine, _) = city.wang();
    let report = city.installation.report_issue(&resident(), &about(WANG)).unwrap();
    (city, report, fine)
}

fn extract(city: &mut City, report: &IssuedReport, code: &str) -> Extract {
    city.installation.report_view(&public(), &report.verification_code, Some(code)).unwrap().extract
}

/// Another extract code than the report's own.
fn wrong(report: &IssuedReport) -> String {
    if report.extract_code.starts_with('2') {
        report.extract_code.replacen('2', "3", 1)
    } else {
        format!("2{}", &report.extract_code[1..])
    }
}

#[test]
fn without_an_extract_code_the_page_says_nothing_about_the_person() {
    let (mut city, report, fine) = issued();
    let page = city.installation.report_view(&public(), &report.verification_code, None).unwrap();
    assert_eq!((page.status, &page.extract), (ReportStatus::Valid, &Extract::NotGiven));
    assert_eq!(
        (page.number.as_str(), page.content_sha256.as_str()),
        (report.number.as_str(), report.content_hash.as_str())
    );
    let json = serde_json::to_string(&page).unwrap();
    for private in [WANG_NAME, "990***", "罚款", "市场监督", "公共资源", "应聘"] {
        assert!(!json.contains(private), "{private}");
    }
    let log = city.log(&fine.row.subject_id);
    assert_eq!(log.last().unwrap().operation, "report_view");
    assert!(log.last().unwrap().detail.contains("\"shown\":\"status\""));
}

#[test]
fn the_extract_code_shows_what_the_true_report_says_and_the_look_is_logged() {
    let (mut city, report, fine) = issued();
    let lower = report.extract_code.to_lowercase().replace('-', " ");
    let Extract::Shown { content, taken_out } = extract(&mut city, &report, &lower) else { panic!("not shown") };
    assert_eq!((*content, taken_out), (report.content.clone(), 0));
    let log = city.log(&fine.row.subject_id);
    let last = log.last().unwrap();
    assert!(
        last.detail.contains("\"shown\":\"content\"") && last.detail.contains(&report.content.records()[0].0),
        "{}",
        last.detail
    );
}

#[test]
fn a_record_that_was_withdrawn_since_is_not_read_from_the_old_report() {
    let (mut city, report, fine) = issued();
    city.next(&fine, |row| row.state = 2);
    let page = city.installation.report_view(&public(), &report.verification_code, Some(&report.extract_code)).unwrap();
    assert_eq!(page.status, ReportStatus::ChangedSince);
    let Extract::Shown { content, taken_out } = page.extract else { panic!("not shown") };
    assert_eq!((content.entry_count(), taken_out), (1, 1));
    assert!(!serde_json::to_string(&content).unwrap().contains("示市监罚字"));
}

#[test]
fn a_record_whose_last_day_is_over_is_not_read_from_the_old_report() {
    let mut city = City::new();
    let subject = city.person(WANG, WANG_NAME);
    let values = [
        ("CF_XDR_MC", WANG_NAME),
        ("CF_XDR_LB", "自然人"),
        ("CF_WSH", "警1"),
        ("CF_CFLB", "警告"),
        ("CF_JDRQ", "2026-03-20"),
        ("CF_CFJG", "某局"),
    ];
    city.record(subject, "penalty", date(2026, 3, 20), &values);
    let report = city.installation.report_issue(&resident(), &about(WANG)).unwrap();
    assert_eq!(report.content.entry_count(), 1);
    let mut city = city.on(date(2026, 6, 20));
    assert!(
        matches!(extract(&mut city, &report, &report.extract_code), Extract::Shown { taken_out: 0, .. }),
        "its last day"
    );
    let mut city = city.on(date(2026, 6, 21));
    assert!(matches!(extract(&mut city, &report, &report.extract_code), Extract::Shown { taken_out: 1, .. }));
}

#[test]
fn wrong_extract_codes_cost_longer_and_longer_pauses_even_for_the_right_one() {
    let (mut city, report, fine) = issued();
    assert_eq!(extract(&mut city, &report, &wrong(&report)), Extract::Wrong { again_at_us: None });
    assert_eq!(extract(&mut city, &report, "?"), Extract::Wrong { again_at_us: None });
    let now_us = city.installation.now_us();
    let until_us = now_us + 30_000_000;
    assert_eq!(extract(&mut city, &report, &wrong(&report)), Extract::Wrong { again_at_us: Some(until_us) });
    assert_eq!(extract(&mut city, &report, &report.extract_code), Extract::Paused { until_us });
    // What tells nothing about the person is answered meanwhile.
    assert!(city.installation.report_view(&public(), &report.verification_code, None).is_ok());
    let mut city = city.seconds_later(30);
    let again_at_us = Some(now_us + 30_000_000 + 60_000_000);
    assert_eq!(extract(&mut city, &report, &wrong(&report)), Extract::Wrong { again_at_us });
    let mut city = city.seconds_later(30 + 60);
    assert!(matches!(extract(&mut city, &report, &report.extract_code), Extract::Shown { .. }));
    // After the right one the count begins anew.
    assert_eq!(extract(&mut city, &report, &wrong(&report)), Extract::Wrong { again_at_us: None });
    let wrong = city
        .log(&fine.row.subject_id)
        .iter()
        .filter(|entry| entry.detail.contains("\"extract_code\":\"wrong\""))
        .count();
    assert_eq!(wrong, 5, "each wrong code is a line that the person reads");
}

#[test]
fn the_extract_code_of_another_report_opens_nothing() {
    let (mut city, one, _) = issued();
    let other = city.installation.report_issue(&resident(), &about(WANG)).unwrap();
    assert!(matches!(extract(&mut city, &one, &other.extract_code), Extract::Wrong { .. }));
}

#[test]
fn a_withdrawn_or_expired_report_shows_its_status_and_its_content_to_nobody() {
    let (mut city, report, _) = issued();
    city.installation.report_withdraw(&resident(), &report.verification_code).unwrap();
    let page = city.installation.report_view(&public(), &report.verification_code, Some(&report.extract_code)).unwrap();
    assert_eq!((page.status, page.extract), (ReportStatus::Withdrawn, Extract::Closed));

    let (city, report, _) = issued();
    let mut city = city.on(date(2026, 7, 11));
    let page = city.installation.report_view(&public(), &report.verification_code, Some(&report.extract_code)).unwrap();
    assert_eq!((page.status, page.extract), (ReportStatus::Expired, Extract::Closed));
}

#[test]
fn every_code_that_leads_nowhere_is_answered_in_the_same_words() {
    let (mut city, report, _) = issued();
    let stranger = City::new().installation.report_issue(&resident(), &about(WANG)).unwrap();
    let cut = &report.verification_code[..10];
    let long = "0".repeat(100_000);
    let mut sentences = Vec::new();
    for code in [&stranger.verification_code, cut, "", "../../etc/passwd", "\0", &long, "' OR 1=1 --"] {
        let error = city.installation.report_view(&public(), code, Some("x")).map(|page| page.number).unwrap_err();
        assert_eq!(error.kind, Kind::NotFound);
        sentences.push(error.public);
    }
    sentences.dedup();
    assert_eq!(sentences.len(), 1);
}

#[test]
fn withdrawing_takes_the_code_or_the_credit_office_and_happens_once() {
    let (mut city, report, fine) = issued();
    let by_number = city.installation.report_withdraw(&resident(), &report.number).unwrap_err();
    assert_eq!(by_number.kind, Kind::NotFound, "a number is no proof that the report is one's own");
    assert_eq!(
        city.installation.report_withdraw(&public(), &report.verification_code).unwrap_err().kind,
        Kind::Forbidden
    );
    let office = Caller {
        actor: "周".into(),
        role: Role::CreditOffice,
        authority: None,
        purpose: "误发".into(),
        ground: Ground::Duty("order-36#procedure".into()),
        standing: Standing::Console,
    };
    city.installation.report_withdraw(&office, &report.number).unwrap();
    assert_eq!(city.installation.report_withdraw(&office, &report.number).unwrap_err().kind, Kind::Conflict);
    let last = city.log(&fine.row.subject_id).pop().unwrap();
    assert_eq!(last.operation, "report_withdraw");
    assert!(last.detail.contains(&report.number));
}

#[test]
fn a_dropped_file_is_the_issued_one_or_it_is_not() {
    let (mut city, report, _) = issued();
    let other = city.installation.report_issue(&resident(), &about(WANG)).unwrap();
    let compare = |file: &[u8]| city.installation.report_compare(&public(), &report.verification_code, file).unwrap();
    assert_eq!(compare(&report.pdf), Comparison::SamePdf);
    assert_eq!(compare(report.json.as_bytes()), Comparison::SameContent);
    assert_eq!(compare(report.pdf_signature.as_bytes()), Comparison::SameSignature);
    let mut altered = report.pdf.clone();
    altered[TODAY.day() as usize * 50] ^= 1;
    for file in [&altered[..], &other.pdf, other.json.as_bytes(), other.pdf_signature.as_bytes(), b"", b"{}"] {
        assert_eq!(compare(file), Comparison::Different);
    }
}
