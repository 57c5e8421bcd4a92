//! A machine of an authority: keys that it makes itself, and what it signs.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use chengxin_app::client::{ClientLine, NewClient, NewKey};
use chengxin_core::Role;
use data_encoding::BASE64URL_NOPAD;
use jiff::civil::date;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair as RsaKeyPair, PublicKeyComponents};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
};
use serde_json::{Value, json};

use crate::city::OFFICE;

/// Of no installation: it was made for these tests.
const RSA: &[u8] = include_bytes!("rsa.pk8");

enum Private {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

/// A private key, with the name under which its public half is registered.
pub struct Key {
    pub alg: &'static str,
    pub kid: String,
    private: Private,
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

impl Key {
    pub fn new(alg: &'static str, kid: &str) -> Self {
        let random = SystemRandom::new();
        let private = match alg {
            "ES256" => {
                let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
                Private::Ec(EcdsaKeyPair::from_pkcs8(how, pkcs8.as_ref(), &random).unwrap())
            }
            "EdDSA" => {
                let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                Private::Ed(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
            }
            _ => Private::Rsa(RsaKeyPair::from_pkcs8(RSA).unwrap()),
        };
        Self { alg, kid: kid.to_owned(), private }
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        let (alg, kid) = (self.alg, &self.kid);
        match &self.private {
            Private::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": b64(x), "y": b64(y), "alg": alg, "kid": kid, "use": "sig" })
            }
            Private::Ed(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": b64(pair.public_key()), "alg": alg, "kid": kid })
            }
            Private::Rsa(pair) => {
                let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": b64(n), "e": b64(e), "alg": alg, "kid": kid })
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.private {
            Private::Ec(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Private::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Private::Rsa(pair) => {
                let how: &dyn ring::signature::RsaEncoding =
                    if self.alg == "RS256" { &RSA_PKCS1_SHA256 } else { &RSA_PSS_SHA256 };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(how, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    /// A token over header and claims as they are given.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
        format!("{message}.{}", b64(self.sign(message.as_bytes())))
    }

    pub fn header(&self) -> Value {
        json!({ "alg": self.alg, "kid": self.kid, "typ": "JWT" })
    }

    /// An assertion over claims.
    pub fn assertion(&self, claims: &Value) -> String {
        self.token(&self.header(), claims)
    }
}

/// The same header and claims under another header, with a signature of our making.
pub fn with_signature(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    let signature = sign(message.as_bytes());
    format!("{message}.{}", b64(signature))
}

/// What a machine claims at an instant: good for a minute.
pub fn claims(client: &str, audience: &str, now_us: i64, jti: &str) -> Value {
    let now = now_us / 1_000_000;
    json!({ "iss": client, "sub": client, "aud": audience, "iat": now, "exp": now + 60, "jti": jti })
}

pub fn new_key(key: &Key) -> NewKey {
    NewKey { jwk: key.jwk().to_string(), from: None, until: date(2027, 11, 1) }
}

/// A machine that asks or sends for [`OFFICE`].
pub fn new_client(role: Role, scopes: &[&str], key: &Key) -> NewClient {
    NewClient {
        name: "政务服务系统".to_owned(),
        authority: OFFICE.to_owned(),
        role,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        key: new_key(key),
    }
}

pub fn id_of(line: &ClientLine) -> String {
    line.id.to_string()
}
