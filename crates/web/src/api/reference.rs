//! The reference of the interface: one page made from its description, without a script, so that it also reads offline.

use std::fmt::Write as _;
use std::sync::LazyLock;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_core::operation::{Api, OPERATIONS};
use chengxin_core::{Role, Say};
use serde_json::Value;

use super::{PREFIX, description};
use crate::form::{Frame, Wish, html};
use crate::state::Shared;

#[derive(Template)]
#[template(path = "reference.html")]
struct Reference {
    f: Frame,
    reference: &'static Described,
}

/// What the page shows.
struct Described {
    groups: Vec<Group>,
    bodies: Vec<Body>,
    refusals: Vec<(String, String)>,
}

impl Described {
    /// Is it the name of a body, or of a list of them?
    fn is_body(&self, name: &str) -> bool {
        self.bodies.iter().any(|body| body.name == name.trim_end_matches("[]"))
    }
}

impl Route {
    /// May every role that signs in use it?
    fn all_roles(&self) -> bool {
        Role::ALL.into_iter().all(|role| role == Role::Public || self.roles.contains(&role.code()))
    }
}

/// Routes that belong together.
struct Group {
    name: String,
    about: Say,
    routes: Vec<Route>,
}

/// One route.
struct Route {
    method: String,
    path: String,
    operation: String,
    summary: String,
    /// Roles that may use it; none where it is open to everybody.
    roles: Vec<&'static str>,
    parameters: Vec<Field>,
    takes: Option<String>,
    answers: Vec<(String, String)>,
}

/// What is sent or comes back.
struct Body {
    name: String,
    about: String,
    fields: Vec<Field>,
}

/// One value of it.
struct Field {
    name: String,
    kind: String,
    required: bool,
    about: String,
}

static DESCRIBED: LazyLock<Described> = LazyLock::new(|| described(&read()));

/// The description as data.
fn read() -> Value {
    serde_json::from_str(&description()).unwrap_or_else(|error| unreachable!("it was just printed: {error}"))
}

/// The reference.
pub(crate) async fn page(State(shared): State<Shared>, wish: Wish) -> Response {
    html(StatusCode::OK, &Reference { f: Frame::new(&shared, &wish), reference: &DESCRIBED })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace('`', "")
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn described(api: &Value) -> Described {
    let group = |tag: &Value| {
        let name = text(&tag["name"]);
        let routes =
            entries(&api["paths"]).flat_map(|(path, methods)| entries(methods).map(move |(m, r)| (path, m, r)));
        let own = routes.filter(|(_, _, route)| route["tags"][0] == *name);
        let routes = own.map(|(path, method, described)| route(path, method, described)).collect();
        Group { about: Say::new(in_chinese(&name), text(&tag["description"])), name, routes }
    };
    let bodies = entries(&api["components"]["schemas"]).map(|(name, schema)| body(name, schema)).collect();
    let refusals = api["paths"].as_object().and_then(|paths| paths.values().next()).map(|methods| {
        let responses = entries(methods).flat_map(|(_, route)| entries(&route["responses"]));
        let mut all: Vec<_> = responses
            .filter(|(status, _)| status.starts_with(['4', '5']))
            .map(|(status, answer)| (status.clone(), text(&answer["description"])))
            .collect();
        all.sort();
        all.dedup();
        all
    });
    Described {
        groups: api["tags"].as_array().into_iter().flatten().map(group).collect(),
        bodies,
        refusals: refusals.unwrap_or_default(),
    }
}

/// What a group is about; the description itself is in English.
fn in_chinese(group: &str) -> &str {
    match group {
        "sessions" => "登录与退出",
        "account" => "本人账户的密码与验证方式",
        "accounts" => "启用账户与管理工作人员账户",
        "me" => "查看和办理本人的事",
        "consents" => "本人的授权",
        "checks" => "窗口核查",
        "rules" => "平台依据的规则（任何人可查）",
        "offices" => "单位的业务",
        "clients" => "单位的接口客户端",
        "notices" => "告知：本人的告知与通知渠道，单位的送达",
        "mandates" => "委托：替他人办理，或由他人代办",
        "log" => "留痕日志的证明",
        "records" => "认定单位对本单位记录的决定",
        other => other,
    }
}

fn route(path: &str, method: &str, described: &Value) -> Route {
    let address = format!("{} {path}", method.to_uppercase());
    let operation = OPERATIONS.iter().find(|operation| has(operation.api, &address));
    let open =
        described["security"].as_array().is_some_and(|ways| ways.iter().any(|way| way == &serde_json::json!({})));
    let roles = operation.map_or(&[][..], |operation| operation.roles);
    let answers = entries(&described["responses"]).filter(|(status, _)| !status.starts_with(['4', '5']));
    let answer = |(status, answer): (&String, &Value)| {
        let schema = &answer["content"]["application/json"]["schema"];
        (status.clone(), if schema.is_null() { text(&answer["description"]) } else { kind(schema) })
    };
    let takes = &described["requestBody"]["content"]["application/json"]["schema"];
    Route {
        method: method.to_uppercase(),
        path: path.strip_prefix(PREFIX).unwrap_or(path).to_owned(),
        operation: text(&described["operationId"]),
        summary: text(&described["summary"]),
        roles: if open { Vec::new() } else { roles.iter().map(|role| role.code()).collect() },
        parameters: described["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        takes: (!takes.is_null()).then(|| kind(takes)),
        answers: answers.map(answer).collect(),
    }
}

fn has(api: Api, address: &str) -> bool {
    matches!(api, Api::Routes(routes) if routes.contains(&address))
}

fn parameter(parameter: &Value) -> Field {
    Field {
        name: text(&parameter["name"]),
        kind: kind(&parameter["schema"]),
        required: parameter["required"] == true,
        about: text(&parameter["description"]),
    }
}

fn body(name: &str, schema: &Value) -> Body {
    let required = |field: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == field));
    let mut parts = vec![schema];
    parts.extend(["allOf", "oneOf"].iter().flat_map(|of| schema[of].as_array().into_iter().flatten()));
    let fields = parts.iter().flat_map(|part| entries(&part["properties"])).map(|(field, value)| Field {
        name: field.clone(),
        kind: kind(value),
        required: required(field)
            || parts
                .iter()
                .any(|part| part["required"].as_array().is_some_and(|all| all.iter().any(|one| one == field))),
        about: text(&value["description"]),
    });
    let mut fields: Vec<Field> = fields.collect();
    // What one of several forms of a body adds is listed once.
    fields.dedup_by(|a, b| a.name == b.name);
    let mut about = text(&schema["description"]);
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<_> = values.iter().map(text).collect();
        let _ = write!(about, " {}", values.join(" · "));
    }
    Body { name: name.to_owned(), about, fields }
}

/// A schema in a few words; a name of [`Body`] where it has one.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(either) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        let kinds: Vec<_> = either.iter().map(kind).collect();
        return kinds.join(" | ");
    }
    let of_type = |name: &str| match name {
        "array" => format!("{}[]", kind(&schema["items"])),
        "string" if schema["format"].is_string() => text(&schema["format"]),
        name => name.to_owned(),
    };
    match &schema["type"] {
        Value::String(name) => of_type(name),
        Value::Array(names) => {
            let kinds: Vec<_> = names.iter().filter_map(Value::as_str).map(of_type).collect();
            kinds.join(" | ")
        }
        _ => "object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_on_the_page_with_what_it_takes_and_answers() {
        let described = described(&read());
        let routes: Vec<&Route> = described.groups.iter().flat_map(|group| &group.routes).collect();
        let paths = read();
        let count: usize = entries(&paths["paths"]).map(|(_, methods)| entries(methods).count()).sum();
        assert_eq!(routes.len(), count);
        assert!(count > 30, "{count}");
        for route in routes {
            assert!(!route.answers.is_empty() && !route.summary.is_empty(), "{} {}", route.method, route.path);
            let named = route.takes.iter().chain(route.answers.iter().map(|(_, answer)| answer));
            for name in named.filter(|name| name.chars().next().is_some_and(char::is_uppercase)) {
                let plain = name.trim_end_matches("[]");
                let known = plain.split(" | ").all(|one| described.bodies.iter().any(|body| body.name == one))
                    || plain.contains(' ');
                assert!(known, "{} {}: {name}", route.method, route.path);
            }
        }
        assert!(described.bodies.iter().all(|body| !body.about.is_empty()));
        assert!(described.groups.iter().all(|group| !group.about.zh.is_ascii() && !group.about.en.is_empty()));
    }
}
