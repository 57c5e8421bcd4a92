//! A record: its identifiers, its state, and the predicate that says whether it may be shown at an instant.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::catalogue::ItemDef;
use crate::catalogue::model::{Severity, SubjectKind, Use};
use crate::dates::to_days;

/// 16 bytes that name a subject and say nothing about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SubjectId(pub [u8; 16]);

/// 16 bytes that name a record: a keyed digest of the subject and of the fields that the item declares as identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordId(pub [u8; 16]);

impl SubjectId {
    /// 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }
}

impl RecordId {
    /// 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Reads [`RecordId::hex`].
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0u8; 16];
        if text.len() != 32 || !text.is_ascii() {
            return None;
        }
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// State of a version of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In force.
    Active,
    /// Withdrawn by the authority that determined it.
    Withdrawn,
    /// Its key was destroyed; a tombstone remains.
    Erased,
    /// Repaired by decision of the authority that determined it: shown and used nowhere any more.
    Repaired,
}

impl State {
    /// Column value.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        match self {
            State::Active => 1,
            State::Withdrawn => 2,
            State::Erased => 3,
            State::Repaired => 4,
        }
    }

    /// Reads a column value.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        [State::Active, State::Withdrawn, State::Erased, State::Repaired].into_iter().find(|s| s.as_i64() == value)
    }
}

/// Column value of a severity; 0 where there is none.
#[must_use]
pub fn severity_to_i64(severity: Option<Severity>) -> i64 {
    match severity {
        None => 0,
        Some(Severity::Minor) => 1,
        Some(Severity::General) => 2,
        Some(Severity::Serious) => 3,
    }
}

/// Reads a column value of a severity.
#[must_use]
pub fn severity_from_i64(value: i64) -> Option<Severity> {
    match value {
        1 => Some(Severity::Minor),
        2 => Some(Severity::General),
        3 => Some(Severity::Serious),
        _ => None,
    }
}

/// Column value of a kind of subject.
#[must_use]
pub fn subject_kind_to_i64(kind: SubjectKind) -> i64 {
    match kind {
        SubjectKind::Person => 1,
        SubjectKind::SoleTrader => 2,
        SubjectKind::Organisation => 3,
        SubjectKind::Authority => 4,
    }
}

/// Reads a column value of a kind of subject.
#[must_use]
pub fn subject_kind_from_i64(value: i64) -> Option<SubjectKind> {
    match value {
        1 => Some(SubjectKind::Person),
        2 => Some(SubjectKind::SoleTrader),
        3 => Some(SubjectKind::Organisation),
        4 => Some(SubjectKind::Authority),
        _ => None,
    }
}

/// What decides whether a record is shown: the columns of its current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// About whom.
    pub subject: SubjectKind,
    /// Derived severity.
    pub severity: Option<Severity>,
    /// Days since 1970-01-01: first day shown.
    pub display_from: i32,
    /// First day not shown.
    pub display_until: Option<i32>,
    /// State of the current version.
    pub state: State,
    /// Still waiting for the second officer's release?
    pub awaits_release: bool,
}

/// Why a record is not shown. Reports count these by kind in their list of what they leave out, checks do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hidden {
    /// Withdrawn, repaired, erased or not yet released.
    NotInForce,
    /// Its display period has ended or not begun.
    OutOfPeriod,
    /// The item's rule for this use does not cover it.
    NotForThisUse,
    /// The item is sealed by law.
    Sealed,
}

impl Standing {
    /// May the record be shown for `use_for` on the day of reading `on`?
    ///
    /// A pure predicate on what is stored and the day: expiry needs no job to be true.
    ///
    /// # Errors
    /// Why not, as [`Hidden`].
    ///
    /// # Source
    /// 信用修复管理办法 (Order 36): at the maximum period display stops by itself.
    pub fn shown(&self, item: &ItemDef, use_for: Use, on: Date) -> Result<(), Hidden> {
        if item.item.sealed {
            return Err(Hidden::Sealed);
        }
        if self.state != State::Active || self.awaits_release {
            return Err(Hidden::NotInForce);
        }
        let today = to_days(on);
        if today < self.display_from || self.display_until.is_some_and(|until| today >= until) {
            return Err(Hidden::OutOfPeriod);
        }
        match item.may_show(use_for, on, self.subject, self.severity) {
            Some(_) => Ok(()),
            None => Err(Hidden::NotForThisUse),
        }
    }
}
