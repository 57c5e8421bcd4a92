//! The check is checked: what is wrong on purpose is found, by the rule that it breaks; what is right is not.

use std::collections::BTreeSet;

use crate::lint::{Reach, lint};
use crate::rule::Rule;
use crate::spread::Spread;

const TABLES: &str = "
    CREATE TABLE person (id BYTEA PRIMARY KEY NOT NULL, kind BIGINT NOT NULL);
    CREATE TABLE letter (id BYTEA NOT NULL, number BIGINT NOT NULL, batch BIGINT NOT NULL, text TEXT, PRIMARY KEY (id, number));
    CREATE TABLE place (code BYTEA PRIMARY KEY NOT NULL, id BYTEA NOT NULL, part BIGINT);
    CREATE TABLE batch (batch BIGINT PRIMARY KEY NOT NULL, state BIGINT NOT NULL);
    CREATE TABLE office (name TEXT PRIMARY KEY NOT NULL, state BIGINT);
";
const PLACES: &str = "
    SELECT create_distributed_table('person', 'id');
    SELECT create_distributed_table('letter', 'id', colocate_with => 'person');
    SELECT create_distributed_table('place', 'code', colocate_with => 'none');
    SELECT create_reference_table('batch');
    SELECT create_reference_table('office');
";

/// Statements about one node that break a rule.
const WRONG: &[(Rule, &str)] = &[
    (Rule::Column, "SELECT kind FROM person WHERE kind = $1"),
    (Rule::Column, "SELECT kind FROM person WHERE id > $1"),
    (Rule::Column, "SELECT kind FROM person WHERE id = $1 OR kind = $2"),
    (Rule::Column, "SELECT kind FROM person WHERE NOT (id = $1)"),
    (Rule::Column, "SELECT kind FROM person WHERE id <> $1"),
    (Rule::Column, "SELECT kind FROM person WHERE id = NULL"),
    (Rule::Column, "SELECT kind FROM person WHERE id = id"),
    (Rule::Column, "SELECT kind FROM person WHERE id NOT IN ($1, $2)"),
    (Rule::Column, "SELECT p.kind FROM person p JOIN letter l ON l.id = p.id WHERE l.number = $1"),
    (Rule::Column, "SELECT p.kind FROM person p LEFT JOIN letter l ON l.id = p.id AND l.id = $1"),
    (Rule::Column, "UPDATE person SET kind = $1"),
    (Rule::Column, "UPDATE letter SET text = $2 WHERE number = $1"),
    (Rule::Column, "DELETE FROM letter WHERE batch = $1"),
    (Rule::Column, "INSERT INTO person (kind) VALUES ($1)"),
    (Rule::Column, "INSERT INTO person (id, kind) VALUES (NULL, $1)"),
    (Rule::Column, "INSERT INTO person (kind, id) VALUES ($1, $2), ($3, NULL)"),
    (Rule::Column, "DELETE FROM person WHERE NOT EXISTS (SELECT 1 FROM letter l WHERE l.id = person.id AND l.id = $1)"),
    (Rule::Column, "INSERT INTO letter (id, number, batch) SELECT id, 1, 1 FROM person"),
    (Rule::Join, "SELECT p.kind FROM person p JOIN place c ON c.id = p.id WHERE p.id = $1"),
    (Rule::Join, "SELECT p.kind FROM person p JOIN place c ON c.code = p.id WHERE p.id = $1"),
    (Rule::Join, "SELECT p.kind FROM person p JOIN letter l ON l.batch = p.kind WHERE p.id = $1"),
    (Rule::Join, "SELECT p.kind FROM person p, letter l WHERE p.id = $1 AND l.id = $2"),
    (Rule::Join, "SELECT p.kind FROM person p, letter l WHERE p.id = ANY($1) AND l.id = ANY($1)"),
    (Rule::Join, "SELECT p.kind FROM person p LEFT JOIN place c ON c.id = p.id WHERE p.id = $1"),
    (Rule::Join, "SELECT kind FROM person p WHERE p.id = $1 AND NOT EXISTS (SELECT 1 FROM place c WHERE c.id = p.id)"),
    (
        Rule::Join,
        "SELECT kind FROM person p WHERE p.id = $1 AND EXISTS (SELECT 1 FROM letter l WHERE l.batch = p.kind)",
    ),
    (Rule::Join, "SELECT (SELECT c.code FROM place c WHERE c.id = p.id) FROM person p WHERE p.id = $1"),
    (Rule::Join, "UPDATE person SET kind = c.part FROM place c WHERE person.id = $1 AND c.id = person.id"),
    (Rule::Join, "UPDATE batch SET state = l.number FROM letter l WHERE l.id = $1 AND l.batch = batch.batch"),
    (Rule::Join, "DELETE FROM person USING place c WHERE c.code = $1 AND c.id = person.id AND person.id = $2"),
    (Rule::OuterSide, "SELECT b.state FROM batch b LEFT JOIN letter l ON l.batch = b.batch WHERE l.id = $1"),
    (Rule::OuterSide, "SELECT k.id FROM unnest($1::bytea[]) AS k (id) LEFT JOIN person p ON p.id = k.id"),
    (Rule::RunFirst, "SELECT kind FROM person WHERE id = $1 AND kind IN (SELECT part FROM place WHERE code = $2)"),
    (Rule::RunFirst, "SELECT kind FROM person WHERE id = $1 AND kind IN (SELECT batch FROM letter WHERE id = $2)"),
    (Rule::RunFirst, "SELECT state FROM batch WHERE batch = (SELECT max(batch) FROM letter WHERE id = $1)"),
    (Rule::Lock, "SELECT kind FROM person WHERE id = ANY($1) ORDER BY kind LIMIT 1 FOR UPDATE SKIP LOCKED"),
    (Rule::Moved, "UPDATE person SET id = $2 WHERE id = $1"),
    (Rule::Moved, "UPDATE letter SET (number, id) = ($2, $3) WHERE id = $1"),
    (Rule::Moved, "INSERT INTO person (id, kind) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET id = excluded.id"),
    (Rule::Conflict, "INSERT INTO letter (id, number, batch) VALUES ($1, $2, $3) ON CONFLICT (number) DO NOTHING"),
    (Rule::Conflict, "INSERT INTO letter (id, number, batch) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
    (Rule::InsertSelect, "INSERT INTO person (id, kind) SELECT id, part FROM place WHERE code = $1"),
    (Rule::InsertSelect, "INSERT INTO letter (id, number, batch) SELECT $2, number, batch FROM letter WHERE id = $1"),
    (Rule::InsertSelect, "INSERT INTO batch (batch, state) SELECT batch, 1 FROM letter WHERE id = $1"),
    (Rule::InsertSelect, "INSERT INTO person (id, kind) SELECT $1, state FROM batch"),
    (Rule::Aggregate, "SELECT count(DISTINCT number) FROM letter WHERE id = ANY($1)"),
    (Rule::Aggregate, "SELECT max(number) OVER (ORDER BY batch) FROM letter WHERE id IN ($1, $2)"),
    (Rule::Aggregate, "SELECT DISTINCT ON (batch) number FROM letter WHERE id = ANY($1)"),
    (Rule::Function, "SELECT random() FROM person WHERE id = $1"),
    (Rule::Function, "UPDATE office SET state = now() WHERE name = $1"),
    (Rule::NotUnderstood, "WITH p AS (SELECT id FROM person WHERE id = $1) SELECT id FROM p"),
    (Rule::NotUnderstood, "SELECT x.id FROM (SELECT id FROM person WHERE id = $1) x"),
    (Rule::NotUnderstood, "SELECT kind FROM nobody WHERE id = $1"),
    (Rule::NotUnderstood, "SELECT nothing FROM person WHERE id = $1"),
    (Rule::NotUnderstood, "SELECT number FROM person NATURAL JOIN letter WHERE id = $1"),
    (Rule::NotUnderstood, "SELECT id FROM person UNION SELECT id FROM letter"),
    (Rule::NotUnderstood, "SELECT kind FROM person WHERE id = $1 OFFSET $2"),
    (Rule::NotUnderstood, "TRUNCATE person"),
    (Rule::NotUnderstood, "SELECT FROM WHERE"),
    (
        Rule::NotUnderstood,
        "SELECT kind FROM person p WHERE p.id = $1 AND kind = (SELECT number FROM letter l WHERE l.id = p.id ORDER BY number LIMIT 1)",
    ),
];

/// Wrong even for a statement that may ask every node.
const WRONG_EVERYWHERE: &[(Rule, &str)] = &[
    (Rule::Join, "SELECT l.number FROM letter l LEFT JOIN place c ON c.part = l.number ORDER BY l.number LIMIT $1"),
    (Rule::Join, "SELECT p.id FROM person p WHERE NOT EXISTS (SELECT 1 FROM place c WHERE c.id = p.id)"),
    (Rule::OuterSide, "SELECT b.batch FROM batch b LEFT JOIN letter l ON l.batch = b.batch"),
    (Rule::RunFirst, "DELETE FROM place WHERE id IN (SELECT id FROM person WHERE kind = $1)"),
    (Rule::Lock, "SELECT id FROM person WHERE kind = $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"),
    (Rule::Moved, "UPDATE place SET code = $1 WHERE part = $2"),
    (Rule::InsertSelect, "INSERT INTO person (id, kind) SELECT id, part FROM place"),
];

/// Statements about one node that break none.
const RIGHT: &[&str] = &[
    "SELECT kind FROM person WHERE id = $1",
    "SELECT kind FROM person WHERE (kind = 1 OR kind = 2) AND $1 = id FOR UPDATE",
    "SELECT id, kind FROM person WHERE id = ANY($1)",
    "SELECT l.number FROM person p JOIN letter l ON l.id = p.id WHERE p.id = $1 ORDER BY l.number LIMIT $2",
    "SELECT l.number FROM person p, letter l WHERE p.id = $1 AND l.id = $1",
    "SELECT l.number, b.state FROM letter l LEFT JOIN batch b ON b.batch = l.batch WHERE l.id = $1 AND (l.batch = 0 OR b.state = 2)",
    "SELECT p.kind FROM unnest($1::bytea[], $2::bigint[]) AS k (id, kind) JOIN person p ON p.id = k.id AND p.kind = k.kind",
    "SELECT kind FROM person p WHERE p.id = $1 AND NOT EXISTS (SELECT 1 FROM letter l LEFT JOIN batch b ON b.batch = l.batch \
        WHERE l.id = p.id AND b.state = 1)",
    "SELECT kind FROM person WHERE id = $1 AND id IN (SELECT id FROM letter)",
    "SELECT count(DISTINCT number) FROM letter WHERE id = $1",
    "SELECT (SELECT max(state) FROM batch), (SELECT name FROM office ORDER BY name LIMIT 1)",
    "INSERT INTO batch (batch, state) SELECT coalesce(max(batch), 0) + 1, $1 FROM batch RETURNING batch",
    "INSERT INTO letter (number, id, batch) VALUES ($1, $2, 1) ON CONFLICT (id, number) DO UPDATE SET text = excluded.text \
        WHERE length(excluded.text) > length(letter.text)",
    "INSERT INTO letter (id, number, batch) SELECT id, kind, 1 FROM person WHERE id = $1",
    "UPDATE letter l SET text = NULL FROM unnest($1::bytea[], $2::bigint[]) AS k (id, number) WHERE l.id = k.id AND l.number = k.number",
    "UPDATE office SET state = 1 WHERE name = $1 AND state IS NULL",
    "DELETE FROM letter WHERE id = $1 AND number BETWEEN $2 AND $3 RETURNING number",
    "SELECT name FROM office UNION SELECT name FROM office ORDER BY name",
];

/// And of those that may ask every node.
const RIGHT_EVERYWHERE: &[&str] = &[
    "SELECT id, number FROM letter WHERE (id, number) > ($1, $2) ORDER BY id, number LIMIT $3",
    "SELECT batch, count(*) FROM letter GROUP BY batch HAVING count(*) > 1 ORDER BY batch",
    "DELETE FROM person WHERE kind = $1 AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.id = person.id AND l.batch <> $1)",
    "SELECT id FROM person EXCEPT SELECT id FROM place ORDER BY id LIMIT $1",
];

fn spread() -> Spread {
    let spread = Spread::read(&[(TABLES, PLACES)]);
    assert!(spread.faults.is_empty(), "{:?}", spread.faults);
    spread
}

fn rules(text: &str, reach: Reach) -> Vec<Rule> {
    lint(&spread(), "MADE_UP", text, reach).into_iter().map(|fault| fault.rule).collect()
}

#[test]
fn a_statement_that_is_wrong_on_purpose_is_found_by_the_rule_that_it_breaks() {
    for (list, reach) in [(WRONG, Reach::OneNode), (WRONG_EVERYWHERE, Reach::Everywhere)] {
        for (rule, text) in list {
            assert!(rules(text, reach).contains(rule), "{rule:?}: {text}: {:?}", rules(text, reach));
        }
    }
}

#[test]
fn a_statement_that_breaks_one_rule_is_not_said_to_break_others() {
    let mut single = BTreeSet::new();
    for (rule, text) in WRONG {
        if rules(text, Reach::OneNode) == [*rule] {
            single.insert(*rule);
        }
    }
    let all: BTreeSet<Rule> = WRONG.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(single, all, "each has an example that breaks nothing else");
}

#[test]
fn a_statement_that_breaks_none_is_let_pass() {
    for (list, reach) in [(RIGHT, Reach::OneNode), (RIGHT_EVERYWHERE, Reach::Everywhere)] {
        for text in list {
            assert_eq!(rules(text, reach), [], "{text}");
        }
    }
}

/// A table beside the others, how it is spread, and the rule that this breaks.
const WRONG_TABLES: &[(Rule, &str, &str)] = &[
    (Rule::NoPlace, "CREATE TABLE t (id BYTEA PRIMARY KEY NOT NULL);", ""),
    (
        Rule::NoPlace,
        "CREATE TABLE t (id BYTEA PRIMARY KEY NOT NULL);",
        "SELECT create_reference_table('t'); SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::Key,
        "CREATE TABLE t (id BYTEA NOT NULL, n BIGINT PRIMARY KEY);",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::Key,
        "CREATE TABLE t (id BYTEA PRIMARY KEY, n BIGINT UNIQUE);",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::Key,
        "CREATE TABLE t (id BYTEA PRIMARY KEY, n BIGINT, UNIQUE (n));",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::Key,
        "CREATE TABLE t (id BYTEA PRIMARY KEY, n BIGINT, s BIGINT); CREATE UNIQUE INDEX i ON t (n, s) WHERE s > 0;",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::TypesDiffer,
        "CREATE TABLE t (id BIGINT PRIMARY KEY);",
        "SELECT create_distributed_table('t', 'id', colocate_with => 'person');",
    ),
    (
        Rule::Identity,
        "CREATE TABLE t (id BYTEA NOT NULL, n BIGINT); CREATE UNIQUE INDEX i ON t (id, n);",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::Sequence,
        "CREATE TABLE t (id BYTEA, n BIGINT GENERATED BY DEFAULT AS IDENTITY, PRIMARY KEY (id, n));",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::Sequence,
        "CREATE TABLE t (id BYTEA, n BIGSERIAL, PRIMARY KEY (id, n));",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::Sequence,
        "CREATE TABLE t (id BYTEA PRIMARY KEY, n BIGINT DEFAULT nextval('s'));",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::Trigger,
        "CREATE TABLE t (id BYTEA PRIMARY KEY); CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "SELECT create_distributed_table('t', 'id');",
    ),
    (
        Rule::ForeignKey,
        "CREATE TABLE t (id BYTEA PRIMARY KEY REFERENCES place (code));",
        "SELECT create_distributed_table('t', 'id', colocate_with => 'person');",
    ),
    (
        Rule::ForeignKey,
        "CREATE TABLE t (id BYTEA PRIMARY KEY, c BYTEA, FOREIGN KEY (c) REFERENCES place (code));",
        "SELECT create_distributed_table('t', 'id', colocate_with => 'person');",
    ),
    (Rule::NotUnderstood, "", "SELECT create_distributed_table('nobody', 'id');"),
    (Rule::NotUnderstood, "CREATE TABLE t (id BYTEA PRIMARY KEY);", "SELECT create_distributed_table('t', 'no');"),
    (Rule::NotUnderstood, "ALTER TABLE person DROP COLUMN kind;", ""),
    (Rule::NotUnderstood, "UPDATE person SET kind = 1;", ""),
    (Rule::NotUnderstood, "CREATE TABLE t (id BYTEA PRIMARY KEY) WHATEVER;", ""),
];

#[test]
fn a_table_that_is_wrong_on_purpose_is_found_by_the_rule_that_it_breaks() {
    for (rule, table, place) in WRONG_TABLES {
        let faults = Spread::read(&[(TABLES, PLACES), (table, place)]).faults;
        assert!(faults.iter().any(|fault| fault.rule == *rule), "{rule:?}: {table} {place}: {faults:?}");
    }
}

#[test]
fn a_table_without_a_primary_key_names_the_index_that_stands_for_one() {
    let table = "CREATE TABLE t (id BYTEA NOT NULL, n BIGINT NOT NULL); CREATE UNIQUE INDEX i ON t (id, n);";
    let place = "ALTER TABLE t REPLICA IDENTITY USING INDEX i; SELECT create_distributed_table('t', 'id', colocate_with => 'person');";
    assert_eq!(Spread::read(&[(TABLES, PLACES), (table, place)]).faults, []);
}

#[test]
fn tables_that_name_no_group_lie_together_where_their_columns_are_of_one_type() {
    let table = "CREATE TABLE t (id BYTEA PRIMARY KEY); CREATE TABLE u (id BIGINT PRIMARY KEY);";
    let place = "SELECT create_distributed_table('t', 'id'); SELECT create_distributed_table('u', 'id');";
    let spread = Spread::read(&[(TABLES, PLACES), (table, place)]);
    let group = |name: &str| spread.table(name).unwrap().spread().unwrap().1;
    assert_eq!(group("t"), group("person"));
    assert_ne!(group("t"), group("place"), "that one is by itself");
    assert_ne!(group("u"), group("t"));
}

#[test]
fn no_rule_is_without_an_example_that_breaks_it() {
    let of_statements = WRONG.iter().chain(WRONG_EVERYWHERE).map(|(rule, _)| *rule);
    let broken: BTreeSet<Rule> = of_statements.chain(WRONG_TABLES.iter().map(|(rule, ..)| *rule)).collect();
    assert_eq!(broken, Rule::ALL.into_iter().collect());
}
