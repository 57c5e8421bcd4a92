//! The court's list of judgment debtors (失信被执行人).

use super::{CITY_SHORT, Draw, Item, moved};
use crate::table::{Part, Row, column, optional};

pub(super) static DEBTOR: Item = Item {
    code: "judgment-debtor",
    name: "失信被执行人",
    columns: of_all![
        column("WSLX", "认定文书类型", "文书类型", Part::Plain),
        column("WSH", "认定文书文号", "文书文号", Part::DocumentNumber),
        column("YJ", "认定依据", "法律依据", Part::Basis),
        column("JDRQ", "认定日期", "决定日期", Part::Decided),
        column("JG", "认定机关", "决定机关", Part::Authority),
        column("JGDM", "认定机关统一社会信用代码", "认定机关代码", Part::AuthorityCode),
        optional("XWFSRQ", "行为发生日期", "行为日期", Part::Conduct),
        optional("ZXAH", "执行案号", "", Part::Plain),
        column("XWQX", "失信被执行人行为具体情形", "行为具体情形", Part::Content),
        column("LXQK", "履行情况", "", Part::Plain),
        column("LXRQ", "履行日期", "履行完毕日期", Part::Plain),
    ],
    senders: &["court"],
    persons: 60,
    traders: 5,
    weight: 4,
    cast: false,
    once: false,
    fill,
};

const CONDUCT: &[&str] = &[
    "有履行能力而拒不履行生效法律文书确定义务",
    "违反财产报告制度",
    "无正当理由拒不履行执行和解协议",
    "以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行",
];

fn fill(draw: &mut Draw<'_>, row: &mut Row) {
    let (year, nth) = (draw.decided.year(), 1000 + draw.nth);
    row.set("WSLX", "执行决定书");
    row.set("WSH", format!("（{year}）{CITY_SHORT}01执{nth}号之一"));
    row.set("ZXAH", format!("（{year}）{CITY_SHORT}01执{nth}号"));
    row.set("YJ", "《最高人民法院关于公布失信被执行人名单信息的若干规定》第一条");
    row.set("XWQX", draw.rng.pick(CONDUCT));
    let state = draw.rng.pick(&["未履行", "未履行", "部分履行", "已全部履行"]);
    row.set("LXQK", state);
    if state == "已全部履行" {
        row.set("LXRQ", moved(draw.decided, draw.rng.between(1, 4)));
    }
}
