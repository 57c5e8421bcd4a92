//! For tests of what reads the log: an installation, and entries in it that were written with its key, whatever they say.

use std::path::Path;
use std::sync::Arc;

use chengxin_core::{Caller, Role};
use chengxin_seal::Profile;
use chengxin_store::Store;
use chengxin_store::log::{LogRow, NewLogEntry};
use jiff::civil::date;

use super::salt::entry_salt;
use crate::installation::NewInstallation;
use crate::{AppError, FixedClock, Installation, Mode};

pub(crate) fn installation(dir: &Path) -> Installation {
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile: Profile::Intl,
        city: "虚构市".to_owned(),
        place: "990000".to_owned(),
        base_url: "https://credit.example".to_owned(),
        places: None,
    };
    let clock = Arc::new(FixedClock::on(date(2026, 11, 20)));
    Installation::init(dir, &new, clock, &Caller::operator("test", "test")).unwrap()
}

pub(super) fn auditor() -> Caller {
    Caller { role: Role::Auditor, ..Caller::operator("auditor", "test") }
}

/// A caller as entries have it.
pub(super) fn caller() -> String {
    serde_json::to_string(&Caller::operator("operator", "test")).unwrap()
}

/// Appends an entry to a chain the way the installation does, but with any texts.
pub(super) fn append(
    installation: &Installation,
    chain: &[u8; 16],
    operation: &str,
    caller: &str,
    detail: &str,
) -> LogRow {
    let keys = &installation.keys;
    let entry = NewLogEntry { subject_id: chain, at_us: installation.now_us(), operation, caller, detail };
    let mut store = Store::open(installation.database()).unwrap();
    let written = store.write("test", |tx| -> Result<LogRow, AppError> {
        Ok(tx.log_append(&keys.hash(), &entry, |row| entry_salt(keys, chain, row))?)
    });
    written.unwrap()
}
