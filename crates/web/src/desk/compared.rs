//! The document that somebody showed at a window, and that a clerk compared with them.

use chengxin_core::Say;
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule};

use crate::form::Frame;
use crate::typed::{Faults, Typed};

/// Kinds of documents to choose from: as a form sends them, and in words.
pub(super) fn kinds(f: &Frame, of: impl IntoIterator<Item = DocumentKind>) -> Vec<(&'static str, String)> {
    of.into_iter().map(|kind| (kind.code(), f.say(&Say::new(kind.name_zh(), kind.name_en())))).collect()
}

/// Which of those kinds it is, and its number; nothing without a kind. What cannot be one is said beside its field.
pub(super) fn compared(
    f: &Frame,
    of: impl IntoIterator<Item = DocumentKind>,
    typed: &Typed,
    faults: &mut Faults,
) -> Option<(DocumentKind, String)> {
    let kind = of.into_iter().find(|kind| kind.code() == typed.get("document-kind"));
    if kind.is_none() {
        faults.wrong(f, "document-kind", "fault-choose");
    }
    let (kind, number) = (kind?, typed.needed(f, "number", faults));
    let rule = if f.synthetic { SyntheticRule::Allowed } else { SyntheticRule::Refused };
    if !number.is_empty() && Document::parse(kind, &number, rule).is_err() {
        faults.wrong(f, "number", "fault-document");
    }
    Some((kind, number))
}
