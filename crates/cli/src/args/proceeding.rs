//! The options of `chengxin objection`, `repair`, `proceeding` and `follow-up`.

use std::path::PathBuf;

use chengxin_core::objection::ObjectionStep;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_core::repair::RepairStep;
use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::subject::{Subject, own};
use super::values::{aspect, objection_step, record_id, repair_step, whole_date};

const NUMBER: &str = "办件编号 ¦ Number of the proceeding";
const ATTACH: &str = "附件：PDF、JPEG、PNG 或纯文本，每个不超过 5 MB；可重复 ¦ Hand in a PDF, JPEG, PNG or plain text of 5 MB at most; may be repeated";
const EVIDENCE: &str = "窗口代为提交时：当面核对了什么；会留痕 ¦ At a window: what was compared in person; logged";

#[derive(Debug, Subcommand)]
pub(crate) enum ObjectionCommand {
    #[command(
        about = "对关于我的一条记录提出异议，或声明非本人；该记录随即标注或停止使用 ¦ Object to a record about me, or say that it is not me; it is marked, or out of use, at once",
        mut_arg("subject", own)
    )]
    File(ObjectionFile),
    #[command(
        about = "为异议补充材料，或附加说明（不超过 500 字） ¦ Hand in more, or put a statement of 500 characters at most beside the record",
        mut_arg("subject", own)
    )]
    Add(ObjectionAdd),
    #[command(
        about = "认定单位：受理、不予受理、要求补充、答复更正、撤销或维持 ¦ The determining authority: take up or not, ask for more, answer corrected, withdrawn or kept"
    )]
    Decide(ObjectionDecide),
    #[command(
        about = "身份核验人员：依据证据认定是否为本人 ¦ The identity clerk: find on evidence whether a record is theirs"
    )]
    Identify(ObjectionDecide),
}

/// Words and what goes with them.
#[derive(Debug, Args)]
pub(crate) struct SaidArgs {
    #[arg(long, value_name = "TEXT", default_value = "", help = "文字 ¦ Words")]
    pub(crate) text: String,
    #[arg(long = "attach", value_name = "FILE", help = ATTACH)]
    pub(crate) attach: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ObjectionFile {
    #[arg(value_name = "RECORD", value_parser = record_id, help = "记录编号，32 位十六进制数字 ¦ Id of the record, 32 hexadecimal digits")]
    pub(crate) record: RecordId,
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, value_name = "WHAT", value_parser = aspect, required_unless_present = "not_me",
        help = "对什么有异议：content 内容、period 公示期限、repair-result 修复结果 ¦ Against what: content, period or repair-result")]
    pub(crate) aspect: Option<ObjectionAspect>,
    #[arg(long, conflicts_with = "aspect", help = "声明：这不是我 ¦ Say: this is not me")]
    pub(crate) not_me: bool,
    #[command(flatten)]
    pub(crate) said: SaidArgs,
    #[arg(long, value_name = "TEXT", help = EVIDENCE)]
    pub(crate) evidence: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ObjectionAdd {
    #[arg(value_name = "NUMBER", help = NUMBER)]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        help = "作为本人的说明，记录维持时与之一并展示 ¦ As the person's own statement, to stand beside the record if it is kept"
    )]
    pub(crate) statement: bool,
    #[command(flatten)]
    pub(crate) said: SaidArgs,
    #[arg(long, value_name = "TEXT", help = EVIDENCE)]
    pub(crate) evidence: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ObjectionDecide {
    #[arg(value_name = "NUMBER", help = NUMBER)]
    pub(crate) number: String,
    #[arg(long, value_name = "STEP", value_parser = objection_step,
        help = "办理步骤：accept、refuse、ask-more、correct、withdraw、keep；核验人员 find-theirs、find-not-theirs ¦ accept, refuse, ask-more, correct, withdraw or keep; for an identity clerk find-theirs or find-not-theirs")]
    pub(crate) step: ObjectionStep,
    #[command(flatten)]
    pub(crate) said: SaidArgs,
    #[arg(long = "field", value_name = "CODE=VALUE", value_parser = field,
        help = "答复更正时：字段代码和更正后的内容，写法同报送文件；可重复 ¦ Of a correction: code of a field and what it says from now on, as in a file; may be repeated")]
    pub(crate) corrected: Vec<(String, String)>,
}

pub(super) fn field(text: &str) -> Result<(String, String), String> {
    let (code, value) = text.split_once('=').ok_or("须写成 代码=内容 ¦ write CODE=VALUE")?;
    Ok((code.trim().to_owned(), value.to_owned()))
}

#[derive(Debug, Subcommand)]
pub(crate) enum RepairCommand {
    #[command(
        about = "向修复迈一步：已履行、申请延期、自主解释、申请修复；不收费 ¦ A step toward repair: performed, more time, explain, or ask for it; free of charge",
        mut_arg("subject", own)
    )]
    File(RepairFile),
    #[command(
        about = "认定单位：受理、不予受理、答复延期、延长、准予、不予 ¦ The determining authority: take up, turn away, answer about more time, extend, grant or refuse"
    )]
    Decide(RepairDecide),
}

#[derive(Debug, Args)]
pub(crate) struct RepairFile {
    #[arg(value_name = "RECORD", value_parser = record_id, help = "记录编号，32 位十六进制数字 ¦ Id of the record, 32 hexadecimal digits")]
    pub(crate) record: RecordId,
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, value_name = "STEP", value_parser = repair_step, help = "perform 已履行、ask-delay 申请延期、explain 自主解释、ask 申请修复 ¦ perform, ask-delay, explain or ask")]
    pub(crate) step: RepairStep,
    #[command(flatten)]
    pub(crate) said: SaidArgs,
    #[arg(long, value_name = "FILE", help = "信用承诺书，申请修复时须附 ¦ The commitment letter, with the request")]
    pub(crate) commitment: Option<PathBuf>,
    #[arg(
        long,
        value_name = "NUMBER",
        help = "在“信用中国”受理的，其受理编号 ¦ Number by which the national platform knows it, where it came in there"
    )]
    pub(crate) national_number: Option<String>,
    #[arg(long, value_name = "TEXT", help = EVIDENCE)]
    pub(crate) evidence: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RepairDecide {
    #[arg(value_name = "NUMBER", help = NUMBER)]
    pub(crate) number: String,
    #[arg(long, value_name = "STEP", value_parser = repair_step, help = "办理步骤：accept、turn-away、answer-delay、extend、grant、refuse ¦ accept, turn-away, answer-delay, extend, grant or refuse")]
    pub(crate) step: RepairStep,
    #[command(flatten)]
    pub(crate) said: SaidArgs,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "延长到哪一天 ¦ Of an extension: until which day")]
    pub(crate) until: Option<Date>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProceedingCommand {
    #[command(about = "待办清单，先到期的在前，不含姓名 ¦ What waits, what is due first; names nobody")]
    Work,
    #[command(about = "一件办件的全部内容（当事人可见留痕） ¦ One proceeding whole; a line in the person's log")]
    Show {
        #[arg(value_name = "NUMBER", help = NUMBER)]
        number: String,
    },
    #[command(about = "取出一个附件（当事人可见留痕） ¦ Take something that was handed in; a line in the person's log")]
    Attachment(ProceedingAttachment),
    #[command(
        about = "取得本人办件的决定书：签名的 JSON 与带二维码的 PDF ¦ The decision in a proceeding of one's own: signed JSON, and PDF with a QR code",
        mut_arg("subject", own)
    )]
    Decision(ProceedingDecision),
    #[command(
        about = "核对决定书：纸件上的编号和二维码中的码 ¦ Verify a decision by the number on the paper and the code behind its QR code"
    )]
    Verify {
        #[arg(value_name = "NUMBER", help = NUMBER)]
        number: String,
        #[arg(value_name = "CODE", help = "二维码网址的最后一段 ¦ The last part of the address behind the QR code")]
        code: String,
    },
    #[command(
        about = "各单位办理情况：件数、逾期件数和天数 ¦ How authorities answer: how many, how many late, by how many days"
    )]
    Figures,
}

#[derive(Debug, Args)]
pub(crate) struct ProceedingDecision {
    #[arg(value_name = "NUMBER", help = NUMBER)]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        short,
        value_name = "FILE",
        help = "写到此文件：.pdf 为 PDF，其他为签名的 JSON ¦ Write it to this file: a PDF where it ends in .pdf, signed JSON else"
    )]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ProceedingAttachment {
    #[arg(value_name = "NUMBER", help = NUMBER)]
    pub(crate) number: String,
    #[arg(value_name = "FILE", help = "第几个附件 ¦ Which attachment")]
    pub(crate) file_no: i64,
    #[arg(long, short, value_name = "FILE", help = "写到此文件 ¦ Write it to this file")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FollowUpCommand {
    #[command(
        about = "本单位看过、后来更正、撤销或修复的记录所涉办件 ¦ Matters of one's own authority whose records changed since they were shown"
    )]
    List,
    #[command(about = "确认原办理结果，或重新办理 ¦ Confirm an outcome, or open its matter again")]
    Settle(FollowUpSettle),
}

#[derive(Debug, Args)]
pub(crate) struct FollowUpSettle {
    #[arg(value_name = "CHECK", help = "核查编号 ¦ Number of the check")]
    pub(crate) check: String,
    #[arg(long, help = "重新办理；不写则维持原结果 ¦ Open the matter again; else its outcome is confirmed")]
    pub(crate) reopen: bool,
    #[arg(long, value_name = "TEXT", help = "理由，会告知当事人 ¦ Why; the person is told it")]
    pub(crate) reason: String,
}
