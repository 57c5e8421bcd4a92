//! The language of help and of errors of the command line.

use chengxin_core::Lang;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

/// Stands between the Chinese and the English half of a text.
pub(crate) const MARK: &str = " ¦ ";

/// The half of `text` in the language; all of it where it has no halves.
pub(crate) fn half(text: &str, lang: Lang) -> &str {
    match (text.split_once(MARK), lang) {
        (Some((zh, _)), Lang::Zh) => zh,
        (Some((_, en)), Lang::En) => en,
        (None, _) => text,
    }
}

/// The command with all its help in one language.
pub(crate) fn localised(command: Command, lang: Lang) -> Command {
    let (usage, options, commands) = match lang {
        Lang::Zh => ("用法：", "选项", "命令"),
        Lang::En => ("Usage: ", "Options", "Commands"),
    };
    let template = format!("{{about-with-newline}}\n{usage}{{usage}}\n\n{{all-args}}{{after-help}}\n");
    let mut command = command.help_template(template).subcommand_help_heading(commands).disable_help_flag(true);
    command = own_words(command, lang);
    command = command.arg(help_flag(lang, options));
    if command.get_name() == "chengxin" {
        command = command.arg(version_flag(lang, options));
    }
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |sub| localised(sub, lang));
    }
    command
}

fn own_words(command: Command, lang: Lang) -> Command {
    let text = |styled: Option<&StyledStr>| styled.map(|s| half(&s.to_string(), lang).to_owned());
    let (about, after) = (text(command.get_about()), text(command.get_after_help()));
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    let command = match after {
        Some(after) => command.after_help(after),
        None => command,
    };
    command.mut_args(|arg| argument(arg, lang))
}

fn argument(arg: Arg, lang: Lang) -> Arg {
    let help = arg.get_help().map(|s| half(&s.to_string(), lang).to_owned()).unwrap_or_default();
    let (positional, global) = (arg.is_positional(), arg.is_global_set());
    let heading = match (positional, global, lang) {
        (true, _, Lang::Zh) => "参数",
        (true, _, Lang::En) => "Arguments",
        (_, true, Lang::Zh) => "通用选项",
        (_, true, Lang::En) => "General options",
        (_, _, Lang::Zh) => "选项",
        (_, _, Lang::En) => "Options",
    };
    arg.help(help).help_heading(heading)
}

fn help_flag(lang: Lang, heading: &'static str) -> Arg {
    let help = if lang == Lang::Zh { "显示用法" } else { "Print help" };
    Arg::new("help").short('h').long("help").action(ArgAction::Help).help(help).help_heading(heading)
}

fn version_flag(lang: Lang, heading: &'static str) -> Arg {
    let help = if lang == Lang::Zh { "显示版本" } else { "Print version" };
    Arg::new("version").short('V').long("version").action(ArgAction::Version).help(help).help_heading(heading)
}

/// One sentence about what is wrong with a command line, with the way to its help.
pub(crate) fn sentence(error: &clap::Error, lang: Lang) -> String {
    if lang == Lang::En {
        let rendered = error.render().to_string();
        let text: Vec<_> = rendered.lines().map(english_line).collect();
        return text.join("\n").trim_start_matches("error: ").trim_end().to_owned();
    }
    let arg = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 {arg}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", context(error, ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "须给出命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {arg}"),
        ErrorKind::ArgumentConflict => {
            format!("{arg} 不能与 {} 同时使用，也不能重复", context(error, ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 后须给出值"),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => format!("{arg} 的值“{value}”无效{}", reason(error)),
        ErrorKind::TooManyValues => format!("多出的值“{value}”"),
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} 的值的个数不对")
        }
        _ => format!("命令行有误：{error}"),
    };
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(|kind| nearest(error, kind));
    let near = near.map(|near| format!("；是否想写 {near}")).unwrap_or_default();
    format!("{what}{near}\n  用法见 chengxin … --help")
}

/// Leaves of a line the English half of what a value parser said.
fn english_line(line: &str) -> String {
    match line.split_once(MARK) {
        Some((before, en)) => {
            let head = before.rsplit_once(": ").map(|(head, _)| format!("{head}: ")).unwrap_or_default();
            format!("{head}{en}")
        }
        None => line.to_owned(),
    }
}

fn reason(error: &clap::Error) -> String {
    let valid = context(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        return format!("；可用：{valid}");
    }
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match source.split_once(MARK) {
        Some((zh, _)) => format!("：{zh}"),
        None => String::new(),
    }
}

/// The nearest of the words that were perhaps meant: clap names it last.
fn nearest(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::Strings(texts) => texts.last().cloned(),
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
