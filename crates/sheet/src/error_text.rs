//! The sentences of [`Fault`]: what, where, and how to mend it. One arm a fault in each language, kept
//! side by side so that a change to one is seen beside the other.

use std::io;

use crate::error::{BadBytes, Fault};

impl Fault {
    /// What is wrong and how to mend it, in Simplified Chinese, without the file's name.
    pub fn zh(&self) -> String {
        match self {
            Fault::Io(e) => format!("无法读写（{}）。{}", e, io_remedy_zh(e)),
            Fault::NotFound => "文件不存在。请检查路径和文件名。".into(),
            Fault::Symlink => "这是符号链接，不予读取。请给出链接所指的文件本身。".into(),
            Fault::Folder => "这是文件夹。请给出其中的文件。".into(),
            Fault::NotRegular => "这不是普通文件（可能是管道或设备）。请先存成普通文件。".into(),
            Fault::Empty => "文件是空的（0 字节）。请重新导出后再报送。".into(),
            Fault::TooLarge { bytes, limit } => format!(
                "文件 {}，超过上限 {}。请拆成几个文件；很大的 XLSX、XLS 请另存为 CSV UTF-8。",
                size(*bytes),
                size(*limit)
            ),
            Fault::Changed => "读取过程中文件被改动。请等文件写完后再试。".into(),
            Fault::OtherContent(kind) => format!("内容是{}，不是表格。请另存为 XLSX 或 CSV。", kind.zh()),
            Fault::Mismatch { content, ending, right } => match right {
                Some(right) => format!(
                    "内容是{}，而文件扩展名是“.{ending}”。请把扩展名改为“.{}”，或按扩展名另存。",
                    content.zh(),
                    right.ending()
                ),
                None => format!("内容是{}，而文件扩展名是“.{ending}”。请打开后另存为 XLSX。", content.zh()),
            },
            Fault::NotAWorkbook(kind) => format!("里面没有工作簿（看上去是{}）。请另存为 XLSX。", kind.zh()),
            Fault::Encrypted => "工作簿设有打开密码，无法读取。请去掉密码后另存。".into(),
            Fault::Encoding(tried) => format!(
                "文字编码无法识别：{}。请用表格软件打开，确认文字无误后另存为“CSV UTF-8”。",
                tried.iter().map(bad_zh).collect::<Vec<_>>().join(";")
            ),
            Fault::Nul { row, offset, utf16: true } => {
                format!("第 {row} 行（字节 {offset}）有空字节，像是没有标记的 UTF-16。请另存为“CSV UTF-8”。")
            }
            Fault::Nul { row, offset, utf16: false } => {
                format!("第 {row} 行（字节 {offset}）有空字节（NUL），文件可能损坏。请从原系统重新导出。")
            }
            Fault::Mojibake { row, column, shown, meant } => format!(
                "第 {row} 行第 {column} 列是乱码：“{shown}”，原文可能是“{meant}”。文件曾按错误编码打开并保存，请从原系统重新导出为“CSV UTF-8”。"
            ),
            Fault::Delimiter { found, expected } => format!(
                "各列以{}分隔，而不是{}。请另存为逗号分隔的“CSV UTF-8”{}。",
                delimiter_zh(*found),
                delimiter_zh(*expected),
                if *found == '\t' { "，或把扩展名改为“.tsv”" } else { "" }
            ),
            Fault::UnclosedQuote { row } => {
                format!("第 {row} 行的双引号没有配对，其后的内容会被并成一格。请补上或删去该引号。")
            }
            Fault::RecordTooLong { row, limit } => {
                format!("第 {row} 行超过 {}，不像一行数据。请检查该行。", size(*limit as u64))
            }
            Fault::TooManyColumns { cell, limit } => format!(
                "单元格 {cell} 有内容，超出第 {limit} 列的上限。请删去多余的列（选中后“删除”，不是“清除”）再保存。"
            ),
            Fault::JsonArray => {
                "这是 JSON 数组。请改为 JSON Lines：去掉外层方括号和对象之间的逗号，每行一个对象。".into()
            }
            Fault::NotJsonLines { row } => {
                format!("第 {row} 行不是完整的 JSON 对象。请改为每行一个对象（JSON Lines）。")
            }
            Fault::NoRows { sheets } if sheets.is_empty() => "没有任何数据行。请检查导出的内容。".into(),
            Fault::NoRows { sheets } => {
                format!("没有任何数据行（工作表：{}）。请检查导出的内容。", sheets.join("、"))
            }
            Fault::NoSuchSheet { sheet, sheets } if sheets.is_empty() => {
                format!("这类文件没有工作表，不能指定“{sheet}”。请去掉工作表选项。")
            }
            Fault::NoSuchSheet { sheet, sheets } => {
                format!("没有名为“{sheet}”的工作表。现有：{}。", sheets.join("、"))
            }
            Fault::Damaged { part, .. } => format!(
                "工作簿损坏或不完整{}。请用表格软件打开并另存；打不开就重新导出。",
                if part.is_empty() { String::new() } else { format!("，位置：{part}") }
            ),
            Fault::TooManyParts { limit } => {
                format!("工作簿内的文件多于 {limit} 个，不像正常的表格。请把数据复制到新工作簿后另存。")
            }
            Fault::PartTooLarge { part, limit } => {
                format!("工作簿的 {part} 解压后超过 {}，不像正常的表格。请另存为“CSV UTF-8”。", size(*limit))
            }
            Fault::SharedStringsTooLarge { limit } => format!(
                "工作簿里不同的文字太多，需要的内存超过 {}。请另存为“CSV UTF-8”后报送，CSV 不受此限。",
                size(*limit as u64)
            ),
            Fault::TooOld => "是 Excel 95 或更早的格式。请打开后另存为 XLSX。".into(),
            Fault::SheetName(name) => {
                format!("“{name}”不能作工作表名：1 至 31 个字，不含 [ ] : * ? / \\。")
            }
            Fault::Template(detail) => format!("无法生成模板（{detail}）。"),
        }
    }

    /// What is wrong and how to mend it, in English, without the file's name.
    pub fn en(&self) -> String {
        match self {
            Fault::Io(e) => format!("could not be read or written ({e}). {}", io_remedy_en(e)),
            Fault::NotFound => "no such file. Check the path and the name.".into(),
            Fault::Symlink => "is a symbolic link, which is not followed. Name the file itself.".into(),
            Fault::Folder => "is a folder. Name a file in it.".into(),
            Fault::NotRegular => "is not a regular file (a pipe or a device?). Save it as a file first.".into(),
            Fault::Empty => "is empty (0 bytes). Export it again.".into(),
            Fault::TooLarge { bytes, limit } => format!(
                "is {}, over the limit of {}. Split it; save a very large XLSX or XLS as CSV UTF-8.",
                size(*bytes),
                size(*limit)
            ),
            Fault::Changed => "changed while it was being read. Wait until it is complete and try again.".into(),
            Fault::OtherContent(kind) => {
                format!("holds {}, not a table. Save it as XLSX or CSV.", kind.en())
            }
            Fault::Mismatch { content, ending, right } => match right {
                Some(right) => format!(
                    "holds {}, but its ending is \".{ending}\". Rename it to \".{}\", or save it as what the ending says.",
                    content.en(),
                    right.ending()
                ),
                None => {
                    format!("holds {}, but its ending is \".{ending}\". Open it and save it as XLSX.", content.en())
                }
            },
            Fault::NotAWorkbook(kind) => {
                format!("holds no workbook (it looks like {}). Save it as XLSX.", kind.en())
            }
            Fault::Encrypted => "is protected by a password. Remove the password and save it again.".into(),
            Fault::Encoding(tried) => format!(
                "is in no encoding that can be read: {}. Open it in a spreadsheet program, check the text, and save it as \"CSV UTF-8\".",
                tried.iter().map(bad_en).collect::<Vec<_>>().join("; ")
            ),
            Fault::Nul { row, offset, utf16: true } => format!(
                "line {row} (byte {offset}) holds a NUL byte; it looks like UTF-16 without its mark. Save it as \"CSV UTF-8\"."
            ),
            Fault::Nul { row, offset, utf16: false } => {
                format!("line {row} (byte {offset}) holds a NUL byte; the file may be damaged. Export it again.")
            }
            Fault::Mojibake { row, column, shown, meant } => format!(
                "row {row}, column {column} is garbled: \"{shown}\", probably \"{meant}\". The file was opened and saved in a wrong encoding; export it again as \"CSV UTF-8\"."
            ),
            Fault::Delimiter { found, expected } => format!(
                "separates its columns by {}, not by {}. Save it as comma-separated \"CSV UTF-8\"{}.",
                delimiter_en(*found),
                delimiter_en(*expected),
                if *found == '\t' { ", or rename it to \".tsv\"" } else { "" }
            ),
            Fault::UnclosedQuote { row } => format!(
                "a quotation mark opened in row {row} is never closed, and would swallow what follows. Close or remove it."
            ),
            Fault::RecordTooLong { row, limit } => {
                format!("row {row} is longer than {}, which no row of data is. Look at that row.", size(*limit as u64))
            }
            Fault::TooManyColumns { cell, limit } => format!(
                "cell {cell} holds something, beyond the limit of {limit} columns. Delete the surplus columns (\"delete\", not \"clear\") and save."
            ),
            Fault::JsonArray => {
                "is a JSON array. Make it JSON Lines: no outer brackets, no commas between objects, one object a line."
                    .into()
            }
            Fault::NotJsonLines { row } => {
                format!("line {row} is not a whole JSON object. Put one object on each line (JSON Lines).")
            }
            Fault::NoRows { sheets } if sheets.is_empty() => "holds no rows. Check what was exported.".into(),
            Fault::NoRows { sheets } => {
                format!("holds no rows (sheets: {}). Check what was exported.", sheets.join(", "))
            }
            Fault::NoSuchSheet { sheet, sheets } if sheets.is_empty() => {
                format!("has no sheets, so \"{sheet}\" cannot be chosen. Leave the sheet option out.")
            }
            Fault::NoSuchSheet { sheet, sheets } => {
                format!("has no sheet \"{sheet}\". It has: {}.", sheets.join(", "))
            }
            Fault::Damaged { part, .. } => format!(
                "is damaged or incomplete{}. Open it in a spreadsheet program and save it; if it does not open, export it again.",
                if part.is_empty() { String::new() } else { format!(", in {part}") }
            ),
            Fault::TooManyParts { limit } => format!(
                "holds more than {limit} parts, which no table does. Copy the data into a new workbook and save that."
            ),
            Fault::PartTooLarge { part, limit } => {
                format!("{part} unpacks to more than {}, which no table does. Save it as \"CSV UTF-8\".", size(*limit))
            }
            Fault::SharedStringsTooLarge { limit } => format!(
                "holds so many different texts that they need more than {} of memory. Save it as \"CSV UTF-8\", which has no such limit.",
                size(*limit as u64)
            ),
            Fault::TooOld => "is in the format of Excel 95 or older. Open it and save it as XLSX.".into(),
            Fault::SheetName(name) => {
                format!("\"{name}\" cannot name a sheet: 1 to 31 characters, none of [ ] : * ? / \\.")
            }
            Fault::Template(detail) => format!("the template could not be written ({detail})."),
        }
    }
}

fn bad_zh(bad: &BadBytes) -> String {
    format!("按 {} 读，第 {} 行（字节 {}）起不对", bad.encoding.name(), bad.row, bad.offset)
}

fn bad_en(bad: &BadBytes) -> String {
    format!("as {} it fails at line {} (byte {})", bad.encoding.name(), bad.row, bad.offset)
}

fn io_remedy_zh(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "请检查文件权限。",
        io::ErrorKind::StorageFull => "磁盘已满，请腾出空间后重试；没有留下写了一半的文件。",
        _ => "请检查磁盘或网络后重试。",
    }
}

fn io_remedy_en(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "Check the file's permissions.",
        io::ErrorKind::StorageFull => "The disk is full: make room and try again; no half-written file was left.",
        _ => "Check the disk or the network and try again.",
    }
}

fn delimiter_zh(delimiter: char) -> &'static str {
    match delimiter {
        '\t' => "制表符",
        ';' => "分号",
        '|' => "竖线",
        '\u{ff0c}' => "全角逗号",
        _ => "逗号",
    }
}

fn delimiter_en(delimiter: char) -> &'static str {
    match delimiter {
        '\t' => "tabs",
        ';' => "semicolons",
        '|' => "vertical bars",
        '\u{ff0c}' => "full-width commas",
        _ => "commas",
    }
}

/// A size for people: `360.2 MiB`.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}
