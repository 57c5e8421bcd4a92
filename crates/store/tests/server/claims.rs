//! A claim ends with the session that holds it, however that ends.

use chengxin_pgtest::Options;
use chengxin_store::{Claim, Place};

use crate::proxy::Proxy;
use crate::support::{City, SECOND, within};

fn take(place: &Place) -> Option<Claim> {
    Claim::take(place, "import").unwrap()
}

#[test]
fn a_claim_is_one_sessions_until_it_is_let_go() {
    let city = City::new(&Options::default());
    let held = take(&city.place).unwrap();
    assert!(held.holds());
    assert!(take(&city.place).is_none());
    assert!(Claim::take(&city.place, "sequencer").unwrap().is_some(), "another claim is free");
    drop(held);
    assert!(take_soon(&city.place).holds());
}

/// The server lets go of a session a moment after it ended.
fn take_soon(place: &Place) -> Claim {
    let pause = || std::thread::sleep(SECOND / 20);
    (0..400)
        .find_map(|_| {
            take(place).or_else(|| {
                pause();
                None
            })
        })
        .unwrap()
}

#[test]
fn a_claim_whose_session_the_server_ends_is_not_held_and_another_takes_it() {
    let city = City::new(&Options::default());
    let held = take(&city.place).unwrap();
    city.psql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'chengxin'");
    let other = take_soon(&city.place);
    assert!(!held.holds() && !held.holds(), "and it says so as often as it is asked");
    assert!(other.holds());
    drop(held);
    assert!(other.holds());
}

#[test]
fn a_claim_does_not_outlive_the_server() {
    let mut city = City::new(&Options::durable());
    let held = take(&city.place).unwrap();
    city.server.stop_now();
    assert!(!held.holds());
    city.server.start_again().unwrap();
    assert!(!held.holds(), "no session is made anew for it");
    assert!(take(&city.place).unwrap().holds());
}

#[test]
fn a_claim_over_a_connection_that_hangs_is_not_held() {
    let city = City::new(&Options::default());
    let proxy = Proxy::before(city.server.port());
    let held = take(&city.through(proxy.port, "")).unwrap();
    assert!(held.holds());
    proxy.at(|letter, _| letter == b'S', crate::proxy::Fault::Swallow);
    within(SECOND * 20, || assert!(!held.holds()));
    assert!(proxy.happened());
}
