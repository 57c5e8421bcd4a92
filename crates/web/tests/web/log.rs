//! The log as the public sees it, and as a server that cannot trust it says so.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chengxin_app::log::{TilePath, origin_of, read_checkpoint};
use chengxin_tlog::{TileId, TileReader, VerifiedTiles, bundle_entries, leaf_hash, prove_inclusion};

use crate::fixture::{City, WANG};
use crate::visitor::{Site, site_of};

/// A city whose log has more than a tile.
fn long_log() -> City {
    let mut city = City::new();
    let (_, _) = city.wang();
    let operator = chengxin_core::Caller::operator("operator", "test");
    for number in 0..300 {
        let authority = chengxin_store::authority::AuthorityRow {
            code: "11990000MB0000001E".into(),
            name: format!("云汀市第{number}局"),
            name_en: "Bureau".into(),
            kind: "transport".into(),
        };
        city.installation.authority_add(&operator, &authority).unwrap();
    }
    city.installation.log_sequence().unwrap();
    city
}

/// Tiles as they come over HTTP.
struct Fetched(std::collections::HashMap<TileId, Vec<u8>>);

impl TileReader for Fetched {
    fn tile(&self, tile: TileId) -> Result<Vec<u8>, chengxin_tlog::ReadError> {
        self.0.get(&tile).cloned().ok_or(chengxin_tlog::ReadError::Missing { tile })
    }
}

async fn checkpoint(site: &Site) -> chengxin_tlog::Checkpoint {
    let answer = site.get("/log/checkpoint").await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-cache"));
    let installation = &site.city.installation;
    let trust = installation.keys().provider().trust_list();
    read_checkpoint(trust, &origin_of(installation.base_url()), &answer.body).unwrap().checkpoint
}

#[tokio::test]
async fn whoever_has_the_key_checks_every_leaf_from_what_is_published() {
    let site = site_of(long_log());
    let newest = checkpoint(&site).await;
    assert!(newest.size > 256);
    let mut tiles = std::collections::HashMap::new();
    for tile in chengxin_tlog::tiles_of(newest.size) {
        let (status, caching, bytes) = site.bytes(&format!("/log/{}", TilePath::Hashes(tile))).await;
        assert_eq!((status, bytes.len()), (StatusCode::OK, tile.bytes()));
        assert_eq!(caching.contains("immutable"), tile.is_full(), "{tile:?}");
        tiles.insert(tile, bytes);
    }
    let hash = site.city.installation.keys().hash();
    let tiles = VerifiedTiles::new(&hash, Fetched(tiles), newest.size, &newest.root).unwrap();
    let first = TileId::in_tree(0, 0, newest.size).unwrap();
    let (_, _, bundle) = site.bytes(&format!("/log/{}", TilePath::Entries(first))).await;
    let entries = bundle_entries(&bundle, first.width()).unwrap();
    for index in [0usize, 1, 255] {
        assert_eq!(entries[index].len(), 32, "commitments only");
        let proof = prove_inclusion(&hash, &tiles, index as u64, newest.size).unwrap();
        proof.verify_hash(&hash, &leaf_hash(&hash, entries[index]), &newest.root).unwrap();
    }
    let key = site.get("/log/key").await.body;
    assert!(key.starts_with(&format!("{}+", newest.origin)), "{key}");
}

#[tokio::test]
async fn what_the_log_does_not_have_is_not_there_and_other_paths_are_refused() {
    let site = site_of(long_log());
    for path in ["/log/tile/0/900", "/log/tile/3/000", "/log/tile/0/001.p/255"] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/log/tile/0/1", "/log/tile/x/000", "/log/tile/0/000.p/0", "/log/tile/0/000.p/256", "/log/tile/9/000"]
    {
        let answer = site.get_json(path).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let problem = answer.json();
        let (zh, en) = (problem["zh"].as_str().unwrap(), problem["en"].as_str().unwrap());
        assert_eq!(zh, "瓦片路径有误，应形如 tile/0/x001/x234/067 或 tile/0/001.p/5", "{path}");
        assert!(en.ends_with("tile/0/x001/x234/067 or tile/0/001.p/5"), "{en}");
    }
}

#[test]
fn the_paths_given_as_examples_are_paths() {
    for path in ["tile/0/x001/x234/067", "tile/0/001.p/5"] {
        assert!(path.parse::<TilePath>().is_ok(), "{path}");
    }
}

#[tokio::test]
async fn over_made_up_data_what_is_held_is_shown_once_its_entry_is_durable() {
    let site = site_of(long_log());
    let subject = site.city.installation.find_subject(chengxin_core::identity::DocumentKind::ResidentId, WANG);
    let subject = subject.unwrap().unwrap();
    let before = site.city.log(&subject).len();
    let ask = |number: &str| {
        let body = serde_json::json!({ "number": number }).to_string();
        let request = Request::post("/demo/records").header(header::CONTENT_TYPE, "application/json");
        site.ask(request.body(Body::from(body)).unwrap())
    };
    let answer = ask(WANG).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json()["records"].as_array().unwrap().len(), 2);
    let entries = site.city.log(&subject);
    assert_eq!((entries.len(), entries.last().unwrap().operation.as_str()), (before + 1, "record_list"));
    assert_eq!(ask("990000199001010018").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask("990000198505050026").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_json_with_a_number_is_told_what_it_should_be_in_both_languages() {
    let site = site_of(long_log());
    let json = Some("application/json");
    let wrong = [
        (Some("text/plain"), r#"{"number": "990000199001010017"}"#, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (None, r#"{"number": "990000199001010017"}"#, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (json, "{\"number\": ", StatusCode::BAD_REQUEST),
        (json, "", StatusCode::BAD_REQUEST),
        (json, "{}", StatusCode::UNPROCESSABLE_ENTITY),
        (json, r#"{"number": 990000199001010017}"#, StatusCode::UNPROCESSABLE_ENTITY),
    ];
    for (kind, body, status) in wrong {
        let mut request = Request::post("/demo/records");
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let answer = site.ask(request.body(Body::from(body)).unwrap()).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, "application/problem+json"), "{body}");
        let problem = answer.json();
        assert_eq!(problem["status"], status.as_u16());
        for (language, remedy) in [("zh", "如 {\"number\""), ("en", "such as {\"number\"")] {
            let said = problem[language].as_str().unwrap();
            assert!(said.contains(remedy), "{body}: {said}");
            assert!(!said.contains("line 1"), "no words of the parser: {said}");
        }
    }
}

#[tokio::test]
async fn a_server_whose_log_contradicts_itself_says_so_and_discloses_nothing() {
    let city = long_log();
    let other = "(SELECT substr(hashes, 1, 32) FROM log_tile WHERE level = 1)";
    let altered = format!(
        "UPDATE log_tile SET hashes = CAST({other} || substr(hashes, 33) AS BLOB) WHERE level = 0 AND part = 1"
    );
    chengxin_store::testing::Hand::in_(city.installation.database()).batch(&altered).unwrap();
    let site = site_of(city);
    let mut health = site.get("/health").await;
    // The writer looks at the log when it starts; give it the time, on a busy machine too.
    for _ in 0..1_200 {
        if health.status != StatusCode::OK {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        health = site.get("/health").await;
    }
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE, "{}", health.body);
    assert!(health.json()["log"]["fault"]["zh"].as_str().unwrap().contains("log verify"), "{}", health.body);
    let request = Request::post("/demo/records").header(header::CONTENT_TYPE, "application/json");
    let body = serde_json::json!({ "number": WANG }).to_string();
    assert_eq!(site.ask(request.body(Body::from(body)).unwrap()).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.get(&site.page()).await.status, StatusCode::SERVICE_UNAVAILABLE);
}
