//! The use cases, as tests that are sentences: one programme of them all, so that what they share is compiled and linked once.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod account_factor;
mod account_person;
mod account_session;
mod authenticator;
mod authority;
mod calendar;
mod catalogue;
mod check;
mod check_batch;
mod city;
mod client;
mod common;
mod complaint;
mod consent;
mod consent_given;
mod consent_report;
mod consent_tampered;
mod contest;
mod desk;
mod erasure;
mod giver;
mod holder;
mod idempotency;
mod intake;
mod intake_again;
mod jobs;
mod keys;
mod leak;
mod listing;
mod lived;
mod log_format;
mod log_lines;
mod log_lines_export;
mod log_prove;
mod log_verify;
mod log_witness;
mod log_writer;
mod machine;
mod mandate;
mod mandate_consent;
mod mandate_end;
mod mandate_organisation;
mod mandate_tampered;
mod mandate_told;
mod mended;
mod notice;
mod notice_channel;
mod notice_encrypted;
mod objection;
mod passkey;
mod post;
mod proceeding_told;
mod provider;
mod proxy;
mod publication;
mod reached;
mod readers;
mod recusal;
mod repair;
mod repair_possible;
mod report;
mod retention;
mod server;
mod shown_when;
mod sign_in;
mod silence;
mod simulated_year;
mod standing;
mod statistics;
mod synthetic_city;

/// A file that is not named here would be compiled by nobody, and its tests would be asked nothing.
#[test]
fn every_file_of_this_folder_is_part_of_the_programme() {
    let mut seen = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/use_cases")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") {
            seen += 1;
            assert!(include_str!("main.rs").contains(&format!("\nmod {module};\n")), "{name} is in no programme");
        }
    }
    assert!(seen >= 40, "{seen}");
}
