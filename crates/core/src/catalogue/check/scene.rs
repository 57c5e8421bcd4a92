//! What every rule of the checker sees: the files with their lines, the merged catalogue, the day and the place.

use jiff::civil::Date;

use super::super::Catalogue;
use super::super::dated::Dated;
use super::super::finding::{Finding, FindingRule};
use super::super::item::ItemDef;
use super::super::matter::Matter;
use super::super::model::{Field, Item, Law, LawLevel};
use super::super::source::Step::{At, Key};
use super::super::source::{Source, Step};
use crate::say::Say;

/// What every rule sees, and where it puts what it finds.
pub(super) struct Scene<'a> {
    pub(super) sources: &'a [Source<'a>],
    pub(super) catalogue: &'a Catalogue,
    pub(super) today: Date,
    pub(super) place: &'a str,
    pub(super) findings: &'a mut Vec<Finding>,
}

/// One item, where it is written, and as the programme understands it.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) sources: &'a [Source<'a>],
    /// Position among the items of its file.
    pub(super) at: usize,
    pub(super) def: &'a ItemDef,
}

/// One matter and where it is written.
#[derive(Clone, Copy)]
pub(super) struct There<'a> {
    pub(super) source: &'a Source<'a>,
    /// Position among the matters of its file.
    pub(super) at: usize,
    pub(super) matter: &'a Matter,
}

impl<'a> Scene<'a> {
    /// Every item with its place. Of two items with one code, which [`super::structure`] refuses, both are seen.
    pub(super) fn items(&self) -> Vec<Here<'a>> {
        let mut items = Vec::new();
        for source in self.sources {
            for (at, item) in source.tables.items.iter().enumerate() {
                let def = self.catalogue.items().iter().find(|def| def.item.code == item.code && def.item == *item);
                items.extend(def.map(|def| Here { source, sources: self.sources, at, def }));
            }
        }
        items
    }

    /// Puts down a finding about an item at a path inside it.
    pub(super) fn item(&mut self, here: Here<'_>, rule: FindingRule, path: &[Step<'_>], say: Say) {
        self.findings.push(Finding {
            file: here.source.name.to_owned(),
            line: here.line(path),
            item: Some(here.item().code.clone()),
            matter: None,
            rule,
            say,
        });
    }

    /// Puts down a finding about the key of a field, in the item or in the field set that it comes from.
    pub(super) fn field(&mut self, here: Here<'_>, index: usize, key: &str, rule: FindingRule, say: Say) {
        let (file, line) = here.field_line(index, &[Key(key)]);
        self.findings.push(Finding { file, line, item: Some(here.item().code.clone()), matter: None, rule, say });
    }

    /// Puts down a finding about a matter at a path inside it.
    pub(super) fn matter(&mut self, there: There<'_>, rule: FindingRule, path: &[Step<'_>], say: Say) {
        let mut full = vec![Key("matter"), At(there.at)];
        full.extend_from_slice(path);
        self.findings.push(Finding {
            file: there.source.name.to_owned(),
            line: there.source.line(&full),
            item: None,
            matter: Some(there.matter.code.clone()),
            rule,
            say,
        });
    }

    /// Every matter with its place.
    pub(super) fn matters(&self) -> Vec<There<'a>> {
        let sources = self.sources.iter();
        let all = sources.flat_map(|source| source.tables.matters.iter().enumerate().map(move |it| (source, it)));
        all.map(|(source, (at, matter))| There { source, at, matter }).collect()
    }

    /// Puts down a finding about something else than an item or a matter.
    pub(super) fn other(&mut self, source: &Source<'_>, rule: FindingRule, path: &[Step<'_>], say: Say) {
        let line = source.line(path);
        self.findings.push(Finding { file: source.name.to_owned(), line, item: None, matter: None, rule, say });
    }

    /// Does a law hold today and here, and is it of a rank on which people's data may be collected?
    pub(super) fn founds(&self, law: &Law) -> bool {
        law.level.may_found_collection() && law.span().holds(self.today) && self.is_of_this_place(law)
    }

    /// Is the law valid at this place? A national one is everywhere; a local one that names no place is nowhere.
    pub(super) fn is_of_this_place(&self, law: &Law) -> bool {
        law.level != LawLevel::LocalRegulation || (!law.place.is_empty() && self.place.starts_with(&law.place))
    }
}

impl<'a> Here<'a> {
    pub(super) fn item(self) -> &'a Item {
        &self.def.item
    }

    /// The fields in order, field sets first.
    pub(super) fn fields(self) -> impl Iterator<Item = (usize, &'a Field)> {
        self.def.fields.iter().map(|def| &def.field).enumerate()
    }

    /// Line of a path inside the item.
    pub(super) fn line(self, path: &[Step<'_>]) -> usize {
        let mut full = vec![Key("item"), At(self.at)];
        full.extend_from_slice(path);
        self.source.line(&full)
    }

    /// File and line of a path inside a field, wherever that is written.
    pub(super) fn field_line(self, index: usize, path: &[Step<'_>]) -> (String, usize) {
        let def = self.def.fields.get(index);
        let written_at = def.map_or(0, |def| def.written_at);
        let set = def.and_then(|def| def.fieldset.as_deref()).and_then(|code| self.find_set(code));
        let (source, mut full) = match set {
            Some((source, at)) => (source, vec![Key("fieldset"), At(at)]),
            None => (self.source, vec![Key("item"), At(self.at)]),
        };
        full.extend([Key("field"), At(written_at)]);
        full.extend_from_slice(path);
        (source.name.to_owned(), source.line(&full))
    }

    fn find_set(self, code: &str) -> Option<(&'a Source<'a>, usize)> {
        self.sources.iter().find_map(|source| {
            let at = source.tables.fieldsets.iter().position(|set| set.code == code)?;
            Some((source, at))
        })
    }
}
