//! A commitment binds a row of the database without telling anything about it.

use crate::{Hash, TreeHash};

/// One column of a row in its canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column<'a> {
    /// NULL.
    Null,
    /// An integer.
    Int(i64),
    /// Text, UTF-8.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// `H(label ‖ 0x00 ‖ salt ‖ columns)`, each column as one type byte, then its content: integers as 8 bytes big-endian,
/// text and bytes with their length (4 bytes big-endian) before them.
///
/// `label` names kind and version of the row (`chengxin/version/1`) and holds no zero byte. `salt` is 16 random bytes kept
/// beside the row, outside the key that an erasure destroys: the row can be checked after an erasure, and a commitment
/// cannot be matched by guessing what it commits to.
#[must_use]
pub fn commit(
    hash: &impl TreeHash,
    label: &str,
    salt: &[u8; 16],
    columns: &[Column<'_>],
    scratch: &mut Vec<u8>,
) -> Hash {
    scratch.clear();
    scratch.extend_from_slice(label.as_bytes());
    scratch.push(0);
    scratch.extend_from_slice(salt);
    for column in columns {
        match column {
            Column::Null => scratch.push(0),
            Column::Int(value) => {
                scratch.push(1);
                scratch.extend_from_slice(&value.to_be_bytes());
            }
            Column::Text(text) => sized(scratch, 2, text.as_bytes()),
            Column::Bytes(bytes) => sized(scratch, 3, bytes),
        }
    }
    hash.hash(&[scratch])
}

/// Columns are short by construction: a body is bounded by its item's field lengths, far below 4 GiB.
fn sized(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain;
    impl TreeHash for Plain {
        fn hash(&self, parts: &[&[u8]]) -> Hash {
            use sha2::Digest as _;
            let mut hasher = sha2::Sha256::new();
            parts.iter().for_each(|part| hasher.update(part));
            hasher.finalize().into()
        }
    }

    fn hex(hash: Hash) -> String {
        hash.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn the_bytes_hashed_are_those_that_the_format_says() {
        let mut scratch = Vec::new();
        let columns = [Column::Null, Column::Int(-1), Column::Text("ab"), Column::Bytes(&[7])];
        let hash = commit(&Plain, "l/1", &[9; 16], &columns, &mut scratch);
        let mut expected = b"l/1\0".to_vec();
        expected.extend([9; 16]);
        expected.push(0);
        expected.push(1);
        expected.extend([0xff; 8]);
        expected.extend([2, 0, 0, 0, 2, b'a', b'b', 3, 0, 0, 0, 1, 7]);
        assert_eq!(scratch, expected);
        assert_eq!(hex(hash), hex(Plain.hash(&[&expected])));
    }

    #[test]
    fn moving_a_byte_from_one_column_to_the_next_changes_the_commitment() {
        let of =
            |a: &str, b: &str| commit(&Plain, "l/1", &[0; 16], &[Column::Text(a), Column::Text(b)], &mut Vec::new());
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_ne!(of("", "abc"), of("abc", ""));
    }
}
