//! Connecting: limits of a session, encryption, and whether the server is one that will do.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, Error, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::live::Live;
use super::trouble::Failure;
use crate::StoreError;
use crate::error::with_cause;
use crate::place::ServerAddress;

/// Oldest server that is supported.
const OLDEST: i64 = 15;

/// Limits of a session, which the parameter `options` of an address may change: a statement of a request is over in
/// milliseconds, one of an import in seconds.
const LIMITS: &str = "-c lock_timeout=30s -c idle_in_transaction_session_timeout=15min";
/// For sessions that read.
const READING: &str = "-c statement_timeout=60s -c default_transaction_read_only=on";
/// For sessions that write.
const WRITING: &str = "-c statement_timeout=30min";
/// For verifying and for moving, which read everything.
const UNHURRIED: &str = "-c statement_timeout=0 -c default_transaction_read_only=on";
/// For migrations: they wait for whoever is at work, and an index over everything takes its time.
const MIGRATING: &str = "-c statement_timeout=0 -c lock_timeout=10min";
/// Compiling a statement takes longer than running any of ours. On Citus the shards of a statement are changed one after the
/// other: in parallel, a transaction that changed a reference table before would be refused. A client that vanished without a
/// word is noticed after half a minute, so that what it locked or claimed is free again.
const ALWAYS: &str = "-c jit=off -c timezone=UTC -c citus.multi_shard_modify_mode=sequential \
    -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

/// How long to wait for an answer to a first packet.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
/// How long a server may be silent that has something to answer; and a quiet one, until it is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(30);

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Session {
    /// Requests, statement by statement.
    Reading,
    /// Transactions.
    Writing,
    /// Reading everything.
    Unhurried,
    /// Migrations.
    Migrating,
}

/// Connects, and checks that the server is one that will do. The flag says whether it may succeed a moment later.
pub(super) fn connect(address: &ServerAddress, session: Session) -> Result<Live, (StoreError, bool)> {
    let config = configured(address, session);
    let explain = |failure: Failure| explain(address, &config, failure);
    let tls = match config.get_ssl_mode() {
        SslMode::Disable => None,
        _ => Some(tls(address).map_err(|error| (error, false))?),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| (StoreError::Engine(format!("connecting: {error}")), false))?;
    // Name, connection, encryption, password: each host may take as long as an answer to its first packet, twice.
    let hosts = u32::try_from(config.get_hosts().len().max(1)).unwrap_or(u32::MAX);
    let limit = config.get_connect_timeout().copied().unwrap_or(CONNECT).saturating_mul(hosts.saturating_mul(2));
    let (mut live, greeting) = match tls {
        Some(tls) => Live::connect(runtime, &config, tls, limit),
        None => Live::connect(runtime, &config, NoTls, limit),
    }
    .map_err(explain)?;
    if let Some(found) = greeting.version.as_deref().and_then(old) {
        return Err((StoreError::OldServer { found, needed: OLDEST }, false));
    }
    if let Some(encoding) = greeting.encoding.filter(|encoding| encoding != "UTF8") {
        let why = format!("the database {} has the encoding {encoding}; it needs UTF8", address.database());
        return Err((StoreError::Address(why), false));
    }
    live.introduce(session).map_err(explain)?;
    Ok(live)
}

/// The address has the last word on everything that it can say.
fn configured(address: &ServerAddress, session: Session) -> Config {
    let mut config = address.config().clone();
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_application_name().is_none() {
        config.application_name("chengxin");
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        config.keepalives_idle(SILENCE);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(CONNECT).keepalives_retries(3);
    }
    let own = match session {
        Session::Reading => READING,
        Session::Writing => WRITING,
        Session::Unhurried => UNHURRIED,
        Session::Migrating => MIGRATING,
    };
    // Of several hosts the one that can be written to.
    let writes = matches!(session, Session::Writing | Session::Migrating);
    if writes && config.get_target_session_attrs() == TargetSessionAttrs::Any {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    config.options(format!("{ALWAYS} {LIMITS} {own} {}", config.get_options().unwrap_or_default()).trim());
    config
}

/// The version of a server that is too old, by what it says of itself: `15.18 (Debian 15.18-1)`, `9.6.24`, `19beta1`. One that
/// says nothing readable is no reason to refuse it.
fn old(said: &str) -> Option<i64> {
    let digits = said.find(|c: char| !c.is_ascii_digit()).map_or(said, |end| &said[..end]);
    digits.parse().ok().filter(|version| *version < OLDEST)
}

/// Why a connection could not be made, and whether it may be made a moment later.
fn explain(address: &ServerAddress, config: &Config, failure: Failure) -> (StoreError, bool) {
    let at = address.to_string();
    let error = match failure {
        Failure::Said(error) => error,
        Failure::Silent => return (StoreError::Unreachable { at, why: "no answer in time".to_owned() }, true),
        Failure::Closed => return (StoreError::Unreachable { at, why: "the connection is closed".to_owned() }, true),
    };
    let Some(said) = error.as_db_error() else { return of_driver(at, config, &error) };
    let why = said.message().to_owned();
    match *said.code() {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            (StoreError::Refused { at, why }, false)
        }
        SqlState::INVALID_CATALOG_NAME => (StoreError::Missing(at), false),
        SqlState::INSUFFICIENT_PRIVILEGE => (StoreError::Rights(why), false),
        SqlState::TOO_MANY_CONNECTIONS => (StoreError::NoConnection, true),
        SqlState::DISK_FULL => (StoreError::Full, true),
        SqlState::INVALID_PARAMETER_VALUE | SqlState::UNDEFINED_OBJECT => (StoreError::Address(why), false),
        _ => (StoreError::Unreachable { at, why }, true),
    }
}

fn of_driver(at: String, config: &Config, error: &Error) -> (StoreError, bool) {
    let why = with_cause(error);
    if config.get_password().is_none() && why.contains("password missing") {
        return (StoreError::Refused { at, why: "it asks for a password, and none is given".to_owned() }, false);
    }
    (StoreError::Unreachable { at, why }, true)
}

/// Verifies the server by the certificate authority that the address names, else by the public ones.
fn tls(address: &ServerAddress) -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = rustls::RootCertStore::empty();
    match address.root_certificate() {
        Some(path) => {
            let wrong = |why: String| StoreError::Address(format!("sslrootcert {}: {why}", path.display()));
            let read = CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?;
            for certificate in read {
                let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(wrong("there is no certificate in it".to_owned()));
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Address(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_before_version_15_is_too_old_however_it_writes_its_version() {
        for (said, expected) in [
            ("14.13 (Debian 14.13-1.pgdg120+1)", Some(14)),
            ("14devel", Some(14)),
            ("9.6.24", Some(9)),
            ("15.18 (Debian 15.18-0+deb12u1)", None),
            ("15beta2", None),
            ("18.0", None),
            ("", None),
            ("unknown", None),
        ] {
            assert_eq!(old(said), expected, "{said}");
        }
    }
}
