//! `chengxin worker`: jobs in the background, by any number of processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chengxin_app::jobs::Round;
use chengxin_app::log::LogWriter;
use serde_json::json;

use crate::args::Worker;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::table::Table;

/// Pause after a round in which nothing was due.
const PAUSE: Duration = Duration::from_secs(1);

pub(crate) fn worker(context: &Context, args: &Worker) -> Result<Exit, Failure> {
    match args {
        Worker::Run { once } => run(context, *once),
        Worker::List => list(context),
        Worker::Status => status(context),
    }
}

fn run(context: &Context, once: bool) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "job_run", None)?;
    let name = chengxin_app::jobs::worker_name();
    if once {
        let mut all = Round::default();
        loop {
            let round = installation.job_run(&caller, &name)?;
            (all.done, all.failed) = (all.done + round.done, all.failed + round.failed);
            // What a job leaves to be done is done too, and what stands behind those that failed: they are put off.
            if round.done + round.failed == 0 {
                break;
            }
        }
        told(context, all);
        return Ok(if all.failed == 0 { Exit::Done } else { Exit::Unavailable });
    }
    // It takes its turn at the tree too: whoever owned it may have ended.
    let _writer = LogWriter::start(&installation)?;
    context.out.value(&json!({ "worker": name }));
    context.out.say(format!("后台任务已启动（{name}），按 Ctrl-C 结束"), format!("working ({name}); Ctrl-C ends it"));
    let stop = crate::serve::stopped()?;
    while !stop.load(Ordering::Relaxed) {
        match installation.job_run(&caller, &name) {
            Ok(round) if round.done + round.failed > 0 => {
                told(context, round);
                continue;
            }
            Ok(_) => {}
            // A server that is away comes back; meanwhile nothing is lost.
            Err(error) => context.out.notice(error.public.zh, error.public.en),
        }
        pause(&stop);
    }
    context.out.tell("后台任务已结束", "ended");
    Ok(Exit::Done)
}

/// Waits, but not for longer than it takes to be told to stop.
fn pause(stop: &Arc<AtomicBool>) {
    for _ in 0..10 {
        if !stop.load(Ordering::Relaxed) {
            std::thread::sleep(PAUSE / 10);
        }
    }
}

fn told(context: &Context, round: Round) {
    let Round { done, failed } = round;
    context.out.value(&json!({ "done": done, "failed": failed }));
    context.out.say(format!("完成 {done} 项任务，{failed} 项稍后重试"), format!("{done} jobs done, {failed} put off"));
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "job_list", None)?;
    let jobs = installation.job_list(&caller)?;
    if jobs.is_empty() {
        context.out.say("没有等待的任务", "no job waits");
    }
    for job in jobs {
        context.out.value(&serde_json::to_value(&job).unwrap_or_default());
        let when = chengxin_core::dates::shanghai_text(job.due_us);
        let (problem, worker) = (job.problem.unwrap_or_default(), job.worker.unwrap_or_default());
        context.out.say(
            format!("{when} {} 已试 {} 次 {worker} {problem}", job.kind, job.attempts),
            format!("{when} {} begun {} times {worker} {problem}", job.kind, job.attempts),
        );
    }
    Ok(Exit::Done)
}

fn status(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "installation_show", None)?;
    let of = installation.installation_show(&caller)?;
    let out = &context.out;
    out.value(&of);
    let never = || out.pick("没有记载", "not noted here").to_owned();
    let checked = match (of.checked, of.checked_whole) {
        (Some(when), Some(false)) => format!("{when} {}", out.pick("发现问题", "with findings")),
        (when, _) => when.unwrap_or_else(never),
    };
    let mut table = Table::new(&["", ""]);
    table.row([out.pick("程序版本", "version"), of.version.as_str()]);
    table.row([out.pick("数据库结构", "schema"), &format!("{} / {}", of.schema, of.schema_needed)]);
    table.row([out.pick("目录", "catalogue"), of.catalogue.as_str()]);
    table.row([out.pick("留痕条数", "log entries"), &of.log_size.to_string()]);
    table.row([out.pick("上次核验", "checked"), checked.as_str()]);
    table.row([out.pick("上次备份", "saved"), &of.saved.unwrap_or_else(never)]);
    table.print(out, 0);
    let headings = [out.pick("任务", "job"), out.pick(">等待", ">waiting"), out.pick(">到期", ">due")];
    let further = [out.pick(">失败", ">failing"), out.pick(">放弃", ">given up")];
    let mut queues = Table::new(&[headings[0], headings[1], headings[2], further[0], further[1]]);
    for line in of.queues {
        let numbers = [line.waiting, line.due, line.failing, line.dead].map(|number| number.to_string());
        queues.row(std::iter::once(line.kind).chain(numbers));
    }
    queues.print(out, 0);
    Ok(Exit::Done)
}
