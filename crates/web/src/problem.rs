//! Refusals as pages and as problem documents (RFC 9457). The only place that knows status codes of errors.

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chengxin_app::{AppError, Kind};
use chengxin_core::Say;
use serde_json::{Value, json};

use crate::form::{Area, Frame, Wish, html};
use crate::state::{Refused, Shared};

/// Marks an answer that already speaks in our words.
#[derive(Debug, Clone, Copy)]
struct InHouse;

/// A refusal, about to be shown.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) detail: Say,
    /// Seconds after which it is worth trying again.
    pub(crate) retry_after: Option<u64>,
    /// What a problem document says beside, by its name.
    pub(crate) beside: Option<Box<(&'static str, Value)>>,
    /// Is it not known whether what was asked was done?
    pub(crate) unknown: bool,
    /// Is it only to be said in which of several rights?
    pub(crate) which_right: bool,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    f: Frame,
    title: Say,
    problem: &'a Problem,
    /// In which area of ours something was refused.
    area: Area,
}

impl ProblemPage<'_> {
    /// Where to go on: address and text.
    fn way(&self) -> (String, String) {
        match self.area.start() {
            None => (self.f.to("/verify"), self.f.m("problem-type-verification-code")),
            Some((path, _)) => {
                let key = match self.area {
                    Area::Me | Area::Public => "problem-to-me",
                    Area::Desk => "problem-to-desk",
                    Area::Office => "problem-to-office",
                };
                // What was refused on a mandate is not refused to oneself.
                (format!("{path}{}", self.f.q()), self.f.m(key))
            }
        }
    }
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: Say) -> Self {
        Self { status, detail, retry_after: None, unknown: status.is_server_error(), beside: None, which_right: false }
    }

    /// What the status means.
    pub(crate) fn title(&self) -> Say {
        title(self.status)
    }

    /// The same, saying something more to programs.
    pub(crate) fn with(self, name: &'static str, value: Value) -> Self {
        Self { beside: Some(Box::new((name, value))), ..self }
    }

    /// Too many files are being read already.
    pub(crate) fn busy() -> Self {
        Self { retry_after: Some(5), ..of(StatusCode::SERVICE_UNAVAILABLE) }
    }

    /// As a page, or as a problem document where JSON was asked for.
    pub(crate) fn show(&self, shared: &Shared, wish: &Wish) -> Response {
        let mut response = if wish.json {
            let mut body = json!({
                "type": "about:blank", "status": self.status.as_u16(), "title": self.title().get(wish.lang),
                "detail": self.detail.get(wish.lang), "zh": self.detail.zh, "en": self.detail.en,
            });
            if let Some((name, value)) = self.beside.as_deref() {
                body[*name] = value.clone();
            }
            let mut response = (self.status, Json(body)).into_response();
            let kind = HeaderValue::from_static("application/problem+json");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response
        } else {
            let (f, area) = (Frame::new(shared, wish), Area::of(&wish.path));
            html(self.status, &ProblemPage { f, title: self.title(), problem: self, area })
        };
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(InHouse);
        response
    }
}

/// Marks an answer with an error status as one that is not to be replaced.
pub(crate) fn keep(mut response: Response) -> Response {
    response.extensions_mut().insert(InHouse);
    response
}

impl IntoResponse for Problem {
    /// Left to [`in_house_words`], which knows the language.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let status = match error.kind {
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if !error.private.is_empty() {
            tracing::warn!(kind = ?error.kind, private = %error.private, "refused");
        }
        let retry_after = match error.kind {
            Kind::Unavailable => Some(30),
            Kind::TooOften(seconds) => Some(u64::from(seconds)),
            _ => None,
        };
        let unknown = error.unknown || error.kind == Kind::Internal;
        Self { retry_after, unknown, which_right: error.which_right, ..Self::new(status, error.public) }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::App(error) => error.into(),
            Refused::TooMany(seconds) => Self { retry_after: Some(seconds), ..of(StatusCode::TOO_MANY_REQUESTS) },
        }
    }
}

/// No such page.
pub(crate) async fn no_such_page(State(shared): State<Shared>, wish: Wish) -> Response {
    of(StatusCode::NOT_FOUND).show(&shared, &wish)
}

/// The page is there, the method is not.
pub(crate) async fn no_such_method(State(shared): State<Shared>, wish: Wish) -> Response {
    of(StatusCode::METHOD_NOT_ALLOWED).show(&shared, &wish)
}

/// Puts what the framework refused by itself (a body that is too large, a path that is no text, a timeout) into our
/// words.
pub(crate) async fn in_house_words(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let wish = Wish::of(&parts);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let mut shown = problem.show(&shared, &wish);
        // What was said about the request stays: its id, and what is left to the client.
        for (name, value) in response.headers() {
            shown.headers_mut().entry(name).or_insert(value.clone());
        }
        return shown;
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.extensions().get::<InHouse>().is_some() {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut shown = of(status).show(&shared, &wish);
    if let Some(allow) = allow {
        shown.headers_mut().insert(header::ALLOW, allow);
    }
    shown
}

/// The refusal that a status stands for by itself.
pub(crate) fn of(status: StatusCode) -> Problem {
    let (zh, en) = match status {
        StatusCode::UNAUTHORIZED => ("请先登录。", "Sign in first."),
        StatusCode::NOT_FOUND => ("请检查网址，或者从首页开始。", "Check the address, or begin at the home page."),
        StatusCode::GONE => ("该信息不再公示。", "It is published no more."),
        StatusCode::METHOD_NOT_ALLOWED => ("这个网址不接受这种请求方法。", "This address does not take that method."),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "文件超过 20 MB。平台出具的报告不会这么大，请确认选对了文件。",
            "The file is larger than 20 MB. No report is that large: check that it is the right file.",
        ),
        StatusCode::TOO_MANY_REQUESTS => {
            ("核验请求过于频繁，请稍后再试。", "There were too many attempts: try again a little later.")
        }
        StatusCode::REQUEST_TIMEOUT => {
            ("请求没有在规定时间内完成，请重试。", "The request did not finish in time: try again.")
        }
        StatusCode::SERVICE_UNAVAILABLE => (
            "平台暂时无法处理，请稍后再试；平台故障不影响您的办理事项。",
            "The platform cannot answer at the moment: try again later. An outage of the platform does not count against you.",
        ),
        status if status.is_server_error() => (
            "平台出现故障，您的操作没有生效；请稍后再试。平台故障不影响您的办理事项。",
            "A fault of the platform: nothing was changed. Try again later. It does not count against you.",
        ),
        _ => ("请求的内容无法识别，请返回后重试。", "The request could not be understood: go back and try again."),
    };
    Problem::new(status, Say::new(zh, en))
}

fn title(status: StatusCode) -> Say {
    match status {
        StatusCode::NOT_FOUND => Say::new("没有找到", "Not found"),
        StatusCode::GONE => Say::new("公示已经结束", "No longer published"),
        StatusCode::METHOD_NOT_ALLOWED => Say::new("不支持的请求方法", "Method not allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => Say::new("文件过大", "File too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Say::new("内容类型有误", "The content type is wrong"),
        StatusCode::TOO_MANY_REQUESTS => Say::new("请稍后再试", "Try again later"),
        StatusCode::REQUEST_TIMEOUT => Say::new("请求超时", "Request timed out"),
        StatusCode::UNAUTHORIZED => Say::new("请先登录", "Sign in first"),
        StatusCode::FORBIDDEN => Say::new("不允许该操作", "Not allowed"),
        StatusCode::CONFLICT => Say::new("状态已改变", "The state has changed"),
        StatusCode::SERVICE_UNAVAILABLE => Say::new("暂时无法处理", "Unavailable for now"),
        status if status.is_server_error() => Say::new("平台故障", "A fault of the platform"),
        _ => Say::new("请求有误", "The request is wrong"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_refusal_has_its_status_and_keeps_its_private_half() {
        let kinds = [
            (Kind::NotFound, 404),
            (Kind::Unauthenticated, 401),
            (Kind::Forbidden, 403),
            (Kind::Conflict, 409),
            (Kind::Invalid, 422),
            (Kind::Unavailable, 503),
            (Kind::TooOften(90), 429),
            (Kind::Internal, 500),
        ];
        for (kind, status) in kinds {
            let problem = Problem::from(AppError::new(kind, "中", "en").because("private"));
            assert_eq!(problem.status.as_u16(), status);
            assert_eq!(
                problem.retry_after,
                [(503, 30), (429, 90)].into_iter().find(|(of, _)| *of == status).map(|(_, s)| s)
            );
            assert!(!format!("{:?}{:?}", problem.title(), problem.detail).contains("private"));
        }
    }

    #[test]
    fn every_status_is_said_in_both_languages() {
        for status in 400..=599 {
            let problem = StatusCode::from_u16(status).map(of);
            assert!(
                problem.is_ok_and(|p| [p.title(), p.detail].iter().all(|say| !say.zh.is_empty() && !say.en.is_empty()))
            );
        }
    }
}
