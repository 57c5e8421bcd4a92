//! One submission, as whoever sent it comes back to it: its quality report, which rows were refused and which are held, and what was done with it.
//!
//! Nothing is kept twice: the report was sealed into the submission when it was accepted, each refused row has its faults and, for 30 days, its cells.

use chengxin_core::refusal::{Fault, HeldReason};
use chengxin_core::row::split_body;
use chengxin_core::{Caller, Say};
use chengxin_sheet::write_table_xlsx;
use chengxin_store::held::HeldState;
use chengxin_store::log::INSTALLATION;
use serde_json::{Value, json};

use super::{SubmissionRow, SubmissionState};
use crate::intake::{Incoming, QualityReport, RefusedField, RefusedRow, field_label, item_of, refused_fields};
use crate::{AppError, Installation, journal};

/// Refused rows, and held ones, of one page.
pub const VIEW_ROWS: i64 = 50;
/// Rows of one read, where all are gone through.
const SLICE: i64 = 10_000;
/// Entries of the installation's own chain among which the end of a submission is looked for.
const AMONG: i64 = 50_000;
/// Ends of one kind that are looked through.
const ENDS: i64 = 500;

/// A submission that was looked up.
#[derive(Debug, Clone)]
pub struct SubmissionView {
    /// The submission.
    pub row: SubmissionRow,
    /// Name of the sending office.
    pub authority_name: Say,
    /// Name of its item.
    pub item_name: Say,
    /// Its quality report; nothing of one that was never accepted.
    pub quality: Option<QualityReport>,
    /// May the caller see which rows were refused and held? Those of the sending office may.
    pub own: bool,
    /// Refused rows behind the one that was asked for, [`VIEW_ROWS`] at most.
    pub refused: Vec<RefusedRow>,
    /// Behind which row more of them stand.
    pub more_refused: Option<i64>,
    /// Held rows behind the one that was asked for, [`VIEW_ROWS`] at most.
    pub held: Vec<HeldOfSubmission>,
    /// Behind which row more of them stand.
    pub more_held: Option<i64>,
    /// What was done with it, the oldest first.
    pub steps: Vec<SubmissionStep>,
}

/// A held row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldOfSubmission {
    /// Its running number, by which an identity clerk opens it.
    pub id: i64,
    /// Row of the file.
    pub row: i64,
    /// What the sender may know of the reason.
    pub say: Say,
    /// Does it still wait? How it was decided is not told: that would tell who is known here.
    pub waits: bool,
}

/// Something that was done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionStep {
    /// When.
    pub at_us: i64,
    /// What.
    pub what: Say,
    /// Account of whoever did it.
    pub by: String,
    /// Why, where they said it.
    pub reason: String,
}

impl Installation {
    /// One submission; an officer sees those of their own authority. `refused` and `held` are the rows behind which the lists begin.
    ///
    /// The office that follows submissions of every authority is told counts and kinds of faults, and nothing of a row.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for one that there is not; [`crate::Kind::Forbidden`] for another authority's.
    pub fn submission_show(
        &self,
        caller: &Caller,
        id: i64,
        refused: i64,
        held: i64,
    ) -> Result<SubmissionView, AppError> {
        self.authorise(caller, "submission_list")?;
        let row = self.submission_of(caller, "submission_list", id)?;
        let (authority_name, item_name) = (self.authority_called(&row.authority)?, self.item_called(&row.item));
        let own = caller.authority.as_deref() == Some(row.authority.as_str());
        let mut quality: Option<QualityReport> = serde_json::from_str(&row.summary).ok();
        if let Some(report) = quality.as_mut().filter(|_| !own) {
            report.refused.clear();
            report.held.clear();
        }
        let (refused, more_refused) = if own { self.refused_of(&row, refused)? } else { (Vec::new(), None) };
        let (held, more_held) = if own { self.held_of(id, held)? } else { (Vec::new(), None) };
        let steps = self.steps_of(&row)?;
        Ok(SubmissionView {
            row,
            authority_name,
            item_name,
            quality,
            own,
            refused,
            more_refused,
            held,
            more_held,
            steps,
        })
    }

    fn refused_of(&self, row: &SubmissionRow, after: i64) -> Result<(Vec<RefusedRow>, Option<i64>), AppError> {
        let item = item_of(&self.catalogue, &row.item)?;
        let mut rows = self.store.view().refusals(row.id, after, VIEW_ROWS + 1)?;
        let more = cut(&mut rows).map(|last| last.row_no);
        let line = |row: &chengxin_store::refusal::RefusalRow| -> Result<RefusedRow, AppError> {
            Ok(RefusedRow { row: row.row_no as u64, faults: refused_fields(item, &faults(&row.faults)?) })
        };
        Ok((rows.iter().map(line).collect::<Result<_, _>>()?, more))
    }

    fn held_of(&self, id: i64, after: i64) -> Result<(Vec<HeldOfSubmission>, Option<i64>), AppError> {
        let mut rows = self.store.view().held_of_submission(id, after, VIEW_ROWS + 1)?;
        let more = cut(&mut rows).map(|(_, row, ..)| *row);
        let line = |(id, row, reason, state): (i64, i64, String, i64)| {
            let known = HeldReason::from_code(&reason);
            let say =
                known.ok_or_else(|| AppError::internal("a held row has a reason that cannot be"))?.say_to_sender();
            Ok(HeldOfSubmission { id, row, say, waits: state == HeldState::Waiting as i64 })
        };
        Ok((rows.into_iter().map(line).collect::<Result<_, AppError>>()?, more))
    }

    /// What the submission says of itself; its end, which it does not, by the log.
    fn steps_of(&self, row: &SubmissionRow) -> Result<Vec<SubmissionStep>, AppError> {
        let step = |at_us: i64, zh: &str, en: &str, by: &str, reason: &str| SubmissionStep {
            at_us,
            what: Say::new(zh, en),
            by: by.to_owned(),
            reason: reason.to_owned(),
        };
        let mut steps = vec![step(row.opened_at_us, "开始报送", "begun", &row.sent_by, &row.reason)];
        steps.extend(row.accepted_at_us.map(|at| step(at, "验收入库", "accepted", &row.sent_by, "")));
        let second = row.released_by.as_deref().unwrap_or("");
        steps.extend(row.released_at_us.map(|at| step(at, "放行", "released by a second officer", second, "")));
        for (state, operation, zh, en) in [
            (SubmissionState::Recalled, "submission_recall", "撤回", "recalled"),
            (SubmissionState::Abandoned, "submission_abandon", "放弃", "abandoned"),
        ] {
            if row.state != state as i64 {
                continue;
            }
            let view = self.store.view();
            let behind = view.log_last_number(&INSTALLATION)? - AMONG;
            for (at_us, caller, detail) in view.log_done(&INSTALLATION, operation, behind, ENDS)? {
                let (caller, detail): (Value, Value) = (read(&caller)?, read(&detail)?);
                if detail["submission"].as_i64() == Some(row.id) {
                    let (by, reason) = (caller["actor"].as_str(), detail["reason"].as_str());
                    steps.push(step(at_us, zh, en, by.unwrap_or(""), reason.unwrap_or("")));
                }
            }
        }
        Ok(steps)
    }

    /// The refused rows of a submission as a workbook (XLSX): row, reasons in both languages, and what stood in the row where that may be kept
    /// and its 30 days are not over. They are personal data that leave the house, so it is logged.
    ///
    /// # Errors
    /// As [`Self::submission_show`]; only who may send for the authority gets them.
    pub fn submission_refused_workbook(&mut self, caller: &Caller, id: i64) -> Result<Vec<u8>, AppError> {
        self.authorise(caller, "submission_import")?;
        let row = self.submission_of(caller, "submission_import", id)?;
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let item = item_of(&catalogue, &row.item)?;
        let mut headings =
            vec!["原行号 Row".to_owned(), "拒绝原因与处理方法".to_owned(), "Reason and remedy".to_owned()];
        headings.extend((0..item.fields.len()).map(|at| field_label(item, at).zh));
        let mut widths = vec![9u16, 48, 48];
        widths.resize(headings.len(), 18);
        // Of a submission whose rows were all deleted there is no key any more.
        let key = self.submission_key(id).ok().map(|key| self.keys.submission_aead(&key));
        let (mut lines, mut after) = (Vec::new(), 0);
        loop {
            let page = self.store.view().refusals(id, after, SLICE)?;
            let Some(last) = page.last() else { break };
            after = last.row_no;
            for refusal in page {
                let said = refused_fields(item, &faults(&refusal.faults)?);
                let join = |of: fn(&RefusedField) -> &str| said.iter().map(of).collect::<Vec<_>>().join("；");
                let mut line = vec![refusal.row_no.to_string(), join(|of| &of.say.zh), join(|of| &of.say.en)];
                if let (Some(key), Some(sealed)) = (&key, &refusal.sealed) {
                    let aad = crate::intake::row_aad(id, refusal.row_no as u64);
                    let plain = key.open(&aad, sealed);
                    let plain = plain.map_err(|e| AppError::internal(format!("open refused row: {e}")))?;
                    // Under a catalogue with other fields than then nobody could say which cell is whose.
                    let cells = split_body(&plain).filter(|cells| cells.len() == item.fields.len());
                    line.extend(cells.into_iter().flatten().map(str::to_owned));
                }
                line.resize(headings.len(), String::new());
                lines.push(line);
            }
        }
        let (now_us, keys, count) = (self.now_us(), self.keys.clone(), lines.len());
        let place = Incoming::begin(self, "refused.xlsx")?;
        write_table_xlsx(place.path(), "被拒绝的行", &headings, lines, &widths)?;
        let book = std::fs::read(place.path()).map_err(|e| AppError::internal(format!("read a workbook: {e}")))?;
        self.store.write("submission_list", |tx| -> Result<(), AppError> {
            let detail = json!({ "submission": id, "refused": count });
            journal::log(tx, &keys, now_us, "submission_list", caller, &detail).map(drop)
        })?;
        Ok(book)
    }
}

/// Takes the last of rows away that were read only to know that there are more; the one behind which those stand.
fn cut<T>(rows: &mut Vec<T>) -> Option<&T> {
    if rows.len() as i64 <= VIEW_ROWS {
        return None;
    }
    rows.pop();
    rows.last()
}

fn faults(text: &str) -> Result<Vec<Fault>, AppError> {
    serde_json::from_str(text).map_err(|e| AppError::internal(format!("faults: {e}")))
}

fn read(text: &str) -> Result<Value, AppError> {
    serde_json::from_str(text).map_err(|e| AppError::internal(format!("an entry of the log: {e}")))
}
