//! Passwords: a hash that costs whoever guesses, and that cannot be guessed at all without the installation's key.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use subtle::ConstantTimeEq;

use crate::Key32;

/// Bytes of a salt.
pub const PASSWORD_SALT_BYTES: usize = 16;
/// Bytes of a hash.
pub const PASSWORD_HASH_BYTES: usize = 32;
/// Name of the algorithm in [`PasswordCost::text`].
const ALGORITHM: &str = "argon2id";

/// What one guess costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl PasswordCost {
    /// What new passwords are hashed with.
    ///
    /// # Source
    /// OWASP Password Storage Cheat Sheet (read 2026-11): Argon2id with 19 MiB, two passes, one lane, as its minimum.
    pub const CURRENT: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// The most that a stored hash may ask for: a row put there by hand must not take the machine's memory.
    const MOST: Self = Self { memory_kib: 1 << 20, passes: 16, lanes: 8 };

    /// As it stands beside a hash: `argon2id;m=19456;t=2;p=1`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{ALGORITHM};m={};t={};p={}", self.memory_kib, self.passes, self.lanes)
    }

    /// Reads [`Self::text`]; `None` for anything else, and for more than any hash of ours costs.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        if parts.next() != Some(ALGORITHM) {
            return None;
        }
        let mut number = |name: &str| parts.next()?.strip_prefix(name)?.parse().ok();
        let cost = Self { memory_kib: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
        let most = Self::MOST;
        let fits = cost.memory_kib <= most.memory_kib && cost.passes <= most.passes && cost.lanes <= most.lanes;
        (fits && parts.next().is_none()).then_some(cost)
    }
}

/// The hash of a password: Argon2id (RFC 9106, version 1.3) with `key` as its secret value and `owner` as its associated data. Without
/// the key nobody can try guesses on a stolen database; a hash copied to another owner fits no password.
///
/// `None` for a cost that Argon2 does not know, or where memory is wanting.
#[must_use]
pub fn hash_password(
    key: &Key32,
    owner: &[u8; 16],
    password: &str,
    salt: &[u8; PASSWORD_SALT_BYTES],
    cost: PasswordCost,
) -> Option<[u8; PASSWORD_HASH_BYTES]> {
    let params = ParamsBuilder::new()
        .m_cost(cost.memory_kib)
        .t_cost(cost.passes)
        .p_cost(cost.lanes)
        .data(AssociatedData::new(owner).ok()?)
        .output_len(PASSWORD_HASH_BYTES)
        .build()
        .ok()?;
    let argon = Argon2::new_with_secret(key.as_bytes(), Algorithm::Argon2id, Version::V0x13, params).ok()?;
    let mut hash = [0; PASSWORD_HASH_BYTES];
    argon.hash_password_into(password.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

/// Are these the same bytes? Takes as long whatever they are.
#[must_use]
pub fn same_secret(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const CHEAP: PasswordCost = PasswordCost { memory_kib: 16, passes: 1, lanes: 1 };

    #[test]
    fn a_hash_depends_on_password_salt_owner_key_and_cost() {
        let (key, owner, salt) = (Key32::from_bytes([1; 32]), [2; 16], [3; 16]);
        let first = hash_password(&key, &owner, "密码 one two", &salt, CHEAP).unwrap();
        assert_eq!(hash_password(&key, &owner, "密码 one two", &salt, CHEAP), Some(first));
        let others = [
            hash_password(&key, &owner, "密码 one twp", &salt, CHEAP),
            hash_password(&key, &owner, "密码 one two", &[4; 16], CHEAP),
            hash_password(&key, &[5; 16], "密码 one two", &salt, CHEAP),
            hash_password(&Key32::from_bytes([6; 32]), &owner, "密码 one two", &salt, CHEAP),
            hash_password(&key, &owner, "密码 one two", &salt, PasswordCost { passes: 2, ..CHEAP }),
        ];
        assert!(others.iter().all(|other| other.is_some_and(|other| !same_secret(&other, &first))));
    }

    /// RFC 9106, section 5.3, has an associated data of 12 bytes; ours has 16, so the vector is run on the library beside it.
    #[test]
    fn the_library_computes_the_vector_of_the_standard() {
        let params = ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(AssociatedData::new(&[4; 12]).unwrap())
            .output_len(32)
            .build()
            .unwrap();
        let argon = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut hash = [0; 32];
        argon.hash_password_into(&[1; 32], &[2; 16], &mut hash).unwrap();
        let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
        assert_eq!(data_encoding::HEXLOWER.encode(&hash), expected);
    }

    #[test]
    fn the_cost_stands_beside_the_hash_and_none_is_taken_that_would_exhaust_the_machine() {
        assert_eq!(PasswordCost::CURRENT.text(), "argon2id;m=19456;t=2;p=1");
        assert_eq!(PasswordCost::read("argon2id;m=19456;t=2;p=1"), Some(PasswordCost::CURRENT));
        for text in [
            "",
            "argon2d;m=19456;t=2;p=1",
            "argon2id;m=19456;t=2",
            "argon2id;m=4294967295;t=2;p=1",
            "argon2id;m=19456;t=2;p=1;x",
        ] {
            assert_eq!(PasswordCost::read(text), None, "{text}");
        }
    }
}
