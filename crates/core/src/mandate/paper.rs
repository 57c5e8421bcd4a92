//! The document on which a window records a mandate.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::MandateKind;
use crate::say::Say;

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// A signed power of attorney.
    PowerOfAttorney,
    /// A court's judgment or ruling on guardianship.
    CourtJudgment,
    /// A document of the civil-affairs authority.
    CivilAffairs,
    /// A document of the residents' or villagers' committee that appoints a guardian.
    CommitteeAppointment,
    /// A notarised agreement by which an adult named their guardian ahead.
    GuardianshipAgreement,
    /// The organisation's licence or registration certificate.
    Licence,
}

impl PaperKind {
    /// All kinds of document.
    pub const ALL: [Self; 6] = [
        Self::PowerOfAttorney,
        Self::CourtJudgment,
        Self::CivilAffairs,
        Self::CommitteeAppointment,
        Self::GuardianshipAgreement,
        Self::Licence,
    ];

    /// The word of the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PowerOfAttorney => "power_of_attorney",
            Self::CourtJudgment => "court_judgment",
            Self::CivilAffairs => "civil_affairs",
            Self::CommitteeAppointment => "committee_appointment",
            Self::GuardianshipAgreement => "guardianship_agreement",
            Self::Licence => "licence",
        }
    }

    /// Reads [`Self::code`] (hyphens allowed for underscores).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.replace('-', "_");
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Does a mandate of a kind rest on it?
    ///
    /// # Source
    /// 民法典 arts 24, 31–33 (how an adult's guardian is determined), 58, 61 and 165 (not verified at their source).
    #[must_use]
    pub fn fits(self, kind: MandateKind) -> bool {
        match kind {
            MandateKind::Attorney => self == Self::PowerOfAttorney,
            MandateKind::LegalRepresentative => self == Self::Licence,
            MandateKind::Guardian => !matches!(self, Self::PowerOfAttorney | Self::Licence),
            // An agent's is granted by the legal representative, never recorded.
            MandateKind::Agent => false,
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::PowerOfAttorney => Say::new("授权委托书", "power of attorney"),
            Self::CourtJudgment => Say::new("法院判决书或裁定书", "judgment or ruling of a court"),
            Self::CivilAffairs => Say::new("民政部门文书", "document of the civil-affairs authority"),
            Self::CommitteeAppointment => {
                Say::new("居（村）民委员会指定监护文书", "appointment by a residents' or villagers' committee")
            }
            Self::GuardianshipAgreement => Say::new("公证的意定监护协议", "notarised guardianship agreement"),
            Self::Licence => Say::new("营业执照或登记证书", "licence or registration certificate"),
        }
    }
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its kind.
    pub kind: PaperKind,
    /// Its number, by which it is found in the files.
    pub number: String,
    /// Its date.
    pub date: Date,
}
