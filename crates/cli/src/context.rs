//! What every command stands on: the folder, the clock, the words, and who asks.

use std::cell::Cell;
use std::sync::Arc;

use chengxin_app::places::{self, Places};
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
        let sequence = || -> Result<(), Failure> { Ok(self.installation(self.clock())?.log_sequence().map(drop)?) };
        if let Err(failure) = sequence() {
            self.out.notice(failure.say.zh, failure.say.en);
        }
    }

    /// The machine's clock, or the day that was given.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        match self.globals.on {
            Some(day) => Arc::new(FixedClock::on(day)),
            None => Arc::new(SystemClock),
        }
    }

    /// The databases that are named, else those that the folder names.
    pub(crate) fn places(&self) -> Result<Places, Failure> {
        match self.globals.places()? {
            Some(places) => Ok(places),
            None => Ok(places::of(&self.globals.dir())?),
        }
    }

    fn installation(&self, clock: Arc<dyn Clock>) -> Result<Installation, Failure> {
        Ok(Installation::open_at(&self.globals.dir(), self.places()?, clock)?)
    }

    /// Opens the installation.
    pub(crate) fn open(&self) -> Result<Installation, Failure> {
        let installation = self.installation(Arc::new(SystemClock))?;
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
        self.installation(self.clock())
    }

    /// Who asks for an operation of an installation. `authority` is the one that the command names.
    pub(crate) fn caller(
        &self,
        installation: &Installation,
        operation: &str,
        authority: Option<&str>,
    ) -> Result<Caller, Failure> {
        if self.globals.mandate.is_some() {
            return Err(Failure::new(
                Exit::Usage,
                "--mandate 只用于代他人行使其本人的权利：me、consent、mandate、report",
                "--mandate is for what a person does about themself: me, consent, mandate, report",
            ));
        }
        self.own_caller(installation, operation, authority)
    }

    /// The same for what a person does about themself, or about the one for whom they act.
    pub(crate) fn own_caller(
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
