//! When a notice counts as delivered (送达), by whom, and from when a deadline of the person runs.
//!
//! # Source
//! House rules of the domain reference, §10: no deadline without a proven way of telling.

use jiff::civil::Date;

use crate::dates::shanghai_date;
use crate::say::Say;
use crate::workflow::{Move, Party, Unlawful, Word as _, follow, words};

words! {
    /// How somebody was told.
    Delivery {
        /// 未送达: nobody has told them yet. No deadline runs against them.
        NotDelivered "not_delivered" "未送达" "not delivered",
        /// They opened it here.
        Opened "opened" "已送达（登录阅读）" "delivered (read after signing in)",
        /// A channel that was proven to be theirs took the message that it waits.
        Channel "channel" "已送达（经核实的渠道）" "delivered (by a proven channel)",
        /// The authority served the printed letter.
        Letter "letter" "已送达（送达书面告知）" "delivered (the letter was served)",
    }
}

words! {
    /// What tells them.
    DeliveryStep {
        /// They sign in and read it.
        Read "read" "登录阅读" "read it, signed in",
        /// A channel of theirs takes the message.
        Carry "carry" "经核实的渠道送达" "hand it to a proven channel",
        /// The printed letter is served.
        Serve "serve" "送达书面告知" "serve the letter",
    }
}

/// Every lawful step: the first that happens counts, and no other after it. The diagram in `docs/delivery.md` is drawn from it.
pub const DELIVERY: &[Move<Delivery, DeliveryStep>] = &[
    Move { from: Delivery::NotDelivered, step: DeliveryStep::Read, by: Party::Person, to: Delivery::Opened },
    Move { from: Delivery::NotDelivered, step: DeliveryStep::Carry, by: Party::Platform, to: Delivery::Channel },
    Move { from: Delivery::NotDelivered, step: DeliveryStep::Serve, by: Party::Authority, to: Delivery::Letter },
];

impl Delivery {
    /// Column value.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        self as i64
    }

    /// Reads a column value.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_i64() == value)
    }

    /// In words.
    #[must_use]
    pub fn says(self) -> Say {
        self.name()
    }

    /// How they were told, after a step.
    ///
    /// # Errors
    /// [`Unlawful`] where they were told before.
    pub fn after(self, step: DeliveryStep) -> Result<Self, Unlawful> {
        let by = match step {
            DeliveryStep::Read => Party::Person,
            DeliveryStep::Carry => Party::Platform,
            DeliveryStep::Serve => Party::Authority,
        };
        follow(DELIVERY, self, step, by)
    }
}

/// The day from which a deadline of the person is counted: that on which they were told, and not the day of the act. `None` while they were
/// not: nothing runs against them.
///
/// # Source
/// House rule of the domain reference, §10; 行政复议法 and 行政诉讼法 count from the day on which one knows of the act.
#[must_use]
pub fn counts_from(delivery: Delivery, delivered_us: Option<i64>) -> Option<Date> {
    if delivery == Delivery::NotDelivered { None } else { delivered_us.map(shanghai_date) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_of_the_person_runs_from_delivery_and_not_before() {
        let at = crate::dates::day_start_us(jiff::civil::date(2026, 11, 22));
        assert_eq!(counts_from(Delivery::NotDelivered, None), None);
        assert_eq!(counts_from(Delivery::NotDelivered, Some(at)), None, "a time without a way of telling is none");
        for told in [Delivery::Opened, Delivery::Channel, Delivery::Letter] {
            assert_eq!(counts_from(told, Some(at)), Some(jiff::civil::date(2026, 11, 22)));
            assert_eq!(Delivery::from_i64(told.as_i64()), Some(told));
        }
    }

    #[test]
    fn the_first_way_counts_and_none_after_it() {
        for step in DeliveryStep::ALL {
            let told = Delivery::NotDelivered.after(*step).expect("what was not delivered takes every step");
            assert!(DeliveryStep::ALL.iter().all(|again| told.after(*again).is_err()), "{told:?}");
        }
        assert!(Delivery::ALL.iter().all(|of| Delivery::from_i64(of.as_i64()) == Some(*of)));
    }
}
