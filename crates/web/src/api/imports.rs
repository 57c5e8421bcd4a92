//! Files of authorities, sent over HTTP. A thread of its own receives one and takes it in beside the server, as the command does.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::multipart::Field;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_app::intake::{ImportOutcome, ImportRequest, Incoming, LARGEST_INCOMING, QualityReport, Silent};
use chengxin_app::{AppError, Installation};
use chengxin_core::{Caller, Say};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use utoipa::{IntoParams, ToSchema};

use super::asker::Asker;
use super::body::{InQuery, json};
use super::finished::Sent;
use super::refusals::Refusals;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// How long a file may be on its way: 64 MiB over a line of one megabit a second.
const ON_ITS_WAY: Duration = Duration::from_secs(10 * 60);
/// How long the next piece of it may take.
const NEXT_PIECE: Duration = Duration::from_secs(30);
/// How long whoever sent a file waits for its report at most.
const PATIENCE: Duration = Duration::from_secs(45);
/// Seconds after which it is worth sending the file again for its report.
const COME_AGAIN: u64 = 30;
/// Pieces of a body that wait to be written.
const AHEAD: usize = 16;

/// What a file may call itself. What it is, its bytes say.
const KINDS: [&str; 7] = [
    "text/csv",
    "text/tab-separated-values",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/x-ndjson",
    "application/jsonl",
    "application/octet-stream",
];

/// How a file is to be understood.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ImportQuery {
    /// Its name, which the list of submissions shows.
    #[param(min_length = 1, max_length = 200, example = "penalties.csv")]
    file: String,
    /// Code of the item; found by the headings where it is left out.
    item: Option<String>,
    /// Sheet of a workbook; the first with content where it is left out.
    sheet: Option<String>,
    /// Say everything that a real run would, write nothing.
    #[serde(default)]
    dry_run: bool,
    /// Reason for an unusual volume.
    #[serde(default)]
    reason: String,
    /// Headings that stand for fields: a JSON object of headings and codes of fields; an empty code leaves the column out.
    mapping: Option<String>,
    /// Does the office attest that every person in the file was of age?
    #[serde(default)]
    adults_attested: bool,
    /// Language of what is said where it is refused: `en`, else Chinese.
    #[expect(
        dead_code,
        reason = "read by whatever writes a refusal, and named here, since what has no name is refused"
    )]
    lang: Option<String>,
}

impl ImportQuery {
    fn read(self, authority: String) -> Result<ImportRequest, Problem> {
        let Self { file, item, sheet, dry_run, reason, mapping, adults_attested, .. } = self;
        let mapping = match mapping.as_deref() {
            None => BTreeMap::new(),
            Some(text) => serde_json::from_str::<BTreeMap<String, String>>(text).map_err(|_| wrong_mapping())?,
        };
        let mapping = mapping.into_iter().collect();
        let file = file.into();
        Ok(ImportRequest {
            file,
            authority,
            item,
            sheet,
            dry_run,
            reason,
            mapping,
            adults_attested,
            ..Default::default()
        })
    }
}

/// What became of a file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportedBody {
    /// What was read and counted, and each refused row with its remedy.
    quality: QualityReport,
    /// The signed receipt: JSON of a signed envelope; absent in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

/// A file whose import goes on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnderWayBody {
    /// How it comes to its report: the same file, sent again.
    next: Say,
}

/// Send a file. Sent again it changes nothing: its rows count as unchanged. Interrupted, it goes on where it stopped.
///
/// Its report is waited for up to 45 seconds after it has arrived, or as long as `Prefer: wait=N` says, or not at all with
/// `Prefer: respond-async` (RFC 7240). Whoever waits no longer sends the same file again for it, within the hour.
#[utoipa::path(post, path = "/submissions", operation_id = "submission_import", tag = "offices",
    params(ImportQuery, ("Prefer" = Option<String>, Header, description = "`respond-async`, or `wait=N` in seconds, 45 at most")),
    request_body(description = "The file as it is, 64 MiB at most", content(
        (String = "text/csv"), (String = "text/tab-separated-values"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "application/vnd.ms-excel"),
        (String = "application/x-ndjson"), (String = "application/jsonl"), (Vec<u8> = "application/octet-stream"))),
    responses((status = 200, body = ImportedBody),
        (status = 202, body = UnderWayBody, description = "It is being taken in; `Location` lists it"), Refusals))]
pub(crate) async fn submission_import(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(query): InQuery<ImportQuery>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    // A body of this size is read from whoever may send one, and from few at once.
    let caller = shared.act(asker, "submission_import", |installation, caller, _| {
        installation.submission_import_allowed(caller)?;
        Ok(caller.clone())
    });
    let caller = caller.await?;
    known_kind(&headers)?;
    let import = query.read(caller.authority.clone().unwrap_or_default())?;
    let (pieces, mut told) = begin(&shared, caller, import)?;
    let arrived = tokio::time::timeout(ON_ITS_WAY, send(request.into_body(), &pieces)).await;
    arrived.unwrap_or_else(|_| Err(of(StatusCode::REQUEST_TIMEOUT)))?;
    drop(pieces);
    if let Ok(done) = tokio::time::timeout(patience(&headers), &mut told).await {
        return answer(done.unwrap_or_else(|_| Err(AppError::internal("an import ended early"))));
    }
    told.close();
    // It may have come to its end between the two.
    told.try_recv().map_or_else(|_| Ok(under_way()), answer)
}

/// Where the pieces of a file go, and where what became of it comes from.
type Begun = (mpsc::Sender<Piece>, oneshot::Receiver<Result<ImportOutcome, AppError>>);

/// Starts the thread that receives a file and takes it in.
fn begin(shared: &Shared, caller: Caller, import: ImportRequest) -> Result<Begun, Problem> {
    let place = shared.imports().clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let (pieces, arriving) = mpsc::channel(AHEAD);
    let (tell, told) = oneshot::channel();
    let opened = shared.clone();
    let thread = std::thread::Builder::new().name("import".to_owned()).spawn(move || {
        let received = opened.another().and_then(|installation| received(installation, &caller, import, arriving));
        let (mine, done) = match received {
            Ok((mut installation, file, sent)) => match opened.finished().turn(sent) {
                None => (None, Err(same_under_way())),
                Some((mine, known)) => {
                    let done = known.unwrap_or_else(|| take_in(&mut installation, &caller, mine.request(), &file));
                    (Some(mine), done)
                }
            },
            Err(refusal) => (None, Err(refusal)),
        };
        drop(place);
        // Nobody may be waiting any more: then it is told to who sends the same again.
        let tell = move || tell.send(done).err();
        match mine {
            Some(mine) => mine.end(tell),
            None => drop(tell()),
        }
    });
    thread.map_err(|error| AppError::internal(format!("start an import: {error}")))?;
    Ok((pieces, told))
}

/// A file that came with a form, received whole. What stops on the way leaves nothing.
pub(crate) async fn arrived(shared: &Shared, name: String, file: Field<'_>) -> Result<Incoming, Problem> {
    let place = shared.imports().clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let (pieces, arriving) = mpsc::channel(AHEAD);
    let opened = shared.clone();
    let receiving = tokio::task::spawn_blocking(move || {
        let _place = place;
        receive(&opened.another()?, &name, arriving)
    });
    let sent = tokio::time::timeout(ON_ITS_WAY, send_field(file, &pieces)).await;
    drop(pieces);
    let received = receiving.await.unwrap_or_else(|_| Err(AppError::internal("a file was not received")));
    sent.unwrap_or_else(|_| Err(of(StatusCode::REQUEST_TIMEOUT)))?;
    Ok(received?)
}

/// Hands a file of a form over piece by piece.
async fn send_field(mut file: Field<'_>, pieces: &mpsc::Sender<Piece>) -> Result<(), Problem> {
    let mut left = LARGEST_INCOMING;
    loop {
        let next = tokio::time::timeout(NEXT_PIECE, file.chunk()).await.map_err(|_| of(StatusCode::REQUEST_TIMEOUT))?;
        let Some(bytes) = next.map_err(|error| of(error.status()))? else { break };
        left = left.checked_sub(bytes.len()).ok_or_else(too_large)?;
        // Whoever receives has refused it already, and says why.
        if pieces.send(Piece::Bytes(bytes)).await.is_err() {
            return Ok(());
        }
    }
    drop(pieces.send(Piece::End).await);
    Ok(())
}

fn answer(done: Result<ImportOutcome, AppError>) -> Result<Response, Problem> {
    let ImportOutcome { quality, receipt, .. } = done?;
    Ok(json(ImportedBody { quality, receipt }))
}

/// How long whoever asks wants to wait (RFC 7240 §4.1, §4.3). What else they prefer is left aside, as the standard wants.
fn patience(headers: &HeaderMap) -> Duration {
    let mut patience = PATIENCE;
    let all = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    for preference in all.flat_map(|value| value.split(',')).map(|text| text.trim().to_ascii_lowercase()) {
        let seconds = match preference.as_str() {
            "respond-async" => Some(0),
            other => other.strip_prefix("wait=").and_then(|seconds| seconds.trim().parse().ok()),
        };
        patience = seconds.map_or(patience, |seconds| patience.min(Duration::from_secs(seconds)));
    }
    patience
}

/// Is it a request that a file comes with? Those have times of their own.
pub(crate) fn takes_its_own_time(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path() == "/api/v1/submissions"
}

fn known_kind(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if KINDS.contains(&essence.as_str()) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Say::new(
            format!("请加上请求头 Content-Type，其值为下列之一：{}", KINDS.join("、")),
            format!("send the header Content-Type with one of: {}", KINDS.join(", ")),
        ),
    ))
}

/// A piece of a file, or its end: what stops without an end was cut off.
enum Piece {
    Bytes(Bytes),
    End,
}

/// Hands the body over piece by piece, as fast as it is written.
async fn send(mut body: Body, pieces: &mpsc::Sender<Piece>) -> Result<(), Problem> {
    let mut left = LARGEST_INCOMING;
    loop {
        let next = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let next = tokio::time::timeout(NEXT_PIECE, next).await.map_err(|_| of(StatusCode::REQUEST_TIMEOUT))?;
        let Some(frame) = next else { break };
        let frame = frame.map_err(|_| of(StatusCode::BAD_REQUEST))?;
        let Ok(bytes) = frame.into_data() else { continue };
        left = left.checked_sub(bytes.len()).ok_or_else(too_large)?;
        // Whoever receives has refused it already, and says why.
        if pieces.send(Piece::Bytes(bytes)).await.is_err() {
            return Ok(());
        }
    }
    drop(pieces.send(Piece::End).await);
    Ok(())
}

fn receive(installation: &Installation, name: &str, mut arriving: mpsc::Receiver<Piece>) -> Result<Incoming, AppError> {
    let mut file = Incoming::begin(installation, name)?;
    while let Some(piece) = arriving.blocking_recv() {
        match piece {
            Piece::Bytes(bytes) => file.add(&bytes)?,
            Piece::End => return Ok(file),
        }
    }
    Err(AppError::invalid("文件没有完整送达，请重新发送", "the file did not arrive whole: send it again"))
}

/// The whole file, and by what it is known again.
fn received(
    installation: Installation,
    caller: &Caller,
    request: ImportRequest,
    arriving: mpsc::Receiver<Piece>,
) -> Result<(Installation, Incoming, Sent), AppError> {
    let file = receive(&installation, &request.file.to_string_lossy(), arriving)?;
    let sent = Sent { actor: caller.actor.clone(), sha256: file.sha256()?, request };
    Ok((installation, file, sent))
}

fn take_in(
    installation: &mut Installation,
    caller: &Caller,
    request: &ImportRequest,
    file: &Incoming,
) -> Result<ImportOutcome, AppError> {
    let import = ImportRequest { file: file.path().to_owned(), ..request.clone() };
    installation.submission_import(caller, &import, &mut Silent).map_err(|error| file.by_name(error))
}

fn same_under_way() -> AppError {
    AppError::conflict(
        "同一文件正在处理中，请稍后再次发送",
        "the same file is being taken in: send it again in a moment",
    )
}

fn under_way() -> Response {
    let next = Say::new(
        "文件已收到，正在处理。稍后以同样的参数把同一文件再发送一次，即得质量报告和回执（一小时内；此后已收的行计为未变，退回的行再次列出，不会重复计入）；处理期间再发送，回答 409",
        "the file has arrived and is being worked on: send the same file again later, with the same parameters, for its report and receipt (within the hour; after that its rows count as unchanged, refused ones are told again, nothing is doubled); until it is done that is answered with 409",
    );
    let headers = [(header::LOCATION, "/api/v1/submissions".to_owned()), (header::RETRY_AFTER, COME_AGAIN.to_string())];
    (StatusCode::ACCEPTED, headers, json(UnderWayBody { next })).into_response()
}

pub(crate) fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        Say::new(
            "报送的文件不得超过 64 MiB；请拆分后再报，或者请管理员用命令 chengxin import 导入",
            "a file sent here may have 64 MiB at most: split it, or have an administrator import it by command, chengxin import",
        ),
    )
}

fn wrong_mapping() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        Say::new(
            "mapping 须为 JSON 对象，如 {\"处罚日期\":\"CF_JDRQ\"}",
            "mapping is a JSON object of headings and codes of fields, like {\"处罚日期\":\"CF_JDRQ\"}",
        ),
    )
}
