//! How the tables are spread over the nodes, as the migrations say it, and what Citus asks of a table.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{
    AlterTableOperation, ColumnDef, ColumnOption, CreateTable, Expr, FunctionArg, FunctionArgExpr, FunctionArguments,
    IndexColumn, ObjectType, ReplicaIdentity, Select, SelectItem, SetExpr, Statement, TableConstraint, Value,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::rule::{Fault, Rule};

/// Where the rows of a table lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// On every node, whole: a reference table.
    EveryNode,
    /// Each on the node that the value of a column gives. Tables of one group have equal values on the same node.
    By { column: String, group: usize },
}

/// A table as the migrations make it.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// Name and type.
    pub(crate) columns: Vec<(String, String)>,
    /// Columns of each unique key.
    unique: Vec<Vec<String>>,
    /// Has it what tells a row from another where changes are streamed: a primary key, or an index named for it?
    identity: bool,
    /// Columns that take their value from a sequence.
    counted: Vec<String>,
    references: Vec<String>,
    triggers: usize,
    pub(crate) place: Option<Place>,
}

impl Table {
    /// Takes a column, with what it says about keys, references and sequences.
    fn column(&mut self, column: &ColumnDef) {
        let (name, of) = (column.name.value.clone(), column.data_type.to_string().to_lowercase());
        if of.contains("serial") {
            self.counted.push(name.clone());
        }
        for option in &column.options {
            match &option.option {
                ColumnOption::PrimaryKey(_) => {
                    self.unique.push(vec![name.clone()]);
                    self.identity = true;
                }
                ColumnOption::Unique(_) => self.unique.push(vec![name.clone()]),
                ColumnOption::ForeignKey(key) => self.references.push(key.foreign_table.to_string()),
                ColumnOption::Generated { .. } | ColumnOption::Identity(_) => self.counted.push(name.clone()),
                ColumnOption::Default(value) if value.to_string().contains("nextval") => {
                    self.counted.push(name.clone());
                }
                _ => {}
            }
        }
        self.columns.push((name, of));
    }
}

impl Table {
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == column)
    }

    /// Distribution column and group, where it has one.
    pub(crate) fn spread(&self) -> Option<(&str, usize)> {
        match self.place.as_ref()? {
            Place::EveryNode => None,
            Place::By { column, group } => Some((column, *group)),
        }
    }

    fn type_of(&self, column: &str) -> Option<&str> {
        self.columns.iter().find(|(name, _)| name == column).map(|(_, of)| of.as_str())
    }
}

/// All tables of a schema.
#[derive(Debug, Default)]
pub(crate) struct Spread {
    pub(crate) tables: BTreeMap<String, Table>,
    groups: usize,
    /// Tables that name no group share one with those whose column is of the same type: so Citus does it.
    unnamed: BTreeMap<String, usize>,
    /// Names of indexes that make nothing unique.
    plain_indexes: BTreeSet<String>,
    pub(crate) faults: Vec<Fault>,
}

impl Spread {
    /// Reads migrations in order: the text for PostgreSQL, then how it is spread.
    pub(crate) fn read(migrations: &[(&str, &str)]) -> Self {
        let mut spread = Self::default();
        for (tables, places) in migrations {
            for text in split(tables).into_iter().chain(split(places)) {
                match parse(&text) {
                    Some(statement) => spread.migrate(statement, &text),
                    // How values are stored inside a node is nothing that the parser, or Citus, cares for.
                    None if text.starts_with("ALTER TABLE") && text.contains(" SET STORAGE ") => {}
                    None => spread.fault(Rule::NotUnderstood, &text, "the parser does not know it"),
                }
            }
        }
        spread.hold();
        spread
    }

    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    fn fault(&mut self, rule: Rule, at: &str, why: impl Into<String>) {
        self.faults.push(Fault { rule, at: at.to_owned(), why: why.into() });
    }

    fn migrate(&mut self, statement: Statement, text: &str) {
        match statement {
            Statement::CreateTable(create) => self.create(&create),
            Statement::CreateIndex(index) => {
                let columns = index_columns(&index.columns);
                if index.unique {
                    self.with(&index.table_name.to_string(), |table| table.unique.push(columns));
                } else if let Some(name) = &index.name {
                    self.plain_indexes.insert(name.to_string());
                }
            }
            Statement::CreateTrigger(trigger) => {
                self.with(&trigger.table_name.to_string(), |table| table.triggers += 1);
            }
            Statement::AlterTable(alter) => {
                let named = |operation: &AlterTableOperation| {
                    matches!(operation, AlterTableOperation::ReplicaIdentity { identity: ReplicaIdentity::Index(_) })
                };
                if let [AlterTableOperation::AddColumn { column_def, .. }] = alter.operations.as_slice() {
                    self.with(&alter.name.to_string(), |table| table.column(column_def));
                } else if alter.operations.iter().all(named) {
                    self.with(&alter.name.to_string(), |table| table.identity = true);
                } else {
                    self.fault(Rule::NotUnderstood, text, "a change of a table that nobody has thought through");
                }
            }
            // Citus drops the index of every shard with it. One of a unique key would take that away, and is not asked for.
            Statement::Drop { object_type: ObjectType::Index, names, cascade: false, .. }
                if names.iter().all(|name| self.plain_indexes.contains(&name.to_string())) => {}
            Statement::Query(query) => match query.body.as_ref() {
                SetExpr::Select(select) => self.place(select, text),
                _ => self.fault(Rule::NotUnderstood, text, "a query in a migration"),
            },
            _ => self.fault(Rule::NotUnderstood, text, "it is not known what Citus makes of it"),
        }
    }

    fn with(&mut self, name: &str, change: impl FnOnce(&mut Table)) {
        match self.tables.get_mut(name) {
            Some(table) => change(table),
            None => self.fault(Rule::NotUnderstood, name, "there is no such table"),
        }
    }

    fn create(&mut self, create: &CreateTable) {
        let mut table = Table {
            name: create.name.to_string(),
            columns: Vec::new(),
            unique: Vec::new(),
            identity: false,
            counted: Vec::new(),
            references: Vec::new(),
            triggers: 0,
            place: None,
        };
        for column in &create.columns {
            table.column(column);
        }
        for constraint in &create.constraints {
            match constraint {
                TableConstraint::PrimaryKey(key) => {
                    table.unique.push(index_columns(&key.columns));
                    table.identity = true;
                }
                TableConstraint::Unique(key) => table.unique.push(index_columns(&key.columns)),
                TableConstraint::ForeignKey(key) => table.references.push(key.foreign_table.to_string()),
                TableConstraint::Check(_) => {}
                other => self.fault(Rule::NotUnderstood, &table.name, other.to_string()),
            }
        }
        self.tables.insert(table.name.clone(), table);
    }

    /// `SELECT create_reference_table('t')` or `SELECT create_distributed_table('t', 'column', colocate_with => 'u')`.
    fn place(&mut self, select: &Select, text: &str) {
        let Some((function, words)) = call(select) else {
            return self.fault(Rule::NotUnderstood, text, "not one call of a function with constant arguments");
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let place = match (function.as_str(), words.as_slice()) {
            ("create_reference_table", [_]) => Place::EveryNode,
            ("create_distributed_table", [table, column]) => {
                let of = self.table(table).and_then(|table| table.type_of(column)).unwrap_or_default().to_owned();
                let next = self.groups;
                let group = *self.unnamed.entry(of).or_insert(next);
                self.groups = self.groups.max(group + 1);
                Place::By { column: (*column).to_owned(), group }
            }
            ("create_distributed_table", [_, column, "none"]) => {
                self.groups += 1;
                Place::By { column: (*column).to_owned(), group: self.groups - 1 }
            }
            ("create_distributed_table", [table, column, with]) => {
                let other = self.table(with).and_then(|other| Some((other.spread()?, other)));
                let Some(((other_column, group), other)) = other else {
                    return self.fault(Rule::NotUnderstood, table, format!("{with} is not spread"));
                };
                let types = (self.table(table).and_then(|t| t.type_of(column)), other.type_of(other_column));
                if types.0 != types.1 {
                    return self.fault(Rule::TypesDiffer, table, format!("its column and that of {with}: {types:?}"));
                }
                Place::By { column: (*column).to_owned(), group }
            }
            _ => return self.fault(Rule::NotUnderstood, text, "neither of the two functions that spread a table"),
        };
        let known = match (&place, self.table(words[0])) {
            (Place::By { column, .. }, Some(table)) => table.has(column),
            _ => true,
        };
        if !known {
            return self.fault(Rule::NotUnderstood, words[0], "it has no such column to be spread by");
        }
        if self.table(words[0]).is_some_and(|table| table.place.is_some()) {
            return self.fault(Rule::NoPlace, words[0], "it is spread twice");
        }
        self.with(words[0], |table| table.place = Some(place));
    }

    /// Holds the tables against what Citus asks of them.
    fn hold(&mut self) {
        let mut found = Vec::new();
        for table in self.tables.values() {
            let mut fault = |rule, why: String| found.push(Fault { rule, at: table.name.clone(), why });
            if table.place.is_none() {
                fault(Rule::NoPlace, "it is neither spread nor on every node".to_owned());
            }
            let Some((column, group)) = table.spread() else { continue };
            for key in table.unique.iter().filter(|key| !key.iter().any(|of| of == column)) {
                fault(Rule::Key, format!("{} is not unique across nodes: {column} is not in it", key.join(", ")));
            }
            if !table.identity {
                fault(
                    Rule::Identity,
                    "without a replica identity its shards cannot be moved while it is written to".to_owned(),
                );
            }
            for counted in &table.counted {
                fault(Rule::Sequence, format!("{counted} counts, and nodes do not count together"));
            }
            if table.triggers > 0 {
                fault(Rule::Trigger, "it has a trigger".to_owned());
            }
            for other in &table.references {
                let near =
                    self.tables.get(other).and_then(|other| other.place.as_ref()).is_some_and(|place| match place {
                        Place::EveryNode => true,
                        Place::By { group: of, .. } => *of == group,
                    });
                if !near {
                    fault(Rule::ForeignKey, format!("{other} lies elsewhere"));
                }
            }
        }
        self.faults.extend(found);
    }
}

/// The statements of a text, without comments around them.
pub(crate) fn split(text: &str) -> Vec<String> {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize().unwrap();
    let statements = tokens.split(|token| *token == Token::SemiColon).map(|tokens| {
        let words: Vec<String> = tokens
            .iter()
            .map(|token| match token {
                Token::Whitespace(_) => " ".to_owned(),
                other => other.to_string(),
            })
            .collect();
        words.concat().split_whitespace().collect::<Vec<_>>().join(" ")
    });
    statements.filter(|statement| !statement.is_empty()).collect()
}

/// The one statement of a text; nothing where the parser does not understand it.
pub(crate) fn parse(text: &str) -> Option<Statement> {
    let statements = Parser::parse_sql(&PostgreSqlDialect {}, text).ok()?;
    <[Statement; 1]>::try_from(statements).ok().map(|[statement]| statement)
}

fn index_columns(columns: &[IndexColumn]) -> Vec<String> {
    columns.iter().map(|column| column.column.expr.to_string()).collect()
}

/// Name and constant arguments of the one function that a query calls.
fn call(select: &Select) -> Option<(String, Vec<String>)> {
    let [SelectItem::UnnamedExpr(Expr::Function(function))] = select.projection.as_slice() else { return None };
    let FunctionArguments::List(list) = &function.args else { return None };
    let words = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => constant(value),
        FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } if name.value == "colocate_with" => {
            constant(value)
        }
        FunctionArg::ExprNamed { name, arg: FunctionArgExpr::Expr(value), .. }
            if name.to_string() == "colocate_with" =>
        {
            constant(value)
        }
        _ => None,
    });
    Some((function.name.to_string(), words.collect::<Option<_>>()?))
}

fn constant(value: &Expr) -> Option<String> {
    match value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}
