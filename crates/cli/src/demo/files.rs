//! The steps that take in the offices' files.

use chengxin_app::Installation;
use chengxin_app::intake::{ImportOutcome, ImportRequest, Silent};
use chengxin_core::{Lang, Role};
use chengxin_synth::{Fault, FileEntry, Manifest};
use serde_json::json;

use super::folder::Folder;
use super::{officer, see, step};
use crate::exit::Failure;
use crate::out::Out;
use crate::quality::{Detail, thousands};
use crate::table::Table;
use crate::{import, quality};

/// The file whose quality report has the most to say: of the penalties, which need everything, the one with the most
/// kinds of faults, a column that the catalogue does not have among them if there is one.
pub(super) fn worst(manifest: &Manifest) -> Option<usize> {
    let stray = |file: &FileEntry| file.faults.contains_key(&Fault::UnknownColumn);
    let kinds = |file: &FileEntry| (file.item == "penalty", stray(file), file.faults.len(), file.rows - file.good);
    manifest.files.iter().enumerate().max_by_key(|(_, file)| kinds(file)).map(|(at, _)| at)
}

type Shown = (FileEntry, ImportRequest, ImportOutcome);

/// Imports every file, and has what waits released by a second officer; answers with the one to be looked at closely.
pub(super) fn import_all(
    out: &Out,
    installation: &mut Installation,
    manifest: &Manifest,
    folder: &Folder,
    worst: Option<usize>,
) -> Result<Option<Shown>, Failure> {
    step(
        out,
        3,
        "导入各单位的文件，由第二名审核人放行",
        "Import the offices' files; a second officer releases what is adverse to people",
    );
    let mut table = Table::new(&match out.lang {
        Lang::Zh => ["文件", ">行", ">新增", ">相同或重复", ">退回", ">待核实", ">放行"],
        Lang::En => ["file", ">rows", ">new", ">same or repeated", ">refused", ">held", ">released"],
    });
    let mut shown = None;
    let mut total = [0_u64; 6];
    for (at, entry) in manifest.files.iter().enumerate() {
        let request = ImportRequest {
            authority: entry.authority.clone(),
            item: Some(entry.item.clone()),
            file: folder.city.join(&entry.path),
            ..ImportRequest::default()
        };
        let sender = officer(Role::DataOfficer, &entry.authority);
        let outcome = installation
            .submission_import(&sender, &request, &mut Silent)
            .map_err(|error| Failure::from(error).about(&request.file))?;
        let released = match outcome.quality.submission {
            Some(id) if outcome.quality.needs_release => {
                installation.submission_release(&officer(Role::Decider, &entry.authority), id)?;
                outcome.quality.counts.awaiting_release
            }
            _ => 0,
        };
        let c = outcome.quality.counts;
        let numbers = [c.rows, c.new + c.changed, c.unchanged + c.repeated, c.refused, c.held, released];
        for (sum, number) in total.iter_mut().zip(numbers) {
            *sum += number;
        }
        let name = entry.path.trim_start_matches("files/").to_owned();
        out.value(&json!({ "step": "import", "file": entry.path, "counts": c, "released": released }));
        table.row(std::iter::once(name).chain(numbers.map(thousands)));
        if Some(at) == worst {
            shown = Some((entry.clone(), request, outcome));
        }
    }
    table.row(std::iter::once(out.pick("合计", "in all").to_owned()).chain(total.map(thousands)));
    table.print(out, 5);
    Ok(shown)
}

pub(super) fn look_closely(
    out: &Out,
    installation: &Installation,
    folder: &Folder,
    entry: &FileEntry,
    request: &ImportRequest,
    outcome: &ImportOutcome,
) -> Result<(), Failure> {
    step(out, 4, "细看一个有错的文件：它的质量报告", "Look closely at a file with faults: its quality report");
    out.line("");
    quality::print(out, &outcome.quality, Detail::Full);
    let sender = officer(Role::DataOfficer, &entry.authority);
    let written = import::write(installation, &sender, request, outcome, &folder.quality, out)?;
    out.line("");
    for path in &written {
        see(out, path);
    }
    out.value(&json!({ "step": "quality", "file": entry.path, "quality": outcome.quality, "written": written }));
    Ok(())
}
