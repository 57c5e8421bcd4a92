//! What a decision is asked about: who, what, on which thing, in which circumstances. Plain data, filled by use cases.

use chengxin_core::record::SubjectId;
use chengxin_core::{Ground, Role};
use jiff::civil::Date;

use crate::Class;

/// How strongly the asker showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignIn {
    /// Not at all.
    Anonymous,
    /// A password alone.
    OneFactor,
    /// Two factors: a passkey, or a password with a code.
    TwoFactors,
    /// A machine of an authority, by its own key.
    Client,
    /// At the console of the machine that holds the keys: its own login stands for both factors and for a confirmation.
    Console,
}

impl SignIn {
    /// All of them, weakest first; the console last.
    pub const ALL: [SignIn; 5] =
        [SignIn::Anonymous, SignIn::OneFactor, SignIn::TwoFactors, SignIn::Client, SignIn::Console];

    /// The word by which policies speak of it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            SignIn::Anonymous => "anonymous",
            SignIn::OneFactor => "one_factor",
            SignIn::TwoFactors => "two_factors",
            SignIn::Client => "client",
            SignIn::Console => "console",
        }
    }
}

/// How far a record or a submission has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Stage {
    /// The thing has no stages, or none that matters here.
    #[default]
    None,
    /// Waits until a second officer releases it.
    Waiting,
    /// In force.
    Active,
    /// Withdrawn by whoever determined it.
    Withdrawn,
    /// Erased; a tombstone remains.
    Erased,
}

impl Stage {
    /// All stages, in the order in which a thing passes through them.
    pub const ALL: [Stage; 5] = [Stage::None, Stage::Waiting, Stage::Active, Stage::Withdrawn, Stage::Erased];

    /// The word by which policies speak of it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Stage::None => "none",
            Stage::Waiting => "waiting",
            Stage::Active => "active",
            Stage::Withdrawn => "withdrawn",
            Stage::Erased => "erased",
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The account, by its stable name; empty only for whoever has none ([`SignIn::Anonymous`]).
    pub account: String,
    /// Role in which they act now.
    pub role: Role,
    /// Every role that the account holds, [`Principal::role`] among them.
    pub held: Vec<Role>,
    /// How strongly they signed in.
    pub sign_in: SignIn,
    /// Code of the authority for which they act.
    pub authority: Option<String>,
    /// The subject to which the account is bound by proofing.
    pub subject: Option<SubjectId>,
    /// Subjects for whom they act: of whoever acts on a mandate, that of the mandate; of an officer, those whose mandates they hold, so that they keep out
    /// of their affairs. The caller leaves out what is over or was revoked.
    pub mandates: Vec<SubjectId>,
}

impl Principal {
    /// An account in the one role that it holds, bound to nobody and serving no authority.
    pub fn new(account: impl Into<String>, role: Role, sign_in: SignIn) -> Self {
        let account = account.into();
        Self { account, role, held: vec![role], sign_in, authority: None, subject: None, mandates: Vec::new() }
    }

    /// Whoever did not sign in.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::new("", Role::Public, SignIn::Anonymous)
    }

    /// Acting for the authority.
    #[must_use]
    pub fn serving(mut self, authority: impl Into<String>) -> Self {
        self.authority = Some(authority.into());
        self
    }

    /// Bound to the subject.
    #[must_use]
    pub fn bound_to(mut self, subject: SubjectId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Holding a mandate of the subject.
    #[must_use]
    pub fn mandated_by(mut self, subject: SubjectId) -> Self {
        self.mandates.push(subject);
        self
    }

    /// Holding another role too, in which they do not act now.
    #[must_use]
    pub fn also(mut self, role: Role) -> Self {
        self.held.push(role);
        self
    }
}

/// What it is done to. What does not apply is left out: a session has no class, a catalogue no subject.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resource {
    /// Code of the authority that sent it, determined it or owns it.
    pub authority: Option<String>,
    /// Whom it is about.
    pub subject: Option<SubjectId>,
    /// Account that submitted it or asked for it.
    pub submitter: Option<String>,
    /// Account that it belongs to or is: of a session, a factor, an account.
    pub holder: Option<String>,
    /// How far it has come.
    pub stage: Stage,
    /// Class of its catalogue item.
    pub class: Option<Class>,
    /// Code of its catalogue item.
    pub item: Option<String>,
}

impl Resource {
    /// Something of which nothing further is known: the installation, the catalogue, the log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Of the authority.
    #[must_use]
    pub fn of_authority(mut self, authority: impl Into<String>) -> Self {
        self.authority = Some(authority.into());
        self
    }

    /// About the subject.
    #[must_use]
    pub fn about(mut self, subject: SubjectId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Submitted, or asked for, by the account.
    #[must_use]
    pub fn submitted_by(mut self, account: impl Into<String>) -> Self {
        self.submitter = Some(account.into());
        self
    }

    /// Belonging to the account.
    #[must_use]
    pub fn held_by(mut self, account: impl Into<String>) -> Self {
        self.holder = Some(account.into());
        self
    }

    /// At the stage.
    #[must_use]
    pub fn at(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// Of the class.
    #[must_use]
    pub fn of_class(mut self, class: Class) -> Self {
        self.class = Some(class);
        self
    }

    /// Of the item.
    #[must_use]
    pub fn of_item(mut self, item: impl Into<String>) -> Self {
        self.item = Some(item.into());
        self
    }
}

/// The circumstances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Is a purpose stated?
    pub purpose: bool,
    /// On which ground. That a clause is in force, a consent holds and a silence is ordered is for the use case to find.
    pub ground: Ground,
    /// Did the person confirm who they are within the last minutes?
    pub confirmed_recently: bool,
    /// Whole days since the right was last used or renewed; 0 for a right given today.
    pub unused_days: u32,
    /// The day of asking, Asia/Shanghai: chooses the dated rule by which a right falls asleep.
    pub today: Date,
}

impl Context {
    /// A stated purpose, a right used today, no fresh confirmation.
    #[must_use]
    pub fn new(ground: Ground, today: Date) -> Self {
        Self { purpose: true, ground, confirmed_recently: false, unused_days: 0, today }
    }

    /// With a fresh confirmation of who acts.
    #[must_use]
    pub fn confirmed(mut self) -> Self {
        self.confirmed_recently = true;
        self
    }

    /// With a right that was last used so many whole days ago.
    #[must_use]
    pub fn unused_for(mut self, days: u32) -> Self {
        self.unused_days = days;
        self
    }

    /// Without a purpose.
    #[must_use]
    pub fn without_purpose(mut self) -> Self {
        self.purpose = false;
        self
    }
}

/// One question.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who.
    pub principal: &'a Principal,
    /// Which operation, by its name.
    pub action: &'a str,
    /// On what.
    pub resource: &'a Resource,
    /// In which circumstances.
    pub context: &'a Context,
}
