//! Authorities that may send, and what is recorded about themselves.

mod entered;
pub(crate) mod late;
mod records;

pub use records::{AuthorityRecord, AuthorityRecords};

use chengxin_core::identity::Uscc;
use chengxin_core::{Caller, Say};
use chengxin_store::audit::{AUTHORITIES, SUPERVISIONS};
pub use chengxin_store::authority::AuthorityRow;
use serde_json::json;

use crate::log::rows::marks;
use crate::{AppError, Installation, Kind, journal};

/// How an authority is called; by its code where nobody registered it.
pub(crate) fn called(authority: Option<&AuthorityRow>, code: &str) -> Say {
    authority.map_or_else(|| Say::new(code, code), |authority| Say::new(&authority.name, english(authority)))
}

fn english(authority: &AuthorityRow) -> &str {
    if authority.name_en.is_empty() { &authority.name } else { &authority.name_en }
}

/// The code of the authority for which somebody acts.
///
/// # Errors
/// [`Kind::Forbidden`] where they name none; the policy says so before, and this is where it would be needed.
pub(crate) fn served(caller: &Caller) -> Result<&str, AppError> {
    caller
        .authority
        .as_deref()
        .ok_or_else(|| AppError::new(Kind::Forbidden, "须注明所属单位", "say for which authority you act"))
}

impl Installation {
    /// How an authority is called, which everybody may read; its code where nobody registered it.
    ///
    /// # Errors
    /// The store's.
    pub fn authority_called(&self, code: &str) -> Result<Say, AppError> {
        Ok(called(self.store.view().authority(code)?.as_ref(), code))
    }

    /// How an item of the catalogue is called; its code where the catalogue has it no more.
    #[must_use]
    pub fn item_called(&self, code: &str) -> Say {
        let item = self.catalogue.item(code);
        item.map_or_else(|| Say::new(code, code), |def| Say::new(&def.item.name, &def.item.name_en))
    }

    /// Registers an authority, or changes its names and kind.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for a code that is no unified social credit code, or a kind that the catalogue does not know.
    pub fn authority_add(&mut self, caller: &Caller, authority: &AuthorityRow) -> Result<(), AppError> {
        self.authority_add_under(caller, authority, None)
    }

    /// The same, with the authority that supervises it (主管部门): as it is where `supervisor` is `None`, none any more where it is empty.
    ///
    /// # Errors
    /// As [`Self::authority_add`]; [`crate::Kind::Invalid`] too for a supervisor that is not registered, that it is itself, or that it supervises.
    pub fn authority_add_under(
        &mut self,
        caller: &Caller,
        authority: &AuthorityRow,
        supervisor: Option<&str>,
    ) -> Result<(), AppError> {
        self.authorise(caller, "authority_add")?;
        if Uscc::parse(&authority.code).is_err() {
            return Err(AppError::invalid(
                format!("「{}」不是统一社会信用代码", authority.code),
                format!("“{}” is not a unified social credit code", authority.code),
            ));
        }
        let kinds = self.catalogue.dictionary("authority-kind");
        if !kinds.is_some_and(|kinds| kinds.values().any(|value| value == authority.kind)) {
            return Err(AppError::invalid(
                format!("目录中没有单位类型「{}」", authority.kind),
                format!("the catalogue knows no kind of authority “{}”", authority.kind),
            ));
        }
        if authority.name.trim().is_empty() {
            return Err(AppError::invalid("须填写单位名称", "the authority needs a name"));
        }
        if let Some(supervisor) = supervisor.filter(|code| !code.is_empty()) {
            self.may_supervise(supervisor, &authority.code)?;
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("authority_add", |tx| {
            tx.authority_add(authority, now_us)?;
            let code = || vec![authority.code.as_str().into()];
            let mut rows = vec![(&AUTHORITIES, code())];
            let mut detail = json!({ "authority": authority.code, "kind": authority.kind });
            if let Some(supervisor) = supervisor {
                tx.supervision_set(&authority.code, supervisor, now_us)?;
                rows.push((&SUPERVISIONS, code()));
                detail["supervisor"] = json!(supervisor);
            }
            detail["rows"] = marks(tx.view(), &keys, &rows)?;
            journal::log(tx, &keys, now_us, "authority_add", caller, &detail)?;
            Ok(())
        })
    }

    fn may_supervise(&self, supervisor: &str, authority: &str) -> Result<(), AppError> {
        let view = self.store.view();
        if view.authority(supervisor)?.is_none() {
            return Err(AppError::invalid(
                format!("主管部门「{supervisor}」尚未登记；请先登记"),
                format!("the supervising authority “{supervisor}” is not registered: register it first"),
            ));
        }
        if supervisor == authority || view.supervisor(supervisor)?.as_deref() == Some(authority) {
            return Err(AppError::invalid(
                "主管部门须是另一个单位，且不受该单位主管",
                "an authority is supervised by another one, which it does not supervise itself",
            ));
        }
        Ok(())
    }

    /// Authorities that are supervised, each with the code of its supervisor, by code.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`].
    pub fn authority_supervisors(&self, caller: &Caller) -> Result<Vec<(String, String)>, AppError> {
        self.authorise(caller, "authority_list")?;
        Ok(self.store.view().supervisors()?)
    }

    /// The kinds of authority that the catalogue knows, in its order: each value as it is registered, and what it is called.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`].
    pub fn authority_kinds(&self, caller: &Caller) -> Result<Vec<(String, Say)>, AppError> {
        self.authorise(caller, "authority_list")?;
        let entries = self.catalogue.dictionary("authority-kind").map_or(&[][..], |kinds| kinds.entries());
        let named = entries.iter().map(|entry| {
            let zh = entry.aliases.first().unwrap_or(&entry.value);
            (entry.value.clone(), Say::new(zh, &entry.en))
        });
        Ok(named.collect())
    }

    /// All authorities.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`].
    pub fn authority_list(&self, caller: &Caller) -> Result<Vec<AuthorityRow>, AppError> {
        self.authorise(caller, "authority_list")?;
        Ok(self.store.view().authorities()?)
    }
}
