//! Files of a wrong kind, files that are cut off on their way, and files that are too large.

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::Duration;

use chengxin_core::Role;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::browser::{Browser, assert_well_made, multipart, officer, revoked};
use crate::city::{csv, row};
use crate::site::Site;

const PATH: &str = "/desk/submissions";
const TRY: [(&str, &str); 3] = [("item", "penalty"), ("reason", "原因"), ("dry-run", "yes")];

fn zipped(parts: &[&str]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for part in parts {
        zip.start_file(*part, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<x/>").unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook under a password: what it holds is sealed in a container.
fn locked() -> Vec<u8> {
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    container.create_stream("EncryptedPackage").unwrap().write_all(&[0; 4096]).unwrap();
    container.create_stream("EncryptionInfo").unwrap().write_all(&[4, 0, 4, 0]).unwrap();
    container.flush().unwrap();
    container.into_inner().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_wrong_kind_is_refused_in_words_beside_its_field_and_what_was_typed_stays() {
    let mut site = Site::over(revoked().0);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &sender).await;
    let broken = [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[7; 2000]].concat();
    let docx = zipped(&["[Content_Types].xml", "word/document.xml"]);
    let files = [
        ("通知.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n".to_vec(), "PDF", "PDF"),
        ("扫描件.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "图片", "picture"),
        ("上锁.xlsx", locked(), "打开密码", "password"),
        ("空.csv", Vec::new(), "文件是空的", "is empty"),
        ("公文.docx", docx, "Word", "Word"),
        ("打包.zip", zipped(&["a.txt", "b.txt"]), "请另存为 XLSX", "Save it as XLSX"),
        ("坏.xls", broken, "工作簿损坏或不完整", "is damaged or incomplete"),
        ("改名.xlsx", b"%PDF-1.7\n".to_vec(), "PDF", "PDF"),
    ];
    for (name, content, zh, en) in files {
        for (path, words) in [(PATH, zh), ("/desk/submissions?lang=en", en)] {
            let page = browser.hand_in(path, &TRY, name, &content).await;
            assert_eq!(page.status, 422, "{name}: {}", page.text());
            assert_well_made(path, &page);
            let beside = page.after("id=\"file-error\">").to_owned();
            assert!(beside.contains(words) && beside.contains(name), "{name}: {beside}");
            for foreign in ["CFB", "Invalid", "invalid", "/tmp", "incoming", "Error", "os error"] {
                assert!(!beside.contains(foreign), "{name}: {foreign}: {beside}");
            }
            let chinese = beside.replace(name, "").chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert_eq!(chinese, path == PATH, "{name}: {beside}");
            page.says(&["value=\"原因\"", "<option value=\"penalty\" selected>"]);
        }
    }
    assert!(!browser.get(PATH).await.body.contains(".pdf"), "nothing is left of them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_for_columns_only_where_there_are_some() {
    let mut site = Site::over(revoked().0);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &sender).await;
    let unknown = browser.upload(PATH, &[("item", ""), ("dry-run", "yes")], "x.csv", "甲,乙\n1,2\n").await;
    let page = browser.get(&unknown.location).await;
    assert_eq!(page.status, 422, "{}", page.text());
    page.says(&["请在下面指明每一列", "<details open>"]);
}

/// Files that are in the folder of what comes in.
fn files(folder: &Path) -> usize {
    let inner = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    inner.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}

/// The head of a request for a file of some length.
fn head(cookie: &str, length: usize) -> String {
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_leaves_nothing_and_one_too_large_is_refused_before_it_comes() {
    let mut site = Site::over(revoked().0);
    let sender = officer(&mut site, Role::DataOfficer, "zhao");
    let browser = Browser::of(&site, &sender).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(chengxin_web::serve(listener, site.router.clone(), std::future::pending()));
    let folder = site.desk.app.dir().join("incoming");
    let rows: Vec<_> = (2..400).map(row).collect();
    let whole = multipart(&TRY, "断线.csv", csv(&rows).as_bytes());
    let half = &whole[..whole.len() / 2];
    for _ in 0..3 {
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(head(browser.cookie(), whole.len()).as_bytes()).await.unwrap();
        socket.write_all(half).await.unwrap();
        socket.flush().await.unwrap();
        // It is on its way: something of it has been received.
        let mut waited = 0;
        while files(&folder) == 0 {
            waited += 1;
            assert!(waited < 500, "nothing arrives");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        drop(socket);
        while files(&folder) > 0 {
            waited += 1;
            assert!(waited < 1_000, "something of it stays");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    assert!(!browser.get(PATH).await.body.contains("断线.csv"), "nothing is kept of it");
    // The next one goes through, over the same door.
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(head(browser.cookie(), whole.len()).as_bytes()).await.unwrap();
    socket.write_all(&whole).await.unwrap();
    let mut answer = vec![0; 4_096];
    let read = socket.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("/desk/submissions/drafts/"), "{answer}");
    // What says that it is too large is answered while nothing of it was sent.
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(head(browser.cookie(), 500 * 1024 * 1024).as_bytes()).await.unwrap();
    let mut refused = vec![0; 64];
    let read = tokio::time::timeout(Duration::from_secs(10), socket.read(&mut refused)).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&refused[..read]).starts_with("HTTP/1.1 413"), "{refused:?}");
    serving.abort();
}
