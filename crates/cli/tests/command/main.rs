//! The command line, as tests that are sentences: one programme of them all, so that what they share is compiled and linked once.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod backup;
mod calendar;
mod check;
mod client;
mod commands;
mod common;
mod consent;
mod contest;
mod exit_codes;
mod help;
mod import;
mod issuer;
mod kill;
mod log;
mod log_kill;
mod mandate;
mod me;
mod registry;
mod serve;
mod server;
mod witness;

/// A file that is not named here would be compiled by nobody, and its tests would be asked nothing.
#[test]
fn every_file_of_this_folder_is_part_of_the_programme() {
    let mut seen = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/command")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") {
            seen += 1;
            assert!(include_str!("main.rs").contains(&format!("\nmod {module};\n")), "{name} is in no programme");
        }
    }
    assert!(seen >= 15, "{seen}");
}
