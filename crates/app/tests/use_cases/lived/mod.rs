//! A city in which everything has happened that leaves a row: files accepted, held, refused, recalled and broken off, clerks and
//! deciders at work, reports, looks that the law hides, a change of the catalogue, new keys.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use crate::provider;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chengxin_app::account::{Begin, NewAccount, OneTimeCode, Redeem, Second, SignIn};
use chengxin_app::check::{BatchOpened, BatchRequest, BatchRow, CheckRequest, PartRequest};
use chengxin_app::client::{NewClient, NewKey};
use chengxin_app::complaint::{ComplaintAnswer, ComplaintRequest, LineAt};
use chengxin_app::consent::{
    ConsentCodeRequest, ConsentNarrowing, ConsentRequest, PaperConsent, PaperFor, RecipientAsked,
};
use chengxin_app::held::HeldDecision;
use chengxin_app::issuer::Directory;
use chengxin_app::keys::Rotate;
use chengxin_app::log::LineChain;
use chengxin_app::log::{KeyUse, LogWriter, NewEntry, Verifier};
use chengxin_app::mandate::{MandateOffer, MandateRecord};
use chengxin_app::notice::{ChannelRequest, Served};
use chengxin_app::objection::{ObjectionAnswer, ObjectionRequest};
use chengxin_app::proceeding::Attachment;
use chengxin_app::publication::{PublicationQuery, PublicationText};
use chengxin_app::record::{Afterwards, Decision, LockKind, RecordRef};
use chengxin_app::repair::RepairRequest;
use chengxin_app::report::{IssuedReport, ReportRequest};
use chengxin_app::{FixedClock, Installation, Kind, Mode};
use chengxin_core::complaint::ComplaintStep;
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, Paper, PaperKind, Scope};
use chengxin_core::notice::ChannelKind;
use chengxin_core::objection::ObjectionStep;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_core::repair::RepairStep;
use chengxin_core::{Caller, Ground, Lang, Role};
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::testing::{Copy, Databases};
use chengxin_store::{Place, ReadStore};
use jiff::civil::{Date, date};
use provider::Provider;
use serde_json::json;

use crate::city::{City, OFFICE, caller, csv, firm, number, row};

pub const KIND: DocumentKind = DocumentKind::ResidentId;
/// The day on which everything happened.
pub const TODAY: Date = date(2026, 11, 21);
/// A later day, on which hidden looks are revealed.
pub const LATER: Date = date(2027, 3, 1);

pub fn auditor() -> Caller {
    caller(Role::Auditor, "audit", None)
}

pub fn administrator() -> Caller {
    Caller::operator("operator", "test")
}

fn me() -> Caller {
    Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "me", None) }
}

fn decision(case_no: &str) -> Decision {
    Decision { case_no: case_no.to_owned(), decided_on: TODAY }
}

/// A city that has been lived in, closed.
pub struct Lived {
    dir: tempfile::TempDir,
    pub records: Vec<(String, RecordId)>,
    databases: Databases,
}

impl Lived {
    pub fn new(profile: Profile) -> Self {
        let mut city = City::with(Mode::Synthetic, profile);
        offices_and_clauses(&mut city);
        files(&mut city);
        told(&mut city);
        identity_clerk(&mut city);
        let records: Vec<_> = (1..=6).map(|n| (row(n).number, record(&city, &row(n).number))).collect();
        decisions(&records, &mut city);
        reports(&mut city);
        looks(&mut city);
        accounts(&mut city);
        consents(&mut city);
        batch(&mut city);
        machines(&mut city);
        providers(&mut city);
        mandates(&mut city);
        proceedings(&mut city);
        channels(&mut city);
        complaints(&mut city);
        published(&mut city);
        let City { dir, installation, databases, .. } = city;
        drop(installation);
        let lived = Self { dir, records, databases };
        lived.reminded();
        lived.later();
        lived
    }

    /// Letters that nobody serves: their authority is told, in one week and in another.
    fn reminded(&self) {
        for day in [date(2026, 12, 1), date(2026, 12, 8)] {
            self.on(day).job_run(&administrator(), "one").unwrap();
        }
    }

    /// Another catalogue, new keys, a row deleted at its deadline, a hidden look revealed: after a while.
    fn later(&self) {
        let mut app = self.on(LATER);
        app.log_lines(&me(), KIND, &row(6).number).unwrap();
        app.held_purge(&caller(Role::IdentityClerk, "sun", None)).unwrap();
        let catalogue = self.dir.path().join("catalogue");
        std::fs::create_dir(&catalogue).unwrap();
        for (name, text) in chengxin_app::catalogue::shipped_files() {
            let general = "severity = \"general\"\nmin_months = 3\nmax_months = ";
            let text = if name == "items-licence-penalty.toml" {
                text.replacen(&format!("{general}12"), &format!("{general}6"), 1)
            } else {
                text
            };
            let path = catalogue.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let applied = app.catalogue_apply(&administrator(), &catalogue).unwrap();
        assert!(applied.changed > 1, "{applied:?}");
        let key = chengxin_seal::SigningKey::generate(Profile::Intl).verifying_key();
        for name in ["witness-1.example", "witness-2.example"] {
            let key = Verifier::new(name, &key, KeyUse::Witness).text(KeyUse::Witness).unwrap();
            app.log_witness_set(&administrator(), &key, "https://witness.example").unwrap();
        }
        app.keys_rotate(&administrator(), Rotate::All).unwrap();
        app.log_sequence().unwrap();
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Where the main database lies.
    pub fn database(&self) -> Place {
        self.databases.main_or(&self.folder().join("chengxin.db"))
    }

    /// Where the key store lies.
    pub fn key_database(&self) -> Place {
        self.databases.keys_or(&self.folder().join("keys.db"))
    }

    /// The city on a day.
    pub fn on(&self, day: Date) -> Installation {
        Installation::open(&self.folder(), Arc::new(FixedClock::on(day))).unwrap()
    }

    pub fn open(&self) -> Installation {
        self.on(LATER)
    }
}

/// Does everything that is due.
fn work(app: &mut Installation) {
    while app.job_run(&administrator(), "one").unwrap().done > 0 {}
}

/// Whom the records are about is told; one reads it, another is served a letter.
fn told(city: &mut City) {
    work(&mut city.installation);
    let second = city.second();
    let app = &mut city.installation;
    let list = app.notice_list(&me(), KIND, &row(1).number).unwrap();
    app.notice_show(&me(), (KIND, &row(1).number), &list[0].notice).unwrap();
    let letters = app.notice_undelivered(&second).unwrap();
    app.notice_letter(&caller(Role::Clerk, "li", Some(OFFICE)), &letters[0].notice, Lang::Zh).unwrap();
    let how = Served { on: TODAY, by: "老赵".to_owned(), evidence: "送达回证1号".to_owned() };
    app.notice_served(&second, &letters[0].notice, &how).unwrap();
}

/// Where people want to be told: one tried a wrong code, one removed theirs.
fn channels(city: &mut City) {
    let app = &mut city.installation;
    let add = |app: &mut Installation, n: u32, channel, address: &str| {
        let request = ChannelRequest { kind: KIND, number: row(n).number, channel, address: address.to_owned() };
        app.channel_add(&me(), &request).unwrap().channel.channel
    };
    let mail = add(app, 1, ChannelKind::Mail, "zhou@example.cn");
    let hook = add(app, 2, ChannelKind::Webhook, "https://hook.example.cn/in");
    app.channel_prove(&me(), (KIND, &row(1).number), &mail, "00000000").unwrap_err();
    app.channel_remove(&me(), (KIND, &row(2).number), &hook).unwrap();
}

/// Locks and erases.
fn decisions(records: &[(String, RecordId)], city: &mut City) {
    let at = |n: usize| {
        let (number, record) = &records[n];
        RecordRef { kind: KIND, number: number.clone(), record: *record }
    };
    let second = city.second();
    let app = &mut city.installation;
    app.record_lock(&second, &at(0), LockKind::Repair, &decision("锁1")).unwrap();
    app.record_lock(&second, &at(1), LockKind::Correction, &decision("锁2")).unwrap();
    app.record_lock(&second, &at(2), LockKind::Correction, &decision("锁3")).unwrap();
    app.record_unlock(&second, &at(2), &decision("解3"), "新的决定书").unwrap();
    app.record_erase(&second, &at(3), &decision("删1"), Afterwards::KeepLock).unwrap();
    app.record_erase(&second, &at(4), &decision("删2"), Afterwards::ForgetSubject).unwrap();
}

/// A made-up office.
pub fn office(name: &str) -> AuthorityRow {
    AuthorityRow {
        code: "11990000MB0000002C".to_owned(),
        name: format!("云汀市{name}局"),
        name_en: "Yunting Market Bureau".to_owned(),
        kind: "market_regulation".to_owned(),
    }
}

fn offices_and_clauses(city: &mut City) {
    let second = office("市场监督管理");
    city.installation.authority_add(&administrator(), &second).unwrap();
    let office = caller(Role::CreditOffice, "credit", None);
    for (clause, by) in [("penalty-law#art-48", "王某"), ("pipl#art-18", "赵某")] {
        city.installation.catalogue_confirm(&office, clause, by, "云汀市信用办", "国家法律法规数据库").unwrap();
    }
}

/// One file accepted with everything in it, one broken off, one larger, one recalled.
fn files(city: &mut City) {
    let mut rows: Vec<_> = (1..=40).map(row).collect();
    // Held: without a number (twice), later undecided; and one number under two names.
    for n in [35, 36, 37, 38] {
        rows[n].number = String::new();
    }
    rows.push(row(39));
    rows[40].name = "李四".to_owned();
    rows[40].document = "云交罚〔2026〕99号".to_owned();
    rows[10].decided = "2026-02-30".to_owned();
    rows[11].fine = "一百".to_owned();
    let path = city.write("a.csv", &csv(&rows));
    city.import_with(&path, |r| r.mapping = vec![("CF_WSH".to_owned(), "CF_WSH".to_owned())]).unwrap();
    let second = city.second();
    city.installation.submission_release(&second, 1).unwrap();
    let many: Vec<_> = (1..=130).map(row).collect();
    let path = city.write("broken-off.csv", &csv(&many));
    assert_eq!(city.import_with(&path, |_| {}).unwrap_err().kind, Kind::Conflict);
    let mut most: Vec<_> = (1..=330).map(row).collect();
    // Fines of a size that the later catalogue shows for less long; and one record that changes.
    for n in (14..20).chain(300..330) {
        "0.600000".clone_into(&mut most[n].fine);
    }
    // One of them says who they are by another name: held.
    most[0].name = "周又名".to_owned();
    most[0].document = "云交罚〔2026〕1-2号".to_owned();
    most[20].time = "2026-09-05 10:00:00".to_owned();
    let path = city.write("c.csv", &csv(&most));
    let third = city.import_with(&path, |r| r.reason = "补报".to_owned()).unwrap().quality.submission.unwrap();
    city.installation.submission_release(&second, third).unwrap();
    let mut last = row(400);
    last.number = number("19900101", 400);
    let recalled = city.import("d.csv", &[last]).quality.submission.unwrap();
    city.installation.submission_recall(&second, recalled, "发错了文件").unwrap();
}

fn identity_clerk(city: &mut City) {
    let clerk = caller(Role::IdentityClerk, "sun", None);
    let held = city.installation.held_list(&clerk).unwrap();
    let attach =
        |n: u32, further_name| HeldDecision::Attach { kind: KIND, number: row(n).number, further_name, of_age: false };
    let nameless: Vec<i64> = held.iter().filter(|h| h.submission == 1).map(|h| h.id).collect();
    city.installation.held_resolve(&clerk, nameless[0], &attach(36, false), "调取案卷").unwrap();
    city.installation.held_resolve(&clerk, nameless[1], &attach(500, false), "调取案卷").unwrap();
    city.installation.held_resolve(&clerk, nameless[2], &HeldDecision::Reject, "查无此人").unwrap();
    let other_name = held.iter().find(|h| h.submission == 3).unwrap().id;
    city.installation.held_resolve(&clerk, other_name, &attach(1, true), "户口簿曾用名").unwrap();
}

/// The first record about a number.
fn record(city: &City, number: &str) -> RecordId {
    let store = ReadStore::open(city.installation.database()).unwrap();
    let subject = city.installation.find_subject(KIND, number).unwrap().unwrap();
    RecordId(store.view().versions_of_subject(&subject).unwrap()[0].row.record_id)
}

pub fn request(number: &str) -> ReportRequest {
    ReportRequest {
        document_kind: KIND,
        number: number.to_owned(),
        name: None,
        recipient: "云汀市公共资源交易中心".to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: Lang::Zh,
    }
}

fn reports(city: &mut City) {
    let public = Caller { ground: Ground::OwnRight, ..caller(Role::Public, "visitor", None) };
    let mut issue = |n: &str| -> IssuedReport { city.installation.report_issue(&me(), &request(n)).unwrap() };
    let (first, second, reader) = (issue(&row(1).number), issue(&row(1).number), issue(&number("19770707", 7)));
    city.installation.report_withdraw(&me(), &first.verification_code).unwrap();
    city.installation.report_view(&public, &second.verification_code, Some("00000000")).unwrap();
    city.installation.report_view(&public, &reader.verification_code, Some(&reader.extract_code)).unwrap();
}

/// What the holder of a code enters.
fn choice(city: &mut City, code: &OneTimeCode, login: &str) -> Begin {
    let visitor = caller(Role::Public, "visitor", None);
    let enrolment = city.installation.account_enrol(&visitor, &code.link, "10.0.0.1").unwrap();
    let secret = data_encoding::BASE32_NOPAD.decode(enrolment.totp_secret.as_bytes()).unwrap().try_into().unwrap();
    Begin {
        enrolment: enrolment.enrolment,
        code: code.code.grouped(),
        login: Some(login.to_owned()),
        name: Some("王芳".to_owned()),
        password: "seven quiet herons".to_owned(),
        totp: Some(chengxin_seal::totp_code(&secret, city.installation.now_us() / 1_000_000)),
        source: "10.0.0.1".to_owned(),
    }
}

/// Accounts: the first administrator, staff with rights given and ended, two persons, one of whom signed in with a recovery code.
fn accounts(city: &mut City) {
    let visitor = caller(Role::Public, "visitor", None);
    let first = city.installation.account_first_link(&administrator()).unwrap();
    let first = choice(city, &first, "wang.fang");
    city.installation.account_begin(&visitor, &first).unwrap();
    let rights = vec![(Role::Clerk, Some(OFFICE.to_owned())), (Role::Decider, Some(OFFICE.to_owned()))];
    let new = NewAccount { login: "zhou".to_owned(), name: "周明".to_owned(), rights };
    city.installation.account_open(&administrator(), &new).unwrap();
    let app = &mut city.installation;
    app.account_right_grant(&administrator(), "zhou", Role::DataOfficer, Some(OFFICE)).unwrap();
    app.account_right_end(&administrator(), "zhou", Role::Decider, Some(OFFICE)).unwrap();
    let clerk = caller(Role::IdentityClerk, "sun", None);
    let mut recovery = Vec::new();
    for (n, login) in [(1, "zhouming"), (2, "litaitai")] {
        let code = city.installation.activation_issue(&clerk, KIND, &row(n).number, "身份证原件").unwrap();
        let choice = choice(city, &code, login);
        let redeemed = city.installation.activation_redeem(&visitor, &Redeem::New(&choice)).unwrap();
        if let chengxin_app::account::Redeemed::Begun(begun) = redeemed {
            recovery = begun.recovery_codes;
        }
    }
    let sign_in = SignIn {
        login: "litaitai".to_owned(),
        password: "seven quiet herons".to_owned(),
        second: Some(Second::Recovery(recovery[0].clone())),
        source: "10.0.0.1".to_owned(),
        device: None,
        label: "手机".to_owned(),
    };
    city.installation.session_open(&visitor, &sign_in).unwrap();
}

/// Machines: one with two keys of which one was revoked, and one that was stopped.
fn machines(city: &mut City) {
    let jwk = |x: &str| format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#);
    let key = |x| NewKey { jwk: jwk(x), from: None, until: date(2027, 6, 1) };
    let new = |name: &str, role, scope: &str, x| NewClient {
        name: name.to_owned(),
        authority: OFFICE.to_owned(),
        role,
        scopes: vec![scope.to_owned()],
        key: key(x),
    };
    let app = &mut city.installation;
    let [first, second] =
        ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"];
    let sends =
        app.client_add(&administrator(), &new("报送接口", Role::DataOfficer, "submission_import", first)).unwrap();
    app.client_rotate(&administrator(), sends.id, &key(second)).unwrap();
    app.client_revoke(&administrator(), sends.id, Some(&sends.keys[0].kid)).unwrap();
    let asks = app.client_add(&administrator(), &new("核查接口", Role::Clerk, "check_answer", first)).unwrap();
    app.client_revoke(&administrator(), asks.id, None).unwrap();
}

/// Providers of sign-in: one by which two people came, and one that was removed.
fn providers(city: &mut City) {
    let (app, provider) = (&mut city.installation, Provider::new("https://id.example"));
    for name in ["city", "former"] {
        app.issuer_set(&administrator(), name, &provider.terms(), provider::SECRET).unwrap();
    }
    app.issuer_remove(&administrator(), "former").unwrap();
    let directory = Directory::new(provider.clone());
    let visitor = Caller { ground: Ground::OwnRight, ..caller(Role::Public, "visitor", None) };
    for (sub, number) in [("s-4", row(4).number), ("s-5", row(5).number)] {
        provider.person(json!({ "sub": sub, "id_number": number, "acr": "high" }));
        let departure = app.sign_in_begin(&visitor, "city", None, "10.0.0.2").unwrap();
        let address = directory.address(&departure.trusted, &departure.away, app.now_us()).unwrap();
        let returned = provider.approve(&address, app.now_us());
        let browser = Some(departure.browser.as_str());
        let back = app.sign_in_awaited(&visitor, "city", &returned.state, browser).unwrap();
        let said = directory.redeem(&back.trusted, &back.away, &returned, app.now_us());
        app.sign_in_finish(&visitor, &back, said, "手机").unwrap();
    }
}

/// Consents granted, narrowed, used, withdrawn and disowned, one by a code and one on paper.
fn consents(city: &mut City) {
    let matter = "commitment-based-approval".to_owned();
    let own = row(1).number;
    let request = |uses| ConsentRequest {
        kind: KIND,
        number: own.clone(),
        recipient: RecipientAsked::Authority(OFFICE.to_owned()),
        purpose: "申请办理承诺制审批".to_owned(),
        matter: Some(matter.clone()),
        classes: Vec::new(),
        from: None,
        until: date(2027, 6, 1),
        uses,
    };
    let code =
        ConsentCodeRequest { kind: KIND, number: own.clone(), matter: matter.clone(), authority: OFFICE.to_owned() };
    let app = &mut city.installation;
    let granted: Vec<_> = [5, 2, 3].map(|uses| app.consent_grant(&me(), &request(uses)).unwrap().receipt.number).into();
    let less = ConsentNarrowing { uses: Some(4), ..ConsentNarrowing::default() };
    app.consent_narrow(&me(), KIND, &own, &granted[0], &less).unwrap();
    let shown = [app.consent_code(&me(), &code).unwrap(), app.consent_code(&me(), &code).unwrap()];
    let paper = PaperConsent {
        kind: KIND,
        number: row(2).number,
        what: PaperFor::Check(matter.clone()),
        evidence: "身份证原件".to_owned(),
        paper: "授权书1号".to_owned(),
    };
    app.consent_record(&caller(Role::Clerk, "li", Some(OFFICE)), &paper).unwrap();
    for shown in [granted[0].clone(), granted[0].clone(), shown[0].code.grouped()] {
        let clerk = Caller { ground: Ground::Consent(shown), ..caller(Role::Clerk, "li", Some(OFFICE)) };
        let about = CheckRequest {
            matter: matter.clone(),
            kind: KIND,
            number: own.clone(),
            name: row(1).name,
            case_number: "受理3号".to_owned(),
        };
        app.check_answer(&clerk, &about).unwrap();
    }
    app.consent_withdraw(&me(), KIND, &own, &granted[1]).unwrap();
    app.consent_disown(&me(), KIND, &own, &granted[2]).unwrap();
}

/// Several suppliers checked at once, as a second person approved it.
fn batch(city: &mut City) {
    const CLAUSE: &str = "procurement-credit-notice#screen";
    let finance = AuthorityRow {
        code: "11990000MB0000004Y".to_owned(),
        name: "云汀市财政局".to_owned(),
        name_en: "Yunting Finance Bureau".to_owned(),
        kind: "finance".to_owned(),
    };
    let app = &mut city.installation;
    app.authority_add(&administrator(), &finance).unwrap();
    let of = |role, actor| {
        let ground = Ground::Duty(CLAUSE.to_owned());
        Caller { ground, ..caller(role, actor, Some(&finance.code)) }
    };
    let supplier = |number: &str| BatchRow {
        number: number.to_owned(),
        name: "云汀供应商有限公司".to_owned(),
        case_number: "采审〔2026〕1号".to_owned(),
        ground: CLAUSE.to_owned(),
        ..BatchRow::default()
    };
    let rows = vec![supplier("91990000MC0000001F"), supplier("91990000MC0000002J")];
    let asked = BatchRequest { matter: "procurement-supplier".to_owned(), rows: rows.clone() };
    let opened = app.check_batch_open(&of(Role::Clerk, "ma"), &asked).unwrap();
    let BatchOpened::Waits(batch) = opened else { panic!("{opened:?}") };
    app.check_batch_approve(&of(Role::Decider, "tang"), &batch.number).unwrap();
    let part = PartRequest { number: batch.number, part: 1, rows };
    app.check_batch_answer(&of(Role::Clerk, "ma"), &part).unwrap();
    // One more that still waits.
    app.check_batch_open(&of(Role::Clerk, "ma"), &asked).unwrap();
}

/// Mandates offered, accepted, recorded, acted on and revoked; an organisation's agent among them.
/// Two objections with something handed in, one of them answered; a repair; and two checks that showed what was withdrawn.
fn proceedings(city: &mut City) {
    let (second, clerk) = (city.second(), caller(Role::Clerk, "li", Some(OFFICE)));
    let on_duty = Caller { ground: Ground::Duty("road-transport-regulation#art-9".to_owned()), ..clerk };
    // A revoked licence, which windows are shown.
    let mut revoked = row(600);
    "吊销许可证件".clone_into(&mut revoked.kind);
    revoked.fine.clear();
    let text = csv(std::slice::from_ref(&revoked));
    let (headings, line) = text.trim_end().split_once('\n').unwrap();
    let path = city.write("e.csv", &format!("{headings},CF_NR_ZKDX\n{line},道路运输从业资格证\n"));
    let submission = city.import_with(&path, |_| {}).unwrap().quality.submission.unwrap();
    city.installation.submission_release(&second, submission).unwrap();
    let [contested, other, repaired] = [600, 51, 52].map(|n| (row(n).number, record(city, &row(n).number)));
    let file = |name: &str| Attachment { name: name.to_owned(), content: "已缴清".as_bytes().to_vec() };
    let app = &mut city.installation;
    for case_number in ["受理1号", "受理2号"] {
        let request = CheckRequest {
            matter: "road-transport-practitioner".to_owned(),
            kind: KIND,
            number: contested.0.clone(),
            name: "周明".to_owned(),
            case_number: case_number.to_owned(),
        };
        app.check_answer(&on_duty, &request).unwrap();
    }
    let mut object = |of: &(String, RecordId)| {
        let request = ObjectionRequest {
            kind: KIND,
            number: of.0.clone(),
            record: of.1,
            aspect: Some(ObjectionAspect::Content),
            grounds: "不是我".to_owned(),
            attachments: vec![file("车票.txt")],
            evidence: None,
        };
        app.objection_file(&me(), &request).unwrap().proceeding.number
    };
    let (number, _) = (object(&contested), object(&other));
    for (step, text) in [(ObjectionStep::Accept, ""), (ObjectionStep::Withdraw, "决定已被撤销")] {
        let (number, text) = (number.clone(), text.to_owned());
        let answer = ObjectionAnswer { number, step, text, attachments: vec![], corrected: [].into() };
        app.objection_decide(&second, &answer).unwrap();
    }
    let request = RepairRequest {
        kind: KIND,
        number: repaired.0,
        record: repaired.1,
        step: RepairStep::Explain,
        text: "当时因突发疾病".to_owned(),
        attachments: vec![],
        commitment: None,
        national_number: None,
        evidence: None,
    };
    app.repair_file(&me(), &request).unwrap();
}

/// Two complaints about lines of a log, one of them answered.
fn complaints(city: &mut City) {
    let number = row(600).number;
    let app = &mut city.installation;
    let supervisor = office("市场监督管理").code;
    for one in app.authority_list(&administrator()).unwrap() {
        let above = if one.code == supervisor { "" } else { &supervisor };
        app.authority_add_under(&administrator(), &one, Some(above)).unwrap();
    }
    let file = |app: &mut Installation, line| {
        let line = LineAt::Number(LineChain::Records, line);
        let request = ComplaintRequest { kind: KIND, number: number.clone(), line, words: "从未办理".to_owned() };
        app.complaint_file(&me(), &request).unwrap().number
    };
    let (answered, _) = (file(app, 1), file(app, 2));
    for (step, text) in [(ComplaintStep::Accept, ""), (ComplaintStep::NotUphold, "有办件为据")] {
        let (number, text) = (answered.clone(), text.to_owned());
        app.complaint_answer(
            &caller(Role::CreditOffice, "credit", None),
            &ComplaintAnswer { number, step, to: None, text },
        )
        .unwrap();
    }
}

/// Two entries whose texts an officer confirmed.
fn published(city: &mut City) {
    city.import_firms("firms.csv", &[firm(1), firm(2)]);
    let (second, app) = (city.second(), &mut city.installation);
    let asked = PublicationQuery { item: Some("penalty".to_owned()), limit: 10, ..PublicationQuery::default() };
    for line in app.publication_list(&second, &asked).unwrap().entries {
        let texts = [("CF_SY".to_owned(), format!("未按规定维护车辆，见{}", line.code.len()))].into();
        let given = PublicationText { code: line.code, version: 1, line: 0, texts, explanation: None };
        app.publication_confirm(&second, &given).unwrap();
    }
}

fn mandates(city: &mut City) {
    let app = &mut city.installation;
    let offer = |of: (DocumentKind, String), actor: u32, scope: &[Scope]| MandateOffer {
        kind: of.0,
        number: of.1,
        name: "周明".to_owned(),
        actor_kind: KIND,
        actor_number: row(actor).number,
        actor_name: "何雨".to_owned(),
        of_age: false,
        scope: scope.iter().copied().collect(),
        from: None,
        until: date(2027, 6, 1),
    };
    let record = |kind, mandator, actor: u32, paper| MandateRecord {
        kind,
        mandator,
        mandator_name: "周明".to_owned(),
        actor: (KIND, row(actor).number),
        actor_name: "何雨".to_owned(),
        of_age: false,
        scope: [].into(),
        from: None,
        until: date(2028, 6, 1),
        evidence: "双方证件原件".to_owned(),
        paper: Paper { kind: paper, number: "1号".to_owned(), date: date(2026, 3, 1) },
    };
    let own = (KIND, row(1).number);
    let first = app.mandate_offer(&me(), &offer(own.clone(), 3, &[Scope::Records])).unwrap();
    app.mandate_offer(&me(), &offer(own.clone(), 4, &[Scope::Log])).unwrap();
    app.mandate_accept(&me(), KIND, &row(3).number, &first.code.grouped()).unwrap();
    let on = |number: &str| (KIND, number.to_owned());
    let (caller_for, kind, number) =
        app.console_deputy(&me(), "record_list", (KIND, &row(3).number), &first.mandate.number).unwrap();
    app.record_list(&caller_for, kind, &number).unwrap();
    app.mandate_revoke(&me(), KIND, &own.1, &first.mandate.number).unwrap();
    let clerk = caller(Role::Clerk, "li", Some(OFFICE));
    let guardian = record(MandateKind::Guardian, on(&row(2).number), 5, PaperKind::CourtJudgment);
    app.mandate_record(&clerk, &guardian).unwrap();
    let organisation = (DocumentKind::Uscc, OFFICE.to_owned());
    let chief = record(MandateKind::LegalRepresentative, organisation, 3, PaperKind::Licence);
    let chief = app.mandate_record(&clerk, &chief).unwrap().number;
    let (chief, kind, number) = app.console_deputy(&me(), "mandate_offer", (KIND, &row(3).number), &chief).unwrap();
    let agent = app.mandate_offer(&chief, &offer((kind, number), 4, &[Scope::Report])).unwrap();
    app.mandate_accept(&me(), KIND, &row(4).number, &agent.code.grouped()).unwrap();
}

/// An office's looks that a law keeps from the person until a day: two come to light later, one does not.
fn looks(city: &mut City) {
    let subject = city.installation.find_subject(KIND, &row(6).number).unwrap().unwrap();
    let writer = LogWriter::start(&city.installation).unwrap();
    for until in [date(2027, 1, 1), date(2027, 2, 1), date(2028, 1, 1)] {
        let ground = Ground::SilentDuty {
            clause: "penalty-law#art-48".to_owned(),
            silence: "pipl#art-18".to_owned(),
            until,
            said: true,
        };
        let officer = Caller { ground, ..caller(Role::Clerk, "李秘密", Some(OFFICE)) };
        let detail = json!({ "report": "R-1", "recipient": "某机关" });
        writer.write_and_wait(NewEntry::new(subject, "report_issue", officer, detail)).unwrap();
    }
    // So many entries that the tree has more than one tile.
    for _ in 0..260 {
        let entry = NewEntry::new(chengxin_store::log::INSTALLATION, "log_verify", auditor(), json!({}));
        writer.write(entry, |written| assert!(written.is_ok()));
    }
}

/// The state of a city that nobody has open, to be put back.
pub struct Kept {
    folder: PathBuf,
    files: Vec<(PathBuf, Vec<u8>)>,
    /// Databases that are no files of the folder.
    databases: Vec<Copy>,
}

impl Kept {
    pub fn of(lived: &Lived) -> Self {
        Self::of_folder(&lived.folder(), [lived.database(), lived.key_database()])
    }

    pub fn of_folder(folder: &Path, places: [Place; 2]) -> Self {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read(&path).unwrap()));
        let on_servers = places.iter().filter(|place| place.server().is_some());
        Self {
            files: files.collect(),
            databases: on_servers.map(|place| Copy::of(place, folder)).collect(),
            folder: folder.to_owned(),
        }
    }

    pub fn put_back(&self) {
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && !self.files.iter().any(|(there, _)| *there == path) {
                std::fs::remove_file(path).unwrap();
            }
        }
        for (path, bytes) in &self.files {
            std::fs::write(path, bytes).unwrap();
        }
        self.databases.iter().for_each(Copy::put_back);
    }
}
