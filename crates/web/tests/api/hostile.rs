//! What attackers send, and what is merely wrong.

use axum::body::Body;
use axum::http::{Request, header};
use chengxin_core::Role;
use serde_json::json;

use crate::city::{City, row};
use crate::site::Site;

/// The code of an office that nobody ever entered.
const STRANGE: &str = "11990000MB7777777X";

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_told_with_its_place_and_changes_nothing() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let raw = |kind: &'static str, body: Vec<u8>| {
        Request::post("/api/v1/checks")
            .header(header::AUTHORIZATION, format!("Bearer {clerk}"))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap()
    };
    let whole = json!({ "matter": "m", "document": { "number": "1" }, "name": "n", "caseNumber": "1" });
    let mut assigned = whole.clone();
    assigned["role"] = json!("administrator");
    let mut typed = whole.clone();
    typed["document"]["number"] = json!(990_000);
    let cases = [
        (raw("text/plain", b"{}".to_vec()), 415, "Content-Type"),
        (raw("application/json", b"{".to_vec()), 400, "line 1"),
        (raw("application/json", b"{\n,}".to_vec()), 400, "line 2"),
        (raw("application/json", b"{}".to_vec()), 422, "missing field"),
        (raw("application/json", assigned.to_string().into_bytes()), 422, "role"),
        (raw("application/json", typed.to_string().into_bytes()), 422, "document.number"),
        (raw("application/json", vec![b' '; 65 * 1024]), 413, "65536"),
        (raw("application/json", [0xff, 0xfe, 0x00].to_vec()), 400, "line 1"),
        (raw("application/json", format!("{}{}", "[".repeat(30_000), "]".repeat(30_000)).into_bytes()), 422, "[0]"),
    ];
    for (request, status, says) in cases {
        let answer = site.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{says}: {:#}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{says}");
        let said = answer.body["en"].as_str().unwrap();
        assert!(said.contains(says), "{said} lacks {says}");
        assert!(!answer.body["zh"].as_str().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_a_request_id_and_says_what_is_left() {
    let site = Site::over(City::new());
    let first = site.ask("", "GET /matters", None).await;
    assert_eq!(first.header("x-request-id").len(), 36);
    assert!(first.header("ratelimit").starts_with("\"client\";r="), "{}", first.header("ratelimit"));
    let tag = first.header("etag").to_owned();
    assert!(tag.len() > 8);
    let again = site.ask_as("", &[("If-None-Match", &tag)], "GET /matters", None).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, tag.as_str()));
    let other = site.ask_as("", &[("If-None-Match", "\"other\"")], "GET /matters", None).await;
    assert_eq!(other.status.as_u16(), 200);
    let zh = site.ask("", "GET /matters/none", None).await;
    let en = site.ask("", "GET /matters/none?lang=en", None).await;
    assert_eq!((zh.body["detail"].clone(), en.body["detail"].clone()), (zh.body["zh"].clone(), zh.body["en"].clone()));
    assert_eq!(zh.header("x-request-id").len(), 36, "a refusal has one too");
    assert!(zh.header("ratelimit").starts_with("\"client\";r="));
    site.ask("", "GET /nothing", None).await.expect(404);
    site.ask("", "PATCH /matters", None).await.expect(405);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_too_often_waits_and_others_do_not() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let mut refused = None;
    for _ in 0..2_000 {
        let answer = site.ask("", "GET /policy", None).await;
        if answer.status.as_u16() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("2 000 requests in a row are too many");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
    site.ask(&clerk, "GET /sessions", None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_person_is_reached_by_any_word_of_a_request() {
    let (mine, other) = (row(1), row(2));
    let mut city = City::new();
    city.import("a.csv", &[mine.clone(), other.clone()]);
    city.release();
    let mut site = Site::over(city);
    let me = site.resident(&mine.number, "zhouming").await;
    let records = site.ask(&me, "GET /me/records", None).await.expect(200).to_string();
    // Words that a careless reader of requests might believe.
    let asked = [
        format!("GET /me/records?number={0}&subject={0}&document={0}", other.number),
        format!("GET /me/records?number={0}&role=administrator", other.number),
    ];
    let strip = |text: String| {
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value["at_us"] = json!(0);
        value["atUs"] = json!(0);
        value.to_string()
    };
    for route in &asked {
        let answer = site.ask_as(&me, &[("X-Subject", &other.number)], route, None).await.expect(200).to_string();
        assert_eq!(strip(answer.clone()), strip(records.clone()));
        assert!(!answer.contains(&other.document));
    }
    site.ask_as(&me, &[("Chengxin-Role", "clerk")], "GET /me/records", None).await.expect(403);
    // An account of staff is bound to nobody, and reads nobody.
    let clerk = site.officer(Role::Clerk, "zhou").await;
    site.ask(&clerk, "GET /me/records", None).await.expect(403);
    // One's session is no key to another's.
    let others = site.resident(&other.number, "heyu").await;
    let sessions = site.ask(&others, "GET /sessions", None).await.expect(200);
    let id = sessions[0]["id"].as_str().unwrap();
    site.ask(&me, &format!("DELETE /sessions/{id}"), None).await.expect(404);
    site.ask(&others, "GET /sessions", None).await.expect(200);
    // Pieces of two tokens are none.
    let mixed = format!("{}{}", &me[..22], &others[22..]);
    site.ask(&mixed, "GET /me/records", None).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_codes_that_are_not_there_are_answered_alike() {
    let mut site = Site::over(City::new());
    site.resident(&row(1).number, "zhouming").await;
    let wrong = |login: &str| json!({ "login": login, "password": "not the password" });
    let (known, unknown) = (
        site.ask("", "POST /sessions", Some(&wrong("zhouming"))).await,
        site.ask("", "POST /sessions", Some(&wrong("nobody-at-all"))).await,
    );
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    assert_eq!(known.status.as_u16(), 403);
    for code in ["ABCD-EFGH", "", "' OR 1=1 --", "{{7*7}}", "%00", "../../etc/passwd"] {
        let answer = site.ask("", "POST /accounts/enrolments", Some(&json!({ "code": code }))).await;
        assert!([404, 429].contains(&answer.status.as_u16()), "{code}: {:#}", answer.body);
        assert!(!answer.body.to_string().contains("49"), "nothing is evaluated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cookie_signs_a_request_in() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    for cookie in [format!("session={clerk}"), format!("Authorization=Bearer {clerk}"), format!("token={clerk}")] {
        site.ask_as("", &[("Cookie", &cookie)], "GET /sessions", None).await.expect(401);
    }
    let answer = site.ask_as(&clerk, &[("Origin", "https://elsewhere.example")], "GET /sessions", None).await;
    assert_eq!(answer.header("access-control-allow-origin"), "", "no other site may read an answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_withdrawn_by_the_person_and_by_nobody_who_was_handed_it() {
    let (mine, other) = (row(1), row(2));
    let mut city = City::new();
    city.import("a.csv", std::slice::from_ref(&mine));
    city.release();
    let mut site = Site::over(city);
    let (me, bank) = (site.resident(&mine.number, "zhouming").await, site.resident(&other.number, "heyu").await);
    let report = site.ask(&me, "POST /me/reports", Some(&json!({}))).await.expect(201);
    let withdraw = json!({ "report": report["verificationCode"] });
    site.ask(&bank, "POST /reports/withdrawn", Some(&withdraw)).await.expect(404);
    site.ask(&me, "POST /reports/withdrawn", Some(&withdraw)).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_carried_over_to_another_account_by_hand_opens_nothing() {
    let (mine, other) = (row(1), row(2));
    let mut city = City::new();
    city.import("a.csv", std::slice::from_ref(&mine));
    city.release();
    let mut site = Site::over(city);
    let victim = site.resident(&mine.number, "zhouming").await;
    site.resident(&other.number, "thief").await;
    let hand = site.desk.hand();
    // The victim's was bound first.
    let of = |column: &str, place: u8| {
        format!("(SELECT {column} FROM account_binding ORDER BY bound_us LIMIT 1 OFFSET {place})")
    };
    let take = format!(
        "UPDATE account SET subject_id = {} WHERE account_id = {}; \
         UPDATE account_binding SET subject_id = {}, sealed = {} WHERE account_id = {}",
        of("subject_id", 0),
        of("account_id", 1),
        of("subject_id", 0),
        of("sealed", 0),
        of("account_id", 1)
    );
    hand.batch(&take).unwrap();
    let person = crate::desk::Person {
        account: [0; 16],
        login: "thief".to_owned(),
        secret: site.secret("thief"),
        recovery: vec![],
    };
    let thief = site.sign_in(&person).await;
    for route in ["GET /me/records", "GET /me/log", "GET /me/consents", "GET /me/checks"] {
        let answer = site.ask(&thief, route, None).await;
        assert!(!answer.status.is_success(), "{route}: {:#}", answer.body);
        assert!(!answer.body.to_string().contains(&mine.document));
    }
    site.ask(&victim, "GET /me/records", None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_no_right_any_more_still_signs_out_and_no_stranger_writes_into_the_log() {
    let mut site = Site::over(City::new());
    let person = site.desk.staff("zhou", &[(Role::IdentityClerk, None)]);
    let token = site.sign_in(&person).await;
    site.desk.app.account_right_end(&crate::desk::administrator(), "zhou", Role::IdentityClerk, None).unwrap();
    site.ask(&token, "GET /held", None).await.expect(403);
    site.ask(&token, "DELETE /sessions", None).await.expect(204);
    site.ask(&token, "GET /sessions", None).await.expect(401);

    let words = [("Chengxin-Purpose", "990000199001010017"), ("Chengxin-Authority", STRANGE)];
    site.ask_as("", &words, "GET /held", None).await.expect(401);
    let refused = site.ask_as("", &[("Chengxin-Authority", "no-such-office")], "GET /held", None).await.expect(400);
    assert!(refused["detail"].as_str().unwrap().contains("Chengxin-Authority".to_lowercase().as_str()), "{refused}");
    let clerk = site.officer(Role::IdentityClerk, "sunmin").await;
    site.ask_as(&clerk, &[("Chengxin-Purpose", "see%20990000199001010017")], "GET /held", None).await.expect(200);
    site.ask_as(&clerk, &[("Chengxin-Purpose", "see%20990000199001010017")], "GET /accounts", None).await.expect(403);
    let stored = site.desk.city.everything_stored();
    for text in ["990000199001010017", STRANGE] {
        assert!(!stored.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
}
