//! How an office writes what it means: headings, dates, amounts, title rows, blank rows, stray spaces.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rng::Rng;
use crate::table::{Cell, Column, Part};

/// File format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated.
    Csv,
    /// Tab-separated.
    Tsv,
    /// Office Open XML workbook with one sheet.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// File extension.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
        }
    }
}

/// Encoding of a text file. A workbook is UTF-8 inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8 without a byte-order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 with a byte-order mark, as spreadsheets save it.
    #[serde(rename = "utf-8-bom")]
    Utf8Bom,
    /// GBK: no character in the file is outside it.
    #[serde(rename = "gbk")]
    Gbk,
    /// GB 18030, with characters that GBK does not have.
    #[serde(rename = "gb18030")]
    Gb18030,
}

/// What stands in the row of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Headings {
    /// `CF_WSH`.
    Codes,
    /// Chinese labels.
    Labels,
    /// The codes of older systems, where there are any.
    Older,
}

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Days {
    /// 2026-03-01
    Iso,
    /// 2026/03/01
    Slashed,
    /// 20260301
    Compact,
    /// 2026年3月1日
    Chinese,
    /// Days since 1899-12-30, as a bare number.
    Serial,
    /// The same, shown by the workbook as a date.
    DateCell,
}

/// A value as it goes into a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// A number: as written in text files, a number cell in a workbook.
    Number(String),
    /// Days since 1899-12-30; `as_date` where the cell is formatted as a date.
    Serial {
        days: i64,
        as_date: bool,
    },
}

/// The habits of one office.
#[derive(Debug, Clone)]
pub(crate) struct Dress {
    pub(crate) format: Format,
    pub(crate) encoding: Encoding,
    headings: Headings,
    days: Days,
    /// A merged title row above the headings.
    pub(crate) title: bool,
    /// Blank rows here and there.
    pub(crate) blanks: bool,
    /// Lines end as on Windows.
    pub(crate) crlf: bool,
    /// Columns in an order of the office's own, optional ones left out at will.
    pub(crate) own_columns: bool,
    /// Amounts as numbers without trailing zeros.
    numbers: bool,
    /// Full-width digits in document numbers, spaces after values.
    untidy: bool,
    /// Kinds by their numeric code or another word.
    other_words: bool,
    /// A column that the item does not have, which an office adds all the same: heading and values.
    pub(crate) stray: Option<(&'static str, &'static [&'static str])>,
}

impl Dress {
    /// What a system sends: CSV in UTF-8, codes as headings, ISO dates, nothing to mend.
    pub(crate) const PLAIN: Self = Self {
        format: Format::Csv,
        encoding: Encoding::Utf8,
        headings: Headings::Codes,
        days: Days::Iso,
        title: false,
        blanks: false,
        crlf: false,
        own_columns: false,
        numbers: false,
        untidy: false,
        other_words: false,
        stray: None,
    };

    /// The habits of the `nth` file of a city; they come round again after [`HABITS`].
    pub(crate) fn of(nth: usize) -> &'static Self {
        &HABITS[nth % HABITS.len()]
    }

    /// Heading of a column.
    pub(crate) fn heading(&self, column: &Column) -> &'static str {
        match self.headings {
            Headings::Codes => column.code,
            Headings::Labels => column.label,
            Headings::Older if column.older.is_empty() => column.code,
            Headings::Older => column.older,
        }
    }

    /// The value as this office writes it.
    pub(crate) fn show<'a>(&self, part: Part, cell: &'a Cell, rng: &mut Rng) -> Shown<'a> {
        match cell {
            Cell::Empty => Shown::Empty,
            Cell::Text(text) => Shown::Text(self.text(part, text, rng)),
            Cell::Day(day) => self.day(*day),
            Cell::NoEnd => self.day(jiff::civil::date(2099, 12, 31)),
            Cell::NoSuchDay(year) => Shown::Text(self.day_text(*year, 2, 30).into()),
            Cell::Wan(fen) => self.wan(*fen),
            Cell::Count(number) if self.numbers => Shown::Number(number.to_string()),
            Cell::Count(number) => Shown::Text(number.to_string().into()),
        }
    }

    fn day(&self, day: Date) -> Shown<'static> {
        let as_date = self.days == Days::DateCell;
        if as_date || self.days == Days::Serial {
            return Shown::Serial { days: serial(day), as_date };
        }
        Shown::Text(self.day_text(day.year(), day.month(), day.day()).into())
    }

    /// Takes the parts, because 30 February is no day.
    fn day_text(&self, year: i16, month: i8, day: i8) -> String {
        match self.days {
            Days::Iso | Days::Serial | Days::DateCell => format!("{year:04}-{month:02}-{day:02}"),
            Days::Slashed => format!("{year:04}/{month:02}/{day:02}"),
            Days::Compact => format!("{year:04}{month:02}{day:02}"),
            Days::Chinese => format!("{year}年{month}月{day}日"),
        }
    }

    /// 200 元 are `0.020000` 万元; one 分 is the sixth decimal.
    fn wan(&self, fen: i64) -> Shown<'static> {
        let all = format!("{}.{:06}", fen / 1_000_000, fen % 1_000_000);
        if self.numbers {
            return Shown::Number(all.trim_end_matches('0').trim_end_matches('.').to_owned());
        }
        Shown::Text(all.into())
    }

    fn text<'a>(&self, part: Part, text: &'a str, rng: &mut Rng) -> Cow<'a, str> {
        let text = if self.other_words { other_word(part, text) } else { text };
        if !self.untidy {
            return Cow::Borrowed(text);
        }
        match rng.below(100) {
            0..4 if part == Part::DocumentNumber => full_width_digits(text).into(),
            4..8 => format!("{text} ").into(),
            8..10 => format!("{text}\u{3000}").into(),
            10..12 if part == Part::Number => full_width_digits(text).into(),
            _ => Cow::Borrowed(text),
        }
    }
}

/// Days since 1899-12-30, as spreadsheets count.
fn serial(day: Date) -> i64 {
    jiff::civil::date(1899, 12, 30).until(day).map_or(0, |span| i64::from(span.get_days()))
}

fn full_width_digits(text: &str) -> String {
    let wide = |c: char| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c };
    text.chars().map(wide).collect()
}

/// Another spelling that the catalogue's dictionaries know.
fn other_word(part: Part, text: &str) -> &str {
    match (part, text) {
        (Part::SubjectKind, "自然人") => "个人",
        (Part::SubjectKind, "法人及非法人组织") => "法人和其他组织",
        (Part::SubjectKind, "个体工商户") => "个体户",
        (Part::DocumentKind | Part::HeadDocumentKind, "身份证") => "01",
        _ => text,
    }
}

/// The columns that no item has. One is of a kind that may never be held, the other is merely not listed; the values
/// are nobody's.
const MARRIAGE: Option<(&str, &[&str])> = Some(("婚姻状况", &["未婚", "已婚", ""]));
const TELEPHONE: Option<(&str, &[&str])> = Some(("联系电话", &["000-0000001", "000-0000002", ""]));

/// The habits of offices. The first file of a city, in a format that every tool opens, is for the demonstration.
static HABITS: [Dress; 10] = [
    Dress { headings: Headings::Labels, encoding: Encoding::Utf8Bom, crlf: true, ..Dress::PLAIN },
    Dress {
        format: Format::Xlsx,
        headings: Headings::Labels,
        days: Days::DateCell,
        title: true,
        blanks: true,
        own_columns: true,
        numbers: true,
        ..Dress::PLAIN
    },
    Dress {
        encoding: Encoding::Gb18030,
        headings: Headings::Labels,
        days: Days::Chinese,
        crlf: true,
        untidy: true,
        ..Dress::PLAIN
    },
    Dress {
        encoding: Encoding::Gbk,
        headings: Headings::Older,
        days: Days::Compact,
        crlf: true,
        own_columns: true,
        other_words: true,
        ..Dress::PLAIN
    },
    Dress {
        format: Format::Tsv,
        days: Days::Slashed,
        own_columns: true,
        untidy: true,
        stray: TELEPHONE,
        ..Dress::PLAIN
    },
    Dress { format: Format::Jsonl, numbers: true, other_words: true, ..Dress::PLAIN },
    Dress {
        format: Format::Xlsx,
        headings: Headings::Older,
        days: Days::Serial,
        own_columns: true,
        untidy: true,
        ..Dress::PLAIN
    },
    Dress {
        encoding: Encoding::Utf8Bom,
        headings: Headings::Older,
        days: Days::Slashed,
        blanks: true,
        crlf: true,
        untidy: true,
        ..Dress::PLAIN
    },
    Dress { format: Format::Xlsx, days: Days::Slashed, title: true, untidy: true, stray: MARRIAGE, ..Dress::PLAIN },
    Dress {
        format: Format::Tsv,
        encoding: Encoding::Gb18030,
        headings: Headings::Labels,
        days: Days::Serial,
        own_columns: true,
        blanks: true,
        ..Dress::PLAIN
    },
];

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn shown(dress: &Dress, cell: &Cell) -> String {
        match dress.show(Part::Plain, cell, &mut Rng::of(1, 1, 1)) {
            Shown::Empty => String::new(),
            Shown::Text(t) => t.into_owned(),
            Shown::Number(n) => n,
            Shown::Serial { days, .. } => days.to_string(),
        }
    }

    #[test]
    fn one_day_is_written_in_every_form() {
        let forms: std::collections::BTreeSet<String> =
            HABITS.iter().map(|d| shown(d, &Cell::Day(date(2026, 3, 1)))).collect();
        let expected = ["2026-03-01", "2026/03/01", "20260301", "2026年3月1日", "46082"];
        assert_eq!(forms, expected.map(str::to_owned).into());
    }

    #[test]
    fn amounts_in_wan_keep_every_fen() {
        assert_eq!(shown(&Dress::PLAIN, &Cell::Wan(20_000)), "0.020000");
        assert_eq!(shown(&Dress::PLAIN, &Cell::Wan(123_456_701)), "123.456701");
        let numbers = Dress { numbers: true, ..Dress::PLAIN };
        assert_eq!(shown(&numbers, &Cell::Wan(20_000)), "0.02");
        assert_eq!(shown(&numbers, &Cell::Wan(30_000_000)), "30");
    }

    #[test]
    fn impossible_day_is_written_like_any_other() {
        assert_eq!(shown(&Dress::PLAIN, &Cell::NoSuchDay(2026)), "2026-02-30");
        assert_eq!(shown(&Dress { days: Days::Chinese, ..Dress::PLAIN }, &Cell::NoSuchDay(2026)), "2026年2月30日");
    }

    #[test]
    fn every_format_and_encoding_has_its_office() {
        for format in [Format::Csv, Format::Tsv, Format::Xlsx, Format::Jsonl] {
            assert!(HABITS.iter().any(|d| d.format == format));
        }
        for encoding in [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Gbk, Encoding::Gb18030] {
            assert!(HABITS.iter().any(|d| d.encoding == encoding));
        }
    }
}
