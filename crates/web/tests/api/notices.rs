//! Notices over the interface: read by whom they are for, served by the authority, with channels of one's own.

use chengxin_core::{Caller, Role};
use serde_json::json;

use crate::city::{City, csv, row};
use crate::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_reads_what_they_are_told_and_an_office_serves_what_nobody_read() {
    let mut city = City::new();
    let path = city.write("a.csv", &csv(&[row(1), row(2)]));
    city.import_with(&path, |_| {}).unwrap();
    city.release();
    while city.installation.job_run(&Caller::operator("operator", "test"), "one").unwrap().done > 0 {}
    let mut site = Site::over(city);
    let zhou = site.resident(&row(1).number, "zhou").await;
    let li = site.resident(&row(2).number, "lihua").await;
    let clerk = site.officer(Role::Clerk, "clerk").await;
    let officer = site.officer(Role::DataOfficer, "officer").await;

    let letters = site.ask(&officer, "GET /notices/undelivered", None).await.expect(200);
    assert_eq!(letters["items"].as_array().unwrap().len(), 2);
    assert!(!letters.to_string().contains("周明"), "{letters:#}");
    let listed = site.ask(&zhou, "GET /me/notices", None).await.expect(200);
    assert_eq!(listed["items"][0]["delivery"], "not_delivered");
    let notice = listed["items"][0]["notice"].as_str().unwrap().to_owned();
    site.ask(&li, &format!("GET /me/notices/{notice}"), None).await.expect(404);
    site.ask(&officer, &format!("GET /me/notices/{notice}"), None).await.expect(403);
    let shown = site.ask(&zhou, &format!("GET /me/notices/{notice}"), None).await.expect(200);
    assert_eq!((&shown["delivery"], &shown["kind"]), (&json!("opened"), &json!("adverse_record")));
    assert!(shown["parts"].as_array().unwrap().len() >= 5, "{shown:#}");

    let left = site.ask(&officer, "GET /notices/undelivered", None).await.expect(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    let other = left["items"][0]["notice"].as_str().unwrap().to_owned();
    let (kind, pdf) = site.fetch(&clerk, &format!("/notices/{other}/letter?lang=en")).await;
    assert!(kind == "application/pdf" && pdf.starts_with(b"%PDF-"), "{kind}");
    site.ask(&officer, &format!("GET /notices/{other}/letter"), None).await.expect(403);
    let served = json!({ "on": "2026-11-21", "by": "老赵", "evidence": "送达回证1号" });
    let line = site.ask(&officer, &format!("POST /notices/{other}/served"), Some(&served)).await.expect(200);
    assert_eq!(line["delivery"], "letter");
    site.ask(&officer, &format!("POST /notices/{other}/served"), Some(&served)).await.expect(409);
    site.ask(&officer, "GET /notices", None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_adds_and_removes_channels_and_nobody_sees_anothers() {
    let mut site = Site::over(City::new());
    let zhou = site.resident(&row(1).number, "zhou").await;
    let li = site.resident(&row(2).number, "lihua").await;
    let hook = json!({ "kind": "webhook", "address": "https://hook.example.cn/in" });
    let added = site.ask(&zhou, "POST /me/channels", Some(&hook)).await.expect(201);
    assert!(added["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(added["channel"]["address"], "https://hook.example.cn/***");
    let channel = added["channel"]["channel"].as_str().unwrap().to_owned();
    site.ask(&zhou, "POST /me/channels", Some(&hook)).await.expect(409);
    let wrong = json!({ "kind": "mail", "address": "nobody" });
    site.ask(&zhou, "POST /me/channels", Some(&wrong)).await.expect(422);
    let code = json!({ "code": "00000000" });
    site.ask(&li, &format!("POST /me/channels/{channel}/proven"), Some(&code)).await.expect(404);
    site.ask(&zhou, &format!("POST /me/channels/{channel}/proven"), Some(&code)).await.expect(422);
    site.ask(&li, &format!("DELETE /me/channels/{channel}"), None).await.expect(404);
    let listed = site.ask(&zhou, "GET /me/channels", None).await.expect(200);
    assert_eq!(listed["items"][0]["stage"], "unproven");
    assert!(!listed.to_string().contains("whsec_") && !listed.to_string().contains("/in"), "{listed:#}");
    assert_eq!(site.ask(&li, "GET /me/channels", None).await.expect(200)["items"], json!([]));
    site.ask(&zhou, &format!("DELETE /me/channels/{channel}"), None).await.expect(204);
    assert_eq!(site.ask(&zhou, "GET /me/channels", None).await.expect(200)["items"], json!([]));
}
