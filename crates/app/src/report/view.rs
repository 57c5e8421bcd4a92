//! The public page behind the QR code: what it tells everybody, and what it tells whoever holds the page.

use chengxin_core::dates::{from_days, shanghai_text};
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Role, Say};
use chengxin_seal::{Key32, SignedEnvelope};
use chengxin_store::record::VersionRow;
use chengxin_store::report::{ReportCodeRow, ReportRow};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::codes::{ExtractCode, VerificationCode};
use super::content::{ReportContent, ReportScope};
use super::gather;
use super::issue::records_of;
use super::signed::{self, sha256};
use super::verify::{VerdictStatus, verify};
use crate::{AppError, Installation, journal, policy};

/// Wrong extract codes that cost no pause: people mistype.
const FREE_FAILURES: i64 = 3;
/// First pause in seconds; it doubles with every further wrong code.
const FIRST_PAUSE_S: i64 = 30;
/// Longest pause in seconds. A day: at one try a day 40 bits are not found, and who has the page waits no longer.
const LONGEST_PAUSE_S: i64 = 86_400;

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    /// As it was issued.
    Valid,
    /// A record in it was changed, withdrawn or repaired, or is no longer shown.
    ChangedSince,
    /// Its days are over.
    Expired,
    /// The subject or the credit office withdrew it.
    Withdrawn,
}

impl ReportStatus {
    /// For people.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::Valid => Say::new("有效", "valid"),
            Self::ChangedSince => Say::new("出具后有变化", "changed since it was issued"),
            Self::Expired => Say::new("已过有效期", "expired"),
            Self::Withdrawn => Say::new("已作废", "withdrawn"),
        }
    }
}

/// What came of an extract code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Extract {
    /// None was given.
    NotGiven,
    /// It is right.
    Shown {
        /// What the report says, less what may no longer be shown.
        content: Box<ReportContent>,
        /// How many records were taken out because they changed since or are no longer shown.
        taken_out: usize,
    },
    /// It is wrong.
    Wrong {
        /// Not before this instant is another one looked at (microseconds UTC); absent for at once.
        again_at_us: Option<i64>,
    },
    /// There were too many wrong ones; it was not looked at.
    Paused {
        /// Not before this instant (microseconds UTC).
        until_us: i64,
    },
    /// The report is withdrawn or expired: its content is shown to nobody any more, and the code was not looked at.
    Closed,
}

/// What the page tells everybody who has the verification code: nothing about the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportPage {
    /// Report number.
    pub number: String,
    /// What became of it.
    pub status: ReportStatus,
    /// When it was issued, Asia/Shanghai.
    pub issued_at: String,
    /// Last day on which it may be relied on.
    pub valid_through: Date,
    /// What was asked for: fields of life and period.
    pub scope: ReportScope,
    /// SHA-256 of the signed content, hexadecimal.
    pub content_sha256: String,
    /// SHA-256 of the PDF, hexadecimal.
    pub pdf_sha256: Option<String>,
    /// What came of an extract code.
    pub extract: Extract,
}

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

struct Found {
    code_row: ReportCodeRow,
    report: ReportRow,
}

impl Installation {
    /// The page behind a verification code; with the extract code, the report's content too.
    ///
    /// Every look is a line in the subject's log, durable before the answer leaves.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`], in the same words for every code that leads nowhere.
    pub fn report_view(&mut self, caller: &Caller, code: &str, extract: Option<&str>) -> Result<ReportPage, AppError> {
        policy::authorise(caller, "report_view")?;
        let code = VerificationCode::parse(code).ok_or_else(unknown)?;
        let found = self.find(&code)?.ok_or_else(unknown)?;
        let status = self.status(&found.report)?;
        let outcome = match extract {
            None => {
                self.log_look(caller, &found, status)?;
                Extract::NotGiven
            }
            Some(_) if matches!(status, ReportStatus::Withdrawn | ReportStatus::Expired) => {
                self.log_look(caller, &found, status)?;
                Extract::Closed
            }
            Some(extract) => self.extract(caller, &code, extract, &found, status)?,
        };
        page(&found.report, status, outcome)
    }

    /// Does the database answer?
    ///
    /// # Errors
    /// The store's.
    pub fn answers(&self) -> Result<(), AppError> {
        Ok(self.store.view().setting("mode").map(drop)?)
    }

    /// Compares a file with the report behind a code. Tells nothing about the person, so it is no disclosure.
    ///
    /// # Errors
    /// As [`Self::report_view`].
    pub fn report_compare(&self, caller: &Caller, code: &str, file: &[u8]) -> Result<Comparison, AppError> {
        policy::authorise(caller, "report_verify")?;
        let code = VerificationCode::parse(code).ok_or_else(unknown)?;
        let report = self.find(&code)?.ok_or_else(unknown)?.report;
        if report.pdf_hash == Some(sha256(file)) {
            return Ok(Comparison::SamePdf);
        }
        let trust = self.keys.provider().trust_list();
        let verdict = verify(file, None, trust, self.today());
        if verdict.status == VerdictStatus::Valid && verdict.content_sha256 == Some(HEXLOWER.encode(&report.content_hash)) {
            return Ok(Comparison::SameContent);
        }
        let is_signature = report.pdf_hash.is_some_and(|hash| signature_over(file, trust, &hash));
        Ok(if is_signature { Comparison::SameSignature } else { Comparison::Different })
    }

    /// Withdraws a report: from now on its page shows that, and its content to nobody. `reference` is the verification
    /// code or its address; the credit office may give the report number instead. For everybody else the code is what
    /// shows that the report is theirs.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`]; [`crate::Kind::Conflict`] where it is withdrawn already.
    pub fn report_withdraw(&mut self, caller: &Caller, reference: &str) -> Result<(), AppError> {
        policy::authorise(caller, "report_withdraw")?;
        let found = match VerificationCode::parse(reference) {
            Some(code) => self.find(&code)?.map(|found| found.report),
            None if caller.role == Role::CreditOffice => self.find_by_number(reference.trim())?,
            None => None,
        };
        let report = found.ok_or_else(unknown)?;
        if report.state != 1 {
            return Err(AppError::conflict(
                format!("报告 {} 已经作废", report.number),
                format!("report {} is withdrawn already", report.number),
            ));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("report_withdraw", |tx| {
            tx.report_withdraw(&report.subject_id, &report.report_id)?;
            let detail = json!({ "report": report.number });
            journal::log_about(tx, &keys, &report.subject_id, now_us, "report_withdraw", caller, &detail)?;
            Ok(())
        })
    }

    /// What became of the report behind a code; `None` if there is none here.
    pub(super) fn report_status(&self, code: &VerificationCode) -> Result<Option<ReportStatus>, AppError> {
        self.find(code)?.map(|found| self.status(&found.report)).transpose()
    }

    fn find(&self, code: &VerificationCode) -> Result<Option<Found>, AppError> {
        let view = self.store.view();
        let Some(code_row) = view.report_code(&signed::code_tag(&self.keys, code))? else { return Ok(None) };
        let report = view.report(&code_row.subject_id, &code_row.report_id)?;
        let report = report.ok_or_else(|| AppError::internal("a verification code leads to no report"))?;
        Ok(Some(Found { code_row, report }))
    }

    fn find_by_number(&self, number: &str) -> Result<Option<ReportRow>, AppError> {
        let view = self.store.view();
        let Some((subject, report)) = view.report_by_number(number)? else { return Ok(None) };
        Ok(view.report(&subject, &report)?)
    }

    fn status(&self, report: &ReportRow) -> Result<ReportStatus, AppError> {
        if report.state != 1 {
            return Ok(ReportStatus::Withdrawn);
        }
        if i64::from(chengxin_core::dates::to_days(self.today())) >= report.valid_until {
            return Ok(ReportStatus::Expired);
        }
        let unchanged = self.unchanged(report)?;
        let all = records_of(report)?.iter().all(|record| unchanged.contains(record));
        Ok(if all { ReportStatus::Valid } else { ReportStatus::ChangedSince })
    }

    /// Records of a report that still stand as it shows them.
    fn unchanged(&self, report: &ReportRow) -> Result<Vec<(RecordId, i64)>, AppError> {
        let records = records_of(report)?;
        if records.is_empty() {
            return Ok(records);
        }
        let versions = self.store.view().versions_of_subject(&report.subject_id)?;
        let (current, today) = (gather::current(&versions), self.today());
        let stands = |(record, version): &(RecordId, i64)| {
            let issued = versions.iter().find(|v| v.row.record_id == record.0 && v.row.version == *version);
            let now = current.iter().find(|row| row.record_id == record.0);
            issued.zip(now).is_some_and(|(issued, now)| {
                same_to_readers(&issued.row, now) && gather::reportable(&self.catalogue, now, today).is_some()
            })
        };
        Ok(records.into_iter().filter(stands).collect())
    }

    fn log_look(&mut self, caller: &Caller, found: &Found, status: ReportStatus) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let detail = json!({ "report": found.report.number, "shown": "status", "status": status });
        self.store.write("report_view", |tx| {
            journal::log_about(tx, &keys, &found.report.subject_id, now_us, "report_view", caller, &detail)?;
            Ok(())
        })
    }

    /// Looks at an extract code. Counting and comparing happen in one transaction, so that many tries at once are
    /// counted one by one.
    fn extract(
        &mut self,
        caller: &Caller,
        code: &VerificationCode,
        extract: &str,
        found: &Found,
        status: ReportStatus,
    ) -> Result<Extract, AppError> {
        let given = ExtractCode::parse(extract);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let code_tag = signed::code_tag(&keys, code);
        let extract_tag = given.as_ref().map(|given| signed::extract_tag(&keys, code, given));
        let unchanged = self.unchanged(&found.report)?;
        let report = &found.report;
        let refusal = self.store.write("report_view", |tx| -> Result<Option<Extract>, AppError> {
            let row = tx.view().report_code(&code_tag)?.unwrap_or_else(|| found.code_row.clone());
            if now_us < row.locked_until_us {
                return Ok(Some(Extract::Paused { until_us: row.locked_until_us }));
            }
            // Compared as keys are: in constant time.
            let right = extract_tag.is_some_and(|tag| Key32::from_bytes(tag) == Key32::from_bytes(row.extract_tag));
            let failures = if right { 0 } else { row.failures + 1 };
            let again_at_us = pause_s(failures).map(|pause| now_us + pause * 1_000_000);
            tx.report_code_failures(&code_tag, failures, again_at_us.unwrap_or(0))?;
            let detail = if right {
                let shown: Vec<_> = unchanged.iter().map(|(record, version)| (record.hex(), *version)).collect();
                json!({ "report": report.number, "shown": "content", "status": status, "records": shown })
            } else {
                json!({ "report": report.number, "shown": "status", "status": status, "extract_code": "wrong" })
            };
            journal::log_about(tx, &keys, &report.subject_id, now_us, "report_view", caller, &detail)?;
            Ok((!right).then_some(Extract::Wrong { again_at_us }))
        })?;
        match (refusal, given) {
            (Some(refusal), _) => Ok(refusal),
            (None, Some(given)) => self.open_content(code, &given, report, &unchanged),
            (None, None) => Ok(Extract::Wrong { again_at_us: None }),
        }
    }

    /// The content, less what is no longer to be shown: a record that was repaired or whose days are over is not read
    /// from an old report either.
    fn open_content(
        &self,
        code: &VerificationCode,
        extract: &ExtractCode,
        report: &ReportRow,
        unchanged: &[(RecordId, i64)],
    ) -> Result<Extract, AppError> {
        let damaged = |what: &str| AppError::internal(format!("the sealed content of a report: {what}"));
        let key = signed::content_key(&self.keys, code, extract);
        let plain = key.open(&signed::content_aad(&report.report_id), &report.sealed);
        let plain = plain.map_err(|error| damaged(&error.to_string()))?;
        let envelope = SignedEnvelope::from_json(&plain).map_err(|_| damaged("no envelope"))?;
        if sha256(&envelope.payload) != report.content_hash {
            return Err(damaged("another hash"));
        }
        let content: ReportContent = serde_json::from_slice(&envelope.payload).map_err(|_| damaged("no content"))?;
        let mut content = Box::new(content);
        let before = content.entry_count();
        for class in &mut content.classes {
            class.entries.retain(|entry| {
                RecordId::from_hex(&entry.record).is_some_and(|id| unchanged.contains(&(id, entry.version)))
            });
        }
        let taken_out = before - content.entry_count();
        Ok(Extract::Shown { content, taken_out })
    }
}

/// Would a reader of a report see the same in both? A version that only recomputed what is derived, and came to the
/// same, is no change.
fn same_to_readers(issued: &VersionRow, now: &VersionRow) -> bool {
    let seen = |row: &VersionRow| (row.body_version, row.display_until, row.severity);
    seen(issued) == seen(now)
}

/// Seconds to wait after so many wrong codes in a row.
fn pause_s(failures: i64) -> Option<i64> {
    let doublings = u32::try_from(failures - FREE_FAILURES).ok()?;
    Some(2i64.checked_pow(doublings).map_or(LONGEST_PAUSE_S, |times| (FIRST_PAUSE_S.saturating_mul(times)).min(LONGEST_PAUSE_S)))
}

fn page(report: &ReportRow, status: ReportStatus, extract: Extract) -> Result<ReportPage, AppError> {
    let damaged = || AppError::internal("the scope of a report has another form");
    let domains = serde_json::from_str(&report.domains).map_err(|_| damaged())?;
    let (from, to) = serde_json::from_str(&report.period).map_err(|_| damaged())?;
    let last = i32::try_from(report.valid_until - 1).ok().and_then(from_days).ok_or_else(damaged)?;
    Ok(ReportPage {
        number: report.number.clone(),
        status,
        issued_at: shanghai_text(report.issued_at_us),
        valid_through: last,
        scope: ReportScope { domains, from, to },
        content_sha256: HEXLOWER.encode(&report.content_hash),
        pdf_sha256: report.pdf_hash.map(|hash| HEXLOWER.encode(&hash)),
        extract,
    })
}

fn signature_over(file: &[u8], trust: &chengxin_seal::TrustList, pdf_hash: &[u8; 32]) -> bool {
    let Ok(envelope) = SignedEnvelope::from_json(file) else { return false };
    let Ok(verified) = chengxin_seal::verify_envelope(&envelope, trust) else { return false };
    verified.payload_type == signed::SIGNATURE_TYPE
        && serde_json::from_slice::<signed::PdfSignature>(verified.payload)
            .is_ok_and(|says| says.pdf_sha256 == HEXLOWER.encode(pdf_hash))
}

/// One sentence for every code that leads nowhere: mistyped, never issued, anything else.
fn unknown() -> AppError {
    AppError::not_found(
        "没有找到该核验码对应的报告；请对照报告逐字核对，或者重新扫描二维码",
        "no report has this code: compare it with the report character by character, or scan the QR code again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_begin_after_three_wrong_codes_and_double_up_to_a_day() {
        let pauses: Vec<_> = (0..8).map(pause_s).collect();
        assert_eq!(pauses[..3], [None, None, None]);
        assert_eq!(pauses[3..6], [Some(30), Some(60), Some(120)]);
        assert_eq!(pause_s(15), Some(86_400));
        assert_eq!(pause_s(i64::MAX), Some(86_400));
    }
}
