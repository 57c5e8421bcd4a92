//! Working days in use: what the programme brings, what an office adds year by year, and who reads it.
//!
//! Kept as the catalogue is: the files of all years together, known by their hash, each set that was ever in use beside the others. What
//! is in use is asked of the database every time, so that a year that is added counts at once, in a server that runs too.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chengxin_core::calendar::{Calendar, Fault, Holiday, YearFile, hash_hex};
use chengxin_core::{Caller, Say};
use chengxin_store::audit::{CATALOGUES, SETTINGS};
use chengxin_store::{Tx, View};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::Serialize;
use serde_json::json;

use crate::catalogue::{from_json, read_file, shipped_calendars, to_json};
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::reading::Reading;
use crate::{AppError, Installation, journal};

/// Setting that holds the hash of the calendar in use.
pub(crate) const SETTING: &str = "calendar";

/// How many faults a refusal quotes; `calendar check` lists them all.
const QUOTED: usize = 5;

/// Files by name, in the order of their names.
type Files = Vec<(String, String)>;

/// A year of working days, for everybody to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalendarView {
    /// The year.
    pub year: i16,
    /// Did whoever wrote it down read the notice itself?
    pub verified: bool,
    /// Where the notices of the State Council stand.
    pub notices: Vec<String>,
    /// How many working days it has, by what is known today.
    pub working_days: u32,
    /// Its holidays, in their order.
    pub holidays: Vec<Holiday>,
}

/// What putting a year to use came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CalendarApplied {
    /// The year.
    pub year: i16,
    /// Hash of the calendar now in use.
    pub hash: String,
    /// Did it stand so already? Then nothing was done.
    pub already: bool,
    /// Days that were known before and are worked now or no longer, in their order. Deadlines over them end on another day.
    pub changed: Vec<Date>,
}

impl Installation {
    /// The years in use, or one of them.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a year that is not there.
    pub fn calendar_show(&self, caller: &Caller, year: Option<i16>) -> Result<Vec<CalendarView>, AppError> {
        self.authorise(caller, "calendar_show")?;
        shown(self.store.view(), year)
    }

    /// What is wrong with the file of a year; nothing where it may be used.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] where the file cannot be read at all.
    pub fn calendar_check(&self, caller: &Caller, file: &Path) -> Result<Vec<Fault>, AppError> {
        self.authorise(caller, "calendar_check")?;
        faults(file)
    }

    /// Puts the file of a year to use, in place of what was known of that year. What was in use before is kept.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] with the first faults of the file; nothing is changed then.
    pub fn calendar_apply(&mut self, caller: &Caller, file: &Path) -> Result<CalendarApplied, AppError> {
        self.authorise(caller, "calendar_apply")?;
        let (name, text) = read_file(file)?;
        let year = YearFile::read(&name, &text).map_err(|found| refusal(&found))?.year;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("calendar_apply", |tx| {
            let (before, mut files) = (in_use(tx.view())?, files_in_use(tx.view())?);
            let own = format!("{year}.toml");
            files.retain(|(name, _)| *name != own);
            files.push((own, text.clone()));
            files.sort();
            let after = Calendar::load(&files).map_err(|found| refusal(&found))?;
            let (hash, changed) = (hash_hex(&files), changed(&before, &after, year));
            if tx.view().setting(SETTING)?.as_deref() == Some(hash.as_str()) {
                return Ok(CalendarApplied { year, hash, already: true, changed });
            }
            let rows = keep(tx, &keys, &files, &hash, now_us, caller)?;
            let detail = json!({ "calendar": hash, "years": [year], "changed": changed, "rows": rows });
            journal::log(tx, &keys, now_us, "calendar_apply", caller, &detail)?;
            Ok(CalendarApplied { year, hash, already: false, changed })
        })
    }

    /// The working days in use.
    ///
    /// # Errors
    /// The store's; an internal fault where the files kept are not those of their hash.
    pub fn calendar(&self) -> Result<Arc<Calendar>, AppError> {
        in_use(self.store.view())
    }

    /// Where this programme brings years that the installation lacks, they are put to use, and that is an entry in the log. What an
    /// office has put to use itself stays.
    pub(crate) fn note_calendar(&mut self) -> Result<(), AppError> {
        let shipped = shipped_calendars();
        if self.store.view().setting(SETTING)?.as_deref() == Some(hash_hex(&shipped).as_str()) {
            return Ok(());
        }
        let lacking = |files: &Files| -> Files {
            shipped.iter().filter(|(name, _)| files.iter().all(|(other, _)| other != name)).cloned().collect()
        };
        if lacking(&files_in_use(self.store.view())?).is_empty() {
            return Ok(());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("calendar_apply", |tx| {
            let mut files = files_in_use(tx.view())?;
            let new = lacking(&files);
            // Another process was quicker.
            if new.is_empty() {
                return Ok(());
            }
            let years: Vec<_> =
                new.iter().filter_map(|(name, _)| name.strip_suffix(".toml")?.parse::<i16>().ok()).collect();
            files.extend(new);
            files.sort();
            Calendar::load(&files).map_err(|found| refusal(&found))?;
            let (hash, caller) = (hash_hex(&files), Caller::operator("", "启用随程序提供的节假日安排"));
            let rows = keep(tx, &keys, &files, &hash, now_us, &caller)?;
            let detail = json!({ "calendar": hash, "years": years, "rows": rows });
            journal::log(tx, &keys, now_us, "calendar_apply", &caller, &detail).map(drop)
        })
    }
}

impl Reading {
    /// As [`Installation::calendar_show`].
    ///
    /// # Errors
    /// As there.
    pub fn calendar_show(&self, caller: &Caller, year: Option<i16>) -> Result<Vec<CalendarView>, AppError> {
        self.authorise(caller, "calendar_show")?;
        shown(self.store.view(), year)
    }

    /// As [`Installation::calendar`].
    ///
    /// # Errors
    /// As there.
    pub fn calendar(&self) -> Result<Arc<Calendar>, AppError> {
        in_use(self.store.view())
    }
}

/// What is wrong with the file of a year, for whoever writes one where there is no installation.
///
/// # Errors
/// [`crate::Kind::Invalid`] where the file cannot be read at all.
pub fn faults(file: &Path) -> Result<Vec<Fault>, AppError> {
    let (name, text) = read_file(file)?;
    Ok(YearFile::read(&name, &text).err().unwrap_or_default())
}

/// Keeps a set of files as the one in use; what the entry says of the rows.
pub(crate) fn keep(
    tx: &Tx<'_>,
    keys: &Keyring,
    files: &Files,
    hash: &str,
    now_us: i64,
    caller: &Caller,
) -> Result<serde_json::Value, AppError> {
    tx.catalogue_add(hash, &to_json(files), now_us, &caller.actor)?;
    tx.set_setting(SETTING, hash)?;
    marks(tx.view(), keys, &[(&CATALOGUES, vec![hash.into()]), (&SETTINGS, vec![SETTING.into()])])
}

/// The files in use; none in an installation that has never had any.
fn files_in_use(view: View<'_>) -> Result<Files, AppError> {
    match view.setting(SETTING)? {
        Some(hash) => files_of(view, &hash),
        None => Ok(Files::new()),
    }
}

fn files_of(view: View<'_>, hash: &str) -> Result<Files, AppError> {
    let stored = view.catalogue_files(hash)?.ok_or_else(|| AppError::internal("the calendar in use is missing"))?;
    let files = from_json(&stored)?;
    // Whoever moves a holiday by hand moves deadlines: nothing is counted by it.
    if hash_hex(&files) == hash {
        Ok(files)
    } else {
        Err(AppError::internal("the calendar in use was altered by hand"))
    }
}

/// The calendar read last, by the hash of its files: content, so that it is right for whichever installation asks.
static LAST: Mutex<Option<(String, Arc<Calendar>)>> = Mutex::new(None);

fn in_use(view: View<'_>) -> Result<Arc<Calendar>, AppError> {
    let Some(hash) = view.setting(SETTING)? else { return Ok(Arc::default()) };
    let last = || LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, known)) = last().as_ref().filter(|(of, _)| *of == hash) {
        return Ok(Arc::clone(known));
    }
    let read = Calendar::load(&files_of(view, &hash)?).map_err(|found| refusal(&found))?;
    let read = Arc::new(read);
    *last() = Some((hash, Arc::clone(&read)));
    Ok(read)
}

fn shown(view: View<'_>, year: Option<i16>) -> Result<Vec<CalendarView>, AppError> {
    let calendar = in_use(view)?;
    match year {
        None => calendar.years().map(|of| seen(&calendar, of)).collect(),
        Some(year) => {
            let of = calendar.year(year).map_err(|lacks| not_there(lacks.say()))?;
            Ok(vec![seen(&calendar, of)?])
        }
    }
}

fn seen(calendar: &Calendar, of: &YearFile) -> Result<CalendarView, AppError> {
    let days = whole_year(of.year).filter_map(|day| calendar.is_working_day(day).ok());
    let working_days =
        u32::try_from(days.filter(|worked| *worked).count()).map_err(|_| AppError::internal("a year of days"))?;
    let YearFile { year, verified, notices, holidays } = of.clone();
    Ok(CalendarView { year, verified, notices, working_days, holidays })
}

fn whole_year(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(1.day()).take_while(move |day| day.year() == year)
}

/// Days that both calendars know, of a year and of the December before it, which they do not see alike.
fn changed(before: &Calendar, after: &Calendar, year: i16) -> Vec<Date> {
    let december = date(year - 1, 12, 1).series(1.day()).take(31);
    let differs = |day: &Date| match (before.is_working_day(*day), after.is_working_day(*day)) {
        (Ok(then), Ok(now)) => then != now,
        _ => false,
    };
    december.chain(whole_year(year)).filter(differs).collect()
}

fn not_there(say: Say) -> AppError {
    AppError::not_found(say.zh, say.en)
}

fn refusal(found: &[Fault]) -> AppError {
    let quoted = |of: fn(&Say) -> &str| {
        let lines =
            found.iter().take(QUOTED).map(|fault| format!("\n  {}:{} {}", fault.file, fault.line, of(&fault.say)));
        lines.collect::<String>()
    };
    let count = found.len();
    AppError::invalid(
        format!("节假日文件有 {count} 处错误：{}", quoted(|say| &say.zh)),
        format!("the file of holidays has {count} errors:{}", quoted(|say| &say.en)),
    )
}
