//! A server of one's own with an installation's tables in it, and what tests do there.

use std::time::{Duration, Instant};

use chengxin_pgtest::{Options, Server};
use chengxin_store::log::NewLogEntry;
use chengxin_store::record::VersionRow;
use chengxin_store::subject::NewSubject;
use chengxin_store::testing::Hand;
use chengxin_store::{Place, ReadStore, Store, StoreError, Tx};
use chengxin_tlog::{Hash, TreeHash};

/// The chain that tests append to.
pub(crate) const CHAIN: [u8; 16] = [7; 16];

/// Not a good one, but one for tests about something else.
pub(crate) struct Sum;

impl TreeHash for Sum {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        let mut sum = [0u8; 32];
        for (at, byte) in parts.iter().flat_map(|part| part.iter()).enumerate() {
            sum[at % 32] = sum[at % 32].rotate_left(1) ^ byte;
        }
        sum
    }
}

/// A server with one database.
pub(crate) struct City {
    pub(crate) server: Server,
    pub(crate) place: Place,
}

impl City {
    /// With the tables of the main database.
    pub(crate) fn new(options: &Options) -> Self {
        let city = Self::empty(options);
        Store::create(&city.place).unwrap();
        city
    }

    /// Without tables.
    pub(crate) fn empty(options: &Options) -> Self {
        let server = Server::start(options).unwrap_or_else(|error| panic!("{error}"));
        server.create_database("city", None).unwrap();
        let place = server.url("city").parse().unwrap();
        Self { server, place }
    }

    /// The place as another role reaches it.
    pub(crate) fn as_role(&self, role: &str, password: &str) -> Place {
        format!("postgres://{role}:{password}@127.0.0.1:{}/city", self.server.port()).parse().unwrap()
    }

    /// The place with parameters in its address.
    pub(crate) fn with(&self, parameters: &str) -> Place {
        format!("{}?{parameters}", self.server.url("city")).parse().unwrap()
    }

    /// The place as it is reached by another port.
    pub(crate) fn through(&self, port: u16, parameters: &str) -> Place {
        let url = self.server.url("city").replace(&format!(":{}/", self.server.port()), &format!(":{port}/"));
        format!("{url}?{parameters}").parse().unwrap()
    }

    pub(crate) fn psql(&self, sql: &str) -> String {
        self.server.psql("city", sql).unwrap()
    }

    pub(crate) fn hand(&self) -> Hand {
        Hand::in_(&self.place)
    }

    /// How many entries the chain has, and the highest number.
    pub(crate) fn chain(&self) -> (i64, i64) {
        let counted = self.psql("SELECT count(*), coalesce(max(number), 0) FROM log_entry");
        let (count, last) = counted.split_once('|').unwrap();
        (count.parse().unwrap(), last.parse().unwrap())
    }
}

/// Appends one entry to the chain.
pub(crate) fn append(tx: &Tx<'_>) -> Result<i64, StoreError> {
    let new = NewLogEntry { subject_id: &CHAIN, at_us: 1_000, operation: "test", caller: "{}", detail: "{}" };
    Ok(tx.log_append(&Sum, &new, |_| [1; 16])?.number)
}

/// A setting, read.
pub(crate) fn setting(store: &ReadStore, name: &str) -> Result<Option<String>, StoreError> {
    store.view().setting(name)
}

/// Runs it, and fails where it took longer: what hangs must end by itself.
#[expect(clippy::disallowed_methods, reason = "measures how long something took")]
pub(crate) fn within<T>(limit: Duration, act: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let outcome = act();
    assert!(begun.elapsed() < limit, "it took {:?}", begun.elapsed());
    outcome
}

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// A made-up subject.
pub(crate) fn subject(number: u16) -> NewSubject {
    let [high, low] = number.to_be_bytes();
    let id = |of: u8| {
        let mut id = [of; 16];
        (id[0], id[1]) = (high, low);
        id
    };
    NewSubject { subject_id: id(1), kind: 1, tag: id(2), document_kind: 1, name_tag: id(3), sealed: vec![high, low] }
}

/// A made-up version.
pub(crate) fn version(submission_id: i64, leaf: i64) -> VersionRow {
    let mut record_id = [9; 16];
    record_id[..8].copy_from_slice(&leaf.to_be_bytes());
    VersionRow {
        subject_id: [1; 16],
        record_id,
        version: 1,
        body_version: 1,
        cause: 1,
        submission_id,
        leaf,
        row_no: leaf + 2,
        item: "item".to_owned(),
        authority: "office".to_owned(),
        subject_kind: 1,
        severity: 0,
        decided_on: 20_000,
        display_from: 20_001,
        display_until: None,
        state: 1,
        needs_release: 0,
        source_time: None,
        layout_id: 1,
        digest: [4; 16],
        salt: [5; 16],
        commitment: [6; 32],
        body: vec![8; 40],
    }
}
