//! Files of authorities, sent over HTTP. A thread of its own receives one and takes it in beside the server, as the command does.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_app::intake::{ImportOutcome, ImportRequest, Incoming, LARGEST_INCOMING, QualityReport, Silent};
use chengxin_app::{AppError, Installation};
use chengxin_core::{Caller, Say};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use utoipa::{IntoParams, ToSchema};

use super::asker::Asker;
use super::body::{InQuery, json};
use super::refusals::Refusals;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// How long whoever sends a file waits for its report; it ends before the time of a request does.
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
#[serde(rename_all = "camelCase")]
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
}

impl ImportQuery {
    fn read(self, authority: String) -> Result<ImportRequest, Problem> {
        let Self { item, sheet, dry_run, reason, mapping, adults_attested, .. } = self;
        let mapping = match mapping.as_deref() {
            None => BTreeMap::new(),
            Some(text) => serde_json::from_str::<BTreeMap<String, String>>(text).map_err(|_| wrong_mapping())?,
        };
        let mapping = mapping.into_iter().collect();
        Ok(ImportRequest {
            authority,
            item,
            sheet,
            dry_run,
            reason,
            mapping,
            adults_attested,
            ..ImportRequest::default()
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
#[utoipa::path(post, path = "/submissions", operation_id = "submission_import", tag = "offices", params(ImportQuery),
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
    let mut patience = pin!(tokio::time::sleep(PATIENCE));
    // A body of this size is read from whoever may send one, and from few at once.
    let caller = shared.act(asker, "submission_import", |installation, caller, _| {
        installation.submission_import_allowed(caller)?;
        Ok(caller.clone())
    });
    let caller = caller.await?;
    known_kind(&headers)?;
    let place = shared.imports().clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let name = query.file.clone();
    let import = query.read(caller.authority.clone().unwrap_or_default())?;
    let dry_run = import.dry_run;
    let (pieces, arriving) = mpsc::channel(AHEAD);
    let (tell, mut told) = oneshot::channel();
    let opened = shared.clone();
    let thread = std::thread::Builder::new().name("import".to_owned()).spawn(move || {
        let done = opened.another().and_then(|mut installation| {
            let file = receive(&installation, &name, arriving)?;
            take_in(&mut installation, &caller, import, file)
        });
        drop(place);
        // Nobody may be waiting any more: the file is taken in all the same, and sent again it is answered.
        drop(tell.send(done));
    });
    thread.map_err(|error| AppError::internal(format!("start an import: {error}")))?;
    send(request.into_body(), &pieces).await?;
    drop(pieces);
    tokio::select! {
        done = &mut told => {
            let done = done.unwrap_or_else(|_| Err(AppError::internal("an import ended early")))?;
            let ImportOutcome { quality, receipt, .. } = done;
            Ok(json(ImportedBody { quality, receipt }))
        }
        () = &mut patience => if dry_run { Err(rehearsed_too_long()) } else { Ok(under_way()) },
    }
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
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
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

fn take_in(
    installation: &mut Installation,
    caller: &Caller,
    import: ImportRequest,
    file: Incoming,
) -> Result<ImportOutcome, AppError> {
    let import = ImportRequest { file: file.path().to_owned(), ..import };
    installation.submission_import(caller, &import, &mut Silent).map_err(|error| file.by_name(error))
}

fn under_way() -> Response {
    let next = Say::new(
        "文件已收到，正在导入。稍后把同一文件再发送一次，即得质量报告和回执（已收的行计为未变，退回的行再次列出，不会重复计入）；导入期间再发送，回答 409",
        "the file has arrived and is being taken in: send the same file again later for its report and receipt (rows that were taken in count as unchanged, refused ones are told again, nothing is doubled); until it is done that is answered with 409",
    );
    let headers = [(header::LOCATION, "/api/v1/submissions".to_owned()), (header::RETRY_AFTER, COME_AGAIN.to_string())];
    (StatusCode::ACCEPTED, headers, json(UnderWayBody { next })).into_response()
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        Say::new(
            "经接口报送的文件不得超过 64 MiB；更大的文件请用命令 chengxin import",
            "a file sent here may have 64 MiB at most: import a larger one by command, chengxin import",
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

fn rehearsed_too_long() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        Say::new(
            "试运行没有在规定时间内完成，什么也没有写入；请用命令 chengxin import --dry-run，或把文件分小",
            "the dry run did not end in time, and nothing was written: use the command chengxin import --dry-run, or send smaller files",
        ),
    )
}
