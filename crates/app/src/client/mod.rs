//! Machines of authorities: programs that send and ask in the name of an authority, each with keys of its own.
//!
//! Whoever opens accounts registers a machine with the role in which it acts, the operations that it may ask tokens for, and a public key;
//! nobody here ever has its private one. It signs itself in with a short assertion ([`token_issue`](crate::Installation::token_issue)), which counts
//! once, and acts by a token of some minutes. What is revoked ends at once: each use of a token looks at machine and key.

mod added;
mod keys;
mod line;
mod register;
mod scope;
mod token;

use chengxin_core::Role;
use chengxin_core::account::dormant;
use chengxin_core::dates::{shanghai_date, to_days};
use chengxin_store::View;
use chengxin_store::client::{ClientKeyRow, ClientRow, ClientTokenRow};

use crate::AppError;
use crate::account::{Right, Token, Who};
use crate::keyring::Keyring;

pub use added::NewKey;
pub use line::{ClientId, ClientLine, KeyLine};
pub use register::NewClient;
pub use scope::scopes_of;
pub use token::{IssuedToken, TOKEN_PATH, TokenRequest};

/// Algorithms that keys of machines may have, as tokens name them.
#[must_use]
pub fn algorithms() -> [&'static str; 4] {
    chengxin_seal::JwtAlg::ALL.map(chengxin_seal::JwtAlg::code)
}

/// Does a machine work, as far as its row says?
fn works(keys: &Keyring, client: &ClientRow) -> bool {
    ours(keys.is_client(client), "machine") && client.ended_us.is_none()
}

/// Does a key hold at an instant, as far as its row says?
fn holds(keys: &Keyring, key: &ClientKeyRow, now_us: i64) -> bool {
    ours(keys.is_client_key(key), "key of a machine")
        && key.revoked_us.is_none()
        && (key.from_us..key.until_us).contains(&now_us)
}

fn ours(written: bool, what: &str) -> bool {
    if !written {
        tracing::warn!(what, "a row in the database was not written by the platform");
    }
    written
}

/// How the log calls a machine: nobody takes it for a person.
fn actor(client: &ClientRow) -> String {
    crate::account::keys::actor(&format!("client:{}", client.name), &client.client_id)
}

/// The right in which a machine acts; `None` for one that none may have.
fn right_of(client: &ClientRow, now_us: i64) -> Option<Right> {
    let role = Role::from_code(&client.role).filter(|role| chengxin_core::client::acts_as_machine(*role))?;
    let today = i64::from(to_days(shanghai_date(now_us)));
    let dormant = dormant(role, client.last_used_on, today);
    Some(Right { role, authority: Some(client.authority.clone()), last_used_on: client.last_used_on, dormant })
}

/// Whose a machine's token is; nobody's where it is forged or over, or where machine or key were stopped since. One read.
pub(crate) fn find(view: View<'_>, keys: &Keyring, token: &Token, now_us: i64) -> Result<Option<Who>, AppError> {
    let tag = keys.machine_tag(&token.account, &token.secret);
    let Some((row, client, key)) = view.client_token(&token.account, &tag)? else { return Ok(None) };
    if !good(keys, &row, now_us) || !works(keys, &client) || !holds(keys, &key, now_us) {
        return Ok(None);
    }
    let Some(right) = right_of(&client, now_us) else { return Ok(None) };
    let allowed = scope::granted(&client, right.role)?;
    Ok(Some(Who {
        account: client.client_id,
        actor: actor(&client),
        rights: vec![right],
        factors: 0,
        proven_us: 0,
        ends_us: row.ends_us,
        subject: None,
        stale: false,
        scopes: Some(allowed.into_iter().filter(|name| row.scopes.split(' ').any(|scope| scope == *name)).collect()),
        tag,
    }))
}

fn good(keys: &Keyring, token: &ClientTokenRow, now_us: i64) -> bool {
    ours(keys.is_client_token(token), "token of a machine") && now_us < token.ends_us
}
