//! One statement, held against the rules.
//!
//! The world is closed: a form of SQL that is not handled here is a fault by itself, so that whoever brings it thinks of
//! what Citus makes of it.

use sqlparser::ast::{
    Assignment, AssignmentTarget, ConflictTarget, Delete, Distinct, Expr, FromTable, GroupByExpr, Insert,
    JoinConstraint, JoinOperator, LimitClause, OnConflict, OnConflictAction, OnInsert, OrderByKind, Query, Select,
    SelectItem, SetExpr, Statement, TableFactor, TableObject, TableWithJoins, Update, UpdateTableFromKind,
};

use crate::rule::{Fault, Rule};
use crate::scope::{Known, Relation, Scope, is_value};
use crate::spread::{Spread, Table, parse};

/// How far a statement reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It is about something that lies on one node, and says what.
    OneNode,
    /// It asks all nodes, and its file says why, and how much.
    Everywhere,
}

/// Holds a statement against the rules.
pub(crate) fn lint(spread: &Spread, name: &str, text: &str, reach: Reach) -> Vec<Fault> {
    let mut lint = Lint { spread, name, reach, faults: Vec::new(), outermost: usize::MAX, over_rows: false };
    match parse(text) {
        Some(statement) => lint.statement(&statement),
        None => lint.fault(Rule::NotUnderstood, "the parser does not know it"),
    }
    lint.faults
}

pub(crate) struct Lint<'s> {
    spread: &'s Spread,
    name: &'s str,
    reach: Reach,
    faults: Vec<Fault>,
    /// The outermost relation that a column was found in, since it was last asked.
    pub(crate) outermost: usize,
    /// Was there anything that looks at more rows than one at a time, and not as parts of a sum?
    pub(crate) over_rows: bool,
}

impl<'s> Lint<'s> {
    pub(crate) fn fault(&mut self, rule: Rule, why: impl Into<String>) {
        self.faults.push(Fault { rule, at: self.name.to_owned(), why: why.into() });
    }

    pub(crate) fn not_understood(&mut self, what: &impl ToString) {
        self.fault(Rule::NotUnderstood, what.to_string());
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Query(query) => self.query(query),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            other => self.not_understood(other),
        }
    }

    fn query(&mut self, query: &Query) {
        self.plain(query);
        match query.body.as_ref() {
            SetExpr::Select(select) => {
                let scope = self.select(Scope::default(), select, Some(query));
                self.reaches(&scope, !query.locks.is_empty());
            }
            SetExpr::SetOperation { left, right, .. } => self.set(&[left, right]),
            other => self.not_understood(other),
        }
    }

    /// The arms of a UNION or EXCEPT: answered one by one, put together by whoever asked.
    fn set(&mut self, arms: &[&SetExpr]) {
        for arm in arms {
            match arm {
                SetExpr::Select(select) => {
                    let scope = self.select(Scope::default(), select, None);
                    if self.reach == Reach::OneNode && !scope.own_spread().is_empty() {
                        self.fault(Rule::NotUnderstood, "a UNION or EXCEPT over spread tables asks every node");
                    }
                }
                SetExpr::SetOperation { left, right, .. } => self.set(&[left, right]),
                other => self.not_understood(other),
            }
        }
    }

    /// What no query of ours has.
    pub(crate) fn plain(&mut self, query: &Query) {
        if query.with.is_some()
            || query.fetch.is_some()
            || query.for_clause.is_some()
            || !query.pipe_operators.is_empty()
        {
            self.not_understood(query);
        }
        if !matches!(&query.limit_clause, None | Some(LimitClause::LimitOffset { offset: None, .. })) {
            self.not_understood(query);
        }
    }

    /// Does a statement say on which node it is at home?
    pub(crate) fn reaches(&mut self, scope: &Scope<'_>, locks: bool) {
        let tables = scope.own_spread();
        let Some(known) = tables.iter().map(|at| scope.known(*at)).min() else { return };
        if locks && known != Known::Value {
            self.fault(Rule::Lock, "it locks rows, and does not say of which node");
        }
        if self.reach == Reach::Everywhere {
            return;
        }
        if known == Known::Nothing {
            let of: Vec<&str> = tables.iter().map(|at| scope.relations[*at].alias.as_str()).collect();
            self.fault(Rule::Column, format!("no value is given for the distribution column of {}", of.join(", ")));
        }
        if self.over_rows && known != Known::Value {
            self.fault(Rule::Aggregate, "different values, or neighbours, across nodes");
        }
    }

    /// A SELECT, in the scope that `scope` begins.
    pub(crate) fn select(&mut self, mut scope: Scope<'s>, select: &Select, query: Option<&Query>) -> Scope<'s> {
        if select.into.is_some() || select.top.is_some() || select.qualify.is_some() || !select.lateral_views.is_empty()
        {
            self.not_understood(select);
        }
        self.over_rows |= matches!(select.distinct, Some(Distinct::On(_))) || !select.named_window.is_empty();
        self.from(&mut scope, &select.from);
        self.narrow(&mut scope, select.selection.as_ref());
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. } => {
                    self.walk(&scope, value);
                }
                other => self.not_understood(other),
            }
        }
        match &select.group_by {
            GroupByExpr::Expressions(values, _) => values.iter().for_each(|value| self.walk(&scope, value)),
            other => self.not_understood(other),
        }
        select.having.iter().for_each(|value| self.walk(&scope, value));
        if let Some(order) = query.and_then(|query| query.order_by.as_ref()) {
            match &order.kind {
                OrderByKind::Expressions(by) => by.iter().for_each(|by| self.walk(&scope, &by.expr)),
                other => self.not_understood(&format!("{other:?}")),
            }
        }
        scope
    }

    /// Adds the relations of a FROM, and what their joins say.
    fn from(&mut self, scope: &mut Scope<'s>, tables: &[TableWithJoins]) {
        for table in tables {
            let first = scope.relations.len();
            self.relation(scope, &table.relation);
            for join in &table.joins {
                let right = scope.relations.len();
                self.relation(scope, &join.relation);
                match &join.join_operator {
                    JoinOperator::Join(JoinConstraint::On(on)) | JoinOperator::Inner(JoinConstraint::On(on)) => {
                        parts(on).into_iter().for_each(|part| scope.hold(part));
                        self.walk(scope, on);
                    }
                    JoinOperator::Left(JoinConstraint::On(on)) | JoinOperator::LeftOuter(JoinConstraint::On(on)) => {
                        // A value here narrows only what is joined, and says nothing about the rows that are kept.
                        let columns = |part: &&Expr| matches!(part, Expr::BinaryOp { left, right, .. } if !is_value(left) && !is_value(right));
                        parts(on).into_iter().filter(columns).for_each(|part| scope.hold(part));
                        self.walk(scope, on);
                        let end = scope.relations.len();
                        if scope.spread(first, right).is_empty() && !scope.spread(right, end).is_empty() {
                            self.fault(
                                Rule::OuterSide,
                                format!("{} is kept by every node", scope.relations[first].alias),
                            );
                        }
                    }
                    _ => self.not_understood(join),
                }
            }
        }
    }

    fn relation(&mut self, scope: &mut Scope<'s>, factor: &TableFactor) {
        let relation = match factor {
            TableFactor::Table { name, alias, args: None, sample: None, with_ordinality: false, .. } => {
                let Some(table) = self.table(&name.to_string()) else { return };
                let alias = alias.as_ref().map_or_else(|| table.name.clone(), |alias| alias.name.value.clone());
                Relation { alias, table: Some(table), columns: Vec::new() }
            }
            TableFactor::UNNEST {
                alias: Some(alias), array_exprs, with_offset: false, with_ordinality: false, ..
            } if array_exprs.iter().all(is_value) => {
                let columns = alias.columns.iter().map(|column| column.name.value.clone()).collect();
                Relation { alias: alias.name.value.clone(), table: None, columns }
            }
            other => return self.not_understood(other),
        };
        scope.relations.push(relation);
    }

    fn table(&mut self, name: &str) -> Option<&'s Table> {
        let found = self.spread.table(name);
        if found.is_none() {
            self.fault(Rule::NotUnderstood, format!("there is no table {name}"));
        }
        found
    }

    /// What a WHERE says; then the tables must be together.
    fn narrow(&mut self, scope: &mut Scope<'s>, selection: Option<&Expr>) {
        selection.into_iter().flat_map(parts).for_each(|part| scope.hold(part));
        if let Some((first, rest)) = scope.own_spread().split_first() {
            for other in rest.iter().filter(|other| !scope.together(*first, **other)) {
                let alias = |at: usize| scope.relations[at].alias.clone();
                self.fault(
                    Rule::Join,
                    format!("{} and {} are not joined where they lie together", alias(*first), alias(*other)),
                );
            }
        }
        selection.into_iter().for_each(|selection| self.walk(scope, selection));
    }

    fn update(&mut self, update: &Update) {
        let mut scope = Scope::default();
        self.from(&mut scope, std::slice::from_ref(&update.table));
        match &update.from {
            Some(UpdateTableFromKind::AfterSet(tables)) => self.from(&mut scope, tables),
            Some(other) => self.not_understood(&format!("{other:?}")),
            None => {}
        }
        self.change(&mut scope, update.selection.as_ref());
        self.assign(&scope, &update.assignments);
        self.returning(&scope, update.returning.as_deref());
    }

    fn delete(&mut self, delete: &Delete) {
        let FromTable::WithFromKeyword(tables) = &delete.from else { return self.not_understood(delete) };
        let mut scope = Scope::default();
        self.from(&mut scope, tables);
        self.from(&mut scope, delete.using.as_deref().unwrap_or_default());
        self.change(&mut scope, delete.selection.as_ref());
        self.returning(&scope, delete.returning.as_deref());
    }

    /// The WHERE of a change of the first relation.
    fn change(&mut self, scope: &mut Scope<'s>, selection: Option<&Expr>) {
        self.narrow(scope, selection);
        self.reaches(scope, false);
        let of_every_node =
            scope.relations.first().and_then(|first| first.table).is_some_and(|table| table.spread().is_none());
        if of_every_node && !scope.own_spread().is_empty() {
            self.fault(Rule::Join, "what every node has is changed by what one node has");
        }
    }

    fn assign(&mut self, scope: &Scope<'s>, assignments: &[Assignment]) {
        let column =
            scope.relations.first().and_then(|first| first.table).and_then(Table::spread).map(|(column, _)| column);
        for assignment in assignments {
            let targets = match &assignment.target {
                AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
                AssignmentTarget::Tuple(names) => names.as_slice(),
            };
            for target in targets.iter().map(ToString::to_string).filter(|target| Some(target.as_str()) == column) {
                self.fault(Rule::Moved, format!("{target} says on which node the row lies"));
            }
            self.walk(scope, &assignment.value);
        }
    }

    fn returning(&mut self, scope: &Scope<'s>, items: Option<&[SelectItem]>) {
        for item in items.unwrap_or_default() {
            match item {
                SelectItem::UnnamedExpr(value) => self.walk(scope, value),
                other => self.not_understood(other),
            }
        }
    }

    fn insert(&mut self, insert: &Insert) {
        let TableObject::TableName(name) = &insert.table else { return self.not_understood(insert) };
        let Some(table) = self.table(&name.to_string()) else { return };
        let columns: Vec<String> = insert.columns.iter().map(ToString::to_string).collect();
        let at = table.spread().map(|(column, _)| columns.iter().position(|name| name == column));
        if at == Some(None) {
            return self.fault(Rule::Column, "it gives the distribution column no value");
        }
        match insert.source.as_ref().map(|source| source.body.as_ref()) {
            Some(SetExpr::Values(values)) => {
                for row in &values.rows {
                    if at.flatten().is_some_and(|at| !row.get(at).is_some_and(is_value)) {
                        self.fault(Rule::Column, "the value of the distribution column is not given");
                    }
                    row.iter().for_each(|value| self.walk(&Scope::default(), value));
                }
            }
            Some(SetExpr::Select(select)) => self.insert_select(table, at.flatten(), select),
            _ => self.not_understood(insert),
        }
        let stored = Relation { alias: table.name.clone(), table: Some(table), columns: Vec::new() };
        match &insert.on {
            Some(OnInsert::OnConflict(conflict)) => self.conflict(&stored, conflict),
            Some(other) => self.not_understood(other),
            None => {}
        }
        let scope = Scope::of(vec![stored]);
        self.returning(&scope, insert.returning.as_deref());
    }

    fn conflict(&mut self, stored: &Relation<'s>, conflict: &OnConflict) {
        let column = stored.table.and_then(Table::spread).map(|(column, _)| column);
        let named = match &conflict.conflict_target {
            Some(ConflictTarget::Columns(names)) => names.iter().any(|name| Some(name.value.as_str()) == column),
            _ => false,
        };
        if column.is_some() && !named {
            self.fault(Rule::Conflict, "its target lacks the distribution column");
        }
        if let OnConflictAction::DoUpdate(update) = &conflict.action {
            let excluded = Relation { alias: "excluded".to_owned(), ..stored.clone() };
            let scope = Scope::of(vec![stored.clone(), excluded]);
            self.assign(&scope, &update.assignments);
            update.selection.iter().for_each(|selection| self.walk(&scope, selection));
        }
    }

    /// `at` is where the distribution column of `table` stands in what is selected, if it is spread.
    fn insert_select(&mut self, table: &'s Table, at: Option<usize>, select: &Select) {
        let scope = self.select(Scope::default(), select, None);
        let from = scope.own_spread();
        let Some(at) = at else {
            if !from.is_empty() {
                self.fault(Rule::InsertSelect, "from some nodes into what every node has");
            }
            return;
        };
        let stays = select.projection.get(at).is_some_and(|item| match item {
            SelectItem::UnnamedExpr(value) => from.iter().any(|from| {
                let group = |table: &Table| table.spread().map(|(_, group)| group);
                scope.relations[*from].table.and_then(group) == group(table) && scope.is_column_of(value, *from)
            }),
            _ => false,
        });
        if !stays {
            self.fault(Rule::InsertSelect, "its rows do not stay on their nodes");
        }
        self.reaches(&scope, false);
    }
}

/// The parts that must all hold.
fn parts(value: &Expr) -> Vec<&Expr> {
    match value {
        Expr::Nested(inner) => parts(inner),
        Expr::BinaryOp { left, op: sqlparser::ast::BinaryOperator::And, right } => [parts(left), parts(right)].concat(),
        other => vec![other],
    }
}
