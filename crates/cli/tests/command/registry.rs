//! The command line against the one list of operations.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chengxin_core::Lang;
use chengxin_core::operation::OPERATIONS;
use clap::Command;

/// Commands that perform no operation of their own, each with its reason.
const WITHOUT: &[(&str, &str)] = &[
    ("authority load", "performs authority_add for each entry of a list"),
    ("matter list", "performs matter_show, for every matter"),
    ("log cosign", "performs log_sequence, and asks others to sign what came of it"),
    ("log witness", "signs the logs of others, and touches no installation"),
    ("log verify-proof", "checks a file with the public key alone, and touches no installation's data"),
    ("me verify-log", "checks a file with the public key alone, and touches no installation's data"),
    ("demo", "performs other operations, on what it makes itself"),
    ("synth", "writes made-up files and touches no installation"),
];

fn leaves(command: &Command, path: &str, into: &mut Vec<String>) {
    for sub in command.get_subcommands() {
        let path = if path.is_empty() { sub.get_name().to_owned() } else { format!("{path} {}", sub.get_name()) };
        if sub.has_subcommands() {
            leaves(sub, &path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn every_operation_has_its_command() {
    let root = chengxin_cli::command(Lang::En);
    for operation in OPERATIONS {
        let mut command = &root;
        for word in operation.cli.split(' ') {
            if let Some(flag) = word.strip_prefix("--") {
                let has = command.get_arguments().any(|arg| arg.get_long() == Some(flag));
                assert!(has, "{}: {word} is an option of {}", operation.name, command.get_name());
            } else {
                command =
                    command.find_subcommand(word).unwrap_or_else(|| panic!("{}: no command {word}", operation.name));
            }
        }
        assert!(!command.has_subcommands(), "{}: {} is a command, not a group", operation.name, operation.cli);
    }
}

#[test]
fn every_command_has_its_operation_or_a_reason_to_have_none() {
    let mut all = vec![];
    leaves(&chengxin_cli::command(Lang::En), "", &mut all);
    assert!(all.len() > 25);
    for path in all {
        let has = OPERATIONS.iter().any(|operation| operation.cli == path);
        let excused = WITHOUT.iter().any(|(command, _)| *command == path);
        assert!(has != excused, "{path}: operation {has}, excused {excused}");
    }
}

#[test]
fn the_command_line_is_well_formed_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        chengxin_cli::command(lang).debug_assert();
    }
}

#[test]
fn every_command_and_option_is_explained_in_both_languages() {
    fn explained(command: &Command, lang: Lang) {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let name = command.get_name();
        assert!(!about.is_empty() && !about.contains('¦'), "{name}: {about}");
        assert_eq!(chinese(&about), lang == Lang::Zh, "{name}: {about}");
        for arg in command.get_arguments() {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty() && !help.contains('¦'), "{name} {}: {help}", arg.get_id());
            assert_eq!(chinese(&help), lang == Lang::Zh, "{name} {}: {help}", arg.get_id());
        }
        for sub in command.get_subcommands() {
            explained(sub, lang);
        }
    }
    for lang in [Lang::Zh, Lang::En] {
        explained(&chengxin_cli::command(lang), lang);
    }
}
