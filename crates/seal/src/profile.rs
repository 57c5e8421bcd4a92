//! Which family of algorithms an installation uses.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::hash::Hasher;

/// A family of algorithms. Chosen once per installation: data sealed under one cannot be read under the
/// other, and there is no negotiation that an attacker could talk down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// SHA-256, HMAC-SHA-256, AES-256-GCM, Ed25519.
    Intl,
    /// SM3, HMAC-SM3, SM4-GCM, SM2: what a city is assessed on (GB/T 39786-2021).
    Gm,
}

impl Profile {
    /// Both profiles, for tests and menus.
    pub const ALL: [Self; 2] = [Self::Intl, Self::Gm];

    /// The profile's name in files and on the command line: `intl` or `gm`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intl => "intl",
            Self::Gm => "gm",
        }
    }

    /// The number under which the profile goes into what is hashed and stored. It never changes.
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        match self {
            Self::Intl => 1,
            Self::Gm => 2,
        }
    }

    /// Hash of the parts, one after another.
    ///
    /// Nothing marks where one part ends: a caller whose parts vary in length prefixes the lengths.
    #[must_use]
    pub fn hash(self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = Hasher::new(self);
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize()
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is neither `intl` nor `gm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a profile is `intl` or `gm`")]
pub struct UnknownProfile;

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, UnknownProfile> {
        Self::ALL.into_iter().find(|profile| profile.name() == name).ok_or(UnknownProfile)
    }
}
