//! `chengxin migrate`, `move`, `backup`, `restore`: the databases themselves.

use chengxin_app::database::{self, Plan};
use chengxin_app::log::Verified;
use chengxin_app::{Installation, Mode, places};
use serde_json::json;

use crate::args::{BackUp, Migrate, Move, Restore};
use crate::context::Context;
use crate::exit::{Exit, Failure};

pub(crate) fn migrate(context: &Context, args: &Migrate) -> Result<Exit, Failure> {
    let places = context.places()?;
    // Nothing is opened: a schema that this programme does not know yet is what this command is for.
    let caller = |operation| context.caller_without(Mode::Synthetic, operation);
    match args {
        Migrate::Plan => {
            let plans = database::plan(&caller("database_plan")?, &places)?;
            told(context, &plans, ("将执行", "to apply"));
            Ok(Exit::Done)
        }
        Migrate::Run => {
            let plans = database::migrate(&caller("database_migrate")?, &places)?;
            told(context, &plans, ("已执行", "applied"));
            Ok(Exit::Done)
        }
        Migrate::Status => {
            let plans = database::plan(&caller("database_status")?, &places)?;
            told(context, &plans, ("缺少", "missing"));
            let known = plans.iter().all(|plan| plan.standing.found == plan.standing.needed);
            Ok(if known { Exit::Done } else { Exit::Unavailable })
        }
    }
}

fn told(context: &Context, plans: &[Plan], what: (&str, &str)) {
    for plan in plans {
        let Plan { which, at, standing, missing } = plan;
        let steps: Vec<String> = missing.iter().map(|step| format!("{:04}_{}", step.number, step.name)).collect();
        context.out.value(&json!({
            "database": which, "at": at, "found": standing.found, "needed": standing.needed, "steps": steps,
        }));
        let list = if steps.is_empty() { "—".to_owned() } else { steps.join(" ") };
        let (zh, en) = if *which == "main" { ("主库", "main database") } else { ("密钥库", "key store") };
        let newer = standing.found > standing.needed;
        let (and_zh, and_en) =
            if newer { ("；比本程序新，请使用较新的程序", "; newer than this programme: use a newer one") } else { ("", "") };
        context.out.say(
            format!("{zh} {at}：版本 {}，需要 {}；{}：{list}{and_zh}", standing.found, standing.needed, what.0),
            format!("{en} {at}: version {}, needed {}; {}: {list}{and_en}", standing.found, standing.needed, what.1),
        );
    }
}

pub(crate) fn move_to(context: &Context, args: &Move) -> Result<Exit, Failure> {
    let dir = context.globals.dir();
    let installation = context.open()?;
    let caller = context.caller(&installation, "installation_move", None)?;
    let from = installation.places().clone();
    drop(installation);
    if let Some(named) = &args.from {
        let named: places::Place = named.parse().map_err(chengxin_app::AppError::from)?;
        let same = match (named.file(), from.main.file()) {
            (Some(a), Some(b)) => std::fs::canonicalize(a).ok() == std::fs::canonicalize(b).ok(),
            _ => named == from.main,
        };
        if !same {
            return Err(Failure::new(
                Exit::Invalid,
                format!("{} 中安装的数据在 {}，不在 {named}", dir.display(), from.main),
                format!("the installation in {} has its data at {}, not at {named}", dir.display(), from.main),
            ));
        }
    }
    let to = places::on_server(&args.to, args.to_keys.as_deref())?;
    let out = &context.out;
    let moved = Installation::installation_move(&dir, &from, &to, context.clock(), &caller, &mut |table| {
        out.tell(format!("复制 {table}"), format!("copying {table}"));
    })?;
    let rows: u64 = moved.tables.iter().map(|(_, rows)| rows).sum();
    out.value(&json!({
        "from": from.main.to_string(), "to": to.main.to_string(), "tables": moved.tables, "rows": rows,
        "entries": moved.verified.entries, "findings": moved.verified.findings.len(), "done": moved.done,
    }));
    if !moved.done {
        return Ok(unproven(context, &moved.verified));
    }
    out.say(
        format!("已迁移到 {}：{rows} 行，留痕 {} 条，核验无误；此后本文件夹使用新的数据库", to.main, moved.verified.entries),
        format!("moved to {}: {rows} rows, {} log entries, everything verified; this folder leads there from now on", to.main, moved.verified.entries),
    );
    out.tell(
        format!("原数据仍在 {}；确认无误后请自行妥善删除", from.main),
        format!("the old data is still at {}: remove it with care once you are sure", from.main),
    );
    Ok(Exit::Done)
}

pub(crate) fn backup(context: &Context, args: &BackUp) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "installation_backup", None)?;
    let backup = installation.installation_backup(&caller, &args.folder)?;
    let bytes: u64 = backup.files.iter().map(|(_, size)| size).sum();
    let shown = args.folder.display();
    context.out.value(&json!({ "folder": shown.to_string(), "bytes": bytes, "backup": backup }));
    context.out.say(
        format!("已备份到 {shown}（{bytes} 字节）；密钥文件 keys.json 不在其中，须另行保管"),
        format!("backup in {shown} ({bytes} bytes); the key file keys.json is not in it and is kept apart"),
    );
    context.out.tell(
        "其中 keys.db 含被删除记录的密钥，备份保存期不应超过 30 天",
        "keys.db in it holds keys that erasures destroy: keep it no longer than 30 days",
    );
    Ok(Exit::Done)
}

pub(crate) fn restore(context: &Context, args: &Restore) -> Result<Exit, Failure> {
    let caller = context.caller_without(Mode::Synthetic, "installation_restore")?;
    let dir = context.globals.dir();
    let (_, restored) =
        Installation::installation_restore(&caller, &args.folder, &dir, &args.key_file, context.clock())?;
    let verified = &restored.verified;
    context.out.value(&json!({
        "dir": dir.display().to_string(), "entries": verified.entries, "versions": verified.versions,
        "since": verified.since, "findings": verified.findings.len(),
    }));
    if !verified.is_whole() {
        return Ok(unproven(context, verified));
    }
    context.out.say(
        format!("已恢复到 {}：留痕 {} 条、记录 {} 版，与备份中的检查点一致", dir.display(), verified.entries, verified.versions),
        format!("restored into {}: {} log entries and {} versions, going on from the checkpoint in the backup", dir.display(), verified.entries, verified.versions),
    );
    Ok(Exit::Done)
}

/// The log and the database do not agree there: said with the first findings.
fn unproven(context: &Context, verified: &Verified) -> Exit {
    for finding in verified.findings.iter().take(10) {
        context.out.say(
            format!("✕ {} {}：{}", finding.table, finding.key, finding.what.zh),
            format!("✕ {} {}: {}", finding.table, finding.key, finding.what.en),
        );
    }
    context.out.notice(
        "留痕与数据不一致，不要使用；请用 chengxin log verify 查明",
        "log and data do not agree: do not use it; chengxin log verify says where",
    );
    Exit::NotGenuine
}
