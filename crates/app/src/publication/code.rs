//! By what a public page is addressed: a code that says nothing of whom it is about, and that only this installation can make.
//!
//! It is the subject's and the record's id, encrypted with a keyed digest of them in the place of a nonce (as SIV does): the same record always has the
//! same code, so that an address stays, and a code that was made up fits no digest. No table leads from codes to persons.

use chengxin_seal::same_secret;
use data_encoding::BASE32_NOPAD;

use crate::keyring::Keyring;

/// Bytes of the digest in front.
const SEED: usize = 16;

/// For what a code is good: one does not open the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeFor {
    /// A page.
    Page,
    /// The place in a list behind which its next part begins. It may be that of a record that has no page.
    Place,
}

impl CodeFor {
    fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Page => ("publication-page", "publication-page-pad"),
            Self::Place => ("publication-place", "publication-place-pad"),
        }
    }
}

/// A record and whom it is about.
pub(super) type At = ([u8; 16], [u8; 16]);

/// The code of a record: 77 lower-case letters and digits.
pub(super) fn code_of(keys: &Keyring, of: CodeFor, (subject, record): &At) -> String {
    let mut plain = [0; 32];
    plain[..16].copy_from_slice(subject);
    plain[16..].copy_from_slice(record);
    let seed = seed(keys, of, &plain);
    let sealed = under_pad(keys, of, &seed, plain);
    BASE32_NOPAD.encode(&[&seed[..], &sealed].concat()).to_ascii_lowercase()
}

/// What a code stands for; `None` for one that is none of ours.
pub(super) fn read_code(keys: &Keyring, of: CodeFor, code: &str) -> Option<At> {
    let bytes = BASE32_NOPAD.decode(code.to_ascii_uppercase().as_bytes()).ok()?;
    let (seed, sealed) = bytes.split_first_chunk::<SEED>()?;
    let plain = under_pad(keys, of, seed, sealed.try_into().ok()?);
    let (mut subject, mut record) = ([0; 16], [0; 16]);
    subject.copy_from_slice(&plain[..16]);
    record.copy_from_slice(&plain[16..]);
    same_secret(seed, &self::seed(keys, of, &plain)).then_some((subject, record))
}

fn seed(keys: &Keyring, of: CodeFor, plain: &[u8; 32]) -> [u8; SEED] {
    let mut seed = [0; SEED];
    seed.copy_from_slice(&keys.code_tag(of.labels().0, &[plain])[..SEED]);
    seed
}

fn under_pad(keys: &Keyring, of: CodeFor, seed: &[u8; SEED], mut bytes: [u8; 32]) -> [u8; 32] {
    let pad = keys.code_tag(of.labels().1, &[seed]);
    bytes.iter_mut().zip(pad).for_each(|(byte, pad)| *byte ^= pad);
    bytes
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::log::testing::installation;

    #[test]
    fn a_code_leads_back_to_its_record_and_to_nothing_where_a_sign_of_it_is_another() {
        let dir = tempfile::tempdir().unwrap();
        let installation = installation(&dir.path().join("data"));
        let (keys, at) = (&installation.keys, ([3; 16], [9; 16]));
        let code = code_of(keys, CodeFor::Page, &at);
        assert_eq!(code.len(), 77);
        assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        assert_eq!(code, code_of(keys, CodeFor::Page, &at), "an address stays");
        assert_eq!(read_code(keys, CodeFor::Page, &code), Some(at));
        assert_eq!(read_code(keys, CodeFor::Page, &code.to_ascii_uppercase()), Some(at));
        assert_eq!(read_code(keys, CodeFor::Place, &code), None);
        for place in 0..code.len() {
            let mut other = code.clone().into_bytes();
            other[place] = if other[place] == b'a' { b'b' } else { b'a' };
            assert_eq!(read_code(keys, CodeFor::Page, &String::from_utf8(other).unwrap()), None, "{place}");
        }
        for none in ["", "abc", &code[1..], &format!("{code}a"), "11990000MB0000001E"] {
            assert_eq!(read_code(keys, CodeFor::Page, none), None, "{none}");
        }
        // Two records of one subject have nothing in common.
        let beside = code_of(keys, CodeFor::Page, &([3; 16], [10; 16]));
        assert!(code.bytes().zip(beside.bytes()).filter(|(a, b)| a == b).count() < 20);
    }
}
