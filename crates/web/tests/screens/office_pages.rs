//! What the credit office does: reads lateness, answers a complaint, takes a table away.

use chengxin_app::complaint::{ComplaintRequest, LineAt};
use chengxin_app::log::LineChain;
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role};

use crate::browser::{Browser, assert_well_made, form, officer, revoked};
use crate::city::{City, Row, caller, csv, row};
use crate::site::Site;

/// Somebody complains of a line of their log.
fn complained() -> (City, String) {
    let (mut city, person) = revoked();
    let own = Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "zhou", None) };
    let (kind, number, app) = (DocumentKind::ResidentId, person.number, &mut city.installation);
    app.record_list(&own, kind, &number).unwrap();
    let lines = app.log_lines(&own, kind, &number).unwrap().lines;
    let line = LineAt::Number(LineChain::Records, lines.iter().find_map(|line| line.number).unwrap());
    let request = ComplaintRequest { kind, number, line, words: "我从未请人查看".to_owned() };
    let complaint = app.complaint_file(&own, &request).unwrap().number;
    (city, complaint)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_reads_a_complaint_takes_it_up_and_answers_with_reasons() {
    let (city, number) = complained();
    let mut site = Site::over(city);
    let feng = officer(&mut site, Role::CreditOffice, "feng");
    let chen = officer(&mut site, Role::Decider, "chen");
    let browser = Browser::of(&site, &feng).await;
    let overview = browser.get("/office").await;
    overview.shows(&["正在等待的", "1 件", "/office/statistics"]);
    assert_well_made("/office", &overview);
    let list = browser.get("/office/complaints").await;
    list.shows(&[&number]);
    assert!(!list.body.contains("我从未请人查看"), "the list says nothing of what the person said");
    let path = format!("/office/complaints/{number}");
    let shown = browser.get(&path).await;
    shown.shows(&["我从未请人查看", "value=\"accept\"", "value=\"pass_on\""]);
    assert!(!shown.body.contains("value=\"uphold\""), "only what is lawful now");
    assert_well_made(&path, &shown);
    let answers = format!("{path}/answers");
    let none = browser.post(&answers, &form(&[("text", "已经写好的答复")])).await;
    assert_eq!(none.status, 422);
    none.says(&["id=\"step-error\"", "已经写好的答复</textarea>"]);
    assert_eq!(browser.post(&answers, &form(&[("step", "accept")])).await.status, 303);
    let silent = browser.post(&answers, &form(&[("step", "uphold")])).await;
    assert_eq!(silent.status, 422, "an answer has reasons");
    let done = browser.post(&answers, &form(&[("step", "uphold"), ("text", "没有对应的办件，已处理")])).await;
    assert_eq!((done.status, done.location.as_str()), (303, path.as_str()), "{}", done.text());
    browser.get(&path).await.shows(&["投诉成立", "没有对应的办件，已处理", "对答复不服"]);
    browser.get("/office/complaints").await.shows(&["没有待办的投诉"]);
    let theirs = Browser::of(&site, &chen).await;
    assert_eq!(
        theirs.post(&answers, &form(&[("step", "accept")])).await.status,
        404,
        "a decider answers none that was not handed over to them"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_reads_tables_beside_their_pictures_and_takes_one_away() {
    let (mut city, _) = revoked();
    let rows: Vec<Row> = (20..40).map(row).collect();
    let path = city.write("more.csv", &csv(&rows));
    city.import_with(&path, |_| {}).unwrap();
    let mut site = Site::over(city);
    // The month is over.
    site.desk.pass(15 * 86_400 * 1_000_000);
    let feng = officer(&mut site, Role::CreditOffice, "feng");
    let browser = Browser::of(&site, &feng).await;
    let page = browser.get("/office/statistics").await;
    page.shows(&["2026-11", "及时率", "<svg width=\"100%\" height=\"38\"", "role=\"img\""]);
    assert_well_made("/office/statistics", &page);
    let csv = browser.get("/office/statistics/2026-11/timeliness/csv").await;
    assert_eq!(csv.status, 200);
    assert!(csv.body.contains("编号,单位,按时,逾期,首次报送,及时率"), "{}", csv.body);
    assert_eq!(browser.get("/office/statistics/2026-11/timeliness/pdf").await.status, 404);
    assert_eq!(browser.get("/office/statistics/2026-11/people/csv").await.status, 404);
    assert_eq!(browser.get("/office/statistics/2026-12").await.status, 422, "the month is not over");
    let board = Browser::new(&site).get("/quality").await;
    board.shows(&["云汀市交通运输局", "2026-11", "不排名"]);
    assert_well_made("/quality", &board);
    let older = browser.get("/office/submissions").await;
    older.shows(&["more.csv", "已接收"]);
    browser.get("/office/submissions/before/2").await.shows(&["/office/submissions"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_says_where_it_is_reached_and_every_page_ends_with_it() {
    let (city, _) = revoked();
    let mut site = Site::over(city);
    let feng = officer(&mut site, Role::CreditOffice, "feng");
    let clerk = officer(&mut site, Role::Clerk, "clerk");
    let (browser, nobody) = (Browser::of(&site, &feng).await, Browser::new(&site));
    nobody.get("/").await.shows(&["需要帮助", "请到任一办事窗口"]);
    let page = browser.get("/office/contact").await;
    assert_well_made("/office/contact", &page);
    let typed = [
        ("phone", "请来电"),
        ("place", "一号楼 <3 层>"),
        ("place-en", ""),
        ("hours", "工作日 9:00–17:00"),
        ("hours-en", ""),
    ];
    let refused = browser.post("/office/contact", &form(&typed)).await;
    assert_eq!(refused.status, 422);
    refused.says(&["id=\"phone-error\"", "value=\"请来电\"", "value=\"工作日 9:00–17:00\""]);
    assert!(!nobody.get("/").await.body.contains("工作日"), "what is refused is not said");
    let typed = [("phone", "0990-123456"), typed[1], typed[2], typed[3], typed[4]];
    assert_eq!(browser.post("/office/contact", &form(&typed)).await.status, 303);
    for path in ["/", "/verify", "/nowhere", "/learn"] {
        let page = nobody.get(path).await;
        page.says(&["href=\"tel:0990123456\"", "工作日 9:00–17:00"]);
        assert!(!page.body.contains("<3 层>") && !page.body.contains("请到任一办事窗口"), "{path}");
    }
    nobody.get("/?lang=en").await.says(&["Telephone 0990-123456", "Hours: 工作日 9:00–17:00"]);
    nobody.get("/api/v1/contact").await.says(&["\"phone\":\"0990-123456\""]);
    let theirs = Browser::of(&site, &clerk).await;
    assert_eq!(theirs.get("/office/contact").await.status, 403);
    assert_eq!(theirs.post("/office/contact", &form(&typed)).await.status, 403);
}
