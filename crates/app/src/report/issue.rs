//! Issuing a report: authorise, find, compose, sign, write, hand out.

use chengxin_core::catalogue::ItemDef;
use chengxin_core::dates::{from_days, shanghai_text, to_days};
use chengxin_core::identity::{Document, DocumentKind, Uscc, normalise_name};
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Lang, Role, Say};
use chengxin_seal::random_bytes;
use chengxin_store::record::VersionRow;
use chengxin_store::report::ReportRow;
use data_encoding::HEXLOWER;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use super::codes::{ExtractCode, VerificationCode, report_number};
use super::compose::{Desk, Scope};
use super::content::{FORMAT, ReportContent, ReportEntry, ReportScope, ReportSubject};
use super::gather::{self, Owner};
use super::signed::{self, PdfSignature, REPORT_TYPE, SIGNATURE_TYPE};
use super::{pdf, words};
use crate::installation::Mode;
use crate::{AppError, Installation, Kind, journal, policy};

/// Days after the day of issue on which a report may still be relied on. A house rule: long enough for an office's
/// queue, short enough that a record repaired meanwhile is not carried about.
pub const VALID_DAYS: i64 = 30;

/// Most characters of recipient and purpose, so that both fit on the page.
const STATED_LENGTH: usize = 200;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// Kind of the subject's document.
    pub document_kind: DocumentKind,
    /// Its number, in any usual writing.
    pub number: String,
    /// Name; where it is given it must agree with the one on file.
    pub name: Option<String>,
    /// For whom the report is.
    pub recipient: String,
    /// Values of the dictionary `domain` (or spellings of them); empty for all.
    pub domains: Vec<String>,
    /// First day of decision.
    pub from: Option<Date>,
    /// Last day of decision.
    pub to: Option<Date>,
    /// Chinese, or Chinese with English.
    pub lang: Lang,
}

/// An issued report. The codes are nowhere else: who loses them asks for a new report.
#[derive(Debug, Clone)]
pub struct IssuedReport {
    /// Report number.
    pub number: String,
    /// Verification code, as printed.
    pub verification_code: String,
    /// Extract code, as printed.
    pub extract_code: String,
    /// Address behind the QR code.
    pub verify_url: String,
    /// What it says.
    pub content: ReportContent,
    /// SHA-256 of the signed content, hexadecimal.
    pub content_hash: String,
    /// The signed content: JSON of a signed envelope.
    pub json: String,
    /// The PDF.
    pub pdf: Vec<u8>,
    /// SHA-256 of the PDF, hexadecimal.
    pub pdf_hash: String,
    /// The detached signature over the PDF: JSON of a signed envelope.
    pub pdf_signature: String,
    /// Pages of the PDF.
    pub pages: usize,
    /// Characters that are printed as code points.
    pub missing: Vec<char>,
}

/// The request once it is known to make sense.
struct Asked {
    document: Document,
    name: Option<String>,
    recipient: String,
    scope: Scope,
    lang: Lang,
}

impl Installation {
    /// Issues a report about a subject.
    ///
    /// Whoever holds a valid number gets one, also where nothing is held: see `gather::Owner::Reader`. The report, its
    /// codes and the subject's log entry are durable when this returns.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] where role or ground do not allow it; [`Kind::Invalid`] for a number, field of life or period
    /// that cannot be; [`Kind::Conflict`] where the name does not agree, which the subject's log says too.
    pub fn report_issue(&mut self, caller: &Caller, request: &ReportRequest) -> Result<IssuedReport, AppError> {
        policy::authorise(caller, "report_issue")?;
        let asked = self.asked(request)?;
        entitled(caller, &asked.document)?;
        let owner = gather::owner(self.store.view(), &self.keys, &asked.document)?;
        self.refuse_other_name(caller, &asked, &owner)?;

        let (now_us, code, extract) = (self.now_us(), VerificationCode::generate(), ExtractCode::generate());
        let content = self.compose(caller, &asked, &owner, now_us, &code)?;
        let payload = signed::to_json(&content)?;
        let content_hash = signed::sha256(&payload);
        let json = signed::sign(&self.keys, REPORT_TYPE, &payload, now_us);
        let rendered = pdf::render(&content, &HEXLOWER.encode(&content_hash), &code, &extract)?;
        let signature = PdfSignature::new(&content, &content_hash, &rendered.pdf, self.keys.profile());
        let pdf_signature = signed::sign(&self.keys, SIGNATURE_TYPE, &signed::to_json(&signature)?, now_us);

        let pdf_hash = signed::sha256(&rendered.pdf);
        self.keep(caller, &asked, &owner, &content, &Files { json: &json, content_hash, pdf_hash }, &code, &extract)?;
        Ok(IssuedReport {
            number: content.number.clone(),
            verification_code: code.grouped(),
            extract_code: extract.grouped(),
            verify_url: content.verify_url.clone(),
            content_hash: HEXLOWER.encode(&content_hash),
            pdf_hash: HEXLOWER.encode(&pdf_hash),
            content,
            json,
            pdf: rendered.pdf,
            pdf_signature,
            pages: rendered.pages,
            missing: rendered.missing,
        })
    }

    fn asked(&self, request: &ReportRequest) -> Result<Asked, AppError> {
        let parsed = Document::parse(request.document_kind, &request.number, self.synthetic_rule());
        let (document, _) = parsed.map_err(|error| {
            let say = error.say();
            AppError::invalid(say.zh, say.en)
        })?;
        if let (Some(from), Some(to)) = (request.from, request.to)
            && to < from
        {
            return Err(AppError::invalid("期间的截止日早于起始日", "the period ends before it begins"));
        }
        let name = request.name.as_deref().map(normalise_name).filter(|name| !name.is_empty());
        if let Some(name) = &name {
            stated("姓名（名称）", "the name", name)?;
        }
        let recipient = stated("接收方", "the recipient", &request.recipient)?;
        if recipient.is_empty() {
            return Err(AppError::invalid("须注明报告接收方", "say who the report is for"));
        }
        let domains = request.domains.iter().map(|domain| self.domain(domain)).collect::<Result<Vec<_>, _>>()?;
        let scope = Scope { domains, from: request.from, to: request.to };
        Ok(Asked { document, name, recipient, scope, lang: request.lang })
    }

    fn domain(&self, spelling: &str) -> Result<Say, AppError> {
        let dictionary = self.catalogue.dictionary("domain");
        let dictionary = dictionary.ok_or_else(|| AppError::internal("the catalogue lacks the dictionary domain"))?;
        let by_en = || dictionary.entries().iter().position(|entry| entry.en.eq_ignore_ascii_case(spelling.trim()));
        let found = dictionary.index_of(spelling.trim()).or_else(by_en).and_then(|at| dictionary.entries().get(at));
        found.map(|entry| Say::new(&entry.value, &entry.en)).ok_or_else(|| {
            let known: Vec<_> = dictionary.values().collect();
            let excerpt: String = spelling.chars().take(20).collect();
            AppError::invalid(
                format!("没有领域“{excerpt}”；可选：{}", known.join("、")),
                format!("there is no field “{excerpt}”; choose from: {}", known.join(", ")),
            )
        })
    }

    /// A name that does not agree with the number's is refused, and the attempt becomes a line that the subject reads:
    /// trying names on a number leaves a trace.
    fn refuse_other_name(&mut self, caller: &Caller, asked: &Asked, owner: &Owner) -> Result<(), AppError> {
        let (Some(name), Owner::Known { subject, document, .. }) = (&asked.name, owner) else { return Ok(()) };
        if self.name_agrees(document, name)? {
            return Ok(());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("report_issue", |tx| {
            let detail = json!({ "refused": "name", "recipient": asked.recipient });
            journal::log_about(tx, &keys, subject, now_us, "report_issue", caller, &detail)
        })?;
        Err(AppError::conflict(
            "姓名（名称）与证件号码不一致，请对照证件核对；确认无误的，请由身份核验人员处理",
            "name and document number do not agree: compare them with the document; if they are right, ask the identity clerk",
        ))
    }

    fn compose(
        &self,
        caller: &Caller,
        asked: &Asked,
        owner: &Owner,
        now_us: i64,
        code: &VerificationCode,
    ) -> Result<ReportContent, AppError> {
        let today = self.today();
        let authorities = self.store.view().authorities()?;
        let desk = Desk {
            catalogue: &self.catalogue,
            authorities: &authorities,
            scope: &asked.scope,
            kinds: gather::subject_kinds(&asked.document),
            today,
        };
        let entries = self.entries(&desk, owner, &asked.scope)?;
        let name = self.name_to_print(asked, owner, entries.is_empty())?;
        Ok(ReportContent {
            format: FORMAT.to_owned(),
            number: report_number(today),
            city: self.city().to_owned(),
            synthetic: self.mode() == Mode::Synthetic,
            language: asked.lang,
            issued_at_us: now_us,
            issued_at: shanghai_text(now_us),
            valid_through: today.saturating_add(VALID_DAYS.days()),
            subject: ReportSubject {
                name,
                document: Say::new(asked.document.kind().name_zh(), asked.document.kind().name_en()),
                number: asked.document.masked(),
            },
            recipient: asked.recipient.clone(),
            purpose: stated("用途", "the purpose", &caller.purpose)?,
            scope: ReportScope { domains: asked.scope.domains.clone(), from: asked.scope.from, to: asked.scope.to },
            classes: desk.classes(entries),
            leaves_out: words::leaves_out(),
            rights: words::rights(),
            sources: desk.sources(),
            acceptance: words::acceptance(self.city()),
            notes: words::notes(!asked.scope.domains.is_empty()),
            catalogue: self.catalogue.hash_hex(),
            verification_code: code.grouped(),
            verify_url: format!("{}/v/{}", self.base_url(), code.as_str()),
            signer: format!("{}公共信用信息平台", self.city()),
        })
    }

    /// Entries with their classes.
    fn entries(&self, desk: &Desk<'_>, owner: &Owner, scope: &Scope) -> Result<Vec<(String, ReportEntry)>, AppError> {
        let in_period = |row: &&VersionRow| {
            i32::try_from(row.decided_on).ok().and_then(from_days).is_some_and(|day| scope.covers_day(day))
        };
        let current = gather::current(owner.versions()).into_iter().filter(in_period);
        let shown: Vec<(&VersionRow, &ItemDef)> = current
            .filter_map(|row| Some((row, gather::reportable(&self.catalogue, row, desk.today)?)))
            .filter(|(_, item)| scope.covers_item(item))
            .collect();
        let rows: Vec<_> = shown.iter().map(|(row, _)| *row).collect();
        let bodies = self.open_bodies(&rows, owner.versions())?;
        Ok(shown.iter().zip(bodies).filter_map(|((row, item), body)| desk.entry(row, item, &body?)).collect())
    }

    /// The name that was stated and agrees, or the one on file, but the latter only beside a record that bears it: a
    /// report that shows nothing must not tell by its name that the number is known.
    fn name_to_print(&self, asked: &Asked, owner: &Owner, shows_nothing: bool) -> Result<String, AppError> {
        match (&asked.name, owner) {
            (Some(name), _) => Ok(name.clone()),
            (None, Owner::Known { document, .. }) if !shows_nothing => self.name_on_file(document),
            (None, _) => Ok(String::new()),
        }
    }

    /// Writes the report, its codes and the log entry in one transaction.
    #[expect(clippy::too_many_arguments, reason = "the parts of one report, each made by another step")]
    fn keep(
        &mut self,
        caller: &Caller,
        asked: &Asked,
        owner: &Owner,
        content: &ReportContent,
        files: &Files<'_>,
        code: &VerificationCode,
        extract: &ExtractCode,
    ) -> Result<(), AppError> {
        let report_id = random_bytes();
        let records = content.records();
        let row = ReportRow {
            subject_id: *owner.subject(),
            report_id,
            number: content.number.clone(),
            issued_at_us: content.issued_at_us,
            valid_until: i64::from(to_days(content.valid_through)) + 1,
            state: 1,
            records: json!(records).to_string(),
            domains: json!(content.scope.domains).to_string(),
            period: json!([content.scope.from, content.scope.to]).to_string(),
            pdf_hash: Some(files.pdf_hash),
            content_hash: files.content_hash,
            sealed: signed::content_key(&self.keys, code, extract)
                .seal(&signed::content_aad(&report_id), files.json.as_bytes()),
        };
        let (code_tag, extract_tag) = (signed::code_tag(&self.keys, code), signed::extract_tag(&self.keys, code, extract));
        let new_reader = match owner {
            Owner::Reader { subject, new: true } => Some(self.new_reader(*subject, &asked.document)?),
            Owner::Reader { .. } | Owner::Known { .. } => None,
        };
        let detail = json!({
            "report": content.number, "records": records, "recipient": content.recipient, "from": content.scope.from,
            "to": content.scope.to, "domains": content.scope.domains.iter().map(|d| &d.zh).collect::<Vec<_>>(),
            "content_sha256": HEXLOWER.encode(&files.content_hash), "pdf_sha256": HEXLOWER.encode(&files.pdf_hash),
        });
        let keys = self.keys.clone();
        self.store.write("report_issue", |tx| {
            if let Some(reader) = &new_reader {
                reader.write(tx, &keys, row.issued_at_us)?;
            }
            tx.report_add(&row, &code_tag, &extract_tag)?;
            journal::log_about(tx, &keys, &row.subject_id, row.issued_at_us, "report_issue", caller, &detail)?;
            Ok(())
        })
    }
}

/// What was made of a report, as far as the store keeps it.
struct Files<'a> {
    json: &'a str,
    content_hash: [u8; 32],
    pdf_hash: [u8; 32],
}

/// May this caller have a report about such a subject? That the person *is* the subject, or consented, was settled
/// before: by the account's proofing, or by the clerk who compares card and consent.
fn entitled(caller: &Caller, document: &Document) -> Result<(), AppError> {
    let organisation = document.kind() == DocumentKind::Uscc;
    let sole_trader = organisation && Uscc::parse(document.number()).is_ok_and(|(code, _)| code.is_self_employed());
    let (zh, en) = match (caller.role, &caller.ground) {
        (Role::Resident, Ground::OwnRight) if !organisation || sole_trader => return Ok(()),
        (Role::Representative, Ground::OwnRight) if organisation => return Ok(()),
        (Role::Clerk, Ground::Consent(receipt)) if !receipt.trim().is_empty() => return Ok(()),
        (Role::Clerk, _) => (
            "工作人员出具报告须有当事人授权，并注明授权回执编号",
            "a clerk issues a report on the subject's consent only: give the number of its receipt",
        ),
        (Role::Resident, Ground::OwnRight) => (
            "单位的报告由其代表人申请",
            "the report of an organisation is for its representative to ask for",
        ),
        (Role::Representative, Ground::OwnRight) => (
            "代表人只能申请本单位的报告；个人报告由本人申请",
            "a representative asks for the organisation's report; a person's own is for the person",
        ),
        _ => ("本人申请报告以本人权利为依据", "the ground on which one asks for one's own report is one's own right"),
    };
    Err(AppError::new(Kind::Forbidden, zh, en))
}

/// A text that will be printed as somebody stated it: trimmed, of bounded length, without control characters.
fn stated(what_zh: &str, what_en: &str, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > STATED_LENGTH {
        return Err(AppError::invalid(
            format!("{what_zh}不得超过 {STATED_LENGTH} 个字符"),
            format!("{what_en} may have {STATED_LENGTH} characters at most"),
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(AppError::invalid(
            format!("{what_zh}中不得有控制字符或换行"),
            format!("{what_en} may hold no control characters or line breaks"),
        ));
    }
    Ok(text.to_owned())
}

/// Reads what [`ReportRow::records`] holds.
pub(super) fn records_of(row: &ReportRow) -> Result<Vec<(RecordId, i64)>, AppError> {
    let damaged = || AppError::internal("the records of a report have another form");
    let records: Vec<(String, i64)> = serde_json::from_str(&row.records).map_err(|_| damaged())?;
    records.into_iter().map(|(id, version)| Some((RecordId::from_hex(&id)?, version))).collect::<Option<_>>().ok_or_else(damaged)
}
