//! `chengxin issuer`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::City;

const TERMS: &str = r#"
url = "https://id.example"
client_id = "chengxin"
zh = "统一身份认证"
en = "City sign-in"
[residents]
number = "id_number"
kind = "resident_id"
level = { claim = "acr", values = ["high"] }
"#;

#[test]
fn a_provider_of_sign_in_is_set_up_listed_and_removed_and_its_secret_is_never_shown() {
    let city = City::new();
    let file = |name: &str, text: &str| {
        let path = city.scratch.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (terms, secret) = (file("terms.toml", TERMS), file("secret.txt", "quiet herons\n"));
    for wrong in [TERMS.replace("https:", "ftp:"), TERMS.replace("number", "numbre"), TERMS.replace("\"high\"", "")] {
        let wrong = file("wrong.toml", &wrong);
        city.run(&["issuer", "set", "city", &wrong, "--secret", &secret]).ends(3);
    }
    city.run(&["--as", "clerk", "issuer", "set", "city", &terms, "--secret", &secret]).ends(7);
    let set = city.run(&["--json", "issuer", "set", "city", &terms, "--secret", &secret]).ends(0);
    assert!(set.value()["redirect_uri"].as_str().unwrap().ends_with("/sign-in/city/callback"));
    let table = city.run(&["--lang", "zh", "issuer", "list"]).ends(0).out;
    assert!(table.contains("https://id.example") && table.contains("在用") && !table.contains("herons"), "{table}");
    // It signs persons in, and staff are linked to none such.
    city.run(&["issuer", "link", "city", "nobody"]).ends(3);
    city.run(&["issuer", "remove", "city"]).ends(0);
    city.run(&["issuer", "remove", "city"]).ends(6);
    city.run(&["log", "verify"]).ends(0);
}
