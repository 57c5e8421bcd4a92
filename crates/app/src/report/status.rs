//! Finding an issued report, and what became of it since.

use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Role, Say, Standing};
use chengxin_store::audit::REPORTS;
use chengxin_store::record::VersionRow;
use chengxin_store::report::{ReportCodeRow, ReportRow};
use serde::Serialize;
use serde_json::json;

use super::codes::VerificationCode;
use super::gather;
use super::signed;
use crate::log::rows::marks;
use crate::reading::Reading;
use crate::{AppError, Installation, journal};

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

/// Where a code leads.
pub(super) struct Found {
    pub(super) code_row: ReportCodeRow,
    pub(super) report: ReportRow,
}

impl Installation {
    /// Withdraws a report: from now on its page shows that, and its content to nobody. `reference` is the verification
    /// code or its address; the credit office may give the report number instead. For everybody else the code is what
    /// shows that the report is theirs.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`]; [`crate::Kind::Conflict`] where it is withdrawn already.
    pub fn report_withdraw(&mut self, caller: &Caller, reference: &str) -> Result<(), AppError> {
        self.authorise(caller, "report_withdraw")?;
        let found = match VerificationCode::parse(reference) {
            Some(code) => self.find(&code)?.map(|found| found.report),
            None if caller.role == Role::CreditOffice => self.find_by_number(reference.trim())?,
            None => None,
        };
        let report = found.ok_or_else(unknown)?;
        // The code shows at the console that the report is theirs; in a session, who they are does.
        let theirs = match &caller.standing {
            Standing::Session(session) if caller.role != Role::CreditOffice => {
                self.is_own_subject(session, &report.subject_id)?
            }
            Standing::Deputy(deputy) => self.is_mandators(deputy, &report.subject_id)?,
            _ => true,
        };
        if !theirs {
            return Err(self.denied(caller, "report_withdraw", unknown()));
        }
        if report.state != 1 {
            return Err(AppError::conflict(
                format!("报告 {} 已经作废", report.number),
                format!("report {} is withdrawn already", report.number),
            ));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let withdrawn = self.store.write("report_withdraw", |tx| -> Result<(), AppError> {
            tx.report_withdraw(&report.subject_id, &report.report_id)?;
            let key = vec![(&report.subject_id).into(), (&report.report_id).into()];
            let rows = marks(tx.view(), &keys, &[(&REPORTS, key)])?;
            let detail = json!({ "report": report.number, "rows": rows });
            journal::log_about(tx, &keys, &report.subject_id, now_us, "report_withdraw", caller, &detail)?;
            Ok(())
        });
        withdrawn.map_err(|refusal| self.turned_away(caller, "report_withdraw", refusal))
    }

    /// What became of the report behind a code; `None` if there is none here.
    pub(super) fn report_status(&self, code: &VerificationCode) -> Result<Option<ReportStatus>, AppError> {
        self.find(code)?.map(|found| self.status(&found.report)).transpose()
    }

    pub(super) fn find(&self, code: &VerificationCode) -> Result<Option<Found>, AppError> {
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

    pub(super) fn status(&self, report: &ReportRow) -> Result<ReportStatus, AppError> {
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
    pub(super) fn unchanged(&self, report: &ReportRow) -> Result<Vec<(RecordId, i64)>, AppError> {
        let records = records_of(report)?;
        if records.is_empty() {
            return Ok(records);
        }
        let versions = self.store.view().versions_of_subject(&report.subject_id)?;
        let contests = self.contests_about(&report.subject_id)?;
        let (current, today) = (gather::current(&versions), self.today());
        let stands = |(record, version): &(RecordId, i64)| {
            let issued = versions.iter().find(|v| v.row.record_id == record.0 && v.row.version == *version);
            let now = current.iter().find(|row| row.record_id == record.0);
            issued.zip(now).is_some_and(|(issued, now)| {
                same_to_readers(&issued.row, now)
                    && gather::reportable(&self.catalogue, now, today).is_some()
                    && !contests.of(&record.0).changed_since(report.issued_at_us)
            })
        };
        Ok(records.into_iter().filter(stands).collect())
    }
}

/// Reports that carried a record to somebody: when, and to whom.
///
/// # Errors
/// The store's.
pub(crate) fn carried(reading: &Reading, subject: &[u8; 16], record: &str) -> Result<Vec<(i64, String)>, AppError> {
    #[derive(serde::Deserialize)]
    struct Said {
        records: Vec<(String, i64)>,
        recipient: String,
    }
    let (mut carried, mut after) = (Vec::new(), 0);
    loop {
        let slice = reading.store.view().log_of_subject(subject, after, 1_024)?;
        let Some(last) = slice.last() else { return Ok(carried) };
        after = last.number;
        for entry in slice.into_iter().filter(|entry| entry.operation == "report_issue") {
            // A refusal is an entry of the same operation and says something else.
            let Ok(said) = serde_json::from_str::<Said>(&entry.detail) else { continue };
            if said.records.iter().any(|(of, _)| of == record) {
                carried.push((entry.at_us, said.recipient));
            }
        }
    }
}

/// Would a reader of a report see the same in both? A version that only recomputed what is derived, and came to the
/// same, is no change.
fn same_to_readers(issued: &VersionRow, now: &VersionRow) -> bool {
    let seen = |row: &VersionRow| (row.body_version, row.display_until, row.severity);
    seen(issued) == seen(now)
}

/// Reads what [`ReportRow::records`] holds.
fn records_of(row: &ReportRow) -> Result<Vec<(RecordId, i64)>, AppError> {
    let damaged = || AppError::internal("the records of a report have another form");
    let records: Vec<(String, i64)> = serde_json::from_str(&row.records).map_err(|_| damaged())?;
    records
        .into_iter()
        .map(|(id, version)| Some((RecordId::from_hex(&id)?, version)))
        .collect::<Option<_>>()
        .ok_or_else(damaged)
}

/// One sentence for every code that leads nowhere: mistyped, never issued, anything else.
pub(super) fn unknown() -> AppError {
    AppError::not_found(
        "没有找到该核验码对应的报告；请对照报告逐字核对，或者重新扫描二维码",
        "no report has this code: compare it with the report character by character, or scan the QR code again",
    )
}
