//! The page behind a report's QR code.

use askama::Template;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use chengxin_app::Installation;
use chengxin_app::report::{Comparison, Extract, ReportContent, ReportPage, ReportStatus};
use chengxin_core::Say;
use serde::Deserialize;
use serde_json::json;

use crate::compare;
use crate::form::{Frame, Wish, html};
use crate::problem::{Problem, keep, of};
use crate::state::{Shared, public};

/// Largest form without a file, in bytes.
const FORM_LIMIT: usize = 4096;

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    f: Frame,
    page: ReportPage,
    comparison: Option<Comparison>,
}

impl Page {
    /// Name of the look of a status.
    fn tone(&self) -> &'static str {
        match self.page.status {
            ReportStatus::Valid => "good",
            ReportStatus::ChangedSince | ReportStatus::Expired => "warn",
            ReportStatus::Withdrawn => "bad",
        }
    }

    /// What a status means for who holds the report.
    fn meaning(&self) -> String {
        match self.page.status {
            ReportStatus::Valid => self.f.m("report-means-valid"),
            ReportStatus::ChangedSince => self.f.m("report-means-changed"),
            ReportStatus::Expired => self.f.m("report-means-expired"),
            ReportStatus::Withdrawn => self.f.m("report-means-withdrawn"),
        }
    }

    fn content(&self) -> Option<(&ReportContent, usize)> {
        match &self.page.extract {
            Extract::Shown { content, taken_out } => Some((content, *taken_out)),
            Extract::NotGiven | Extract::Wrong { .. } | Extract::Paused { .. } | Extract::Closed => None,
        }
    }

    /// Names of the classes without an entry.
    fn empty_classes(&self) -> Vec<&Say> {
        let classes = self.content().map_or(&[][..], |(content, _)| &content.classes);
        classes.iter().filter(|class| class.empty.is_some()).map(|class| &class.name).collect()
    }

    /// Is there any use in asking for an extract code?
    fn asks_for_code(&self) -> bool {
        let open = matches!(self.page.status, ReportStatus::Valid | ReportStatus::ChangedSince);
        open && !matches!(self.page.extract, Extract::Shown { .. })
    }

    /// What was wrong with the extract code given, if one was.
    fn code_error(&self) -> Option<String> {
        let f = &self.f;
        match self.page.extract {
            Extract::Wrong { again_at_us: None } => Some(f.m("report-extract-wrong")),
            Extract::Wrong { again_at_us: Some(until) } => {
                Some(f.m1("report-extract-wrong-wait", "until", f.moment(until)))
            }
            Extract::Paused { until_us } => Some(f.m1("report-extract-paused", "until", f.moment(until_us))),
            Extract::NotGiven | Extract::Shown { .. } | Extract::Closed => None,
        }
    }

    fn status(&self) -> String {
        self.page.status.say().get(self.f.lang).to_owned()
    }

    fn domains(&self) -> String {
        self.f.say(&self.page.scope.domains_say())
    }

    fn period(&self) -> String {
        self.f.say(&self.page.scope.period_say())
    }

    /// Days for people.
    fn day(&self, date: &jiff::civil::Date) -> String {
        date.to_string()
    }
}

/// Status of the report, without a word about the person.
pub(crate) async fn show(State(shared): State<Shared>, wish: Wish, Path(code): Path<String>) -> Response {
    look(&shared, &wish, code, None).await
}

#[derive(Deserialize)]
struct ExtractForm {
    #[serde(default)]
    extract: String,
}

/// The content for who has the extract code; or, with a file, whether it is the one that was issued.
pub(crate) async fn look_closer(
    State(shared): State<Shared>,
    wish: Wish,
    Path(code): Path<String>,
    request: Request,
) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let answer = if kind.starts_with("multipart/form-data") {
        compare_file(&shared, &wish, code, request).await
    } else {
        match extract_code(request).await {
            Ok(extract) => Ok(look(&shared, &wish, code, Some(extract)).await),
            Err(problem) => Err(problem),
        }
    };
    answer.unwrap_or_else(|problem| problem.show(&shared, &wish))
}

/// The extract code out of a form or a JSON body.
async fn extract_code(request: Request) -> Result<String, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, FORM_LIMIT).await.map_err(|_| of(StatusCode::PAYLOAD_TOO_LARGE))?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let is_json = kind.starts_with("application/json");
    let request = Request::from_parts(parts, Body::from(bytes));
    let form = if is_json {
        Json::<ExtractForm>::from_request(request, &()).await.map(|Json(form)| form).map_err(|e| of(e.status()))?
    } else {
        Form::<ExtractForm>::from_request(request, &()).await.map(|Form(form)| form).map_err(|e| of(e.status()))?
    };
    Ok(form.extract)
}

async fn look(shared: &Shared, wish: &Wish, code: String, extract: Option<String>) -> Response {
    let look = move |installation: &mut Installation| {
        let page = installation.report_view(&public(), &code, extract.as_deref())?;
        Ok((page, installation.now_us()))
    };
    match shared.look(look).await {
        Ok((page, now_us)) => {
            let wait = match page.extract {
                Extract::Paused { until_us } | Extract::Wrong { again_at_us: Some(until_us) } => {
                    Some(until_us - now_us)
                }
                Extract::Wrong { .. } | Extract::NotGiven | Extract::Shown { .. } | Extract::Closed => None,
            };
            let mut response = answer(shared, wish, page, None);
            if let Some(seconds) = wait.and_then(|us| u64::try_from(us).ok()).map(|us| us.div_ceil(1_000_000)) {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
        Err(refused) => Problem::from(refused).show(shared, wish),
    }
}

async fn compare_file(shared: &Shared, wish: &Wish, code: String, request: Request) -> Result<Response, Problem> {
    let _place = shared.uploads().try_acquire().map_err(|_| Problem::busy())?;
    let form = Multipart::from_request(request, &()).await.map_err(|rejection| of(rejection.status()))?;
    let file = compare::file(form).await?;
    let look = move |installation: &mut Installation| {
        let comparison = installation.report_compare(&public(), &code, &file)?;
        Ok((installation.report_view(&public(), &code, None)?, comparison))
    };
    let (page, comparison) = shared.look(look).await?;
    Ok(answer(shared, wish, page, Some(comparison)))
}

fn answer(shared: &Shared, wish: &Wish, page: ReportPage, comparison: Option<Comparison>) -> Response {
    let status = match page.extract {
        Extract::Wrong { .. } => StatusCode::FORBIDDEN,
        Extract::Paused { .. } => StatusCode::TOO_MANY_REQUESTS,
        Extract::NotGiven | Extract::Shown { .. } | Extract::Closed => StatusCode::OK,
    };
    let response = if wish.json {
        let mut body = json!(page);
        if let Some(comparison) = comparison {
            body["comparison"] = json!(comparison);
        }
        (status, Json(body)).into_response()
    } else {
        html(status, &Page { f: Frame::new(shared, wish), page, comparison })
    };
    let mut response = keep(response);
    // Which pages are reports must not depend on what a proxy kept.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
    response
}
