//! On what may be collected: in production only on clauses that somebody has read at their source.

use chengxin_core::Caller;
use chengxin_core::catalogue::{Basis, ItemDef};
use chengxin_store::audit::CLAUSES;
use jiff::civil::Date;
use serde_json::json;

use crate::log::rows::marks;
use crate::{AppError, Installation, Mode, journal};

impl Installation {
    /// Keeps an office's confirmation that a named person of it has read a clause at its source. From then on production
    /// may collect on it.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a clause that the catalogue in use does not know; [`crate::Kind::Invalid`] where
    /// name, office or note (where it was read) is empty.
    pub fn catalogue_confirm(
        &mut self,
        caller: &Caller,
        clause: &str,
        by_name: &str,
        office: &str,
        note: &str,
    ) -> Result<(), AppError> {
        self.authorise(caller, "catalogue_confirm")?;
        if self.catalogue.clause(clause).is_none() {
            return Err(AppError::not_found(
                format!("目录中没有条款「{clause}」；写法为 法规#条款，例如 penalty-law#art-48"),
                format!("the catalogue has no clause “{clause}”: write law#clause, such as penalty-law#art-48"),
            ));
        }
        let (by_name, office, note) = (by_name.trim(), office.trim(), note.trim());
        if by_name.is_empty() || office.is_empty() || note.is_empty() {
            return Err(AppError::invalid(
                "确认条款须写明核对人姓名、单位，以及在何处读到原文",
                "a confirmation names who read the clause, of which office, and where it was read",
            ));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("catalogue_confirm", |tx| {
            tx.clause_confirm(clause, now_us, by_name, office, note)?;
            let rows = marks(tx.view(), &keys, &[(&CLAUSES, vec![clause.into(), now_us.into()])])?;
            let detail = json!({ "clause": clause, "office": office, "rows": rows });
            journal::log(tx, &keys, now_us, "catalogue_confirm", caller, &detail)?;
            Ok(())
        })
    }

    /// May a record of this item, decided on this day, be taken in? In production some basis in force on the day must
    /// have been read at its source: by whoever wrote the catalogue, or by an office that confirmed it. A made-up city
    /// collects no real data, so there any basis does.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] with the clauses that wait for confirmation.
    ///
    /// # Source
    /// 国办发〔2020〕49号 (一)–(二): nothing is collected without its basis.
    pub fn collectable(&self, item: &ItemDef, on: Date) -> Result<(), AppError> {
        if self.mode() == Mode::Synthetic {
            return Ok(());
        }
        let bases: Vec<&Basis> = item.basis_on(on).collect();
        let verified = |basis: &&Basis| self.catalogue.clause(&basis.clause).is_some_and(|(_, clause)| clause.verified);
        if bases.iter().any(verified) {
            return Ok(());
        }
        let confirmed = self.store.view().clauses_confirmed()?;
        if bases.iter().any(|basis| confirmed.contains(&basis.clause)) {
            return Ok(());
        }
        let (code, name, name_en) = (item.code(), &item.item.name, &item.item.name_en);
        if bases.is_empty() {
            return Err(AppError::conflict(
                format!("{name}（{code}）在 {on} 没有施行中的归集依据"),
                format!("{name_en} ({code}) has no basis in force on {on}"),
            ));
        }
        let clauses: Vec<_> = bases.iter().map(|basis| basis.clause.as_str()).collect();
        let clauses = clauses.join(" ");
        Err(AppError::conflict(
            format!("{name}（{code}）的归集依据尚未核对：{clauses}；请由信用主管部门运行 chengxin catalogue confirm"),
            format!(
                "nobody has read the basis of {name_en} ({code}) at its source: {clauses}; the credit office runs chengxin catalogue confirm"
            ),
        ))
    }
}
