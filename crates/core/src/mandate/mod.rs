//! Mandates: who acts for whom, on what paper, in which acts and until when. Rules only.
//!
//! A mandate never widens and never lasts longer: it is accepted, and it stops. Whether it holds for an act is one question with one
//! answer, [`holds`]; why it does not is for the two persons whom it concerns, and for nobody who tries.

mod kind;
mod limits;
mod number;
mod paper;
mod scope;
mod terms;

pub use kind::{MandateKind, RecordedBy};
pub use limits::{LIMITS, Limits, limits};
pub use number::{MandateCode, MandateNumber};
pub use paper::{Paper, PaperKind};
pub use scope::Scope;
pub use terms::{MandateFault, Party, Terms, check_party, check_terms};

use serde::{Deserialize, Serialize};

use crate::dates::shanghai_date;
use crate::say::Say;

/// How far a mandate has come, as it stands in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Granted with a code that nobody has redeemed yet.
    Offered = 1,
    /// Accepted by whoever acts on it, or recorded at a window.
    Accepted = 2,
    /// The one who granted it revoked it.
    Revoked = 3,
    /// The one who acted on it gave it up.
    Resigned = 4,
    /// A window ended it, on a document.
    Ended = 5,
}

impl Stage {
    /// As it stands in a column.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        [Self::Offered, Self::Accepted, Self::Revoked, Self::Resigned, Self::Ended]
            .into_iter()
            .find(|one| *one as i64 == value)
    }

    /// Can it still be stopped? What was stopped stays so.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }
}

/// How a mandate stands, as the two persons whom it concerns read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MandateState {
    /// Its code waits to be redeemed.
    Offered,
    /// Nobody redeemed its code in time.
    Lapsed,
    /// Its first day is still to come.
    NotBegun,
    /// It stands.
    InForce,
    /// Its period is over.
    Over,
    /// The one who granted it revoked it.
    Revoked,
    /// The one who acted on it gave it up.
    Resigned,
    /// A window ended it, on a document.
    Ended,
    /// What it rests on is no more: the standing of whoever granted it, or their account.
    Unfounded,
}

impl MandateState {
    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Offered => Say::new("待对方接受", "waits to be accepted"),
            Self::Lapsed => Say::new("逾期未接受", "not accepted in time"),
            Self::NotBegun => Say::new("尚未开始", "not begun"),
            Self::InForce => Say::new("有效", "in force"),
            Self::Over => Say::new("已到期", "over"),
            Self::Revoked => Say::new("已撤销", "revoked"),
            Self::Resigned => Say::new("已辞去", "given up"),
            Self::Ended => Say::new("窗口已终止", "ended at a window"),
            Self::Unfounded => Say::new("已失去依据", "rests on nothing any more"),
        }
    }

    /// Can anybody act on it, now or later?
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::NotBegun | Self::InForce)
    }
}

/// A mandate as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// What it allows.
    pub terms: Terms,
    /// How far it has come.
    pub stage: Stage,
    /// When it was granted, microseconds UTC.
    pub granted_us: i64,
}

impl Mandate {
    /// From when on its code is worth nothing, microseconds UTC.
    #[must_use]
    pub fn answer_by_us(&self) -> i64 {
        self.granted_us + limits(shanghai_date(self.granted_us)).code_us
    }

    /// How it stands at `now_us`, microseconds UTC. What somebody said counts before what time did.
    #[must_use]
    pub fn state(&self, now_us: i64) -> MandateState {
        match self.stage {
            Stage::Revoked => MandateState::Revoked,
            Stage::Resigned => MandateState::Resigned,
            Stage::Ended => MandateState::Ended,
            Stage::Offered if now_us < self.answer_by_us() => MandateState::Offered,
            Stage::Offered => MandateState::Lapsed,
            Stage::Accepted if now_us >= self.terms.until_us => MandateState::Over,
            Stage::Accepted if now_us < self.terms.from_us => MandateState::NotBegun,
            Stage::Accepted => MandateState::InForce,
        }
    }
}

/// Does a mandate rest on what one of its kind rests on? An agent's is founded in the standing of the legal representative who granted it, no
/// other in anybody's.
#[must_use]
pub fn is_founded(mandate: &Mandate, parent: Option<&Mandate>, now_us: i64) -> bool {
    match (mandate.terms.kind, parent) {
        (MandateKind::Agent, Some(parent)) => {
            parent.terms.kind == MandateKind::LegalRepresentative
                && parent.stage == Stage::Accepted
                && parent.state(now_us).is_open()
                && parent.terms.scope.contains(&Scope::Mandates)
        }
        (MandateKind::Agent, None) | (_, Some(_)) => false,
        (_, None) => true,
    }
}

/// Does the mandate hold for an act of this kind, at this instant? `parent` is the standing of the legal representative who granted it, where
/// one did: what that one no longer may, nobody may on their word.
///
/// # Source
/// 民法典 arts 165, 173–174: an agent acts within the matters, powers and period of the mandate, until it ends. Not verified at their source.
#[must_use]
pub fn holds(mandate: &Mandate, parent: Option<&Mandate>, scope: Scope, now_us: i64) -> bool {
    let stands = |one: &Mandate| one.state(now_us) == MandateState::InForce && one.terms.scope.contains(&scope);
    is_founded(mandate, parent, now_us) && parent.is_none_or(stands) && stands(mandate)
}
