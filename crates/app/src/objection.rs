//! Objections, and the statement “this is not me”: filing, adding, answering, and deciding on evidence.
//!
//! From the moment of filing the record is marked wherever it shows, and an answer that is overdue puts it out of use: both follow from the row
//! (`proceeding/effect.rs`). An answer that corrects or withdraws does so in the same transaction, and locks the record.

use std::collections::BTreeMap;

use chengxin_core::Caller;
use chengxin_core::deadline::{DeadlineKind, due};
use chengxin_core::identity::DocumentKind;
use chengxin_core::objection::{Objection, ObjectionStep, STATEMENT, Said};
use chengxin_core::proceeding::{ObjectionAspect, ProceedingKind, may_object};
use chengxin_core::record::{RecordId, State};
use chengxin_core::workflow::Party;

use crate::proceeding::{Attachment, Change, Course, Proceeded, Spoken, spoken};
use crate::{AppError, Installation};

/// What somebody files.
#[derive(Debug, Clone)]
pub struct ObjectionRequest {
    /// Kind of the document of the one whom the record concerns.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Which record.
    pub record: RecordId,
    /// Against what; `None` for “this is not me”.
    pub aspect: Option<ObjectionAspect>,
    /// The grounds, in their own words.
    pub grounds: String,
    /// What is handed in.
    pub attachments: Vec<Attachment>,
    /// What a clerk compared in person; only at a window.
    pub evidence: Option<String>,
}

/// What an authority, or an identity clerk, does in an objection.
#[derive(Debug, Clone)]
pub struct ObjectionAnswer {
    /// Number of the objection.
    pub number: String,
    /// The step.
    pub step: ObjectionStep,
    /// The reason, the answer, or what is asked for. The person reads it.
    pub text: String,
    /// What goes with it.
    pub attachments: Vec<Attachment>,
    /// Of a correction: fields and what they say from now on, as a file would write it.
    pub corrected: BTreeMap<String, String>,
}

impl Installation {
    /// Files an objection, or says “this is not me”. The record is marked, or out of use, with the next read.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a record that is not the person's; [`crate::Kind::Conflict`] where one runs already or the same was answered
    /// ([`may_object`]); [`crate::Kind::Invalid`] without grounds, and for attachments that are not taken; [`crate::Kind::Unavailable`] where the calendar
    /// of a year lacks.
    ///
    /// # Source
    /// 信用修复管理办法 (Order 36), 异议处理; 个人信息保护法 art. 46.
    pub fn objection_file(&mut self, caller: &Caller, asked: &ObjectionRequest) -> Result<Proceeded, AppError> {
        const NAME: &str = "objection_file";
        let filer = self.filer(caller, NAME, (asked.kind, &asked.number), asked.evidence.as_deref())?;
        let (keeper, record) = self.own_record(&filer.document, &asked.record)?;
        let standing = State::from_i64(record.state);
        let contestable = match asked.aspect {
            Some(ObjectionAspect::RepairResult) => matches!(standing, Some(State::Active | State::Repaired)),
            _ => standing == Some(State::Active),
        };
        if !contestable {
            return Err(AppError::conflict(
                "该记录已撤销、修复或删除，不再使用，无须提出异议",
                "the record is withdrawn, repaired or erased and is used for nothing: there is nothing to object to",
            ));
        }
        let refused = |say: chengxin_core::Say| AppError::conflict(say.zh, say.en);
        may_object(&self.earlier(&keeper, &record)?, asked.aspect).map_err(refused)?;
        let spoken = spoken(&asked.grounds, &asked.attachments)?;
        let said = Said { text: spoken.text.clone(), attachments: spoken.handles(None)? };
        let today = self.today();
        let (kind, objection) = if asked.aspect.is_some() {
            let rule = self.catalogue.deadline(DeadlineKind::ObjectionAnswer, today).map_err(no_clock)?;
            let due = due(today, rule, &*self.calendar()?).map_err(no_clock)?;
            (ProceedingKind::Objection, Objection::file(today, said, due).map_err(wrong)?)
        } else {
            (ProceedingKind::NotMe, Objection::file_not_me(today, said))
        };
        let course = Course::Objection(objection);
        self.filed(caller, NAME, &keeper, &record, kind, filer, asked.aspect, course, spoken)
    }

    /// Hands in more, or puts the person's own statement beside the record.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a number that is none of theirs; [`crate::Kind::Conflict`] where the step is not lawful now, with those that are;
    /// [`crate::Kind::Invalid`] for a statement of more than 500 characters, or that says nothing.
    #[expect(clippy::too_many_arguments, reason = "a step with its parts, each of another meaning")]
    pub fn objection_add(
        &mut self,
        caller: &Caller,
        (kind, document): (DocumentKind, &str),
        number: &str,
        statement: bool,
        text: &str,
        attachments: &[Attachment],
        evidence: Option<&str>,
    ) -> Result<Proceeded, AppError> {
        const NAME: &str = "objection_add";
        let filer = self.filer(caller, NAME, (kind, document), evidence)?;
        let (keeper, before) = self.own_proceeding(&filer.document, number)?;
        let spoken = spoken(text, attachments)?;
        let step = if statement { ObjectionStep::State } else { ObjectionStep::Supply };
        if statement && spoken.text.is_empty() {
            return Err(AppError::invalid(
                format!("请写明您的说明（不超过 {STATEMENT} 字）"),
                format!("write your statement, in {STATEMENT} characters at most"),
            ));
        }
        let course = after(before.objection(), step, Party::Person, self.today(), &before, &spoken)?;
        self.stepped(caller, NAME, &keeper, &before, course, spoken, None)
    }

    /// What the determining authority does: takes it up or not, asks for more, and answers. A correction or a withdrawal is written at once and locks the
    /// record; a file that still has the old mistake is refused with the number of the objection.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for what is not the authority's; [`crate::Kind::Forbidden`] for whoever sent the record, and in their own cause;
    /// [`crate::Kind::Conflict`] where the step is not lawful now, or somebody else was faster; [`crate::Kind::Invalid`] without a reason.
    pub fn objection_decide(&mut self, caller: &Caller, answer: &ObjectionAnswer) -> Result<Proceeded, AppError> {
        self.objection_answered(caller, "objection_decide", answer, Party::Authority)
    }

    /// What an identity clerk finds on evidence: the record is the person's, or it is not. One that is not is withdrawn and locked.
    ///
    /// # Errors
    /// As [`Self::objection_decide`].
    pub fn objection_identify(&mut self, caller: &Caller, answer: &ObjectionAnswer) -> Result<Proceeded, AppError> {
        self.objection_answered(caller, "objection_identify", answer, Party::IdentityClerk)
    }

    fn objection_answered(
        &mut self,
        caller: &Caller,
        name: &'static str,
        answer: &ObjectionAnswer,
        by: Party,
    ) -> Result<Proceeded, AppError> {
        self.authorise(caller, name)?;
        let (keeper, before) = self.proceeding_at_work(caller, name, &answer.number)?;
        let spoken = spoken(&answer.text, &answer.attachments)?;
        let step = answer.step;
        if step != ObjectionStep::Correct && !answer.corrected.is_empty() {
            return Err(AppError::invalid(
                "只有答复“更正”才写明要更正的字段",
                "only the answer that it is corrected names fields: leave them out",
            ));
        }
        if spoken.text.is_empty() && step != ObjectionStep::Accept {
            return Err(AppError::invalid(
                "须用文字写明理由或者答复内容，当事人会看到",
                "say why, or what the answer is, in words: the person reads it",
            ));
        }
        let course = after(before.objection(), step, by, self.today(), &before, &spoken)?;
        let change = match step {
            ObjectionStep::Correct => Some(Change::Corrected(&answer.corrected)),
            ObjectionStep::Withdraw => Some(Change::Withdrawn),
            ObjectionStep::FindNotTheirs => Some(Change::NotTheirs),
            _ => None,
        };
        let decided = change.map(|change| self.decided(&before, change)).transpose()?;
        self.stepped(caller, name, &keeper, &before, course, spoken, decided)
    }
}

fn after(
    objection: Option<&Objection>,
    step: ObjectionStep,
    by: Party,
    today: jiff::civil::Date,
    before: &crate::proceeding::Opened,
    spoken: &Spoken,
) -> Result<Course, AppError> {
    let none = || AppError::not_found("没有此编号的异议", "there is no objection of this number");
    let said = Said { text: spoken.text.clone(), attachments: spoken.handles(Some(before))? };
    let next = objection.ok_or_else(none)?.after(step, by, today, said).map_err(wrong)?;
    Ok(Course::Objection(next))
}

fn wrong(error: chengxin_core::objection::ObjectionError) -> AppError {
    use chengxin_core::objection::ObjectionError as E;
    let say = error.say();
    match error {
        E::Unlawful(_) | E::OutOfOrder { .. } => AppError::conflict(say.zh, say.en),
        E::Groundless | E::SaysNothing(_) | E::TooLong(_) => AppError::invalid(say.zh, say.en),
        E::WrongClock => AppError::internal("the clock of an objection"),
    }
}

/// Without a day nothing is filed: a deadline is never a guess. The operator loads what lacks.
pub(crate) fn no_clock(error: chengxin_core::deadline::DeadlineError) -> AppError {
    let say = error.say();
    AppError::new(crate::Kind::Unavailable, say.zh, say.en)
}
