//! Encrypted connections: the server is verified, or there is none. The certificates beside this file are made up and valid
//! for a century; that of the server is for `localhost`, by the authority `ca.pem`.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;

use chengxin_pgtest::Options;
use chengxin_store::{Place, ReadStore, Store, StoreError};

use crate::support::{City, SECOND, append, setting};

const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/server/certificates");

/// A server that takes no connection over the network but encrypted ones.
fn encrypted() -> City {
    let city = City::new(&Options::default());
    let data = city.server.data_dir();
    let owner = data.metadata().unwrap();
    for file in ["server.pem", "server.key"] {
        let to = data.join(file);
        std::fs::copy(Path::new(OURS).join(file), &to).unwrap();
        std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
        chown(&to, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    let rules = data.join("pg_hba.conf");
    let only = std::fs::read_to_string(&rules).unwrap().replace("\nhost ", "\nhostssl ");
    std::fs::write(&rules, only).unwrap();
    city.psql("ALTER SYSTEM SET ssl_cert_file = 'server.pem'");
    city.psql("ALTER SYSTEM SET ssl_key_file = 'server.key'");
    city.psql("ALTER SYSTEM SET ssl = on");
    city.psql("SELECT pg_reload_conf()");
    // It takes a moment.
    (0..200).take_while(|_| city.psql("SHOW ssl") != "on").for_each(|_| std::thread::sleep(SECOND / 20));
    city
}

impl City {
    fn at(&self, host: &str, parameters: &str) -> Place {
        format!("{}?{parameters}", self.server.url("city").replace("127.0.0.1", host)).parse().unwrap()
    }
}

#[test]
fn an_encrypted_connection_is_to_the_server_that_the_authority_vouches_for_or_there_is_none() {
    let city = encrypted();
    let ours = format!("sslmode=require&sslrootcert={OURS}/ca.pem");
    let mut store = Store::open(&city.at("localhost", &ours)).unwrap();
    store.write("test", append).unwrap();
    assert_eq!(city.psql("SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'chengxin'"), "1");
    let full = ReadStore::open(&city.at("localhost", &ours.replace("require", "verify-full"))).unwrap();
    assert_eq!(setting(&full, "mode").unwrap(), None);

    let why = |place: &Place| match Store::open(place) {
        Err(StoreError::Unreachable { why, .. }) => why,
        other => panic!("{other:?}"),
    };
    let other = why(&city.at("localhost", &format!("sslmode=require&sslrootcert={OURS}/other.pem")));
    assert!(other.contains("certificate"), "{other}");
    let public = why(&city.at("localhost", "sslmode=require"));
    assert!(public.contains("certificate"), "{public}");
    let name = why(&city.at("127.0.0.1", &ours));
    assert!(name.contains("certificate"), "{name}");
    let plain = Store::open(&city.at("localhost", "sslmode=disable"));
    assert!(matches!(plain, Err(StoreError::Refused { .. })), "{plain:?}");
    for path in ["/no/such/file.pem", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")] {
        let wrong = Store::open(&city.at("localhost", &format!("sslmode=require&sslrootcert={path}")));
        assert!(matches!(&wrong, Err(StoreError::Address(why)) if why.contains(path)), "{wrong:?}");
    }
}
