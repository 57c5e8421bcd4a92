//! Seals of issuers. They stay with the first version of the index key, as those of accounts do (`account/keys.rs`).

use chengxin_seal::{AeadKey, same_secret};
use chengxin_store::issuer::IssuerRow;

use crate::AppError;
use crate::keyring::Keyring;

fn secret_aad(name: &str, terms: &str) -> Vec<u8> {
    [&b"issuer\0"[..], name.as_bytes(), b"\0", terms.as_bytes()].concat()
}

impl Keyring {
    fn issuer_key(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("issuer-secret"))
    }

    /// Seals what we prove ourselves to a provider by. With the terms: carried over to another address it opens nothing.
    pub(super) fn seal_secret(&self, name: &str, terms: &str, secret: &str) -> Vec<u8> {
        self.issuer_key().seal(&secret_aad(name, terms), secret.as_bytes())
    }

    /// Opens it.
    pub(super) fn open_secret(&self, row: &IssuerRow) -> Result<String, AppError> {
        let opened = self.issuer_key().open(&secret_aad(&row.name, &row.terms), &row.secret);
        let opened = opened.map_err(|error| AppError::internal(format!("open the secret of an issuer: {error}")))?;
        String::from_utf8(opened).map_err(|_| AppError::internal("the secret of an issuer is no text"))
    }

    fn issuer_seal(&self, row: &IssuerRow) -> [u8; 32] {
        let ended = row.ended_us.map_or(Vec::new(), |at| at.to_be_bytes().to_vec());
        let parts: [&[u8]; 7] = [
            row.name.as_bytes(),
            row.terms.as_bytes(),
            &row.secret,
            &row.set_us.to_be_bytes(),
            row.set_by.as_bytes(),
            &ended,
            row.ended_by.as_deref().unwrap_or_default().as_bytes(),
        ];
        self.code_tag("issuer-row", &parts)
    }

    /// The issuer with its seal: without one anybody who can write to the database could vouch for everybody.
    pub(super) fn sealed_issuer(&self, row: IssuerRow) -> IssuerRow {
        IssuerRow { seal: self.issuer_seal(&row), ..row }
    }

    /// Was the issuer written with our key?
    pub(super) fn is_issuer(&self, row: &IssuerRow) -> bool {
        same_secret(&row.seal, &self.issuer_seal(row))
    }
}
