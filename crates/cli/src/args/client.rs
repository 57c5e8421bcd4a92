//! The options of `chengxin client`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::values::{RightOf, whole_date};

#[derive(Debug, Subcommand)]
pub(crate) enum Client {
    #[command(
        about = "登记单位的接口客户端及其第一个公钥 ¦ Register a machine of an authority with its first public key",
        after_help = "私钥由客户端自行生成和保管，这里只要公钥（JWK）。例与命令见 docs/operating/api.md。 ¦ The machine makes and keeps its private key; only the public half (a JWK) comes here. See docs/operating/api.md for the commands."
    )]
    Add(ClientAdd),
    #[command(about = "列出接口客户端及其密钥 ¦ List machines and their keys")]
    List,
    #[command(
        about = "为客户端登记新的公钥；原有密钥继续有效 ¦ Give a machine a further public key; the others hold beside it"
    )]
    Rotate(ClientRotate),
    #[command(about = "停用客户端，或其一个密钥；立即生效 ¦ Stop a machine, or one of its keys, at once")]
    Revoke {
        #[arg(value_name = "CLIENT", help = "客户端编号 ¦ Id of the machine")]
        client: String,
        #[arg(long, value_name = "KID", help = "只停用这个密钥 ¦ This key alone")]
        key: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ClientAdd {
    #[arg(value_name = "NAME", help = "名称；记入留痕 ¦ Its name, as the log calls it")]
    pub(crate) name: String,
    #[arg(
        long,
        value_name = "ROLE@AUTHORITY",
        help = "角色和单位：clerk@代码 核查，data-officer@代码 报送 ¦ Role and authority: clerk@CODE asks, data-officer@CODE sends"
    )]
    pub(crate) right: RightOf,
    #[arg(
        long = "scope",
        value_name = "OPERATION",
        required = true,
        help = "可以进行的操作，可多次；例 check_answer ¦ An operation that it may do, such as check_answer; repeat for more"
    )]
    pub(crate) scopes: Vec<String>,
    #[command(flatten)]
    pub(crate) key: KeyOption,
}

#[derive(Debug, Args)]
pub(crate) struct ClientRotate {
    #[arg(value_name = "CLIENT", help = "客户端编号 ¦ Id of the machine")]
    pub(crate) client: String,
    #[command(flatten)]
    pub(crate) key: KeyOption,
}

#[derive(Debug, Args)]
pub(crate) struct KeyOption {
    #[arg(long = "key", value_name = "FILE.jwk", help = "公钥文件（JWK） ¦ File with the public key, a JWK")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "DATE", value_parser = whole_date,
        help = "从哪天起有效；不写则立即 ¦ First day on which it holds; at once if absent")]
    pub(crate) from: Option<Date>,
    #[arg(long, value_name = "DATE", value_parser = whole_date,
        help = "从哪天起不再有效；最长 397 天 ¦ First day on which it no longer holds; 397 days at most")]
    pub(crate) until: Date,
}
