//! Consents: what a person allows somebody named, and how a check at a window finds out whether one holds.
//!
//! A person grants, sees, narrows, withdraws and disowns; a one-time code grants exactly one check; without a phone, signed paper does, recorded
//! by the clerk who compared the document. Nothing here is taken on the asker's word: a check names a receipt or a code, and whether it holds is
//! decided in the transaction that counts the use and writes the log (`checking.rs`). Whatever is wrong with it, the clerk reads one sentence.
//!
//! A consent lies with the person as a *reader* of their own records (`report/gather.rs`): that subject is there before the first record, and
//! no recalled file takes it away. What it says is sealed under their key. The row carries a seal, so that nobody who can write to the
//! database can grant anything, and names the entry of the person's log that wrote it last, so that an older row put back is none.

mod change;
pub(crate) mod checking;
mod code;
mod grant;
mod keys;
mod list;
mod paper;
mod print;
mod receipt;
mod row;
mod terms;

pub use change::ConsentNarrowing;
pub use code::{ConsentCodeRequest, IssuedCode};
pub use grant::{ConsentRequest, Granted};
pub use list::{ConsentLine, ConsentUseLine};
pub use paper::{PaperConsent, PaperFor};
pub use receipt::{CONSENT_TYPE, ConsentReceipt, OnMandate, ReceiptMatter, verify_receipt};
pub use terms::RecipientAsked;
pub(crate) use terms::classes_of;

use chengxin_core::Caller;
use chengxin_core::consent::ReceiptNumber;
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_seal::AeadKey;
use chengxin_store::{KeyStore, View};

use crate::keyring::Keyring;
use crate::reading::Reading;
use crate::report::{NewReader, Somebody, adult, entitled, reader};
use crate::{AppError, Installation};

/// A person, as their consents are kept.
pub(crate) struct Giver {
    pub(crate) subject: [u8; 16],
    pub(crate) key: AeadKey,
}

impl Giver {
    /// The person, if they are known as a reader and their key was not destroyed.
    fn of(view: View<'_>, keys: &Keyring, key_store: &KeyStore, document: &Document) -> Result<Option<Self>, AppError> {
        let Some(subject) = reader(view, keys, document)? else { return Ok(None) };
        let key = keys.subject_key_kept(key_store, &subject)?;
        Ok(key.map(|key| Self { subject, key: key.consents() }))
    }
}

impl Reading {
    /// As [`Installation::ruling`], of whoever reads; a refusal is logged by the connection that writes.
    pub(crate) fn ruling(
        &self,
        caller: &Caller,
        name: &'static str,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Document, AppError> {
        self.authorise(caller, name)?;
        let (document, _) = Document::parse(kind, number, self.synthetic)?;
        adult(&document, self.today())?;
        entitled(caller, name, &document, &self.keys, self.store.view())?;
        Ok(document)
    }
}

/// The same, with their rows where they never asked for anything before.
struct NewGiver {
    giver: Giver,
    new: Option<NewReader>,
}

impl Installation {
    /// The document of a person who rules their own consents and mandates, or of an organisation whose representative does.
    pub(crate) fn ruling(
        &self,
        caller: &Caller,
        name: &'static str,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Document, AppError> {
        self.authorise(caller, name)?;
        let (document, _) = Document::parse(kind, number, self.synthetic_rule())?;
        adult(&document, self.today())?;
        entitled(caller, name, &document, &self.keys, self.store.view())
            .map_err(|refusal| self.refused(caller, name, refusal))?;
        Ok(document)
    }

    /// See [`Giver::of`].
    pub(crate) fn giver(&self, document: &Document) -> Result<Option<Giver>, AppError> {
        Giver::of(self.store.view(), &self.keys, &self.key_store, document)
    }

    /// The person, made a reader where they never were.
    fn new_giver(&mut self, document: &Document) -> Result<NewGiver, AppError> {
        let Somebody { subject, new } = self.somebody(document)?;
        let key = self.keys.subject_key(&self.key_store, &subject)?.consents();
        Ok(NewGiver { giver: Giver { subject, key }, new })
    }

    /// Receipts of a person's consents that were granted on a mandate and can still be used.
    pub(crate) fn consents_on(&self, document: &Document, mandate: &str, now_us: i64) -> Result<Vec<String>, AppError> {
        let Some(giver) = self.giver(document)? else { return Ok(Vec::new()) };
        let mut found = row::all(self.store.view(), &self.keys, &giver, list::MOST)?;
        found.retain(|it| {
            it.consent.state(now_us).is_open() && it.body.mandate.as_ref().is_some_and(|(_, number)| number == mandate)
        });
        Ok(found.iter().map(row::Opened::number).collect())
    }
}

/// Reads the number of a person's own receipt.
fn receipt_number(text: &str) -> Result<ReceiptNumber, AppError> {
    ReceiptNumber::parse(text).ok_or_else(|| {
        AppError::invalid(
            "授权回执编号有误，应形如 SQ20261122-XXXX-XXXX-XXXX-XX；请对照回执，或运行 chengxin consent list 查看",
            "this is no number of a receipt, which looks like SQ20261122-XXXX-XXXX-XXXX-XX: compare it, or see chengxin consent list",
        )
    })
}

/// To a person, of a receipt that is none of theirs.
fn no_such_consent() -> AppError {
    AppError::not_found(
        "您没有此编号的授权；运行 chengxin consent list 可查看全部授权",
        "you gave no consent of this number: chengxin consent list shows them all",
    )
}
