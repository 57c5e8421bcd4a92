//! The file of refused rows: just those, with their reasons, to be mended and sent again.

use std::collections::BTreeMap;
use std::path::Path;

use chengxin_core::Caller;
use chengxin_core::refusal::Fault;
use chengxin_sheet::{Rows, write_table_xlsx};

use super::opening::{Prepared, item_of};
use super::summary::refused_fields;
use super::{ImportOutcome, ImportRequest, Silent};
use crate::{AppError, Installation};

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
        self.authorise(caller, "submission_import")?;
        self.acts_for(caller, "submission_import", &request.authority)?;
        let catalogue = &self.catalogue;
        let Prepared { source, info, mapping, .. } = self.prepare(catalogue, request, &mut Silent)?;
        if data_encoding::HEXLOWER.encode(&info.sha256) != outcome.quality.sha256 {
            return Err(AppError::conflict(
                "文件在导入后已改变，无法生成被拒绝行的文件",
                "the file has changed since it was imported: its refused rows cannot be written out",
            ));
        }
        let item = item_of(catalogue, &outcome.quality.item)?;
        let refused = self.faults_of(outcome)?;
        let mut headings =
            vec!["原行号 Row".to_owned(), "拒绝原因与处理方法".to_owned(), "Reason and remedy".to_owned()];
        let listed: Vec<usize> = (0..mapping.read.len()).filter(|c| mapping.read[*c].field.is_some()).collect();
        headings.extend(listed.iter().map(|c| mapping.read[*c].heading.clone()));
        let mut widths = vec![9u16, 48, 48];
        widths.resize(headings.len(), 18);
        let mut blocks = source.blocks(mapping.heading_row, mapping.width)?;
        let (mut out, mut rows) = (Vec::new(), Rows::default());
        while let Some(block) = blocks.next_block()? {
            block.decode(&mut rows)?;
            for row in rows.iter() {
                let Some(faults) = refused.get(&row.number()) else { continue };
                let said = refused_fields(item, faults);
                let join = |f: fn(&chengxin_core::Say) -> &String| {
                    said.iter().map(|s| f(&s.say).as_str()).collect::<Vec<_>>().join("；")
                };
                let mut line = vec![row.number().to_string(), join(|s| &s.zh), join(|s| &s.en)];
                if faults.iter().all(|f| f.reason.may_keep_row()) {
                    line.extend(listed.iter().map(|c| row.field(*c).to_owned()));
                }
                line.resize(headings.len(), String::new());
                out.push(line);
            }
        }
        let count = out.len() as u64;
        write_table_xlsx(path, "被拒绝的行", &headings, out, &widths)?;
        Ok(count)
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
