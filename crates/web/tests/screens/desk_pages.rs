//! What windows and authorities do.

use chengxin_app::authority::AuthorityRow;
use chengxin_core::Role;

use crate::browser::{Browser, assert_well_made, form, officer, resident, revoked};
use crate::city::{OFFICE, Row, caller, csv, row};
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
    list.says(&["href=\"/desk/submissions/2?lang=en\""]);
    let one = "/desk/submissions/2?lang=en".to_owned();
    let shown = browser.get(&one).await;
    shown.shows(&[
        "Submission 2",
        "zhao",
        "罚.csv",
        "2026-02-30",
        "(CF_JDRQ)",
        "Faults, counted",
        "Download the refused rows",
        "an officer other than the sender",
        "accepted",
    ]);
    assert!(!shown.body.contains("/released"), "whoever sent it does not release it: {}", shown.text());
    assert_well_made(&one, &shown);
    let book = browser.get("/desk/submissions/2/refused").await;
    assert!(book.status == 200 && book.body.starts_with("PK"), "{}", book.status);
    assert_eq!(browser.post("/desk/submissions/2/released", "").await.status, 403, "not by who sent it");
    let theirs = Browser::of(&site, &second).await;
    let before = theirs.get(&one).await;
    assert!(!before.body.contains("/refused\""), "who releases takes no rows away: {}", before.text());
    assert_eq!(theirs.get("/desk/submissions/2/refused").await.status, 403);
    let released = format!("/desk/submissions/{}", before.after("action=\"/desk/submissions/"));
    let done = theirs.post(&released, "").await;
    assert_eq!((done.status, done.location.as_str()), (303, one.as_str()), "{}", done.text());
    theirs.get(&one).await.shows(&["released by a second officer", "qian"]);
    let released = released.split('?').next().unwrap();
    let twice = theirs.post(released, "").await;
    assert_eq!(twice.status, 422, "once");
    twice.says(&["批次 2", "没有待审核的内容"]);
    let third = csv(&[row(5)]);
    let third = browser.upload(path, &[("item", "penalty")], "再.csv", &third).await;
    browser.once_done(&third.location).await.shows(&["All rows were taken", "not in this one"]);
    let silent = browser.post("/desk/submissions/3/recalled", &form(&[("reason", " ")])).await;
    assert_eq!(silent.status, 422);
    silent.says(&["id=\"reason-error\"", "批次 3"]);
    let back = browser.post("/desk/submissions/3/recalled", &form(&[("reason", "发错文件")])).await;
    assert_eq!((back.status, back.location.as_str()), (303, "/desk/submissions/3"), "{}", back.text());
    browser.get("/desk/submissions/3").await.shows(&["已撤回", "发错文件", "zhao"]);
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
async fn a_clerk_is_offered_the_matters_of_their_authority_and_keeps_what_they_typed_for_another() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let clerk = officer(&mut site, Role::Clerk, "zhou");
    let browser = Browser::of(&site, &clerk).await;
    let page = browser.get("/desk/checks").await;
    page.shows(&["<option value=\"\">请选择</option>", MATTER, "commitment-based-approval"]);
    assert!(!page.body.contains("architect-registration"), "a matter of another kind of authority is not offered");
    let none = form(&[("matter", ""), ("name", &person.name), ("number", &person.number), ("case-number", "1号")]);
    let none = browser.post("/desk/checks", &none).await;
    assert_eq!(none.status, 422);
    none.says(&["id=\"matter-error\""]);
    let foreign = [
        ("matter", "architect-registration"),
        ("name", person.name.as_str()),
        ("number", &person.number),
        ("case-number", "1号"),
    ];
    let foreign = browser.post("/desk/checks", &form(&foreign)).await;
    assert_eq!(foreign.status, 422, "{}", foreign.text());
    foreign.says(&["id=\"matter-error\"", "不是贵单位办理的事项", "value=\"1号\"", &person.number]);
    assert_well_made("/desk/checks", &foreign);
    browser.get("/desk").await.shows(&["云汀市交通运输局"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_nothing_to_ask_or_to_send_is_told_so_and_whom_to_ask() {
    let (mut city, _) = revoked();
    let kind = |kind: &str| AuthorityRow {
        code: OFFICE.to_owned(),
        name: "云汀市文明办".to_owned(),
        name_en: String::new(),
        kind: kind.to_owned(),
    };
    let administrator = caller(Role::Administrator, "root", None);
    city.installation.authority_add(&administrator, &kind("civilisation_office")).unwrap();
    let mut site = Site::over(city);
    let (clerk, sender) = (officer(&mut site, Role::Clerk, "zhou"), officer(&mut site, Role::DataOfficer, "zhao"));
    let second = officer(&mut site, Role::Decider, "qian");
    let checks = Browser::of(&site, &clerk).await.get("/desk/checks").await;
    checks.shows(&["本单位没有可以核查的事项", "信用主管部门"]);
    assert!(!checks.body.contains("name=\"number\""), "there is nothing to fill in");
    assert_well_made("/desk/checks", &checks);
    let forms = Browser::of(&site, &sender).await.get("/desk/submissions/forms").await;
    assert!(!forms.body.contains("forms/penalty"), "{}", forms.text());
    let theirs = Browser::of(&site, &second).await.get("/desk/submissions").await;
    assert!(theirs.status == 200 && !theirs.body.contains("type=\"file\""), "a decider sends no file");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_reads_how_it_sends_month_by_month() {
    let (mut city, _) = revoked();
    let rows: Vec<Row> = (20..40).map(row).collect();
    let path = city.write("more.csv", &csv(&rows));
    city.import_with(&path, |_| {}).unwrap();
    let mut site = Site::over(city);
    let early = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &early).await;
    let page = browser.get("/desk/figures").await;
    page.shows(&["已结束的月份里没有报送", "异议与修复的办理"]);
    assert!(!page.body.contains("<svg"), "a month that is not over is not told");
    site.desk.pass(15 * 86_400 * 1_000_000);
    let browser = Browser::of(&site, &early).await;
    let page = browser.get("/desk/figures").await;
    page.shows(&[
        "及时率",
        "采用率",
        "2026年11月",
        "<svg width=\"100%\"",
        "退回行数",
        "待核实行数",
        "<td class=\"n\" data-th=\"批次\">2</td>",
    ]);
    assert_well_made("/desk/figures", &page);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_follows_a_submission_and_reads_no_row_of_it() {
    let (mut city, _) = revoked();
    let namesake = Row { name: "别人".to_owned(), document: "云交罚〔2026〕9号".to_owned(), ..row(1) };
    let bad = Row { decided: "2026-02-30".to_owned(), ..row(3) };
    city.import("held.csv", &[namesake, bad, row(4)]);
    let mut site = Site::over(city);
    let (sender, feng) =
        (officer(&mut site, Role::DataOfficer, "wuming"), officer(&mut site, Role::CreditOffice, "feng"));
    let (own, office) = (Browser::of(&site, &sender).await, Browser::of(&site, &feng).await);
    let list = office.get("/office/submissions").await;
    list.shows(&["云汀市交通运输局", "行政处罚", "href=\"/desk/submissions/2\""]);
    assert!(!list.body.contains("<code>11990000MB"), "an authority has a name");
    let path = "/desk/submissions/2";
    let theirs = own.get(path).await;
    theirs.shows(&["“2026-02-30”在日历上不存在", "待核验身份", "等待核实", "身份核实人员"]);
    assert!(!theirs.body.contains("/desk/held/"), "whoever may not open a held row is not led there");
    assert_well_made(path, &theirs);
    let seen = office.get(path).await;
    seen.shows(&["held.csv", "问题汇总", "日历上没有这一天", "只有报送单位能看到", "各单位报送"]);
    assert!(!seen.body.contains("2026-02-30") && !seen.body.contains("待核验身份"), "{}", seen.text());
    assert!(!seen.body.contains("method=\"post\" action=\"/desk/submissions"), "it does nothing with it");
    assert_well_made(path, &seen);
    assert_eq!(office.get("/desk/submissions/2/refused").await.status, 403);
    assert_eq!(own.get("/desk/submissions/99").await.status, 404);
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
