//! Notices: told once, read by whom they are for, served where nobody could be told.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::sync::Arc;

use chengxin_app::notice::{NoticeLine, NoticeView, Served};
use chengxin_app::{FixedClock, Installation, Kind};
use chengxin_core::delivery::Delivery;
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Lang, Role};
use chengxin_store::Store;
use chengxin_store::log::INSTALLATION;
use chengxin_store::testing::Hand;
use city::{City, OFFICE, caller, row};
use jiff::civil::{Date, date};

const KIND: DocumentKind = DocumentKind::ResidentId;

fn operator() -> Caller {
    Caller::operator("operator", "test")
}

fn me() -> Caller {
    Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "zhou", None) }
}

fn work(app: &mut Installation) {
    while app.job_run(&operator(), "one").unwrap().done > 0 {}
}

fn on(city: &City, day: Date) -> Installation {
    Installation::open(city.installation.dir(), Arc::new(FixedClock::on(day))).unwrap()
}

fn list(app: &mut Installation, n: u32) -> Vec<NoticeLine> {
    app.notice_list(&me(), KIND, &row(n).number).unwrap()
}

fn show(app: &mut Installation, n: u32, notice: &str) -> NoticeView {
    app.notice_show(&me(), (KIND, &row(n).number), notice).unwrap()
}

/// A city in which so many people have one adverse record each, released and told.
fn told(people: u32) -> City {
    let mut city = City::new();
    let rows: Vec<_> = (1..=people).map(row).collect();
    city.import("a.csv", &rows);
    city.release();
    work(&mut city.installation);
    city
}

fn text(view: &NoticeView) -> String {
    let parts = view.parts.iter().flat_map(|part| std::iter::once(&part.heading).chain(&part.sentences));
    parts.map(|say| format!("{} {}\n", say.zh, say.en)).collect()
}

fn count(city: &City) -> i64 {
    let hand = Hand::in_(city.installation.database());
    hand.rows("SELECT count(*) FROM notice", &[]).unwrap()[0][0].int().unwrap()
}

#[test]
fn an_adverse_record_is_told_with_how_it_shows_how_it_is_contested_and_how_it_is_repaired() {
    let mut city = told(1);
    let app = &mut city.installation;
    let lines = list(app, 1);
    assert_eq!((lines.len(), lines[0].kind.as_str(), lines[0].delivery), (1, "adverse_record", Delivery::NotDelivered));
    assert_eq!(list(app, 1), lines, "looking at the list delivers nothing");
    let view = show(app, 1, &lines[0].notice);
    assert_eq!(view.notice.delivery, Delivery::Opened);
    let text = text(&view);
    for said in [
        "云汀市交通运输局",
        "云交罚〔2026〕1号",
        "《中华人民共和国道路交通安全法》第九十条",
        "最迟自2026年12月2日起不再展示",
        "提出异议，免费",
        "20 日内书面答复",
        "行政复议：自知道之日起60 日内",
        "行政诉讼：自知道之日起6 个月内",
        "信用修复，免费",
        "信用承诺书",
        "不需要参加志愿服务或捐款",
        "3 个工作日内受理，10 个工作日内决定",
        "任一政务服务窗口",
    ] {
        assert!(text.contains(said), "{said} is not in\n{text}");
    }
    for kept in ["周明", row(1).number.as_str(), "禁停路段"] {
        assert!(!text.contains(kept), "{kept} is in\n{text}");
    }
}

#[test]
fn nothing_is_told_of_what_harms_nobody_of_what_waits_and_of_what_was_recalled() {
    let mut city = City::new();
    city.import("a.csv", &[row(1)]);
    work(&mut city.installation);
    assert_eq!(count(&city), 0, "it waits for the second officer");
    let second = city.second();
    city.installation.submission_recall(&second, 1, "发错了文件").unwrap();
    work(&mut city.installation);
    assert_eq!(count(&city), 0);
    let person = row(2);
    let licence = format!(
        "XK_XDR_MC,XK_XDR_LB,XK_XDR_ZJLX,XK_XDR_ZJHM,XK_XKWS,XK_WSH,XK_XKLB,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI,XK_XKJG,XK_XKJGDM,XK_ZT,XK_LYDW,XK_LYDWDM\n\
        {},自然人,身份证,{},道路运输从业资格证,云交许〔2026〕1号,普通,道路旅客运输,2026-09-01,2026-09-01,2030-09-01,云汀市交通运输局,{OFFICE},1,云汀市交通运输局,{OFFICE}\n",
        person.name, person.number,
    );
    let path = city.write("licence.csv", &licence);
    let report = city.import_with(&path, |request| request.item = Some("licence".to_owned())).unwrap().quality;
    assert_eq!(report.counts.new, 1, "{report:#?}");
    work(&mut city.installation);
    assert_eq!(count(&city), 0, "a licence is no bad news");
}

#[test]
fn each_record_is_told_once_though_the_telling_breaks_off_and_begins_again() {
    let mut city = City::new();
    let rows: Vec<_> = (1..=450).map(row).collect();
    city.import("a.csv", &rows);
    city.release();
    // One slice, and then the worker dies.
    city.installation.job_run(&operator(), "one").unwrap();
    assert_eq!(count(&city), 200);
    let again = |city: &City, id: u8, after: i64| {
        let mut store = Store::open(city.installation.database()).unwrap();
        let payload = format!(r#"{{"submission":1,"after":{after}}}"#);
        store.write("test", |tx| tx.job_add(&INSTALLATION, &[id; 16], "notice_make", &payload, 0)).unwrap();
    };
    again(&city, 7, -1);
    work(&mut city.installation);
    assert_eq!(count(&city), 450);
    again(&city, 8, 100);
    work(&mut city.installation);
    assert_eq!(count(&city), 450);
    // A job that somebody made up tells of nothing that is not in effect.
    city.import("b.csv", &[row(451)]);
    let mut store = Store::open(city.installation.database()).unwrap();
    store
        .write("test", |tx| tx.job_add(&INSTALLATION, &[9; 16], "notice_make", r#"{"submission":2,"after":-1}"#, 0))
        .unwrap();
    work(&mut city.installation);
    assert_eq!(count(&city), 450);
    assert_eq!(list(&mut city.installation, 450).len(), 1);
}

#[test]
fn a_changed_record_is_told_of_anew_and_a_withdrawn_one_says_that_it_is() {
    let mut city = told(1);
    let mut changed = row(1);
    changed.fine = "0.050000".to_owned();
    let second = city.second();
    let submission = city.import("b.csv", &[changed.clone()]).quality.submission.unwrap();
    city.installation.submission_release(&second, submission).unwrap();
    work(&mut city.installation);
    assert_eq!(list(&mut city.installation, 1).len(), 2);
    changed.action = "撤销".to_owned();
    let report = city.import("c.csv", &[changed]).quality;
    if report.needs_release {
        city.installation.submission_release(&second, report.submission.unwrap()).unwrap();
    }
    work(&mut city.installation);
    let lines = list(&mut city.installation, 1);
    assert_eq!(lines.len(), 2, "a withdrawal is no adverse record");
    let text = text(&show(&mut city.installation, 1, &lines[0].notice));
    assert!(text.contains("此后已撤销") && !text.contains("如何修复"), "{text}");
}

#[test]
fn what_an_identity_clerk_attaches_is_told_too() {
    let mut city = City::new();
    let mut nameless = row(2);
    nameless.number = String::new();
    city.import("a.csv", &[row(1), nameless]);
    city.release();
    let clerk = caller(Role::IdentityClerk, "sun", None);
    let held = city.installation.held_list(&clerk).unwrap();
    let (number, decision) = (
        row(2).number,
        chengxin_app::held::HeldDecision::Attach {
            kind: KIND,
            number: row(2).number,
            further_name: false,
            of_age: false,
        },
    );
    city.installation.held_resolve(&clerk, held[0].id, &decision, "调取案卷").unwrap();
    let lines = city.installation.notice_list(&me(), KIND, &number).unwrap();
    assert_eq!((lines.len(), lines[0].kind.as_str()), (1, "adverse_record"));
}

#[test]
fn another_persons_notice_is_not_there_and_roles_read_what_is_theirs() {
    let mut city = told(2);
    let (second, app) = (city.second(), &mut city.installation);
    let notice = list(app, 1)[0].notice.clone();
    for number in [row(2).number, row(3).number] {
        let refused = app.notice_show(&me(), (KIND, &number), &notice).unwrap_err();
        assert_eq!(refused.kind, Kind::NotFound);
    }
    assert_eq!(list(app, 1)[0].delivery, Delivery::NotDelivered);
    for wrong in ["", "0", "zz", &"0".repeat(32)] {
        assert_eq!(app.notice_show(&me(), (KIND, &row(1).number), wrong).unwrap_err().kind, Kind::NotFound);
    }
    assert_eq!(app.notice_list(&second, KIND, &row(1).number).unwrap_err().kind, Kind::Forbidden);
    // It serves its own answers to complaints, and no letter of a record.
    let office = caller(Role::CreditOffice, "c", None);
    assert_eq!(app.notice_undelivered(&office).unwrap(), []);
    assert_eq!(app.notice_letter(&office, &notice, Lang::Zh).unwrap_err().kind, Kind::NotFound);
    for nobody in [operator(), caller(Role::Auditor, "a", None), me()] {
        assert_eq!(app.notice_letter(&nobody, &notice, Lang::Zh).unwrap_err().kind, Kind::Forbidden);
        assert_eq!(app.notice_undelivered(&nobody).unwrap_err().kind, Kind::Forbidden);
    }
    // Who sends or releases looks nobody up.
    assert_eq!(app.notice_letter(&second, &notice, Lang::Zh).unwrap_err().kind, Kind::Forbidden);
    let elsewhere = caller(Role::Decider, "qian", Some("11990000MB0000002C"));
    assert_eq!(app.notice_undelivered(&elsewhere).unwrap(), []);
    let elsewhere = caller(Role::Clerk, "li", Some("11990000MB0000002C"));
    assert_eq!(app.notice_letter(&elsewhere, &notice, Lang::Zh).unwrap_err().kind, Kind::NotFound);
}

#[test]
fn whoever_could_not_be_told_is_served_a_letter_and_nothing_counts_before() {
    let mut city = told(2);
    let (second, officer) = (city.second(), city.officer());
    let app = &mut city.installation;
    let letters = app.notice_undelivered(&second).unwrap();
    assert_eq!(letters.len(), 2);
    assert_eq!(app.notice_undelivered(&officer).unwrap(), letters);
    let notice = list(app, 1)[0].notice.clone();
    let clerk = caller(Role::Clerk, "li", Some(OFFICE));
    let letter = app.notice_letter(&clerk, &notice, Lang::En).unwrap();
    let set = letter.pdf().unwrap();
    assert!(set.starts_with(b"%PDF-") && set.len() > 20_000);
    let printed = format!("{letter:?}");
    for said in [
        "云交罚〔2026〕1号",
        "信用修复，免费",
        "自本告知送达之日起计算",
        "本告知尚未送达",
        "can ask for administrative reconsideration",
    ] {
        assert!(printed.contains(said), "{said} is not in {printed}");
    }
    assert!(!printed.contains(&row(1).number) && !printed.contains("周明"), "{printed}");
    assert_eq!(list(app, 1)[0].delivery, Delivery::NotDelivered, "printed is not served");

    let mut app = on(&city, date(2026, 11, 25));
    let how = |on, by: &str, evidence: &str| Served { on, by: by.to_owned(), evidence: evidence.to_owned() };
    let day = date(2026, 11, 24);
    for wrong in [
        how(date(2026, 11, 26), "老赵", "回证1号"),
        how(date(2026, 11, 20), "老赵", "回证1号"),
        how(day, "", "回证1号"),
        how(day, "老赵", ""),
    ] {
        assert_eq!(app.notice_served(&second, &notice, &wrong).unwrap_err().kind, Kind::Invalid, "{wrong:?}");
    }
    let elsewhere = caller(Role::Decider, "qian", Some("11990000MB0000002C"));
    let right = how(day, "老赵", "送达回证〔2026〕7号");
    assert_eq!(app.notice_served(&elsewhere, &notice, &right).unwrap_err().kind, Kind::NotFound);
    let line = app.notice_served(&second, &notice, &right).unwrap();
    assert_eq!(
        (line.delivery, line.delivered.as_deref().map(|at| at[..10].to_owned())),
        (Delivery::Letter, Some("2026-11-24".to_owned()))
    );
    assert_eq!(app.notice_served(&second, &notice, &right).unwrap_err().kind, Kind::Conflict);
    assert_eq!(app.notice_undelivered(&second).unwrap().len(), 1);
    let said = text(&show(&mut app, 1, &notice));
    assert!(
        !said.contains("按本告知送达之日计算"),
        "the holidays of 2027 are not known, and no day is guessed: {said}"
    );
    let calendar = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/use_cases/calendar/2027.toml");
    app.calendar_apply(&operator(), &calendar).unwrap();
    // 60 days from the day after: 23 January 2027, a Saturday, and so the Monday behind it.
    let said = text(&show(&mut app, 1, &notice));
    assert!(said.contains("按本告知送达之日计算，至2027年1月25日"), "{said}");
    assert_eq!(list(&mut app, 1)[0].delivery, Delivery::Letter, "reading it later changes nothing");
    assert!(!String::from_utf8_lossy(&city.everything_stored()).contains("送达回证"));
}

#[test]
fn what_a_deputy_reads_does_not_count_as_told() {
    use chengxin_app::mandate::MandateOffer;
    use chengxin_core::mandate::Scope;
    let mut city = told(1);
    let app = &mut city.installation;
    let offer = MandateOffer {
        kind: KIND,
        number: row(1).number,
        name: "周明".to_owned(),
        actor_kind: KIND,
        actor_number: row(3).number,
        actor_name: "何雨".to_owned(),
        of_age: false,
        scope: [Scope::Records].into(),
        from: None,
        until: date(2027, 6, 1),
    };
    let offered = app.mandate_offer(&me(), &offer).unwrap();
    app.mandate_accept(&me(), KIND, &row(3).number, &offered.code.grouped()).unwrap();
    let notice = list(app, 1)[0].notice.clone();
    let (deputy, kind, number) =
        app.console_deputy(&me(), "notice_show", (KIND, &row(3).number), &offered.mandate.number).unwrap();
    let view = app.notice_show(&deputy, (kind, &number), &notice).unwrap();
    assert_eq!(view.notice.delivery, Delivery::NotDelivered);
    assert_eq!(show(app, 1, &notice).notice.delivery, Delivery::Opened);
}

#[test]
fn a_delivery_that_somebody_wrote_by_hand_counts_for_nothing_and_is_found() {
    let mut city = told(2);
    let notice = list(&mut city.installation, 1)[0].notice.clone();
    let hand = Hand::in_(city.installation.database());
    let at = city::clock().0;
    let id = chengxin_store::audit::Cell::Bytes(data_encoding::HEXLOWER.decode(notice.as_bytes()).unwrap());
    let forged = format!("UPDATE notice SET delivery = 1, delivered_us = {at} WHERE notice_id = $1");
    assert_eq!(hand.run(&forged, &[id]).unwrap(), 1);
    assert_eq!(list(&mut city.installation, 1), [], "it is none of ours any more");
    let verified = city.installation.log_verify(&caller(Role::Auditor, "audit", None), None).unwrap();
    assert!(verified.findings.iter().any(|finding| finding.table == "notice"), "{:#?}", verified.findings);
}

#[test]
fn an_authority_is_reminded_of_letters_once_a_week() {
    let city = told(1);
    let second = city.second();
    for (day, count) in
        [(date(2026, 11, 23), 0), (date(2026, 11, 25), 1), (date(2026, 11, 26), 1), (date(2026, 11, 30), 2)]
    {
        let mut app = on(&city, day);
        work(&mut app);
        let inbox = app.notice_inbox(&second).unwrap();
        assert_eq!(inbox.len(), count, "{day}: {inbox:?}");
        assert!(inbox.iter().all(|line| line.kind == "letters_wait" && line.record.is_none()));
        let elsewhere = caller(Role::Decider, "qian", Some("11990000MB0000002C"));
        assert_eq!(app.notice_inbox(&elsewhere).unwrap(), []);
        assert_eq!(app.notice_inbox(&caller(Role::CreditOffice, "c", None)).unwrap(), []);
    }
}

#[test]
fn the_person_reads_in_their_log_that_they_were_told() {
    let mut city = told(1);
    let notice = list(&mut city.installation, 1)[0].notice.clone();
    show(&mut city.installation, 1, &notice);
    let lines = city.installation.log_lines(&me(), KIND, &row(1).number).unwrap();
    let said: Vec<_> = lines.lines.iter().map(|line| line.act.zh.clone()).collect();
    for wanted in ["为您生成了一份告知", "阅读了给您的一份告知"] {
        assert!(said.iter().any(|act| act == wanted), "{said:?}");
    }
    let verified = city.installation.log_verify(&caller(Role::Auditor, "audit", None), None).unwrap();
    assert!(verified.is_whole(), "{:#?}", verified.findings);
}
