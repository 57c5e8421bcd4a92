//! `chengxin log witness`, `witness-add`, `cosign` and `publish`: the log before other eyes.

use std::sync::Arc;

use chengxin_app::log::Witness;
use chengxin_app::{Clock as _, SystemClock};
use serde_json::json;

use crate::args::{LogPublish, LogWitness, LogWitnessAdd};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::post::Http;
use crate::serve;

/// Runs a witness of other logs until it is told to stop.
pub(crate) fn witness(context: &Context, args: &LogWitness) -> Result<Exit, Failure> {
    let clock = Arc::new(SystemClock);
    let witness = Witness::open(&args.state, &args.name, args.profile, &args.log, clock.now_us())?;
    let key = witness.key()?;
    let listener = serve::bind(args.listen)?;
    let routes = chengxin_web::witness_router(witness, clock)?;
    context.out.value(&json!({ "witness": args.name, "key": key }));
    context.out.say(format!("见证方公钥：{key}"), format!("the witness's key: {key}"));
    serve::run(context, routes, listener)
}

/// Adds a witness that is asked to sign this log's checkpoints.
pub(crate) fn add(context: &Context, args: &LogWitnessAdd) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "log_witness_set", None)?;
    let name = installation.log_witness_set(&caller, &args.key, &args.url)?;
    context.out.value(&json!({ "witness": name, "url": args.url }));
    context.out.say(format!("已登记见证方 {name}"), format!("witness {name} will be asked"));
    Ok(Exit::Done)
}

/// Asks every witness to sign the newest checkpoint. A server does it by itself.
pub(crate) fn cosign(context: &Context) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "log_sequence", None)?;
    let done = installation.log_cosign_now(&caller, &Http::new())?;
    let mut exit = Exit::Done;
    for one in &done {
        context.out.value(&serde_json::to_value(one).unwrap_or_default());
        match (&one.size, &one.problem) {
            (Some(size), _) => context.out.say(
                format!("{} 已为 {size} 条的检查点签名", one.witness),
                format!("{} has signed the checkpoint of {size} entries", one.witness),
            ),
            (None, problem) => {
                let why = problem.as_deref().unwrap_or("");
                context
                    .out
                    .say(format!("{} 未签名：{why}", one.witness), format!("{} has not signed: {why}", one.witness));
                exit = Exit::Unavailable;
            }
        }
    }
    if done.is_empty() {
        context.out.say(
            "没有登记见证方；用 chengxin log witness-add 登记",
            "no witness is known: chengxin log witness-add adds one",
        );
    }
    Ok(exit)
}

/// Brings a folder up to date that any web server can hand out.
pub(crate) fn publish(context: &Context, args: &LogPublish) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "log_publish", None)?;
    let done = installation.log_publish(&caller, &args.to)?;
    let shown = args.to.display();
    context.out.value(&json!({ "folder": args.to, "size": done.size, "files": done.files }));
    context.out.say(
        format!("{shown}：{} 条，写出 {} 个文件", done.size, done.files),
        format!("{shown}: {} entries, {} files written", done.size, done.files),
    );
    Ok(Exit::Done)
}
