//! The policies in use: decisions, and what lists may show.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chengxin_core::{Role, Say};

use crate::cells::Cells;
use crate::engine::{Engine, Slice, Verdict};
use crate::load::{self, Loaded};
use crate::looks::Looks;
use crate::rules::Rules;
use crate::seen::{Asker, GroundKind, Thing, place};
use crate::{
    Context, Decision, Dormancy, Grant, HouseRule, ListFilter, LoadError, PolicyError, Principal, Refusal, Request,
    Scope,
};

/// Most answers that are remembered for an operation about what askers may do it to; then all are forgotten. Askers differ in little: role,
/// sign-in, ground and days since the right was used.
const REMEMBERED: usize = 4096;

/// One operation.
struct Action {
    slice: Slice,
    looks: Looks,
    /// By place in [`Role::ALL`]: the policy by which the role may do it at all, found at the first refusal that asks.
    readiest: [OnceLock<Option<Arc<str>>>; Role::ALL.len()],
    /// What whom may do it to; each answer follows from the policies alone and never grows old.
    known: Mutex<HashMap<Asker, Reach>>,
}

/// What an asker may do an operation to.
#[derive(Clone)]
struct Reach {
    scopes: Arc<[Scope]>,
    /// Policies that permit it for the first thing tried that is allowed; none where nothing is.
    by: Arc<[Arc<str>]>,
}

/// The policies, parsed once. Shared by all threads.
pub struct Policy {
    engine: Engine,
    rules: Rules,
    grants: Vec<Grant>,
    by_name: HashMap<Arc<str>, usize>,
    actions: BTreeMap<String, Action>,
    blind: HashSet<Arc<str>>,
    marks: BTreeMap<String, Vec<String>>,
    digest: [u8; 32],
    #[cfg(test)]
    pub(crate) schema: cedar_policy::Schema,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy").field("grants", &self.grants.len()).field("digest", &self.digest_hex()).finish()
    }
}

impl Policy {
    /// Reads the policies that are compiled in, and holds them against their schema. Takes some milliseconds.
    ///
    /// # Errors
    /// See [`LoadError`]; the shipped policies load, which a test holds.
    pub fn load() -> Result<Self, LoadError> {
        Self::of(load::FILES, load::SCHEMA.1, load::RULES.1)
    }

    pub(crate) fn of(files: &[load::File], schema: &str, rules: &str) -> Result<Self, LoadError> {
        let loaded = load::load(files, schema, rules)?;
        #[cfg(test)]
        let schema = loaded.schema;
        let Loaded { engine, rules, grants, actions, blind, marks, digest, .. } = loaded;
        let by_name = grants.iter().enumerate().map(|(at, grant)| (grant.id.clone(), at)).collect();
        let action = |(slice, looks)| Action {
            slice,
            looks,
            readiest: std::array::from_fn(|_| OnceLock::new()),
            known: Mutex::default(),
        };
        let actions = actions.into_iter().map(|(name, parts)| (name, action(parts))).collect();
        Ok(Self {
            engine,
            rules,
            grants,
            by_name,
            actions,
            blind,
            marks,
            digest,
            #[cfg(test)]
            schema,
        })
    }

    /// SHA-256 of all files: policies in their order, schema, rules. Each enters with its name and both lengths, so that
    /// no two sets of files agree.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// [`Policy::digest`] in 64 lower-case hexadecimal digits, for a log entry.
    #[must_use]
    pub fn digest_hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.digest)
    }

    /// All policies, in the order of files and lines; those that forbid come first.
    #[must_use]
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Names of all operations that the schema knows, sorted.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.keys().map(String::as_str)
    }

    /// Names of the operations that the schema marks so, sorted: `disclosing`, `sensitive`, `deciding`, `machine`, `care`.
    /// Empty for a mark that there is not.
    #[must_use]
    pub fn marked(&self, mark: &str) -> &[String] {
        self.marks.get(mark).map_or(&[], Vec::as_slice)
    }

    /// The house rules on which policies rest beside the catalogue's clauses: cited as `house#code`.
    #[must_use]
    pub fn house_rules(&self) -> &[HouseRule] {
        &self.rules.house
    }

    /// After how many days without use a right sleeps, in order of date.
    #[must_use]
    pub fn dormancy(&self) -> &[Dormancy] {
        &self.rules.dormancy
    }

    /// May the asker do this, to this thing, in these circumstances?
    ///
    /// # Errors
    /// Where the question is malformed; a refusal is no error.
    pub fn decide(&self, request: &Request<'_>) -> Result<Decision, PolicyError> {
        let action = self.action(request.action)?;
        let asker = Asker::of(request.principal, request.context, &self.rules)?;
        let thing = Thing::of(request.principal, request.resource)?;
        let verdict = self.engine.ask(&action.slice, &self.engine.prepare(&asker)?, &thing, None)?;
        if verdict.allowed {
            return Ok(self.allowed(verdict));
        }
        let reach = self.reach(action, &asker)?;
        if let Some(elsewhere) = reach.by.first() {
            return Ok(self.refused(verdict, Some(elsewhere), Refusal::Thing));
        }
        self.refuse(action, &asker, verdict)
    }

    /// May the asker do this to anything at all, in these circumstances? Asked before a thing is looked up; [`Policy::decide`]
    /// is asked once it is known.
    ///
    /// # Errors
    /// Where the question is malformed.
    pub fn may(&self, principal: &Principal, action: &str, context: &Context) -> Result<Decision, PolicyError> {
        let action = self.action(action)?;
        let asker = Asker::of(principal, context, &self.rules)?;
        let reach = self.reach(action, &asker)?;
        if !reach.scopes.is_empty() {
            return Ok(self.allowed(Verdict { allowed: true, by: reach.by.to_vec() }));
        }
        self.refuse_everywhere(action, &asker)
    }

    /// What a list that belongs to the operation may show to the asker: exactly the things for which [`Policy::decide`]
    /// would say yes.
    ///
    /// # Errors
    /// Where the question is malformed.
    pub fn filter(&self, principal: &Principal, action: &str, context: &Context) -> Result<ListFilter, PolicyError> {
        let action = self.action(action)?;
        let asker = Asker::of(principal, context, &self.rules)?;
        let scopes = self.reach(action, &asker)?.scopes;
        let refusal = if scopes.is_empty() { Some(self.refuse_everywhere(action, &asker)?) } else { None };
        Ok(ListFilter::new(principal, scopes, refusal))
    }

    pub(crate) fn scopes_of(&self, name: &str, asker: &Asker) -> Result<Arc<[Scope]>, PolicyError> {
        Ok(self.reach(self.action(name)?, asker)?.scopes)
    }

    fn action(&self, name: &str) -> Result<&Action, PolicyError> {
        self.actions.get(name).ok_or_else(|| PolicyError::UnknownAction(name.to_owned()))
    }

    /// What the asker may do it to: each thing that policies can tell apart is asked about once for each asker.
    fn reach(&self, action: &Action, asker: &Asker) -> Result<Reach, PolicyError> {
        // Where no policy of the operation looks at which clause it is, askers who differ only there are one.
        let clause = asker.clause.clone().map(|clause| if action.looks.clause { clause } else { String::new() });
        let key = Asker { clause, ..asker.clone() };
        // A thread that panicked while holding the lock left at worst an answer out, so its poison is no matter.
        let known = || action.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reach) = known().get(&key) {
            return Ok(reach.clone());
        }
        let reach = self.find_reach(action, asker)?;
        let mut known = known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, reach.clone());
        Ok(reach)
    }

    fn find_reach(&self, action: &Action, asker: &Asker) -> Result<Reach, PolicyError> {
        let cells = Cells::of(&action.looks, asker);
        let prepared = self.engine.prepare(asker)?;
        let mut allowed = Vec::new();
        let mut first = None;
        for cell in cells.iter() {
            let verdict = self.engine.ask(&action.slice, &prepared, &cells.thing(&cell), None)?;
            if !verdict.allowed && verdict.by.iter().any(|id| self.blind.contains(id)) {
                return Ok(Reach { scopes: Arc::default(), by: Arc::default() });
            }
            allowed.push(verdict.allowed);
            if verdict.allowed && first.is_none() {
                first = Some(self.ordered(verdict.by));
            }
        }
        let scopes = cells.cover(&allowed).iter().map(|boxed| Scope::of(&cells, boxed)).collect();
        Ok(Reach { scopes, by: first.unwrap_or_default().into() })
    }

    /// The policy by which somebody in the role may do it to something, on some ground.
    fn readiest(&self, action: &Action, role: Role) -> Result<Option<Arc<str>>, PolicyError> {
        let known = &action.readiest[place(role)];
        if let Some(found) = known.get() {
            return Ok(found.clone());
        }
        let mut found = None;
        for ground in GroundKind::ALL {
            found = self.reach(action, &Asker::readiest(role, ground))?.by.first().cloned();
            if found.is_some() {
                break;
            }
        }
        Ok(known.get_or_init(|| found).clone())
    }

    /// The refusal of an asker who may do it to nothing: told of the thing to which they are nearest.
    fn refuse_everywhere(&self, action: &Action, asker: &Asker) -> Result<Decision, PolicyError> {
        let cells = Cells::of(&action.looks, asker);
        let nearest = cells.thing(&[0; 7]);
        let verdict = self.engine.ask(&action.slice, &self.engine.prepare(asker)?, &nearest, None)?;
        self.refuse(action, asker, verdict)
    }

    fn refuse(&self, action: &Action, asker: &Asker, verdict: Verdict) -> Result<Decision, PolicyError> {
        let Some(readiest) = self.readiest(action, asker.role)? else {
            let reason = Say::new("该身份无权执行该操作", "this role may not do this");
            let refusal = Some(Refusal::Role);
            return Ok(Decision { allowed: false, policies: Vec::new(), clause: None, reason, refusal });
        };
        Ok(self.refused(verdict, Some(&readiest), Refusal::Circumstances))
    }

    fn allowed(&self, verdict: Verdict) -> Decision {
        let policies = self.ordered(verdict.by);
        let (clause, reason) = self.told(policies.first());
        Decision { allowed: true, policies, clause, reason, refusal: None }
    }

    /// A refusal by what forbids; or, where nothing does, with the words of the policy that comes nearest to permitting.
    fn refused(&self, verdict: Verdict, nearest: Option<&Arc<str>>, refusal: Refusal) -> Decision {
        let policies = self.ordered(verdict.by);
        let (clause, mut reason) = self.told(policies.first().or(nearest));
        if policies.is_empty() {
            let Say { zh, en } = reason;
            reason = Say::new(format!("不符合授权条件：{zh}"), format!("outside of what is granted: {en}"));
        }
        Decision { allowed: false, policies, clause, reason, refusal: Some(refusal) }
    }

    /// Names in the order in which the policies are loaded.
    fn ordered(&self, mut by: Vec<Arc<str>>) -> Vec<Arc<str>> {
        by.sort_by_key(|id| self.by_name.get(id).copied());
        by
    }

    fn told(&self, id: Option<&Arc<str>>) -> (Option<Arc<str>>, Say) {
        let grant = id.and_then(|id| self.by_name.get(id)).and_then(|at| self.grants.get(*at));
        grant.map_or((None, Say::default()), |grant| (Some(grant.clause.clone()), grant.reason.clone()))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
