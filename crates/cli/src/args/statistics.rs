//! The options of `chengxin statistics`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const MONTH: &str =
    "已结束的月份，如 2026-10；缺省为上个月 ¦ A month that is over, such as 2026-10; the last one if absent";

#[derive(Debug, Subcommand)]
pub(crate) enum StatisticsCommand {
    #[command(
        about = "统计表：报送、及时率、覆盖、异议、修复、核查、投诉；不足五人的数字不显示 ¦ Tables: submissions, timeliness, coverage, objections, repairs, checks, complaints; no number of fewer than five"
    )]
    Show {
        #[arg(long, value_name = "YYYY-MM", help = MONTH)]
        month: Option<String>,
        #[arg(value_name = "TABLE", help = "只看这一张表 ¦ This table alone")]
        table: Option<String>,
    },
    #[command(
        about = "把一张统计表写成 CSV 或 XLSX 文件 ¦ Write a table as CSV or XLSX",
        after_help = "例：chengxin statistics export timeliness -o timeliness.xlsx ¦ chengxin statistics export timeliness -o timeliness.xlsx"
    )]
    Export(StatisticsExport),
    #[command(about = "各单位报送质量公示（任何人可查） ¦ How authorities send, as everybody may read it")]
    Board,
}

#[derive(Debug, Args)]
pub(crate) struct StatisticsExport {
    #[arg(value_name = "TABLE", help = "统计表，见 statistics show ¦ The table, as statistics show names it")]
    pub(crate) table: String,
    #[arg(long, value_name = "YYYY-MM", help = MONTH)]
    pub(crate) month: Option<String>,
    #[arg(
        short,
        long,
        value_name = "FILE",
        help = "写到哪里：以 .csv 或 .xlsx 结尾 ¦ Where to: its name ends in .csv or .xlsx"
    )]
    pub(crate) out: PathBuf,
}
