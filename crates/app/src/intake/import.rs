//! `submission_import`: the story of a file, from its first byte to its receipt.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use chengxin_core::catalogue::{Catalogue, FieldRole, ItemDef, Polarity};
use chengxin_core::dates::to_days;
use chengxin_core::row::{ReadRules, RowReader};
use chengxin_core::{Caller, Say};
use chengxin_seal::{Key32, RandomPool, sign_envelope};
use chengxin_sheet::{Info, Limits, Source};
use chengxin_store::audit::{LAYOUTS, MAPPINGS, SUBMISSIONS};
use chengxin_store::authority::AuthorityRow;
use chengxin_store::keys::BodyAt;
use chengxin_store::record::OwnVersion;
use chengxin_store::submission::Acceptance;
use chengxin_store::{KeyStore, Store};
use chengxin_tlog::TreeBuilder;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::load::Frame;
use super::manners::Manners;
use super::mapping::{Mapping, find_item, heads, map_columns};
use super::pipeline::{Harvest, Writing, run};
use super::prints::Prints;
use super::quality::{Difference, Tally};
use super::resolve::Resolver;
use super::settle::{Balance, Settling, Unsealer};
use super::work::Bench;
use super::{ImportOutcome, ImportRequest, Progress, summary};
use crate::error::io;
use crate::installation::files;
use crate::keyring::{Keyring, SubjectKey};
use crate::log::rows::{acceptance_marks, marks};
use crate::subject::SubjectIds;
use crate::{AppError, Installation, Kind, journal};

/// Media type of a receipt.
pub const RECEIPT_TYPE: &str = "application/vnd.chengxin.receipt+json";

/// From how many rows on three times the usual volume needs a reason. Below it, a village office with two cases a week
/// would have to explain itself for seven.
const UNUSUAL_FROM: i64 = 100;

/// What was found out about a file before its rows are read.
pub(super) struct Prepared {
    pub(super) source: Source,
    pub(super) info: Info,
    pub(super) item: String,
    pub(super) mapping: Mapping,
    pub(super) authority: AuthorityRow,
    pub(super) file_name: String,
}

/// An open submission, new or resumed.
struct Opened {
    id: i64,
    row_key: Key32,
    layout_id: i64,
    through_row: u64,
    next_leaf: i64,
    /// What the settled chunks counted.
    written: Tally,
}

impl Installation {
    /// Takes a file in, or with `dry_run` says what that would do.
    ///
    /// The rows of a real run are loaded in chunks under an open submission, which nobody sees; one transaction accepts
    /// them all. Interrupted, the same file goes on behind the last chunk. Adverse rows about persons then wait for a
    /// second officer's release.
    ///
    /// # Errors
    /// [`Kind::Invalid`] with file, row, column and remedy for a file that cannot be read; [`Kind::Forbidden`] for an
    /// office that may not send the item; [`Kind::Conflict`] for an unusual volume without a reason or an import that
    /// is under way; [`Kind::Unavailable`] for a full disk. Nothing takes effect in any of them.
    pub fn submission_import(
        &mut self,
        caller: &Caller,
        request: &ImportRequest,
        progress: &mut dyn Progress,
    ) -> Result<ImportOutcome, AppError> {
        self.authorise(caller, "submission_import")?;
        self.acts_for(caller, "submission_import", &request.authority)?;
        let catalogue = Arc::clone(&self.catalogue);
        let prepared = self.prepare(&catalogue, request, progress)?;
        let item = item_of(&catalogue, &prepared.item)?;
        self.may_send(&prepared.authority, item)?;
        self.collectable(item, self.today())?;
        if request.dry_run {
            return self.rehearse(item, prepared, request, progress);
        }
        let _guard = self.one_at_a_time()?;
        let opened = self.open_submission(caller, request, item, &prepared)?;
        let id = opened.id;
        let outcome = self.load(caller, item, prepared, request, opened, progress);
        if let Err(error) = &outcome {
            // A file that turns out unreadable half-way leaves nothing; an interruption or a full disk leaves what can
            // be gone on with.
            if error.kind == Kind::Invalid {
                self.abandon(caller, id)?;
            }
        }
        outcome
    }

    /// Opens the file and understands its headings.
    pub(super) fn prepare(
        &self,
        catalogue: &Catalogue,
        request: &ImportRequest,
        progress: &mut dyn Progress,
    ) -> Result<Prepared, AppError> {
        let unknown = || {
            let code = &request.authority;
            AppError::not_found(
                format!("平台上没有登记代码为 {code} 的单位；请先由管理员登记（chengxin authority add）"),
                format!(
                    "no authority is registered under {code}: an administrator adds it with chengxin authority add"
                ),
            )
        };
        let authority = self.store.view().authority(&request.authority)?.ok_or_else(unknown)?;
        if let Some(code) = &request.item {
            item_of(catalogue, code)?;
        }
        progress.step(&Say::new("检查文件", "Looking at the file"), 0);
        let source = Source::open(&request.file, request.sheet.as_deref(), &Limits::default())?;
        let info = source.info().clone();
        let known =
            request.item.as_deref().map(|item| self.store.view().column_mapping(&authority.code, item)).transpose()?;
        let mut explained = request.mapping.clone();
        explained.extend(known.unwrap_or_default());
        let item = match &request.item {
            Some(code) => item_of(catalogue, code)?,
            None => find_item(catalogue, &heads(&source), &explained)?,
        };
        if request.item.is_none() {
            explained.extend(self.store.view().column_mapping(&authority.code, item.code())?);
        }
        let mapping = map_columns(item, &heads(&source), &explained)?;
        let file_name = request.file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        Ok(Prepared { info, item: item.code().to_owned(), mapping, source, authority, file_name })
    }

    fn may_send(&self, authority: &AuthorityRow, item: &ItemDef) -> Result<(), AppError> {
        if item.item.authorities.iter().any(|kind| *kind == authority.kind || kind == "any") {
            return Ok(());
        }
        let (name, item_name, item_en) = (&authority.name, &item.item.name, &item.item.name_en);
        Err(AppError::new(
            Kind::Forbidden,
            format!(
                "{name}（{}）不是「{item_name}」的归集单位；目录规定的单位类型：{}",
                authority.kind,
                item.item.authorities.join("、")
            ),
            format!(
                "{name} ({}) may not send “{item_en}”; the catalogue names: {}",
                authority.kind,
                item.item.authorities.join(", ")
            ),
        ))
    }

    /// One import writes at a time: two of the same file would resume into each other.
    fn one_at_a_time(&self) -> Result<File, AppError> {
        let path = self.dir().join("import.lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(AppError::conflict(
                "另一个导入正在进行；请等它结束后再试，将从中断处继续",
                "another import is under way: wait until it has ended and send the file again",
            )),
            Err(std::fs::TryLockError::Error(error)) => Err(io(&path)(error)),
        }
    }

    fn rules(&self, request: &ImportRequest) -> ReadRules {
        ReadRules { today: self.today(), synthetic: self.synthetic_rule(), adults_attested: request.adults_attested }
    }

    /// Everything beside the file's bytes that decides what its rows become: a resumed run must read them alike.
    fn settings_hash(&self, request: &ImportRequest, prepared: &Prepared) -> [u8; 32] {
        let text = json!([
            self.catalogue.hash_hex(),
            prepared.item,
            prepared.info.sheet,
            prepared.mapping.columns,
            prepared.mapping.heading_row,
            request.adults_attested,
        ])
        .to_string();
        self.keys.profile().hash(&[b"chengxin/settings/1\0", text.as_bytes()])
    }

    fn open_submission(
        &mut self,
        caller: &Caller,
        request: &ImportRequest,
        item: &ItemDef,
        prepared: &Prepared,
    ) -> Result<Opened, AppError> {
        let settings = self.settings_hash(request, prepared);
        let codes: Vec<&str> = item.fields.iter().map(|f| f.field.code.as_str()).collect();
        let found =
            self.store.view().submission_open_of_file(&request.authority, item.code(), &prepared.info.sha256)?;
        if let Some(row) = found {
            if row.settings != settings {
                return Err(AppError::conflict(
                    format!(
                        "该文件有一次未完成的导入（批次 {}），但列对应关系或目录已改变；请先用 --abandon 放弃它",
                        row.id
                    ),
                    format!(
                        "this file has an unfinished import (submission {}) with other columns or another catalogue: give it up with --abandon first",
                        row.id
                    ),
                ));
            }
            return self.resume(row.id, &codes.join(" "), item.code());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let mut pool = RandomPool::new();
        let row_key = Key32::generate_from(&mut pool);
        let Self { store, key_store, .. } = self;
        let (id, layout_id) = store.write("submission_open", |tx| -> Result<(i64, i64), AppError> {
            let id = tx.submission_open(
                &request.authority,
                item.code(),
                &prepared.file_name,
                &prepared.info.sha256,
                &settings,
                now_us,
                &caller.actor,
                &request.reason,
            )?;
            for (heading, field) in &request.mapping {
                tx.column_mapping_set(&request.authority, item.code(), heading.trim(), field)?;
            }
            let layout_id = tx.layout_for(item.code(), &codes.join(" "))?;
            let mapped = request.mapping.iter().map(|(heading, _)| {
                (&MAPPINGS, vec![request.authority.as_str().into(), item.code().into(), heading.trim().into()])
            });
            let rows = [(&SUBMISSIONS, vec![id.into()]), (&LAYOUTS, vec![layout_id.into()])];
            let rows: Vec<_> = rows.into_iter().chain(mapped).collect();
            let detail = json!({
                "rows": marks(tx.view(), &keys, &rows)?,
                "submission": id, "authority": request.authority, "item": item.code(), "opened": true,
                "file_sha256": HEXLOWER.encode(&prepared.info.sha256),
            });
            journal::log(tx, &keys, now_us, "submission_import", caller, &detail)?;
            let wrapped = keys.wrap(&mut pool, "submission", &id.to_be_bytes(), &row_key);
            key_store.write(|k| k.submission_key_set(id, keys.wrapping_version(), &wrapped))?;
            Ok((id, layout_id))
        })?;
        Ok(Opened { id, row_key, layout_id, through_row: 0, next_leaf: 0, written: Tally::default() })
    }

    fn resume(&mut self, id: i64, fields: &str, item: &str) -> Result<Opened, AppError> {
        let row_key = self.submission_key(id)?;
        let chunks = self.store.view().submission_chunks(id)?;
        let mut written = Tally::default();
        for chunk in &chunks {
            let tally: Tally =
                serde_json::from_str(&chunk.tally).map_err(|e| AppError::internal(format!("tally: {e}")))?;
            written.add(&tally);
        }
        let layout_id = self.store.write("submission_resume", |tx| tx.layout_for(item, fields))?;
        let last = chunks.last();
        Ok(Opened {
            id,
            row_key,
            layout_id,
            through_row: last.map_or(0, |c| c.through_row as u64),
            next_leaf: last.map_or(0, |c| c.first_leaf + c.leaves),
            written,
        })
    }

    /// The key that seals a submission's refused and held rows.
    pub(crate) fn submission_key(&self, id: i64) -> Result<Key32, AppError> {
        let Some((_, wrapped)) = self.key_store.submission_key(id)? else {
            return Err(AppError::not_found("该批次的密钥已销毁", "the key of this submission was destroyed"));
        };
        self.keys.unwrap("submission", &id.to_be_bytes(), &wrapped)
    }

    fn resolver<'k>(
        &self,
        keys: &'k Keyring,
        submission: i64,
        item: &ItemDef,
        dry_run: bool,
    ) -> Result<Resolver<'k>, AppError> {
        let reader = self.store.reader()?;
        let key_reader = KeyStore::open(&self.dir().join(files::KEY_STORE), false)?;
        let source_field = item.index_of(FieldRole::SourceTime).and_then(|i| u16::try_from(i).ok());
        let ids = SubjectIds::new(self.now_us());
        Resolver::new(keys, reader, key_reader, submission, source_field, dry_run, ids)
    }

    /// A dry run: everything but writing.
    fn rehearse(
        &mut self,
        item: &ItemDef,
        prepared: Prepared,
        request: &ImportRequest,
        progress: &mut dyn Progress,
    ) -> Result<ImportOutcome, AppError> {
        let keys = self.keys.clone();
        let Prepared { source, info, mapping, authority, file_name, .. } = prepared;
        let fresh = !self.store.view().any_subject()?;
        let mut resolver = if fresh { None } else { Some(self.resolver(&keys, 0, item, true)?) };
        let prints = if fresh { Prints::quick() } else { Prints::Keyed(&keys) };
        progress.step(&Say::new("试运行：核对每一行", "Dry run: holding each row against the catalogue"), info.bytes);
        let reader = RowReader::new(item, mapping.columns.clone(), self.rules(request));
        let bench = Bench { reader, prints, authority: &authority.code, columns: &mapping.columns, keep_cells: false };
        let blocks = source.blocks(mapping.heading_row, mapping.width)?;
        let mut harvest = run(&bench, blocks, resolver.as_mut(), None, progress)?;
        let view = self.store.reader()?;
        let known =
            |tag: &[u8; 16]| -> Result<bool, AppError> { Ok(!fresh && view.view().subject_document(tag)?.is_some()) };
        let balance = Balance::of(std::mem::take(&mut harvest.ledger))?;
        let settled = Settling::new(None, &mut harvest, &known).run(balance)?;
        let mut quality = summary::of(self, item, &info, &mapping, &authority, &file_name, &harvest);
        quality.dry_run = true;
        quality.difference = self.difference(&authority.code, item.code(), &settled.members)?;
        if let Some(warning) = self.unusual(&authority.code, item.code(), quality.counts.rows, &request.reason)? {
            quality.warnings.push(warning);
        }
        Ok(ImportOutcome { quality, receipt: None, refused: harvest.refused })
    }

    fn load(
        &mut self,
        caller: &Caller,
        item: &ItemDef,
        prepared: Prepared,
        request: &ImportRequest,
        opened: Opened,
        progress: &mut dyn Progress,
    ) -> Result<ImportOutcome, AppError> {
        let keys = self.keys.clone();
        let (now_us, today) = (self.now_us(), self.today());
        let Prepared { source, info, mapping, authority, file_name, .. } = prepared;
        let mut resolver = self.resolver(&keys, opened.id, item, false)?;
        let what = if opened.through_row == 0 {
            Say::new("导入", "Importing")
        } else {
            Say::new("从中断处继续导入", "Importing, going on where it stopped")
        };
        progress.step(&what, info.bytes);
        let frame = Frame {
            keys: &keys,
            submission: opened.id,
            item: item.code(),
            authority: &authority.code,
            layout_id: opened.layout_id,
            today: to_days(today),
            now_us,
        };
        let reader = RowReader::new(item, mapping.columns.clone(), self.rules(request));
        let prints = Prints::Keyed(&keys);
        let bench = Bench { reader, prints, authority: &authority.code, columns: &mapping.columns, keep_cells: true };
        let blocks = source.blocks(mapping.heading_row, mapping.width)?;
        let (keys_at, manners) = (self.dir().join(files::KEY_STORE), Manners::beside(self.dir()));
        self.in_bulk(true)?;
        let writing = Writing {
            frame,
            store: &mut self.store,
            key_store: &mut self.key_store,
            keys_at,
            manners,
            row_key: keys.submission_aead(&opened.row_key),
            through_row: opened.through_row,
            next_leaf: opened.next_leaf,
        };
        let harvest = run(&bench, blocks, Some(&mut resolver), Some(writing), progress);
        self.in_bulk(false)?;
        // What it kept at hand is as large as what accepting needs next.
        drop(resolver);
        let mut harvest = harvest?;
        harvest.tally.add(&opened.written);
        progress.step(&Say::new("验收入库", "Accepting"), 0);
        let unusual = self.unusual(&authority.code, item.code(), harvest.tally.counts.rows, &request.reason)?;
        if let Some(say) = unusual {
            return Err(AppError::conflict(say.zh, say.en));
        }
        self.accept(caller, item, &info, &mapping, &authority, &file_name, frame, &opened, harvest)
    }

    /// While chunks are loaded a power cut may take back the last of them, and the write-ahead logs are folded back beside
    /// the writing.
    fn in_bulk(&mut self, bulk: bool) -> Result<(), AppError> {
        if bulk {
            // Beside a server that writes all the time, whoever waits longer and longer never gets in.
            self.store.set_eager()?;
        }
        self.store.set_relaxed(bulk)?;
        self.key_store.set_relaxed(bulk)?;
        self.store.set_folding(!bulk)?;
        Ok(self.key_store.set_folding(!bulk)?)
    }

    /// The one transaction that gives a submission effect.
    #[expect(clippy::too_many_arguments, reason = "what the steps before it found out, each once")]
    fn accept(
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
        let mut quality = summary::of(self, item, info, mapping, authority, file_name, &harvest);
        let balance = Balance::of(std::mem::take(&mut harvest.ledger))?;
        let installation = (&self.catalogue, &keys);
        let Self { store, key_store, .. } = self;
        let opener = Opener {
            keys: &keys,
            submission: id,
            key_store: KeyStore::open(&store_dir(store).join(files::KEY_STORE), false)?,
        };
        let (outcome, orphans, gone) = store.write("submission_accept", |tx| -> Result<_, AppError> {
            let settling = Settling::new(Some((tx, frame, &row_key, &opener)), &mut harvest, &known_before);
            let settled = settling.run(balance)?;
            let root = match harvest.tree.take().filter(|_| !settled.changed) {
                Some(tree) => finish_tree(tx, &keys, id, tree)?,
                None => rebuild_tree(tx, &keys, id)?,
            };
            summary::refresh(&mut quality, item, &harvest, installation.0);
            quality.submission = Some(id);
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
            let mut rows = acceptance_marks(tx.view(), &keys, id, last)?;
            if let Value::Array(own) = marks(tx.view(), &keys, &[(&SUBMISSIONS, vec![id.into()])])? {
                rows.extend(own);
            }
            let detail = json!({
                "rows": rows,
                "submission": id, "authority": authority.code, "item": item.code(), "accepted": true,
                "versions": acceptance.version_count, "root": quality.root, "awaitsRelease": quality.needs_release,
            });
            journal::log(tx, &keys, now_us, "submission_import", caller, &detail)?;
            Ok(((quality, receipt), settled.orphans, settled.gone))
        })?;
        if !orphans.is_empty() || !gone.is_empty() {
            key_store.write(|tx| -> Result<(), AppError> {
                for (subject, record, version, leaf) in &orphans {
                    let at = BodyAt { subject, record, version: *version, submission: id, leaf: *leaf };
                    tx.body_salt_remove(&at)?;
                }
                for subject in &gone {
                    tx.subject_key_remove(subject)?;
                }
                Ok(())
            })?;
        }
        let (quality, receipt) = outcome;
        Ok(ImportOutcome { quality, receipt: Some(receipt), refused: harvest.refused })
    }

    /// More than three times the office's usual volume without a reason? What to say then.
    fn unusual(&self, authority: &str, item: &str, rows: u64, reason: &str) -> Result<Option<Say>, AppError> {
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

    fn difference(&self, authority: &str, item: &str, members: &[u64]) -> Result<Option<Difference>, AppError> {
        let view = self.store.view();
        let Some((last, _)) = view.submissions_recent(authority, item)?.first().copied() else { return Ok(None) };
        Ok(Some(compare(last, &view.submission_members(last)?, members)))
    }
}

fn store_dir(store: &Store) -> &Path {
    store.path().parent().unwrap_or(Path::new("."))
}

pub(crate) fn item_of<'c>(catalogue: &'c Catalogue, code: &str) -> Result<&'c ItemDef, AppError> {
    catalogue.item(code).ok_or_else(|| {
        AppError::not_found(
            format!("目录中没有信用事项 {code}；可用 chengxin catalogue show 查看全部"),
            format!("the catalogue has no item {code}: chengxin catalogue show lists them all"),
        )
    })
}

/// Both lists are sorted and without doubles.
fn compare(last: i64, before: &[u64], now: &[u64]) -> Difference {
    let (mut i, mut in_both) = (0, 0u64);
    for member in now {
        while before.get(i).is_some_and(|b| b < member) {
            i += 1;
        }
        in_both += u64::from(before.get(i) == Some(member));
    }
    Difference {
        last_submission: last,
        added: now.len() as u64 - in_both,
        in_both,
        left_out: before.len() as u64 - in_both,
    }
}

type Tx<'a> = chengxin_store::Tx<'a>;

fn finish_tree(tx: &Tx<'_>, keys: &Keyring, id: i64, tree: TreeBuilder) -> Result<[u8; 32], AppError> {
    let root = tree.root(&keys.hash());
    for tile in tree.finish() {
        tx.submission_tile_add(id, &tile)?;
    }
    Ok(root)
}

/// Builds the tree from what stands in the database: after an interruption, or where rows were taken out again.
fn rebuild_tree(tx: &Tx<'_>, keys: &Keyring, id: i64) -> Result<[u8; 32], AppError> {
    tx.submission_tiles_remove(id)?;
    let (mut tree, mut tiles, hash) = (TreeBuilder::default(), Vec::new(), keys.hash());
    tx.view().submission_leaves(id, |commitment| tree.push(&hash, commitment, &mut |tile| tiles.push(tile)))?;
    for tile in &tiles {
        tx.submission_tile_add(id, tile)?;
    }
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
