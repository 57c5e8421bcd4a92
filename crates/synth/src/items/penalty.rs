//! Administrative penalties (行政处罚), with the columns of 双公示.

use super::offences::{Kind, OFFENCES, Offence, Outcome};
use super::{Draw, Item, moved};
use crate::table::{Cell, Column, Part, Row, column, optional};

pub(super) static ITEM: Item = Item {
    code: "penalty",
    name: "行政处罚",
    columns: COLUMNS,
    senders: &[
        "market_regulation",
        "transport",
        "fire_rescue",
        "housing_construction",
        "ecology",
        "urban_management",
        "emergency_management",
        "human_resources",
        "culture_tourism",
        "public_security",
        "tax",
    ],
    persons: 64,
    traders: 14,
    weight: 40,
    cast: true,
    once: false,
    fill,
};

const COLUMNS: &[Column] = &[
    column("CF_XDR_MC", "行政相对人名称", "", Part::Name),
    column("CF_XDR_LB", "行政相对人类别", "", Part::SubjectKind),
    column("CF_XDR_ZJLX", "证件类型", "", Part::DocumentKind),
    column("CF_XDR_ZJHM", "证件号码", "CF_XDR_SFZ", Part::Number),
    column("CF_XDR_SHXYM", "统一社会信用代码", "", Part::Uscc),
    optional("CF_FRDB", "法定代表人", "CF_FR", Part::Head),
    optional("CF_FR_ZJLX", "法定代表人证件类型", "", Part::HeadDocumentKind),
    optional("CF_FR_ZJHM", "法定代表人证件号码", "CF_FR_SFZH", Part::HeadNumber),
    column("CF_WSH", "行政处罚决定书文号", "", Part::DocumentNumber),
    column("CF_WFXW", "违法行为类型", "", Part::Plain),
    column("CF_SY", "违法事实", "", Part::Plain),
    column("CF_YJ", "处罚依据", "", Part::Basis),
    column("CF_CFLB", "处罚类别", "CF_CFLB1", Part::PenaltyType),
    column("CF_NR", "处罚内容", "CF_JG", Part::Content),
    column("CF_NR_FK", "罚款金额", "", Part::Money),
    column("CF_NR_WFFF", "没收金额", "", Part::Plain),
    column("CF_NR_ZKDX", "暂扣或吊销证照名称及编号", "", Part::Plain),
    column("CF_JDRQ", "处罚决定日期", "", Part::Decided),
    optional("CF_YXQ", "处罚有效期", "", Part::Plain),
    optional("XWFSRQ", "行为发生日期", "", Part::Conduct),
    column("CF_CFJG", "处罚机关", "CF_XZJG", Part::Authority),
    column("CF_CFJGDM", "处罚机关统一社会信用代码", "", Part::AuthorityCode),
    optional("SJC", "时间戳", "", Part::SourceTime),
    optional("BZ", "备注", "", Part::Plain),
];

/// Columns of the benchmark file, in its order: what a file about persons carries.
pub(crate) const BENCHMARK_COLUMNS: [&str; 16] = [
    "CF_XDR_MC",
    "CF_XDR_LB",
    "CF_XDR_ZJLX",
    "CF_XDR_ZJHM",
    "CF_WSH",
    "CF_WFXW",
    "CF_SY",
    "CF_YJ",
    "CF_CFLB",
    "CF_NR",
    "CF_NR_FK",
    "CF_JDRQ",
    "CF_CFJG",
    "CF_CFJGDM",
    "XWFSRQ",
    "SJC",
];

fn fill(draw: &mut Draw<'_>, row: &mut Row) {
    let offence = offence_of(draw);
    let outcome = outcome_of(draw, offence);
    row.set("CF_WSH", draw.document("罚"));
    row.set("CF_WFXW", offence.name);
    row.set("CF_SY", facts(draw, offence));
    row.set("CF_YJ", offence.basis);
    row.set("CF_CFLB", outcome.kind.as_str());
    row.set("CF_YXQ", Cell::NoEnd);
    settle(draw, outcome, row);
}

/// An offence that this authority punishes and this subject can commit.
fn offence_of(draw: &mut Draw<'_>) -> &'static Offence {
    let person = draw.subject.is_person();
    let fits = |o: &&Offence| o.authority == draw.authority.kind && if person { o.by_person } else { o.by_business };
    let count = OFFENCES.iter().filter(fits).count() as u64;
    let chosen = draw.rng.below(count) as usize;
    OFFENCES.iter().filter(fits).nth(chosen).unwrap_or(&OFFENCES[0])
}

/// An outcome whose amounts and licences this file has columns for.
fn outcome_of(draw: &mut Draw<'_>, offence: &'static Offence) -> &'static Outcome {
    let few = draw.few_columns;
    let fits = |o: &&Outcome| !few || !o.kind.needs_columns();
    let chosen = draw.rng.below(offence.outcomes.iter().filter(fits).count() as u64) as usize;
    offence.outcomes.iter().filter(fits).nth(chosen).unwrap_or(&offence.outcomes[0])
}

/// `当事人在文化路18号…`. No name, no number: free text is the last place to put them.
fn facts(draw: &mut Draw<'_>, offence: &Offence) -> String {
    let street = draw.rng.pick(STREETS);
    let house = draw.rng.between(1, 299);
    format!("当事人在{street}{house}号{}", offence.facts)
}

const STREETS: &[&str] = &["文化路", "滨江大道", "建设街", "新民巷", "北湖东路", "望山街", "码头路", "工业园二路"];

/// Content, amounts and licences of the decision.
fn settle(draw: &mut Draw<'_>, outcome: &Outcome, row: &mut Row) {
    let steps = (outcome.most - outcome.least) / outcome.step.max(1);
    let yuan = outcome.least + draw.rng.between(0, steps) * outcome.step;
    let content = match outcome.kind {
        Kind::Warning => "给予警告".to_owned(),
        Kind::Criticism => "给予通报批评".to_owned(),
        Kind::Fine => format!("罚款人民币{yuan}元"),
        Kind::IllegalGains => format!("没收违法所得人民币{yuan}元"),
        Kind::IllegalGoods => format!("没收非法财物，价值人民币{yuan}元"),
        Kind::Suspension => format!("暂扣{}30日", outcome.licence),
        Kind::Revocation => format!("吊销{}", outcome.licence),
        Kind::Closure => "责令停业整顿15日".to_owned(),
        Kind::Downgrade => format!("降低{}一级", outcome.licence),
        Kind::Bar => format!("自{}起一年内不得从事该职业", dotted(moved(draw.decided, 1))),
    };
    match outcome.kind {
        Kind::Fine => row.set("CF_NR_FK", Cell::Wan(yuan * 100)),
        Kind::IllegalGains | Kind::IllegalGoods => row.set("CF_NR_WFFF", Cell::Wan(yuan * 100)),
        Kind::Suspension | Kind::Revocation => {
            row.set("CF_NR_ZKDX", format!("{}（{:06}）", outcome.licence, draw.rng.below(1_000_000)));
        }
        _ => {}
    }
    row.set("CF_NR", content);
}

fn dotted(day: jiff::civil::Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}
