//! Witnesses: a log that goes on is signed, one that forks or shrinks is not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::cell::Cell;

use chengxin_app::log::{KeyUse, Post, Verifier, Witness, read_checkpoint};
use chengxin_app::{Installation, Mode};
use chengxin_core::Caller;
use chengxin_seal::Profile;
use chengxin_store::testing::{Copy, Hand};
use chengxin_tlog::{CosignatureVerifier, Note, NoteVerifier};
use city::{City, row};

const NOW_US: i64 = 1_795_300_000_000_000;

/// A witness that is asked without a network.
struct Asked<'a> {
    witness: &'a Witness,
    requests: Cell<u32>,
}

impl Post for Asked<'_> {
    fn post(&self, url: &str, body: &[u8]) -> Result<(u16, Vec<u8>), String> {
        assert_eq!(url, "https://witness.example/add-checkpoint");
        self.requests.set(self.requests.get() + 1);
        let answer = self.witness.add_checkpoint(body, NOW_US).unwrap();
        Ok((answer.status, answer.body.into_bytes()))
    }
}

fn operator() -> Caller {
    Caller::operator("operator", "test")
}

/// A city whose log a witness watches.
fn watched(profile: Profile) -> (City, Witness) {
    let mut city = City::with(Mode::Synthetic, profile);
    let dir = city.dir.path().join("witness");
    let keys = [city.installation.log_key().unwrap()];
    let witness = Witness::open(&dir, "witness.example", profile, &keys, NOW_US).unwrap();
    let key = witness.key().unwrap();
    let name = city.installation.log_witness_set(&operator(), &key, "https://witness.example/").unwrap();
    assert_eq!(name, "witness.example");
    (city, witness)
}

fn cosign(city: &mut City, witness: &Witness) -> (Vec<chengxin_app::log::Cosigned>, u32) {
    city.installation.log_sequence().unwrap();
    let asked = Asked { witness, requests: Cell::new(0) };
    let done = city.installation.log_cosign(&asked).unwrap();
    (done, asked.requests.get())
}

fn published(installation: &Installation) -> String {
    chengxin_app::reading::Reading::open(installation).unwrap().log_checkpoint().unwrap().unwrap()
}

#[test]
fn a_log_that_goes_on_is_signed_by_its_witness_in_both_profiles() {
    for profile in Profile::ALL {
        let (mut city, witness) = watched(profile);
        let (first, requests) = cosign(&mut city, &witness);
        assert_eq!((first.len(), first[0].problem.as_deref(), requests), (1, None, 1));
        city.import("a.csv", &[row(1), row(2)]);
        let (second, requests) = cosign(&mut city, &witness);
        assert!(second[0].size > first[0].size && requests == 1, "{second:?}");

        let note = published(&city.installation);
        let trust = city.installation.keys().provider().trust_list();
        let origin = chengxin_app::log::origin_of(city.installation.base_url());
        assert_eq!(read_checkpoint(trust, &origin, &note).unwrap().checkpoint.size, second[0].size.unwrap());
        let key = CosignatureVerifier(Verifier::parse(&witness.key().unwrap(), KeyUse::Witness).unwrap());
        let known: Vec<&dyn NoteVerifier> = vec![&key];
        assert_eq!(Note::parse(note.as_bytes()).unwrap().open(&known).unwrap().len(), 1);
    }
}

#[test]
fn a_witness_that_knows_another_size_says_so_and_is_asked_again_from_there() {
    let (mut city, witness) = watched(Profile::Intl);
    cosign(&mut city, &witness);
    // The log forgets what the witness has signed, as after a restore of an older backup of that table.
    Hand::in_(city.installation.database()).batch("UPDATE log_witness SET size = 0").unwrap();
    city.import("a.csv", &[row(1)]);
    let (done, requests) = cosign(&mut city, &witness);
    assert!(done[0].size.is_some() && requests == 2, "{done:?}");
}

#[test]
fn a_fork_after_a_restored_backup_is_not_signed() {
    let (mut city, witness) = watched(Profile::Intl);
    cosign(&mut city, &witness);
    let data = city.installation.dir().to_owned();
    let places = city.installation.places().clone();
    let City { dir, installation, office, databases } = city;
    drop(installation);
    let backup = [places.main, places.keys].map(|place| Copy::of(&place, dir.path()));
    let open = || Installation::open(&data, city::clock()).unwrap();
    let mut city = City { dir, installation: open(), office, databases };
    city.import("a.csv", &[row(1)]);
    let (signed, _) = cosign(&mut city, &witness);
    assert!(signed[0].size.is_some());

    // The same log, gone on another way from the backup: first shorter than what was signed, then as long.
    let City { dir, installation, office, databases } = city;
    drop(installation);
    backup.iter().for_each(Copy::put_back);
    let mut city = City { dir, installation: open(), office, databases };
    let office = chengxin_store::authority::AuthorityRow {
        code: "11990000MB0000002C".to_owned(),
        name: "局".to_owned(),
        name_en: "Bureau".to_owned(),
        kind: "transport".to_owned(),
    };
    city.installation.authority_add(&operator(), &office).unwrap();
    let (shorter, _) = cosign(&mut city, &witness);
    assert!(shorter[0].problem.as_deref().is_some_and(|why| why.contains("old backup")), "{shorter:?}");
    city.import("b.csv", &[row(2), row(3)]);
    for extra in 4..8 {
        city.import(&format!("c{extra}.csv"), &[row(extra)]);
    }
    let (forked, _) = cosign(&mut city, &witness);
    assert!(forked[0].problem.as_deref().is_some_and(|why| why.contains("422")), "{forked:?}");
}

#[test]
fn what_is_no_request_or_another_logs_is_refused_with_the_status_of_the_protocol() {
    let (mut city, witness) = watched(Profile::Intl);
    let mut stranger = City::new();
    stranger.installation.log_sequence().unwrap();
    let foreign = published(&stranger.installation);
    let ask = |body: &[u8]| witness.add_checkpoint(body, NOW_US).unwrap().status;
    assert_eq!(ask(b"nothing"), 400);
    assert_eq!(ask(b"\xff\n\n"), 400);
    assert_eq!(ask(format!("old 0\n\n{}", foreign.replace("credit.example", "other.example")).as_bytes()), 404);
    assert_eq!(ask(format!("old 0\n\n{foreign}").as_bytes()), 403, "of the same name, signed by another key");
    city.installation.log_sequence().unwrap();
    let own = published(&city.installation);
    assert_eq!(ask(format!("old 99\n\n{own}").as_bytes()), 400);
    assert_eq!(ask(format!("old 1\n\n{own}").as_bytes()), 409);
    assert_eq!(ask(format!("old 0\n\n{own}").as_bytes()), 200);
}

#[test]
fn only_a_witnesss_key_and_an_address_are_taken() {
    let mut city = City::new();
    let log_key = city.installation.log_key().unwrap();
    let taken =
        |city: &mut City, key: &str, url: &str| city.installation.log_witness_set(&operator(), key, url).is_ok();
    assert!(!taken(&mut city, &log_key, "https://witness.example"), "a log's key is none of a witness");
    assert!(!taken(&mut city, "w+00000000+AAAA", "https://witness.example"));
    let dir = city.dir.path().join("w");
    let witness = Witness::open(&dir, "w.example", Profile::Intl, &[], NOW_US).unwrap();
    assert!(!taken(&mut city, &witness.key().unwrap(), "witness.example"));
    assert!(Witness::open(&dir, "two words", Profile::Intl, &[], NOW_US).is_err());
}
