//! The wrapping key: keys of subjects and submissions, wrapped anew.

use chengxin_core::Caller;
use chengxin_seal::RandomPool;
use chengxin_store::audit::SETTINGS;
use serde_json::json;

use super::rotate::older_key_file;
use crate::log::rows::marks;
use crate::{AppError, Installation, journal};

/// Keys wrapped anew in one transaction: some milliseconds.
const SLICE: i64 = 2000;

/// Setting of the key store: the version with which everything in it is wrapped. It is kept there, so that a key store
/// restored from a backup is wrapped anew too.
const WRAPPED_WITH: &str = "wrapping_version";

impl Installation {
    /// Wraps with the current wrapping key whatever is wrapped with an older one. The older keys stay in the key file:
    /// backups of the key store need them.
    pub(super) fn finish_wrapping(&mut self, caller: &Caller) -> Result<Option<(i64, u64)>, AppError> {
        let current = self.keys.wrapping_version();
        let held = |text: Option<String>| text.and_then(|v| v.parse().ok()).unwrap_or(1);
        let (in_store, logged): (i64, i64) =
            (held(self.key_store.meta(WRAPPED_WITH)?), held(self.store.view().setting(WRAPPED_WITH)?));
        if in_store.max(logged) > current {
            return Err(older_key_file());
        }
        if in_store == current && logged == current {
            return Ok(None);
        }
        let count = if in_store < current { self.rewrap(current)? } else { 0 };
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("keys_rotate", |tx| -> Result<(), AppError> {
            tx.set_setting(WRAPPED_WITH, &current.to_string())?;
            let rows = marks(tx.view(), &keys, &[(&SETTINGS, vec![WRAPPED_WITH.into()])])?;
            let detail = json!({ "wrapping": current, "keys": count, "rows": rows });
            journal::log(tx, &keys, now_us, "keys_rotate", caller, &detail)?;
            Ok(())
        })?;
        Ok(Some((current, count)))
    }

    fn rewrap(&mut self, current: i64) -> Result<u64, AppError> {
        let (mut pool, mut after, mut count) = (RandomPool::new(), [0; 16], 0);
        loop {
            let slice = self.key_store.subject_keys(&after, SLICE)?;
            let Some((last, _)) = slice.last() else { break };
            after = *last;
            let mut fresh = Vec::new();
            for (subject, (version, wrapped)) in &slice {
                if *version < current {
                    let key = self.keys.unwrap("subject", subject, wrapped)?;
                    fresh.push((subject, self.keys.wrap(&mut pool, "subject", subject, &key)));
                }
            }
            count += fresh.len() as u64;
            self.key_store.write(|tx| -> Result<(), AppError> {
                fresh.iter().try_for_each(|(subject, wrapped)| Ok(tx.subject_key_set(subject, current, wrapped)?))
            })?;
        }
        // Few: each seals the refused and held rows of one submission, which live for 30 days.
        let mut submissions = Vec::new();
        for (id, (version, wrapped)) in self.key_store.submission_keys()? {
            if version < current {
                let key = self.keys.unwrap("submission", &id.to_be_bytes(), &wrapped)?;
                submissions.push((id, self.keys.wrap(&mut pool, "submission", &id.to_be_bytes(), &key)));
            }
        }
        count += submissions.len() as u64;
        self.key_store.write(|tx| -> Result<(), AppError> {
            for (id, wrapped) in &submissions {
                tx.submission_key_set(*id, current, wrapped)?;
            }
            Ok(tx.set_meta(WRAPPED_WITH, &current.to_string())?)
        })?;
        // What the old key wrapped must not linger in the write-ahead log.
        self.key_store.checkpoint()?;
        Ok(count)
    }
}
