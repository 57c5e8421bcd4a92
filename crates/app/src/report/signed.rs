//! Signing: the content as JSON, and the PDF's bytes from outside.

use chengxin_core::dates::shanghai_text;
use chengxin_seal::{AeadKey, Key32, Profile, sign_envelope};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::{ExtractCode, VerificationCode};
use super::content::ReportContent;
use crate::AppError;
use crate::keyring::Keyring;

/// Payload type of a signed report.
pub const REPORT_TYPE: &str = "application/vnd.chengxin.report+json";
/// Payload type of a detached signature.
pub const SIGNATURE_TYPE: &str = "application/vnd.chengxin.signature+json";
/// Name of the format of [`PdfSignature`], in its first field.
const SIGNATURE_FORMAT: &str = "chengxin-pdf-signature/1";

/// What a detached signature says. It covers every byte of the PDF, so any change to a page is found.
///
/// Detached, not inside the PDF: a signature inside covers a range of bytes that the file itself states, and viewers
/// differ in what they make of the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PdfSignature {
    /// Name of the format.
    pub format: String,
    /// Report number.
    pub report: String,
    /// Verification code: leads to the report's status.
    pub verification_code: String,
    /// SHA-256 of the PDF, hexadecimal.
    pub pdf_sha256: String,
    /// SM3 of the PDF, hexadecimal; only in the `gm` profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_sm3: Option<String>,
    /// SHA-256 of the signed content, hexadecimal.
    pub content_sha256: String,
    /// When it was issued, microseconds UTC.
    pub issued_at_us: i64,
    /// The same for people, Asia/Shanghai.
    pub issued_at: String,
    /// Last day on which the report may be relied on.
    pub valid_through: Date,
    /// Cryptographic profile.
    pub profile: Profile,
}

impl PdfSignature {
    pub(super) fn new(content: &ReportContent, content_sha256: &[u8; 32], pdf: &[u8], profile: Profile) -> Self {
        Self {
            format: SIGNATURE_FORMAT.to_owned(),
            report: content.number.clone(),
            verification_code: content.verification_code.clone(),
            pdf_sha256: HEXLOWER.encode(&sha256(pdf)),
            pdf_sm3: (profile == Profile::Gm).then(|| HEXLOWER.encode(&Profile::Gm.hash(&[pdf]))),
            content_sha256: HEXLOWER.encode(content_sha256),
            issued_at_us: content.issued_at_us,
            issued_at: shanghai_text(content.issued_at_us),
            valid_through: content.valid_through,
            profile,
        }
    }

    /// Does it speak of exactly these bytes?
    pub(super) fn fits(&self, pdf: &[u8]) -> bool {
        let sm3_fits = self.pdf_sm3.as_ref().is_none_or(|sm3| *sm3 == HEXLOWER.encode(&Profile::Gm.hash(&[pdf])));
        self.format == SIGNATURE_FORMAT && sm3_fits && self.pdf_sha256 == HEXLOWER.encode(&sha256(pdf))
    }
}

/// SHA-256 in either profile: it names files, and anyone can compute it with a common tool. What is relied on is the
/// signature, which in the `gm` profile covers an SM3 as well.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Profile::Intl.hash(&[bytes])
}

/// Signs a payload with the key that signs now; the file's text.
pub(super) fn sign(keys: &Keyring, payload_type: &str, payload: &[u8], now_us: i64) -> String {
    sign_envelope(keys.provider().signing_key(), payload_type, payload, now_us).to_json()
}

/// JSON of a value of ours.
pub(super) fn to_json(value: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(value).map_err(|error| AppError::internal(format!("write JSON: {error}")))
}

/// Tag under which a verification code is found.
pub(super) fn code_tag(keys: &Keyring, code: &VerificationCode) -> [u8; 32] {
    keys.code_tag("verification code", &[code.as_str().as_bytes()])
}

/// Tag of an extract code, bound to the verification code that it belongs to.
pub(super) fn extract_tag(keys: &Keyring, code: &VerificationCode, extract: &ExtractCode) -> [u8; 32] {
    keys.code_tag("extract code", &[code.as_str().as_bytes(), extract.as_str().as_bytes()])
}

/// The key that seals a report's content: it takes both codes, which stand on the report and nowhere here, and the
/// installation's key. Neither the database nor the database with the key file opens it.
pub(super) fn content_key(keys: &Keyring, code: &VerificationCode, extract: &ExtractCode) -> AeadKey {
    let parts = [code.as_str().as_bytes(), extract.as_str().as_bytes()];
    AeadKey::new(keys.profile(), &Key32::from_bytes(keys.code_tag("report content key", &parts)))
}

/// What is authenticated beside a sealed content, so that it cannot be moved to another report.
pub(super) fn content_aad(report: &[u8; 16]) -> Vec<u8> {
    [&b"report"[..], report].concat()
}
