//! Keys of the installation: the trust list, and rotation.

use std::io::Write as _;
use std::path::Path;

use chengxin_core::Caller;
use chengxin_core::identity::DocumentKind;
use chengxin_core::row::split_body;
use chengxin_seal::{TrustList, random_bytes};
use chengxin_store::fanout::DocumentToRotate;
use data_encoding::HEXLOWER;
use serde_json::json;

use crate::error::io;
use crate::installation::files;
use crate::record::identity_aad;
use crate::{AppError, Installation, Kind, journal};

/// Documents given new tags in one transaction. Each is two unsealings; a slice takes some tens of milliseconds.
const SLICE: i64 = 2000;

/// Writes the dated list of public keys beside the database: whoever reads it meanwhile finds the old list or the new.
///
/// # Errors
/// Those of the file system.
pub fn write_trust_list(dir: &Path, list: &TrustList) -> Result<(), AppError> {
    let path = dir.join(files::TRUST);
    let fresh = dir.join(format!(".{}.{}.new", files::TRUST, HEXLOWER.encode(&random_bytes::<6>())));
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&fresh)?;
        file.write_all(list.to_json().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, &path)?;
        std::fs::File::open(dir)?.sync_all()
    };
    write().map_err(|error| {
        let _ = std::fs::remove_file(&fresh);
        io(&path)(error)
    })
}

/// New tags of one document and of its subject's further names.
struct Retag {
    document: DocumentToRotate,
    tag: [u8; 16],
    name_tag: [u8; 16],
    names: Vec<([u8; 16], [u8; 16])>,
}

impl Installation {
    /// Gives every document whose tags are of an older index key tags of the current one. Does nothing where there is
    /// none; takes up where an interruption left it, for what is done carries the new version.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] where the key file is older than the data.
    pub(crate) fn finish_index_rotation(&mut self) -> Result<(), AppError> {
        let current = self.keys.index_version();
        let held: i64 = self.store.view().setting("index_version")?.and_then(|v| v.parse().ok()).unwrap_or(1);
        if held > current {
            return Err(older_key_file());
        }
        let mut count = 0;
        loop {
            let slice = self.store.view().documents_to_rotate(current, SLICE)?;
            if slice.is_empty() {
                break;
            }
            count += slice.len();
            let retags = slice.into_iter().map(|document| self.retag(document)).collect::<Result<Vec<_>, _>>()?;
            self.store.write("keys_rotate", |tx| -> Result<(), AppError> {
                for Retag { document, tag, name_tag, names } in &retags {
                    tx.subject_document_retag(&document.tag, tag, name_tag, current)?;
                    for (old, new) in names {
                        tx.subject_name_retag(&document.subject_id, old, new, current)?;
                    }
                }
                Ok(())
            })?;
        }
        if held == current {
            return Ok(());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let caller = Caller::operator("chengxin", "finish the rotation of the index key");
        self.store.write("keys_rotate", |tx| {
            tx.set_setting("index_version", &current.to_string())?;
            journal::log(tx, &keys, now_us, "keys_rotate", &caller, &json!({ "index": current, "documents": count }))?;
            Ok(())
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

fn older_key_file() -> AppError {
    AppError::new(
        Kind::Unavailable,
        format!("密钥文件 {} 比数据旧（缺少轮换后的密钥）；请放回最近备份的密钥文件", files::KEYS),
        format!("the key file {} is older than the data (it lacks the rotated keys): put back its latest backup", files::KEYS),
    )
}
