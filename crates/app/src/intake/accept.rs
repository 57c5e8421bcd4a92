//! The end of an import: what the file says of itself is settled, and one transaction gives the submission effect.

use chengxin_core::catalogue::{ItemDef, Polarity};
use chengxin_core::{Caller, Say};
use chengxin_seal::sign_envelope;
use chengxin_sheet::Info;
use chengxin_store::KeyStore;
use chengxin_store::audit::{SUBMISSION_FIGURES, SUBMISSIONS};
use chengxin_store::authority::AuthorityRow;
use chengxin_store::keys::BodyAt;
use chengxin_store::record::OwnVersion;
use chengxin_store::submission::Acceptance;
use chengxin_tlog::TreeBuilder;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::collect::Harvest;
use super::difference::compare;
use super::load::Frame;
use super::mapping::Mapping;
use super::opening::Opened;
use super::settle::{Balance, Settling, Unsealer};
use super::{ImportOutcome, summary};
use crate::jobs::{JobKind, destroy};
use crate::keyring::{Keyring, SubjectKey};
use crate::log::rows::{acceptance_marks, marks};
use crate::proceeding::after_submission;
use crate::statistics::InTime;
use crate::{AppError, Installation, journal};

/// Media type of a receipt.
pub const RECEIPT_TYPE: &str = "application/vnd.chengxin.receipt+json";

/// From how many rows on three times the usual volume needs a reason. Below it, a village office with two cases a week
/// would have to explain itself for seven.
const UNUSUAL_FROM: i64 = 100;

impl Installation {
    /// The one transaction that gives a submission effect.
    #[expect(clippy::too_many_arguments, reason = "what the steps before it found out, each once")]
    pub(super) fn accept(
        &mut self,
        caller: &Caller,
        item: &ItemDef,
        info: &Info,
        mapping: &Mapping,
        authority: &AuthorityRow,
        file_name: &str,
        frame: Frame<'_>,
        opened: &Opened,
        mut harvest: Harvest,
    ) -> Result<ImportOutcome, AppError> {
        // Not the time at which reading began: others have acted meanwhile, and the log knows the order.
        let (keys, now_us, id) = (self.keys.clone(), self.now_us(), opened.id);
        let row_key = keys.submission_aead(&opened.row_key);
        let last = self.store.view().submissions_recent(&authority.code, item.code())?.first().map(|(id, _)| *id);
        let last_members = last.map(|last| self.store.view().submission_members(last)).transpose()?;
        let before = self.store.reader()?;
        let known_before = |tag: &[u8; 16]| -> Result<bool, AppError> {
            let Some(document) = before.view().subject_document(tag)? else { return Ok(false) };
            Ok(before.view().subject_submission(&document.subject_id)? != Some(id))
        };
        let mut in_time = InTime::of(self, item);
        if opened.through_row == 0 {
            in_time.count(&harvest.fresh);
        } else {
            // Of what an earlier run wrote nothing is at hand.
            in_time.again(before.view(), id)?;
        }
        let mut quality = summary::of(self, item, info, mapping, authority, file_name, &harvest);
        let balance = Balance::of(std::mem::take(&mut harvest.ledger))?;
        let installation = (&self.catalogue, &keys);
        let Self { store, places, .. } = self;
        let opener = Opener { keys: &keys, submission: id, key_store: KeyStore::open(&places.keys)? };
        let (outcome, orphaned) = store.write_once("submission_accept", |tx| -> Result<_, AppError> {
            let settling = Settling::new(Some((tx, frame, &row_key, &opener)), &mut harvest, &known_before);
            let settled = settling.run(balance)?;
            let root = match harvest.tree.take().filter(|_| !settled.changed) {
                Some(tree) => finish_tree(tx, &keys, id, tree)?,
                None => rebuild_tree(tx, &keys, id)?,
            };
            if settled.changed {
                in_time.again(tx.view(), id)?;
            }
            summary::refresh(&mut quality, item, &harvest, installation.0);
            quality.submission = Some(id);
            quality.mended = opened.mended;
            quality.root = Some(HEXLOWER.encode(&root));
            quality.difference =
                last.map(|last| compare(last, last_members.as_deref().unwrap_or(&[]), &settled.members));
            let counts = quality.counts;
            let may_wait = item.item.polarity == Polarity::Adverse && item.concerns_people();
            quality.needs_release = counts.awaiting_release > 0 || (may_wait && counts.held > 0);
            let payload = json!({
                "submission": id, "authority": authority.code, "authorityName": authority.name, "item": item.code(),
                "file": file_name, "sha256": quality.sha256, "counts": counts, "root": quality.root,
                "catalogue": quality.catalogue, "awaitsRelease": quality.needs_release, "acceptedAtUs": now_us,
                "mended": opened.mended,
            });
            let receipt =
                sign_envelope(keys.provider().signing_key(), RECEIPT_TYPE, payload.to_string().as_bytes(), now_us)
                    .to_json();
            let text = serde_json::to_string(&quality).map_err(|e| AppError::internal(e.to_string()))?;
            let acceptance = Acceptance {
                at_us: now_us,
                needs_release: quality.needs_release,
                row_count: counts.rows as i64,
                version_count: (counts.new + counts.changed + counts.withdrawn) as i64,
                root: &root,
                summary: &text,
                receipt: &receipt,
            };
            tx.submission_members_set(id, last, &settled.members)?;
            tx.submission_accept(id, &acceptance)?;
            in_time.keep(tx, id, &authority.code, now_us, &counts)?;
            let mut rows = acceptance_marks(tx.view(), &keys, id, last)?;
            let own = [(&SUBMISSIONS, vec![id.into()]), (&SUBMISSION_FIGURES, vec![id.into()])];
            if let Value::Array(own) = marks(tx.view(), &keys, &own)? {
                rows.extend(own);
            }
            let detail = json!({
                "rows": rows,
                "submission": id, "authority": authority.code, "item": item.code(), "accepted": true,
                "versions": acceptance.version_count, "root": quality.root, "awaitsRelease": quality.needs_release,
                "mended": opened.mended,
            });
            journal::log(tx, &keys, now_us, "submission_import", caller, &detail)?;
            destroy::add(tx, &keys, now_us, id, &settled.orphans, &settled.gone)?;
            if counts.changed + counts.withdrawn > 0 {
                after_submission(tx, &keys, now_us, id, false)?;
            }
            let orphaned = !settled.orphans.is_empty() || !settled.gone.is_empty();
            Ok(((quality, receipt), orphaned))
        })?;
        // A worker does it too, should this process end here; what it finds done already it passes over.
        if orphaned && let Err(error) = self.jobs_do(&format!("import-{id}"), &[JobKind::Destroy]) {
            tracing::warn!(%error, "keys of what was taken out are destroyed later");
        }
        let (quality, receipt) = outcome;
        Ok(ImportOutcome { quality, receipt: Some(receipt), refused: harvest.refused })
    }

    /// More than three times the office's usual volume without a reason? What to say then.
    pub(super) fn unusual(
        &self,
        authority: &str,
        item: &str,
        rows: u64,
        reason: &str,
    ) -> Result<Option<Say>, AppError> {
        let mut recent: Vec<i64> =
            self.store.view().submissions_recent(authority, item)?.iter().map(|(_, rows)| *rows).collect();
        recent.sort_unstable();
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        let Some(usual) = recent.get(recent.len() / 2).copied() else { return Ok(None) };
        if !reason.trim().is_empty() || rows < UNUSUAL_FROM || rows <= usual.saturating_mul(3) {
            return Ok(None);
        }
        Ok(Some(Say::new(
            format!(
                "本次 {rows} 行，超过该单位通常数量（{usual} 行）的三倍；请用 --reason 说明原因后重新报送同一文件，将直接继续"
            ),
            format!(
                "{rows} rows are more than three times this office's usual volume ({usual}): state why with --reason and send the same file again; it goes on from here"
            ),
        )))
    }
}

type Tx<'a> = chengxin_store::Tx<'a>;

fn finish_tree(tx: &Tx<'_>, keys: &Keyring, id: i64, tree: TreeBuilder) -> Result<[u8; 32], AppError> {
    let root = tree.root(&keys.hash());
    tx.submission_tiles_add(id, &tree.finish())?;
    Ok(root)
}

/// Builds the tree from what stands in the database: after an interruption, or where rows were taken out again.
fn rebuild_tree(tx: &Tx<'_>, keys: &Keyring, id: i64) -> Result<[u8; 32], AppError> {
    tx.submission_tiles_remove(id)?;
    let (mut tree, mut tiles, hash) = (TreeBuilder::default(), Vec::new(), keys.hash());
    tx.view().submission_leaves(id, |commitment| tree.push(&hash, commitment, &mut |tile| tiles.push(tile)))?;
    tx.submission_tiles_add(id, &tiles)?;
    finish_tree(tx, keys, id, tree)
}

/// Opens bodies by the key store's own connection.
struct Opener<'a> {
    keys: &'a Keyring,
    submission: i64,
    key_store: KeyStore,
}

impl Unsealer for Opener<'_> {
    fn open(&self, subject: &[u8; 16], version: &OwnVersion, aad: &[u8]) -> Result<Vec<u8>, AppError> {
        let key: SubjectKey = self.keys.subject_key(&self.key_store, subject)?;
        let (record, submission, leaf) = (&version.record_id, self.submission, version.leaf);
        let at = BodyAt { subject, record, version: version.version, submission, leaf };
        let salt = self.key_store.body_salt(&at)?;
        let salt = salt.ok_or_else(|| AppError::internal("a body without a salt"))?;
        let body = key.body(&version.record_id, version.version, &salt).open_single_use(aad, &version.body);
        body.map_err(|e| AppError::internal(format!("open body: {e}")))
    }
}
