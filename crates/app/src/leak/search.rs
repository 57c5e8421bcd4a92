//! For whom and when a search looks: accounts, machines' keys, sessions, a span of time, and any of them together.

use std::collections::{BTreeSet, HashMap};

use chengxin_core::Caller;
use chengxin_core::account::LIFETIMES;
use chengxin_core::operation::operation;
use chengxin_core::operation_words::{LOG_REVEAL, LOG_SEAL};
use chengxin_store::View;
use chengxin_store::log::LogRow;
use serde_json::Value;

use super::SLICE;
use crate::keyring::Keyring;
use crate::{AppError, Installation};

/// What a search is for. At least one of them is named; several accounts, keys and sessions add up, and a span narrows all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeakSearch {
    /// Accounts: by login name, or as the log calls them (`王芳#1a2b3c4d`; at the console, the name that was given).
    pub accounts: Vec<String>,
    /// Keys of machines, by the name under which each is registered (kid).
    pub keys: Vec<String>,
    /// Sessions, by the sixteen digits of their list.
    pub sessions: Vec<String>,
    /// From which instant on, microseconds UTC.
    pub from_us: Option<i64>,
    /// Before which instant.
    pub until_us: Option<i64>,
}

/// An instant and the one before which it ends.
type Window = (i64, i64);

const ALWAYS: Window = (i64::MIN, i64::MAX);

/// Who is looked for, as entries name them, each with when.
#[derive(Debug, Default)]
pub(super) struct Net {
    /// `None` where only a time is known: then whoever did something in it.
    actors: Option<HashMap<String, Vec<Window>>>,
    span: Option<Window>,
    /// What was asked for and is nowhere in the log: a name that was mistyped must not read as “nobody was touched”.
    pub(super) unseen: BTreeSet<String>,
}

impl Net {
    /// Was an entry made by somebody who is looked for, at a time that is looked for? Of staff the chains of persons have tags, the
    /// installation's own has names: a net has both.
    pub(super) fn catches(&self, actor: &str, row: &LogRow) -> bool {
        let within = |(from, until): &Window| (*from..*until).contains(&row.at_us);
        if is_own(&row.operation) || self.span.is_some_and(|span| !within(&span)) {
            return false;
        }
        match &self.actors {
            // Nobody is named: then only what told something is a leak.
            None => tells(&row.operation),
            Some(actors) => actors.get(actor).is_some_and(|windows| windows.iter().any(within)),
        }
    }

    fn add(&mut self, keys: &Keyring, actor: &str, window: Window) {
        let actors = self.actors.get_or_insert_default();
        for name in [actor.to_owned(), keys.actor_tag(actor)] {
            let windows = actors.entry(name).or_default();
            match windows.last_mut() {
                // Tokens follow each other: the windows of a year of them are few.
                Some(last) if window.0 <= last.1 && last.0 <= window.0 => last.1 = last.1.max(window.1),
                _ => windows.push(window),
            }
        }
    }
}

impl LeakSearch {
    fn checked(&self) -> Result<(), AppError> {
        if self.accounts.is_empty() && self.keys.is_empty() && self.sessions.is_empty() && self.span().is_none() {
            return Err(AppError::invalid(
                "须指明账户、接口密钥、登录或者时段中的至少一项",
                "name at least one of account, key, session and span of time",
            ));
        }
        match self.span() {
            Some((from, until)) if from >= until => Err(AppError::invalid(
                "时段的起点须早于终点；请核对日期",
                "a span begins before it ends: compare the dates",
            )),
            _ => Ok(()),
        }
    }

    fn span(&self) -> Option<Window> {
        (self.from_us.is_some() || self.until_us.is_some())
            .then(|| (self.from_us.unwrap_or(i64::MIN), self.until_us.unwrap_or(i64::MAX)))
    }
}

impl Installation {
    /// The net of a search.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] where nothing is named, or a span ends before it begins; the store's.
    pub(super) fn leak_net(&self, search: &LeakSearch) -> Result<Net, AppError> {
        search.checked()?;
        let mut net = Net { span: search.span(), ..Net::default() };
        for account in &search.accounts {
            net.add(&self.keys, account, ALWAYS);
            if let Some(actor) = self.account_actor(account)? {
                net.add(&self.keys, &actor, ALWAYS);
            } else {
                net.unseen.insert(account.clone());
            }
        }
        if search.keys.is_empty() && search.sessions.is_empty() {
            return Ok(net);
        }
        net.unseen.extend(search.keys.iter().chain(&search.sessions).cloned());
        net.actors.get_or_insert_default();
        let view = self.store.view();
        walk(view, |_, row| {
            match row.operation.as_str() {
                "token_issue" => key_used(&mut net, &self.keys, search, row),
                "session_open" | "session_end" => session_used(&mut net, &self.keys, search, row),
                _ => {}
            }
            Ok(())
        })?;
        Ok(net)
    }
}

/// Goes through the whole log, chain by chain, in slices.
pub(super) fn walk(
    view: View<'_>,
    mut each: impl FnMut([u8; 16], &LogRow) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut at = ([0; 16], 0);
    loop {
        let slice = view.log_walk(&at.0, at.1, SLICE)?;
        let Some((chain, last)) = slice.last() else { return Ok(()) };
        at = (*chain, last.number);
        for (chain, row) in &slice {
            each(*chain, row)?;
        }
    }
}

/// What a machine did while a token held for which the key signed. Where two keys of one machine held side by side, what it did by the other is
/// caught too: somebody is told in vain rather than not at all.
fn key_used(net: &mut Net, keys: &Keyring, search: &LeakSearch, row: &LogRow) {
    let detail = parsed(&row.detail);
    let Some(kid) = detail["key"].as_str().filter(|kid| search.keys.iter().any(|key| key == kid)) else { return };
    let (Some(until), Some(actor)) = (detail["until_us"].as_i64(), actor(row)) else { return };
    net.unseen.remove(kid);
    net.add(keys, &actor, (row.at_us, until.saturating_add(1)));
}

/// What an account did while a session of it lasted, with whatever else it did meanwhile.
fn session_used(net: &mut Net, keys: &Keyring, search: &LeakSearch, row: &LogRow) {
    let detail = parsed(&row.detail);
    let Some(id) = detail["session"].as_str().filter(|id| search.sessions.iter().any(|one| one == id)) else { return };
    let Some(actor) = actor(row) else { return };
    if row.operation == "session_open" {
        let longest = LIFETIMES.iter().map(|lifetime| lifetime.whole_us).max().unwrap_or(i64::MAX);
        net.unseen.remove(id);
        net.add(keys, &actor, (row.at_us, row.at_us.saturating_add(longest)));
    } else if let Some(actors) = &mut net.actors {
        for name in [actor.clone(), keys.actor_tag(&actor)] {
            if let Some(window) = actors.get_mut(&name).and_then(|windows| windows.last_mut()) {
                window.1 = window.1.min(row.at_us.saturating_add(1));
            }
        }
    }
}

/// Who made an entry, as it calls them.
pub(super) fn actor(row: &LogRow) -> Option<String> {
    serde_json::from_str::<Caller>(&row.caller).ok().map(|caller| caller.actor)
}

pub(super) fn parsed(detail: &str) -> Value {
    serde_json::from_str(detail).unwrap_or(Value::Null)
}

/// What tells of a search, or that something is sealed or no longer, is nobody's look at a record.
fn is_own(name: &str) -> bool {
    matches!(name, "leak_list" | "leak_notices" | LOG_SEAL | LOG_REVEAL)
}

/// Does an operation tell something about a person to whoever performs it? The list of operations says it of records; what is read of a proceeding, a
/// consent or a complaint is told too.
pub(super) fn tells(name: &str) -> bool {
    const MORE: [&str; 6] = [
        "complaint_list",
        "complaint_show",
        "consent_list",
        "proceeding_attachment",
        "proceeding_list",
        "proceeding_show",
    ];
    MORE.contains(&name) || operation(name).is_some_and(|operation| operation.discloses)
}
