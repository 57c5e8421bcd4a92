//! Keys: listed, rotated, and a rotation that was interrupted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use chengxin_app::installation::files;
use chengxin_app::keys::Rotate;
use chengxin_app::{Installation, Kind, Mode};
use chengxin_core::Role;
use chengxin_core::identity::DocumentKind;
use chengxin_core::record::RecordId;
use chengxin_seal::{KeyFile, Profile, TrustError, TrustList, random_bytes};
use chengxin_store::testing::Copy;
use common::{City, OFFICE, Person, administrator, caller, clock, keyring};
use jiff::civil::date;

/// Three people with a record each; the first has a further name.
fn peopled(profile: Profile) -> (City, Vec<(Person, RecordId)>) {
    let city = City::with(Mode::Synthetic, profile);
    let people = (1..=3).map(Person::new).map(|person| {
        let values = [("CF_WSH", person.name.as_str()), ("CF_CFLB", "警告")];
        let record = city.record(&person, "penalty", date(2026, 10, 8), &values);
        (person, record)
    });
    let people: Vec<_> = people.collect();
    city.further_name(&people[0].0, "虚构曾用名");
    (city, people)
}

/// Everybody is found by their number, and what is recorded about them can be read.
fn everything_is_readable(city: &City, people: &[(Person, RecordId)]) {
    for (person, record) in people {
        let subject =
            city.app.find_subject(DocumentKind::ResidentId, &person.number).unwrap().expect("found by number");
        let versions = city.versions(person, *record);
        assert_eq!(versions[0].row.subject_id, subject);
        assert!(city.body(&versions[0].row).unwrap().contains(&person.name));
        city.verify_commitments(&versions);
    }
    let subject = city.app.find_subject(DocumentKind::ResidentId, &people[0].0.number).unwrap().unwrap();
    let tag = city.keyring().name_tag("虚构曾用名");
    assert!(city.reader().view().subject_has_name(&subject, &tag).unwrap());
}

fn trust_file(city: &City) -> TrustList {
    TrustList::from_json(&std::fs::read(city.path(files::TRUST)).unwrap()).unwrap()
}

#[test]
fn every_rotation_keeps_everything_readable_and_everybody_findable() {
    for profile in Profile::ALL {
        for what in ["index", "wrapping", "signing", "all"] {
            let (mut city, people) = peopled(profile);
            let before = city.keyring();
            let rotated = city.app.keys_rotate(&administrator(), Rotate::from_code(what).unwrap()).unwrap();
            everything_is_readable(&city, &people);
            let city = city.reopen();
            everything_is_readable(&city, &people);

            let all = what == "all";
            assert_eq!(rotated.index, (all || what == "index").then_some((2, 3, 0)));
            assert_eq!(rotated.wrapping, (all || what == "wrapping").then_some((2, 3)));
            assert_eq!(rotated.signing.is_some(), all || what == "signing");
            let number = &people[0].0.number;
            let old_tag = before.document_tag(DocumentKind::ResidentId, number);
            let found = city.reader().view().subject_document(&old_tag).unwrap();
            assert_eq!(found.is_none(), rotated.index.is_some(), "a leaked old index key finds nobody");
            let logged = city.logged().into_iter().filter(|(operation, _)| operation == "keys_rotate").count();
            assert_eq!(logged, if all { 3 } else { 1 });
        }
    }
}

#[test]
fn what_was_signed_before_a_rotation_still_verifies_and_what_comes_after_is_signed_by_the_new_key() {
    let (mut city, _) = peopled(Profile::Intl);
    let old = city.keyring();
    let signature = old.provider().signing_key().sign(b"receipt");
    let (old_id, now) = (old.provider().trust_list().keys()[0].key_id().to_owned(), city.app.now_us());
    let new_id = city.app.keys_rotate(&administrator(), Rotate::Signing).unwrap().signing.unwrap();
    let trust = trust_file(&city);
    assert_eq!(trust.keys().len(), 2);
    assert_eq!(trust.verify(&old_id, now, b"receipt", &signature).unwrap().key_id(), old_id);
    assert_eq!(trust.verify(&old_id, now + 1_000_000, b"receipt", &signature), Err(TrustError::NotValidThen));
    let signed = city.app.keys().provider().signing_key().sign(b"later");
    assert!(trust.verify(&new_id, now + 1_000_000, b"later", &signed).is_ok());
}

#[test]
fn a_rotation_that_was_interrupted_after_the_key_file_was_written_is_finished_at_the_next_start() {
    for profile in Profile::ALL {
        let (city, people) = peopled(profile);
        let mut file = KeyFile::open(city.path(files::KEYS)).unwrap();
        file.rotate_index(city.app.now_us());
        file.rotate_wrapping(city.app.now_us());
        file.rotate_signing(city.app.now_us());
        file.save().unwrap();
        // One of the three had been done when the power went.
        let (old, new) = (city.app.keys().clone(), keyring(&city.path(files::KEYS)));
        let (number, name) = (&people[1].0.number, &people[1].0.name);
        let tag = |keys: &chengxin_app::keyring::Keyring| keys.document_tag(DocumentKind::ResidentId, number);
        city.store()
            .write("test", |tx| tx.subject_document_retag(&tag(&old), &tag(&new), &new.name_tag(name), 2))
            .unwrap();

        let city = city.reopen();
        everything_is_readable(&city, &people);
        assert_eq!(trust_file(&city).keys().len(), 2);
        for (person, _) in &people {
            let subject = city.app.find_subject(DocumentKind::ResidentId, &person.number).unwrap().unwrap();
            assert_eq!(city.key_store().subject_key(&subject).unwrap().unwrap().0, 2);
        }
        let of_rotation = |city: &City| {
            city.logged().into_iter().filter(|(operation, _)| operation == "keys_rotate").collect::<Vec<_>>()
        };
        let details = of_rotation(&city);
        assert_eq!((details.len(), details[0].1["documents"].as_i64()), (3, Some(2)));
        let city = city.reopen();
        assert_eq!(of_rotation(&city).len(), 3, "a second start finds nothing left to do");
    }
}

#[test]
fn a_submission_key_is_wrapped_anew_too() {
    let (mut city, _) = peopled(Profile::Intl);
    let (keys, mut pool, key) = (city.keyring(), chengxin_seal::RandomPool::new(), chengxin_seal::Key32::generate());
    let wrapped = keys.wrap(&mut pool, "submission", &7i64.to_be_bytes(), &key);
    city.key_store().write(|tx| tx.submission_key_set(7, 1, &wrapped)).unwrap();
    city.app.keys_rotate(&administrator(), Rotate::Wrapping).unwrap();
    let (version, wrapped) = city.key_store().submission_key(7).unwrap().unwrap();
    assert_eq!(version, 2);
    assert_eq!(city.keyring().unwrap("submission", &7i64.to_be_bytes(), &wrapped).unwrap(), key);
}

#[test]
fn a_key_store_from_a_backup_before_the_rotation_is_wrapped_anew() {
    let (city, people) = peopled(Profile::Intl);
    let City { app, dir, databases } = city;
    let place = app.places().keys.clone();
    drop(app);
    let backup = Copy::of(&place, dir.path());
    let mut app = Installation::open(&dir.path().join("city"), clock()).unwrap();
    app.keys_rotate(&administrator(), Rotate::Wrapping).unwrap();
    drop(app);
    backup.put_back();
    let app = Installation::open(&dir.path().join("city"), clock()).unwrap();
    let city = City { app, dir, databases };
    everything_is_readable(&city, &people);
    let subject = city.app.find_subject(DocumentKind::ResidentId, &people[0].0.number).unwrap().unwrap();
    assert_eq!(city.key_store().subject_key(&subject).unwrap().unwrap().0, 2);
}

#[test]
fn the_key_file_of_another_installation_and_one_from_before_a_rotation_are_refused() {
    let open = |city: &City| Installation::open(&city.dir.path().join("city"), clock()).map(|_| ());
    let (city, _) = peopled(Profile::Intl);
    let (other, _) = peopled(Profile::Intl);
    std::fs::copy(other.path(files::KEYS), city.path(files::KEYS)).unwrap();
    let refusal = open(&city).unwrap_err();
    assert_eq!(refusal.kind, Kind::Unavailable);
    assert!(refusal.public.zh.contains("不匹配"), "{}", refusal.public);

    for what in [Rotate::Index, Rotate::Wrapping, Rotate::Signing] {
        let (mut city, _) = peopled(Profile::Intl);
        let backup = std::fs::read(city.path(files::KEYS)).unwrap();
        city.app.keys_rotate(&administrator(), what).unwrap();
        std::fs::write(city.path(files::KEYS), backup).unwrap();
        let refusal = open(&city).unwrap_err();
        assert_eq!(refusal.kind, Kind::Unavailable);
        assert!(refusal.public.en.contains("older than the data"), "{what:?}: {}", refusal.public);
    }
}

#[test]
fn a_key_file_that_was_exchanged_while_the_programme_ran_is_not_rotated() {
    let (mut city, _) = peopled(Profile::Intl);
    let (other, _) = peopled(Profile::Intl);
    std::fs::copy(other.path(files::KEYS), city.path(files::KEYS)).unwrap();
    let before = std::fs::read(city.path(files::KEYS)).unwrap();
    assert_eq!(city.app.keys_rotate(&administrator(), Rotate::All).unwrap_err().kind, Kind::Unavailable);
    assert_eq!(std::fs::read(city.path(files::KEYS)).unwrap(), before);
}

#[test]
fn a_number_that_two_subjects_share_does_not_stop_a_rotation() {
    let (mut city, people) = peopled(Profile::Intl);
    let person = &people[0].0;
    let first = city.app.find_subject(DocumentKind::ResidentId, &person.number).unwrap().unwrap();
    // A programme that still ran with the old keys recorded the number once more; here under a tag made up for it.
    let (keys, subject) = (city.keyring(), random_bytes::<16>());
    let (key, wrapped) = keys.new_subject_key(&mut chengxin_seal::RandomPool::new(), &subject);
    city.key_store().write(|tx| tx.subject_key_set(&subject, 1, &wrapped)).unwrap();
    let plain = chengxin_core::row::join_body([person.number.as_str(), person.name.as_str()]);
    let sealed = key.identity().seal(&chengxin_app::record::identity_aad(&subject), &plain);
    let document = chengxin_store::subject::NewDocument {
        tag: &[0xff; 16],
        subject_id: &subject,
        kind: 1,
        key_version: 1,
        name_tag: &[0; 16],
        sealed: &sealed,
    };
    city.store().write("test", |tx| tx.subject_document_add(document)).unwrap();
    let rotated = city.app.keys_rotate(&administrator(), Rotate::Index).unwrap();
    assert_eq!(rotated.index, Some((2, 4, 1)));
    assert_eq!(city.app.find_subject(DocumentKind::ResidentId, &person.number).unwrap(), Some(first));
}

#[test]
fn the_list_names_every_key_and_shows_no_secret() {
    let (mut city, _) = peopled(Profile::Intl);
    city.app.keys_rotate(&administrator(), Rotate::All).unwrap();
    let list = city.app.keys_list(&caller(Role::Auditor, None)).unwrap();
    let current =
        |keys: &[chengxin_app::keys::KeyVersion]| keys.iter().map(|key| (key.version, key.current)).collect::<Vec<_>>();
    assert_eq!(current(&list.index), [(1, false), (2, true)]);
    assert_eq!(current(&list.wrapping), [(1, false), (2, true)]);
    assert_eq!(list.signing.iter().map(|key| key.until_us.is_some()).collect::<Vec<_>>(), [true, false]);
    let text = serde_json::to_string(&list).unwrap();
    let file: serde_json::Value = serde_json::from_slice(&std::fs::read(city.path(files::KEYS)).unwrap()).unwrap();
    let mut secrets = 0;
    for kind in ["index_keys", "wrapping_keys", "signing_keys"] {
        for key in file[kind].as_array().unwrap() {
            for field in ["key", "seed"] {
                if let Some(secret) = key[field].as_str() {
                    secrets += 1;
                    assert!(!text.contains(secret));
                }
            }
        }
    }
    assert_eq!(secrets, 6);
}

#[test]
fn only_the_administrator_rotates() {
    let (mut city, _) = peopled(Profile::Intl);
    let before = std::fs::read(city.path(files::KEYS)).unwrap();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Administrator) {
        let refusal = city.app.keys_rotate(&caller(role, Some(OFFICE)), Rotate::All).unwrap_err();
        assert_eq!(refusal.kind, Kind::Forbidden);
    }
    assert_eq!(std::fs::read(city.path(files::KEYS)).unwrap(), before);
}
