//! The network behind a message: a mail server of the installation's, or the address that a person named.
//!
//! What went wrong is told without the address: it is listed for the operator, who need not know whose it is.

use std::net::SocketAddr;
use std::time::Duration;

use chengxin_core::Say;
use chengxin_core::notice::is_public;
use chengxin_seal::{Profile, hmac};
use data_encoding::BASE64;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Message, SmtpTransport, Transport as _};
use serde_json::json;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::encrypted::{fault_of, is_unknown, why};
use super::mail::{MailSettings, MailTls};
use crate::{AppError, Kind};

/// How long one message may take to be handed over; with a mail server, each of its answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// What leaves the house.
#[derive(Debug, Clone)]
pub(super) struct Outside {
    /// Its type for a program: `notice.waiting`, `channel.code`.
    pub(super) what: &'static str,
    /// Of the notice, or of the channel; the same whenever it is sent again.
    pub(super) id: String,
    pub(super) title: Say,
    pub(super) say: Say,
    /// When it is sent, microseconds UTC.
    pub(super) at_us: i64,
}

/// Why a message was not taken; nothing of it is anybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failed(pub(super) Say);

impl Failed {
    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Say::new(zh, en))
    }

    pub(super) fn refusal(self) -> AppError {
        AppError::new(Kind::Unavailable, self.0.zh, self.0.en)
    }
}

/// Hands a mail to the installation's mail server.
pub(super) fn mail(
    settings: &MailSettings,
    password: &str,
    base_url: &str,
    to: &str,
    message: &Outside,
) -> Result<(), Failed> {
    let mail = written(settings, base_url, to, message)?;
    let mut transport = SmtpTransport::builder_dangerous(&settings.host)
        .port(settings.port)
        .tls(tls(settings)?)
        .hello_name(ClientId::Domain(host_of(base_url).to_owned()))
        .timeout(Some(PATIENCE));
    if !settings.user.is_empty() {
        transport = transport.credentials(Credentials::new(settings.user.clone(), password.to_owned()));
    }
    transport.build().send(&mail).map(drop).map_err(|error| not_taken(&error))
}

/// Why the mail server did not take a mail.
fn not_taken(error: &lettre::transport::smtp::Error) -> Failed {
    if let Some(fault) = fault_of(error) {
        let own = Say::new(
            "如为本市自设的机构，请用 chengxin notice mail-set --certificate 指定",
            "name a city's own authority with chengxin notice mail-set --certificate",
        );
        let Say { zh, en } = why(fault, &own);
        return Failed::new(format!("邮件服务器：{zh}"), format!("mail server: {en}"));
    }
    match error.status() {
        Some(code) => Failed::new(format!("邮件服务器拒绝（{code}）"), format!("the mail server refused ({code})")),
        None if error.is_client() => Failed::new(
            "邮件服务器不提供 STARTTLS，或者没有可用的登录方式",
            "the mail server offers no STARTTLS, or no way to sign in that is known here",
        ),
        None if error.is_tls() => {
            Failed::new("与邮件服务器的加密连接未能建立", "no encrypted connection to the mail server")
        }
        None if error.is_timeout() => Failed::new("邮件服务器未及时应答", "the mail server gave no answer in time"),
        None => Failed::new("无法连接邮件服务器", "the mail server was not reached"),
    }
}

fn written(settings: &MailSettings, base_url: &str, to: &str, message: &Outside) -> Result<Message, Failed> {
    let wrong = || Failed::new("邮件地址有误", "this is no mail address");
    let Say { zh, en } = &message.say;
    let at = std::time::UNIX_EPOCH + Duration::from_micros(u64::try_from(message.at_us).unwrap_or(0));
    Message::builder()
        .from(settings.from.parse().map_err(|_| wrong())?)
        .to(to.parse().map_err(|_| wrong())?)
        .subject(format!("{} {}", message.title.zh, message.title.en))
        .date(at)
        // The same whenever it is sent again, so that a mail program shows it once.
        .message_id(Some(format!("<{}@{}>", message.id, host_of(base_url))))
        .header(ContentType::TEXT_PLAIN)
        .body(format!("{zh}\r\n\r\n{en}\r\n"))
        .map_err(|_| wrong())
}

fn tls(settings: &MailSettings) -> Result<Tls, Failed> {
    let wrong = |_| Failed::new("邮件服务器的证书设定有误", "the certificate set for the mail server cannot be read");
    let parameters = || -> Result<TlsParameters, Failed> {
        let mut builder = TlsParameters::builder(settings.host.clone());
        if !settings.certificate.is_empty() {
            builder =
                builder.add_root_certificate(Certificate::from_pem(settings.certificate.as_bytes()).map_err(wrong)?);
        }
        builder.build().map_err(wrong)
    };
    match settings.tls {
        MailTls::Implicit => Ok(Tls::Wrapper(parameters()?)),
        MailTls::StartTls => Ok(Tls::Required(parameters()?)),
        // Asked again here: what was set when made-up data were at home must not let a password out later.
        MailTls::None if settings.is_local() => Ok(Tls::None),
        MailTls::None => Err(Failed::new(
            "邮件服务器不在本机，须使用加密连接",
            "the mail server is not on this machine: an encrypted connection is needed",
        )),
    }
}

fn host_of(base_url: &str) -> &str {
    let host = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    host.split(['/', ':']).next().unwrap_or(host)
}

/// Posts a message to a webhook, signed as the Standard Webhooks specification says (`webhook-id`, `webhook-timestamp`, `webhook-signature`).
/// `inside` where made-up data are at home: only there an address of our own network may be meant. `trust` is asked in its order.
pub(super) fn post(
    url: &str,
    secret: &str,
    (inside, trust): (bool, &[TlsConfig]),
    message: &Outside,
) -> Result<(), Failed> {
    if !inside && !url.starts_with("https://") {
        return Err(Failed::new("回调地址须以 https:// 开头", "the address of a webhook begins with https://"));
    }
    let body =
        json!({ "type": message.what, "id": message.id, "at": message.at_us, "message": message.say }).to_string();
    let at = (message.at_us / 1_000_000).to_string();
    let signature = signature(secret, &message.id, &at, &body)
        .ok_or_else(|| Failed::new("渠道的签名密钥无法读取", "the secret of the channel cannot be read"))?;
    let send = |trust: &TlsConfig| {
        agent(inside, trust)
            .post(url)
            .header("Content-Type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", &at)
            .header("webhook-signature", &signature)
            .send(body.as_bytes())
    };
    let mut answer = Err(ureq::Error::ConnectionFailed);
    for trust in trust {
        answer = send(trust);
        if !answer.as_ref().is_err_and(|error| fault_in(error).is_some_and(is_unknown)) {
            break;
        }
    }
    match answer {
        Ok(answer) => taken(answer.status().as_u16()),
        Err(error) => Err(not_reached(&error)),
    }
}

fn fault_in(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Io(error) => fault_of(error),
        ureq::Error::Rustls(fault) => Some(fault),
        other => fault_of(other),
    }
}

/// Why a webhook was not reached; without its address.
fn not_reached(error: &ureq::Error) -> Failed {
    if let Some(fault) = fault_in(error) {
        return Failed(why(fault, &Say::new("请与平台联系", "ask the platform to name the authority")));
    }
    match error {
        ureq::Error::HostNotFound => {
            Failed::new("地址不存在或不允许发送", "there is no such address, or none to which we send")
        }
        ureq::Error::Timeout(_) => Failed::new("对方未及时应答", "no answer in time"),
        _ => Failed::new("无法连接", "not reached"),
    }
}

/// Only success is success; a redirect would lead somewhere that nobody proved.
fn taken(status: u16) -> Result<(), Failed> {
    match status {
        200..=299 => Ok(()),
        300..=399 => Err(Failed::new(
            format!("对方要求转到别处（{status}），未予跟随"),
            format!("a redirect ({status}), which is not followed"),
        )),
        _ => Err(Failed::new(format!("对方答复 {status}"), format!("answered with {status}"))),
    }
}

/// `v1,` and the HMAC-SHA-256 over id, time and body, base64. In either profile: it is the receiver's tools that check it.
fn signature(secret: &str, id: &str, at: &str, body: &str) -> Option<String> {
    let key = BASE64.decode(secret.as_bytes()).ok()?;
    let tag = hmac(Profile::Intl, &key, format!("{id}.{at}.{body}").as_bytes());
    Some(format!("v1,{}", BASE64.encode(&tag)))
}

fn agent(inside: bool, trust: &TlsConfig) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        // Behind a proxy nothing could be said about where a message goes.
        .proxy(None)
        .tls_config(trust.clone())
        .user_agent(concat!("chengxin/", env!("CARGO_PKG_VERSION")))
        .build();
    ureq::Agent::with_parts(config, DefaultConnector::default(), Public { inside })
}

/// Looks names up, and keeps of the addresses those that are everybody's. What was looked up is what is connected to: no second look-up could lead elsewhere.
#[derive(Debug)]
struct Public {
    inside: bool,
}

impl Resolver for Public {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        found.iter().filter(|at: &&SocketAddr| self.inside || is_public(at.ip())).for_each(|at| kept.push(*at));
        if kept.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(kept) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn message() -> Outside {
        let say = chengxin_core::notice::outside("https://credit.example");
        Outside { what: "notice.waiting", id: "00".repeat(16), title: Say::new("t", "t"), say, at_us: 1 }
    }

    #[test]
    fn in_production_nothing_is_sent_to_an_address_of_our_own_network() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "0x7f.1"] {
            let refused =
                post(&format!("https://{host}:{port}/"), "AAAA", (false, &[TlsConfig::default()]), &message())
                    .unwrap_err();
            assert!(refused.0.en.starts_with("there is no such address"), "{host}: {refused:?}");
        }
        assert!(
            post(&format!("http://127.0.0.1:{port}/"), "AAAA", (false, &[TlsConfig::default()]), &message()).is_err()
        );
        let tried = listener.accept().unwrap_err();
        assert_eq!(tried.kind(), std::io::ErrorKind::WouldBlock, "nobody even knocked");
    }

    #[test]
    fn a_signature_is_the_one_that_the_specification_shows() {
        // Example of the Standard Webhooks libraries.
        let body = r#"{"test": 2432232314}"#;
        let signed =
            signature("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body).unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_mail_server_elsewhere_is_never_spoken_to_in_the_clear() {
        let settings = MailSettings {
            host: "mail.example".to_owned(),
            port: 25,
            tls: MailTls::None,
            user: String::new(),
            from: "credit@example.cn".to_owned(),
            certificate: String::new(),
        };
        let refused = mail(&settings, "", "https://credit.example", "a@example.cn", &message()).unwrap_err();
        assert!(refused.0.en.contains("encrypted"), "{refused:?}");
    }
}
