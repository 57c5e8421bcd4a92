//! How fast the pages are, for people at their browsers.

use std::time::Duration;

use super::Bench;
use super::check::runs;
use super::data;
use super::table::{Row, Target};
use crate::downloaded;
use crate::run::{self, Outcome};

/// The resident's home, a crowd's looks and consents, a spike, and how soon a page is painted on a slow phone.
///
/// # Errors
/// The example does not build or prints something else; a first visit transfers more than 100 KB; of a thousand answers one says that the server failed.
pub(super) fn over_http(bench: &Bench) -> Outcome<Vec<Row>> {
    let file = data::penalty_csv(bench)?;
    let mut timing = run::example("chengxin-web", "page_speed")?;
    timing.arg(file).args(["--seconds", "20", "--browser"]).arg(downloaded::browser()?);
    let said = run::output(timing.current_dir(bench.scratch("pages")?))?;
    at_most(&said, "first-visit bytes ", 100_000)?;
    at_most(&said, "mixed per_million_failed ", 1_000)?;
    at_most(&said, "spike per_million_failed ", 1_000)?;
    let row = |name: &str, what: &str, key: &str, most: Duration| {
        Ok::<Row, String>(Row {
            name: name.to_owned(),
            ours: runs(&said, what, key)?,
            other: None,
            target: Target::AtMost(most),
        })
    };
    let ms = Duration::from_millis;
    Ok(vec![
        row("a resident's home, p99 alone", "home-read", "us_p99", ms(30))?,
        row("60 people, reads, p50", "mixed-read", "us_p50", ms(5))?,
        row("60 people, reads, p95", "mixed-read", "us_p95", ms(15))?,
        row("60 people, reads, p99", "mixed-read", "us_p99", ms(30))?,
        row("60 people, writes, p50", "mixed-write", "us_p50", ms(100))?,
        row("60 people, writes, p95", "mixed-write", "us_p95", ms(300))?,
        row("60 people, writes, p99", "mixed-write", "us_p99", ms(500))?,
        row("300 people, reads, p50", "spike-read", "us_p50", ms(5))?,
        row("300 people, reads, p95", "spike-read", "us_p95", ms(15))?,
        row("300 people, reads, p99", "spike-read", "us_p99", ms(30))?,
        row("300 people, writes, p50", "spike-write", "us_p50", ms(100))?,
        row("300 people, writes, p95", "spike-write", "us_p95", ms(300))?,
        row("300 people, writes, p99", "spike-write", "us_p99", ms(500))?,
        row("home painted on a slow phone", "paint-home", "us_lcp", ms(1000))?,
        row("catalogue painted on a slow phone", "paint-catalogue", "us_lcp", ms(1000))?,
        row("a resident's home painted on a slow phone", "paint-me", "us_lcp", ms(1000))?,
        row("a resident's records painted on a slow phone", "paint-records", "us_lcp", ms(1000))?,
    ])
}

/// Holds a count that was said against its limit, and says both.
fn at_most(said: &str, what: &str, most: u64) -> Outcome {
    let found = said.lines().find_map(|line| line.strip_prefix(what)?.trim().parse::<u64>().ok());
    let found = found.ok_or_else(|| format!("the example said no `{what}`:\n{said}"))?;
    println!("{what}{found}, at most {most}");
    if found > most { Err(format!("{what}{found}: at most {most}")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_beyond_its_limit_is_an_error_and_one_that_lacks_is_too() {
        let said = "first-visit bytes 20000\n";
        assert!(at_most(said, "first-visit bytes ", 20_000).is_ok());
        assert!(at_most(said, "first-visit bytes ", 19_999).is_err());
        assert!(at_most(said, "mixed per_million_failed ", 1).is_err());
    }
}
