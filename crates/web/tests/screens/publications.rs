//! What is published, as somebody's browser and an officer's show it.

use axum::body::Body;
use axum::http::{Request, header};
use chengxin_core::Role;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::browser::{Browser, assert_well_made, fate, form, officer};
use crate::city::{City, Firm, OFFICE, firm, firms_csv};
use crate::site::Site;

fn named() -> [Firm; 2] {
    [Firm { facts: "何小雨驾驶的车辆未维护".to_owned(), ..firm(1) }, firm(2)]
}

fn site() -> Site {
    let mut city = City::new();
    city.import_firms("firms.csv", &named());
    Site::over(city)
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_reads_what_is_published_and_finds_no_name_in_an_address_or_a_title() {
    let site = site();
    let browser = Browser::new(&site);
    let list = browser.get("/publications?item=penalty").await;
    list.shows(&["云交罚〔2026〕企1号", "云汀市虚构2号运输有限公司", "云汀市交通运输局", "noindex"]);
    assert_well_made("/publications", &list);
    let pages: Vec<_> = list.links().into_iter().filter(|link| link.starts_with("/publications/")).collect();
    assert_eq!(pages.len(), 2);
    for path in &pages {
        let page = browser.get(path).await;
        page.shows(&["行政处罚", "公示依据", "行政处罚法", "尚待认定单位核对", "noindex, nofollow"]);
        assert_well_made(path, &page);
        let title = page.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        for hidden in ["虚构", "何小雨", "990000"] {
            assert!(!path.contains(hidden) && !title.contains(hidden), "{hidden}: {path} {title}");
        }
        assert!(!page.body.contains("何小雨") && !page.body.contains("未维护"), "{}", page.text());
        let english = browser.get(&format!("{path}?lang=en")).await;
        english.shows(&["Administrative penalty", "Published on"]);
    }
    let none = browser.get(&format!("/publications?item=penalty&authority={}", "11990000MB0000002C")).await;
    none.shows(&["没有公示中的信息"]);
    let here = browser.get(&format!("/publications?item=penalty&authority={OFFICE}&lang=en")).await;
    here.shows(&["云交罚〔2026〕企1号", "name=\"lang\" value=\"en\""]);
    browser.get("/").await.shows(&["href=\"/publications\""]);
    for (path, status) in [
        ("/publications?item=judgment-debtor", 404),
        ("/publications?item=%3Cscript%3E", 404),
        ("/publications?item=penalty&after=x", 422),
        ("/publications/aaaa", 404),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(!page.body.contains("<script>"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_answered_with_410_once_it_is_over_and_search_engines_are_kept_out() {
    let site = site();
    let browser = Browser::new(&site);
    let list = browser.get("/publications?item=penalty").await;
    let path = list.links().into_iter().find(|link| link.starts_with("/publications/")).unwrap();
    site.desk.pass(285 * crate::desk::DAY);
    let gone = browser.get(&path).await;
    assert_eq!(gone.status, 410);
    gone.says(&["公示已经结束", "不得再以此为由"]);
    assert_well_made(&path, &gone);
    assert!(!gone.body.contains("云交罚") && !gone.body.contains("运输有限公司"), "{}", gone.text());
    browser.get("/publications?item=penalty").await.shows(&["没有公示中的信息"]);
    let request = Request::get(&path).body(Body::empty()).unwrap();
    let (parts, body) = site.router.clone().oneshot(request).await.unwrap().into_parts();
    assert!(parts.headers["x-robots-tag"].to_str().unwrap().contains("noindex"));
    assert!(parts.headers[header::CACHE_CONTROL].to_str().unwrap().contains("no-store"), "no proxy shows it longer");
    drop(body.collect().await.unwrap());
    assert!(browser.get("/robots.txt").await.body.contains("Disallow: /"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_words_a_text_and_whoever_sent_it_may_not() {
    let mut site = Site::over(City::new());
    let sender = officer(&mut site, Role::DataOfficer, "zhou");
    let decider = officer(&mut site, Role::Decider, "chen");
    let theirs = Browser::of(&site, &sender).await;
    let file = firms_csv(&named());
    let sent = theirs.upload("/desk/submissions", &[("item", "penalty"), ("reason", "")], "firms.csv", &file).await;
    theirs.once_done(&sent.location).await;
    let browser = Browser::of(&site, &decider).await;
    let list = browser.get("/desk/publications?item=penalty").await;
    list.shows(&["云交罚〔2026〕企1号", "待确认"]);
    assert_well_made("/desk/publications", &list);
    let paths: Vec<_> = list.links().into_iter().filter(|link| link.starts_with("/desk/publications/")).collect();
    let mut path = String::new();
    for one in paths {
        if browser.get(&one).await.body.contains("***驾驶的车辆未维护") {
            path = one;
        }
    }
    let draft = browser.get(&path).await;
    draft.shows(&["已用星号隐去", "data-cover=\"60\"", "name=\"text-CF_SY\""]);
    assert_well_made(&path, &draft);
    assert!(!draft.body.contains("何小雨"));
    let wrong = form(&[("version", "1"), ("line", "0"), ("text-CF_SY", "何小雨驾驶的车辆未维护")]);
    let refused = browser.post(&path, &wrong).await;
    assert_eq!(refused.status, 422);
    refused.says(&["role=\"alert\"", "当事人", "何小雨驾驶的车辆未维护</textarea>"]);
    assert_well_made(&path, &refused);
    let right = form(&[("version", "1"), ("text-CF_SY", "该公司的车辆未按规定维护"), ("text-CF_NR", "")]);
    browser.post(&path, &right).await.shows(&["已确认", "该公司的车辆未按规定维护"]);
    let public = path.replace("/desk", "");
    Browser::new(&site).get(&public).await.shows(&["该公司的车辆未按规定维护"]);
    let stale = browser.post(&path, &form(&[("version", "7"), ("text-CF_SY", "事实")])).await;
    assert_eq!(stale.status, 422, "{}", stale.text());
    stale.says(&["已变动"]);
    // Another officer read it before that was confirmed.
    let unseen = form(&[("version", "1"), ("line", "0"), ("text-CF_SY", "另一位同时写的文字")]);
    let unseen = browser.post(&path, &unseen).await;
    assert_eq!(unseen.status, 422);
    unseen.says(&["已变动", "该公司的车辆未按规定维护</textarea>"]);
    assert!(
        !unseen.body.contains("另一位同时写的文字"),
        "what was written beside something else does not fill the boxes"
    );
    let page = theirs.get(&path).await;
    assert_eq!(fate(&page), "forbidden", "{} {}", page.status, page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_verified_by_the_picture_of_its_code_and_no_other_code_is_followed() {
    let site = site();
    let send = |name: &str, file: Vec<u8>| {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\n"
        );
        let body = [head.as_bytes(), &file, b"\r\n--b--\r\n"].concat();
        let request =
            Request::post("/verify/picture?lang=en").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        site.router.clone().oneshot(request.body(Body::from(body)).unwrap())
    };
    let own = send("file", drawn("https://credit.example/d/YY20261122-7KQ2-M9F4-3TWX-8N/ABCD?lang=zh")).await.unwrap();
    assert_eq!(own.status(), 303);
    assert_eq!(own.headers()[header::LOCATION], "/d/YY20261122-7KQ2-M9F4-3TWX-8N/ABCD?lang=en");
    for (name, file, said) in [
        ("file", drawn("https://elsewhere.example/v/0123"), "was not opened"),
        ("file", b"%PDF-1.7".to_vec(), "PNG or JPEG"),
        ("file", Vec::new(), "PNG or JPEG"),
        ("other", drawn("https://credit.example/"), "PNG or JPEG"),
    ] {
        let answer = send(name, file).await.unwrap();
        assert_eq!(answer.status(), 422, "{said}");
        assert!(answer.headers().get(header::LOCATION).is_none(), "nothing is followed");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains(said) && body.contains("id=\"picture-error\""), "{said}: {body}");
    }
    let large = send("file", vec![0; 9 * 1024 * 1024]).await.unwrap();
    assert_eq!(large.status(), 413);
}

/// A picture of a code, as a screen shows it.
fn drawn(text: &str) -> Vec<u8> {
    let code = fast_qr::QRBuilder::new(text).build().unwrap();
    let side = u32::try_from(code.size).unwrap();
    let dark = |x: u32, y: u32| {
        let inside = (4..side + 4).contains(&x) && (4..side + 4).contains(&y);
        inside && code[(y - 4) as usize][(x - 4) as usize].value()
    };
    let pixels = |x: u32, y: u32| image::Luma([if dark(x / 4, y / 4) { 0u8 } else { 255 }]);
    let picture = image::GrayImage::from_fn((side + 8) * 4, (side + 8) * 4, pixels);
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
