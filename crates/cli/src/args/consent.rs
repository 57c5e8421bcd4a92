//! The options of `chengxin consent`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use jiff::civil::Date;

use super::subject::{Subject, own};
use super::values::whole_date;

#[derive(Debug, Subcommand)]
pub(crate) enum Consent {
    #[command(
        about = "生成一次性码，在窗口出示：只能就一项办理事项、在一个单位核查一次，十分钟内有效 ¦ A one-time code to show at a desk: one check, in one matter, at one authority, within ten minutes",
        mut_arg("subject", own)
    )]
    Code(ConsentCodeArgs),
    #[command(
        about = "声明一项授权并非自愿（被要求、被迫交出）：凭它的核查随即停止，对方不会得知原因 ¦ Say that you were made to hand a consent over: sharing on it stops, and whoever asks is not told why",
        mut_arg("subject", own)
    )]
    Disown(ConsentOne),
    #[command(
        about = "授权一个指明的单位，为指明的用途、类别、期间和次数使用我的信息；给出签名的回执 ¦ Allow somebody named a purpose, classes, a period and a number of uses; gives a signed receipt",
        mut_arg("subject", own)
    )]
    Grant(ConsentGrant),
    #[command(
        about = "列出我的全部授权、状态和每一次使用（留痕） ¦ Every consent that I gave, how it stands, and each use; logged",
        mut_arg("subject", own)
    )]
    List(Subject),
    #[command(
        about = "缩小一项授权：更早截止、更少次数、更少类别；不能放宽 ¦ Narrow a consent: an earlier end, fewer uses, fewer classes; never wider",
        mut_arg("subject", own)
    )]
    Narrow(ConsentNarrow),
    #[command(
        about = "再次取得一项授权的回执，用于出示或打印 ¦ The receipt of a consent once more, to show or to print",
        mut_arg("subject", own)
    )]
    Receipt(ConsentReceiptArgs),
    #[command(
        about = "窗口登记：当面核对证件、收取签名纸件后，登记一次核查的授权 ¦ At a window: record consent to one check, on signed paper, once the document was compared in person"
    )]
    Record(ConsentRecord),
    #[command(
        about = "撤回一项授权，自下一次核查起生效 ¦ Withdraw a consent, with effect from the next check",
        mut_arg("subject", own)
    )]
    Withdraw(ConsentOne),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("recipient").args(["authority", "organisation"]).required(true))]
pub(crate) struct ConsentGrant {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        value_name = "CODE",
        help = "授权给哪个登记的单位：统一社会信用代码 ¦ To which registered authority: its unified social credit code"
    )]
    pub(crate) authority: Option<String>,
    #[arg(
        long,
        value_name = "NAME",
        help = "或者授权给其他单位：全称 ¦ Or to which other organisation: its full name"
    )]
    pub(crate) organisation: Option<String>,
    #[arg(
        long = "for",
        value_name = "TEXT",
        help = "授权用途；指明办理事项的可以不写 ¦ What it is for; may be left out where a matter is named"
    )]
    pub(crate) what_for: Option<String>,
    #[arg(long, value_name = "CODE", help = "办理事项的代码 ¦ Code of the matter")]
    pub(crate) matter: Option<String>,
    #[arg(
        long = "class",
        value_name = "CLASS",
        help = "信息类别，可重复；缺省为该事项的全部类别 ¦ A class of items, may be repeated; those of the matter if absent"
    )]
    pub(crate) classes: Vec<String>,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "第一天；缺省为今天 ¦ First day; today if absent")]
    pub(crate) from: Option<Date>,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "不再有效的第一天；最长一年 ¦ First day on which it no longer holds; a year at most")]
    pub(crate) until: Date,
    #[arg(long, value_name = "N", default_value_t = 1, help = "可使用的次数 ¦ How often it may be used")]
    pub(crate) uses: i64,
    #[command(flatten)]
    pub(crate) out: ReceiptOut,
}

#[derive(Debug, Args)]
pub(crate) struct ConsentOne {
    #[arg(value_name = "RECEIPT", help = "授权回执编号 ¦ Number of the receipt")]
    pub(crate) receipt: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Args)]
pub(crate) struct ConsentReceiptArgs {
    #[command(flatten)]
    pub(crate) of: ConsentOne,
    #[command(flatten)]
    pub(crate) out: ReceiptOut,
}

#[derive(Debug, Args)]
pub(crate) struct ConsentNarrow {
    #[command(flatten)]
    pub(crate) of: ConsentOne,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "更早的截止日：不再有效的第一天 ¦ An earlier first day on which it no longer holds")]
    pub(crate) until: Option<Date>,
    #[arg(
        long,
        value_name = "N",
        help = "更少的总次数，已使用的计算在内 ¦ Fewer uses in all, those that were made included"
    )]
    pub(crate) uses: Option<i64>,
    #[arg(long = "class", value_name = "CLASS", help = "保留的信息类别，可重复 ¦ A class that stays; may be repeated")]
    pub(crate) classes: Vec<String>,
    #[command(flatten)]
    pub(crate) out: ReceiptOut,
}

#[derive(Debug, Args)]
pub(crate) struct ConsentCodeArgs {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, value_name = "CODE", help = "办理事项的代码 ¦ Code of the matter")]
    pub(crate) matter: String,
    #[arg(
        long,
        value_name = "CODE",
        help = "窗口所属单位的统一社会信用代码 ¦ Unified social credit code of the authority at whose desk it is shown"
    )]
    pub(crate) authority: String,
    #[command(flatten)]
    pub(crate) out: ReceiptOut,
}

#[derive(Debug, Args)]
pub(crate) struct ConsentRecord {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        value_name = "CODE",
        required_unless_present = "report",
        help = "办理事项的代码：授权核查一次 ¦ Code of the matter: consent to one check"
    )]
    pub(crate) matter: Option<String>,
    #[arg(long, conflicts_with = "matter", requires_all = ["what_for", "classes", "recipient"],
        help = "或者授权出具一份报告；须按纸件写明用途、类别和接收方 ¦ Or consent to one report; with purpose, classes and recipient as the paper has them")]
    pub(crate) report: bool,
    #[arg(long = "for", value_name = "TEXT", requires = "report", help = "报告用途 ¦ What the report is for")]
    pub(crate) what_for: Option<String>,
    #[arg(
        long = "class",
        value_name = "CLASS",
        requires = "report",
        help = "报告包含的信息类别，可重复 ¦ A class of items that the report shows, may be repeated"
    )]
    pub(crate) classes: Vec<String>,
    #[arg(
        long,
        value_name = "NAME",
        requires = "report",
        help = "报告交给谁：本人，或者接收方的全称 ¦ Who is to receive the report: the person, or somebody named"
    )]
    pub(crate) recipient: Option<String>,
    #[arg(long, value_name = "TEXT", help = "当面核对了什么；会留痕 ¦ What was compared in person; logged")]
    pub(crate) evidence: String,
    #[arg(long, value_name = "NUMBER", help = "签名纸件的编号 ¦ Number of the signed paper")]
    pub(crate) paper: String,
    #[command(flatten)]
    pub(crate) out: ReceiptOut,
}

/// Where a signed receipt goes.
#[derive(Debug, Args)]
pub(crate) struct ReceiptOut {
    #[arg(
        long,
        value_name = "FILE",
        help = "另写出回执：.pdf 供打印，其他为签名的 JSON ¦ Also write the receipt: .pdf to print, else the signed JSON"
    )]
    pub(crate) out: Option<PathBuf>,
}
