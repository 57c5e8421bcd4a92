//! What a server reads with: a number of readers, and requests that wait for them, each for a limited time.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::time::Duration;

use chengxin_app::reading::{Pool, Readers};
use chengxin_app::{AppError, Kind};
use city::City;

/// Far above what a request takes, far below what a test waits for.
const SOON: Duration = Duration::from_millis(20);

/// Has every one of `readers` do something until the sender it gives is dropped or used.
fn occupy(readers: &Readers) -> std::sync::mpsc::SyncSender<()> {
    let (free, freed) = sync_channel::<()>(0);
    let (tell, begun) = channel();
    readers
        .run(move |reading| {
            tell.send(reading.is_ok()).unwrap();
            let _ended = freed.recv();
        })
        .unwrap();
    assert!(begun.recv().unwrap(), "the first is given a reader");
    free
}

fn ask(readers: &Readers) -> Result<Receiver<Result<(), AppError>>, AppError> {
    let (tell, told) = channel();
    readers.run(move |reading| tell.send(reading.map(drop)).unwrap())?;
    Ok(told)
}

#[test]
fn who_waits_too_long_for_a_reader_is_told_to_try_again_and_nothing_is_looked_up() {
    let city = City::new();
    let pool = Pool { readers: 1, waiting: 8, patience: SOON };
    let readers = Readers::start(&city.installation, pool).unwrap();
    let free = occupy(&readers);
    let waits = ask(&readers).unwrap();
    std::thread::sleep(SOON * 2);
    drop(free);
    let refused = waits.recv().unwrap().unwrap_err();
    assert_eq!(refused.kind, Kind::Unavailable);
    assert!(
        refused.public.zh.contains("请稍后重试") && refused.public.en.contains("nothing was looked up"),
        "{refused}"
    );
    // The reader itself goes on.
    let pool = Pool { patience: Duration::from_secs(60), ..pool };
    let readers = Readers::start(&city.installation, pool).unwrap();
    drop(occupy(&readers));
    ask(&readers).unwrap().recv().unwrap().unwrap();
}

#[test]
fn where_as_many_wait_as_may_the_next_is_refused_at_once() {
    let city = City::new();
    let pool = Pool { readers: 1, waiting: 2, patience: Duration::from_secs(60) };
    let readers = Readers::start(&city.installation, pool).unwrap();
    let free = occupy(&readers);
    let waiting: Vec<_> = (0..2).map(|_| ask(&readers).unwrap()).collect();
    assert_eq!(ask(&readers).unwrap_err().kind, Kind::Unavailable);
    drop(free);
    for told in waiting {
        told.recv().unwrap().unwrap();
    }
}

#[test]
fn a_reader_outlives_what_panics_in_it() {
    let city = City::new();
    let pool = Pool::of(&city.installation).with_readers(NonZeroUsize::new(1));
    let readers = Readers::start(&city.installation, pool).unwrap();
    readers.run(|_| panic!("on purpose")).unwrap();
    ask(&readers).unwrap().recv().unwrap().unwrap();
}
