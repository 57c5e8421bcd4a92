//! Expressions, and the queries within them.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query, SelectItem, SetExpr,
};

use crate::lint::Lint;
use crate::rule::Rule;
use crate::scope::Scope;

/// Functions that give the same answer to the same arguments wherever they run.
const SAME_EVERYWHERE: &[&str] = &["coalesce", "count", "length", "max", "min", "sum"];

impl<'s> Lint<'s> {
    /// A query inside an expression; `equal` is what IN compares its answer with.
    fn inner(&mut self, around: &Scope<'s>, query: &Query, equal: Option<&Expr>) {
        self.plain(query);
        let SetExpr::Select(select) = query.body.as_ref() else { return self.not_understood(query) };
        let spread_around = around.spread(0, around.relations.len());
        let before = std::mem::replace(&mut self.outermost, usize::MAX);
        let mut scope = self.select(around.inside(), select, Some(query));
        if let (Some(equal), Some(SelectItem::UnnamedExpr(value))) = (equal, select.projection.first()) {
            scope.hold_equal(value, around, equal);
        }
        let outward = self.outermost < scope.own;
        self.outermost = self.outermost.min(before);
        let cut = query.limit_clause.is_some() || select.having.is_some() || select.distinct.is_some();
        if outward && cut {
            self.fault(Rule::NotUnderstood, "a query that depends on the row around it, and is cut short");
        }
        let Some(first) = scope.own_spread().first().copied() else { return };
        if spread_around.iter().any(|at| scope.together(first, *at)) {
            return;
        }
        let alias = scope.relations[first].alias.clone();
        if outward {
            self.fault(Rule::Join, format!("{alias} does not lie where the row around it lies"));
        } else {
            self.fault(Rule::RunFirst, format!("{alias} is asked first, and what it answers is carried to all nodes"));
            self.reaches(&scope, false);
        }
    }

    /// Every part of an expression.
    pub(crate) fn walk(&mut self, scope: &Scope<'s>, value: &Expr) {
        match value {
            Expr::Identifier(name) => self.column(scope, None, &name.value),
            Expr::CompoundIdentifier(path) => match path.as_slice() {
                [alias, name] => self.column(scope, Some(&alias.value), &name.value),
                _ => self.not_understood(value),
            },
            Expr::Value(_) => {}
            Expr::Nested(inner)
            | Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::UnaryOp { expr: inner, .. }
            | Expr::Cast { expr: inner, .. } => self.walk(scope, inner),
            Expr::BinaryOp { left, right, .. } | Expr::AnyOp { left, right, .. } => {
                self.walk(scope, left);
                self.walk(scope, right);
            }
            Expr::Between { expr, low, high, .. } => {
                [expr, low, high].into_iter().for_each(|part| self.walk(scope, part));
            }
            Expr::InList { expr, list, .. } => {
                self.walk(scope, expr);
                list.iter().for_each(|part| self.walk(scope, part));
            }
            Expr::Tuple(list) => list.iter().for_each(|part| self.walk(scope, part)),
            Expr::Case { operand, conditions, else_result, .. } => {
                operand.iter().chain(else_result).for_each(|part| self.walk(scope, part));
                for when in conditions {
                    self.walk(scope, &when.condition);
                    self.walk(scope, &when.result);
                }
            }
            Expr::Function(function) => self.function(scope, function),
            Expr::Exists { subquery, .. } | Expr::Subquery(subquery) => self.inner(scope, subquery, None),
            Expr::InSubquery { expr, subquery, .. } => {
                self.walk(scope, expr);
                self.inner(scope, subquery, Some(expr));
            }
            other => self.not_understood(other),
        }
    }

    fn column(&mut self, scope: &Scope<'s>, alias: Option<&str>, name: &str) {
        match scope.find(alias, name) {
            Ok(at) => self.outermost = self.outermost.min(at),
            Err(why) => self.fault(Rule::NotUnderstood, why),
        }
    }

    fn function(&mut self, scope: &Scope<'s>, function: &Function) {
        let name = function.name.to_string().to_lowercase();
        if !SAME_EVERYWHERE.contains(&name.as_str()) {
            self.fault(Rule::Function, format!("{name} is not known to give the same answer on every node"));
        }
        self.over_rows |= function.over.is_some() || !function.within_group.is_empty();
        match &function.args {
            FunctionArguments::List(list) => {
                self.over_rows |=
                    list.duplicate_treatment == Some(DuplicateTreatment::Distinct) || !list.clauses.is_empty();
                for argument in &list.args {
                    match argument {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => self.walk(scope, value),
                        FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => {}
                        other => self.not_understood(other),
                    }
                }
            }
            FunctionArguments::None => {}
            FunctionArguments::Subquery(query) => self.not_understood(query),
        }
        function.filter.iter().for_each(|filter| self.walk(scope, filter));
    }
}
