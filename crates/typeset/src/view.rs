//! What the templates read: the document's words, cleaned and arranged into rows.
//!
//! Arranging is done here and not in the templates, which are interpreted and far slower.

use serde::Serialize;

use crate::clean::{Cleaner, code_point};
use crate::doc::{DecisionDoc, Entry, Pair, ReportDoc, Section};

// The widths of the templates' table columns, in em of the type that stands in them, less two per
// cent. What is narrower by the fonts' own measure stands on one line.

/// A value beside another: 59 mm less the cell's white space, at 9.5 pt.
const HALF_LINE: f32 = 16.0;
/// A value that has a row to itself: 144 mm less the cell's white space, at 9.5 pt.
const FULL_LINE: f32 = 40.8;
/// A label: 26 mm less the cell's white space, at 8.5 pt. The English below or beside it fits, too.
const LABEL: f32 = 7.1;
/// How much larger the type of a strong value is than that of others: 10.5 pt to 9.5 pt.
const STRONG: f32 = 10.5 / 9.5;

/// Entries of at most this many lines are kept on one page. That is under half of a page, so that an
/// estimate that is off by half still fits and no page is left more than half empty.
const KEPT_LINES: f32 = 20.0;
/// How many replaced characters the closing note lists. More are only counted.
const LISTED: usize = 60;

/// A row of a table: one line, or two short ones side by side.
#[derive(Serialize)]
struct Row {
    lines: Vec<Line>,
    /// How high the row is, if that is certain. A row whose height must be found out is laid out
    /// twice, which would take a third of the time of a whole report.
    height: Height,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Height {
    /// All cells hold one line of type.
    One,
    /// The labels hold a line of Chinese over one of English, the values one line.
    Two,
    /// Something runs on: the layout engine finds out.
    Fit,
}

/// A label and its value.
#[derive(Serialize)]
struct Line {
    label: String,
    /// Empty for labels that come with the data: those are given in one language.
    label_en: &'static str,
    value: String,
    style: Style,
    /// The widths of label and value in em.
    #[serde(skip)]
    widths: (f32, f32),
}

/// How a line is set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Style {
    /// The English below the label.
    Plain,
    /// The English below the label, the value bold and larger.
    Strong,
    /// The English beside the label.
    Beside,
    /// The English below the label, the value an address to follow.
    Link,
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
        // What belongs together shares a row or has two; it does not pair up with its neighbours.
        let identity = [
            arrange(vec![
                line("信用主体", "Subject", &doc.subject_name, clean).in_style(Style::Strong),
                line("证件", "Document", &doc.subject_document, clean),
            ]),
            arrange(vec![
                line("报告编号", "Report number", &doc.number, clean),
                line("出具时间", "Issued", &doc.issued_at, clean),
            ]),
            arrange(vec![
                line("接收方", "Recipient", &doc.recipient, clean),
                line("用途", "Purpose", &doc.purpose, clean),
            ]),
            arrange(vec![line("有效期至", "Valid until", &doc.valid_until, clean)]),
            arrange(vec![line("采信说明", "Acceptance", &doc.acceptance, clean)]),
        ];
        let verification = [
            arrange(vec![address(&doc.verify_url, clean)]),
            arrange(vec![
                line("核验码", "Verification code", &doc.verification_code, clean),
                line("提取码", "Extract code", &doc.extract_code, clean),
            ]),
            arrange(vec![line("签发单位", "Signed by", &doc.signer, clean)]),
            arrange(vec![line("内容摘要", "Content hash", &doc.content_hash, clean)]),
        ];
        let mut view = Self {
            identity: identity.into_iter().flatten().collect(),
            scope: rows(&doc.scope, clean),
            sections: doc.sections.iter().map(|s| section(s, clean)).collect(),
            leaves_out: texts(&doc.leaves_out, clean),
            sources: texts(&doc.sources, clean),
            lists_abreast: [&doc.leaves_out, &doc.sources].iter().all(|list| is_small(list, clean)),
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
                verification: verification.into_iter().flatten().collect(),
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
            address(&doc.verify_url, clean),
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
    let mut rows = rows(&entry.fields, clean);
    for (label, label_en, value) in [
        ("停止展示", "Until", &entry.stops),
        ("提出异议", "Contest", &entry.contest),
        ("信用修复", "Repair", &entry.repair),
    ] {
        let told = line(label, label_en, value, clean).in_style(Style::Beside);
        // One by one: what a person can do is not to be looked for at the end of another line.
        rows.extend(arrange(vec![told]));
    }
    let title = clean.text(&entry.title, FULL_LINE);
    let lines = lines_of(clean.width(&title), &title, FULL_LINE) + 1.0;
    EntryView {
        marks: texts(&entry.marks, clean),
        keep: lines + rows.iter().map(row_lines).sum::<f32>() <= KEPT_LINES,
        title,
        rows,
    }
}

/// Whether a list fits into half the width of a page without taking much of its height.
fn is_small(list: &[String], clean: &Cleaner<'_>) -> bool {
    (1..=5).contains(&list.len()) && list.iter().all(|item| clean.width(item) <= 4.0 * HALF_LINE)
}

fn texts(raw: &[String], clean: &mut Cleaner<'_>) -> Vec<String> {
    raw.iter().map(|text| clean.text(text, FULL_LINE)).collect()
}

/// A line with one of the documents' own labels.
fn line(label: &str, label_en: &'static str, value: &str, clean: &mut Cleaner<'_>) -> Line {
    let label = clean.text(label, LABEL);
    let value = clean.text(value, FULL_LINE);
    Line { widths: (clean.width(&label), clean.width(&value)), label, label_en, value, style: Style::Plain }
}

/// The line with the address where the document is verified; to be followed if it is a web address.
fn address(verify_url: &str, clean: &mut Cleaner<'_>) -> Line {
    let web = verify_url.starts_with("https://") || verify_url.starts_with("http://");
    let (label, label_en) = if web { ("核验网址", "Verify at") } else { ("二维码内容", "In the QR code") };
    let plain = line(label, label_en, verify_url, clean);
    // Printed otherwise than it was given, or broken into parts, it would lead nowhere.
    if web && plain.value == verify_url { plain.in_style(Style::Link) } else { plain }
}

impl Line {
    fn in_style(mut self, style: Style) -> Self {
        self.style = style;
        if style == Style::Strong {
            self.widths.1 *= STRONG;
        }
        self
    }

    /// Whether label and value each stand on one line where the value has this much room.
    fn fits(&self, room: f32) -> bool {
        let one_line = |text: &str, width: f32, room: f32| width <= room && !text.contains('\n');
        one_line(&self.label, self.widths.0, LABEL) && one_line(&self.value, self.widths.1, room)
    }
}

/// Rows of lines whose labels come with the data.
fn rows(pairs: &[Pair], clean: &mut Cleaner<'_>) -> Vec<Row> {
    arrange(pairs.iter().map(|pair| line(&pair.label, "", &pair.value, clean)).collect())
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
        let short = line.fits(HALF_LINE);
        let height = match line.style {
            _ if !line.fits(FULL_LINE) => Height::Fit,
            Style::Plain if line.label_en.is_empty() => Height::One,
            Style::Beside => Height::One,
            Style::Plain | Style::Strong | Style::Link => Height::Two,
        };
        match rows.last_mut() {
            // Both are short, so both are of one line; labels of one table are of one kind.
            Some(row) if half_open && short => {
                row.lines.push(line);
                half_open = false;
            }
            _ => {
                rows.push(Row { lines: vec![line], height });
                half_open = short;
            }
        }
    }
    rows
}

/// How many lines of type a row takes, white space included, roughly.
fn row_lines(row: &Row) -> f32 {
    match (row.height, row.lines.as_slice()) {
        (Height::One, _) => 1.5,
        (Height::Two, _) => 2.0,
        (Height::Fit, lines) => {
            let of = |line: &Line| {
                lines_of(line.widths.1, &line.value, FULL_LINE).max(lines_of(line.widths.0, &line.label, LABEL))
            };
            lines.iter().map(of).fold(0.0, f32::max) + 0.5
        }
    }
}

/// How many lines a text of this width takes, roughly. Of unknown width: as if all were 1 em wide.
fn lines_of(width: f32, text: &str, room: f32) -> f32 {
    let width = if width.is_finite() { width } else { text.chars().count() as f32 };
    (width / room).ceil() + text.matches('\n').count() as f32
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

    fn arranged(pairs: &[Pair]) -> Vec<(usize, Height)> {
        let fonts = Fonts::new(Vec::new());
        let mut cleaner = Cleaner::new(&fonts, false);
        rows(pairs, &mut cleaner).iter().map(|row| (row.lines.len(), row.height)).collect()
    }

    #[test]
    fn two_short_lines_share_a_row_and_a_long_one_stands_alone() {
        let short = || Pair::new("处罚类别", "罚款");
        let long = || Pair::new("违法事实", "在".repeat(50));
        let (pair, alone, runs_on) = ((2, Height::One), (1, Height::One), (1, Height::Fit));
        assert_eq!(arranged(&[short(), short(), long(), short()]), [pair, runs_on, alone]);
        assert_eq!(arranged(&[short(), long(), short(), short()]), [alone, runs_on, pair]);
        assert_eq!(arranged(&[]), []);
    }

    #[test]
    fn a_value_of_two_lines_never_shares_a_row() {
        let two = || Pair::new("备注", "一\n二");
        assert_eq!(arranged(&[two(), two()]), [(1, Height::Fit); 2]);
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
