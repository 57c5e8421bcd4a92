//! Sessions: who a token belongs to, which there are, ending them.

use chengxin_core::account::needs_second_factor;
use chengxin_core::{Caller, Ground, Role, Standing};
use chengxin_store::View;
use chengxin_store::account::{AccountRow, AccountState};
use chengxin_store::session::SessionRow;
use data_encoding::HEXLOWER;
use serde_json::json;

use super::note::Note;
use super::who::{Right, Token, Who, rights_of};
use crate::issuer::stands;
use crate::keyring::Keyring;
use crate::reading::Reading;
use crate::{AppError, Installation};

/// How stale the note of a session's last request may be.
const NOTED_EVERY_US: i64 = 60 * 1_000_000;

/// One session, for whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// By what it is ended: the first 8 bytes of its tag, in hexadecimal.
    pub id: String,
    /// When it was opened, microseconds UTC.
    pub opened_us: i64,
    /// Last request, to a minute.
    pub last_seen_us: i64,
    /// When it ends at the latest.
    pub ends_us: i64,
    /// How many factors opened it.
    pub factors: u8,
    /// The device in words.
    pub label: String,
    /// Is it the one that asks?
    pub current: bool,
}

/// Who a session says is there.
pub(super) fn who(
    keys: &Keyring,
    session: &SessionRow,
    account: &AccountRow,
    rights: Vec<Right>,
    now_us: i64,
) -> Result<Who, AppError> {
    Ok(Who {
        account: account.account_id,
        actor: keys.actor_of(account)?,
        rights,
        factors: u8::try_from(session.factors).unwrap_or(0),
        proven_us: session.proven_us,
        ends_us: session.ends_us,
        subject: account.subject_id,
        stale: now_us.saturating_sub(session.last_seen_us) >= NOTED_EVERY_US,
        scopes: None,
        tag: session.tag,
    })
}

/// Whether a session counts at an instant: written with our key, neither over nor idle for too long, and begun by no provider of sign-in that was
/// set anew or removed since.
fn counts(view: View<'_>, keys: &Keyring, session: &SessionRow, now_us: i64) -> Result<bool, AppError> {
    let written = keys.is_session(session);
    if !written {
        tracing::warn!("a session in the database was not written by the platform");
    }
    if !written || now_us >= session.ends_us || now_us.saturating_sub(session.last_seen_us) >= session.idle_us {
        return Ok(false);
    }
    if session.issuer.is_empty() { Ok(true) } else { stands(view, keys, &session.issuer, session.opened_us) }
}

/// Two reads, a third where they came by a provider, and some keyed hashes: every request of somebody signed in does this.
fn find(view: View<'_>, keys: &Keyring, token: &Token, now_us: i64) -> Result<Option<Who>, AppError> {
    if token.machine {
        return crate::client::find(view, keys, token, now_us);
    }
    let Some((session, account)) = view.session(&token.account, &keys.session_tag(&token.account, &token.secret))?
    else {
        return Ok(None);
    };
    if !counts(view, keys, &session, now_us)? || account.state != AccountState::InUse as i64 {
        return Ok(None);
    }
    let today = i64::from(chengxin_core::dates::to_days(chengxin_core::dates::shanghai_date(now_us)));
    let rights = rights_of(keys, &view.account_rights(&token.account)?, today);
    let who = who(keys, &session, &account, rights, now_us)?;
    // A right granted since may ask for more than the session proved.
    let enough = who.factors >= 2 || !needs_second_factor(&who.roles());
    Ok(enough.then_some(who))
}

impl Reading {
    /// Who a token belongs to; nobody where it is forged, over, or idle for too long. What nobody may do is then refused, and logged, like
    /// everybody's who did not sign in. Where [`Who::stale`] says so, [`Installation::session_touch`] is due.
    ///
    /// # Errors
    /// The store's.
    pub fn session_find(&self, token: &Token) -> Result<Option<Who>, AppError> {
        find(self.store.view(), &self.keys, token, self.clock.now_us())
    }

    /// Does a token belong to anybody at all? Whoever only shows something that looks like one waits with strangers.
    ///
    /// # Errors
    /// The store's.
    pub fn is_somebody(&self, token: &Token) -> Result<bool, AppError> {
        self.session_find(token).map(|found| found.is_some())
    }
}

impl Installation {
    /// The same by the connection that writes, which notes that the session was used.
    ///
    /// # Errors
    /// The store's.
    pub fn session_find(&mut self, token: &Token) -> Result<Option<Who>, AppError> {
        let found = find(self.store.view(), &self.keys, token, self.now_us())?;
        if let Some(who) = found.as_ref().filter(|who| who.stale) {
            self.session_touch(who, None)?;
        }
        Ok(found)
    }

    /// Notes that a session was used, to a minute, and a right, to a day. No entry: what is done with it makes its own.
    ///
    /// # Errors
    /// The store's.
    pub fn session_touch(&mut self, who: &Who, used: Option<&Right>) -> Result<(), AppError> {
        // A machine's token is not prolonged by its use, and notes it when it is asked for.
        if who.scopes.is_some() {
            return Ok(());
        }
        let now_us = self.now_us();
        let today = chengxin_core::dates::to_days(self.today());
        let used = used.filter(|right| right.last_used_on < i64::from(today) && !right.dormant);
        if !who.stale && used.is_none() {
            return Ok(());
        }
        self.store.write("session_touch", |tx| -> Result<(), AppError> {
            tx.session_touch(&who.account, &who.tag, now_us)?;
            if let Some(right) = used {
                let authority = right.authority.as_deref().unwrap_or_default();
                tx.account_right_touch(&who.account, right.role.code(), authority, today)?;
            }
            Ok(())
        })
    }

    /// [`Who::acting`], with an entry in the log where it refuses and a note of the right's use where it does not. `operation` is what they
    /// are about to do.
    ///
    /// # Errors
    /// As [`Who::acting`].
    pub fn session_act(
        &mut self,
        who: &Who,
        operation: &'static str,
        role: Role,
        authority: Option<&str>,
        purpose: &str,
        ground: Ground,
    ) -> Result<Caller, AppError> {
        match who.acting(role, authority, purpose, ground.clone(), self.now_us()) {
            Ok(caller) => {
                let used = who.rights.iter().find(|r| r.role == role && r.authority == caller.authority);
                self.session_touch(who, used)?;
                Ok(caller)
            }
            Err(refusal) => {
                let caller = Caller {
                    actor: who.actor.clone(),
                    role,
                    authority: authority.map(str::to_owned),
                    purpose: purpose.to_owned(),
                    ground,
                    standing: Standing::Anonymous,
                };
                Err(self.denied(&caller, operation, refusal))
            }
        }
    }

    /// Sessions of the account that somebody is signed in to.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; the store's.
    pub fn session_list(&self, caller: &Caller, who: &Who) -> Result<Vec<SessionLine>, AppError> {
        self.authorise(caller, "session_list")?;
        let now_us = self.now_us();
        let view = self.store.view();
        let mut all = Vec::new();
        for session in view.sessions(&who.account)? {
            if counts(view, &self.keys, &session, now_us)? {
                all.push(session);
            }
        }
        let line = |session: &SessionRow| {
            let label = self.open_for(&who.account, &session.label)?;
            Ok(SessionLine {
                id: HEXLOWER.encode(&session.tag[..8]),
                opened_us: session.opened_us,
                last_seen_us: session.last_seen_us,
                ends_us: session.ends_us.min(session.last_seen_us + session.idle_us),
                factors: u8::try_from(session.factors).unwrap_or(0),
                label: String::from_utf8_lossy(&label).into_owned(),
                current: session.tag == who.tag,
            })
        };
        all.iter().map(line).collect()
    }

    /// Ends a session of one's own: the current one, or that with an id of [`SessionLine::id`].
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] where there is none.
    pub fn session_end(&mut self, caller: &Caller, who: &Who, id: Option<&str>) -> Result<(), AppError> {
        self.authorise(caller, "session_end")?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let done = self.store.write("session_end", |tx| -> Result<(), AppError> {
            let tag = match id {
                None => Some(who.tag),
                Some(id) => {
                    let all = tx.view().sessions(&who.account)?;
                    all.into_iter().map(|session| session.tag).find(|tag| HEXLOWER.encode(&tag[..8]) == id)
                }
            };
            let ended = match &tag {
                Some(tag) => tx.session_remove(&who.account, tag)?,
                None => false,
            };
            if !ended {
                return Err(AppError::not_found("没有这次登录，或已结束", "there is no such session, or it is over"));
            }
            let detail = json!({ "session": tag.map(|tag| HEXLOWER.encode(&tag[..8])) });
            let (account, subject) = (who.account, who.subject);
            Note { operation: "session_end", caller, account, subject, detail, rows: Vec::new() }
                .write(tx, &keys, now_us)
        });
        done.map_err(|refusal| self.unseen(caller, "session_end", refusal))
    }

    /// Ends every session of one's own account, the current one too; how many.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; the store's.
    pub fn session_end_all(&mut self, caller: &Caller, who: &Who) -> Result<usize, AppError> {
        self.authorise(caller, "session_end_all")?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("session_end_all", |tx| {
            let ended = tx.sessions_remove(&who.account)?;
            let detail = json!({ "ended": ended });
            let (account, subject) = (who.account, who.subject);
            let note = Note { operation: "session_end_all", caller, account, subject, detail, rows: Vec::new() };
            note.write(tx, &keys, now_us)?;
            Ok(ended)
        })
    }
}
