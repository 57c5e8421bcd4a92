//! A device that holds a passkey, in software: ES256, attestation "none", CBOR by hand. It may lie about whatever a device can lie about.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// User present, user verified, a key attached.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTACHED: u8 = 0x40;

pub struct Authenticator {
    pub key: EcdsaKeyPair,
    pub id: Vec<u8>,
    /// The page that it believes to be on.
    pub origin: String,
    /// For whom it signs; as it is asked where this is empty.
    pub rp: String,
    /// Does it look who uses it?
    pub verifies: bool,
    /// How often it signed; 0 in one that does not count.
    pub counter: u32,
    pub counts: bool,
    /// Is the page within another one?
    pub framed: bool,
    /// Whom it says it belongs to, where it says so.
    pub holder: Option<Vec<u8>>,
}

fn text(value: &Value) -> Vec<u8> {
    BASE64URL_NOPAD.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

fn base64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// A string of bytes, shorter than 65 536.
fn cbor_bytes(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [&[0x59], &length[..], bytes].concat()
}

/// A text, shorter than 24.
fn cbor_text(text: &str) -> Vec<u8> {
    [&[0x60 + u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

impl Authenticator {
    /// A new one, on a page of an installation.
    pub fn new(origin: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let id = digest(&SHA256, key.public_key().as_ref()).as_ref().to_vec();
        let (origin, rp) = (origin.to_owned(), String::new());
        Self { key, id, origin, rp, verifies: true, counter: 0, counts: true, framed: false, holder: None }
    }

    /// Its public key (COSE): EC2, ES256, P-256, x, y.
    fn cose(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = (cbor_bytes(&point[1..33]), cbor_bytes(&point[33..]));
        [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21], &x[..], &[0x22], &y].concat()
    }

    fn data(&mut self, rp: &str, more: u8) -> Vec<u8> {
        let rp = if self.rp.is_empty() { rp } else { &self.rp };
        if self.counts {
            self.counter += 1;
        }
        let flags = PRESENT | more | if self.verifies { VERIFIED } else { 0 };
        [digest(&SHA256, rp.as_bytes()).as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let client = json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.framed });
        client.to_string().into_bytes()
    }

    /// `navigator.credentials.create`.
    pub fn register(&mut self, options: &Value) -> Value {
        self.holder = Some(text(&options["user"]["id"]));
        let client = self.client("webauthn.create", options);
        let mut data = self.data(options["rp"]["id"].as_str().unwrap(), ATTACHED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose());
        let attestation = [
            &[0xa3],
            &cbor_text("fmt")[..],
            &cbor_text("none"),
            &cbor_text("attStmt"),
            &[0xa0],
            &cbor_text("authData"),
            &cbor_bytes(&data),
        ];
        json!({
            "id": base64(&self.id), "rawId": base64(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": { "attestationObject": base64(&attestation.concat()), "clientDataJSON": base64(&client) },
        })
    }

    /// `navigator.credentials.get`.
    pub fn prove(&mut self, options: &Value) -> Value {
        let client = self.client("webauthn.get", options);
        let data = self.data(options["rpId"].as_str().unwrap(), 0);
        let signed = [&data[..], digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": base64(&self.id), "rawId": base64(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "authenticatorData": base64(&data), "clientDataJSON": base64(&client),
                "signature": base64(signature.as_ref()), "userHandle": self.holder.as_deref().map(base64),
            },
        })
    }

    /// Is it among those that are asked for?
    pub fn is_asked(&self, options: &Value) -> bool {
        let asked = options["allowCredentials"].as_array().unwrap();
        asked.iter().any(|one| one["id"] == json!(base64(&self.id)))
    }
}
