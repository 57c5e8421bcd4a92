//! Project Wycheproof: the mistakes that implementations have made. Source and licence stand in each file
//! of `wycheproof/`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use chengxin_seal::{AeadKey, Profile, VerifyingKey, hmac};
use common::{hex, key, sealed};

/// The columns of every test in a file, which must be as many as the file is known to have.
fn tests<const N: usize>(text: &'static str, count: usize) -> Vec<[&'static str; N]> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let tests: Vec<[&str; N]> = lines.map(|l| l.split(' ').collect::<Vec<_>>().try_into().unwrap()).collect();
    assert_eq!(tests.len(), count, "a file was cut off");
    tests
}

fn check_aead(profile: Profile, format: u8, text: &'static str, count: usize) {
    for [id, result, secret, nonce, aad, message, ciphertext, tag] in tests(text, count) {
        let text = sealed(format, &hex(nonce), &hex(ciphertext), &hex(tag));
        let opened = AeadKey::new(profile, &key(secret)).open(&hex(aad), &text);
        assert_eq!(opened.is_ok(), result == "valid", "test {id}");
        assert!(opened.is_err() || opened == Ok(hex(message)), "test {id}");
    }
}

#[test]
fn aes_256_gcm_opens_what_is_sound_and_nothing_else() {
    check_aead(Profile::Intl, 1, include_str!("wycheproof/aes_gcm.txt"), 66);
}

#[test]
fn sm4_gcm_opens_what_is_sound_and_nothing_else() {
    check_aead(Profile::Gm, 2, include_str!("wycheproof/sm4_gcm.txt"), 65);
}

fn check_mac(profile: Profile, text: &'static str, count: usize) {
    for [id, result, key, message, tag] in tests(text, count) {
        let fits = hmac(profile, &hex(key), &hex(message)).to_vec() == hex(tag);
        assert_eq!(fits, result == "valid", "test {id}");
    }
}

#[test]
fn hmac_sha_256_fits_what_is_sound_and_nothing_else() {
    check_mac(Profile::Intl, include_str!("wycheproof/hmac_sha256.txt"), 87);
}

#[test]
fn hmac_sm3_fits_what_is_sound_and_nothing_else() {
    check_mac(Profile::Gm, include_str!("wycheproof/hmac_sm3.txt"), 87);
}

#[test]
fn ed25519_verifies_what_is_sound_and_nothing_else() {
    for [id, result, public, message, signature] in tests(include_str!("wycheproof/ed25519.txt"), 151) {
        let verifier = VerifyingKey::from_bytes(Profile::Intl, &hex(public));
        let verified = verifier.is_ok_and(|key| key.verify(&hex(message), &hex(signature)).is_ok());
        assert_eq!(verified, result == "valid", "test {id}");
    }
}
