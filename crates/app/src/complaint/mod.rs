//! Complaints about misuse of data: from a line of one's own log in one step, to the credit office, with a clock and an answer.
//!
//! A complaint lies with whoever complains, sealed under their key. It names the line and no record: it is no item, no check reads it, and nothing here
//! writes to a record. The authority complained of reads the line and may comment; what the person said stays with the credit office, and whoever did
//! what is complained of handles nothing of it.

mod row;
mod view;
mod work;

pub use row::AboutLine;
pub use view::{ComplaintStepLine, ComplaintView};
pub use work::{ComplaintAnswer, ComplaintLine, ComplaintNumbers};

use chengxin_core::complaint::{Complaint, ComplaintError, ComplaintNumber, ComplaintStep};
use chengxin_core::deadline::{DeadlineKind, due};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::notice::NoticeKind;
use chengxin_core::statement::{WORDS, cleaned};
use chengxin_core::workflow::Party;
use chengxin_core::{Caller, Role};
use chengxin_seal::random_bytes;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use self::row::{Act, Body, Keeper, Opened, opened};
use crate::log::LineChain;
use crate::notice::{self, Told, tell_authority};
use crate::objection::no_clock;
use crate::report::subjects_of;
use crate::{AppError, Installation, Kind, journal};

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

/// A line of somebody's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineAt {
    /// By its number in a chain.
    Number(LineChain, i64),
    /// By the number of the installation's entry from which it follows.
    Anchor(i64),
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
    /// As [`Self::complaint_file`]; [`crate::Kind::Invalid`] too without what was compared; [`crate::Kind::Forbidden`] for whoever did what is complained of.
    pub fn complaint_take(
        &mut self,
        caller: &Caller,
        asked: &ComplaintRequest,
        evidence: &str,
    ) -> Result<ComplaintReceipt, AppError> {
        if caller.role != Role::Clerk {
            let refusal =
                AppError::new(Kind::Forbidden, "窗口提交由窗口人员办理", "only a clerk takes complaints at a window");
            return Err(self.turned_away(caller, FILE, refusal));
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
            tell_authority(tx, &keys, now_us, &supervisor, NoticeKind::ComplaintFiled, None, &new.body.number)
        });
        written.map_err(|refusal| self.turned_away(caller, FILE, refusal))?;
        Ok(new)
    }

    /// Is it somebody's own act?
    fn did(&self, caller: &Caller, actor: &String) -> bool {
        [&caller.actor, &self.keys.actor_tag(&caller.actor)].contains(&actor)
    }

    /// Takes a complaint back.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a number that is none of theirs; [`crate::Kind::Conflict`] where it is answered.
    pub fn complaint_withdraw(
        &mut self,
        caller: &Caller,
        (kind, document): (DocumentKind, &str),
        number: &str,
        words: &str,
    ) -> Result<ComplaintView, AppError> {
        const NAME: &str = "complaint_withdraw";
        let document = self.ruling(caller, NAME, kind, document)?;
        let number = complaint_number(number)?.text();
        let none = || AppError::not_found("您没有此编号的投诉", "you have no complaint of this number");
        let found = self.own_complaints(&document)?.into_iter().find(|(_, of)| of.body.number == number);
        let (keeper, before) = found.ok_or_else(none).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        let step = Step { step: ComplaintStep::Withdraw, by: Party::Person, to: None, words };
        self.complaint_stepped(caller, NAME, &keeper, &before, &step)?;
        let after = self.own_complaints(&document)?.into_iter().find(|(_, of)| of.body.number == number);
        self.complaint_view(&after.ok_or_else(none)?.1, true)
    }

    /// Every complaint of one's own, the newest first.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the person nor acts for them.
    pub fn complaint_list(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Vec<ComplaintView>, AppError> {
        const NAME: &str = "complaint_list";
        let document = self.ruling(caller, NAME, kind, number)?;
        let mut own = self.own_complaints(&document)?;
        own.sort_by_key(|(_, of)| (std::cmp::Reverse(of.row.filed_us), of.row.complaint_id));
        let Some((keeper, _)) = own.first() else { return Ok(Vec::new()) };
        let (now_us, keys, detail) = (self.now_us(), self.keys.clone(), json!({ "complaints": own.len() }));
        let logged =
            self.store.write(NAME, |tx| journal::log_about(tx, &keys, &keeper.subject, now_us, NAME, caller, &detail));
        logged.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        own.iter().map(|(_, of)| self.complaint_view(of, true)).collect()
    }

    fn own_complaints(&self, document: &Document) -> Result<Vec<(Keeper, Opened)>, AppError> {
        let (view, keys) = (self.store.view(), &self.keys);
        let mut own = Vec::new();
        for subject in subjects_of(view, keys, document)? {
            for row in view.complaints(&subject)? {
                let keeper = Keeper::of(keys, &self.key_store, subject)?;
                let of = opened(view, keys, &keeper, row)?;
                own.push((keeper, of));
            }
        }
        Ok(own)
    }

    /// Does a step, and writes it.
    fn complaint_stepped(
        &mut self,
        caller: &Caller,
        name: &'static str,
        keeper: &Keeper,
        before: &Opened,
        step: &Step<'_>,
    ) -> Result<Opened, AppError> {
        let (today, words, was) = (self.today(), worded(step.words)?, &before.body.complaint);
        let next = match (step.step, step.by, step.to) {
            (ComplaintStep::Refer, Party::CreditOffice, to) => {
                was.referred(to.unwrap_or_default(), &before.row.authority, today, words)
            }
            (_, _, Some(_)) => Err(ComplaintError::WrongHandler),
            (other, by, None) => was.after(other, by, today, words),
        };
        let next = before.with(next.map_err(wrong)?);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let written = self.store.write(name, |tx| -> Result<(), AppError> {
            Act { keys: &keys, keeper, now_us, operation: name, caller }.set(tx, before, &next)?;
            if let (ComplaintStep::Refer, Some(to)) = (step.step, step.to) {
                tell_authority(tx, &keys, now_us, to, NoticeKind::ComplaintReferred, None, &next.body.number)?;
            }
            // Whoever took it back knows.
            if next.row.closed_on.is_none() || before.row.closed_on.is_some() || step.by == Party::Person {
                return Ok(());
            }
            let (subject, kind, case) = (&keeper.subject, NoticeKind::ComplaintAnswered, next.body.number.clone());
            let told = Told { subject, kind, record: None, case: &case, detail: &serde_json::json!({}) };
            notice::tell(tx, &keys, now_us, &told)
        });
        written.map_err(|refusal| self.turned_away(caller, name, refusal))?;
        Ok(next)
    }
}

/// A step that is to be done.
struct Step<'a> {
    step: ComplaintStep,
    by: Party,
    /// To whom it is handed over.
    to: Option<&'a str>,
    words: &'a str,
}

/// Whoever did something deals with no complaint about it.
fn own_act() -> AppError {
    AppError::new(
        Kind::Forbidden,
        "被投诉的是您本人的操作，应当回避；请由其他人员办理",
        "what is complained of was done by you: somebody else deals with it",
    )
}

/// Words as they may be kept.
fn worded(text: &str) -> Result<String, AppError> {
    let text = cleaned(text).text;
    let chars = text.chars().count();
    if chars > WORDS {
        return Err(AppError::invalid(
            format!("文字有 {chars} 字，最多 {WORDS} 字"),
            format!("the words have {chars} characters, and may have {WORDS}"),
        ));
    }
    Ok(text)
}

/// Reads the number of a complaint.
fn complaint_number(text: &str) -> Result<ComplaintNumber, AppError> {
    ComplaintNumber::parse(text).ok_or_else(|| {
        AppError::invalid(
            "投诉编号有误，应形如 TS20261122-XXXX-XXXX-XXXX-XX；请核对",
            "this is no number of a complaint, which looks like TS20261122-XXXX-XXXX-XXXX-XX: compare it",
        )
    })
}

fn wrong(error: ComplaintError) -> AppError {
    let say = error.say();
    match error {
        ComplaintError::Unlawful(_) | ComplaintError::OutOfOrder => AppError::conflict(say.zh, say.en),
        ComplaintError::SaysNothing | ComplaintError::WrongHandler => AppError::invalid(say.zh, say.en),
        ComplaintError::WrongClock => AppError::internal("the clock of a complaint"),
    }
}
