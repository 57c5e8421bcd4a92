//! What is wrong with one row. The file goes on; the caller decides what becomes of the row.

use crate::error::column_name;

/// Something wrong with one row. Columns are 1-based.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Fewer cells than headings (CSV, TSV). Missing cells read as empty; a shift to the left looks the
    /// same, so the caller should refuse the row where the missing cells matter.
    TooFewCells {
        /// Cells in the row.
        found: usize,
        /// Headings.
        expected: usize,
    },
    /// Something stands right of the last heading. The surplus cells are not handed out.
    TooManyCells {
        /// The last column that holds something.
        found: usize,
        /// Headings.
        expected: usize,
    },
    /// Text follows a closing quotation mark (`"abc"d`): a quotation mark in the row is not paired, and
    /// the cell may hold what belongs to several rows.
    StrayQuote {
        /// The column.
        column: usize,
    },
    /// More characters than a cell may hold.
    LongCell {
        /// The column.
        column: usize,
        /// Characters in the cell.
        chars: usize,
    },
    /// A number of 16 or more digits in a numeric cell: spreadsheets keep 15, so the last digits of an ID
    /// or document number are lost already.
    LossyNumber {
        /// The column.
        column: usize,
    },
    /// A formula that came to an error.
    ErrorCell {
        /// The column.
        column: usize,
        /// `#N/A` and the like.
        code: String,
    },
    /// U+FFFD or `锟斤拷`: text lost in an earlier conversion.
    Mojibake {
        /// The column.
        column: usize,
    },
    /// The line is not a JSON object (JSON Lines). The row has no cells.
    BadJson {
        /// Column of the first bad character, 1-based, 0 where unknown.
        at: usize,
    },
    /// A key that the first lines do not have (JSON Lines). Its value is not handed out.
    UnknownKey {
        /// The key, cut at 64 characters.
        key: String,
    },
    /// The same key twice in one object (JSON Lines). The first value stands.
    RepeatedKey {
        /// The key, cut at 64 characters.
        key: String,
    },
    /// An array or object as value (JSON Lines). The cell reads as empty.
    NestedValue {
        /// The column.
        column: usize,
    },
}

impl Problem {
    /// The column it is about, 1-based; `None` where it is about the whole row.
    pub fn column(&self) -> Option<usize> {
        match self {
            Problem::StrayQuote { column }
            | Problem::LongCell { column, .. }
            | Problem::LossyNumber { column }
            | Problem::ErrorCell { column, .. }
            | Problem::Mojibake { column }
            | Problem::NestedValue { column } => Some(*column),
            _ => None,
        }
    }

    /// A short closed name for machines and statistics.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::TooFewCells { .. } => "too-few-cells",
            Problem::TooManyCells { .. } => "too-many-cells",
            Problem::StrayQuote { .. } => "stray-quote",
            Problem::LongCell { .. } => "long-cell",
            Problem::LossyNumber { .. } => "lossy-number",
            Problem::ErrorCell { .. } => "error-cell",
            Problem::Mojibake { .. } => "mojibake",
            Problem::BadJson { .. } => "bad-json",
            Problem::UnknownKey { .. } => "unknown-key",
            Problem::RepeatedKey { .. } => "repeated-key",
            Problem::NestedValue { .. } => "nested-value",
        }
    }

    /// What is wrong and how to mend it, in Simplified Chinese.
    pub fn zh(&self) -> String {
        match self {
            Problem::TooFewCells { found, expected } => {
                format!("只有 {found} 列，表头有 {expected} 列。请补齐分隔符，空值也要占一列")
            }
            Problem::TooManyCells { found, expected } => {
                format!("内容到第 {found} 列，表头只有 {expected} 列。请检查是否多了分隔符；含逗号的内容要加双引号")
            }
            Problem::StrayQuote { column } => {
                format!("第 {column} 列的双引号不配对。内容中的双引号请写成两个（\"\"）")
            }
            Problem::LongCell { column, chars } => {
                format!("第 {column} 列有 {chars} 个字，超过单元格上限。请缩短")
            }
            Problem::LossyNumber { column } => format!(
                "第 {column} 列（{} 列）把长号码存成了数值，末几位已丢失。请把该列设为“文本”格式后重新填写",
                column_name(*column)
            ),
            Problem::ErrorCell { column, code } => {
                format!("第 {column} 列（{} 列）是公式错误 {code}。请改成正确的值", column_name(*column))
            }
            Problem::Mojibake { column } => {
                format!("第 {column} 列含乱码（�或“锟斤拷”），原文已丢失。请从原系统重新导出")
            }
            Problem::BadJson { at: 0 } => "不是完整的 JSON 对象。请检查括号、引号和逗号".into(),
            Problem::BadJson { at } => {
                format!("不是完整的 JSON 对象（第 {at} 个字节附近）。请检查括号、引号和逗号")
            }
            Problem::UnknownKey { key } => format!("多出前面各行没有的字段“{key}”。请删去或改名"),
            Problem::RepeatedKey { key } => format!("字段“{key}”出现两次。请只留一个"),
            Problem::NestedValue { column } => {
                format!("第 {column} 列的值是数组或对象。请改成文字、数字、true/false 或 null")
            }
        }
    }

    /// What is wrong and how to mend it, in English.
    pub fn en(&self) -> String {
        match self {
            Problem::TooFewCells { found, expected } => {
                format!("{found} cells for {expected} headings; keep the separators of empty cells")
            }
            Problem::TooManyCells { found, expected } => format!(
                "cells up to column {found} for {expected} headings; look for a surplus separator, and quote text that holds commas"
            ),
            Problem::StrayQuote { column } => format!(
                "column {column} has a quotation mark without its pair; write quotation marks inside text twice (\"\")"
            ),
            Problem::LongCell { column, chars } => {
                format!("column {column} has {chars} characters, more than a cell may hold; shorten it")
            }
            Problem::LossyNumber { column } => format!(
                "column {column} ({}) holds a long number as a numeric value, whose last digits are lost; format the column as text and enter it again",
                column_name(*column)
            ),
            Problem::ErrorCell { column, code } => format!(
                "column {column} ({}) is the formula error {code}; put the right value there",
                column_name(*column)
            ),
            Problem::Mojibake { column } => {
                format!("column {column} holds characters lost in an earlier conversion; export it again")
            }
            Problem::BadJson { at: 0 } => "not a whole JSON object; check brackets, quotes and commas".into(),
            Problem::BadJson { at } => {
                format!("not a whole JSON object (near byte {at}); check brackets, quotes and commas")
            }
            Problem::UnknownKey { key } => {
                format!("key \"{key}\" is not in the first lines; remove or rename it")
            }
            Problem::RepeatedKey { key } => format!("key \"{key}\" stands twice; keep one"),
            Problem::NestedValue { column } => {
                format!("column {column} holds an array or object; use text, a number, true, false or null")
            }
        }
    }
}
