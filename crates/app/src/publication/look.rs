//! One record as the public page would have it today: what is decided at the moment of reading, with no job between.

use std::collections::{BTreeMap, BTreeSet};

use chengxin_core::catalogue::model::{FieldRole, SubjectKind, Use};
use chengxin_core::catalogue::{Catalogue, ItemDef};
use chengxin_core::identity::SyntheticRule;
use chengxin_core::publication::{Fate, fate, is_public_notice};
use chengxin_core::record::{Standing, State, severity_from_i64, subject_kind_from_i64};
use chengxin_core::row::by_code;
use chengxin_store::record::{StoredVersion, VersionRow};
use chengxin_store::{KeyStore, View};
use jiff::civil::Date;

use super::code::At;
use super::row::Texts;
use crate::AppError;
use crate::keyring::Keyring;
use crate::proceeding::{Contest, Contests};
use crate::record::{BodyOpener, by_record, holder, newest};

/// Asks what may be published, of one state and on one day.
pub(super) struct Public<'a> {
    pub(super) view: View<'a>,
    pub(super) keys: &'a Keyring,
    pub(super) key_store: &'a KeyStore,
    pub(super) catalogue: &'a Catalogue,
    pub(super) today: Date,
    /// Clauses that an office has read at their source; `None` in a made-up city, where any clause does.
    confirmed: Option<BTreeSet<String>>,
}

/// A record with what decides about its page.
pub(super) struct Looked<'a> {
    pub(super) at: At,
    pub(super) row: VersionRow,
    pub(super) item: &'a ItemDef,
    pub(super) subject: SubjectKind,
    pub(super) contest: Contest,
    pub(super) fate: Fate,
    /// Codes and exact values; none once they were destroyed, or where nothing of them is shown.
    pub(super) values: Vec<(String, String)>,
    /// What an officer confirmed beside these values.
    pub(super) texts: Option<Texts>,
}

impl<'a> Public<'a> {
    /// # Errors
    /// The store's.
    pub(super) fn new(
        view: View<'a>,
        keys: &'a Keyring,
        key_store: &'a KeyStore,
        catalogue: &'a Catalogue,
        made_up: SyntheticRule,
        today: Date,
    ) -> Result<Self, AppError> {
        let confirmed = match made_up {
            SyntheticRule::Refused => Some(view.clauses_confirmed()?.into_iter().collect()),
            SyntheticRule::Allowed => None,
        };
        Ok(Self { view, keys, key_store, catalogue, today, confirmed })
    }

    /// Was the clause read at its source, by whoever wrote the catalogue or by an office that confirmed it?
    pub(super) fn read(&self, clause: &str) -> bool {
        let Some(confirmed) = &self.confirmed else { return true };
        confirmed.contains(clause) || self.catalogue.clause(clause).is_some_and(|(_, clause)| clause.verified)
    }

    /// The newest version of a record, and the one that holds its body, of all that are about a subject; `None` where nothing is in effect.
    ///
    /// # Errors
    /// An internal fault.
    pub(super) fn of<'v>(
        versions: &'v [StoredVersion],
        record: &[u8; 16],
    ) -> Result<Option<(&'v VersionRow, &'v VersionRow)>, AppError> {
        let own = by_record(versions).find(|own| own.first().is_some_and(|one| one.row.record_id == *record));
        let Some((own, row)) = own.and_then(|own| Some((own, newest(own)?))) else { return Ok(None) };
        if row.state == State::Erased.as_i64() {
            return Ok(Some((row, row)));
        }
        Ok(Some((row, holder(own, row)?)))
    }

    /// What is so of a record today. `newest`: must what an officer confirmed be held against the log too?
    ///
    /// # Errors
    /// An internal fault: a key or a row that does not fit.
    pub(super) fn look(&self, at: &At, newest: bool) -> Result<Option<Looked<'a>>, AppError> {
        let versions = self.view.versions_of_one(&at.0, &at.1)?;
        let Some((row, holder)) = Self::of(&versions, &at.1)? else { return Ok(None) };
        let Some(item) = self.catalogue.item(&row.item) else { return Ok(None) };
        let broken = || AppError::internal("a version has columns that cannot be");
        let day = |days: i64| i32::try_from(days).map_err(|_| broken());
        let standing = Standing {
            subject: subject_kind_from_i64(row.subject_kind).ok_or_else(broken)?,
            severity: severity_from_i64(row.severity),
            display_from: day(row.display_from)?,
            display_until: until(&versions, row).map(day).transpose()?,
            state: State::from_i64(row.state).ok_or_else(broken)?,
            awaits_release: false,
        };
        let contests = Contests::read(self.view, self.keys, self.key_store, &at.0, self.today)?;
        let contest = contests.of(&at.1);
        let fate = self.fate(&standing, item, contest.out_of_use());
        let mut looked = Looked {
            at: *at,
            row: row.clone(),
            item,
            subject: standing.subject,
            contest,
            fate,
            values: Vec::new(),
            texts: None,
        };
        if fate != Fate::Ended {
            self.open(&mut looked, holder, newest)?;
        }
        Ok(Some(looked))
    }

    fn fate(&self, standing: &Standing, item: &ItemDef, out_of_use: bool) -> Fate {
        let rule = item.may_show(Use::Public, self.today, standing.subject, standing.severity);
        match rule {
            Some(rule) if is_public_notice(item) && self.read(&rule.clause) => {
                fate(standing, item, out_of_use, self.today)
            }
            _ => Fate::Ended,
        }
    }

    fn open(&self, looked: &mut Looked<'_>, holder: &VersionRow, newest: bool) -> Result<(), AppError> {
        let (_, layout) = self.view.layout(holder.layout_id)?;
        let key = self.keys.subject_key_kept(self.key_store, &looked.at.0)?;
        let values = BodyOpener::new(self.keys, self.key_store).open(holder, &layout);
        let (Some(key), Some(values)) = (key, values?) else {
            looked.fate = Fate::Ended;
            return Ok(());
        };
        let code = looked.item.index_of(FieldRole::SubjectUscc).map(|at| looked.item.fields[at].field.code.as_str());
        let code = values.iter().find(|(of, _)| Some(of.as_str()) == code).map_or("", |(_, value)| value);
        if by_code(looked.subject, code) != looked.subject {
            // Stored as an organisation's before codes were asked: a sole trader's page has its own rule.
            looked.fate = Fate::Ended;
            return Ok(());
        }
        looked.values = values;
        looked.texts = Texts::of(self.view, self.keys, &key, &looked.at, looked.row.body_version, newest)?;
        Ok(())
    }
}

/// Until when a record is shown; of one that was withdrawn, until when it would have been: so long its address says why it is gone.
fn until(versions: &[StoredVersion], row: &VersionRow) -> Option<i64> {
    let own = versions.iter().map(|one| &one.row).filter(|one| one.record_id == row.record_id);
    let before = own.filter(|one| one.version < row.version && one.state != State::Withdrawn.as_i64());
    let before = before.max_by_key(|one| one.version).filter(|one| one.state == State::Active.as_i64());
    match before {
        Some(before) if row.state == State::Withdrawn.as_i64() => before.display_until,
        _ => row.display_until,
    }
}

impl Looked<'_> {
    /// Texts that are shown, by code of their field.
    pub(super) fn confirmed(&self) -> BTreeMap<String, String> {
        self.texts.as_ref().map(|texts| texts.texts.clone()).unwrap_or_default()
    }
}
