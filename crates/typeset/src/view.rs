//! What the templates read: the document's words, cleaned and arranged into rows.
//!
//! Arranging is done here and not in the templates, which are interpreted and far slower.

use serde::Serialize;

use crate::clean::{Cleaner, code_point, width};
use crate::doc::{DecisionDoc, Entry, Pair, ReportDoc, Section};

/// Value width in em up to which two lines share one.
const HALF_LINE: f32 = 15.0;
/// Label width in em up to which two lines share one; also where a long word in a label is broken.
const LABEL: f32 = 7.0;
/// Width in em of a value that has a line to itself; also where a long word in it is broken.
const FULL_LINE: f32 = 38.0;
/// Entries of at most this many lines are kept on one page. That is under half of a page, so that an
/// estimate that is off by half still fits and no page is left more than half empty.
const KEPT_LINES: f32 = 20.0;
/// How many replaced characters the closing note lists. More are only counted.
const LISTED: usize = 60;

/// A line of a table: one label with its value, or two of them, both short.
type Row = Vec<Line>;

/// A label and its value.
#[derive(Serialize)]
struct Line {
    label: String,
    /// Empty for labels that come with the data: those are given in one language.
    label_en: &'static str,
    value: String,
    /// Whether the value is set in bold.
    strong: bool,
}

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
    /// Where and with which codes to verify the document.
    verification: Vec<Row>,
    notes: Vec<String>,
    /// The characters shown as code points, as one line; empty if there are none.
    replaced: String,
}

/// A report, ready for its template.
#[derive(Serialize)]
pub(crate) struct ReportView {
    #[serde(flatten)]
    common: Common,
    /// Who and what the report is about and for.
    identity: Vec<Row>,
    scope: Vec<Row>,
    sections: Vec<SectionView>,
    leaves_out: Vec<String>,
    sources: Vec<String>,
    /// Whether the two lists above are short enough to stand side by side.
    lists_abreast: bool,
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
        let mut subject = line("信用主体", "Subject", &doc.subject_name, clean);
        subject.strong = true;
        let identity = vec![
            subject,
            line("证件", "Document", &doc.subject_document, clean),
            line("报告编号", "Report number", &doc.number, clean),
            line("出具时间", "Issued", &doc.issued_at, clean),
            line("接收方", "Recipient", &doc.recipient, clean),
            line("用途", "Purpose", &doc.purpose, clean),
            line("有效期至", "Valid until", &doc.valid_until, clean),
            line("采信说明", "Acceptance", &doc.acceptance, clean),
        ];
        let verification = vec![
            line("核验网址", "Verify at", &doc.verify_url, clean),
            line("核验码", "Verification code", &doc.verification_code, clean),
            line("提取码", "Extract code", &doc.extract_code, clean),
            line("签发单位", "Signed by", &doc.signer, clean),
            line("内容摘要", "Content hash", &doc.content_hash, clean),
        ];
        let mut view = Self {
            identity: arrange(identity),
            scope: rows(&doc.scope, clean),
            sections: doc.sections.iter().map(|s| section(s, clean)).collect(),
            leaves_out: texts(&doc.leaves_out, clean),
            sources: texts(&doc.sources, clean),
            lists_abreast: [&doc.leaves_out, &doc.sources].iter().all(|list| is_small(list)),
            extract_code: clean.plain(&doc.extract_code),
            common: Common {
                title: clean.plain(&doc.title),
                title_en: clean.plain(&doc.title_en),
                city: clean.plain(&doc.city),
                synthetic: doc.synthetic,
                number: clean.plain(&doc.number),
                rights: texts(&doc.rights, clean),
                verification_code: clean.plain(&doc.verification_code),
                verify_url: clean.plain(&doc.verify_url),
                signer: clean.plain(&doc.signer),
                verification: arrange(verification),
                notes: texts(&doc.notes, clean),
                replaced: String::new(),
            },
        };
        view.common.replaced = replaced_line(&clean.replaced());
        view
    }
}

impl LetterView {
    pub(crate) fn new(doc: &DecisionDoc, clean: &mut Cleaner<'_>) -> Self {
        let verification = vec![
            line("核验网址", "Verify at", &doc.verify_url, clean),
            line("核验码", "Verification code", &doc.verification_code, clean),
            line("内容摘要", "Content hash", &doc.content_hash, clean),
        ];
        let mut view = Self {
            date: clean.plain(&doc.date),
            addressee: clean.text(&doc.addressee, FULL_LINE),
            paragraphs: texts(&doc.paragraphs, clean),
            table: rows(&doc.table, clean),
            closing: texts(&doc.closing, clean),
            common: Common {
                title: clean.plain(&doc.title),
                title_en: clean.plain(&doc.title_en),
                city: clean.plain(&doc.city),
                synthetic: doc.synthetic,
                number: clean.plain(&doc.number),
                rights: texts(&doc.rights, clean),
                verification_code: clean.plain(&doc.verification_code),
                verify_url: clean.plain(&doc.verify_url),
                signer: clean.text(&doc.signer, FULL_LINE),
                verification: arrange(verification),
                notes: texts(&doc.notes, clean),
                replaced: String::new(),
            },
        };
        view.common.replaced = replaced_line(&clean.replaced());
        view
    }
}

fn section(section: &Section, clean: &mut Cleaner<'_>) -> SectionView {
    SectionView {
        heading: clean.text(&section.heading, FULL_LINE),
        heading_en: clean.text(&section.heading_en, FULL_LINE),
        empty: clean.text(section.empty.as_deref().unwrap_or_default(), FULL_LINE),
        entries: section.entries.iter().map(|e| entry(e, clean)).collect(),
    }
}

fn entry(entry: &Entry, clean: &mut Cleaner<'_>) -> EntryView {
    let mut view = EntryView {
        title: clean.text(&entry.title, FULL_LINE),
        marks: texts(&entry.marks, clean),
        rows: rows(&entry.fields, clean),
        stops: clean.text(&entry.stops, FULL_LINE),
        contest: clean.text(&entry.contest, FULL_LINE),
        repair: clean.text(&entry.repair, FULL_LINE),
        keep: false,
    };
    view.keep = entry_lines(&view) <= KEPT_LINES;
    view
}

/// Whether a list fits into half the width of a page without taking much of its height.
fn is_small(list: &[String]) -> bool {
    (1..=5).contains(&list.len()) && list.iter().all(|item| width(item) <= 4.0 * HALF_LINE)
}

fn texts(raw: &[String], clean: &mut Cleaner<'_>) -> Vec<String> {
    raw.iter().map(|text| clean.text(text, FULL_LINE)).collect()
}

/// A line with one of the documents' own labels.
fn line(label: &str, label_en: &'static str, value: &str, clean: &mut Cleaner<'_>) -> Line {
    Line {
        label: label.to_owned(),
        label_en,
        value: clean.text(value, FULL_LINE),
        strong: false,
    }
}

/// Lines whose labels come with the data.
fn rows(pairs: &[Pair], clean: &mut Cleaner<'_>) -> Vec<Row> {
    let of = |pair: &Pair| Line {
        label: clean.text(&pair.label, LABEL),
        ..line("", "", &pair.value, clean)
    };
    arrange(pairs.iter().map(of).collect())
}

/// Puts lines into rows: neighbours share one where both are short. The order is kept.
///
/// A line with a label of its own and no value is left out; one with a label from the data stays, so
/// that a blank field of a record is seen to be blank.
fn arrange(lines: Vec<Line>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(lines.len());
    let mut half_open = false;
    for line in lines {
        if line.value.is_empty() && !line.label_en.is_empty() {
            continue;
        }
        let short = is_short(&line);
        match rows.last_mut() {
            Some(row) if half_open && short => {
                row.push(line);
                half_open = false;
            }
            _ => {
                rows.push(vec![line]);
                half_open = short;
            }
        }
    }
    rows
}

fn is_short(line: &Line) -> bool {
    // Bold and a size larger.
    let room = if line.strong { HALF_LINE * 0.85 } else { HALF_LINE };
    !line.value.contains('\n') && width(&line.value) <= room && width(&line.label) <= LABEL
}

/// How many lines an entry takes, roughly.
fn entry_lines(entry: &EntryView) -> f32 {
    let lines_of = |text: &str, room: f32| -> f32 {
        text.split('\n').map(|line| (width(line) / room).ceil().max(1.0)).sum()
    };
    let row_lines = |row: &Row| match row.as_slice() {
        [only] => lines_of(&only.value, FULL_LINE).max(lines_of(&only.label, LABEL)),
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
