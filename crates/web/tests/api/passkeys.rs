//! One's own account over HTTP: passkeys in two requests each, an app, recovery codes, a password, and a right that is woken.

use chengxin_core::Role;
use chengxin_core::account::PROOF_LASTS_US;
use serde_json::{Value, json};

use crate::authenticator::Authenticator;
use crate::city::{City, OFFICE, row};
use crate::desk::{DAY, PASSWORD, SECOND};
use crate::site::Site;

fn device() -> Authenticator {
    Authenticator::new("https://credit.example")
}

/// Registers a passkey.
async fn register(site: &Site, token: &str, device: &mut Authenticator, name: &str) -> Value {
    let asked = site.ask(token, "POST /account/passkeys/offered", None).await.expect(200);
    let answer = device.register(&asked["options"]);
    let body = json!({ "ceremony": asked["ceremony"], "name": name, "answer": answer });
    site.ask(token, "POST /account/passkeys", Some(&body)).await.expect(201)
}

/// What a device answers to a question at a route.
async fn answer(site: &Site, token: &str, route: &str, asks: Option<&Value>, device: &mut Authenticator) -> Value {
    let asked = site.ask(token, &format!("POST {route}/asked"), asks).await.expect(200);
    assert_eq!(asked["options"]["userVerification"], "required");
    json!({ "ceremony": asked["ceremony"], "answer": device.prove(&asked["options"]) })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_registered_signs_in_proves_anew_and_is_removed_over_the_interface() {
    let mut site = Site::over(City::new());
    let token = site.officer(Role::Clerk, "zhou").await;
    let mut device = device();
    let added = register(&site, &token, &mut device, "窗口 3").await;
    assert_eq!(added["recoveryCodes"], json!([]), "an account of staff has them already");

    let login = json!({ "login": "zhou" });
    let mut sent = answer(&site, "", "/sessions/passkey", Some(&login), &mut device).await;
    sent["label"] = json!("窗口 3");
    let signed_in = site.ask("", "POST /sessions/passkey", Some(&sent)).await.expect(201);
    assert_eq!((&signed_in["factors"], &signed_in["rights"][0]["role"]), (&json!(2), &json!("clerk")));
    site.ask("", "POST /sessions/passkey", Some(&sent)).await.expect(403);
    let token = signed_in["token"].as_str().unwrap().to_owned();

    site.desk.pass(PROOF_LASTS_US + SECOND);
    site.ask(&token, "POST /account/passkeys/offered", None).await.expect(403);
    let proof = answer(&site, &token, "/sessions/current/proof/passkey", None, &mut device).await;
    site.ask(&token, "POST /sessions/current/proof/passkey", Some(&proof)).await.expect(204);
    site.ask(&token, "POST /sessions/current/proof/passkey", Some(&proof)).await.expect(403);

    let factors = site.ask(&token, "GET /account/factors", None).await.expect(200);
    let kinds: Vec<_> = factors.as_array().unwrap().iter().map(|factor| factor["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["password", "totp", "passkey", "recovery"]);
    let passkey = &factors[2];
    assert_eq!((&passkey["name"], &passkey["lastUsedUs"]), (&json!("窗口 3"), &json!(site.desk.now())));
    assert!(!factors.to_string().contains("secret"));
    let remove = format!("DELETE /account/factors/{}", passkey["id"].as_str().unwrap());
    site.ask(&token, &remove, None).await.expect(204);
    site.ask(&token, &remove, None).await.expect(404);
    let app = format!("DELETE /account/factors/{}", factors[1]["id"].as_str().unwrap());
    let last = site.ask(&token, &app, None).await.expect(409);
    assert!(last["en"].as_str().unwrap().contains("last second factor"), "{last:#}");
    site.ask(&token, "POST /sessions/current/proof/passkey/asked", None).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_adds_to_an_answer_is_refused_and_so_is_what_is_no_answer() {
    let mut site = Site::over(City::new());
    let token = site.officer(Role::Clerk, "zhou").await;
    for (route, body) in [
        ("POST /account/passkeys", json!({ "ceremony": "x", "name": "x", "answer": {}, "account": "00" })),
        ("POST /account/passkeys", json!({ "ceremony": "x", "name": "x", "answer": [] })),
        ("POST /account/apps", json!({ "enrolment": "x", "totp": "1", "secret": "AAAA" })),
        ("PUT /account/password", json!({ "old": "x", "new": "y", "login": "qian" })),
        ("POST /sessions/passkey/asked", json!({ "login": "zhou", "account": "00" })),
        ("POST /sessions/passkey", json!({ "ceremony": "x", "answer": {}, "factors": 2 })),
        ("POST /sessions/current/proof/passkey", json!({ "ceremony": "x", "answer": {}, "session": "x" })),
        ("POST /accounts/zhou/rights/renewed", json!({ "role": "clerk", "until": "2030-01-01" })),
    ] {
        site.ask(&token, route, Some(&body)).await.expect(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_looks_after_their_own_factors_and_password() {
    let mut site = Site::over(City::new());
    let token = site.resident(&row(1).number, "zhouming").await;
    let new = site.ask(&token, "POST /account/apps/offered", None).await.expect(200);
    let secret = data_encoding::BASE32_NOPAD.decode(new["totpSecret"].as_str().unwrap().as_bytes()).unwrap();
    let digits = site.desk.digits(&secret.try_into().unwrap());
    let body = json!({ "enrolment": new["enrolment"], "totp": digits });
    site.ask(&token, "POST /account/apps", Some(&body)).await.expect(201);
    let codes = site.ask(&token, "POST /account/recovery-codes", None).await.expect(201);
    let code = &codes["recoveryCodes"][0];
    let changed = json!({ "old": PASSWORD, "new": "nine calm otters wade" });
    site.ask(&token, "PUT /account/password", Some(&changed)).await.expect(204);
    site.ask(&token, "PUT /account/password", Some(&changed)).await.expect(403);
    let sign_in = json!({ "login": "zhouming", "password": "nine calm otters wade", "second": { "recovery": code } });
    site.ask("", "POST /sessions", Some(&sign_in)).await.expect(201);
    site.ask(&token, "DELETE /account/factors/recovery", None).await.expect(204);
    let log = site.ask(&token, "GET /me/log", None).await.expect(200).to_string();
    for operation in ["account_factor_add", "account_password", "account_factor_remove"] {
        assert!(log.contains(operation), "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_sleeps_is_woken_by_an_administrator() {
    let mut site = Site::over(City::new());
    let person = site.desk.staff("zhou", &[(Role::Clerk, Some(OFFICE))]);
    site.desk.pass(91 * DAY);
    let administrator = site.officer(Role::Administrator, "runner").await;
    let right = json!({ "role": "clerk", "authority": OFFICE });
    let clerk = site.sign_in(&person).await;
    site.ask(&clerk, "GET /check-batches", None).await.expect(403);
    // Looking after one's own account takes no right that is awake.
    site.ask(&clerk, "GET /account/factors", None).await.expect(200);
    site.ask(&administrator, "POST /accounts/zhou/rights/renewed", Some(&right)).await.expect(204);
    site.ask(&administrator, "POST /accounts/zhou/rights/renewed", Some(&right)).await.expect(409);
    site.ask(&clerk, "GET /check-batches", None).await.expect(200);
}
