//! Prints how long a decision takes: `cargo run --release -p chengxin-policy --example policy_speed`.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark prints, and measures itself")]

use std::time::Instant;

use chengxin_core::record::SubjectId;
use chengxin_core::{Ground, Role};
use chengxin_policy::{Context, Policy, Principal, Request, Resource, SignIn, Stage};

/// Decisions in a round; the best of [`ROUNDS`] is told, since the machine does other things too.
const DECISIONS: u32 = 20_000;
const ROUNDS: u32 = 5;

fn best(mut round: impl FnMut() -> Result<(), Box<dyn std::error::Error>>) -> Result<f64, Box<dyn std::error::Error>> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round()?;
        best = best.min(start.elapsed().as_secs_f64() * 1e6 / f64::from(DECISIONS));
    }
    Ok(best)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let policy = Policy::load()?;
    println!("load                          {:9.1} µs", start.elapsed().as_secs_f64() * 1e6);
    let today = "2026-03-01".parse()?;
    let subject = SubjectId([7; 16]);
    let clerk = Principal::new("zhang", Role::Clerk, SignIn::TwoFactors).serving("jtj");
    let decider = Principal::new("wang", Role::Decider, SignIn::TwoFactors).serving("jtj");
    let resident = Principal::new("li", Role::Resident, SignIn::OneFactor).bound_to(subject);
    let duty = Context::new(Ground::Duty("pipl#art-34".to_owned()), today).confirmed();
    let own = Context::new(Ground::OwnRight, today);
    let submission = Resource::new().of_authority("jtj").submitted_by("zhao").at(Stage::Waiting);
    let questions = [
        ("check_answer", &clerk, Resource::new().about(subject), &duty),
        ("record_list", &resident, Resource::new().about(subject), &own),
        ("submission_release", &decider, submission.clone(), &duty),
        ("submission_release", &decider, submission.of_authority("scjg"), &duty),
        ("keys_rotate", &resident, Resource::new(), &own),
    ];
    for (action, principal, resource, context) in &questions {
        let request = Request { principal, action, resource, context };
        let allowed = policy.decide(&request)?.allowed;
        let time = best(|| Ok((0..DECISIONS).try_for_each(|_| policy.decide(&request).map(drop))?))?;
        println!("{action:<20}{:<10}{time:9.1} µs", if allowed { "allowed" } else { "refused" });
    }
    let time = best(|| Ok((0..DECISIONS).try_for_each(|_| policy.filter(&clerk, "check_answer", &duty).map(drop))?))?;
    println!("filter, asked before          {time:9.1} µs");
    let start = Instant::now();
    let fresh = Policy::load()?;
    let loaded = start.elapsed();
    let start = Instant::now();
    fresh.filter(&clerk, "check_answer", &duty)?;
    println!(
        "filter, asked first           {:9.1} µs (load again {:.1} µs)",
        start.elapsed().as_secs_f64() * 1e6,
        loaded.as_secs_f64() * 1e6
    );
    Ok(())
}
