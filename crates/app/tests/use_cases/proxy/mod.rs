//! A town in which people act for each other: each with an account that a window bound, records held about one of them, an organisation.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use chengxin_app::account::{Acting, Redeem, Redeemed, Token};
use chengxin_app::log::Line;
use chengxin_app::mandate::{MandateEnding, MandateLine, MandateOffer, MandateRecord, OfferedMandate};
use chengxin_app::record::RecordList;
use chengxin_app::{AppError, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, Paper, PaperKind, Scope};
use chengxin_core::{Caller, Role, Standing};
use jiff::civil::{Date, date};

use crate::city::{City, OFFICE, caller, row};
use crate::desk::{Desk, Person, identity_clerk, person, public};

pub const KIND: DocumentKind = DocumentKind::ResidentId;
pub const UNTIL: Date = date(2027, 5, 21);

/// Somebody with an account that a window bound to them.
pub struct Someone {
    pub number: String,
    pub person: Person,
    pub token: Token,
}

pub struct Proxies {
    pub desk: Desk,
    /// Records are held about her.
    pub mother: Someone,
    pub daughter: Someone,
    pub stranger: Someone,
}

impl Proxies {
    pub fn new() -> Self {
        let mut city = City::new();
        city.import("rows.csv", &[row(1)]);
        city.release();
        let mut desk = Desk::over(city);
        let [mother, daughter, stranger] =
            [(1, "mother"), (2, "daughter"), (3, "stranger")].map(|(at, login)| someone(&mut desk, at, login));
        Self { desk, mother, daughter, stranger }
    }

    pub fn window() -> Caller {
        caller(Role::Clerk, "li", Some(OFFICE))
    }

    /// Somebody's caller for an operation, on a mandate or for themself, with a fresh proof.
    pub fn as_whom(
        &mut self,
        who: fn(&Self) -> &Someone,
        name: &'static str,
        mandate: Option<&str>,
    ) -> Result<(Caller, DocumentKind, String), AppError> {
        let person = who(self).person.clone();
        let token = self.desk.sign_in(&person).token;
        self.with(&token, name, mandate)
    }

    /// The same in a session that is open.
    pub fn with(
        &mut self,
        token: &Token,
        name: &'static str,
        mandate: Option<&str>,
    ) -> Result<(Caller, DocumentKind, String), AppError> {
        let acting = Acting { mandate: mandate.map(str::to_owned), ..Acting::default() };
        let (who, caller) = self.desk.app.session_caller(Some(token), name, &acting)?;
        let (kind, number) = self.desk.app.own_document(&caller, name, &who)?;
        Ok((caller, kind, number))
    }

    pub fn offer_of(&self, scope: &[Scope]) -> MandateOffer {
        MandateOffer {
            kind: KIND,
            number: self.mother.number.clone(),
            name: "周明".to_owned(),
            actor_kind: KIND,
            actor_number: self.daughter.number.clone(),
            actor_name: "周小雨".to_owned(),
            of_age: false,
            scope: scope.iter().copied().collect(),
            from: None,
            until: UNTIL,
        }
    }

    /// Her mother offers.
    pub fn offer(&mut self, scope: &[Scope]) -> OfferedMandate {
        let offer = self.offer_of(scope);
        let (caller, ..) = self.as_whom(|it| &it.mother, "mandate_offer", None).unwrap();
        self.desk.app.mandate_offer(&caller, &offer).unwrap()
    }

    pub fn accept(&mut self, who: fn(&Self) -> &Someone, code: &str) -> Result<MandateLine, AppError> {
        let (caller, kind, number) = self.as_whom(who, "mandate_accept", None)?;
        self.desk.app.mandate_accept(&caller, kind, &number, code)
    }

    /// A mandate of the mother's that the daughter accepted; its number.
    pub fn granted(&mut self, scope: &[Scope]) -> String {
        let code = self.offer(scope).code.grouped();
        self.accept(|it| &it.daughter, &code).unwrap().number
    }

    pub fn records(&mut self, who: fn(&Self) -> &Someone, mandate: &str) -> Result<RecordList, AppError> {
        let (caller, kind, number) = self.as_whom(who, "record_list", Some(mandate))?;
        self.desk.app.record_list(&caller, kind, &number)
    }

    /// Refused in the one sentence, and a denial in the log.
    #[track_caller]
    pub fn refused(&mut self, who: fn(&Self) -> &Someone, name: &'static str, mandate: &str) {
        let before = self.desk.denials().len();
        let refused = self.as_whom(who, name, Some(mandate)).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{refused}");
        assert!(refused.public.zh.starts_with("没有可用于此项办理的委托"), "{refused}");
        assert_eq!(self.desk.denials().len(), before + 1, "it is logged as a denial");
    }

    pub fn lines(&mut self, who: fn(&Self) -> &Someone, mandate: Option<&str>) -> Vec<Line> {
        let (caller, kind, number) = self.as_whom(who, "log_lines", mandate).unwrap();
        let lines = self.desk.app.log_lines(&caller, kind, &number).unwrap();
        assert_eq!(lines.broken, None);
        lines.lines
    }

    pub fn mandates(&mut self, who: fn(&Self) -> &Someone) -> Vec<MandateLine> {
        let (caller, kind, number) = self.as_whom(who, "mandate_list", None).unwrap();
        self.desk.app.mandate_list(&caller, kind, &number).unwrap()
    }

    /// The window's binding of somebody's account is gone.
    pub fn unbind(&mut self, who: fn(&Self) -> &Someone) {
        let (caller, ..) = self.as_whom(who, "record_list", None).unwrap();
        let Standing::Session(session) = &caller.standing else { unreachable!("a session") };
        let subject = session.subject.unwrap().0;
        self.desk.hand().run("DELETE FROM account_binding WHERE subject_id = $1", &[(&subject).into()]).unwrap();
    }

    pub fn record_of(&self, kind: MandateKind, actor: &Someone) -> MandateRecord {
        let organisation = kind == MandateKind::LegalRepresentative;
        let (mandator, paper) = if organisation {
            ((DocumentKind::Uscc, OFFICE.to_owned()), PaperKind::Licence)
        } else {
            ((KIND, self.mother.number.clone()), PaperKind::CourtJudgment)
        };
        MandateRecord {
            kind,
            mandator,
            mandator_name: if organisation { "云汀市交通运输局" } else { "周明" }.to_owned(),
            actor: (KIND, actor.number.clone()),
            actor_name: "周小雨".to_owned(),
            of_age: false,
            scope: [].into(),
            from: None,
            until: date(2028, 11, 21),
            evidence: "双方证件原件和文书原件，与本人相符".to_owned(),
            paper: Paper { kind: paper, number: "〔2026〕民特12号".to_owned(), date: date(2026, 6, 1) },
        }
    }

    pub fn ending(of: &MandateRecord) -> MandateEnding {
        let MandateRecord { kind, mandator, evidence, paper, .. } = of.clone();
        MandateEnding { kind, mandator, number: None, evidence, paper }
    }
}

fn someone(desk: &mut Desk, at: u32, login: &str) -> Someone {
    let number = row(at).number;
    let code = desk.app.activation_issue(&identity_clerk(), KIND, &number, "居民身份证原件，与本人相符").unwrap();
    let (choice, secret) = desk.choice(&code, Some(login));
    let Redeemed::Begun(begun) = desk.app.activation_redeem(&public(), &Redeem::New(&choice)).unwrap() else {
        unreachable!("a new account begins")
    };
    let person = person(begun, Some(secret));
    let token = desk.sign_in(&person).token;
    Someone { number, person, token }
}
