//! Providers of sign-in that an operator trusts (OpenID Connect), and what is asked of them over the network.
//!
//! Who signed in there is somebody here only by an account that is theirs: see `account/provider`. Nothing in this room holds the database while
//! it waits for a provider.

mod directory;
mod fetch;
mod keys;
mod request;

use chengxin_core::Caller;
use chengxin_core::issuer::{Terms, is_issuer_name};
use chengxin_store::View;
use chengxin_store::audit::ISSUERS;
use chengxin_store::issuer::IssuerRow;
use serde_json::json;

use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::{AppError, Installation, Kind, Mode, journal};

pub use directory::{Directory, Returned, Said};
pub use fetch::{Fetch, Fetched, Http};

/// Most issuers that are listed.
const MOST: i64 = 200;
/// Most bytes of a secret.
const LONGEST_SECRET: usize = 1_024;

/// A provider, with everything that talking to it takes. Its `Debug` tells no secret.
#[derive(Clone)]
pub struct Trusted {
    /// As it stands in our addresses.
    pub name: String,
    /// What it is trusted for.
    pub terms: Terms,
    /// Where it sends the browser back to.
    pub redirect_uri: String,
    pub(crate) secret: String,
    /// When it was set, microseconds UTC.
    pub(crate) set_us: i64,
}

impl std::fmt::Debug for Trusted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trusted").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A provider in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerLine {
    /// As it stands in our addresses.
    pub name: String,
    /// What it is trusted for.
    pub terms: Terms,
    /// Does it count still?
    pub works: bool,
    /// When it was last set, microseconds UTC.
    pub set_us: i64,
    /// By whom.
    pub set_by: String,
}

fn unknown() -> AppError {
    AppError::not_found("没有这个登录提供方", "there is no such provider of sign-in")
}

fn terms_of(row: &IssuerRow) -> Result<Terms, AppError> {
    serde_json::from_str(&row.terms).map_err(|error| AppError::internal(format!("terms of an issuer: {error}")))
}

/// Was the row written with our key, and not removed since?
fn works(keys: &Keyring, row: &IssuerRow) -> bool {
    let written = keys.is_issuer(row);
    if !written {
        tracing::warn!("an issuer in the database was not written by the platform");
    }
    written && row.ended_us.is_none()
}

/// Does what an issuer was trusted for at an instant still hold? As long as it was neither set anew nor removed since.
pub(crate) fn stands(view: View<'_>, keys: &Keyring, name: &str, at_us: i64) -> Result<bool, AppError> {
    Ok(view.issuer(name)?.is_some_and(|row| works(keys, &row) && row.set_us <= at_us))
}

fn lines(view: View<'_>, keys: &Keyring) -> Result<Vec<IssuerLine>, AppError> {
    view.issuers(MOST)?.iter().map(|row| line(keys, row)).collect()
}

fn line(keys: &Keyring, row: &IssuerRow) -> Result<IssuerLine, AppError> {
    let (name, works, set_by) = (row.name.clone(), works(keys, row), row.set_by.clone());
    Ok(IssuerLine { name, terms: terms_of(row)?, works, set_us: row.set_us, set_by })
}

/// Reads the terms of a provider as an operator writes them down (TOML).
///
/// # Errors
/// [`Kind::Invalid`] saying where they are wrong.
pub fn read_terms(text: &str) -> Result<Terms, AppError> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
        let why = error.message();
        AppError::invalid(format!("设定文件第 {line} 行：{why}"), format!("line {line} of the terms: {why}"))
    })
}

impl Installation {
    /// Sets up a provider of sign-in, or changes what one is trusted for: sessions that began by it under other terms end. The secret by which we
    /// prove ourselves to it is sealed.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for a name, terms or a secret that cannot be.
    pub fn issuer_set(&mut self, caller: &Caller, name: &str, terms: &Terms, secret: &str) -> Result<(), AppError> {
        const NAME: &str = "issuer_set";
        self.authorise(caller, NAME)?;
        if !is_issuer_name(name) {
            return Err(AppError::invalid(
                "登录提供方的名称只含小写字母、数字和连字符，最长 32 位",
                "the name of a provider has small letters, digits and hyphens, 32 at most",
            ));
        }
        terms.check(self.mode() == Mode::Synthetic).map_err(|fault| {
            let say = fault.say();
            AppError::invalid(say.zh, say.en)
        })?;
        let mut secret = secret.trim().to_owned();
        if request::is_key(&secret) {
            secret = request::key(&secret).ok_or_else(|| {
                AppError::invalid(
                    "须为带私钥的 JWK（P-256 或 Ed25519）；公钥请在登录提供方登记",
                    "a key is a JWK with its private half, of P-256 or Ed25519; register its public half at the provider",
                )
            })?;
        }
        if secret.is_empty() || secret.len() > LONGEST_SECRET || secret.chars().any(char::is_control) {
            return Err(AppError::invalid(
                "须有登录提供方发给本平台的 client_secret（一行，不超过 1024 字节），或本平台的私钥（JWK）",
                "the client secret that the provider gave us is needed (one line of at most 1024 bytes), or a private key of ours (JWK)",
            ));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let text = serde_json::to_string(terms).map_err(|error| AppError::internal(format!("terms: {error}")))?;
        let row = keys.sealed_issuer(IssuerRow {
            name: name.to_owned(),
            secret: keys.seal_secret(name, &text, &secret),
            terms: text,
            set_us: now_us,
            set_by: caller.actor.clone(),
            ended_us: None,
            ended_by: None,
            seal: [0; 32],
        });
        self.issuer_write(caller, NAME, &row, json!({ "issuer": name, "terms": terms }))
    }

    /// Removes a provider: nobody signs in by it any more, whoever is on the way comes to nothing, and the sessions that it opened end.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    pub fn issuer_remove(&mut self, caller: &Caller, name: &str) -> Result<(), AppError> {
        const NAME: &str = "issuer_remove";
        self.authorise(caller, NAME)?;
        let found = self.store.view().issuer(name)?.filter(|row| works(&self.keys, row));
        let row = found.ok_or_else(|| self.unseen(caller, NAME, unknown()))?;
        let (ended_us, ended_by) = (Some(self.now_us()), Some(caller.actor.clone()));
        let row = self.keys.sealed_issuer(IssuerRow { ended_us, ended_by, secret: Vec::new(), ..row });
        self.issuer_write(caller, NAME, &row, json!({ "issuer": name }))
    }

    fn issuer_write(
        &mut self,
        caller: &Caller,
        operation: &'static str,
        row: &IssuerRow,
        mut detail: serde_json::Value,
    ) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(operation, |tx| -> Result<(), AppError> {
            tx.issuer_set(row)?;
            detail["sessions_ended"] = json!(tx.issuer_sessions_remove(&row.name)?);
            detail["rows"] = marks(tx.view(), &keys, &[(&ISSUERS, vec![row.name.as_str().into()])])?;
            journal::log(tx, &keys, now_us, operation, caller, &detail).map(drop)
        })
    }

    /// Providers of sign-in, those that were removed among them.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; the store's.
    pub fn issuer_list(&self, caller: &Caller) -> Result<Vec<IssuerLine>, AppError> {
        self.authorise(caller, "issuer_list")?;
        lines(self.store.view(), &self.keys)
    }

    /// Providers that somebody may choose from to sign in: whoever comes to the page sees them.
    ///
    /// # Errors
    /// The store's.
    pub fn issuers_offered(&self) -> Result<Vec<IssuerLine>, AppError> {
        let mut offered = Vec::new();
        for row in self.store.view().issuers(MOST)? {
            if !works(&self.keys, &row) {
                continue;
            }
            // One that a later version set up differently takes nobody else's way in.
            match line(&self.keys, &row) {
                Ok(line) if line.terms.check(self.mode() == Mode::Synthetic).is_ok() => offered.push(line),
                Ok(_) => tracing::warn!(issuer = row.name, "an issuer's terms do not hold here"),
                Err(error) => tracing::warn!(issuer = row.name, %error, "an issuer's terms cannot be read"),
            }
        }
        Ok(offered)
    }

    /// The provider of a name, for whoever is about to sign in there.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    pub fn issuer_trusted(&self, name: &str) -> Result<Trusted, AppError> {
        let found = self.store.view().issuer(name)?.filter(|row| works(&self.keys, row));
        let row = found.ok_or_else(unknown)?;
        let terms = terms_of(&row)?;
        // What was set up over made-up data is looked at again wherever it counts.
        if terms.check(self.mode() == Mode::Synthetic).is_err() {
            return Err(AppError::new(
                Kind::Unavailable,
                "该登录提供方的设定在此不可用",
                "what is set up of this provider cannot be used here",
            ));
        }
        let secret = self.keys.open_secret(&row)?;
        let redirect_uri = format!("{}/sign-in/{}/callback", self.issuer(), row.name);
        Ok(Trusted { name: row.name, terms, redirect_uri, secret, set_us: row.set_us })
    }
}
