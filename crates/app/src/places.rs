//! Where an installation keeps its databases: two files in its folder, or two databases on a server that a small file there
//! names.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

pub use chengxin_store::{Place, Places};
use serde::{Deserialize, Serialize};

use crate::error::io;
use crate::installation::files;
use crate::{AppError, Kind};

/// The file that names them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    /// The main database.
    database: String,
    /// The key store.
    keys: String,
}

/// What is added to the name of a database for the key store that belongs to it.
pub const KEYS_SUFFIX: &str = "_keys";

/// Two databases on a server: the one that is named, and for the key store the one that is named or else the one beside it
/// whose name ends in [`KEYS_SUFFIX`].
///
/// # Errors
/// [`Kind::Invalid`] for an address that cannot be understood, or that is no server's.
pub fn on_server(main: &str, keys: Option<&str>) -> Result<Places, AppError> {
    let main: Place = main.parse()?;
    let address = main.server().ok_or_else(|| not_a_server(&main))?;
    let keys = match keys {
        Some(keys) => keys.parse()?,
        None => Place::Server(address.with_database(&format!("{}{KEYS_SUFFIX}", address.database()))?),
    };
    if keys.server().is_none() {
        return Err(not_a_server(&keys));
    }
    if keys == main {
        return Err(AppError::invalid(
            "密钥库须与主库分开：两者的备份保存期不同",
            "the key store has a database of its own: its backups are kept for another time",
        ));
    }
    Ok(Places { main, keys })
}

fn not_a_server(place: &Place) -> AppError {
    AppError::invalid(
        format!("{place} 不是数据库服务器地址；应形如 postgres://用户@主机/库名"),
        format!("{place} is no address of a database server: write postgres://user@host/name"),
    )
}

/// The databases of the installation in a folder.
///
/// # Errors
/// [`Kind::Invalid`] where the file that names them cannot be understood.
pub fn of(dir: &Path) -> Result<Places, AppError> {
    let path = dir.join(files::PLACES);
    if !path.exists() {
        let file = |name: &str| Place::File(dir.join(name));
        return Ok(Places { main: file(files::DATABASE), keys: file(files::KEY_STORE) });
    }
    let text = std::fs::read_to_string(&path).map_err(io(&path))?;
    let named: Named = toml::from_str(&text).map_err(|error| {
        AppError::new(
            Kind::Invalid,
            format!("{} 有误；应有 database 与 keys 两项", path.display()),
            format!("{} cannot be read: it has two lines, database and keys", path.display()),
        )
        // Not the library's message: it quotes the line, and the line may hold a password.
        .because(format!("byte {:?}", error.span()))
    })?;
    Ok(Places { main: named.database.parse()?, keys: named.keys.parse()? })
}

/// Notes where the databases of an installation lie.
pub(crate) fn note(dir: &Path, places: &Places) -> Result<(), AppError> {
    let url = |place: &Place| match place {
        Place::Server(address) => address.url().to_owned(),
        Place::File(path) => format!("sqlite:{}", path.display()),
    };
    let quoted = |text: String| serde_json::Value::String(text).to_string();
    // A string of JSON is one of TOML too.
    let text = format!("database = {}\nkeys = {}\n", quoted(url(&places.main)), quoted(url(&places.keys)));
    let (path, fresh) = (dir.join(files::PLACES), dir.join("database.toml.new"));
    let mut file = std::fs::File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)
        .map_err(io(&fresh))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io(&fresh))?;
    std::fs::rename(&fresh, &path).map_err(io(&path))
}
