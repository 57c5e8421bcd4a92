//! How a server is set up.

use std::path::PathBuf;

/// How a server is set up. The default is one for tests: fast, and as good as any until the machine loses power.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether what is committed survives a power cut: `true` for benchmarks and for tests that kill the server. `false`
    /// sets `fsync`, `synchronous_commit` and `full_page_writes` to off, which makes tests several times as fast.
    pub durable: bool,
    /// More lines of `postgresql.conf`, name and value; they win over those set here (`max_connections` 200,
    /// `shared_buffers` 64MB, `timezone` UTC). Values are quoted, so `1GB` and `citus` are written as such.
    pub settings: Vec<(String, String)>,
    /// The folder with `initdb`, `postgres` and `psql`; `None` looks for it, see [`crate::Binaries::find`].
    pub binaries: Option<PathBuf>,
    /// The lowest major version that will do, such as 15.
    pub version_at_least: Option<u32>,
    /// Where the temporary folder is made; `None` is the system's folder for such. A benchmark names one on a real disk,
    /// since the system's may be in memory.
    pub folder: Option<PathBuf>,
}

impl Options {
    /// For benchmarks and for tests that kill the server: what is committed is on the disk.
    #[must_use]
    pub fn durable() -> Self {
        Self { durable: true, ..Self::default() }
    }

    /// The same with one more setting of `postgresql.conf`.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The text that is added to `postgresql.conf`; of two lines with one name the later counts.
    ///
    /// `sockets` is the folder for the Unix socket; `None` makes none.
    pub(crate) fn configuration(&self, port: u16, sockets: Option<&str>) -> String {
        let durability = if self.durable { "on" } else { "off" };
        let port = port.to_string();
        let ours = [
            ("listen_addresses", "127.0.0.1"),
            ("port", &port),
            ("unix_socket_directories", sockets.unwrap_or_default()),
            ("max_connections", "200"),
            ("shared_buffers", "64MB"),
            ("password_encryption", "scram-sha-256"),
            // A test that reads a date must not depend on where it runs, nor an error's text on its language.
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("lc_messages", "C"),
            ("logging_collector", "off"),
            ("log_destination", "stderr"),
            ("fsync", durability),
            ("synchronous_commit", durability),
            ("full_page_writes", durability),
        ];
        let theirs = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut text = String::from("\n# Set by chengxin-pgtest\n");
        for (name, value) in ours.into_iter().chain(theirs) {
            text += &format!("{name} = '{}'\n", value.replace('\'', "''"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_of_the_caller_comes_after_ours_and_so_wins() {
        let text = Options::default().with("shared_buffers", "1GB").configuration(21_000, None);
        let (ours, theirs) = (text.find("shared_buffers = '64MB'"), text.find("shared_buffers = '1GB'"));
        assert!(ours.is_some() && ours < theirs, "{text}");
    }

    #[test]
    fn durable_turns_on_what_the_default_turns_off() {
        assert!(Options::default().configuration(21_000, None).contains("\nfsync = 'off'\n"));
        assert!(Options::durable().configuration(21_000, None).contains("\nfsync = 'on'\n"));
    }

    #[test]
    fn a_quote_in_a_value_is_doubled() {
        let text = Options::default().with("search_path", "a'b").configuration(21_000, Some("/tmp/it's"));
        assert!(text.contains("search_path = 'a''b'") && text.contains("unix_socket_directories = '/tmp/it''s'"));
    }
}
