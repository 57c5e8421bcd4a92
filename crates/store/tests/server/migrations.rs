//! Migrations that run at once, are interrupted, or meet a schema that is not theirs. Steps that fail are tested where steps
//! can be made up, in the crate itself.

use std::sync::Barrier;

use chengxin_pgtest::Options;
use chengxin_store::migrate::{self, KEYS, MAIN};
use chengxin_store::{KeyStore, ReadStore, Store, StoreError};

use crate::support::{City, append};

fn tables(city: &City) -> usize {
    city.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").parse().unwrap()
}

#[test]
fn several_that_migrate_an_empty_database_at_once_make_one_schema() {
    let city = City::empty(&Options::default());
    let (standing, missing) = migrate::plan(&city.place, MAIN).unwrap();
    assert_eq!((standing.found, standing.needed, missing.len()), (0, MAIN.newest(), MAIN.newest() as usize));
    assert_eq!(tables(&city), 0, "a plan changes nothing");
    let start = Barrier::new(4);
    let applied: Vec<usize> = std::thread::scope(|scope| {
        let run = || {
            start.wait();
            migrate::run(&city.place, MAIN).unwrap().len()
        };
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(applied.iter().sum::<usize>(), MAIN.newest() as usize, "{applied:?}");
    let history = city.psql("SELECT string_agg(number::text, ' ' ORDER BY number) FROM schema_migration");
    let expected: Vec<String> = (1..=MAIN.newest()).map(|number| number.to_string()).collect();
    assert_eq!(history, expected.join(" "));
    assert!(migrate::run(&city.place, MAIN).unwrap().is_empty());
    assert_eq!(migrate::plan(&city.place, MAIN).unwrap().0.found, MAIN.newest());
    assert_eq!(Store::open(&city.place).unwrap().write("test", append).unwrap(), 1);
}

#[test]
fn several_that_create_an_installation_at_once_make_one_schema() {
    let city = City::empty(&Options::default());
    let start = Barrier::new(3);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                start.wait();
                Store::create(&city.place).unwrap();
            });
        }
    });
    assert_eq!(city.psql("SELECT count(*) FROM schema_migration"), MAIN.newest().to_string());
}

#[test]
fn a_database_in_use_is_not_created_again() {
    let city = City::new(&Options::default());
    // Tables without an installation in them are what an administrator may have made.
    let mut store = Store::create(&city.place).unwrap();
    store.write("test", |tx| tx.set_setting("mode", "synthetic")).unwrap();
    let again = Store::create(&city.place);
    assert!(matches!(&again, Err(StoreError::Occupied(at)) if at.ends_with("/city")), "{again:?}");
    city.server.create_database("keys", None).unwrap();
    let keys = city.server.url("keys").parse().unwrap();
    KeyStore::create(&keys).unwrap().write(|tx| tx.set_meta("check", "x")).unwrap();
    assert!(matches!(KeyStore::create(&keys), Err(StoreError::Occupied(_))));
    assert!(migrate::run(&keys, KEYS).unwrap().is_empty());
}

#[test]
fn a_schema_that_is_newer_or_older_is_refused_and_left_alone() {
    let city = City::new(&Options::default());
    let newest = MAIN.newest();
    city.psql(&format!("INSERT INTO schema_migration (number, name) VALUES ({}, 'later')", newest + 1));
    let tables_before = tables(&city);
    let unknown = |outcome: Result<(), StoreError>| {
        assert!(
            matches!(&outcome, Err(StoreError::UnknownSchema { found, known }) if (*found, *known) == (newest + 1, newest)),
            "{outcome:?}"
        );
    };
    unknown(Store::open(&city.place).map(drop));
    unknown(ReadStore::open(&city.place).map(drop));
    unknown(Store::create(&city.place).map(drop));
    unknown(migrate::run(&city.place, MAIN).map(drop));
    assert_eq!(migrate::plan(&city.place, MAIN).unwrap().0.found, newest + 1, "a plan says how it is");
    assert_eq!(tables(&city), tables_before);

    city.psql(&format!("DELETE FROM schema_migration WHERE number >= {newest}"));
    for outcome in [Store::open(&city.place).map(drop), ReadStore::open_unhurried(&city.place).map(drop)] {
        assert!(
            matches!(outcome, Err(StoreError::OldSchema { found, known }) if (found, known) == (newest - 1, newest))
        );
    }
    let empty = City::empty(&Options::default());
    assert!(matches!(Store::open(&empty.place), Err(StoreError::OldSchema { found: 0, .. })));
    assert!(matches!(KeyStore::open(&empty.place), Err(StoreError::OldSchema { found: 0, .. })));
}
