//! The calendars and the catalogue that are shipped.

use std::path::Path;
use std::sync::LazyLock;

use chengxin_core::calendar::Calendar;
use chengxin_core::catalogue::Catalogue;

pub(crate) static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::load(&files("calendars")).unwrap());
pub(crate) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let within = files("matters").into_iter().map(|(name, text)| (format!("matters/{name}"), text));
    Catalogue::load(&files("").into_iter().chain(within).collect::<Vec<_>>()).unwrap()
});

/// The TOML files of a folder of the catalogue.
pub(crate) fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue").join(folder);
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let toml = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    toml.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap()))
        .collect()
}
