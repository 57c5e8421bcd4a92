//! Options that several commands have alike: the subject of a document, and a file that is checked far from any
//! installation.

use std::path::PathBuf;

use chengxin_core::identity::DocumentKind;
use clap::{Arg, Args};

use super::values::{SubjectNumber, document_kind};
use crate::exit::Failure;

/// The number of a document, where it is that of whoever asks.
pub(super) fn own(number: Arg) -> Arg {
    number.help("本人的证件号码；写 - 则从标准输入读，不会留在命令历史里 ¦ Own document number; - reads it from standard input, so that no shell history keeps it")
}

/// Whom a command is about.
#[derive(Debug, Args)]
pub(crate) struct Subject {
    #[arg(
        long,
        value_name = "NUMBER",
        help = "主体的证件号码；写 - 则从标准输入读，不会留在命令历史里 ¦ The subject's document number; - reads it from standard input, so that no shell history keeps it"
    )]
    subject: SubjectNumber,
    #[command(flatten)]
    document: DocumentOption,
}

impl Subject {
    /// Kind and number of the document.
    pub(crate) fn read(&self) -> Result<(DocumentKind, String), Failure> {
        self.document.read(&self.subject)
    }
}

/// Kind of a document whose number is another option of the command.
#[derive(Debug, Args)]
pub(crate) struct DocumentOption {
    #[arg(long, value_name = "KIND", value_parser = document_kind,
        help = "证件类型：01 身份证、02 护照、03 港澳、04 台湾、05 外国人、uscc；不写则按号码判断 ¦ Kind of document, 01 to 05 or uscc; told by the number if absent")]
    document_kind: Option<DocumentKind>,
}

impl DocumentOption {
    /// Kind and number of the document: the number from standard input where it is `-`, the kind by the number where
    /// none was given.
    pub(crate) fn read(&self, number: &SubjectNumber) -> Result<(DocumentKind, String), Failure> {
        let number = number.read().map_err(|error| Failure::io("-".as_ref(), &error))?;
        let kind = self.document_kind.unwrap_or_else(|| DocumentKind::of_number(&number));
        Ok((kind, number))
    }
}

/// A file that the log gave out, and the keys by which it is checked.
#[derive(Debug, Args)]
pub(crate) struct ProofFile {
    #[arg(value_name = "FILE", help = "要核对的文件 ¦ The file to check")]
    pub(crate) file: PathBuf,
    #[arg(
        long,
        value_name = "FILE",
        help = "信任的公钥清单；缺省取安装中的 ¦ Keys to trust; the installation's if absent"
    )]
    pub(crate) trust: Option<PathBuf>,
}
