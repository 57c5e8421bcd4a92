//! The key file: made once, kept private, never lost by a rotation, refused where it does not fit.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use chengxin_seal::{
    FileKeyProvider, Key32, KeyFile, KeyFileError, KeyProvider, Profile, RandomPool, UnwrapError, sign_envelope,
    verify_envelope,
};
use tempfile::TempDir;

fn at() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chengxin.keys");
    (folder, path)
}

fn names_in(folder: &TempDir) -> Vec<String> {
    fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
}

fn mode_of(path: &PathBuf) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A key file whose text went through `change`.
fn changed(change: impl Fn(String) -> String) -> Result<KeyFile, KeyFileError> {
    let (_folder, path) = at();
    KeyFile::create(&path, Profile::Intl, 1).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let new = change(text.clone());
    assert_ne!(new, text, "the change did nothing");
    fs::write(&path, new).unwrap();
    KeyFile::open(&path)
}

#[test]
fn a_new_key_file_is_private_and_opens_to_the_same_keys() {
    for profile in Profile::ALL {
        let (_folder, path) = at();
        let made = KeyFile::create(&path, profile, 7).unwrap();
        assert_eq!(mode_of(&path), 0o600);
        let opened = KeyFile::open(&path).unwrap();
        assert_eq!(opened.profile(), profile);
        assert_eq!(opened.installation(), made.installation());
        assert_eq!(opened.installation().len(), 32);
        assert_eq!(opened.check_value(), made.check_value());
        assert_eq!(opened.fingerprint(), made.fingerprint());
        assert_eq!(opened.index_versions(), [(1, 7)]);
        assert_eq!(opened.wrapping_versions(), [(1, 7)]);
        assert_eq!(opened.trust_list().unwrap(), made.trust_list().unwrap());
    }
}

#[test]
fn a_key_file_is_never_overwritten() {
    let (folder, path) = at();
    let first = KeyFile::create(&path, Profile::Intl, 1).unwrap();
    let error = KeyFile::create(&path, Profile::Intl, 1).unwrap_err();
    assert!(matches!(error, KeyFileError::Exists(_)), "{error}");
    assert_eq!(KeyFile::open(&path).unwrap().check_value(), first.check_value());
    symlink("nowhere", folder.path().join("link")).unwrap();
    let error = KeyFile::create(folder.path().join("link"), Profile::Intl, 1).unwrap_err();
    assert!(matches!(error, KeyFileError::Exists(_)), "{error}");
}

#[test]
fn a_key_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    let (_folder, path) = at();
    KeyFile::create(&path, Profile::Intl, 1).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o601, 0o777] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = KeyFile::open(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::TooOpen { mode: found, .. } if found == mode), "{error}");
        let said = error.say();
        let command = format!("chmod 600 {}", path.display());
        assert!(said.en.contains(&command) && said.zh.contains(&command), "{said}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(KeyFile::open(&path).is_ok());
}

#[test]
fn a_missing_file_and_a_folder_are_named_as_such() {
    let (folder, path) = at();
    assert!(matches!(KeyFile::open(&path), Err(KeyFileError::Missing(_))));
    assert!(matches!(KeyFile::open(folder.path()), Err(KeyFileError::NotAFile(_))));
    let nowhere = folder.path().join("no/such/folder/keys");
    assert!(matches!(KeyFile::create(nowhere, Profile::Intl, 1), Err(KeyFileError::Io { .. })));
}

#[test]
fn a_damaged_key_file_is_refused_and_never_quoted() {
    let is_malformed = |result: Result<KeyFile, KeyFileError>, place: &str| {
        let error = result.unwrap_err();
        assert!(matches!(&error, KeyFileError::Malformed { place: p, .. } if p.contains(place)), "{error}");
    };
    is_malformed(changed(|_| String::new()), "line 1");
    is_malformed(changed(|text| text[..text.len() / 2].to_owned()), "line");
    is_malformed(changed(|text| text.replace("chengxin-keys", "other-keys")), "format");
    is_malformed(changed(|text| text.replace("\"created_us\": 1", "\"created_us\": \"1\"")), "line");
    is_malformed(changed(|text| text.replace("\"holder\"", "\"extra\": 0, \"holder\"")), "line");
    is_malformed(changed(|text| text.replace("\"intl\"", "\"gm\"")), "signing_keys");
    is_malformed(changed(|text| text.replace("\"retired_us\": null", "\"retired_us\": 5")), "signing_keys");
    is_malformed(
        changed(|text| text.replacen("\"version\": 1,\n      \"key\"", "\"version\": 2,\n      \"key\"", 1)),
        "index_keys",
    );
    is_malformed(changed(|text| text.replacen("\"key\": \"", "\"key\": \"!", 1)), "line");
    let secret = changed(|text| text.replacen("\"key\": \"", "\"key\": \"SECRETSECRET", 1)).unwrap_err();
    assert!(!format!("{secret} {secret:?} {}", secret.say()).contains("SECRET"));
}

#[test]
fn a_key_file_of_a_later_format_asks_for_the_later_program() {
    let later = changed(|text| text.replacen("\"version\": 1", "\"version\": 2, \"new_field\": true", 1));
    assert!(matches!(later, Err(KeyFileError::UnknownVersion { found: 2, .. })));
}

#[test]
fn a_key_file_fits_its_own_data_through_every_rotation_and_no_others() {
    for profile in Profile::ALL {
        let ((_a, path), (_b, other_path)) = (at(), at());
        let mut file = KeyFile::create(&path, profile, 1).unwrap();
        let stored = file.check_value();
        let before = file.fingerprint();
        file.rotate_index(2);
        file.rotate_wrapping(3);
        file.rotate_signing(4);
        file.save().unwrap();
        let file = KeyFile::open(&path).unwrap();
        assert!(file.fits(&stored));
        assert_ne!(file.fingerprint(), before);
        let other = KeyFile::create(other_path, profile, 1).unwrap();
        assert!(!other.fits(&stored));
        assert!(!other.fits(b""));
    }
}

#[test]
fn saving_replaces_the_file_in_one_step_and_keeps_it_private() {
    let (folder, path) = at();
    let mut file = KeyFile::create(&path, Profile::Intl, 1).unwrap();
    let link = folder.path().join("link");
    symlink(&path, &link).unwrap();
    file.set_holder("新城市信用办");
    assert_eq!(file.rotate_index(2), 2);
    file.save().unwrap();
    assert_eq!(mode_of(&path), 0o600);
    let mut names = names_in(&folder);
    names.sort();
    assert_eq!(names, ["chengxin.keys", "link"]);
    let mut file = KeyFile::open(&link).unwrap();
    assert_eq!((file.holder(), file.index_versions()), ("新城市信用办", vec![(1, 1), (2, 2)]));
    file.rotate_wrapping(3);
    file.save().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(KeyFile::open(&path).unwrap().wrapping_versions(), [(1, 1), (2, 3)]);
}

#[test]
fn what_earlier_keys_made_stays_good_after_a_rotation() {
    for profile in Profile::ALL {
        let (_folder, path) = at();
        let mut file = KeyFile::create(&path, profile, 10).unwrap();
        let before = FileKeyProvider::new(&file).unwrap();
        let mut pool = RandomPool::new();
        let key = Key32::generate();
        let wrapped = before.wrap(&mut pool, &key, b"subject");
        let tag = before.current_index_key().mac("document", &[b"x"]);
        let envelope = sign_envelope(before.signing_key(), "receipt", b"payload", 15);

        assert_eq!((file.rotate_index(20), file.rotate_wrapping(20)), (2, 2));
        let signer = file.rotate_signing(20);
        file.save().unwrap();
        let after = FileKeyProvider::new(&KeyFile::open(&path).unwrap()).unwrap();

        assert_eq!(after.profile(), profile);
        assert_eq!(after.check_value(), before.check_value());
        assert_eq!(after.unwrap_key(&wrapped, b"subject"), Ok(key.clone()));
        assert_eq!(after.current_index_version(), 2);
        assert_eq!(after.index_key(1).unwrap().mac("document", &[b"x"]), tag);
        assert_ne!(after.current_index_key().mac("document", &[b"x"]), tag);
        assert_eq!(after.signing_key().key_id(), signer);
        assert!(verify_envelope(&envelope, after.trust_list()).is_ok());
        let late = sign_envelope(before.signing_key(), "receipt", b"payload", 20);
        assert!(verify_envelope(&late, after.trust_list()).is_err());

        let rewrapped = after.wrap(&mut pool, &key, b"subject");
        assert_eq!(before.unwrap_key(&rewrapped, b"subject"), Err(UnwrapError::UnknownVersion(2)));
        assert!(after.index_key(3).is_none() && after.index_key(0).is_none());
    }
}

#[test]
fn a_clock_that_went_back_gives_no_key_that_ends_before_it_begins() {
    let (_folder, path) = at();
    let mut file = KeyFile::create(&path, Profile::Intl, 1_000).unwrap();
    file.rotate_signing(5);
    file.rotate_signing(5);
    file.save().unwrap();
    let list = KeyFile::open(&path).unwrap().trust_list().unwrap();
    for pair in list.keys().windows(2) {
        assert_eq!(pair[0].until_us(), Some(pair[1].from_us()));
    }
}

#[test]
fn debug_output_shows_no_secret() {
    let (_folder, path) = at();
    let file = KeyFile::create(&path, Profile::Intl, 1).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let shown = format!("{file:?} {:?}", FileKeyProvider::new(&file).unwrap());
    let secrets = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("\"key\": \"").or(line.trim().strip_prefix("\"seed\": \"")));
    let secrets: Vec<&str> = secrets.map(|rest| rest.trim_end_matches(['"', ','])).collect();
    assert_eq!(secrets.len(), 3);
    for secret in secrets {
        assert!(!shown.contains(secret));
        let bytes = data_encoding::BASE64.decode(secret.as_bytes()).unwrap();
        assert!(!shown.contains(&format!("{bytes:?}")[1..20]));
    }
}
