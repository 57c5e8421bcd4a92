//! The options of `chengxin complaint`.

use chengxin_core::complaint::ComplaintStep;
use clap::{ArgGroup, Args, Subcommand};

use super::subject::{Subject, own};
use super::values::complaint_step;

const NUMBER: &str = "投诉编号 ¦ Number of the complaint";

#[derive(Debug, Subcommand)]
pub(crate) enum ComplaintCommand {
    #[command(
        about = "就我的留痕中的一条投诉：信息泄露、不当查看 ¦ Complain about a line of my log: a leak, or a look that should not have been",
        after_help = "例：chengxin complaint file --subject - --line 17 --text 从未办理过该事项 ¦ chengxin complaint file --subject - --line 17 --text 'I never applied for that'",
        mut_arg("subject", own)
    )]
    File(ComplaintFile),
    #[command(about = "撤回投诉 ¦ Take a complaint back", mut_arg("subject", own))]
    Withdraw(ComplaintWithdraw),
    #[command(about = "待办的投诉，先到期的在前，不含姓名 ¦ Complaints that wait, what is due first; names nobody")]
    Work,
    #[command(about = "一件投诉（当事人可见留痕） ¦ One complaint; a line in the person's log")]
    Show {
        #[arg(value_name = "NUMBER", help = NUMBER)]
        number: String,
    },
    #[command(
        about = "信用主管部门、接办单位：受理、答复、转交、移送 ¦ The credit office, and the authority that has it: take up, answer, hand over, pass on"
    )]
    Answer(ComplaintAnswerArgs),
    #[command(
        about = "被投诉单位及其主管部门：说明情况，不作答复 ¦ The authority complained of and its supervisor: comment; they answer nothing"
    )]
    Comment(ComplaintComment),
    #[command(
        about = "投诉办理情况：件数、逾期件数和天数 ¦ How complaints are answered: how many, how many late, by how many days"
    )]
    Figures,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("at").required(true).args(["line", "anchor"])))]
pub(crate) struct ComplaintFile {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        value_name = "N",
        help = "留痕编号，见 chengxin me log ¦ Number of the line, as chengxin me log shows it"
    )]
    pub(crate) line: Option<i64>,
    #[arg(
        long,
        value_name = "N",
        help = "没有编号的留痕：其锚定的平台留痕编号 ¦ Of a line without a number: its anchor"
    )]
    pub(crate) anchor: Option<i64>,
    #[arg(
        long,
        help = "该条在名下无记录时的留痕中 ¦ The line is numbered in the log of when nothing was held about me"
    )]
    pub(crate) reports: bool,
    #[arg(long, value_name = "TEXT", help = "投诉内容 ¦ What I say of it")]
    pub(crate) text: String,
    #[arg(
        long,
        value_name = "TEXT",
        help = "窗口代为提交：当面核对了什么；会留痕 ¦ At a window, for whoever came: what was compared in person; logged"
    )]
    pub(crate) evidence: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ComplaintWithdraw {
    #[arg(value_name = "NUMBER", help = NUMBER)]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Args)]
pub(crate) struct ComplaintAnswerArgs {
    #[arg(value_name = "NUMBER", help = NUMBER)]
    pub(crate) number: String,
    #[arg(long, value_name = "STEP", value_parser = complaint_step, help = "accept 受理、uphold 成立、not-uphold 不成立、refer 转交本平台的单位、pass-on 移送其他机关 ¦ accept, uphold, not-uphold, refer (to an authority here) or pass-on (to another)")]
    pub(crate) step: ComplaintStep,
    #[arg(
        long,
        value_name = "CODE",
        help = "转交给哪个单位（统一社会信用代码） ¦ With refer: code of the authority that is to answer"
    )]
    pub(crate) to: Option<String>,
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        help = "答复和理由，当事人会看到 ¦ The answer and why; the person reads it"
    )]
    pub(crate) text: String,
}

#[derive(Debug, Args)]
pub(crate) struct ComplaintComment {
    #[arg(value_name = "NUMBER", help = NUMBER)]
    pub(crate) number: String,
    #[arg(long, value_name = "TEXT", help = "说明 ¦ What is to be said")]
    pub(crate) text: String,
}
