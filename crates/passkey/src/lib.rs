//! Passkeys (Web Authentication, W3C Level 3): what a browser is asked, and what it answers, verified. The only user of `webauthn-rs`.
//!
//! A passkey here verifies its user by itself, by a PIN or the device's own means, so that it counts as two factors. No attestation is
//! asked for: which make of device somebody holds is nobody's business. What was asked is handed out as text, to be kept where nobody can
//! alter it and given back once; time, purpose and whose it is are for whoever keeps it.
//!
//! # Example
//! ```
//! use chengxin_passkey::{Holder, RelyingParty};
//!
//! let here = RelyingParty::of("https://credit.example", "云汀市").unwrap();
//! let holder = Holder { id: [7; 16], login: "zhou", name: "周明" };
//! let asked = here.ask_to_register(&holder, &[]).unwrap();
//! assert_eq!(asked.options["rp"]["id"], "credit.example");
//! assert!(RelyingParty::of("http://credit.example", "云汀市").is_none(), "over https alone");
//! ```

mod refused;

use std::net::IpAddr;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    Credential, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

pub use refused::Refused;

/// How long a browser is asked to wait for its user.
const WAITS: Duration = Duration::from_secs(300);

/// Whose passkey it is to be.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// Random, and theirs alone: the device keeps it, and brings it back.
    pub id: [u8; 16],
    /// What they sign in with; the device shows it.
    pub login: &'a str,
    /// Their name; the device shows it.
    pub name: &'a str,
}

/// A browser is asked for something.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What it is given: `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    pub options: Value,
    /// What its answer is held against, with the challenge in it. Not for the browser.
    pub pending: String,
}

/// A public key that somebody proves themself by, and how often it signed.
#[derive(Debug, Clone)]
pub struct Passkey {
    key: webauthn_rs::prelude::Passkey,
}

impl Passkey {
    /// As it is kept. Secret it is not, but nobody may exchange it.
    ///
    /// # Errors
    /// [`Refused::Form`] where it cannot be written, which does not happen to one that was registered.
    pub fn to_text(&self) -> Result<String, Refused> {
        serde_json::to_string(&self.key).map_err(|_| Refused::Form)
    }

    /// Reads [`Self::to_text`].
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Some(Self { key: serde_json::from_str(text).ok()? })
    }

    /// By what the device finds it.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        self.key.cred_id()
    }

    /// How many times the device says that it signed; 0 for one that does not count, such as one that several devices share.
    #[must_use]
    pub fn counter(&self) -> u32 {
        Credential::from(self.key.clone()).counter
    }

    /// One that nobody holds: what is asked of a name that nobody has looks like what is asked of everybody else, and takes as long.
    #[must_use]
    pub fn made_up(id: &[u8]) -> Option<Self> {
        // The generator of P-256: a point of the curve like any other.
        let mut key = json!({ "cred": {
            "cred": { "type_": "ES256", "key": { "EC_EC2": {
                "curve": "SECP256R1",
                "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
            } } },
            "counter": 0, "transports": null, "user_verified": true, "backup_eligible": false, "backup_state": false,
            "registration_policy": "required",
            "extensions": {
                "cred_protect": "NotRequested", "hmac_create_secret": "NotRequested", "appid": "NotRequested", "cred_props": "Ignored",
            },
            "attestation": { "data": "None", "metadata": "None" },
            "attestation_format": "none",
        } });
        key["cred"]["cred_id"] = json!(BASE64URL_NOPAD.encode(id));
        Some(Self { key: serde_json::from_value(key).ok()? })
    }
}

/// Where passkeys are for: a host name and its one origin. One that was made for another is of no use here, nor ours there.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    webauthn: Webauthn,
}

impl RelyingParty {
    /// The one of an installation at an address, which browsers call `name`. `None` where browsers have no passkeys: without https, except
    /// on this machine (`localhost`), and where a bare IP address stands for a name.
    #[must_use]
    pub fn of(base_url: &str, name: &str) -> Option<Self> {
        let address = Url::parse(base_url).ok()?;
        let host = address.host_str()?.to_owned();
        let safe = address.scheme() == "https" || address.scheme() == "http" && host == "localhost";
        if !safe || host.parse::<IpAddr>().is_ok() {
            return None;
        }
        let origin = Url::parse(&address.origin().ascii_serialization()).ok()?;
        let builder = WebauthnBuilder::new(&host, &origin).ok()?;
        Some(Self { webauthn: builder.rp_name(name).timeout(WAITS).build().ok()? })
    }

    /// Asks for a new passkey, other than those that its holder has.
    ///
    /// # Errors
    /// [`Refused::Form`], where what was asked cannot be written.
    pub fn ask_to_register(&self, holder: &Holder<'_>, known: &[Passkey]) -> Result<Asked, Refused> {
        let known = known.iter().map(|passkey| passkey.key.cred_id().clone()).collect();
        let id = Uuid::from_bytes(holder.id);
        let (options, state) = self.webauthn.start_passkey_registration(id, holder.login, holder.name, Some(known))?;
        let mut options = serde_json::to_value(options).map_err(|_| Refused::Form)?;
        Ok(Asked {
            options: options["publicKey"].take(),
            pending: serde_json::to_string(&state).map_err(|_| Refused::Form)?,
        })
    }

    /// Takes the new passkey that a browser brings.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn registered(&self, pending: &str, answer: &Value) -> Result<Passkey, Refused> {
        let state: PasskeyRegistration = serde_json::from_str(pending).map_err(|_| Refused::Form)?;
        let answer = RegisterPublicKeyCredential::deserialize(answer).map_err(|_| Refused::Form)?;
        let key = self.webauthn.finish_passkey_registration(&answer, &state)?;
        // The device's own word, which the signed part repeats: two that differ would be found by neither.
        if answer.raw_id != *key.cred_id() {
            return Err(Refused::Form);
        }
        Ok(Passkey { key })
    }

    /// Asks whoever holds one of these passkeys to prove it.
    ///
    /// # Errors
    /// [`Refused::Form`], where what was asked cannot be written.
    pub fn ask_to_prove(&self, known: &[Passkey]) -> Result<Asked, Refused> {
        let mut keys: Vec<_> = known.iter().map(|passkey| passkey.key.clone()).collect();
        keys.sort_by(|a, b| a.cred_id().cmp(b.cred_id()));
        let (asked, state) = self.webauthn.start_passkey_authentication(&keys)?;
        let asked = asked.public_key;
        // By which way a device is reached is left out: it would tell one that is held from one that is made up.
        let one = |key: &webauthn_rs::prelude::Passkey| json!({ "type": "public-key", "id": BASE64URL_NOPAD.encode(key.cred_id()) });
        let options = json!({
            "challenge": BASE64URL_NOPAD.encode(&asked.challenge),
            "rpId": asked.rp_id,
            "timeout": asked.timeout,
            "userVerification": "required",
            "allowCredentials": keys.iter().map(one).collect::<Vec<_>>(),
        });
        Ok(Asked { options, pending: serde_json::to_string(&state).map_err(|_| Refused::Form)? })
    }

    /// Whose passkey of `known` proved itself, as it is to be kept from now on. `known` is what is held at this moment: one that was
    /// taken away since it was asked, or signed meanwhile, counts as it is now.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn proven(
        &self,
        pending: &str,
        holder: &[u8; 16],
        known: &[Passkey],
        answer: &Value,
    ) -> Result<Passkey, Refused> {
        let state: PasskeyAuthentication = serde_json::from_str(pending).map_err(|_| Refused::Form)?;
        let answer = PublicKeyCredential::deserialize(answer).map_err(|_| Refused::Form)?;
        let proof = self.webauthn.finish_passkey_authentication(&answer, &state)?;
        // What the library leaves to its caller.
        if answer.type_ != "public-key" {
            return Err(Refused::Form);
        }
        if answer.response.user_handle.as_ref().is_some_and(|whose| !whose.is_empty() && *whose != holder) {
            return Err(Refused::OtherHolder);
        }
        if !proof.user_verified() {
            return Err(Refused::Unverified);
        }
        if framed(&answer.response.client_data_json) {
            return Err(Refused::Framed);
        }
        let mut passkey =
            known.iter().find(|passkey| passkey.key.cred_id() == proof.cred_id()).cloned().ok_or(Refused::Unknown)?;
        let (counted, counts) = (passkey.counter(), proof.counter());
        if (counted > 0 || counts > 0) && counts <= counted {
            return Err(Refused::WentBack);
        }
        passkey.key.update_credential(&proof);
        Ok(passkey)
    }
}

/// Was it answered in a frame of a page of somebody else?
fn framed(client_data: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Client {
        #[serde(default)]
        cross_origin: bool,
        top_origin: Option<String>,
    }
    serde_json::from_slice(client_data).is_ok_and(|client: Client| client.cross_origin || client.top_origin.is_some())
}
