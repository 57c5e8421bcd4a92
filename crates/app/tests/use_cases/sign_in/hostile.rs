//! What a provider, or somebody in its place, does wrong.

use std::time::Duration;

use chengxin_app::Kind;
use chengxin_app::account::Recovering;
use chengxin_app::issuer::{Directory, Http, Returned};
use chengxin_core::Role;
use serde_json::json;

use super::bench::{Bench, NAME, vouched};
use crate::city::row;
use crate::desk::{DAY, Desk, MINUTE, administrator, public};
use crate::provider::{Mischief, Provider, SECRET};

#[test]
fn everything_that_a_provider_or_somebody_in_its_place_does_wrong_opens_nothing() {
    let mut bench = Bench::new();
    bench.person("s-0", &row(2).number).unwrap();
    bench.provider.person(vouched("s-1", &row(1).number));
    let mut sentences = Vec::new();
    for mischief in [
        Mischief::WrongIssuer,
        Mischief::WrongAnswerer,
        Mischief::NoAnswerer,
        Mischief::ReplayedNonce,
        Mischief::NoNonce,
        Mischief::AlgNone,
        Mischief::SwappedKey,
        Mischief::Hmac,
        Mischief::HmacOfPublicKey,
        Mischief::OtherAlg,
        Mischief::OwnKey,
        Mischief::Expired,
        Mischief::FromTheFuture,
        Mischief::OtherAudience,
        Mischief::TwoAudiences,
        Mischief::OtherParty,
        Mischief::UnknownKid,
        Mischief::NoKid,
        Mischief::StaleProof,
        Mischief::NoProof,
        Mischief::NoSubject,
        Mischief::AlteredClaims,
        Mischief::NoToken,
        Mischief::NotJson,
        Mischief::Refuses,
        Mischief::HugeToken,
        Mischief::OtherDiscovery,
        Mischief::UnsafeEndpoint,
        Mischief::PrivateKeys,
    ] {
        bench.provider.does(mischief);
        let refusal = bench.opens_nothing(&format!("{mischief:?}"), |bench| bench.came(None));
        assert!(!refusal.private.is_empty(), "{mischief:?}: the operator is told why");
        bench.desk.pass(DAY);
        sentences.push(refusal.public);
    }
    assert!(sentences.iter().all(|sentence| *sentence == sentences[0]), "whoever tries learns nothing from it");
    bench.provider.does(Mischief::None);
    bench.came(None).unwrap();
    bench.desk.assert_whole();
}

#[test]
fn keys_that_a_provider_renewed_are_asked_for_once_and_those_that_it_took_back_are_forgotten() {
    let mut bench = Bench::new();
    let own = row(1).number;
    bench.person("s-1", &own).unwrap();
    bench.person("s-1", &own).unwrap();
    assert_eq!(bench.provider.asked("/jwks"), 1, "what it said is kept for a while");
    bench.provider.rotate("next");
    bench.person("s-1", &own).unwrap();
    assert_eq!(bench.provider.asked("/jwks"), 2);
    bench.provider.does(Mischief::UnknownKid);
    bench.opens_nothing("a key that nobody has", |bench| bench.came(None));
    assert!(bench.provider.asked("/jwks") <= 4, "asked again once");
}

#[test]
fn over_the_network_an_answer_that_is_huge_slow_or_elsewhere_is_none() {
    let (mut desk, provider) = (Desk::new(), Provider::listening());
    desk.app.issuer_set(&administrator(), NAME, &provider.terms(), SECRET).unwrap();
    let departure = desk.app.sign_in_begin(&public(), NAME, None, "10.0.0.1").unwrap();
    for mischief in
        [Mischief::HugeDiscovery, Mischief::SlowDiscovery, Mischief::RedirectedDiscovery, Mischief::OtherDiscovery]
    {
        provider.does(mischief);
        let directory = Directory::new(Http::waiting(Duration::from_millis(1_500)));
        directory.address(&departure.trusted, &departure.away, desk.now()).expect_err(&format!("{mischief:?}"));
    }
    assert_eq!(provider.asked("/moved"), 0, "no redirect is followed");
    provider.does(Mischief::None);
    provider.person(vouched("s-1", &row(1).number));
    let directory = Directory::new(Http::default());
    let address = directory.address(&departure.trusted, &departure.away, desk.now()).unwrap();
    let returned = provider.approve(&address, desk.now());
    let back = desk.app.sign_in_awaited(&public(), NAME, &returned.state, Some(&departure.browser)).unwrap();
    let refused = Returned { code: None, error: Some("access_denied".to_owned()), ..returned.clone() };
    assert!(directory.redeem(&back.trusted, &back.away, &refused, desk.now()).unwrap_err().contains("access_denied"));
    let said = directory.redeem(&back.trusted, &back.away, &returned, desk.now());
    assert_eq!(desk.app.sign_in_finish(&public(), &back, said, "手机").unwrap().who.roles(), [Role::Resident]);
}

#[test]
fn a_binding_that_somebody_laid_hands_on_leads_to_nobodys_account() {
    let mut bench = Bench::new();
    let (own, others) = (row(1).number, row(2).number);
    let mine = bench.person("s-1", &own).unwrap().who.account;
    let theirs = bench.person("s-2", &others).unwrap().who.account;
    let clerk = bench.desk.clerk("zhanghua").account;
    let bound = |bench: &Bench, from: &[u8; 16], to: &[u8; 16]| {
        let change = "UPDATE account_binding SET account_id = $2 WHERE account_id = $1";
        bench.desk.hand().run(change, &[from.into(), to.into()]).unwrap();
        bench.desk.hand().run("DELETE FROM account_identity WHERE account_id = $1", &[from.into()]).unwrap();
    };
    // One's own number leads to the account of a member of staff, whose rights are more; or to another person's.
    let (mut from, amr) = (mine, json!({ "sub": "s-1", "id_number": own, "acr": "high", "amr": ["otp"] }));
    for to in [clerk, theirs] {
        bound(&bench, &from, &to);
        bench.provider.person(amr.clone());
        bench.opens_nothing("a binding by hand", |bench| bench.came(None));
        from = to;
    }
}

#[test]
fn whoever_is_closed_or_recovered_is_linked_no_more_and_a_new_link_takes_the_place_of_the_old() {
    let mut bench = Bench::new();
    let clerk = bench.desk.clerk("zhanghua");
    let links = |bench: &Bench| bench.desk.hand().number("SELECT count(*) FROM account_identity", &[]).unwrap();
    let linked = |bench: &mut Bench, sub: &str| {
        let code = bench.desk.app.issuer_link(&administrator(), "zhanghua", NAME).unwrap().code.grouped();
        bench.provider.person(json!({ "sub": sub, "amr": ["otp"] }));
        bench.came(Some(&code))
    };
    assert_eq!(linked(&mut bench, "w-1").unwrap().who.account, clerk.account);
    assert_eq!(linked(&mut bench, "w-2").unwrap().who.account, clerk.account);
    assert_eq!(links(&bench), 1, "whom the provider called otherwise before is linked no more");
    bench.provider.person(json!({ "sub": "w-1", "amr": ["otp"] }));
    bench.opens_nothing("a link that another took the place of", |bench| bench.came(None));
    // A link that was handed over before the account was recovered is void with it, as every code is.
    let before = bench.desk.app.issuer_link(&administrator(), "zhanghua", NAME).unwrap().code.grouped();
    bench.desk.pass(MINUTE);
    let recovery =
        bench.desk.app.recovery_issue(&administrator(), Recovering::Staff("zhanghua"), "本人持证到场").unwrap();
    bench.desk.begin(&recovery, None);
    assert_eq!(links(&bench), 0);
    bench.provider.person(json!({ "sub": "w-2", "amr": ["otp"] }));
    bench.opens_nothing("a link from before the recovery", |bench| bench.came(None));
    bench.opens_nothing("a code from before the recovery", |bench| bench.came(Some(&before)));
    linked(&mut bench, "w-2").unwrap();
    bench.desk.app.account_close(&administrator(), "zhanghua").unwrap();
    assert_eq!(links(&bench), 0);
    bench.desk.assert_whole();
}

#[test]
fn one_factor_opens_no_account_of_staff_whatever_rights_it_has_left() {
    let mut bench = Bench::new();
    let clerk = bench.desk.clerk("zhanghua");
    let code = bench.desk.app.issuer_link(&administrator(), "zhanghua", NAME).unwrap().code.grouped();
    bench.desk.app.account_right_end(&administrator(), "zhanghua", Role::Clerk, Some(crate::city::OFFICE)).unwrap();
    bench.provider.person(json!({ "sub": "w-1" }));
    bench.opens_nothing("one factor", |bench| bench.came(Some(&code)));
    bench.provider.person(json!({ "sub": "w-1", "amr": ["otp"] }));
    assert_eq!(bench.came(Some(&code)).unwrap().who.account, clerk.account);
}

#[test]
fn whoever_comes_back_in_vain_keeps_nobody_else_away() {
    let mut bench = Bench::new();
    for _ in 0..20 {
        let nobody = bench.desk.app.sign_in_awaited(&public(), NAME, "x", None).unwrap_err();
        assert_eq!(nobody.kind, Kind::Forbidden);
    }
    bench.person("s-1", &row(1).number).unwrap();
}

#[test]
fn rows_that_somebody_laid_hands_on_lead_nowhere() {
    let mut bench = Bench::new();
    let (own, others) = (row(1).number, row(2).number);
    bench.person("s-1", &own).unwrap();
    bench.person("s-2", &others).unwrap();
    let clerk = bench.desk.clerk("zhanghua");
    // The link of one person to a member of staff, whose rights are more.
    bench.desk.hand().run("UPDATE account_identity SET account_id = $1", &[(&clerk.account).into()]).unwrap();
    bench.provider.person(json!({ "sub": "s-1", "amr": ["otp"] }));
    bench.opens_nothing("a link by hand", |bench| bench.came(None));
    bench.desk.hand().run("UPDATE issuer SET terms = replace(terms, 'high', 'low')", &[]).unwrap();
    assert_eq!(bench.desk.app.sign_in_begin(&public(), NAME, None, "10.0.0.1").unwrap_err().kind, Kind::NotFound);
    bench.desk.app.log_sequence().unwrap();
    let verified = bench.desk.app.log_verify(&crate::city::caller(Role::Auditor, "audit", None), None).unwrap();
    assert!(!verified.is_whole());
}
