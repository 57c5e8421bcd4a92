//! Sign-in by other providers (OpenID Connect): what an installation trusts one of them for, and when what it says is believed.
//!
//! Pure: that a token was signed by the provider, and that somebody was sent there from here, is for the caller to see to.

mod person;
mod terms;
mod token;

pub use person::about;
pub use terms::{LONGEST_NAME, Residents, Shown, Terms, TermsFault, is_issuer_name, is_loopback};
pub use token::{AWAY_LASTS_US, Awaited, IdClaims, PROOF_SECONDS, TokenFault, judge};
