//! Registering a machine, giving it keys, stopping it or one of them.

use chengxin_core::client::{acts_as_machine, client_name};
use chengxin_core::{Caller, Role};
use chengxin_policy::Resource;
use chengxin_seal::random_bytes;
use chengxin_store::audit::{CLIENT_KEYS, CLIENTS, Cell, Table};
use chengxin_store::client::{ClientKeyRow, ClientRow};
use chengxin_store::{Tx, View};
use serde_json::{Value, json};

use super::added::{NewKey, key_row};
use super::line::{ClientId, ClientLine, KeyLine, key_line, line};
use super::ours;
use super::scope::{chosen, scopes_of};
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::{AppError, Installation, Kind, journal, policy};

/// Machines read at once for a list.
const SLICE: i64 = 200;

/// A machine to be registered.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// How the log calls it.
    pub name: String,
    /// Code of the authority that it serves.
    pub authority: String,
    /// In which role.
    pub role: Role,
    /// Operations that it may ask tokens for. At least one.
    pub scopes: Vec<String>,
    /// Its first key.
    pub key: NewKey,
}

fn unknown() -> AppError {
    AppError::not_found("没有这个接口客户端或密钥", "there is no such machine or key")
}

fn row_of(client: &[u8; 16]) -> (&'static Table, Vec<Cell>) {
    (&CLIENTS, vec![client.into()])
}

fn row_of_key(key: &ClientKeyRow) -> (&'static Table, Vec<Cell>) {
    (&CLIENT_KEYS, vec![(&key.client_id).into(), key.kid.as_str().into()])
}

impl Installation {
    /// Registers a machine of an authority with its first key. It signs itself in with what that signed, and with nothing else.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for a name, an authority, a role, a scope or a key that cannot be.
    pub fn client_add(&mut self, caller: &Caller, new: &NewClient) -> Result<ClientLine, AppError> {
        const NAME: &str = "client_add";
        self.authorise(caller, NAME)?;
        let name = client_name(&new.name).ok_or_else(|| {
            AppError::invalid(
                "须填写名称，最多 40 个字，不含 #",
                "a name is needed, of at most 40 characters and without #",
            )
        })?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let scopes = scopes_for(new.role, &new.scopes)?;
        if self.store.view().authority(&new.authority)?.is_none() {
            let code = &new.authority;
            return Err(AppError::invalid(format!("没有登记单位 {code}"), format!("there is no authority {code}")));
        }
        let client = keys.sealed_client(ClientRow {
            client_id: random_bytes(),
            name,
            authority: new.authority.clone(),
            role: new.role.code().to_owned(),
            scopes: scopes.join(" "),
            opened_us: now_us,
            opened_by: caller.actor.clone(),
            ended_us: None,
            ended_by: None,
            seal: [0; 32],
            last_used_on: self.today_number(),
        });
        let key = key_row(&keys, &client.client_id, &new.key, &[], &caller.actor, now_us)?;
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.client_add(&client)?;
            tx.client_key_add(&key)?;
            let detail = json!({
                "for": client.authority, "role": client.role, "scopes": scopes, "key": key.kid, "until_us": key.until_us,
            });
            let rows = [row_of(&client.client_id), row_of_key(&key)];
            note(tx, &keys, now_us, NAME, caller, &client, detail, &rows)
        })?;
        Ok(line(&keys, &client, &[key], now_us))
    }

    /// Adds a key to a machine, beside those that it has: it takes over whenever the machine begins to sign with it.
    ///
    /// # Errors
    /// [`Kind::NotFound`]; [`Kind::Forbidden`] for an officer whose role the machine does not act in; [`Kind::Conflict`] for one that was stopped,
    /// or has as many keys as there may be, or has had this one; [`Kind::Invalid`] for a key that cannot be.
    pub fn client_rotate(&mut self, caller: &Caller, id: ClientId, new: &NewKey) -> Result<KeyLine, AppError> {
        const NAME: &str = "client_rotate";
        let (client, have) = self.client_reached(caller, NAME, id)?;
        // Who could add a key to a machine in another role could act in that role.
        if caller.role == Role::DataOfficer && client.role != caller.role.code() {
            let (zh, en) = (
                "只能更换以报送人员角色工作的客户端的密钥；其他客户端请由账户管理人员办理",
                "an officer who sends renews keys of machines that send; of others, whoever administers accounts does",
            );
            return Err(self.denied(caller, NAME, AppError::new(Kind::Forbidden, zh, en)));
        }
        let (now_us, keys, today) = (self.now_us(), self.keys.clone(), self.today_number());
        let key = key_row(&keys, &client.client_id, new, &have, &caller.actor, now_us)?;
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.client_key_add(&key)?;
            tx.client_touch(&client.client_id, today)?;
            let detail = json!({ "key": key.kid, "from_us": key.from_us, "until_us": key.until_us });
            note(tx, &keys, now_us, NAME, caller, &client, detail, &[row_of_key(&key)])
        })?;
        Ok(key_line(&key, now_us))
    }

    /// Stops a machine for good, or one of its keys; tokens that were given for it are worth nothing from then on.
    ///
    /// # Errors
    /// [`Kind::NotFound`]; [`Kind::Conflict`] where it is stopped already.
    pub fn client_revoke(&mut self, caller: &Caller, id: ClientId, kid: Option<&str>) -> Result<(), AppError> {
        const NAME: &str = "client_revoke";
        let (client, have) = self.client_reached(caller, NAME, id)?;
        let (now_us, keys, by) = (self.now_us(), self.keys.clone(), caller.actor.clone());
        let key = kid.map(|kid| have.into_iter().find(|key| key.kid == kid).ok_or_else(unknown)).transpose();
        let key = key.map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            let (stopped, row) = match &key {
                None => {
                    let ended = ClientRow { ended_us: Some(now_us), ended_by: Some(by.clone()), ..client.clone() };
                    (tx.client_end(&keys.sealed_client(ended))?, row_of(&client.client_id))
                }
                Some(key) => {
                    let revoked =
                        ClientKeyRow { revoked_us: Some(now_us), revoked_by: Some(by.clone()), ..key.clone() };
                    (tx.client_key_revoke(&keys.sealed_client_key(revoked))?, row_of_key(key))
                }
            };
            if !stopped {
                return Err(AppError::conflict("已经停用", "it is stopped already"));
            }
            tx.client_tokens_remove(&client.client_id, kid)?;
            note(tx, &keys, now_us, NAME, caller, &client, json!({ "key": kid }), &[row])
        })
    }

    /// Machines, by authority and name; an officer sees those of their own authority.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; the store's.
    pub fn client_list(&self, caller: &Caller) -> Result<Vec<ClientLine>, AppError> {
        const NAME: &str = "client_list";
        self.authorise(caller, NAME)?;
        let (view, now_us) = (self.store.view(), self.now_us());
        let (mut lines, mut after) = (Vec::new(), [0; 16]);
        loop {
            let slice = view.clients(&after, SLICE)?;
            let Some(last) = slice.last() else { break };
            after = last.client_id;
            for client in slice.iter().filter(|client| ours(self.keys.is_client(client), "machine")) {
                if policy::on(caller, NAME, &Resource::new().of_authority(&client.authority)).is_ok() {
                    lines.push(line(&self.keys, client, &view.client_keys(&client.client_id)?, now_us));
                }
            }
        }
        lines.sort_by(|a, b| (&a.authority, &a.name, a.opened_us).cmp(&(&b.authority, &b.name, b.opened_us)));
        Ok(lines)
    }

    /// A machine that works, with its keys, as one that the caller may do this to.
    fn client_reached(
        &self,
        caller: &Caller,
        name: &'static str,
        id: ClientId,
    ) -> Result<(ClientRow, Vec<ClientKeyRow>), AppError> {
        self.authorise(caller, name)?;
        let found = reached(self.store.view(), &self.keys, id);
        let (client, keys) = found.map_err(|refusal| self.unseen(caller, name, refusal))?;
        // Whether another authority has such a machine is none of the caller's business.
        self.acts_for(caller, name, &client.authority).map_err(|_| unknown())?;
        let thing = Resource::new().of_authority(&client.authority);
        policy::on(caller, name, &thing).map_err(|refusal| self.refused(caller, name, refusal))?;
        if client.ended_us.is_some() {
            return Err(AppError::conflict("该客户端已停用", "this machine is stopped"));
        }
        Ok((client, keys))
    }
}

fn reached(view: View<'_>, keys: &Keyring, id: ClientId) -> Result<(ClientRow, Vec<ClientKeyRow>), AppError> {
    let client = view.client(&id.0)?.filter(|client| ours(keys.is_client(client), "machine")).ok_or_else(unknown)?;
    let mut all = view.client_keys(&id.0)?;
    all.retain(|key| ours(keys.is_client_key(key), "key of a machine"));
    Ok((client, all))
}

/// Operations that a machine in a role is to be given.
fn scopes_for(role: Role, asked: &[String]) -> Result<Vec<&'static str>, AppError> {
    if !acts_as_machine(role) {
        return Err(AppError::invalid(
            "接口客户端只能以 clerk（窗口核查）或 data_officer（报送）的角色工作：放行、裁量和办理结果须由人作出",
            "a machine acts as clerk (asks) or data_officer (sends): to release, to decide and to record an outcome takes a person",
        ));
    }
    let allowed = scopes_of(role)?;
    let listed = allowed.join("、");
    let chosen = chosen(asked.iter().map(String::as_str), &allowed).map_err(|wrong| {
        let wrong: String = wrong.chars().take(40).collect();
        AppError::invalid(
            format!("“{wrong}”不能交给该角色的客户端；可选：{listed}"),
            format!(
                "“{wrong}” is nothing that a machine in this role may be given; choose from: {}",
                allowed.join(", ")
            ),
        )
    })?;
    if chosen.is_empty() {
        return Err(AppError::invalid(
            format!("须至少写明一项操作；可选：{listed}"),
            format!("name at least one operation; choose from: {}", allowed.join(", ")),
        ));
    }
    Ok(chosen)
}

/// Writes the entry of what was done to a machine.
#[expect(clippy::too_many_arguments, reason = "each is a part of the entry, and nothing but this takes them together")]
fn note(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    name: &'static str,
    caller: &Caller,
    client: &ClientRow,
    mut detail: Value,
    rows: &[(&'static Table, Vec<Cell>)],
) -> Result<(), AppError> {
    detail["client"] = json!(ClientId(client.client_id).to_string());
    detail["rows"] = marks(tx.view(), keys, rows)?;
    journal::log(tx, keys, now_us, name, caller, &detail).map(drop)
}
