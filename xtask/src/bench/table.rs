//! The results as a Markdown table.

use std::time::Duration;

use super::measure::Runs;

/// What a row should reach.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// Other's time ÷ our time.
    AtLeastRatio(f64),
    AtMost(Duration),
    AtMostPeakMib(u64),
    /// Reported beside another row; no target of its own.
    Beside,
}

/// One line of the table.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) ours: Runs,
    /// The other tool and its runs.
    pub(super) other: Option<(&'static str, Runs)>,
    pub(super) target: Target,
}

impl Row {
    /// How many times as fast as the other we are: other's median ÷ ours.
    fn ratio(&self) -> Option<f64> {
        let (_, other) = self.other.as_ref()?;
        Some(other.median().as_secs_f64() / self.ours.median().as_secs_f64())
    }

    fn met(&self) -> &'static str {
        let met = match self.target {
            Target::AtLeastRatio(least) => self.ratio().is_some_and(|ratio| ratio >= least),
            Target::AtMost(most) => self.ours.median() <= most,
            Target::AtMostPeakMib(most) => self.ours.peak_kib() <= most * 1024,
            Target::Beside => return "–",
        };
        if met { "yes" } else { "no" }
    }
}

pub(super) fn markdown(rows: &[Row]) -> String {
    let mut page = String::from(
        "| benchmark | ours | peak MiB | against | its time | its peak MiB | times as fast | target | met |\n\
         | --- | --: | --: | --- | --: | --: | --: | --- | --- |\n",
    );
    for row in rows {
        let (against, its_time, its_peak) = match &row.other {
            Some((name, runs)) => (*name, spread(runs), mib(runs)),
            None => ("–", String::from("–"), String::from("–")),
        };
        let ratio = row.ratio().map_or_else(|| String::from("–"), |ratio| format!("{ratio:.2}×"));
        let (name, ours, peak, target, met) =
            (&row.name, spread(&row.ours), mib(&row.ours), target(row.target), row.met());
        page += &format!(
            "| {name} | {ours} | {peak} | {against} | {its_time} | {its_peak} | {ratio} | {target} | {met} |\n"
        );
    }
    page
}

fn target(target: Target) -> String {
    match target {
        Target::AtLeastRatio(least) => format!("≥ {least:.1}×"),
        Target::AtMost(most) => format!("≤ {}", time(most)),
        Target::AtMostPeakMib(most) => format!("peak ≤ {most} MiB"),
        Target::Beside => String::from("–"),
    }
}

/// `12.30 s (12.10–13.00)`; only the time where there was one run or no difference to show.
fn spread(runs: &Runs) -> String {
    let (median, fastest, slowest) = (time(runs.median()), time(runs.fastest()), time(runs.slowest()));
    if fastest == slowest {
        return median;
    }
    let bare = |time: &str| time.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ').to_owned();
    format!("{median} ({}–{slowest})", bare(&fastest))
}

fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{:.1} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}

/// 0 stands for "not measured".
fn mib(runs: &Runs) -> String {
    match runs.peak_kib() {
        0 => String::from("–"),
        kib => (kib / 1024).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measure::Run;

    fn runs(millis: u64) -> Runs {
        Runs::new(vec![Run { wall: Duration::from_millis(millis), peak_kib: millis * 1024 }])
    }

    fn row(ours: u64, other: u64, target: Target) -> Row {
        Row { name: "x".to_owned(), ours: runs(ours), other: Some(("qsvlite", runs(other))), target }
    }

    #[test]
    fn twice_as_fast_is_a_ratio_of_two() {
        let page = markdown(&[row(1500, 3000, Target::AtLeastRatio(1.0))]);
        assert!(page.ends_with("| x | 1.50 s | 1500 | qsvlite | 3.00 s | 3000 | 2.00× | ≥ 1.0× | yes |\n"), "{page}");
    }

    #[test]
    fn slower_than_the_target_is_said_plainly() {
        assert_eq!(row(3000, 1500, Target::AtLeastRatio(1.0)).met(), "no");
        assert_eq!(row(11, 1, Target::AtMost(Duration::from_millis(10))).met(), "no");
        assert_eq!(row(301, 1, Target::AtMostPeakMib(300)).met(), "no");
    }

    #[test]
    fn a_spread_is_shown_where_runs_differ() {
        let two = Runs::new([2000, 1000].map(|ms| Run { wall: Duration::from_millis(ms), peak_kib: 0 }).to_vec());
        assert_eq!(spread(&two), "2.00 s (1.00–2.00 s)");
    }
}
