//! The options of `chengxin me`.

use std::path::PathBuf;

use chengxin_core::identity::DocumentKind;
use clap::{Args, Subcommand};

use super::values::{SubjectNumber, document_kind};

#[derive(Debug, Subcommand)]
pub(crate) enum Me {
    #[command(
        about = "谁查看、报送、决定过我的信息（本次查阅也会留痕） ¦ Who looked at, sent or decided about my records; this reading is logged too"
    )]
    Log(MeLog),
    #[command(about = "平台上关于我的全部记录（留痕） ¦ Everything that is held about me; logged")]
    Records(MeSubject),
    #[command(
        name = "verify-log",
        about = "核对一份留痕导出文件，只需要公钥 ¦ Check an export of a person's log; needs only the public key"
    )]
    VerifyLog(MeVerifyLog),
}

#[derive(Debug, Args)]
pub(crate) struct MeSubject {
    #[arg(
        long,
        value_name = "NUMBER",
        help = "本人的证件号码；写 - 则从标准输入读，不会留在命令历史里 ¦ Own document number; - reads it from standard input, so that no shell history keeps it"
    )]
    pub(crate) subject: SubjectNumber,
    #[arg(long, value_name = "KIND", value_parser = document_kind,
        help = "证件类型：01 至 05 或 uscc；不写则按号码判断 ¦ Kind of document, 01 to 05 or uscc; told by the number if absent")]
    pub(crate) document_kind: Option<DocumentKind>,
}

#[derive(Debug, Args)]
pub(crate) struct MeLog {
    #[command(flatten)]
    pub(crate) subject: MeSubject,
    #[arg(
        long,
        value_name = "FILE",
        help = "另把各条及其证明写到此文件，任何人凭公钥即可核对 ¦ Also write the lines with proofs, which anybody can check with the public key"
    )]
    pub(crate) json_proofs: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct MeVerifyLog {
    #[arg(
        value_name = "FILE",
        help = "chengxin me log --json-proofs 写出的文件 ¦ A file that chengxin me log --json-proofs wrote"
    )]
    pub(crate) file: PathBuf,
    #[arg(
        long,
        value_name = "FILE",
        help = "信任的公钥清单；缺省取安装中的 ¦ Keys to trust; the installation's if absent"
    )]
    pub(crate) trust: Option<PathBuf>,
}
