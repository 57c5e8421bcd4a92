//! Narrowing, withdrawing, disowning: all that can become of a consent is less.

use chengxin_core::Caller;
use chengxin_core::consent::{Consent, Narrowing, NarrowingFault, Stopped, narrowed};
use chengxin_core::dates::day_start_us;
use chengxin_core::identity::DocumentKind;
use jiff::civil::Date;
use serde_json::json;

use super::grant::Granted;
use super::list::{ConsentLine, consent_line};
use super::row::{Act, Opened, find};
use super::{no_such_consent, receipt_number};
use crate::{AppError, Installation};

/// What is to become less. What is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ConsentNarrowing {
    /// First day on which it no longer holds.
    pub until: Option<Date>,
    /// Uses in all, those that were made included.
    pub uses: Option<i64>,
    /// The classes that are left.
    pub classes: Option<Vec<String>>,
}

impl Installation {
    /// Narrows a consent; the new receipt takes the place of the old one.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a receipt that is none of the person's; [`crate::Kind::Invalid`] for what would widen it, would leave nothing
    /// or changes nothing; [`crate::Kind::Conflict`] where it is over, used up or stopped; and as [`Self::consent_grant`].
    pub fn consent_narrow(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        receipt: &str,
        by: &ConsentNarrowing,
    ) -> Result<Granted, AppError> {
        const NAME: &str = "consent_narrow";
        let document = self.ruling(caller, NAME, kind, number)?;
        let id = self.keys.consent_id(&receipt_number(receipt)?);
        let by = Narrowing {
            until_us: by.until.map(day_start_us),
            uses: by.uses,
            classes: by.classes.as_deref().map(|classes| self.classes(classes)).transpose()?,
        };
        let giver = self.giver(&document)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let done = self.store.write(NAME, |tx| -> Result<Opened, AppError> {
            let giver = giver.as_ref().ok_or_else(no_such_consent)?;
            let found = find(tx.view(), &keys, giver, &id)?.ok_or_else(no_such_consent)?;
            let terms = narrowed(&found.consent, &by, now_us).map_err(narrowing_fault)?;
            let after = found.changed(Consent { terms, ..found.consent.clone() });
            Act { keys: &keys, now_us, operation: NAME, caller }.set(tx, giver, &after, Vec::new(), &json!({}))?;
            Ok(after)
        });
        let after = done.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        self.granted(&document, &after)
    }

    /// Withdraws a consent, with effect from the next check. One that is stopped already stays as it is.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a receipt that is none of the person's; and as [`Self::consent_list`].
    ///
    /// # Source
    /// 个人信息保护法 art. 15.
    pub fn consent_withdraw(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        receipt: &str,
    ) -> Result<ConsentLine, AppError> {
        self.consent_stop(caller, "consent_withdraw", kind, number, receipt, Stopped::Withdrawn)
    }

    /// “I was made to hand this over”: nothing is shared on the consent any more, from now on and whatever it was before. A clerk who asks on it
    /// reads what everybody reads whose consent or code does not hold; only the person's own log says why.
    ///
    /// # Errors
    /// As [`Self::consent_withdraw`].
    pub fn consent_disown(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        receipt: &str,
    ) -> Result<ConsentLine, AppError> {
        self.consent_stop(caller, "consent_disown", kind, number, receipt, Stopped::Disowned)
    }

    fn consent_stop(
        &mut self,
        caller: &Caller,
        name: &'static str,
        kind: DocumentKind,
        number: &str,
        receipt: &str,
        asked: Stopped,
    ) -> Result<ConsentLine, AppError> {
        let document = self.ruling(caller, name, kind, number)?;
        let id = self.keys.consent_id(&receipt_number(receipt)?);
        let giver = self.giver(&document)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let done = self.store.write(name, |tx| -> Result<Opened, AppError> {
            let giver = giver.as_ref().ok_or_else(no_such_consent)?;
            let found = find(tx.view(), &keys, giver, &id)?.ok_or_else(no_such_consent)?;
            let stopped = found.consent.stopped.and(asked);
            // Said twice, it is said: whoever is afraid need not remember whether they did.
            let act = Act { keys: &keys, now_us, operation: name, caller };
            if stopped == found.consent.stopped {
                act.again(tx, &found)?;
                return Ok(found);
            }
            let after = found.changed(Consent { stopped, ..found.consent.clone() });
            act.set(tx, giver, &after, Vec::new(), &json!({}))?;
            Ok(after)
        });
        let after = done.map_err(|refusal| self.turned_away(caller, name, refusal))?;
        let giver = giver.ok_or_else(no_such_consent)?;
        consent_line(&self.catalogue, self.store.view(), &giver, &after, now_us)
    }
}

/// Why it is not narrowed so, and what to do instead.
fn narrowing_fault(fault: NarrowingFault) -> AppError {
    let wider = |zh: &str, en: &str| {
        AppError::invalid(
            format!("授权只能缩小：{zh}；需要更多的，请另行授权"),
            format!("a consent can only become narrower: {en}; to allow more, grant another"),
        )
    };
    match fault {
        NarrowingFault::NotOpen(state) => {
            let state = state.name();
            AppError::conflict(
                format!("该授权{}，已无可缩小", state.zh),
                format!("this consent is {}: there is nothing left to narrow", state.en),
            )
        }
        NarrowingFault::Later => wider("截止日不能推后", "its end cannot move back"),
        NarrowingFault::MoreUses => wider("使用次数不能增加", "its uses cannot become more"),
        NarrowingFault::MoreClasses(class) => wider(&format!("原来不含“{class}”"), &format!("“{class}” was not in it")),
        NarrowingFault::Ended => AppError::invalid(
            "截止日须晚于今天和授权的第一天；现在就要停止的，请撤回",
            "the new end lies behind today and behind its first day; to stop it now, withdraw it",
        ),
        NarrowingFault::FewerThanMade(made) => AppError::invalid(
            format!("已使用 {made} 次，总次数须多于此数；不再允许使用的，请撤回"),
            format!("{made} uses were made, and the number in all must be more; to allow no further one, withdraw it"),
        ),
        NarrowingFault::NoClass => AppError::invalid(
            "至少须保留一个信息类别；一个也不留的，请撤回",
            "at least one class stays; to leave none, withdraw it",
        ),
        NarrowingFault::MatterNeedsAll => AppError::invalid(
            "该事项的核查须用全部信息类别，不能只留一部分；不同意的，请撤回",
            "the check of its matter takes all of its classes, and cannot do with some; if you disagree, withdraw it",
        ),
        NarrowingFault::Same => AppError::invalid(
            "没有任何一项变小：请写明更早的截止日、更少的次数或更少的信息类别",
            "nothing would become less: give an earlier end, fewer uses or fewer classes",
        ),
    }
}
