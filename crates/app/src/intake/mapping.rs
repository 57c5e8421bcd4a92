//! From the headings of a file to the fields of an item.

use chengxin_core::Say;
use chengxin_core::catalogue::forbidden::scan;
use chengxin_core::catalogue::{Catalogue, FieldRole, HeadingMatch, ItemDef};
use chengxin_sheet::Source;

use super::quality::ColumnRead;
use crate::AppError;

/// Columns of a file, understood.
#[derive(Debug, Clone)]
pub(crate) struct Mapping {
    /// Row of the headings.
    pub(crate) heading_row: u64,
    /// Number of columns of that row.
    pub(crate) width: usize,
    /// Column of each field of the item.
    pub(crate) columns: Vec<Option<usize>>,
    /// As the report tells it.
    pub(crate) read: Vec<ColumnRead>,
}

/// Fewest headings that must be known for a row to be taken for the headings.
const FEWEST_KNOWN: usize = 3;

/// Headings that an office explained: heading and field code, `""` to leave the column out.
pub(crate) type Explained = [(String, String)];

/// A row that may be the headings: its number, 0 where the format itself names the columns, and its cells.
pub(crate) struct Head<'s> {
    pub(super) number: u64,
    pub(super) cells: Vec<&'s str>,
}

/// The rows of a file that may be its headings. The keys of JSON Lines are its only one.
pub(crate) fn heads(source: &Source) -> Vec<Head<'_>> {
    match source.headings() {
        Some(keys) => vec![Head { number: 0, cells: keys.iter().map(String::as_str).collect() }],
        None => source.head().iter().map(|row| Head { number: row.number(), cells: row.fields().collect() }).collect(),
    }
}

/// The item whose fields the headings name, where the office did not say.
pub(crate) fn find_item<'c>(
    catalogue: &'c Catalogue,
    heads: &[Head<'_>],
    explained: &Explained,
) -> Result<&'c ItemDef, AppError> {
    let mut scored: Vec<(usize, &ItemDef)> = catalogue
        .items()
        .iter()
        .map(|item| (heads.iter().map(|row| known(item, row, explained)).max().unwrap_or(0), item))
        .filter(|(score, _)| *score >= FEWEST_KNOWN)
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.code().cmp(b.1.code())));
    match scored.as_slice() {
        [] => Err(no_headings(None)),
        [(_, item)] => Ok(item),
        [(best, item), (next, _), ..] if best > next => Ok(item),
        [(best, _), ..] => {
            let same: Vec<_> =
                scored.iter().filter(|(score, _)| score == best).map(|(_, item)| item.code()).take(8).collect();
            let list = same.join(", ");
            Err(AppError::invalid(
                format!("表头同时符合多个信用事项（{list}）；请用 --item 指定"),
                format!("the headings fit several items ({list}): say which with --item"),
            ))
        }
    }
}

pub(super) fn known(item: &ItemDef, row: &Head<'_>, explained: &Explained) -> usize {
    row.cells
        .iter()
        .filter(|heading| !heading.trim().is_empty() && field_of(item, heading, explained).is_some())
        .count()
}

pub(super) fn field_of(item: &ItemDef, heading: &str, explained: &Explained) -> Option<usize> {
    if let Some((_, code)) = explained.iter().find(|(known, _)| known.trim() == heading.trim()) {
        return item.index(code);
    }
    item.match_heading(heading)
}

/// Finds the heading row under whatever title rows stand above it, and maps its columns.
pub(crate) fn map_columns(item: &ItemDef, heads: &[Head<'_>], explained: &Explained) -> Result<Mapping, AppError> {
    // The first of the rows with the most known headings: a data row never has as many.
    let best = heads.iter().map(|row| known(item, row, explained)).max().unwrap_or(0);
    let row = heads
        .iter()
        .find(|row| known(item, row, explained) == best)
        .filter(|_| best >= FEWEST_KNOWN.min(item.fields.len()));
    let Some(row) = row else { return Err(no_headings(Some(item))) };
    let mut columns: Vec<Option<usize>> = vec![None; item.fields.len()];
    let mut read = Vec::new();
    for (column, heading) in row.cells.iter().enumerate() {
        let heading = heading.trim();
        let field = if heading.is_empty() { None } else { check_heading(item, heading, explained)? };
        if let Some(index) = field {
            if let Some(other) = columns[index] {
                return Err(twice(item, index, row, other, column));
            }
            columns[index] = Some(column);
        }
        read.push(ColumnRead {
            heading: heading.to_owned(),
            field: field.map(|i| item.fields[i].field.code.clone()),
            label: field.map(|i| label(item, i)),
            forbidden: field.is_none() && scan(heading, item.concerns_people()).is_some(),
        });
    }
    require(item, &columns)?;
    Ok(Mapping { heading_row: row.number, width: read.len(), columns, read })
}

fn check_heading(item: &ItemDef, heading: &str, explained: &Explained) -> Result<Option<usize>, AppError> {
    if let Some((_, code)) = explained.iter().find(|(known, _)| known.trim() == heading) {
        if code.is_empty() {
            return Ok(None);
        }
        return item.index(code).map(Some).ok_or_else(|| {
            AppError::invalid(
                format!("--map 指定的字段 {code} 不属于事项 {}", item.code()),
                format!("the field {code} named by --map is not one of the item {}", item.code()),
            )
        });
    }
    match item.heading(heading) {
        HeadingMatch::Field(index) => Ok(Some(index)),
        HeadingMatch::Unknown => Ok(None),
        HeadingMatch::WrongUnit(index) => {
            let label = label(item, index);
            Err(AppError::invalid(
                format!("列「{heading}」的单位与字段「{}」不同；请换算后改用标准表头", label.zh),
                format!(
                    "the column “{heading}” is in another unit than the field “{}”: convert it and use the standard heading",
                    label.en
                ),
            ))
        }
        HeadingMatch::Ambiguous => Err(AppError::invalid(
            format!("表头「{heading}」对应多个字段；请改用字段代码，或用 --map '{heading}=字段代码' 指定"),
            format!("the heading “{heading}” fits several fields: use the field's code, or --map '{heading}=CODE'"),
        )),
    }
}

/// A field that every row must fill needs a column.
fn require(item: &ItemDef, columns: &[Option<usize>]) -> Result<(), AppError> {
    let missing: Vec<usize> = (0..item.fields.len())
        .filter(|i| columns[*i].is_none())
        .filter(|i| item.fields[*i].field.required || item.fields[*i].field.role == Some(FieldRole::SubjectName))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (zh, en): (Vec<_>, Vec<_>) = missing
        .iter()
        .map(|i| (label(item, *i), &item.fields[*i].field.code))
        .map(|(label, code)| (format!("{}（{code}）", label.zh), format!("{} ({code})", label.en)))
        .unzip();
    Err(AppError::invalid(
        format!("缺少必填列：{}；请补充该列，或用 --map '表头=字段代码' 指明是哪一列", zh.join("、")),
        format!(
            "required columns are missing: {}; add them, or say which column it is with --map 'HEADING=CODE'",
            en.join(", ")
        ),
    ))
}

fn twice(item: &ItemDef, index: usize, row: &Head<'_>, first: usize, second: usize) -> AppError {
    let label = label(item, index);
    let (a, b) = (row.cells[first].trim(), row.cells[second].trim());
    let n = row.number;
    AppError::invalid(
        format!(
            "第 {n} 行表头中，第 {} 列「{a}」与第 {} 列「{b}」都对应「{}」；请只保留一列",
            first + 1,
            second + 1,
            label.zh
        ),
        format!(
            "row {n}: the headings of column {} “{a}” and column {} “{b}” both mean “{}”: keep one",
            first + 1,
            second + 1,
            label.en
        ),
    )
}

fn no_headings(item: Option<&ItemDef>) -> AppError {
    let template = item.map_or("ITEM", |i| i.code());
    AppError::invalid(
        format!(
            "前 40 行中没有可识别的表头；可用 chengxin catalogue template {template} 生成模板，或用 --item 指定事项"
        ),
        format!(
            "no headings were recognised in the first 40 rows: make a template with chengxin catalogue template {template}, or name the item with --item"
        ),
    )
}

/// The label of a field in both languages.
pub(crate) fn label(item: &ItemDef, index: usize) -> Say {
    let field = &item.fields[index].field;
    Say::new(field.label.clone(), field.label_en.clone())
}
