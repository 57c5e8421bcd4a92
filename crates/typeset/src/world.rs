//! What the layout engine may see: the templates, one document's words, its QR code, its fonts.
//!
//! No file system, no packages, no clock: a template that asks for anything else is refused.

use std::sync::{Arc, LazyLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt as _, World};

use crate::fonts::FontSet;

/// The template files and the names of the two data files.
///
/// File ids are interned for the life of the process and there are only 65 535 of them: they are made
/// once here, and every document reuses them.
static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| Templates {
    common: source("/common.typ", include_str!("../template/common.typ")),
    report: source("/report.typ", include_str!("../template/report.typ")),
    letter: source("/letter.typ", include_str!("../template/letter.typ")),
    words: file_id("/words.json"),
    qr: file_id("/qr.svg"),
});

/// The standard library, built once. Row headers of tables need the accessibility extras.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

struct Templates {
    common: Source,
    report: Source,
    letter: Source,
    words: FileId,
    qr: FileId,
}

fn file_id(path: &str) -> FileId {
    // Unwrap safety: only called with the constant, valid paths above.
    let path = VirtualPath::new(path).expect("a constant template path is valid");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

fn source(path: &str, text: &str) -> Source {
    Source::new(file_id(path), text.to_owned())
}

/// Which template sets a document.
#[derive(Clone, Copy)]
pub(crate) enum Template {
    Report,
    Letter,
}

/// Everything that one run of the layout engine reads.
pub(crate) struct DocumentWorld {
    template: Template,
    words: Bytes,
    qr: Bytes,
    fonts: Arc<FontSet>,
}

impl DocumentWorld {
    pub(crate) fn new(template: Template, words: Vec<u8>, qr: String, fonts: Arc<FontSet>) -> Self {
        Self { template, words: Bytes::new(words), qr: Bytes::from_string(qr), fonts }
    }
}

impl World for DocumentWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        match self.template {
            Template::Report => TEMPLATES.report.id(),
            Template::Letter => TEMPLATES.letter.id(),
        }
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let templates = &*TEMPLATES;
        [&templates.common, &templates.report, &templates.letter]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id {
            id if id == TEMPLATES.words => Ok(self.words.clone()),
            id if id == TEMPLATES.qr => Ok(self.qr.clone()),
            id => Err(not_found(id)),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
