//! Authorities that may send, and what is recorded about themselves.

mod entered;
pub(crate) mod late;
mod records;

pub use records::{AuthorityRecord, AuthorityRecords};

use chengxin_core::identity::Uscc;
use chengxin_core::{Caller, Say};
use chengxin_store::audit::AUTHORITIES;
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
    /// Registers an authority, or changes its names and kind.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for a code that is no unified social credit code, or a kind that the catalogue does not know.
    pub fn authority_add(&mut self, caller: &Caller, authority: &AuthorityRow) -> Result<(), AppError> {
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
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("authority_add", |tx| {
            tx.authority_add(authority, now_us)?;
            let rows = marks(tx.view(), &keys, &[(&AUTHORITIES, vec![authority.code.as_str().into()])])?;
            let detail = json!({ "authority": authority.code, "kind": authority.kind, "rows": rows });
            journal::log(tx, &keys, now_us, "authority_add", caller, &detail)?;
            Ok(())
        })
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
