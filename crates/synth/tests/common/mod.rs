//! Reading the files of a city back, by other means than those that wrote them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each test takes what it needs")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use calamine::Reader;
use chengxin_synth::{Encoding, FileEntry, Format};

/// The text of a file, decoded strictly.
pub(crate) fn decoded(dir: &Path, file: &FileEntry) -> String {
    let bytes = fs::read(dir.join(&file.path)).unwrap();
    let (text, wrong) = match file.encoding {
        Encoding::Utf8 => (String::from_utf8(bytes).unwrap(), false),
        Encoding::Utf8Bom => {
            (String::from_utf8(bytes).unwrap().strip_prefix('\u{FEFF}').expect("has a mark").to_owned(), false)
        }
        Encoding::Gbk => only_gbk(&bytes),
        Encoding::Gb18030 => {
            let (text, _, wrong) = encoding_rs::GB18030.decode(&bytes);
            (text.into_owned(), wrong)
        }
    };
    assert!(!wrong, "{} decodes", file.path);
    text
}

/// Decodes GBK and refuses the four-byte sequences that only GB 18030 has.
fn only_gbk(bytes: &[u8]) -> (String, bool) {
    let (text, _, wrong) = encoding_rs::GBK.decode(bytes);
    let (again, _, lost) = encoding_rs::GBK.encode(&text);
    (text.clone().into_owned(), wrong || lost || again != bytes)
}

/// Every row of a file as it stands there: title, headings, blanks and all.
pub(crate) fn raw_rows(dir: &Path, file: &FileEntry) -> Vec<Vec<String>> {
    match file.format {
        Format::Xlsx => {
            let mut book: calamine::Xlsx<_> = calamine::open_workbook(dir.join(&file.path)).unwrap();
            let range = book.worksheet_range_at(0).unwrap().unwrap();
            range.rows().map(|r| r.iter().map(ToString::to_string).collect()).collect()
        }
        Format::Csv | Format::Tsv => {
            let delimiter = if file.format == Format::Csv { b',' } else { b'\t' };
            let text = decoded(dir, file);
            text.lines()
                .map(|line| {
                    let mut reader = csv::ReaderBuilder::new();
                    reader.has_headers(false).delimiter(delimiter);
                    let record = reader.from_reader(line.as_bytes()).into_records().next();
                    record.map(|r| r.unwrap().iter().map(str::to_owned).collect()).unwrap_or_default()
                })
                .collect()
        }
        Format::Jsonl => decoded(dir, file)
            .lines()
            .map(|line| {
                let object: BTreeMap<String, serde_json::Value> = serde_json::from_str(line).unwrap();
                object.into_iter().map(|(k, v)| format!("{k}={v}")).collect()
            })
            .collect(),
    }
}

pub(crate) fn is_blank(row: &[String]) -> bool {
    row.iter().all(String::is_empty)
}
