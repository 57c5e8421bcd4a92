//! The plain data that the templates set. All of it is words; nothing here is computed with.

use serde::{Deserialize, Serialize};

use crate::TypesetError;

/// A public credit information report (公共信用信息报告).
///
/// Every string is printed as it stands. An empty string leaves its line out, an empty list its block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDoc {
    /// The Chinese title, `公共信用信息报告`; also the title in the file's metadata.
    pub title: String,
    /// The English title, set small and grey under the Chinese one.
    pub title_en: String,
    /// The city that issues the report, as it stands over the title.
    pub city: String,
    /// Whether the data are made up. Then a band on every page says so, in both languages.
    pub synthetic: bool,
    /// The report number. It stands on every page and seeds the PDF's document identifier.
    pub number: String,
    /// When the report was made, as it is to be printed.
    pub issued_at: String,
    /// Until when the report is meant to be relied on, as it is to be printed.
    pub valid_until: String,
    /// The name of the person or organisation the report is about.
    pub subject_name: String,
    /// The kind and masked number of its document, `居民身份证 990***17`.
    pub subject_document: String,
    /// Who the report is for.
    pub recipient: String,
    /// What the report is for.
    pub purpose: String,
    /// Who accepts the report in place of a certificate: city policy, printed as given.
    pub acceptance: String,
    /// What was asked for: classes, domains, period, language.
    pub scope: Vec<Pair>,
    /// The classes of information, in the order in which they are to stand.
    pub sections: Vec<Section>,
    /// What the report leaves out, one sentence each.
    pub leaves_out: Vec<String>,
    /// The subject's rights, one sentence each.
    pub rights: Vec<String>,
    /// The offices the information came from.
    pub sources: Vec<String>,
    /// The code that a recipient types in to verify the report.
    pub verification_code: String,
    /// The code that a recipient types in to fetch the report.
    pub extract_code: String,
    /// The address behind the QR code. Empty: no QR code.
    pub verify_url: String,
    /// Who signs the file.
    pub signer: String,
    /// The hash of the content, in hexadecimal.
    pub content_hash: String,
    /// Remarks at the end, one paragraph each.
    pub notes: Vec<String>,
}

/// A label and its value: one line of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// What the value is.
    pub label: String,
    /// The value, as it is to be printed.
    pub value: String,
}

impl Pair {
    /// A pair of a label and its value.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// One class of information.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The class in Chinese.
    pub heading: String,
    /// The class in English, set small and grey beside it.
    pub heading_en: String,
    /// What to print where there is nothing: `未查询到可报告信息`. Printed only if there is no entry.
    pub empty: Option<String>,
    /// The records of the class.
    pub entries: Vec<Entry>,
}

/// One record of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What the record is, in one line.
    pub title: String,
    /// What must be read with it, such as `异议中`: framed, beside the title.
    pub marks: Vec<String>,
    /// Its fields. Two short ones share a line, a long one has a line to itself.
    pub fields: Vec<Pair>,
    /// The day from which it is no longer shown.
    pub stops: String,
    /// How and where it can be contested.
    pub contest: String,
    /// How and from when it can be repaired.
    pub repair: String,
}

/// A signed decision or receipt: a letter of usually one or two pages with a QR code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionDoc {
    /// The Chinese title, `异议处理决定书`; also the title in the file's metadata.
    pub title: String,
    /// The English title.
    pub title_en: String,
    /// The city or office in whose name the letter goes out, over the title.
    pub city: String,
    /// Whether the data are made up. Then a band on every page says so, in both languages.
    pub synthetic: bool,
    /// The number of the letter.
    pub number: String,
    /// The date of the letter, as it is to be printed.
    pub date: String,
    /// To whom it is written.
    pub addressee: String,
    /// The text before the table, one paragraph each.
    pub paragraphs: Vec<String>,
    /// What was decided or received, as label and value.
    pub table: Vec<Pair>,
    /// The text after the table, one paragraph each.
    pub closing: Vec<String>,
    /// The routes of review and other rights, one sentence each.
    pub rights: Vec<String>,
    /// Who signs, at the right above the date.
    pub signer: String,
    /// The code that a recipient types in to verify the letter.
    pub verification_code: String,
    /// The address behind the QR code. Empty: no QR code.
    pub verify_url: String,
    /// The hash of the content, in hexadecimal.
    pub content_hash: String,
    /// Remarks at the end, one paragraph each.
    pub notes: Vec<String>,
}

/// A notice to a person. It is set like a decision: one letter, one house style.
pub type NoticeDoc = DecisionDoc;

/// When a document was made: a civil time and its distance from UTC.
///
/// It goes into the file's metadata only. What is printed is in the document's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timestamp {
    /// Year, 0 to 9999.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Minutes east of UTC, −1439 to 1439; 480 in China.
    pub offset_minutes: i32,
}

impl Timestamp {
    /// A civil time in China (UTC+8). It is checked when the document is set.
    pub fn china(year: i32, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Self {
        Self { year, month, day, hour, minute, second, offset_minutes: 480 }
    }

    /// The PDF writer's form of the time.
    ///
    /// # Errors
    /// [`TypesetError::CreationTime`] where a part is out of its bounds.
    pub(crate) fn to_pdf(self) -> Result<typst_pdf::Timestamp, TypesetError> {
        let civil = typst::foundations::Datetime::from_ymd_hms(
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
        );
        // The writer drops a year it cannot hold without a word, and PDF/A demands a date.
        civil
            .filter(|_| (0..=9999).contains(&self.year))
            .and_then(|civil| typst_pdf::Timestamp::new_local(civil, self.offset_minutes))
            .ok_or(TypesetError::CreationTime)
    }
}
