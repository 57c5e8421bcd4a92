//! How a channel comes to count, and ends: a table of lawful steps.
//!
//! # Source
//! House rule of the domain reference, §10: nothing but a code goes to a channel that was not proven to be the person's.

use crate::deadline::DeadlineKind;
use crate::say::Say;
use crate::workflow::{Move, Party, Unlawful, Word as _, follow, words};

words! {
    /// How far a channel has come.
    ChannelStage {
        /// Its code was sent and waits; nothing else is sent there.
        Unproven "unproven" "待验证" "waits for its code",
        /// The code came back: it counts.
        Proven "proven" "已验证" "proven",
        /// Removed.
        Removed "removed" "已删除" "removed",
    }
}

words! {
    /// What is done with it.
    ChannelStep {
        /// The code that was sent there is given back.
        Prove "prove" "验证" "prove",
        /// It is removed, and its address with it.
        Remove "remove" "删除" "remove",
    }
}

/// Every lawful step. The diagram in `docs/channel.md` is drawn from it.
pub const CHANNEL: &[Move<ChannelStage, ChannelStep>] = &[
    Move { from: ChannelStage::Unproven, step: ChannelStep::Prove, by: Party::Person, to: ChannelStage::Proven },
    Move { from: ChannelStage::Unproven, step: ChannelStep::Remove, by: Party::Person, to: ChannelStage::Removed },
    Move { from: ChannelStage::Proven, step: ChannelStep::Remove, by: Party::Person, to: ChannelStage::Removed },
];

impl ChannelStage {
    /// Column value.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        self as i64 + 1
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

    /// The stage after a step.
    ///
    /// # Errors
    /// [`Unlawful`], which names the steps that are lawful.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::channel::{ChannelStage, ChannelStep};
    /// assert_eq!(ChannelStage::Unproven.after(ChannelStep::Prove), Ok(ChannelStage::Proven));
    /// assert!(ChannelStage::Removed.after(ChannelStep::Prove).is_err());
    /// ```
    pub fn after(self, step: ChannelStep) -> Result<Self, Unlawful> {
        follow(CHANNEL, self, step, Party::Person)
    }
}

/// No deadline of a law runs. How long a code is good is [`crate::notice::CODE_US`].
#[must_use]
pub fn clock(_: ChannelStage) -> Option<DeadlineKind> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_proven_once_and_what_is_removed_stays_so() {
        let proven = ChannelStage::Unproven.after(ChannelStep::Prove);
        assert_eq!(proven, Ok(ChannelStage::Proven));
        let again = ChannelStage::Proven.after(ChannelStep::Prove).expect_err("it is proven already").say;
        assert!(
            again.zh.contains("删除（本人）") && !again.zh.contains("验证（本人）"),
            "the lawful step is named: {again:?}"
        );
        for stage in [ChannelStage::Unproven, ChannelStage::Proven] {
            assert_eq!(stage.after(ChannelStep::Remove), Ok(ChannelStage::Removed));
        }
        assert!(ChannelStep::ALL.iter().all(|step| ChannelStage::Removed.after(*step).is_err()));
    }

    #[test]
    fn column_values_and_words_of_the_interface_stay_as_they_were() {
        let values: Vec<_> = ChannelStage::ALL.iter().map(|stage| stage.as_i64()).collect();
        assert_eq!(values, [1, 2, 3]);
        for stage in ChannelStage::ALL {
            assert_eq!(ChannelStage::from_i64(stage.as_i64()), Some(*stage));
            assert_eq!(serde_json::to_value(stage).ok(), Some(stage.code().into()));
        }
        assert_eq!((ChannelStage::from_i64(0), ChannelStage::from_i64(4)), (None, None));
    }
}
