//! Accounts: who may sign in, how they prove who they are, what they may do, and whose account it is.
//!
//! Nobody has a password that somebody else chose: an administrator, or a clerk who compared a document in person, hands over a
//! one-time code, and its holder chooses ([`account_begin`](crate::Installation::account_begin), [`activation_redeem`](crate::Installation::activation_redeem)). A session
//! ([`session_open`](crate::Installation::session_open)) says who is there; which of their rights they use, an act says ([`Who::acting`]).
//!
//! A number that is typed binds nothing: only a code from a window does, or a provider of sign-in that verified it
//! ([`sign_in_finish`](crate::Installation::sign_in_finish)), and the person reads in their own log which.

mod acting;
mod activate;
mod begin;
mod ceremony;
mod code;
mod credential;
mod factor;
mod first;
pub(crate) mod keys;
mod login;
mod note;
mod open;
mod passkey;
mod passkey_add;
mod passkey_use;
mod password;
mod person;
mod proof;
mod provider;
mod recovery;
mod rights;
mod session;
pub(crate) mod throttle;
mod who;

pub use acting::Acting;
pub use activate::{Redeem, Redeemed};
pub use begin::{Begin, Begun, Enrolment};
pub use ceremony::Challenge;
pub use code::OneTimeCode;
pub use factor::{FactorLine, NewApp};
pub use login::{SignIn, SignedIn};
pub use open::{AccountLine, NewAccount, Opened};
pub use passkey_use::PasskeySignIn;
pub(crate) use person::is_bound;
pub use proof::Second;
pub use provider::{Away, Back, Came, Departure};
pub use recovery::Recovering;
pub use session::SessionLine;
pub use who::{Right, Token, Who};
