//! The whole log against the whole database: what nobody touched verifies, what anybody touched is found and located.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod city;
mod lived;

use chengxin_seal::Profile;
use lived::{Lived, auditor};

#[test]
fn a_city_that_has_been_lived_in_verifies_without_a_finding() {
    for profile in Profile::ALL {
        let lived = Lived::new(profile);
        let city = lived.open();
        let verified = city.log_verify(&auditor(), None).unwrap();
        assert!(verified.is_whole(), "{profile}: {:#?}", verified.findings);
        assert!(verified.entries > 40 && verified.versions > 400, "{verified:?}");
        assert_eq!((verified.waiting, verified.leaves), (0, verified.entries));
        assert!(verified.open > 80, "one submission was broken off");
    }
}
