//! Dates in the catalogue: `from = 2026-04-01` as TOML writes a date, or `from = "2026-04-01"` as people often do.
//!
//! Both are taken, because a rule that fails to load over a pair of quotation marks teaches nobody anything. A date
//! with a time of day is refused: rules change at midnight in Asia/Shanghai and at no other moment.

use std::fmt;

use jiff::civil::Date;
use serde::Deserializer;
use serde::de::{Error, MapAccess, Visitor};

/// A date in either form.
///
/// # Errors
/// Whatever is not a date of the calendar, such as `2026-02-30`, or carries a time of day.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    from.deserialize_any(DayVisitor)
}

/// The same for a key that may be absent; TOML has no null, so a key that is present holds a date.
pub(crate) fn deserialize_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    deserialize(from).map(Some)
}

struct DayVisitor;

impl<'de> Visitor<'de> for DayVisitor {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2026-04-01")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        // The calendar library also reads "2026-04-01T10:00"; a rule has no time of day.
        if text.len() != "2026-04-01".len() {
            return Err(E::custom(format!("`{text}` is not a date such as 2026-04-01")));
        }
        text.parse().map_err(|_| E::custom(format!("`{text}` is not a date of the calendar")))
    }

    // The TOML reader hands a bare date over as a map of one private key.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Date, A::Error> {
        let Some(_) = map.next_key::<String>()? else {
            return Err(A::Error::custom("a date such as 2026-04-01 is expected"));
        };
        self.visit_str(&map.next_value::<String>()?)
    }
}
