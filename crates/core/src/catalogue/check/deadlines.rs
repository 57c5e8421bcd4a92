//! Deadlines: each on clauses that exist, in words, in a unit that its clauses fit, and one for a day.
//!
//! # Source
//! 民法典 art. 200–204: how periods are counted.

use super::super::dated::Dated;
use super::super::deadline::{DeadlineRule, DeadlineUnit};
use super::super::finding::FindingRule;
use super::super::source::Source;
use super::super::source::Step::{At, Key};
use super::scene::Scene;
use super::words::unknown_clause;
use crate::say::Say;

pub(super) fn check(scene: &mut Scene<'_>) {
    let mut before: Vec<&DeadlineRule> = Vec::new();
    for source in scene.sources {
        for (i, rule) in source.tables.deadlines.iter().enumerate() {
            for (key, say) in plain_faults(rule) {
                scene.other(source, FindingRule::Deadline, &[Key("deadline"), At(i), Key(key)], say);
            }
            clauses(scene, source, i, rule);
            dates(scene, source, i, rule, &before);
            before.push(rule);
        }
    }
}

fn plain_faults(rule: &DeadlineRule) -> Vec<(&'static str, Say)> {
    let mut faults = Vec::new();
    let code = rule.code.code();
    let words =
        [("name", &rule.name), ("name_en", &rule.name_en), ("starts", &rule.starts), ("starts_en", &rule.starts_en)];
    for (key, _) in words.into_iter().filter(|(_, word)| word.trim().is_empty()) {
        let say = Say::new(format!("期限“{code}”缺少 {key}"), format!("deadline `{code}` lacks {key}"));
        faults.push((key, say));
    }
    if !(1..=DeadlineRule::MOST).contains(&rule.count) {
        let most = DeadlineRule::MOST;
        let say = Say::new(
            format!("期限“{code}”的数目应为 1 至 {most}"),
            format!("deadline `{code}` counts 1 to {most} units"),
        );
        faults.push(("count", say));
    }
    let in_working_days = rule.unit == DeadlineUnit::WorkingDays;
    if rule.holiday_clause.is_some() && in_working_days {
        let say = Say::new(
            format!("期限“{code}”以工作日计，末日不会是休假日，不需要 holiday_clause"),
            format!(
                "deadline `{code}` counts working days, so its last day is never a holiday: leave holiday_clause out"
            ),
        );
        faults.push(("holiday_clause", say));
    }
    if rule.unit_clause.is_some() && !in_working_days {
        let say = Say::new(
            format!("期限“{code}”有 unit_clause，却不以工作日计"),
            format!("deadline `{code}` has a unit_clause and does not count working days"),
        );
        faults.push(("unit_clause", say));
    }
    faults
}

fn clauses(scene: &mut Scene<'_>, source: &Source<'_>, i: usize, rule: &DeadlineRule) {
    for (key, clause) in rule.clauses() {
        if scene.catalogue.clause(clause).is_none() {
            let path = [Key("deadline"), At(i), Key(key)];
            scene.other(source, FindingRule::UnknownClause, &path, unknown_clause(clause));
        }
    }
}

fn dates(scene: &mut Scene<'_>, source: &Source<'_>, i: usize, rule: &DeadlineRule, before: &[&DeadlineRule]) {
    let code = rule.code.code();
    if rule.span().is_empty() {
        let say = Say::new(
            format!("期限“{code}”的失效日期不晚于生效日期"),
            format!("deadline `{code}` ends before it begins"),
        );
        scene.other(source, FindingRule::OverlappingDates, &[Key("deadline"), At(i), Key("until")], say);
    } else if before.iter().any(|other| other.code == rule.code && other.span().meets(&rule.span())) {
        let say = Say::new(
            format!("期限“{code}”有两条规则在同一天有效"),
            format!("two rules of deadline `{code}` hold on the same day"),
        );
        scene.other(source, FindingRule::OverlappingDates, &[Key("deadline"), At(i), Key("from")], say);
    }
}
