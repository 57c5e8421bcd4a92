//! Files of the catalogue as read: the typed tables, and for each of them the line where it stands.

use std::ops::Range;

use serde::Deserialize;
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
    document: Spanned<DeTable<'a>>,
    /// Byte offset at which each line begins.
    starts: Vec<usize>,
}

impl<'a> Source<'a> {
    /// Reads one file.
    ///
    /// # Errors
    /// One finding, with its line, where it is not TOML or holds a key or value that the catalogue does not know.
    pub(super) fn read(name: &'a str, text: &'a str) -> Result<Self, Finding> {
        let starts = line_starts(text);
        let refuse = |error: toml::de::Error| Finding {
            file: name.to_owned(),
            line: line_of(&starts, error.span().unwrap_or(0..0)),
            item: None,
            rule: FindingRule::NotReadable,
            say: Say::new(format!("无法读取：{}", error.message()), format!("cannot be read: {}", error.message())),
        };
        let document = DeTable::parse(text).map_err(refuse)?;
        let tables = CatalogueFile::deserialize(toml::de::Deserializer::from(document.clone())).map_err(refuse)?;
        Ok(Self { name, tables, document, starts })
    }

    /// The line, from 1, of what a path leads to: a key's own line, a table's header. Where the path leads nowhere
    /// (a missing key), the line of the last table on the way.
    pub(super) fn line(&self, path: &[Step<'_>]) -> usize {
        let mut span = self.document.span();
        let mut here = Node::Table(self.document.get_ref());
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
        line_of(&self.starts, span)
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
            Err(finding) => findings.push(finding),
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

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect()
}

fn line_of(starts: &[usize], span: Range<usize>) -> usize {
    starts.partition_point(|start| *start <= span.start).max(1)
}
