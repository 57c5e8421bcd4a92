//! Machines of authorities over HTTP, from the registration of a key to the last answer.

use axum::body::Body;
use axum::http::{Request, header};
use chengxin_core::Role;
use chengxin_core::operation::{Api, OPERATIONS};
use serde_json::{Value, json};

use crate::city::{City, OFFICE, row};
use crate::machine::{Key, claims};
use crate::routes::{body, filled, routes};
use crate::site::{Answer, Site};

const TYPE: &str = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";

impl Site {
    async fn form(&self, form: String) -> Answer {
        let request =
            Request::post("/api/v1/oauth/token").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    pub(crate) async fn token(&self, key: &Key, client: &str, jti: &str) -> Answer {
        let audience = self.desk.app.token_endpoint();
        let assertion = key.assertion(&claims(client, &audience, self.desk.now(), jti));
        self.form(format!("grant_type=client_credentials&client_assertion_type={TYPE}&client_assertion={assertion}"))
            .await
    }

    pub(crate) async fn machine(&self, administrator: &str, role: &str, scopes: &[&str], key: &Key) -> String {
        let new = json!({
            "name": "政务服务系统", "authority": OFFICE, "role": role, "scopes": scopes,
            "key": { "jwk": key.jwk(), "until": "2027-06-01" },
        });
        let added = self.ask(administrator, "POST /clients", Some(&new)).await.expect(201);
        assert_eq!(added["keys"][0]["state"], "holds", "{added:#}");
        added["client"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_asks_for_a_token_with_each_kind_of_key_and_checks_by_it() {
    let mut site = Site::over(City::new());
    let administrator = site.officer(Role::Administrator, "runner").await;
    for alg in ["ES256", "EdDSA", "RS256", "PS256"] {
        let key = Key::new(alg, alg);
        let client = site.machine(&administrator, "clerk", &["check_answer"], &key).await;
        let answer = site.token(&key, &client, "a").await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let given = answer.expect(200);
        assert_eq!(
            (&given["token_type"], &given["expires_in"], &given["scope"]),
            (&json!("Bearer"), &json!(600), &json!("check_answer"))
        );
        let token = given["access_token"].as_str().unwrap();
        let asked = json!({
            "matter": "road-transport-practitioner", "document": { "number": row(1).number }, "name": row(1).name, "caseNumber": "云交受〔2026〕17号",
        });
        let checked = site.ask(token, "POST /checks", Some(&asked)).await.expect(201);
        assert_eq!(checked["answer"]["ground"], "duty");
        // On a consent somebody asks by name.
        let mut shown = asked.clone();
        shown["matter"] = json!("commitment-based-approval");
        shown["consent"] = json!("0000-0000-00");
        let refused = site.ask(token, "POST /checks", Some(&shown)).await.expect(403);
        assert!(refused["en"].as_str().unwrap().contains("on a duty alone"), "{refused:#}");
        site.ask(&administrator, &format!("DELETE /clients/{client}/keys/{alg}"), None).await.expect(204);
        site.ask(token, "POST /checks", Some(&asked)).await.expect(401);
        site.ask(&administrator, &format!("DELETE /clients/{client}"), None).await.expect(204);
    }
    let listed = site.ask(&administrator, "GET /clients", None).await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 4);
    // Whom it was about reads that a program asked.
    let me = site.resident(&row(1).number, "zhouming").await;
    let log = site.ask(&me, "GET /me/log", None).await.expect(200);
    let checks = log["items"].as_array().unwrap().iter().filter(|line| line["operation"] == "check_answer");
    assert_eq!(checks.count(), 4, "{log:#}");
    site.desk.assert_whole();
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_overlap_while_one_takes_over_from_the_other() {
    let mut site = Site::over(City::new());
    let administrator = site.officer(Role::Administrator, "runner").await;
    let officer = site.officer(Role::DataOfficer, "zhao").await;
    let (first, second) = (Key::new("ES256", "2026"), Key::new("EdDSA", "2027"));
    let client = site.machine(&administrator, "data_officer", &["submission_list"], &first).await;
    let new = json!({ "jwk": second.jwk(), "until": "2027-11-01" });
    site.ask(&officer, &format!("POST /clients/{client}/keys"), Some(&new)).await.expect(201);
    site.ask(&officer, &format!("POST /clients/{client}/keys"), Some(&new)).await.expect(409);
    let mut tokens = Vec::new();
    for (key, jti) in [(&first, "1"), (&second, "2")] {
        let given = site.token(key, &client, jti).await.expect(200);
        tokens.push(given["access_token"].as_str().unwrap().to_owned());
        site.ask(tokens.last().unwrap(), "GET /submissions", None).await.expect(200);
    }
    site.ask(&administrator, &format!("DELETE /clients/{client}/keys/2026"), None).await.expect(204);
    site.ask(&tokens[0], "GET /submissions", None).await.expect(401);
    site.ask(&tokens[1], "GET /submissions", None).await.expect(200);
    let mut private = second.jwk();
    private["d"] = json!("AAAA");
    let leaked = json!({ "jwk": private, "until": "2027-11-01" });
    let refused = site.ask(&officer, &format!("POST /clients/{client}/keys"), Some(&leaked)).await.expect(422);
    assert!(refused["en"].as_str().unwrap().contains("given away"), "{refused:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_endpoint_refuses_in_the_words_of_its_standard() {
    let mut site = Site::over(City::new());
    let administrator = site.officer(Role::Administrator, "runner").await;
    let key = Key::new("ES256", "one");
    let client = site.machine(&administrator, "clerk", &["check_answer"], &key).await;
    let audience = site.desk.app.token_endpoint();
    let whole = |jti: &str| {
        let assertion = key.assertion(&claims(&client, &audience, site.desk.now(), jti));
        format!("grant_type=client_credentials&client_assertion_type={TYPE}&client_assertion={assertion}")
    };
    let said = |answer: Answer, status: u16| {
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        let body = answer.expect(status);
        assert!(!body["error_description"].as_str().unwrap().is_empty() && !body["zh"].as_str().unwrap().is_empty());
        body["error"].as_str().unwrap().to_owned()
    };
    assert_eq!(said(site.form(String::new()).await, 400), "invalid_request");
    assert_eq!(said(site.form("grant_type=client_credentials".to_owned()).await, 400), "invalid_request");
    assert_eq!(
        said(site.form("grant_type=password&username=a&password=b".to_owned()).await, 400),
        "unsupported_grant_type"
    );
    let twice = whole("0") + "&grant_type=client_credentials";
    assert_eq!(said(site.form(twice).await, 400), "invalid_request");
    let json = site.ask("", "POST /oauth/token", Some(&json!({ "grant_type": "client_credentials" }))).await;
    assert_eq!(said(json, 400), "invalid_request");
    assert_eq!(said(site.form(whole("1") + "&scope=check_answer%20held_list").await, 400), "invalid_scope");
    assert_eq!(said(site.form(whole("2") + "&client_id=other").await, 401), "invalid_client");
    let used = whole("3") + "&unknown=parameter";
    site.form(used.clone()).await.expect(200);
    let replayed = site.form(used).await;
    assert_eq!(said(replayed, 401), "invalid_client");
    let forged = Key::new("ES256", "one");
    let mut last = String::new();
    for at in 0..8 {
        let answer = site.token(&forged, &client, &format!("forged-{at}")).await;
        let status = answer.status.as_u16();
        assert!(status == 401 || answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
        last = said(answer, status);
    }
    assert_eq!(last, "temporarily_unavailable");
    site.form(whole("4")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_bring_one_assertion_at_once_are_given_one_token() {
    let mut site = Site::over(City::new());
    let administrator = site.officer(Role::Administrator, "runner").await;
    let key = Key::new("EdDSA", "one");
    let client = site.machine(&administrator, "clerk", &["check_answer"], &key).await;
    let (one, two) = tokio::join!(site.token(&key, &client, "same"), site.token(&key, &client, "same"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_does_nothing_of_what_takes_a_person() {
    let mut site = Site::over(City::new());
    let administrator = site.officer(Role::Administrator, "runner").await;
    for (role, scopes) in [
        ("clerk", &["check_answer", "catalogue_show", "matter_show", "policy_show", "report_verify"][..]),
        ("data_officer", &["submission_list", "authority_list", "catalogue_show", "matter_show", "policy_show"][..]),
    ] {
        let key = Key::new("EdDSA", role);
        let client = site.machine(&administrator, role, scopes, &key).await;
        let given = site.token(&key, &client, "1").await.expect(200);
        let token = given["access_token"].as_str().unwrap();
        let mut refused = 0;
        for operation in OPERATIONS.iter().filter(|operation| matches!(operation.api, Api::Routes(_))) {
            for route in routes(operation) {
                let answer = site.ask(token, &filled(&route), body(&route, &row(1).number, role).as_ref()).await;
                let status = answer.status.as_u16();
                assert!(status < 500, "{route}: {:#}", answer.body);
                let open = operation.roles.contains(&Role::Public);
                if open || scopes.contains(&operation.name) {
                    assert!(status != 401 || operation.name == "token_issue", "{role} {route}: {:#}", answer.body);
                } else {
                    assert_eq!(status, 403, "{role} {route}: {:#}", answer.body);
                    refused += 1;
                }
            }
        }
        assert!(refused > 35, "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_needs_to_know_stands_where_its_standard_says() {
    let site = Site::over(City::new());
    let request = Request::get("/.well-known/oauth-authorization-server").body(Body::empty()).unwrap();
    let metadata = site.send(request).await.expect(200);
    assert_eq!(metadata["token_endpoint"], json!(site.desk.app.token_endpoint()));
    assert_eq!(metadata["issuer"], json!(site.desk.app.issuer()));
    assert_eq!(metadata["token_endpoint_auth_methods_supported"], json!(["private_key_jwt"]));
    let algorithms = &metadata["token_endpoint_auth_signing_alg_values_supported"];
    assert_eq!(algorithms, &json!(["ES256", "EdDSA", "RS256", "PS256"]));
    let description: Value = serde_json::from_str(&chengxin_web::api_description()).unwrap();
    let flow = &description["components"]["securitySchemes"]["machine"]["flows"]["clientCredentials"];
    assert_eq!(flow["tokenUrl"], "/api/v1/oauth/token");
    let scopes: Vec<&str> = flow["scopes"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut supported: Vec<&str> =
        metadata["scopes_supported"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
    supported.sort_unstable();
    assert_eq!(supported, scopes);
}
