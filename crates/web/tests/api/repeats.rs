//! Requests that are sent again under one `Idempotency-Key`.

use chengxin_app::Installation;
use chengxin_app::reading::Pool;
use chengxin_core::Role;
use chengxin_core::operation::{Api, OPERATIONS};
use serde_json::{Value, json};

use crate::city::{City, row};
use crate::routes::{body, filled, routes};
use crate::site::{Answer, Site};

const KEY: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

fn check() -> Value {
    json!({
        "matter": "road-transport-practitioner", "document": { "number": row(1).number }, "name": row(1).name, "caseNumber": "云交受〔2026〕17号",
    })
}

impl Site {
    async fn keyed(&self, token: &str, key: &str, route: &str, body: Option<&Value>) -> Answer {
        self.ask_as(token, &[("Idempotency-Key", key)], route, body).await
    }

    fn checks_logged(&self) -> i64 {
        let text = "SELECT count(*) FROM log_entry WHERE operation = 'check_answer'";
        self.desk.hand().number(text, &[] as &[chengxin_store::audit::Cell]).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_sent_again_is_one_line_in_the_log_and_the_same_answer() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let first = site.keyed(&clerk, KEY, "POST /checks", Some(&check())).await;
    assert_eq!(first.header("idempotency-replayed"), "");
    let kind = first.header("content-type").to_owned();
    let first = first.expect(201);
    site.desk.pass(crate::desk::MINUTE);
    for key in [KEY.to_owned(), format!("\"{KEY}\"")] {
        let again = site.keyed(&clerk, &key, "POST /checks", Some(&check())).await;
        assert_eq!((again.header("idempotency-replayed"), again.header("content-type")), ("true", kind.as_str()));
        assert_eq!(again.header("x-request-id").len(), 36);
        assert_eq!(again.expect(201), first);
    }
    assert_eq!(site.checks_logged(), 1);
    let mut other = check();
    other["caseNumber"] = json!("云交受〔2026〕18号");
    let refused = site.keyed(&clerk, KEY, "POST /checks", Some(&other)).await;
    assert_eq!(refused.header("content-type"), "application/problem+json");
    refused.expect(422);
    let purpose = [("Idempotency-Key", KEY), ("Chengxin-Authority", crate::city::OFFICE)];
    site.ask_as(&clerk, &purpose, "POST /checks", Some(&check())).await.expect(422);
    // Somebody else's key is another, and without one every request is another.
    let second = site.officer(Role::Clerk, "qian").await;
    let theirs = site.keyed(&second, KEY, "POST /checks", Some(&check())).await.expect(201);
    assert_ne!(theirs["head"]["number"], first["head"]["number"]);
    site.ask(&clerk, "POST /checks", Some(&check())).await.expect(201);
    assert_eq!(site.checks_logged(), 3);
    site.desk.assert_whole();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_under_one_key_are_one_on_one_server_and_on_two() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let served = Installation::open(site.desk.city.installation.dir(), site.desk.clock.clone()).unwrap();
    let pool = Pool::of(&served);
    let beside = chengxin_web::router(served, pool).unwrap();
    for (round, other) in [site.router.clone(), beside].iter().enumerate() {
        let (key, whole) = (format!("{KEY}-{round}"), check());
        let request = || Site::request(&clerk, &[("Idempotency-Key", &key)], "POST /checks", Some(&whole));
        let (one, two) = tokio::join!(site.send(request()), Site::send_to(other, request()));
        let anew = |answer: &&Answer| answer.status == 201 && answer.header("idempotency-replayed").is_empty();
        assert_eq!([&one, &two].into_iter().filter(anew).count(), 1, "{:#} {:#}", one.body, two.body);
        for answer in [&one, &two] {
            let waits = answer.status == 409 && answer.header("retry-after") == "1";
            assert!(answer.status == 201 || waits, "{:#}", answer.body);
        }
        assert_eq!(site.checks_logged(), i64::try_from(round).unwrap() + 1);
        Site::send_to(other, request()).await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_may_be_mended_under_the_same_key() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let mut wrong = check();
    wrong["matter"] = json!("none");
    site.keyed(&clerk, KEY, "POST /checks", Some(&wrong)).await.expect(404);
    site.keyed("", KEY, "POST /checks", Some(&check())).await.expect(401);
    site.keyed(&clerk, KEY, "POST /checks", Some(&check())).await.expect(201);
    let again = site.keyed(&clerk, KEY, "POST /checks", Some(&check())).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    for key in ["short", "with a space in the middle", &"x".repeat(129)] {
        let refused = site.keyed(&clerk, key, "POST /checks", Some(&check())).await.expect(400);
        assert!(refused["en"].as_str().unwrap().contains("UUID"), "{refused:#}");
    }
    let mut large = check();
    large["name"] = json!("x".repeat(65 * 1024));
    site.keyed(&clerk, &format!("{KEY}-large"), "POST /checks", Some(&large)).await.expect(413);
    // Reading, and what is the same however often it is done, takes no notice of it.
    let read = site.keyed(&clerk, KEY, "GET /sessions", None).await;
    assert_eq!(read.header("idempotency-replayed"), "");
    read.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_changes_something_takes_a_key_or_says_that_its_answer_is_handed_out_once() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let mut handed_out = Vec::new();
    for operation in OPERATIONS.iter().filter(|operation| matches!(operation.api, Api::Routes(_))) {
        for route in routes(operation).into_iter().filter(|route| route.starts_with("POST")) {
            let sent = body(&route, &row(1).number, "clerk");
            let answer = site.keyed(&clerk, KEY, &filled(&route), sent.as_ref()).await;
            if answer.body["en"].as_str().is_some_and(|en| en.contains("handed out once")) {
                assert_eq!(answer.status, 400, "{route}");
                handed_out.push(operation.name);
            }
        }
    }
    handed_out.dedup();
    assert_eq!(
        handed_out,
        [
            "account_begin",
            "account_factor_add",
            "account_open",
            "activation_issue",
            "activation_redeem",
            "channel_add",
            "consent_code",
            "mandate_offer",
            "recovery_issue",
            "report_issue",
            "session_open",
            "session_reauthenticate",
            "token_issue",
        ]
    );
}
