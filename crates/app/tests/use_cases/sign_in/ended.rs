//! Who is on the way, what ends with a provider, and who lost it.

use chengxin_app::Kind;
use chengxin_app::account::{Begin, Recovering};
use chengxin_core::identity::DocumentKind;

use super::bench::{Bench, NAME, vouched};
use crate::city::row;
use crate::desk::{DAY, MINUTE, administrator, identity_clerk, public};
use crate::provider::SECRET;

#[test]
fn whoever_comes_back_was_sent_by_this_browser_to_this_provider_and_comes_once_and_in_time() {
    let mut bench = Bench::new();
    bench.provider.person(vouched("s-1", &row(1).number));
    let mut other = bench.provider.terms();
    other.url = "https://other.example".to_owned();
    bench.desk.app.issuer_set(&administrator(), "other", &other, SECRET).unwrap();
    let back = |bench: &mut Bench, issuer: &str, state: &str, browser: Option<&str>| {
        bench.desk.app.sign_in_awaited(&public(), issuer, state, browser)
    };
    for case in [
        "other browser",
        "no browser",
        "an empty browser",
        "no browser by hand",
        "other issuer",
        "too late",
        "removed",
        "removed and set",
        "never sent",
        "twice",
    ] {
        let departure = bench.desk.app.sign_in_begin(&public(), NAME, None, "10.0.0.1").unwrap();
        let address = bench.directory.address(&departure.trusted, &departure.away, bench.desk.now()).unwrap();
        let returned = bench.provider.approve(&address, bench.desk.now());
        let (state, browser) = (returned.state.as_str(), Some(departure.browser.as_str()));
        let refused = match case {
            "other browser" => back(&mut bench, NAME, state, Some(&"A".repeat(43))),
            "no browser" => back(&mut bench, NAME, state, None),
            "an empty browser" => back(&mut bench, NAME, state, Some("")),
            "no browser by hand" => {
                // As if nothing at all had been sent there.
                let nothing = bench.desk.app.keys().code_tag("sign-in-browser", &[b""]);
                bench.desk.hand().run("UPDATE sign_in SET browser_tag = $1", &[(&nothing).into()]).unwrap();
                back(&mut bench, NAME, state, Some(""))
            }
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
            "removed and set" => {
                bench.desk.pass(MINUTE);
                bench.desk.app.issuer_remove(&administrator(), NAME).unwrap();
                let terms = bench.provider.terms();
                bench.desk.app.issuer_set(&administrator(), NAME, &terms, SECRET).unwrap();
                back(&mut bench, NAME, state, browser)
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
fn what_a_provider_was_trusted_for_ends_with_it_sessions_and_whoever_is_on_the_way() {
    let mut bench = Bench::new();
    let (own, others) = (row(1).number, row(2).number);
    let clerk = bench.desk.clerk("zhanghua");
    let here = bench.desk.sign_in(&clerk).token;
    type Act = fn(&mut Bench);
    let acts: [(&str, Act); 3] = [
        ("removed", |bench| bench.desk.app.issuer_remove(&administrator(), NAME).unwrap()),
        ("removed and set again", |bench| {
            bench.desk.app.issuer_remove(&administrator(), NAME).unwrap();
            let terms = bench.provider.terms();
            bench.desk.app.issuer_set(&administrator(), NAME, &terms, SECRET).unwrap();
        }),
        ("set to less", |bench| {
            let terms = chengxin_core::issuer::Terms { staff: false, ..bench.provider.terms() };
            bench.desk.app.issuer_set(&administrator(), NAME, &terms, SECRET).unwrap();
        }),
    ];
    for (what, act) in acts {
        let terms = bench.provider.terms();
        bench.desk.app.issuer_set(&administrator(), NAME, &terms, SECRET).unwrap();
        bench.desk.pass(MINUTE);
        let (first, second) = (bench.person("s-1", &own).unwrap(), bench.person("s-2", &others).unwrap());
        // Somebody stands between the provider's answer and our door.
        bench.provider.person(vouched("s-1", &own));
        let departure = bench.desk.app.sign_in_begin(&public(), NAME, None, "10.0.0.1").unwrap();
        let address = bench.directory.address(&departure.trusted, &departure.away, bench.desk.now()).unwrap();
        let returned = bench.provider.approve(&address, bench.desk.now());
        let browser = Some(departure.browser.as_str());
        let back = bench.desk.app.sign_in_awaited(&public(), NAME, &returned.state, browser).unwrap();
        let said = bench.directory.redeem(&back.trusted, &back.away, &returned, bench.desk.now());
        // A row that somebody laid aside and puts back is worth nothing either.
        let columns =
            "account_id, tag, opened_us, ends_us, idle_us, factors, proven_us, issuer, seal, last_seen_us, label";
        let kept =
            bench.desk.hand().rows(&format!("SELECT {columns} FROM session WHERE issuer = 'city'"), &[]).unwrap();
        assert!(kept.len() >= 2, "{what}");
        bench.desk.pass(MINUTE);
        act(&mut bench);
        for came in [&first, &second] {
            assert_eq!(bench.desk.app.session_find(&came.token).unwrap(), None, "{what}");
        }
        let marks: Vec<String> = (1..=11).map(|n| format!("${n}")).collect();
        let put = format!("INSERT INTO session ({columns}) VALUES ({})", marks.join(", "));
        for row in &kept {
            bench.desk.hand().run(&put, row).unwrap();
        }
        assert_eq!(bench.desk.app.session_find(&first.token).unwrap(), None, "{what}, put back");
        bench.desk.hand().run("UPDATE session SET issuer = '' WHERE issuer = 'city'", &[]).unwrap();
        assert_eq!(bench.desk.app.session_find(&first.token).unwrap(), None, "{what}, as if it had begun here");
        bench.desk.hand().run("DELETE FROM session WHERE opened_us < 0 OR tag = $1", &[kept[0][1].clone()]).unwrap();
        bench.opens_nothing(what, |bench| bench.desk.app.sign_in_finish(&public(), &back, said, "手机"));
        assert!(bench.desk.app.session_find(&here).unwrap().is_some(), "{what}: who signed in here stays");
        bench.desk.hand().batch("DELETE FROM session WHERE factors = 1").unwrap();
        bench.desk.sign_in(&clerk);
    }
    let ended = "SELECT detail FROM log_entry WHERE operation = 'issuer_remove' ORDER BY number";
    let ended = bench.desk.hand().rows(ended, &[]).unwrap();
    assert!(ended[0][0].to_string().contains("\"sessions_ended\":2"), "{}", ended[0][0]);
    bench.desk.assert_whole();
}

#[test]
fn who_came_by_a_provider_alone_and_lost_it_chooses_a_name_and_a_password_with_a_code_from_a_window() {
    let mut bench = Bench::new();
    let (own, kind) = (row(1).number, DocumentKind::ResidentId);
    let came = bench.person("s-1", &own).unwrap();
    let window = |bench: &mut Bench| {
        bench
            .desk
            .app
            .recovery_issue(&identity_clerk(), Recovering::Person(kind, &own), "身份证原件，与本人相符")
            .unwrap()
    };
    let (code, second) = (window(&mut bench), window(&mut bench));
    let enrolment = bench.desk.app.account_enrol(&public(), &code.link, "10.0.0.1").unwrap();
    assert!(enrolment.login.is_none() && enrolment.recovers && !enrolment.needs_second, "its holder chooses the name");
    let (choice, secret) = bench.desk.choice(&code, Some("zhouming"));
    // Without a name, with one that is a number, and with one that somebody has.
    bench.desk.clerk("zhanghua");
    for (login, kind) in
        [(None, Kind::Invalid), (Some(own.as_str()), Kind::Invalid), (Some("zhanghua"), Kind::Conflict)]
    {
        let wrong = Begin { login: login.map(str::to_owned), ..choice.clone() };
        assert_eq!(bench.desk.app.account_begin(&public(), &wrong).unwrap_err().kind, kind, "{login:?}");
    }
    let begun = bench.desk.app.account_begin(&public(), &choice).unwrap();
    assert_eq!((begun.account, begun.login.as_str()), (came.who.account, "zhouming"), "it is the same account");
    assert_eq!(bench.desk.app.session_find(&came.token).unwrap(), None, "every session ended");
    let other = Begin { code: second.code.grouped(), login: Some("zhouming2".to_owned()), ..choice };
    assert_eq!(bench.desk.app.account_begin(&public(), &other).unwrap_err().kind, Kind::NotFound, "named once");
    let zhou = crate::desk::person(begun, Some(secret));
    let who = bench.desk.sign_in(&zhou).who;
    assert_eq!((who.account, who.factors), (came.who.account, 2));
    assert_eq!(bench.desk.app.bound_document(&who).unwrap(), Some((kind, own.clone())));
    // The provider leads there as before, and what is lost later is recovered by the name that is now there.
    bench.desk.pass(MINUTE);
    assert_eq!(bench.person("s-1", &own).unwrap().who.account, came.who.account);
    let again = window(&mut bench);
    assert_eq!(
        bench.desk.app.account_enrol(&public(), &again.link, "10.0.0.1").unwrap().login.as_deref(),
        Some("zhouming")
    );
    bench.desk.assert_whole();
}
