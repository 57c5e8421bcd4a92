//! Notes, verifier keys, checkpoints and cosignatures: the examples of the specifications, and what must be refused.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use chengxin_tlog::{
    Checkpoint, CheckpointError, CosignatureVerifier, MAX_NOTE_BYTES, Note, NoteError, NoteSigner, NoteVerifier,
    TYPE_COSIGNATURE_V1, TYPE_ED25519, TYPE_SM2, VerifierKey, VerifierKeyError, cosign, cosignature_time,
};
use common::{Ed25519, Sha};
use proptest::prelude::*;

const EXAMPLE: &str = include_str!("vectors/c2sp/signed-note-example.txt");
const EXAMPLE_KEY: &str = include_str!("vectors/c2sp/signed-note-example.vkey.txt");
const QUASIMODO: &str = include_str!("vectors/c2sp/signed-note-quasimodo.txt");
const CHECKPOINT: &str = include_str!("vectors/c2sp/checkpoint.txt");
const COSIGNED: &str = include_str!("vectors/c2sp/cosigned-checkpoint.txt");
const COSIGNED_MESSAGE: &str = include_str!("vectors/c2sp/cosigned-message.txt");

fn note(text: &str) -> Note {
    Note::parse(text.as_bytes()).unwrap()
}

fn refused(text: &str) -> String {
    Note::parse(text.as_bytes()).unwrap_err().to_string()
}

fn log_key() -> Ed25519 {
    Ed25519::generate("log.example/1", TYPE_ED25519, 1)
}

#[test]
fn the_example_note_verifies_with_the_example_key() {
    let key = VerifierKey::parse(&Sha, EXAMPLE_KEY.trim_end()).unwrap();
    assert_eq!(format!("{key}\n"), EXAMPLE_KEY);
    let key = Ed25519::public(&key, TYPE_ED25519);
    let note = note(EXAMPLE);
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.open(&[&key]).unwrap().len(), 1);
    let altered = EXAMPLE.replace("example message", "Example message");
    let error = Note::parse(altered.as_bytes()).unwrap().open(&[&key]).unwrap_err();
    assert_eq!(error, NoteError::BadSignature { name: "example.com/foo".into() });
}

#[test]
fn the_examples_are_written_as_they_were_read() {
    for text in [EXAMPLE, QUASIMODO, CHECKPOINT, COSIGNED] {
        assert_eq!(note(text).to_string(), text);
    }
    assert_eq!(note(QUASIMODO).text().lines().count(), 4, "the text may have blank lines");
    assert_eq!(note(QUASIMODO).signatures()[0].name, "quasimodo.example/salvatore");
}

#[test]
fn the_example_checkpoint_says_what_it_says() {
    let checkpoint = Checkpoint::parse(note(CHECKPOINT).text()).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(checkpoint.root[..4], [0x0a, 0xc5, 0x18, 0x6a]);
    assert_eq!(checkpoint.to_string(), note(CHECKPOINT).text());
}

/// The key is not printed with the example: what can be held against it is the time, and the message that is signed.
#[test]
fn the_example_cosignature_states_its_time_over_the_message_of_the_example() {
    struct Expects;
    impl NoteVerifier for Expects {
        fn name(&self) -> &str {
            "witness.example.com/w1"
        }
        fn key_hash(&self) -> [u8; 4] {
            [0x8d, 0x66, 0xcf, 0x3f]
        }
        fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
            assert_eq!(message, COSIGNED_MESSAGE.as_bytes());
            signature.len() == 64
        }
    }
    let note = note(COSIGNED);
    let verifier = CosignatureVerifier(Expects);
    let good = note.open(&[&verifier]).unwrap();
    assert_eq!(cosignature_time(&good[0].signature), Some(1_679_315_147));
}

#[test]
fn a_malformed_note_is_refused_with_the_place() {
    let bad = |from: &str, to: &str| refused(&EXAMPLE.replace(from, to));
    assert!(bad("\n\n", "\n").contains("no signatures"));
    assert!(refused(EXAMPLE.trim_end()).contains("no signatures"));
    assert!(refused("text\n\n").contains("no signatures"));
    assert!(refused("").contains("no signatures"));
    assert_eq!(
        bad("This", "Th\ris"),
        "byte 2 of the note: expected UTF-8 text without control characters other than newline"
    );
    assert!(bad("This", "\0").contains("byte 0"));
    assert!(Note::parse(b"a\xff\n\n").unwrap_err().to_string().starts_with("byte 1 "));
    assert!(bad("— ", "- ").starts_with("signature line 1: expected an em dash"));
    assert!(bad("com/foo", "com/f oo").contains("base64"));
    assert!(bad("com/foo", "com/f+oo").contains("name"));
    assert!(bad("com/foo", "com/f\u{2003}oo").contains("name"));
    assert!(bad("example.com/foo", "").contains("name"));
    assert!(bad("aQM=", "aQM").contains("base64"));
    assert!(bad("aQM=", "aQN=").contains("base64"), "bits that say nothing must be zero");
    assert!(bad("aQM=\n", "aQM= \n").contains("base64"));
    assert!(bad("aQM=\n", "aQM=AAAA\n").contains("base64"), "padding before the end, found by the fuzzer");
    assert!(refused("text\n\n— a AAAAAA==\n").contains("four bytes"));
    assert!(refused(&format!("text\n\n{}", "— a AAAAAAA=\n".repeat(101))).contains("more than 100"));
    assert_eq!(note(&format!("text\n\n{}", "— a AAAAAAA=\n".repeat(100))).signatures().len(), 100);
    let long = format!("{}\n\n— a AAAAAAA=\n", "x".repeat(MAX_NOTE_BYTES));
    assert!(matches!(Note::parse(long.as_bytes()), Err(NoteError::TooLong { .. })));
}

#[test]
fn the_text_ends_at_the_last_blank_line() {
    let note = note("text\n\n— a AAAAAAA=\n\n— b AAAAAAA=\n");
    assert_eq!(note.text(), "text\n\n— a AAAAAAA=\n");
    assert_eq!(note.signatures().len(), 1);
}

#[test]
fn unknown_signatures_are_ignored_and_bad_ones_of_known_keys_refuse_the_note() {
    let (key, other) = (log_key(), Ed25519::generate("other.example", TYPE_ED25519, 2));
    let note = Note::sign("text\n".into(), &[&other, &key]).unwrap();
    assert_eq!(note.open(&[&key]).unwrap()[0].name, "log.example/1");
    assert_eq!(note.open(&[&key, &other]).unwrap().len(), 2);
    let stranger = Ed25519::generate("log.example/1", TYPE_ED25519, 3);
    let names = vec!["log.example/1".to_owned()];
    assert_eq!(note.open(&[&stranger]), Err(NoteError::UnknownSigners { names }), "the same name, another key");
    assert_eq!(note.open(&[]), Err(NoteError::UnknownSigners { names: vec![] }));
    let mut bad = note.clone();
    let mut signature = note.signatures()[1].clone();
    signature.signature[0] ^= 1;
    bad.add(signature).unwrap();
    assert_eq!(bad.open(&[&key, &other]), Err(NoteError::BadSignature { name: "log.example/1".into() }));
    assert!(bad.open(&[&other]).is_ok());
}

#[test]
fn a_signature_twice_counts_once_and_a_second_bad_one_is_noticed() {
    let key = log_key();
    let text = Note::sign("text\n".into(), &[&key]).unwrap().to_string();
    let line = text.lines().last().unwrap();
    let twice = note(&format!("{text}{line}\n"));
    assert_eq!((twice.signatures().len(), twice.open(&[&key]).unwrap().len()), (2, 1));
    let mut signature = twice.signatures()[0].clone();
    signature.signature[5] ^= 1;
    let second_bad = note(&format!("{text}{signature}\n"));
    assert!(matches!(second_bad.open(&[&key]), Err(NoteError::BadSignature { .. })));
}

#[test]
fn a_note_that_could_not_be_read_again_is_not_signed() {
    let key = log_key();
    assert_eq!(Note::sign("text".into(), &[&key]), Err(NoteError::Text));
    assert_eq!(Note::sign("te\txt\n".into(), &[&key]), Err(NoteError::Character { at: 2 }));
    assert_eq!(Note::sign("text\n".into(), &[]), Err(NoteError::NoSignatures));
    let nameless = Ed25519::generate("a b", TYPE_ED25519, 1);
    assert!(matches!(Note::sign("text\n".into(), &[&nameless]), Err(NoteError::Line { line: 1, .. })));
}

#[test]
fn a_verifier_key_that_was_copied_wrongly_is_refused() {
    let text = EXAMPLE_KEY.trim_end();
    let refused = |text: &str| VerifierKey::parse(&Sha, text).unwrap_err();
    assert!(matches!(refused(&text.replace("530d903a", "530d903b")), VerifierKeyError::KeyHash { .. }));
    assert!(matches!(refused(&text.replace("foo", "fop")), VerifierKeyError::KeyHash { .. }));
    assert!(matches!(refused(&text.replace("AekyeR", "AekyeS")), VerifierKeyError::KeyHash { .. }));
    for bad in [
        "",
        "a",
        "a+b",
        "a+530d903a+",
        "a+530D903A+AQ==",
        "+530d903a+AQI=",
        "a b+530d903a+AQI=",
        "a+530d903+AQI=",
        "a+530d903a+A Q",
    ] {
        assert!(matches!(refused(bad), VerifierKeyError::Form { .. }), "{bad:?}");
    }
}

#[test]
fn a_type_without_a_byte_of_its_own_has_a_key_too() {
    let key = VerifierKey::new(&Sha, "log.example/gm", TYPE_SM2, &[4; 65]).unwrap();
    let again = VerifierKey::parse(&Sha, &key.to_string()).unwrap();
    assert_eq!(again, key);
    assert_eq!(again.key_of(TYPE_SM2), Some([4; 65].as_slice()));
    assert_eq!(again.key_of(TYPE_ED25519), None);
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: "log.example/1".into(), size, root: [7; 32], extensions: vec![] }
}

#[test]
fn a_malformed_checkpoint_is_refused_with_the_line() {
    let good = checkpoint(5).to_string();
    let at = |text: &str| match Checkpoint::parse(text) {
        Err(CheckpointError::Line { line, .. }) => line,
        other => panic!("{text:?} must be refused for a line: {other:?}"),
    };
    assert_eq!(at(""), 1);
    assert_eq!(at("\n"), 1);
    assert_eq!(at(&good.replace("log.example/1", "")), 1);
    for size in ["", "05", "-5", "+5", " 5", "5 ", "0x5", "5_0", "٥", "18446744073709551616"] {
        assert_eq!(at(&good.replace("\n5\n", &format!("\n{size}\n"))), 2, "{size:?}");
    }
    for root in ["", "BwcH", "!!!!", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwd="] {
        assert_eq!(at(&format!("o\n5\n{root}\n")), 3, "{root:?}");
    }
    assert_eq!(at("o\n5\n"), 3);
    assert_eq!(at("o\n"), 2);
    assert_eq!(at(good.trim_end()), 3);
    assert_eq!(at(&format!("{good}\n")), 4, "an empty extension");
    assert_eq!(at(&format!("{good}ext\n\n")), 5);
    assert_eq!(at(&format!("{good}e\tt\n")), 4);
    let extended = Checkpoint::parse(&format!("{good}one\ntwo\n")).unwrap();
    assert_eq!(extended.extensions, ["one", "two"]);
    assert_eq!(Checkpoint::parse("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n").unwrap().size, 0);
    assert_eq!(Checkpoint::parse(&checkpoint(u64::MAX).to_string()).unwrap().size, u64::MAX);
}

#[test]
fn a_checkpoint_is_opened_by_its_logs_key_and_carries_the_witnesses_that_fit() {
    let (key, witness) = (log_key(), Ed25519::generate("witness.example", TYPE_COSIGNATURE_V1, 9));
    let mut note = checkpoint(5).sign(&[&key]).unwrap();
    note.add(cosign(&witness, note.text(), 1_777_600_000).unwrap()).unwrap();
    let bytes = note.to_string();
    let cosigned = CosignatureVerifier(Ed25519::generate("witness.example", TYPE_COSIGNATURE_V1, 9));
    let open = Checkpoint::open(bytes.as_bytes(), "log.example/1", &[&key], &[&cosigned]).unwrap();
    assert_eq!((open.checkpoint, open.signatures.len()), (checkpoint(5), 2));
    assert_eq!(cosignature_time(&open.signatures[1].signature), Some(1_777_600_000));
    let open = Checkpoint::open(bytes.as_bytes(), "log.example/1", &[&key], &[]).unwrap();
    assert_eq!(open.signatures.len(), 1);
    let other = Checkpoint::open(bytes.as_bytes(), "log.example/2", &[&key], &[]);
    assert!(matches!(other, Err(CheckpointError::Origin { .. })));
    let unsigned = Checkpoint::open(bytes.as_bytes(), "log.example/1", &[&cosigned], &[&key]);
    assert!(unsigned.is_ok(), "who may speak for the log is the caller's to say");
    let stranger = Ed25519::generate("log.example/1", TYPE_ED25519, 4);
    let unsigned = Checkpoint::open(bytes.as_bytes(), "log.example/1", &[&stranger], &[&cosigned]);
    assert!(matches!(unsigned, Err(CheckpointError::Note(NoteError::UnknownSigners { .. }))));
    let altered = bytes.replace("\n5\n", "\n6\n");
    let altered = Checkpoint::open(altered.as_bytes(), "log.example/1", &[&key], &[]);
    assert!(matches!(altered, Err(CheckpointError::Note(NoteError::BadSignature { .. }))));
}

#[test]
fn a_checkpoint_that_could_not_be_read_again_is_not_signed() {
    let key = log_key();
    for origin in ["", "a\nb", "a\tb"] {
        assert!(Checkpoint { origin: origin.into(), ..checkpoint(1) }.sign(&[&key]).is_err(), "{origin:?}");
    }
    for extension in ["", "a\nb", "\n"] {
        assert!(Checkpoint { extensions: vec![extension.into()], ..checkpoint(1) }.sign(&[&key]).is_err());
    }
}

#[test]
fn a_cosignature_is_bound_to_its_time() {
    let witness = Ed25519::generate("witness.example", TYPE_COSIGNATURE_V1, 9);
    let mut signature = cosign(&witness, "text\n", 77).unwrap();
    let verifier = CosignatureVerifier(Ed25519::generate("witness.example", TYPE_COSIGNATURE_V1, 9));
    assert!(verifier.verify(b"text\n", &signature.signature));
    assert!(!verifier.verify(b"text", &signature.signature));
    signature.signature[7] ^= 1;
    assert!(!verifier.verify(b"text\n", &signature.signature));
    assert!(!verifier.verify(b"text\n", &signature.signature[..8]));
    assert!(cosign(&witness, "text\n", 0).is_err());
    assert!(cosign(&witness, "text\n", 1 << 63).is_err());
    assert_eq!(cosignature_time(&[0, 0, 0, 0, 0, 0, 0, 0, 1]), None);
    assert_eq!(cosignature_time(&[0x80, 0, 0, 0, 0, 0, 0, 0, 1]), None);
    assert_eq!(cosignature_time(&[1; 7]), None);
    assert_ne!(witness.key_hash_of(TYPE_ED25519), NoteSigner::key_hash(&witness), "one key, two types, two IDs");
}

impl Ed25519 {
    fn key_hash_of(&self, kind: &[u8]) -> [u8; 4] {
        chengxin_tlog::key_hash(&Sha, NoteSigner::name(self), kind, self.public_bytes())
    }
}

proptest! {
    #[test]
    fn a_signed_note_is_read_as_it_was_written(text in "[a-zé\n— ]{0,80}\n", seed in 0u8..4) {
        let key = Ed25519::generate("a.example", TYPE_ED25519, seed);
        let note = Note::sign(text, &[&key]).unwrap();
        let again = Note::parse(note.to_string().as_bytes());
        prop_assert_eq!(again.as_ref(), Ok(&note));
        prop_assert_eq!(again.unwrap().open(&[&key]).unwrap().len(), 1);
    }

    #[test]
    fn no_altered_byte_of_a_checkpoint_verifies(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let key = log_key();
        let mut bytes = checkpoint(5).sign(&[&key]).unwrap().to_string().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        prop_assert!(Checkpoint::open(&bytes, "log.example/1", &[&key], &[]).is_err());
    }

    #[test]
    fn a_checkpoint_is_read_as_it_was_written(origin in "[a-z./ +0-9]{1,20}", size in any::<u64>(), root in any::<[u8; 32]>(), extensions in prop::collection::vec("[!-~ ]{1,9}", 0..3)) {
        let checkpoint = Checkpoint { origin, size, root, extensions };
        prop_assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint));
    }
}
