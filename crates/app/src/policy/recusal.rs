//! Recusal: an officer keeps out of their own affairs, and of those of whoever they act for.

use chengxin_core::identity::Document;
use chengxin_core::record::SubjectId;
use chengxin_core::{Caller, Role, Standing};
use chengxin_policy::{Request, Resource};
use chengxin_store::View;

use super::{answered, asked};
use crate::keyring::Keyring;
use crate::report::reader;
use crate::{AppError, Installation, mandate};

/// Must an officer who signed in keep out of what is about the holder of a document: their own affairs, and those of somebody for whom they act? At
/// the console nobody is known by name, and of whoever is no officer other policies ask.
///
/// # Errors
/// [`Kind::Forbidden`] with the policy's own sentence.
pub(crate) fn recused(
    view: View<'_>,
    keys: &Keyring,
    caller: &Caller,
    name: &str,
    document: &Document,
) -> Result<(), AppError> {
    let Standing::Session(session) = &caller.standing else { return Ok(()) };
    let personal = matches!(caller.role, Role::Resident | Role::Representative | Role::Public);
    let Some(own) = session.subject.filter(|_| !personal) else { return Ok(()) };
    let Some(about) = reader(view, keys, document)? else { return Ok(()) };
    let (mut principal, context) = asked(caller);
    if mandate::holds_one(view, keys, &own.0, &about, session.today)? {
        principal.mandates.push(SubjectId(about));
    }
    let mut thing = Resource::new().about(SubjectId(about));
    thing.authority.clone_from(&caller.authority);
    let request = Request { principal: &principal, action: name, resource: &thing, context: &context };
    answered(&request)
}

impl Installation {
    /// [`recused`], with an entry in the log where it refuses.
    pub(crate) fn recused(&self, caller: &Caller, name: &'static str, document: &Document) -> Result<(), AppError> {
        recused(self.store.view(), &self.keys, caller, name, document)
            .map_err(|refusal| self.refused(caller, name, refusal))
    }
}
