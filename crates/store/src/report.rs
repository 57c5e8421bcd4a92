//! Issued reports and the codes that lead to them.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    REPORT_ADD = "INSERT INTO report (subject_id, report_id, number, issued_at_us, valid_until, state, records, domains, period, \
        pdf_hash, content_hash, sealed) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11)";
    REPORT_FIND = "SELECT number, issued_at_us, valid_until, state, records, domains, period, pdf_hash, content_hash, sealed \
        FROM report WHERE subject_id = $1 AND report_id = $2";
    REPORT_WITHDRAW = "UPDATE report SET state = 2 WHERE subject_id = $1 AND report_id = $2 AND state = 1";
    REPORT_CODE_ADD = "INSERT INTO report_code (code_tag, subject_id, report_id, extract_tag, failures, locked_until_us) \
        VALUES ($1, $2, $3, $4, 0, 0)";
    REPORT_CODE_FIND = "SELECT subject_id, report_id, extract_tag, failures, locked_until_us FROM report_code WHERE code_tag = $1";
    REPORT_CODE_FAILURES = "UPDATE report_code SET failures = $2, locked_until_us = $3 WHERE code_tag = $1";
}

/// One issued report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// About whom.
    pub subject_id: [u8; 16],
    /// Which.
    pub report_id: [u8; 16],
    /// Printed number.
    pub number: String,
    /// When.
    pub issued_at_us: i64,
    /// First day on which it no longer counts.
    pub valid_until: i64,
    /// 1 issued, 2 withdrawn.
    pub state: i64,
    /// JSON: [[record id, version], …].
    pub records: String,
    /// Fields asked for.
    pub domains: String,
    /// Period asked for.
    pub period: String,
    /// SHA-256 of the PDF.
    pub pdf_hash: Option<[u8; 32]>,
    /// SHA-256 of the signed content.
    pub content_hash: [u8; 32],
    /// The signed content, sealed.
    pub sealed: Vec<u8>,
}

/// Where a verification code leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportCodeRow {
    /// About whom.
    pub subject_id: [u8; 16],
    /// Which report.
    pub report_id: [u8; 16],
    /// HMAC of the extract code.
    pub extract_tag: [u8; 32],
    /// Wrong extract codes in a row.
    pub failures: i64,
    /// Until when none is looked at.
    pub locked_until_us: i64,
}

impl View<'_> {
    /// Where a verification code leads.
    ///
    /// # Errors
    /// The engine's.
    pub fn report_code(&self, code_tag: &[u8; 32]) -> Result<Option<ReportCodeRow>, StoreError> {
        let read = |row: Row<'_>| {
            Ok(ReportCodeRow {
                subject_id: row.get(0)?,
                report_id: row.get(1)?,
                extract_tag: row.get(2)?,
                failures: row.get(3)?,
                locked_until_us: row.get(4)?,
            })
        };
        self.link.first(&REPORT_CODE_FIND, values![code_tag], read)
    }

    /// A report.
    ///
    /// # Errors
    /// The engine's.
    pub fn report(&self, subject: &[u8; 16], report: &[u8; 16]) -> Result<Option<ReportRow>, StoreError> {
        let read = |row: Row<'_>| {
            Ok(ReportRow {
                subject_id: *subject,
                report_id: *report,
                number: row.get(0)?,
                issued_at_us: row.get(1)?,
                valid_until: row.get(2)?,
                state: row.get(3)?,
                records: row.get(4)?,
                domains: row.get(5)?,
                period: row.get(6)?,
                pdf_hash: row.get(7)?,
                content_hash: row.get(8)?,
                sealed: row.get(9)?,
            })
        };
        self.link.first(&REPORT_FIND, values![subject, report], read)
    }
}

impl Tx<'_> {
    /// Keeps an issued report and its code.
    ///
    /// # Errors
    /// The engine's.
    pub fn report_add(&self, r: &ReportRow, code_tag: &[u8; 32], extract_tag: &[u8; 32]) -> Result<(), StoreError> {
        self.link.run(
            &REPORT_ADD,
            values![
                r.subject_id,
                r.report_id,
                r.number,
                r.issued_at_us,
                r.valid_until,
                r.records,
                r.domains,
                r.period,
                r.pdf_hash.as_ref().map(<[u8; 32]>::as_slice),
                r.content_hash,
                r.sealed
            ],
        )?;
        let (subject, report) = (r.subject_id, r.report_id);
        self.link.run(&REPORT_CODE_ADD, values![code_tag, subject, report, extract_tag])?;
        Ok(())
    }

    /// Withdraws a report.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it is withdrawn already.
    pub fn report_withdraw(&self, subject: &[u8; 16], report: &[u8; 16]) -> Result<(), StoreError> {
        match self.link.run(&REPORT_WITHDRAW, values![subject, report])? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("report")),
        }
    }

    /// Counts wrong extract codes, and locks the code for a while.
    ///
    /// # Errors
    /// The engine's.
    pub fn report_code_failures(
        &self,
        code_tag: &[u8; 32],
        failures: i64,
        locked_until_us: i64,
    ) -> Result<(), StoreError> {
        self.link.run(&REPORT_CODE_FAILURES, values![code_tag, failures, locked_until_us])?;
        Ok(())
    }
}
