//! What is wrong with a catalogue: file, line, item, rule, and a sentence in both languages.

use std::fmt;

use serde::Serialize;

use crate::say::Say;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingSeverity {
    /// The catalogue is refused.
    Error,
    /// The catalogue may be used; someone should read this first.
    Note,
}

/// Declares the closed list of rules with their stable codes, so that code and variant cannot drift apart.
macro_rules! finding_rules {
    ($($(#[$doc:meta])* $variant:ident = $code:literal $severity:ident,)+) => {
        /// The rule that a finding is about. The codes are stable: scripts and manuals may rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FindingRule {
            $($(#[$doc])* $variant,)+
        }

        impl FindingRule {
            /// Every rule, in the order of the manual.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code: `no_basis_in_force`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// How grave a breach of this rule is.
            #[must_use]
            pub fn severity(self) -> FindingSeverity {
                match self { $(Self::$variant => FindingSeverity::$severity,)+ }
            }
        }
    };
}

finding_rules! {
    /// The file is not TOML, or holds a key or value that the catalogue does not know.
    NotReadable = "not_readable" Error,
    /// Two laws, clauses, dictionaries, field sets, items or measures share a code.
    DuplicateCode = "duplicate_code" Error,
    /// An item takes over a field set that does not exist.
    UnknownFieldset = "unknown_fieldset" Error,
    /// A field names a dictionary that does not exist, or needs one and names none.
    UnknownDictionary = "unknown_dictionary" Error,
    /// A class, domain, occupation or kind of authority is not in its dictionary.
    UnknownWord = "unknown_word" Error,
    /// A cited clause does not exist.
    UnknownClause = "unknown_clause" Error,
    /// No clause on which the item may be collected is in force here today.
    NoBasisInForce = "no_basis_in_force" Error,
    /// A field, or an item about people, is about what nobody may record.
    ForbiddenField = "forbidden_field" Error,
    /// A field states no kind of content, or one outside the closed vocabulary.
    UnknownContent = "unknown_content" Error,
    /// An item about persons is open to minors.
    OpenToMinors = "open_to_minors" Error,
    /// Two dated rules for the same thing hold on the same day, or a rule ends before it begins.
    OverlappingDates = "overlapping_dates" Error,
    /// Two headings of one item cannot be told apart.
    DuplicateHeading = "duplicate_heading" Error,
    /// One spelling stands for two values of a dictionary.
    DuplicateSpelling = "duplicate_spelling" Error,
    /// More than one field of an item has the same role.
    DuplicateRole = "duplicate_role" Error,
    /// A field that the programme needs is missing.
    MissingRole = "missing_role" Error,
    /// A field's type does not fit its role, or its length or dictionary is not set.
    FieldForm = "field_form" Error,
    /// `required_if`, a severity case or a repair rule names what the item does not have.
    UnknownField = "unknown_field" Error,
    /// No field says what makes the record the same record when it is sent again.
    NoIdentity = "no_identity" Error,
    /// The item names no subject, no authority, or no field.
    EmptyItem = "empty_item" Error,
    /// An adverse item without a display period, or one beyond the ceiling.
    Period = "period" Error,
    /// A severity rule that cannot decide anything.
    SeverityRule = "severity_rule" Error,
    /// Persons or sole traders are published on less than a law.
    PublicationBasis = "publication_basis" Error,
    /// A use covers subjects that the item is not about, or a sealed item is to be shown.
    UseRule = "use_rule" Error,
    /// A repair rule without conditions, or with conditions in one language only.
    RepairRule = "repair_rule" Error,
    /// Nothing says how long records are kept, or for too long, or a rule for a class that there is not.
    Retention = "retention" Error,
    /// Collection rests on the subject's own wish, and yet the item can be held against them.
    OwnWish = "own_wish" Error,
    /// Numbers of documents or contacts would leave the platform.
    ShownTooWidely = "shown_too_widely" Error,
    /// Text that someone wrote freely would be published unread.
    UnmarkedFreeText = "unmarked_free_text" Error,
    /// The item would grade or score people.
    ScoresPeople = "scores_people" Error,
    /// A measure without an agency that carries it out, or without a lawful basis in force.
    Measure = "measure" Error,
    /// A deadline without words or number, or with a clause that does not fit its unit.
    Deadline = "deadline" Error,
    /// The item would hold what the law lets nobody be given.
    RefusedAtTheDoor = "refused_at_the_door" Error,
    /// A matter, a finding or a convenience without its words in both languages.
    MatterWords = "matter_words" Error,
    /// A matter that nobody may ask for, about nobody, in no field of life, or to which nothing is relevant.
    EmptyMatter = "empty_matter" Error,
    /// The clause of a matter, a finding or a convenience is not in force here today.
    MatterBasis = "matter_basis" Error,
    /// A matter names an item that does not exist, is never shown at a check, or is about others.
    MatterItem = "matter_item" Error,
    /// A matter names an item outside its field of life, and the clause does not.
    OutsideField = "outside_field" Error,
    /// An item of many fields of life is taken whole, without saying whose decisions count.
    MatterTooWide = "matter_too_wide" Error,
    /// A finding that bars without a statute that prohibits.
    BarWithoutProhibition = "bar_without_prohibition" Error,
    /// A finding of a kind that the item cannot give.
    FindingKind = "finding_kind" Error,
    /// A condition of a finding that no record can be held against.
    MatterCondition = "matter_condition" Error,
    /// A check on consent where refusing costs something.
    MatterGround = "matter_ground" Error,
    /// A batch check that the clause does not ask for.
    MatterBatch = "matter_batch" Error,
    /// A convenience that does not rest on one good fact, or stands where there may be none.
    Convenience = "convenience" Error,
    /// A matter would answer with a grade.
    MatterGrades = "matter_grades" Error,
    /// A clause that nobody here has read at its source.
    Unverified = "unverified" Note,
    /// A field set that no item takes over; none of its fields is checked.
    UnusedFieldset = "unused_fieldset" Note,
    /// A local regulation of another place, beside a basis that holds.
    OtherPlace = "other_place" Note,
    /// Adverse records of some past day would have no display period, and so would not be shown at all.
    PeriodGap = "period_gap" Note,
}

/// One thing that is wrong, or worth reading, in a catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Name of the file, as it was given.
    pub file: String,
    /// Line in it, counted from 1.
    pub line: usize,
    /// Code of the item it is about; absent for laws, dictionaries and field sets.
    pub item: Option<String>,
    /// Code of the matter it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// The rule.
    pub rule: FindingRule,
    /// What is wrong and what would mend it.
    pub say: Say,
}

impl Finding {
    /// Is the catalogue refused for it?
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.rule.severity() == FindingSeverity::Error
    }

    /// How grave it is.
    #[must_use]
    pub fn severity(&self) -> FindingSeverity {
        self.rule.severity()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(item) = self.item.as_ref().or(self.matter.as_ref()) {
            write!(f, "{item}: ")?;
        }
        write!(f, "[{}] {}", self.rule.code(), self.say)
    }
}
