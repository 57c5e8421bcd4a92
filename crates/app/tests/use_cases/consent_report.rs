//! A report that an authority asks for on the person's consent: never on the clerk's word, with the classes consented to and no others.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::giver;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use chengxin_app::consent::{PaperConsent, PaperFor, RecipientAsked};
use chengxin_app::report::{IssuedReport, ReportRequest};
use chengxin_app::{AppError, Clock, Installation, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Lang};
use city::{OFFICE, number};
use giver::{OTHER_OFFICE, Town, me, paper};
use jiff::civil::date;

const KIND: DocumentKind = DocumentKind::ResidentId;
const CLASS: &str = "行政管理";
const PURPOSE: &str = "申请营运资质时出具报告";

/// A clerk who asks for the purpose that was consented to.
fn clerk(actor: &str, office: &str, shown: &str) -> Caller {
    Caller { purpose: PURPOSE.to_owned(), ..giver::clerk(actor, office, shown) }
}

fn about(number: &str) -> ReportRequest {
    ReportRequest {
        document_kind: KIND,
        number: number.to_owned(),
        name: None,
        recipient: "云汀银行".to_owned(),
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
        request.purpose = PURPOSE.to_owned();
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
    // For whom and for what is what the person consented to, whatever was asked.
    assert_eq!((told.content.recipient.as_str(), told.content.purpose.as_str()), ("云汀市交通运输局", PURPOSE));
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
    let for_something_else = Caller { purpose: "招聘审查".to_owned(), ..clerk("h", OFFICE, &good) };
    assert_eq!(refused(&mut town, &for_something_else), said[0]);
    // Of somebody else the same receipt opens nothing.
    let stranger = about(&self::number("19850505", 77));
    let other = town.city.installation.report_issue(&clerk("g", OFFICE, &good), &stranger).unwrap_err();
    assert_eq!(other.public.zh, said[0]);
    // The person reads each attempt about them.
    let log = town.city.installation.log_lines(&me(), KIND, &number).unwrap();
    let denied = log.lines.iter().filter(|line| line.operation == "access_deny").count();
    assert_eq!(denied, 7, "{:#?}", log.lines);
    town.assert_whole();
}

#[test]
fn paper_that_was_signed_at_the_window_is_good_for_one_report() {
    let mut town = Town::new();
    let on = |purpose: &str, classes: &[&str], recipient: &str| {
        let classes = classes.iter().map(|class| (*class).to_owned()).collect();
        PaperFor::Report { purpose: purpose.to_owned(), classes, recipient: recipient.to_owned() }
    };
    for wanting in [on("", &[CLASS], "云汀银行"), on(PURPOSE, &[], "云汀银行"), on(PURPOSE, &[CLASS], " ")] {
        let signed = PaperConsent { what: wanting, ..paper::of(&town.number) };
        assert_eq!(town.city.installation.consent_record(&paper::clerk(), &signed).unwrap_err().kind, Kind::Invalid);
    }
    let signed = PaperConsent { what: on(PURPOSE, &[CLASS], "云汀银行"), ..paper::of(&town.number) };
    let receipt = town.city.installation.consent_record(&paper::clerk(), &signed).unwrap().receipt;
    assert_eq!((receipt.matter, receipt.report_for.as_deref()), (None, Some("云汀银行")));
    let told = report(&mut town, &clerk("a", OFFICE, &receipt.number)).unwrap();
    let classes: Vec<_> = told.content.classes.iter().map(|class| class.name.zh.as_str()).collect();
    assert_eq!(classes, [CLASS], "what the paper says, and no more");
    assert_eq!((told.content.recipient.as_str(), told.content.purpose.as_str()), ("云汀银行", PURPOSE));
    refused(&mut town, &clerk("b", OFFICE, &receipt.number));
    let another = town.city.installation.consent_record(&paper::clerk(), &signed).unwrap().receipt.number;
    let mut tomorrow = town.on(date(2026, 11, 23));
    let late = tomorrow.report_issue(&clerk("c", OFFICE, &another), &about(&town.number)).unwrap_err();
    assert_eq!(late.kind, Kind::Forbidden, "{late}");
    town.assert_whole();
}

/// A clock that, at a look at it, has something else happen first.
struct Meanwhile {
    now_us: i64,
    looks: AtomicI64,
    happens: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Clock for Meanwhile {
    fn now_us(&self) -> i64 {
        if self.looks.fetch_sub(1, Ordering::SeqCst) == 0
            && let Some(happens) = self.happens.lock().unwrap().take()
        {
            happens();
        }
        self.now_us
    }
}

#[test]
fn a_consent_that_is_withdrawn_while_the_report_is_made_gives_none() {
    let mut town = Town::new();
    let (number, now_us) = (town.number.clone(), town.city.installation.now_us());
    let (mut gone, mut looks) = (0, 0);
    loop {
        let receipt = granted(&mut town, &[CLASS], 1);
        let mut other = town.city.installation.another().unwrap();
        let (own, shown) = (number.clone(), receipt.clone());
        let withdraw = move || drop(other.consent_withdraw(&me(), KIND, &own, &shown).unwrap());
        let clock = Arc::new(Meanwhile {
            now_us,
            looks: AtomicI64::new(i64::MAX),
            happens: Mutex::new(Some(Box::new(withdraw))),
        });
        let mut door = Installation::open(town.city.installation.dir(), clock.clone()).unwrap();
        clock.looks.store(looks, Ordering::SeqCst);
        let made = door.report_issue(&clerk(&format!("clerk-{looks}"), OFFICE, &receipt), &about(&number));
        if clock.happens.lock().unwrap().is_some() {
            // It was looked at less often: nothing happened, and the consent was used.
            made.unwrap();
            break;
        }
        assert_eq!(made.unwrap_err().kind, Kind::Forbidden, "withdrawn at look {looks}");
        (gone, looks) = (gone + 1, looks + 1);
    }
    assert!(gone > 2, "before and after it was first looked at: {gone}");
    town.assert_whole();
}

#[test]
fn of_many_who_come_for_the_last_report_one_is_answered() {
    let mut town = Town::new();
    let receipt = granted(&mut town, &[CLASS], 1);
    let start = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|at| {
            let (mut door, start) = (town.city.installation.another().unwrap(), Arc::clone(&start));
            let (caller, request) = (clerk(&format!("clerk-{at}"), OFFICE, &receipt), about(&town.number));
            std::thread::spawn(move || {
                start.wait();
                door.report_issue(&caller, &request).map(drop).map_err(|error| error.kind)
            })
        })
        .collect();
    let came: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(came.iter().filter(|came| came.is_ok()).count(), 1, "{came:?}");
    assert!(came.iter().all(|came| came.is_ok() || *came == Err(Kind::Forbidden)), "{came:?}");
    let number = town.number.clone();
    assert_eq!(town.city.installation.consent_list(&me(), KIND, &number).unwrap()[0].used.len(), 1);
    town.assert_whole();
}
