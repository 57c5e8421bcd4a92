//! What a provider, or somebody in its place, does wrong.

use std::time::Duration;

use chengxin_app::Kind;
use chengxin_app::issuer::{Directory, Http, Returned};
use chengxin_core::Role;
use serde_json::json;

use crate::bench::{Bench, NAME, vouched};
use crate::city::row;
use crate::desk::{DAY, Desk, administrator, public};
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
    let back =
        desk.app.sign_in_awaited(&public(), NAME, &returned.state, Some(&departure.browser), "10.0.0.1").unwrap();
    let refused = Returned { code: None, error: Some("access_denied".to_owned()), ..returned.clone() };
    assert!(directory.redeem(&back.trusted, &back.away, &refused, desk.now()).unwrap_err().contains("access_denied"));
    let said = directory.redeem(&back.trusted, &back.away, &returned, desk.now());
    assert_eq!(desk.app.sign_in_finish(&public(), &back, said, "手机").unwrap().who.roles(), [Role::Resident]);
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
