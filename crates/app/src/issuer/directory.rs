//! What providers say of themselves (OpenID Connect Discovery 1.0), their keys, and the exchange of a code for a token.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use chengxin_core::issuer::{Awaited, IdClaims, PROOF_SECONDS, Terms, about, judge};
use chengxin_seal::{Hasher, IssuedKeys, LONGEST_ISSUED, Profile, issued_kid};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Trusted;
use super::fetch::Fetch;
use super::request::{asked_by_name, form, proof};
use crate::account::Away;

/// For how long it is believed what a provider said of itself. A key that it takes back is gone here after as long.
const KEPT_US: i64 = 10 * 60 * 1_000_000;

/// What a provider says of itself.
#[derive(Debug, Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    claims_parameter_supported: bool,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Do we prove ourselves to it in a header? Else in the form.
    fn takes_header(&self) -> bool {
        // Discovery §3: where it says nothing, it does.
        self.token_endpoint_auth_methods_supported
            .as_ref()
            .is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}

#[derive(Clone)]
struct Known {
    said: Arc<Metadata>,
    keys: Arc<IssuedKeys>,
    at_us: i64,
}

#[derive(Deserialize)]
struct Given {
    id_token: String,
    access_token: Option<String>,
}

/// What a provider said of somebody, in a token that one of its keys signed for this very sign-in. Only [`Directory::redeem`] makes it.
#[derive(Debug, Clone)]
pub struct Said {
    pub(crate) claims: IdClaims,
    /// When they proved themself there, microseconds UTC.
    pub(crate) proven_us: i64,
    /// What it says of the person where the token leaves that out, or why that is not believed.
    pub(crate) person: Result<Map<String, Value>, String>,
}

/// What a browser brings back from a provider. Its `Debug` tells nothing.
#[derive(Clone, Default)]
pub struct Returned {
    /// By which we know whom we sent.
    pub state: String,
    /// What a token is given for.
    pub code: Option<String>,
    /// Who it says that answered (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl std::fmt::Debug for Returned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Returned(..)")
    }
}

/// What is known of providers, and how they are asked.
pub struct Directory {
    fetch: Box<dyn Fetch>,
    known: Mutex<HashMap<String, Known>>,
}

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Directory(..)")
    }
}

impl Directory {
    /// Knows nothing yet.
    #[must_use]
    pub fn new(fetch: impl Fetch + 'static) -> Self {
        Self { fetch: Box::new(fetch), known: Mutex::default() }
    }

    /// The address to which a browser is sent.
    ///
    /// # Errors
    /// In words for the operator, where the provider does not answer or says what cannot be.
    pub fn address(&self, trusted: &Trusted, away: &Away, now_us: i64) -> Result<String, String> {
        let known = self.known(trusted, now_us, None)?;
        let endpoint = &known.said.authorization_endpoint;
        let mut address = format!("{endpoint}{}", if endpoint.contains('?') { '&' } else { '?' });
        let mut scope = "openid".to_owned();
        for one in &trusted.terms.scopes {
            let _ = write!(scope, " {one}");
        }
        let challenge = BASE64URL_NOPAD.encode(&hashed(&away.verifier));
        let mut given = vec![
            ("response_type", "code".to_owned()),
            ("client_id", trusted.terms.client_id.clone()),
            ("redirect_uri", trusted.redirect_uri.clone()),
            ("scope", scope),
            ("state", away.state.clone()),
            ("nonce", away.nonce.clone()),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256".to_owned()),
            ("max_age", PROOF_SECONDS.to_string()),
        ];
        given.extend(asked_by_name(&trusted.terms, known.said.claims_parameter_supported));
        address.push_str(&form(&given));
        Ok(address)
    }

    /// What the provider says of whoever came back: signed by it, and held against what we wait for.
    ///
    /// # Errors
    /// In words for the operator, which hold nothing personal.
    pub fn redeem(&self, trusted: &Trusted, away: &Away, back: &Returned, now_us: i64) -> Result<Said, String> {
        let known = self.known(trusted, now_us, None)?;
        let said = &known.said;
        match &back.iss {
            Some(iss) if *iss != trusted.terms.url => return Err("another issuer answered".to_owned()),
            None if said.authorization_response_iss_parameter_supported => {
                return Err("it does not say who answered".to_owned());
            }
            _ => {}
        }
        if let Some(error) = &back.error {
            let error: String = error.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(40).collect();
            return Err(format!("the provider refused: {error}"));
        }
        let code = back.code.as_deref().filter(|code| !code.is_empty()).ok_or("there is no code")?;
        let mut given = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", trusted.redirect_uri.clone()),
            ("code_verifier", away.verifier.clone()),
        ];
        let (header, proof) = proof(trusted, said.takes_header(), now_us)?;
        given.extend(proof);
        let answer = self.fetch.post(&said.token_endpoint, header.as_deref(), &form(&given));
        let answer = answer.map_err(|error| format!("its token endpoint: {error}"))?;
        if answer.status != 200 {
            return Err(format!("its token endpoint answered {}", answer.status));
        }
        let given: Given = serde_json::from_slice(&answer.body).map_err(|_| "it gave no ID token")?;
        if given.id_token.len() > LONGEST_ISSUED {
            return Err("its ID token is too long".to_owned());
        }
        let kid = issued_kid(&given.id_token).ok_or("its ID token is none that is signed by a named key")?;
        let known = if known.keys.has(&kid) { known } else { self.known(trusted, now_us, Some(&known))? };
        let claims: IdClaims = known.keys.open(&given.id_token).ok_or("no key of it signed the ID token")?;
        let Terms { url: issuer, client_id, .. } = &trusted.terms;
        let proven_us = judge(&claims, &Awaited { issuer, client_id, nonce: &away.nonce, now_us });
        let proven_us = proven_us.map_err(|fault| format!("its ID token: {fault:?}"))?;
        let person = self.person(&trusted.terms, &known.said, given.access_token.as_deref(), &claims);
        Ok(Said { claims, proven_us, person })
    }

    /// What the provider says of a person beyond its token, where the token leaves out who they are.
    fn person(
        &self,
        terms: &Terms,
        said: &Metadata,
        access_token: Option<&str>,
        claims: &IdClaims,
    ) -> Result<Map<String, Value>, String> {
        let asks = terms.residents.as_ref().is_some_and(|residents| residents.asks_more(&claims.more));
        let (Some(endpoint), Some(token), true) = (&said.userinfo_endpoint, access_token, asks) else {
            return Ok(Map::new());
        };
        if token.is_empty() || token.len() > LONGEST_ISSUED || !token.bytes().all(|c| c.is_ascii_graphic()) {
            return Err("its access token is none".to_owned());
        }
        let answer = self.document(endpoint, Some(&format!("Bearer {token}")), "userinfo")?;
        about(&answer, &claims.sub).ok_or_else(|| "its userinfo is no object, or about somebody else".to_owned())
    }

    /// What is known of a provider, asked anew where that is old, or where it is what `stale` is.
    fn known(&self, trusted: &Trusted, now_us: i64, stale: Option<&Known>) -> Result<Known, String> {
        let url = &trusted.terms.url;
        let kept = || self.known.lock().unwrap_or_else(PoisonError::into_inner).get(url).cloned();
        let fresh = |known: &Known| {
            (0..KEPT_US).contains(&(now_us - known.at_us))
                && stale.is_none_or(|stale| !Arc::ptr_eq(&stale.keys, &known.keys))
        };
        if let Some(known) = kept().filter(fresh) {
            return Ok(known);
        }
        let address = format!("{}/.well-known/openid-configuration", url.trim_end_matches('/'));
        let said = self.document(&address, None, "discovery")?;
        let said: Metadata = serde_json::from_slice(&said).map_err(|_| "its discovery is no metadata")?;
        if said.issuer != *url {
            return Err("its discovery names another issuer".to_owned());
        }
        let named = [&said.authorization_endpoint, &said.token_endpoint, &said.jwks_uri];
        for address in named.into_iter().chain(&said.userinfo_endpoint) {
            if !trusted.terms.may_lead_to(address) {
                return Err("its discovery names an address that is not safe".to_owned());
            }
        }
        let keys = self.document(&said.jwks_uri, None, "keys")?;
        let keys = IssuedKeys::parse(&keys).ok_or("its keys are no set of public keys")?;
        let known = Known { said: Arc::new(said), keys: Arc::new(keys), at_us: now_us };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(url.clone(), known.clone());
        Ok(known)
    }

    fn document(&self, url: &str, authorization: Option<&str>, what: &str) -> Result<Vec<u8>, String> {
        let answer = self.fetch.get(url, authorization).map_err(|error| format!("its {what}: {error}"))?;
        if answer.status != 200 {
            return Err(format!("its {what} answered {}", answer.status));
        }
        Ok(answer.body)
    }
}

/// SHA-256, whatever the profile: the provider computes it too.
fn hashed(text: &str) -> [u8; 32] {
    let mut hasher = Hasher::new(Profile::Intl);
    hasher.update(text.as_bytes());
    hasher.finalize()
}
