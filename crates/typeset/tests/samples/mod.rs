//! Made-up documents for the tests and the examples.
#![allow(dead_code, reason = "each test file and example uses some of these")]

use chengxin_typeset::{DecisionDoc, Entry, Pair, ReportDoc, Section, Timestamp};

/// The creation time of all samples.
pub(crate) fn created() -> Timestamp {
    Timestamp::china(2026, 5, 6, 9, 30, 0)
}

fn strings(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}

/// A penalty, as most reports with anything in them hold one.
pub(crate) fn penalty() -> Entry {
    Entry {
        title: "行政处罚决定书 示市监罚字〔2025〕118 号".into(),
        marks: strings(&["异议中"]),
        fields: vec![
            Pair::new("决定机关", "示范市市场监督管理局"),
            Pair::new("决定日期", "2025年11月20日"),
            Pair::new("处罚类别", "罚款"),
            Pair::new("罚款金额", "20,000.00 元"),
            Pair::new("严重程度", "一般"),
            Pair::new("履行情况", "已履行（2025年12月5日）"),
            Pair::new(
                "违法事实",
                "在经营场所销售超过保质期的预包装食品三批次，货值金额合计 1,260 元，\
                 经现场检查笔录、进货单据及当事人陈述证实。",
            ),
            Pair::new("处罚依据", "《中华人民共和国食品安全法》第一百二十四条第一款第五项"),
        ],
        stops: "2026年11月20日起不再展示".into(),
        contest: "认为内容有误，可凭编号向决定机关或本平台提出异议，二十日内书面答复。".into(),
        repair: "2026年2月20日起可申请信用修复；需已履行义务并作出信用承诺。免费办理。".into(),
    }
}

/// A licence: short fields only.
pub(crate) fn licence() -> Entry {
    Entry {
        title: "食品经营许可证".into(),
        fields: vec![
            Pair::new("许可机关", "示范市市场监督管理局"),
            Pair::new("许可编号", "JY19900000000017"),
            Pair::new("决定日期", "2024年3月8日"),
            Pair::new("有效期至", "2029年3月7日"),
        ],
        stops: "2029年3月7日".into(),
        ..Entry::default()
    }
}

/// A report about a made-up person, with one penalty and one licence.
pub(crate) fn report() -> ReportDoc {
    ReportDoc {
        title: "公共信用信息报告".into(),
        title_en: "Public Credit Information Report".into(),
        city: "示范市".into(),
        synthetic: true,
        number: "SF-2026-0000-4711".into(),
        issued_at: "2026年5月6日 09:30".into(),
        valid_until: "2026年6月5日".into(),
        subject_name: "王小明".into(),
        subject_document: "居民身份证 990***17".into(),
        recipient: "示范市公共资源交易中心".into(),
        purpose: "参加招标投标".into(),
        acceptance: "本市行政机关在办理招标投标、资质认定事项时，以本报告代替无违法违规记录证明。".into(),
        scope: vec![
            Pair::new("信息类别", "行政管理、严重失信主体名单、相关荣誉"),
            Pair::new("领域", "全部"),
            Pair::new("期间", "2023年5月6日至2026年5月5日"),
            Pair::new("语言", "中文"),
        ],
        sections: vec![
            Section {
                heading: "行政处罚".into(),
                heading_en: "Administrative penalties".into(),
                empty: None,
                entries: vec![penalty()],
            },
            Section {
                heading: "行政许可".into(),
                heading_en: "Administrative licences".into(),
                empty: None,
                entries: vec![licence()],
            },
            Section {
                heading: "严重失信主体名单".into(),
                heading_en: "Lists of serious violators".into(),
                empty: Some("在本次查询范围内未查询到可报告信息。".into()),
                entries: Vec::new(),
            },
        ],
        leaves_out: strings(&[
            "犯罪记录：不由本平台保存，请向公安机关查询。",
            "已修复、已封存、展示期限届满的信息。",
            "待核实身份、尚未审核的信息。",
        ]),
        rights: strings(&[
            "对记录内容、期限或修复结果有异议的，可随时提出异议；处理期间记录标注“异议中”。",
            "对决定不服的，可依法申请行政复议或提起行政诉讼。",
            "可查询谁在何时、为何目的查看过本人的信息。",
            "任何单位不得在依法无需证明的事项中要求提供本报告。",
        ]),
        sources: strings(&["示范市市场监督管理局（截至2026年5月5日）", "示范市住房和城乡建设局（截至2026年5月4日）"]),
        verification_code: "7K3M-Q9TX".into(),
        extract_code: "4R8W-2HNC".into(),
        verify_url: "https://credit.example/v/7K3MQ9TX".into(),
        signer: "示范市公共信用信息平台".into(),
        content_hash: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0".into(),
        notes: strings(&["本报告由平台依据各单位报送的信息自动汇编，不含评分或等级，不构成对信用主体的评价。"]),
    }
}

/// A report of one page: nothing to report, and all the rest.
pub(crate) fn empty_report() -> ReportDoc {
    let mut doc = report();
    for section in &mut doc.sections {
        section.entries.clear();
        section.empty = Some("在本次查询范围内未查询到可报告信息。".into());
    }
    doc
}

/// A report of one page with one record, the kind that is asked for most.
pub(crate) fn one_page_report() -> ReportDoc {
    let mut doc = empty_report();
    doc.sections.truncate(2);
    doc.sections[1].entries = vec![licence()];
    doc.leaves_out.truncate(2);
    doc.rights.truncate(2);
    doc.sources.truncate(1);
    doc
}

/// A report with this many entries, penalties and licences in turn.
pub(crate) fn long_report(entries: usize) -> ReportDoc {
    let mut doc = report();
    doc.sections[0].entries = (0..entries)
        .map(|i| {
            let mut entry = if i % 2 == 0 { penalty() } else { licence() };
            entry.title = format!("{}（第 {} 件）", entry.title, i + 1);
            entry
        })
        .collect();
    doc
}

/// A decision on an objection.
pub(crate) fn decision() -> DecisionDoc {
    DecisionDoc {
        title: "异议处理决定书".into(),
        title_en: "Decision on an Objection".into(),
        city: "示范市市场监督管理局".into(),
        synthetic: true,
        number: "示市监信异〔2026〕9 号".into(),
        date: "2026年5月6日".into(),
        addressee: "王小明".into(),
        paragraphs: strings(&[
            "你于2026年4月20日对信用记录“行政处罚决定书 示市监罚字〔2025〕118 号”的内容提出异议，称罚款金额登记有误。本机关依法受理并进行了核查。",
            "经查，决定书载明的罚款金额为 2,000.00 元，报送时误录为 20,000.00 元。异议成立。依照《信用修复管理办法》的有关规定，决定如下：",
        ]),
        table: vec![
            Pair::new("处理结果", "更正"),
            Pair::new("生效日期", "2026年5月6日"),
            Pair::new("更正前", "罚款 20,000.00 元"),
            Pair::new("更正后", "罚款 2,000.00 元"),
            Pair::new("告知范围", "自2026年1月1日以来查询过该记录的单位，均由本平台于三个工作日内告知更正。"),
        ],
        closing: strings(&["更正自本决定作出之日起在各渠道同步生效。对由此给你造成的不便，谨致歉意。"]),
        rights: strings(&[
            "对本决定不服的，可自收到之日起六十日内向示范市人民政府申请行政复议。",
            "也可自收到之日起六个月内依法提起行政诉讼。",
        ]),
        signer: "示范市市场监督管理局".into(),
        verification_code: "9PLC-33KD".into(),
        verify_url: "https://credit.example/v/9PLC33KD".into(),
        content_hash: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0".into(),
        notes: Vec::new(),
    }
}
