//! Notices: what a person is told, where they are told that it waits, and what authorities are told and have to serve.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_app::Installation;
use chengxin_app::notice::{
    AddedChannel, ChannelLine, ChannelRequest, DeadLine, LetterLine, NoticeLine, NoticeView, OfficeNoticeLine, Served,
};
use chengxin_app::reading::Reading;
use chengxin_core::Lang;
use chengxin_core::notice::ChannelKind;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::asker::Asker;
use super::body::{Body, InPath, InQuery, Page, Paging, json};
use super::consents::Pdf;
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// What one is told, the newest first. No notice counts as delivered by being listed.
#[utoipa::path(get, path = "/me/notices", operation_id = "notice_list", tag = "notices", params(Paging),
    responses((status = 200, body = Page<NoticeLine>), Refusals))]
pub(crate) async fn notice_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.disclose_own(asker, "notice_list", Reading::notice_list, Installation::notice_list);
    Ok(json(Page::of(listed.await?, &paging, |line: &NoticeLine| line.notice.clone())?))
}

/// One notice: what is recorded, by whom, on what, how long it shows, how to contest it and how it is repaired. Opened by oneself it counts as
/// delivered.
#[utoipa::path(get, path = "/me/notices/{notice}", operation_id = "notice_show", tag = "notices",
    params(("notice" = String, Path, description = "number of the notice")),
    responses((status = 200, body = NoticeView), Refusals))]
pub(crate) async fn notice_show(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(notice): InPath<String>,
) -> Result<Response, Problem> {
    let shown = shared.act_own(asker, "notice_show", move |installation, caller, (kind, number)| {
        installation.notice_show(caller, (kind, &number), &notice)
    });
    shown.await.map(json)
}

/// Where one is told that a notice waits.
#[utoipa::path(get, path = "/me/channels", operation_id = "channel_list", tag = "notices", params(Paging),
    responses((status = 200, body = Page<ChannelLine>), Refusals))]
pub(crate) async fn channel_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.act_own(asker, "channel_list", |installation, caller, (kind, number)| {
        installation.channel_list(caller, kind, &number)
    });
    Ok(json(Page::of(listed.await?, &paging, |line: &ChannelLine| line.channel.clone())?))
}

/// Where one wants to be told.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChannelBody {
    /// Its kind.
    kind: ChannelKind,
    /// A mail address, or the address of a webhook (`https://…`).
    address: String,
}

/// Add a channel; its code is sent there. The secret of a webhook is told once.
#[utoipa::path(post, path = "/me/channels", operation_id = "channel_add", tag = "notices",
    request_body = ChannelBody, responses((status = 201, body = AddedChannel), Refusals))]
pub(crate) async fn channel_add(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<ChannelBody>,
) -> Result<Response, Problem> {
    let added = shared.act_own(asker, "channel_add", move |installation, caller, (kind, number)| {
        let ChannelBody { kind: channel, address } = body;
        installation.channel_add(caller, &ChannelRequest { kind, number, channel, address })
    });
    Ok((StatusCode::CREATED, json(added.await?)).into_response())
}

/// A code that was sent to a channel.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChannelCodeBody {
    /// The code, as it came.
    code: String,
}

/// Prove a channel with the code that was sent there. From then on it counts.
#[utoipa::path(post, path = "/me/channels/{channel}/proven", operation_id = "channel_prove", tag = "notices",
    params(("channel" = String, Path, description = "number of the channel")),
    request_body = ChannelCodeBody, responses((status = 200, body = ChannelLine), Refusals))]
pub(crate) async fn channel_prove(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(channel): InPath<String>,
    Body(body): Body<ChannelCodeBody>,
) -> Result<Response, Problem> {
    let proven = shared.act_own(asker, "channel_prove", move |installation, caller, (kind, number)| {
        installation.channel_prove(caller, (kind, &number), &channel, &body.code)
    });
    proven.await.map(json)
}

/// Remove a channel, and its address with it.
#[utoipa::path(delete, path = "/me/channels/{channel}", operation_id = "channel_remove", tag = "notices",
    params(("channel" = String, Path, description = "number of the channel")),
    responses((status = 204), Refusals))]
pub(crate) async fn channel_remove(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(channel): InPath<String>,
) -> Result<StatusCode, Problem> {
    let removed = shared.act_own(asker, "channel_remove", move |installation, caller, (kind, number)| {
        installation.channel_remove(caller, (kind, &number), &channel)
    });
    removed.await.map(|()| StatusCode::NO_CONTENT)
}

/// What one's authority is told, the newest first: cases and records, and nobody's name.
#[utoipa::path(get, path = "/notices", operation_id = "notice_inbox", tag = "notices", params(Paging),
    responses((status = 200, body = Page<OfficeNoticeLine>), Refusals))]
pub(crate) async fn notice_inbox(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.act(asker, "notice_inbox", |installation, caller, _| installation.notice_inbox(caller));
    Ok(json(Page::of(listed.await?, &paging, |line: &OfficeNoticeLine| line.notice.clone())?))
}

/// What one's authority has to serve on paper, because nobody could be told, the oldest first.
#[utoipa::path(get, path = "/notices/undelivered", operation_id = "notice_undelivered", tag = "notices", params(Paging),
    responses((status = 200, body = Page<LetterLine>), Refusals))]
pub(crate) async fn notice_undelivered(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed =
        shared.act(asker, "notice_undelivered", |installation, caller, _| installation.notice_undelivered(caller));
    Ok(json(Page::of(listed.await?, &paging, |line: &LetterLine| line.notice.clone())?))
}

/// In which language a letter is printed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LetterForm {
    /// `en` sets English beside the Chinese.
    lang: Option<String>,
}

/// The letter of a notice, to be served: PDF/A. That it was printed is a line in the person's log.
#[utoipa::path(get, path = "/notices/{notice}/letter", operation_id = "notice_letter", tag = "notices",
    params(("notice" = String, Path, description = "number of the notice"), LetterForm),
    responses((status = 200, description = "The letter", content((Pdf = "application/pdf"))), Refusals))]
pub(crate) async fn notice_letter(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(notice): InPath<String>,
    InQuery(form): InQuery<LetterForm>,
) -> Result<Response, Problem> {
    let lang = if form.lang.as_deref() == Some("en") { Lang::En } else { Lang::Zh };
    let printed = shared
        .act(asker, "notice_letter", move |installation, caller, _| installation.notice_letter(caller, &notice, lang));
    let letter = printed.await?;
    let pdf = shared.print(move || letter.pdf()).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}

/// How a letter was served.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ServedBody {
    /// On which day.
    on: Date,
    /// Who served it.
    by: String,
    /// What shows it: kind and number of the acknowledgement.
    evidence: String,
}

/// Record that a letter was served: from that day on the person was told.
#[utoipa::path(post, path = "/notices/{notice}/served", operation_id = "notice_served", tag = "notices",
    params(("notice" = String, Path, description = "number of the notice")),
    request_body = ServedBody, responses((status = 200, body = NoticeLine), Refusals))]
pub(crate) async fn notice_served(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(notice): InPath<String>,
    Body(body): Body<ServedBody>,
) -> Result<Response, Problem> {
    let served = shared.act(asker, "notice_served", move |installation, caller, _| {
        let ServedBody { on, by, evidence } = body;
        installation.notice_served(caller, &notice, &Served { on, by, evidence })
    });
    served.await.map(json)
}

/// Messages that were given up: why, and neither for whom nor of what.
#[utoipa::path(get, path = "/notices/dead", operation_id = "notice_dead", tag = "notices", params(Paging),
    responses((status = 200, body = Page<DeadLine>), Refusals))]
pub(crate) async fn notice_dead(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.act(asker, "notice_dead", |installation, caller, _| installation.notice_dead(caller));
    Ok(json(Page::of(listed.await?, &paging, |line: &DeadLine| line.message.clone())?))
}

/// Have a message tried again that was given up.
#[utoipa::path(post, path = "/notices/dead/{message}/retried", operation_id = "notice_retry", tag = "notices",
    params(("message" = String, Path, description = "number of the message")),
    responses((status = 204), Refusals))]
pub(crate) async fn notice_retry(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(message): InPath<String>,
) -> Result<StatusCode, Problem> {
    let retried =
        shared.act(asker, "notice_retry", move |installation, caller, _| installation.notice_retry(caller, &message));
    retried.await.map(|()| StatusCode::NO_CONTENT)
}
