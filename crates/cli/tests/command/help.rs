//! What `--help` says, as snapshots: a change of the command line shows in review.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use chengxin_core::Lang;
use clap::Command;

/// Help of every command in turn.
fn help(command: &mut Command, path: &str, into: &mut String) {
    let path = if path.is_empty() { command.get_name().to_owned() } else { format!("{path} {}", command.get_name()) };
    into.push_str(&format!("## {path}\n\n{}\n", command.render_help()));
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        help(command.find_subcommand_mut(&name).unwrap(), &path, into);
    }
}

#[test]
fn help_in_chinese_stays_as_it_is() {
    let mut text = String::new();
    help(&mut chengxin_cli::command(Lang::Zh).term_width(100), "", &mut text);
    insta::assert_snapshot!("help_zh", text);
}

#[test]
fn help_in_english_stays_as_it_is() {
    let mut text = String::new();
    help(&mut chengxin_cli::command(Lang::En).term_width(100), "", &mut text);
    insta::assert_snapshot!("help_en", text);
}

#[test]
fn help_follows_the_environment_and_chinese_comes_first() {
    let said = |variables: &[(&str, &str)]| {
        let output = common::chengxin().args(["import", "--help"]).envs(variables.iter().copied()).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(said(&[]).contains("用法"));
    assert!(said(&[("LANG", "en_GB.UTF-8")]).contains("Usage"));
    assert!(said(&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "zh_CN.UTF-8")]).contains("用法"));
    assert!(said(&[("LANG", "C.UTF-8")]).contains("用法"));
}

#[test]
fn a_wrong_command_line_ends_with_two_and_points_to_help() {
    let wrong: [&[&str]; 8] = [
        &["imprt"],
        &["import"],
        &["import", "--authority"],
        &["init", "--profile", "xx"],
        &["init", "--synthetic", "--production"],
        &["report", "--subject", "990000199001010017", "--from", "2026-02-30", "-o", "x.pdf"],
        &["held", "resolve", "1", "--evidence", "x"],
        &["--as", "mayor", "authority", "list"],
    ];
    for args in wrong {
        for (lang, hint) in [("zh", "用法见"), ("en", "--help")] {
            let said = common::run(["--lang", lang].iter().chain(args)).ends(2);
            assert!(said.err.contains(hint), "{args:?}: {}", said.err);
            assert!(!said.err.contains('¦') && said.out.is_empty(), "{args:?}: {}", said.err);
            let json = common::run(["--json", "--lang", lang].iter().chain(args)).ends(2);
            let error: serde_json::Value = serde_json::from_str(json.err.trim()).unwrap();
            assert_eq!(error["error"]["exit"], 2);
        }
    }
}

#[test]
fn no_command_at_all_prints_help_and_ends_with_two() {
    let nothing: [&str; 0] = [];
    assert_eq!(common::run(nothing).code, 2);
    assert!(common::run(["--version"]).ends(0).out.contains("0.1.0"));
}
