//! What people do to forms: they leave them open, press twice, go back, type what nobody foresaw.

use chengxin_core::Role;

use crate::browser::{Browser, assert_well_made, form, officer, resident, revoked};
use crate::city::{City, Row, number, row};
use crate::site::Site;

/// Right to left, beyond the basic plane, composed of several signs, and marked up.
const STRANGE: &str = "שלום 𠮷野家 👨‍👩‍👧 é <b>“&amp;”</b>";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_outlives_the_session_and_is_sent_on_after_signing_in() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let gone = Browser::new(&site);
    let whole =
        [("to", "other"), ("organisation", STRANGE), ("purpose", "应聘"), ("until", "2026-12-20"), ("uses", "2")];
    let sent = gone.post("/me/consents/new?lang=en", &form(&whole)).await;
    assert_eq!(sent.status, 303);
    let kept = sent.location.split("next=").nth(1).expect("it leads back").to_owned();
    assert!(kept.starts_with("/me/resumed/") && !sent.location.contains("%"), "{}", sent.location);
    assert_eq!(gone.get(&kept).await.status, 303, "nobody reads it who is not signed in");
    let browser = Browser::of(&site, &zhou).await;
    let page = browser.get(&kept).await;
    page.shows(&["您填写的内容还在", "שלום 𠮷野家 👨‍👩‍👧", "action=\"/me/consents/new?lang=en", "继续提交"]);
    assert!(!page.body.contains("<b>“"), "what was typed is text");
    assert_well_made(&kept, &page);
    let refused = browser.post("/me/consents/new?lang=en", &form(&whole)).await;
    assert_eq!(refused.status, 422, "the class lacks: {}", refused.text());
    let secret = gone.post("/me/account/password", &form(&[("old", "secret"), ("new", "another secret")])).await;
    assert_eq!(secret.location, "/sign-in?next=/me/account/password", "what is secret is not kept");
    let files = gone
        .upload("/me/records/00000000000000000000000000000000/object", &[("grounds", "不实")], "证据.txt", "内容")
        .await;
    let kept = files.location.split("next=").nth(1).unwrap().to_owned();
    browser.get(&kept).await.shows(&["不实", "文件没有保留", "multipart/form-data"]);
    assert_eq!(browser.get("/me/resumed/00000000000000000000000000000000").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_counts_once_and_one_that_was_changed_counts_again() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let page = browser.get("/me/reports").await;
    let action = page.after("action=\"/me/reports").to_owned();
    assert!(action.starts_with("?once="), "{action}");
    let action = format!("/me/reports{action}");
    let asked = form(&[("period", "1"), ("lang", "zh"), ("recipient", "甲中心")]);
    let (first, second) = tokio::join!(browser.post(&action, &asked), browser.post(&action, &asked));
    first.shows(&["报告已出具"]);
    assert_eq!(first.body, second.body, "one report, whichever answer the browser shows");
    let changed = form(&[("period", "3"), ("lang", "zh"), ("recipient", "甲中心")]);
    let third = browser.post(&action, &changed).await;
    third.shows(&["报告已出具"]);
    assert_ne!(third.body, first.body, "going back and changing something is another wish");
    let other_tab = browser.get("/me/reports").await.after("action=\"/me/reports").to_owned();
    let fourth = browser.post(&format!("/me/reports{other_tab}"), &asked).await;
    assert_ne!(fourth.body, first.body, "another tab is another form");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_second_press_breaks_off_is_done_to_its_end_and_once() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let action = format!("/me/reports{}", browser.get("/me/reports").await.after("action=\"/me/reports"));
    let asked = form(&[("period", "1"), ("lang", "zh")]);
    // Wherever it is broken off, what follows holds.
    drop(tokio::time::timeout(std::time::Duration::from_millis(20), browser.post(&action, &asked)).await);
    browser.post(&action, &asked).await.shows(&["报告已出具"]);
    let file: serde_json::Value = serde_json::from_str(&browser.post("/me/carried-away", "").await.body).unwrap();
    let lines = file["parts"]["log"]["lines"].as_array().unwrap();
    let issued = lines.iter().filter(|line| line["operation"] == "report_issue").count();
    assert_eq!(issued, 1, "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_sign_that_people_type_comes_back_as_they_typed_it() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    browser.get("/me/records").await.shows(&["行政处罚"]);
    let log = browser.get("/me/log").await;
    let place = format!("/me/complaints/new/{}", log.after("href=\"/me/complaints/new/"));
    let page = browser.get(&place).await;
    page.shows(&["就这一条投诉"]);
    assert_well_made(&place, &page);
    let nothing = browser.post(&place, &form(&[("text", "  ")])).await;
    assert_eq!(nothing.status, 422);
    nothing.says(&["id=\"text-error\""]);
    let filed = browser.post(&place, &form(&[("text", STRANGE)])).await;
    assert_eq!((filed.status, filed.location.as_str()), (303, "/me/complaints"), "{}", filed.text());
    let list = browser.get("/me/complaints").await;
    // Signs that nobody sees are taken out of what stays: they join the faces of a family, and hide words.
    list.shows(&["שלום 𠮷野家 👨", "&#60;b&#62;", "dir=\"auto\"", "最迟答复日"]);
    assert_well_made("/me/complaints", &list);
    let twice = browser.post(&place, &form(&[("text", "又一次")])).await;
    assert_eq!(twice.status, 422, "one waits already");
    twice.says(&["又一次</textarea>"]);
    let step = list.after("action=\"/me/complaints/").to_owned();
    assert_eq!(browser.post(&format!("/me/complaints/{step}"), "").await.status, 303);
    browser.get("/me/complaints").await.shows(&["撤回"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_a_mandate_acts_in_the_pages_and_each_page_says_for_whom() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let agent = number("19900101", 7);
    let other = resident(&mut site, &agent, "other");
    let (giver, holder) = (Browser::of(&site, &zhou).await, Browser::of(&site, &other).await);
    let terms = [
        ("name", "周明"),
        ("actor", agent.as_str()),
        ("actor-name", "王华"),
        ("scope", "records"),
        ("scope", "objections"),
        ("until", "2027-01-01"),
    ];
    let code = giver.post("/me/mandates/new", &form(&terms)).await.after("class=\"big\">").to_owned();
    holder.post("/me/mandates/accepted", &form(&[("code", &code), ("seen", "yes")])).await;
    let held = holder.get("/me/mandates").await;
    let me = format!("/me?for={}", held.after("href=\"/me?for="));
    let page = holder.get(&me).await;
    page.shows(&["正在代 周", "回到我自己"]);
    assert_well_made(&me, &page);
    let records = page.links().into_iter().find(|link| link.starts_with("/me/records?for=")).expect("it goes on");
    let shown = holder.get(&records).await;
    shown.shows(&["行政处罚", "正在代 周"]);
    let ahead = shown.links().into_iter().find(|link| link.starts_with("/me/records/")).unwrap();
    assert!(ahead.contains("for="), "{ahead}");
    let record = ahead.split(['/', '?']).nth(3).unwrap().to_owned();
    let object = format!("/me/records/{record}/object?{}", ahead.split('?').nth(1).unwrap());
    let filed = holder.upload(&object, &[("aspect", "content"), ("grounds", "处罚决定已被撤销")], "", "").await;
    assert_eq!(filed.status, 303, "{}", filed.text());
    assert!(filed.location.starts_with("/me/proceedings?for="), "{}", filed.location);
    holder.get("/me/records").await.shows(&["平台上没有关于您的记录"]);
    assert_eq!(holder.get(&me.replace("/me?", "/me/consents?")).await.status, 403, "it does not cover that");
    assert!(!holder.get(&me.replace("/me?", "/me/account?")).await.body.contains("正在代"), "an account is one's own");
    giver.get("/me/proceedings").await.shows(&["处罚决定已被撤销"]);
    giver.get("/me/log").await.shows(&["王*"]);
    for wrong in ["/me/records?for=WT20261121-0000-0000-0000-00", "/me/records?for=%22%3E"] {
        let page = holder.get(wrong).await;
        assert!(page.status == 403 || page.text().contains("没有关于您的记录"), "{wrong}: {}", page.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_set_up_in_the_page_by_the_digits_that_it_shows() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let page = browser.get("/me/account").await;
    page.shows(&["添加或更换身份验证器", "data-new-passkey"]);
    let offered = browser.post("/me/account/app", "").await;
    offered.shows(&["otpauth://", "6 位数字"]);
    assert_well_made("/me/account/app", &offered);
    let field = |name: &str| offered.after(&format!("name=\"{name}\" value=\"")).to_owned();
    let (enrolment, secret) = (field("enrolment"), field("secret"));
    let mut typed = vec![("enrolment", enrolment.as_str()), ("secret", &secret), ("uri", "otpauth://totp/x")];
    typed.push(("digits", "000000"));
    let wrong = browser.post("/me/account/app/added", &form(&typed)).await;
    assert!(wrong.status == 422 && wrong.body.contains(&secret), "the secret stays: {}", wrong.text());
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let digits = site.desk.digits(&bytes.try_into().unwrap());
    typed.pop();
    typed.push(("digits", &digits));
    browser.post("/me/account/app/added", &form(&typed)).await.shows(&["身份验证器已启用"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_city_has_pages_that_say_so() {
    let mut site = Site::over(City::new());
    let zhou = resident(&mut site, &row(1).number, "zhouming");
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &zhou).await;
    for (path, text) in [
        ("/me/records", "平台上没有关于您的记录"),
        ("/me/complaints", "没有投诉"),
        ("/me/proceedings", "您没有提出过"),
        ("/me/notices", "没有"),
        ("/me/checks", "没有窗口核查过您"),
    ] {
        let page = browser.get(path).await;
        page.shows(&[text]);
        assert_well_made(path, &page);
    }
    Browser::of(&site, &sender).await.get("/desk/submissions").await.shows(&["还没有报送过"]);
    Browser::new(&site).get("/").await.shows(&["核验"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_carries_everything_away_in_one_file_that_nobody_can_ask_for() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let page = browser.get("/me/carried-away").await;
    page.shows(&["带走我的全部数据", "没有签名"]);
    assert_well_made("/me/carried-away", &page);
    let file = browser.post("/me/carried-away", "").await;
    assert_eq!(file.status, 200, "{}", file.body);
    let file: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    let parts = file["parts"].as_object().unwrap();
    let names: Vec<_> = parts.keys().map(String::as_str).collect();
    assert_eq!(names, ["records", "checks", "consents", "mandates", "proceedings", "complaints", "notices", "log"]);
    assert_eq!(file["parts"]["records"]["records"].as_array().unwrap().len(), 1);
    let operations = |file: &serde_json::Value| {
        let lines = file["parts"]["log"]["lines"].as_array().unwrap().clone();
        lines.iter().map(|line| line["operation"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(operations(&file).contains(&"record_list".to_owned()), "carrying it away is in the log");
    assert!(file.get("signature").is_none() && !file.to_string().contains("envelope"));
    let clerk = officer(&mut site, Role::Clerk, "zhou");
    let clerk = Browser::of(&site, &clerk).await;
    assert_eq!(clerk.post("/me/carried-away", "").await.status, 403, "bound to nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_ten_thousand_records_reads_them_page_by_page() {
    let mut city = City::new();
    let rows: Vec<_> = (1..=10_000).map(|n| Row { document: format!("云交罚〔2026〕{n}号"), ..row(1) }).collect();
    city.import("many.csv", &rows);
    city.release();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row(1).number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let first = browser.get("/me/records").await;
    first.shows(&["10000 条记录", "part=200"]);
    assert_eq!(first.body.matches("<article").count(), 50);
    assert_well_made("/me/records", &first);
    let last = browser.get("/me/records?part=200").await;
    assert_eq!((last.status, last.body.matches("<article").count()), (200, 50));
    let beyond = browser.get("/me/records?part=201").await;
    assert_eq!((beyond.status, beyond.body.matches("<article").count()), (200, 0));
    assert!(first.body.len() < 400_000, "{} bytes", first.body.len());
    let report = browser.post("/me/reports", &form(&[("period", "all"), ("recipient", "云汀银行")])).await;
    assert_eq!(report.status, 422, "{}", report.text());
    report.says(&["一份报告最多 1000 条", "请缩小期间", "云汀银行"]);
    let log = browser.get("/me/log").await;
    log.shows(&["行政处罚 × 10000"]);
    assert!(log.body.len() < 100_000, "{} bytes", log.body.len());
    assert_eq!(browser.post("/me/carried-away", "").await.status, 200);
}
