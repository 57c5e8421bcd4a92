//! Who acts for whom, over the interface: offered, accepted, used, refused, recorded at a window.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chengxin_app::reading::Pool;
use chengxin_app::{Clock, Installation};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role};
use chengxin_store::Place;
use chengxin_store::testing::Hand;
use chengxin_web::Rate;
use serde_json::json;

use crate::city::{City, OFFICE, caller, csv, row};
use crate::desk::Hands;
use crate::site::Site;

const MANDATE: &str = "Chengxin-Mandate";

#[tokio::test(flavor = "multi_thread")]
async fn an_attorney_acts_over_the_interface_and_stops_when_told() {
    let mut city = City::new();
    let path = city.write("a.csv", &csv(&[row(1)]));
    city.import_with(&path, |_| {}).unwrap();
    city.release();
    let mut site = Site::over(city);
    let (number, other) = (row(1).number, row(2).number);
    let mother = site.resident(&number, "mother").await;
    let daughter = site.resident(&other, "daughter").await;
    let stranger = site.resident(&row(3).number, "stranger").await;
    let offer = json!({
        "name": "周明", "actor": { "number": other }, "actorName": "周小雨", "scope": ["records", "log"],
        "until": "2027-05-21",
    });
    let offered = site.ask(&mother, "POST /me/mandates", Some(&offer)).await.expect(201);
    let code = json!({ "code": offered["code"] });
    let mandate = offered["mandate"]["number"].as_str().unwrap().to_owned();
    let on: &[(&str, &str)] = &[(MANDATE, &mandate)];
    // Nobody acts before it is accepted, and nobody accepts but whom is meant.
    site.ask_as(&daughter, on, "GET /me/records", None).await.expect(403);
    site.ask(&stranger, "POST /me/mandates/accepted", Some(&code)).await.expect(404);
    let looked = site.ask(&daughter, "POST /me/mandate-offers", Some(&code)).await.expect(200);
    assert_eq!(looked["mandator"]["name"], "周*");
    assert!(!looked.to_string().contains(&number) && !looked.to_string().contains(&other));
    let accepted = site.ask(&daughter, "POST /me/mandates/accepted", Some(&code)).await.expect(200);
    assert_eq!(accepted["state"], "in_force");

    site.ask(&daughter, "GET /me/records", None).await.expect(404);
    let records = site.ask_as(&daughter, on, "GET /me/records", None).await.expect(200);
    assert_eq!(records["records"].as_array().unwrap().len(), 1);
    let log = site.ask_as(&daughter, on, "GET /me/log", None).await.expect(200);
    let read = log["items"].as_array().unwrap().iter().find(|line| line["operation"] == "record_list").unwrap();
    assert!(read["who"]["say"]["zh"].as_str().unwrap().contains("周*雨"), "{read:#}");
    assert_eq!(read["mandate"], json!(mandate));
    // Out of scope, another's, unknown: one answer.
    let beyond = site.ask_as(&daughter, on, "GET /me/consents", None).await.expect(403);
    let others = site.ask_as(&stranger, on, "GET /me/records", None).await.expect(403);
    let never = site.ask_as(&daughter, &[(MANDATE, "WT20261121-0000-0000-0000-00")], "GET /me/records", None).await;
    let sessions = site.ask_as(&daughter, on, "GET /sessions", None).await.expect(403);
    let never = never.expect(403);
    assert!([&beyond, &others, &sessions].iter().all(|answer| **answer == never), "{beyond:#}");

    let listed = site.ask(&mother, "GET /me/mandates", None).await.expect(200);
    let uses = listed["items"][0]["uses"].as_array().unwrap();
    assert!(uses.iter().any(|made| made["operation"] == "record_list"), "{listed:#}");
    site.ask(&stranger, &format!("POST /me/mandates/{mandate}/revoked"), None).await.expect(404);
    let revoked = site.ask(&mother, &format!("POST /me/mandates/{mandate}/revoked"), None).await.expect(200);
    assert_eq!(revoked["state"], "revoked");
    let stopped = site.ask_as(&daughter, on, "GET /me/records", None).await.expect(403);
    assert_eq!(stopped, never);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_records_a_legal_representative_who_names_an_agent() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let chief = site.resident(&row(1).number, "chief").await;
    let agent = site.resident(&row(2).number, "agent").await;
    let paper = json!({ "kind": "licence", "number": "执照1号", "date": "2026-01-05" });
    let seen = json!({
        "kind": "legal_representative", "mandator": { "kind": "uscc", "number": OFFICE }, "mandatorName": "云汀市交通运输局",
        "actor": { "number": row(1).number }, "actorName": "周明", "until": "2028-01-01",
        "evidence": "营业执照和身份证原件，与本人相符", "paper": paper,
    });
    let recorded = site.ask(&clerk, "POST /mandates", Some(&seen)).await.expect(201);
    let standing = recorded["number"].as_str().unwrap().to_owned();
    let offer = json!({ "actor": { "number": row(2).number }, "scope": ["log", "report"], "until": "2027-05-21" });
    let offered = site.ask_as(&chief, &[(MANDATE, &standing)], "POST /me/mandates", Some(&offer)).await.expect(201);
    let code = json!({ "code": offered["code"] });
    let accepted = site.ask(&agent, "POST /me/mandates/accepted", Some(&code)).await.expect(200);
    let mandate = accepted["number"].as_str().unwrap().to_owned();
    let on: &[(&str, &str)] = &[(MANDATE, &mandate)];
    site.ask_as(&agent, on, "POST /me/reports", Some(&json!({}))).await.expect(201);
    let log = site.ask_as(&agent, on, "GET /me/log", None).await.expect(200);
    let issued = log["items"].as_array().unwrap().iter().find(|line| line["operation"] == "report_issue").unwrap();
    assert!(issued["who"]["say"]["zh"].as_str().unwrap().starts_with("经办人"), "{issued:#}");

    let ending = json!({ "kind": "legal_representative", "mandator": { "kind": "uscc", "number": OFFICE }, "evidence": "新执照原件", "paper": paper });
    site.ask(&clerk, "POST /mandates/ended", Some(&ending)).await.expect(204);
    site.ask_as(&agent, on, "GET /me/log", None).await.expect(403);
    site.ask_as(&chief, &[(MANDATE, &standing)], "GET /me/log", None).await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_of_a_child_is_refused_with_the_reason() {
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::IdentityClerk, "sun").await;
    let seen = json!({
        "kind": "guardian", "mandator": { "number": crate::city::number("20100505", 1) }, "mandatorName": "周小明",
        "actor": { "number": row(1).number }, "actorName": "周明", "until": "2028-01-01", "ofAge": true,
        "evidence": "户口簿原件", "paper": { "kind": "court_judgment", "number": "1号", "date": "2026-01-05" },
    });
    let refused = site.ask(&clerk, "POST /mandates", Some(&seen)).await.expect(422);
    assert!(refused["zh"].as_str().unwrap().contains("未满 18 周岁"), "{refused:#}");
}

/// The clock of the desk, at a look at which something else happens first.
struct Meanwhile {
    hands: Arc<Hands>,
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
        self.hands.now_us()
    }
}

/// How often records were read on a mandate.
fn disclosed(place: &Place, mandate: &str) -> i64 {
    let text = format!("SELECT count(*) FROM log_entry WHERE operation = 'record_list' AND caller LIKE '%{mandate}%'");
    Hand::in_(place).number(&text, &[]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_disclosed_on_a_mandate_that_is_revoked_while_it_is_used() {
    let mut city = City::new();
    let path = city.write("a.csv", &csv(&[row(1)]));
    city.import_with(&path, |_| {}).unwrap();
    city.release();
    let mut site = Site::over(city);
    let (number, other) = (row(1).number, row(2).number);
    let mother = site.resident(&number, "mother").await;
    let daughter = site.resident(&other, "daughter").await;
    let clock = Arc::new(Meanwhile {
        hands: site.desk.clock.clone(),
        looks: AtomicI64::new(i64::MAX),
        happens: Mutex::new(None),
    });
    let served = Installation::open(site.desk.app.dir(), clock.clone()).unwrap();
    let pool = Pool::of(&served);
    let router = chengxin_web::router_at(served, pool, Rate::default()).unwrap();
    let offer = json!({ "actor": { "number": other }, "scope": ["records"], "until": "2027-05-21" });
    let own = Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "mother", None) };
    let mut answers = Vec::new();
    for looks in 0..16 {
        let offered = site.ask(&mother, "POST /me/mandates", Some(&offer)).await.expect(201);
        let code = json!({ "code": offered["code"] });
        site.ask(&daughter, "POST /me/mandates/accepted", Some(&code)).await.expect(200);
        let mandate = offered["mandate"]["number"].as_str().unwrap().to_owned();
        let mut door = site.desk.app.another().unwrap();
        let (caller, hers, revoked) = (own.clone(), number.clone(), mandate.clone());
        let (place, seen) = (site.desk.app.database().clone(), Arc::new(AtomicI64::new(-1)));
        let (at, on, noted) = (place.clone(), mandate.clone(), Arc::clone(&seen));
        let revoke = move || {
            door.mandate_revoke(&caller, DocumentKind::ResidentId, &hers, &revoked).unwrap();
            noted.store(disclosed(&at, &on), Ordering::SeqCst);
        };
        *clock.happens.lock().unwrap() = Some(Box::new(revoke));
        clock.looks.store(looks, Ordering::SeqCst);
        let request = Site::request(&daughter, &[(MANDATE, &mandate)], "GET /me/records", None);
        answers.push(Site::send_to(&router, request).await.status.as_u16());
        clock.looks.store(i64::MAX, Ordering::SeqCst);
        // What never happened is no more to happen, and is done here.
        if let Some(revoke) = clock.happens.lock().unwrap().take() {
            revoke();
        }
        assert_eq!(
            disclosed(&place, &mandate),
            seen.load(Ordering::SeqCst),
            "disclosed after it was revoked, at look {looks}"
        );
    }
    assert!(answers.contains(&200) && answers.contains(&403), "{answers:?}");
}
