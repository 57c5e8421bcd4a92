//! What every command stands on: the folder, the clock, the words, and who asks.

use std::cell::Cell;
use std::sync::Arc;

use chengxin_app::{Clock, FixedClock, Installation, Mode, SystemClock};
use chengxin_core::Caller;

use crate::args::Globals;
use crate::caller;
use crate::exit::{Exit, Failure};
use crate::out::Out;

/// The surroundings of one command.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) globals: Globals,
    pub(crate) out: Out,
    /// Was an installation opened? Then what was logged is taken into the tree at the end.
    opened: Cell<bool>,
}

impl Context {
    pub(crate) fn new(globals: Globals, out: Out) -> Self {
        Self { globals, out, opened: Cell::new(false) }
    }

    /// Takes what the command has logged into the tree. The entries are durable already; where this fails, the next command
    /// or server does it.
    pub(crate) fn sequence(&self) {
        if !self.opened.get() {
            return;
        }
        let sequenced = Installation::open(&self.globals.dir(), self.clock()).and_then(|mut i| i.log_sequence());
        if let Err(error) = sequenced {
            self.out.notice(error.public.zh, error.public.en);
        }
    }

    /// The machine's clock, or the day that was given.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        match self.globals.on {
            Some(day) => Arc::new(FixedClock::on(day)),
            None => Arc::new(SystemClock),
        }
    }

    /// Opens the installation.
    pub(crate) fn open(&self) -> Result<Installation, Failure> {
        let installation = Installation::open(&self.globals.dir(), Arc::new(SystemClock))?;
        self.opened.set(true);
        if self.globals.on.is_none() {
            return Ok(installation);
        }
        if installation.mode() == Mode::Production {
            return Err(Failure::new(
                Exit::Usage,
                "--on 只用于演示环境，正式环境按真实日期办理",
                "--on is for made-up data only: in production the day is what it is",
            ));
        }
        drop(installation);
        Ok(Installation::open(&self.globals.dir(), self.clock())?)
    }

    /// Who asks for an operation of an installation. `authority` is the one that the command names.
    pub(crate) fn caller(
        &self,
        installation: &Installation,
        operation: &str,
        authority: Option<&str>,
    ) -> Result<Caller, Failure> {
        caller::of(&self.globals, installation.mode(), operation, authority)
    }

    /// The same where there is no installation yet.
    pub(crate) fn caller_without(&self, mode: Mode, operation: &str) -> Result<Caller, Failure> {
        caller::of(&self.globals, mode, operation, None)
    }
}
