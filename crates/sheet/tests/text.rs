//! Text in every encoding, cut into blocks anywhere, reads as what was written.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use chengxin_sheet::{Encoding, Format, Limits, Source};
use common::{Scratch, read};
use proptest::prelude::*;

const ENCODINGS: [Encoding; 5] =
    [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030];

fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => format!("\u{FEFF}{text}").into_bytes(),
        Encoding::Utf16Le => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
    }
}

fn csv_of(rows: &[Vec<String>], delimiter: u8, line_end: &str) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(if line_end == "\n" { csv::Terminator::Any(b'\n') } else { csv::Terminator::CRLF })
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn limits(block_bytes: usize) -> Limits {
    Limits { block_bytes, ..Limits::default() }
}

#[test]
fn every_encoding_is_recognised() {
    let scratch = Scratch::new();
    // 㐀 has four bytes in GB 18030, 𠮷 lies outside the basic plane.
    let text = "姓名,证件号码\n王小明,990000199001010017\n㐀𠮷,99000019850212004X\n";
    for encoding in ENCODINGS {
        let bytes = encode(text, encoding);
        let path = scratch.file("a.csv", &bytes);
        let source = Source::open(&path, None, &Limits::default()).unwrap();
        let info = source.info();
        assert_eq!((info.format, info.encoding), (Format::Csv, Some(encoding)));
        assert_eq!(info.bytes, bytes.len() as u64);
        let rows = read(&path, 1, 2, &Limits::default()).unwrap();
        assert_eq!(rows[1].cells, ["㐀𠮷", "99000019850212004X"], "{encoding:?}");
    }
}

#[test]
fn the_hash_is_the_hash_of_the_whole_file() {
    let scratch = Scratch::new();
    let content = "a,b\n".repeat(300_000);
    let path = scratch.file("a.csv", &content);
    let source = Source::open(&path, None, &Limits::default()).unwrap();
    assert_eq!(source.info().sha256, <[u8; 32]>::from(sha2::Sha256::digest(content.as_bytes())));
    // The standard's own example, FIPS 180-4: SHA-256("abc").
    let abc = Source::open(&scratch.file("b.csv", "abc"), None, &Limits::default()).unwrap();
    assert_eq!(abc.info().sha256[..4], [0xba, 0x78, 0x16, 0xbf]);
}

use sha2::Digest;

#[test]
fn title_rows_and_blank_rows_count_in_row_numbers() {
    let scratch = Scratch::new();
    let path = scratch.file("a.csv", "行政处罚报送表,,\r\n\r\n名称,号码,备注\r\n甲,1,\"两\n行\"\r\n,,\r\n乙,2,\r\n");
    let source = Source::open(&path, None, &Limits::default()).unwrap();
    let head: Vec<_> = source.head().iter().map(|row| (row.number(), row.len())).collect();
    assert_eq!(head, [(1, 3), (3, 3), (4, 3), (6, 3)]);
    let rows = read(&path, 3, 3, &Limits::default()).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.number, row.cells[2].as_str())).collect();
    assert_eq!(seen, [(4, "两\n行"), (6, "")]);
}

#[test]
fn progress_adds_up_to_the_file() {
    let scratch = Scratch::new();
    for encoding in ENCODINGS {
        let path = scratch.file("a.csv", encode(&"甲,乙\n".repeat(10_000), encoding));
        let source = Source::open(&path, None, &limits(5000)).unwrap();
        let wanted = source.info().sheet_bytes;
        let mut blocks = source.blocks(0, 2).unwrap();
        let mut sum = 0;
        while let Some(block) = blocks.next_block().unwrap() {
            sum += block.bytes();
        }
        assert_eq!(sum, wanted, "{encoding:?}");
    }
}

#[test]
fn old_line_ends_and_a_missing_last_one_are_read() {
    let scratch = Scratch::new();
    for content in ["a,b\r1,2\r3,4", "a,b\n1,2\r\n3,4", "a,b\n1,2\n3,4\n"] {
        let rows = read(&scratch.file("a.csv", content), 1, 2, &Limits::default()).unwrap();
        assert_eq!(rows.iter().map(|row| row.cells.join("")).collect::<Vec<_>>(), ["12", "34"], "{content:?}");
    }
}

#[test]
fn many_rows_pass_through_in_blocks() {
    let scratch = Scratch::new();
    let path = scratch.file("a.csv", format!("号码,名称\n{}", "990000199001010017,王小明\n".repeat(200_000)));
    let mut blocks = Source::open(&path, None, &Limits::default()).unwrap().blocks(1, 2).unwrap();
    let mut rows = chengxin_sheet::Rows::default();
    let mut count = 0;
    let mut last = 1;
    while let Some(block) = blocks.next_block().unwrap() {
        block.decode(&mut rows).unwrap();
        assert_eq!(rows.row(0).number(), last + 1);
        count += rows.len();
        last = rows.row(rows.len() - 1).number();
    }
    assert_eq!((count, last), (200_000, 200_001));
}

#[test]
fn json_lines_have_their_columns_from_their_keys() {
    let scratch = Scratch::new();
    let text = "{\"名称\":\"甲\",\"号码\":990000199001010017}\n\n{\"金额\":1.50,\"名称\":\"乙\"}\n{\"名称\":";
    let path = scratch.file("a.jsonl", text);
    let source = Source::open(&path, None, &Limits::default()).unwrap();
    assert_eq!(source.info().format, Format::JsonLines);
    assert_eq!(source.headings().unwrap(), ["名称", "号码", "金额"]);
    for block_bytes in [1, 10, 1000] {
        let rows = read(&path, 0, 3, &limits(block_bytes)).unwrap();
        let seen: Vec<_> = rows.iter().map(|row| (row.number, row.cells.join("|"), row.codes())).collect();
        assert_eq!(
            seen,
            [
                (1, "甲|990000199001010017|".to_owned(), vec![]),
                (3, "乙||1.50".to_owned(), vec![]),
                (4, "||".to_owned(), vec!["bad-json"]),
            ]
        );
    }
}

#[test]
fn a_key_that_comes_late_is_a_problem_of_its_row() {
    let scratch = Scratch::new();
    let text = "{\"a\":1}\n".repeat(45) + "{\"a\":1,\"b\":2}\n";
    let rows = read(&scratch.file("a.jsonl", text), 0, 1, &Limits::default()).unwrap();
    assert_eq!((rows[45].number, rows[45].codes()), (46, vec!["unknown-key"]));
    assert!(rows[45].problems[0].zh().contains('b'));
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9 ]{0,8}",
        "[\u{4E00}-\u{9FFF}]{0,6}",
        // Four bytes in GB 18030; outside the basic plane; quotation marks, separators and line ends.
        "[\u{3400}-\u{3410}\u{20BB7}\u{20000}-\u{20010}\"',;\t\r\n ]{0,6}",
        "\"?[a-z,\"\n]{0,5}",
    ]
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..5).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(cell(), width), 1..30))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn what_is_written_is_what_is_read(
        rows in table(),
        encoding in prop::sample::select(&ENCODINGS[..]),
        block_bytes in prop::sample::select(&[1_usize, 2, 3, 5, 17, 64, 4096][..]),
        tabs in any::<bool>(),
        crlf in any::<bool>(),
    ) {
        let width = rows[0].len() + 1;
        // A first column that is never blank, so that no row is left out.
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| std::iter::once("名".to_owned()).chain(row.iter().cloned()).collect()).collect();
        let (delimiter, name) = if tabs { (b'\t', "a.tsv") } else { (b',', "a.csv") };
        let text = csv_of(&rows, delimiter, if crlf { "\r\n" } else { "\n" });
        let scratch = Scratch::new();
        let path = scratch.file(name, encode(&text, encoding));
        let read = match read(&path, 0, width, &limits(block_bytes)) {
            Ok(rows) => rows,
            // Few and odd lines may look like another separator; the reader then says so and stops.
            Err(error) => {
                prop_assert!(matches!(
                    error.fault(),
                    chengxin_sheet::Fault::Delimiter { .. } | chengxin_sheet::Fault::Mismatch { .. }
                ), "{}", error);
                return Ok(());
            }
        };
        let cells: Vec<&Vec<String>> = read.iter().map(|row| &row.cells).collect();
        prop_assert_eq!(cells, rows.iter().collect::<Vec<_>>());
        prop_assert!((1..).zip(&read).all(|(number, row)| row.number == number));
        prop_assert!(read.iter().all(|row| row.problems.is_empty()));
    }

    #[test]
    fn any_text_parses_as_the_reference_parser_does(
        text in "(名,)?([a-c,\"\n ]|\r\n|一){1,60}",
        block_bytes in prop::sample::select(&[1_usize, 3, 16, 4096][..]),
    ) {
        // The reference ends a record at a lone carriage return as well, which we keep as text.
        let text = format!("x,y,z\n{text}");
        let scratch = Scratch::new();
        let path = scratch.file("a.csv", &text);
        let mut reference = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let wanted: Vec<Vec<String>> = reference
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
            .filter(|record| record.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        match read(&path, 0, 3, &limits(block_bytes)) {
            Ok(rows) => {
                prop_assert_eq!(rows.len(), wanted.len());
                for (row, wanted) in rows.iter().zip(&wanted) {
                    let mut wanted = wanted.clone();
                    wanted.resize(3, String::new());
                    prop_assert_eq!(&row.cells, &wanted);
                }
            }
            Err(error) => prop_assert!(matches!(
                error.fault(),
                chengxin_sheet::Fault::UnclosedQuote { .. } | chengxin_sheet::Fault::Delimiter { .. }
            ), "{}", error),
        }
    }
}
