//! What kind of file this is: by its content first, then by its ending. Where the two disagree the file
//! is refused, because one of them is a mistake and only the sender knows which.

use std::path::Path;

use crate::error::Fault;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text, columns separated by commas, quoted as RFC 4180 says.
    Csv,
    /// Text, columns separated by tabs, quoted in the same way.
    Tsv,
    /// Office Open XML workbook (`.xlsx`, `.xlsm`; macros are never run).
    Xlsx,
    /// Excel 97–2003 workbook.
    Xls,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// The usual file ending, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
            Format::JsonLines => "jsonl",
        }
    }

    /// The format that a file ending promises; `None` for endings that promise nothing (`.txt`, none).
    fn of_ending(ending: &str) -> Option<Format> {
        match ending {
            "csv" => Some(Format::Csv),
            "tsv" | "tab" => Some(Format::Tsv),
            "xlsx" | "xlsm" => Some(Format::Xlsx),
            "xls" => Some(Format::Xls),
            "jsonl" | "ndjson" | "json" => Some(Format::JsonLines),
            _ => None,
        }
    }
}

/// The encodings of text that are read. GBK and GB 2312 are subsets of GB 18030.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 without mark.
    Utf8,
    /// UTF-8 with its byte order mark, as spreadsheets write "CSV UTF-8".
    Utf8Bom,
    /// UTF-16, low byte first, with mark ("Unicode text").
    Utf16Le,
    /// UTF-16, high byte first, with mark.
    Utf16Be,
    /// GB 18030.
    Gb18030,
}

impl Encoding {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 BOM",
            Encoding::Utf16Le => "UTF-16 LE",
            Encoding::Utf16Be => "UTF-16 BE",
            Encoding::Gb18030 => "GB18030",
        }
    }

    /// The encoding that a byte order mark announces.
    pub(crate) fn of_mark(head: &[u8]) -> Option<Encoding> {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8Bom),
            [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
            [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
            _ => None,
        }
    }

    /// Bytes of the mark at the start of the file.
    pub(crate) fn mark_len(self) -> usize {
        match self {
            Encoding::Utf8Bom => 3,
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
            Encoding::Utf8 | Encoding::Gb18030 => 0,
        }
    }
}

/// What the bytes of a file are, whatever its ending says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each name is the kind; `zh` and `en` spell it out")]
pub enum Content {
    Text,
    CommaText,
    TabText,
    Json,
    Xlsx,
    Xls,
    Markup,
    Pdf,
    Picture,
    Gzip,
    Rar,
    SevenZip,
    Rtf,
    Xlsb,
    Ods,
    Word,
    Slides,
    Zip,
    Ole,
}

impl Content {
    /// Its name in Simplified Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Content::Text => "纯文本",
            Content::CommaText => "逗号分隔的文本",
            Content::TabText => "制表符分隔的文本",
            Content::Json => "JSON",
            Content::Xlsx => "XLSX 工作簿",
            Content::Xls => "XLS 工作簿",
            Content::Markup => "网页或 XML（许多系统导出的“XLS”其实是网页）",
            Content::Pdf => "PDF 文件",
            Content::Picture => "图片",
            Content::Gzip => "GZIP 压缩包",
            Content::Rar => "RAR 压缩包",
            Content::SevenZip => "7z 压缩包",
            Content::Rtf => "RTF 文档",
            Content::Xlsb => "XLSB 二进制工作簿",
            Content::Ods => "ODS 表格",
            Content::Word => "Word 文档",
            Content::Slides => "演示文稿",
            Content::Zip => "ZIP 压缩包",
            Content::Ole => "其他 Office 文件",
        }
    }

    /// Its name in English.
    pub fn en(self) -> &'static str {
        match self {
            Content::Text => "plain text",
            Content::CommaText => "comma-separated text",
            Content::TabText => "tab-separated text",
            Content::Json => "JSON",
            Content::Xlsx => "an XLSX workbook",
            Content::Xls => "an XLS workbook",
            Content::Markup => "a web page or XML (which many systems export as \"XLS\")",
            Content::Pdf => "a PDF document",
            Content::Picture => "a picture",
            Content::Gzip => "a GZIP archive",
            Content::Rar => "a RAR archive",
            Content::SevenZip => "a 7z archive",
            Content::Rtf => "an RTF document",
            Content::Xlsb => "an XLSB binary workbook",
            Content::Ods => "an ODS spreadsheet",
            Content::Word => "a Word document",
            Content::Slides => "a slide show",
            Content::Zip => "a ZIP archive",
            Content::Ole => "another Office file",
        }
    }
}

/// The broad kind, from the first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Zip,
    Ole,
    Text,
}

/// The lower-case ending of a path, empty where there is none.
pub(crate) fn ending(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Tells containers and text apart, and refuses what is neither.
///
/// # Errors
/// [`Fault::OtherContent`] for kinds that are recognised and not read.
pub(crate) fn container(head: &[u8]) -> Result<Container, Fault> {
    const OTHER: [(&[u8], Content); 9] = [
        (b"%PDF", Content::Pdf),
        (b"\x89PNG", Content::Picture),
        (b"\xFF\xD8\xFF", Content::Picture),
        (b"GIF8", Content::Picture),
        (b"\x1F\x8B", Content::Gzip),
        (b"Rar!", Content::Rar),
        (b"7z\xBC\xAF", Content::SevenZip),
        (b"{\\rtf", Content::Rtf),
        (b"BM\x00", Content::Picture),
    ];
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Container::Zip);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(Container::Ole);
    }
    match OTHER.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, content)) => Err(Fault::OtherContent(*content)),
        None => Ok(Container::Text),
    }
}

/// Checks that a container's content is what the ending promises; endings that promise nothing agree.
pub(crate) fn agree(found: Format, content: Content, ending: &str) -> Result<Format, Fault> {
    match Format::of_ending(ending) {
        Some(promised) if promised != found => {
            Err(Fault::Mismatch { content, ending: ending.to_owned(), right: Some(found) })
        }
        _ => Ok(found),
    }
}

/// Decides the format of decoded text from its first lines.
///
/// # Errors
/// [`Fault::Mismatch`], [`Fault::Delimiter`] or [`Fault::JsonArray`], each saying what to do.
pub(crate) fn of_text(sample: &str, ending: &str) -> Result<Format, Fault> {
    let start = sample.trim_start();
    let promised = Format::of_ending(ending);
    let mismatch = |content, right| Fault::Mismatch { content, ending: ending.to_owned(), right };
    if starts_as_markup(start) {
        return Err(match ending {
            "" => Fault::OtherContent(Content::Markup),
            _ => mismatch(Content::Markup, None),
        });
    }
    if matches!(promised, Some(Format::Xlsx | Format::Xls)) {
        return Err(match separator(sample) {
            Some('\t') => mismatch(Content::TabText, Some(Format::Tsv)),
            Some(',') => mismatch(Content::CommaText, Some(Format::Csv)),
            _ => mismatch(Content::Text, None),
        });
    }
    let object = first_line_is_object(start);
    match promised {
        Some(Format::JsonLines) if start.starts_with('[') => Err(Fault::JsonArray),
        Some(Format::JsonLines) if !start.starts_with('{') => Err(match separator(sample) {
            Some('\t') => mismatch(Content::TabText, Some(Format::Tsv)),
            Some(',') => mismatch(Content::CommaText, Some(Format::Csv)),
            _ => mismatch(Content::Text, None),
        }),
        Some(Format::JsonLines) => Ok(Format::JsonLines),
        Some(_) if object => Err(mismatch(Content::Json, Some(Format::JsonLines))),
        None if object => Ok(Format::JsonLines),
        Some(Format::Tsv) => match separator(sample) {
            Some(',') => Err(mismatch(Content::CommaText, Some(Format::Csv))),
            Some(found) if found != '\t' => Err(Fault::Delimiter { found, expected: '\t' }),
            _ => Ok(Format::Tsv),
        },
        promised => match separator(sample) {
            Some('\t') if promised.is_none() => Ok(Format::Tsv),
            Some(found) if found != ',' => Err(Fault::Delimiter { found, expected: ',' }),
            _ => Ok(Format::Csv),
        },
    }
}

fn starts_as_markup(start: &str) -> bool {
    const TAGS: [&str; 6] = ["<html", "<!doctype", "<?xml", "<table", "<head", "<meta"];
    TAGS.iter().any(|tag| start.get(..tag.len()).is_some_and(|s| s.eq_ignore_ascii_case(tag)))
}

fn first_line_is_object(start: &str) -> bool {
    let line = start.lines().next().unwrap_or_default();
    line.starts_with('{') && serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(line).is_ok()
}

/// The character that separates the columns of most lines: the comma where most lines have one, else the
/// first other candidate that most lines have, else none (a single column).
fn separator(sample: &str) -> Option<char> {
    const CANDIDATES: [char; 5] = [',', '\t', ';', '\u{ff0c}', '|'];
    let lines: Vec<&str> = sample.lines().filter(|l| !l.trim().is_empty()).take(40).collect();
    CANDIDATES.into_iter().find(|&candidate| {
        let having = lines.iter().filter(|line| outside_quotes(line, candidate)).count();
        having * 2 > lines.len()
    })
}

/// Whether a line has `wanted` outside quotation marks. A line is not always a record; for a guess on the
/// majority of lines that is good enough.
fn outside_quotes(line: &str, wanted: char) -> bool {
    let mut quoted = false;
    line.chars().any(|c| {
        quoted ^= c == '"';
        !quoted && c == wanted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_most_lines_makes_csv_even_where_text_holds_semicolons() {
        assert!(matches!(of_text("a,b\n1;2,3;4\n", "csv"), Ok(Format::Csv)));
    }

    #[test]
    fn a_single_column_needs_no_separator() {
        assert!(matches!(of_text("name\nx\ny\n", "csv"), Ok(Format::Csv)));
    }

    #[test]
    fn semicolons_in_a_csv_are_named() {
        assert!(matches!(of_text("a;b\n1;2\n", "csv"), Err(Fault::Delimiter { found: ';', expected: ',' })));
    }

    #[test]
    fn text_without_a_known_ending_is_judged_by_its_separator() {
        assert!(matches!(of_text("a\tb\n1\t2\n", "txt"), Ok(Format::Tsv)));
        assert!(matches!(of_text("a,b\n1,2\n", ""), Ok(Format::Csv)));
        assert!(matches!(of_text("{\"a\":1}\n", ""), Ok(Format::JsonLines)));
    }

    #[test]
    fn a_web_page_called_xls_is_recognised() {
        let fault = of_text("<html><table></table></html>", "xls").err();
        assert!(matches!(fault, Some(Fault::Mismatch { content: Content::Markup, .. })));
    }
}
