//! Machines of authorities, their keys, the tokens that they were given and the assertions that were used up for them.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    CLIENT_ADD = "INSERT INTO client (client_id, name, authority, role, scopes, opened_us, opened_by, ended_us, ended_by, seal, last_used_on) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    CLIENT_FIND = "SELECT client_id, name, authority, role, scopes, opened_us, opened_by, ended_us, ended_by, seal, last_used_on \
        FROM client WHERE client_id = $1";
    CLIENT_END = "UPDATE client SET ended_us = $2, ended_by = $3, seal = $4 WHERE client_id = $1 AND ended_us IS NULL";
    CLIENT_TOUCH = "UPDATE client SET last_used_on = $2 WHERE client_id = $1 AND last_used_on < $2";
    CLIENT_KEY_ADD = "INSERT INTO client_key (client_id, kid, alg, jwk, from_us, until_us, added_us, added_by, revoked_us, revoked_by, seal) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    CLIENT_KEYS = "SELECT client_id, kid, alg, jwk, from_us, until_us, added_us, added_by, revoked_us, revoked_by, seal FROM client_key \
        WHERE client_id = $1 ORDER BY from_us, kid";
    CLIENT_KEY_REVOKE = "UPDATE client_key SET revoked_us = $3, revoked_by = $4, seal = $5 \
        WHERE client_id = $1 AND kid = $2 AND revoked_us IS NULL";
    // Machine and key at once: every sign-in asks this.
    CLIENT_WITH_KEY = "SELECT c.client_id, c.name, c.authority, c.role, c.scopes, c.opened_us, c.opened_by, c.ended_us, c.ended_by, c.seal, \
        c.last_used_on, k.kid, k.alg, k.jwk, k.from_us, k.until_us, k.added_us, k.added_by, k.revoked_us, k.revoked_by, k.seal \
        FROM client c JOIN client_key k ON k.client_id = c.client_id WHERE c.client_id = $1 AND k.kid = $2";
    CLIENT_TOKEN_ADD = "INSERT INTO client_token (client_id, tag, kid, scopes, opened_us, ends_us, seal) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    // Token, machine and key at once: every request of a machine asks this.
    CLIENT_TOKEN_FIND = "SELECT c.client_id, c.name, c.authority, c.role, c.scopes, c.opened_us, c.opened_by, c.ended_us, c.ended_by, c.seal, \
        c.last_used_on, k.kid, k.alg, k.jwk, k.from_us, k.until_us, k.added_us, k.added_by, k.revoked_us, k.revoked_by, k.seal, \
        t.scopes, t.opened_us, t.ends_us, t.seal FROM client_token t JOIN client c ON c.client_id = t.client_id \
        JOIN client_key k ON k.client_id = t.client_id AND k.kid = t.kid WHERE t.client_id = $1 AND t.tag = $2";
    CLIENT_TOKENS_REMOVE = "DELETE FROM client_token WHERE client_id = $1";
    CLIENT_TOKENS_OF_KEY_REMOVE = "DELETE FROM client_token WHERE client_id = $1 AND kid = $2";
    // Of two that come at once, on whichever server, one is first.
    CLIENT_ASSERTION_ADD = "INSERT INTO client_assertion (client_id, jti_tag, expires_us) VALUES ($1, $2, $3) \
        ON CONFLICT (client_id, jti_tag) DO NOTHING";
}

/// One machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// Its id.
    pub client_id: [u8; 16],
    /// How the log calls it.
    pub name: String,
    /// Code of the authority that it serves.
    pub authority: String,
    /// Code of the role in which it acts.
    pub role: String,
    /// Operations that it may ask tokens for, parted by spaces.
    pub scopes: String,
    /// When it was registered.
    pub opened_us: i64,
    /// By whom.
    pub opened_by: String,
    /// When it was stopped for good.
    pub ended_us: Option<i64>,
    /// By whom.
    pub ended_by: Option<String>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
    /// Day of its last token or of its last new key, days since 1970-01-01.
    pub last_used_on: i64,
}

/// One key of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKeyRow {
    /// Whose.
    pub client_id: [u8; 16],
    /// Its name.
    pub kid: String,
    /// The one algorithm that it signs with.
    pub alg: String,
    /// The public key.
    pub jwk: String,
    /// From when it holds.
    pub from_us: i64,
    /// From when no longer.
    pub until_us: i64,
    /// When it was added.
    pub added_us: i64,
    /// By whom.
    pub added_by: String,
    /// When it was revoked.
    pub revoked_us: Option<i64>,
    /// By whom.
    pub revoked_by: Option<String>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// One access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientTokenRow {
    /// Whose.
    pub client_id: [u8; 16],
    /// HMAC of the token.
    pub tag: [u8; 32],
    /// With which key it was asked for.
    pub kid: String,
    /// Operations that it is for, parted by spaces.
    pub scopes: String,
    /// When it was given.
    pub opened_us: i64,
    /// Until when it is good.
    pub ends_us: i64,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

pub(crate) fn read(row: Row<'_>) -> Result<ClientRow, StoreError> {
    Ok(ClientRow {
        client_id: row.get(0)?,
        name: row.get(1)?,
        authority: row.get(2)?,
        role: row.get(3)?,
        scopes: row.get(4)?,
        opened_us: row.get(5)?,
        opened_by: row.get(6)?,
        ended_us: row.get(7)?,
        ended_by: row.get(8)?,
        seal: row.get(9)?,
        last_used_on: row.get(10)?,
    })
}

/// A key whose columns, its machine apart, begin at `at`.
fn read_key(row: Row<'_>, at: usize) -> Result<ClientKeyRow, StoreError> {
    Ok(ClientKeyRow {
        client_id: row.get(0)?,
        kid: row.get(at)?,
        alg: row.get(at + 1)?,
        jwk: row.get(at + 2)?,
        from_us: row.get(at + 3)?,
        until_us: row.get(at + 4)?,
        added_us: row.get(at + 5)?,
        added_by: row.get(at + 6)?,
        revoked_us: row.get(at + 7)?,
        revoked_by: row.get(at + 8)?,
        seal: row.get(at + 9)?,
    })
}

impl View<'_> {
    /// A machine.
    ///
    /// # Errors
    /// The engine's.
    pub fn client(&self, id: &[u8; 16]) -> Result<Option<ClientRow>, StoreError> {
        self.link.first(&CLIENT_FIND, values![id], read)
    }

    /// Keys of a machine, those that were revoked among them.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_keys(&self, id: &[u8; 16]) -> Result<Vec<ClientKeyRow>, StoreError> {
        self.link.rows(&CLIENT_KEYS, values![id], |row| read_key(row, 1))
    }

    /// A machine with one of its keys.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_with_key(&self, id: &[u8; 16], kid: &str) -> Result<Option<(ClientRow, ClientKeyRow)>, StoreError> {
        self.link.first(&CLIENT_WITH_KEY, values![id, kid], |row| Ok((read(row)?, read_key(row, 11)?)))
    }

    /// A token with its machine and the key with which it was asked for.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_token(
        &self,
        id: &[u8; 16],
        tag: &[u8; 32],
    ) -> Result<Option<(ClientTokenRow, ClientRow, ClientKeyRow)>, StoreError> {
        self.link.first(&CLIENT_TOKEN_FIND, values![id, tag], |row| {
            let (client, key) = (read(row)?, read_key(row, 11)?);
            let token = ClientTokenRow {
                client_id: *id,
                tag: *tag,
                kid: key.kid.clone(),
                scopes: row.get(21)?,
                opened_us: row.get(22)?,
                ends_us: row.get(23)?,
                seal: row.get(24)?,
            };
            Ok((token, client, key))
        })
    }
}

impl Tx<'_> {
    /// Adds a machine.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_add(&self, new: &ClientRow) -> Result<(), StoreError> {
        let ClientRow { client_id, name, authority, role, scopes, opened_us, opened_by, .. } = new;
        let ClientRow { ended_us, ended_by, seal, last_used_on, .. } = new;
        let values = values![
            client_id,
            name,
            authority,
            role,
            scopes,
            opened_us,
            opened_by,
            ended_us,
            ended_by,
            seal,
            last_used_on
        ];
        self.link.run(&CLIENT_ADD, values)?;
        Ok(())
    }

    /// Stops a machine that works still; `seal` is over the row as it then stands. Whether it worked.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_end(&self, ended: &ClientRow) -> Result<bool, StoreError> {
        let ClientRow { client_id, ended_us, ended_by, seal, .. } = ended;
        Ok(self.link.run(&CLIENT_END, values![client_id, ended_us, ended_by, seal])? > 0)
    }

    /// Notes the day on which a machine was used.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_touch(&self, id: &[u8; 16], day: i64) -> Result<(), StoreError> {
        self.link.run(&CLIENT_TOUCH, values![id, day])?;
        Ok(())
    }

    /// Adds a key.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_key_add(&self, new: &ClientKeyRow) -> Result<(), StoreError> {
        let ClientKeyRow { client_id, kid, alg, jwk, from_us, until_us, added_us, added_by, .. } = new;
        let ClientKeyRow { revoked_us, revoked_by, seal, .. } = new;
        let values =
            values![client_id, kid, alg, jwk, from_us, until_us, added_us, added_by, revoked_us, revoked_by, seal];
        self.link.run(&CLIENT_KEY_ADD, values)?;
        Ok(())
    }

    /// Revokes a key that holds still; `seal` is over the row as it then stands. Whether it held.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_key_revoke(&self, revoked: &ClientKeyRow) -> Result<bool, StoreError> {
        let ClientKeyRow { client_id, kid, revoked_us, revoked_by, seal, .. } = revoked;
        Ok(self.link.run(&CLIENT_KEY_REVOKE, values![client_id, kid, revoked_us, revoked_by, seal])? > 0)
    }

    /// Adds a token.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_token_add(&self, new: &ClientTokenRow) -> Result<(), StoreError> {
        let ClientTokenRow { client_id, tag, kid, scopes, opened_us, ends_us, seal } = new;
        self.link.run(&CLIENT_TOKEN_ADD, values![client_id, tag, kid, scopes, opened_us, ends_us, seal])?;
        Ok(())
    }

    /// Ends tokens of a machine: all, or those that were asked for with one key. How many.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_tokens_remove(&self, id: &[u8; 16], kid: Option<&str>) -> Result<usize, StoreError> {
        match kid {
            None => self.link.run(&CLIENT_TOKENS_REMOVE, values![id]),
            Some(kid) => self.link.run(&CLIENT_TOKENS_OF_KEY_REMOVE, values![id, kid]),
        }
    }

    /// Uses an assertion up; `false` where it was used before.
    ///
    /// # Errors
    /// The engine's.
    pub fn client_assertion_use(&self, id: &[u8; 16], jti_tag: &[u8; 32], expires_us: i64) -> Result<bool, StoreError> {
        Ok(self.link.run(&CLIENT_ASSERTION_ADD, values![id, jti_tag, expires_us])? > 0)
    }
}
