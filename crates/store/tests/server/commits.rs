//! A connection that ends just when something is committed, and one that hangs: everything takes effect once, or it is said
//! that nobody knows.

use std::cell::Cell;
use std::sync::{Arc, Mutex};

use chengxin_pgtest::Options;
use chengxin_store::{Store, StoreError};

use crate::proxy::{self, Fault, Proxy};
use crate::support::{City, SECOND, append, within};

/// Appends one entry through a network that fails; the outcome, and how often the work was run.
fn append_through(
    place: &chengxin_store::Place,
    proxy: &Proxy,
    arm: impl FnOnce(&Proxy),
) -> (Result<i64, StoreError>, u32) {
    let mut store = Store::open(place).unwrap();
    let runs = Cell::new(0);
    arm(proxy);
    let outcome = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        append(tx)
    });
    assert!(proxy.happened(), "the network was to fail");
    if outcome.is_ok() {
        let number = store.write("test", append).unwrap();
        assert_eq!(number, 2, "the store is as good as before");
    }
    (outcome, runs.get())
}

#[test]
fn a_commit_that_does_not_arrive_is_run_again_and_takes_effect_once() {
    let city = City::new(&Options::default());
    let proxy = Proxy::before(city.server.port());
    let place = city.through(proxy.port, "");
    let (outcome, runs) = append_through(&place, &proxy, |proxy| proxy.at(proxy::commit, Fault::Cut));
    assert_eq!((outcome.unwrap(), runs, city.chain()), (1, 2, (2, 2)));
}

#[test]
fn a_commit_whose_answer_does_not_arrive_took_effect_and_is_not_run_again() {
    let city = City::new(&Options::default());
    let proxy = Proxy::before(city.server.port());
    let place = city.through(proxy.port, "");
    let (outcome, runs) = append_through(&place, &proxy, |proxy| proxy.at(proxy::commit, Fault::CutAnswer(0)));
    assert_eq!((outcome.unwrap(), runs, city.chain()), (1, 1, (2, 2)));
}

#[test]
fn a_transaction_that_only_reads_is_over_when_its_commit_is_lost() {
    let city = City::new(&Options::default());
    let proxy = Proxy::before(city.server.port());
    let mut store = Store::open(&city.through(proxy.port, "")).unwrap();
    let runs = Cell::new(0);
    for fault in [Fault::Cut, Fault::CutAnswer(0)] {
        proxy.at(proxy::commit, fault);
        let read = store.write("test", |tx| {
            runs.set(runs.get() + 1);
            tx.view().setting("mode")
        });
        assert_eq!(read.unwrap(), None);
        assert!(proxy.happened());
    }
    assert_eq!(runs.get(), 2);
}

#[test]
fn a_session_that_hangs_before_its_commit_is_ended_and_holds_nobody_up() {
    let city = City::new(&Options::default());
    let proxy = Proxy::before(city.server.port());
    let place = city.through(proxy.port, "");
    let (outcome, runs) =
        within(SECOND * 20, || append_through(&place, &proxy, |proxy| proxy.at(proxy::commit, Fault::Strand)));
    assert_eq!((outcome.unwrap(), runs, city.chain()), (1, 2, (2, 2)));
}

#[test]
fn a_server_that_is_killed_before_it_gets_the_commit_has_it_run_again() {
    let city = City::new(&Options::durable());
    let proxy = Proxy::before(city.server.port());
    let place = city.through(proxy.port, "");
    let city = Arc::new(Mutex::new(city));
    let crashes = Arc::clone(&city);
    let crash = move || crash(&mut crashes.lock().unwrap());
    let (outcome, runs) =
        append_through(&place, &proxy, |proxy| proxy.at(proxy::commit, Fault::CutThen(Box::new(crash))));
    assert_eq!((outcome.unwrap(), runs, city.lock().unwrap().chain()), (1, 2, (2, 2)));
}

#[test]
fn the_number_of_a_transaction_that_a_crash_forgot_proves_nothing_when_another_has_it() {
    let city = City::new(&Options::durable());
    let proxy = Proxy::before(city.server.port());
    let place = city.through(proxy.port, "");
    let city = Arc::new(Mutex::new(city));
    let crashes = Arc::clone(&city);
    let crash = move || {
        let mut city = crashes.lock().unwrap();
        crash(&mut city);
        // Others commit under the numbers that follow.
        city.psql(&"SELECT pg_current_xact_id();".repeat(20));
    };
    let (outcome, runs) =
        append_through(&place, &proxy, |proxy| proxy.at(proxy::commit, Fault::CutThen(Box::new(crash))));
    assert_eq!((outcome.unwrap(), runs, city.lock().unwrap().chain()), (1, 2, (2, 2)));
}

#[test]
fn a_server_that_is_killed_right_after_the_commit_is_asked_when_it_is_back() {
    let city = City::new(&Options::durable());
    let proxy = Proxy::before(city.server.port());
    let place = city.through(proxy.port, "");
    let city = Arc::new(Mutex::new(city));
    let crashes = Arc::clone(&city);
    let crash = move || crash(&mut crashes.lock().unwrap());
    let (outcome, runs) =
        append_through(&place, &proxy, |proxy| proxy.at(proxy::commit, Fault::CutAnswerThen(Box::new(crash))));
    assert_eq!((outcome.unwrap(), runs, city.lock().unwrap().chain()), (1, 1, (2, 2)));
}

fn crash(city: &mut City) {
    city.server.stop_now();
    city.server.start_again().unwrap();
}

#[test]
fn a_commit_that_nobody_can_be_asked_about_is_said_to_be_unknown() {
    let city = City::new(&Options::default());
    city.psql("CREATE ROLE clerk LOGIN PASSWORD 'p'; GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk");
    let proxy = Proxy::before(city.server.port());
    for (fault, effects) in [(Fault::CutAnswer(0), 1), (Fault::Cut, 1)] {
        city.psql("ALTER ROLE clerk LOGIN");
        let place = format!("postgres://clerk:p@127.0.0.1:{}/city", proxy.port).parse().unwrap();
        let (outcome, runs) = append_through(&place, &proxy, |proxy| {
            proxy.at(proxy::commit, fault);
            city.psql("ALTER ROLE clerk NOLOGIN");
        });
        assert!(matches!(outcome, Err(StoreError::CommitUnknown)), "{outcome:?}");
        assert_eq!((runs, city.chain().0), (1, effects));
    }
}

#[test]
fn a_commit_is_unknown_to_a_server_that_writes_another_history() {
    let city = City::new(&Options::durable().with("restore_command", "false"));
    let proxy = Proxy::before(city.server.port());
    let place = city.through(proxy.port, "");
    let city = Arc::new(Mutex::new(city));
    let fails_over = Arc::clone(&city);
    // As a standby that takes over does, it begins a history of its own.
    let take_over = move || {
        let mut city = fails_over.lock().unwrap();
        city.server.stop_now();
        std::fs::write(city.server.data_dir().join("recovery.signal"), "").unwrap();
        city.server.start_again().unwrap();
        let recovering = || city.psql("SELECT pg_is_in_recovery()") == "t";
        (0..400).take_while(|_| recovering()).for_each(|_| std::thread::sleep(SECOND / 20));
    };
    let (outcome, runs) =
        append_through(&place, &proxy, |proxy| proxy.at(proxy::commit, Fault::CutAnswerThen(Box::new(take_over))));
    assert!(matches!(outcome, Err(StoreError::CommitUnknown)), "{outcome:?}");
    assert_eq!(runs, 1);
}

#[test]
fn a_statement_that_is_never_answered_is_given_up_and_its_transaction_run_again() {
    give_up(proxy::log_append);
}

#[test]
fn a_commit_that_is_never_answered_is_given_up_and_asked_about() {
    give_up(proxy::commit);
}

fn give_up(word: fn(u8, &[u8]) -> bool) {
    let city = City::new(&Options::default());
    let proxy = Proxy::before(city.server.port());
    let place = city.through(proxy.port, "options=-c%20statement_timeout=1s");
    let (outcome, runs) =
        within(SECOND * 20, || append_through(&place, &proxy, |proxy| proxy.at(word, Fault::Swallow)));
    assert_eq!((outcome.unwrap(), runs, city.chain()), (1, 2, (2, 2)));
}

#[test]
fn a_connection_that_ends_amid_many_rows_has_them_loaded_once() {
    let city = City::new(&Options::default());
    let proxy = Proxy::before(city.server.port());
    let mut store = Store::open(&city.through(proxy.port, "")).unwrap();
    let subjects: Vec<_> = (0u16..3_000).map(crate::support::subject).collect();
    let runs = Cell::new(0);
    proxy.at(proxy::rows, Fault::Cut);
    let loaded: Result<(), StoreError> = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        tx.subjects_load(&subjects, 1, 1, 1_000)
    });
    loaded.unwrap();
    assert!(proxy.happened());
    assert_eq!((runs.get(), city.psql("SELECT count(*) FROM subject").as_str()), (2, "3000"));
}

#[test]
fn rows_that_were_handed_over_are_not_handed_over_again() {
    let city = City::new(&Options::default());
    let proxy = Proxy::before(city.server.port());
    let mut store = Store::open(&city.place).unwrap();
    let versions: Vec<_> = (0i64..2_000).map(|leaf| crate::support::version(5, leaf)).collect();
    store.write("test", |tx| tx.versions_add(&versions)).unwrap();
    let reader = chengxin_store::ReadStore::open(&city.through(proxy.port, "")).unwrap();
    let count = |from: usize| {
        let mut seen = 0;
        proxy.at(proxy::values, Fault::CutAnswer(from));
        let streamed = reader.view().submission_leaves(5, |_| seen += 1);
        assert!(proxy.happened());
        (streamed, seen)
    };
    let (streamed, seen) = count(20_000);
    assert!(matches!(streamed, Err(StoreError::Unreachable { .. })), "{streamed:?}");
    assert!(seen > 0 && seen < 2_000, "{seen}");
    let (streamed, seen) = count(0);
    assert_eq!((streamed.unwrap(), seen), (2_000, 2_000), "nothing had been handed over: asked once more");
    assert!(proxy.connections() >= 3);
}
