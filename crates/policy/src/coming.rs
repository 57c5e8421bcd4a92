//! Operations whose policies stand already and whose use cases do not: opening an account bound to nobody.
//!
//! Kept apart from [`chengxin_core::operation::OPERATIONS`] so that the list of what can be done never promises what
//! cannot. With its use case an operation moves there, and its line here goes; a test holds that none stands in both.

use chengxin_core::Role;

/// An operation to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coming {
    /// Its name in every layer: noun, underscore, verb.
    pub name: &'static str,
    /// Roles that the policy grants it to.
    pub roles: &'static [Role],
    /// Does it disclose something about a subject? Then its log entry is durable before the answer leaves.
    pub discloses: bool,
    /// What it does: goes on from its name.
    pub does: &'static str,
}

const PUBLIC: &[Role] = &[Role::Public];

const fn quiet(name: &'static str, roles: &'static [Role], does: &'static str) -> Coming {
    Coming { name, roles, discloses: false, does }
}

/// Every operation to come, by name.
pub const COMING: &[Coming] = &[quiet("account_register", PUBLIC, "opens an account that is bound to nobody yet")];
