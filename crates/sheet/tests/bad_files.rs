//! Every kind of bad file: refused in plain words, before anything is loaded.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::Write;

use chengxin_sheet::{Content, Encoding, Fault, Format, Limits, Source};
use common::{Scratch, error_of, fixture, is, read, worksheet, xlsx, xlsx_of};

#[test]
fn only_regular_files_are_read() {
    let scratch = Scratch::new();
    let file = scratch.file("a.csv", "a,b\n1,2\n");
    assert!(is(&error_of(&scratch.path("missing.csv")), |f| matches!(f, Fault::NotFound)));
    assert!(is(&error_of(file.parent().unwrap()), |f| matches!(f, Fault::Folder)));
    assert!(is(&scratch.error("empty.csv", ""), |f| matches!(f, Fault::Empty)));
    #[cfg(unix)]
    {
        let link = scratch.path("link.csv");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(is(&error_of(&link), |f| matches!(f, Fault::Symlink)));
        let pipe = scratch.path("pipe.csv");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(is(&error_of(&pipe), |f| matches!(f, Fault::NotRegular)));
        assert!(is(&error_of(std::path::Path::new("/dev/null")), |f| matches!(f, Fault::NotRegular)));
    }
}

#[test]
fn files_without_rows_are_refused() {
    let scratch = Scratch::new();
    for content in ["\n\n", "\u{FEFF}", ",,,\n,,\n", " \u{3000}\r\n"] {
        assert!(is(&scratch.error("a.csv", content), |f| matches!(f, Fault::NoRows { .. })), "{content:?}");
    }
    let empty = scratch.error("a.xlsx", xlsx("<row r=\"9\"><c r=\"A9\" s=\"0\"/></row>"));
    assert!(is(&empty, |f| matches!(f, Fault::NoRows { sheets } if sheets == &["数据"])), "{empty}");
    assert!(empty.zh().contains("数据"));
}

#[test]
fn a_wrong_encoding_is_named_with_row_and_byte_for_each_reading() {
    let scratch = Scratch::new();
    // Latin-1 text: é is no UTF-8, and é followed by a line end no GB 18030.
    let error = scratch.error("a.csv", b"name,x\nabc,1\nCaf\xE9\n");
    let Fault::Encoding(tried) = error.fault() else { panic!("{error}") };
    let found: Vec<_> = tried.iter().map(|bad| (bad.encoding, bad.row, bad.offset)).collect();
    assert_eq!(found, [(Encoding::Utf8, 3, 16), (Encoding::Gb18030, 3, 16)]);
    assert!(error.zh().contains("CSV UTF-8") && error.zh().contains("第 3 行"), "{}", error.zh());
}

#[test]
fn a_byte_order_mark_is_taken_at_its_word() {
    let scratch = Scratch::new();
    let mut gbk = b"\xEF\xBB\xBFname\n".to_vec();
    gbk.extend_from_slice(&encoding_rs::GBK.encode("处罚决定").0);
    let error = scratch.error("a.csv", &gbk);
    assert!(is(
        &error,
        |f| matches!(f, Fault::Encoding(tried) if tried.len() == 1 && tried[0].encoding == Encoding::Utf8Bom)
    ));
    let odd = scratch.error("b.csv", b"\xFF\xFEa\0\n\0x");
    assert!(
        is(
            &odd,
            |f| matches!(f, Fault::Encoding(tried) if tried[0].encoding == Encoding::Utf16Le && tried[0].row == 2)
        ),
        "{odd}"
    );
}

#[test]
fn a_bad_byte_deep_in_a_long_file_is_found() {
    let scratch = Scratch::new();
    let mut content = "处罚,决定\n".repeat(60_000).into_bytes();
    let at = content.len();
    content.extend_from_slice(b"x\xFF,y\n");
    let error = scratch.error("a.csv", &content);
    let Fault::Encoding(tried) = error.fault() else { panic!("{error}") };
    assert_eq!((tried[0].row, tried[0].offset), (60_001, at as u64 + 1));
    assert_eq!(tried[1].encoding, Encoding::Gb18030);
}

#[test]
fn garbled_text_is_recognised_and_the_original_guessed() {
    let scratch = Scratch::new();
    let (shown, _) = encoding_rs::GBK.decode_without_bom_handling("行政相对人名称".as_bytes());
    let error = scratch.error("a.csv", format!("{shown},{shown}\n1,2\n"));
    assert!(is(&error, |f| matches!(f, Fault::Mojibake { row: 1, column: 1, .. })), "{error}");
    assert!(error.zh().contains("行政相对人"), "{}", error.zh());
}

#[test]
fn lost_characters_are_a_problem_of_their_row_only() {
    let scratch = Scratch::new();
    let path = scratch.file("a.csv", "名称,号\n甲,1\n锟斤拷乙,2\n丙\u{FFFD},3\n丁,4\n");
    let rows = read(&path, 1, 2, &Limits::default()).unwrap();
    let codes: Vec<_> = rows.iter().map(|row| (row.number, row.codes())).collect();
    assert_eq!(codes, [(2, vec![]), (3, vec!["mojibake"]), (4, vec!["mojibake"]), (5, vec![])]);
}

#[test]
fn nul_bytes_are_refused_with_their_row() {
    let scratch = Scratch::new();
    let error = scratch.error("a.csv", b"a,b\n1,2\n3,\0\n");
    assert!(is(&error, |f| matches!(f, Fault::Nul { row: 3, offset: 10, utf16: false })), "{error}");
    let wide: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(is(&scratch.error("b.csv", wide), |f| matches!(f, Fault::Nul { utf16: true, .. })));
    let marked: Vec<u8> = "\u{FEFF}a,b\n1,\0\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(is(&scratch.error("c.csv", marked), |f| matches!(f, Fault::Nul { .. })));
}

#[test]
fn an_unclosed_quotation_mark_is_found_where_it_opens() {
    let scratch = Scratch::new();
    let rest = "1,2\n".repeat(500_000);
    let error = scratch.error("a.csv", format!("a,b\n1,2\n3,\"4\n{rest}"));
    assert!(is(&error, |f| matches!(f, Fault::UnclosedQuote { row: 3 })), "{error}");
    let short = scratch.error("b.csv", "a,b\n1,\"2\n");
    assert!(is(&short, |f| matches!(f, Fault::UnclosedQuote { row: 2 })), "{short}");
}

#[test]
fn a_quotation_mark_that_swallows_some_rows_is_a_problem_of_the_row_where_it_opens() {
    let scratch = Scratch::new();
    let path = scratch.file("a.csv", "a,b\n1,\"2\n3,4\n5,\"6\"\n7,8\n");
    let rows = read(&path, 1, 2, &Limits::default()).unwrap();
    assert_eq!((rows[0].number, rows[0].codes()), (2, vec!["stray-quote"]));
    assert_eq!(rows[1].cells, ["7", "8"], "the rows behind are not lost");
}

#[test]
fn an_endless_line_is_refused() {
    let scratch = Scratch::new();
    let path = scratch.file("a.csv", format!("a,b\n{}", "x".repeat(3 << 20)));
    let error = read(&path, 1, 2, &Limits::default()).unwrap_err();
    assert!(is(&error, |f| matches!(f, Fault::RecordTooLong { row: 2, .. })), "{error}");
}

#[test]
fn content_and_ending_must_agree() {
    let scratch = Scratch::new();
    let book = xlsx("<row><c><v>1</v></c></row>");
    let xls = std::fs::read(fixture("libreoffice.xls")).unwrap();
    let cases: [(&str, &[u8], Content); 8] = [
        ("a.csv", &book, Content::Xlsx),
        ("a.xls", &book, Content::Xlsx),
        ("b.xlsx", &xls, Content::Xls),
        ("c.xlsx", b"a,b\n1,2\n", Content::CommaText),
        ("d.xls", b"<html><table><tr><td>1</td></tr></table></html>", Content::Markup),
        ("e.xls", b"a\tb\n1\t2\n", Content::TabText),
        ("f.csv", b"{\"a\":1}\n{\"a\":2}\n", Content::Json),
        ("g.tsv", b"a,b\n1,2\n", Content::CommaText),
    ];
    for (name, bytes, wanted) in cases {
        let error = scratch.error(name, bytes);
        assert!(is(&error, |f| matches!(f, Fault::Mismatch { content, .. } if *content == wanted)), "{error}");
    }
    let pdf = scratch.error("h.csv", b"%PDF-1.7\n");
    assert!(is(&pdf, |f| matches!(f, Fault::OtherContent(Content::Pdf))));
}

#[test]
fn separators_other_than_commas_are_named() {
    let scratch = Scratch::new();
    for (content, wanted) in
        [("a;b;c\n1;2;3\n", ';'), ("a\tb\n1\t2\n", '\t'), ("甲\u{ff0c}乙\n1\u{ff0c}2\n", '\u{ff0c}')]
    {
        let error = scratch.error("a.csv", content);
        assert!(is(&error, |f| matches!(f, Fault::Delimiter { found, .. } if *found == wanted)), "{error}");
    }
}

#[test]
fn json_that_is_not_json_lines_is_refused_with_the_remedy() {
    let scratch = Scratch::new();
    let array = scratch.error("a.json", "[{\"a\":1}]");
    assert!(is(&array, |f| matches!(f, Fault::JsonArray)));
    assert!(array.zh().contains("每行一个对象"));
    assert!(is(&scratch.error("b.json", "{\n\"a\":1\n}\n"), |f| matches!(f, Fault::NotJsonLines { row: 1 })));
    assert!(is(&scratch.error("c.jsonl", "a,b\n1,2\n"), |f| matches!(f, Fault::Mismatch { .. })));
}

#[test]
fn truncated_workbooks_are_damaged() {
    let scratch = Scratch::new();
    for name in ["openpyxl.xlsx", "libreoffice.xlsx"] {
        let whole = std::fs::read(fixture(name)).unwrap();
        for share in [2, 3, 10] {
            let error = scratch.error("a.xlsx", &whole[..whole.len() - whole.len() / share]);
            assert!(is(&error, |f| matches!(f, Fault::Damaged { .. })), "{error}");
        }
    }
    let whole = std::fs::read(fixture("xlwt.xls")).unwrap();
    for share in [2, 3, 10] {
        let error = scratch.error("a.xls", &whole[..whole.len() - whole.len() / share]);
        assert!(is(&error, |f| matches!(f, Fault::Damaged { .. })), "{error}");
    }
}

#[test]
fn a_changed_byte_anywhere_in_a_workbook_never_panics() {
    let scratch = Scratch::new();
    for name in ["libreoffice.xls", "libreoffice.xlsx"] {
        let whole = std::fs::read(fixture(name)).unwrap();
        for at in (0..whole.len()).step_by(29) {
            let mut changed = whole.clone();
            changed[at] ^= 0xFF;
            let ending = name.rsplit('.').next().unwrap();
            let path = scratch.file(&format!("a.{ending}"), &changed);
            // Most are errors, some hit what is not read; none may do anything else.
            let _ = read(&path, 0, 8, &Limits::default());
        }
    }
}

#[test]
fn a_workbook_under_a_password_says_so() {
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsx");
    let mut container = cfb::create(&path).unwrap();
    container.create_stream("EncryptedPackage").unwrap().write_all(&[0; 4096]).unwrap();
    container.create_stream("EncryptionInfo").unwrap().write_all(&[4, 0, 4, 0]).unwrap();
    drop(container);
    assert!(is(&error_of(&path), |f| matches!(f, Fault::Encrypted)));
}

#[test]
fn containers_of_other_things_are_named() {
    let scratch = Scratch::new();
    let zip = |parts: &[(&str, &str)]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let cases = [
        (zip(&[("mimetype", "x"), ("content.xml", "x")]), Content::Ods),
        (zip(&[("word/document.xml", "x")]), Content::Word),
        (zip(&[("xl/workbook.bin", "x")]), Content::Xlsb),
        (zip(&[("readme.txt", "x")]), Content::Zip),
    ];
    for (bytes, wanted) in cases {
        let error = scratch.error("a.xlsx", bytes);
        assert!(is(&error, |f| matches!(f, Fault::NotAWorkbook(content) if *content == wanted)), "{error}");
    }
}

#[test]
fn a_missing_sheet_lists_the_ones_there_are() {
    let error = Source::open(&fixture("openpyxl.xlsx"), Some("数据"), &Limits::default()).unwrap_err();
    assert!(is(&error, |f| matches!(f, Fault::NoSuchSheet { .. })));
    assert!(error.zh().contains("处罚 & 公示") && error.en().contains("隐藏"), "{error}");
    let scratch = Scratch::new();
    let csv = scratch.file("a.csv", "a,b\n1,2\n");
    let error = Source::open(&csv, Some("x"), &Limits::default()).unwrap_err();
    assert!(is(&error, |f| matches!(f, Fault::NoSuchSheet { sheets, .. } if sheets.is_empty())));
}

#[test]
fn a_cell_at_the_far_corner_of_the_sheet_is_named_and_costs_nothing() {
    let scratch = Scratch::new();
    let data = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    let error = scratch.error("a.xlsx", xlsx(data));
    assert!(is(&error, |f| matches!(f, Fault::TooManyColumns { cell, .. } if cell == "XFD1048576")), "{error}");
    assert!(error.zh().contains("XFD1048576"));
    let near = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"AMJ1048576\"><v>1</v></c></row>";
    let rows = read(&scratch.file("b.xlsx", xlsx(near)), 1, 1, &Limits::default()).unwrap();
    assert_eq!((rows.len(), rows[0].number, rows[0].codes()), (1, 1_048_576, vec!["too-many-cells"]));
}

#[test]
fn too_many_columns_of_text_are_refused() {
    let scratch = Scratch::new();
    let error = scratch.error("a.csv", format!("{}\n", vec!["x"; 1025].join(",")));
    assert!(is(&error, |f| matches!(f, Fault::TooManyColumns { cell, limit: 1024 } if cell == "AMK1")), "{error}");
}

/// A workbook whose sheet unpacks to `rows` of the same row.
fn bomb(rows: usize) -> Vec<u8> {
    let row = format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "0".repeat(1000));
    xlsx(&row.repeat(rows))
}

#[test]
fn a_zip_bomb_is_stopped_by_what_it_declares_and_by_what_really_comes_out() {
    let scratch = Scratch::new();
    let limits = Limits { max_unzipped_bytes: 10_000_000, ..Limits::default() };
    let honest = bomb(20_000);
    assert!(honest.len() < 200_000, "packed it is small");
    let error = read(&scratch.file("a.xlsx", &honest), 0, 1, &limits).unwrap_err();
    assert!(is(&error, |f| matches!(f, Fault::PartTooLarge { part, .. } if part.contains("sheet1"))), "{error}");

    // The same archive claiming that the sheet is small: the sizes stand in the directory at its end.
    let real =
        (worksheet("").len() + 20_000 * (1000 + "<row><c t=\"inlineStr\"><is><t></t></is></c></row>".len())) as u32;
    let mut lying = honest;
    let mut replaced = 0;
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == real.to_le_bytes() {
            lying[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
            replaced += 1;
        }
    }
    assert!(replaced >= 1, "the declared size was found");
    let error = read(&scratch.file("b.xlsx", lying), 0, 1, &limits).unwrap_err();
    assert!(is(&error, |f| matches!(f, Fault::PartTooLarge { .. })), "{error}");
}

#[test]
fn too_many_shared_strings_are_refused_with_the_remedy() {
    let scratch = Scratch::new();
    let strings = format!("<sst>{}</sst>", "<si><t>一二三四五六七八九十</t></si>".repeat(10_000));
    let sheet = worksheet("<row><c t=\"s\"><v>0</v></c></row>");
    let book = xlsx_of(&[("xl/worksheets/sheet1.xml", &sheet), ("xl/sharedStrings.xml", &strings)]);
    let path = scratch.file("a.xlsx", book);
    let limits = Limits { max_shared_strings_bytes: 200_000, ..Limits::default() };
    let error = Source::open(&path, None, &limits).unwrap_err();
    assert!(is(&error, |f| matches!(f, Fault::SharedStringsTooLarge { .. })), "{error}");
    assert!(error.zh().contains("CSV"));
    assert!(Source::open(&path, None, &Limits::default()).is_ok());
}

#[test]
fn one_long_shared_string_in_every_cell_does_not_fill_the_memory() {
    let scratch = Scratch::new();
    let strings = format!("<sst><si><t>{}</t></si></sst>", "字".repeat(30_000));
    let sheet = worksheet(&"<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c></row>".repeat(20_000));
    let book = xlsx_of(&[("xl/worksheets/sheet1.xml", &sheet), ("xl/sharedStrings.xml", &strings)]);
    let error = read(&scratch.file("a.xlsx", book), 0, 2, &Limits::default()).unwrap_err();
    assert!(is(&error, |f| matches!(f, Fault::RecordTooLong { .. })), "{error}");
}

#[test]
fn an_archive_of_very_many_parts_is_refused() {
    let scratch = Scratch::new();
    let names: Vec<String> = (0..5000).map(|n| format!("xl/media/{n}")).collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let error = scratch.error("a.xlsx", xlsx_of(&parts));
    assert!(is(&error, |f| matches!(f, Fault::TooManyParts { limit: 4096 })), "{error}");
}

#[test]
fn a_workbook_with_many_pictures_is_still_read() {
    let scratch = Scratch::new();
    let names: Vec<String> = (0..3000).map(|n| format!("xl/media/image-with-a-long-name-{n}.png")).collect();
    let sheet = worksheet("<row><c><v>1</v></c></row>");
    let mut parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    parts.push(("xl/worksheets/sheet1.xml", &sheet));
    assert_eq!(read(&scratch.file("a.xlsx", xlsx_of(&parts)), 0, 1, &Limits::default()).unwrap().len(), 1);
}

#[test]
fn entities_that_a_document_defines_are_refused() {
    let scratch = Scratch::new();
    let workbook = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">]><workbook><sheets/></workbook>";
    let error = scratch.error("a.xlsx", xlsx_of(&[("xl/workbook.xml", workbook)]));
    assert!(is(&error, |f| matches!(f, Fault::Damaged { part, .. } if part == "xl/workbook.xml")), "{error}");
}

#[test]
fn size_limits_are_kept() {
    let scratch = Scratch::new();
    let small = Limits { max_file_bytes: 4, max_workbook_bytes: 4, max_xls_bytes: 4, ..Limits::default() };
    for path in [scratch.file("a.csv", "a,b\n1,2\n"), fixture("openpyxl.xlsx"), fixture("xlwt.xls")] {
        let error = Source::open(&path, None, &small).unwrap_err();
        assert!(is(&error, |f| matches!(f, Fault::TooLarge { limit: 4, .. })), "{error}");
    }
}

#[test]
fn a_file_that_changes_under_reading_is_noticed() {
    let scratch = Scratch::new();
    let path = scratch.file("a.csv", "a,b\n1,2\n");
    let mut blocks = Source::open(&path, None, &Limits::default()).unwrap().blocks(1, 2).unwrap();
    assert!(blocks.next_block().unwrap().is_some());
    std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"3,4\n").unwrap();
    let error = loop {
        match blocks.next_block() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the change went unnoticed"),
            Err(error) => break error,
        }
    };
    assert!(is(&error, |f| matches!(f, Fault::Changed)), "{error}");
}

#[test]
fn ragged_rows_and_repeated_headings_are_left_to_the_caller() {
    let scratch = Scratch::new();
    let path = scratch.file("a.csv", "号,号\n1\n1,2,3\n1,2\n");
    let source = Source::open(&path, None, &Limits::default()).unwrap();
    assert_eq!(source.info().format, Format::Csv);
    assert_eq!(source.head().row(0).fields().collect::<Vec<_>>(), ["号", "号"]);
    let rows = read(&path, 1, 2, &Limits::default()).unwrap();
    let codes: Vec<_> = rows.iter().map(|row| row.codes()).collect();
    assert_eq!(codes, [vec!["too-few-cells"], vec!["too-many-cells"], vec![]]);
}
