//! What the entries of the log say, one after the other, until what they say in the end is known.

use std::collections::{BTreeMap, HashMap, HashSet};

use chengxin_core::{Caller, Ground};
use chengxin_store::audit::{NAMES, SUBJECTS};
use chengxin_store::log::{INSTALLATION, LogRow};
use chengxin_store::record::VersionRow;
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::Value;

use super::{Check, Claims};
use crate::AppError;
use crate::log::rows::OF_SUBJECT;

/// What is known of the installation as a whole.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Digests of rows that no subject has.
    pub(super) rows: Claims,
    /// Submissions by number.
    pub(super) submissions: BTreeMap<i64, Claim>,
    /// Entries of the installation that anchor versions as a change of the catalogue.
    pub(super) catalogue_lines: HashSet<i64>,
    /// Held rows that were deleted at their deadline.
    pub(super) purged: u64,
    /// When.
    pub(super) purges: HashSet<i64>,
    /// Rows of `log_hidden` by chain.
    pub(super) hidden: HashMap<[u8; 16], Hidden>,
    /// Chains of hidden entries, by the subject that they concern.
    pub(super) hidden_of: HashMap<[u8; 16], Vec<[u8; 16]>>,
}

/// What the log says of a submission.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    pub(super) state: ClaimState,
    /// The entry of the installation that says so.
    pub(super) line: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClaimState {
    Open,
    Accepted(Accepted),
    /// Recalled or abandoned: nothing of it is left.
    Ended,
}

/// What a submission brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accepted {
    /// How many versions.
    pub(super) versions: u64,
    /// Root over them.
    pub(super) root: [u8; 32],
}

/// What an entry says of a version that a decision wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) record: [u8; 16],
    pub(super) version: i64,
    commitment: [u8; 32],
}

impl Anchor {
    pub(super) fn of(row: &VersionRow) -> Self {
        Self { record: row.record_id, version: row.version, commitment: row.commitment }
    }

    /// As [`crate::record::anchor`] writes it; `None` for anything else.
    fn read((record, version, commitment): &(String, i64, String)) -> Option<Self> {
        Some(Self { record: bytes(record)?, version: *version, commitment: bytes(commitment)? })
    }
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// A row of `log_hidden`.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) subject: [u8; 16],
    pub(super) number: i64,
    pub(super) reveal_on: i64,
    pub(super) clause: String,
    pub(super) revealed: Option<i64>,
    /// Was its entry met?
    pub(super) entry_met: bool,
    /// Was the line that reveals it met?
    pub(super) line_met: bool,
}

/// What the entries about one subject say.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Versions that decisions wrote, each with the number of its entry.
    pub(super) anchors: Vec<(Anchor, i64)>,
    /// Digests of rows of the subject.
    pub(super) rows: Claims,
    /// Did an erasure take the subject's key, tags and number?
    pub(super) forgotten: bool,
    /// Entries.
    pub(super) entries: u64,
}

/// The parts of a detail that say something about the database. What else stands in it is for people.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    rows: Vec<(String, String, Option<String>)>,
    versions: Value,
    records: Value,
    root: Value,
    submission: Value,
    opened: bool,
    accepted: bool,
    subject_forgotten: bool,
    held: Value,
    at_us: Value,
    chain: Value,
    about: Value,
}

/// Entries that say something about the database without naming rows or versions.
const TELLING: [&str; 2] = ["held_purge", "log_reveal"];

fn tells(entry: &LogRow) -> bool {
    TELLING.contains(&entry.operation.as_str())
        || entry.detail.contains("\"rows\":")
        || entry.detail.contains("\"versions\":")
        || entry.detail.contains("\"root\":")
}

impl Check<'_> {
    /// Takes in what an entry says. `chain` is the subject's own, or that of the installation.
    pub(super) fn fold(&mut self, chain: &[u8; 16], entry: &LogRow, own: &mut Own) -> Result<(), AppError> {
        if !tells(entry) {
            return Ok(());
        }
        let said: Said = match serde_json::from_str(&entry.detail) {
            Ok(said) => said,
            Err(_) => {
                let (zh, en) = ("detail 不是应有的 JSON", "its detail is not the JSON that it should be");
                self.misread(chain, entry, zh.to_owned(), en.to_owned());
                return Ok(());
            }
        };
        if *chain == INSTALLATION {
            self.fold_installation(entry, &said)?;
        } else if entry.operation == "log_reveal" {
            self.fold_reveal(chain, entry, &said);
        }
        // In the chain of the installation it is how many a submission brought.
        if *chain != INSTALLATION && !said.versions.is_null() {
            let named = Vec::<(String, i64, String)>::deserialize(&said.versions).ok();
            match named.and_then(|named| named.iter().map(Anchor::read).collect::<Option<Vec<_>>>()) {
                Some(named) => own.anchors.extend(named.into_iter().map(|anchor| (anchor, entry.number))),
                None => self.lacks(chain, entry, "versions"),
            }
        }
        for (table, key, digest) in said.rows {
            let of_subject = table == SUBJECTS.name || OF_SUBJECT.iter().any(|of| of.name == table);
            let local = *chain != INSTALLATION && of_subject;
            let claims = if local { &mut own.rows } else { &mut self.known.rows };
            claims.insert((table, key), digest);
        }
        if said.subject_forgotten {
            own.forgotten = true;
            own.rows.retain(|(table, _), _| table != NAMES.name);
        }
        Ok(())
    }

    /// An entry that was written with our key, and does not say what it should.
    fn misread(&mut self, chain: &[u8; 16], entry: &LogRow, zh: String, en: String) {
        self.out.add("log_entry", format!("{}/{}", HEXLOWER.encode(chain), entry.number), zh, en);
    }

    fn lacks(&mut self, chain: &[u8; 16], entry: &LogRow, what: &str) {
        let zh = format!("detail 中的 {what} 缺失或形式有误，其所述无法核对");
        let en = format!("{what} in its detail is missing or has another form: what it says cannot be checked");
        self.misread(chain, entry, zh, en);
    }

    fn fold_installation(&mut self, entry: &LogRow, said: &Said) -> Result<(), AppError> {
        let state = match entry.operation.as_str() {
            "submission_import" if said.opened => ClaimState::Open,
            "submission_import" if said.accepted => {
                let root = said.root.as_str().and_then(bytes);
                let (Some(root), Some(versions)) = (root, said.versions.as_u64()) else {
                    self.lacks(&INSTALLATION, entry, "root, versions");
                    return Ok(());
                };
                ClaimState::Accepted(Accepted { versions, root })
            }
            "submission_recall" | "submission_abandon" => ClaimState::Ended,
            "catalogue_apply" if !said.records.is_null() => return self.catalogue_line(entry, said),
            "held_purge" => {
                let (Some(held), Some(at_us)) = (said.held.as_u64(), said.at_us.as_i64()) else {
                    self.lacks(&INSTALLATION, entry, "held, at_us");
                    return Ok(());
                };
                self.known.purged += held;
                self.known.purges.insert(at_us);
                return Ok(());
            }
            _ => return Ok(()),
        };
        match said.submission.as_i64() {
            Some(id) => drop(self.known.submissions.insert(id, Claim { state, line: entry.number })),
            None => self.lacks(&INSTALLATION, entry, "submission"),
        }
        Ok(())
    }

    /// A slice of a change of the catalogue: the versions that name this line give the root that it names.
    fn catalogue_line(&mut self, entry: &LogRow, said: &Said) -> Result<(), AppError> {
        let (mut tree, hash) = (chengxin_tlog::TreeBuilder::default(), self.keys.hash());
        let found = self.view.catalogue_versions(entry.number, |commitment| {
            tree.push(&hash, commitment, &mut |_| {});
        })?;
        self.known.catalogue_lines.insert(entry.number);
        let root = HEXLOWER.encode(&tree.root(&hash));
        if said.records.as_u64() == Some(found) && said.root == root {
            return Ok(());
        }
        let (line, claimed) = (entry.number, &said.records);
        self.out.add(
            "version",
            format!("row_no={line}, cause=3"),
            format!("目录变更（平台留痕第 {line} 条）写入的版本应有 {claimed} 个且树根与留痕一致，现有 {found} 个：有版本被删除、增加、改动或调换"),
            format!("the change of the catalogue in entry {line} of the installation wrote {claimed} versions under its root; there are {found}, or others: some were removed, added, altered or reordered"),
        );
        Ok(())
    }

    fn fold_reveal(&mut self, chain: &[u8; 16], entry: &LogRow, said: &Said) {
        // A chain that cannot be read is that of no row.
        let id = said.chain.as_str().and_then(bytes);
        let row = id.and_then(|id| self.known.hidden.get_mut(&id));
        let fits = row.is_some_and(|row| {
            row.line_met = row.subject == *chain && row.revealed == Some(entry.number);
            row.line_met
        });
        if !fits {
            let key = format!("{}/{}", HEXLOWER.encode(chain), said.chain.as_str().unwrap_or("?"));
            self.out.add(
                "log_hidden",
                key,
                format!("该主体第 {} 条留痕揭示了一条暂不告知的条目，但本表没有与之相符的行", entry.number),
                format!("entry {} of the subject reveals a hidden one, and no row here agrees with it", entry.number),
            );
        }
    }

    /// An entry in a chain of its own: the row of `log_hidden` says the same.
    pub(super) fn fold_hidden(&mut self, chain: &[u8; 16], entry: &LogRow) {
        if *chain == INSTALLATION || !entry.caller.contains("silent_duty") {
            return;
        }
        let Ok(caller) = serde_json::from_str::<Caller>(&entry.caller) else {
            let (zh, en) = ("caller 不是应有的 JSON", "its caller is not the JSON that it should be");
            return self.misread(chain, entry, zh.to_owned(), en.to_owned());
        };
        let Ground::SilentDuty { silence, until, .. } = caller.ground else { return };
        // A detail that cannot be read says of nobody that it is about them: then no row agrees with it.
        let said: Option<Said> = serde_json::from_str(&entry.detail).ok();
        let about = said.as_ref().and_then(|said| said.about.as_str());
        let on = i64::from(chengxin_core::dates::to_days(until));
        let row = self.known.hidden.get_mut(chain);
        let fits = row.is_some_and(|row| {
            row.entry_met = true;
            row.number == entry.number
                && row.reveal_on == on
                && row.clause == silence
                && about == Some(HEXLOWER.encode(&row.subject).as_str())
        });
        if !fits {
            let key = format!("{}/{}/{}", about.unwrap_or("?"), HEXLOWER.encode(chain), entry.number);
            self.out.add(
                "log_hidden",
                key,
                "该暂不告知的条目在本表没有与之相符的行：行被删除，或主体、日期、条款被改动",
                "no row here agrees with this hidden entry: it was removed, or its subject, day or clause altered",
            );
        }
    }
}
