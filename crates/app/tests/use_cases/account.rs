//! Accounts of staff: how they begin, what they may hold, how they end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;

use chengxin_app::account::{Begin, NewAccount, Recovering, Token};
use chengxin_app::keys::Rotate;
use chengxin_app::{Installation, Kind};
use chengxin_core::{Caller, Ground, Role};
use chengxin_store::audit::Cell;
use city::OFFICE;
use desk::{DAY, Desk, HOUR, MINUTE, PASSWORD, SECOND, administrator, credit_office, public};

#[test]
fn the_first_link_makes_one_administrator_and_works_only_while_there_is_none() {
    let mut desk = Desk::new();
    assert!(!desk.app.has_administrator().unwrap());
    let first = desk.app.account_first_link(&administrator()).unwrap();
    let other = desk.app.account_first_link(&administrator()).unwrap();
    let (choice, _) = desk.choice(&first, Some("Wang.Fang"));
    let (late, _) = desk.choice(&other, Some("li.si"));
    let begun = desk.app.account_begin(&public(), &choice).unwrap();
    assert_eq!((begun.login.as_str(), begun.recovery_codes.len()), ("wang.fang", 10));
    assert!(desk.app.has_administrator().unwrap());
    assert_eq!(desk.app.account_begin(&public(), &late).unwrap_err().kind, Kind::Conflict);
    assert_eq!(desk.app.account_begin(&public(), &choice).unwrap_err().kind, Kind::NotFound);
    assert_eq!(desk.app.account_first_link(&administrator()).unwrap_err().kind, Kind::Conflict);
    let clerk = city::caller(Role::Clerk, "li", Some(OFFICE));
    assert_eq!(desk.app.account_first_link(&clerk).unwrap_err().kind, Kind::Forbidden);
    desk.assert_whole();
}

#[test]
fn a_code_works_once_and_only_until_it_expires() {
    let mut desk = Desk::new();
    let code = desk.open("zhou", &[(Role::Clerk, Some(OFFICE))]).unwrap();
    let (choice, _) = desk.choice(&code, None);
    desk.pass(24 * HOUR);
    let expired = desk.app.account_begin(&public(), &choice).unwrap_err();
    let late = desk.open("qian", &[(Role::Clerk, Some(OFFICE))]).unwrap();
    let (choice, _) = desk.choice(&late, None);
    desk.app.account_begin(&public(), &choice).unwrap();
    let used = desk.app.account_begin(&public(), &choice).unwrap_err();
    let mistyped = Begin { code: "0000-0000-0000-0000".to_owned(), ..choice.clone() };
    let wrong = desk.app.account_begin(&public(), &mistyped).unwrap_err();
    assert_eq!(expired.kind, Kind::NotFound);
    for refusal in [&used, &wrong] {
        assert_eq!((refusal.kind, &refusal.public), (expired.kind, &expired.public), "one sentence for all three");
    }
    assert_eq!(desk.denials().iter().filter(|(operation, _)| operation == "account_begin").count(), 3);
    desk.assert_whole();
}

#[test]
fn who_guesses_codes_waits_longer_and_longer() {
    let mut desk = Desk::new();
    let guess = |desk: &mut Desk| {
        let begin =
            Begin { code: "0000-0000-0000-0000".to_owned(), source: "203.0.113.9".to_owned(), ..Begin::default() };
        desk.app.account_begin(&public(), &begin).unwrap_err().kind
    };
    for _ in 0..5 {
        assert_eq!(guess(&mut desk), Kind::NotFound);
    }
    assert!(matches!(guess(&mut desk), Kind::TooOften(_)));
    desk.pass(2 * SECOND);
    assert_eq!(guess(&mut desk), Kind::NotFound);
    // Somebody else is not kept waiting.
    desk.clerk("zhou");
}

#[test]
fn staff_without_a_second_factor_get_no_session() {
    let mut desk = Desk::new();
    let code = desk.open("zhou", &[(Role::Clerk, Some(OFFICE))]).unwrap();
    let (choice, secret) = desk.choice(&code, None);
    let without = Begin { totp: None, ..choice.clone() };
    assert_eq!(desk.app.account_begin(&public(), &without).unwrap_err().kind, Kind::Invalid);
    let wrong = Begin { totp: Some("000000".to_owned()), ..choice.clone() };
    assert_eq!(desk.app.account_begin(&public(), &wrong).unwrap_err().kind, Kind::Invalid);
    let zhou = desk::person(desk.app.account_begin(&public(), &choice).unwrap(), Some(secret));
    let entered = desk.entered(&zhou);
    let password_only = chengxin_app::account::SignIn { second: None, ..entered };
    assert_eq!(desk.app.session_open(&public(), &password_only).unwrap_err().kind, Kind::Forbidden);
    // Nor where a hand took the app away.
    desk.hand().run("DELETE FROM credential WHERE kind = 'totp'", &[]).unwrap();
    assert_eq!(desk.app.session_open(&public(), &password_only).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn who_administers_accounts_is_given_no_role_that_reads_records() {
    let mut desk = Desk::new();
    let running = [Role::Administrator, Role::CreditOffice];
    let reading = [(Role::Clerk, Some(OFFICE)), (Role::Decider, Some(OFFICE)), (Role::IdentityClerk, None)];
    desk.staff("runner", &[(running[0], None)]);
    desk.staff("office", &[(running[1], None)]);
    let mut denied = 0;
    for (role, authority) in reading {
        for login in ["runner", "office"] {
            let refused = desk.app.account_right_grant(&administrator(), login, role, authority).unwrap_err();
            assert_eq!(refused.kind, Kind::Forbidden);
            denied += 1;
        }
    }
    desk.clerk("zhou");
    for role in [running[0], running[1], Role::Auditor] {
        let refused = desk.app.account_right_grant(&administrator(), "zhou", role, None).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden);
        denied += 1;
    }
    let both = desk.open("both", &[(Role::Clerk, Some(OFFICE)), (Role::Administrator, None)]).unwrap_err();
    assert_eq!(both.kind, Kind::Forbidden);
    denied += 1;
    assert_eq!(desk.denials().len(), denied, "each refusal is logged");
    // What goes together is held together.
    desk.app.account_right_grant(&administrator(), "zhou", Role::DataOfficer, Some(OFFICE)).unwrap();
    desk.app.account_right_grant(&credit_office(), "zhou", Role::IdentityClerk, None).unwrap();
    desk.assert_whole();
}

#[test]
fn a_right_that_cannot_be_is_refused() {
    let mut desk = Desk::new();
    for (role, authority) in [
        (Role::Clerk, None),
        (Role::Clerk, Some("11990000MB0000009X")),
        (Role::Auditor, Some(OFFICE)),
        (Role::Resident, None),
        (Role::Public, None),
    ] {
        assert_eq!(desk.open("zhou", &[(role, authority)]).unwrap_err().kind, Kind::Invalid, "{role:?} {authority:?}");
    }
    assert_eq!(desk.open("zhou", &[]).unwrap_err().kind, Kind::Invalid);
    let new = |login: &str, name: &str| NewAccount {
        login: login.to_owned(),
        name: name.to_owned(),
        rights: vec![(Role::Auditor, None)],
    };
    for (login, name) in [("x", "周明"), ("13800000000", "周明"), ("zhou", " "), ("zhou", "周#明"), ("zhou", "周\n明")]
    {
        let refused = desk.app.account_open(&administrator(), &new(login, name)).unwrap_err();
        assert_eq!(refused.kind, Kind::Invalid, "{login} {name}");
    }
    desk.open("zhou", &[(Role::Auditor, None)]).unwrap();
    assert_eq!(desk.open("ＺＨＯＵ", &[(Role::Auditor, None)]).unwrap_err().kind, Kind::Conflict);
}

#[test]
fn nobody_changes_their_own_rights_and_the_last_administrator_stays() {
    let mut desk = Desk::new();
    let runner = desk.staff("runner", &[(Role::Administrator, None)]);
    let who = desk.sign_in(&runner).who;
    let runner = who.acting(Role::Administrator, None, "test", Ground::Operation, desk.now()).unwrap();
    let own = desk.app.account_right_grant(&runner, "runner", Role::CreditOffice, None).unwrap_err();
    assert_eq!(own.kind, Kind::Forbidden);
    assert_eq!(desk.app.account_close(&runner, "runner").unwrap_err().kind, Kind::Forbidden);
    assert_eq!(
        desk.app.recovery_issue(&runner, Recovering::Staff("runner"), "本人").unwrap_err().kind,
        Kind::Forbidden
    );
    let end =
        |desk: &mut Desk, caller: &Caller| desk.app.account_right_end(caller, "runner", Role::Administrator, None);
    assert_eq!(end(&mut desk, &administrator()).unwrap_err().kind, Kind::Conflict);
    assert_eq!(desk.app.account_close(&administrator(), "runner").unwrap_err().kind, Kind::Conflict);
    assert_eq!(end(&mut desk, &credit_office()).unwrap_err().kind, Kind::Forbidden);
    desk.staff("second", &[(Role::Administrator, None)]);
    end(&mut desk, &administrator()).unwrap();
    assert_eq!(end(&mut desk, &administrator()).unwrap_err().kind, Kind::NotFound);
    desk.assert_whole();
}

#[test]
fn the_credit_office_gives_roles_that_work_and_no_others() {
    let mut desk = Desk::new();
    desk.clerk("zhou");
    desk.staff("watch", &[(Role::Auditor, None)]);
    desk.app.account_right_grant(&credit_office(), "zhou", Role::Decider, Some(OFFICE)).unwrap();
    for role in [Role::Administrator, Role::CreditOffice, Role::Auditor] {
        let refused = desk.app.account_right_grant(&credit_office(), "watch", role, None).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{role:?}");
    }
    let refused = desk.app.recovery_issue(&credit_office(), Recovering::Staff("watch"), "本人到场").unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    desk.app.recovery_issue(&credit_office(), Recovering::Staff("zhou"), "本人到场").unwrap();
    assert_eq!(desk.app.account_close(&credit_office(), "watch").unwrap_err().kind, Kind::Forbidden);
    let clerk = city::caller(Role::Clerk, "li", Some(OFFICE));
    assert_eq!(desk.app.account_list(&clerk).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn a_right_that_slept_90_days_is_refused_with_its_remedy() {
    let mut desk = Desk::new();
    let zhou = desk.staff("zhou", &[(Role::Clerk, Some(OFFICE)), (Role::Decider, Some(OFFICE))]);
    let act = |desk: &mut Desk, role| {
        let who = desk.sign_in(&zhou).who;
        desk.app.session_act(&who, "report_issue", role, Some(OFFICE), "办件", Ground::Duty("x#1".to_owned()))
    };
    desk.pass(80 * DAY);
    assert_eq!(act(&mut desk, Role::Clerk).unwrap().role, Role::Clerk);
    desk.pass(20 * DAY);
    // The one that was used goes on; the one that slept does not.
    assert!(act(&mut desk, Role::Clerk).is_ok());
    let refused = act(&mut desk, Role::Decider).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    assert!(refused.public.zh.contains("重新授予") && refused.public.en.contains("grant it anew"), "{refused}");
    assert_eq!(desk.denials().last().unwrap().0, "report_issue");
    let line = desk.app.account_list(&administrator()).unwrap().remove(0);
    let dormant: Vec<_> = line.rights.iter().filter(|right| right.dormant).map(|right| right.role).collect();
    assert_eq!(dormant, [Role::Decider]);
    desk.app.account_right_grant(&administrator(), "zhou", Role::Decider, Some(OFFICE)).unwrap();
    assert!(act(&mut desk, Role::Decider).is_ok());
    let none = act(&mut desk, Role::Auditor).unwrap_err();
    assert_eq!(none.kind, Kind::Forbidden);
    desk.assert_whole();
}

#[test]
fn a_right_ended_is_gone_from_sessions_that_are_open() {
    let mut desk = Desk::new();
    let zhou = desk.staff("zhou", &[(Role::Clerk, Some(OFFICE)), (Role::Decider, Some(OFFICE))]);
    let token = desk.sign_in(&zhou).token;
    desk.app.account_right_end(&administrator(), "zhou", Role::Decider, Some(OFFICE)).unwrap();
    let who = desk.app.session_find(&token).unwrap().unwrap();
    assert_eq!(who.roles(), [Role::Clerk]);
    desk.app.account_close(&administrator(), "zhou").unwrap();
    assert_eq!(desk.app.session_find(&token).unwrap(), None);
    let entered = desk.entered(&zhou);
    assert_eq!(desk.app.session_open(&public(), &entered).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(desk.app.account_close(&administrator(), "zhou").unwrap_err().kind, Kind::Conflict);
    // The log speaks of this name: nobody else gets it.
    assert_eq!(desk.open("zhou", &[(Role::Auditor, None)]).unwrap_err().kind, Kind::Conflict);
    assert_eq!(desk.app.account_list(&administrator()).unwrap()[0].state, "closed");
    desk.assert_whole();
}

#[test]
fn a_right_that_a_hand_put_into_the_database_is_none() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    let hand = desk.hand();
    hand.run(
        "INSERT INTO account_right (account_id, role, authority, granted_us, granted_by, ended_us, ended_by, seal, last_used_on) \
         SELECT account_id, 'administrator', '', granted_us, granted_by, ended_us, ended_by, seal, last_used_on FROM account_right",
        &[],
    )
    .unwrap();
    hand.run("UPDATE account_right SET authority = 'x' WHERE role = 'clerk'", &[]).unwrap();
    assert_eq!(desk.app.session_find(&token).unwrap().unwrap().rights, []);
    assert!(!desk.app.has_administrator().unwrap());
    desk.app.log_sequence().unwrap();
    let verified = desk.app.log_verify(&city::caller(Role::Auditor, "audit", None), None).unwrap();
    assert!(verified.findings.iter().filter(|finding| finding.table == "account_right").count() >= 2);
}

#[test]
fn a_session_or_password_carried_over_to_another_account_opens_nothing() {
    let mut desk = Desk::new();
    let (zhou, runner) = (desk.clerk("zhou"), desk.staff("runner", &[(Role::Administrator, None)]));
    let token = desk.sign_in(&zhou).token;
    let ids = [Cell::from(&zhou.account), Cell::from(&runner.account)];
    desk.hand().run("UPDATE session SET account_id = $2 WHERE account_id = $1", &ids).unwrap();
    let text = data_encoding::BASE64URL_NOPAD.decode(token.text().as_bytes()).unwrap();
    let carried = [&runner.account[..], &text[16..]].concat();
    let carried = Token::parse(&data_encoding::BASE64URL_NOPAD.encode(&carried)).unwrap();
    assert_eq!(desk.app.session_find(&carried).unwrap(), None);
    desk.hand().run("DELETE FROM credential WHERE account_id = $1", &ids[1..]).unwrap();
    desk.hand().run("UPDATE credential SET account_id = $2 WHERE account_id = $1", &ids).unwrap();
    let as_runner = desk::Person { login: "runner".to_owned(), secret: zhou.secret, ..zhou };
    let entered = desk.entered(&as_runner);
    assert!(desk.app.session_open(&public(), &entered).is_err());
}

#[test]
fn recovery_ends_every_session_and_voids_what_was_handed_over_before() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    let older = desk.app.recovery_issue(&administrator(), Recovering::Staff("zhou"), "本人持证到场").unwrap();
    let (with_older, _) = desk.choice(&older, None);
    desk.pass(MINUTE);
    let newer = desk.app.recovery_issue(&administrator(), Recovering::Staff("zhou"), "本人持证到场").unwrap();
    assert!(desk.app.session_find(&token).unwrap().is_some(), "until it is used everything stays");
    let (mut choice, secret) = desk.choice(&newer, None);
    choice.password = "eight louder cranes".to_owned();
    let begun = desk.app.account_begin(&public(), &choice).unwrap();
    assert_eq!((begun.account, begun.login.as_str()), (zhou.account, "zhou"));
    assert_eq!(desk.app.session_find(&token).unwrap(), None);
    assert_eq!(desk.app.account_begin(&public(), &with_older).unwrap_err().kind, Kind::NotFound);
    let old = desk.entered(&zhou);
    assert!(desk.app.session_open(&public(), &old).is_err());
    let mut new = desk.entered(&desk::Person { secret: Some(secret), ..zhou });
    new.password = "eight louder cranes".to_owned();
    assert!(desk.app.session_open(&public(), &new).is_ok());
    for (whose, evidence, kind) in [("zhou", " ", Kind::Invalid), ("nobody", "到场", Kind::NotFound)] {
        let refused = desk.app.recovery_issue(&administrator(), Recovering::Staff(whose), evidence).unwrap_err();
        assert_eq!(refused.kind, kind);
    }
    desk.assert_whole();
}

#[test]
fn a_password_that_is_tried_first_is_refused_and_the_code_stays_good() {
    let mut desk = Desk::new();
    let code = desk.open("zhou", &[(Role::Auditor, None)]).unwrap();
    for password in ["short", "password1234", "zhou-zhou-zhou-2026"] {
        let (mut choice, _) = desk.choice(&code, None);
        password.clone_into(&mut choice.password);
        assert_eq!(desk.app.account_begin(&public(), &choice).unwrap_err().kind, Kind::Invalid, "{password}");
        // Whoever mistypes a few times is not an attacker; but it counts.
        desk.pass(HOUR);
    }
    desk.begin(&code, None);
}

#[test]
fn nothing_that_opens_anything_is_stored_as_it_is() {
    let mut desk = Desk::new();
    let code = desk.open("zhou.mingming", &[(Role::Clerk, Some(OFFICE))]).unwrap();
    let zhou = desk.begin(&code, None);
    let signed_in = desk.sign_in(&zhou);
    let bytes = desk.city.everything_stored();
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    assert!(holds("zhou.mingming先生".as_bytes()), "who acts stands in the log of the installation");
    let secret = zhou.secret.unwrap();
    let token = data_encoding::BASE64URL_NOPAD.decode(signed_in.token.text().as_bytes()).unwrap();
    for (what, part) in [
        ("password", PASSWORD.as_bytes()),
        ("code", code.code.as_str().as_bytes()),
        ("authenticator secret", &secret[..]),
        ("token", &token[16..]),
        ("recovery code", zhou.recovery[0].replace('-', "").as_bytes()),
        ("device", signed_in.device.as_bytes()),
        ("label", "窗口电脑".as_bytes()),
    ] {
        assert!(!holds(part), "{what}");
    }
    let debugged = format!("{:?} {signed_in:?} {code:?}", desk.entered(&zhou));
    assert!(!debugged.contains(PASSWORD) && !debugged.contains(&signed_in.token.text()));
    assert!(!debugged.contains(code.code.as_str()) || debugged.contains("link"), "{debugged}");
}

#[test]
fn after_every_key_was_rotated_people_sign_in_as_before() {
    let mut desk = Desk::new();
    let zhou = desk.clerk("zhou");
    let token = desk.sign_in(&zhou).token;
    desk.app.keys_rotate(&administrator(), Rotate::All).unwrap();
    desk.app = Installation::open(desk.city.installation.dir(), desk.clock.clone()).unwrap();
    assert!(desk.app.session_find(&token).unwrap().is_some());
    desk.sign_in(&zhou);
    let who = desk.app.session_find(&token).unwrap().unwrap();
    let reader = desk.sign_in(&zhou).who;
    assert_eq!(who.actor, reader.actor);
    assert_eq!(desk.app.account_list(&administrator()).unwrap()[0].login, "zhou");
    desk.assert_whole();
}

#[test]
fn whoever_handed_a_code_over_does_not_know_the_second_factor_of_its_holder() {
    let mut desk = Desk::new();
    let code = desk.open("zhou", &[(Role::Clerk, Some(OFFICE))]).unwrap();
    let (_, seen_before) = desk.secret(&code);
    let (begin, enrolled) = desk.choice(&code, None);
    assert_ne!(seen_before, enrolled);
    let stolen = Begin { totp: Some(desk.digits(&seen_before)), ..begin.clone() };
    assert!(desk.app.account_begin(&public(), &stolen).is_err());
    let without = Begin { enrolment: String::new(), ..begin.clone() };
    assert_eq!(desk.app.account_begin(&public(), &without).unwrap_err().kind, Kind::Invalid);
    desk.app.account_begin(&public(), &begin).unwrap();
}

#[test]
fn a_one_time_code_that_a_hand_altered_or_made_good_again_is_none() {
    let mut desk = Desk::new();
    let victim = desk.staff("runner", &[(Role::Administrator, None)]);
    // Somebody who can write to the database leads a code of their own to somebody else's account.
    let mine = desk.open("zhouming", &[(Role::Auditor, None)]).unwrap();
    let account = victim.account.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let blob = if desk.hand().is_sqlite() { format!("x'{account}'") } else { format!("'\\x{account}'::bytea") };
    let open = "used_us IS NULL";
    desk.hand().batch(&format!("UPDATE activation SET purpose = 'recover', account_id = {blob} WHERE {open}")).unwrap();
    let refused = desk.app.account_enrol(&public(), &mine.link, "10.0.0.1").unwrap_err();
    assert_eq!(refused.kind, Kind::NotFound);

    // And a code that was used is not made good again.
    let mut desk = Desk::new();
    let code = desk.open("zhouming", &[(Role::Auditor, None)]).unwrap();
    desk.begin(&code, None);
    desk.hand().batch("UPDATE activation SET used_us = NULL").unwrap();
    assert_eq!(desk.app.account_enrol(&public(), &code.link, "10.0.0.1").unwrap_err().kind, Kind::NotFound);
}
