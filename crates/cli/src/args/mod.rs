//! The command line: every command with its options, in both languages.
//!
//! Help texts are written `中文 ¦ English`; [`words::localised`] leaves the half that is asked for.

mod account;
mod check;
mod client;
mod complaint;
mod consent;
mod issuer;
mod leak;
mod log;
mod mandate;
mod me;
mod notice;
mod nouns;
mod proceeding;
mod publication;
mod statistics;
mod subject;
mod values;
pub(crate) mod words;

use std::path::PathBuf;

use chengxin_app::places::{self, Places};
use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;

use crate::exit::Failure;

pub(crate) use account::{Account, AccountOpen, AccountRecover, AccountRight};
pub(crate) use check::{Check, CheckAsk, CheckBatch, CheckOutcome, Matter, Policy};
pub(crate) use client::{Client, ClientAdd, ClientRotate, KeyOption};
pub(crate) use complaint::{ComplaintCommand, ComplaintFile};
pub(crate) use consent::{
    Consent, ConsentCodeArgs, ConsentGrant, ConsentNarrow, ConsentOne, ConsentReceiptArgs, ConsentRecord, ReceiptOut,
};
pub(crate) use issuer::Issuer;
pub(crate) use leak::{Leak, LeakList, LeakNoticesArgs, LeakSearchArgs};
pub(crate) use log::{Log, LogCheckpoint, LogConsistency, LogProve, LogPublish, LogVerify, LogWitness, LogWitnessAdd};
pub(crate) use mandate::{
    MandateAccept, MandateCommand, MandateEnd, MandateOfferArgs, MandateOne, MandateRecordArgs, PaperArgs,
};
pub(crate) use me::{Me, MeHorizon, MeLog, MeNotice, MePreview};
pub(crate) use notice::{ChannelAdd, ChannelCommand, ChannelOne, ChannelProve, MailSet, NoticeCommand, NoticeServed};
pub(crate) use nouns::*;
pub(crate) use proceeding::{
    FollowUpCommand, ObjectionAdd, ObjectionCommand, ObjectionDecide, ObjectionFile, ProceedingAttachment,
    ProceedingCommand, ProceedingDecision, RepairCommand, RepairDecide, RepairFile, SaidArgs,
};
pub(crate) use publication::{PublicationCommand, PublicationConfirm, PublicationList};
pub(crate) use statistics::{StatisticsCommand, StatisticsExport};
pub(crate) use subject::{ProofFile, Subject};
pub(crate) use values::{ActAs, Mapping, RightOf};

#[derive(Debug, Parser)]
#[command(
    name = "chengxin",
    version,
    about = "诚信：公共信用信息平台。一份目录，一份可核验的报告，一本谁都改不动的留痕 ¦ Chengxin: public credit information. One catalogue, one verifiable report, one log that nobody can quietly change",
    after_help = "例：chengxin demo ¦ Try: chengxin demo",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Globals {
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help = "安装所在的文件夹；也可用环境变量 CHENGXIN_DIR；缺省 ./chengxin-data ¦ Folder of the installation; also CHENGXIN_DIR; ./chengxin-data if absent"
    )]
    pub(crate) dir: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "数据库服务器上的主库：postgres://用户@主机/库名；也可用环境变量 CHENGXIN_DATABASE；缺省为文件夹中的 SQLite ¦ Main database on a server: postgres://user@host/name; also CHENGXIN_DATABASE; else SQLite in the folder"
    )]
    pub(crate) database: Option<String>,
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "密钥库；也可用环境变量 CHENGXIN_KEY_DATABASE；缺省为主库名加 _keys ¦ Its key store; also CHENGXIN_KEY_DATABASE; else the name of the main database and _keys"
    )]
    pub(crate) key_database: Option<String>,
    #[arg(long, global = true, value_name = "zh|en", value_parser = ["zh", "en"], hide_possible_values = true,
        help = "界面语言；缺省按 LC_ALL、LANG，再缺省为中文 ¦ Language of the output; else by LC_ALL and LANG, else Chinese")]
    pub(crate) lang: Option<String>,
    #[arg(
        long = "as",
        global = true,
        value_name = "ROLE[:NAME][@AUTHORITY]",
        help = "以何角色、何人、何单位操作；正式环境必填 ¦ Role, name and authority in which you act; required in production"
    )]
    pub(crate) act_as: Option<ActAs>,
    #[arg(
        long,
        global = true,
        value_name = "TEXT",
        help = "用途；会留痕并向当事人展示；正式环境必填 ¦ What for; logged and shown to the person concerned; required in production"
    )]
    pub(crate) purpose: Option<String>,
    #[arg(
        long,
        global = true,
        value_name = "NUMBER",
        help = "凭此编号的委托代他人办理：--subject 写本人的号码，办理的是委托人的事；用于 me、consent、mandate、report ¦ Act for another on the mandate of this number: --subject is one's own, what is done is the other's; with me, consent, mandate and report"
    )]
    pub(crate) mandate: Option<String>,
    #[arg(long, global = true, help = "结果与错误都输出为每行一个 JSON ¦ Results and errors as one JSON value a line")]
    pub(crate) json: bool,
    #[arg(long, short, global = true, help = "只输出结果和错误 ¦ Results and errors only")]
    pub(crate) quiet: bool,
    #[arg(long, global = true, value_name = "DATE", value_parser = values::whole_date, hide = true,
        help = "把今天当作这一天；仅限演示环境 ¦ Take this for today; only where data are made up")]
    pub(crate) on: Option<Date>,
}

impl Globals {
    /// Folder of the installation. Read by hand and not by the parser: the demonstration goes where it was told to, and
    /// never where an environment variable points for everything else.
    pub(crate) fn dir(&self) -> PathBuf {
        let variable = || std::env::var_os("CHENGXIN_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        self.dir.clone().or_else(variable).unwrap_or_else(|| PathBuf::from("./chengxin-data"))
    }

    /// Databases on a server, where such are named. Read by hand for the same reason.
    pub(crate) fn places(&self) -> Result<Option<Places>, Failure> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let main = self.database.clone().or_else(|| variable("CHENGXIN_DATABASE"));
        let keys = self.key_database.clone().or_else(|| variable("CHENGXIN_KEY_DATABASE"));
        Ok(main.map(|main| places::on_server(&main, keys.as_deref())).transpose()?)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = "演示：造一座虚构的城市，走一遍全过程 ¦ Make a made-up city and walk through everything")]
    Demo(Demo),
    #[command(about = "新建安装：数据库、密钥库和密钥文件 ¦ Make an installation: database, key store, key file")]
    Init(Init),
    #[command(
        subcommand,
        about = "账户：开立、权限、窗口激活与恢复 ¦ Accounts: open, rights, activation and recovery at a window"
    )]
    Account(Account),
    #[command(
        subcommand,
        about = "接口客户端：登记、更换密钥、停用 ¦ Machines of authorities: register, renew keys, stop"
    )]
    Client(Client),
    #[command(
        subcommand,
        about = "登录提供方：设定、停用、关联工作人员账户 ¦ Providers of sign-in: set up, remove, link accounts of staff"
    )]
    Issuer(Issuer),
    #[command(subcommand, about = "归集单位 ¦ Authorities that may send")]
    Authority(Authority),
    #[command(subcommand, about = "目录：法律允许记录什么 ¦ The catalogue: what the law allows to be recorded")]
    Catalogue(Catalogue),
    #[command(
        subcommand,
        about = "工作日：法定节假日和调休上班日 ¦ Working days: statutory holidays and shifted workdays"
    )]
    Calendar(Calendar),
    #[command(subcommand, about = "联系方式：群众在哪里找得到信用主管部门 ¦ Where people reach the credit office")]
    Contact(Contact),
    #[command(
        subcommand,
        about = "办理期限：谁有多长时间、依据哪一条、到哪一天 ¦ Deadlines: who has how long, on which clause, until which day"
    )]
    Deadline(Deadline),
    #[command(
        about = "导入报送文件，给出质量报告 ¦ Import files that an authority sends; answers with a quality report",
        after_help = "格式：CSV、TSV、XLSX、XLS、JSON Lines；编码：UTF-8、GBK、GB18030。同一文件再报一次不会改变任何内容；中断后再报一次即从中断处继续。 ¦ CSV, TSV, XLSX, XLS and JSON Lines in UTF-8, GBK or GB18030. The same file twice changes nothing; after an interruption, send it again and it goes on where it stopped."
    )]
    Import(Import),
    #[command(subcommand, about = "报送批次：查看、放行、撤回 ¦ Submissions: list, release, recall")]
    Submission(Submission),
    #[command(
        subcommand,
        about = "待核实的行：号码或姓名对不上，未归到任何人 ¦ Held rows: number or name does not fit, attached to nobody"
    )]
    Held(Held),
    #[command(subcommand, about = "按决定锁定、解锁或删除一条记录 ¦ Lock, unlock or erase a record by decision")]
    Record(Record),
    #[command(about = "出具信用报告（PDF 与 JSON，签名） ¦ Issue a report, as signed PDF or JSON")]
    Report(Report),
    #[command(name = "report-withdraw", about = "声明一份报告不再有效 ¦ Declare a report no longer valid")]
    ReportWithdraw(ReportWithdraw),
    #[command(subcommand, about = "权限规则：谁可以做什么、依据哪一条 ¦ Policies: who may do what, on which clause")]
    Policy(Policy),
    #[command(
        subcommand,
        about = "办理事项：窗口可以核查什么、依据哪一条 ¦ Matters: what a window may check, on which clause"
    )]
    Matter(Matter),
    #[command(subcommand, about = "窗口核查：就一项办理事项得到一个答复 ¦ At the window: one answer to one matter")]
    Check(Check),
    #[command(
        subcommand,
        about = "授权：授予、查看、缩小、撤回；窗口出示的一次性码 ¦ Consents: grant, list, narrow, withdraw; one-time codes for a desk"
    )]
    Consent(Consent),
    #[command(
        subcommand,
        about = "委托：授予、接受、查看、撤销、辞去；窗口登记和终止 ¦ Mandates: grant, accept, list, revoke, give up; record and end at a window"
    )]
    Mandate(MandateCommand),
    #[command(subcommand, about = "通知渠道：有告知时发到哪里 ¦ Channels: where one is told that a notice waits")]
    Channel(ChannelCommand),
    #[command(
        subcommand,
        about = "告知：本单位收到的、待送达的；邮件服务器和未能送出的消息 ¦ Notices: what an authority is told and has to serve; the mail server, and messages that were given up"
    )]
    Notice(NoticeCommand),
    #[command(
        subcommand,
        about = "本人查阅：我的记录，谁查过我 ¦ For the person: what is held about me, and who looked"
    )]
    Me(Me),
    #[command(
        subcommand,
        about = "异议：提出、补充、答复；声明非本人 ¦ Objections: file, add, answer; and “this is not me”"
    )]
    Objection(ObjectionCommand),
    #[command(subcommand, about = "信用修复：申请和决定 ¦ Repairs: ask and decide")]
    Repair(RepairCommand),
    #[command(
        subcommand,
        about = "办件：待办、查看、附件、办理情况 ¦ Proceedings: what waits, show, attachments, figures"
    )]
    Proceeding(ProceedingCommand),
    #[command(
        subcommand,
        about = "投诉：就自己留痕中的一条提出、答复 ¦ Complaints: file about a line of one's own log, answer"
    )]
    Complaint(ComplaintCommand),
    #[command(
        subcommand,
        about = "公示：行政许可和行政处罚，确认公示文字 ¦ What is published of licences and penalties, and the wording of it"
    )]
    Publication(PublicationCommand),
    #[command(
        subcommand,
        name = "follow-up",
        about = "记录变动后：看过它的单位须得知，据此不予办理的须确认或重办 ¦ After a record changed: who was shown it learns so, and who refused on it confirms or opens again"
    )]
    FollowUp(FollowUpCommand),
    #[command(
        subcommand,
        about = "统计：各单位报送和办理的情况，不统计人，不排名 ¦ Statistics: how authorities send and answer; of work, not of people, and no rank"
    )]
    Statistics(StatisticsCommand),
    #[command(about = "核验文件：谁签的、何时、是否被改动 ¦ Verify a file: who signed it, when, whether it is altered")]
    Verify(Verify),
    #[command(subcommand, about = "留痕日志：核验、证明、检查点 ¦ The log: check, prove, checkpoints")]
    Log(Log),
    #[command(
        subcommand,
        about = "泄露处置：从留痕中查明谁被触及，起草告知书 ¦ After a leak: find in the log who was touched, draft the letters"
    )]
    Leak(Leak),
    #[command(subcommand, about = "密钥：查看、轮换 ¦ Keys: list, rotate")]
    Keys(Keys),
    #[command(subcommand, about = "数据库结构：计划、执行、状态 ¦ Schema of the databases: plan, run, status")]
    Migrate(Migrate),
    #[command(
        about = "迁移：把全部数据搬到另一数据库并核验 ¦ Move everything to other databases, and verify it there",
        after_help = "例：chengxin move --to postgres://chengxin@db.example/city 。原处的数据不会删除。 ¦ For example: chengxin move --to postgres://chengxin@db.example/city . Nothing is taken away at the old place."
    )]
    Move(Move),
    #[command(about = "备份：服务运行时也可进行（SQLite） ¦ Write a backup while everything goes on working (SQLite)")]
    Backup(BackUp),
    #[command(
        about = "从备份恢复到新文件夹，并用留痕日志证明完整 ¦ Restore a backup into a new folder, proven by the log"
    )]
    Restore(Restore),
    #[command(subcommand, about = "后台任务：执行、查看 ¦ Jobs in the background: run, list")]
    Worker(Worker),
    #[command(about = "启动服务：全部网页和 API ¦ Serve all pages and the API")]
    Serve(Serve),
    #[command(
        about = "造一座虚构的城市及其各单位的报送文件 ¦ Make a made-up city and the files that its offices would send"
    )]
    Synth(Synth),
}
