//! The one way in which several byte strings become one without ambiguity.

/// Hands `item` to `sink` behind its length, a big-endian `u32`.
///
/// A sequence of items written so can be read back in exactly one way: no two different sequences give
/// the same bytes.
///
/// # Panics
/// For an item of 4 GiB or more, which nothing here ever takes.
pub(crate) fn length_prefixed(item: &[u8], mut sink: impl FnMut(&[u8])) {
    // Unwrap safety: a caller who gets here with 4 GiB has a bug, and a wrapped length would be forgeable.
    let length = u32::try_from(item.len()).expect("items are shorter than 4 GiB");
    sink(&length.to_be_bytes());
    sink(item);
}
