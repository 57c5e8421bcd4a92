//! Committing, and finding out what became of a commit that was not answered.

use std::time::Duration;

use super::Server;
use super::trouble::{Failure, Trouble};
use crate::value::values;
use crate::{Statement, StoreError};

/// Pauses between questions about a commit, in milliseconds: seconds in all.
const ASKING_MS: [u64; 12] = [5, 10, 20, 50, 100, 200, 300, 500, 500, 1_000, 1_000, 1_000];
/// After how many of them the session that commits is ended, which hangs somewhere.
const PATIENT: usize = 4;

static NUMBER: Statement =
    Statement::new("NUMBER", "SELECT pg_current_xact_id_if_assigned()::text::bigint, NULL::text");
static NUMBER_AND_CHECKPOINT: Statement = Statement::new(
    "NUMBER_AND_CHECKPOINT",
    "SELECT pg_current_xact_id_if_assigned()::text::bigint, checkpoint_lsn::text FROM pg_control_checkpoint()",
);
static CHECKPOINT: Statement = Statement::new(
    "CHECKPOINT",
    "SELECT checkpoint_lsn::text, redo_lsn = checkpoint_lsn, current_setting('wal_level') <> 'minimal', \
        (split_part(next_xid, ':', 1)::bigint << 32) + split_part(next_xid, ':', 2)::bigint FROM pg_control_checkpoint()",
);
static COMMIT_STATUS: Statement = Statement::new("COMMIT_STATUS", "SELECT pg_xact_status($1::bigint::text::xid8)");
static COMMIT_END: Statement = Statement::new(
    "COMMIT_END",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = $1::bigint::text::xid8::xid",
);

/// An open transaction; rolled back unless it is committed.
pub(super) struct Open<'s>(pub(super) &'s Server);

impl Open<'_> {
    /// Commits. Where the connection ends meanwhile the server is asked, once it is back, what became of it.
    pub(super) fn commit(self) -> Result<(), (StoreError, Trouble)> {
        let server = self.0;
        // A connection that ends before the commit: nothing was kept, and it can be run again.
        let commit = server.about_to_commit().map_err(|error| (error, server.trouble().unwrap_or(Trouble::Lasting)))?;
        let committed = server.with_live(|live| live.map_or(Err(Failure::Closed), |live| live.batch("COMMIT")));
        server.release();
        let failure = match committed {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(failure)) => failure,
            Err(error) => return Err((error, Trouble::Lasting)),
        };
        let (certain, trouble) = (failure.is_certain(), Trouble::of(&failure));
        let error = server.noted(failure);
        if certain {
            return Err((error, trouble));
        }
        match server.fate(&commit) {
            Fate::Kept => Ok(()),
            Fate::Gone => Err((StoreError::Conflict("transaction"), Trouble::Lost)),
            Fate::Unknown => Err((StoreError::CommitUnknown, Trouble::Lasting)),
        }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.roll_back();
    }
}

/// What is known of a transaction before its commit.
struct Commit {
    /// Its number; none where it changed nothing here.
    number: Option<i64>,
    /// The last checkpoint before it.
    checkpoint: Option<String>,
    /// The history that the server writes, where it tells.
    timeline: Option<String>,
    citus: bool,
}

/// What became of a commit that was not answered.
enum Fate {
    Kept,
    Gone,
    Unknown,
}

impl Server {
    fn about_to_commit(&self) -> Result<Commit, StoreError> {
        let (citus, timeline) = self.about();
        let statement = if timeline.is_some() { &NUMBER_AND_CHECKPOINT } else { &NUMBER };
        let row = self.query(statement, &[])?;
        let row = row.first().ok_or_else(|| StoreError::Value(statement.name.into()))?;
        Ok(Commit { number: row.try_get(0)?, checkpoint: row.try_get(1)?, timeline, citus })
    }

    /// Asks until it is decided. What a server cannot know is [`Fate::Unknown`]: nothing is guessed.
    fn fate(&self, commit: &Commit) -> Fate {
        let Some(number) = commit.number else {
            // On Citus perhaps another node was to keep something.
            return if commit.citus { Fate::Unknown } else { Fate::Kept };
        };
        for (asked, pause) in ASKING_MS.iter().enumerate() {
            if asked == PATIENT {
                // Not allowed to, or it has just ended: then the next question tells.
                drop(self.query(&COMMIT_END, values![number]));
            }
            match self.look(number, commit) {
                Ok(Some(fate)) => return fate,
                Ok(None) => std::thread::sleep(Duration::from_millis(*pause)),
                Err(_) => return Fate::Unknown,
            }
        }
        Fate::Unknown
    }

    /// What the server says of a transaction; nothing while it is at it.
    fn look(&self, number: i64, commit: &Commit) -> Result<Option<Fate>, StoreError> {
        let now = self.query(&CHECKPOINT, &[])?;
        // In another history the number may be that of another transaction: a standby took over.
        if commit.timeline.is_none() || self.about().1 != commit.timeline {
            return Ok(Some(Fate::Unknown));
        }
        let now = now.first().ok_or_else(|| StoreError::Value(CHECKPOINT.name.into()))?;
        let (checkpoint, at_rest, telling): (Option<String>, bool, bool) =
            (now.try_get(0)?, now.try_get(1)?, now.try_get(2)?);
        // On Citus a node may have committed before the one that was asked failed to.
        let gone = if commit.citus { Fate::Unknown } else { Fate::Gone };
        // A server that crashed has forgotten the numbers of transactions of which nothing was on its disk, a commit least of all,
        // and gives them to others. It begins with a checkpoint that says from which one on, and that, unlike one beside which
        // others write, begins and ends at one place; where little is logged the latter may look like it.
        if checkpoint != commit.checkpoint && at_rest && now.try_get::<_, i64>(3)? <= number {
            return Ok(Some(if telling { gone } else { Fate::Unknown }));
        }
        let status = self.query(&COMMIT_STATUS, values![number])?;
        Ok(match status.first().map(|row| row.try_get::<_, Option<&str>>(0)).transpose()?.flatten() {
            Some("committed") => Some(Fate::Kept),
            Some("aborted") => Some(gone),
            Some(_) => None,
            None => Some(Fate::Unknown),
        })
    }
}
