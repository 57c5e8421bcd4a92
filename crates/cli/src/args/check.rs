//! The options of `chengxin policy`, `chengxin matter` and `chengxin check`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::subject::Subject;

#[derive(Debug, Subcommand)]
pub(crate) enum Matter {
    #[command(about = "列出现行的办理事项 ¦ List the matters in force")]
    List,
    #[command(about = "说明一项办理事项 ¦ Show one matter")]
    Show {
        #[arg(value_name = "CODE", help = "办理事项的代码 ¦ Code of the matter")]
        code: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    #[command(about = "列出全部规则及其条款 ¦ List every policy with its clause")]
    Show,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Check {
    #[command(
        about = "就一项办理事项核查申请人（先留痕，后答复；申请人看到同样的内容） ¦ Check an applicant for a matter; logged before it is answered, and the applicant sees the same"
    )]
    Ask(CheckAsk),
    #[command(about = "登记办理结果及理由 ¦ Record what came of the matter, with the reason")]
    Outcome(CheckOutcome),
    #[command(
        subcommand,
        about = "批量核查：仅限条款要求的事项，须由第二人批准 ¦ Many open applications at once: only where the clause asks for it, approved by a second person"
    )]
    Batch(CheckBatch),
}

#[derive(Debug, Subcommand)]
pub(crate) enum CheckBatch {
    #[command(
        about = "提出批量核查；批准之前不查询任何人 ¦ Ask for a batch; nobody is looked up before it is approved"
    )]
    Open {
        #[arg(long, value_name = "CODE", help = "办理事项的代码 ¦ Code of the matter")]
        matter: String,
        #[arg(
            value_name = "FILE",
            help = "办件清单（CSV、XLSX、JSON Lines）：证件号码、姓名、办件编号、核查依据 ¦ The applications: number, name, caseNumber, ground"
        )]
        file: PathBuf,
    },
    #[command(about = "列出本单位的批量核查 ¦ List the batches of one's own authority")]
    List,
    #[command(about = "查看一次批量核查 ¦ Show one batch")]
    Show {
        #[arg(value_name = "NUMBER", help = "批量核查的编号 ¦ Number of the batch")]
        batch: String,
    },
    #[command(about = "由第二人批准 ¦ Approve a batch as its second person")]
    Approve {
        #[arg(value_name = "NUMBER", help = "批量核查的编号 ¦ Number of the batch")]
        batch: String,
    },
    #[command(
        about = "逐部分核查并写出答复；中断后重新运行即继续 ¦ Ask part by part and write the answers; run it again after an interruption"
    )]
    Answer {
        #[arg(value_name = "NUMBER", help = "批量核查的编号 ¦ Number of the batch")]
        batch: String,
        #[arg(value_name = "FILE", help = "提出时的同一份清单 ¦ The same file as when it was asked for")]
        file: PathBuf,
        #[arg(
            long,
            value_name = "FILE",
            help = "答复写到这里，每行一件（JSON Lines） ¦ Where the answers go, one a line (JSON Lines)"
        )]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CheckAsk {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        value_name = "NAME",
        help = "申请人姓名或名称，须与证件一致 ¦ The applicant's name, as on the document"
    )]
    pub(crate) name: String,
    #[arg(long, value_name = "CODE", help = "办理事项的代码 ¦ Code of the matter")]
    pub(crate) matter: String,
    #[arg(long, value_name = "NUMBER", help = "办件编号 ¦ Number of the application")]
    pub(crate) case: String,
    #[arg(
        long,
        value_name = "RECEIPT",
        conflicts_with = "code",
        help = "以授权为依据的事项：授权回执编号 ¦ For a matter asked on consent: number of its receipt"
    )]
    pub(crate) consent: Option<String>,
    #[arg(
        long,
        value_name = "CODE",
        help = "或者申请人出示的一次性码 ¦ Or the one-time code that the applicant shows"
    )]
    pub(crate) code: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        help = "另写出交给申请人的核查单：.pdf 供打印，其他为 JSON ¦ Also write the applicant's slip: .pdf to print, else JSON"
    )]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOutcome {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, value_name = "NUMBER", help = "核查编号 ¦ Number of the check")]
    pub(crate) check: String,
    #[arg(long, value_name = "OUTCOME", value_parser = ["granted", "refused", "withdrawn"],
        help = "结果：granted 准予、refused 不予、withdrawn 申请人撤回 ¦ granted, refused or withdrawn")]
    pub(crate) outcome: String,
    #[arg(long, value_name = "TEXT", help = "理由，会告知申请人 ¦ The reason, which the applicant is told")]
    pub(crate) reason: String,
    #[arg(
        long = "record",
        value_name = "ID",
        help = "不予办理所依据的记录，可重复 ¦ A record on which the refusal rests; may be repeated"
    )]
    pub(crate) records: Vec<String>,
}
