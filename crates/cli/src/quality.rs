//! The quality report on a terminal.

use chengxin_app::intake::{Counts, QualityReport, ranges};
use chengxin_core::Lang;
use chengxin_web::quality::fault_words;

use crate::out::{Look, Out};
use crate::table::Table;
use crate::width::{pad, pad_left, width, wrap};

/// Most refused and held rows that a terminal lists; the files have more.
const LISTED: usize = 10;

/// How much of the report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Everything.
    Full,
    /// Without columns and normalisations: for `--quiet`.
    Short,
}

/// Prints the report.
pub(crate) fn print(out: &Out, report: &QualityReport, detail: Detail) {
    head(out, report);
    counts(out, &report.counts);
    if detail == Detail::Full {
        columns(out, report);
        normalised(out, report);
    }
    faults(out, report);
    refused(out, report);
    held(out, report);
    difference(out, report);
    for warning in &report.warnings {
        out.line("");
        out.paragraph(2, &format!("{}{}", out.pick("注意：", "Note: "), out.tr(warning)));
    }
}

fn title(out: &Out, zh: &str, en: &str) {
    out.line("");
    out.line(&format!("  {}", out.look(Look::Title, out.pick(zh, en))));
}

fn head(out: &Out, report: &QualityReport) {
    let name = format!("{} · {}", out.pick("质量报告", "Quality report"), report.file);
    out.line(&out.look(Look::Title, &name));
    let submission = match (report.submission, report.dry_run) {
        (_, true) => out.pick("试运行，未写入", "dry run, nothing written").to_owned(),
        (Some(id), _) => format!("{} {id}", out.pick("批次", "submission")),
        (None, _) => String::new(),
    };
    let sheet = report.sheet.as_ref().map(|sheet| format!(" · {sheet}")).unwrap_or_default();
    let item = format!("{} ({})", out.tr(&report.item_name), report.item);
    let parts = [report.authority_name.clone(), item, format!("{}{sheet}", report.read_as), submission];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    out.paragraph(2, &parts.join(" · "));
    if report.repeated {
        out.paragraph(
            2,
            out.pick(
                "文件中没有新的内容，平台上的记录未作任何改变。",
                "Nothing in this file is new: no record was changed.",
            ),
        );
    }
}

fn counts(out: &Out, counts: &Counts) {
    let all = [
        ("行", "rows", counts.rows, None, true),
        ("新增", "new", counts.new, Some(Look::Good), true),
        ("变更", "changed", counts.changed, Some(Look::Good), true),
        ("相同", "unchanged", counts.unchanged, None, true),
        ("撤销", "withdrawn", counts.withdrawn, None, false),
        ("文件内重复", "repeated", counts.repeated, None, false),
        ("空行", "blank", counts.blank, None, false),
        ("待核实", "held", counts.held, Some(Look::Warn), true),
        ("退回", "refused", counts.refused, Some(Look::Bad), true),
    ];
    let shown: Vec<_> = all.iter().filter(|(.., count, _, always)| *always || *count > 0).collect();
    let (mut words, mut numbers) = (String::from("  "), String::from("  "));
    for (zh, en, count, look, _) in shown {
        let (word, number) = (out.pick(zh, en), thousands(*count));
        let columns = width(word).max(width(&number)) + 3;
        words.push_str(&out.look(Look::Faint, &pad_left(word, columns)));
        let number = pad_left(&number, columns);
        numbers.push_str(&match look {
            Some(look) if *count > 0 => out.look(*look, &number),
            _ => number,
        });
    }
    out.line("");
    out.line(&words);
    out.line(&numbers);
}

fn columns(out: &Out, report: &QualityReport) {
    let left_out: Vec<_> = report.columns.iter().filter(|c| c.field.is_none()).collect();
    let read = report.columns.len() - left_out.len();
    let (all, row) = (report.columns.len(), report.heading_row);
    let place = if row == 0 {
        (String::new(), String::new())
    } else {
        (format!("（表头在第 {row} 行）"), format!(" (headings in row {row})"))
    };
    let summary = match out.lang {
        Lang::Zh => format!("列：共 {all}，识别 {read}{}", place.0),
        Lang::En => format!("Columns: {all}, {read} recognised{}", place.1),
    };
    title(out, &summary, &summary);
    let recognised = report.columns.iter().filter_map(|c| c.field.as_ref().map(|field| pair(&c.heading, field)));
    for line in filled(recognised, out.columns().saturating_sub(4)) {
        out.line(&format!("    {line}"));
    }
    for column in left_out {
        let why = if column.forbidden {
            out.pick("依法不得收集的内容，未读取、未存储", "may never be collected: neither read nor stored")
        } else {
            out.pick("目录中没有该字段，未读取、未存储", "no such field in the catalogue: neither read nor stored")
        };
        let line = format!("✕ {}  {why}", column.heading);
        out.line(&format!("    {}", out.look(if column.forbidden { Look::Bad } else { Look::Warn }, &line)));
    }
}

/// Words that stay whole, in lines of at most `columns`.
fn filled(words: impl Iterator<Item = String>, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in words {
        match lines.last_mut() {
            Some(line) if width(line) + 3 + width(&word) <= columns => {
                line.push_str("   ");
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

fn pair(heading: &str, field: &str) -> String {
    if heading == field { field.to_owned() } else { format!("{heading} → {field}") }
}

fn normalised(out: &Out, report: &QualityReport) {
    if report.normalised.is_empty() {
        return;
    }
    title(out, "已统一写法", "Normalised");
    let mut table = Table::new(&["", "", ">"]);
    for n in &report.normalised {
        table.row([out.tr(&n.label).to_owned(), out.tr(&n.what).to_owned(), thousands(n.count)]);
    }
    table.print(out, 4);
}

fn faults(out: &Out, report: &QualityReport) {
    if report.faults.is_empty() {
        return;
    }
    title(out, "问题（按字段）", "Faults by field");
    let mut table = Table::new(&["", "", ">"]);
    for f in &report.faults {
        table.row([out.tr(&f.label).to_owned(), out.tr(&fault_words(&f.code)).to_owned(), thousands(f.count)]);
    }
    table.print(out, 4);
}

fn refused(out: &Out, report: &QualityReport) {
    if report.counts.refused == 0 {
        return;
    }
    let count = thousands(report.counts.refused);
    title(out, &format!("退回的行：{count}"), &format!("Refused rows: {count}"));
    for row in report.refused.iter().take(LISTED) {
        for fault in &row.faults {
            entry(out, row.row, out.tr(&fault.say), Look::Bad);
        }
    }
    rest(out, report.counts.refused, report.refused.len());
}

fn held(out: &Out, report: &QualityReport) {
    if report.counts.held == 0 {
        return;
    }
    let count = thousands(report.counts.held);
    title(out, &format!("待核实的行：{count}"), &format!("Held rows: {count}"));
    for row in report.held.iter().take(LISTED) {
        entry(out, row.row, out.tr(&row.say), Look::Warn);
    }
    rest(out, report.counts.held, report.held.len());
}

fn entry(out: &Out, row: u64, text: &str, look: Look) {
    let number = match out.lang {
        Lang::Zh => format!("第 {row} 行"),
        Lang::En => format!("row {row}"),
    };
    let head = pad(&number, 12);
    let lines = wrap(text, out.columns().saturating_sub(16));
    for (i, line) in lines.iter().enumerate() {
        let head = if i == 0 { out.look(look, &head) } else { " ".repeat(12) };
        out.line(&format!("    {head}{line}"));
    }
}

fn rest(out: &Out, count: u64, listed: usize) {
    let more = count.saturating_sub(listed.min(LISTED) as u64);
    if more > 0 {
        let text = match out.lang {
            Lang::Zh => format!("另有 {} 行（--out 文件夹 可写出全部）", thousands(more)),
            Lang::En => format!("and {} more (--out DIR writes them all)", thousands(more)),
        };
        out.line(&format!("    {}", out.look(Look::Faint, &text)));
    }
}

fn difference(out: &Out, report: &QualityReport) {
    let Some(d) = &report.difference else { return };
    out.line("");
    let zh = format!(
        "与批次 {} 相比：上次没有 {}，两次都有 {}，本次未出现 {}（未出现不等于撤销，记录不变）",
        d.last_submission,
        thousands(d.added),
        thousands(d.in_both),
        thousands(d.left_out)
    );
    let en = format!(
        "Against submission {}: {} it had not, {} in both, {} left out now (absence withdraws nothing)",
        d.last_submission,
        thousands(d.added),
        thousands(d.in_both),
        thousands(d.left_out)
    );
    out.paragraph(2, out.pick(&zh, &en));
    let (added, left_out) = (ranges(&d.added_rows), ranges(&d.left_out_rows));
    if !added.is_empty() {
        let (zh, en) = (format!("上次没有的，在本文件第 {added} 行"), format!("New to it: rows {added} of this file"));
        out.paragraph(2, out.pick(&zh, &en));
    }
    if !left_out.is_empty() {
        let zh = format!("本次未出现的，在批次 {} 文件的第 {left_out} 行", d.last_submission);
        let en = format!("Left out: rows {left_out} of the file of submission {}", d.last_submission);
        out.paragraph(2, out.pick(&zh, &en));
    }
}

/// A number with its thousands apart: `12 345`, the same in both languages.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
