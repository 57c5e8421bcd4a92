//! What the test files here share.
#![allow(dead_code, reason = "every test file uses a part of it")]

use chengxin_seal::Key32;
use data_encoding::HEXLOWER_PERMISSIVE;

/// Bytes of a hexadecimal text; white space does not matter, `-` is empty.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).unwrap()
}

/// A key from a hexadecimal text of up to 32 bytes, padded with zeros (SM4 takes the first 16).
pub(crate) fn key(text: &str) -> Key32 {
    let mut bytes = hex(text);
    bytes.resize(32, 0);
    Key32::from_bytes(bytes.try_into().unwrap())
}

/// A sealed text in the crate's own format, from its parts.
pub(crate) fn sealed(format: u8, nonce: &[u8], ciphertext: &[u8], tag: &[u8]) -> Vec<u8> {
    [&[format], nonce, ciphertext, tag].concat()
}
