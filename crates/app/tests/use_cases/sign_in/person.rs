//! What a provider says of a person beyond its token.

use std::time::Duration;

use chengxin_app::Kind;
use chengxin_app::issuer::{Directory, Http};
use chengxin_core::Role;
use serde_json::json;

use super::bench::{Bench, NAME, vouched};
use crate::city::row;
use crate::desk::{DAY, Desk, MINUTE, administrator, public};
use crate::provider::{Mischief, Provider, SECRET};

#[test]
fn what_the_token_leaves_out_of_a_person_the_provider_is_asked_and_nothing_else_is_taken_from_there() {
    let mut bench = Bench::new();
    let (own, others) = (row(1).number, row(2).number);
    bench
        .provider
        .person_and(json!({ "sub": "s-1", "acr": "high" }), json!({ "id_number": own, "acr": "low", "amr": ["otp"] }));
    let came = bench.came(None).unwrap();
    assert_eq!(bench.desk.app.bound_document(&came.who).unwrap().unwrap().1, own);
    assert_eq!(came.who.factors, 1, "how they signed in the token says");
    // What the token says is not overruled, and is then not asked for.
    let asked = bench.provider.asked("/userinfo");
    bench.provider.person_and(vouched("s-1", &own), json!({ "id_number": others }));
    assert_eq!(bench.came(None).unwrap().who.account, came.who.account);
    assert_eq!(bench.provider.asked("/userinfo"), asked);
    // A level that is shown there alone is none where it is about the sign-in.
    bench.provider.person_and(json!({ "sub": "s-2" }), json!({ "id_number": others, "acr": "high" }));
    let refusal = bench.opens_nothing("a level of the sign-in from there", |bench| bench.came(None));
    assert!(refusal.public.en.contains("window"));
    bench.provider.person_and(json!({ "sub": "s-2", "acr": "high" }), json!({}));
    let refusal = bench.opens_nothing("no number there either", |bench| bench.came(None));
    assert!(refusal.public.en.contains("window"));
    // A level about the person is.
    let mut terms = bench.provider.terms();
    terms.residents.as_mut().unwrap().level.claim = "id_level".to_owned();
    bench.desk.app.issuer_set(&administrator(), NAME, &terms, SECRET).unwrap();
    bench.provider.person_and(json!({ "sub": "s-2" }), json!({ "id_number": others, "id_level": "high" }));
    bench.desk.pass(MINUTE);
    assert_eq!(bench.came(None).unwrap().who.roles(), [Role::Resident]);
    bench.desk.assert_whole();
}

#[test]
fn an_answer_about_a_person_that_is_anothers_huge_or_none_opens_nothing() {
    let mut bench = Bench::new();
    let own = row(1).number;
    bench.provider.person_and(json!({ "sub": "s-1", "acr": "high" }), json!({ "id_number": own }));
    let clerk = bench.desk.clerk("zhanghua");
    for mischief in [
        Mischief::OtherPerson,
        Mischief::NobodysPerson,
        Mischief::PersonNotJson,
        Mischief::PersonRefused,
        Mischief::PersonMoved,
        Mischief::BrokenAccess,
        Mischief::UnsafePerson,
    ] {
        // What was heard of it is forgotten.
        bench.desk.pass(DAY);
        bench.provider.does(mischief);
        let refusal = bench.opens_nothing(&format!("{mischief:?}"), |bench| bench.came(None));
        assert!(
            refusal.public.en.contains("did not succeed") && !refusal.private.is_empty(),
            "{mischief:?}: {refusal}"
        );
    }
    // Staff, whom no number names, are none of its business.
    bench.desk.pass(DAY);
    bench.provider.does(Mischief::OtherPerson);
    bench.provider.person_and(json!({ "sub": "staff-1", "amr": ["otp"] }), json!({}));
    let code = bench.desk.app.issuer_link(&administrator(), "zhanghua", NAME).unwrap().code.grouped();
    assert_eq!(bench.came(Some(&code)).unwrap().who.account, clerk.account);
    bench.desk.assert_whole();
}

#[test]
fn over_the_network_an_answer_about_a_person_has_limits_of_size_and_time_and_leads_nowhere_else() {
    let (mut desk, provider) = (Desk::new(), Provider::listening());
    desk.app.issuer_set(&administrator(), NAME, &provider.terms(), SECRET).unwrap();
    provider.person_and(json!({ "sub": "s-1", "acr": "high" }), json!({ "id_number": row(1).number }));
    let mut came = |mischief| {
        let directory = Directory::new(Http::waiting(Duration::from_millis(1_500)));
        let departure = desk.app.sign_in_begin(&public(), NAME, None, "10.0.0.1").unwrap();
        let address = directory.address(&departure.trusted, &departure.away, desk.now()).unwrap();
        let returned = provider.approve(&address, desk.now());
        let browser = Some(departure.browser.as_str());
        let back = desk.app.sign_in_awaited(&public(), NAME, &returned.state, browser).unwrap();
        provider.does(mischief);
        let said = directory.redeem(&back.trusted, &back.away, &returned, desk.now());
        provider.does(Mischief::None);
        desk.pass(20 * MINUTE);
        desk.app.sign_in_finish(&public(), &back, said, "手机")
    };
    for mischief in [Mischief::HugePerson, Mischief::SlowPerson, Mischief::PersonMoved] {
        assert_eq!(came(mischief).unwrap_err().kind, Kind::Forbidden, "{mischief:?}");
    }
    assert_eq!(provider.asked("/moved"), 0, "no redirect is followed");
    assert_eq!(came(Mischief::None).unwrap().who.roles(), [Role::Resident]);
}
