//! Reads a file as an import would and says how long that took.
//!
//! ```text
//! cargo run --release -p chengxin-sheet --example read_speed FILE [THREADS]
//! ```
//! One thread cuts, `THREADS` (2 where not said) decode. Peak memory comes from the operating system and
//! is known on Linux only.
#![allow(clippy::disallowed_methods, reason = "it measures itself")]
#![allow(clippy::print_stdout, reason = "an example speaks to its user")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use chengxin_sheet::{Block, Limits, Rows, SheetError, Source};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        println!("usage: read_speed FILE [THREADS]");
        return ExitCode::from(2);
    };
    let threads = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(2);
    match run(Path::new(&file), threads) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{}\n{}", error.zh(), error.en());
            ExitCode::FAILURE
        }
    }
}

fn run(path: &Path, threads: usize) -> Result<(), SheetError> {
    let start = Instant::now();
    let source = Source::open(path, None, &Limits::default())?;
    let opened = start.elapsed();
    let bytes = source.info().bytes;
    println!("{:?} {:?} {:?}", source.info().format, source.info().encoding, source.info().sheet);
    for row in source.head().iter().take(5) {
        println!("{:>8} {:?}", row.number(), row.fields().take(8).collect::<Vec<_>>());
    }
    // The widest of the first rows is the heading row, for this purpose.
    let columns = source.head().iter().map(|row| row.len()).max().unwrap_or(0);
    let mut blocks = source.blocks(0, columns)?;
    let (send, receive) = sync_channel::<Block>(threads);
    let receive = Mutex::new(receive);
    let counts = std::thread::scope(|scope| {
        let decode = || {
            let mut rows = Rows::default();
            let (mut count, mut problems) = (0, 0);
            loop {
                let next = receive.lock().map(|receive| receive.recv());
                let Ok(Ok(block)) = next else { return Ok((count, problems)) };
                block.decode(&mut rows)?;
                count += rows.len();
                problems += rows.iter().filter(|row| !row.problems().is_empty()).count();
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(decode)).collect();
        while let Some(block) = blocks.next_block()? {
            if send.send(block).is_err() {
                break;
            }
        }
        drop(send);
        let mut total = (0, 0);
        for worker in workers {
            let (rows, problems) = worker.join().unwrap_or(Ok((0, 0)))?;
            total = (total.0 + rows, total.1 + problems);
        }
        Ok(total)
    })?;
    let all = start.elapsed();
    println!("{} rows, {} with problems, {} bytes", counts.0, counts.1, bytes);
    println!(
        "open {opened:.2?}, all {all:.2?}: {:.0} rows/s, {:.0} MB/s, peak {}",
        counts.0 as f64 / all.as_secs_f64(),
        bytes as f64 / 1e6 / all.as_secs_f64(),
        peak().unwrap_or_else(|| "unknown".into()),
    );
    Ok(())
}

fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|value| value.trim().to_owned())
}
