//! Where a command's words go: results to standard output, messages to standard error, in the person's language or as
//! one JSON value a line.

use std::cell::RefCell;
use std::io::{IsTerminal, Write};

use chengxin_core::{Lang, Say};
use serde::Serialize;
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::width;

/// Columns of a line where the terminal does not say.
const COLUMNS: usize = 100;

/// Standard output and standard error of one command.
#[derive(Debug)]
pub(crate) struct Out {
    pub(crate) lang: Lang,
    /// Machine-readable.
    pub(crate) json: bool,
    /// Results and errors only.
    pub(crate) quiet: bool,
    styled: bool,
    terminal: bool,
    columns: usize,
    /// First error of writing to standard output: a full disk behind `>` is told at the end.
    failed: RefCell<Option<std::io::Error>>,
}

/// How a piece of a line looks on a terminal.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Look {
    Title,
    Faint,
    Good,
    Bad,
    Warn,
}

impl Out {
    pub(crate) fn new(lang: Lang, json: bool, quiet: bool) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let stated = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let measured = || terminal_size::terminal_size().filter(|_| terminal).map(|(width, _)| usize::from(width.0));
        let columns: usize = stated.or_else(measured).unwrap_or(COLUMNS);
        Self {
            lang,
            json,
            quiet,
            styled: terminal && !json && std::env::var_os("NO_COLOR").is_none(),
            terminal,
            columns: columns.clamp(40, 120),
            failed: RefCell::new(None),
        }
    }

    /// Columns of a line.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Most columns of a line that is not broken: a terminal's. What goes into a file or a pipe is never cut.
    pub(crate) fn limit(&self) -> usize {
        if self.terminal { self.columns } else { usize::MAX }
    }

    /// One of two texts, by language.
    pub(crate) fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The sentence in the person's language.
    pub(crate) fn tr<'a>(&self, say: &'a Say) -> &'a str {
        say.get(self.lang)
    }

    /// The text as it looks on a terminal.
    pub(crate) fn look(&self, look: Look, text: &str) -> String {
        if !self.styled {
            return text.to_owned();
        }
        let code = match look {
            Look::Title => "1",
            Look::Faint => "2",
            Look::Good => "32",
            Look::Bad => "31",
            Look::Warn => "33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// A line of the result, for people.
    pub(crate) fn line(&self, text: &str) {
        if !self.json {
            self.write(text);
        }
    }

    /// A sentence of the result, for people.
    pub(crate) fn say(&self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        self.line(self.pick(zh.as_ref(), en.as_ref()));
    }

    /// A sentence that tells what is going on; `--quiet` leaves it out.
    pub(crate) fn tell(&self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        if !self.quiet {
            self.say(zh, en);
        }
    }

    /// The result for machines.
    pub(crate) fn value(&self, value: &impl Serialize) {
        if self.json {
            match serde_json::to_string(value) {
                Ok(text) => self.write(&text),
                Err(error) => self.keep(std::io::Error::other(error)),
            }
        }
    }

    /// A text block, indented and wrapped to the terminal.
    pub(crate) fn paragraph(&self, indent: usize, text: &str) {
        for line in width::wrap(text, self.columns.saturating_sub(indent)) {
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// One of several facts: its lines after the first stand further in, so that each can be seen to begin.
    pub(crate) fn item(&self, indent: usize, text: &str) {
        for (at, line) in width::wrap(text, self.columns.saturating_sub(indent + 2)).iter().enumerate() {
            self.line(&format!("{}{line}", " ".repeat(if at == 0 { indent } else { indent + 2 })));
        }
    }

    fn write(&self, text: &str) {
        if self.failed.borrow().is_some() {
            return;
        }
        if let Err(error) = writeln!(std::io::stdout().lock(), "{text}") {
            self.keep(error);
        }
    }

    fn keep(&self, error: std::io::Error) {
        self.failed.borrow_mut().get_or_insert(error);
    }

    /// A warning or notice on standard error.
    pub(crate) fn notice(&self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        let (zh, en) = (zh.as_ref(), en.as_ref());
        let text = if self.json {
            json!({ "notice": { "zh": zh, "en": en } }).to_string()
        } else {
            self.pick(zh, en).to_owned()
        };
        // Where standard error is gone, nobody is left to tell.
        drop(writeln!(std::io::stderr().lock(), "{text}"));
    }

    /// Tells why a command did not do what was asked.
    pub(crate) fn failure(&self, failure: &Failure) {
        let Failure { exit, say, detail } = failure;
        let text = if self.json {
            json!({ "error": { "kind": exit.word(), "exit": exit.code(), "zh": say.zh, "en": say.en } }).to_string()
        } else {
            let head = self.pick("错误：", "error: ");
            let private =
                if *exit == Exit::Internal && !detail.is_empty() { format!("\n  {detail}") } else { String::new() };
            format!("{head}{}{private}", self.tr(say))
        };
        tracing::debug!(exit = exit.code(), detail, "ended");
        drop(writeln!(std::io::stderr().lock(), "{text}"));
    }

    /// Could everything be written? A reader that went away (`| head`) is no fault.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        if let Err(error) = std::io::stdout().flush() {
            self.keep(error);
        }
        match self.failed.borrow_mut().take() {
            Some(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                let full = error.kind() == std::io::ErrorKind::StorageFull;
                let exit = if full { Exit::Unavailable } else { Exit::Internal };
                Err(Failure::new(exit, "标准输出无法写入", "standard output cannot be written").because(error))
            }
            _ => Ok(()),
        }
    }
}
