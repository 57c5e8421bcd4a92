//! What may follow from a record: on a lawful basis in force, by an agency, from items that exist.
//!
//! # Source
//! 全国失信惩戒措施基础清单 (2024): each measure with content, targets, basis and implementing agency.

use super::super::dated::Dated;
use super::super::finding::FindingRule;
use super::super::model::Measure;
use super::super::source::Source;
use super::super::source::Step::{At, Key};
use super::scene::Scene;
use super::words::unknown_clause;
use crate::say::Say;

pub(super) fn check(scene: &mut Scene<'_>) {
    for source in scene.sources {
        for (i, measure) in source.tables.measures.iter().enumerate() {
            for (rule, key, say) in plain_faults(measure) {
                scene.other(source, rule, &[Key("measure"), At(i), Key(key)], say);
            }
            targets(scene, source, i, measure);
            basis(scene, source, i, measure);
        }
    }
}

fn plain_faults(measure: &Measure) -> Vec<(FindingRule, &'static str, Say)> {
    let mut faults = Vec::new();
    let code = &measure.code;
    if measure.agency.trim().is_empty() {
        let say = Say::new(
            format!("措施“{code}”没有实施单位"),
            format!("measure `{code}` has no agency that carries it out"),
        );
        faults.push((FindingRule::Measure, "agency", say));
    }
    if measure.items.is_empty() {
        let say = Say::new(format!("措施“{code}”没有对应的信用事项"), format!("measure `{code}` follows from no item"));
        faults.push((FindingRule::Measure, "items", say));
    }
    if measure.span().is_empty() {
        let say = Say::new(
            format!("措施“{code}”的失效日期不晚于生效日期"),
            format!("measure `{code}` ends before it begins"),
        );
        faults.push((FindingRule::OverlappingDates, "until", say));
    }
    faults
}

fn targets(scene: &mut Scene<'_>, source: &Source<'_>, i: usize, measure: &Measure) {
    for (j, item) in measure.items.iter().enumerate() {
        if scene.catalogue.item(item).is_none() {
            let say = Say::new(
                format!("措施“{}”引用了不存在的信用事项“{item}”", measure.code),
                format!("measure `{}` names the item `{item}`, which does not exist", measure.code),
            );
            scene.other(source, FindingRule::Measure, &[Key("measure"), At(i), Key("items"), At(j)], say);
        }
    }
}

fn basis(scene: &mut Scene<'_>, source: &Source<'_>, i: usize, measure: &Measure) {
    let path = [Key("measure"), At(i), Key("clause")];
    let Some((law, _)) = scene.catalogue.clause(&measure.clause) else {
        scene.other(source, FindingRule::UnknownClause, &path, unknown_clause(&measure.clause));
        return;
    };
    // One that is announced for later, or over, need not rest on anything today.
    if measure.span().holds(scene.today) && !scene.founds(law) {
        let say = Say::new(
            format!("措施“{}”的依据《{}》今日在本地不足以支持该措施", measure.code, law.title),
            format!("measure `{}`: {} does not carry it today and here", measure.code, law.title_en),
        );
        scene.other(source, FindingRule::Measure, &path, say);
    }
}
