//! Tags and seals of accounts.
//!
//! What is found by a tag or proved by a seal here stays with the first version of the index key, as record ids do, and
//! does not follow a rotation of it. A rotation is for tags of *identity numbers*, of which there are so few that a leaked key lays
//! them open. Behind these tags stand random secrets of 50 to 256 bits, which no key lays open, and login names, which are no
//! numbers of persons (`core/account/login.rs` refuses those). The secret value of the password hash, the passkeys made up for names that nobody has, and the key of staff names are
//! derived from it too: to make them anew would take everybody's password.
//!
//! What an account proves itself by (the secret of its authenticator app) and where it signed in is sealed under a key of its own, which
//! lies in the key store among those of subjects: rotation of the wrapping key wraps it anew.

use chengxin_core::Caller;
use chengxin_core::row::{join_body, split_body};
use chengxin_seal::{AeadKey, Key32, RandomPool, TOTP_SECRET_BYTES, same_secret};
use chengxin_store::account::{AccountRow, RightRow};
use chengxin_store::activation::ActivationRow;
use chengxin_store::session::SessionRow;

use crate::keyring::{Keyring, SubjectKey};
use crate::{AppError, Installation};

/// How staff and programme call an account: what it signs in with, and its owner's name (empty for persons).
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) login: String,
    pub(super) name: String,
}

fn half(hash: [u8; 32]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash[..16]);
    out
}

fn account_aad(account: &[u8; 16]) -> Vec<u8> {
    [&b"account"[..], account].concat()
}

/// What is authenticated beside the document that a window compared, while only a code leads to it.
pub(super) fn compared_aad(subject: &[u8; 16]) -> Vec<u8> {
    [&b"compared"[..], subject].concat()
}

/// What is authenticated beside the document of the person whose account it is: carried over to another account it opens nothing.
pub(super) fn binding_aad(subject: &[u8; 16], account: &[u8; 16]) -> Vec<u8> {
    [&b"binding"[..], subject, account].concat()
}

impl Keyring {
    /// Tag of a login name, normalised.
    pub(super) fn login_tag(&self, login: &str) -> [u8; 16] {
        half(self.code_tag("login", &[login.as_bytes()]))
    }

    /// Tag of a session's secret.
    pub(super) fn session_tag(&self, account: &[u8; 16], secret: &[u8; 32]) -> [u8; 32] {
        self.code_tag("session", &[account, secret])
    }

    /// Tag of a one-time code.
    pub(super) fn activation_tag(&self, code: &str) -> [u8; 32] {
        self.code_tag("activation", &[code.as_bytes()])
    }

    /// Tag of a recovery code.
    pub(super) fn recovery_tag(&self, account: &[u8; 16], code: &str) -> [u8; 32] {
        self.code_tag("recovery", &[account, code.as_bytes()])
    }

    /// Tag of what is tried, and from where.
    pub(super) fn throttle_tag(&self, what: &[u8], from: &[u8]) -> [u8; 32] {
        self.code_tag("throttle", &[what, from])
    }

    /// The secret value of password hashes.
    pub(super) fn password_key(&self) -> Key32 {
        self.own_key("password")
    }

    /// The secret of an authenticator app that is being enrolled with a one-time code: made of the code, so that nothing needs to be
    /// kept between showing it and the first digits that prove it was scanned. And of what was drawn when it was shown: whoever
    /// had the code in hand before its holder does not know the secret that the holder enrols.
    pub(super) fn enrolment_secret(&self, code: &str, drawn: &[u8]) -> [u8; TOTP_SECRET_BYTES] {
        let mut secret = [0; TOTP_SECRET_BYTES];
        secret.copy_from_slice(&self.code_tag("totp-enrolment", &[code.as_bytes(), drawn])[..TOTP_SECRET_BYTES]);
        secret
    }

    /// The secret of an authenticator app that somebody who is signed in enrols anew: theirs alone, in this session, for one showing.
    pub(super) fn anew_secret(&self, account: &[u8; 16], session: &[u8; 32], drawn: &[u8]) -> [u8; TOTP_SECRET_BYTES] {
        let mut secret = [0; TOTP_SECRET_BYTES];
        secret.copy_from_slice(&self.code_tag("totp-anew", &[account, session, drawn])[..TOTP_SECRET_BYTES]);
        secret
    }

    fn names_key(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("account-names"))
    }

    /// Seals the names of an account.
    pub(super) fn seal_names(&self, account: &[u8; 16], names: &Names) -> Vec<u8> {
        let plain = join_body([names.login.as_str(), names.name.as_str()]);
        self.names_key().seal(&account_aad(account), &plain)
    }

    /// The names of an account.
    pub(super) fn open_names(&self, account: &AccountRow) -> Result<Names, AppError> {
        let plain = self.names_key().open(&account_aad(&account.account_id), &account.sealed);
        let plain = plain.map_err(|error| AppError::internal(format!("open account: {error}")))?;
        match split_body(&plain).as_deref() {
            Some([login, name]) => Ok(Names { login: (*login).to_owned(), name: (*name).to_owned() }),
            _ => Err(AppError::internal("the sealed names of an account have another form")),
        }
    }

    /// How the log calls whoever acts with an account: the name of staff and the beginning of the account's id, which tells two of one
    /// name apart; of persons the latter alone.
    pub(super) fn actor_of(&self, account: &AccountRow) -> Result<String, AppError> {
        Ok(actor(&self.open_names(account)?.name, &account.account_id))
    }

    /// Seal over a right: without it anybody who can write to the database could grant themself one.
    pub(super) fn right_seal(&self, right: &RightRow) -> [u8; 32] {
        let ended = right.ended_us.map_or(Vec::new(), |at| at.to_be_bytes().to_vec());
        let parts: [&[u8]; 7] = [
            &right.account_id,
            right.role.as_bytes(),
            right.authority.as_bytes(),
            &right.granted_us.to_be_bytes(),
            right.granted_by.as_bytes(),
            &ended,
            right.ended_by.as_deref().unwrap_or_default().as_bytes(),
        ];
        self.code_tag("account-right", &parts)
    }

    /// The right with its seal.
    pub(super) fn sealed_right(&self, mut right: RightRow) -> RightRow {
        right.seal = self.right_seal(&right);
        right
    }

    /// Was the right written with our key?
    pub(super) fn is_right(&self, right: &RightRow) -> bool {
        same_secret(&right.seal, &self.right_seal(right))
    }

    /// The one-time code's row with its seal.
    pub(super) fn sealed_activation(&self, mut row: ActivationRow) -> ActivationRow {
        row.seal = self.activation_seal(&row).to_vec();
        row
    }

    /// Was the row written with our key, and not used since?
    pub(super) fn is_activation(&self, row: &ActivationRow) -> bool {
        same_secret(&row.seal, &self.activation_seal(row))
    }

    fn activation_seal(&self, row: &ActivationRow) -> [u8; 32] {
        let parts: [&[u8]; 9] = [
            &row.code_tag,
            row.purpose.as_bytes(),
            row.account_id.as_ref().map_or(&[][..], |id| id),
            row.subject_id.as_ref().map_or(&[][..], |id| id),
            &row.sealed,
            row.evidence.as_bytes(),
            row.issued_by.as_bytes(),
            &row.issued_us.to_be_bytes(),
            &row.expires_us.to_be_bytes(),
        ];
        self.code_tag("activation-row", &parts)
    }

    /// Seal over a session.
    pub(super) fn session_seal(&self, session: &SessionRow) -> [u8; 32] {
        let parts: [&[u8]; 8] = [
            &session.account_id,
            &session.tag,
            &session.opened_us.to_be_bytes(),
            &session.ends_us.to_be_bytes(),
            &session.idle_us.to_be_bytes(),
            &session.factors.to_be_bytes(),
            &session.proven_us.to_be_bytes(),
            session.issuer.as_bytes(),
        ];
        self.code_tag("session-row", &parts)
    }

    /// Was the session written with our key?
    pub(super) fn is_session(&self, session: &SessionRow) -> bool {
        same_secret(&session.seal, &self.session_seal(session))
    }
}

/// See [`Keyring::actor_of`].
pub(crate) fn actor(name: &str, account: &[u8; 16]) -> String {
    let id = data_encoding::HEXLOWER.encode(&account[..4]);
    if name.is_empty() { format!("account-{id}") } else { format!("{name}#{id}") }
}

impl Installation {
    /// Makes the key of a new account. Committed before the rows that rely on it: a key without rows harms nobody.
    pub(super) fn new_account_key(&mut self, account: &[u8; 16]) -> Result<SubjectKey, AppError> {
        let (key, wrapped) = self.keys.new_subject_key(&mut RandomPool::new(), account);
        let wrapping = self.keys.wrapping_version();
        self.key_store.write(|tx| tx.subject_key_set(account, wrapping, &wrapped))?;
        Ok(key)
    }

    /// Seals something of an account under its own key.
    pub(super) fn seal_for(&self, account: &[u8; 16], plain: &[u8]) -> Result<Vec<u8>, AppError> {
        Ok(self.account_key(account)?.seal(&account_aad(account), plain))
    }

    /// The key under which lies what an account proves itself by.
    pub(super) fn account_key(&self, account: &[u8; 16]) -> Result<AeadKey, AppError> {
        Ok(self.keys.subject_key(&self.key_store, account)?.account())
    }

    /// Opens what [`Self::seal_for`] sealed.
    pub(super) fn open_for(&self, account: &[u8; 16], sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        let opened = self.account_key(account)?.open(&account_aad(account), sealed);
        opened.map_err(|error| AppError::internal(format!("open what an account proves itself by: {error}")))
    }

    /// Is it the caller's own account?
    pub(super) fn is_own(&self, caller: &Caller, account: &AccountRow) -> Result<bool, AppError> {
        Ok(self.keys.actor_of(account)? == caller.actor)
    }
}
