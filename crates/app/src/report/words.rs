//! The sentences of a report that are the same for everybody, and those that a record's rules make.

use chengxin_core::Say;
use chengxin_core::catalogue::ItemDef;
use chengxin_core::catalogue::model::{Polarity, RepairRule};
use jiff::civil::Date;

/// Class of the national catalogue whose records courts made: reconsideration does not lead there.
const JUDICIAL: &str = "司法裁判及执行";

/// Where there is nothing. Never "no violations": the platform cannot know that.
pub(super) fn nothing() -> Say {
    Say::new("未查询到可报告信息", "Nothing reportable in this scope")
}

/// What every report leaves out, by kind and without a count: whether there is any of it must not be told to whom the
/// report is shown.
///
/// # Source
/// 发改财金〔2025〕565号; 信用修复管理办法 (Order 36); 治安管理处罚法 art. 136.
pub(super) fn leaves_out() -> Vec<Say> {
    // Few and short: they stand beside the sources, and a report that shows nothing fits on one page.
    let kinds = [
        ("犯罪记录：本平台不保存，请向公安机关查询。", "Criminal records: not held here; ask the police."),
        (
            "依法封存、不得提供的信息，如治安管理处罚记录。",
            "What the law seals or forbids to give out, such as public-security violation records.",
        ),
        (
            "已修复、撤销、更正或者不在展示期的信息。",
            "What was repaired, withdrawn, erased or corrected, or is not within its display period.",
        ),
        (
            "上述范围以外，或者尚待审核、核实的信息。",
            "What lies outside the fields and the period above, or still waits for release or a check of identity.",
        ),
        (
            "住址、联系方式、完整证件号码、评分和等级。",
            "Addresses, contacts, full document numbers, scores and grades.",
        ),
    ];
    kinds.map(|(zh, en)| Say::new(zh, en)).into()
}

/// The subject's rights.
///
/// # Source
/// 个人信息保护法 arts 44–50; 信用修复管理办法 (Order 36); 国办发〔2020〕49号.
pub(super) fn rights() -> Vec<Say> {
    let rights = [
        (
            "对内容、展示期限或者修复结果有异议的，可以免费提出；核查期间标注“异议中”，结果书面答复。",
            "You may contest content, display period or repair result, free of charge; meanwhile the record is marked, and the answer is in writing.",
        ),
        (
            "对认定决定不服的，可以依法申请行政复议或者提起行政诉讼。",
            "Against the decision itself, administrative reconsideration and litigation are open as the law provides.",
        ),
        (
            "符合条件的，可以免费申请信用修复；修复后停止展示、停止共享使用、解除相关措施。",
            "Where the conditions are met you may apply for repair, free of charge: display, sharing, use and measures then end.",
        ),
        (
            "可以查询谁在何时、以何目的查看过您的信息，可以撤回授权、作废本报告。",
            "You may see who read your records, when and what for; you may withdraw a consent, and this report.",
        ),
        (
            "法律、法规没有要求提供证明的，任何单位不得要求您提供本报告。",
            "Where the law asks for no certificate, nobody may ask you for this report.",
        ),
    ];
    rights.map(|(zh, en)| Say::new(zh, en)).into()
}

/// Who accepts a report, as it is printed until a city states its own policy.
///
/// # Source
/// 发改财金〔2025〕565号: special reports stand in for certificates of no violations; provinces carry it out for
/// businesses first, for residents it is the city's policy.
pub(super) fn acceptance(city: &str) -> Say {
    Say::new(
        format!("按国家和{city}规定代替有无违法违规记录证明，由接收方依照规定采信。免费出具。"),
        format!(
            "Stands in for certificates of no violations where the state or {city} so provides; the recipient accepts it under those rules. Free of charge."
        ),
    )
}

/// Remarks at the end.
pub(super) fn notes(scoped: bool, consented: bool) -> Vec<Say> {
    let mut notes = vec![
        Say::new(
            "“未查询到可报告信息”只说明在本次查询范围内、出具之时没有可以报告的信息，不等于“无违法违规记录”。",
            "“Nothing reportable” says that in this scope, at the time of issue, there is nothing that may be reported. It does not say “no violations”.",
        ),
        Say::new(
            "本报告如实列明各单位作出的决定，不含评分、等级或者排名；不得作为与所载事项无关的办理依据。",
            "This report states decisions as the authorities made them. It holds no score, grade or rank, and is no ground for matters that a record does not concern.",
        ),
    ];
    if consented {
        notes.push(Say::new(
            "本报告由单位依当事人授权申请，只含当事人授权的信息类别。",
            "An authority asked for this report on the person's consent: it holds the classes consented to, and no others.",
        ));
    }
    if scoped {
        notes.push(Say::new(
            "按领域查询时，涉及多个领域的事项（如行政许可、行政处罚）一并列出。",
            "Where fields were chosen, items that concern several fields (such as licences and penalties) are listed as well.",
        ));
    }
    notes
}

/// A day for people in both languages.
pub(super) fn day(date: Date) -> Say {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day) = (date.year(), date.month(), date.day());
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("");
    Say::new(format!("{year}年{month}月{day}日"), format!("{day} {name} {year}"))
}

/// The day a record stops being shown, said as the last day on which it still is.
pub(super) fn stops(last: Option<Date>) -> Say {
    match last.map(day) {
        Some(last) => {
            Say::new(format!("{}为最后展示日，次日起不再展示", last.zh), format!("last shown on {}", last.en))
        }
        None => Say::new("在其有效期间展示，无固定截止日", "shown while it is in force; no fixed day"),
    }
}

/// How a record is contested.
///
/// # Source
/// 信用修复管理办法 (Order 36) on objections; 行政复议法, 行政诉讼法 for the routes of review.
pub(super) fn contest(item: &ItemDef, authority: &str) -> Say {
    if item.item.class == JUDICIAL {
        return Say::new(
            format!(
                "可向{authority}或本市信用主管部门提出异议；对裁判、执行行为不服的，依照诉讼法申请再审或提出执行异议"
            ),
            format!(
                "object at {authority} or at the city's credit office; against the judgment or its enforcement, retrial or an objection to enforcement under procedural law"
            ),
        );
    }
    match item.item.polarity {
        Polarity::Adverse => Say::new(
            format!("可向{authority}或本市信用主管部门提出异议；不服该决定的，可依法申请行政复议或提起行政诉讼"),
            format!(
                "object at {authority} or at the city's credit office; against the decision, administrative reconsideration or litigation"
            ),
        ),
        Polarity::Neutral | Polarity::Positive => Say::new(
            format!("内容有误的，可向{authority}或本市信用主管部门提出异议"),
            format!("if it is wrong, object at {authority} or at the city's credit office"),
        ),
    }
}

/// How an adverse record is repaired.
///
/// # Source
/// 信用修复管理办法 (Order 36): once the minimum is over and the duties are performed.
pub(super) fn repair(rule: Option<&RepairRule>, first_day: Date, today: Date, authority: &str) -> Say {
    let Some(rule) = rule else {
        return Say::new(
            format!("目录未对该事项规定修复程序；义务已经履行的，可请{authority}更新履行情况"),
            format!(
                "the catalogue states no repair procedure for this item; once duties are performed, ask {authority} to record it"
            ),
        );
    };
    let when = if first_day <= today {
        Say::new("现在即可申请", "may be applied for now")
    } else {
        let first = day(first_day);
        Say::new(format!("{}起可申请", first.zh), format!("may be applied for from {}", first.en))
    };
    let (accept, decide) = (rule.accept_working_days, rule.decide_working_days);
    let join = |conditions: &[String], by: &str| {
        let bare: Vec<_> = conditions.iter().map(|c| c.trim_end_matches(['。', '.'])).collect();
        bare.join(by)
    };
    Say::new(
        format!(
            "{}，免费；{accept}个工作日内受理、{decide}个工作日内决定。条件：{}",
            when.zh,
            join(&rule.conditions, "；")
        ),
        format!(
            "{}, free of charge; accepted within {accept} and decided within {decide} working days. Conditions: {}",
            when.en,
            join(&rule.conditions_en, "; ")
        ),
    )
}
