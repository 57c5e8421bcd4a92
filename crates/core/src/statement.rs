//! Free words of a person or an officer: what of them is kept out before they are stored, and what whoever wrote them is told.
//!
//! A statement stands beside a record, where other people read it. So numbers that look like somebody's document, telephone or account are
//! starred, signs that nobody sees or that turn the direction of the text are left out, and an address is no link anywhere.

use crate::say::Say;

/// Most characters of a reason, an explanation or an answer.
pub const WORDS: usize = 4_000;

/// Digits in one run from which on a number is one of a telephone, an identity card or an account, no amount or date.
const LONG_NUMBER: usize = 11;

/// Words as they may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The words.
    pub text: String,
    /// What was changed, for whoever wrote them; empty where nothing was.
    pub warnings: Vec<Say>,
}

/// Cleans free words: control characters and signs of direction go, long numbers are starred, ends are trimmed. Markup stays as the characters that
/// it is: whoever shows it escapes it.
///
/// # Example
/// ```
/// let cleaned = chengxin_core::statement::cleaned("那是 990000199001010017 的，电话13800000000");
/// assert_eq!(cleaned.text, "那是 990*************17 的，电话138******00");
/// assert_eq!(cleaned.warnings.len(), 1);
/// ```
#[must_use]
pub fn cleaned(text: &str) -> Cleaned {
    let (mut warnings, mut out) = (Vec::new(), String::with_capacity(text.len()));
    for c in text.replace("\r\n", "\n").chars() {
        if !is_unseen(c) {
            out.push(c);
        }
    }
    let out = out.trim().to_owned();
    let starred = without_long_numbers(&out);
    if starred != out {
        warnings.push(Say::new(
            "文字中的证件号码、电话或账号已隐去；请不要写入他人信息",
            "numbers of documents, telephones or accounts were starred: leave out what is about other people",
        ));
    }
    if ["http://", "https://", "www."].iter().any(|address| starred.to_lowercase().contains(address)) {
        warnings.push(Say::new("网址只作为文字显示，不能点击", "addresses show as text, and lead nowhere"));
    }
    Cleaned { text: starred, warnings }
}

/// Control characters but for a new line and a tab; zero width, direction and other signs without a shape.
fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Stars the middle of every long number, full width or not.
#[must_use]
pub fn without_long_numbers(text: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let (mut out, mut run) = (String::with_capacity(text.len()), String::new());
    for c in text.chars().chain(std::iter::once('\0')) {
        let check = run.chars().count() == 17 && matches!(c, 'X' | 'x' | 'Ｘ' | 'ｘ');
        if is_digit(c) || check {
            run.push(c);
            continue;
        }
        let digits = run.chars().count();
        for (at, digit) in run.drain(..).enumerate() {
            out.push(if digits >= LONG_NUMBER && at >= 3 && at + 2 < digits { '*' } else { digit });
        }
        out.push(c);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_left_out_and_markup_stays_text() {
        let cleaned = cleaned("  a\u{202e}b\u{200b}c\u{7}\n<script>alert(1)</script> https://x.example ");
        assert_eq!(cleaned.text, "abc\n<script>alert(1)</script> https://x.example");
        assert_eq!(cleaned.warnings.len(), 1, "an address");
    }

    #[test]
    fn numbers_of_people_are_starred_and_amounts_and_dates_stay() {
        for (text, kept) in [
            ("99000019880505001X", "990*************1X"),
            ("９９００００１９９００１０１００１７", "９９０*************１７"),
            ("2026年11月22日 11000元 〔2026〕1001号", "2026年11月22日 11000元 〔2026〕1001号"),
        ] {
            assert_eq!(cleaned(text).text, kept);
        }
    }
}
