//! The catalogue as it is written in TOML: laws, dictionaries, field sets, items, measures. Matters have a file of
//! their own, [`super::matter`].
//!
//! These types say what may stand in `catalogue/*.toml` and nothing else: an unknown key is an error, so a
//! misspelt rule cannot be read as an absent one. What a file *means* is checked in [`mod@super::check`]; what the
//! programme works with afterwards is [`super::Catalogue`].

use crate::say::Say;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day;
use super::deadline::DeadlineRule;
use super::matter::{Condition, Matter};

/// One TOML file of the catalogue. A file may hold any of the tables; the loader merges them all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueFile {
    /// `[[law]]`: sources of law and their clauses.
    #[serde(default, rename = "law", skip_serializing_if = "Vec::is_empty")]
    pub laws: Vec<Law>,
    /// `[[dictionary]]`: closed lists of values.
    #[serde(default, rename = "dictionary", skip_serializing_if = "Vec::is_empty")]
    pub dictionaries: Vec<Dictionary>,
    /// `[[fieldset]]`: groups of fields that items share.
    #[serde(default, rename = "fieldset", skip_serializing_if = "Vec::is_empty")]
    pub fieldsets: Vec<FieldSet>,
    /// `[[item]]`: what may be recorded.
    #[serde(default, rename = "item", skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// `[[measure]]`: what may follow from a record, at which agency, on which clause.
    #[serde(default, rename = "measure", skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// `[[matter]]`: what a check at a window may be for, and what it may answer with.
    #[serde(default, rename = "matter", skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<Matter>,
    /// `[[deadline]]`: how long an authority or a person has.
    #[serde(default, rename = "deadline", skip_serializing_if = "Vec::is_empty")]
    pub deadlines: Vec<DeadlineRule>,
    /// `[[retention]]`: how long records of a class are kept behind the end of their display.
    #[serde(default, rename = "retention", skip_serializing_if = "Vec::is_empty")]
    pub retentions: Vec<ClassRetention>,
}

/// The rank of a source of law. Collection may rest on the first four; a local regulation only in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LawLevel {
    /// 法律, by the National People's Congress or its Standing Committee.
    Law,
    /// 行政法规, by the State Council.
    AdministrativeRegulation,
    /// 党中央、国务院政策性文件.
    CentralPolicy,
    /// 地方性法规; valid only in `place`.
    LocalRegulation,
    /// 部门规章: may set procedure and periods, is no basis for collection by itself.
    DepartmentRule,
    /// 规范性文件, standards and catalogues issued under the above.
    NormativeDocument,
}

impl LawLevel {
    /// May collection of an item rest on a source of this rank?
    ///
    /// # Source
    /// 国办发〔2020〕49号 (二): only laws, administrative regulations and central policy documents name what may be
    /// collected; local items rest on a local regulation. The national base catalogue is issued under it.
    #[must_use]
    pub fn may_found_collection(self) -> bool {
        matches!(self, Self::Law | Self::AdministrativeRegulation | Self::CentralPolicy | Self::LocalRegulation)
    }
}

/// `[[law]]`: one source of law with the clauses that the catalogue cites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Key by which clauses are cited: `law-code#clause-code`.
    pub code: String,
    /// Chinese title, without 《》.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Who issued it, and its number where it has one.
    #[serde(default)]
    pub issued: String,
    /// Its rank.
    pub level: LawLevel,
    /// GB/T 2260 prefix of the place where a local regulation is valid (2, 4 or 6 digits); empty elsewhere.
    #[serde(default)]
    pub place: String,
    /// First day in force.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First day no longer in force; absent while it is.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// `[[law.clause]]`.
    #[serde(default, rename = "clause")]
    pub clauses: Vec<Clause>,
}

/// `[[law.clause]]`: one cited clause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// `art-48`, `sec-6` …, unique in its law.
    pub code: String,
    /// As printed in Chinese: `第四十八条`.
    pub label: String,
    /// One Chinese sentence: what it says that matters here.
    pub says: String,
    /// The same in English.
    pub says_en: String,
    /// Was the source itself read? Production refuses to rest on a clause that was not, until an operator confirms it.
    pub verified: bool,
    /// Does the clause order that a person is not told of an act before a day, and may they know that something is sealed?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
}

/// What a clause that orders silence lets the person know meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// That something is sealed, and until when; not what.
    Said,
    /// Nothing.
    Unsaid,
}

/// `[[dictionary]]`: a closed list of values with the spellings that files use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dictionary {
    /// Key used by fields.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// `[[dictionary.value]]`.
    #[serde(rename = "value")]
    pub values: Vec<DictionaryValue>,
}

/// One value of a dictionary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DictionaryValue {
    /// What is stored: `罚款`, `自然人`.
    pub value: String,
    /// English for it.
    pub en: String,
    /// Other spellings and numeric codes accepted in files; normalised to `value` and reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// What a field holds, as far as its form can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Characters, normalised (full-width digits, spaces).
    Text,
    /// A calendar date.
    Date,
    /// Decimal(18,6) in 万元 (10 000 CNY); held as integer 分 (0.01 CNY).
    MoneyWan,
    /// Decimal in 元 (CNY) with at most two decimals; held as integer 分.
    MoneyYuan,
    /// A whole number, 0 or more.
    Integer,
    /// A value of the field's dictionary.
    Choice,
    /// A name of a person or an organisation.
    Name,
    /// Kind of identity document; dictionary `document-kind`.
    DocumentKind,
    /// Number of an identity document, of the kind that the item's document-kind field says.
    DocumentNumber,
    /// Unified social credit code, GB 32100.
    Uscc,
    /// A moment or serial number of the source: `SJC`. Digits of a date and time; the later wins.
    SourceTime,
}

/// What a field is to the programme. Each item has at most one field of each role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldRole {
    /// Name of the subject.
    SubjectName,
    /// 自然人 / 法人及非法人组织 / 个体工商户: decides which identity fields count. Dictionary `subject-kind`.
    SubjectKind,
    /// Kind of the person's document.
    SubjectDocumentKind,
    /// Number of the person's document.
    SubjectDocumentNumber,
    /// The organisation's unified social credit code.
    SubjectUscc,
    /// Number of the determining document.
    DocumentNumber,
    /// Name or type of the determining document.
    DocumentType,
    /// Date of the determining document; periods run from it.
    DecidedOn,
    /// Date of the conduct itself; decides whether the person was of age.
    ConductOn,
    /// `是` where the sending office attests that the person was of age (documents without a birth date).
    AdultAttested,
    /// First day of validity of a licence, title, honour.
    ValidFrom,
    /// Last day of validity.
    ValidUntil,
    /// Name of the authority that determined.
    AuthorityName,
    /// Its unified social credit code.
    AuthorityCode,
    /// Name of the unit that sends the data.
    SourceName,
    /// Its unified social credit code.
    SourceCode,
    /// Time of the row at its source.
    SourceTime,
    /// `新增` or `撤销`; a withdrawal row withdraws the record.
    RowAction,
    /// Legal basis that the decision cites, as free text. Searched for what must be refused at the door.
    CitedBasis,
    /// Amount performed or day of performance (已履行).
    PerformedOn,
}

/// For whom a field's value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The person or organisation itself.
    Subject,
    /// The clerk whose matter makes the item relevant.
    Check,
    /// A report handed to others.
    Report,
    /// The public page.
    Public,
}

/// `[[item.field]]` or `[[fieldset.field]]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Standard code: `CF_WSH`.
    pub code: String,
    /// Chinese label as offices print it: `行政处罚决定书文号`.
    pub label: String,
    /// English label.
    pub label_en: String,
    /// Other headings accepted for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Form of the value.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Most characters (Unicode scalar values); 0 where the type sets it.
    #[serde(default)]
    pub max_length: u32,
    /// Must it be filled in every row?
    #[serde(default)]
    pub required: bool,
    /// Must it be filled in rows where another field has one of these values?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_if: Option<RequiredIf>,
    /// Dictionary of a `choice` or `document_kind`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub dictionary: String,
    /// Part of what makes the record the same record when it is sent again?
    #[serde(default)]
    pub identity: bool,
    /// Does it say something about a natural person?
    #[serde(default)]
    pub personal: bool,
    /// Free text: published only as an officer confirmed it.
    #[serde(default)]
    pub free_text: bool,
    /// What the field is to the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<FieldRole>,
    /// For whom the value is shown. Empty: kept for exactness, shown to nobody but the subject.
    #[serde(default)]
    pub shown_to: Vec<Audience>,
    /// What the content is about, from the closed vocabulary of [`super::forbidden`]; a forbidden kind is refused.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
}

impl Field {
    /// The label beside a value as people read it: amounts are read in 元, whatever unit files write them in, so that the unit of the file is left out.
    ///
    /// # Example
    /// “罚款金额（万元）” of a file is “罚款金额” beside `200,000.00 元`.
    #[must_use]
    pub fn label_read(&self) -> Say {
        if !matches!(self.kind, FieldType::MoneyWan | FieldType::MoneyYuan) {
            return Say::new(&self.label, &self.label_en);
        }
        let zh = ["（万元）", "（元）"].iter().find_map(|unit| self.label.strip_suffix(unit)).unwrap_or(&self.label);
        let units = [", in 10 000 CNY", " (10 000 CNY)", ", in CNY", " (CNY)"];
        let en = units.iter().find_map(|unit| self.label_en.strip_suffix(unit)).unwrap_or(&self.label_en);
        Say::new(zh, en)
    }
}

/// `required_if = { field = "CF_XDR_LB", in = ["自然人"] }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredIf {
    /// Code of the other field.
    pub field: String,
    /// Values (as stored) that make this one required.
    #[serde(rename = "in")]
    pub values: Vec<String>,
}

/// `[[fieldset]]`: fields that several items take over with `uses = ["…"]`, in the order named, before their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSet {
    /// Key used by items.
    pub code: String,
    /// `[[fieldset.field]]`.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
}

/// Whom an item can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// 自然人.
    Person,
    /// 个体工商户: protected like a person wherever publication is concerned.
    SoleTrader,
    /// 法人及非法人组织.
    Organisation,
    /// 行政机关: authorities are subjects too.
    Authority,
}

impl SubjectKind {
    /// Is a human being directly behind it? 个体工商户 are protected like persons.
    #[must_use]
    pub fn is_person_like(self) -> bool {
        matches!(self, Self::Person | Self::SoleTrader)
    }
}

/// What an item means for its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// Can be held against the subject: needs a determining document; about persons it waits for release.
    Adverse,
    /// A plain fact: a licence, a registration.
    Neutral,
    /// An honour, a kept promise.
    Positive,
}

/// Disclosure value of the national catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// 公开.
    Public,
    /// 政务共享.
    Government,
    /// 授权查询.
    Consent,
}

/// `[[item.basis]]`: the clause on which the item is collected, for a span of dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// `law-code#clause-code`.
    pub clause: String,
    /// First day on which the item rests on it.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First day no longer.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Severity of an adverse record. It selects the display period.
///
/// # Source
/// 信用修复管理办法 (NDRC Order 36), in force 2026-04-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 轻微.
    Minor,
    /// 一般.
    General,
    /// 严重.
    Serious,
}

/// `[[item.severity]]`: how severity is derived from a row; files do not carry it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeverityRule {
    /// First decision date that it governs.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First decision date that it no longer governs.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Severity where no case matches: the one with the shorter period.
    pub otherwise: Severity,
    /// `[[item.severity.case]]`; the most severe matching case holds.
    #[serde(default, rename = "case")]
    pub cases: Vec<SeverityCase>,
}

/// One case of a severity rule: all the conditions present must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeverityCase {
    /// Severity if it matches.
    pub is: Severity,
    /// Field looked at.
    pub field: String,
    /// Matches if the value (or one of its `、;,`-separated parts) is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<String>,
    /// Matches if the amount is at least this many 分, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_at_least_fen: Option<i64>,
    /// Matches if the amount is at least this many 分, for an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_at_least_fen: Option<i64>,
}

/// Where the clock of a display period starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Date of the determining document.
    DecidedOn,
    /// Last day of validity.
    ValidUntil,
}

/// `[[item.period]]`: how long a record may be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodRule {
    /// First decision date that it governs.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First decision date that it no longer governs.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Severity that it is for; absent where the item has no severity rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Months before repair may be asked for; 0 where it may be at once.
    #[serde(default)]
    pub min_months: u32,
    /// Months after which display stops by itself; absent: as long as it is valid, or without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_months: Option<u32>,
    /// Start of the clock.
    pub clock: Clock,
    /// `stop` or the sector's outcome when the maximum is reached with duties unperformed.
    #[serde(default)]
    pub at_maximum: AtMaximum,
    /// `law#clause`.
    pub clause: String,
}

/// What happens at the maximum period when duties are unperformed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtMaximum {
    /// Display stops.
    #[default]
    Stop,
    /// Display stops here; the sector's own register may go on under its own rule.
    SectorRule,
}

/// What a record is used for; each use has its own dated rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// 公示: a public page.
    Public,
    /// 信用报告.
    Report,
    /// 核查 at a window.
    Check,
}

/// `[[item.use]]`: whether a record may be shown for one use, and until when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseRule {
    /// The use it rules.
    #[serde(rename = "for")]
    pub use_for: Use,
    /// First day of reading on which it holds.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First day of reading on which it no longer holds.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Subjects it covers. Publication about persons and sole traders must be named here to happen at all.
    pub subjects: Vec<SubjectKind>,
    /// Severities it covers; empty: all. A minor record is in principle not published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<Severity>,
    /// `law#clause`.
    pub clause: String,
}

/// `[[item.repair]]`: how a record is repaired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepairRule {
    /// First day of asking on which it holds.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First day of asking on which it no longer holds.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Conditions, as Chinese sentences for the notice.
    pub conditions: Vec<String>,
    /// The same in English.
    pub conditions_en: Vec<String>,
    /// Working days to accept.
    pub accept_working_days: u32,
    /// Working days to decide.
    pub decide_working_days: u32,
    /// `law#clause`.
    pub clause: String,
}

/// `[[item.retention]]`: how long the content of a record is kept behind the end of its display. Then it is destroyed.
///
/// It counts from the last day shown, so it cannot end before the display does. A record without an end is kept as long as it is in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// First day on which it holds, for everything that is kept on that day.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First day on which it no longer holds.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Months behind the last day shown, 1 to 60.
    pub months: u32,
    /// `law#clause`.
    pub clause: String,
}

/// `[[retention]]`: the rule of every item of a class that has none of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRetention {
    /// Class of the national base catalogue; dictionary `item-class`.
    pub class: String,
    /// As in [`RetentionRule`].
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// As in [`RetentionRule`].
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// As in [`RetentionRule`].
    pub months: u32,
    /// `law#clause`.
    pub clause: String,
}

impl ClassRetention {
    /// The rule without its class.
    #[must_use]
    pub fn rule(&self) -> RetentionRule {
        RetentionRule { from: self.from, until: self.until, months: self.months, clause: self.clause.clone() }
    }
}

/// `[[item]]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Key: lower-case English words joined by `-`. Never reused.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Class of the national base catalogue; dictionary `item-class`.
    pub class: String,
    /// Fields of life; dictionary `domain`.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Occupations that it concerns; dictionary `occupation`.
    #[serde(default)]
    pub occupations: Vec<String>,
    /// Whom it can be about.
    pub subjects: Vec<SubjectKind>,
    /// Kinds of authority that may send it; dictionary `authority-kind`.
    pub authorities: Vec<String>,
    /// What it means for its subject.
    pub polarity: Polarity,
    /// Disclosure.
    pub sharing: Sharing,
    /// Sealed by law: kept, shown to nobody but the subject.
    #[serde(default)]
    pub sealed: bool,
    /// 吊销, 限制从业: while such a record is out of use a check answers "ask the determining authority".
    #[serde(default)]
    pub safety_bar: bool,
    /// Where the item holds lesser things too: only records that fit are such a bar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety_bar_if: Option<Condition>,
    /// Must be `false`: persons under 18 are never recorded. Written out so that the catalogue says so itself.
    pub open_to_minors: bool,
    /// Working days after the decision within which it must be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_within_working_days: Option<u32>,
    /// Does collection rest on nothing but the subject's own wish? Then they have such a record deleted whenever they want.
    #[serde(default)]
    pub own_wish: bool,
    /// Field sets taken over.
    #[serde(default)]
    pub uses: Vec<String>,
    /// `[[item.field]]`.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// `[[item.basis]]`.
    #[serde(default, rename = "basis")]
    pub bases: Vec<Basis>,
    /// `[[item.severity]]`.
    #[serde(default, rename = "severity")]
    pub severity_rules: Vec<SeverityRule>,
    /// `[[item.period]]`.
    #[serde(default, rename = "period")]
    pub periods: Vec<PeriodRule>,
    /// `[[item.use]]`.
    #[serde(default, rename = "use")]
    pub use_rules: Vec<UseRule>,
    /// `[[item.repair]]`.
    #[serde(default, rename = "repair")]
    pub repairs: Vec<RepairRule>,
    /// `[[item.retention]]`: in place of that of its class.
    #[serde(default, rename = "retention", skip_serializing_if = "Vec::is_empty")]
    pub retentions: Vec<RetentionRule>,
}

/// `[[measure]]`: a lawful consequence, tied to the matter that its basis names. A person decides it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Key.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Items it can follow from.
    pub items: Vec<String>,
    /// Agency that carries it out; without one the catalogue is refused.
    pub agency: String,
    /// `law#clause`.
    pub clause: String,
    /// First day.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First day no longer.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}
