//! What requests share.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chengxin_app::intake::{Incoming, Presence};
use chengxin_app::issuer::{Directory, Http};
use chengxin_app::log::LogWriter;
use chengxin_app::reading::{Disclosure, Pool, Readers, Reading};
use chengxin_app::report::read_trust_list;
use chengxin_app::{AppError, Installation, Kind, Mode};
use chengxin_core::contact::Contact;
use chengxin_core::{Caller, Ground, Role, Standing};
use tokio::sync::Semaphore;

use crate::api::{Finished, Limits, Rate};
use crate::bucket::Bucket;
use crate::carried::Forms;
use crate::mending::Mending;
use crate::names::Names;
use crate::once::Once;
use crate::places::Mays;
use crate::reached::Reached;

/// Uploads held in memory at once.
const UPLOADS: usize = 4;
/// Pictures in which a code is looked for at once.
const PICTURES: usize = 1;
/// Documents that are set at once: each takes a core for some milliseconds.
const PRESSES: usize = 2;

/// Files that are being imported at once: one of them writes, another may be rehearsed beside it.
const IMPORTS: usize = 2;

/// Requests of whoever is not signed in that may wait for the connection that writes: behind these somebody who is waits for
/// milliseconds, whatever strangers send.
const STRANGERS: usize = 4;
/// Requests that wait for a provider of sign-in to answer.
const ASKING: usize = 16;
/// How long somebody waits for their turn at what takes long.
const APART_PATIENCE: Duration = Duration::from_secs(20);
/// How long a stranger waits for their turn.
const STRANGERS_PATIENCE: Duration = Duration::from_secs(5);

/// Handed to every handler.
#[derive(Clone)]
pub(crate) struct Shared {
    inner: Arc<Inner>,
}

struct Inner {
    installation: Mutex<Installation>,
    log: LogWriter,
    /// Imports beside this server write in slices as long as it stands here.
    _presence: Presence,
    readers: Readers,
    base_url: String,
    bucket: Mutex<Bucket>,
    uploads: Semaphore,
    pictures: Arc<Semaphore>,
    presses: Semaphore,
    imports: Arc<Semaphore>,
    finished: Finished,
    mending: Mending,
    once: Once,
    forms: Forms,
    names: Names,
    contact: Reached,
    mays: Arc<Mays>,
    opener: Opener,
    strangers: Semaphore,
    /// A second door, for what takes long; opened by who needs it first.
    apart: Arc<tokio::sync::Mutex<Option<Installation>>>,
    asking: Semaphore,
    directory: Directory,
    city: String,
    synthetic: bool,
    https: bool,
    trust: String,
    limits: Limits,
    started: Instant,
}

/// Opens the installation once more.
type Opener = Box<dyn Fn() -> Result<Installation, AppError> + Send + Sync>;

/// Why a look did not come to an answer.
pub(crate) enum Refused {
    /// Too many codes led nowhere; seconds until the next is looked at.
    TooMany(u64),
    /// What `app` said.
    App(AppError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl Shared {
    pub(crate) fn new(installation: Installation, pool: Pool, rate: Rate) -> Result<Self, AppError> {
        let (log, readers) = (LogWriter::start(&installation)?, Readers::start(&installation, pool)?);
        let presence = Presence::show(installation.dir());
        let presence = presence.map_err(|error| AppError::internal(format!("server.lock: {error}")))?;
        Incoming::sweep(&installation)?;
        let trust = installation.trust_list_json();
        debug_assert!(read_trust_list(trust.as_bytes()).is_ok());
        Ok(Self {
            inner: Arc::new(Inner {
                log,
                _presence: presence,
                readers,
                base_url: installation.base_url().to_owned(),
                city: installation.city().to_owned(),
                synthetic: installation.mode() == Mode::Synthetic,
                https: installation.base_url().starts_with("https://"),
                bucket: Mutex::new(Bucket::new()),
                uploads: Semaphore::new(UPLOADS),
                pictures: Arc::new(Semaphore::new(PICTURES)),
                presses: Semaphore::new(PRESSES),
                imports: Arc::new(Semaphore::new(IMPORTS)),
                finished: Finished::default(),
                mending: Mending::default(),
                once: Once::default(),
                forms: Forms::default(),
                names: Names::default(),
                contact: Reached::new(installation.contact_show(&public())?),
                mays: Arc::default(),
                opener: Box::new(installation.opener()),
                strangers: Semaphore::new(STRANGERS),
                apart: Arc::default(),
                asking: Semaphore::new(ASKING),
                directory: Directory::new(Http::default()),
                installation: Mutex::new(installation),
                trust,
                limits: Limits::of(rate),
                started: started(),
            }),
        })
    }

    /// Address under which the installation is reached.
    pub(crate) fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    /// The writer of log entries.
    pub(crate) fn log(&self) -> &LogWriter {
        &self.inner.log
    }

    /// Reads, off the threads that serve connections, beside whoever writes.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reading) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        self.inner.readers.run(move |reading| drop(tell.send(reading.and_then(work))))?;
        told.await.unwrap_or_else(|_| Err(AppError::internal("a reader ended early")))
    }

    /// Reads what discloses something, and lets the answer go once its entry in the log is durable.
    pub(crate) async fn disclose<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reading) -> Result<Disclosure<T>, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let disclosed = self.disclose_if(move |reading| work(reading).map(Some)).await?;
        disclosed.ok_or_else(|| AppError::internal("a disclosure without an answer"))
    }

    /// The same where reading may find that something must be written first.
    pub(crate) async fn disclose_if<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reading) -> Result<Option<Disclosure<T>>, AppError> + Send + 'static,
    ) -> Result<Option<T>, AppError> {
        inner_sound(&self.inner)?;
        let (tell, told) = tokio::sync::oneshot::channel();
        let inner = Arc::clone(&self.inner);
        self.inner.readers.run(move |reading| match reading.and_then(work) {
            Ok(Some(Disclosure { answer, entry })) => {
                inner.log.write(entry, move |written| drop(tell.send(written.map(|_| Some(answer)))));
            }
            Ok(None) => drop(tell.send(Ok(None))),
            Err(refusal) => drop(tell.send(Err(refusal))),
        })?;
        told.await.unwrap_or_else(|_| Err(AppError::internal("the log writer ended early")))
    }

    /// What clients have used of what they may ask.
    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Nanoseconds since the server started.
    pub(crate) fn since_start_ns(&self) -> i64 {
        i64::try_from(self.inner.started.elapsed().as_nanos()).unwrap_or(i64::MAX)
    }

    pub(crate) fn city(&self) -> &str {
        &self.inner.city
    }

    pub(crate) fn synthetic(&self) -> bool {
        self.inner.synthetic
    }

    pub(crate) fn https(&self) -> bool {
        self.inner.https
    }

    pub(crate) fn trust(&self) -> &str {
        &self.inner.trust
    }

    pub(crate) fn uploads(&self) -> &Semaphore {
        &self.inner.uploads
    }

    /// Places for pictures in which a code is looked for.
    pub(crate) fn pictures(&self) -> &Arc<Semaphore> {
        &self.inner.pictures
    }

    /// Sets a document, off the threads that serve connections.
    pub(crate) async fn print(
        &self,
        set: impl FnOnce() -> Result<Vec<u8>, AppError> + Send + 'static,
    ) -> Result<Vec<u8>, AppError> {
        let _press = self.inner.presses.acquire().await;
        let done = tokio::task::spawn_blocking(set).await;
        done.unwrap_or_else(|error| Err(AppError::internal(format!("print: {error}"))))
    }

    pub(crate) fn imports(&self) -> &Arc<Semaphore> {
        &self.inner.imports
    }

    /// Imports whose senders waited no longer.
    pub(crate) fn finished(&self) -> &Finished {
        &self.inner.finished
    }

    /// Files that somebody is at work on.
    pub(crate) fn mending(&self) -> &Mending {
        &self.inner.mending
    }

    /// Forms that were answered.
    pub(crate) fn once(&self) -> &Once {
        &self.inner.once
    }

    /// Forms of whoever has to sign in first.
    pub(crate) fn forms(&self) -> &Forms {
        &self.inner.forms
    }

    /// What those are called for whom somebody acts.
    pub(crate) fn names(&self) -> &Names {
        &self.inner.names
    }

    /// Where people reach the credit office: as it stood within the last minute, so that no page waits for it.
    pub(crate) fn contact(&self) -> Arc<Contact> {
        if self.inner.contact.is_old(self.since_start_ns()) {
            let inner = Arc::clone(&self.inner);
            let asked = self.inner.readers.run(move |reading| {
                match reading.and_then(|reading| reading.contact_show(&public())) {
                    Ok(contact) => inner.contact.set(contact),
                    Err(error) => tracing::warn!(%error, "where people reach the office was not read"),
                }
            });
            if let Err(error) = asked {
                tracing::warn!(%error, "no reader for where people reach the office");
            }
        }
        self.inner.contact.get()
    }

    /// It was just set.
    pub(crate) fn reached_at(&self, contact: Contact) {
        self.inner.contact.set(contact);
    }

    /// What those who are signed in may do.
    pub(crate) fn mays(&self) -> &Arc<Mays> {
        &self.inner.mays
    }

    /// The installation once more, for a thread that works beside the requests.
    pub(crate) fn another(&self) -> Result<Installation, AppError> {
        (self.inner.opener)()
    }

    /// Runs work on the installation, off the threads that serve connections.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Installation) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let inner = Arc::clone(&self.inner);
        let done = tokio::task::spawn_blocking(move || {
            inner_sound(&inner)?;
            // A panic while the lock was held rolled its transaction back; what is behind the lock is sound.
            let mut installation = inner.installation.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut installation)
        });
        done.await.unwrap_or_else(|error| Err(AppError::internal(format!("work on the installation: {error}"))))
    }

    /// The same on a connection of its own, one after the other: what takes long keeps nobody waiting but who asks for the like.
    pub(crate) async fn with_apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Installation) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = tokio::time::timeout(APART_PATIENCE, Arc::clone(&self.inner.apart).lock_owned()).await;
        let Ok(mut turn) = turn else { return Err(too_many()) };
        let inner = Arc::clone(&self.inner);
        // Whoever gives up waiting leaves the work behind: its turn ends with it, and not before.
        let done = tokio::task::spawn_blocking(move || {
            inner_sound(&inner)?;
            let mut installation = turn.take().map_or_else(|| (inner.opener)(), Ok)?;
            let done = work(&mut installation);
            // One that failed within, or panicked, is opened anew.
            *turn = Some(installation).filter(|_| done.as_ref().err().is_none_or(|error| error.kind != Kind::Internal));
            done
        });
        done.await.unwrap_or_else(|error| Err(AppError::internal(format!("work beside the others: {error}"))))
    }

    /// The same for whoever is not signed in: few of them wait at once.
    pub(crate) async fn with_stranger<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Installation) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = tokio::time::timeout(STRANGERS_PATIENCE, self.inner.strangers.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(too_many()) };
        self.with(work).await
    }

    /// Asks a provider of sign-in over the network, off the threads that serve connections and without the installation.
    pub(crate) async fn ask_provider<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Directory) -> T + Send + 'static,
    ) -> Result<T, AppError> {
        // One that is slow keeps few threads waiting, whoever asks for it and however often.
        let turn = tokio::time::timeout(STRANGERS_PATIENCE, self.inner.asking.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(too_many()) };
        let inner = Arc::clone(&self.inner);
        let asked = tokio::task::spawn_blocking(move || ask(&inner.directory)).await;
        asked.map_err(|error| AppError::internal(format!("asking a provider: {error}")))
    }

    /// The same for a look by a code, which the bucket slows down where codes lead nowhere.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Installation) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Refused> {
        let shared = self.clone();
        let looked = self.with(move |installation| {
            let now_us = installation.now_us();
            let mut bucket = shared.inner.bucket.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(seconds) = bucket.ask(now_us) {
                return Ok(Err(Refused::TooMany(seconds)));
            }
            let answer = work(installation);
            if answer.as_ref().is_err_and(|error| error.kind == chengxin_app::Kind::NotFound) {
                bucket.spend(now_us);
            }
            Ok(answer.map_err(Refused::App))
        });
        looked.await?
    }
}

fn too_many() -> AppError {
    AppError::new(Kind::Unavailable, "系统繁忙，请稍后重试", "too many requests wait already: try again in a moment")
}

#[expect(clippy::disallowed_methods, reason = "how much time has passed, not what time it is")]
fn started() -> Instant {
    Instant::now()
}

/// Refuses while the log contradicts itself: nothing may be written, and nothing disclosed that cannot be logged.
fn inner_sound(inner: &Inner) -> Result<(), AppError> {
    match inner.log.health().fault {
        None => Ok(()),
        Some(fault) => Err(AppError::new(Kind::Unavailable, fault.zh, fault.en)),
    }
}

/// Whoever comes without login, with a report in hand: the subject gave it to them.
pub(crate) fn public() -> Caller {
    Caller {
        actor: "public".to_owned(),
        role: Role::Public,
        authority: None,
        purpose: "核验报告真伪".to_owned(),
        ground: Ground::Consent("当事人出示的报告".to_owned()),
        standing: Standing::Anonymous,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::sync::mpsc;

    use chengxin_app::FixedClock;
    use chengxin_app::installation::NewInstallation;
    use chengxin_store::testing::Databases;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_done_apart_waits_for_nobody_who_holds_the_installation() {
        let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
        let new = NewInstallation {
            mode: Mode::Synthetic,
            profile: chengxin_seal::Profile::Intl,
            city: "云汀市".to_owned(),
            place: "990000".to_owned(),
            base_url: "https://credit.example".to_owned(),
            places: databases.places(),
        };
        let clock = Arc::new(FixedClock::on(jiff::civil::date(2026, 11, 21)));
        let operator = Caller::operator("operator", "test");
        let installation = Installation::init(&dir.path().join("data"), &new, clock, &operator).unwrap();
        let pool = Pool::of(&installation);
        let shared = Shared::new(installation, pool, Rate::default()).unwrap();

        let (taken, is_taken) = mpsc::channel();
        let (let_go, may_end) = mpsc::channel::<()>();
        let holder = shared.clone();
        let held = tokio::spawn(async move {
            let hold = move |_: &mut Installation| {
                taken.send(()).unwrap();
                may_end.recv().unwrap();
                Ok(())
            };
            holder.with(hold).await
        });
        is_taken.recv().unwrap();
        for _ in 0..2 {
            let apart = shared.with_apart(|installation| Ok(installation.now_us()));
            let came = tokio::time::timeout(Duration::from_secs(60), apart).await;
            assert!(came.expect("it waits for whoever holds the installation").is_ok());
        }
        let failed = shared.with_apart(|_| Err::<(), _>(AppError::internal("broken"))).await;
        assert!(failed.is_err() && shared.with_apart(|_| Ok(())).await.is_ok(), "the next is opened anew");
        let_go.send(()).unwrap();
        held.await.unwrap().unwrap();
    }
}
