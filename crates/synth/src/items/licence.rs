//! Administrative licences (行政许可), with the columns of 双公示.

use super::{Draw, Item, last_day, moved};
use crate::table::{Cell, Column, Part, Row, column, optional};

pub(super) static ITEM: Item = Item {
    code: "licence",
    name: "行政许可",
    columns: COLUMNS,
    senders: &[
        "transport",
        "market_regulation",
        "housing_construction",
        "culture_tourism",
        "emergency_management",
        "ecology",
        "urban_management",
    ],
    persons: 55,
    traders: 20,
    weight: 25,
    cast: true,
    once: false,
    fill,
};

const COLUMNS: &[Column] = &[
    column("XK_XDR_MC", "行政相对人名称", "", Part::Name),
    column("XK_XDR_LB", "行政相对人类别", "", Part::SubjectKind),
    column("XK_XDR_ZJLX", "证件类型", "", Part::DocumentKind),
    column("XK_XDR_ZJHM", "证件号码", "XK_XDR_SFZ", Part::Number),
    column("XK_XDR_SHXYM", "统一社会信用代码", "", Part::Uscc),
    optional("XK_FRDB", "法定代表人", "XK_FR", Part::Head),
    column("XK_XKWS", "行政许可决定文书名称", "", Part::Plain),
    column("XK_WSH", "行政许可决定文书号", "", Part::DocumentNumber),
    column("XK_XKLB", "许可类别", "XK_SPLB", Part::Plain),
    column("XK_XKZS", "许可证书名称", "", Part::Plain),
    column("XK_XKBH", "许可编号", "", Part::Plain),
    column("XK_NR", "许可内容", "", Part::Content),
    column("XK_JDRQ", "许可决定日期", "", Part::Decided),
    column("XK_YXQZ", "有效期自", "", Part::Plain),
    column("XK_YXQZI", "有效期至", "XK_JZQ", Part::Plain),
    column("XK_XKJG", "许可机关", "XK_XZJG", Part::Authority),
    column("XK_XKJGDM", "许可机关统一社会信用代码", "", Part::AuthorityCode),
    column("XK_ZT", "当前状态", "", Part::Plain),
    optional("SJC", "时间戳", "", Part::SourceTime),
    optional("BZ", "备注", "", Part::Plain),
];

/// One licence: whose office gives it, to whom, and for how many years (0: without end).
struct Licence {
    authority: &'static str,
    person: bool,
    kind: &'static str,
    certificate: &'static str,
    content: &'static str,
    years: i64,
}

const fn to_person(
    authority: &'static str,
    kind: &'static str,
    certificate: &'static str,
    content: &'static str,
    years: i64,
) -> Licence {
    Licence { authority, person: true, kind, certificate, content, years }
}

const fn to_business(
    authority: &'static str,
    kind: &'static str,
    certificate: &'static str,
    content: &'static str,
    years: i64,
) -> Licence {
    Licence { authority, person: false, kind, certificate, content, years }
}

static LICENCES: &[Licence] = &[
    to_person("transport", "认可", "道路货物运输驾驶员从业资格证", "准予从事道路普通货物运输驾驶", 6),
    to_person("transport", "认可", "巡游出租汽车驾驶员证", "准予从事巡游出租汽车客运服务", 0),
    to_business("transport", "普通", "道路运输经营许可证", "准予从事普通货运", 4),
    to_person("market_regulation", "认可", "特种设备作业人员证", "准予从事叉车司机（N1）作业", 4),
    to_business("market_regulation", "普通", "食品经营许可证", "准予从事热食类食品制售", 5),
    to_business("market_regulation", "登记", "营业执照", "准予设立登记", 0),
    to_person("housing_construction", "认可", "二级建造师注册证书", "准予初始注册，专业：建筑工程", 3),
    to_business("housing_construction", "普通", "建筑工程施工许可证", "准予厂房项目施工", 2),
    to_person("culture_tourism", "认可", "导游证", "准予从事普通话导游服务", 3),
    to_business("culture_tourism", "普通", "旅行社业务经营许可证", "准予经营国内旅游业务和入境旅游业务", 0),
    to_person("emergency_management", "认可", "特种作业操作证", "准予从事熔化焊接与热切割作业", 6),
    to_business("emergency_management", "普通", "危险化学品经营许可证", "准予经营油漆（不带储存）", 3),
    to_business("ecology", "普通", "排污许可证", "准予排放污染物，简化管理", 5),
    to_person("ecology", "认可", "辐射安全考核合格证", "准予从事射线装置操作", 5),
    to_business("urban_management", "核准", "城市建筑垃圾处置核准书", "准予处置建筑垃圾", 1),
    to_person("urban_management", "核准", "临时占道许可证", "准予临时占用道路设置便民摊点", 1),
];

fn fill(draw: &mut Draw<'_>, row: &mut Row) {
    let licence = licence_of(draw);
    row.set("XK_XKWS", "准予行政许可决定书");
    row.set("XK_WSH", draw.document("许"));
    row.set("XK_XKLB", licence.kind);
    row.set("XK_XKZS", licence.certificate);
    row.set("XK_XKBH", format!("YT{:07}", 1_000_000 + draw.nth));
    row.set("XK_NR", licence.content);
    let first = moved(draw.decided, draw.rng.between(0, 3));
    row.set("XK_YXQZ", first);
    let until = if licence.years == 0 { Cell::NoEnd } else { Cell::Day(last_day(first, licence.years)) };
    let over = matches!(until, Cell::Day(day) if day < draw.today);
    row.set("XK_YXQZI", until);
    row.set("XK_ZT", if over { "无效" } else { "有效" });
}

/// A licence that this authority gives to such a subject.
fn licence_of(draw: &mut Draw<'_>) -> &'static Licence {
    let person = draw.subject.is_person();
    let fits = |l: &&Licence| l.authority == draw.authority.kind && l.person == person;
    let chosen = draw.rng.below(LICENCES.iter().filter(fits).count() as u64) as usize;
    LICENCES.iter().filter(fits).nth(chosen).unwrap_or(&LICENCES[0])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_sender_of_licences_gives_them_to_persons_and_to_businesses() {
        for sender in ITEM.senders {
            assert!(LICENCES.iter().any(|l| l.authority == *sender && l.person), "{sender}");
            assert!(LICENCES.iter().any(|l| l.authority == *sender && !l.person), "{sender}");
        }
    }
}
