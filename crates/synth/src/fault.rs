//! Faults that a city's files have on purpose, and what should become of each.

use serde::{Deserialize, Serialize};

use crate::table::Part;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The identity number's last character is wrong.
    BadChecksum,
    /// A person without an identity number.
    MissingNumber,
    /// A number that an earlier row of the file has with another name.
    NameDisagrees,
    /// Decided on 30 February.
    ImpossibleDate,
    /// A type of penalty that the law does not know.
    UnknownPenaltyType,
    /// A name of more than 200 characters.
    TooLongName,
    /// The determining document has no number.
    MissingRequired,
    /// Somebody under 18 on the day of the decision.
    Minor,
    /// Somebody between 18 and 22 on the day of the decision, and no date of the conduct.
    YoungAdultNoConductDate,
    /// Rests on the public-security administration penalties law.
    PublicSecurityBasis,
    /// Two rows of one identity with different content; both are counted.
    DuplicateConflict,
    /// A row that stands in the file a second time; the second is counted.
    ExactDuplicate,
    /// An amount with the letter O in it.
    LettersInMoney,
    /// A column that the item does not have. Counted once a file, at the row of headings; the rows themselves are good.
    UnknownColumn,
}

/// What should become of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Held for an identity check, attached to nobody.
    Held,
    /// Refused with row, field and reason; may be mended and sent again.
    Refused,
    /// Refused, and no value of the row is kept anywhere.
    RefusedUnkept,
    /// Nothing changes: the record is there already.
    Unchanged,
    /// The column is reported and none of its values kept; the rows are taken.
    ColumnRefused,
}

impl Fault {
    /// Every kind, in the order in which they are dealt out.
    pub const ALL: [Self; 14] = [
        Self::BadChecksum,
        Self::ImpossibleDate,
        Self::NameDisagrees,
        Self::UnknownPenaltyType,
        Self::MissingNumber,
        Self::ExactDuplicate,
        Self::LettersInMoney,
        Self::MissingRequired,
        Self::DuplicateConflict,
        Self::YoungAdultNoConductDate,
        Self::TooLongName,
        Self::Minor,
        Self::PublicSecurityBasis,
        Self::UnknownColumn,
    ];

    /// What intake should do.
    ///
    /// # Source
    /// 国办发〔2020〕49号 and 治安管理处罚法 art. 136 (in force 2026-01-01) for what may not be held; the rest are the
    /// house rules of intake.
    #[must_use]
    pub fn expected(self) -> Expected {
        match self {
            Self::BadChecksum | Self::MissingNumber | Self::NameDisagrees | Self::YoungAdultNoConductDate => {
                Expected::Held
            }
            Self::Minor | Self::PublicSecurityBasis => Expected::RefusedUnkept,
            Self::ExactDuplicate => Expected::Unchanged,
            Self::UnknownColumn => Expected::ColumnRefused,
            Self::ImpossibleDate
            | Self::UnknownPenaltyType
            | Self::TooLongName
            | Self::MissingRequired
            | Self::DuplicateConflict
            | Self::LettersInMoney => Expected::Refused,
        }
    }

    /// Columns without which a file cannot have the fault.
    pub(crate) fn needs(self) -> &'static [Part] {
        match self {
            Self::BadChecksum | Self::MissingNumber | Self::NameDisagrees => &[Part::Number],
            Self::Minor | Self::YoungAdultNoConductDate => &[Part::Number, Part::Decided],
            Self::ImpossibleDate => &[Part::Decided],
            Self::UnknownPenaltyType => &[Part::PenaltyType],
            Self::TooLongName => &[Part::Name],
            Self::MissingRequired | Self::ExactDuplicate => &[Part::DocumentNumber],
            Self::PublicSecurityBasis => &[Part::Basis],
            Self::DuplicateConflict => &[Part::DocumentNumber, Part::Content],
            Self::LettersInMoney => &[Part::Money],
            // Belongs to the file's habits, is never dealt to a row.
            Self::UnknownColumn => &[],
        }
    }

    /// Must the row be about a person?
    pub(crate) fn about_person(self) -> bool {
        matches!(
            self,
            Self::BadChecksum
                | Self::MissingNumber
                | Self::NameDisagrees
                | Self::Minor
                | Self::YoungAdultNoConductDate
                | Self::PublicSecurityBasis
        )
    }

    /// How many faulty rows one case makes.
    pub(crate) fn rows(self) -> u64 {
        if self == Self::DuplicateConflict { 2 } else { 1 }
    }

    /// Does the case need a second row?
    pub(crate) fn is_pair(self) -> bool {
        matches!(self, Self::DuplicateConflict | Self::ExactDuplicate)
    }
}
