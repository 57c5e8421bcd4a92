//! Requests that are sent again, on one server and on two.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;

use chengxin_app::account::{Acting, Token};
use chengxin_app::idempotency::{KEPT_FOR_US, KeptAnswer, Repeatable, Repeated, TakenKey, UNDER_WAY_FOR_US};
use chengxin_app::{Installation, Kind};
use chengxin_core::{Caller, Role};
use chengxin_store::audit::Cell;
use city::OFFICE;
use desk::{Desk, HOUR, SECOND, administrator};

const KEY: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

fn begin(app: &mut Installation, token: &Token, key: &str, parts: &[&[u8]]) -> Repeated {
    let acting = Acting { purpose: "test".to_owned(), ..Acting::default() };
    app.request_begin(Some(token), &acting, Repeatable { name: "check_answer", key, parts }).unwrap()
}

#[track_caller]
fn taken(begun: Repeated) -> TakenKey {
    match begun {
        Repeated::First(taken) => taken,
        other => panic!("{other:?}"),
    }
}

fn answer() -> KeptAnswer {
    KeptAnswer { status: 201, kind: "application/json".to_owned(), body: "{\"姓名\":\"周明\"}".into() }
}

fn clerk(desk: &mut Desk, login: &str) -> Token {
    let person = desk.clerk(login);
    desk.sign_in(&person).token
}

#[test]
fn what_was_answered_is_answered_again_for_a_day_by_every_server_and_lies_nowhere_in_the_open() {
    let mut desk = Desk::new();
    let token = clerk(&mut desk, "zhou");
    let mut other = desk.app.another().unwrap();
    let first = taken(begin(&mut desk.app, &token, KEY, &[b"a"]));
    assert!(matches!(begin(&mut desk.app, &token, KEY, &[b"a"]), Repeated::UnderWay));
    assert!(matches!(begin(&mut other, &token, KEY, &[b"a"]), Repeated::UnderWay));
    assert!(matches!(begin(&mut other, &token, KEY, &[b"b"]), Repeated::Other));
    desk.app.request_answered(first, Some(&answer())).unwrap();
    for app in [&mut desk.app, &mut other] {
        assert!(matches!(begin(app, &token, KEY, &[b"a"]), Repeated::Again(again) if again == answer()));
        assert!(matches!(begin(app, &token, KEY, &[b"b"]), Repeated::Other));
        assert!(matches!(begin(app, &token, KEY, &[b"", b"a"]), Repeated::Other), "parts do not run into each other");
    }
    let stored = desk.city.everything_stored();
    for text in ["{\"姓名\"", KEY] {
        assert!(!stored.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    // Somebody else's key of the same name is another.
    let another = clerk(&mut desk, "qian");
    taken(begin(&mut desk.app, &another, KEY, &[b"b"]));
    desk.pass(KEPT_FOR_US + SECOND);
    let person = desk.clerk("sun");
    let later = desk.sign_in(&person).token;
    taken(begin(&mut desk.app, &later, KEY, &[b"a"]));
    desk.app.job_run(&Caller::operator("operator", "test"), "one").unwrap();
    let rows = desk.hand().number("SELECT count(*) FROM idempotency", &[] as &[Cell]).unwrap();
    assert_eq!(rows, 1, "what is over is deleted by the daily round");
}

#[test]
fn of_many_who_come_at_once_with_one_key_one_is_carried_out() {
    let mut desk = Desk::new();
    let token = clerk(&mut desk, "zhou");
    let first: usize = std::thread::scope(|scope| {
        let one = |mut app: Installation| {
            let token = &token;
            move || usize::from(matches!(begin(&mut app, token, KEY, &[b"a"]), Repeated::First(_)))
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(one(desk.app.another().unwrap()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(first, 1);
}

#[test]
fn a_request_that_a_server_did_not_live_to_answer_is_told_to_be_unknown_and_is_never_done_again() {
    let mut desk = Desk::new();
    let token = clerk(&mut desk, "zhou");
    let lost = taken(begin(&mut desk.app, &token, KEY, &[b"a"]));
    drop(lost);
    desk.app = Installation::open(desk.city.installation.dir(), desk.clock.clone()).unwrap();
    assert!(matches!(begin(&mut desk.app, &token, KEY, &[b"a"]), Repeated::UnderWay));
    desk.pass(UNDER_WAY_FOR_US);
    assert!(matches!(begin(&mut desk.app, &token, KEY, &[b"a"]), Repeated::Unknown));
    desk.pass(20 * SECOND);
    assert!(matches!(begin(&mut desk.app, &token, KEY, &[b"a"]), Repeated::Unknown));
}

#[test]
fn a_key_under_which_nothing_was_done_is_free_again_and_one_that_was_taken_over_is_not_answered_by_who_had_it() {
    let mut desk = Desk::new();
    let token = clerk(&mut desk, "zhou");
    let refused = taken(begin(&mut desk.app, &token, KEY, &[b"a"]));
    desk.app.request_answered(refused.clone(), None).unwrap();
    desk.pass(SECOND);
    let mended = taken(begin(&mut desk.app, &token, KEY, &[b"b"]));
    // Whoever comes back late with the first one changes nothing.
    desk.app.request_answered(refused.clone(), Some(&answer())).unwrap();
    desk.app.request_answered(refused, None).unwrap();
    assert!(matches!(begin(&mut desk.app, &token, KEY, &[b"b"]), Repeated::UnderWay));
    desk.app.request_answered(mended, Some(&answer())).unwrap();
    assert!(matches!(begin(&mut desk.app, &token, KEY, &[b"b"]), Repeated::Again(_)));
}

#[test]
fn an_answer_is_given_again_to_who_may_still_ask_for_it_and_was_not_put_there_by_a_hand() {
    let mut desk = Desk::new();
    let token = clerk(&mut desk, "zhou");
    let first = taken(begin(&mut desk.app, &token, KEY, &[b"a"]));
    desk.app.request_answered(first, Some(&answer())).unwrap();
    let again = |app: &mut Installation, token: Option<&Token>| {
        let acting = Acting { purpose: "test".to_owned(), ..Acting::default() };
        app.request_begin(token, &acting, Repeatable { name: "check_answer", key: KEY, parts: &[b"a"] })
    };
    assert!(matches!(again(&mut desk.app, None), Ok(Repeated::Stranger)));
    desk.app.account_right_grant(&administrator(), "zhou", Role::Decider, Some(OFFICE)).unwrap();
    desk.app.account_right_end(&administrator(), "zhou", Role::Clerk, Some(OFFICE)).unwrap();
    assert_eq!(again(&mut desk.app, Some(&token)).unwrap_err().kind, Kind::Forbidden);
    desk.app.account_right_grant(&administrator(), "zhou", Role::Clerk, Some(OFFICE)).unwrap();
    assert!(matches!(again(&mut desk.app, Some(&token)), Ok(Repeated::Again(_))));
    desk.hand().run("UPDATE idempotency SET begun_us = begun_us + 1", &[]).unwrap();
    assert_eq!(again(&mut desk.app, Some(&token)).unwrap_err().kind, Kind::Internal);
    desk.pass(HOUR);
    assert!(matches!(again(&mut desk.app, Some(&token)), Ok(Repeated::Stranger)), "the session is over");
    desk.assert_whole();
}
