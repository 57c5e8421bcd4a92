//! How people are told: where they prove that they are reached, and the letter where they are not.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};

use chengxin_core::{Caller, Role};

use crate::browser::{Browser, assert_well_made, form, officer, resident, revoked};
use crate::site::Site;

/// A program of somebody's that takes what is posted to it.
fn hooked() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let (at, (tell, told)) = (listener.local_addr().expect("it has one"), channel());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut wire = BufReader::new(stream.expect("somebody comes"));
            let (mut length, mut line) = (0, String::new());
            while wire.read_line(&mut line).expect("a line") > 2 {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                line.clear();
            }
            let mut body = vec![0; length];
            wire.read_exact(&mut body).expect("a body");
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            wire.get_mut().write_all(answer).expect("an answer");
            tell.send(String::from_utf8(body).expect("text")).expect("somebody reads it");
        }
    });
    (at, told)
}

fn work(site: &mut Site) {
    while site.desk.app.job_run(&Caller::operator("operator", "test"), "one").expect("jobs run").done > 0 {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_printed_and_recorded_as_served_once() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    work(&mut site);
    let clerk = officer(&mut site, Role::Clerk, "zhou");
    let decider = officer(&mut site, Role::Decider, "chen");
    let zhou = resident(&mut site, &person.number, "zhouming");
    let browser = Browser::of(&site, &clerk).await;
    let list = browser.get("/desk/letters").await;
    list.shows(&["有一条对您不利的记录生效", "<code>"]);
    assert_well_made("/desk/letters", &list);
    assert!(!list.body.contains(&person.number) && !list.text().contains(&person.name), "{}", list.text());
    let one = format!("/desk/letters/{}", list.after("href=\"/desk/letters/"));
    let shown = browser.get(&one).await;
    shown.shows(&["打印告知书", "送达凭证"]);
    assert_well_made(&one, &shown);
    let paper = browser.get(&format!("{one}/printed")).await;
    assert!(paper.status == 200 && paper.body.starts_with("%PDF-"), "{}", paper.status);
    let lacking = browser.post(&one, &form(&[("served-by", "老赵")])).await;
    assert_eq!(lacking.status, 422);
    lacking.says(&["id=\"served-on-error\"", "id=\"served-evidence-error\"", "value=\"老赵\""]);
    assert_well_made(&one, &lacking);
    let how = |day| form(&[("served-on", day), ("served-by", "老赵"), ("served-evidence", "送达回证〔2026〕7号")]);
    let ahead = browser.post(&one, &how("2999-01-01")).await;
    assert_eq!(ahead.status, 422);
    ahead.says(&["role=\"alert\"", "送达日期", "value=\"2999-01-01\"", "送达回证〔2026〕7号"]);
    let theirs = Browser::of(&site, &decider).await;
    let seen = theirs.get(&one).await;
    seen.shows(&["由本单位窗口经办人员打印"]);
    assert!(!seen.body.contains("/printed"), "who decides looks nobody up");
    assert_eq!(theirs.get(&format!("{one}/printed")).await.status, 403);
    let day = format!("20{}", &shown.after("<dd>20")[..8]);
    let served = theirs.post(&one, &how(&day)).await;
    assert_eq!((served.status, served.location.as_str()), (303, "/desk/letters"), "{}", served.text());
    assert_eq!(browser.get(&one).await.status, 404, "it waits no more");
    assert_eq!(browser.post(&one, &how(&day)).await.status, 404, "once");
    browser.get("/desk/letters").await.shows(&["没有等待送达的告知"]);
    let own = Browser::of(&site, &zhou).await;
    own.get("/me/notices").await.shows(&["已送达（送达书面告知）"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_adds_a_channel_proves_it_with_its_code_and_removes_it() {
    let (city, person) = revoked();
    let mut site = Site::over(city);
    let zhou = resident(&mut site, &person.number, "zhouming");
    let (address, came) = hooked();
    let path = "/me/notices/channels";
    let hook = format!("http://{address}/hook");
    let number = {
        let browser = Browser::of(&site, &zhou).await;
        browser.get("/me/notices").await.shows(&[path]);
        let none = browser.get(path).await;
        none.shows(&["还没有通知渠道", "不写姓名、单位、事项和内容"]);
        assert_well_made(path, &none);
        let lacking = browser.post(path, &form(&[("address", "")])).await;
        assert_eq!(lacking.status, 422);
        lacking.says(&["id=\"channel-error\"", "id=\"address-error\""]);
        let wrong = browser.post(path, &form(&[("channel", "mail"), ("address", "nowhere")])).await;
        assert_eq!(wrong.status, 422);
        wrong.says(&["id=\"address-error\"", "value=\"nowhere\""]);
        assert_well_made(path, &wrong);
        let mail = browser.post(path, &form(&[("channel", "mail"), ("address", "zhou@example.cn")])).await;
        assert_eq!((mail.status, mail.location.as_str()), (303, path), "{}", mail.text());
        let added = browser.get(path).await;
        assert!(!added.body.contains("zhou@example.cn"), "an address is masked");
        let mail = added.after("/me/notices/channels/").split('/').next().expect("a number").to_owned();
        assert_eq!(browser.post(&format!("{path}/{mail}/removed"), "").await.status, 303);
        browser.get(path).await.shows(&["还没有通知渠道"]);
        let added = browser.post(path, &form(&[("channel", "webhook"), ("address", &hook)])).await;
        added.shows(&["whsec_", "只显示这一次"]);
        assert_well_made(path, &added);
        assert!(!browser.get(path).await.body.contains("whsec_"), "once");
        added.after("/me/notices/channels/").split('/').next().expect("a number").to_owned()
    };
    work(&mut site);
    let came = came.try_iter().last().expect("the code came");
    let (_, code) = came.split_once("Code of the credit platform: ").expect("it is said");
    let browser = Browser::of(&site, &zhou).await;
    let prove = format!("{path}/{number}/proven");
    let wrong = browser.post(&prove, &form(&[("code", "00000000")])).await;
    assert_eq!(wrong.status, 422);
    wrong.says(&[&format!("id=\"code-{number}-error\""), "value=\"00000000\"", "验证码不正确"]);
    assert_well_made(path, &wrong);
    let proven = browser.post(&prove, &form(&[("code", &code[..8])])).await;
    assert_eq!((proven.status, proven.location.as_str()), (303, path), "{}", proven.text());
    let now = browser.get(path).await;
    now.shows(&["验证时间"]);
    assert!(!now.body.contains("/proven"), "it is proven: {}", now.text());
}
