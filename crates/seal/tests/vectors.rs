//! The examples of the standards themselves. Each names its source; none was computed by this program.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use chengxin_seal::{AeadKey, Key32, Profile, SigningKey, VerifyingKey, hmac};
use common::{hex, key, sealed};
use sm4::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

// ---- hashes ----

#[test]
fn sm3_gives_the_examples_of_gb_t_32905() {
    let cases = [
        (b"abc".to_vec(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ];
    for (message, digest) in cases {
        assert_eq!(Profile::Gm.hash(&[&message]).to_vec(), hex(digest));
    }
}

#[test]
fn sha_256_gives_the_examples_of_fips_180() {
    let cases = [
        (&b"abc"[..], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            &b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"[..],
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
    ];
    for (message, digest) in cases {
        assert_eq!(Profile::Intl.hash(&[message]).to_vec(), hex(digest));
    }
}

// ---- MACs ----

#[test]
fn hmac_sha_256_gives_the_examples_of_rfc_4231() {
    let cases = [
        (vec![0x0b; 20], b"Hi There".to_vec(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (vec![0xaa; 20], vec![0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        ((1..=25).collect(), vec![0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ];
    for (key, message, tag) in cases {
        assert_eq!(hmac(Profile::Intl, &key, &message).to_vec(), hex(tag));
    }
}

/// GM/T 0042-2015 appendix D.3, as the Linux kernel's `hmac_sm3_tv_template` has them too.
#[test]
fn hmac_sm3_gives_the_examples_of_gm_t_0042() {
    let cases = [
        (
            (1..=32).collect(),
            b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".repeat(2),
            "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
        ),
        ((1..=37).collect(), vec![0xcd; 50], "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae"),
        (vec![0x0b; 32], b"Hi There".to_vec(), "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e"),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882",
        ),
    ];
    for (key, message, tag) in cases {
        let key: Vec<u8> = key;
        assert_eq!(hmac(Profile::Gm, &key, &message).to_vec(), hex(tag));
    }
}

// ---- encryption ----

#[test]
fn sm4_gives_the_example_of_gb_t_32907() {
    let key: [u8; 16] = hex("0123456789abcdeffedcba9876543210").try_into().unwrap();
    let cipher = sm4::Sm4::new(&key.into());
    let mut block = key.into();
    cipher.encrypt_block(&mut block);
    assert_eq!(block.to_vec(), hex("681edf34d206965e86b3e94f536e4246"));
    cipher.decrypt_block(&mut block);
    assert_eq!(block.to_vec(), key);
}

#[test]
fn sm4_gcm_opens_the_example_of_rfc_8998() {
    let key = AeadKey::new(Profile::Gm, &key("0123456789ABCDEFFEDCBA9876543210"));
    let text = sealed(
        2,
        &hex("00001234567800000000ABCD"),
        &hex("17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735
              D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"),
        &hex("83DE3541E4C2B58177E065A9BF7B62EC"),
    );
    let plaintext = hex("AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD
                         EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA");
    assert_eq!(key.open(&hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"), &text), Ok(plaintext));
}

/// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 15 and 16.
#[test]
fn aes_256_gcm_opens_the_examples_of_its_specification() {
    let key = AeadKey::new(Profile::Intl, &key("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
    let nonce = hex("cafebabefacedbaddecaf888");
    let plaintext = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
                         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255");
    let ciphertext = hex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
                          8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad");
    let case_15 = sealed(1, &nonce, &ciphertext, &hex("b094dac5d93471bdec1a502270e3cc6c"));
    assert_eq!(key.open(b"", &case_15), Ok(plaintext.clone()));
    let case_16 = sealed(1, &nonce, &ciphertext[..60], &hex("76fc6ece0f4e1768cddf8853bb2d551b"));
    let aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    assert_eq!(key.open(&aad, &case_16), Ok(plaintext[..60].to_vec()));
}

/// The same, test cases 13 and 14: key and nonce are zero, as in single use.
#[test]
fn aes_256_gcm_seals_the_examples_of_its_specification() {
    let key = AeadKey::new(Profile::Intl, &Key32::from_bytes([0; 32]));
    let case_13 = sealed(3, b"", b"", &hex("530f8afbc74536b9a963b4f1c4cb738b"));
    assert_eq!(key.seal_single_use(b"", b""), case_13);
    let case_14 = sealed(3, b"", &hex("cea7403d4d606b6e074ec5d3baf39d18"), &hex("d0d1c8a799996bf0265b98b5d48ab919"));
    assert_eq!(key.seal_single_use(b"", &[0; 16]), case_14);
}

/// NIST CAVP test vectors for GCM, `gcmEncryptExtIV256.rsp` (public domain): one of each shape.
#[test]
fn aes_256_gcm_opens_the_examples_of_nist() {
    let cases = [
        [
            "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
            "516c33929df5a3284ff463d7",
            "",
            "",
            "",
            "bdc1ac884d332457a1d2664f168c76f0",
        ],
        [
            "78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223",
            "d79cf22d504cc793c3fb6c8a",
            "b96baa8c1c75a671bfb2d08d06be5f36",
            "",
            "",
            "3e5d486aa2e30b22e040b85723a06e76",
        ],
        [
            "31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22",
            "0d18e06c7c725ac9e362e1ce",
            "",
            "2db5168e932556f8089a0622981d017d",
            "fa4362189661d163fcd6a56d8bf0405a",
            "d636ac1bbedd5cc3ee727dc2ab4a9489",
        ],
        [
            "92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b",
            "ac93a1a6145299bde902f21a",
            "1e0889016f67601c8ebea4943bc23ad6",
            "2d71bcfa914e4ac045b2aa60955fad24",
            "8995ae2e6df3dbf96fac7b7137bae67f",
            "eca5aa77d51d4a0a14d9c51e1da474ab",
        ],
        [
            "69b458f2644af9020463b40ee503cdf083d693815e2659051ae0d039e606a970",
            "8d1da8ab5f91ccd09205944b",
            "036ad5e5494ef817a8af2f5828784a4bfedd1653",
            "f3e0e09224256bf21a83a5de8d",
            "c0a62d77e6031bfdc6b13ae217",
            "a794a9aaee48cd92e47761bf1baff0af",
        ],
    ];
    for [secret, nonce, aad, plaintext, ciphertext, tag] in cases {
        let text = sealed(1, &hex(nonce), &hex(ciphertext), &hex(tag));
        assert_eq!(AeadKey::new(Profile::Intl, &key(secret)).open(&hex(aad), &text), Ok(hex(plaintext)));
    }
}

// ---- signatures ----

#[test]
fn ed25519_signs_and_verifies_the_examples_of_rfc_8032() {
    let cases = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b
             d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c
             387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659
             4a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];
    for (seed, public, message, signature) in cases {
        let signer = SigningKey::from_seed(Profile::Intl, &key(seed)).unwrap();
        assert_eq!(signer.verifying_key().to_bytes(), hex(public));
        assert_eq!(signer.sign(&hex(message)), hex(signature));
        assert_eq!(signer.verifying_key().verify(&hex(message), &hex(signature)), Ok(()));
    }
}

/// GB/T 32918.5-2017 appendix A.2 (GM/T 0003.5): the curve and the default identifier used here. The
/// standard draws its own `k`, so the signature is checked, not made.
#[test]
fn sm2_verifies_the_example_of_gb_t_32918() {
    let private = key("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let public = hex("04 09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
                         CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");
    let signature = hex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
                         B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
    let verifier = VerifyingKey::from_bytes(Profile::Gm, &public).unwrap();
    assert_eq!(verifier.verify(b"message digest", &signature), Ok(()));
    assert!(verifier.verify(b"message digesT", &signature).is_err());
    let signer = SigningKey::from_seed(Profile::Gm, &private).unwrap();
    assert_eq!(signer.verifying_key(), verifier);
    assert_eq!(verifier.verify(b"message digest", &signer.sign(b"message digest")), Ok(()));
}
