//! Text laid out on a terminal, where a Chinese character takes two columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text, filled up with spaces to `columns`.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The text, with spaces before it up to `columns`.
pub(crate) fn pad_left(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{}{text}", " ".repeat(missing))
}

/// The text, cut to `columns` with an ellipsis where it is longer.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// The text in lines of at most `columns`: broken at spaces, and between characters that take two columns.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![];
    let (mut line, mut used) = (String::new(), 0);
    for piece in pieces(text) {
        let wide = width(piece.trim_end());
        if used > 0 && used + wide > columns {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        line.push_str(piece);
        used += width(piece);
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Marks that may not begin a line.
const CLOSING: &str = "，。；：、！？）】」』》〕”’…%,.;:!?)";

/// The text in pieces that a line may be broken between.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = vec![];
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let breaks = before.is_some_and(|b| {
            let wide = b.width() == Some(2) || c.width() == Some(2);
            (b == ' ' && c != ' ') || (wide && !CLOSING.contains(c) && !"（【「『《〔“‘".contains(b))
        });
        if breaks {
            out.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    out.push(&text[start..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!(width("退回 3 行"), 9);
        assert_eq!(pad("退回", 6), "退回  ");
        assert_eq!(pad_left("12", 4), "  12");
    }

    #[test]
    fn what_is_too_long_is_cut_within_its_columns() {
        assert_eq!(cut("行政处罚决定书文号", 9), "行政处罚…");
        assert_eq!(cut("short", 9), "short");
        for columns in 1..20 {
            assert!(width(&cut("行政 penalty 处罚", columns)) <= columns);
        }
    }

    #[test]
    fn lines_break_between_words_and_characters_but_not_before_a_full_stop() {
        let lines = wrap("请按文书核对日期，再报送一次。", 12);
        assert!(lines.iter().all(|line| width(line) <= 14), "{lines:?}");
        assert!(lines.iter().all(|line| !line.starts_with(['，', '。'])), "{lines:?}");
        assert_eq!(wrap("check it against the document", 16), ["check it against", "the document"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(lines.concat(), "请按文书核对日期，再报送一次。");
    }
}
