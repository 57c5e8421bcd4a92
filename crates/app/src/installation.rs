//! An installation: a folder with a database, a key store and a key file that fit together.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chengxin_core::catalogue::Catalogue;
use chengxin_core::dates::shanghai_date;
use chengxin_core::identity::SyntheticRule;
use chengxin_core::{Caller, Say};
use chengxin_seal::{FileKeyProvider, KeyFile, Profile};
use chengxin_store::audit::{CATALOGUES, SETTINGS};
use chengxin_store::{KeyStore, Place, Places, Store};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde_json::json;

use crate::clock::Clock;
use crate::error::io;
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::{AppError, Kind, calendar, catalogue, journal, keys, places, policy};

/// What an installation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Real data: made-up numbers are refused, and collection rests on verified clauses only.
    Production,
    /// Made-up data only: real-looking numbers are accepted too, but every page and report says that it is no real one.
    Synthetic,
}

impl Mode {
    /// Word in the settings.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Mode::Production => "production",
            Mode::Synthetic => "synthetic",
        }
    }
}

/// What `init` is told.
#[derive(Debug, Clone)]
pub struct NewInstallation {
    /// Production or synthetic.
    pub mode: Mode,
    /// Cryptographic profile.
    pub profile: Profile,
    /// Name of the city, printed on reports.
    pub city: String,
    /// GB/T 2260 code of the place (6 digits): local regulations of other places do not count here.
    pub place: String,
    /// Address under which reports are verified: `https://…`.
    pub base_url: String,
    /// Databases on a server; files in the installation's folder where none are named.
    pub places: Option<Places>,
}

/// An open installation.
pub struct Installation {
    pub(crate) store: Store,
    pub(crate) key_store: KeyStore,
    pub(crate) keys: Keyring,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) clock: Arc<dyn Clock>,
    dir: PathBuf,
    pub(crate) places: Places,
    mode: Mode,
    city: String,
    place: String,
    base_url: String,
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installation").field("dir", &self.dir).field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// Names of the files of an installation.
pub mod files {
    /// The main database.
    pub const DATABASE: &str = "chengxin.db";
    /// Wrapped keys and erasable salts; backed up apart and for a short time.
    pub const KEY_STORE: &str = "keys.db";
    /// Where the databases lie, if not in the two files above; mode 0600, since an address may hold a password.
    pub const PLACES: &str = "database.toml";
    /// The key file, mode 0600.
    pub const KEYS: &str = "keys.json";
    /// Public halves of the signing keys, dated: what verifiers trust.
    pub const TRUST: &str = "trust.json";
}

impl Installation {
    /// Makes a new installation in `dir`, which must be empty or absent.
    ///
    /// # Errors
    /// [`Kind::Conflict`] where there is one already; [`Kind::Invalid`] for a place or address of another form.
    pub fn init(dir: &Path, new: &NewInstallation, clock: Arc<dyn Clock>, caller: &Caller) -> Result<Self, AppError> {
        policy::authorise(caller, "installation_init")?;
        check_new(new)?;
        std::fs::create_dir_all(dir).map_err(io(dir))?;
        for name in [files::DATABASE, files::KEY_STORE, files::PLACES, files::KEYS] {
            if dir.join(name).exists() {
                return Err(AppError::conflict(
                    format!("{} 中已有安装（{name}）；请换一个目录", dir.display()),
                    format!("there is an installation in {} already ({name}): choose another folder", dir.display()),
                ));
            }
        }
        let now_us = clock.now_us();
        let mut key_file = KeyFile::create(dir.join(files::KEYS), new.profile, now_us)?;
        key_file.set_holder(new.city.clone());
        let keyring = Keyring::new(Arc::new(FileKeyProvider::new(&key_file)?))?;
        let places = new.places.clone().map_or_else(|| places::of(dir), Ok)?;
        let made = KeyStore::create(&places.keys).and_then(|_| Store::create(&places.main));
        // What a server refuses leaves nothing here that would stand in the way of the next attempt: this key has sealed nothing.
        let mut store = made.inspect_err(|_| drop(std::fs::remove_file(dir.join(files::KEYS))))?;
        key_file.save()?;
        if new.places.is_some() {
            places::note(dir, &places)?;
        }
        // What is sealed is still nobody else's on this machine; the files beside the database take over its mode.
        for path in [&places.main, &places.keys].into_iter().filter_map(|place| place.file()) {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(io(path))?;
        }
        let shipped = catalogue::shipped_files();
        let loaded = catalogue::load(&shipped)?;
        catalogue::refuse_errors(&catalogue::findings(&shipped, shanghai_date(now_us), &new.place))?;
        let calendars = catalogue::shipped_calendars();
        let calendar = chengxin_core::calendar::hash_hex(&calendars);
        let policies = policy::shipped()?.digest_hex();
        store.write("installation_init", |tx| -> Result<(), AppError> {
            tx.set_setting("mode", new.mode.code())?;
            tx.set_setting("profile", new.profile.name())?;
            tx.set_setting("city", &new.city)?;
            tx.set_setting("place", &new.place)?;
            tx.set_setting("base_url", new.base_url.trim_end_matches('/'))?;
            tx.set_setting("key_check", &HEXLOWER.encode(&key_file.check_value()))?;
            tx.set_setting("index_version", &keyring.index_version().to_string())?;
            tx.set_setting("catalogue", &loaded.hash_hex())?;
            tx.set_setting(policy::SETTING, &policies)?;
            tx.catalogue_add(&loaded.hash_hex(), &catalogue::to_json(&shipped), now_us, &caller.actor)?;
            tx.catalogue_add(&calendar, &catalogue::to_json(&calendars), now_us, &caller.actor)?;
            tx.set_setting(calendar::SETTING, &calendar)?;
            let settings = [
                "mode",
                "profile",
                "city",
                "place",
                "base_url",
                "key_check",
                "index_version",
                "catalogue",
                policy::SETTING,
            ];
            let mut rows: Vec<_> = settings.into_iter().map(|name| (&SETTINGS, vec![name.into()])).collect();
            rows.push((&CATALOGUES, vec![loaded.hash_hex().as_str().into()]));
            rows.extend([(&CATALOGUES, vec![calendar.as_str().into()]), (&SETTINGS, vec![calendar::SETTING.into()])]);
            let detail = json!({
                "mode": new.mode.code(), "catalogue": loaded.hash_hex(), "calendar": calendar, "policy": policies,
                "rows": marks(tx.view(), &keyring, &rows)?,
            });
            journal::log(tx, &keyring, now_us, "installation_init", caller, &detail)?;
            Ok(())
        })?;
        drop(store);
        keys::write_trust_list(dir, keyring.provider().trust_list())?;
        Self::open(dir, clock)
    }

    /// Opens an installation.
    ///
    /// # Errors
    /// [`Kind::NotFound`] where there is none; [`Kind::Unavailable`] where the key file does not fit the data: with the
    /// wrong keys nobody would be found, and what is sealed now could not be opened later.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, AppError> {
        Self::open_at(dir, places::of(dir)?, clock)
    }

    /// The same over databases that lie elsewhere than its folder says.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_at(dir: &Path, places: Places, clock: Arc<dyn Clock>) -> Result<Self, AppError> {
        let store = Store::open(&places.main)?;
        let key_file = KeyFile::open(dir.join(files::KEYS))?;
        let setting = |name: &str| -> Result<String, AppError> {
            let value = store.view().setting(name)?;
            value.ok_or_else(|| AppError::internal(format!("setting {name} is missing")))
        };
        let check = HEXLOWER.decode(setting("key_check")?.as_bytes()).unwrap_or_default();
        if !key_file.fits(&check) {
            return Err(AppError::new(
                Kind::Unavailable,
                format!("密钥文件 {} 与该数据库不匹配；请放回与数据一起备份的密钥文件", files::KEYS),
                format!(
                    "the key file {} does not fit this database: put back the one that was backed up with it",
                    files::KEYS
                ),
            ));
        }
        let keyring = Keyring::new(Arc::new(FileKeyProvider::new(&key_file)?))?;
        let hash = setting("catalogue")?;
        let stored = store.view().catalogue_files(&hash)?;
        let catalogue_files =
            catalogue::from_json(&stored.ok_or_else(|| AppError::internal("catalogue in use is missing"))?)?;
        let mode = if setting("mode")? == "production" { Mode::Production } else { Mode::Synthetic };
        let mut installation = Self {
            mode,
            city: setting("city")?,
            place: setting("place")?,
            base_url: setting("base_url")?,
            catalogue: Arc::new(catalogue::load(&catalogue_files)?),
            key_store: KeyStore::open(&places.keys)?,
            keys: keyring,
            store,
            clock,
            dir: dir.to_owned(),
            places,
        };
        installation.finish_keys()?;
        installation.note_policies()?;
        installation.note_calendar()?;
        Ok(installation)
    }

    /// A second door to the same installation, for another thread.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn another(&self) -> Result<Self, AppError> {
        self.opener()()
    }

    /// Opens [`Self::another`] later, while this one is at work.
    pub fn opener(&self) -> impl Fn() -> Result<Self, AppError> + Send + Sync + 'static {
        let (dir, places, clock) = (self.dir.clone(), self.places.clone(), Arc::clone(&self.clock));
        move || Self::open_at(&dir, places.clone(), Arc::clone(&clock))
    }

    /// Folder of the installation.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Production or synthetic.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// May made-up numbers come in?
    #[must_use]
    pub fn synthetic_rule(&self) -> SyntheticRule {
        match self.mode {
            Mode::Production => SyntheticRule::Refused,
            Mode::Synthetic => SyntheticRule::Allowed,
        }
    }

    /// Name of the city.
    #[must_use]
    pub fn city(&self) -> &str {
        &self.city
    }

    /// Code of the place.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Address under which reports are verified, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where the main database lies.
    #[must_use]
    pub fn database(&self) -> &Place {
        &self.places.main
    }

    /// Where both databases lie.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The catalogue in use.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Keys at work.
    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Now, in microseconds UTC.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        self.clock.now_us()
    }

    /// Today in Asia/Shanghai.
    #[must_use]
    pub fn today(&self) -> Date {
        shanghai_date(self.now_us())
    }
}

fn check_new(new: &NewInstallation) -> Result<(), AppError> {
    if new.place.len() != 6 || !new.place.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AppError::invalid(
            "行政区划代码应为 6 位数字（GB/T 2260）",
            "the place is a code of 6 digits (GB/T 2260)",
        ));
    }
    if !(new.base_url.starts_with("https://") || new.base_url.starts_with("http://"))
        || new.base_url.contains(char::is_whitespace)
    {
        let say = Say::new("核验网址应以 https:// 开头", "the verification address begins with https://");
        return Err(AppError::invalid(say.zh, say.en));
    }
    if new.mode == Mode::Production && !new.base_url.starts_with("https://") {
        return Err(AppError::invalid(
            "正式环境的核验网址须为 https",
            "in production the verification address is https",
        ));
    }
    Ok(())
}
