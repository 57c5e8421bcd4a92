//! Who a record is about: document numbers, what they say by themselves, and how they are shown.
//!
//! Everything here is pure and local to one number or one name. Nothing looks anything up, and nothing
//! compares two people: a record joins a person only on an exact, valid number *and* an agreeing name,
//! and deciding that is intake's work. There is no fuzzy matching.
//!
//! No error, `Debug` output or message of this module contains a document number.

mod age;
mod document;
mod kind;
mod masking;
mod name;
mod resident_id;
mod uscc;

#[cfg(test)]
mod tests;

pub use age::{ADULT_YEARS, age_on, is_of_age_on};
pub use document::{Document, DocumentError, DocumentWarning, SyntheticRule};
pub use kind::DocumentKind;
pub use masking::{mask_name, mask_number};
pub use name::normalise_name;
pub use resident_id::{ResidentId, ResidentIdError, SYNTHETIC_AREA};
pub use uscc::{Uscc, UsccError, UsccWarning};
