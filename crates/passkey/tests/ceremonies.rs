//! Passkeys registered and proved by a device in software, and whatever it or somebody else may do wrong.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../app/tests/use_cases/authenticator/mod.rs"]
mod authenticator;

use authenticator::Authenticator;
use chengxin_passkey::{Holder, Passkey, Refused, RelyingParty};
use serde_json::{Value, json};

const HERE: &str = "https://credit.example";
const HOLDER: Holder<'_> = Holder { id: [7; 16], login: "zhou", name: "周明" };

fn here() -> RelyingParty {
    RelyingParty::of(HERE, "云汀市").unwrap()
}

fn registered(device: &mut Authenticator) -> Result<Passkey, Refused> {
    let asked = here().ask_to_register(&HOLDER, &[])?;
    here().registered(&asked.pending, &device.register(&asked.options))
}

fn held(device: &mut Authenticator) -> Passkey {
    registered(device).unwrap()
}

/// What comes of a proof, with what the device does changed by `how` and its answer by `after`.
fn proof(how: impl FnOnce(&mut Authenticator), after: impl FnOnce(&mut Value)) -> Result<Passkey, Refused> {
    let mut device = Authenticator::new(HERE);
    let passkey = held(&mut device);
    let asked = here().ask_to_prove(std::slice::from_ref(&passkey)).unwrap();
    how(&mut device);
    let mut answer = device.prove(&asked.options);
    after(&mut answer);
    here().proven(&asked.pending, &HOLDER.id, &[passkey], &answer)
}

#[test]
fn a_passkey_is_registered_kept_and_proves_itself_again_and_again() {
    let mut device = Authenticator::new(HERE);
    let mut passkey = held(&mut device);
    for _ in 0..3 {
        passkey = Passkey::from_text(&passkey.to_text().unwrap()).unwrap();
        let asked = here().ask_to_prove(std::slice::from_ref(&passkey)).unwrap();
        assert!(device.is_asked(&asked.options));
        let before = passkey.counter();
        passkey = here().proven(&asked.pending, &HOLDER.id, &[passkey], &device.prove(&asked.options)).unwrap();
        assert_eq!((passkey.id(), passkey.counter()), (&device.id[..], before + 1));
    }
    let asked = here().ask_to_register(&HOLDER, std::slice::from_ref(&passkey)).unwrap();
    assert_eq!(asked.options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(asked.options["attestation"], "none");
    assert_eq!(asked.options["excludeCredentials"].as_array().unwrap().len(), 1);
    assert!(here().registered(&asked.pending, &device.register(&asked.options)).is_err(), "once is enough");
}

#[test]
fn one_that_several_devices_share_does_not_count_and_is_taken() {
    let mut device = Authenticator { counts: false, ..Authenticator::new(HERE) };
    let passkey = held(&mut device);
    for _ in 0..2 {
        let asked = here().ask_to_prove(std::slice::from_ref(&passkey)).unwrap();
        let held = std::slice::from_ref(&passkey);
        let proven = here().proven(&asked.pending, &HOLDER.id, held, &device.prove(&asked.options));
        assert_eq!(proven.unwrap().counter(), 0);
    }
}

#[test]
fn what_a_device_or_a_page_does_wrong_is_refused() {
    assert!(proof(|_| {}, |_| {}).is_ok());
    let wrong = [
        (proof(|device| device.origin = "https://credit.example.evil".to_owned(), |_| {}), Refused::Origin),
        (proof(|device| device.origin = "http://credit.example".to_owned(), |_| {}), Refused::Origin),
        (proof(|device| device.origin = "https://a.credit.example".to_owned(), |_| {}), Refused::Origin),
        (proof(|device| device.origin = "https://credit.example:8443".to_owned(), |_| {}), Refused::Origin),
        (proof(|device| device.rp = "example".to_owned(), |_| {}), Refused::RelyingParty),
        (proof(|device| device.verifies = false, |_| {}), Refused::Unverified),
        (proof(|device| device.framed = true, |_| {}), Refused::Framed),
        (proof(|device| device.counter = 0, |_| {}), Refused::WentBack),
        (proof(|device| device.counts = false, |_| {}), Refused::WentBack),
        (proof(|device| device.holder = Some(vec![8; 16]), |_| {}), Refused::OtherHolder),
        (proof(|device| *device = Authenticator::new(HERE), |_| {}), Refused::Unknown),
        (
            proof(
                |device| {
                    let id = device.id.clone();
                    *device = Authenticator { id, counter: 9, ..Authenticator::new(HERE) };
                },
                |_| {},
            ),
            Refused::Signature,
        ),
        (proof(|_| {}, |answer| answer["type"] = json!("password")), Refused::Form),
        (proof(|_| {}, |answer| *answer = json!({})), Refused::Form),
        (proof(|_| {}, |answer| *answer = json!(null)), Refused::Form),
    ];
    for (came, refused) in wrong {
        assert_eq!(came.unwrap_err(), refused);
    }
    let garbage = proof(|_| {}, |answer| answer["response"]["authenticatorData"] = json!("AAAA"));
    assert!(matches!(garbage.unwrap_err(), Refused::Other(_)));
    let altered = proof(|_| {}, |answer| answer["response"]["signature"] = json!("MAYCAQECAQE"));
    assert_eq!(altered.unwrap_err(), Refused::Signature);
}

#[test]
fn no_passkey_begins_where_something_is_wrong() {
    let asks = |device: &mut Authenticator| registered(device).unwrap_err();
    assert_eq!(asks(&mut Authenticator::new("https://evil.example")), Refused::Origin);
    assert_eq!(
        asks(&mut Authenticator { rp: "evil.example".to_owned(), ..Authenticator::new(HERE) }),
        Refused::RelyingParty
    );
    assert_eq!(asks(&mut Authenticator { verifies: false, ..Authenticator::new(HERE) }), Refused::Unverified);
    assert_eq!(asks(&mut Authenticator { framed: true, ..Authenticator::new(HERE) }), Refused::Framed);
    let mut device = Authenticator::new(HERE);
    let (asked, another) =
        (here().ask_to_register(&HOLDER, &[]).unwrap(), here().ask_to_register(&HOLDER, &[]).unwrap());
    let answer = device.register(&asked.options);
    assert_eq!(here().registered(&another.pending, &answer).unwrap_err(), Refused::Challenge);
    let mut renamed = answer.clone();
    renamed["rawId"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(here().registered(&asked.pending, &renamed).unwrap_err(), Refused::Form);
    assert_eq!(here().registered("{}", &answer).unwrap_err(), Refused::Form);
    let proof = here().ask_to_prove(&[here().registered(&asked.pending, &answer).unwrap()]).unwrap();
    assert_eq!(here().registered(&proof.pending, &answer).unwrap_err(), Refused::Form, "made for something else");
}

#[test]
fn a_proof_answers_its_own_question_alone() {
    let mut device = Authenticator::new(HERE);
    let passkey = held(&mut device);
    let ask = || here().ask_to_prove(std::slice::from_ref(&passkey)).unwrap();
    let (asked, another) = (ask(), ask());
    let answer = device.prove(&asked.options);
    let held = std::slice::from_ref(&passkey);
    assert_eq!(here().proven(&another.pending, &HOLDER.id, held, &answer).unwrap_err(), Refused::Challenge);
    assert_eq!(here().proven(&asked.pending, &HOLDER.id, &[], &answer).unwrap_err(), Refused::Unknown, "removed since");
    // What it signed meanwhile counts, not what it had signed when it was asked.
    let later = here().proven(&asked.pending, &HOLDER.id, held, &answer).unwrap();
    assert_eq!(here().proven(&asked.pending, &HOLDER.id, &[later], &answer).unwrap_err(), Refused::WentBack);
}

#[test]
fn one_that_nobody_holds_is_asked_for_alike() {
    let made_up = Passkey::made_up(&[9; 32]).unwrap();
    let held = held(&mut Authenticator::new(HERE));
    let shape = |passkey: &Passkey| {
        let mut options = here().ask_to_prove(std::slice::from_ref(passkey)).unwrap().options;
        let length = |value: &Value| value.as_str().unwrap().len();
        options["challenge"] = json!(length(&options["challenge"]));
        options["allowCredentials"][0]["id"] = json!(length(&options["allowCredentials"][0]["id"]));
        options
    };
    assert_eq!(shape(&made_up), shape(&held));
    let mut device = Authenticator { id: vec![9; 32], ..Authenticator::new(HERE) };
    let asked = here().ask_to_prove(std::slice::from_ref(&made_up)).unwrap();
    let answer = device.prove(&asked.options);
    assert_eq!(here().proven(&asked.pending, &HOLDER.id, &[made_up], &answer).unwrap_err(), Refused::Signature);
}

#[test]
fn passkeys_are_for_https_and_for_this_machine() {
    for (address, there) in [
        ("https://credit.example", true),
        ("https://credit.example:8443/credit", true),
        ("http://localhost:8080", true),
        ("http://credit.example", false),
        ("http://127.0.0.1:8080", false),
        ("https://10.0.0.1", false),
        ("https://[::1]", false),
        ("ftp://localhost", false),
        ("localhost", false),
        ("", false),
    ] {
        assert_eq!(RelyingParty::of(address, "x").is_some(), there, "{address}");
    }
    let mut device = Authenticator::new("http://localhost:8080");
    let here = RelyingParty::of("http://localhost:8080", "x").unwrap();
    let asked = here.ask_to_register(&HOLDER, &[]).unwrap();
    assert_eq!(asked.options["rp"]["id"], "localhost");
    here.registered(&asked.pending, &device.register(&asked.options)).unwrap();
}
