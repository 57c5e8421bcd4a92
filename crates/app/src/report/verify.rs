//! Verifying a file: who signed, when, over what, and whether it was altered.
//!
//! The only ground of trust is the list of keys that the verifier brings. What the file says about its own signer only
//! helps to find the key on that list, so a report altered and signed again with another key has an unknown signer.

use chengxin_core::dates::{shanghai_date, shanghai_text};
use chengxin_core::{Caller, Say};
use chengxin_seal::{SignedEnvelope, TrustError, TrustList, VerifiedEnvelope, verify_envelope};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::Serialize;

use super::codes::VerificationCode;
use super::content::{FORMAT, ReportContent};
use super::signed::{PdfSignature, REPORT_TYPE, SIGNATURE_TYPE, sha256};
use super::status::ReportStatus;
use crate::consent::CONSENT_TYPE;
use crate::{AppError, Installation};

/// How a file came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictStatus {
    /// Signed by a trusted key, and not one byte differs.
    Valid,
    /// It is not what was signed.
    Altered,
    /// Signed with a key that is not on the trust list.
    UnknownSigner,
    /// Signed with a trusted key at a time for which it does not count.
    KeyNotValidThen,
    /// Something else: a receipt, a signature alone, any other file.
    NotAReport,
    /// A PDF without its signature file.
    NoSignature,
}

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Outcome.
    pub status: VerdictStatus,
    /// The outcome for people.
    pub say: Say,
    /// Holder of the key, from the trust list.
    pub signer: Option<String>,
    /// Key, from the trust list.
    pub key_id: Option<String>,
    /// When it was signed, by the signer's word; Asia/Shanghai.
    pub signed_at: Option<String>,
    /// What the signature covers.
    pub over: Option<Say>,
    /// Report number.
    pub report: Option<String>,
    /// SHA-256 of the PDF, hexadecimal.
    pub pdf_sha256: Option<String>,
    /// SHA-256 of the signed content, hexadecimal.
    pub content_sha256: Option<String>,
    /// Last day on which it may be relied on.
    pub valid_through: Option<Date>,
    /// What became of it since; absent without the installation that issued it, except that a day passed is a day
    /// passed.
    pub now: Option<ReportStatus>,
    #[serde(skip)]
    code: Option<VerificationCode>,
}

impl Verdict {
    fn new(status: VerdictStatus, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            status,
            say: Say::new(zh, en),
            signer: None,
            key_id: None,
            signed_at: None,
            over: None,
            report: None,
            pdf_sha256: None,
            content_sha256: None,
            valid_through: None,
            now: None,
            code: None,
        }
    }

    /// May the file be relied on: valid, and neither withdrawn nor expired nor changed since as far as is known?
    #[must_use]
    pub fn can_be_relied_on(&self) -> bool {
        self.status == VerdictStatus::Valid && self.now.is_none_or(|now| now == ReportStatus::Valid)
    }

    fn signed_by(mut self, envelope: &VerifiedEnvelope<'_>) -> Self {
        self.signer = Some(envelope.key.holder().to_owned());
        self.key_id = Some(envelope.key.key_id().to_owned());
        self.signed_at = Some(shanghai_text(envelope.signed_at_us));
        self
    }

    fn valid(over: Say) -> Self {
        let mut verdict = Self::new(
            VerdictStatus::Valid,
            "签名有效：文件由所列签发单位签发，签发后未被改动",
            "valid: signed by the holder named here, and not altered since",
        );
        verdict.over = Some(over);
        verdict
    }
}

/// Verifies a report: its JSON, or its PDF with the detached signature. `today` in Asia/Shanghai.
#[must_use]
pub fn verify(file: &[u8], signature: Option<&[u8]>, trust: &TrustList, today: Date) -> Verdict {
    let mut verdict = match signature {
        Some(signature) if !looks_like_json(file) => verify_pdf(file, signature, trust),
        _ if is_pdf(file) => Verdict::new(
            VerdictStatus::NoSignature,
            "PDF 的签名在同名的 .sig 文件中，请一并提供；也可以扫描报告上的二维码，在网页上比对",
            "the signature of a PDF is in the .sig file of the same name: give both, or scan the QR code and compare on the page",
        ),
        _ => verify_json(file, trust),
    };
    if verdict.valid_through.is_some_and(|last| last < today) {
        verdict.now = Some(ReportStatus::Expired);
    }
    verdict
}

/// Reads a list of trusted keys, as `trust.json` holds it.
///
/// # Errors
/// [`crate::Kind::Invalid`].
pub fn read_trust_list(text: &[u8]) -> Result<TrustList, AppError> {
    TrustList::from_json(text).map_err(|error| {
        AppError::invalid(
            "公钥清单无法读取，请使用签发平台公布的 trust.json",
            format!("the key list cannot be used: {error}"),
        )
    })
}

fn is_pdf(file: &[u8]) -> bool {
    // Readers accept a header anywhere in the first kilobyte.
    file.get(..file.len().min(1024)).is_some_and(|start| start.windows(5).any(|w| w == b"%PDF-"))
}

fn looks_like_json(file: &[u8]) -> bool {
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    text.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
}

fn verify_json(file: &[u8], trust: &TrustList) -> Verdict {
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let Ok(envelope) = SignedEnvelope::from_json(text) else { return no_envelope(text) };
    if envelope.payload_type != REPORT_TYPE {
        return other_type(&envelope, trust);
    }
    let verified = match verify_envelope(&envelope, trust) {
        Ok(verified) => verified,
        Err(error) => return refused(error),
    };
    let content: ReportContent = match serde_json::from_slice(verified.payload) {
        Ok(content) => content,
        Err(_) => return unreadable().signed_by(&verified),
    };
    if content.format != FORMAT {
        return unreadable().signed_by(&verified);
    }
    let mut verdict = Verdict::valid(Say::new("报告的全部内容（JSON）", "the whole content of the report (JSON)"));
    verdict.report = Some(content.number);
    verdict.content_sha256 = Some(HEXLOWER.encode(&sha256(verified.payload)));
    verdict.valid_through = Some(content.valid_through);
    verdict.code = VerificationCode::parse(&content.verification_code);
    verdict.signed_by(&verified)
}

fn verify_pdf(pdf: &[u8], signature: &[u8], trust: &TrustList) -> Verdict {
    let Ok(envelope) = SignedEnvelope::from_json(signature) else {
        return Verdict::new(
            VerdictStatus::Altered,
            "签名文件已损坏或不是签名文件",
            "the signature file is damaged, or is none",
        );
    };
    if envelope.payload_type != SIGNATURE_TYPE {
        return other_type(&envelope, trust);
    }
    let verified = match verify_envelope(&envelope, trust) {
        Ok(verified) => verified,
        Err(error) => return refused(error),
    };
    let Ok(says) = serde_json::from_slice::<PdfSignature>(verified.payload) else {
        return unreadable().signed_by(&verified);
    };
    if !says.fits(pdf) {
        let mut verdict = Verdict::new(
            VerdictStatus::Altered,
            "PDF 已被改动，或者与该签名文件不属于同一份报告",
            "the PDF was altered, or the signature belongs to another report",
        );
        verdict.report = Some(says.report);
        return verdict.signed_by(&verified);
    }
    let mut verdict = Verdict::valid(Say::new("PDF 文件的全部字节", "every byte of the PDF"));
    verdict.report = Some(says.report);
    verdict.pdf_sha256 = Some(says.pdf_sha256);
    verdict.content_sha256 = Some(says.content_sha256);
    verdict.valid_through = Some(says.valid_through);
    verdict.code = VerificationCode::parse(&says.verification_code);
    verdict.signed_by(&verified)
}

fn refused(error: TrustError) -> Verdict {
    match error {
        TrustError::UnknownSigner => Verdict::new(
            VerdictStatus::UnknownSigner,
            "签名者未知：签名所用的密钥不在信任清单上，不能证明是谁签发的",
            "unknown signer: the key is not on the trust list, so nothing shows who signed",
        ),
        TrustError::NotValidThen => Verdict::new(
            VerdictStatus::KeyNotValidThen,
            "签名所用的密钥在所称签发时间无效",
            "the key did not count at the stated time of signing",
        ),
        TrustError::BadSignature => Verdict::new(
            VerdictStatus::Altered,
            "签名与内容不符：文件在签发后被改动，或者签名是伪造的",
            "the signature does not fit: the file was altered after signing, or the signature is forged",
        ),
    }
}

fn unreadable() -> Verdict {
    Verdict::new(
        VerdictStatus::NotAReport,
        "签名有效，但内容不是本程序认识的信用报告；请使用较新的程序",
        "the signature holds, but the content is no report that this programme knows: use a newer one",
    )
}

/// JSON that is no envelope: a report with a damaged envelope is said to be altered, anything else to be something else.
fn no_envelope(text: &[u8]) -> Verdict {
    let stated = serde_json::from_slice::<serde_json::Value>(text).ok();
    if stated.is_some_and(|json| json.get("payloadType").and_then(|t| t.as_str()) == Some(REPORT_TYPE)) {
        return refused(TrustError::BadSignature);
    }
    Verdict::new(
        VerdictStatus::NotAReport,
        "不是信用报告：请提供报告的 PDF 和同名 .sig 文件，或者 JSON 文件",
        "not a report: give its PDF together with the .sig file, or its JSON",
    )
}

fn other_type(envelope: &SignedEnvelope, trust: &TrustList) -> Verdict {
    let kind: String = envelope.payload_type.chars().filter(|c| !c.is_control()).take(100).collect();
    let verdict = match envelope.payload_type.as_str() {
        SIGNATURE_TYPE => Verdict::new(
            VerdictStatus::NotAReport,
            "这是 PDF 的签名文件，请把它和 PDF 一并提供",
            "this is the signature of a PDF: give it together with the PDF",
        ),
        REPORT_TYPE => Verdict::new(
            VerdictStatus::NotAReport,
            "作为签名给出的文件是报告的 JSON，不是 PDF 的签名文件",
            "the file given as signature is a report's JSON, not the signature of a PDF",
        ),
        CONSENT_TYPE => Verdict::new(
            VerdictStatus::NotAReport,
            "这是授权回执，不是信用报告；授权现在是否有效，由本人在平台查看",
            "this is the receipt of a consent, not a report; whether the consent still holds the person sees on the platform",
        ),
        _ => Verdict::new(
            VerdictStatus::NotAReport,
            format!("这是其他已签名的文书（{kind}），不是信用报告"),
            format!("this is another signed document ({kind}), not a report"),
        ),
    };
    match verify_envelope(envelope, trust) {
        Ok(verified) => verdict.signed_by(&verified),
        Err(_) => verdict,
    }
}

impl Installation {
    /// Verifies a file by this installation's own keys, and says what became of the report since.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; a file that is no report is a verdict, not an error.
    pub fn report_verify(&self, caller: &Caller, file: &[u8], signature: Option<&[u8]>) -> Result<Verdict, AppError> {
        self.authorise(caller, "report_verify")?;
        let trust = self.keys.provider().trust_list();
        let mut verdict = verify(file, signature, trust, shanghai_date(self.now_us()));
        if let (VerdictStatus::Valid, Some(code)) = (verdict.status, &verdict.code) {
            verdict.now = self.report_status(code)?.or(verdict.now);
        }
        Ok(verdict)
    }

    /// The dated list of public keys, as verifiers keep it.
    #[must_use]
    pub fn trust_list_json(&self) -> String {
        self.keys.provider().trust_list().to_json()
    }
}
