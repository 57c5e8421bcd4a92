//! Codes that lead to exactly one thing. Without this a catalogue has no meaning, so loading asks for it too.

use std::collections::{HashMap, HashSet};

use super::super::build::dictionary_of;
use super::super::finding::{Finding, FindingRule};
use super::super::model::{Field, FieldType};
use super::super::source::Step::{At, Key};
use super::super::source::{Source, Step};
use crate::say::Say;

/// Two things with one code, and names that lead to no field set or dictionary.
pub(in super::super) fn structure(sources: &[Source<'_>], findings: &mut Vec<Finding>) {
    duplicate_codes(sources, findings);
    unresolved_names(sources, findings);
}

fn duplicate_codes(sources: &[Source<'_>], findings: &mut Vec<Finding>) {
    let mut seen: HashMap<(&str, String), (&str, usize)> = HashMap::new();
    let mut claim = |source: &Source<'_>, kind: Kind, code: String, path: &[Step<'_>]| {
        let line = source.line(path);
        // The name outlives the loop because sources do; the map borrows from them.
        let name = sources.iter().find(|s| s.name == source.name).map_or("", |s| s.name);
        if let Some((file, first)) = seen.get(&(kind.key, code.clone())) {
            findings.push(Finding {
                file: source.name.to_owned(),
                line,
                item: (kind.key == "item").then(|| code.clone()),
                rule: FindingRule::DuplicateCode,
                say: Say::new(
                    format!("{}代码“{code}”已在 {file}:{first} 使用", kind.zh),
                    format!("{} code `{code}` is already used at {file}:{first}", kind.key),
                ),
            });
        } else {
            seen.insert((kind.key, code), (name, line));
        }
    };
    for source in sources {
        let tables = &source.tables;
        for (i, law) in tables.laws.iter().enumerate() {
            claim(source, LAW, law.code.clone(), &[Key("law"), At(i), Key("code")]);
            for (j, clause) in law.clauses.iter().enumerate() {
                let path = [Key("law"), At(i), Key("clause"), At(j), Key("code")];
                claim(source, CLAUSE, format!("{}#{}", law.code, clause.code), &path);
            }
        }
        for (i, dictionary) in tables.dictionaries.iter().enumerate() {
            claim(source, DICTIONARY, dictionary.code.clone(), &[Key("dictionary"), At(i), Key("code")]);
        }
        for (i, set) in tables.fieldsets.iter().enumerate() {
            claim(source, FIELDSET, set.code.clone(), &[Key("fieldset"), At(i), Key("code")]);
        }
        for (i, item) in tables.items.iter().enumerate() {
            claim(source, ITEM, item.code.clone(), &[Key("item"), At(i), Key("code")]);
        }
        for (i, measure) in tables.measures.iter().enumerate() {
            claim(source, MEASURE, measure.code.clone(), &[Key("measure"), At(i), Key("code")]);
        }
    }
}

#[derive(Clone, Copy)]
struct Kind {
    key: &'static str,
    zh: &'static str,
}
const LAW: Kind = Kind { key: "law", zh: "法规" };
const CLAUSE: Kind = Kind { key: "clause", zh: "条款" };
const DICTIONARY: Kind = Kind { key: "dictionary", zh: "字典" };
const FIELDSET: Kind = Kind { key: "fieldset", zh: "字段组" };
const ITEM: Kind = Kind { key: "item", zh: "信用事项" };
const MEASURE: Kind = Kind { key: "measure", zh: "措施" };

fn unresolved_names(sources: &[Source<'_>], findings: &mut Vec<Finding>) {
    let dictionaries: HashSet<&str> =
        sources.iter().flat_map(|s| &s.tables.dictionaries).map(|d| d.code.as_str()).collect();
    let fieldsets: HashSet<&str> = sources.iter().flat_map(|s| &s.tables.fieldsets).map(|f| f.code.as_str()).collect();
    for source in sources {
        for (i, item) in source.tables.items.iter().enumerate() {
            for (j, name) in item.uses.iter().enumerate() {
                if !fieldsets.contains(name.as_str()) {
                    findings.push(Finding {
                        file: source.name.to_owned(),
                        line: source.line(&[Key("item"), At(i), Key("uses"), At(j)]),
                        item: Some(item.code.clone()),
                        rule: FindingRule::UnknownFieldset,
                        say: Say::new(format!("没有字段组“{name}”"), format!("there is no field set `{name}`")),
                    });
                }
            }
            for (j, field) in item.fields.iter().enumerate() {
                if let Some(say) = dictionary_fault(field, &dictionaries) {
                    let path = [Key("item"), At(i), Key("field"), At(j), Key("dictionary")];
                    findings.push(Finding {
                        file: source.name.to_owned(),
                        line: source.line(&path),
                        item: Some(item.code.clone()),
                        rule: FindingRule::UnknownDictionary,
                        say,
                    });
                }
            }
        }
        for (i, set) in source.tables.fieldsets.iter().enumerate() {
            for (j, field) in set.fields.iter().enumerate() {
                if let Some(say) = dictionary_fault(field, &dictionaries) {
                    findings.push(Finding {
                        file: source.name.to_owned(),
                        line: source.line(&[Key("fieldset"), At(i), Key("field"), At(j), Key("dictionary")]),
                        item: None,
                        rule: FindingRule::UnknownDictionary,
                        say,
                    });
                }
            }
        }
    }
}

fn dictionary_fault(field: &Field, known: &HashSet<&str>) -> Option<Say> {
    let code = &field.code;
    match dictionary_of(field) {
        Some(name) if !known.contains(name) => Some(Say::new(
            format!("字段 {code} 引用的字典“{name}”不存在"),
            format!("field {code} names the dictionary `{name}`, which does not exist"),
        )),
        None if field.kind == FieldType::Choice => Some(Say::new(
            format!("选项字段 {code} 没有写明字典"),
            format!("field {code} is a choice and names no dictionary"),
        )),
        _ => None,
    }
}
