//! The options of `chengxin leak`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::values::instant;

#[derive(Debug, Subcommand)]
pub(crate) enum Leak {
    #[command(
        about = "从留痕中找出被某账户、密钥、登录或在某时段内触及的人；每人的留痕中都会多一条 ¦ Find in the log who was touched by an account, a key, a session or in a span of time; a line in each one's log",
        after_help = "例：chengxin leak list --account wangfang --from 2026-11-01 --until 2026-11-21T18:00 -o touched.jsonl ¦ chengxin leak list --account wangfang --from 2026-11-01 --until 2026-11-21T18:00 -o touched.jsonl"
    )]
    List(LeakList),
    #[command(
        about = "起草告知书和报告；发出前由人核对 ¦ Draft the letters and the report; a person reads them before they go out"
    )]
    Notices(LeakNoticesArgs),
}

#[derive(Debug, Args)]
pub(crate) struct LeakSearchArgs {
    #[arg(
        long = "account",
        value_name = "NAME",
        help = "账户：登录名，或留痕中的称呼；可重复 ¦ Account: login name, or as the log calls it; may be repeated"
    )]
    pub(crate) accounts: Vec<String>,
    #[arg(
        long = "key",
        value_name = "KID",
        help = "接口客户端的密钥编号；可重复 ¦ Name of a machine's key; may be repeated"
    )]
    pub(crate) keys: Vec<String>,
    #[arg(long = "session", value_name = "ID", help = "某次登录的编号；可重复 ¦ Id of a session; may be repeated")]
    pub(crate) sessions: Vec<String>,
    #[arg(long, value_name = "TIME", value_parser = instant, help = "自何时起，如 2026-11-21 或 2026-11-21T09:30 ¦ From when on: 2026-11-21 or 2026-11-21T09:30")]
    pub(crate) from: Option<i64>,
    #[arg(long, value_name = "TIME", value_parser = instant, help = "至何时止，不含该时刻 ¦ Before when")]
    pub(crate) until: Option<i64>,
}

#[derive(Debug, Args)]
pub(crate) struct LeakList {
    #[command(flatten)]
    pub(crate) search: LeakSearchArgs,
    #[arg(
        long,
        short,
        value_name = "FILE",
        help = "写到此文件，每人一行 JSON，不含姓名和证件号码 ¦ Write it to this file, a line of JSON for each person, without names or numbers"
    )]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct LeakNoticesArgs {
    #[command(flatten)]
    pub(crate) search: LeakSearchArgs,
    #[arg(long, value_name = "TEXT", help = "发生原因 ¦ What happened, and why")]
    pub(crate) cause: String,
    #[arg(long, value_name = "TEXT", help = "可能造成的危害 ¦ What harm may come of it")]
    pub(crate) harm: String,
    #[arg(long, value_name = "TEXT", help = "已采取的措施 ¦ What was done about it")]
    pub(crate) measures: String,
    #[arg(long, value_name = "TEXT", help = "当事人可以采取的措施 ¦ What the person can do")]
    pub(crate) advice: String,
    #[arg(long, value_name = "TEXT", help = "联系方式 ¦ Whom to ask")]
    pub(crate) contact: String,
    #[arg(long, value_name = "FOLDER", help = "写到此目录 ¦ Folder to write to")]
    pub(crate) to: PathBuf,
}
