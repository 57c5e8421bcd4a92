//! Base64 in its one canonical form.

use data_encoding::BASE64;

/// The bytes of standard base64 with padding; `None` for any text that [`encode`] does not give.
///
/// `data_encoding` refuses bits and padding that say nothing, but takes several padded texts one after the other: padding
/// before the end is refused here, so that no two texts mean the same bytes.
///
/// # Source
/// RFC 4648 §4.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let padded_before_its_end = text.trim_end_matches('=').contains('=');
    if padded_before_its_end { None } else { BASE64.decode(text.as_bytes()).ok() }
}

/// The 32 bytes of a hash, as [`decode`].
pub(crate) fn decode_hash(text: &str) -> Option<crate::Hash> {
    decode(text)?.try_into().ok()
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn several_texts_one_after_the_other_are_refused() {
        assert_eq!(decode("AAAAAAA="), Some(vec![0; 5]));
        for text in
            ["AAA=AAA=", "AAA=AAAA", "AA==AAAA", "AA==AA==", "=AAA", "A===", "====", "AAA", "AAAA=", "AAAA====", "AAB="]
        {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_written_the_same(text in "[A-D+/=]{0,16}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
