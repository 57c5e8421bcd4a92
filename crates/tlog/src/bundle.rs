//! Bundles: the entries behind a tile of level 0, as published under `tile/entries/`.

use crate::tile::TILE_WIDTH;

/// Why a bundle cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry that its length field cannot hold.
    #[error("entry {position} of the bundle has {bytes} bytes: expected at most 65535")]
    TooLong {
        /// Place of the entry in the bundle, from 0.
        position: usize,
        /// Its length.
        bytes: usize,
    },
    /// The bundle has another number of entries than it should.
    #[error("the bundle has {found} entries or more: expected {expected}")]
    Count {
        /// Entries found.
        found: usize,
        /// Entries expected, 1 to 256.
        expected: usize,
    },
    /// The bytes end within an entry.
    #[error("the bundle ends within entry {position}, at byte {at}")]
    CutOff {
        /// Place of the entry in the bundle, from 0.
        position: usize,
        /// Where the entry begins.
        at: usize,
    },
}

/// Adds an entry at the end of a bundle: two bytes of length, most significant first, then the entry.
///
/// `position` is the place of the entry in the bundle, for the error alone.
///
/// # Errors
/// [`BundleError::TooLong`]; the bundle is then as it was.
///
/// # Source
/// C2SP tlog-tiles, “Log entries”.
pub fn bundle_push(bundle: &mut Vec<u8>, position: usize, entry: &[u8]) -> Result<(), BundleError> {
    let Ok(length) = u16::try_from(entry.len()) else {
        return Err(BundleError::TooLong { position, bytes: entry.len() });
    };
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle of exactly `width` of them.
///
/// # Errors
/// [`BundleError::CutOff`] where the bytes end too early, [`BundleError::Count`] where they hold fewer or more entries
/// than `width`, or `width` is not 1 to 256.
pub fn bundle_entries(bundle: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    let expected = usize::from(width);
    if width == 0 || width > TILE_WIDTH {
        return Err(BundleError::Count { found: 0, expected });
    }
    let mut entries = Vec::with_capacity(expected);
    let mut rest = bundle;
    while !rest.is_empty() {
        let position = entries.len();
        if position == expected {
            return Err(BundleError::Count { found: position + 1, expected });
        }
        let cut_off = BundleError::CutOff { position, at: bundle.len() - rest.len() };
        let Some((length, after)) = rest.split_first_chunk::<2>() else { return Err(cut_off) };
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((entry, after)) = after.split_at_checked(length) else { return Err(cut_off) };
        entries.push(entry);
        rest = after;
    }
    if entries.len() == expected { Ok(entries) } else { Err(BundleError::Count { found: entries.len(), expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(entries: &[Vec<u8>]) -> Vec<u8> {
        let mut bundle = Vec::new();
        for (position, entry) in entries.iter().enumerate() {
            assert_eq!(bundle_push(&mut bundle, position, entry), Ok(()));
        }
        bundle
    }

    #[test]
    fn a_bundle_is_lengths_and_entries() {
        assert_eq!(encoded(&[b"ab".to_vec(), vec![], vec![7; 256]])[..8], [0, 2, b'a', b'b', 0, 0, 1, 0]);
    }

    #[test]
    fn an_entry_of_65_536_bytes_is_refused_and_the_bundle_stays() {
        let mut bundle = vec![0, 0];
        assert_eq!(
            bundle_push(&mut bundle, 1, &vec![0; 65536]),
            Err(BundleError::TooLong { position: 1, bytes: 65536 })
        );
        assert_eq!(bundle, [0, 0]);
        assert_eq!(bundle_push(&mut bundle, 1, &vec![0; 65535]), Ok(()));
    }

    #[test]
    fn a_bundle_that_is_cut_off_or_too_long_is_refused_with_the_place() {
        let bundle = encoded(&[b"ab".to_vec(), b"cde".to_vec()]);
        assert_eq!(bundle_entries(&bundle[..8], 2), Err(BundleError::CutOff { position: 1, at: 4 }));
        assert_eq!(bundle_entries(&bundle[..5], 2), Err(BundleError::CutOff { position: 1, at: 4 }));
        assert_eq!(bundle_entries(&bundle[..4], 2), Err(BundleError::Count { found: 1, expected: 2 }));
        assert_eq!(bundle_entries(&bundle, 1), Err(BundleError::Count { found: 2, expected: 1 }));
        assert_eq!(bundle_entries(&[], 0), Err(BundleError::Count { found: 0, expected: 0 }));
        assert_eq!(bundle_entries(&[], 257), Err(BundleError::Count { found: 0, expected: 257 }));
    }

    proptest! {
        #[test]
        fn entries_come_back_as_they_went_in(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..=256)) {
            let bundle = encoded(&entries);
            let read = bundle_entries(&bundle, entries.len() as u16);
            prop_assert_eq!(read, Ok(entries.iter().map(Vec::as_slice).collect()));
        }

        #[test]
        fn any_bytes_are_read_or_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), width in 0u16..300) {
            if let Ok(entries) = bundle_entries(&bytes, width) {
                prop_assert_eq!(encoded(&entries.iter().map(|e| e.to_vec()).collect::<Vec<_>>()), bytes);
            }
        }
    }
}
