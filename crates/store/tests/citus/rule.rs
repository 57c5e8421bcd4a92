//! The rules, and what is found against them.

use std::fmt;

/// What Citus asks of tables and statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// Every table is spread by a column or is on every node, and is so once.
    NoPlace,
    /// Every unique key of a spread table has its distribution column in it: a node cannot see what the others hold.
    Key,
    /// Tables that lie together are spread by columns of one type.
    TypesDiffer,
    /// A spread table has a primary key, or an index in its place: without one its shards move only while nobody writes.
    Identity,
    /// No column of a spread table counts.
    Sequence,
    /// No trigger on a spread table.
    Trigger,
    /// Foreign keys lead to what lies together, or to what is on every node.
    ForeignKey,
    /// A statement on a spread table says on which node, by a value of the distribution column.
    Column,
    /// Spread tables are joined where they lie together, on the distribution column.
    Join,
    /// What every node has is not the preserved side of an outer join with a spread table: each node would preserve it.
    OuterSide,
    /// A query inside another that asks other nodes is run first, and its answer carried to all: listed by name.
    RunFirst,
    /// Rows are locked where the distribution column says on which node.
    Lock,
    /// A row stays on its node: the distribution column is not updated.
    Moved,
    /// The target of ON CONFLICT has the distribution column in it.
    Conflict,
    /// INSERT … SELECT stays on the node, or among what every node has.
    InsertSelect,
    /// What counts different values, or looks at neighbouring rows, does so on one node.
    Aggregate,
    /// Functions give the same answer on every node.
    Function,
    /// What this check does not understand it does not let pass.
    NotUnderstood,
}

impl Rule {
    /// Every rule, so that a test can ask for a fault against each.
    pub(crate) const ALL: [Self; 18] = [
        Self::NoPlace,
        Self::Key,
        Self::TypesDiffer,
        Self::Identity,
        Self::Sequence,
        Self::Trigger,
        Self::ForeignKey,
        Self::Column,
        Self::Join,
        Self::OuterSide,
        Self::RunFirst,
        Self::Lock,
        Self::Moved,
        Self::Conflict,
        Self::InsertSelect,
        Self::Aggregate,
        Self::Function,
        Self::NotUnderstood,
    ];
}

/// A fault: against which rule, in which table or statement, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) rule: Rule,
    pub(crate) at: String,
    pub(crate) why: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}: {}", self.rule, self.at, self.why)
    }
}
