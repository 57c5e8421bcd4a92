//! What became of imports whose senders waited no longer: kept until the same file comes again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// Outcomes nobody was told, and what is under way. A server keeps its own: after a restart, or on another server, the file is simply taken in again.
#[derive(Debug, Default)]
pub(crate) struct Finished(Mutex<Imports>);

#[derive(Debug, Default)]
struct Imports {
    kept: VecDeque<(Sent, Instant, Done)>,
    under_way: Vec<Sent>,
}

/// A file that is being taken in. From its beginning until its outcome is told or kept, the same file waits.
#[derive(Debug)]
pub(crate) struct UnderWay<'f> {
    finished: &'f Finished,
    sent: Sent,
}

impl UnderWay<'_> {
    pub(crate) fn request(&self) -> &ImportRequest {
        &self.sent.request
    }

    /// Tells what came of it, or keeps that where `tell` gives it back, because nobody hears it. Whoever is told and sends the same at once finds it under way no more.
    #[expect(clippy::disallowed_methods, reason = "how long ago, not what time it is")]
    pub(crate) fn end(self, tell: impl FnOnce() -> Option<Done>) {
        let mut imports = self.finished.imports();
        if let Some(untold) = tell() {
            imports.kept.retain(|(other, since, _)| *other != self.sent && since.elapsed() < KEPT_FOR);
            imports.kept.truncate(KEPT - 1);
            imports.kept.push_front((self.sent.clone(), Instant::now(), untold));
        }
        imports.under_way.retain(|other| *other != self.sent);
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.finished.imports().under_way.retain(|other| *other != self.sent);
    }
}

impl Finished {
    fn imports(&self) -> MutexGuard<'_, Imports> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a file that has arrived, or takes out what came of it before and nobody was told: that is told once. `None` while the same is being taken in.
    pub(crate) fn turn(&self, sent: Sent) -> Option<(UnderWay<'_>, Option<Done>)> {
        let mut imports = self.imports();
        imports.kept.retain(|(_, since, _)| since.elapsed() < KEPT_FOR);
        if imports.under_way.contains(&sent) {
            return None;
        }
        imports.under_way.push(sent.clone());
        let at = imports.kept.iter().position(|(other, _, _)| *other == sent);
        let known = at.and_then(|at| imports.kept.remove(at)).map(|(_, _, done)| done);
        Some((UnderWay { finished: self, sent }, known))
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

    /// What is told of a file; nothing where it is taken in, or is under way.
    fn said(turn: Option<(UnderWay<'_>, Option<Done>)>) -> Option<String> {
        let (_, known) = turn?;
        known?.err().map(|error| error.public.en)
    }

    fn keep(finished: &Finished, sent: Sent, why: &str) {
        let (ours, known) = finished.turn(sent).expect("nothing is under way");
        assert!(known.is_none());
        ours.end(|| Some(refused(why)));
    }

    #[test]
    fn an_outcome_is_told_once_to_who_sends_the_same() {
        let finished = Finished::default();
        keep(&finished, sent(1), "one");
        keep(&finished, sent(2), "two");
        let another = Sent { actor: "li".to_owned(), ..sent(1) };
        let rehearsed = Sent { request: ImportRequest { dry_run: true, ..ImportRequest::default() }, ..sent(1) };
        assert_eq!((said(finished.turn(another)), said(finished.turn(rehearsed))), (None, None));
        assert_eq!(said(finished.turn(sent(1))).as_deref(), Some("one"));
        assert_eq!(said(finished.turn(sent(1))), None);
        assert_eq!(said(finished.turn(sent(2))).as_deref(), Some("two"));
    }

    #[test]
    fn between_its_beginning_and_its_outcome_the_same_file_is_under_way_and_no_other() {
        let finished = Finished::default();
        let (ours, _) = finished.turn(sent(1)).expect("nothing is under way");
        assert!(finished.turn(sent(1)).is_none() && finished.turn(sent(2)).is_some());
        ours.end(|| Some(refused("one")));
        assert_eq!(said(finished.turn(sent(1))).as_deref(), Some("one"));
        // Told to whoever waited, or ended by a panic: the next begins anew.
        for told in [true, false] {
            let (ours, known) = finished.turn(sent(1)).expect("it is over");
            assert!(known.is_none());
            if told { ours.end(|| None) } else { drop(ours) }
        }
        assert!(finished.turn(sent(1)).is_some());
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let finished = Finished::default();
        for byte in 0..=u8::try_from(KEPT).unwrap_or(u8::MAX) {
            keep(&finished, sent(byte), "x");
        }
        assert_eq!(said(finished.turn(sent(0))), None, "the oldest went");
        assert!(said(finished.turn(sent(1))).is_some());
    }
}
