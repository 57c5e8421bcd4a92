//! The printed form: the content's words in the order in which they stand on paper.

use std::sync::OnceLock;

use chengxin_core::dates::{SHANGHAI_OFFSET_SECONDS, shanghai_date};
use chengxin_core::{Lang, Say};
use chengxin_typeset::{Entry, Pair, Rendered, ReportDoc, Section, Timestamp, Typesetter};

use super::codes::{ExtractCode, VerificationCode};
use super::content::{ReportClass, ReportContent, ReportEntry};
use super::words;
use crate::AppError;

/// One for the process: it parses the fonts.
static TYPESETTER: OnceLock<Typesetter> = OnceLock::new();

/// Most offices printed by name as sources.
const SOURCES_PRINTED: usize = 4;

/// Prepares the typesetter, so that the first report does not wait for it. Takes some tenths of a second.
pub fn warm_up() {
    TYPESETTER.get_or_init(Typesetter::new);
}

/// Sets a report.
pub(super) fn render(
    content: &ReportContent,
    content_hash: &str,
    code: &VerificationCode,
    extract: &ExtractCode,
) -> Result<Rendered, AppError> {
    let doc = document(content, content_hash, code, extract);
    let rendered = TYPESETTER.get_or_init(Typesetter::new).report(&doc, created(content.issued_at_us));
    rendered.map_err(|error| AppError::internal(format!("typeset report: {error}")))
}

fn created(at_us: i64) -> Timestamp {
    let day = shanghai_date(at_us);
    let seconds = (at_us.div_euclid(1_000_000) + SHANGHAI_OFFSET_SECONDS).rem_euclid(86_400);
    let part = |value: i64| u8::try_from(value).unwrap_or(0);
    let (month, of_month) = (part(i64::from(day.month())), part(i64::from(day.day())));
    let (hour, minute, second) = (part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60));
    Timestamp::china(i32::from(day.year()), month, of_month, hour, minute, second)
}

/// How sentences are printed: in Chinese, or with English below or beside it. Chinese is never left out, for it is the
/// text that offices act on.
#[derive(Clone, Copy)]
struct Print(Lang);

impl Print {
    /// A sentence.
    fn text(self, say: &Say) -> String {
        self.join(say, "\n")
    }

    /// A label, or a value of one line.
    fn short(self, say: &Say) -> String {
        self.join(say, " ")
    }

    fn join(self, say: &Say, by: &str) -> String {
        match self.0 {
            Lang::Zh => say.zh.clone(),
            Lang::En if say.zh == say.en || say.en.is_empty() => say.zh.clone(),
            Lang::En => format!("{}{by}{}", say.zh, say.en),
        }
    }

    fn all(self, says: &[Say]) -> Vec<String> {
        says.iter().map(|say| self.text(say)).collect()
    }

    /// Short things on one line.
    fn list(self, says: &[Say]) -> String {
        says.iter().map(|say| self.short(say)).collect::<Vec<_>>().join("、")
    }

    fn pair(self, zh: &str, en: &str, value: String) -> Pair {
        Pair::new(self.text(&Say::new(zh, en)), value)
    }
}

fn document(content: &ReportContent, content_hash: &str, code: &VerificationCode, extract: &ExtractCode) -> ReportDoc {
    let print = Print(content.language);
    let subject = &content.subject;
    let name = if subject.name.is_empty() {
        print.short(&Say::new("（未提供）", "not stated"))
    } else {
        subject.name.clone()
    };
    ReportDoc {
        title: "公共信用信息报告".to_owned(),
        title_en: "Public Credit Information Report".to_owned(),
        city: content.city.clone(),
        synthetic: content.synthetic,
        number: content.number.clone(),
        issued_at: content.issued_at.clone(),
        valid_until: print.short(&words::day(content.valid_through)),
        subject_name: name,
        subject_document: format!("{} {}", print.short(&subject.document), subject.number),
        recipient: content.recipient.clone(),
        purpose: content.purpose.clone(),
        acceptance: print.text(&content.acceptance),
        scope: scope(print, content),
        sections: sections(print, &content.classes),
        leaves_out: print.all(&content.leaves_out),
        rights: print.all(&content.rights),
        sources: sources(print, &content.sources),
        // With spaces, which a line may break at; they are read in every form.
        verification_code: code.grouped().replace('-', " "),
        extract_code: extract.grouped().replace('-', " "),
        verify_url: content.verify_url.clone(),
        signer: content.signer.clone(),
        content_hash: content_hash.to_owned(),
        notes: print.all(&content.notes),
    }
}

/// Fields and period. The classes in scope follow one by one.
fn scope(print: Print, content: &ReportContent) -> Vec<Pair> {
    vec![
        print.pair("领域", "Fields", print.short(&content.scope.domains_say())),
        print.pair("期间", "Period", print.short(&content.scope.period_say())),
    ]
}

/// The first offices by name, as many as stand beside the list of what is left out; the signed JSON has them all.
fn sources(print: Print, offices: &[Say]) -> Vec<String> {
    let mut printed: Vec<String> = offices.iter().take(SOURCES_PRINTED).map(|office| print.text(office)).collect();
    if offices.len() > SOURCES_PRINTED {
        let all = offices.len();
        printed.push(print.text(&Say::new(format!("等共 {all} 个单位"), format!("and others, {all} offices in all"))));
    }
    printed
}

/// Classes with entries one by one; those without in one section together, or a report that shows nothing would be
/// two pages of empty headings.
fn sections(print: Print, classes: &[ReportClass]) -> Vec<Section> {
    let shown = classes.iter().filter(|class| !class.entries.is_empty()).map(|class| Section {
        heading: class.name.zh.clone(),
        heading_en: class.name.en.clone(),
        empty: None,
        entries: class.entries.iter().map(|entry| one(print, entry)).collect(),
    });
    let mut sections: Vec<Section> = shown.collect();
    let empty: Vec<Say> = classes.iter().filter(|class| class.entries.is_empty()).map(|c| c.name.clone()).collect();
    if !empty.is_empty() {
        let nothing = words::nothing();
        sections.push(Section {
            heading: nothing.zh,
            heading_en: nothing.en,
            empty: Some(format!("{}。", print.list(&empty))),
            entries: Vec::new(),
        });
    }
    sections
}

fn one(print: Print, entry: &ReportEntry) -> Entry {
    let mut fields = vec![print.pair("认定机关", "Authority", entry.authority.clone())];
    if !entry.document_number.is_empty() {
        fields.push(print.pair("文书号", "Document", entry.document_number.clone()));
    }
    fields.push(print.pair("认定日期", "Decided on", print.short(&words::day(entry.decided_on))));
    if let Some(severity) = &entry.severity {
        fields.push(print.pair("严重程度", "Severity", print.short(severity)));
    }
    fields.extend(entry.fields.iter().map(|f| Pair::new(print.text(&f.label), print.short(&f.value))));
    if !entry.basis.is_empty() {
        fields.push(print.pair("归集依据", "Legal basis", print.all(&entry.basis).join("\n")));
    }
    Entry {
        title: print.short(&entry.item_name),
        marks: entry.marks.iter().map(|mark| print.short(mark)).collect(),
        fields,
        stops: print.text(&entry.stops),
        contest: print.text(&entry.contest),
        repair: entry.repair.as_ref().map(|repair| print.text(repair)).unwrap_or_default(),
    }
}
