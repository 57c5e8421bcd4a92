//! What can be wrong with the policies, and with a question.

use jiff::civil::Date;

/// Why the policies cannot be loaded. Nothing starts on policies that are only half understood.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The schema is not one.
    #[error("policies/schema.cedarschema: {0}")]
    Schema(String),
    /// A file does not hold policies.
    #[error("policies/{file}: {message}")]
    Syntax {
        /// Name of the file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// Policies do not fit the schema: a misspelt operation, attribute or word.
    #[error("the policies do not fit their schema: {0}")]
    Invalid(String),
    /// A policy lacks `@id`, `@clause`, `@reason` or `@reason_en`.
    #[error("policies/{file}: the policy {policy} lacks @{annotation}")]
    Annotation {
        /// Name of the file.
        file: String,
        /// Its `@id`, or its number in the file.
        policy: String,
        /// What it lacks.
        annotation: &'static str,
    },
    /// Two policies of the same `@id`.
    #[error("two policies are called {0}")]
    Twice(String),
    /// A policy speaks of one account or one thing by name, or of a thing otherwise than by its attributes: then no list
    /// could be filtered by it.
    #[error("the policy {policy} {what}")]
    Unfilterable {
        /// Its `@id`.
        policy: String,
        /// What it does.
        what: String,
    },
    /// `rules.toml` is wrong.
    #[error("policies/rules.toml: {0}")]
    Rules(String),
}

/// What is wrong with a question. None of these is a refusal: a program asked what cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No operation of that name stands in the schema.
    #[error("the policy knows no operation {0}")]
    UnknownAction(String),
    /// A text that names somebody or something is empty: left out is another thing than unknown.
    #[error("{0} is empty; leave it out where there is none")]
    Empty(&'static str),
    /// The account does not hold the role in which it acts.
    #[error("the account does not hold the role {0} in which it acts")]
    RoleNotHeld(&'static str),
    /// Somebody who did not sign in has what only an account can have.
    #[error("who did not sign in has no {0}")]
    Anonymous(&'static str),
    /// No rule says after how many days a right sleeps.
    #[error("policies/rules.toml has no dormancy rule for {0}")]
    NoDormancyRule(Date),
    /// The engine could not evaluate a policy. Treated as an error, since a policy that forbids may be the one it skipped.
    #[error("a policy could not be evaluated: {0}")]
    Evaluation(String),
}
