//! The step that shows what verifying finds: the original, and three copies that somebody changed.

use chengxin_app::Installation;
use chengxin_app::report::IssuedReport;
use chengxin_core::{Caller, Ground, Role, Standing};
use chengxin_seal::Profile;
use serde_json::json;

use super::folder::Folder;
use super::{forge, program, step};
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};
use crate::verify;

/// One file to verify.
struct Copy<'a> {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    bytes: &'a [u8],
    signature: Option<&'a [u8]>,
}

/// Verifies the original and the copies, and leaves all of them in the folder.
pub(super) fn show(
    out: &Out,
    installation: &Installation,
    folder: &Folder,
    issued: &IssuedReport,
) -> Result<(), Failure> {
    step(
        out,
        6,
        "核验：原件、改动过的、改动后重新签名的",
        "Verify: the original, altered copies, and one signed again",
    );
    let signature = Some(issued.pdf_signature.as_bytes());
    let altered_pdf = forge::altered_pdf(&issued.pdf);
    let altered_json = forge::altered_json(&issued.json)?;
    let signed_again = forge::signed_again(&issued.json, Profile::Intl)?;
    let copy = |name, zh, en, bytes, signature| Copy { name, zh, en, bytes, signature };
    let copies = [
        copy("report.pdf", "原件", "the original", &issued.pdf, signature),
        copy("altered.pdf", "改动了 PDF 的一个字节", "one byte of the PDF changed", &altered_pdf, signature),
        copy(
            "altered.json",
            "删去全部记录，签名照旧",
            "all records taken out, the signature left",
            altered_json.as_bytes(),
            None,
        ),
        copy(
            "signed-again.json",
            "删去全部记录，用自己的密钥重新签名",
            "all records taken out, signed again with the forger's key",
            signed_again.as_bytes(),
            None,
        ),
    ];
    for copy in &copies {
        leave(folder, copy)?;
        judge(out, installation, folder, copy)?;
    }
    let (file, trust) = (folder.report.join("report.pdf"), folder.report.join("trust.json"));
    let command = format!("{} verify {} --trust {}", program(), file.display(), trust.display());
    out.line(&format!("     {} {command}", out.pick("自己试：", "try it:")));
    Ok(())
}

fn leave(folder: &Folder, copy: &Copy<'_>) -> Result<(), Failure> {
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.report.join(name);
        std::fs::write(&path, bytes).map_err(|error| Failure::io(&path, &error))
    };
    put(copy.name, copy.bytes)?;
    copy.signature.map_or(Ok(()), |signature| put(&format!("{}.sig", copy.name), signature))
}

fn judge(out: &Out, installation: &Installation, folder: &Folder, copy: &Copy<'_>) -> Result<(), Failure> {
    let anybody = Caller {
        actor: "anybody".to_owned(),
        role: Role::Public,
        authority: None,
        purpose: "verify a report".to_owned(),
        ground: Ground::OwnRight,
        standing: Standing::Console,
    };
    let verdict = installation.report_verify(&anybody, copy.bytes, copy.signature)?;
    let (look, mark) = if verify::ended(&verdict) == Exit::Done { (Look::Good, "✓") } else { (Look::Bad, "✕") };
    out.line(&format!("     {} {}", out.look(look, mark), out.pick(copy.zh, copy.en)));
    out.paragraph(7, out.tr(&verdict.say));
    let path = folder.report.join(copy.name);
    out.value(&json!({ "step": "verify", "file": path, "case": copy.en, "verdict": verdict }));
    Ok(())
}
