//! The public page behind the QR code: what it tells everybody, and what it tells whoever holds the page.

use chengxin_core::Caller;
use chengxin_core::dates::{from_days, shanghai_text};
use chengxin_core::record::RecordId;
use chengxin_seal::{Key32, SignedEnvelope};
use chengxin_store::audit::CODES;
use chengxin_store::report::ReportRow;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::codes::{ExtractCode, VerificationCode};
use super::content::{ReportContent, ReportScope};
use super::signed::{self, sha256};
use super::status::{Found, ReportStatus, unknown};
use crate::log::rows::marks;
use crate::{AppError, Installation, journal};

/// Wrong extract codes that cost no pause: people mistype.
const FREE_FAILURES: i64 = 3;
/// First pause in seconds; it doubles with every further wrong code.
const FIRST_PAUSE_S: i64 = 30;
/// Longest pause in seconds. A day: at one try a day 40 bits are not found, and who has the page waits no longer.
const LONGEST_PAUSE_S: i64 = 86_400;

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

impl Installation {
    /// Does the database answer?
    ///
    /// # Errors
    /// The store's.
    pub fn answers(&self) -> Result<(), AppError> {
        Ok(self.store.view().setting("mode").map(drop)?)
    }

    /// The page behind a verification code; with the extract code, the report's content too.
    ///
    /// Every look is a line in the subject's log, durable before the answer leaves.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`], in the same words for every code that leads nowhere.
    pub fn report_view(&mut self, caller: &Caller, code: &str, extract: Option<&str>) -> Result<ReportPage, AppError> {
        self.authorise(caller, "report_view")?;
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
            let rows = marks(tx.view(), &keys, &[(&CODES, vec![(&report.subject_id).into(), (&code_tag).into()])])?;
            let mut detail = if right {
                let shown: Vec<_> = unchanged.iter().map(|(record, version)| (record.hex(), *version)).collect();
                json!({ "report": report.number, "shown": "content", "status": status, "records": shown })
            } else {
                json!({ "report": report.number, "shown": "status", "status": status, "extract_code": "wrong" })
            };
            detail["rows"] = rows;
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

/// Seconds to wait after so many wrong codes in a row.
fn pause_s(failures: i64) -> Option<i64> {
    let beyond = failures.checked_sub(FREE_FAILURES).filter(|beyond| *beyond >= 0)?;
    // Twelve doublings pass a day already.
    Some((FIRST_PAUSE_S << beyond.min(12)).min(LONGEST_PAUSE_S))
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
