//! What comes from strangers: the bodies of the fuzz targets, with bytes made here, so that they run in every suite.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(unreachable_pub, reason = "a module here, a crate of its own for the fuzzer")]
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use proptest::prelude::*;

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 7] = [
    ("note", targets::note),
    ("checkpoint", targets::checkpoint),
    ("tile_path", targets::tile_path),
    ("entry_bundle", targets::entry_bundle),
    ("inclusion_proof", targets::inclusion_proof),
    ("consistency_proof", targets::consistency_proof),
    ("witness_request", targets::witness_request),
];

fn seed(name: &str) -> Vec<u8> {
    targets::seeds().into_iter().find(|(of, _)| *of == name).unwrap().1
}

#[test]
fn each_target_takes_its_seed() {
    for (name, target) in TARGETS {
        target(&seed(name));
    }
    assert!(chengxin_tlog::Note::parse(&seed("note")).is_ok());
    assert!(chengxin_tlog::AddCheckpoint::parse(&seed("witness_request")).is_ok());
    assert!(chengxin_tlog::bundle_entries(&seed("entry_bundle")[2..], 2).is_ok());
}

proptest! {
    #[test]
    fn any_bytes_are_taken_or_refused(data in prop::collection::vec(any::<u8>(), 0..400)) {
        TARGETS.iter().for_each(|(_, target)| target(&data));
    }

    #[test]
    fn bytes_near_to_good_ones_are_taken_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0u8..4, any::<u8>()), 1..5),
        marks in prop::sample::subsequence(b"\n\n \t+-/.x0=\xe2\x80\x94".to_vec(), 5),
    ) {
        for (name, target) in TARGETS {
            let mut data = seed(name);
            for (at, change, byte) in &changes {
                if data.is_empty() {
                    break;
                }
                let at = at.index(data.len());
                match change {
                    0 => data[at] = *byte,
                    1 => data.truncate(at),
                    2 => data.insert(at, marks[usize::from(*byte) % marks.len()]),
                    _ => { data.remove(at); }
                }
            }
            target(&data);
        }
    }

    #[test]
    fn proofs_of_any_shape_are_taken_or_refused(first in any::<u64>(), second in any::<u64>(), small in any::<bool>(), hashes in 0usize..70) {
        let (first, second) = if small { (first % 40, second % 40) } else { (first, second) };
        let data = [first.to_be_bytes().as_slice(), &second.to_be_bytes(), &vec![7; hashes * 32]].concat();
        targets::inclusion_proof(&data);
        targets::consistency_proof(&data);
    }
}
