//! What is asked, once it is known to make sense and to be the asker's to ask; and the records that it is about.

use std::collections::{BTreeMap, BTreeSet};

use chengxin_core::catalogue::Catalogue;
use chengxin_core::catalogue::matter::{MatterDef, MatterGround};
use chengxin_core::catalogue::model::SubjectKind;
use chengxin_core::check::{self, CheckAnswer, CheckAuthority, CheckError, CheckRecord, CheckStanding, Slip, SlipHead};
use chengxin_core::dates::from_days;
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule, normalise_name};
use chengxin_core::record::{RecordId, State, severity_from_i64};
use chengxin_core::{Caller, Ground, Say};
use chengxin_seal::random_bytes;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::record::{StoredVersion, VersionRow};
use chengxin_store::subject::DocumentRow;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::CheckRequest;
use crate::authority::{called, served};
use crate::matter::find;
use crate::reading::Reading;
use crate::record::{BodyOpener, by_record, holder, newest};
use crate::report::{entitled, sha256, stated, subject_kinds};
use crate::{AppError, Kind, policy};

/// Most characters of the number of an application.
const CASE_LENGTH: usize = 64;

/// A matter that may be asked about, whoever applies.
pub(super) struct Question<'c> {
    pub(super) matter: &'c MatterDef,
    /// Name of the authority that asks.
    authority: String,
    at_us: i64,
    day: Date,
}

impl<'c> Question<'c> {
    pub(super) fn about(&self, applicant: Applicant) -> Asked<'c> {
        let Applicant { document, name, case_number } = applicant;
        let Self { matter, at_us, day, .. } = *self;
        Asked { matter, document, name, case_number, authority: self.authority.clone(), at_us, day }
    }
}

/// Who applies, and in which case.
#[derive(Clone)]
pub(super) struct Applicant {
    pub(super) document: Document,
    pub(super) name: String,
    pub(super) case_number: String,
}

/// Reads who applies.
pub(super) fn applicant(
    kind: DocumentKind,
    number: &str,
    name: &str,
    case_number: &str,
    synthetic: SyntheticRule,
) -> Result<Applicant, AppError> {
    let (document, _) = Document::parse(kind, number, synthetic)?;
    let name = stated("姓名（名称）", "the name", &normalise_name(name))?;
    let case_number = stated("办件编号", "the number of the application", case_number)?;
    // Typed by mistake, a person's number is never logged.
    let case_number = check::without_numbers(&case_number);
    if name.is_empty() || case_number.is_empty() || case_number.chars().count() > CASE_LENGTH {
        return Err(AppError::invalid(
            format!("须注明申请人姓名（名称）和办件编号（不超过 {CASE_LENGTH} 个字符）"),
            format!("say the applicant's name and the number of the application ({CASE_LENGTH} characters at most)"),
        ));
    }
    Ok(Applicant { document, name, case_number })
}

/// A question that may be answered.
pub(super) struct Asked<'c> {
    pub(super) matter: &'c MatterDef,
    pub(super) document: Document,
    pub(super) name: String,
    pub(super) case_number: String,
    /// Name of the authority that asks.
    authority: String,
    pub(super) at_us: i64,
    day: Date,
}

impl Reading {
    /// Reads a clerk's request.
    pub(super) fn check_asked(&self, caller: &Caller, request: &CheckRequest) -> Result<Asked<'_>, AppError> {
        let question = self.question(caller, &request.matter)?;
        let applicant = applicant(request.kind, &request.number, &request.name, &request.case_number, self.synthetic)?;
        policy::recused(self.store.view(), &self.keys, caller, "check_answer", &applicant.document)?;
        Ok(question.about(applicant))
    }

    /// A matter, where it is the asker's to ask about on their ground.
    pub(super) fn question(&self, caller: &Caller, matter: &str) -> Result<Question<'_>, AppError> {
        let matter = self.matter(matter)?;
        let authority = self.asking(caller)?;
        if !matter.may_be_asked_by(&authority.kind) {
            return Err(AppError::new(
                Kind::Forbidden,
                format!("“{}”不是贵单位办理的事项，不能以此核查", matter.name().zh),
                format!("“{}” is no matter of your authority's, and gives it no reason to check", matter.name().en),
            ));
        }
        grounded(caller, matter)?;
        self.askable(matter)?;
        Ok(Question { matter, authority: authority.name, at_us: self.clock.now_us(), day: self.today() })
    }

    /// Reads a person's own question.
    pub(super) fn preview_asked(
        &self,
        caller: &Caller,
        matter: &str,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Asked<'_>, AppError> {
        let matter = self.matter(matter)?;
        self.askable(matter)?;
        let document = self.document(kind, number)?;
        entitled(caller, "check_preview", &document, &self.keys, self.store.view())?;
        let (at_us, day) = (self.clock.now_us(), self.today());
        let nothing = String::new;
        Ok(Asked { matter, document, name: nothing(), case_number: nothing(), authority: nothing(), at_us, day })
    }

    /// A matter of the catalogue.
    pub(super) fn matter(&self, code: &str) -> Result<&MatterDef, AppError> {
        find(self.catalogue.matter(code), code)
    }

    /// A document of which only the number counts.
    pub(super) fn document(&self, kind: DocumentKind, number: &str) -> Result<Document, AppError> {
        Ok(Document::parse(kind, number, self.synthetic)?.0)
    }

    /// The authority for which somebody asks.
    fn asking(&self, caller: &Caller) -> Result<AuthorityRow, AppError> {
        let code = served(caller)?;
        // As it stands now: another kind has other matters.
        self.store.view().authority(code)?.ok_or_else(|| {
            AppError::new(
                Kind::Forbidden,
                format!("没有登记代码为 {code} 的单位"),
                format!("no authority {code} is registered"),
            )
        })
    }

    /// May the matter be asked for at all? In production every clause that it rests on was read at its source, by whoever
    /// wrote the catalogue or by an office that confirmed it.
    fn askable(&self, matter: &MatterDef) -> Result<(), AppError> {
        if self.synthetic == SyntheticRule::Allowed {
            return Ok(());
        }
        let confirmed = self.store.view().clauses_confirmed()?;
        let read = |cited: &str| {
            self.catalogue.clause(cited).is_some_and(|(_, clause)| clause.verified)
                || confirmed.iter().any(|clause| clause == cited)
        };
        let wanting: BTreeSet<&str> = matter.matter.clauses().filter(|cited| !read(cited)).collect();
        if wanting.is_empty() {
            return Ok(());
        }
        let (name, clauses) = (matter.name(), wanting.into_iter().collect::<Vec<_>>().join(" "));
        Err(AppError::conflict(
            format!(
                "事项“{}”所依条款尚未核对原文：{clauses}；请由信用主管部门运行 chengxin catalogue confirm",
                name.zh
            ),
            format!(
                "nobody has read the clauses of “{}” at their source: {clauses}; the credit office runs chengxin catalogue confirm",
                name.en
            ),
        ))
    }

    /// An authority by its code: of those known when the connections were opened, or of those added since.
    pub(super) fn office(&self, code: &str) -> Result<Option<AuthorityRow>, AppError> {
        match self.authorities.iter().find(|office| office.code == code) {
            Some(known) => Ok(Some(known.clone())),
            None => Ok(self.store.view().authority(code)?),
        }
    }

    /// Is this the name on file for a document, or one that an identity clerk linked on evidence? Exactly, or not at all.
    pub(super) fn name_is(&self, document: &DocumentRow, name: &str) -> Result<bool, AppError> {
        let tag = self.keys.name_tag(name);
        Ok(tag == document.name_tag || self.store.view().subject_has_name(&document.subject_id, &tag)?)
    }
}

/// Is the caller's ground one on which a window asks for this matter?
///
/// Whether a consent holds is for the transaction that counts its use (`consented.rs`). Not silence: the applicant gets the same slip.
fn grounded(caller: &Caller, matter: &MatterDef) -> Result<(), AppError> {
    let clause = &matter.matter.clause;
    let (zh, en) = match (matter.matter.ground, &caller.ground) {
        (MatterGround::Duty, Ground::Duty(stated)) if stated == clause => return Ok(()),
        (MatterGround::Consent, Ground::Consent(_)) => return Ok(()),
        (MatterGround::Duty, _) => (
            format!("该事项只能以其条款 {clause} 规定的职责为依据核查"),
            format!("this matter is asked on the duty that its clause {clause} states, and on nothing else"),
        ),
        (MatterGround::Consent, _) => (
            "该事项须以申请人的授权为依据核查：请填写授权回执编号或申请人出示的一次性码；申请人不同意的，按一般方式办理"
                .to_owned(),
            "this matter is asked on the applicant's consent: give the number of its receipt or the one-time code that they show; where they refuse, handle the matter in its ordinary way"
                .to_owned(),
        ),
    };
    Err(AppError::new(Kind::Forbidden, zh, en))
}

/// As what somebody with a document applies.
pub(super) fn applies_as(document: &Document) -> SubjectKind {
    subject_kinds(document).first().copied().unwrap_or(SubjectKind::Person)
}

impl Asked<'_> {
    /// The day by which it is answered.
    pub(super) fn day(&self) -> Date {
        self.day
    }

    /// Told by the document alone: what is held about the applicant must not show in it.
    fn applicant(&self) -> SubjectKind {
        applies_as(&self.document)
    }

    pub(super) fn answer(&self, catalogue: &Catalogue, records: &[CheckRecord]) -> Result<CheckAnswer, AppError> {
        let answer = check::answer(catalogue, self.matter, self.applicant(), records, self.day);
        answer.map_err(|error| refused(error, self.matter))
    }

    pub(super) fn head(&self) -> SlipHead {
        SlipHead {
            number: check_number(self.day),
            applicant: self.name.clone(),
            authority: self.authority.clone(),
            case_number: self.case_number.clone(),
            asked_on: self.day,
        }
    }

    /// What the log keeps of an answer: enough to write it again, and a digest by which that is seen to be the same.
    pub(super) fn detail(&self, slip: &Slip, catalogue: &str) -> Result<Value, AppError> {
        let answer = &slip.answer;
        let supports = answer.findings.iter().filter(|it| it.finding.is_adverse() && it.mark.is_none());
        let offices: BTreeMap<&str, (&Say, &str)> = (answer.findings.iter().map(|it| &it.authority))
            .chain(answer.ask.iter().map(|it| &it.authority))
            .chain(answer.conveniences.iter().map(|it| &it.authority))
            .map(|office| (office.code.as_str(), (&office.name, office.kind.as_str())))
            .collect();
        let contested_facts = answer.conveniences.iter().filter(|it| it.mark.is_some()).map(|it| it.record.as_str());
        let marked: Vec<&str> = answer
            .findings
            .iter()
            .filter(|it| it.mark.is_some())
            .map(|it| it.record.as_str())
            .chain(contested_facts)
            .collect();
        let stated: Vec<(&str, String)> = answer
            .findings
            .iter()
            .filter_map(|it| Some((it.record.as_str(), statement_digest(it.statement.as_deref()?))))
            .collect();
        Ok(json!({
            "check": slip.head.number,
            "matter": answer.matter,
            "case_no": slip.head.case_number,
            "applicant": self.applicant(),
            "day": self.day,
            "records": answer.records(),
            "contested": marked,
            "offices": offices,
            "asks": answer.ask.iter().map(|it| it.record.as_str()).collect::<Vec<_>>(),
            "stated": stated,
            "supports": supports.map(|it| it.record.as_str()).collect::<Vec<_>>(),
            "catalogue": catalogue,
            "answer_sha256": digest(answer)?,
        }))
    }
}

/// By which a statement that stood beside a record is found again: the start of its SHA-256, in hexadecimal.
pub(super) fn statement_digest(text: &str) -> String {
    HEXLOWER.encode(&sha256(check::without_numbers(text).as_bytes())[..16])
}

/// SHA-256 of an answer as JSON, hexadecimal.
pub(super) fn digest(answer: &CheckAnswer) -> Result<String, AppError> {
    let json = serde_json::to_vec(answer).map_err(|error| AppError::internal(format!("answer of a check: {error}")))?;
    Ok(HEXLOWER.encode(&sha256(&json)))
}

/// Number of a check: its day, and 60 random bits by which nobody finds another.
fn check_number(day: Date) -> String {
    let random: [u8; 8] = random_bytes();
    let text = BASE32_NOPAD.encode(&random);
    format!("C{}-{}", day.strftime("%Y%m%d"), &text[..12])
}

pub(crate) fn refused(error: CheckError, matter: &MatterDef) -> AppError {
    let name = matter.name();
    match error {
        CheckError::NotInForce => AppError::invalid(
            format!("事项“{}”今日不在施行期内", name.zh),
            format!("the matter “{}” is not in force today", name.en),
        ),
        CheckError::NotForThisApplicant => AppError::invalid(
            format!("事项“{}”不适用于此类申请人", name.zh),
            format!("the matter “{}” is not one for this kind of applicant", name.en),
        ),
    }
}

/// The current version of each record of these items that is in force and released, with its body, as `beside` says how it
/// stands and what the person has beside it.
pub(crate) fn records(
    reading: &Reading,
    items: &[&str],
    subject: &[u8; 16],
    versions: &[StoredVersion],
    beside: impl Fn(&VersionRow) -> (CheckStanding, Option<String>),
) -> Result<Vec<CheckRecord>, AppError> {
    let relevant = |row: &VersionRow| row.state == State::Active.as_i64() && items.contains(&row.item.as_str());
    let current = by_record(versions).filter_map(|record| Some((newest(record).filter(|row| relevant(row))?, record)));
    let current: Vec<_> = current.collect();
    let holders = current.iter().map(|(row, record)| holder(record, row)).collect::<Result<Vec<_>, _>>()?;
    if holders.is_empty() {
        return Ok(Vec::new());
    }
    let mut opener = BodyOpener::new(&reading.keys, &reading.key_store);
    opener.ask_for(subject, &holders)?;
    let mut records = Vec::with_capacity(current.len());
    for ((row, _), holder) in current.iter().zip(holders) {
        if let Some(fields) = opener.open(holder, &reading.layout(holder.layout_id)?)? {
            let (standing, statement) = beside(row);
            records.push(record(reading, row, fields, standing, statement)?);
        }
    }
    Ok(records)
}

fn record(
    reading: &Reading,
    row: &VersionRow,
    fields: Vec<(String, String)>,
    standing: CheckStanding,
    statement: Option<String>,
) -> Result<CheckRecord, AppError> {
    let broken = || AppError::internal("a version has columns that cannot be");
    let day = |days: i64| i32::try_from(days).ok().and_then(from_days);
    let display_until = match row.display_until {
        None => None,
        Some(until) => Some(day(until).ok_or_else(broken)?),
    };
    let office = reading.office(&row.authority)?;
    let name = called(office.as_ref(), &row.authority);
    let kind = office.map_or_else(String::new, |office| office.kind);
    Ok(CheckRecord {
        record: RecordId(row.record_id),
        version: row.version,
        item: row.item.clone(),
        authority: CheckAuthority { code: row.authority.clone(), name, kind },
        decided_on: day(row.decided_on).ok_or_else(broken)?,
        display_from: day(row.display_from).ok_or_else(broken)?,
        display_until,
        severity: severity_from_i64(row.severity),
        standing,
        fields,
        statement,
    })
}
