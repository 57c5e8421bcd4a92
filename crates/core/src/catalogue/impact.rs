//! What a new catalogue would change, in words. Counting the records that it touches is for whoever has them; for
//! each of them [`display_change`] says what would happen.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::deadline::{DeadlineKind, DeadlineRule};
use super::item::ItemDef;
use super::model::{Field, Severity};
use super::{Catalogue, show};
use crate::say::Say;

/// What kind of rule of an item changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Name, class, subjects, authorities, polarity, sharing and flags.
    Item,
    /// A field, or what makes a record the same record.
    Field,
    /// The legal basis, or the law behind it.
    Basis,
    /// How severity is derived.
    Severity,
    /// How long a record is shown.
    Period,
    /// For which uses a record is shown.
    Use,
    /// How it is repaired.
    Repair,
    /// How long it is kept.
    Retention,
}

/// One changed rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// Its kind.
    pub rule: RuleKind,
    /// What changes.
    pub say: Say,
}

/// One item that both catalogues have and that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemChange {
    /// Code of the item.
    pub item: String,
    /// What changes, by kind.
    pub changes: Vec<RuleChange>,
}

impl ItemChange {
    /// Must the columns of records held today be computed again before the new catalogue serves?
    #[must_use]
    pub fn moves_display(&self) -> bool {
        self.changes.iter().any(|change| matches!(change.rule, RuleKind::Severity | RuleKind::Period | RuleKind::Item))
    }

    /// Does a rule of this kind change?
    #[must_use]
    pub fn touches(&self, rule: RuleKind) -> bool {
        self.changes.iter().any(|change| change.rule == rule)
    }
}

/// What a new catalogue changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// Content hash of the old catalogue, in hexadecimal digits.
    pub old_hash: String,
    /// Content hash of the new one.
    pub new_hash: String,
    /// Items that only the new one has.
    pub added: Vec<String>,
    /// Items that only the old one has: nothing more of them is taken in, and what is held has no rule to be shown by.
    pub removed: Vec<String>,
    /// Items of both that change.
    pub changed: Vec<ItemChange>,
    /// Laws, dictionaries and measures that change.
    pub shared: Vec<Say>,
}

impl Impact {
    /// Do the two say the same? Their files may still differ in comments and order.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() && self.shared.is_empty()
    }
}

/// What `new` would change against `old`, by item and rule, in order of code.
#[must_use]
pub fn impact(old: &Catalogue, new: &Catalogue) -> Impact {
    let codes = |catalogue: &Catalogue| -> BTreeSet<String> {
        catalogue.items().iter().map(|def| def.code().to_owned()).collect()
    };
    let (before, after) = (codes(old), codes(new));
    let changed = before.intersection(&after).filter_map(|code| {
        let changes = item_changes(old.item(code)?, new.item(code)?);
        (!changes.is_empty()).then(|| ItemChange { item: code.clone(), changes })
    });
    Impact {
        old_hash: old.hash_hex(),
        new_hash: new.hash_hex(),
        changed: changed.collect(),
        added: after.difference(&before).cloned().collect(),
        removed: before.difference(&after).cloned().collect(),
        shared: shared_changes(old, new),
    }
}

/// The end of one record's display under two catalogues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisplayChange {
    /// First day not shown, by the old rules; `None` without end.
    pub before: Option<Date>,
    /// By the new rules.
    pub after: Option<Date>,
}

impl DisplayChange {
    /// Would the record be shown for longer than today's rules say? New rules that burden people do not reach back
    /// unless they say so, and whoever applies the catalogue should know.
    #[must_use]
    pub fn lengthens(self) -> bool {
        match (self.before, self.after) {
            (Some(before), Some(after)) => after > before,
            (before, after) => before.is_some() && after.is_none(),
        }
    }
}

/// What the new item does to one record's display; `None`: nothing. The severities are those that either item
/// [derives](ItemDef::severity_of) from the record.
#[must_use]
pub fn display_change(
    (old, old_severity): (&ItemDef, Option<Severity>),
    (new, new_severity): (&ItemDef, Option<Severity>),
    decided_on: Date,
    valid_until: Option<Date>,
) -> Option<DisplayChange> {
    let before = old.display_until(decided_on, old_severity, valid_until);
    let after = new.display_until(decided_on, new_severity, valid_until);
    (before != after).then_some(DisplayChange { before, after })
}

fn item_changes(old: &ItemDef, new: &ItemDef) -> Vec<RuleChange> {
    let (a, b) = (&old.item, &new.item);
    let mut changes = head_changes(old, new);
    changes.extend(field_changes(old, new));
    let lines = |rule: RuleKind, before: Vec<Say>, after: Vec<Say>| line_changes(rule, &before, &after);
    changes.extend(lines(
        RuleKind::Basis,
        a.bases.iter().map(show::basis).collect(),
        b.bases.iter().map(show::basis).collect(),
    ));
    if a.bases == b.bases && old.law_spans != new.law_spans {
        let say = Say::new("所依据的法规的施行日期或者层级有变化", "the dates or the rank of a law behind it change");
        changes.push(RuleChange { rule: RuleKind::Basis, say });
    }
    changes.extend(lines(
        RuleKind::Severity,
        a.severity_rules.iter().flat_map(|rule| show::severity(old, rule)).collect(),
        b.severity_rules.iter().flat_map(|rule| show::severity(new, rule)).collect(),
    ));
    changes.extend(lines(
        RuleKind::Period,
        a.periods.iter().map(|rule| with_clause(show::period(rule), &rule.clause)).collect(),
        b.periods.iter().map(|rule| with_clause(show::period(rule), &rule.clause)).collect(),
    ));
    changes.extend(lines(
        RuleKind::Use,
        a.use_rules.iter().map(|rule| with_clause(show::use_rule(rule), &rule.clause)).collect(),
        b.use_rules.iter().map(|rule| with_clause(show::use_rule(rule), &rule.clause)).collect(),
    ));
    changes.extend(lines(
        RuleKind::Repair,
        a.repairs.iter().map(|rule| with_clause(show::repair(rule), &rule.clause)).collect(),
        b.repairs.iter().map(|rule| with_clause(show::repair(rule), &rule.clause)).collect(),
    ));
    changes.extend(lines(
        RuleKind::Retention,
        old.retentions.iter().map(|rule| with_clause(show::retention(rule), &rule.clause)).collect(),
        new.retentions.iter().map(|rule| with_clause(show::retention(rule), &rule.clause)).collect(),
    ));
    changes
}

fn with_clause(line: Say, clause: &str) -> Say {
    Say::new(format!("{}（{clause}）", line.zh), format!("{} ({clause})", line.en))
}

/// Rules are compared by what they say to people: two that read alike are alike.
fn line_changes(rule: RuleKind, before: &[Say], after: &[Say]) -> Vec<RuleChange> {
    let gone = before.iter().filter(|line| !after.contains(line));
    let come = after.iter().filter(|line| !before.contains(line));
    let gone = gone.map(|line| Say::new(format!("不再有：{}", line.zh), format!("no longer: {}", line.en)));
    let come = come.map(|line| Say::new(format!("新增：{}", line.zh), format!("new: {}", line.en)));
    gone.chain(come).map(|say| RuleChange { rule, say }).collect()
}

fn head_changes(old: &ItemDef, new: &ItemDef) -> Vec<RuleChange> {
    let (a, b) = (&old.item, &new.item);
    let changed = [
        (a.name != b.name || a.name_en != b.name_en, "名称", "name"),
        (a.class != b.class, "类别", "class"),
        (a.domains != b.domains, "领域", "fields of life"),
        (a.occupations != b.occupations, "职业", "occupations"),
        (a.subjects != b.subjects, "主体性质", "kinds of subject"),
        (a.authorities != b.authorities, "责任单位", "authorities"),
        (a.polarity != b.polarity, "信息性质", "polarity"),
        (a.sharing != b.sharing, "公开属性", "sharing"),
        (a.sealed != b.sealed, "封存", "sealed"),
        (a.safety_bar != b.safety_bar || a.safety_bar_if != b.safety_bar_if, "安全从业限制", "safety bar"),
        (a.own_wish != b.own_wish, "凭主体自愿", "own wish"),
        (a.open_to_minors != b.open_to_minors, "对未成年人开放", "open to minors"),
        (a.send_within_working_days != b.send_within_working_days, "报送时限", "time for sending"),
    ];
    let named = changed.into_iter().filter(|(changed, ..)| *changed);
    named
        .map(|(_, zh, en)| RuleChange {
            rule: RuleKind::Item,
            say: Say::new(format!("{zh}有变化"), format!("{en} changes")),
        })
        .collect()
}

fn field_changes(old: &ItemDef, new: &ItemDef) -> Vec<RuleChange> {
    let mut says = Vec::new();
    for def in &old.fields {
        let code = &def.field.code;
        match new.field(code) {
            None => says.push(Say::new(format!("不再有字段 {code}"), format!("field {code} is gone"))),
            Some(other) => says.extend(field_change(&def.field, &other.field)),
        }
    }
    for def in new.fields.iter().filter(|def| old.field(&def.field.code).is_none()) {
        let (code, label, label_en) = (&def.field.code, &def.field.label, &def.field.label_en);
        says.push(Say::new(format!("新增字段 {code} {label}"), format!("new field {code} {label_en}")));
    }
    let identity = |def: &ItemDef| -> Vec<String> {
        def.identity_fields().iter().filter_map(|i| def.fields.get(*i)).map(|f| f.field.code.clone()).collect()
    };
    if identity(old) != identity(new) {
        says.push(Say::new(
            "决定同一条记录的字段有变化：同一事项再次报送会成为另一条记录",
            "what identifies a record changes: the same matter sent again would become another record",
        ));
    }
    says.into_iter().map(|say| RuleChange { rule: RuleKind::Field, say }).collect()
}

fn field_change(a: &Field, b: &Field) -> Option<Say> {
    let parts = [
        (a.label != b.label || a.label_en != b.label_en, "名称", "label"),
        (a.aliases != b.aliases, "别名", "aliases"),
        (a.kind != b.kind, "类型", "type"),
        (a.max_length != b.max_length, "长度", "length"),
        (a.required != b.required || a.required_if != b.required_if, "必填", "required"),
        (a.dictionary != b.dictionary, "字典", "dictionary"),
        (a.personal != b.personal, "个人信息", "personal"),
        (a.free_text != b.free_text, "自由文本", "free text"),
        (a.role != b.role, "用途", "role"),
        (a.shown_to != b.shown_to, "展示对象", "shown to"),
        (a.content != b.content, "内容类别", "content"),
    ];
    let changed: Vec<_> = parts.into_iter().filter(|(changed, ..)| *changed).collect();
    let join = |of: fn(&(bool, &'static str, &'static str)) -> &'static str, by: &str| {
        changed.iter().map(of).collect::<Vec<_>>().join(by)
    };
    (!changed.is_empty()).then(|| {
        Say::new(
            format!("字段 {}：{}有变化", a.code, join(|part| part.1, "、")),
            format!("field {}: {} changes", a.code, join(|part| part.2, ", ")),
        )
    })
}

fn shared_changes(old: &Catalogue, new: &Catalogue) -> Vec<Say> {
    let mut says = Vec::new();
    compare(&mut says, "法规", "law", old.laws(), new.laws(), |law| &law.code);
    let mut a: Vec<_> = old.dictionaries().collect();
    let mut b: Vec<_> = new.dictionaries().collect();
    a.sort_by(|x, y| x.code.cmp(&y.code));
    b.sort_by(|x, y| x.code.cmp(&y.code));
    compare(&mut says, "字典", "dictionary", &a, &b, |dictionary| &dictionary.code);
    compare(&mut says, "措施", "measure", old.measures(), new.measures(), |measure| &measure.code);
    let (a, b) = (deadline_codes(old), deadline_codes(new));
    compare(&mut says, "期限", "deadline", &a, &b, |(code, _)| code);
    let (a, b): (Vec<_>, Vec<_>) =
        (old.matters().iter().map(|def| &def.matter).collect(), new.matters().iter().map(|def| &def.matter).collect());
    compare(&mut says, "办理事项", "matter", &a, &b, |matter| &matter.code);
    says
}

/// Each deadline with its rules, of which there may be one for each span of days.
fn deadline_codes(catalogue: &Catalogue) -> Vec<(String, Vec<&DeadlineRule>)> {
    let rules = |kind: DeadlineKind| catalogue.deadlines().iter().filter(move |rule| rule.code == kind).collect();
    let all = DeadlineKind::ALL.into_iter().map(|kind| (kind.code().to_owned(), rules(kind)));
    all.filter(|(_, rules): &(String, Vec<_>)| !rules.is_empty()).collect()
}

fn compare<T: PartialEq>(says: &mut Vec<Say>, zh: &str, en: &str, old: &[T], new: &[T], code: fn(&T) -> &String) {
    for thing in old {
        match new.iter().find(|other| code(other) == code(thing)) {
            None => says.push(Say::new(format!("不再有{zh} {}", code(thing)), format!("{en} {} is gone", code(thing)))),
            Some(other) if other != thing => {
                says.push(Say::new(format!("{zh} {} 有变化", code(thing)), format!("{en} {} changes", code(thing))));
            }
            Some(_) => {}
        }
    }
    for thing in new.iter().filter(|thing| !old.iter().any(|other| code(other) == code(thing))) {
        says.push(Say::new(format!("新增{zh} {}", code(thing)), format!("new {en} {}", code(thing))));
    }
}
