//! From records to the words of a report.

use std::collections::{BTreeMap, BTreeSet};

use chengxin_core::Say;
use chengxin_core::catalogue::model::{Audience, FieldRole, FieldType, Polarity, SubjectKind, Use};
use chengxin_core::catalogue::{Catalogue, FieldDef, ItemDef, parts};
use chengxin_core::dates::from_days;
use chengxin_core::period::repair_from;
use chengxin_core::record::{RecordId, severity_from_i64};
use chengxin_core::value::yuan_text;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::record::VersionRow;
use jiff::ToSpan;
use jiff::civil::Date;

use super::content::{ReportClass, ReportEntry, ReportField};
use super::words;
use crate::authority::called;
use crate::proceeding::Contest;

/// A date that stands for "no end" in licence files.
const NO_END: &str = "2099-12-31";

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Values of the dictionary `domain`; empty for all.
    pub(super) domains: Vec<Say>,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    /// The classes to which the person consented; everything where they ask themself.
    pub(super) classes: Option<BTreeSet<String>>,
}

impl Scope {
    /// Does an item belong to one of the fields of life asked for, and to the classes consented to?
    pub(super) fn covers_item(&self, item: &ItemDef) -> bool {
        if self.classes.as_ref().is_some_and(|classes| !classes.contains(&item.item.class)) {
            return false;
        }
        self.domains.is_empty() || self.domains.iter().any(|domain| item.item.domains.contains(&domain.zh))
    }

    /// Does a decision of this day lie in the period asked for?
    pub(super) fn covers_day(&self, decided_on: Date) -> bool {
        self.from.is_none_or(|from| from <= decided_on) && self.to.is_none_or(|to| decided_on <= to)
    }
}

/// Everything that composing looks up.
pub(super) struct Desk<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) authorities: &'a [AuthorityRow],
    pub(super) scope: &'a Scope,
    /// Kinds of subject that the document can name.
    pub(super) kinds: &'a [SubjectKind],
    pub(super) today: Date,
}

impl Desk<'_> {
    /// Items that this report could show, whether or not there is a record.
    fn items_in_scope(&self) -> impl Iterator<Item = &ItemDef> {
        self.catalogue.items().iter().filter(|item| {
            let reported = |rule: &chengxin_core::catalogue::model::UseRule| {
                rule.subjects.iter().any(|kind| self.kinds.contains(kind))
            };
            !item.item.sealed && self.scope.covers_item(item) && item.use_rule(Use::Report, self.today).any(reported)
        })
    }

    /// The classes in the order of the national catalogue, with the entries that belong to each.
    pub(super) fn classes(&self, mut entries: Vec<(String, ReportEntry)>) -> Vec<ReportClass> {
        let in_scope: BTreeSet<&str> = self.items_in_scope().map(|item| item.item.class.as_str()).collect();
        let Some(dictionary) = self.catalogue.dictionary("item-class") else { return Vec::new() };
        entries.sort_by(|(_, a), (_, b)| (b.decided_on, &a.item, &a.record).cmp(&(a.decided_on, &b.item, &b.record)));
        let mut by_class: BTreeMap<String, Vec<ReportEntry>> = BTreeMap::new();
        for (class, entry) in entries {
            by_class.entry(class).or_default().push(entry);
        }
        let class = |value: &chengxin_core::catalogue::model::DictionaryValue| {
            let entries = by_class.remove(&value.value).unwrap_or_default();
            (!entries.is_empty() || in_scope.contains(value.value.as_str())).then(|| ReportClass {
                name: Say::new(&value.value, &value.en),
                empty: entries.is_empty().then(words::nothing),
                entries,
            })
        };
        dictionary.entries().iter().filter_map(class).collect()
    }

    /// Offices that may send what is in scope. Never only those that did: that would tell what is not shown.
    pub(super) fn sources(&self) -> Vec<Say> {
        let kinds: BTreeSet<&str> =
            self.items_in_scope().flat_map(|i| &i.item.authorities).map(String::as_str).collect();
        let sending = self.authorities.iter().filter(|authority| kinds.contains(authority.kind.as_str()));
        sending.map(|a| called(Some(a), &a.code)).collect()
    }

    /// One record, and its class. `None` where the record is out of scope or has a date that no calendar holds.
    pub(super) fn entry(
        &self,
        row: &VersionRow,
        item: &ItemDef,
        values: &[(String, String)],
        contest: Contest,
    ) -> Option<(String, ReportEntry)> {
        let decided_on = from_days(i32::try_from(row.decided_on).ok()?)?;
        let value = |role: FieldRole| {
            let code = &item.field_of(role)?.field.code;
            values.iter().find(|(c, v)| c == code && !v.is_empty()).map(|(_, v)| v.as_str())
        };
        let until = row.display_until.and_then(|days| from_days(i32::try_from(days).ok()?));
        let shown_through = until.map(|until| until.saturating_sub(1.day()));
        let severity = severity_from_i64(row.severity);
        let authority = value(FieldRole::AuthorityName).unwrap_or_else(|| self.authority_name(&row.authority));
        let adverse = item.item.polarity == Polarity::Adverse;
        let months = item.period_for(decided_on, severity).map_or(0, |rule| rule.min_months);
        let first_day = repair_from(decided_on, months);
        let rule = item.repair_on(first_day.max(self.today));
        let entry = ReportEntry {
            record: RecordId(row.record_id).hex(),
            version: row.version,
            item: item.code().to_owned(),
            item_name: Say::new(&item.item.name, &item.item.name_en),
            authority: authority.to_owned(),
            document_number: value(FieldRole::DocumentNumber).unwrap_or_default().to_owned(),
            decided_on,
            severity: severity.filter(|_| adverse).map(chengxin_core::catalogue::Severity::name),
            basis: self.basis(item, decided_on),
            fields: fields(item, values).into_iter().chain(contest.statement.clone().map(statement)).collect(),
            shown_through,
            stops: words::stops(shown_through),
            contest: words::contest(item, authority),
            repair_from: rule.filter(|_| adverse).map(|_| first_day),
            repair: adverse.then(|| words::repair(rule, first_day, self.today, authority)),
            marks: contest
                .mark()
                .into_iter()
                .chain(value(FieldRole::PerformedOn).map(|_| Say::new("已履行", "performed")))
                .collect(),
        };
        Some((item.item.class.clone(), entry))
    }

    fn authority_name<'s>(&'s self, code: &'s str) -> &'s str {
        self.authorities.iter().find(|a| a.code == code).map_or(code, |a| a.name.as_str())
    }

    fn basis(&self, item: &ItemDef, decided_on: Date) -> Vec<Say> {
        let cited = item.basis_on(decided_on).filter_map(|basis| self.catalogue.clause(&basis.clause));
        cited
            .map(|(law, clause)| {
                Say::new(format!("《{}》{}", law.title, clause.label), format!("{}, {}", law.title_en, clause.label))
            })
            .collect()
    }
}

/// The person's own statement, which goes wherever the record goes.
fn statement(text: String) -> ReportField {
    let (code, label) = ("statement".to_owned(), Say::new("当事人说明", "Statement of the person concerned"));
    let text = mask_long_numbers(&text);
    ReportField { code, label, value: Say::new(text.clone(), text) }
}

/// The values that a report hands to others, less those that stand in the entry's head.
fn fields(item: &ItemDef, values: &[(String, String)]) -> Vec<ReportField> {
    let shown =
        |def: &&FieldDef| def.field.shown_to.contains(&Audience::Report) && !is_withheld(def) && !is_in_head(def);
    item.fields
        .iter()
        .filter(shown)
        .filter_map(|def| {
            let (_, value) = values.iter().find(|(code, value)| *code == def.field.code && !value.is_empty())?;
            let label = def.field.label_read();
            Some(ReportField { code: def.field.code.clone(), label, value: value_say(def, value) })
        })
        .collect()
}

/// What no report ever holds, whatever a catalogue says: numbers of documents, contacts, addresses.
fn is_withheld(def: &FieldDef) -> bool {
    const WORDS: [&str; 8] = ["住址", "住所", "地址", "电话", "手机", "邮箱", "联系", "账号"];
    matches!(def.field.kind, FieldType::DocumentNumber | FieldType::DocumentKind)
        || def.field.content == "contact"
        || WORDS.iter().any(|word| def.field.label.contains(word))
}

fn is_in_head(def: &FieldDef) -> bool {
    use FieldRole as R;
    matches!(
        def.field.role,
        Some(
            R::SubjectName
                | R::SubjectKind
                | R::SubjectUscc
                | R::DocumentNumber
                | R::AuthorityName
                | R::AuthorityCode
                | R::DecidedOn
                | R::SourceName
                | R::SourceCode
                | R::SourceTime
                | R::RowAction
                | R::AdultAttested
        )
    )
}

/// A value for people.
pub(crate) fn value_say(def: &FieldDef, value: &str) -> Say {
    match def.field.kind {
        FieldType::MoneyWan | FieldType::MoneyYuan => match value.parse() {
            Ok(fen) => {
                let yuan = yuan_text(fen);
                Say::new(yuan.clone(), format!("CNY {}", yuan.trim_end_matches(" 元")))
            }
            Err(_) => Say::new(value, value),
        },
        FieldType::Date if value == NO_END => Say::new("长期", "no end"),
        FieldType::Date => value.parse::<Date>().map_or_else(|_| Say::new(value, value), words::day),
        FieldType::Text if def.field.free_text => {
            let masked = mask_long_numbers(value);
            Say::new(masked.clone(), masked)
        }
        FieldType::Choice => Say::new(value, choice_en(def, value).unwrap_or_else(|| value.to_owned())),
        _ => Say::new(value, value),
    }
}

/// Digits in one run from which on a number is one of an identity card, a telephone or an account, no amount or date.
const LONG_NUMBER: usize = 11;

/// Stars the middle of long numbers in a free text: what an officer wrote into the facts must not bring into a report
/// what its fields keep out. The text itself stays in the record as it was sent.
fn mask_long_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let digits = from.bytes().take_while(u8::is_ascii_digit).count();
        let check = usize::from(digits == 17 && from[digits..].starts_with(['X', 'x']));
        let (number, after) = from.split_at(digits + check);
        out.push_str(before);
        if number.len() < LONG_NUMBER {
            out.push_str(number);
        } else {
            out.push_str(&number[..3]);
            out.extend(std::iter::repeat_n('*', number.len() - 5));
            out.push_str(&number[number.len() - 2..]);
        }
        rest = after;
    }
    out + rest
}

/// The English of a choice, or of each of several; `None` where the dictionary lacks one.
fn choice_en(def: &FieldDef, value: &str) -> Option<String> {
    let choices = def.choices.as_ref()?;
    let one = |part: &str| choices.entries().iter().find(|entry| entry.value == part).map(|entry| entry.en.as_str());
    if let Some(en) = one(value) {
        return Some(en.to_owned());
    }
    let several: Option<Vec<&str>> = parts(value).map(one).collect();
    several.filter(|all| !all.is_empty()).map(|all| all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_in_free_text_are_masked_and_short_ones_stay() {
        for (text, shown) in [
            ("当事人（身份证990000199001010017）", "当事人（身份证990*************17）"),
            ("号码99000019880505001X，电话13800000000", "号码990*************1X，电话138******00"),
            (
                "罚款人民币11000元，〔2026〕100001号，2026年10月14日",
                "罚款人民币11000元，〔2026〕100001号，2026年10月14日",
            ),
            ("没有数字", "没有数字"),
            ("", ""),
        ] {
            assert_eq!(mask_long_numbers(text), shown);
        }
    }
}
