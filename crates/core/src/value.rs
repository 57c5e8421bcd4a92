//! From the characters in a cell to one exact value: dates, money, normalised text.
//!
//! Each reader accepts the forms that offices really send (domain reference §4) and nothing that would have to be
//! guessed: `2026-02-30`, `1e3` and `12万` are errors with a remedy, never a best effort.

use std::borrow::Cow;

use jiff::civil::Date;

/// How a written value differed from its exact form; counted and reported, so that nothing changes in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Normalised {
    /// White space around the value was left out.
    Trimmed,
    /// Full-width digits, letters or spaces became half-width.
    FullWidth,
    /// A date in another form became `YYYY-MM-DD`.
    DateForm,
    /// A spreadsheet's day number became a date.
    DateSerial,
    /// Another spelling or a code became the dictionary's value.
    Alias,
    /// Grouping commas in a number were left out.
    Grouping,
    /// A lower-case check character became upper-case.
    Case,
}

impl Normalised {
    /// All kinds, in report order.
    pub const ALL: [Normalised; 7] = [
        Normalised::Trimmed,
        Normalised::FullWidth,
        Normalised::DateForm,
        Normalised::DateSerial,
        Normalised::Alias,
        Normalised::Grouping,
        Normalised::Case,
    ];

    /// What it is called in a quality report.
    #[must_use]
    pub fn say(self) -> crate::Say {
        let (zh, en) = match self {
            Normalised::Trimmed => ("去除首尾空白", "white space around the value left out"),
            Normalised::FullWidth => ("全角字符转为半角", "full-width characters made half-width"),
            Normalised::DateForm => ("日期写法统一", "date written in the standard form"),
            Normalised::DateSerial => ("表格日期序号转为日期", "spreadsheet day number made a date"),
            Normalised::Alias => ("代码或别名转为标准值", "code or other spelling made the standard value"),
            Normalised::Grouping => ("去除千位分隔符", "grouping commas left out"),
            Normalised::Case => ("小写字母转为大写", "lower-case letters made upper-case"),
        };
        crate::Say::new(zh, en)
    }
}

/// White space that files carry around values: ASCII, no-break, ideographic, zero-width and byte-order marks.
fn is_padding(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{3000}' | '\u{200b}' | '\u{feff}' | '\u{2002}' | '\u{2003}')
}

/// The text without padding around it.
#[must_use]
pub fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    // Nearly every cell begins and ends with a character that cannot be padding: decide that on two bytes.
    let plain = |b: u8| b > b' ' && b < 0x7f;
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if plain(*first) && plain(*last) => text,
        _ => text.trim_matches(is_padding),
    }
}

/// Full-width digits, Latin letters, the marks that occur in numbers and dates, and spaces as half-width.
///
/// Meant for names, numbers, codes and dates. Free text is kept as it was written.
#[must_use]
pub fn half_width(text: &str) -> Cow<'_, str> {
    let needs = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}' | '\u{a0}');
    // All of these begin with the byte EF, E3 or C2: a text without them is passed on untouched.
    if memchr::memchr3(0xef, 0xe3, 0xc2, text.as_bytes()).is_none() || !text.contains(needs) {
        return Cow::Borrowed(text);
    }
    let to_half = |c: char| match c {
        '\u{3000}' | '\u{a0}' => ' ',
        // Punctuation stays: a full-width comma or bracket in a name or document number is how it is printed.
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '．' | '－' | '／' => {
            char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
        }
        other => other,
    };
    let half: String = text.chars().map(to_half).collect();
    if half == text { Cow::Borrowed(text) } else { Cow::Owned(half) }
}

/// Why a date could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not one of the accepted forms.
    #[error("not a date in a known form")]
    Form,
    /// The form is known, the day does not exist: `2026-02-30`.
    #[error("no such day in the calendar")]
    NoSuchDay,
}

fn digits(bytes: &[u8]) -> Option<i32> {
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    bytes.iter().try_fold(0i32, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i32::from(b - b'0')))
}

fn civil(year: i32, month: i32, day: i32) -> Result<Date, DateError> {
    let (Ok(y), Ok(m), Ok(d)) = (i16::try_from(year), i8::try_from(month), i8::try_from(day)) else {
        return Err(DateError::NoSuchDay);
    };
    if !(1900..=2999).contains(&y) {
        return Err(DateError::NoSuchDay);
    }
    Date::new(y, m, d).map_err(|_| DateError::NoSuchDay)
}

/// First and last day number of a spreadsheet (1900 system) that is read as a date: 1954-10-03 to 2119-01-14.
/// Shorter numbers are more likely a slip than a date.
const SERIALS: std::ops::RangeInclusive<i32> = 20_000..=80_000;

/// Reads a date: `2026-03-01`, `2026/3/1`, `2026.3.1`, `20260301`, `2026年3月1日`, a spreadsheet's day number, each
/// also with a time of day behind it, which is left out.
///
/// # Errors
/// [`DateError::Form`] for any other writing; [`DateError::NoSuchDay`] for a day that the calendar lacks.
pub fn read_date(text: &str) -> Result<(Date, Option<Normalised>), DateError> {
    let bytes = text.as_bytes();
    // The standard form first: it is what most files carry.
    if let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes {
        let (y, m, d) = (digits(&[*y1, *y2, *y3, *y4]), digits(&[*m1, *m2]), digits(&[*d1, *d2]));
        if let (Some(y), Some(m), Some(d)) = (y, m, d) {
            return Ok((civil(y, m, d)?, None));
        }
    }
    let all = digits(bytes);
    match (all, bytes.len()) {
        (Some(n), 8) => return Ok((civil(n / 10_000, n / 100 % 100, n % 100)?, Some(Normalised::DateForm))),
        (Some(n), 5) if SERIALS.contains(&n) => {
            let date = crate::dates::from_days(n - 25_569).ok_or(DateError::NoSuchDay)?;
            return Ok((date, Some(Normalised::DateSerial)));
        }
        _ => {}
    }
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    let day = day.strip_suffix('日').or_else(|| day.strip_suffix('号')).unwrap_or(day);
    let mut parts = day.split(['-', '/', '.', '年', '月']);
    let (Some(y), Some(m), Some(d), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(DateError::Form);
    };
    if y.len() != 4 || m.len() > 2 || d.len() > 2 {
        return Err(DateError::Form);
    }
    let (Some(y), Some(m), Some(d)) = (digits(y.as_bytes()), digits(m.as_bytes()), digits(d.as_bytes())) else {
        return Err(DateError::Form);
    };
    Ok((civil(y, m, d)?, Some(Normalised::DateForm)))
}

/// Is it the way files write "no end" (`2099-12-31`)?
#[must_use]
pub fn is_no_end(date: Date) -> bool {
    date.year() >= 2099
}

/// Why an amount could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Other characters than digits, one point and grouping commas.
    #[error("not a plain decimal number")]
    Form,
    /// More decimals than the unit allows: an amount smaller than 0.01 CNY.
    #[error("more decimals than 0.01 CNY")]
    TooFine,
    /// More than decimal(18,6) holds.
    #[error("too large")]
    TooLarge,
    /// Below zero.
    #[error("below zero")]
    Negative,
}

/// Reads a decimal amount as integer 分 (0.01 CNY). `decimals` is 6 for 万元 (10 000 CNY) and 2 for 元.
///
/// Zeros behind the last decimal that counts are accepted: `0.0200000` 万元 is 200 元.
///
/// # Errors
/// See [`MoneyError`]; nothing is rounded.
pub fn read_money(text: &str, decimals: usize) -> Result<(i64, Option<Normalised>), MoneyError> {
    let (cow, grouped) = ungroup(text)?;
    let text = cow.as_ref();
    if text.starts_with('-') {
        return Err(MoneyError::Negative);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || (text.contains('.') && fraction.is_empty()) {
        return Err(MoneyError::Form);
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > 12 {
        return Err(MoneyError::TooLarge);
    }
    if fraction.len() > decimals && fraction.as_bytes()[decimals..].iter().any(|b| *b != b'0') {
        return Err(MoneyError::TooFine);
    }
    let mut fen = whole.bytes().fold(0i64, |sum, b| sum * 10 + i64::from(b - b'0'));
    let mut digits = fraction.bytes().take(decimals);
    for _ in 0..decimals {
        fen = fen * 10 + digits.next().map_or(0, |b| i64::from(b - b'0'));
    }
    Ok((fen, grouped.then_some(Normalised::Grouping)))
}

/// `1,234,567.5` without its commas, if they stand where grouping puts them.
fn ungroup(text: &str) -> Result<(Cow<'_, str>, bool), MoneyError> {
    if !text.contains(',') {
        return Ok((Cow::Borrowed(text), false));
    }
    let whole = text.split('.').next().unwrap_or(text);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    if first.is_empty() || first.len() > 3 || groups.any(|g| g.len() != 3) {
        return Err(MoneyError::Form);
    }
    Ok((Cow::Owned(text.replace(',', "")), true))
}

/// An amount in 分 as people read it: `12,345.60 元`.
#[must_use]
pub fn yuan_text(fen: i64) -> String {
    let digits = (fen / 100).to_string();
    let mut grouped = String::with_capacity(digits.len() + 8);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("{grouped}.{:02} 元", fen % 100)
}

/// Why a source time could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time or a serial number")]
pub struct SourceTimeError;

/// Reads `SJC`: a date and time in any usual writing, or a serial number. Only the order of two of them counts.
///
/// The digits are read as one number, a bare date as its first second, so `2026-03-01`, `20260301000000` and
/// `2026/03/01 00:00:00` are the same time; up to 17 digits (milliseconds).
///
/// # Errors
/// [`SourceTimeError`] if there is no digit, or anything but digits and the usual marks.
pub fn read_source_time(text: &str) -> Result<i64, SourceTimeError> {
    let mut number = 0i64;
    let mut count = 0u32;
    for c in text.bytes() {
        match c {
            b'0'..=b'9' if count < 17 => {
                number = number * 10 + i64::from(c - b'0');
                count += 1;
            }
            // Finer than milliseconds does not change which of two rows is the later one.
            b'0'..=b'9' | b'-' | b'/' | b':' | b' ' | b'.' | b'T' | b'Z' => {}
            _ => return Err(SourceTimeError),
        }
    }
    if count == 0 {
        return Err(SourceTimeError);
    }
    // A date (8 digits) or a time in seconds (14) is brought to the 17 digits of milliseconds; other counts are serial
    // numbers and are compared as they are.
    Ok(match count {
        8 => number * 1_000_000_000,
        14 => number * 1_000,
        _ => number,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-03-01", None)]
    #[case("2026/03/01", Some(Normalised::DateForm))]
    #[case("2026/3/1", Some(Normalised::DateForm))]
    #[case("20260301", Some(Normalised::DateForm))]
    #[case("2026年3月1日", Some(Normalised::DateForm))]
    #[case("2026年03月01日", Some(Normalised::DateForm))]
    #[case("2026.3.1", Some(Normalised::DateForm))]
    #[case("2026-03-01 00:00:00", Some(Normalised::DateForm))]
    #[case("46082", Some(Normalised::DateSerial))]
    fn every_form_of_a_date_is_the_same_day(#[case] text: &str, #[case] how: Option<Normalised>) {
        assert_eq!(read_date(text), Ok((date(2026, 3, 1), how)));
    }

    #[rstest]
    #[case("2026-02-30", DateError::NoSuchDay)]
    #[case("20260230", DateError::NoSuchDay)]
    #[case("2026-13-01", DateError::NoSuchDay)]
    #[case("0026-01-01", DateError::NoSuchDay)]
    #[case("03/01/2026", DateError::Form)]
    #[case("260301", DateError::Form)]
    #[case("明天", DateError::Form)]
    #[case("2026-3", DateError::Form)]
    #[case("", DateError::Form)]
    fn no_date_is_guessed(#[case] text: &str, #[case] why: DateError) {
        assert_eq!(read_date(text).unwrap_err(), why);
    }

    #[rstest]
    #[case("0.02", 20_000)]
    #[case("0.020000", 20_000)]
    #[case("1", 1_000_000)]
    #[case("0.000001", 1)]
    #[case("999999999999.999999", 999_999_999_999_999_999)]
    #[case("1,234.5", 1_234_500_000)]
    #[case("0.0200000", 20_000)]
    fn ten_thousand_yuan_become_fen_without_loss(#[case] text: &str, #[case] fen: i64) {
        assert_eq!(read_money(text, 6).unwrap().0, fen);
    }

    #[rstest]
    #[case("1e3", MoneyError::Form)]
    #[case("12万", MoneyError::Form)]
    #[case("1,23", MoneyError::Form)]
    #[case("1.", MoneyError::Form)]
    #[case(".5", MoneyError::Form)]
    #[case("-1", MoneyError::Negative)]
    #[case("0.0000001", MoneyError::TooFine)]
    #[case("1000000000000", MoneyError::TooLarge)]
    fn no_amount_is_rounded_or_guessed(#[case] text: &str, #[case] why: MoneyError) {
        assert_eq!(read_money(text, 6).unwrap_err(), why);
    }

    #[test]
    fn full_width_digits_become_half_width_and_punctuation_stays() {
        assert_eq!(half_width("２０２６年３月"), "2026年3月");
        assert_eq!(half_width("市监罚〔２０２６〕１号"), "市监罚〔2026〕1号");
        assert!(matches!(half_width("张三（甲）"), Cow::Borrowed(_)));
        assert_eq!(trim("\u{feff} 张三　"), "张三");
    }

    #[test]
    fn source_times_compare_across_writings() {
        assert_eq!(read_source_time("2026-03-01"), read_source_time("20260301000000"));
        assert!(read_source_time("2026-03-01 08:00:01").unwrap() > read_source_time("20260301080000").unwrap());
        assert_eq!(read_source_time("abc"), Err(SourceTimeError));
    }

    proptest! {
        #[test]
        fn every_amount_in_fen_survives_writing_and_reading(fen in 0i64..=999_999_999_999_999_999) {
            let text = format!("{}.{:06}", fen / 1_000_000, fen % 1_000_000);
            prop_assert_eq!(read_money(&text, 6).unwrap().0, fen);
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in "\\PC{0,24}") {
            let _ = (read_date(&text), read_money(&text, 6), read_source_time(&text), half_width(&text));
        }
    }
}
