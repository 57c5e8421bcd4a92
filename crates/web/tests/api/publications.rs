//! What is published, over the interface for programs.

use axum::http::StatusCode;
use serde_json::json;

use crate::city::{City, firm};
use crate::desk::DAY;
use crate::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_reads_what_is_published_without_signing_in_and_is_told_when_it_is_over() {
    let mut city = City::new();
    city.import_firms("firms.csv", &[firm(1), firm(2), firm(3)]);
    let mut site = Site::over(city);
    let first = site.ask("", "GET /publications?item=penalty&limit=2", None).await.expect(200);
    assert_eq!(first["entries"].as_array().unwrap().len(), 2, "{first:#}");
    let cursor = first["next"].as_str().unwrap();
    let rest = site.ask("", &format!("GET /publications?item=penalty&limit=2&cursor={cursor}"), None).await.expect(200);
    assert_eq!((rest["entries"].as_array().unwrap().len(), rest["next"].is_null()), (1, true));
    let code = first["entries"][0]["code"].as_str().unwrap().to_owned();
    let entry = site.ask("", &format!("GET /publications/{code}"), None).await.expect(200);
    assert_eq!(entry["clause"]["cite"], "penalty-law#art-48");
    assert!(!entry.to_string().contains("何小雨") && !entry.to_string().contains("未按规定维护车辆"));
    for (wrong, status) in [("limit=0", 400), ("limit=51", 400), ("item=nothing", 404), ("cursor=x", 422)] {
        site.ask("", &format!("GET /publications?{wrong}"), None).await.expect(status);
    }

    let tokens = site.everybody(&crate::city::row(1).number).await;
    let token = |role: &str| tokens[role].clone();
    let decider = token("decider");
    let draft = site.ask(&decider, &format!("GET /publications/{code}/draft"), None).await.expect(200);
    let text = json!({ "version": draft["version"], "texts": { "CF_SY": "车辆未按规定维护" } });
    site.ask(&decider, &format!("POST /publications/{code}/confirmed"), Some(&text)).await.expect(200);
    let named = json!({ "version": draft["version"], "texts": { "CF_SY": "证件990000198505050778" } });
    let refused = site.ask(&decider, &format!("POST /publications/{code}/confirmed"), Some(&named)).await.expect(422);
    assert!(refused["zh"].as_str().unwrap().contains("证件号码"), "{refused:#}");
    let entry = site.ask("", &format!("GET /publications/{code}"), None).await.expect(200);
    assert!(entry.to_string().contains("车辆未按规定维护"));

    site.desk.pass(285 * DAY);
    let over = site.ask("", &format!("GET /publications/{code}"), None).await;
    assert_eq!((over.status, over.header("content-type")), (StatusCode::GONE, "application/problem+json"));
    assert!(over.body["zh"].as_str().unwrap().contains("公示已经结束"), "{:#}", over.body);
    let list = site.ask("", "GET /publications?item=penalty", None).await.expect(200);
    assert_eq!(list["entries"], json!([]));
}
