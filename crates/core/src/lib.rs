//! Words and rules of the domain. Pure: no I/O, no clock, no async.
//!
//! Everything here can be read with the law beside it: what a resident identity number is ([`identity`]), what may be
//! recorded ([`catalogue`]), how a value of a file becomes an exact value ([`value`]), when a record is shown
//! ([`record`]), what a clerk at a window is answered ([`check`]), when an office is open ([`calendar`]) and until when something
//! is due ([`deadline`]), how a record is contested and repaired ([`objection`], [`repair`]), what a person consents to ([`consent`]), who acts for whom ([`mandate`]), who asks and on which
//! ground ([`caller`]), and which operations there are at all ([`operation`]).

pub mod account;
pub mod attachment;
pub mod calendar;
pub mod caller;
pub mod catalogue;
pub mod channel;
pub mod check;
pub mod client;
pub mod code;
pub mod complaint;
pub mod consent;
pub mod contact;
pub mod dates;
pub mod deadline;
pub mod delivery;
pub mod follow_up;
pub mod identity;
pub mod issuer;
pub mod mandate;
pub mod notice;
pub mod objection;
pub mod operation;
pub mod operation_words;
pub mod period;
pub mod proceeding;
pub mod publication;
pub mod record;
pub mod refusal;
pub mod repair;
pub mod retention;
pub mod row;
pub mod say;
pub mod statement;
pub mod statistics;
pub mod value;
pub mod workflow;

pub use caller::{Caller, Deputy, Ground, Machine, Role, Session, Standing};
pub use say::{Lang, Say};
