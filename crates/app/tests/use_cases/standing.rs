//! What a session shows reaches the policy: how somebody signed in, whose account it is, and what they did before.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;

use chengxin_app::Kind;
use chengxin_app::account::{Redeem, Redeemed, Who};
use chengxin_app::reading::Reading;
use chengxin_core::account::PROOF_LASTS_US;
use chengxin_core::identity::DocumentKind;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Role, Standing};
use city::{City, OFFICE, row};
use desk::{Desk, identity_clerk, public};

const KIND: DocumentKind = DocumentKind::ResidentId;

/// A resident who signed in: an account that a window bound to the person with the number.
fn resident(desk: &mut Desk, number: &str, login: &str) -> Who {
    let seen = "居民身份证原件，与本人相符";
    let code = desk.app.activation_issue(&identity_clerk(), KIND, number, seen).unwrap();
    let (choice, secret) = desk.choice(&code, Some(login));
    let Redeemed::Begun(begun) = desk.app.activation_redeem(&public(), &Redeem::New(&choice)).unwrap() else {
        unreachable!("a new account begins")
    };
    desk.sign_in(&desk::person(begun, Some(secret))).who
}

fn own(who: &Who, desk: &Desk) -> Caller {
    who.acting(Role::Resident, None, "本人查阅", Ground::OwnRight, desk.now()).unwrap()
}

#[test]
fn a_session_reads_the_person_to_whom_it_is_bound_and_nobody_else() {
    let mut city = City::new();
    let rows: Vec<_> = (1..=3).map(row).collect();
    city.import("a.csv", &rows);
    city.release();
    let (mine, others) = (row(1).number, row(2).number);
    let mut desk = Desk::over(city);
    let who = resident(&mut desk, &mine, "zhang");
    let me = own(&who, &desk);

    assert!(!desk.app.record_list(&me, KIND, &mine).unwrap().records.is_empty());
    assert!(!desk.app.log_lines(&me, KIND, &mine).unwrap().lines.is_empty());
    let nobodys = row(77).number;
    for number in [&others, &nobodys] {
        let asked = [
            desk.app.record_list(&me, KIND, number).unwrap_err(),
            desk.app.log_lines(&me, KIND, number).unwrap_err(),
            desk.app.check_slip(&me, KIND, number).unwrap_err(),
            desk.app.check_preview(&me, "food-business-permit", KIND, number).unwrap_err(),
            Reading::open(&desk.app).unwrap().record_list(&me, KIND, number).unwrap_err(),
        ];
        for refusal in asked {
            assert_eq!(refusal.kind, Kind::Forbidden, "{}", refusal.public.en);
            assert!(!refusal.public.zh.contains(number.as_str()));
        }
    }
    let unbound = Caller {
        standing: match &me.standing {
            Standing::Session(session) => {
                let mut session = session.clone();
                session.subject = None;
                Standing::Session(session)
            }
            _ => unreachable!("they signed in"),
        },
        ..me.clone()
    };
    assert_eq!(desk.app.record_list(&unbound, KIND, &mine).unwrap_err().kind, Kind::Forbidden);
    let nobody = Caller { standing: Standing::Anonymous, ..me };
    assert_eq!(desk.app.record_list(&nobody, KIND, &mine).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn who_is_read_from_the_log_cannot_act_again() {
    let written = serde_json::to_string(&identity_clerk()).unwrap();
    assert!(!written.contains("standing"));
    let read: Caller = serde_json::from_str(&written).unwrap();
    assert_eq!(read.standing, Standing::Anonymous);
    let desk = Desk::new();
    assert!(desk.app.held_list(&identity_clerk()).is_ok());
    assert_eq!(desk.app.held_list(&read).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn sensitive_acts_take_a_fresh_proof_and_staff_two_factors() {
    let mut desk = Desk::new();
    let runner = desk.staff("runner", &[(Role::Administrator, None)]);
    desk.clerk("zhou");
    let who = desk.sign_in(&runner).who;
    let acting =
        |desk: &Desk| who.acting(Role::Administrator, None, "补充权限", Ground::Operation, desk.now()).unwrap();
    let fresh = acting(&desk);
    desk.app.account_right_grant(&fresh, "zhou", Role::IdentityClerk, None).unwrap();
    desk.pass(PROOF_LASTS_US + 1);
    let stale = acting(&desk);
    let refused = desk.app.account_right_end(&stale, "zhou", Role::IdentityClerk, None).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    assert!(refused.public.en.contains("confirm who you are"), "{}", refused.public.en);

    let Standing::Session(session) = &fresh.standing else { unreachable!("they signed in") };
    let mut weak = session.clone();
    weak.two_factors = false;
    let weak = Caller { standing: Standing::Session(weak), ..fresh.clone() };
    let refused = desk.app.account_list(&weak).unwrap_err();
    assert!(refused.public.en.contains("two factors"), "{}", refused.public.en);
    assert!(desk.app.account_list(&fresh).is_ok());
    // And both refusals stand in the log.
    let denied: Vec<String> = desk.denials().into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(denied, ["account_right_end", "account_list"]);
}

#[test]
fn who_sent_a_record_decides_nothing_about_it() {
    let mut city = City::new();
    city.import("a.csv", &[row(1)]);
    city.release();
    let sender = city::caller(Role::DataOfficer, "王强", Some(OFFICE));
    let own = Caller { role: Role::Resident, authority: None, ground: Ground::OwnRight, ..sender.clone() };
    let held = city.installation.record_list(&own, KIND, &row(1).number).unwrap();
    let at = chengxin_app::record::RecordRef {
        kind: KIND,
        number: row(1).number,
        record: RecordId::from_hex(&held.records[0].record).unwrap(),
    };
    let decision = chengxin_app::record::Decision {
        case_no: "滨市监撤〔2026〕1号".to_owned(),
        decided_on: jiff::civil::date(2026, 3, 1),
    };
    let sent_by = city.installation.submission_list(&sender).unwrap()[0].sent_by.clone();
    let as_decider = |actor: &str| city::caller(Role::Decider, actor, Some(OFFICE));
    let lock = |city: &mut City, caller: &Caller| {
        city.installation.record_lock(caller, &at, chengxin_app::record::LockKind::Correction, &decision)
    };
    let refused = lock(&mut city, &as_decider(&sent_by)).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    assert!(refused.public.zh.contains("报送人"), "{}", refused.public.zh);
    lock(&mut city, &as_decider("另一人")).unwrap();
}
