//! Somebody who asks for pages.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use chengxin_app::reading::Pool;
use chengxin_app::report::IssuedReport;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::fixture::{City, WANG, about, resident};

/// A city with Wang's report, and its pages.
pub(crate) struct Site {
    pub(crate) city: City,
    pub(crate) report: IssuedReport,
    router: Router,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) fn site() -> Site {
    let mut city = City::new();
    city.wang();
    site_of(city)
}

pub(crate) fn site_of(mut city: City) -> Site {
    let report = city.installation.report_issue(&resident(), &about(WANG)).unwrap();
    let served = city.another();
    let pool = Pool::of(&served);
    Site { router: chengxin_web::router(served, pool).unwrap(), report, city }
}

impl Site {
    pub(crate) fn page(&self) -> String {
        format!("/v/{}", self.report.verification_code.replace('-', ""))
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// An answer that is no text: status, caching, bytes.
    pub(crate) async fn bytes(&self, path: &str) -> (StatusCode, String, Vec<u8>) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let caching = parts.headers.get(header::CACHE_CONTROL).map_or("", |value| value.to_str().unwrap()).to_owned();
        (parts.status, caching, body.collect().await.unwrap().to_bytes().to_vec())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get_json(&self, path: &str) -> Answer {
        self.ask(Request::get(path).header(header::ACCEPT, "application/json").body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn method(&self, method: Method, path: &str) -> Answer {
        self.ask(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn form(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    pub(crate) async fn upload(&self, path: &str, file: &[u8]) -> Answer {
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../x.pdf\"\r\n\
            Content-Type: application/pdf\r\n\r\n";
        let body = [head.as_bytes(), file, b"\r\n--b--\r\n"].concat();
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}
