//! What a server reads with: connections that cannot write, one set for each request under way.
//!
//! A use case that discloses gives its answer together with the entry that says so. Whoever serves it makes the entry
//! durable first and lets the answer go after.

use std::cell::RefCell;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chengxin_core::Caller;
use chengxin_core::catalogue::Catalogue;
use chengxin_core::dates::shanghai_date;
use chengxin_core::identity::SyntheticRule;
use chengxin_core::operation::Operation;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::{KeyStore, Place, ReadStore};
use crossbeam_channel::{Sender, bounded};
use jiff::civil::Date;

use crate::clock::Clock;
use crate::keyring::Keyring;
use crate::log::NewEntry;
use crate::{AppError, Installation, Mode, journal, policy};

/// An answer, and the entry without which it may not leave.
#[derive(Debug)]
pub struct Disclosure<T> {
    /// What is disclosed.
    pub answer: T,
    /// What must be durable before it is.
    pub entry: NewEntry,
}

/// A set of connections for reading.
pub struct Reading {
    pub(crate) store: ReadStore,
    pub(crate) key_store: KeyStore,
    pub(crate) keys: Keyring,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) synthetic: SyntheticRule,
    pub(crate) city: String,
    /// Offices by code, as they were when the set was opened; a code that is not among them is looked up.
    pub(crate) authorities: Vec<AuthorityRow>,
    /// Field codes of layouts met so far: a layout never changes.
    layouts: RefCell<HashMap<i64, Arc<[String]>>>,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}

impl Reading {
    /// Opens a set over an installation.
    ///
    /// # Errors
    /// The stores'.
    pub fn open(installation: &Installation) -> Result<Self, AppError> {
        let store = installation.store.reader()?;
        Ok(Self {
            authorities: store.view().authorities()?,
            store,
            key_store: KeyStore::open(&installation.places().keys)?,
            keys: installation.keys.clone(),
            catalogue: Arc::clone(&installation.catalogue),
            clock: Arc::clone(&installation.clock),
            synthetic: installation.synthetic_rule(),
            city: installation.city().to_owned(),
            layouts: RefCell::default(),
        })
    }

    /// Field codes in the order in which a body has their values.
    pub(crate) fn layout(&self, id: i64) -> Result<Arc<[String]>, AppError> {
        if let Some(known) = self.layouts.borrow().get(&id) {
            return Ok(Arc::clone(known));
        }
        let (_, fields) = self.store.view().layout(id)?;
        let fields: Arc<[String]> = fields.into();
        self.layouts.borrow_mut().insert(id, Arc::clone(&fields));
        Ok(fields)
    }

    /// Does `work` of one state of both stores, that of now. Where that cannot be had each read sees what it finds, as it would without.
    fn together(&self, work: impl FnOnce()) {
        let begun = self.store.begin().and_then(|()| self.key_store.begin_reading());
        if let Err(error) = begun {
            tracing::debug!(%error, "a state to read of could not be begun");
        }
        work();
        for error in [self.store.end(), self.key_store.end_reading()].into_iter().filter_map(Result::err) {
            tracing::warn!(%error, "a state that was read of could not be left");
        }
    }

    pub(crate) fn today(&self) -> Date {
        shanghai_date(self.clock.now_us())
    }

    /// [`policy::authorise`] and [`policy::silence`].
    pub(crate) fn authorise(&self, caller: &Caller, name: &str) -> Result<&'static Operation, AppError> {
        let operation = policy::authorise(caller, name)?;
        // Made-up numbers are allowed where data are made up, and nowhere else.
        let mode = if self.synthetic == SyntheticRule::Allowed { Mode::Synthetic } else { Mode::Production };
        policy::silence(caller, &self.catalogue, self.store.view(), mode, self.today())?;
        Ok(operation)
    }
}

impl Installation {
    /// What a set of connections discloses, with its entry written before it returns. Nothing, where nobody is known whose log could say it: then there is nothing
    /// to read either.
    ///
    /// # Errors
    /// As what `read` does; see also [`policy::authorise`].
    pub(crate) fn disclosed<T: Default>(
        &mut self,
        caller: &Caller,
        name: &'static str,
        read: impl FnOnce(&Reading) -> Result<Option<Disclosure<T>>, AppError>,
    ) -> Result<T, AppError> {
        self.authorise(caller, name)?;
        let disclosure = read(&Reading::open(self)?).map_err(|refusal| self.refused(caller, name, refusal))?;
        let Some(Disclosure { answer, entry }) = disclosure else { return Ok(T::default()) };
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let logged = self.store.write(name, |tx| journal::log_about_all(tx, &keys, now_us, &[&entry]));
        logged.map_err(|refusal| self.turned_away(caller, name, refusal))?;
        Ok(answer)
    }
}

/// How many read at once, and how long others wait for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Readers, each with connections of its own; at least one.
    pub readers: usize,
    /// Requests that may wait for one; who comes then is told to try again.
    pub waiting: usize,
    /// How long a request waits; then it is told to try again, and nothing is looked up for it.
    pub patience: Duration,
}

impl Pool {
    /// What suits the engine. In a file, as many as there are cores: more would only take turns on them, and each would have
    /// to warm its own page cache. On a server four times as many, since they wait for its answers most of the time.
    #[must_use]
    pub fn of(installation: &Installation) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let on_server = matches!(installation.database(), Place::Server(_));
        Self { readers: if on_server { 4 * cores } else { cores }, waiting: 1_024, patience: Duration::from_secs(10) }
    }

    /// The same with another number of readers, if one is given.
    #[must_use]
    pub fn with_readers(self, readers: Option<NonZeroUsize>) -> Self {
        Self { readers: readers.map_or(self.readers, NonZeroUsize::get), ..self }
    }
}

type Work = Box<dyn FnOnce(Result<&Reading, AppError>) + Send>;

struct Job {
    work: Work,
    since: Instant,
}

impl Job {
    /// A panic was reported; it read only, so that what is behind the connections is sound.
    fn run(self, reading: &Reading, patience: Duration) {
        let reading = if self.since.elapsed() < patience { Ok(reading) } else { Err(busy()) };
        drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (self.work)(reading))));
    }
}

/// Most requests that are read for of one state. All of them came before it was looked at, so that nobody reads what was so before they asked.
const TOGETHER: usize = 16;

/// Threads that read for a server's requests.
#[derive(Debug)]
pub struct Readers {
    jobs: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts them over an installation.
    ///
    /// # Errors
    /// As [`Reading::open`].
    pub fn start(installation: &Installation, pool: Pool) -> Result<Self, AppError> {
        let (jobs, todo) = bounded::<Job>(pool.waiting);
        let mut threads = Vec::with_capacity(pool.readers);
        for _ in 0..pool.readers.max(1) {
            let (reading, todo) = (Reading::open(installation)?, todo.clone());
            let thread = std::thread::Builder::new().name("reader".to_owned()).spawn(move || {
                for first in &todo {
                    // A fair part of what waits, so that no other reader is idle meanwhile.
                    let more = (todo.len() / pool.readers.max(1)).min(TOGETHER - 1);
                    let jobs: Vec<Job> = std::iter::once(first).chain(todo.try_iter().take(more)).collect();
                    reading.together(|| jobs.into_iter().for_each(|job| job.run(&reading, pool.patience)));
                }
            });
            threads.push(thread.map_err(|error| AppError::internal(format!("start a reader: {error}")))?);
        }
        Ok(Self { jobs: Some(jobs), threads })
    }

    /// Has one of them do something; what waited too long is given [`crate::Kind::Unavailable`] in place of a reader.
    ///
    /// # Errors
    /// [`crate::Kind::Unavailable`] where too much waits already.
    #[expect(clippy::disallowed_methods, reason = "how long it waited, not what time it is")]
    pub fn run(&self, work: impl FnOnce(Result<&Reading, AppError>) + Send + 'static) -> Result<(), AppError> {
        let job = Job { work: Box::new(work), since: Instant::now() };
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.try_send(job).is_ok());
        if sent { Ok(()) } else { Err(busy()) }
    }
}

fn busy() -> AppError {
    AppError::new(
        crate::Kind::Unavailable,
        "系统繁忙，未作任何查询；请稍后重试",
        "too many requests wait already, so nothing was looked up: try again in a moment",
    )
}

impl Drop for Readers {
    fn drop(&mut self) {
        drop(self.jobs.take());
        for thread in self.threads.drain(..) {
            // A panic there was reported when it happened.
            drop(thread.join());
        }
    }
}
