//! What the templates read: the document's words, cleaned and arranged into rows.
//!
//! Arranging is done here and not in the templates, which are interpreted and far slower.

use serde::Serialize;

use crate::clean::{Cleaner, code_point};
use crate::doc::{DecisionDoc, Entry, Pair, ReportDoc, Section};

/// Value width in em up to which two pairs share a line of a table.
const HALF_LINE: f32 = 15.0;
/// Label width in em up to which two pairs share a line of a table.
const SHORT_LABEL: f32 = 7.5;
/// Width in em of a value that has a line to itself.
const FULL_LINE: f32 = 38.0;
/// Entries of at most this many lines are kept on one page. That is under half of a page, so that an
/// estimate that is off by half still fits and no page is left more than half empty.
const KEPT_LINES: f32 = 20.0;
/// How many replaced characters the closing note lists. More are only counted.
const LISTED: usize = 60;

/// A line of a table: one pair, or two of short values side by side.
type Row = Vec<Pair>;

/// What both kinds of document have.
#[derive(Serialize)]
struct Common {
    title: String,
    title_en: String,
    city: String,
    synthetic: bool,
    number: String,
    rights: Vec<String>,
    verification_code: String,
    verify_url: String,
    signer: String,
    content_hash: String,
    notes: Vec<String>,
    /// The characters shown as code points, as one line; empty if there are none.
    replaced: String,
}

/// A report, ready for its template.
#[derive(Serialize)]
pub(crate) struct ReportView {
    #[serde(flatten)]
    common: Common,
    issued_at: String,
    valid_until: String,
    subject_name: String,
    subject_document: String,
    recipient: String,
    purpose: String,
    acceptance: String,
    scope: Vec<Row>,
    sections: Vec<SectionView>,
    leaves_out: Vec<String>,
    sources: Vec<String>,
    extract_code: String,
}

#[derive(Serialize)]
struct SectionView {
    heading: String,
    heading_en: String,
    empty: String,
    entries: Vec<EntryView>,
}

#[derive(Serialize)]
struct EntryView {
    title: String,
    marks: Vec<String>,
    rows: Vec<Row>,
    stops: String,
    contest: String,
    repair: String,
    /// Whether it is short enough to be kept on one page.
    keep: bool,
}

/// A letter, ready for its template.
#[derive(Serialize)]
pub(crate) struct LetterView {
    #[serde(flatten)]
    common: Common,
    date: String,
    addressee: String,
    paragraphs: Vec<String>,
    table: Vec<Row>,
    closing: Vec<String>,
}

impl ReportView {
    pub(crate) fn new(doc: &ReportDoc, clean: &mut Cleaner<'_>) -> Self {
        let mut view = Self {
            issued_at: clean.text(&doc.issued_at),
            valid_until: clean.text(&doc.valid_until),
            subject_name: clean.text(&doc.subject_name),
            subject_document: clean.text(&doc.subject_document),
            recipient: clean.text(&doc.recipient),
            purpose: clean.text(&doc.purpose),
            acceptance: clean.text(&doc.acceptance),
            scope: rows(&doc.scope, clean),
            sections: doc.sections.iter().map(|s| section(s, clean)).collect(),
            leaves_out: lines(&doc.leaves_out, clean),
            sources: lines(&doc.sources, clean),
            extract_code: clean.text(&doc.extract_code),
            common: Common {
                title: clean.plain(&doc.title),
                title_en: clean.plain(&doc.title_en),
                city: clean.plain(&doc.city),
                synthetic: doc.synthetic,
                number: clean.text(&doc.number),
                rights: lines(&doc.rights, clean),
                verification_code: clean.text(&doc.verification_code),
                verify_url: clean.text(&doc.verify_url),
                signer: clean.text(&doc.signer),
                content_hash: clean.text(&doc.content_hash),
                notes: lines(&doc.notes, clean),
                replaced: String::new(),
            },
        };
        view.common.replaced = replaced_line(&clean.replaced());
        view
    }
}

impl LetterView {
    pub(crate) fn new(doc: &DecisionDoc, clean: &mut Cleaner<'_>) -> Self {
        let mut view = Self {
            date: clean.text(&doc.date),
            addressee: clean.text(&doc.addressee),
            paragraphs: lines(&doc.paragraphs, clean),
            table: rows(&doc.table, clean),
            closing: lines(&doc.closing, clean),
            common: Common {
                title: clean.plain(&doc.title),
                title_en: clean.plain(&doc.title_en),
                city: clean.plain(&doc.city),
                synthetic: doc.synthetic,
                number: clean.text(&doc.number),
                rights: lines(&doc.rights, clean),
                verification_code: clean.text(&doc.verification_code),
                verify_url: clean.text(&doc.verify_url),
                signer: clean.text(&doc.signer),
                content_hash: clean.text(&doc.content_hash),
                notes: lines(&doc.notes, clean),
                replaced: String::new(),
            },
        };
        view.common.replaced = replaced_line(&clean.replaced());
        view
    }
}

fn section(section: &Section, clean: &mut Cleaner<'_>) -> SectionView {
    SectionView {
        heading: clean.text(&section.heading),
        heading_en: clean.text(&section.heading_en),
        empty: clean.text(section.empty.as_deref().unwrap_or_default()),
        entries: section.entries.iter().map(|e| entry(e, clean)).collect(),
    }
}

fn entry(entry: &Entry, clean: &mut Cleaner<'_>) -> EntryView {
    let mut view = EntryView {
        title: clean.text(&entry.title),
        marks: lines(&entry.marks, clean),
        rows: rows(&entry.fields, clean),
        stops: clean.text(&entry.stops),
        contest: clean.text(&entry.contest),
        repair: clean.text(&entry.repair),
        keep: false,
    };
    view.keep = entry_lines(&view) <= KEPT_LINES;
    view
}

fn lines(raw: &[String], clean: &mut Cleaner<'_>) -> Vec<String> {
    raw.iter().map(|line| clean.text(line)).collect()
}

/// Puts pairs into table lines: neighbours share one where both are short. The order is kept.
fn rows(pairs: &[Pair], clean: &mut Cleaner<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(pairs.len());
    let mut half_open = false;
    for pair in pairs {
        let pair = Pair::new(clean.text(&pair.label), clean.text(&pair.value));
        let short = is_short(&pair);
        match rows.last_mut() {
            Some(row) if half_open && short => {
                row.push(pair);
                half_open = false;
            }
            _ => {
                rows.push(vec![pair]);
                half_open = short;
            }
        }
    }
    rows
}

fn is_short(pair: &Pair) -> bool {
    !pair.value.contains('\n') && width(&pair.value) <= HALF_LINE && width(&pair.label) <= SHORT_LABEL
}

/// A rough width in em, on the wide side: a capital W must not count as less than it takes.
fn width(text: &str) -> f32 {
    let of = |c: char| match c {
        ' '..='~' if c.is_ascii_uppercase() => 0.72,
        ' '..='~' => 0.56,
        '\u{200B}' => 0.0,
        _ => 1.0,
    };
    text.chars().map(of).sum()
}

/// How many lines an entry takes, roughly.
fn entry_lines(entry: &EntryView) -> f32 {
    let lines_of = |text: &str, room: f32| -> f32 {
        text.split('\n').map(|line| (width(line) / room).ceil().max(1.0)).sum()
    };
    let row_lines = |row: &Row| match row.as_slice() {
        // A label column is about a fifth as wide as a full line.
        [only] => lines_of(&only.value, FULL_LINE).max(lines_of(&only.label, FULL_LINE / 5.0)),
        _ => 1.0,
    };
    let told = [&entry.stops, &entry.contest, &entry.repair];
    let fixed: f32 = told
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| lines_of(text, FULL_LINE))
        .sum();
    // Half a line of white space per row, and the title with the space above it.
    let rows: f32 = entry.rows.iter().map(|row| row_lines(row) + 0.5).sum();
    lines_of(&entry.title, FULL_LINE) + 1.0 + rows + fixed + 1.5
}

/// The list for the closing note: `U+2B8E2  U+3FFFF`, and how many more there are.
fn replaced_line(replaced: &[char]) -> String {
    let listed: Vec<String> = replaced.iter().take(LISTED).map(|&c| code_point(c)).collect();
    let more = replaced.len().saturating_sub(LISTED);
    match more {
        0 => listed.concat(),
        more => format!("{} … 另有 {more} 个 ({more} more)", listed.concat()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::fonts::Fonts;

    fn arranged(pairs: &[Pair]) -> Vec<usize> {
        let fonts = Fonts::new(Vec::new());
        let mut cleaner = Cleaner::new(&fonts, false);
        rows(pairs, &mut cleaner).iter().map(Vec::len).collect()
    }

    #[test]
    fn two_short_pairs_share_a_line_and_a_long_one_stands_alone() {
        let short = || Pair::new("处罚类别", "罚款");
        let long = || Pair::new("违法事实", "在".repeat(50));
        assert_eq!(arranged(&[short(), short(), long(), short()]), [2, 1, 1]);
        assert_eq!(arranged(&[short(), long(), short(), short()]), [1, 1, 2]);
        assert_eq!(arranged(&[]), Vec::<usize>::new());
    }

    #[test]
    fn a_value_of_two_lines_never_shares_a_line() {
        let two = || Pair::new("备注", "一\n二");
        assert_eq!(arranged(&[two(), two()]), [1, 1]);
    }

    #[test]
    fn a_long_entry_may_break_across_pages_and_a_short_one_may_not() {
        let fonts = Fonts::new(Vec::new());
        let mut cleaner = Cleaner::new(&fonts, false);
        let of = |facts: usize| Entry {
            title: "行政处罚".into(),
            fields: vec![Pair::new("事实", "字".repeat(facts))],
            ..Entry::default()
        };
        assert!(entry(&of(200), &mut cleaner).keep);
        assert!(!entry(&of(2000), &mut cleaner).keep);
    }

    #[test]
    fn the_closing_note_counts_what_it_does_not_list() {
        let many: Vec<char> = ('\u{E000}'..).take(LISTED + 7).collect();
        assert!(replaced_line(&many).ends_with("(7 more)"));
        assert_eq!(replaced_line(&['\0']), "〔U+0000〕");
        assert_eq!(replaced_line(&[]), "");
    }
}
