//! What of a record leaves the house on its public page (公示), and what stays. Pure functions of an item, a row and a day.
//!
//! Whether a record is shown at all is a dated rule of its item ([`crate::catalogue::Use::Public`]); persons and sole traders only where a law names
//! them there. This is about the rest: which fields, how a name is masked, and what must not stand in a text that somebody wrote freely.
//!
//! # Source
//! 行政处罚法 art. 48: published by law, and withdrawn in three days with public reasons where a decision is changed, revoked or found unlawful or void.
//! 个人信息保护法 arts 25, 28: nothing about a person is made public without a law or their separate consent. The masks are those of the pages on which
//! 双公示 is published.

mod pattern;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::catalogue::forbidden::names_contact;
use crate::catalogue::model::{Audience, Field, FieldRole, FieldType, SubjectKind, Use};
use crate::catalogue::{FieldDef, ItemDef};
use crate::identity::{DocumentKind, mask_name, mask_number};
use crate::record::{Hidden, Standing, State};
use crate::say::Say;

pub use pattern::{Pattern, starred};

/// Most characters of a text for publication.
pub const LONGEST: usize = 2_000;

/// Shortest value, in characters, that is looked for in a text: a name of one character stands in every second word.
const SHORTEST: usize = 2;

/// What whoever opens a public page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The entry.
    Shown,
    /// That the decision was withdrawn, and why: the entry itself is gone.
    Withdrawn,
    /// Nothing for now: what is contested was not answered in time.
    Paused,
    /// Nothing any more: its period is over, it was repaired or erased, or no rule has it published.
    Ended,
}

/// What is shown of a record on a day. `out_of_use`: is it used for nothing until somebody has answered its subject?
///
/// A predicate on what is stored and the day: the day after its period nothing is shown, and no job stands between. A withdrawal is explained as long
/// as the record would have been shown.
///
/// # Source
/// 信用修复管理办法 (Order 36): at the maximum display stops by itself, with repair at once; 行政处罚法 art. 48.
#[must_use]
pub fn fate(standing: &Standing, item: &ItemDef, out_of_use: bool, on: Date) -> Fate {
    let shown = |standing: &Standing| standing.shown(item, Use::Public, on);
    match shown(standing) {
        Ok(()) if out_of_use => Fate::Paused,
        Ok(()) => Fate::Shown,
        Err(Hidden::NotInForce) if standing.state == State::Withdrawn && !standing.awaits_release => {
            let in_force = Standing { state: State::Active, ..*standing };
            if shown(&in_force).is_ok() { Fate::Withdrawn } else { Fate::Ended }
        }
        Err(Hidden::NotInForce | Hidden::OutOfPeriod | Hidden::NotForThisUse | Hidden::Sealed) => Fate::Ended,
    }
}

/// Is the item one of the two public notices (双公示)? Those have to be sent within days of the decision, so that they can be online in time. What else a
/// law has published lies in registers of its own, and is not brought together here: a page on which everything about somebody stands would be another
/// thing than each of its parts.
///
/// # Source
/// 发改办财金〔2018〕424号: licences and penalties online within seven working days of the decision.
#[must_use]
pub fn is_public_notice(item: &ItemDef) -> bool {
    item.item.send_within_working_days.is_some() && !item.item.sealed
}

/// A field as the public page has it.
#[derive(Debug, Clone)]
pub struct PublicField<'i> {
    /// Which.
    pub def: &'i FieldDef,
    /// Its value, masked; exact where nothing had to be.
    pub value: String,
}

/// What the public page has of a row: fields that the item shows to everybody, each masked. A text that was written freely stands there only as an
/// officer confirmed it (`confirmed`, by code of the field); a value in which something stands that stays in the house is left out whole.
#[must_use]
pub fn masked<'i>(
    item: &'i ItemDef,
    subject: SubjectKind,
    values: &[(String, String)],
    confirmed: &BTreeMap<String, String>,
) -> Vec<PublicField<'i>> {
    let secrets = secrets(item, subject, values);
    let shown = |def: &'i FieldDef| {
        let field = &def.field;
        let held = value_of(values, &field.code);
        if !is_public(field) || held.is_empty() {
            return None;
        }
        let value = if is_free(field) { confirmed.get(&field.code)?.clone() } else { mask(field, subject, held) };
        let own_name = field.role == Some(FieldRole::SubjectName);
        let clean = !value.is_empty() && (own_name || fault(field, &value, &secrets).is_none());
        clean.then_some(PublicField { def, value })
    };
    item.fields.iter().filter_map(shown).collect()
}

/// A text that an officer is to confirm.
#[derive(Debug, Clone)]
pub struct TextDraft<'i> {
    /// Which field.
    pub def: &'i FieldDef,
    /// What the row says, with what must not leave the house starred.
    pub draft: String,
    /// Was something starred? Then the sentence wants reading with more care, and mostly another wording.
    pub starred: bool,
}

/// The texts of a row that the public page shows only once an officer confirmed them, masked: a beginning for whoever words them.
#[must_use]
pub fn drafts<'i>(item: &'i ItemDef, subject: SubjectKind, values: &[(String, String)]) -> Vec<TextDraft<'i>> {
    let secrets = secrets(item, subject, values);
    let draft = |def: &'i FieldDef| {
        let held = value_of(values, &def.field.code);
        if !is_public(&def.field) || !is_free(&def.field) || held.is_empty() {
            return None;
        }
        let mut draft = starred(held);
        for secret in &secrets {
            draft = draft.replace(secret.as_str(), &"*".repeat(secret.chars().count()));
        }
        Some(TextDraft { def, starred: draft != held, draft })
    };
    item.fields.iter().filter_map(draft).collect()
}

/// Why a text may not be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextFault {
    /// The number of somebody, or a way to reach them, stands in it.
    Found(Pattern),
    /// Something of the row that stays in the house stands in it: a name, a number, an address.
    Secret,
    /// It is longer than [`LONGEST`] characters.
    TooLong,
}

impl TextFault {
    /// What is wrong and how to mend it.
    #[must_use]
    pub fn say(&self) -> Say {
        match self {
            Self::Found(pattern) => {
                let name = pattern.say();
                Say::new(
                    format!("文字中有{}，不得公示；请删去后再确认", name.zh),
                    format!("{} stands in the text and may not be published: take it out, then confirm", name.en),
                )
            }
            Self::Secret => Say::new(
                "文字中有当事人或者第三人的姓名、证件号码、地址等不公示的内容；请改用“当事人”“该公司法定代表人”等称谓",
                "a name, a number or an address that is not published stands in the text: write “the party” or “its representative” instead",
            ),
            Self::TooLong => Say::new(
                format!("公示文字不超过 {LONGEST} 字；请概括"),
                format!("a text for publication has {LONGEST} characters at most: sum it up"),
            ),
        }
    }
}

/// May this text be published beside the rest of the row?
///
/// # Errors
/// Why not, as [`TextFault`]. A third party's name that stands in no field of the row no program finds: that is what an officer reads it for.
pub fn publishable(
    item: &ItemDef,
    subject: SubjectKind,
    values: &[(String, String)],
    text: &str,
) -> Result<(), TextFault> {
    if text.chars().count() > LONGEST {
        return Err(TextFault::TooLong);
    }
    if let Some(pattern) = Pattern::in_text(text) {
        return Err(TextFault::Found(pattern));
    }
    if secrets(item, subject, values).iter().any(|secret| text.contains(secret.as_str())) {
        return Err(TextFault::Secret);
    }
    Ok(())
}

/// The masked value of a field, for the head of a page: the subject's name, the number of the document.
#[must_use]
pub fn value_in(fields: &[PublicField<'_>], role: FieldRole) -> Option<String> {
    let found = fields.iter().find(|field| field.def.field.role == Some(role));
    found.map(|field| field.value.clone())
}

fn value_of<'v>(values: &'v [(String, String)], code: &str) -> &'v str {
    values.iter().find(|(of, _)| of == code).map_or("", |(_, value)| value.as_str())
}

/// Is the field for everybody? What a catalogue must not name is looked at once more: a mistake there would lie on the street.
fn is_public(field: &Field) -> bool {
    let kept = matches!(field.kind, FieldType::DocumentNumber | FieldType::DocumentKind)
        || field.content == "contact"
        || names_contact(&field.label)
        || field.kind == FieldType::Name && field.personal && field.role != Some(FieldRole::SubjectName);
    field.shown_to.contains(&Audience::Public) && !kept
}

/// Did somebody write it freely?
fn is_free(field: &Field) -> bool {
    field.free_text
}

fn mask(field: &Field, subject: SubjectKind, value: &str) -> String {
    match field.role {
        Some(FieldRole::SubjectName) if subject.is_person_like() => mask_name(value),
        Some(FieldRole::SubjectUscc) => mask_uscc(subject, value),
        _ => value.to_owned(),
    }
}

/// A sole trader's code leads to a person, whatever its first two characters are.
fn mask_uscc(subject: SubjectKind, value: &str) -> String {
    let shown = mask_number(DocumentKind::Uscc, value);
    if subject.is_person_like() && shown == value { mask_number(DocumentKind::ResidentId, value) } else { shown }
}

/// What of a row must not stand anywhere on its public page: values of fields about people that are not public, and whatever a public one is masked for.
fn secrets(item: &ItemDef, subject: SubjectKind, values: &[(String, String)]) -> Vec<String> {
    let secret = |def: &FieldDef| {
        let field = &def.field;
        let value = value_of(values, &field.code);
        let identifies =
            matches!(field.kind, FieldType::Text | FieldType::Name | FieldType::DocumentNumber | FieldType::Uscc)
                && !is_free(field);
        let kept = !is_public(field) && (field.personal || field.content == "contact" || names_contact(&field.label));
        let masked = is_public(field) && mask(field, subject, value) != value;
        (identifies && (kept || masked) && value.chars().count() >= SHORTEST).then(|| value.to_owned())
    };
    item.fields.iter().filter_map(secret).collect()
}

/// What is wrong with a value that is about to be shown.
fn fault(field: &Field, value: &str, secrets: &[String]) -> Option<TextFault> {
    if secrets.iter().any(|secret| value.contains(secret.as_str())) {
        return Some(TextFault::Secret);
    }
    let found = match field.kind {
        // A code is a number of 18 signs, and public where it was not masked.
        FieldType::Uscc | FieldType::Date | FieldType::MoneyWan | FieldType::MoneyYuan | FieldType::Integer => None,
        _ if is_free(field) => Pattern::in_text(value),
        // Licences and documents have long numbers of their own, which are no accounts.
        _ => Pattern::of_a_person(value),
    };
    found.map(TextFault::Found)
}
