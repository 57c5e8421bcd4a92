//! What a person sees and does about themself.

use crate::browser::{Browser, assert_well_made, form, officer, resident, revoked};
use crate::city::{number, serve, volunteers};
use crate::desk::PASSWORD;
use crate::site::Site;
use chengxin_core::Role;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_reads_what_is_held_and_then_that_they_looked() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let records = browser.get("/me/records").await;
    records.shows(&["行政处罚", "云汀市交通运输局", "起不再展示", "吊销许可证件", "1 条记录"]);
    browser.get("/me/records?lang=en").await.shows(&["Administrative penalty", "No longer shown from", "1 record"]);
    let log = browser.get("/me/log").await;
    log.shows(&["留痕完整", "本人行使权利", "<ol class=\"lines\">"]);
    assert_well_made("/me/log", &log);
    browser.get("/me/previews/road-transport-practitioner").await.shows(&["一字不差", "行政处罚"]);
    let me = browser.get("/me").await;
    me.shows(&["已登录"]);
    assert!(!me.body.contains(&row.number));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_held_the_pages_say_so_and_that_it_costs_nothing() {
    let (city, _) = revoked();
    let mut site = Site::over(city);
    let other = resident(&mut site, &number("19900101", 7), "other");
    let browser = Browser::of(&site, &other).await;
    browser.get("/me/records").await.shows(&["平台上没有关于您的记录", "不影响您办理任何事项"]);
    browser.get("/me/checks").await.shows(&["没有窗口核查过您"]);
    browser.get("/me/consents").await.shows(&["没有授权"]);
    browser.get("/me/mandates").await.shows(&["没有请人代办", "没有替人代办"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_takes_one_form_is_downloaded_verified_and_withdrawn() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let asked = form(&[("period", "1"), ("lang", "zh"), ("recipient", "云汀市公共资源交易中心")]);
    let page = browser.post("/me/reports", &asked).await;
    page.shows(&["报告已出具", "data:application/pdf;base64,", "提取码", "download=\"chengxin-"]);
    assert_well_made("/me/reports", &page);
    let code = page.after("核验码</dt><dd class=\"mono\">").to_owned();
    let public = Browser::new(&site);
    let shown = public.post("/verify", &form(&[("code", &code)])).await;
    public.get(&shown.location).await.shows(&["报告状态"]);
    let wrong = browser.post("/me/reports/withdrawn", &form(&[("report", "no such")])).await;
    assert!(matches!(wrong.status, 404 | 422), "{}", wrong.status);
    wrong.says(&["value=\"no such\"", "id=\"report-error\""]);
    browser.post("/me/reports/withdrawn", &form(&[("report", &code)])).await.shows(&["报告已作废"]);
    public.get(&shown.location).await.shows(&["作废"]);
    let unknown = browser.post("/me/reports", &form(&[("domain", "天气"), ("recipient", "某某中心")])).await;
    assert_eq!(unknown.status, 422);
    unknown.says(&["value=\"某某中心\"", "role=\"alert\""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_granted_used_up_by_nobody_and_disowned() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let page = browser.get("/me/consents/new").await;
    page.shows(&["其他单位或者个人"]);
    assert_well_made("/me/consents/new", &page);
    let lacking = form(&[("to", "other"), ("organisation", "云汀市第一公司"), ("until", "2026-02-30"), ("uses", "1")]);
    let refused = browser.post("/me/consents/new", &lacking).await;
    assert_eq!(refused.status, 422);
    refused.says(&["id=\"until-error\"", "id=\"purpose-error\"", "value=\"云汀市第一公司\"", "value=\"2026-02-30\""]);
    assert_well_made("/me/consents/new", &refused);
    let class = page.after("name=\"class\" value=\"").to_owned();
    let whole = form(&[
        ("to", "other"),
        ("organisation", "云汀市第一公司"),
        ("purpose", "应聘驾驶岗位"),
        ("class", &class),
        ("until", "2026-12-20"),
        ("uses", "2"),
    ]);
    let granted = browser.post("/me/consents/new", &whole).await;
    granted.shows(&["已授权", "云汀市第一公司"]);
    let receipt = granted.after("<div class=\"paper\">\n<h2>").to_owned();
    let pdf = browser.get(&format!("/me/consents/{receipt}/receipt")).await;
    assert!(pdf.status == 200 && pdf.body.starts_with("%PDF"), "{}", pdf.status);
    browser.get("/me/consents").await.shows(&[&receipt, "应聘驾驶岗位", "我是被迫的", "0 / 2"]);
    let narrower = format!("/me/consents/{receipt}/narrowed");
    let stands = browser.get(&narrower).await;
    stands.shows(&["value=\"2026-12-20\"", "max=\"2\"", &format!("value=\"{class}\" checked")]);
    assert_well_made(&narrower, &stands);
    let less = |until, uses, class| form(&[("until", until), ("uses", uses), ("classes", "chosen"), ("class", class)]);
    for (asked, why) in [
        (less("2027-01-20", "2", &class), "截止日不能推后"),
        (less("2026-12-20", "3", &class), "使用次数不能增加"),
        (less("2026-12-20", "2", &class), "没有任何一项变小"),
        (less("2026-12-20", "2", ""), "至少须保留一个信息类别"),
    ] {
        let refused = browser.post(&narrower, &asked).await;
        assert_eq!(refused.status, 422, "{asked}");
        refused.says(&["role=\"alert\"", why]);
        assert_well_made(&narrower, &refused);
    }
    let lacking = browser.post(&narrower, &less("2026-02-30", "x", &class)).await;
    lacking.says(&["id=\"until-error\"", "id=\"uses-error\"", "value=\"x\""]);
    browser.post(&narrower, &less("2026-12-10", "1", &class)).await.shows(&[&receipt, "2026-12-10"]);
    browser.get("/me/consents").await.shows(&["2026-12-10", "0 / 1"]);
    let done = browser.post(&format!("/me/consents/{receipt}/disowned"), "").await;
    assert_eq!((done.status, done.location.as_str()), (303, "/me/consents"));
    browser.get("/me/consents").await.shows(&["已声明非自愿"]);
    assert_eq!(browser.post("/me/consents/SQ-NONE/withdrawn", "").await.status / 100, 4);
    assert_eq!(browser.get(&narrower).await.status, 404, "there is nothing left to narrow");
    let none = browser.post("/me/consents/code", &form(&[("to", "")])).await;
    assert_eq!(none.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_goes_from_one_to_the_other_by_its_code() {
    let (city, row) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let agent = number("19900101", 7);
    let other = resident(&mut site, &agent, "other");
    let browser = Browser::of(&site, &zhou).await;
    let page = browser.get("/me/mandates/new").await;
    assert_well_made("/me/mandates/new", &page);
    let wrong =
        form(&[("name", "周明"), ("actor", "990000000000000000"), ("actor-name", "王华"), ("until", "2027-01-01")]);
    let refused = browser.post("/me/mandates/new", &wrong).await;
    assert_eq!(refused.status, 422);
    refused.says(&["id=\"actor-error\"", "id=\"scope-error\"", "value=\"王华\""]);
    let right = form(&[
        ("name", "周明"),
        ("actor", &agent),
        ("actor-name", "王华"),
        ("scope", "records"),
        ("scope", "log"),
        ("until", "2027-01-01"),
    ]);
    let offered = browser.post("/me/mandates/new", &right).await;
    offered.shows(&["请把这个码交给对方"]);
    let code = offered.after("class=\"big\">").to_owned();
    let theirs = Browser::of(&site, &other).await;
    let looked = theirs.post("/me/mandates/accepted", &form(&[("code", &code)])).await;
    looked.shows(&["替谁办", "name=\"seen\" value=\"yes\""]);
    let accepted = theirs.post("/me/mandates/accepted", &form(&[("code", &code), ("seen", "yes")])).await;
    assert_eq!((accepted.status, accepted.location.as_str()), (303, "/me/mandates"), "{}", accepted.text());
    let held = theirs.get("/me/mandates").await;
    held.shows(&["不再代办"]);
    let step = held.after("action=\"/me/mandates/").to_owned();
    assert!(step.contains("/resigned?once="), "{step}");
    let given = browser.get("/me/mandates").await;
    let step = given.after("action=\"/me/mandates/").to_owned();
    assert_eq!(browser.post(&format!("/me/mandates/{step}"), "").await.status, 303);
    assert!(!theirs.get("/me/mandates").await.body.contains("/resigned"));
    let wrong = theirs.post("/me/mandates/accepted", &form(&[("code", "AAAA-BBBB")])).await;
    assert!(matches!(wrong.status, 404 | 422));
    wrong.says(&["id=\"code-error\""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_looks_after_ones_own_account() {
    let (city, _) = revoked();
    let mut site = Site::over(city);
    let clerk = officer(&mut site, Role::Clerk, "zhou");
    let (browser, elsewhere) = (Browser::of(&site, &clerk).await, Browser::of(&site, &clerk).await);
    let page = browser.get("/me/account").await;
    page.shows(&["本机", "身份验证器", "密码"]);
    assert_well_made("/me/account", &page);
    let session = page.after("/me/account/sessions/").to_owned();
    browser.post(&format!("/me/account/sessions/{session}"), "").await.shows(&["已结束那一处登录"]);
    assert_eq!(elsewhere.get("/me").await.status, 303, "that one is out");
    let wrong = browser.post("/me/account/password", &form(&[("old", "wrong"), ("new", PASSWORD)])).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    wrong.says(&["role=\"alert\""]);
    let (old, new) = (PASSWORD, "four wooden boats adrift");
    browser.post("/me/account/password", &form(&[("old", old), ("new", new)])).await.shows(&["密码已修改"]);
    let digits = site.desk.digits(&clerk.secret.unwrap());
    let proof = form(&[("password", new), ("digits", &digits)]);
    browser.post("/me/account/proof", &proof).await.shows(&["已证明是本人"]);
    browser.post("/me/account/recovery", "").await.shows(&["只在这里显示一次"]);
    let out = browser.post("/me/account/sessions/ended", "").await;
    assert_eq!((out.status, out.location.as_str()), (303, "/sign-in"));
    assert_eq!(browser.get("/me").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_ones_own_wish_is_deleted_on_a_page_that_asks_once_more() {
    let (mut city, row) = revoked();
    volunteers(&mut city.installation);
    serve(&mut city.installation, city.dir.path(), &row);
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &row.number, "zhouming");
    let browser = Browser::of(&site, &zhou).await;
    let list = browser.get("/me/records").await;
    list.shows(&["志愿服务"]);
    let mut deletable = Vec::new();
    let records = list.links().into_iter().filter(|link| link.starts_with("/me/records/")).collect::<Vec<_>>();
    for link in &records {
        let ahead = browser.get(link).await;
        assert_well_made(link, &ahead);
        let page = format!("{link}/delete");
        if ahead.links().contains(&page) {
            deletable.push(page);
        } else {
            browser.get(&page).await.shows(&["不能凭意愿删除"]);
            assert_eq!(browser.post(&page, &form(&[("sure", "yes")])).await.status, 422, "the law's record stays");
        }
    }
    let [page] = &deletable[..] else { panic!("{deletable:?} of {records:?}") };
    let asked = browser.get(page).await;
    asked.shows(&["无法恢复", "不需要理由"]);
    assert_well_made(page, &asked);
    let unsure = browser.post(page, "").await;
    assert_eq!(unsure.status, 422);
    unsure.says(&["id=\"sure-error\""]);
    let done = browser.post(page, &form(&[("sure", "yes")])).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/me/records"), "{}", done.text());
    let left = browser.get("/me/records").await;
    assert!(!left.body.contains("社区图书馆整理"), "{}", left.text());
    assert_eq!(browser.post(page, &form(&[("sure", "yes")])).await.status, 422, "once");
}
