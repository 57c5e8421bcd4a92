//! SQL for both engines, SQLite and PostgreSQL: statements, migrations, named transactions, bulk load.
//!
//! Statements are named constants written with `$1` placeholders ([`statement`]); one file per noun holds those of its
//! tables, and each has one text for both engines. What the engines do differently stands in `dialect`. Nothing here decides
//! anything: rules live in `core`, order of steps in `app`.
//!
//! [`Store`] writes, [`ReadStore`] cannot. [`KeyStore`] is a database of its own, because what is erased there must be gone
//! from long-lived backups too.

pub mod account;
pub mod activation;
pub mod audit;
mod audit_log;
pub mod authority;
pub mod catalogue;
pub mod ceremony;
pub mod check_batch;
pub mod claim;
pub mod client;
pub mod complaint;
pub mod consent;
pub mod credential;
mod dialect;
mod error;
pub mod fanout;
pub mod fault;
pub mod held;
pub mod idempotency;
pub mod installation;
pub mod issuer;
pub mod job;
pub mod keys;
mod link;
pub mod lock;
pub mod log;
pub mod log_hidden;
pub mod log_tree;
pub mod mandate;
pub mod migrate;
pub mod notice;
mod open;
mod place;
pub mod proceeding;
pub mod publication;
pub mod record;
pub mod refusal;
pub mod report;
pub mod session;
pub mod setwise;
pub mod statement;
pub mod statistics;
pub mod subject;
pub mod submission;
pub mod supervision;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod throttle;
pub mod transfer;
mod value;

pub use claim::Claim;
pub use dialect::sqlite::Checkpointer;
pub use error::StoreError;
pub use keys::KeyStore;
pub use open::{ReadStore, Store, Tx, View};
pub use place::{Place, Places, ServerAddress};
pub use statement::Statement;

/// Statements that only PostgreSQL is given, those of the key store apart.
#[must_use]
pub fn statements_of_postgres() -> (Vec<&'static Statement>, &'static [&'static Statement]) {
    (setwise::all(), setwise::KEYS)
}

/// Every statement of the main database that both engines are given.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    [
        account::ALL,
        activation::ALL,
        audit::ALL,
        audit_log::ALL,
        authority::ALL,
        catalogue::ALL,
        ceremony::ALL,
        check_batch::ALL,
        client::ALL,
        complaint::ALL,
        consent::ALL,
        credential::ALL,
        fanout::ALL,
        held::ALL,
        idempotency::ALL,
        installation::ALL,
        issuer::ALL,
        job::ALL,
        lock::ALL,
        log::ALL,
        log_hidden::ALL,
        log_tree::ALL,
        mandate::ALL,
        proceeding::ALL,
        notice::ALL,
        publication::ALL,
        record::ALL,
        refusal::ALL,
        report::ALL,
        session::ALL,
        statistics::ALL,
        subject::ALL,
        supervision::ALL,
        submission::ALL,
        throttle::ALL,
    ]
    .concat()
}
