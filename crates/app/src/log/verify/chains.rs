//! Every chain of entries from its first to its last, and beside it whatever the database has about the same subject.

use chengxin_core::record::RecordId;
use chengxin_store::audit::{Cell, HIDDEN, SUBJECTS, Table};
use chengxin_store::log::{INSTALLATION, LogRow};
use chengxin_store::record::{Cause, VersionRow};
use data_encoding::HEXLOWER;

use super::fold::{Anchor, ClaimState, Hidden, Own};
use super::stream::{Stream, entries, rows, versions};
use super::{Check, Verified};
use crate::AppError;
use crate::log::rows::{OF_SUBJECT, digest, key_text};
use crate::record::version_commitment;

/// How far the time in a subject's id may stand from the time in its row, in milliseconds: an import takes that long.
const ID_TOLERANCE_MS: i64 = 600_000;

/// Where a chain stands.
struct Chain {
    id: [u8; 16],
    number: i64,
    previous: [u8; 32],
    at_us: i64,
}

/// What the versions about a subject say of it.
#[derive(Default)]
struct Seen {
    any: bool,
    /// Submission and kind of subject, each pair once.
    kinds: Vec<(i64, i64)>,
}

impl Check<'_> {
    /// Reads `log_hidden`, which is small.
    pub(super) fn hidden(&mut self) -> Result<(), AppError> {
        let mut stream = rows(self.view, &HIDDEN)?;
        while let Some(row) = stream.pop()? {
            let [subject, chain, number, reveal_on, clause, revealed] = &row[..] else { continue };
            let (Some(subject), Some(chain), Some(number)) = (subject.id(), chain.id(), number.int()) else {
                self.out.add("log_hidden", joined(&row[..3]), "键的形式有误", "its key has another form");
                continue;
            };
            let day = reveal_on.int();
            let (Some(reveal_on), true) = (day, *revealed == Cell::Null || revealed.int().is_some()) else {
                self.out.add("log_hidden", joined(&row[..3]), "有列的形式有误", "one of its columns has another form");
                continue;
            };
            let (clause, revealed) = (clause.to_string(), revealed.int());
            let hidden = Hidden { subject, number, reveal_on, clause, revealed, entry_met: false, line_met: false };
            self.known.hidden_of.entry(subject).or_default().push(chain);
            if self.known.hidden.insert(chain, hidden).is_some() {
                self.out.add("log_hidden", joined(&row[..3]), "同一条目出现两次", "the same entry stands here twice");
            }
        }
        Ok(())
    }

    /// After the chains: rows of `log_hidden` whose entry, or whose line that reveals it, was not met.
    pub(super) fn hidden_rows(&mut self) {
        for (chain, row) in &self.known.hidden {
            let key = format!("{}/{}/{}", HEXLOWER.encode(&row.subject), HEXLOWER.encode(chain), row.number);
            if !row.entry_met {
                let (zh, en) = (
                    "没有这样的暂不告知的条目：该行是手工加入的，或条目被删除",
                    "there is no such hidden entry: the row was added by hand, or the entry removed",
                );
                self.out.add("log_hidden", key, zh, en);
            } else if row.revealed.is_some() && !row.line_met {
                self.out.add("log_hidden", key, "所称的揭示条目不存在", "there is no such line that reveals it");
            }
        }
    }

    /// Goes through everything that has a subject, in the order of subjects.
    pub(super) fn chains(&mut self) -> Result<(), AppError> {
        let view = self.view;
        let (Some(mut log), Some(mut held)) =
            (self.unreadable("log_entry", "", entries(view))?, self.unreadable("version", "", versions(view))?)
        else {
            return Ok(());
        };
        let mut tables = OF_SUBJECT.into_iter().map(|table| rows(view, table)).collect::<Result<Vec<_>, _>>()?;
        let mut subjects = rows(view, &SUBJECTS)?;
        loop {
            for (table, stream) in OF_SUBJECT.into_iter().zip(&mut tables) {
                self.skip_malformed(table, stream)?;
            }
            self.skip_malformed(&SUBJECTS, &mut subjects)?;
            let own_id = |stream: &Stream<'_, Vec<Cell>>| stream.peek().and_then(|row| row[0].id());
            let next = log.peek().map(|(chain, _)| *chain).into_iter().chain(held.peek().map(|row| row.subject_id));
            let next = next.chain(tables.iter().filter_map(own_id)).chain(own_id(&subjects)).min();
            let Some(subject) = next else { break };
            let mut own = Own::default();
            if !self.chain(&subject, &mut log, &mut own)? {
                return Ok(());
            }
            self.hidden_entries(&subject, &mut own)?;
            let Some(seen) = self.versions_of(&subject, &mut held, &mut own)? else { return Ok(()) };
            for (table, stream) in OF_SUBJECT.into_iter().zip(&mut tables) {
                self.rows_of(&subject, table, stream, &mut own)?;
            }
            let row = if own_id(&subjects) == Some(subject) { subjects.pop()? } else { None };
            self.subject(&subject, row.as_deref(), &seen, &mut own);
            self.left_over(&subject, own);
        }
        self.out.entries = log.read;
        self.out.versions = held.read;
        let counts = [
            ("log_entry", log.read, self.view.audit_entries()?),
            ("version", held.read, self.view.audit_version_count()?),
        ];
        for (table, read, count) in counts {
            if i64::try_from(read) != Ok(count) {
                self.out.add(
                    table,
                    "?",
                    format!("表中有 {count} 行，按键只能读到 {read} 行：有的行没有有效的键"),
                    format!("the table has {count} rows and {read} can be read by key: some have no valid key"),
                );
            }
        }
        Ok(())
    }

    fn skip_malformed(&mut self, table: &Table, stream: &mut Stream<'_, Vec<Cell>>) -> Result<(), AppError> {
        while stream.peek().is_some_and(|row| row[0].id().is_none()) {
            if let Some(row) = stream.pop()? {
                self.out.add(
                    table.name,
                    joined(&row[..table.keys]),
                    "键的形式有误：该行是手工加入的",
                    "its key has another form: the row was added by hand",
                );
            }
        }
        Ok(())
    }

    /// The entries of one chain; whether the walk can go on.
    fn chain(
        &mut self,
        subject: &[u8; 16],
        log: &mut Stream<'_, ([u8; 16], LogRow)>,
        own: &mut Own,
    ) -> Result<bool, AppError> {
        let mut chain = Chain { id: *subject, number: 0, previous: [0; 32], at_us: i64::MIN };
        // A chain of its own is taken in with the subject that it concerns.
        let hidden = self.known.hidden.contains_key(subject);
        while log.peek().is_some_and(|(id, _)| id == subject) {
            let after = format!("{}/{}", HEXLOWER.encode(subject), chain.number);
            let read = log.pop();
            let Some(read) = self.unreadable("log_entry", &after, read)? else { return Ok(false) };
            let Some((_, entry)) = read else { break };
            own.entries += 1;
            self.link(&mut chain, &entry);
            self.fold_hidden(subject, &entry);
            if !hidden {
                self.fold(subject, &entry, own)?;
            }
        }
        Ok(true)
    }

    /// One entry against the one before it.
    fn link(&mut self, chain: &mut Chain, entry: &LogRow) {
        let key = format!("{}/{}", HEXLOWER.encode(&chain.id), entry.number);
        let mut faults: Vec<(&str, &str)> = Vec::new();
        if entry.expected_commitment(&self.keys.hash(), &chain.id) != entry.commitment {
            faults.push((
                "内容与其承诺值不符：有列被改动",
                "its columns do not give its commitment: one of them was altered",
            ));
        }
        if !crate::log::salt::is_ours(self.keys, &chain.id, entry) {
            faults.push((
                "不是用本安装的密钥写入的：它是手工加入的，或被改动后重算了承诺值",
                "it was not written with this installation's key: it was added by hand, or altered and its commitment made anew",
            ));
        }
        if entry.number != chain.number + 1 {
            faults.push((
                "序号不连续：其前有条目被删除，或该条被加入、调换",
                "its number leaves a gap: an entry before it was removed, or this one added or moved",
            ));
        }
        if entry.previous != chain.previous {
            faults.push((
                "不接在前一条之后：前一条或本条被改动、删除或调换",
                "it does not follow the entry before: that one or this was altered, removed or moved",
            ));
        }
        if entry.at_us < chain.at_us {
            faults.push(("时间早于前一条", "its time is before that of the entry before"));
        }
        if entry.leaf_index.is_none() {
            self.out.waiting += 1;
        }
        for (zh, en) in faults {
            self.out.add("log_entry", key.clone(), zh, en);
        }
        (chain.number, chain.previous) = (entry.number, entry.commitment);
        chain.at_us = chain.at_us.max(entry.at_us);
    }

    /// What the hidden entries about a subject say of its rows.
    fn hidden_entries(&mut self, subject: &[u8; 16], own: &mut Own) -> Result<(), AppError> {
        // Of most subjects the law hides nothing.
        let Some(chains) = self.known.hidden_of.get(subject).cloned() else { return Ok(()) };
        for chain in chains {
            for entry in self.view.log_of_subject(&chain, 0, 16)? {
                self.fold(subject, &entry, own)?;
            }
        }
        Ok(())
    }

    /// The versions about a subject; `None` where the walk cannot go on.
    fn versions_of(
        &mut self,
        subject: &[u8; 16],
        held: &mut Stream<'_, VersionRow>,
        own: &mut Own,
    ) -> Result<Option<Seen>, AppError> {
        let (mut seen, mut scratch) = (Seen::default(), Vec::new());
        while let Some(after) = held.peek().filter(|row| row.subject_id == *subject).map(version_key) {
            let read = held.pop();
            let Some(read) = self.unreadable("version", &after, read)? else { return Ok(None) };
            let Some(row) = read else { break };
            if version_commitment(self.keys, &row, &mut scratch) != row.commitment {
                let (zh, en) = (
                    "内容与其承诺值不符：有列被改动",
                    "its columns do not give its commitment: one of them was altered",
                );
                self.out.add("version", version_key(&row), zh, en);
            }
            self.anchored(&row, own);
            seen.any = true;
            if !seen.kinds.contains(&(row.submission_id, row.subject_kind)) {
                seen.kinds.push((row.submission_id, row.subject_kind));
            }
        }
        Ok(Some(seen))
    }

    /// Does an entry anchor the version? Those of accepted submissions are held against the root later.
    fn anchored(&mut self, row: &VersionRow, own: &mut Own) {
        let fits = if row.submission_id != 0 {
            let claim = self.known.submissions.get(&row.submission_id).map(|claim| claim.state);
            self.out.open += u64::from(claim == Some(ClaimState::Open));
            matches!(claim, Some(ClaimState::Open | ClaimState::Accepted(_)))
        } else if row.cause == Cause::Catalogue as i64 {
            self.known.catalogue_lines.contains(&row.row_no)
        } else {
            let wanted = Anchor::of(row);
            let at = own.anchors.iter().position(|(named, _)| *named == wanted);
            at.map(|at| own.anchors.swap_remove(at)).is_some()
        };
        if !fits {
            self.out.add(
                "version",
                version_key(row),
                "没有任何留痕条目锚定该版本：它是手工加入的，或被改动后重算了承诺值",
                "no entry of the log anchors it: it was added by hand, or altered and its commitment made anew",
            );
        }
    }

    /// The rows that a table has about a subject, against what its entries say.
    fn rows_of(
        &mut self,
        subject: &[u8; 16],
        table: &'static Table,
        stream: &mut Stream<'_, Vec<Cell>>,
        own: &mut Own,
    ) -> Result<(), AppError> {
        while stream.peek().is_some_and(|row| row[0].id() == Some(*subject)) {
            let Some(row) = stream.pop()? else { break };
            let found = digest(self.keys, table, &row);
            let key = (table.name.to_owned(), key_text(table, &row, &found));
            let claimed = own.rows.remove(&key).flatten();
            compare(&mut self.out, table, &row, &HEXLOWER.encode(&found), claimed.as_deref());
        }
        Ok(())
    }

    /// The row of a subject, against its versions or the entry that made it.
    fn subject(&mut self, subject: &[u8; 16], row: Option<&[Cell]>, seen: &Seen, own: &mut Own) {
        let key = HEXLOWER.encode(subject);
        let claimed = own.rows.remove(&("subject".to_owned(), String::new()));
        let Some(row) = row else {
            if (seen.any && !own.forgotten) || matches!(claimed, Some(Some(_))) {
                let (zh, en) = (
                    "有关于该主体的记录或留痕，但本行被删除",
                    "there are records or entries about the subject, and its row was removed",
                );
                self.out.add("subject", key, zh, en);
            }
            return;
        };
        let fits = match claimed {
            Some(claimed) => {
                return compare(
                    &mut self.out,
                    &SUBJECTS,
                    row,
                    &HEXLOWER.encode(&digest(self.keys, &SUBJECTS, row)),
                    claimed.as_deref(),
                );
            }
            None if !seen.any && own.entries == 0 => {
                let (zh, en) = (
                    "没有任何记录或留痕关于该主体：该行是手工加入的",
                    "no record and no entry is about it: the row was added by hand",
                );
                return self.out.add("subject", key, zh, en);
            }
            None => self.born(subject, row, seen),
        };
        if !fits {
            let (zh, en) = (
                "类别、批次或时间与最初提到该主体的记录不符：有列被改动",
                "kind, submission or time do not fit the records that first named it: one of them was altered",
            );
            self.out.add("subject", key, zh, en);
        }
    }

    /// Does the row of a subject fit the submission that first named it?
    fn born(&self, subject: &[u8; 16], row: &[Cell], seen: &Seen) -> bool {
        let [_, kind, submission, created] = row else { return false };
        let (Some(kind), Some(submission), Some(created)) = (kind.int(), submission.int(), created.int()) else {
            return false;
        };
        let id_ms = subject[..6].iter().fold(0i64, |ms, byte| ms << 8 | i64::from(*byte));
        let in_time = (id_ms - created / 1_000).abs() <= ID_TOLERANCE_MS;
        let claim = self.known.submissions.get(&submission).map(|claim| claim.state);
        let of_submission = seen.kinds.iter().any(|(of, _)| *of == submission);
        let kind_fits = seen.kinds.contains(&(submission, kind));
        // What a submission brought that was recalled is gone, and cannot tell any more.
        let ended = claim == Some(ClaimState::Ended) && !of_submission && (1..=4).contains(&kind);
        in_time && claim.is_some() && (kind_fits || ended)
    }

    /// What the entries about a subject say is there, and was not met.
    fn left_over(&mut self, subject: &[u8; 16], own: Own) {
        let subject_text = HEXLOWER.encode(subject);
        for (anchor, line) in own.anchors {
            self.out.add(
                "version",
                format!("{subject_text}/{}/{}", RecordId(anchor.record).hex(), anchor.version),
                format!("第 {line} 条留痕写明的版本不存在，或不是当时所写的：被删除或改动"),
                format!("the version that entry {line} names is not there, or is not what was written: it was removed or altered"),
            );
        }
        if *subject == INSTALLATION {
            return;
        }
        for ((table, key), claimed) in own.rows {
            let table = OF_SUBJECT.into_iter().chain([&SUBJECTS]).find(|of| of.name == table);
            if let (Some(table), Some(_)) = (table, claimed) {
                missing(&mut self.out, table.name, format!("{subject_text}/{key}"));
            }
        }
    }
}

/// A row against the digest in the log.
pub(super) fn compare(out: &mut Verified, table: &Table, row: &[Cell], found: &str, claimed: Option<&str>) {
    let key = joined(&row[..table.keys]);
    match claimed {
        Some(claimed) if claimed == found => {}
        Some(_) => out.add(
            table.name,
            key,
            "与留痕所记的不符：有列被改动，或与另一行调换",
            "it is not what the log says it is: a column was altered, or the row changed places with another",
        ),
        None => out.add(
            table.name,
            key,
            "没有任何留痕条目写过该行，或已写明将其删除：它是手工加入或恢复的",
            "no entry of the log wrote it, or one says that it was removed: it was added, or put back, by hand",
        ),
    }
}

pub(super) fn missing(out: &mut Verified, table: &'static str, key: String) {
    out.add(
        table,
        key,
        "留痕写明有该行，但它不存在：被删除",
        "the log says that it is there, and it is not: it was removed",
    );
}

pub(super) fn joined(cells: &[Cell]) -> String {
    cells.iter().map(ToString::to_string).collect::<Vec<_>>().join("/")
}

pub(super) fn version_key(row: &VersionRow) -> String {
    format!("{}/{}/{}", HEXLOWER.encode(&row.subject_id), RecordId(row.record_id).hex(), row.version)
}
