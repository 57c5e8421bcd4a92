//! A city that holds one of each thing, and somebody in every role who comes to its pages.

use std::num::NonZeroU32;

use chengxin_app::complaint::{ComplaintRequest, LineAt};
use chengxin_app::log::LineChain;
use chengxin_app::mandate::MandateRecord;
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, Paper, PaperKind};
use chengxin_core::{Caller, Ground, Role};
use chengxin_web::Rate;
use jiff::civil::date;

use crate::browser::{Browser, form, officer, resident};
use crate::city::{City, OFFICE, Row, caller, csv, firm, number, row};
use crate::desk::Person;
use crate::looked_at::{Lived, consented, decided, lived, objected};
use crate::site::Site;

/// Numbers and codes of what is somebody's own.
#[derive(Debug, Default)]
struct Own {
    record: String,
    objection: String,
    decided: String,
    line: String,
    complaint: String,
    receipt: String,
    notice: String,
}

/// The city, its people, and the numbers of what is in it.
pub(crate) struct Whole {
    pub(crate) site: Site,
    /// Somebody in each role that a page is for; the representative acts on the mandate of an organisation.
    pub(crate) people: Vec<(Role, Person)>,
    /// On which mandate.
    pub(crate) mandate: String,
    pub(crate) lived: Lived,
    own: Own,
    theirs: Own,
    /// A submission that waits for its release.
    waiting: i64,
    /// A file that an officer is at work on, and a form that somebody sent who was not signed in.
    draft: String,
    resumed: String,
}

fn as_person(role: Role) -> Caller {
    Caller { ground: Ground::OwnRight, ..caller(role, "zhou", None) }
}

/// What somebody has who lets their bank look, complains of a look, and objected; `filed` before it, if it was.
fn own(city: &mut City, role: Role, kind: DocumentKind, number: &str, filed: Option<(String, String)>) -> Own {
    let (own, app) = (as_person(role), &mut city.installation);
    let (record, objection) = filed.unwrap_or_else(|| objected(app, &own, kind, number));
    let receipt = consented(app, &own, kind, number);
    // The line of the last look: about the first one something may have been said already.
    let lines = app.log_lines(&own, kind, number).unwrap().lines;
    let line = lines.iter().filter_map(|line| line.number).max().unwrap();
    let at = LineAt::Number(LineChain::Records, line);
    let asked =
        ComplaintRequest { kind, number: number.to_owned(), line: at, words: "我没有请人查看".to_owned() };
    let complaint = app.complaint_file(&own, &asked).unwrap().number;
    Own { record, objection, line: line.to_string(), complaint, receipt, ..Own::default() }
}

/// The window records who represents a firm.
fn represented(city: &mut City, code: &str, name: &str, actor: &str) -> String {
    let record = MandateRecord {
        kind: MandateKind::LegalRepresentative,
        mandator: (DocumentKind::Uscc, code.to_owned()),
        mandator_name: name.to_owned(),
        actor: (DocumentKind::ResidentId, actor.to_owned()),
        actor_name: "周小雨".to_owned(),
        of_age: false,
        scope: [].into(),
        from: None,
        until: date(2028, 11, 21),
        evidence: "双方证件原件和文书原件，与本人相符".to_owned(),
        paper: Paper { kind: PaperKind::Licence, number: "〔2026〕第12号".to_owned(), date: date(2026, 6, 1) },
    };
    city.installation.mandate_record(&caller(Role::Clerk, "li", Some(OFFICE)), &record).unwrap().number
}

impl Whole {
    pub(crate) async fn new() -> Self {
        let (mut city, lived) = lived();
        let (kind, second) = (DocumentKind::ResidentId, city.second());
        let another = Row { document: "云交罚〔2026〕10号".to_owned(), ..lived.person.clone() };
        let another = Row { kind: "罚款".to_owned(), fine: "0.020000".to_owned(), ..another };
        let released = city.import("another.csv", std::slice::from_ref(&another)).quality.submission;
        city.installation.submission_release(&second, released.unwrap()).unwrap();
        let waiting = city.import("waiting.csv", &[row(8)]).quality.submission.unwrap();
        let filed = (lived.record.clone(), lived.objection.clone());
        let mut own_ids = own(&mut city, Role::Resident, kind, &lived.person.number, Some(filed));
        own_ids.notice.clone_from(&lived.notice);
        own_ids.decided = decided(&mut city.installation, &as_person(Role::Resident), kind, &lived.person.number).0;
        let (firm, actor) = (firm(1), number("19900101", 7));
        let mandate = represented(&mut city, &firm.code, &firm.name, &actor);
        let mut theirs = own(&mut city, Role::Representative, DocumentKind::Uscc, &firm.code, None);
        theirs.decided.clone_from(&theirs.objection);
        let mut site = Site::at(city, Rate(NonZeroU32::new(100_000).unwrap()));
        let mut people = Vec::new();
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Public) {
            let person = match role {
                Role::Resident => resident(&mut site, &lived.person.number, "somebody"),
                Role::Representative => resident(&mut site, &actor, "represents"),
                role => officer(&mut site, role, &format!("one-{}", role.code().replace('_', "-"))),
            };
            people.push((role, person));
        }
        let (draft, resumed) = (String::new(), String::new());
        let mut whole = Self { site, people, mandate, lived, own: own_ids, theirs, waiting, draft, resumed };
        whole.draft = whole.drafted().await;
        let typed = form(&[("to", "other"), ("organisation", "云汀银行")]);
        let kept = Browser::new(&whole.site).post("/me/consents/new", &typed).await.location;
        whole.resumed = kept.rsplit('/').next().unwrap().to_owned();
        whole
    }

    /// A file that its officer tries; its id.
    async fn drafted(&self) -> String {
        let browser = Browser::of(&self.site, self.person(Role::DataOfficer)).await;
        let bad = Row { decided: "2026-02-30".to_owned(), ..row(3) };
        let fields = [("item", "penalty"), ("dry-run", "yes")];
        let tried = browser.upload("/desk/submissions", &fields, "罚.csv", &csv(&[row(2), bad])).await;
        let id = tried.location.rsplit('/').next().unwrap().to_owned();
        browser.get(&tried.location).await.shows(&["试运行"]);
        id
    }

    pub(crate) fn person(&self, role: Role) -> &Person {
        &self.people.iter().find(|(of, _)| *of == role).unwrap().1
    }

    /// A path that leads to a route, as somebody in a role comes to it.
    pub(crate) fn path(&self, route: &str, role: Role) -> String {
        let own = if role == Role::Representative { &self.theirs } else { &self.own };
        let notice = if own.notice.is_empty() { &self.own.notice } else { &own.notice };
        let number = match route {
            "/me/proceedings/{number}/decision" => &own.decided,
            "/me/complaints/new/{chain}/{number}" => &own.line,
            _ if route.starts_with("/me/complaints") || route.starts_with("/office/complaints") => &own.complaint,
            _ if route.starts_with("/me") => &own.objection,
            _ => &self.own.objection,
        };
        let path = match route {
            "/v/{code}" => self.lived.report.clone(),
            "/d/{number}/{code}" => self.lived.decision.clone(),
            "/begin/{code}" => self.lived.begin.clone(),
            "/office/submissions/before/{number}" => route.replace("{number}", "9"),
            _ if route.starts_with("/desk/letters") => route.replace("{notice}", &self.lived.letter),
            _ if route.starts_with("/desk/submissions/drafts") => route.replace("{id}", &self.draft),
            _ if route.starts_with("/desk/submissions") => route.replace("{id}", &self.waiting.to_string()),
            "/me/resumed/{id}" => route.replace("{id}", &self.resumed),
            _ => route.to_owned(),
        };
        let check = "HC20261121-0000-0000-0000-0000";
        let mut path = path;
        for (name, value) in [
            ("{record}", own.record.as_str()),
            ("{number}", number.as_str()),
            ("{notice}", notice.as_str()),
            ("{receipt}", &own.receipt),
            ("{mandate}", &self.mandate),
            (
                "{matter}",
                if role == Role::Representative { "goods-transport-licence" } else { "road-transport-practitioner" },
            ),
            ("{code}", if route.starts_with("/desk/authorities") { OFFICE } else { &self.lived.entry }),
            ("{account}", &self.lived.account),
            ("{authority}", OFFICE),
            ("{channel}", &"0".repeat(32)),
            ("{item}", "penalty"),
            ("{page}", "your-rights"),
            ("{issuer}", "nobody"),
            ("{*path}", "0/000"),
            ("{chain}", "records"),
            ("{file}", "1"),
            ("{id}", "1"),
            ("{kind}", "objection"),
            ("{what}", "objection"),
            ("{check}", check),
            ("{month}", "2026-10"),
            ("{table}", "submissions"),
            ("{format}", "csv"),
        ] {
            path = path.replace(name, value);
        }
        assert!(!path.contains('{'), "nothing is put in for a part of {path}");
        if role == Role::Representative && path.starts_with("/me") && !path.starts_with("/me/account") {
            path = format!("{path}?for={}", self.mandate);
        }
        path
    }
}
