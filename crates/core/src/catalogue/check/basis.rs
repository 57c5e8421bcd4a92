//! An item rests on a law, an administrative regulation or a central policy in force, or on a local regulation of this
//! place.
//!
//! # Source
//! 国办发〔2020〕49号 (二).

use std::collections::BTreeMap;

use super::super::dated::Dated;
use super::super::finding::FindingRule;
use super::super::forbidden;
use super::super::model::{Basis, LawLevel};
use super::super::source::Step::{At, Key};
use super::scene::{Here, Scene};
use crate::say::Say;

pub(super) fn check(scene: &mut Scene<'_>) {
    for here in scene.items() {
        in_force(scene, here);
        other_place(scene, here);
        at_the_door(scene, here);
    }
    spans_of_laws(scene);
    unverified(scene);
}

fn in_force(scene: &mut Scene<'_>, here: Here<'_>) {
    let bases = &here.item().bases;
    let reasons: Vec<Say> = bases.iter().filter_map(|basis| why_not(scene, basis)).collect();
    if reasons.len() < bases.len() {
        return;
    }
    let (zh, en) = if reasons.is_empty() {
        ("没有写明归集依据".to_owned(), "no legal basis is written down".to_owned())
    } else {
        let join = |of: fn(&Say) -> &str, by| reasons.iter().map(of).collect::<Vec<_>>().join(by);
        (join(|say| &say.zh, "；"), join(|say| &say.en, "; "))
    };
    let say = Say::new(
        format!("今日没有有效的归集依据：{zh}"),
        format!("no basis on which it may be collected is in force today: {en}"),
    );
    // The first basis is what would have to change; without any, the item itself.
    scene.item(here, FindingRule::NoBasisInForce, &[Key("basis"), At(0)], say);
}

/// Why a basis does not carry the item today and here; `None`: it does.
fn why_not(scene: &Scene<'_>, basis: &Basis) -> Option<Say> {
    let cited = &basis.clause;
    let Some((law, _)) = scene.catalogue.clause(cited) else {
        return Some(Say::new(format!("{cited} 不存在"), format!("{cited} does not exist")));
    };
    if !basis.span().holds(scene.today) {
        return Some(Say::new(
            format!("{cited} 今日不适用于本事项"),
            format!("{cited} does not apply to the item today"),
        ));
    }
    if !law.span().holds(scene.today) {
        return Some(Say::new(
            format!("《{}》今日未施行", law.title),
            format!("{} is not in force today", law.title_en),
        ));
    }
    if !law.level.may_found_collection() {
        return Some(Say::new(
            format!("《{}》的效力层级不足以作为归集依据", law.title),
            format!("{} is not of a rank on which collection may rest", law.title_en),
        ));
    }
    if law.level == LawLevel::LocalRegulation && law.place.is_empty() {
        return Some(Say::new(
            format!("地方性法规《{}》没有写明适用地", law.title),
            format!("the local regulation {} names no place", law.title_en),
        ));
    }
    (!scene.is_of_this_place(law)).then(|| {
        Say::new(
            format!("《{}》只在 {} 适用", law.title, law.place),
            format!("{} is valid only in {}", law.title_en, law.place),
        )
    })
}

fn other_place(scene: &mut Scene<'_>, here: Here<'_>) {
    for (i, basis) in here.item().bases.iter().enumerate() {
        let Some((law, _)) = scene.catalogue.clause(&basis.clause) else { continue };
        if !scene.is_of_this_place(law) {
            let say = Say::new(
                format!("《{}》只在 {} 适用，在本地不起作用", law.title, law.place),
                format!("{} is valid only in {} and carries nothing here", law.title_en, law.place),
            );
            scene.item(here, FindingRule::OtherPlace, &[Key("basis"), At(i), Key("clause")], say);
        }
    }
}

/// Nothing may be collected on the law on public-security penalties: its records may be given to nobody.
fn at_the_door(scene: &mut Scene<'_>, here: Here<'_>) {
    for (i, basis) in here.item().bases.iter().enumerate() {
        let Some((law, _)) = scene.catalogue.clause(&basis.clause) else { continue };
        if forbidden::refused_at_the_door(&law.title, "") {
            let say = Say::new(
                "治安违法记录不得向任何单位或者个人提供，不得归集（治安管理处罚法第一百三十六条）",
                "records of public-security violations may be given to nobody and are not collected",
            );
            scene.item(here, FindingRule::RefusedAtTheDoor, &[Key("basis"), At(i), Key("clause")], say);
        }
    }
}

fn spans_of_laws(scene: &mut Scene<'_>) {
    for source in scene.sources {
        for (i, law) in source.tables.laws.iter().enumerate() {
            if law.span().is_empty() {
                let say = Say::new(
                    format!("《{}》的失效日期不晚于施行日期", law.title),
                    format!("{} ends before it begins", law.title_en),
                );
                scene.other(source, FindingRule::OverlappingDates, &[Key("law"), At(i), Key("until")], say);
            }
        }
    }
}

/// One note for each clause that nobody has read and that something rests on: the clause is what the operator's office
/// confirms.
fn unverified(scene: &mut Scene<'_>) {
    let mut used: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for def in scene.catalogue.items() {
        let item = &def.item;
        let clauses = (item.bases.iter().map(|rule| &rule.clause))
            .chain(item.periods.iter().map(|rule| &rule.clause))
            .chain(item.use_rules.iter().map(|rule| &rule.clause))
            .chain(item.repairs.iter().map(|rule| &rule.clause))
            .chain(def.retentions.iter().map(|rule| &rule.clause));
        for clause in clauses {
            let items = used.entry(clause).or_default();
            if items.last() != Some(&item.code.as_str()) {
                items.push(&item.code);
            }
        }
    }
    for measure in scene.catalogue.measures() {
        used.entry(&measure.clause).or_default().push(&measure.code);
    }
    for matter in scene.catalogue.matters().iter().map(|def| &def.matter) {
        for clause in matter.clauses() {
            let by = used.entry(clause).or_default();
            if by.last() != Some(&matter.code.as_str()) {
                by.push(&matter.code);
            }
        }
    }
    for source in scene.sources {
        for (i, law) in source.tables.laws.iter().enumerate() {
            for (j, clause) in law.clauses.iter().enumerate().filter(|(_, clause)| !clause.verified) {
                let Some(by) = used.get(format!("{}#{}", law.code, clause.code).as_str()) else { continue };
                let path = [Key("law"), At(i), Key("clause"), At(j)];
                let say = Say::new(
                    format!("《{}》{}未经核对原文；依据它的有：{}", law.title, clause.label, some_of(by)),
                    format!(
                        "{} {} was not read at its source; resting on it: {}",
                        law.title_en,
                        clause.label,
                        some_of(by)
                    ),
                );
                scene.other(source, FindingRule::Unverified, &path, say);
            }
        }
    }
}

fn some_of(codes: &[&str]) -> String {
    const SHOWN: usize = 4;
    let first = codes.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if codes.len() > SHOWN { format!("{first} … ({})", codes.len()) } else { first }
}
