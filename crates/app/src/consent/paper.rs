//! Without a phone: card and signed paper serve as ground. A clerk who compared the document in person records one check, or one report.

use chengxin_core::Caller;
use chengxin_core::check::without_numbers;
use chengxin_core::consent::{Confirmed, Recipient, Terms, limits};
use chengxin_core::identity::{Document, DocumentKind};

use super::grant::Granted;
use super::row::{Act, Draft, Opened};
use crate::authority::served;
use crate::report::{adult, stated};
use crate::{AppError, Installation};

/// What a clerk records.
#[derive(Debug, Clone)]
pub struct PaperConsent {
    /// Kind of the document that was compared.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// For what.
    pub what: PaperFor,
    /// What was compared in person: which document, and that it is the applicant's.
    pub evidence: String,
    /// Number of the signed paper, by which it is found in the files.
    pub paper: String,
}

/// For what somebody signed.
#[derive(Debug, Clone)]
pub enum PaperFor {
    /// One check in a matter, by its code.
    Check(String),
    /// One report about themself.
    Report {
        /// For what, as the paper says.
        purpose: String,
        /// Which classes of items it shows.
        classes: Vec<String>,
        /// Who is to receive it.
        recipient: String,
    },
}

impl Installation {
    /// Records a consent that somebody signed on paper, for one check in a matter at the caller's own authority, or for one report. Who recorded it stands in the
    /// person's own log, whatever becomes of it; the receipt is for them.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for anybody but a clerk on a duty, and for the person or whoever acts for them; [`crate::Kind::Invalid`] without a word on
    /// what was compared or the number of the paper, for somebody under 18, for a matter that is not asked on consent, and for a report without purpose,
    /// classes or recipient; [`crate::Kind::NotFound`] for a matter that there is not.
    pub fn consent_record(&mut self, caller: &Caller, paper: &PaperConsent) -> Result<Granted, AppError> {
        const NAME: &str = "consent_record";
        self.authorise(caller, NAME)?;
        let (document, _) = Document::parse(paper.kind, &paper.number, self.synthetic_rule())?;
        adult(&document, self.today())?;
        self.recused(caller, NAME, &document)?;
        // Numbers of identity documents that were typed by mistake are kept nowhere.
        let evidence = stated("核对情况", "what was compared", &without_numbers(&paper.evidence))?;
        if evidence.chars().count() < 2 {
            return Err(AppError::invalid(
                "须写明当面核对了什么（证件名称、是否与本人相符）",
                "say what was compared in person: which document, and that it is the applicant's",
            ));
        }
        let signed = stated("签名纸件编号", "the number of the paper", &without_numbers(&paper.paper))?;
        if signed.is_empty() {
            return Err(AppError::invalid(
                "须写明签名纸件的编号，以便查档",
                "give the number of the signed paper, by which it is found in the files",
            ));
        }
        let authority = served(caller)?;
        let lasts_us = limits(self.today()).paper_us;
        let (terms, report_for) = match &paper.what {
            PaperFor::Check(matter) => (self.one_check(&document, matter, authority, lasts_us)?, None),
            PaperFor::Report { purpose, classes, recipient } => {
                let terms = self.one_report(authority, (purpose, classes.as_slice()), lasts_us)?;
                (terms, Some(report_for(recipient)?))
            }
        };
        let draft = self.draft(terms, Confirmed::Paper, caller);
        let draft = Draft { paper: Some((evidence, signed)), report_for, ..draft };
        let person = self.new_giver(&document)?;
        let new = Opened::of(draft, &person.giver, &self.keys, self.now_us());
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            // Not held against how many consents stand: that would tell the clerk of others.
            Act { keys: &keys, now_us, operation: NAME, caller }.add(tx, &person, &new, None)
        })?;
        self.granted(&document, &new)
    }
    /// Terms that let an authority ask for one report, as the paper bounds it, from now on.
    fn one_report(
        &self,
        authority: &str,
        (purpose, classes): (&str, &[String]),
        lasts_us: i64,
    ) -> Result<Terms, AppError> {
        let office = self.authority_named(authority)?;
        let (purpose, classes) = (Self::purpose(purpose, false)?, self.classes(classes)?);
        if classes.is_empty() {
            return Err(AppError::invalid(
                "须按签名纸件写明报告包含哪些信息类别",
                "name the classes that the report shows, as the signed paper does",
            ));
        }
        let (recipient, from_us) = (Recipient::Authority { code: office.code, name: office.name }, self.now_us());
        Ok(Terms { recipient, purpose, matter: None, classes, from_us, until_us: from_us + lasts_us, uses: 1 })
    }
}

/// Who is to receive the report, as the paper says.
fn report_for(recipient: &str) -> Result<String, AppError> {
    let recipient = stated("报告接收方", "who the report is for", &without_numbers(recipient))?;
    if recipient.is_empty() {
        return Err(AppError::invalid(
            "须按签名纸件写明报告交给谁（本人，或者接收方的全称）",
            "say who the report is for, as the signed paper does: the person, or somebody named",
        ));
    }
    Ok(recipient)
}
