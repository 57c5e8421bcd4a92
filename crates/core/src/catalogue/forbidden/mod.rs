//! What nobody may record, whatever a catalogue says. This part is compiled in: a file cannot loosen it.
//!
//! A field says what its content is about with a word of the closed vocabulary ([`content`]). A word of a forbidden
//! kind is refused, and so is a field whose code, heading or alias speaks of one ([`scan`]): a mislabelled
//! `血型` is still a blood type.
//!
//! # Source
//! 征信业管理条例 art. 14 (religion, genes, fingerprints, blood type, disease and medical history); 治安管理处罚法
//! art. 136, in force 2026-01-01 (public-security violation records). The other kinds are house rules: sensitive under
//! 个人信息保护法 art. 28, or without any ground on which a credit record could rest on them.

mod door;
mod kinds;

use std::borrow::Cow;

use super::heading::fold;
use kinds::{ALLOWED, FORBIDDEN, Forbidden};

pub use door::refused_at_the_door;

/// What a field's content may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Word used in the catalogue.
    pub code: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// May it be recorded?
    pub allowed: bool,
}

/// The vocabulary of contents: what may be recorded first, then what may not.
pub fn contents() -> impl Iterator<Item = Content> {
    let allowed = ALLOWED.iter().map(|&(code, zh, en)| Content { code, zh, en, allowed: true });
    allowed.chain(FORBIDDEN.iter().map(Forbidden::content))
}

/// The content that a word of the catalogue names; `None` outside the vocabulary.
#[must_use]
pub fn content(code: &str) -> Option<Content> {
    contents().find(|content| content.code == code)
}

/// A word that gives a forbidden kind away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The kind.
    pub content: Content,
    /// The word found.
    pub word: &'static str,
}

/// Looks for forbidden kinds in a heading, code, alias or name. `people`: can the item be about people? Some kinds
/// (income, a grade) are an ordinary matter of organisations.
#[must_use]
pub fn scan(text: &str, people: bool) -> Option<Hit> {
    scan_kinds(text, |kind| people || !kind.people_only)
}

/// Looks for a score or grade only, as for the name of an item about people.
#[must_use]
pub fn scan_for_score(text: &str) -> Option<Hit> {
    scan_kinds(text, |kind| kind.code == SCORE)
}

/// Words by which a heading asks how or where someone can be reached.
const CONTACT_WORDS: &[&str] = &["电话", "手机", "邮箱", "联系方式", "联系地址", "通讯地址", "通信地址", "邮寄地址"];

/// Does a heading ask how someone can be reached? That is allowed content, but stays inside the platform.
#[must_use]
pub fn names_contact(text: &str) -> bool {
    let dense = dense(text);
    CONTACT_WORDS.iter().any(|word| dense.contains(word))
}

/// Code of the kind that grades people.
pub const SCORE: &str = "score";

fn scan_kinds(text: &str, wanted: impl Fn(&Forbidden) -> bool) -> Option<Hit> {
    let dense = dense(text);
    let spaced = spaced(text);
    FORBIDDEN.iter().filter(|kind| wanted(kind)).find_map(|kind| {
        let word = chinese_word(kind, &dense).or_else(|| english_word(kind, &spaced))?;
        Some(Hit { content: kind.content(), word })
    })
}

fn chinese_word(kind: &Forbidden, dense: &str) -> Option<&'static str> {
    // A Latin word inside a dense text has lost its edges: "gps" would be found in a code "XGPSD". English words are
    // looked for with their edges instead.
    let rest = without(dense, kind.except);
    kind.words.iter().find(|word| !word.is_ascii() && rest.contains(**word)).copied()
}

fn english_word(kind: &Forbidden, spaced: &str) -> Option<&'static str> {
    let mut rest = Cow::Borrowed(spaced);
    for phrase in kind.except.iter().filter(|phrase| phrase.is_ascii()) {
        while let Some((at, end)) = find_phrase(&rest, phrase) {
            rest.to_mut().replace_range(at..end, " ");
        }
    }
    let ascii = kind.words.iter().filter(|word| word.is_ascii());
    kind.english.iter().chain(ascii).find(|word| find_phrase(&rest, word).is_some()).copied()
}

/// Where a phrase stands as whole words in ` text `; a trailing `*` takes the rest of the last word.
fn find_phrase(spaced: &str, phrase: &str) -> Option<(usize, usize)> {
    let (stem, open) = phrase.strip_suffix('*').map_or((phrase, false), |stem| (stem, true));
    spaced.match_indices(stem).find_map(|(at, found)| {
        let end = at + found.len();
        let before = spaced[..at].ends_with(' ');
        let rest = &spaced[end..];
        let word_end = end + rest.find(' ').unwrap_or(rest.len());
        (before && (open || rest.starts_with(' '))).then_some((at, word_end))
    })
}

/// Letters and digits only, folded, so that `血 型` and `血·型` read like `血型`.
fn dense(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Latin words, lower case, each between single spaces.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    for c in text.chars() {
        let c = match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c => c,
        };
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

fn without<'t>(text: &'t str, phrases: &[&str]) -> Cow<'t, str> {
    phrases.iter().filter(|phrase| !phrase.is_ascii()).fold(Cow::Borrowed(text), |text, phrase| {
        // A separator, so that what stood on either side does not join into a new word.
        if text.contains(phrase) { Cow::Owned(text.replace(phrase, "|")) } else { text }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_forbidden_word_is_found_for_its_own_kind() {
        for kind in FORBIDDEN {
            for word in kind.words.iter().filter(|word| !word.is_ascii()) {
                let hit = scan_kinds(word, |k| k.code == kind.code).expect("its own word gives the kind away");
                assert_eq!(hit.content.code, kind.code, "{word}");
            }
            for word in kind.english.iter().map(|word| word.trim_end_matches('*')) {
                assert!(scan_kinds(word, |k| k.code == kind.code).is_some(), "{word}");
            }
            for phrase in kind.except {
                let phrase = phrase.trim_end_matches('*');
                assert_eq!(scan_kinds(phrase, |k| k.code == kind.code), None, "{phrase}");
            }
        }
    }

    #[test]
    fn spelling_does_not_hide_a_forbidden_kind() {
        for text in ["血 型", "血·型", "【血型】", "Blood  Type", "ＤＮＡ样本", "GR_DNA", "配偶姓名", "家庭住址"]
        {
            assert!(scan(text, true).is_some(), "{text}");
        }
    }

    #[test]
    fn ordinary_headings_are_not_mistaken_for_forbidden_kinds() {
        for text in [
            "住所",
            "经营场所",
            "家庭服务业许可证号",
            "家庭农场名称",
            "消费者投诉处理结果",
            "农业转基因生物加工许可证",
            "宗教活动场所登记证编号",
            "职业病防治资质证书编号",
            "职业技能等级证书编号",
            "残疾人就业保障金缴纳情况",
            "疫苗生产许可证编号",
            "行政相对人名称",
            "行为发生日期",
            "法定代表人",
            "基金从业资格",
            "处方药经营许可",
            "无偿献血奉献奖",
            "Name of the party",
            "Percentage of completion",
            "General agency",
            "CF_XDR_ZJHM",
        ] {
            assert_eq!(scan(text, true), None, "{text}");
        }
    }

    #[test]
    fn a_grade_is_refused_for_people_and_left_to_organisations() {
        assert_eq!(scan("纳税信用等级", true).map(|hit| hit.content.code), Some("score"));
        assert_eq!(scan("纳税信用等级", false), None);
        assert_eq!(scan_for_score("社区居民信用积分").map(|hit| hit.word), Some("积分"));
    }

    #[test]
    fn the_vocabulary_is_closed_and_its_codes_are_unique() {
        let codes: Vec<_> = contents().map(|content| content.code).collect();
        let unique: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!(codes.len(), unique.len());
        assert!(content("decision").is_some_and(|content| content.allowed));
        assert!(content("religion").is_some_and(|content| !content.allowed));
        assert_eq!(content("shoe_size"), None);
    }
}
