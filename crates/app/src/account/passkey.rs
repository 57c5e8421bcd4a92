//! Passkeys of an account. Name, public key and counter lie sealed under the account's key, together with the row that they stand in: one that
//! was put in, carried over or altered by hand does not open, and is none.

use chengxin_core::row::{join_body, split_body};
use chengxin_passkey::{Passkey, Refused, RelyingParty};
use chengxin_store::credential::CredentialRow;

use super::credential::PASSKEY;
use crate::keyring::Keyring;
use crate::{AppError, Installation, Kind};

/// A passkey with its row.
pub(super) struct Held {
    pub(super) row: CredentialRow,
    pub(super) name: String,
    pub(super) passkey: Passkey,
}

fn aad(row: &CredentialRow) -> Vec<u8> {
    let used = row.used_us.map_or(Vec::new(), |at| at.to_be_bytes().to_vec());
    [&b"passkey"[..], &row.account_id, &row.credential_id, &row.made_us.to_be_bytes(), &used].concat()
}

/// Lengths that ids of passkeys have in the field.
const ID_LENGTHS: [usize; 3] = [16, 20, 32];

impl Keyring {
    /// Ids of passkeys for a login name that nobody has, or that has none: the same each time it is tried, as those of others are.
    fn made_up_ids(&self, login_tag: &[u8; 16]) -> Vec<Vec<u8>> {
        let drawn = |n: u8| self.code_tag("made-up-passkey", &[login_tag, &[n]]);
        let shape = drawn(0);
        let count = if shape[0] < 64 { 2 } else { 1 };
        let id = |n: u8| drawn(n)[..ID_LENGTHS[usize::from(shape[usize::from(n)]) % ID_LENGTHS.len()]].to_vec();
        (1..=count).map(id).collect()
    }

    /// Passkeys that nobody holds; see [`Passkey::made_up`].
    pub(super) fn made_up_passkeys(&self, login_tag: &[u8; 16]) -> Vec<Passkey> {
        self.made_up_ids(login_tag).iter().filter_map(|id| Passkey::made_up(id)).collect()
    }
}

/// Somebody gave a wrong answer for a passkey, whatever was wrong with it.
pub(super) fn unproven(why: impl std::fmt::Display) -> AppError {
    AppError::new(
        Kind::Forbidden,
        "通行密钥未能证明身份：请重新开始，或改用密码",
        "the passkey proved nothing: begin again, or use your password",
    )
    .because(why)
}

/// What was asked or kept cannot be written or read.
pub(super) fn unwritten(refused: Refused) -> AppError {
    AppError::internal(format!("passkey: {refused}"))
}

impl Installation {
    /// Where passkeys of this installation are for.
    pub(super) fn relying_party(&self) -> Result<RelyingParty, AppError> {
        RelyingParty::of(self.base_url(), self.city()).ok_or_else(|| {
            AppError::conflict(
                "通行密钥只能用于以 https 和域名提供的平台（本机试用可用 localhost）；请运维人员设置对外地址",
                "passkeys take an address of a name with https (or localhost, to try it out): whoever runs the platform sets it",
            )
        })
    }

    /// The row with a passkey in it.
    pub(super) fn sealed_passkey(
        &self,
        row: CredentialRow,
        name: &str,
        passkey: &Passkey,
    ) -> Result<CredentialRow, AppError> {
        let text = passkey.to_text().map_err(unwritten)?;
        let secret = self.account_key(&row.account_id)?.seal(&aad(&row), &join_body([name, text.as_str()]));
        Ok(CredentialRow { secret, ..row })
    }

    /// The passkeys among what an account proves itself by.
    pub(super) fn passkeys(&self, credentials: &[CredentialRow]) -> Result<Vec<Held>, AppError> {
        let rows: Vec<&CredentialRow> = credentials.iter().filter(|row| row.kind == PASSKEY).collect();
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let key = self.account_key(&first.account_id)?;
        let open = |row: &CredentialRow| {
            let plain = key.open(&aad(row), &row.secret).ok()?;
            let values = split_body(&plain)?;
            let [name, text] = values[..] else { return None };
            Some(Held { row: row.clone(), name: name.to_owned(), passkey: Passkey::from_text(text)? })
        };
        let held = rows.into_iter().map(|row| {
            let held = open(row);
            if held.is_none() {
                tracing::warn!("a passkey in the database was not written by the platform");
            }
            held
        });
        Ok(held.flatten().collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::log::testing::installation;

    #[test]
    fn made_up_ids_are_the_same_each_time_and_vary_as_true_ones_do() {
        let dir = tempfile::tempdir().unwrap();
        let installation = installation(&dir.path().join("data"));
        let keys = &installation.keys;
        let of = |n: u8| keys.made_up_ids(&[n; 16]);
        assert_eq!(of(1), of(1));
        let all: Vec<_> = (0..200).map(of).collect();
        for length in ID_LENGTHS {
            assert!(all.iter().any(|ids| ids[0].len() == length), "{length}");
        }
        assert!(all.iter().any(|ids| ids.len() == 2) && all.iter().any(|ids| ids.len() == 1));
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(keys.made_up_passkeys(&[1; 16]).len(), of(1).len());
    }
}
