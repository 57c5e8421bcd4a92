//! Readers of their own records: the subjects under which lies what somebody rules themself, their account, consents and mandates. They are there
//! before the first record, and no recalled file takes them away.

use chengxin_core::identity::{Document, is_of_age_on};
use chengxin_seal::RandomPool;
use chengxin_store::View;
use jiff::civil::Date;

use super::gather::{NewReader, reader_tag};
use crate::keyring::Keyring;
use crate::subject::SubjectIds;
use crate::{AppError, Installation};

/// The subject that stands for the holder of a document as a reader of their own records.
pub(crate) fn reader(view: View<'_>, keys: &Keyring, document: &Document) -> Result<Option<[u8; 16]>, AppError> {
    Ok(view.subject_document(&reader_tag(keys, document))?.map(|row| row.subject_id))
}

/// A reader, with their rows where they never asked for anything before.
pub(crate) struct Somebody {
    pub(crate) subject: [u8; 16],
    pub(crate) new: Option<NewReader>,
}

impl Installation {
    /// The holder of a document, made a reader where they never were.
    pub(crate) fn somebody(&mut self, document: &Document) -> Result<Somebody, AppError> {
        if let Some(subject) = reader(self.store.view(), &self.keys, document)? {
            return Ok(Somebody { subject, new: None });
        }
        let subject = SubjectIds::new(self.now_us()).next_id(&mut RandomPool::new());
        Ok(Somebody { subject, new: Some(self.new_reader(subject, document)?) })
    }
}

/// Refuses the document of a child, before anything is written about its holder. One that does not say when they were born passes.
///
/// # Errors
/// [`crate::Kind::Invalid`] with the reason.
///
/// # Source
/// Hard limit of the platform: nothing about anybody under 18.
pub(crate) fn adult(document: &Document, today: Date) -> Result<(), AppError> {
    match document.birth_date() {
        Some(birth) if !is_of_age_on(birth, today) => Err(AppError::invalid(
            "该证件的持有人未满 18 周岁：平台不收录未成年人的任何信息，也不为其办理任何事项；没有可查、可授权的内容",
            "the holder of this document is under 18: the platform holds nothing about anybody of that age and does nothing for them; there is nothing to see or to consent to",
        )),
        _ => Ok(()),
    }
}
