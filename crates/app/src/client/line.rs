//! Machines as they are listed.

use chengxin_store::client::{ClientKeyRow, ClientRow};
use data_encoding::HEXLOWER;

use super::{ours, right_of};
use crate::keyring::Keyring;

/// By what a machine is named: 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientId(pub [u8; 16]);

impl ClientId {
    /// Reads what its `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 32 || text.bytes().any(|c| c.is_ascii_uppercase()) {
            return None;
        }
        Some(Self(HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()?))
    }
}

impl std::fmt::Display for ClientId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// A key of a machine in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// Its name.
    pub kid: String,
    /// Its algorithm.
    pub alg: String,
    /// From when it holds, microseconds UTC.
    pub from_us: i64,
    /// From when no longer.
    pub until_us: i64,
    /// `coming`, `holds`, `over` or `revoked`.
    pub state: &'static str,
}

/// A machine in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLine {
    /// Its id, by which it signs itself in.
    pub id: ClientId,
    /// How the log calls it.
    pub name: String,
    /// Code of the authority that it serves.
    pub authority: String,
    /// In which role.
    pub role: String,
    /// Operations that it may ask tokens for.
    pub scopes: Vec<String>,
    /// Does it work still, as far as it was not stopped?
    pub works: bool,
    /// Was it not used for so long that it sleeps? A new key wakes it.
    pub dormant: bool,
    /// When it was registered, microseconds UTC.
    pub opened_us: i64,
    /// By whom.
    pub opened_by: String,
    /// Its keys.
    pub keys: Vec<KeyLine>,
}

pub(super) fn line(keys: &Keyring, client: &ClientRow, have: &[ClientKeyRow], now_us: i64) -> ClientLine {
    let have = have.iter().filter(|key| ours(keys.is_client_key(key), "key of a machine"));
    ClientLine {
        id: ClientId(client.client_id),
        name: client.name.clone(),
        authority: client.authority.clone(),
        role: client.role.clone(),
        scopes: client.scopes.split(' ').map(str::to_owned).collect(),
        works: client.ended_us.is_none(),
        dormant: right_of(client, now_us).is_none_or(|right| right.dormant),
        opened_us: client.opened_us,
        opened_by: client.opened_by.clone(),
        keys: have.map(|key| key_line(key, now_us)).collect(),
    }
}

pub(super) fn key_line(key: &ClientKeyRow, now_us: i64) -> KeyLine {
    let state = match key {
        key if key.revoked_us.is_some() => "revoked",
        key if key.until_us <= now_us => "over",
        key if key.from_us > now_us => "coming",
        _ => "holds",
    };
    KeyLine { kid: key.kid.clone(), alg: key.alg.clone(), from_us: key.from_us, until_us: key.until_us, state }
}
