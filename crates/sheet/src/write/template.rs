//! Upload templates: a workbook whose columns already have the right headings, formats and choices.

use std::path::Path;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use crate::error::{Fault, SheetError, column_name};
use crate::write::place::Place;
use crate::write::table::check_name;

/// Rows below the headings that get formats of choice and checks: to the end of the sheet.
const LAST_ROW: u32 = 1_048_575;
/// Most UTF-16 units that a list of choices may have inside a cell's rule; longer ones go on a sheet.
const INLINE_LIST: usize = 255;
const NOTES_SHEET: &str = "填写说明 Notes";
const LISTS_SHEET: &str = "Lists";

/// What to write with [`write_template`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Template {
    /// Name of the sheet to fill in, 1 to 31 characters.
    pub sheet: String,
    /// What the template is for: head of the notes sheet, and title of the document.
    pub title: String,
    /// The columns, in their order.
    pub columns: Vec<TemplateColumn>,
    /// Rows of the notes sheet, the first of which is its heading row.
    pub notes: Vec<Vec<String>>,
}

/// A column of a [`Template`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TemplateColumn {
    /// The field's code, shown in the note on the heading.
    pub heading: String,
    /// The heading itself; `*` is added where the column is required.
    pub label: String,
    /// How to fill the column in, shown in the note on the heading.
    pub note: String,
    /// Whether the column must be filled in.
    pub required: bool,
    /// The values to choose from; empty where anything may be written.
    pub options: Vec<String>,
    /// What the column holds.
    pub kind: ColumnKind,
    /// Width in characters.
    pub width: u16,
}

/// What a column of a template holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, and numbers that are names (ID numbers, codes): formatted as text, so that nothing is
    /// rounded and no zero is lost.
    #[default]
    Text,
    /// A date.
    Date,
    /// An amount.
    Number,
}

/// A heading without what a template adds to it: white space at both ends and the mark of a required
/// column (`*`, full-width too).
///
/// # Example
/// ```
/// assert_eq!(chengxin_sheet::plain_heading(" 证件号码* "), "证件号码");
/// ```
pub fn plain_heading(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '\u{FF0A}' | '\u{FEFF}'))
}

/// Writes an upload template. Row 1 holds the labels, by which the filled-in file is read again (through
/// [`plain_heading`]); the notes sheet comes second, so that the sheet to fill in is the one that is read.
/// The same template gives the same bytes. A file of that name is replaced.
///
/// # Errors
/// [`Fault::SheetName`]; [`Fault::Template`] for what the format cannot hold; a file that cannot be
/// written; then nothing is left.
pub fn write_template(path: &Path, template: &Template) -> Result<(), SheetError> {
    let bytes = check_name(&template.sheet)
        .and_then(|()| build(template).map_err(|e| Fault::Template(e.to_string())))
        .map_err(|fault| SheetError::new(path, fault))?;
    Place::new(path)?.finish(|out| Ok(std::io::Write::write_all(out, &bytes)?))
}

fn build(template: &Template) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let written = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&template.title).set_creation_datetime(&written));
    let mut lists = Vec::new();
    fill_in_sheet(book.add_worksheet(), template, &mut lists)?;
    notes_sheet(book.add_worksheet(), template)?;
    if !lists.is_empty() {
        let sheet = book.add_worksheet().set_name(LISTS_SHEET)?.set_hidden(true);
        for (column, list) in (0..).zip(lists) {
            for (row, option) in (0..).zip(list) {
                sheet.write_string(row, column, option)?;
            }
        }
    }
    book.save_to_buffer()
}

fn fill_in_sheet<'t>(
    sheet: &mut Worksheet,
    template: &'t Template,
    lists: &mut Vec<&'t [String]>,
) -> Result<(), XlsxError> {
    sheet.set_name(&template.sheet)?.set_freeze_panes(1, 0)?;
    sheet.set_row_height(0, 24)?;
    for (index, column) in (0..).zip(&template.columns) {
        let cells = match column.kind {
            ColumnKind::Text => Format::new().set_num_format_index(49),
            ColumnKind::Date => Format::new().set_num_format("yyyy-mm-dd"),
            ColumnKind::Number => Format::new(),
        };
        sheet.set_column_width(index, f64::from(column.width.max(8)))?.set_column_format(index, &cells)?;
        sheet.write_string_with_format(0, index, label(column), &heading_format(column.required))?;
        sheet.insert_note(0, index, &note(column))?;
        if let Some(rule) = rule(column, lists)? {
            sheet.add_data_validation(1, index, LAST_ROW, index, &rule)?;
        }
    }
    Ok(())
}

fn label(column: &TemplateColumn) -> String {
    if column.required { format!("{}*", column.label) } else { column.label.clone() }
}

fn heading_format(required: bool) -> Format {
    let format = Format::new()
        .set_bold()
        .set_num_format_index(49)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0x00E8_EEF4));
    if required { format.set_font_color(Color::RGB(0x00B0_1E1E)) } else { format }
}

fn note(column: &TemplateColumn) -> Note {
    let required = if column.required { "必填 required" } else { "选填 optional" };
    let text = format!("{} · {required}\n{}", column.heading, column.note);
    let lines = 3 + text.chars().count() / 18;
    Note::new(text).add_author_prefix(false).set_width(260).set_height(18 * u32::try_from(lines.min(20)).unwrap_or(20))
}

/// What may be entered in a column.
fn rule<'t>(column: &'t TemplateColumn, lists: &mut Vec<&'t [String]>) -> Result<Option<DataValidation>, XlsxError> {
    let (rule, message) = if !column.options.is_empty() {
        (choices(&column.options, lists)?, "请从下拉列表中选择。Choose from the list.")
    } else {
        match column.kind {
            ColumnKind::Text => return Ok(None),
            ColumnKind::Date => {
                let (first, last) = (ExcelDateTime::from_ymd(1900, 1, 1)?, ExcelDateTime::from_ymd(9999, 12, 31)?);
                let rule = DataValidation::new().allow_date(DataValidationRule::Between(first, last));
                (rule, "请填日期，如 2026-03-01。Enter a date， such as 2026-03-01.")
            }
            ColumnKind::Number => {
                let rule = DataValidation::new().allow_decimal_number(DataValidationRule::Between(-1e15, 1e15));
                (rule, "请填数字，不带单位。Enter a number without its unit.")
            }
        }
    };
    let rule = rule
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("填写有误 Not accepted")?
        .set_error_message(message)?;
    Ok(Some(rule))
}

/// A list of choices: in the rule itself where it fits, else on the hidden sheet.
fn choices<'t>(options: &'t [String], lists: &mut Vec<&'t [String]>) -> Result<DataValidation, XlsxError> {
    let units = options.iter().map(|option| option.encode_utf16().count() + 1).sum::<usize>() - 1;
    // In the rule a comma separates the choices, and a leading `=` makes a formula.
    let plain = options.iter().all(|option| !option.contains([',', '"', '\'']) && !option.starts_with('='));
    if units <= INLINE_LIST && plain {
        return DataValidation::new().allow_list_strings(options);
    }
    let column = column_name(lists.len() + 1);
    let range = format!("={LISTS_SHEET}!${column}$1:${column}${}", options.len());
    lists.push(options);
    Ok(DataValidation::new().allow_list_formula(Formula::new(range)))
}

fn notes_sheet(sheet: &mut Worksheet, template: &Template) -> Result<(), XlsxError> {
    sheet.set_name(NOTES_SHEET)?.set_landscape().set_print_fit_to_pages(1, 0);
    let title = Format::new().set_bold().set_font_size(14);
    let wrapped = Format::new().set_num_format_index(49).set_text_wrap().set_align(FormatAlign::Top);
    let heading = wrapped.clone().set_bold().set_border_bottom(FormatBorder::Thin);
    sheet.write_string_with_format(0, 0, &template.title, &title)?;
    for (row, cells) in (0..).zip(&template.notes) {
        let format = if row == 0 { &heading } else { &wrapped };
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string_with_format(row + 2, column, cell, format)?;
        }
    }
    let columns = template.notes.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..u16::try_from(columns).unwrap_or(u16::MAX) {
        let widest = template.notes.iter().filter_map(|row| row.get(usize::from(column)));
        let chars = widest.map(|cell| cell.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<u32>()).max();
        sheet.set_column_width(column, f64::from(chars.unwrap_or(8).clamp(8, 60)))?;
    }
    Ok(())
}
