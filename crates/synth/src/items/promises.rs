//! Kept commitments and the performance of public contracts.

use super::{Draw, Item, moved};
use crate::table::{Cell, Part, Row, column, optional};

pub(super) static COMMITMENT: Item = Item {
    code: "commitment-kept",
    name: "信用承诺履行信息",
    columns: of_all![
        column("WSH", "文书或者编号", "编号", Part::DocumentNumber),
        column("JDRQ", "作出日期", "日期", Part::Decided),
        column("JG", "作出单位", "责任单位", Part::Authority),
        column("JGDM", "作出单位统一社会信用代码", "作出单位代码", Part::AuthorityCode),
        column("CNLX", "承诺类型", "", Part::Plain),
        column("CNSX", "承诺事项", "办理事项", Part::Content),
        column("LXRQ", "履行日期", "", Part::Plain),
    ],
    senders: &["market_regulation", "transport", "housing_construction"],
    persons: 50,
    traders: 25,
    weight: 6,
    cast: true,
    once: false,
    fill: fill_commitment,
};

pub(super) static CONTRACT: Item = Item {
    code: "procurement-contract",
    name: "政府采购合同履行信息",
    columns: of_companies![
        column("WSH", "文书或者编号", "合同编号", Part::DocumentNumber),
        column("JDRQ", "作出日期", "签订日期", Part::Decided),
        column("JG", "作出单位", "责任单位", Part::Authority),
        column("JGDM", "作出单位统一社会信用代码", "责任单位统一社会信用代码", Part::AuthorityCode),
        column("HTMC", "合同名称", "项目名称", Part::Content),
        optional("HTJE", "合同金额（万元）", "", Part::Money),
        column("LXQK", "履行情况", "", Part::Plain),
        column("LXRQ", "履行完毕日期", "履约完成日期", Part::Plain),
    ],
    senders: &["public_resources"],
    persons: 0,
    traders: 20,
    weight: 3,
    cast: false,
    once: false,
    fill: fill_contract,
};

const MATTERS: &[&str] =
    &["食品经营许可变更", "道路运输证换发", "建筑施工许可延期", "营业场所变更登记", "证明事项告知承诺办理"];

const GOODS: &[&str] = &["办公设备采购", "物业服务", "食堂食材配送", "信息系统运维", "道路养护工程", "绿化养护服务"];

fn fill_commitment(draw: &mut Draw<'_>, row: &mut Row) {
    row.set("WSH", draw.document("承"));
    row.set("CNLX", draw.rng.pick(&["审批替代型", "容缺受理型", "主动型"]));
    row.set("CNSX", draw.rng.pick(MATTERS));
    row.set("LXRQ", moved(draw.decided, draw.rng.between(1, 4)));
}

fn fill_contract(draw: &mut Draw<'_>, row: &mut Row) {
    row.set("WSH", format!("YTCG-{}-{:06}", draw.decided.year(), draw.nth));
    row.set("HTMC", format!("{}年度{}", draw.decided.year(), draw.rng.pick(GOODS)));
    // Sums to the 分, as tenders have them.
    row.set("HTJE", Cell::Wan(draw.rng.between(1_000_000, 500_000_000)));
    let state = draw.rng.pick(&["已全部履行", "已全部履行", "履行中", "部分履行"]);
    row.set("LXQK", state);
    if state == "已全部履行" {
        row.set("LXRQ", moved(draw.decided, draw.rng.between(1, 4)));
    }
}
