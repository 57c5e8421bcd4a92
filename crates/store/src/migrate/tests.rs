//! Steps that fail or are interrupted, on a server of one's own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use chengxin_pgtest::Options;

use super::{Migration, Schema, Standing, plan, run};
use crate::StoreError;
use crate::place::Place;

/// Steps numbered from 1, each a text for a server.
fn schema(steps: &[&'static str]) -> Schema {
    let step = |(number, postgres): (i64, &&'static str)| Migration {
        number,
        name: "made_up",
        sqlite: "",
        postgres,
        citus: "",
    };
    // A test makes few, and ends.
    Schema { filled: &["one"], steps: Box::leak((1..).zip(steps).map(step).collect::<Box<[_]>>()) }
}

struct City {
    server: chengxin_pgtest::Server,
    place: Place,
}

fn city(options: &Options) -> City {
    let server = chengxin_pgtest::Server::start(options).unwrap_or_else(|error| panic!("{error}"));
    server.create_database("city", None).unwrap();
    let place = server.url("city").parse().unwrap();
    City { server, place }
}

impl City {
    fn tables(&self) -> String {
        let text = "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'";
        self.server.psql("city", text).unwrap()
    }

    fn found(&self, schema: &Schema) -> i64 {
        let (Standing { found, .. }, _) = plan(&self.place, schema).unwrap();
        found
    }

    /// Waits until a step sleeps.
    fn wait_for_sleep(&self) {
        let sleeps =
            || self.server.psql("city", "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'").unwrap();
        (0..1_000).take_while(|_| sleeps() == "0").for_each(|_| std::thread::sleep(Duration::from_millis(20)));
    }
}

const ONE: &str = "CREATE TABLE one (name TEXT)";
const THREE: &str = "CREATE TABLE three (name TEXT)";

#[test]
fn a_step_that_fails_leaves_the_database_at_the_one_before_and_the_next_run_completes_it() {
    let city = city(&Options::default());
    let broken = schema(&[ONE, "CREATE TABLE two (name TEXT); INSERT INTO nowhere VALUES (1)", THREE]);
    let error = run(&city.place, &broken).unwrap_err();
    assert!(matches!(&error, StoreError::Engine(said) if said.contains("nowhere")), "{error:?}");
    assert_eq!((city.found(&broken), city.tables().as_str()), (1, "one schema_migration"));
    assert!(run(&city.place, &broken).is_err(), "and no lock is left behind");
    let mended = schema(&[ONE, "CREATE TABLE two (name TEXT)", THREE]);
    let applied: Vec<i64> = run(&city.place, &mended).unwrap().iter().map(|step| step.number).collect();
    assert_eq!((applied, city.tables().as_str()), (vec![2, 3], "one schema_migration three two"));
}

#[test]
fn a_server_that_is_killed_during_a_step_comes_back_with_whole_steps() {
    let mut city = city(&Options::durable());
    let slow = schema(&[ONE, "CREATE TABLE two (name TEXT); SELECT pg_sleep(20)", THREE]);
    std::thread::scope(|scope| {
        let run = scope.spawn(|| run(&city.place, &slow));
        city.wait_for_sleep();
        // What stops it is not lent to the other thread.
        city.server
            .psql("city", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            .unwrap();
        let error = run.join().unwrap().unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }), "a run whose lock is gone does not go on: {error:?}");
    });
    assert_eq!((city.found(&slow), city.tables().as_str()), (1, "one schema_migration"));
    let place = city.place.clone();
    let run_beside = std::thread::spawn(move || run(&place, &slow).map(|steps| steps.len()));
    city.wait_for_sleep();
    city.server.stop_now();
    assert!(matches!(run_beside.join().unwrap(), Err(StoreError::Unreachable { .. })));
    city.server.start_again().unwrap();
    let quick = schema(&[ONE, "CREATE TABLE two (name TEXT)", THREE]);
    assert_eq!((city.found(&quick), city.tables().as_str()), (1, "one schema_migration"));
    assert_eq!(run(&city.place, &quick).unwrap().len(), 2);
    assert_eq!(city.tables(), "one schema_migration three two");
}
