//! A check on consent: whether the consent holds is decided in the transaction that counts its use and writes the log, so that of two
//! clerks who come for the last use one is answered. Whoever is refused reads one sentence, whatever was wrong.

use chengxin_core::consent::Presented;
use chengxin_core::operation_words::ACCESS_DENY;
use chengxin_core::{Caller, Ground};
use serde_json::json;

use super::{CheckRequest, Checked, other_name};
use crate::account::throttle::{Tried, succeeded};
use crate::authority::served;
use crate::consent::checking::{Case, Wanted, no_consent, usable, use_up};
use crate::consent::classes_of;
use crate::reading::{Disclosure, Reading};
use crate::report::Owner;
use crate::{AppError, Installation, journal};

const NAME: &str = "check_answer";

/// What came of it.
enum Came {
    /// The use is counted and the entries are written.
    Answered,
    /// The consent holds, and the name is not the applicant's: nothing is counted.
    OtherName,
    /// No consent holds.
    Refused,
}

impl Installation {
    /// [`Self::check_answer`] on consent. `caller` does not have with them any more what they showed.
    pub(super) fn check_on_consent(
        &mut self,
        caller: &Caller,
        presented: &Presented,
        request: &CheckRequest,
    ) -> Result<Checked, AppError> {
        self.authorise(caller, NAME)?;
        let reading = Reading::open(self)?;
        let asked = reading.check_asked(caller, request);
        let asked = asked.map_err(|refusal| self.refused(caller, NAME, refusal))?;
        let authority = served(caller)?;
        // Who guesses at codes sits at a desk: what counts is their account, wherever it signed in.
        let source = format!("desk:{}@{authority}", caller.actor);
        let tried = self.try_once(caller, NAME, Tried::code(&self.keys, &source))?;

        let (owner, giver) = (self.owner_of(&asked.document)?, self.giver(&asked.document)?);
        let (versions, agrees) = match &owner {
            Owner::Known { document, versions, .. } => (versions.as_slice(), reading.name_is(document, &asked.name)?),
            Owner::Reader { .. } => (&[][..], true),
        };
        let Disclosure { answer, entry } = reading.checked(caller, &asked, owner.subject(), versions)?;
        // As on duty: where nothing is shown no name is held against anything.
        let named = agrees || answer.slip.answer.records().is_empty();
        let classes = classes_of(&reading.catalogue, asked.matter);
        let matter = asked.matter.code();
        let wanted = Wanted { authority, matter: Some(matter), classes: &classes, presented };
        let (now_us, keys) = (asked.at_us, self.keys.clone());
        let about = |refused: &str| json!({ "refused": refused, "matter": matter, "case_no": asked.case_number });
        let came = self.store.write(NAME, |tx| -> Result<Came, AppError> {
            let found = match &giver {
                Some(giver) => usable(tx.view(), &keys, giver, &wanted, now_us)?.map(|found| (giver, found)),
                None => None,
            };
            let Some((giver, found)) = found else {
                // Somebody who was never written about gets no row by being asked about.
                if !matches!(owner, Owner::Reader { new: true, .. }) {
                    let (subject, detail) = (owner.subject(), about("consent"));
                    journal::log_about(tx, &keys, subject, now_us, ACCESS_DENY, caller, &detail)?;
                }
                return Ok(Came::Refused);
            };
            let caller = Caller { ground: Ground::Consent(found.number()), ..caller.clone() };
            if !named {
                journal::log_about(tx, &keys, owner.subject(), now_us, NAME, &caller, &about("name"))?;
                return Ok(Came::OtherName);
            }
            let head = &answer.slip.head;
            let case = Case {
                operation: NAME,
                authority: &head.authority,
                case_number: &head.case_number,
                check: &head.number,
            };
            use_up(tx, &keys, giver, &found, (&caller, now_us), &case)?;
            succeeded(tx, &tried, None, now_us)?;
            journal::log_about(tx, &keys, owner.subject(), now_us, NAME, &caller, &entry.detail)?;
            Ok(Came::Answered)
        })?;
        match came {
            Came::Answered => Ok(answer),
            Came::OtherName => Err(other_name()),
            Came::Refused => Err(self.denied(caller, NAME, no_consent())),
        }
    }
}
