//! The printed form: the content's words in the order in which they stand on paper.

use chengxin_core::Say;
use chengxin_typeset::{Entry, Pair, Rendered, ReportDoc, Section};

use super::codes::{ExtractCode, VerificationCode};
use super::content::{ReportClass, ReportContent, ReportEntry};
use super::words;
use crate::AppError;
use crate::paper::{self, Print};

/// Most offices printed by name as sources.
const SOURCES_PRINTED: usize = 4;

/// Sets a report.
pub(super) fn render(
    content: &ReportContent,
    content_hash: &str,
    code: &VerificationCode,
    extract: &ExtractCode,
) -> Result<Rendered, AppError> {
    let doc = document(content, content_hash, code, extract);
    paper::report(&doc, content.issued_at_us)
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
