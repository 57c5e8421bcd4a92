//! Upload templates: everything that an office must know to fill in an item, in one workbook.

use std::path::Path;

use chengxin_core::Caller;
use chengxin_core::catalogue::{self, Catalogue, FieldDef, FieldType, ItemDef};
use chengxin_sheet::{ColumnKind, Template, TemplateColumn, write_template};

use crate::{AppError, Installation};

/// Most characters in the name of a sheet, and those that it may not hold.
const SHEET_NAME: usize = 31;
const NOT_IN_SHEET_NAMES: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// Width, in characters of half width, beyond which a cell of the notes goes on in the row below: rows of the notes do
/// not grow by themselves in every program.
const NOTE_WIDTH: usize = 56;

/// Values of a list that the notes spell out; longer lists are in the dropdown.
const SPELT_OUT: usize = 24;

impl Installation {
    /// Writes the XLSX upload template of an item: dropdowns from its dictionaries, a mark on what is required, and a
    /// sheet of notes. A file of that name is replaced.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for an unknown item; [`crate::Kind::Invalid`] where the file cannot be written.
    pub fn catalogue_template(&self, caller: &Caller, item: &str, path: &Path) -> Result<(), AppError> {
        self.authorise(caller, "catalogue_template")?;
        Ok(write_template(path, &template(&self.catalogue, self.item(item)?))?)
    }
}

fn template(catalogue: &Catalogue, def: &ItemDef) -> Template {
    let item = &def.item;
    let sheet: String = item.name.chars().filter(|c| !NOT_IN_SHEET_NAMES.contains(c)).take(SHEET_NAME).collect();
    Template {
        sheet,
        title: format!("{} 报送模板 · {}", item.name, item.name_en),
        columns: def.fields.iter().map(column).collect(),
        notes: notes(catalogue, def),
    }
}

fn column(def: &FieldDef) -> TemplateColumn {
    let field = &def.field;
    let kind = match field.kind {
        FieldType::Date => ColumnKind::Date,
        FieldType::MoneyWan | FieldType::MoneyYuan => ColumnKind::Number,
        _ => ColumnKind::Text,
    };
    let length = match field.max_length {
        0 => String::new(),
        most => format!("，不超过 {most} 字"),
    };
    let mut note = format!("{}{length}\n{}", field.kind.name().zh, field.label_en);
    for extra in [condition(def), hint(field.kind).to_owned()] {
        if !extra.is_empty() {
            note.push('\n');
            note.push_str(&extra);
        }
    }
    TemplateColumn {
        heading: field.code.clone(),
        label: field.label.clone(),
        note,
        required: field.required,
        options: def.choices.as_ref().map_or_else(Vec::new, |choices| choices.values().map(str::to_owned).collect()),
        kind,
        width: width(def),
    }
}

/// When a field is needed that is not always.
fn condition(def: &FieldDef) -> String {
    def.field
        .required_if
        .as_ref()
        .map_or_else(String::new, |condition| format!("{} 为{}时必填", condition.field, condition.values.join("、")))
}

/// How a value of a type is written.
fn hint(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Date => "写法如 2026-03-01；无期限填 2099-12-31",
        FieldType::MoneyWan => "以万元为单位，最多 6 位小数",
        FieldType::MoneyYuan => "以元为单位，最多 2 位小数",
        FieldType::SourceTime => "年月日时分秒，如 20260301093000",
        FieldType::Uscc => "18 位统一社会信用代码",
        _ => "",
    }
}

fn width(def: &FieldDef) -> u16 {
    let label = u16::try_from(def.field.label.chars().count() * 2 + 3).unwrap_or(u16::MAX);
    let least = match def.field.kind {
        FieldType::DocumentNumber | FieldType::Uscc | FieldType::Name => 22,
        FieldType::Text if def.field.max_length > 100 => 32,
        _ => 12,
    };
    label.clamp(least, 40)
}

/// The sheet of notes: a table of the fields, then what the catalogue says about the item.
fn notes(catalogue: &Catalogue, def: &ItemDef) -> Vec<Vec<String>> {
    let heading =
        ["字段 Field", "代码 Code", "类型 Type", "长度 Length", "必填 Required", "取值 Values", "英文名 English"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for field in &def.fields {
        push_wrapped(&mut rows, field_row(field));
    }
    let rules = catalogue::show(catalogue, def).into_iter().filter(|section| section.title.zh != "数据字段");
    for section in rules {
        rows.push(Vec::new());
        let mut title = format!("{} {}", section.title.zh, section.title.en);
        for line in section.lines {
            // Under the widest columns of the table, so that nothing else grows.
            let [code, kind, length, required] = [const { String::new() }; 4];
            push_wrapped(&mut rows, vec![std::mem::take(&mut title), code, kind, length, required, line.zh, line.en]);
        }
    }
    rows
}

fn field_row(def: &FieldDef) -> Vec<String> {
    let field = &def.field;
    let required = if field.required { "必填".to_owned() } else { condition(def) };
    let values = def.choices.as_ref().map_or_else(
        || hint(field.kind).to_owned(),
        |choices| {
            let mut values: Vec<_> = choices.values().take(SPELT_OUT).collect();
            if choices.values().len() > SPELT_OUT {
                values.push("……（见下拉列表）");
            }
            values.join("、")
        },
    );
    let length = if field.max_length == 0 { String::new() } else { field.max_length.to_string() };
    vec![
        field.label.clone(),
        field.code.clone(),
        field.kind.name().zh,
        length,
        required,
        values,
        field.label_en.clone(),
    ]
}

/// Adds a row, and more below it where a cell is too long for one.
fn push_wrapped(rows: &mut Vec<Vec<String>>, cells: Vec<String>) {
    let pieces: Vec<Vec<String>> = cells.iter().map(|cell| wrapped(cell)).collect();
    for at in 0..pieces.iter().map(Vec::len).max().unwrap_or(0) {
        rows.push(pieces.iter().map(|cell| cell.get(at).cloned().unwrap_or_default()).collect());
    }
}

/// Cuts a text into lines: anywhere between full-width characters, at spaces between words.
fn wrapped(text: &str) -> Vec<String> {
    let (mut lines, mut line, mut width) = (Vec::new(), String::new(), 0);
    for word in text.split_inclusive(|c: char| c == ' ' || !c.is_ascii()) {
        let wide: usize = word.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        if width + wide > NOTE_WIDTH && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            width = 0;
        }
        line.push_str(word);
        width += wide;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_note_goes_on_below_and_loses_nothing() {
        assert_eq!(wrapped(""), [""]);
        assert_eq!(wrapped("一行"), ["一行"]);
        let chinese = "自然人信用记录公示期限".repeat(9);
        let lines = wrapped(&chinese);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= NOTE_WIDTH / 2));
        assert_eq!(lines.concat(), chinese);
        let english = "accepted within three working days ".repeat(5);
        let lines = wrapped(&english);
        assert!(lines.iter().all(|line| line.len() <= NOTE_WIDTH));
        assert_eq!(lines.join(" "), english.trim_end());
    }

    #[test]
    fn a_row_is_as_deep_as_its_longest_cell() {
        let mut rows = Vec::new();
        push_wrapped(&mut rows, vec!["短".to_owned(), "长".repeat(30)]);
        assert_eq!(rows, [["短".to_owned(), "长".repeat(28)], [String::new(), "长".repeat(2)]]);
    }
}
