//! Sealing, MACs, derived and wrapped keys: what may be relied on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use chengxin_seal::{
    AeadKey, Hasher, Key32, MacKey, OpenError, Profile, RandomPool, SEALED_OVERHEAD, SINGLE_USE_OVERHEAD, UnwrapError,
    WRAPPED_BYTES, WrappingKey, hmac, random_bytes,
};
use proptest::prelude::*;

#[test]
fn what_is_sealed_opens_again_and_has_the_length_stated() {
    for profile in Profile::ALL {
        let key = AeadKey::new(profile, &Key32::generate());
        let text = key.seal(b"subject", b"content");
        assert_eq!(text.len(), b"content".len() + SEALED_OVERHEAD);
        assert_eq!(key.open(b"subject", &text).as_deref(), Ok(&b"content"[..]));
        let text = key.seal_single_use(b"subject", b"content");
        assert_eq!(text.len(), b"content".len() + SINGLE_USE_OVERHEAD);
        assert_eq!(key.open_single_use(b"subject", &text).as_deref(), Ok(&b"content"[..]));
    }
}

#[test]
fn sealing_appends_and_leaves_what_was_there() {
    for profile in Profile::ALL {
        let key = AeadKey::new(profile, &Key32::generate());
        let mut out = b"before".to_vec();
        key.seal_into_from(&mut RandomPool::new(), b"", &mut out, b"content");
        assert_eq!(&out[..6], b"before");
        assert_eq!(key.open(b"", &out[6..]).as_deref(), Ok(&b"content"[..]));
    }
}

#[test]
fn the_same_content_sealed_twice_looks_different() {
    let key = AeadKey::new(Profile::Intl, &Key32::generate());
    let texts: HashSet<_> = (0..1000).map(|_| key.seal(b"", b"content")).collect();
    assert_eq!(texts.len(), 1000);
}

#[test]
fn every_altered_byte_and_every_other_binding_is_refused() {
    for profile in Profile::ALL {
        let key = AeadKey::new(profile, &Key32::generate());
        let text = key.seal(b"subject", b"content");
        for at in 1..text.len() {
            let mut altered = text.clone();
            altered[at] ^= 1;
            assert_eq!(key.open(b"subject", &altered), Err(OpenError::NotAuthentic));
        }
        assert_eq!(key.open(b"subjecT", &text), Err(OpenError::NotAuthentic));
        let other = AeadKey::new(profile, &Key32::generate());
        assert_eq!(other.open(b"subject", &text), Err(OpenError::NotAuthentic));
    }
}

#[test]
fn a_text_of_the_other_profile_or_mode_is_named_as_such() {
    let secret = Key32::generate();
    let [intl, gm] = Profile::ALL.map(|profile| AeadKey::new(profile, &secret));
    assert_eq!(gm.open(b"", &intl.seal(b"", b"x")), Err(OpenError::OtherFormat));
    assert_eq!(intl.open(b"", &gm.seal(b"", b"x")), Err(OpenError::OtherFormat));
    assert_eq!(intl.open(b"", &intl.seal_single_use(b"", b"x")), Err(OpenError::OtherFormat));
    assert_eq!(intl.open_single_use(b"", &intl.seal(b"", b"x")), Err(OpenError::OtherFormat));
}

#[test]
fn a_text_cut_off_anywhere_is_refused() {
    let key = AeadKey::new(Profile::Intl, &Key32::generate());
    let (text, single) = (key.seal(b"", b"content"), key.seal_single_use(b"", b"content"));
    for end in 0..text.len() {
        assert!(key.open(b"", &text[..end]).is_err());
    }
    for end in 0..single.len() {
        assert!(key.open_single_use(b"", &single[..end]).is_err());
    }
    assert_eq!(key.open(b"", b""), Err(OpenError::TooShort));
}

// ---- MACs and derived keys ----

#[test]
fn a_mac_is_the_hmac_of_the_documented_encoding() {
    for profile in Profile::ALL {
        let mut message = vec![1];
        for item in [&b"label"[..], b"ab", b"", b"c"] {
            message.extend_from_slice(&u32::try_from(item.len()).unwrap().to_be_bytes());
            message.extend_from_slice(item);
        }
        let key = MacKey::new(profile, &[7; 32]);
        assert_eq!(key.mac("label", &[b"ab", b"", b"c"]), hmac(profile, &[7; 32], &message));
        message[0] = 2;
        assert_eq!(*key.derive("label", &[b"ab", b"", b"c"]).as_bytes(), hmac(profile, &[7; 32], &message));
    }
}

#[test]
fn no_other_split_label_key_or_profile_gives_the_same_mac() {
    let key = MacKey::new(Profile::Intl, &[7; 32]);
    let tags = [
        key.mac("label", &[b"ab", b"c"]),
        key.mac("label", &[b"a", b"bc"]),
        key.mac("label", &[b"abc"]),
        key.mac("label", &[b"abc", b""]),
        key.mac("label", &[]),
        key.mac("labelab", &[b"c"]),
        key.mac("", &[b"label", b"ab", b"c"]),
        *key.derive("label", &[b"ab", b"c"]).as_bytes(),
        MacKey::new(Profile::Intl, &[8; 32]).mac("label", &[b"ab", b"c"]),
        MacKey::new(Profile::Gm, &[7; 32]).mac("label", &[b"ab", b"c"]),
    ];
    assert_eq!(tags.iter().collect::<HashSet<_>>().len(), tags.len());
}

#[test]
fn a_mac_verifies_only_whole_and_unaltered() {
    let key = MacKey::new(Profile::Gm, &[7; 32]);
    let mut tag = key.mac("label", &[b"part"]);
    assert!(key.verify("label", &[b"part"], &tag));
    assert!(!key.verify("label", &[b"part"], &tag[..31]));
    assert!(!key.verify("label", &[b"part"], b""));
    tag[31] ^= 1;
    assert!(!key.verify("label", &[b"part"], &tag));
}

#[test]
fn hashing_in_pieces_gives_the_hash_of_the_whole() {
    for profile in Profile::ALL {
        let mut hasher = Hasher::new(profile);
        std::io::copy(&mut &b"one piece, "[..], &mut hasher).unwrap();
        hasher.update(b"and another");
        assert_eq!(hasher.finalize(), profile.hash(&[b"one piece, and another"]));
    }
}

// ---- wrapping ----

#[test]
fn a_wrapped_key_opens_only_for_its_owner_and_version() {
    for profile in Profile::ALL {
        let secret = Key32::generate();
        let (first, second) = (WrappingKey::new(profile, 1, &secret), WrappingKey::new(profile, 2, &secret));
        let key = Key32::generate();
        let wrapped = first.wrap(&mut RandomPool::new(), &key, b"subject");
        assert_eq!(wrapped.len(), WRAPPED_BYTES);
        assert_eq!(WrappingKey::version_of(&wrapped), Some(1));
        assert_eq!(first.unwrap_key(&wrapped, b"subject"), Ok(key));
        assert_eq!(first.unwrap_key(&wrapped, b"another"), Err(UnwrapError::Open(OpenError::NotAuthentic)));
        assert_eq!(second.unwrap_key(&wrapped, b"subject"), Err(UnwrapError::UnknownVersion(1)));
        let mut relabelled = wrapped.clone();
        relabelled[3] = 2;
        assert_eq!(second.unwrap_key(&relabelled, b"subject"), Err(UnwrapError::Open(OpenError::NotAuthentic)));
        assert_eq!(first.unwrap_key(&wrapped[..3], b"subject"), Err(UnwrapError::Open(OpenError::TooShort)));
    }
}

#[test]
fn a_text_sealed_with_a_wrapping_key_is_not_taken_for_a_key() {
    let secret = Key32::generate();
    let text = AeadKey::new(Profile::Intl, &secret).seal(b"subject", &[9; 32]);
    let posing = [&1u32.to_be_bytes()[..], &text].concat();
    let wrapping = WrappingKey::new(Profile::Intl, 1, &secret);
    assert_eq!(wrapping.unwrap_key(&posing, b"subject"), Err(UnwrapError::Open(OpenError::NotAuthentic)));
}

// ---- randomness and secrecy ----

#[test]
fn random_bytes_do_not_repeat_across_the_edge_of_a_pool() {
    let mut pool = RandomPool::new();
    let mut seen: HashSet<[u8; 24]> = (0..1000).map(|_| pool.take()).collect();
    seen.extend((0..10).map(|_| random_bytes::<24>()));
    let mut large = vec![0; 10_000];
    pool.fill(&mut large);
    seen.extend(large.chunks_exact(24).map(|chunk| <[u8; 24]>::try_from(chunk).unwrap()));
    assert_eq!(seen.len(), 1000 + 10 + 10_000 / 24);
}

#[test]
fn debug_output_shows_no_secret() {
    let secret = Key32::from_bytes([0xab; 32]);
    let shown = format!(
        "{secret:?} {:?} {:?} {:?}",
        AeadKey::new(Profile::Intl, &secret),
        MacKey::new(Profile::Gm, secret.as_bytes()),
        WrappingKey::new(Profile::Gm, 1, &secret),
    );
    assert!(!shown.contains("171") && !shown.to_lowercase().contains("abab"), "{shown}");
}

proptest! {
    #[test]
    fn every_content_opens_to_itself(content: Vec<u8>, aad: Vec<u8>, secret: [u8; 32], gm: bool) {
        let key = AeadKey::new(Profile::ALL[usize::from(gm)], &Key32::from_bytes(secret));
        let opened = key.open(&aad, &key.seal(&aad, &content));
        prop_assert_eq!(opened.as_deref(), Ok(&content[..]));
        let opened = key.open_single_use(&aad, &key.seal_single_use(&aad, &content));
        prop_assert_eq!(opened.as_deref(), Ok(&content[..]));
    }

    #[test]
    fn no_bytes_at_all_open_or_make_opening_panic(bytes: Vec<u8>, format in 0..6u8) {
        let key = AeadKey::new(Profile::Intl, &Key32::from_bytes([1; 32]));
        let text = [&[format], &bytes[..]].concat();
        prop_assert!(key.open(b"", &text).is_err());
        prop_assert!(key.open_single_use(b"", &text).is_err());
        prop_assert!(WrappingKey::new(Profile::Gm, 1, &Key32::from_bytes([1; 32])).unwrap_key(&bytes, b"").is_err());
    }
}
