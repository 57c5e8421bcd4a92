//! Forms that somebody sent after their session had ended: kept until they have signed in again, so that nothing they typed is lost. A server keeps its own,
//! in memory, for half an hour.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use askama::Template;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use chengxin_core::Say;

use crate::form::{Frame, html};
use crate::problem::Problem;
use crate::state::Shared;
use crate::typed::Typed;
use crate::visit::Visit;

/// Forms that are kept at once, and of one network: whoever fills the place takes it from themself first.
const KEPT: usize = 256;
const KEPT_OF_ONE: usize = 8;
/// How long one is kept.
const KEPT_FOR: Duration = Duration::from_secs(30 * 60);
/// Most fields of a form, and bytes of all that was typed.
const FIELDS: usize = 200;
const BYTES: usize = 64 * 1024;
/// What is secret is typed anew.
const SECRET: [&str; 6] = ["password", "old", "new", "digits", "secret", "enrolment"];
/// Where they are found again.
const RESUMED: &str = "/me/resumed";

/// What somebody typed.
#[derive(Debug, Clone)]
pub(crate) struct Carried {
    action: String,
    pairs: Vec<(String, String)>,
    /// Were there files? They are not kept.
    files: bool,
    /// Does the form hold files?
    multipart: bool,
}

#[derive(Debug)]
struct Kept {
    id: String,
    source: String,
    since: Instant,
    it: Carried,
}

/// All of them, the newest first.
#[derive(Debug, Default)]
pub(crate) struct Forms(Mutex<VecDeque<Kept>>);

impl Forms {
    #[expect(clippy::disallowed_methods, reason = "how long ago, not what time it is")]
    fn keep(&self, source: &str, it: Carried) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut theirs = 0;
        kept.retain(|other| {
            theirs += usize::from(other.source == source);
            other.since.elapsed() < KEPT_FOR && (other.source != source || theirs < KEPT_OF_ONE)
        });
        kept.truncate(KEPT - 1);
        let id = crate::once::unguessable();
        kept.push_front(Kept { id: id.clone(), source: source.to_owned(), since: Instant::now(), it });
        id
    }

    fn of(&self, id: &str) -> Option<Carried> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|kept| kept.id == id && kept.since.elapsed() < KEPT_FOR);
        found.map(|kept| kept.it.clone())
    }
}

/// Reads a form that its handler will not see. One that is too large, or holds a secret, is not kept.
async fn read(request: Request, shared: &Shared) -> Option<(Vec<(String, String)>, bool, bool)> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let multipart = kind.starts_with("multipart/form-data");
    let (mut pairs, mut files) = (Vec::new(), false);
    if multipart {
        let _place = shared.uploads().try_acquire().ok()?;
        let mut form = Multipart::from_request(request, shared).await.ok()?;
        while let Ok(Some(field)) = form.next_field().await {
            let name = field.name().unwrap_or("").to_owned();
            if field.file_name().is_some() {
                files = files || field.file_name().is_some_and(|name| !name.is_empty());
                continue;
            }
            pairs.push((name, field.text().await.ok()?));
        }
    } else {
        pairs = Typed::from_request(request, shared).await.ok()?.pairs();
    }
    let bytes: usize = pairs.iter().map(|(name, value)| name.len() + value.len()).sum();
    let secret = pairs.iter().any(|(name, _)| SECRET.contains(&name.as_str()));
    let typed = pairs.iter().any(|(_, value)| !value.trim().is_empty());
    (typed && !secret && bytes <= BYTES && pairs.len() <= FIELDS).then_some((pairs, files, multipart))
}

/// Keeps the form of whoever has to sign in first; where they find it afterwards.
pub(crate) async fn kept(shared: &Shared, source: &str, action: String, request: Request) -> Option<String> {
    let (pairs, files, multipart) = read(request, shared).await?;
    let id = shared.forms().keep(source, Carried { action, pairs, files, multipart });
    Some(format!("{RESUMED}/{id}"))
}

#[derive(Template)]
#[template(path = "me/resumed.html")]
struct Resumed {
    f: Frame,
    it: Carried,
}

impl Resumed {
    /// What was typed, for the eye.
    fn shown(&self) -> Vec<&String> {
        self.it.pairs.iter().map(|(_, value)| value).filter(|value| !value.trim().is_empty()).collect()
    }
}

/// What was typed, to be sent on.
pub(crate) async fn resume(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    shared.act(visit.oneself(), "session_list", |_, _, _| Ok(())).await?;
    let it = shared.forms().of(&id).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            Say::new(
                "没有保留的表单：超过 30 分钟的会被清除，请重新填写",
                "no form is kept here: what is older than 30 minutes is removed; fill it in again",
            ),
        )
    })?;
    Ok(html(StatusCode::OK, &Resumed { f: Frame::new(&shared, &visit.wish), it }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Carried {
        let pairs = vec![("grounds".to_owned(), text.to_owned())];
        Carried { action: "/me".to_owned(), pairs, files: false, multipart: false }
    }

    #[test]
    fn whoever_sends_many_pushes_out_their_own_and_nobody_elses() {
        let forms = Forms::default();
        let theirs = forms.keep("192.0.2.1", form("theirs"));
        let first = forms.keep("192.0.2.2", form("0"));
        for number in 1..=KEPT_OF_ONE {
            forms.keep("192.0.2.2", form(&number.to_string()));
        }
        assert!(forms.of(&first).is_none() && forms.of(&theirs).is_some());
        assert!(forms.of("").is_none());
    }
}
