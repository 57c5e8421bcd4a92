//! `cargo xtask calendars FOLDER`: statutory holidays and shifted workdays, from an unpacked `chinese-days`.
//!
//! The package quotes the notices of the State Council beside its data; each file written here names them. Fetch
//! the JavaScript package of that name and unpack it into an empty folder. Its data was held against a second compilation, made by
//! other people: what was found wrong stands in [`MISSING`], with the words of the notice.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::run::{self, Outcome};

/// Years that the package holds.
const YEARS: std::ops::RangeInclusive<u16> = 2004..=2026;

/// A working day that the package leaves out.
struct Missing {
    /// Year of the notice.
    year: u16,
    day: &'static str,
    festival: &'static str,
    /// The words of the notice.
    says: &'static str,
}

const MISSING: &[Missing] = &[Missing {
    year: 2006,
    day: "2005-12-31",
    festival: "元旦",
    says: "将12月31日(星期六)、1月1日(星期日)两个公休日调至1月2日(星期一)、3日(星期二)，12月31日(星期六)上班",
}];

/// Festivals as the package calls them, and as the notices do.
const FESTIVALS: &[(&str, &str, &str)] = &[
    ("元旦", "元旦", "New Year"),
    ("春节", "春节", "Spring Festival"),
    ("清明", "清明节", "Tomb-sweeping Day"),
    ("劳动节", "劳动节", "Labour Day"),
    ("端午", "端午节", "Dragon Boat Festival"),
    ("中秋", "中秋节", "Mid-autumn Festival"),
    ("国庆节", "国庆节", "National Day"),
    (
        "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
        "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
        "70th anniversary of victory in the war of resistance",
    ),
];

/// Writes one file for each year into `catalogue/calendars`.
///
/// # Errors
/// No folder or one that is not the package; data of another form than expected.
pub(crate) fn command(args: &[String]) -> Outcome {
    let [folder] = args else {
        return Err(
            "calendars takes one folder: fetch the JavaScript package chinese-days, unpack it, name its folder `package`".to_owned()
        );
    };
    let package = Path::new(folder);
    let version = version(&read(&package.join("package.json"))?)?;
    let notices = notices(&read(&package.join("src/holidays/generate.ts"))?);
    let mut days = Days::default();
    for year in YEARS {
        days.take(&read(&package.join(format!("dist/years/{year}.json")))?)?;
    }
    for missing in MISSING {
        days.worked.insert(Day::read(missing.day)?, missing.festival.to_owned());
    }
    let out = run::root().join("catalogue/calendars");
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    let holidays = days.holidays()?;
    for year in YEARS {
        let named = notices.get(&year).map(Vec::as_slice).unwrap_or_default();
        let text = file(year, &version, named, &holidays)?;
        let path = out.join(format!("{year}.toml"));
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("catalogue/calendars/{year}.toml");
    }
    Ok(())
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn version(package: &str) -> Outcome<String> {
    let after = package.split("\"version\":").nth(1).and_then(|rest| rest.split('"').nth(1));
    after.map(str::to_owned).ok_or_else(|| "package.json names no version".to_owned())
}

/// Addresses of notices by year, from the comments that quote them.
fn notices(source: &str) -> BTreeMap<u16, Vec<String>> {
    let (mut by_year, mut year): (BTreeMap<u16, Vec<String>>, _) = (BTreeMap::new(), None);
    for line in source.lines() {
        let Some(text) = line.trim().strip_prefix("* ").map(str::trim) else { continue };
        if let Ok(found) = text.parse::<u16>() {
            year = YEARS.contains(&found).then_some(found);
        } else if let (Some(year), true) = (year, text.starts_with("http")) {
            // What is no page of the government is no notice, only somebody's copy of one.
            if text.contains("://www.gov.cn/") {
                by_year.entry(year).or_default().push(text.replacen("http://", "https://", 1));
            }
        }
    }
    by_year
}

/// A day of the calendar, with what is needed to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    fn read(text: &str) -> Outcome<Self> {
        let mut parts = text.split('-').map(str::parse::<u16>);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(year)), Some(Ok(month @ 1..=12)), Some(Ok(day @ 1..=31)), None) => {
                let (month, day) = (u8::try_from(month), u8::try_from(day));
                Ok(Self { year, month: month.map_err(|e| e.to_string())?, day: day.map_err(|e| e.to_string())? })
            }
            _ => Err(format!("`{text}` is no date")),
        }
    }

    /// Days since an arbitrary day of the past.
    fn number(self) -> i64 {
        let (year, month, day) = (i64::from(self.year), i64::from(self.month), i64::from(self.day));
        let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
        year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
    }

    /// Is it a Saturday or a Sunday? 2026-01-03 is a Saturday.
    fn at_weekend(number: i64) -> bool {
        let saturday = Self { year: 2026, month: 1, day: 3 }.number();
        (number - saturday).rem_euclid(7) < 2
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[derive(Debug, Default)]
struct Days {
    off: BTreeMap<Day, String>,
    worked: BTreeMap<Day, String>,
}

/// What a notice calls one holiday: perhaps of two festivals.
#[derive(Debug, PartialEq, Eq)]
struct Holiday {
    festivals: Vec<String>,
    first: Day,
    last: Day,
    worked: Vec<Day>,
}

impl Days {
    /// Takes a year's JSON: nothing but dates and names without escapes stands in it.
    fn take(&mut self, json: &str) -> Outcome {
        for (key, into) in [("\"holidays\":{", &mut self.off), ("\"workdays\":{", &mut self.worked)] {
            let table = json.split(key).nth(1).and_then(|rest| rest.split('}').next());
            let table = table.ok_or_else(|| format!("no {key} in a year's data"))?;
            let words: Vec<&str> = table.split('"').skip(1).step_by(2).collect();
            for pair in words.chunks(2) {
                let [day, what] = pair else { return Err(format!("`{}` stands alone", pair.concat())) };
                let festival = what.split(',').nth(1).ok_or_else(|| format!("`{what}` names no festival"))?;
                into.insert(Day::read(day)?, festival.to_owned());
            }
        }
        Ok(())
    }

    /// Runs of days off. Days of other festivals that touch are one holiday, as the notices have it; so are days of one festival
    /// with nothing but a weekend between them, which the package leaves out.
    fn holidays(&self) -> Outcome<Vec<Holiday>> {
        let mut holidays: Vec<Holiday> = Vec::new();
        for (day, festival) in &self.off {
            if let Some(run) = holidays.last_mut() {
                let (from, to) = (run.last.number() + 1, day.number());
                let same = run.festivals.contains(festival);
                if from == to || (same && (from..to).all(Day::at_weekend)) {
                    run.last = *day;
                    if !same {
                        run.festivals.push(festival.clone());
                    }
                    continue;
                }
            }
            holidays.push(Holiday { festivals: vec![festival.clone()], first: *day, last: *day, worked: Vec::new() });
        }
        for (day, festival) in &self.worked {
            let number = day.number();
            let near = holidays.iter_mut().filter(|holiday| holiday.festivals.contains(festival));
            let nearest = near.min_by_key(|holiday| (holiday.first.number() - number).abs());
            nearest.ok_or_else(|| format!("{day} is worked for {festival}, which has no day off"))?.worked.push(*day);
        }
        Ok(holidays)
    }
}

/// A year's file: the holidays that end in it. The one over New Year may begin in the year before, since its notice is this year's.
fn file(year: u16, version: &str, notices: &[String], holidays: &[Holiday]) -> Outcome<String> {
    let mut text = format!(
        "# Made by `cargo xtask calendars` from chinese-days {version} (NOTICE). `first` and `last` are days off; `worked` are\n\
         # Saturdays and Sundays on which offices are open in return.\n",
    );
    for missing in MISSING.iter().filter(|missing| missing.year == year) {
        let _ = writeln!(text, "# {} is worked, which that package leaves out. {}", missing.day, missing.says);
    }
    let quoted: Vec<_> = notices.iter().map(|address| format!("\"{address}\"")).collect();
    let _ = writeln!(text, "\nyear = {year}\nverified = false\nnotices = [{}]", quoted.join(", "));
    for holiday in holidays.iter().filter(|holiday| holiday.last.year == year) {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for festival in &holiday.festivals {
            let known = FESTIVALS.iter().find(|(of, ..)| of == festival);
            let (_, name, name_en) = known.ok_or_else(|| format!("unknown festival `{festival}`"))?;
            zh.push(*name);
            en.push(*name_en);
        }
        let _ = write!(
            text,
            "\n[[holiday]]\nfestival = \"{}\"\nfestival_en = \"{}\"\nfirst = {}\nlast = {}\n",
            zh.join("、"),
            en.join(" and "),
            holiday.first,
            holiday.last,
        );
        if !holiday.worked.is_empty() {
            let worked: Vec<_> = holiday.worked.iter().map(Day::to_string).collect();
            let _ = writeln!(text, "worked = [{}]", worked.join(", "));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn day(text: &str) -> Day {
        Day::read(text).unwrap()
    }

    #[test]
    fn days_that_touch_are_one_holiday_and_a_weekend_between_is_bridged() {
        let mut days = Days::default();
        // The Mid-autumn Festival of 2025 lies within National Day; the Dragon Boat Festival of 2011 lacks its Sunday.
        days.take(
            r#"{"holidays":{"2025-10-05":"National Day,国庆节,3","2025-10-06":"Mid-autumn Festival,中秋,1",
            "2025-10-07":"National Day,国庆节,3","2011-06-04":"D,端午,1","2011-06-06":"D,端午,1"},
            "workdays":{"2025-09-28":"National Day,国庆节,3"},"inLieuDays":{}}"#,
        )
        .unwrap();
        let holidays = days.holidays().unwrap();
        let spans: Vec<_> = holidays.iter().map(|of| (of.first, of.last, of.worked.len())).collect();
        assert_eq!(spans, [(day("2011-06-04"), day("2011-06-06"), 0), (day("2025-10-05"), day("2025-10-07"), 1)]);
        let text = file(2025, "0", &[], &holidays).unwrap();
        assert!(text.contains("festival = \"国庆节、中秋节\"") && text.contains("worked = [2025-09-28]"), "{text}");
    }

    #[test]
    fn a_holiday_over_new_year_is_of_the_year_in_which_it_ends() {
        let mut days = Days::default();
        days.take(r#"{"holidays":{"2018-12-31":"N,元旦,1"},"workdays":{"2018-12-29":"N,元旦,1"}}"#).unwrap();
        days.take(r#"{"holidays":{"2019-01-01":"N,元旦,1"},"workdays":{}}"#).unwrap();
        let holidays = days.holidays().unwrap();
        assert!(
            file(2019, "0", &[], &holidays)
                .unwrap()
                .contains("first = 2018-12-31\nlast = 2019-01-01\nworked = [2018-12-29]")
        );
        assert!(!file(2018, "0", &[], &holidays).unwrap().contains("holiday"));
    }

    #[test]
    fn pages_of_the_government_alone_are_notices() {
        let source = "  /**\n   * 2025\n   * http://www.gov.cn/a.htm\n   * https://somebody.example/b\n   */";
        assert_eq!(notices(source).get(&2025).unwrap(), &["https://www.gov.cn/a.htm"]);
    }

    #[test]
    fn what_is_no_date_or_of_no_festival_is_refused() {
        for wrong in ["2025-13-01", "2025-1", "day", "2025-01-01-01"] {
            assert!(Day::read(wrong).is_err(), "{wrong}");
        }
        assert!(Days::default().take(r#"{"holidays":{"2025-01-01":"New Year"},"workdays":{}}"#).is_err());
        assert!(Days::default().take("{}").is_err());
    }
}
