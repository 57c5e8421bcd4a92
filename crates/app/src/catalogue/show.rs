//! Items in words, and what is wrong with a catalogue.

use std::path::Path;

use chengxin_core::catalogue::{self, Catalogue, Finding, ItemDef, ShowSection};
use chengxin_core::{Caller, Say};

use super::{findings, read_dir};
use crate::reading::Reading;
use crate::{AppError, Installation};

impl Installation {
    /// One item in words, section by section; without a code, a list of all.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for an unknown code.
    pub fn catalogue_show(&self, caller: &Caller, item: Option<&str>) -> Result<Vec<ShowSection>, AppError> {
        self.authorise(caller, "catalogue_show")?;
        shown(&self.catalogue, item)
    }

    /// What is wrong, or worth reading, in the catalogue of a folder, held against today and this place.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] where the folder cannot be read.
    pub fn catalogue_check(&self, caller: &Caller, dir: &Path) -> Result<Vec<Finding>, AppError> {
        self.authorise(caller, "catalogue_check")?;
        Ok(findings(&read_dir(dir)?, self.today(), self.place()))
    }

    /// The item with a code, or a sentence that says where the codes are.
    pub(super) fn item(&self, code: &str) -> Result<&ItemDef, AppError> {
        find(&self.catalogue, code)
    }
}

impl Reading {
    /// As [`Installation::catalogue_show`].
    ///
    /// # Errors
    /// As there.
    pub fn catalogue_show(&self, caller: &Caller, item: Option<&str>) -> Result<Vec<ShowSection>, AppError> {
        self.authorise(caller, "catalogue_show")?;
        shown(&self.catalogue, item)
    }

    /// Every item, for a list that leads to each.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a purpose.
    pub fn item_list(&self, caller: &Caller) -> Result<Vec<ItemLine>, AppError> {
        self.authorise(caller, "catalogue_show")?;
        Ok(self.catalogue.items().iter().map(ItemLine::of).collect())
    }

    /// The fields of life by which a report can be narrowed, in the order of the catalogue.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a purpose.
    pub fn domain_list(&self, caller: &Caller) -> Result<Vec<Say>, AppError> {
        self.authorise(caller, "catalogue_show")?;
        let dictionary = self.catalogue.dictionary("domain");
        let entries = dictionary.map_or(&[][..], |dictionary| dictionary.entries());
        Ok(entries.iter().map(|entry| Say::new(&entry.value, &entry.en)).collect())
    }
}

/// One item in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemLine {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Say,
    /// Class of the national catalogue.
    pub class: String,
    /// Does it speak for somebody, against them, or neither?
    pub polarity: Say,
}

impl ItemLine {
    fn of(def: &ItemDef) -> Self {
        let item = &def.item;
        let name = Say::new(&item.name, &item.name_en);
        Self { code: def.code().to_owned(), name, class: item.class.clone(), polarity: item.polarity.name() }
    }
}

fn shown(catalogue: &Catalogue, item: Option<&str>) -> Result<Vec<ShowSection>, AppError> {
    match item {
        Some(code) => Ok(catalogue::show(catalogue, find(catalogue, code)?)),
        None => Ok(vec![list(catalogue)]),
    }
}

fn list(catalogue: &Catalogue) -> ShowSection {
    let line = |def: &ItemDef| {
        let (code, polarity) = (def.code(), def.item.polarity.name());
        Say::new(
            format!("{code}  {}（{}，{}）", def.item.name, def.item.class, polarity.zh),
            format!("{code}  {} ({})", def.item.name_en, polarity.en),
        )
    };
    let lines: Vec<_> = catalogue.items().iter().map(line).collect();
    let (count, hash) = (lines.len(), &catalogue.hash_hex()[..12]);
    ShowSection {
        title: Say::new(format!("信用事项 {count} 项（目录 {hash}）"), format!("{count} items (catalogue {hash})")),
        lines,
    }
}

fn find<'c>(catalogue: &'c Catalogue, code: &str) -> Result<&'c ItemDef, AppError> {
    catalogue.item(code).ok_or_else(|| {
        AppError::not_found(
            format!("目录中没有事项「{code}」；运行 chengxin catalogue show 查看全部"),
            format!("the catalogue has no item “{code}”: chengxin catalogue show lists them all"),
        )
    })
}
