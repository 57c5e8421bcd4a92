//! One file: rows, dressed and written, with an account of what is in it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use crate::authority::CITY;
use crate::dress::{Dress, Shown};
use crate::error::SynthError;
use crate::fault::Fault;
use crate::manifest::{FaultRow, FileEntry};
use crate::people::{People, purpose};
use crate::rng::Rng;
use crate::rows::{Dealer, Job, Made, Rows};
use crate::write::{Sink, open};

/// Rows between two reports of progress.
const STEP: u64 = 8192;

/// What all files of a city share.
pub(crate) struct World<'a> {
    pub(crate) people: &'a People,
    pub(crate) seed: u64,
    pub(crate) today: Date,
}

/// Writes the job's file to `path`, which the entry calls `name`. `progress` hears of rows written since it last did.
pub(crate) fn write_file(
    world: &World<'_>,
    job: &Job<'_>,
    dealer: &mut Dealer,
    (path, name): (&Path, String),
    progress: &mut dyn FnMut(u64),
) -> Result<FileEntry, SynthError> {
    let mut sink = open(path, job.dress)?;
    let mut account = Account::default();
    start(job, dealer.any(), world.today, sink.as_mut(), &mut account)?;
    let stray = job.dress.stray.filter(|_| dealer.any());
    let rows = Rows::new(world.people, world.seed, world.today, job, dealer);
    let mut data_row = 0;
    for made in rows {
        let mut rng = Rng::of(world.seed, purpose::UNTIDY, (job.stream << 40) | data_row);
        if job.dress.blanks && rng.below(60) == 0 {
            sink.blank()?;
        }
        sink.row(&dressed(job, &made, stray, &mut rng))?;
        data_row += 1;
        if let Some(fault) = made.fault {
            account.note(fault, sink.written(), data_row);
        }
        if data_row % STEP == 0 {
            progress(STEP);
        }
    }
    sink.finish()?;
    progress(data_row % STEP);
    Ok(account.entry(job, name))
}

/// Title and headings.
fn start(
    job: &Job<'_>,
    faults: bool,
    today: Date,
    sink: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), SynthError> {
    let mut headings: Vec<&'static str> =
        job.columns.iter().map(|i| job.dress.heading(&job.item.columns[*i])).collect();
    let stray = job.dress.stray.filter(|_| faults);
    headings.extend(stray.map(|(heading, _)| heading));
    if job.dress.title {
        let title = format!("{CITY}{}信息报送表（{}年{}月）", job.item.name, today.year(), today.month());
        sink.title(&title, headings.len())?;
    }
    sink.headings(&headings)?;
    if stray.is_some() {
        account.note(Fault::UnknownColumn, sink.written(), 0);
    }
    Ok(())
}

fn dressed<'a>(
    job: &Job<'_>,
    made: &'a Made,
    stray: Option<(&'static str, &'static [&'static str])>,
    rng: &mut Rng,
) -> Vec<Shown<'a>> {
    let dress: &Dress = job.dress;
    let mut shown: Vec<Shown<'a>> = Vec::with_capacity(job.columns.len() + 1);
    shown.extend(job.columns.iter().map(|i| dress.show(job.item.columns[*i].part, made.row.cell(*i), rng)));
    if let Some((_, values)) = stray {
        let value = rng.pick(values);
        shown.push(if value.is_empty() { Shown::Empty } else { Shown::Text(value.into()) });
    }
    shown
}

#[derive(Default)]
struct Account {
    faults: BTreeMap<Fault, u64>,
    rows: Vec<FaultRow>,
}

impl Account {
    fn note(&mut self, kind: Fault, row: u64, data_row: u64) {
        *self.faults.entry(kind).or_default() += 1;
        self.rows.push(FaultRow { kind, row, data_row, expected: kind.expected() });
    }

    fn entry(self, job: &Job<'_>, path: String) -> FileEntry {
        let faulty = self.rows.iter().filter(|f| f.data_row > 0).count() as u64;
        FileEntry {
            path,
            authority: job.authority.code.clone(),
            item: job.item.code.to_owned(),
            format: job.dress.format,
            encoding: job.dress.encoding,
            rows: job.rows,
            good: job.rows - faulty,
            faults: self.faults,
            fault_rows: self.rows,
        }
    }
}
