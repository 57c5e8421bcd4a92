//! Every route of the interface for every role: who may not is refused, and no route is missing from the lists.

use std::collections::BTreeSet;

use chengxin_core::Role;
use chengxin_core::operation::{Api, OPERATIONS, Operation};
use serde_json::{Value, json};

use crate::city::{City, row};
use crate::site::Site;

/// Routes of an operation below `/api/v1`.
pub(crate) fn routes(operation: &Operation) -> Vec<String> {
    let Api::Routes(routes) = operation.api else { return Vec::new() };
    let own = routes.iter().filter_map(|route| route.split_once(" /api/v1"));
    own.map(|(method, path)| format!("{method} {path}")).collect()
}

/// What is sent to a route that takes a body: well-formed, about things that are not there.
pub(crate) fn body(route: &str, number: &str, role: &str) -> Option<Value> {
    let document = json!({ "number": number });
    let decision = json!({ "document": document, "caseNumber": "1号", "decidedOn": "2026-01-05" });
    let paper = json!({ "kind": "court_judgment", "number": "1号", "date": "2026-01-05" });
    let sent = match route {
        "POST /sessions" => json!({ "login": "nobody", "password": "x" }),
        "POST /sessions/current/proof" => json!({ "password": "wrong" }),
        "POST /sessions/passkey/asked" => json!({ "login": "nobody" }),
        "POST /sessions/passkey" | "POST /sessions/current/proof/passkey" => {
            json!({ "ceremony": "none", "answer": {} })
        }
        "POST /account/passkeys" => json!({ "ceremony": "none", "name": "手机", "answer": {} }),
        "POST /account/apps" => json!({ "enrolment": "none", "totp": "000000" }),
        "PUT /account/password" => json!({ "old": "wrong", "new": "nine calm otters" }),
        "POST /accounts/enrolments" => json!({ "code": "ABCD" }),
        "POST /accounts/begun" | "POST /activations/redeemed" => json!({ "code": "ABCD", "password": "x" }),
        "POST /activations" => json!({ "document": document, "evidence": "" }),
        "POST /recoveries" if role.ends_with("clerk") => json!({ "document": document, "evidence": "" }),
        "POST /recoveries" => json!({ "login": "nobody", "evidence": "本人" }),
        "POST /accounts" => json!({ "login": "x", "name": "", "rights": [] }),
        "PUT /accounts/{login}/rights" | "POST /accounts/{login}/rights/renewed" => json!({ "role": "clerk" }),
        "POST /me/reports" => json!({ "domains": ["没有这个领域"] }),
        "POST /reports/withdrawn" => json!({ "report": "ABCD" }),
        "POST /checks" => json!({ "matter": "none", "document": document, "name": "周明", "caseNumber": "1" }),
        "POST /checks/{check}/outcomes" => json!({ "document": document, "outcome": "granted", "reason": "材料齐全" }),
        "POST /check-batches" => json!({ "matter": "none", "applications": [] }),
        "POST /check-batches/{batch}/parts/{part}" => json!({ "applications": [] }),
        "POST /clients" => json!({
            "name": "x", "authority": "none", "role": "clerk", "scopes": [], "key": { "jwk": {}, "until": "2027-01-01" },
        }),
        "POST /clients/{client}/keys" => json!({ "jwk": {}, "until": "2027-01-01" }),
        "POST /oauth/token" => json!({}),
        "POST /me/consents" => json!({ "authority": "none", "until": "2026-12-01", "uses": 1, "purpose": "x" }),
        "POST /me/consents/{receipt}/narrowed" => json!({ "uses": 1 }),
        "POST /me/consent-codes" => json!({ "matter": "none", "authority": "none" }),
        "POST /consents" => json!({ "document": document, "matter": "none", "evidence": "身份证", "paper": "1号" }),
        "POST /me/mandates" => {
            json!({ "actor": { "number": "E12345678", "kind": "02" }, "scope": [], "until": "2026-12-01" })
        }
        "POST /me/mandate-offers" | "POST /me/mandates/accepted" => json!({ "code": "ABCD" }),
        "POST /mandates" => json!({
            "kind": "guardian", "mandator": document, "mandatorName": "", "actor": document, "actorName": "",
            "until": "2026-12-01", "evidence": "", "paper": paper,
        }),
        "POST /mandates/ended" => json!({ "kind": "guardian", "mandator": document, "evidence": "", "paper": paper }),
        "POST /me/objections" => json!({ "record": "00".repeat(16), "aspect": "content", "grounds": "有误" }),
        "POST /objections" => json!({
            "document": document, "evidence": "身份证原件", "objection": { "record": "00".repeat(16) },
        }),
        "POST /me/objections/{number}/additions" => json!({ "text": "补充" }),
        "POST /objections/{number}/additions" => {
            json!({ "document": document, "evidence": "身份证原件", "addition": { "text": "补充" } })
        }
        "POST /objections/{number}/answers" => json!({ "step": "accept" }),
        "POST /objections/{number}/findings" => json!({ "step": "find_theirs", "text": "一致" }),
        "POST /me/repairs" => json!({ "record": "00".repeat(16), "step": "explain", "text": "说明" }),
        "POST /repairs" => json!({
            "document": document, "evidence": "身份证原件",
            "repair": { "record": "00".repeat(16), "step": "explain", "text": "说明" },
        }),
        "POST /repairs/{number}/answers" => json!({ "step": "accept" }),
        "POST /follow-ups/{check}/settled" => json!({ "reopened": true, "reason": "记录已撤销" }),
        "POST /me/channels" => json!({ "kind": "mail", "address": "nobody" }),
        "POST /me/channels/{channel}/proven" => json!({ "code": "ABCD" }),
        "POST /notices/{notice}/served" => json!({ "on": "2026-01-05", "by": "", "evidence": "" }),
        "POST /complaints" => json!({
            "document": document, "evidence": "身份证原件", "complaint": { "line": 9_999, "words": "从未办理" },
        }),
        "POST /me/complaints" => json!({ "line": 9_999, "words": "从未办理" }),
        "POST /me/complaints/{number}/withdrawn" => json!({}),
        "POST /complaints/{number}/answers" => json!({ "step": "accept" }),
        "POST /complaints/{number}/comments" => json!({ "text": "系办理业务" }),
        "POST /publications/{code}/confirmed" => json!({ "version": 1, "texts": { "CF_SY": "违规停车" } }),
        "PUT /contact" => json!({ "phone": "0990-123456" }),
        "PUT /authorities/{code}" => json!({ "name": "x", "kind": "none" }),
        "POST /records/{record}/proof" => json!({ "document": document }),
        "POST /submissions/{id}/recalled" => json!({ "reason": "报错了" }),
        "POST /held/{id}/resolved" => json!({ "decision": "reject", "evidence": "卷宗" }),
        "PUT /records/{record}/lock" => json!({ "decision": decision, "kind": "repair" }),
        "POST /records/{record}/unlocked" => json!({ "decision": decision, "paper": "2号" }),
        "POST /records/{record}/erased" => json!({ "decision": decision }),
        "POST /sessions/current/proof/passkey/asked" | "POST /account/passkeys/offered" => return None,
        "POST /account/apps/offered" | "POST /account/recovery-codes" => return None,
        "POST /submissions" | "POST /submissions/{id}/abandoned" => return None,
        "POST /submissions/{id}/released" | "POST /held/purged" | "POST /check-batches/{batch}/approved" => {
            return None;
        }
        "POST /notices/dead/{message}/retried" => return None,
        "POST /me/mandates/{mandate}/revoked" | "POST /me/mandates/{mandate}/resigned" => return None,
        "POST /me/consents/{receipt}/withdrawn" | "POST /me/consents/{receipt}/disowned" => return None,
        route if route.starts_with("GET") || route.starts_with("DELETE") => return None,
        route => panic!("say what is sent to {route}"),
    };
    Some(sent)
}

/// The route with something in its gaps.
pub(crate) fn filled(route: &str) -> String {
    let mut filled = route.to_owned();
    for (gap, with) in [
        ("{id}", "999"),
        ("{leaf}", "999999"),
        ("{login}", "nobody"),
        ("{receipt}", "SQ-NONE"),
        ("{mandate}", "WT-NONE"),
        ("{matter}", "food-business-permit"),
        ("{item}", "penalty"),
        ("{year}", "2026"),
        ("{deadline}", "repair-decision"),
        ("{check}", "HC-NONE"),
        ("{batch}", "PC-NONE"),
        ("{part}", "1"),
        ("{client}", "00000000000000000000000000000000"),
        ("{kid}", "none"),
        ("{notice}", "00000000000000000000000000000000"),
        ("{channel}", "00000000000000000000000000000000"),
        ("{message}", "00000000000000000000000000000000"),
        ("{code}", "11990000MB0000001E"),
        ("{number}", "TS-NONE"),
        ("{file}", "1"),
        ("{table}", "timeliness"),
        ("{record}", "00000000000000000000000000000000"),
    ] {
        filled = filled.replace(gap, with);
    }
    assert!(!filled.contains('{'), "say what stands in {route}");
    match filled.as_str() {
        "DELETE /accounts/nobody/rights" => filled + "?role=clerk",
        "GET /statistics/timeliness" => filled + "?format=csv",
        "GET /deadlines/repair-decision" => filled + "?from=2026-09-29",
        "POST /submissions" => filled + "?file=a.csv",
        _ => filled,
    }
}

#[test]
fn the_description_and_the_list_of_operations_name_the_same_routes() {
    let described: Value = serde_json::from_str(&chengxin_web::api_description()).unwrap();
    let mut here = BTreeSet::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            here.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let listed = OPERATIONS.iter().flat_map(|operation| match operation.api {
        Api::Routes(routes) => routes.to_vec(),
        Api::ConsoleOnly(_) => Vec::new(),
    });
    let listed: BTreeSet<String> = listed.filter(|route| route.contains("/api/v1")).map(str::to_owned).collect();
    assert_eq!(here, listed);
}

#[test]
fn the_description_in_the_documentation_is_the_one_that_is_served() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let served = chengxin_web::api_description();
    if std::env::var_os("CHENGXIN_WRITE_DOCS").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == served, "write docs/openapi.json anew: CHENGXIN_WRITE_DOCS=1 cargo nextest run -p chengxin-web");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_refuses_every_role_that_may_not_and_lets_the_others_through() {
    let number = row(1).number;
    let mut site = Site::over(City::new());
    let tokens = site.everybody(&number).await;
    let (mut refused, mut let_through) = (0, 0);
    for operation in OPERATIONS {
        for route in routes(operation) {
            let path = filled(&route);
            let open = operation.roles.contains(&Role::Public);
            for (role, token) in &tokens {
                // Ending one's own sessions is tried where nothing comes after it.
                if operation.name == "session_end_all" {
                    continue;
                }
                // What one does about oneself takes an account that is bound, which those of staff never are.
                let of_persons = route.contains(" /me/") && *role != "resident";
                let allowed = open || !of_persons && operation.roles.iter().any(|one| one.code() == *role);
                let sent = body(&route, &number, role);
                let answer = site.ask(token, &path, sent.as_ref()).await;
                let status = answer.status.as_u16();
                // Attempts to use a code or a password wait for each other, whoever makes them.
                assert!(status < 500, "{role} {route}: {:#}", answer.body);
                if status == 429 {
                    assert!(answer.body["en"].to_string().contains("too many attempts"), "{:#}", answer.body);
                    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
                }
                if allowed {
                    // What is wrong in these requests is said; only a wrong password is Forbidden by its own right.
                    let wrong_proof = ["session_open", "session_reauthenticate", "account_password"]
                        .contains(&operation.name)
                        || route == "POST /account/passkeys";
                    assert!(status != 401 && (status != 403 || wrong_proof), "{role} {route}: {:#}", answer.body);
                    let_through += 1;
                } else {
                    assert_eq!(status, 403, "{role} {route}: {:#}", answer.body);
                    assert_eq!(answer.header("content-type"), "application/problem+json");
                    refused += 1;
                }
            }
            if !open {
                for token in ["", "forged", &"A".repeat(64)] {
                    let answer = site.ask(token, &path, body(&route, &number, "").as_ref()).await;
                    assert_eq!(answer.status.as_u16(), 401, "{route}: {:#}", answer.body);
                    assert_eq!(answer.header("www-authenticate"), "Bearer");
                }
            }
        }
    }
    assert!(refused > 150 && let_through > 80, "{refused} {let_through}");
    // Each denial stands in the log: those of roles, and those of nobody.
    assert!(site.desk.denials().len() > refused);
}
