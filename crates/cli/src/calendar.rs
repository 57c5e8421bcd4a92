//! `chengxin calendar`: working days, and the holidays that an office adds each year.

use std::path::Path;

use chengxin_app::calendar::{CalendarApplied, CalendarView, faults};
use chengxin_app::installation::files;
use chengxin_core::dates::chinese_date;
use chengxin_core::{Lang, Say};
use jiff::civil::Date;

use crate::args::Calendar;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};

pub(crate) fn calendar(context: &Context, args: &Calendar) -> Result<Exit, Failure> {
    match args {
        Calendar::Show { year } => show(context, *year),
        Calendar::Check { file } => check(context, file),
        Calendar::Apply { file } => apply(context, file),
    }
}

fn show(context: &Context, year: Option<i16>) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "calendar_show", None)?;
    let years = installation.calendar_show(&caller, year)?;
    let out = &context.out;
    for of in &years {
        out.value(of);
        let CalendarView { year, working_days, .. } = of;
        let title =
            Say::new(format!("{year} 年：{working_days} 个工作日"), format!("{year}: {working_days} working days"));
        out.line(&out.look(Look::Title, out.tr(&title)));
        // All years at once are a list; one is told whole.
        if let [of] = years.as_slice() {
            whole(out, of);
        }
    }
    Ok(Exit::Done)
}

fn whole(out: &Out, of: &CalendarView) {
    for holiday in &of.holidays {
        let (first, last) = (day(out, holiday.first), day(out, holiday.last));
        let span = if first == last { first } else { format!("{first}{}{last}", out.pick("至", " to ")) };
        let worked: Vec<_> = holiday.worked.iter().map(|worked| day(out, *worked)).collect();
        let worked = match worked.join(out.pick("、", ", ")) {
            none if none.is_empty() => none,
            some => format!("{}{some}{}", out.pick("；", "; worked: "), out.pick("上班", "")),
        };
        out.item(2, &format!("{}{}{span}{worked}", out.tr(&holiday.festival), out.pick("：", ": ")));
    }
    for notice in &of.notices {
        out.item(2, &format!("{}{notice}", out.pick("通知：", "notice: ")));
    }
    if !of.verified {
        out.paragraph(
            2,
            out.pick(
                "录入人未核对通知原文；请与通知对照，有误则改正后用 chengxin calendar apply 启用",
                "nobody has compared it with the notice itself: do, and put a corrected file to use with chengxin calendar apply",
            ),
        );
    }
}

fn day(out: &Out, day: Date) -> String {
    match out.lang {
        Lang::Zh => chinese_date(day),
        Lang::En => day.to_string(),
    }
}

/// Files are checked before there is an installation too: by whoever writes them.
fn check(context: &Context, file: &Path) -> Result<Exit, Failure> {
    let found = if context.globals.dir().join(files::KEYS).exists() {
        let installation = context.open()?;
        let caller = context.caller(&installation, "calendar_check", None)?;
        installation.calendar_check(&caller, file)?
    } else {
        faults(file)?
    };
    let out = &context.out;
    for fault in &found {
        out.value(fault);
        out.line(&format!("{} {}", out.look(Look::Bad, &format!("{}:{}", fault.file, fault.line)), out.tr(&fault.say)));
    }
    if found.is_empty() {
        out.say("文件可以启用", "the file may be used");
        return Ok(Exit::Done);
    }
    let count = found.len();
    Err(Failure::invalid(
        format!("文件有 {count} 处错误，不能启用；请按上面的行号修改"),
        format!("the file has {count} errors and cannot be used: mend it by line above"),
    ))
}

fn apply(context: &Context, file: &Path) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "calendar_apply", None)?;
    let applied = installation.calendar_apply(&caller, file)?;
    let out = &context.out;
    out.value(&applied);
    let CalendarApplied { year, already, changed, .. } = &applied;
    if *already {
        out.say(
            format!("{year} 年的安排本来就是这样，未作改变"),
            format!("{year} stands so already; nothing was changed"),
        );
        return Ok(Exit::Done);
    }
    out.say(format!("{year} 年的节假日安排已启用"), format!("the holidays of {year} are in use"));
    if !changed.is_empty() {
        let days: Vec<_> = changed.iter().map(|changed| day(out, *changed)).collect();
        let days = days.join(out.pick("、", ", "));
        out.tell(
            format!("以下日子与此前不同：{days}；正在计算的期限随之改变"),
            format!("these days are not what they were: {days}; deadlines that run over them move"),
        );
    }
    Ok(Exit::Done)
}
