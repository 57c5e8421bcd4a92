//! Values of options: read, or refused in one sentence `中文 ¦ English`.

use std::str::FromStr;

use chengxin_core::Role;
use chengxin_core::complaint::ComplaintStep;
use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, PaperKind, Scope};
use chengxin_core::objection::ObjectionStep;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_core::repair::RepairStep;
use chengxin_core::workflow::Word;
use chengxin_seal::Profile;
use jiff::civil::Date;

use super::words::MARK;

fn bad(zh: &str, en: &str) -> String {
    format!("{zh}{MARK}{en}")
}

/// `ROLE[:NAME][@AUTHORITY]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ActAs {
    pub(crate) role: Role,
    pub(crate) name: Option<String>,
    pub(crate) authority: Option<String>,
}

impl FromStr for ActAs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (rest, authority) = match text.rsplit_once('@') {
            Some((rest, authority)) => (rest, Some(authority.trim().to_owned())),
            None => (text, None),
        };
        let (role, name) = match rest.split_once(':') {
            Some((role, name)) => (role, Some(name.trim().to_owned())),
            None => (rest, None),
        };
        let Some(role) = Role::from_code(role.trim()) else {
            let known: Vec<_> = Role::ALL.iter().map(|r| r.code()).collect();
            return Err(bad(
                &format!("没有这个角色；可用：{}", known.join("、")),
                &format!("no such role; there are {}", known.join(", ")),
            ));
        };
        let given = |part: Option<String>| part.filter(|p| !p.is_empty());
        Ok(Self { role, name: given(name), authority: given(authority) })
    }
}

/// `ROLE[@AUTHORITY]`: what an account may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RightOf {
    pub(crate) role: Role,
    pub(crate) authority: Option<String>,
}

impl FromStr for RightOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ActAs { role, name, authority } = text.parse()?;
        match name {
            None => Ok(Self { role, authority }),
            Some(_) => Err(bad("应写成 角色@单位代码", "write ROLE@AUTHORITY")),
        }
    }
}

/// `HEADING=FIELD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mapping(pub(crate) String, pub(crate) String);

impl FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.rsplit_once('=') {
            Some((heading, field)) if !heading.trim().is_empty() => {
                Ok(Self(heading.trim().to_owned(), field.trim().to_owned()))
            }
            _ => Err(bad("应写成 表头=字段代码", "write HEADING=FIELD")),
        }
    }
}

/// A document's number, or `-` for standard input. Its `Debug` tells nothing: it ends up in no log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SubjectNumber(String);

impl std::fmt::Debug for SubjectNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubjectNumber(..)")
    }
}

impl FromStr for SubjectNumber {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() { Err(bad("须给出号码", "a number is needed")) } else { Ok(Self(text.to_owned())) }
    }
}

impl SubjectNumber {
    /// The number, read from standard input where it is `-`.
    pub(crate) fn read(&self) -> std::io::Result<String> {
        if self.0 != "-" {
            return Ok(self.0.clone());
        }
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

pub(super) fn document_kind(text: &str) -> Result<DocumentKind, String> {
    let english = |kind: &DocumentKind| text.eq_ignore_ascii_case(kind.name_en());
    DocumentKind::from_value(text).or_else(|| DocumentKind::ALL.into_iter().find(english)).ok_or_else(|| {
        let known: Vec<_> = DocumentKind::ALL.iter().map(|k| format!("{} {}", k.code(), k.name_zh())).collect();
        let known_en: Vec<_> = DocumentKind::ALL.iter().map(|k| format!("{} {}", k.code(), k.name_en())).collect();
        bad(
            &format!("没有这种证件；可用：{}", known.join("、")),
            &format!("no such kind; there are {}", known_en.join(", ")),
        )
    })
}

/// One of a short list of words.
fn word<T>(found: Option<T>, known: &[&str]) -> Result<T, String> {
    found.ok_or_else(|| bad(&format!("可用：{}", known.join("、")), &format!("one of {}", known.join(", "))))
}

pub(super) fn mandate_kind(text: &str) -> Result<MandateKind, String> {
    word(MandateKind::from_code(text), &MandateKind::ALL.map(MandateKind::code))
}

pub(super) fn paper_kind(text: &str) -> Result<PaperKind, String> {
    word(PaperKind::from_code(text), &PaperKind::ALL.map(PaperKind::code))
}

pub(super) fn record_id(text: &str) -> Result<RecordId, String> {
    let read = RecordId::from_hex(text.trim());
    read.ok_or_else(|| bad("记录编号为 32 位十六进制数字", "the id of a record is of 32 hexadecimal digits"))
}

pub(super) fn aspect(text: &str) -> Result<ObjectionAspect, String> {
    step_of(ObjectionAspect::from_code, ObjectionAspect::ALL, text)
}

pub(super) fn objection_step(text: &str) -> Result<ObjectionStep, String> {
    step_of(ObjectionStep::from_code, ObjectionStep::ALL, text)
}

pub(super) fn complaint_step(text: &str) -> Result<ComplaintStep, String> {
    step_of(ComplaintStep::from_code, ComplaintStep::ALL, text)
}

pub(super) fn repair_step(text: &str) -> Result<RepairStep, String> {
    step_of(RepairStep::from_code, RepairStep::ALL, text)
}

/// A word of a work flow, hyphens allowed for underscores.
fn step_of<W: Word>(read: impl Fn(&str) -> Option<W>, all: &[W], text: &str) -> Result<W, String> {
    let known: Vec<_> = all.iter().map(|word| word.code()).collect();
    word(read(&text.replace('-', "_")), &known)
}

pub(super) fn scope(text: &str) -> Result<Scope, String> {
    word(Scope::from_code(text), &Scope::ALL.map(Scope::code))
}

pub(super) fn profile(text: &str) -> Result<Profile, String> {
    Profile::ALL.into_iter().find(|p| p.name() == text).ok_or_else(|| bad("只有 intl 和 gm", "there are intl and gm"))
}

/// A day, or an instant of it, in Asia/Shanghai; microseconds UTC.
pub(super) fn instant(text: &str) -> Result<i64, String> {
    let day_start = |day| chengxin_core::dates::day_start_us(day);
    if let Ok(day) = text.parse::<Date>()
        && !text.contains(['T', ' '])
    {
        return Ok(day_start(day));
    }
    let at: jiff::civil::DateTime = text.parse().map_err(|_| {
        bad("不是时刻，请写成 2026-03-01 或 2026-03-01T09:30", "no instant; write it as 2026-03-01 or 2026-03-01T09:30")
    })?;
    let seconds = i64::from(at.hour()) * 3_600 + i64::from(at.minute()) * 60 + i64::from(at.second());
    Ok(day_start(at.date()) + seconds * 1_000_000)
}

pub(super) fn whole_date(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| bad("不是日历上的日期，请写成 2026-03-01", "no day of the calendar; write it as 2026-03-01"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn whoever_acts_is_read_with_name_and_authority_or_without() {
        let full: ActAs = "data-officer:王芳@11990000000000001X".parse().unwrap();
        assert_eq!(full.role, Role::DataOfficer);
        assert_eq!(full.name.as_deref(), Some("王芳"));
        assert_eq!(full.authority.as_deref(), Some("11990000000000001X"));
        let bare: ActAs = "auditor".parse().unwrap();
        assert_eq!(bare, ActAs { role: Role::Auditor, name: None, authority: None });
        assert!("mayor".parse::<ActAs>().unwrap_err().contains("data_officer"));
    }

    #[test]
    fn a_heading_may_hold_an_equals_sign_and_a_column_may_be_left_out() {
        assert_eq!("a=b=CF_WSH".parse(), Ok(Mapping("a=b".into(), "CF_WSH".into())));
        assert_eq!("电话=".parse(), Ok(Mapping("电话".into(), String::new())));
        assert!("=CF_WSH".parse::<Mapping>().is_err());
    }

    #[test]
    fn a_number_leaves_no_trace_in_debug_output() {
        let number: SubjectNumber = "990000199001010017".parse().unwrap();
        assert!(!format!("{number:?}").contains("9900"));
    }
}
