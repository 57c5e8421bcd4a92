//! Consents: what a person allows somebody named, for what, how often and until when. Rules only.
//!
//! A consent is never wider than its terms, and its terms never become wider: [`narrowed`] is the only change there is, beside
//! stopping. Whether it holds for a check is one question with one answer, [`holds`]; why it does not is for the person alone.

mod limits;
mod narrow;
mod number;
mod terms;

pub use limits::{LIMITS, Limits, limits};
pub use narrow::{Narrowing, NarrowingFault, narrowed};
pub use number::{ConsentCode, Presented, ReceiptNumber};
pub use terms::{PeriodFault, Recipient, Terms, check_period};

use serde::{Deserialize, Serialize};

use crate::say::Say;

/// How it was confirmed that it is the person who consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confirmed {
    /// By the person, signed in to their own account or at the console as themself.
    Account = 1,
    /// By a one-time code that the person made so, and showed at the window.
    Code = 2,
    /// On signed paper, by a clerk who compared the document in person.
    Paper = 3,
    /// By somebody who acts for the person on a mandate, signed in to an account of their own.
    Mandate = 4,
}

impl Confirmed {
    /// As it stands in a column.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        [Self::Account, Self::Code, Self::Paper, Self::Mandate].into_iter().find(|one| *one as i64 == value)
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Account => Say::new("本人登录后授予", "granted in the person's own account"),
            Self::Code => Say::new("本人在窗口出示一次性码", "a one-time code, shown at the window"),
            Self::Paper => {
                Say::new("窗口当面核对证件、收取签名纸件", "signed paper at a window, the document compared in person")
            }
            Self::Mandate => Say::new("受托人登录后代为授予", "granted on a mandate, in the account of whoever acts"),
        }
    }
}

/// What the person made of a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// They let it stand.
    #[default]
    No = 1,
    /// They withdrew it.
    Withdrawn = 2,
    /// They said that they were made to hand it over.
    Disowned = 3,
}

impl Stopped {
    /// As it stands in a column.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        [Self::No, Self::Withdrawn, Self::Disowned].into_iter().find(|one| *one as i64 == value)
    }

    /// What it becomes by `asked`: what was once disowned stays so, and nothing that was stopped begins again.
    #[must_use]
    pub fn and(self, asked: Self) -> Self {
        if asked as i64 > self as i64 { asked } else { self }
    }
}

/// How a consent stands, as the person reads it. A clerk never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Its first day is still to come.
    NotBegun,
    /// It holds.
    InForce,
    /// Every use that it allows was made.
    UsedUp,
    /// Its period is over.
    Over,
    /// The person withdrew it.
    Withdrawn,
    /// The person said that they were made to hand it over.
    Disowned,
}

impl ConsentState {
    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::NotBegun => Say::new("尚未开始", "not begun"),
            Self::InForce => Say::new("有效", "in force"),
            Self::UsedUp => Say::new("次数已用完", "used up"),
            Self::Over => Say::new("已到期", "over"),
            Self::Withdrawn => Say::new("已撤回", "withdrawn"),
            Self::Disowned => Say::new("已声明非自愿", "disowned"),
        }
    }

    /// Can anything still be done on it, now or later?
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::NotBegun | Self::InForce)
    }
}

/// A consent as it stands: its terms, how often it was used, what the person made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// What it allows.
    pub terms: Terms,
    /// How it was confirmed.
    pub confirmed: Confirmed,
    /// Uses made.
    pub used: i64,
    /// Whether the person stopped it.
    pub stopped: Stopped,
}

impl Consent {
    /// How it stands at `now_us`, microseconds UTC. What the person said counts before what time and use did.
    #[must_use]
    pub fn state(&self, now_us: i64) -> ConsentState {
        match self.stopped {
            Stopped::Disowned => ConsentState::Disowned,
            Stopped::Withdrawn => ConsentState::Withdrawn,
            Stopped::No if self.used >= self.terms.uses => ConsentState::UsedUp,
            Stopped::No if now_us >= self.terms.until_us => ConsentState::Over,
            Stopped::No if now_us < self.terms.from_us => ConsentState::NotBegun,
            Stopped::No => ConsentState::InForce,
        }
    }
}

/// What somebody wants to do on a consent.
#[derive(Debug, Clone, Copy)]
pub struct Use<'a> {
    /// Code of the authority that asks.
    pub authority: &'a str,
    /// Code of the matter; `None` where a report is to be issued.
    pub matter: Option<&'a str>,
    /// Classes of the items that the matter makes relevant, or that the report shows.
    pub classes: &'a [&'a str],
    /// Was a one-time code shown? One that came of a code is good by its code only, and a code for nothing else.
    pub by_code: bool,
}

/// Does the consent hold for this use, at this instant? Whoever asks is told yes or no, and nothing of why.
///
/// # Source
/// 个人信息保护法 arts 14–15: consent is specific, and can be withdrawn. 征信业管理条例 art. 18, 20 by analogy: for the agreed purpose only.
#[must_use]
pub fn holds(consent: &Consent, wanted: &Use<'_>, now_us: i64) -> bool {
    let terms = &consent.terms;
    consent.state(now_us) == ConsentState::InForce
        && terms.recipient.is_authority(wanted.authority)
        && terms.matter.as_deref() == wanted.matter
        && wanted.classes.iter().all(|class| terms.classes.contains(*class))
        && wanted.by_code == (consent.confirmed == Confirmed::Code)
}
