//! A signed document that carries its exact bytes.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::encoding::length_prefixed;
use crate::{SigningKey, TrustError, TrustList, TrustedKey};

/// First in everything that is signed here, so that the signature never fits another protocol's message.
const LABEL: &[u8] = b"chengxin-signed-v1";

/// A document with its signature: the payload is signed and carried as bytes, so that no parser's idea of
/// JSON stands between what was signed and what is checked (as in DSSE).
///
/// # Format
/// JSON with `payloadType`, `payload` (base64), `keyId`, `signedAtUs` (microseconds UTC) and `signature`
/// (base64). The signature covers `"chengxin-signed-v1"`, the payload type behind its length as a
/// big-endian `u32`, the instant as a big-endian `i64`, and the payload to the end.
///
/// `key_id` is outside the signature on purpose: it only helps to find the key on the verifier's own list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedEnvelope {
    /// What the payload is: a media type.
    pub payload_type: String,
    /// The payload's exact bytes.
    #[serde(with = "base64")]
    pub payload: Vec<u8>,
    /// The id of the key that is said to have signed.
    pub key_id: String,
    /// When it was signed, by the signer's word: microseconds UTC.
    pub signed_at_us: i64,
    /// The signature's bytes.
    #[serde(with = "base64")]
    pub signature: Vec<u8>,
}

/// What an envelope says, once it has been checked.
#[derive(Clone, Copy, Debug)]
pub struct VerifiedEnvelope<'a> {
    /// What the payload is.
    pub payload_type: &'a str,
    /// The payload's exact bytes.
    pub payload: &'a [u8],
    /// When it was signed: microseconds UTC.
    pub signed_at_us: i64,
    /// Who signed.
    pub key: &'a TrustedKey,
}

/// Signs `payload` as a document of `payload_type`, stating the instant `now_us` (microseconds UTC).
#[must_use]
pub fn sign_envelope(key: &SigningKey, payload_type: &str, payload: &[u8], now_us: i64) -> SignedEnvelope {
    SignedEnvelope {
        payload_type: payload_type.to_owned(),
        payload: payload.to_owned(),
        key_id: key.key_id().to_owned(),
        signed_at_us: now_us,
        signature: key.sign(&signed_bytes(payload_type, now_us, payload)),
    }
}

/// Checks an envelope against the keys that the verifier trusts, and nothing that it brings itself.
///
/// The caller still has to see that `payload_type` is what it expects: a sound receipt is no report.
///
/// # Errors
/// [`TrustError`]: signed again with a key of one's own is `UnknownSigner`, altered is `BadSignature`.
pub fn verify_envelope<'a>(
    envelope: &'a SignedEnvelope,
    trust: &'a TrustList,
) -> Result<VerifiedEnvelope<'a>, TrustError> {
    let message = signed_bytes(&envelope.payload_type, envelope.signed_at_us, &envelope.payload);
    let key = trust.verify(&envelope.key_id, envelope.signed_at_us, &message, &envelope.signature)?;
    Ok(VerifiedEnvelope {
        payload_type: &envelope.payload_type,
        payload: &envelope.payload,
        signed_at_us: envelope.signed_at_us,
        key,
    })
}

impl SignedEnvelope {
    /// Reads [`Self::to_json`].
    ///
    /// # Errors
    /// [`EnvelopeError`]; says where, never what.
    pub fn from_json(text: &[u8]) -> Result<Self, EnvelopeError> {
        serde_json::from_slice(text).map_err(|error| EnvelopeError { line: error.line(), column: error.column() })
    }

    /// The envelope as a file: JSON, indented, with a line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Unwrap safety: strings and integers always have a JSON form.
        serde_json::to_string_pretty(self).expect("an envelope has a JSON form") + "\n"
    }
}

/// The text is not a signed envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a signed envelope: it is malformed at line {line}, column {column}")]
pub struct EnvelopeError {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1.
    pub column: usize,
}

fn signed_bytes(payload_type: &str, signed_at_us: i64, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(LABEL.len() + 4 + payload_type.len() + 8 + payload.len());
    bytes.extend_from_slice(LABEL);
    length_prefixed(payload_type.as_bytes(), |piece| bytes.extend_from_slice(piece));
    bytes.extend_from_slice(&signed_at_us.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Bytes as base64 text.
mod base64 {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::BASE64;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| D::Error::custom("not base64"))?;
        // The decoder takes padding in the middle too: one signed thing would have several texts.
        if BASE64.encode(&bytes) == text { Ok(bytes) } else { Err(D::Error::custom("not base64 in its one form")) }
    }
}
