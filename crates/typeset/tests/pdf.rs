//! What stands in the finished files, read back with the tools a recipient's system would use.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use chengxin_typeset::{DecisionDoc, Pair, Rendered, ReportDoc, Section, Timestamp, TypesetError, Typesetter};

mod samples;

/// Shared as in a server, and so that the fonts are parsed once.
static TYPESETTER: LazyLock<Typesetter> = LazyLock::new(Typesetter::new);

fn report(doc: &ReportDoc) -> Rendered {
    TYPESETTER.report(doc, samples::created()).unwrap()
}

/// Runs a tool on the file and returns what it prints.
fn run(tool: &str, package: &str, pdf: &[u8], arguments: impl Fn(&Path) -> Vec<String>) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("document.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new(tool)
        .args(arguments(&path))
        .output()
        .unwrap_or_else(|error| panic!("{tool} cannot be run ({error}): apt-get install {package}"));
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{tool}: {shown}{}", String::from_utf8_lossy(&output.stderr));
    shown
}

/// The text of a file, without white space: lines break wherever there is no more room.
fn text(pdf: &[u8]) -> String {
    let shown =
        run("pdftotext", "poppler-utils", pdf, |path| vec!["-raw".into(), path.display().to_string(), "-".into()]);
    shown.chars().filter(|c| !c.is_whitespace()).collect()
}

fn holds(pdf: &[u8], needle: &str) -> bool {
    pdf.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// The file with its object streams taken apart, so that names can be searched for.
fn unpacked(pdf: &[u8]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let (from, to) = (directory.path().join("from.pdf"), directory.path().join("to.pdf"));
    std::fs::write(&from, pdf).unwrap();
    let status = Command::new("qpdf")
        .args(["--qdf", "--object-streams=disable"])
        .args([&from, &to])
        .status()
        .expect("qpdf cannot be run: apt-get install qpdf");
    assert!(status.success());
    std::fs::read(to).unwrap()
}

#[test]
fn every_word_of_a_report_can_be_read_back() {
    let doc = samples::report();
    let text = text(&report(&doc).pdf);
    let mut words = vec![
        &doc.title,
        &doc.title_en,
        &doc.city,
        &doc.number,
        &doc.issued_at,
        &doc.valid_until,
        &doc.subject_name,
        &doc.subject_document,
        &doc.recipient,
        &doc.purpose,
        &doc.acceptance,
        &doc.verification_code,
        &doc.extract_code,
        &doc.verify_url,
        &doc.signer,
        &doc.content_hash,
    ];
    words.extend(doc.leaves_out.iter().chain(&doc.rights).chain(&doc.sources).chain(&doc.notes));
    words.extend(doc.scope.iter().flat_map(|pair| [&pair.label, &pair.value]));
    for section in &doc.sections {
        words.extend([&section.heading, &section.heading_en]);
        words.extend(section.empty.iter());
        for entry in &section.entries {
            words.extend([&entry.title, &entry.stops, &entry.contest, &entry.repair]);
            words.extend(&entry.marks);
            words.extend(entry.fields.iter().flat_map(|pair| [&pair.label, &pair.value]));
        }
    }
    for word in words {
        let word: String = word.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(text.contains(&word), "{word} is not in the text");
    }
}

#[test]
fn a_short_report_is_one_page_and_an_empty_value_leaves_no_line() {
    assert_eq!(report(&samples::one_page_report()).pages, 1);
    let bare = report(&ReportDoc { title: "公共信用信息报告".into(), ..ReportDoc::default() });
    assert_eq!(bare.pages, 1);
    assert!(bare.missing.is_empty());
    let text = text(&bare.pdf);
    assert!(!text.contains("接收方") && !text.contains("提取码") && !text.contains("演示数据"));
}

#[test]
fn an_empty_class_says_that_nothing_was_found_in_this_scope() {
    let text = text(&report(&samples::empty_report()).pdf);
    assert_eq!(text.matches("未查询到可报告信息").count(), 3);
}

#[test]
fn a_report_of_200_entries_holds_each_of_them_once_and_in_order() {
    let rendered = report(&samples::long_report(200));
    assert!((30..80).contains(&rendered.pages), "{} pages", rendered.pages);
    let text = text(&rendered.pdf);
    let mut from = 0;
    for number in 1..=200 {
        let mark = format!("（第{number}件）");
        assert_eq!(text.matches(&mark).count(), 1, "{mark}");
        from += text[from..].find(&mark).expect("the entries keep their order");
    }
    assert!(text.contains(&format!("第{0}页/共{0}页", rendered.pages)));
}

#[test]
fn an_entry_longer_than_a_page_is_carried_over_in_full() {
    let mut doc = samples::report();
    let facts: String = (0..1500).map(|n| format!("第{n}项。")).collect();
    doc.sections[0].entries[0].fields.push(Pair::new("详情", facts.clone()));
    let rendered = report(&doc);
    assert!(rendered.pages >= 4);
    let text = text(&rendered.pdf);
    assert!(text.contains("第0项。") && text.contains("第750项。") && text.contains("第1499项。"));
}

#[test]
fn the_same_document_gives_the_same_bytes_and_another_time_does_not() {
    let doc = samples::report();
    let first = report(&doc).pdf;
    for _ in 0..3 {
        report(&samples::one_page_report());
        assert!(report(&doc).pdf == first);
    }
    let fresh = Typesetter::new().report(&doc, samples::created()).unwrap();
    assert!(fresh.pdf == first);
    let later = Timestamp::china(2026, 5, 6, 9, 30, 1);
    assert!(TYPESETTER.report(&doc, later).unwrap().pdf != first);
}

#[test]
fn documents_set_at_the_same_time_do_not_disturb_each_other() {
    let docs = [samples::report(), samples::one_page_report(), samples::empty_report()];
    let alone: Vec<Rendered> = docs.iter().map(report).collect();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            for (doc, alone) in docs.iter().zip(&alone) {
                scope.spawn(move || assert!(report(doc) == *alone));
            }
        }
    });
}

#[test]
fn the_file_is_tagged_archival_and_sound() {
    let rendered = report(&samples::report());
    let file = unpacked(&rendered.pdf);
    for name in [
        "/MarkInfo",
        "/Marked true",
        "/StructTreeRoot",
        "/S /H1",
        "/S /H2",
        "/S /Table",
        "/S /TH",
        "/S /TD",
        "/S /L",
        "/S /LI",
        "/Scope /Row",
        "/Lang (zh-CN)",
        "/OutputIntents",
        "/Outlines",
        "/DisplayDocTitle true",
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "2026-05-06T09:30:00+08:00",
    ] {
        assert!(holds(&file, name), "{name} is not in the file");
    }
    let checked = run("qpdf", "qpdf", &rendered.pdf, |path| vec!["--check".into(), path.display().to_string()]);
    assert!(checked.contains("No syntax or stream encoding errors found"), "{checked}");
}

#[test]
fn all_fonts_are_embedded_and_carry_their_characters() {
    let listed =
        run("pdffonts", "poppler-utils", &report(&samples::report()).pdf, |path| vec![path.display().to_string()]);
    let fonts: Vec<&str> = listed.lines().skip(2).collect();
    assert_eq!(fonts.len(), 2, "{listed}");
    for font in fonts {
        let columns: Vec<&str> = font.split_whitespace().collect();
        assert!(font.contains("NotoSansSC"), "{font}");
        // emb, sub and uni stand before the object number and generation.
        assert_eq!(columns[columns.len() - 5..columns.len() - 2], ["yes"; 3], "{font}");
    }
}

#[test]
fn markup_in_the_data_is_printed_and_not_obeyed() {
    let hostile = [
        "#strong[x]#panic(\"no\")#import\"@preview/x:1.0.0\"",
        "$x^2$*b*_i_`raw`<label>@ref=head-item+item/term:x",
        "]]}}))\\\"'--...~//comment/*comment*/",
        "{{7*7}}<script>alert(1)</script>&amp;%s\\u{41}",
        "#read(\"/etc/passwd\")#json(\"/words.json\")",
    ];
    let mut doc = samples::report();
    doc.title = hostile[0].into();
    doc.city = hostile[1].into();
    doc.number = hostile[2].into();
    doc.recipient = hostile[3].into();
    doc.verify_url = "https://credit.example/v/\"<&]#$".into();
    doc.sections[0].heading = hostile[4].into();
    let entry = &mut doc.sections[0].entries[0];
    entry.title = hostile[1].into();
    entry.marks = vec![hostile[2].into()];
    entry.fields = hostile.iter().map(|text| Pair::new(*text, *text)).collect();
    doc.notes = hostile.map(String::from).to_vec();
    let rendered = report(&doc);
    assert!(rendered.missing.is_empty());
    // Places to break a long word are no characters of the text.
    let text = text(&rendered.pdf).replace('\u{200B}', "");
    for line in hostile {
        let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(text.matches(&line).count() >= 3, "{line} is not there literally:\n{text}");
    }
}

#[test]
fn what_no_font_holds_is_printed_as_its_code_point_and_listed_at_the_end() {
    let mut doc = samples::report();
    doc.subject_name = "王𫍽䶮𠀀\u{3FFFF}".into();
    doc.purpose = "甲\u{202E}乙\u{0}丙\u{200D}丁".into();
    let rendered = report(&doc);
    assert!(rendered.missing.contains(&'\u{3FFFF}'));
    for hidden in ['\u{0}', '\u{200D}', '\u{202E}'] {
        assert!(rendered.missing.contains(&hidden));
    }
    let text = text(&rendered.pdf);
    let as_printed = |c: char| {
        if rendered.missing.contains(&c) { format!("〔U+{:04X}〕", c as u32) } else { c.to_string() }
    };
    let name: String = doc.subject_name.chars().map(as_printed).collect();
    assert!(text.contains(&name), "{name} is not in:\n{text}");
    assert!(text.contains("甲〔U+202E〕乙〔U+0000〕丙〔U+200D〕丁"));
    let (_, note) = text.split_once("字符说明").expect("the closing note");
    assert!(rendered.missing.iter().all(|&c| note.contains(&as_printed(c))));
}

#[test]
fn other_scripts_and_pictures_never_leave_a_blank_box() {
    let mut doc = samples::one_page_report();
    doc.recipient = "שלום مرحبا नमस्ते ไทย 한국어 😀 👩\u{200D}👧 Ǆ é\u{301}\u{323} 🇨🇳".into();
    doc.acceptance = ('\u{1}'..='\u{2FF}').collect();
    let rendered = report(&doc);
    // PDF/A forbids the box for a missing glyph, so the file would not have been written with one.
    assert!(text(&rendered.pdf).contains("〔U+05E9〕"));
}

#[test]
fn a_font_of_the_system_is_used_for_what_the_embedded_ones_lack() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("broken.ttf"), "not a font").unwrap();
    let hebrew = Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
    assert!(hebrew.exists(), "no font to fall back on: apt-get install fonts-dejavu-core");
    std::fs::copy(hebrew, directory.path().join("DejaVuSans.ttf")).unwrap();
    let typesetter = Typesetter::new().with_system_fonts(&[directory.path().to_owned()]);
    let mut doc = samples::one_page_report();
    doc.recipient = "ש\u{3FFFF}".into();
    let rendered = typesetter.report(&doc, samples::created()).unwrap();
    assert_eq!(rendered.missing, ['\u{3FFFF}']);
    assert!(text(&rendered.pdf).contains('ש'));
    // A document without such characters has the same bytes with and without system fonts.
    let plain = samples::one_page_report();
    assert!(typesetter.report(&plain, samples::created()).unwrap() == report(&plain));
}

#[test]
fn a_decision_is_one_page_with_addressee_table_and_signer() {
    let doc = samples::decision();
    let rendered = TYPESETTER.decision(&doc, samples::created()).unwrap();
    assert_eq!(rendered.pages, 1);
    let text = text(&rendered.pdf);
    for part in ["异议处理决定书", "王小明：", "罚款2,000.00元", "示范市市场监督管理局", &doc.verify_url, "第1页/共1页"]
    {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let bare = DecisionDoc { title: "回执".into(), ..DecisionDoc::default() };
    assert_eq!(TYPESETTER.decision(&bare, samples::created()).unwrap().pages, 1);
}

#[test]
fn synthetic_data_are_named_as_such_on_every_page() {
    let rendered = report(&samples::long_report(20));
    assert!(rendered.pages > 2);
    assert_eq!(text(&rendered.pdf).matches("演示数据").count(), rendered.pages);
    let mut real = samples::report();
    real.synthetic = false;
    assert!(!text(&report(&real).pdf).contains("演示数据"));
}

#[test]
fn an_impossible_time_and_an_endless_address_are_refused() {
    let doc = samples::one_page_report();
    for time in [
        Timestamp::china(2026, 2, 30, 0, 0, 0),
        Timestamp::china(2026, 1, 1, 24, 0, 0),
        Timestamp::china(-1, 1, 1, 0, 0, 0),
        Timestamp { offset_minutes: 1440, ..samples::created() },
    ] {
        assert_eq!(TYPESETTER.report(&doc, time), Err(TypesetError::CreationTime));
    }
    let long = ReportDoc { verify_url: "a".repeat(3000), ..doc };
    assert_eq!(TYPESETTER.report(&long, samples::created()), Err(TypesetError::QrTooLong));
}

#[test]
fn what_is_taken_to_fit_on_one_line_does() {
    // The widest values that are given a row of fixed height: were they to wrap, the second line
    // would be printed over the next row.
    let full = ["信".repeat(40), "W".repeat(43), "m".repeat(42), "0".repeat(68), "—".repeat(40)];
    let half = ["用".repeat(16), "W".repeat(17), "i".repeat(50), "8".repeat(28)];
    let mut fields: Vec<Pair> = full.iter().map(|value| Pair::new("信".repeat(7), value)).collect();
    fields.extend(half.iter().map(|value| Pair::new("W".repeat(7), value)));
    let mut doc = samples::one_page_report();
    doc.subject_name = "名".repeat(14);
    doc.subject_document = "码".repeat(16);
    doc.sections[1].entries[0].fields = fields;
    let pdf = report(&doc).pdf;
    let shown =
        run("pdftotext", "poppler-utils", &pdf, |path| vec!["-layout".into(), path.display().to_string(), "-".into()]);
    for value in full.iter().chain(&half).chain([&doc.subject_name, &doc.subject_document]) {
        assert!(shown.contains(value.as_str()), "{value} is broken:\n{shown}");
    }
}

#[test]
fn the_address_can_be_followed_only_where_it_is_a_web_address() {
    let mut doc = samples::one_page_report();
    assert!(holds(&unpacked(&report(&doc).pdf), "/URI (https://credit.example/v/7K3MQ9TX)"));
    doc.verify_url = "javascript:alert(1)".into();
    assert!(!holds(&unpacked(&report(&doc).pdf), "/URI"));
}

#[test]
fn a_report_survives_its_json_form() {
    let doc = samples::report();
    let json = serde_json::to_string(&doc).unwrap();
    assert_eq!(serde_json::from_str::<ReportDoc>(&json).unwrap(), doc);
    assert_eq!(Section::default().empty, None);
}

#[test]
fn a_typesetter_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*TYPESETTER);
}
