//! What a report says: one value, from which PDF, JSON and page are made.

use chengxin_core::{Lang, Say};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Name of the format of [`ReportContent`], in its first field.
pub const FORMAT: &str = "chengxin-report/1";

/// The whole of a report. Its JSON is what is hashed and signed.
///
/// Sentences are in both languages whatever language was asked for, so that every holder can read them; values of
/// records stand as the authority recorded them. There is no score, no grade, no address and no full number here, and
/// no place for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportContent {
    /// [`FORMAT`].
    pub format: String,
    /// Report number.
    pub number: String,
    /// City that issues it.
    pub city: String,
    /// Are all data made up?
    pub synthetic: bool,
    /// Language asked for: with English, the printed report has both.
    pub language: Lang,
    /// When it was issued, microseconds UTC.
    pub issued_at_us: i64,
    /// The same for people, Asia/Shanghai.
    pub issued_at: String,
    /// Last day on which it may be relied on.
    pub valid_through: Date,
    /// About whom.
    pub subject: ReportSubject,
    /// For whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// What was asked.
    pub scope: ReportScope,
    /// Every class in scope, in the order of the catalogue.
    pub classes: Vec<ReportClass>,
    /// What it leaves out, by kind. The same list in every report: it must not tell whether there is any of it.
    pub leaves_out: Vec<Say>,
    /// Rights of the subject.
    pub rights: Vec<Say>,
    /// Offices whose files the platform holds for the scope.
    pub sources: Vec<Say>,
    /// Who accepts it.
    pub acceptance: Say,
    /// Remarks.
    pub notes: Vec<Say>,
    /// Content hash of the catalogue by whose rules it was made.
    pub catalogue: String,
    /// Verification code.
    pub verification_code: String,
    /// Address behind the QR code.
    pub verify_url: String,
    /// In whose name it is signed.
    pub signer: String,
}

/// The subject as a report names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSubject {
    /// Name; empty where none was stated and nothing is shown.
    pub name: String,
    /// Kind of document.
    pub document: Say,
    /// Its number, masked; an organisation's public code stands whole.
    pub number: String,
}

/// What a report covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportScope {
    /// Fields of life; empty for all.
    pub domains: Vec<Say>,
    /// First day of decision; absent without limit.
    pub from: Option<Date>,
    /// Last day of decision; absent without limit.
    pub to: Option<Date>,
}

/// One class of the national catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportClass {
    /// Its name.
    pub name: Say,
    /// What is shown, the newest decision first.
    pub entries: Vec<ReportEntry>,
    /// 未查询到可报告信息, exactly where there is no entry.
    pub empty: Option<Say>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEntry {
    /// Id of the record: a keyed digest that says nothing by itself.
    pub record: String,
    /// Version shown.
    pub version: i64,
    /// Item code.
    pub item: String,
    /// Its name.
    pub item_name: Say,
    /// Authority that determined.
    pub authority: String,
    /// Number of the determining document; empty where the item has none.
    pub document_number: String,
    /// Date of the determining document.
    pub decided_on: Date,
    /// Derived severity.
    pub severity: Option<Say>,
    /// Clauses on which it is recorded, in force on the day of the decision.
    pub basis: Vec<Say>,
    /// Values, in the order of the item's fields.
    pub fields: Vec<ReportField>,
    /// Last day on which it is shown; absent where there is none.
    pub shown_through: Option<Date>,
    /// The same for people.
    pub stops: Say,
    /// How to contest it.
    pub contest: Say,
    /// First day on which repair may be asked for.
    pub repair_from: Option<Date>,
    /// How to repair it; absent for what is not adverse.
    pub repair: Option<Say>,
    /// What must be read with it.
    pub marks: Vec<Say>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportField {
    /// Field code.
    pub code: String,
    /// What the value is.
    pub label: Say,
    /// The value. Text stands as recorded in both languages; dates, amounts and choices are written out in each.
    pub value: Say,
}

impl ReportContent {
    /// How many records it shows.
    #[must_use]
    pub fn entry_count(&self) -> usize {
        self.classes.iter().map(|class| class.entries.len()).sum()
    }

    /// Every record that it shows: id and version.
    #[must_use]
    pub fn records(&self) -> Vec<(String, i64)> {
        let entries = self.classes.iter().flat_map(|class| &class.entries);
        entries.map(|entry| (entry.record.clone(), entry.version)).collect()
    }
}

impl ReportScope {
    /// The fields of life for people.
    #[must_use]
    pub fn domains_say(&self) -> Say {
        if self.domains.is_empty() {
            return Say::new("全部", "all");
        }
        let join = |get: fn(&Say) -> &str, by: &str| self.domains.iter().map(get).collect::<Vec<_>>().join(by);
        Say::new(join(|s| &s.zh, "、"), join(|s| &s.en, ", "))
    }

    /// The period for people, by date of decision.
    #[must_use]
    pub fn period_say(&self) -> Say {
        match (self.from, self.to) {
            (None, None) => Say::new("不限", "no limit"),
            (Some(from), None) => Say::new(format!("{from} 起作出的决定"), format!("decisions since {from}")),
            (None, Some(to)) => Say::new(format!("{to} 及以前作出的决定"), format!("decisions until {to}")),
            (Some(from), Some(to)) => {
                Say::new(format!("{from} 至 {to} 作出的决定"), format!("decisions from {from} to {to}"))
            }
        }
    }
}
