//! Whose account it is. An account binds to a person as a *reader* of their own records: the subject that a report about a number of which
//! nothing is held would stand under (`report/gather.rs`). It is there whether or not there are records, no recalled file takes it
//! away, and its entries are read in the person's log together with those about their records.

use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::record::SubjectId;
use chengxin_core::row::{join_body, split_body};
use chengxin_core::{Caller, Deputy, Session};
use chengxin_seal::RandomPool;
use chengxin_store::account::BindingRow;
use chengxin_store::{KeyStore, View};

use super::keys::{binding_aad, compared_aad};
use super::who::Who;
use crate::keyring::Keyring;
use crate::reading::Reading;
use crate::report::{NewReader, adult, reader_tag, subjects_of};
use crate::subject::SubjectIds;
use crate::{AppError, Installation, Kind};

/// A person who stands at a window.
pub(super) struct Person {
    pub(super) subject: [u8; 16],
    /// Their rows, where they never asked for anything before.
    pub(super) new: Option<NewReader>,
    /// Kind and number of the document, sealed under their key.
    pub(super) sealed: Vec<u8>,
}

impl Installation {
    /// Reads the document that a clerk has before them. Only persons have accounts here: who represents an organisation acts for it on a
    /// mandate, with an account of their own.
    pub(super) fn compared(&self, kind: DocumentKind, number: &str, evidence: &str) -> Result<Document, AppError> {
        if evidence.trim().is_empty() {
            return Err(AppError::invalid(
                "须写明当面核对了什么（证件名称、是否与本人相符）",
                "say what was compared in person: which document, and that it is the person's",
            ));
        }
        if kind == DocumentKind::Uscc {
            return Err(AppError::invalid(
                "账户只与自然人绑定；单位由其代表人用本人账户凭授权办理",
                "an account binds to a natural person: who represents an organisation acts for it on a mandate",
            ));
        }
        let (document, _) = Document::parse(kind, number, self.synthetic_rule())?;
        adult(&document, self.today())?;
        Ok(document)
    }

    /// The person with a document, made where they never asked for anything before.
    pub(super) fn person(&mut self, document: &Document) -> Result<Person, AppError> {
        let found = self.store.view().subject_document(&reader_tag(&self.keys, document))?;
        let (subject, new) = match found {
            Some(row) => (row.subject_id, None),
            None => {
                let subject = SubjectIds::new(self.now_us()).next_id(&mut RandomPool::new());
                (subject, Some(self.new_reader(subject, document)?))
            }
        };
        let kind = document.kind().as_u8().to_string();
        let plain = join_body([kind.as_str(), document.number()]);
        let key = self.keys.subject_key(&self.key_store, &subject)?;
        let sealed = key.identity().seal(&compared_aad(&subject), &plain);
        Ok(Person { subject, new, sealed })
    }

    /// What a window compared, sealed anew for the account that a code bound.
    pub(super) fn sealed_for(
        &self,
        subject: &[u8; 16],
        account: &[u8; 16],
        compared: &[u8],
    ) -> Result<Vec<u8>, AppError> {
        let key = self.keys.subject_key(&self.key_store, subject)?;
        let plain = key.identity().open(&compared_aad(subject), compared);
        let plain = plain.map_err(|error| AppError::internal(format!("open what a window compared: {error}")))?;
        Ok(key.identity().seal(&binding_aad(subject, account), &plain))
    }

    /// Kind and number of the document of the person whose account it is; nothing where it is bound to nobody.
    ///
    /// # Errors
    /// The stores'.
    pub fn bound_document(&self, who: &Who) -> Result<Option<(DocumentKind, String)>, AppError> {
        bound_document(self.store.view(), &self.keys, &self.key_store, who)
    }

    /// The document of whom an act concerns: of the one for whom the caller acts on a mandate, else their own. Where there is none it is refused, and
    /// logged.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] with what to do about it; the stores'.
    pub fn own_document(
        &self,
        caller: &Caller,
        name: &'static str,
        who: &Who,
    ) -> Result<(DocumentKind, String), AppError> {
        if let Some(deputy) = caller.standing.deputy() {
            return Ok(deputy.document.clone());
        }
        self.bound_document(who)?.ok_or_else(|| self.denied(caller, name, unbound()))
    }

    /// Is a subject the one for whom somebody acts, as whom their records or as whom their reports are held?
    pub(crate) fn is_mandators(&self, deputy: &Deputy, subject: &[u8; 16]) -> Result<bool, AppError> {
        let (kind, number) = &deputy.document;
        let (document, _) = Document::parse(*kind, number, self.synthetic_rule())?;
        Ok(subjects_of(self.store.view(), &self.keys, &document)?.contains(subject))
    }

    /// Is a subject the person who acts in a session, as whom their records or as whom their reports are held?
    pub(crate) fn is_own_subject(&self, session: &Session, subject: &[u8; 16]) -> Result<bool, AppError> {
        let Some(SubjectId(reader)) = session.subject else { return Ok(false) };
        let Some(binding) = self.store.view().account_bindings(&reader)?.into_iter().next() else { return Ok(false) };
        let (kind, number) = bound_document_of(&self.keys, &self.key_store, &binding)?;
        let (document, _) = Document::parse(kind, &number, self.synthetic_rule())?;
        Ok(subjects_of(self.store.view(), &self.keys, &document)?.contains(subject))
    }
}

/// What is said to whoever asks about themself in an account that is bound to nobody.
pub(super) fn unbound() -> AppError {
    AppError::new(
        Kind::Forbidden,
        "该账户尚未与本人绑定：请持有效证件到窗口当面核对，领取激活码后绑定",
        "this account is bound to nobody yet: have your document compared at a window and redeem the code that you get there",
    )
}

impl Reading {
    /// As [`Installation::bound_document`].
    ///
    /// # Errors
    /// The stores'.
    pub fn bound_document(&self, who: &Who) -> Result<Option<(DocumentKind, String)>, AppError> {
        bound_document(self.store.view(), &self.keys, &self.key_store, who)
    }

    /// The document of whom an act concerns: of the one for whom the caller acts on a mandate, else their own; nothing where the account is
    /// bound to nobody.
    ///
    /// # Errors
    /// The stores'.
    pub fn own_document(&self, caller: &Caller, who: &Who) -> Result<Option<(DocumentKind, String)>, AppError> {
        match caller.standing.deputy() {
            Some(deputy) => Ok(Some(deputy.document.clone())),
            None => self.bound_document(who),
        }
    }
}

/// Is an account bound to a person, by a row that opens under their key and was made for that very account?
pub(crate) fn is_bound(
    view: View<'_>,
    keys: &Keyring,
    key_store: &KeyStore,
    subject: &[u8; 16],
    account: &[u8; 16],
) -> Result<bool, AppError> {
    let binding = view.account_bindings(subject)?.into_iter().find(|binding| binding.account_id == *account);
    Ok(binding.is_some_and(|binding| bound_document_of(keys, key_store, &binding).is_ok()))
}

pub(super) fn bound_document(
    view: View<'_>,
    keys: &Keyring,
    key_store: &KeyStore,
    who: &Who,
) -> Result<Option<(DocumentKind, String)>, AppError> {
    let Some(subject) = &who.subject else { return Ok(None) };
    let bindings = view.account_bindings(subject)?;
    let Some(binding) = bindings.into_iter().find(|binding| binding.account_id == who.account) else {
        return Ok(None);
    };
    bound_document_of(keys, key_store, &binding).map(Some)
}

/// The document in a binding: of that person, for that account, or a fault.
pub(super) fn bound_document_of(
    keys: &Keyring,
    key_store: &KeyStore,
    binding: &BindingRow,
) -> Result<(DocumentKind, String), AppError> {
    let (subject, account) = (&binding.subject_id, &binding.account_id);
    let plain = keys.subject_key(key_store, subject)?.identity().open(&binding_aad(subject, account), &binding.sealed);
    let plain = plain.map_err(|error| AppError::internal(format!("open a binding: {error}")))?;
    let damaged = || AppError::internal("a sealed binding has another form");
    let values = split_body(&plain).ok_or_else(damaged)?;
    let [kind, number] = values[..] else { return Err(damaged()) };
    let kind = kind.parse().ok().and_then(DocumentKind::from_u8).ok_or_else(damaged)?;
    Ok((kind, number.to_owned()))
}
