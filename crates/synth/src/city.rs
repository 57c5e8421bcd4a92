//! A whole city, or its one big file.

use std::fs;
use std::path::Path;

use jiff::civil::{Date, date};

use crate::authority::{Authority, CITY, CITY_EN, authorities};
use crate::dress::{Dress, Encoding, Format};
use crate::error::SynthError;
use crate::file::{World, write_file};
use crate::items::{self, BENCHMARK_COLUMNS, CITY_SHORT, Item};
use crate::manifest::{FileEntry, Manifest, Sample, SamplePart};
use crate::people::{People, cast, purpose};
use crate::rng::Rng;
use crate::rows::{Dealer, Job};

/// What city to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Adults, at least 10. How many there can be follows from the days on which people can be born: some 19 million.
    pub residents: u64,
    /// Rows of all files together, faulty ones included.
    pub records: u64,
    /// The same seed gives the same city.
    pub seed: u64,
    /// Companies, and as many sole traders.
    pub organisations: u64,
    /// Share of faulty rows, 0 to 0.5.
    pub fault_share: f64,
    /// Should files look as real offices send them: encodings, older headings, title rows, stray spaces? Otherwise each
    /// is CSV in UTF-8 with the standard's codes.
    pub mixed: bool,
    /// Day on which the files are sent. Nothing reads the clock.
    pub today: Date,
}

impl Plan {
    /// A city as real offices would have it, with 2 % of faulty rows.
    #[must_use]
    pub fn new(residents: u64, records: u64, seed: u64) -> Self {
        Self {
            residents,
            records,
            seed,
            organisations: residents / 20 + 10,
            fault_share: 0.02,
            mixed: true,
            today: date(2026, 11, 21),
        }
    }

    /// The plan of the benchmark file: 1 000 000 rows about 333 000 adults, without a fault.
    #[must_use]
    pub fn benchmark() -> Self {
        Self { fault_share: 0.0, mixed: false, ..Self::new(333_000, 1_000_000, 1) }
    }

    fn people(&self) -> Result<People, SynthError> {
        if !(0.0..=0.5).contains(&self.fault_share) {
            return Err(SynthError::FaultShare(self.fault_share));
        }
        if !(date(1950, 1, 1)..=date(2100, 1, 1)).contains(&self.today) {
            return Err(SynthError::Today(self.today));
        }
        People::new(self.seed, self.residents, self.organisations, self.today, CITY_SHORT)
    }
}

/// Makes the city in `out`: `manifest.json`, `authorities.json` and `files/`. Files of those names are replaced, others
/// left. `progress` hears how many of all rows are written.
///
/// # Errors
/// [`SynthError`]: the plan cannot be carried out, or a file cannot be written.
pub fn make(plan: &Plan, out: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Manifest, SynthError> {
    let people = plan.people()?;
    let authorities = authorities();
    let folder = out.join("files");
    fs::create_dir_all(&folder).map_err(|source| SynthError::Write { path: folder.clone(), source })?;
    let world = World { people: &people, seed: plan.seed, today: plan.today };
    let mut dealer = Dealer::new(plan.fault_share);
    let mut done = 0;
    let mut files = Vec::new();
    for job in jobs(plan, &authorities) {
        let name = file_name(&job);
        let mut step = |rows| {
            done += rows;
            progress(done, plan.records);
        };
        files.push(write_file(&world, &job, &mut dealer, (&folder.join(&name), format!("files/{name}")), &mut step)?);
    }
    let manifest = Manifest {
        city: CITY.to_owned(),
        city_en: CITY_EN.to_owned(),
        seed: plan.seed,
        residents: plan.residents,
        records: plan.records,
        today: plan.today,
        residents_sample: samples(&people),
        authorities,
        files,
    };
    write_json(&out.join("authorities.json"), &manifest.authorities)?;
    write_json(&out.join("manifest.json"), &manifest)?;
    Ok(manifest)
}

/// Writes the benchmark file to `path`: penalties of adults, three a head where there are three times as many records
/// as residents, 16 columns, CSV in UTF-8, some 360 bytes a row. Memory does not grow with the file.
///
/// The entry's `path` is the file's name. `mixed` and `organisations` do not matter here.
///
/// # Errors
/// [`SynthError`]: the plan cannot be carried out, or the file cannot be written.
pub fn penalty_csv(plan: &Plan, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<FileEntry, SynthError> {
    let people = plan.people()?;
    let authorities = authorities();
    let item = items::penalty();
    let place = |code: &&str| item.columns.iter().position(|c| c.code == *code);
    let job = Job {
        item,
        authority: benchmark_authority(&authorities),
        dress: &Dress::PLAIN,
        rows: plan.records,
        stream: u64::from(u16::MAX),
        columns: BENCHMARK_COLUMNS.iter().filter_map(place).collect(),
        cast: &[],
        adults_in_turn: true,
    };
    let world = World { people: &people, seed: plan.seed, today: plan.today };
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut done = 0;
    let mut step = |rows| {
        done += rows;
        progress(done, plan.records);
    };
    write_file(&world, &job, &mut Dealer::new(plan.fault_share), (path, name), &mut step)
}

/// The office with the most kinds of offences by persons, so that the file is not two sentences over and over.
fn benchmark_authority(authorities: &[Authority]) -> &Authority {
    authorities.iter().find(|a| a.kind == "transport").unwrap_or(&authorities[0])
}

/// The files of a city: one for each item and sender, by weight; those without rows are left out.
fn jobs<'a>(plan: &Plan, authorities: &'a [Authority]) -> Vec<Job<'a>> {
    let mut all: Vec<(&'static Item, &'a Authority)> = Vec::new();
    for item in items::all() {
        let sends = |kind: &&str| authorities.iter().find(|a| a.kind == **kind);
        all.extend(item.senders.iter().filter_map(sends).map(|a| (*item, a)));
    }
    let weight = |(item, _): &(&Item, &Authority)| item.weight as f64 / item.senders.len() as f64;
    let total: f64 = all.iter().map(weight).sum();
    let (mut sum, mut given) = (0.0, 0);
    let mut jobs = Vec::new();
    for (nth, pair) in all.iter().enumerate() {
        sum += weight(pair);
        let upto = (plan.records as f64 * sum / total).round() as u64;
        // What an item cannot take goes to the next one; the last can take any number.
        let most = if pair.0.once { plan.organisations.max(1) } else { u64::MAX };
        let rows = (upto - given).min(most);
        jobs.push(job(plan, nth, *pair, rows));
        given += rows;
    }
    jobs.retain(|job| job.rows > 0);
    jobs
}

/// A workbook holds 1 048 576 rows; one of this many is as large as an office would try to open.
const WORKBOOK_ROWS: u64 = 300_000;

fn job<'a>(plan: &Plan, nth: usize, (item, authority): (&'static Item, &'a Authority), rows: u64) -> Job<'a> {
    let mut dress: &'static Dress = if plan.mixed { Dress::of(nth) } else { &Dress::PLAIN };
    if dress.format == Format::Xlsx && rows > WORKBOOK_ROWS {
        dress = &Dress::PLAIN;
    }
    let first = item.senders.first().is_some_and(|kind| authority.kind == *kind);
    let cast: &'static [u64] = match (first && item.cast, item.code) {
        (false, _) => &[],
        (true, "penalty") if dress.encoding != Encoding::Gbk => &PENALTY_CAST,
        (true, _) => &[cast::MANY],
    };
    Job {
        item,
        authority,
        dress,
        rows,
        stream: nth as u64,
        columns: columns(plan, nth, item, dress),
        cast,
        adults_in_turn: false,
    }
}

const PENALTY_CAST: [u64; 5] = [cast::MANY, cast::HOMONYMS[0], cast::HOMONYMS[1], cast::RARE, cast::MINORITY];

/// The columns of a file: all, or those that the office bothers with, in its own order.
fn columns(plan: &Plan, nth: usize, item: &Item, dress: &Dress) -> Vec<usize> {
    let mut columns: Vec<usize> = (0..item.columns.len()).collect();
    if dress.own_columns {
        let mut rng = Rng::of(plan.seed, purpose::DRESS, nth as u64);
        columns.retain(|i| !(item.columns[*i].optional && rng.percent(40)));
        rng.shuffle(&mut columns);
    }
    columns
}

fn file_name(job: &Job<'_>) -> String {
    let sender = job.authority.kind.replace('_', "-");
    format!("{}-{sender}.{}", job.item.code, job.dress.format.extension())
}

fn samples(people: &People) -> Vec<Sample> {
    let sample = |index: u64, part: SamplePart, note: &str| {
        let person = people.person(index);
        Sample { part, name: person.name, number: person.number, note: note.to_owned() }
    };
    let same_name = "has the name of another resident; only the number tells them apart";
    vec![
        sample(cast::MANY, SamplePart::SeveralKinds, "has records of several kinds"),
        sample(cast::NONE, SamplePart::NoRecord, "has no record at all"),
        sample(cast::HOMONYMS[0], SamplePart::Homonym, same_name),
        sample(cast::HOMONYMS[1], SamplePart::Homonym, same_name),
        sample(cast::RARE, SamplePart::RareName, "has a character in the name that GBK and many fonts lack"),
        sample(cast::MINORITY, SamplePart::MinorityName, "has a name with ·"),
    ]
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<(), SynthError> {
    let mut json = serde_json::to_string_pretty(value)?;
    json.push('\n');
    fs::write(path, json).map_err(|source| SynthError::Write { path: path.to_owned(), source })
}
