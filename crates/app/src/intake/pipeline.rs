//! The way of a file through the machine: one thread cuts it into blocks, workers hold the blocks against the item,
//! this thread resolves and seals, one thread writes. Channels are short, so that memory does not grow with the file.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chengxin_core::refusal::{Fault, HeldReason, Reason};
use chengxin_core::row::Action;
use chengxin_seal::AeadKey;
use chengxin_sheet::{Block, Blocks, SheetError};
use chengxin_store::refusal::RefusalRow;
use chengxin_store::{Checkpointer, KeyStore, Store};
use chengxin_tlog::TreeBuilder;
use crossbeam_channel::{Receiver, Sender, bounded};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::Progress;
use super::ledger::{Ledger, Mark};
use super::load::{Chunk, Draft, Frame, Sealed, seal_row};
use super::manners::{Manners, Slice, step_back};
use super::quality::Tally;
use super::resolve::{Decision, Effect, Resolver};
use super::settle::outcome;
use super::work::{Batch, Bench, Desk, GoodRow, HeldRow, Refused};
use crate::AppError;

/// Versions sealed at once. A few chunks are under way at a time: this bounds their memory.
const CHUNK: usize = 2_048;
/// Sealed chunks that may wait while the writing thread commits.
const AHEAD: usize = 6;
/// Chunks written in one transaction: each commit writes all the index pages that it touched, and random keys touch
/// them all. What a killed process has to do again is one transaction, some seconds of work.
const CHUNKS_A_COMMIT: usize = 64;
/// To how many bytes the write-ahead log grows before an import waits until all of it is folded back.
const LOG_BYTES: u64 = 2 << 30;
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
    /// The tree over what was written, where it could be built on the way.
    pub(super) tree: Option<TreeBuilder>,
}

/// What writing needs; absent in a dry run.
pub(super) struct Writing<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) store: &'a mut Store,
    pub(super) key_store: &'a mut KeyStore,
    /// Where the key store lies.
    pub(super) keys_at: PathBuf,
    /// How to behave beside a server.
    pub(super) manners: Manners,
    /// Key of the submission's refused and held rows.
    pub(super) row_key: AeadKey,
    /// Rows up to here were settled by an earlier run.
    pub(super) through_row: u64,
    /// First leaf that is free.
    pub(super) next_leaf: i64,
}

type Order = Result<(u64, Block), SheetError>;

/// Takes a file through. Without `writing` it is a dry run; without `resolver` one into an empty database, where every row
/// is new and the ledger finds at the end what is not.
pub(super) fn run(
    bench: &Bench<'_>,
    blocks: Blocks,
    resolver: Option<&mut Resolver<'_>>,
    writing: Option<Writing<'_>>,
    progress: &mut dyn Progress,
) -> Result<Harvest, AppError> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let (orders, todo) = bounded::<Order>(cores + 1);
    let (done, batches) = bounded::<Result<Batch, SheetError>>(cores + 1);
    let (chunks, to_write) = bounded::<Job>(AHEAD);
    let (plan, hand) = split(writing)?;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            step_back();
            cut(blocks, &orders);
        });
        for _ in 0..cores {
            let (todo, done) = (todo.clone(), done.clone());
            scope.spawn(move || {
                step_back();
                work(bench, &todo, &done);
            });
        }
        drop((todo, done));
        let writer = hand.map(|hand| {
            let (folds, to_fold) = bounded(1);
            let (database, keys) = (hand.store.path().to_owned(), hand.keys_at.clone());
            scope.spawn(move || {
                step_back();
                fold(&[database, keys], &to_fold);
            });
            scope.spawn(move || hand.write_all(&to_write, &folds))
        });
        let mut collector =
            Collector { resolver, plan, chunks: Some(chunks), harvest: Harvest::default(), chunk: Chunk::default() };
        let collected = collector.collect(&batches, progress);
        // Workers that are still at it must find their channel closed, whatever happened here.
        drop(batches);
        collector.chunks = None;
        let mut harvest = collector.harvest;
        let written = match writer.map(std::thread::ScopedJoinHandle::join) {
            None => Ok(None),
            Some(Ok(result)) => result.map(Some),
            Some(Err(_)) => Err(AppError::internal("the writing thread ended early")),
        };
        // A writer that failed closes its channel, which the collector then reports too: the cause comes first.
        harvest.tree = written?.flatten();
        collected?;
        Ok(harvest)
    })
}

/// Folds the write-ahead logs back beside the writing thread, whenever that has committed.
fn fold(databases: &[PathBuf], committed: &Receiver<()>) {
    for () in committed {
        for database in databases {
            // What was not folded back now is at the next commit, or when the database is closed.
            if let Err(error) = Checkpointer::open(database).and_then(|checkpointer| checkpointer.fold()) {
                tracing::debug!(%error, "the write-ahead log was not folded back");
            }
        }
    }
}

fn cut(mut blocks: Blocks, orders: &Sender<Order>) {
    for number in 0.. {
        let order = match blocks.next_block() {
            Ok(None) => return,
            Ok(Some(block)) => Ok((number, block)),
            Err(error) => Err(error),
        };
        let stop = order.is_err();
        if orders.send(order).is_err() || stop {
            return;
        }
    }
}

fn work(bench: &Bench<'_>, todo: &Receiver<Order>, done: &Sender<Result<Batch, SheetError>>) {
    let mut desk = Desk::default();
    for order in todo {
        let batch = order.and_then(|(number, block)| bench.work(number, block, &mut desk));
        let stop = batch.is_err();
        if done.send(batch).is_err() || stop {
            return;
        }
    }
}

/// What goes to the writing thread.
enum Job {
    Write(Box<Sealed>),
    /// Answer when everything before is in the database.
    Flush(Sender<()>),
}

struct Plan<'a> {
    frame: Frame<'a>,
    manners: Manners,
    /// Threads that seal.
    sealers: ThreadPool,
    /// Versions to seal at once: asked anew with every chunk.
    chunk: usize,
    row_key: AeadKey,
    through_row: u64,
    next_leaf: i64,
}

struct Hand<'a> {
    frame: Frame<'a>,
    store: &'a mut Store,
    key_store: &'a mut KeyStore,
    keys_at: PathBuf,
    manners: Manners,
    /// A tree can only be built on the way if it begins with the first leaf.
    whole: bool,
}

/// The part of the thread that resolves and seals, and the part of the one that writes.
type Parts<'a> = (Option<Plan<'a>>, Option<Hand<'a>>);

fn split(writing: Option<Writing<'_>>) -> Result<Parts<'_>, AppError> {
    let Some(Writing { frame, store, key_store, keys_at, manners, row_key, through_row, next_leaf }) = writing else {
        return Ok((None, None));
    };
    let sealers = ThreadPoolBuilder::new().start_handler(|_| step_back()).build();
    let sealers = sealers.map_err(|error| AppError::internal(format!("start the sealing threads: {error}")))?;
    let chunk = manners.chunk(CHUNK);
    let plan = Plan { frame, chunk, manners: manners.clone(), sealers, row_key, through_row, next_leaf };
    Ok((Some(plan), Some(Hand { frame, store, key_store, keys_at, manners, whole: next_leaf == 0 })))
}

impl Hand<'_> {
    fn write_all(self, jobs: &Receiver<Job>, committed: &Sender<()>) -> Result<Option<TreeBuilder>, AppError> {
        let mut tree = self.whole.then(TreeBuilder::default);
        while let Ok(first) = jobs.recv() {
            let mut answer = None;
            let company = self.manners.company();
            let slice = company.then(Slice::begin);
            let mut commit = Commit { first: Some(first), left: CHUNKS_A_COMMIT, slice, jobs, answer: &mut answer };
            self.frame.write(self.store, self.key_store, &mut commit, &mut tree)?;
            if company {
                self.manners.yield_now();
            }
            self.store.fold_beyond(LOG_BYTES)?;
            // Where the last is still being folded back, it takes this one with it or the next does.
            let _busy = committed.try_send(());
            if let Some(answer) = answer {
                let _gone = answer.send(());
            }
        }
        Ok(tree)
    }
}

/// The chunks of one transaction, taken from the channel as they come.
struct Commit<'j> {
    first: Option<Job>,
    left: usize,
    /// Beside a server a transaction ends when its time is over, and waits for no further chunk.
    slice: Option<Slice>,
    jobs: &'j Receiver<Job>,
    answer: &'j mut Option<Sender<()>>,
}

impl Iterator for Commit<'_> {
    type Item = Sealed;

    fn next(&mut self) -> Option<Sealed> {
        if self.left == 0 || self.answer.is_some() {
            return None;
        }
        self.left -= 1;
        let job = match (self.first.take(), &self.slice) {
            (Some(first), _) => Some(first),
            (None, Some(slice)) if slice.is_over() => None,
            (None, Some(_)) => self.jobs.try_recv().ok(),
            (None, None) => self.jobs.recv().ok(),
        };
        match job? {
            Job::Write(sealed) => Some(*sealed),
            Job::Flush(answer) => {
                *self.answer = Some(answer);
                None
            }
        }
    }
}

struct Collector<'r, 'k, 'p> {
    resolver: Option<&'r mut Resolver<'k>>,
    plan: Option<Plan<'p>>,
    chunks: Option<Sender<Job>>,
    harvest: Harvest,
    chunk: Chunk,
}

impl Collector<'_, '_, '_> {
    /// Takes batches in the order of the file.
    fn collect(
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
        for row in &batch.good {
            while let Some(held) = held.next_if(|held| held.row < row.row) {
                self.held(held, settled);
            }
            while let Some(refused) = refused.next_if(|refused| refused.row < row.row) {
                self.refused(refused, settled);
            }
            let outcome = if row.row <= settled { outcome::UNKNOWN } else { self.good(row, &bodies)? };
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

    fn good(&mut self, row: &GoodRow, bodies: &Arc<Vec<u8>>) -> Result<u8, AppError> {
        let Some(resolver) = &mut self.resolver else { return Ok(self.everything_is_new(row, bodies)) };
        let resolved = resolver.resolve(row, &mut self.chunk.newcomers)?;
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
                    self.chunk.drafts.push(Draft { row: version_row, key: resolved.key, body_salt, bodies, plain });
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
