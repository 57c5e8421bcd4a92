//! How long records are kept: every item has a rule that holds today, its own or its class's, within a ceiling.

use super::super::finding::FindingRule;
use super::super::model::Polarity;
use super::super::source::Step::{At, Key};
use super::rules::pairs;
use super::scene::{Here, Scene};
use super::words::unknown_clause;
use crate::say::Say;

/// The longest that a record may be kept behind the end of its display, in months.
///
/// # Source
/// 征信业管理条例 art. 16, by analogy: deleted five years after the event has ended. A house ceiling: the rules themselves are data.
const CEILING_MONTHS: u32 = 60;

pub(super) fn check(scene: &mut Scene<'_>) {
    for here in scene.items() {
        of_item(scene, here);
    }
    of_classes(scene);
}

fn of_item(scene: &mut Scene<'_>, here: Here<'_>) {
    let item = here.item();
    pairs(scene, here, "retention", &item.retentions, |_, _| true);
    for (i, rule) in item.retentions.iter().enumerate() {
        if let Some(say) = months_fault(rule.months) {
            scene.item(here, FindingRule::Retention, &[Key("retention"), At(i), Key("months")], say);
        }
    }
    // Of a class that there is not nothing can be said.
    let known = scene.catalogue.dictionary("item-class").is_some_and(|known| known.holds(&item.class));
    if known && here.def.retention_on(scene.today).is_none() {
        let say = Say::new(
            format!("今日没有适用的保存期限：请写 [[item.retention]]，或者为类别“{}”写 [[retention]]", item.class),
            format!(
                "nothing says today how long a record is kept: write [[item.retention]], or [[retention]] for the class `{}`",
                item.class
            ),
        );
        scene.item(here, FindingRule::Retention, &[], say);
    }
    if item.own_wish && item.polarity == Polarity::Adverse {
        let say = Say::new(
            "凭主体自愿归集的事项不得是失信信息",
            "what is collected on the subject's own wish cannot be held against them",
        );
        scene.item(here, FindingRule::OwnWish, &[Key("own_wish")], say);
    }
}

fn of_classes(scene: &mut Scene<'_>) {
    let sources = scene.sources;
    for source in sources {
        for (i, rule) in source.tables.retentions.iter().enumerate() {
            let class = &rule.class;
            if !scene.catalogue.dictionary("item-class").is_some_and(|known| known.holds(class)) {
                let say = Say::new(
                    format!("“{class}”不在字典 item-class 中"),
                    format!("`{class}` is not in the dictionary `item-class`"),
                );
                scene.other(source, FindingRule::Retention, &[Key("retention"), At(i), Key("class")], say);
            }
            if let Some(say) = months_fault(rule.months) {
                scene.other(source, FindingRule::Retention, &[Key("retention"), At(i), Key("months")], say);
            }
            if scene.catalogue.clause(&rule.clause).is_none() {
                let path = [Key("retention"), At(i), Key("clause")];
                scene.other(source, FindingRule::UnknownClause, &path, unknown_clause(&rule.clause));
            }
        }
    }
    double_classes(scene);
}

/// Two rules for one class on one day.
fn double_classes(scene: &mut Scene<'_>) {
    use super::super::dated::Dated;
    let sources = scene.sources;
    let all: Vec<_> = sources
        .iter()
        .flat_map(|source| source.tables.retentions.iter().enumerate().map(move |(i, rule)| (source, i, rule)))
        .collect();
    for (n, (source, i, rule)) in all.iter().enumerate() {
        let before = all.iter().take(n).map(|(.., other)| other);
        let meets = before.filter(|other| other.class == rule.class).any(|other| other.span().meets(&rule.span()));
        if meets || rule.span().is_empty() {
            let say = Say::new(
                format!("类别“{}”在同一日有两条保存期限，或者规则在生效前失效", rule.class),
                format!("two rules hold for the class `{}` on one day, or one ends before it begins", rule.class),
            );
            scene.other(source, FindingRule::OverlappingDates, &[Key("retention"), At(*i), Key("from")], say);
        }
    }
}

fn months_fault(months: u32) -> Option<Say> {
    if months == 0 {
        return Some(Say::new(
            "保存期限至少一个月：当事人须有时间查阅和救济",
            "a record is kept for a month at least: people need time to read it and to contest it",
        ));
    }
    (months > CEILING_MONTHS).then(|| {
        Say::new(
            format!("停止公示后最多保存 {CEILING_MONTHS} 个月"),
            format!("a record is kept for {CEILING_MONTHS} months at most behind the end of its display"),
        )
    })
}
