//! Finding the server's programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{ServerError, io};

/// The environment variable that names the folder of the server's programs.
pub const BINARIES_VARIABLE: &str = "CHENGXIN_TEST_POSTGRES_BIN";

const NEEDED: [&str; 3] = ["initdb", "postgres", "psql"];

/// A folder that has `initdb`, `postgres` and `psql`, all of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// Looks for the programs: in `named`; else in the folder that the environment's `CHENGXIN_TEST_POSTGRES_BIN` names;
    /// else where packages put them (`/usr/lib/postgresql/N/bin`, `/usr/pgsql-N/bin`, Homebrew's `postgresql@N`), the
    /// newest first; else where `pg_config --bindir` says; else on the path.
    ///
    /// A folder that was named is the only one looked into: a test that asks for a certain server must not pass with
    /// another.
    ///
    /// # Errors
    /// [`ServerError::NoBinaries`] if the folder named lacks one of them, [`ServerError::NotInstalled`] if none has all;
    /// both say what to install.
    pub fn find(named: Option<&Path>) -> Result<Self, ServerError> {
        let named = named.map(Path::to_owned).or_else(|| std::env::var_os(BINARIES_VARIABLE).map(PathBuf::from));
        if let Some(folder) = named {
            return Self::within(folder);
        }
        let mut places = packaged();
        places.extend(pg_config());
        places.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
        places.into_iter().find_map(|folder| Self::within(folder).ok()).ok_or(ServerError::NotInstalled)
    }

    fn within(folder: PathBuf) -> Result<Self, ServerError> {
        // Taken as one: a relative folder would mean another one to a program that runs elsewhere.
        let folder = folder.canonicalize().unwrap_or(folder);
        match NEEDED.into_iter().find(|program| !folder.join(program).is_file()) {
            None => Ok(Self { folder }),
            Some(program) => Err(ServerError::NoBinaries { folder, program }),
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// One of the programs in it.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The major version, such as 15, as `postgres --version` says.
    ///
    /// # Errors
    /// The program does not run here, or says something else.
    pub fn version(&self) -> Result<u32, ServerError> {
        let program = self.program("postgres");
        let output = Command::new(&program).arg("--version").stdin(Stdio::null()).output();
        let output = output.map_err(io(format!("starting {}", program.display())))?;
        let said = String::from_utf8_lossy(&output.stdout);
        major(&said).ok_or_else(|| ServerError::Program {
            program: program.display().to_string(),
            said: format!("--version gave `{}` {}", said.trim(), String::from_utf8_lossy(&output.stderr).trim()),
        })
    }
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` → 15; `… 19beta1` → 19.
fn major(said: &str) -> Option<u32> {
    leading_number(said.split_once("(PostgreSQL) ")?.1)
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// Folders of packaged servers that exist here, the newest version first.
fn packaged() -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
    ]
    .into_iter()
    .flat_map(|(parent, prefix)| versions_in(Path::new(parent), prefix))
    .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// `PARENT/PREFIXn/bin` with its number n.
fn versions_in(parent: &Path, prefix: &str) -> Vec<(u32, PathBuf)> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let numbered = entries.filter_map(|entry| {
        let version = leading_number(entry.file_name().to_str()?.strip_prefix(prefix)?)?;
        Some((version, entry.path().join("bin")))
    });
    numbered.collect()
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").stdin(Stdio::null()).output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    (!folder.trim().is_empty()).then(|| folder.trim().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_the_server_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major("postgres: command not found"), None);
    }

    #[test]
    fn versions_are_numbers_and_not_words() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["9.6", "15", "18", "readme"] {
            std::fs::create_dir(parent.path().join(name)).unwrap();
        }
        let mut numbers: Vec<u32> = versions_in(parent.path(), "").into_iter().map(|(version, _)| version).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [9, 15, 18]);
    }

    #[test]
    fn a_folder_without_the_programs_is_named_with_the_command_to_install_them() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("initdb"), "").unwrap();
        let error = Binaries::find(Some(folder.path())).unwrap_err();
        assert!(matches!(error, ServerError::NoBinaries { program: "postgres", .. }), "{error}");
        let said = error.to_string();
        for part in [folder.path().to_str().unwrap(), "apt-get install postgresql", "dnf install", "brew install"] {
            assert!(said.contains(part), "{said}");
        }
    }
}
