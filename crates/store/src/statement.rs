//! A statement with a name.

use std::sync::OnceLock;

/// One SQL statement: its name stands in front of it as a comment, so that a slow query in a server's log leads back
/// to the line that wrote it.
#[derive(Debug)]
pub struct Statement {
    /// Name, as in the operation that uses it.
    pub name: &'static str,
    /// Text with `$1` placeholders, as PostgreSQL numbers them.
    pub text: &'static str,
    sqlite: OnceLock<String>,
}

impl Statement {
    /// Used by the [`crate::statements!`] macro.
    #[must_use]
    pub const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, sqlite: OnceLock::new() }
    }

    /// The text for SQLite. `$1` would there be a *name*, numbered by its first appearance; `?1` is a number.
    #[must_use]
    pub fn sqlite(&self) -> &str {
        self.sqlite.get_or_init(|| format!("/* {} */ {}", self.name, self.text.replace('$', "?")))
    }
}

/// Declares the statements of a file and their list `ALL`.
#[macro_export]
macro_rules! statements {
    ($($name:ident = $text:expr;)*) => {
        $(pub(crate) static $name: $crate::Statement = $crate::Statement::new(stringify!($name), $text);)*
        /// The statements of this file.
        pub(crate) const ALL: &[&$crate::Statement] = &[$(&$name),*];
    };
}
