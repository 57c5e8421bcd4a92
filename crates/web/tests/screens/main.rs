//! The pages, asked for as each kind of person's browser asks for them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
#[path = "../../../app/tests/use_cases/authenticator/mod.rs"]
mod authenticator;
mod browser;
#[path = "../../../app/tests/use_cases/city/mod.rs"]
mod city;
#[path = "../../../app/tests/use_cases/desk/mod.rs"]
mod desk;
mod desk_pages;
mod drafts;
mod empty;
mod held_on;
mod journeys;
mod letters;
mod looked_at;
mod me_pages;
mod office_pages;
mod passkeys;
mod proceedings;
mod pseudo;
mod public_pages;
mod publications;
mod roles;
mod routes;
#[allow(dead_code, reason = "the tests of the interface use the rest")]
#[path = "../api/site.rs"]
mod site;
mod whole;
mod wrong_files;
