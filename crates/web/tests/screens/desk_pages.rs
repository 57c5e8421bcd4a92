//! What windows and authorities do.

use chengxin_core::Role;

use crate::browser::{Browser, assert_well_made, form, officer, resident, revoked};
use crate::city::{OFFICE, Row, csv, row};
use crate::site::Site;

const MATTER: &str = "road-transport-practitioner";

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_asks_prints_decides_and_the_person_reads_it() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let clerk = officer(&mut site, Role::Clerk, "zhou");
    let zhou = resident(&mut site, &person.number, "zhouming");
    let browser = Browser::of(&site, &clerk).await;
    let lacking = form(&[("matter", MATTER), ("name", "周明"), ("number", "12345"), ("case-number", "")]);
    let refused = browser.post("/desk/checks", &lacking).await;
    assert_eq!(refused.status, 422);
    refused.says(&["id=\"number-error\"", "id=\"case-number-error\"", "value=\"周明\"", "value=\"12345\""]);
    assert_well_made("/desk/checks", &refused);
    let asked = [
        ("matter", MATTER),
        ("name", person.name.as_str()),
        ("number", &person.number),
        ("case-number", "云交受〔2026〕17号"),
    ];
    let answer = browser.post("/desk/checks", &form(&asked)).await;
    answer.shows(&["核查结果不是决定", "行政处罚", "data-cover=\"60\"", "data-print", "云交受〔2026〕17号"]);
    assert_well_made("/desk/checks", &answer);
    let visible = answer.text();
    assert!(!visible.contains(&person.number), "the slip has no number of a document");
    let (outcomes, record) =
        (answer.after("action=\"/desk/checks/").to_owned(), answer.after("name=\"rests-on\" value=\"").to_owned());
    let path = format!("/desk/checks/{outcomes}");
    let without = browser.post(&path, &form(&[("number", &person.number), ("outcome", "refused")])).await;
    assert_eq!(without.status, 422);
    without.says(&["没有登记"]);
    let outcome = [
        ("number", person.number.as_str()),
        ("outcome", "refused"),
        ("rests-on", &record),
        ("reason", "从业资格证被吊销未满期限"),
    ];
    browser.post(&path, &form(&outcome)).await.shows(&["已登记", "告知书", "对决定不服"]);
    browser.post(&path, &form(&outcome)).await.shows(&["已登记"]);
    let path = path.split('?').next().unwrap();
    assert_eq!(browser.post(path, &form(&outcome)).await.status, 409, "an outcome is recorded once");
    let theirs = Browser::of(&site, &zhou).await;
    let checks = theirs.get("/me/checks").await;
    checks.shows(&["从业资格证被吊销未满期限", "窗口得到的答复", "云汀市交通运输局"]);
    assert_well_made("/me/checks", &checks);
    let other = form(&[("matter", MATTER), ("name", "别人"), ("number", &person.number), ("case-number", "1号")]);
    let conflict = browser.post("/desk/checks", &other).await;
    assert_eq!(conflict.status, 422);
    conflict.says(&["value=\"别人\"", "role=\"alert\""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_tried_sent_released_by_a_second_officer_and_another_taken_back() {
    let (city, _) = revoked();
    let mut site = Site::over(city);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let second = officer(&mut site, Role::Decider, "qian");
    let browser = Browser::of(&site, &sender).await;
    let bad = Row { decided: "2026-02-30".to_owned(), ..row(3) };
    let file = csv(&[row(2), bad]);
    let path = "/desk/submissions?lang=en";
    let tried = browser.upload(path, &[("item", "penalty"), ("reason", ""), ("dry-run", "yes")], "罚.csv", &file).await;
    let tried = browser.get(&tried.location).await;
    tried.shows(&["nothing was written", "Mend the refused rows", "no day of the calendar"]);
    assert_well_made(path, &tried);
    let before = browser.get(path).await;
    assert!(!before.body.contains("罚.csv"), "a trial leaves nothing");
    let sent = browser.upload(path, &[("item", "penalty"), ("reason", "")], "罚.csv", &file).await;
    let sent = browser.once_done(&sent.location).await;
    sent.shows(&["Some rows were not taken", "wait for a second officer", "no such day"]);
    assert_well_made(path, &sent);
    let list = browser.get(path).await;
    list.shows(&["罚.csv", "awaits release"]);
    assert_well_made(path, &list);
    assert!(!list.body.contains("/released"), "who sends does not release, and is shown no button for it");
    let step = list.after("action=\"/desk/submissions/").replace("/recalled", "/released");
    let released = format!("/desk/submissions/{step}");
    assert_eq!(browser.post(&released, "").await.status, 403, "not by who sent it");
    let theirs = Browser::of(&site, &second).await;
    let done = theirs.post(&released, "").await;
    assert_eq!((done.status, done.location.as_str()), (303, "/desk/submissions?lang=en"), "{}", done.text());
    let released = released.split('?').next().unwrap();
    assert_eq!(theirs.post(released, "").await.status, 422, "once");
    let third = csv(&[row(5)]);
    let third = browser.upload(path, &[("item", "penalty")], "再.csv", &third).await;
    browser.once_done(&third.location).await.shows(&["All rows were taken", "not in this one"]);
    let step = browser.get(path).await.after("action=\"/desk/submissions/").split('/').next().unwrap().to_owned();
    let back = browser.post(&format!("/desk/submissions/{step}/recalled"), &form(&[("reason", "发错文件")])).await;
    assert_eq!(back.status, 303, "{}", back.text());
    browser.get(path).await.shows(&["recalled"]);
    let nothing = browser.upload(path, &[("item", "penalty")], "", "").await;
    assert_eq!(nothing.status, 422);
    nothing.says(&["id=\"file-error\""]);
    let strange = browser.upload(path, &[("item", ""), ("reason", "原因")], "x.csv", "a,b\n1,2\n").await;
    let strange = browser.once_done(&strange.location).await;
    assert_eq!(strange.status, 422);
    strange.says(&["cannot be read yet", "no headings were recognised"]);
    assert_well_made(path, &strange);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_row_is_opened_and_decided_on_evidence() {
    let (mut city, _) = revoked();
    let namesake = Row { name: "别人".to_owned(), document: "云交罚〔2026〕9号".to_owned(), ..row(1) };
    city.import("held.csv", &[namesake]);
    let mut site = Site::over(city);
    let clerk = officer(&mut site, Role::IdentityClerk, "sun");
    let browser = Browser::of(&site, &clerk).await;
    let list = browser.get("/desk/held").await;
    list.shows(&["待核实第"]);
    assert_well_made("/desk/held", &list);
    let path = format!("/desk/held/{}", list.after("href=\"/desk/held/"));
    let shown = browser.get(&path).await;
    shown.shows(&["别人", "data-cover=\"60\"", "平台登记的姓名", "200.00 元"]);
    assert!(!shown.text().contains("万元"), "an amount is read in 元: {}", shown.text());
    assert_well_made(&path, &shown);
    let lacking = browser.post(&path, &form(&[("evidence", "户口簿")])).await;
    assert_eq!(lacking.status, 422);
    lacking.says(&["id=\"decision-error\"", "户口簿"]);
    let done =
        browser.post(&path, &form(&[("decision", "reject"), ("evidence", "与报送单位核实，证件号码有误")])).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/desk/held"), "{}", done.text());
    browser.get("/desk/held").await.shows(&["没有待核实的行"]);
    assert_eq!(browser.get(&path).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_several_rights_chooses_in_which_they_act_and_comes_back_to_the_page() {
    let (city, _) = revoked();
    let mut site = Site::over(city);
    let two = [(Role::DataOfficer, Some(OFFICE)), (Role::Decider, Some(OFFICE))];
    let qian = site.desk.staff("qian", &two);
    let mut browser = Browser::of(&site, &qian).await;
    let sent = browser.get("/desk/submissions").await;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/desk?next=/desk/submissions"), "{}", sent.text());
    let desk = browser.get(&sent.location).await;
    desk.shows(&[
        "以哪一项权限办理",
        "value=\"decider@11990000MB0000001E\"",
        "action=\"/desk/right?next=/desk/submissions\"",
    ]);
    assert_well_made("/desk", &desk);
    let path = "/desk/right?next=/desk/submissions";
    let foreign = browser.post(path, &form(&[("right", "credit_office")])).await;
    assert_eq!((foreign.location.as_str(), foreign.cookie), ("/desk", None), "a right that they do not hold");
    let chosen = browser.post(path, &form(&[("right", "decider@11990000MB0000001E")])).await;
    assert_eq!((chosen.status, chosen.location.as_str()), (303, "/desk/submissions"));
    browser.keep(&chosen);
    browser.get("/desk/submissions").await.shows(&["rows.csv"]);
    let list = browser.get("/desk").await;
    list.says(&["value=\"decider@11990000MB0000001E\" checked"]);
    assert_eq!(
        browser
            .post("/desk/right?next=//elsewhere.example", &form(&[("right", "decider@11990000MB0000001E")]))
            .await
            .location,
        "/desk"
    );
}
