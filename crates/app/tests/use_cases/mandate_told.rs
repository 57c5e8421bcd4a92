//! What each side reads of a mandate in the log, what is left out for whoever acts on one, and that every refusal and every look is there.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::proxy;

use chengxin_app::consent::{ConsentRequest, RecipientAsked};
use chengxin_app::{AppError, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, Scope};
use chengxin_core::operation_words::act;
use chengxin_core::{Caller, Ground, Role, Standing};
use city::{OFFICE, number};
use proxy::{KIND, Proxies, UNTIL};

fn consent(number: &str) -> ConsentRequest {
    ConsentRequest {
        kind: KIND,
        number: number.to_owned(),
        recipient: RecipientAsked::Authority(OFFICE.to_owned()),
        purpose: "申请营运资质时出具报告".to_owned(),
        matter: None,
        classes: vec!["行政管理".to_owned()],
        from: None,
        until: UNTIL,
        uses: 3,
    }
}

/// The mother consents; the receipt.
fn granted(town: &mut Proxies) -> String {
    let (her, _, hers) = town.as_whom(|it| &it.mother, "consent_grant", None).unwrap();
    town.desk.app.consent_grant(&her, &consent(&hers)).unwrap().receipt.number
}

/// The mother consents, and disowns it; a stranger reads her records as another attorney of hers.
fn lived(town: &mut Proxies) -> String {
    let receipt = granted(town);
    let (her, kind, hers) = town.as_whom(|it| &it.mother, "consent_disown", None).unwrap();
    town.desk.app.consent_disown(&her, kind, &hers, &receipt).unwrap();
    let (her, ..) = town.as_whom(|it| &it.mother, "mandate_offer", None).unwrap();
    let mut offer = town.offer_of(&[Scope::Records]);
    (offer.actor_number, offer.actor_name) = (town.stranger.number.clone(), "孙远".to_owned());
    let code = town.desk.app.mandate_offer(&her, &offer).unwrap().code.grouped();
    let other = town.accept(|it| &it.stranger, &code).unwrap().number;
    town.records(|it| &it.stranger, &other).unwrap();
    other
}

#[test]
fn who_acts_on_a_mandate_reads_of_the_log_what_it_covers() {
    let mut town = Proxies::new();
    let other = lived(&mut town);
    let mandate = town.granted(&[Scope::Log]);
    let (her, kind, number) = town.as_whom(|it| &it.daughter, "log_lines", Some(&mandate)).unwrap();
    let lines = town.desk.app.log_lines(&her, kind, &number).unwrap();
    assert!(lines.part.as_ref().unwrap().en.contains("whether or not there are any"), "{:?}", lines.part);
    assert!(lines.lines.len() > 3 && lines.lines.iter().all(|line| line.number.is_none() && line.records.is_empty()));
    let said = format!("{:?}", lines.lines);
    for beyond in ["consent_", "record_list", &other, "孙*"] {
        assert!(!said.contains(beyond), "{beyond}: {said}");
    }
    assert!(lines.lines.iter().any(|line| line.operation == "submission_import"), "who sent what, she reads: {said}");
    assert!(lines.lines.iter().any(|line| line.mandate.as_deref() == Some(&mandate)), "and her own mandate");
    // A proof would show it all.
    assert_eq!(town.desk.app.log_export(&lines).unwrap_err().kind, Kind::Forbidden);
    // What a check told is what is held.
    town.refused(|it| &it.daughter, "check_slip", &mandate);
    let both = town.granted(&[Scope::Log, Scope::Records]);
    let seen = town.lines(|it| &it.daughter, Some(&both));
    let read = seen.iter().find(|line| line.operation == "record_list").unwrap();
    assert_eq!((read.who.say.en.as_str(), &read.mandate), ("somebody else who acts for them", &None), "{read:?}");
    assert!(seen.iter().any(|line| !line.records.is_empty()));
    let (her, kind, number) = town.as_whom(|it| &it.daughter, "check_slip", Some(&both)).unwrap();
    town.desk.app.check_slip(&her, kind, &number).unwrap();
    // The person reads the whole, and exports it.
    let (own, kind, number) = town.as_whom(|it| &it.mother, "log_lines", None).unwrap();
    let whole = town.desk.app.log_lines(&own, kind, &number).unwrap();
    assert!(whole.part.is_none() && whole.lines.iter().any(|line| line.operation == "consent_disown"));
    town.desk.app.log_export(&whole).unwrap();
}

#[test]
fn the_attorney_reads_that_the_other_revoked_and_not_on_which_account() {
    let mut town = Proxies::new();
    let mandate = town.granted(&[Scope::Records]);
    let (her, kind, hers) = town.as_whom(|it| &it.mother, "mandate_revoke", None).unwrap();
    town.desk.app.mandate_revoke(&her, kind, &hers, &mandate).unwrap();
    let lines = town.lines(|it| &it.daughter, None);
    let revoked = lines.iter().find(|line| line.operation == "mandate_revoke").unwrap();
    assert!(!revoked.who.yourself && revoked.who.say.en.contains("for whom you acted"), "{revoked:?}");
    assert!(revoked.complain.en.contains("ask or complain"), "{revoked:?}");
    assert_eq!(revoked.mandate.as_deref(), Some(mandate.as_str()));
    let text = "SELECT caller FROM log_entry WHERE operation = 'mandate_revoke' AND detail LIKE '%held%'";
    let told = town.desk.hand().rows(text, &[]).unwrap()[0][0].to_string();
    assert!(!told.contains(&her.actor), "{told}");
    let own = town.lines(|it| &it.mother, None);
    assert!(own.iter().any(|line| line.operation == "mandate_revoke" && line.who.yourself));
    town.desk.assert_whole();
}

/// The caller as they were before their mandate's time was over.
fn late(caller: &Caller) -> Caller {
    let Standing::Deputy(deputy) = &caller.standing else { unreachable!("on a mandate") };
    let mut deputy = deputy.clone();
    deputy.until_us = 0;
    Caller { standing: Standing::Deputy(deputy), ..caller.clone() }
}

type Attempt = fn(&mut Proxies, &Caller, DocumentKind, &str) -> Result<(), AppError>;

#[test]
fn whatever_is_refused_where_it_would_be_written_is_a_denial_and_the_other_reads_it() {
    let attempts: [(&'static str, Attempt); 8] = [
        ("record_list", |town, caller, kind, number| town.desk.app.record_list(caller, kind, number).map(drop)),
        ("log_lines", |town, caller, kind, number| town.desk.app.log_lines(caller, kind, number).map(drop)),
        ("check_slip", |town, caller, kind, number| town.desk.app.check_slip(caller, kind, number).map(drop)),
        ("check_preview", |town, caller, kind, number| {
            town.desk.app.check_preview(caller, "road-transport-practitioner", kind, number).map(drop)
        }),
        ("report_issue", |town, caller, kind, number| {
            let request = chengxin_app::report::ReportRequest {
                document_kind: kind,
                number: number.to_owned(),
                name: None,
                recipient: "本人".to_owned(),
                domains: vec![],
                from: None,
                to: None,
                lang: chengxin_core::Lang::Zh,
            };
            town.desk.app.report_issue(caller, &request).map(drop)
        }),
        ("consent_list", |town, caller, kind, number| town.desk.app.consent_list(caller, kind, number).map(drop)),
        ("consent_withdraw", |town, caller, kind, number| {
            let receipt = granted(town);
            town.desk.app.consent_withdraw(caller, kind, number, &receipt).map(drop)
        }),
        ("consent_receipt", |town, caller, kind, number| {
            let receipt = granted(town);
            town.desk.app.consent_receipt(caller, kind, number, &receipt).map(drop)
        }),
    ];
    let mut town = Proxies::new();
    let record = town.record_of(MandateKind::Guardian, &town.daughter);
    let mandate = town.desk.app.mandate_record(&Proxies::window(), &record).unwrap().number;
    for (at, (name, attempt)) in attempts.into_iter().enumerate() {
        let (caller, kind, number) = town.as_whom(|it| &it.daughter, name, Some(&mandate)).unwrap();
        let before = town.desk.denials().len();
        let refused = attempt(&mut town, &late(&caller), kind, &number).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden, "{name}");
        assert_eq!(town.desk.denials().len(), before + 1, "{name}");
        let told = town.lines(|it| &it.mother, None);
        let told = told.iter().filter(|line| line.operation == "access_deny").count();
        assert_eq!(told, at + 1, "{name}");
    }
    town.desk.assert_whole();
}

#[test]
fn a_real_code_that_somebody_else_tried_is_a_line_for_whoever_handed_it_over() {
    let mut town = Proxies::new();
    let code = town.offer(&[Scope::Records]).code.grouped();
    assert_eq!(town.accept(|it| &it.stranger, &code).unwrap_err().kind, Kind::NotFound);
    let lines = town.lines(|it| &it.mother, None);
    let tried = lines.iter().find(|line| line.operation == "access_deny").unwrap();
    assert_eq!(tried.act, act("access_deny", "code").unwrap());
    assert!(!tried.who.yourself, "{tried:?}");
    let text = "SELECT caller FROM log_entry WHERE operation = 'access_deny' AND detail LIKE '%\"code\"%'";
    let told = town.desk.hand().rows(text, &[]).unwrap()[0][0].to_string();
    assert!(!told.contains("stranger"), "{told}");
    // It works still, for whom it is meant; what they look at is a line too.
    let (hers, kind, own) = town.as_whom(|it| &it.daughter, "mandate_accept", None).unwrap();
    town.desk.app.mandate_offered(&hers, kind, &own, &code).unwrap();
    let lines = town.lines(|it| &it.mother, None);
    let looked = lines.iter().find(|line| line.operation == "mandate_accept").unwrap();
    assert_eq!(looked.act, act("mandate_accept", "looked").unwrap());
    assert!(!looked.who.yourself);
    town.accept(|it| &it.daughter, &code).unwrap();
    town.desk.assert_whole();
}

#[test]
fn what_is_said_twice_and_what_finds_nothing_is_a_line_all_the_same() {
    let mut town = Proxies::new();
    let (first, second) = (town.granted(&[Scope::Records]), town.granted(&[Scope::Records]));
    let (her, kind, hers) = town.as_whom(|it| &it.mother, "mandate_revoke", None).unwrap();
    let (own, own_kind, own_number) = town.as_whom(|it| &it.daughter, "mandate_resign", None).unwrap();
    for _ in 0..2 {
        town.desk.app.mandate_revoke(&her, kind, &hers, &first).unwrap();
        town.desk.app.mandate_resign(&own, own_kind, &own_number, &second).unwrap();
    }
    let lines = town.lines(|it| &it.mother, None);
    for name in ["mandate_revoke", "mandate_resign"] {
        let acts: Vec<_> = lines.iter().filter(|line| line.operation == name).map(|line| line.act.clone()).collect();
        assert_eq!(acts, [act(name, "again").unwrap(), act(name, "").unwrap()], "newest first");
    }
    // Nothing is held about the daughter; that she asked is in her log.
    let (own, kind, hers) = town.as_whom(|it| &it.daughter, "record_list", None).unwrap();
    assert_eq!(town.desk.app.record_list(&own, kind, &hers).unwrap_err().kind, Kind::NotFound);
    assert!(town.lines(|it| &it.daughter, None).iter().any(|line| line.operation == "record_list"));
    // Of whoever was never here there is no log that could say it.
    let resident = Caller { ground: Ground::OwnRight, ..city::caller(Role::Resident, "x", None) };
    assert_eq!(town.desk.app.record_list(&resident, KIND, &number("19700101", 9)).unwrap_err().kind, Kind::NotFound);
    town.desk.assert_whole();
}
