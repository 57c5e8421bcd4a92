//! A report that an authority asks for on the person's consent: never on the clerk's word, with the classes consented to and no others.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod city;
mod giver;

use chengxin_app::consent::{PaperConsent, RecipientAsked};
use chengxin_app::report::{IssuedReport, ReportRequest};
use chengxin_app::{AppError, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Lang};
use city::{OFFICE, number};
use giver::{OTHER_OFFICE, Town, clerk, me, paper};
use jiff::civil::date;

const KIND: DocumentKind = DocumentKind::ResidentId;
const CLASS: &str = "行政管理";

fn about(number: &str) -> ReportRequest {
    ReportRequest {
        document_kind: KIND,
        number: number.to_owned(),
        name: None,
        recipient: "云汀市交通运输局".to_owned(),
        domains: Vec::new(),
        from: None,
        to: None,
        lang: Lang::Zh,
    }
}

/// The receipt of a consent to reports, with these classes and so many uses.
fn granted(town: &mut Town, classes: &[&str], uses: i64) -> String {
    let granted = town.grant(|request| {
        request.matter = None;
        request.purpose = "申请营运资质时出具报告".to_owned();
        request.classes = classes.iter().map(|class| (*class).to_owned()).collect();
        request.uses = uses;
    });
    granted.receipt.number
}

fn report(town: &mut Town, caller: &Caller) -> Result<IssuedReport, AppError> {
    let request = about(&town.number.clone());
    town.city.installation.report_issue(caller, &request)
}

/// The one sentence, whatever is wrong.
fn refused(town: &mut Town, caller: &Caller) -> String {
    let error = report(town, caller).unwrap_err();
    assert_eq!(error.kind, Kind::Forbidden, "{error}");
    error.public.zh
}

#[test]
fn a_report_on_consent_shows_the_classes_consented_to_and_counts_its_use() {
    let mut town = Town::new();
    let receipt = granted(&mut town, &[CLASS], 2);
    let told = report(&mut town, &clerk("a", OFFICE, &receipt)).unwrap();
    let classes: Vec<_> = told.content.classes.iter().map(|class| class.name.zh.as_str()).collect();
    assert_eq!(classes, [CLASS]);
    assert_eq!(told.content.classes[0].entries.len(), 1);
    assert!(told.content.notes.iter().any(|note| note.zh.contains("当事人授权的信息类别")), "{:?}", told.content.notes);
    let whole = report(&mut town, &me()).unwrap();
    assert!(whole.content.classes.len() > 3, "their own report is whole");

    let number = town.number.clone();
    let lines = town.city.installation.consent_list(&me(), KIND, &number).unwrap();
    assert_eq!(lines[0].used.len(), 1);
    assert_eq!((&lines[0].used[0].check, lines[0].used[0].authority.as_str()), (&told.number, "云汀市交通运输局"));
    let log = town.city.installation.log_lines(&me(), KIND, &number).unwrap();
    assert!(log.lines.iter().any(|line| line.act.zh.contains("为出具一份报告使用了您的一项授权")), "{:#?}", log.lines);

    report(&mut town, &clerk("b", OFFICE, &receipt)).unwrap();
    refused(&mut town, &clerk("c", OFFICE, &receipt));
    town.assert_whole();
}

#[test]
fn what_is_not_a_consent_to_reports_is_refused_in_one_sentence() {
    let mut town = Town::new();
    let good = granted(&mut town, &[CLASS], 9);
    let of_a_matter = town.grant(|_| ()).receipt.number;
    let to_another = town.grant(|request| {
        request.recipient = RecipientAsked::Organisation("云汀银行".to_owned());
        request.matter = None;
        request.purpose = "申请信用贷款".to_owned();
        request.classes = vec![CLASS.to_owned()];
    });
    let withdrawn = granted(&mut town, &[CLASS], 1);
    let number = town.number.clone();
    town.city.installation.consent_withdraw(&me(), KIND, &number, &withdrawn).unwrap();
    let mut said = Vec::new();
    for (actor, office, shown) in [
        ("a", OFFICE, "SQ-1"),
        ("b", OFFICE, "持有授权"),
        ("c", OTHER_OFFICE, good.as_str()),
        ("d", OFFICE, &of_a_matter),
        ("e", OFFICE, &to_another.receipt.number),
        ("f", OFFICE, &withdrawn),
    ] {
        said.push(refused(&mut town, &clerk(actor, office, shown)));
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:#?}");
    // Of somebody else the same receipt opens nothing.
    let stranger = about(&self::number("19850505", 77));
    let other = town.city.installation.report_issue(&clerk("g", OFFICE, &good), &stranger).unwrap_err();
    assert_eq!(other.public.zh, said[0]);
    // The person reads each attempt about them.
    let log = town.city.installation.log_lines(&me(), KIND, &number).unwrap();
    let denied = log.lines.iter().filter(|line| line.operation == "access_deny").count();
    assert_eq!(denied, 6, "{:#?}", log.lines);
    town.assert_whole();
}

#[test]
fn paper_that_was_signed_at_the_window_is_good_for_one_report() {
    let mut town = Town::new();
    let signed = PaperConsent { matter: None, ..paper::of(&town.number) };
    let receipt = town.city.installation.consent_record(&paper::clerk(), &signed).unwrap().receipt;
    assert_eq!(receipt.matter, None);
    let told = report(&mut town, &clerk("a", OFFICE, &receipt.number)).unwrap();
    assert!(told.content.classes.len() > 3, "{:?}", told.content.classes.len());
    refused(&mut town, &clerk("b", OFFICE, &receipt.number));
    let another = town.city.installation.consent_record(&paper::clerk(), &signed).unwrap().receipt.number;
    let mut tomorrow = town.on(date(2026, 11, 23));
    let late = tomorrow.report_issue(&clerk("c", OFFICE, &another), &about(&town.number)).unwrap_err();
    assert_eq!(late.kind, Kind::Forbidden, "{late}");
    town.assert_whole();
}
