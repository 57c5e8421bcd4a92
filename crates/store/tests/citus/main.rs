//! Every table and statement, held against the rules of Citus, which spreads tables over nodes: no server of that kind is
//! needed to see that a statement would be refused there, or would ask every node for what lies on one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod expression;
mod lint;
mod rule;
mod scope;
mod spread;
mod wrong;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chengxin_store::Statement;

use crate::lint::{Reach, lint};
use crate::rule::{Fault, Rule};
use crate::spread::{Spread, split};

/// Statements of the key store that ask every node: it has no file for them, being two.
const OF_ALL_KEYS: &[(&str, &str)] = &[
    ("SUBJECT_KEY_WALK", "rotation of the wrapping key reads every key once, in slices"),
    ("SUBMISSION_KEY_LIST", "rotation, and the deletion of keys that seal nothing: submissions of 30 days"),
];

/// Statements in which a query is run first and its answer carried to all nodes, and why that does not matter.
const RUN_FIRST: &[(&str, &str)] = &[(
    "SUBJECT_DOCUMENTS_OF_REMOVED",
    "the subjects that one abandoned submission named: documents are spread by their tags, and do not lie with subjects",
)];

/// Statements that no Citus is asked, since `setwise/` asks it for each subject by itself; and why they cannot be otherwise.
const NOT_ASKED: &[(&str, &str)] = &[
    ("LASTS_OF_SUBJECTS", "the end of each chain by its index: without LATERAL whole chains would be read"),
    (
        "VERSIONS_OF_DOCUMENT",
        "two look-ups in one journey; documents are spread by their tags, and do not lie with subjects",
    ),
    ("KEYS_OF_BODIES", "a key and salts in one journey; keys are spread by their subjects, salts by their submissions"),
    (
        "UNSETTLED_RECORDS",
        "compares a whole batch in one journey; on several nodes each record is asked for on its own",
    ),
    ("ENTRIES_ADD", "many rows in one journey; on several nodes it would be a transaction over all of them"),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The migrations of a schema, oldest first, each with how it is spread.
fn migrations(of: &str) -> Vec<(String, String)> {
    let names = |kind: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(folder("migrations").join(of).join(kind)).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".sql"))
            .collect()
    };
    let (tables, places) = (names("postgres"), names("citus"));
    assert_eq!(tables, places, "migrations pair");
    assert!(tables.len() > 1);
    let text = |kind: &str, name: &String| read(&folder("migrations").join(of).join(kind).join(name));
    tables.iter().map(|name| (text("postgres", name), text("citus", name))).collect()
}

fn spread(of: &str) -> Spread {
    let migrations = migrations(of);
    Spread::read(&migrations.iter().map(|(tables, places)| (tables.as_str(), places.as_str())).collect::<Vec<_>>())
}

/// Names of the statements that a file declares.
fn declared(file: &str) -> BTreeSet<String> {
    let text = read(&folder("src").join(file));
    let lines = text.lines().map(str::trim_start);
    let word = |text: &str| text.split_whitespace().next().map(str::to_owned);
    let names = lines.flat_map(|line| {
        let is_sql =
            |rest: &str| ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE "].iter().any(|of| rest.starts_with(of));
        let assigned = line.split_once(" = ").filter(|(_, rest)| is_sql(rest)).map(|(name, _)| name.to_owned());
        let walked = ["walk ", "find "]
            .into_iter()
            .filter_map(|before| line.split_once(before).and_then(|(_, rest)| word(rest)));
        assigned.into_iter().chain(walked).collect::<Vec<_>>()
    });
    let is_name = |name: &String| name.len() > 3 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    names.filter(is_name).collect()
}

fn report(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}

/// Lints statements, and answers with the faults that nobody has a reason for.
fn faults(spread: &Spread, statements: &[&Statement], everywhere: &BTreeSet<String>) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut first = BTreeSet::new();
    for statement in statements {
        if NOT_ASKED.iter().any(|(name, _)| *name == statement.name) {
            assert!(!lint(spread, statement.name, statement.text, Reach::OneNode).is_empty(), "{}", statement.name);
            continue;
        }
        let reach = if everywhere.contains(statement.name) { Reach::Everywhere } else { Reach::OneNode };
        for fault in lint(spread, statement.name, statement.text, reach) {
            let named = RUN_FIRST.iter().find(|(name, _)| *name == fault.at && fault.rule == Rule::RunFirst);
            match named {
                Some((name, _)) => drop(first.insert(*name)),
                None => found.push(fault),
            }
        }
    }
    let unused =
        RUN_FIRST.iter().filter(|(name, _)| statements.iter().any(|of| of.name == *name) && !first.contains(name));
    found.extend(unused.map(|(name, _)| Fault {
        rule: Rule::RunFirst,
        at: (*name).to_owned(),
        why: "it is excused, and needs no excuse".to_owned(),
    }));
    found
}

#[test]
fn every_table_is_spread_as_citus_asks() {
    for of in ["", "keys"] {
        let spread = spread(of);
        assert!(spread.tables.len() > 4);
        assert!(spread.faults.is_empty(), "{}", report(&spread.faults));
    }
}

#[test]
fn every_statement_of_the_main_database_runs_on_citus() {
    let statements = [chengxin_store::statements(), chengxin_store::statements_of_postgres().0].concat();
    let everywhere: BTreeSet<String> =
        ["fanout.rs", "audit.rs", "audit_log.rs"].into_iter().flat_map(declared).collect();
    let names: BTreeSet<&str> = statements.iter().map(|statement| statement.name).collect();
    for name in &everywhere {
        assert!(names.contains(name.as_str()), "{name} is declared, and is no statement");
    }
    assert!(everywhere.len() > 60 && names.len() > everywhere.len() + 60, "both kinds are many");
    let faults = faults(&spread(""), &statements, &everywhere);
    assert!(faults.is_empty(), "{}", report(&faults));
}

#[test]
fn every_statement_of_the_key_store_runs_on_citus() {
    let statements = [chengxin_store::keys::statements(), chengxin_store::statements_of_postgres().1].concat();
    let everywhere = OF_ALL_KEYS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let faults = faults(&spread("keys"), &statements, &everywhere);
    assert!(faults.is_empty(), "{}", report(&faults));
}

#[test]
fn a_statement_that_asks_every_node_says_why_and_how_much() {
    let text = read(&folder("src").join("fanout.rs"));
    let (_, rest) = text.split_once("statements! {").unwrap();
    let (list, _) = rest.split_once("\n}").unwrap();
    let mut reason = String::new();
    let mut count = 0;
    for line in list.lines().map(str::trim_start) {
        if let Some(words) = line.strip_prefix("// ") {
            reason = if count > 0 { words.to_owned() } else { reason + words };
            count = 0;
        } else if line.contains(" = \"") {
            assert!(reason.contains("Bound:"), "no reason and bound: {line}");
            count += 1;
        }
    }
}

/// Migrating sends a text statement by statement, cut at semicolons at the ends of lines: Citus would else hand all of it to
/// the nodes.
#[test]
fn a_migration_is_cut_into_its_statements_at_the_ends_of_lines() {
    for (tables, places) in ["", "keys"].into_iter().flat_map(migrations) {
        for text in [tables, places] {
            let cut: Vec<Vec<String>> = text.split(";\n").map(split).collect();
            assert!(cut.iter().all(|piece| piece.len() < 2), "two statements stand on one line: {text}");
            assert_eq!(cut.concat(), split(&text), "a comment within a statement ends with a semicolon");
        }
    }
}
