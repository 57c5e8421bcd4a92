//! Before a row is read: whose file it is, how its columns are understood, and the open submission that its rows go to.

use chengxin_core::catalogue::{Catalogue, ItemDef};
use chengxin_core::{Caller, Say};
use chengxin_seal::{Key32, RandomPool};
use chengxin_sheet::{Info, Limits, Source};
use chengxin_store::audit::{LAYOUTS, MAPPINGS, SUBMISSIONS};
use chengxin_store::authority::AuthorityRow;
use data_encoding::HEXLOWER;
use serde_json::json;

use super::mapping::{Mapping, find_item, heads, map_columns};
use super::quality::Tally;
use super::{ImportRequest, Progress};
use crate::log::rows::marks;
use crate::{AppError, Installation, Kind, journal};

/// What was found out about a file before its rows are read.
pub(super) struct Prepared {
    pub(super) source: Source,
    pub(super) info: Info,
    pub(super) item: String,
    pub(super) mapping: Mapping,
    pub(super) authority: AuthorityRow,
    pub(super) file_name: String,
}

/// An open submission, new or resumed.
pub(super) struct Opened {
    pub(super) id: i64,
    pub(super) row_key: Key32,
    pub(super) layout_id: i64,
    pub(super) through_row: u64,
    pub(super) next_leaf: i64,
    /// What the settled chunks counted.
    pub(super) written: Tally,
    /// Rows that were mended away from the file.
    pub(super) mended: u64,
}

impl Installation {
    /// Opens the file and understands its headings.
    pub(super) fn prepare(
        &self,
        catalogue: &Catalogue,
        request: &ImportRequest,
        progress: &mut dyn Progress,
    ) -> Result<Prepared, AppError> {
        let unknown = || {
            let code = &request.authority;
            AppError::not_found(
                format!("平台上没有登记代码为 {code} 的单位；请先由管理员登记（chengxin authority add）"),
                format!(
                    "no authority is registered under {code}: an administrator adds it with chengxin authority add"
                ),
            )
        };
        let authority = self.store.view().authority(&request.authority)?.ok_or_else(unknown)?;
        if let Some(code) = &request.item {
            item_of(catalogue, code)?;
        }
        progress.step(&Say::new("检查文件", "Looking at the file"), 0);
        let source = Source::open(&request.file, request.sheet.as_deref(), &Limits::default())?;
        let info = source.info().clone();
        let known =
            request.item.as_deref().map(|item| self.store.view().column_mapping(&authority.code, item)).transpose()?;
        let mut explained = request.mapping.clone();
        explained.extend(known.unwrap_or_default());
        let item = match &request.item {
            Some(code) => item_of(catalogue, code)?,
            None => find_item(catalogue, &heads(&source), &explained)?,
        };
        if request.item.is_none() {
            explained.extend(self.store.view().column_mapping(&authority.code, item.code())?);
        }
        let mapping = map_columns(item, &heads(&source), &explained)?;
        let file_name = request.file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        Ok(Prepared { info, item: item.code().to_owned(), mapping, source, authority, file_name })
    }

    pub(super) fn may_send(&self, authority: &AuthorityRow, item: &ItemDef) -> Result<(), AppError> {
        if item.item.authorities.iter().any(|kind| *kind == authority.kind || kind == "any") {
            return Ok(());
        }
        let (name, item_name, item_en) = (&authority.name, &item.item.name, &item.item.name_en);
        Err(AppError::new(
            Kind::Forbidden,
            format!(
                "{name}（{}）不是「{item_name}」的归集单位；目录规定的单位类型：{}",
                authority.kind,
                item.item.authorities.join("、")
            ),
            format!(
                "{name} ({}) may not send “{item_en}”; the catalogue names: {}",
                authority.kind,
                item.item.authorities.join(", ")
            ),
        ))
    }

    /// Everything beside the file's bytes that decides what its rows become: a resumed run must read them alike.
    fn settings_hash(&self, request: &ImportRequest, prepared: &Prepared) -> [u8; 32] {
        let mends: Vec<_> = request.mends.iter().map(|(row, of)| (row, of.left_out, &of.cells)).collect();
        let text = json!([
            self.catalogue.hash_hex(),
            prepared.item,
            prepared.info.sheet,
            prepared.mapping.columns,
            prepared.mapping.heading_row,
            request.adults_attested,
            mends,
        ])
        .to_string();
        self.keys.profile().hash(&[b"chengxin/settings/1\0", text.as_bytes()])
    }

    pub(super) fn open_submission(
        &mut self,
        caller: &Caller,
        request: &ImportRequest,
        item: &ItemDef,
        prepared: &Prepared,
    ) -> Result<Opened, AppError> {
        let settings = self.settings_hash(request, prepared);
        let codes: Vec<&str> = item.fields.iter().map(|f| f.field.code.as_str()).collect();
        let found =
            self.store.view().submission_open_of_file(&request.authority, item.code(), &prepared.info.sha256)?;
        if let Some(row) = found {
            if row.settings != settings {
                return Err(AppError::conflict(
                    format!(
                        "该文件有一次未完成的导入（批次 {}），但列对应关系或目录已改变；请先用 --abandon 放弃它",
                        row.id
                    ),
                    format!(
                        "this file has an unfinished import (submission {}) with other columns or another catalogue: give it up with --abandon first",
                        row.id
                    ),
                ));
            }
            return self.resume(row.id, &codes.join(" "), item.code());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let mut pool = RandomPool::new();
        let row_key = Key32::generate_from(&mut pool);
        let Self { store, key_store, .. } = self;
        let (id, layout_id) = store.write("submission_open", |tx| -> Result<(i64, i64), AppError> {
            let id = tx.submission_open(
                &request.authority,
                item.code(),
                &prepared.file_name,
                &prepared.info.sha256,
                &settings,
                now_us,
                &caller.actor,
                &request.reason,
            )?;
            for (heading, field) in &request.mapping {
                tx.column_mapping_set(&request.authority, item.code(), heading.trim(), field)?;
            }
            let layout_id = tx.layout_for(item.code(), &codes.join(" "))?;
            let mapped = request.mapping.iter().map(|(heading, _)| {
                (&MAPPINGS, vec![request.authority.as_str().into(), item.code().into(), heading.trim().into()])
            });
            let rows = [(&SUBMISSIONS, vec![id.into()]), (&LAYOUTS, vec![layout_id.into()])];
            let rows: Vec<_> = rows.into_iter().chain(mapped).collect();
            let detail = json!({
                "rows": marks(tx.view(), &keys, &rows)?,
                "submission": id, "authority": request.authority, "item": item.code(), "opened": true,
                "file_sha256": HEXLOWER.encode(&prepared.info.sha256),
            });
            journal::log(tx, &keys, now_us, "submission_import", caller, &detail)?;
            let wrapped = keys.wrap(&mut pool, "submission", &id.to_be_bytes(), &row_key);
            key_store.write(|k| k.submission_key_set(id, keys.wrapping_version(), &wrapped))?;
            Ok((id, layout_id))
        })?;
        Ok(Opened { id, row_key, layout_id, through_row: 0, next_leaf: 0, written: Tally::default(), mended: 0 })
    }

    fn resume(&mut self, id: i64, fields: &str, item: &str) -> Result<Opened, AppError> {
        let row_key = self.submission_key(id)?;
        let chunks = self.store.view().submission_chunks(id)?;
        let mut written = Tally::default();
        for chunk in &chunks {
            let tally: Tally =
                serde_json::from_str(&chunk.tally).map_err(|e| AppError::internal(format!("tally: {e}")))?;
            written.add(&tally);
        }
        let layout_id = self.store.write("submission_resume", |tx| tx.layout_for(item, fields))?;
        let last = chunks.last();
        Ok(Opened {
            id,
            row_key,
            layout_id,
            through_row: last.map_or(0, |c| c.through_row as u64),
            next_leaf: last.map_or(0, |c| c.first_leaf + c.leaves),
            written,
            mended: 0,
        })
    }

    /// The key that seals a submission's refused and held rows.
    pub(crate) fn submission_key(&self, id: i64) -> Result<Key32, AppError> {
        let Some((_, wrapped)) = self.key_store.submission_key(id)? else {
            return Err(AppError::not_found("该批次的密钥已销毁", "the key of this submission was destroyed"));
        };
        self.keys.unwrap("submission", &id.to_be_bytes(), &wrapped)
    }
}

pub(crate) fn item_of<'c>(catalogue: &'c Catalogue, code: &str) -> Result<&'c ItemDef, AppError> {
    catalogue.item(code).ok_or_else(|| {
        AppError::not_found(
            format!("目录中没有信用事项 {code}；可用 chengxin catalogue show 查看全部"),
            format!("the catalogue has no item {code}: chengxin catalogue show lists them all"),
        )
    })
}
