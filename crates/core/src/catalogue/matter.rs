//! Matters: what a check at a window may be for, on which clause, and what each finding means there.
//!
//! A check answers a matter, never a person. What is written here decides which records a clerk can see at all: an item
//! that the matter does not name does not exist for the check.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::dated::{Dated, Span, parts};
use super::day;
use super::item::ItemDef;
use super::model::{SubjectKind, Use};
use crate::caller::Ground;
use crate::say::Say;

/// On which ground an authority may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatterGround {
    /// The matter's clause makes the authority examine this.
    Duty,
    /// The applicant agrees; refusing costs nothing, and the matter says what happens then.
    Consent,
}

/// What a finding is to the matter, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A statute prohibits what is applied for.
    Bars,
    /// The clause makes it something to weigh; a person decides.
    Consider,
    /// Good to know; nothing follows from it by itself.
    Informs,
}

/// `[[matter]]`: one thing that people apply for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Key: lower-case English words joined by `-`. Never reused.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Kinds of authority that may ask; dictionary `authority-kind`.
    pub authorities: Vec<String>,
    /// Fields of life to which it belongs; dictionary `domain`.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Occupations to which it belongs; dictionary `occupation`. A matter has a field of life or an occupation.
    #[serde(default)]
    pub occupations: Vec<String>,
    /// Who may apply.
    pub subjects: Vec<SubjectKind>,
    /// `law#clause` that states the matter.
    pub clause: String,
    /// On which ground an authority may ask.
    pub ground: MatterGround,
    /// Only for consent: what happens where it is refused, which must cost the applicant nothing. Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub if_refused: String,
    /// The same in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub if_refused_en: String,
    /// May many applications be checked at once? Only where [`Self::batch_quote`] shows that the clause asks for it.
    #[serde(default)]
    pub batch: bool,
    /// Passage of the clause that asks for a batch.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub batch_quote: String,
    /// Must be `false`: nothing about persons under 18 is held or asked. Written out so that the catalogue says so itself.
    pub open_to_minors: bool,
    /// Ordinary working days of the matter, for everybody. A convenience never lengthens it for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// First day.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First day no longer.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// `[[matter.relevant]]`.
    #[serde(default, rename = "relevant")]
    pub relevant: Vec<Relevance>,
    /// `[[matter.convenience]]`.
    #[serde(default, rename = "convenience", skip_serializing_if = "Vec::is_empty")]
    pub conveniences: Vec<Convenience>,
}

/// `[[matter.relevant]]`: records that the clause makes relevant, and what one of them means in this matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relevance {
    /// Items by code. Either these or `class`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Every item of this class in the matter's own field that a check can show; dictionary `item-class`. Never for a finding that bars.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// What it is to the matter.
    pub finding: FindingKind,
    /// `law#clause` that makes it relevant.
    pub clause: String,
    /// Only decisions of authorities of these kinds; empty: of any that may send the item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<String>,
    /// All of these must hold for a record to count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Condition>,
    /// Only until this many months after the decision, counted by the Civil Code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_months: Option<u32>,
    /// Only while the record's own last day of validity has not passed.
    #[serde(default)]
    pub while_valid: bool,
    /// Passage of the clause's `says` that names an item outside the matter's own field, or that prohibits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quote: String,
    /// What the finding means here. Chinese.
    pub means: String,
    /// The same in English.
    pub means_en: String,
    /// What the applicant can do. Chinese.
    pub can_do: String,
    /// The same in English.
    pub can_do_en: String,
}

/// One condition on what a record says: some field has one of the values, or contains one of the words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Field codes; one that fits is enough.
    pub fields: Vec<String>,
    /// Matches a value, or one of its `、;,`-separated parts, exactly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<String>,
    /// Matches a text that contains one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<String>,
}

/// Which ease a good fact brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConvenienceKind {
    /// 绿色通道: handled first in the ordinary queue of its kind.
    GreenLane,
    /// 容缺受理: accepted while secondary papers are still missing.
    SupplementLater,
}

/// `[[matter.convenience]]`: an ease for good standing, resting on one named fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convenience {
    /// Which ease.
    pub kind: ConvenienceKind,
    /// The item whose record is the fact: one, and a positive one.
    pub item: String,
    /// `law#clause`.
    pub clause: String,
    /// Only facts determined by authorities of these kinds; empty: of any that may send the item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<String>,
    /// Only until this many months after the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_months: Option<u32>,
    /// Passage of the clause's `says` that names a fact outside the matter's own field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quote: String,
    /// What it brings here. Chinese.
    pub means: String,
    /// The same in English.
    pub means_en: String,
}

impl ConvenienceKind {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::GreenLane => Say::new("绿色通道", "green lane"),
            Self::SupplementLater => Say::new("容缺受理", "supplement later"),
        }
    }
}

impl FindingKind {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Bars => Say::new("法定禁止", "bars"),
            Self::Consider => Say::new("依法考虑", "to be considered"),
            Self::Informs => Say::new("供参考", "for information"),
        }
    }

    /// Can it be held against the applicant?
    #[must_use]
    pub fn is_adverse(self) -> bool {
        self != Self::Informs
    }
}

impl Condition {
    /// Does a record with these values fit? `value` gives the stored value of a field by code, nothing as an empty string.
    #[must_use]
    pub fn fits<'v>(&self, value: impl Fn(&str) -> &'v str) -> bool {
        self.fields.iter().map(|code| value(code)).any(|text| {
            parts(text).any(|part| self.any_of.iter().any(|wanted| wanted == part))
                || self.contains.iter().any(|word| text.contains(word.as_str()))
        })
    }
}

impl Matter {
    /// Every clause that the matter cites, its own first; one may come more than once.
    pub fn clauses(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.clause)
            .chain(self.relevant.iter().map(|relevance| &relevance.clause))
            .chain(self.conveniences.iter().map(|convenience| &convenience.clause))
            .map(String::as_str)
    }

    /// Does an item belong to the matter's own field of life or occupation?
    #[must_use]
    pub fn is_own_field(&self, item: &super::model::Item) -> bool {
        let shares = |own: &[String], of_item: &[String]| of_item.iter().any(|word| own.contains(word));
        shares(&self.domains, &item.domains) || shares(&self.occupations, &item.occupations)
    }
}

/// A matter as the programme works with it.
#[derive(Debug, Clone, PartialEq)]
pub struct MatterDef {
    /// The matter as written.
    pub matter: Matter,
    /// For each item by code, the positions of the relevances that name it, the gravest first.
    relevant: BTreeMap<String, Vec<usize>>,
}

impl MatterDef {
    pub(super) fn new(matter: Matter, items: &[ItemDef]) -> Self {
        let mut relevant: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, relevance) in matter.relevant.iter().enumerate() {
            for code in named(&matter, relevance, items) {
                relevant.entry(code).or_default().push(at);
            }
        }
        for positions in relevant.values_mut() {
            // Stable: of two equally grave ones the first written comes first.
            positions.sort_by_key(|at| matter.relevant.get(*at).map(|relevance| relevance.finding));
            positions.dedup();
        }
        Self { matter, relevant }
    }

    /// Code of the matter.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.matter.code
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> Say {
        Say::new(&self.matter.name, &self.matter.name_en)
    }

    /// Is it in force on this day?
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.matter.span().holds(day)
    }

    /// May an authority of this kind (dictionary `authority-kind`) ask?
    #[must_use]
    pub fn may_be_asked_by(&self, authority_kind: &str) -> bool {
        self.matter.authorities.iter().any(|kind| kind == authority_kind)
    }

    /// Is this the ground on which the matter may be asked? A duty must be the matter's own clause.
    #[must_use]
    pub fn accepts(&self, ground: &Ground) -> bool {
        match ground {
            Ground::Duty(clause) | Ground::SilentDuty { clause, .. } => {
                self.matter.ground == MatterGround::Duty && *clause == self.matter.clause
            }
            Ground::Consent(_) => self.matter.ground == MatterGround::Consent,
            // The person's own preview of what a window would see.
            Ground::OwnRight => true,
            Ground::Operation => false,
        }
    }

    /// Codes of every item of which a record may be read for this matter, facts of conveniences included, in order.
    #[must_use]
    pub fn items(&self) -> Vec<&str> {
        let facts = self.matter.conveniences.iter().map(|convenience| convenience.item.as_str());
        let codes: BTreeSet<&str> = self.relevant.keys().map(String::as_str).chain(facts).collect();
        codes.into_iter().collect()
    }

    /// The relevances that name an item, the gravest first.
    pub fn relevances(&self, item: &str) -> impl Iterator<Item = &Relevance> {
        let positions = self.relevant.get(item).map(Vec::as_slice).unwrap_or_default();
        positions.iter().filter_map(|at| self.matter.relevant.get(*at))
    }
}

/// Codes of the items that a relevance stands for. A class stands for those of the matter's own field that a check can
/// ever show.
pub(super) fn named(matter: &Matter, relevance: &Relevance, items: &[ItemDef]) -> Vec<String> {
    if relevance.class.is_empty() {
        return relevance.items.clone();
    }
    let of_class = items.iter().map(|def| &def.item).filter(|item| item.class == relevance.class);
    let own = of_class.filter(|item| matter.is_own_field(item) && !item.sealed);
    let own = own.filter(|item| item.use_rules.iter().any(|rule| rule.use_for == Use::Check));
    let about = own.filter(|item| item.subjects.iter().any(|kind| matter.subjects.contains(kind)));
    about.map(|item| item.code.clone()).collect()
}

/// The span of months after a decision in which it counts.
pub(crate) fn counts_on(decided_on: Date, within_months: Option<u32>, day: Date) -> bool {
    let until = within_months.map(|months| crate::period::display_until(decided_on, months));
    Span { from: decided_on, until }.holds(day)
}
