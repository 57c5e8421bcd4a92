//! A file mended in the page before it is sent, and a record that is typed.

use chengxin_core::Role;

use crate::browser::{Browser, assert_well_made, form, officer, revoked};
use crate::city::{Row, csv, row};
use crate::site::Site;

const PATH: &str = "/desk/submissions";
const TRY: [(&str, &str); 2] = [("item", "penalty"), ("dry-run", "yes")];

/// Tries a file; where its page lies.
async fn tried(browser: &Browser<'_>, file: &str) -> String {
    let tried = browser.upload(PATH, &TRY, "罚.csv", file).await;
    assert_eq!(tried.status, 303, "{}", tried.text());
    tried.location
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_cells_are_mended_in_the_page_a_row_left_out_and_the_rest_sent() {
    let mut site = Site::over(revoked().0);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &sender).await;
    let bad = Row { decided: "2026-02-30".to_owned(), ..row(3) };
    let worse = Row { kind: "罚金".to_owned(), ..row(4) };
    let place = tried(&browser, &csv(&[row(2), bad, worse])).await;
    let page = browser.get(&place).await;
    page.shows(&["试运行", "第 3 行", "第 4 行", "value=\"2026-02-30\"", "value=\"罚金\"", "<datalist", "与上次"]);
    assert_well_made(&place, &page);
    let cell = page.after("name=\"c-3-").to_owned();
    let mends = [(format!("c-3-{cell}"), "2026-02-27"), ("leave-out".to_owned(), "4")];
    let mends: Vec<_> = mends.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let mended = browser.post(&format!("{place}/cells"), &form(&mends)).await;
    assert_eq!((mended.status, &mended.location), (303, &place));
    let page = browser.get(&place).await;
    page.shows(&["没有退回的行", "在页面上改过 2 行"]);
    assert!(!page.body.contains("改正退回的行"), "{}", page.text());
    let sent = browser.post(&format!("{place}/submitted"), "").await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    browser.once_done(&place).await.shows(&["全部采用"]);
    let again = browser.post(&format!("{place}/submitted"), "").await;
    assert_eq!(again.status, 303, "what was sent is not sent again: {}", again.text());
    let done = browser.get(&place).await;
    done.shows(&["href=\"/desk/submissions/2\""]);
    browser.get("/desk/submissions/2").await.shows(&["质量报告", "罚.csv"]);
    browser.get(PATH).await.shows(&["罚.csv"]);
    assert_eq!(browser.get(PATH).await.body.matches("罚.csv").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_may_keep_of_a_row_is_not_shown_for_mending() {
    let mut site = Site::over(revoked().0);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &sender).await;
    let minor = Row { number: crate::city::number("20150101", 7), name: "小华".to_owned(), ..row(3) };
    let place = tried(&browser, &csv(&[row(2), minor])).await;
    let page = browser.get(&place).await;
    page.shows(&["未满十八周岁", "这一行不报"]);
    assert!(!page.body.contains("小华") && !page.body.contains("20150101"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heading_that_nobody_knows_is_explained_by_hand_and_the_office_need_not_say_it_again() {
    let mut site = Site::over(revoked().0);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &sender).await;
    let strange = csv(&[row(2)]).replacen("CF_JDRQ", "哪天罚的", 1);
    let place = tried(&browser, &strange).await;
    let page = browser.get(&place).await;
    assert_eq!(page.status, 422, "{}", page.text());
    page.says(&["还不能读取", "哪天罚的", "CF_JDRQ"]);
    assert_well_made(&place, &page);
    let before = page.body.split(">哪天罚的<").next().unwrap();
    let name = before.rsplit("for=\"").next().unwrap().split('"').next().unwrap().to_owned();
    browser.post(&format!("{place}/columns"), &form(&[(&name, "CF_JDRQ"), ("item", "penalty")])).await;
    browser.get(&place).await.shows(&["没有退回的行"]);
    browser.post(&format!("{place}/submitted"), "").await;
    browser.once_done(&place).await.shows(&["全部采用"]);
    let again = tried(&browser, &strange).await;
    browser.get(&again).await.shows(&["没有退回的行"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_its_senders_alone_and_gone_when_they_say_so() {
    let mut site = Site::over(revoked().0);
    let (sender, other) =
        (officer(&mut site, Role::DataOfficer, "zhao"), officer(&mut site, Role::DataOfficer, "wuming"));
    let (browser, theirs) = (Browser::of(&site, &sender).await, Browser::of(&site, &other).await);
    let bad = Row { decided: "2026-02-30".to_owned(), ..row(3) };
    let place = tried(&browser, &csv(&[bad])).await;
    assert_eq!(theirs.get(&place).await.status, 404);
    assert_eq!(theirs.post(&format!("{place}/submitted"), "").await.status, 404);
    browser.get(&place).await.shows(&["改正退回的行"]);
    let book = browser.get(&format!("{place}/refused")).await;
    assert!(book.status == 200 && book.body.starts_with("PK"), "{}", book.status);
    assert_eq!(browser.post(&format!("{place}/discarded"), "").await.location, PATH);
    assert_eq!(browser.get(&place).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_typed_goes_the_way_of_a_file() {
    let mut site = Site::over(revoked().0);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &sender).await;
    browser.get("/desk/submissions/forms").await.shows(&["/desk/submissions/forms/penalty"]);
    let path = "/desk/submissions/forms/penalty";
    let page = browser.get(path).await;
    page.shows(&["type=\"date\"", "<option value=\"罚款\">", "可不填"]);
    assert_well_made(path, &page);
    let file = csv(&[Row { decided: "2026-02-30".to_owned(), ..row(6) }]);
    let (heading, line) = file.trim_end().split_once('\n').unwrap();
    let typed: Vec<_> = heading.trim_end().split(',').zip(line.trim_end().split(',')).collect();
    let typed = browser.post(path, &form(&typed)).await;
    let page = browser.get(&typed.location).await;
    page.shows(&["第 2 行", "value=\"2026-02-30\""]);
    let cell = page.after("name=\"c-2-").to_owned();
    browser.post(&format!("{}/cells", typed.location), &form(&[(&format!("c-2-{cell}"), "2026-02-27")])).await;
    browser.post(&format!("{}/submitted", typed.location), "").await;
    browser.once_done(&typed.location).await.shows(&["全部采用", "penalty-"]);
    assert_eq!(browser.get("/desk/submissions/forms/no-such-item").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_beyond_every_bound_is_refused_before_it_has_come() {
    let mut site = Site::over(revoked().0);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &sender).await;
    browser.get(PATH).await.shows(&["data-most=\"67108864\"", "data-too-large="]);
    let refused = browser.announced(PATH, 500 * 1024 * 1024).await;
    assert_eq!(refused.status, 413, "{}", refused.text());
    refused.says(&["64 MiB"]);
    let cut = browser.cut_off(PATH).await;
    assert_eq!(cut.status / 100, 4, "{}", cut.text());
    assert!(!browser.get(PATH).await.body.contains("cut.csv"), "nothing is left of it");
}
