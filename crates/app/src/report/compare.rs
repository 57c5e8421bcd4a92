//! A file that somebody was given, held against the report that was issued.

use chengxin_core::Caller;
use chengxin_seal::{SignedEnvelope, TrustList, verify_envelope};
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::codes::VerificationCode;
use super::signed::{self, sha256};
use super::status::unknown;
use super::verify::{VerdictStatus, verify};
use crate::{AppError, Installation};

/// What comparing a file with an issued report found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Byte for byte the PDF that was issued.
    SamePdf,
    /// The signed content that was issued.
    SameContent,
    /// The signature file that belongs to the issued PDF.
    SameSignature,
    /// Not the file that was issued: altered, or another one.
    Different,
}

impl Installation {
    /// Compares a file with the report behind a code. Tells nothing about the person, so it is no disclosure.
    ///
    /// # Errors
    /// As [`Self::report_view`].
    pub fn report_compare(&self, caller: &Caller, code: &str, file: &[u8]) -> Result<Comparison, AppError> {
        self.authorise(caller, "report_verify")?;
        let code = VerificationCode::parse(code).ok_or_else(unknown)?;
        let report = self.find(&code)?.ok_or_else(unknown)?.report;
        if report.pdf_hash == Some(sha256(file)) {
            return Ok(Comparison::SamePdf);
        }
        let trust = self.keys.provider().trust_list();
        let verdict = verify(file, None, trust, self.today());
        if verdict.status == VerdictStatus::Valid
            && verdict.content_sha256 == Some(HEXLOWER.encode(&report.content_hash))
        {
            return Ok(Comparison::SameContent);
        }
        let is_signature = report.pdf_hash.is_some_and(|hash| signature_over(file, trust, &hash));
        Ok(if is_signature { Comparison::SameSignature } else { Comparison::Different })
    }
}

fn signature_over(file: &[u8], trust: &TrustList, pdf_hash: &[u8; 32]) -> bool {
    let Ok(envelope) = SignedEnvelope::from_json(file) else { return false };
    let Ok(verified) = verify_envelope(&envelope, trust) else { return false };
    verified.payload_type == signed::SIGNATURE_TYPE
        && serde_json::from_slice::<signed::PdfSignature>(verified.payload)
            .is_ok_and(|says| says.pdf_sha256 == HEXLOWER.encode(pdf_hash))
}
