//! Officers keep out of their own affairs and of those of whom they act for; and nothing is done about a child.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::desk;
use crate::proxy;

use chengxin_app::account::Recovering;
use chengxin_app::check::CheckRequest;
use chengxin_app::consent::{ConsentCodeRequest, ConsentRequest, PaperConsent, PaperFor, RecipientAsked};
use chengxin_app::record::{Decision, LockKind, RecordRef};
use chengxin_app::report::ReportRequest;
use chengxin_app::{AppError, Kind};
use chengxin_core::mandate::{MandateKind, Scope};
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Lang, Role, Session, Standing};
use city::{OFFICE, caller, number};
use jiff::civil::date;
use proxy::{KIND, Proxies, Someone, UNTIL};

/// Somebody as an officer whose account is known to be theirs.
fn officer(town: &mut Proxies, who: fn(&Proxies) -> &Someone, role: Role) -> Caller {
    let (own, ..) = town.as_whom(who, "record_list", None).unwrap();
    let Standing::Session(session) = own.standing else { unreachable!("a session") };
    let session = Session { held: vec![role], ..*session };
    Caller { standing: Standing::Session(Box::new(session)), ..caller(role, "officer", Some(OFFICE)) }
}

fn paper(number: &str) -> PaperConsent {
    let classes = vec!["行政管理".to_owned()];
    PaperConsent {
        kind: KIND,
        number: number.to_owned(),
        what: PaperFor::Report { purpose: "办理贷款".to_owned(), classes, recipient: "云汀银行".to_owned() },
        evidence: "居民身份证原件，与本人相符".to_owned(),
        paper: "授权书1号".to_owned(),
    }
}

/// Refused by the rule on recusal, and logged as a denial.
#[track_caller]
fn recused<T: std::fmt::Debug>(town: &Proxies, what: &str, before: usize, done: Result<T, AppError>) {
    let refused = done.unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden, "{what}: {refused}");
    assert!(refused.public.zh.contains("本人或其委托人"), "{what}: {refused}");
    assert_eq!(town.desk.denials().len(), before + 1, "{what}");
}

#[test]
fn an_officer_does_nothing_at_work_about_themself_or_whoever_they_act_for() {
    let mut town = Proxies::new();
    town.granted(&[Scope::Records]);
    let clerk = officer(&mut town, |it| &it.daughter, Role::Clerk);
    let (own, hers, others) = (town.daughter.number.clone(), town.mother.number.clone(), town.stranger.number.clone());
    let base = town.record_of(MandateKind::Guardian, &town.stranger);
    for (what, mandator, actor) in
        [("own guardian", &own, &others), ("guardian herself", &others, &own), ("of whom she acts for", &hers, &others)]
    {
        let mut record = base.clone();
        (record.mandator.1, record.actor.1) = (mandator.clone(), actor.clone());
        let before = town.desk.denials().len();
        let done = town.desk.app.mandate_record(&clerk, &record);
        recused(&town, what, before, done);
    }
    for about in [&own, &hers] {
        let mut ending = Proxies::ending(&base);
        ending.mandator.1.clone_from(about);
        let before = town.desk.denials().len();
        let done = town.desk.app.mandate_end(&clerk, &ending);
        recused(&town, "mandate_end", before, done);
        let before = town.desk.denials().len();
        let done = town.desk.app.consent_record(&clerk, &paper(about));
        recused(&town, "consent_record", before, done);
        let before = town.desk.denials().len();
        let done = town.desk.app.activation_issue(&clerk, KIND, about, "居民身份证原件");
        recused(&town, "activation_issue", before, done);
        let before = town.desk.denials().len();
        let done = town.desk.app.recovery_issue(&clerk, Recovering::Person(KIND, about), "居民身份证原件");
        recused(&town, "recovery_issue", before, done);
        let before = town.desk.denials().len();
        let asked = CheckRequest {
            matter: "road-transport-practitioner".to_owned(),
            kind: KIND,
            number: about.clone(),
            name: "周明".to_owned(),
            case_number: "1".to_owned(),
        };
        let on_duty = Caller { ground: Ground::Duty("road-transport-regulation#art-9".to_owned()), ..clerk.clone() };
        let done = town.desk.app.check_answer(&on_duty, &asked);
        recused(&town, "check_answer", before, done);
    }
    // Nor does one who decides decide about their own record.
    let decider = officer(&mut town, |it| &it.mother, Role::Decider);
    let at = RecordRef { kind: KIND, number: hers.clone(), record: RecordId([7; 16]) };
    let decision = Decision { case_no: "云信决〔2026〕1号".to_owned(), decided_on: date(2026, 11, 20) };
    let before = town.desk.denials().len();
    let done = town.desk.app.record_lock(&decider, &at, LockKind::Correction, &decision);
    recused(&town, "record_lock", before, done);
    // Anybody else's affairs are their work.
    town.desk.app.consent_record(&clerk, &paper(&others)).unwrap();
    let mut record = base;
    record.mandator.1 = number("19600101", 3);
    town.desk.app.mandate_record(&clerk, &record).unwrap();
}

#[test]
fn nothing_is_written_about_a_child() {
    let mut town = Proxies::new();
    let child = number("20100505", 1);
    let rows = |town: &Proxies| {
        let count = |table: &str| town.desk.hand().number(&format!("SELECT count(*) FROM {table}"), &[]).unwrap();
        ["subject", "consent", "mandate", "report", "activation", "log_entry"].map(count)
    };
    let before = rows(&town);
    let resident = Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "child", None) };
    let consent = ConsentRequest {
        kind: KIND,
        number: child.clone(),
        recipient: RecipientAsked::Authority(OFFICE.to_owned()),
        purpose: "申请营运资质".to_owned(),
        matter: None,
        classes: vec!["行政管理".to_owned()],
        from: None,
        until: UNTIL,
        uses: 1,
    };
    let (matter, authority) = ("commitment-based-approval".to_owned(), OFFICE.to_owned());
    let code = ConsentCodeRequest { kind: KIND, number: child.clone(), matter, authority };
    let report = ReportRequest {
        document_kind: KIND,
        number: child.clone(),
        name: None,
        recipient: "学校".to_owned(),
        domains: vec![],
        from: None,
        to: None,
        lang: Lang::Zh,
    };
    let clerk = Proxies::window();
    let app = &mut town.desk.app;
    let refused = [
        app.consent_record(&clerk, &paper(&child)).unwrap_err(),
        app.consent_grant(&resident, &consent).unwrap_err(),
        app.consent_code(&resident, &code).unwrap_err(),
        app.consent_list(&resident, KIND, &child).unwrap_err(),
        app.mandate_list(&resident, KIND, &child).unwrap_err(),
        app.report_issue(&resident, &report).unwrap_err(),
        app.activation_issue(&desk::identity_clerk(), KIND, &child, "户口簿原件").unwrap_err(),
        app.recovery_issue(&desk::identity_clerk(), Recovering::Person(KIND, &child), "户口簿原件").unwrap_err(),
    ];
    for refusal in refused {
        assert!(refusal.kind == Kind::Invalid && refusal.public.en.contains("under 18"), "{refusal}");
    }
    assert_eq!(rows(&town), before);
}
