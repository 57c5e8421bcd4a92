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
    let mut seen: HashMap<(&str, String), Claim<'_, '_>> = HashMap::new();
    for claim in sources.iter().flat_map(claims) {
        let (kind, code) = (claim.kind, claim.code.clone());
        let Some(first) = seen.get(&(kind.key, code.clone())) else {
            seen.insert((kind.key, code), claim);
            continue;
        };
        let (file, line) = (first.source.name, first.source.line(&first.path));
        findings.push(Finding {
            file: claim.source.name.to_owned(),
            line: claim.source.line(&claim.path),
            item: (kind.key == ITEM.key).then(|| code.clone()),
            matter: (kind.key == MATTER.key).then(|| code.clone()),
            rule: FindingRule::DuplicateCode,
            say: Say::new(
                format!("{}代码“{code}”已在 {file}:{line} 使用", kind.zh),
                format!("{} code `{code}` is already used at {file}:{line}", kind.key),
            ),
        });
    }
}

/// A code with what it stands for and where it is written.
struct Claim<'s, 'a> {
    kind: Kind,
    code: String,
    source: &'s Source<'a>,
    path: Vec<Step<'static>>,
}

/// Every code of a file.
fn claims<'s, 'a>(source: &'s Source<'a>) -> Vec<Claim<'s, 'a>> {
    let tables = &source.tables;
    let top = |kind: Kind, code: &str, i: usize| Claim {
        kind,
        code: code.to_owned(),
        source,
        path: vec![Key(kind.key), At(i), Key("code")],
    };
    let mut claims = Vec::new();
    for (i, law) in tables.laws.iter().enumerate() {
        claims.push(top(LAW, &law.code, i));
        claims.extend(law.clauses.iter().enumerate().map(|(j, clause)| Claim {
            kind: CLAUSE,
            code: format!("{}#{}", law.code, clause.code),
            source,
            path: vec![Key("law"), At(i), Key("clause"), At(j), Key("code")],
        }));
    }
    claims.extend(tables.dictionaries.iter().enumerate().map(|(i, dictionary)| top(DICTIONARY, &dictionary.code, i)));
    claims.extend(tables.fieldsets.iter().enumerate().map(|(i, set)| top(FIELDSET, &set.code, i)));
    claims.extend(tables.items.iter().enumerate().map(|(i, item)| top(ITEM, &item.code, i)));
    claims.extend(tables.measures.iter().enumerate().map(|(i, measure)| top(MEASURE, &measure.code, i)));
    claims.extend(tables.matters.iter().enumerate().map(|(i, matter)| top(MATTER, &matter.code, i)));
    claims
}

#[derive(Clone, Copy)]
struct Kind {
    /// Name of its table, which is also its English name.
    key: &'static str,
    zh: &'static str,
}
const LAW: Kind = Kind { key: "law", zh: "法规" };
const CLAUSE: Kind = Kind { key: "clause", zh: "条款" };
const DICTIONARY: Kind = Kind { key: "dictionary", zh: "字典" };
const FIELDSET: Kind = Kind { key: "fieldset", zh: "字段组" };
const ITEM: Kind = Kind { key: "item", zh: "信用事项" };
const MEASURE: Kind = Kind { key: "measure", zh: "措施" };
const MATTER: Kind = Kind { key: "matter", zh: "办理事项" };

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
                        matter: None,
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
                        matter: None,
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
                        matter: None,
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
