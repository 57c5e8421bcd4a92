//! What a server reads with: connections that cannot write, one set for each request under way.
//!
//! A use case that discloses gives its answer together with the entry that says so. Whoever serves it makes the entry
//! durable first and lets the answer go after.

use std::sync::Arc;
use std::thread::JoinHandle;

use chengxin_core::Caller;
use chengxin_core::catalogue::Catalogue;
use chengxin_core::dates::shanghai_date;
use chengxin_core::identity::SyntheticRule;
use chengxin_core::operation::Operation;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::{KeyStore, ReadStore};
use crossbeam_channel::{Sender, bounded};
use jiff::civil::Date;

use crate::clock::Clock;
use crate::keyring::Keyring;
use crate::log::NewEntry;
use crate::{AppError, Installation, Mode, policy};

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
    /// Offices by code, as they were when the set was opened; a code that is not among them is looked up.
    pub(crate) authorities: Vec<AuthorityRow>,
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
        })
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

/// Requests that may wait for a reader; who comes then is told to try again.
const WAITING: usize = 1_024;

type Job = Box<dyn FnOnce(&Reading) + Send>;

/// As many readers as there are cores, each a thread with a set of connections of its own. More would only take turns on
/// the cores, and every one would have to warm its own page cache.
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
    pub fn start(installation: &Installation) -> Result<Self, AppError> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let (jobs, todo) = bounded::<Job>(WAITING);
        let mut threads = Vec::with_capacity(cores);
        for _ in 0..cores {
            let (reading, todo) = (Reading::open(installation)?, todo.clone());
            let thread = std::thread::Builder::new().name("reader".to_owned()).spawn(move || {
                for job in todo {
                    // A panic was reported; it read only, so that what is behind the connections is sound.
                    drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&reading))));
                }
            });
            threads.push(thread.map_err(|error| AppError::internal(format!("start a reader: {error}")))?);
        }
        Ok(Self { jobs: Some(jobs), threads })
    }

    /// Has one of them do something.
    ///
    /// # Errors
    /// [`crate::Kind::Unavailable`] where too much waits already.
    pub fn run(&self, job: impl FnOnce(&Reading) + Send + 'static) -> Result<(), AppError> {
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.try_send(Box::new(job)).is_ok());
        if sent {
            return Ok(());
        }
        Err(AppError::new(
            crate::Kind::Unavailable,
            "系统繁忙，未作任何查询；请稍后重试",
            "too many requests wait already, so nothing was looked up: try again in a moment",
        ))
    }
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
