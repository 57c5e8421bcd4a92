//! One run of the server, under the guard that ends it should we be killed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::error::{ServerError, io};

const SCRIPT: &str = include_str!("guard.sh");

/// How a server is told to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stop {
    /// After a checkpoint; sessions are ended.
    Fast,
    /// At once; the next start recovers, as after a crash.
    Immediate,
}

/// A running server and its guard.
#[derive(Debug)]
pub(crate) struct Guard {
    shell: Child,
    words: Option<ChildStdin>,
    server: u32,
}

impl Guard {
    /// Starts the server that `server` runs; its output is added to `server.log` in `folder`. It is not ready yet.
    ///
    /// `prepare` gives a command for `sh` its account, environment and folder.
    ///
    /// # Errors
    /// The shell could not be started.
    pub(crate) fn start(
        folder: &Path,
        server: &Command,
        prepare: impl FnOnce(&mut Command),
    ) -> Result<Self, ServerError> {
        use std::os::unix::process::CommandExt;
        let mut shell = Command::new("sh");
        prepare(&mut shell);
        shell.args(["-c", SCRIPT, "guard.sh"]).arg(folder).arg(server.get_program()).args(server.get_args());
        // A group of its own: who ends this process often ends its whole group, by a key of the terminal or a runner's
        // time limit, and then the guard is still needed.
        shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut shell = shell.spawn().map_err(io("starting sh"))?;
        let words = shell.stdin.take();
        let mut line = String::new();
        if let Some(pipe) = shell.stdout.take() {
            BufReader::new(pipe).read_line(&mut line).map_err(io("reading the server's process id"))?;
        }
        let server = line.trim().parse().map_err(|_| ServerError::Program {
            program: "sh".to_owned(),
            said: format!("it gave no process id but `{}`", line.trim()),
        })?;
        Ok(Self { shell, words, server })
    }

    /// The process id of the server.
    pub(crate) fn server(&self) -> u32 {
        self.server
    }

    /// Whether the server has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.shell.try_wait(), Ok(None))
    }

    /// Stops the server and waits for its end, and so for the end of all its processes.
    pub(crate) fn stop(mut self, how: Stop) {
        self.tell(how);
        // What `drop` does next finds it stopped.
    }

    fn tell(&mut self, how: Stop) {
        let word: &[u8] = match how {
            Stop::Fast => b"fast\n",
            Stop::Immediate => b"immediate\n",
        };
        if let Some(mut pipe) = self.words.take() {
            // A server that ended by itself has closed the other end; then there is nothing to stop.
            let _ended_before = pipe.write_all(word);
        }
        let _status = self.shell.wait();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.tell(Stop::Immediate);
    }
}
