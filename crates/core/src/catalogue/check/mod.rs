//! What is wrong with a catalogue. Each rule names the file, the line, the item and the reason.
//!
//! One file per subject: `structure` that codes lead somewhere, `words` that lists and clauses exist, `basis` that
//! the item may be collected, `fields` and `people` what it holds, `rules` and `uses` how long and to whom it is
//! shown, `retention` how long it is kept, `measures` what may follow from it, `deadlines` who has how
//! long, `matters` and `relevances` what a check at a window may be for and may
//! answer with.

mod basis;
mod deadlines;
mod fields;
mod headings;
mod matters;
mod measures;
mod people;
mod relevances;
mod retention;
mod rules;
mod scene;
mod structure;
mod uses;
mod words;

use jiff::civil::Date;

use super::build;
use super::finding::Finding;
use super::source::read_all;
use scene::Scene;

pub(super) use structure::structure;

/// Checks the files of a catalogue, given as (name, text), as it stands on `today` at `place`, the GB/T 2260 code of
/// the city (2, 4 or 6 digits): local regulations hold only there.
///
/// The findings come in order of file and line. A catalogue is refused where one of them
/// [is an error](Finding::is_error); an empty answer means that nothing is wrong and nothing is left to confirm.
#[must_use]
pub fn check(files: &[(String, String)], today: Date, place: &str) -> Vec<Finding> {
    let (sources, mut findings) = read_all(files);
    // A file that cannot be read takes its laws and lists with it: everything that cites them would be reported too.
    if findings.is_empty() {
        structure(&sources, &mut findings);
        let catalogue = build::merge(&sources, build::content_hash(files));
        let mut scene = Scene { sources: &sources, catalogue: &catalogue, today, place, findings: &mut findings };
        words::check(&mut scene);
        basis::check(&mut scene);
        headings::check(&mut scene);
        fields::check(&mut scene);
        people::check(&mut scene);
        rules::check(&mut scene);
        retention::check(&mut scene);
        uses::check(&mut scene);
        measures::check(&mut scene);
        deadlines::check(&mut scene);
        matters::check(&mut scene);
        relevances::check(&mut scene);
    }
    sorted(findings)
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    let key = |f: &Finding| (f.file.clone(), f.line, f.rule, f.say.en.clone(), f.item.clone());
    findings.sort_by_cached_key(key);
    // Several items may take over the same faulty field set: its line is told once.
    findings.dedup_by(|a, b| a.file == b.file && a.line == b.line && a.rule == b.rule && a.say == b.say);
    findings
}
