//! What a machine's token may be for: operations that the policies leave to machines, of those of its role.

use chengxin_core::Role;
use chengxin_core::client::acts_as_machine;
use chengxin_core::operation::OPERATIONS;
use chengxin_store::client::ClientRow;

use crate::{AppError, policy};

/// Operations that a machine in a role may be given, by name; none for a role in which none acts.
///
/// # Errors
/// An internal fault: the shipped policies do not load.
pub fn scopes_of(role: Role) -> Result<Vec<&'static str>, AppError> {
    let marked = policy::shipped()?.marked("machine");
    let fits = |name: &str| marked.iter().any(|of| of == name);
    let own = OPERATIONS.iter().filter(|operation| operation.roles.contains(&role) && fits(operation.name));
    Ok(if acts_as_machine(role) { own.map(|operation| operation.name).collect() } else { Vec::new() })
}

/// What a machine was given, as far as today's policies still leave it to machines.
pub(super) fn granted(client: &ClientRow, role: Role) -> Result<Vec<&'static str>, AppError> {
    let given = |name: &&str| client.scopes.split(' ').any(|scope| scope == *name);
    Ok(scopes_of(role)?.into_iter().filter(given).collect())
}

/// Reads what is asked for, each a word of `allowed`. In `allowed`'s order, each once.
///
/// # Errors
/// The first word that is none of them.
pub(super) fn chosen<'w>(
    asked: impl Iterator<Item = &'w str> + Clone,
    allowed: &[&'static str],
) -> Result<Vec<&'static str>, &'w str> {
    if let Some(wrong) = asked.clone().find(|word| !allowed.contains(word)) {
        return Err(wrong);
    }
    Ok(allowed.iter().copied().filter(|name| asked.clone().any(|word| word == *name)).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn what_a_person_must_do_is_in_no_scope() {
        for (role, scopes) in [
            (
                Role::Clerk,
                vec![
                    "calendar_show",
                    "catalogue_show",
                    "check_answer",
                    "check_batch_answer",
                    "check_batch_open",
                    "deadline_show",
                    "matter_show",
                    "policy_show",
                    "publication_list",
                    "publication_show",
                    "report_verify",
                ],
            ),
            (
                Role::DataOfficer,
                vec![
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
                ],
            ),
        ] {
            assert_eq!(scopes_of(role).unwrap(), scopes, "{role:?}");
        }
        for role in Role::ALL.into_iter().filter(|role| !acts_as_machine(*role)) {
            assert!(scopes_of(role).unwrap().is_empty(), "{role:?}");
        }
    }

    #[test]
    fn a_choice_is_never_wider_than_what_is_allowed() {
        let allowed = ["a_b", "c_d"];
        assert_eq!(chosen(["c_d", "a_b", "c_d"].into_iter(), &allowed), Ok(vec!["a_b", "c_d"]));
        assert_eq!(chosen(["a_b", "e_f"].into_iter(), &allowed), Err("e_f"));
        assert_eq!(chosen(std::iter::empty(), &allowed), Ok(vec![]));
    }
}
