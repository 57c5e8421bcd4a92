//! A form counts once. Each that a page shows carries a mark of its own; what is sent again with the same mark and the same content, by an impatient finger or
//! another tab, is answered as it was the first time. A server keeps its own answers, for some minutes; beyond these the rules of each act decide.

use std::collections::VecDeque;
use std::future::Future;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

/// Answers that are kept at once; the oldest go first.
const KEPT: usize = 128;
/// How long one is kept.
const KEPT_FOR: Duration = Duration::from_secs(5 * 60);
/// Largest answer that is kept, in bytes.
pub(crate) const LARGEST: usize = 1024 * 1024;

/// Keyed anew in each process.
static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// A mark of a form: no two of a process are alike. Nothing is opened by it.
pub(crate) fn mark() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{:016x}", KEY.hash_one(("mark", NEXT.fetch_add(1, Ordering::Relaxed))))
}

/// A name that nobody can guess.
pub(crate) fn unguessable() -> String {
    chengxin_app::unguessable()
}

/// By what a form is known that is sent twice.
pub(crate) type Key = (u64, u64);

/// What two keys have in common is one form, sent twice.
pub(crate) fn key(session: &str, path: &str, mark: &str, body: &[u8]) -> Key {
    (KEY.hash_one((session, path, mark, body)), KEY.hash_one((body, mark, path, session, 1u8)))
}

#[derive(Debug, Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn again(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        (*response.status_mut(), *response.headers_mut()) = (self.status, self.headers);
        response
    }
}

/// The answer to a form, for whoever comes first to make it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place(Arc<tokio::sync::Mutex<Option<Answer>>>);

impl Place {
    /// The answer of the first time, or that of now. What was refused counts for nothing: it may be sent again.
    pub(crate) async fn answer(&self, make: impl Future<Output = Response>) -> Response {
        let mut kept = self.0.lock().await;
        if let Some(answer) = kept.clone() {
            return answer.again();
        }
        let response = make.await;
        let small = axum::body::HttpBody::size_hint(response.body()).upper().is_some_and(|size| size <= LARGEST as u64);
        if !small || !(response.status().is_success() || response.status().is_redirection()) {
            return response;
        }
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, LARGEST).await else {
            return Response::from_parts(parts, Body::empty());
        };
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        *kept = Some(answer.clone());
        answer.again()
    }
}

/// A form, since when, and its answer.
type Form = (Key, Instant, Place);

/// Answers by the forms they are to.
#[derive(Debug, Default)]
pub(crate) struct Once(Mutex<VecDeque<Form>>);

impl Once {
    /// The place of a form's answer.
    #[expect(clippy::disallowed_methods, reason = "how long ago, not what time it is")]
    pub(crate) fn place(&self, key: Key) -> Place {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, since, _)| since.elapsed() < KEPT_FOR);
        if let Some((_, _, place)) = kept.iter().find(|(other, _, _)| *other == key) {
            return place.clone();
        }
        kept.truncate(KEPT - 1);
        let place = Place::default();
        kept.push_front((key, Instant::now(), place.clone()));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(once: &Once, key: Key, status: StatusCode, body: &'static str) -> (StatusCode, Bytes) {
        let make = async move {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = status;
            response
        };
        let (parts, body) = once.place(key).answer(make).await.into_parts();
        (parts.status, to_bytes(body, LARGEST).await.unwrap_or_default())
    }

    #[tokio::test]
    async fn what_was_done_is_answered_alike_and_what_was_refused_may_be_sent_again() {
        let (once, form) = (Once::default(), key("session", "/me/reports", "mark", b"period=1"));
        assert_eq!(sent(&once, form, StatusCode::CONFLICT, "no").await.1, "no");
        assert_eq!(sent(&once, form, StatusCode::OK, "first").await.1, "first");
        assert_eq!(sent(&once, form, StatusCode::OK, "second").await.1, "first");
        let changed = key("session", "/me/reports", "mark", b"period=3");
        assert_eq!(sent(&once, changed, StatusCode::OK, "another").await.1, "another");
        let elsewhere = key("another session", "/me/reports", "mark", b"period=1");
        assert_eq!(sent(&once, elsewhere, StatusCode::OK, "theirs").await.1, "theirs");
    }

    #[test]
    fn no_two_marks_are_alike() {
        assert_ne!(mark(), mark());
        assert_ne!(unguessable(), unguessable());
        assert!(unguessable().len() == 32 && unguessable().bytes().all(|b| b.is_ascii_alphanumeric()));
    }
}
