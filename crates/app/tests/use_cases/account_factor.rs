//! What somebody's own account proves itself by: changed by themself, after a fresh proof, and never so that staff are left with one factor.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;
use crate::holder;

use chengxin_app::account::{Acting, Redeem, Redeemed, Second, SignIn, Token, Who};
use chengxin_app::{AppError, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role};
use city::{OFFICE, row};
use data_encoding::BASE32_NOPAD;
use desk::{DAY, Desk, MINUTE, PASSWORD, Person, administrator, identity_clerk, public};
use holder::{Bench, device};

const NEW: &str = "nine calm otters wade";

/// A resident with an account of their own; with an authenticator app, or a password alone.
fn resident(desk: &mut Desk, app: bool) -> Person {
    let seen = "居民身份证原件，与本人相符";
    let code = desk.app.activation_issue(&identity_clerk(), DocumentKind::ResidentId, &row(1).number, seen).unwrap();
    let (mut choice, secret) = desk.choice(&code, Some("zhouming"));
    if !app {
        choice.totp = None;
    }
    match desk.app.activation_redeem(&public(), &Redeem::New(&choice)).unwrap() {
        Redeemed::Begun(begun) => desk::person(begun, app.then_some(secret)),
        Redeemed::Bound => unreachable!("a new account begins"),
    }
}

fn own(desk: &mut Desk, token: &Token, name: &'static str) -> Result<(Who, Caller), AppError> {
    let acting = Acting { purpose: "管理本人账户".to_owned(), ..Acting::default() };
    desk.app.session_caller(Some(token), name, &acting)
}

fn change(desk: &mut Desk, token: &Token, old: &str, new: &str) -> Result<usize, AppError> {
    let (who, caller) = own(desk, token, "account_password")?;
    desk.app.account_password(&caller, &who, old, new)
}

/// Enrols another app; its secret, and recovery codes where there are new ones.
fn enrol(desk: &mut Desk, token: &Token) -> ([u8; 20], Vec<String>) {
    let (who, caller) = own(desk, token, "account_factor_add").unwrap();
    let offered = desk.app.app_offer(&caller, &who).unwrap();
    assert!(offered.totp_uri.contains(&offered.totp_secret));
    let secret: [u8; 20] = BASE32_NOPAD.decode(offered.totp_secret.as_bytes()).unwrap().try_into().unwrap();
    let wrong = desk.app.app_add(&caller, &who, &offered.enrolment, "000000").unwrap_err();
    assert_eq!(wrong.kind, Kind::Invalid);
    assert_eq!(desk.app.app_add(&caller, &who, "none", "000000").unwrap_err().kind, Kind::Invalid);
    let digits = desk.digits(&secret);
    let codes = desk.app.app_add(&caller, &who, &offered.enrolment, &digits).unwrap();
    (secret, codes)
}

#[test]
fn a_password_is_changed_by_who_knows_the_old_one_and_every_other_session_ends() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let tokens = [desk.sign_in(&zhou).token, desk.sign_in(&zhou).token, desk.sign_in(&zhou).token];
    let denials = desk.denials().len();
    assert_eq!(change(&mut desk, &tokens[2], "wrong wrong wrong", NEW).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(desk.denials().len(), denials + 1);
    for new in ["short", "zhou zhou zhou", "aaaaaaaaaaaaaaaa", PASSWORD] {
        assert_eq!(change(&mut desk, &tokens[2], PASSWORD, new).unwrap_err().kind, Kind::Invalid, "{new}");
    }
    assert_eq!(change(&mut desk, &tokens[2], PASSWORD, NEW).unwrap(), 2);
    assert!(
        desk.app.session_find(&tokens[0]).unwrap().is_none() && desk.app.session_find(&tokens[1]).unwrap().is_none()
    );
    assert!(desk.app.session_find(&tokens[2]).unwrap().is_some());
    let old = desk.entered(&zhou);
    assert_eq!(desk.app.session_open(&public(), &old).unwrap_err().kind, Kind::Forbidden);
    let new = SignIn { password: NEW.to_owned(), ..desk.entered(&zhou) };
    let token = desk.app.session_open(&public(), &new).unwrap().token;
    // It takes a fresh proof, and who guesses the old one waits.
    desk.pass(11 * MINUTE);
    assert_eq!(change(&mut desk, &token, NEW, PASSWORD).unwrap_err().kind, Kind::Forbidden);
    desk.assert_whole();
}

#[test]
fn who_guesses_the_old_password_in_an_open_session_waits() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    let kinds: Vec<_> = (0..8).map(|_| change(&mut desk, &token, "wrong wrong wrong", NEW).unwrap_err().kind).collect();
    assert!(matches!(kinds[7], Kind::TooOften(_)), "{kinds:?}");
}

#[test]
fn an_app_takes_the_place_of_the_one_before() {
    let mut desk = Desk::new();
    let mut zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    let (secret, codes) = enrol(&mut desk, &token);
    assert!(codes.is_empty(), "those that there are go on");
    let old = desk.entered(&zhou);
    assert_eq!(desk.app.session_open(&public(), &old).unwrap_err().kind, Kind::Forbidden);
    zhou.secret = Some(secret);
    desk.sign_in(&zhou);
    let code = Some(Second::Recovery(zhou.recovery[0].clone()));
    let by_code = SignIn { second: code, ..desk.entered(&zhou) };
    assert_eq!(desk.app.session_open(&public(), &by_code).unwrap().recovery_left, Some(9));
    desk.assert_whole();
}

#[test]
fn new_recovery_codes_make_the_old_ones_worth_nothing() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    let (who, caller) = own(&mut desk, &token, "account_factor_add").unwrap();
    let codes = desk.app.recovery_add(&caller, &who).unwrap();
    assert_eq!(codes.len(), 10);
    let by =
        |desk: &Desk, code: &str| SignIn { second: Some(Second::Recovery(code.to_owned())), ..desk.entered(&zhou) };
    let old = by(&desk, &zhou.recovery[0]);
    assert_eq!(desk.app.session_open(&public(), &old).unwrap_err().kind, Kind::Forbidden);
    let new = by(&desk, &codes[0]);
    assert_eq!(desk.app.session_open(&public(), &new).unwrap().recovery_left, Some(9));
    desk.assert_whole();
}

#[test]
fn the_last_second_factor_of_staff_stays() {
    let mut bench = Bench::new();
    let of = |bench: &mut Bench, kind: &str| bench.factors().into_iter().find(|line| line.kind == kind).unwrap().id;
    let (password, app, passkey) = (of(&mut bench, "password"), of(&mut bench, "totp"), of(&mut bench, "passkey"));
    assert_eq!(bench.remove(&password).unwrap_err().kind, Kind::Conflict);
    assert_eq!(bench.remove("999").unwrap_err().kind, Kind::NotFound);
    bench.remove(&app).unwrap();
    let last = bench.remove(&passkey).unwrap_err();
    assert_eq!(last.kind, Kind::Conflict);
    assert!(last.public.en.contains("last second factor"), "{last}");
    bench.remove("recovery").unwrap();
    // The password alone opens nothing, and the passkey does.
    bench.person.secret = None;
    let alone = bench.desk.entered(&bench.person);
    assert_eq!(bench.desk.app.session_open(&public(), &alone).unwrap_err().kind, Kind::Forbidden);
    bench.sign_in("zhou").unwrap();
    bench.desk.pass(11 * MINUTE);
    bench.refused("a stale proof", "sensitive-acts-confirmed-anew", |bench| bench.remove(&passkey));
    bench.desk.assert_whole();
}

#[test]
fn of_two_sessions_that_each_remove_another_factor_one_does() {
    let mut bench = Bench::new();
    let ids: Vec<_> = bench.factors().into_iter().filter(|line| ["totp", "passkey"].contains(&line.kind)).collect();
    let (who, caller) = bench.own_now("account_factor_remove");
    let done: Vec<_> = std::thread::scope(|scope| {
        let start = |id: String| {
            let (mut app, who, caller) = (bench.desk.app.another().unwrap(), who.clone(), caller.clone());
            scope.spawn(move || app.account_factor_remove(&caller, &who, &id).map_err(|refusal| refusal.kind))
        };
        let threads: Vec<_> = ids.iter().map(|line| start(line.id.clone())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
    assert!(done.contains(&Err(Kind::Conflict)), "{done:?}");
    assert_eq!(bench.factors().iter().filter(|line| ["totp", "passkey"].contains(&line.kind)).count(), 1);
    bench.desk.assert_whole();
}

#[test]
fn a_person_adds_a_passkey_gets_recovery_codes_and_may_go_back_to_a_password() {
    let mut desk = Desk::new();
    let person = resident(&mut desk, false);
    let mut desk_and = Bench { token: desk.sign_in(&person).token, person, desk, device: device(), known_device: None };
    let bench = &mut desk_and;
    let (who, caller) = bench.own_now("account_factor_add");
    assert_eq!(bench.desk.app.recovery_add(&caller, &who).unwrap_err().kind, Kind::Conflict, "nothing to stand in for");
    let mut own = device();
    let codes = bench.add(&mut own, "手机").unwrap();
    assert_eq!(codes.len(), 10);
    bench.device = own;
    assert_eq!(bench.sign_in("zhouming").unwrap().who.factors, 2);
    // Where a second factor is enrolled, a password alone opens nothing; with a recovery code it does.
    let alone = bench.desk.entered(&bench.person);
    assert_eq!(bench.desk.app.session_open(&public(), &alone).unwrap_err().kind, Kind::Forbidden);
    let with = SignIn { second: Some(Second::Recovery(codes[0].clone())), ..alone.clone() };
    assert_eq!(bench.desk.app.session_open(&public(), &with).unwrap().recovery_left, Some(9));
    let passkey = bench.factors().into_iter().find(|line| line.kind == "passkey").unwrap().id;
    bench.remove(&passkey).unwrap();
    assert_eq!(bench.factors().iter().map(|line| line.kind).collect::<Vec<_>>(), ["password"]);
    assert_eq!(bench.desk.app.session_open(&public(), &alone).unwrap().who.factors, 1);
    // And each of it stands in their own log, in their language.
    let token = bench.token.clone();
    let who = bench.desk.app.session_find(&token).unwrap().unwrap();
    let me = who.acting(Role::Resident, None, "本人查阅", Ground::OwnRight, bench.desk.now()).unwrap();
    let lines = bench.desk.app.log_lines(&me, DocumentKind::ResidentId, &row(1).number).unwrap();
    let said = format!("{lines:?}");
    for sentence in
        ["添加了一个通行密钥", "用通行密钥登录了账户", "removed a passkey", "signed in to an account with a passkey"]
    {
        assert!(said.contains(sentence), "{sentence}: {said}");
    }
    bench.desk.assert_whole();
}

#[test]
fn a_person_who_enrols_their_first_app_gets_recovery_codes() {
    let mut desk = Desk::new();
    let mut person = resident(&mut desk, false);
    let token = desk.sign_in(&person).token;
    let (secret, codes) = enrol(&mut desk, &token);
    assert_eq!(codes.len(), 10);
    person.secret = Some(secret);
    assert_eq!(desk.sign_in(&person).who.factors, 2);
    desk.assert_whole();
}

#[test]
fn an_administrator_wakes_a_right_that_sleeps_and_nobody_their_own() {
    let mut desk = Desk::new();
    let zhou = desk.staff("zhou", &[(Role::Clerk, Some(OFFICE)), (Role::Decider, Some(OFFICE))]);
    let runner = desk.staff("runner", &[(Role::Administrator, None)]);
    let renew = |desk: &mut Desk, caller: &Caller, login: &str, role| {
        desk.app.account_renew(caller, login, role, (role != Role::Administrator).then_some(OFFICE))
    };
    let awake = renew(&mut desk, &administrator(), "zhou", Role::Decider).unwrap_err();
    assert_eq!(awake.kind, Kind::Conflict);
    desk.pass(91 * DAY);
    let act = |desk: &mut Desk| {
        let who = desk.sign_in(&zhou).who;
        desk.app.session_act(&who, "report_issue", Role::Decider, Some(OFFICE), "办件", Ground::Duty("x#1".to_owned()))
    };
    assert_eq!(act(&mut desk).unwrap_err().kind, Kind::Forbidden);
    for (login, role) in [("nobody", Role::Decider), ("zhou", Role::DataOfficer)] {
        let denials = desk.denials().len();
        assert_eq!(renew(&mut desk, &administrator(), login, role).unwrap_err().kind, Kind::NotFound);
        assert_eq!(desk.denials().len(), denials + 1);
    }
    let office = desk::credit_office();
    assert_eq!(renew(&mut desk, &office, "zhou", Role::Decider).unwrap_err().kind, Kind::Forbidden);
    let who = desk.sign_in(&runner).who;
    let own = who.rights[0].clone();
    assert!(own.dormant);
    let as_runner = Caller { actor: who.actor.clone(), ..administrator() };
    assert_eq!(renew(&mut desk, &as_runner, "runner", Role::Administrator).unwrap_err().kind, Kind::Forbidden);
    renew(&mut desk, &administrator(), "zhou", Role::Decider).unwrap();
    assert_eq!(act(&mut desk).unwrap().role, Role::Decider);
    // The other one sleeps on; one that was written into the database by hand does not wake.
    let line = desk.app.account_list(&administrator()).unwrap().into_iter().find(|line| line.login == "zhou").unwrap();
    assert_eq!(line.rights.iter().filter(|right| right.dormant).count(), 1);
    desk.assert_whole();
    desk.hand().run("UPDATE account_right SET granted_by = 'somebody' WHERE role = 'clerk'", &[]).unwrap();
    assert_eq!(renew(&mut desk, &administrator(), "zhou", Role::Clerk).unwrap_err().kind, Kind::NotFound);
}
