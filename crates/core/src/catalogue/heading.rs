//! Headings of columns, as offices type them: `*行政相对人名称（必填）`, `ＣＦ＿ＷＳＨ`, `罚款金额(万元)`.
//!
//! A heading is matched by code, alias or label, never by likeness: a column that is not meant must not be taken for
//! one that is. In particular only brackets that say *how* to fill a column are dropped. `姓名（法定代表人）` is not
//! `姓名`, and `罚款金额（元）` is not a column in 万元.

use std::collections::HashMap;

use super::model::{Field, FieldType};

/// What a heading stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingMatch {
    /// The field at this index of the item.
    Field(usize),
    /// This field, but in another unit than its values have; taking it would change every amount.
    WrongUnit(usize),
    /// More than one field, once notes in brackets are dropped.
    Ambiguous,
    /// No field of the item.
    Unknown,
}

/// Text without what people do not mean by it: full-width forms become ASCII, letters lower case, white space and
/// invisible characters go, brackets of every shape become `(` `)`.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().filter_map(fold_char).flat_map(char::to_lowercase).collect()
}

fn fold_char(c: char) -> Option<char> {
    match c {
        // Zero-width characters and the byte-order mark come along when headings are copied from web pages.
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => None,
        c if c.is_whitespace() || c.is_control() => None,
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).map(square_to_round),
        '【' | '〔' | '〖' => Some('('),
        '】' | '〕' | '〗' => Some(')'),
        c => Some(square_to_round(c)),
    }
}

fn square_to_round(c: char) -> char {
    match c {
        '[' => '(',
        ']' => ')',
        c => c,
    }
}

/// Notes that say how to fill a column and nothing about what it is. Folded.
const NOTES: &[&str] = &[
    "必填",
    "选填",
    "非必填",
    "可选",
    "可空",
    "必录",
    "必填项",
    "选填项",
    "条件必填",
    "自然人必填",
    "法人必填",
    "下拉选择",
    "required",
    "optional",
    "日期",
    "年月日",
    "yyyy-mm-dd",
    "yyyy/mm/dd",
    "yyyymmdd",
    "日期格式",
    "文本",
    "数字",
];

const WAN: &[&str] = &["万元", "万", "万元人民币", "人民币万元", "单位:万元", "10000cny", "10,000cny", "wanyuan"];
const YUAN: &[&str] = &["元", "元人民币", "人民币元", "单位:元", "cny", "rmb", "yuan"];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    One(usize),
    Several,
}

/// The headings of one item, hashed.
#[derive(Debug, Clone, Default)]
pub(super) struct Headings {
    full: HashMap<String, Entry>,
    bare: HashMap<String, Entry>,
    kinds: Vec<FieldType>,
}

impl Headings {
    pub(super) fn new<'f>(fields: impl Iterator<Item = &'f Field>) -> Self {
        let mut headings = Self::default();
        for (index, field) in fields.enumerate() {
            for name in names_of(field) {
                let full = heading_key(name);
                let (bare, notes) = split_notes(&full);
                // 有效期（起） is not also 有效期: only what says nothing about the column may be missing.
                if notes.iter().all(|note| is_own_unit(field.kind, note) || NOTES.contains(note)) {
                    add(&mut headings.bare, bare, index);
                }
                add(&mut headings.full, &full, index);
            }
            headings.kinds.push(field.kind);
        }
        headings
    }

    pub(super) fn find(&self, heading: &str) -> HeadingMatch {
        let mut rest = &*heading_key(heading);
        let mut notes = Vec::new();
        loop {
            let found = self.full.get(rest).or_else(|| self.bare.get(rest));
            match found {
                Some(Entry::One(index)) => return self.judge_notes(*index, &notes),
                Some(Entry::Several) => return HeadingMatch::Ambiguous,
                None => {}
            }
            let Some((before, note)) = split_note(rest) else {
                return HeadingMatch::Unknown;
            };
            notes.push(note);
            rest = before;
        }
    }

    fn judge_notes(&self, index: usize, notes: &[&str]) -> HeadingMatch {
        notes.iter().fold(HeadingMatch::Field(index), |so_far, note| match so_far {
            HeadingMatch::Field(_) => self.judge_note(index, note),
            other => other,
        })
    }

    /// May a bracketed note be dropped from a heading of this field?
    fn judge_note(&self, index: usize, note: &str) -> HeadingMatch {
        let kind = self.kinds.get(index).copied();
        let money = matches!(kind, Some(FieldType::MoneyWan | FieldType::MoneyYuan));
        if kind.is_some_and(|kind| is_own_unit(kind, note)) {
            HeadingMatch::Field(index)
        } else if money && (WAN.contains(&note) || YUAN.contains(&note) || note.contains('元')) {
            HeadingMatch::WrongUnit(index)
        } else if NOTES.contains(&note) || self.full.get(note) == Some(&Entry::One(index)) {
            // The second case: 行政相对人名称（CF_XDR_MC）, two names of one field.
            HeadingMatch::Field(index)
        } else {
            HeadingMatch::Unknown
        }
    }
}

/// Everything by which a field may be called.
pub(super) fn names_of(field: &Field) -> impl Iterator<Item = &str> {
    [field.code.as_str(), field.label.as_str(), field.label_en.as_str()]
        .into_iter()
        .chain(field.aliases.iter().map(String::as_str))
        .filter(|name| !name.is_empty())
}

/// How a name is compared with others: two names of different fields may not be equal in this form.
pub(super) fn heading_key(name: &str) -> String {
    trim_marks(&fold(name)).to_owned()
}

fn add(map: &mut HashMap<String, Entry>, name: &str, index: usize) {
    match map.get(name) {
        None => {
            map.insert(name.to_owned(), Entry::One(index));
        }
        Some(Entry::One(other)) if *other != index => {
            map.insert(name.to_owned(), Entry::Several);
        }
        Some(_) => {}
    }
}

/// Without the stars and colons that mark a heading.
fn trim_marks(folded: &str) -> &str {
    folded.trim_matches(['*', ':', '※', '★'])
}

/// Is the note the unit in which values of this type stand?
fn is_own_unit(kind: FieldType, note: &str) -> bool {
    match kind {
        FieldType::MoneyWan => WAN.contains(&note),
        FieldType::MoneyYuan => YUAN.contains(&note),
        _ => false,
    }
}

/// Splits `a(b)` into `a` and `b`. What is all brackets stays whole.
fn split_note(folded: &str) -> Option<(&str, &str)> {
    let (before, note) = folded.strip_suffix(')')?.rsplit_once('(')?;
    let before = trim_marks(before);
    (!before.is_empty()).then_some((before, note))
}

/// Splits `a(b)(c)` into `a` and its notes.
fn split_notes(folded: &str) -> (&str, Vec<&str>) {
    let (mut rest, mut notes) = (folded, Vec::new());
    while let Some((before, note)) = split_note(rest) {
        notes.push(note);
        rest = before;
    }
    (rest, notes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn headings() -> Headings {
        let fields: Vec<Field> = toml::from_str::<super::super::model::FieldSet>(
            r#"
            code = "t"
            [[field]]
            code = "CF_XDR_MC"
            label = "行政相对人名称"
            label_en = "Name of the party"
            aliases = ["相对人名称"]
            type = "name"
            [[field]]
            code = "CF_NR_FK"
            label = "罚款金额（万元）"
            label_en = "Fine (10 000 CNY)"
            type = "money_wan"
            [[field]]
            code = "YXQZ"
            label = "有效期（起）"
            label_en = "Valid from"
            type = "date"
            [[field]]
            code = "YXQZI"
            label = "有效期（止）"
            label_en = "Valid until"
            type = "date"
            "#,
        )
        .unwrap()
        .fields;
        Headings::new(fields.iter())
    }

    #[test]
    fn a_heading_is_found_by_code_alias_and_label_however_it_is_typed() {
        let headings = headings();
        for heading in [
            "CF_XDR_MC",
            " cf_xdr_mc ",
            "ＣＦ＿ＸＤＲ＿ＭＣ",
            "行政相对人名称*",
            "＊行政相对人名称",
            "行政相对人 名称（必填）",
            "行政相对人名称(CF_XDR_MC)",
            "相对人名称：",
            "\u{feff}行政相对人名称",
            "name of the PARTY [required]",
        ] {
            assert_eq!(headings.find(heading), HeadingMatch::Field(0), "{heading}");
        }
    }

    #[test]
    fn a_unit_in_brackets_is_dropped_only_if_it_is_the_unit_of_the_field() {
        let headings = headings();
        for heading in
            ["罚款金额", "罚款金额（万元）", "罚款金额(单位：万元)", "罚款金额（万元）（必填）", "CF_NR_FK（万元）"]
        {
            assert_eq!(headings.find(heading), HeadingMatch::Field(1), "{heading}");
        }
        assert_eq!(headings.find("罚款金额（元）"), HeadingMatch::WrongUnit(1));
        assert_eq!(headings.find("CF_NR_FK(万美元)"), HeadingMatch::WrongUnit(1));
    }

    #[test]
    fn brackets_that_tell_two_columns_apart_are_kept() {
        let headings = headings();
        assert_eq!(headings.find("有效期（起）"), HeadingMatch::Field(2));
        assert_eq!(headings.find("有效期（止）必填"), HeadingMatch::Unknown);
        assert_eq!(headings.find("有效期(止)(必填)"), HeadingMatch::Field(3));
        assert_eq!(headings.find("有效期"), HeadingMatch::Unknown);
    }

    #[test]
    fn a_column_about_someone_else_is_not_the_subjects_column() {
        assert_eq!(headings().find("行政相对人名称（法定代表人）"), HeadingMatch::Unknown);
        assert_eq!(headings().find(""), HeadingMatch::Unknown);
        assert_eq!(headings().find("（）"), HeadingMatch::Unknown);
    }
}
