//! What the two engines do differently, as functions of one name each.

pub(crate) mod postgres;
pub(crate) mod sqlite;
