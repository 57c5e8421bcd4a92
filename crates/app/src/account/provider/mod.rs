//! Signing in by another provider: sent away with a state that counts once, for one browser; come back with what the provider says, which
//! leads to an account that is theirs, or to none.
//!
//! A person's is found by a number that the provider verified at the level that the operator asked for, as a window would have compared it; staff
//! are whom an administrator linked by a one-time code. What the provider calls somebody is kept as a keyed tag alone.

pub(super) mod back;
mod depart;
mod keys;
mod lead;

use crate::account::who::{Token, Who};
use crate::issuer::Trusted;
use crate::{AppError, Kind};

/// What is remembered of somebody while they are away at a provider. Its `Debug` tells nothing.
#[derive(Clone)]
pub struct Away {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    /// Tag of the one-time code that links an account of staff, where they brought one.
    link: Option<[u8; 32]>,
}

impl std::fmt::Debug for Away {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Away(..)")
    }
}

/// Somebody is about to be sent to a provider.
#[derive(Debug, Clone)]
pub struct Departure {
    /// Where to.
    pub trusted: Trusted,
    /// With what.
    pub away: Away,
    /// What their browser holds meanwhile.
    pub browser: String,
}

/// Somebody came back; what the provider says of them is to be asked.
#[derive(Debug, Clone)]
pub struct Back {
    /// From where.
    pub trusted: Trusted,
    /// With what they went.
    pub away: Away,
}

/// Somebody who came back and is signed in.
#[derive(Debug, Clone)]
pub struct Came {
    /// What the browser holds to show it.
    pub token: Token,
    /// Who it is.
    pub who: Who,
}

/// What is said whatever was wrong with coming back.
fn unbelieved(why: impl std::fmt::Display) -> AppError {
    AppError::new(
        Kind::Forbidden,
        "未能通过该登录提供方登录；请从登录页重新开始，仍不成功的可到窗口办理",
        "signing in by this provider did not succeed: begin again at the sign-in page, or come to a window",
    )
    .because(why)
}

/// What is said to whoever the provider did not vouch for well enough.
fn unvouched(why: &str) -> AppError {
    AppError::new(
        Kind::Forbidden,
        "该登录提供方没有以所需等级核验您的证件号码，因此未登录任何账户；请在该提供方完成实名核验，或持有效证件到窗口领取激活码",
        "the provider did not verify your document at the level that this takes, so you are signed in to nothing: have it verified there, or bring it to a window and redeem the code that you get",
    )
    .because(why)
}
