//! The shipped catalogue takes what the city sends: every column is a field under one of its names, every choice a
//! value of its dictionary, every required field is there.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chengxin_synth::{FileEntry, Format, Plan, make};
use toml::{Table, Value};

/// All files of the catalogue.
static CATALOGUE: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.iter().map(|p| fs::read_to_string(p).unwrap().parse().unwrap()).collect()
});

/// Tables of that name in all files of the catalogue.
fn tables(name: &str) -> Vec<Table> {
    CATALOGUE.iter().flat_map(|file| list(file, name)).collect()
}

fn list(table: &Table, name: &str) -> Vec<Table> {
    let tables = |v: &Value| v.as_array().unwrap().iter().map(|t| t.as_table().unwrap().clone()).collect();
    table.get(name).map(tables).unwrap_or_default()
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or("")
}

fn texts<'a>(table: &'a Table, key: &str) -> Vec<&'a str> {
    table.get(key).and_then(Value::as_array).map(|a| a.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn fields(item: &Table) -> Vec<Table> {
    let sets = tables("fieldset");
    let of_set = |code: &str| list(sets.iter().find(|s| text(s, "code") == code).unwrap(), "field");
    let mut all: Vec<Table> = texts(item, "uses").into_iter().flat_map(of_set).collect();
    all.extend(list(item, "field"));
    all
}

/// Headings and rows of a plain CSV or a JSON Lines file without faults.
fn read(dir: &Path, file: &FileEntry) -> (Vec<String>, Vec<BTreeMap<String, String>>) {
    assert_eq!(file.format, Format::Csv);
    let mut reader = csv::Reader::from_path(dir.join(&file.path)).unwrap();
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |r: csv::StringRecord| headings.iter().cloned().zip(r.iter().map(str::to_owned)).collect();
    let rows = reader.records().map(|r| row(r.unwrap())).collect();
    (headings, rows)
}

#[test]
fn plain_files_meet_every_item_of_the_catalogue_they_are_sent_under() {
    let dir = tempfile::TempDir::new().unwrap();
    let plan = Plan { mixed: false, fault_share: 0.0, ..Plan::new(2_000, 8_000, 3) };
    let manifest = make(&plan, dir.path(), &mut |_, _| {}).unwrap();
    let (items, dictionaries) = (tables("item"), tables("dictionary"));
    for file in &manifest.files {
        let item = items.iter().find(|i| text(i, "code") == file.item).expect(&file.item);
        let kind = &manifest.authorities.iter().find(|a| a.code == file.authority).unwrap().kind;
        assert!(texts(item, "authorities").contains(&kind.as_str()), "{kind} may send {}", file.item);
        let about: BTreeSet<&str> = texts(item, "subjects").into_iter().map(subject_kind).collect();
        let fields = fields(item);
        let (headings, rows) = read(dir.path(), file);
        for heading in &headings {
            assert!(fields.iter().any(|f| text(f, "code") == heading), "{}: {heading}", file.item);
        }
        let kind_of =
            |row: &BTreeMap<String, String>| row.iter().find(|(h, _)| h.ends_with("XDR_LB")).unwrap().1.clone();
        assert!(rows.iter().all(|r| about.contains(kind_of(r).as_str())), "{}", file.path);
        for (field, row) in fields.iter().flat_map(|f| rows.iter().map(move |r| (f, r))) {
            let value = row.get(text(field, "code")).map_or("", String::as_str);
            let longest = field.get("max_length").and_then(Value::as_integer).unwrap_or(0) as usize;
            assert!(!value.is_empty() || !required(field, row), "{}: {} empty", file.path, text(field, "code"));
            assert!(longest == 0 || value.chars().count() <= longest, "{}: {value} too long", file.path);
            if !value.is_empty() && !text(field, "dictionary").is_empty() {
                let values = dictionaries.iter().find(|d| text(d, "code") == text(field, "dictionary")).unwrap();
                let known = list(values, "value").iter().any(|v| text(v, "value") == value);
                assert!(known, "{}: {} is no {}", file.path, value, text(field, "dictionary"));
            }
        }
    }
}

fn subject_kind(code: &str) -> &'static str {
    match code {
        "person" => "自然人",
        "sole_trader" => "个体工商户",
        "organisation" => "法人及非法人组织",
        _ => "行政机关",
    }
}

fn required(field: &Table, row: &BTreeMap<String, String>) -> bool {
    let always = field.get("required").and_then(Value::as_bool).unwrap_or(false);
    let if_other = field
        .get("required_if")
        .and_then(Value::as_table)
        .is_some_and(|rule| row.get(text(rule, "field")).is_some_and(|v| texts(rule, "in").contains(&v.as_str())));
    always || if_other
}

#[test]
fn headings_in_every_style_are_names_of_fields() {
    let dir = tempfile::TempDir::new().unwrap();
    let manifest = make(&Plan { fault_share: 0.0, ..Plan::new(2_000, 3_000, 3) }, dir.path(), &mut |_, _| {}).unwrap();
    let items = tables("item");
    let mut styles = BTreeSet::new();
    for file in &manifest.files {
        let item = items.iter().find(|i| text(i, "code") == file.item).unwrap();
        let fields = fields(item);
        for heading in headings(dir.path(), file) {
            let named = |f: &&Table| {
                text(f, "code") == heading
                    || text(f, "label") == heading
                    || texts(f, "aliases").contains(&heading.as_str())
            };
            let meant: Vec<_> = fields.iter().filter(named).collect();
            assert_eq!(meant.len(), 1, "{}: {heading}", file.path);
            styles.insert(text(meant[0], "code") == heading);
        }
    }
    assert_eq!(styles.len(), 2, "codes and others");
}

/// Headings of a file of any format and encoding.
fn headings(dir: &Path, file: &FileEntry) -> Vec<String> {
    use calamine::Reader;
    let path = dir.join(&file.path);
    match file.format {
        Format::Xlsx => {
            let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
            let sheet = book.worksheet_range_at(0).unwrap().unwrap();
            let full = sheet.rows().find(|r| r.iter().filter(|c| !c.to_string().is_empty()).count() > 1).unwrap();
            full.iter().map(ToString::to_string).collect()
        }
        Format::Jsonl => {
            let text = fs::read_to_string(path).unwrap();
            let line = text.lines().find(|l| !l.is_empty()).unwrap();
            serde_json::from_str::<BTreeMap<String, serde_json::Value>>(line).unwrap().into_keys().collect()
        }
        Format::Csv | Format::Tsv => {
            let text = encoding_rs::GB18030.decode(&fs::read(&path).unwrap()).0.into_owned();
            let utf8 = String::from_utf8(fs::read(&path).unwrap()).unwrap_or(text);
            let first = utf8.trim_start_matches('\u{FEFF}').lines().next().unwrap().to_owned();
            first.split(if file.format == Format::Csv { ',' } else { '\t' }).map(str::to_owned).collect()
        }
    }
}
