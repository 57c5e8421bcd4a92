//! The shipped calendar and catalogue, for the examples of this folder.

use std::path::Path;
use std::sync::LazyLock;

use chengxin_core::calendar::Calendar;
use chengxin_core::catalogue::{Catalogue, ItemDef};
use chengxin_core::deadline::{DeadlineKind, Due, due};
use jiff::civil::{Date, date};

static CALENDAR: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::load(&files("calendars")).expect("the shipped calendar"));
static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::load(&catalogue_files()).expect("the shipped catalogue"));

/// The catalogue that is shipped, with its matters.
pub(crate) fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// The calendar that is shipped.
pub(crate) fn calendar() -> &'static Calendar {
    &CALENDAR
}

/// The files of the catalogue that is shipped, by name.
pub(crate) fn catalogue_files() -> Vec<(String, String)> {
    let matters = files("matters").into_iter().map(|(name, text)| (format!("matters/{name}"), text));
    files("").into_iter().chain(matters).collect()
}

/// An item that is shipped.
pub(crate) fn item(code: &str) -> &'static ItemDef {
    CATALOGUE.item(code).expect("an item that is shipped")
}

/// Every item that is shipped.
pub(crate) fn items() -> &'static [ItemDef] {
    CATALOGUE.items()
}

fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue").join(folder);
    let paths = std::fs::read_dir(folder).expect("the catalogue").map(|entry| entry.expect("a file").path());
    let toml = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let named = |path: &Path| path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    toml.map(|path| (named(&path), std::fs::read_to_string(&path).expect("text"))).collect()
}

/// When something is due by the rule in force on the day it began.
pub(crate) fn due_from(kind: DeadlineKind, start: (i16, i8, i8)) -> Due {
    let start = day(start);
    let rule = CATALOGUE.deadline(kind, start).expect("a rule");
    due(start, rule, &CALENDAR).expect("a day")
}

pub(crate) fn day((year, month, day): (i16, i8, i8)) -> Date {
    date(year, month, day)
}
