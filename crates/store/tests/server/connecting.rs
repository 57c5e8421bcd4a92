//! Addresses that are wrong, servers that are not there, and users that may not.

use std::io::{Read, Write};
use std::net::TcpListener;

use chengxin_pgtest::Options;
use chengxin_store::{Claim, KeyStore, Place, ReadStore, Store, StoreError};

use crate::support::{City, SECOND, append, setting, within};

/// The error, after a look at whether it gives the password away.
fn refused<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> StoreError {
    let error = outcome.unwrap_err();
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("s3cret"), "{text}");
    }
    error
}

#[test]
fn a_wrong_form_of_an_address_is_said_before_anything_is_connected() {
    for text in [
        "mysql://u:s3cret@h/c",
        "postgres://u:s3cret@h",
        "postgres://u:s3cret@h/",
        "postgres:///c",
        "postgres://u:s3cret@h:65536/c",
        "postgres://u:s3cret@h:-1/c",
        "postgres://u:s3cret@h:port/c",
        "postgres://u:s3cret@h/c?sslmode=allow",
        "postgres://u:s3cret@h/c?connect_timeout=soon",
        "postgres://u:s3cret@h/c?no_such=1",
        "postgres://u:s3cret@h/c?target_session_attrs=maybe",
        "postgres://u:s3cret%zz@h/c?no_such=1",
        // Written without %3F, %2F, %23: another host or database would be read out of it.
        "postgres://u:s3cret?x@h/c",
        "postgres://u:s3cret/x@h/c",
        "postgres://u:s3cret#x@h/c",
    ] {
        let error = refused(text.parse::<Place>());
        assert!(matches!(error, StoreError::Address(_)), "{text}: {error:?}");
    }
}

#[test]
fn a_server_that_is_not_there_is_said_at_once_with_host_and_port() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    for (url, at) in [
        (format!("postgres://u:s3cret@127.0.0.1:{free}/c"), format!("127.0.0.1:{free}/c")),
        (
            "postgres://u:s3cret@nowhere.invalid:6543/c?connect_timeout=1".to_owned(),
            "nowhere.invalid:6543/c".to_owned(),
        ),
        ("postgres://u:s3cret@%2Fno%2Fsuch%2Ffolder/c".to_owned(), "/no/such/folder".to_owned()),
    ] {
        let place: Place = url.parse().unwrap();
        for opened in [
            within(SECOND * 20, || Store::open(&place).map(drop)),
            Store::create(&place).map(drop),
            ReadStore::open(&place).map(drop),
            KeyStore::open(&place).map(drop),
            Claim::take(&place, "import").map(drop),
        ] {
            let StoreError::Unreachable { at: named, why } = refused(opened) else { panic!("{url}") };
            assert!(named.starts_with(&at), "{named}: {why}");
        }
    }
}

#[test]
fn a_server_that_is_silent_or_speaks_of_something_else_is_given_up() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let place: Place = format!("postgres://u:s3cret@127.0.0.1:{port}/c?connect_timeout=1").parse().unwrap();
    let speaks = std::thread::spawn(move || {
        let (silent, _) = listener.accept().unwrap();
        let (mut other, _) = listener.accept().unwrap();
        drop(other.read(&mut [0; 64]));
        other.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n").unwrap();
        drop((silent, other));
    });
    let silent = refused(within(SECOND * 20, || Store::open(&place)));
    assert!(silent.to_string().contains("no answer in time"), "{silent}");
    let other = refused(within(SECOND * 20, || Store::open(&place)));
    assert!(matches!(other, StoreError::Unreachable { .. }), "{other:?}");
    speaks.join().unwrap();
}

#[test]
fn a_user_that_is_refused_and_a_database_that_is_missing_are_told_apart() {
    let city = City::new(&Options::default());
    city.psql("CREATE ROLE clerk LOGIN PASSWORD 'p'; CREATE ROLE nobody NOLOGIN PASSWORD 'p'");
    let port = city.server.port();
    for place in [
        city.as_role("clerk", "s3cret"),
        city.as_role("nobody", "p"),
        city.as_role("no_such_role", "s3cret"),
        format!("postgres://clerk@127.0.0.1:{port}/city").parse().unwrap(),
    ] {
        let error = refused(Store::open(&place));
        assert!(matches!(&error, StoreError::Refused { at, .. } if at.contains(&port.to_string())), "{error:?}");
    }
    let elsewhere: Place = city.server.url("village").parse().unwrap();
    assert!(matches!(refused(Store::open(&elsewhere)), StoreError::Missing(at) if at.ends_with("/village")));
    assert!(matches!(refused(Store::create(&elsewhere)), StoreError::Missing(_)));
    let wrong = city.with("options=-c%20no_such_parameter=1");
    assert!(matches!(refused(Store::open(&wrong)), StoreError::Address(why) if why.contains("no_such_parameter")));
    city.psql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    let latin: Place = city.server.url("latin").parse().unwrap();
    assert!(matches!(refused(Store::create(&latin)), StoreError::Address(why) if why.contains("UTF8")));
}

#[test]
fn a_user_without_rights_is_told_so_when_it_creates_opens_or_writes() {
    let city = City::empty(&Options::default());
    city.psql("CREATE ROLE clerk LOGIN PASSWORD 'p'");
    let clerk = city.as_role("clerk", "p");
    let lacks = |outcome: Result<(), StoreError>| assert!(matches!(refused(outcome), StoreError::Rights(_)));
    lacks(Store::create(&clerk).map(drop));
    Store::create(&city.place).unwrap();
    lacks(Store::open(&clerk).map(drop));
    lacks(ReadStore::open(&clerk).map(drop));
    lacks(Store::create(&clerk).map(drop));

    city.psql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk");
    let mut store = Store::open(&clerk).unwrap();
    lacks(store.write("test", |tx| tx.set_setting("mode", "synthetic")));
    assert_eq!(store.view().setting("mode").unwrap(), None);
    city.psql("GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk");
    store.write("test", |tx| append(tx).map(drop)).unwrap();
    assert_eq!(city.chain(), (1, 1));

    city.psql("REVOKE USAGE ON SCHEMA public FROM PUBLIC");
    lacks(Store::open(&clerk).map(drop));
    lacks(Store::create(&clerk).map(drop));
}

#[test]
fn a_user_that_may_only_change_rows_takes_tables_into_use_that_an_administrator_made() {
    let city = City::new(&Options::default());
    city.psql("CREATE ROLE clerk LOGIN PASSWORD 'p'");
    city.psql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk");
    let clerk = city.as_role("clerk", "p");
    let mut store = Store::create(&clerk).unwrap();
    store.write("test", |tx| tx.set_setting("mode", "synthetic")).unwrap();
    assert!(matches!(Store::create(&clerk), Err(StoreError::Occupied(_))));
}

#[test]
fn a_server_without_a_connection_to_spare_says_so() {
    let city = City::new(&Options::default());
    city.psql("CREATE ROLE clerk LOGIN PASSWORD 'p' CONNECTION LIMIT 1");
    city.psql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk");
    let clerk = city.as_role("clerk", "p");
    let held = ReadStore::open(&clerk).unwrap();
    assert!(matches!(refused(ReadStore::open(&clerk)), StoreError::NoConnection));
    drop(held);
    // The server lets go of a session a moment after it ended.
    let again = (0..200).find_map(|_| {
        std::thread::sleep(SECOND / 10);
        ReadStore::open(&clerk).ok()
    });
    assert_eq!(setting(&again.unwrap(), "mode").unwrap(), None);
}

#[test]
fn what_cannot_be_written_to_is_not_opened_for_writing() {
    let city = City::new(&Options::default());
    city.psql("ALTER DATABASE city SET default_transaction_read_only = on");
    assert!(matches!(refused(Store::open(&city.place)), StoreError::Unreachable { why, .. } if why.contains("writes")));
    assert!(matches!(refused(Claim::take(&city.place, "import")), StoreError::Unreachable { .. }));
    assert_eq!(setting(&ReadStore::open(&city.place).unwrap(), "mode").unwrap(), None);
}
