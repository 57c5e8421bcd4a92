//! What a query sees: its tables, and which of their columns are known to be equal.

use std::collections::BTreeSet;

use sqlparser::ast::{BinaryOperator, Expr, Value};

use crate::spread::Table;

/// Something that may be equal to something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    /// Column of the relation with this number.
    Column(usize, String),
    /// A value that is given, as it is written.
    Value(String),
    /// One of several values that are given. Numbered: two columns that are each of one list need not be equal.
    OneOf(usize),
}

/// What is known of the value of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    Nothing,
    /// It is one of several that are given: each node looks for its own.
    OneOf,
    /// It is given: one node is asked.
    Value,
}

/// Something in a FROM.
#[derive(Debug, Clone)]
pub(crate) struct Relation<'s> {
    pub(crate) alias: String,
    /// The table; nothing for a list that the statement is given.
    pub(crate) table: Option<&'s Table>,
    /// Columns of a list.
    pub(crate) columns: Vec<String>,
}

impl Relation<'_> {
    fn has(&self, column: &str) -> bool {
        self.table.map_or_else(|| self.columns.iter().any(|name| name == column), |table| table.has(column))
    }
}

/// What a query sees: its own relations behind those of the queries around it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope<'s> {
    pub(crate) relations: Vec<Relation<'s>>,
    /// From here on they are its own.
    pub(crate) own: usize,
    /// What is equal. What an inner query finds out holds only inside it, so it has a copy.
    same: Vec<BTreeSet<Node>>,
    lists: usize,
}

impl<'s> Scope<'s> {
    /// A scope of relations of which nothing more is known.
    pub(crate) fn of(relations: Vec<Relation<'s>>) -> Self {
        Self { relations, ..Self::default() }
    }

    /// The scope of a query inside this one.
    pub(crate) fn inside(&self) -> Self {
        Self { own: self.relations.len(), ..self.clone() }
    }

    /// Numbers of the spread tables among relations `from` … `to`.
    pub(crate) fn spread(&self, from: usize, to: usize) -> Vec<usize> {
        (from..to).filter(|at| self.relations[*at].table.is_some_and(|table| table.spread().is_some())).collect()
    }

    /// Its own spread tables.
    pub(crate) fn own_spread(&self) -> Vec<usize> {
        self.spread(self.own, self.relations.len())
    }

    /// Do two spread tables lie together, and are their distribution columns equal?
    pub(crate) fn together(&self, one: usize, other: usize) -> bool {
        let spread = |at: usize| self.relations[at].table.and_then(Table::spread);
        match (spread(one), spread(other)) {
            (Some((a, group)), Some((b, of))) => {
                group == of && self.equal(&Node::Column(one, a.to_owned()), &Node::Column(other, b.to_owned()))
            }
            _ => false,
        }
    }

    /// What is known of the distribution column of a spread table.
    pub(crate) fn known(&self, at: usize) -> Known {
        let Some((column, _)) = self.relations[at].table.and_then(Table::spread) else { return Known::Nothing };
        let node = Node::Column(at, column.to_owned());
        let Some(class) = self.same.iter().find(|class| class.contains(&node)) else { return Known::Nothing };
        let known = class.iter().map(|node| match node {
            Node::Value(_) => Known::Value,
            Node::OneOf(_) => Known::OneOf,
            Node::Column(of, _) if self.relations[*of].table.is_none() => Known::OneOf,
            Node::Column(..) => Known::Nothing,
        });
        known.max().unwrap_or(Known::Nothing)
    }

    /// Number of the relation that a column is of: of the innermost query that has one. `Err` says what is wrong.
    pub(crate) fn find(&self, alias: Option<&str>, column: &str) -> Result<usize, String> {
        let fits = |at: &usize| {
            let relation = &self.relations[*at];
            alias.is_none_or(|alias| relation.alias == alias) && relation.has(column)
        };
        let own: Vec<usize> = (self.own..self.relations.len()).filter(fits).collect();
        let found = if own.is_empty() { (0..self.own).rev().filter(fits).take(1).collect() } else { own };
        match found.as_slice() {
            [at] => Ok(*at),
            [] => Err(format!("no table has a column {column}")),
            _ => Err(format!("{column} may be of several tables")),
        }
    }

    /// Takes it that an equation holds. Others say nothing about where a row lies.
    pub(crate) fn hold(&mut self, equation: &Expr) {
        let pair = match equation {
            Expr::Nested(inner) => return self.hold(inner),
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => (self.node(left), self.node(right)),
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } if is_value(right) => {
                (self.node(left), Some(self.list()))
            }
            Expr::InList { expr, list, negated: false } if list.iter().all(is_value) => {
                (self.node(expr), Some(self.list()))
            }
            _ => return,
        };
        if let (Some(one), Some(other)) = pair {
            self.unite(one, other);
        }
    }

    /// Takes it that an expression of this query equals one of a query around it, as IN says.
    pub(crate) fn hold_equal(&mut self, one: &Expr, around: &Self, other: &Expr) {
        if let (Some(one), Some(other)) = (self.node(one), around.node(other)) {
            self.unite(one, other);
        }
    }

    /// Is it the distribution column of a spread table, or equal to it?
    pub(crate) fn is_column_of(&self, value: &Expr, at: usize) -> bool {
        let Some((column, _)) = self.relations[at].table.and_then(Table::spread) else { return false };
        self.node(value).is_some_and(|node| self.equal(&node, &Node::Column(at, column.to_owned())))
    }

    fn node(&self, value: &Expr) -> Option<Node> {
        match value {
            Expr::Nested(inner) => self.node(inner),
            Expr::Identifier(name) => Some(Node::Column(self.find(None, &name.value).ok()?, name.value.clone())),
            Expr::CompoundIdentifier(path) => match path.as_slice() {
                [alias, name] => {
                    Some(Node::Column(self.find(Some(&alias.value), &name.value).ok()?, name.value.clone()))
                }
                _ => None,
            },
            value if is_value(value) => Some(Node::Value(value.to_string())),
            _ => None,
        }
    }

    fn list(&mut self) -> Node {
        self.lists += 1;
        Node::OneOf(self.lists)
    }

    fn equal(&self, one: &Node, other: &Node) -> bool {
        one == other || self.same.iter().any(|class| class.contains(one) && class.contains(other))
    }

    fn unite(&mut self, one: Node, other: Node) {
        let (touched, mut rest): (Vec<_>, Vec<_>) =
            self.same.drain(..).partition(|class| class.contains(&one) || class.contains(&other));
        let mut class: BTreeSet<Node> = touched.into_iter().flatten().collect();
        class.extend([one, other]);
        rest.push(class);
        self.same = rest;
    }
}

/// Is it a value that the statement is given, or a constant? NULL is none: it says nothing about where a row lies.
pub(crate) fn is_value(value: &Expr) -> bool {
    match value {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => is_value(inner),
        Expr::Value(value) => value.value != Value::Null,
        _ => false,
    }
}
