//! `chengxin leak`: who was touched, and the letters that tell them.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use chengxin_app::AppError;
use chengxin_app::leak::{LeakSaid, LeakSearch, LeakSummary};
use serde_json::json;

use crate::args::{Leak, LeakList, LeakNoticesArgs, LeakSearchArgs};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::writable;
use crate::out::{Look, Out};
use crate::own_file;

pub(crate) fn leak(context: &Context, args: &Leak) -> Result<Exit, Failure> {
    match args {
        Leak::List(args) => list(context, args),
        Leak::Notices(args) => notices(context, args),
    }
}

fn list(context: &Context, args: &LeakList) -> Result<Exit, Failure> {
    writable(&args.out)?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "leak_list", None)?;
    let opened = own_file::options().truncate(true).open(&args.out);
    let mut file = BufWriter::new(opened.map_err(|error| Failure::io(&args.out, &error))?);
    let summary = installation.leak_list(&caller, &search(&args.search), &mut |person| {
        let written = serde_json::to_writer(&mut file, &person).map_err(std::io::Error::from);
        written.and_then(|()| file.write_all(b"\n")).map_err(|error| unwritten(&args.out, &error))
    })?;
    file.flush().map_err(|error| Failure::io(&args.out, &error))?;
    context.out.value(&summary);
    print(&context.out, &summary);
    let shown = args.out.display();
    context.out.say(format!("已写出 {shown}"), format!("wrote {shown}"));
    Ok(Exit::Done)
}

fn notices(context: &Context, args: &LeakNoticesArgs) -> Result<Exit, Failure> {
    std::fs::create_dir_all(&args.to).map_err(|error| Failure::io(&args.to, &error))?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "leak_notices", None)?;
    let said = LeakSaid {
        cause: args.cause.clone(),
        harm: args.harm.clone(),
        measures: args.measures.clone(),
        advice: args.advice.clone(),
        contact: args.contact.clone(),
    };
    let lang = context.out.lang;
    let drafted = installation.leak_notices(&caller, &search(&args.search), &said, lang, &mut |letter| {
        for (ending, content) in [("pdf", letter.pdf.clone()), ("json", json!(letter).to_string().into_bytes())] {
            let path = args.to.join(format!("{}.{ending}", letter.number));
            let file = own_file::options().truncate(true).open(&path);
            let written = file.and_then(|mut file| file.write_all(&content));
            written.map_err(|error| unwritten(&path, &error))?;
        }
        Ok(())
    })?;
    own_file::write(&args.to.join("report.pdf"), &drafted.report)?;
    context.out.value(&json!({ "summary": drafted.summary, "addressed": drafted.addressed }));
    print(&context.out, &drafted.summary);
    let (addressed, shown) = (drafted.addressed, args.to.display());
    context.out.say(
        format!("告知书 {} 份（有姓名可送达的 {addressed} 份）和报告已写到 {shown}；均为草稿", drafted.summary.people),
        format!(
            "{} letters ({addressed} with a name to serve them by) and the report are in {shown}: all are drafts",
            drafted.summary.people
        ),
    );
    Ok(Exit::Done)
}

fn search(args: &LeakSearchArgs) -> LeakSearch {
    LeakSearch {
        accounts: args.accounts.clone(),
        keys: args.keys.clone(),
        sessions: args.sessions.clone(),
        from_us: args.from,
        until_us: args.until,
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> AppError {
    let shown = path.display();
    AppError::new(
        chengxin_app::Kind::Unavailable,
        format!("无法写入 {shown}：{error}；已核对的人，其留痕中已有记载，请在能写入后重新运行"),
        format!(
            "cannot write {shown}: {error}; whoever was found so far has the line in their log: run it again once it can be written"
        ),
    )
}

fn print(out: &Out, summary: &LeakSummary) {
    let LeakSummary { people, told, lines, records, sealed, .. } = summary;
    out.line(
        &out.look(
            Look::Title,
            &format!("{}{people}{}", out.pick("涉及 ", ""), out.pick(" 人", " people were touched")),
        ),
    );
    out.say(
        format!("  其中信息被查看的 {told} 人 · 留痕 {lines} 条 · 记录 {records} 条"),
        format!("  {told} of them had something read · {lines} lines · {records} records"),
    );
    for (operation, count) in summary.operations.iter().chain(&summary.elsewhere) {
        out.item(4, &format!("{operation}  {count}"));
    }
    if *sealed > 0 {
        out.say(
            format!("  另有 {sealed} 项依法暂不告知，到期后告知"),
            format!("  {sealed} more are kept hidden by law, and told on their day"),
        );
    }
    for name in &summary.unseen {
        out.say(
            format!("  留痕中没有“{name}”：请核对拼写"),
            format!("  nothing in the log is by “{name}”: compare how it is written"),
        );
    }
}
