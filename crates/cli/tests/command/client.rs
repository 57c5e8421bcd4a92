//! `chengxin client`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::City;

const FIRST: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"2026"}"#;
const SECOND: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw","kid":"2027"}"#;

#[test]
fn a_machine_is_registered_given_another_key_listed_and_stopped() {
    let city = City::new();
    let office = city.run(&["--json", "authority", "list"]).ends(0).values()[0]["code"].as_str().unwrap().to_owned();
    let file = |name: &str, text: &str| {
        let path = city.scratch.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (first, second) = (file("first.jwk", FIRST), file("second.jwk", SECOND));
    let private = file("private.jwk", &FIRST.replace("\"kid\"", "\"d\":\"AAAA\",\"kid\""));
    let right = format!("clerk@{office}");
    let add = |right: &str, scope: &str, key: &str| {
        city.run(&[
            "--json",
            "client",
            "add",
            "核查接口",
            "--right",
            right,
            "--scope",
            scope,
            "--key",
            key,
            "--until",
            "2027-06-01",
        ])
    };
    for (right, scope, key) in [
        (right.as_str(), "check_outcome", &first),
        ("clerk", "check_answer", &first),
        (&format!("decider@{office}"), "submission_release", &first),
        (&right, "check_answer", &private),
    ] {
        add(right, scope, key).ends(3);
    }
    let added = add(&right, "check_answer", &first).ends(0).value();
    let client = added["client"].as_str().unwrap();
    assert_eq!((client.len(), &added["keys"][0]["state"]), (32, &"holds".into()), "{added}");
    let rotate = ["client", "rotate", client, "--key", &second, "--until", "2027-09-01"];
    city.run(&rotate).ends(0);
    city.run(&rotate).ends(8);
    city.run(&["client", "revoke", client, "--key", "2026"]).ends(0);
    city.run(&["client", "revoke", "nobody"]).ends(3);
    let table = city.run(&["--lang", "zh", "client", "list"]).ends(0).out;
    assert!(table.contains("核查接口") && table.contains("2026 已停用") && table.contains("2027 有效"), "{table}");
    city.run(&["--as", "clerk", "client", "list"]).ends(7);
    city.run(&["client", "revoke", client]).ends(0);
    city.run(&["client", "revoke", client]).ends(8);
    city.run(&["log", "verify"]).ends(0);
}
