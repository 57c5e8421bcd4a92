//! The applications of a batch from a file: CSV, a workbook, or JSON Lines.

use std::path::Path;

use chengxin_core::Say;
use chengxin_core::identity::DocumentKind;
use chengxin_sheet::{Limits, Rows, Source, plain_heading};

use super::rows::{BatchFault, BatchRow};
use crate::AppError;

/// What a column is called, in the order of [`Columns`]; a heading fits exactly or not at all.
const HEADINGS: [&[&str]; 5] = [
    &["证件号码", "统一社会信用代码", "number"],
    &["姓名", "名称", "姓名（名称）", "name"],
    &["办件编号", "caseNumber", "case number"],
    &["核查依据", "依据", "ground"],
    &["证件类型", "kind"],
];

/// Columns without which nothing can be checked: all but the kind of document, which the number shows.
const NEEDED: usize = 4;

type Columns = [Option<usize>; HEADINGS.len()];

/// Reads the applications of a batch from a file.
///
/// # Errors
/// Where the file cannot be read, or a column is missing; and [`BatchFault::sentence`] for kinds of documents that there are not.
pub fn batch_rows(path: &Path) -> Result<Vec<BatchRow>, AppError> {
    let source = Source::open(path, None, &Limits::default())?;
    let (after, width, columns) = columns(&source)?;
    let mut blocks = source.blocks(after, width)?;
    let (mut read, mut rows, mut faults) = (Rows::default(), Vec::new(), Vec::new());
    while let Some(block) = blocks.next_block()? {
        read.clear();
        block.decode(&mut read)?;
        for row in read.iter() {
            let cell = |at: usize| columns[at].map_or("", |column| row.field(column)).trim().to_owned();
            let stated = cell(4);
            let kind = DocumentKind::from_value(&stated);
            if !row.problems().is_empty() || (kind.is_none() && !stated.is_empty()) {
                let says = Say::new(
                    format!("文件第 {} 行有无法读取的单元格或未知的证件类型", row.number()),
                    format!(
                        "row {} of the file has a cell that cannot be read or an unknown kind of document",
                        row.number()
                    ),
                );
                faults.push(BatchFault { row: rows.len() + 1, says });
            }
            rows.push(BatchRow { kind, number: cell(0), name: cell(1), case_number: cell(2), ground: cell(3) });
        }
    }
    if faults.is_empty() {
        return Ok(rows);
    }
    let says = BatchFault::sentence(&faults);
    Err(AppError::invalid(says.zh, says.en))
}

/// Behind which row the data begin, how many columns there are, and which is which.
fn columns(source: &Source) -> Result<(u64, usize, Columns), AppError> {
    let found = |cells: &[&str]| -> Columns {
        HEADINGS.map(|known| {
            let fits = |cell: &&str| known.iter().any(|name| name.eq_ignore_ascii_case(plain_heading(cell)));
            cells.iter().position(fits)
        })
    };
    let whole = |columns: &Columns| columns[..NEEDED].iter().all(Option::is_some);
    let heads: Vec<(u64, Vec<&str>)> = match source.headings() {
        Some(keys) => vec![(0, keys.iter().map(String::as_str).collect())],
        None => source.head().iter().map(|row| (row.number(), row.fields().collect())).collect(),
    };
    for (number, cells) in &heads {
        let columns = found(cells);
        if whole(&columns) {
            return Ok((*number, cells.len(), columns));
        }
    }
    Err(AppError::invalid(
        "文件须有这些列：证件号码、姓名（名称）、办件编号、核查依据；证件类型可以省略",
        "the file needs these columns: number, name, caseNumber, ground; kind may be left out",
    ))
}
