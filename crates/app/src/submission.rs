//! Submissions after their import: list, release, recall, abandon.

mod view;

use std::path::Path;

use chengxin_core::{Caller, Say};
use chengxin_policy::{Resource, Stage};
use chengxin_sheet::{Limits, Source};
use chengxin_store::audit::{SUBMISSION_FIGURES, SUBMISSIONS};
pub use chengxin_store::submission::{SubmissionRow, SubmissionState};
use serde_json::json;
pub use view::{HeldOfSubmission, SubmissionStep, SubmissionView, VIEW_ROWS};

use crate::log::rows::marks;
use crate::proceeding::after_submission;
use crate::{AppError, Installation, journal, notice, policy};

/// Most submissions that one list holds.
const PAGE: i64 = 1_000;

/// How far a submission has come: a word for machines and one for people.
#[must_use]
pub fn state_of(row: &SubmissionRow) -> (&'static str, Say) {
    let is = |state: SubmissionState| row.state == state as i64;
    if is(SubmissionState::Open) {
        ("open", Say::new("未完成，再报一次即继续", "unfinished: send the file again"))
    } else if is(SubmissionState::Recalled) {
        ("recalled", Say::new("已撤回", "recalled"))
    } else if is(SubmissionState::Abandoned) {
        ("abandoned", Say::new("已放弃", "abandoned"))
    } else if row.needs_release && row.released_at_us.is_none() {
        ("awaiting_release", Say::new("待放行", "awaits release"))
    } else {
        ("accepted", Say::new("已接收", "accepted"))
    }
}

/// Does a submission change or withdraw a record that is there? One whose summary cannot be read may.
fn may_change(row: &SubmissionRow) -> bool {
    let Ok(summary) = serde_json::from_str::<serde_json::Value>(&row.summary) else { return true };
    ["changed", "withdrawn"].iter().any(|count| summary["counts"][count].as_u64() != Some(0))
}

impl Installation {
    /// Submissions by number: an officer sees those of their own authority.
    ///
    /// # Errors
    /// See [`policy::authorise`].
    pub fn submission_list(&self, caller: &Caller) -> Result<Vec<SubmissionRow>, AppError> {
        self.authorise(caller, "submission_list")?;
        let mut rows = self.store.view().submission_list(0, PAGE)?;
        rows.retain(|row| policy::acts_for(caller, &row.authority).is_ok());
        Ok(rows)
    }

    /// A page of submissions, the newest first, before a number; an officer sees those of their own authority.
    ///
    /// # Errors
    /// See [`policy::authorise`].
    pub fn submission_page(
        &self,
        caller: &Caller,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<SubmissionRow>, AppError> {
        self.authorise(caller, "submission_list")?;
        let mut rows = self.store.view().submissions_before(before.unwrap_or(i64::MAX), limit.clamp(1, PAGE))?;
        rows.retain(|row| policy::acts_for(caller, &row.authority).is_ok());
        Ok(rows)
    }

    /// A second officer releases the adverse rows about persons of an accepted submission; from then on they are shown.
    /// Hands back how many versions the submission brought.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for the officer who sent it; [`crate::Kind::Conflict`] where nothing waits.
    ///
    /// # Source
    /// House rule on intake: adverse rows about persons wait for a second officer's release (审核).
    pub fn submission_release(&mut self, caller: &Caller, id: i64) -> Result<u64, AppError> {
        self.authorise(caller, "submission_release")?;
        let row = self.submission_of(caller, "submission_release", id)?;
        let thing = Resource::new().of_authority(&row.authority).submitted_by(&row.sent_by).at(Stage::Waiting);
        policy::on(caller, "submission_release", &thing)
            .map_err(|refusal| self.denied(caller, "submission_release", refusal))?;
        if row.state != SubmissionState::Accepted as i64 || !row.needs_release || row.released_at_us.is_some() {
            return Err(AppError::conflict(
                format!("批次 {id} 没有待审核的内容"),
                format!("nothing in submission {id} waits for release"),
            ));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("submission_release", |tx| -> Result<(), AppError> {
            tx.submission_release(id, now_us, &caller.actor)?;
            let rows = marks(tx.view(), &keys, &[(&SUBMISSIONS, vec![id.into()])])?;
            let detail = json!({ "submission": id, "authority": row.authority, "item": row.item, "rows": rows });
            journal::log(tx, &keys, now_us, "submission_release", caller, &detail)?;
            if may_change(&row) {
                after_submission(tx, &keys, now_us, id, true)?;
            }
            notice::after_release(tx, &keys, now_us, id)
        })?;
        Ok(row.version_count as u64)
    }

    /// Takes an accepted submission back before its release: it was never shown, nobody was told, and it leaves no
    /// record, no subject and no key.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] once it is in effect: then records are withdrawn or corrected one by one, with a decision.
    pub fn submission_recall(&mut self, caller: &Caller, id: i64, reason: &str) -> Result<(), AppError> {
        self.authorise(caller, "submission_recall")?;
        let row = self.submission_of(caller, "submission_recall", id)?;
        if reason.trim().is_empty() {
            return Err(AppError::invalid("请说明撤回原因（--reason）", "state why it is recalled (--reason)"));
        }
        if row.state != SubmissionState::Accepted as i64 || !row.needs_release || row.released_at_us.is_some() {
            return Err(AppError::conflict(
                format!("批次 {id} 已生效或已结束，不能整批撤回；请逐条更正或撤销"),
                format!("submission {id} is in effect or has ended: correct or withdraw its records one by one"),
            ));
        }
        self.undo(caller, id, "submission_recall", SubmissionState::Accepted, SubmissionState::Recalled, reason)
    }

    /// Gives up the unfinished import of a file, and removes what it had loaded.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] where there is none; [`crate::Kind::Conflict`] while an import is under way.
    pub fn submission_abandon(
        &mut self,
        caller: &Caller,
        authority: &str,
        item: Option<&str>,
        file: &Path,
    ) -> Result<i64, AppError> {
        self.authorise(caller, "submission_abandon")?;
        self.acts_for(caller, "submission_abandon", authority)?;
        let sha256 = Source::open(file, None, &Limits::default())?.info().sha256;
        let view = self.store.view();
        let items = self.catalogue.items().iter().map(|i| i.code()).filter(|code| item.is_none_or(|i| i == *code));
        let mut found = None;
        for code in items {
            if let Some(row) = view.submission_open_of_file(authority, code, &sha256)? {
                found = Some(row.id);
                break;
            }
        }
        let Some(id) = found else {
            return Err(AppError::not_found("该文件没有未完成的导入", "this file has no unfinished import"));
        };
        let _claim = self.one_at_a_time()?;
        self.abandon(caller, id)?;
        Ok(id)
    }

    /// The same for whoever knows its number and has not the file.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] where the submission is finished, or while an import is under way; [`crate::Kind::NotFound`] where there
    /// is none of that number; [`crate::Kind::Forbidden`] for another authority's.
    pub fn submission_abandon_number(&mut self, caller: &Caller, id: i64) -> Result<(), AppError> {
        self.authorise(caller, "submission_abandon")?;
        let row = self.submission_of(caller, "submission_abandon", id)?;
        let _claim = self.one_at_a_time()?;
        if row.state != SubmissionState::Open as i64 {
            return Err(AppError::conflict(
                format!("批次 {id} 不是未完成的导入"),
                format!("submission {id} is no unfinished import"),
            ));
        }
        self.abandon(caller, id)
    }

    /// Removes an open submission and everything that it had loaded.
    pub(crate) fn abandon(&mut self, caller: &Caller, id: i64) -> Result<(), AppError> {
        self.undo(caller, id, "submission_abandon", SubmissionState::Open, SubmissionState::Abandoned, "")
    }

    /// A submission that the caller's authority sent.
    fn submission_of(&self, caller: &Caller, name: &'static str, id: i64) -> Result<SubmissionRow, AppError> {
        let missing = || AppError::not_found("没有该批次或记录", "there is no such submission or record");
        let row = self.store.view().submission(id)?.ok_or_else(|| self.denied(caller, name, missing()))?;
        self.acts_for(caller, name, &row.authority)?;
        Ok(row)
    }

    fn undo(
        &mut self,
        caller: &Caller,
        id: i64,
        operation: &'static str,
        from: SubmissionState,
        to: SubmissionState,
        reason: &str,
    ) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let versions = self.store.view().submission_versions(id)?;
        let subjects = self.store.write(operation, |tx| -> Result<Vec<[u8; 16]>, AppError> {
            let subjects = tx.view().subjects_only_of_submission(id)?;
            tx.submission_end(id, from, to)?;
            tx.submission_versions_remove(id)?;
            tx.subjects_of_submission_remove(id)?;
            tx.held_remove(id)?;
            tx.refusals_remove(id)?;
            tx.submission_tiles_remove(id)?;
            tx.submission_chunks_remove(id)?;
            let mut of = vec![(&SUBMISSIONS, vec![id.into()])];
            if tx.submission_figure_remove(id)? {
                of.push((&SUBMISSION_FIGURES, vec![id.into()]));
            }
            let rows = marks(tx.view(), &keys, &of)?;
            let detail = json!({ "submission": id, "versions": versions.len(), "reason": reason, "rows": rows });
            journal::log(tx, &keys, now_us, operation, caller, &detail)?;
            Ok(subjects)
        })?;
        self.key_store.write(|tx| -> Result<(), AppError> {
            tx.submission_salts_remove(id)?;
            for subject in &subjects {
                tx.subject_key_remove(subject)?;
            }
            tx.submission_key_remove(id)?;
            Ok(())
        })
    }
}
