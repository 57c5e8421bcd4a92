//! The options of `chengxin me`.

use std::path::PathBuf;

use chengxin_core::record::RecordId;
use clap::{Args, Subcommand};

use super::subject::{ProofFile, Subject, own};
use super::values::record_id;

#[derive(Debug, Subcommand)]
pub(crate) enum Me {
    #[command(
        about = "谁查看、报送、决定过我的信息（本次查阅也会留痕） ¦ Who looked at, sent or decided about my records; this reading is logged too",
        mut_arg("subject", own)
    )]
    Log(MeLog),
    #[command(
        about = "平台上关于我的全部记录（留痕） ¦ Everything that is held about me; logged",
        mut_arg("subject", own)
    )]
    Records(Subject),
    #[command(
        about = "我的异议、声明和信用修复办件，期限和答复（留痕） ¦ My objections and repairs, their clocks and answers; logged",
        mut_arg("subject", own)
    )]
    Proceedings(Subject),
    #[command(
        about = "我的一条记录：何时停止展示、何时怎样修复、现在影响什么、谁看过（留痕） ¦ One of my records: when it stops showing, how it is repaired, what it affects today, who has seen it; logged",
        mut_arg("subject", own)
    )]
    Horizon(MeHorizon),
    #[command(
        about = "删除我自愿提供的一条记录：即时销毁，不可恢复；依法归集的记录不能凭要求删除 ¦ Delete a record that rests on my own wish, at once and for good; what rests on law is not deleted because it is asked for",
        mut_arg("subject", own)
    )]
    Delete(MeHorizon),
    #[command(
        about = "我的投诉：办理情况和答复（留痕） ¦ My complaints, how they stand, and their answers; logged",
        mut_arg("subject", own)
    )]
    Complaints(Subject),
    #[command(
        about = "各窗口就我办理的事项作过哪些核查、看到了什么、结果如何 ¦ Checks about me at windows: what each was told, and what came of it",
        mut_arg("subject", own)
    )]
    Checks(Subject),
    #[command(about = "给我的告知清单（留痕） ¦ What I am told, in a list; logged", mut_arg("subject", own))]
    Notices(Subject),
    #[command(
        about = "阅读给我的一份告知；读过即为送达 ¦ Read a notice to me; once read it counts as delivered",
        mut_arg("subject", own)
    )]
    Notice(MeNotice),
    #[command(
        about = "窗口办理某一事项时会看到关于我的什么 ¦ What a window would be told about me for a matter",
        mut_arg("subject", own)
    )]
    Preview(MePreview),
    #[command(
        name = "verify-log",
        about = "核对 chengxin me log --json-proofs 写出的留痕导出文件，只需要公钥 ¦ Check an export that chengxin me log --json-proofs wrote; needs only the public key"
    )]
    VerifyLog(ProofFile),
}

#[derive(Debug, Args)]
pub(crate) struct MeHorizon {
    #[arg(value_name = "RECORD", value_parser = record_id, help = "记录编号，32 位十六进制数字 ¦ Id of the record, 32 hexadecimal digits")]
    pub(crate) record: RecordId,
    #[command(flatten)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Args)]
pub(crate) struct MeNotice {
    #[arg(value_name = "NOTICE", help = "告知编号 ¦ Number of the notice")]
    pub(crate) notice: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Args)]
pub(crate) struct MePreview {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, value_name = "CODE", help = "办理事项的代码 ¦ Code of the matter")]
    pub(crate) matter: String,
}

#[derive(Debug, Args)]
pub(crate) struct MeLog {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        value_name = "FILE",
        help = "另把各条及其证明写到此文件，任何人凭公钥即可核对 ¦ Also write the lines with proofs, which anybody can check with the public key"
    )]
    pub(crate) json_proofs: Option<PathBuf>,
}
