//! Records held, computed again by a new catalogue: what intake derived from a row when it came in.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use chengxin_core::catalogue::{Catalogue, FieldRole, Impact, ItemDef, RuleKind};
use chengxin_core::dates::{from_days, to_days};
use chengxin_core::record::{State, severity_to_i64, subject_kind_from_i64};
use chengxin_core::value::{is_no_end, read_date};
use chengxin_store::record::{StoredVersion, VersionRow};
use chengxin_store::{KeyStore, View};

use crate::AppError;
use crate::keyring::Keyring;
use crate::record::{BodyOpener, newest};

/// Subject and record behind which a walk goes on.
pub(super) type Cursor = ([u8; 16], [u8; 16]);

/// One record with its columns and what a new catalogue makes of them.
#[derive(Debug)]
pub(super) struct Held<'v> {
    /// The version that counts now.
    pub(super) row: &'v VersionRow,
    /// Severity by the new rules, 0 for none.
    pub(super) severity: i64,
    /// First day not shown by the new rules.
    pub(super) display_until: Option<i64>,
}

impl Held<'_> {
    /// Do the columns change?
    pub(super) fn changes(&self) -> bool {
        self.severity != self.row.severity || self.display_until != self.row.display_until
    }

    /// Would display end earlier?
    pub(super) fn ends_earlier(&self) -> bool {
        end(self.display_until) < end(self.row.display_until)
    }

    /// Would display end later?
    pub(super) fn ends_later(&self) -> bool {
        end(self.display_until) > end(self.row.display_until)
    }
}

fn end(until: Option<i64>) -> i64 {
    until.unwrap_or(i64::MAX)
}

/// Items whose records have to be computed again: those of which a rule or a field changes, and those that come back
/// after they were gone.
pub(super) fn items_to_recompute(impact: &Impact) -> BTreeSet<String> {
    let moves =
        |change: &&chengxin_core::catalogue::ItemChange| change.moves_display() || change.touches(RuleKind::Field);
    let changed = impact.changed.iter().filter(moves).map(|change| change.item.clone());
    changed.chain(impact.added.iter().cloned()).collect()
}

/// A walk over every record of some items, in slices.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    catalogue: &'a Catalogue,
    items: &'a BTreeSet<String>,
    opener: BodyOpener<'a>,
    layouts: HashMap<i64, Vec<String>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        catalogue: &'a Catalogue,
        items: &'a BTreeSet<String>,
        keys: &'a Keyring,
        key_store: &'a KeyStore,
    ) -> Self {
        Self { catalogue, items, opener: BodyOpener::new(keys, key_store), layouts: HashMap::new() }
    }

    /// Shows `each` the records in force among the next `limit`, and moves the cursor behind them. False at the end.
    ///
    /// # Errors
    /// Whatever `each` returns, the store's, and bodies that cannot be opened.
    pub(super) fn slice(
        &mut self,
        view: View<'_>,
        cursor: &mut Cursor,
        limit: i64,
        each: &mut dyn FnMut(&Held<'_>) -> Result<(), AppError>,
    ) -> Result<bool, AppError> {
        let heads = view.records_walk(&cursor.0, &cursor.1, limit)?;
        let Some((subject, record, _)) = heads.last() else { return Ok(false) };
        *cursor = (*subject, *record);
        for of_subject in heads.chunk_by(|a, b| a.0 == b.0) {
            let Some((subject, ..)) = of_subject.first() else { continue };
            let versions = view.versions_of_subject(subject)?;
            for (_, record, _) in of_subject {
                let from = versions.partition_point(|v| v.row.record_id < *record);
                let to = versions.partition_point(|v| v.row.record_id <= *record);
                if let Some(held) = self.held(view, &versions[from..to])? {
                    each(&held)?;
                }
            }
        }
        Ok(true)
    }

    fn held<'v>(&mut self, view: View<'_>, versions: &'v [StoredVersion]) -> Result<Option<Held<'v>>, AppError> {
        let Some(row) = newest(versions) else { return Ok(None) };
        if row.state != State::Active.as_i64() || !self.items.contains(&row.item) {
            return Ok(None);
        }
        // An item that is gone has no rules: its records are shown to nobody, and their columns stay.
        let Some(item) = self.catalogue.item(&row.item) else { return Ok(None) };
        let body = versions.iter().map(|version| &version.row).find(|of| of.version == row.body_version);
        let body = body.ok_or_else(|| AppError::internal("the version with a record's body is missing"))?;
        let layout = match self.layouts.entry(body.layout_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(view.layout(body.layout_id)?.1),
        };
        let Some(values) = self.opener.open(body, layout)? else { return Ok(None) };
        let mut held = derive(item, row, &values)?;
        // What a decision left in force is not shown for longer because a rule changed.
        if held.ends_later() && view.lock(&row.subject_id, &row.record_id)?.is_some() {
            held.display_until = row.display_until;
        }
        Ok(Some(held))
    }
}

/// The columns that intake would derive from these values by this item, see `core::row`.
fn derive<'v>(item: &ItemDef, row: &'v VersionRow, values: &[(String, String)]) -> Result<Held<'v>, AppError> {
    let unreadable = || AppError::internal("a version's columns hold no date or kind of subject");
    let decided_on = i32::try_from(row.decided_on).ok().and_then(from_days).ok_or_else(unreadable)?;
    let subject = subject_kind_from_i64(row.subject_kind).ok_or_else(unreadable)?;
    let value = |code: &str| values.iter().find(|(of, _)| of == code).map_or("", |(_, value)| value.as_str());
    let severity = item.severity_of(decided_on, subject, value);
    let valid_until = item.field_of(FieldRole::ValidUntil).map_or("", |def| value(&def.field.code));
    let valid_until = read_date(valid_until).ok().map(|(date, _)| date).filter(|date| !is_no_end(*date));
    let until = item.display_until(decided_on, severity, valid_until);
    Ok(Held { row, severity: severity_to_i64(severity), display_until: until.map(|day| i64::from(to_days(day))) })
}
