//! `chengxin submission`: what was sent, and the second officer's release.

use chengxin_app::Installation;
use chengxin_app::submission::state_of;
use chengxin_core::dates::shanghai_text;
use chengxin_core::{Caller, Lang};
use serde_json::json;

use crate::args::Submission;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::quality::thousands;
use crate::table::Table;

pub(crate) fn submission(context: &Context, args: &Submission) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    match args {
        Submission::List => list(context, &installation),
        Submission::Release { id } => {
            let caller = officer(context, &installation, "submission_release", *id)?;
            let rows = installation.submission_release(&caller, *id)?;
            context.out.value(&json!({ "submission": id, "released": true, "versions": rows }));
            context.out.say(
                format!("批次 {id} 已放行，全部 {} 条生效", thousands(rows)),
                format!("submission {id} released: all of its {} records are in effect", thousands(rows)),
            );
            Ok(Exit::Done)
        }
        Submission::Recall { id, reason } => {
            let caller = officer(context, &installation, "submission_recall", *id)?;
            installation.submission_recall(&caller, *id, reason)?;
            context.out.value(&json!({ "submission": id, "recalled": true }));
            context.out.say(
                format!("批次 {id} 已撤回：其中任何内容都没有展示过，也没有通知任何人"),
                format!("submission {id} recalled: nothing of it was shown and nobody was told"),
            );
            Ok(Exit::Done)
        }
    }
}

/// Where data are made up and nobody said who asks, it is an officer of the authority that sent the submission.
pub(crate) fn officer(
    context: &Context,
    installation: &Installation,
    operation: &str,
    id: i64,
) -> Result<Caller, Failure> {
    let caller = context.caller(installation, operation, None)?;
    if caller.authority.is_some() || context.globals.act_as.is_some() {
        return Ok(caller);
    }
    let reader = context.caller(installation, "submission_list", None)?;
    let reader = Caller { role: chengxin_core::Role::CreditOffice, ..reader };
    let sent = installation.submission_list(&reader)?.into_iter().find(|row| row.id == id);
    Ok(Caller { authority: sent.map(|row| row.authority), ..caller })
}

/// Without `--as`, where data are made up: whoever sees the submissions of all authorities.
fn reader(context: &Context, installation: &Installation) -> Result<Caller, Failure> {
    let caller = context.caller(installation, "submission_list", None)?;
    Ok(if context.globals.act_as.is_some() {
        caller
    } else {
        Caller { role: chengxin_core::Role::CreditOffice, ..caller }
    })
}

fn list(context: &Context, installation: &Installation) -> Result<Exit, Failure> {
    let caller = reader(context, installation)?;
    let out = &context.out;
    let headings = match out.lang {
        Lang::Zh => [">批次", "时间", "单位", "事项", "文件", ">行数", "状态"],
        Lang::En => [">no.", "time", "authority", "item", "file", ">rows", "state"],
    };
    let mut table = Table::new(&headings);
    for row in installation.submission_list(&caller)? {
        let (code, say) = state_of(&row);
        out.value(&json!({
            "submission": row.id, "authority": row.authority, "item": row.item, "file": row.file_name, "rows": row.row_count,
            "state": code, "opened_at_us": row.opened_at_us, "accepted_at_us": row.accepted_at_us,
            "released_at_us": row.released_at_us, "sent_by": row.sent_by, "released_by": row.released_by,
        }));
        table.row([
            row.id.to_string(),
            shanghai_text(row.accepted_at_us.unwrap_or(row.opened_at_us)),
            row.authority.clone(),
            row.item.clone(),
            row.file_name.clone(),
            thousands(u64::try_from(row.row_count).unwrap_or(0)),
            out.tr(&say).to_owned(),
        ]);
    }
    if table.is_empty() {
        out.say("还没有报送批次", "no submission yet");
        return Ok(Exit::Done);
    }
    table.print(out, 0);
    Ok(Exit::Done)
}
