//! Journeys, as people go them, by a browser: `tests/browser/walk.mjs`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use chengxin_app::objection::ObjectionRequest;
use chengxin_core::identity::DocumentKind;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Role};
use chengxin_web::Rate;
use rstest::rstest;
use serde_json::{Value, json};

use crate::browser::{Browser, officer, resident, revoked_on};
use crate::city::{City, Row, caller, csv, row};
use crate::desk::{DAY, PASSWORD};
use crate::looked_at::packages;
use crate::site::Site;

fn walked(asked: &Value) -> Value {
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser/walk.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(packages()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().unwrap();
    writeln!(node.stdin.take().unwrap(), "{asked}").unwrap();
    let output = node.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).expect("the browser ends with what it did")
}

/// What the pages say in a language, by name: texts of one line, which take nothing.
fn texts(folder: &str) -> Value {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let mut texts = serde_json::Map::new();
    for file in files {
        let pairs = file.lines().filter_map(|line| line.split_once(" = "));
        texts.extend(pairs.map(|(name, text)| (name.to_owned(), text.into())));
    }
    Value::Object(texts)
}

/// Somebody whose objection nobody answered in time; its number. With them comes somebody else who has a record too.
fn late(city: &mut City) -> (Row, String) {
    let person = row(9);
    city.import("late.csv", &[person.clone(), row(7)]);
    let second = city.second();
    city.installation.submission_release(&second, 2).unwrap();
    let own = Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "wu", None) };
    let (kind, app) = (DocumentKind::ResidentId, &mut city.installation);
    let record = app.record_list(&own, kind, &person.number).unwrap().records.remove(0).record;
    let asked = ObjectionRequest {
        kind,
        number: person.number.clone(),
        record: RecordId::from_hex(&record).unwrap(),
        aspect: Some(ObjectionAspect::Content),
        grounds: "当日不在本市".to_owned(),
        attachments: Vec::new(),
        evidence: None,
    };
    let number = app.objection_file(&own, &asked).unwrap().proceeding.number;
    (person, number)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_late_stands_on_the_public_page_about_its_authority() {
    let (mut city, _) = revoked_on("2026-11-10");
    let (person, number) = late(&mut city);
    let credit = chengxin_store::authority::AuthorityRow {
        code: "11990000MB00000046".to_owned(),
        name: "云汀市信用办公室".to_owned(),
        name_en: "Yunting Credit Office".to_owned(),
        kind: "credit_office".to_owned(),
    };
    let operator = Caller::operator("operator", "test");
    city.installation.authority_add(&operator, &credit).unwrap();
    let mut site = Site::over(city);
    let path = format!("/quality/{}", crate::city::OFFICE);
    {
        let browser = Browser::new(&site);
        browser.get(&path).await.shows(&["没有关于这个机关的记录"]);
        assert_eq!(browser.get("/quality/11990000MB9999999X").await.status, 404);
    }
    site.desk.pass(25 * DAY);
    for _ in 0..2 {
        site.desk.pass(crate::desk::MINUTE);
        assert_eq!(site.desk.app.job_run(&operator, "one").unwrap().failed, 0);
    }
    let page = Browser::new(&site).get(&path).await;
    page.shows(&["云汀市交通运输局", "云汀市信用办公室", &number]);
    crate::browser::assert_well_made(&path, &page);
    assert!(!page.body.contains(&person.number) && !page.text().contains(&person.name), "{}", page.text());
}

#[rstest]
#[case::in_chinese_at_a_desk(1280, 900, "zh")]
#[case::in_english_at_a_desk(1280, 900, "en")]
#[case::in_chinese_on_a_phone(390, 844, "zh")]
#[case::in_english_on_a_phone(390, 844, "en")]
#[tokio::test(flavor = "multi_thread")]
async fn people_go_their_ways_by_a_browser_and_come_to_their_ends(
    #[case] width: u32,
    #[case] height: u32,
    #[case] lang: &str,
) {
    let (mut city, person) = revoked_on("2026-11-10");
    let (_, late) = late(&mut city);
    let mut site = Site::at(city, Rate(std::num::NonZeroU32::new(100_000).unwrap()));
    site.desk.pass(25 * DAY);
    let people = [
        ("resident", resident(&mut site, &person.number, "zhouming")),
        ("officer", officer(&mut site, Role::DataOfficer, "zhao")),
        ("decider", officer(&mut site, Role::Decider, "chen")),
        ("clerk", officer(&mut site, Role::Clerk, "zhou")),
        ("office", officer(&mut site, Role::CreditOffice, "feng")),
    ];
    let mut cookies = serde_json::Map::new();
    for (name, person) in &people {
        cookies.insert((*name).to_owned(), Browser::of(&site, person).await.cookie().into());
    }
    let typist = resident(&mut site, &row(7).number, "typist");
    // Of the step before the last, which holds as long.
    let digits = site.desk.digits(&typist.secret.unwrap());
    let typist = json!({ "login": typist.login, "password": PASSWORD, "digits": digits });
    // The last that are shown: the clock of the site stands still from here on.
    let digits = site.desk.digits(&people[0].1.secret.unwrap());
    let keys = json!({ "login": people[0].1.login, "password": PASSWORD, "digits": digits });
    let bad = Row { decided: "2026-02-30".to_owned(), ..row(3) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let serving = tokio::spawn(chengxin_web::serve(listener, site.router.clone(), std::future::pending()));
    let asked = json!({
        "base": base, "cookies": cookies, "keys": keys, "typist": typist, "file": csv(&[row(2), bad]),
        "person": { "name": person.name, "number": person.number }, "late": late,
        "look": { "width": width, "height": height, "lang": lang },
        "texts": texts(if lang == "en" { "en" } else { "zh-CN" }),
    });
    let found = tokio::task::spawn_blocking(move || walked(&asked)).await.unwrap();
    serving.abort();
    assert_eq!(found["wrong"], json!([]), "{found:#}");
    let walked = [
        "mends a file",
        "objects and is answered",
        "objects by keyboard alone",
        "checks with a code",
        "reads lateness",
        "is brought back",
        "adds a passkey",
    ];
    assert_eq!(found["walked"], json!(walked), "{found:#}");
}
