//! An installation in a temporary folder, on a day that stands, with people and records put into the store directly: for
//! tests of what comes after intake.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chengxin_app::installation::{NewInstallation, files};
use chengxin_app::keyring::{Keyring, body_aad};
use chengxin_app::record::{RecordRef, identity_aad, version_commitment};
use chengxin_app::{FixedClock, Installation, Mode};
use chengxin_core::catalogue::{FieldRole, SubjectKind};
use chengxin_core::dates::to_days;
use chengxin_core::identity::{DocumentKind, ResidentId};
use chengxin_core::record::{RecordId, severity_to_i64, subject_kind_to_i64};
use chengxin_core::row::{join_body, split_body};
use chengxin_core::{Caller, Ground, Role, Standing};
use chengxin_seal::{FileKeyProvider, KeyFile, Profile, RandomPool, random_bytes};
use chengxin_store::record::{Cause, StoredVersion, VersionRow};
use chengxin_store::subject::NewDocument;
use chengxin_store::submission::Acceptance;
use chengxin_store::testing::Databases;
use chengxin_store::{KeyStore, ReadStore, Store, StoreError};
use jiff::civil::{Date, date};
use tempfile::TempDir;

/// The day on which the tests stand.
pub(crate) const TODAY: Date = date(2026, 11, 20);

/// The office that determined the records: a made-up code of area 990000.
pub(crate) const OFFICE: &str = "11990000MB0000001Q";

/// A made-up person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) number: String,
    pub(crate) name: String,
}

impl Person {
    /// The `n`-th made-up person, `n` below 1000: born on 1990-01-01.
    pub(crate) fn new(n: u32) -> Self {
        let stem = format!("99000019900101{n:03}");
        let check = ResidentId::check_character(stem.as_bytes().try_into().unwrap()).unwrap();
        Self { number: format!("{stem}{check}"), name: format!("虚构人{n}") }
    }

    /// A record of theirs, as a decision names it.
    pub(crate) fn record(&self, record: RecordId) -> RecordRef {
        RecordRef { kind: DocumentKind::ResidentId, number: self.number.clone(), record }
    }
}

/// An installation and its folder.
pub(crate) struct City {
    pub(crate) app: Installation,
    pub(crate) dir: TempDir,
    /// Dropped last: nothing uses them any more then.
    pub(crate) databases: Databases,
}

impl City {
    /// A synthetic city with the shipped catalogue.
    pub(crate) fn new() -> Self {
        Self::with(Mode::Synthetic, Profile::Intl)
    }

    pub(crate) fn with(mode: Mode, profile: Profile) -> Self {
        let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
        let new = NewInstallation {
            mode,
            profile,
            city: "虚构市".to_owned(),
            place: "990000".to_owned(),
            base_url: "https://credit.example".to_owned(),
            places: databases.places(),
        };
        let app = Installation::init(&dir.path().join("city"), &new, clock(), &administrator()).unwrap();
        Self { app, dir, databases }
    }

    /// Path of a file of the installation.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("city").join(name)
    }

    /// Closes the installation and opens it again, as after a restart.
    pub(crate) fn reopen(self) -> Self {
        let Self { app, dir, databases } = self;
        drop(app);
        let app = Installation::open(&dir.path().join("city"), clock()).unwrap();
        Self { app, dir, databases }
    }

    /// The keys as the key file has them now.
    pub(crate) fn keyring(&self) -> Keyring {
        keyring(&self.path(files::KEYS))
    }

    /// The store, beside the installation's own connection.
    pub(crate) fn reader(&self) -> ReadStore {
        ReadStore::open(self.app.database()).unwrap()
    }

    /// The key store, beside the installation's own connection.
    pub(crate) fn key_store(&self) -> KeyStore {
        KeyStore::open(&self.app.places().keys).unwrap()
    }

    /// Makes a subject of a person, as intake does; the subject that is there already where there is one.
    pub(crate) fn subject(&self, person: &Person) -> [u8; 16] {
        if let Some(subject) = self.app.find_subject(DocumentKind::ResidentId, &person.number).unwrap() {
            return subject;
        }
        let (keys, mut pool, subject) = (self.keyring(), RandomPool::new(), random_bytes::<16>());
        let (key, wrapped) = keys.new_subject_key(&mut pool, &subject);
        let mut key_store = self.key_store();
        key_store.write(|tx| tx.subject_key_set(&subject, keys.wrapping_version(), &wrapped)).unwrap();
        let sealed = key.identity().seal(&identity_aad(&subject), &join_body([person.number.as_str(), &person.name]));
        let (tag, name_tag) =
            (keys.document_tag(DocumentKind::ResidentId, &person.number), keys.name_tag(&person.name));
        self.store()
            .write("test", |tx| {
                tx.subject_add(&subject, 1, 0, 0)?;
                tx.subject_document_add(NewDocument {
                    tag: &tag,
                    subject_id: &subject,
                    kind: 1,
                    key_version: keys.index_version(),
                    name_tag: &name_tag,
                    sealed: &sealed,
                })
            })
            .unwrap();
        subject
    }

    /// Links a further name to a person.
    pub(crate) fn further_name(&self, person: &Person, name: &str) {
        let (subject, keys) = (self.subject(person), self.keyring());
        let key = keys.subject_key(&self.key_store(), &subject).unwrap();
        let sealed = key.identity().seal(&identity_aad(&subject), &join_body([name]));
        let (tag, version) = (keys.name_tag(name), keys.index_version());
        self.store()
            .write("test", |tx| tx.subject_name_add(&subject, &tag, version, &sealed, "曾用名证明", "test", 0))
            .unwrap();
    }

    /// Records an item about a person in effect at once: `values` by field code.
    pub(crate) fn record(&self, person: &Person, item: &str, decided_on: Date, values: &[(&str, &str)]) -> RecordId {
        self.record_of(person, item, decided_on, values, 0, false)
    }

    /// The same as brought by a submission, waiting for release or not.
    pub(crate) fn record_of(
        &self,
        person: &Person,
        item: &str,
        decided_on: Date,
        values: &[(&str, &str)],
        submission: i64,
        needs_release: bool,
    ) -> RecordId {
        let (subject, keys) = (self.subject(person), self.keyring());
        let def = self.app.catalogue().item(item).unwrap();
        let value = |code: &str| values.iter().find(|(of, _)| *of == code).map_or("", |(_, value)| *value);
        let plain = join_body(def.fields.iter().map(|field| value(&field.field.code)));
        let seed = keys.record_seed(OFFICE, item, &[&plain]);
        let record = keys.record_id(&subject, &seed);
        let salt: [u8; 16] = random_bytes();
        let (mut key_store, mut store) = (self.key_store(), self.store());
        let key = keys.subject_key(&key_store, &subject).unwrap();
        let severity = def.severity_of(decided_on, SubjectKind::Person, value);
        let valid_until = def.field_of(FieldRole::ValidUntil).and_then(|field| value(&field.field.code).parse().ok());
        let mut row = VersionRow {
            subject_id: subject,
            record_id: record,
            version: 1,
            body_version: 1,
            cause: Cause::Submission as i64,
            submission_id: submission,
            leaf: 0,
            row_no: 2,
            item: item.to_owned(),
            authority: OFFICE.to_owned(),
            subject_kind: subject_kind_to_i64(SubjectKind::Person),
            severity: severity_to_i64(severity),
            decided_on: i64::from(to_days(decided_on)),
            display_from: i64::from(to_days(decided_on)),
            display_until: def.display_until(decided_on, severity, valid_until).map(|day| i64::from(to_days(day))),
            state: 1,
            needs_release: i64::from(needs_release),
            source_time: None,
            layout_id: 0,
            digest: keys.digest(&[&plain]),
            salt: random_bytes(),
            commitment: [0; 32],
            body: key.body(&record, 1, &salt).seal_single_use(&body_aad(&subject, &record, 1), &plain),
        };
        key_store.write(|tx| tx.body_salt_set(&row.body_at(), &salt)).unwrap();
        let layout: Vec<&str> = def.fields.iter().map(|field| field.field.code.as_str()).collect();
        store
            .write("test", |tx| -> Result<(), StoreError> {
                row.layout_id = tx.layout_for(item, &layout.join(" "))?;
                row.commitment = version_commitment(&keys, &row, &mut Vec::new());
                tx.version_add(&row)
            })
            .unwrap();
        RecordId(record)
    }

    /// An accepted submission, whose rows wait for release where `needs_release` says so.
    pub(crate) fn submission(&self, item: &str, needs_release: bool) -> i64 {
        self.store()
            .write("test", |tx| -> Result<i64, StoreError> {
                let id = tx.submission_open(OFFICE, item, "test.csv", &random_bytes(), &[0; 32], 0, "test", "")?;
                let root = [0; 32];
                let (at_us, row_count, version_count) = (1, 1, 1);
                let accepted = Acceptance {
                    at_us,
                    needs_release,
                    row_count,
                    version_count,
                    root: &root,
                    summary: "{}",
                    receipt: "{}",
                };
                tx.submission_accept(id, &accepted)?;
                Ok(id)
            })
            .unwrap()
    }

    /// Every effective version of a record, in order.
    pub(crate) fn versions(&self, person: &Person, record: RecordId) -> Vec<StoredVersion> {
        let keys = self.keyring();
        let reader = self.reader();
        let tag = keys.document_tag(DocumentKind::ResidentId, &person.number);
        let Some(document) = reader.view().subject_document(&tag).unwrap() else { return Vec::new() };
        let mut versions = reader.view().versions_of_subject(&document.subject_id).unwrap();
        versions.retain(|version| version.row.record_id == record.0);
        versions
    }

    /// The values of a body; `None` where it cannot be opened any more.
    pub(crate) fn body(&self, row: &VersionRow) -> Option<Vec<String>> {
        let (keys, key_store) = (self.keyring(), self.key_store());
        let salt = key_store.body_salt(&row.body_at()).unwrap()?;
        let key = keys.subject_key(&key_store, &row.subject_id).ok()?.body(&row.record_id, row.body_version, &salt);
        let plain =
            key.open_single_use(&body_aad(&row.subject_id, &row.record_id, row.body_version), &row.body).ok()?;
        Some(split_body(&plain).unwrap().into_iter().map(str::to_owned).collect())
    }

    /// Does every version's commitment fit its columns, and every log entry of these subjects and of the installation its
    /// columns and its predecessor?
    pub(crate) fn verify_commitments(&self, rows: &[StoredVersion]) {
        let (keys, reader) = (self.keyring(), self.reader());
        let mut subjects = vec![chengxin_store::log::INSTALLATION];
        for version in rows {
            assert_eq!(version_commitment(&keys, &version.row, &mut Vec::new()), version.row.commitment);
            subjects.push(version.row.subject_id);
        }
        for subject in subjects {
            let mut previous = [0; 32];
            for (number, entry) in (1..).zip(reader.view().log_of_subject(&subject, 0, 1000).unwrap()) {
                assert_eq!((entry.number, entry.previous), (number, previous));
                assert_eq!(entry.expected_commitment(&keys.hash(), &subject), entry.commitment);
                previous = entry.commitment;
            }
        }
    }

    /// Operations logged about the installation, with their details.
    pub(crate) fn logged(&self) -> Vec<(String, serde_json::Value)> {
        self.logged_about(&chengxin_store::log::INSTALLATION)
    }

    /// Operations logged about a subject, with their details.
    pub(crate) fn logged_about(&self, subject: &[u8; 16]) -> Vec<(String, serde_json::Value)> {
        let entries = self.reader().view().log_of_subject(subject, 0, 1000).unwrap();
        entries.into_iter().map(|entry| (entry.operation, serde_json::from_str(&entry.detail).unwrap())).collect()
    }

    /// The store, for writing beside the installation's own connection.
    pub(crate) fn store(&self) -> Store {
        Store::open(self.app.database()).unwrap()
    }

    /// Writes a catalogue into a folder: the shipped one with `from` replaced by `to` in one file.
    pub(crate) fn catalogue_with(&self, name: &str, from: &str, to: &str) -> PathBuf {
        let dir = self
            .dir
            .path()
            .join(format!("catalogue-{}", chengxin_seal::random_bytes::<4>().map(|b| b.to_string()).join("-")));
        std::fs::create_dir_all(dir.join("matters")).unwrap();
        for (file, text) in chengxin_app::catalogue::shipped_files() {
            let text = if file == name {
                assert!(text.contains(from), "{name} does not say: {from}");
                text.replacen(from, to, 1)
            } else {
                text
            };
            std::fs::write(dir.join(file), text).unwrap();
        }
        dir
    }
}

/// The keys in a key file.
pub(crate) fn keyring(path: &Path) -> Keyring {
    Keyring::new(Arc::new(FileKeyProvider::new(&KeyFile::open(path).unwrap()).unwrap())).unwrap()
}

pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::on(TODAY))
}

pub(crate) fn administrator() -> Caller {
    Caller::operator("运维", "测试")
}

/// A caller of a role, for an authority where the role needs one.
pub(crate) fn caller(role: Role, authority: Option<&str>) -> Caller {
    Caller {
        actor: format!("{}-1", role.code()),
        role,
        authority: authority.map(str::to_owned),
        purpose: "测试".to_owned(),
        ground: match role {
            Role::Administrator => Ground::Operation,
            Role::Resident | Role::Representative | Role::Public => Ground::OwnRight,
            _ => Ground::Duty("penalty-law#art-48".to_owned()),
        },
        standing: Standing::Console,
    }
}

pub(crate) fn decider() -> Caller {
    caller(Role::Decider, Some(OFFICE))
}
