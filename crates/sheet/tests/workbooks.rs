//! Workbooks made by programs that we did not write, and workbooks made to be difficult.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use calamine::{Data, Reader};
use chengxin_sheet::{Format, Limits, Source};
use common::{Scratch, fixture, read, read_sheet, worksheet, xlsx, xlsx_of};

const ROW_4: [&str; 8] =
    ["王小明", "990000199001010017", "2026-03-01", "1.5", "2026-02-27T09:30:00", "TRUE", "", " 前后有空格 "];
const ROW_5: [&str; 8] =
    ["阿依古丽·买买提", "99000019850212004X", "1999-12-31", "0.000001", "", "FALSE", "", "第一行\n第二行 <&>"];

/// Rows 4 and on of the book that `make.py` describes.
fn check(name: &str, sum: &str, words: &str) {
    let rows = read(&fixture(name), 3, 8, &Limits::default()).unwrap();
    let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [4, 5, 7], "{name}: the blank row keeps its number");
    let (mut row_4, mut row_5) = (ROW_4, ROW_5);
    row_4[6] = sum;
    row_5[6] = words;
    assert_eq!(rows[0].cells, row_4, "{name}");
    assert_eq!(rows[1].cells, row_5, "{name}");
    assert_eq!(rows[2].cells[0], "𠮷田", "{name}");
    assert!(rows[2].codes().contains(&"lossy-number"), "{name}: an ID number typed as a number is refused");
}

#[test]
fn a_workbook_by_openpyxl_is_read() {
    // openpyxl calculates nothing, so its formulas have no values.
    check("openpyxl.xlsx", "", "");
    let rows = read(&fixture("openpyxl.xlsx"), 3, 8, &Limits::default()).unwrap();
    assert!(rows[0].formula);
}

#[test]
fn a_workbook_by_libreoffice_is_read_with_its_calculated_values() {
    for name in ["libreoffice.xlsx", "libreoffice.xls"] {
        check(name, "3", "共计");
        let rows = read(&fixture(name), 3, 8, &Limits::default()).unwrap();
        assert_eq!(rows[2].codes(), ["lossy-number", "error-cell"], "{name}");
        assert!(rows.iter().all(|row| row.formula), "{name}");
        assert_eq!(rows[2].cells[2], "1900-03-01", "{name}");
    }
}

#[test]
fn dates_of_the_1904_system_come_out_the_same() {
    check("openpyxl-1904.xlsx", "", "");
}

#[test]
fn the_first_visible_sheet_with_content_is_read_and_others_by_name() {
    for name in ["openpyxl.xlsx", "libreoffice.xlsx", "libreoffice.xls"] {
        let source = Source::open(&fixture(name), None, &Limits::default()).unwrap();
        let info = source.info();
        assert_eq!(info.sheet.as_deref(), Some("处罚 & 公示"), "{name}");
        assert_eq!(info.sheets, ["隐藏", "空表", "处罚 & 公示"], "{name}");
        assert_eq!(source.head().row(0).field(0), "行政处罚信息报送表", "{name}: a merged title is one cell");
        let hidden = read_sheet(&fixture(name), Some("隐藏"), 0, 1, &Limits::default()).unwrap();
        assert_eq!(hidden[0].cells, ["不应读取"], "{name}");
    }
}

#[test]
fn shared_strings_of_xls_survive_the_seams_of_their_records() {
    let rows = read(&fixture("xlwt.xls"), 1, 6, &Limits::default()).unwrap();
    assert_eq!(rows.len(), 300);
    for (number, row) in (1..).zip(&rows) {
        let name = if number % 2 == 1 { format!("单位{number}") } else { format!("Company {number}") };
        let text = if number % 5 == 0 { "plain text " } else { "违法事实" };
        assert_eq!(row.cells[0], name);
        assert_eq!(row.cells[2].parse::<f64>().unwrap(), f64::from(number) / 100.0);
        assert_eq!(row.cells[5], format!("{}{number}", text.repeat(20)));
        assert_eq!(row.cells[4], if number % 3 == 0 { "TRUE" } else { "FALSE" });
    }
    assert_eq!((rows[0].cells[1].as_str(), rows[299].cells[1].as_str()), ("2026-01-02", "2026-10-28"));
}

/// Another reader's text for a cell.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Bool(value) => value.to_string().to_uppercase(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(moment) => {
            let (y, m, d, h, min, s, _) = moment.to_ymd_hms_milli();
            let day = format!("{y:04}-{m:02}-{d:02}");
            if (h, min, s) == (0, 0, 0) { day } else { format!("{day}T{h:02}:{min:02}:{s:02}") }
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_reader_sees_the_same_cells() {
    for name in ["openpyxl.xlsx", "libreoffice.xlsx", "libreoffice.xls", "xlwt.xls"] {
        let sheet = if name == "xlwt.xls" { "数据" } else { "处罚 & 公示" };
        let mut book = calamine::open_workbook_auto(fixture(name)).unwrap();
        let range = book.worksheet_range(sheet).unwrap();
        let start = range.start().unwrap();
        assert_eq!(start, (0, 0));
        let ours = read(&fixture(name), 0, 8, &Limits::default()).unwrap();
        let mut seen = 0;
        for row in &ours {
            for (column, cell) in row.cells.iter().enumerate() {
                let theirs = range.get_value((row.number as u32 - 1, column as u32)).map(text).unwrap_or_default();
                assert_eq!(*cell, theirs, "{name} row {} column {column}", row.number);
                seen += usize::from(!cell.is_empty());
            }
        }
        let filled = range.used_cells().filter(|(_, _, cell)| !text(cell).is_empty()).count();
        assert_eq!(seen, filled, "{name}: no cell is left out");
    }
}

#[test]
fn rows_are_numbered_though_nobody_numbered_them_and_blocks_fall_anywhere() {
    let data: String = (1..=500)
        .map(|n| match n % 5 {
            0 => "<row/>".to_owned(),
            1 => "<row></row>".to_owned(),
            _ => format!("<row><c t=\"inlineStr\"><is><t>行{n}</t></is></c><c><v>{n}</v></c></row>"),
        })
        .collect();
    let scratch = Scratch::new();
    let path = scratch.file("a.xlsx", xlsx(&data));
    let wanted: Vec<u64> = (1..=500).filter(|n| n % 5 > 1).collect();
    for block_bytes in [1, 7, 64, 1000, 1 << 20] {
        let limits = Limits { block_bytes, ..Limits::default() };
        let rows = read(&path, 0, 2, &limits).unwrap();
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), wanted, "block of {block_bytes}");
        assert!(rows.iter().all(|row| row.cells == [format!("行{}", row.number), row.number.to_string()]));
    }
}

#[test]
fn prefixes_and_parts_in_unusual_places_are_understood() {
    let sheet = "<?xml version=\"1.0\"?><x:worksheet xmlns:x=\"m\"><x:sheetPr/><x:sheetData>\
                 <x:row r=\"2\"><x:c r=\"B2\" t=\"s\"><x:v>1</x:v></x:c></x:row></x:sheetData>\
                 <x:rowBreaks count=\"1\"/></x:worksheet>";
    let strings = "<x:sst xmlns:x=\"m\"><x:si><x:t>甲</x:t></x:si><x:si><x:r><x:t>乙</x:t></x:r><x:r><x:t xml:space=\"preserve\"> 丙</x:t></x:r></x:si></x:sst>";
    let scratch = Scratch::new();
    let parts = [("xl/Worksheets/Sheet1.xml", sheet), ("xl/sharedStrings.xml", strings)];
    let path = scratch.file("a.xlsx", xlsx_of(&parts));
    let rows = read(&path, 0, 2, &Limits::default()).unwrap();
    assert_eq!((rows[0].number, rows[0].cells[1].as_str()), (2, "乙 丙"));
}

#[test]
fn shared_strings_survive_the_seams_of_the_chunks_they_are_read_in() {
    let count = 40_000;
    let strings: String = (0..count).map(|n| format!("<si><t>第{n}条共享的文字</t></si>")).collect();
    let strings = format!("<sst>{strings}</sst>");
    let data: String = (0..count).map(|n| format!("<row><c t=\"s\"><v>{n}</v></c></row>")).collect();
    let scratch = Scratch::new();
    let parts = [("xl/worksheets/sheet1.xml", worksheet(&data)), ("xl/sharedStrings.xml", strings)];
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let path = scratch.file("a.xlsx", xlsx_of(&parts));
    let rows = read(&path, 0, 1, &Limits::default()).unwrap();
    assert_eq!(rows.len(), count);
    assert!(rows.iter().enumerate().all(|(n, row)| row.cells[0] == format!("第{n}条共享的文字")));
}

#[test]
fn progress_of_a_sheet_adds_up() {
    let data: String = (0..5000).map(|n| format!("<row><c><v>{n}</v></c></row>")).collect();
    let scratch = Scratch::new();
    let path = scratch.file("a.xlsx", xlsx(&data));
    let limits = Limits { block_bytes: 4096, ..Limits::default() };
    let source = Source::open(&path, None, &limits).unwrap();
    let info = source.info().clone();
    assert_eq!((info.format, info.encoding), (Format::Xlsx, None));
    let mut blocks = source.blocks(0, 1).unwrap();
    let mut sum = 0;
    while let Some(block) = blocks.next_block().unwrap() {
        sum += block.bytes();
    }
    assert_eq!(sum, info.sheet_bytes);
}
