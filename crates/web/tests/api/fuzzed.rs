//! The served description held against the server by a program that is not ours: schemathesis makes up requests from it, right and
//! wrong ones, for each role, and no answer may be a server's fault or one that the description does not have.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use chengxin_core::Role;
use chengxin_core::operation::{Api, OPERATIONS, Operation};
use chengxin_web::Rate;
use serde_json::Value;

use crate::city::{City, OFFICE, row};
use crate::desk::Person;
use crate::machine::Key;
use crate::site::Site;

/// What is asked of each answer. The checks that are left out, and why: `positive_data_acceptance`, for a made-up number of a document or a
/// code is rightly refused, however well-formed; `ensure_resource_availability` and `use_after_free` belong to sequences of requests.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
    response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,allow_header_conformance,ignored_auth";

/// Where `cargo xtask test` puts it, and how it gets there by hand.
fn program() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let usual = here.join("../../target/tools/schemathesis/bin/schemathesis");
    let program = std::env::var_os("CHENGXIN_SCHEMATHESIS").map_or(usual, PathBuf::from);
    assert!(
        program.is_file(),
        "schemathesis is not installed. In the folder of the workspace run: \
         python3 -m venv target/tools/schemathesis && \
         target/tools/schemathesis/bin/python -m pip install --require-hashes -r crates/web/tests/schemathesis.txt"
    );
    program
}

/// Somebody who asks: what they are called here, their token, and what they may do.
struct Attempt {
    who: String,
    token: String,
    operations: Vec<String>,
}

/// Operations of the description that somebody may do, by the routes of those that are `theirs`. What a role may not do is refused it, which
/// `routes.rs` shows for each.
fn operations(theirs: impl Fn(&Operation) -> bool) -> Vec<String> {
    let described: Value = serde_json::from_str(&chengxin_web::api_description()).unwrap();
    let mut found = Vec::new();
    for operation in OPERATIONS.iter().filter(|operation| theirs(operation)) {
        let Api::Routes(routes) = operation.api else { continue };
        for (method, path) in routes.iter().filter_map(|route| route.split_once(' ')) {
            let id = &described["paths"][path][method.to_lowercase()]["operationId"];
            found.extend(id.as_str().map(str::to_owned));
        }
    }
    // Whoever ends their own sessions asks for nothing more; a stranger, who has none, tries it.
    found.retain(|id| id != "session_end_all");
    found
}

/// Sends what it makes up, and hands back what it found fault with.
fn attempt(program: &Path, address: SocketAddr, attempt: &Attempt) -> Result<(), String> {
    let scratch = tempfile::tempdir().unwrap();
    let mut run = Command::new(program);
    run.current_dir(scratch.path());
    run.args(["--config-file", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis.toml"), "run"]);
    run.arg(format!("http://{address}/api/v1/openapi.json")).args(["--checks", CHECKS]);
    run.args(["--header", "Chengxin-Purpose: %E7%AA%97%E5%8F%A3%E5%B7%A5%E4%BD%9C"]);
    if !attempt.token.is_empty() {
        run.args(["--header", &format!("Authorization: Bearer {}", attempt.token)]);
    }
    for operation in &attempt.operations {
        run.args(["--include-operation-id", operation]);
    }
    let done = run.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    // A run that asked nothing has found nothing.
    if done.status.success() && said.contains(&format!("Operations:       {} selected", attempt.operations.len())) {
        return Ok(());
    }
    Err(format!("as {}:\n{said}\n{}", attempt.who, String::from_utf8_lossy(&done.stderr)))
}

/// A city with something of each kind in it, and one of each role signed in to it.
async fn attempts() -> (Site, Vec<Attempt>) {
    let mut city = City::new();
    city.import("a.csv", &[row(1), row(2)]);
    city.import("b.csv", &[row(3), row(4)]);
    let mut site = Site::at(city, Rate(NonZeroU32::MAX));
    site.resident(&row(1).number, "somebody").await;
    let secret = site.secret("somebody");
    let mut people =
        vec![(Role::Resident, Person { account: [0; 16], login: "somebody".to_owned(), secret, recovery: vec![] })];
    for role in
        Role::ALL.into_iter().filter(|role| !matches!(role, Role::Public | Role::Representative | Role::Resident))
    {
        let serves = matches!(role, Role::Clerk | Role::DataOfficer | Role::Decider);
        people.push((role, site.desk.staff(&role.code().replace('_', "-"), &[(role, serves.then_some(OFFICE))])));
    }
    let open = |operation: &Operation| operation.roles.contains(&Role::Public) || operation.name == "session_end_all";
    let mut all = vec![Attempt { who: "stranger".to_owned(), token: String::new(), operations: operations(open) }];
    // What everybody who is signed in may do is asked by the resident alone.
    let everybodys = |operation: &Operation| operation.roles.len() + 2 > Role::ALL.len();
    // All at once and last: proofs of who one is are fresh then.
    for (role, person) in people {
        let token = site.sign_in(&person).await;
        if role == Role::Administrator {
            let (key, scopes) =
                (Key::new("EdDSA", "one"), ["submission_import", "submission_list", "submission_abandon"]);
            let client = site.machine(&token, "data_officer", &scopes, &key).await;
            let given = site.token(&key, &client, "1").await.expect(200);
            let token = given["access_token"].as_str().unwrap().to_owned();
            let operations = operations(|operation| scopes.contains(&operation.name));
            all.push(Attempt { who: "machine".to_owned(), token, operations });
        }
        let theirs = |operation: &Operation| {
            operation.roles.contains(&role) && !open(operation) && (role == Role::Resident || !everybodys(operation))
        };
        all.push(Attempt { who: role.code().to_owned(), token, operations: operations(theirs) });
    }
    (site, all)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_that_a_stranger_to_the_code_makes_up_is_answered_as_the_description_does_not_say() {
    let program = program();
    let (mut site, all) = attempts().await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(chengxin_web::serve(listener, site.router.clone(), async { drop(stopped.await) }));
    let waiting = Mutex::new(all);
    let found = tokio::task::block_in_place(|| {
        let turns = || {
            let next = || waiting.lock().unwrap().pop();
            std::iter::from_fn(next).filter_map(|one| attempt(&program, address, &one).err()).collect()
        };
        std::thread::scope(|scope| {
            let runs: Vec<_> = (0..2).map(|_| scope.spawn(turns)).collect();
            runs.into_iter().flat_map(|run| -> Vec<String> { run.join().unwrap() }).collect::<Vec<_>>()
        })
    });
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
    site.desk.assert_whole();
}
