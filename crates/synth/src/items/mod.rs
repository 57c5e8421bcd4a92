//! The items of which the city has records: columns, who sends them, and what stands in a row.

#[macro_use]
mod columns;
mod court;
mod licence;
mod offences;
mod penalty;
mod praise;
mod professional;
mod promises;
mod registration;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::authority::Authority;
use crate::people::{Organisation, Person};
use crate::rng::Rng;
use crate::table::{Cell, Column, Part, Row};

pub(crate) use penalty::BENCHMARK_COLUMNS;

/// The city's name without 市, as documents and firms carry it.
pub(crate) const CITY_SHORT: &str = "云汀";

/// One item of the catalogue, as this crate fills it.
pub(crate) struct Item {
    /// Code in the catalogue.
    pub(crate) code: &'static str,
    /// Chinese name, for the title row of a workbook.
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [Column],
    /// Kinds of authority that send it.
    pub(crate) senders: &'static [&'static str],
    /// Out of 100 rows, how many are about persons, and how many about sole traders; the rest are about companies.
    pub(crate) persons: u64,
    pub(crate) traders: u64,
    /// Share of the city's records, against the other items' weights.
    pub(crate) weight: u64,
    /// Does the resident who has several kinds of records have one of these? Nobody is everything at once.
    pub(crate) cast: bool,
    /// One record a company and no more, because nothing but the company tells one from another.
    pub(crate) once: bool,
    /// Fills what is particular to the item.
    pub(crate) fill: fn(&mut Draw<'_>, &mut Row),
}

/// All items, penalties first.
static ALL: &[&Item] = &[
    &penalty::ITEM,
    &licence::ITEM,
    &registration::ENTERPRISE,
    &praise::VOLUNTEERING,
    &praise::HONOUR,
    &promises::COMMITMENT,
    &promises::CONTRACT,
    &professional::LAWYER,
    &professional::GUIDE,
    &court::DEBTOR,
];

/// All items, penalties first.
pub(crate) fn all() -> &'static [&'static Item] {
    ALL
}

/// The item of administrative penalties.
pub(crate) fn penalty() -> &'static Item {
    &penalty::ITEM
}

/// Whom a row is about.
#[derive(Debug, Clone)]
pub(crate) enum Subject {
    Person(Person),
    Organisation(Organisation, Option<Person>),
}

impl Subject {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "自然人",
            Self::Organisation(o, _) if o.trader => "个体工商户",
            Self::Organisation(..) => "法人及非法人组织",
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Person(p) => &p.name,
            Self::Organisation(o, _) => &o.name,
        }
    }

    pub(crate) fn is_person(&self) -> bool {
        matches!(self, Self::Person(_))
    }
}

/// What a row is drawn from.
pub(crate) struct Draw<'a> {
    pub(crate) rng: Rng,
    pub(crate) authority: &'a Authority,
    pub(crate) subject: Subject,
    /// Running number of the row in its file, from 1: document numbers are unique by it.
    pub(crate) nth: u64,
    pub(crate) today: Date,
    pub(crate) decided: Date,
    pub(crate) conduct: Date,
    /// The file has no columns for confiscated value and licences.
    pub(crate) few_columns: bool,
}

impl Draw<'_> {
    /// `云汀市监罚〔2026〕100012号`.
    pub(crate) fn document(&self, mark: &str) -> String {
        format!("{CITY_SHORT}{}{mark}〔{}〕{}号", self.authority.short, self.decided.year(), 100_000 + self.nth)
    }
}

/// `day` moved by `days`, which may be negative.
pub(crate) fn moved(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

/// `day`, `years` later, less a day: the last day of a licence.
pub(crate) fn last_day(day: Date, years: i64) -> Date {
    day.saturating_add(years.years()).saturating_sub(1.day())
}

/// Draws a row of the item: first what every item has, then its own.
pub(crate) fn draw_row(item: &'static Item, draw: &mut Draw<'_>) -> Row {
    let mut row = Row::new(item.columns);
    fill_subject(&mut row, &draw.subject);
    row.set_part(Part::Decided, draw.decided);
    row.set_part(Part::Authority, draw.authority.name.clone());
    row.set_part(Part::AuthorityCode, draw.authority.code.clone());
    row.set_part(Part::SourceTime, source_time(draw));
    if draw.subject.is_person() {
        row.set_part(Part::Conduct, draw.conduct);
    }
    (item.fill)(draw, &mut row);
    row
}

fn fill_subject(row: &mut Row, subject: &Subject) {
    row.set_part(Part::Name, subject.name().to_owned());
    row.set_part(Part::SubjectKind, subject.kind());
    match subject {
        Subject::Person(person) => {
            row.set_part(Part::DocumentKind, "身份证");
            row.set_part(Part::Number, person.number.clone());
        }
        Subject::Organisation(organisation, head) => {
            row.set_part(Part::Uscc, organisation.uscc.clone());
            if let Some(head) = head {
                row.set_part(Part::Head, head.name.clone());
                row.set_part(Part::HeadDocumentKind, "身份证");
                row.set_part(Part::HeadNumber, head.number.clone());
            }
        }
    }
}

/// When the row was written at its source: fourteen digits, one to four days after the decision.
fn source_time(draw: &mut Draw<'_>) -> Cell {
    let day = moved(draw.decided, draw.rng.between(1, 4));
    let (hour, minute, second) = (draw.rng.between(8, 17), draw.rng.between(0, 59), draw.rng.between(0, 59));
    format!("{:04}{:02}{:02}{hour:02}{minute:02}{second:02}", day.year(), day.month(), day.day()).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_short_name_is_the_citys() {
        assert_eq!(format!("{CITY_SHORT}市"), crate::authority::CITY);
    }

    #[test]
    fn the_last_item_takes_what_the_others_cannot() {
        assert!(all().last().is_some_and(|item| !item.once));
    }

    #[test]
    fn items_have_distinct_codes_and_columns_and_known_senders() {
        let codes: BTreeSet<&str> = all().iter().map(|i| i.code).collect();
        assert_eq!(codes.len(), all().len());
        let kinds: BTreeSet<String> = crate::authority::authorities().into_iter().map(|a| a.kind).collect();
        for item in all() {
            let columns: BTreeSet<&str> = item.columns.iter().flat_map(|c| [c.code, c.label]).collect();
            assert_eq!(columns.len(), item.columns.len() * 2, "{}", item.code);
            assert!(item.senders.iter().all(|s| kinds.contains(*s)), "{}", item.code);
        }
    }
}
