//! What the work flows of rights have in common: who takes part, a table of lawful steps, and the diagram drawn from it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::deadline::DeadlineKind;
use crate::say::Say;

/// Who does a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The person concerned, or who acts for them on a mandate or at a window.
    Person,
    /// The authority that determined what is contested or repaired.
    Authority,
    /// Who decides on evidence whose a record is.
    IdentityClerk,
    /// The credit office, which answers complaints.
    CreditOffice,
    /// The authority complained of, which may comment.
    Concerned,
    /// The authority that supervises the one complained of, which may comment.
    Supervisor,
    /// The authority to which a complaint was handed over, which answers it.
    Handler,
    /// An authority that was shown a record.
    Shown,
    /// The platform itself, by a channel that was proven to be the person's.
    Platform,
}

impl Party {
    /// Every party.
    pub const ALL: [Self; 9] = [
        Self::Person,
        Self::Authority,
        Self::IdentityClerk,
        Self::CreditOffice,
        Self::Concerned,
        Self::Supervisor,
        Self::Handler,
        Self::Shown,
        Self::Platform,
    ];

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Person => Say::new("本人", "the person"),
            Self::Authority => Say::new("认定单位", "the determining authority"),
            Self::IdentityClerk => Say::new("身份核验人员", "an identity clerk"),
            Self::CreditOffice => Say::new("信用主管部门", "the credit office"),
            Self::Concerned => Say::new("被投诉单位", "the authority complained of"),
            Self::Supervisor => Say::new("主管部门", "its supervising authority"),
            Self::Handler => Say::new("接办单位", "the authority it was handed to"),
            Self::Shown => Say::new("查看过记录的单位", "the authority that was shown the record"),
            Self::Platform => Say::new("平台", "the platform"),
        }
    }
}

/// A word of a work flow: a state or a step.
pub trait Word: Copy + Eq + 'static {
    /// For diagrams and data: `asked_for_more`.
    fn code(self) -> &'static str;
    /// In words.
    fn name(self) -> Say;
}

/// One lawful step: from a state, by somebody, to a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move<S, K> {
    /// Where it may be done.
    pub from: S,
    /// What is done.
    pub step: K,
    /// By whom.
    pub by: Party,
    /// Where it leads.
    pub to: S,
}

/// A step that is not lawful where it was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlawful {
    /// What is wrong, and what may be done instead.
    pub say: Say,
}

/// Where a step leads, of a table of lawful ones.
///
/// # Errors
/// [`Unlawful`], which names the lawful steps of the state and who does each.
pub fn follow<S: Word, K: Word>(table: &[Move<S, K>], from: S, step: K, by: Party) -> Result<S, Unlawful> {
    let found = table.iter().find(|of| of.from == from && of.step == step && of.by == by);
    found.map(|of| of.to).ok_or_else(|| {
        let lawful: Vec<_> = table.iter().filter(|of| of.from == from).collect();
        let list = |zh: bool| {
            let one = |of: &&Move<S, K>| {
                let (step, by) = (of.step.name(), of.by.name());
                if zh { format!("{}（{}）", step.zh, by.zh) } else { format!("{} ({})", step.en, by.en) }
            };
            lawful.iter().map(one).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
        };
        let (state, step, by) = (from.name(), step.name(), by.name());
        let (zh, en) = match lawful.as_slice() {
            [] => ("已经办结，没有下一步".to_owned(), "it is over, and nothing follows".to_owned()),
            _ => (format!("可以办理的是：{}", list(true)), format!("what may be done is: {}", list(false))),
        };
        Unlawful {
            say: Say::new(
                format!("目前状态为“{}”，{}不能“{}”；{zh}", state.zh, by.zh, step.zh),
                format!("the state is “{}”, in which {} cannot “{}”; {en}", state.en, by.en, step.en),
            ),
        }
    })
}

/// The table as a Mermaid state diagram: `begin` is where it begins, states without a way out end it, and each state with a clock
/// has a note with its deadline.
pub fn diagram<S: Word, K: Word>(table: &[Move<S, K>], begin: &[S], clock: fn(S) -> Option<DeadlineKind>) -> String {
    let mut text = String::from("stateDiagram-v2\n");
    let mut states: Vec<S> = Vec::new();
    for state in begin.iter().copied().chain(table.iter().flat_map(|of| [of.from, of.to])) {
        if !states.contains(&state) {
            states.push(state);
        }
    }
    // Writing to a string does not fail.
    for state in &states {
        let name = state.name();
        let _ = writeln!(text, "    {} : {} {}", state.code(), name.zh, name.en);
    }
    for (state, kind) in states.iter().filter_map(|state| Some((state, clock(*state)?))) {
        let _ = writeln!(text, "    note right of {} : {}", state.code(), kind.code());
    }
    for state in begin {
        let _ = writeln!(text, "    [*] --> {}", state.code());
    }
    for of in table {
        let (step, by) = (of.step.name(), of.by.name());
        let _ = writeln!(text, "    {} --> {} : {}（{}）", of.from.code(), of.to.code(), step.zh, by.zh);
    }
    for state in states.iter().filter(|state| table.iter().all(|of| of.from != **state || of.to == **state)) {
        let _ = writeln!(text, "    {} --> [*]", state.code());
    }
    text
}

/// Declares the words of a work flow once: variant, code, Chinese, English.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $code:literal $zh:literal $en:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Reads a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl crate::workflow::Word for $name {
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            fn name(self) -> crate::say::Say {
                match self { $(Self::$variant => crate::say::Say::new($zh, $en),)+ }
            }
        }
    };
}
pub(crate) use words;
