//! The page behind the QR code.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chengxin_core::{Caller, Role};

use crate::fixture::{City, WANG, WANG_NAME, about, resident};
use crate::visitor::{Site, site, site_of};

/// Everything about the person or their records that the report holds.
const PRIVATE: [&str; 6] = [WANG_NAME, "990***", "罚款", "市场监督管理局", "公共资源交易中心", "应聘"];

async fn extract(site: &Site, code: &str) -> crate::visitor::Answer {
    site.form(&site.page(), &format!("extract={code}")).await
}

fn wrong(site: &Site) -> String {
    let right = &site.report.extract_code;
    format!("{}{}", if right.starts_with('2') { "3" } else { "2" }, &right[1..])
}

#[tokio::test]
async fn the_page_behind_the_code_reveals_no_name_number_or_record() {
    let site = site();
    for answer in [site.get(&site.page()).await, site.get_json(&site.page()).await] {
        assert_eq!(answer.status, StatusCode::OK);
        for private in PRIVATE {
            assert!(!answer.body.contains(private), "{private}");
        }
        assert!(answer.body.contains(&site.report.number) && answer.body.contains(&site.report.content_hash));
    }
    let json = site.get_json(&site.page()).await.json();
    assert_eq!(json["status"], "valid");
    assert_eq!(json["extract"]["outcome"], "not_given");
}

#[tokio::test]
async fn the_extract_code_shows_what_the_true_report_says() {
    let site = site();
    let answer = extract(&site, &site.report.extract_code).await;
    assert_eq!(answer.status, StatusCode::OK);
    for shown in [
        WANG_NAME,
        "990*************17",
        "示市监罚字〔2026〕118号",
        "20,000.00 元",
        "行政复议",
        "2027年5月8日为最后展示日",
    ] {
        assert!(answer.body.contains(shown), "{shown}");
    }
    assert!(!answer.body.contains(WANG), "never the full number");
    assert!(!answer.body.contains(&format!("{WANG_NAME}</title>")), "no name in a title");
    let title = answer.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert!(!title.contains(WANG_NAME), "{title}");

    let english =
        site.form(&format!("{}?lang=en", site.page()), &format!("extract={}", site.report.extract_code)).await;
    assert!(english.body.contains("CNY 20,000.00") && english.body.contains("last shown on 8 May 2027"));

    let request = Request::post(site.page()).header(header::ACCEPT, "application/json");
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let body = format!("{{\"extract\":\"{}\"}}", site.report.extract_code);
    let json = site.ask(request.body(Body::from(body)).unwrap()).await.json();
    assert_eq!(json["extract"]["content"]["subject"]["name"], WANG_NAME);
}

#[tokio::test]
async fn a_wrong_extract_code_is_refused_and_too_many_pause_the_page() {
    let site = site();
    for _ in 0..2 {
        let answer = extract(&site, &wrong(&site)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.body.contains("提取码不正确") && answer.header("retry-after").is_empty());
    }
    let third = extract(&site, "").await;
    assert_eq!((third.status, third.header("retry-after")), (StatusCode::FORBIDDEN, "30"));
    let paused = extract(&site, &site.report.extract_code).await;
    assert_eq!((paused.status, paused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "30"));
    assert!(paused.body.contains("2026-06-10 09:00:30"), "says until when");
    for private in PRIVATE {
        assert!(!paused.body.contains(private), "{private}");
    }
    assert_eq!(site.get(&site.page()).await.status, StatusCode::OK, "the status is still told");
}

#[tokio::test]
async fn each_status_is_told_with_what_it_means() {
    let mut city = City::new();
    let (fine, _) = city.wang();
    let mut site = site_of(city);
    assert!(site.get(&site.page()).await.body.contains("至今没有变化"));

    site.city.next(&fine, |row| row.state = 2);
    let changed = site.get(&site.page()).await.body;
    assert!(changed.contains("出具后有变化") && changed.contains("索取新的报告"));
    let shown = extract(&site, &site.report.extract_code).await.body;
    assert!(
        shown.contains("食品经营许可证") && !shown.contains("示市监罚字"),
        "a withdrawn record is not read from an old report"
    );

    let representative = Caller { role: Role::Resident, ..resident() };
    site.city.installation.report_withdraw(&representative, &site.report.verification_code).unwrap();
    let withdrawn = extract(&site, &site.report.extract_code).await;
    assert!(withdrawn.body.contains("已经作废") && !withdrawn.body.contains(WANG_NAME));
    assert_eq!(site.get_json(&site.page()).await.json()["status"], "withdrawn");
}

#[tokio::test]
async fn a_dropped_file_is_told_to_be_the_issued_one_or_not() {
    let mut site = site();
    let path = site.page();
    let same = site.upload(&path, &site.report.pdf).await;
    assert_eq!(same.status, StatusCode::OK);
    assert!(same.body.contains("就是平台出具的那份 PDF"));
    assert!(site.upload(&path, site.report.json.as_bytes()).await.body.contains("就是平台签名的那份内容"));
    assert!(site.upload(&path, site.report.pdf_signature.as_bytes()).await.body.contains("签名文件"));

    let mut altered = site.report.pdf.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let other = site.city.installation.report_issue(&resident(), &about(WANG)).unwrap();
    for file in [&altered[..], &other.pdf, b"x"] {
        let answer = site.upload(&path, file).await;
        assert!(answer.body.contains("不是平台出具的那份文件"));
        for private in PRIVATE {
            assert!(!answer.body.contains(private), "{private}");
        }
    }
    assert_eq!(site.upload(&path, b"").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn every_look_is_a_line_in_the_log_of_the_person() {
    let site = site();
    site.get(&site.page()).await;
    extract(&site, &site.report.extract_code).await;
    extract(&site, &wrong(&site)).await;
    let subject =
        site.city.installation.find_subject(chengxin_core::identity::DocumentKind::ResidentId, WANG).unwrap().unwrap();
    let log = site.city.log(&subject);
    let looks: Vec<_> =
        log.iter().filter(|entry| entry.operation == "report_view").map(|entry| entry.detail.as_str()).collect();
    assert_eq!(looks.len(), 3);
    assert!(
        looks[0].contains("\"shown\":\"status\"")
            && looks[1].contains("\"shown\":\"content\"")
            && looks[2].contains("wrong")
    );
}

#[tokio::test]
async fn what_people_wrote_is_shown_as_text() {
    let mut city = City::new();
    city.wang();
    let mut request = about(WANG);
    request.recipient = "<img src=x onerror=alert(1)>&\"'".into();
    let mut site = site_of(city);
    site.report = site.city.installation.report_issue(&resident(), &request).unwrap();
    let answer = extract(&site, &site.report.extract_code).await;
    assert!(!answer.body.contains("<img") && answer.body.contains("&#60;img src=x"));
}
