//! Where a test lets a process die: just before a transaction of the main database is committed, or just after, when nobody hears of it any more.
//!
//! Outside tests it is nothing.

use crate::StoreError;

/// The two moments that matter: nothing of the transaction remains, or all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// All statements were run, and none of it is kept.
    BeforeCommit,
    /// It is kept, and whoever asked does not learn so.
    AfterCommit,
}

#[cfg(any(test, feature = "testing"))]
mod armed {
    use std::cell::Cell;

    use super::{Moment, StoreError};

    thread_local! {
        static NEXT: Cell<Option<Moment>> = const { Cell::new(None) };
    }

    /// The next transaction of this thread dies at `moment`.
    pub fn die_at(moment: Moment) {
        NEXT.set(Some(moment));
    }

    /// Nothing dies any more; whether something has died since [`die_at`].
    #[must_use]
    pub fn died() -> bool {
        NEXT.take().is_none()
    }

    pub(crate) fn reached(moment: Moment) -> Result<(), StoreError> {
        if NEXT.get() == Some(moment) {
            NEXT.set(None);
            return Err(StoreError::Engine("the process died, as the test wished".to_owned()));
        }
        Ok(())
    }
}

#[cfg(any(test, feature = "testing"))]
pub(crate) use armed::reached;
#[cfg(any(test, feature = "testing"))]
pub use armed::{die_at, died};

#[cfg(not(any(test, feature = "testing")))]
#[expect(clippy::unnecessary_wraps, reason = "the same as in tests, where it can fail")]
pub(crate) const fn reached(_: Moment) -> Result<(), StoreError> {
    Ok(())
}
