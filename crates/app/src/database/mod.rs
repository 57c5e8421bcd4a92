//! The databases themselves: their schema, moving to another engine, backups.

mod backup;
mod moving;

pub use backup::{Backup, Restored};
pub use chengxin_store::migrate::{Migration, Standing};
pub use moving::Moved;

use chengxin_core::Caller;
use chengxin_store::{Places, migrate};

use crate::{AppError, policy};

/// Where a database stands, and the steps that it lacks.
#[derive(Debug)]
pub struct Plan {
    /// Which of the two, in one word.
    pub which: &'static str,
    /// Where it lies, without a password.
    pub at: String,
    /// Where it stands.
    pub standing: Standing,
    /// Steps that are missing, oldest first.
    pub missing: Vec<&'static Migration>,
}

/// What migrating would do. Changes nothing.
///
/// # Errors
/// [`crate::Kind::Forbidden`]; why a database cannot be read.
pub fn plan(caller: &Caller, places: &Places) -> Result<Vec<Plan>, AppError> {
    policy::authorise(caller, "database_plan")?;
    let both = [("main", &places.main, migrate::MAIN), ("keys", &places.keys, migrate::KEYS)];
    both.into_iter()
        .map(|(which, place, schema)| {
            let (standing, missing) = migrate::plan(place, schema)?;
            Ok(Plan { which, at: place.to_string(), standing, missing })
        })
        .collect()
}

/// Brings both databases to the schema of this programme; the steps that were applied to each. The key store first: what is
/// in the main database relies on it. Interrupted, it is run again; several may run at once.
///
/// # Errors
/// [`crate::Kind::Forbidden`]; [`crate::Kind::Unavailable`] for a newer schema, a lack of rights, a server that is not there.
pub fn migrate(caller: &Caller, places: &Places) -> Result<Vec<Plan>, AppError> {
    policy::authorise(caller, "database_migrate")?;
    let both = [("keys", &places.keys, migrate::KEYS), ("main", &places.main, migrate::MAIN)];
    both.into_iter()
        .map(|(which, place, schema)| {
            let missing = migrate::run(place, schema)?;
            let (standing, _) = migrate::plan(place, schema)?;
            Ok(Plan { which, at: place.to_string(), standing, missing })
        })
        .collect()
}
