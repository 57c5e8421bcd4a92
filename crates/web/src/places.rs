//! The pages that stand beside others and on overviews, and what whoever is signed in may do: each is shown to those alone whose rights name its operation.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use chengxin_app::account::{Token, Who};
use chengxin_core::mandate::Scope;
use chengxin_core::operation::operation;
use chengxin_core::{Caller, Role};

use crate::form::Area;

/// A page: path, key of its name, key of what it is for, and the operation that says who may.
pub(crate) type Place = (&'static str, &'static str, &'static str, &'static str);

/// What everybody who is signed in may do: look after their own account.
const EVERYBODY: &str = "session_list";

/// Pages about oneself.
const ME: &[Place] = &[
    ("/me/records", "me-records", "me-records-about", "record_list"),
    ("/me/proceedings", "me-proceedings", "me-proceedings-about", "proceeding_list"),
    ("/me/notices", "me-notices", "me-notices-about", "notice_list"),
    ("/me/log", "me-log", "me-log-about", "log_lines"),
    ("/me/complaints", "me-complaints", "me-complaints-about", "complaint_list"),
    ("/me/reports", "me-reports", "me-reports-about", "report_issue"),
    ("/me/consents/code", "me-code", "me-code-about", "consent_code"),
    ("/me/consents", "me-consents", "me-consents-about", "consent_list"),
    ("/me/checks", "me-checks", "me-checks-about", "check_slip"),
    ("/me/mandates", "me-mandates", "me-mandates-about", "mandate_list"),
    ("/me/account", "me-account", "me-account-about", EVERYBODY),
    ("/me/carried-away", "me-carry", "me-carry-about", CARRY),
];

/// Pages of windows and authorities.
const DESK: &[Place] = &[
    ("/desk/checks", "desk-checks", "desk-checks-about", "check_answer"),
    ("/desk/filings", "desk-filings", "desk-filings-about", "objection_file"),
    ("/desk/submissions", "desk-submissions", "desk-submissions-about", "submission_list"),
    ("/desk/held", "desk-held", "desk-held-about", "held_list"),
    ("/desk/proceedings", "desk-proceedings", "desk-proceedings-about", "proceeding_work"),
    ("/desk/publications", "desk-publications", "desk-publications-about", "publication_draft"),
    ("/desk/follow-ups", "desk-follow-ups", "desk-follow-ups-about", "follow_up_list"),
    ("/desk/figures", "desk-figures", "desk-figures-about", "proceeding_figures"),
    ("/desk/activations", "desk-activations", "desk-activations-about", "activation_issue"),
    ("/desk/letters", "desk-letters", "desk-letters-about", "notice_undelivered"),
    ("/desk/accounts", "desk-accounts", "desk-accounts-about", "account_list"),
    ("/desk/authorities", "desk-authorities", "desk-authorities-about", "authority_list"),
    ("/office/complaints", "office-complaints", "office-complaints-about", "complaint_work"),
    ("/office", "nav-office", "desk-office-about", "installation_show"),
];

/// Pages of the credit office.
const OFFICE: &[Place] = &[
    ("/office/overdue", "office-overdue", "office-overdue-about", "complaint_work"),
    ("/office/complaints", "office-complaints", "office-complaints-about", "complaint_work"),
    ("/office/submissions", "office-submissions", "office-submissions-about", "submission_list"),
    ("/office/statistics", "office-statistics", "office-statistics-about", "statistics_show"),
    ("/office/catalogue", "office-catalogue", "office-catalogue-about", "catalogue_history"),
    ("/office/operations", "office-operations", "office-operations-about", "installation_show"),
    ("/office/contact", "office-contact", "office-contact-about", "contact_set"),
    ("/office/leak", "office-leak", "office-leak-about", "leak_list"),
    ("/desk/authorities", "desk-authorities", "desk-authorities-about", "authority_list"),
    ("/desk/accounts", "desk-accounts", "desk-accounts-about", "account_list"),
];

/// Carrying one's data away reads everything that one reads, and ends with the log of it.
pub(crate) const CARRY: &str = "log_lines";

impl Area {
    /// Its first page, and what that is called beside the others.
    pub(crate) fn start(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Public => None,
            Self::Me => Some(("/me", "me-overview")),
            Self::Desk => Some(("/desk", "desk-overview")),
            Self::Office => Some(("/office", "office-overview")),
        }
    }

    /// Its other pages.
    pub(crate) fn places(self) -> &'static [Place] {
        match self {
            Self::Public => &[],
            Self::Me => ME,
            Self::Desk => DESK,
            Self::Office => OFFICE,
        }
    }

    /// The page of the area that a path belongs to, but for the first.
    pub(crate) fn nearest(self, path: &str) -> Option<&'static str> {
        let above =
            |start: &&str| path.strip_prefix(*start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let starts = self.places().iter().map(|(start, ..)| *start).filter(|start| Area::of(start) == self);
        starts.filter(above).max_by_key(|start| start.len())
    }

    /// In which a path lies.
    pub(crate) fn of(path: &str) -> Self {
        let within =
            |start: &str| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match path {
            _ if within("/me") => Self::Me,
            _ if within("/desk") => Self::Desk,
            _ if within("/office") => Self::Office,
            _ => Self::Public,
        }
    }
}

/// What somebody may do, as their last act showed.
#[derive(Debug, Clone, Default)]
pub(crate) struct May {
    /// Roles that they hold and that did not sleep too long.
    roles: Vec<Role>,
    /// What the mandate covers on which they act for another.
    scopes: Option<BTreeSet<Scope>>,
}

impl May {
    fn of(who: &Who, caller: &Caller) -> Self {
        let roles = who.rights.iter().filter(|right| !right.dormant).map(|right| right.role).collect();
        Self { roles, scopes: caller.standing.deputy().map(|deputy| deputy.scope.clone()) }
    }

    /// For oneself.
    pub(crate) fn own(&self, name: &str) -> bool {
        name == EVERYBODY || operation(name).is_some_and(|o| o.roles.iter().any(|role| self.roles.contains(role)))
    }

    /// About oneself: what staff do about others is something else.
    pub(crate) fn about_oneself(&self, name: &str) -> bool {
        self.as_some(is_person, name)
    }

    /// About others, as staff.
    pub(crate) fn on_duty(&self, name: &str) -> bool {
        self.as_some(|role| !is_person(role), name)
    }

    /// Is there anything that they do as staff?
    pub(crate) fn staff(&self) -> bool {
        self.roles.iter().any(|role| !is_person(*role))
    }

    fn as_some(&self, counts: impl Fn(Role) -> bool, name: &str) -> bool {
        let roles = self.roles.iter().copied().filter(|role| counts(*role)).collect();
        Self { roles, scopes: None }.own(name)
    }

    /// For whoever gave the mandate, if one is acted on.
    pub(crate) fn acting(&self, name: &str) -> bool {
        let covered = |scopes: &BTreeSet<Scope>| Scope::of(name).is_some_and(|scope| scopes.contains(&scope));
        self.scopes.as_ref().map_or_else(|| self.about_oneself(name), covered)
    }
}

/// Who acts for themselves, or on a mandate.
fn is_person(role: Role) -> bool {
    matches!(role, Role::Resident | Role::Representative)
}

/// Where somebody's work begins: the credit office's own page, the desk of other staff, or what is held about oneself.
pub(crate) fn start(who: &Who) -> &'static str {
    let holds = |counts: fn(Role) -> bool| who.rights.iter().any(|right| !right.dormant && counts(right.role));
    let area = match () {
        () if holds(is_person) => Area::Me,
        () if holds(|role| role == Role::CreditOffice) => Area::Office,
        () if holds(|role| !is_person(role)) => Area::Desk,
        () => Area::Me,
    };
    area.start().map_or("/", |(path, _)| path)
}

/// Sessions of which is remembered what they may do, twice: those of late, and those before them.
const KEPT: usize = 4_096;

/// What each session may do, remembered from its own act, so that no page asks for it again. It decides nothing but which links are shown; whoever follows one
/// is asked for the right.
#[derive(Debug, Default)]
pub(crate) struct Mays {
    kept: Mutex<(HashMap<u64, May>, HashMap<u64, May>)>,
    /// Tokens are not kept, only what tells them apart.
    key: RandomState,
}

impl Mays {
    fn place(&self, token: &Token, mandate: Option<&str>) -> u64 {
        self.key.hash_one((token.text(), mandate))
    }

    /// Remembers what an act showed.
    pub(crate) fn note(&self, token: Option<&Token>, mandate: Option<&str>, who: &Who, caller: &Caller) {
        let Some(token) = token else { return };
        let place = self.place(token, mandate);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0.len() >= KEPT {
            kept.1 = std::mem::take(&mut kept.0);
        }
        kept.0.insert(place, May::of(who, caller));
    }

    fn of(&self, place: u64) -> Option<May> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0.get(&place).or_else(|| kept.1.get(&place)).cloned()
    }
}

/// Whoever a page is for. What they may do is looked up while the page is written: the act behind it has shown it by then.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    mays: Arc<Mays>,
    own: u64,
    acting: u64,
}

impl Visitor {
    pub(crate) fn new(mays: &Arc<Mays>, token: Option<&Token>, mandate: Option<&str>) -> Option<Self> {
        let place = |mandate| token.map(|token| mays.place(token, mandate));
        Some(Self { mays: Arc::clone(mays), own: place(None)?, acting: place(mandate)? })
    }

    /// On the mandate that they named, if they named one. Of one that nothing was done on yet nothing is known but what is one's own.
    pub(crate) fn may(&self) -> May {
        self.mays.of(self.acting).or_else(|| self.mays.of(self.own)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_names_an_operation_and_lies_where_it_is_shown_or_beside_it() {
        for area in [Area::Me, Area::Desk, Area::Office] {
            for (path, _, _, name) in area.places() {
                assert!(operation(name).is_some(), "{path}: {name}");
                assert_ne!(Area::of(path), Area::Public, "{path}");
            }
        }
        assert_eq!(Area::Me.nearest("/me/account/password"), Some("/me/account"));
        assert_eq!(Area::Desk.nearest("/desk/right"), None);
        assert_eq!([Area::of("/me"), Area::of("/mean"), Area::of("/desk/held")], [Area::Me, Area::Public, Area::Desk]);
    }

    #[test]
    fn what_may_be_done_follows_from_the_roles_or_from_the_mandate() {
        let own = May { roles: vec![Role::Resident], scopes: None };
        assert!(own.own("record_list") && own.acting("record_list") && own.own(EVERYBODY) && !own.own("held_list"));
        let deputy = May { scopes: Some([Scope::Log].into()), ..own.clone() };
        assert!(deputy.acting("log_lines") && !deputy.acting("record_list") && deputy.own("record_list"));
        let clerk = May { roles: vec![Role::Clerk], scopes: None };
        assert!(clerk.on_duty("objection_file") && !own.on_duty("objection_file") && own.on_duty(EVERYBODY));
        assert!(clerk.own("report_issue") && !clerk.about_oneself("report_issue") && clerk.about_oneself(EVERYBODY));
        assert!(May::default().own(EVERYBODY) && !May::default().own("record_list"));
    }
}
