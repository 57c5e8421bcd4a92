//! Pages for everybody.

use std::collections::BTreeSet;

use crate::browser::{Browser, assert_well_made, fate, form, revoked};
use crate::site::Site;

const PAGES: [&str; 16] = [
    "/",
    "/verify",
    "/catalogue",
    "/catalogue/penalty",
    "/publications",
    "/matters",
    "/matters/road-transport-practitioner",
    "/quality",
    "/learn",
    "/learn/credit-law",
    "/learn/your-rights",
    "/learn/how-to-contest",
    "/log",
    "/styleguide",
    "/sign-in",
    "/begin",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_public_page_is_well_made_in_both_languages() {
    let site = Site::over(revoked().0);
    let browser = Browser::new(&site);
    for path in PAGES {
        let (zh, en) = (browser.get(path).await, browser.get(&format!("{path}?lang=en")).await);
        assert_eq!((zh.status, en.status), (200, 200), "{path}: {}", zh.text());
        assert!(zh.body.contains("<html lang=\"zh-CN\">") && en.body.contains("<html lang=\"en\">"));
        assert_well_made(path, &zh);
        assert_well_made(path, &en);
        assert!(zh.body.contains(&format!("href=\"{path}?lang=en\"")), "{path}: link to the other language");
    }
    for missing in ["/publications/nothing", "/catalogue/nothing", "/matters/nothing", "/learn/nothing"] {
        let page = browser.get(missing).await;
        assert_eq!(page.status, 404, "{missing}");
        assert_well_made(missing, &page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_of_every_public_page_leads_somewhere() {
    let site = Site::over(revoked().0);
    let browser = Browser::new(&site);
    let (mut seen, mut to_see) = (BTreeSet::new(), vec!["/?lang=en".to_owned(), "/".to_owned()]);
    while let Some(path) = to_see.pop() {
        if !seen.insert(path.clone()) || seen.len() > 600 {
            continue;
        }
        let page = browser.get(&path).await;
        assert!(matches!(fate(&page), "shown" | "sign-in"), "{path}: {}", page.status);
        to_see.extend(page.links());
    }
    assert!(seen.len() > 60 && seen.len() < 600, "{}", seen.len());
    assert!(seen.contains("/catalogue/penalty?lang=en") && seen.contains("/learn/how-to-repair"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_stands_on_a_public_page_that_is_in_no_file_of_texts() {
    let site = Site::over(revoked().0);
    let browser = Browser::new(&site);
    for path in [
        "/",
        "/verify",
        "/matters",
        "/matters/road-transport-practitioner",
        "/styleguide",
        "/sign-in",
        "/begin",
        "/log",
    ] {
        let page = browser.get(&format!("{path}?lang=en-XA")).await;
        let (text, mut own, mut depth) = (page.text(), String::new(), 0);
        for c in text.chars() {
            match c {
                '⟦' => depth += 1,
                '⟧' => depth -= 1,
                c if depth == 0 && c.is_alphabetic() => own.push(c),
                _ => {}
            }
        }
        // What is data: the city, the names of colours, commands, keys.
        let data = ["云汀市", "ink", "soft", "paper", "accent", "good", "warn", "bad", "info", "ABCD"];
        let left = data.iter().fold(own, |own, data| own.replace(data, ""));
        let allowed = match path {
            "/log" => left.contains("credit.example") || left.contains("creditexample"),
            "/verify" => left.starts_with("chengxinverify"),
            _ => left.is_empty(),
        };
        assert!(allowed, "{path}: {left}");
    }
    assert!(browser.get("/?lang=en-XA").await.body.contains("⟦Learn⟧"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_says_by_whom_on_which_clause_and_for_how_long() {
    let site = Site::over(revoked().0);
    let browser = Browser::new(&site);
    browser.get("/catalogue").await.shows(&["行政处罚", "href=\"/catalogue/penalty\""]);
    let item = browser.get("/catalogue/penalty").await;
    item.shows(&["归集依据", "公示期限", "行政处罚法", "市场监督管理部门", "处罚类别为吊销许可证件"]);
    assert!(!item.text().contains("market_regulation"), "no code where a name is meant");
    browser.get("/catalogue/penalty?lang=en").await.shows(&["Legal basis", "Display period"]);
    let matter = "/matters/road-transport-practitioner";
    browser.get(matter).await.shows(&["云汀市交通运输局", "只看下列内容"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_log_shows_its_checkpoint_and_key() {
    let site = Site::over(revoked().0);
    let browser = Browser::new(&site);
    // The server sequences beside the requests, within a second.
    let mut page = browser.get("/log").await;
    for _ in 0..600 {
        if !page.body.contains("还没有检查点") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        page = browser.get("/log").await;
    }
    page.shows(&["credit.example", "检查点", "/log/checkpoint", "/log/key"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_signed_in_is_sent_there_and_comes_back_to_the_page() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let zhou = crate::browser::resident(&mut site, &person.number, "zhouming");
    let browser = Browser::new(&site);
    let sent = browser.get("/me/records?lang=en").await;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/sign-in?lang=en&next=/me/records"));
    let page = browser.get(&sent.location).await;
    page.shows(&["you come back to it", "action=\"/sign-in?lang=en&#38;next=/me/records\""]);
    let wrong = browser.post(&sent.location, &form(&[("login", "zhouming"), ("password", "wrong")])).await;
    assert_eq!(wrong.status, 403);
    wrong.says(&["value=\"zhouming\"", "next=/me/records", "role=\"alert\""]);
    assert!(
        !wrong.body.contains("wrong\"") || !wrong.body.contains("value=\"wrong\""),
        "a password is never given back"
    );
    let digits = site.desk.digits(&zhou.secret.unwrap());
    let entered = form(&[("login", "zhouming"), ("password", crate::desk::PASSWORD), ("digits", &digits)]);
    let came = browser.post(&sent.location, &entered).await;
    assert_eq!((came.status, came.location.as_str()), (303, "/me/records?lang=en"));
    for elsewhere in ["//elsewhere.example", "https://elsewhere.example", "/log", "/me/../x"] {
        let page = browser.get(&format!("/sign-in?next={elsewhere}")).await;
        assert!(!page.body.contains("elsewhere") && !page.body.contains("you come back"), "{elsewhere}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_begins_an_account_with_the_code_from_a_window() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let clerk = crate::desk::identity_clerk();
    let kind = chengxin_core::identity::DocumentKind::ResidentId;
    let code = site.desk.app.activation_issue(&clerk, kind, &person.number, "居民身份证原件，与本人相符").unwrap();
    let browser = Browser::new(&site);
    let path = format!("/begin/{}", code.code.as_str());
    assert_eq!(browser.get(&format!("/begin?code={}", code.code.grouped())).await.location, path);
    let page = browser.get(&path).await;
    page.shows(&["登录名和密码", "建议启用"]);
    assert_well_made(&path, &page);
    let wrong = form(&[("kind", "person"), ("login", "zhouming"), ("password", "short")]);
    let refused = browser.post(&path, &wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    refused.says(&["value=\"zhouming\""]);
    let right =
        form(&[("kind", "person"), ("login", "zhouming"), ("name", "周明"), ("password", crate::desk::PASSWORD)]);
    browser.post(&path, &right).await.shows(&["账户已启用", "zhouming"]);
    assert_eq!(browser.get(&path).await.status, 404, "it works once");
    let unknown = browser.get("/begin/AAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(unknown.status, 404);
    assert_well_made("/begin/…", &unknown);
}
