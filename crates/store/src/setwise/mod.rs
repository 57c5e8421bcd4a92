//! Look-ups of many keys at once. On SQLite a point read costs microseconds, and many are simply made one after the other; to a
//! server each would be a journey, so there one statement is given the whole list.
//!
//! On Citus a statement may not join a spread table with a list that it is given. There a list of one key is looked up by
//! `= ANY`, which every node answers for its own, and one of two keys one by one, each on its node.

mod entries;
mod keys;
mod records;

use crate::Statement;
use crate::dialect::postgres::Server;
use crate::link::Link;

pub(crate) use entries::EntryKey;
pub use keys::BodyKeys;
pub(crate) use keys::KEYS;
pub use records::{Pair, StatedRecord};

/// Those of the main database.
pub(crate) fn all() -> Vec<&'static Statement> {
    [records::ALL, entries::ALL].concat()
}

/// The server, where it takes lists.
fn lists<'c>(link: Link<'c>, len: usize) -> Option<&'c Server> {
    match link {
        // One journey either way.
        Link::Postgres(server) if len > 1 && !server.is_citus() => Some(server),
        _ => None,
    }
}
