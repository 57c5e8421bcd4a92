//! What a matter makes relevant: items that exist and can be shown, of the matter's own field unless the clause names
//! them, of a kind that the finding can have, and a bar only where a statute prohibits.
//!
//! # Source
//! Domain reference §7: no penalties in unrelated fields; a measure applies only to the matter that its basis names.

use super::super::finding::FindingRule;
use super::super::item::ItemDef;
use super::super::matter::{Condition, FindingKind, Relevance, named};
use super::super::model::{Audience, FieldRole, LawLevel, Polarity, Use};
use super::super::source::Step::{self, At, Key};
use super::matters::GRADES;
use super::scene::{Scene, There};
use crate::say::Say;

/// Words by which a statute prohibits.
const PROHIBITS: &[&str] = &["不得", "不予", "不能取得", "禁止", "不受理", "不再受理"];

pub(super) fn check(scene: &mut Scene<'_>) {
    for here in scene.items() {
        let item = here.item();
        let Some(condition) = &item.safety_bar_if else { continue };
        let unused =
            Say::new("safety_bar_if 只用于 safety_bar = true 的事项", "safety_bar_if without safety_bar says nothing");
        if let Some(say) = if item.safety_bar { condition_fault(here.def, condition) } else { Some(unused) } {
            scene.item(here, FindingRule::UnknownField, &[Key("safety_bar_if")], say);
        }
    }
    for there in scene.matters() {
        for (i, relevance) in there.matter.relevant.iter().enumerate() {
            one(scene, there, i, relevance);
        }
        for (i, convenience) in there.matter.conveniences.iter().enumerate() {
            let place = Place { there, path: vec![Key("convenience"), At(i)] };
            let key = [Key("item")];
            let Some(def) = usable(scene, &place, &key, &convenience.item) else { continue };
            own_field(scene, &place, &key, def, &convenience.quote, &convenience.clause);
        }
    }
}

/// Where in a matter a fault stands.
struct Place<'a> {
    there: There<'a>,
    path: Vec<Step<'a>>,
}

fn put(scene: &mut Scene<'_>, place: &Place<'_>, rule: FindingRule, key: &[Step<'_>], say: Say) {
    let mut path = place.path.clone();
    path.extend_from_slice(key);
    scene.matter(place.there, rule, &path, say);
}

fn one(scene: &mut Scene<'_>, there: There<'_>, i: usize, relevance: &Relevance) {
    let place = Place { there, path: vec![Key("relevant"), At(i)] };
    if !names_something(scene, &place, relevance) {
        return;
    }
    let codes: Vec<(Vec<Step<'_>>, String)> = if relevance.class.is_empty() {
        relevance.items.iter().enumerate().map(|(j, code)| (vec![Key("items"), At(j)], code.clone())).collect()
    } else {
        let all = named(there.matter, relevance, scene.catalogue.items());
        all.into_iter().map(|code| (vec![Key("class")], code)).collect()
    };
    for (key, code) in &codes {
        let Some(def) = usable(scene, &place, key, code) else { continue };
        own_field(scene, &place, key, def, &relevance.quote, &relevance.clause);
        narrowed(scene, &place, key, def, relevance);
        polarity(scene, &place, def, relevance);
        conditions(scene, &place, def, relevance);
    }
    bar(scene, &place, relevance);
}

fn names_something(scene: &mut Scene<'_>, place: &Place<'_>, relevance: &Relevance) -> bool {
    if relevance.class == GRADES {
        let say = Say::new(
            "核查以事实作答，不以评价结果作答",
            "a check answers with facts: evaluations and grades are not among them",
        );
        put(scene, place, FindingRule::MatterGrades, &[Key("class")], say);
        return false;
    }
    if relevance.items.is_empty() == relevance.class.is_empty() {
        let say = Say::new(
            "应当写明信用事项（items）或者信息类别（class）之一",
            "either items or a class are named, not both and not neither",
        );
        put(scene, place, FindingRule::MatterItem, &[Key("items")], say);
        return false;
    }
    let known = scene.catalogue.dictionary("item-class").is_some_and(|choices| choices.holds(&relevance.class));
    if known && named(place.there.matter, relevance, scene.catalogue.items()).is_empty() {
        let say = Say::new(
            format!("类别“{}”在本事项的领域内没有信用事项", relevance.class),
            format!("the class `{}` has no item in the matter's own field", relevance.class),
        );
        put(scene, place, FindingRule::MatterItem, &[Key("class")], say);
        return false;
    }
    relevance.class.is_empty() || known
}

/// The item of a code, if a check can ever show a record of it about an applicant of the matter.
fn usable<'a>(scene: &mut Scene<'a>, place: &Place<'_>, key: &[Step<'_>], code: &str) -> Option<&'a ItemDef> {
    let matter = place.there.matter;
    let catalogue = scene.catalogue;
    let (fault, def) = match catalogue.item(code) {
        None => (Some(("不存在", "does not exist")), None),
        Some(def) if def.item.class == GRADES => {
            let say = Say::new(
                format!("“{code}”是评价结果：核查以事实作答，不以评价结果作答"),
                format!("`{code}` is an evaluation: a check answers with facts, not with grades"),
            );
            put(scene, place, FindingRule::MatterGrades, key, say);
            return None;
        }
        Some(def) if !def.item.subjects.iter().any(|kind| matter.subjects.contains(kind)) => {
            (Some(("的主体性质与申请人不符", "is not about anybody who applies")), None)
        }
        Some(def) => {
            let day = scene.today.max(matter.from);
            let shown = def
                .use_rule(Use::Check, day)
                .any(|rule| !def.item.sealed && rule.subjects.iter().any(|kind| matter.subjects.contains(kind)));
            ((!shown).then_some(("不用于核查", "is never shown at a check")), Some(def))
        }
    };
    if let Some((zh, en)) = fault {
        let say = Say::new(format!("信用事项“{code}”{zh}"), format!("the item `{code}` {en}"));
        put(scene, place, FindingRule::MatterItem, key, say);
        return None;
    }
    def
}

/// An item outside the matter's own field only where the quoted clause names it.
fn own_field(scene: &mut Scene<'_>, place: &Place<'_>, key: &[Step<'_>], def: &ItemDef, quote: &str, cite: &str) {
    let Some((law, clause)) = scene.catalogue.clause(cite) else { return };
    if !quote.is_empty() && !clause.says.contains(quote) {
        let say = Say::new(
            format!("引文不是《{}》{}的原话：“{quote}”", law.title, clause.label),
            format!("the quotation is no passage of {} {}: `{quote}`", law.title_en, clause.label),
        );
        put(scene, place, FindingRule::OutsideField, &[Key("quote")], say);
    } else if quote.is_empty() && !place.there.matter.is_own_field(&def.item) {
        let code = def.code();
        let say = Say::new(
            format!("“{code}”不在本事项的领域内，须引用点名该类信息的条款原话（quote）"),
            format!("`{code}` is outside the matter's field: quote the passage of the clause that names it"),
        );
        put(scene, place, FindingRule::OutsideField, key, say);
    }
}

/// An item that gathers decisions of many fields is not taken whole.
fn narrowed(scene: &mut Scene<'_>, place: &Place<'_>, key: &[Step<'_>], def: &ItemDef, relevance: &Relevance) {
    let matter = place.there.matter;
    let unnarrowed = relevance.authorities.is_empty() && relevance.when.is_empty();
    let wider = def.item.domains.iter().any(|domain| !matter.domains.contains(domain));
    let code = def.code();
    let say = if wider && def.item.domains.len() > WIDE && unnarrowed {
        Say::new(
            format!("“{code}”涉及多个领域，须写明哪些机关的、什么样的决定与本事项相关（authorities、when）"),
            format!("`{code}` holds decisions of many fields: say whose, or which, count here (authorities, when)"),
        )
    } else if let Some(kind) = relevance.authorities.iter().find(|kind| !def.item.authorities.contains(kind)) {
        Say::new(format!("“{kind}”不报送“{code}”"), format!("`{kind}` sends no records of `{code}`"))
    } else {
        return;
    };
    put(scene, place, FindingRule::MatterTooWide, key, say);
}

/// An item of so many fields of life is one that every authority fills.
const WIDE: usize = 5;

fn polarity(scene: &mut Scene<'_>, place: &Place<'_>, def: &ItemDef, relevance: &Relevance) {
    let code = def.code();
    let say = if relevance.finding.is_adverse() && def.item.polarity != Polarity::Adverse {
        Say::new(
            format!("“{code}”不是失信信息，只能供参考（informs）"),
            format!("`{code}` is nothing that can be held against anybody: it only informs"),
        )
    } else if relevance.finding == FindingKind::Bars && !relevance.class.is_empty() {
        Say::new("“法定禁止”须逐项写明信用事项，不得按类别", "what bars is named item by item, never by class")
    } else {
        return;
    };
    put(scene, place, FindingRule::FindingKind, &[Key("finding")], say);
}

fn conditions(scene: &mut Scene<'_>, place: &Place<'_>, def: &ItemDef, relevance: &Relevance) {
    for (j, condition) in relevance.when.iter().enumerate() {
        if let Some(say) = condition_fault(def, condition) {
            put(scene, place, FindingRule::MatterCondition, &[Key("when"), At(j)], say);
        }
    }
    if relevance.while_valid && def.index_of(FieldRole::ValidUntil).is_none() {
        let say = Say::new(
            format!("“{}”没有有效期，不能写 while_valid", def.code()),
            format!("`{}` has no last day of validity: while_valid says nothing", def.code()),
        );
        put(scene, place, FindingRule::MatterCondition, &[Key("while_valid")], say);
    }
    if relevance.within_months == Some(0) {
        let say = Say::new("期限不得为零个月", "no record is within 0 months");
        put(scene, place, FindingRule::MatterCondition, &[Key("within_months")], say);
    }
}

fn condition_fault(def: &ItemDef, condition: &Condition) -> Option<Say> {
    if condition.fields.is_empty() || (condition.any_of.is_empty() && condition.contains.is_empty()) {
        return Some(Say::new("条件没有写明字段或者取值", "the condition names no field or no value"));
    }
    condition.fields.iter().find_map(|code| {
        let Some(found) = def.field(code) else {
            return Some(Say::new(
                format!("“{}”没有字段 {code}", def.code()),
                format!("`{}` has no field {code}", def.code()),
            ));
        };
        if !found.field.shown_to.contains(&Audience::Check) {
            return Some(Say::new(
                format!("字段 {code} 不向核查人员展示，不得作为条件"),
                format!("a clerk does not see field {code}: nothing may depend on it"),
            ));
        }
        let unknown = condition.any_of.iter().find(|value| found.choices.as_ref().is_some_and(|c| !c.holds(value)))?;
        Some(Say::new(format!("“{unknown}”不是字段 {code} 的值"), format!("`{unknown}` is no value of field {code}")))
    })
}

/// A bar rests on a law or an administrative regulation that prohibits in so many words.
fn bar(scene: &mut Scene<'_>, place: &Place<'_>, relevance: &Relevance) {
    let Some((law, clause)) = scene.catalogue.clause(&relevance.clause) else { return };
    if relevance.finding != FindingKind::Bars {
        return;
    }
    let statute = matches!(law.level, LawLevel::Law | LawLevel::AdministrativeRegulation);
    let prohibits = PROHIBITS.iter().any(|word| relevance.quote.contains(word));
    let say = if !statute {
        Say::new(
            format!("《{}》不是法律、行政法规，不能据以认定“法定禁止”", law.title),
            format!("{} is neither a law nor an administrative regulation and bars nothing", law.title_en),
        )
    } else if !prohibits {
        Say::new(
            format!("“法定禁止”须引用《{}》{}中禁止性的原话（quote）", law.title, clause.label),
            format!("what bars quotes the words of {} {} that prohibit", law.title_en, clause.label),
        )
    } else {
        return;
    };
    put(scene, place, FindingRule::BarWithoutProhibition, &[Key("finding")], say);
}
