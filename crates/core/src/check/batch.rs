//! Checks of many open applications at once: how many, in parts of which size, for how long, and in which order.

use jiff::civil::{Date, date};

use crate::code::dated_number;
use crate::say::Say;

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// Bounds of batches, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// First day on which these bounds hold.
    pub from: Date,
    /// Most applications in one batch.
    pub applications: usize,
    /// Applications in a part; the last one may have fewer.
    pub part: usize,
    /// Most batches of one office that go on at once.
    pub open: usize,
    /// How long a batch waits for its second person, and how long after the approval it can be asked, in microseconds.
    pub lasts_us: i64,
    /// Where these figures come from.
    pub source: &'static str,
}

/// Bounds by the day from which they hold, the oldest first.
///
/// # Source
/// 个人信息保护法 art. 6: no wider and no longer than the purpose takes. It names no figure; all of these are house rules of 2026-11-22: the
/// applicants of a large city's yearly round; parts that are answered in a fraction of a second; as many at once as a list shows; a working week
/// to approve or to ask, so that an approval is for the applications that are open now.
pub const BATCH_LIMITS: &[BatchLimits] = &[BatchLimits {
    from: date(2021, 11, 1),
    applications: 100_000,
    part: 1_000,
    open: 100,
    lasts_us: 7 * DAY_US,
    source: "house rule, 2026-11-22; 个人信息保护法 art. 6",
}];

/// The bounds that hold on a day; the oldest where the day lies before all of them.
#[must_use]
pub fn batch_limits(on: Date) -> &'static BatchLimits {
    BATCH_LIMITS.iter().rev().find(|limits| limits.from <= on).unwrap_or(&BATCH_LIMITS[0])
}

dated_number! {
    /// Number of a batch (批次, pici): `PC20261122-7KQ2-M9F4-3T`. It opens nothing by itself.
    BatchNumber, "PC", 8
}

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Is it approved by a second person?
    pub approved: bool,
    /// From when on it is over, microseconds UTC.
    pub until_us: i64,
    /// Parts that were answered.
    pub done: usize,
    /// The last of them whose answer was given once more, counted from 1; 0 for none.
    pub repeated: usize,
    /// All parts.
    pub parts: usize,
}

/// Why a part is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// Nobody approved the batch yet.
    #[error("not approved")]
    NotApproved,
    /// It is over.
    #[error("over")]
    Over,
    /// It is neither the next part nor the one before, whose answer may have been lost. The next, counted from 0; `None` where all were answered.
    #[error("another part is next")]
    OutOfOrder(Option<usize>),
    /// Its answer was given once more already. The next, as before.
    #[error("given twice")]
    GivenTwice(Option<usize>),
}

impl Progress {
    /// May a part, counted from 0, be asked at this instant? Parts go in their order; the last one that was answered may be asked once more,
    /// since its answer can have been lost on the way.
    ///
    /// # Errors
    /// [`NotNow`].
    pub fn may_ask(&self, part: usize, now_us: i64) -> Result<(), NotNow> {
        if now_us >= self.until_us {
            return Err(NotNow::Over);
        }
        if !self.approved {
            return Err(NotNow::NotApproved);
        }
        let next = (self.done < self.parts).then_some(self.done);
        if Some(part) == next {
            return Ok(());
        }
        match part + 1 == self.done {
            true if self.repeated < self.done => Ok(()),
            true => Err(NotNow::GivenTwice(next)),
            false => Err(NotNow::OutOfOrder(next)),
        }
    }

    /// A word for machines and one for people.
    #[must_use]
    pub fn state(&self, now_us: i64) -> (&'static str, Say) {
        if self.done == self.parts {
            ("answered", Say::new("已全部答复", "answered"))
        } else if now_us >= self.until_us {
            ("over", Say::new("已过期", "over"))
        } else if self.approved {
            ("approved", Say::new("已批准", "approved"))
        } else {
            ("waiting", Say::new("待第二人批准", "waits for its second person"))
        }
    }
}

impl NotNow {
    /// In words.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::NotApproved => Say::new(
                "该批量核查尚未由第二人批准：请审核人员批准后再核查",
                "nobody has approved this batch yet: a decider of your authority does",
            ),
            Self::Over => Say::new(
                "该批量核查已过期：请以仍在办理的办件重新提出",
                "this batch is over: ask for one anew, with what is still open",
            ),
            Self::OutOfOrder(Some(next)) => {
                let next = next + 1;
                Say::new(
                    format!("请按顺序核查：下一部分是第 {next} 部分"),
                    format!("parts go in their order: part {next} is next"),
                )
            }
            Self::GivenTwice(next) => {
                let then = |next: usize| (format!("；下一部分是第 {next} 部分"), format!(" and part {next} is next"));
                let (zh, en) = next.map(|next| then(next + 1)).unwrap_or_default();
                Say::new(
                    format!("这一部分的答复已再取过一次，不能再取{zh}；答复遗失的，请对有关办件逐件核查"),
                    format!(
                        "this part was given once more already{en}: where its answers are lost, check the applications one at a time"
                    ),
                )
            }
            Self::OutOfOrder(None) => Say::new(
                "该批量核查已全部答复；最后一部分可以再取一次",
                "all of this batch was answered; its last part can be asked once more",
            ),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const FRESH: Progress = Progress { approved: true, until_us: 100, done: 0, repeated: 0, parts: 3 };

    #[test]
    fn parts_go_in_their_order_and_only_the_last_answer_may_have_been_lost() {
        assert_eq!(FRESH.may_ask(0, 99), Ok(()));
        assert_eq!(FRESH.may_ask(1, 99), Err(NotNow::OutOfOrder(Some(0))));
        let two = Progress { done: 2, ..FRESH };
        assert_eq!([0, 1, 2, 3].map(|part| two.may_ask(part, 99).is_ok()), [false, true, true, false]);
        let all = Progress { done: 3, ..FRESH };
        assert_eq!(all.may_ask(2, 99), Ok(()));
        assert_eq!(all.may_ask(3, 99), Err(NotNow::OutOfOrder(None)));
        assert_eq!(all.may_ask(0, 99), Err(NotNow::OutOfOrder(None)));
    }

    #[test]
    fn an_answer_is_given_once_more_and_not_again() {
        let again = Progress { done: 2, repeated: 2, ..FRESH };
        assert_eq!(again.may_ask(1, 99), Err(NotNow::GivenTwice(Some(2))));
        assert_eq!(again.may_ask(2, 99), Ok(()));
        assert_eq!(Progress { done: 3, ..again }.may_ask(2, 99), Ok(()), "each part has its own");
        assert_eq!(Progress { done: 3, repeated: 3, ..again }.may_ask(2, 99), Err(NotNow::GivenTwice(None)));
    }

    #[test]
    fn nothing_is_answered_before_the_approval_or_after_the_end() {
        assert_eq!(Progress { approved: false, ..FRESH }.may_ask(0, 99), Err(NotNow::NotApproved));
        assert_eq!(FRESH.may_ask(0, 100), Err(NotNow::Over));
        let states = [
            (FRESH, 99, "approved"),
            (FRESH, 100, "over"),
            (Progress { approved: false, ..FRESH }, 1, "waiting"),
            (Progress { done: 3, ..FRESH }, 100, "answered"),
        ];
        for (progress, now_us, state) in states {
            assert_eq!(progress.state(now_us).0, state);
        }
    }

    #[test]
    fn a_number_is_read_as_people_write_it() {
        let number = BatchNumber::new(date(2026, 11, 22), &[7; 8]);
        assert_eq!(BatchNumber::parse(&number.text().to_lowercase()), Some(number.clone()));
        assert!(number.text().starts_with("PC20261122-7777-7777-"), "{}", number.text());
        assert_eq!(BatchNumber::parse(&number.text().replace('7', "8")), None);
    }

    #[test]
    fn bounds_are_dated_and_in_order() {
        assert!(BATCH_LIMITS.windows(2).all(|pair| pair[0].from < pair[1].from));
        assert!(BATCH_LIMITS.iter().all(|of| of.part >= 1 && of.part <= of.applications && !of.source.is_empty()));
        assert_eq!(batch_limits(date(1999, 1, 1)), &BATCH_LIMITS[0]);
    }
}
