//! Every page in the language in which texts stand in brackets: what stands outside is data.

use std::collections::BTreeSet;
use std::path::Path;

use crate::browser::Browser;
use crate::routes::ROUTES;
use crate::whole::Whole;

/// Everything that the catalogue says: data, in both languages.
fn data(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            data(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "toml" || ending == "md") {
            into.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

/// What of a page stands in no brackets: each piece of text between two marks.
fn outside(html: &str) -> Vec<String> {
    let body = html.split("<body>").nth(1).unwrap_or(html);
    let (mut pieces, mut own, mut depth, mut mark) = (Vec::new(), String::new(), 0, false);
    for c in body.chars() {
        match c {
            '<' => {
                mark = true;
                pieces.push(std::mem::take(&mut own));
            }
            '>' if mark => mark = false,
            _ if mark => {}
            '⟦' => {
                depth += 1;
                pieces.push(std::mem::take(&mut own));
            }
            '⟧' => depth -= 1,
            c if depth == 0 => own.push(c),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "every bracket is closed");
    pieces.push(own);
    let plain =
        |text: String| text.replace("&#39;", "'").replace("&#34;", "\"").replace("&#38;", "&").replace("&#62;", ">");
    pieces.into_iter().map(|text| plain(text).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Data of the made-up city, and what is written alike in every language: commands, names of colours and of jobs.
const DATA: [&str; 10] = [
    "Yunting Transport Bureau",
    "zhou",
    "SHA-256",
    "penalty",
    "ink",
    "soft",
    "accent",
    "bad",
    "tidy",
    "Intellectual propert…",
];

/// Does a piece say something in words? Codes, numbers and addresses do not.
fn is_words(text: &str) -> bool {
    let words = |word: &str| {
        let signs = |c: char| c.is_ascii_digit() || "/.@_-:=+".contains(c);
        word.chars().filter(char::is_ascii_lowercase).count() >= 2 && !word.contains(signs)
    };
    text.split(' ').any(|word| words(word.trim_matches(|c: char| !c.is_alphanumeric())))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_stands_on_any_page_that_is_in_no_file_of_texts() {
    let whole = Whole::new().await;
    let mut known = String::new();
    data(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue"), &mut known);
    data(&Path::new(env!("CARGO_MANIFEST_DIR")).join("learn"), &mut known);
    let known = known.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut wrong, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for (role, person) in &whole.people {
        let browser = Browser::of(&whole.site, person).await;
        for (_, route, _) in ROUTES.iter().filter(|(method, ..)| *method == "GET") {
            let path = whole.path(route, *role);
            let joint = if path.contains('?') { '&' } else { '?' };
            let page = browser.get(&format!("{path}{joint}lang=en-XA")).await;
            if page.status != 200 || !page.body.starts_with("<!doctype html>") {
                continue;
            }
            seen.insert(*route);
            assert!(page.body.contains('⟦'), "{path}");
            let pieces = outside(&page.body);
            let pieces =
                pieces.iter().filter(|piece| !piece.starts_with("chengxin ")).flat_map(|piece| piece.split('·'));
            for text in pieces.map(str::trim).filter(|text| is_words(text)) {
                if !known.contains(text) && !DATA.contains(&text) {
                    wrong.insert(format!("{route}: {text}"));
                }
            }
        }
    }
    assert!(seen.len() > 65, "{}: {seen:?}", seen.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
