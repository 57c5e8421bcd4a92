//! A complaint in words.

use chengxin_core::Say;
use chengxin_core::complaint::{COMPLAINT, ComplaintState};
use chengxin_core::dates::shanghai_date;
use chengxin_core::notice::NoticeKind;
use chengxin_core::workflow::{Party, Word as _};
use jiff::civil::Date;
use serde::Serialize;

use super::row::{AboutLine, Opened};
use crate::authority::called;
use crate::notice::About;
use crate::proceeding::NextStep;
use crate::{AppError, Installation};

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplaintView {
    /// Its number.
    pub number: String,
    /// The line of the log that it is about.
    pub about: AboutLine,
    /// Code of the authority complained of; absent where the line names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_name: Option<Say>,
    /// Code of the authority to which it was handed over, and which answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler_name: Option<Say>,
    /// What the person says; not for the authority complained of nor for its supervisor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// What a clerk compared, where it was filed at a window; for whom the words are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Day of filing.
    pub filed_on: Date,
    /// How far it has come.
    pub state: ComplaintState,
    /// The same in words.
    pub state_name: Say,
    /// Last day for the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// How that day was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_how: Option<Say>,
    /// Is it past?
    pub overdue: bool,
    /// Days by which the answer was late, or is.
    pub late_days: i32,
    /// What was done, in its order.
    pub steps: Vec<ComplaintStepLine>,
    /// What may be done next, and by whom.
    pub next: Vec<NextStep>,
    /// Once it is answered: reconsideration and the courts, each with its time limit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Say>,
}

/// A step in a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplaintStepLine {
    /// Which, as a word.
    pub step: String,
    /// The same in words.
    pub step_name: Say,
    /// By whom.
    pub by: Party,
    /// The same in words.
    pub by_name: Say,
    /// On which day.
    pub on: Date,
    /// What was said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Installation {
    /// A complaint in words; what the person says only for themself and whoever answers (`whole`).
    pub(super) fn complaint_view(&self, of: &Opened, whole: bool) -> Result<ComplaintView, AppError> {
        let (today, complaint) = (self.today(), &of.body.complaint);
        let authority = Some(of.row.authority.clone()).filter(|code| !code.is_empty());
        let office = authority.as_ref().map(|code| self.store.view().authority(code)).transpose()?.flatten();
        let handler = complaint.handler().map(|code| Ok::<_, AppError>((code, self.store.view().authority(code)?)));
        let handler = handler.transpose()?;
        let answered = complaint.closed_on().filter(|_| complaint.state() != ComplaintState::Withdrawn);
        let steps = complaint.done().iter().map(|done| ComplaintStepLine {
            step: done.step.code().to_owned(),
            step_name: done.step.name(),
            by: done.by,
            by_name: done.by.name(),
            on: done.on,
            text: done.text.clone(),
        });
        let next = COMPLAINT.iter().filter(|row| row.from == complaint.state()).map(|row| NextStep {
            step: row.step.code().to_owned(),
            step_name: row.step.name(),
            by: row.by,
        });
        Ok(ComplaintView {
            number: of.body.number.clone(),
            about: of.body.about.clone(),
            authority_name: authority.as_ref().map(|code| called(office.as_ref(), code)),
            authority,
            handler_name: handler.as_ref().map(|(code, office)| called(office.as_ref(), code)),
            handler: handler.map(|(code, _)| code.to_owned()),
            evidence: of.body.evidence.clone().filter(|_| whole),
            words: whole.then(|| complaint.words().to_owned()),
            filed_on: shanghai_date(of.row.filed_us),
            state: complaint.state(),
            state_name: complaint.state().name(),
            due_on: of.due(),
            due_how: complaint.due().map(|due| due.how.clone()),
            overdue: complaint.due().is_some_and(|due| due.is_over(today)),
            late_days: complaint.days_late(today),
            // What the authority reads of the answer is what the person reads; what the person said with taking it back is theirs.
            steps: steps.filter(|step| whole || step.by != Party::Person).collect(),
            next: next.collect(),
            routes: answered
                .map(|on| {
                    let about = About { kind: NoticeKind::ComplaintAnswered, record: None, case: &of.body.number };
                    self.routes_of(on, &of.row.subject_id, Some(&about))
                })
                .transpose()?
                .unwrap_or_default(),
        })
    }
}
