//! Tables whose rows have no commitments of their own, against the digests that entries of the log give.

use chengxin_store::audit::{
    ACCOUNTS, ACTIVATIONS, AUTHORITIES, BINDINGS, CATALOGUES, CHECK_BATCHES, CHECK_COUNTS, CLAUSES, CLIENT_KEYS,
    CLIENTS, CREDENTIALS, Cell, ERASURES, HELD, IDENTITIES, ISSUERS, LAYOUTS, LOGINS, MAPPINGS, MEMBERS,
    OFFICE_NOTICES, REFUSALS, RIGHTS, SETTINGS, SUBMISSION_FIGURES, SUBMISSIONS, SUPERVISIONS, Table, WITNESSES,
};
use chengxin_store::held::HeldState;
use data_encoding::HEXLOWER;

use super::chains::{compare, joined, missing};
use super::fold::ClaimState;
use super::stream::rows;
use super::{Check, readable};
use crate::AppError;
use crate::catalogue::UNDER_WAY;
use crate::log::rows::{digest, key_text, root_name, root_of_rows};

/// Tables of which every row has a digest in the entry that wrote it last.
static DIGESTED: [&Table; 24] = [
    &SETTINGS,
    &CATALOGUES,
    &LAYOUTS,
    &CLAUSES,
    &AUTHORITIES,
    &SUPERVISIONS,
    &MAPPINGS,
    &SUBMISSIONS,
    &ERASURES,
    &WITNESSES,
    &ACCOUNTS,
    &LOGINS,
    &RIGHTS,
    &BINDINGS,
    &CREDENTIALS,
    &ACTIVATIONS,
    &CHECK_BATCHES,
    &CLIENTS,
    &CLIENT_KEYS,
    &ISSUERS,
    &IDENTITIES,
    &OFFICE_NOTICES,
    &SUBMISSION_FIGURES,
    &CHECK_COUNTS,
];

impl Check<'_> {
    /// Goes through the tables that no subject has.
    pub(super) fn tables(&mut self) -> Result<(), AppError> {
        for table in DIGESTED.iter().copied() {
            let mut stream = rows(self.view, table)?;
            while let Some(row) = stream.pop()? {
                if *table == SETTINGS && row[0] == Cell::from(UNDER_WAY) {
                    continue;
                }
                self.row(table, &row);
            }
        }
        self.held_rows()?;
        self.by_submission()?;
        for row in self.view.audit_source_seen(super::LISTED as i64)? {
            let (zh, en) = ("所属批次不存在：它是手工加入的", "there is no such submission: it was added by hand");
            self.out.add("source_seen", joined(&row), zh, en);
        }
        for ((table, key), claimed) in std::mem::take(&mut self.known.rows) {
            let table = DIGESTED.iter().copied().chain([&HELD]).find(|of| of.name == table);
            if let (Some(table), Some(_)) = (table, claimed) {
                missing(&mut self.out, table.name, key);
            }
        }
        Ok(())
    }

    /// A row against the digest of the entry that wrote it last.
    fn row(&mut self, table: &'static Table, row: &[Cell]) {
        let found = digest(self.keys, table, row);
        let key = (table.name.to_owned(), key_text(table, row, &found));
        let claimed = self.known.rows.remove(&key).flatten();
        compare(&mut self.out, table, row, &HEXLOWER.encode(&found), claimed.as_deref());
    }

    /// Held rows: what a clerk decided by its digest, what waits by its seal, what was deleted at its deadline by count.
    fn held_rows(&mut self) -> Result<(), AppError> {
        let (mut stream, mut purged) = (rows(self.view, &HELD)?, 0);
        while let Some(row) = stream.pop()? {
            let [_, submission, row_no, _, sealed, _, _, state, by, evidence, at] = &row[..] else { continue };
            let claimed = self.known.rows.contains_key(&(HELD.name.to_owned(), joined(&row[..1])));
            let undecided = *by == Cell::Null && *evidence == Cell::Null;
            let fits = match state.int() {
                _ if claimed => {
                    self.row(&HELD, &row);
                    continue;
                }
                Some(state) if state == HeldState::Waiting as i64 => {
                    undecided && *at == Cell::Null && self.opens(submission, row_no, sealed)?
                }
                Some(state) if state == HeldState::Deleted as i64 => {
                    purged += 1;
                    let then = at.int().is_some_and(|at| self.known.purges.contains(&at));
                    undecided && then && *sealed == Cell::Null
                }
                _ => false,
            };
            if !fits {
                let (zh, en) = (
                    "状态、决定或密封内容与留痕不符：被改动或手工加入",
                    "state, decision or sealed values do not fit the log: it was altered or added by hand",
                );
                self.out.add("held", joined(&row[..1]), zh, en);
            }
        }
        if purged != self.known.purged {
            let (noted, found) = (self.known.purged, purged);
            let (zh, en) = (
                format!("留痕记有 {noted} 行到期删除，表中有 {found} 行：有行被改为“到期删除”或被移除"),
                format!(
                    "the log has {noted} rows deleted at their deadline, the table {found}: some were made to look so, or removed"
                ),
            );
            self.out.add("held", "state=4", zh, en);
        }
        Ok(())
    }

    /// Does a sealed row open under its submission's key? One that may be deleted at any time need not be there.
    fn opens(&self, submission: &Cell, row_no: &Cell, sealed: &Cell) -> Result<bool, AppError> {
        let (Some(id), Some(row), Cell::Bytes(sealed)) = (submission.int(), row_no.int(), sealed) else {
            return Ok(false);
        };
        let Ok(row) = u64::try_from(row) else { return Ok(false) };
        let Some((_, wrapped)) = readable(self.key_store.submission_key(id))?.flatten() else { return Ok(false) };
        // Not what was wrapped for this submission: the row does not open.
        let Ok(key) = self.keys.unwrap("submission", &id.to_be_bytes(), &wrapped) else { return Ok(false) };
        Ok(self.keys.submission_aead(&key).open(&crate::intake::row_aad(id, row), sealed).is_ok())
    }

    /// Refused, held and repeated rows of each submission against the roots in the entry of its acceptance.
    fn by_submission(&mut self) -> Result<(), AppError> {
        for table in [&REFUSALS, &HELD, &MEMBERS] {
            let column = usize::from(*table == HELD);
            let (mut stream, mut last) = (rows(self.view, table)?, None);
            while let Some(row) = stream.pop()? {
                if *table == REFUSALS && row[3] != Cell::Null && !self.opens(&row[0], &row[1], &row[3])? {
                    let (zh, en) = (
                        "密封内容无法用该批次的密钥打开：被改动",
                        "its sealed values do not open under the submission's key: they were altered",
                    );
                    self.out.add(table.name, joined(&row[..table.keys]), zh, en);
                }
                let id = row[column].int();
                if id.is_some() && id == last {
                    continue;
                }
                last = id;
                let state = id.and_then(|id| self.known.submissions.get(&id)).map(|claim| claim.state);
                let root =
                    id.and_then(|id| self.known.rows.get(&(root_name(table), id.to_string())).cloned()).flatten();
                let expected = match state {
                    Some(ClaimState::Open) => true,
                    // What a clerk decided before a recall cannot be: rows are decided after the release.
                    Some(ClaimState::Accepted(_)) => root.is_some(),
                    Some(ClaimState::Ended) => *table == MEMBERS && root.is_some(),
                    None => false,
                };
                if !expected {
                    let (zh, en) = (
                        "该批次不应再有或从未有过这样的行：它是手工加入的",
                        "its submission has none, or never had: it was added by hand",
                    );
                    self.out.add(table.name, joined(&row[..table.keys]), zh, en);
                }
            }
            self.roots(table)?;
        }
        Ok(())
    }

    fn roots(&mut self, table: &'static Table) -> Result<(), AppError> {
        let name = root_name(table);
        let claims: Vec<(String, String)> = self
            .known
            .rows
            .range((name.clone(), String::new())..)
            .take_while(|((of, _), _)| *of == name)
            // Without a root: a later file took the place of these rows.
            .filter_map(|((_, id), root)| Some((id.clone(), root.clone()?)))
            .collect();
        for (id, claimed) in claims {
            let Ok(id) = id.parse::<i64>() else {
                let (zh, en) = (
                    "留痕把它写作批次，但它不是批次号",
                    "an entry of the log calls this a submission, and it is no number of one",
                );
                self.out.add(table.name, format!("submission_id={id}"), zh, en);
                continue;
            };
            let claim = self.known.submissions.get(&id).copied();
            if *table != MEMBERS && claim.is_some_and(|claim| claim.state == ClaimState::Ended) {
                continue;
            }
            if HEXLOWER.encode(&root_of_rows(self.view, self.keys, table, id)?) != claimed {
                let line = claim.map_or(0, |claim| claim.line);
                self.out.add(
                    table.name,
                    format!("submission_id={id}"),
                    format!("批次 {id} 的这些行与验收时（平台留痕第 {line} 条）的不同：有行被改动、删除、加入或调换"),
                    format!("the rows of submission {id} are not those of its acceptance (entry {line} of the installation): some were altered, removed, added or reordered"),
                );
            }
        }
        Ok(())
    }
}
