//! The kinds of mandate.

use serde::{Deserialize, Serialize};

use crate::say::Say;

/// Why somebody may act for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MandateKind {
    /// A person whom a person chose.
    ///
    /// # Source
    /// 民法典 arts 161–163, 165 (not verified at their source).
    Attorney = 1,
    /// The guardian of an adult without full civil capacity.
    ///
    /// # Source
    /// 民法典 arts 23, 28, 34–35 (not verified at their source).
    Guardian = 2,
    /// Who represents an organisation by law and its articles.
    ///
    /// # Source
    /// 民法典 art. 61 (not verified at its source).
    LegalRepresentative = 3,
    /// Who acts for an organisation because its legal representative said so.
    ///
    /// # Source
    /// 民法典 arts 161–165, 170 (not verified at their source).
    Agent = 4,
}

impl MandateKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Attorney, Self::Guardian, Self::LegalRepresentative, Self::Agent];

    /// As it stands in a column.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|one| *one as i64 == value)
    }

    /// The word of the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Attorney => "attorney",
            Self::Guardian => "guardian",
            Self::LegalRepresentative => "legal_representative",
            Self::Agent => "agent",
        }
    }

    /// Reads [`Self::code`] (hyphens allowed for underscores).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.replace('-', "_");
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Is it an organisation for whom they act?
    #[must_use]
    pub fn of_organisation(self) -> bool {
        matches!(self, Self::LegalRepresentative | Self::Agent)
    }

    /// Does the one for whom they act, or whoever represents them, end it by a word of their own? A guardian or a legal representative is
    /// what a document says; a window ends those on another document.
    #[must_use]
    pub fn is_revocable(self) -> bool {
        matches!(self, Self::Attorney | Self::Agent)
    }

    /// In words: who acts.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Attorney => Say::new("委托代理人", "attorney"),
            Self::Guardian => Say::new("监护人", "guardian"),
            Self::LegalRepresentative => Say::new("法定代表人", "legal representative"),
            Self::Agent => Say::new("经办人", "agent of the organisation"),
        }
    }
}

/// How a mandate came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordedBy {
    /// By whoever granted it, in their own account; accepted with a code from another.
    Account = 1,
    /// By a clerk who compared the documents in person.
    Window = 2,
}

impl RecordedBy {
    /// As it stands in a column.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        [Self::Account, Self::Window].into_iter().find(|one| *one as i64 == value)
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Account => Say::new(
                "授予人登录后授予，对方凭一次性码接受",
                "granted in an account, accepted from another with a one-time code",
            ),
            Self::Window => {
                Say::new("窗口当面核对证件和文书后登记", "recorded at a window, documents compared in person")
            }
        }
    }
}
