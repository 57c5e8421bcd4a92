//! The whole policy as one reviewed table: whoever changes a policy reviews what became of it here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chengxin_policy::Policy;

#[test]
fn who_may_do_what_to_which_class_is_as_reviewed() {
    insta::assert_snapshot!(Policy::load().unwrap().matrix().unwrap());
}
