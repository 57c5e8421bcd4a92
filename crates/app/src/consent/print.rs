//! A receipt on paper, and a one-time code as a picture.

use chengxin_core::consent::Recipient;
use chengxin_core::{Lang, Say};
use chengxin_typeset::DecisionDoc;
use data_encoding::HEXLOWER;

use super::code::IssuedCode;
use super::grant::Granted;
use super::receipt::ConsentReceipt;
use crate::AppError;
use crate::paper::{self, Print};
use crate::report::sha256;

impl Granted {
    /// The receipt as PDF/A, with its number as a QR code: who is shown it can ask for nothing that was not granted to them. The signed JSON
    /// is what proves it; its digest stands on the paper.
    ///
    /// # Errors
    /// An internal fault of the typesetter.
    pub fn pdf(&self, lang: Lang) -> Result<Vec<u8>, AppError> {
        let doc = document(&self.receipt, HEXLOWER.encode(&sha256(self.json.as_bytes())), Print(lang));
        Ok(paper::letter(&doc, self.receipt.issued_at_us)?.pdf)
    }
}

impl IssuedCode {
    /// The code as a QR code: an SVG image, dark on light, quiet zone included.
    ///
    /// # Errors
    /// An internal fault: a code fits into every QR code.
    pub fn qr_svg(&self) -> Result<String, AppError> {
        chengxin_typeset::qr_svg(&self.code.grouped()).map_err(|error| AppError::internal(format!("qr: {error}")))
    }

    /// The same in lines of block characters, for a terminal.
    ///
    /// # Errors
    /// As [`Self::qr_svg`].
    pub fn qr_lines(&self) -> Result<Vec<String>, AppError> {
        chengxin_typeset::qr_lines(&self.code.grouped()).map_err(|error| AppError::internal(format!("qr: {error}")))
    }
}

fn document(receipt: &ConsentReceipt, digest: String, print: Print) -> DecisionDoc {
    let recipient = match &receipt.recipient {
        Recipient::Authority { code, name } => format!("{name}（{code}）"),
        Recipient::Organisation { name } => name.clone(),
    };
    let mut table = vec![
        print.pair(
            "授权人证件",
            "Your document",
            format!("{} {}", print.short(&receipt.document), receipt.document_number),
        ),
        print.pair("授权给", "Given to", recipient),
    ];
    if let Some(matter) = &receipt.matter {
        table.push(print.pair("办理事项", "Matter", format!("{}（{}）", print.short(&matter.name), matter.clause)));
    }
    if !receipt.purpose.is_empty() {
        table.push(print.pair("用途", "Purpose", receipt.purpose.clone()));
    }
    table.extend([
        print.pair("信息类别", "Classes", print.list(&receipt.classes)),
        print.pair("有效期", "Valid", format!("{} — {}", receipt.from, receipt.until)),
        print.pair("使用次数", "Uses", receipt.uses.to_string()),
        print.pair("确认方式", "Confirmed", print.short(&receipt.confirmed_name)),
    ]);
    if let Some(mandate) = &receipt.mandate {
        let fact = format!("{} {}", print.short(&mandate.kind_name), mandate.number);
        table.push(print.pair("代为授予", "Granted by", fact));
    }
    if let Some(report_for) = &receipt.report_for {
        table.push(print.pair("报告交给", "Report for", report_for.clone()));
    }
    let mut rights = print.all(&receipt.rights);
    if let Some(matter) = receipt.matter.as_ref().filter(|matter| !matter.if_refused.zh.is_empty()) {
        rights.push(print.text(&matter.if_refused));
    }
    DecisionDoc {
        title: "授权回执".to_owned(),
        title_en: "Receipt of a consent".to_owned(),
        city: receipt.city.clone(),
        synthetic: receipt.synthetic,
        number: receipt.number.clone(),
        date: receipt.issued_at.clone(),
        paragraphs: vec![print.text(&Say::new(
            "您允许下列接收方按所列范围查询与您有关的公共信用信息。超出范围、期限或次数的，平台不予答复。",
            "You allow the recipient below to ask about you within these bounds. Beyond them, in scope, time or number, nothing is answered.",
        ))],
        table,
        rights,
        signer: print.short(&Say::new("公共信用信息平台", "Public credit information platform")),
        verify_url: receipt.number.clone(),
        content_hash: digest,
        notes: print.all(&[Say::new(
            "二维码中只有回执编号。持有本回执不能查询任何信息，除非它就是授权给持有人的。",
            "The QR code holds the number of this receipt and nothing else. Nobody can ask with it but the recipient that it names.",
        )]),
        ..DecisionDoc::default()
    }
}
