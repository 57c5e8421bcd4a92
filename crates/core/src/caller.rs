//! Who asks, in which role, for what, and on which legal ground. Every use case takes one.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::identity::DocumentKind;
use crate::mandate::{MandateKind, Scope};
use crate::record::SubjectId;

/// The roles of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A resident, acting for themself.
    Resident,
    /// A representative of an organisation.
    Representative,
    /// A clerk at a window.
    Clerk,
    /// An officer of an authority who sends data.
    DataOfficer,
    /// The second officer of an authority who releases adverse rows and decides.
    Decider,
    /// The clerk who resolves held identities on evidence.
    IdentityClerk,
    /// The city's credit office: coordinates; reads what coordination needs.
    CreditOffice,
    /// Reads the log, no records.
    Auditor,
    /// Runs the installation: keys, catalogue, start and stop. Reads no records.
    Administrator,
    /// Anybody, without login: verifies a report.
    Public,
}

impl Role {
    /// All roles, in the order in which the policy matrix lists them.
    pub const ALL: [Role; 10] = [
        Role::Resident,
        Role::Representative,
        Role::Clerk,
        Role::DataOfficer,
        Role::Decider,
        Role::IdentityClerk,
        Role::CreditOffice,
        Role::Auditor,
        Role::Administrator,
        Role::Public,
    ];

    /// The word used on the command line and in the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Role::Resident => "resident",
            Role::Representative => "representative",
            Role::Clerk => "clerk",
            Role::DataOfficer => "data_officer",
            Role::Decider => "decider",
            Role::IdentityClerk => "identity_clerk",
            Role::CreditOffice => "credit_office",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
            Role::Public => "public",
        }
    }

    /// Reads [`Role::code`] (hyphens allowed for underscores).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.replace('-', "_");
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// The legal ground of an act on data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "detail")]
pub enum Ground {
    /// A statutory duty, with the clause that states it (`law#clause`).
    Duty(String),
    /// A statutory duty whose law orders that the person is not told before a day. The entry is committed at once and shown
    /// from that day on.
    SilentDuty {
        /// Clause of the duty (`law#clause`).
        clause: String,
        /// Clause that orders silence.
        silence: String,
        /// First day on which the person may be told.
        until: Date,
        /// Does that clause allow saying that something is sealed?
        said: bool,
    },
    /// The subject's own right to know, copy and carry away.
    ///
    /// # Source
    /// 个人信息保护法 arts 44–45.
    OwnRight,
    /// The subject's consent, by its receipt number.
    Consent(String),
    /// Running the installation; touches no record's content.
    Operation,
}

/// The clause on which authorities collect, release and decide: what enters a record and by which procedure.
const DUTY: &str = "state-council-2020-49#sec-2";

impl Ground {
    /// The ground on which somebody in a role acts where they name no other.
    #[must_use]
    pub fn usual(role: Role) -> Self {
        match role {
            Role::Resident | Role::Representative | Role::Public => Ground::OwnRight,
            Role::Administrator => Ground::Operation,
            Role::Clerk
            | Role::DataOfficer
            | Role::Decider
            | Role::IdentityClerk
            | Role::CreditOffice
            | Role::Auditor => Ground::Duty(DUTY.to_owned()),
        }
    }
}

/// How the platform knows who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Standing {
    /// Nobody signed in. Also whoever is only read of: the log keeps who acted, and nothing by which to act again.
    #[default]
    Anonymous,
    /// At the console of the machine that holds the keys: its own login stands for both factors and for a confirmation, and
    /// whoever acts there as a resident is taken for the person whom they name.
    Console,
    /// Signed in to an account.
    Session(Box<Session>),
    /// A machine of an authority, by its own key: it answers for nobody, and decides nothing.
    Machine(Box<Machine>),
    /// Either of the two, acting for another on a mandate.
    Deputy(Box<Deputy>),
}

impl Standing {
    /// How they came themselves: a deputy's own standing, everybody else's as it is.
    #[must_use]
    pub fn own(&self) -> &Self {
        match self {
            Self::Deputy(deputy) => &deputy.behind,
            own => own,
        }
    }

    /// The mandate on which they act, where they act for another.
    #[must_use]
    pub fn deputy(&self) -> Option<&Deputy> {
        match self {
            Self::Deputy(deputy) => Some(deputy),
            _ => None,
        }
    }
}

/// Somebody who acts for another, on a mandate that was looked at when they came. Its `Debug` has no number of a document.
#[derive(Clone, PartialEq, Eq)]
pub struct Deputy {
    /// How they came themselves.
    pub behind: Standing,
    /// For whom they act, as a reader of their own records.
    pub mandator: SubjectId,
    /// Kind and number of that one's document.
    pub document: (DocumentKind, String),
    /// Kind of the mandate.
    pub kind: MandateKind,
    /// Its number, as it is printed.
    pub number: String,
    /// What it covers, and what it rests on covers too.
    pub scope: BTreeSet<Scope>,
    /// From when on it no longer holds, microseconds UTC.
    pub until_us: i64,
    /// What it rests on: ids of mandates of that one's, each with the number of the entry that wrote it last. Where one was written since,
    /// nothing is done on it.
    pub rests_on: Vec<([u8; 16], i64)>,
}

impl std::fmt::Debug for Deputy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deputy").field("kind", &self.kind).field("number", &self.number).finish_non_exhaustive()
    }
}

/// What a machine's access token shows at the moment of the act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Operations that the token is for.
    pub scopes: Vec<&'static str>,
    /// Whole days since it last signed in, or was given a key.
    pub unused_days: u32,
    /// The day of the act, Asia/Shanghai.
    pub today: Date,
}

/// What a session shows about whoever acts in it, at the moment of the act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Did they prove themself by two factors?
    pub two_factors: bool,
    /// Did they prove it again within the last minutes?
    pub confirmed: bool,
    /// The person whose account it is, bound at a window, as a reader of their own records.
    pub subject: Option<SubjectId>,
    /// Every role that the account holds.
    pub held: Vec<Role>,
    /// Whole days since the right in which they act was last used or given.
    pub unused_days: u32,
    /// The day of the act, Asia/Shanghai.
    pub today: Date,
}

/// Who asks. Filled by the command line (`--as`, `--purpose`) and by sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Name of the account or of the person at the console.
    pub actor: String,
    /// Role in which they act.
    pub role: Role,
    /// Code of the authority for which they act; absent for residents and the operator.
    pub authority: Option<String>,
    /// What for, in words; stored and shown to the subject.
    pub purpose: String,
    /// On which ground.
    pub ground: Ground,
    /// How the platform knows them. No part of the log: what it shows of a session is the entry of its opening.
    #[serde(skip)]
    pub standing: Standing,
}

impl Caller {
    /// A caller who runs the installation itself.
    pub fn operator(actor: impl Into<String>, purpose: impl Into<String>) -> Self {
        Self {
            actor: actor.into(),
            role: Role::Administrator,
            authority: None,
            purpose: purpose.into(),
            ground: Ground::Operation,
            standing: Standing::Console,
        }
    }
}
