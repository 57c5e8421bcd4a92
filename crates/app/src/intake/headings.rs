//! The headings of a file beside the fields of its item, for whoever says which is which.

use chengxin_core::catalogue::{FieldRole, ItemDef};
use chengxin_core::{Caller, Say};
use chengxin_sheet::{Limits, Source};

use super::ImportRequest;
use super::mapping::{Head, field_of, find_item, heads, known, label};
use super::opening::item_of;
use crate::{AppError, Installation};

/// How the headings of a file are understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileHeadings {
    /// Code of the item; absent where the headings do not name one.
    pub item: Option<String>,
    /// Each heading, and the code of the field that it is understood as.
    pub headings: Vec<(String, Option<String>)>,
    /// The fields of the item.
    pub fields: Vec<FileField>,
}

/// A field that a heading may stand for, or that a form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileField {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub label: Say,
    /// Must every row fill it?
    pub required: bool,
    /// Is it a date?
    pub date: bool,
    /// Is it words, of some length?
    pub long: bool,
    /// Most characters; 0 where its kind sets it.
    pub max_length: u32,
    /// The values of its dictionary, in both languages; none where it is free.
    pub choices: Vec<Say>,
}

impl Installation {
    /// The headings of a file, and the fields that they may stand for. Nothing of its rows is read.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for what is no table; [`crate::Kind::NotFound`] for an item that is none.
    pub fn submission_headings(&self, caller: &Caller, request: &ImportRequest) -> Result<FileHeadings, AppError> {
        self.authorise(caller, "submission_import")?;
        self.acts_for(caller, "submission_import", &request.authority)?;
        let source = Source::open(&request.file, request.sheet.as_deref(), &Limits::default())?;
        let rows = heads(&source);
        let mut explained = request.mapping.clone();
        let item = match &request.item {
            Some(code) => Some(item_of(&self.catalogue, code)?),
            None => find_item(&self.catalogue, &rows, &explained).ok(),
        };
        let Some(item) = item else {
            let filled = |row: &&Head<'_>| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
            let row = rows.iter().rev().max_by_key(filled);
            let headings = row.into_iter().flat_map(|row| &row.cells).map(|cell| ((*cell).trim().to_owned(), None));
            return Ok(FileHeadings { headings: headings.collect(), ..FileHeadings::default() });
        };
        explained.extend(self.store.view().column_mapping(&request.authority, item.code())?);
        // Of rows with as many known headings the first, as the import takes it.
        let best = rows.iter().map(|row| known(item, row, &explained)).max().unwrap_or(0);
        let row = rows.iter().find(|row| known(item, row, &explained) == best);
        let field = |heading: &str| field_of(item, heading, &explained).map(|at| item.fields[at].field.code.clone());
        let headings = row.into_iter().flat_map(|row| &row.cells);
        let headings = headings.map(|heading| (heading.trim().to_owned(), field(heading))).collect();
        Ok(FileHeadings { item: Some(item.code().to_owned()), headings, fields: self.file_fields(item.code())? })
    }

    /// Code and name of each item that the caller's authority may send, in the order of the catalogue.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for whoever does not follow submissions.
    pub fn submission_items(&self, caller: &Caller) -> Result<Vec<(String, Say)>, AppError> {
        self.authorise(caller, "submission_list")?;
        let Some(authority) = caller.authority.as_deref().map(|code| self.store.view().authority(code)).transpose()?
        else {
            return Ok(Vec::new());
        };
        let own = |def: &&ItemDef| authority.as_ref().is_some_and(|authority| self.may_send(authority, def).is_ok());
        let items = self.catalogue.items().iter().filter(own);
        Ok(items.map(|def| (def.code().to_owned(), Say::new(&def.item.name, &def.item.name_en))).collect())
    }

    /// The fields of an item as a form asks for them.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for an item that is none; [`crate::Kind::Forbidden`] for an office that may not send it.
    pub fn submission_fields(&self, caller: &Caller, item: &str) -> Result<Vec<FileField>, AppError> {
        self.authorise(caller, "submission_import")?;
        let def = item_of(&self.catalogue, item)?;
        if let Some(code) = &caller.authority
            && let Some(authority) = self.store.view().authority(code)?
        {
            self.may_send(&authority, def)?;
        }
        self.file_fields(item)
    }

    fn file_fields(&self, item: &str) -> Result<Vec<FileField>, AppError> {
        use chengxin_core::catalogue::FieldType;
        let item = item_of(&self.catalogue, item)?;
        let fields = item.fields.iter().enumerate().map(|(at, def)| {
            let values = def.choices.iter().flat_map(|choices| choices.entries());
            FileField {
                code: def.field.code.clone(),
                label: label(item, at),
                required: def.field.required || def.field.role == Some(FieldRole::SubjectName),
                date: def.field.kind == FieldType::Date,
                long: def.field.free_text,
                max_length: def.field.max_length,
                choices: values.map(|value| Say::new(value.value.clone(), value.en.clone())).collect(),
            }
        });
        Ok(fields.collect())
    }
}
