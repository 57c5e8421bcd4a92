//! Measures how long documents take and whether memory stays flat over many of them.
//!
//! ```text
//! cargo run --release -p chengxin-typeset --example timing
//! ```

use std::time::Instant;

use chengxin_typeset::{ReportDoc, Typesetter};

#[path = "../tests/samples/mod.rs"]
mod samples;

// As in the program itself: a report allocates a few hundred thousand times.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The resident memory of this process in MiB; zero where the system does not tell.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// The processor time of this process in milliseconds, which other work on the machine does not
/// lengthen; zero where the system does not tell. Linux counts it in ticks of 10 ms.
fn processor_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name, in brackets, and may hold spaces.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks * 10
}

/// A document that differs from all others, as reports do.
fn numbered(mut doc: ReportDoc, number: usize) -> ReportDoc {
    doc.number = format!("SF-2026-0000-{number:04}");
    doc.subject_name = format!("王小明{number}");
    doc.verify_url = format!("https://credit.example/v/{number:08}");
    doc.verification_code = format!("7K3M-{number:04}");
    doc
}

#[allow(clippy::print_stdout, reason = "an example reports on the terminal")]
#[allow(clippy::disallowed_methods, reason = "a benchmark measures itself")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let typesetter = Typesetter::new();
    println!("fonts parsed in {:.1?}; {} MiB", start.elapsed(), resident_mib());
    for (name, doc, times) in [
        ("one page", samples::one_page_report(), 300),
        ("one page, 2 entries and more", samples::report(), 300),
        ("60 entries", samples::long_report(60), 20),
        ("200 entries", samples::long_report(200), 5),
    ] {
        let mut taken = Vec::with_capacity(times);
        let before = processor_ms();
        let mut pages = 0;
        let mut bytes = 0;
        for number in 0..times {
            let doc = numbered(doc.clone(), number);
            let start = Instant::now();
            let rendered = typesetter.report(&doc, samples::created())?;
            taken.push(start.elapsed());
            pages = rendered.pages;
            bytes = rendered.pdf.len();
            if number % 100 == 0 || number + 1 == times {
                println!("  {name}: no. {number}: {:.1?}, {} MiB", taken[number], resident_mib());
            }
        }
        let processor = (processor_ms() - before) as f64 / times as f64;
        let first = taken.remove(0);
        if pages == 1 {
            // A line for each, in milliseconds: what `cargo xtask bench report` reads.
            println!("first {:.3}", first.as_secs_f64() * 1e3);
            taken.iter().for_each(|time| println!("next {:.3}", time.as_secs_f64() * 1e3));
        }
        taken.sort();
        let median = taken[taken.len() / 2];
        println!(
            "{name}: {pages} pages, {} KiB; after the first: median {median:.1?} ({:.1?} a page), \
             fastest {:.1?}, slowest {:.1?}; processor {processor:.1} ms a document",
            bytes / 1024,
            median / u32::try_from(pages)?,
            taken[0],
            taken[taken.len() - 1],
        );
    }
    Ok(())
}
