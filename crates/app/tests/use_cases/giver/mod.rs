//! A town in which a person consents and clerks ask: one made-up person of whom records are held, two offices, two matters of consent.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use std::sync::Arc;

use chengxin_app::check::{CheckRequest, Checked};
use chengxin_app::consent::{ConsentCodeRequest, ConsentLine, ConsentRequest, Granted, IssuedCode, RecipientAsked};
use chengxin_app::log::{Line, Verified};
use chengxin_app::report::TrustList;
use chengxin_app::{AppError, FixedClock, Installation, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role};
use chengxin_store::ReadStore;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::log::INSTALLATION;
use jiff::civil::{Date, date};

use crate::city::{City, OFFICE, caller, row};

pub const MATTER: &str = "commitment-based-approval";
/// The same matter again under another code.
pub const OTHER_MATTER: &str = "commitment-based-approval-again";
/// A made-up market bureau.
pub const OTHER_OFFICE: &str = "11990000MB0000002C";
const KIND: DocumentKind = DocumentKind::ResidentId;

/// A clerk with what an applicant showed.
pub fn clerk(actor: &str, office: &str, shown: &str) -> Caller {
    Caller { ground: Ground::Consent(shown.to_owned()), ..caller(Role::Clerk, actor, Some(office)) }
}

/// The person.
pub fn me() -> Caller {
    Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "zhou", None) }
}

pub mod paper {
    use chengxin_app::consent::{PaperConsent, PaperFor};
    use chengxin_core::{Caller, Role};

    use super::{KIND, MATTER, OFFICE, caller};

    pub fn clerk() -> Caller {
        caller(Role::Clerk, "li", Some(OFFICE))
    }

    pub fn of(number: &str) -> PaperConsent {
        PaperConsent {
            kind: KIND,
            number: number.to_owned(),
            what: PaperFor::Check(MATTER.to_owned()),
            evidence: "居民身份证原件，与本人相符".to_owned(),
            paper: "授权书〔2026〕31号".to_owned(),
        }
    }
}

pub struct Town {
    pub city: City,
    pub name: String,
    pub number: String,
    trust: TrustList,
    clerks: u32,
}

impl Town {
    pub fn new() -> Self {
        let mut city = City::new();
        let operator = Caller::operator("operator", "test");
        let market = AuthorityRow {
            code: OTHER_OFFICE.to_owned(),
            name: "云汀市市场监督管理局".to_owned(),
            name_en: "Yunting Market Bureau".to_owned(),
            kind: "market_regulation".to_owned(),
        };
        city.installation.authority_add(&operator, &market).unwrap();
        let person = row(1);
        city.import("rows.csv", std::slice::from_ref(&person));
        let second = city.second();
        city.installation.submission_release(&second, 1).unwrap();
        city.installation.catalogue_apply(&operator, &two_matters(&city)).unwrap();
        let trust = TrustList::from_json(city.installation.trust_list_json().as_bytes()).unwrap();
        Self { city, name: person.name, number: person.number, trust, clerks: 0 }
    }

    pub fn trust(&self) -> &TrustList {
        &self.trust
    }

    /// The city at an instant.
    pub fn at(&self, now_us: i64) -> Installation {
        Installation::open(self.city.installation.dir(), Arc::new(FixedClock(now_us))).unwrap()
    }

    /// The city on a day.
    pub fn on(&self, day: Date) -> Installation {
        Installation::open(self.city.installation.dir(), Arc::new(FixedClock::on(day))).unwrap()
    }

    pub fn consent_request(&self) -> ConsentRequest {
        ConsentRequest {
            kind: KIND,
            number: self.number.clone(),
            recipient: RecipientAsked::Authority(OFFICE.to_owned()),
            purpose: String::new(),
            matter: Some(MATTER.to_owned()),
            classes: Vec::new(),
            from: None,
            until: date(2027, 5, 21),
            uses: 1,
        }
    }

    pub fn grant(&mut self, change: impl FnOnce(&mut ConsentRequest)) -> Granted {
        let mut request = self.consent_request();
        change(&mut request);
        self.city.installation.consent_grant(&me(), &request).unwrap()
    }

    pub fn code(&mut self) -> IssuedCode {
        let (matter, authority) = (MATTER.to_owned(), OFFICE.to_owned());
        let request = ConsentCodeRequest { kind: KIND, number: self.number.clone(), matter, authority };
        self.city.installation.consent_code(&me(), &request).unwrap()
    }

    pub fn about(&self, name: &str, number: &str) -> CheckRequest {
        CheckRequest {
            matter: MATTER.to_owned(),
            kind: KIND,
            number: number.to_owned(),
            name: name.to_owned(),
            case_number: "云交受〔2026〕17号".to_owned(),
        }
    }

    pub fn request(&self) -> CheckRequest {
        self.about(&self.name, &self.number)
    }

    pub fn ask(&mut self, shown: &str) -> Result<Checked, AppError> {
        self.ask_as("li", OFFICE, MATTER, shown)
    }

    pub fn ask_as(&mut self, actor: &str, office: &str, matter: &str, shown: &str) -> Result<Checked, AppError> {
        let request = CheckRequest { matter: matter.to_owned(), ..self.request() };
        self.city.installation.check_answer(&clerk(actor, office, shown), &request)
    }

    /// Another clerk each time, so that none has to wait: refused in the one sentence.
    pub fn refused_alike(&mut self, shown: &str) -> AppError {
        self.clerks += 1;
        let (actor, before) = (format!("other-{}", self.clerks), self.denials());
        let refused = self.ask_as(&actor, OFFICE, MATTER, shown).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{refused}");
        assert!(refused.public.zh.starts_with("没有可用于本次核查的"), "{refused}");
        assert_eq!(self.denials(), before + 1, "it is logged as a denial");
        refused
    }

    pub fn list(&mut self) -> Vec<ConsentLine> {
        self.city.installation.consent_list(&me(), KIND, &self.number).unwrap()
    }

    pub fn lines(&mut self) -> Vec<Line> {
        let lines = self.city.installation.log_lines(&me(), KIND, &self.number).unwrap();
        assert_eq!(lines.broken, None);
        lines.lines
    }

    /// What the installation's log says of each denial.
    pub fn denial_details(&self) -> Vec<(String, String)> {
        let store = ReadStore::open(self.city.installation.database()).unwrap();
        let entries = store.view().log_of_subject(&INSTALLATION, 0, 10_000).unwrap();
        let denied = entries.into_iter().filter(|entry| entry.operation == "access_deny");
        let ground =
            |caller: &str| serde_json::from_str::<Caller>(caller).map(|caller| format!("{:?}", caller.ground)).unwrap();
        denied.map(|entry| (entry.detail, ground(&entry.caller))).collect()
    }

    pub fn denials(&self) -> usize {
        self.denial_details().len()
    }

    pub fn verified(&mut self) -> Verified {
        self.city.installation.log_sequence().unwrap();
        self.city.installation.log_verify(&caller(Role::Auditor, "audit", None), None).unwrap()
    }

    pub fn assert_whole(&mut self) {
        let verified = self.verified();
        assert!(verified.is_whole(), "{:#?}", verified.findings);
    }
}

/// The shipped catalogue with the matter of consent a second time.
fn two_matters(city: &City) -> std::path::PathBuf {
    let dir = city.dir.path().join("catalogue");
    for (name, text) in chengxin_app::catalogue::shipped_files() {
        let path = dir.join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = if name == "matters/commitment.toml" {
            let again = text.replace(MATTER, OTHER_MATTER).replace("采用告知承诺制办理", "再次采用告知承诺制办理");
            let again = again
                .replace("Adoption of a commitment-based approval", "Adoption of a commitment-based approval, again");
            format!("{text}\n{again}")
        } else {
            text
        };
        std::fs::write(path, text).unwrap();
    }
    dir
}
