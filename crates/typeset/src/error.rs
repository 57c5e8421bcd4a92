//! Why a document could not be set.

/// Why a document could not be set.
///
/// None of these carries text of the document: the messages are safe to log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypesetError {
    /// The creation time is not a time of the civil calendar, or its offset is a day or more.
    #[error("the creation time is not a valid civil time")]
    CreationTime,
    /// The address to be checked is longer than a QR code can hold (about 2 300 bytes).
    #[error("the address does not fit into a QR code")]
    QrTooLong,
    /// The layout engine refused the document. A fault of this crate's templates, never of the text.
    #[error("layout failed: {0}")]
    Layout(String),
    /// The PDF writer refused the document, for example because a rule of PDF/A was broken.
    #[error("PDF export failed: {0}")]
    Export(String),
}
