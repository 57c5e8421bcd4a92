//! A question as a policy sees it: names replaced by how they stand to the asker. Copied and varied cheaply, which is
//! how lists are worked out.

use chengxin_core::record::SubjectId;
use chengxin_core::{Ground, Role};

use crate::rules::Rules;
use crate::{Class, Context, PolicyError, Principal, Resource, SignIn, Stage};

/// How a thing stands to the asker in one respect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Theirs: their authority's, about the subject they are bound to, submitted or held by their account.
    Own,
    /// About a subject for whom they act on a mandate.
    Mandate,
    /// Another's.
    Other,
    /// Nobody's: the thing has none.
    None,
}

impl Side {
    /// All sides.
    pub const ALL: [Side; 4] = [Side::Own, Side::Mandate, Side::Other, Side::None];

    /// The word by which policies speak of it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Side::Own => "own",
            Side::Mandate => "mandate",
            Side::Other => "other",
            Side::None => "none",
        }
    }

    /// Of a text of the thing, beside the asker's.
    pub(crate) fn of(asker: Option<&str>, thing: Option<&str>) -> Self {
        match (asker, thing) {
            (_, None) => Side::None,
            (Some(asker), Some(thing)) if asker == thing => Side::Own,
            _ => Side::Other,
        }
    }

    /// Of the subject of the thing.
    pub(crate) fn of_subject(principal: &Principal, thing: Option<SubjectId>) -> Self {
        match thing {
            None => Side::None,
            thing if principal.subject == thing => Side::Own,
            Some(thing) if principal.mandates.contains(&thing) => Side::Mandate,
            Some(_) => Side::Other,
        }
    }
}

/// Kind of a ground, without its detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum GroundKind {
    Duty,
    SilentDuty,
    Consent,
    OwnRight,
    Operation,
}

impl GroundKind {
    pub(crate) const ALL: [GroundKind; 5] =
        [GroundKind::Duty, GroundKind::SilentDuty, GroundKind::Consent, GroundKind::OwnRight, GroundKind::Operation];

    /// As `Ground` is written in JSON, which a test compares.
    pub(crate) fn code(self) -> &'static str {
        match self {
            GroundKind::Duty => "duty",
            GroundKind::SilentDuty => "silent_duty",
            GroundKind::Consent => "consent",
            GroundKind::OwnRight => "own_right",
            GroundKind::Operation => "operation",
        }
    }

    fn of(ground: &Ground) -> (Self, Option<&str>) {
        match ground {
            Ground::Duty(clause) => (Self::Duty, Some(clause.trim())),
            Ground::SilentDuty { clause, .. } => (Self::SilentDuty, Some(clause.trim())),
            Ground::Consent(_) => (Self::Consent, None),
            Ground::OwnRight => (Self::OwnRight, None),
            Ground::Operation => (Self::Operation, None),
        }
    }
}

/// The asker and the circumstances.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Asker {
    pub(crate) role: Role,
    /// Bits by place in [`Role::ALL`].
    pub(crate) held: u16,
    pub(crate) sign_in: SignIn,
    pub(crate) serves: bool,
    pub(crate) purpose: bool,
    pub(crate) ground: GroundKind,
    pub(crate) clause: Option<String>,
    pub(crate) confirmed: bool,
    pub(crate) asleep: bool,
    /// Is there a subject, or a mandate, by which a thing could be theirs? Not told to policies: it bounds what to try.
    pub(crate) bound: bool,
    pub(crate) mandated: bool,
}

/// The place of a role in [`Role::ALL`].
pub(crate) fn place(role: Role) -> usize {
    Role::ALL.iter().position(|other| *other == role).unwrap_or(Role::ALL.len() - 1)
}

impl Asker {
    /// What a policy sees of an asker and the circumstances.
    ///
    /// # Errors
    /// What is malformed about them.
    pub(crate) fn of(principal: &Principal, context: &Context, rules: &Rules) -> Result<Self, PolicyError> {
        let anonymous = principal.sign_in == SignIn::Anonymous;
        if principal.account.is_empty() && !anonymous {
            return Err(PolicyError::Empty("the account"));
        }
        if anonymous && (principal.subject.is_some() || !principal.mandates.is_empty()) {
            return Err(PolicyError::Anonymous("subject of their own"));
        }
        if principal.authority.as_deref().is_some_and(str::is_empty) {
            return Err(PolicyError::Empty("the asker's authority"));
        }
        if !principal.held.contains(&principal.role) {
            return Err(PolicyError::RoleNotHeld(principal.role.code()));
        }
        let (ground, clause) = GroundKind::of(&context.ground);
        Ok(Self {
            role: principal.role,
            held: principal.held.iter().fold(0, |held, role| held | 1 << place(*role)),
            sign_in: principal.sign_in,
            serves: principal.authority.is_some(),
            purpose: context.purpose,
            ground,
            clause: clause.filter(|clause| !clause.is_empty()).map(str::to_owned),
            confirmed: context.confirmed_recently,
            asleep: context.unused_days >= rules.dormant_after(context.today)?,
            bound: principal.subject.is_some(),
            mandated: !principal.mandates.is_empty(),
        })
    }

    /// The asker whom policies most readily allow something in a role, on a ground: what the matrix and the words of a
    /// refusal speak of.
    pub(crate) fn readiest(role: Role, ground: GroundKind) -> Self {
        let public = role == Role::Public;
        let duty = matches!(ground, GroundKind::Duty | GroundKind::SilentDuty);
        Self {
            role,
            held: 1 << place(role),
            sign_in: if public { SignIn::Anonymous } else { SignIn::TwoFactors },
            serves: !public,
            purpose: true,
            ground,
            clause: duty.then(|| "law#clause".to_owned()),
            confirmed: true,
            asleep: false,
            bound: !public,
            mandated: !public,
        }
    }
}

/// The thing, as it stands to the asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Thing<'a> {
    pub(crate) authority: Side,
    pub(crate) subject: Side,
    pub(crate) submitter: Side,
    pub(crate) holder: Side,
    pub(crate) stage: Stage,
    pub(crate) class: Option<Class>,
    pub(crate) item: Option<&'a str>,
}

impl<'a> Thing<'a> {
    /// How a thing stands to an asker.
    ///
    /// # Errors
    /// Where a text that names somebody or something is empty.
    pub(crate) fn of(principal: &Principal, resource: &'a Resource) -> Result<Self, PolicyError> {
        let texts = [
            (&resource.authority, "the thing's authority"),
            (&resource.submitter, "the thing's submitter"),
            (&resource.holder, "the thing's holder"),
            (&resource.item, "the thing's item"),
        ];
        if let Some((_, what)) = texts.iter().find(|(text, _)| text.as_deref().is_some_and(str::is_empty)) {
            return Err(PolicyError::Empty(what));
        }
        let account = Some(principal.account.as_str()).filter(|account| !account.is_empty());
        Ok(Self {
            authority: Side::of(principal.authority.as_deref(), resource.authority.as_deref()),
            subject: Side::of_subject(principal, resource.subject),
            submitter: Side::of(account, resource.submitter.as_deref()),
            holder: Side::of(account, resource.holder.as_deref()),
            stage: resource.stage,
            class: resource.class,
            item: resource.item.as_deref(),
        })
    }
}
