//! Files of a catalogue: built in, in a folder, or in the database; always as (name, text).

use std::path::Path;

use chengxin_core::Say;
use chengxin_core::catalogue::{self, Catalogue, Finding};
use chengxin_store::View;
use include_dir::{Dir, include_dir};
use jiff::civil::Date;

use crate::AppError;
use crate::error::io;

/// The catalogue that this programme was built with.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../catalogue");

/// Where the matters of windows stand, below the items: there are many, and other people keep them.
const MATTERS: &str = "matters";

/// Where the years of working days stand; they are no part of the catalogue and have a hash of their own.
const CALENDARS: &str = "calendars";

/// Most bytes of one file. The whole shipped catalogue is a tenth of this.
const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// How many findings a refusal quotes; `catalogue check` lists them all.
const QUOTED: usize = 5;

/// The catalogue that this programme was built with, by name of file.
#[must_use]
pub fn shipped_files() -> Vec<(String, String)> {
    let within = SHIPPED.get_dir(MATTERS).into_iter().flat_map(Dir::files);
    let files = SHIPPED.files().chain(within).filter(|file| file.path().extension().is_some_and(|e| e == "toml"));
    let mut files: Vec<_> =
        files.filter_map(|file| Some((file.path().to_str()?.to_owned(), file.contents_utf8()?.to_owned()))).collect();
    files.sort();
    files
}

/// The years of working days that this programme was built with, by name of file.
#[must_use]
pub fn shipped_calendars() -> Vec<(String, String)> {
    let files = SHIPPED.get_dir(CALENDARS).into_iter().flat_map(Dir::files);
    let named = |path: &Path| Some(path.file_name()?.to_str()?.to_owned());
    let toml = files.filter(|file| file.path().extension().is_some_and(|e| e == "toml"));
    let mut files: Vec<_> =
        toml.filter_map(|file| Some((named(file.path())?, file.contents_utf8()?.to_owned()))).collect();
    files.sort();
    files
}

/// Reads the `*.toml` files of a folder and of the folder `matters` in it, by name. Other folders are not looked into.
///
/// # Errors
/// [`crate::Kind::Invalid`] where the folder or a file cannot be read, a file is no UTF-8 or larger than 8 MiB, or there
/// is none.
pub fn read_dir(dir: &Path) -> Result<Vec<(String, String)>, AppError> {
    let mut files = read_files(dir, "")?;
    let matters = dir.join(MATTERS);
    if matters.is_dir() {
        files.extend(read_files(&matters, &format!("{MATTERS}/"))?);
    }
    if files.is_empty() {
        let dir = dir.display();
        return Err(AppError::invalid(
            format!("{dir} 中没有 *.toml 文件"),
            format!("there is no *.toml file in {dir}"),
        ));
    }
    files.sort();
    Ok(files)
}

/// Files of one folder, their names behind `before`.
fn read_files(dir: &Path, before: &str) -> Result<Vec<(String, String)>, AppError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(io(dir))? {
        let path = entry.map_err(io(dir))?.path();
        if path.extension().is_some_and(|e| e == "toml") && path.is_file() {
            let (name, text) = read_file(&path)?;
            files.push((format!("{before}{name}"), text));
        }
    }
    Ok(files)
}

/// Name and text of one file.
///
/// # Errors
/// [`crate::Kind::Invalid`] where it cannot be read, is no UTF-8 or larger than 8 MiB.
pub(crate) fn read_file(path: &Path) -> Result<(String, String), AppError> {
    let shown = path.display();
    if path.metadata().map_err(io(path))?.len() > LARGEST_FILE {
        return Err(AppError::invalid(format!("{shown} 超过 8 MiB"), format!("{shown} is larger than 8 MiB")));
    }
    let bytes = std::fs::read(path).map_err(io(path))?;
    let (Ok(text), Some(name)) = (String::from_utf8(bytes), path.file_name().and_then(|n| n.to_str())) else {
        return Err(AppError::invalid(
            format!("{shown} 不是 UTF-8 文本；请另存为 UTF-8"),
            format!("{shown} is not UTF-8 text: save it as UTF-8"),
        ));
    };
    Ok((name.to_owned(), text))
}

/// Merges files into a catalogue. Whether it may be put to use is for [`findings`].
///
/// # Errors
/// [`crate::Kind::Invalid`] with the first findings.
pub fn load(files: &[(String, String)]) -> Result<Catalogue, AppError> {
    Catalogue::load(files).map_err(|findings| refusal(&findings.iter().collect::<Vec<_>>()))
}

/// A catalogue that was put to use, by its hash.
///
/// # Errors
/// Internal faults: one that is missing, or that this programme cannot read any more.
pub(crate) fn stored(view: View<'_>, hash: &str) -> Result<Catalogue, AppError> {
    let files = view.catalogue_files(hash)?;
    load(&from_json(&files.ok_or_else(|| AppError::internal(format!("catalogue {hash} is missing")))?)?)
}

/// What is wrong, or worth reading, in a catalogue as it stands on a day at a place (GB/T 2260).
#[must_use]
pub fn findings(files: &[(String, String)], today: Date, place: &str) -> Vec<Finding> {
    catalogue::check(files, today, place)
}

/// Refuses a catalogue with errors. Notes do not stand in its way.
///
/// # Errors
/// [`crate::Kind::Invalid`] with the first of them.
pub fn refuse_errors(findings: &[Finding]) -> Result<(), AppError> {
    let errors: Vec<_> = findings.iter().filter(|finding| finding.is_error()).collect();
    if errors.is_empty() { Ok(()) } else { Err(refusal(&errors)) }
}

fn refusal(errors: &[&Finding]) -> AppError {
    let place = |finding: &Finding| {
        let about = finding.item.as_deref().or(finding.matter.as_deref());
        let item = about.map_or_else(String::new, |code| format!("{code} "));
        format!("{}:{} {item}[{}]", finding.file, finding.line, finding.rule.code())
    };
    let lines = |of: fn(&Say) -> &str| {
        let quoted = errors.iter().take(QUOTED).map(|finding| format!("\n  {} {}", place(finding), of(&finding.say)));
        quoted.collect::<String>()
    };
    let more = errors.len().saturating_sub(QUOTED);
    let (more_zh, more_en) = match more {
        0 => (String::new(), String::new()),
        n => (format!("\n  另有 {n} 处"), format!("\n  and {n} more")),
    };
    let count = errors.len();
    AppError::invalid(
        format!("目录有 {count} 处错误：{}{more_zh}", lines(|say| &say.zh)),
        format!("the catalogue has {count} errors:{}{more_en}", lines(|say| &say.en)),
    )
}

/// Files as the database keeps them.
#[must_use]
pub fn to_json(files: &[(String, String)]) -> String {
    serde_json::json!(files).to_string()
}

/// Reads [`to_json`].
///
/// # Errors
/// An internal fault: the database holds something else.
pub fn from_json(text: &str) -> Result<Vec<(String, String)>, AppError> {
    serde_json::from_str(text).map_err(|error| AppError::internal(format!("catalogue files: {error}")))
}
