//! Files of the catalogue as read: the typed tables, and for each of them the line where it stands.

use std::cell::OnceCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::finding::{Finding, FindingRule};
use super::model::CatalogueFile;
use crate::say::Say;

/// One step from a table to what stands in it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// The value of a key.
    Key(&'a str),
    /// The nth of an array, from 0.
    At(usize),
}

/// One file, read.
pub(super) struct Source<'a> {
    /// Its name, as given.
    pub(super) name: &'a str,
    /// Its tables.
    pub(super) tables: CatalogueFile,
    text: &'a str,
    /// The tables with their places. Read again at the first question for a line: a catalogue with nothing wrong in
    /// it, which is what every start of the programme loads, never asks.
    document: OnceCell<Spanned<DeTable<'a>>>,
}

impl<'a> Source<'a> {
    /// Reads one file.
    ///
    /// # Errors
    /// One finding, with its line, where it is not TOML or holds a key or value that the catalogue does not know.
    pub(super) fn read(name: &'a str, text: &'a str) -> Result<Self, Box<Finding>> {
        let tables = toml::from_str(text).map_err(|error| {
            Box::new(Finding {
                file: name.to_owned(),
                line: line_of(text, error.span().unwrap_or(0..0)),
                item: None,
                matter: None,
                rule: FindingRule::NotReadable,
                say: Say::new(format!("无法读取：{}", error.message()), format!("cannot be read: {}", error.message())),
            })
        })?;
        Ok(Self { name, tables, text, document: OnceCell::new() })
    }

    /// The line, from 1, of what a path leads to: a key's own line, a table's header. Where the path leads nowhere
    /// (a missing key), the line of the last table on the way.
    pub(super) fn line(&self, path: &[Step<'_>]) -> usize {
        // The text was read once already; should that ever fail the second time, the file's first line is told.
        let document = self
            .document
            .get_or_init(|| DeTable::parse(self.text).unwrap_or_else(|_| Spanned::new(0..0, DeTable::new())));
        let mut span = document.span();
        let mut here = Node::Table(document.get_ref());
        for step in path {
            let (at, value) = match (here, step) {
                (Node::Table(table), Step::Key(key)) => match table.get_key_value(*key) {
                    Some((key, value)) => (key.span(), value),
                    None => break,
                },
                (Node::Array(array), Step::At(index)) => match array.get(*index) {
                    Some(value) => (value.span(), value),
                    None => break,
                },
                _ => break,
            };
            // The key of an array of tables is written at each header; the element knows its own, so an array
            // itself moves the line only if its elements stand inside it.
            span = at;
            here = match value.get_ref() {
                DeValue::Table(table) => Node::Table(table),
                DeValue::Array(array) => Node::Array(array),
                _ => Node::Leaf,
            };
        }
        line_of(self.text, span)
    }
}

/// Reads all files in order of name, so that findings and merged order do not depend on how a folder was listed.
pub(super) fn read_all(files: &[(String, String)]) -> (Vec<Source<'_>>, Vec<Finding>) {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort();
    let (mut sources, mut findings) = (Vec::new(), Vec::new());
    for (name, text) in sorted {
        match Source::read(name, text) {
            Ok(source) => sources.push(source),
            Err(finding) => findings.push(*finding),
        }
    }
    (sources, findings)
}

#[derive(Clone, Copy)]
enum Node<'d> {
    Table(&'d DeTable<'d>),
    Array(&'d [Spanned<DeValue<'d>>]),
    Leaf,
}

pub(crate) fn line_of(text: &str, span: Range<usize>) -> usize {
    let before = text.as_bytes().get(..span.start).unwrap_or(text.as_bytes());
    memchr::memchr_iter(b'\n', before).count() + 1
}
