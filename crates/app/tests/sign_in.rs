//! Signing in by another provider: what it vouches for, and everything that it may do wrong.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod city;
mod desk;
mod provider;

use std::time::Duration;

use chengxin_app::account::{Came, Redeem};
use chengxin_app::issuer::{Directory, Http, Returned};
use chengxin_app::{AppError, Kind, Mode};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role};
use chengxin_seal::Profile;
use city::{City, number, row};
use desk::{DAY, Desk, MINUTE, administrator, identity_clerk, public};
use provider::{Mischief, Provider, SECRET};
use serde_json::{Value, json};

const NAME: &str = "city";

struct Bench {
    desk: Desk,
    provider: Provider,
    directory: Directory,
}

fn vouched(sub: &str, number: &str) -> Value {
    json!({ "sub": sub, "id_number": number, "acr": "high", "name": "周明" })
}

impl Bench {
    fn new() -> Self {
        let (mut desk, provider) = (Desk::new(), Provider::new("https://id.example"));
        desk.app.issuer_set(&administrator(), NAME, &provider.terms(), SECRET).unwrap();
        Self { desk, directory: Directory::new(provider.clone()), provider }
    }

    fn came(&mut self, code: Option<&str>) -> Result<Came, AppError> {
        let app = &mut self.desk.app;
        let departure = app.sign_in_begin(&public(), NAME, code, "10.0.0.1")?;
        let address = self.directory.address(&departure.trusted, &departure.away, app.now_us());
        let address = address.map_err(|why| app.sign_in_failed(&public(), &why))?;
        let returned = self.provider.approve(&address, app.now_us());
        let back = app.sign_in_awaited(&public(), NAME, &returned.state, Some(&departure.browser), "10.0.0.1")?;
        let said = self.directory.redeem(&back.trusted, &back.away, &returned, app.now_us());
        app.sign_in_finish(&public(), &back, said, "手机")
    }

    /// Somebody of a number signs in there.
    fn person(&mut self, sub: &str, number: &str) -> Result<Came, AppError> {
        self.provider.person(vouched(sub, number));
        self.came(None)
    }

    /// Accounts, sessions, links, bindings and rights.
    fn rows(&self) -> Vec<i64> {
        let count = |table| self.desk.hand().number(&format!("SELECT count(*) FROM {table}"), &[]).unwrap();
        ["account", "session", "account_identity", "account_binding", "account_right"].map(count).to_vec()
    }

    /// Refused in the sentence for everything that is wrong, logged, and nothing opened.
    #[track_caller]
    fn opens_nothing(&mut self, what: &str, came: impl FnOnce(&mut Self) -> Result<Came, AppError>) -> AppError {
        let (rows, denials) = (self.rows(), self.desk.denials().len());
        let refusal = came(self).map(|_| ()).expect_err(what);
        assert_eq!(refusal.kind, Kind::Forbidden, "{what}: {refusal}");
        assert_eq!(self.rows(), rows, "{what}");
        assert_eq!(self.desk.denials().len(), denials + 1, "{what}: each refusal stands in the log");
        self.desk.pass(20 * MINUTE);
        refusal
    }
}

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
fn whoever_comes_back_was_sent_by_this_browser_to_this_provider_and_comes_once_and_in_time() {
    let mut bench = Bench::new();
    bench.provider.person(vouched("s-1", &row(1).number));
    let mut other = bench.provider.terms();
    other.url = "https://other.example".to_owned();
    bench.desk.app.issuer_set(&administrator(), "other", &other, SECRET).unwrap();
    let back = |bench: &mut Bench, issuer: &str, state: &str, browser: Option<&str>| {
        bench.desk.app.sign_in_awaited(&public(), issuer, state, browser, "10.0.0.1")
    };
    for case in ["other browser", "no browser", "other issuer", "too late", "removed", "never sent", "twice"] {
        let departure = bench.desk.app.sign_in_begin(&public(), NAME, None, "10.0.0.1").unwrap();
        let address = bench.directory.address(&departure.trusted, &departure.away, bench.desk.now()).unwrap();
        let returned = bench.provider.approve(&address, bench.desk.now());
        let (state, browser) = (returned.state.as_str(), Some(departure.browser.as_str()));
        let refused = match case {
            "other browser" => back(&mut bench, NAME, state, Some(&"A".repeat(43))),
            "no browser" => back(&mut bench, NAME, state, None),
            "other issuer" => back(&mut bench, "other", state, browser),
            "never sent" => back(&mut bench, NAME, &departure.browser, browser),
            "too late" => {
                bench.desk.pass(10 * MINUTE);
                back(&mut bench, NAME, state, browser)
            }
            "removed" => {
                bench.desk.app.issuer_remove(&administrator(), NAME).unwrap();
                let refused = back(&mut bench, NAME, state, browser);
                assert_eq!(bench.desk.app.issuer_trusted(NAME).unwrap_err().kind, Kind::NotFound);
                let terms = bench.provider.terms();
                bench.desk.app.issuer_set(&administrator(), NAME, &terms, SECRET).unwrap();
                refused
            }
            _ => {
                back(&mut bench, NAME, state, browser).unwrap();
                bench.desk.pass(MINUTE);
                back(&mut bench, NAME, state, browser)
            }
        };
        assert_eq!(refused.unwrap_err().kind, Kind::Forbidden, "{case}");
        // Whatever was wrong, the state is used up.
        bench.desk.pass(DAY);
        assert_eq!(back(&mut bench, NAME, state, browser).unwrap_err().kind, Kind::Forbidden, "{case}");
        bench.desk.pass(DAY);
    }
    assert_eq!(bench.rows(), [0; 5]);
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
fn an_issuer_is_set_up_by_an_administrator_alone_and_safely() {
    let mut bench = Bench::new();
    let terms = bench.provider.terms();
    for role in [Role::Public, Role::Resident, Role::Clerk, Role::Decider, Role::CreditOffice, Role::Auditor] {
        let caller = Caller { ground: Ground::usual(role), ..city::caller(role, "thief", Some(city::OFFICE)) };
        assert_eq!(
            bench.desk.app.issuer_set(&caller, NAME, &terms, SECRET).unwrap_err().kind,
            Kind::Forbidden,
            "{role:?}"
        );
        assert_eq!(bench.desk.app.issuer_remove(&caller, NAME).unwrap_err().kind, Kind::Forbidden, "{role:?}");
    }
    let app = &mut bench.desk.app;
    for (name, secret) in [("City", SECRET), ("a/b", SECRET), (NAME, " "), (NAME, "a\nb")] {
        assert_eq!(app.issuer_set(&administrator(), name, &terms, secret).unwrap_err().kind, Kind::Invalid, "{name}");
    }
    let listed = app.issuer_list(&administrator()).unwrap();
    assert_eq!((listed.len(), listed[0].works, &listed[0].terms), (1, true, &terms));
    assert!(!format!("{listed:?} {:?}", app.issuer_trusted(NAME).unwrap()).contains(SECRET));
    let stored = bench.desk.hand().rows("SELECT secret, terms FROM issuer", &[]).unwrap();
    assert!(!stored[0].iter().any(|cell| cell.to_string().contains(SECRET)));
    // Without encryption only on this machine, and only over made-up data.
    let mut here = terms;
    here.url = "http://127.0.0.1:9".to_owned();
    bench.desk.app.issuer_set(&administrator(), "here", &here, SECRET).unwrap();
    let mut real = City::with(Mode::Production, Profile::Intl).installation;
    assert_eq!(real.issuer_set(&administrator(), "here", &here, SECRET).unwrap_err().kind, Kind::Invalid);
    bench.desk.assert_whole();
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
    let verified = bench.desk.app.log_verify(&city::caller(Role::Auditor, "audit", None), None).unwrap();
    assert!(!verified.is_whole());
}
