//! Accepting: whoever is meant looks at the offer behind a code, and takes it on from an account of their own.

use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::mandate::{MandateCode, MandateState};
use chengxin_core::operation_words::ACCESS_DENY;
use chengxin_core::{Caller, Role, Standing};
use chengxin_store::View;
use chengxin_store::mandate::MandateCodeRow;
use serde_json::json;

use super::Keeper;
use super::act::Act;
use super::acting::state;
use super::list::{MandateLine, MandateSide};
use super::row::{Opened, find};
use crate::account::throttle::{Tried, succeeded};
use crate::keyring::Keyring;
use crate::{AppError, Installation, Kind, journal};

const NAME: &str = "mandate_accept";

/// An offer that waits for somebody, and the attempt that found it.
struct Found {
    document: Document,
    keeper: Keeper,
    offer: Opened,
    tried: Tried,
}

impl Installation {
    /// What waits behind a code, for the very person who is meant: for whom they would act, in what, until when. Uses nothing up; the attempt
    /// counts like every other.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for a code that leads nowhere, was used, has expired, or is meant for somebody else: all in one sentence;
    /// [`Kind::TooOften`]; [`Kind::Forbidden`] without a fresh proof.
    pub fn mandate_offered(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        code: &str,
    ) -> Result<MandateLine, AppError> {
        let Found { offer, tried, .. } = self.offered(caller, kind, number, code)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        // Whoever granted it reads that it was looked at.
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            succeeded(tx, &tried, None, now_us)?;
            Act { keys: &keys, now_us, operation: NAME, caller }.looked(tx, &offer)
        })?;
        MandateLine::of(&offer, MandateSide::Held, offer.mandate.state(now_us), Vec::new())
    }

    /// Takes a mandate on. Both read it in their logs.
    ///
    /// # Errors
    /// As [`Self::mandate_offered`].
    pub fn mandate_accept(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        code: &str,
    ) -> Result<MandateLine, AppError> {
        let Found { document, keeper, offer, tried } = self.offered(caller, kind, number, code)?;
        let actor = self.somebody(&document)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let done = self.store.write(NAME, |tx| -> Result<Opened, AppError> {
            let offer = find(tx.view(), &keys, &keeper, &offer.row.mandate_id)?;
            let offer = offer.filter(|it| it.mandate.state(now_us) == MandateState::Offered).ok_or_else(no_offer)?;
            let accepted = offer.accepted_by(actor.subject);
            let act = Act { keys: &keys, now_us, operation: NAME, caller };
            act.set_by_actor(tx, &keeper, &accepted)?;
            act.tell_actor(tx, &actor, &accepted, true)?;
            succeeded(tx, &tried, None, now_us)?;
            Ok(accepted)
        });
        let accepted = done.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        let state = state(self.store.view(), &self.keys, &self.key_store, &keeper, &accepted, now_us)?;
        MandateLine::of(&accepted, MandateSide::Held, state, Vec::new())
    }

    fn offered(&mut self, caller: &Caller, kind: DocumentKind, number: &str, code: &str) -> Result<Found, AppError> {
        let document = self.ruling(caller, NAME, kind, number)?;
        // What counts is who tries, wherever they signed in.
        let source = format!("mandate:{}", caller.actor);
        let tried = self.try_once(caller, NAME, Tried::code(&self.keys, &source))?;
        let (view, now_us) = (self.store.view(), self.now_us());
        let Some(row) = led_to(view, &self.keys, code)? else { return Err(self.denied(caller, NAME, no_offer())) };
        let keeper = Keeper::of(&self.keys, &self.key_store, row.subject_id)?;
        let offer = match &keeper {
            Some(keeper) => find(view, &self.keys, keeper, &row.mandate_id)?,
            None => None,
        };
        let meant = self.keys.meant(&document);
        let waits = |it: &Opened| it.mandate.state(now_us) == MandateState::Offered && it.body.actor.meant == meant;
        match (keeper, offer.filter(waits)) {
            (Some(keeper), Some(offer)) => Ok(Found { document, keeper, offer, tried }),
            (keeper, _) => {
                if let Some(keeper) = keeper {
                    self.tell_of_attempt(&keeper, caller)?;
                }
                Err(self.denied(caller, NAME, no_offer()))
            }
        }
    }

    /// Whoever handed a code over reads that it was tried to no avail: somebody else may have it. Not by whom: they learn nothing of each other.
    fn tell_of_attempt(&mut self, keeper: &Keeper, caller: &Caller) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let nobody = Caller {
            actor: String::new(),
            role: Role::Public,
            purpose: String::new(),
            standing: Standing::Anonymous,
            ..caller.clone()
        };
        let detail = json!({ "refused": "code", "operation": NAME });
        self.store.write(NAME, |tx| {
            journal::log_about(tx, &keys, &keeper.subject, now_us, ACCESS_DENY, &nobody, &detail).map(drop)
        })
    }
}

/// Where a code leads: whose mandate, and which.
fn led_to(view: View<'_>, keys: &Keyring, code: &str) -> Result<Option<MandateCodeRow>, AppError> {
    let Some(code) = MandateCode::parse(code) else { return Ok(None) };
    Ok(view.mandate_code(&keys.mandate_code_tag(&code))?.filter(|row| keys.is_mandate_code(row)))
}

/// What is said of every code that does not work, whatever the reason: neither who tries it nor who handed it over learns more.
fn no_offer() -> AppError {
    AppError::new(
        Kind::NotFound,
        "该码不正确、已用过、已过期，或不是给您的；请核对，或请委托人重新办理",
        "this code is wrong, was used, has expired, or is not meant for you: check it, or ask whoever gave it to you to grant anew",
    )
}
