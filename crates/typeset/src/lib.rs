//! Turns a plain-data report or letter into a tagged PDF/A-2a file.
//!
//! This crate knows nothing of credit records. It is given words, in the order in which they are to
//! stand, and sets them: [`ReportDoc`] for a public credit information report, [`DecisionDoc`] for a
//! signed decision, a receipt or a notice. What it promises:
//!
//! - **Words are data.** Text reaches the page through a data file that the templates read, never by
//!   being pasted into markup, so `#`, `$` or `*` in a name is printed and not obeyed.
//! - **No blank boxes.** A character that no font holds, and every invisible or control character, is
//!   printed as its code point `〔U+2B8E2〕`, listed at the end of the document and returned in
//!   [`Rendered::missing`].
//! - **Same input, same bytes.** The creation time is an argument; nothing reads a clock.
//! - **Archival and accessible.** PDF/A-2a together with PDF/UA-1: all fonts embedded, headings,
//!   lists and tables tagged, row headers marked, the language given, the QR code described in words.
//!
//! ```no_run
//! # fn main() -> Result<(), chengxin_typeset::TypesetError> {
//! use chengxin_typeset::{ReportDoc, Timestamp, Typesetter};
//! let typesetter = Typesetter::new(); // once per process: parses 21 MB of fonts
//! let doc = ReportDoc { title: "公共信用信息报告".into(), ..ReportDoc::default() };
//! let rendered = typesetter.report(&doc, Timestamp::china(2026, 5, 6, 9, 30, 0))?;
//! assert_eq!(rendered.pages, 1);
//! # Ok(())
//! # }
//! ```

mod clean;
mod doc;
mod error;
mod fonts;
mod qr;
mod render;
mod view;
mod world;

pub use doc::{DecisionDoc, Entry, NoticeDoc, Pair, ReportDoc, Section, Timestamp};
pub use error::TypesetError;
pub use qr::{lines as qr_lines, svg as qr_svg};
pub use render::{Rendered, Typesetter};
