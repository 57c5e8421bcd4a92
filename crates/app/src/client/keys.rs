//! Tags and seals of machines. They stay with the first version of the index key, as those of accounts do, for the same reason: behind them stand
//! random secrets, and public keys.

use chengxin_seal::same_secret;
use chengxin_store::client::{ClientKeyRow, ClientRow, ClientTokenRow};

use crate::keyring::Keyring;

/// An instant that may not have come, told from every one that has.
fn stamp(at: Option<i64>) -> Vec<u8> {
    at.map_or(Vec::new(), |at| at.to_be_bytes().to_vec())
}

impl Keyring {
    /// Tag of the secret of a machine's token.
    pub(super) fn machine_tag(&self, client: &[u8; 16], secret: &[u8; 32]) -> [u8; 32] {
        self.code_tag("client-token", &[client, secret])
    }

    /// Tag of the identifier of an assertion.
    pub(super) fn jti_tag(&self, client: &[u8; 16], jti: &str) -> [u8; 32] {
        self.code_tag("client-jti", &[client, jti.as_bytes()])
    }

    fn client_seal(&self, client: &ClientRow) -> [u8; 32] {
        let parts: [&[u8]; 9] = [
            &client.client_id,
            client.name.as_bytes(),
            client.authority.as_bytes(),
            client.role.as_bytes(),
            client.scopes.as_bytes(),
            &client.opened_us.to_be_bytes(),
            client.opened_by.as_bytes(),
            &stamp(client.ended_us),
            client.ended_by.as_deref().unwrap_or_default().as_bytes(),
        ];
        self.code_tag("client-row", &parts)
    }

    /// The machine with its seal: without one anybody who can write to the database could make one.
    pub(super) fn sealed_client(&self, client: ClientRow) -> ClientRow {
        ClientRow { seal: self.client_seal(&client), ..client }
    }

    /// Was the machine written with our key?
    pub(super) fn is_client(&self, client: &ClientRow) -> bool {
        same_secret(&client.seal, &self.client_seal(client))
    }

    fn client_key_seal(&self, key: &ClientKeyRow) -> [u8; 32] {
        let parts: [&[u8]; 10] = [
            &key.client_id,
            key.kid.as_bytes(),
            key.alg.as_bytes(),
            key.jwk.as_bytes(),
            &key.from_us.to_be_bytes(),
            &key.until_us.to_be_bytes(),
            &key.added_us.to_be_bytes(),
            key.added_by.as_bytes(),
            &stamp(key.revoked_us),
            key.revoked_by.as_deref().unwrap_or_default().as_bytes(),
        ];
        self.code_tag("client-key-row", &parts)
    }

    /// The key with its seal.
    pub(super) fn sealed_client_key(&self, key: ClientKeyRow) -> ClientKeyRow {
        ClientKeyRow { seal: self.client_key_seal(&key), ..key }
    }

    /// Was the key written with ours?
    pub(super) fn is_client_key(&self, key: &ClientKeyRow) -> bool {
        same_secret(&key.seal, &self.client_key_seal(key))
    }

    fn client_token_seal(&self, token: &ClientTokenRow) -> [u8; 32] {
        let parts: [&[u8]; 6] = [
            &token.client_id,
            &token.tag,
            token.kid.as_bytes(),
            token.scopes.as_bytes(),
            &token.opened_us.to_be_bytes(),
            &token.ends_us.to_be_bytes(),
        ];
        self.code_tag("client-token-row", &parts)
    }

    /// The token with its seal.
    pub(super) fn sealed_client_token(&self, token: ClientTokenRow) -> ClientTokenRow {
        ClientTokenRow { seal: self.client_token_seal(&token), ..token }
    }

    /// Was the token written with our key?
    pub(super) fn is_client_token(&self, token: &ClientTokenRow) -> bool {
        same_secret(&token.seal, &self.client_token_seal(token))
    }
}
