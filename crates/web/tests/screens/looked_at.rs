//! Pages looked at by a browser, on a phone and at a desk, in both languages: accessible to everybody, valid, without a fault in the console; and
//! pictures of them, where `CHENGXIN_SCREENSHOTS` names a folder (`cargo xtask screenshots`).

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chengxin_app::Installation;
use chengxin_app::account::NewAccount;
use chengxin_app::complaint::{ComplaintRequest, LineAt};
use chengxin_app::consent::{ConsentRequest, RecipientAsked};
use chengxin_app::log::LineChain;
use chengxin_app::objection::{ObjectionAnswer, ObjectionRequest};
use chengxin_app::proceeding::Attachment;
use chengxin_app::publication::PublicationQuery;
use chengxin_app::report::ReportRequest;
use chengxin_core::identity::DocumentKind;
use chengxin_core::objection::ObjectionStep;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Lang, Role};
use chengxin_web::Rate;
use jiff::civil::date;
use serde_json::{Value, json};

use crate::browser::{Browser, officer, resident, revoked};
use crate::city::{City, OFFICE, Row, caller, csv, firm, row};
use crate::site::Site;

const MATTER: &str = "road-transport-practitioner";
/// Where a one-time code is for: a matter that is asked on consent, and its window.
const CODE_AT: &str = "commitment-based-approval|11990000MB0000001E";

/// Where `cargo xtask test` puts the packages, and how they get there by hand.
pub(crate) fn packages() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/browser");
    let folder = std::env::var_os("CHENGXIN_BROWSER").map_or(usual, PathBuf::from);
    assert!(
        folder.join("node_modules/playwright-core/package.json").is_file(),
        "playwright-core is not installed. With Node.js 20 or later and Chromium (Debian: sudo apt-get install npm chromium), in the folder of \
         the workspace run: mkdir -p target/tools/browser && cp tests/browser/package*.json target/tools/browser && \
         npm ci --ignore-scripts --prefix target/tools/browser"
    );
    folder
}

/// Asks the browser to look; what it found wrong.
fn looked(asked: &Value) -> (u64, Vec<String>) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser/look.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(packages()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().unwrap();
    writeln!(node.stdin.take().unwrap(), "{asked}").unwrap();
    let output = node.wait_with_output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).expect("the browser ends with what it found");
    let wrong = found["wrong"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect();
    (found["looks"].as_u64().unwrap(), wrong)
}

fn page(name: &str, who: &str, path: &str) -> Value {
    json!({ "name": name, "who": who, "path": path })
}

/// One of which a picture is kept: of a person's pages as their phone shows them, of others as a desk does.
fn shot(name: &str, who: &str, path: &str) -> Value {
    let picture = if who == "resident" { "phone-zh" } else { "desk-zh" };
    json!({ "name": name, "who": who, "path": path, "shoot": [picture] })
}

/// Pages for everybody.
fn public(lived: &Lived) -> Vec<Value> {
    let mut pages: Vec<_> = [
        ("home", "/"),
        ("catalogue-item", "/catalogue/penalty"),
        ("matter", "/matters/road-transport-practitioner"),
        ("learn-contest", "/learn/how-to-contest"),
        ("log", "/log"),
        ("styleguide", "/styleguide"),
        ("sign-in", "/sign-in"),
    ]
    .map(|(name, path)| shot(name, "nobody", path))
    .into();
    pages.extend(
        [
            ("verify", "/verify"),
            ("catalogue", "/catalogue"),
            ("publications", "/publications?item=penalty"),
            ("matters", "/matters"),
            ("learn", "/learn"),
            ("learn-law", "/learn/credit-law"),
            ("learn-rights", "/learn/your-rights"),
            ("learn-repair", "/learn/how-to-repair"),
            ("learn-window", "/learn/at-the-window"),
            ("begin", "/begin"),
            ("quality", "/quality"),
            ("authority", "/quality/11990000MB0000001E"),
            ("missing", "/no-such-page"),
        ]
        .map(|(name, path)| page(name, "nobody", path)),
    );
    pages.push(page("report-verified", "nobody", &lived.report));
    pages.push(page("decision-verified", "nobody", &lived.decision));
    pages.push(page("begin-code", "nobody", &lived.begin));
    pages.push(json!({ "name": "mistyped", "who": "nobody", "path": "/verify", "fill": { "code": "1234" } }));
    pages[0]["shoot"] = json!(["desk-zh", "desk-en", "phone-zh"]);
    pages
}

/// Pages of somebody about themself, of whom one record is looked at more closely.
fn own(lived: &Lived) -> Vec<Value> {
    let Lived { record, objection, notice, receipt, .. } = lived;
    let mut pages: Vec<_> = [
        ("me", "/me"),
        ("me-records", "/me/records"),
        ("me-log", "/me/log"),
        ("me-checks", "/me/checks"),
        ("me-reports", "/me/reports"),
        ("me-consents", "/me/consents"),
        ("me-consent-new", "/me/consents/new"),
        ("me-mandates", "/me/mandates"),
        ("me-proceedings", "/me/proceedings"),
        ("me-notices", "/me/notices"),
        ("me-channels", "/me/notices/channels"),
        ("me-account", "/me/account"),
        ("me-complaints", "/me/complaints"),
        ("me-carry", "/me/carried-away"),
    ]
    .map(|(name, path)| shot(name, "resident", path))
    .into();
    pages.push(page("me-notice", "resident", &format!("/me/notices/{notice}")));
    pages.push(page("me-consent-narrow", "resident", &format!("/me/consents/{receipt}/narrowed")));
    pages.push(page("me-additions", "resident", &format!("/me/proceedings/{objection}/additions")));
    pages.push(page("me-preview", "resident", "/me/previews/road-transport-practitioner"));
    pages.push(shot("me-record", "resident", &format!("/me/records/{record}")));
    pages.push(page("me-delete-refused", "resident", &format!("/me/records/{record}/delete")));
    pages.push(page("me-object", "resident", &format!("/me/records/{record}/object")));
    pages.push(page("me-repair", "resident", &format!("/me/records/{record}/repair")));
    pages.push(page("me-mandate-new", "resident", "/me/mandates/new"));
    pages.push(page("me-complaint-new", "resident", "/me/complaints/new/records/1"));
    pages.push(page("me-accept", "resident", "/me/mandates/accepted"));
    pages[1]["shoot"] = json!(["phone-zh", "desk-en"]);
    // What is made is made once: a report, a code for a window, a form that is refused.
    let once = |name, path, fill| json!({ "name": name, "who": "resident", "path": path, "once": true, "shoot": ["desk-zh"], "fill": fill });
    pages.push(once("me-report-issued", "/me/reports", json!({ "period": "1" })));
    pages.push(once("me-code-shown", "/me/consents/code", json!({ "to": CODE_AT })));
    let app = json!({ "name": "me-app", "who": "resident", "path": "/me/account", "once": true, "press": "form[action^='/me/account/app'] button" });
    pages.push(app);
    let lacking = json!({ "to": "other", "until": "2026-12-20", "purpose": "应聘", "organisation": " " });
    pages.push(once("me-consent-refused", "/me/consents/new", lacking));
    pages
}

/// Pages of windows, authorities and the credit office.
fn staff(lived: &Lived) -> Vec<Value> {
    let Lived { person, objection, complaint, entry, letter, account, .. } = lived;
    let ask =
        json!({ "matter": MATTER, "name": person.name, "number": person.number, "case-number": "云交受〔2026〕17号" });
    let bad = Row { decided: "2026-02-30".to_owned(), ..row(3) };
    let file = csv(&[row(2), bad]);
    let mut pages = vec![
        shot("desk", "clerk", "/desk"),
        page("desk-forbidden", "clerk", "/desk/held"),
        shot("desk-check", "clerk", "/desk/checks"),
        page("desk-filings", "clerk", "/desk/filings"),
        shot("desk-filing", "clerk", "/desk/filings/objection"),
        page("desk-filing-addition", "clerk", "/desk/filings/addition"),
        page("desk-filing-repair", "clerk", "/desk/filings/repair"),
        shot("desk-submissions", "officer", "/desk/submissions"),
        shot("desk-submission", "officer", "/desk/submissions/2"),
        page("desk-submission-office", "office", "/desk/submissions/2"),
        page("desk-forms", "officer", "/desk/submissions/forms"),
        shot("desk-form", "officer", "/desk/submissions/forms/penalty"),
        page("desk-authorities", "officer", "/desk/authorities"),
        shot("desk-held", "identity", "/desk/held"),
        shot("desk-held-row", "identity", "/desk/held/1"),
        shot("desk-activations", "identity", "/desk/activations"),
        page("desk-letters", "clerk", "/desk/letters"),
        page("desk-letter", "clerk", &format!("/desk/letters/{letter}")),
        page("desk-accounts", "administrator", "/desk/accounts"),
        page("desk-account-new", "administrator", "/desk/accounts/new"),
        shot("desk-account", "administrator", &format!("/desk/accounts/{account}")),
        page("desk-authorities-office", "office", "/desk/authorities"),
        page("desk-authority-new", "office", "/desk/authorities/new"),
        page("desk-authority", "office", &format!("/desk/authorities/{OFFICE}")),
        shot("desk-proceedings", "decider", "/desk/proceedings"),
        shot("desk-proceeding", "decider", &format!("/desk/proceedings/{objection}")),
        page("desk-follow-ups", "decider", "/desk/follow-ups"),
        page("desk-figures", "decider", "/desk/figures"),
        shot("office", "office", "/office"),
        page("office-overdue", "office", "/office/overdue"),
        shot("office-complaints", "office", "/office/complaints"),
        shot("office-complaint", "office", &format!("/office/complaints/{complaint}")),
        page("office-submissions", "office", "/office/submissions"),
        page("office-submissions-before", "office", "/office/submissions/before/9"),
        shot("office-statistics", "office", "/office/statistics"),
        page("office-statistics-empty", "office", "/office/statistics/2026-02"),
        page("office-catalogue", "office", "/office/catalogue"),
        shot("office-operations", "office", "/office/operations"),
        shot("office-contact", "office", "/office/contact"),
        page("office-leak", "office", "/office/leak"),
        page("desk-publications", "decider", "/desk/publications?item=penalty"),
        page("desk-publication", "decider", &format!("/desk/publications/{entry}")),
        page("publication", "nobody", &format!("/publications/{entry}")),
        page("publication-missing", "nobody", "/publications/nothing"),
    ];
    pages.push(json!({ "name": "desk-answer", "who": "clerk", "path": "/desk/checks", "fill": ask, "shoot": ["desk-zh"], "covers": true }));
    let code = json!({ "number": row(6).number, "evidence": "居民身份证原件，与本人相符" });
    pages.push(json!({ "name": "desk-code", "who": "identity", "path": "/desk/activations", "once": true, "fill": code, "shoot": ["desk-zh"], "covers": true }));
    pages.push(json!({ "name": "desk-code-refused", "who": "identity", "path": "/desk/activations", "once": true,
        "fill": { "number": "1234", "evidence": "居民身份证原件" } }));
    pages.push(json!({ "name": "desk-check-refused", "who": "clerk", "path": "/desk/checks", "once": true,
        "fill": { "matter": MATTER, "name": "周明", "number": "1234", "case-number": "1号" } }));
    pages.push(json!({ "name": "desk-tried", "who": "officer", "path": "/desk/submissions", "shoot": ["desk-zh"],
        "fill": { "item": "penalty", "file": file } }));
    pages
}

/// What pages are looked at of: numbers, codes and addresses.
pub(crate) struct Lived {
    pub(crate) person: Row,
    pub(crate) record: String,
    pub(crate) objection: String,
    complaint: String,
    /// Code of what is published.
    pub(crate) entry: String,
    pub(crate) notice: String,
    /// Number of the receipt of a consent.
    receipt: String,
    /// Number of a notice that is served on paper, and id of an account of staff.
    pub(crate) letter: String,
    pub(crate) account: String,
    /// Where a report is verified, a decision, and where an account begins.
    pub(crate) report: String,
    pub(crate) decision: String,
    pub(crate) begin: String,
}

/// The path of an address of the installation's.
fn path_of(address: &str) -> String {
    address.strip_prefix("https://credit.example").unwrap().to_owned()
}

/// Somebody lets an authority look; the number of the receipt.
pub(crate) fn consented(app: &mut Installation, own: &Caller, kind: DocumentKind, number: &str) -> String {
    let consent = ConsentRequest {
        kind,
        number: number.to_owned(),
        recipient: RecipientAsked::Authority(OFFICE.to_owned()),
        purpose: "申请营运资质时出具报告".to_owned(),
        matter: None,
        classes: vec!["行政管理".to_owned()],
        from: None,
        until: date(2027, 3, 1),
        uses: 3,
    };
    app.consent_grant(own, &consent).unwrap().receipt.number
}

/// Somebody objects to the first of their records that nobody objects to yet; the record and the number.
pub(crate) fn objected(app: &mut Installation, own: &Caller, kind: DocumentKind, number: &str) -> (String, String) {
    let records = app.record_list(own, kind, number).unwrap().records;
    let record = records.into_iter().find(|record| record.mark.is_none()).unwrap().record;
    let request = ObjectionRequest {
        kind,
        number: number.to_owned(),
        record: RecordId::from_hex(&record).unwrap(),
        aspect: Some(ObjectionAspect::Content),
        grounds: "处罚决定已被撤销".to_owned(),
        attachments: vec![Attachment { name: "撤销决定.txt".to_owned(), content: b"text".to_vec() }],
        evidence: None,
    };
    let objection = app.objection_file(own, &request).unwrap().proceeding.number;
    (record, objection)
}

/// Somebody whose objection was not taken up: its number, and where that is verified.
pub(crate) fn decided(app: &mut Installation, own: &Caller, kind: DocumentKind, number: &str) -> (String, String) {
    let (_, objection) = objected(app, own, kind, number);
    let answer = ObjectionAnswer {
        number: objection.clone(),
        step: ObjectionStep::Refuse,
        text: "未说明具体理由".to_owned(),
        attachments: Vec::new(),
        corrected: [].into(),
    };
    app.objection_decide(&caller(Role::Decider, "chen", Some(OFFICE)), &answer).unwrap();
    let verified = app.proceeding_decision(own, (kind, number), &objection, Lang::Zh).unwrap().decided.verify_url;
    (objection, path_of(&verified))
}

/// A city with a released penalty to which its person objects, who also complains of a look, has a report and is told; a row of uncertain identity; and
/// another person, whose objection was decided and who begins an account.
pub(crate) fn lived() -> (City, Lived) {
    let (mut city, person) = revoked();
    let (namesake, other) =
        (Row { name: "别人".to_owned(), document: "云交罚〔2026〕9号".to_owned(), ..row(1) }, row(5));
    city.import("held.csv", &[namesake, row(4)]);
    city.import("other.csv", std::slice::from_ref(&other));
    let (own, second) = (Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "zhou", None) }, city.second());
    city.import_firms("firms.csv", &[firm(1), firm(2)]);
    let app = &mut city.installation;
    app.submission_release(&second, 3).unwrap();
    while app.job_run(&Caller::operator("operator", "test"), "one").unwrap().done > 0 {}
    let asked = PublicationQuery { item: Some("penalty".to_owned()), limit: 1, ..PublicationQuery::default() };
    let entry = app.publication_list(&crate::desk::public(), &asked).unwrap().entries.remove(0).code;
    let (kind, number) = (DocumentKind::ResidentId, person.number.clone());
    let notice = app.notice_list(&own, kind, &number).unwrap().remove(0).notice;
    let letters = app.notice_undelivered(&second).unwrap();
    let letter = letters.into_iter().find(|line| line.notice != notice).unwrap().notice;
    let new = NewAccount {
        login: "wu.min".to_owned(),
        name: "吴敏".to_owned(),
        rights: vec![(Role::Clerk, Some(OFFICE.to_owned()))],
    };
    let account = app.account_open(&Caller::operator("operator", "test"), &new).unwrap().account;
    let account = format!("{:032x}", u128::from_be_bytes(account));
    let (record, objection) = objected(app, &own, kind, &number);
    let lines = app.log_lines(&own, kind, &number).unwrap().lines;
    let line = lines.iter().find_map(|line| line.number).unwrap();
    let line = LineAt::Number(LineChain::Records, line);
    let words = "我没有请人查看".to_owned();
    let complaint = app.complaint_file(&own, &ComplaintRequest { kind, number, line, words }).unwrap().number;
    let receipt = consented(app, &own, kind, &person.number);
    let wanted = ReportRequest {
        document_kind: kind,
        number: person.number.clone(),
        name: None,
        recipient: "云汀银行".to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: Lang::Zh,
    };
    let report = format!("/v/{}", app.report_issue(&own, &wanted).unwrap().verification_code);
    let decision = decided(app, &own, kind, &other.number).1;
    let evidence = "居民身份证原件，与本人相符";
    let code = app.activation_issue(&crate::desk::identity_clerk(), kind, &other.number, evidence).unwrap();
    let begin = format!("/begin/{}", code.code.as_str());
    (
        city,
        Lived {
            person,
            record,
            objection,
            complaint,
            entry,
            notice,
            receipt,
            letter,
            account,
            report,
            decision,
            begin,
        },
    )
}

/// Pages that no look shows: files, pictures and pages of the moment that other tests visit.
const NOT_LOOKED_AT: &[&str] = &[
    // No pages.
    "/assets/icon.svg",
    "/assets/script.js",
    "/assets/style.css",
    "/health",
    "/log/checkpoint",
    "/log/key",
    "/log/tile/{*path}",
    "/robots.txt",
    "/trust.json",
    "/desk/letters/{notice}/printed",
    "/desk/proceedings/{number}/attachments/{file}",
    "/desk/submissions/drafts/{id}/refused",
    "/desk/submissions/{id}/refused",
    "/me/consents/{receipt}/receipt",
    "/me/proceedings/{number}/attachments/{file}",
    "/me/proceedings/{number}/decision",
    "/office/statistics/{month}/{table}/{format}",
    // On the way to another place: `sign_in` and `other_provider` beside `api` go there.
    "/sign-in/{issuer}",
    "/sign-in/{issuer}/callback",
    // Come to by a form that is sent: `held_on` and the looks `desk-tried`, `me-report-issued`.
    "/me/resumed/{id}",
    "/desk/submissions/drafts/{id}",
];

/// Does a path lead to a route?
fn leads_to(path: &str, route: &str) -> bool {
    let path = path.split('?').next().unwrap_or(path);
    let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    path.len() == route.len() && path.iter().zip(route).all(|(part, of)| *part == of || of.starts_with('{'))
}

#[test]
fn every_page_that_there_is_is_looked_at() {
    let (_city, lived) = lived();
    let pages = every_page(&lived);
    let paths: Vec<&str> = pages.iter().map(|page| page["path"].as_str().unwrap()).collect();
    let gets = crate::routes::routes().into_iter().filter(|(method, _)| *method == "GET");
    let routes: Vec<_> = gets.map(|(_, route)| route).collect();
    assert!(routes.len() > 70, "{routes:?}");
    let looked = |route: &&String| paths.iter().any(|path| leads_to(path, route));
    let missing: Vec<_> =
        routes.iter().filter(|route| !NOT_LOOKED_AT.contains(&route.as_str()) && !looked(route)).collect();
    assert!(missing.is_empty(), "nobody looks at {missing:?}");
    let gone: Vec<_> = NOT_LOOKED_AT.iter().filter(|of| !routes.iter().any(|route| route == *of)).collect();
    assert!(gone.is_empty(), "there is no {gone:?}");
}

#[test]
fn every_picture_of_a_page_is_kept_and_there_is_no_other() {
    let (_city, lived) = lived();
    let pages = every_page(&lived);
    let mut shot: Vec<_> = pages
        .iter()
        .flat_map(|page| {
            let pictures = page["shoot"].as_array().into_iter().flatten();
            pictures.map(|picture| format!("{}-{}.png", page["name"].as_str().unwrap(), picture.as_str().unwrap()))
        })
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screenshots");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut kept: Vec<_> = files.collect();
    shot.sort();
    kept.sort();
    assert!(shot.len() >= 20, "{shot:?}");
    assert_eq!(shot, kept, "`cargo xtask screenshots` makes them anew; what is shot no more is removed by hand");
}

fn every_page(lived: &Lived) -> Vec<Value> {
    public(lived).into_iter().chain(own(lived)).chain(staff(lived)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_valid_and_quiet_on_a_phone_and_at_a_desk_in_both_languages() {
    let (city, lived) = lived();
    let mut site = Site::at(city, Rate(std::num::NonZeroU32::new(100_000).unwrap()));
    site.desk.app.log_sequence().unwrap();
    let people = [
        ("resident", resident(&mut site, &lived.person.number, "zhouming")),
        ("clerk", officer(&mut site, Role::Clerk, "zhou")),
        ("officer", officer(&mut site, Role::DataOfficer, "zhao")),
        ("identity", officer(&mut site, Role::IdentityClerk, "sun")),
        ("administrator", officer(&mut site, Role::Administrator, "qian")),
        ("decider", officer(&mut site, Role::Decider, "chen")),
        ("office", officer(&mut site, Role::CreditOffice, "feng")),
    ];
    let mut cookies = serde_json::Map::new();
    for (name, person) in &people {
        cookies.insert((*name).to_owned(), Browser::of(&site, person).await.cookie().into());
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let serving = tokio::spawn(chengxin_web::serve(listener, site.router.clone(), std::future::pending()));
    let pages = every_page(&lived);
    let screenshots = std::env::var("CHENGXIN_SCREENSHOTS").ok();
    let asked = json!({ "base": base, "cookies": cookies, "pages": pages, "screenshots": screenshots });
    let (looks, wrong) = tokio::task::spawn_blocking(move || looked(&asked)).await.unwrap();
    serving.abort();
    assert!(wrong.is_empty(), "{} found wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(looks >= 160, "{looks}");
}
