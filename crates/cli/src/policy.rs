//! `chengxin policy`: who may do what, and on which clause.

use serde_json::json;

use crate::args::Policy;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::Look;

pub(crate) fn policy(context: &Context, args: &Policy) -> Result<Exit, Failure> {
    let Policy::Show = args;
    let installation = context.open()?;
    let caller = context.caller(&installation, "policy_show", None)?;
    let grants = installation.policy_show(&caller)?;
    let out = &context.out;
    for grant in grants {
        let (id, clause) = (&*grant.id, &*grant.clause);
        out.value(&json!({
            "policy": id, "permits": grant.permits, "clause": clause, "reason": grant.reason, "file": grant.file,
        }));
        let does = if grant.permits { out.pick("允许", "permits") } else { out.pick("禁止", "forbids") };
        out.line(&format!("{}  {id} · {clause} · {}", out.look(Look::Title, does), grant.file));
        out.item(2, out.tr(&grant.reason));
    }
    Ok(Exit::Done)
}
