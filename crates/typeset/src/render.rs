//! From a plain-data document to the bytes of a PDF.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde::Serialize;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::clean::Cleaner;
use crate::doc::{DecisionDoc, ReportDoc, Timestamp};
use crate::fonts::Fonts;
use crate::view::{LetterView, ReportView};
use crate::world::{DocumentWorld, Template};
use crate::{TypesetError, qr};

/// How many documents ago an intermediate result must last have been of use to be kept.
///
/// Zero would throw away the evaluated templates and the prepared fonts, too. What two documents in a
/// row had no use for is a document's own, and is dropped.
const KEEP_FOR_DOCUMENTS: usize = 2;

/// The archival and the accessibility standard: the writer refuses a file that breaks either.
static STANDARDS: LazyLock<PdfStandards> = LazyLock::new(|| {
    // Unwrap safety: both standards allow PDF 1.7; the tests render with exactly these.
    PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).expect("PDF/A-2a and PDF/UA-1 go together")
});

/// A finished document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file: PDF 1.7, conforming to PDF/A-2a and PDF/UA-1.
    pub pdf: Vec<u8>,
    /// How many pages it has, at least 1.
    pub pages: usize,
    /// The characters printed as code points, in order and without repetition: those that no font
    /// could draw, and control and invisible characters.
    pub missing: Vec<char>,
}

/// Sets documents. Make one per process and share it: it parses fonts, and it is `Send + Sync`.
///
/// Intermediate results are kept in a cache of the layout engine that the whole process shares.
/// It is pruned after every document, so that memory stays flat.
pub struct Typesetter {
    fonts: Fonts,
}

impl Default for Typesetter {
    fn default() -> Self {
        Self::new()
    }
}

impl Typesetter {
    /// A typesetter with the embedded fonts only: the same bytes on every machine.
    pub fn new() -> Self {
        Self { fonts: Fonts::new(Vec::new()) }
    }

    /// Lets characters that the embedded fonts lack be taken from font files in these directories.
    ///
    /// They are read when the first such character appears (up to a second), and then stay listed:
    /// fonts installed later need a new typesetter. A directory that cannot be read counts as empty.
    #[must_use]
    pub fn with_system_fonts(self, dirs: &[PathBuf]) -> Self {
        Self { fonts: Fonts::new(dirs.to_vec()) }
    }

    /// Sets a report.
    ///
    /// # Errors
    /// [`TypesetError::CreationTime`] for an impossible time, [`TypesetError::QrTooLong`] for an
    /// address too long for a QR code. The others would be faults of this crate.
    pub fn report(&self, doc: &ReportDoc, created: Timestamp) -> Result<Rendered, TypesetError> {
        self.set(Template::Report, &doc.verify_url, &doc.number, created, |clean| to_json(&ReportView::new(doc, clean)))
    }

    /// Sets a decision, receipt or notice.
    ///
    /// # Errors
    /// As for [`Self::report`].
    pub fn decision(&self, doc: &DecisionDoc, created: Timestamp) -> Result<Rendered, TypesetError> {
        self.set(Template::Letter, &doc.verify_url, &doc.number, created, |clean| to_json(&LetterView::new(doc, clean)))
    }

    fn set(
        &self,
        template: Template,
        verify_url: &str,
        number: &str,
        created: Timestamp,
        words: impl Fn(&mut Cleaner<'_>) -> Result<Vec<u8>, TypesetError>,
    ) -> Result<Rendered, TypesetError> {
        let options = PdfOptions {
            ident: Smart::Custom(number.to_owned()),
            creator: Smart::Custom(Some("chengxin".to_owned())),
            timestamp: Some(created.to_pdf()?),
            page_ranges: None,
            standards: STANDARDS.clone(),
            tagged: true,
            pretty: false,
        };
        let code = qr::svg(verify_url)?;
        let with_fallback = self.attempt(template, code.clone(), &options, true, &words);
        let rendered = match with_fallback {
            // System fonts are not ours: one whose character table promises a glyph that it does not
            // deliver must not stop a report. The embedded ones always suffice.
            Err(_) if self.fonts.has_system() => self.attempt(template, code, &options, false, &words),
            done => done,
        };
        comemo::evict(KEEP_FOR_DOCUMENTS);
        rendered
    }

    fn attempt(
        &self,
        template: Template,
        code: String,
        options: &PdfOptions,
        fallback: bool,
        words: impl Fn(&mut Cleaner<'_>) -> Result<Vec<u8>, TypesetError>,
    ) -> Result<Rendered, TypesetError> {
        let mut clean = Cleaner::new(&self.fonts, fallback);
        let words = words(&mut clean)?;
        let fonts = self.fonts.set(&clean.system_faces());
        let world = DocumentWorld::new(template, words, code, fonts);
        let document =
            typst::compile::<PagedDocument>(&world).output.map_err(|found| TypesetError::Layout(messages(&found)))?;
        let pdf = typst_pdf::pdf(&document, options).map_err(|found| TypesetError::Export(messages(&found)))?;
        Ok(Rendered { pdf, pages: document.pages().len(), missing: clean.replaced() })
    }
}

fn to_json(view: &impl Serialize) -> Result<Vec<u8>, TypesetError> {
    serde_json::to_vec(view).map_err(|error| TypesetError::Layout(error.to_string()))
}

/// The first few messages of the layout engine, each only up to what it quotes: that may be text of
/// the document, which must not reach a log.
fn messages(found: &[SourceDiagnostic]) -> String {
    let unquoted = |message: &str| message.split(['`', '"']).next().map(str::to_owned);
    let few: Vec<String> = found.iter().take(3).filter_map(|one| unquoted(&one.message)).collect();
    few.join("; ")
}
