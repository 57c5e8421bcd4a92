//! How often a client may ask: so many at once, refilled steadily.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::asker::clients;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// Requests that a client may send at once, after a while without any.
const AT_ONCE: i64 = 240;
/// Microseconds until one more is allowed: 40 a second, which is a busy hall of windows behind one machine. Whoever wants to
/// read a city by it needs a day for each three million answers, of which each is in somebody's log.
const REFILL_US: i64 = 25_000;
/// How much more a network may send than one client: tokens are easily made up, networks less so.
const NETWORK_TIMES: i64 = 10;
/// Clients that are remembered; then those that have asked for nothing in a while are forgotten first.
const REMEMBERED: usize = 20_000;

/// What the clients have used.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    /// When each may send [`AT_ONCE`] again, microseconds.
    full_at_us: Mutex<HashMap<u64, i64>>,
}

/// What is left to a client.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    requests: i64,
    /// Seconds until all are allowed again.
    full_in: i64,
}

impl Limits {
    /// Takes one request from what a client has left; seconds until the next, where nothing is.
    /// Networks, which many share, are allowed some `times` as much.
    fn take(&self, client: u64, times: i64, now_us: i64) -> Result<Left, u64> {
        let mut all = self.full_at_us.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, full_at_us| *full_at_us > now_us);
            // Everybody at once: better that nobody is slowed than that somebody else's requests count.
            if all.len() >= REMEMBERED {
                all.clear();
            }
        }
        let full_at_us = all.entry(client).or_insert(now_us);
        let missing = (*full_at_us - now_us).max(0);
        let refill_us = REFILL_US / times;
        let over = missing + refill_us - AT_ONCE * REFILL_US;
        if over > 0 {
            return Err(u64::try_from(over / 1_000_000).unwrap_or(0) + 1);
        }
        let missing = missing + refill_us;
        *full_at_us = now_us + missing;
        Ok(Left { requests: AT_ONCE * times - ceil(missing, refill_us), full_in: ceil(missing, 1_000_000) })
    }
}

fn ceil(amount: i64, step: i64) -> i64 {
    (amount + step - 1) / step
}

/// Counts a request, and says in the answer what is left (draft-ietf-httpapi-ratelimit-headers).
pub(crate) async fn count(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (client, network) = clients(&parts);
    let (limits, now_us) = (shared.limits(), shared.since_start_us());
    let left = match limits.take(client, 1, now_us).and_then(|left| {
        // Only what the client itself may send counts for its network.
        limits.take(network, NETWORK_TIMES, now_us).map(|_| left)
    }) {
        Ok(left) => left,
        Err(seconds) => {
            let problem = Problem { retry_after: Some(seconds), ..of(StatusCode::TOO_MANY_REQUESTS) };
            return problem.into_response();
        }
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let policy = format!("\"client\";q={AT_ONCE};w={}", AT_ONCE * REFILL_US / 1_000_000);
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

    #[test]
    fn a_client_that_asks_too_often_waits_and_others_do_not() {
        let limits = Limits::default();
        for used in 1..=AT_ONCE {
            assert_eq!(limits.take(1, 1, 0).map(|left| left.requests), Ok(AT_ONCE - used));
        }
        assert_eq!(limits.take(1, 1, 0), Err(1));
        assert!(limits.take(2, 1, 0).is_ok());
        assert_eq!(limits.take(1, 1, REFILL_US).map(|left| left.requests), Ok(0));
        assert!(limits.take(1, 1, REFILL_US).is_err());
        assert_eq!(limits.take(1, 1, REFILL_US * (AT_ONCE + 2)).map(|left| left.requests), Ok(AT_ONCE - 1));
    }

    #[test]
    fn it_forgets_who_has_not_asked_before_it_runs_over() {
        let limits = Limits::default();
        for client in 0..REMEMBERED as u64 + 10 {
            assert!(limits.take(client, 1, i64::try_from(client).unwrap_or(0) * REFILL_US).is_ok());
        }
        assert!(limits.full_at_us.lock().is_ok_and(|all| all.len() < REMEMBERED));
    }
}
