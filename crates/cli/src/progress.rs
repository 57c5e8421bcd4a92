//! A progress bar on standard error, for long work at a terminal.

use std::io::IsTerminal;

use chengxin_app::intake::Progress;
use chengxin_core::Say;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::out::Out;

/// Work below this many bytes is over before a bar could be read.
const WORTH_SHOWING: u64 = 2 * 1024 * 1024;

/// A bar, shown only where somebody looks and it takes a while.
pub(crate) struct Bar {
    bar: ProgressBar,
    lang: chengxin_core::Lang,
    shown: bool,
    least: u64,
}

impl Bar {
    /// For work counted in bytes.
    pub(crate) fn bytes(out: &Out) -> Self {
        Self::new(out, "{msg} {bar:30} {percent:>3}%  {binary_bytes}/{binary_total_bytes}  {eta}", WORTH_SHOWING)
    }

    /// For work counted in rows, of which fewer than `least` are not worth a bar.
    pub(crate) fn rows(out: &Out, least: u64) -> Self {
        Self::new(out, "{msg} {bar:30} {percent:>3}%  {human_pos}/{human_len}  {eta}", least)
    }

    fn new(out: &Out, template: &str, least: u64) -> Self {
        let shown = std::io::stderr().is_terminal() && !out.quiet && !out.json;
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━╸─"));
        Self { bar, lang: out.lang, shown, least }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn step(&mut self, what: &Say, total: u64) {
        if self.shown && total >= self.least {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        }
        self.bar.set_message(what.get(self.lang).to_owned());
        // A step without a measure of its own leaves the bar as it stands.
        if total > 0 {
            self.bar.set_length(total);
            self.bar.set_position(0);
        }
    }

    fn advance(&mut self, done: u64) {
        self.bar.set_position(done);
    }
}
