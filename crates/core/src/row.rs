//! One row of a file held against its item: the pure heart of intake.
//!
//! [`RowReader::read`] runs once per row, a million times for a large file, so it writes exact values straight into
//! one growing buffer ([`Scratch::body`]) and allocates only where something is wrong.

use jiff::civil::Date;

use crate::catalogue::forbidden::refused_at_the_door;
use crate::catalogue::model::{FieldRole, FieldType, Polarity, Severity, SubjectKind};
use crate::catalogue::{FieldDef, ItemDef, parts};
use crate::dates::{from_days, to_days};
use crate::identity::{
    Document, DocumentError, DocumentKind, ResidentIdError, SyntheticRule, Uscc, is_of_age_on, normalise_name,
};
use crate::refusal::{Fault, HeldReason, Reason};
use crate::value::{self, Normalised};

/// Longest time between conduct and decision: a penalty may follow within five years where life, health or finance
/// is concerned.
///
/// # Source
/// 行政处罚法 art. 36.
const LIMITATION_YEARS: i16 = 5;

/// What a reader needs to know beside the item.
#[derive(Debug, Clone, Copy)]
pub struct ReadRules {
    /// Today in Asia/Shanghai.
    pub today: Date,
    /// May made-up numbers come in?
    pub synthetic: SyntheticRule,
    /// Did the office attest for the whole file that every person in it was of age?
    pub adults_attested: bool,
}

/// What to do with the record that a row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Record it, or a new version of it.
    Put,
    /// Withdraw it.
    Withdraw,
}

/// What a good or held row says, as far as the store needs it in columns.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Whom it is about.
    pub subject: SubjectKind,
    /// The subject's document, where it is valid.
    pub document: Option<Document>,
    /// The subject's name, normalised in form.
    pub name: String,
    /// Date of the determining document, days since 1970-01-01.
    pub decided_on: i32,
    /// First day shown.
    pub display_from: i32,
    /// First day not shown; absent where display has no end.
    pub display_until: Option<i32>,
    /// Derived severity.
    pub severity: Option<Severity>,
    /// Time at the source; only its order counts.
    pub source_time: Option<i64>,
    /// Put or withdraw.
    pub action: Action,
    /// Was the document's number accepted with a warning (a genuine early USCC that fails its check)?
    pub warned: bool,
}

/// How one row came out.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Nothing in it.
    Blank,
    /// Becomes a record, once its subject is found.
    Good(Facts),
    /// Held apart for a human.
    Held(HeldReason, Facts),
    /// Refused; the faults are in [`Scratch::faults`].
    Refused,
}

/// Working memory of one thread, reused from row to row.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Exact values of the rows read so far, in item field order, each with its length before it.
    pub body: Vec<u8>,
    /// Where the values of the present row lie in `body`.
    spans: Vec<(u32, u32)>,
    /// What is wrong with the present row.
    pub faults: Vec<Fault>,
    /// What was normalised so far: count per field and kind.
    pub normalised: Vec<[u32; Normalised::ALL.len()]>,
}

impl Scratch {
    /// The exact value of a field in the row read last.
    #[must_use]
    pub fn value(&self, field: usize) -> &str {
        let (from, to) = self.spans.get(field).copied().unwrap_or((0, 0));
        std::str::from_utf8(&self.body[from as usize..to as usize]).unwrap_or("")
    }

    /// Where the value of a field lies in [`Scratch::body`], its length not included.
    #[must_use]
    pub fn span(&self, field: usize) -> (usize, usize) {
        let (from, to) = self.spans.get(field).copied().unwrap_or((0, 0));
        (from as usize, to as usize)
    }

    fn note(&mut self, field: usize, how: Normalised) {
        if let Some(counts) = self.normalised.get_mut(field) {
            counts[how as usize] += 1;
        }
    }

    fn fault(&mut self, field: usize, reason: Reason) {
        self.faults.push(Fault { field: u16::try_from(field).ok(), reason });
    }

    /// Appends a value with its length (LEB128) before it and remembers where it lies.
    fn push(&mut self, value: &[u8]) {
        push_length(&mut self.body, value.len());
        let from = self.body.len();
        self.body.extend_from_slice(value);
        self.spans.push((from as u32, self.body.len() as u32));
    }
}

fn push_length(out: &mut Vec<u8>, mut n: usize) {
    while n >= 0x80 {
        out.push((n as u8 & 0x7f) | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Splits a body back into its values. `None` if it is not a body.
#[must_use]
pub fn split_body(body: &[u8]) -> Option<Vec<&str>> {
    let mut values = Vec::with_capacity(24);
    let mut at = 0;
    while at < body.len() {
        let (mut length, mut shift) = (0usize, 0);
        loop {
            let byte = *body.get(at)?;
            at += 1;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
            if shift > 28 {
                return None;
            }
        }
        let value = body.get(at..at.checked_add(length)?)?;
        at += length;
        values.push(std::str::from_utf8(value).ok()?);
    }
    Some(values)
}

/// Joins values into a body; the inverse of [`split_body`].
#[must_use]
pub fn join_body<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    for value in values {
        push_length(&mut out, value.len());
        out.extend_from_slice(value.as_bytes());
    }
    out
}

/// Where the roles of an item stand, looked up once.
#[derive(Debug, Default)]
struct Roles {
    subject_kind: Option<usize>,
    name: Option<usize>,
    document_kind: Option<usize>,
    document_number: Option<usize>,
    uscc: Option<usize>,
    decided_on: Option<usize>,
    conduct_on: Option<usize>,
    adult_attested: Option<usize>,
    valid_until: Option<usize>,
    source_time: Option<usize>,
    action: Option<usize>,
    cited_basis: Option<usize>,
}

/// Holds rows of one file against one item.
#[derive(Debug)]
pub struct RowReader<'c> {
    item: &'c ItemDef,
    /// Column of each field of the item.
    columns: Vec<Option<usize>>,
    rules: ReadRules,
    roles: Roles,
    /// Fields whose emptiness depends on another: (field, other, values).
    conditions: Vec<(usize, usize, Vec<String>)>,
    penalty_type: Option<usize>,
    /// The field of the document's kind, where the file has a column for the number and none for the kind.
    implied_kind: Option<usize>,
}

impl<'c> RowReader<'c> {
    /// A reader for files whose column `columns[f]` holds field `f` of the item.
    #[must_use]
    pub fn new(item: &'c ItemDef, columns: Vec<Option<usize>>, rules: ReadRules) -> Self {
        let at = |role| item.index_of(role);
        let roles = Roles {
            subject_kind: at(FieldRole::SubjectKind),
            name: at(FieldRole::SubjectName),
            document_kind: at(FieldRole::SubjectDocumentKind),
            document_number: at(FieldRole::SubjectDocumentNumber),
            uscc: at(FieldRole::SubjectUscc),
            decided_on: at(FieldRole::DecidedOn),
            conduct_on: at(FieldRole::ConductOn),
            adult_attested: at(FieldRole::AdultAttested),
            valid_until: at(FieldRole::ValidUntil),
            source_time: at(FieldRole::SourceTime),
            action: at(FieldRole::RowAction),
            cited_basis: at(FieldRole::CitedBasis),
        };
        let position = |code: &str| item.fields.iter().position(|f| f.field.code == code);
        let conditions = item
            .fields
            .iter()
            .enumerate()
            .filter_map(|(i, f)| {
                let condition = f.field.required_if.as_ref()?;
                Some((i, position(&condition.field)?, condition.values.clone()))
            })
            .collect();
        let penalty_type = item.fields.iter().position(|f| f.field.dictionary == "penalty-type");
        let implied_kind = roles.document_kind.filter(|kind| {
            let has = |field: usize| columns.get(field).copied().flatten().is_some();
            !has(*kind) && roles.document_number.is_some_and(has)
        });
        Self { item, columns, rules, roles, conditions, penalty_type, implied_kind }
    }

    /// The item that rows are held against.
    #[must_use]
    pub fn item(&self) -> &'c ItemDef {
        self.item
    }

    /// Prepares working memory for a batch of rows.
    pub fn begin(&self, scratch: &mut Scratch) {
        scratch.body.clear();
        scratch.normalised.clear();
        scratch.normalised.resize(self.item.fields.len(), [0; Normalised::ALL.len()]);
    }

    /// Reads one row. `cell(column)` gives the text of a cell, `""` where there is none.
    ///
    /// On [`Verdict::Good`] and [`Verdict::Held`] the exact values stand at the end of [`Scratch::body`]; on
    /// [`Verdict::Refused`] and [`Verdict::Blank`] nothing was added to it.
    pub fn read<'r>(&self, cell: impl Fn(usize) -> &'r str, scratch: &mut Scratch) -> Verdict {
        let start = scratch.body.len();
        scratch.spans.clear();
        scratch.faults.clear();
        for (index, field) in self.item.fields.iter().enumerate() {
            let raw = match self.columns[index] {
                Some(column) => cell(column),
                // Older files have a column for the resident identity number alone and none for the kind.
                None if self.implied_kind == Some(index) && !self.number(&cell).is_empty() => "身份证",
                None => "",
            };
            self.read_value(index, field, raw, scratch);
        }
        let blank = scratch.spans.iter().all(|(from, to)| from == to)
            && scratch.faults.iter().all(|f| f.reason == Reason::Missing);
        let verdict = if blank { Verdict::Blank } else { self.judge(scratch) };
        if matches!(verdict, Verdict::Blank | Verdict::Refused) {
            scratch.body.truncate(start);
        }
        verdict
    }

    fn number<'r>(&self, cell: &impl Fn(usize) -> &'r str) -> &'r str {
        let column = self.roles.document_number.and_then(|field| self.columns[field]);
        value::trim(column.map_or("", cell))
    }

    fn read_value(&self, index: usize, def: &FieldDef, raw: &str, scratch: &mut Scratch) {
        let field = &def.field;
        let text = value::trim(raw);
        if text.len() != raw.len() && !text.is_empty() {
            scratch.note(index, Normalised::Trimmed);
        }
        if text.is_empty() {
            if field.required {
                scratch.fault(index, Reason::Missing);
            }
            return scratch.push(b"");
        }
        let max = field.max_length as usize;
        // A character takes at least one byte: most values are settled without counting.
        if max > 0 && text.len() > max && text.chars().count() > max {
            scratch.fault(index, Reason::TooLong { max: field.max_length });
            return scratch.push(b"");
        }
        if field.kind == FieldType::Text && field.free_text {
            // Free text is kept as it was written; line breaks and tabs belong to it.
            if text.bytes().any(|b| b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t')) {
                scratch.fault(index, Reason::ControlCharacter);
            }
            return scratch.push(text.as_bytes());
        }
        if text.bytes().any(|b| b < 0x20 || b == 0x7f) {
            scratch.fault(index, Reason::ControlCharacter);
            return scratch.push(b"");
        }
        let half = value::half_width(text);
        if let std::borrow::Cow::Owned(_) = half {
            scratch.note(index, Normalised::FullWidth);
        }
        self.read_typed(index, def, value::trim(&half), scratch);
    }

    fn read_typed(&self, index: usize, def: &FieldDef, text: &str, scratch: &mut Scratch) {
        match def.field.kind {
            FieldType::Text => scratch.push(text.as_bytes()),
            FieldType::Name => scratch.push(normalise_name(text).as_bytes()),
            FieldType::Date => match value::read_date(text) {
                Ok((date, how)) => {
                    if let Some(how) = how {
                        scratch.note(index, how);
                    }
                    push_date(scratch, date);
                }
                Err(why) => {
                    let found = excerpt(text);
                    let reason = match why {
                        value::DateError::Form => Reason::DateForm { found },
                        value::DateError::NoSuchDay => Reason::NoSuchDay { found },
                    };
                    scratch.fault(index, reason);
                    scratch.push(b"");
                }
            },
            FieldType::MoneyWan => self.read_money(index, text, 6, scratch),
            FieldType::MoneyYuan => self.read_money(index, text, 2, scratch),
            FieldType::Integer => {
                if text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit()) {
                    scratch.push(text.as_bytes());
                } else {
                    scratch.fault(index, Reason::WholeNumber);
                    scratch.push(b"");
                }
            }
            FieldType::Choice | FieldType::DocumentKind => read_choice(index, def, text, scratch),
            FieldType::DocumentNumber => push_upper(index, text, scratch),
            FieldType::Uscc if def.field.role == Some(FieldRole::SubjectUscc) => push_upper(index, text, scratch),
            FieldType::Uscc => match Uscc::parse(text) {
                Ok(_) => push_upper(index, text, scratch),
                Err(_) => {
                    scratch.fault(index, Reason::Uscc);
                    scratch.push(b"");
                }
            },
            FieldType::SourceTime => {
                if value::read_source_time(text).is_err() {
                    scratch.fault(index, Reason::SourceTime);
                }
                scratch.push(text.as_bytes());
            }
        }
    }

    fn read_money(&self, index: usize, text: &str, decimals: usize, scratch: &mut Scratch) {
        match value::read_money(text, decimals) {
            Ok((fen, how)) => {
                if let Some(how) = how {
                    scratch.note(index, how);
                }
                scratch.push(fen.to_string().as_bytes());
            }
            Err(why) => {
                let found = excerpt(text);
                let reason = match why {
                    value::MoneyError::Form => Reason::Amount { found },
                    _ => Reason::AmountRange { found },
                };
                scratch.fault(index, reason);
                scratch.push(b"");
            }
        }
    }

    /// Everything that takes more than one field.
    fn judge(&self, scratch: &mut Scratch) -> Verdict {
        // First what must not come in at all: of such a row not even its faults are told.
        if self.rests_on_public_security(scratch) {
            return refuse_bare(scratch, Reason::PublicSecurity);
        }
        for (field, other, values) in &self.conditions {
            let required = parts(scratch.value(*other)).any(|part| values.iter().any(|v| v == part));
            let told = scratch.faults.iter().any(|f| f.field.map(usize::from) == Some(*field));
            if required && !told && scratch.value(*field).is_empty() {
                scratch.fault(*field, Reason::Missing);
            }
        }
        let subject = self.subject_kind(scratch);
        if !self.item.item.subjects.contains(&subject) {
            scratch
                .faults
                .push(Fault { field: self.roles.subject_kind.map(|i| i as u16), reason: Reason::SubjectKind });
        }
        let decided = self.date(scratch, self.roles.decided_on);
        self.judge_decision_date(decided, scratch);
        let (document, trouble, warned) = self.document(subject, scratch);
        let age = match (&document, subject) {
            (Some(document), SubjectKind::Person | SubjectKind::SoleTrader) => {
                self.judge_age(document, decided, scratch)
            }
            _ => Age::Adult,
        };
        if age == Age::Minor {
            return refuse_bare(scratch, Reason::Minor);
        }
        let Some(decided) = decided.filter(|_| scratch.faults.is_empty()) else { return Verdict::Refused };
        let facts = self.facts(subject, document, decided, warned, scratch);
        if facts.action == Action::Put && self.is_over(&facts) {
            return refuse_bare(scratch, Reason::NoLongerKept);
        }
        let held = trouble.or(match age {
            Age::Unproven => Some(HeldReason::AgeUnproven),
            Age::NotAttested => Some(HeldReason::AdulthoodNotAttested),
            Age::Adult | Age::Minor => None,
        });
        match held {
            Some(reason) => Verdict::Held(reason, facts),
            None => Verdict::Good(facts),
        }
    }

    /// Would it have to be destroyed at once?
    fn is_over(&self, facts: &Facts) -> bool {
        let ended = facts.display_until.and_then(from_days);
        self.item.kept_until(ended, self.rules.today).is_some_and(|until| until <= self.rules.today)
    }

    fn rests_on_public_security(&self, scratch: &Scratch) -> bool {
        let basis = self.roles.cited_basis.map_or("", |i| scratch.value(i));
        let kind = self.penalty_type.map_or("", |i| scratch.value(i));
        refused_at_the_door(basis, kind)
    }

    fn subject_kind(&self, scratch: &Scratch) -> SubjectKind {
        by_code(self.written_kind(scratch), self.roles.uscc.map_or("", |i| scratch.value(i)))
    }

    fn written_kind(&self, scratch: &Scratch) -> SubjectKind {
        let written = self.roles.subject_kind.map_or("", |i| scratch.value(i));
        match written {
            "自然人" => SubjectKind::Person,
            "个体工商户" => SubjectKind::SoleTrader,
            "法人及非法人组织" => SubjectKind::Organisation,
            "行政机关" => SubjectKind::Authority,
            // Without the field the item says it, else the kind of number given does.
            _ => match self.item.item.subjects.as_slice() {
                [only] => *only,
                _ if self.roles.uscc.is_some_and(|i| !scratch.value(i).is_empty()) => SubjectKind::Organisation,
                _ => SubjectKind::Person,
            },
        }
    }

    fn date(&self, scratch: &Scratch, field: Option<usize>) -> Option<Date> {
        let text = scratch.value(field?);
        value::read_date(text).ok().map(|(date, _)| date)
    }

    fn judge_decision_date(&self, decided: Option<Date>, scratch: &mut Scratch) {
        let Some(index) = self.roles.decided_on else { return };
        let Some(date) = decided else { return };
        if date > self.rules.today {
            scratch.fault(index, Reason::InTheFuture);
        } else if self.item.basis_on(date).next().is_none() {
            scratch.fault(index, Reason::NoBasis);
        }
    }

    /// The subject's document, or why the row has to be held.
    fn document(&self, subject: SubjectKind, scratch: &mut Scratch) -> (Option<Document>, Option<HeldReason>, bool) {
        let text = |i: Option<usize>| i.map_or("", |i| scratch.value(i));
        let uscc = (DocumentKind::Uscc, self.roles.uscc, text(self.roles.uscc));
        let kind = DocumentKind::from_value(text(self.roles.document_kind)).unwrap_or(DocumentKind::ResidentId);
        let personal = (kind, self.roles.document_number, text(self.roles.document_number));
        let (kind, field, number) = match subject {
            SubjectKind::Person => personal,
            SubjectKind::SoleTrader if uscc.2.is_empty() => personal,
            _ => uscc,
        };
        if number.is_empty() {
            return (None, Some(HeldReason::MissingNumber), false);
        }
        match Document::parse(kind, number, self.rules.synthetic) {
            Ok((document, warning)) => (Some(document), None, warning.is_some()),
            Err(DocumentError::ResidentId(ResidentIdError::FifteenDigits)) => {
                (None, Some(HeldReason::FifteenDigits), false)
            }
            Err(DocumentError::SyntheticRefused(_)) => {
                if let Some(field) = field {
                    scratch.fault(field, Reason::SyntheticNumber);
                }
                (None, None, false)
            }
            Err(_) => (None, Some(HeldReason::WrongNumber), false),
        }
    }

    /// Was the person of age?
    ///
    /// # Source
    /// 公共信用信息报告标准 (2022): natural persons with full civil capacity. House rule for files without the date of
    /// the conduct: limitation runs up to five years, so 18 to 22 at the decision proves nothing.
    fn judge_age(&self, document: &Document, decided: Option<Date>, scratch: &Scratch) -> Age {
        let Some(birth) = document.birth_date() else {
            if document.kind() == DocumentKind::Uscc {
                return Age::Adult;
            }
            let attested =
                self.rules.adults_attested || self.roles.adult_attested.is_some_and(|i| scratch.value(i) == "是");
            return if attested { Age::Adult } else { Age::NotAttested };
        };
        if let Some(conduct) = self.date(scratch, self.roles.conduct_on) {
            return if is_of_age_on(birth, conduct) { Age::Adult } else { Age::Minor };
        }
        // Without a readable date: who is under age today was so on every earlier day.
        let decided = decided.unwrap_or(self.rules.today);
        // Of age already on the earliest day on which the conduct can have been.
        let earliest = Date::new(decided.year() - LIMITATION_YEARS, decided.month(), decided.day())
            .or_else(|_| Date::new(decided.year() - LIMITATION_YEARS, 2, 28));
        if !is_of_age_on(birth, decided) {
            Age::Minor
        } else if self.item.item.polarity == Polarity::Adverse && !earliest.is_ok_and(|day| is_of_age_on(birth, day)) {
            Age::Unproven
        } else {
            Age::Adult
        }
    }

    fn facts(
        &self,
        subject: SubjectKind,
        document: Option<Document>,
        decided: Date,
        warned: bool,
        scratch: &Scratch,
    ) -> Facts {
        let text = |i: Option<usize>| i.map_or("", |i| scratch.value(i));
        let value = |code: &str| self.item.index(code).map_or("", |i| scratch.value(i));
        let severity = self.item.severity_of(decided, subject, value);
        let valid_until = self.date(scratch, self.roles.valid_until).filter(|d| !value::is_no_end(*d));
        let display_until = self.item.display_until(decided, severity, valid_until);
        Facts {
            subject,
            document,
            name: text(self.roles.name).to_owned(),
            decided_on: to_days(decided),
            display_from: to_days(decided),
            display_until: display_until.map(to_days),
            severity,
            source_time: self.roles.source_time.and_then(|i| value::read_source_time(scratch.value(i)).ok()),
            action: if text(self.roles.action) == "撤销" { Action::Withdraw } else { Action::Put },
            warned,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Age {
    Adult,
    Minor,
    Unproven,
    NotAttested,
}

/// Refuses a row of which nothing may be kept or told but the one reason.
fn refuse_bare(scratch: &mut Scratch, reason: Reason) -> Verdict {
    scratch.faults.clear();
    scratch.faults.push(Fault { field: None, reason });
    Verdict::Refused
}

fn read_choice(index: usize, def: &FieldDef, text: &str, scratch: &mut Scratch) {
    let Some(choices) = &def.choices else { return scratch.push(text.as_bytes()) };
    if let Some((value, was_alias)) = choices.normalise(text) {
        if was_alias {
            scratch.note(index, Normalised::Alias);
        }
        return scratch.push(value.as_bytes());
    }
    // One decision may carry two kinds of penalty in one cell: 罚款;没收违法所得. Fields with a role have one value only.
    let several: Option<Vec<&str>> = match def.field.role {
        None => parts(text).map(|part| choices.normalise(part).map(|(value, _)| value)).collect(),
        Some(_) => None,
    };
    if let Some(values) = several.filter(|values| values.len() > 1) {
        scratch.note(index, Normalised::Alias);
        return scratch.push(values.join("、").as_bytes());
    }
    let allowed = choices.values().map(str::to_owned).collect();
    scratch.fault(index, Reason::NotInDictionary { found: excerpt(text), allowed });
    scratch.push(b"");
}

fn push_upper(index: usize, text: &str, scratch: &mut Scratch) {
    if text.bytes().any(|b| b.is_ascii_lowercase()) {
        scratch.note(index, Normalised::Case);
        scratch.push(text.to_ascii_uppercase().as_bytes());
    } else {
        scratch.push(text.as_bytes());
    }
}

fn push_date(scratch: &mut Scratch, date: Date) {
    let (y, m, d) = (date.year() as u16, date.month() as u8, date.day() as u8);
    let digit = |n: u16| b'0' + (n % 10) as u8;
    let pair = |n: u8| [b'0' + n / 10, b'0' + n % 10];
    let ([m1, m2], [d1, d2]) = (pair(m), pair(d));
    scratch.push(&[digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), b'-', m1, m2, b'-', d1, d2]);
}

/// The beginning of a value, for the sentence that says what is wrong with it. Runs of five and more digits are
/// masked: the value may be an identity number in the wrong column.
fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(16).collect();
    let digits = short.chars().filter(char::is_ascii_digit).count();
    if digits > 8 { short.chars().map(|c| if c.is_ascii_digit() { '*' } else { c }).collect() } else { short }
}

/// The kind of a subject whose code is at hand: one that begins with 92 is a sole trader's (个体工商户) whatever a row calls them, and they count as persons.
#[must_use]
pub fn by_code(written: SubjectKind, code: &str) -> SubjectKind {
    let alone =
        written == SubjectKind::Organisation && Uscc::parse(code).is_ok_and(|(code, _)| code.is_self_employed());
    if alone { SubjectKind::SoleTrader } else { written }
}
