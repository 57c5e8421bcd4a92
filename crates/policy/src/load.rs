//! Reads the policies that are compiled in, and holds them against their schema.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use cedar_policy::{
    ActionConstraint, Effect, Entities, EntityUid, PolicyId, PolicySet, Schema, ValidationMode, Validator,
};
use chengxin_core::Say;
use sha2::{Digest, Sha256};

use crate::engine::{Engine, Slice};
use crate::looks::Looks;
use crate::rules::Rules;
use crate::{Grant, LoadError};

/// Name and text of a file.
pub(crate) type File = (&'static str, &'static str);

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("../policies/", $name)))),*] };
}

/// The policies; those that forbid first, so that their reasons are told first.
pub(crate) const FILES: &[File] = files![
    "sign_in.cedar",
    "ground.cedar",
    "separation.cedar",
    "everybody.cedar",
    "subject.cedar",
    "clerk.cedar",
    "data_officer.cedar",
    "decider.cedar",
    "identity_clerk.cedar",
    "credit_office.cedar",
    "auditor.cedar",
    "administrator.cedar",
];
pub(crate) const SCHEMA: File = ("schema.cedarschema", include_str!("../policies/schema.cedarschema"));
pub(crate) const RULES: File = ("rules.toml", include_str!("../policies/rules.toml"));

/// What is loaded, before it is put to use.
pub(crate) struct Loaded {
    pub(crate) engine: Engine,
    #[cfg(test)]
    pub(crate) schema: Schema,
    pub(crate) rules: Rules,
    /// In the order of files and lines.
    pub(crate) grants: Vec<Grant>,
    pub(crate) actions: BTreeMap<String, (Slice, Looks)>,
    /// Policies that look at nothing in a thing: what one of them forbids, it forbids for every thing.
    pub(crate) blind: HashSet<Arc<str>>,
    /// Names of operations under each mark.
    pub(crate) marks: BTreeMap<String, Vec<String>>,
    pub(crate) digest: [u8; 32],
}

/// SHA-256 over all files, policies first, then schema and rules: for each, the lengths of name and text (8 bytes each, big-endian), the name, the text.
fn digest(files: &[(&str, &str)], schema: &str, rules: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (name, text) in files.iter().chain(&[(SCHEMA.0, schema), (RULES.0, rules)]) {
        hash.update((name.len() as u64).to_be_bytes());
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(name.as_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

/// Policies of one file, each under its `@id`.
fn read(file: &File, set: &mut PolicySet, grants: &mut Vec<Grant>) -> Result<(), LoadError> {
    let (name, text) = *file;
    let syntax = |message: String| LoadError::Syntax { file: name.to_owned(), message };
    let parsed: PolicySet = text.parse().map_err(|error: cedar_policy::ParseErrors| syntax(error.to_string()))?;
    if parsed.num_of_templates() > 0 {
        return Err(syntax("templates are not used here: write the policy out".to_owned()));
    }
    let mut found = Vec::new();
    for policy in parsed.policies() {
        let number = policy.id().to_string();
        let named = policy.annotation("id").unwrap_or(&number).to_owned();
        let annotation = |annotation: &'static str| {
            let value = policy.annotation(annotation).map(str::trim).filter(|value| !value.is_empty());
            value.ok_or_else(|| LoadError::Annotation { file: name.to_owned(), policy: named.clone(), annotation })
        };
        let id = annotation("id")?;
        let grant = Grant {
            id: Arc::from(id),
            permits: policy.effect() == Effect::Permit,
            clause: Arc::from(annotation("clause")?),
            reason: Say::new(annotation("reason")?, annotation("reason_en")?),
            file: name,
        };
        if set.policy(&PolicyId::new(id)).is_some() {
            return Err(LoadError::Twice(id.to_owned()));
        }
        set.add(policy.new_id(PolicyId::new(id))).map_err(|error| syntax(error.to_string()))?;
        // The engine keeps no order of its own that it promises; the reader's is that of the file.
        found.push((text.find(&format!("@id(\"{id}\")")), grant));
    }
    found.sort_by_key(|(at, _)| *at);
    grants.extend(found.into_iter().map(|(_, grant)| grant));
    Ok(())
}

/// Can a policy of this scope speak of the operation?
fn speaks_of(scope: &ActionConstraint, action: &EntityUid, hierarchy: &Entities) -> bool {
    let covers = |named: &EntityUid| named == action || hierarchy.is_ancestor_of(named, action);
    match scope {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(named) => named == action,
        ActionConstraint::In(named) => named.iter().any(covers),
    }
}

/// Reads schema, rules and policies.
///
/// # Errors
/// See [`LoadError`].
pub(crate) fn load(files: &[File], schema_text: &str, rules_text: &str) -> Result<Loaded, LoadError> {
    let (schema, warnings) =
        Schema::from_cedarschema_str(schema_text).map_err(|error| LoadError::Schema(format!("{error:?}")))?;
    if let Some(warning) = warnings.map(|warning| warning.to_string()).next() {
        return Err(LoadError::Schema(warning));
    }
    let rules = Rules::read(rules_text)?;
    let (mut set, mut grants) = (PolicySet::new(), Vec::new());
    files.iter().try_for_each(|file| read(file, &mut set, &mut grants))?;
    let result = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
    let mut wrong = result.validation_errors().map(ToString::to_string).collect::<Vec<_>>();
    wrong.extend(result.validation_warnings().map(ToString::to_string));
    if !wrong.is_empty() {
        return Err(LoadError::Invalid(wrong.join("; ")));
    }
    let looks = looks(&set)?;
    let blind = looks.iter().filter(|(_, looks)| looks.attributes.is_empty());
    let blind = blind.map(|(id, _)| Arc::from(AsRef::<str>::as_ref(id))).collect();
    let internal = |error: &dyn std::fmt::Display| LoadError::Schema(error.to_string());
    let hierarchy = schema.action_entities().map_err(|error| internal(&error))?;
    let (mut actions, mut marks) = (BTreeMap::new(), BTreeMap::<String, Vec<String>>::new());
    let groups: Vec<_> = schema.action_groups().cloned().collect();
    for entity in hierarchy.iter().filter(|entity| !groups.contains(&entity.uid())) {
        let uid = entity.uid();
        let name = uid.id().unescaped().to_owned();
        let mut slice = Slice { uid: uid.clone(), entity: entity.clone(), policies: PolicySet::new() };
        let mut sees = Looks::default();
        for policy in set.policies().filter(|policy| speaks_of(&policy.action_constraint(), &uid, &hierarchy)) {
            slice.policies.add(policy.clone()).map_err(|error| internal(&error))?;
            if let Some(looks) = looks.get(policy.id()) {
                sees.join(looks);
            }
        }
        for mark in groups.iter().filter(|mark| hierarchy.is_ancestor_of(mark, &uid)) {
            marks.entry(mark.id().unescaped().to_owned()).or_default().push(name.clone());
        }
        actions.insert(name, (slice, sees));
    }
    marks.values_mut().for_each(|names| names.sort());
    let engine = Engine::new().map_err(|error| internal(&error))?;
    let digest = digest(files, schema_text, rules_text);
    Ok(Loaded {
        engine,
        #[cfg(test)]
        schema,
        rules,
        grants,
        actions,
        blind,
        marks,
        digest,
    })
}

/// What each policy looks at.
fn looks(set: &PolicySet) -> Result<HashMap<PolicyId, Looks>, LoadError> {
    let of = |policy: &cedar_policy::Policy| {
        let unfilterable = |what: String| LoadError::Unfilterable { policy: policy.id().to_string(), what };
        let json = policy.to_json().map_err(|error| unfilterable(error.to_string()))?;
        let looks = Looks::of(&json).map_err(unfilterable)?;
        Ok((policy.id().clone(), looks))
    };
    set.policies().map(of).collect()
}
