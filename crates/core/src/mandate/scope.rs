//! What a mandate covers.

use serde::{Deserialize, Serialize};

use super::MandateKind;
use crate::say::Say;

/// A group of acts that a mandate may cover. Whatever is in none of them nobody does for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// See what is held, what windows were told of it and what they would be, and the notices about it.
    Records,
    /// See who looked, and did what of the mandate's own scope.
    Log,
    /// Ask for reports, and withdraw them.
    Report,
    /// Grant, see, narrow, withdraw and disown consents.
    Consents,
    /// Object to a record.
    Objections,
    /// Apply for a repair.
    Repairs,
    /// Grant, see and revoke mandates, and say where the organisation is told: a legal representative's alone.
    Mandates,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 7] =
        [Self::Records, Self::Log, Self::Report, Self::Consents, Self::Objections, Self::Repairs, Self::Mandates];

    /// The scope that an operation belongs to; `None` for what is done for oneself only.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::mandate::Scope;
    /// assert_eq!(Scope::of("record_list"), Some(Scope::Records));
    /// assert_eq!(Scope::of("session_list"), None);
    /// ```
    #[must_use]
    pub fn of(operation: &str) -> Option<Self> {
        match operation {
            "record_list"
            | "check_preview"
            | "check_slip"
            | "notice_list"
            | "notice_show"
            | "proceeding_attachment"
            | "proceeding_decision"
            | "proceeding_list"
            | "record_horizon" => Some(Self::Records),
            "log_lines" => Some(Self::Log),
            "report_issue" | "report_withdraw" => Some(Self::Report),
            "consent_code" | "consent_disown" | "consent_grant" | "consent_list" | "consent_narrow"
            | "consent_receipt" | "consent_withdraw" => Some(Self::Consents),
            "complaint_file" | "complaint_list" | "complaint_withdraw" | "objection_add" | "objection_file" => {
                Some(Self::Objections)
            }
            "record_delete" => Some(Self::Consents),
            "repair_file" => Some(Self::Repairs),
            "mandate_list" | "mandate_offer" | "mandate_revoke" => Some(Self::Mandates),
            "channel_add" | "channel_list" | "channel_prove" | "channel_remove" => Some(Self::Mandates),
            _ => None,
        }
    }

    /// May a mandate of a kind cover it? Nobody who was given a mandate gives another on it, but for the legal representative.
    ///
    /// # Source
    /// 民法典 art. 169: delegation by an agent takes the principal's consent (not verified at its source); house rule: none.
    #[must_use]
    pub fn fits(self, kind: MandateKind) -> bool {
        self != Self::Mandates || kind == MandateKind::LegalRepresentative
    }

    /// The word of the command line and the interface.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Log => "log",
            Self::Report => "report",
            Self::Consents => "consents",
            Self::Objections => "objections",
            Self::Repairs => "repairs",
            Self::Mandates => "mandates",
        }
    }

    /// Reads [`Self::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Records => Say::new("查看记录、核查结果和办件", "see the records, what checks told, and proceedings"),
            Self::Log => Say::new("查看留痕", "see who looked"),
            Self::Report => Say::new("申请信用报告", "ask for reports"),
            Self::Consents => Say::new("办理授权", "deal with consents"),
            Self::Objections => Say::new("提出异议和投诉", "object to records, and complain"),
            Self::Repairs => Say::new("申请信用修复", "apply for repairs"),
            Self::Mandates => Say::new("指定经办人", "name agents"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;
    use crate::operation::OPERATIONS;

    #[test]
    fn what_is_done_for_another_is_what_a_person_does_about_themself() {
        for operation in OPERATIONS.iter().filter(|operation| Scope::of(operation.name).is_some()) {
            assert!(operation.roles.contains(&Role::Resident), "{}", operation.name);
            assert!(operation.roles.contains(&Role::Representative), "{}", operation.name);
        }
        // Signing in, accepting and giving up are each person's own.
        for own in ["session_list", "activation_redeem", "mandate_accept", "mandate_resign", "check_answer"] {
            assert_eq!(Scope::of(own), None, "{own}");
        }
    }

    #[test]
    fn in_every_scope_something_can_be_done() {
        for scope in Scope::ALL {
            let done = OPERATIONS.iter().any(|operation| Scope::of(operation.name) == Some(scope));
            assert!(done, "{scope:?}");
        }
        assert_eq!(Scope::of("check_slip"), Some(Scope::Records), "a slip says what is held");
    }

    #[test]
    fn only_a_legal_representative_names_others() {
        for scope in Scope::ALL {
            assert!(scope.fits(MandateKind::LegalRepresentative));
            for kind in [MandateKind::Attorney, MandateKind::Guardian, MandateKind::Agent] {
                assert_eq!(scope.fits(kind), scope != Scope::Mandates);
            }
            assert_eq!(Scope::from_code(scope.code()), Some(scope));
        }
    }
}
