//! The options of each command.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use jiff::civil::Date;

use super::subject::{DocumentOption, Subject};
use super::values::{Mapping, SubjectNumber, profile, whole_date};
use chengxin_seal::Profile;

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[arg(long, help = "演示结束即退出，不启动服务 ¦ End instead of serving")]
    pub(crate) no_serve: bool,
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        hide_default_value = true,
        help = "服务地址；缺省 127.0.0.1:8080，被占用时取下一个空闲端口 ¦ Where to serve; 127.0.0.1:8080, or the next free port"
    )]
    pub(crate) listen: SocketAddr,
    #[arg(
        long,
        value_name = "N",
        default_value_t = 2_000,
        hide_default_value = true,
        help = "居民数；缺省 2000 ¦ Residents; 2000 if absent"
    )]
    pub(crate) residents: u64,
    #[arg(
        long,
        value_name = "N",
        default_value_t = 6_000,
        hide_default_value = true,
        help = "记录数；缺省 6000 ¦ Records; 6000 if absent"
    )]
    pub(crate) records: u64,
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        hide_default_value = true,
        help = "种子；同一种子得到同一座城市 ¦ The same seed makes the same city"
    )]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[arg(long, conflicts_with = "production", help = "演示环境：只用虚构的人 ¦ Made-up people only")]
    pub(crate) synthetic: bool,
    #[arg(long, help = "正式环境（缺省） ¦ Real people (the default)")]
    pub(crate) production: bool,
    #[arg(long, value_name = "intl|gm", value_parser = profile, default_value = "intl", hide_default_value = true,
        help = "密码算法组；建立后不能更改；缺省 intl ¦ Set of primitives, fixed for good; intl if absent")]
    pub(crate) profile: Profile,
    #[arg(long, value_name = "NAME", help = "城市名称，印在报告上 ¦ Name of the city, printed on reports")]
    pub(crate) city: Option<String>,
    #[arg(
        long,
        value_name = "CODE",
        help = "行政区划代码，6 位（GB/T 2260） ¦ Code of the place, 6 digits (GB/T 2260)"
    )]
    pub(crate) place: Option<String>,
    #[arg(
        long,
        value_name = "URL",
        help = "核验网址，正式环境须为 https ¦ Address under which reports are verified; https in production"
    )]
    pub(crate) base_url: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Authority {
    #[command(about = "登记一个单位，或更改其名称和类型 ¦ Register an authority, or change its names and kind")]
    Add {
        #[arg(value_name = "CODE", help = "统一社会信用代码 ¦ Unified social credit code")]
        code: String,
        #[arg(long, value_name = "NAME", help = "名称 ¦ Chinese name")]
        name: String,
        #[arg(
            long,
            value_name = "NAME",
            default_value = "",
            hide_default_value = true,
            help = "英文名称 ¦ English name"
        )]
        name_en: String,
        #[arg(
            long,
            value_name = "KIND",
            help = "单位类型，见目录字典 authority-kind ¦ Kind, a value of the dictionary authority-kind"
        )]
        kind: String,
        #[arg(
            long,
            value_name = "CODE",
            help = "主管部门的统一社会信用代码，须已登记；空值表示不再有 ¦ Code of the authority that supervises it, registered before; empty for none any more"
        )]
        supervisor: Option<String>,
    },
    #[command(about = "列出已登记的单位 ¦ List the authorities")]
    List,
    #[command(
        about = "某机关自身的公开记录：未履行裁判、被撤销的决定、逾期答复 ¦ What is public about an authority itself: unperformed judgments, overturned decisions, late answers"
    )]
    Records {
        #[arg(value_name = "CODE", help = "统一社会信用代码 ¦ Unified social credit code")]
        code: String,
    },
    #[command(about = "按清单文件登记多个单位 ¦ Register the authorities of a list")]
    Load {
        #[arg(
            value_name = "FILE.json",
            help = "JSON 数组，每项有 code、name、name_en、kind，可有 supervisor ¦ A JSON list of code, name, name_en, kind, and supervisor where there is one"
        )]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Catalogue {
    #[command(about = "检查目录文件：文件、行、事项、原因 ¦ Check catalogue files: file, line, item, reason")]
    Check {
        #[arg(
            value_name = "DIR",
            help = "目录文件所在的文件夹；不写则检查随程序提供的目录 ¦ Folder of the files; the shipped catalogue if absent"
        )]
        folder: Option<PathBuf>,
        #[arg(
            long,
            value_name = "CODE",
            help = "行政区划代码；不写则取安装中的，没有安装则为 990000 ¦ Code of the place; else the installation's, else 990000"
        )]
        place: Option<String>,
    },
    #[command(about = "查看事项：依据、字段、期限、用途 ¦ Show an item: basis, fields, periods, uses")]
    Show {
        #[arg(
            value_name = "ITEM",
            help = "事项代码；不写则列出全部事项 ¦ Code of the item; all items in a list if absent"
        )]
        item: Option<String>,
    },
    #[command(
        about = "目录的历次变更及其对现有记录的影响 ¦ Changes of the catalogue, and what they did to records held"
    )]
    History,
    #[command(
        about = "生成报送模板（XLSX，带下拉选项和说明） ¦ Write the upload template (XLSX with dropdowns and notes)"
    )]
    Template {
        #[arg(value_name = "ITEM", help = "事项代码 ¦ Code of the item")]
        item: String,
        #[arg(short, long, value_name = "FILE", help = "写到哪里；缺省 ITEM.xlsx ¦ Where to; ITEM.xlsx if absent")]
        out: Option<PathBuf>,
    },
    #[command(about = "本单位具名确认一个条款已核对原文 ¦ Confirm by name that a clause was read at its source")]
    Confirm {
        #[arg(value_name = "LAW#CLAUSE", help = "条款 ¦ The clause")]
        clause: String,
        #[arg(long, value_name = "NAME", help = "确认人 ¦ Who confirms")]
        by: String,
        #[arg(long, value_name = "OFFICE", help = "确认人所在单位 ¦ Their office")]
        office: String,
        #[arg(
            long,
            value_name = "TEXT",
            default_value = "",
            hide_default_value = true,
            help = "说明：核对的是哪一份原文 ¦ Which text was read"
        )]
        note: String,
    },
    #[command(about = "新目录会带来什么变化 ¦ What a new catalogue would change")]
    Impact {
        #[arg(value_name = "OLD NEW", num_args = 1..=2, required = true,
            help = "两个目录文件夹；只给一个则与使用中的目录比较，并统计受影响的记录 ¦ Two folders of catalogue files; one alone is held against the catalogue in use, with counts of records")]
        folders: Vec<PathBuf>,
    },
    #[command(
        about = "启用新目录，并重算已有记录的公示期限 ¦ Put a new catalogue to use and compute display periods again"
    )]
    Apply {
        #[arg(value_name = "DIR", help = "新目录的文件夹 ¦ Folder of the files")]
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Calendar {
    #[command(about = "查看一年的节假日和调休上班日 ¦ Show the holidays and shifted workdays of a year")]
    Show {
        #[arg(value_name = "YEAR", help = "年份；不写则列出全部年份 ¦ The year; all years in a list if absent")]
        year: Option<i16>,
    },
    #[command(about = "检查节假日文件：行、原因、改法 ¦ Check a file of holidays: line, reason, remedy")]
    Check {
        #[arg(value_name = "FILE.toml", help = "一年的文件 ¦ The file of a year")]
        file: PathBuf,
    },
    #[command(
        about = "启用一年的节假日安排，立即生效 ¦ Put the holidays of a year to use; they count at once",
        after_help = "每年年底，国务院办公厅公布下一年的安排。写法见 docs/operating/calendars.md，也可照 chengxin calendar show 的上一年改写。 ¦ The State Council orders the next year in the last weeks of each. docs/operating/calendars.md shows the form of the file."
    )]
    Apply {
        #[arg(value_name = "FILE.toml", help = "一年的文件 ¦ The file of a year")]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Contact {
    #[command(about = "显示联系方式 ¦ Show where people reach the credit office")]
    Show,
    #[command(
        about = "更改联系方式；没有写明的项目保持不变，写成空的即删除 ¦ Change it; what is not named stays, what is empty goes",
        after_help = "各页面页脚和出错页面都会显示；运行中的服务在一分钟内更新。 ¦ It stands at the foot of every page; a server that runs shows it within a minute."
    )]
    Set {
        #[arg(long, value_name = "PHONE", help = "电话，如 0990-123456 ¦ Telephone, such as 0990-123456")]
        phone: Option<String>,
        #[arg(long, value_name = "PLACE", help = "窗口地址 ¦ Address of the window")]
        place: Option<String>,
        #[arg(long, value_name = "PLACE", help = "英文地址 ¦ The same in English")]
        place_en: Option<String>,
        #[arg(long, value_name = "HOURS", help = "服务时间 ¦ When somebody is there")]
        hours: Option<String>,
        #[arg(long, value_name = "HOURS", help = "英文服务时间 ¦ The same in English")]
        hours_en: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Deadline {
    #[command(about = "查看期限；给出起算日则推算届满日 ¦ Show deadlines; with a day, until when one runs")]
    Show {
        #[arg(
            value_name = "DEADLINE",
            requires = "from",
            help = "期限代码；不写则列出全部 ¦ Code of the deadline; all in a list if absent"
        )]
        code: Option<String>,
        #[arg(
            long,
            value_name = "DAY",
            value_parser = whole_date,
            requires = "code",
            help = "起算之日（当日不计入），如 2026-09-29 ¦ Day of the event, which is not counted, such as 2026-09-29"
        )]
        from: Option<Date>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    #[arg(value_name = "FILE", required = true, help = "报送文件，可多个 ¦ The files")]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long, value_name = "CODE", help = "报送单位的代码 ¦ Code of the sending authority")]
    pub(crate) authority: String,
    #[arg(
        long,
        value_name = "CODE",
        help = "事项代码；不写则按表头识别 ¦ Code of the item; found by the headings if absent"
    )]
    pub(crate) item: Option<String>,
    #[arg(
        long,
        value_name = "NAME",
        help = "工作簿中的工作表；不写则取第一个有内容的 ¦ Sheet of a workbook; the first with content if absent"
    )]
    pub(crate) sheet: Option<String>,
    #[arg(
        long,
        help = "试运行：说出真正导入时的全部结果，但不写入 ¦ Say everything that a real run would, write nothing"
    )]
    pub(crate) dry_run: bool,
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        help = "数量异常时的说明 ¦ Reason for an unusual volume"
    )]
    pub(crate) reason: String,
    #[arg(
        long = "map",
        value_name = "HEADING=FIELD",
        help = "某个表头对应哪个字段；等号后留空表示不读取该列；可多次 ¦ Which field a heading stands for; nothing after = leaves the column out; repeatable"
    )]
    pub(crate) mapping: Vec<Mapping>,
    #[arg(long, help = "声明文件中的自然人行为时均已成年 ¦ Attest that every person in the file was of age")]
    pub(crate) attest_adults: bool,
    #[arg(long, conflicts_with_all = ["dry_run", "out"], help = "放弃该文件未完成的导入 ¦ Give up the unfinished import of the file")]
    pub(crate) abandon: bool,
    #[arg(
        long,
        value_name = "DIR",
        help = "把质量报告、退回行和回执写到此文件夹 ¦ Write quality report, refused rows and receipt into this folder"
    )]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Submission {
    #[command(about = "列出报送批次 ¦ List submissions")]
    List,
    #[command(about = "第二名审核人放行涉及个人的不利信息 ¦ A second officer releases adverse rows about persons")]
    Release {
        #[arg(value_name = "ID", help = "批次号 ¦ Number of the submission")]
        id: i64,
    },
    #[command(about = "放行前撤回整个批次 ¦ Take a submission back before release")]
    Recall {
        #[arg(value_name = "ID", help = "批次号 ¦ Number of the submission")]
        id: i64,
        #[arg(long, value_name = "TEXT", help = "撤回原因 ¦ Why")]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Held {
    #[command(about = "列出待核实的行 ¦ List held rows")]
    List,
    #[command(about = "查看一行（留痕） ¦ Show one row; logged")]
    Show {
        #[arg(value_name = "ID", help = "待核实行的编号 ¦ Number of the held row")]
        id: i64,
    },
    #[command(about = "凭证据处理一行 ¦ Resolve a row on evidence")]
    Resolve(HeldResolve),
    #[command(about = "删除已过期限的行 ¦ Delete rows whose deadline has passed")]
    Purge,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("decision").args(["attach", "correct_name", "reject"]).required(true))]
#[command(mut_arg("document_kind", |kind| kind.requires("attach")))]
pub(crate) struct HeldResolve {
    #[arg(value_name = "ID", help = "待核实行的编号 ¦ Number of the held row")]
    pub(crate) id: i64,
    #[arg(
        long,
        value_name = "NUMBER",
        help = "归到持此号码的人；写 - 则从标准输入读 ¦ Attach to the holder of this number; - reads it from standard input"
    )]
    pub(crate) attach: Option<SubjectNumber>,
    #[command(flatten)]
    pub(crate) document: DocumentOption,
    #[arg(
        long,
        requires = "attach",
        help = "行中的姓名是同一人的另一姓名（曾用名、间隔号写法） ¦ The name in the row is a further one of that person"
    )]
    pub(crate) further_name: bool,
    #[arg(long, requires = "attach", help = "已查明行为时已成年 ¦ The person was shown to be of age at the conduct")]
    pub(crate) of_age: bool,
    #[arg(long, help = "平台原有的姓名有误，行中的正确 ¦ The name on file is wrong, the one in the row is right")]
    pub(crate) correct_name: bool,
    #[arg(long, help = "行有误，不归到任何人，删除 ¦ The row is wrong: attach to nobody and delete")]
    pub(crate) reject: bool,
    #[arg(long, value_name = "TEXT", help = "证据：看了什么 ¦ Evidence: what was seen")]
    pub(crate) evidence: String,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, value_name = "DOMAIN", help = "只看某个领域，可多次 ¦ Only this field of life; repeatable")]
    pub(crate) domain: Vec<String>,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "决定日期自此日起 ¦ Decided on or after")]
    pub(crate) from: Option<Date>,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "决定日期至此日止 ¦ Decided on or before")]
    pub(crate) to: Option<Date>,
    #[arg(
        long,
        value_name = "NAME",
        help = "姓名（名称）；给出时须与平台一致 ¦ Name; where it is given it must agree with the one on file"
    )]
    pub(crate) name: Option<String>,
    #[arg(
        long,
        value_name = "TEXT",
        help = "接收方，印在报告上；缺省为本人 ¦ Recipient, printed on the report; the subject if absent"
    )]
    pub(crate) recipient: Option<String>,
    #[arg(
        long,
        value_name = "RECEIPT",
        help = "工作人员代办时，当事人授权回执的编号 ¦ Number of the consent receipt on which a clerk acts"
    )]
    pub(crate) consent: Option<String>,
    #[arg(long, value_name = "CODE", help = "工作人员所属单位的代码 ¦ Code of the clerk's authority")]
    pub(crate) authority: Option<String>,
    #[arg(
        short,
        long,
        value_name = "FILE",
        help = "out.pdf（另写 out.pdf.sig）或 out.json ¦ out.pdf (with out.pdf.sig beside it) or out.json"
    )]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ReportWithdraw {
    #[arg(value_name = "NUMBER", help = "报告编号 ¦ Number of the report")]
    pub(crate) number: String,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[arg(value_name = "FILE", help = "报告（PDF 或 JSON）或回执 ¦ A report (PDF or JSON) or a receipt")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "FILE", help = "分离的签名；缺省为 FILE.sig ¦ Detached signature; FILE.sig if absent")]
    pub(crate) sig: Option<PathBuf>,
    #[arg(
        long,
        value_name = "FILE",
        help = "信任的公钥清单；缺省取安装中的 trust.json ¦ Keys to trust; the installation's trust.json if absent"
    )]
    pub(crate) trust: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        hide_default_value = true,
        help = "服务地址；缺省 127.0.0.1:8080 ¦ Where to serve; 127.0.0.1:8080 if absent"
    )]
    pub(crate) listen: SocketAddr,
    #[arg(
        long,
        value_name = "N",
        env = "CHENGXIN_READERS",
        help = "同时查询的连接数；缺省：文件为处理器核数，服务器为其四倍 ¦ How many requests read at once; if absent, as many as cores over files, four times as many over a server"
    )]
    pub(crate) readers: Option<NonZeroUsize>,
    #[arg(
        long,
        value_name = "N",
        env = "CHENGXIN_REQUESTS_PER_SECOND",
        help = "每个接口客户端每秒的请求数；缺省 40 ¦ Requests a second that each client of the interface may send; 40 if absent"
    )]
    pub(crate) requests_per_second: Option<NonZeroU32>,
}

#[derive(Debug, Args)]
pub(crate) struct Synth {
    #[arg(long, value_name = "N", help = "居民数 ¦ Residents")]
    pub(crate) residents: u64,
    #[arg(long, value_name = "M", help = "记录数 ¦ Records")]
    pub(crate) records: u64,
    #[arg(
        long,
        value_name = "S",
        default_value_t = 1,
        hide_default_value = true,
        help = "种子；缺省 1 ¦ Seed; 1 if absent"
    )]
    pub(crate) seed: u64,
    #[arg(
        long,
        value_name = "DIR",
        required_unless_present = "penalty_csv",
        help = "写到哪个文件夹 ¦ Folder to write to"
    )]
    pub(crate) out: Option<PathBuf>,
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "out",
        help = "只造一个大的处罚文件（16 列） ¦ Only one big penalty file of 16 columns"
    )]
    pub(crate) penalty_csv: Option<PathBuf>,
    #[arg(long, value_name = "0–0.5", help = "有错行的比例 ¦ Share of faulty rows")]
    pub(crate) faults: Option<f64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Record {
    #[command(about = "锁定：后来的报送不能再改变它 ¦ Lock: no later file changes it")]
    Lock {
        #[command(flatten)]
        decision: RecordDecision,
        #[arg(long, value_name = "KIND", value_parser = ["correction", "withdrawal", "repair"], hide_possible_values = true,
            help = "决定的种类：correction 更正、withdrawal 撤销、repair 修复 ¦ What was decided: correction, withdrawal or repair")]
        kind: String,
    },
    #[command(about = "凭新的决定文书解锁 ¦ Unlock on a new decision document")]
    Unlock {
        #[command(flatten)]
        decision: RecordDecision,
        #[arg(long, value_name = "TEXT", help = "新的决定文书 ¦ The new decision document")]
        document: String,
    },
    #[command(about = "删除：销毁其内容的密钥，不可恢复 ¦ Erase: destroy the key of its content, for good")]
    Erase {
        #[command(flatten)]
        decision: RecordDecision,
        #[arg(
            long,
            help = "该主体再无其他记录时，一并销毁其号码和姓名；此后再报来的同一行会成为新记录 ¦ Where no other record is left, forget number and name too; the same row sent again would be new"
        )]
        forget_subject: bool,
        #[arg(
            long,
            value_name = "CLAUSE",
            help = "要求删除的条款，例如 pipl#art-47；当事人在留痕中可见 ¦ The clause that asks for it, such as pipl#art-47; the person reads it in their log"
        )]
        clause: Option<String>,
    },
    #[command(
        about = "到某日为止将因保存期限届满而销毁多少记录；只有数量 ¦ How many records are destroyed until a day because their time is over; counts only"
    )]
    Retention {
        #[arg(long, value_name = "DATE", value_parser = whole_date, help = "截止日期；缺省为今天 ¦ The day; today if absent")]
        until: Option<Date>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RecordDecision {
    #[arg(
        value_name = "RECORD",
        help = "记录编号（32 位十六进制），见报告的 JSON 和回执 ¦ Id of the record (32 hexadecimal digits), from a report's JSON or a receipt"
    )]
    pub(crate) record: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, value_name = "CODE", help = "认定单位的代码 ¦ Code of the determining authority")]
    pub(crate) authority: Option<String>,
    #[arg(long, value_name = "TEXT", help = "案号 ¦ Case number")]
    pub(crate) case: String,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "决定日期 ¦ Date of the decision")]
    pub(crate) decided_on: Date,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    #[command(about = "列出密钥及其期间 ¦ List keys and their dates")]
    List,
    #[command(about = "轮换密钥 ¦ Rotate keys")]
    Rotate {
        #[arg(value_name = "index|wrapping|signing|all", value_parser = ["index", "wrapping", "signing", "all"], hide_possible_values = true,
            default_value = "all", hide_default_value = true, help = "哪一种；缺省全部 ¦ Which; all if absent")]
        what: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Migrate {
    #[command(about = "列出将要执行的步骤，不作更改 ¦ List the steps that are missing; changes nothing")]
    Plan,
    #[command(
        about = "执行缺少的步骤；可重复执行，也可同时执行 ¦ Apply the missing steps; may be run again, and by several at once"
    )]
    Run,
    #[command(about = "数据库结构是否为本程序所需版本 ¦ Whether the schema is the one that this programme needs")]
    Status,
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    #[arg(
        long,
        value_name = "PLACE",
        help = "现在的位置，如 sqlite:./chengxin-data/chengxin.db；缺省为安装所在 ¦ Where it lies now, as sqlite:./chengxin-data/chengxin.db; the installation's place if absent"
    )]
    pub(crate) from: Option<String>,
    #[arg(
        long,
        value_name = "URL",
        help = "新的主库：postgres://用户@主机/库名 ¦ The new main database: postgres://user@host/name"
    )]
    pub(crate) to: String,
    #[arg(
        long,
        value_name = "URL",
        help = "新的密钥库；缺省为主库名加 _keys ¦ The new key store; else the name of the main database and _keys"
    )]
    pub(crate) to_keys: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BackUp {
    #[arg(value_name = "FOLDER", help = "新的文件夹 ¦ A new folder")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[arg(value_name = "FOLDER", help = "备份所在的文件夹 ¦ Folder of the backup")]
    pub(crate) folder: PathBuf,
    #[arg(
        long,
        value_name = "FILE",
        help = "另行保管的密钥文件 keys.json ¦ The key file keys.json, which was kept apart"
    )]
    pub(crate) key_file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Worker {
    #[command(
        about = "执行后台任务，直到收到结束信号；可同时运行多个 ¦ Do jobs until told to stop; several may run at once"
    )]
    Run {
        #[arg(long, help = "做完到期的任务即结束 ¦ End when what is due is done")]
        once: bool,
    },
    #[command(about = "列出等待的任务 ¦ List the jobs that wait")]
    List,
    #[command(
        about = "运行情况：版本、任务、留痕、上次核验和备份 ¦ How it fares: versions, jobs, the log, when it was checked and saved last"
    )]
    Status,
}
