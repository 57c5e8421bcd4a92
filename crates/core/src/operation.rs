//! The one list of everything that can be done. An operation keeps its name from route to SQL comment.
//!
//! Tests hold the command line, the policy and the routes against this list: an operation without a command, a policy
//! row or a stated reason for its absence fails the suite.

use crate::Role;

/// How an operation can be reached over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Route, with its method.
    Route(&'static str),
    /// Only at the console, with the reason.
    ConsoleOnly(&'static str),
}

/// One operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its name in every layer: noun, underscore, verb.
    pub name: &'static str,
    /// The command that performs it: words after `chengxin`.
    pub cli: &'static str,
    /// The route, or why there is none.
    pub api: Api,
    /// Roles that the policy grants it to.
    pub roles: &'static [Role],
    /// Does it disclose something about a subject? Then its log entry is durable before the answer leaves.
    pub discloses: bool,
}

const NEEDS_ACCOUNT: Api = Api::ConsoleOnly("needs an account; routes open together with sign-in");
const SIGN_IN: Api = Api::ConsoleOnly("a step of signing in; its route opens with the pages that have it");
const NEEDS_KEYS: Api = Api::ConsoleOnly("touches key files or the catalogue on this machine");

macro_rules! operations {
    ($($name:literal, $cli:literal, $api:expr, [$($role:ident),*], $discloses:literal;)*) => {
        /// Every operation, by name.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            name: $name, cli: $cli, api: $api, roles: &[$(Role::$role),*], discloses: $discloses,
        }),*];
    };
}

operations! {
    "account_begin", "serve", SIGN_IN, [Public], false;
    "account_close", "account close", NEEDS_ACCOUNT, [Administrator, CreditOffice], false;
    "account_first_link", "account first-link", NEEDS_KEYS, [Administrator], false;
    "account_list", "account list", NEEDS_ACCOUNT, [Administrator, CreditOffice, Auditor], false;
    "account_open", "account open", NEEDS_ACCOUNT, [Administrator, CreditOffice], false;
    "account_right_end", "account right end", NEEDS_ACCOUNT, [Administrator, CreditOffice], false;
    "account_right_grant", "account right grant", NEEDS_ACCOUNT, [Administrator, CreditOffice], false;
    "activation_issue", "account activate", NEEDS_ACCOUNT, [IdentityClerk, Clerk], false;
    "activation_redeem", "serve", SIGN_IN, [Public, Resident, Representative], false;
    "authority_add", "authority add", NEEDS_ACCOUNT, [Administrator, CreditOffice], false;
    "authority_list", "authority list", NEEDS_ACCOUNT, [Administrator, CreditOffice, DataOfficer, Decider, Auditor], false;
    "catalogue_apply", "catalogue apply", NEEDS_KEYS, [Administrator], false;
    "catalogue_check", "catalogue check", NEEDS_KEYS, [Administrator, CreditOffice, DataOfficer, Auditor], false;
    "catalogue_confirm", "catalogue confirm", NEEDS_KEYS, [CreditOffice], false;
    "catalogue_impact", "catalogue impact", NEEDS_KEYS, [Administrator, CreditOffice, Auditor], false;
    "catalogue_show", "catalogue show", NEEDS_KEYS, [Administrator, CreditOffice, DataOfficer, Decider, Clerk, Auditor, Resident, Representative, Public], false;
    "catalogue_template", "catalogue template", NEEDS_KEYS, [Administrator, CreditOffice, DataOfficer], false;
    "check_answer", "check ask", NEEDS_ACCOUNT, [Clerk], true;
    "check_outcome", "check outcome", NEEDS_ACCOUNT, [Clerk], false;
    "check_preview", "me preview", NEEDS_ACCOUNT, [Resident, Representative], true;
    "check_slip", "me checks", NEEDS_ACCOUNT, [Resident, Representative], true;
    "consent_code", "consent code", NEEDS_ACCOUNT, [Resident, Representative], false;
    "consent_disown", "consent disown", NEEDS_ACCOUNT, [Resident, Representative], false;
    "consent_grant", "consent grant", NEEDS_ACCOUNT, [Resident, Representative], false;
    "consent_list", "consent list", NEEDS_ACCOUNT, [Resident, Representative], false;
    "consent_narrow", "consent narrow", NEEDS_ACCOUNT, [Resident, Representative], false;
    "consent_record", "consent record", NEEDS_ACCOUNT, [Clerk], false;
    "consent_withdraw", "consent withdraw", NEEDS_ACCOUNT, [Resident, Representative], false;
    "database_migrate", "migrate run", NEEDS_KEYS, [Administrator], false;
    "database_plan", "migrate plan", NEEDS_KEYS, [Administrator], false;
    "database_status", "migrate status", NEEDS_KEYS, [Administrator], false;
    "held_list", "held list", NEEDS_ACCOUNT, [IdentityClerk], false;
    "held_purge", "held purge", NEEDS_ACCOUNT, [Administrator, IdentityClerk], false;
    "held_resolve", "held resolve", NEEDS_ACCOUNT, [IdentityClerk], false;
    "held_show", "held show", NEEDS_ACCOUNT, [IdentityClerk], true;
    "installation_backup", "backup", NEEDS_KEYS, [Administrator], false;
    "installation_init", "init", NEEDS_KEYS, [Administrator], false;
    "installation_move", "move", NEEDS_KEYS, [Administrator], false;
    "installation_restore", "restore", NEEDS_KEYS, [Administrator], false;
    "job_list", "worker list", NEEDS_KEYS, [Administrator, Auditor], false;
    "job_run", "worker run", NEEDS_KEYS, [Administrator], false;
    "keys_list", "keys list", NEEDS_KEYS, [Administrator, Auditor], false;
    "keys_rotate", "keys rotate", NEEDS_KEYS, [Administrator], false;
    "log_checkpoint", "log checkpoint", Api::Route("GET /log/checkpoint"), [Public, Auditor, Administrator], false;
    "log_consistency", "log consistency", NEEDS_KEYS, [Auditor, Administrator, Public], false;
    "log_lines", "me log", NEEDS_ACCOUNT, [Resident, Representative], true;
    "log_prove", "log prove", NEEDS_ACCOUNT, [Auditor, Administrator], false;
    "log_publish", "log publish", NEEDS_KEYS, [Administrator], false;
    "log_reveal", "log reveal", NEEDS_KEYS, [Administrator], false;
    "log_sequence", "log sequence", NEEDS_KEYS, [Administrator], false;
    "log_verify", "log verify", NEEDS_KEYS, [Auditor, Administrator, CreditOffice], false;
    "log_witness_set", "log witness-add", NEEDS_KEYS, [Administrator], false;
    "matter_show", "matter show", NEEDS_KEYS, [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "policy_apply", "serve", Api::ConsoleOnly("the policies are compiled in: another programme puts others to use when it opens the installation"), [Administrator], false;
    "policy_show", "policy show", NEEDS_ACCOUNT, [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "record_erase", "record erase", NEEDS_ACCOUNT, [Decider], false;
    "record_list", "me records", Api::Route("POST /demo/records"), [Resident, Representative], true;
    "record_lock", "record lock", NEEDS_ACCOUNT, [Decider], false;
    "record_unlock", "record unlock", NEEDS_ACCOUNT, [Decider], false;
    "recovery_issue", "account recover", NEEDS_ACCOUNT, [Administrator, CreditOffice, IdentityClerk, Clerk], false;
    "report_issue", "report", NEEDS_ACCOUNT, [Resident, Representative, Clerk], true;
    "report_verify", "verify", Api::Route("POST /v/{code}"), [Public, Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "report_view", "serve", Api::Route("GET /v/{code}"), [Public], true;
    "report_withdraw", "report-withdraw", NEEDS_ACCOUNT, [Resident, Representative, CreditOffice], false;
    "session_end", "serve", SIGN_IN, [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "session_end_all", "serve", SIGN_IN, [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "session_list", "serve", SIGN_IN, [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "session_open", "serve", SIGN_IN, [Public], false;
    "session_reauthenticate", "serve", SIGN_IN, [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "submission_abandon", "import --abandon", NEEDS_ACCOUNT, [DataOfficer], false;
    "submission_import", "import", NEEDS_ACCOUNT, [DataOfficer], false;
    "submission_list", "submission list", NEEDS_ACCOUNT, [DataOfficer, Decider, CreditOffice, Auditor], false;
    "submission_recall", "submission recall", NEEDS_ACCOUNT, [DataOfficer, Decider], false;
    "submission_release", "submission release", NEEDS_ACCOUNT, [Decider], false;
}

/// The operation called `name`.
#[must_use]
pub fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|o| o.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_sorted_and_noun_first() {
        for pair in OPERATIONS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} before {}", pair[0].name, pair[1].name);
        }
        assert!(OPERATIONS.iter().all(|o| o.name.contains('_') && !o.cli.is_empty()));
    }

    #[test]
    fn who_runs_the_installation_reads_no_record() {
        for operation in OPERATIONS.iter().filter(|o| o.discloses) {
            assert!(!operation.roles.contains(&Role::Administrator), "{}", operation.name);
            assert!(!operation.roles.contains(&Role::CreditOffice), "{}", operation.name);
        }
    }

    #[test]
    fn who_sends_does_not_release() {
        let send = operation("submission_import").map_or(&[][..], |o| o.roles);
        let release = operation("submission_release").map_or(&[][..], |o| o.roles);
        assert!(!send.is_empty() && !release.is_empty());
        assert!(send.iter().all(|role| !release.contains(role)));
    }
}
