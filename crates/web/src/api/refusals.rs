//! What a refusal looks like, for the description of the interface. The refusals themselves are made by [`crate::problem`].

use chengxin_app::check::BatchFault;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// A problem document (RFC 9457), with both languages beside that which was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Always `about:blank`: the status says which.
    #[serde(rename = "type")]
    kind: String,
    /// The status again.
    status: u16,
    /// What the status means, in the language of the answer.
    title: String,
    /// What is wrong, where, and how to mend it, in the language of the answer.
    detail: String,
    /// The same in Simplified Chinese.
    zh: String,
    /// The same in English.
    en: String,
    /// Of a batch: what is wrong with which application, the first 1 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<Vec<BatchFault>>,
}

macro_rules! refusals {
    ($($status:literal $name:ident $says:literal),* $(,)?) => {
        /// Every refusal that any route may answer with.
        #[derive(IntoResponses)]
        #[expect(dead_code, reason = "only described: no value of it is ever made")]
        pub(crate) enum Refusals {
            $(
                #[response(status = $status, description = $says, content_type = "application/problem+json")]
                $name(#[to_schema] ProblemBody),
            )*
        }
    };
}

refusals! {
    400 Malformed "The request cannot be read: a header, a parameter, or a body that is not JSON",
    401 Unauthenticated "Nobody is signed in, or the session is over",
    403 Forbidden "Not the caller's to do",
    404 NotFound "There is no such thing, or the caller may not know that there is",
    405 NoSuchMethod "The address does not take that method",
    408 TooSlow "The request did not arrive in time",
    409 Conflict "The state has changed, or does not allow it",
    413 TooLarge "The body is too large",
    415 WrongType "The body is of a type that the address does not take",
    422 Invalid "What was sent is wrong; the detail says what and how to mend it",
    429 TooMany "Too many requests: Retry-After says when to come again",
    500 Fault "A fault of the platform; nothing was changed",
    503 Unavailable "The platform cannot do it at the moment",
}
