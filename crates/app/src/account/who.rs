//! Who is there: what a session says, and in which of their rights they act.

use chengxin_core::account::{PROOF_LASTS_US, dormant};
use chengxin_core::dates::{shanghai_date, to_days};
use chengxin_core::operation_words::role;
use chengxin_core::record::SubjectId;
use chengxin_core::{Caller, Ground, Machine, Role, Session, Standing};
use chengxin_seal::random_bytes;
use chengxin_store::account::RightRow;
use data_encoding::BASE64URL_NOPAD;

use crate::keyring::Keyring;
use crate::{AppError, Kind};

/// What a browser, or a machine, holds to show that it signed in: the account, and 256 random bits. Its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Does a machine of an authority hold it?
    pub(crate) machine: bool,
    pub(crate) account: [u8; 16],
    pub(crate) secret: [u8; 32],
}

/// With what a machine's token begins.
const MACHINE: &str = "m.";

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Token {
    pub(super) fn new(account: [u8; 16]) -> Self {
        Self { machine: false, account, secret: random_bytes() }
    }

    pub(crate) fn of_machine(client: [u8; 16]) -> Self {
        Self { machine: true, ..Self::new(client) }
    }

    /// As it is sent: 64 characters of base64url; of a machine's, with two before them that say so.
    #[must_use]
    pub fn text(&self) -> String {
        let text = BASE64URL_NOPAD.encode(&[&self.account[..], &self.secret].concat());
        if self.machine { format!("{MACHINE}{text}") } else { text }
    }

    /// Reads [`Self::text`]; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (machine, text) = text.strip_prefix(MACHINE).map_or((false, text), |text| (true, text));
        if text.len() != 64 {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (account, secret) = bytes.split_first_chunk()?;
        Some(Self { machine, account: *account, secret: secret.try_into().ok()? })
    }
}

/// A right that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// Role.
    pub role: Role,
    /// Authority for which they act, where the role serves one.
    pub authority: Option<String>,
    /// Day of its last use, days since 1970-01-01.
    pub last_used_on: i64,
    /// Has it slept too long? Then it is refused until it is granted anew.
    pub dormant: bool,
}

/// The rights of an account that hold: not ended, and written with our key.
pub(super) fn rights_of(keys: &Keyring, rows: &[RightRow], today: i64) -> Vec<Right> {
    let holds = |row: &&RightRow| {
        let written = keys.is_right(row);
        if !written {
            tracing::warn!(role = row.role, "a right in the database was not written by the platform");
        }
        written && row.ended_us.is_none()
    };
    let right = |row: &RightRow| {
        let role = Role::from_code(&row.role)?;
        let authority = Some(row.authority.clone()).filter(|authority| !authority.is_empty());
        Some(Right { role, authority, last_used_on: row.last_used_on, dormant: dormant(role, row.last_used_on, today) })
    };
    rows.iter().filter(holds).filter_map(right).collect()
}

/// Somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Their account.
    pub account: [u8; 16],
    /// How the log calls them.
    pub actor: String,
    /// What they may do.
    pub rights: Vec<Right>,
    /// How many factors they proved themself by: 1 or 2.
    pub factors: u8,
    /// When they last did, microseconds UTC.
    pub proven_us: i64,
    /// When the session ends whatever happens.
    pub ends_us: i64,
    /// The person whose account it is, as a reader of their own records; see [`crate::Installation::bound_document`].
    pub subject: Option<[u8; 16]>,
    /// Is there something to be noted: was the session last noted as used more than a minute ago? Then [`crate::Installation::session_touch`] is due.
    pub stale: bool,
    /// Operations that the token is for, where it is a machine's.
    pub(crate) scopes: Option<Vec<&'static str>>,
    pub(crate) tag: [u8; 32],
}

impl Who {
    /// The roles that they hold.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        self.rights.iter().map(|right| right.role).collect()
    }

    /// Do they hold this right?
    #[must_use]
    pub fn holds(&self, role: Role, authority: Option<&str>) -> bool {
        self.rights.iter().any(|right| right.role == role && right.authority.as_deref() == authority)
    }

    /// Them, acting in one of their rights.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] for a right that they do not hold, or that has slept too long, with what to do about it.
    pub fn acting(
        &self,
        role: Role,
        authority: Option<&str>,
        purpose: impl Into<String>,
        ground: Ground,
        now_us: i64,
    ) -> Result<Caller, AppError> {
        let held = self.rights.iter().find(|right| right.role == role && right.authority.as_deref() == authority);
        let Some(right) = held else {
            return Err(no_right(role));
        };
        if right.dormant {
            return Err(AppError::new(
                Kind::Forbidden,
                "该权限已有 90 天未使用，已停用；请账户管理人员重新授予后再用",
                "this right was not used for 90 days and is suspended: whoever administers accounts can grant it anew",
            ));
        }
        Ok(Caller {
            actor: self.actor.clone(),
            role,
            authority: right.authority.clone(),
            purpose: purpose.into(),
            ground,
            standing: self.standing(right.last_used_on, now_us),
        })
    }

    /// Them, looking after their own account: in whichever right they hold, awake or not, or in none.
    pub(super) fn caring(
        &self,
        role: Role,
        authority: Option<String>,
        purpose: String,
        ground: Ground,
        now_us: i64,
    ) -> Caller {
        let last_used_on = i64::from(to_days(shanghai_date(now_us)));
        let standing = self.standing(last_used_on, now_us);
        Caller { actor: self.actor.clone(), role, authority, purpose, ground, standing }
    }

    /// Was the right in which a caller acts last used before today? Then its use is to be noted.
    #[must_use]
    pub fn unused_today(&self, caller: &Caller, now_us: i64) -> bool {
        // A machine's use is noted when it asks for a token.
        if self.scopes.is_some() {
            return false;
        }
        let today = i64::from(to_days(shanghai_date(now_us)));
        let own = |right: &&Right| right.role == caller.role && right.authority == caller.authority;
        self.rights.iter().find(own).is_some_and(|right| right.last_used_on < today)
    }

    /// What the session shows, for an act in a right that was last used on a day.
    fn standing(&self, last_used_on: i64, now_us: i64) -> Standing {
        let today = shanghai_date(now_us);
        let unused_days = u32::try_from(i64::from(to_days(today)).saturating_sub(last_used_on)).unwrap_or(0);
        match &self.scopes {
            Some(scopes) => Standing::Machine(Box::new(Machine { scopes: scopes.clone(), unused_days, today })),
            None => Standing::Session(Box::new(Session {
                two_factors: self.factors >= 2,
                confirmed: self.recently_proven(now_us).is_ok(),
                subject: self.subject.map(SubjectId),
                held: self.roles(),
                unused_days,
                today,
            })),
        }
    }

    /// Did they prove recently enough who they are, for an act that asks for it?
    ///
    /// # Errors
    /// [`Kind::Forbidden`] where they did not: [`crate::Installation::session_reauthenticate`] first.
    pub fn recently_proven(&self, now_us: i64) -> Result<(), AppError> {
        if now_us.saturating_sub(self.proven_us) <= PROOF_LASTS_US {
            return Ok(());
        }
        Err(AppError::new(
            Kind::Forbidden,
            "这项操作须再次验证身份：请重新输入密码和验证码",
            "this takes a fresh proof of who you are: enter password and code again",
        ))
    }
}

/// What is said to whoever does not hold a role that something takes.
fn no_right(of: Role) -> AppError {
    if matches!(of, Role::Resident | Role::Representative) {
        return AppError::new(
            Kind::Forbidden,
            "这是本人在自己的账户里办理的事，该账户没有这项权限；请用您本人的账户登录",
            "this is what people do in an account of their own, and this account has no right to it: sign in with yours",
        );
    }
    let who = role(of);
    AppError::new(
        Kind::Forbidden,
        format!("这由{}办理，您的账户没有这项权限；工作需要的，请向账户管理人员申请", who.zh),
        format!(
            "this is for {}, and your account has no right to it: if your work takes it, ask whoever administers accounts",
            who.en
        ),
    )
}
