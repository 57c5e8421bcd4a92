//! What the tests of reading share.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses a part; a test fails by panicking")]

use std::path::{Path, PathBuf};

use chengxin_sheet::{Fault, Limits, Problem, Rows, SheetError, Source};

/// A row as a test looks at it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) cells: Vec<String>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) formula: bool,
}

impl Row {
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.problems.iter().map(Problem::code).collect()
    }
}

/// Every row after `after_row`.
pub(crate) fn read(path: &Path, after_row: u64, columns: usize, limits: &Limits) -> Result<Vec<Row>, SheetError> {
    read_sheet(path, None, after_row, columns, limits)
}

pub(crate) fn read_sheet(
    path: &Path,
    sheet: Option<&str>,
    after_row: u64,
    columns: usize,
    limits: &Limits,
) -> Result<Vec<Row>, SheetError> {
    let mut blocks = Source::open(path, sheet, limits)?.blocks(after_row, columns)?;
    let mut rows = Rows::default();
    let mut all = Vec::new();
    while let Some(block) = blocks.next_block()? {
        block.decode(&mut rows)?;
        all.extend(rows.iter().map(|row| Row {
            number: row.number(),
            cells: (0..columns).map(|column| row.field(column).to_owned()).collect(),
            problems: row.problems().to_vec(),
            formula: row.has_formula(),
        }));
    }
    Ok(all)
}

/// A file with this content in a folder that lives as long as the test.
pub(crate) struct Scratch {
    dir: tempfile::TempDir,
}

impl Scratch {
    pub(crate) fn new() -> Scratch {
        Scratch { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The error of opening and reading a file with this content, with a look at its sentences.
    pub(crate) fn error(&self, name: &str, content: impl AsRef<[u8]>) -> SheetError {
        error_of(&self.file(name, content))
    }
}

/// The error of opening and reading a file.
pub(crate) fn error_of(path: &Path) -> SheetError {
    let error = read(path, 0, 16, &Limits::default()).expect_err("the file is bad");
    for text in [error.zh(), error.en()] {
        assert!(text.contains(&path.display().to_string()), "{text} names the file");
        assert!(!text.contains('{'), "{text} is whole");
    }
    assert!(error.zh().ends_with('。') && error.en().ends_with('.'), "{error}");
    error
}

/// A workbook of one sheet, from its rows as XML.
pub(crate) fn xlsx(sheet_data: &str) -> Vec<u8> {
    xlsx_of(&[("xl/worksheets/sheet1.xml", &worksheet(sheet_data))])
}

pub(crate) fn worksheet(sheet_data: &str) -> String {
    format!("<?xml version=\"1.0\"?><worksheet xmlns=\"m\"><sheetData>{sheet_data}</sheetData></worksheet>")
}

/// A workbook with these parts beside the usual ones.
pub(crate) fn xlsx_of(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    const RELS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let usual = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{RELS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"数据\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
                .to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{RELS}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"r2\" Type=\"{RELS}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut put = |name: &str, content: &str| {
        zip.start_file(name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    };
    for (name, content) in &usual {
        if !parts.iter().any(|(given, _)| given == name) {
            put(name, content);
        }
    }
    for (name, content) in parts {
        put(name, content);
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Whether the fault is the expected one, for `assert!`.
pub(crate) fn is(error: &SheetError, wanted: impl Fn(&Fault) -> bool) -> bool {
    wanted(error.fault())
}
