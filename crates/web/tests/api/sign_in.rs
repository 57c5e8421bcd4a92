//! Signing in on pages: by another provider over the network of this machine, and here.

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::city::{City, row};
use crate::desk::{PASSWORD, administrator};
use crate::provider::{Mischief, Provider, SECRET};
use crate::site::Site;

/// A page: status, where it leads, cookies that it sets, text.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) cookies: Vec<String>,
    pub(crate) text: String,
}

impl Page {
    /// Name and value of a cookie that it sets.
    pub(crate) fn cookie(&self, name: &str) -> String {
        let set = self.cookies.iter().find(|cookie| cookie.starts_with(&format!("{name}="))).unwrap();
        set.split(';').next().unwrap().to_owned()
    }
}

pub(crate) async fn ask(site: &Site, method: &str, path: &str, headers: &[(&str, &str)], form: &str) -> Page {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if method == "POST" {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let response = site.router.clone().oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = |name| parts.headers.get_all(name).into_iter().map(|value| value.to_str().unwrap().to_owned());
    Page {
        status: parts.status.as_u16(),
        location: text(header::LOCATION).next().unwrap_or_default(),
        cookies: text(header::SET_COOKIE).collect(),
        text: String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap(),
    }
}

fn site() -> (Site, Provider) {
    let (mut site, provider) = (Site::over(City::new()), Provider::listening());
    site.desk.app.issuer_set(&administrator(), "city", &provider.terms(), SECRET).unwrap();
    (site, provider)
}

/// Somebody goes to the provider and comes back.
async fn round(site: &Site, provider: &Provider) -> Page {
    let left = ask(site, "GET", "/sign-in/city", &[], "").await;
    assert_eq!(left.status, 303);
    assert!(left.location.starts_with(&format!("{}/auth?", provider.url())), "{}", left.location);
    let returned = provider.approve(&left.location, site.desk.now());
    let (code, iss) = (returned.code.unwrap(), returned.iss.unwrap());
    let path = format!("/sign-in/city/callback?state={}&code={code}&iss={iss}", returned.state);
    ask(site, "GET", &path, &[("cookie", &left.cookie("__Host-chengxin-away"))], "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_by_a_provider_sees_their_account_and_signs_out() {
    let (site, provider) = site();
    let own = row(1).number;
    provider.person(serde_json::json!({ "sub": "s-1", "id_number": own, "acr": "high" }));
    let came = round(&site, &provider).await;
    assert_eq!((came.status, came.location.as_str()), (303, "/me"), "{}", came.text);
    let session = came.cookies.iter().find(|cookie| cookie.starts_with("__Host-chengxin=")).unwrap();
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(session.contains(attribute), "{session}");
    }
    assert!(!session.contains("Domain"));
    let cookie = came.cookie("__Host-chengxin");
    let me = ask(&site, "GET", "/me", &[("cookie", &cookie)], "").await;
    assert!(me.status == 200 && me.text.contains("我的信用") && !me.text.contains(&own), "{}", me.text);
    assert!(ask(&site, "GET", "/me?lang=en", &[("cookie", &cookie)], "").await.text.contains("My records"));
    // The interface for programs knows no cookie.
    assert_eq!(ask(&site, "GET", "/api/v1/sessions", &[("cookie", &cookie)], "").await.status, 401);
    // A page of somebody else signs nobody out.
    for headers in [
        [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")],
        [("cookie", cookie.as_str()), ("origin", "https://other.example")],
    ] {
        assert_eq!(ask(&site, "POST", "/sign-out", &headers, "").await.status, 403);
    }
    assert_eq!(ask(&site, "GET", "/me", &[("cookie", &cookie)], "").await.status, 200);
    let out = ask(&site, "POST", "/sign-out", &[("cookie", &cookie), ("sec-fetch-site", "same-origin")], "").await;
    assert_eq!((out.status, out.location.as_str()), (303, "/sign-in"));
    assert_eq!(ask(&site, "GET", "/me", &[("cookie", &cookie)], "").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_does_wrong_is_one_page_without_a_session() {
    let (site, provider) = site();
    provider.person(serde_json::json!({ "sub": "s-1", "id_number": row(1).number, "acr": "high" }));
    for mischief in [Mischief::SwappedKey, Mischief::AlgNone, Mischief::WrongIssuer] {
        provider.does(mischief);
        let came = round(&site, &provider).await;
        assert_eq!(came.status, 403, "{mischief:?}");
        assert!(came.text.contains("未能通过该登录提供方登录"), "{}", came.text);
        assert!(!came.cookies.iter().any(|cookie| cookie.starts_with("__Host-chengxin=")), "{:?}", came.cookies);
        site.desk.pass(crate::desk::DAY);
    }
    assert_eq!(ask(&site, "GET", "/sign-in/nobody", &[], "").await.status, 404);
    assert_eq!(ask(&site, "GET", "/sign-in/city/callback?state=x&code=y", &[], "").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn name_password_and_digits_sign_in_without_a_script() {
    let (mut site, _) = site();
    let clerk = site.desk.clerk("zhanghua");
    let page = ask(&site, "GET", "/sign-in", &[], "").await;
    assert!(page.status == 200 && page.text.contains("统一认证") && !page.text.contains("<script>"), "{}", page.text);
    let wrong = ask(&site, "POST", "/sign-in", &[], "login=zhanghua&password=wrong&digits=123456").await;
    assert!(wrong.status == 403 && wrong.cookies.is_empty() && wrong.text.contains("不正确"), "{}", wrong.text);
    site.desk.pass(crate::desk::DAY);
    let digits = site.desk.digits(&clerk.secret.unwrap());
    let form = format!("login=zhanghua&password={}&digits={digits}", PASSWORD.replace(' ', "+"));
    let theirs = ask(&site, "POST", "/sign-in", &[("sec-fetch-site", "cross-site")], &form).await;
    assert_eq!(theirs.status, 403, "nobody is signed in by a page of somebody else");
    let came = ask(&site, "POST", "/sign-in?lang=en", &[], &form).await;
    assert_eq!((came.status, came.location.as_str()), (303, "/desk?lang=en"), "{}", came.text);
    let me = ask(&site, "GET", "/me?lang=en", &[("cookie", &came.cookie("__Host-chengxin"))], "").await;
    assert!(me.status == 200 && me.text.contains("Sign out"), "{}", me.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_signed_in_before_does_not_wait_for_what_strangers_try() {
    let (mut site, _) = site();
    let clerk = site.desk.clerk("zhanghua");
    let form = |site: &Site| {
        let digits = site.desk.digits(&clerk.secret.unwrap());
        format!("login=zhanghua&password={}&digits={digits}", PASSWORD.replace(' ', "+"))
    };
    let came = ask(&site, "POST", "/sign-in", &[], &form(&site)).await;
    assert_eq!(came.status, 303, "{}", came.text);
    let device = came.cookies.iter().find(|cookie| cookie.starts_with("__Host-chengxin-device=")).unwrap();
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure", "; Max-Age=7776000"] {
        assert!(device.contains(attribute), "{device}");
    }
    let (known, session) = (came.cookie("__Host-chengxin-device"), came.cookie("__Host-chengxin"));
    let out = ask(&site, "POST", "/sign-out", &[("cookie", &session)], "").await;
    assert!(!out.cookies.iter().any(|cookie| cookie.contains("device")), "it outlives the session: {:?}", out.cookies);
    // Strangers, one of whom brings a device that was never known here.
    let made_up = format!("__Host-chengxin-device={}", "A".repeat(22));
    let mut waited = 0;
    for n in 0..40 {
        site.desk.pass(crate::desk::MINUTE);
        let headers: &[(&str, &str)] = if n % 2 == 0 { &[("cookie", &made_up)] } else { &[] };
        let wrong = ask(&site, "POST", "/sign-in", headers, "login=zhanghua&password=wrong&digits=123456").await;
        assert!(wrong.cookies.is_empty(), "{:?}", wrong.cookies);
        waited += usize::from(wrong.status == 429);
    }
    assert!(waited > 10, "strangers wait: {waited}");
    assert_eq!(ask(&site, "POST", "/sign-in", &[], &form(&site)).await.status, 429, "as does whoever is not known");
    let again = ask(&site, "POST", "/sign-in", &[("cookie", &known)], &form(&site)).await;
    assert_eq!(again.status, 303, "{}", again.text);
    assert_eq!(again.cookie("__Host-chengxin-device"), known, "it stays the same device");
}
