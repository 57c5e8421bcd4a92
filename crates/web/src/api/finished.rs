//! What became of imports whose senders waited no longer: kept until the same file comes again.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chengxin_app::AppError;
use chengxin_app::intake::{ImportOutcome, ImportRequest};

/// Outcomes that are kept at once; the oldest go first. One takes some kilobytes.
const KEPT: usize = 64;
/// How long one is kept. Whoever comes later is told that its rows are unchanged, and finds the receipt with the submission.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);

/// By what a file is known to be the same, sent by the same officer and to be understood in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) actor: String,
    /// With the name of the file in the place of its path.
    pub(crate) request: ImportRequest,
    pub(crate) sha256: [u8; 32],
}

type Done = Result<ImportOutcome, AppError>;

/// Outcomes nobody was told. A server keeps its own: after a restart, or on another server, the file is simply taken in again.
#[derive(Debug, Default)]
pub(crate) struct Finished(Mutex<VecDeque<(Sent, Instant, Done)>>);

impl Finished {
    /// Keeps an outcome.
    #[expect(clippy::disallowed_methods, reason = "how long ago, not what time it is")]
    pub(crate) fn keep(&self, sent: Sent, done: Done) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, since, _)| *other != sent && since.elapsed() < KEPT_FOR);
        kept.truncate(KEPT - 1);
        kept.push_front((sent, Instant::now(), done));
    }

    /// Takes an outcome out: it is told once.
    pub(crate) fn take(&self, sent: &Sent) -> Option<Done> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, since, _)| since.elapsed() < KEPT_FOR);
        let at = kept.iter().position(|(other, _, _)| other == sent)?;
        kept.remove(at).map(|(_, _, done)| done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(byte: u8) -> Sent {
        Sent { actor: "zhao".to_owned(), request: ImportRequest::default(), sha256: [byte; 32] }
    }

    fn refused(why: &str) -> Done {
        Err(AppError::invalid(why, why))
    }

    fn said(done: Option<Done>) -> Option<String> {
        done.and_then(Result::err).map(|error| error.public.en)
    }

    #[test]
    fn an_outcome_is_told_once_to_who_sends_the_same() {
        let finished = Finished::default();
        finished.keep(sent(1), refused("one"));
        finished.keep(sent(2), refused("two"));
        finished.keep(sent(1), refused("one again"));
        let another = Sent { actor: "li".to_owned(), ..sent(1) };
        let rehearsed = Sent { request: ImportRequest { dry_run: true, ..ImportRequest::default() }, ..sent(1) };
        assert_eq!((said(finished.take(&another)), said(finished.take(&rehearsed))), (None, None));
        assert_eq!(said(finished.take(&sent(1))).as_deref(), Some("one again"));
        assert_eq!(said(finished.take(&sent(1))), None);
        assert_eq!(said(finished.take(&sent(2))).as_deref(), Some("two"));
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let finished = Finished::default();
        for byte in 0..=u8::try_from(KEPT).unwrap_or(u8::MAX) {
            finished.keep(sent(byte), refused("x"));
        }
        assert_eq!(said(finished.take(&sent(0))), None, "the oldest went");
        assert!(finished.take(&sent(1)).is_some());
    }
}
