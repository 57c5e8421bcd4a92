//! What objections and repairs have in common as proceedings (办件): their kinds, their numbers, whose they are filed by, and what a
//! record that is in them may still be used for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::code::dated_number;
use crate::objection::{ObjectionEffect, ObjectionState, effect};
use crate::repair::RepairState;
use crate::say::Say;
use crate::workflow::{Word as _, words};

/// A proceeding about one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProceedingKind {
    /// An objection to content, period or repair result.
    Objection = 1,
    /// The statement “this is not me”.
    NotMe = 2,
    /// A repair.
    Repair = 3,
}

impl ProceedingKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Objection, Self::NotMe, Self::Repair];

    /// Reads a column value.
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as i64 == value)
    }

    /// The word of the command line and the interface.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::NotMe => "not_me",
            Self::Repair => "repair",
        }
    }

    /// Reads [`Self::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Objection => Say::new("异议", "objection"),
            Self::NotMe => Say::new("声明非本人", "“this is not me”"),
            Self::Repair => Say::new("信用修复", "repair"),
        }
    }

    /// A state of this kind of proceeding, in words; `None` for a word that is none.
    #[must_use]
    pub fn state_name(self, state: &str) -> Option<Say> {
        match self {
            Self::Objection | Self::NotMe => ObjectionState::from_code(state).map(ObjectionState::name_of),
            Self::Repair => RepairState::from_code(state).map(RepairState::name_of),
        }
    }
}

impl ObjectionState {
    fn name_of(self) -> Say {
        self.name()
    }
}

impl RepairState {
    fn name_of(self) -> Say {
        self.name()
    }
}

words! {
    /// What an objection is against.
    ObjectionAspect {
        /// What the record says.
        Content "content" "记录内容" "what the record says",
        /// How long it shows.
        Period "period" "公示期限" "how long it shows",
        /// The result of a repair.
        RepairResult "repair_result" "修复结果" "the result of a repair",
    }
}

words! {
    /// How a step of the person's came in.
    Way {
        /// By the person.
        Own "own" "本人提交" "by the person",
        /// By whoever holds their mandate.
        Mandate "mandate" "受托人代为提交" "by whoever holds their mandate",
        /// At a window, by a clerk who compared the document in person.
        Window "window" "窗口代为提交" "at a window, on a document seen in person",
    }
}

dated_number! {
    /// Number of an objection (异议, yiyi): `YY20261122-7KQ2-M9F4-3TWX-8N`. 60 bits of chance; who has one can do nothing with it that is not
    /// theirs to do.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::proceeding::ObjectionNumber;
    /// let number = ObjectionNumber::new(jiff::civil::date(2026, 11, 22), &[7; 12]);
    /// assert_eq!(ObjectionNumber::parse(&number.text().to_lowercase()), Some(number));
    /// ```
    ObjectionNumber, "YY", 12
}

dated_number! {
    /// Number of a repair (信用修复, xiufu): `XF20261122-7KQ2-M9F4-3TWX-8N`, otherwise as [`ObjectionNumber`].
    RepairNumber, "XF", 12
}

/// The number of a proceeding, of whichever kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProceedingNumber {
    /// Of an objection, or of “this is not me”.
    Objection(ObjectionNumber),
    /// Of a repair.
    Repair(RepairNumber),
}

impl ProceedingNumber {
    /// A number of a day, of random bytes.
    #[must_use]
    pub fn new(kind: ProceedingKind, day: Date, random: &[u8; 12]) -> Self {
        match kind {
            ProceedingKind::Objection | ProceedingKind::NotMe => Self::Objection(ObjectionNumber::new(day, random)),
            ProceedingKind::Repair => Self::Repair(RepairNumber::new(day, random)),
        }
    }

    /// Reads a number as people write it; `None` where its check characters say that it was mistyped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        ObjectionNumber::parse(text).map(Self::Objection).or_else(|| RepairNumber::parse(text).map(Self::Repair))
    }

    /// Without separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Objection(number) => number.as_str(),
            Self::Repair(number) => number.as_str(),
        }
    }

    /// As it is printed.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Objection(number) => number.text(),
            Self::Repair(number) => number.text(),
        }
    }
}

/// What a proceeding does to its record on a day, by nothing but its columns: kind, state and the last day for its answer. So a reading needs to
/// open nothing, and no job stands between a date and its effect.
///
/// `None` for columns that cannot be.
#[must_use]
pub fn effect_on(kind: ProceedingKind, state: &str, due: Option<Date>, today: Date) -> Option<ObjectionEffect> {
    match kind {
        ProceedingKind::Objection | ProceedingKind::NotMe => {
            Some(effect(ObjectionState::from_code(state)?, due.is_some_and(|due| today > due)))
        }
        ProceedingKind::Repair => match RepairState::from_code(state)? {
            RepairState::Granted => Some(ObjectionEffect::Decided),
            _ => Some(ObjectionEffect::None),
        },
    }
}

/// Most proceedings of one person that wait for somebody at once.
pub const OPEN_AT_ONCE: usize = 200;

/// A proceeding that was filed before, as far as another one asks about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its kind.
    pub kind: ProceedingKind,
    /// Its number, as it is printed.
    pub number: String,
    /// About the same record?
    pub same_record: bool,
    /// About the same version of it?
    pub same_version: bool,
    /// Against what; of an objection.
    pub aspect: Option<ObjectionAspect>,
    /// How far it has come.
    pub state: String,
    /// Does it wait for anybody?
    pub open: bool,
}

/// May an objection, or “this is not me” (no aspect), be filed beside what was filed before?
///
/// One objection runs at a time about a record, and none while “this is not me” does. That is said at any time, beside an objection that runs too: no
/// proceeding keeps anybody from stopping the use of what is not theirs. It is said once: when it was decided on evidence, a further doubt is an objection. What was
/// answered about a version is not asked again about the same, since every filing marks the record; review and courts stay open. One that was not
/// taken up was not answered.
///
/// # Errors
/// Why not, and what else can be done.
///
/// # Source
/// House rules.
pub fn may_object(earlier: &[Earlier], aspect: Option<ObjectionAspect>) -> Result<(), Say> {
    let waiting = earlier.iter().filter(|it| it.open).count();
    if waiting >= OPEN_AT_ONCE {
        return Err(Say::new(
            format!("您有 {waiting} 件正在办理，最多同时 {OPEN_AT_ONCE} 件；请等其中一件办结"),
            format!(
                "{waiting} proceedings of yours wait, and {OPEN_AT_ONCE} may at once: file this when one of them is over"
            ),
        ));
    }
    let of_record = || earlier.iter().filter(|it| it.same_record && it.kind != ProceedingKind::Repair);
    let beside = |it: &&Earlier| aspect.is_some() || it.kind == ProceedingKind::NotMe;
    if let Some(running) = of_record().filter(beside).find(|it| it.open) {
        let number = &running.number;
        return Err(Say::new(
            format!("该记录的{}（{number}）正在办理；请在其中补充材料或说明", running.kind.name().zh),
            format!("an objection to this record runs already ({number}): hand in more, or a statement, there"),
        ));
    }
    let Some(aspect) = aspect else {
        return match of_record().find(|it| it.kind == ProceedingKind::NotMe) {
            None => Ok(()),
            Some(decided) => Err(Say::new(
                format!("是否为本人已依证据作出认定（{}）；仍有疑问的，请提出异议", decided.number),
                format!(
                    "whose this is was decided on evidence ({}): file an objection if you still doubt it",
                    decided.number
                ),
            )),
        };
    };
    let answered =
        |it: &&Earlier| it.same_version && it.aspect == Some(aspect) && it.state != ObjectionState::Refused.code();
    match of_record().find(answered) {
        None => Ok(()),
        Some(before) => Err(Say::new(
            format!("对该记录的同一内容已有答复（{}）；不服的，可以申请行政复议或者提起行政诉讼", before.number),
            format!(
                "the same was answered about this record ({}): against that answer there are reconsideration and the courts",
                before.number
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_of_both_kinds_are_read_and_told_apart() {
        let day = date(2026, 11, 22);
        for kind in ProceedingKind::ALL {
            let number = ProceedingNumber::new(kind, day, &[9; 12]);
            assert_eq!(ProceedingNumber::parse(&number.text()), Some(number.clone()));
            assert_eq!(ProceedingNumber::parse(&format!(" {} ", number.as_str().to_lowercase())), Some(number));
            assert_eq!(ProceedingKind::from_code(kind.code()), Some(kind));
            assert_eq!(ProceedingKind::from_i64(kind as i64), Some(kind));
        }
        assert_eq!(ProceedingNumber::parse("YY20261122-7KQ2-M9F4-3TWX-8M"), None);
    }

    fn earlier(kind: ProceedingKind, aspect: Option<ObjectionAspect>, state: &str, open: bool) -> Earlier {
        let (number, state) = ("YY".to_owned(), state.to_owned());
        Earlier { kind, number, same_record: true, same_version: true, aspect, state, open }
    }

    #[test]
    fn one_objection_runs_at_a_time_and_what_was_answered_is_not_asked_again() {
        use ObjectionAspect::{Content, Period};
        let kept = earlier(ProceedingKind::Objection, Some(Content), "kept", false);
        let refused = Earlier { state: "refused".to_owned(), ..kept.clone() };
        let running = earlier(ProceedingKind::Objection, Some(Content), "accepted", true);
        let other = Earlier { same_record: false, ..running.clone() };
        let newer = Earlier { same_version: false, ..kept.clone() };
        assert!(may_object(&[], Some(Content)).is_ok());
        assert!(may_object(std::slice::from_ref(&kept), Some(Content)).is_err());
        assert!(may_object(&[kept], Some(Period)).is_ok());
        assert!(may_object(&[refused, other, newer], Some(Content)).is_ok());
        assert!(may_object(std::slice::from_ref(&running), Some(Period)).is_err());
        assert!(may_object(std::slice::from_ref(&running), None).is_ok(), "that it is not theirs is said at any time");
        let said = earlier(ProceedingKind::NotMe, None, "not_me", true);
        for aspect in [None, Some(Content), Some(Period)] {
            assert!(may_object(&[said.clone(), running.clone()], aspect).is_err(), "{aspect:?}");
        }
    }

    #[test]
    fn not_me_is_said_once_and_then_a_doubt_is_an_objection() {
        let theirs = earlier(ProceedingKind::NotMe, None, "theirs", false);
        assert!(may_object(&[], None).is_ok());
        assert!(may_object(std::slice::from_ref(&theirs), None).is_err());
        assert!(may_object(&[theirs], Some(ObjectionAspect::Content)).is_ok());
    }

    #[test]
    fn nobody_has_more_waiting_than_can_be_answered() {
        let one = Earlier { same_record: false, ..earlier(ProceedingKind::Repair, None, "asked", true) };
        assert!(may_object(&vec![one.clone(); OPEN_AT_ONCE], None).is_err());
        assert!(may_object(&vec![one; OPEN_AT_ONCE - 1], None).is_ok());
    }

    #[test]
    fn the_columns_say_the_same_as_the_objection_itself() {
        let (due, before, after) = (date(2026, 12, 12), date(2026, 12, 12), date(2026, 12, 13));
        let of = |state: &str, today| effect_on(ProceedingKind::Objection, state, Some(due), today);
        assert_eq!(of("filed", before), Some(ObjectionEffect::Marked));
        assert_eq!(of("filed", after), Some(ObjectionEffect::OutOfUse));
        assert_eq!(of("kept", after), Some(ObjectionEffect::None));
        assert_eq!(effect_on(ProceedingKind::NotMe, "not_me", None, before), Some(ObjectionEffect::OutOfUse));
        assert_eq!(effect_on(ProceedingKind::Repair, "granted", None, before), Some(ObjectionEffect::Decided));
        assert_eq!(effect_on(ProceedingKind::Repair, "asked", Some(due), after), Some(ObjectionEffect::None));
        assert_eq!(of("no such state", before), None);
    }
}
