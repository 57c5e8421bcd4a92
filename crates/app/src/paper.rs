//! What is printed: one typesetter for the process, and how sentences stand on paper.

use std::sync::OnceLock;

use chengxin_core::dates::{SHANGHAI_OFFSET_SECONDS, shanghai_date};
use chengxin_core::{Lang, Say};
use chengxin_typeset::{DecisionDoc, Pair, Rendered, ReportDoc, Timestamp, Typesetter};

use crate::AppError;

/// One for the process: it parses the fonts.
static TYPESETTER: OnceLock<Typesetter> = OnceLock::new();

/// Prepares the typesetter, so that the first document does not wait for it. Takes some tenths of a second.
pub fn warm_up() {
    typesetter();
}

fn typesetter() -> &'static Typesetter {
    TYPESETTER.get_or_init(Typesetter::new)
}

/// Sets a report.
pub(crate) fn report(doc: &ReportDoc, at_us: i64) -> Result<Rendered, AppError> {
    typesetter().report(doc, created(at_us)).map_err(|error| AppError::internal(format!("typeset report: {error}")))
}

/// Sets a letter: a receipt, a slip, a decision.
pub(crate) fn letter(doc: &DecisionDoc, at_us: i64) -> Result<Rendered, AppError> {
    typesetter().decision(doc, created(at_us)).map_err(|error| AppError::internal(format!("typeset letter: {error}")))
}

fn created(at_us: i64) -> Timestamp {
    let day = shanghai_date(at_us);
    let seconds = (at_us.div_euclid(1_000_000) + SHANGHAI_OFFSET_SECONDS).rem_euclid(86_400);
    let part = |value: i64| u8::try_from(value).unwrap_or(0);
    let (month, of_month) = (part(i64::from(day.month())), part(i64::from(day.day())));
    let (hour, minute, second) = (part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60));
    Timestamp::china(i32::from(day.year()), month, of_month, hour, minute, second)
}

/// How sentences are printed: in Chinese, or with English below or beside it. Chinese is never left out, for it is the
/// text that offices act on.
#[derive(Clone, Copy)]
pub(crate) struct Print(pub(crate) Lang);

impl Print {
    /// A sentence.
    pub(crate) fn text(self, say: &Say) -> String {
        self.join(say, "\n")
    }

    /// A label, or a value of one line.
    pub(crate) fn short(self, say: &Say) -> String {
        self.join(say, " ")
    }

    fn join(self, say: &Say, by: &str) -> String {
        match self.0 {
            Lang::Zh => say.zh.clone(),
            Lang::En if say.zh == say.en || say.en.is_empty() => say.zh.clone(),
            Lang::En => format!("{}{by}{}", say.zh, say.en),
        }
    }

    pub(crate) fn all(self, says: &[Say]) -> Vec<String> {
        says.iter().map(|say| self.text(say)).collect()
    }

    /// Short things on one line.
    pub(crate) fn list(self, says: &[Say]) -> String {
        says.iter().map(|say| self.short(say)).collect::<Vec<_>>().join("、")
    }

    pub(crate) fn pair(self, zh: &str, en: &str, value: String) -> Pair {
        Pair::new(self.text(&Say::new(zh, en)), value)
    }
}
