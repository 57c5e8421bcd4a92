//! The one list of everything that can be done. An operation keeps its name from route to SQL comment.
//!
//! Tests hold the command line, the policy and the routes against this list: an operation without a command, a policy
//! row or a stated reason for its absence fails the suite.

use crate::Role;

/// How an operation can be reached over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Routes, each with its method.
    Routes(&'static [&'static str]),
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

const LINKED_AT_THE_CONSOLE: Api =
    Api::ConsoleOnly("hands out a code beside the setting up of issuers, which is done on this machine");
const WALKS_THE_LOG: Api =
    Api::ConsoleOnly("walks the log of everybody, and writes files about many people that must not pass a network");
const NEEDS_KEYS: Api = Api::ConsoleOnly("touches key files, the catalogue or the calendar on this machine");

const WALKS_RECORDS: Api =
    Api::ConsoleOnly("looks at every record whose display has ended, which takes as long as there are many");

const FOLLOWS: Api = Api::ConsoleOnly("follows from a change, and is done by whichever worker comes to it");

macro_rules! operations {
    ($($name:literal, $cli:literal, $api:expr, [$($role:ident),*], $discloses:literal;)*) => {
        /// Every operation, by name.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            name: $name, cli: $cli, api: $api, roles: &[$(Role::$role),*], discloses: $discloses,
        }),*];
    };
}

operations! {
    "account_begin", "serve", Api::Routes(&["POST /api/v1/accounts/begun", "POST /api/v1/accounts/enrolments"]), [Public], false;
    "account_close", "account close", Api::Routes(&["DELETE /api/v1/accounts/{login}"]), [Administrator, CreditOffice], false;
    "account_factor_add", "serve", Api::Routes(&["POST /api/v1/account/apps", "POST /api/v1/account/apps/offered", "POST /api/v1/account/passkeys", "POST /api/v1/account/passkeys/offered", "POST /api/v1/account/recovery-codes"]), [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "account_factor_list", "serve", Api::Routes(&["GET /api/v1/account/factors"]), [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "account_factor_remove", "serve", Api::Routes(&["DELETE /api/v1/account/factors/{id}"]), [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "account_first_link", "account first-link", NEEDS_KEYS, [Administrator], false;
    "account_list", "account list", Api::Routes(&["GET /api/v1/accounts"]), [Administrator, CreditOffice, Auditor], false;
    "account_open", "account open", Api::Routes(&["POST /api/v1/accounts"]), [Administrator, CreditOffice], false;
    "account_password", "serve", Api::Routes(&["PUT /api/v1/account/password"]), [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "account_renew", "account renew", Api::Routes(&["POST /api/v1/accounts/{login}/rights/renewed"]), [Administrator], false;
    "account_right_end", "account right end", Api::Routes(&["DELETE /api/v1/accounts/{login}/rights"]), [Administrator, CreditOffice], false;
    "account_right_grant", "account right grant", Api::Routes(&["PUT /api/v1/accounts/{login}/rights"]), [Administrator, CreditOffice], false;
    "activation_issue", "account activate", Api::Routes(&["POST /api/v1/activations"]), [IdentityClerk, Clerk], false;
    "activation_redeem", "serve", Api::Routes(&["POST /api/v1/activations/redeemed"]), [Public, Resident, Representative], false;
    "authority_add", "authority add", Api::Routes(&["PUT /api/v1/authorities/{code}"]), [Administrator, CreditOffice], false;
    "authority_late", "worker run", NEEDS_KEYS, [Administrator], false;
    "authority_list", "authority list", Api::Routes(&["GET /api/v1/authorities"]), [Administrator, CreditOffice, DataOfficer, Decider, Auditor], false;
    "authority_records", "authority records", Api::Routes(&["GET /api/v1/authorities/{code}/records"]), [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "calendar_apply", "calendar apply", NEEDS_KEYS, [Administrator], false;
    "calendar_check", "calendar check", NEEDS_KEYS, [Administrator, CreditOffice, DataOfficer, Auditor], false;
    "calendar_show", "calendar show", Api::Routes(&["GET /api/v1/calendars", "GET /api/v1/calendars/{year}"]), [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "catalogue_apply", "catalogue apply", NEEDS_KEYS, [Administrator], false;
    "catalogue_check", "catalogue check", NEEDS_KEYS, [Administrator, CreditOffice, DataOfficer, Auditor], false;
    "catalogue_confirm", "catalogue confirm", NEEDS_KEYS, [CreditOffice], false;
    "catalogue_history", "catalogue history", Api::Routes(&["GET /api/v1/catalogue-changes"]), [Administrator, CreditOffice, Auditor], false;
    "catalogue_impact", "catalogue impact", NEEDS_KEYS, [Administrator, CreditOffice, Auditor], false;
    "catalogue_show", "catalogue show", Api::Routes(&["GET /api/v1/catalogue", "GET /api/v1/catalogue/{item}"]), [Administrator, CreditOffice, DataOfficer, Decider, Clerk, Auditor, Resident, Representative, Public], false;
    "catalogue_template", "catalogue template", NEEDS_KEYS, [Administrator, CreditOffice, DataOfficer], false;
    "channel_add", "channel add", Api::Routes(&["POST /api/v1/me/channels"]), [Resident, Representative], false;
    "channel_list", "channel list", Api::Routes(&["GET /api/v1/me/channels"]), [Resident, Representative], false;
    "channel_prove", "channel prove", Api::Routes(&["POST /api/v1/me/channels/{channel}/proven"]), [Resident, Representative], false;
    "channel_remove", "channel remove", Api::Routes(&["DELETE /api/v1/me/channels/{channel}"]), [Resident, Representative], false;
    "check_answer", "check ask", Api::Routes(&["POST /api/v1/checks"]), [Clerk], true;
    "check_batch_answer", "check batch answer", Api::Routes(&["POST /api/v1/check-batches/{batch}/parts/{part}"]), [Clerk], true;
    "check_batch_approve", "check batch approve", Api::Routes(&["POST /api/v1/check-batches/{batch}/approved"]), [Decider], false;
    "check_batch_list", "check batch list", Api::Routes(&["GET /api/v1/check-batches"]), [Clerk, Decider], false;
    "check_batch_open", "check batch open", Api::Routes(&["POST /api/v1/check-batches"]), [Clerk], false;
    "check_batch_show", "check batch show", Api::Routes(&["GET /api/v1/check-batches/{batch}"]), [Clerk, Decider], false;
    "check_outcome", "check outcome", Api::Routes(&["POST /api/v1/checks/{check}/outcomes"]), [Clerk], false;
    "check_preview", "me preview", Api::Routes(&["GET /api/v1/me/previews/{matter}"]), [Resident, Representative], true;
    "check_slip", "me checks", Api::Routes(&["GET /api/v1/me/checks"]), [Resident, Representative], true;
    "client_add", "client add", Api::Routes(&["POST /api/v1/clients"]), [Administrator, CreditOffice], false;
    "client_list", "client list", Api::Routes(&["GET /api/v1/clients"]), [Administrator, CreditOffice, Decider, Auditor], false;
    "client_revoke", "client revoke", Api::Routes(&["DELETE /api/v1/clients/{client}", "DELETE /api/v1/clients/{client}/keys/{kid}"]), [Administrator, CreditOffice, Decider], false;
    "client_rotate", "client rotate", Api::Routes(&["POST /api/v1/clients/{client}/keys"]), [Administrator, CreditOffice, DataOfficer], false;
    "complaint_answer", "complaint answer", Api::Routes(&["POST /api/v1/complaints/{number}/answers"]), [CreditOffice, Decider], false;
    "complaint_comment", "complaint comment", Api::Routes(&["POST /api/v1/complaints/{number}/comments"]), [Decider], false;
    "complaint_figures", "complaint figures", Api::Routes(&["GET /api/v1/complaint-figures"]), [CreditOffice, Auditor], false;
    "complaint_file", "complaint file", Api::Routes(&["POST /api/v1/me/complaints", "POST /api/v1/complaints"]), [Resident, Representative, Clerk], false;
    "complaint_list", "me complaints", Api::Routes(&["GET /api/v1/me/complaints"]), [Resident, Representative], false;
    "complaint_overdue", "worker run", NEEDS_KEYS, [Administrator], false;
    "complaint_show", "complaint show", Api::Routes(&["GET /api/v1/complaints/{number}"]), [CreditOffice, Decider], false;
    "complaint_withdraw", "complaint withdraw", Api::Routes(&["POST /api/v1/me/complaints/{number}/withdrawn"]), [Resident, Representative], false;
    "complaint_work", "complaint work", Api::Routes(&["GET /api/v1/complaints"]), [CreditOffice, Decider], false;
    "consent_code", "consent code", Api::Routes(&["POST /api/v1/me/consent-codes"]), [Resident, Representative], false;
    "consent_disown", "consent disown", Api::Routes(&["POST /api/v1/me/consents/{receipt}/disowned"]), [Resident, Representative], false;
    "consent_grant", "consent grant", Api::Routes(&["POST /api/v1/me/consents"]), [Resident, Representative], false;
    "consent_list", "consent list", Api::Routes(&["GET /api/v1/me/consents"]), [Resident, Representative], false;
    "consent_narrow", "consent narrow", Api::Routes(&["POST /api/v1/me/consents/{receipt}/narrowed"]), [Resident, Representative], false;
    "consent_receipt", "consent receipt", Api::Routes(&["GET /api/v1/me/consents/{receipt}/receipt"]), [Resident, Representative], false;
    "consent_record", "consent record", Api::Routes(&["POST /api/v1/consents"]), [Clerk], false;
    "consent_withdraw", "consent withdraw", Api::Routes(&["POST /api/v1/me/consents/{receipt}/withdrawn"]), [Resident, Representative], false;
    "contact_set", "contact set", Api::Routes(&["PUT /api/v1/contact"]), [Administrator, CreditOffice], false;
    "contact_show", "contact show", Api::Routes(&["GET /api/v1/contact"]), [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "database_migrate", "migrate run", NEEDS_KEYS, [Administrator], false;
    "database_plan", "migrate plan", NEEDS_KEYS, [Administrator], false;
    "database_status", "migrate status", NEEDS_KEYS, [Administrator], false;
    "deadline_show", "deadline show", Api::Routes(&["GET /api/v1/deadlines", "GET /api/v1/deadlines/{deadline}"]), [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "decision_verify", "proceeding verify", Api::Routes(&["GET /api/v1/decisions/{number}/{code}", "GET /d/{number}/{code}"]), [Public, Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "follow_up_list", "follow-up list", Api::Routes(&["GET /api/v1/follow-ups"]), [Clerk, Decider], false;
    "follow_up_settle", "follow-up settle", Api::Routes(&["POST /api/v1/follow-ups/{check}/settled"]), [Clerk, Decider], false;
    "held_list", "held list", Api::Routes(&["GET /api/v1/held"]), [IdentityClerk], false;
    "held_purge", "held purge", Api::Routes(&["POST /api/v1/held/purged"]), [Administrator, IdentityClerk], false;
    "held_resolve", "held resolve", Api::Routes(&["POST /api/v1/held/{id}/resolved"]), [IdentityClerk], false;
    "held_show", "held show", Api::Routes(&["GET /api/v1/held/{id}"]), [IdentityClerk], true;
    "installation_backup", "backup", NEEDS_KEYS, [Administrator], false;
    "installation_init", "init", NEEDS_KEYS, [Administrator], false;
    "installation_move", "move", NEEDS_KEYS, [Administrator], false;
    "installation_restore", "restore", NEEDS_KEYS, [Administrator], false;
    "installation_show", "worker status", Api::Routes(&["GET /api/v1/installation"]), [Administrator, CreditOffice, Auditor], false;
    "issuer_link", "issuer link", LINKED_AT_THE_CONSOLE, [Administrator], false;
    "issuer_list", "issuer list", NEEDS_KEYS, [Administrator, Auditor], false;
    "issuer_remove", "issuer remove", NEEDS_KEYS, [Administrator], false;
    "issuer_set", "issuer set", NEEDS_KEYS, [Administrator], false;
    "job_list", "worker list", NEEDS_KEYS, [Administrator, Auditor], false;
    "job_run", "worker run", NEEDS_KEYS, [Administrator], false;
    "keys_list", "keys list", NEEDS_KEYS, [Administrator, Auditor], false;
    "keys_rotate", "keys rotate", NEEDS_KEYS, [Administrator], false;
    "leak_list", "leak list", WALKS_THE_LOG, [CreditOffice, Auditor], false;
    "leak_notices", "leak notices", WALKS_THE_LOG, [CreditOffice], false;
    "log_checkpoint", "log checkpoint", Api::Routes(&["GET /log/checkpoint"]), [Public, Auditor, Administrator], false;
    "log_consistency", "log consistency", NEEDS_KEYS, [Auditor, Administrator, Public], false;
    "log_lines", "me log", Api::Routes(&["GET /api/v1/me/log"]), [Resident, Representative], true;
    "log_prove", "log prove", Api::Routes(&["GET /api/v1/log/entries/{leaf}/proof", "POST /api/v1/records/{record}/proof"]), [Auditor, Administrator], false;
    "log_publish", "log publish", NEEDS_KEYS, [Administrator], false;
    "log_reveal", "log reveal", NEEDS_KEYS, [Administrator], false;
    "log_sequence", "log sequence", NEEDS_KEYS, [Administrator], false;
    "log_verify", "log verify", NEEDS_KEYS, [Auditor, Administrator, CreditOffice], false;
    "log_witness_set", "log witness-add", NEEDS_KEYS, [Administrator], false;
    "mandate_accept", "mandate accept", Api::Routes(&["POST /api/v1/me/mandate-offers", "POST /api/v1/me/mandates/accepted"]), [Resident], false;
    "mandate_end", "mandate end", Api::Routes(&["POST /api/v1/mandates/ended"]), [Clerk, IdentityClerk], false;
    "mandate_list", "mandate list", Api::Routes(&["GET /api/v1/me/mandates"]), [Resident, Representative], false;
    "mandate_offer", "mandate offer", Api::Routes(&["POST /api/v1/me/mandates"]), [Resident, Representative], false;
    "mandate_record", "mandate record", Api::Routes(&["POST /api/v1/mandates"]), [Clerk, IdentityClerk], false;
    "mandate_resign", "mandate resign", Api::Routes(&["POST /api/v1/me/mandates/{mandate}/resigned"]), [Resident], false;
    "mandate_revoke", "mandate revoke", Api::Routes(&["POST /api/v1/me/mandates/{mandate}/revoked"]), [Resident, Representative], false;
    "matter_show", "matter show", Api::Routes(&["GET /api/v1/matters", "GET /api/v1/matters/{matter}"]), [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "notice_dead", "notice dead", Api::Routes(&["GET /api/v1/notices/dead"]), [Administrator], false;
    "notice_deliver", "worker run", FOLLOWS, [Administrator], false;
    "notice_inbox", "notice inbox", Api::Routes(&["GET /api/v1/notices"]), [DataOfficer, Decider, CreditOffice], false;
    "notice_letter", "notice letter", Api::Routes(&["GET /api/v1/notices/{notice}/letter"]), [Clerk, CreditOffice], true;
    "notice_list", "me notices", Api::Routes(&["GET /api/v1/me/notices"]), [Resident, Representative], false;
    "notice_mail_set", "notice mail-set", NEEDS_KEYS, [Administrator], false;
    "notice_make", "worker run", FOLLOWS, [Administrator], false;
    "notice_retry", "notice retry", Api::Routes(&["POST /api/v1/notices/dead/{message}/retried"]), [Administrator], false;
    "notice_served", "notice served", Api::Routes(&["POST /api/v1/notices/{notice}/served"]), [Clerk, DataOfficer, Decider, CreditOffice], false;
    "notice_show", "me notice", Api::Routes(&["GET /api/v1/me/notices/{notice}"]), [Resident, Representative], true;
    "notice_undelivered", "notice undelivered", Api::Routes(&["GET /api/v1/notices/undelivered"]), [Clerk, DataOfficer, Decider, CreditOffice], false;
    "objection_add", "objection add", Api::Routes(&["POST /api/v1/me/objections/{number}/additions", "POST /api/v1/objections/{number}/additions"]), [Resident, Representative, Clerk], false;
    "objection_decide", "objection decide", Api::Routes(&["POST /api/v1/objections/{number}/answers"]), [Decider], false;
    "objection_file", "objection file", Api::Routes(&["POST /api/v1/me/objections", "POST /api/v1/objections"]), [Resident, Representative, Clerk], false;
    "objection_identify", "objection identify", Api::Routes(&["POST /api/v1/objections/{number}/findings"]), [IdentityClerk], false;
    "policy_apply", "serve", Api::ConsoleOnly("the policies are compiled in: another programme puts others to use when it opens the installation"), [Administrator], false;
    "policy_show", "policy show", Api::Routes(&["GET /api/v1/policy"]), [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "proceeding_attachment", "proceeding attachment", Api::Routes(&["GET /api/v1/me/proceedings/{number}/attachments/{file}", "GET /api/v1/proceedings/{number}/attachments/{file}"]), [Resident, Representative, Decider, IdentityClerk], false;
    "proceeding_decision", "proceeding decision", Api::Routes(&["GET /api/v1/me/proceedings/{number}/decision"]), [Resident, Representative], false;
    "proceeding_figures", "proceeding figures", Api::Routes(&["GET /api/v1/proceeding-figures"]), [CreditOffice, Decider, DataOfficer, Auditor], false;
    "proceeding_list", "me proceedings", Api::Routes(&["GET /api/v1/me/proceedings"]), [Resident, Representative], false;
    "proceeding_overdue", "worker run", NEEDS_KEYS, [Administrator], false;
    "proceeding_show", "proceeding show", Api::Routes(&["GET /api/v1/proceedings/{number}"]), [Decider, IdentityClerk], false;
    "proceeding_work", "proceeding work", Api::Routes(&["GET /api/v1/proceedings"]), [Decider, IdentityClerk, CreditOffice], false;
    "publication_confirm", "publication confirm", Api::Routes(&["POST /api/v1/publications/{code}/confirmed"]), [DataOfficer, Decider], false;
    "publication_draft", "publication draft", Api::Routes(&["GET /api/v1/publications/{code}/draft"]), [DataOfficer, Decider], false;
    "publication_list", "publication list", Api::Routes(&["GET /api/v1/publications"]), [Public, Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "publication_show", "publication show", Api::Routes(&["GET /api/v1/publications/{code}"]), [Public, Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "record_delete", "me delete", Api::Routes(&["DELETE /api/v1/me/records/{record}"]), [Resident, Representative], false;
    "record_erase", "record erase", Api::Routes(&["POST /api/v1/records/{record}/erased"]), [Decider], false;
    "record_expire", "worker run", FOLLOWS, [Administrator], false;
    "record_horizon", "me horizon", Api::Routes(&["GET /api/v1/me/records/{record}/horizon"]), [Resident, Representative], true;
    "record_list", "me records", Api::Routes(&["POST /demo/records", "GET /api/v1/me/records"]), [Resident, Representative], true;
    "record_lock", "record lock", Api::Routes(&["PUT /api/v1/records/{record}/lock"]), [Decider], false;
    "record_retention", "record retention", WALKS_RECORDS, [CreditOffice, Auditor, Administrator], false;
    "record_unlock", "record unlock", Api::Routes(&["POST /api/v1/records/{record}/unlocked"]), [Decider], false;
    "recovery_issue", "account recover", Api::Routes(&["POST /api/v1/recoveries"]), [Administrator, CreditOffice, IdentityClerk, Clerk], false;
    "repair_decide", "repair decide", Api::Routes(&["POST /api/v1/repairs/{number}/answers"]), [Decider], false;
    "repair_file", "repair file", Api::Routes(&["POST /api/v1/me/repairs", "POST /api/v1/repairs"]), [Resident, Representative, Clerk], false;
    "report_issue", "report", Api::Routes(&["POST /api/v1/me/reports"]), [Resident, Representative, Clerk], true;
    "report_verify", "verify", Api::Routes(&["POST /v/{code}"]), [Public, Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "report_view", "serve", Api::Routes(&["GET /v/{code}"]), [Public], true;
    "report_withdraw", "report-withdraw", Api::Routes(&["POST /api/v1/reports/withdrawn"]), [Resident, Representative, CreditOffice], false;
    "session_end", "serve", Api::Routes(&["DELETE /api/v1/sessions/{id}"]), [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "session_end_all", "serve", Api::Routes(&["DELETE /api/v1/sessions"]), [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "session_list", "serve", Api::Routes(&["GET /api/v1/sessions"]), [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "session_open", "serve", Api::Routes(&["POST /api/v1/sessions", "POST /api/v1/sessions/passkey", "POST /api/v1/sessions/passkey/asked"]), [Public], false;
    "session_reauthenticate", "serve", Api::Routes(&["POST /api/v1/sessions/current/proof", "POST /api/v1/sessions/current/proof/passkey", "POST /api/v1/sessions/current/proof/passkey/asked"]), [Resident, Representative, Clerk, DataOfficer, Decider, IdentityClerk, CreditOffice, Auditor, Administrator], false;
    "sign_in_begin", "serve", Api::Routes(&["GET /sign-in/{issuer}", "POST /sign-in/{issuer}"]), [Public], false;
    "sign_in_finish", "serve", Api::Routes(&["GET /sign-in/{issuer}/callback"]), [Public], false;
    "statistics_board", "statistics board", Api::Routes(&["GET /api/v1/quality"]), [Administrator, CreditOffice, DataOfficer, Decider, Clerk, IdentityClerk, Auditor, Resident, Representative, Public], false;
    "statistics_count", "worker run", FOLLOWS, [Administrator], false;
    "statistics_export", "statistics export", Api::Routes(&["GET /api/v1/statistics/{table}"]), [CreditOffice, Auditor], false;
    "statistics_show", "statistics show", Api::Routes(&["GET /api/v1/statistics"]), [CreditOffice, Auditor], false;
    "subject_forget", "worker run", FOLLOWS, [Administrator], false;
    "submission_abandon", "import --abandon", Api::Routes(&["POST /api/v1/submissions/{id}/abandoned"]), [DataOfficer], false;
    "submission_import", "import", Api::Routes(&["POST /api/v1/submissions"]), [DataOfficer], false;
    "submission_list", "submission list", Api::Routes(&["GET /api/v1/submissions"]), [DataOfficer, Decider, CreditOffice, Auditor], false;
    "submission_recall", "submission recall", Api::Routes(&["POST /api/v1/submissions/{id}/recalled"]), [DataOfficer, Decider], false;
    "submission_release", "submission release", Api::Routes(&["POST /api/v1/submissions/{id}/released"]), [Decider], false;
    "token_issue", "serve", Api::Routes(&["POST /api/v1/oauth/token"]), [Public], false;
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
            // In the letter of the credit office's own answer to a complaint no record is: the policy gives it no other.
            let own_answer = operation.name == "notice_letter";
            assert_eq!(operation.roles.contains(&Role::CreditOffice), own_answer, "{}", operation.name);
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
