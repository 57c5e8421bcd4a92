//! The one writer of a server: many waiting entries become durable in one transaction, and none is answered before it is.
//!
//! An `fsync` takes milliseconds and serves one entry as well as a hundred, so entries that arrive while the disk is busy
//! wait for the next one together. Between them the same thread sequences, so that it never waits for itself.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chengxin_core::dates::shanghai_date;
use chengxin_core::{Caller, Say};
use chengxin_store::{Claim, Place, Store};
use jiff::civil::Date;
use serde_json::Value;

use super::sequence::{SEQUENCER, Sequenced, Sequencer, is_inconsistent};
use crate::clock::Clock;
use crate::keyring::Keyring;
use crate::{AppError, Installation, Kind, journal};

/// Entries made durable at once. Beyond it a transaction takes longer than the disk, and readers of the log wait.
const AT_ONCE: usize = 256;
/// Entries that may wait; who comes then is told to try again.
const WAITING: usize = 4_096;
/// How long whoever sequences does so without making sure that it is still its turn; how soon another takes over.
const SURE_FOR: Duration = Duration::from_secs(1);
/// How often the tree grows while entries come: at least once a second is promised.
const SEQUENCE_EVERY: Duration = Duration::from_millis(250);

/// An act about to be logged.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Whom it concerns.
    pub subject: [u8; 16],
    /// Name from the list of operations.
    pub operation: &'static str,
    /// Who acts.
    pub caller: Caller,
    /// Record ids, versions, recipient; never a name or number of a person.
    pub detail: Value,
    /// Chains of which the detail says, as `shown`, how many entries they have before this one. That is known when it is written, which may be behind others that
    /// waited with it.
    pub shown: Vec<[u8; 16]>,
}

impl NewEntry {
    /// One that says what it says whenever it is written.
    #[must_use]
    pub fn new(subject: [u8; 16], operation: &'static str, caller: Caller, detail: Value) -> Self {
        Self { subject, operation, caller, detail, shown: Vec::new() }
    }
}

/// An entry that is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Its number among the subject's.
    pub number: i64,
    /// Its commitment.
    pub commitment: [u8; 32],
}

/// Who takes the entries into the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequencing {
    /// This writer, between its commits.
    Here,
    /// Another process, or whoever asks for it later.
    Elsewhere,
}

/// How the log of a server fares: for its health page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogHealth {
    /// Leaves under the newest head.
    pub size: u64,
    /// When the tree was last found up to date, microseconds UTC.
    pub sequenced_us: i64,
    /// Why nothing is written any more.
    pub fault: Option<Say>,
}

type Reply = Box<dyn FnOnce(Result<Written, AppError>) + Send>;

struct Job {
    entry: NewEntry,
    reply: Reply,
}

/// The writing thread. Ends, with everything written and sequenced, when it is dropped.
#[derive(Debug)]
pub struct LogWriter {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    health: Arc<Mutex<LogHealth>>,
}

impl LogWriter {
    /// Starts the thread over a connection of its own.
    ///
    /// # Errors
    /// The store's; an inconsistent log is no error here but a fault in [`Self::health`].
    pub fn start(installation: &Installation) -> Result<Self, AppError> {
        Self::start_with(installation, Sequencing::Here)
    }

    /// The same, saying who sequences.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(installation: &Installation, sequencing: Sequencing) -> Result<Self, AppError> {
        let mut store = Store::open(installation.database())?;
        store.set_eager()?;
        let (jobs, todo) = sync_channel(WAITING);
        let health = Arc::new(Mutex::new(LogHealth::default()));
        let hand = Hand {
            sequencing,
            store,
            keys: installation.keys.clone(),
            clock: Arc::clone(&installation.clock),
            sequencer: installation.sequencer(),
            health: Arc::clone(&health),
            revealed: None,
            turn: Turn::at(installation.database()),
        };
        let thread = std::thread::Builder::new().name("log-writer".to_owned()).spawn(move || hand.run(&todo));
        let thread = thread.map_err(|error| AppError::internal(format!("start the log writer: {error}")))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), health })
    }

    /// Hands an entry over. `reply` is called from the writing thread once it is durable, or could not be made so; the
    /// answer that it logs leaves only then.
    pub fn write(&self, entry: NewEntry, reply: impl FnOnce(Result<Written, AppError>) + Send + 'static) {
        if let Some(fault) = self.health().fault {
            return reply(Err(AppError::new(Kind::Unavailable, fault.zh, fault.en)));
        }
        let job = Job { entry, reply: Box::new(reply) };
        let sent = match &self.jobs {
            Some(jobs) => jobs.try_send(job).map_err(|error| match error {
                std::sync::mpsc::TrySendError::Full(job) | std::sync::mpsc::TrySendError::Disconnected(job) => job,
            }),
            None => Err(job),
        };
        if let Err(job) = sent {
            (job.reply)(Err(busy()));
        }
    }

    /// The same, waiting for the answer: for tests and for callers with a thread of their own.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] where the entry could not be made durable: then nothing may be disclosed.
    pub fn write_and_wait(&self, entry: NewEntry) -> Result<Written, AppError> {
        let (answer, answered) = sync_channel(1);
        self.write(entry, move |result| drop(answer.send(result)));
        answered.recv().unwrap_or_else(|_| Err(AppError::internal("the log writer ended early")))
    }

    /// How the log fares.
    #[must_use]
    pub fn health(&self) -> LogHealth {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for LogWriter {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was reported when it happened.
            drop(thread.join());
        }
    }
}

fn busy() -> AppError {
    AppError::new(
        Kind::Unavailable,
        "系统繁忙，未作任何查询；请稍后重试",
        "too much is waiting to be logged, so nothing was looked up: try again in a moment",
    )
}

/// When the tree is to grow next. By the monotonic clock: it must, whatever day the installation thinks it is.
struct Due(Option<Instant>);

impl Due {
    fn now() -> Self {
        Self(None)
    }

    #[expect(clippy::disallowed_methods, reason = "how long ago, not what time it is")]
    fn later() -> Self {
        Self(Some(Instant::now()))
    }

    fn is_over(&self) -> bool {
        self.0.is_none_or(|since| since.elapsed() >= SEQUENCE_EVERY)
    }
}

struct Hand {
    sequencing: Sequencing,
    store: Store,
    keys: Keyring,
    clock: Arc<dyn Clock>,
    sequencer: Sequencer,
    health: Arc<Mutex<LogHealth>>,
    /// Day up to which everything hidden was revealed.
    revealed: Option<Date>,
    turn: Turn,
}

/// Whose turn it is at the tree. Of all processes on a database one sequences; where it ends, the next that asks takes over.
/// Should two ever think that it is theirs, the head in the database lets one go on.
struct Turn {
    place: Place,
    claim: Option<Claim>,
    /// When it was last made sure of.
    sure: Option<Instant>,
}

impl Turn {
    fn at(place: &Place) -> Self {
        Self { place: place.clone(), claim: None, sure: None }
    }

    /// Is it ours?
    #[expect(clippy::disallowed_methods, reason = "how long ago, not what time it is")]
    fn is_ours(&mut self) -> bool {
        if self.sure.is_some_and(|since| since.elapsed() < SURE_FOR) {
            return self.claim.is_some();
        }
        self.sure = Some(Instant::now());
        if self.claim.as_ref().is_some_and(Claim::holds) {
            return true;
        }
        self.claim = None;
        match Claim::take(&self.place, SEQUENCER) {
            Ok(claim) => self.claim = claim,
            Err(error) => tracing::warn!(%error, "whose turn it is at the tree could not be found out"),
        }
        self.claim.is_some()
    }

    /// Is it ours now, whatever was found a moment ago? The one that had it may have ended since.
    fn is_ours_by_now(&mut self) -> bool {
        self.sure = None;
        self.is_ours()
    }
}

impl Hand {
    fn run(mut self, todo: &Receiver<Job>) {
        let mut due = Due::now();
        loop {
            let first = match todo.recv_timeout(SEQUENCE_EVERY) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if let Some(first) = first {
                let batch: Vec<Job> = std::iter::once(first).chain(todo.try_iter().take(AT_ONCE - 1)).collect();
                self.commit(batch);
            }
            if self.sequencing != Sequencing::Here || !due.is_over() {
                continue;
            }
            if self.turn.is_ours() {
                let now_us = self.clock.now_us();
                self.reveal(now_us);
                // Where a whole batch waited there is more: it goes on with the next commit, not with the next quarter second.
                let more = self.sequence(now_us).is_some_and(|done| done.is_full());
                due = if more { Due::now() } else { Due::later() };
            } else {
                self.watch();
                due = Due::later();
            }
        }
        while self.sequencing == Sequencing::Here
            && self.turn.is_ours_by_now()
            && self.sequence(self.clock.now_us()).is_some_and(|done| done.entries > 0)
        {}
    }

    fn commit(&mut self, batch: Vec<Job>) {
        let (keys, now_us) = (&self.keys, self.clock.now_us());
        let faulty = self.health.lock().unwrap_or_else(PoisonError::into_inner).fault.is_some();
        let written = if faulty {
            Err(busy())
        } else {
            self.store.write("log_write", |tx| -> Result<Vec<Written>, AppError> {
                let acts: Vec<&NewEntry> = batch.iter().map(|job| &job.entry).collect();
                let rows = journal::log_about_all(tx, keys, now_us, &acts)?;
                Ok(rows.iter().map(|row| Written { number: row.number, commitment: row.commitment }).collect())
            })
        };
        match written {
            Ok(written) => {
                for (job, written) in batch.into_iter().zip(written) {
                    (job.reply)(Ok(written));
                }
            }
            Err(error) => {
                tracing::warn!(%error, entries = batch.len(), "log entries could not be made durable");
                for job in batch {
                    (job.reply)(Err(AppError::new(error.kind, error.public.zh.clone(), error.public.en.clone())));
                }
            }
        }
    }

    /// On each new day, and at the start, reveals what a law had hidden until then.
    fn reveal(&mut self, now_us: i64) {
        let today = shanghai_date(now_us);
        let faulty = self.health.lock().unwrap_or_else(PoisonError::into_inner).fault.is_some();
        if self.revealed == Some(today) || faulty {
            return;
        }
        match journal::reveal_due(&mut self.store, &self.keys, now_us) {
            Ok(_) => self.revealed = Some(today),
            // A busy or full disk passes: it is tried again with the next sequencing.
            Err(error) => tracing::warn!(%error, "what was hidden until today could not be revealed"),
        }
    }

    /// Where another sequences: what it has come to, for the health page.
    fn watch(&mut self) {
        let head = self.store.view().log_head();
        let waits = self.store.view().log_unsequenced(1);
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        match (head, waits) {
            (Ok(head), Ok(waits)) => {
                health.size = head.map_or(0, |head| head.size.unsigned_abs());
                if waits.is_empty() {
                    health.sequenced_us = self.clock.now_us();
                }
            }
            (Err(error), _) | (_, Err(error)) => tracing::warn!(%error, "how far the tree has come could not be read"),
        }
    }

    fn sequence(&mut self, now_us: i64) -> Option<Sequenced> {
        let done = self.sequencer.run_batch(&mut self.store, self.clock.as_ref());
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        match done {
            Ok(done) => {
                (health.size, health.sequenced_us) = (done.size, now_us);
                Some(done)
            }
            Err(error) => {
                tracing::warn!(%error, "sequencing failed");
                // A conflict is another server's success, a full or busy disk passes; an inconsistent log does not.
                if is_inconsistent(&error) {
                    health.fault = Some(error.public);
                }
                None
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::sync::mpsc::channel;

    use chengxin_core::{Ground, Role};
    use chengxin_seal::Profile;
    use serde_json::json;

    use super::*;
    use crate::installation::NewInstallation;
    use crate::{FixedClock, Mode};

    fn installation(dir: &std::path::Path) -> Installation {
        let new = NewInstallation {
            mode: Mode::Synthetic,
            profile: Profile::Intl,
            city: "虚构市".to_owned(),
            place: "990000".to_owned(),
            base_url: "https://credit.example".to_owned(),
            places: None,
        };
        let clock = Arc::new(FixedClock::on(jiff::civil::date(2026, 11, 20)));
        Installation::init(dir, &new, clock, &Caller::operator("test", "test")).unwrap()
    }

    fn hand(installation: &Installation) -> Hand {
        Hand {
            sequencing: Sequencing::Here,
            store: Store::open(installation.database()).unwrap(),
            keys: installation.keys.clone(),
            clock: Arc::clone(&installation.clock),
            sequencer: installation.sequencer(),
            health: Arc::default(),
            revealed: None,
            turn: Turn::at(installation.database()),
        }
    }

    /// Commits entries about one subject; how each was answered.
    fn commit(hand: &mut Hand, count: usize) -> Vec<Result<Written, AppError>> {
        let (tell, told) = channel();
        let caller = Caller {
            actor: "resident".to_owned(),
            role: Role::Resident,
            authority: None,
            purpose: "test".to_owned(),
            ground: Ground::OwnRight,
            standing: chengxin_core::Standing::Console,
        };
        let job = |_| {
            let tell = tell.clone();
            let detail = json!({ "records": [["00".repeat(16), 1]] });
            let entry = NewEntry::new([7; 16], "record_list", caller.clone(), detail);
            Job { entry, reply: Box::new(move |written| drop(tell.send(written))) }
        };
        hand.commit((0..count).map(job).collect());
        told.try_iter().collect()
    }

    #[test]
    fn how_far_chains_went_is_what_stands_before_an_entry_though_others_were_written_together_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let installation = installation(&dir.path().join("data"));
        let mut hand = hand(&installation);
        let own = |subject, shown: &[[u8; 16]]| {
            let caller =
                Caller { role: Role::Resident, ground: Ground::OwnRight, ..Caller::operator("resident", "test") };
            NewEntry { shown: shown.to_vec(), ..NewEntry::new([subject; 16], "log_lines", caller, json!({ "why": 1 })) }
        };
        let both = [[7; 16], [8; 16]];
        for batch in [vec![own(7, &[]), own(8, &[]), own(7, &both), own(7, &both[..1])], vec![own(8, &both)]] {
            let (tell, told) = channel();
            let job = |entry| {
                let tell = tell.clone();
                Job { entry, reply: Box::new(move |written| drop(tell.send(written))) }
            };
            hand.commit(batch.into_iter().map(job).collect());
            drop(tell);
            assert!(told.iter().all(|written| written.is_ok()));
        }
        let details = |subject: u8| {
            let rows = hand.store.view().log_of_subject(&[subject; 16], 0, 9).unwrap();
            rows.into_iter().map(|row| row.detail).collect::<Vec<_>>()
        };
        assert_eq!(details(7), [r#"{"why":1}"#, r#"{"why":1,"shown":[1,1]}"#, r#"{"why":1,"shown":[2]}"#]);
        assert_eq!(details(8), [r#"{"why":1}"#, r#"{"why":1,"shown":[3,1]}"#]);
    }

    #[test]
    fn on_a_full_disk_nothing_is_answered_and_afterwards_it_goes_on_where_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let installation = installation(&dir.path().join("data"));
        let mut hand = hand(&installation);
        let full = hand.store.pages().unwrap() + 4;
        hand.store.set_page_limit(full).unwrap();
        let mut durable = 0;
        let refused = loop {
            let told = commit(&mut hand, 64);
            assert_eq!(told.len(), 64, "everybody is told");
            match told.into_iter().collect::<Result<Vec<_>, _>>() {
                Ok(written) => durable += written.len() as i64,
                Err(error) => break error,
            }
        };
        assert_eq!(refused.kind, Kind::Unavailable);
        assert!(refused.public.zh.contains("磁盘空间不足"), "{refused}");
        let view = hand.store.view();
        assert_eq!(view.log_last_number(&[7; 16]).unwrap(), durable, "what was not answered is not there");

        hand.store.set_page_limit(full + 10_000).unwrap();
        let next = commit(&mut hand, 1).remove(0).unwrap();
        assert_eq!(next.number, durable + 1);
        while hand.sequence(0).is_some_and(|done| done.entries > 0) {}
        assert!(hand.health.lock().unwrap().fault.is_none(), "a full disk is no inconsistent log");
        let auditor = Caller { role: Role::Auditor, ..Caller::operator("auditor", "test") };
        let verified = installation.log_verify(&auditor, None).unwrap();
        assert!(verified.is_whole(), "{:?}", verified.findings);
    }
}
