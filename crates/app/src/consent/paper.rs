//! Without a phone: card and signed paper serve as ground. A clerk who compared the document in person records one check, or one report.

use chengxin_core::Caller;
use chengxin_core::check::without_numbers;
use chengxin_core::consent::{Confirmed, limits};
use chengxin_core::identity::{Document, DocumentKind};

use super::grant::Granted;
use super::row::{Act, Opened};
use crate::authority::served;
use crate::report::stated;
use crate::{AppError, Installation};

/// What a clerk records.
#[derive(Debug, Clone)]
pub struct PaperConsent {
    /// Kind of the document that was compared.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Code of the matter; `None` for a report about themself.
    pub matter: Option<String>,
    /// What was compared in person: which document, and that it is the applicant's.
    pub evidence: String,
    /// Number of the signed paper, by which it is found in the files.
    pub paper: String,
}

impl Installation {
    /// Records a consent that somebody signed on paper, for one check in a matter at the caller's own authority, or for one report. Who recorded it stands in the
    /// person's own log, whatever becomes of it; the receipt is for them.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for anybody but a clerk on a duty; [`crate::Kind::Invalid`] without a word on what was compared or the number of
    /// the paper, and for a matter that is not asked on consent; [`crate::Kind::NotFound`] for a matter that there is not.
    pub fn consent_record(&mut self, caller: &Caller, paper: &PaperConsent) -> Result<Granted, AppError> {
        const NAME: &str = "consent_record";
        self.authorise(caller, NAME)?;
        let (document, _) = Document::parse(paper.kind, &paper.number, self.synthetic_rule())?;
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
        let terms = match &paper.matter {
            Some(matter) => self.one_check(&document, matter, authority, lasts_us)?,
            None => self.one_report(authority, lasts_us)?,
        };
        let draft = self.draft(terms, Confirmed::Paper, &caller.actor, Some((evidence, signed)));
        let person = self.new_giver(&document)?;
        let new = Opened::of(draft, &person.giver, &self.keys, self.now_us());
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            // Not held against how many consents stand: that would tell the clerk of others.
            Act { keys: &keys, now_us, operation: NAME, caller }.add(tx, &person, &new, None)
        })?;
        self.granted(&document, &new)
    }
}
