//! Registration of companies.

use super::{Draw, Item, Subject};
use crate::table::{Cell, Part, Row, column, optional};

pub(super) static ENTERPRISE: Item = Item {
    code: "enterprise-registration",
    name: "企业登记信息",
    columns: of_companies![
        column("JDRQ", "登记日期", "成立日期", Part::Decided),
        column("JG", "登记机关", "核准机关", Part::Authority),
        column("JGDM", "登记机关统一社会信用代码", "登记机关代码", Part::AuthorityCode),
        optional("FRLX", "法人类型", "企业类型", Part::Plain),
        column("ZT", "登记状态", "经营状态", Part::Plain),
        optional("ZCZB", "注册资本（万元）", "注册资金（万元）", Part::Money),
        optional("JYFW", "经营范围", "业务范围", Part::Plain),
        optional("FRDB", "法定代表人", "负责人", Part::Plain),
    ],
    senders: &["market_regulation"],
    persons: 0,
    traders: 0,
    weight: 6,
    cast: false,
    once: true,
    fill,
};

fn fill(draw: &mut Draw<'_>, row: &mut Row) {
    row.set("FRLX", "有限责任公司（自然人投资或控股）");
    row.set("ZT", draw.rng.pick(&["存续", "存续", "存续", "存续", "歇业", "注销"]));
    row.set("ZCZB", Cell::Wan(draw.rng.between(1, 500) * 10_000_000));
    row.set("JYFW", draw.rng.pick(SCOPES));
    if let Subject::Organisation(_, Some(head)) = &draw.subject {
        row.set("FRDB", head.name.clone());
    }
}

const SCOPES: &[&str] = &[
    "一般项目：日用百货销售，技术服务、技术开发、技术咨询",
    "许可项目：餐饮服务；一般项目：食品销售（仅销售预包装食品）",
    "许可项目：道路货物运输（不含危险货物）",
    "许可项目：建设工程施工；一般项目：园林绿化工程施工",
];
