//! The quality report of one file as a page of its own: a file on disk that needs no server, no script and no other
//! file, and that prints on A4.

use askama::Template;
use chengxin_app::intake::{ColumnRead, Counts, QualityReport};
use chengxin_core::{Lang, Say};

/// The quality report as one self-contained HTML page in a language.
///
/// Everything in it that came from the file is escaped; it loads nothing and runs nothing.
///
/// # Errors
/// The template engine's, where memory runs out.
pub fn quality_page(report: &QualityReport, lang: Lang) -> Result<String, askama::Error> {
    QualityPage { report, lang }.render()
}

#[derive(Template)]
#[template(path = "quality.html")]
struct QualityPage<'a> {
    report: &'a QualityReport,
    lang: Lang,
}

/// One number with its word, and how it is to be looked at.
struct Figure {
    word: &'static str,
    count: u64,
    tone: &'static str,
}

impl<'a> QualityPage<'a> {
    fn tag(&self) -> &'static str {
        self.t("zh-CN", "en")
    }

    /// One of two texts, by language.
    fn t<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn say(&self, say: &'a Say) -> &'a str {
        say.get(self.lang)
    }

    fn figures(&self) -> Vec<Figure> {
        let Counts { rows, blank, new, changed, unchanged, withdrawn, repeated, refused, held, .. } =
            self.report.counts;
        let figure = |zh, en, count, tone| {
            let tone = if count == 0 { "plain" } else { tone };
            Figure { word: self.t(zh, en), count, tone }
        };
        let always = [
            figure("有内容的行", "rows with content", rows, "plain"),
            figure("新增", "new", new, "good"),
            figure("变更", "changed", changed, "good"),
            figure("与已有相同", "unchanged", unchanged, "plain"),
        ];
        let where_any = [
            figure("撤销", "withdrawn", withdrawn, "plain"),
            figure("文件内重复", "repeated in the file", repeated, "plain"),
            figure("空行", "blank rows", blank, "plain"),
            figure("待核实", "held", held, "warn"),
            figure("退回", "refused", refused, "bad"),
        ];
        always.into_iter().chain(where_any.into_iter().filter(|f| f.count > 0)).collect()
    }

    /// What stands above everything else: what came of it, in one sentence.
    fn verdict(&self) -> (&'static str, String) {
        let c = &self.report.counts;
        let taken = c.new + c.changed + c.unchanged + c.withdrawn + c.repeated;
        if self.report.repeated {
            let text = self.t(
                "文件中没有新的内容，平台上的记录未作任何改变。",
                "Nothing in this file is new: no record was changed.",
            );
            return ("plain", text.to_owned());
        }
        let dry =
            if self.report.dry_run { self.t("试运行，未写入。", "Dry run, nothing was written. ") } else { "" };
        if c.refused == 0 && c.held == 0 {
            let text = match self.lang {
                Lang::Zh => format!("{dry}全部 {taken} 行均已采用。"),
                Lang::En => format!("{dry}All {taken} rows were taken."),
            };
            return ("good", text);
        }
        let text = match self.lang {
            Lang::Zh => format!("{dry}采用 {taken} 行，退回 {} 行，待核实 {} 行。", c.refused, c.held),
            Lang::En => format!("{dry}{taken} rows taken, {} refused, {} held.", c.refused, c.held),
        };
        ("warn", text)
    }

    fn column_fate(&self, column: &ColumnRead) -> (&'static str, &'static str) {
        if column.forbidden {
            return (
                "bad",
                self.t("依法不得收集的内容，未读取、未存储", "may never be collected: neither read nor stored"),
            );
        }
        match column.field {
            Some(_) => ("good", self.t("已识别", "recognised")),
            None => (
                "warn",
                self.t("目录中没有该字段，未读取、未存储", "no such field in the catalogue: neither read nor stored"),
            ),
        }
    }

    /// Share of the content rows that were refused or held, for the bar: whole per mille.
    fn shares(&self) -> [u64; 3] {
        let c = &self.report.counts;
        let of = |count: u64| count.saturating_mul(1000).checked_div(c.rows).unwrap_or(0).min(1000);
        let (refused, held) = (of(c.refused), of(c.held));
        [1000_u64.saturating_sub(refused + held), held, refused]
    }

    fn unlisted_refused(&self) -> u64 {
        self.report.counts.refused.saturating_sub(self.report.refused.len() as u64)
    }

    fn unlisted_held(&self) -> u64 {
        self.report.counts.held.saturating_sub(self.report.held.len() as u64)
    }

    fn fault_words(&self, code: &str) -> String {
        let say = fault_words(code);
        say.get(self.lang).to_owned()
    }
}

/// A code of [`chengxin_core::refusal::Reason`] in a few words, for a table of counts.
#[must_use]
pub fn fault_words(code: &str) -> Say {
    let (zh, en) = match code {
        "missing" => ("必填项为空", "required and empty"),
        "too_long" => ("超过长度", "too long"),
        "date_form" => ("不是日期", "not a date"),
        "no_such_day" => ("日历上没有这一天", "no such day"),
        "in_the_future" => ("晚于今天", "in the future"),
        "amount" => ("不是数字", "not a number"),
        "amount_range" => ("金额超出范围", "amount out of range"),
        "whole_number" => ("不是整数", "not a whole number"),
        "not_in_dictionary" => ("不在取值范围内", "not one of the values allowed"),
        "uscc" => ("不是统一社会信用代码", "not a unified social credit code"),
        "source_time" => ("不是时间", "not a time"),
        "control_character" => ("含控制字符", "control characters"),
        "subject_kind" => ("事项不适用于此类主体", "item not about such a subject"),
        "synthetic_number" => ("演示用号码", "made-up number"),
        "no_basis" => ("当日没有法定依据", "no legal basis on that day"),
        "column_count" => ("列数与表头不符", "other number of columns"),
        "digits_lost" => ("号码末尾数字已丢失", "last digits lost"),
        "not_a_value" => ("公式或错误值", "formula or error value"),
        "mojibake" => ("乱码", "characters lost in a conversion"),
        "json" => ("不是 JSON 对象", "not a JSON object"),
        "unlisted" => ("目录之外的字段", "field outside the catalogue"),
        "minor" => ("未满十八周岁", "under 18"),
        "public_security" => ("治安管理类信息", "public-security information"),
        "conflict_in_file" => ("文件内互相矛盾", "contradicts another row"),
        "locked" => ("已由决定锁定", "locked by a decision"),
        "no_longer_kept" => ("保存期限已届满", "no longer kept"),
        "deleted_by_wish" => ("主体已要求删除", "deleted as the subject wished"),
        "older_than_held" => ("早于现有版本", "older than the version held"),
        "nothing_to_withdraw" => ("没有可撤销的记录", "nothing to withdraw"),
        other => return Say::new(other, other),
    };
    Say::new(zh, en)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use chengxin_app::intake::{Difference, FaultCount, HeldLine, NormalisedCount, RefusedField, RefusedRow};

    fn report() -> QualityReport {
        let label = Say::new("处罚决定日期", "Decision date");
        QualityReport {
            submission: Some(12),
            dry_run: false,
            repeated: false,
            file: "处罚<1>.xlsx".into(),
            sha256: "ab".repeat(32),
            read_as: "XLSX".into(),
            sheet: Some("Sheet1".into()),
            authority: "1199000000000001XX".into(),
            authority_name: "云汀市市场监督管理局".into(),
            item: "penalty".into(),
            item_name: Say::new("行政处罚", "Administrative penalty"),
            catalogue: "cd".repeat(32),
            heading_row: 2,
            columns: vec![
                ColumnRead {
                    heading: "决定日期".into(),
                    field: Some("CF_JDRQ".into()),
                    label: Some(label.clone()),
                    forbidden: false,
                },
                ColumnRead { heading: "宗教信仰".into(), field: None, label: None, forbidden: true },
                ColumnRead { heading: "内部备注".into(), field: None, label: None, forbidden: false },
            ],
            counts: Counts { rows: 100, new: 95, refused: 3, held: 2, awaiting_release: 9, ..Counts::default() },
            normalised: vec![NormalisedCount {
                field: "CF_JDRQ".into(),
                label: label.clone(),
                what: Say::new("日期统一写法", "dates in one form"),
                count: 40,
            }],
            faults: vec![FaultCount {
                field: "CF_JDRQ".into(),
                label: label.clone(),
                code: "no_such_day".into(),
                count: 3,
            }],
            refused: vec![RefusedRow {
                row: 17,
                faults: vec![RefusedField {
                    field: "CF_JDRQ".into(),
                    code: "no_such_day".into(),
                    say: Say::new("「处罚决定日期」的“<b>”不存在", "“Decision date”: “<b>” is no day"),
                }],
            }],
            held: vec![HeldLine { row: 18, say: Say::new("待身份核实", "held for identity check") }],
            difference: Some(Difference {
                last_submission: 9,
                added: 5,
                in_both: 90,
                left_out: 2,
                added_rows: vec![3, 4, 5, 9, 11],
                left_out_rows: vec![2, 7],
            }),
            warnings: vec![Say::new("有一列未读取", "one column was left out")],
            needs_release: true,
            root: Some("ef".repeat(32)),
            mended: 0,
        }
    }

    #[test]
    fn what_a_file_brought_cannot_become_markup() {
        for lang in [Lang::Zh, Lang::En] {
            let page = quality_page(&report(), lang).unwrap();
            assert!(!page.contains("“<b>”") && !page.contains("处罚<1>"), "escaped");
            assert!(page.contains("“&#60;b&#62;”") && page.contains("处罚&#60;1&#62;"), "and shown as it was written");
        }
    }

    #[test]
    fn the_page_stands_alone_and_speaks_one_language() {
        let zh = quality_page(&report(), Lang::Zh).unwrap();
        let en = quality_page(&report(), Lang::En).unwrap();
        for page in [&zh, &en] {
            assert!(
                !page.contains("<script")
                    && !page.contains("src=")
                    && !page.contains("url(")
                    && !page.contains("<link")
            );
        }
        assert!(zh.contains("lang=\"zh-CN\"") && zh.contains("退回") && !zh.contains("Refused rows"));
        assert!(en.contains("lang=\"en\"") && en.contains("Refused rows") && !en.contains("退回的行"));
    }

    #[test]
    fn counts_beyond_the_listed_rows_are_said() {
        assert!(quality_page(&report(), Lang::En).unwrap().contains("2 more"));
    }

    #[test]
    fn every_reason_has_a_few_words() {
        // The codes have no list to walk: they are read where they are given.
        let source = include_str!("../../core/src/refusal.rs");
        let codes = source.split("fn code").nth(1).and_then(|rest| rest.split("\n    }\n").next()).unwrap();
        let codes: Vec<_> = codes.split('"').skip(1).step_by(2).collect();
        assert!(codes.len() > 20, "{codes:?}");
        for code in codes {
            assert_ne!(fault_words(code).en, code);
        }
        assert_eq!(fault_words("of_tomorrow").zh, "of_tomorrow", "an unknown code stands for itself");
    }
}
