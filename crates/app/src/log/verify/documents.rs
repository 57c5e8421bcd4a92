//! Numbers and names: what is sealed under a subject's key gives the tags by which it is found.

use chengxin_core::identity::DocumentKind;
use chengxin_core::row::split_body;
use chengxin_store::audit::{Cell, DOCUMENTS, NAMES, SUBJECTS};

use super::chains::joined;
use super::stream::rows;
use super::{Check, readable};
use crate::keyring::SubjectKey;
use crate::record::identity_aad;
use crate::{AppError, Installation};

impl Check<'_> {
    /// Goes through documents and further names, and sees that each subject has its one document.
    pub(super) fn documents(&mut self, installation: &Installation) -> Result<(), AppError> {
        let (mut stream, mut documents) = (rows(self.view, &DOCUMENTS)?, 0u64);
        while let Some(row) = stream.pop()? {
            documents += 1;
            if !self.document(&row)? && !self.gone_since(installation, &DOCUMENTS, &row[..1])? {
                let (zh, en) = (
                    "号码和姓名与索引不符，或不是以该主体的密钥密封的：被改动、调换或手工加入",
                    "number and name do not give its tags, or are not sealed under the subject's key: it was altered, moved or added by hand",
                );
                self.out.add("subject_document", joined(&row[..1]), zh, en);
            }
        }
        let mut stream = rows(self.view, &NAMES)?;
        while let Some(row) = stream.pop()? {
            if !self.name(&row)? && !self.gone_since(installation, &NAMES, &row[..2])? {
                let (zh, en) = (
                    "姓名与索引不符，或不是以该主体的密钥密封的：被改动",
                    "the name does not give its tag, or is not sealed under the subject's key: it was altered",
                );
                self.out.add("subject_name", joined(&row[..2]), zh, en);
            }
        }
        let (mut stream, mut subjects) = (rows(self.view, &SUBJECTS)?, 0u64);
        while stream.pop()?.is_some() {
            subjects += 1;
        }
        if subjects != documents {
            self.uneven()?;
        }
        Ok(())
    }

    fn uneven(&mut self) -> Result<(), AppError> {
        for row in self.view.audit_undocumented(super::LISTED as i64)? {
            let (zh, en) = ("没有证件指向该主体：其行被删除", "no document leads to this subject: its row was removed");
            self.out.add("subject_document", format!("subject_id={}", joined(&row)), zh, en);
        }
        for row in self.view.audit_documented_twice(super::LISTED as i64)? {
            let (zh, en) = (
                "指向该主体的证件不止一个：有行是手工加入的",
                "more than one document leads to this subject: one was added by hand",
            );
            self.out.add("subject_document", format!("subject_id={}", joined(&row)), zh, en);
        }
        Ok(())
    }

    /// Was the row, or its key, taken by an erasure since the check began?
    fn gone_since(
        &self,
        installation: &Installation,
        table: &'static chengxin_store::audit::Table,
        key: &[Cell],
    ) -> Result<bool, AppError> {
        Ok(installation.store.view().table_row(table, key)?.is_none())
    }

    fn document(&self, row: &[Cell]) -> Result<bool, AppError> {
        let [tag, subject, kind, version, name_tag, Cell::Bytes(sealed)] = row else { return Ok(false) };
        let (Some(tag), Some(subject), Some(version), Some(name_tag)) =
            (tag.id(), subject.id(), version.int(), name_tag.id())
        else {
            return Ok(false);
        };
        let kind = kind.int().and_then(|kind| u8::try_from(kind).ok()).and_then(DocumentKind::from_u8);
        let (Some(kind), true) = (kind, self.view.subject_kind(&subject)?.is_some()) else { return Ok(false) };
        let Some(plain) = self.open(&subject, sealed)? else { return Ok(false) };
        let Some([number, name]) = split_body(&plain).and_then(|values| <[&str; 2]>::try_from(values).ok()) else {
            return Ok(false);
        };
        let Some(now) = self.keys.tags_under(version, kind, number, name) else { return Ok(false) };
        // A rotation leaves a document its older tag where the new one is another subject's already.
        let older = || {
            (1..version)
                .any(|older| self.keys.tags_under(older, kind, number, name).is_some_and(|tags| tags.document == tag))
        };
        Ok(now.name == name_tag && (now.document == tag || older()))
    }

    fn name(&self, row: &[Cell]) -> Result<bool, AppError> {
        let [subject, tag, version, Cell::Bytes(sealed), ..] = row else { return Ok(false) };
        let (Some(subject), Some(tag), Some(version)) = (subject.id(), tag.id(), version.int()) else {
            return Ok(false);
        };
        let Some(plain) = self.open(&subject, sealed)? else { return Ok(false) };
        let Some([name]) = split_body(&plain).and_then(|values| <[&str; 1]>::try_from(values).ok()) else {
            return Ok(false);
        };
        let tags = self.keys.tags_under(version, DocumentKind::ResidentId, "", name);
        Ok(tags.is_some_and(|tags| tags.name == tag))
    }

    fn open(&self, subject: &[u8; 16], sealed: &[u8]) -> Result<Option<Vec<u8>>, AppError> {
        // Destroyed, or not what was wrapped for this subject: either way the row does not open.
        let Some((_, wrapped)) = readable(self.key_store.subject_key(subject))?.flatten() else { return Ok(None) };
        let Ok(key) = self.keys.unwrap("subject", subject, &wrapped) else { return Ok(None) };
        let key = SubjectKey::new(self.keys.profile(), &key);
        Ok(key.identity().open(&identity_aad(subject), sealed).ok())
    }
}
