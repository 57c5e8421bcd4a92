//! The resident identity number of GB 11643.

use core::fmt;

use jiff::civil::Date;

use super::{DocumentKind, age, mask_number};
use crate::say::Say;

/// The area prefix of made-up people. GB/T 2260 assigns it to no place, so such a number names nobody.
pub const SYNTHETIC_AREA: &str = "990000";

/// Weights of the first 17 digits (GB 11643 §4.2, ISO 7064 MOD 11-2).
const WEIGHTS: [u16; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by the weighted sum modulo 11.
const CHECKS: [u8; 11] = *b"10X98765432";

/// A resident identity number: 18 characters whose area, birth date and check character agree.
///
/// Held inline and `Copy`, so that checking a row allocates nothing. `Debug` is masked.
///
/// # Source
/// GB 11643: 6-digit GB/T 2260 area, `YYYYMMDD`, 3-digit sequence, check character.
///
/// # Example
/// ```
/// use chengxin_core::identity::ResidentId;
/// let id = ResidentId::parse("11010519491231002x").unwrap();
/// assert_eq!(id.as_str(), "11010519491231002X");
/// assert_eq!(id.area(), "110105");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResidentId {
    /// ASCII only: digits, and an upper-case `X` at most in the last place.
    characters: [u8; 18],
    birth: Date,
}

impl ResidentId {
    /// Reads a number of exactly 18 characters; a lower-case `x` is taken as `X`.
    ///
    /// Spaces and full-width digits are refused here: [`super::Document::parse`] mends them first.
    /// Only the province part of the area is checked, since codes of abolished counties stay valid in
    /// the numbers given out under them. [`SYNTHETIC_AREA`] is accepted; whether the installation may
    /// hold such a number is the caller's question ([`super::SyntheticRule`]). Whether the birth date
    /// lies in the future is too, because this function reads no clock: see [`Self::check_born_by`].
    ///
    /// # Errors
    /// The first of these that applies: [`ResidentIdError::FifteenDigits`], `Length`, `Character`,
    /// `Area`, `BirthDate`, `Checksum`.
    pub fn parse(text: &str) -> Result<Self, ResidentIdError> {
        let bytes = text.as_bytes();
        let Ok(mut characters) = <[u8; 18]>::try_from(bytes) else {
            return Err(wrong_length(bytes));
        };
        characters[17].make_ascii_uppercase();
        let sum = weighted_sum(&characters).ok_or(ResidentIdError::Character)?;
        if !characters[17].is_ascii_digit() && characters[17] != b'X' {
            return Err(ResidentIdError::Character);
        }
        if !is_known_area(&characters) {
            return Err(ResidentIdError::Area);
        }
        let birth = birth_date(&characters).ok_or(ResidentIdError::BirthDate)?;
        if CHECKS[usize::from(sum % 11)] != characters[17] {
            return Err(ResidentIdError::Checksum);
        }
        Ok(Self { characters, birth })
    }

    /// The check character (`0`–`9` or `X`) that belongs behind these 17 digits; `None` if one of
    /// them is not an ASCII digit.
    #[must_use]
    pub fn check_character(first17: &[u8; 17]) -> Option<char> {
        let sum = weighted_sum(first17)?;
        Some(char::from(CHECKS[usize::from(sum % 11)]))
    }

    /// All 18 characters, `X` in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(&self.characters)
    }

    /// The six digits of the area in which the number was first given out.
    #[must_use]
    pub fn area(&self) -> &str {
        ascii(&self.characters[..6])
    }

    /// The birth date the number states.
    #[must_use]
    pub fn birth_date(&self) -> Date {
        self.birth
    }

    /// Whether this is a made-up person's number ([`SYNTHETIC_AREA`]).
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.area() == SYNTHETIC_AREA
    }

    /// Completed years on the day `on`; see [`super::age_on`].
    #[must_use]
    pub fn age_on(&self, on: Date) -> i16 {
        age::age_on(self.birth, on)
    }

    /// Whether the holder has reached 18 by the day `on`; see [`super::is_of_age_on`].
    #[must_use]
    pub fn is_of_age_on(&self, on: Date) -> bool {
        age::is_of_age_on(self.birth, on)
    }

    /// Refuses a number whose holder would be born only after `on`.
    ///
    /// # Errors
    /// [`ResidentIdError::BornLater`].
    pub fn check_born_by(&self, on: Date) -> Result<(), ResidentIdError> {
        if self.birth > on { Err(ResidentIdError::BornLater) } else { Ok(()) }
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = mask_number(DocumentKind::ResidentId, self.as_str());
        f.debug_tuple("ResidentId").field(&masked).finish()
    }
}

/// What keeps a text from being a resident identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.words().1)]
pub enum ResidentIdError {
    /// Fifteen digits: a first-generation number, which joins a person only by a link with evidence.
    FifteenDigits,
    /// Neither 18 nor 15 characters.
    Length,
    /// Something other than digits, or than a digit or `X` in the last place.
    Character,
    /// The first two digits are no province code.
    Area,
    /// Digits 7 to 14 are no date of the calendar.
    BirthDate,
    /// The birth date lies after the day it was checked against.
    BornLater,
    /// The check character does not fit the other seventeen.
    Checksum,
}

impl ResidentIdError {
    /// What is wrong and how to mend it, in Chinese and English.
    #[must_use]
    pub fn say(self) -> Say {
        let (zh, en) = self.words();
        Say::new(zh, en)
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::FifteenDigits => (
                "这是15位旧身份证号码。请填写现行18位号码；确无18位号码的，由身份核验人员凭证明材料关联。",
                "this is an old 15-digit resident ID number; give the present 18-digit number, or have an \
                 identity clerk link the old one on evidence",
            ),
            Self::Length => (
                "身份证号码应为18位。请对照证件核对是否漏填或多填。",
                "a resident ID number has 18 characters; compare it with the card for missing or extra ones",
            ),
            Self::Character => (
                "身份证号码只能由数字组成，末位可以是X。请删除其他字符后重新填写。",
                "a resident ID number has digits only, and a digit or X in the last place; remove anything else",
            ),
            Self::Area => (
                "身份证号码前两位不是有效的省级行政区划代码。请对照证件核对。",
                "the first two digits of the resident ID number are no province code; compare it with the card",
            ),
            Self::BirthDate => (
                "身份证号码中的出生日期（第7至14位）不存在。请对照证件核对。",
                "the birth date in the resident ID number (digits 7 to 14) does not exist; compare it with the card",
            ),
            Self::BornLater => (
                "身份证号码中的出生日期晚于今天或行为日期。请对照证件核对。",
                "the birth date in the resident ID number lies in the future; compare it with the card",
            ),
            Self::Checksum => (
                "身份证号码校验位不符，至少有一位填写有误。请对照证件逐位核对。",
                "the check character of the resident ID number does not fit, so at least one character is wrong; \
                 compare it with the card",
            ),
        }
    }
}

fn wrong_length(bytes: &[u8]) -> ResidentIdError {
    if bytes.len() == 15 && bytes.iter().all(u8::is_ascii_digit) {
        ResidentIdError::FifteenDigits
    } else {
        ResidentIdError::Length
    }
}

/// Sum of the first 17 digits times their weights; `None` if one of them is no digit.
fn weighted_sum(characters: &[u8]) -> Option<u16> {
    // No early exit: the loop unrolls, and a wrong character is rare.
    let (mut sum, mut all_digits) = (0u16, true);
    for (&character, &weight) in characters.iter().zip(&WEIGHTS) {
        let digit = character.wrapping_sub(b'0');
        all_digits &= digit < 10;
        sum = sum.wrapping_add(u16::from(digit).wrapping_mul(weight));
    }
    all_digits.then_some(sum)
}

fn is_known_area(characters: &[u8; 18]) -> bool {
    is_province(characters[0], characters[1]) || characters.starts_with(SYNTHETIC_AREA.as_bytes())
}

/// Whether two ASCII digits are a province-level code of GB/T 2260, Taiwan (71), Hong Kong (81),
/// Macao (82), the residence permits of Taiwan residents (83) and abroad (91) included.
pub(super) const fn is_province(tens: u8, units: u8) -> bool {
    matches!(
        (tens, units),
        (b'1' | b'6', b'1'..=b'5')
            | (b'2' | b'8', b'1'..=b'3')
            | (b'3', b'1'..=b'7')
            | (b'4', b'1'..=b'6')
            | (b'5', b'0'..=b'4')
            | (b'7' | b'9', b'1')
    )
}

/// The date in places 7 to 14. The caller has seen that they hold digits.
pub(super) fn birth_date(characters: &[u8; 18]) -> Option<Date> {
    let number = |from: usize, to: usize| {
        characters[from..to].iter().fold(0i16, |n, &c| n * 10 + i16::from(c.wrapping_sub(b'0')))
    };
    let (year, month, day) = (number(6, 10), number(10, 12), number(12, 14));
    // Nobody born before 1800 is recorded; the standard's own older example is of 1880.
    if year < 1800 {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Bytes that the constructor has seen to be ASCII.
pub(super) fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

/// Whether the last character is the GB 11643 check character of the first 17, which must be digits.
pub(super) fn check_fits(characters: &[u8; 18]) -> bool {
    weighted_sum(&characters[..17]).is_some_and(|sum| CHECKS[usize::from(sum % 11)] == characters[17])
}
