//! What stands before the sheets: their names and places, the shared strings, the number formats.

use std::collections::HashMap;
use std::fs::File;

use cfb::CompoundFile;

use crate::error::Fault;
use crate::limits::Limits;
use crate::serial::NumberKind;
use crate::xls::records::{BOF, EOF, Long, Records, damaged, u16_at, u32_at};
use crate::xlsx::book::Shared;
use crate::xlsx::styles::{kind_of_builtin, kind_of_code};

const FILE_PASS: u16 = 0x002F;
const DATE_MODE: u16 = 0x0022;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const BOUND_SHEET: u16 = 0x0085;
const SST: u16 = 0x00FC;
const BIFF8: u16 = 0x0600;

/// A sheet of the workbook.
#[derive(Debug, Clone)]
pub(crate) struct XlsSheet {
    pub(crate) name: String,
    pub(crate) visible: bool,
    /// Position in the stream; `None` for charts and macros.
    pub(crate) start: Option<u64>,
}

/// An opened workbook.
#[derive(Debug)]
pub(crate) struct Globals {
    pub(crate) records: Records,
    pub(crate) sheets: Vec<XlsSheet>,
    pub(crate) shared: Shared,
}

impl Globals {
    /// Reads everything but the sheets.
    ///
    /// # Errors
    /// [`Fault::Encrypted`], [`Fault::TooOld`], [`Fault::SharedStringsTooLarge`], [`Fault::Damaged`].
    pub(crate) fn read(container: CompoundFile<File>, limits: &Limits) -> Result<Globals, Fault> {
        let mut globals = Globals { records: Records::new(container), sheets: Vec::new(), shared: Shared::default() };
        let mut formats = HashMap::new();
        let mut styles = Vec::new();
        let mut body = Vec::new();
        if globals.records.next(&mut body)? != Some(BOF) {
            return Err(damaged("no beginning"));
        }
        if u16_at(&body, 0)? != BIFF8 {
            return Err(Fault::TooOld);
        }
        loop {
            match globals.records.next(&mut body)?.ok_or_else(|| damaged("no end of the workbook"))? {
                FILE_PASS => return Err(Fault::Encrypted),
                DATE_MODE => globals.shared.epoch_1904 = u16_at(&body, 0)? == 1,
                FORMAT => {
                    let id = u16_at(&body, 0)?;
                    let mut code = String::new();
                    let mut long = Long::new(&mut globals.records, body.split_off(2.min(body.len())));
                    let (count, wide) = (long.u16()?, long.u8()? & 1 != 0);
                    long.string(count.into(), wide, &mut code)?;
                    formats.insert(id, kind_of_code(&code));
                }
                XF => styles.push(u16_at(&body, 2)?),
                BOUND_SHEET => globals.bound_sheet(&mut body)?,
                SST => {
                    let body = std::mem::take(&mut body);
                    globals.shared_strings(body, limits)?;
                }
                EOF => break,
                _ => {}
            }
        }
        globals.shared.kinds = styles.into_iter().map(|format| kind(format, &formats)).collect();
        Ok(globals)
    }

    fn bound_sheet(&mut self, body: &mut Vec<u8>) -> Result<(), Fault> {
        let start = u64::from(u32_at(body, 0)?);
        let state = u16_at(body, 4)?;
        let mut name = String::new();
        let mut long = Long::new(&mut self.records, body.split_off(6.min(body.len())));
        let (count, wide) = (long.u8()?, long.u8()? & 1 != 0);
        long.string(count.into(), wide, &mut name)?;
        // Low byte: visibility; high byte: kind, 0 for a worksheet.
        let visible = state & 3 == 0;
        self.sheets.push(XlsSheet { name, visible, start: (state >> 8 == 0).then_some(start) });
        Ok(())
    }

    fn shared_strings(&mut self, body: Vec<u8>, limits: &Limits) -> Result<(), Fault> {
        const WIDE: u8 = 1;
        const PHONETIC: u8 = 4;
        const FORMATTED: u8 = 8;
        let mut long = Long::new(&mut self.records, body);
        long.skip(4)?;
        let count = long.u32()?;
        for _ in 0..count {
            let (units, flags) = (long.u16()?, long.u8()?);
            let runs = if flags & FORMATTED != 0 { usize::from(long.u16()?) } else { 0 };
            let extra = if flags & PHONETIC != 0 { long.u32()? as usize } else { 0 };
            self.shared
                .strings
                .add(limits.max_shared_strings_bytes, |out| long.string(units.into(), flags & WIDE != 0, out))?;
            long.skip(4 * runs + extra)?;
        }
        Ok(())
    }
}

fn kind(format: u16, custom: &HashMap<u16, NumberKind>) -> NumberKind {
    custom.get(&format).copied().unwrap_or_else(|| kind_of_builtin(format.into()))
}
