//! A city with a clock that moves, and people who sign in to it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chengxin_app::account::{Begin, Begun, NewAccount, OneTimeCode, Second, SignIn, SignedIn};
use chengxin_app::{AppError, Clock, Installation};
use chengxin_core::{Caller, Ground, Role};
use chengxin_seal::totp_code;
use chengxin_store::audit::Cell;
use chengxin_store::testing::Hand;
use data_encoding::BASE32_NOPAD;

use crate::city::{self, City, OFFICE};

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
pub const PASSWORD: &str = "seven quiet herons";

/// A clock that a test moves on.
pub struct Hands(AtomicI64);

impl Clock for Hands {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub struct Desk {
    pub app: Installation,
    pub clock: Arc<Hands>,
    pub city: City,
}

/// Somebody who can sign in.
#[derive(Clone)]
pub struct Person {
    pub account: [u8; 16],
    pub login: String,
    pub secret: Option<[u8; 20]>,
    pub recovery: Vec<String>,
}

pub fn public() -> Caller {
    Caller { ground: Ground::OwnRight, ..city::caller(Role::Public, "visitor", None) }
}

pub fn administrator() -> Caller {
    Caller::operator("operator", "test")
}

pub fn credit_office() -> Caller {
    city::caller(Role::CreditOffice, "credit", None)
}

pub fn identity_clerk() -> Caller {
    city::caller(Role::IdentityClerk, "孙敏", None)
}

impl Desk {
    pub fn new() -> Self {
        Self::over(City::new())
    }

    pub fn over(city: City) -> Self {
        let clock = Arc::new(Hands(AtomicI64::new(city::clock().now_us())));
        let app = Installation::open(city.installation.dir(), clock.clone()).unwrap();
        Self { app, clock, city }
    }

    pub fn now(&self) -> i64 {
        self.clock.now_us()
    }

    pub fn pass(&self, us: i64) {
        self.clock.0.fetch_add(us, Ordering::Relaxed);
    }

    pub fn hand(&self) -> Hand {
        Hand::in_(self.app.database())
    }

    /// Digits that the app shows, of a step that was not shown before.
    pub fn digits(&self, secret: &[u8; 20]) -> String {
        self.pass(31 * SECOND);
        totp_code(secret, self.now() / SECOND)
    }

    /// Opens an account.
    pub fn open(&mut self, login: &str, rights: &[(Role, Option<&str>)]) -> Result<OneTimeCode, AppError> {
        let rights = rights.iter().map(|(role, authority)| (*role, authority.map(str::to_owned))).collect();
        let new = NewAccount { login: login.to_owned(), name: format!("{login}先生"), rights };
        Ok(self.app.account_open(&administrator(), &new)?.code)
    }

    /// The app's secret that belongs to a code.
    pub fn secret(&mut self, code: &OneTimeCode) -> (String, [u8; 20]) {
        let enrolment = self.app.account_enrol(&public(), &code.link, "10.0.0.1").unwrap();
        assert!(enrolment.totp_uri.contains(&enrolment.totp_secret));
        let secret = BASE32_NOPAD.decode(enrolment.totp_secret.as_bytes()).unwrap().try_into().unwrap();
        (enrolment.enrolment, secret)
    }

    /// What the holder of a code enters.
    pub fn choice(&mut self, code: &OneTimeCode, login: Option<&str>) -> (Begin, [u8; 20]) {
        let (enrolment, secret) = self.secret(code);
        let begin = Begin {
            enrolment,
            code: code.code.grouped(),
            login: login.map(str::to_owned),
            name: login.map(|login| format!("{login}女士")),
            password: PASSWORD.to_owned(),
            totp: Some(self.digits(&secret)),
            source: "10.0.0.1".to_owned(),
        };
        (begin, secret)
    }

    pub fn begin(&mut self, code: &OneTimeCode, login: Option<&str>) -> Person {
        let (begin, secret) = self.choice(code, login);
        person(self.app.account_begin(&public(), &begin).unwrap(), Some(secret))
    }

    /// A member of staff who can sign in.
    pub fn staff(&mut self, login: &str, rights: &[(Role, Option<&str>)]) -> Person {
        let code = self.open(login, rights).unwrap();
        self.begin(&code, None)
    }

    pub fn clerk(&mut self, login: &str) -> Person {
        self.staff(login, &[(Role::Clerk, Some(OFFICE))])
    }

    /// What somebody enters who is who they say.
    pub fn entered(&self, person: &Person) -> SignIn {
        SignIn {
            login: person.login.clone(),
            password: PASSWORD.to_owned(),
            second: person.secret.map(|secret| Second::Totp(self.digits(&secret))),
            source: "10.0.0.1".to_owned(),
            device: None,
            label: "窗口电脑".to_owned(),
        }
    }

    pub fn sign_in(&mut self, person: &Person) -> SignedIn {
        let entered = self.entered(person);
        self.app.session_open(&public(), &entered).unwrap()
    }

    /// Refusals in the log of the installation: operation and reason.
    pub fn denials(&self) -> Vec<(String, String)> {
        // Those in persons' own logs say no reason.
        let text = "SELECT detail FROM log_entry WHERE operation = 'access_deny' AND detail LIKE '%\"reason\"%' ORDER BY number";
        let rows = self.hand().rows(text, &[]);
        let read = |row: Vec<Cell>| {
            let detail: serde_json::Value = serde_json::from_str(&row[0].to_string()).unwrap();
            let text = |name: &str| detail[name].as_str().unwrap().to_owned();
            (text("operation"), text("reason"))
        };
        rows.unwrap().into_iter().map(read).collect()
    }

    /// Nothing in the database contradicts the log.
    pub fn assert_whole(&mut self) {
        self.app.log_sequence().unwrap();
        let verified = self.app.log_verify(&city::caller(Role::Auditor, "audit", None), None).unwrap();
        assert!(verified.is_whole(), "{:#?}", verified.findings);
    }
}

pub fn person(begun: Begun, secret: Option<[u8; 20]>) -> Person {
    Person { account: begun.account, login: begun.login, secret, recovery: begun.recovery_codes }
}
