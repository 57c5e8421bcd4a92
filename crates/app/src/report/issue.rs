//! Issuing a report: authorise, find, compose, sign, write, hand out.

use chengxin_core::catalogue::ItemDef;
use chengxin_core::dates::{from_days, shanghai_text, to_days};
use chengxin_core::{Caller, Ground, Say};
use chengxin_seal::random_bytes;
use chengxin_store::audit::{CODES, Cell, REPORTS, SUBJECTS};
use chengxin_store::record::VersionRow;
use chengxin_store::report::ReportRow;
use data_encoding::HEXLOWER;
use jiff::ToSpan;
use serde_json::json;

use super::codes::{ExtractCode, VerificationCode, report_number};
use super::compose::{Desk, Scope};
use super::consented::ToReport;
use super::content::{FORMAT, ReportContent, ReportEntry, ReportScope, ReportSubject};
use super::gather::{self, Owner};
use super::request::{Asked, ReportRequest, entitled, stated};
use super::signed::{self, PdfSignature, REPORT_TYPE, SIGNATURE_TYPE};
use super::{pdf, words};
use crate::consent::checking::{no_consent_to_report, shown};
use crate::installation::Mode;
use crate::log::rows::marks;
use crate::{AppError, Installation, journal};

/// Days after the day of issue on which a report may still be relied on. A house rule: long enough for an office's
/// queue, short enough that a record repaired meanwhile is not carried about.
pub const VALID_DAYS: i64 = 30;

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

/// Most entries of one report: some four hundred pages. Everything that is held can be read and carried away without it.
///
/// # Source
/// House rule.
const MOST_ENTRIES: usize = 1_000;

impl Installation {
    /// Issues a report about a subject.
    ///
    /// Whoever holds a valid number gets one, also where nothing is held: see `gather::Owner::Reader`. The report, its
    /// codes and the subject's log entry are durable when this returns.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where role or ground do not allow it; [`crate::Kind::Invalid`] for a number, field of life or period
    /// that cannot be; [`crate::Kind::Conflict`] where the name does not agree, which the subject's log says too.
    pub fn report_issue(&mut self, caller: &Caller, request: &ReportRequest) -> Result<IssuedReport, AppError> {
        let shown = shown(caller);
        // From here on nobody has before them what was shown as consent.
        let (presented, caller) = shown.as_ref().map_or((None, caller), |(shown, caller)| (Some(shown), caller));
        self.authorise(caller, "report_issue")?;
        let (now_us, mut asked) = (self.now_us(), self.asked(request)?);
        entitled(caller, "report_issue", &asked.document, &self.keys, self.store.view())
            .map_err(|refusal| self.refused(caller, "report_issue", refusal))?;
        let consent = presented.map(|presented| self.consent_to_report(caller, &mut asked, presented)).transpose()?;
        let owner = gather::owner(self.store.view(), &self.keys, &asked.document, now_us)?;
        self.refuse_other_name(caller, &asked, &owner)?;

        let (code, extract) = (VerificationCode::generate(), ExtractCode::generate());
        let content = self.compose(caller, &asked, &owner, now_us, &code)?;
        let payload = signed::to_json(&content)?;
        let content_hash = signed::sha256(&payload);
        let json = signed::sign(&self.keys, REPORT_TYPE, &payload, now_us);
        let rendered = pdf::render(&content, &HEXLOWER.encode(&content_hash), &code, &extract)?;
        let signature = PdfSignature::new(&content, &content_hash, &rendered.pdf, self.keys.profile());
        let pdf_signature = signed::sign(&self.keys, SIGNATURE_TYPE, &signed::to_json(&signature)?, now_us);

        let pdf_hash = signed::sha256(&rendered.pdf);
        let files = Files { json: &json, content_hash, pdf_hash };
        self.keep(caller, &asked, &owner, &content, &files, (&code, &extract), consent.as_ref())?;
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
        if entries.len() > MOST_ENTRIES {
            let found = entries.len();
            return Err(AppError::invalid(
                format!(
                    "所选范围内有 {found} 条记录，一份报告最多 {MOST_ENTRIES} 条；请缩小期间或者只选几个领域，分几份出具"
                ),
                format!(
                    "{found} records are in what was asked for, and a report has {MOST_ENTRIES} at most: choose a shorter period or fewer domains, and take several reports"
                ),
            ));
        }
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
            purpose: match &asked.purpose {
                Some(purpose) => purpose.clone(),
                None => stated("用途", "the purpose", &caller.purpose)?,
            },
            scope: ReportScope { domains: asked.scope.domains.clone(), from: asked.scope.from, to: asked.scope.to },
            classes: desk.classes(entries),
            leaves_out: words::leaves_out(),
            rights: words::rights(),
            sources: desk.sources(),
            acceptance: words::acceptance(self.city()),
            notes: words::notes(!asked.scope.domains.is_empty(), asked.scope.classes.is_some()),
            catalogue: self.catalogue.hash_hex(),
            verification_code: code.grouped(),
            verify_url: format!("{}/v/{}", self.base_url(), code.as_str()),
            signer: format!("{}公共信用信息平台", self.city()),
        })
    }

    /// Entries with their classes.
    fn entries(&self, desk: &Desk<'_>, owner: &Owner, scope: &Scope) -> Result<Vec<(String, ReportEntry)>, AppError> {
        let contests = self.contests_about(owner.subject())?;
        let in_period = |row: &&VersionRow| {
            i32::try_from(row.decided_on).ok().and_then(from_days).is_some_and(|day| scope.covers_day(day))
        };
        let current = gather::current(owner.versions()).into_iter().filter(in_period);
        let shown: Vec<(&VersionRow, &ItemDef)> = current
            .filter_map(|row| Some((row, gather::reportable(&self.catalogue, row, desk.today)?)))
            .filter(|(row, item)| scope.covers_item(item) && !contests.of(&row.record_id).out_of_use())
            .collect();
        let rows: Vec<_> = shown.iter().map(|(row, _)| *row).collect();
        let bodies = self.open_bodies(&rows, owner.versions())?;
        let entry = |((row, item), body): (&(&VersionRow, &ItemDef), Option<gather::Values>)| {
            desk.entry(row, item, &body?, contests.of(&row.record_id))
        };
        Ok(shown.iter().zip(bodies).filter_map(entry).collect())
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
        (code, extract): (&VerificationCode, &ExtractCode),
        consent: Option<&ToReport>,
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
        let (code_tag, extract_tag) =
            (signed::code_tag(&self.keys, code), signed::extract_tag(&self.keys, code, extract));
        let new_reader = self.reader_of(owner, &asked.document)?;
        let mut detail = json!({
            "report": content.number, "records": records, "recipient": content.recipient, "from": content.scope.from,
            "to": content.scope.to, "domains": content.scope.domains.iter().map(|d| &d.zh).collect::<Vec<_>>(),
            "content_sha256": HEXLOWER.encode(&files.content_hash), "pdf_sha256": HEXLOWER.encode(&files.pdf_hash),
        });
        let keys = self.keys.clone();
        let kept = self.store.write("report_issue", |tx| -> Result<bool, AppError> {
            // Before anything else that the person's log is told.
            let number = match consent.map(|consent| consent.use_up(tx, &keys, caller, content)).transpose()? {
                Some(None) => return Ok(false),
                Some(number) => number,
                None => None,
            };
            let ground = number.map_or_else(|| caller.ground.clone(), Ground::Consent);
            let caller = &Caller { ground, ..caller.clone() };
            if let Some(reader) = &new_reader {
                reader.write(tx, &keys, row.issued_at_us)?;
            }
            tx.report_add(&row, &code_tag, &extract_tag)?;
            let subject = Cell::from(&row.subject_id);
            let mut rows = vec![
                (&REPORTS, vec![subject.clone(), (&row.report_id).into()]),
                (&CODES, vec![subject.clone(), (&code_tag).into()]),
            ];
            if new_reader.is_some() {
                rows.push((&SUBJECTS, vec![subject]));
            }
            detail["rows"] = marks(tx.view(), &keys, &rows)?;
            journal::log_about(tx, &keys, &row.subject_id, row.issued_at_us, "report_issue", caller, &detail)?;
            Ok(true)
        });
        if kept.map_err(|refusal| self.turned_away(caller, "report_issue", refusal))? {
            Ok(())
        } else {
            Err(self.denied(caller, "report_issue", no_consent_to_report()))
        }
    }
}

/// What was made of a report, as far as the store keeps it.
struct Files<'a> {
    json: &'a str,
    content_hash: [u8; 32],
    pdf_hash: [u8; 32],
}
