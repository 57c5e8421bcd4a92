//! The workbook itself: which sheets there are, where they lie, and what their cells refer to.

use std::collections::HashMap;
use std::fs::File;

use crate::error::Fault;
use crate::format::Content;
use crate::limits::Limits;
use crate::serial::NumberKind;
use crate::xlsx::package::{Package, damaged};
use crate::xlsx::strings::Strings;
use crate::xlsx::styles;
use crate::xlsx::xml::{Token, Tokens, attribute};

/// The largest of the small parts (relations, workbook, styles), in bytes. Styles of old workbooks that
/// were copied together for years reach a few MiB.
const SMALL_PART: u64 = 32 * 1024 * 1024;

/// A sheet of the workbook.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) visible: bool,
    /// Name of its part; `None` for charts and dialogs.
    pub(crate) part: Option<String>,
}

/// What cells refer to.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) strings: Strings,
    /// By style number.
    pub(crate) kinds: Vec<NumberKind>,
    pub(crate) epoch_1904: bool,
}

/// An opened workbook.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) package: Package,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) shared: Shared,
}

impl Book {
    /// Reads everything but the sheets.
    ///
    /// # Errors
    /// [`Fault::NotAWorkbook`], [`Fault::Damaged`] and the faults of size.
    pub(crate) fn open(file: &File, limits: &Limits) -> Result<Book, Fault> {
        let package = Package::open(file, limits)?;
        let part = workbook_part(&package, file)?;
        let relations = relations(&package, file, &part)?;
        let entry = package.find(&part).ok_or_else(|| damaged(&part, "missing"))?;
        let text = entry.text(file, SMALL_PART)?;
        let (sheets, epoch_1904) = workbook(&text, &relations).map_err(|e| damaged(&part, e))?;
        let kinds = match relations.of_kind("/styles").and_then(|target| package.find(target)) {
            Some(entry) => {
                let text = entry.text(file, SMALL_PART)?;
                styles::kinds(&text).map_err(|e| damaged(entry.name(), e))?
            }
            None => Vec::new(),
        };
        let strings = match relations.of_kind("/sharedStrings").and_then(|target| package.find(target)) {
            Some(entry) => Strings::read(entry.open(file, limits.max_unzipped_bytes)?, limits)?,
            None => Strings::default(),
        };
        Ok(Book { package, sheets, shared: Shared { strings, kinds, epoch_1904 } })
    }
}

/// The relations of a part: id to (kind, target).
struct Relations(HashMap<String, (String, String)>);

impl Relations {
    fn of_kind(&self, kind: &str) -> Option<&str> {
        self.0.values().find(|(k, _)| k.ends_with(kind)).map(|(_, target)| target.as_str())
    }
}

fn workbook_part(package: &Package, file: &File) -> Result<String, Fault> {
    let found = relations(package, file, "")?.of_kind("/officeDocument").map(str::to_owned);
    match found {
        Some(part)
            if part.to_lowercase().ends_with(".xml") && !package.any_under("word/") && !package.any_under("ppt/") =>
        {
            Ok(part)
        }
        _ => Err(Fault::NotAWorkbook(other_content(package))),
    }
}

/// What a zip archive is that is no XLSX.
fn other_content(package: &Package) -> Content {
    if package.find("xl/workbook.bin").is_some() {
        Content::Xlsb
    } else if package.find("mimetype").is_some() && package.find("content.xml").is_some() {
        Content::Ods
    } else if package.any_under("word/") {
        Content::Word
    } else if package.any_under("ppt/") {
        Content::Slides
    } else {
        Content::Zip
    }
}

/// The relations of `part` (`""`: of the package), targets as names from the root. No file, no relations.
fn relations(package: &Package, file: &File, part: &str) -> Result<Relations, Fault> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let own = match folder {
        "" => format!("_rels/{name}.rels"),
        _ => format!("{folder}/_rels/{name}.rels"),
    };
    let mut map = HashMap::new();
    let Some(entry) = package.find(&own) else { return Ok(Relations(map)) };
    let text = entry.text(file, SMALL_PART)?;
    let mut tokens = Tokens::new(&text);
    let fault = |e| damaged(&own, e);
    while let Some(token) = tokens.next().map_err(fault)? {
        let Token::Open { name: "Relationship", attributes, .. } = token else { continue };
        let get = |name| attribute(attributes, name).map_err(fault);
        if let (Some(id), Some(kind), Some(target)) = (get("Id")?, get("Type")?, get("Target")?) {
            map.insert(id.into_owned(), (kind.into_owned(), from_root(folder, &target)));
        }
    }
    Ok(Relations(map))
}

/// A target as a name from the root of the package: `../a.xml` seen from `xl` is `a.xml`.
fn from_root(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn workbook(text: &str, relations: &Relations) -> Result<(Vec<Sheet>, bool), &'static str> {
    let mut sheets = Vec::new();
    let mut epoch_1904 = false;
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next()? {
        match token {
            Token::Open { name: "workbookPr", attributes, .. } => {
                let value = attribute(attributes, "date1904")?;
                epoch_1904 = matches!(value.as_deref(), Some("1" | "true"));
            }
            Token::Open { name: "sheet", attributes, .. } => {
                let name = attribute(attributes, "name")?.ok_or("a sheet without a name")?;
                let state = attribute(attributes, "state")?;
                // `r:id`; the prefix is dropped, and `sheetId` is another attribute.
                let relation = attribute(attributes, "id")?.and_then(|id| relations.0.get(id.as_ref()));
                let part = relation.filter(|(kind, _)| kind.ends_with("/worksheet")).map(|(_, t)| t.clone());
                let visible = !matches!(state.as_deref(), Some("hidden" | "veryHidden"));
                sheets.push(Sheet { name: name.into_owned(), visible, part });
            }
            _ => {}
        }
    }
    if sheets.is_empty() {
        return Err("no sheets");
    }
    Ok((sheets, epoch_1904))
}

#[cfg(test)]
mod tests {
    use super::from_root;

    #[test]
    fn targets_are_resolved_against_the_folder() {
        assert_eq!(from_root("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(from_root("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(from_root("xl", "../a/./b.xml"), "a/b.xml");
    }
}
