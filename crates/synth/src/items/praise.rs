//! Volunteering and honours of residents.

use super::{CITY_SHORT, Draw, Item};
use crate::table::{Cell, Part, Row, column, optional};

pub(super) static VOLUNTEERING: Item = Item {
    code: "volunteer-service",
    name: "志愿服务记录",
    columns: of_persons![
        column("WSH", "文书或者编号", "编号", Part::DocumentNumber),
        column("JDRQ", "作出日期", "日期", Part::Decided),
        column("JG", "作出单位", "责任单位", Part::Authority),
        column("JGDM", "作出单位统一社会信用代码", "作出单位代码", Part::AuthorityCode),
        column("FWXM", "服务项目", "", Part::Content),
        column("FWSC", "服务时长（分钟）", "服务时长", Part::Plain),
        optional("ZZMC", "志愿服务组织", "", Part::Plain),
    ],
    senders: &["civil_affairs"],
    persons: 100,
    traders: 0,
    weight: 10,
    cast: true,
    once: false,
    fill: fill_service,
};

pub(super) static HONOUR: Item = Item {
    code: "moral-model",
    name: "道德模范和身边好人荣誉",
    columns: of_persons![
        column("RYMC", "荣誉名称", "荣誉称号", Part::Plain),
        // Many honours have no number: theirs is neither required nor part of what identifies them.
        column("WSH", "表彰文件文号", "表彰文号", Part::Plain),
        column("RYJB", "荣誉级别", "表彰级别", Part::Plain),
        column("JDRQ", "授予日期", "表彰日期", Part::Decided),
        column("JG", "授予机关", "表彰机关", Part::Authority),
        column("JGDM", "授予机关统一社会信用代码", "授予机关代码", Part::AuthorityCode),
    ],
    senders: &["civilisation_office"],
    persons: 100,
    traders: 0,
    weight: 2,
    cast: true,
    once: false,
    fill: fill_honour,
};

const SERVICES: &[&str] =
    &["社区图书整理", "滨江步道清洁", "文明交通劝导", "图书馆导览", "助老陪伴", "应急演练协助", "植树护绿", "赛会服务"];

const GROUPS: &[&str] = &["云汀青年志愿服务队", "临江区邻里互助社", "望山志愿者之家", "北湖护河队"];

fn fill_service(draw: &mut Draw<'_>, row: &mut Row) {
    row.set("WSH", format!("YTZY{:08}", draw.nth));
    row.set("FWXM", draw.rng.pick(SERVICES));
    row.set("FWSC", Cell::Count(draw.rng.between(2, 16) * 30));
    row.set("ZZMC", draw.rng.pick(GROUPS));
}

fn fill_honour(draw: &mut Draw<'_>, row: &mut Row) {
    row.set("RYMC", format!("第{}期“{CITY_SHORT}好人”", draw.nth));
    if draw.rng.percent(70) {
        row.set("WSH", draw.document("表"));
    }
    row.set("RYJB", draw.rng.pick(&["市级", "市级", "市级", "省级"]));
}
