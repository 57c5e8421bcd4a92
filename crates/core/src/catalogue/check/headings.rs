//! A heading means one field of an item, and a code one field.

use std::collections::HashMap;

use super::super::finding::{Finding, FindingRule};
use super::super::heading::heading_key;
use super::super::model::Field;
use super::super::source::Step::{self, At, Key};
use super::scene::{Here, Scene};
use crate::say::Say;

pub(super) fn check(scene: &mut Scene<'_>) {
    for here in scene.items() {
        check_item(scene, here);
    }
    unused_sets(scene);
}

fn check_item(scene: &mut Scene<'_>, here: Here<'_>) {
    let mut seen: HashMap<String, (usize, &str)> = HashMap::new();
    for (index, field) in here.fields() {
        for (path, name) in names(field) {
            let key = heading_key(name);
            match seen.get(&key) {
                Some((other, _)) if *other == index && !is_alias_twice(field, &path, &key) => {}
                Some((_, first)) => {
                    let (file, line) = here.field_line(index, &path);
                    let say = Say::new(
                        format!("字段 {} 的“{name}”与字段 {first} 的名称或者别名相同", field.code),
                        format!("`{name}` of field {} is also a name of field {first}", field.code),
                    );
                    let item = Some(here.item().code.clone());
                    scene.findings.push(Finding {
                        file,
                        line,
                        item,
                        matter: None,
                        rule: FindingRule::DuplicateHeading,
                        say,
                    });
                }
                None => {
                    seen.insert(key, (index, &field.code));
                }
            }
        }
    }
}

/// Code, labels and aliases of a field, each with where it is written in it.
fn names(field: &Field) -> Vec<(Vec<Step<'static>>, &str)> {
    let mut names = vec![
        (vec![Key("code")], field.code.as_str()),
        (vec![Key("label")], field.label.as_str()),
        (vec![Key("label_en")], field.label_en.as_str()),
    ];
    names.extend(field.aliases.iter().enumerate().map(|(i, alias)| (vec![Key("aliases"), At(i)], alias.as_str())));
    // A blank name is a fault of form, told once there.
    names.retain(|(_, name)| !name.trim().is_empty());
    names
}

/// The same alias written down twice for one field: harmless, and surely meant to be something else.
fn is_alias_twice(field: &Field, path: &[Step<'_>], key: &str) -> bool {
    let [Key("aliases"), At(at)] = path else { return false };
    field.aliases.iter().take(*at).any(|alias| heading_key(alias) == key)
}

/// A set that no item takes over is still read by people, and checked by nothing else.
fn unused_sets(scene: &mut Scene<'_>) {
    let used: Vec<&String> = scene.catalogue.items().iter().flat_map(|def| &def.item.uses).collect();
    for source in scene.sources {
        for (i, set) in source.tables.fieldsets.iter().enumerate() {
            if !used.contains(&&set.code) {
                let say = Say::new(
                    format!("没有信用事项使用字段组“{}”", set.code),
                    format!("no item uses the field set `{}`", set.code),
                );
                scene.other(source, FindingRule::UnusedFieldset, &[Key("fieldset"), At(i)], say);
            }
        }
    }
}
