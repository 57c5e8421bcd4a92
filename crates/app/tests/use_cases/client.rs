//! Machines of authorities: how they sign themselves in, and what that is worth.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;
use crate::machine;

use chengxin_app::account::Token;
use chengxin_app::client::{ClientId, IssuedToken, NewKey, TokenRequest, scopes_of};
use chengxin_app::reading::Reading;
use chengxin_app::{AppError, Installation, Kind};
use chengxin_core::{Caller, Ground, Role, Standing};
use chengxin_store::audit::Cell;
use city::OFFICE;
use desk::{DAY, Desk, MINUTE, SECOND, administrator, credit_office, public};
use jiff::civil::date;
use machine::{Key, claims, new_client, new_key, with_signature};
use serde_json::{Value, json};

/// A desk with one machine that asks, and its key.
struct Bench {
    desk: Desk,
    key: Key,
    client: String,
    audience: String,
}

fn bench() -> Bench {
    let (mut desk, key) = (Desk::new(), Key::new("ES256", "one"));
    let scopes = ["check_answer", "matter_show"];
    let line = desk.app.client_add(&administrator(), &new_client(Role::Clerk, &scopes, &key)).unwrap();
    let audience = desk.app.token_endpoint();
    Bench { desk, key, client: line.id.to_string(), audience }
}

impl Bench {
    fn claims(&self, jti: &str) -> Value {
        claims(&self.client, &self.audience, self.desk.now(), jti)
    }

    fn request(assertion: String, source: &str) -> TokenRequest {
        TokenRequest { assertion, client_id: None, scope: None, source: source.to_owned() }
    }

    fn issue(&mut self, assertion: String) -> Result<IssuedToken, AppError> {
        self.desk.app.token_issue(&public(), &Self::request(assertion, "10.0.0.7"))
    }

    fn token(&mut self, jti: &str) -> Token {
        let assertion = self.key.assertion(&self.claims(jti));
        self.issue(assertion).unwrap().token
    }

    fn id(&self) -> ClientId {
        ClientId::parse(&self.client).unwrap()
    }

    fn is_anybodys(&mut self, token: &Token) -> bool {
        self.desk.app.session_find(token).unwrap().is_some()
    }
}

fn signed_in(app: &mut Installation, token: &Token) -> Caller {
    let who = app.session_find(token).unwrap().unwrap();
    let now_us = app.now_us();
    who.acting(Role::Clerk, Some(OFFICE), "test", Ground::Duty("x#1".to_owned()), now_us).unwrap()
}

#[test]
fn a_machine_signs_itself_in_with_a_key_of_each_kind() {
    for alg in ["ES256", "EdDSA", "RS256", "PS256"] {
        let mut bench = bench();
        bench.key = Key::new(alg, alg);
        bench.desk.app.client_rotate(&administrator(), bench.id(), &new_key(&bench.key)).unwrap();
        let assertion = bench.key.assertion(&bench.claims("a"));
        let issued = bench.issue(assertion).unwrap();
        assert_eq!((issued.seconds, issued.scopes), (600, vec!["check_answer", "matter_show"]), "{alg}");
        assert_eq!(Token::parse(&issued.token.text()), Some(issued.token.clone()));
        let caller = signed_in(&mut bench.desk.app, &issued.token);
        assert!(caller.actor.starts_with("client:政务服务系统#"), "the log names it: {}", caller.actor);
        assert!(matches!(caller.standing, Standing::Machine(_)));
        bench.desk.pass(10 * MINUTE - SECOND);
        assert!(bench.is_anybodys(&issued.token));
        bench.desk.pass(SECOND);
        assert!(!bench.is_anybodys(&issued.token), "it lasts for ten minutes");
        bench.desk.assert_whole();
    }
}

#[test]
fn whoever_holds_a_machines_key_does_not_wait_with_those_who_hold_none() {
    let bench = bench();
    let reading = Reading::open(&bench.desk.app).unwrap();
    let other = Key::new("ES256", "one");
    let signed = |key: &Key| reading.token_is_signed(&Bench::request(key.assertion(&bench.claims("a")), "here"));
    assert!(signed(&bench.key).unwrap());
    assert!(!signed(&other).unwrap());
    assert!(!reading.token_is_signed(&Bench::request("a.b.c".to_owned(), "here")).unwrap());
}

#[test]
fn what_a_machine_did_not_sign_for_us_just_now_is_refused_in_one_sentence() {
    let mut bench = bench();
    let (now, other) = (bench.desk.now() / SECOND, Key::new("ES256", "one"));
    let good = bench.claims("never-used");
    let with = |member: &str, value: Value| {
        let mut claims = good.clone();
        claims[member] = value;
        claims
    };
    let headed = |member: &str, value: Value| {
        let mut header = bench.key.header();
        header[member] = value;
        header
    };
    let public_key = bench.key.jwk().to_string();
    let hmac =
        |message: &[u8]| chengxin_seal::hmac(chengxin_seal::Profile::Intl, public_key.as_bytes(), message).to_vec();
    let (none, hs256) = (headed("alg", json!("none")), headed("alg", json!("HS256")));
    let mut cut = bench.key.assertion(&good);
    cut.truncate(cut.len() - 4);
    let tries = [
        ("alg none", with_signature(&none, &good, |_| Vec::new())),
        ("alg none, signed", bench.key.token(&none, &good)),
        ("the public key as a shared secret", with_signature(&hs256, &good, hmac)),
        ("another algorithm than the key's", bench.key.token(&headed("alg", json!("EdDSA")), &good)),
        ("another key under its name", other.assertion(&good)),
        ("a key that nobody registered", Key::new("ES256", "two").assertion(&good)),
        ("no name of a key", bench.key.token(&json!({ "alg": "ES256" }), &good)),
        ("a key that it brings along", bench.key.token(&headed("jwk", other.jwk()), &good)),
        ("something that must be understood", bench.key.token(&headed("crit", json!(["exp"])), &good)),
        ("cut short", cut),
        ("oversized", bench.key.assertion(&with("more", json!("x".repeat(4_096))))),
        ("no token", "…".to_owned()),
        ("another issuer", bench.key.assertion(&with("iss", json!("0".repeat(32))))),
        ("no issuer", bench.key.assertion(&with("iss", json!(null)))),
        ("another subject", bench.key.assertion(&with("sub", json!("0".repeat(32))))),
        ("another audience", bench.key.assertion(&with("aud", json!("https://other.example")))),
        ("expired", bench.key.assertion(&with("exp", json!(now - 31)))),
        ("too far in the future", bench.key.assertion(&with("exp", json!(now + 400)))),
        ("without an end", bench.key.assertion(&with("exp", json!(null)))),
        ("not yet valid", bench.key.assertion(&with("nbf", json!(now + 31)))),
        ("made in the future", bench.key.assertion(&with("iat", json!(now + 31)))),
        ("without an identifier", bench.key.assertion(&with("jti", json!("")))),
    ];
    let count = tries.len();
    let mut said = Vec::new();
    for (at, (what, assertion)) in tries.into_iter().enumerate() {
        // Each from somewhere else: who fails often from one place waits, which is another test.
        let request = Bench::request(assertion, &format!("10.1.0.{at}"));
        let refusal = bench.desk.app.token_issue(&public(), &request).expect_err(what);
        assert_eq!(refusal.kind, Kind::Unauthenticated, "{what}: {refusal}");
        said.push(refusal.public);
    }
    assert!(said.iter().all(|say| *say == said[0]), "whatever is wrong, one sentence");
    let denials = bench.desk.denials();
    assert_eq!(denials.len(), count);
    assert!(denials.iter().all(|(operation, _)| operation == "token_issue"));
    let tokens = bench.desk.hand().number("SELECT count(*) FROM client_token", &[] as &[Cell]).unwrap();
    assert_eq!(tokens, 0);
    let mut twice = Bench::request(bench.key.assertion(&good), "10.2.0.1");
    twice.client_id = Some("0".repeat(32));
    assert_eq!(bench.desk.app.token_issue(&public(), &twice).unwrap_err().kind, Kind::Unauthenticated);
    // None of them used the identifier up.
    bench.issue(bench.key.assertion(&good)).unwrap();
}

#[test]
fn an_assertion_counts_once_after_a_restart_and_on_another_server_too() {
    let mut bench = bench();
    let assertion = bench.key.assertion(&bench.claims("once"));
    bench.issue(assertion.clone()).unwrap();
    assert_eq!(bench.issue(assertion.clone()).unwrap_err().kind, Kind::Unauthenticated);
    let mut other = bench.desk.app.another().unwrap();
    assert_eq!(
        other.token_issue(&public(), &Bench::request(assertion.clone(), "10.0.0.8")).unwrap_err().kind,
        Kind::Unauthenticated
    );
    bench.desk.app = Installation::open(bench.desk.city.installation.dir(), bench.desk.clock.clone()).unwrap();
    assert_eq!(bench.issue(assertion).unwrap_err().kind, Kind::Unauthenticated);
    // Another machine may use the same identifier, and so may this one's next assertion another.
    bench.token("twice");
}

#[test]
fn of_many_who_bring_one_assertion_at_once_one_is_given_a_token() {
    let bench = bench();
    let request = Bench::request(bench.key.assertion(&bench.claims("at-once")), "10.0.0.7");
    let given: usize = std::thread::scope(|scope| {
        let one = |mut app: Installation| {
            let request = &request;
            move || usize::from(app.token_issue(&public(), request).is_ok())
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(one(bench.desk.app.another().unwrap()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(given, 1);
    let tokens = bench.desk.hand().number("SELECT count(*) FROM client_token", &[] as &[Cell]).unwrap();
    assert_eq!(tokens, 1);
}

#[test]
fn a_key_that_is_revoked_and_a_machine_that_is_stopped_end_at_once_with_what_they_were_given() {
    let mut bench = bench();
    let (first, second) = (bench.token("1"), Key::new("EdDSA", "two"));
    bench.desk.app.client_rotate(&administrator(), bench.id(), &new_key(&second)).unwrap();
    let assertion = second.assertion(&bench.claims("2"));
    let of_second = bench.issue(assertion).unwrap().token;
    let id = bench.id();
    bench.desk.app.client_revoke(&administrator(), id, Some("one")).unwrap();
    assert!(!bench.is_anybodys(&first) && bench.is_anybodys(&of_second));
    let revoked = bench.key.assertion(&bench.claims("3"));
    assert_eq!(bench.issue(revoked).unwrap_err().kind, Kind::Unauthenticated);
    let again = bench.desk.app.client_rotate(&administrator(), id, &new_key(&bench.key));
    assert_eq!(again.unwrap_err().kind, Kind::Conflict, "what was revoked stays so");
    assert_eq!(bench.desk.app.client_revoke(&administrator(), id, Some("one")).unwrap_err().kind, Kind::Conflict);
    assert_eq!(bench.desk.app.client_revoke(&administrator(), id, Some("none")).unwrap_err().kind, Kind::NotFound);
    bench.desk.app.client_revoke(&administrator(), id, None).unwrap();
    assert!(!bench.is_anybodys(&of_second));
    let stopped = second.assertion(&bench.claims("4"));
    assert_eq!(bench.issue(stopped).unwrap_err().kind, Kind::Unauthenticated);
    assert_eq!(bench.desk.app.client_revoke(&administrator(), id, None).unwrap_err().kind, Kind::Conflict);
    bench.desk.assert_whole();
}

#[test]
fn keys_take_over_from_each_other_without_a_gap() {
    let mut bench = bench();
    let next = Key::new("EdDSA", "next");
    let today = chengxin_core::dates::shanghai_date(bench.desk.now());
    let in_days = |days: i32| today.checked_add(jiff::Span::new().days(days)).unwrap();
    let coming = NewKey { from: Some(in_days(2)), ..new_key(&next) };
    let line = bench.desk.app.client_rotate(&administrator(), bench.id(), &coming).unwrap();
    assert_eq!(line.state, "coming");
    let early = next.assertion(&bench.claims("early"));
    assert_eq!(bench.issue(early).unwrap_err().kind, Kind::Unauthenticated, "it has not begun");
    bench.desk.pass(3 * DAY);
    bench.token("old");
    let assertion = next.assertion(&bench.claims("new"));
    bench.issue(assertion).unwrap();
    // The first ends on its day; a token never outlives the key that it was given for.
    let short = Key::new("ES256", "short");
    let tomorrow = NewKey { until: in_days(4), ..new_key(&short) };
    bench.desk.app.client_rotate(&administrator(), bench.id(), &tomorrow).unwrap();
    let midnight = chengxin_core::dates::day_start_us(in_days(4));
    bench.desk.pass(midnight - MINUTE - bench.desk.now());
    let assertion = short.assertion(&bench.claims("short"));
    let issued = bench.issue(assertion).unwrap();
    assert_eq!(issued.seconds, 60);
    bench.desk.pass(MINUTE);
    assert!(!bench.is_anybodys(&issued.token));
    let over = short.assertion(&bench.claims("over"));
    assert_eq!(bench.issue(over).unwrap_err().kind, Kind::Unauthenticated);
    bench.token("still");
    for at in 0..3 {
        let added =
            bench.desk.app.client_rotate(&administrator(), bench.id(), &new_key(&Key::new("EdDSA", &format!("k{at}"))));
        assert_eq!(added.is_ok(), at < 2, "four at most that are not over");
    }
    let long = NewKey { until: date(2030, 1, 1), ..new_key(&Key::new("EdDSA", "long")) };
    assert_eq!(bench.desk.app.client_rotate(&administrator(), bench.id(), &long).unwrap_err().kind, Kind::Invalid);
}

#[test]
fn a_token_is_for_what_it_was_asked_for_and_never_for_more_than_was_given() {
    let mut bench = bench();
    let narrow = |bench: &Bench, jti: &str, scope: &str| TokenRequest {
        scope: Some(scope.to_owned()),
        ..Bench::request(bench.key.assertion(&bench.claims(jti)), "10.0.0.7")
    };
    for wide in ["check_answer submission_list", "everything", "check_outcome"] {
        let refusal = bench.desk.app.token_issue(&public(), &narrow(&bench, "wide", wide)).unwrap_err();
        assert_eq!(refusal.kind, Kind::Forbidden, "{wide}");
    }
    let issued = bench.desk.app.token_issue(&public(), &narrow(&bench, "narrow", "matter_show")).unwrap();
    assert_eq!(issued.scopes, ["matter_show"]);
    let caller = signed_in(&mut bench.desk.app, &issued.token);
    assert!(bench.desk.app.matter_list(&caller).is_ok());
    assert_eq!(bench.desk.app.submission_list(&caller).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(bench.desk.app.policy_show(&caller).unwrap_err().kind, Kind::Forbidden, "not even what is open to all");
}

#[test]
fn a_machine_is_registered_by_who_opens_accounts_for_what_machines_may_do() {
    let mut desk = Desk::new();
    let key = Key::new("ES256", "one");
    for (role, scopes) in [
        (Role::Decider, vec!["submission_release"]),
        (Role::IdentityClerk, vec!["held_list"]),
        (Role::Administrator, vec!["account_open"]),
        (Role::Clerk, vec!["check_outcome"]),
        (Role::Clerk, vec!["submission_list"]),
        (Role::DataOfficer, vec!["submission_recall"]),
        (Role::Clerk, vec![]),
    ] {
        let refusal = desk.app.client_add(&administrator(), &new_client(role, &scopes, &key)).unwrap_err();
        assert_eq!(refusal.kind, Kind::Invalid, "{role:?} {scopes:?}");
    }
    let elsewhere = chengxin_app::client::NewClient {
        authority: "11990000MB0000009X".to_owned(),
        ..new_client(Role::Clerk, &["check_answer"], &key)
    };
    assert_eq!(desk.app.client_add(&administrator(), &elsewhere).unwrap_err().kind, Kind::Invalid);
    for role in [Role::Clerk, Role::DataOfficer, Role::Decider, Role::Auditor, Role::Resident] {
        let nobody = city::caller(role, "x", Some(OFFICE));
        let refusal = desk.app.client_add(&nobody, &new_client(Role::Clerk, &["check_answer"], &key)).unwrap_err();
        assert_eq!(refusal.kind, Kind::Forbidden, "{role:?}");
    }
    let sends = new_client(Role::DataOfficer, &["submission_list"], &key);
    let (asks, sends) = (
        desk.app.client_add(&credit_office(), &new_client(Role::Clerk, &["check_answer"], &key)).unwrap(),
        desk.app.client_add(&administrator(), &sends).unwrap(),
    );
    // An officer who sends renews the keys of machines that send, and of no other: they could look people up by it.
    let officer = city::caller(Role::DataOfficer, "zhao", Some(OFFICE));
    let next = new_key(&Key::new("EdDSA", "next"));
    desk.app.client_rotate(&officer, sends.id, &next).unwrap();
    assert_eq!(desk.app.client_rotate(&officer, asks.id, &next).unwrap_err().kind, Kind::Forbidden);
    let stranger = city::caller(Role::DataOfficer, "li", Some("11990000MB0000002C"));
    assert_eq!(desk.app.client_rotate(&stranger, sends.id, &next).unwrap_err().kind, Kind::NotFound);
    // A decider sees and stops those of their own authority.
    let (own, other) = (
        city::caller(Role::Decider, "qian", Some(OFFICE)),
        city::caller(Role::Decider, "wu", Some("11990000MB0000002C")),
    );
    assert_eq!(desk.app.client_list(&own).unwrap().len(), 2);
    assert!(desk.app.client_list(&other).unwrap().is_empty());
    assert_eq!(desk.app.client_revoke(&other, asks.id, None).unwrap_err().kind, Kind::NotFound);
    desk.app.client_revoke(&own, asks.id, None).unwrap();
    desk.assert_whole();
}

#[test]
fn a_machine_that_a_hand_put_into_the_database_or_altered_there_is_none() {
    for (table, column, value) in [
        ("client", "role", Cell::from("data_officer")),
        ("client", "authority", Cell::from("11990000MB0000002C")),
        ("client", "scopes", Cell::from("check_answer matter_show policy_show")),
        (
            "client_key",
            "jwk",
            Cell::from(r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#),
        ),
        ("client_key", "until_us", Cell::from(i64::MAX)),
        ("client_token", "scopes", Cell::from("check_answer matter_show report_verify")),
        ("client_token", "ends_us", Cell::from(i64::MAX)),
    ] {
        let mut bench = bench();
        let token = bench.token("1");
        assert!(bench.is_anybodys(&token));
        bench.desk.hand().run(&format!("UPDATE {table} SET {column} = $1"), &[value]).unwrap();
        assert!(!bench.is_anybodys(&token), "{table}.{column}");
        if table != "client_token" {
            let assertion = bench.key.assertion(&bench.claims("2"));
            assert_eq!(bench.issue(assertion).unwrap_err().kind, Kind::Unauthenticated, "{table}.{column}");
        }
    }
}

#[test]
fn a_machine_that_is_not_used_sleeps_until_it_is_given_a_new_key() {
    let mut bench = bench();
    bench.desk.pass(90 * DAY);
    let assertion = bench.key.assertion(&bench.claims("late"));
    assert_eq!(bench.issue(assertion).unwrap_err().kind, Kind::Unauthenticated);
    assert!(bench.desk.app.client_list(&administrator()).unwrap()[0].dormant);
    bench.desk.app.client_rotate(&administrator(), bench.id(), &new_key(&Key::new("EdDSA", "two"))).unwrap();
    bench.token("awake");
}

#[test]
fn strangers_who_try_wait_and_never_make_a_machine_wait() {
    let mut bench = bench();
    let forged = Key::new("ES256", "one");
    let mut waits = 0;
    for at in 0..12 {
        let assertion = forged.assertion(&bench.claims(&format!("forged-{at}")));
        waits += usize::from(matches!(bench.issue(assertion).unwrap_err().kind, Kind::TooOften(_)));
    }
    assert_eq!(waits, 7, "five are looked at");
    bench.token("own");
}

#[test]
fn what_is_over_is_deleted_by_the_daily_round_and_an_identifier_not_before_its_time() {
    let mut bench = bench();
    bench.token("1");
    let operator = Caller::operator("operator", "test");
    let count = |bench: &Bench, table: &str| {
        bench.desk.hand().number(&format!("SELECT count(*) FROM {table}"), &[] as &[Cell]).unwrap()
    };
    bench.desk.pass(DAY);
    bench.token("2");
    bench.desk.app.job_run(&operator, "one").unwrap();
    assert_eq!((count(&bench, "client_token"), count(&bench, "client_assertion")), (1, 1));
    assert!(!scopes_of(Role::Clerk).unwrap().is_empty());
}
