//! A private PostgreSQL server for tests and benchmarks. No part of the program: only `dev-dependencies` and developer
//! commands name this crate.
//!
//! [`Server::start`] makes a database cluster in a temporary folder and runs a server on it, on a free port of
//! 127.0.0.1, with the programs that the machine has installed (see [`Binaries::find`]). It touches no other cluster.
//! Nothing outlives its owner: [`Server`] stops the server and removes the folder when dropped, and where the process
//! that owns it is killed, a guard does the same (see `guard.sh`).
//!
//! # Example
//! ```no_run
//! use chengxin_pgtest::{Options, Server, ServerError};
//!
//! fn main() -> Result<(), ServerError> {
//!     let server = Server::start(&Options::default())?;
//!     server.create_database("city", None)?;
//!     assert_eq!(server.psql("city", "SELECT 1 + 1")?, "2");
//!     assert!(server.url("city").starts_with("postgres://chengxin:"));
//!     Ok(())
//! }
//! ```

mod account;
mod binaries;
mod error;
mod guard;
mod options;
mod random;
mod server;

pub use binaries::{BINARIES_VARIABLE, Binaries};
pub use error::ServerError;
pub use options::Options;
pub use server::{SUPERUSER, Server};
