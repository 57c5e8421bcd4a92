//! Input that means harm, or is merely broken.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::visitor::{Answer, site};

fn told_nothing(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
    assert!(answer.body.contains("没有找到"), "{what}");
    for leak in ["chengxin.db", "root:", "panicked", "SELECT", "sqlite"] {
        assert!(!answer.body.contains(leak), "{what}: {leak}");
    }
}

#[tokio::test]
async fn codes_that_lead_nowhere_are_answered_alike() {
    let site = site();
    let code = site.report.verification_code.replace('-', "");
    let other = format!("{}{}", &code[..26], if code.ends_with("00") { "01" } else { "00" });
    let long = "7".repeat(20_000);
    let mut bodies = Vec::new();
    for path in [
        other.as_str(),
        "X",
        "..%2F..%2Fetc%2Fpasswd",
        "%00",
        "%0d%0aSet-Cookie:%20a=b",
        "'%20OR%201=1--",
        "%F0%9F%92%A9",
        &long,
    ] {
        let answer = site.get(&format!("/v/{path}")).await;
        told_nothing(&answer, path);
        assert!(answer.header("set-cookie").is_empty());
        let main = answer.body.split("<main").nth(1).unwrap().to_owned();
        bodies.push(main);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "one answer for all");
}

#[tokio::test]
async fn paths_lead_nowhere_but_to_pages() {
    let site = site();
    for path in [
        "/../keys.json",
        "/assets/../../keys.json",
        "/assets/%2e%2e%2fkeys.json",
        "/keys.json",
        "/chengxin.db",
        "/v/",
        "/v/a/b",
        "//",
        "/.git/config",
    ] {
        told_nothing(&site.get(path).await, path);
    }
    // A page that is not there links to our own pages only.
    let elsewhere = site.get("//elsewhere.example/x").await;
    assert!(!elsewhere.body.contains("elsewhere"), "{}", elsewhere.body);
    // A path that is no text at all.
    assert_eq!(site.get("/v/%ff%fe").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn bodies_that_are_too_large_or_broken_are_refused_in_words() {
    let site = site();
    let path = site.page();
    let large = site.upload(&path, &vec![b'x'; 20 * 1024 * 1024 + 1]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.body.contains("20 MB"));
    let larger = site.upload(&path, &vec![b'x'; 21 * 1024 * 1024]).await;
    assert_eq!(larger.status, StatusCode::PAYLOAD_TOO_LARGE);
    let allowed = site.upload(&path, &vec![b'x'; 20 * 1024 * 1024]).await;
    assert_eq!(allowed.status, StatusCode::OK);

    let form = |body: &str| format!("extract={body}");
    assert_eq!(site.form(&path, &form(&"1".repeat(100_000))).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    for (kind, body) in [
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=b", "--b\r\nbroken"),
        ("application/json", "{"),
        ("application/json", "{\"extract\":1}"),
        ("text/plain", "extract=1"),
        ("application/xml", "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>"),
    ] {
        let request = Request::post(&path).header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        let answer = site.ask(request).await;
        assert!(answer.status.is_client_error(), "{kind} {body}: {}", answer.status);
        assert!(answer.body.contains("<html lang=\"zh-CN\">"), "{kind}: {}", answer.body);
    }
    let none_sent = site.ask(Request::post(&path).body(Body::empty()).unwrap()).await;
    assert!(none_sent.status.is_client_error());
}

#[tokio::test]
async fn extract_codes_of_any_shape_are_only_wrong() {
    let site = site();
    for code in ["%00", "%0d%0a", "%F0%9F%92%A9", "UUUUUUUU", "%ff"] {
        let answer = site.form(&site.page(), &format!("extract={code}")).await;
        let refused = [StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS, StatusCode::UNPROCESSABLE_ENTITY];
        assert!(refused.contains(&answer.status), "{code}: {}", answer.status);
    }
}

#[tokio::test]
async fn guessing_codes_is_slowed_for_the_whole_process() {
    let site = site();
    let mut refused = None;
    for guess in 0..400 {
        let answer = site.get(&format!("/v/{guess}")).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some((guess, answer));
            break;
        }
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let (guess, answer) = refused.unwrap();
    assert_eq!(guess, 200);
    assert!(answer.body.contains("过于频繁") && answer.header("retry-after") == "1");
    // Meanwhile a true code is told apart from a wrong one by nothing.
    assert_eq!(site.get(&site.page()).await.status, StatusCode::TOO_MANY_REQUESTS);
    let json = site.get_json(&site.page()).await;
    assert_eq!((json.status, json.header("content-type")), (StatusCode::TOO_MANY_REQUESTS, "application/problem+json"));
    assert_eq!(site.get("/verify").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_damaged_database_is_a_refusal_in_words_without_detail() {
    let site = site();
    for name in ["chengxin.db", "chengxin.db-wal", "chengxin.db-shm"] {
        let path = site.city.dir.path().join(name);
        if path.exists() {
            let length = std::fs::metadata(&path).unwrap().len() as usize;
            std::fs::write(&path, vec![0xaa; length]).unwrap();
        }
    }
    let answer = site.get(&site.page()).await;
    assert!(answer.status.is_server_error(), "{}", answer.status);
    assert!(answer.body.contains("<html lang=\"zh-CN\">") && !answer.body.contains(".db"), "{}", answer.body);
    assert!(site.get("/health").await.status.is_server_error());
}
