//! `record_delete`: the person has a record deleted that rests on nothing but their own wish. No office decides about it.

use chengxin_core::Caller;
use chengxin_core::catalogue::ItemDef;
use chengxin_core::identity::DocumentKind;
use chengxin_core::record::{RecordId, State};

use super::body::{by_record, newest};
use super::erase::{Act, ErasureKind, Ground, erase};
use super::register::Entry;
use crate::{AppError, Installation};

/// The clause on which they may.
const CLAUSE: &str = "pipl#art-47";

impl Installation {
    /// Deletes a record of the person's own, at once: its content can never be read again, and no file brings it back.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a record that is not theirs; [`crate::Kind::Conflict`] for one that rests on law, with the lawful ways; for one that is
    /// deleted already, and while an objection or a repair about it is open.
    ///
    /// # Source
    /// 个人信息保护法 art. 15, 47: whoever withdraws the consent on which something is kept has it deleted.
    pub fn record_delete(
        &mut self,
        caller: &Caller,
        (kind, number): (DocumentKind, &str),
        record: &RecordId,
    ) -> Result<(), AppError> {
        const NAME: &str = "record_delete";
        let document = self.ruling(caller, NAME, kind, number)?;
        let (keeper, current) = self.own_record(&document, record)?;
        if !self.catalogue.item(&current.item).is_some_and(|item| item.item.own_wish) {
            return Err(rests_on_law(self.catalogue.item(&current.item)));
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let ground = Ground::by_law(ErasureKind::OwnWish, CLAUSE, self.today());
        let subject = keeper.subject;
        let done = self.store.write(NAME, |tx| -> Result<_, AppError> {
            let view = tx.view();
            if view.proceedings(&subject)?.iter().any(|of| of.record_id == record.0 && of.closed_on.is_none()) {
                return Err(AppError::conflict(
                    "该记录有未办结的异议或信用修复；请先撤回，或者待其办结后再要求删除",
                    "an objection or a repair about it is open: take that back first, or wait for the answer",
                ));
            }
            let versions = view.versions_of_subject(&subject)?;
            let own = by_record(&versions).find(|all| all.first().is_some_and(|one| one.row.record_id == record.0));
            let there = own.filter(|own| newest(own).is_some_and(|row| row.state != State::Erased.as_i64()));
            let last = there
                .and_then(<[_]>::last)
                .ok_or_else(|| AppError::conflict("该记录已删除", "the record is deleted already"))?;
            let act = Act { keys: &keys, now_us, caller, ground: &ground, forget: None };
            erase(tx, &act, &last.row)
        });
        let erased = done.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        self.register_add(&[Entry::new(&subject, &record.0, &ground, false)])?;
        self.destroy_erased_keys(erased.number - 1)
    }
}

/// Why a record cannot be had deleted at will, and what can be done about it.
fn rests_on_law(item: Option<&ItemDef>) -> AppError {
    let (zh, en) = item.map_or(("该事项", "this item"), |item| (&item.item.name, &item.item.name_en));
    AppError::conflict(
        format!(
            "“{zh}”依法归集，不取决于本人意愿，不能凭要求删除；内容有误的可以提出异议，不是您的可以声明“不是我”，符合条件的可以申请信用修复；保存期限届满时自动销毁（见 chengxin me horizon）"
        ),
        format!(
            "“{en}” is recorded on law, not on your wish, and is not deleted because it is asked for: object where it is wrong, say so where it is not you, ask for repair where that is possible; when its time is over it is destroyed by itself (chengxin me horizon)"
        ),
    )
}
