//! The number of a mandate, and the one-time code by which whoever is meant accepts it.

use crate::code::{dated_number, one_time_code};

dated_number! {
    /// Number of a mandate (委托, weituo): `WT20261122-7KQ2-M9F4-3TWX-8N`. 60 bits of chance; who has one can do nothing with it that
    /// is not theirs to do.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::mandate::MandateNumber;
    /// let number = MandateNumber::new(jiff::civil::date(2026, 11, 22), &[7; 12]);
    /// assert_eq!(MandateNumber::parse(&number.text().to_lowercase()), Some(number));
    /// ```
    MandateNumber, "WT", 12
}

one_time_code! {
    /// The one-time code of an offer: 70 bits of chance. It is typed once, within days, and works for one person only.
    MandateCode, 14
}
