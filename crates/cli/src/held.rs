//! `chengxin held`: rows whose number or name does not fit, attached to nobody until a person looked at them.

use chengxin_app::Installation;
use chengxin_app::held::HeldDecision;
use serde_json::json;

use crate::args::{Held, HeldResolve};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::table::Table;
use crate::width::{pad, width};

pub(crate) fn held(context: &Context, args: &Held) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    match args {
        Held::List => list(context, &installation),
        Held::Show { id } => show(context, &mut installation, *id),
        Held::Resolve(args) => resolve(context, &mut installation, args),
        Held::Purge => purge(context, &mut installation),
    }
}

fn list(context: &Context, installation: &Installation) -> Result<Exit, Failure> {
    let caller = context.caller(installation, "held_list", None)?;
    let out = &context.out;
    let mut table = Table::new(&[
        out.pick(">编号", ">no."),
        out.pick(">批次", ">submission"),
        out.pick(">行", ">row"),
        out.pick("单位", "authority"),
        out.pick("事项", "item"),
        out.pick("原因", "reason"),
        out.pick("届时删除", "deleted after"),
    ]);
    for item in installation.held_list(&caller)? {
        let reason = item.reason.say();
        out.value(&json!({
            "held": item.id, "submission": item.submission, "row": item.row, "authority": item.authority, "item": item.item,
            "reason": reason, "delete_after": item.delete_after,
        }));
        table.row([
            item.id.to_string(),
            item.submission.to_string(),
            item.row.to_string(),
            item.authority.clone(),
            item.item.clone(),
            out.tr(&reason).to_owned(),
            item.delete_after.to_string(),
        ]);
    }
    if table.is_empty() {
        out.say("没有待核实的行", "no row is held");
        return Ok(Exit::Done);
    }
    table.print(out, 0);
    Ok(Exit::Done)
}

fn show(context: &Context, installation: &mut Installation, id: i64) -> Result<Exit, Failure> {
    let caller = context.caller(installation, "held_show", None)?;
    let detail = installation.held_show(&caller, id)?;
    let (out, reason) = (&context.out, detail.item.reason.say());
    out.value(&json!({
        "held": id, "reason": reason, "name_on_file": detail.name_on_file,
        "fields": detail.fields.iter().map(|(label, value)| json!({ "label": label, "value": value })).collect::<Vec<_>>(),
    }));
    out.paragraph(0, out.tr(&reason));
    let labels = detail.fields.iter().map(|(label, _)| width(out.tr(label)));
    let columns = labels.max().unwrap_or(0);
    for (label, value) in &detail.fields {
        out.line(&format!("  {}  {value}", pad(out.tr(label), columns)));
    }
    if let Some(name) = &detail.name_on_file {
        out.say(format!("平台上该号码的姓名：{name}"), format!("name on file for this number: {name}"));
    }
    Ok(Exit::Done)
}

fn resolve(context: &Context, installation: &mut Installation, args: &HeldResolve) -> Result<Exit, Failure> {
    let caller = context.caller(installation, "held_resolve", None)?;
    let decision = decision(args)?;
    installation.held_resolve(&caller, args.id, &decision, &args.evidence)?;
    let id = args.id;
    context.out.value(&json!({ "held": id, "resolved": true }));
    context.out.say(
        format!("第 {id} 号待核实行已处理，依据已留痕"),
        format!("held row {id} is resolved; the evidence is logged"),
    );
    Ok(Exit::Done)
}

fn decision(args: &HeldResolve) -> Result<HeldDecision, Failure> {
    if args.correct_name {
        return Ok(HeldDecision::CorrectName);
    }
    let Some(number) = &args.attach else { return Ok(HeldDecision::Reject) };
    let (kind, number) = args.document.read(number)?;
    Ok(HeldDecision::Attach { kind, number, further_name: args.further_name, of_age: args.of_age })
}

fn purge(context: &Context, installation: &mut Installation) -> Result<Exit, Failure> {
    let caller = context.caller(installation, "held_purge", None)?;
    let (held, refused) = installation.held_purge(&caller)?;
    context.out.value(&json!({ "held": held, "refused": refused }));
    context.out.say(
        format!("已删除逾期的待核实行 {held} 条、退回行 {refused} 条"),
        format!("deleted {held} held and {refused} refused rows past their deadline"),
    );
    Ok(Exit::Done)
}
