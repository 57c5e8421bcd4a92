//! What follows for an authority that was shown a record which then changed: it is told; and where its refusal rests on the record, it confirms that, or opens the
//! matter again. The person sees which.
//!
//! # Source
//! House rule of the domain reference, §10.

use crate::deadline::DeadlineKind;
use crate::workflow::{Move, Party, Unlawful, follow, words};

words! {
    /// What became of it.
    FollowUpState {
        /// The matter is open, or was refused for another reason: they are told.
        Told "told" "已告知记录变动" "told that the record changed",
        /// They refused on this record: they confirm that, or open it again.
        ToSettle "to_settle" "待确认或重新办理" "to be confirmed or opened again",
        /// They confirmed the refusal.
        Confirmed "confirmed" "维持原办理结果" "the outcome was confirmed",
        /// They opened the matter again.
        Reopened "reopened" "重新办理" "the matter was opened again",
    }
}

words! {
    /// A step.
    FollowUpStep {
        /// The refusal stands without the record.
        Confirm "confirm" "维持" "confirm",
        /// The matter is decided anew.
        Reopen "reopen" "重新办理" "open again",
    }
}

/// Every lawful step. The diagram in `docs/follow-up.md` is drawn from it.
pub const FOLLOW_UP: &[Move<FollowUpState, FollowUpStep>] = &[
    Move { from: FollowUpState::ToSettle, step: FollowUpStep::Confirm, by: Party::Shown, to: FollowUpState::Confirmed },
    Move { from: FollowUpState::ToSettle, step: FollowUpStep::Reopen, by: Party::Shown, to: FollowUpState::Reopened },
];

impl FollowUpState {
    /// Where it begins: `bears` says whether their refusal rests on the record.
    #[must_use]
    pub fn first(bears: bool) -> Self {
        if bears { Self::ToSettle } else { Self::Told }
    }

    /// Column value.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        self as i64 + 1
    }

    /// Reads a column value.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_i64() == value)
    }

    /// The state after a step.
    ///
    /// # Errors
    /// [`Unlawful`], which names the steps that are lawful.
    pub fn after(self, step: FollowUpStep) -> Result<Self, Unlawful> {
        follow(FOLLOW_UP, self, step, Party::Shown)
    }
}

/// No law says until when: none runs.
#[must_use]
pub fn clock(_: FollowUpState) -> Option<DeadlineKind> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_rests_on_the_record_is_settled_and_only_once() {
        let (told, to_settle) = (FollowUpState::first(false), FollowUpState::first(true));
        assert!(told.after(FollowUpStep::Reopen).is_err());
        for (step, state) in
            [(FollowUpStep::Confirm, FollowUpState::Confirmed), (FollowUpStep::Reopen, FollowUpState::Reopened)]
        {
            assert_eq!(to_settle.after(step), Ok(state));
            assert!(FollowUpStep::ALL.iter().all(|step| state.after(*step).is_err()), "{state:?}");
        }
    }

    #[test]
    fn column_values_stay_as_they_were() {
        let values: Vec<_> = FollowUpState::ALL.iter().map(|state| state.as_i64()).collect();
        assert_eq!(values, [1, 2, 3, 4]);
        assert!(FollowUpState::ALL.iter().all(|state| FollowUpState::from_i64(state.as_i64()) == Some(*state)));
        assert_eq!(FollowUpState::from_i64(0), None);
    }
}
