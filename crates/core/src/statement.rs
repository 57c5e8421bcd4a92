//! Free words of a person or an officer: what of them is kept out before they are stored, and what whoever wrote them is told.
//!
//! A statement stands beside a record, where other people read it. So numbers that look like somebody's document, telephone or account are
//! starred, signs that nobody sees or that turn the direction of the text are left out, and an address is no link anywhere.

use crate::say::Say;

/// Most characters of a reason, an explanation or an answer.
pub const WORDS: usize = 4_000;

/// Digits in one run from which on a number is one of a telephone, an identity card or an account, no amount or date.
const LONG_NUMBER: usize = 11;

/// Letters with which numbers of passports, and of permits of residents of Hong Kong and Macao, begin; a passport may have a second letter.
const DOCUMENT_LETTERS: &str = "EGDPSHM";

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

/// Stars the middle of every long number, full width or not, in one piece or in groups with spaces or hyphens between them; of numbers of passports and of
/// permits too.
#[must_use]
pub fn without_long_numbers(text: &str) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        let run = run(&signs, at);
        let places = grouped(&signs, at).or_else(|| permit(&signs, at)).unwrap_or_else(|| {
            let places: Vec<usize> = (at..at + run).collect();
            if run >= LONG_NUMBER { places } else { Vec::new() }
        });
        let end = places.last().map_or(at + run.max(1), |last| last + 1);
        for place in places.iter().skip(3).take(places.len().saturating_sub(5)) {
            signs[*place] = '*';
        }
        at = end;
    }
    signs.into_iter().collect()
}

fn digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => c.to_digit(10),
    }
}

/// How many signs of a number stand in one run from here: digits, and behind 17 of them the check letter of an identity card.
fn run(signs: &[char], at: usize) -> usize {
    let digits = signs[at..].iter().take_while(|c| digit(**c).is_some()).count();
    let check = digits == 17 && matches!(signs.get(at + 17), Some('X' | 'x' | 'Ｘ' | 'ｘ'));
    digits + usize::from(check)
}

/// Where the signs of a number stand that is written in groups: as long and as formed as one of a mobile telephone, an identity card or an account. A date
/// has groups of two, and amounts beside each other are as long as none of the three.
fn grouped(signs: &[char], at: usize) -> Option<Vec<usize>> {
    let (mut places, mut groups, mut next) = (Vec::new(), Vec::new(), at);
    loop {
        let mut long = signs[next..].iter().take_while(|c| digit(**c).is_some()).count();
        if long == 0 {
            break;
        }
        let check = places.len() + long == 17 && matches!(signs.get(next + long), Some('X' | 'x' | 'Ｘ' | 'ｘ'));
        long += usize::from(check);
        places.extend(next..next + long);
        groups.push(long);
        next += long;
        if !matches!(signs.get(next), Some(' ' | '\u{a0}' | '\u{3000}' | '-' | '－' | '–' | '—' | '.' | '·')) {
            break;
        }
        next += 1;
    }
    let number: String =
        places.iter().filter_map(|place| digit(signs[*place])).map(|digit| digit.to_string()).collect();
    let mobile = number.len() == LONG_NUMBER && number.starts_with('1') && groups.iter().all(|group| *group >= 3);
    let century = number.get(6..8).is_some_and(|century| century == "19" || century == "20");
    let card = places.len() == 18 && century;
    let account = (16..=19).contains(&places.len()) && groups.iter().rev().skip(1).all(|group| *group == 4);
    (groups.len() > 1 && (mobile || card || account)).then_some(places)
}

/// Where the signs of a number of a passport or a permit stand: a letter of theirs with eight digits (ten with a renewal's), or an E, a letter and seven.
fn permit(signs: &[char], at: usize) -> Option<Vec<usize>> {
    let is_word = |c: &char| c.is_ascii_alphanumeric();
    let first = signs[at].to_ascii_uppercase();
    if !DOCUMENT_LETTERS.contains(first) || (at > 0 && is_word(&signs[at - 1])) {
        return None;
    }
    let letters = 1 + usize::from(first == 'E' && signs.get(at + 1).is_some_and(char::is_ascii_alphabetic));
    let digits = signs[at + letters..].iter().take_while(|c| digit(**c).is_some()).count();
    let end = at + letters + digits;
    let fits = match (letters, first) {
        (2, _) => digits == 7,
        (_, 'H' | 'M') => digits == 8 || digits == 10,
        _ => digits == 8,
    };
    (fits && !signs.get(end).is_some_and(is_word)).then(|| (at..end).collect())
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
            ("990000 19900101 0017", "990*** ******** **17"),
            ("990000-19880505-001X", "990***-********-**1X"),
            ("手机 138 0000 0000，另有 138-0000-0000", "手机 138 **** **00，另有 138-****-**00"),
            ("卡号 6222 0000 0000 0000 000", "卡号 622* **** **** **** *00"),
            ("护照 E12345678、EA1234567，通行证 H1234567801", "护照 E12****78、EA1****67，通行证 H12******01"),
            ("2026-11-22 至 2026-11-23，2026.11.22 2026.11.23", "2026-11-22 至 2026-11-23，2026.11.22 2026.11.23"),
            ("11000 12000 13000 元", "11000 12000 13000 元"),
            ("办件 YY20261122-ABCD，型号 SH20261122", "办件 YY20261122-ABCD，型号 SH20261122"),
        ] {
            assert_eq!(cleaned(text).text, kept);
        }
    }
}
