//! Whose account it is: a clerk compares a document in person, and nothing else binds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;

use chengxin_app::Kind;
use chengxin_app::account::{Begin, OneTimeCode, Recovering, Redeem, Redeemed, Second, SignIn};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role};
use city::{City, OFFICE, row};
use desk::{DAY, Desk, PASSWORD, Person, administrator, identity_clerk, public};

const KIND: DocumentKind = DocumentKind::ResidentId;
const SEEN: &str = "居民身份证原件，与本人相符";

fn issue(desk: &mut Desk, number: &str) -> OneTimeCode {
    desk.app.activation_issue(&identity_clerk(), KIND, number, SEEN).unwrap()
}

/// A resident with an account of their own.
fn resident(desk: &mut Desk, number: &str, login: &str) -> Person {
    let code = issue(desk, number);
    let (choice, secret) = desk.choice(&code, Some(login));
    match desk.app.activation_redeem(&public(), &Redeem::New(&choice)).unwrap() {
        Redeemed::Begun(begun) => desk::person(begun, Some(secret)),
        Redeemed::Bound => unreachable!("a new account begins"),
    }
}

fn me(who: &chengxin_app::account::Who) -> Caller {
    who.acting(Role::Resident, None, "本人查阅", Ground::OwnRight, who.proven_us).unwrap()
}

#[test]
fn knowing_every_number_name_and_phone_opens_nothing() {
    let mut city = City::new();
    let rows: Vec<_> = (1..=6).map(row).collect();
    city.import("a.csv", &rows);
    let mut desk = Desk::over(city);
    let victim = resident(&mut desk, &rows[0].number, "zhouming");
    let accounts = |desk: &Desk| desk.hand().number("SELECT count(*) FROM account", &[]).unwrap();
    let before = accounts(&desk);
    for (at, row) in rows.iter().enumerate() {
        for known in [&row.number, &row.name, &"13800000000".to_owned(), &row.number[6..14].to_owned()] {
            let source = format!("203.0.113.{at}");
            for login in [known.as_str(), "zhouming"] {
                let entered = SignIn {
                    login: login.to_owned(),
                    password: known.clone(),
                    second: Some(Second::Recovery(known.clone())),
                    source: source.clone(),
                    device: None,
                    label: String::new(),
                };
                assert!(desk.app.session_open(&public(), &entered).is_err());
            }
            let begin = Begin {
                enrolment: String::new(),
                code: known.clone(),
                login: Some(format!("thief{at}")),
                name: Some(row.name.clone()),
                password: PASSWORD.to_owned(),
                totp: None,
                source,
            };
            assert!(desk.app.activation_redeem(&public(), &Redeem::New(&begin)).is_err());
            assert!(desk.app.account_begin(&public(), &begin).is_err());
        }
        // Nobody hands a code to themself.
        for role in [Role::Public, Role::Resident, Role::Representative, Role::DataOfficer, Role::Administrator] {
            let caller = city::caller(role, "thief", Some(OFFICE));
            let refused = desk.app.activation_issue(&caller, KIND, &row.number, SEEN).unwrap_err();
            assert_eq!(refused.kind, Kind::Forbidden, "{role:?}");
        }
        // Nor does a number, a name or a phone stand for a mandate or for its code.
        let thief = Caller { ground: Ground::OwnRight, ..city::caller(Role::Resident, "thief", None) };
        for known in [&row.number, &row.name, &"13800000000".to_owned()] {
            let own = (KIND, rows[5].number.as_str());
            let refused = desk.app.console_deputy(&thief, "record_list", own, known).unwrap_err();
            assert_eq!(refused.kind, Kind::Forbidden);
            assert!(desk.app.mandate_accept(&thief, KIND, own.1, known).is_err());
        }
        // Nor does anybody come back from a provider to which nobody was sent.
        for known in [&row.number, &row.name, &"13800000000".to_owned()] {
            assert!(desk.app.sign_in_begin(&public(), known, Some(known.as_str()), "203.0.113.9").is_err());
            let back = desk.app.sign_in_awaited(&public(), "city", known, Some(known.as_str()));
            assert!(back.is_err());
        }
        // Nor does an account that is open bind itself by a number.
        assert!(desk.app.recovery_issue(&administrator(), Recovering::Person(KIND, &row.number), SEEN).is_err());
    }
    assert_eq!(accounts(&desk), before);
    desk.pass(DAY);
    desk.sign_in(&victim);
    desk.assert_whole();
}

#[test]
fn a_code_from_a_window_makes_an_account_the_persons_and_their_log_says_who_handed_it_over() {
    let mut desk = Desk::new();
    let number = row(1).number;
    let zhou = resident(&mut desk, &number, "zhouming");
    let signed_in = desk.sign_in(&zhou);
    assert_eq!(signed_in.who.roles(), [Role::Resident]);
    assert_eq!(desk.app.bound_document(&signed_in.who).unwrap(), Some((KIND, number.clone())));
    // Records that come later are theirs too.
    desk.city.import("a.csv", &[row(1)]);
    let (kind, own) = desk.app.bound_document(&signed_in.who).unwrap().unwrap();
    let caller = me(&signed_in.who);
    let lines = desk.app.log_lines(&caller, kind, &own).unwrap();
    assert!(lines.broken.is_none(), "{:?}", lines.broken);
    let line = |operation: &str| lines.lines.iter().find(|line| line.operation == operation).unwrap();
    assert_eq!(line("activation_issue").who.role.as_deref(), Some("identity_clerk"));
    assert!(line("activation_redeem").who.yourself);
    assert!(lines.lines.iter().any(|line| line.operation == "session_open"));
    // By name the installation finds the clerk again; the person is told the role.
    let issued_by = desk.hand().rows("SELECT issued_by FROM account_binding", &[]).unwrap();
    assert_eq!(issued_by[0][0].to_string(), "孙敏");
    assert!(!format!("{lines:?}").contains("孙敏"));
    desk.assert_whole();
}

#[test]
fn a_code_from_a_window_works_once_for_one_account_and_only_until_it_expires() {
    let mut desk = Desk::new();
    let number = row(1).number;
    let (first, second) = (issue(&mut desk, &number), issue(&mut desk, &number));
    let (choice, _) = desk.choice(&first, Some("zhouming"));
    let (other, _) = desk.choice(&second, Some("zhouming2"));
    let redeem = |desk: &mut Desk, begin: &Begin| desk.app.activation_redeem(&public(), &Redeem::New(begin));
    assert_eq!(desk.app.account_begin(&public(), &choice).unwrap_err().kind, Kind::NotFound, "it is of another kind");
    redeem(&mut desk, &choice).unwrap();
    assert_eq!(redeem(&mut desk, &choice).unwrap_err().kind, Kind::NotFound);
    assert_eq!(redeem(&mut desk, &other).unwrap_err().kind, Kind::Conflict, "a person has one account");
    let again = desk.app.activation_issue(&identity_clerk(), KIND, &number, SEEN).unwrap_err();
    assert_eq!(again.kind, Kind::Conflict);
    let late = issue(&mut desk, &row(2).number);
    let (late, _) = desk.choice(&late, Some("late"));
    desk.pass(7 * DAY);
    assert_eq!(redeem(&mut desk, &late).unwrap_err().kind, Kind::NotFound);
    desk.assert_whole();
}

#[test]
fn a_window_says_what_it_compared_and_the_number_is_one() {
    let mut desk = Desk::new();
    let number = row(1).number;
    let issue = |desk: &mut Desk, kind, number: &str, evidence| {
        desk.app.activation_issue(&identity_clerk(), kind, number, evidence).unwrap_err().kind
    };
    assert_eq!(issue(&mut desk, KIND, &number, "  "), Kind::Invalid);
    assert_eq!(issue(&mut desk, KIND, "990000199001010018", SEEN), Kind::Invalid);
    assert_eq!(issue(&mut desk, DocumentKind::Uscc, OFFICE, SEEN), Kind::Invalid, "organisations act by mandate");
    let clerk = city::caller(Role::Clerk, "li", Some(OFFICE));
    desk.app.activation_issue(&clerk, KIND, &number, SEEN).unwrap();
}

#[test]
fn persons_may_do_without_an_app_and_must_use_the_one_they_have() {
    let mut desk = Desk::new();
    let code = issue(&mut desk, &row(1).number);
    let (choice, _) = desk.choice(&code, Some("zhouming"));
    let plain = Begin { totp: None, ..choice };
    let Redeemed::Begun(begun) = desk.app.activation_redeem(&public(), &Redeem::New(&plain)).unwrap() else {
        unreachable!("a new account begins")
    };
    assert!(begun.recovery_codes.is_empty());
    let plain = desk::person(begun, None);
    assert_eq!(desk.sign_in(&plain).who.factors, 1);
    let with = resident(&mut desk, &row(2).number, "litaitai");
    assert_eq!(desk.sign_in(&with).who.factors, 2);
    let without = SignIn { second: None, ..desk.entered(&with) };
    assert_eq!(desk.app.session_open(&public(), &without).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn a_person_recovers_at_a_window_and_reads_that_it_was_done() {
    let mut desk = Desk::new();
    let number = row(1).number;
    let zhou = resident(&mut desk, &number, "zhouming");
    let token = desk.sign_in(&zhou).token;
    desk.pass(DAY);
    let window = Recovering::Person(KIND, &number);
    let code = desk.app.recovery_issue(&identity_clerk(), window, SEEN).unwrap();
    let (choice, secret) = desk.choice(&code, None);
    let begun = desk.app.account_begin(&public(), &choice).unwrap();
    assert_eq!(begun.login, "zhouming");
    assert_eq!(desk.app.session_find(&token).unwrap(), None);
    let zhou = desk::person(begun, Some(secret));
    let who = desk.sign_in(&zhou).who;
    assert_eq!(desk.app.bound_document(&who).unwrap(), Some((KIND, number.clone())));
    let lines = desk.app.log_lines(&me(&who), KIND, &number).unwrap();
    for (operation, words) in [("recovery_issue", "恢复码"), ("account_begin", "重新设定了您账户的密码")]
    {
        let line = lines.lines.iter().find(|line| line.operation == operation).unwrap();
        assert!(line.act.zh.contains(words), "{}", line.act.zh);
    }
    // Whoever has no account has none to recover, and whoever administers accounts recovers no person's.
    let nobody = desk.app.recovery_issue(&identity_clerk(), Recovering::Person(KIND, &row(2).number), SEEN);
    assert_eq!(nobody.unwrap_err().kind, Kind::NotFound);
    let staff = desk.app.recovery_issue(&identity_clerk(), Recovering::Staff("zhouming"), SEEN).unwrap_err();
    assert_eq!(staff.kind, Kind::Forbidden);
    let named = desk.app.recovery_issue(&administrator(), Recovering::Staff("zhouming"), SEEN).unwrap_err();
    assert_eq!(named.kind, Kind::NotFound, "of persons' accounts an administrator learns nothing");
    desk.assert_whole();
}

#[test]
fn persons_stand_in_no_list_and_staff_are_bound_to_nobody() {
    let mut desk = Desk::new();
    let zhou = resident(&mut desk, &row(1).number, "zhouming");
    let clerk = desk.clerk("qian");
    let list = desk.app.account_list(&administrator()).unwrap();
    assert_eq!(list.iter().map(|line| line.login.as_str()).collect::<Vec<_>>(), ["qian"]);
    for granted in [Role::Clerk, Role::Administrator] {
        let refused = desk.app.account_right_grant(&administrator(), "zhouming", granted, None).unwrap_err();
        assert_eq!(refused.kind, Kind::NotFound);
    }
    let code = issue(&mut desk, &row(2).number);
    for person in [&clerk, &zhou] {
        let who = desk.sign_in(person).who;
        let redeem = Redeem::SignedIn { who: &who, code: code.code.as_str(), source: "10.0.0.1" };
        assert_eq!(desk.app.activation_redeem(&public(), &redeem).unwrap_err().kind, Kind::Conflict);
    }
    desk.assert_whole();
}

#[test]
fn an_account_that_is_bound_to_nobody_is_bound_by_a_code_while_signed_in() {
    let mut desk = Desk::new();
    let number = row(1).number;
    let zhou = resident(&mut desk, &number, "zhouming");
    // As a login by another provider will leave it.
    desk.hand().batch("UPDATE account SET subject_id = NULL; DELETE FROM account_binding").unwrap();
    let signed_in = desk.sign_in(&zhou);
    assert_eq!(desk.app.bound_document(&signed_in.who).unwrap(), None);
    let code = issue(&mut desk, &number);
    let grouped = code.code.grouped();
    let redeem = Redeem::SignedIn { who: &signed_in.who, code: &grouped, source: "10.0.0.1" };
    assert_eq!(desk.app.activation_redeem(&me(&signed_in.who), &redeem).unwrap(), Redeemed::Bound);
    let who = desk.app.session_find(&signed_in.token).unwrap().unwrap();
    assert_eq!(desk.app.bound_document(&who).unwrap(), Some((KIND, number)));
}
