//! `cargo xtask new-migration NAME`.
//!
//! A migration is a pair of files with one number and one name, one for each engine: a test compares the
//! two lists, so that neither engine can quietly fall behind.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{self, Outcome};

/// SQLite is the embedded default and always there; PostgreSQL takes part once its folder exists.
const ENGINES: [&str; 2] = ["sqlite", "postgres"];

/// Makes the files and prints their paths.
///
/// # Errors
/// No name or a wrong one, more than 9999 migrations, a file that cannot be made.
pub(crate) fn command(args: &[String]) -> Outcome {
    let [name] = args else {
        return Err("new-migration takes one name, as in `cargo xtask new-migration add_embargo`".to_owned());
    };
    for file in create(&run::root().join("crates/store/migrations"), name)? {
        println!("{}", file.strip_prefix(run::root()).unwrap_or(&file).display());
    }
    Ok(())
}

fn create(migrations: &Path, name: &str) -> Outcome<Vec<PathBuf>> {
    check_name(name)?;
    let folders: Vec<PathBuf> = ENGINES
        .iter()
        .map(|engine| migrations.join(engine))
        .filter(|folder| folder.is_dir() || folder.ends_with("sqlite"))
        .collect();
    let number = next_number(&folders)?;
    let mut made = Vec::new();
    for folder in folders {
        let file = folder.join(format!("{number:04}_{name}.sql"));
        let cannot = |error| format!("{}: {error}", file.display());
        fs::create_dir_all(&folder).map_err(cannot)?;
        fs::File::create_new(&file).map_err(cannot)?;
        made.push(file);
    }
    Ok(made)
}

fn check_name(name: &str) -> Outcome {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain) {
        return Ok(());
    }
    Err(format!("`{name}`: a migration's name has small letters, digits and _, and begins with a letter"))
}

/// One past the highest number in any of the folders, so that a pair never shares a number with a stray.
fn next_number(folders: &[PathBuf]) -> Outcome<u16> {
    let mut highest = 0;
    for file in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        let name = file.file_name();
        let number = name.to_str().and_then(|name| name.split_once('_')).and_then(|(number, _)| number.parse().ok());
        highest = highest.max(number.unwrap_or(0));
    }
    if highest < 9999 { Ok(highest + 1) } else { Err("there are 9999 migrations; four digits hold no more".to_owned()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    /// An empty folder of its own for one test, removed when the test ends.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("chengxin-xtask-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _left = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_first_migration_is_number_one_and_for_sqlite_alone() {
        let folder = Folder::new("first");
        let made = create(&folder.0, "start").unwrap();
        assert_eq!(made, [folder.0.join("sqlite/0001_start.sql")]);
        assert!(made[0].is_file());
    }

    #[test]
    fn a_pair_takes_the_number_after_the_highest_of_both_engines() {
        let folder = Folder::new("pair");
        fs::create_dir_all(folder.0.join("sqlite")).unwrap();
        fs::create_dir_all(folder.0.join("postgres")).unwrap();
        fs::write(folder.0.join("postgres/0006_stray.sql"), "").unwrap();
        let made = create(&folder.0, "add_embargo").unwrap();
        assert_eq!(
            made,
            [folder.0.join("sqlite/0007_add_embargo.sql"), folder.0.join("postgres/0007_add_embargo.sql")]
        );
    }

    #[test]
    fn a_name_that_would_not_sort_or_type_well_is_refused() {
        for name in ["", "Add", "add-embargo", "7_add", "../add", "加"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
