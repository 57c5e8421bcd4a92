//! An item as the programme works with it: its fields flattened and indexed, its rules asked by date.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::choices::Choices;
use super::dated::Span;
use super::heading::{HeadingMatch, Headings};
use super::model::{Field, FieldRole, Item, RetentionRule, SubjectKind};

/// One field of an item with what its values are held against.
#[derive(Debug, Clone)]
pub struct FieldDef {
    /// The field as written.
    pub field: Field,
    /// Its dictionary, for a choice or a kind of document.
    pub choices: Option<Arc<Choices>>,
    /// Field set that it comes from; `None` for the item's own fields.
    pub fieldset: Option<String>,
    /// Position in its field set or item, as written.
    pub(super) written_at: usize,
}

/// How many roles there are: one more than the number of the last one.
const ROLES: usize = FieldRole::PerformedOn as usize + 1;

/// One item with its fields in the order in which values of a row are held.
#[derive(Debug, Clone)]
pub struct ItemDef {
    /// The item as written. Its `fields` are only its own; [`Self::fields`] has them all.
    pub item: Item,
    /// Fields of the field sets in the order named, then the item's own.
    pub fields: Vec<FieldDef>,
    /// When the law of each basis is in force, in the order of `item.bases`; `None` where the clause is unknown or of
    /// a rank on which nothing may be collected.
    pub(super) law_spans: Vec<Option<Span>>,
    /// How long its records are kept: its own rules, or where it has none those of its class.
    pub(super) retentions: Vec<RetentionRule>,
    roles: [Option<usize>; ROLES],
    by_code: HashMap<String, usize>,
    /// Built at the first heading that is asked for: a run reads files of one item or none.
    headings: OnceLock<Headings>,
    identity: Vec<usize>,
}

impl ItemDef {
    pub(super) fn new(
        item: Item,
        fields: Vec<FieldDef>,
        law_spans: Vec<Option<Span>>,
        retentions: Vec<RetentionRule>,
    ) -> Self {
        let mut roles = [None; ROLES];
        let mut by_code = HashMap::with_capacity(fields.len());
        let mut identity = Vec::new();
        for (index, def) in fields.iter().enumerate() {
            if let Some(slot) = def.field.role.and_then(|role| roles.get_mut(role as usize)) {
                slot.get_or_insert(index);
            }
            by_code.entry(def.field.code.clone()).or_insert(index);
            if def.field.identity {
                identity.push(index);
            }
        }
        Self { item, fields, law_spans, retentions, roles, by_code, headings: OnceLock::new(), identity }
    }

    /// Code of the item.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.item.code
    }

    /// Index of the field with a role.
    #[must_use]
    pub fn index_of(&self, role: FieldRole) -> Option<usize> {
        self.roles.get(role as usize).copied().flatten()
    }

    /// The field with a role.
    #[must_use]
    pub fn field_of(&self, role: FieldRole) -> Option<&FieldDef> {
        self.fields.get(self.index_of(role)?)
    }

    /// Index of the field with exactly this code.
    #[must_use]
    pub fn index(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// The field with exactly this code.
    #[must_use]
    pub fn field(&self, code: &str) -> Option<&FieldDef> {
        self.fields.get(self.index(code)?)
    }

    /// Index of the field that a column heading means, by code, alias or label. Case, width, white space, a star and
    /// notes in brackets that change nothing (`（必填）`, the field's own unit) do not count. `None` also where the
    /// heading is ambiguous or in another unit; [`Self::heading`] says which.
    #[must_use]
    pub fn match_heading(&self, heading: &str) -> Option<usize> {
        match self.heading(heading) {
            HeadingMatch::Field(index) => Some(index),
            HeadingMatch::WrongUnit(_) | HeadingMatch::Ambiguous | HeadingMatch::Unknown => None,
        }
    }

    /// What a column heading means, or why it means nothing.
    #[must_use]
    pub fn heading(&self, heading: &str) -> HeadingMatch {
        self.headings.get_or_init(|| Headings::new(self.fields.iter().map(|def| &def.field))).find(heading)
    }

    /// Indices of the fields that make a record the same record when it is sent again, ascending.
    #[must_use]
    pub fn identity_fields(&self) -> &[usize] {
        &self.identity
    }

    /// Can the item be about natural persons, sole traders included? They are protected alike where anything is
    /// published or held against them.
    #[must_use]
    pub fn concerns_people(&self) -> bool {
        self.item.subjects.iter().any(|kind| kind.is_person_like())
    }

    /// Can the item be about this kind of subject?
    #[must_use]
    pub fn allows(&self, kind: SubjectKind) -> bool {
        self.item.subjects.contains(&kind)
    }
}
