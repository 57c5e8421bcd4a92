//! Cosignatures: a witness states when it saw a checkpoint that goes on from all it saw before.
//!
//! # Source
//! C2SP tlog-cosignature, “Ed25519 signed message”.

use crate::note::{NoteError, NoteSignature, NoteSigner, NoteVerifier, is_key_name};

/// Most seconds since 1970 that a cosignature may state.
const MAX_TIME: u64 = i64::MAX as u64;

/// What a cosigner signs: two lines, then the text of the checkpoint.
fn message(text: &[u8], time: u64) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), text].concat()
}

/// A cosignature over the text of a checkpoint, made at `time` (seconds since 1970, at least 1).
///
/// `signer` signs bytes as they are, with a key of the type [`TYPE_COSIGNATURE_V1`](crate::TYPE_COSIGNATURE_V1) or
/// [`TYPE_SM2_COSIGNATURE`](crate::TYPE_SM2_COSIGNATURE): its [`NoteSigner::key_hash`] is that of the type. The caller has checked that
/// the checkpoint goes on from the last one it signed.
///
/// # Errors
/// [`NoteError::Line`] where the time is 0 or above 2⁶³ − 1, or the signer's name is none.
pub fn cosign(signer: &dyn NoteSigner, text: &str, time: u64) -> Result<NoteSignature, NoteError> {
    if time == 0 || time > MAX_TIME {
        return Err(NoteError::Line { line: 1, expected: "expected a time from 1 to 2^63 - 1 seconds since 1970" });
    }
    if !is_key_name(signer.name()) {
        return Err(NoteError::Line { line: 1, expected: "expected a name without spaces and plus" });
    }
    let mut signature = time.to_be_bytes().to_vec();
    signature.extend(signer.sign(&message(text.as_bytes(), time)));
    Ok(NoteSignature { name: signer.name().to_owned(), key_hash: signer.key_hash(), signature })
}

/// When a cosignature says it was made, in seconds since 1970; `None` where it is none. Says nothing until it is verified.
#[must_use]
pub fn cosignature_time(signature: &[u8]) -> Option<u64> {
    let (time, rest) = signature.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    (!rest.is_empty() && (1..=MAX_TIME).contains(&time)).then_some(time)
}

/// Checks cosignatures with a verifier of plain signatures over bytes.
///
/// Times in the future are not refused: no clock is read here. Whoever cares compares [`cosignature_time`].
#[derive(Debug, Clone)]
pub struct CosignatureVerifier<V>(pub V);

impl<V: NoteVerifier> NoteVerifier for CosignatureVerifier<V> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn key_hash(&self) -> [u8; 4] {
        self.0.key_hash()
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        let Some(time) = cosignature_time(signature) else { return false };
        self.0.verify(&message(text, time), &signature[8..])
    }
}
