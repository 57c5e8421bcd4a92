//! JSON Lines: one object a line. Columns are the keys of the first lines, in order of appearance.
//!
//! Numbers keep their literal text: an ID number written as a JSON number has more digits than a float
//! can hold, and a fine of `1.10` is the text that the authority wrote.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::Fault;
use crate::problem::Problem;
use crate::rows::{RowMeta, Rows, Span};
use crate::text::parse::Plan;

/// The columns of a file: key to position.
#[derive(Debug, Default, Clone)]
pub(crate) struct Keys {
    names: Vec<String>,
    index: HashMap<String, usize>,
}

impl Keys {
    /// The keys in order of appearance.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Takes the keys of every line that is an object.
    ///
    /// # Errors
    /// [`Fault::NotJsonLines`] where no line is one; [`Fault::TooManyColumns`].
    pub(crate) fn collect<'a>(lines: impl Iterator<Item = (u64, &'a str)>, max_columns: usize) -> Result<Keys, Fault> {
        let mut keys = Keys::default();
        let mut first = None;
        let mut objects = 0;
        for (row, line) in lines {
            first.get_or_insert(row);
            let Ok(members) = members(line) else { continue };
            objects += 1;
            for (key, _) in members {
                if keys.index.contains_key(key.as_ref()) {
                    continue;
                }
                if keys.names.len() == max_columns {
                    let cell = crate::error::cell_name(row, max_columns + 1);
                    return Err(Fault::TooManyColumns { cell, limit: max_columns });
                }
                keys.index.insert(key.clone().into_owned(), keys.names.len());
                keys.names.push(key.into_owned());
            }
        }
        match (objects, first) {
            (0, Some(row)) => Err(Fault::NotJsonLines { row }),
            _ => Ok(keys),
        }
    }
}

/// Parses `lines`, the first of which is line `first_row`, into `rows`.
pub(crate) fn parse(lines: &str, plan: &Plan, first_row: u64, keys: &Keys, rows: &mut Rows) {
    let line_end = char::from(plan.shape.line_end);
    let lines = lines.strip_suffix(line_end).unwrap_or(lines);
    for (number, line) in (first_row..).zip(lines.split(line_end)) {
        if number <= plan.after_row {
            continue;
        }
        if line.trim().is_empty() {
            rows.blank += 1;
            continue;
        }
        let mut meta = rows.begin_row(number);
        match members(line) {
            Ok(members) => fill(rows, &mut meta, &members, keys, plan.max_cell_chars),
            Err(at) => rows.problems.push(Problem::BadJson { at }),
        }
        rows.rows.push(meta);
    }
    rows.note_mojibake();
}

fn fill(
    rows: &mut Rows,
    meta: &mut RowMeta,
    members: &[(Cow<'_, str>, &RawValue)],
    keys: &Keys,
    max_cell_chars: usize,
) {
    let first = rows.fields.len();
    rows.fields.resize(first + keys.names.len(), Span::default());
    meta.width = members.len() as u32;
    let mut seen = vec![false; keys.names.len()];
    for (key, value) in members {
        let Some(&column) = keys.index.get(key.as_ref()) else {
            rows.problems.push(Problem::UnknownKey { key: start_of(key) });
            continue;
        };
        if std::mem::replace(&mut seen[column], true) {
            rows.problems.push(Problem::RepeatedKey { key: start_of(key) });
            continue;
        }
        let start = rows.text.len();
        if !push_value(&mut rows.text, value.get()) {
            rows.problems.push(Problem::NestedValue { column: column + 1 });
        }
        let span = Span::new(start, rows.text.len());
        rows.fields[first + column] = span;
        if span.len() > max_cell_chars {
            let chars = span.of(&rows.text).chars().count();
            if chars > max_cell_chars {
                rows.problems.push(Problem::LongCell { column: column + 1, chars });
            }
        }
    }
}

/// Appends the text of a value; says so where it has none.
fn push_value(out: &mut String, raw: &str) -> bool {
    match raw.as_bytes().first() {
        Some(b'[' | b'{') | None => return false,
        Some(b'n') => {}
        Some(b'"') => match raw.get(1..raw.len() - 1) {
            Some(plain) if !plain.contains('\\') => out.push_str(plain),
            _ => match serde_json::from_str::<String>(raw) {
                Ok(text) => out.push_str(&text),
                // A lone surrogate (`"\ud800"`) passes as raw JSON and is no text.
                Err(_) => out.push('\u{FFFD}'),
            },
        },
        Some(_) => out.push_str(raw),
    }
    true
}

fn start_of(key: &str) -> String {
    key.chars().take(64).collect()
}

/// The members of the object that a line is, values as they are written.
///
/// # Errors
/// The column of the first bad character.
fn members(line: &str) -> Result<Vec<(Cow<'_, str>, &RawValue)>, usize> {
    let mut reader = serde_json::Deserializer::from_str(line);
    let members = reader.deserialize_map(Members).map_err(|e| e.column())?;
    reader.end().map_err(|e| e.column())?;
    Ok(members)
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(16);
        while let Some(Key(key)) = map.next_key()? {
            members.push((key, map.next_value()?));
        }
        Ok(members)
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::text::Shape;

    fn read(lines: &str) -> (Keys, Rows) {
        let keys = Keys::collect((1..).zip(lines.lines().take(1)), 10).unwrap();
        let mut rows = Rows::default();
        let shape = Shape { delimiter: None, line_end: b'\n' };
        let plan = Plan { shape, after_row: 0, columns: keys.names().len(), fixed: true, max_cell_chars: 100 };
        parse(lines, &plan, 1, &keys, &mut rows);
        (keys, rows)
    }

    #[test]
    fn numbers_keep_every_digit() {
        let (_, rows) = read("{\"no\":990000199001010017,\"fine\":1.10,\"ok\":true,\"x\":null}\n");
        assert_eq!(rows.row(0).fields().collect::<Vec<_>>(), ["990000199001010017", "1.10", "true", ""]);
    }

    #[test]
    fn keys_may_come_in_any_order_and_escapes_are_undone() {
        let (keys, rows) = read("{\"a\":\"1\",\"b\":\"2\"}\n{\"b\":\"\\u4e00\\\"\",\"\\u0061\":\"x\"}\n");
        assert_eq!(keys.names(), ["a", "b"]);
        assert_eq!(rows.row(1).fields().collect::<Vec<_>>(), ["x", "一\""]);
    }

    #[test]
    fn what_is_wrong_with_a_line_stays_on_that_line() {
        let (_, rows) =
            read("{\"a\":1}\n{\"a\":1\n\n{\"a\":[1]}\n{\"a\":1,\"b\":2}\n{\"a\":1,\"a\":2}\n[]\n{\"a\":3}x\n");
        let codes: Vec<_> = rows
            .iter()
            .map(|row| (row.number(), row.problems().iter().map(Problem::code).collect::<Vec<_>>()))
            .collect();
        assert_eq!(
            codes,
            [
                (1, vec![]),
                (2, vec!["bad-json"]),
                (4, vec!["nested-value"]),
                (5, vec!["unknown-key"]),
                (6, vec!["repeated-key"]),
                (7, vec!["bad-json"]),
                (8, vec!["bad-json"]),
            ]
        );
        assert_eq!((rows.blank_rows(), rows.row(4).field(0)), (1, "1"));
    }
}
