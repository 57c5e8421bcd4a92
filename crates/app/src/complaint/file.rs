//! Filing a complaint: by the person, or at a window by a clerk who compared their document.

use chengxin_core::complaint::{Complaint, ComplaintNumber};
use chengxin_core::deadline::{DeadlineKind, due};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::notice::NoticeKind;
use chengxin_core::{Caller, Role};
use chengxin_seal::random_bytes;
use jiff::civil::Date;
use serde::Serialize;

use super::row::{AboutLine, Act, Body, Keeper, Opened};
use super::{ComplaintView, LineAt, own_act, worded, wrong};
use crate::notice::{ToldOffice, tell_authority};
use crate::objection::no_clock;
use crate::{AppError, Installation, Kind};

const FILE: &str = "complaint_file";

/// Complaints of one person that may wait at a time.
const OPEN: usize = 20;

/// What somebody complains of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintRequest {
    /// Kind of the document of whoever complains.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Which line of their log.
    pub line: LineAt,
    /// What they say of it.
    pub words: String,
}

/// What somebody who complained at a window takes home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplaintReceipt {
    /// Number of the complaint.
    pub number: String,
    /// Day of filing.
    pub filed_on: Date,
    /// Last day for the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

impl Installation {
    /// Files a complaint about a line of one's own log.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a line that one's own log does not have; [`crate::Kind::Conflict`] where a complaint about it waits already, or too many do;
    /// [`crate::Kind::Invalid`] without words; [`crate::Kind::Unavailable`] where the calendar of a year lacks.
    ///
    /// # Source
    /// 个人信息保护法 arts 50, 65.
    pub fn complaint_file(&mut self, caller: &Caller, asked: &ComplaintRequest) -> Result<ComplaintView, AppError> {
        if caller.role == Role::Clerk {
            let refusal = AppError::new(
                Kind::Forbidden,
                "窗口代为提交投诉，须当面核对证件并写明核对情况",
                "at a window a complaint is taken once the document was compared, which is said with it",
            );
            return Err(self.turned_away(caller, FILE, refusal));
        }
        let document = self.ruling(caller, FILE, asked.kind, &asked.number)?;
        let new = self.complaint_filed(caller, &document, asked, None)?;
        self.complaint_view(&new, true)
    }

    /// Takes a complaint at a window from whoever came, once a clerk compared their document in person. The clerk learns its number and its last day, and not
    /// what the line says: the person read that for themself.
    ///
    /// # Errors
    /// As [`Self::complaint_file`]; [`crate::Kind::Invalid`] too without what was compared, and for a person, who files for themself; [`crate::Kind::Forbidden`] for whoever did what is complained of.
    pub fn complaint_take(
        &mut self,
        caller: &Caller,
        asked: &ComplaintRequest,
        evidence: &str,
    ) -> Result<ComplaintReceipt, AppError> {
        if caller.role != Role::Clerk {
            self.authorise(caller, FILE)?;
            return Err(AppError::invalid(
                "窗口提交由窗口人员办理；本人请在“我的”里提交",
                "this is how a clerk takes a complaint at a window: file your own as yourself",
            ));
        }
        let filer = self.filer(caller, FILE, (asked.kind, &asked.number), Some(evidence))?;
        let new = self.complaint_filed(caller, &filer.document, asked, filer.evidence)?;
        Ok(ComplaintReceipt {
            number: new.body.number.clone(),
            filed_on: new.body.complaint.filed_on(),
            due_on: new.due(),
        })
    }

    fn complaint_filed(
        &mut self,
        caller: &Caller,
        document: &Document,
        asked: &ComplaintRequest,
        evidence: Option<String>,
    ) -> Result<Opened, AppError> {
        let none =
            || AppError::not_found("留痕中没有这一条；请核对编号", "the log has no such line: compare its number");
        let found = self.own_line(caller, document, asked.line)?.ok_or_else(none);
        let (subject, line, actor) = found.map_err(|refusal| self.unseen(caller, FILE, refusal))?;
        if evidence.is_some() && self.did(caller, &actor) {
            return Err(self.turned_away(caller, FILE, own_act()));
        }
        let about = AboutLine::of(&line);
        let waiting = self.own_complaints(document)?.into_iter().filter(|(_, of)| of.row.waits > 0);
        let waiting: Vec<Opened> = waiting.map(|(_, of)| of).collect();
        if let Some(same) = waiting.iter().find(|of| of.row.subject_id == subject && of.body.about.is(&about)) {
            let number = &same.body.number;
            return Err(AppError::conflict(
                format!("对这一条的投诉 {number} 正在办理；请等待答复，或者撤回后再提"),
                format!("complaint {number} about this line waits for its answer: wait for it, or take it back first"),
            ));
        }
        if waiting.len() >= OPEN {
            return Err(AppError::conflict(
                format!("已有 {OPEN} 件投诉正在办理；请在其中一件答复后再提"),
                format!("{OPEN} complaints of one person wait: file this one when one of them is answered"),
            ));
        }
        let today = self.today();
        let rule = self.catalogue.deadline(DeadlineKind::ComplaintAnswer, today).map_err(no_clock)?;
        let due = due(today, rule, &*self.calendar()?).map_err(no_clock)?;
        let complaint = Complaint::file(today, worded(&asked.words)?, due).map_err(wrong)?;
        let number = ComplaintNumber::new(today, &random_bytes());
        let document = (document.kind(), document.number().to_owned());
        let body = Body { number: number.text(), document, about, actor, evidence, complaint };
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let keeper = Keeper::of(&keys, &self.key_store, subject)?;
        let new = Opened::new(&keys, &keeper, line.who.authority.unwrap_or_default(), body, now_us);
        let new = new.ok_or_else(|| AppError::internal("the number of a complaint"))?;
        let leads = keys.sealed_number_row(keys.complaint_tag(&number), &subject, new.row.complaint_id);
        let written = self.store.write(FILE, |tx| -> Result<(), AppError> {
            Act { keys: &keys, keeper: &keeper, now_us, operation: FILE, caller }.add(tx, &new, &leads)?;
            let Some(supervisor) = tx.view().supervisor(&new.row.authority)? else { return Ok(()) };
            {
                let told = ToldOffice { authority: &supervisor, case: &new.body.number, ..ToldOffice::default() };
                tell_authority(tx, &keys, now_us, NoticeKind::ComplaintFiled, &told)
            }
        });
        written.map_err(|refusal| self.turned_away(caller, FILE, refusal))?;
        Ok(new)
    }
}
