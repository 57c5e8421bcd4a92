//! Reports: issuing one, verifying one, and the page that its QR code leads to.
//!
//! One value, [`ReportContent`], says everything that a report says. Its JSON is hashed and signed; the PDF is set from
//! it, and signed from outside over its bytes; the public page shows it to whoever holds the codes printed on it.

mod codes;
mod compare;
mod compose;
mod consented;
mod content;
mod gather;
mod issue;
mod pdf;
mod reader;
mod request;
mod signed;
mod status;
mod verify;
mod view;
mod words;

pub use chengxin_seal::TrustList;

pub use codes::{ExtractCode, VerificationCode};
pub use compare::Comparison;
pub(crate) use compose::value_say;
pub use content::{FORMAT, ReportClass, ReportContent, ReportEntry, ReportField, ReportScope, ReportSubject};
pub(crate) use gather::{NewReader, Owner, READER, owner, reader_tag, showable, subject_kinds, subjects_of};
pub use issue::{IssuedReport, VALID_DAYS};
pub(crate) use reader::{Somebody, adult, reader};
pub use request::ReportRequest;
pub(crate) use request::{entitled, stated};
pub(crate) use signed::sha256;
pub use signed::{PdfSignature, REPORT_TYPE, SIGNATURE_TYPE};
pub use status::ReportStatus;
pub(crate) use status::carried;
pub use verify::{Verdict, VerdictStatus, read_trust_list, verify};
pub use view::{Extract, ReportPage};
