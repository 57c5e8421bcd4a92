//! Writes sample documents as PDF files, to be looked at.
//!
//! ```text
//! cargo run -p chengxin-typeset --example sample -- DIRECTORY
//! ```

use std::path::PathBuf;

use chengxin_typeset::Typesetter;

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    let typesetter = Typesetter::new().with_system_fonts(&[PathBuf::from("/usr/share/fonts")]);
    let mut rare = samples::one_page_report();
    rare.subject_name = "王𫍽䶮𠀀\u{3FFFF}é\u{0301}".into();
    rare.recipient = "#strong[x] $x^2$ *b* _i_ שלום مرحبا 😀 👩\u{200D}👩\u{200D}👧 <b> \\ @a".into();
    rare.purpose = "a\u{202E}b\u{0}c\u{7}d".into();
    for (name, doc) in [
        ("report", samples::report()),
        ("empty", samples::empty_report()),
        ("one-page", samples::one_page_report()),
        ("long", samples::long_report(60)),
        ("rare", rare),
    ] {
        let rendered = typesetter.report(&doc, samples::created())?;
        std::fs::write(directory.join(format!("{name}.pdf")), rendered.pdf)?;
    }
    let rendered = typesetter.decision(&samples::decision(), samples::created())?;
    std::fs::write(directory.join("decision.pdf"), rendered.pdf)?;
    Ok(())
}
