//! Makes text printable: what no font can draw, and what no eye can see, becomes its code point.
//!
//! A report that names a person must not show a blank box in the name, and must not hide anything
//! either: zero-width characters make two names look alike, direction overrides turn digits around.
//! So each such character is printed as `〔U+202E〕`, and the caller is told which there were.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::fonts::Fonts;

/// Invites a line break without showing.
const ZERO_WIDTH_SPACE: char = '\u{200B}';

/// Cleans the strings of one document, and remembers what it replaced and which fonts it needs.
pub(crate) struct Cleaner<'a> {
    fonts: &'a Fonts,
    /// Whether system fonts may be used for what the embedded ones lack.
    fallback: bool,
    replaced: BTreeSet<char>,
    system_faces: BTreeSet<usize>,
}

impl<'a> Cleaner<'a> {
    pub(crate) fn new(fonts: &'a Fonts, fallback: bool) -> Self {
        Self { fonts, fallback, replaced: BTreeSet::new(), system_faces: BTreeSet::new() }
    }

    /// How wide a cleaned text is in one line, in em; infinite where that is not known.
    pub(crate) fn width(&self, text: &str) -> f32 {
        self.fonts.width(text)
    }

    /// The characters printed as code points so far, in order.
    pub(crate) fn replaced(&self) -> Vec<char> {
        self.replaced.iter().copied().collect()
    }

    /// The system faces needed so far, in ascending order.
    pub(crate) fn system_faces(&self) -> Vec<usize> {
        self.system_faces.iter().copied().collect()
    }

    /// Text as it is to be printed in a column of this width in em. Line ends stay, tabs become
    /// spaces; a word that is wider than the column may be broken.
    pub(crate) fn text(&mut self, raw: &str, room: f32) -> String {
        breakable(self.fonts, self.plain(raw), room)
    }

    /// Like [`Self::text`], without places to break: for metadata and what stands on one line.
    pub(crate) fn plain(&mut self, raw: &str) -> String {
        let raw = raw.trim();
        let mut out = String::with_capacity(raw.len());
        // Nearly all text holds only characters of the embedded faces, one by one.
        let common = |c: char| c == '\n' || (self.fonts.embedded(c) && !is_invisible(c));
        if raw.chars().all(common) {
            out.push_str(raw);
            return out;
        }
        let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
        for cluster in raw.graphemes(true) {
            self.cluster(cluster, &mut out);
        }
        out
    }

    /// Appends one grapheme cluster: a base with its marks, which one face must draw together.
    fn cluster(&mut self, cluster: &str, out: &mut String) {
        let drawn_apart = cluster.chars().any(is_invisible);
        let lacking = !cluster.chars().all(|c| self.fonts.embedded(c));
        if self.fallback
            && lacking
            && !drawn_apart
            && let Some(face) = self.fonts.system_face(cluster)
        {
            self.system_faces.insert(face);
            out.push_str(cluster);
            return;
        }
        for c in cluster.chars() {
            match c {
                '\n' => out.push('\n'),
                '\t' => out.push(' '),
                c if self.fonts.embedded(c) && !is_invisible(c) => out.push(c),
                c => self.replace(c, out),
            }
        }
    }

    fn replace(&mut self, c: char, out: &mut String) {
        self.replaced.insert(c);
        out.push_str(&code_point(c));
    }
}

/// A character's code point as it is printed: `〔U+2B8E2〕`.
pub(crate) fn code_point(c: char) -> String {
    format!("〔U+{:04X}〕", c as u32)
}

/// Whether a character leaves no mark of its own, changes the order of others, or means nothing
/// outside the office that assigned it.
///
/// # Source
/// Unicode 17, DerivedCoreProperties (Default_Ignorable_Code_Point), general categories Cc, Cf, Zl,
/// Zp, Co and Cn (non-characters). PDF/A-2a (ISO 19005-2, 6.2.11.7) also forbids private characters.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c as u32,
            0xAD | 0x34F | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x890..=0x891 | 0x8E2
            | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164
            | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
            | 0xFFF0..=0xFFFC | 0xFFFE..=0xFFFF | 0x110BD | 0x110CD | 0x13430..=0x1343F
            | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF | 0xF0000..=0x10_FFFF)
}

/// Lets words that are wider than this break, so that none runs out of its column.
///
/// The places are zero-width spaces, and who copies the text copies them: so only where a word would
/// not fit on a line of its own.
fn breakable(fonts: &Fonts, text: String, room: f32) -> String {
    let is_word = |c: char| !c.is_whitespace() && (c as u32) < 0x2E80;
    // A character is at most two em wide, and is so where its font is not known.
    let wide = |word: &str| fonts.width(word).min(2.0 * word.chars().count() as f32);
    if text.split(|c| !is_word(c)).all(|word| wide(word) <= room) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut run = 0.0;
    for cluster in text.graphemes(true) {
        let in_word = cluster.chars().all(is_word);
        if in_word && run + wide(cluster) > room {
            out.push(ZERO_WIDTH_SPACE);
            run = 0.0;
        }
        run = if in_word { run + wide(cluster) } else { 0.0 };
        out.push_str(cluster);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn clean(raw: &str) -> (String, Vec<char>) {
        let fonts = Fonts::new(Vec::new());
        let mut cleaner = Cleaner::new(&fonts, true);
        (cleaner.plain(raw), cleaner.replaced())
    }

    #[test]
    fn ordinary_text_passes_unchanged() {
        let text = "王小明（Wang Xiaoming），罚款 1,000.00 元·“警告”\n第二行 #[x] $y$ *z* <b> é";
        assert_eq!(clean(text), (text.to_owned(), Vec::new()));
    }

    #[test]
    fn control_and_invisible_characters_are_shown_as_code_points() {
        let (text, replaced) = clean("a\0b\u{202E}c\u{200B}d\u{FEFF}e\u{E000}f\u{1B}g");
        assert_eq!(text, "a〔U+0000〕b〔U+202E〕c〔U+200B〕d〔U+FEFF〕e〔U+E000〕f〔U+001B〕g");
        assert_eq!(replaced, ['\0', '\u{1B}', '\u{200B}', '\u{202E}', '\u{E000}', '\u{FEFF}']);
    }

    #[test]
    fn an_unassigned_character_is_shown_as_its_code_point() {
        assert_eq!(clean("张\u{3FFFF}").0, "张〔U+3FFFF〕");
    }

    #[test]
    fn line_ends_stay_and_tabs_become_spaces() {
        assert_eq!(clean("一\r\n二\r三\t四").0, "一\n二\n三 四");
    }

    #[test]
    fn only_a_word_wider_than_its_column_may_break() {
        let fonts = Fonts::new(Vec::new());
        for fits in ["short words stay whole", "x".repeat(15).as_str(), &"字".repeat(60)] {
            assert_eq!(breakable(&fonts, fits.to_owned(), 10.0), fits);
        }
        let whole = format!("前{}后", "x".repeat(60));
        let long = breakable(&fonts, whole.clone(), 10.0);
        assert!((2..6).contains(&long.matches(ZERO_WIDTH_SPACE).count()), "{long}");
        assert_eq!(long.replace(ZERO_WIDTH_SPACE, ""), whole);
        assert!(long.split(ZERO_WIDTH_SPACE).all(|part| fonts.width(part) <= 11.0));
    }

    #[test]
    fn a_chinese_character_is_one_em_wide_and_a_letter_about_half() {
        let fonts = Fonts::new(Vec::new());
        assert!((fonts.width("信用报告") - 4.0).abs() < 0.01);
        assert!((1.0..1.4).contains(&fonts.width("ab")));
        assert!(fonts.width("\u{3FFFF}").is_infinite());
    }

    #[test]
    fn what_cleaning_adds_is_itself_in_the_embedded_fonts() {
        let fonts = Fonts::new(Vec::new());
        assert!("〔〕U+0123456789ABCDEF".chars().all(|c| fonts.embedded(c)));
    }
}
