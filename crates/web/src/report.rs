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
use chengxin_core::dates::shanghai_text;
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
    fn meaning(&self) -> &str {
        match self.page.status {
            ReportStatus::Valid => self.f.t(
                "平台出具过这份报告，其中的信息至今没有变化。纸面内容是否一致，请用下面的方法核对。",
                "The platform issued this report, and nothing in it has changed since. Whether the paper says the same, check below.",
            ),
            ReportStatus::ChangedSince => self.f.t(
                "报告出具后，其中有信息已经变更、修复或者停止展示。请向当事人索取新的报告，不要再依据这一份。",
                "Since it was issued, something in it was changed, repaired, or is no longer shown. Ask the person for a new report; do not rely on this one.",
            ),
            ReportStatus::Expired => self.f.t(
                "报告已过有效期，平台不再展示其内容。需要时请当事人重新申请，免费。",
                "The report has expired and its content is no longer shown. The person may ask for a new one, free of charge.",
            ),
            ReportStatus::Withdrawn => self.f.t(
                "报告已经作废，不得再作为依据；平台不再展示其内容。",
                "The report was withdrawn and must not be relied on. Its content is no longer shown.",
            ),
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
        let wait = |until_us| {
            let until = shanghai_text(until_us);
            format!("{}{until}{}", self.f.t("请于 ", "Try again after "), self.f.t(" 之后再试。", " (China time)."))
        };
        match self.page.extract {
            Extract::Wrong { again_at_us } => Some(format!(
                "{}{}",
                self.f.t(
                    "提取码不正确，请对照报告核对。",
                    "That extract code is not right: compare it with the report. "
                ),
                again_at_us.map(wait).unwrap_or_default()
            )),
            Extract::Paused { until_us } => Some(format!(
                "{}{}",
                self.f.t("提取码连续输错，暂停核对。", "Too many wrong codes in a row; none is looked at for now. "),
                wait(until_us)
            )),
            Extract::NotGiven | Extract::Shown { .. } | Extract::Closed => None,
        }
    }

    fn status(&self) -> String {
        self.page.status.say().get(self.f.lang).to_owned()
    }

    fn domains(&self) -> String {
        self.page.scope.domains_say().get(self.f.lang).to_owned()
    }

    fn period(&self) -> String {
        self.page.scope.period_say().get(self.f.lang).to_owned()
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
