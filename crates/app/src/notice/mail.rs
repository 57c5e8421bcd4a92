//! The mail server of the installation: set at the console, its password sealed together with where it may be used.

use chengxin_core::notice::{ChannelKind, address};
use chengxin_core::{Caller, Say};
use chengxin_seal::AeadKey;
use chengxin_store::audit::SETTINGS;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::encrypted::certificates;
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::{AppError, Installation, Kind, journal};

/// Setting that holds the mail server.
const SETTING: &str = "mail";
/// Most bytes of a password, and of a certificate.
const LONGEST: usize = 16_384;

/// How the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTls {
    /// From the first byte (port 465).
    Implicit,
    /// By STARTTLS, and not at all without it (port 587).
    StartTls,
    /// Not: only for a server on this machine.
    None,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Its name; also that in its certificate.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Encryption.
    pub tls: MailTls,
    /// User; nothing where the server asks for none.
    pub user: String,
    /// Address of the sender: the same for all news.
    pub from: String,
    /// Certificate (PEM) of whoever vouches for the server, where that is nobody whom everybody knows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificate: String,
}

impl MailSettings {
    /// Is the server on this machine?
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1")
    }

    fn check(&self) -> Result<(), Say> {
        let odd = |text: &str| text.contains(|c: char| c.is_whitespace() || c.is_control());
        if self.host.is_empty() || self.host.len() > 253 || odd(&self.host) || self.port == 0 {
            return Err(Say::new("须填写邮件服务器的主机名和端口", "name the mail server's host and port"));
        }
        if odd(&self.user) || self.user.len() > 254 || self.certificate.len() > LONGEST {
            return Err(Say::new("用户名或证书过长，或含有空格", "user or certificate is too long, or has spaces"));
        }
        if self.tls == MailTls::None && !self.is_local() {
            return Err(Say::new(
                "邮件服务器不在本机，须使用加密连接（--tls implicit 或 starttls）",
                "the mail server is not on this machine: encrypt the connection (--tls implicit or starttls)",
            ));
        }
        if !self.certificate.is_empty() && certificates(self.certificate.as_bytes()).is_none() {
            return Err(Say::new(
                "证书文件不是 PEM 格式的证书（以 -----BEGIN CERTIFICATE----- 开头）",
                "the file of the certificate holds none in the form PEM (it begins with -----BEGIN CERTIFICATE-----)",
            ));
        }
        address(ChannelKind::Mail, &self.from, false).map(drop).map_err(|fault| fault.say(ChannelKind::Mail))
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    server: MailSettings,
    /// Sealed, base64.
    password: String,
}

/// No mail server is set.
pub(super) fn not_set() -> AppError {
    AppError::new(
        Kind::Unavailable,
        "尚未设定邮件服务器；请运行 chengxin notice mail-set",
        "no mail server is set: run chengxin notice mail-set",
    )
}

impl Keyring {
    fn mail_key(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("mail"))
    }
}

/// Authenticated beside the password, so that it is given to no other server.
fn aad(server: &MailSettings) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(&("mail", server)).map_err(|error| AppError::internal(format!("mail: {error}")))
}

impl Installation {
    /// Sets the mail server by which notices go out.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for a server or sender that cannot be, and for one elsewhere without encryption.
    pub fn notice_mail_set(&mut self, caller: &Caller, server: &MailSettings, password: &str) -> Result<(), AppError> {
        const NAME: &str = "notice_mail_set";
        self.authorise(caller, NAME)?;
        server.check().map_err(|say| AppError::invalid(say.zh, say.en))?;
        if password.len() > LONGEST || password.chars().any(char::is_control) {
            return Err(AppError::invalid("口令须为一行", "the password is one line"));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let password = BASE64.encode(&keys.mail_key().seal(&aad(server)?, password.as_bytes()));
        let kept = serde_json::to_string(&Kept { server: server.clone(), password });
        let kept = kept.map_err(|error| AppError::internal(format!("mail: {error}")))?;
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.set_setting(SETTING, &kept)?;
            let rows = marks(tx.view(), &keys, &[(&SETTINGS, vec![SETTING.into()])])?;
            let detail = json!({ "host": server.host, "port": server.port, "tls": server.tls, "rows": rows });
            journal::log(tx, &keys, now_us, NAME, caller, &detail).map(drop)
        })
    }

    /// The mail server and its password, where one is set.
    pub(super) fn mail_settings(&self) -> Result<Option<(MailSettings, String)>, AppError> {
        let Some(text) = self.store.view().setting(SETTING)? else { return Ok(None) };
        let broken = |what: &dyn std::fmt::Display| AppError::internal(format!("mail server: {what}"));
        let Kept { server, password } = serde_json::from_str(&text).map_err(|error| broken(&error))?;
        let sealed = BASE64.decode(password.as_bytes()).map_err(|error| broken(&error))?;
        let plain = self.keys.mail_key().open(&aad(&server)?, &sealed).map_err(|error| broken(&error))?;
        Ok(Some((server, String::from_utf8(plain).map_err(|error| broken(&error))?)))
    }
}
