//! The catalogue: which facts the law allows to be recorded, about whom, on which clause, and for how long.
//!
//! It is data (`catalogue/*.toml`), dated, and known by the hash of its content. [`model`] says what may be written
//! there, [`check()`] refuses what may not stand, [`Catalogue::load`] makes of it what intake, check and report
//! work with. [`forbidden`] is the part that is not data: what nobody may record, whatever a file says.

mod build;
pub mod check;
mod choices;
mod dated;
pub(crate) mod day;
pub(crate) mod deadline;
mod finding;
pub mod forbidden;
mod heading;
mod impact;
mod item;
pub mod matter;
pub mod model;
mod names;
mod show;
mod source;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use build::hash_of_files;
pub use check::check;
pub use choices::Choices;
pub use dated::{Dated, Span, parts};
pub use deadline::{DeadlineKind, DeadlineRule};
pub use finding::{Finding, FindingRule, FindingSeverity};
pub use heading::{HeadingMatch, fold};
pub use impact::{DisplayChange, Impact, ItemChange, RuleChange, RuleKind, display_change, impact};
pub use item::{FieldDef, ItemDef};
pub use matter::{FindingKind, Matter, MatterDef};
pub use model::{
    Audience, Basis, Clause, FieldRole, FieldType, Item, Law, LawLevel, Measure, Polarity, Severity, SubjectKind, Use,
};
pub use show::{ShowSection, kind_of_authority, show};
pub(crate) use source::line_of;

/// A catalogue, merged from its files and indexed.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// SHA-256 of the files, see [`Self::hash_hex`].
    pub hash: [u8; 32],
    laws: Vec<Law>,
    clauses: HashMap<String, (usize, usize)>,
    dictionaries: HashMap<String, Arc<Choices>>,
    items: Vec<ItemDef>,
    by_code: HashMap<String, usize>,
    measures: Vec<Measure>,
    matters: Vec<MatterDef>,
    deadlines: Vec<DeadlineRule>,
}

impl Catalogue {
    /// Merges files, given as (name, text). What a file means is not judged here but by [`check()`], which must have
    /// passed before a catalogue is put to use; loading refuses only what could not be resolved to one meaning.
    ///
    /// # Errors
    /// Every finding of a file that is not TOML or holds unknown keys, of two things with one code, and of names of
    /// field sets and dictionaries that lead nowhere.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<Finding>> {
        let (sources, mut findings) = source::read_all(files);
        check::structure(&sources, &mut findings);
        if findings.is_empty() { Ok(build::merge(&sources, build::content_hash(files))) } else { Err(findings) }
    }

    /// The content hash in 64 lower-case hexadecimal digits. It depends on names and texts of the files, not on the
    /// order in which they were given.
    #[must_use]
    pub fn hash_hex(&self) -> String {
        self.hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// All items, by code.
    #[must_use]
    pub fn items(&self) -> &[ItemDef] {
        &self.items
    }

    /// The item with exactly this code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&ItemDef> {
        self.items.get(*self.by_code.get(code)?)
    }

    /// The clause cited as `law#clause`, with its law.
    #[must_use]
    pub fn clause(&self, cited: &str) -> Option<(&Law, &Clause)> {
        let (law, clause) = self.clauses.get(cited)?;
        let law = self.laws.get(*law)?;
        Some((law, law.clauses.get(*clause)?))
    }

    /// All sources of law, in order of file and line.
    #[must_use]
    pub fn laws(&self) -> &[Law] {
        &self.laws
    }

    /// A dictionary by code.
    #[must_use]
    pub fn dictionary(&self, code: &str) -> Option<&Choices> {
        self.dictionaries.get(code).map(Arc::as_ref)
    }

    /// All dictionaries, in no particular order.
    pub fn dictionaries(&self) -> impl Iterator<Item = &Choices> {
        self.dictionaries.values().map(Arc::as_ref)
    }

    /// All measures, in order of file and line.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// All deadlines, in order of file and line. The one for a day is [`Self::deadline`].
    #[must_use]
    pub fn deadlines(&self) -> &[DeadlineRule] {
        &self.deadlines
    }

    /// All matters that a check may be for, by code.
    #[must_use]
    pub fn matters(&self) -> &[MatterDef] {
        &self.matters
    }

    /// The matter with exactly this code. Whether it is in force on a day is for [`MatterDef::holds_on`].
    #[must_use]
    pub fn matter(&self, code: &str) -> Option<&MatterDef> {
        let at = self.matters.binary_search_by(|def| def.matter.code.as_str().cmp(code)).ok()?;
        self.matters.get(at)
    }
}
