//! How fast a check over the interface is, with everything on: `api_speed FILE [--seconds N]`.
//!
//! FILE is a penalty CSV as `chengxin synth --penalty-csv` makes it; its people are asked about by a clerk who signed in with two
//! factors. Each request looks its session up, chooses a right, asks the policy, reads and opens records, and is answered once its
//! entry is durable. Beside it stands a bare handler that reads one row and inserts one, over a copy of the same file.
//!
//! Prints `WHAT KEY MICROSECONDS`, a line each. The comparison is `cargo xtask bench api`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measuring tool at the console"
)]

#[path = "../check_speed/ask.rs"]
mod ask;
mod bare;
#[allow(dead_code, reason = "the other measuring tool uses the rest")]
#[path = "../check_speed/city.rs"]
mod city;

use std::io::{BufRead as _, BufReader};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chengxin_app::account::{Begin, NewAccount, Second, SignIn};
use chengxin_app::reading::Pool;
use chengxin_app::{Installation, SystemClock};
use chengxin_core::{Caller, Ground, Role, Standing};
use chengxin_seal::totp_code;
use chengxin_web::Rate;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PASSWORD: &str = "seven quiet herons";
const PATH: &str = "/api/v1/checks";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)).cloned();
    let time = Duration::from_secs(option("--seconds").map_or(10, |text| text.parse().unwrap()));
    let file = PathBuf::from(&args[0]);
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let data = dir.path().join("data");
    city::prepare(&data, &file, None);
    let headers = format!("authorization: Bearer {}\r\ncontent-type: application/json\r\n", token(&data));
    let requests: Vec<_> = people(&file)
        .map(|(name, number)| {
            let body = format!(
                r#"{{"matter":"road-transport-practitioner","document":{{"number":"{number}"}},"name":"{name}","caseNumber":"受理1号"}}"#
            );
            ask::request(PATH, &headers, &body)
        })
        .collect();
    let requests = Arc::new(requests);
    let copy = city::copy_of(&data, dir.path());
    for _ in 0..3 {
        checks(&data, &requests, time).say("check");
        bare::measure(&copy.join("chengxin.db"), &requests, time).say("bare");
    }
}

/// Names and numbers of natural persons in the file.
fn people(file: &Path) -> impl Iterator<Item = (String, String)> {
    let mut lines = BufReader::new(std::fs::File::open(file).unwrap()).lines();
    let head = lines.next().unwrap().unwrap();
    let at = |heading: &str| head.trim_start_matches('\u{feff}').split(',').position(|c| c == heading).unwrap();
    let (name, number) = (at("CF_XDR_MC"), at("CF_XDR_ZJHM"));
    lines.filter_map(move |line| {
        let line = line.unwrap();
        let cells: Vec<_> = line.split(',').collect();
        let plain = !line.contains('"') && cells[number].len() == 18 && cells[number].starts_with("990000");
        plain.then(|| (cells[name].to_owned(), cells[number].to_owned()))
    })
}

/// A clerk who signed in with two factors.
fn token(data: &Path) -> String {
    let mut app = Installation::open(data, Arc::new(SystemClock)).unwrap();
    let operator = Caller::operator("operator", "measuring");
    let public =
        Caller { role: Role::Public, ground: Ground::OwnRight, standing: Standing::Anonymous, ..operator.clone() };
    let rights = vec![(Role::Clerk, Some(city::OFFICES[0].to_owned()))];
    let new = NewAccount { login: "clerk".into(), name: "王芳".into(), rights };
    let code = app.account_open(&operator, &new).unwrap().code;
    let enrolment = app.account_enrol(&public, &code.link, "here").unwrap();
    let secret = data_encoding::BASE32_NOPAD.decode(enrolment.totp_secret.as_bytes()).unwrap();
    let secret: [u8; 20] = secret.try_into().unwrap();
    let digits = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        totp_code(&secret, i64::try_from(now).unwrap())
    };
    let begin = Begin {
        code: code.code.grouped(),
        password: PASSWORD.into(),
        enrolment: enrolment.enrolment,
        totp: Some(digits()),
        source: "here".into(),
        ..Begin::default()
    };
    app.account_begin(&public, &begin).unwrap();
    // The digits that set the app up sign nobody in: the next ones do.
    std::thread::sleep(Duration::from_secs(31));
    let sign_in = SignIn {
        login: "clerk".into(),
        password: PASSWORD.into(),
        second: Some(Second::Totp(digits())),
        source: "here".into(),
        device: None,
        label: "measuring".into(),
    };
    app.session_open(&public, &sign_in).unwrap().token.text()
}

/// Asks for so long; nobody is slowed for asking often.
fn checks(data: &Path, requests: &Arc<Vec<String>>, time: Duration) -> ask::Told {
    let installation = Installation::open(data, Arc::new(SystemClock)).unwrap();
    let pool = Pool::of(&installation);
    let routes = chengxin_web::router_at(installation, pool, Rate(NonZeroU32::MAX)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let told = runtime.block_on(ask::ask_all(routes, requests, time, None));
    runtime.shutdown_background();
    told
}
