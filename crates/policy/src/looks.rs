//! What a policy looks at in a thing. Only that is tried when a list is worked out; and a policy that looks at a thing
//! in a way that no list could follow is refused when it is loaded.

use std::collections::BTreeSet;

use serde_json::Value;

/// Attributes of the thing that policies look at, and the texts they may compare an item with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Looks {
    pub(crate) attributes: BTreeSet<String>,
    pub(crate) texts: BTreeSet<String>,
    /// Do they look at the clause of the ground, more than whether there is one? It is the only other text there is.
    pub(crate) clause: bool,
}

impl Looks {
    /// What the policy, as the engine writes it in JSON, looks at.
    ///
    /// # Errors
    /// What it does that no list could follow.
    pub(crate) fn of(policy: &Value) -> Result<Self, String> {
        for scope in ["principal", "resource"] {
            if policy[scope]["op"] != "All" {
                return Err(format!("names one {scope}; say by attributes whom or what it means"));
            }
        }
        let mut looks = Self::default();
        looks.walk(&policy["conditions"])?;
        if looks.at("item") && looks.clause {
            return Err("looks at an item and at the clause of the ground; a list cannot follow both".to_owned());
        }
        Ok(looks)
    }

    fn walk(&mut self, node: &Value) -> Result<(), String> {
        match node {
            Value::Object(map) => {
                for (key, below) in map {
                    let on_thing = (key == "." || key == "has") && below["left"]["Var"] == "resource";
                    self.clause |= key == "." && below["left"]["Var"] == "context" && below["attr"] == "clause";
                    match (key.as_str(), below) {
                        (_, below) if on_thing => {
                            let attribute = below["attr"].as_str().ok_or("looks at an attribute without a name")?;
                            self.attributes.insert(attribute.to_owned());
                        }
                        ("Var", Value::String(variable)) if variable == "resource" => {
                            return Err("looks at the thing itself; say by attributes which it means".to_owned());
                        }
                        ("like", _) => return Err("compares by pattern; a list cannot be filtered by one".to_owned()),
                        ("Value", Value::String(text)) => {
                            self.texts.insert(text.clone());
                        }
                        (_, below) => self.walk(below)?,
                    }
                }
                Ok(())
            }
            Value::Array(nodes) => nodes.iter().try_for_each(|node| self.walk(node)),
            _ => Ok(()),
        }
    }

    /// Both.
    pub(crate) fn join(&mut self, other: &Self) {
        self.attributes.extend(other.attributes.iter().cloned());
        self.clause |= other.clause;
        // Texts matter only as what an item is compared with; a policy that looks at no item has none that do.
        if other.attributes.contains("item") {
            self.texts.extend(other.texts.iter().cloned());
        }
    }

    pub(crate) fn at(&self, attribute: &str) -> bool {
        self.attributes.contains(attribute)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn looks(policy: &str) -> Result<Looks, String> {
        Looks::of(&cedar_policy::Policy::parse(None, policy).unwrap().to_json().unwrap())
    }

    #[test]
    fn attributes_are_found_wherever_they_stand() {
        let found = looks(
            r#"permit (principal, action, resource)
               when { resource.authority == Side::"own" && (resource has item && ["a", "b"].contains(resource.item)) }
               unless { if context.purpose then resource.stage == Stage::"waiting" else false };"#,
        )
        .unwrap();
        assert_eq!(found.attributes.iter().collect::<Vec<_>>(), ["authority", "item", "stage"]);
        assert_eq!(found.texts.iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_no_list_could_follow_is_refused() {
        for policy in [
            r#"permit (principal == Account::"zhang", action, resource);"#,
            r#"permit (principal, action, resource == Resource::"1");"#,
            r#"permit (principal, action, resource) when { resource == Resource::"1" };"#,
            r#"permit (principal, action, resource) when { principal == resource };"#,
            r#"permit (principal, action, resource) when { resource.item like "a*" };"#,
            r#"permit (principal, action, resource) when { resource.item == context.clause };"#,
        ] {
            assert!(looks(policy).is_err(), "{policy}");
        }
    }
}
