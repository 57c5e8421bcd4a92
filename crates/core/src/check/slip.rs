//! The slip: what the clerk saw, for the applicant to keep.

use jiff::civil::Date;
use serde::Serialize;

use super::CheckAnswer;
use super::select::without_numbers;

/// Who asked, about whom, in which case. There is no place for the number of an identity document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SlipHead {
    /// Number of the check.
    pub number: String,
    /// Name of the applicant, as on the application.
    pub applicant: String,
    /// Name of the authority that asked.
    pub authority: String,
    /// Number of the application or case.
    pub case_number: String,
    /// Day of asking.
    pub asked_on: Date,
}

/// The same answer as the clerk's, with its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Slip {
    /// Who asked, and in which case.
    pub head: SlipHead,
    /// What the clerk saw, whole.
    pub answer: CheckAnswer,
}

impl CheckAnswer {
    /// The slip that the applicant keeps. A number of an identity document that someone typed into the head is starred;
    /// the answer itself holds none.
    #[must_use]
    pub fn slip(&self, head: SlipHead) -> Slip {
        let clean = |text: String| without_numbers(&text);
        let SlipHead { number, applicant, authority, case_number, asked_on } = head;
        let head = SlipHead {
            number,
            applicant: clean(applicant),
            authority: clean(authority),
            case_number: clean(case_number),
            asked_on,
        };
        Slip { head, answer: self.clone() }
    }
}
