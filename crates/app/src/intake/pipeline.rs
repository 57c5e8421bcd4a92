//! The way of a file through the machine: one thread cuts it into blocks, workers hold the blocks against the item,
//! this thread resolves and seals, one thread writes. Channels are short, so that memory does not grow with the file.

use std::path::PathBuf;

use chengxin_seal::AeadKey;
use chengxin_sheet::{Block, Blocks, SheetError};
use chengxin_store::{Checkpointer, KeyStore, Store};
use chengxin_tlog::TreeBuilder;
use crossbeam_channel::{Receiver, Sender, bounded};
use rayon::ThreadPoolBuilder;

use super::Progress;
use super::collect::{CHUNK, Collector, Harvest, Job, Plan};
use super::load::{Chunk, Frame, Sealed};
use super::manners::{Manners, Slice, step_back};
use super::resolve::Resolver;
use super::work::{Batch, Bench, Desk};
use crate::AppError;

/// Sealed chunks that may wait while the writing thread commits.
const AHEAD: usize = 6;
/// Chunks written in one transaction: each commit writes all the index pages that it touched, and random keys touch
/// them all. What a killed process has to do again is one transaction, some seconds of work.
const CHUNKS_A_COMMIT: usize = 64;
/// To how many bytes the write-ahead log grows before an import waits until all of it is folded back.
const LOG_BYTES: u64 = 2 << 30;

/// What writing needs; absent in a dry run.
pub(super) struct Writing<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) store: &'a mut Store,
    pub(super) key_store: &'a mut KeyStore,
    /// Files whose write-ahead logs are folded back beside the writing; a server sees to its own.
    pub(super) to_fold: Vec<PathBuf>,
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
            let files = hand.to_fold.clone();
            scope.spawn(move || {
                step_back();
                fold(&files, &to_fold);
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

struct Hand<'a> {
    frame: Frame<'a>,
    store: &'a mut Store,
    key_store: &'a mut KeyStore,
    to_fold: Vec<PathBuf>,
    manners: Manners,
    /// A tree can only be built on the way if it begins with the first leaf.
    whole: bool,
}

/// The part of the thread that resolves and seals, and the part of the one that writes.
type Parts<'a> = (Option<Plan<'a>>, Option<Hand<'a>>);

fn split(writing: Option<Writing<'_>>) -> Result<Parts<'_>, AppError> {
    let Some(Writing { frame, store, key_store, to_fold, manners, row_key, through_row, next_leaf }) = writing else {
        return Ok((None, None));
    };
    let sealers = ThreadPoolBuilder::new().start_handler(|_| step_back()).build();
    let sealers = sealers.map_err(|error| AppError::internal(format!("start the sealing threads: {error}")))?;
    let chunk = manners.chunk(CHUNK);
    let plan = Plan { frame, chunk, manners: manners.clone(), sealers, row_key, through_row, next_leaf };
    Ok((Some(plan), Some(Hand { frame, store, key_store, to_fold, manners, whole: next_leaf == 0 })))
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
