//! The index key: tags by which documents and names are found, made anew.

use chengxin_core::Caller;
use chengxin_core::identity::DocumentKind;
use chengxin_core::row::split_body;
use chengxin_store::View;
use chengxin_store::audit::SETTINGS;
use chengxin_store::fanout::DocumentToRotate;
use serde_json::json;

use super::rotate::older_key_file;
use crate::log::rows::marks;
use crate::record::identity_aad;
use crate::{AppError, Installation, journal};

/// Documents given new tags in one transaction: two unsealings each, some tens of milliseconds together.
const SLICE: i64 = 4000;

/// New tags of one document and of its subject's further names.
struct Retag {
    document: DocumentToRotate,
    tag: [u8; 16],
    name_tag: [u8; 16],
    names: Vec<([u8; 16], [u8; 16])>,
}

impl Installation {
    /// Gives every document whose tags are of an older index key tags of the current one. Takes up where an
    /// interruption left it: what is done carries the new version.
    pub(super) fn finish_index(&mut self, caller: &Caller) -> Result<Option<(i64, u64, u64)>, AppError> {
        let current = self.keys.index_version();
        let held: i64 = self.store.view().setting("index_version")?.and_then(|v| v.parse().ok()).unwrap_or(1);
        if held > current {
            return Err(older_key_file());
        }
        // Nothing is older than the version that the last rotation ended with: an ordinary start reads no document.
        if held == current {
            return Ok(None);
        }
        let (mut count, mut kept, mut after) = (0, 0, [0; 16]);
        loop {
            let slice = self.store.view().documents_to_rotate(current, &after, SLICE)?;
            let Some(last) = slice.last() else { break };
            after = last.tag;
            count += slice.len() as u64;
            let retags = slice.into_iter().map(|document| self.retag(document)).collect::<Result<Vec<_>, _>>()?;
            kept += self.write_tags(&retags, current)?;
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("keys_rotate", |tx| -> Result<(), AppError> {
            tx.set_setting("index_version", &current.to_string())?;
            let rows = marks(tx.view(), &keys, &[(&SETTINGS, vec!["index_version".into()])])?;
            let detail = json!({ "index": current, "documents": count, "kept": kept, "rows": rows });
            journal::log(tx, &keys, now_us, "keys_rotate", caller, &detail)?;
            Ok(())
        })?;
        Ok(Some((current, count, kept)))
    }

    /// How many kept their old tag.
    fn write_tags(&mut self, retags: &[Retag], current: i64) -> Result<u64, AppError> {
        self.store.write("keys_rotate", |tx| {
            let mut kept = 0;
            for Retag { document, tag, name_tag, names } in retags {
                // A programme that went on with the old keys may have recorded the same number as another subject's.
                // Joining the two is for a human; stopping here would keep everybody out.
                let tag = if is_taken(tx.view(), tag, document)? { &document.tag } else { tag };
                kept += u64::from(*tag == document.tag);
                tx.subject_document_retag(&document.tag, tag, name_tag, current)?;
                for (old, new) in names {
                    tx.subject_name_retag(&document.subject_id, old, new, current)?;
                }
            }
            Ok(kept)
        })
    }

    fn retag(&self, document: DocumentToRotate) -> Result<Retag, AppError> {
        let subject = document.subject_id;
        let key = self.keys.subject_key(&self.key_store, &subject)?.identity();
        let aad = identity_aad(&subject);
        let open = |sealed: &[u8]| {
            key.open(&aad, sealed).map_err(|error| AppError::internal(format!("open identity: {error}")))
        };
        let damaged = || AppError::internal("the sealed identity of a document has another form");
        let plain = open(&document.sealed)?;
        let values = split_body(&plain).ok_or_else(damaged)?;
        let [number, name] = values[..] else { return Err(damaged()) };
        let kind = u8::try_from(document.kind).ok().and_then(DocumentKind::from_u8).ok_or_else(damaged)?;
        let mut names = Vec::new();
        for (old, sealed) in self.store.view().subject_names(&subject)? {
            let plain = open(&sealed)?;
            let values = split_body(&plain).ok_or_else(damaged)?;
            names.push((old, self.keys.name_tag(values.first().ok_or_else(damaged)?)));
        }
        let (tag, name_tag) = (self.keys.document_tag(kind, number), self.keys.name_tag(name));
        Ok(Retag { document, tag, name_tag, names })
    }
}

fn is_taken(view: View<'_>, tag: &[u8; 16], document: &DocumentToRotate) -> Result<bool, AppError> {
    Ok(*tag != document.tag && view.subject_document(tag)?.is_some())
}
