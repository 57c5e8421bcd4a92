//! Putting a new catalogue to use: records held are computed again first, then it becomes the one in use.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chengxin_core::Caller;
use chengxin_core::catalogue::model::{SubjectKind, Use, UseRule};
use chengxin_core::catalogue::{self, Catalogue};
use chengxin_core::publication::is_public_notice;
use chengxin_store::audit::{CATALOGUES, SETTINGS};
use chengxin_store::log::INSTALLATION;
use chengxin_store::record::{Cause, VersionRow};
use chengxin_store::{Tx, View};
use chengxin_tlog::root_of;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::walk::{Cursor, Held, Walk, items_to_recompute};
use super::{findings, load, read_dir, refuse_errors, to_json};
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::record::{committed, next_version, version_commitment, watch};
use crate::{AppError, Installation, journal, notice};

/// Records computed again in one transaction: some ten milliseconds.
const SLICE: i64 = 500;

/// Setting that says how far an application has come; empty when none is under way.
pub(crate) const UNDER_WAY: &str = "catalogue_under_way";

/// What applying a catalogue came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// Content hash of the catalogue now in use.
    pub hash: String,
    /// Was it in use already? Then nothing was done.
    pub already: bool,
    /// Records in force of the items whose rules changed.
    pub examined: u64,
    /// Records that got new columns.
    pub changed: u64,
    /// Of these, shown for less long than before.
    pub earlier: u64,
    /// Of these, shown for longer than before.
    pub later: u64,
}

/// How far an application has come. Written with every slice, so that sending the same catalogue again goes on there.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct UnderWay {
    /// Hash of the catalogue that is being applied.
    to: String,
    /// Items whose records are computed again.
    items: BTreeSet<String>,
    /// Does it move the day of any repair?
    #[serde(default)]
    moves_repair: bool,
    cursor: Cursor,
    examined: u64,
    changed: u64,
    earlier: u64,
    later: u64,
}

impl UnderWay {
    fn outcome(&self, already: bool) -> Applied {
        Applied {
            hash: self.to.clone(),
            already,
            examined: self.examined,
            changed: self.changed,
            earlier: self.earlier,
            later: self.later,
        }
    }
}

impl Installation {
    /// Puts the catalogue of a folder to use. The columns of records whose rules changed are computed again in slices,
    /// each a logged transaction; only then does the catalogue become the one in use. Interrupted, it is sent again and
    /// goes on. Programmes that are open keep the catalogue that they started with: restart them.
    ///
    /// A rule reaches back as far as its own dates say and no further: the rule in force on the day of a decision
    /// decides. What a decision has locked is never shown for longer.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] where the folder cannot be read or its catalogue may not stand;
    /// [`crate::Kind::Conflict`] while submissions of such items wait for release: what waits was computed by the old
    /// rules and cannot be changed without showing it.
    pub fn catalogue_apply(&mut self, caller: &Caller, dir: &Path) -> Result<Applied, AppError> {
        self.authorise(caller, "catalogue_apply")?;
        let files = read_dir(dir)?;
        let new = load(&files)?;
        refuse_errors(&findings(&files, self.today(), self.place()))?;
        if publishes_persons(&new) {
            self.store.index_persons_public()?;
        }
        let mut state = self.begin(&new)?;
        if state.to == self.catalogue.hash_hex() && state.items.is_empty() {
            return Ok(state.outcome(true));
        }
        loop {
            refuse_waiting(self.store.view(), &state.items)?;
            let before = submissions(self.store.view())?;
            self.recompute(caller, &new, &mut state)?;
            if self.finish(caller, &files, &state, &before)? {
                break;
            }
            // Something came in by the old rules meanwhile. What is right already stays: this pass writes little.
            state.cursor = Cursor::default();
            state.examined = 0;
        }
        self.catalogue = Arc::new(new);
        Ok(state.outcome(false))
    }

    /// Where to begin: at the start, or where an interruption left off.
    fn begin(&self, new: &Catalogue) -> Result<UnderWay, AppError> {
        let impact = catalogue::impact(&self.catalogue, new);
        let (mut items, mut moves_repair) = (items_to_recompute(&impact), notice::moves_repair(&impact));
        let to = new.hash_hex();
        let stored = self.store.view().setting(UNDER_WAY)?.filter(|text| !text.is_empty());
        if let Some(text) = stored {
            let held: UnderWay =
                serde_json::from_str(&text).map_err(|error| AppError::internal(format!("{UNDER_WAY}: {error}")))?;
            if held.to == to {
                return Ok(held);
            }
            // Another catalogue was given up half-way: the records that it reached are computed again too.
            items.extend(held.items);
            moves_repair |= held.moves_repair;
        }
        Ok(UnderWay {
            to,
            items,
            moves_repair,
            cursor: Cursor::default(),
            examined: 0,
            changed: 0,
            earlier: 0,
            later: 0,
        })
    }

    fn recompute(&mut self, caller: &Caller, new: &Catalogue, state: &mut UnderWay) -> Result<(), AppError> {
        if state.items.is_empty() {
            return Ok(());
        }
        let now_us = self.now_us();
        let (keys, items) = (&self.keys, state.items.clone());
        let law = self.law()?.under(new);
        let mut walk = Walk::new(new, &items, keys, &self.key_store);
        loop {
            let mut next = state.clone();
            let more = self.store.write("catalogue_apply", |tx| -> Result<bool, AppError> {
                let mut fresh: Vec<VersionRow> = Vec::new();
                let view = tx.view();
                let more = walk.slice(view, &mut next.cursor, SLICE, &mut |held| {
                    next.examined += 1;
                    if held.changes() {
                        next.changed += 1;
                        next.earlier += u64::from(held.ends_earlier());
                        next.later += u64::from(held.ends_later());
                        fresh.push(recomputed(view, keys, held)?);
                    }
                    Ok(())
                })?;
                for row in &fresh {
                    watch(tx, keys, &law, row)?;
                }
                write_slice(tx, keys, now_us, caller, fresh, &next)?;
                Ok(more)
            })?;
            *state = next;
            if !more {
                return Ok(());
            }
        }
    }

    /// Makes the catalogue the one in use, unless submissions have changed since `before`; did it?
    fn finish(
        &mut self,
        caller: &Caller,
        files: &[(String, String)],
        state: &UnderWay,
        before: &[SubmissionMark],
    ) -> Result<bool, AppError> {
        let (now_us, keys) = (self.now_us(), &self.keys);
        self.store.write("catalogue_apply", |tx| {
            if submissions(tx.view())? != before {
                return Ok(false);
            }
            tx.catalogue_add(&state.to, &to_json(files), now_us, &caller.actor)?;
            tx.set_setting("catalogue", &state.to)?;
            tx.set_setting(UNDER_WAY, "")?;
            let rows = [(&CATALOGUES, vec![state.to.as_str().into()]), (&SETTINGS, vec!["catalogue".into()])];
            let rows = marks(tx.view(), keys, &rows)?;
            let detail = json!({
                "catalogue": state.to, "examined": state.examined, "changed": state.changed, "earlier": state.earlier,
                "later": state.later, "rows": rows,
            });
            journal::log(tx, keys, now_us, "catalogue_apply", caller, &detail)?;
            if state.moves_repair {
                notice::after_catalogue(tx, keys, now_us, (&self.catalogue.hash_hex(), &state.to))?;
            }
            Ok(true)
        })
    }
}

/// The version that gives a record its new columns; the body stays where it is.
fn recomputed(view: View<'_>, keys: &Keyring, held: &Held<'_>) -> Result<VersionRow, AppError> {
    let version = next_version(view, &held.row.subject_id, &held.row.record_id)?;
    Ok(committed(
        keys,
        VersionRow {
            version,
            cause: Cause::Catalogue as i64,
            submission_id: 0,
            leaf: 0,
            row_no: 0,
            severity: held.severity,
            display_until: held.display_until,
            // Only what is released gets here; a decision waits for nobody.
            needs_release: 0,
            body: Vec::new(),
            ..held.row.clone()
        },
    ))
}

/// Writes the versions of a slice, how far it came, and one entry with the root over their commitments.
fn write_slice(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    caller: &Caller,
    mut fresh: Vec<VersionRow>,
    state: &UnderWay,
) -> Result<(), AppError> {
    // Each version says which line of the log holds the root that anchors it, and its place under that root.
    let line = tx.view().log_last_number(&INSTALLATION)? + 1;
    for (leaf, row) in (0..).zip(&mut fresh) {
        (row.row_no, row.leaf) = (line, leaf);
        row.commitment = version_commitment(keys, row, &mut Vec::new());
    }
    fresh.iter().try_for_each(|row| tx.version_add(row))?;
    let text = serde_json::to_string(state).map_err(|error| AppError::internal(format!("{UNDER_WAY}: {error}")))?;
    tx.set_setting(UNDER_WAY, &text)?;
    if fresh.is_empty() {
        return Ok(());
    }
    let root = root_of(&keys.hash(), fresh.iter().map(|row| row.commitment.as_slice()));
    let detail = json!({ "catalogue": state.to, "records": fresh.len(), "root": HEXLOWER.encode(&root) });
    journal::log(tx, keys, now_us, "catalogue_apply", caller, &detail)?;
    Ok(())
}

/// Number, state and release of a submission: what changes when records come in.
type SubmissionMark = (i64, i64, Option<i64>);

fn submissions(view: View<'_>) -> Result<Vec<SubmissionMark>, AppError> {
    const PAGE: i64 = 500;
    let (mut marks, mut after) = (Vec::new(), 0);
    loop {
        let page = view.submission_list(after, PAGE)?;
        marks.extend(page.iter().map(|of| (of.id, of.state, of.released_at_us)));
        let Some(last) = page.last() else { return Ok(marks) };
        after = last.id;
    }
}

/// Refuses while submissions of these items wait for release.
fn refuse_waiting(view: View<'_>, items: &BTreeSet<String>) -> Result<(), AppError> {
    const ACCEPTED: i64 = chengxin_store::submission::SubmissionState::Accepted as i64;
    const PAGE: i64 = 500;
    let (mut waiting, mut after) = (Vec::new(), 0);
    loop {
        let page = view.submission_list(after, PAGE)?;
        let waits = page.iter().filter(|of| of.state == ACCEPTED && of.needs_release && of.released_at_us.is_none());
        waiting.extend(waits.filter(|of| items.contains(&of.item)).map(|of| of.id.to_string()));
        let Some(last) = page.last() else { break };
        after = last.id;
    }
    if waiting.is_empty() {
        return Ok(());
    }
    Err(AppError::conflict(
        format!("批次 {} 尚待审核发布，其规则有变化；请先发布或撤回", waiting.join("、")),
        format!(
            "submissions {} wait for release and their rules change: release or recall them first",
            waiting.join(", ")
        ),
    ))
}

/// Does a law have anything about natural persons published?
fn publishes_persons(catalogue: &Catalogue) -> bool {
    let named = |rule: &UseRule| rule.use_for == Use::Public && rule.subjects.contains(&SubjectKind::Person);
    catalogue.items().iter().any(|item| is_public_notice(item) && item.item.use_rules.iter().any(named))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use chengxin_seal::Profile;

    use super::*;
    use crate::installation::NewInstallation;
    use crate::{FixedClock, Mode};

    #[test]
    fn what_comes_in_during_an_application_is_computed_again_before_the_catalogue_is_switched() {
        let dir = tempfile::tempdir().unwrap();
        let new = NewInstallation {
            mode: Mode::Synthetic,
            profile: Profile::Intl,
            city: "虚构市".to_owned(),
            place: "990000".to_owned(),
            base_url: "https://credit.example".to_owned(),
            places: None,
        };
        let caller = Caller::operator("test", "test");
        let clock = Arc::new(FixedClock::on(jiff::civil::date(2026, 11, 20)));
        let mut city = Installation::init(dir.path(), &new, clock, &caller).unwrap();
        let before = submissions(city.store.view()).unwrap();
        city.store
            .write("test", |tx| tx.submission_open("office", "penalty", "f.csv", &[0; 32], &[0; 32], 0, "test", ""))
            .unwrap();
        let state = UnderWay {
            to: "new".to_owned(),
            items: BTreeSet::new(),
            moves_repair: false,
            cursor: Cursor::default(),
            examined: 0,
            changed: 0,
            earlier: 0,
            later: 0,
        };
        let in_use = |city: &Installation| city.store.view().setting("catalogue").unwrap().unwrap();
        let old = in_use(&city);
        assert!(!city.finish(&caller, &[], &state, &before).unwrap());
        assert_eq!(in_use(&city), old);
        let now = submissions(city.store.view()).unwrap();
        assert!(city.finish(&caller, &[], &state, &now).unwrap());
        assert_eq!(in_use(&city), "new");
    }
}
