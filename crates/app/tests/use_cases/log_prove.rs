//! Proofs that an entry, and a version of a record, stand in the log: whole they hold anywhere, altered nowhere.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::lived;

use chengxin_app::log::{LogPoint, LogProof, Relation, check_consistency, check_proof};
use chengxin_app::record::RecordRef;
use chengxin_app::{Installation, Kind};
use chengxin_core::Role;
use chengxin_core::record::RecordId;
use chengxin_seal::{Profile, TrustList};
use chengxin_store::ReadStore;
use city::{City, row};
use lived::{KIND, Lived, administrator, auditor};

fn trust(city: &Installation) -> TrustList {
    city.keys().provider().trust_list().clone()
}

/// A proof of each kind: of an entry about the installation and about a person, of a version that a submission, a decision and
/// a change of the catalogue brought.
fn proofs(lived: &Lived, city: &mut Installation) -> Vec<(&'static str, LogProof)> {
    let reader = ReadStore::open(city.database()).unwrap();
    let leaf = |operation: &str| {
        let leaves = reader.view().log_leaves(0, 10_000).unwrap();
        let is = |leaf: &&chengxin_store::log_tree::LogLeaf| {
            reader.view().log_entry(&leaf.subject_id, leaf.number).unwrap().unwrap().operation == operation
        };
        u64::try_from(leaves.iter().find(is).unwrap().index).unwrap()
    };
    let (authority, erased) = (leaf("authority_add"), leaf("record_erase"));
    let at = |n: usize| {
        let (number, record) = &lived.records[n];
        RecordRef { kind: KIND, number: number.clone(), record: *record }
    };
    // A record that the change of the catalogue gave new columns.
    let changed = row(320);
    let subject = city.find_subject(KIND, &changed.number).unwrap().unwrap();
    let versions = reader.view().versions_of_subject(&subject).unwrap();
    let by_catalogue = versions.iter().map(|v| &v.row).find(|row| row.cause == 3).unwrap();
    let changed = RecordRef { kind: KIND, number: changed.number, record: RecordId(by_catalogue.record_id) };
    vec![
        ("installation", city.log_prove(&auditor(), authority).unwrap()),
        ("subject", city.log_prove(&auditor(), erased).unwrap()),
        ("submission", city.log_prove_record(&auditor(), &at(1), Some(1)).unwrap()),
        ("large submission", city.log_prove_record(&auditor(), &changed, Some(by_catalogue.version - 1)).unwrap()),
        ("decision", city.log_prove_record(&auditor(), &at(3), None).unwrap()),
        ("catalogue", city.log_prove_record(&auditor(), &changed, None).unwrap()),
    ]
}

#[test]
fn a_proof_of_every_kind_holds_offline_and_says_who_signed_and_what_was_proven() {
    for profile in Profile::ALL {
        let lived = Lived::new(profile);
        let mut city = lived.open();
        let trust = trust(&city);
        for (kind, proof) in proofs(&lived, &mut city) {
            let checked = check_proof(proof.to_json().unwrap().as_bytes(), &trust).unwrap();
            assert_eq!(
                (checked.origin.as_str(), checked.leaf_index),
                ("credit.example/log", proof.leaf_index),
                "{kind}"
            );
            assert_eq!(checked.signer.key_id, trust.keys().last().unwrap().key_id(), "{kind}");
            assert!(checked.size > checked.leaf_index && checked.say.zh.contains("签名"), "{}", checked.say);
            assert_eq!(checked.record.is_some(), !["installation", "subject"].contains(&kind), "{kind}");
            if let Some(record) = checked.record {
                let by_file = kind.contains("submission");
                assert_eq!((record.item.as_str(), record.submission != 0), ("penalty", by_file), "{kind}");
                assert!(checked.say.en.contains(&record.record));
            }
        }
    }
}

#[test]
fn any_byte_of_a_proof_that_is_altered_makes_it_false() {
    for (profile, step) in [(Profile::Intl, 3), (Profile::Gm, 29)] {
        let lived = Lived::new(profile);
        let mut city = lived.open();
        let trust = trust(&city);
        for (kind, proof) in proofs(&lived, &mut city) {
            let text = proof.to_json().unwrap().into_bytes();
            for at in (0..text.len()).step_by(step) {
                let mut altered = text.clone();
                altered[at] ^= 1;
                let refusal = check_proof(&altered, &trust).map(drop).unwrap_err();
                assert!(matches!(refusal.kind, Kind::Invalid | Kind::Conflict), "{kind} {at}: {refusal}");
            }
        }
    }
}

#[test]
fn a_proof_does_not_hold_by_another_trust_list_or_with_parts_of_another() {
    let lived = Lived::new(Profile::Intl);
    let mut city = lived.open();
    let own = trust(&city);
    for stranger in [Profile::Intl, Profile::Gm] {
        let stranger = trust(&City::with(chengxin_app::Mode::Synthetic, stranger).installation);
        for (_, proof) in proofs(&lived, &mut city) {
            let refusal = check_proof(proof.to_json().unwrap().as_bytes(), &stranger).unwrap_err();
            assert_eq!(refusal.kind, Kind::Conflict);
            assert!(refusal.public.zh.contains("信任清单"), "{refusal}");
        }
    }
    let proofs = proofs(&lived, &mut city);
    let parts = |change: &dyn Fn(&mut LogProof)| {
        let mut proof = proofs[2].1.clone();
        change(&mut proof);
        check_proof(proof.to_json().unwrap().as_bytes(), &own).unwrap_err()
    };
    let other = &proofs[3].1;
    assert!(parts(&|proof| proof.entry = other.entry.clone()).public.en.contains("path"));
    assert!(parts(&|proof| proof.inclusion = other.inclusion.clone()).public.en.contains("path"));
    assert!(parts(&|proof| proof.record = other.record.clone()).public.en.contains("does not anchor"));
    assert!(parts(&|proof| proof.record.as_mut().unwrap().tree = None).public.en.contains("record.tree"));
    assert!(parts(&|proof| "gm".clone_into(&mut proof.profile)).public.en.contains("profile"));
    assert!(parts(&|proof| "other".clone_into(&mut proof.format)).public.en.contains("format"));
    assert!(parts(&|proof| "b.example/log".clone_into(&mut proof.origin)).public.en.contains("another log"));
    assert_eq!(check_proof(b"{}", &own).unwrap_err().kind, Kind::Invalid);
    assert_eq!(check_proof(&vec![b' '; 17 << 20], &own).unwrap_err().kind, Kind::Invalid);
}

#[test]
fn proving_is_logged_for_whom_it_concerns_and_what_is_not_there_is_not_found() {
    let lived = Lived::new(Profile::Intl);
    let mut city = lived.open();
    let (number, record) = lived.records[1].clone();
    let subject = city.find_subject(KIND, &number).unwrap().unwrap();
    let at = RecordRef { kind: KIND, number: number.clone(), record };
    let proof = city.log_prove_record(&auditor(), &at, Some(1)).unwrap();
    let last = |chain: &[u8; 16]| {
        let store = ReadStore::open(&lived.database()).unwrap();
        let number = store.view().log_last_number(chain).unwrap();
        store.view().log_entry(chain, number).unwrap().unwrap()
    };
    let entry = last(&subject);
    assert_eq!(entry.operation, "log_prove");
    assert!(entry.detail.contains(&record.hex()) && !entry.detail.contains(&number));
    assert!(proof.leaf_index < city.log_sequence().unwrap().size);
    // A hidden entry is proven without a line that would give it away.
    let store = ReadStore::open(&lived.database()).unwrap();
    let hidden = store.view().log_leaves(0, 10_000).unwrap().into_iter().find(|leaf| {
        // Its chain is its own, and has nothing else; that of somebody who was forgotten has more.
        let view = store.view();
        leaf.number == 1
            && view.subject_kind(&leaf.subject_id).unwrap().is_none()
            && leaf.subject_id != [0; 16]
            && view.log_last_number(&leaf.subject_id).unwrap() == 1
    });
    let hidden = hidden.unwrap();
    city.log_prove(&auditor(), u64::try_from(hidden.index).unwrap()).unwrap();
    assert_eq!(last(&[0; 16]).operation, "log_prove");
    assert_eq!(last(&hidden.subject_id).number, 1);

    assert_eq!(city.log_prove(&auditor(), 1_000_000).unwrap_err().kind, Kind::NotFound);
    assert_eq!(city.log_prove(&auditor(), u64::MAX).unwrap_err().kind, Kind::NotFound);
    assert_eq!(city.log_prove_record(&auditor(), &at, Some(99)).unwrap_err().kind, Kind::NotFound);
    let nobody = RecordRef { number: row(900).number, ..at.clone() };
    assert_eq!(city.log_prove_record(&auditor(), &nobody, None).unwrap_err().kind, Kind::NotFound);
    let clerk = city::caller(Role::Clerk, "li", Some(city::OFFICE));
    assert_eq!(city.log_prove(&clerk, 0).unwrap_err().kind, Kind::Forbidden);
    assert!(city.log_verify(&auditor(), None).unwrap().is_whole());
}

fn newest(city: &Installation) -> String {
    ReadStore::open(city.database()).unwrap().view().log_head().unwrap().unwrap().note
}

#[test]
fn two_states_of_the_log_are_consistent_and_the_proof_holds_offline() {
    for profile in Profile::ALL {
        let lived = Lived::new(profile);
        let mut city = lived.open();
        let old = newest(&city);
        for name in ["甲", "乙"] {
            city.authority_add(&administrator(), &lived::office(name)).unwrap();
        }
        city.log_sequence().unwrap();
        let new = newest(&city);
        let compare = |old: LogPoint, new: LogPoint| city.log_consistency(&auditor(), &old, &new);
        let both = compare(LogPoint::Note(old.clone()), LogPoint::Note(new.clone())).unwrap();
        assert_eq!((both.relation, both.new.size - both.old.size), (Relation::Grew, 2));
        let sizes = check_consistency(&old, &new, &both.hashes, &trust(&city)).unwrap();
        assert_eq!(sizes, (both.old.size, both.new.size));
        for at in 0..both.hashes.len() {
            let mut hashes = both.hashes.clone();
            hashes.remove(at);
            assert_eq!(check_consistency(&old, &new, &hashes, &trust(&city)).unwrap_err().kind, Kind::Conflict);
        }
        assert_eq!(check_consistency(&new, &old, &both.hashes, &trust(&city)).unwrap_err().kind, Kind::Conflict);
        for size in [0, 1, 2, 255, 256, 257, both.old.size] {
            assert_eq!(compare(LogPoint::Size(size), LogPoint::Newest).unwrap().relation, Relation::Grew);
        }
        assert_eq!(compare(LogPoint::Newest, LogPoint::Size(3)).unwrap_err().kind, Kind::Invalid);
        let beyond = compare(LogPoint::Size(3), LogPoint::Size(both.new.size + 1)).unwrap();
        assert_eq!((beyond.relation, beyond.hashes.len()), (Relation::CutOff, 0));
        assert!(beyond.old.root.is_some() && beyond.new.root.is_none(), "nobody states a root that the log never had");
    }
}

#[test]
fn a_checkpoint_of_a_fork_or_of_more_than_there_is_is_called_so() {
    let lived = Lived::new(Profile::Intl);
    drop(lived.open());
    let before = lived::Kept::of(&lived);
    let grow = |names: &[&str]| {
        let mut city = lived.open();
        for name in names {
            city.authority_add(&administrator(), &lived::office(name)).unwrap();
        }
        city.log_sequence().unwrap();
        newest(&city)
    };
    let one = grow(&["甲", "乙"]);
    before.put_back();
    let relation = |note: &str| {
        let city = lived.open();
        city.log_consistency(&auditor(), &LogPoint::Note(note.to_owned()), &LogPoint::Newest).unwrap()
    };
    assert_eq!(relation(&one).relation, Relation::CutOff);
    assert!(relation(&one).relation.say().en.contains("cut-off tail"));
    let other = grow(&["丙", "丁", "戊"]);
    assert_eq!(relation(&one).relation, Relation::Fork);
    assert_eq!(relation(&other).relation, Relation::Grew);
    let stranger = City::new();
    let mut stranger = stranger.installation;
    stranger.log_sequence().unwrap();
    let city = lived.open();
    let refused = city.log_consistency(&auditor(), &LogPoint::Note(newest(&stranger)), &LogPoint::Newest);
    assert_eq!(refused.unwrap_err().kind, Kind::Conflict);
}
