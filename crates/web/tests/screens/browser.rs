//! A browser that keeps its cookie, and reads pages.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chengxin_core::Role;
use chengxin_core::identity::DocumentKind;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::city::{City, OFFICE, Row, csv, row};
use crate::desk::{PASSWORD, Person, identity_clerk, person, public};
use crate::site::Site;

/// A page as it came.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
    pub(crate) cookie: Option<String>,
}

impl Page {
    #[track_caller]
    pub(crate) fn shows(&self, texts: &[&str]) -> &Self {
        assert_eq!(self.status, 200, "{}", self.text());
        self.says(texts)
    }

    #[track_caller]
    pub(crate) fn says(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(self.body.contains(text), "no {text}: {}", self.text());
        }
        self
    }

    /// What follows a mark, to the next character that ends a value.
    pub(crate) fn after(&self, mark: &str) -> &str {
        let rest = self.body.split(mark).nth(1).unwrap_or_else(|| panic!("no {mark}: {}", self.text()));
        rest.split(['"', '<']).next().unwrap()
    }

    /// What a reader sees: texts between the marks.
    pub(crate) fn text(&self) -> String {
        let (mut text, mut rest) = (String::new(), self.body.as_str());
        while let Some(at) = rest.find('<') {
            text.push_str(&rest[..at]);
            let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
            text.push(' ');
            rest = &rest[end..];
        }
        text.push_str(rest);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Links of the page to pages of ours.
    pub(crate) fn links(&self) -> Vec<String> {
        let links = self.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        links
            .filter(|link| link.starts_with('/'))
            .map(|link| link.replace("&amp;", "&").replace("&#38;", "&"))
            .collect()
    }
}

/// What every page must be, whatever it is about.
#[track_caller]
pub(crate) fn assert_well_made(path: &str, page: &Page) {
    let body = &page.body;
    assert_eq!(body.matches("<h1>").count(), 1, "{path}: one heading says what the page is");
    assert!(body.contains("<main id=\"main\"") && body.contains("class=\"skip\""), "{path}");
    let title = body.split("<title>").nth(1).and_then(|rest| rest.split(" · ").next()).unwrap();
    assert!(!title.trim().is_empty(), "{path}: it has a title");
    let mut ids: Vec<_> = body.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{path}: an id stands twice: {ids:?}");
    for field in body.split("<input ").chain(body.split("<select ")).chain(body.split("<textarea ")).skip(1) {
        let tag = field.split('>').next().unwrap();
        let free = ["type=\"hidden\"", "type=\"checkbox\"", "type=\"radio\"", "<!doctype"];
        if free.iter().any(|free| tag.contains(free)) || !tag.contains("name=") {
            continue;
        }
        let id = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next());
        let id = id.unwrap_or_else(|| panic!("{path}: a field without an id: {tag}"));
        assert!(body.contains(&format!("<label for=\"{id}\">")), "{path}: {id} has no label");
        for described in tag.split("aria-describedby=\"").skip(1) {
            for by in described.split('"').next().unwrap().split_whitespace() {
                assert!(
                    body.contains(&format!("id=\"{by}\"")),
                    "{path}: {id} is described by {by}, which is not there"
                );
            }
        }
    }
    for inline in ["<script>", "<style", " style=\"", " onclick", "javascript:"] {
        assert!(!body.contains(inline), "{path}: {inline}");
    }
}

/// A browser.
pub(crate) struct Browser<'a> {
    site: &'a Site,
    cookie: String,
    /// Where signing in led.
    pub(crate) start: String,
}

impl<'a> Browser<'a> {
    /// Of nobody who is signed in.
    pub(crate) fn new(site: &'a Site) -> Self {
        Self { site, cookie: String::new(), start: String::new() }
    }

    /// Of somebody who signed in by the page.
    pub(crate) async fn of(site: &'a Site, person: &Person) -> Self {
        let mut browser = Self::new(site);
        let digits = person.secret.map(|secret| site.desk.digits(&secret)).unwrap_or_default();
        let form = form(&[("login", &person.login), ("password", PASSWORD), ("digits", &digits)]);
        let came = browser.post("/sign-in", &form).await;
        assert_eq!(came.status, 303, "{}", came.text());
        browser.cookie = came.cookie.unwrap();
        browser.start = came.location;
        browser
    }

    /// Keeps a cookie that came with a page beside its session.
    pub(crate) fn keep(&mut self, page: &Page) {
        self.cookie = format!("{}; {}", self.cookie, page.cookie.as_deref().unwrap());
    }

    /// Its session, as it is sent.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send("GET", path, "", "", "same-origin").await
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Page {
        self.send("POST", path, form, "application/x-www-form-urlencoded", "same-origin").await
    }

    /// A page of long work, once that is done.
    pub(crate) async fn once_done(&self, path: &str) -> Page {
        loop {
            let page = self.get(path).await;
            if !page.body.contains("data-poll") {
                return page;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// What the script of a page sends; a session that comes back is kept.
    pub(crate) async fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Page {
        let page = self.send("POST", path, &body.to_string(), "application/json", "same-origin").await;
        self.cookie = page.cookie.clone().unwrap_or_default();
        page
    }

    /// As another site would have it sent.
    pub(crate) async fn post_from_elsewhere(&self, path: &str) -> Page {
        self.send("POST", path, "", "application/x-www-form-urlencoded", "cross-site").await
    }

    /// A file with its form, in the order of the page: the file last.
    pub(crate) async fn upload(&self, path: &str, fields: &[(&str, &str)], name: &str, file: &str) -> Page {
        self.hand_in(path, fields, name, file.as_bytes()).await
    }

    /// The same of a file of any kind.
    pub(crate) async fn hand_in(&self, path: &str, fields: &[(&str, &str)], name: &str, file: &[u8]) -> Page {
        let request = self.begun("POST", path, "multipart/form-data; boundary=b", "same-origin");
        self.answered(request.body(Body::from(multipart(fields, name, file))).unwrap()).await
    }

    /// A file that says how long it is, and does not come.
    pub(crate) async fn announced(&self, path: &str, length: usize) -> Page {
        let request = self.begun("POST", path, "multipart/form-data; boundary=b", "same-origin");
        self.answered(request.header(header::CONTENT_LENGTH, length).body(Body::empty()).unwrap()).await
    }

    /// A file that is cut off on its way.
    pub(crate) async fn cut_off(&self, path: &str) -> Page {
        let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cut.csv\"\r\n\r\nCF_WSH,CF_";
        self.send("POST", path, body, "multipart/form-data; boundary=b", "same-origin").await
    }

    async fn send(&self, method: &str, path: &str, body: &str, kind: &str, from: &str) -> Page {
        let request = self.begun(method, path, kind, from);
        self.answered(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    fn begun(&self, method: &str, path: &str, kind: &str, from: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, kind)
            .header("sec-fetch-site", from)
    }

    async fn answered(&self, request: Request<Body>) -> Page {
        let (parts, body) = self.site.router.clone().oneshot(request).await.unwrap().into_parts();
        let text = |name: &str| parts.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let cookie = parts.headers.get_all(header::SET_COOKIE).iter().find_map(|cookie| {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            let kept = ["__Host-chengxin=", "__Host-chengxin-right="].iter().any(|name| cookie.starts_with(name));
            kept.then(|| cookie.to_owned())
        });
        let bytes = body.collect().await.unwrap().to_bytes();
        Page {
            status: parts.status.as_u16(),
            location: text("location"),
            body: String::from_utf8_lossy(&bytes).into_owned(),
            cookie,
        }
    }
}

/// A form with a file, its parts divided by `b`.
pub(crate) fn multipart(fields: &[(&str, &str)], name: &str, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    [body, head.into_bytes(), file.to_vec(), b"\r\n--b--\r\n".to_vec()].concat()
}

/// A form as it is sent.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    pairs.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

/// Somebody whose licence was revoked, released and in effect; the office of the city now does the work of two kinds.
pub(crate) fn revoked() -> (City, Row) {
    revoked_on("2026-09-01")
}

/// The same, decided on a day.
pub(crate) fn revoked_on(day: &str) -> (City, Row) {
    let person = Row { kind: "吊销许可证件".to_owned(), fine: String::new(), decided: day.to_owned(), ..row(1) };
    let mut city = City::new();
    let lines = csv(std::slice::from_ref(&person));
    let mut lines = lines.lines();
    let file = format!("{},CF_NR_ZKDX\n{},道路运输从业资格证\n", lines.next().unwrap(), lines.next().unwrap());
    let path = city.write("rows.csv", &file);
    city.import_with(&path, |_| {}).unwrap();
    city.release();
    (city, person)
}

/// A resident to whom a window bound an account.
pub(crate) fn resident(site: &mut Site, number: &str, login: &str) -> Person {
    let app = &mut site.desk.app;
    let code = app.activation_issue(&identity_clerk(), DocumentKind::ResidentId, number, "居民身份证原件，与本人相符");
    let (choice, secret) = site.desk.choice(&code.unwrap(), Some(login));
    let redeem = chengxin_app::account::Redeem::New(&choice);
    match site.desk.app.activation_redeem(&public(), &redeem).unwrap() {
        chengxin_app::account::Redeemed::Begun(begun) => person(begun, Some(secret)),
        chengxin_app::account::Redeemed::Bound => unreachable!("a new account begins"),
    }
}

/// Somebody of staff.
pub(crate) fn officer(site: &mut Site, role: Role, login: &str) -> Person {
    let serves = matches!(role, Role::Clerk | Role::DataOfficer | Role::Decider);
    site.desk.staff(login, &[(role, serves.then_some(OFFICE))])
}

/// The status as a word.
pub(crate) fn fate(page: &Page) -> &'static str {
    match StatusCode::from_u16(page.status).unwrap() {
        StatusCode::OK => "shown",
        StatusCode::SEE_OTHER if page.location.starts_with("/sign-in") => "sign-in",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not found",
        _ => "else",
    }
}
