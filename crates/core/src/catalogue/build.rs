//! Files merged into one catalogue.

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Catalogue;
use super::choices::Choices;
use super::dated::{Dated, Span};
use super::item::{FieldDef, ItemDef};
use super::matter::MatterDef;
use super::model::{Basis, ClassRetention, Field, FieldSet, FieldType, Item, Law, RetentionRule};
use super::source::Source;

/// Dictionary of kinds of identity document, where a field names none.
pub(super) const DOCUMENT_KIND: &str = "document-kind";

/// The dictionary that a field's values come from: the one it names, or the one its type implies.
pub(super) fn dictionary_of(field: &Field) -> Option<&str> {
    match (field.dictionary.as_str(), field.kind) {
        ("", FieldType::DocumentKind) => Some(DOCUMENT_KIND),
        ("", _) => None,
        (code, _) => Some(code),
    }
}

/// Content hash: SHA-256 over a label and, for each file in order of name, name and text, each after its length in
/// bytes as 8 octets, most significant first. The lengths keep two different sets of files from reading the same.
pub(super) fn content_hash(files: &[(String, String)]) -> [u8; 32] {
    hash_of_files(b"chengxin catalogue v1\n", files)
}

/// The same over another label.
pub(crate) fn hash_of_files(label: &[u8], files: &[(String, String)]) -> [u8; 32] {
    let mut files: Vec<_> = files.iter().collect();
    files.sort();
    let mut hash = Sha256::new();
    hash.update(label);
    for (name, text) in files {
        for part in [name, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().into()
}

/// Merges files that [`super::check::structure`] found no fault with. Whatever cannot be resolved is left out: the
/// caller has refused it already.
pub(super) fn merge(sources: &[Source<'_>], hash: [u8; 32]) -> Catalogue {
    let tables = || sources.iter().map(|source| &source.tables);
    let laws: Vec<Law> = tables().flat_map(|t| &t.laws).cloned().collect();
    let clauses: HashMap<String, (usize, usize)> = laws
        .iter()
        .enumerate()
        .flat_map(|(l, law)| {
            law.clauses.iter().enumerate().map(move |(c, clause)| (format!("{}#{}", law.code, clause.code), (l, c)))
        })
        .collect();
    let dictionaries: HashMap<String, Arc<Choices>> = tables()
        .flat_map(|t| &t.dictionaries)
        .map(|dictionary| (dictionary.code.clone(), Arc::new(Choices::new(dictionary))))
        .collect();
    let fieldsets: HashMap<&str, &FieldSet> =
        tables().flat_map(|t| &t.fieldsets).map(|set| (set.code.as_str(), set)).collect();
    let of_classes: Vec<&ClassRetention> = tables().flat_map(|t| &t.retentions).collect();
    let mut items: Vec<ItemDef> = tables()
        .flat_map(|t| &t.items)
        .map(|item| {
            let fields = flatten(item, &fieldsets, &dictionaries);
            let spans = item.bases.iter().map(|basis| founding_span(basis, &laws, &clauses)).collect();
            ItemDef::new(item.clone(), fields, spans, retentions(item, &of_classes))
        })
        .collect();
    items.sort_by(|a, b| a.item.code.cmp(&b.item.code));
    let by_code = items.iter().enumerate().map(|(index, def)| (def.item.code.clone(), index)).collect();
    let measures = tables().flat_map(|t| &t.measures).cloned().collect();
    let mut matters: Vec<MatterDef> =
        tables().flat_map(|t| &t.matters).map(|matter| MatterDef::new(matter.clone(), &items)).collect();
    matters.sort_by(|a, b| a.matter.code.cmp(&b.matter.code));
    let deadlines = tables().flat_map(|t| &t.deadlines).cloned().collect();
    Catalogue { hash, laws, clauses, dictionaries, items, by_code, measures, matters, deadlines }
}

fn retentions(item: &Item, of_classes: &[&ClassRetention]) -> Vec<RetentionRule> {
    if !item.retentions.is_empty() {
        return item.retentions.clone();
    }
    of_classes.iter().filter(|rule| rule.class == item.class).map(|rule| rule.rule()).collect()
}

fn flatten(
    item: &Item,
    fieldsets: &HashMap<&str, &FieldSet>,
    dictionaries: &HashMap<String, Arc<Choices>>,
) -> Vec<FieldDef> {
    let shared = item
        .uses
        .iter()
        .filter_map(|code| fieldsets.get(code.as_str()))
        .flat_map(|set| set.fields.iter().enumerate().map(|(at, field)| (field, Some(set.code.clone()), at)));
    let own = item.fields.iter().enumerate().map(|(at, field)| (field, None, at));
    shared
        .chain(own)
        .map(|(field, fieldset, written_at)| FieldDef {
            field: field.clone(),
            choices: dictionary_of(field).and_then(|code| dictionaries.get(code)).cloned(),
            fieldset,
            written_at,
        })
        .collect()
}

/// When the law of a basis is in force; `None` where collection cannot rest on it at all.
fn founding_span(basis: &Basis, laws: &[Law], clauses: &HashMap<String, (usize, usize)>) -> Option<Span> {
    let (law, _) = clauses.get(&basis.clause)?;
    let law = laws.get(*law)?;
    law.level.may_found_collection().then(|| law.span())
}
