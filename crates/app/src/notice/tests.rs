//! Telling from within a transaction, as other use cases do it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chengxin_core::delivery::Delivery;
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule};
use chengxin_core::notice::NoticeKind;
use chengxin_core::{Caller, Ground, Role, Say};
use chengxin_store::Store;
use data_encoding::HEXLOWER;
use jiff::civil::date;
use serde_json::{Value, json};

use super::tell::{About, Told, ToldOffice, delivered_on, tell, tell_authority};
use crate::log::testing::installation;
use crate::{AppError, Installation};

const NUMBER: &str = "990000199001010017";

fn me() -> Caller {
    Caller { role: Role::Resident, ground: Ground::OwnRight, ..Caller::operator("zhou", "test") }
}

/// Somebody who was never told anything, as a reader of their own records.
fn reader(app: &mut Installation) -> [u8; 16] {
    let (document, _) = Document::parse(DocumentKind::ResidentId, NUMBER, SyntheticRule::Allowed).unwrap();
    let somebody = app.somebody(&document).unwrap();
    let (keys, now_us) = (app.keys.clone(), app.now_us());
    let write = |tx: &chengxin_store::Tx<'_>| -> Result<(), AppError> {
        somebody.new.as_ref().unwrap().write(tx, &keys, now_us)
    };
    app.store.write("test", write).unwrap();
    somebody.subject
}

fn told(app: &mut Installation, subject: &[u8; 16], kind: NoticeKind, case: &str, detail: &Value) {
    let (keys, now_us) = (app.keys.clone(), app.now_us());
    let write = |tx: &chengxin_store::Tx<'_>| {
        tell(tx, &keys, now_us, &Told { subject, kind, record: None, office: "", case, detail })
    };
    app.store.write("test", write).unwrap();
}

fn payloads(app: &Installation) -> Vec<String> {
    let store = Store::open(app.database()).unwrap();
    let jobs = store.view().job_list(100).unwrap().into_iter();
    jobs.filter(|job| job.kind == "notice_send").map(|job| job.payload).collect()
}

#[test]
fn the_same_is_told_once_and_another_step_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut app = installation(&dir.path().join("data"));
    let subject = reader(&mut app);
    let more = NoticeKind::ObjectionMoreAsked;
    for detail in [json!({ "step": 1 }), json!({ "step": 1 }), json!({ "step": 2 })] {
        told(&mut app, &subject, more, "YY-1", &detail);
    }
    told(&mut app, &subject, more, "YY-2", &json!({ "step": 1 }));
    told(&mut app, &subject, NoticeKind::ObjectionAnswered, "YY-1", &json!({ "step": 1 }));
    assert_eq!(app.notice_list(&me(), DocumentKind::ResidentId, NUMBER).unwrap().len(), 4);
}

#[test]
fn what_waits_to_be_sent_says_the_same_of_good_news_and_of_bad() {
    let dir = tempfile::tempdir().unwrap();
    let mut app = installation(&dir.path().join("data"));
    let subject = reader(&mut app);
    for kind in NoticeKind::ALL {
        told(&mut app, &subject, *kind, "案号1", &json!({ "say": Say::new("内容", "content") }));
    }
    let waiting = payloads(&app);
    assert_eq!(waiting.len(), NoticeKind::ALL.len());
    // Sealed, and of one length: the job knows which notice, and not of what kind.
    assert!(waiting.iter().all(|payload| payload.len() == waiting[0].len() && payload.starts_with("{\"sealed\":")));
    assert!(waiting.iter().all(|payload| !payload.contains(&HEXLOWER.encode(&subject))));
}

#[test]
fn a_notice_shows_what_it_carries_and_a_deadline_counts_from_its_delivery() {
    let dir = tempfile::tempdir().unwrap();
    let mut app = installation(&dir.path().join("data"));
    let subject = reader(&mut app);
    let (kind, case) = (NoticeKind::RepairDecided, "XF-1");
    let detail = json!({ "say": Say::new("准予修复", "granted"), "due": "2026-12-01" });
    told(&mut app, &subject, kind, case, &detail);
    let about = |case| About { kind, record: None, case };
    let counts = |app: &Installation, case| delivered_on(app.store.view(), &app.keys, &subject, &about(case)).unwrap();
    assert_eq!(counts(&app, case), None);
    let notice = app.notice_list(&me(), DocumentKind::ResidentId, NUMBER).unwrap()[0].notice.clone();
    let view = app.notice_show(&me(), (DocumentKind::ResidentId, NUMBER), &notice).unwrap();
    assert_eq!(view.notice.delivery, Delivery::Opened);
    let text = serde_json::to_string(&view).unwrap();
    for said in ["准予修复", "XF-1", "2026年12月1日", "行政复议", "行政诉讼"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    assert_eq!((counts(&app, case), counts(&app, "XF-2")), (Some(date(2026, 11, 20)), None));
    let forged = "UPDATE notice SET delivered_us = delivered_us - 86400000000";
    chengxin_store::testing::Hand::in_(app.database()).run(forged, &[]).unwrap();
    assert_eq!(counts(&app, case), None, "what somebody wrote by hand counts for nothing");
}

#[test]
fn an_authority_is_told_once_and_reads_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let mut app = installation(&dir.path().join("data"));
    let (keys, now_us) = (app.keys.clone(), app.now_us());
    let record = Some(([7; 16], 2));
    for (authority, case) in [("A", "1"), ("A", "1"), ("A", "2"), ("B", "1"), ("", "1")] {
        app.store
            .write("test", |tx| {
                tell_authority(
                    tx,
                    &keys,
                    now_us,
                    NoticeKind::OutcomeReview,
                    &ToldOffice { authority, record, case, which: "" },
                )
            })
            .unwrap();
    }
    let officer = |authority: &str| Caller {
        role: Role::Decider,
        authority: Some(authority.to_owned()),
        ground: Ground::Duty("penalty-law#art-48".to_owned()),
        ..Caller::operator("qian", "test")
    };
    let inbox = app.notice_inbox(&officer("A")).unwrap();
    assert_eq!((inbox.len(), inbox[0].record.clone(), inbox[0].version), (2, Some("07".repeat(16)), Some(2)));
    assert_eq!(app.notice_inbox(&officer("B")).unwrap().len(), 1);
    assert_eq!(app.notice_inbox(&officer("C")).unwrap().len(), 0);
    let office = Caller { role: Role::CreditOffice, authority: None, ..officer("A") };
    assert_eq!(app.notice_inbox(&office).unwrap().len(), 1);
}
