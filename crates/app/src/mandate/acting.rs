//! Acting for another: whether a mandate holds for what somebody wants to do, at the moment they want it.

use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::mandate::{MandateKind, MandateNumber, MandateState, Scope, holds, is_founded};
use chengxin_core::record::SubjectId;
use chengxin_core::{Caller, Deputy, Role, Standing};
use chengxin_store::{KeyStore, View};

use super::Keeper;
use super::row::{Opened, find};
use crate::account::is_bound;
use crate::keyring::Keyring;
use crate::report::reader;
use crate::{AppError, Installation, Kind};

/// What is said of every mandate that does not hold for what somebody wants to do, whatever the reason.
pub(crate) fn no_mandate() -> AppError {
    AppError::new(
        Kind::Forbidden,
        "没有可用于此项办理的委托；无论何种原因，答复都是这一句。您的全部委托、范围和期限见 chengxin mandate list（GET /api/v1/me/mandates）",
        "no mandate holds for this; whatever the reason, this is the answer. chengxin mandate list (GET /api/v1/me/mandates) shows your mandates, what they cover and until when",
    )
}

/// Of what was refused in that sentence: for whom somebody wanted to act, and they as that one's log has them. Their mandate holds no more, which
/// must not keep that one from reading of it.
pub(crate) fn tried(caller: &Caller, refusal: &AppError) -> Option<([u8; 16], Caller)> {
    let deputy = caller.standing.deputy().filter(|_| refusal.public == no_mandate().public)?;
    let deputy = Deputy { until_us: i64::MAX, rests_on: Vec::new(), ..deputy.clone() };
    Some((deputy.mandator.0, deputised(caller, deputy)))
}

/// Who wants to do what for another.
pub(crate) struct Wanted<'a> {
    /// Who, as a reader of their own records.
    pub(crate) actor: [u8; 16],
    /// How they came themselves.
    pub(crate) behind: &'a Standing,
    /// Number of the mandate, as they wrote it.
    pub(crate) number: &'a str,
    /// What.
    pub(crate) operation: &'a str,
}

/// What became of looking at a mandate.
pub(crate) enum Looked {
    /// It holds.
    Holds(Deputy),
    /// It is theirs, and does not hold: the one for whom they wanted to act is told.
    Not(Box<Deputy>),
    /// They have no such mandate.
    None,
}

/// Looks at the mandate that somebody names: theirs, standing, for this act, now, and what it rests on with it.
pub(crate) fn look(
    view: View<'_>,
    keys: &Keyring,
    key_store: &KeyStore,
    wanted: &Wanted<'_>,
    now_us: i64,
) -> Result<Looked, AppError> {
    let Some(number) = MandateNumber::parse(wanted.number) else { return Ok(Looked::None) };
    let id = keys.mandate_id(&number);
    let Some(mandator) = view.mandate_held(&wanted.actor, &id)? else { return Ok(Looked::None) };
    let Some(keeper) = Keeper::of(keys, key_store, mandator)? else { return Ok(Looked::None) };
    let Some(found) = find(view, keys, &keeper, &id)? else { return Ok(Looked::None) };
    // The way to a mandate gives no power: the mandate itself says who acts.
    if found.row.actor_id != Some(wanted.actor) {
        return Ok(Looked::None);
    }
    let parent = parent_of(view, keys, &keeper, &found)?;
    let mut deputy = deputy(&found, wanted.behind)?;
    let scope = Scope::of(wanted.operation);
    let stands = scope.is_some_and(|scope| holds(&found.mandate, parent.as_ref().map(|it| &it.mandate), scope, now_us));
    if !stands || !still_granted(view, keys, key_store, &found, parent.as_ref())? {
        return Ok(Looked::Not(Box::new(deputy)));
    }
    let rests_on = std::iter::once(&found).chain(&parent);
    deputy.until_us = rests_on.clone().map(|it| it.mandate.terms.until_us).min().unwrap_or(0);
    deputy.rests_on = rests_on.map(|it| (it.row.mandate_id, it.row.line)).collect();
    // What the legal representative no longer may, nobody reads on their word.
    if let Some(parent) = &parent {
        deputy.scope.retain(|scope| parent.mandate.terms.scope.contains(scope));
    }
    Ok(Looked::Holds(deputy))
}

/// The standing of the legal representative who granted it.
fn parent_of(view: View<'_>, keys: &Keyring, keeper: &Keeper, found: &Opened) -> Result<Option<Opened>, AppError> {
    match &found.row.parent_id {
        Some(parent) => find(view, keys, keeper, parent),
        None => Ok(None),
    }
}

/// How a mandate stands, with what it rests on: one on which nobody can act any more is not in force.
pub(super) fn state(
    view: View<'_>,
    keys: &Keyring,
    key_store: &KeyStore,
    keeper: &Keeper,
    found: &Opened,
    now_us: i64,
) -> Result<MandateState, AppError> {
    let state = found.mandate.state(now_us);
    if !state.is_open() {
        return Ok(state);
    }
    let parent = parent_of(view, keys, keeper, found)?;
    let founded = is_founded(&found.mandate, parent.as_ref().map(|it| &it.mandate), now_us)
        && still_granted(view, keys, key_store, found, parent.as_ref())?;
    Ok(if founded { state } else { MandateState::Unfounded })
}

/// Is the account in which a mandate was granted still that of whoever granted it? One that a window recorded rests on its document.
fn still_granted(
    view: View<'_>,
    keys: &Keyring,
    key_store: &KeyStore,
    found: &Opened,
    parent: Option<&Opened>,
) -> Result<bool, AppError> {
    let granter = match parent {
        Some(parent) => parent.row.actor_id,
        None => Some(found.row.subject_id),
    };
    match (found.account, granter) {
        (Some(account), Some(granter)) => is_bound(view, keys, key_store, &granter, &account),
        (None, _) => Ok(true),
        (Some(_), None) => Ok(false),
    }
}

/// Somebody on a mandate, resting on nothing yet.
fn deputy(of: &Opened, behind: &Standing) -> Result<Deputy, AppError> {
    let document = of.body.mandator.document()?;
    Ok(Deputy {
        behind: behind.own().clone(),
        mandator: SubjectId(of.row.subject_id),
        document: (document.kind(), document.into_number()),
        kind: of.mandate.terms.kind,
        number: of.number(),
        scope: of.mandate.terms.scope.clone(),
        until_us: i64::MAX,
        rests_on: Vec::new(),
    })
}

/// The caller as the log of the other has them, for what they do to the mandate itself.
pub(super) fn on_this(caller: &Caller, of: &Opened) -> Result<Caller, AppError> {
    Ok(deputised(caller, deputy(of, &caller.standing)?))
}

/// The caller, acting for another.
pub(crate) fn deputised(caller: &Caller, deputy: Deputy) -> Caller {
    let role = if deputy.document.0 == DocumentKind::Uscc { Role::Representative } else { Role::Resident };
    Caller { role, standing: Standing::Deputy(Box::new(deputy)), ..caller.clone() }
}

/// Refuses where what a deputy's mandate rests on was written since it was looked at.
///
/// # Errors
/// [`Kind::Forbidden`]; the store's.
pub(crate) fn unlapsed(view: View<'_>, standing: &Standing) -> Result<(), AppError> {
    let Some(deputy) = standing.deputy() else { return Ok(()) };
    for (mandate, line) in &deputy.rests_on {
        if view.mandate_line(&deputy.mandator.0, mandate)? != Some(*line) {
            return Err(no_mandate());
        }
    }
    Ok(())
}

/// The same, and where its period is over.
///
/// # Errors
/// As [`unlapsed`].
pub(crate) fn unchanged(view: View<'_>, standing: &Standing, now_us: i64) -> Result<(), AppError> {
    if standing.deputy().is_some_and(|deputy| now_us >= deputy.until_us) {
        return Err(no_mandate());
    }
    unlapsed(view, standing)
}

impl Installation {
    /// The caller as whoever acts on a mandate. Where it does not hold, that is a denial in the log, and where it once was theirs a line for the other.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] in one sentence, whatever is wrong.
    pub(crate) fn on_mandate(
        &mut self,
        caller: &Caller,
        name: &'static str,
        actor: Option<[u8; 16]>,
        number: &str,
    ) -> Result<Caller, AppError> {
        let now_us = self.now_us();
        let looked = match actor {
            Some(actor) => {
                let wanted = Wanted { actor, behind: &caller.standing, number, operation: name };
                look(self.store.view(), &self.keys, &self.key_store, &wanted, now_us)?
            }
            None => Looked::None,
        };
        match looked {
            Looked::Holds(deputy) => Ok(deputised(caller, deputy)),
            Looked::Not(deputy) => Err(self.denied(&deputised(caller, *deputy), name, no_mandate())),
            Looked::None => Err(self.denied(caller, name, no_mandate())),
        }
    }

    /// Whoever acts at the console on a mandate, and the document of the one for whom they do. `number` is that of their own document: the
    /// console is taken for whom it names.
    ///
    /// # Errors
    /// As for a session: [`Kind::Forbidden`] in one sentence; [`Kind::Invalid`] for a number that cannot be.
    pub fn console_deputy(
        &mut self,
        caller: &Caller,
        name: &'static str,
        (kind, number): (DocumentKind, &str),
        mandate: &str,
    ) -> Result<(Caller, DocumentKind, String), AppError> {
        let (document, _) = Document::parse(kind, number, self.synthetic_rule())?;
        let actor = reader(self.store.view(), &self.keys, &document)?;
        let caller = self.on_mandate(caller, name, actor, mandate)?;
        let (kind, number) = caller.standing.deputy().map(|deputy| deputy.document.clone()).ok_or_else(no_mandate)?;
        Ok((caller, kind, number))
    }

    /// Does the caller act as an organisation's legal representative? Then that mandate's id.
    pub(super) fn as_legal_representative(caller: &Caller) -> Option<[u8; 16]> {
        let deputy = caller.standing.deputy().filter(|deputy| deputy.kind == MandateKind::LegalRepresentative)?;
        deputy.rests_on.first().map(|(mandate, _)| *mandate)
    }
}
