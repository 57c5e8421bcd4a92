//! What people do about a record over the interface: contest it, say that it is not theirs, have it repaired, complain of who looked.

use chengxin_core::Role;
use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::city::{City, OFFICE, Row, csv, row};
use crate::journeys::{MATTER, check, revoked};
use crate::site::Site;

fn handed_in(name: &str, content: &str) -> Value {
    json!({ "name": name, "content": BASE64.encode(content.as_bytes()) })
}

/// The person's records, as they read them.
async fn records(site: &Site, me: &str) -> Vec<Value> {
    let list = site.ask(me, "GET /me/records", None).await.expect(200);
    list["records"].as_array().unwrap().clone()
}

async fn record_of(site: &Site, me: &str) -> String {
    records(site, me).await[0]["record"].as_str().unwrap().to_owned()
}

/// What a decision says under its signature.
fn decision(signed: &Value) -> Value {
    let payload = BASE64.decode(signed["payload"].as_str().unwrap().as_bytes()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

fn steps(proceeding: &Value) -> Vec<&str> {
    proceeding["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_goes_from_its_filing_to_the_correction_and_reaches_the_window_that_refused() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let (clerk, decider) = (site.officer(Role::Clerk, "zhou").await, site.officer(Role::Decider, "qian").await);
    let me = site.resident(&person.number, "zhouming").await;
    let record = record_of(&site, &me).await;
    let checked = site.ask(&clerk, "POST /checks", Some(&check(&person))).await.expect(201);
    let refused = json!({
        "document": { "number": person.number }, "outcome": "refused", "reason": "证件被吊销", "restsOn": [record],
    });
    let number = checked["head"]["number"].as_str().unwrap().to_owned();
    site.ask(&clerk, &format!("POST /checks/{number}/outcomes"), Some(&refused)).await.expect(201);

    let objection = json!({
        "record": record, "aspect": "content", "grounds": "当日我不在本市，有车票为证",
        "attachments": [handed_in("车票.txt", "云汀—外地")],
    });
    let filed = site.ask(&me, "POST /me/objections", Some(&objection)).await.expect(201);
    let case = filed["number"].as_str().unwrap().to_owned();
    assert_eq!((filed["state"].as_str(), filed["dueOn"].as_str()), (Some("filed"), Some("2026-12-11")), "{filed:#}");
    site.ask(&me, "POST /me/objections", Some(&objection)).await.expect(409);
    assert_eq!(records(&site, &me).await[0]["mark"]["zh"], "异议中");
    let marked = site.ask(&clerk, "POST /checks", Some(&check(&person))).await.expect(201);
    assert_eq!(marked["answer"]["findings"][0]["mark"]["en"], "under objection");

    let work = site.ask(&decider, "GET /proceedings", None).await.expect(200);
    assert_eq!(work["items"][0]["number"], *case, "{work:#}");
    assert!(!work.to_string().contains(&person.name));
    site.ask(&clerk, &format!("GET /proceedings/{case}"), None).await.expect(403);
    let answers = format!("POST /objections/{case}/answers");
    let answer = |step: &str, text: &str| json!({ "step": step, "text": text });
    site.ask(&decider, &answers, Some(&answer("keep", "属实"))).await.expect(409);
    site.ask(&decider, &answers, Some(&answer("accept", ""))).await.expect(200);
    site.ask(&decider, &answers, Some(&answer("ask_more", "请提供车票原件"))).await.expect(200);
    let additions = format!("POST /me/objections/{case}/additions");
    let more = json!({ "text": "原件照片见附件", "attachments": [handed_in("原件.txt", "第二张")] });
    site.ask(&me, &additions, Some(&more)).await.expect(200);
    let stated = json!({ "statement": true, "text": "当日驾驶该车的不是我" });
    site.ask(&me, &additions, Some(&stated)).await.expect(200);

    let shown = site.ask(&decider, &format!("GET /proceedings/{case}"), None).await.expect(200);
    assert_eq!(steps(&shown), ["file", "accept", "ask_more", "supply", "state"], "{shown:#}");
    let file = shown["attachments"][0]["number"].as_str().unwrap();
    let (kind, bytes) = site.fetch(&decider, &format!("/proceedings/{case}/attachments/{file}")).await;
    assert!(kind.starts_with("text/plain") && bytes == "云汀—外地".as_bytes(), "{kind}");
    let (_, own) = site.fetch(&me, &format!("/me/proceedings/{case}/attachments/{file}")).await;
    assert_eq!(own, bytes);

    let corrected =
        json!({ "step": "correct", "text": "经查属实，予以更正", "corrected": { "CF_SY": "经复核更正的事实" } });
    let done = site.ask(&decider, &answers, Some(&corrected)).await.expect(200);
    assert_eq!(done["state"], "corrected");
    assert_eq!(done["routes"].as_array().unwrap().len(), 2, "reconsideration and the courts: {done:#}");
    let now = records(&site, &me).await.remove(0);
    assert!(now["mark"].is_null() && now.to_string().contains("经复核更正的事实"), "{now:#}");

    // Who refused on it settles that, and the person sees which.
    let told = site.ask(&clerk, "GET /follow-ups", None).await.expect(200);
    let told = told["items"].as_array().unwrap().clone();
    let to_settle = told.iter().find(|line| line["state"] == "to_settle").unwrap();
    assert_eq!(to_settle["check"], *number);
    assert!(!to_settle.to_string().contains(&person.name), "no name: {to_settle:#}");
    let settle = format!("POST /follow-ups/{number}/settled");
    site.ask(&decider, &settle, Some(&json!({ "reopened": true, "reason": "重新办理" }))).await.expect(200);
    let horizon = site.ask(&me, &format!("GET /me/records/{record}/horizon"), None).await.expect(200);
    let reached = horizon["reached"].as_array().unwrap();
    assert!(reached.iter().any(|line| line["check"] == *number && line["state"] == "reopened"), "{horizon:#}");
    let paper = site.ask(&me, &format!("GET /me/proceedings/{case}/decision"), None).await.expect(200);
    let decided = decision(&paper);
    assert_eq!((decided["number"].as_str(), decided["outcome"].as_str()), (Some(case.as_str()), Some("corrected")));
}

#[tokio::test(flavor = "multi_thread")]
async fn not_me_is_out_of_use_at_once_and_an_identity_clerk_decides() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let (clerk, decider) = (site.officer(Role::Clerk, "zhou").await, site.officer(Role::Decider, "qian").await);
    let identity = site.officer(Role::IdentityClerk, "sun").await;
    let me = site.resident(&person.number, "zhouming").await;
    let record = record_of(&site, &me).await;
    let said = site.ask(&me, "POST /me/objections", Some(&json!({ "record": record }))).await.expect(201);
    let case = said["number"].as_str().unwrap();
    let checked = site.ask(&clerk, "POST /checks", Some(&check(&person))).await.expect(201);
    assert_eq!(checked["answer"]["findings"], json!([]), "{checked:#}");
    site.ask(&decider, &format!("GET /proceedings/{case}"), None).await.expect(404);
    let found = json!({ "step": "find_not_theirs", "text": "照片和签名均非本人" });
    site.ask(&decider, &format!("POST /objections/{case}/findings"), Some(&found)).await.expect(403);
    let done = site.ask(&identity, &format!("POST /objections/{case}/findings"), Some(&found)).await.expect(200);
    assert_eq!(done["state"], "not_theirs");
    assert_eq!(records(&site, &me).await[0]["state"], "withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_goes_from_the_horizon_to_a_signed_decision_and_the_record_ends() {
    let mut city = City::new();
    let person: Row = row(1);
    let path = city.write("a.csv", &csv(std::slice::from_ref(&person)));
    city.import_with(&path, |_| {}).unwrap();
    city.release();
    let mut site = Site::over(city);
    let decider = site.officer(Role::Decider, "qian").await;
    let me = site.resident(&person.number, "zhouming").await;
    let record = record_of(&site, &me).await;
    let horizon = site.ask(&me, &format!("GET /me/records/{record}/horizon"), None).await.expect(200);
    assert!(horizon["inUse"] == true && !horizon["documents"].as_array().unwrap().is_empty(), "{horizon:#}");

    let request = json!({
        "record": record, "step": "ask", "text": "义务已履行，申请修复",
        "attachments": [handed_in("缴款凭证.txt", "已缴清")],
        "commitment": handed_in("承诺书.txt", "本人承诺守法经营"), "nationalNumber": "XYZG2026112200017",
    });
    let mut bare = request.clone();
    bare.as_object_mut().unwrap().remove("commitment");
    site.ask(&me, "POST /me/repairs", Some(&bare)).await.expect(422);
    let asked = site.ask(&me, "POST /me/repairs", Some(&request)).await.expect(200);
    assert_eq!((asked["state"].as_str(), asked["nationalNumber"].as_str()), (Some("asked"), Some("XYZG2026112200017")));
    let case = asked["number"].as_str().unwrap();
    let answers = format!("POST /repairs/{case}/answers");
    let accepted = site.ask(&decider, &answers, Some(&json!({ "step": "accept" }))).await.expect(200);
    assert_eq!(accepted["dueOn"], "2026-12-04", "ten working days");
    let extended = json!({ "step": "extend", "text": "需向原法院核实", "until": "2026-12-11" });
    assert_eq!(site.ask(&decider, &answers, Some(&extended)).await.expect(200)["dueOn"], "2026-12-11");
    site.ask(&decider, &answers, Some(&json!({ "step": "grant", "text": "义务已全部履行" }))).await.expect(200);
    assert_eq!(records(&site, &me).await[0]["state"], "repaired");

    let list = site.ask(&me, "GET /me/proceedings", None).await.expect(200);
    assert_eq!(steps(&list["items"][0]), ["ask", "accept", "extend", "grant"], "{list:#}");
    let paper = site.ask(&me, &format!("GET /me/proceedings/{case}/decision"), None).await.expect(200);
    assert_eq!(decision(&paper)["reasons"], "义务已全部履行");
    let figures = site.ask(&decider, "GET /proceeding-figures", None).await.expect(200);
    let counted: Vec<_> =
        figures.as_array().unwrap().iter().map(|of| [&of["filed"], &of["closed"], &of["late"]]).collect();
    assert_eq!(counted, [[&json!(1), &json!(1), &json!(0)]], "{figures:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_log_becomes_a_complaint_and_is_answered() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let credit = site.officer(Role::CreditOffice, "credit").await;
    let (decider, me) = (site.officer(Role::Decider, "qian").await, site.resident(&person.number, "zhouming").await);
    site.ask(&clerk, "POST /checks", Some(&check(&person))).await.expect(201);
    let log = site.ask(&me, "GET /me/log", None).await.expect(200);
    let line = log["items"].as_array().unwrap().iter().find(|line| line["operation"] == "check_answer").unwrap();
    let complaint = json!({ "line": line["number"], "words": "我从未申请过该事项" });
    let filed = site.ask(&me, "POST /me/complaints", Some(&complaint)).await.expect(201);
    assert_eq!(filed["authority"], OFFICE, "{filed:#}");
    let case = filed["number"].as_str().unwrap().to_owned();
    site.ask(&clerk, "GET /complaints", None).await.expect(403);
    let work = site.ask(&credit, "GET /complaints", None).await.expect(200);
    assert_eq!(work["items"][0]["number"], *case);
    let answers = format!("POST /complaints/{case}/answers");
    site.ask(&credit, &answers, Some(&json!({ "step": "accept" }))).await.expect(200);
    let comment = json!({ "text": "申请材料编号有误，属误查" });
    site.ask(&decider, &format!("POST /complaints/{case}/comments"), Some(&comment)).await.expect(200);
    let upheld = json!({ "step": "uphold", "text": "经查系误查，已责令改正" });
    site.ask(&decider, &answers, Some(&upheld)).await.expect(403);
    let done = site.ask(&credit, &answers, Some(&upheld)).await.expect(200);
    assert_eq!(done["state"], "upheld");
    let own = site.ask(&me, "GET /me/complaints", None).await.expect(200);
    assert!(own["items"][0]["routes"].as_array().is_some_and(|routes| !routes.is_empty()), "{own:#}");
    let checks = site.ask(&clerk, &format!("GET /matters/{MATTER}"), None).await.expect(200);
    assert!(!checks.to_string().contains(&case));
    // Taken back, another one waits for nobody.
    let complaint = json!({ "line": log["items"][0]["number"], "words": "误点" });
    let again = site.ask(&me, "POST /me/complaints", Some(&complaint)).await.expect(201);
    let withdrawn = format!("POST /me/complaints/{}/withdrawn", again["number"].as_str().unwrap());
    assert_eq!(site.ask(&me, &withdrawn, Some(&json!({}))).await.expect(200)["state"], "withdrawn");
}
