//! Leak response: who was touched by an account, a key or in a span of time, from the log alone; and the letters that tell them.
//!
//! Nothing of a record is opened. A search is an entry in the installation's chain before the first person is named, and a line in the log of
//! each person it names, written before they are named: it is no silent way to read everybody's log. What a law keeps hidden for now is counted
//! and names nobody.
//!
//! The log is walked once, in slices; of whoever is found sixteen bytes are remembered until their lines are read again and handed on.

mod notice;
mod person;
mod search;

pub use notice::{LeakLetter, LeakNotices, LeakSaid};
pub use person::{LeakLine, LeakPerson};
pub use search::LeakSearch;

use std::collections::{BTreeMap, BTreeSet};

use chengxin_core::operation_words::LOG_REVEAL;
use chengxin_core::{Caller, dates};
use chengxin_store::log::{INSTALLATION, LogRow};
use serde::Serialize;
use serde_json::json;

use self::person::{Found, Identity};
use self::search::{Net, actor, parsed, walk};
use crate::{AppError, Installation, journal};

/// Entries of the log read at once.
const SLICE: i64 = 4_096;

/// People who are named in one transaction.
const AT_ONCE: usize = 64;

/// Who is handed each person that is named, with who they are.
type Named<'n> = dyn FnMut(&Installation, LeakPerson, Option<&Identity>) -> Result<(), AppError> + 'n;

/// What a search came to. Counts, and no names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeakSummary {
    /// Number of the entry of the installation's chain that tells of this search.
    pub entry: i64,
    /// People who were touched.
    pub people: u64,
    /// Of these, people of whom something was told to whoever is looked for, and not only written or done.
    pub told: u64,
    /// Lines in their logs.
    pub lines: u64,
    /// Records that those lines name.
    pub records: u64,
    /// Lines, by operation.
    pub operations: BTreeMap<String, u64>,
    /// What was done that concerns nobody by name, or many at once (a submission, a list), by operation.
    pub elsewhere: BTreeMap<String, u64>,
    /// Acts that a law keeps from the people whom they concern for now. They are told on their day, and counted here.
    pub sealed: u64,
    /// Accounts, keys and sessions that were asked for and stand nowhere in the log: were they mistyped?
    pub unseen: Vec<String>,
}

impl Installation {
    /// Who was touched, one after another, and what it came to. `person` gets each of them after the line in their own log is durable.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for whoever may not, or did not confirm just now who they are; [`crate::Kind::Invalid`] where nothing is searched
    /// for; what `person` returns; the store's.
    ///
    /// # Source
    /// 个人信息保护法 art. 57: after a leak the persons concerned and the competent office are told what and which data.
    pub fn leak_list(
        &mut self,
        caller: &Caller,
        search: &LeakSearch,
        person: &mut dyn FnMut(LeakPerson) -> Result<(), AppError>,
    ) -> Result<LeakSummary, AppError> {
        self.authorise(caller, "leak_list")?;
        self.leak_found(caller, "leak_list", search, &mut |_, found, _| person(found))
    }

    /// The search behind the list and the letters.
    fn leak_found(
        &mut self,
        caller: &Caller,
        name: &'static str,
        search: &LeakSearch,
        person: &mut Named<'_>,
    ) -> Result<LeakSummary, AppError> {
        let mut net = self.leak_net(search)?;
        let entry = self.leak_begun(caller, name, search)?;
        let mut summary = LeakSummary { entry, ..LeakSummary::default() };
        let touched = self.leak_touched(&mut net, &mut summary)?;
        let people = self.leak_people(&touched)?;
        drop(touched);
        let mut waiting = Vec::with_capacity(AT_ONCE);
        for of in people {
            let Some(found) = self.leak_lines(&net, &of)? else { continue };
            summary.add(&found);
            waiting.push((of, found));
            if waiting.len() == AT_ONCE {
                self.leak_told(caller, name, entry, &mut waiting, person)?;
            }
        }
        self.leak_told(caller, name, entry, &mut waiting, person)?;
        summary.unseen = net.unseen.into_iter().collect();
        self.leak_ended(caller, name, &summary)?;
        Ok(summary)
    }

    fn leak_begun(&mut self, caller: &Caller, name: &'static str, search: &LeakSearch) -> Result<i64, AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let instant = |at: Option<i64>| at.map(dates::shanghai_text);
        let detail = json!({
            "accounts": search.accounts, "keys": search.keys, "sessions": search.sessions,
            "from": instant(search.from_us), "until": instant(search.until_us),
        });
        let logged = self.store.write(name, |tx| journal::log(tx, &keys, now_us, name, caller, &detail))?;
        Ok(logged.number)
    }

    fn leak_ended(&mut self, caller: &Caller, name: &'static str, summary: &LeakSummary) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let detail = json!({
            "began": summary.entry, "people": summary.people, "told": summary.told, "lines": summary.lines, "records": summary.records,
        });
        self.store.write(name, |tx| journal::log(tx, &keys, now_us, name, caller, &detail)).map(drop)
    }

    /// Chains in which whoever is looked for left something.
    fn leak_touched(&self, net: &mut Net, summary: &mut LeakSummary) -> Result<BTreeSet<[u8; 16]>, AppError> {
        let (view, mut touched, mut seen) = (self.store.view(), BTreeSet::new(), BTreeSet::new());
        let (mut sealed, mut revealed) = (0_u64, 0);
        walk(view, |chain, row| {
            let hidden = if row.operation == LOG_REVEAL { self.leak_revealed(row)? } else { None };
            let hit = hidden.as_ref().unwrap_or(row);
            let Some(actor) = actor(hit).filter(|actor| net.catches(actor, hit)) else { return Ok(()) };
            seen.insert(actor);
            if chain == INSTALLATION {
                *summary.elsewhere.entry(row.operation.clone()).or_default() += 1;
            } else if parsed(&row.detail).get("about").is_some() {
                sealed += 1;
            } else {
                revealed += u64::from(hidden.is_some());
                touched.insert(chain);
            }
            Ok(())
        })?;
        // What was revealed since stands in its own chain still.
        summary.sealed = sealed.saturating_sub(revealed);
        // A name that only the console knew is no account, and stands in the log all the same.
        net.unseen.retain(|name| !seen.contains(name) && !seen.contains(&self.keys.actor_tag(name)));
        Ok(touched)
    }

    /// The entry that a line reveals.
    fn leak_revealed(&self, row: &LogRow) -> Result<Option<LogRow>, AppError> {
        let detail = parsed(&row.detail);
        let chain = detail["chain"].as_str().and_then(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()).ok());
        let Some(chain) = chain.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok()) else { return Ok(None) };
        Ok(self.store.view().log_of_subject(&chain, 0, 1)?.pop())
    }

    /// Writes the line of each who waits, and then hands them on.
    fn leak_told(
        &mut self,
        caller: &Caller,
        name: &'static str,
        entry: i64,
        waiting: &mut Vec<(Found, LeakPerson)>,
        person: &mut Named<'_>,
    ) -> Result<(), AppError> {
        if waiting.is_empty() {
            return Ok(());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(name, |tx| -> Result<(), AppError> {
            for (of, found) in waiting.iter() {
                let records: Vec<_> = found.records.iter().map(|record| json!([record.record])).collect();
                let detail = json!({ "leak": entry, "lines": found.lines.len() + found.further, "records": records });
                journal::log_about(tx, &keys, &of.subject, now_us, name, caller, &detail)?;
            }
            Ok(())
        })?;
        for (of, found) in waiting.drain(..) {
            person(self, found, of.identity.as_ref())?;
        }
        Ok(())
    }
}

impl LeakSummary {
    fn add(&mut self, found: &LeakPerson) {
        self.people += 1;
        self.told += u64::from(found.lines.iter().any(|line| line.told));
        self.lines += (found.lines.len() + found.further) as u64;
        self.records += found.records.len() as u64;
        for line in &found.lines {
            *self.operations.entry(line.operation.clone()).or_default() += 1;
        }
    }
}
