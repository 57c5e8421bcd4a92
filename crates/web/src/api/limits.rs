//! How often a client may ask: so many at once, refilled steadily.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::asker::clients;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// Seconds' worth of requests that a client may send at once, after a while without any.
const AT_ONCE_SECONDS: i64 = 6;

/// How many requests a second each client may go on sending.
///
/// Usually 40, which is a busy hall of windows behind one machine: whoever wants to read a city by it needs a day for each three
/// million answers, of which each is in somebody's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(pub NonZeroU32);

impl Default for Rate {
    fn default() -> Self {
        Self(NonZeroU32::MIN.saturating_add(39))
    }
}

impl Rate {
    /// Requests at once.
    fn at_once(self) -> i64 {
        i64::from(self.0.get()) * AT_ONCE_SECONDS
    }

    /// Nanoseconds until one more is allowed.
    fn refill_ns(self) -> i64 {
        1_000_000_000 / i64::from(self.0.get())
    }
}

/// How much more a network may send than one client: tokens are easily made up, networks less so.
const NETWORK_TIMES: i64 = 10;
/// Clients that are remembered; then those that have asked for nothing in a while are forgotten first.
const REMEMBERED: usize = 20_000;

/// What the clients have used.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    rate: Rate,
    /// When each may send as many as at first again, nanoseconds.
    full_at_ns: Mutex<HashMap<u64, i64>>,
}

/// What is left to a client.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    requests: i64,
    /// Seconds until all are allowed again.
    full_in: i64,
}

impl Limits {
    pub(crate) fn of(rate: Rate) -> Self {
        Self { rate, full_at_ns: Mutex::default() }
    }

    /// Takes one request from what a client has left; seconds until the next, where nothing is.
    /// Networks, which many share, are allowed some `times` as much.
    fn take(&self, client: u64, times: i64, now_ns: i64) -> Result<Left, u64> {
        let mut all = self.full_at_ns.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, full_at_ns| *full_at_ns > now_ns);
            // Everybody at once: better that nobody is slowed than that somebody else's requests count.
            if all.len() >= REMEMBERED {
                all.clear();
            }
        }
        let full_at_ns = all.entry(client).or_insert(now_ns);
        let missing = (*full_at_ns - now_ns).max(0);
        let refill_ns = (self.rate.refill_ns() / times).max(1);
        let over = missing + refill_ns - self.rate.at_once() * times * refill_ns;
        if over > 0 {
            return Err(u64::try_from(over / 1_000_000_000).unwrap_or(0) + 1);
        }
        let missing = missing + refill_ns;
        *full_at_ns = now_ns + missing;
        Ok(Left {
            requests: self.rate.at_once() * times - ceil(missing, refill_ns),
            full_in: ceil(missing, 1_000_000_000),
        })
    }
}

fn ceil(amount: i64, step: i64) -> i64 {
    (amount + step - 1) / step
}

/// Counts a request, and says in the answer what is left (draft-ietf-httpapi-ratelimit-headers).
pub(crate) async fn count(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (client, network) = clients(&parts);
    let (limits, now_ns) = (shared.limits(), shared.since_start_ns());
    let left = match limits.take(client, 1, now_ns).and_then(|left| {
        // Only what the client itself may send counts for its network.
        limits.take(network, NETWORK_TIMES, now_ns).map(|_| left)
    }) {
        Ok(left) => left,
        Err(seconds) => {
            let problem = Problem { retry_after: Some(seconds), ..of(StatusCode::TOO_MANY_REQUESTS) };
            return problem.into_response();
        }
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let policy = format!("\"client\";q={};w={AT_ONCE_SECONDS}", limits.rate.at_once());
    let state = format!("\"client\";r={};t={}", left.requests, left.full_in);
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At the usual rate.
    const REFILL_NS: i64 = 25_000_000;

    #[test]
    fn a_client_that_asks_too_often_waits_and_others_do_not() {
        let limits = Limits::default();
        for used in 1..=240 {
            assert_eq!(limits.take(1, 1, 0).map(|left| left.requests), Ok(240 - used));
        }
        assert_eq!(limits.take(1, 1, 0), Err(1));
        assert!(limits.take(2, 1, 0).is_ok());
        assert_eq!(limits.take(1, 1, REFILL_NS).map(|left| left.requests), Ok(0));
        assert!(limits.take(1, 1, REFILL_NS).is_err());
        assert_eq!(limits.take(1, 1, REFILL_NS * 242).map(|left| left.requests), Ok(239));
    }

    #[test]
    fn it_forgets_who_has_not_asked_before_it_runs_over() {
        let limits = Limits::default();
        for client in 0..REMEMBERED as u64 + 10 {
            assert!(limits.take(client, 1, i64::try_from(client).unwrap_or(0) * REFILL_NS).is_ok());
        }
        assert!(limits.full_at_ns.lock().is_ok_and(|all| all.len() < REMEMBERED));
    }
}
