//! A provider of sign-in that a test can have misbehave: asked in memory, or over the network of this machine.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use chengxin_app::issuer::{Fetch, Fetched, Returned, read_terms};
use chengxin_core::issuer::Terms;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

pub const CLIENT: &str = "chengxin";
pub const SECRET: &str = "a secret of the city: 诚信";

/// What it does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mischief {
    None,
    /// Its tokens name another issuer.
    WrongIssuer,
    /// Its answer names another issuer.
    WrongAnswerer,
    /// Its answer names none, though it said that it would.
    NoAnswerer,
    /// Its tokens carry the nonce of the first sign-in.
    ReplayedNonce,
    NoNonce,
    AlgNone,
    /// Signed by another key under the name of its own.
    SwappedKey,
    /// Signed with the client secret.
    Hmac,
    /// Signed with its public key as if that were a secret.
    HmacOfPublicKey,
    /// The header says another algorithm than its key has.
    OtherAlg,
    /// The token brings its own key.
    OwnKey,
    Expired,
    FromTheFuture,
    OtherAudience,
    TwoAudiences,
    OtherParty,
    UnknownKid,
    NoKid,
    StaleProof,
    NoProof,
    NoSubject,
    AlteredClaims,
    NoToken,
    NotJson,
    Refuses,
    HugeToken,
    /// Its discovery names another issuer.
    OtherDiscovery,
    /// Its discovery leads to an address without encryption elsewhere.
    UnsafeEndpoint,
    /// Its keys hold a private one.
    PrivateKeys,
    /// Its discovery says: look elsewhere.
    RedirectedDiscovery,
    HugeDiscovery,
    SlowDiscovery,
    /// Its answer about a person is about somebody else.
    OtherPerson,
    /// It says of nobody in particular.
    NobodysPerson,
    PersonNotJson,
    PersonRefused,
    PersonMoved,
    HugePerson,
    SlowPerson,
    /// Its discovery leads there without encryption, elsewhere.
    UnsafePerson,
    /// Its access token would break out of a header.
    BrokenAccess,
}

struct Inner {
    url: String,
    key: EcdsaKeyPair,
    kid: String,
    mischief: Mischief,
    /// Who is there, beside what every token has.
    person: Value,
    /// What it says of them where it is asked about them; else there is no such place.
    about: Option<Value>,
    now: i64,
    /// Nonce and challenge by code.
    given: HashMap<String, (String, String)>,
    first_nonce: Option<String>,
    /// Requests by path.
    asked: Vec<String>,
}

#[derive(Clone)]
pub struct Provider(Arc<Mutex<Inner>>);

fn pair() -> EcdsaKeyPair {
    let (random, how) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(how, pkcs8.as_ref(), &random).unwrap()
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

fn jwk(key: &EcdsaKeyPair, kid: &str) -> Value {
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    json!({ "kty": "EC", "crv": "P-256", "x": b64(x), "y": b64(y), "alg": "ES256", "kid": kid, "use": "sig" })
}

fn unescaped(text: &str) -> String {
    let (mut out, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            b'+' => out.push(b' '),
            byte => out.push(byte),
        }
    }
    String::from_utf8(out).unwrap()
}

/// Names and values of a form or of what follows a question mark.
pub fn pairs(text: &str) -> HashMap<String, String> {
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (unescaped(name), unescaped(value)));
    text.split('&').filter_map(pair).collect()
}

impl Provider {
    pub fn new(url: &str) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            url: url.to_owned(),
            key: pair(),
            kid: "2026/11+1=".to_owned(),
            mischief: Mischief::None,
            person: json!({ "sub": "s-1" }),
            about: None,
            now: 0,
            given: HashMap::new(),
            first_nonce: None,
            asked: Vec::new(),
        })))
    }

    /// One that answers on this machine until the test ends.
    pub fn listening() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let provider = Self::new(&format!("http://{}", listener.local_addr().unwrap()));
        let served = provider.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let served = served.clone();
                std::thread::spawn(move || served.serve(stream.unwrap()));
            }
        });
        provider
    }

    fn serve(&self, mut stream: std::net::TcpStream) -> Option<()> {
        let mut read = Vec::new();
        let (head, length) = loop {
            let mut chunk = [0; 4_096];
            let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
            read.extend_from_slice(&chunk[..count]);
            let text = String::from_utf8_lossy(&read).into_owned();
            if let Some((head, _)) = text.split_once("\r\n\r\n") {
                let header = |name: &str| {
                    let lines = head.lines().filter_map(|line| line.split_once(": "));
                    lines.filter(|(of, _)| of.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
                };
                let length = header("content-length").map_or(0, |text| text.parse().unwrap());
                break ((head.to_owned(), header("authorization")), head.len() + 4 + length);
            }
        };
        while read.len() < length {
            let mut chunk = [0; 4_096];
            let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
            read.extend_from_slice(&chunk[..count]);
        }
        let (head, authorization) = head;
        let body = String::from_utf8_lossy(&read[head.len() + 4..]).into_owned();
        let path = head.split(' ').nth(1)?;
        let mischief = self.0.lock().unwrap().mischief;
        let discovery = path.ends_with("openid-configuration");
        let about = path == "/userinfo";
        if discovery && mischief == Mischief::SlowDiscovery || about && mischief == Mischief::SlowPerson {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").ok()?;
            loop {
                std::thread::sleep(std::time::Duration::from_millis(50));
                stream.write_all(b" ").ok()?;
            }
        }
        if discovery && mischief == Mischief::RedirectedDiscovery || about && mischief == Mischief::PersonMoved {
            let elsewhere =
                format!("HTTP/1.1 302 Found\r\nLocation: {}/moved\r\nContent-Length: 0\r\n\r\n", self.url());
            return stream.write_all(elsewhere.as_bytes()).ok();
        }
        let answer = self.answer(path, authorization.as_deref(), &body);
        let head = format!(
            "HTTP/1.1 {} OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            answer.status,
            answer.body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(&answer.body).ok()
    }

    pub fn url(&self) -> String {
        self.0.lock().unwrap().url.clone()
    }

    pub fn does(&self, mischief: Mischief) {
        self.0.lock().unwrap().mischief = mischief;
    }

    /// Who is there.
    pub fn person(&self, person: Value) {
        self.0.lock().unwrap().person = person;
    }

    /// Who is there, of whom it says the rest only where it is asked about them.
    pub fn person_and(&self, person: Value, about: Value) {
        let mut inner = self.0.lock().unwrap();
        (inner.person, inner.about) = (person, Some(about));
    }

    /// Signs with a new key from now on.
    pub fn rotate(&self, kid: &str) {
        let mut inner = self.0.lock().unwrap();
        (inner.key, inner.kid) = (pair(), kid.to_owned());
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.0.lock().unwrap().asked.iter().filter(|asked| *asked == path).count()
    }

    /// What an operator writes down of it.
    pub fn terms(&self) -> Terms {
        let text = format!(
            "url = \"{}\"\nclient_id = \"{CLIENT}\"\nzh = \"统一认证\"\nen = \"City sign-in\"\nscopes = [\"identity\"]\nstaff = true\n\
             second = {{ claim = \"amr\", values = [\"otp\", \"hwk\"] }}\n\
             [residents]\nnumber = \"id_number\"\nkind = \"resident_id\"\nlevel = {{ claim = \"acr\", values = [\"high\"] }}\n",
            self.url()
        );
        read_terms(&text).unwrap()
    }

    /// What a browser does there: whoever is there signs in, and is sent back.
    pub fn approve(&self, address: &str, now_us: i64) -> Returned {
        let asked = pairs(address.split_once('?').unwrap().1);
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        assert_eq!((asked["client_id"].as_str(), asked["scope"].as_str()), (CLIENT, "openid identity"));
        let mut inner = self.0.lock().unwrap();
        inner.now = now_us / 1_000_000;
        let code = format!("code-{}", inner.given.len());
        let first = inner.first_nonce.get_or_insert_with(|| asked["nonce"].clone()).clone();
        let nonce = if inner.mischief == Mischief::ReplayedNonce { first } else { asked["nonce"].clone() };
        inner.given.insert(code.clone(), (nonce, asked["code_challenge"].clone()));
        let iss = match inner.mischief {
            Mischief::WrongAnswerer => Some("https://other.example".to_owned()),
            Mischief::NoAnswerer => None,
            _ => Some(inner.url.clone()),
        };
        Returned { state: asked["state"].clone(), code: Some(code), iss, error: None }
    }

    fn answer(&self, path: &str, authorization: Option<&str>, form: &str) -> Fetched {
        let mut inner = self.0.lock().unwrap();
        inner.asked.push(path.to_owned());
        let (url, mischief) = (inner.url.clone(), inner.mischief);
        let body = match path {
            "/.well-known/openid-configuration" => match mischief {
                Mischief::HugeDiscovery => return Fetched { status: 200, body: vec![b' '; 8 * 1_024 * 1_024] },
                _ => json!({
                    "userinfo_endpoint": inner.about.as_ref().map(|_| match mischief {
                        Mischief::UnsafePerson => "http://other.example/userinfo".to_owned(),
                        _ => format!("{url}/userinfo"),
                    }),
                    "issuer": if mischief == Mischief::OtherDiscovery { "https://other.example" } else { &url },
                    "authorization_endpoint": format!("{url}/auth"),
                    "token_endpoint": match mischief {
                        Mischief::UnsafeEndpoint => "http://other.example/token".to_owned(),
                        _ => format!("{url}/token"),
                    },
                    "jwks_uri": format!("{url}/jwks"),
                    "authorization_response_iss_parameter_supported": true,
                }),
            },
            "/jwks" => {
                let mut key = jwk(&inner.key, &inner.kid);
                if mischief == Mischief::PrivateKeys {
                    key["d"] = json!("AAAA");
                }
                json!({ "keys": [{ "kty": "RSA", "use": "enc", "kid": "enc", "n": "AAAA", "e": "AQAB" }, key] })
            }
            "/userinfo" => return inner.told(authorization),
            "/token" => return inner.token(authorization, form),
            _ => return Fetched { status: 404, body: Vec::new() },
        };
        Fetched { status: 200, body: body.to_string().into_bytes() }
    }
}

impl Inner {
    /// What it says of whoever is there.
    fn told(&self, authorization: Option<&str>) -> Fetched {
        let known = authorization == Some("Bearer x.y-z");
        let Some(mut about) = self.about.clone().filter(|_| known && self.mischief != Mischief::PersonRefused) else {
            return Fetched { status: 401, body: br#"{"error":"invalid_token"}"#.to_vec() };
        };
        about["sub"] = match self.mischief {
            Mischief::OtherPerson => json!("somebody else"),
            Mischief::NobodysPerson => Value::Null,
            _ => self.person["sub"].clone(),
        };
        let body = match self.mischief {
            Mischief::PersonNotJson => b"eyJhbGciOiJub25lIn0.e30.".to_vec(),
            Mischief::HugePerson => format!("{}{about}", " ".repeat(8 * 1_024 * 1_024)).into_bytes(),
            _ => about.to_string().into_bytes(),
        };
        // In memory nobody else follows what they are told.
        let status = if self.mischief == Mischief::PersonMoved { 302 } else { 200 };
        Fetched { status, body }
    }

    fn token(&mut self, authorization: Option<&str>, form: &str) -> Fetched {
        let form = pairs(form);
        let shown = authorization.and_then(|value| value.strip_prefix("Basic "));
        let shown = String::from_utf8(BASE64.decode(shown.unwrap().as_bytes()).unwrap()).unwrap();
        let (id, secret) = shown.split_once(':').unwrap();
        let known = unescaped(id) == CLIENT && unescaped(secret) == SECRET;
        let given = self.given.remove(&form["code"]);
        let challenge = b64(ring::digest::digest(&ring::digest::SHA256, form["code_verifier"].as_bytes()));
        let given = given.filter(|(_, expected)| known && *expected == challenge);
        let Some((nonce, _)) = given.filter(|_| self.mischief != Mischief::Refuses) else {
            return Fetched { status: 400, body: br#"{"error":"invalid_grant"}"#.to_vec() };
        };
        let body = match self.mischief {
            Mischief::NotJson => "<html>".to_owned(),
            Mischief::NoToken => json!({ "access_token": "x" }).to_string(),
            Mischief::BrokenAccess => {
                json!({ "access_token": "x\r\nx: y", "id_token": self.id_token(&nonce) }).to_string()
            }
            _ => json!({ "access_token": "x.y-z", "token_type": "Bearer", "id_token": self.id_token(&nonce) })
                .to_string(),
        };
        Fetched { status: 200, body: body.into_bytes() }
    }

    fn id_token(&self, nonce: &str) -> String {
        let now = self.now;
        let mut claims = json!({
            "iss": self.url, "aud": CLIENT, "exp": now + 300, "iat": now, "auth_time": now, "nonce": nonce,
        });
        for (name, value) in self.person.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let mut header = json!({ "alg": "ES256", "kid": self.kid, "typ": "JWT" });
        let other = pair();
        let mut key = &self.key;
        match self.mischief {
            Mischief::WrongIssuer => claims["iss"] = json!("https://other.example"),
            Mischief::NoNonce => claims["nonce"] = Value::Null,
            Mischief::AlgNone => header["alg"] = json!("none"),
            Mischief::SwappedKey => key = &other,
            Mischief::Hmac | Mischief::HmacOfPublicKey => header["alg"] = json!("HS256"),
            Mischief::OtherAlg => header["alg"] = json!("RS256"),
            Mischief::OwnKey => (header["jwk"], key) = (jwk(&other, &self.kid), &other),
            Mischief::Expired => claims["exp"] = json!(now - 31),
            Mischief::FromTheFuture => claims["iat"] = json!(now + 3_600),
            Mischief::OtherAudience => claims["aud"] = json!("another"),
            Mischief::TwoAudiences => claims["aud"] = json!([CLIENT, "another"]),
            Mischief::OtherParty => claims["azp"] = json!("another"),
            Mischief::UnknownKid => header["kid"] = json!("nobody's"),
            Mischief::NoKid => header["kid"] = Value::Null,
            Mischief::StaleProof => claims["auth_time"] = json!(now - 86_400),
            Mischief::NoProof => claims["auth_time"] = Value::Null,
            Mischief::NoSubject => claims["sub"] = json!(""),
            Mischief::HugeToken => claims["more"] = json!("x".repeat(20_000)),
            _ => {}
        }
        let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
        let hmac = |key: &[u8]| {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key);
            ring::hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
        };
        let signature = match self.mischief {
            Mischief::AlgNone => Vec::new(),
            Mischief::Hmac => hmac(SECRET.as_bytes()),
            Mischief::HmacOfPublicKey => hmac(self.key.public_key().as_ref()),
            _ => key.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec(),
        };
        if self.mischief == Mischief::AlteredClaims {
            claims["id_number"] = json!("990000199001010018");
        }
        format!("{}.{}.{}", b64(header.to_string()), b64(claims.to_string()), b64(signature))
    }
}

impl Fetch for Provider {
    fn get(&self, url: &str, authorization: Option<&str>) -> Result<Fetched, String> {
        let own = self.url();
        Ok(self.answer(url.strip_prefix(&own).ok_or("another host")?, authorization, ""))
    }

    fn post(&self, url: &str, authorization: Option<&str>, form: &str) -> Result<Fetched, String> {
        let own = self.url();
        Ok(self.answer(url.strip_prefix(&own).ok_or("another host")?, authorization, form))
    }
}
