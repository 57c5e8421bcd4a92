//! Signatures, trust lists and envelopes: who is believed, about what, and when.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chengxin_seal::{
    BadSignature, InvalidKey, Key32, Profile, SIGNATURE_BYTES, SignedEnvelope, SigningKey, TrustError, TrustList,
    TrustListError, TrustedKey, VerifyingKey, sign_envelope, verify_envelope,
};
use proptest::prelude::*;

const REPORT: &str = "application/vnd.chengxin.report+json";

fn signer(profile: Profile) -> SigningKey {
    SigningKey::generate(profile)
}

fn trusting(key: &SigningKey, from_us: i64, until_us: Option<i64>) -> TrustList {
    TrustList::new(vec![TrustedKey::new(key.verifying_key(), from_us, until_us, "新城市信用办")]).unwrap()
}

#[test]
fn a_signature_fits_one_message_and_one_key() {
    for profile in Profile::ALL {
        let key = signer(profile);
        let signature = key.sign(b"message");
        assert_eq!(signature.len(), SIGNATURE_BYTES);
        assert_eq!(key.verifying_key().verify(b"message", &signature), Ok(()));
        assert_eq!(key.verifying_key().verify(b"messagE", &signature), Err(BadSignature));
        assert_eq!(signer(profile).verifying_key().verify(b"message", &signature), Err(BadSignature));
        for at in 0..signature.len() {
            let mut altered = signature.clone();
            altered[at] ^= 1;
            assert_eq!(key.verifying_key().verify(b"message", &altered), Err(BadSignature));
        }
        for length in [0, 1, 63] {
            assert_eq!(key.verifying_key().verify(b"message", &signature[..length]), Err(BadSignature));
        }
    }
}

#[test]
fn keys_come_back_from_their_bytes() {
    for profile in Profile::ALL {
        let key = signer(profile);
        let again = SigningKey::from_seed(profile, &key.to_seed()).unwrap();
        assert_eq!(again.sign(b"message"), key.sign(b"message"));
        let public = VerifyingKey::from_bytes(profile, &key.verifying_key().to_bytes()).unwrap();
        assert_eq!(public, key.verifying_key());
        assert_eq!(public.key_id(), key.key_id());
        assert_eq!(key.key_id().len(), 16);
    }
}

#[test]
fn bytes_that_are_no_key_are_refused() {
    let n_less_one = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122";
    let n_less_one = data_encoding::HEXLOWER.decode(n_less_one.as_bytes()).unwrap();
    for seed in [[0; 32], [0xff; 32], n_less_one.try_into().unwrap()] {
        assert_eq!(SigningKey::from_seed(Profile::Gm, &Key32::from_bytes(seed)).err(), Some(InvalidKey));
    }
    // The neutral element, which verifies anything; and a compressed point, which would be a second form.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(VerifyingKey::from_bytes(Profile::Intl, &neutral), Err(InvalidKey));
    let mut compressed = signer(Profile::Gm).verifying_key().to_bytes();
    compressed[0] = 2;
    assert_eq!(VerifyingKey::from_bytes(Profile::Gm, &compressed[..33]), Err(InvalidKey));
    assert_eq!(VerifyingKey::from_bytes(Profile::Gm, &[4; 65]), Err(InvalidKey));
    assert_eq!(VerifyingKey::from_bytes(Profile::Intl, b""), Err(InvalidKey));
}

#[test]
fn a_trusted_key_counts_from_its_first_instant_up_to_its_end() {
    for profile in Profile::ALL {
        let key = signer(profile);
        let trust = trusting(&key, 100, Some(200));
        let signature = key.sign(b"message");
        let at = |instant| trust.verify(key.key_id(), instant, b"message", &signature).map(TrustedKey::holder);
        assert_eq!(at(99), Err(TrustError::NotValidThen));
        assert_eq!(at(100), Ok("新城市信用办"));
        assert_eq!(at(199), Ok("新城市信用办"));
        assert_eq!(at(200), Err(TrustError::NotValidThen));
    }
}

#[test]
fn a_trust_list_survives_its_file() {
    let keys = Profile::ALL.map(signer);
    let list = TrustList::new(vec![
        TrustedKey::new(keys[0].verifying_key(), 0, Some(5), "甲"),
        TrustedKey::new(keys[1].verifying_key(), -3, None, "乙"),
    ])
    .unwrap();
    assert_eq!(TrustList::from_json(list.to_json().as_bytes()).unwrap(), list);
    assert_eq!(list.find(keys[1].key_id()).unwrap().holder(), "乙");
    assert_eq!(list.find("0000000000000000"), None);
}

#[test]
fn a_trust_list_that_was_tampered_with_is_refused() {
    let (key, other) = (signer(Profile::Intl), signer(Profile::Intl));
    let text = trusting(&key, 100, Some(200)).to_json();
    let posing = text.replace(key.key_id(), other.key_id());
    assert_eq!(TrustList::from_json(posing.as_bytes()), Err(TrustListError::Key(other.key_id().to_owned())));
    let backwards = text.replace("200", "100");
    assert_eq!(TrustList::from_json(backwards.as_bytes()), Err(TrustListError::Interval(key.key_id().to_owned())));
    let one = TrustedKey::new(key.verifying_key(), 0, None, "甲");
    assert_eq!(TrustList::new(vec![one.clone(), one]), Err(TrustListError::Duplicate(key.key_id().to_owned())));
    let swapped = text.replace("\"intl\"", "\"gm\"");
    assert!(TrustList::from_json(swapped.as_bytes()).is_err());
    let extended = text.replace("\"holder\"", "\"extra\": 1, \"holder\"");
    assert!(matches!(TrustList::from_json(extended.as_bytes()), Err(TrustListError::Malformed { .. })));
}

#[test]
fn an_envelope_survives_its_file_and_says_who_signed_what_and_when() {
    for profile in Profile::ALL {
        let key = signer(profile);
        let trust = trusting(&key, 0, None);
        let envelope = sign_envelope(&key, REPORT, "{\"编号\": 1}".as_bytes(), 42);
        let text = envelope.to_json();
        for field in ["payloadType", "payload", "keyId", "signedAtUs", "signature"] {
            assert!(text.contains(&format!("\"{field}\":")), "{text}");
        }
        let again = SignedEnvelope::from_json(text.as_bytes()).unwrap();
        assert_eq!(again, envelope);
        let verified = verify_envelope(&again, &trust).unwrap();
        assert_eq!(verified.payload, "{\"编号\": 1}".as_bytes());
        assert_eq!((verified.payload_type, verified.signed_at_us), (REPORT, 42));
        assert_eq!(verified.key.holder(), "新城市信用办");
    }
}

#[test]
fn an_envelope_altered_anywhere_is_a_bad_signature() {
    for profile in Profile::ALL {
        let key = signer(profile);
        let trust = trusting(&key, 0, None);
        let sound = sign_envelope(&key, REPORT, b"payload", 42);
        let altered = [
            SignedEnvelope { payload: b"Payload".to_vec(), ..sound.clone() },
            SignedEnvelope { payload_type: "text/plain".to_owned(), ..sound.clone() },
            SignedEnvelope { signed_at_us: 43, ..sound.clone() },
            SignedEnvelope { signature: vec![0; 64], ..sound.clone() },
            SignedEnvelope { signature: Vec::new(), ..sound.clone() },
            // The border between type and payload moved.
            SignedEnvelope {
                payload_type: REPORT[..REPORT.len() - 1].to_owned(),
                payload: b"npayload".to_vec(),
                ..sound
            },
        ];
        for envelope in altered {
            assert_eq!(verify_envelope(&envelope, &trust).err(), Some(TrustError::BadSignature), "{envelope:?}");
        }
    }
}

#[test]
fn altered_and_signed_again_with_another_key_is_an_unknown_signer() {
    for profile in Profile::ALL {
        let (key, forger) = (signer(profile), signer(profile));
        let trust = trusting(&key, 0, None);
        let forged = sign_envelope(&forger, REPORT, b"altered", 42);
        assert_eq!(verify_envelope(&forged, &trust).err(), Some(TrustError::UnknownSigner));
        let posing = SignedEnvelope { key_id: key.key_id().to_owned(), ..forged };
        assert_eq!(verify_envelope(&posing, &trust).err(), Some(TrustError::BadSignature));
    }
}

#[test]
fn an_envelope_dated_outside_its_keys_time_does_not_count() {
    let key = signer(Profile::Intl);
    let envelope = sign_envelope(&key, REPORT, b"payload", 500);
    let trust = trusting(&key, 0, Some(500));
    assert_eq!(verify_envelope(&envelope, &trust).err(), Some(TrustError::NotValidThen));
}

#[test]
fn a_signature_over_bare_bytes_does_not_pass_for_an_envelopes() {
    let key = signer(Profile::Intl);
    let envelope = SignedEnvelope {
        payload_type: REPORT.to_owned(),
        payload: b"payload".to_vec(),
        key_id: key.key_id().to_owned(),
        signed_at_us: 1,
        signature: key.sign(b"payload"),
    };
    assert_eq!(verify_envelope(&envelope, &trusting(&key, 0, None)).err(), Some(TrustError::BadSignature));
}

proptest! {
    #[test]
    fn no_text_makes_reading_an_envelope_or_a_trust_list_panic(text: Vec<u8>) {
        prop_assert!(SignedEnvelope::from_json(&text).is_err());
        let list = TrustList::from_json(&text);
        prop_assert!(list.is_err() || list == Ok(TrustList::default()));
    }
}
