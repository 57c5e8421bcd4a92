//! Databases for tests on Citus. There a database cannot be cloned: Citus itself has a process in it. It is made anew, with the
//! extension, on every node, and the nodes are told of each other in each.

use crate::StoreError;
use crate::dialect::postgres::{Server, Session};
use crate::migrate::{self, Schema};
use crate::place::{Place, ServerAddress};

use super::Hand;

/// Pieces of a table: enough that rows lie apart, and few, since each is made for each test.
const SHARDS: u32 = 4;

/// A node as the coordinator knows it.
struct Node {
    host: String,
    port: String,
    coordinates: bool,
    has_shards: bool,
}

fn nodes(admin: &Server) -> Vec<Node> {
    let text = admin.text(
        "SELECT string_agg(concat_ws(' ', nodename, nodeport, groupid = 0, shouldhaveshards), ',' ORDER BY nodeid) \
         FROM pg_dist_node WHERE noderole = 'primary'",
    );
    let text = text
        .unwrap()
        .unwrap_or_else(|| panic!("the coordinator knows no node: citus_set_coordinator_host, citus_add_node"));
    let node = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        let [host, port, coordinates, has_shards] = words[..] else { panic!("{words:?}") };
        Node {
            host: host.to_owned(),
            port: port.to_owned(),
            coordinates: coordinates == "t",
            has_shards: has_shards == "t",
        }
    };
    let nodes: Vec<Node> = text.split(',').map(node).collect();
    assert!(
        nodes.iter().any(|node| node.coordinates),
        "the coordinator does not know itself: citus_set_coordinator_host"
    );
    nodes
}

/// A database of a worker.
fn at(address: &ServerAddress, node: &Node, database: &str) -> Server {
    let (scheme, rest) = address.url().split_once("://").unwrap();
    let (authority, rest) = rest.split_once('/').unwrap();
    let user = authority.rsplit_once('@').map_or(String::new(), |(user, _)| format!("{user}@"));
    let query = rest.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
    let url = format!("{scheme}://{user}{}:{}/{database}{query}", node.host, node.port);
    Server::open(&url.parse().unwrap(), Session::Writing).unwrap()
}

/// Makes an empty database on every node.
pub(super) fn make(admin: &Server, address: &ServerAddress, name: &str) {
    let nodes = nodes(admin);
    admin.batch(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).unwrap();
    admin.batch(&format!("ALTER DATABASE {name} SET citus.shard_count = {SHARDS}")).unwrap();
    for node in nodes.iter().filter(|node| !node.coordinates) {
        at(address, node, "postgres")
            .batch(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
            .unwrap();
        at(address, node, name).batch("CREATE EXTENSION citus").unwrap();
    }
    let own = Server::open(&address.with_database(name).unwrap(), Session::Writing).unwrap();
    own.batch("CREATE EXTENSION citus").unwrap();
    for Node { host, port, coordinates, has_shards } in &nodes {
        let known = if *coordinates { "citus_set_coordinator_host" } else { "citus_add_node" };
        own.batch(&format!("SELECT {known}('{host}', {port})")).unwrap();
        own.batch(&format!("SELECT citus_set_node_property('{host}', {port}, 'shouldhaveshards', {has_shards})"))
            .unwrap();
    }
}

/// Removes a database from every node.
pub(super) fn remove(admin: &Server, address: &ServerAddress, name: &str) -> Result<(), StoreError> {
    let drop_it = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    admin.batch(&drop_it)?;
    nodes(admin)
        .iter()
        .filter(|node| !node.coordinates)
        .try_for_each(|node| at(address, node, "postgres").batch(&drop_it))
}

/// Makes a database that has the tables and rows of another.
pub(super) fn copy(admin: &Server, from: &ServerAddress, name: &str) {
    make(admin, from, name);
    let to = from.with_database(name).unwrap();
    let (old, new) = (Hand::in_(&Place::Server(from.clone())), Hand::in_(&Place::Server(to.clone())));
    let schema: &Schema =
        if old.rows("SELECT to_regclass('installation')::text", &[]).unwrap()[0][0].to_string() == "NULL" {
            migrate::KEYS
        } else {
            migrate::MAIN
        };
    migrate::create_on_server(&to, schema).unwrap();
    for table in old.rows("SELECT table_name::text FROM citus_tables ORDER BY 1", &[]).unwrap() {
        let table = table[0].to_string();
        let columns = old.columns(&table).unwrap();
        let (names, values): (Vec<&str>, Vec<String>) =
            columns.iter().zip(1..).map(|(name, number)| (name.as_str(), format!("${number}"))).unzip();
        let insert = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "));
        for row in old.rows(&format!("SELECT {} FROM {table}", names.join(", ")), &[]).unwrap() {
            new.run(&insert, &row).unwrap();
        }
    }
}
