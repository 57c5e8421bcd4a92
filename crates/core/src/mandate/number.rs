//! The number of a mandate, and the one-time code by which whoever is meant accepts it.

use jiff::civil::Date;

use crate::code::{grouped, read_checked, text_of, with_check};

/// First in every mandate's number (委托, weituo).
const PREFIX: &str = "WT";
/// Characters of chance in a number: 60 bits. Who has one can do nothing with it that is not theirs to do.
const NUMBER_BODY: usize = 12;
/// Prefix, day, chance, check characters.
const NUMBER_LENGTH: usize = 2 + 8 + NUMBER_BODY + 2;
/// Characters of chance in a code: 70 bits. It is typed once, within days, and works for one person only.
const CODE_BODY: usize = 14;
/// With its check characters.
const CODE_LENGTH: usize = CODE_BODY + 2;

/// Number of a mandate: `WT20261122-7KQ2-M9F4-3TWX-8N`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateNumber(String);

impl MandateNumber {
    /// A number of a day, of 12 random bytes.
    #[must_use]
    pub fn new(day: Date, random: &[u8; NUMBER_BODY]) -> Self {
        Self(with_check(format!("{PREFIX}{}{}", day.strftime("%Y%m%d"), text_of(random))))
    }

    /// Reads a number as people write it, see [`crate::code::canonical`]; `None` where its check characters say that it was mistyped.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::mandate::MandateNumber;
    /// let number = MandateNumber::new(jiff::civil::date(2026, 11, 22), &[7; 12]);
    /// assert_eq!(MandateNumber::parse(&number.text().to_lowercase()), Some(number));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        read_checked(text, &[NUMBER_LENGTH]).filter(|number| number.starts_with(PREFIX)).map(Self)
    }

    /// Without separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is printed.
    #[must_use]
    pub fn text(&self) -> String {
        let (day, rest) = self.0.split_at(2 + 8);
        format!("{day}-{}", grouped(rest))
    }
}

/// The one-time code of an offer. Its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct MandateCode(String);

impl std::fmt::Debug for MandateCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MandateCode(..)")
    }
}

impl MandateCode {
    /// A code of 14 random bytes: 16 characters.
    #[must_use]
    pub fn new(random: &[u8; CODE_BODY]) -> Self {
        Self(with_check(text_of(random)))
    }

    /// Reads a code as people write it, see [`crate::code::canonical`]; `None` where its check characters say that it was mistyped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        read_checked(text, &[CODE_LENGTH]).map(Self)
    }

    /// Without separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is shown.
    #[must_use]
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }
}
