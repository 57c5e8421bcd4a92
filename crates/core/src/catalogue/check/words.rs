//! Every word of a closed list and every cited clause exists; every spelling stands for one value.

use std::collections::HashMap;

use super::super::finding::FindingRule;
use super::super::heading::fold;
use super::super::model::{Dictionary, DictionaryValue};
use super::super::source::Step::{self, At, Key};
use super::scene::{Here, Scene};
use crate::say::Say;

pub(super) fn check(scene: &mut Scene<'_>) {
    spellings(scene);
    for here in scene.items() {
        let item = here.item();
        word(scene, here, "item-class", &item.class, &[Key("class")]);
        for (key, dictionary, words) in [
            ("domains", "domain", &item.domains),
            ("occupations", "occupation", &item.occupations),
            ("authorities", "authority-kind", &item.authorities),
        ] {
            for (i, value) in words.iter().enumerate() {
                word(scene, here, dictionary, value, &[Key(key), At(i)]);
            }
        }
        clauses(scene, here);
        required_if(scene, here);
    }
}

fn word(scene: &mut Scene<'_>, here: Here<'_>, dictionary: &str, value: &str, path: &[Step<'_>]) {
    let known = scene.catalogue.dictionary(dictionary);
    if known.is_some_and(|choices| choices.holds(value)) {
        return;
    }
    let (zh, en) = match known {
        Some(_) => {
            (format!("“{value}”不在字典 {dictionary} 中"), format!("`{value}` is not in the dictionary `{dictionary}`"))
        }
        None => (format!("缺少字典 {dictionary}"), format!("the dictionary `{dictionary}` is missing")),
    };
    scene.item(here, FindingRule::UnknownWord, path, Say::new(zh, en));
}

/// Clauses cited by rules that are not the legal basis itself; that one is judged in [`super::basis`].
fn clauses(scene: &mut Scene<'_>, here: Here<'_>) {
    let item = here.item();
    let cited = (item.bases.iter().map(|rule| &rule.clause).enumerate().map(|(i, c)| ("basis", i, c)))
        .chain(item.periods.iter().map(|rule| &rule.clause).enumerate().map(|(i, c)| ("period", i, c)))
        .chain(item.use_rules.iter().map(|rule| &rule.clause).enumerate().map(|(i, c)| ("use", i, c)))
        .chain(item.repairs.iter().map(|rule| &rule.clause).enumerate().map(|(i, c)| ("repair", i, c)))
        .chain(item.retentions.iter().map(|rule| &rule.clause).enumerate().map(|(i, c)| ("retention", i, c)));
    for (key, i, clause) in cited {
        if scene.catalogue.clause(clause).is_none() {
            let path = [Key(key), At(i), Key("clause")];
            scene.item(here, FindingRule::UnknownClause, &path, unknown_clause(clause));
        }
    }
}

pub(super) fn unknown_clause(clause: &str) -> Say {
    Say::new(format!("没有条款“{clause}”"), format!("there is no clause `{clause}`"))
}

fn required_if(scene: &mut Scene<'_>, here: Here<'_>) {
    for (index, field) in here.fields() {
        let Some(condition) = &field.required_if else { continue };
        let code = &field.code;
        let Some(other) = here.def.field(&condition.field) else {
            let name = &condition.field;
            let say = Say::new(
                format!("字段 {code} 的必填条件引用了不存在的字段“{name}”"),
                format!("field {code} is required depending on field `{name}`, which the item does not have"),
            );
            scene.field(here, index, "required_if", FindingRule::UnknownField, say);
            continue;
        };
        let unknown = condition.values.iter().find(|value| other.choices.as_ref().is_some_and(|c| !c.holds(value)));
        if let Some(value) = unknown {
            let say = Say::new(
                format!("字段 {code} 的必填条件中的“{value}”不是字段 {} 的值", other.field.code),
                format!("field {code} is required for `{value}`, which is no value of field {}", other.field.code),
            );
            scene.field(here, index, "required_if", FindingRule::UnknownField, say);
        } else if condition.values.is_empty() {
            let say = Say::new(
                format!("字段 {code} 的必填条件没有列出任何值"),
                format!("field {code} is required depending on a field, but for no value of it"),
            );
            scene.field(here, index, "required_if", FindingRule::UnknownField, say);
        }
    }
}

fn spellings(scene: &mut Scene<'_>) {
    for source in scene.sources {
        for (i, dictionary) in source.tables.dictionaries.iter().enumerate() {
            for (j, spelling, first) in double_spellings(dictionary) {
                let path = [Key("dictionary"), At(i), Key("value"), At(j), Key("value")];
                let say = Say::new(
                    format!("字典 {} 中“{spelling}”同时对应“{first}”", dictionary.code),
                    format!("in dictionary `{}`, `{spelling}` also stands for `{first}`", dictionary.code),
                );
                scene.other(source, FindingRule::DuplicateSpelling, &path, say);
            }
        }
    }
}

/// Spellings of a value, by its index, that already stand for an earlier one.
fn double_spellings(dictionary: &Dictionary) -> Vec<(usize, &str, &str)> {
    let mut seen: HashMap<String, (usize, &str)> = HashMap::new();
    let mut doubles = Vec::new();
    for (j, value) in dictionary.values.iter().enumerate() {
        for spelling in all_spellings(value) {
            match seen.get(&fold(spelling)) {
                Some((other, first)) if *other != j => doubles.push((j, spelling, *first)),
                Some(_) => {}
                None => {
                    seen.insert(fold(spelling), (j, &value.value));
                }
            }
        }
    }
    doubles
}

fn all_spellings(value: &DictionaryValue) -> impl Iterator<Item = &str> {
    std::iter::once(value.value.as_str()).chain(value.aliases.iter().map(String::as_str))
}
