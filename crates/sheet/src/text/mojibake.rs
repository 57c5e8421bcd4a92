//! Recognising text that was read in one encoding and saved in another before it came here.
//!
//! Such a file is perfectly valid UTF-8; only its words are wrong (`鎴戜滑` for `我们`). The way back is
//! tried on the first rows: a cell that turns into sensible bytes of the other encoding by itself was
//! almost certainly made that way, for ordinary text of that length does not.

use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};

use crate::error::Fault;
use crate::rows::Rows;

/// Fewer characters than this prove nothing.
const MIN_CHARS: usize = 3;

/// Looks at the head of a file.
///
/// # Errors
/// [`Fault::Mojibake`] with the first garbled cell, where most cells that can be judged are garbled.
pub(crate) fn check(head: &Rows) -> Result<(), Fault> {
    let mut judged = 0;
    let mut garbled = 0;
    let mut first = None;
    for row in head.iter() {
        for (column, field) in row.fields().enumerate() {
            let foreign = field.chars().filter(|c| !c.is_ascii()).count();
            if foreign < MIN_CHARS {
                continue;
            }
            judged += 1;
            if let Some(meant) = undo(field) {
                garbled += 1;
                first.get_or_insert_with(|| Fault::Mojibake {
                    row: row.number(),
                    column: column + 1,
                    shown: start_of(field),
                    meant: start_of(&meant),
                });
            }
        }
    }
    match first {
        Some(fault) if garbled * 2 > judged => Err(fault),
        _ => Ok(()),
    }
}

/// What the text was before somebody read it in the wrong encoding, if that is what happened.
fn undo(text: &str) -> Option<String> {
    // UTF-8 taken for GBK, UTF-8 taken for Latin, GBK taken for Latin.
    [(GB18030, UTF_8), (WINDOWS_1252, UTF_8), (WINDOWS_1252, GB18030)]
        .into_iter()
        .find_map(|(taken_for, really)| undo_one(text, taken_for, really))
}

fn undo_one(text: &str, taken_for: &'static Encoding, really: &'static Encoding) -> Option<String> {
    let (bytes, _, unmappable) = taken_for.encode(text);
    if unmappable {
        return None;
    }
    // The last character is often cut in half on the way, so the end may be broken.
    (0..=2).find_map(|cut| {
        let whole = &bytes[..bytes.len().saturating_sub(cut)];
        let meant = really.decode_without_bom_handling_and_without_replacement(whole)?;
        sensible(text, whole, &meant, really).then(|| meant.into_owned())
    })
}

/// Whether what came out can be what was meant: fewer characters, among them Chinese ones.
fn sensible(text: &str, bytes: &[u8], meant: &str, really: &'static Encoding) -> bool {
    let chinese = meant.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).count();
    let foreign = meant.chars().filter(|c| !c.is_ascii()).count();
    // Characters in common use have two high bytes in GBK. `Müller` makes one with the letter behind it.
    let paired = really != GB18030 || bytes.iter().filter(|b| !b.is_ascii()).count() == 2 * foreign;
    chinese >= 2 && paired && meant.chars().count() < text.chars().count()
}

fn start_of(text: &str) -> String {
    text.chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn garble(text: &str, really: &'static Encoding, taken_for: &'static Encoding) -> String {
        taken_for.decode_without_bom_handling(&really.encode(text).0).0.into_owned()
    }

    #[test]
    fn utf8_read_as_gbk_is_recognised() {
        let shown = garble("处罚决定书文号", UTF_8, GB18030);
        assert!(undo(&shown).unwrap().starts_with("处罚决定书文"));
    }

    #[test]
    fn text_read_as_latin_is_recognised() {
        assert_eq!(undo(&garble("处罚决定", GB18030, WINDOWS_1252)).unwrap(), "处罚决定");
        assert_eq!(undo(&garble("处罚类别", UTF_8, WINDOWS_1252)).unwrap(), "处罚类别");
    }

    #[test]
    fn honest_text_is_left_alone() {
        for text in
            ["处罚决定书文号", "行政相对人名称", "没收违法所得", "Müller Straße", "王小明", "Ærø, Šibenik, Ñandú"]
        {
            assert_eq!(undo(text), None, "{text}");
        }
    }
}
