//! Attempts: each counts before it is looked at, so that a hundred at once are a hundred.

use chengxin_core::Caller;
use chengxin_core::account::{Attempts, KNOWN_FOR_US, not_before};
use chengxin_store::Tx;
use chengxin_store::throttle::ThrottleRow;

use crate::keyring::Keyring;
use crate::{AppError, Installation, Kind};

/// What is tried, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    /// From this device.
    device: Option<[u8; 32]>,
    /// From this address.
    address: [u8; 32],
    /// From everywhere that is not known.
    strangers: Option<[u8; 32]>,
}

fn attempts(row: ThrottleRow) -> Attempts {
    Attempts { failures: row.failures, last_us: row.last_us }
}

impl Tried {
    /// A sign-in under a login name, whether or not there is one of that name.
    pub(super) fn login(keys: &Keyring, login_tag: &[u8; 16], source: &str, device: Option<&str>) -> Self {
        let tag = |kind: &str, from: &str| keys.throttle_tag(login_tag, format!("{kind}:{from}").as_bytes());
        Self {
            device: device.map(|device| tag("device", device)),
            address: tag("address", source),
            strangers: Some(tag("strangers", "")),
        }
    }

    /// A one-time code. Codes have no names, so that only where it comes from counts.
    pub(crate) fn code(keys: &Keyring, source: &str) -> Self {
        let address = keys.throttle_tag(b"code", format!("address:{source}").as_bytes());
        Self { device: None, address, strangers: None }
    }

    /// A sign-in of a machine, with the key that signed it where one did. Who holds a key waits for what was tried with it from there, and never for
    /// strangers, who have none.
    pub(crate) fn machine(keys: &Keyring, signed: Option<(&[u8; 16], &str)>, source: &str) -> Self {
        let whose = signed.map_or(Vec::new(), |(client, kid)| [client, kid.as_bytes()].concat());
        let address = keys.throttle_tag(&[&b"machine"[..], &whose].concat(), format!("address:{source}").as_bytes());
        Self { device: None, address, strangers: None }
    }

    /// An answer of a passkey that nothing waits for.
    pub(super) fn ceremony(keys: &Keyring, source: &str) -> Self {
        let address = keys.throttle_tag(b"ceremony", format!("address:{source}").as_bytes());
        Self { device: None, address, strangers: None }
    }

    /// A fresh proof within a session. Nobody else is there to make its owner wait.
    pub(super) fn session(keys: &Keyring, session_tag: &[u8; 32]) -> Self {
        Self { device: None, address: keys.throttle_tag(b"session", session_tag), strangers: None }
    }
}

impl Installation {
    /// Counts an attempt, and says where it was counted; refuses it where it comes too soon. A refused one does not make the wait longer: who waits and tries again in
    /// time is never kept away by their own impatience.
    pub(crate) fn try_once(
        &mut self,
        caller: &Caller,
        operation: &'static str,
        tried: Tried,
    ) -> Result<Tried, AppError> {
        let now_us = self.now_us();
        let counted = self.store.write("throttle", |tx| -> Result<Result<bool, i64>, AppError> {
            let view = tx.view();
            let device = tried.device.map(|tag| Ok::<_, AppError>((tag, view.throttle(&tag)?))).transpose()?;
            let known = device.filter(|(_, row)| row.known_us > 0 && now_us - row.known_us < KNOWN_FOR_US);
            // A device that never signed in is no reason to count apart: whoever guesses would bring a new one each time.
            let (tag, own) = match known {
                Some(known) => known,
                None => (tried.address, view.throttle(&tried.address)?),
            };
            let strangers = match tried.strangers.filter(|_| known.is_none()) {
                Some(tag) => Some((tag, view.throttle(&tag)?)),
                None => None,
            };
            let others = strangers.map_or(Attempts::default(), |(_, row)| attempts(row));
            let until = not_before(attempts(own), others, known.is_some(), now_us);
            if now_us < until {
                return Ok(Err(until));
            }
            for (tag, row) in std::iter::once((tag, own)).chain(strangers) {
                let Attempts { failures, last_us } = attempts(row).and_one(now_us);
                tx.throttle_set(&tag, ThrottleRow { failures, last_us, ..row })?;
            }
            Ok(Ok(known.is_some()))
        })?;
        let tried = counted.map(|known| Tried { strangers: tried.strangers.filter(|_| !known), ..tried });
        tried.map_err(|until| {
            let seconds = (until - now_us).div_euclid(1_000_000) + 1;
            let refusal = AppError::new(
                Kind::TooOften(u32::try_from(seconds).unwrap_or(u32::MAX)),
                format!("尝试次数过多，请在 {seconds} 秒后再试"),
                format!("too many attempts: try again in {seconds} seconds"),
            );
            self.denied(caller, operation, refusal)
        })
    }
}

/// An attempt succeeded: what was counted from there is forgotten, and the device is known from now on.
pub(crate) fn succeeded(tx: &Tx<'_>, tried: &Tried, device: Option<&[u8; 32]>, now_us: i64) -> Result<(), AppError> {
    // What strangers tried stays counted: one who succeeds elsewhere must not clear it for the others, unless it was one of them.
    for tag in std::iter::once(&tried.address).chain(&tried.device) {
        let row = tx.view().throttle(tag)?;
        if row.failures > 0 {
            tx.throttle_set(tag, ThrottleRow { failures: 0, last_us: now_us, ..row })?;
        }
    }
    if let Some(strangers) = &tried.strangers {
        let row = tx.view().throttle(strangers)?;
        // The one that this attempt was.
        tx.throttle_set(strangers, ThrottleRow { failures: (row.failures - 1).max(0), ..row })?;
    }
    if let Some(device) = device {
        tx.throttle_set(device, ThrottleRow { failures: 0, last_us: now_us, known_us: now_us })?;
    }
    Ok(())
}

/// The tag under which a device is known for a login name.
pub(super) fn device_tag(keys: &Keyring, login_tag: &[u8; 16], device: &str) -> [u8; 32] {
    keys.throttle_tag(login_tag, format!("device:{device}").as_bytes())
}
