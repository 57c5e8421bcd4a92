//! `submission_import`: the story of a file, from its first byte to its receipt.

use std::path::Path;
use std::sync::Arc;

use chengxin_core::catalogue::{FieldRole, ItemDef};
use chengxin_core::dates::to_days;
use chengxin_core::row::{ReadRules, RowReader};
use chengxin_core::{Caller, Say};
use chengxin_store::{Claim, KeyStore};

use super::load::Frame;
use super::manners::Manners;
use super::opening::{Opened, Prepared, item_of};
use super::pipeline::{Writing, run};
use super::prints::Prints;
use super::resolve::{Bounds, Resolver};
use super::settle::{Balance, Settling};
use super::work::Bench;
use super::{ImportOutcome, ImportRequest, Progress, summary};
use crate::keyring::Keyring;
use crate::subject::SubjectIds;
use crate::{AppError, Installation, Kind};

/// How often an import goes on by itself after a server went away under it.
const RESUMPTIONS: u32 = 5;

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
        let mut left = RESUMPTIONS;
        let mut prepared = Some(prepared);
        loop {
            let outcome = self.load_claimed(caller, item, &mut prepared, request, progress);
            match outcome {
                // The server went away, or somebody came in between: as after any interruption, it goes on behind the last
                // chunk that is there.
                Err(error) if error.passing && left > 0 && self.database().server().is_some() => {
                    tracing::warn!(%error, "the import goes on where it stopped");
                    left -= 1;
                    prepared = Some(self.prepare(&catalogue, request, progress)?);
                }
                other => return other,
            }
        }
    }

    fn load_claimed(
        &mut self,
        caller: &Caller,
        item: &ItemDef,
        prepared: &mut Option<Prepared>,
        request: &ImportRequest,
        progress: &mut dyn Progress,
    ) -> Result<ImportOutcome, AppError> {
        let prepared = prepared.take().ok_or_else(|| AppError::internal("nothing prepared"))?;
        let _claim = self.one_at_a_time()?;
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

    /// One import writes at a time: two of the same file would resume into each other.
    pub(crate) fn one_at_a_time(&self) -> Result<Claim, AppError> {
        Claim::take(self.database(), "import")?.ok_or_else(|| {
            AppError::conflict(
                "另一个导入正在进行；请等它结束后再试，将从中断处继续",
                "another import is under way: wait until it has ended and send the file again",
            )
        })
    }

    fn rules(&self, request: &ImportRequest) -> ReadRules {
        ReadRules { today: self.today(), synthetic: self.synthetic_rule(), adults_attested: request.adults_attested }
    }

    fn resolver<'k>(
        &self,
        keys: &'k Keyring,
        submission: Option<i64>,
        item: &ItemDef,
    ) -> Result<Resolver<'k>, AppError> {
        let reader = self.store.reader()?;
        let key_reader = KeyStore::open(&self.places().keys)?;
        let source_field = item.index_of(FieldRole::SourceTime).and_then(|i| u16::try_from(i).ok());
        let ids = SubjectIds::new(self.now_us());
        Resolver::new(keys, reader, key_reader, submission, source_field, ids, Bounds::default())
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
        let mut resolver = if fresh { None } else { Some(self.resolver(&keys, None, item)?) };
        let prints = if fresh { Prints::quick() } else { Prints::Keyed(&keys) };
        progress.step(&Say::new("试运行：核对每一行", "Dry run: holding each row against the catalogue"), info.bytes);
        let reader = RowReader::new(item, mapping.columns.clone(), self.rules(request));
        let (columns, mends) = (&mapping.columns, &request.mends);
        let bench = Bench { reader, prints, authority: &authority.code, columns, keep_cells: false, mends };
        let blocks = source.blocks(mapping.heading_row, mapping.width)?;
        let mut harvest = run(&bench, blocks, resolver.as_mut(), None, progress)?;
        let view = self.store.reader()?;
        let known =
            |tag: &[u8; 16]| -> Result<bool, AppError> { Ok(!fresh && view.view().subject_document(tag)?.is_some()) };
        let balance = Balance::of(std::mem::take(&mut harvest.ledger))?;
        let settled = Settling::new(None, &mut harvest, &known).run(balance)?;
        let mut quality = summary::of(self, item, &info, &mapping, &authority, &file_name, &harvest);
        quality.dry_run = true;
        quality.mended = request.mends.len() as u64;
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
        let opened = Opened { mended: request.mends.len() as u64, ..opened };
        let mut resolver = self.resolver(&keys, Some(opened.id), item)?;
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
        let (columns, mends) = (&mapping.columns, &request.mends);
        let bench = Bench { reader, prints, authority: &authority.code, columns, keep_cells: true, mends };
        let blocks = source.blocks(mapping.heading_row, mapping.width)?;
        let places = [&self.places().main, &self.places().keys];
        let to_fold = places.into_iter().filter_map(|place| place.file().map(Path::to_owned)).collect();
        let manners = Manners::beside(self.database());
        self.in_bulk(true)?;
        let writing = Writing {
            frame,
            store: &mut self.store,
            key_store: &mut self.key_store,
            to_fold,
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
    ///
    /// The key store is never relaxed: a power cut must not take back the keys of versions that stay. They are committed
    /// durably before the chunk of the main database that relies on them; had both logs been lax, which of the two reached the
    /// disk would have been the system's choice.
    fn in_bulk(&mut self, bulk: bool) -> Result<(), AppError> {
        if bulk {
            // Beside a server that writes all the time, whoever waits longer and longer never gets in.
            self.store.set_eager()?;
        }
        self.store.set_relaxed(bulk)?;
        self.store.set_folding(!bulk)?;
        Ok(self.key_store.set_folding(!bulk)?)
    }
}
