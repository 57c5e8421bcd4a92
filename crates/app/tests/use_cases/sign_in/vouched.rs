//! Whom a provider's word leads to.

use chengxin_app::Kind;
use chengxin_app::account::Redeem;
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Ground, Role};
use serde_json::json;

use super::bench::{Bench, NAME};
use crate::city::{self, number, row};
use crate::desk::{MINUTE, administrator, identity_clerk, public};
use crate::provider::SECRET;

#[test]
fn a_number_verified_at_the_level_opens_an_account_once_and_leads_to_it_ever_after() {
    let mut bench = Bench::new();
    let own = row(1).number;
    let first = bench.person("s-1", &own).unwrap();
    assert_eq!(first.who.roles(), [Role::Resident]);
    assert_eq!(first.who.factors, 1, "no second factor was shown");
    let app = &mut bench.desk.app;
    assert_eq!(app.bound_document(&first.who).unwrap(), Some((DocumentKind::ResidentId, own.clone())));
    assert_eq!(app.session_find(&first.token).unwrap().unwrap().account, first.who.account);
    let again = bench.person("s-1", &own).unwrap();
    assert_eq!(again.who.account, first.who.account);
    assert!(again.who.recently_proven(bench.desk.now()).is_ok());
    // The person reads who vouched for them; and a window knows that they have an account.
    let me = again.who.acting(Role::Resident, None, "本人查阅", Ground::OwnRight, bench.desk.now()).unwrap();
    let lines = bench.desk.app.log_lines(&me, DocumentKind::ResidentId, &own).unwrap();
    assert!(lines.broken.is_none(), "{:?}", lines.broken);
    let said: Vec<_> = lines.lines.iter().filter(|line| line.operation == "sign_in_finish").collect();
    assert_eq!(said.len(), 2);
    assert!(said.iter().any(|line| line.act.zh.contains("首次")) && said.iter().all(|line| line.who.yourself));
    let details =
        bench.desk.hand().rows("SELECT detail FROM log_entry WHERE operation = 'sign_in_finish'", &[]).unwrap();
    assert!(details.iter().all(|row| row[0].to_string().contains("\"issuer\":\"city\"")));
    let window = bench.desk.app.activation_issue(&identity_clerk(), DocumentKind::ResidentId, &own, "身份证");
    assert_eq!(window.unwrap_err().kind, Kind::Conflict);
    // Nothing that the provider calls them lies in the database.
    let stored =
        bench.desk.hand().rows("SELECT identity_tag, account_id, issuer, linked_by, seal FROM account_identity", &[]);
    assert!(!format!("{:?}", stored.unwrap()).contains("s-1"));
    bench.desk.assert_whole();
}

#[test]
fn who_is_not_vouched_for_well_enough_is_signed_in_to_nothing_and_told_of_the_window() {
    let mut bench = Bench::new();
    let own = row(1).number;
    for (what, person) in [
        ("a lower level", json!({ "sub": "s-1", "id_number": own, "acr": "low" })),
        ("no level", json!({ "sub": "s-1", "id_number": own })),
        ("a level that is no text", json!({ "sub": "s-1", "id_number": own, "acr": true })),
        ("no number", json!({ "sub": "s-1", "acr": "high" })),
        (
            "a number somewhere else",
            json!({ "sub": own, "acr": "high", "preferred_username": own, "phone_number": "13800000000" }),
        ),
        ("no number that can be", json!({ "sub": "s-1", "acr": "high", "id_number": "990000199001010010" })),
        ("a number that is none", json!({ "sub": "s-1", "acr": "high", "id_number": [own] })),
    ] {
        bench.provider.person(person);
        let refusal = bench.opens_nothing(what, |bench| bench.came(None));
        assert!(refusal.public.zh.contains("窗口") && refusal.public.en.contains("window"), "{what}: {refusal}");
    }
    // No account of a child begins here.
    let child = number("20120501", 1);
    let refusal = bench.opens_nothing("a child", |bench| bench.person("s-2", &child));
    assert!(refusal.public.zh.contains("监护人"), "{refusal}");
    // A provider that is not asked about persons vouches for none.
    let mut terms = bench.provider.terms();
    terms.residents = None;
    bench.desk.app.issuer_set(&administrator(), NAME, &terms, SECRET).unwrap();
    bench.opens_nothing("it signs no persons in", |bench| bench.person("s-1", &own));
    assert_eq!(bench.rows(), [0; 5]);
    bench.desk.assert_whole();
}

#[test]
fn whose_number_changed_is_refused_and_an_account_from_a_window_is_the_same_persons() {
    let mut bench = Bench::new();
    let (own, others) = (row(1).number, row(2).number);
    let first = bench.person("s-1", &own).unwrap();
    bench.opens_nothing("another's number", |bench| bench.person("s-1", &others));
    assert_eq!(bench.person("s-1", &own).unwrap().who.account, first.who.account);
    let code = bench.desk.app.activation_issue(&identity_clerk(), DocumentKind::ResidentId, &others, "身份证").unwrap();
    let (choice, _) = bench.desk.choice(&code, Some("zhouming"));
    bench.desk.app.activation_redeem(&public(), &Redeem::New(&choice)).unwrap();
    let accounts = bench.rows()[0];
    let came = bench.person("s-2", &others).unwrap();
    assert_eq!((bench.rows()[0], came.who.roles()), (accounts, vec![Role::Resident]), "a person has one account");
    assert_eq!(bench.desk.app.bound_document(&came.who).unwrap().unwrap().1, others);
    bench.desk.assert_whole();
}

#[test]
fn staff_sign_in_only_where_an_administrator_linked_them_and_the_provider_shows_a_second_factor() {
    let mut bench = Bench::new();
    let clerk = bench.desk.clerk("zhanghua");
    let two = json!({ "sub": "staff-1", "amr": ["pwd", "otp"] });
    bench.provider.person(two.clone());
    bench.opens_nothing("nobody linked it", |bench| bench.came(None));
    let link =
        |bench: &mut Bench| bench.desk.app.issuer_link(&administrator(), "zhanghua", NAME).unwrap().code.grouped();
    let code = link(&mut bench);
    // The code begins no account, and is none of another provider.
    bench.provider.person(json!({ "sub": "staff-1", "amr": ["pwd"] }));
    bench.opens_nothing("one factor", |bench| bench.came(Some(&code)));
    bench.provider.person(two.clone());
    let linked = bench.came(Some(&code)).unwrap();
    assert_eq!((linked.who.account, linked.who.factors), (clerk.account, 2));
    assert_eq!(
        bench.desk.app.sign_in_begin(&public(), NAME, Some(&code), "10.0.0.1").unwrap_err().kind,
        Kind::NotFound
    );
    bench.desk.pass(MINUTE);
    assert_eq!(bench.came(None).unwrap().who.account, clerk.account);
    bench.provider.person(json!({ "sub": "staff-1", "amr": ["pwd"] }));
    bench.opens_nothing("one factor, linked", |bench| bench.came(None));
    // A code does not take over whom the provider's word leads to already.
    bench.desk.clerk("lihong");
    let other = bench.desk.app.issuer_link(&administrator(), "lihong", NAME).unwrap().code.grouped();
    bench.provider.person(two.clone());
    bench.opens_nothing("another's link", |bench| bench.came(Some(&other)));
    // What opens an account of staff is no code of a window, nor the other way round.
    let window =
        bench.desk.app.activation_issue(&identity_clerk(), DocumentKind::ResidentId, &row(1).number, "身份证").unwrap();
    let mistaken = bench.desk.app.sign_in_begin(&public(), NAME, Some(&window.code.grouped()), "10.0.0.1");
    assert_eq!(mistaken.unwrap_err().kind, Kind::NotFound);
    bench.desk.pass(20 * MINUTE);
    let (code, begin) = (link(&mut bench), bench.desk.open("new", &[(Role::Auditor, None)]).unwrap());
    let (mut choice, _) = bench.desk.choice(&begin, None);
    choice.code = code;
    assert_eq!(bench.desk.app.account_begin(&public(), &choice).unwrap_err().kind, Kind::NotFound);
    // Closed is closed.
    bench.desk.app.account_close(&administrator(), "zhanghua").unwrap();
    bench.desk.pass(20 * MINUTE);
    bench.opens_nothing("closed", |bench| bench.came(None));
    for role in [Role::Clerk, Role::CreditOffice, Role::Auditor, Role::Resident] {
        let caller = city::caller(role, "thief", Some(city::OFFICE));
        assert_eq!(bench.desk.app.issuer_link(&caller, "lihong", NAME).unwrap_err().kind, Kind::Forbidden, "{role:?}");
    }
    bench.desk.assert_whole();
}
