//! Channels and the outbox: what goes out is neutral, signed, tried again and given up, and goes nowhere that was not proven.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::post;

use std::sync::Arc;

use chengxin_app::notice::{AddedChannel, ChannelRequest, MailSettings, MailTls};
use chengxin_app::{FixedClock, Installation, Kind, Mode};
use chengxin_core::channel::ChannelStage;
use chengxin_core::delivery::Delivery;
use chengxin_core::identity::DocumentKind;
use chengxin_core::notice::{ATTEMPTS, ChannelKind};
use chengxin_core::{Caller, Ground, Role};
use chengxin_seal::{Profile, hmac};
use city::{City, caller, row};
use data_encoding::BASE64;
use post::{Came, Postbox};

const KIND: DocumentKind = DocumentKind::ResidentId;
const MINUTE_US: i64 = 60_000_000;

fn operator() -> Caller {
    Caller::operator("operator", "test")
}

fn me() -> Caller {
    Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "zhou", None) }
}

/// Works as long as anything comes of it; how much failed.
fn work(app: &mut Installation) -> usize {
    let mut failed = 0;
    loop {
        let round = app.job_run(&operator(), "one").unwrap();
        failed += round.failed;
        if round.done == 0 {
            return failed;
        }
    }
}

fn at(city: &City, minutes: i64) -> Installation {
    let clock = FixedClock(city::clock().0 + minutes * MINUTE_US);
    Installation::open(city.installation.dir(), Arc::new(clock)).unwrap()
}

fn add(app: &mut Installation, n: u32, channel: ChannelKind, address: &str) -> AddedChannel {
    let number = row(n).number;
    app.channel_add(&me(), &ChannelRequest { kind: KIND, number, channel, address: address.to_owned() }).unwrap()
}

/// The code that came last.
fn code(postbox: &Postbox) -> String {
    let body = decoded(postbox.came().last().unwrap());
    let (_, rest) = body.split_once("Code of the credit platform: ").unwrap();
    rest[..8].to_owned()
}

/// The text of a message, as whoever gets it reads it.
fn decoded(came: &Came) -> String {
    match came.header("Content-Transfer-Encoding").as_str() {
        "base64" => {
            let text: String = came.body.trim_end_matches("\r\n.\r\n").split_whitespace().collect();
            String::from_utf8(BASE64.decode(text.as_bytes()).unwrap()).unwrap()
        }
        _ => came.body.clone(),
    }
}

fn prove(app: &mut Installation, n: u32, added: &AddedChannel, code: &str) {
    let line = app.channel_prove(&me(), (KIND, &row(n).number), &added.channel.channel, code).unwrap();
    assert_eq!(line.stage, ChannelStage::Proven);
}

fn release(city: &mut City, rows: &[city::Row]) {
    let submission = city.import("rows.csv", rows).quality.submission.unwrap();
    let second = city.second();
    city.installation.submission_release(&second, submission).unwrap();
}

fn delivery(app: &mut Installation, n: u32) -> Delivery {
    app.notice_list(&me(), KIND, &row(n).number).unwrap()[0].delivery
}

/// A city with a person who has a proven webhook, and where it ends.
fn hooked() -> (City, Postbox, AddedChannel) {
    let (address, postbox) = post::web();
    let mut city = City::new();
    let added = add(&mut city.installation, 1, ChannelKind::Webhook, &format!("http://{address}/hook"));
    assert_eq!(work(&mut city.installation), 0);
    prove(&mut city.installation, 1, &added, &code(&postbox));
    (city, postbox, added)
}

fn verify(came: &Came, added: &AddedChannel) {
    let secret = added.secret.as_deref().unwrap().strip_prefix("whsec_").unwrap();
    let signed = format!("{}.{}.{}", came.header("webhook-id"), came.header("webhook-timestamp"), came.body);
    let tag = hmac(Profile::Intl, &BASE64.decode(secret.as_bytes()).unwrap(), signed.as_bytes());
    assert_eq!(came.header("webhook-signature"), format!("v1,{}", BASE64.encode(&tag)));
}

#[test]
fn a_proven_webhook_is_told_in_one_neutral_signed_sentence() {
    let (mut city, postbox, added) = hooked();
    verify(&postbox.came()[0], &added);
    release(&mut city, &[row(1)]);
    assert_eq!(work(&mut city.installation), 0);
    let came = postbox.came();
    assert_eq!(came.len(), 2);
    verify(&came[1], &added);
    let body: serde_json::Value = serde_json::from_str(&came[1].body).unwrap();
    let keys: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["type", "id", "at", "message"]);
    assert_eq!(body["message"]["zh"], "信用平台有一条给您的通知，请登录查看：https://credit.example");
    for content in ["云交罚", "交通", "处罚", "周明", &row(1).number, "adverse"] {
        assert!(!came[1].body.contains(content), "{content} is in {}", came[1].body);
    }
    assert_eq!(delivery(&mut city.installation, 1), Delivery::Channel);
    assert!(
        city.installation.notice_undelivered(&city::caller(Role::Decider, "q", Some(city::OFFICE))).unwrap().is_empty()
    );
}

#[test]
fn an_unproven_channel_gets_its_code_and_nothing_else() {
    let (address, postbox) = post::web();
    let mut city = City::new();
    let added = add(&mut city.installation, 1, ChannelKind::Webhook, &format!("http://{address}/hook"));
    release(&mut city, &[row(1)]);
    work(&mut city.installation);
    let came = postbox.came();
    assert_eq!(came.len(), 1);
    assert!(came[0].body.contains("channel.code"));
    assert_eq!(delivery(&mut city.installation, 1), Delivery::NotDelivered);
    // What waited is told as soon as it is proven.
    prove(&mut city.installation, 1, &added, &code(&postbox).to_lowercase());
    work(&mut city.installation);
    assert_eq!((postbox.came().len(), delivery(&mut city.installation, 1)), (2, Delivery::Channel));
}

#[test]
fn a_wrong_code_proves_nothing_and_is_not_tried_for_ever() {
    let (address, postbox) = post::web();
    let mut city = City::new();
    let app = &mut city.installation;
    let added = add(app, 1, ChannelKind::Webhook, &format!("http://{address}/hook"));
    work(app);
    let channel = added.channel.channel.clone();
    for _ in 0..5 {
        let refused = app.channel_prove(&me(), (KIND, &row(1).number), &channel, "00000000").unwrap_err();
        assert_eq!(refused.kind, Kind::Invalid);
    }
    let right = code(&postbox);
    assert_eq!(app.channel_prove(&me(), (KIND, &row(1).number), &channel, &right).unwrap_err().kind, Kind::Conflict);
    app.channel_remove(&me(), (KIND, &row(1).number), &channel).unwrap();
    let added = add(app, 1, ChannelKind::Webhook, &format!("http://{address}/hook"));
    work(app);
    let late = &mut at(&city, 24 * 60 + 1);
    let refused = late.channel_prove(&me(), (KIND, &row(1).number), &added.channel.channel, &code(&postbox));
    assert_eq!(refused.unwrap_err().kind, Kind::Conflict, "a day later");
}

#[test]
fn another_persons_channel_is_not_there_and_nobody_adds_without_bound() {
    let (mut city, postbox, added) = hooked();
    let channel = added.channel.channel;
    let app = &mut city.installation;
    for n in [2, 3] {
        let refused = app.channel_remove(&me(), (KIND, &row(n).number), &channel).unwrap_err();
        assert_eq!(refused.kind, Kind::NotFound);
        let refused = app.channel_prove(&me(), (KIND, &row(n).number), &channel, "00000000").unwrap_err();
        assert_eq!(refused.kind, Kind::NotFound);
        assert!(app.channel_list(&me(), KIND, &row(n).number).unwrap().is_empty());
    }
    let request = |address: &str| ChannelRequest {
        kind: KIND,
        number: row(1).number,
        channel: ChannelKind::Mail,
        address: address.to_owned(),
    };
    for wrong in ["", "x", "a@b@c.cn", "a@b.cn\r\nBcc: c@d.cn"] {
        assert_eq!(app.channel_add(&me(), &request(wrong)).unwrap_err().kind, Kind::Invalid);
    }
    for n in 0..4 {
        app.channel_add(&me(), &request(&format!("a{n}@example.cn"))).unwrap();
    }
    assert_eq!(app.channel_add(&me(), &request("a0@example.cn")).unwrap_err().kind, Kind::Conflict);
    assert_eq!(app.channel_add(&me(), &request("a9@example.cn")).unwrap_err().kind, Kind::Conflict);
    for line in app.channel_list(&me(), KIND, &row(1).number).unwrap() {
        assert!(line.address.contains("***"), "{line:?}");
        app.channel_remove(&me(), (KIND, &row(1).number), &line.channel).unwrap();
    }
    assert_eq!(app.channel_add(&me(), &request("a9@example.cn")).unwrap_err().kind, Kind::Conflict, "five in a day");
    assert_eq!(postbox.came().len(), 1);
    for staff in [operator(), city.second(), city.officer()] {
        let refused = city.installation.channel_list(&staff, KIND, &row(1).number).unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden);
    }
    assert!(!String::from_utf8_lossy(&city.everything_stored()).contains("a0@example.cn"), "addresses lie sealed");
}

#[test]
fn what_is_refused_is_tried_again_after_pauses_that_double_and_then_taken() {
    let (mut city, postbox, _) = hooked();
    postbox.answer(&[500, 503]);
    release(&mut city, &[row(1)]);
    assert_eq!(work(&mut city.installation), 1);
    let failing = city.installation.channel_list(&me(), KIND, &row(1).number).unwrap()[0].failing.clone();
    assert_eq!(failing.as_deref(), Some("answered with 500"));
    assert_eq!((work(&mut at(&city, 0)), postbox.came().len()), (0, 2), "a minute has not passed");
    assert_eq!((work(&mut at(&city, 1)), postbox.came().len()), (1, 3));
    assert_eq!((work(&mut at(&city, 2)), postbox.came().len()), (0, 3), "now it waits for two");
    assert_eq!((work(&mut at(&city, 3)), postbox.came().len()), (0, 4));
    let came = postbox.came();
    assert!(came[1..].iter().all(|one| one.header("webhook-id") == came[1].header("webhook-id")));
    assert_eq!(delivery(&mut at(&city, 3), 1), Delivery::Channel);
}

#[test]
fn what_is_never_taken_is_given_up_listed_and_tried_again_when_somebody_says_so() {
    let (mut city, postbox, _) = hooked();
    postbox.answer(&[500; 40]);
    release(&mut city, &[row(1)]);
    for round in 0..2 * ATTEMPTS {
        work(&mut at(&city, round * 361));
    }
    assert_eq!(postbox.came().len() as i64, 1 + ATTEMPTS);
    let app = &mut at(&city, 40 * 361);
    let dead = app.notice_dead(&operator()).unwrap();
    assert_eq!((dead.len(), dead[0].attempts, dead[0].problem.as_str()), (1, ATTEMPTS, "answered with 500"));
    let shown = format!("{dead:?}");
    assert!(!shown.contains("127.0.0.1") && !shown.contains(&row(1).number), "{shown}");
    assert_eq!(app.notice_dead(&city.second()).unwrap_err().kind, Kind::Forbidden);
    assert_eq!(app.notice_retry(&operator(), &"0".repeat(32)).unwrap_err().kind, Kind::NotFound);
    postbox.take_all();
    app.notice_retry(&operator(), &dead[0].message).unwrap();
    assert_eq!(work(app), 0);
    assert_eq!((app.notice_dead(&operator()).unwrap(), delivery(app, 1)), (vec![], Delivery::Channel));
    assert_eq!(app.notice_retry(&operator(), &dead[0].message).unwrap_err().kind, Kind::NotFound);
}

#[test]
fn a_redirect_is_not_followed() {
    let (mut city, postbox, _) = hooked();
    postbox.answer(&[302]);
    release(&mut city, &[row(1)]);
    assert_eq!(work(&mut city.installation), 1);
    assert_eq!(postbox.came().len(), 2, "nobody went elsewhere");
    assert_eq!(delivery(&mut city.installation, 1), Delivery::NotDelivered);
}

#[test]
fn mail_goes_out_by_the_installations_server_and_reads_alike_for_everybody() {
    let (address, postbox) = post::mail();
    let mut city = City::new();
    let server = MailSettings {
        host: "127.0.0.1".to_owned(),
        port: address.port(),
        tls: MailTls::None,
        user: String::new(),
        from: "notice@credit.example".to_owned(),
        certificate: String::new(),
    };
    let first = add(&mut city.installation, 1, ChannelKind::Mail, "zhou@example.cn");
    assert_eq!(work(&mut city.installation), 1, "no mail server is set yet");
    city.installation.notice_mail_set(&operator(), &server, "").unwrap();
    assert_eq!(work(&mut at(&city, 1)), 0);
    prove(&mut city.installation, 1, &first, &code(&postbox));
    let second = add(&mut city.installation, 2, ChannelKind::Mail, "li@example.cn");
    work(&mut at(&city, 1));
    prove(&mut city.installation, 2, &second, &code(&postbox));
    let mut grave = row(2);
    "0.600000".clone_into(&mut grave.fine);
    release(&mut city, &[row(1), grave]);
    assert_eq!(work(&mut at(&city, 1)), 0);
    let came = postbox.came();
    assert_eq!(came.len(), 4);
    assert_eq!(came[2].body, came[3].body, "the same bytes, whatever it is about");
    assert_eq!(came[2].header("Subject"), came[3].header("Subject"));
    let text = decoded(&came[2]);
    assert!(text.contains("有一条给您的通知，请登录查看：https://credit.example"), "{text}");
    for content in ["云交罚", "处罚", "周明", &row(1).number] {
        assert!(!text.contains(content));
    }
    let to: Vec<_> = came[2..].iter().map(|mail| mail.header("To")).collect();
    assert!(to.contains(&"zhou@example.cn".to_owned()) && to.contains(&"li@example.cn".to_owned()), "{to:?}");
    assert_eq!(delivery(&mut city.installation, 2), Delivery::Channel);
}

#[test]
fn a_mail_server_elsewhere_is_set_with_encryption_or_not_at_all() {
    let mut city = City::with(Mode::Production, Profile::Gm);
    let server = |tls, host: &str, from: &str| MailSettings {
        host: host.to_owned(),
        port: 465,
        tls,
        user: "u".to_owned(),
        from: from.to_owned(),
        certificate: String::new(),
    };
    let (second, app) = (city.second(), &mut city.installation);
    for wrong in [
        server(MailTls::None, "mail.example", "a@example.cn"),
        server(MailTls::Implicit, "", "a@example.cn"),
        server(MailTls::Implicit, "mail.example", "nobody"),
    ] {
        assert_eq!(app.notice_mail_set(&operator(), &wrong, "p").unwrap_err().kind, Kind::Invalid, "{wrong:?}");
    }
    let right = server(MailTls::StartTls, "mail.example", "a@example.cn");
    app.notice_mail_set(&operator(), &right, "a quiet secret").unwrap();
    assert_eq!(app.notice_mail_set(&second, &right, "p").unwrap_err().kind, Kind::Forbidden);
    assert!(!String::from_utf8_lossy(&city.everything_stored()).contains("a quiet secret"));
}

#[test]
fn what_was_read_meanwhile_is_not_sent_and_a_removed_channel_gets_nothing() {
    let (mut city, postbox, added) = hooked();
    postbox.answer(&[500]);
    release(&mut city, &[row(1)]);
    work(&mut city.installation);
    let notice = city.installation.notice_list(&me(), KIND, &row(1).number).unwrap()[0].notice.clone();
    city.installation.notice_show(&me(), (KIND, &row(1).number), &notice).unwrap();
    work(&mut at(&city, 10));
    assert_eq!(postbox.came().len(), 2, "it was read");
    let mut changed = row(1);
    "0.050000".clone_into(&mut changed.fine);
    city.installation.channel_remove(&me(), (KIND, &row(1).number), &added.channel.channel).unwrap();
    release(&mut city, &[changed]);
    work(&mut at(&city, 10));
    assert_eq!(postbox.came().len(), 2, "it was removed");
}
