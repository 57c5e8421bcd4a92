//! An item in words, for `catalogue show` and for saying what a new catalogue changes.

use serde::Serialize;

use super::Catalogue;
use super::dated::{Dated, Span};
use super::item::{FieldDef, ItemDef};
use super::model::{Basis, PeriodRule, RepairRule, RetentionRule, SeverityCase, SeverityRule, UseRule};
use super::names::joined;
use crate::say::Say;

/// One heading with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ShowSection {
    /// What the lines are about.
    pub title: Say,
    /// One fact or rule each.
    pub lines: Vec<Say>,
}

/// An item in words, section by section. Sections without a line are left out.
#[must_use]
pub fn show(catalogue: &Catalogue, def: &ItemDef) -> Vec<ShowSection> {
    let item = &def.item;
    let sections = [
        section("信用事项", "Item", head(catalogue, def)),
        section(
            "归集依据",
            "Legal basis",
            item.bases.iter().map(|rule| cite(catalogue, basis(rule), &rule.clause)).collect(),
        ),
        section("数据字段", "Fields", def.fields.iter().map(field).collect()),
        section("严重程度", "Severity", item.severity_rules.iter().flat_map(|rule| severity(def, rule)).collect()),
        section(
            "公示期限",
            "Display period",
            item.periods.iter().map(|rule| cite(catalogue, period(rule), &rule.clause)).collect(),
        ),
        section(
            "保存期限",
            "Kept for",
            def.retentions.iter().map(|rule| cite(catalogue, retention(rule), &rule.clause)).collect(),
        ),
        section(
            "用途",
            "Uses",
            item.use_rules.iter().map(|rule| cite(catalogue, use_rule(rule), &rule.clause)).collect(),
        ),
        section(
            "信用修复",
            "Repair",
            item.repairs.iter().map(|rule| cite(catalogue, repair(rule), &rule.clause)).collect(),
        ),
        section("措施", "Measures", measures(catalogue, def)),
    ];
    sections.into_iter().filter(|section| !section.lines.is_empty()).collect()
}

fn section(zh: &str, en: &str, lines: Vec<Say>) -> ShowSection {
    ShowSection { title: Say::new(zh, en), lines }
}

fn head(catalogue: &Catalogue, def: &ItemDef) -> Vec<Say> {
    let item = &def.item;
    let senders = joined(item.authorities.iter().map(|kind| kind_of_authority(catalogue, kind)));
    let subjects = joined(item.subjects.iter().map(|kind| kind.name()));
    let (polarity, sharing) = (item.polarity.name(), item.sharing.name());
    let mut lines = vec![
        Say::new(format!("{}（{}）", item.name, item.code), format!("{} ({})", item.name_en, item.code)),
        Say::new(format!("类别：{}", item.class), format!("Class: {}", item.class)),
        Say::new(
            format!("性质：{}；公开属性：{}", polarity.zh, sharing.zh),
            format!("{}; sharing: {}", polarity.en, sharing.en),
        ),
        Say::new(format!("主体：{}", subjects.zh), format!("About: {}", subjects.en)),
        Say::new(format!("责任单位：{}", senders.zh), format!("Sent by: {}", senders.en)),
    ];
    for (zh, en, words) in [("领域", "Fields of life", &item.domains), ("职业", "Occupations", &item.occupations)] {
        if !words.is_empty() {
            lines.push(Say::new(format!("{zh}：{}", words.join("、")), format!("{en}: {}", words.join(", "))));
        }
    }
    if let Some(days) = item.send_within_working_days {
        lines.push(Say::new(
            format!("自决定之日起 {days} 个工作日内报送"),
            format!("To be sent within {days} working days of the decision"),
        ));
    }
    if item.sealed {
        lines.push(Say::new("依法封存：除本人外不向任何人展示", "Sealed by law: shown to nobody but the subject"));
    }
    if item.own_wish {
        lines.push(Say::new(
            "凭主体自愿申报归集：主体可以随时要求删除",
            "Collected on the subject's own wish: they have it deleted whenever they want",
        ));
    }
    if item.safety_bar {
        lines.push(Say::new(
            "停用期间，核查答复“请向认定机关查询”",
            "While out of use, a check answers \"ask the determining authority\"",
        ));
    }
    lines
}

fn measures(catalogue: &Catalogue, def: &ItemDef) -> Vec<Say> {
    let follow = catalogue.measures().iter().filter(|measure| measure.items.iter().any(|code| code == def.code()));
    follow
        .map(|measure| {
            let agency = kind_of_authority(catalogue, &measure.agency);
            let line = Say::new(
                format!("{}：{}（{}）", span(measure.span()).zh, measure.name, agency.zh),
                format!("{}: {} ({})", span(measure.span()).en, measure.name_en, agency.en),
            );
            cite(catalogue, line, &measure.clause)
        })
        .collect()
}

/// A kind of authority as people call it; its code where the dictionary does not know it.
#[must_use]
pub fn kind_of_authority(catalogue: &Catalogue, code: &str) -> Say {
    let kinds = catalogue.dictionary("authority-kind").map_or(&[][..], |kinds| kinds.entries());
    let named = kinds.iter().find(|kind| kind.value == code);
    named.map_or_else(|| Say::new(code, code), |kind| Say::new(kind.aliases.first().unwrap_or(&kind.value), &kind.en))
}

/// Adds the clause that a rule rests on, and whether anybody has read it.
fn cite(catalogue: &Catalogue, line: Say, cited: &str) -> Say {
    let Some((law, clause)) = catalogue.clause(cited) else { return line };
    let (zh, en) = if clause.verified { ("", "") } else { ("，未核对", ", not read at its source") };
    Say::new(
        format!("{}〔《{}》{}{zh}〕", line.zh, law.title, clause.label),
        format!("{} [{}, {}{en}]", line.en, law.title_en, clause.label),
    )
}

pub(super) fn span(span: Span) -> Say {
    match span.until {
        None => Say::new(format!("自 {} 起", span.from), format!("from {}", span.from)),
        Some(until) => {
            Say::new(format!("自 {} 起至 {until} 前", span.from), format!("from {} until before {until}", span.from))
        }
    }
}

pub(super) fn basis(rule: &Basis) -> Say {
    let days = span(rule.span());
    Say::new(format!("{}：{}", days.zh, rule.clause), format!("{}: {}", days.en, rule.clause))
}

pub(super) fn period(rule: &PeriodRule) -> Say {
    let (days, clock, end) = (span(rule.span()), rule.clock.name(), rule.at_maximum.name());
    let severity = rule.severity.map_or_else(|| Say::new("全部", "all records"), |severity| severity.name());
    let (max_zh, max_en) = rule.max_months.map_or_else(
        || ("有效期内公示".to_owned(), "shown as long as it is valid".to_owned()),
        |max| (format!("最长 {max} 个月",), format!("at most {max} months")),
    );
    Say::new(
        format!("{}：{}，最短 {} 个月，{max_zh}，{}，{}", days.zh, severity.zh, rule.min_months, clock.zh, end.zh),
        format!(
            "{}: {}, at least {} months, {max_en}, {}, {}",
            days.en, severity.en, rule.min_months, clock.en, end.en
        ),
    )
}

pub(super) fn retention(rule: &RetentionRule) -> Say {
    let (days, months) = (span(rule.span()), rule.months);
    Say::new(
        format!("{}：停止公示后保存 {months} 个月，随后销毁内容", days.zh),
        format!("{}: kept for {months} months behind the end of its display, then its content is destroyed", days.en),
    )
}

pub(super) fn severity(def: &ItemDef, rule: &SeverityRule) -> Vec<Say> {
    let (days, otherwise) = (span(rule.span()), rule.otherwise.name());
    let cases = rule.cases.iter().map(|case| severity_case(def, &days, case));
    cases
        .chain([Say::new(
            format!("{}：其他情形为{}", days.zh, otherwise.zh),
            format!("{}: otherwise {}", days.en, otherwise.en),
        )])
        .collect()
}

fn severity_case(def: &ItemDef, days: &Say, case: &SeverityCase) -> Say {
    let of = def.field(&case.field).map_or_else(|| Say::new(&case.field, &case.field), |of| of.field.label_read());
    let is = case.is.name();
    let mut zh = Vec::new();
    let mut en = Vec::new();
    if !case.any_of.is_empty() {
        zh.push(format!("{}为{}", of.zh, case.any_of.join("、")));
        en.push(format!("{} is {}", of.en, case.any_of.join(" or ")));
    }
    let amounts =
        [("自然人", "persons", case.person_at_least_fen), ("法人", "organisations", case.organisation_at_least_fen)];
    for (who_zh, who_en, fen) in amounts {
        let Some(fen) = fen else { continue };
        let yuan = fen / 100;
        zh.push(format!("{who_zh}{}不低于 {yuan} 元", of.zh));
        en.push(format!("{} from {yuan} CNY for {who_en}", of.en));
    }
    Say::new(
        format!("{}：{}为{}", days.zh, zh.join("，"), is.zh),
        format!("{}: {} where {}", days.en, is.en, en.join(", ")),
    )
}

pub(super) fn use_rule(rule: &UseRule) -> Say {
    let (days, what) = (span(rule.span()), rule.use_for.name());
    let subjects = joined(rule.subjects.iter().map(|kind| kind.name()));
    let severities = joined(rule.severities.iter().map(|severity| severity.name()));
    let (zh, en) = if rule.severities.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("，限{}", severities.zh), format!(", only {}", severities.en))
    };
    Say::new(
        format!("{}：{}，适用于{}{zh}", days.zh, what.zh, subjects.zh),
        format!("{}: {} of {}{en}", days.en, what.en, subjects.en),
    )
}

pub(super) fn repair(rule: &RepairRule) -> Say {
    let days = span(rule.span());
    let (accept, decide) = (rule.accept_working_days, rule.decide_working_days);
    Say::new(
        format!(
            "{}：{} 个工作日内受理，{} 个工作日内决定；条件：{}",
            days.zh,
            accept,
            decide,
            rule.conditions.join("；")
        ),
        format!(
            "{}: accepted within {accept} and decided within {decide} working days; conditions: {}",
            days.en,
            rule.conditions_en.join("; ")
        ),
    )
}

fn field(def: &FieldDef) -> Say {
    let field = &def.field;
    let kind = field.kind.name();
    let shown = joined(field.shown_to.iter().map(|audience| audience.name()));
    let mut marks = vec![(kind.zh, kind.en)];
    let mut mark = |on: bool, zh: &str, en: &str| {
        if on {
            marks.push((zh.to_owned(), en.to_owned()));
        }
    };
    mark(
        field.max_length > 0,
        &format!("不超过 {} 字", field.max_length),
        &format!("up to {} characters", field.max_length),
    );
    mark(field.required, "必填", "required");
    if let Some(condition) = &field.required_if {
        let values = (condition.values.join("、"), condition.values.join(" or "));
        mark(
            true,
            &format!("{} 为{}时必填", condition.field, values.0),
            &format!("required where {} is {}", condition.field, values.1),
        );
    }
    if let Some(choices) = &def.choices {
        mark(true, &format!("字典：{}", choices.name), &format!("dictionary: {}", choices.name_en));
    }
    mark(field.identity, "决定同一条记录", "identifies the record");
    mark(field.free_text, "自由文本", "free text");
    if field.shown_to.is_empty() {
        mark(true, "不展示", "shown to nobody");
    } else {
        mark(true, &format!("展示给{}", shown.zh), &format!("shown to {}", shown.en));
    }
    let (zh, en): (Vec<_>, Vec<_>) = marks.into_iter().unzip();
    Say::new(
        format!("{} {}：{}", field.code, field.label, zh.join("，")),
        format!("{} {}: {}", field.code, field.label_en, en.join(", ")),
    )
}
