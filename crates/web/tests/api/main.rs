//! The interface for programs, asked as residents, officers and attackers ask it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../app/tests/use_cases/authenticator/mod.rs"]
mod authenticator;
mod calendars;
#[path = "../../../app/tests/use_cases/city/mod.rs"]
mod city;
mod contests;
#[path = "../../../app/tests/use_cases/desk/mod.rs"]
mod desk;
mod fuzzed;
mod hostile;
mod imports;
mod journeys;
#[path = "../../../app/tests/use_cases/machine/mod.rs"]
mod machine;
mod machines;
mod mandates;
mod notices;
mod other_provider;
mod passkeys;
#[path = "../../../app/tests/use_cases/provider/mod.rs"]
mod provider;
mod publications;
mod repeats;
mod routes;
mod sign_in;
mod site;
mod threats;
