//! The check at the window: an answer to one matter, not a file about a person.
//!
//! [`answer`] is a pure function of what this check may show. A record that is expired, not yet begun or released,
//! repaired, sealed, withdrawn, out of use or irrelevant changes no byte of it; the one exception are records of
//! occupational bars that are out of use, for which the answer is "ask the determining authority", never silence.
//!
//! No finding decides anything. A person does, with a reason.

mod batch;
mod select;
mod slip;
mod words;

use jiff::civil::Date;
use serde::Serialize;

use crate::catalogue::matter::{ConvenienceKind, FindingKind, MatterDef, MatterGround};
use crate::catalogue::model::{Severity, SubjectKind};
use crate::catalogue::{Catalogue, ItemDef};
use crate::record::RecordId;
use crate::say::Say;

pub use batch::{BATCH_LIMITS, BatchLimits, BatchNumber, NotNow, Progress, batch_limits};
pub use select::without_numbers;
pub use slip::{Slip, SlipHead};
pub use words::cited;

/// How a record stands at the moment of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckStanding {
    /// In force and uncontested.
    Plain,
    /// Contested: shown with a mark, and alone no support for an adverse outcome.
    UnderObjection,
    /// Contested and overdue, or "not me": used for nothing until it is answered.
    OutOfUse,
    /// Waiting for the second officer's release.
    AwaitsRelease,
    /// Repaired.
    Repaired,
    /// Sealed by law or by decision.
    Sealed,
    /// Withdrawn by the authority that determined it, or erased.
    Withdrawn,
}

/// The authority that determined a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct CheckAuthority {
    /// Unified social credit code.
    pub code: String,
    /// Its names.
    pub name: Say,
    /// Its kind, a value of the dictionary `authority-kind`.
    #[serde(skip)]
    pub kind: String,
}

/// A record as the store hands it over: everything that decides whether and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckRecord {
    /// Which record.
    pub record: RecordId,
    /// Its version.
    pub version: i64,
    /// Code of its item.
    pub item: String,
    /// Who determined it.
    pub authority: CheckAuthority,
    /// Date of the determining document.
    pub decided_on: Date,
    /// First day shown.
    pub display_from: Date,
    /// First day not shown.
    pub display_until: Option<Date>,
    /// Derived severity.
    pub severity: Option<Severity>,
    /// How it stands.
    pub standing: CheckStanding,
    /// Stored values by field code, amounts as whole 分 (0.01 CNY). What a clerk may not see is left out here or by
    /// [`answer`]; a condition of the matter looks only at what a clerk may see.
    pub fields: Vec<(String, String)>,
    /// The subject's own statement beside it.
    pub statement: Option<String>,
}

/// Why a matter cannot be answered at all. It never depends on a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// The matter is not in force on the day.
    #[error("the matter is not in force on this day")]
    NotInForce,
    /// Nobody of this kind applies for the matter.
    #[error("the matter is not one for this kind of applicant")]
    NotForThisApplicant,
}

/// What the clerk, and on the same slip the applicant, is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CheckAnswer {
    /// Code of the matter.
    pub matter: String,
    /// Its name.
    pub matter_name: Say,
    /// The clause that states it.
    pub clause: Cited,
    /// On which ground it may be asked.
    pub ground: MatterGround,
    /// What happens where consent is refused; only for [`MatterGround::Consent`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_refused: Option<Say>,
    /// Kind of applicant.
    pub applicant: SubjectKind,
    /// Day of the answer.
    pub day: Date,
    /// The answer in one line.
    pub headline: Headline,
    /// What was found, the gravest first; empty where nothing was.
    pub findings: Vec<CheckFinding>,
    /// Points on which only the determining authority can answer.
    pub ask: Vec<AskAuthority>,
    /// Eases for good standing.
    pub conveniences: Vec<CheckConvenience>,
    /// What is to be kept in mind: that nothing was found, that nothing is decided, where to object.
    pub notes: Vec<Say>,
}

/// The answer in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Headline {
    /// 可继续办理.
    MayProceed {
        /// In words.
        say: Say,
    },
    /// 依第X条核对N项.
    ToVerify {
        /// The clauses (`law#clause`), in the order of the findings.
        clauses: Vec<String>,
        /// How many there are to verify.
        count: usize,
        /// In words.
        say: Say,
    },
}

/// A clause with what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Cited {
    /// `law#clause`.
    pub cite: String,
    /// Law and clause as printed.
    pub label: Say,
    /// What it says that matters here.
    pub says: Say,
}

/// One record and what it means in this matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CheckFinding {
    /// What it is to the matter.
    pub finding: FindingKind,
    /// The same in words.
    pub finding_name: Say,
    /// 异议中, where it is contested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Say>,
    /// Why it weighs less than the matter's clause would have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Say>,
    /// Identifier of the record, 32 hexadecimal digits.
    pub record: String,
    /// Its version.
    pub version: i64,
    /// Code of its item.
    pub item: String,
    /// Name of the item.
    pub item_name: Say,
    /// Who determined it.
    pub authority: CheckAuthority,
    /// Date of the determining document.
    pub decided_on: Date,
    /// What the record says, as far as a clerk sees it.
    pub fields: Vec<ShownField>,
    /// The subject's own statement beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The clause that makes it relevant.
    pub clause: Cited,
    /// What it means here.
    pub means: Say,
    /// What the applicant can do.
    pub can_do: Say,
}

/// One value of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ShownField {
    /// Code of the field.
    pub code: String,
    /// Its label.
    pub label: Say,
    /// Its value as people read it, without numbers of identity documents.
    pub value: Say,
}

/// A point on which the platform does not answer and is not silent either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AskAuthority {
    /// Identifier of the record, for the log and for the authority.
    pub record: String,
    /// Its version.
    pub version: i64,
    /// Code of its item.
    pub item: String,
    /// Name of the item.
    pub item_name: Say,
    /// Whom to ask.
    pub authority: CheckAuthority,
    /// The clause that makes it relevant.
    pub clause: Cited,
    /// What this means.
    pub means: Say,
    /// What the applicant can do.
    pub can_do: Say,
}

/// An ease, with the one fact on which it rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CheckConvenience {
    /// Which ease.
    pub kind: ConvenienceKind,
    /// What it is called.
    pub name: Say,
    /// What it brings here.
    pub means: Say,
    /// The clause on which it is given.
    pub clause: Cited,
    /// Ordinary working days, which hold for everybody and are not lengthened by anybody's ease.
    pub ordinary_working_days: u32,
    /// Code of the fact's item.
    pub item: String,
    /// The fact by name.
    pub fact: Say,
    /// Identifier of its record.
    pub record: String,
    /// Its version.
    pub version: i64,
    /// Who determined the fact.
    pub authority: CheckAuthority,
    /// When.
    pub decided_on: Date,
    /// 异议中, where it is contested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Say>,
}

impl CheckAnswer {
    /// Was anything found, or is there anything to ask?
    #[must_use]
    pub fn found(&self) -> bool {
        !self.findings.is_empty() || !self.ask.is_empty()
    }

    /// Can an adverse outcome rest on this answer? Not on records that are all contested, nor on what only informs, nor
    /// on a point that the determining authority has not yet answered.
    #[must_use]
    pub fn can_support_adverse_outcome(&self) -> bool {
        self.findings.iter().any(|finding| finding.finding.is_adverse() && finding.mark.is_none())
    }

    /// The records whose content or existence the answer gives away, for the entry in the log: findings, points to ask,
    /// facts of conveniences. Each once, in order of identifier.
    #[must_use]
    pub fn records(&self) -> Vec<(&str, i64)> {
        let findings = self.findings.iter().map(|it| (it.record.as_str(), it.version));
        let asks = self.ask.iter().map(|it| (it.record.as_str(), it.version));
        let facts = self.conveniences.iter().map(|it| (it.record.as_str(), it.version));
        let mut records: Vec<_> = findings.chain(asks).chain(facts).collect();
        records.sort_unstable();
        records.dedup();
        records
    }
}

impl Headline {
    /// In words.
    #[must_use]
    pub fn say(&self) -> &Say {
        match self {
            Self::MayProceed { say } | Self::ToVerify { say, .. } => say,
        }
    }
}

/// Answers a matter about an applicant of one kind, on the day of asking.
///
/// `records` are all of one subject, in any order; records of items that the matter does not name are ignored, so that
/// handing over too much shows no more. The result depends on nothing else, and on none that may not be shown.
///
/// # Errors
/// [`CheckError`], from matter, kind and day alone.
///
/// # Source
/// House rules of the domain reference, §9: what an answer may depend on, 异议中, out of use. 国办发〔2020〕49号 (五): a
/// consequence only on a concrete fact and a quoted clause.
pub fn answer(
    catalogue: &Catalogue,
    matter: &MatterDef,
    applicant: SubjectKind,
    records: &[CheckRecord],
    day: Date,
) -> Result<CheckAnswer, CheckError> {
    if !matter.holds_on(day) {
        return Err(CheckError::NotInForce);
    }
    if !matter.matter.subjects.contains(&applicant) {
        return Err(CheckError::NotForThisApplicant);
    }
    let question = Question { catalogue, matter, applicant, day };
    let shown = select::visible(&question, records);
    let (findings, ask) = (select::findings(&question, &shown), select::asks(&question, &shown));
    let conveniences = select::conveniences(&question, &shown, &findings);
    let (name, plain) = (matter.name(), &matter.matter);
    Ok(CheckAnswer {
        matter: plain.code.clone(),
        matter_name: name,
        clause: words::cited(catalogue, &plain.clause),
        ground: plain.ground,
        if_refused: (plain.ground == MatterGround::Consent).then(|| Say::new(&plain.if_refused, &plain.if_refused_en)),
        applicant,
        day,
        headline: words::headline(&findings, &ask),
        notes: words::notes(&findings, &ask, &conveniences),
        findings,
        ask,
        conveniences,
    })
}

/// What is asked.
pub(crate) struct Question<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) matter: &'a MatterDef,
    pub(crate) applicant: SubjectKind,
    pub(crate) day: Date,
}

/// A record that this check may show, with its item.
pub(crate) struct Shown<'a> {
    pub(crate) record: &'a CheckRecord,
    pub(crate) item: &'a ItemDef,
}
