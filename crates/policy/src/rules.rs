//! `rules.toml`: the house rules that policies rest on beside the catalogue's clauses, and the dated numbers they count by.

use jiff::civil::Date;
use serde::Deserialize;

use crate::{LoadError, PolicyError};

/// A rule of the house: stricter than the law on purpose, or what the law leaves to whoever builds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseRule {
    /// What stands after `house#` in a policy's clause.
    pub code: String,
    /// One Chinese sentence.
    pub says: String,
    /// The same in English.
    pub says_en: String,
}

/// After how many days without use a right sleeps.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dormancy {
    /// First day on which it holds.
    #[serde(deserialize_with = "day")]
    pub from: Date,
    /// Whole days, at least 1.
    pub days: u32,
    /// The clause it rests on.
    pub clause: String,
}

/// The file. A dormancy rule holds until the next one begins.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    pub(crate) dormancy: Vec<Dormancy>,
    pub(crate) house: Vec<HouseRule>,
}

/// A TOML date, unquoted, as the catalogue writes its days.
fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = toml::value::Datetime::deserialize(deserializer)?.to_string();
    text.parse().map_err(serde::de::Error::custom)
}

impl Rules {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it is not TOML, a rule stands twice, dates do not ascend, or a number of days is 0.
    pub(crate) fn read(text: &str) -> Result<Self, LoadError> {
        let rules: Self = toml::from_str(text).map_err(|error| LoadError::Rules(error.to_string()))?;
        let wrong = |what: String| Err(LoadError::Rules(what));
        if rules.dormancy.is_empty() {
            return wrong("there is no dormancy rule".to_owned());
        }
        if let Some(rule) = rules.dormancy.iter().find(|rule| rule.days == 0) {
            return wrong(format!("the dormancy rule from {} has 0 days", rule.from));
        }
        if let Some(pair) = rules.dormancy.windows(2).find(|pair| pair[0].from >= pair[1].from) {
            return wrong(format!("the dormancy rule from {} does not come after its predecessor", pair[1].from));
        }
        for (at, rule) in rules.house.iter().enumerate() {
            if rules.house[..at].iter().any(|other| other.code == rule.code) {
                return wrong(format!("the house rule {} stands twice", rule.code));
            }
        }
        Ok(rules)
    }

    /// Days after which a right sleeps, by the rule in force on a day.
    ///
    /// # Errors
    /// For a day before the first rule.
    pub(crate) fn dormant_after(&self, today: Date) -> Result<u32, PolicyError> {
        let rule = self.dormancy.iter().rev().find(|rule| rule.from <= today);
        rule.map(|rule| rule.days).ok_or(PolicyError::NoDormancyRule(today))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const HOUSE: &str = "[[house]]\ncode = \"a\"\nsays = \"甲\"\nsays_en = \"a\"\n";

    fn rules(dormancy: &[(&str, u32)]) -> Result<Rules, LoadError> {
        let row =
            |(from, days): &(&str, u32)| format!("[[dormancy]]\nfrom = {from}\ndays = {days}\nclause = \"house#a\"\n");
        Rules::read(&(dormancy.iter().map(row).collect::<String>() + HOUSE))
    }

    #[test]
    fn the_rule_of_the_day_holds_until_the_next_begins() {
        let rules = rules(&[("2026-01-01", 90), ("2027-01-01", 60)]).unwrap();
        assert_eq!(rules.dormant_after("2026-12-31".parse().unwrap()), Ok(90));
        assert_eq!(rules.dormant_after("2027-01-01".parse().unwrap()), Ok(60));
        let before = "2025-12-31".parse().unwrap();
        assert_eq!(rules.dormant_after(before), Err(PolicyError::NoDormancyRule(before)));
    }

    #[test]
    fn the_last_rule_is_the_one_by_which_accounts_are_listed() {
        let shipped = Rules::read(crate::load::RULES.1).unwrap();
        let days = i64::from(shipped.dormancy.last().unwrap().days);
        assert_eq!(days, chengxin_core::account::DORMANT_AFTER_DAYS);
    }

    #[test]
    fn rules_out_of_order_without_days_or_twice_are_refused() {
        assert!(rules(&[]).is_err());
        assert!(rules(&[("2026-01-01", 0)]).is_err());
        assert!(rules(&[("2027-01-01", 60), ("2026-01-01", 90)]).is_err());
        let twice = format!("[[dormancy]]\nfrom = 2026-01-01\ndays = 1\nclause = \"house#a\"\n{HOUSE}{HOUSE}");
        assert!(Rules::read(&twice).unwrap_err().to_string().contains("stands twice"));
    }
}
