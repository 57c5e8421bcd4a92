//! Pages that are about nobody, and what every answer carries.

use axum::http::{Method, StatusCode};
use chengxin_app::report::read_trust_list;

use crate::visitor::site;

#[tokio::test]
async fn every_page_is_there_in_both_languages() {
    let site = site();
    let page = site.page();
    for path in ["/", "/verify", &page] {
        let zh = site.get(path).await;
        let en = site.get(&format!("{path}?lang=en")).await;
        assert_eq!((zh.status, en.status), (StatusCode::OK, StatusCode::OK), "{path}");
        assert!(zh.body.contains("<html lang=\"zh-CN\">") && en.body.contains("<html lang=\"en\">"));
        assert!(zh.body.contains(&format!("href=\"{path}?lang=en\"")), "{path}: link to the other language");
        assert!(en.body.contains(&format!("href=\"{path}\"")), "{path}: link back");
        for answer in [&zh, &en] {
            assert!(
                answer.body.contains("演示系统") || answer.body.contains("Demonstration"),
                "synthetic data are named"
            );
            assert_eq!(answer.body.matches("<h1>").count(), 1);
            assert!(answer.header("content-type").starts_with("text/html"));
        }
    }
    let home = site.get("/").await.body;
    assert!(home.contains("不是信用评分"));
    assert!(site.get("/?lang=en").await.body.contains("not a score"));
}

#[tokio::test]
async fn every_answer_protects_its_reader() {
    let site = site();
    let page = site.page();
    for path in
        ["/", "/verify", &page, "/trust.json", "/health", "/assets/style.css", "/assets/script.js", "/no-such", "/v/X"]
    {
        let answer = site.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(answer.header("x-robots-tag").contains("noindex"), "{path}");
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{path}");
        let cache = answer.header("cache-control");
        assert!(
            if path.starts_with("/assets/") { cache.contains("immutable") } else { cache.contains("no-store") },
            "{path}: {cache}"
        );
        // What the policy forbids must not be there either.
        for inline in ["<script>", "<style", " style=", " onclick", "javascript:", "http://"] {
            assert!(!answer.body.contains(inline), "{path}: {inline}");
        }
        let ours = answer.body.matches("<script src=\"/assets/script.js?v=").count();
        assert_eq!(answer.body.matches("<script").count(), ours, "{path}: no script but ours");
        assert!(answer.header("set-cookie").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_typed_code_leads_to_its_page_and_a_mistyped_one_is_given_back() {
    let site = site();
    let typed = site.report.verification_code.to_lowercase().replace('-', "+");
    let answer = site.form("/verify", &format!("code={typed}")).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, site.page().as_str()));
    let answer = site.form("/verify?lang=en", &format!("code={typed}")).await;
    assert_eq!(answer.header("location"), format!("{}?lang=en", site.page()));
    // The whole address is taken, too: people copy what they see.
    let answer = site.form("/verify", &format!("code={}", site.report.verify_url.replace(':', "%3A"))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);

    let answer = site.form("/verify", "code=%3Cb%3E+12").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("核验码有误") && answer.body.contains("aria-invalid"));
    assert!(!answer.body.contains("<b> 12") && answer.body.contains("&#60;b&#62; 12"), "given back, escaped");
    assert_eq!(site.form("/verify", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn public_keys_and_health_are_json() {
    let site = site();
    let trust = site.get("/trust.json").await;
    assert_eq!(trust.header("content-type"), "application/json");
    assert_eq!(read_trust_list(trust.body.as_bytes()).unwrap().keys().len(), 1);
    let health = site.get("/health").await;
    assert_eq!((health.status, health.json()["status"].as_str()), (StatusCode::OK, Some("ok")));
    assert!(site.get("/robots.txt").await.body.contains("Disallow: /"));
}

#[tokio::test]
async fn what_is_not_there_is_said_in_both_languages_and_as_a_problem_document() {
    let site = site();
    let zh = site.get("/no-such").await;
    assert_eq!(zh.status, StatusCode::NOT_FOUND);
    assert!(zh.body.contains("没有找到") && zh.body.contains("<html lang=\"zh-CN\">"));
    assert!(site.get("/no-such?lang=en").await.body.contains("Not found"));
    let json = site.get_json("/no-such?lang=en").await;
    assert_eq!(json.header("content-type"), "application/problem+json");
    assert_eq!((json.json()["status"].as_u64(), json.json()["title"].as_str()), (Some(404), Some("Not found")));

    let wrong = site.method(Method::POST, "/").await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(
        wrong.body.contains("不支持的请求方法") && wrong.header("allow").contains("GET"),
        "{}",
        wrong.header("allow")
    );
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
        assert_eq!(site.method(method.clone(), &site.page()).await.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(site.method(Method::HEAD, "/").await.status, StatusCode::OK);
}
