//! Somebody with an account and a device, who registers, signs in and proves by it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use chengxin_app::account::{Acting, Challenge, FactorLine, PasskeySignIn, SignedIn, Token, Who};
use chengxin_app::{AppError, Kind};
use chengxin_core::{Caller, Role};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::authenticator::Authenticator;
use crate::city::OFFICE;
use crate::desk::{Desk, MINUTE, Person, public};

pub fn base64(bytes: &[u8]) -> Value {
    json!(BASE64URL_NOPAD.encode(bytes))
}

pub fn unbase64(value: &Value) -> Vec<u8> {
    BASE64URL_NOPAD.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

/// A device on a page of the city's.
pub fn device() -> Authenticator {
    Authenticator::new("https://credit.example")
}

pub struct Bench {
    pub desk: Desk,
    pub person: Person,
    pub token: Token,
    pub device: Authenticator,
    /// What the device was given when it signed in.
    pub known_device: Option<String>,
}

impl Bench {
    /// A clerk with a passkey.
    pub fn new() -> Self {
        let mut desk = Desk::new();
        let person = desk.clerk("zhou");
        Self::of(desk, person)
    }

    /// Somebody, with a passkey.
    pub fn of(mut desk: Desk, person: Person) -> Self {
        let token = desk.sign_in(&person).token;
        let mut bench = Self { desk, person, token, device: device(), known_device: None };
        let mut own = device();
        bench.add(&mut own, "办公电脑").unwrap();
        bench.device = own;
        bench
    }

    /// A device with a passkey of another clerk.
    pub fn another(bench: &mut Self, login: &str) -> Authenticator {
        let other = bench.desk.staff(login, &[(Role::Clerk, Some(OFFICE))]);
        let token = bench.desk.sign_in(&other).token;
        let own = std::mem::replace(&mut bench.token, token);
        let mut device = device();
        bench.add(&mut device, "另一台").unwrap();
        bench.token = own;
        device
    }

    /// They, about to do something to their own account.
    pub fn own(&mut self, token: &Token, name: &'static str) -> Result<(Who, Caller), AppError> {
        let acting = Acting { purpose: "管理本人账户".to_owned(), ..Acting::default() };
        self.desk.app.session_caller(Some(token), name, &acting)
    }

    pub fn own_now(&mut self, name: &'static str) -> (Who, Caller) {
        let token = self.token.clone();
        self.own(&token, name).unwrap()
    }

    pub fn offer(&mut self) -> Result<Challenge, AppError> {
        let (who, caller) = self.own_now("account_factor_add");
        self.desk.app.passkey_offer(&caller, &who)
    }

    pub fn answer_offer(&mut self, ceremony: &str, answer: &Value) -> Result<Vec<String>, AppError> {
        let (who, caller) = self.own_now("account_factor_add");
        self.desk.app.passkey_add(&caller, &who, ceremony, "手机", answer)
    }

    pub fn add(&mut self, device: &mut Authenticator, name: &str) -> Result<Vec<String>, AppError> {
        let challenge = self.offer()?;
        let answer = device.register(&challenge.options);
        let (who, caller) = self.own_now("account_factor_add");
        self.desk.app.passkey_add(&caller, &who, &challenge.ceremony, name, &answer)
    }

    pub fn factors(&mut self) -> Vec<FactorLine> {
        let (who, caller) = self.own_now("account_factor_list");
        self.desk.app.account_factor_list(&caller, &who).unwrap()
    }

    /// The same after signing in anew.
    pub fn factors_by_password(&mut self) -> Vec<FactorLine> {
        self.token = self.desk.sign_in(&self.person.clone()).token;
        self.factors()
    }

    pub fn remove(&mut self, id: &str) -> Result<(), AppError> {
        let (who, caller) = self.own_now("account_factor_remove");
        self.desk.app.account_factor_remove(&caller, &who, id)
    }

    /// Signs in anew, since what is sensitive takes a proof of the last minutes.
    pub fn renew_proof(&mut self) {
        self.token = self.desk.sign_in(&self.person.clone()).token;
    }

    pub fn asked(&mut self, login: &str) -> Value {
        self.desk.app.session_open_ask(&public(), login).unwrap().options
    }

    pub fn answered(&mut self, ceremony: &str, answer: Value) -> Result<SignedIn, AppError> {
        self.answered_from(ceremony, answer, "10.0.0.1")
    }

    pub fn answered_from(&mut self, ceremony: &str, answer: Value, source: &str) -> Result<SignedIn, AppError> {
        let sign_in = PasskeySignIn {
            ceremony: ceremony.to_owned(),
            answer,
            source: source.to_owned(),
            device: self.known_device.clone(),
            label: "手机".to_owned(),
        };
        self.desk.app.session_open_passkey(&public(), &sign_in)
    }

    pub fn sign_in(&mut self, login: &str) -> Result<SignedIn, AppError> {
        let challenge = self.desk.app.session_open_ask(&public(), login)?;
        let answer = self.device.prove(&challenge.options);
        self.answered(&challenge.ceremony, answer)
    }

    /// Refused in a sentence that says no more than that, for a reason that only the server's log has; a denial; nothing opened or added.
    #[track_caller]
    pub fn refused<T>(
        &mut self,
        what: &str,
        why: &str,
        tried: impl FnOnce(&mut Self) -> Result<T, AppError>,
    ) -> AppError {
        let count = |bench: &Self| {
            let of = |table| bench.desk.hand().number(&format!("SELECT count(*) FROM {table}"), &[]).unwrap();
            [of("session"), of("credential")]
        };
        let (rows, denials) = (count(self), self.desk.denials().len());
        let refusal = tried(self).map(|_| ()).expect_err(what);
        assert_eq!(refusal.kind, Kind::Forbidden, "{what}: {refusal}");
        assert!(refusal.private.contains(why), "{what}: {}", refusal.private);
        assert!(why.is_empty() || !refusal.public.en.contains(why), "{what} is not told");
        assert_eq!(count(self), rows, "{what}");
        assert_eq!(self.desk.denials().len(), denials + 1, "{what}: each refusal stands in the log");
        self.desk.pass(MINUTE);
        refusal
    }
}
