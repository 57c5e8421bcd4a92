//! What must be refused is refused, and says on which clause.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use chengxin_core::operation::OPERATIONS;
use chengxin_core::record::SubjectId;
use chengxin_core::{Ground, Role};
use chengxin_policy::{
    COMING, Class, Context, Decision, Policy, PolicyError, Principal, Refusal, Request, Resource, SignIn, Stage,
};

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::load().unwrap());
const ME: SubjectId = SubjectId([1; 16]);
const MOTHER: SubjectId = SubjectId([2; 16]);
const STRANGER: SubjectId = SubjectId([3; 16]);

fn on(ground: Ground) -> Context {
    Context::new(ground, "2026-03-01".parse().unwrap()).confirmed()
}

fn duty() -> Context {
    on(Ground::Duty("pipl#art-34".to_owned()))
}

fn own_right() -> Context {
    on(Ground::OwnRight)
}

fn silent() -> Context {
    let until = "2027-01-01".parse().unwrap();
    on(Ground::SilentDuty { clause: "a#b".to_owned(), silence: "c#d".to_owned(), until, said: true })
}

fn officer(role: Role) -> Principal {
    Principal::new("zhang", role, SignIn::TwoFactors).serving("jtj")
}

fn resident() -> Principal {
    Principal::new("li", Role::Resident, SignIn::OneFactor).bound_to(ME)
}

fn decide(principal: &Principal, action: &str, resource: &Resource, context: &Context) -> Decision {
    POLICY.decide(&Request { principal, action, resource, context }).unwrap()
}

/// Refused by exactly this policy first.
fn refused_by(decision: &Decision, policy: &str) {
    assert!(!decision.allowed);
    assert_eq!(decision.policies.first().map(|id| &**id), Some(policy), "{decision:?}");
    assert!(decision.clause.is_some());
}

fn every_operation() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|operation| operation.name).chain(COMING.iter().map(|operation| operation.name))
}

#[test]
fn who_submitted_does_not_release() {
    let waiting = Resource::new().of_authority("jtj").at(Stage::Waiting);
    let decider = officer(Role::Decider);
    assert!(decide(&decider, "submission_release", &waiting.clone().submitted_by("wang"), &duty()).allowed);
    let own = decide(&decider, "submission_release", &waiting.submitted_by("zhang"), &duty());
    refused_by(&own, "submitter-does-not-release");
    assert_eq!(own.refusal, Some(Refusal::Thing));
}

#[test]
fn who_submitted_decides_no_objection_to_it_and_neither_locks_nor_erases_it() {
    let decider = officer(Role::Decider);
    for action in ["objection_decide", "record_erase", "record_lock", "record_unlock", "repair_decide"] {
        let record = Resource::new().of_authority("jtj").about(STRANGER);
        assert!(decide(&decider, action, &record.clone().submitted_by("wang"), &duty()).allowed, "{action}");
        refused_by(&decide(&decider, action, &record.submitted_by("zhang"), &duty()), "submitter-does-not-decide");
    }
}

#[test]
fn who_asked_for_a_batch_does_not_approve_it() {
    let batch = Resource::new().of_authority("jtj");
    let decider = officer(Role::Decider).also(Role::Clerk);
    assert!(decide(&decider, "check_batch_approve", &batch.clone().submitted_by("wang"), &duty()).allowed);
    refused_by(
        &decide(&decider, "check_batch_approve", &batch.submitted_by("zhang"), &duty()),
        "asker-does-not-approve",
    );
}

#[test]
fn who_administers_accounts_reads_no_records_in_whatever_role() {
    for role in Role::ALL {
        let who = officer(role).also(Role::Administrator).bound_to(ME);
        for action in POLICY.marked("disclosing") {
            for ground in [duty(), own_right(), on(Ground::Operation), on(Ground::Consent("R1".to_owned()))] {
                assert!(POLICY.filter(&who, action, &ground).unwrap().is_nothing(), "{role:?} {action}");
            }
        }
    }
}

#[test]
fn the_credit_office_the_auditor_senders_and_deciders_read_no_records() {
    for role in [Role::CreditOffice, Role::Auditor, Role::DataOfficer, Role::Decider] {
        for action in POLICY.marked("disclosing") {
            for ground in [duty(), silent(), own_right(), on(Ground::Consent("R1".to_owned()))] {
                // No record is in it: the letter of the credit office's own answer to a complaint.
                let own_answer = role == Role::CreditOffice && action == "notice_letter" && ground == duty();
                let allowed = POLICY.may(&officer(role), action, &ground).unwrap().allowed;
                assert_eq!(allowed, own_answer, "{role:?} {action}");
            }
        }
    }
}

#[test]
fn the_credit_office_prints_no_letter_of_an_authority_and_none_in_its_own_cause() {
    let office = officer(Role::CreditOffice).bound_to(ME);
    let letter = |thing: Resource| decide(&office, "notice_letter", &thing, &duty());
    assert!(letter(Resource::new()).allowed && letter(Resource::new().about(STRANGER)).allowed);
    refused_by(&letter(Resource::new().of_authority("scjg")), "coordinator-and-auditor-read-no-records");
    refused_by(&letter(Resource::new().about(ME)), "coordinator-and-auditor-read-no-records");
    assert!(!decide(&office, "notice_served", &Resource::new().about(ME), &duty()).allowed);
}

#[test]
fn the_credit_office_follows_submissions_of_every_authority_and_the_auditor_the_log() {
    let submissions = POLICY.filter(&officer(Role::CreditOffice), "submission_list", &duty()).unwrap();
    assert!(submissions.is_everything());
    assert!(POLICY.may(&officer(Role::Auditor), "log_verify", &duty()).unwrap().allowed);
    let sender = POLICY.filter(&officer(Role::DataOfficer), "submission_list", &duty()).unwrap();
    assert!(sender.scopes.len() == 1 && sender.scopes[0].authority.own && !sender.scopes[0].authority.other);
    assert_eq!(sender.authority.as_deref(), Some("jtj"));
}

#[test]
fn staff_without_a_second_factor_do_nothing_but_add_one() {
    let care = POLICY.marked("care");
    for role in [
        Role::Clerk,
        Role::DataOfficer,
        Role::Decider,
        Role::IdentityClerk,
        Role::CreditOffice,
        Role::Auditor,
        Role::Administrator,
    ] {
        let who = Principal { sign_in: SignIn::OneFactor, ..officer(role) };
        for action in every_operation() {
            let decision = POLICY.may(&who, action, &duty()).unwrap();
            assert_eq!(decision.allowed, care.iter().any(|care| care == action), "{role:?} {action}");
        }
    }
}

#[test]
fn who_did_not_sign_in_does_only_what_the_public_does() {
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Public) {
        let who = Principal { sign_in: SignIn::Anonymous, ..officer(role) };
        assert!(every_operation().all(|action| !POLICY.may(&who, action, &duty()).unwrap().allowed), "{role:?}");
    }
}

#[test]
fn sensitive_acts_need_a_fresh_confirmation_but_at_the_console() {
    let stale = Context { confirmed_recently: false, ..duty() };
    let admin = officer(Role::Administrator);
    for action in ["account_right_grant", "keys_rotate", "client_add"] {
        let thing = Resource::new().held_by("wang");
        assert!(decide(&admin, action, &thing, &duty()).allowed);
        let refused = decide(&admin, action, &thing, &stale);
        refused_by(&refused, "sensitive-acts-confirmed-anew");
        assert_eq!(refused.refusal, Some(Refusal::Circumstances));
        let console = Principal { sign_in: SignIn::Console, ..admin.clone() };
        assert!(decide(&console, action, &thing, &stale).allowed);
    }
    let consent = decide(
        &resident(),
        "consent_grant",
        &Resource::new().about(ME),
        &Context { confirmed_recently: false, ..own_right() },
    );
    refused_by(&consent, "sensitive-acts-confirmed-anew");
    let withdrawal = Context { confirmed_recently: false, ..own_right() };
    assert!(
        decide(&resident(), "consent_withdraw", &Resource::new().about(ME), &withdrawal).allowed,
        "never made hard"
    );
}

#[test]
fn a_right_unused_for_ninety_days_sleeps_until_it_is_renewed() {
    let submission = Resource::new().of_authority("jtj");
    let sender = officer(Role::DataOfficer);
    assert!(decide(&sender, "submission_import", &submission, &duty().unused_for(89)).allowed);
    let asleep = decide(&sender, "submission_import", &submission, &duty().unused_for(90));
    refused_by(&asleep, "dormant-rights-sleep");
    assert_eq!(asleep.clause.as_deref(), Some("house#dormant"));
    assert!(asleep.reason.zh.contains("休眠") && asleep.reason.en.contains("renewed"));
    let renewal = Resource::new().held_by("zhang");
    assert!(
        decide(&Principal::new("sun", Role::Administrator, SignIn::TwoFactors), "account_renew", &renewal, &duty())
            .allowed
    );
    assert!(decide(&resident(), "record_list", &Resource::new().about(ME), &own_right().unused_for(4000)).allowed);
}

#[test]
fn nobody_gives_or_renews_their_own_rights() {
    let admin = officer(Role::Administrator);
    for action in ["account_right_grant", "account_renew", "account_right_end"] {
        refused_by(
            &decide(&admin, action, &Resource::new().held_by("zhang"), &duty()),
            "nobody-gives-themselves-rights",
        );
    }
}

#[test]
fn a_machine_sends_and_checks_and_decides_nothing() {
    let allowed = [
        "authority_list",
        "calendar_show",
        "catalogue_show",
        "catalogue_template",
        "deadline_show",
        "matter_show",
        "policy_show",
        "publication_list",
        "publication_show",
        "report_verify",
        "submission_abandon",
        "submission_import",
        "submission_list",
    ];
    let machine = Principal { sign_in: SignIn::Client, ..officer(Role::DataOfficer) };
    for action in every_operation() {
        assert_eq!(POLICY.may(&machine, action, &duty()).unwrap().allowed, allowed.contains(&action), "{action}");
    }
    let decider = Principal { sign_in: SignIn::Client, ..officer(Role::Decider) };
    assert!(every_operation().all(|action| !POLICY.may(&decider, action, &duty()).unwrap().allowed));
    let desk = Principal { sign_in: SignIn::Client, ..officer(Role::Clerk) };
    assert!(POLICY.may(&desk, "check_answer", &duty()).unwrap().allowed);
    let shown = on(Ground::Consent("R1".to_owned()));
    refused_by(&POLICY.may(&desk, "check_answer", &shown).unwrap(), "machines-look-on-an-open-duty-only");
    let until = "2027-01-01".parse().unwrap();
    let hidden = Ground::SilentDuty { clause: "a#b".to_owned(), silence: "c#d".to_owned(), until, said: true };
    refused_by(&POLICY.may(&desk, "check_answer", &on(hidden)).unwrap(), "machines-look-on-an-open-duty-only");
    refused_by(&POLICY.may(&desk, "check_outcome", &duty()).unwrap(), "machines-do-only-this");
}

#[test]
fn nothing_is_done_without_a_purpose_an_authority_or_a_clause() {
    let submission = Resource::new().of_authority("jtj");
    let sender = officer(Role::DataOfficer);
    refused_by(&decide(&sender, "submission_import", &submission, &duty().without_purpose()), "purpose-needed");
    let homeless = Principal { authority: None, ..sender.clone() };
    refused_by(&decide(&homeless, "submission_import", &submission, &duty()), "officers-name-their-authority");
    let blank = on(Ground::Duty("  ".to_owned()));
    refused_by(&decide(&sender, "submission_import", &submission, &blank), "duty-names-its-clause");
}

#[test]
fn an_officer_acts_for_their_own_authority_only() {
    let other = Resource::new().of_authority("scjg");
    for (role, action) in [
        (Role::DataOfficer, "submission_import"),
        (Role::DataOfficer, "client_rotate"),
        (Role::Decider, "submission_release"),
        (Role::Decider, "record_erase"),
        (Role::Decider, "objection_decide"),
        (Role::Decider, "client_revoke"),
        (Role::Clerk, "check_outcome"),
        (Role::Clerk, "check_batch_answer"),
    ] {
        let decision = decide(&officer(role), action, &other, &duty());
        assert!(!decision.allowed && decision.refusal == Some(Refusal::Thing), "{action}: {decision:?}");
        assert!(!decide(&officer(role), action, &Resource::new(), &duty()).allowed, "{action} of nobody's");
    }
}

#[test]
fn a_person_reads_their_own_and_under_a_mandate_anothers_and_no_strangers() {
    let who = resident().mandated_by(MOTHER);
    for action in ["record_list", "log_lines", "report_issue", "consent_list", "objection_file", "check_preview"] {
        assert!(decide(&who, action, &Resource::new().about(ME), &own_right()).allowed, "{action}");
        assert!(decide(&who, action, &Resource::new().about(MOTHER), &own_right()).allowed, "{action}");
        let stranger = decide(&who, action, &Resource::new().about(STRANGER), &own_right());
        assert!(!stranger.allowed && stranger.refusal == Some(Refusal::Thing), "{action}");
        assert!(!decide(&who, action, &Resource::new(), &own_right()).allowed, "{action} about nobody");
        assert!(!decide(&who, action, &Resource::new().about(ME), &duty()).allowed, "{action} on a duty");
        let unbound = Principal { subject: None, mandates: Vec::new(), ..who.clone() };
        assert!(!decide(&unbound, action, &Resource::new().about(ME), &own_right()).allowed, "{action} unbound");
    }
    assert!(!decide(&who, "mandate_revoke", &Resource::new().about(MOTHER), &own_right()).allowed);
}

#[test]
fn nobody_decides_in_their_own_cause_nor_for_whom_they_hold_a_mandate() {
    let decider = officer(Role::Decider).bound_to(ME).mandated_by(MOTHER);
    for subject in [ME, MOTHER] {
        let record = Resource::new().of_authority("jtj").about(subject);
        refused_by(&decide(&decider, "record_erase", &record, &duty()), "nobody-decides-in-their-own-cause");
        let clerk = officer(Role::Clerk).bound_to(ME).mandated_by(MOTHER);
        let binding = decide(&clerk, "activation_issue", &Resource::new().about(subject), &duty());
        refused_by(&binding, "nobody-decides-in-their-own-cause");
    }
}

#[test]
fn a_clerk_does_not_look_themselves_up_at_work() {
    let clerk = officer(Role::Clerk).bound_to(ME).mandated_by(MOTHER);
    assert!(decide(&clerk, "check_answer", &Resource::new().about(STRANGER), &duty()).allowed);
    for subject in [ME, MOTHER] {
        let check = decide(&clerk, "check_answer", &Resource::new().about(subject), &duty());
        refused_by(&check, "nobody-looks-themselves-up-at-work");
    }
}

#[test]
fn a_decision_rests_on_a_duty() {
    let record = Resource::new().of_authority("jtj").about(STRANGER);
    let decider = officer(Role::Decider);
    refused_by(&decide(&decider, "record_lock", &record, &on(Ground::Operation)), "decisions-rest-on-a-duty");
    refused_by(&decide(&decider, "record_lock", &record, &own_right()), "own-right-is-the-subjects");
    let consent = on(Ground::Consent("R1".to_owned()));
    assert!(decide(&officer(Role::Clerk), "check_outcome", &record, &consent).allowed);
}

#[test]
fn a_look_is_kept_silent_only_for_an_authority_and_a_change_never() {
    assert!(POLICY.may(&officer(Role::Clerk), "check_answer", &silent()).unwrap().allowed);
    let identity = Principal::new("wu", Role::IdentityClerk, SignIn::TwoFactors);
    assert!(!POLICY.may(&identity, "held_show", &silent()).unwrap().allowed);
    for action in ["submission_import", "submission_recall"] {
        let decision = decide(&officer(Role::DataOfficer), action, &Resource::new().of_authority("jtj"), &silent());
        refused_by(&decision, "silence-only-for-an-authority-that-looks");
    }
}

#[test]
fn a_check_rests_on_no_evaluation_and_on_nothing_that_waits_or_was_withdrawn() {
    let clerk = officer(Role::Clerk);
    let filter = POLICY.filter(&clerk, "check_answer", &duty()).unwrap();
    let (record, evaluation) =
        (Resource::new().of_class(Class::Administration), Resource::new().of_class(Class::Evaluation));
    assert!(filter.admits(&record.clone().at(Stage::Active)) && !filter.admits(&evaluation.clone().at(Stage::Active)));
    refused_by(&decide(&clerk, "check_answer", &evaluation, &duty()), "evaluations-bar-nobody");
    refused_by(
        &decide(&clerk, "check_answer", &record.clone().at(Stage::Waiting), &duty()),
        "waiting-records-are-shown-to-nobody",
    );
    for stage in [Stage::Withdrawn, Stage::Erased] {
        refused_by(
            &decide(&clerk, "check_answer", &record.clone().at(stage), &duty()),
            "withdrawn-records-are-out-of-use",
        );
    }
}

#[test]
fn a_clerk_takes_a_report_on_consent_only_and_no_ground_of_their_own() {
    let clerk = officer(Role::Clerk);
    let about = Resource::new().about(STRANGER);
    assert!(decide(&clerk, "report_issue", &about, &on(Ground::Consent("R1".to_owned()))).allowed);
    assert!(!decide(&clerk, "report_issue", &about, &duty()).allowed);
    refused_by(&decide(&clerk, "report_issue", &about, &own_right()), "own-right-is-the-subjects");
    refused_by(&decide(&clerk, "check_answer", &about, &on(Ground::Operation)), "operation-discloses-nothing");
}

#[test]
fn a_role_that_is_never_allowed_something_is_told_so_and_nothing_else() {
    let decision = decide(&resident(), "keys_rotate", &Resource::new(), &own_right());
    assert_eq!(decision.refusal, Some(Refusal::Role));
    assert!(!decision.allowed && decision.policies.is_empty() && decision.clause.is_none());
    let list = POLICY.filter(&resident(), "held_list", &own_right()).unwrap();
    assert!(list.is_nothing() && list.refusal.unwrap().refusal == Some(Refusal::Role));
}

#[test]
fn a_malformed_question_is_an_error_that_says_what() {
    let ask = |principal: &Principal, action: &str, resource: &Resource, context: &Context| {
        POLICY.decide(&Request { principal, action, resource, context }).unwrap_err()
    };
    let (who, thing) = (resident(), Resource::new());
    assert_eq!(ask(&who, "person_score", &thing, &duty()), PolicyError::UnknownAction("person_score".to_owned()));
    assert!(POLICY.may(&who, "", &duty()).is_err() && POLICY.filter(&who, "disclosing", &duty()).is_err());
    let nameless = Principal { account: String::new(), ..who.clone() };
    assert_eq!(ask(&nameless, "record_list", &thing, &duty()), PolicyError::Empty("the account"));
    let nowhere = who.clone().serving("");
    assert_eq!(ask(&nowhere, "record_list", &thing, &duty()), PolicyError::Empty("the asker's authority"));
    for (thing, what) in [
        (Resource::new().of_authority(""), "the thing's authority"),
        (Resource::new().submitted_by(""), "the thing's submitter"),
        (Resource::new().held_by(""), "the thing's holder"),
        (Resource::new().of_item(""), "the thing's item"),
    ] {
        assert_eq!(ask(&who, "record_list", &thing, &duty()), PolicyError::Empty(what));
    }
    let roleless = Principal { held: vec![Role::Clerk], ..who.clone() };
    assert_eq!(ask(&roleless, "record_list", &thing, &duty()), PolicyError::RoleNotHeld("resident"));
    let ghost = Principal::anonymous().bound_to(ME);
    assert_eq!(ask(&ghost, "report_verify", &thing, &duty()), PolicyError::Anonymous("subject of their own"));
    let long_ago = Context { today: "1999-01-01".parse().unwrap(), ..duty() };
    assert!(ask(&who, "record_list", &thing, &long_ago).to_string().contains("1999-01-01"));
}

#[test]
fn a_nameless_thing_is_nobodys_even_to_the_nameless() {
    let visitor = Principal::anonymous();
    assert!(!decide(&visitor, "session_end", &Resource::new(), &own_right()).allowed);
    let unserving = Principal { authority: None, ..officer(Role::Decider) };
    assert!(!decide(&unserving, "record_erase", &Resource::new(), &duty()).allowed);
}
