//! Signing in, and what a session is worth.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;

use std::time::Instant;

use chengxin_app::account::{Second, SignIn, Token};
use chengxin_app::reading::Reading;
use chengxin_app::{AppError, Kind};
use chengxin_core::{Caller, Ground, Role};
use chengxin_store::audit::Cell;
use city::OFFICE;
use desk::{DAY, Desk, HOUR, MINUTE, PASSWORD, Person, SECOND, public};

fn acting(desk: &mut Desk, person: &Person) -> (chengxin_app::account::Who, Caller) {
    let who = desk.sign_in(person).who;
    let caller = who.acting(Role::Clerk, Some(OFFICE), "test", Ground::Duty("x#1".to_owned()), desk.now()).unwrap();
    (who, caller)
}

#[test]
fn unknown_and_wrong_are_told_in_the_same_words() {
    let mut desk = Desk::new();
    let (zhou, waiting) = (desk.clerk("zhou"), desk.open("opened", &[(Role::Auditor, None)]).unwrap());
    let right = desk.entered(&zhou);
    let digits = |desk: &Desk| Some(Second::Totp(desk.digits(&zhou.secret.unwrap())));
    let tries = [
        SignIn { login: "nobody".to_owned(), ..right.clone() },
        SignIn { login: "13800000000".to_owned(), ..right.clone() },
        SignIn { login: "opened".to_owned(), ..right.clone() },
        SignIn { password: "wrong wrong wrong".to_owned(), second: digits(&desk), ..right.clone() },
        SignIn { second: Some(Second::Totp("123456".to_owned())), ..right.clone() },
        SignIn { second: None, ..right.clone() },
        SignIn { second: Some(Second::Recovery("0000-0000-00".to_owned())), ..right.clone() },
        SignIn { password: String::new(), second: None, ..right.clone() },
    ];
    let refused: Vec<AppError> =
        tries.iter().map(|entered| desk.app.session_open(&public(), entered).unwrap_err()).collect();
    for refusal in &refused {
        assert_eq!((refusal.kind, &refusal.public), (Kind::Forbidden, &refused[0].public));
        assert_eq!(refusal.private, refused[0].private);
    }
    let denials = desk.denials();
    assert_eq!(denials.len(), tries.len(), "every denial is logged, and says as little");
    assert!(denials.iter().all(|denial| *denial == denials[0]));
    let callers = desk.hand().rows("SELECT caller FROM log_entry WHERE operation = 'access_deny'", &[]).unwrap();
    let tag = desk.app.keys().actor_tag("zhou");
    assert_eq!(
        callers.iter().filter(|row| row[0].to_string().contains(&tag)).count(),
        5,
        "an auditor sees whom it met"
    );
    assert!(!callers.iter().any(|row| row[0].to_string().contains("13800000000")));
    drop(waiting);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long an answer takes, not what time it is")]
fn unknown_takes_as_long_as_wrong() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let right = desk.entered(&zhou);
    let mut fastest = [f64::INFINITY; 2];
    // The fastest of some is what it takes; on a busy machine it is some more until one is.
    for round in 0..40 {
        for (login, fastest) in ["zhou", "nobody"].into_iter().zip(&mut fastest) {
            let entered = SignIn {
                login: login.to_owned(),
                password: format!("wrong wrong {round}"),
                source: format!("10.1.0.{round}"),
                ..right.clone()
            };
            let begun = Instant::now();
            assert_eq!(desk.app.session_open(&public(), &entered).unwrap_err().kind, Kind::Forbidden);
            *fastest = fastest.min(begun.elapsed().as_secs_f64());
        }
        // The password is most of it; without it an unknown name would be answered in a tenth of the time.
        if round >= 7 && fastest[1] > fastest[0] * 0.6 && fastest[0] > fastest[1] * 0.6 {
            return;
        }
        desk.pass(HOUR);
    }
    panic!("{fastest:?}");
}

#[test]
fn a_totp_step_is_accepted_once() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let entered = desk.entered(&zhou);
    desk.app.session_open(&public(), &entered).unwrap();
    assert_eq!(desk.app.session_open(&public(), &entered).unwrap_err().kind, Kind::Forbidden);
    // Nor one that was shown before it.
    let earlier = chengxin_seal::totp_code(&zhou.secret.unwrap(), desk.now() / SECOND - 30);
    let shown_before = SignIn { second: Some(Second::Totp(earlier)), ..entered.clone() };
    assert_eq!(desk.app.session_open(&public(), &shown_before).unwrap_err().kind, Kind::Forbidden);
    desk.sign_in(&zhou);
}

#[test]
fn the_digits_that_proved_the_app_was_set_up_sign_nobody_in() {
    let mut desk = Desk::new();
    let code = desk.open("zhou", &[(Role::Clerk, Some(OFFICE))]).unwrap();
    let (choice, secret) = desk.choice(&code, None);
    let zhou = desk::person(desk.app.account_begin(&public(), &choice).unwrap(), Some(secret));
    let entered = SignIn { second: choice.totp.map(Second::Totp), ..desk.entered(&zhou) };
    assert!(desk.app.session_open(&public(), &entered).is_err());
}

#[test]
fn a_recovery_code_takes_the_place_of_the_app_once() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let by = |code: &str| SignIn { second: Some(Second::Recovery(code.to_owned())), ..desk.entered(&zhou) };
    let entered = by(&zhou.recovery[3].to_lowercase());
    let signed_in = desk.app.session_open(&public(), &entered).unwrap();
    assert_eq!((signed_in.recovery_left, signed_in.who.factors), (Some(9), 2));
    assert_eq!(desk.app.session_open(&public(), &entered).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(desk.sign_in(&zhou).recovery_left, None);
    desk.assert_whole();
}

#[test]
fn a_stranger_who_guesses_locks_nobody_out() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let device = desk.sign_in(&zhou).device;
    let wrong = SignIn { password: "wrong wrong wrong".to_owned(), second: None, ..desk.entered(&zhou) };
    let mut waited = 0;
    for n in 0..90 {
        desk.pass(MINUTE);
        // From another address each time, also with a device that was never known here.
        let source = format!("203.0.113.{n}");
        let guess = SignIn { source, device: (n % 2 == 0).then(|| format!("made-up-{n}")), ..wrong.clone() };
        waited += usize::from(matches!(desk.app.session_open(&public(), &guess).unwrap_err().kind, Kind::TooOften(_)));
    }
    assert!(waited > 30, "strangers wait together: {waited}");
    let known = SignIn { device: Some(device), ..desk.entered(&zhou) };
    desk.app.session_open(&public(), &known).unwrap();
    // At a new device the owner waits a quarter of an hour at most.
    let new = desk.entered(&zhou);
    assert!(matches!(desk.app.session_open(&public(), &new).unwrap_err().kind, Kind::TooOften(_)));
    desk.pass(15 * MINUTE);
    desk.sign_in(&zhou);
    // And nobody else waits at all.
    desk.clerk("qian");
}

#[test]
fn a_name_that_nobody_has_waits_like_one_that_somebody_has() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let guess = SignIn { password: "wrong wrong wrong".to_owned(), second: None, ..desk.entered(&zhou) };
    let kinds = |desk: &mut Desk, login: &str| -> Vec<_> {
        let guess = SignIn { login: login.to_owned(), source: "203.0.113.1".to_owned(), ..guess.clone() };
        (0..8)
            .map(|_| {
                let refusal = desk.app.session_open(&public(), &guess).unwrap_err();
                (refusal.kind, refusal.public)
            })
            .collect()
    };
    let known = kinds(&mut desk, "zhou");
    assert_eq!(kinds(&mut desk, "nobody"), known);
    assert_eq!(known.iter().filter(|(kind, _)| matches!(kind, Kind::TooOften(_))).count(), 3);
}

#[test]
fn a_forged_cut_or_exchanged_token_is_nobodys() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    let text = token.text();
    assert_eq!(Token::parse(&text), Some(token.clone()));
    for wrong in [&text[..63], &format!("{text}A"), "", &text.replace(&text[60..], "!!!!"), &"密".repeat(64)] {
        assert_eq!(Token::parse(wrong), None, "{wrong}");
    }
    let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
    for at in [0, 15, 16, 47] {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        let altered = Token::parse(&data_encoding::BASE64URL_NOPAD.encode(&altered)).unwrap();
        assert_eq!(desk.app.session_find(&altered).unwrap(), None);
    }
    assert!(desk.app.session_find(&token).unwrap().is_some());
}

#[test]
fn a_session_whose_columns_were_altered_by_hand_is_nobodys() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    for column in ["ends_us", "idle_us", "factors", "proven_us", "opened_us"] {
        let token = desk.sign_in(&zhou).token;
        assert!(desk.app.session_find(&token).unwrap().is_some());
        desk.hand().run(&format!("UPDATE session SET {column} = {column} + 1"), &[]).unwrap();
        assert_eq!(desk.app.session_find(&token).unwrap(), None, "{column}");
    }
}

#[test]
fn a_session_ends_when_nobody_uses_it_and_after_its_time() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    desk.pass(29 * MINUTE);
    assert!(desk.app.session_find(&token).unwrap().is_some());
    desk.pass(30 * MINUTE);
    assert_eq!(desk.app.session_find(&token).unwrap(), None, "idle");
    let token = desk.sign_in(&zhou).token;
    for _ in 0..35 {
        desk.pass(20 * MINUTE);
        assert!(desk.app.session_find(&token).unwrap().is_some());
    }
    desk.pass(20 * MINUTE);
    assert_eq!(desk.app.session_find(&token).unwrap(), None, "twelve hours are over");
}

#[test]
fn finding_a_session_writes_at_most_once_a_minute_and_a_reader_writes_nothing() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    let seen = |desk: &Desk| desk.hand().number("SELECT max(last_seen_us) FROM session", &[]).unwrap();
    let begun = seen(&desk);
    let reading = Reading::open(&desk.app).unwrap();
    desk.pass(59 * SECOND);
    assert!(!reading.session_find(&token).unwrap().unwrap().stale);
    desk.app.session_find(&token).unwrap().unwrap();
    assert_eq!(seen(&desk), begun);
    desk.pass(SECOND);
    let who = reading.session_find(&token).unwrap().unwrap();
    assert!(who.stale);
    assert_eq!(seen(&desk), begun);
    desk.app.session_touch(&who, None).unwrap();
    assert_eq!(seen(&desk), desk.now());
}

#[test]
fn sessions_are_listed_and_ended_by_whose_they_are() {
    let mut desk = Desk::new();
    let (zhou, qian) = (desk.clerk("zhou"), desk.clerk("qian"));
    let tokens = [desk.sign_in(&zhou).token, desk.sign_in(&zhou).token];
    let other = desk.sign_in(&qian).token;
    let (who, caller) = acting(&mut desk, &zhou);
    let list = desk.app.session_list(&caller, &who).unwrap();
    assert_eq!(list.len(), 3);
    assert!(list.iter().all(|line| line.label == "窗口电脑" && line.factors == 2));
    assert_eq!(list.iter().filter(|line| line.current).count(), 1);
    let known = |desk: &Desk| Reading::open(&desk.app).unwrap().is_somebody(&tokens[0]).unwrap();
    assert!(known(&desk));
    desk.app.session_end(&caller, &who, Some(&list[0].id)).unwrap();
    assert!(!known(&desk), "what looks like a token and is nobody's is a stranger's");
    assert_eq!(desk.app.session_find(&tokens[0]).unwrap(), None);
    assert!(desk.app.session_find(&tokens[1]).unwrap().is_some());
    // Another's session is not there for them.
    let others = desk.app.session_find(&other).unwrap().unwrap();
    let qian = others.acting(Role::Clerk, Some(OFFICE), "test", Ground::Duty("x#1".to_owned()), desk.now()).unwrap();
    let id = desk.app.session_list(&qian, &others).unwrap()[0].id.clone();
    assert_eq!(desk.app.session_end(&caller, &who, Some(&id)).unwrap_err().kind, Kind::NotFound);
    assert_eq!(desk.app.session_end_all(&caller, &who).unwrap(), 2);
    assert_eq!(desk.app.session_find(&tokens[1]).unwrap(), None);
    assert!(desk.app.session_find(&other).unwrap().is_some());
    desk.assert_whole();
}

#[test]
fn a_sensitive_act_takes_a_proof_of_the_last_ten_minutes() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let signed_in = desk.sign_in(&zhou);
    let (who, caller) = acting(&mut desk, &zhou);
    who.recently_proven(desk.now()).unwrap();
    desk.pass(11 * MINUTE);
    assert_eq!(who.recently_proven(desk.now()).unwrap_err().kind, Kind::Forbidden);
    let prove = |desk: &mut Desk, password: &str, second: Option<Second>| {
        desk.app.session_reauthenticate(&caller, &who, password, second.as_ref())
    };
    assert_eq!(prove(&mut desk, PASSWORD, None).unwrap_err().kind, Kind::Forbidden);
    let digits = Some(Second::Totp(desk.digits(&zhou.secret.unwrap())));
    assert_eq!(prove(&mut desk, "wrong wrong wrong", digits.clone()).unwrap_err().kind, Kind::Forbidden);
    let proven = prove(&mut desk, PASSWORD, digits).unwrap();
    proven.recently_proven(desk.now()).unwrap();
    // That other session of theirs is as old as it was.
    let found = desk.app.session_find(&signed_in.token).unwrap().unwrap();
    assert!(found.recently_proven(desk.now()).is_err());
    for _ in 0..6 {
        drop(prove(&mut desk, "wrong wrong wrong", None));
    }
    assert!(matches!(prove(&mut desk, "wrong wrong wrong", None).unwrap_err().kind, Kind::TooOften(_)));
    desk.assert_whole();
}

#[test]
fn attempts_made_at_once_each_count() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let guess = SignIn {
        password: "wrong wrong wrong".to_owned(),
        second: None,
        source: "203.0.113.5".to_owned(),
        ..desk.entered(&zhou)
    };
    let looked_at: usize = std::thread::scope(|scope| {
        let one = |mut app: chengxin_app::Installation| {
            let guess = &guess;
            move || (0..3).filter(|_| app.session_open(&public(), guess).unwrap_err().kind == Kind::Forbidden).count()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(one(desk.app.another().unwrap()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(looked_at, 5, "the clock stands: five are free, the others come too soon");
    assert_eq!(desk.denials().len(), 12);
}

#[test]
fn the_daily_round_deletes_what_is_over() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    desk.sign_in(&zhou);
    let count = |desk: &Desk, table: &str| desk.hand().number(&format!("SELECT count(*) FROM {table}"), &[]).unwrap();
    assert!(count(&desk, "session") == 1 && count(&desk, "throttle") > 0);
    desk.pass(91 * DAY + HOUR);
    let operator = Caller::operator("operator", "test");
    desk.app.job_run(&operator, "one").unwrap();
    assert_eq!((count(&desk, "session"), count(&desk, "throttle")), (0, 0));
    desk.sign_in(&zhou);
    let unused: &[Cell] = &[];
    assert_eq!(desk.hand().number("SELECT count(*) FROM account", unused).unwrap(), 1);
    desk.assert_whole();
}
