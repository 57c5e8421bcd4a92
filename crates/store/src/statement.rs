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
    postgres: OnceLock<String>,
    copy: OnceLock<Option<String>>,
}

impl Statement {
    /// Used by the [`crate::statements!`] macro.
    #[must_use]
    pub const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, sqlite: OnceLock::new(), postgres: OnceLock::new(), copy: OnceLock::new() }
    }

    /// One that is made from the schema. It lives as long as the programme: for commands that make a few dozen and end.
    #[must_use]
    pub(crate) fn made(name: &'static str, text: String) -> &'static Self {
        Box::leak(Box::new(Self::new(name, Box::leak(text.into_boxed_str()))))
    }

    /// The text for SQLite. `$1` would there be a *name*, numbered by its first appearance; `?1` is a number.
    #[must_use]
    pub fn sqlite(&self) -> &str {
        self.sqlite.get_or_init(|| format!("/* {} */ {}", self.name, self.text.replace('$', "?")))
    }

    /// The text for PostgreSQL.
    #[must_use]
    pub fn postgres(&self) -> &str {
        self.postgres.get_or_init(|| format!("/* {} */ {}", self.name, self.text))
    }

    /// The COPY that does what many runs of this `INSERT` do, where its values are its placeholders in order and nothing
    /// happens on a conflict but an error.
    #[must_use]
    pub fn copy(&self) -> Option<&str> {
        self.copy.get_or_init(|| copy_of(self.text)).as_deref()
    }
}

fn copy_of(insert: &str) -> Option<String> {
    let (table, values) = insert.strip_prefix("INSERT INTO ")?.split_once(" VALUES (")?;
    let in_order = values.strip_suffix(')')?.split(',').zip(1..).all(|(value, number)| value.trim() == format!("${number}"));
    in_order.then(|| format!("COPY {table} FROM STDIN (FORMAT binary)"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_of_its_placeholders_has_a_copy_and_no_other_statement_has() {
        let plain = Statement::new("PLAIN", "INSERT INTO t (a, b) VALUES ($1, $2)");
        assert_eq!(plain.copy(), Some("COPY t (a, b) FROM STDIN (FORMAT binary)"));
        for other in [
            "INSERT INTO t (a, b) VALUES ($2, $1)",
            "INSERT INTO t (a, b) VALUES ($1, 0)",
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING",
            "DELETE FROM t WHERE a = $1",
        ] {
            assert_eq!(copy_of(other), None, "{other}");
        }
    }
}
