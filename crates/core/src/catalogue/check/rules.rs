//! Dated rules: no two for the same thing on one day; how long an adverse record is shown; how severity is decided.

use jiff::ToSpan;
use jiff::civil::Date;

use super::super::dated::{Dated, Span};
use super::super::finding::FindingRule;
use super::super::model::{FieldType, Polarity, Severity, SeverityCase};
use super::super::source::Step::{At, Key};
use super::scene::{Here, Scene};
use crate::say::Say;

/// The longest that an adverse record may be shown, in months. A house ceiling: three years is the maximum for serious
/// records in 信用修复管理办法 and the cap on all adverse records in one city plan. Rules themselves are data; this only
/// keeps a slip of the pen from becoming a lifelong mark.
pub(super) const CEILING_MONTHS: u32 = 36;

pub(super) fn check(scene: &mut Scene<'_>) {
    for here in scene.items() {
        overlaps(scene, here);
        periods(scene, here);
        gaps(scene, here);
        severity(scene, here);
        repairs(scene, here);
    }
}

fn overlaps(scene: &mut Scene<'_>, here: Here<'_>) {
    let item = here.item();
    pairs(scene, here, "basis", &item.bases, |a, b| a.clause == b.clause);
    pairs(scene, here, "period", &item.periods, |a, b| a.severity == b.severity);
    pairs(scene, here, "severity", &item.severity_rules, |_, _| true);
    pairs(scene, here, "repair", &item.repairs, |_, _| true);
    pairs(scene, here, "use", &item.use_rules, |a, b| {
        let same_subject = a.subjects.iter().any(|kind| b.subjects.contains(kind));
        let all = a.severities.is_empty() || b.severities.is_empty();
        let same_severity = all || a.severities.iter().any(|s| b.severities.contains(s));
        a.use_for == b.use_for && same_subject && same_severity
    });
}

pub(super) fn pairs<R: Dated>(
    scene: &mut Scene<'_>,
    here: Here<'_>,
    key: &str,
    rules: &[R],
    same: impl Fn(&R, &R) -> bool,
) {
    for (i, rule) in rules.iter().enumerate() {
        if rule.span().is_empty() {
            let say = Say::new("失效日期不晚于生效日期", "the rule ends before it begins");
            scene.item(here, FindingRule::OverlappingDates, &[Key(key), At(i), Key("until")], say);
            continue;
        }
        let earlier = rules.iter().take(i).find(|other| same(rule, other) && rule.span().meets(&other.span()));
        if let Some(other) = earlier {
            let say = Say::new(
                format!("与自 {} 起的同类规则（{key}）期间重叠", other.span().from),
                format!("overlaps the {key} rule for the same matter that begins on {}", other.span().from),
            );
            scene.item(here, FindingRule::OverlappingDates, &[Key(key), At(i), Key("from")], say);
        }
    }
}

/// The severities that a record of the item can come to have.
fn severities(here: Here<'_>) -> Vec<Option<Severity>> {
    let rules = &here.item().severity_rules;
    let mut all: Vec<_> =
        rules.iter().flat_map(|rule| rule.cases.iter().map(|case| case.is).chain([rule.otherwise])).map(Some).collect();
    all.sort();
    all.dedup();
    if all.is_empty() { vec![None] } else { all }
}

fn periods(scene: &mut Scene<'_>, here: Here<'_>) {
    let item = here.item();
    for (i, rule) in item.periods.iter().enumerate() {
        let fault = match rule.max_months {
            Some(max) if max < rule.min_months => {
                Some(("min_months", Say::new("最短公示期长于最长公示期", "the minimum is longer than the maximum")))
            }
            Some(max) if max > CEILING_MONTHS && item.polarity == Polarity::Adverse => Some((
                "max_months",
                Say::new(
                    format!("失信记录最长公示 {CEILING_MONTHS} 个月"),
                    format!("an adverse record is shown for {CEILING_MONTHS} months at most"),
                ),
            )),
            None if item.polarity == Polarity::Adverse => Some((
                "max_months",
                Say::new("失信记录必须有最长公示期（max_months）", "an adverse record needs a maximum (max_months)"),
            )),
            _ => None,
        };
        if let Some((key, say)) = fault {
            scene.item(here, FindingRule::Period, &[Key("period"), At(i), Key(key)], say);
        }
    }
    if item.polarity == Polarity::Adverse {
        for severity in severities(here) {
            if here.def.period_for(scene.today, severity).is_none() {
                let (zh, en) = severity.map_or(("", "records"), words);
                let say = Say::new(
                    format!("今日没有适用于{zh}失信记录的公示期限规则（period）"),
                    format!("no display period is in force today for {en}"),
                );
                scene.item(here, FindingRule::Period, &[Key("period"), At(0)], say);
            }
        }
    }
}

fn words(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Minor => ("轻微", "minor records"),
        Severity::General => ("一般", "general records"),
        Severity::Serious => ("严重", "serious records"),
    }
}

/// Days within reach of any display period on which the item may be collected and yet has no period: records of such a
/// day would be taken in and never shown.
fn gaps(scene: &mut Scene<'_>, here: Here<'_>) {
    let item = here.item();
    if item.polarity != Polarity::Adverse || item.periods.is_empty() {
        return;
    }
    let reach = scene.today.saturating_sub(i64::from(CEILING_MONTHS).months());
    let changes = |span: Span| [Some(span.from), span.until].into_iter().flatten();
    let mut days: Vec<Date> = (item.bases.iter().map(Dated::span).flat_map(changes))
        .chain(item.periods.iter().map(Dated::span).flat_map(changes))
        .chain([reach])
        .filter(|day| (reach..scene.today).contains(day))
        .collect();
    days.sort();
    let uncovered = days.into_iter().find(|day| {
        here.def.basis_on(*day).next().is_some()
            && severities(here).iter().any(|severity| here.def.period_for(*day, *severity).is_none())
    });
    if let Some(day) = uncovered {
        let say = Say::new(
            format!("{day} 作出的决定可以归集，但没有公示期限规则，其记录一天也不会公示"),
            format!("a decision of {day} may be collected but has no display period: its record would never be shown"),
        );
        scene.item(here, FindingRule::PeriodGap, &[Key("period"), At(0)], say);
    }
}

fn severity(scene: &mut Scene<'_>, here: Here<'_>) {
    for (i, rule) in here.item().severity_rules.iter().enumerate() {
        for (j, case) in rule.cases.iter().enumerate() {
            if let Some((rule, key, say)) = case_fault(here, case) {
                let path = [Key("severity"), At(i), Key("case"), At(j), Key(key)];
                scene.item(here, rule, &path, say);
            }
        }
    }
}

fn case_fault(here: Here<'_>, case: &SeverityCase) -> Option<(FindingRule, &'static str, Say)> {
    let name = &case.field;
    let Some(def) = here.def.field(name) else {
        let say = Say::new(
            format!("严重程度规则引用了不存在的字段“{name}”"),
            format!("the severity rule looks at field `{name}`, which the item does not have"),
        );
        return Some((FindingRule::UnknownField, "field", say));
    };
    let by_amount = case.person_at_least_fen.is_some() || case.organisation_at_least_fen.is_some();
    let money = matches!(def.field.kind, FieldType::MoneyWan | FieldType::MoneyYuan);
    let unknown = || case.any_of.iter().find(|value| def.choices.as_ref().is_some_and(|choices| !choices.holds(value)));
    if by_amount && !money {
        let say = Say::new(format!("字段 {name} 不是金额"), format!("field {name} is not an amount"));
        Some((FindingRule::SeverityRule, "field", say))
    } else if !by_amount && case.any_of.is_empty() {
        let say = Say::new("该情形没有任何条件", "the case has no condition and would match everything");
        Some((FindingRule::SeverityRule, "field", say))
    } else {
        let value = unknown()?;
        let say = Say::new(
            format!("“{value}”不是字段 {name} 的值，该情形永远不会成立"),
            format!("`{value}` is no value of field {name}: the case could never match"),
        );
        Some((FindingRule::SeverityRule, "any_of", say))
    }
}

fn repairs(scene: &mut Scene<'_>, here: Here<'_>) {
    for (i, rule) in here.item().repairs.iter().enumerate() {
        let fault = if rule.conditions.is_empty() {
            Some(("conditions", Say::new("修复规则没有写明条件", "the repair rule states no condition")))
        } else if rule.conditions.len() != rule.conditions_en.len() {
            let say = Say::new("修复条件的中英文条数不同", "the conditions differ in number between the two languages");
            Some(("conditions_en", say))
        } else if rule.decide_working_days == 0 {
            Some(("decide_working_days", Say::new("没有写明办理时限", "no time for the decision is given")))
        } else {
            None
        };
        if let Some((key, say)) = fault {
            scene.item(here, FindingRule::RepairRule, &[Key("repair"), At(i), Key(key)], say);
        }
    }
}
