//! The whole log against the whole database: what nobody touched verifies, what anybody touched is found and located.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::lived;

use std::sync::Arc;

use chengxin_app::log::Verified;
use chengxin_app::record::version_commitment;
use chengxin_app::{FixedClock, Installation, Kind, Mode};
use chengxin_seal::Profile;
use chengxin_store::audit::Cell;
use chengxin_store::log::{INSTALLATION, NewLogEntry};
use chengxin_store::testing::Hand;
use chengxin_store::{ReadStore, Store};
use city::City;
use lived::{Kept, Lived, auditor};

#[test]
fn a_city_that_has_been_lived_in_verifies_without_a_finding() {
    for profile in Profile::ALL {
        let lived = Lived::new(profile);
        let city = lived.open();
        let verified = city.log_verify(&auditor(), None).unwrap();
        assert!(verified.is_whole(), "{profile}: {:#?}", verified.findings);
        assert!(verified.entries > 40 && verified.versions > 400, "{verified:?}");
        assert_eq!((verified.waiting, verified.leaves), (0, verified.entries));
        assert!(verified.open > 80, "one submission was broken off");
    }
}

/// A table, the columns of its key, and what checking leaves out of it by design.
struct Table {
    name: &'static str,
    key: &'static [&'static str],
    /// Which row is laid hands on.
    filter: &'static str,
    /// Columns whose change nobody need find: the list of tables in `docs/log.md` says why.
    free: &'static [&'static str],
    /// Column that a copy of a row needs another value in, beside the key.
    unique: Option<&'static str>,
}

const fn table(name: &'static str, key: &'static [&'static str]) -> Table {
    Table { name, key, filter: "1 = 1", free: &[], unique: None }
}

const TABLES: &[Table] = &[
    table("log_entry", &["subject_id", "number"]),
    Table { filter: "leaf_index > 3", ..table("log_leaf", &["leaf_index"]) },
    table("log_tile", &["level", "part"]),
    Table { free: &["epoch"], ..table("log_head", &["origin"]) },
    table("log_hidden", &["subject_id", "chain_id", "number"]),
    Table { free: &["size"], ..table("log_witness", &["name"]) },
    Table { filter: "submission_id = 3", ..table("version", &["subject_id", "record_id", "version"]) },
    table("submission_tile", &["submission_id", "level", "part"]),
    table("submission", &["submission_id"]),
    table("submission_member", &["submission_id", "part"]),
    table("refusal", &["submission_id", "row_no"]),
    Table { filter: "state = 2", unique: Some("row_no"), ..table("held", &["held_id"]) },
    table("erasure", &["erasure_id"]),
    table("authority", &["code"]),
    table("supervision", &["authority"]),
    table("clause_confirmation", &["clause", "confirmed_at_us"]),
    table("catalogue_version", &["hash"]),
    Table { unique: Some("item"), ..table("layout", &["layout_id"]) },
    table("column_mapping", &["authority", "item", "heading"]),
    Table { filter: "name NOT IN ('catalogue_under_way')", ..table("installation", &["name"]) },
    table("record_lock", &["subject_id", "record_id"]),
    table("report", &["subject_id", "report_id"]),
    table("report_code", &["subject_id", "code_tag"]),
    table("subject_name", &["subject_id", "name_tag"]),
    table("subject", &["subject_id"]),
    table("subject_document", &["tag"]),
    table("account", &["account_id"]),
    table("account_login", &["login_tag"]),
    Table { free: &["last_used_on"], ..table("account_right", &["account_id", "role", "authority"]) },
    table("account_binding", &["subject_id", "account_id"]),
    Table { free: &["last_step"], ..table("credential", &["account_id", "credential_id"]) },
    // A seal holds the others itself, and is worth nothing altered.
    Table { free: &["seal"], ..table("activation", &["code_tag"]) },
    table("check_batch", &["number"]),
    table("consent", &["subject_id", "consent_id"]),
    table("consent_use", &["subject_id", "consent_id", "number"]),
    table("consent_code", &["subject_id", "code_tag"]),
    Table { free: &["last_used_on"], ..table("client", &["client_id"]) },
    table("client_key", &["client_id", "kid"]),
    table("issuer", &["name"]),
    table("account_identity", &["identity_tag"]),
    table("mandate", &["subject_id", "mandate_id"]),
    table("mandate_holder", &["subject_id", "mandate_id"]),
    table("mandate_code", &["subject_id", "code_tag"]),
    table("proceeding", &["subject_id", "proceeding_id"]),
    table("proceeding_file", &["subject_id", "proceeding_id", "file_no"]),
    table("proceeding_number", &["subject_id", "number_tag"]),
    table("follow_up", &["subject_id", "follow_up_id"]),
    table("notice", &["subject_id", "notice_id"]),
    table("channel", &["subject_id", "channel_id"]),
    table("office_notice", &["authority", "notice_id"]),
    table("complaint", &["subject_id", "complaint_id"]),
    table("submission_figure", &["submission_id"]),
    table("check_count", &["month", "matter"]),
    table("publication", &["subject_id", "record_id"]),
];

/// Tables that the city has one row in, or that have one by their nature.
const ONE_ROW: &[&str] = &["log_head", "layout", "column_mapping", "subject_name"];

/// One city whose database is laid hands on again and again.
struct Bench {
    city: Installation,
    lived: Lived,
    /// What stands in each table when nobody has laid hands on it.
    kept: Vec<Vec<Row>>,
}

type Row = Vec<Cell>;

impl Bench {
    fn new(profile: Profile) -> Self {
        let lived = Lived::new(profile);
        // Opening what is whole changes nothing any more.
        drop(lived.open());
        let hand = Hand::in_(&lived.database());
        let kept = TABLES.iter().map(|table| table.all(&hand)).collect();
        Self { city: lived.open(), lived, kept }
    }

    /// What checking finds once `hand` was laid on the database, and what `hand` hands back; everything is put back then.
    fn after<T>(&self, hand: impl FnOnce(&Hand) -> T) -> (Verified, T) {
        let laid = Hand::in_(&self.lived.database());
        let handed = hand(&laid);
        let verified = self.city.log_verify(&auditor(), None).unwrap();
        self.put_back(&laid);
        (verified, handed)
    }

    /// Row by row: bringing whole databases back takes longer than all the rest.
    fn put_back(&self, hand: &Hand) {
        for (table, kept) in TABLES.iter().zip(&self.kept) {
            let now = table.all(hand);
            if now == *kept {
                continue;
            }
            now.iter().filter(|row| !kept.contains(row)).for_each(|row| table.remove(hand, row));
            kept.iter().filter(|row| !now.contains(row)).for_each(|row| table.add(hand, row));
            assert!(table.all(hand) == *kept, "{} is put back", table.name);
        }
    }
}

impl Table {
    fn columns(&self, hand: &Hand) -> Vec<String> {
        hand.columns(self.name).unwrap()
    }

    /// The first `count` rows that are laid hands on.
    fn rows(&self, hand: &Hand, count: usize) -> Vec<Row> {
        self.read(hand, &format!("WHERE {}", self.filter), &format!("LIMIT {count}"))
    }

    /// Every row.
    fn all(&self, hand: &Hand) -> Vec<Row> {
        self.read(hand, "", "")
    }

    fn read(&self, hand: &Hand, which: &str, many: &str) -> Vec<Row> {
        let (columns, order) = (self.columns(hand).join(", "), self.key.join(", "));
        hand.rows(&format!("SELECT {columns} FROM {} {which} ORDER BY {order} {many}", self.name), &[]).unwrap()
    }

    /// Two rows that differ beside their keys.
    fn unlike(&self, hand: &Hand) -> Option<(Row, Row)> {
        let columns = self.columns(hand);
        let rest = |row: &Row| -> Row {
            columns.iter().zip(row).filter(|(column, _)| !self.is_key(column)).map(|(_, value)| value.clone()).collect()
        };
        let mut rows = self.rows(hand, 1_000).into_iter();
        let first = rows.next()?;
        let second = rows.find(|row| rest(row) != rest(&first))?;
        Some((first, second))
    }

    fn is_key(&self, column: &str) -> bool {
        self.key.contains(&column)
    }

    fn remove(&self, hand: &Hand, row: &Row) {
        let columns = self.columns(hand);
        let at = |key: &&str| columns.iter().position(|column| column == key).unwrap();
        let (text, values): (Vec<_>, Vec<_>) =
            self.key.iter().zip(1..).map(|(key, n)| (format!("{key} = ${n}"), row[at(key)].clone())).unzip();
        let text = format!("DELETE FROM {} WHERE {}", self.name, text.join(" AND "));
        assert_eq!(hand.run(&text, &values).unwrap(), 1, "{text}");
    }

    fn add(&self, hand: &Hand, row: &Row) {
        let columns = self.columns(hand);
        let marks: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        let text = format!("INSERT INTO {} ({}) VALUES ({})", self.name, columns.join(", "), marks.join(", "));
        hand.run(&text, row).unwrap();
    }

    /// The key as a finding writes it.
    fn key_of(&self, hand: &Hand, row: &Row) -> String {
        let columns = self.columns(hand);
        let text = |key: &&str| row[columns.iter().position(|column| column == key).unwrap()].to_string();
        self.key.iter().map(text).collect::<Vec<_>>().join("/")
    }

    /// Keys that locate a row: its own, or where the row itself cannot be told, its subject's or its submission's.
    fn locates(&self, hand: &Hand, row: &Row) -> Vec<String> {
        let columns = self.columns(hand);
        let value = |name: &str| columns.iter().position(|column| column == name).map(|at| row[at].clone());
        let mut keys = vec![self.key_of(hand, row)];
        if let Some(Cell::Int(id)) = value("submission_id") {
            keys.push(format!("submission_id={id}"));
        }
        if let Some(Cell::Bytes(id)) = value("subject_id") {
            let id = data_encoding::HEXLOWER.encode(&id);
            keys.push(format!("subject_id={id}"));
            // A further name that is gone is named by the digest that the log has of it.
            if self.name == "subject_name" {
                keys.push(format!("{id}/"));
            }
        }
        keys
    }
}

/// Something else than before, of the kind that the column holds.
fn other(hand: &Hand, table: &Table, column: &str, value: &Cell) -> Cell {
    match value {
        Cell::Null => hand.some_value(table.name, column).unwrap(),
        Cell::Int(number) => Cell::Int(number + 1_000_003_000_000),
        Cell::Text(text) => Cell::Text(format!("{text}x")),
        Cell::Bytes(bytes) => {
            let mut bytes = bytes.clone();
            match bytes.last_mut() {
                Some(last) => *last ^= 1,
                None => bytes.push(1),
            }
            Cell::Bytes(bytes)
        }
    }
}

fn assert_located(table: &Table, verified: &Verified, keys: &[String], what: &str) {
    let named = |key: &str| keys.iter().any(|wanted| key == wanted || wanted.ends_with('/') && key.starts_with(wanted));
    let found = verified.findings.iter().any(|finding| finding.table == table.name && named(&finding.key));
    let findings: Vec<_> = verified.findings.iter().map(|f| (f.table, &f.key, &f.what.en)).collect();
    assert!(found, "{} {what}: expected one of {keys:?}, found {findings:#?}", table.name);
}

#[test]
fn every_column_that_is_altered_by_hand_is_found_with_table_and_key() {
    let bench = Bench::new(Profile::Intl);
    for table in TABLES {
        let columns = table.columns(&Hand::in_(&bench.lived.database()));
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| !table.free.contains(&column.as_str())) {
            let (verified, keys) = bench.after(|hand| {
                let before = table.rows(hand, 1).remove(0);
                let mut after = before.clone();
                after[at] = other(hand, table, column, &before[at]);
                table.remove(hand, &before);
                table.add(hand, &after);
                [table.locates(hand, &before), table.locates(hand, &after)].concat()
            });
            assert_located(table, &verified, &keys, column);
        }
    }
}

#[test]
fn a_row_removed_added_or_changed_for_another_is_found_with_table_and_key() {
    for profile in Profile::ALL {
        let (bench, mut alone) = (Bench::new(profile), Vec::new());
        for table in TABLES {
            let (verified, keys) = bench.after(|hand| {
                let row = table.rows(hand, 1).remove(0);
                table.remove(hand, &row);
                table.locates(hand, &row)
            });
            assert_located(table, &verified, &keys, "removed");
            let (verified, keys) = bench.after(|hand| {
                let mut row = table.rows(hand, 1).remove(0);
                let columns = table.columns(hand);
                let last = *table.key.last().unwrap();
                for name in std::iter::once(last).chain(table.unique) {
                    let at = columns.iter().position(|column| column == name).unwrap();
                    row[at] = other(hand, table, name, &row[at]);
                }
                table.add(hand, &row);
                table.locates(hand, &row)
            });
            assert_located(table, &verified, &keys, "added");
            let Some((first, second)) = table.unlike(&Hand::in_(&bench.lived.database())) else {
                alone.push(table.name);
                continue;
            };
            let (verified, keys) = bench.after(|hand| {
                let columns = table.columns(hand);
                let mixed = |key: &Row, rest: &Row| -> Row {
                    let pick = |(at, column): (usize, &String)| if table.is_key(column) { &key[at] } else { &rest[at] };
                    columns.iter().enumerate().map(pick).cloned().collect()
                };
                for row in [&first, &second] {
                    table.remove(hand, row);
                }
                table.add(hand, &mixed(&first, &second));
                table.add(hand, &mixed(&second, &first));
                [table.locates(hand, &first), table.locates(hand, &second)].concat()
            });
            assert_located(table, &verified, &keys, "changed places");
        }
        assert_eq!(alone, ONE_ROW);
    }
}

/// Keys of findings about a table.
fn about<'v>(verified: &'v Verified, table: &str) -> Vec<&'v str> {
    verified.findings.iter().filter(|finding| finding.table == table).map(|finding| finding.key.as_str()).collect()
}

fn newest_checkpoint(city: &Installation) -> String {
    ReadStore::open(city.database()).unwrap().view().log_head().unwrap().unwrap().note
}

#[test]
fn an_entry_added_by_somebody_without_the_key_is_found_however_well_it_fits_its_chain() {
    let lived = Lived::new(Profile::Intl);
    let mut city = lived.open();
    let mut store = Store::open(&lived.database()).unwrap();
    let keys = city.keys().clone();
    let forge = |tx: &chengxin_store::Tx<'_>| {
        let entry = NewLogEntry {
            subject_id: &INSTALLATION,
            at_us: city.now_us(),
            operation: "authority_add",
            caller: "{}",
            detail: "{}",
        };
        tx.log_append(&keys.hash(), &entry, |_| chengxin_seal::random_bytes())
    };
    let entry = store.write("test", forge).unwrap();
    let key = format!("{}/{}", "0".repeat(32), entry.number);
    let waiting = city.log_verify(&auditor(), None).unwrap();
    assert_eq!((about(&waiting, "log_entry"), waiting.waiting), (vec![key.as_str()], 1));
    city.log_sequence().unwrap();
    let sequenced = city.log_verify(&auditor(), None).unwrap();
    assert_eq!((about(&sequenced, "log_entry"), sequenced.waiting), (vec![key.as_str()], 0));
}

#[test]
fn a_version_altered_together_with_its_commitment_is_found_by_the_root_of_its_submission() {
    let bench = Bench::new(Profile::Intl);
    let keys = bench.city.keys().clone();
    let database = bench.lived.database();
    for (column, value) in [("severity", 3), ("display_until", 20_600), ("state", 2)] {
        let (verified, key) = bench.after(|hand| {
            let rows = "SELECT subject_id, record_id FROM version WHERE submission_id = 3 AND leaf = 280";
            let found = hand.rows(rows, &[]).unwrap().remove(0);
            let key = (found[0].id().unwrap(), found[1].id().unwrap());
            let text = format!("UPDATE version SET {column} = $1 WHERE submission_id = 3 AND leaf = 280");
            hand.run(&text, &[Cell::Int(value)]).unwrap();
            let store = ReadStore::open(&database).unwrap();
            let rows = store.view().versions_of_subject(&key.0).unwrap();
            let row = rows.into_iter().map(|v| v.row).find(|row| row.submission_id == 3).unwrap();
            let made = version_commitment(&keys, &row, &mut Vec::new());
            let text = "UPDATE version SET commitment = $1 WHERE submission_id = 3 AND leaf = 280";
            hand.run(text, &[Cell::Bytes(made.to_vec())]).unwrap();
            format!("{}/{}/{}", hex(&key.0), hex(&key.1), row.version)
        });
        assert_eq!(about(&verified, "version"), ["submission_id=3", key.as_str()], "{column}");
    }
    // Everything about one person taken away: the root does not fit, nor does the number of versions.
    let (verified, _) = bench.after(|hand| {
        hand.run("DELETE FROM version WHERE submission_id = 3 AND leaf = 17", &[]).unwrap();
    });
    assert!(about(&verified, "version").contains(&"submission_id=3"), "{:#?}", verified.findings);
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[test]
fn a_row_of_another_type_than_ours_is_a_finding_and_no_fault() {
    let bench = Bench::new(Profile::Intl);
    for (table, text) in [
        ("log_entry", "UPDATE log_entry SET at_us = 'yesterday' WHERE number = 9 AND subject_id = zeroblob(16)"),
        ("log_entry", "UPDATE log_entry SET detail = 'nothing' WHERE number = 9 AND subject_id = zeroblob(16)"),
        ("version", "UPDATE version SET severity = 'none' WHERE submission_id = 3 AND leaf = 200"),
        ("log_leaf", "UPDATE log_leaf SET commitment = 'none' WHERE leaf_index = 20"),
        ("record_lock", "UPDATE record_lock SET subject_id = 'nobody'"),
        ("log_hidden", "UPDATE log_hidden SET chain_id = 7 WHERE number = 1"),
        ("log_hidden", "UPDATE log_hidden SET reveal_on = 'never' WHERE number = 1"),
        ("log_hidden", "UPDATE log_hidden SET revealed = 'never' WHERE revealed IS NULL"),
        ("submission_tile", "UPDATE submission_tile SET hashes = 'none' WHERE submission_id = 3"),
        ("log_tile", "UPDATE log_tile SET hashes = NULL || 'x'"),
    ] {
        let (verified, done) = bench.after(|hand| hand.batch(text).is_ok());
        assert!(!done || !about(&verified, table).is_empty(), "{text}: {:#?}", verified.findings);
    }
}

#[test]
fn a_tail_that_was_cut_off_shows_against_a_checkpoint_kept_outside_and_so_does_a_fork() {
    for profile in Profile::ALL {
        let lived = Lived::new(profile);
        drop(lived.open());
        let before = Kept::of(&lived);
        let mut city = lived.open();
        for name in ["甲", "乙", "丙"] {
            city.authority_add(&lived::administrator(), &lived::office(name)).unwrap();
        }
        city.log_sequence().unwrap();
        let outside = newest_checkpoint(&city);
        let grown = city.log_verify(&auditor(), Some(&outside)).unwrap();
        assert!(grown.is_whole() && grown.since == Some(grown.leaves), "{:#?}", grown.findings);
        drop(city);
        // An older state of everything is put back: in itself it fits.
        before.put_back();
        let mut city = lived.open();
        assert!(city.log_verify(&auditor(), None).unwrap().is_whole());
        let cut = city.log_verify(&auditor(), Some(&outside)).unwrap();
        assert!(cut.findings[0].what.en.contains("a cut-off tail"), "{:#?}", cut.findings);
        // And gone on with, until it is as long as it was.
        for name in ["甲", "丁", "丙", "戊"] {
            city.authority_add(&lived::administrator(), &lived::office(name)).unwrap();
        }
        city.log_sequence().unwrap();
        assert!(city.log_verify(&auditor(), None).unwrap().is_whole());
        let fork = city.log_verify(&auditor(), Some(&outside)).unwrap();
        assert_eq!((fork.findings.len(), fork.since), (1, None));
        assert!(fork.findings[0].what.en.contains("a fork"), "{:#?}", fork.findings);
        let unsigned = outside.replace("credit.example/log\n", "credit.example/log\n1");
        assert_eq!(city.log_verify(&auditor(), Some(&unsigned)).unwrap_err().kind, Kind::Conflict);
        assert_eq!(city.log_verify(&auditor(), Some("nothing")).unwrap_err().kind, Kind::Invalid);
    }
}

#[test]
fn in_production_an_order_of_time_that_cannot_be_is_found() {
    let mut city = City::with(Mode::Production, Profile::Intl);
    for day in [0i64, 1] {
        let late = FixedClock(city::clock().0 + day * 86_400_000_000);
        let dir = city.installation.dir().to_owned();
        let mut there = Installation::open(&dir, Arc::new(late)).unwrap();
        there.authority_add(&lived::administrator(), &lived::office("甲")).unwrap();
        there.log_sequence().unwrap();
        city.installation = there;
    }
    assert!(city.installation.log_verify(&auditor(), None).unwrap().is_whole());
    Hand::in_(city.installation.database())
        .batch("UPDATE log_entry SET at_us = at_us - 172800000000 WHERE leaf_index = (SELECT max(leaf_index) FROM log_leaf)")
        .unwrap();
    let verified = city.installation.log_verify(&auditor(), None).unwrap();
    assert!(
        verified.findings.iter().any(|f| f.table == "log_leaf" && f.what.en.contains("ten minutes")),
        "{verified:#?}"
    );
}

#[test]
fn only_who_may_verify_does_and_what_waits_is_counted() {
    let mut city = City::new();
    city.import("a.csv", &[city::row(1)]);
    let clerk = city::caller(chengxin_core::Role::Clerk, "li", Some(city::OFFICE));
    assert_eq!(city.installation.log_verify(&clerk, None).unwrap_err().kind, Kind::Forbidden);
    let before = city.installation.log_verify(&auditor(), None).unwrap();
    assert!(before.is_whole() && before.leaves == 0 && before.waiting == before.entries, "{before:#?}");
    city.installation.log_sequence().unwrap();
    let after = city.installation.log_verify(&auditor(), None).unwrap();
    assert!(after.is_whole() && after.waiting == 0 && after.leaves == after.entries, "{after:#?}");
}

#[test]
fn a_held_row_that_waits_is_bound_too() {
    let mut city = City::new();
    let mut nameless = city::row(1);
    nameless.number = String::new();
    city.import("a.csv", &[nameless, city::row(2)]);
    let hand = Hand::in_(city.installation.database());
    hand.batch("CREATE TEMP TABLE whole AS SELECT * FROM held").unwrap();
    let seal =
        format!("sealed = {}", if hand.is_sqlite() { "zeroblob(60)" } else { "decode(repeat('00', 60), 'hex')" });
    for change in [
        "reason = 'age_unproven'",
        "delete_after = delete_after + 1",
        "state = 4",
        "decided_by = 'x'",
        &seal,
        "sealed = NULL",
        "row_no = -1",
        "submission_id = 'first'",
    ] {
        if hand.batch(&format!("UPDATE held SET {change}")).is_err() {
            // A column of PostgreSQL holds its own type only.
            assert!(!hand.is_sqlite() && change.contains("first"), "{change}");
            continue;
        }
        let verified = city.installation.log_verify(&auditor(), None).unwrap();
        assert!(!about(&verified, "held").is_empty(), "{change}");
        hand.batch("DELETE FROM held; INSERT INTO held SELECT * FROM whole").unwrap();
    }
    assert!(city.installation.log_verify(&auditor(), None).unwrap().is_whole());
}

#[test]
fn a_file_gone_on_with_with_repeated_and_contradicting_rows_verifies() {
    let mut city = City::new();
    city.import("a.csv", &(1..=40).map(city::row).collect::<Vec<_>>());
    let mut rows: Vec<_> = (30..=400).map(city::row).collect();
    // The same row twice, one decision with two contents, one number with two names.
    rows.push(city::row(50));
    rows.push(city::Row { facts: "另一事实".to_owned(), ..city::row(60) });
    rows.push(city::Row { name: "李四".to_owned(), ..city::row(70) });
    rows.push(city::Row { facts: "又一事实".to_owned(), ..city::row(35) });
    let path = city.write("b.csv", &city::csv(&rows));
    assert_eq!(city.import_with(&path, |_| {}).unwrap_err().kind, Kind::Conflict);
    let open = city.installation.log_verify(&auditor(), None).unwrap();
    assert!(open.is_whole() && open.open > 300, "{:#?}", open.findings);
    let done = city.import_with(&path, |r| r.reason = "补报".to_owned()).unwrap().quality;
    assert!(done.counts.held >= 2 && done.counts.refused >= 2, "{:?}", done.counts);
    let second = city.second();
    city.installation.submission_release(&second, done.submission.unwrap()).unwrap();
    let whole = city.installation.log_verify(&auditor(), None).unwrap();
    assert!(whole.is_whole() && whole.open == 0, "{:#?}", whole.findings);
}
