//! What of a number or a name may be shown to someone who has no need of all of it.

use super::{DocumentKind, ResidentId, Uscc};

/// A document number with its middle starred, one star per character.
///
/// Resident IDs and foreign permanent resident cards keep the first 3 and the last 2 characters: no part
/// of the birth date remains, and no more of the place than its province and part of the prefecture.
/// Other personal documents keep the first and the last 2. Texts too short for that are starred whole, so
/// that a mistyped number gives nothing away either.
///
/// An organisation's unified social credit code is public and stays whole, unless it belongs to a
/// self-employed business (`92…`, who count as persons), fails its check, or might be a resident ID in the
/// wrong column.
///
/// # Example
/// ```
/// use chengxin_core::identity::{DocumentKind, mask_number};
/// assert_eq!(mask_number(DocumentKind::ResidentId, "990000199001010017"), "990*************17");
/// assert_eq!(mask_number(DocumentKind::Passport, "E12345678"), "E******78");
/// ```
#[must_use]
pub fn mask_number(kind: DocumentKind, number: &str) -> String {
    if kind == DocumentKind::Uscc && is_public_code(number) {
        return number.to_owned();
    }
    let head = match kind {
        DocumentKind::ResidentId | DocumentKind::ForeignPermanentResidentCard | DocumentKind::Uscc => 3,
        DocumentKind::Passport | DocumentKind::HkMacauPermit | DocumentKind::TaiwanPermit => 1,
    };
    mask(number, head, 2, 4)
}

/// A name with its middle starred: 王小明 → 王*明, 王明 → 王*, one character → *.
///
/// A variation selector or combining mark belongs to the character before it and goes with it.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let head: String = name.chars().take(1).chain(name.chars().skip(1).take_while(|&c| is_attached(c))).collect();
    let count = name.chars().filter(|&c| !is_attached(c)).count();
    let last_at = name.char_indices().rev().find(|&(_, c)| !is_attached(c)).map_or(0, |(at, _)| at);
    match count {
        0 => String::new(),
        1 => "*".to_owned(),
        2 => head + "*",
        _ => head + &"*".repeat(count - 2) + &name[last_at..],
    }
}

/// Whether a code is certainly an organisation's public one.
fn is_public_code(number: &str) -> bool {
    matches!(Uscc::parse(number), Ok((code, None)) if !code.is_self_employed()) && ResidentId::parse(number).is_err()
}

/// Stars all but `head` and `tail` characters; all of them where fewer than `least` would be hidden.
fn mask(text: &str, head: usize, tail: usize, least: usize) -> String {
    let count = text.chars().count();
    if count < head + tail + least {
        return "*".repeat(count);
    }
    let shown = |at: usize| at < head || at >= count - tail;
    text.chars().enumerate().map(|(at, c)| if shown(at) { c } else { '*' }).collect()
}

/// Variation selectors and combining marks, which never stand alone.
fn is_attached(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{300}'..='\u{36f}')
}
