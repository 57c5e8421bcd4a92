//! Signing a machine in: an assertion against a key, a token for it.

use chengxin_core::client::{Assertion, TOKEN_LASTS_US, judge};
use chengxin_core::{Caller, Ground};
use chengxin_seal::{PublicJwk, jwt_open, jwt_peek};
use chengxin_store::View;
use chengxin_store::client::{ClientKeyRow, ClientRow, ClientTokenRow};
use data_encoding::HEXLOWER;
use serde_json::json;

use super::line::ClientId;
use super::scope::{chosen, granted};
use super::{actor, holds, right_of, works};
use crate::account::Token;
use crate::account::throttle::{Tried, succeeded};
use crate::keyring::Keyring;
use crate::reading::Reading;
use crate::{AppError, Installation, Kind, journal};

/// Where tokens are asked for, below the installation's address.
pub const TOKEN_PATH: &str = "/api/v1/oauth/token";

/// What a machine sends.
#[derive(Clone)]
pub struct TokenRequest {
    /// The signed assertion.
    pub assertion: String,
    /// Its id once more, where it says it.
    pub client_id: Option<String>,
    /// Operations that the token is to be for, parted by spaces; all that it may have, where it names none.
    pub scope: Option<String>,
    /// Where it comes from.
    pub source: String,
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenRequest").finish_non_exhaustive()
    }
}

/// A token that was given.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// What the machine shows.
    pub token: Token,
    /// For how many seconds it is good.
    pub seconds: i64,
    /// Operations that it is for.
    pub scopes: Vec<&'static str>,
}

/// A key that signed what was sent, with its machine. Whether that counts is not known yet.
struct Signed {
    client: ClientRow,
    key: ClientKeyRow,
    assertion: Assertion,
}

/// What is said of everything that is wrong with how a machine signs itself in.
fn unbelieved(why: impl std::fmt::Display) -> AppError {
    AppError::new(
        Kind::Unauthenticated,
        "客户端断言无效：请核对密钥、kid、iss、sub、aud、有效期，并使用新的 jti",
        "the assertion is not accepted: check key, kid, iss, sub, aud and times, and use a new jti",
    )
    .because(why)
}

/// The machine and the key that signed an assertion, if one of ours did.
fn signed(
    view: View<'_>,
    keys: &Keyring,
    request: &TokenRequest,
    kid: &str,
    said: &Assertion,
) -> Result<Option<Signed>, AppError> {
    let Some(id) = ClientId::parse(&said.iss) else { return Ok(None) };
    // RFC 7521 §4.2: where it is said twice, it is the same.
    if request.client_id.as_deref().is_some_and(|stated| stated != said.iss) {
        return Ok(None);
    }
    let Some((client, key)) = view.client_with_key(&id.0, kid)? else { return Ok(None) };
    if !keys.is_client_key(&key) {
        return Ok(None);
    }
    let Ok(jwk) = PublicJwk::registered(&key.alg, &key.kid, &key.jwk) else { return Ok(None) };
    Ok(jwt_open(&request.assertion, &jwk).map(|assertion| Signed { client, key, assertion }))
}

impl Reading {
    /// Did a key of one of our machines sign it? Whether that counts is for [`Installation::token_issue`]; whoever holds no key waits with
    /// strangers, so that they make no machine wait.
    ///
    /// # Errors
    /// The store's.
    pub fn token_is_signed(&self, request: &TokenRequest) -> Result<bool, AppError> {
        let Some((head, assertion)) = jwt_peek::<Assertion>(&request.assertion) else { return Ok(false) };
        signed(self.store.view(), &self.keys, request, &head.kid, &assertion).map(|signed| signed.is_some())
    }
}

impl Installation {
    /// Gives a machine a token of some minutes for what its key signed. An assertion counts once, on whichever server and after whichever
    /// restart. Wrong ones wait longer the more there are, from one place.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] in one sentence for whatever is wrong with it; [`Kind::TooOften`] where it comes too soon after others;
    /// [`Kind::Forbidden`] for operations that the machine may not have. All are logged.
    pub fn token_issue(&mut self, caller: &Caller, request: &TokenRequest) -> Result<IssuedToken, AppError> {
        const NAME: &str = "token_issue";
        self.authorise(caller, NAME)?;
        let now_us = self.now_us();
        let peeked = jwt_peek::<Assertion>(&request.assertion);
        let claimed = peeked.as_ref().map_or("", |(_, assertion)| &assertion.iss);
        // What strangers write is kept in a form that only the installation finds again.
        let unknown = Caller { actor: self.keys.actor_tag(claimed), ..caller.clone() };
        let signed = match &peeked {
            Some((head, assertion)) => signed(self.store.view(), &self.keys, request, &head.kid, assertion)?,
            None => None,
        };
        let whose = signed.as_ref().map(|signed| (&signed.client.client_id, signed.key.kid.as_str()));
        let tried = Tried::machine(&self.keys, whose, &request.source);
        let Some(signed) = signed else {
            self.try_once(&unknown, NAME, tried)?;
            return Err(self.denied(&unknown, NAME, unbelieved("no key of the machine signed it")));
        };
        let named = Caller { actor: actor(&signed.client), ground: Ground::Operation, ..caller.clone() };
        let tried = self.try_once(&named, NAME, tried)?;
        let refused = |why: &dyn std::fmt::Display| self.denied(&named, NAME, unbelieved(why));
        if !works(&self.keys, &signed.client) || !holds(&self.keys, &signed.key, now_us) {
            return Err(refused(&"machine or key are stopped, over, or not begun"));
        }
        let id = ClientId(signed.client.client_id).to_string();
        let (issuer, endpoint) = (self.issuer(), self.token_endpoint());
        let remembered_us = judge(&signed.assertion, &id, &[&issuer, &endpoint], now_us)
            .map_err(|fault| refused(&format!("{fault:?}")))?;
        let Some(right) = right_of(&signed.client, now_us).filter(|right| !right.dormant) else {
            return Err(refused(&"the machine sleeps, or acts in no role that one may"));
        };
        let allowed = granted(&signed.client, right.role)?;
        let scopes = self.scopes_asked(&named, NAME, request, allowed)?;
        let token = Token::of_machine(signed.client.client_id);
        let row = self.keys.sealed_client_token(ClientTokenRow {
            client_id: token.account,
            tag: self.keys.machine_tag(&token.account, &token.secret),
            kid: signed.key.kid.clone(),
            scopes: scopes.join(" "),
            opened_us: now_us,
            ends_us: signed.key.until_us.min(now_us + TOKEN_LASTS_US),
            seal: [0; 32],
        });
        let jti_tag = self.keys.jti_tag(&token.account, &signed.assertion.jti);
        let (keys, today) = (self.keys.clone(), self.today_number());
        let given = self.store.write(NAME, |tx| -> Result<bool, AppError> {
            if !tx.client_assertion_use(&row.client_id, &jti_tag, remembered_us)? {
                return Ok(false);
            }
            tx.client_token_add(&row)?;
            tx.client_touch(&row.client_id, today)?;
            succeeded(tx, &tried, None, now_us)?;
            let detail = json!({
                "client": id, "key": row.kid, "scopes": scopes, "token": HEXLOWER.encode(&row.tag[..8]), "until_us": row.ends_us,
            });
            journal::log(tx, &keys, now_us, NAME, &named, &detail)?;
            Ok(true)
        })?;
        if !given {
            return Err(self.denied(&named, NAME, unbelieved("it was used before")));
        }
        Ok(IssuedToken { token, seconds: (row.ends_us - now_us).div_euclid(1_000_000), scopes })
    }

    /// Operations that are asked for, of those that the machine may have.
    fn scopes_asked(
        &self,
        caller: &Caller,
        name: &'static str,
        request: &TokenRequest,
        allowed: Vec<&'static str>,
    ) -> Result<Vec<&'static str>, AppError> {
        let words = request.scope.as_deref().unwrap_or_default().split_ascii_whitespace();
        if words.clone().next().is_none() {
            return Ok(allowed);
        }
        chosen(words, &allowed).map_err(|_| {
            let refusal = AppError::new(
                Kind::Forbidden,
                "scope 中有该客户端未登记的操作；请由账户管理人员登记",
                "scope names an operation that this machine was not registered for: whoever administers accounts registers it",
            );
            self.denied(caller, name, refusal)
        })
    }

    /// By what name the installation is called where tokens are asked for.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.base_url().trim_end_matches('/').to_owned()
    }

    /// The address at which tokens are asked for.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}{TOKEN_PATH}", self.issuer())
    }
}
