//! The form of a name: white space and width, and nothing else.

/// Brings a name into the form in which names are compared.
///
/// - full-width letters, digits and punctuation become half-width (`Ａ` → `A`, `（` → `(`);
/// - Latin letters become upper case;
/// - white space is trimmed, runs of it become one space, and between two Han characters it is dropped
///   (offices pad two-character names: `王　明`); invisible joiners are dropped.
///
/// The separators `·` `•` `・` `‧` `．` are left exactly as they are: which of them a document prints is a
/// difference between documents, and a name that differs in it is linked on evidence (there is no fuzzy
/// matching of people). For the same reason traditional, simplified and variant characters stay apart.
///
/// # Example
/// ```
/// use chengxin_core::identity::normalise_name;
/// assert_eq!(normalise_name(" 王　明 "), "王明");
/// assert_eq!(normalise_name("Ｊａｎｅ   Roe"), "JANE ROE");
/// ```
#[must_use]
pub fn normalise_name(name: &str) -> String {
    if name.chars().all(is_settled) {
        return name.to_owned();
    }
    let mut normal = String::with_capacity(name.len());
    let (mut last, mut gap) = (None, false);
    for character in name.chars() {
        if is_blank(character) {
            gap |= !is_invisible(character);
            continue;
        }
        let character = half_width(character).to_ascii_uppercase();
        if let Some(last) = last
            && gap
            && !(is_han(last) && is_han(character))
        {
            normal.push(' ');
        }
        normal.push(character);
        (last, gap) = (Some(character), false);
    }
    normal
}

/// Han characters and upper-case Latin letters need no work, which is nearly every name.
fn is_settled(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | 'A'..='Z' | '0'..='9')
}

/// White space or an invisible character: something that pads a value and is no part of it.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// Zero-width spaces and joiners, byte order marks, and the directional marks that web pages leave.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// The half-width form of full-width ASCII. The full-width full stop stays: it may stand for `·`.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{ff0e}' => character,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        _ => character,
    }
}

/// Unified and compatibility ideographs of every plane, and 〇.
fn is_han(character: char) -> bool {
    matches!(
        character,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇'
    )
}
