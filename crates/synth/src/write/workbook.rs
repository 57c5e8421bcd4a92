//! Workbooks: one sheet, rows streamed, and nothing in it that differs from run to run.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Worksheet, XlsxError};

use super::Sink;
use crate::dress::Shown;
use crate::error::SynthError;

pub(super) struct Workbook {
    path: PathBuf,
    book: rust_xlsxwriter::Workbook,
    rows: u32,
    title: Format,
    bold: Format,
    date: Format,
}

impl Workbook {
    pub(super) fn open(path: &Path) -> Result<Self, SynthError> {
        let failed = |source| SynthError::Workbook { path: path.to_owned(), source };
        let mut book = rust_xlsxwriter::Workbook::new();
        // The library would write the moment of writing, and two runs would differ.
        let made = ExcelDateTime::from_ymd(2026, 1, 1).map_err(failed)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        book.add_worksheet_with_constant_memory().map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            book,
            rows: 0,
            title: Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center),
            bold: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy/m/d"),
        })
    }

    /// Writes one row by `write` and counts it.
    fn with_row(
        &mut self,
        write: impl FnOnce(&mut Worksheet, u32, &Styles<'_>) -> Result<(), XlsxError>,
    ) -> Result<(), SynthError> {
        let styles = Styles { title: &self.title, bold: &self.bold, date: &self.date };
        let sheet = self.book.worksheet_from_index(0);
        sheet
            .and_then(|sheet| write(sheet, self.rows, &styles))
            .map_err(|source| SynthError::Workbook { path: self.path.clone(), source })?;
        self.rows += 1;
        Ok(())
    }
}

struct Styles<'a> {
    title: &'a Format,
    bold: &'a Format,
    date: &'a Format,
}

impl Sink for Workbook {
    fn title(&mut self, title: &str, columns: usize) -> Result<(), SynthError> {
        let last = columns.saturating_sub(1) as u16;
        self.with_row(|sheet, row, styles| sheet.merge_range(row, 0, row, last, title, styles.title).map(|_| ()))
    }

    fn headings(&mut self, headings: &[&'static str]) -> Result<(), SynthError> {
        self.with_row(|sheet, row, styles| {
            for (column, heading) in (0u16..).zip(headings) {
                sheet.write_string_with_format(row, column, *heading, styles.bold)?;
            }
            Ok(())
        })
    }

    fn row(&mut self, values: &[Shown<'_>]) -> Result<(), SynthError> {
        self.with_row(|sheet, row, styles| {
            for (column, value) in (0u16..).zip(values) {
                match value {
                    Shown::Empty => continue,
                    Shown::Text(text) => sheet.write_string(row, column, text.as_ref())?,
                    Shown::Number(number) => match number.parse::<f64>() {
                        Ok(number) => sheet.write_number(row, column, number)?,
                        Err(_) => sheet.write_string(row, column, number)?,
                    },
                    Shown::Serial { days, as_date: true } => {
                        sheet.write_number_with_format(row, column, *days as f64, styles.date)?
                    }
                    Shown::Serial { days, as_date: false } => sheet.write_number(row, column, *days as f64)?,
                };
            }
            Ok(())
        })
    }

    fn blank(&mut self) -> Result<(), SynthError> {
        self.rows += 1;
        Ok(())
    }

    fn written(&self) -> u64 {
        u64::from(self.rows)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SynthError> {
        self.book.save(&self.path).map_err(|source| SynthError::Workbook { path: self.path.clone(), source })
    }
}
