//! `chengxin deadline`: who has how long, on which clause, and until which day.

use chengxin_app::deadline::{DeadlineView, DueView};
use chengxin_core::deadline::{Bound, DeadlineUnit};

use crate::args::Deadline;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};

pub(crate) fn deadline(context: &Context, args: &Deadline) -> Result<Exit, Failure> {
    let Deadline::Show { code, from } = args;
    let installation = context.open()?;
    let caller = context.caller(&installation, "deadline_show", None)?;
    let out = &context.out;
    if let (Some(code), Some(from)) = (code, from) {
        let due = installation.deadline_show(&caller, code, *from)?;
        out.value(&due);
        told(out, &due);
        return Ok(Exit::Done);
    }
    for deadline in &installation.deadline_list(&caller)? {
        out.value(deadline);
        shown(out, deadline);
    }
    Ok(Exit::Done)
}

fn told(out: &Out, due: &DueView) {
    out.line(&out.look(Look::Title, out.tr(&due.deadline.name)));
    out.paragraph(2, out.tr(&due.how));
    clause(out, &due.deadline);
}

fn shown(out: &Out, deadline: &DeadlineView) {
    let code = serde_json::to_value(deadline.code).unwrap_or_default();
    let title = format!("{} · {}", code.as_str().unwrap_or_default(), out.tr(&deadline.name));
    out.line(&out.look(Look::Title, &title));
    let unit = match deadline.unit {
        DeadlineUnit::WorkingDays => out.pick("个工作日", "working days"),
        DeadlineUnit::Days => out.pick("日", "days"),
        DeadlineUnit::Months => out.pick("个月", "months"),
        DeadlineUnit::Years => out.pick("年", "years"),
    };
    let who = match deadline.binds {
        Bound::Authority => out.pick("约束单位", "binds the authority"),
        Bound::Person => out.pick("约束本人", "binds the person"),
    };
    let starts = out.tr(&deadline.starts);
    let count = deadline.count;
    let line = out
        .pick(
            &format!("自{starts}之日起 {count} {unit}（{who}）"),
            &format!("{count} {unit} from the day of {starts} ({who})"),
        )
        .to_owned();
    out.item(2, &line);
    clause(out, deadline);
}

fn clause(out: &Out, deadline: &DeadlineView) {
    let mut line = format!("{}{}", out.pick("依据：", "on: "), out.tr(&deadline.clause.label));
    for more in [&deadline.unit_clause, &deadline.holiday_clause].into_iter().flatten() {
        line += &format!("{}{}", out.pick("、", "; "), out.tr(&more.label));
    }
    if deadline.analogy {
        line += out.pick("（参照，作为本平台自定的上限）", " (by analogy, as a ceiling that the platform sets itself)");
    }
    if !deadline.verified {
        line += out.pick("（条文尚未核对原文）", " (not yet read at its source)");
    }
    out.item(2, &line);
}
