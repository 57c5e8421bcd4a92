//! The policies as one table that a person can review: operation × role × class.

use std::fmt::Write;

use chengxin_core::Role;

use crate::filter::{Scope, Sides};
use crate::seen::{Asker, GroundKind};
use crate::{Class, Policy, PolicyError};

impl Policy {
    /// What each role may do, to things of which class, on which ground, and to whose: one line for each operation and
    /// role, for an asker in the best of circumstances (signed in as strongly as the policies ask, confirmed anew, purpose
    /// stated, clause named). What is not in the table is refused to everybody.
    ///
    /// # Errors
    /// Where a policy cannot be evaluated.
    pub fn matrix(&self) -> Result<String, PolicyError> {
        let mut table = String::new();
        for name in self.actions() {
            let marks = ["disclosing", "sensitive", "deciding", "machine", "care"];
            let marks: Vec<_> = marks.into_iter().filter(|mark| self.is_marked(mark, name)).collect();
            let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
            line(&mut table, format_args!("{name}{marks}"));
            for role in Role::ALL {
                for (grounds, scopes) in self.granted(name, role)? {
                    let on = if grounds.len() == GroundKind::ALL.len() { String::new() } else { grounds.join(" | ") };
                    for scope in scopes.iter() {
                        let on = if on.is_empty() { String::new() } else { format!("; on {on}") };
                        line(&mut table, format_args!("    {:<16}{}{on}", role.code(), describe(scope)));
                    }
                }
            }
        }
        Ok(table)
    }

    fn is_marked(&self, mark: &str, name: &str) -> bool {
        self.marked(mark).iter().any(|marked| marked == name)
    }

    /// What a role may do an operation to, by the grounds that give the same answer.
    pub(crate) fn granted(&self, name: &str, role: Role) -> Result<Vec<Granted>, PolicyError> {
        let mut granted: Vec<Granted> = Vec::new();
        for ground in GroundKind::ALL {
            let scopes = self.scopes_of(name, &Asker::readiest(role, ground))?;
            if scopes.is_empty() {
                continue;
            }
            match granted.iter_mut().find(|(_, known)| *known == scopes) {
                Some((grounds, _)) => grounds.push(ground.code()),
                None => granted.push((vec![ground.code()], scopes)),
            }
        }
        Ok(granted)
    }
}

/// Grounds, and what they open.
pub(crate) type Granted = (Vec<&'static str>, std::sync::Arc<[Scope]>);

fn line(table: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(table, "{text}");
}

fn sides(what: &str, sides: Sides) -> Option<String> {
    let words = [(sides.own, "own"), (sides.mandate, "mandate"), (sides.other, "other"), (sides.none, "none")];
    let words: Vec<_> = words.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    (!sides.is_any()).then(|| format!("{what} {}", words.join("|")))
}

fn describe(scope: &Scope) -> String {
    let mut parts = Vec::new();
    parts.extend(sides("authority", scope.authority));
    parts.extend(sides("subject", scope.subject));
    parts.extend(sides("submitter", scope.submitter));
    parts.extend(sides("holder", scope.holder));
    if !scope.all_stages() {
        parts.push(format!("stage {}", scope.stages.iter().map(|stage| stage.code()).collect::<Vec<_>>().join("|")));
    }
    parts.push(classes(scope));
    if let Some(items) = &scope.items {
        parts.push(format!("items {}{}", if items.others { "all but " } else { "" }, items.listed.join("|")));
    }
    parts.join("; ")
}

/// The classes, or those left out where they are fewer.
fn classes(scope: &Scope) -> String {
    if scope.all_classes() {
        return "all classes".to_owned();
    }
    let has = |class: &Class| scope.classes.contains(&Some(*class));
    let codes = |wanted: bool| -> Vec<_> {
        Class::ALL.iter().filter(|class| has(class) == wanted).map(|class| class.code()).collect()
    };
    let (within, without) = (codes(true), codes(false));
    let unclassed = if scope.classes.contains(&None) { "" } else { "; nothing without a class" };
    if without.len() < within.len() {
        format!("all classes but {}{unclassed}", without.join("、"))
    } else {
        format!("classes {}{unclassed}", within.join("、"))
    }
}
