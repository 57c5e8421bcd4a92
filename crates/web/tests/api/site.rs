//! A city with people who sign in over HTTP.

use std::collections::HashMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chengxin_app::Installation;
use chengxin_app::account::{Redeem, Redeemed};
use chengxin_app::reading::Pool;
use chengxin_core::Role;
use chengxin_core::identity::DocumentKind;
use chengxin_web::Rate;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::city::{City, OFFICE};
use crate::desk::{Desk, PASSWORD, Person, identity_clerk, public};

pub(crate) struct Site {
    pub(crate) desk: Desk,
    pub(crate) router: Router,
    /// Secrets of authenticator apps, by login name.
    secrets: HashMap<String, [u8; 20]>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{:#}", self.body);
        self.body
    }
}

impl Site {
    pub(crate) fn over(city: City) -> Self {
        Self::at(city, Rate::default())
    }

    /// Where a client may send so many requests.
    pub(crate) fn at(city: City, rate: Rate) -> Self {
        let desk = Desk::over(city);
        let served = Installation::open(desk.city.installation.dir(), desk.clock.clone()).unwrap();
        let pool = Pool::of(&served);
        Self { router: chengxin_web::router_at(served, pool, rate).unwrap(), desk, secrets: HashMap::new() }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Self::send_to(&self.router, request).await
    }

    pub(crate) async fn send_to(router: &Router, request: Request<Body>) -> Answer {
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// What lies at a path below `/api/v1`, with its type, which is no JSON.
    pub(crate) async fn fetch(&self, token: &str, path: &str) -> (String, Vec<u8>) {
        let request = Self::request(token, &[], &format!("GET {path}"), None);
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        (kind, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    /// `route` is a method and a path below `/api/v1`.
    pub(crate) async fn ask(&self, token: &str, route: &str, body: Option<&Value>) -> Answer {
        self.ask_as(token, &[], route, body).await
    }

    pub(crate) async fn ask_as(
        &self,
        token: &str,
        headers: &[(&str, &str)],
        route: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.send(Self::request(token, headers, route, body)).await
    }

    pub(crate) fn request(token: &str, headers: &[(&str, &str)], route: &str, body: Option<&Value>) -> Request<Body> {
        let (method, path) = route.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        // 窗口工作
        request = request.header("Chengxin-Purpose", "%E7%AA%97%E5%8F%A3%E5%B7%A5%E4%BD%9C");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        request.body(body).unwrap()
    }

    pub(crate) async fn sign_in(&self, person: &Person) -> String {
        let digits = person.secret.map(|secret| self.desk.digits(&secret));
        let body =
            json!({ "login": person.login, "password": PASSWORD, "second": { "totp": digits }, "label": "窗口电脑" });
        let answer = self.ask("", "POST /sessions", Some(&body)).await.expect(201);
        answer["token"].as_str().unwrap().to_owned()
    }

    /// A resident to whom a window bound an account, signed in.
    pub(crate) async fn resident(&mut self, number: &str, login: &str) -> String {
        let (app, kind) = (&mut self.desk.app, DocumentKind::ResidentId);
        let code = app.activation_issue(&identity_clerk(), kind, number, "居民身份证原件，与本人相符").unwrap();
        let (choice, secret) = self.desk.choice(&code, Some(login));
        let Redeemed::Begun(begun) = self.desk.app.activation_redeem(&public(), &Redeem::New(&choice)).unwrap() else {
            unreachable!("a new account begins")
        };
        self.secrets.insert(login.to_owned(), secret);
        self.sign_in(&crate::desk::person(begun, Some(secret))).await
    }

    pub(crate) fn secret(&self, login: &str) -> Option<[u8; 20]> {
        self.secrets.get(login).copied()
    }

    /// Somebody in a role, signed in.
    pub(crate) async fn officer(&mut self, role: Role, login: &str) -> String {
        let serves = matches!(role, Role::Clerk | Role::DataOfficer | Role::Decider);
        let person = self.desk.staff(login, &[(role, serves.then_some(OFFICE))]);
        self.sign_in(&person).await
    }

    /// One person in each role that holds an account, by the role's code.
    pub(crate) async fn everybody(&mut self, number: &str) -> HashMap<&'static str, String> {
        let mut tokens = HashMap::new();
        for role in Role::ALL {
            let token = match role {
                Role::Public | Role::Representative => continue,
                Role::Resident => self.resident(number, "somebody").await,
                role => self.officer(role, &format!("one-{}", role.code().replace('_', "-"))).await,
            };
            tokens.insert(role.code(), token);
        }
        tokens
    }
}
