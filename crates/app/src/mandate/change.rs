//! Stopping: whoever granted a mandate revokes it, whoever acts on it gives it up. Nothing that was stopped begins again.

use chengxin_core::Caller;
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::Stage;
use serde::Serialize;

use super::act::Act;
use super::list::{MandateLine, MandateSide};
use super::row::{Opened, find};
use super::{Keeper, mandate_number, no_such_mandate};
use crate::report::{Somebody, reader};
use crate::{AppError, Installation};

/// A mandate that was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revoked {
    /// As it is now.
    #[serde(flatten)]
    pub mandate: MandateLine,
    /// Receipts of consents that were granted on it and stand still, to be withdrawn where they are not wanted any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<String>,
}

impl Installation {
    /// Revokes a mandate, with effect from the next act. One that is stopped already stays as it is. Consents that were granted on it stand until they are
    /// withdrawn: they are named.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for one that is none of theirs; [`crate::Kind::Conflict`] for a guardian or a legal representative, whom a window
    /// ends on a document; and as [`Self::mandate_list`].
    ///
    /// # Source
    /// 民法典 art. 173 (not verified at its source).
    pub fn mandate_revoke(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        mandate: &str,
    ) -> Result<Revoked, AppError> {
        const NAME: &str = "mandate_revoke";
        let document = self.ruling(caller, NAME, kind, number)?;
        let id = self.keys.mandate_id(&mandate_number(mandate)?);
        let keeper = self.keeper_of(&document)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let done = self.store.write(NAME, |tx| -> Result<Opened, AppError> {
            let keeper = keeper.as_ref().ok_or_else(no_such_mandate)?;
            let found = find(tx.view(), &keys, keeper, &id)?.ok_or_else(no_such_mandate)?;
            if !found.mandate.terms.kind.is_revocable() {
                return Err(only_at_a_window());
            }
            let act = Act { keys: &keys, now_us, operation: NAME, caller };
            // Said twice, it is said.
            if !found.mandate.stage.is_open() {
                act.again(tx, &found)?;
                return Ok(found);
            }
            let after = found.at(Stage::Revoked);
            act.set(tx, keeper, &after)?;
            if let Some(subject) = found.row.actor_id {
                act.tell_actor(tx, &Somebody { subject, new: None }, &after, false)?;
            }
            Ok(after)
        });
        let after = done.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        let consents = self.consents_on(&document, &after.number(), now_us)?;
        let mandate = MandateLine::of(&after, MandateSide::Given, after.mandate.state(now_us), Vec::new())?;
        Ok(Revoked { mandate, consents })
    }

    /// Gives a mandate up: who does acts on it no more, from the next moment on.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for one that is none of theirs; and as [`Self::mandate_list`].
    ///
    /// # Source
    /// 民法典 art. 173 (not verified at its source). A guardian who gives it up here stays the guardian that the law says they are.
    pub fn mandate_resign(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        mandate: &str,
    ) -> Result<MandateLine, AppError> {
        const NAME: &str = "mandate_resign";
        let document = self.ruling(caller, NAME, kind, number)?;
        let id = self.keys.mandate_id(&mandate_number(mandate)?);
        let (view, now_us, keys) = (self.store.view(), self.now_us(), self.keys.clone());
        let actor = reader(view, &keys, &document)?;
        let mandator = match &actor {
            Some(actor) => view.mandate_held(actor, &id)?,
            None => None,
        };
        let keeper = match mandator {
            Some(mandator) => Keeper::of(&keys, &self.key_store, mandator)?,
            None => None,
        };
        let done = self.store.write(NAME, |tx| -> Result<Opened, AppError> {
            let (keeper, actor) = keeper.as_ref().zip(actor).ok_or_else(no_such_mandate)?;
            let found = find(tx.view(), &keys, keeper, &id)?;
            let found = found.filter(|it| it.row.actor_id == Some(actor)).ok_or_else(no_such_mandate)?;
            let act = Act { keys: &keys, now_us, operation: NAME, caller };
            if !found.mandate.stage.is_open() {
                act.again_by_actor(tx, &found)?;
                return Ok(found);
            }
            let after = found.at(Stage::Resigned);
            act.set_by_actor(tx, keeper, &after)?;
            act.tell_actor(tx, &Somebody { subject: actor, new: None }, &after, false)?;
            Ok(after)
        });
        let after = done.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        MandateLine::of(&after, MandateSide::Held, after.mandate.state(now_us), Vec::new())
    }
}

fn only_at_a_window() -> AppError {
    AppError::conflict(
        "监护人和法定代表人以文书为准，不能在此撤销；请持新的文书到窗口办理终止",
        "a guardian or a legal representative is what a document says, and is not revoked here: a window ends it on a new document",
    )
}
