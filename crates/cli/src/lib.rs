//! The command line: parses, calls one use case, shows what came of it.
//!
//! One file for each noun. What may be asked stands in `args`, who asks in `caller`, how it ends in `exit`.

mod account;
mod args;
mod authority;
mod calendar;
mod caller;
mod catalogue;
mod check;
mod check_batch;
mod client;
mod complaint;
mod consent;
mod contact;
mod context;
mod database;
mod deadline;
mod demo;
mod exit;
mod file;
mod held;
mod import;
mod init;
mod issuer;
mod keys;
mod leak;
mod log;
mod mandate;
mod matter;
mod me;
mod notice;
mod out;
mod own_file;
mod policy;
mod post;
mod proceeding;
mod progress;
mod publication;
mod quality;
mod record;
mod report;
mod serve;
mod statistics;
mod submission;
mod synth;
mod table;
mod verify;
mod width;
mod witness;
mod worker;

use std::process::ExitCode;

use args::{Cli, Command, words};
use chengxin_core::Lang;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use context::Context;
use exit::{Exit, Failure};
use out::Out;

/// The whole command line in a language, for whoever walks it.
#[must_use]
pub fn command(lang: Lang) -> clap::Command {
    words::localised(Cli::command(), lang)
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let lang = language(&arguments);
    logging();
    let parsed = command(lang).try_get_matches_from(&arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let (exit, out) = match parsed {
        Ok(cli) => {
            let out = Out::new(lang, cli.globals.json, cli.globals.quiet);
            let context = Context::new(cli.globals, out);
            let exit = ended(&context.out, perform(&context, cli.command));
            context.sequence();
            (exit, context.out)
        }
        Err(error) => {
            let out = Out::new(lang, arguments.iter().any(|a| a == "--json"), false);
            (unparsed(&out, &error), out)
        }
    };
    let exit = exit.worse(ended(&out, out.finish().map(|()| Exit::Done)));
    ExitCode::from(exit.code())
}

fn perform(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => demo::demo(context, &args),
        Command::Init(args) => init::init(context, &args),
        Command::Account(args) => account::account(context, &args),
        Command::Client(args) => client::client(context, &args),
        Command::Issuer(args) => issuer::issuer(context, &args),
        Command::Authority(args) => authority::authority(context, &args),
        Command::Catalogue(args) => catalogue::catalogue(context, &args),
        Command::Calendar(args) => calendar::calendar(context, &args),
        Command::Contact(args) => contact::contact(context, &args),
        Command::Deadline(args) => deadline::deadline(context, &args),
        Command::Import(args) => import::import(context, &args),
        Command::Submission(args) => submission::submission(context, &args),
        Command::Held(args) => held::held(context, &args),
        Command::Record(args) => record::record(context, &args),
        Command::Report(args) => report::issue(context, &args),
        Command::ReportWithdraw(args) => report::withdraw(context, &args),
        Command::Policy(args) => policy::policy(context, &args),
        Command::Matter(args) => matter::matter(context, &args),
        Command::Check(args) => check::check(context, &args),
        Command::Consent(args) => consent::consent(context, &args),
        Command::Mandate(args) => mandate::mandate(context, &args),
        Command::Channel(args) => notice::channel(context, &args),
        Command::Notice(args) => notice::notice(context, &args),
        Command::Me(args) => me::me(context, &args),
        Command::Objection(args) => proceeding::objection(context, &args),
        Command::Repair(args) => proceeding::repair(context, &args),
        Command::Proceeding(args) => proceeding::proceeding(context, &args),
        Command::Complaint(args) => complaint::complaint(context, &args),
        Command::Publication(args) => publication::publication(context, &args),
        Command::FollowUp(args) => proceeding::follow_up(context, &args),
        Command::Statistics(args) => statistics::statistics(context, &args),
        Command::Verify(args) => verify::verify(context, &args),
        Command::Log(args) => log::log(context, &args),
        Command::Leak(args) => leak::leak(context, &args),
        Command::Keys(args) => keys::keys(context, &args),
        Command::Migrate(args) => database::migrate(context, &args),
        Command::Move(args) => database::move_to(context, &args),
        Command::Backup(args) => database::backup(context, &args),
        Command::Restore(args) => database::restore(context, &args),
        Command::Worker(args) => worker::worker(context, &args),
        Command::Serve(args) => serve::serve(context, &args),
        Command::Synth(args) => synth::synth(context, &args),
    }
}

fn ended(out: &Out, result: Result<Exit, Failure>) -> Exit {
    result.unwrap_or_else(|failure| {
        out.failure(&failure);
        failure.exit
    })
}

/// Help and version are what was asked for; everything else is a wrong command line.
fn unparsed(out: &Out, error: &clap::Error) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            drop(error.print());
            Exit::Done
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            drop(error.print());
            Exit::Usage
        }
        _ => {
            let (zh, en) = (words::sentence(error, Lang::Zh), words::sentence(error, Lang::En));
            out.failure(&Failure::new(Exit::Usage, zh, en));
            Exit::Usage
        }
    }
}

/// `--lang` before anything is parsed, for help and errors speak it too; then the environment; Chinese first.
fn language(arguments: &[std::ffi::OsString]) -> Lang {
    let texts: Vec<_> = arguments.iter().map(|a| a.to_string_lossy()).collect();
    let after = texts.iter().position(|a| a == "--lang").and_then(|i| texts.get(i + 1)).map(ToString::to_string);
    let joined = texts.iter().find_map(|a| a.strip_prefix("--lang=").map(str::to_owned));
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let tag = after
        .or(joined)
        .or_else(|| variable("LC_ALL"))
        .or_else(|| variable("LC_MESSAGES"))
        .or_else(|| variable("LANG"));
    Lang::from_tag(&tag.unwrap_or_default())
}

/// `CHENGXIN_LOG=debug` tells the operator more, on standard error.
fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CHENGXIN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    let built = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    // Where somebody set a subscriber before, theirs stands.
    drop(built);
}
