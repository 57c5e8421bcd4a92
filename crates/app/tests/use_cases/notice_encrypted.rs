//! Mail and webhooks over TLS, with an authority that a city made for itself: what is trusted goes out, and what is not is refused with its reason and tried again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::post;

use std::sync::Arc;

use chengxin_app::notice::{AddedChannel, ChannelRequest, MailSettings, MailTls};
use chengxin_app::{FixedClock, Installation, Kind, Mode};
use chengxin_core::channel::ChannelStage;
use chengxin_core::delivery::Delivery;
use chengxin_core::identity::DocumentKind;
use chengxin_core::notice::ChannelKind;
use chengxin_core::{Caller, Ground, Role};
use chengxin_seal::Profile;
use city::{City, caller, row};
use post::{Greeting, Postbox};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

const KIND: DocumentKind = DocumentKind::ResidentId;
const MINUTE_US: i64 = 60_000_000;

/// An authority that vouches for servers, and that nobody else knows.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        Self::of("a made-up city")
    }

    fn of(name: &str) -> Self {
        let mut of = CertificateParams::new(vec![]).unwrap();
        of.distinguished_name.push(DnType::CommonName, name);
        of.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let der = of.self_signed(&key).unwrap().der().to_vec();
        let text = data_encoding::BASE64.encode(&der);
        let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect();
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
        Self { issuer: Issuer::new(of, key), pem }
    }

    /// What a server needs whose certificate is for `name` and good until the end of a year.
    fn server(&self, name: &str, until: i32) -> Arc<ServerConfig> {
        let mut of = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (of.not_before, of.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(until, 12, 31));
        let key = KeyPair::generate().unwrap();
        let certificate = of.signed_by(&key, &self.issuer).unwrap().der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions().unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap())
    }

    fn good(&self) -> Arc<ServerConfig> {
        self.server("127.0.0.1", 2999)
    }
}

fn operator() -> Caller {
    Caller::operator("operator", "test")
}

fn me() -> Caller {
    Caller { ground: Ground::OwnRight, ..caller(Role::Resident, "zhou", None) }
}

/// Works at once, and again some minutes later; how much failed.
fn work(city: &City, minutes: i64) -> usize {
    let clock = FixedClock(city::clock().0 + minutes * MINUTE_US);
    let mut app = Installation::open(city.installation.dir(), Arc::new(clock)).unwrap();
    let mut failed = 0;
    loop {
        let round = app.job_run(&operator(), "one").unwrap();
        failed += round.failed;
        if round.done == 0 {
            return failed;
        }
    }
}

fn add(city: &mut City, channel: ChannelKind, address: &str) -> AddedChannel {
    let request = ChannelRequest { kind: KIND, number: row(1).number, channel, address: address.to_owned() };
    city.installation.channel_add(&me(), &request).unwrap()
}

/// Why the only message that waits was not taken.
fn problem(city: &City) -> String {
    let jobs = city.installation.job_list(&operator()).unwrap();
    let problems: Vec<_> = jobs.into_iter().filter_map(|job| job.problem).collect();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.into_iter().next().unwrap()
}

fn settings(port: u16, tls: MailTls, certificate: &str) -> MailSettings {
    MailSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls,
        user: "notice".to_owned(),
        from: "notice@credit.example".to_owned(),
        certificate: certificate.to_owned(),
    }
}

/// A city whose mail server is set, with a channel whose code waits to be sent.
fn mailing(server: &MailSettings, password: &str) -> City {
    let mut city = City::new();
    city.installation.notice_mail_set(&operator(), server, password).unwrap();
    add(&mut city, ChannelKind::Mail, "zhou@example.cn");
    city
}

const SECRET: &str = "a quiet secret";

#[test]
fn mail_goes_out_encrypted_from_the_first_byte_to_a_server_that_the_citys_own_authority_vouches_for() {
    let authority = Authority::new();
    let (at, postbox) = post::mail_over(Greeting::Implicit(authority.good()));
    let city = mailing(&settings(at.port(), MailTls::Implicit, &authority.pem), SECRET);
    assert_eq!(work(&city, 0), 0);
    let came = postbox.came();
    assert_eq!((came.len(), came[0].header("To").as_str()), (1, "zhou@example.cn"));
    assert_eq!(postbox.in_the_clear(), Vec::<String>::new());
}

#[test]
fn starttls_tells_name_and_password_only_when_the_connection_is_encrypted() {
    let authority = Authority::new();
    let (at, postbox) = post::mail_over(Greeting::StartTls(authority.good()));
    let city = mailing(&settings(at.port(), MailTls::StartTls, &authority.pem), SECRET);
    assert_eq!(work(&city, 0), 0);
    assert_eq!(postbox.came().len(), 1);
    assert_eq!(postbox.in_the_clear(), ["EHLO credit.example", "STARTTLS"]);
}

#[test]
fn a_mail_server_that_offers_no_encryption_is_told_nothing() {
    let (at, postbox) = post::mail();
    let city = mailing(&settings(at.port(), MailTls::StartTls, ""), SECRET);
    assert_eq!(work(&city, 0), 1);
    assert!(problem(&city).contains("STARTTLS"), "{}", problem(&city));
    assert_eq!(postbox.in_the_clear().first().map(String::as_str), Some("EHLO credit.example"));
    assert!(!postbox.in_the_clear().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
}

#[test]
fn a_mail_server_that_refuses_the_password_is_said_to_refuse() {
    let authority = Authority::new();
    let (at, postbox) = post::mail_over(Greeting::Implicit(authority.good()));
    let city = mailing(&settings(at.port(), MailTls::Implicit, &authority.pem), "another");
    assert_eq!((work(&city, 0), postbox.came().len()), (1, 0));
    assert!(problem(&city).contains("535"), "{}", problem(&city));
}

#[test]
fn a_mail_server_with_a_wrong_certificate_gets_nothing_until_the_certificate_is_right() {
    let (authority, stranger) = (Authority::new(), Authority::of("a stranger"));
    for (server, why) in [
        (stranger.good(), "nobody who is trusted"),
        (authority.server("mail.example", 2999), "another host name"),
        (authority.server("127.0.0.1", 2002), "expired"),
    ] {
        for greeting in [Greeting::Implicit(server.clone()), Greeting::StartTls(server.clone())] {
            let tls = if matches!(greeting, Greeting::Implicit(_)) { MailTls::Implicit } else { MailTls::StartTls };
            let (at, postbox) = post::mail_over(greeting);
            let mut city = mailing(&settings(at.port(), tls, &authority.pem), SECRET);
            assert_eq!((work(&city, 0), postbox.came().len()), (1, 0), "{why}");
            assert!(problem(&city).contains(why), "{} is not {why}", problem(&city));
            let (at, postbox) = post::mail_over(Greeting::Implicit(authority.good()));
            let right = settings(at.port(), MailTls::Implicit, &authority.pem);
            city.installation.notice_mail_set(&operator(), &right, SECRET).unwrap();
            assert_eq!((work(&city, 1), postbox.came().len()), (0, 1), "{why}: it is tried again");
        }
    }
}

#[test]
fn a_certificate_that_is_none_is_refused_when_it_is_set() {
    let mut city = City::with(Mode::Production, Profile::Gm);
    for none in ["no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let wrong = settings(465, MailTls::Implicit, none);
        assert_eq!(city.installation.notice_mail_set(&operator(), &wrong, "p").unwrap_err().kind, Kind::Invalid);
    }
}

/// A city with a webhook whose code waits to be sent over TLS.
fn hooked(server: Arc<ServerConfig>) -> (City, Postbox, AddedChannel) {
    let (at, postbox) = post::web_encrypted(server);
    let mut city = City::new();
    let added = add(&mut city, ChannelKind::Webhook, &format!("https://{at}/hook"));
    (city, postbox, added)
}

fn trust(city: &City, pem: &str) {
    std::fs::write(city.installation.dir().join("webhook-ca.pem"), pem).unwrap();
}

#[test]
fn a_webhook_that_nobody_vouches_for_gets_nothing_until_the_operator_names_the_citys_authority() {
    let authority = Authority::new();
    let (mut city, postbox, added) = hooked(authority.good());
    assert_eq!((work(&city, 0), postbox.came().len()), (1, 0));
    assert!(problem(&city).contains("nobody who is trusted"), "{}", problem(&city));
    let failing = city.installation.channel_list(&me(), KIND, &row(1).number).unwrap()[0].failing.clone();
    assert!(failing.unwrap().contains("certificate"), "whose channel it is reads why");
    trust(&city, &authority.pem);
    assert_eq!((work(&city, 1), postbox.came().len()), (0, 1));
    let came = &postbox.came()[0];
    let (_, code) = came.body.split_once("Code of the credit platform: ").unwrap();
    let proven = city.installation.channel_prove(&me(), (KIND, &row(1).number), &added.channel.channel, &code[..8]);
    assert_eq!(proven.unwrap().stage, ChannelStage::Proven);
    let submission = city.import("rows.csv", &[row(1)]).quality.submission.unwrap();
    let second = city.second();
    city.installation.submission_release(&second, submission).unwrap();
    assert_eq!((work(&city, 2), postbox.came().len()), (0, 2));
    let notices = city.installation.notice_list(&me(), KIND, &row(1).number).unwrap();
    assert_eq!(notices[0].delivery, Delivery::Channel);
}

#[test]
fn a_webhook_with_a_wrong_certificate_is_refused_with_its_reason_whoever_vouches_for_it() {
    let authority = Authority::new();
    for (server, why) in [
        (authority.server("hook.example", 2999), "another host name"),
        (authority.server("127.0.0.1", 2002), "expired"),
    ] {
        let (city, postbox, _) = hooked(server);
        trust(&city, &authority.pem);
        assert_eq!((work(&city, 0), postbox.came().len()), (1, 0), "{why}");
        assert!(problem(&city).contains(why), "{} is not {why}", problem(&city));
        assert!(!problem(&city).contains("127.0.0.1"), "whose address it is need not be known");
    }
}

#[test]
fn authorities_that_cannot_be_read_are_said_to_be_so() {
    let authority = Authority::new();
    let (city, postbox, _) = hooked(authority.good());
    trust(&city, "no certificate");
    assert_eq!((work(&city, 0), postbox.came().len()), (1, 0));
    assert!(problem(&city).contains("webhook-ca.pem"), "{}", problem(&city));
    trust(&city, &authority.pem);
    assert_eq!((work(&city, 1), postbox.came().len()), (0, 1));
}
