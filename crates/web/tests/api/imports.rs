//! Files that are sent over HTTP, imports that are given up, and proofs of what stands in the log.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::body::Body;
use axum::http::{Request, header};
use chengxin_app::intake::{ImportRequest, Progress};
use chengxin_core::{Role, Say};
use http_body_util::{Full, Limited};
use serde_json::json;

use crate::city::{City, csv, row};
use crate::machine::Key;
use crate::site::{Answer, Site};

const STRANGE: &str = "11990000MB7777777X";

impl Site {
    async fn file(&self, token: &str, query: &str, kind: &str, bytes: impl Into<Body>) -> Answer {
        let request = Request::post(format!("/api/v1/submissions?{query}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, kind)
            .header("Chengxin-Purpose", "test");
        self.send(request.body(bytes.into()).unwrap()).await
    }

    /// Files that were received and are still there.
    fn left(&self) -> usize {
        std::fs::read_dir(self.desk.city.installation.dir().join("incoming")).map_or(0, Iterator::count)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_sent_is_taken_in_once_and_nothing_of_it_is_left_lying() {
    let mut site = Site::over(City::new());
    let officer = site.officer(Role::DataOfficer, "zhao").await;
    let rows = csv(&[row(1), row(2)]);
    let rehearsed =
        site.file(&officer, "file=a.csv&item=penalty&dryRun=true", "text/csv", rows.clone()).await.expect(200);
    assert_eq!((&rehearsed["quality"]["dry_run"], &rehearsed["quality"]["counts"]["new"]), (&json!(true), &json!(2)));
    assert_eq!(site.ask(&officer, "GET /submissions", None).await.expect(200)["items"], json!([]));
    let sent = site.file(&officer, "file=a.csv", "text/csv; charset=utf-8", rows.clone()).await.expect(200);
    assert_eq!((&sent["quality"]["submission"], &sent["quality"]["repeated"]), (&json!(1), &json!(false)));
    assert!(sent["receipt"].as_str().unwrap().contains("signature"), "{sent:#}");
    let listed = site.ask(&officer, "GET /submissions", None).await.expect(200);
    assert_eq!(listed["items"][0]["file"], "a.csv");
    // A machine sends the same again, and nothing is doubled.
    let administrator = site.officer(Role::Administrator, "runner").await;
    let key = Key::new("EdDSA", "one");
    let client = site.machine(&administrator, "data_officer", &["submission_import"], &key).await;
    let token = site.token(&key, &client, "1").await.expect(200);
    let again = site.file(token["access_token"].as_str().unwrap(), "file=b.csv", "text/csv", rows).await.expect(200);
    let (counts, repeated) = (&again["quality"]["counts"], &again["quality"]["repeated"]);
    assert_eq!((&counts["unchanged"], &counts["new"], repeated), (&json!(2), &json!(0), &json!(true)));
    assert_eq!(site.left(), 0);
    site.desk.assert_whole();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_of_the_office_is_refused_and_leaves_nothing() {
    let mut site = Site::over(City::new());
    let officer = site.officer(Role::DataOfficer, "zhao").await;
    let clerk = site.officer(Role::Clerk, "zhou").await;
    let whole = csv(&[row(1)]);
    let large = vec![b'x'; 64 * 1024 * 1024 + 1];
    for (query, kind, bytes, status, says) in [
        ("file=a.csv", "text/csv", large, 413, "64 MiB"),
        ("file=a.csv", "text/csv", b"no table at all".to_vec(), 422, ""),
        ("file=a.csv", "text/csv", Vec::new(), 422, ""),
        ("file=a.xlsx", "application/octet-stream", b"PK\x03\x04broken".to_vec(), 422, "a.xlsx"),
        ("file=a.csv", "application/json", b"{}".to_vec(), 415, "text/csv"),
        ("file=..%2F..%2Fchengxin.toml", "text/csv", whole.clone().into_bytes(), 422, "slash"),
        ("file=.hidden", "text/csv", whole.clone().into_bytes(), 422, "dot"),
        ("item=penalty", "text/csv", whole.clone().into_bytes(), 400, "file"),
        ("file=a.csv&item=none", "text/csv", whole.clone().into_bytes(), 404, "none"),
        ("file=a.csv&mapping=x", "text/csv", whole.clone().into_bytes(), 400, "mapping"),
        // Mistyped, a rehearsal would be the real thing.
        ("file=a.csv&dry_run=true", "text/csv", whole.clone().into_bytes(), 400, "dry_run"),
        ("file=a.csv&adults_attested=true", "text/csv", whole.clone().into_bytes(), 400, "adults_attested"),
    ] {
        let refused = site.file(&officer, query, kind, bytes).await;
        assert_eq!(refused.status.as_u16(), status, "{query}: {:#}", refused.body);
        let said = refused.body["en"].as_str().unwrap();
        assert!(said.contains(says) && !refused.body.to_string().contains("incoming"), "{said}");
        assert_eq!(site.left(), 0, "{query}");
    }
    // A connection that ends before the file does.
    let cut_off = Limited::new(Full::from(whole.clone()), 16);
    site.file(&officer, "file=a.csv", "text/csv", Body::new(cut_off)).await.expect(400);
    site.file(&clerk, "file=a.csv", "text/csv", whole.clone()).await.expect(403);
    let request = Request::post("/api/v1/submissions?file=a.csv")
        .header(header::AUTHORIZATION, format!("Bearer {officer}"))
        .header(header::CONTENT_TYPE, "text/csv")
        .header("Chengxin-Purpose", "test")
        .header("Chengxin-Authority", STRANGE);
    site.send(request.body(Body::from(whole)).unwrap()).await.expect(403);
    assert_eq!(site.ask(&officer, "GET /submissions", None).await.expect(200)["items"], json!([]));
}

/// Sends again as long as another import is under way, or as many are received as may be.
async fn patiently<F: Future<Output = Answer>>(send: impl Fn() -> F) -> serde_json::Value {
    loop {
        let answer = send().await;
        if !matches!(answer.status.as_u16(), 409 | 503) {
            return answer.expect(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waited_no_longer_is_told_when_they_send_the_same_again() {
    let mut site = Site::over(City::new());
    let officer = site.officer(Role::DataOfficer, "zhao").await;
    let rows = csv(&[row(1), row(2)]);
    let sent = |query: &'static str, prefer: &'static str, rows: &str| {
        let request = Request::post(format!("/api/v1/submissions?{query}"))
            .header(header::AUTHORIZATION, format!("Bearer {officer}"))
            .header(header::CONTENT_TYPE, "text/csv")
            .header("Chengxin-Purpose", "test")
            .header("Prefer", prefer);
        site.send(request.body(Body::from(rows.to_owned())).unwrap())
    };
    for (query, prefer, submission) in
        [("file=a.csv", "handling=lenient, respond-async", json!(1)), ("file=a.csv&dryRun=true", "wait=0", json!(null))]
    {
        let waits_not = sent(query, prefer, &rows).await;
        assert_eq!(waits_not.status.as_u16(), 202, "{:#}", waits_not.body);
        let told = patiently(|| sent(query, "wait=40", &rows)).await;
        assert_eq!(told["quality"]["submission"], submission, "{told:#}");
        if submission == json!(1) {
            // The report of the import itself, not of a second one that found everything unchanged.
            assert_eq!((&told["quality"]["counts"]["new"], &told["quality"]["repeated"]), (&json!(2), &json!(false)));
            assert!(told["receipt"].as_str().unwrap().contains("signature"));
        }
    }
    // Told once; after that it is the same file once more.
    let later = patiently(|| sent("file=a.csv", "", &rows)).await;
    assert_eq!((&later["quality"]["counts"]["unchanged"], &later["quality"]["repeated"]), (&json!(2), &json!(true)));
    assert_eq!(site.left(), 0);
    site.desk.assert_whole();
}

/// Stops as a process does that is killed before it accepts.
struct Killed;

impl Progress for Killed {
    fn step(&mut self, what: &Say, _: u64) {
        assert!(what.en != "Accepting", "killed");
    }
    fn advance(&mut self, _: u64) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_import_is_given_up_by_its_own_authority() {
    let mut city = City::new();
    let file = city.write("a.csv", &csv(&[row(1)]));
    let request = ImportRequest { authority: city.office.clone(), file, ..ImportRequest::default() };
    let caller = city.officer();
    let installation = &mut city.installation;
    let killed = catch_unwind(AssertUnwindSafe(|| installation.submission_import(&caller, &request, &mut Killed)));
    assert!(killed.is_err());
    let mut site = Site::over(city);
    let officer = site.officer(Role::DataOfficer, "zhao").await;
    let listed = site.ask(&officer, "GET /submissions", None).await.expect(200);
    assert_eq!(listed["items"][0]["state"], "open");
    let strange = [("Chengxin-Authority", STRANGE)];
    site.ask_as(&officer, &strange, "POST /submissions/1/abandoned", None).await.expect(403);
    site.ask(&officer, "POST /submissions/1/abandoned", None).await.expect(204);
    site.ask(&officer, "POST /submissions/1/abandoned", None).await.expect(409);
    site.ask(&officer, "POST /submissions/2/abandoned", None).await.expect(404);
    let listed = site.ask(&officer, "GET /submissions", None).await.expect(200);
    assert_eq!(listed["items"][0]["state"], "abandoned");
    site.desk.assert_whole();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_proves_an_entry_and_a_version_and_the_person_reads_it() {
    let mut city = City::new();
    city.import("a.csv", &[row(1)]);
    city.release();
    let mut site = Site::over(city);
    let me = site.resident(&row(1).number, "zhouming").await;
    let auditor = site.officer(Role::Auditor, "feng").await;
    let records = site.ask(&me, "GET /me/records", None).await.expect(200);
    let id = records["records"][0]["record"].as_str().unwrap_or_else(|| panic!("{records:#}")).to_owned();
    site.desk.app.log_sequence().unwrap();
    let proof = site.ask(&auditor, "GET /log/entries/0/proof", None).await.expect(200);
    assert_eq!((&proof["format"], &proof["leafIndex"]), (&json!("chengxin/log-proof/1"), &json!(0)));
    for missing in
        ["GET /log/entries/99999999/proof", "GET /log/entries/18446744073709551615/proof", "GET /log/entries/-1/proof"]
    {
        site.ask(&auditor, missing, None).await.expect(404);
    }
    let asked = json!({ "document": { "number": row(1).number } });
    let proof = site.ask(&auditor, &format!("POST /records/{id}/proof"), Some(&asked)).await.expect(200);
    assert_eq!(proof["record"]["version"]["recordId"], json!(id));
    let other = json!({ "document": { "number": row(2).number } });
    site.ask(&auditor, &format!("POST /records/{id}/proof"), Some(&other)).await.expect(404);
    let log = site.ask(&me, "GET /me/log", None).await.expect(200);
    assert!(log["items"].as_array().unwrap().iter().any(|line| line["operation"] == "log_prove"), "{log:#}");
}
