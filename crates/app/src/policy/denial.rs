//! What was refused is an entry in the log, whatever it was.

use chengxin_core::Caller;
use chengxin_core::operation_words::ACCESS_DENY;
use chengxin_store::Store;
use serde_json::json;

use crate::{AppError, Installation, Kind, journal, mandate};

impl Installation {
    /// Logs what a use case found out inside its transaction: that it is not there, or not the caller's.
    pub(crate) fn unseen(&self, caller: &Caller, name: &'static str, refusal: AppError) -> AppError {
        if refusal.kind == Kind::NotFound { self.denied(caller, name, refusal) } else { refusal }
    }

    /// What a transaction refused, whether for want of a right or because there is no such thing.
    pub(crate) fn turned_away(&self, caller: &Caller, name: &'static str, refusal: AppError) -> AppError {
        match refusal.kind {
            Kind::Forbidden | Kind::NotFound => self.denied(caller, name, refusal),
            _ => refusal,
        }
    }

    /// The same for what a use case refused for want of a right.
    pub(crate) fn refused(&self, caller: &Caller, name: &'static str, refusal: AppError) -> AppError {
        if refusal.kind == Kind::Forbidden { self.denied(caller, name, refusal) } else { refusal }
    }

    /// Logs a refusal and hands it on; where it is that of a mandate, the one for whom somebody wanted to act reads it too. By a connection of its own:
    /// what is refused may be refused while only reading. Not from within a transaction, which would wait for itself.
    pub(crate) fn denied(&self, caller: &Caller, name: &'static str, refusal: AppError) -> AppError {
        let logged = Store::open(self.database()).map_err(AppError::from).and_then(|mut store| {
            store.write("access_deny", |tx| {
                let detail = json!({ "operation": name, "reason": refusal.public.en });
                let now_us = self.now_us();
                let logged = journal::log(tx, &self.keys, now_us, ACCESS_DENY, caller, &detail)?;
                if let Some((mandator, caller)) = mandate::tried(caller, &refusal) {
                    let detail = json!({ "refused": "mandate", "operation": name });
                    journal::log_about(tx, &self.keys, &mandator, now_us, ACCESS_DENY, &caller, &detail)?;
                }
                Ok(logged)
            })
        });
        // The refusal stands whether or not it could be logged; that it could not is the operator's affair.
        if let Err(error) = logged {
            tracing::warn!(%error, operation = name, "a refusal could not be logged");
        }
        refusal
    }
}
