//! One-time codes that are handed over, and what every attempt to use one goes through.

use chengxin_core::Caller;
use chengxin_core::account::ActivationCode;
use chengxin_core::dates::shanghai_text;
use chengxin_store::View;
use chengxin_store::activation::ActivationRow;

use super::throttle::Tried;
use crate::keyring::Keyring;
use crate::{AppError, Installation, Kind};

/// What a code is for.
pub(super) mod purpose {
    /// The first administrator.
    pub(crate) const FIRST: &str = "first";
    /// An account that was opened for a member of staff.
    pub(crate) const BEGIN: &str = "begin";
    /// Binding an account to a person.
    pub(crate) const BIND: &str = "bind";
    /// Setting a password anew.
    pub(crate) const RECOVER: &str = "recover";
    /// Linking an account of staff to another provider of sign-in.
    pub(crate) const LINK: &str = "link";
}

/// A one-time code to be handed over. It is shown once and stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeCode {
    /// The code.
    pub code: ActivationCode,
    /// From when on it is worth nothing, microseconds UTC.
    pub expires_us: i64,
    /// Address at which it is used.
    pub link: String,
}

impl OneTimeCode {
    pub(super) fn new(installation: &Installation, code: ActivationCode, expires_us: i64) -> Self {
        let link = format!("{}/begin/{}", installation.base_url(), code.as_str());
        Self { code, expires_us, link }
    }

    /// Its address as a QR code, for a slip: an SVG image, dark on light, quiet zone included.
    ///
    /// # Errors
    /// An internal fault: an address fits into every QR code.
    pub fn qr_svg(&self) -> Result<String, AppError> {
        chengxin_typeset::qr_svg(&self.link).map_err(|error| AppError::internal(format!("qr: {error}")))
    }

    /// When it expires, in Asia/Shanghai.
    #[must_use]
    pub fn expires(&self) -> String {
        shanghai_text(self.expires_us)
    }
}

/// What is said of every code that does not work, whatever the reason: whoever guesses learns nothing from it.
pub(super) fn no_code() -> AppError {
    AppError::new(
        Kind::NotFound,
        "该码不正确、已用过或已过期；请核对，或请发放处重新发放",
        "this code is wrong, was used already, or has expired: check it, or ask for a new one where you got it",
    )
}

/// A code that works.
pub(super) struct Live {
    pub(super) code: ActivationCode,
    pub(super) row: ActivationRow,
}

/// The code, if it is one that works at `now_us`.
pub(super) fn live(view: View<'_>, keys: &Keyring, text: &str, now_us: i64) -> Result<Option<Live>, AppError> {
    let Some(code) = ActivationCode::parse(text) else { return Ok(None) };
    let row = view.activation(&keys.activation_tag(code.as_str()))?;
    let works = |row: &ActivationRow| {
        let written = keys.is_activation(row);
        if !written && row.used_us.is_none() {
            tracing::warn!("a one-time code in the database was not written by the platform");
        }
        written && row.used_us.is_none() && now_us < row.expires_us
    };
    Ok(row.filter(works).map(|row| Live { code, row }))
}

impl Installation {
    /// The code, if it works and `fits`. An attempt counts against where it comes from before it is looked at; one that fails is logged.
    pub(super) fn redeemable(
        &mut self,
        caller: &Caller,
        operation: &'static str,
        text: &str,
        source: &str,
        fits: impl Fn(&ActivationRow) -> bool,
    ) -> Result<(Live, Tried), AppError> {
        let tried = self.try_once(caller, operation, Tried::code(&self.keys, source))?;
        let found = live(self.store.view(), &self.keys, text, self.now_us())?.filter(|live| fits(&live.row));
        match found {
            Some(found) => Ok((found, tried)),
            None => Err(self.denied(caller, operation, no_code())),
        }
    }
}
