//! A city with a provider of sign-in.

use chengxin_app::account::Came;
use chengxin_app::issuer::Directory;
use chengxin_app::{AppError, Kind};
use serde_json::{Value, json};

use crate::desk::{Desk, MINUTE, administrator, public};
use crate::provider::{Provider, SECRET};

pub(crate) const NAME: &str = "city";

pub(crate) struct Bench {
    pub(crate) desk: Desk,
    pub(crate) provider: Provider,
    pub(crate) directory: Directory,
}

pub(crate) fn vouched(sub: &str, number: &str) -> Value {
    json!({ "sub": sub, "id_number": number, "acr": "high", "name": "周明" })
}

impl Bench {
    pub(crate) fn new() -> Self {
        let (mut desk, provider) = (Desk::new(), Provider::new("https://id.example"));
        desk.app.issuer_set(&administrator(), NAME, &provider.terms(), SECRET).unwrap();
        Self { desk, directory: Directory::new(provider.clone()), provider }
    }

    pub(crate) fn came(&mut self, code: Option<&str>) -> Result<Came, AppError> {
        let app = &mut self.desk.app;
        let departure = app.sign_in_begin(&public(), NAME, code, "10.0.0.1")?;
        let address = self.directory.address(&departure.trusted, &departure.away, app.now_us());
        let address = address.map_err(|why| app.sign_in_failed(&public(), &why))?;
        let returned = self.provider.approve(&address, app.now_us());
        let back = app.sign_in_awaited(&public(), NAME, &returned.state, Some(&departure.browser))?;
        let said = self.directory.redeem(&back.trusted, &back.away, &returned, app.now_us());
        app.sign_in_finish(&public(), &back, said, "手机")
    }

    /// Somebody of a number signs in there.
    pub(crate) fn person(&mut self, sub: &str, number: &str) -> Result<Came, AppError> {
        self.provider.person(vouched(sub, number));
        self.came(None)
    }

    /// Accounts, sessions, links, bindings and rights.
    pub(crate) fn rows(&self) -> Vec<i64> {
        let count = |table| self.desk.hand().number(&format!("SELECT count(*) FROM {table}"), &[]).unwrap();
        ["account", "session", "account_identity", "account_binding", "account_right"].map(count).to_vec()
    }

    /// Refused in the sentence for everything that is wrong, logged, and nothing opened.
    #[track_caller]
    pub(crate) fn opens_nothing(
        &mut self,
        what: &str,
        came: impl FnOnce(&mut Self) -> Result<Came, AppError>,
    ) -> AppError {
        let (rows, denials) = (self.rows(), self.desk.denials().len());
        let refusal = came(self).map(|_| ()).expect_err(what);
        assert_eq!(refusal.kind, Kind::Forbidden, "{what}: {refusal}");
        assert_eq!(self.rows(), rows, "{what}");
        assert_eq!(self.desk.denials().len(), denials + 1, "{what}: each refusal stands in the log");
        self.desk.pass(20 * MINUTE);
        refusal
    }
}
