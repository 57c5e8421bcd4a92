//! Tags and seals of who is away at a provider, and of whom a provider's word leads to.

use chengxin_core::row::{join_body, split_body};
use chengxin_seal::{AeadKey, random_bytes, same_secret};
use chengxin_store::issuer::{IdentityRow, SignInRow};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

use super::Away;
use crate::issuer::Trusted;
use crate::keyring::Keyring;

/// 256 bits that were drawn for one departure.
pub(super) struct Drawn([u8; 32]);

impl Drawn {
    pub(super) fn new() -> Self {
        Self(random_bytes())
    }

    /// As it is sent: 43 characters of base64url.
    pub(super) fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// Reads [`Self::text`]. Anything else was never drawn, nothing at all least of all: there is nothing that it could be equal to.
    pub(super) fn read(text: &str) -> Option<Self> {
        Some(Self(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()?))
    }
}

impl Keyring {
    pub(super) fn state_tag(&self, state: &Drawn) -> [u8; 32] {
        self.code_tag("sign-in-state", &[&state.0])
    }

    pub(super) fn browser_tag(&self, browser: &Drawn) -> [u8; 32] {
        self.code_tag("sign-in-browser", &[&browser.0])
    }

    /// Tag of what an issuer calls somebody. Behind it stands no number of a person: an issuer's own word for them.
    pub(super) fn identity_tag(&self, trusted: &Trusted, sub: &str) -> [u8; 32] {
        self.code_tag("identity", &[trusted.name.as_bytes(), trusted.terms.url.as_bytes(), sub.as_bytes()])
    }

    fn identity_seal(&self, row: &IdentityRow) -> [u8; 32] {
        let parts: [&[u8]; 5] = [
            &row.identity_tag,
            &row.account_id,
            row.issuer.as_bytes(),
            &row.linked_us.to_be_bytes(),
            row.linked_by.as_bytes(),
        ];
        self.code_tag("identity-row", &parts)
    }

    pub(super) fn sealed_identity(&self, row: IdentityRow) -> IdentityRow {
        IdentityRow { seal: self.identity_seal(&row), ..row }
    }

    pub(super) fn is_identity(&self, row: &IdentityRow) -> bool {
        let written = same_secret(&row.seal, &self.identity_seal(row));
        if !written {
            tracing::warn!("an identity in the database was not written by the platform");
        }
        written
    }

    fn away_key(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("sign-in"))
    }

    /// What is kept of somebody who is away: carried over to another browser, issuer or time it opens nothing.
    pub(super) fn sealed_away(
        &self,
        issuer: &str,
        (state, browser): (&Drawn, &Drawn),
        expires_us: i64,
        away: &Away,
    ) -> SignInRow {
        let (state_tag, browser_tag) = (self.state_tag(state), self.browser_tag(browser));
        let mut row = SignInRow { state_tag, browser_tag, issuer: issuer.to_owned(), expires_us, sealed: Vec::new() };
        let link = away.link.map_or(String::new(), |tag| HEXLOWER.encode(&tag));
        let plain = join_body([away.nonce.as_str(), away.verifier.as_str(), link.as_str()]);
        row.sealed = self.away_key().seal(&away_aad(&row), &plain);
        row
    }

    pub(super) fn open_away(&self, row: &SignInRow, state: &Drawn) -> Option<Away> {
        let plain = self.away_key().open(&away_aad(row), &row.sealed).ok()?;
        let values = split_body(&plain)?;
        let [nonce, verifier, link] = values[..] else { return None };
        let link = match link {
            "" => None,
            tag => Some(HEXLOWER.decode(tag.as_bytes()).ok()?.try_into().ok()?),
        };
        Some(Away { state: state.text(), nonce: nonce.to_owned(), verifier: verifier.to_owned(), link })
    }
}

fn away_aad(row: &SignInRow) -> Vec<u8> {
    let expires = row.expires_us.to_be_bytes();
    [&b"sign-in\0"[..], &row.state_tag, &row.browser_tag, &expires, row.issuer.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_drawn_stands_for_nobody() {
        let drawn = Drawn::new();
        assert_eq!(Drawn::read(&drawn.text()).map(|read| read.0), Some(drawn.0));
        for wrong in ["", " ", "A", &"A".repeat(42), &"A".repeat(44), &format!("{}B", "A".repeat(42)), &"=".repeat(43)]
        {
            assert!(Drawn::read(wrong).is_none(), "{wrong}");
        }
    }
}
