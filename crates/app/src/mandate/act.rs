//! Writing a mandate, and telling both of it: the row, the entry that it names, and the line of the one who acts.

use chengxin_core::{Caller, Role};
use chengxin_store::Tx;
use chengxin_store::audit::{Cell, MANDATE_CODES, MANDATE_HOLDERS, SUBJECTS, Table};
use chengxin_store::mandate::{MandateCodeRow, MandateHolderRow};
use serde_json::json;

use super::Keeper;
use super::acting::on_this;
use super::row::Opened;
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::log::told::Telling;
use crate::report::{NewReader, Somebody};
use crate::{AppError, journal};

/// Who does something to a mandate, and how the log calls it.
pub(super) struct Act<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) now_us: i64,
    pub(super) operation: &'static str,
    pub(super) caller: &'a Caller,
}

impl Act<'_> {
    /// Writes a new mandate, with the code that leads to it where there is one.
    pub(super) fn add(
        &self,
        tx: &Tx<'_>,
        keeper: &Keeper,
        reader: Option<&NewReader>,
        new: &Opened,
        code: Option<&MandateCodeRow>,
    ) -> Result<(), AppError> {
        let mut rows = self.readers(tx, keeper.subject, reader)?;
        if let Some(code) = code {
            tx.mandate_code_add(code)?;
            rows.push((&MANDATE_CODES, vec![(&code.subject_id).into(), (&code.code_tag).into()]));
        }
        let line = tx.view().log_last_number(&keeper.subject)? + 1;
        tx.mandate_add(&new.row_at(line, keeper, self.keys)?)?;
        self.tell(tx, self.caller, new, line, rows)
    }

    /// Writes a mandate as it is after a change.
    pub(super) fn set(&self, tx: &Tx<'_>, keeper: &Keeper, after: &Opened) -> Result<(), AppError> {
        let line = tx.view().log_last_number(&keeper.subject)? + 1;
        tx.mandate_set(&after.row_at(line, keeper, self.keys)?, after.row.line)?;
        self.tell(tx, self.caller, after, line, Vec::new())
    }

    /// The same by the one who acts on it: the other reads that it was they, on this mandate.
    pub(super) fn set_by_actor(&self, tx: &Tx<'_>, keeper: &Keeper, after: &Opened) -> Result<(), AppError> {
        let line = tx.view().log_last_number(&keeper.subject)? + 1;
        tx.mandate_set(&after.row_at(line, keeper, self.keys)?, after.row.line)?;
        self.tell(tx, &on_this(self.caller, after)?, after, line, Vec::new())
    }

    /// Tells the one who acts, in their own log, and lays the way from them to the mandate where there is none yet.
    pub(super) fn tell_actor(&self, tx: &Tx<'_>, actor: &Somebody, of: &Opened, new: bool) -> Result<(), AppError> {
        let Self { keys, now_us, operation, caller } = *self;
        let mut rows = self.readers(tx, actor.subject, actor.new.as_ref())?;
        if new {
            let (mandate_id, mandator_id) = (of.row.mandate_id, of.row.subject_id);
            tx.mandate_holder_add(&MandateHolderRow { subject_id: actor.subject, mandate_id, mandator_id })?;
            rows.push((&MANDATE_HOLDERS, vec![(&actor.subject).into(), (&mandate_id).into()]));
        }
        let mut detail = json!({ "mandate_number": of.number(), "held": true });
        if !rows.is_empty() {
            detail["rows"] = marks(tx.view(), keys, &rows)?;
        }
        // Neither on which mandate the other came, nor how their account is called, is for this one to read.
        let other = is_personal(caller) && !matches!(operation, "mandate_accept" | "mandate_resign");
        let actor_name = if other { String::new() } else { caller.actor.clone() };
        let caller = Caller { actor: actor_name, standing: caller.standing.own().clone(), ..caller.clone() };
        journal::log_about(tx, keys, &actor.subject, now_us, operation, &caller, &detail)?;
        Ok(())
    }

    /// Says that it was asked for and changed nothing: the mandate was stopped before. A look all the same.
    pub(super) fn again(&self, tx: &Tx<'_>, of: &Opened) -> Result<(), AppError> {
        self.look(tx, self.caller, of, "again")
    }

    /// The same by the one who acts on it.
    pub(super) fn again_by_actor(&self, tx: &Tx<'_>, of: &Opened) -> Result<(), AppError> {
        self.look(tx, &on_this(self.caller, of)?, of, "again")
    }

    /// The same of a look at an offer, by whoever it is meant for.
    pub(super) fn looked(&self, tx: &Tx<'_>, of: &Opened) -> Result<(), AppError> {
        self.look(tx, &on_this(self.caller, of)?, of, "looked")
    }

    fn look(&self, tx: &Tx<'_>, caller: &Caller, of: &Opened, how: &str) -> Result<(), AppError> {
        let Self { keys, now_us, operation, .. } = *self;
        let mut detail = json!({ "mandate_number": of.number() });
        detail[how] = json!(true);
        journal::log_about(tx, keys, &of.row.subject_id, now_us, operation, caller, &detail)?;
        Ok(())
    }

    fn readers(
        &self,
        tx: &Tx<'_>,
        subject: [u8; 16],
        reader: Option<&NewReader>,
    ) -> Result<Vec<(&'static Table, Vec<Cell>)>, AppError> {
        let Some(reader) = reader else { return Ok(Vec::new()) };
        reader.write(tx, self.keys, self.now_us)?;
        Ok(vec![(&SUBJECTS, vec![(&subject).into()])])
    }

    fn tell(
        &self,
        tx: &Tx<'_>,
        caller: &Caller,
        of: &Opened,
        line: i64,
        rows: Vec<(&'static Table, Vec<Cell>)>,
    ) -> Result<(), AppError> {
        let Self { keys, now_us, operation, .. } = *self;
        let by = Telling { keys, now_us, operation, caller };
        of.thing(line).tell(tx, &by, rows, json!({ "mandate_number": of.number() }))
    }
}

fn is_personal(caller: &Caller) -> bool {
    matches!(caller.role, Role::Resident | Role::Representative)
}
