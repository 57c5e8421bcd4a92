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
    /// A document by which the one for whom somebody acted takes it back.
    Revocation,
}

impl PaperKind {
    /// All kinds of document.
    pub const ALL: [Self; 7] = [
        Self::PowerOfAttorney,
        Self::CourtJudgment,
        Self::CivilAffairs,
        Self::CommitteeAppointment,
        Self::GuardianshipAgreement,
        Self::Licence,
        Self::Revocation,
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
            Self::Revocation => "revocation",
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
            MandateKind::Guardian => !matches!(self, Self::PowerOfAttorney | Self::Licence | Self::Revocation),
            // An agent's is granted by the legal representative, never recorded.
            MandateKind::Agent => false,
        }
    }

    /// Does a mandate of a kind end on it? What a court or the civil-affairs authority says ends every kind.
    ///
    /// # Source
    /// 民法典 arts 36, 39, 64, 173–174 (not verified at their source). A guardian is not taken back by the one whom they guard: that takes a court, the
    /// authority, the committee, or a notarised document.
    #[must_use]
    pub fn ends(self, kind: MandateKind) -> bool {
        match self {
            Self::CourtJudgment | Self::CivilAffairs => true,
            Self::CommitteeAppointment | Self::GuardianshipAgreement => kind == MandateKind::Guardian,
            Self::Licence => kind.of_organisation(),
            Self::Revocation => matches!(kind, MandateKind::Attorney | MandateKind::Agent),
            Self::PowerOfAttorney => false,
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
            Self::Revocation => Say::new("撤销委托的书面声明", "written revocation"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_mandate_is_asked_apart_from_what_founds_it() {
        for kind in MandateKind::ALL {
            assert!(PaperKind::CourtJudgment.ends(kind) && PaperKind::CivilAffairs.ends(kind), "{kind:?}");
            assert!(PaperKind::ALL.iter().filter(|paper| paper.ends(kind)).count() > 2, "{kind:?}");
            assert!(!PaperKind::Revocation.fits(kind), "{kind:?}");
        }
        assert!(PaperKind::Revocation.ends(MandateKind::Attorney) && PaperKind::Licence.ends(MandateKind::Agent));
        assert!(!PaperKind::Revocation.ends(MandateKind::Guardian), "a ward takes back nothing that a court decided");
    }
}
