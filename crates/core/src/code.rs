//! Codes that people read off paper and over the telephone: Crockford's base 32, which has no I, L, O or U, with two check
//! characters behind those that carry chance.

/// Crockford's alphabet.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Check characters of a code.
pub const CHECK_LENGTH: usize = 2;

/// Largest prime below 32²: it divides neither 32 nor 31, so that one wrong character, or two neighbours exchanged,
/// always change the remainder.
const CHECK_MODULUS: u32 = 1021;

/// The character of a value, of which the lowest five bits count.
#[must_use]
pub fn character(value: usize) -> char {
    char::from(ALPHABET[value % 32])
}

/// The value of a character; `None` for one that is not of the alphabet.
#[must_use]
pub fn digit(byte: u8) -> Option<u32> {
    ALPHABET.iter().position(|c| *c == byte).map(|at| at as u32)
}

/// One character for each byte. 256 is a multiple of 32: of random bytes every character is equally likely.
#[must_use]
pub fn text_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| character(usize::from(*byte))).collect()
}

/// The check characters of a body.
#[must_use]
pub fn check(body: &str) -> String {
    let remainder = remainder(body) as usize;
    [character(remainder / 32), character(remainder)].into_iter().collect()
}

/// A body with its check characters.
#[must_use]
pub fn with_check(body: String) -> String {
    let check = check(&body);
    body + &check
}

/// Reads a code with check characters, of one of these lengths, as people write it ([`canonical`]); `None` where it was mistyped,
/// or is so long that nothing of it needs to be looked at.
#[must_use]
pub fn read_checked(text: &str, lengths: &[usize]) -> Option<String> {
    // Many times as much as with every separator.
    if text.len() > 512 {
        return None;
    }
    lengths.iter().find_map(|length| canonical(text, *length)).filter(|code| checks(code))
}

/// The last part of an address, where a code stands in one.
#[must_use]
pub fn last_of_address(text: &str) -> &str {
    let path = text.trim().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

/// Do the last characters of a code of ours say that the others are as they were written?
#[must_use]
pub fn checks(code: &str) -> bool {
    code.len().checked_sub(CHECK_LENGTH).is_some_and(|at| code.is_char_boundary(at) && check(&code[..at]) == code[at..])
}

fn remainder(body: &str) -> u32 {
    body.bytes().fold(0, |sum, b| (sum * 32 + digit(b).unwrap_or(0)) % CHECK_MODULUS)
}

/// Reads a code as people write it: any case, hyphens and spaces anywhere, full width, O for 0, I and L for 1. `None` if there
/// are other characters or not exactly `length`.
#[must_use]
pub fn canonical(text: &str, length: usize) -> Option<String> {
    let mut code = String::with_capacity(length);
    for c in text.chars() {
        // Input methods leave full-width letters and digits.
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
            c => c,
        };
        match c.to_ascii_uppercase() {
            '-' | '‐' | '–' | '—' | ' ' | '\u{3000}' | '\u{a0}' | '\t' | '\r' | '\n' => {}
            'O' => code.push('0'),
            'I' | 'L' => code.push('1'),
            c if c.is_ascii() && digit(c as u8).is_some() => code.push(c),
            _ => return None,
        }
        if code.len() > length {
            return None;
        }
    }
    (code.len() == length).then_some(code)
}

/// In groups of four, as it is printed.
#[must_use]
pub fn grouped(code: &str) -> String {
    let groups: Vec<&str> = code.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join("-")
}

/// Makes a type of numbers that papers are found by: two letters, the day, chance, check characters. The day helps an archive; the
/// rest is random. Letters that are read as digits (I, L, O) cannot stand in front.
macro_rules! dated_number {
    ($(#[$meta:meta])* $name:ident, $prefix:literal, $chance:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// A number of a day, of random bytes, a character each.
            #[must_use]
            pub fn new(day: jiff::civil::Date, random: &[u8; $chance]) -> Self {
                let body = format!("{}{}{}", $prefix, day.strftime("%Y%m%d"), $crate::code::text_of(random));
                Self($crate::code::with_check(body))
            }

            /// Reads a number as people write it, see [`crate::code::canonical`]; `None` where its check characters say that it was mistyped.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let length = $prefix.len() + 8 + $chance + $crate::code::CHECK_LENGTH;
                let read = $crate::code::read_checked(text, &[length]);
                read.filter(|number| number.starts_with($prefix)).map(Self)
            }

            /// Without separators.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// As it is printed.
            #[must_use]
            pub fn text(&self) -> String {
                let (day, rest) = self.0.split_at($prefix.len() + 8);
                format!("{day}-{}", $crate::code::grouped(rest))
            }
        }
    };
}
pub(crate) use dated_number;

/// Makes a type of codes that are handed over once: chance with check characters. `Debug` tells nothing: who has one can use it.
macro_rules! one_time_code {
    ($(#[$meta:meta])* $name:ident, $chance:literal) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl $name {
            /// A code of random bytes, a character each.
            #[must_use]
            pub fn new(random: &[u8; $chance]) -> Self {
                Self($crate::code::with_check($crate::code::text_of(random)))
            }

            /// Reads a code as people write it, see [`crate::code::canonical`]; `None` where its check characters say that it was mistyped.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                $crate::code::read_checked(text, &[$chance + $crate::code::CHECK_LENGTH]).map(Self)
            }

            /// Without separators.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// In groups of four, as it is shown.
            #[must_use]
            pub fn grouped(&self) -> String {
                $crate::code::grouped(&self.0)
            }
        }
    };
}
pub(crate) use one_time_code;
