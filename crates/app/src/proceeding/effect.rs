//! What proceedings do to records at the moment of reading: one read, of the rows of one subject, and no job between a date and its effect.

use std::collections::HashMap;

use chengxin_core::Say;
use chengxin_core::check::CheckStanding;
use chengxin_core::dates::from_days;
use chengxin_core::objection::ObjectionEffect;
use chengxin_core::proceeding::{ProceedingKind, effect_on};
use chengxin_core::repair::RepairStep;
use chengxin_store::proceeding::ProceedingRow;
use chengxin_store::{KeyStore, View};
use jiff::civil::Date;

use super::row::{Keeper, Opened, opened};
use crate::AppError;
use crate::keyring::Keyring;

/// What is said and decided beside the records of one subject.
#[derive(Debug, Default)]
pub(crate) struct Contests(HashMap<[u8; 16], Contest>);

/// The same of one record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Contest {
    /// Marked, out of use, or neither.
    effect: Option<ObjectionEffect>,
    /// The person's own words that stand beside it: a statement before an explanation, the newest of each.
    pub(crate) statement: Option<String>,
    /// Is that a statement of an objection that was answered?
    of_objection: bool,
    /// When what marks it was filed last, microseconds UTC.
    since_us: i64,
}

impl Contest {
    /// How the record stands in a check.
    pub(crate) fn standing(&self) -> CheckStanding {
        match self.effect {
            Some(ObjectionEffect::Marked) => CheckStanding::UnderObjection,
            Some(ObjectionEffect::OutOfUse) => CheckStanding::OutOfUse,
            Some(ObjectionEffect::None | ObjectionEffect::Decided) | None => CheckStanding::Plain,
        }
    }

    /// The same, with the statement beside it.
    pub(crate) fn beside(self) -> (CheckStanding, Option<String>) {
        (self.standing(), self.statement)
    }

    /// Is it used for nothing until somebody has answered or decided?
    pub(crate) fn out_of_use(&self) -> bool {
        self.effect == Some(ObjectionEffect::OutOfUse)
    }

    /// The mark that everybody sees who sees the record; `None` where nothing is contested.
    pub(crate) fn mark(&self) -> Option<Say> {
        match self.effect {
            Some(ObjectionEffect::Marked) => Some(Say::new("异议中", "under objection")),
            Some(ObjectionEffect::OutOfUse) => Some(Say::new("停止使用（待答复）", "out of use until it is answered")),
            Some(ObjectionEffect::None | ObjectionEffect::Decided) | None => None,
        }
    }

    /// Would whoever was shown the record at a moment see something else now?
    pub(crate) fn changed_since(&self, shown_us: i64) -> bool {
        self.out_of_use() || self.mark().is_some() && self.since_us > shown_us
    }

    fn weigh(&mut self, effect: ObjectionEffect, filed_us: i64) {
        let weight = |effect: Option<ObjectionEffect>| match effect {
            Some(ObjectionEffect::OutOfUse) => 2,
            Some(ObjectionEffect::Marked) => 1,
            Some(ObjectionEffect::None | ObjectionEffect::Decided) | None => 0,
        };
        if weight(Some(effect)) > 0 {
            self.since_us = self.since_us.max(filed_us);
        }
        if weight(Some(effect)) > weight(self.effect) {
            self.effect = Some(effect);
        }
    }
}

impl Contests {
    /// Those of a subject on a day.
    ///
    /// # Errors
    /// The store's; an internal fault for a row that was not written with our keys: passing it over would show a record as uncontested that is not.
    pub(crate) fn read(
        view: View<'_>,
        keys: &Keyring,
        key_store: &KeyStore,
        subject: &[u8; 16],
        today: Date,
    ) -> Result<Self, AppError> {
        let rows = view.proceedings(subject)?;
        // Almost nobody has any: then no key is asked for.
        if rows.is_empty() {
            return Ok(Self::default());
        }
        let mut contests = Self::default();
        let mut keeper = None;
        for row in rows {
            contests.weigh(keys, &row, today)?;
            if row.stated == 1 {
                let keeper = match &mut keeper {
                    Some(known) => known,
                    none => none.insert(Keeper::of(keys, key_store, *subject)?),
                };
                contests.state(&opened(keys, keeper, row)?);
            }
        }
        Ok(contests)
    }

    fn weigh(&mut self, keys: &Keyring, row: &ProceedingRow, today: Date) -> Result<(), AppError> {
        let broken =
            || AppError::internal("a row of the table proceeding was not written with the installation's keys");
        if !keys.is_proceeding(row) {
            return Err(broken());
        }
        let kind = ProceedingKind::from_i64(row.kind).ok_or_else(broken)?;
        let due = row.due_on.and_then(|day| from_days(i32::try_from(day).ok()?));
        let effect = effect_on(kind, &row.state, due, today).ok_or_else(broken)?;
        self.0.entry(row.record_id).or_default().weigh(effect, row.filed_us);
        Ok(())
    }

    /// The newest come first, and a statement goes before an explanation.
    fn state(&mut self, opened: &Opened) {
        let Some(text) = opened.statement() else { return };
        let contest = self.0.entry(opened.row.record_id).or_default();
        let of_objection = opened.objection().is_some();
        if contest.statement.is_none() || (of_objection && !contest.of_objection) {
            (contest.statement, contest.of_objection) = (Some(text.to_owned()), of_objection);
        }
    }

    /// That of a record.
    pub(crate) fn of(&self, record: &[u8; 16]) -> Contest {
        self.0.get(record).cloned().unwrap_or_default()
    }
}

/// Everything that a person ever had stand beside their records, by record: to write again what was shown on an earlier day.
///
/// # Errors
/// As [`Contests::read`].
pub(crate) fn ever_stated(
    view: View<'_>,
    keys: &Keyring,
    key_store: &KeyStore,
    subject: &[u8; 16],
) -> Result<Vec<([u8; 16], String)>, AppError> {
    let rows = view.proceedings(subject)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let keeper = Keeper::of(keys, key_store, *subject)?;
    let mut stated = Vec::new();
    for row in rows {
        let of = opened(keys, &keeper, row)?;
        let texts: Vec<String> = match (of.objection(), of.repair()) {
            (Some(objection), _) => objection.statements().map(str::to_owned).collect(),
            (None, Some(repair)) => {
                let explained = repair.done().iter().filter(|done| done.step == RepairStep::Explain);
                explained.map(|done| done.said.text.clone()).collect()
            }
            (None, None) => Vec::new(),
        };
        stated.extend(texts.into_iter().map(|text| (of.row.record_id, text)));
    }
    Ok(stated)
}
