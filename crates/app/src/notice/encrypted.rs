//! Encrypted connections of what leaves the house: whom they trust, and why one was not made.

use std::error::Error;
use std::path::Path;

use chengxin_core::Say;
use rustls::CertificateError as C;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::carry::Failed;

/// File in the installation's folder with the certificates (PEM) that webhooks may come from beside the usual ones: a city often has its own authority.
pub(super) const WEBHOOK_AUTHORITIES: &str = "webhook-ca.pem";
/// Most bytes of that file.
const LONGEST: u64 = 1 << 20;

/// Whom a webhook's certificate may come from, in the order in which they are asked: those that everybody knows, then the installation's own.
///
/// The second is asked only where the first did not know who vouches: nothing was sent by then but a greeting.
///
/// # Errors
/// [`Failed`] where the file is there and cannot be read as certificates: silently trusting fewer would look like a fault of the receiver's.
pub(super) fn authorities(dir: &Path) -> Result<Vec<TlsConfig>, Failed> {
    let usual = TlsConfig::builder().root_certs(RootCerts::WebPki).build();
    let path = dir.join(WEBHOOK_AUTHORITIES);
    let bytes = match std::fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![usual]),
        Ok(found) if found.len() <= LONGEST => std::fs::read(&path).map_err(|_| unreadable())?,
        _ => return Err(unreadable()),
    };
    let own = certificates(&bytes).ok_or_else(unreadable)?;
    let own = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&own)).build();
    Ok(vec![usual, own])
}

/// The certificates in a PEM text; nothing where it has none, or something that is none.
pub(super) fn certificates(pem: &[u8]) -> Option<Vec<Certificate<'static>>> {
    let found: Result<Vec<_>, _> = parse_pem(pem).collect();
    let found: Vec<_> = found.ok()?.into_iter().filter_map(certificate).collect();
    let mut known = rustls::RootCertStore::empty();
    let every = found.iter().all(|one| known.add(one.der().to_vec().into()).is_ok());
    (every && !found.is_empty()).then_some(found)
}

fn certificate(item: PemItem<'static>) -> Option<Certificate<'static>> {
    match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    }
}

fn unreadable() -> Failed {
    Failed(Say::new(
        format!("安装目录中的 {WEBHOOK_AUTHORITIES} 无法读作证书（PEM）；请运行维护人员更正"),
        format!(
            "{WEBHOOK_AUTHORITIES} in the folder of the installation cannot be read as certificates (PEM): the operator mends it"
        ),
    ))
}

/// What TLS says is wrong, wherever in a chain of errors it stands.
pub(super) fn fault_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(one) = next {
        if let Some(found) = one.downcast_ref() {
            return Some(found);
        }
        // An error of input and output names as its source what is behind the one that it holds.
        let held = one.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = held.map(|held| -> &(dyn Error + 'static) { held }).or_else(|| one.source());
    }
    None
}

/// Does nobody whom we know vouch for the certificate?
pub(super) fn is_unknown(fault: &rustls::Error) -> bool {
    matches!(fault, rustls::Error::InvalidCertificate(C::UnknownIssuer))
}

/// Why an encrypted connection was not made; `own` says where another authority is named.
pub(super) fn why(fault: &rustls::Error, own: &Say) -> Say {
    let rustls::Error::InvalidCertificate(fault) = fault else {
        return Say::new("加密连接未能建立", "no encrypted connection could be made");
    };
    match fault {
        C::UnknownIssuer => Say::new(
            format!("对方的证书不是由所信任的机构签发；{}", own.zh),
            format!("nobody who is trusted vouches for the certificate: {}", own.en),
        ),
        C::Expired | C::ExpiredContext { .. } => Say::new("对方的证书已过期", "the certificate has expired"),
        C::NotValidYet | C::NotValidYetContext { .. } => {
            Say::new("对方的证书尚未生效", "the certificate is not valid yet")
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            Say::new("对方的证书不是签发给这一主机名的", "the certificate is for another host name")
        }
        _ => Say::new("对方的证书无效", "the certificate is not valid"),
    }
}
