//! Transactions that collide, work that fails, and what is left of it: nothing.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};

use chengxin_pgtest::Options;
use chengxin_store::{Store, StoreError};

use crate::support::{CHAIN, City, SECOND, Sum, append, version, within};

#[test]
fn four_that_append_to_one_chain_number_it_without_a_gap() {
    numbered_by(4, 50);
}

/// One that is always ahead of the others would have them lose for as long as it writes.
#[test]
fn of_a_dozen_that_append_to_one_chain_none_loses_for_ever() {
    let most = numbered_by(12, 20);
    assert!(most <= 10, "one was run {most} times");
}

/// Has threads append to one chain; how often one transaction was run at most.
fn numbered_by(threads: usize, times: usize) -> u32 {
    let city = City::new(&Options::default());
    let most = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut store = Store::open(&city.place).unwrap();
                for _ in 0..times {
                    let mut runs = 0;
                    let appended = store.write("test", |tx| {
                        runs += 1;
                        append(tx)
                    });
                    appended.unwrap();
                    most.fetch_max(runs, Ordering::SeqCst);
                }
            });
        }
    });
    let all = i64::try_from(threads * times).unwrap();
    assert_eq!(city.chain(), (all, all));
    let store = Store::open(&city.place).unwrap();
    let entries = store.view().log_of_subject(&CHAIN, 0, 500).unwrap();
    let mut previous = [0; 32];
    for (entry, number) in entries.iter().zip(1..) {
        assert_eq!((entry.number, entry.previous), (number, previous));
        assert_eq!(entry.expected_commitment(&Sum, &CHAIN), entry.commitment);
        previous = entry.commitment;
    }
    most.into_inner()
}

#[test]
fn many_that_open_submissions_at_once_number_them_without_a_gap() {
    let city = City::new(&Options::default());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let mut store = Store::open(&city.place).unwrap();
                for _ in 0..5 {
                    let open = |tx: &chengxin_store::Tx<'_>| {
                        tx.submission_open("office", "item", "a.csv", &[1; 32], &[2; 32], 1, "clerk", "")
                    };
                    store.write("test", open).unwrap();
                }
            });
        }
    });
    assert_eq!(city.psql("SELECT count(*), min(submission_id), max(submission_id) FROM submission"), "30|1|30");
}

#[test]
fn two_that_wait_for_each_other_both_succeed() {
    let city = City::new(&Options::default());
    city.psql("INSERT INTO installation VALUES ('a', '0'), ('b', '0')");
    // The server looks for such a knot only after a while: one second.
    let (met, runs) = (Barrier::new(2), AtomicU32::new(0));
    within(SECOND * 20, || {
        std::thread::scope(|scope| {
            for (first, second) in [("a", "b"), ("b", "a")] {
                let (city, met, runs) = (&city, &met, &runs);
                scope.spawn(move || {
                    let mut store = Store::open(&city.place).unwrap();
                    let mut alone = false;
                    let done: Result<(), StoreError> = store.write("test", |tx| {
                        runs.fetch_add(1, Ordering::SeqCst);
                        tx.set_setting(first, first)?;
                        if !std::mem::replace(&mut alone, true) {
                            met.wait();
                        }
                        tx.set_setting(second, first)
                    });
                    done.unwrap();
                });
            }
        });
    });
    assert!(runs.into_inner() > 2, "one of them was run again");
    let both = city.psql("SELECT DISTINCT value FROM installation");
    assert!(both == "a" || both == "b", "one behind the other: {both}");
}

#[test]
fn a_row_that_is_always_there_already_is_an_error_and_not_tried_for_ever() {
    let city = City::new(&Options::default());
    let mut store = Store::open(&city.place).unwrap();
    store.write("test", |tx| tx.version_add(&version(1, 1))).unwrap();
    let runs = Cell::new(0);
    let again = within(SECOND * 20, || {
        store.write("test", |tx| {
            runs.set(runs.get() + 1);
            append(tx)?;
            tx.version_add(&version(1, 1))
        })
    });
    let error = again.unwrap_err();
    assert!(matches!(&error, StoreError::Engine(said) if said.starts_with("23505")), "{error:?}");
    assert!((2..50).contains(&runs.get()), "{}", runs.get());
    assert_eq!(city.chain(), (0, 0));
    assert_eq!(store.write("test", append).unwrap(), 1);
}

#[test]
fn work_that_passes_over_a_failed_statement_is_not_committed() {
    let city = City::new(&Options::default());
    city.psql("ALTER TABLE installation ADD CHECK (name <> 'forbidden')");
    let mut store = Store::open(&city.place).unwrap();
    let runs = Cell::new(0);
    let done: Result<(), StoreError> = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        append(tx)?;
        drop(tx.set_setting("forbidden", "x"));
        Ok(())
    });
    assert!(matches!(done, Err(StoreError::Engine(_))), "{done:?}");
    assert_eq!((runs.get(), city.chain()), (1, (0, 0)));
    assert_eq!(store.write("test", append).unwrap(), 1);
}

#[test]
fn work_that_passes_over_a_collision_is_run_again() {
    let city = City::new(&Options::default());
    let (mut store, mut other) = (Store::open(&city.place).unwrap(), Store::open(&city.place).unwrap());
    let runs = Cell::new(0);
    let done: Result<bool, StoreError> = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        tx.view().log_last_number(&CHAIN)?;
        if runs.get() == 1 {
            other.write("other", append)?;
        }
        // Behind a collision the server refuses everything: that is no reason to give up.
        let (first, second) = (append(tx), append(tx));
        Ok(first.is_ok() && second.is_ok())
    });
    assert!(done.unwrap());
    assert_eq!((runs.get(), city.chain()), (2, (3, 3)));
}

#[test]
fn work_that_fails_or_panics_leaves_nothing_and_a_store_that_can_be_used() {
    let city = City::new(&Options::default());
    let mut store = Store::open(&city.place).unwrap();
    let failed: Result<(), StoreError> = store.write("test", |tx| {
        append(tx)?;
        Err(StoreError::Conflict("ours"))
    });
    assert!(matches!(failed, Err(StoreError::Conflict("ours"))));
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.write("test", |tx| -> Result<(), StoreError> {
            append(tx)?;
            panic!("made up")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(city.chain(), (0, 0));
    assert_eq!(store.view().setting("mode").unwrap(), None, "no transaction is open");
    assert_eq!(city.psql("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'"), "0");
    assert_eq!(store.write("test", append).unwrap(), 1);
}

#[test]
fn a_panic_while_rows_are_read_leaves_a_store_that_can_be_used() {
    let city = City::new(&Options::default());
    let mut store = Store::open(&city.place).unwrap();
    let versions: Vec<_> = (0..500).map(|leaf| version(1, leaf)).collect();
    store.write("test", |tx| tx.versions_add(&versions)).unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.write("test", |tx| {
            append(tx)?;
            tx.view().submission_leaves(1, |_| panic!("made up"))
        })
    }));
    assert!(panicked.is_err());
    let mut seen = 0;
    assert_eq!(store.view().submission_leaves(1, |_| seen += 1).unwrap(), 500);
    assert_eq!((seen, store.write("test", append).unwrap(), city.chain()), (500, 1, (1, 1)));
}

#[test]
fn who_asks_while_rows_are_handed_over_gets_an_error_and_no_panic() {
    let city = City::new(&Options::default());
    let mut store = Store::open(&city.place).unwrap();
    store.write("test", |tx| tx.version_add(&version(1, 1))).unwrap();
    let mut asked = None;
    let view = store.view();
    assert_eq!(view.submission_leaves(1, |_| asked = Some(view.setting("mode"))).unwrap(), 1);
    assert!(matches!(asked, Some(Err(StoreError::Engine(_)))), "{asked:?}");
    assert_eq!(store.view().setting("mode").unwrap(), None);
}
