//! The unified social credit code of organisations, GB 32100.

use core::fmt;

use super::resident_id::ascii;
use super::{DocumentKind, SYNTHETIC_AREA, mask_number};
use crate::say::Say;

/// The 31 characters of a code, in order of their value. `I O S V Z` are left out of the standard
/// because they look like digits.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Powers of 3 modulo 31, the weights of the first 17 characters.
const WEIGHTS: [u16; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Value of each ASCII character, 255 where it is not in the alphabet.
const VALUES: [u8; 128] = values();

/// A unified social credit code: 18 characters of the standard's alphabet, upper case.
///
/// # Source
/// GB 32100: registering body, kind of organisation, 6-digit area, 9-character organisation code,
/// check character.
///
/// # Example
/// ```
/// use chengxin_core::identity::Uscc;
/// let (code, warning) = Uscc::parse("91350100m000100y43").unwrap();
/// assert_eq!(code.as_str(), "91350100M000100Y43");
/// assert_eq!(warning, None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uscc {
    characters: [u8; 18],
}

impl Uscc {
    /// Reads a code of exactly 18 characters, in either case.
    ///
    /// A check character that does not fit is only warned about: some genuine early codes have one.
    ///
    /// # Errors
    /// [`UsccError::Length`], [`UsccError::Character`], or [`UsccError::Placeholder`] where one
    /// character is repeated throughout: offices fill an unknown code so, and `000000000000000000`
    /// would even pass the check and join strangers (house rule).
    pub fn parse(text: &str) -> Result<(Self, Option<UsccWarning>), UsccError> {
        let Ok(mut characters) = <[u8; 18]>::try_from(text.as_bytes()) else {
            return Err(UsccError::Length);
        };
        characters.make_ascii_uppercase();
        let check = check_value(&characters[..17]).ok_or(UsccError::Character)?;
        let last = value(characters[17]).ok_or(UsccError::Character)?;
        if characters.iter().all(|&c| c == characters[0]) {
            return Err(UsccError::Placeholder);
        }
        let warning = (check != last).then_some(UsccWarning::Checksum);
        Ok((Self { characters }, warning))
    }

    /// The check character that belongs behind these 17; `None` if one is outside the alphabet.
    #[must_use]
    pub fn check_character(first17: &[u8; 17]) -> Option<char> {
        check_value(first17).map(|v| char::from(ALPHABET[usize::from(v)]))
    }

    /// All 18 characters, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(&self.characters)
    }

    /// Places 3 to 8: the area of the registering body.
    #[must_use]
    pub fn area(&self) -> &str {
        ascii(&self.characters[2..8])
    }

    /// Whether this is a made-up organisation's code: its area is [`SYNTHETIC_AREA`].
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.area() == SYNTHETIC_AREA
    }

    /// Whether the code belongs to a self-employed business (个体工商户, `92…`), which counts as a
    /// person wherever something is published.
    #[must_use]
    pub fn is_self_employed(&self) -> bool {
        self.characters.starts_with(b"92")
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Uscc").field(&mask_number(DocumentKind::Uscc, self.as_str())).finish()
    }
}

/// What keeps a text from being a unified social credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.words().1)]
pub enum UsccError {
    /// Not 18 characters.
    Length,
    /// A character outside the standard's alphabet.
    Character,
    /// One character repeated 18 times.
    Placeholder,
}

impl UsccError {
    /// What is wrong and how to mend it, in Chinese and English.
    #[must_use]
    pub fn say(self) -> Say {
        let (zh, en) = self.words();
        Say::new(zh, en)
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => (
                "统一社会信用代码应为18位。请对照营业执照或登记证书核对是否漏填或多填。",
                "a unified social credit code has 18 characters; compare it with the licence for missing or extra ones",
            ),
            Self::Character => (
                "统一社会信用代码只能由数字和大写字母（不含I、O、S、V、Z）组成。请核对是否把数字0、1、2、5误填为字母。",
                "a unified social credit code has digits and letters other than I, O, S, V and Z; check for a letter \
                 typed in place of 0, 1, 2 or 5",
            ),
            Self::Placeholder => (
                "统一社会信用代码不能用同一字符重复填充。请填写登记证书上的代码。",
                "a unified social credit code is not one repeated character; give the code on the licence",
            ),
        }
    }
}

/// A doubt about a unified social credit code that does not stop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UsccWarning {
    /// The check character does not fit; some genuine early codes have this.
    Checksum,
}

impl UsccWarning {
    /// What is doubtful and what to do, in Chinese and English.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::Checksum => Say::new(
                "统一社会信用代码校验位不符。少数早期代码确有此情况，已予接收；请对照登记证书核对。",
                "the check character of the unified social credit code does not fit; a few genuine early codes have \
                 this, so it was accepted: please compare it with the licence",
            ),
        }
    }
}

const fn values() -> [u8; 128] {
    let mut table = [255; 128];
    let mut i = 0;
    while i < ALPHABET.len() {
        table[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    table
}

fn value(character: u8) -> Option<u8> {
    VALUES.get(usize::from(character)).copied().filter(|&v| v != 255)
}

/// Value of the check character of 17 characters; `None` if one is outside the alphabet.
fn check_value(first17: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (&character, &weight) in first17.iter().zip(&WEIGHTS) {
        sum += u16::from(value(character)?) * weight;
    }
    u8::try_from((31 - sum % 31) % 31).ok()
}
