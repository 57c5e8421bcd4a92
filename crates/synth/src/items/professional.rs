//! Registrations by which people practise an occupation.

use super::{Draw, Item, last_day, moved};
use crate::table::{Cell, Column, Part, Row, column, optional};

const COLUMNS: &[Column] = of_persons![
    column("WSH", "证书编号", "证号", Part::DocumentNumber),
    column("JDRQ", "核发日期", "发证日期", Part::Decided),
    column("JG", "发证机关", "核准机关", Part::Authority),
    column("JGDM", "发证机关统一社会信用代码", "发证机关代码", Part::AuthorityCode),
    column("YXQQ", "有效期自", "有效期起", Part::Plain),
    column("YXQZ", "有效期至", "有效期止", Part::Plain),
    column("ZYZT", "执业状态", "注册状态", Part::Plain),
    column("ZYJG", "执业机构", "执业单位", Part::Content),
    optional("ZYFW", "执业类别和范围", "执业类别", Part::Plain),
];

pub(super) static LAWYER: Item = Item {
    code: "lawyer-practice",
    name: "律师执业信息",
    columns: COLUMNS,
    senders: &["justice"],
    persons: 100,
    traders: 0,
    weight: 2,
    cast: false,
    once: false,
    fill: |draw, row| fill(draw, row, &Occupation { mark: "19900", years: 0, houses: LAW_FIRMS, scope: "专职律师" }),
};

pub(super) static GUIDE: Item = Item {
    code: "tour-guide-card",
    name: "导游证信息",
    columns: COLUMNS,
    senders: &["culture_tourism"],
    persons: 100,
    traders: 0,
    weight: 2,
    cast: false,
    once: false,
    fill: |draw, row| fill(draw, row, &Occupation { mark: "YTD", years: 3, houses: AGENCIES, scope: "普通话导游" }),
};

const LAW_FIRMS: &[&str] = &["云汀明衡律师事务所", "云汀正言律师事务所", "云汀北湖律师事务所"];
const AGENCIES: &[&str] = &["云汀山水旅行社有限公司", "云汀假日旅行社有限公司", "云汀市导游服务中心"];

struct Occupation {
    /// Head of the certificate's number.
    mark: &'static str,
    /// Years of validity; 0: without end.
    years: i64,
    houses: &'static [&'static str],
    scope: &'static str,
}

fn fill(draw: &mut Draw<'_>, row: &mut Row, occupation: &Occupation) {
    row.set("WSH", format!("{}{}{:06}", occupation.mark, draw.decided.year(), draw.nth));
    let first = moved(draw.decided, draw.rng.between(0, 3));
    row.set("YXQQ", first);
    let over = if occupation.years == 0 {
        row.set("YXQZ", Cell::NoEnd);
        false
    } else {
        let last = last_day(first, occupation.years);
        row.set("YXQZ", last);
        last < draw.today
    };
    row.set("ZYZT", if over { "注销" } else { "执业" });
    row.set("ZYJG", draw.rng.pick(occupation.houses));
    row.set("ZYFW", occupation.scope);
}
