//! Operations whose policies stand already and whose use cases do not: accounts, checks in batches, objections.
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

/// Everybody with an account.
const SIGNED_IN: &[Role] = &[
    Role::Resident,
    Role::Representative,
    Role::Clerk,
    Role::DataOfficer,
    Role::Decider,
    Role::IdentityClerk,
    Role::CreditOffice,
    Role::Auditor,
    Role::Administrator,
];
const SUBJECTS: &[Role] = &[Role::Resident, Role::Representative];
const ADMINISTRATOR: &[Role] = &[Role::Administrator];
const DECIDER: &[Role] = &[Role::Decider];
const PUBLIC: &[Role] = &[Role::Public];

const fn quiet(name: &'static str, roles: &'static [Role], does: &'static str) -> Coming {
    Coming { name, roles, discloses: false, does }
}

/// Every operation to come, by name.
pub const COMING: &[Coming] = &[
    quiet(
        "account_factor_add",
        SIGNED_IN,
        "adds a factor to one's own account: a code generator, a passkey, recovery codes",
    ),
    quiet("account_factor_remove", SIGNED_IN, "removes a factor from one's own account"),
    quiet("account_password", SIGNED_IN, "changes one's own password"),
    quiet("account_register", PUBLIC, "opens an account that is bound to nobody yet"),
    quiet("account_renew", ADMINISTRATOR, "wakes a right that sleeps because it was not used"),
    quiet("objection_decide", DECIDER, "answers an objection: corrected, withdrawn, or kept"),
    quiet("objection_file", SUBJECTS, "contests a record"),
];
