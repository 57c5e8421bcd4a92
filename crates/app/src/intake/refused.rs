//! The file of refused rows: just those, with their reasons, to be mended and sent again.

use std::collections::BTreeMap;
use std::path::Path;

use chengxin_core::refusal::{Fault, Reason};
use chengxin_core::{Caller, Say};
use chengxin_sheet::{RowRef, Rows, write_table_xlsx};

use super::mapping::label;
use super::opening::{Prepared, item_of};
use super::summary::refused_fields;
use super::{ImportOutcome, ImportRequest, Silent};
use crate::{AppError, Installation};

/// A refused row as it stands in the file, with what is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCells {
    /// Row of the file.
    pub row: u64,
    /// What is wrong with the row as a whole, which no cell mends.
    pub whole: Vec<Say>,
    /// The cells that are wrong; none where nothing of the row may be told.
    pub cells: Vec<RefusedCell>,
}

/// A cell of a refused row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCell {
    /// Its column, counted from 0.
    pub column: usize,
    /// What its field is called.
    pub label: Say,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it, and how it is mended.
    pub say: Say,
    /// The values that it may have, where they are few.
    pub allowed: Vec<String>,
}

impl Installation {
    /// Writes an XLSX of the rows that an import refused, as they stood in the file, with a column of reasons in front.
    /// The file is read once more, so nothing of a refused row needs to be kept for this. Rows of which nothing may be
    /// kept are named by their number alone. Hands back how many rows were written.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] where the file is not the one that was imported any more.
    pub fn refused_xlsx(
        &self,
        caller: &Caller,
        request: &ImportRequest,
        outcome: &ImportOutcome,
        path: &Path,
    ) -> Result<u64, AppError> {
        let item = item_of(&self.catalogue, &outcome.quality.item)?;
        let mut headings =
            vec!["原行号 Row".to_owned(), "拒绝原因与处理方法".to_owned(), "Reason and remedy".to_owned()];
        let read = &outcome.quality.columns;
        let listed: Vec<usize> = (0..read.len()).filter(|c| read[*c].field.is_some()).collect();
        headings.extend(listed.iter().map(|c| read[*c].heading.clone()));
        let mut widths = vec![9u16, 48, 48];
        widths.resize(headings.len(), 18);
        let mut out = Vec::new();
        self.each_refused(caller, request, outcome, |row, faults, _| {
            let said = refused_fields(item, faults);
            let join = |f: fn(&Say) -> &String| said.iter().map(|s| f(&s.say).as_str()).collect::<Vec<_>>().join("；");
            let mut line = vec![row.number().to_string(), join(|s| &s.zh), join(|s| &s.en)];
            if faults.iter().all(|f| f.reason.may_keep_row()) {
                line.extend(listed.iter().map(|c| row.field(*c).to_owned()));
            }
            line.resize(headings.len(), String::new());
            out.push(line);
            true
        })?;
        let count = out.len() as u64;
        write_table_xlsx(path, "被拒绝的行", &headings, out, &widths)?;
        Ok(count)
    }

    /// The first refused rows with the cells that are wrong, for whoever sent them to mend. The file is read once more; of rows of which
    /// nothing may be kept no cell is told.
    ///
    /// # Errors
    /// As [`Installation::refused_xlsx`].
    pub fn refused_cells(
        &self,
        caller: &Caller,
        request: &ImportRequest,
        outcome: &ImportOutcome,
        most: usize,
    ) -> Result<Vec<RefusedCells>, AppError> {
        let item = item_of(&self.catalogue, &outcome.quality.item)?;
        let mut out = Vec::new();
        self.each_refused(caller, request, outcome, |row, faults, columns| {
            let mut of = RefusedCells { row: row.number(), whole: Vec::new(), cells: Vec::new() };
            let tellable = faults.iter().all(|fault| fault.reason.may_keep_row());
            for (fault, said) in faults.iter().zip(refused_fields(item, faults)) {
                let column = fault.field.and_then(|at| columns.get(usize::from(at)).copied().flatten());
                let (Some(column), Some(at), true) = (column, fault.field, tellable) else {
                    of.whole.push(said.say);
                    continue;
                };
                let allowed = match &fault.reason {
                    Reason::NotInDictionary { allowed, .. } => allowed.clone(),
                    _ => Vec::new(),
                };
                let (label, value) = (label(item, usize::from(at)), row.field(column).to_owned());
                if of.cells.iter().all(|cell| cell.column != column) {
                    of.cells.push(RefusedCell { column, label, value, say: said.say, allowed });
                }
            }
            out.push(of);
            out.len() < most
        })?;
        Ok(out)
    }

    /// Reads the file once more, and hands over each refused row until enough were seen.
    fn each_refused(
        &self,
        caller: &Caller,
        request: &ImportRequest,
        outcome: &ImportOutcome,
        mut see: impl FnMut(RowRef<'_>, &[Fault], &[Option<usize>]) -> bool,
    ) -> Result<(), AppError> {
        self.authorise(caller, "submission_import")?;
        self.acts_for(caller, "submission_import", &request.authority)?;
        let Prepared { source, info, mapping, .. } = self.prepare(&self.catalogue, request, &mut Silent)?;
        if data_encoding::HEXLOWER.encode(&info.sha256) != outcome.quality.sha256 {
            return Err(AppError::conflict(
                "文件在导入后已改变，无法生成被拒绝行的文件",
                "the file has changed since it was imported: its refused rows cannot be written out",
            ));
        }
        let refused = self.faults_of(outcome)?;
        let mut blocks = source.blocks(mapping.heading_row, mapping.width)?;
        let mut rows = Rows::default();
        while let Some(block) = blocks.next_block()? {
            block.decode(&mut rows)?;
            rows.mend(&request.mends);
            for row in rows.iter() {
                let Some(faults) = refused.get(&row.number()) else { continue };
                if !see(row, faults, &mapping.columns) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The faults of every refused row: from the database, or of a dry run from memory.
    fn faults_of(&self, outcome: &ImportOutcome) -> Result<BTreeMap<u64, Vec<Fault>>, AppError> {
        let Some(submission) = outcome.quality.submission else { return Ok(outcome.refused.clone()) };
        let (mut all, mut after) = (BTreeMap::new(), 0i64);
        loop {
            let page = self.store.view().refusals(submission, after, 10_000)?;
            let Some(last) = page.last() else { return Ok(all) };
            after = last.row_no;
            for row in page {
                let faults =
                    serde_json::from_str(&row.faults).map_err(|e| AppError::internal(format!("faults: {e}")))?;
                all.insert(row.row_no as u64, faults);
            }
        }
    }
}
