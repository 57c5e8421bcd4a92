//! Setting a provider up.

use chengxin_app::{Kind, Mode};
use chengxin_core::{Caller, Ground, Role};
use chengxin_seal::Profile;

use super::bench::{Bench, NAME};
use crate::city::{self, City};
use crate::desk::administrator;
use crate::provider::SECRET;

#[test]
fn an_issuer_is_set_up_by_an_administrator_alone_and_safely() {
    let mut bench = Bench::new();
    let terms = bench.provider.terms();
    for role in [Role::Public, Role::Resident, Role::Clerk, Role::Decider, Role::CreditOffice, Role::Auditor] {
        let caller = Caller { ground: Ground::usual(role), ..city::caller(role, "thief", Some(city::OFFICE)) };
        assert_eq!(
            bench.desk.app.issuer_set(&caller, NAME, &terms, SECRET).unwrap_err().kind,
            Kind::Forbidden,
            "{role:?}"
        );
        assert_eq!(bench.desk.app.issuer_remove(&caller, NAME).unwrap_err().kind, Kind::Forbidden, "{role:?}");
    }
    let app = &mut bench.desk.app;
    for (name, secret) in [("City", SECRET), ("a/b", SECRET), (NAME, " "), (NAME, "a\nb")] {
        assert_eq!(app.issuer_set(&administrator(), name, &terms, secret).unwrap_err().kind, Kind::Invalid, "{name}");
    }
    // A key is one that signs, and whole.
    let key =
        |d: &str| format!(r#"{{"kty":"OKP","crv":"Ed25519",{d}"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#);
    for wrong in ["{}", &key(""), &key(r#""d":"AAAA","#)] {
        assert_eq!(app.issuer_set(&administrator(), NAME, &terms, wrong).unwrap_err().kind, Kind::Invalid, "{wrong}");
    }
    let whole = key("\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\n  ");
    app.issuer_set(&administrator(), "by-key", &terms, &whole).unwrap();
    app.issuer_remove(&administrator(), "by-key").unwrap();
    let listed = app.issuer_list(&administrator()).unwrap();
    assert_eq!((listed.len(), listed[1].works, &listed[1].terms), (2, true, &terms));
    assert!(!format!("{listed:?} {:?}", app.issuer_trusted(NAME).unwrap()).contains(SECRET));
    let stored = bench.desk.hand().rows("SELECT secret, terms FROM issuer", &[]).unwrap();
    assert!(!stored[0].iter().any(|cell| cell.to_string().contains(SECRET)));
    // Without encryption only on this machine, and only over made-up data.
    let mut here = terms;
    here.url = "http://127.0.0.1:9".to_owned();
    bench.desk.app.issuer_set(&administrator(), "here", &here, SECRET).unwrap();
    let mut real = City::with(Mode::Production, Profile::Intl).installation;
    assert_eq!(real.issuer_set(&administrator(), "here", &here, SECRET).unwrap_err().kind, Kind::Invalid);
    bench.desk.assert_whole();
}
