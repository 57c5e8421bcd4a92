//! The least that a service with a database does: one row selected by its key, one inserted and committed.
#![allow(clippy::unwrap_used, reason = "a measuring tool at the console")]

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use tokio::sync::{Mutex, mpsc};
use tokio_postgres::{Client, NoTls, Statement};

use crate::ask::{Told, ask_all};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS bare_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tag bytea NOT NULL, at_us bigint NOT NULL, detail text NOT NULL)";
const SELECT: &str = "SELECT sealed FROM subject_document WHERE tag = $1";
const INSERT: &str = "INSERT INTO bare_entry (tag, at_us, detail) VALUES ($1, $2, $3)";

/// A connection with its statements prepared.
struct Connection {
    client: Client,
    select: Statement,
    insert: Statement,
}

struct Bare {
    /// Tags of people, to ask for.
    tags: Vec<Vec<u8>>,
    free: Mutex<mpsc::Receiver<Connection>>,
    give_back: mpsc::Sender<Connection>,
}

async fn connect(url: &str) -> Connection {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let (select, insert) = (client.prepare(SELECT).await.unwrap(), client.prepare(INSERT).await.unwrap());
    Connection { client, select, insert }
}

async fn answer(State(bare): State<Arc<Bare>>, number: String) -> String {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    let tag = &bare.tags[hasher.finish() as usize % bare.tags.len()];
    let connection = bare.free.lock().await.recv().await.unwrap();
    let row = connection.client.query_one(&connection.select, &[tag]).await.unwrap();
    let sealed: &[u8] = row.get(0);
    let length = sealed.len();
    let detail = format!("{{\"length\": {length}}}");
    let added = connection.client.execute(&connection.insert, &[tag, &1_i64, &detail]).await.unwrap();
    drop(bare.give_back.try_send(connection));
    assert_eq!(added, 1);
    detail
}

/// Asks it for so long, over so many connections.
pub(crate) fn measure(url: &str, connections: usize, numbers: &Arc<Vec<String>>, time: Duration) -> Told {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let told = runtime.block_on(async {
        let (give_back, free) = mpsc::channel(connections);
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(TABLE).await.unwrap();
        for _ in 0..connections {
            give_back.try_send(connect(url).await).ok().unwrap();
        }
        let rows = client.query("SELECT tag FROM subject_document", &[]).await.unwrap();
        let tags = rows.iter().map(|row| row.get(0)).collect();
        let bare = Bare { tags, free: Mutex::new(free), give_back };
        let routes = Router::new().route("/check", post(answer)).with_state(Arc::new(bare));
        ask_all(routes, numbers, time, None).await
    });
    runtime.shutdown_background();
    told
}
