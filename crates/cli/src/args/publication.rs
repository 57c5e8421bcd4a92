//! The options of `chengxin publication`.

use clap::{Args, Subcommand};

use super::proceeding::field;

const CODE: &str =
    "公示信息的网址代码，见 chengxin publication list ¦ Address of the entry, as chengxin publication list shows it";

#[derive(Debug, Subcommand)]
pub(crate) enum PublicationCommand {
    #[command(
        about = "公示中的行政许可、行政处罚，最近作出的在前 ¦ What is published, the newest decision first",
        after_help = "例：chengxin publication list --item penalty ¦ chengxin publication list --item penalty"
    )]
    List(PublicationList),
    #[command(about = "一条公示信息 ¦ One entry")]
    Show {
        #[arg(value_name = "CODE", help = CODE)]
        code: String,
    },
    #[command(
        about = "认定单位：待确认的公示文字，已隐去姓名和号码（留痕） ¦ The authority: texts that wait to be confirmed, masked; logged"
    )]
    Draft {
        #[arg(value_name = "CODE", help = CODE)]
        code: String,
    },
    #[command(
        about = "认定单位：确认公示文字；报送人不能确认 ¦ The authority: confirm texts; not by whoever sent them",
        after_help = "例：chengxin publication confirm CODE --version 1 --text CF_SY=未按规定公示价格 ¦ chengxin publication confirm CODE --version 1 --text CF_SY='Prices were not displayed'"
    )]
    Confirm(PublicationConfirm),
}

#[derive(Debug, Args)]
pub(crate) struct PublicationList {
    #[arg(long, value_name = "ITEM", help = "事项代码：licence 或 penalty ¦ Code of the item: licence or penalty")]
    pub(crate) item: Option<String>,
    #[arg(long, value_name = "CODE", help = "只看一个单位的 ¦ Of one authority only")]
    pub(crate) authority: Option<String>,
    #[arg(long, value_name = "PLACE", help = "从上一页给出的位置继续 ¦ Go on from where the page before ended")]
    pub(crate) after: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 20, help = "最多几条，1 到 50 ¦ How many, 1 to 50")]
    pub(crate) limit: usize,
    #[arg(long, help = "连同已撤回、须说明理由的 ¦ With those that were withdrawn and want explaining")]
    pub(crate) withdrawn: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PublicationConfirm {
    #[arg(value_name = "CODE", help = CODE)]
    pub(crate) code: String,
    #[arg(long, value_name = "N", help = "所查看草稿的版本 ¦ Version of the draft that was read")]
    pub(crate) version: i64,
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        help = "草稿中所示上次确认的留痕编号；未确认过的为 0 ¦ Line by which the draft says it was confirmed before; 0 where it never was"
    )]
    pub(crate) line: i64,
    #[arg(long = "text", value_name = "CODE=TEXT", value_parser = field,
        help = "字段代码和公示的文字，留空则不显示该项；可重复 ¦ Code of a field and its text, empty where the page goes without; may be repeated")]
    pub(crate) texts: Vec<(String, String)>,
    #[arg(long, value_name = "TEXT", help = "已撤回的决定：公开说明 ¦ Of a withdrawn decision: why, for everybody")]
    pub(crate) explanation: Option<String>,
}
