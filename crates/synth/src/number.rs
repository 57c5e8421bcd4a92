//! Numbers of people and organisations, with right check characters, in the unassigned area 990000.
//!
//! Written here rather than borrowed from the domain rooms: a generator that used the checker's own arithmetic could
//! not show that the arithmetic is right.

use jiff::civil::Date;

/// Area prefix of made-up people and organisations. No such area exists, so no living person can be named.
pub const AREA: &str = "990000";

/// Check character of a resident identity number's first 17 digits.
///
/// # Source
/// GB 11643-1999: weights 2^(18−i) mod 11, characters by remainder.
#[must_use]
pub fn resident_check(digits: &[u8; 17]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    b"10X98765432"[(sum % 11) as usize]
}

/// The number of somebody born on `born`, the `sequence`th (0–999) there on that day.
#[must_use]
pub fn resident_number(born: Date, sequence: u16) -> String {
    let mut number =
        format!("{AREA}{:04}{:02}{:02}{:03}", born.year(), born.month(), born.day(), sequence.min(999)).into_bytes();
    let mut digits = [b'0'; 17];
    digits.copy_from_slice(&number[..17]);
    number.push(resident_check(&digits));
    number.into_iter().map(char::from).collect()
}

/// The alphabet of unified social credit codes: no I, O, S, V, Z.
///
/// # Source
/// GB 32100-2015, table 4.
pub const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

fn uscc_value(character: u8) -> u32 {
    USCC_ALPHABET.iter().position(|c| *c == character).unwrap_or(0) as u32
}

/// Check character of a unified social credit code's first 17 characters.
///
/// # Source
/// GB 32100-2015, annex: weights 3^(i−1) mod 31, check = (31 − sum mod 31) mod 31.
#[must_use]
pub fn uscc_check(characters: &[u8; 17]) -> u8 {
    let mut weight = 1;
    let mut sum = 0;
    for c in characters {
        sum += uscc_value(*c) * weight;
        weight = weight * 3 % 31;
    }
    USCC_ALPHABET[((31 - sum % 31) % 31) as usize]
}

/// Check character of the eight characters of an organisation code, the heart of a unified social credit code.
///
/// # Source
/// GB 11714-1997: weights 3 7 9 10 5 8 4 2, check = 11 − sum mod 11, where 10 is X and 11 is 0.
#[must_use]
pub fn organisation_check(characters: &[u8; 8]) -> u8 {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let value = |c: u8| if c.is_ascii_digit() { u32::from(c - b'0') } else { u32::from(c - b'A') + 10 };
    let sum: u32 = characters.iter().zip(WEIGHTS).map(|(c, w)| value(*c) * w).sum();
    b"0X987654321"[(sum % 11) as usize]
}

/// The code of the `index`th organisation (modulo 887 503 681) registered under `register`: `91` companies, `92` sole
/// traders, `11` state organs, `12` public institutions.
#[must_use]
pub fn uscc(register: &str, index: u64) -> String {
    let mut code = format!("{register}{AREA}").into_bytes();
    let mut heart = *b"MA000000";
    let mut rest = index;
    for place in heart[2..].iter_mut().rev() {
        *place = USCC_ALPHABET[(rest % 31) as usize];
        rest /= 31;
    }
    code.extend_from_slice(&heart);
    code.push(organisation_check(&heart));
    let mut first = [b'0'; 17];
    first.copy_from_slice(&code[..17]);
    code.push(uscc_check(&first));
    code.into_iter().map(char::from).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_examples_check() {
        assert_eq!(resident_check(b"11010519491231002"), b'X');
        assert_eq!(resident_check(b"44052418800101001"), b'4');
        assert_eq!(uscc_check(b"91350100M000100Y4"), b'3');
        assert_eq!(organisation_check(b"M000100Y"), b'4');
        assert_eq!(resident_number(jiff::civil::date(1990, 1, 1), 1), "990000199001010017");
    }

    #[test]
    fn neighbouring_organisations_have_different_codes_of_18_characters() {
        let codes: std::collections::BTreeSet<String> = (0..10_000).map(|i| uscc("91", i)).collect();
        assert_eq!(codes.len(), 10_000);
        assert!(codes.iter().all(|c| c.len() == 18 && c.starts_with("91990000MA")));
    }
}
