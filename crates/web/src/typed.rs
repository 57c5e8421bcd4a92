//! What somebody typed into a form, and what is wrong with it: both are shown again, each beside its field.

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::{FromRequest, Request};
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule};
use jiff::civil::Date;

use crate::form::Frame;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// Names and values of a form, as they were sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed(Vec<(String, String)>);

impl FromRequest<Shared> for Typed {
    type Rejection = Problem;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Problem> {
        let read = Form::<Vec<(String, String)>>::from_request(request, shared).await;
        read.map(|Form(pairs)| Self(pairs)).map_err(|rejection| of(rejection.status()))
    }
}

impl Typed {
    /// What stands in a form before anybody typed.
    pub(crate) fn with(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// All of it, as it was sent.
    pub(crate) fn pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// Was the field sent, empty or not?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(of, _)| of == name)
    }

    pub(crate) fn put(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    /// Names of all fields that were sent, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The value of a field, without the blanks around it; empty where it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value.trim())
    }

    /// The same with its blanks, where they count: in a password.
    pub(crate) fn raw(&self, name: &str) -> String {
        self.0.iter().find(|(of, _)| of == name).map_or_else(String::new, |(_, value)| value.clone())
    }

    /// The same as somebody else keeps it.
    pub(crate) fn own(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// Every value of a field that may have several.
    pub(crate) fn all(&self, name: &str) -> BTreeSet<String> {
        self.0.iter().filter(|(of, value)| of == name && !value.is_empty()).map(|(_, value)| value.clone()).collect()
    }

    /// Was it chosen?
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(of, is)| of == name && is == value)
    }

    /// A value that must be there.
    pub(crate) fn needed(&self, f: &Frame, name: &'static str, faults: &mut Faults) -> String {
        if self.get(name).is_empty() {
            faults.wrong(f, name, "fault-missing");
        }
        self.own(name)
    }

    /// A day that may be left out.
    pub(crate) fn day(&self, f: &Frame, name: &'static str, faults: &mut Faults) -> Option<Date> {
        let text = self.get(name);
        let day = text.parse().ok();
        if day.is_none() && !text.is_empty() {
            faults.wrong(f, name, "fault-day");
        }
        day
    }

    /// A day that must be there.
    pub(crate) fn needed_day(&self, f: &Frame, name: &'static str, faults: &mut Faults) -> Date {
        if self.get(name).is_empty() {
            faults.wrong(f, name, "fault-missing");
        }
        self.day(f, name, faults).unwrap_or_default()
    }

    /// A whole number between two.
    pub(crate) fn whole(&self, f: &Frame, name: &'static str, faults: &mut Faults) -> i64 {
        let number = self.get(name).parse().ok();
        if number.is_none() {
            faults.wrong(f, name, "fault-number");
        }
        number.unwrap_or_default()
    }

    /// A person's or an organisation's document, told apart by its form: a resident's number, or a unified social credit code.
    pub(crate) fn document(
        &self,
        f: &Frame,
        name: &'static str,
        faults: &mut Faults,
    ) -> Option<(DocumentKind, String)> {
        let number = self.needed(f, name, faults);
        if number.is_empty() {
            return None;
        }
        let rule = if f.synthetic { SyntheticRule::Allowed } else { SyntheticRule::Refused };
        let kind = DocumentKind::of_number(&number);
        if Document::parse(kind, &number, rule).is_err() {
            faults.wrong(f, name, "fault-document");
            return None;
        }
        Some((kind, number))
    }
}

/// What a field is called, by its name: where all faults stand together each says which it means.
fn label(name: &str) -> &'static str {
    match name {
        "to" => "consent-to",
        "organisation" => "consent-organisation",
        "purpose" => "consent-purpose",
        "until" => "consent-until",
        "uses" => "consent-how-often",
        "actor" => "mandate-actor",
        "actor-name" => "mandate-actor-name",
        "scope" => "mandate-scope",
        "matter" => "matters-matter",
        "number" => "check-document",
        "case-number" => "case-number",
        "outcome" => "outcome-what",
        "reason" => "outcome-reason",
        "decision" => "held-decision",
        "evidence" => "held-evidence",
        "file" => "submission-file",
        "aspect" => "proceeding-aspect",
        "grounds" => "object-grounds",
        "step" => "proceeding-step",
        "text" => "proceeding-text",
        "corrected" => "work-corrected",
        "commitment" => "repair-commitment",
        "report" => "home-verification-code",
        "code" => "begin-code",
        "name" => "begin-name",
        "phone" => "contact-phone",
        "place" => "contact-place",
        "place-en" => "contact-place-en",
        "hours" => "contact-hours",
        "hours-en" => "contact-hours-en",
        "what" => "activation-what",
        "document-kind" => "activation-kind",
        "login" => "signin-login-name",
        "person" => "account-name",
        "role" => "account-role",
        "authority" => "account-authority",
        "sure" => "account-close-sure",
        "authority-code" => "authority-code",
        "authority-name" => "authority-name",
        "authority-kind" => "authority-kind",
        "supervisor" => "authority-supervisor",
        "served-on" => "letter-served-on",
        "served-by" => "letter-served-by",
        "served-evidence" => "letter-served-evidence",
        "channel" => "channel-kind",
        "record" => "record-number",
        "proceeding" => "filing-number",
        "national" => "filing-national",
        "address" => "channel-address",
        _ => "style-day",
    }
}

/// What is wrong with what was typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// What was refused as a whole.
    pub(crate) fn refused(f: &Frame, problem: &Problem) -> Self {
        Self(vec![("", f.say(&problem.detail))])
    }

    /// What was refused for what stands in one field.
    pub(crate) fn beside_field(f: &Frame, name: &'static str, problem: &Problem) -> Self {
        Self(vec![(name, f.say(&problem.detail))])
    }

    /// Something wrong with a field, by the key of what is said of it.
    pub(crate) fn wrong(&mut self, f: &Frame, name: &'static str, key: &str) {
        self.0.push((name, f.m(key)));
    }

    /// The same in words that are put together.
    pub(crate) fn say(&mut self, name: &'static str, text: String) {
        self.0.push((name, text));
    }

    pub(crate) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(of, _)| *of == name)
    }

    /// What a field's tag says of its fault and its hint, for whoever listens to the page. The name is one of ours.
    pub(crate) fn marks(&self, name: &str, hint: &str) -> String {
        let hint = if hint.is_empty() { String::new() } else { format!("{name}-hint") };
        match (self.has(name), hint.as_str()) {
            (true, hint) => {
                format!("aria-invalid=\"true\" aria-describedby=\"{}\"", format!("{name}-error {hint}").trim())
            }
            (false, "") => String::new(),
            (false, hint) => format!("aria-describedby=\"{hint}\""),
        }
    }

    /// Of one field: the first thing.
    pub(crate) fn of(&self, name: &str) -> Vec<&String> {
        self.0.iter().filter(|(of, _)| *of == name).map(|(_, text)| text).take(1).collect()
    }

    /// Of no field.
    pub(crate) fn whole(&self) -> Vec<&String> {
        self.of("")
    }

    /// Of each that stands beside a field: its name, what the field is called, and the text.
    pub(crate) fn beside(&self) -> Vec<(&'static str, &'static str, &String)> {
        self.0.iter().filter(|(of, _)| !of.is_empty()).map(|(of, text)| (*of, label(of), text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_read_without_its_blanks_and_kept_as_it_was() {
        let typed = Typed::with(&[("name", " 周明 "), ("scope", "log"), ("scope", "report"), ("scope", "")]);
        assert_eq!((typed.get("name"), typed.get("other")), ("周明", ""));
        assert_eq!(typed.all("scope").len(), 2);
        assert!(typed.is("scope", "log") && !typed.is("scope", "mandates"));
    }
}
