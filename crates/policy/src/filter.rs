//! What a list may show: the same grants as a decision, written as a choice of words a `WHERE` can say.

use std::sync::Arc;

use chengxin_core::record::SubjectId;

use crate::cells::{AUTHORITY, Boxed, CLASS, Cells, HOLDER, ITEM, STAGE, SUBJECT, SUBMITTER};
use crate::seen::Side;
use crate::{Class, Decision, Principal, Resource, Stage};

/// Which of the four ways to stand to the asker are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sides {
    /// Theirs.
    pub own: bool,
    /// Of one for whom they hold a mandate; only subjects are.
    pub mandate: bool,
    /// Another's.
    pub other: bool,
    /// Nobody's: the column is empty.
    pub none: bool,
}

impl Sides {
    /// All: the column needs no condition.
    pub const ANY: Sides = Sides { own: true, mandate: true, other: true, none: true };

    /// Does the column need no condition?
    #[must_use]
    pub fn is_any(self) -> bool {
        self == Self::ANY
    }

    /// Is a thing in that stands so to the asker?
    #[must_use]
    pub fn has(self, side: Side) -> bool {
        match side {
            Side::Own => self.own,
            Side::Mandate => self.mandate,
            Side::Other => self.other,
            Side::None => self.none,
        }
    }

    /// Ways that cannot occur are in where all the others are: then there is nothing to ask the column.
    fn of(tried: &[Side], chosen: &[bool]) -> Self {
        if chosen.iter().all(|chosen| *chosen) {
            return Self::ANY;
        }
        let has = |side: Side| tried.iter().zip(chosen).any(|(tried, chosen)| *tried == side && *chosen);
        Self { own: has(Side::Own), mandate: has(Side::Mandate), other: has(Side::Other), none: has(Side::None) }
    }
}

/// Things of which a list may show all: every condition must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// By authority.
    pub authority: Sides,
    /// By subject.
    pub subject: Sides,
    /// By the account that submitted.
    pub submitter: Sides,
    /// By the account that it belongs to.
    pub holder: Sides,
    /// Stages that are in; all five: no condition.
    pub stages: Vec<Stage>,
    /// Classes that are in, `None` for things without one; all fourteen: no condition.
    pub classes: Vec<Option<Class>>,
    /// Items that are in; absent: no condition.
    pub items: Option<Items>,
}

/// A condition on items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items {
    /// Are things without an item in?
    pub without: bool,
    /// Items that are in; or, with [`Items::others`], those that are not.
    pub listed: Vec<String>,
    /// Are all in but the listed?
    pub others: bool,
}

impl Items {
    fn has(&self, item: Option<&str>) -> bool {
        item.map_or(self.without, |item| self.listed.iter().any(|listed| listed == item) != self.others)
    }

    fn of(tried: &[Option<&str>], chosen: &[bool]) -> Option<Self> {
        if chosen.iter().all(|chosen| *chosen) {
            return None;
        }
        // By `Cells`: nothing, then what no policy names, then what one does.
        let others = chosen[1];
        let named = tried.iter().zip(chosen).skip(2).filter(|(_, chosen)| **chosen != others);
        let listed = named.filter_map(|(item, _)| item.map(str::to_owned)).collect();
        Some(Self { without: chosen[0], listed, others })
    }
}

impl Scope {
    pub(crate) fn of(cells: &Cells<'_>, boxed: &Boxed) -> Self {
        let sides = |at: usize| Sides::of(&cells.sides[at], &boxed[at]);
        let stages = chosen(&cells.stages, &boxed[STAGE], &Stage::ALL);
        let all: Vec<Option<Class>> = [None].into_iter().chain(Class::ALL.map(Some)).collect();
        Self {
            authority: sides(AUTHORITY),
            subject: sides(SUBJECT),
            submitter: sides(SUBMITTER),
            holder: sides(HOLDER),
            stages,
            classes: chosen(&cells.classes, &boxed[CLASS], &all),
            items: Items::of(&cells.items, &boxed[ITEM]),
        }
    }

    /// May all classes be shown, and things without one?
    #[must_use]
    pub fn all_classes(&self) -> bool {
        self.classes.len() == Class::ALL.len() + 1
    }

    /// May things at every stage be shown?
    #[must_use]
    pub fn all_stages(&self) -> bool {
        self.stages.len() == Stage::ALL.len()
    }
}

/// The words chosen; all there are where the one tried stood for all.
fn chosen<T: Copy>(tried: &[T], chosen: &[bool], all: &[T]) -> Vec<T> {
    if tried.len() == 1 {
        return all.to_vec();
    }
    tried.iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(word, _)| *word).collect()
}

/// What a list may show to an asker: what is in any of the scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFilter {
    /// The asker's authority: what [`Scope::authority`] means by *own*.
    pub authority: Option<String>,
    /// The asker's account: what [`Scope::submitter`] and [`Scope::holder`] mean by *own*.
    pub account: Option<String>,
    /// The asker's subject: what [`Scope::subject`] means by *own*.
    pub subject: Option<SubjectId>,
    /// Subjects whose mandates they hold.
    pub mandates: Vec<SubjectId>,
    /// The scopes; none: nothing may be shown.
    pub scopes: Arc<[Scope]>,
    /// Why nothing may be shown, where that is so.
    pub refusal: Option<Decision>,
}

impl ListFilter {
    pub(crate) fn new(principal: &Principal, scopes: Arc<[Scope]>, refusal: Option<Decision>) -> Self {
        Self {
            authority: principal.authority.clone(),
            account: Some(principal.account.clone()).filter(|account| !account.is_empty()),
            subject: principal.subject,
            mandates: principal.mandates.clone(),
            scopes,
            refusal,
        }
    }

    /// May nothing be shown?
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.scopes.is_empty()
    }

    /// May everything be shown?
    #[must_use]
    pub fn is_everything(&self) -> bool {
        let open = |scope: &Scope| {
            let sides = [scope.authority, scope.subject, scope.submitter, scope.holder];
            sides.into_iter().all(Sides::is_any) && scope.all_stages() && scope.all_classes() && scope.items.is_none()
        };
        self.scopes.iter().any(open)
    }

    /// May the list show the thing? What a `WHERE` made of this filter must answer too.
    #[must_use]
    pub fn admits(&self, thing: &Resource) -> bool {
        let account = self.account.as_deref();
        let subject = match thing.subject {
            None => Side::None,
            thing if self.subject == thing => Side::Own,
            Some(thing) if self.mandates.contains(&thing) => Side::Mandate,
            Some(_) => Side::Other,
        };
        self.scopes.iter().any(|scope| {
            scope.authority.has(Side::of(self.authority.as_deref(), thing.authority.as_deref()))
                && scope.subject.has(subject)
                && scope.submitter.has(Side::of(account, thing.submitter.as_deref()))
                && scope.holder.has(Side::of(account, thing.holder.as_deref()))
                && scope.stages.contains(&thing.stage)
                && scope.classes.contains(&thing.class)
                && scope.items.as_ref().is_none_or(|items| items.has(thing.item.as_deref()))
        })
    }
}
