//! What people do with the interface, from sign-in to the last answer.

use chengxin_core::Role;
use chengxin_core::account::PROOF_LASTS_US;
use serde_json::{Value, json};

use crate::city::{City, OFFICE, Row, csv, row};
use crate::desk::SECOND;
use crate::site::Site;

pub(crate) const MATTER: &str = "road-transport-practitioner";

/// Somebody whose licence was revoked, released and in effect.
pub(crate) fn revoked() -> (City, Row) {
    let person = Row { kind: "吊销许可证件".to_owned(), fine: String::new(), ..row(1) };
    let mut city = City::new();
    let lines = csv(std::slice::from_ref(&person));
    let mut lines = lines.lines();
    let file = format!("{},CF_NR_ZKDX\n{},道路运输从业资格证\n", lines.next().unwrap(), lines.next().unwrap());
    let path = city.write("rows.csv", &file);
    city.import_with(&path, |_| {}).unwrap();
    city.release();
    (city, person)
}

pub(crate) fn check(person: &Row) -> Value {
    json!({ "matter": MATTER, "document": { "number": person.number }, "name": person.name, "caseNumber": "云交受〔2026〕17号" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_asks_and_the_person_reads_the_same_answer_and_who_asked() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let checked = site.ask(&clerk, "POST /checks", Some(&check(&person))).await.expect(201);
    let number = checked["head"]["number"].as_str().unwrap();
    assert_eq!(checked["answer"]["findings"].as_array().unwrap().len(), 1, "{checked:#}");
    assert!(!checked.to_string().contains(&person.number));
    let record = checked["answer"]["findings"][0]["record"].as_str().unwrap();

    let outcome = json!({
        "document": { "number": person.number }, "outcome": "refused", "reason": "从业资格证被吊销未满期限",
        "restsOn": [record],
    });
    let route = format!("POST /checks/{number}/outcomes");
    let notice = site.ask(&clerk, &route, Some(&outcome)).await.expect(201);
    assert_eq!(notice["check"], number);
    site.ask(&clerk, &route, Some(&outcome)).await.expect(409);

    let me = site.resident(&person.number, "zhouming").await;
    let checks = site.ask(&me, "GET /me/checks", None).await.expect(200);
    assert_eq!(checks["items"][0]["answer"], checked["answer"], "the same to the byte");
    assert_eq!(checks["items"][0]["outcomes"][0]["reason"], "从业资格证被吊销未满期限");
    let records = site.ask(&me, "GET /me/records", None).await.expect(200);
    assert_eq!(records["records"].as_array().unwrap().len(), 1);
    let preview = site.ask(&me, &format!("GET /me/previews/{MATTER}"), None).await.expect(200);
    assert_eq!(preview["findings"], checked["answer"]["findings"]);
    let log = site.ask(&me, "GET /me/log", None).await.expect(200);
    let operations: Vec<_> = log["items"].as_array().unwrap().iter().map(|line| line["operation"].clone()).collect();
    for operation in ["log_lines", "record_list", "check_outcome", "check_answer"] {
        assert!(operations.contains(&json!(operation)), "{operation}: {operations:?}");
    }
    let asked = log["items"].as_array().unwrap().iter().find(|line| line["operation"] == "check_answer").unwrap();
    assert_eq!(asked["purpose"], "窗口工作", "the clerk's own words, sent percent-encoded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_without_a_word_of_its_own_is_for_its_matter() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let clerk = site.officer(Role::Clerk, "zhou").await;
    site.ask_as(&clerk, &[("Chengxin-Purpose", "")], "POST /checks", Some(&check(&person))).await;
    let me = site.resident(&person.number, "zhouming").await;
    let log = site.ask(&me, "GET /me/log?limit=200", None).await.expect(200);
    let asked = log["items"].as_array().unwrap().iter().find(|line| line["operation"] == "check_answer").unwrap();
    assert!(!asked["purpose"].as_str().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_asked_for_approved_by_a_second_person_and_answered_part_by_part() {
    const CLAUSE: &str = "procurement-credit-notice#screen";
    let mut city = City::new();
    // The office of this city now does the work of a finance bureau.
    let finance = chengxin_store::authority::AuthorityRow {
        code: OFFICE.to_owned(),
        name: "云汀市财政局".to_owned(),
        name_en: "Yunting Finance Bureau".to_owned(),
        kind: "finance".to_owned(),
    };
    city.installation.authority_add(&crate::desk::administrator(), &finance).unwrap();
    let mut site = Site::over(city);
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let decider = site.officer(Role::Decider, "qian").await;
    let application = |number: &str, case: &str, ground: &str| json!({ "document": { "number": number }, "name": "云汀供应商有限公司", "caseNumber": case, "ground": ground });
    let (one, two) = ("91990000MC0000001F", "91990000MC0000002J");
    let good = json!([application(one, "采审1号", CLAUSE), application(two, "采审2号", CLAUSE)]);
    let wrong = json!([application(one, "采审1号", CLAUSE), application(two, "采审2号", "penalty-law#art-48")]);
    let asked = |applications: &Value| json!({ "matter": "procurement-supplier", "applications": applications });

    let refused = site.ask(&clerk, "POST /check-batches", Some(&asked(&wrong))).await.expect(422);
    assert_eq!(refused["faults"][0]["row"], 2, "{refused:#}");
    assert!(refused["faults"][0]["says"]["en"].as_str().unwrap().contains(CLAUSE));
    site.ask(&decider, "POST /check-batches", Some(&asked(&good))).await.expect(403);
    let batch = site.ask(&clerk, "POST /check-batches", Some(&asked(&good))).await.expect(201);
    let number = batch["number"].as_str().unwrap();
    let (part, approved) =
        (format!("POST /check-batches/{number}/parts/1"), format!("POST /check-batches/{number}/approved"));
    let shown = json!({ "applications": good });
    site.ask(&clerk, &part, Some(&shown)).await.expect(409);
    site.ask(&clerk, &approved, None).await.expect(403);
    site.ask(&decider, &approved, None).await.expect(200);
    let answers = site.ask(&clerk, &part, Some(&shown)).await.expect(200);
    assert_eq!(answers["answers"].as_array().unwrap().len(), 2, "{answers:#}");
    assert_eq!(answers["answers"][1]["caseNumber"], "采审2号");
    assert_eq!(answers["answers"][1]["checked"]["answer"]["headline"]["kind"], "may_proceed");
    assert!(answers.get("next").is_none());
    let list = site.ask(&decider, "GET /check-batches", None).await.expect(200);
    assert_eq!(list["items"][0]["state"], "answered", "{list:#}");

    // Who may not send a large body is told so before it is read.
    let large = json!({ "matter": "x".repeat(200 * 1024), "applications": [] });
    site.ask("", "POST /check-batches", Some(&large)).await.expect(401);
    site.ask(&clerk, "POST /check-batches", Some(&large)).await.expect(404);
    // Nor is a part of a batch received from whoever may not carry one out.
    for nobody in ["", decider.as_str()] {
        let refused = site.ask(nobody, &part, Some(&large)).await;
        assert!(matches!(refused.status.as_u16(), 401 | 403), "{:#}", refused.body);
    }
    let shown = site.ask(&decider, &format!("GET /check-batches/{number}"), None).await.expect(200);
    assert_eq!(shown["state"], "answered");
    site.ask(&decider, "GET /check-batches/PC-NONE", None).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_parts_that_join_up() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let clerk = site.officer(Role::Clerk, "zhou").await;
    for _ in 0..5 {
        site.ask(&clerk, "POST /checks", Some(&check(&person))).await.expect(201);
    }
    let me = site.resident(&person.number, "zhouming").await;
    let whole = site.ask(&me, "GET /me/checks", None).await.expect(200);
    assert_eq!(whole["items"].as_array().unwrap().len(), 5);
    assert!(whole.get("next").is_none());
    let (mut joined, mut cursor) = (Vec::new(), String::new());
    loop {
        let part = site.ask(&me, &format!("GET /me/checks?limit=2{cursor}"), None).await.expect(200);
        joined.extend(part["items"].as_array().unwrap().iter().cloned());
        let Some(next) = part["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(json!(joined), whole["items"]);
    for wrong in ["limit=0", "limit=201", "limit=x", "cursor=none"] {
        site.ask(&me, &format!("GET /me/checks?{wrong}"), None).await.expect(400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_are_given_accounts_and_people_theirs_over_the_interface_alone() {
    let mut site = Site::over(City::new());
    let administrator = site.officer(Role::Administrator, "runner").await;
    let new = json!({ "login": "sun", "name": "孙敏", "rights": [{ "role": "identity_clerk" }] });
    let code = site.ask(&administrator, "POST /accounts", Some(&new)).await.expect(201);
    let begin = |site: &Site, enrolment: &Value, code: &Value, login: Option<&str>| {
        let secret = data_encoding::BASE32_NOPAD.decode(enrolment["totpSecret"].as_str().unwrap().as_bytes()).unwrap();
        let secret: [u8; 20] = secret.try_into().unwrap();
        let mut body = json!({
            "code": code["code"], "password": crate::desk::PASSWORD, "enrolment": enrolment["enrolment"],
            "totp": site.desk.digits(&secret),
        });
        if let Some(login) = login {
            body["login"] = json!(login);
        }
        (body, secret)
    };
    let enrolment = site.ask("", "POST /accounts/enrolments", Some(&json!({ "code": code["code"] }))).await.expect(200);
    assert_eq!((&enrolment["login"], &enrolment["needsSecond"]), (&json!("sun"), &json!(true)));
    let (body, secret) = begin(&site, &enrolment, &code, None);
    let begun = site.ask("", "POST /accounts/begun", Some(&body)).await.expect(201);
    assert_eq!(begun["recoveryCodes"].as_array().unwrap().len(), 10);
    site.ask("", "POST /accounts/begun", Some(&body)).await.expect(404);

    let sun = crate::desk::Person { account: [0; 16], login: "sun".to_owned(), secret: Some(secret), recovery: vec![] };
    let clerk = site.sign_in(&sun).await;
    let compared = json!({ "document": { "number": row(3).number }, "evidence": "居民身份证原件，与本人相符" });
    let code = site.ask(&clerk, "POST /activations", Some(&compared)).await.expect(201);
    let enrolment = site.ask("", "POST /accounts/enrolments", Some(&json!({ "code": code["code"] }))).await.expect(200);
    let (body, secret) = begin(&site, &enrolment, &code, Some("heyu"));
    site.ask("", "POST /activations/redeemed", Some(&body)).await.expect(201);
    let me = crate::desk::Person { account: [0; 16], login: "heyu".to_owned(), secret: Some(secret), recovery: vec![] };
    let me = site.sign_in(&me).await;
    let log = site.ask(&me, "GET /me/log", None).await.expect(200);
    assert!(log["items"].to_string().contains("activation_issue"), "who handed the code over stands in their log");
    // Nothing is held about them: that is said, and a report says it too.
    site.ask(&me, "GET /me/records", None).await.expect(404);
    let report = site.ask(&me, "POST /me/reports", Some(&json!({}))).await.expect(201);
    assert!(report["pdf"].as_str().unwrap().starts_with("JVBERi0"), "a PDF in base 64");
    let withdraw = json!({ "report": report["verificationCode"] });
    site.ask(&me, "POST /reports/withdrawn", Some(&withdraw)).await.expect(204);
    site.ask(&me, "POST /reports/withdrawn", Some(&withdraw)).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_ended_and_proved_anew() {
    let mut site = Site::over(City::new());
    let person = site.desk.staff("runner", &[(Role::Administrator, None)]);
    let (first, second) = (site.sign_in(&person).await, site.sign_in(&person).await);
    let sessions = site.ask(&second, "GET /sessions", None).await.expect(200);
    let other = sessions.as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    assert_eq!(other["label"], "窗口电脑");
    site.ask(&second, &format!("DELETE /sessions/{}", other["id"].as_str().unwrap()), None).await.expect(204);
    site.ask(&first, "GET /sessions", None).await.expect(401);

    site.desk.pass(PROOF_LASTS_US + SECOND);
    let authority = json!({ "name": "云汀市交通运输局", "kind": "transport" });
    let grant = json!({ "role": "clerk", "authority": OFFICE });
    site.ask(&second, &format!("PUT /authorities/{OFFICE}"), Some(&authority)).await;
    site.desk.open("lilei", &[(Role::Decider, Some(OFFICE))]).unwrap();
    let stale = site.ask(&second, "PUT /accounts/lilei/rights", Some(&grant)).await.expect(403);
    assert!(stale["en"].as_str().unwrap().contains("confirm who you are"), "{stale:#}");
    let digits = site.desk.digits(&person.secret.unwrap());
    let proof = json!({ "password": crate::desk::PASSWORD, "second": { "totp": digits } });
    site.ask(&second, "POST /sessions/current/proof", Some(&proof)).await.expect(204);
    site.ask(&second, "PUT /accounts/lilei/rights", Some(&grant)).await.expect(204);
    // The digits of an app count once.
    site.ask(&second, "POST /sessions/current/proof", Some(&proof)).await.expect(403);
    site.ask(&second, "DELETE /sessions", None).await.expect(204);
    site.ask(&second, "GET /sessions", None).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_releases_what_another_sent_and_decides_about_records() {
    let mut city = City::new();
    let path = city.write("a.csv", &csv(&[row(1)]));
    city.import_with(&path, |_| {}).unwrap();
    let mut site = Site::over(city);
    let decider = site.officer(Role::Decider, "qian").await;
    let listed = site.ask(&decider, "GET /submissions", None).await.expect(200);
    assert_eq!(listed["items"][0]["state"], "awaiting_release");
    let released = site.ask(&decider, "POST /submissions/1/released", None).await.expect(200);
    assert_eq!(released["versions"], 1);
    site.ask(&decider, "POST /submissions/1/released", None).await.expect(409);

    let me = site.resident(&row(1).number, "zhouming").await;
    let records = site.ask(&me, "GET /me/records", None).await.expect(200);
    let record = records["records"][0]["record"].as_str().unwrap();
    let decision = json!({ "document": { "number": row(1).number }, "caseNumber": "云交撤〔2026〕1号", "decidedOn": "2026-11-01" });
    let lock = json!({ "decision": decision, "kind": "correction" });
    site.ask(&decider, &format!("PUT /records/{record}/lock"), Some(&lock)).await.expect(204);
    // Another authority's officer does not learn that the record exists.
    let (other, credit) = ("11990000MB0000003A", site.officer(Role::CreditOffice, "credit").await);
    let health = json!({ "name": "云汀市卫生健康委员会", "kind": "health" });
    site.ask(&credit, &format!("PUT /authorities/{other}"), Some(&health)).await.expect(204);
    let stranger = site.desk.staff("wujun", &[(Role::Decider, Some(other))]);
    let stranger = site.sign_in(&stranger).await;
    site.ask(&stranger, &format!("PUT /records/{record}/lock"), Some(&lock)).await.expect(404);
    site.ask(&stranger, "POST /submissions/1/released", None).await.expect(404);
    let erased =
        site.ask(&decider, &format!("POST /records/{record}/erased"), Some(&json!({ "decision": decision }))).await;
    assert_eq!(erased.expect(200), json!({ "subjectForgotten": false }));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_two_rights_says_in_which_they_act() {
    let mut city = City::new();
    let path = city.write("a.csv", &csv(&[row(1)]));
    city.import_with(&path, |_| {}).unwrap();
    let mut site = Site::over(city);
    let person = site.desk.staff("lilei", &[(Role::Decider, Some(OFFICE)), (Role::DataOfficer, Some(OFFICE))]);
    let token = site.sign_in(&person).await;
    let unsaid = site.ask(&token, "GET /submissions", None).await.expect(422);
    assert!(unsaid["en"].as_str().unwrap().contains("Chengxin-Role"), "{unsaid:#}");
    site.ask_as(&token, &[("Chengxin-Role", "decider")], "GET /submissions", None).await.expect(200);
    site.ask_as(&token, &[("Chengxin-Role", "clerk")], "GET /submissions", None).await.expect(403);
    site.ask_as(&token, &[("Chengxin-Role", "king")], "GET /submissions", None).await.expect(400);
    // Their own account they look after in whichever right.
    site.ask(&token, "GET /sessions", None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_shown_at_the_desk_grants_one_check_and_what_was_forced_is_stopped_without_a_word() {
    const CONSENTED: &str = "commitment-based-approval";
    let person = row(1);
    let mut site = Site::over(City::new());
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let me = site.resident(&person.number, "zhouming").await;
    let asked = |consent: Option<&str>| {
        let mut body = check(&person);
        body["matter"] = json!(CONSENTED);
        if let Some(consent) = consent {
            body["consent"] = json!(consent);
        }
        body
    };
    // Nothing is taken on the clerk's word.
    site.ask(&clerk, "POST /checks", Some(&asked(None))).await.expect(403);
    let never = site.ask(&clerk, "POST /checks", Some(&asked(Some("0000-0000-00")))).await.expect(403);

    let wanted = json!({ "matter": CONSENTED, "authority": OFFICE });
    let issued = site.ask(&me, "POST /me/consent-codes", Some(&wanted)).await.expect(201);
    let code = issued["code"].as_str().unwrap();
    assert!(issued["qrSvg"].as_str().unwrap().starts_with("<svg"), "{issued:#}");
    site.desk.pass(60 * SECOND);
    let answered = site.ask(&clerk, "POST /checks", Some(&asked(Some(code)))).await.expect(201);
    assert_eq!(answered["answer"]["ground"], "consent");
    site.desk.pass(60 * SECOND);
    let twice = site.ask(&clerk, "POST /checks", Some(&asked(Some(code)))).await.expect(403);
    assert_eq!(twice, never);

    let grant = json!({ "authority": OFFICE, "matter": CONSENTED, "until": "2026-12-31", "uses": 3 });
    let granted = site.ask(&me, "POST /me/consents", Some(&grant)).await.expect(201);
    let receipt = granted["receipt"]["number"].as_str().unwrap();
    assert!(granted["signed"].as_str().unwrap().contains("signature"), "{granted:#}");
    let again = site.ask(&me, &format!("GET /me/consents/{receipt}/receipt"), None).await.expect(200);
    assert_eq!(again["receipt"]["number"], receipt);
    for lang in ["zh", "en"] {
        let pdf = site.fetch(&me, &format!("/me/consents/{receipt}/receipt?format=pdf&lang={lang}")).await;
        assert_eq!(pdf.0, "application/pdf");
        assert!(pdf.1.starts_with(b"%PDF-") && pdf.1.ends_with(b"%%EOF"), "{lang}");
    }
    site.ask(&me, "GET /me/consents/SQ-NONE/receipt", None).await.expect(422);
    site.ask(&clerk, &format!("GET /me/consents/{receipt}/receipt"), None).await.expect(403);
    site.desk.pass(60 * SECOND);
    site.ask(&clerk, "POST /checks", Some(&asked(Some(receipt)))).await.expect(201);
    let wider = json!({ "uses": 9 });
    site.ask(&me, &format!("POST /me/consents/{receipt}/narrowed"), Some(&wider)).await.expect(422);
    let disowned = site.ask(&me, &format!("POST /me/consents/{receipt}/disowned"), None).await.expect(200);
    assert_eq!(disowned["state"], "disowned");
    site.desk.pass(60 * SECOND);
    let stopped = site.ask(&clerk, "POST /checks", Some(&asked(Some(receipt)))).await.expect(403);
    assert_eq!(stopped, never, "whoever made them hand it over is not told");

    let consents = site.ask(&me, "GET /me/consents", None).await.expect(200);
    assert_eq!(consents["items"].as_array().unwrap().len(), 2);
    assert_eq!(consents["items"][0]["used"].as_array().unwrap().len(), 1, "{consents:#}");
    // No code that was shown stands anywhere in the database.
    let plain = code.replace('-', "");
    let stored = site.desk.city.everything_stored();
    for text in [code, &plain] {
        assert!(!stored.windows(text.len()).any(|window| window == text.as_bytes()));
    }
    // Nobody else's receipt is theirs to change.
    let other = site.resident(&row(2).number, "heyu").await;
    site.ask(&other, &format!("POST /me/consents/{receipt}/withdrawn"), None).await.expect(404);
}
