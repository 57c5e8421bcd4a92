//! The least that a service over a file does: one row read by its key, one inserted, commits made for many at once.
#![allow(clippy::unwrap_used, reason = "a measuring tool at the console")]

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use rusqlite::Connection;
use tokio::sync::{Mutex, oneshot};

use crate::ask::{Told, ask_all};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS bare_entry (id INTEGER PRIMARY KEY, tag BLOB NOT NULL, at_us INTEGER NOT NULL, detail TEXT NOT NULL)";
const SELECT: &str = "SELECT sealed FROM subject_document WHERE tag = ?1";
const INSERT: &str = "INSERT INTO bare_entry (tag, at_us, detail) VALUES (?1, ?2, ?3)";

/// A row to be inserted, and whom to tell.
struct Row {
    tag: Vec<u8>,
    detail: String,
    done: oneshot::Sender<()>,
}

struct Bare {
    tags: Vec<Vec<u8>>,
    readers: Vec<Mutex<Connection>>,
    rows: Sender<Row>,
}

fn open(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000")
        .unwrap();
    connection
}

/// Inserts what waits in one transaction, then tells everybody in it.
fn write(file: &Path, rows: &Receiver<Row>) {
    let mut connection = open(file);
    connection.execute_batch(TABLE).unwrap();
    while let Ok(first) = rows.recv() {
        let batch: Vec<Row> = std::iter::once(first).chain(rows.try_iter().take(1_023)).collect();
        let transaction = connection.transaction().unwrap();
        {
            let mut insert = transaction.prepare_cached(INSERT).unwrap();
            for row in &batch {
                insert.execute((&row.tag, 1_i64, &row.detail)).unwrap();
            }
        }
        transaction.commit().unwrap();
        for row in batch {
            let _ = row.done.send(());
        }
    }
}

async fn answer(State(bare): State<Arc<Bare>>, body: String) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let place = usize::try_from(hasher.finish() >> 32).unwrap();
    let tag = &bare.tags[place % bare.tags.len()];
    let length = {
        let reader = bare.readers[place % bare.readers.len()].lock().await;
        let mut select = reader.prepare_cached(SELECT).unwrap();
        select.query_row([tag], |row| row.get_ref(0).map(|sealed| sealed.as_blob().map_or(0, <[u8]>::len))).unwrap()
    };
    let detail = format!("{{\"length\": {length}}}");
    let (done, told) = oneshot::channel();
    bare.rows.send(Row { tag: tag.clone(), detail: detail.clone(), done }).unwrap();
    told.await.unwrap();
    detail
}

/// Asks it for so long, over a copy of the installation's database.
pub(crate) fn measure(file: &Path, requests: &Arc<Vec<String>>, time: Duration) -> Told {
    let mut tags = Vec::new();
    let connection = open(file);
    let mut all = connection.prepare("SELECT tag FROM subject_document").unwrap();
    for tag in all.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap() {
        tags.push(tag.unwrap());
    }
    let (rows, waiting) = channel();
    let readers = (0..2).map(|_| Mutex::new(open(file))).collect();
    let writer = {
        let file = file.to_owned();
        std::thread::spawn(move || write(&file, &waiting))
    };
    let bare = Arc::new(Bare { tags, readers, rows });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let routes = Router::new().route("/api/v1/checks", post(answer)).with_state(bare);
    let told = runtime.block_on(ask_all(routes, requests, time, None));
    drop(runtime);
    writer.join().unwrap();
    told
}
