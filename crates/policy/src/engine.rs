//! The only room that holds the engine's types: words as its values, a question as its request, its answer as names.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema,
};
use chengxin_core::Role;

use crate::seen::{Asker, GroundKind, Side, Thing, place};
use crate::{Class, PolicyError, SignIn, Stage};

/// An entity's name.
///
/// # Errors
/// Where the type is no name; ours are.
pub(crate) fn uid(kind: &str, id: &str) -> Result<EntityUid, PolicyError> {
    let kind: EntityTypeName = kind.parse().map_err(evaluation)?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn evaluation(error: impl std::fmt::Display) -> PolicyError {
    PolicyError::Evaluation(error.to_string())
}

/// Values made once and shared by all questions.
pub(crate) struct Engine {
    authorizer: Authorizer,
    account: EntityUid,
    thing: EntityUid,
    roles: Vec<RestrictedExpression>,
    sign_ins: Vec<RestrictedExpression>,
    grounds: Vec<RestrictedExpression>,
    sides: Vec<RestrictedExpression>,
    stages: Vec<RestrictedExpression>,
    classes: Vec<RestrictedExpression>,
    yes: RestrictedExpression,
    no: RestrictedExpression,
}

/// An operation with the policies that can speak of it: the others need not be tried.
pub(crate) struct Slice {
    pub(crate) uid: EntityUid,
    /// With its marks as parents.
    pub(crate) entity: Entity,
    pub(crate) policies: PolicySet,
}

/// An asker and the circumstances, as the engine takes them.
pub(crate) struct Prepared {
    account: Entity,
    context: Context,
}

/// What the policies say.
pub(crate) struct Verdict {
    pub(crate) allowed: bool,
    /// Names of the policies that decided; none where no policy permits.
    pub(crate) by: Vec<Arc<str>>,
}

fn words<'a>(kind: &str, codes: impl Iterator<Item = &'a str>) -> Result<Vec<RestrictedExpression>, PolicyError> {
    codes.map(|code| uid(kind, code).map(RestrictedExpression::new_entity_uid)).collect()
}

impl Engine {
    pub(crate) fn new() -> Result<Self, PolicyError> {
        Ok(Self {
            authorizer: Authorizer::new(),
            account: uid("Account", "asker")?,
            thing: uid("Resource", "thing")?,
            roles: words("Role", Role::ALL.into_iter().map(Role::code))?,
            sign_ins: words("SignIn", SignIn::ALL.into_iter().map(SignIn::code))?,
            grounds: words("Ground", GroundKind::ALL.into_iter().map(GroundKind::code))?,
            sides: words("Side", Side::ALL.into_iter().map(Side::code))?,
            stages: words("Stage", Stage::ALL.into_iter().map(Stage::code))?,
            classes: words("Class", Class::ALL.into_iter().map(Class::code))?,
            yes: RestrictedExpression::new_bool(true),
            no: RestrictedExpression::new_bool(false),
        })
    }

    fn truth(&self, truth: bool) -> RestrictedExpression {
        if truth { self.yes.clone() } else { self.no.clone() }
    }

    fn account(&self, asker: &Asker) -> Result<Entity, PolicyError> {
        let held = (0..self.roles.len()).filter(|at| asker.held & 1 << at != 0).map(|at| self.roles[at].clone());
        let attributes = HashMap::from([
            ("role".to_owned(), self.roles[place(asker.role)].clone()),
            ("held".to_owned(), RestrictedExpression::new_set(held)),
            ("signIn".to_owned(), self.sign_ins[asker.sign_in as usize].clone()),
            ("serves".to_owned(), self.truth(asker.serves)),
        ]);
        Entity::new(self.account.clone(), attributes, HashSet::new()).map_err(evaluation)
    }

    fn thing(&self, thing: &Thing<'_>) -> Result<Entity, PolicyError> {
        let side = |side: Side| self.sides[side as usize].clone();
        let mut attributes = HashMap::from([
            ("authority".to_owned(), side(thing.authority)),
            ("subject".to_owned(), side(thing.subject)),
            ("submitter".to_owned(), side(thing.submitter)),
            ("holder".to_owned(), side(thing.holder)),
            ("stage".to_owned(), self.stages[thing.stage as usize].clone()),
        ]);
        if let Some(class) = thing.class {
            attributes.insert("class".to_owned(), self.classes[class as usize].clone());
        }
        if let Some(item) = thing.item {
            attributes.insert("item".to_owned(), RestrictedExpression::new_string(item.to_owned()));
        }
        Entity::new(self.thing.clone(), attributes, HashSet::new()).map_err(evaluation)
    }

    fn context(&self, asker: &Asker) -> Result<Context, PolicyError> {
        let clause = asker.clause.clone().map(|clause| ("clause".to_owned(), RestrictedExpression::new_string(clause)));
        let pairs = [
            ("purpose".to_owned(), self.truth(asker.purpose)),
            ("ground".to_owned(), self.grounds[asker.ground as usize].clone()),
            ("confirmedRecently".to_owned(), self.truth(asker.confirmed)),
            ("asleep".to_owned(), self.truth(asker.asleep)),
        ];
        Context::from_pairs(pairs.into_iter().chain(clause)).map_err(evaluation)
    }

    /// An asker as the engine takes them, for one question or many.
    ///
    /// # Errors
    /// Where a value is none; ours are.
    pub(crate) fn prepare(&self, asker: &Asker) -> Result<Prepared, PolicyError> {
        Ok(Prepared { account: self.account(asker)?, context: self.context(asker)? })
    }

    /// What the policies say to a question.
    ///
    /// With a schema the question is held against it first. That is for tests: what is built here from closed lists fits
    /// it always, and the check would cost as much as the decision.
    ///
    /// # Errors
    /// Where a policy could not be evaluated: the engine passes over such a policy, which might be one that forbids.
    pub(crate) fn ask(
        &self,
        slice: &Slice,
        asker: &Prepared,
        thing: &Thing<'_>,
        schema: Option<&Schema>,
    ) -> Result<Verdict, PolicyError> {
        let all = [asker.account.clone(), self.thing(thing)?, slice.entity.clone()];
        let entities = Entities::from_entities(all, schema).map_err(evaluation)?;
        let names = (self.account.clone(), slice.uid.clone(), self.thing.clone());
        let request = Request::new(names.0, names.1, names.2, asker.context.clone(), schema).map_err(evaluation)?;
        let answer = self.authorizer.is_authorized(&request, &slice.policies, &entities);
        if let Some(error) = answer.diagnostics().errors().next() {
            return Err(evaluation(error));
        }
        let by = answer.diagnostics().reason().map(|id| Arc::from(AsRef::<str>::as_ref(id))).collect();
        Ok(Verdict { allowed: answer.decision() == Decision::Allow, by })
    }
}
