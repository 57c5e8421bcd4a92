//! What waits for a person: counted, for the first page that they see. It says nothing of what stands there, discloses nothing that they did not know to be
//! theirs, and is no line in anybody's log.

use chengxin_core::identity::Document;

use super::MOST;
use super::row::Opened;
use crate::account::Who;
use crate::proceeding::asked_of_person;
use crate::report::subjects_of;
use crate::{AppError, Installation};

/// What waits for a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Notices of which they were not told in any way, some hundreds at most.
    pub notices: usize,
    /// Proceedings of theirs in which an office asked for more. No deadline runs against them: the office's goes on.
    pub asked: usize,
}

impl Waiting {
    /// Is there anything at all?
    #[must_use]
    pub fn any(&self) -> bool {
        self.notices > 0 || self.asked > 0
    }
}

impl Installation {
    /// What waits for whoever is signed in; nothing for an account that is bound to nobody.
    ///
    /// # Errors
    /// The stores'.
    pub fn waiting_for(&self, who: &Who) -> Result<Waiting, AppError> {
        let Some((kind, number)) = self.bound_document(who)? else { return Ok(Waiting::default()) };
        let (document, _) = Document::parse(kind, &number, self.synthetic_rule())?;
        let (view, mut waiting) = (self.store.view(), Waiting::default());
        for subject in subjects_of(view, &self.keys, &document)? {
            let notices = view.notices(&subject, MOST)?.into_iter().filter_map(|row| Opened::of(&self.keys, row));
            waiting.notices += notices.filter(|notice| !notice.is_delivered()).count();
            waiting.asked += asked_of_person(view, &self.keys, &subject)?;
        }
        Ok(waiting)
    }
}
