//! What those are called for whom somebody acts: remembered from the list of their mandates, so that each page can say for whom it is. A session reads only what
//! it was told; after a restart a page says the number alone.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Names that are remembered at once; the oldest go first.
const KEPT: usize = 4_096;

/// Session, number of the mandate, name as its holder reads it.
#[derive(Debug, Default)]
pub(crate) struct Names(Mutex<VecDeque<(String, String, String)>>);

impl Names {
    /// Remembers one.
    pub(crate) fn note(&self, session: &str, number: &str, name: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(of, other, _)| of != session || other != number);
        kept.truncate(KEPT - 1);
        kept.push_front((session.to_owned(), number.to_owned(), name));
    }

    /// What this session was told.
    pub(crate) fn of(&self, session: &str, number: &str) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(of, other, _)| of == session && other == number).map(|(_, _, name)| name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_reads_the_names_that_it_was_told_and_no_other() {
        let names = Names::default();
        names.note("one", "WT-1", "周*".to_owned());
        names.note("one", "WT-1", "周**".to_owned());
        assert_eq!(names.of("one", "WT-1").as_deref(), Some("周**"));
        assert_eq!((names.of("another", "WT-1"), names.of("one", "WT-2")), (None, None));
    }
}
