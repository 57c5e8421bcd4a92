//! The account that the server runs with: the caller's own, or another where that is root, which PostgreSQL refuses.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{ServerError, io};

/// Whom the server's programs run as; `None` is the caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account(Option<(u32, u32)>);

impl Account {
    /// The account for a folder that this process has just made: its owner tells who we are.
    ///
    /// # Errors
    /// [`ServerError::NoAccount`] when we are root and there is nobody else.
    pub(crate) fn for_owner_of(folder: &Path) -> Result<Self, ServerError> {
        let owner = folder.metadata().map_err(io(folder.display().to_string()))?.uid();
        if owner != 0 {
            return Ok(Self(None));
        }
        let other = ["postgres", "nobody"].into_iter().find_map(|name| Some((id("-u", name)?, id("-g", name)?)));
        other.map(|ids| Self(Some(ids))).ok_or(ServerError::NoAccount)
    }

    /// Gives it the file or folder.
    ///
    /// # Errors
    /// The system refuses.
    pub(crate) fn own(self, path: &Path) -> Result<(), ServerError> {
        let Some((user, group)) = self.0 else { return Ok(()) };
        chown(path, Some(user), Some(group)).map_err(io(format!("changing the owner of {}", path.display())))
    }

    /// Makes the command run with it. Supplementary groups are dropped with root: std does so where a user is set.
    pub(crate) fn run(self, command: &mut Command) {
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
    }
}

fn id(flag: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([flag, name]).stdin(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok().filter(|number| *number != 0)
}
