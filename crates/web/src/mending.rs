//! Files that authorities sent by a page and are at work on: tried, mended, sent. A server keeps its own: after a restart they are gone, and their bytes, which
//! were sealed under keys of the process, with them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chengxin_app::AppError;
use chengxin_app::intake::{Draft, FileHeadings, ImportOutcome, ImportRequest, Progress, RefusedCells};
use chengxin_core::{Caller, Say};

/// Files that are kept at once, and how many bytes; the oldest that nobody is importing go first.
const KEPT: usize = 64;
const BYTES: usize = 256 * 1024 * 1024;
/// How long one is kept after it was last touched: a file is mended in one sitting.
pub(crate) const KEPT_FOR: Duration = Duration::from_secs(30 * 60);

/// How far somebody has come with a file.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    /// It was not tried since it was last changed.
    New,
    /// It was tried.
    Tried(Box<Tried>),
    /// It cannot be read as it is: why, and its headings.
    Unread(Say, Box<FileHeadings>),
    /// It is being taken in.
    Running,
    /// It was taken in.
    Done(Box<ImportOutcome>),
}

/// What a trial came to.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    pub(crate) outcome: ImportOutcome,
    pub(crate) refused: Vec<RefusedCells>,
    pub(crate) headings: FileHeadings,
}

/// A file that somebody is at work on.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) id: String,
    actor: String,
    authority: Option<String>,
    pub(crate) draft: Draft,
    touched: Mutex<Instant>,
    it: Mutex<(ImportRequest, Stage, Option<Say>)>,
    done: AtomicU64,
    total: AtomicU64,
}

impl Work {
    #[expect(clippy::disallowed_methods, reason = "how long ago, not what time it is")]
    pub(crate) fn new(id: String, caller: &Caller, draft: Draft, request: ImportRequest) -> Self {
        let (actor, authority) = (caller.actor.clone(), caller.authority.clone());
        let (touched, it) = (Mutex::new(Instant::now()), Mutex::new((request, Stage::New, None)));
        Self { id, actor, authority, draft, touched, it, done: AtomicU64::new(0), total: AtomicU64::new(0) }
    }

    fn it(&self) -> MutexGuard<'_, (ImportRequest, Stage, Option<Say>)> {
        self.it.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it is to be understood, and how far it has come; what was refused last is said once.
    pub(crate) fn look(&self) -> (ImportRequest, Stage, Option<Say>) {
        let mut it = self.it();
        let said = it.2.take();
        (it.0.clone(), it.1.clone(), said)
    }

    /// Changes how it is understood, unless it is being taken in or was: then it must be tried anew.
    pub(crate) fn change(&self, change: impl FnOnce(&mut ImportRequest)) -> bool {
        let mut it = self.it();
        if matches!(it.1, Stage::Running | Stage::Done(_)) {
            return false;
        }
        change(&mut it.0);
        it.1 = Stage::New;
        true
    }

    /// Begins to take it in, once.
    pub(crate) fn begin(&self, change: impl FnOnce(&mut ImportRequest)) -> Option<ImportRequest> {
        let mut it = self.it();
        if matches!(it.1, Stage::Running | Stage::Done(_)) {
            return None;
        }
        change(&mut it.0);
        it.1 = Stage::Running;
        Some(it.0.clone())
    }

    /// Keeps what came of it.
    pub(crate) fn reach(&self, stage: Stage, said: Option<Say>) {
        let mut it = self.it();
        (it.1, it.2) = (stage, said);
    }

    /// The same of a trial, unless somebody changed it meanwhile.
    pub(crate) fn tried(&self, of: &ImportRequest, stage: Stage) {
        let mut it = self.it();
        if it.0 == *of && matches!(it.1, Stage::New) {
            it.1 = stage;
        }
    }

    /// Of how many bytes how many were read.
    pub(crate) fn read(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    fn idle(&self) -> Duration {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    fn runs(&self) -> bool {
        matches!(self.it().1, Stage::Running)
    }
}

/// Shows on the page how far an import has come.
#[derive(Debug)]
pub(crate) struct Shown(pub(crate) Arc<Work>);

impl Progress for Shown {
    fn step(&mut self, _: &Say, total: u64) {
        self.0.done.store(0, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
    }

    fn advance(&mut self, done: u64) {
        self.0.done.store(done, Ordering::Relaxed);
    }
}

/// All of them, the newest first.
#[derive(Debug, Default)]
pub(crate) struct Mending(Mutex<VecDeque<Arc<Work>>>);

impl Mending {
    fn kept(&self) -> MutexGuard<'_, VecDeque<Arc<Work>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|work| work.runs() || work.idle() < KEPT_FOR);
        kept
    }

    /// Lets go what nobody touched for long.
    pub(crate) fn sweep(&self) {
        drop(self.kept());
    }

    pub(crate) fn keep(&self, work: Arc<Work>) {
        let mut kept = self.kept();
        kept.push_front(work);
        let mut bytes = 0usize;
        let mut count = 0usize;
        kept.retain(|work| {
            bytes += work.draft.bytes();
            count += 1;
            work.runs() || count == 1 || (count <= KEPT && bytes <= BYTES)
        });
    }

    /// One of the caller's own.
    ///
    /// # Errors
    /// [`chengxin_app::Kind::NotFound`] for one that is gone, or another's.
    #[expect(clippy::disallowed_methods, reason = "how long ago, not what time it is")]
    pub(crate) fn of(&self, id: &str, caller: &Caller) -> Result<Arc<Work>, AppError> {
        let mine =
            |work: &&Arc<Work>| work.id == id && work.actor == caller.actor && work.authority == caller.authority;
        let kept = self.kept();
        let work = kept.iter().find(mine).cloned().ok_or_else(|| {
            AppError::not_found(
                "没有正在处理的这份文件：30 分钟没有操作的文件会被清除，请重新选择文件",
                "no such file is being worked on: one that is not touched for 30 minutes is removed, choose it again",
            )
        })?;
        *work.touched.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        Ok(work)
    }

    /// Lets one go before its time.
    pub(crate) fn drop_one(&self, work: &Arc<Work>) {
        self.kept().retain(|other| !Arc::ptr_eq(other, work) || other.runs());
    }
}
