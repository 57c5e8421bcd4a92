//! The options of `chengxin mandate`.

use chengxin_core::identity::DocumentKind;
use chengxin_core::mandate::{MandateKind, PaperKind, Scope};
use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::subject::{Subject, own};
use super::values::{SubjectNumber, document_kind, mandate_kind, paper_kind, scope, whole_date};
use crate::exit::Failure;

const MANDATOR: &str = "被代理一方的证件号码；写 - 则从标准输入读 ¦ Number of the document of the one for whom somebody acts; - reads it from standard input";

/// The words of a list, in both languages.
fn listed(zh: &str, en: &str, words: &[String]) -> String {
    format!("{zh}{} ¦ {en}{}", words.join("、"), words.join(", "))
}

fn paper_kinds() -> String {
    let words = PaperKind::ALL.map(|kind| kind.code().replace('_', "-"));
    listed("文书种类：", "Kind of document: ", &words)
}

fn scopes() -> String {
    let words: Vec<_> = Scope::ALL.into_iter().map(|it| it.code().to_owned()).collect();
    listed("委托范围，可重复：", "What it covers, may be repeated: ", &words)
}

#[derive(Debug, Subcommand)]
pub(crate) enum MandateCommand {
    #[command(
        about = "凭一次性码接受委托；--look 只查看，不接受 ¦ Accept a mandate with its one-time code; --look only shows it",
        mut_arg("subject", own)
    )]
    Accept(MandateAccept),
    #[command(
        about = "窗口终止：当面核对文书后，终止某人某一种委托、监护或法定代表人 ¦ At a window: end what stands of a kind, on a document seen in person",
        mut_arg("subject", |number| number.help(MANDATOR))
    )]
    End(MandateEnd),
    #[command(
        about = "列出我授予的和我持有的全部委托、状态和每一次使用（留痕） ¦ Every mandate that I gave or hold, how it stands, and each use; logged",
        mut_arg("subject", own)
    )]
    List(Subject),
    #[command(
        about = "委托他人代办；法定代表人以 --mandate 为单位指定经办人。给出一次性码，由对方用本人账户接受 ¦ Have somebody act for me; a legal representative names an agent with --mandate. Gives a one-time code, which that very person accepts",
        mut_arg("subject", own)
    )]
    Offer(MandateOfferArgs),
    #[command(
        about = "窗口登记：当面核对双方证件和文书后，登记委托代理人、监护人或法定代表人 ¦ At a window: record an attorney, a guardian or a legal representative, once both documents and the paper were compared in person",
        mut_arg("subject", |number| number.help(MANDATOR))
    )]
    Record(MandateRecordArgs),
    #[command(about = "辞去一项委托，不再代办 ¦ Give a mandate up: I act on it no more", mut_arg("subject", own))]
    Resign(MandateOne),
    #[command(about = "撤销一项委托，立即生效 ¦ Revoke a mandate, with effect at once", mut_arg("subject", own))]
    Revoke(MandateOne),
}

#[derive(Debug, Args)]
pub(crate) struct MandateOne {
    #[arg(value_name = "MANDATE", help = "委托编号 ¦ Number of the mandate")]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Args)]
pub(crate) struct MandateAccept {
    #[arg(value_name = "CODE", help = "一次性码 ¦ The one-time code")]
    pub(crate) code: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(long, help = "只查看委托内容，不接受 ¦ Only show what it says")]
    pub(crate) look: bool,
}

/// Whoever acts.
#[derive(Debug, Args)]
pub(crate) struct ActorArgs {
    #[arg(long = "actor", value_name = "NUMBER", help = "代办人的证件号码 ¦ Document number of whoever acts")]
    actor: SubjectNumber,
    #[arg(long = "actor-kind", value_name = "KIND", value_parser = document_kind,
        help = "代办人的证件类型；不写则按号码判断 ¦ Kind of that document; told by the number if absent")]
    actor_kind: Option<DocumentKind>,
    #[arg(long = "actor-name", value_name = "NAME", default_value = "", help = "代办人的姓名 ¦ Their name")]
    pub(crate) actor_name: String,
    #[arg(
        long,
        help = "证件不载明出生日期的：已确认其年满 18 周岁 ¦ Where a document does not say when its holder was born: they are 18 or more"
    )]
    pub(crate) of_age: bool,
}

impl ActorArgs {
    /// Kind and number of their document.
    pub(crate) fn read(&self) -> Result<(DocumentKind, String), Failure> {
        let number = self.actor.read().map_err(|error| Failure::io("-".as_ref(), &error))?;
        Ok((self.actor_kind.unwrap_or_else(|| DocumentKind::of_number(&number)), number))
    }
}

/// What it covers, and from when to when.
#[derive(Debug, Args)]
pub(crate) struct ScopeArgs {
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope,
        help = scopes())]
    pub(crate) scope: Vec<Scope>,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "第一天；缺省为今天 ¦ First day; today if absent")]
    pub(crate) from: Option<Date>,
    #[arg(long, value_name = "DATE", value_parser = whole_date, help = "不再有效的第一天 ¦ First day on which it no longer holds")]
    pub(crate) until: Date,
}

#[derive(Debug, Args)]
pub(crate) struct MandateOfferArgs {
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        help = "本人姓名（对方看到的隐去部分）或单位名称（对方可见全称） ¦ Own name, which the other sees masked, or the organisation's, which they see whole"
    )]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) actor: ActorArgs,
    #[command(flatten)]
    pub(crate) covers: ScopeArgs,
}

/// A document that a clerk has before them.
#[derive(Debug, Args)]
pub(crate) struct PaperArgs {
    #[arg(long, value_name = "TEXT", help = "当面核对了什么；会留痕 ¦ What was compared in person; logged")]
    pub(crate) evidence: String,
    #[arg(long = "paper-kind", value_name = "KIND", value_parser = paper_kind, help = paper_kinds())]
    pub(crate) paper_kind: PaperKind,
    #[arg(long, value_name = "NUMBER", help = "文书编号 ¦ Its number")]
    pub(crate) paper: String,
    #[arg(long = "paper-date", value_name = "DATE", value_parser = whole_date, help = "文书日期 ¦ Its date")]
    pub(crate) paper_date: Date,
}

/// Which kind.
#[derive(Debug, Args)]
pub(crate) struct KindArg {
    #[arg(long, value_name = "KIND", value_parser = mandate_kind,
        help = "种类：attorney 委托代理人、guardian 监护人、legal-representative 法定代表人 ¦ attorney, guardian or legal-representative")]
    pub(crate) kind: MandateKind,
}

#[derive(Debug, Args)]
pub(crate) struct MandateRecordArgs {
    #[command(flatten)]
    pub(crate) kind: KindArg,
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        help = "被代理一方的姓名或名称 ¦ Name of the one for whom somebody acts"
    )]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) actor: ActorArgs,
    #[command(flatten)]
    pub(crate) covers: ScopeArgs,
    #[command(flatten)]
    pub(crate) paper: PaperArgs,
}

#[derive(Debug, Args)]
pub(crate) struct MandateEnd {
    #[command(flatten)]
    pub(crate) kind: KindArg,
    #[command(flatten)]
    pub(crate) subject: Subject,
    #[arg(
        long,
        value_name = "MANDATE",
        help = "只终止该编号的一项；不写则终止该种类的全部 ¦ Only the one of this number; every one of the kind if absent"
    )]
    pub(crate) number: Option<String>,
    #[command(flatten)]
    pub(crate) paper: PaperArgs,
}
