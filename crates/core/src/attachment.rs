//! What people hand in with an objection or a request for repair: told by its content, never by its name.

use serde::{Deserialize, Serialize};

use crate::say::Say;

/// Most bytes of one attachment.
pub const LARGEST: usize = 5 << 20;
/// Most attachments of one step.
pub const AT_ONCE: usize = 5;
/// Most attachments of one proceeding.
pub const MOST: usize = 40;
/// Most characters of a name.
const NAME: usize = 100;
/// Words by which a PDF says that opening it does something.
const ACTIVE: [&[u8]; 5] = [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia"];

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// A document.
    Pdf,
    /// A photograph or a scan.
    Jpeg,
    /// A picture.
    Png,
    /// Plain text in UTF-8.
    Text,
}

impl Media {
    /// Media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The ending of its name.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Text => "txt",
        }
    }
}

/// Why something is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentFault {
    /// Nothing in it.
    Empty,
    /// Too large: so many bytes.
    TooLarge(usize),
    /// Its content is of no kind that is taken.
    Kind,
    /// It is locked by a password.
    Encrypted,
    /// It does something when it is opened.
    Active,
    /// It ends before its end.
    CutOff,
    /// Too many: so many.
    TooMany(usize),
}

impl AttachmentFault {
    /// What is wrong, and how to mend it; `name` says which one.
    #[must_use]
    pub fn say(&self, name: &str) -> Say {
        let name = safe_name(name, "");
        let (zh, en) = match self {
            Self::Empty => ("是空文件；请选择有内容的文件".to_owned(), "is empty: choose one with content".to_owned()),
            Self::TooLarge(bytes) => {
                let (of, most) = (bytes.div_ceil(1 << 20), LARGEST >> 20);
                (
                    format!("约 {of} MB，超过 {most} MB；请压缩或拆分"),
                    format!("has about {of} MB, and may have {most}: compress or split it"),
                )
            }
            Self::Kind => (
                "不是 PDF、JPEG、PNG 或纯文本（按内容判断，改名无效）；请转换后再上传".to_owned(),
                "is no PDF, JPEG, PNG or plain text, by its content and whatever its name: convert it first".to_owned(),
            ),
            Self::Encrypted => {
                ("设有密码；请去除密码后再上传".to_owned(), "is locked by a password: take it off first".to_owned())
            }
            Self::Active => (
                "含有脚本、附件或启动动作；请打印为普通 PDF 后再上传".to_owned(),
                "has scripts, embedded files or actions: print it to a plain PDF first".to_owned(),
            ),
            Self::CutOff => ("不完整；请重新上传".to_owned(), "ends before its end: send it again".to_owned()),
            Self::TooMany(most) => {
                (format!("之外最多只能附 {most} 个；请合并"), format!("is one too many: {most} at most, merge them"))
            }
        };
        Say::new(format!("附件“{name}”{zh}"), format!("the attachment “{name}” {en}"))
    }
}

/// What something is, by its content.
///
/// # Errors
/// [`AttachmentFault`].
pub fn inspect(bytes: &[u8]) -> Result<Media, AttachmentFault> {
    if bytes.is_empty() {
        return Err(AttachmentFault::Empty);
    }
    if bytes.len() > LARGEST {
        return Err(AttachmentFault::TooLarge(bytes.len()));
    }
    let has = |word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    // The end may be followed by line ends, and by what some programmes add.
    let tail = &bytes[bytes.len().saturating_sub(1_024)..];
    let ends_with = |word: &[u8]| memchr::memmem::find(tail, word).is_some();
    if bytes.starts_with(b"%PDF-") {
        if has(b"/Encrypt") {
            return Err(AttachmentFault::Encrypted);
        }
        if ACTIVE.iter().any(|word| has(word)) {
            return Err(AttachmentFault::Active);
        }
        return if ends_with(b"%%EOF") { Ok(Media::Pdf) } else { Err(AttachmentFault::CutOff) };
    }
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return if ends_with(&[0xff, 0xd9]) { Ok(Media::Jpeg) } else { Err(AttachmentFault::CutOff) };
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return if ends_with(b"IEND") { Ok(Media::Png) } else { Err(AttachmentFault::CutOff) };
    }
    let text = std::str::from_utf8(bytes).map_err(|_| AttachmentFault::Kind)?;
    let plain = !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    // A page or a drawing is text too, and opening it may do something.
    let markup = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    if plain && !markup { Ok(Media::Text) } else { Err(AttachmentFault::Kind) }
}

/// A name that can do no harm wherever it is shown or saved: no path, no sign without a shape, the ending that its content has.
///
/// # Example
/// ```
/// use chengxin_core::attachment::safe_name;
/// assert_eq!(safe_name("../../etc/履行证明.exe", "pdf"), "履行证明.exe.pdf");
/// ```
#[must_use]
pub fn safe_name(name: &str, ending: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned = crate::statement::cleaned(last).text;
    let kept: String = cleaned.chars().filter(|c| !"\"<>|:*?\n\t".contains(*c)).take(NAME).collect();
    let kept = kept.trim_matches(['.', ' ']);
    let kept = if kept.is_empty() { "附件" } else { kept };
    if ending.is_empty() || kept.to_lowercase().ends_with(&format!(".{ending}")) {
        kept.to_owned()
    } else {
        format!("{kept}.{ending}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_what_it_is_and_a_name_does_not() {
        assert_eq!(inspect(b"%PDF-1.7\n1 0 obj\n%%EOF\n"), Ok(Media::Pdf));
        assert_eq!(inspect(&[0xff, 0xd8, 0xff, 0xe0, 1, 2, 0xff, 0xd9]), Ok(Media::Jpeg));
        assert_eq!(inspect(b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"), Ok(Media::Png));
        assert_eq!(inspect("已于十月十日缴清罚款。\n".as_bytes()), Ok(Media::Text));
    }

    #[test]
    fn what_is_empty_too_large_locked_active_cut_or_of_a_false_kind_is_refused() {
        use AttachmentFault as F;
        assert_eq!(inspect(b""), Err(F::Empty));
        assert_eq!(inspect(&vec![b'a'; LARGEST + 1]), Err(F::TooLarge(LARGEST + 1)));
        assert_eq!(inspect(b"%PDF-1.7\n/Encrypt 5 0 R\n%%EOF"), Err(F::Encrypted));
        assert_eq!(inspect(b"%PDF-1.7\n/OpenAction << /S /JavaScript >>\n%%EOF"), Err(F::Active));
        assert_eq!(inspect(b"%PDF-1.7\n1 0 obj"), Err(F::CutOff));
        for other in
            [&b"MZ\x90\x00"[..], b"PK\x03\x04", b"\x7fELF", b"<svg onload=x>", b"\xef\xbb\xbf <html>", b"a\x00b"]
        {
            assert_eq!(inspect(other), Err(F::Kind), "{other:?}");
        }
    }

    #[test]
    fn a_hostile_name_becomes_a_plain_one() {
        for (name, safe) in [
            ("..\\..\\x\u{202e}fdp.exe", "xfdp.exe.pdf"),
            ("", "附件.pdf"),
            ("...", "附件.pdf"),
            ("证明.PDF", "证明.PDF"),
            ("a\"; drop:table*.pdf", "a; droptable.pdf"),
            ("990000199001010017.pdf", "990*************17.pdf"),
        ] {
            let got = safe_name(name, "pdf");
            assert!(got == safe || got == safe.replace('*', ""), "{name}: {got}");
        }
        assert!(safe_name(&"长".repeat(500), "pdf").chars().count() <= NAME + 4);
    }
}
