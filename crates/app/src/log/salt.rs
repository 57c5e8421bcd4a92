//! The salt of an entry: half of it chance, half of it a tag over everything else that stands in the entry.
//!
//! A salt of nothing but chance would let whoever can write to the database, and has no key, add an entry that fits its chain,
//! and with it anything that entries anchor. The tag takes the installation's key. Chance stays, so that not even that
//! key is enough to guess what a published commitment commits to: 2⁶⁴ guesses for each try. As many tries, each at a
//! check that is logged nowhere but takes seconds, would be needed to forge a tag without the key.

use chengxin_seal::random_bytes;
use chengxin_store::log::LogRow;
use chengxin_tlog::{Column, Hash, TreeHash, commit};

use crate::keyring::Keyring;

/// Label of what is tagged, with its format version.
const LABEL: &str = "chengxin/log-salt/1";
/// Bytes of chance.
const CHANCE: usize = 8;

struct Keyed<'k>(&'k Keyring);

impl TreeHash for Keyed<'_> {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        self.0.code_tag("log-salt", parts)
    }
}

/// A fresh salt for an entry whose other columns stand.
pub(crate) fn entry_salt(keys: &Keyring, chain: &[u8; 16], row: &LogRow) -> [u8; 16] {
    salt_with(keys, chain, row, random_bytes())
}

/// Was the entry written with the installation's key?
pub(super) fn is_ours(keys: &Keyring, chain: &[u8; 16], row: &LogRow) -> bool {
    let mut chance = [0; CHANCE];
    chance.copy_from_slice(&row.salt[..CHANCE]);
    salt_with(keys, chain, row, chance) == row.salt
}

fn salt_with(keys: &Keyring, chain: &[u8; 16], row: &LogRow, chance: [u8; CHANCE]) -> [u8; 16] {
    let columns = [
        Column::Bytes(chain),
        Column::Int(row.number),
        Column::Int(row.at_us),
        Column::Text(&row.operation),
        Column::Text(&row.caller),
        Column::Text(&row.detail),
        Column::Bytes(&row.previous),
    ];
    let mut salt = [0; 16];
    salt[..CHANCE].copy_from_slice(&chance);
    let tag = commit(&Keyed(keys), LABEL, &salt, &columns, &mut Vec::new());
    salt[CHANCE..].copy_from_slice(&tag[..16 - CHANCE]);
    salt
}
