//! Texts for a public page: an officer of the determining authority, not the one who sent the row, reads a masked draft and confirms or words it anew.

use std::collections::{BTreeMap, BTreeSet};

use chengxin_core::publication::{Fate, drafts, publishable};
use chengxin_core::record::RecordId;
use chengxin_core::statement::cleaned;
use chengxin_core::{Caller, Say};
use chengxin_policy::{Resource, Stage};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::code::{At, CodeFor, read_code};
use super::look::{Looked, Public};
use super::no_such;
use super::row::{Texts, thing};
use crate::log::told::Telling;
use crate::{AppError, Installation, journal, policy};

/// A text, masked, for an officer to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationDraftText {
    /// Code of its field.
    pub field: String,
    /// Label of the field.
    pub label: Say,
    /// What the row says, numbers and names starred.
    pub draft: String,
    /// Was anything starred?
    pub starred: bool,
    /// What is shown now; absent where nothing was confirmed, empty where the page goes without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<String>,
}

/// What of an entry waits for an officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationDraft {
    /// Address of the entry.
    pub code: String,
    /// Version that was read; confirming names it.
    pub version: i64,
    /// Name of the item.
    pub item_name: Say,
    /// Number of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// Day of the decision.
    pub decided_on: Option<Date>,
    /// Entry that confirmed what is shown now; 0 where nothing was confirmed. Confirming names it: two officers do not take each other's words back unseen.
    pub line: i64,
    /// Texts that are shown only as somebody confirmed them.
    pub texts: Vec<PublicationDraftText>,
    /// Was the decision withdrawn? Then not the texts but an explanation is shown.
    pub withdrawn: bool,
    /// The explanation that is shown now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
}

/// What an officer confirms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicationText {
    /// Address of the entry.
    pub code: String,
    /// The version that was read.
    pub version: i64,
    /// The entry that was read with it.
    pub line: i64,
    /// Texts by code of their field; empty where the page is to go without.
    pub texts: BTreeMap<String, String>,
    /// Of a decision that was withdrawn: why, for everybody.
    pub explanation: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationConfirmed {
    /// How the entry's texts stand now.
    pub draft: PublicationDraft,
    /// What was left out of what was sent.
    pub warnings: Vec<Say>,
}

impl Installation {
    /// The texts of an entry that somebody has to confirm, masked. A line in the log of whom it is about.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a code that leads nowhere or to another authority's; [`crate::Kind::Forbidden`] for whoever sent a version of the
    /// record, and in their own cause; [`crate::Kind::Conflict`] where nothing of it is published.
    pub fn publication_draft(&mut self, caller: &Caller, code: &str) -> Result<PublicationDraft, AppError> {
        const NAME: &str = "publication_draft";
        self.authorise(caller, NAME)?;
        let looked = self.published_at_work(caller, NAME, code)?;
        let line = self.store.view().publication(&looked.at.0, &looked.at.1)?.map_or(0, |row| row.line);
        let draft = drafted(&looked, code, line);
        let (at, version) = (looked.at, looked.row.version);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let detail = json!({ "records": [[RecordId(at.1).hex(), version]] });
        self.store.write(NAME, |tx| journal::log_about(tx, &keys, &at.0, now_us, NAME, caller, &detail).map(drop))?;
        Ok(draft)
    }

    /// Confirms the texts of an entry, or that it goes without; of a decision that was withdrawn, explains why.
    ///
    /// # Errors
    /// As [`Self::publication_draft`]; [`crate::Kind::Conflict`] where the record changed since it was read; [`crate::Kind::Invalid`] for a text that may
    /// not be published, or for a field that has none.
    ///
    /// # Source
    /// 行政处罚法 art. 48; that somebody reads what is published is a house rule.
    pub fn publication_confirm(
        &mut self,
        caller: &Caller,
        given: &PublicationText,
    ) -> Result<PublicationConfirmed, AppError> {
        const NAME: &str = "publication_confirm";
        self.authorise(caller, NAME)?;
        let looked = self.published_at_work(caller, NAME, &given.code)?;
        if looked.row.body_version != given.version {
            return Err(changed());
        }
        let (texts, warnings) = worded(&looked, given)?;
        let (at, read) = (looked.at, looked.row.version);
        let version = looked.row.body_version;
        let mut draft = looked;
        draft.texts = Some(texts.clone());
        let mut draft = drafted(&draft, &given.code, given.line);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let key = keys.subject_key(&self.key_store, &at.0)?;
        let written = self.store.write(NAME, |tx| -> Result<i64, AppError> {
            let versions = tx.view().versions_of_one(&at.0, &at.1)?;
            let stands = Public::of(&versions, &at.1)?.map(|(row, _)| row.version);
            let was = tx.view().publication(&at.0, &at.1)?.map_or(0, |row| row.line);
            if stands != Some(read) || was != given.line {
                return Err(changed());
            }
            let line = tx.view().log_last_number(&at.0)? + 1;
            tx.publication_set(&texts.row(&keys, &key, &at, version, now_us, line)?)?;
            let fields: Vec<_> = texts.texts.keys().collect();
            let detail = json!({ "records": [[RecordId(at.1).hex(), read]], "fields": fields });
            let by = Telling { keys: &keys, now_us, operation: NAME, caller };
            thing(&at, line).tell(tx, &by, Vec::new(), detail)?;
            Ok(line)
        });
        draft.line = written.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(PublicationConfirmed { draft, warnings })
    }

    /// An entry of the caller's authority that they may word.
    fn published_at_work(&self, caller: &Caller, name: &'static str, code: &str) -> Result<Looked<'_>, AppError> {
        let found = self.published(caller, name, code);
        let looked = found.map_err(|refusal| self.turned_away(caller, name, refusal))?;
        if matches!(looked.fate, Fate::Ended) {
            return Err(AppError::conflict(
                "该信息不再公示，无须确认",
                "it is not published any more: there is nothing to confirm",
            ));
        }
        Ok(looked)
    }

    fn published(&self, caller: &Caller, name: &'static str, code: &str) -> Result<Looked<'_>, AppError> {
        let at = read_code(&self.keys, CodeFor::Page, code).ok_or_else(no_such)?;
        let looked = self.public()?.look(&at, true)?.ok_or_else(no_such)?;
        policy::acts_for(caller, &looked.row.authority).map_err(|_| no_such())?;
        let view = self.store.view();
        if let Some(document) = self.named_in(&at.0, &at.1)? {
            policy::recused(view, &self.keys, caller, name, &document)?;
        }
        for submission in self.submissions_of(&at)? {
            let mut thing = Resource::new().of_authority(&looked.row.authority).at(Stage::Active);
            // A version that a decision wrote was sent by nobody.
            thing.submitter = view.submission(submission)?.map(|submission| submission.sent_by);
            policy::on(caller, name, &thing)?;
        }
        Ok(looked)
    }

    fn submissions_of(&self, (subject, record): &At) -> Result<BTreeSet<i64>, AppError> {
        let versions = self.store.view().versions_of_one(subject, record)?;
        Ok(versions.iter().map(|of| of.row.submission_id).collect())
    }
}

fn changed() -> AppError {
    AppError::conflict(
        "该记录在您查看之后已变动；请重新查看后再确认",
        "the record changed since you read it: read it again, then confirm",
    )
}

/// What is to be confirmed of an entry.
fn drafted(looked: &Looked<'_>, code: &str, line: i64) -> PublicationDraft {
    let confirmed = looked.texts.as_ref();
    let texts = drafts(looked.item, looked.subject, &looked.values).into_iter().map(|text| {
        let field = &text.def.field;
        PublicationDraftText {
            field: field.code.clone(),
            label: Say::new(&field.label, &field.label_en),
            confirmed: confirmed.and_then(|of| of.texts.get(&field.code).cloned()),
            draft: text.draft,
            starred: text.starred,
        }
    });
    let texts = texts.collect();
    let day = i32::try_from(looked.row.decided_on).ok().and_then(chengxin_core::dates::from_days);
    let fields = chengxin_core::publication::masked(looked.item, looked.subject, &looked.values, &looked.confirmed());
    PublicationDraft {
        code: code.to_owned(),
        version: looked.row.body_version,
        item_name: Say::new(&looked.item.item.name, &looked.item.item.name_en),
        document_number: chengxin_core::publication::value_in(
            &fields,
            chengxin_core::catalogue::FieldRole::DocumentNumber,
        ),
        decided_on: day,
        line,
        texts,
        withdrawn: looked.fate == Fate::Withdrawn,
        explanation: confirmed.and_then(|of| of.explanation.clone()),
    }
}

/// What may be published of what was given, and what was left out of it.
fn worded(looked: &Looked<'_>, given: &PublicationText) -> Result<(Texts, Vec<Say>), AppError> {
    let (mut texts, mut warnings) = (looked.texts.clone().unwrap_or_default(), Vec::new());
    if looked.fate == Fate::Withdrawn {
        let text = given.explanation.as_deref().unwrap_or("").trim();
        if text.is_empty() || !given.texts.is_empty() {
            return Err(AppError::invalid(
                "该决定已撤回：请只填写公开说明（explanation）",
                "the decision was withdrawn: give the public explanation, and no texts",
            ));
        }
        let label = Say::new("公开说明", "the explanation");
        texts.explanation = Some(fit(looked, &label, text, &mut warnings)?);
        return Ok((texts, warnings));
    }
    let open = drafts(looked.item, looked.subject, &looked.values);
    if given.explanation.is_some() || given.texts.is_empty() {
        return Err(AppError::invalid(
            "请填写要确认的文字；公开说明只用于已撤回的决定",
            "give the texts that you confirm; an explanation is for a decision that was withdrawn",
        ));
    }
    for (code, text) in &given.texts {
        let Some(draft) = open.iter().find(|draft| draft.def.field.code == *code) else {
            let excerpt: String = code.chars().take(40).collect();
            let known: Vec<_> = open.iter().map(|draft| draft.def.field.code.as_str()).collect();
            return Err(AppError::invalid(
                format!("字段“{excerpt}”没有待确认的文字；有 {}", known.join("、")),
                format!("the field “{excerpt}” has no text to confirm; there are {}", known.join(", ")),
            ));
        };
        let label = Say::new(&draft.def.field.label, &draft.def.field.label_en);
        texts.texts.insert(code.clone(), fit(looked, &label, text, &mut warnings)?);
    }
    Ok((texts, warnings))
}

fn fit(looked: &Looked<'_>, label: &Say, text: &str, warnings: &mut Vec<Say>) -> Result<String, AppError> {
    let clean = cleaned(text);
    // Before and behind: what is starred for a statement is not let through here, and what nobody sees must not part a number.
    for text in [text, &clean.text] {
        publishable(looked.item, looked.subject, &looked.values, text).map_err(|fault| {
            let say = fault.say();
            AppError::invalid(format!("{}：{}", label.zh, say.zh), format!("{}: {}", label.en, say.en))
        })?;
    }
    warnings.extend(clean.warnings);
    Ok(clean.text)
}
