//! Complaints about misuse of data: from a line of one's own log in one step, to the credit office, with a clock and an answer.
//!
//! A complaint lies with whoever complains, sealed under their key. It names the line and no record: it is no item, no check reads it, and nothing here
//! writes to a record. The authority complained of and its supervisor read the line and may comment; what the person said is for whoever answers, and whoever
//! did what is complained of handles nothing of it.

mod file;
mod row;
mod view;
mod work;

pub use file::{ComplaintReceipt, ComplaintRequest};
pub use row::AboutLine;
pub use view::{ComplaintStepLine, ComplaintView};
pub use work::{ComplaintAnswer, ComplaintLine, ComplaintNumbers};

use chengxin_core::Caller;
use chengxin_core::complaint::{ComplaintError, ComplaintNumber, ComplaintStep};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::notice::NoticeKind;
use chengxin_core::statement::{WORDS, cleaned};
use chengxin_core::workflow::Party;
use serde_json::json;

use self::row::{Act, Keeper, Opened, opened};
use crate::log::LineChain;
use crate::notice::{self, Told, ToldOffice, tell_authority};
use crate::report::subjects_of;
use crate::{AppError, Installation, Kind, journal};

/// A line of somebody's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineAt {
    /// By its number in a chain.
    Number(LineChain, i64),
    /// By the number of the installation's entry from which it follows.
    Anchor(i64),
}

impl Installation {
    /// Is it somebody's own act?
    fn did(&self, caller: &Caller, actor: &str) -> bool {
        caller.actor == actor || self.keys.actor_tag(&caller.actor) == actor
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
                let told = ToldOffice { authority: to, case: &next.body.number, ..ToldOffice::default() };
                tell_authority(tx, &keys, now_us, NoticeKind::ComplaintReferred, &told)?;
            }
            // Whoever took it back knows.
            if next.row.closed_on.is_none() || before.row.closed_on.is_some() || step.by == Party::Person {
                return Ok(());
            }
            let (subject, kind, case) = (&keeper.subject, NoticeKind::ComplaintAnswered, next.body.number.clone());
            // Whoever answers serves the letter, where nobody could be told.
            let office = was.handler().unwrap_or_default();
            let told = Told { subject, kind, record: None, office, case: &case, detail: &serde_json::json!({}) };
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
