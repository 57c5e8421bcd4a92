//! What the two engines do differently, as functions of one name. Today there is SQLite alone.

pub mod sqlite;
