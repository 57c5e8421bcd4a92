//! From counts to the report that the sending office reads.

use chengxin_core::Say;
use chengxin_core::catalogue::{Catalogue, ItemDef};
use chengxin_core::refusal::Fault;
use chengxin_core::value::Normalised;
use chengxin_sheet::Info;
use chengxin_store::authority::AuthorityRow;
use data_encoding::HEXLOWER;

use super::collect::Harvest;
use super::mapping::{Mapping, label};
use super::quality::{
    Counts, FaultCount, HeldLine, LISTED_ROWS, NormalisedCount, QualityReport, RefusedField, RefusedRow,
};
use crate::Installation;

/// The report as far as reading goes; [`refresh`] fills in what settling changed.
pub(super) fn of(
    installation: &Installation,
    item: &ItemDef,
    info: &Info,
    mapping: &Mapping,
    authority: &AuthorityRow,
    file: &str,
    harvest: &Harvest,
) -> QualityReport {
    let read_as = match info.encoding {
        Some(encoding) => format!("{} · {}", info.format.ending().to_uppercase(), encoding.name()),
        None => info.format.ending().to_uppercase(),
    };
    let mut report = QualityReport {
        submission: None,
        dry_run: false,
        repeated: false,
        file: file.to_owned(),
        sha256: HEXLOWER.encode(&info.sha256),
        read_as,
        sheet: info.sheet.clone(),
        authority: authority.code.clone(),
        authority_name: authority.name.clone(),
        item: item.code().to_owned(),
        item_name: Say::new(item.item.name.clone(), item.item.name_en.clone()),
        catalogue: installation.catalogue.hash_hex(),
        heading_row: mapping.heading_row,
        columns: mapping.read.clone(),
        counts: Counts::default(),
        normalised: Vec::new(),
        faults: Vec::new(),
        refused: Vec::new(),
        held: Vec::new(),
        difference: None,
        warnings: Vec::new(),
        needs_release: false,
        root: None,
        mended: 0,
    };
    refresh(&mut report, item, harvest, &installation.catalogue);
    report
}

/// Takes over counts and lists.
pub(super) fn refresh(report: &mut QualityReport, item: &ItemDef, harvest: &Harvest, _: &Catalogue) {
    let tally = &harvest.tally;
    report.counts = tally.counts;
    report.needs_release = tally.counts.awaiting_release > 0;
    let written = tally.counts.new + tally.counts.changed + tally.counts.withdrawn;
    report.repeated = written == 0 && tally.counts.unchanged > 0;
    report.normalised = tally.normalised.iter().filter_map(|(key, count)| normalised(item, key, *count)).collect();
    report.faults = tally.faults.iter().map(|(key, count)| fault_count(item, key, *count)).collect();
    report.faults.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.field, &a.code).cmp(&(&b.field, &b.code))));
    let line = |(row, faults): (&u64, &Vec<Fault>)| RefusedRow { row: *row, faults: refused_fields(item, faults) };
    report.refused = harvest.refused.iter().take(LISTED_ROWS).map(line).collect();
    report.held = harvest
        .held
        .iter()
        .take(LISTED_ROWS)
        .map(|(row, why)| HeldLine { row: *row, say: why.say_to_sender() })
        .collect();
    report.warnings = warnings(report, harvest);
}

/// A row's faults in words.
pub(crate) fn refused_fields(item: &ItemDef, faults: &[Fault]) -> Vec<RefusedField> {
    let field = |fault: &Fault| fault.field.map(usize::from).filter(|i| *i < item.fields.len());
    faults
        .iter()
        .map(|fault| RefusedField {
            field: field(fault).map_or_else(String::new, |i| item.fields[i].field.code.clone()),
            code: fault.reason.code().to_owned(),
            say: fault.reason.say(&field(fault).map_or_else(|| Say::new("本行", "the row"), |i| label(item, i))),
        })
        .collect()
}

fn normalised(item: &ItemDef, key: &str, count: u64) -> Option<NormalisedCount> {
    let (field, kind) = key.split_once('/')?;
    let index: usize = field.parse().ok()?;
    let what = Normalised::ALL.get(kind.parse::<usize>().ok()?)?.say();
    let field = item.fields.get(index)?.field.code.clone();
    Some(NormalisedCount { field, label: label(item, index), what, count })
}

fn fault_count(item: &ItemDef, key: &str, count: u64) -> FaultCount {
    let (field, code) = key.split_once('/').unwrap_or(("", key));
    let index = field.parse::<usize>().ok().filter(|i| *i < item.fields.len());
    FaultCount {
        field: index.map_or_else(String::new, |i| item.fields[i].field.code.clone()),
        label: index.map_or_else(|| Say::new("整行", "whole row"), |i| label(item, i)),
        code: code.to_owned(),
        count,
    }
}

fn warnings(report: &QualityReport, harvest: &Harvest) -> Vec<Say> {
    let mut out = Vec::new();
    for column in report.columns.iter().filter(|c| c.field.is_none() && !c.heading.is_empty()) {
        let heading = &column.heading;
        out.push(if column.forbidden {
            Say::new(
                format!("列「{heading}」属于禁止归集的信息：未读取、未存储；请从今后的文件中删除"),
                format!("the column “{heading}” holds data that may never be collected: neither read nor stored; leave it out of future files"),
            )
        } else {
            Say::new(
                format!("列「{heading}」不在该事项的目录字段内：未读取、未存储（如为字段别名，可用 --map '{heading}=字段代码'）"),
                format!("the column “{heading}” is no field of this item: neither read nor stored (if it is another name for one: --map '{heading}=CODE')"),
            )
        });
    }
    let tally = &harvest.tally;
    let mut count = |n: u64, zh: &str, en: &str| {
        if n > 0 {
            out.push(Say::new(format!("{n} 行：{zh}"), format!("{n} rows: {en}")));
        }
    };
    count(
        tally.warned,
        "统一社会信用代码校验位不符（早期代码可能如此），已接收，请核对",
        "the unified social credit code fails its check (some genuine early ones do): taken, please check",
    );
    count(
        harvest.formulas,
        "含有公式，读取的是表格上次计算的结果",
        "hold formulas: the value calculated last was read",
    );
    count(
        tally.unlisted,
        "含有目录之外的字段，该字段未读取、未存储",
        "hold a key that the item has not: it was neither read nor stored",
    );
    out
}
