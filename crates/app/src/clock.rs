//! The only place that reads a clock.

/// Where the time comes from. An argument everywhere else.
pub trait Clock: Send + Sync {
    /// Now, in microseconds UTC since 1970-01-01.
    fn now_us(&self) -> i64;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the seam behind which the clock is read")]
    fn now_us(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands, for demonstrations of a given day and for tests.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub i64);

impl FixedClock {
    /// Nine in the morning in Shanghai on a day.
    #[must_use]
    pub fn on(day: jiff::civil::Date) -> Self {
        Self((i64::from(chengxin_core::dates::to_days(day)) * 86_400 + 3_600) * 1_000_000)
    }
}

impl Clock for FixedClock {
    fn now_us(&self) -> i64 {
        self.0
    }
}
