//! What is written can be read again, by us and by others, and does no harm in a spreadsheet program.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use calamine::Reader;
use chengxin_sheet::{
    ColumnKind, Fault, Limits, Source, Template, TemplateColumn, guard_formula, plain_heading, unguard_formula,
    write_csv, write_table_xlsx, write_template,
};
use common::{Scratch, read, read_sheet};
use proptest::prelude::*;

fn strings(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn a_table_reads_back_as_text_cell_by_cell() {
    let scratch = Scratch::new();
    let path = scratch.path("退回.xlsx");
    let rows = [
        strings(&["990000199001010017", "=1+1", " 空格 ", "a\nb\tc"]),
        strings(&["", "<&>\"'", "_x000A_\u{B}\r", "𠮷"]),
        strings(&["00012", "-5", "@x", "#N/A"]),
    ];
    let headings = strings(&["证件号码", "备注", "甲", "乙"]);
    let count = write_table_xlsx(&path, "退回 & 原因", &headings, rows.clone(), &[20, 30]).unwrap();
    assert_eq!(count, 3);
    let read = read(&path, 1, 4, &Limits::default()).unwrap();
    assert_eq!(read.iter().map(|row| row.cells.clone()).collect::<Vec<_>>(), rows);
    assert!(read.iter().all(|row| row.problems.is_empty() && !row.formula));

    let mut theirs = calamine::open_workbook_auto(&path).unwrap();
    let range = theirs.worksheet_range("退回 & 原因").unwrap();
    assert_eq!(range.get_value((1, 0)).unwrap().to_string(), "990000199001010017");
    assert_eq!(range.get_value((1, 1)).unwrap().to_string(), "=1+1");
}

#[test]
fn refused_rows_are_for_their_owner_only() {
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsx");
    write_table_xlsx(&path, "a", &strings(&["x"]), [], &[]).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file stays");
}

#[test]
fn a_failed_write_leaves_nothing_and_what_was_there_stays() {
    let scratch = Scratch::new();
    let path = scratch.file("a.xlsx", "old");
    let wide = vec![String::from("x"); 16_385];
    let error = write_table_xlsx(&path, "a", &strings(&["x"]), [wide], &[]).unwrap_err();
    assert!(matches!(error.fault(), Fault::TooManyColumns { limit: 16_384, .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    let error = write_table_xlsx(&path, "a:b", &[], [], &[]).unwrap_err();
    assert!(matches!(error.fault(), Fault::SheetName(_)));
    assert!(write_csv(&scratch.path("no/such/folder.csv"), true, &[], []).is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_in_plain_words() {
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    let fault = Fault::from(full);
    assert!(fault.zh().contains("磁盘已满") && fault.en().contains("disk is full"));
}

#[test]
fn written_csv_starts_no_formula_and_reads_back() {
    let scratch = Scratch::new();
    let rows = [strings(&["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"]), strings(&["\tx", "\rx", "＝1", "'=1"])];
    for mark in [true, false] {
        let path = scratch.path("a.csv");
        assert_eq!(write_csv(&path, mark, &strings(&["a", "b", "c", "d"]), rows.clone()).unwrap(), 2);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.starts_with(b"\xEF\xBB\xBF"), mark);
        let read = read(&path, 1, 4, &Limits::default()).unwrap();
        for (row, wanted) in read.iter().zip(&rows) {
            assert!(row.cells.iter().all(|cell| cell.starts_with('\'')), "{:?}", row.cells);
            let back: Vec<String> = row.cells.iter().map(|cell| unguard_formula(cell).to_owned()).collect();
            assert_eq!(&back, wanted);
        }
    }
}

proptest! {
    #[test]
    fn the_guard_is_undone_exactly(text in "['=+@\t\r\n＝a-]{0,5}") {
        let guarded = guard_formula(&text);
        prop_assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']));
        prop_assert_eq!(unguard_formula(&guarded), text.as_str());
    }

    #[test]
    fn any_text_survives_a_workbook(text in "[ -~\u{0}-\u{1F}一-三_x\u{20BB7}\u{FFFD}]{1,12}") {
        prop_assume!(!text.contains('\0'));
        let scratch = Scratch::new();
        let path = scratch.path("a.xlsx");
        write_table_xlsx(&path, "a", &strings(&["h", "i"]), [vec!["x".to_owned(), text.clone()]], &[]).unwrap();
        let read = read(&path, 1, 2, &Limits::default()).unwrap();
        prop_assert_eq!(&read[0].cells[1], &text);
    }
}

fn template() -> Template {
    let column = |label: &str, required, kind, options: Vec<String>| TemplateColumn {
        heading: format!("CODE_{label}"),
        label: label.to_owned(),
        note: "填写说明。How to fill it in.".to_owned(),
        required,
        options,
        kind,
        width: 18,
    };
    Template {
        sheet: "行政处罚".to_owned(),
        title: "行政处罚信息报送模板".to_owned(),
        columns: vec![
            column("名称", true, ColumnKind::Text, vec![]),
            column("证件号码", true, ColumnKind::Text, vec![]),
            column("处罚类别", false, ColumnKind::Text, strings(&["警告", "罚款"])),
            column("区划", false, ColumnKind::Text, (0..300).map(|n| format!("第{n}区")).collect()),
            column("决定日期", true, ColumnKind::Date, vec![]),
            column("罚款金额", false, ColumnKind::Number, vec![]),
        ],
        notes: vec![strings(&["字段", "说明"]), strings(&["名称", "按证件填写"])],
    }
}

#[test]
fn a_template_is_read_again_by_its_labels() {
    let scratch = Scratch::new();
    let path = scratch.path("t.xlsx");
    write_template(&path, &template()).unwrap();
    let source = Source::open(&path, None, &Limits::default()).unwrap();
    assert_eq!(source.info().sheet.as_deref(), Some("行政处罚"));
    assert_eq!(source.info().sheets, ["行政处罚", "填写说明 Notes", "Lists"]);
    let labels: Vec<&str> = source.head().row(0).fields().collect();
    assert_eq!(labels[..3], ["名称*", "证件号码*", "处罚类别"]);
    let plain: Vec<&str> = labels.iter().map(|label| plain_heading(label)).collect();
    assert_eq!(plain, ["名称", "证件号码", "处罚类别", "区划", "决定日期", "罚款金额"]);
    let notes = read_sheet(&path, Some("填写说明 Notes"), 0, 2, &Limits::default()).unwrap();
    assert_eq!(notes[0].cells[0], "行政处罚信息报送模板");
    assert_eq!(notes[2].cells, ["名称", "按证件填写"]);
    let lists = read_sheet(&path, Some("Lists"), 0, 1, &Limits::default()).unwrap();
    assert_eq!((lists.len(), lists[299].cells[0].as_str()), (300, "第299区"));
}

#[test]
fn a_template_is_the_same_every_time() {
    let scratch = Scratch::new();
    let (a, b) = (scratch.path("a.xlsx"), scratch.path("b.xlsx"));
    write_template(&a, &template()).unwrap();
    write_template(&b, &template()).unwrap();
    assert_eq!(std::fs::read(a).unwrap(), std::fs::read(b).unwrap());
}

#[test]
fn id_number_columns_of_a_template_are_text_and_choices_are_offered() {
    let scratch = Scratch::new();
    let path = scratch.path("t.xlsx");
    write_template(&path, &template()).unwrap();
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut sheet).unwrap();
    assert!(sheet.contains("\"警告,罚款\""), "a short list is in the rule itself");
    assert!(sheet.contains("Lists!$A$1:$A$300"), "a long one is on the hidden sheet");
    assert!(sheet.contains("type=\"date\"") && sheet.contains("type=\"decimal\""));
    let mut styles = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("xl/styles.xml").unwrap(), &mut styles).unwrap();
    assert!(styles.contains("numFmtId=\"49\""), "49 is the text format");
}
