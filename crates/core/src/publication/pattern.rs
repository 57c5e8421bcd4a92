//! Numbers by which somebody is known or reached, found in a text that somebody wrote.

use crate::identity::ResidentId;
use crate::say::Say;

/// What must not stand in a text for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Number of an identity card, of 15 or 18 signs.
    IdentityNumber,
    /// Number of a telephone.
    Telephone,
    /// Number of an account or a card: twelve digits or more.
    Account,
    /// Address of a mailbox.
    Mail,
}

/// Digits from which on a run is an account's.
const ACCOUNT: usize = 12;
/// Most signs that may stand between two digits of one number.
const BETWEEN: usize = 3;
/// Digits of a mobile telephone's number.
const MOBILE: usize = 11;

impl Pattern {
    /// Its name in a sentence.
    #[must_use]
    pub fn say(self) -> Say {
        let (zh, en) = match self {
            Self::IdentityNumber => ("证件号码", "the number of an identity card"),
            Self::Telephone => ("电话号码", "the number of a telephone"),
            Self::Account => ("账号或者卡号", "the number of an account or a card"),
            Self::Mail => ("电子邮箱", "the address of a mailbox"),
        };
        Say::new(zh, en)
    }

    /// The first that stands in a text written freely. Digits count however they are written and whatever stands between them.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::publication::Pattern;
    /// assert_eq!(Pattern::in_text("电话１３８-0000 0000"), Some(Pattern::Telephone));
    /// assert_eq!(Pattern::in_text("罚款 20000 元，自 2026-03-01 起"), None);
    /// ```
    #[must_use]
    pub fn in_text(text: &str) -> Option<Self> {
        let found = runs(text).into_iter().find_map(|run| run.pattern(true));
        found.or_else(|| has_mail(text).then_some(Self::Mail))
    }

    /// The same in a field with a form of its own, where long numbers are those of documents and licences: what is plainly a person's.
    #[must_use]
    pub fn of_a_person(value: &str) -> Option<Self> {
        let found = runs(value).into_iter().find_map(|run| run.pattern(false));
        found.or_else(|| has_mail(value).then_some(Self::Mail))
    }
}

/// The text with every such number starred; words and other numbers stay.
#[must_use]
pub fn starred(text: &str) -> String {
    let mut out: Vec<char> = text.chars().collect();
    for run in runs(text).iter().filter(|run| run.pattern(true).is_some()) {
        for at in &run.at {
            out[*at] = '*';
        }
    }
    let out: String = out.into_iter().collect();
    if !has_mail(&out) {
        return out;
    }
    // Of an address the part before the sign says who.
    out.split_inclusive(char::is_whitespace)
        .map(
            |word| {
                if has_mail(word) { word.replace(|c: char| c.is_ascii_alphanumeric(), "*") } else { word.to_owned() }
            },
        )
        .collect()
}

/// Digits that belong together, and where each stands.
struct Run {
    /// ASCII digits, and an X at the end where one follows 17.
    digits: String,
    /// The place of each in the text, by character.
    at: Vec<usize>,
}

impl Run {
    fn pattern(&self, free: bool) -> Option<Pattern> {
        let digits = self.digits.as_str();
        if is_identity(digits, free) {
            return Some(Pattern::IdentityNumber);
        }
        let digits = digits.strip_prefix("86").filter(|rest| is_mobile(rest)).unwrap_or(digits);
        if is_mobile(digits) || free && is_landline(digits) {
            return Some(Pattern::Telephone);
        }
        (free && digits.len() >= ACCOUNT).then_some(Pattern::Account)
    }
}

/// In a free text anything of that length; else one whose date or check says that it is one.
fn is_identity(digits: &str, free: bool) -> bool {
    match digits.len() {
        18 if digits.ends_with('X') => true,
        18 => free || ResidentId::parse(digits).is_ok() || is_date(&digits[6..14]),
        15 => free || is_date(&format!("19{}", &digits[6..12])),
        _ => false,
    }
}

fn is_date(eight: &str) -> bool {
    let part = |from: usize, to: usize| eight[from..to].parse::<i8>().unwrap_or(0);
    let year: i16 = eight[..4].parse().unwrap_or(0);
    (1900..=2100).contains(&year) && jiff::civil::Date::new(year, part(4, 6), part(6, 8)).is_ok()
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    digits.len() == MOBILE && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

/// An area code that begins with 0, and 7 or 8 digits behind it.
fn is_landline(digits: &str) -> bool {
    (10..=12).contains(&digits.len()) && digits.starts_with('0') && !digits.starts_with("00")
}

/// A digit, in whatever width or style it is written.
fn digit(c: char) -> Option<char> {
    let styled = match c {
        '０'..='９' => u32::from(c) - u32::from('０'),
        '①'..='⑨' => u32::from(c) - u32::from('①') + 1,
        '𝟎'..='𝟿' => (u32::from(c) - u32::from('𝟎')) % 10,
        _ => return c.is_ascii_digit().then_some(c),
    };
    char::from_digit(styled, 10)
}

/// What may stand between digits of one number: a blank, a dash, a point in the middle; nothing that parts a sentence.
fn joins(c: char) -> bool {
    matches!(
        c,
        ' ' | '\n' | '\t' | '\u{2010}'..='\u{2012}' | '\u{2212}' | '\u{a0}' | '\u{3000}' | '-' | '－' | '–' | '—' | '·' | '_' | '\u{200b}'
            ..='\u{200d}' | '\u{2060}' | '\u{feff}' | '(' | ')' | '（' | '）'
    )
}

fn runs(text: &str) -> Vec<Run> {
    let chars: Vec<char> = text.chars().collect();
    let (mut runs, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        if let Some(end) = date_at(&chars, at) {
            at = end;
            continue;
        }
        if digit(chars[at]).is_none() {
            at += 1;
            continue;
        }
        let (run, end) = run_from(&chars, at);
        // What is written in one piece counts by itself too: two numbers with a blank between them are two.
        runs.extend(pieces(&chars, at, end));
        runs.push(run);
        at = end;
    }
    runs
}

fn run_from(chars: &[char], from: usize) -> (Run, usize) {
    let (mut run, mut end, mut at) = (Run { digits: String::new(), at: Vec::new() }, from, from);
    while let Some(&c) = chars.get(at) {
        match digit(c) {
            Some(digit) => {
                run.digits.push(digit);
                run.at.push(at);
                end = at + 1;
            }
            None if matches!(c, 'x' | 'X' | 'Ｘ' | 'ｘ') && run.digits.len() == 17 => {
                run.digits.push('X');
                run.at.push(at);
                end = at + 1;
                break;
            }
            // A few signs between digits join them, but not a day that follows.
            None if joins(c) && at - end < BETWEEN && date_at(chars, at + 1).is_none() => {}
            None => break,
        }
        at += 1;
    }
    (run, end)
}

/// Where a day that is written out (`2026-03-01`) ends, if one begins here: two of them are no number of sixteen digits.
fn date_at(chars: &[char], from: usize) -> Option<usize> {
    let number = |from: usize, most: usize| {
        let digits: String = chars.get(from..)?.iter().take_while(|c| c.is_ascii_digit()).collect();
        (1..=most).contains(&digits.len()).then_some(digits)
    };
    let dash = |at: usize| matches!(chars.get(at), Some('-' | '/' | '.'));
    let (year, month_at) = (number(from, 4)?, from + 5);
    if year.len() != 4 || !(year.starts_with("19") || year.starts_with("20")) || !dash(from + 4) {
        return None;
    }
    let month = number(month_at, 2)?;
    let day_at = month_at + month.len() + 1;
    let day = number(day_at, 2).filter(|_| dash(day_at - 1))?;
    let begins = from == 0 || !chars[from - 1].is_ascii_digit();
    begins.then_some(day_at + day.len())
}

fn pieces(chars: &[char], from: usize, to: usize) -> Vec<Run> {
    let mut pieces: Vec<Run> = Vec::new();
    let mut last = None;
    for (at, char) in chars.iter().enumerate().take(to).skip(from) {
        let sign = digit(*char).or_else(|| matches!(char, 'x' | 'X' | 'Ｘ' | 'ｘ').then_some('X'));
        let Some(sign) = sign else { continue };
        match pieces.last_mut().filter(|_| last == Some(at - 1)) {
            Some(piece) => {
                piece.digits.push(sign);
                piece.at.push(at);
            }
            None => pieces.push(Run { digits: sign.to_string(), at: vec![at] }),
        }
        last = Some(at);
    }
    if pieces.len() > 1 { pieces } else { Vec::new() }
}

fn has_mail(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let known = |c: &char| c.is_ascii_alphanumeric();
    chars.windows(3).any(|three| known(&three[0]) && matches!(three[1], '@' | '＠') && known(&three[2]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_found_however_they_are_written() {
        for (text, found) in [
            ("当事人990000199001010017于", Pattern::IdentityNumber),
            ("证件 99000019900101001X，", Pattern::IdentityNumber),
            ("９９００００１９９００１０１００１７", Pattern::IdentityNumber),
            ("9900 0019 9001 0100 17", Pattern::IdentityNumber),
            ("旧证990000900101001", Pattern::IdentityNumber),
            ("手机13800000000", Pattern::Telephone),
            ("+86 138 0000 0000", Pattern::Telephone),
            ("0591-88000000", Pattern::Telephone),
            ("(0591)88000000", Pattern::Telephone),
            ("(0591) 88000000", Pattern::Telephone),
            ("0591 - 88000000", Pattern::Telephone),
            ("138  0000\n0000", Pattern::Telephone),
            ("汇入6222 0000 0000 0000", Pattern::Account),
            ("邮箱 someone@example.cn", Pattern::Mail),
        ] {
            assert_eq!(Pattern::in_text(text), Some(found), "{text}");
            assert_eq!(Pattern::in_text(&starred(text)), None, "{text}: {}", starred(text));
        }
    }

    #[test]
    fn days_amounts_and_numbers_of_documents_are_none() {
        for text in [
            "2026-03-01 在某路口",
            "2026年3月1日，罚款人民币20000.00元",
            "云交罚〔2026〕1234号",
            "第1234567号",
            "2026-03-01 2026-04-01",
            "依据第90条、第114条第1款",
            "违法所得1,234,567.89元",
        ] {
            assert_eq!(starred(text), text);
        }
        assert_eq!(Pattern::of_a_person("JY13501000000123"), None, "a licence has a long number of its own");
        assert_eq!(Pattern::of_a_person("许可990000199001010017"), Some(Pattern::IdentityNumber));
        assert_eq!(Pattern::of_a_person("13800000000"), Some(Pattern::Telephone));
    }
}
