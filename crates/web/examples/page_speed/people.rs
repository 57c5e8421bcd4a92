//! Residents with accounts, signed in.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measuring tool at the console")]

use std::path::Path;
use std::sync::Arc;

use chengxin_app::account::{Begin, Redeem, SignIn};
use chengxin_app::{Installation, SystemClock};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role, Standing};

use crate::city;

const PASSWORD: &str = "seven quiet herons";

/// Sessions of so many people of the file, each bound by a code from a window.
pub(crate) fn sessions(data: &Path, file: &Path, count: usize) -> Vec<String> {
    let mut app = Installation::open(data, Arc::new(SystemClock)).unwrap();
    let operator = Caller::operator("operator", "measuring");
    let duty = Ground::Duty("penalty-law#art-48".to_owned());
    let clerk = Caller { role: Role::IdentityClerk, ground: duty, ..operator.clone() };
    let public = Caller { role: Role::Public, ground: Ground::OwnRight, standing: Standing::Anonymous, ..operator };
    let numbers = city::numbers(file);
    let spread = numbers.len() / count;
    let chosen = numbers.into_iter().step_by(spread.max(1)).take(count);
    let begun = chosen.enumerate().map(|(at, number)| {
        let login = format!("resident{at}");
        let code = app.activation_issue(&clerk, DocumentKind::ResidentId, &number, "居民身份证原件，与本人相符");
        let begin = Begin {
            code: code.unwrap().code.grouped(),
            login: Some(login.clone()),
            name: Some("周明".to_owned()),
            password: PASSWORD.to_owned(),
            source: format!("here {at}"),
            ..Begin::default()
        };
        app.activation_redeem(&public, &Redeem::New(&begin)).unwrap();
        let sign_in = SignIn {
            login,
            password: PASSWORD.to_owned(),
            second: None,
            source: format!("here {at}"),
            device: None,
            label: "measuring".to_owned(),
        };
        app.session_open(&public, &sign_in).unwrap().token.text()
    });
    begun.collect()
}
