//! Which records a check may show, and what each of them is to the matter.

use std::collections::HashSet;

use super::words;
use super::{AskAuthority, CheckConvenience, CheckFinding, CheckRecord, CheckStanding, Question, Shown, ShownField};
use crate::catalogue::matter::{Convenience, FindingKind, Relevance, counts_on};
use crate::catalogue::model::{Audience, FieldRole, FieldType, Use};
use crate::catalogue::{ItemDef, parts};
use crate::identity::{DocumentKind, mask_number};
use crate::say::Say;
use crate::value::{is_no_end, read_date, yuan_text};

/// The records that this check may let show in any way, each once, in an order that does not depend on the store's.
pub(super) fn visible<'a>(question: &Question<'a>, records: &'a [CheckRecord]) -> Vec<Shown<'a>> {
    let may_matter = |it: &Shown<'a>| relevance(question, it).is_some() || is_fact(question, it);
    let mut shown: Vec<_> = records.iter().filter_map(|record| may_show(question, record)).filter(may_matter).collect();
    // The newest first; what the order is matters less than that it is total.
    shown.sort_by(|a, b| {
        let key = |it: &Shown<'a>| (it.record.decided_on, it.record.record, it.record.version);
        key(b).cmp(&key(a)).then_with(|| a.record.cmp(b.record))
    });
    // The store hands over one version of each record. Should it hand over two, each record still counts once; one that
    // may not be shown has left before, so that it cannot push another aside.
    let mut seen = HashSet::new();
    shown.retain(|it| seen.insert(it.record.record));
    shown
}

/// Can some ease of the matter rest on it?
fn is_fact(question: &Question<'_>, shown: &Shown<'_>) -> bool {
    let rules = &question.matter.matter.conveniences;
    rules.iter().any(|rule| rests_on(question, shown, rule))
}

fn may_show<'a>(question: &Question<'a>, record: &'a CheckRecord) -> Option<Shown<'a>> {
    let item = question.catalogue.item(&record.item)?;
    let in_use = match record.standing {
        CheckStanding::Plain | CheckStanding::UnderObjection => true,
        CheckStanding::OutOfUse => is_safety_bar(item, record),
        CheckStanding::AwaitsRelease | CheckStanding::Repaired | CheckStanding::Sealed | CheckStanding::Withdrawn => {
            false
        }
    };
    let in_period =
        record.display_from <= question.day && record.display_until.is_none_or(|until| question.day < until);
    let allowed = || item.may_show(Use::Check, question.day, question.applicant, record.severity).is_some();
    (in_use && in_period && allowed()).then_some(Shown { record, item })
}

/// 吊销, 限制从业: silence about such a record could put others in danger.
fn is_safety_bar(item: &ItemDef, record: &CheckRecord) -> bool {
    let narrowed = item.item.safety_bar_if.as_ref();
    item.item.safety_bar && narrowed.is_none_or(|condition| condition.fits(|code| value_of(record, code)))
}

/// The gravest relevance that a record fits; `None`: it is irrelevant to the matter.
fn relevance<'a>(question: &Question<'a>, shown: &Shown<'a>) -> Option<&'a Relevance> {
    question.matter.relevances(&shown.record.item).find(|relevance| fits(question, shown, relevance))
}

fn fits(question: &Question<'_>, shown: &Shown<'_>, relevance: &Relevance) -> bool {
    let record = shown.record;
    of_authority(record, &relevance.authorities)
        && counts_on(record.decided_on, relevance.within_months, question.day)
        && (!relevance.while_valid || still_valid(question, shown))
        && relevance.when.iter().all(|condition| {
            // What a clerk may not see must not show through what is found either.
            condition.fits(|code| if seen_at_check(shown.item, code) { value_of(record, code) } else { "" })
        })
}

fn of_authority(record: &CheckRecord, kinds: &[String]) -> bool {
    kinds.is_empty() || kinds.contains(&record.authority.kind)
}

/// A record without a last day of validity goes on; one with a date that cannot be read does too, and a person looks.
fn still_valid(question: &Question<'_>, shown: &Shown<'_>) -> bool {
    let Some(field) = shown.item.field_of(FieldRole::ValidUntil) else { return true };
    match read_date(value_of(shown.record, &field.field.code)) {
        Ok((last, _)) => is_no_end(last) || question.day <= last,
        Err(_) => true,
    }
}

fn value_of<'r>(record: &'r CheckRecord, code: &str) -> &'r str {
    record.fields.iter().find(|(field, _)| field == code).map_or("", |(_, value)| value.as_str())
}

fn seen_at_check(item: &ItemDef, code: &str) -> bool {
    item.field(code).is_some_and(|def| def.field.shown_to.contains(&Audience::Check))
}

/// What was found, the gravest first and of those the newest.
pub(super) fn findings(question: &Question<'_>, shown: &[Shown<'_>]) -> Vec<CheckFinding> {
    let used = shown.iter().filter(|it| it.record.standing != CheckStanding::OutOfUse);
    let mut findings: Vec<_> =
        used.filter_map(|it| relevance(question, it).map(|relevance| finding(question, it, relevance))).collect();
    findings.sort_by_key(|finding| finding.finding);
    findings
}

fn finding(question: &Question<'_>, shown: &Shown<'_>, relevance: &Relevance) -> CheckFinding {
    let (record, item) = (shown.record, &shown.item.item);
    let contested = record.standing == CheckStanding::UnderObjection;
    // A contested record cannot alone support an adverse outcome: it never bars, whatever else was found.
    let lowered = contested && relevance.finding == FindingKind::Bars;
    let kind = if lowered { FindingKind::Consider } else { relevance.finding };
    let reason = match (lowered, contested && kind.is_adverse()) {
        (true, _) => Some(words::lowered()),
        (false, true) => Some(words::not_alone()),
        (false, false) => None,
    };
    CheckFinding {
        finding: kind,
        finding_name: kind.name(),
        mark: contested.then(words::mark),
        reason,
        record: record.record.hex(),
        version: record.version,
        item: item.code.clone(),
        item_name: Say::new(&item.name, &item.name_en),
        authority: record.authority.clone(),
        decided_on: record.decided_on,
        fields: fields(shown),
        statement: record.statement.as_deref().map(without_numbers),
        clause: words::cited(question.catalogue, &relevance.clause),
        means: Say::new(&relevance.means, &relevance.means_en),
        can_do: Say::new(&relevance.can_do, &relevance.can_do_en),
    }
}

/// Points that only the determining authority can answer.
pub(super) fn asks(question: &Question<'_>, shown: &[Shown<'_>]) -> Vec<AskAuthority> {
    let unused = shown.iter().filter(|it| it.record.standing == CheckStanding::OutOfUse);
    unused
        .filter_map(|it| {
            let relevance = relevance(question, it)?;
            Some(AskAuthority {
                record: it.record.record.hex(),
                version: it.record.version,
                item: it.item.item.code.clone(),
                item_name: Say::new(&it.item.item.name, &it.item.item.name_en),
                authority: it.record.authority.clone(),
                clause: words::cited(question.catalogue, &relevance.clause),
                means: words::ask_means(),
                can_do: words::ask_can_do(),
            })
        })
        .collect()
}

/// Eases for good standing. An uncontested adverse finding takes them away; a contested one, or an open question, does
/// not: losing an ease would be an adverse outcome.
pub(super) fn conveniences(
    question: &Question<'_>,
    shown: &[Shown<'_>],
    findings: &[CheckFinding],
) -> Vec<CheckConvenience> {
    if findings.iter().any(|finding| finding.finding.is_adverse() && finding.mark.is_none()) {
        return Vec::new();
    }
    let defined = question.matter.matter.conveniences.iter();
    defined.filter_map(|convenience| granted(question, shown, convenience)).collect()
}

fn granted(question: &Question<'_>, shown: &[Shown<'_>], rule: &Convenience) -> Option<CheckConvenience> {
    let ordinary_working_days = question.matter.matter.working_days?;
    let fact = shown.iter().find(|it| rests_on(question, it, rule))?;
    Some(CheckConvenience {
        kind: rule.kind,
        name: rule.kind.name(),
        means: Say::new(&rule.means, &rule.means_en),
        clause: words::cited(question.catalogue, &rule.clause),
        ordinary_working_days,
        item: rule.item.clone(),
        fact: Say::new(&fact.item.item.name, &fact.item.item.name_en),
        record: fact.record.record.hex(),
        version: fact.record.version,
        authority: fact.record.authority.clone(),
        decided_on: fact.record.decided_on,
        mark: (fact.record.standing == CheckStanding::UnderObjection).then(words::mark),
    })
}

fn rests_on(question: &Question<'_>, shown: &Shown<'_>, rule: &Convenience) -> bool {
    let record = shown.record;
    record.item == rule.item
        && record.standing != CheckStanding::OutOfUse
        && of_authority(record, &rule.authorities)
        && counts_on(record.decided_on, rule.within_months, question.day)
        && still_valid(question, shown)
}

/// The values that a clerk needs, in the order of the item: not who the applicant is, which the clerk knows, nor who
/// determined the record, which stands above them.
fn fields(shown: &Shown<'_>) -> Vec<ShownField> {
    let seen = shown.item.fields.iter().map(|def| &def.field).filter(|field| {
        field.shown_to.contains(&Audience::Check)
            && field.kind != FieldType::DocumentNumber
            && !matches!(
                field.role,
                Some(
                    FieldRole::SubjectName
                        | FieldRole::SubjectKind
                        | FieldRole::SubjectDocumentKind
                        | FieldRole::SubjectDocumentNumber
                        | FieldRole::SubjectUscc
                        | FieldRole::AuthorityName
                        | FieldRole::AuthorityCode
                        | FieldRole::SourceName
                        | FieldRole::SourceCode
                        | FieldRole::SourceTime
                        | FieldRole::RowAction
                        | FieldRole::DecidedOn
                )
            )
    });
    seen.filter_map(|field| {
        let value = value_of(shown.record, &field.code);
        let value = value_say(shown.item, &field.code, field.kind, value);
        (!value.zh.is_empty()).then(|| ShownField { code: field.code.clone(), label: field.label_read(), value })
    })
    .collect()
}

/// A value as people read it. A choice is said in English part by part; a date stays as it is written everywhere.
fn value_say(item: &ItemDef, code: &str, kind: FieldType, value: &str) -> Say {
    match kind {
        FieldType::MoneyWan | FieldType::MoneyYuan => value.parse().map_or_else(
            |_| Say::new(value, value),
            |fen| {
                let yuan = yuan_text(fen);
                Say::new(&yuan, format!("CNY {}", yuan.trim_end_matches(" 元")))
            },
        ),
        FieldType::Date if read_date(value).is_ok_and(|(date, _)| is_no_end(date)) => Say::new("长期", "no end"),
        FieldType::Choice => {
            let choices = item.field(code).and_then(|def| def.choices.as_deref());
            let english = |part: &str| {
                let entry = choices.and_then(|choices| choices.entries().get(choices.index_of(part)?));
                entry.map_or_else(|| part.to_owned(), |entry| entry.en.clone())
            };
            Say::new(value, parts(value).map(english).collect::<Vec<_>>().join(", "))
        }
        FieldType::Text | FieldType::Name => {
            let masked = without_numbers(value);
            Say::new(masked.clone(), masked)
        }
        _ => Say::new(value, value),
    }
}

/// A text with everything that looks like a resident identity number (17 digits and a check character, or 15 digits)
/// starred: files carry the subject's and other people's numbers in their prose.
pub fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_alphanumeric() {
            run.push(c);
            continue;
        }
        let digits = run.bytes().take_while(u8::is_ascii_digit).count();
        let is_number = match run.len() {
            18 => digits == 18 || (digits == 17 && run.ends_with(['X', 'x'])),
            length => length == 15 && digits == 15,
        };
        if is_number {
            out.push_str(&mask_number(DocumentKind::ResidentId, &run));
        } else {
            out.push_str(&run);
        }
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}
