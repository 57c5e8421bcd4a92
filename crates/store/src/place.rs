//! Where a database lies: a file beside us, or a database on a server.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tokio_postgres::config::{Host, SslMode};

use crate::StoreError;

/// Where a database lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// SQLite, in this file.
    File(PathBuf),
    /// PostgreSQL, or Citus.
    Server(ServerAddress),
}

impl Place {
    /// The file, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) => None,
        }
    }

    /// The server, where it is one.
    #[must_use]
    pub fn server(&self) -> Option<&ServerAddress> {
        match self {
            Self::File(_) => None,
            Self::Server(address) => Some(address),
        }
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl FromStr for Place {
    type Err = StoreError;

    /// `postgres://…`, `sqlite:FILE`, or the path of a file.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Server(text.parse()?));
        }
        if let Some(path) = text.strip_prefix("sqlite:") {
            return Ok(Self::File(PathBuf::from(path.strip_prefix("//").unwrap_or(path))));
        }
        if text.contains("://") {
            let scheme = text.split("://").next().unwrap_or(text);
            return Err(StoreError::Address(format!("{scheme}:// is neither postgres:// nor sqlite:")));
        }
        Ok(Self::File(PathBuf::from(text)))
    }
}

impl fmt::Display for Place {
    /// Without a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Server(address) => address.fmt(f),
        }
    }
}

/// Where the two databases of an installation lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The main database.
    pub main: Place,
    /// The key store: what is erased there must be gone from its backups soon, so that it has its own.
    pub keys: Place,
}

/// The address of a database on a server: `postgres://user:password@host:port/database?…`, as libpq writes it, with
/// `sslmode` and `sslrootcert` among the parameters.
///
/// Where `sslmode` is not given, a connection that leaves the machine is encrypted and the server's certificate is verified,
/// one that does not is plain. A password may be left to the environment variable `PGPASSWORD`.
#[derive(Clone)]
pub struct ServerAddress {
    url: String,
    config: Box<tokio_postgres::Config>,
    root_certificate: Option<PathBuf>,
}

impl PartialEq for ServerAddress {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Eq for ServerAddress {}

impl FromStr for ServerAddress {
    type Err = StoreError;

    fn from_str(url: &str) -> Result<Self, StoreError> {
        let after_scheme = url.split_once("://").map_or(url, |(_, after)| after);
        // The parser would take the rest of a password for the host, or the database, of somebody else.
        if after_scheme.split_once('@').is_some_and(|(user, _)| user.contains(['/', '?', '#'])) {
            let why = "before the host and behind the ?, write / ? # @ as %2F %3F %23 %40";
            return Err(StoreError::Address(why.to_owned()));
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut root_certificate = None;
        let mut kept = Vec::new();
        let mut mode_given = false;
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslrootcert", path)) => root_certificate = Some(PathBuf::from(path)),
                // Every encrypted connection is verified here, as `verify-full` asks.
                Some(("sslmode", "verify-full" | "verify-ca")) => {
                    mode_given = true;
                    kept.push("sslmode=require");
                }
                Some(("sslmode", _)) => {
                    mode_given = true;
                    kept.push(parameter);
                }
                _ => kept.push(parameter),
            }
        }
        let text = if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) };
        // What the parser says names the parameter or the place, never a value.
        let mut config: tokio_postgres::Config = text
            .parse()
            .map_err(|error: tokio_postgres::Error| StoreError::Address(crate::error::with_cause(&error)))?;
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(StoreError::Address(
                "the name of the database is missing: postgres://user@host/NAME".to_owned(),
            ));
        }
        if config.get_hosts().is_empty() {
            return Err(StoreError::Address("the host is missing: postgres://user@HOST/name".to_owned()));
        }
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        if !mode_given {
            let here = config.get_hosts().iter().all(is_here);
            config.ssl_mode(if here { SslMode::Disable } else { SslMode::Require });
        }
        Ok(Self { url: url.to_owned(), config: Box::new(config), root_certificate })
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        Host::Unix(_) => true,
    }
}

impl ServerAddress {
    /// The address as it was given, password included: for a file that nobody else can read.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Name of the database.
    #[must_use]
    pub fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_default()
    }

    /// The address of another database on the same server.
    ///
    /// # Errors
    /// [`StoreError::Address`] for a name that cannot stand in one.
    pub fn with_database(&self, name: &str) -> Result<Self, StoreError> {
        let (base, query) = self.url.split_once('?').map_or((self.url.as_str(), None), |(b, q)| (b, Some(q)));
        let after_scheme = base.find("://").map_or(0, |at| at + 3);
        let server = base[after_scheme..].find('/').map_or(base, |at| &base[..after_scheme + at]);
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        format!("{server}/{name}{query}").parse()
    }

    pub(crate) fn config(&self) -> &tokio_postgres::Config {
        &self.config
    }

    pub(crate) fn root_certificate(&self) -> Option<&Path> {
        self.root_certificate.as_deref()
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut ports = self.config.get_ports().iter();
        for (i, host) in self.config.get_hosts().iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
            if let Some(port) = ports.next() {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.database())
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn server(text: &str) -> ServerAddress {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_says_where_and_never_the_password() {
        let place: Place = "postgres://chengxin:s3cret@db.example:6432/city?sslmode=require".parse().unwrap();
        assert_eq!(place.to_string(), "db.example:6432/city");
        assert!(!format!("{place:?}").contains("s3cret"));
        assert!(place.file().is_none());
        assert_eq!("sqlite:city/chengxin.db".parse::<Place>().unwrap(), Place::File("city/chengxin.db".into()));
        assert_eq!("city/chengxin.db".parse::<Place>().unwrap(), Place::File("city/chengxin.db".into()));
    }

    #[test]
    fn another_database_of_the_same_server_keeps_user_and_parameters() {
        let keys = server("postgres://u:p@h:1/city?connect_timeout=3").with_database("city_keys").unwrap();
        assert_eq!(keys.url(), "postgres://u:p@h:1/city_keys?connect_timeout=3");
        assert_eq!(keys.database(), "city_keys");
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_it_is_said_otherwise() {
        assert_eq!(server("postgres://u@db.example/c").config().get_ssl_mode(), SslMode::Require);
        assert_eq!(server("postgres://u@127.0.0.1/c").config().get_ssl_mode(), SslMode::Disable);
        assert_eq!(server("postgres://u@db.example/c?sslmode=disable").config().get_ssl_mode(), SslMode::Disable);
        let verified = server("postgres://u@127.0.0.1/c?sslmode=verify-full&sslrootcert=/etc/ca.pem");
        assert_eq!(verified.config().get_ssl_mode(), SslMode::Require);
        assert_eq!(verified.root_certificate(), Some(Path::new("/etc/ca.pem")));
    }

    #[test]
    fn a_wrong_address_says_what_is_wrong_and_quotes_no_password() {
        for (text, says) in [
            ("mysql://u:s3cret@h/c", "postgres://"),
            ("postgres://u:s3cret@h", "name of the database"),
            ("postgres:///c", "host"),
            ("postgres://u:s3cret@h:port/c", "port"),
            ("postgres://u:s3cret@h/c?sslmode=maybe", "sslmode"),
        ] {
            let error = text.parse::<Place>().unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
