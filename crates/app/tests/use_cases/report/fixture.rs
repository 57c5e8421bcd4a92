//! A city with a few made-up people, written straight into its store: what intake does has tests of its own.

use std::sync::Arc;

use chengxin_app::installation::files;
use chengxin_app::keyring::{Keyring, SubjectKey, body_aad};
use chengxin_app::record::{identity_aad, version_commitment};
use chengxin_app::report::ReportRequest;
use chengxin_app::{FixedClock, Installation, Mode};
use chengxin_core::catalogue::model::SubjectKind;
use chengxin_core::dates::to_days;
use chengxin_core::identity::DocumentKind;
use chengxin_core::record::{severity_to_i64, subject_kind_to_i64};
use chengxin_core::row::join_body;
use chengxin_core::{Caller, Ground, Lang, Role, Standing};
use chengxin_seal::{FileKeyProvider, KeyFile, Profile, RandomPool, random_bytes};
use chengxin_store::authority::AuthorityRow;
use chengxin_store::log::LogRow;
use chengxin_store::record::{Cause, VersionRow};
use chengxin_store::subject::NewDocument;
use chengxin_store::submission::Acceptance;
use chengxin_store::testing::Databases;
use chengxin_store::{KeyStore, Store, StoreError};
use jiff::civil::{Date, date};
use tempfile::TempDir;

/// A made-up office.
pub(crate) const OFFICE: &str = "11990000MB0000001A";
/// A made-up person, with records.
pub(crate) const WANG: &str = "990000199001010017";
/// Her name.
pub(crate) const WANG_NAME: &str = "王小明";
/// A made-up number of whom nothing is held.
pub(crate) const NOBODY: &str = "99000019880505001X";
/// The day on which reports are made.
pub(crate) const TODAY: Date = date(2026, 6, 10);

/// An installation in a folder of its own, and its stores for the hands of a test.
pub(crate) struct City {
    pub(crate) installation: Installation,
    pub(crate) store: Store,
    pub(crate) key_store: KeyStore,
    pub(crate) keys: Keyring,
    pub(crate) dir: TempDir,
    /// Dropped last: nothing uses them any more then.
    pub(crate) databases: Databases,
}

/// A record of a test.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) row: VersionRow,
}

pub(crate) fn resident() -> Caller {
    Caller {
        actor: "account-1".into(),
        role: Role::Resident,
        authority: None,
        purpose: "应聘".into(),
        ground: Ground::OwnRight,
        standing: Standing::Console,
    }
}

pub(crate) fn public() -> Caller {
    Caller {
        actor: "public".into(),
        role: Role::Public,
        authority: None,
        purpose: "核验报告".into(),
        ground: Ground::Consent("持有报告".into()),
        standing: Standing::Console,
    }
}

/// A request about a number, in the usual form.
pub(crate) fn about(number: &str) -> ReportRequest {
    ReportRequest {
        document_kind: DocumentKind::ResidentId,
        number: number.into(),
        name: None,
        recipient: "示范市公共资源交易中心".into(),
        domains: Vec::new(),
        from: None,
        to: None,
        lang: Lang::Zh,
    }
}

impl City {
    pub(crate) fn new() -> Self {
        Self::with_profile(Profile::Intl)
    }

    pub(crate) fn with_profile(profile: Profile) -> Self {
        let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
        let new = chengxin_app::installation::NewInstallation {
            mode: Mode::Synthetic,
            profile,
            city: "示范市".into(),
            place: "990000".into(),
            base_url: "https://credit.example".into(),
            places: databases.places(),
        };
        let operator = Caller::operator("test", "test");
        Installation::init(dir.path(), &new, Arc::new(FixedClock::on(date(2026, 1, 1))), &operator).unwrap();
        let mut city = Self::open(dir, databases, TODAY);
        let office = AuthorityRow {
            code: OFFICE.into(),
            name: "示范市市场监督管理局".into(),
            name_en: "Market Regulation Office".into(),
            kind: "market_regulation".into(),
        };
        city.store.write("test", |tx| tx.authority_add(&office, 0)).unwrap();
        city
    }

    fn open(dir: TempDir, databases: Databases, today: Date) -> Self {
        let path = dir.path();
        let key_file = KeyFile::open(path.join(files::KEYS)).unwrap();
        let installation = Installation::open(path, Arc::new(FixedClock::on(today))).unwrap();
        Self {
            store: Store::open(installation.database()).unwrap(),
            key_store: KeyStore::open(&installation.places().keys).unwrap(),
            installation,
            keys: Keyring::new(Arc::new(FileKeyProvider::new(&key_file).unwrap())).unwrap(),
            dir,
            databases,
        }
    }

    /// A second door to the same city, as a server beside a console has it.
    #[allow(dead_code, reason = "the tests of the pages use it")]
    pub(crate) fn another(&self) -> Installation {
        Installation::open(self.dir.path(), Arc::new(FixedClock::on(TODAY))).unwrap()
    }

    /// The same city on another day.
    pub(crate) fn on(self, today: Date) -> Self {
        Self::open(self.dir, self.databases, today)
    }

    /// The same city some seconds after nine on a day.
    pub(crate) fn seconds_later(self, seconds: i64) -> Self {
        let clock = FixedClock(FixedClock::on(TODAY).0 + seconds * 1_000_000);
        let mut city = Self::open(self.dir, self.databases, TODAY);
        city.installation = Installation::open(city.dir.path(), Arc::new(clock)).unwrap();
        city
    }

    /// Adds a person with a name.
    pub(crate) fn person(&mut self, number: &str, name: &str) -> [u8; 16] {
        let subject = random_bytes();
        let (key, wrapped) = self.keys.new_subject_key(&mut RandomPool::new(), &subject);
        let wrapping = self.keys.wrapping_version();
        self.key_store.write(|tx| tx.subject_key_set(&subject, wrapping, &wrapped)).unwrap();
        let sealed = key.identity().seal(&identity_aad(&subject), &join_body([number, name]));
        let document = NewDocument {
            tag: &self.keys.document_tag(DocumentKind::ResidentId, number),
            subject_id: &subject,
            kind: i64::from(DocumentKind::ResidentId.as_u8()),
            key_version: self.keys.index_version(),
            name_tag: &self.keys.name_tag(name),
            sealed: &sealed,
        };
        let add = |tx: &chengxin_store::Tx<'_>| {
            tx.subject_add(&subject, 1, 0, 0)?;
            tx.subject_document_add(document)
        };
        self.store.write("test", add).unwrap();
        subject
    }

    fn subject_key(&self, subject: &[u8; 16]) -> SubjectKey {
        self.keys.subject_key(&self.key_store, subject).unwrap()
    }

    /// Adds a record, of an item's values by field code, with the derived columns that intake would give it.
    pub(crate) fn record(
        &mut self,
        subject: [u8; 16],
        item: &str,
        decided_on: Date,
        values: &[(&str, &str)],
    ) -> Record {
        let catalogue = self.installation.catalogue();
        let def = catalogue.item(item).unwrap();
        let value = |code: &str| values.iter().find(|(c, _)| *c == code).map_or("", |(_, v)| *v);
        for (code, _) in values {
            assert!(def.field(code).is_some(), "{item} has no field {code}");
        }
        let severity = def.severity_of(decided_on, SubjectKind::Person, value);
        let until = def.display_until(decided_on, severity, None);
        let codes: Vec<&str> = def.fields.iter().map(|f| f.field.code.as_str()).collect();
        let body = join_body(codes.iter().map(|code| value(code)));
        let row = VersionRow {
            subject_id: subject,
            record_id: random_bytes(),
            version: 1,
            body_version: 1,
            cause: Cause::Identity as i64,
            submission_id: 0,
            leaf: 0,
            row_no: 0,
            item: item.into(),
            authority: OFFICE.into(),
            subject_kind: subject_kind_to_i64(SubjectKind::Person),
            severity: severity_to_i64(severity),
            decided_on: i64::from(to_days(decided_on)),
            display_from: i64::from(to_days(decided_on)),
            display_until: until.map(|day| i64::from(to_days(day))),
            state: 1,
            needs_release: 0,
            source_time: None,
            layout_id: 0,
            digest: random_bytes(),
            salt: random_bytes(),
            commitment: [0; 32],
            body,
        };
        self.write(row, &codes.join(" "))
    }

    /// Writes a version: seals its body, gives it its commitment.
    fn write(&mut self, mut row: VersionRow, layout: &str) -> Record {
        if !row.body.is_empty() {
            let (subject, record, salt) = (row.subject_id, row.record_id, random_bytes());
            self.key_store.write(|tx| tx.body_salt_set(&row.body_at(), &salt)).unwrap();
            let key = self.subject_key(&subject).body(&record, row.version, &salt);
            row.body = key.seal_single_use(&body_aad(&subject, &record, row.version), &row.body);
        }
        let keys = self.keys.clone();
        let add = |tx: &chengxin_store::Tx<'_>| {
            row.layout_id = if row.layout_id == 0 { tx.layout_for(&row.item, layout)? } else { row.layout_id };
            row.commitment = version_commitment(&keys, &row, &mut Vec::new());
            tx.version_add(&row)
        };
        self.store.write("test", add).unwrap();
        Record { row }
    }

    /// Appends a version in which some columns differ, without a body of its own.
    pub(crate) fn next(&mut self, record: &Record, change: impl FnOnce(&mut VersionRow)) -> Record {
        let mut row = VersionRow { version: record.row.version + 1, body: Vec::new(), ..record.row.clone() };
        change(&mut row);
        self.write(row, "")
    }

    /// A fine about somebody, of a month before today.
    pub(crate) fn fine(&mut self, subject: [u8; 16]) -> Record {
        self.fine_of(subject, date(2026, 5, 8), "示市监罚字〔2026〕118号")
    }

    pub(crate) fn fine_of(&mut self, subject: [u8; 16], decided_on: Date, document: &str) -> Record {
        let values = [
            ("CF_XDR_MC", WANG_NAME),
            ("CF_XDR_LB", "自然人"),
            ("CF_XDR_ZJLX", "身份证"),
            ("CF_XDR_ZJHM", WANG),
            ("CF_WSH", document),
            ("CF_WFXW", "销售超过保质期的食品"),
            ("CF_SY", "当事人（990000199001010017）在经营场所销售超过保质期的预包装食品三批次"),
            ("CF_YJ", "《食品安全法》第一百二十四条"),
            ("CF_CFLB", "罚款"),
            ("CF_NR", "罚款二万元"),
            ("CF_NR_FK", "2000000"),
            ("CF_JDRQ", "2026-05-08"),
            ("CF_CFJG", "示范市市场监督管理局"),
            ("BZ", "内部备注不外传"),
        ];
        self.record(subject, "penalty", decided_on, &values)
    }

    /// A licence of somebody.
    pub(crate) fn licence(&mut self, subject: [u8; 16]) -> Record {
        let values = [
            ("XK_XDR_MC", WANG_NAME),
            ("XK_XDR_LB", "自然人"),
            ("XK_XKWS", "食品经营许可证"),
            ("XK_WSH", "JY19900000000017"),
            ("XK_XKLB", "普通"),
            ("XK_NR", "预包装食品销售"),
            ("XK_JDRQ", "2024-03-08"),
            ("XK_YXQZI", "2099-12-31"),
            ("XK_XKJG", "示范市市场监督管理局"),
        ];
        self.record(subject, "licence", date(2024, 3, 8), &values)
    }

    /// Wang Xiaoming with a fine and a licence.
    pub(crate) fn wang(&mut self) -> (Record, Record) {
        let subject = self.person(WANG, WANG_NAME);
        (self.fine(subject), self.licence(subject))
    }

    /// An accepted submission whose adverse rows wait for release.
    pub(crate) fn accepted_submission(&mut self, item: &str) -> i64 {
        let accept = |tx: &chengxin_store::Tx<'_>| -> Result<i64, StoreError> {
            let id = tx.submission_open(OFFICE, item, "x.csv", &[1; 32], &[2; 32], 0, "test", "")?;
            let acceptance = Acceptance {
                at_us: 0,
                needs_release: true,
                row_count: 1,
                version_count: 1,
                root: &[0; 32],
                summary: "{}",
                receipt: "{}",
            };
            tx.submission_accept(id, &acceptance)?;
            Ok(id)
        };
        self.store.write("test", accept).unwrap()
    }

    /// The log of a subject.
    pub(crate) fn log(&self, subject: &[u8; 16]) -> Vec<LogRow> {
        self.store.view().log_of_subject(subject, 0, 1000).unwrap()
    }
}
