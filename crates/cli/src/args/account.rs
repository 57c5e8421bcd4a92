//! The options of `chengxin account`.

use clap::{ArgGroup, Args, Subcommand};

use super::subject::{DocumentOption, Subject};
use super::values::{RightOf, SubjectNumber};

#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    #[command(
        about = "窗口激活：当面核对证件后，生成一次性激活码 ¦ At a window: a one-time activation code, once the document was compared in person"
    )]
    Activate {
        #[command(flatten)]
        subject: Subject,
        #[arg(long, value_name = "TEXT", help = "当面核对了什么；会留痕 ¦ What was compared in person; logged")]
        evidence: String,
    },
    #[command(about = "注销工作人员账户 ¦ Close an account of staff for good")]
    Close {
        #[arg(value_name = "LOGIN", help = "登录名 ¦ Login name")]
        login: String,
    },
    #[command(
        name = "first-link",
        about = "生成首位管理员的一次性链接；已有管理员时不生成 ¦ The one-time link for the first administrator; none once there is one"
    )]
    FirstLink,
    #[command(about = "列出工作人员账户 ¦ List the accounts of staff")]
    List,
    #[command(
        about = "开立工作人员账户，生成一次性链接 ¦ Open an account for a member of staff; gives a one-time link"
    )]
    Open(AccountOpen),
    #[command(about = "恢复：核对身份后，生成一次性恢复码 ¦ A one-time recovery code, once it was checked who it is")]
    Recover(AccountRecover),
    #[command(
        about = "恢复一项因久未使用而停用的权限（管理员） ¦ Wake a right that sleeps because it was not used (an administrator)"
    )]
    Renew {
        #[arg(value_name = "LOGIN", help = "登录名 ¦ Login name")]
        login: String,
        #[arg(value_name = "ROLE[@AUTHORITY]", help = "角色@单位代码 ¦ Role@authority")]
        right: RightOf,
    },
    #[command(subcommand, about = "权限：授予、终止 ¦ Rights: grant, end")]
    Right(AccountRight),
}

#[derive(Debug, Args)]
pub(crate) struct AccountOpen {
    #[arg(value_name = "LOGIN", help = "登录名 ¦ Login name")]
    pub(crate) login: String,
    #[arg(long, value_name = "NAME", help = "姓名，与其操作一并留痕 ¦ Name of the person; logged with what they do")]
    pub(crate) name: String,
    #[arg(
        long = "right",
        value_name = "ROLE[@AUTHORITY]",
        required = true,
        help = "权限：角色@单位代码；可重复 ¦ A right, role@authority; may be repeated"
    )]
    pub(crate) rights: Vec<RightOf>,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whose").args(["login", "subject"]).required(true))]
#[command(mut_arg("document_kind", |kind| kind.requires("subject")))]
pub(crate) struct AccountRecover {
    #[arg(long, value_name = "LOGIN", help = "工作人员的登录名 ¦ Login name of a member of staff")]
    pub(crate) login: Option<String>,
    #[arg(
        long,
        value_name = "NUMBER",
        help = "本人的证件号码，当面核对后填写；写 - 则从标准输入读 ¦ The number of the document that was compared; - reads it from standard input"
    )]
    pub(crate) subject: Option<SubjectNumber>,
    #[command(flatten)]
    pub(crate) document: DocumentOption,
    #[arg(long, value_name = "TEXT", help = "如何核对了身份；会留痕 ¦ How it was checked; logged")]
    pub(crate) evidence: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountRight {
    #[command(about = "终止一项权限 ¦ End a right")]
    End {
        #[arg(value_name = "LOGIN", help = "登录名 ¦ Login name")]
        login: String,
        #[arg(value_name = "ROLE[@AUTHORITY]", help = "角色@单位代码 ¦ Role@authority")]
        right: RightOf,
    },
    #[command(
        about = "授予一项权限，或重新授予已停用的 ¦ Grant a right, or grant anew one that ended or slept too long"
    )]
    Grant {
        #[arg(value_name = "LOGIN", help = "登录名 ¦ Login name")]
        login: String,
        #[arg(value_name = "ROLE[@AUTHORITY]", help = "角色@单位代码 ¦ Role@authority")]
        right: RightOf,
    },
}
