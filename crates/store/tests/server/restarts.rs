//! A server that is killed and comes back, and sessions that it ends.

use std::cell::{Cell, RefCell};

use chengxin_pgtest::Options;
use chengxin_store::{Claim, KeyStore, ReadStore, Store, StoreError};

use crate::support::{City, SECOND, append, setting, within};

/// Kills the server; it is back when this returns.
fn crash(city: &mut City) {
    city.server.stop_now();
    city.server.start_again().unwrap();
}

#[test]
fn reading_goes_on_after_a_restart_and_waits_for_it() {
    let mut city = City::new(&Options::durable());
    let mut store = Store::open(&city.place).unwrap();
    store.write("test", |tx| tx.set_setting("mode", "synthetic")).unwrap();
    let reader = ReadStore::open(&city.place).unwrap();
    assert_eq!(setting(&reader, "mode").unwrap().as_deref(), Some("synthetic"));
    crash(&mut city);
    assert_eq!(setting(&reader, "mode").unwrap().as_deref(), Some("synthetic"));
    city.server.stop_now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(SECOND);
            city.server.start_again().unwrap();
        });
        assert_eq!(setting(&reader, "mode").unwrap().as_deref(), Some("synthetic"));
    });
}

#[test]
fn a_transaction_that_a_restart_interrupts_is_run_again_from_its_beginning() {
    let city = RefCell::new(City::new(&Options::durable()));
    let mut store = Store::open(&city.borrow().place).unwrap();
    let runs = Cell::new(0);
    let number = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        let number = append(tx)?;
        if runs.get() == 1 {
            crash(&mut city.borrow_mut());
            assert!(matches!(append(tx), Err(StoreError::Unreachable { .. })), "the first run sees it");
        }
        append(tx)?;
        Ok::<_, StoreError>(number)
    });
    assert_eq!((number.unwrap(), runs.get()), (1, 2));
    assert_eq!(city.borrow().chain(), (2, 2));
}

#[test]
fn a_restart_between_the_last_statement_and_the_commit_has_it_run_again() {
    let city = RefCell::new(City::new(&Options::durable()));
    let mut store = Store::open(&city.borrow().place).unwrap();
    let runs = Cell::new(0);
    let done: Result<(), StoreError> = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        append(tx)?;
        if runs.get() == 1 {
            crash(&mut city.borrow_mut());
        }
        Ok(())
    });
    done.unwrap();
    assert_eq!(runs.get(), 2);
    assert_eq!(city.borrow().chain(), (1, 1));
}

#[test]
fn work_that_makes_nothing_of_a_lost_connection_is_run_again_all_the_same() {
    let city = RefCell::new(City::new(&Options::durable()));
    let mut store = Store::open(&city.borrow().place).unwrap();
    let runs = Cell::new(0);
    let done: Result<bool, StoreError> = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        append(tx)?;
        if runs.get() == 1 {
            crash(&mut city.borrow_mut());
        }
        Ok(append(tx).is_ok())
    });
    assert!(done.unwrap());
    assert_eq!((runs.get(), city.borrow().chain()), (2, (2, 2)));
}

#[test]
fn work_that_can_be_done_only_once_fails_at_a_restart_and_leaves_nothing() {
    let city = RefCell::new(City::new(&Options::durable()));
    let mut store = Store::open(&city.borrow().place).unwrap();
    let done = store.write_once("test", |tx| {
        append(tx)?;
        crash(&mut city.borrow_mut());
        append(tx)
    });
    assert!(matches!(done, Err(StoreError::Conflict("test") | StoreError::Unreachable { .. })), "{done:?}");
    assert_eq!(city.borrow().chain(), (0, 0));
    assert_eq!(store.write_once("test", append).unwrap(), 1);
}

#[test]
fn a_transaction_that_brings_the_server_down_is_not_run_for_ever() {
    let city = RefCell::new(City::new(&Options::durable()));
    let mut store = Store::open(&city.borrow().place).unwrap();
    let runs = Cell::new(0);
    let done: Result<(), StoreError> = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        append(tx)?;
        city.borrow().psql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE state LIKE 'idle in%'");
        append(tx).map(drop)
    });
    assert!(matches!(done, Err(StoreError::Unreachable { .. })), "{done:?}");
    assert!(runs.get() <= 4, "{}", runs.get());
    assert_eq!(city.borrow().chain(), (0, 0));
    assert_eq!(store.write("test", append).unwrap(), 1);
}

#[test]
fn a_frozen_view_ends_with_its_connection_and_shows_no_other_state() {
    let mut city = City::new(&Options::durable());
    let mut store = Store::open(&city.place).unwrap();
    store.write("test", |tx| tx.set_setting("mode", "before")).unwrap();
    let reader = ReadStore::open_unhurried(&city.place).unwrap();
    reader.freeze().unwrap();
    store.write("test", |tx| tx.set_setting("mode", "after")).unwrap();
    assert_eq!(setting(&reader, "mode").unwrap().as_deref(), Some("before"));
    crash(&mut city);
    for _ in 0..2 {
        assert!(matches!(setting(&reader, "mode"), Err(StoreError::Unreachable { .. })));
    }
    reader.freeze().unwrap();
    assert_eq!(setting(&reader, "mode").unwrap().as_deref(), Some("after"));
}

#[test]
fn sessions_that_the_server_ends_while_nothing_is_asked_are_made_anew() {
    let city = City::new(&Options::default());
    let (mut store, reader) = (Store::open(&city.place).unwrap(), ReadStore::open(&city.place).unwrap());
    store.write("test", |tx| tx.set_setting("mode", "synthetic")).unwrap();
    for _ in 0..2 {
        city.psql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'chengxin'");
        assert_eq!(setting(&reader, "mode").unwrap().as_deref(), Some("synthetic"));
        store.write("test", append).unwrap();
    }
    assert_eq!(city.chain(), (2, 2));
}

#[test]
fn a_session_that_ends_because_its_transaction_waited_too_long_is_run_again() {
    let city = City::new(&Options::default());
    let mut store = Store::open(&city.with("options=-c%20idle_in_transaction_session_timeout=1s")).unwrap();
    let runs = Cell::new(0);
    let number = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        append(tx)?;
        if runs.get() == 1 {
            std::thread::sleep(SECOND * 3);
        }
        append(tx)
    });
    assert_eq!((number.unwrap(), runs.get(), city.chain()), (2, 2, (2, 2)));
}

#[test]
fn statements_that_mean_something_else_since_a_migration_are_understood_anew() {
    let city = City::new(&Options::default());
    let (mut store, reader) = (Store::open(&city.place).unwrap(), ReadStore::open(&city.place).unwrap());
    store.write("test", |tx| tx.set_setting("mode", "synthetic")).unwrap();
    assert!(store.view().setting("mode").unwrap().is_some() && setting(&reader, "mode").unwrap().is_some());
    city.psql("ALTER TABLE installation ALTER COLUMN value TYPE TEXT COLLATE \"default\"");
    assert_eq!(setting(&reader, "mode").unwrap().as_deref(), Some("synthetic"));
    let runs = Cell::new(0);
    let mode = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        tx.view().setting("mode")
    });
    assert_eq!((mode.unwrap().as_deref(), runs.get()), (Some("synthetic"), 2));
}

#[test]
fn a_database_that_is_gone_is_missing_and_nobody_waits_for_it() {
    let city = City::new(&Options::default());
    let (mut store, reader) = (Store::open(&city.place).unwrap(), ReadStore::open(&city.place).unwrap());
    city.server.psql("postgres", "DROP DATABASE city WITH (FORCE)").unwrap();
    within(SECOND * 20, || {
        assert!(matches!(setting(&reader, "mode"), Err(StoreError::Missing(_))));
        assert!(matches!(store.write("test", append), Err(StoreError::Missing(_))));
    });
}

#[test]
fn the_key_store_outlives_a_restart_too() {
    let mut city = City::empty(&Options::durable());
    let mut keys = KeyStore::create(&city.place).unwrap();
    keys.write(|tx| tx.subject_key_set(&[1; 16], 1, &[5; 40])).unwrap();
    crash(&mut city);
    assert_eq!(keys.subject_key(&[1; 16]).unwrap(), Some((1, vec![5; 40])));
    crash(&mut city);
    keys.write(|tx| tx.subject_key_remove(&[1; 16])).unwrap();
    crash(&mut city);
    keys.checkpoint().unwrap();
    assert_eq!(keys.subject_key(&[1; 16]).unwrap(), None);
}

#[test]
fn a_store_may_go_to_another_thread_and_be_let_go_by_a_task() {
    fn can_be_sent<T: Send>(_: &T) {}
    let city = City::new(&Options::default());
    let (store, reader) = (Store::open(&city.place).unwrap(), ReadStore::open(&city.place).unwrap());
    let (keys, claim) = (KeyStore::open(&city.place), Claim::take(&city.place, "import").unwrap());
    can_be_sent(&store);
    can_be_sent(&reader);
    can_be_sent(&keys);
    can_be_sent(&claim);
    city.psql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'chengxin'");
    assert!(!claim.as_ref().unwrap().holds());
    assert_eq!(setting(&reader, "mode").unwrap(), None);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let task = runtime.spawn(async move { drop((store, reader, keys, claim)) });
    runtime.block_on(task).unwrap();
}
