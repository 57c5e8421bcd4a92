//! SQL for the embedded default, SQLite: statements, migrations, named transactions, bulk load.
//!
//! Statements are named constants written with `$1` placeholders ([`statement`]); one file per noun holds those of its
//! tables. Nothing here decides anything: rules live in `core`, order of steps in `app`.
//!
//! [`Store`] writes, [`ReadStore`] cannot. [`KeyStore`] is a file of its own, because what is erased there must be gone
//! from long-lived backups too.

pub mod audit;
pub mod authority;
pub mod catalogue;
pub mod dialect;
mod error;
pub mod fanout;
pub mod held;
pub mod installation;
pub mod keys;
pub mod lock;
pub mod log;
pub mod log_hidden;
pub mod log_tree;
mod migrate;
mod open;
pub mod record;
pub mod refusal;
pub mod report;
pub mod statement;
pub mod subject;
pub mod submission;

pub use error::StoreError;
pub use keys::KeyStore;
pub use open::{Checkpointer, ReadStore, Store, Tx, View};
pub use statement::Statement;

/// Every statement of this crate, for the test that prepares each one.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    [
        audit::ALL,
        authority::ALL,
        catalogue::ALL,
        fanout::ALL,
        held::ALL,
        installation::ALL,
        lock::ALL,
        log::ALL,
        log_hidden::ALL,
        log_tree::ALL,
        record::ALL,
        refusal::ALL,
        report::ALL,
        subject::ALL,
        submission::ALL,
    ]
    .concat()
}
