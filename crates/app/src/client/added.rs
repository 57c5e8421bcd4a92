//! A public key on its way to a machine.

use chengxin_core::client::{KeyFault, LONGEST_KEY_DAYS, MOST_KEYS, check_key};
use chengxin_core::dates::day_start_us;
use chengxin_seal::{JwkFault, PublicJwk};
use chengxin_store::client::ClientKeyRow;
use jiff::civil::Date;

use crate::AppError;
use crate::keyring::Keyring;

/// A public key to be added.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The key as a JWK: P-256, Ed25519, or RSA with its `alg`.
    pub jwk: String,
    /// First day on which it holds; at once, where it is left out.
    pub from: Option<Date>,
    /// First day on which it no longer does.
    pub until: Date,
}

fn unreadable(fault: JwkFault) -> AppError {
    let (zh, en) = match fault {
        JwkFault::Form => (
            "公钥须为一个 JWK（JSON 对象，不超过 4096 字节）",
            "the public key is one JWK, a JSON object of at most 4096 bytes",
        ),
        JwkFault::Private => (
            "其中含有私钥：私钥不得离开客户端。该密钥已经外泄，请另行生成，只提交公钥",
            "this holds the private key, which never leaves its machine: it is given away now; make another and send the public half alone",
        ),
        JwkFault::Kind => (
            "密钥须用于签名，且为 P-256（EC）、Ed25519（OKP）或 RSA",
            "the key is for signing, and is P-256 (EC), Ed25519 (OKP) or RSA",
        ),
        JwkFault::Alg => (
            "alg 与密钥不符：EC 用 ES256，OKP 用 EdDSA，RSA 须写明 PS256 或 RS256",
            "alg does not fit the key: EC takes ES256, OKP takes EdDSA, RSA says PS256 or RS256",
        ),
        JwkFault::Numbers => (
            "公钥数值有误或强度不足（RSA 须为 2048 至 4096 位，指数 65537）",
            "the numbers of the key are malformed or weak (RSA: 2048 to 4096 bits, exponent 65537)",
        ),
        JwkFault::Kid => ("kid 须为 1 至 64 个字母、数字或 - _ . ~", "kid is 1 to 64 letters, digits or - _ . ~"),
    };
    AppError::invalid(zh, en)
}

fn refused_key(fault: KeyFault) -> AppError {
    match fault {
        KeyFault::Over => {
            AppError::invalid("密钥的截止日须晚于今天和起始日", "the key ends after today, and after it begins")
        }
        KeyFault::TooLong => AppError::invalid(
            format!("密钥最长使用 {LONGEST_KEY_DAYS} 天"),
            format!("a key lasts {LONGEST_KEY_DAYS} days at most"),
        ),
        KeyFault::TooMany => AppError::conflict(
            format!("未到期的密钥最多 {MOST_KEYS} 个；请先停用一个"),
            format!("there are {MOST_KEYS} keys that are not over: revoke one first"),
        ),
        KeyFault::Known => AppError::conflict(
            "该客户端已登记过同名或同一个密钥；停用的密钥不再启用，请另行生成",
            "the machine has, or had, a key of this name, or this very key: what was revoked stays so; make another",
        ),
    }
}

/// The row of a key that is to be added beside others.
///
/// # Errors
/// [`crate::Kind::Invalid`] for a key or days that cannot be; [`crate::Kind::Conflict`] where there are too many, or this one was there before.
pub(super) fn key_row(
    keys: &Keyring,
    client: &[u8; 16],
    new: &NewKey,
    beside: &[ClientKeyRow],
    by: &str,
    now_us: i64,
) -> Result<ClientKeyRow, AppError> {
    let jwk = PublicJwk::parse(&new.jwk).map_err(unreadable)?;
    let (from_us, until_us) = (new.from.map_or(now_us, day_start_us), day_start_us(new.until));
    let living = beside.iter().filter(|key| key.revoked_us.is_none() && key.until_us > now_us).count();
    let known = beside.iter().any(|key| key.kid == jwk.kid() || key.jwk == jwk.text());
    check_key(from_us, until_us, now_us, living, known).map_err(refused_key)?;
    Ok(keys.sealed_client_key(ClientKeyRow {
        client_id: *client,
        kid: jwk.kid().to_owned(),
        alg: jwk.alg().code().to_owned(),
        jwk: jwk.text().to_owned(),
        from_us,
        until_us,
        added_us: now_us,
        added_by: by.to_owned(),
        revoked_us: None,
        revoked_by: None,
        seal: [0; 32],
    }))
}
