//! Published entries in words.

use chengxin_core::Say;
use chengxin_core::catalogue::ItemDef;
use chengxin_core::catalogue::model::{FieldRole, SubjectKind, Use};
use chengxin_core::check::{Cited, cited};
use chengxin_core::dates::{from_days, shanghai_date};
use chengxin_core::publication::{Fate, PublicField, drafts, masked, value_in};
use chengxin_core::record::severity_from_i64;
use chengxin_store::authority::AuthorityRow;
use jiff::civil::Date;
use serde::Serialize;

use super::code::{CodeFor, code_of, read_code};
use super::look::{Looked, Public};
use super::no_such;
use crate::AppError;
use crate::authority::called;
use crate::report::value_say;

/// An item of which something is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationItem {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Say,
    /// Is it the one whose list this is?
    pub chosen: bool,
}

impl PublicationItem {
    pub(super) fn of(item: &ItemDef, chosen: bool) -> Self {
        Self { code: item.code().to_owned(), name: Say::new(&item.item.name, &item.item.name_en), chosen }
    }
}

/// An office that sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationAuthority {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Say,
    /// Is it the one that was asked for?
    pub chosen: bool,
}

impl PublicationAuthority {
    pub(super) fn of(office: &AuthorityRow, chosen: Option<&str>) -> Self {
        let name = called(Some(office), &office.code);
        Self { chosen: chosen == Some(office.code.as_str()), code: office.code.clone(), name }
    }
}

/// How texts that were written freely stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicationTextState {
    /// The record has none.
    None,
    /// No officer has confirmed them: the entry is shown without them.
    Awaits,
    /// They are shown as an officer confirmed them.
    Confirmed,
}

/// An entry in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationLine {
    /// Its address.
    pub code: String,
    /// Item code.
    pub item: String,
    /// Name of the item.
    pub item_name: Say,
    /// Number of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// Name of whom it is about; of persons and sole traders masked.
    pub subject: String,
    /// Person, sole trader, organisation or authority.
    pub subject_kind: SubjectKind,
    /// Code of the authority that sent it.
    pub authority: String,
    /// Its name.
    pub authority_name: Say,
    /// Day of the decision.
    pub decided_on: Option<Date>,
    /// What is contested about it; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Say>,
    /// How its texts stand.
    pub text: PublicationTextState,
}

/// A field of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationField {
    /// Code of the data standard.
    pub code: String,
    /// What it is.
    pub label: Say,
    /// What it says.
    pub value: Say,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationEntry {
    /// As in the list.
    #[serde(flatten)]
    pub line: PublicationLine,
    /// The clause on which it is published.
    pub clause: Cited,
    /// The last day on which it is shown; absent without end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_through: Option<Date>,
    /// Its fields, masked.
    pub fields: Vec<PublicationField>,
}

/// That a decision was withdrawn, and why.
///
/// # Source
/// 行政处罚法 art. 48: withdrawn, with public reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationWithdrawal {
    /// Name of the item.
    pub item_name: Say,
    /// Number of the document that was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// The authority.
    pub authority_name: Say,
    /// Day of the decision that was withdrawn.
    pub decided_on: Option<Date>,
    /// Day of the withdrawal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<Date>,
    /// The clause that asks for the explanation.
    pub clause: Cited,
    /// Why: an officer's words, or that it was changed, revoked or found unlawful or void.
    pub explanation: Say,
}

/// What whoever opens a public page finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicationShown {
    /// The entry.
    Entry(Box<PublicationEntry>),
    /// It is gone, with an explanation.
    Withdrawn(Box<PublicationWithdrawal>),
    /// Nothing for now.
    Paused,
    /// Nothing any more. Which of its reasons it is, is not told: that somebody was repaired would say what of.
    Ended,
}

impl PublicationShown {
    /// Why there is no entry; `None` where there is one.
    #[must_use]
    pub fn gone(&self) -> Option<Say> {
        match self {
            Self::Entry(_) => None,
            Self::Withdrawn(withdrawn) => Some(withdrawn.explanation.clone()),
            Self::Paused => Some(Say::new(
                "该信息有异议尚未答复，暂停公示",
                "it is contested and was not answered in time: it is not shown for now",
            )),
            Self::Ended => Some(Say::new(
                "该信息的公示已经结束（公示期届满、已修复，或者不再依法公示）；任何人不得再以此为由作出不利处理",
                "its publication is over (its period has ended, it was repaired, or no law has it published any more); nothing may be held against anybody on it",
            )),
        }
    }
}

fn day(days: i64) -> Option<Date> {
    i32::try_from(days).ok().and_then(from_days)
}

impl Public<'_> {
    pub(super) fn line(&self, looked: &Looked<'_>, authorities: &[AuthorityRow]) -> PublicationLine {
        let fields = masked(looked.item, looked.subject, &looked.values, &looked.confirmed());
        self.line_of(looked, &fields, authorities)
    }

    fn line_of(
        &self,
        looked: &Looked<'_>,
        fields: &[PublicField<'_>],
        authorities: &[AuthorityRow],
    ) -> PublicationLine {
        let Looked { item, row, .. } = looked;
        let office = authorities.iter().find(|office| office.code == row.authority);
        PublicationLine {
            code: code_of(self.keys, CodeFor::Page, &looked.at),
            item: item.code().to_owned(),
            item_name: Say::new(&item.item.name, &item.item.name_en),
            document_number: value_in(fields, FieldRole::DocumentNumber),
            subject: value_in(fields, FieldRole::SubjectName).unwrap_or_default(),
            subject_kind: looked.subject,
            authority: row.authority.clone(),
            authority_name: called(office, &row.authority),
            decided_on: day(row.decided_on),
            mark: looked.contest.mark(),
            text: looked.text_state(),
        }
    }

    pub(super) fn show(&self, code: &str, authorities: &[AuthorityRow]) -> Result<PublicationShown, AppError> {
        let at = read_code(self.keys, CodeFor::Page, code).ok_or_else(no_such)?;
        // Whoever has a code was given it for an entry: where nothing is left of that, it is over.
        let Some(looked) = self.look(&at, true)? else { return Ok(PublicationShown::Ended) };
        match looked.fate {
            Fate::Shown => self.entry(&looked, authorities),
            Fate::Withdrawn => self.withdrawal(&looked, authorities),
            Fate::Paused => Ok(PublicationShown::Paused),
            Fate::Ended => Ok(PublicationShown::Ended),
        }
    }

    fn entry(&self, looked: &Looked<'_>, authorities: &[AuthorityRow]) -> Result<PublicationShown, AppError> {
        let fields = masked(looked.item, looked.subject, &looked.values, &looked.confirmed());
        let clause = self.clause(looked)?;
        let line = self.line_of(looked, &fields, authorities);
        let until = looked.row.display_until.and_then(day);
        let fields = fields.iter().map(|field| {
            let of = &field.def.field;
            // What an officer confirmed stands as it was confirmed.
            let value =
                if of.free_text { Say::new(&field.value, &field.value) } else { value_say(field.def, &field.value) };
            PublicationField { code: of.code.clone(), label: of.label_read(), value }
        });
        let fields = fields.collect();
        let shown_through = until.and_then(|until| until.yesterday().ok());
        Ok(PublicationShown::Entry(Box::new(PublicationEntry { line, clause, shown_through, fields })))
    }

    fn clause(&self, looked: &Looked<'_>) -> Result<Cited, AppError> {
        let severity = severity_from_i64(looked.row.severity);
        let rule = looked.item.may_show(Use::Public, self.today, looked.subject, severity);
        let rule = rule.ok_or_else(|| AppError::internal("an entry is shown without a rule"))?;
        Ok(cited(self.catalogue, &rule.clause))
    }

    fn withdrawal(&self, looked: &Looked<'_>, authorities: &[AuthorityRow]) -> Result<PublicationShown, AppError> {
        let fields = masked(looked.item, looked.subject, &looked.values, &looked.confirmed());
        let line = self.line_of(looked, &fields, authorities);
        let explained = looked.texts.as_ref().and_then(|texts| texts.explanation.as_deref());
        Ok(PublicationShown::Withdrawn(Box::new(PublicationWithdrawal {
            item_name: line.item_name,
            document_number: line.document_number,
            authority_name: line.authority_name,
            decided_on: line.decided_on,
            withdrawn_on: self.withdrawn_on(looked)?,
            clause: self.clause(looked)?,
            explanation: explained
                .map_or_else(|| usual_explanation(looked.row.submission_id != 0), |text| Say::new(text, text)),
        })))
    }

    /// By decision, its day; by a row of a file, the day on which the file was accepted.
    fn withdrawn_on(&self, looked: &Looked<'_>) -> Result<Option<Date>, AppError> {
        if let Some(lock) = self.view.lock(&looked.at.0, &looked.at.1)? {
            return Ok(day(lock.decided_on));
        }
        let submission = self.view.submission(looked.row.submission_id)?;
        Ok(submission.and_then(|submission| submission.accepted_at_us).map(shanghai_date))
    }
}

/// What is said until an officer says more. Where a decision about the record withdrew it, and no file of the authority's, the document may well stand.
fn usual_explanation(by_file: bool) -> Say {
    if !by_file {
        return Say::new(
            "认定机关已撤回该信息，不再公示；任何人不得再以此为由作出不利处理",
            "the authority withdrew this entry, and it is published no more; nothing may be held against anybody on it",
        );
    }
    Say::new(
        "原决定已被变更、撤销或者确认违法、无效，认定机关已撤回公示；任何人不得再以此为由作出不利处理",
        "the decision was changed, revoked or found unlawful or void, and the authority withdrew it; nothing may be held against anybody on it",
    )
}

impl Looked<'_> {
    fn text_state(&self) -> PublicationTextState {
        if drafts(self.item, self.subject, &self.values).is_empty() {
            PublicationTextState::None
        } else if self.texts.is_some() {
            PublicationTextState::Confirmed
        } else {
            PublicationTextState::Awaits
        }
    }
}
