//! Everything about oneself, to carry away: one file that programs read. It has no signature that anybody could ask for: whoever wants a proof asks for a report.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chengxin_app::{AppError, Installation, Kind};
use chengxin_core::Caller;
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::DocumentKind;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::form::{Frame, html};
use crate::places::CARRY;
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

/// What the file says of itself.
const README: [&str; 2] = [
    "本文件是平台保存的关于您的全部内容，供您自己留存或者转到别处（个人信息保护法第四十五条）。它没有签名，不是信用报告，任何人不得要求您提供；需要证明的，请出具信用报告。附件和决定书请在各自页面下载。",
    "This file is everything the platform holds about you, for you to keep or to take elsewhere (Personal Information Protection Law, art. 45). It is not signed, it is no report, and nobody may ask you for it; for a proof, ask for a report. Attachments and decisions are downloaded on their own pages.",
];

#[derive(Template)]
#[template(path = "me/carry.html")]
struct Ask {
    f: Frame,
}

/// What the file will hold.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    shared.act_own(visit.oneself(), CARRY, |_, _, _| Ok(())).await?;
    Ok(html(StatusCode::OK, &Ask { f: visit.me(&shared) }))
}

/// One part, made beside whoever writes: of somebody of whom much is held it takes seconds. That there is none is an answer too.
async fn part<T: Serialize>(
    shared: &Shared,
    visit: &Visit,
    name: &'static str,
    read: impl FnOnce(&mut Installation, &Caller, DocumentKind, &str) -> Result<T, AppError> + Send + 'static,
) -> Result<Value, Problem> {
    let read = shared.act_own_apart(visit.oneself(), name, move |installation, caller, (kind, number)| {
        let part = match read(installation, caller, kind, &number) {
            Ok(part) => Some(part),
            Err(error) if error.kind == Kind::NotFound => None,
            Err(error) => return Err(error),
        };
        serde_json::to_value(part)
            .map_err(|error| AppError::internal(format!("a part of what is carried away: {error}")))
    });
    read.await
}

/// The file. Each part is read as its own page reads it, and stands in the person's log like that; the log comes last, with these lines in it.
pub(super) async fn carry(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let (it, of) = (&shared, &visit);
    let mut parts = Map::new();
    parts.insert("records".to_owned(), part(it, of, "record_list", |i, c, k, n| i.record_list(c, k, n)).await?);
    parts.insert("checks".to_owned(), part(it, of, "check_slip", |i, c, k, n| i.check_slip(c, k, n)).await?);
    parts.insert("consents".to_owned(), part(it, of, "consent_list", |i, c, k, n| i.consent_list(c, k, n)).await?);
    parts.insert("mandates".to_owned(), part(it, of, "mandate_list", |i, c, k, n| i.mandate_list(c, k, n)).await?);
    let proceedings = part(it, of, "proceeding_list", |i, c, k, n| i.proceeding_list(c, k, n)).await?;
    parts.insert("proceedings".to_owned(), proceedings);
    parts
        .insert("complaints".to_owned(), part(it, of, "complaint_list", |i, c, k, n| i.complaint_list(c, k, n)).await?);
    parts.insert("notices".to_owned(), part(it, of, "notice_list", |i, c, k, n| i.notice_list(c, k, n)).await?);
    let log = part(it, of, "log_lines", |i, c, k, n| i.log_lines(c, k, n).map(|log| (log.lines, log.broken))).await?;
    parts.insert("log".to_owned(), json!({ "lines": log[0], "broken": log[1] }));
    let at = shared.act(visit.oneself(), "session_list", |installation, _, _| Ok(shanghai_text(installation.now_us())));
    let at = at.await?;
    let day: String = at.chars().filter(char::is_ascii_digit).take(8).collect();
    let file = json!({ "readme": README, "at": at, "city": shared.city(), "parts": parts });
    let text =
        serde_json::to_vec_pretty(&file).map_err(|error| AppError::internal(format!("carried away: {error}")))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"chengxin-everything-{day}.json\"")),
    ];
    Ok((headers, text).into_response())
}
