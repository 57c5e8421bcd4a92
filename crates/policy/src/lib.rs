//! Who may do what, decided by policies that can be read.
//!
//! The policies are files (`policies/*.cedar`), each with the clause it rests on and a sentence in both languages. They
//! are held against their schema when they are loaded; what does not fit the schema does not start. A policy sees an
//! asker, an operation, a thing and the circumstances as a few short words ([`Side`]: *own*, *other*, *nobody's*), never
//! an account's name or a record's content: that makes policies short, and lets [`Policy::filter`] work out from the very
//! same files what a list may show.
//!
//! Nothing is allowed that no policy permits, and what one policy forbids no other permits. Engine and syntax are those
//! of Cedar; none of its types leaves this crate.
//!
//! ```
//! use chengxin_core::{Ground, Role};
//! use chengxin_policy::{Context, Policy, Principal, Request, Resource, SignIn};
//!
//! let policy = Policy::load()?;
//! let officer = Principal::new("zhang", Role::DataOfficer, SignIn::TwoFactors).serving("jtj");
//! let context = Context::new(Ground::Duty("state-council-2020-49#sec-2".into()), "2026-03-01".parse()?);
//! let own = Resource::new().of_authority("jtj");
//! let other = Resource::new().of_authority("scjg");
//!
//! let ask = |resource| policy.decide(&Request { principal: &officer, action: "submission_import", resource, context: &context });
//! assert!(ask(&own)?.allowed);
//! assert!(!ask(&other)?.allowed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cells;
mod class;
mod coming;
mod decide;
mod decision;
mod engine;
mod error;
mod filter;
mod load;
mod looks;
mod matrix;
mod request;
mod rules;
mod seen;

pub use class::Class;
pub use coming::{COMING, Coming};
pub use decide::Policy;
pub use decision::{Decision, Grant, Refusal};
pub use error::{LoadError, PolicyError};
pub use filter::{Items, ListFilter, Scope, Sides};
pub use request::{Context, Principal, Request, Resource, SignIn, Stage};
pub use rules::{Dormancy, HouseRule};
pub use seen::Side;
