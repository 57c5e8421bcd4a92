//! The thread that takes batches in the order of the file: it resolves their rows, seals them in chunks and counts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chengxin_core::refusal::{Fault, HeldReason, Reason};
use chengxin_core::row::Action;
use chengxin_seal::AeadKey;
use chengxin_sheet::SheetError;
use chengxin_store::refusal::RefusalRow;
use chengxin_tlog::TreeBuilder;
use crossbeam_channel::{Receiver, Sender, bounded};
use rayon::ThreadPool;

use super::Progress;
use super::decide::{Decision, Effect};
use super::ledger::{Ledger, Mark};
use super::load::{Chunk, Draft, Frame, Sealed, seal_row};
use super::manners::Manners;
use super::quality::Tally;
use super::resolve::Resolver;
use super::settle::outcome;
use super::work::{Batch, GoodRow, HeldRow, Refused};
use crate::AppError;

/// Versions sealed at once. A few chunks are under way at a time: this bounds their memory.
pub(super) const CHUNK: usize = 2_048;
/// Refused rows whose faults are kept in memory for the file of refused rows of a dry run.
const REFUSED_IN_MEMORY: usize = 100_000;

/// Everything that reading a file leaves for its end.
#[derive(Default)]
pub(super) struct Harvest {
    pub(super) ledger: Ledger,
    pub(super) tally: Tally,
    pub(super) refused: BTreeMap<u64, Vec<Fault>>,
    pub(super) held: BTreeMap<u64, HeldReason>,
    pub(super) formulas: u64,
    /// How many new records were decided on which day.
    pub(super) fresh: HashMap<i32, i64>,
    /// The tree over what was written, where it could be built on the way.
    pub(super) tree: Option<TreeBuilder>,
}

/// What goes to the writing thread.
pub(super) enum Job {
    Write(Box<Sealed>),
    /// Answer when everything before is in the database.
    Flush(Sender<()>),
}

/// What the thread needs to seal and to send on; absent in a dry run.
pub(super) struct Plan<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) manners: Manners,
    /// Threads that seal.
    pub(super) sealers: ThreadPool,
    /// Versions to seal at once: asked anew with every chunk.
    pub(super) chunk: usize,
    pub(super) row_key: AeadKey,
    pub(super) through_row: u64,
    pub(super) next_leaf: i64,
}

pub(super) struct Collector<'r, 'k, 'p> {
    pub(super) resolver: Option<&'r mut Resolver<'k>>,
    pub(super) plan: Option<Plan<'p>>,
    pub(super) chunks: Option<Sender<Job>>,
    pub(super) harvest: Harvest,
    pub(super) chunk: Chunk,
}

impl Collector<'_, '_, '_> {
    /// Takes batches in the order of the file.
    pub(super) fn collect(
        &mut self,
        batches: &Receiver<Result<Batch, SheetError>>,
        progress: &mut dyn Progress,
    ) -> Result<(), AppError> {
        let mut waiting: BTreeMap<u64, Batch> = BTreeMap::new();
        let (mut next, mut bytes) = (0u64, 0u64);
        for batch in batches {
            let batch = batch?;
            waiting.insert(batch.number, batch);
            while let Some(batch) = waiting.remove(&next) {
                next += 1;
                bytes += batch.bytes;
                self.take(batch)?;
                progress.advance(bytes);
            }
        }
        self.flush()
    }

    fn take(&mut self, batch: Batch) -> Result<(), AppError> {
        let settled = self.plan.as_ref().map_or(0, |plan| plan.through_row);
        let through = batch.through_row;
        self.harvest.formulas += batch.formulas;
        // Counts of reading are made anew in a resumed run; counts of writing come from the chunks for what is settled.
        self.harvest.tally.add(&batch.tally);
        let bodies = Arc::new(batch.body);
        let (mut held, mut refused) = (batch.held.into_iter().peekable(), batch.refused.into_iter().peekable());
        // A chunk settles every row up to its last, so rows of all three kinds are taken in the order of the file.
        for (at, row) in batch.good.iter().enumerate() {
            while let Some(held) = held.next_if(|held| held.row < row.row) {
                self.held(held, settled);
            }
            while let Some(refused) = refused.next_if(|refused| refused.row < row.row) {
                self.refused(refused, settled);
            }
            let outcome = if row.row <= settled { outcome::UNKNOWN } else { self.good(&batch.good[at..], &bodies)? };
            self.harvest.ledger.push(mark(row, outcome))?;
            self.chunk.through_row = self.chunk.through_row.max(row.row);
            self.flush_if_due()?;
        }
        held.for_each(|row| self.held(row, settled));
        refused.for_each(|row| self.refused(row, settled));
        self.chunk.through_row = self.chunk.through_row.max(through);
        self.flush_if_due()
    }

    fn flush_if_due(&mut self) -> Result<(), AppError> {
        let due = self.chunk.drafts.len() >= self.plan.as_ref().map_or(CHUNK, |plan| plan.chunk);
        if due || self.is_full() { self.flush() } else { Ok(()) }
    }

    /// Takes the first of the rows; the others are those behind it in its batch.
    fn good(&mut self, rows: &[GoodRow], bodies: &Arc<Vec<u8>>) -> Result<u8, AppError> {
        let row = &rows[0];
        let Some(resolver) = &mut self.resolver else { return Ok(self.everything_is_new(row, bodies)) };
        let resolved = resolver.resolve(rows, &mut self.chunk.newcomers)?;
        let counts = &mut self.chunk.tally.counts;
        Ok(match resolved.decision {
            Decision::Unchanged { newer } => {
                counts.unchanged += 1;
                if let (Some(time), Some(_)) = (newer, &self.plan) {
                    self.chunk.seen.push((resolved.subject_id, resolved.record_id, time));
                }
                outcome::UNCHANGED
            }
            Decision::Seen => {
                counts.repeated += 1;
                outcome::REPEATED
            }
            Decision::Hold(reason) => {
                counts.held += 1;
                let values = bodies[row.body.0 as usize..row.body.1 as usize].to_vec();
                self.keep_held(row.row, reason, &values);
                outcome::HELD
            }
            Decision::Refuse(fault) => {
                self.refuse(row, fault, bodies);
                outcome::REFUSED
            }
            Decision::Write { version, body_version, state, effect } => {
                let waits = row.needs_release && effect != Effect::Withdrawn;
                let outcome = match effect {
                    Effect::New => {
                        counts.new += 1;
                        outcome::NEW
                    }
                    Effect::Changed => {
                        counts.changed += 1;
                        outcome::CHANGED
                    }
                    Effect::Withdrawn => {
                        counts.withdrawn += 1;
                        outcome::WITHDRAWN
                    }
                };
                counts.awaiting_release += u64::from(waits);
                if version == 1 {
                    *self.harvest.fresh.entry(row.decided_on).or_default() += 1;
                }
                if let Some(plan) = &self.plan {
                    let (salt, body_salt) = (resolver.pool.take(), resolver.pool.take());
                    let mut version_row = plan.frame.draft(
                        row,
                        resolved.subject_id,
                        resolved.record_id,
                        version,
                        body_version,
                        state,
                        salt,
                    );
                    // A withdrawal takes effect at once: it is in the person's favour.
                    version_row.needs_release = i64::from(waits);
                    let plain = match effect {
                        Effect::Withdrawn => 0..0,
                        _ => row.body.0 as usize..row.body.1 as usize,
                    };
                    let bodies = Arc::clone(bodies);
                    let key = resolved.key.ok_or_else(|| AppError::internal("a version without a key"))?;
                    self.chunk.drafts.push(Draft { row: version_row, key, body_salt, bodies, plain });
                }
                outcome | if waits { outcome::WAITS } else { 0 }
            }
        })
    }

    fn is_full(&self) -> bool {
        self.resolver.as_ref().is_some_and(|resolver| resolver.is_full())
    }

    fn everything_is_new(&mut self, row: &GoodRow, bodies: &[u8]) -> u8 {
        if row.action == Action::Withdraw {
            let fault = Fault { field: None, reason: Reason::NothingToWithdraw };
            self.refuse(row, fault, bodies);
            return outcome::REFUSED;
        }
        self.chunk.tally.counts.new += 1;
        self.chunk.tally.counts.awaiting_release += u64::from(row.needs_release);
        outcome::NEW | if row.needs_release { outcome::WAITS } else { 0 }
    }

    fn refuse(&mut self, row: &GoodRow, fault: Fault, bodies: &[u8]) {
        self.chunk.tally.counts.refused += 1;
        let field = fault.field.map_or(-1, i32::from);
        *self.chunk.tally.faults.entry(format!("{field}/{}", fault.reason.code())).or_default() += 1;
        let values = &bodies[row.body.0 as usize..row.body.1 as usize];
        self.keep_refused(row.row, vec![fault], Some(values));
    }

    fn held(&mut self, row: HeldRow, settled: u64) {
        if row.row <= settled {
            note(&mut self.harvest.held, row.row, row.reason);
        } else {
            self.keep_held(row.row, row.reason, &row.values);
        }
    }

    fn keep_held(&mut self, row: u64, reason: HeldReason, values: &[u8]) {
        note(&mut self.harvest.held, row, reason);
        if let Some(plan) = &self.plan {
            let sealed = seal_row(&plan.row_key, plan.frame.submission, row, values);
            self.chunk.held.push((row, reason, sealed));
        }
    }

    fn refused(&mut self, row: Refused, settled: u64) {
        if row.row <= settled {
            note(&mut self.harvest.refused, row.row, row.faults);
        } else {
            let cells = row.cells;
            self.keep_refused(row.row, row.faults, cells.as_deref());
        }
    }

    fn keep_refused(&mut self, row: u64, faults: Vec<Fault>, cells: Option<&[u8]>) {
        if let Some(plan) = &self.plan {
            let sealed = cells.map(|cells| seal_row(&plan.row_key, plan.frame.submission, row, cells));
            let faults = serde_json::to_string(&faults).unwrap_or_else(|_| "[]".to_owned());
            self.chunk.refusals.push(RefusalRow { row_no: row as i64, faults, sealed });
        }
        note(&mut self.harvest.refused, row, faults);
    }

    /// Sends the chunk on its way; where too much is at hand, waits until it is written.
    fn flush(&mut self) -> Result<(), AppError> {
        let mut chunk = std::mem::take(&mut self.chunk);
        self.harvest.tally.add(&chunk.tally);
        let Some(plan) = &mut self.plan else {
            // Nothing is written in a dry run, so newcomers that are forgotten are met as new again; the ledger finds at
            // the end every row that is not.
            if let Some(resolver) = self.resolver.as_mut().filter(|r| r.is_full()) {
                resolver.forget();
            }
            return Ok(());
        };
        if chunk.through_row <= plan.through_row {
            return Ok(());
        }
        plan.chunk = plan.manners.chunk(CHUNK);
        chunk.first_leaf = plan.next_leaf;
        plan.next_leaf += chunk.drafts.len() as i64;
        let sealed = plan.sealers.install(|| plan.frame.seal(chunk));
        let sent = |job: Job, chunks: &Option<Sender<Job>>| chunks.as_ref().is_some_and(|c| c.send(job).is_ok());
        let mut ok = sent(Job::Write(Box::new(sealed)), &self.chunks);
        if let Some(resolver) = self.resolver.as_mut().filter(|r| ok && r.is_full()) {
            let (answer, answered) = bounded(1);
            ok = sent(Job::Flush(answer), &self.chunks) && answered.recv().is_ok();
            resolver.forget();
        }
        if ok { Ok(()) } else { Err(AppError::internal("the writing thread is gone")) }
    }
}

fn note<V>(list: &mut BTreeMap<u64, V>, row: u64, value: V) {
    if list.len() < REFUSED_IN_MEMORY {
        list.insert(row, value);
    }
}

fn mark(row: &GoodRow, outcome: u8) -> Mark {
    let eight = |bytes: &[u8; 16]| {
        let mut out = [0; 8];
        out.copy_from_slice(&bytes[..8]);
        out
    };
    Mark { tag: row.tag, seed: row.seed, row: row.row, outcome, digest: eight(&row.digest), name: eight(&row.name_tag) }
}
