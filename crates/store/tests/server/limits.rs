//! What takes too long, what is locked, and what the server has no room for.

use std::cell::Cell;

use chengxin_pgtest::Options;
use chengxin_store::testing::Hand;
use chengxin_store::{ReadStore, Store, StoreError};

use crate::support::{City, SECOND, append, setting, within};

#[test]
fn a_statement_past_its_time_limit_is_timed_out_and_nothing_of_its_transaction_is_kept() {
    let city = City::new(&Options::default());
    let place = city.with("options=-c%20statement_timeout=1s");
    let hand = Hand::in_(&place);
    within(SECOND * 20, || assert!(matches!(hand.batch("SELECT pg_sleep(30)"), Err(StoreError::TimedOut))));
    assert_eq!(hand.number("SELECT 1::bigint", &[]).unwrap(), 1, "the session goes on");

    let mut store = Store::open(&place).unwrap();
    let other = city.hand();
    other.batch("BEGIN; LOCK TABLE installation IN ACCESS EXCLUSIVE MODE").unwrap();
    let runs = Cell::new(0);
    let late = store.write("test", |tx| {
        runs.set(runs.get() + 1);
        append(tx)?;
        tx.set_setting("mode", "synthetic")
    });
    assert!(matches!(late, Err(StoreError::TimedOut)), "{late:?}");
    let reader = ReadStore::open(&place);
    assert!(matches!(reader.map(|reader| setting(&reader, "mode")), Ok(Err(StoreError::TimedOut))));
    other.batch("ROLLBACK").unwrap();
    assert_eq!((runs.get(), city.chain()), (1, (0, 0)));
    store.write("test", |tx| tx.set_setting("mode", "synthetic")).unwrap();
}

#[test]
fn what_another_holds_locked_for_too_long_is_busy() {
    let city = City::new(&Options::default());
    city.psql("INSERT INTO installation VALUES ('mode', 'before')");
    let mut store = Store::open(&city.with("options=-c%20lock_timeout=300ms")).unwrap();
    let other = city.hand();
    other.batch("BEGIN; UPDATE installation SET value = 'other'").unwrap();
    let busy = within(SECOND * 20, || store.write("test", |tx| tx.set_setting("mode", "ours")));
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
    other.batch("ROLLBACK").unwrap();
    store.write("test", |tx| tx.set_setting("mode", "ours")).unwrap();
    assert_eq!(store.view().setting("mode").unwrap().as_deref(), Some("ours"));
}

/// What the store makes of an error that the server raises inside a transaction. No disk can be filled without an
/// administrator's rights on this machine, so the server is made to say what it says on a full one.
#[test]
fn what_the_server_has_no_room_for_and_what_it_finds_damaged_is_told_and_leaves_nothing() {
    let city = City::new(&Options::default());
    let mut store = Store::open(&city.place).unwrap();
    let mut said = |state: &str| {
        city.psql(&format!(
            "CREATE OR REPLACE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '{state}'; END $$; \
             CREATE OR REPLACE TRIGGER fails BEFORE INSERT ON installation FOR EACH ROW EXECUTE FUNCTION fails()"
        ));
        let runs = Cell::new(0);
        let outcome = store.write("test", |tx| {
            runs.set(runs.get() + 1);
            append(tx)?;
            tx.set_setting("mode", "synthetic")
        });
        (outcome.unwrap_err(), runs.get())
    };
    assert!(matches!(said("53100"), (StoreError::Full, 1)));
    assert!(matches!(said("XX001"), (StoreError::Damaged(_), 1)));
    assert!(matches!(said("XX002"), (StoreError::Damaged(_), 1)));
    assert!(matches!(said("42501"), (StoreError::Rights(_), 1)));
    assert!(matches!(said("57014"), (StoreError::TimedOut, 1)));
    assert!(matches!(said("55P03"), (StoreError::Busy, 1)));
    assert!(matches!(said("22021"), (StoreError::Value(_), 1)));
    assert!(matches!(said("53200"), (StoreError::Engine(text), 1) if text.contains("53200")));
    let (error, runs) = said("40001");
    assert!(matches!(error, StoreError::Engine(_)) && runs > 1, "{error:?}");
    let (error, runs) = said("08006");
    assert!(matches!(error, StoreError::Unreachable { .. }) && runs > 1, "a node of Citus: {error:?}");
    assert_eq!(city.chain(), (0, 0));
    city.psql("DROP TRIGGER fails ON installation");
    assert_eq!(store.write("test", append).unwrap(), 1);
}
