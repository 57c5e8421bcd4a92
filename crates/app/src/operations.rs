//! How the installation fares, for whoever runs it and whoever oversees it: versions, queues, the log, when it was checked and saved last. Nothing
//! of it is about a person.

use std::path::Path;

use chengxin_core::Caller;
use chengxin_core::dates::shanghai_text;
use chengxin_core::statistics::is_small;
use chengxin_core::statistics::table::WITHHELD;
use chengxin_store::log::INSTALLATION;
use chengxin_store::migrate;
use serde::{Deserialize, Serialize};

use crate::{AppError, Installation};

/// Where it is noted when the log was checked last, and what came of it. A convenience of this machine: nothing rests on it.
const LAST_CHECK: &str = "last-check.json";
/// The same of the last backup.
const LAST_BACKUP: &str = "last-backup.json";
/// Entries of the installation among which the last changes of the catalogue are looked for.
const AMONG: i64 = 100_000;
/// Most changes of the catalogue that are listed.
const LISTED: i64 = 200;

/// What is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Noted {
    at_us: i64,
    whole: bool,
}

/// How the installation fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstallationView {
    /// Version of the programme.
    pub version: String,
    /// Version of the schema of the main database.
    pub schema: i64,
    /// The version that the programme needs.
    pub schema_needed: i64,
    /// Content hash of the catalogue in use.
    pub catalogue: String,
    /// Leaves under the signed head of the log.
    pub log_size: i64,
    /// When its newest entry was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_last: Option<String>,
    /// When the whole log was checked last from this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
    /// Did everything fit then?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_whole: Option<bool>,
    /// When a backup was made last from this machine; a database server's own tools leave no note here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved: Option<String>,
    /// Jobs that wait, by kind.
    pub queues: Vec<QueueLine>,
}

/// Jobs of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueLine {
    /// Which.
    pub kind: String,
    /// How many wait.
    pub waiting: i64,
    /// How many of them are due.
    pub due: i64,
    /// How many failed the last time they were tried.
    pub failing: i64,
    /// How many were given up.
    pub dead: i64,
}

/// A change of the catalogue, and what it did to the records held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueChange {
    /// Content hash of what was put to use.
    pub catalogue: String,
    /// Is it the one in use?
    pub in_use: bool,
    /// When.
    pub applied: String,
    /// Records that were looked at; `—` for all four where one of them is one to four.
    pub examined: String,
    /// Records whose rules it changed.
    pub changed: String,
    /// Of these, shown for less long.
    pub earlier: String,
    /// Of these, shown for longer.
    pub later: String,
}

/// What an entry says of a change that came to its end.
#[derive(Deserialize)]
struct AppliedSaid {
    catalogue: String,
    examined: u64,
    changed: u64,
    earlier: u64,
    later: u64,
}

impl Installation {
    /// How the installation fares.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn installation_show(&self, caller: &Caller) -> Result<InstallationView, AppError> {
        self.authorise(caller, "installation_show")?;
        let (view, now_us) = (self.store.view(), self.now_us());
        let (standing, _) = migrate::plan(&self.places().main, migrate::MAIN)?;
        let head = view.log_head()?;
        let (checked, saved) = (noted(self.dir(), LAST_CHECK), noted(self.dir(), LAST_BACKUP));
        let queues = view.job_queue(now_us)?.into_iter().map(|row| QueueLine {
            kind: row.kind,
            waiting: row.waiting,
            due: row.due,
            failing: row.failing,
            dead: row.dead,
        });
        Ok(InstallationView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schema: standing.found,
            schema_needed: standing.needed,
            catalogue: self.catalogue.hash_hex(),
            log_size: head.as_ref().map_or(0, |head| head.size),
            log_last: head.map(|head| shanghai_text(head.last_us)),
            checked: checked.map(|noted| shanghai_text(noted.at_us)),
            checked_whole: checked.map(|noted| noted.whole),
            saved: saved.map(|noted| shanghai_text(noted.at_us)),
            queues: queues.collect(),
        })
    }

    /// Changes of the catalogue, the newest first, as their entries in the log tell them. Of fewer than five records nothing is told.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn catalogue_history(&self, caller: &Caller) -> Result<Vec<CatalogueChange>, AppError> {
        self.authorise(caller, "catalogue_history")?;
        let (view, hash) = (self.store.view(), self.catalogue.hash_hex());
        let after = view.log_last_number(&INSTALLATION)? - AMONG;
        let found = view.log_last_of(&INSTALLATION, "catalogue_apply", after, LISTED)?;
        // A change goes in slices, each an entry; the last one tells what all of them came to.
        let ends = found.iter().filter_map(|(at_us, detail)| Some((at_us, serde_json::from_str(detail).ok()?)));
        Ok(ends
            .map(|(at_us, said): (&i64, AppliedSaid)| {
                // Told together or not at all: one of them follows from the others.
                let told = ![said.examined, said.changed, said.earlier, said.later].into_iter().any(is_small);
                let number = |number: u64| if told { number.to_string() } else { WITHHELD.to_owned() };
                CatalogueChange {
                    in_use: said.catalogue == hash,
                    applied: shanghai_text(*at_us),
                    examined: number(said.examined),
                    changed: number(said.changed),
                    earlier: number(said.earlier),
                    later: number(said.later),
                    catalogue: said.catalogue,
                }
            })
            .collect())
    }

    /// Notes that the whole log was checked.
    pub(crate) fn note_check(&self, whole: bool) {
        note(self.dir(), LAST_CHECK, Noted { at_us: self.now_us(), whole });
    }

    /// Notes that a backup was made.
    pub(crate) fn note_backup(&self) {
        note(self.dir(), LAST_BACKUP, Noted { at_us: self.now_us(), whole: true });
    }
}

/// Where it cannot be noted, nothing is lost but a line on a page.
fn note(dir: &Path, name: &str, what: Noted) {
    let written = serde_json::to_vec(&what).map_err(std::io::Error::other);
    if let Err(error) = written.and_then(|bytes| std::fs::write(dir.join(name), bytes)) {
        tracing::debug!(name, %error, "not noted");
    }
}

fn noted(dir: &Path, name: &str) -> Option<Noted> {
    serde_json::from_slice(&std::fs::read(dir.join(name)).ok()?).ok()
}
