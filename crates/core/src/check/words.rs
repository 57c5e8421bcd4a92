//! The words of an answer.

use super::{AskAuthority, CheckConvenience, CheckFinding, Cited, Headline};
use crate::catalogue::Catalogue;
use crate::say::Say;

/// 异议中.
pub(super) fn mark() -> Say {
    Say::new("异议中", "under objection")
}

pub(super) fn lowered() -> Say {
    Say::new(
        "该信息异议中，不得单独作为不利决定的依据，本次仅列为“依法考虑”。",
        "This record is contested and cannot alone support an adverse outcome: here it does not bar and is only to be considered.",
    )
}

pub(super) fn not_alone() -> Say {
    Say::new(
        "该信息异议中，不得单独作为不利决定的依据。",
        "This record is contested and cannot alone support an adverse outcome.",
    )
}

/// Says neither that something is contested nor by whom: objections are never visible to a clerk.
pub(super) fn ask_means() -> Say {
    Say::new(
        "本平台不就此项作答，请向认定机关核实后办理。",
        "The platform gives no answer on this point: ask the determining authority before going on.",
    )
}

pub(super) fn ask_can_do() -> Say {
    Say::new(
        "申请人可请认定机关书面说明现行状态，也可随申请提交其已有的决定文书；核实期间办理时限照常计算。",
        "The applicant can ask the determining authority for a written statement of how things stand, or hand in a decision that they hold. The time limit of the matter runs on meanwhile.",
    )
}

/// A clause as cited. A citation that leads nowhere, which `catalogue check` refuses, is shown as written.
pub fn cited(catalogue: &Catalogue, cite: &str) -> Cited {
    let (label, says) = match catalogue.clause(cite) {
        Some((law, clause)) => (
            Say::new(
                format!("《{}》{}", law.title, clause.label),
                format!("{}, {}", law.title_en, label_en(&clause.label)),
            ),
            Say::new(&clause.says, &clause.says_en),
        ),
        None => (Say::new(cite, cite), Say::default()),
    };
    Cited { cite: cite.to_owned(), label, says }
}

/// `第一百三十五条` as `article 135`; any other label as printed, because only the Chinese one is official.
fn label_en(label: &str) -> String {
    let number = label.strip_prefix('第').and_then(|rest| rest.strip_suffix('条')).and_then(chinese_number);
    number.map_or_else(|| label.to_owned(), |number| format!("article {number}"))
}

/// A Chinese number below ten thousand: `一百零三`, `十`, `二十二`. `None` for anything else.
fn chinese_number(text: &str) -> Option<u32> {
    let (mut sum, mut digit) = (0, None);
    for c in text.chars() {
        let unit = match c {
            '零' => continue,
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                let value = "一二三四五六七八九".chars().position(|known| known == c)?;
                if digit.replace(u32::try_from(value).ok()? + 1).is_some() {
                    return None;
                }
                continue;
            }
        };
        // 十 alone is ten.
        sum += digit.take().unwrap_or(1) * unit;
    }
    Some(sum + digit.unwrap_or(0)).filter(|number| *number > 0)
}

/// 可继续办理, or 依第X条核对N项.
pub(super) fn headline(findings: &[CheckFinding], ask: &[AskAuthority]) -> Headline {
    let adverse = findings.iter().filter(|finding| finding.finding.is_adverse()).map(|finding| &finding.clause);
    let all: Vec<&Cited> = adverse.chain(ask.iter().map(|ask| &ask.clause)).collect();
    if all.is_empty() {
        return Headline::MayProceed { say: Say::new("可继续办理", "May proceed") };
    }
    let count = all.len();
    let mut clauses: Vec<&Cited> = Vec::new();
    for clause in all {
        if !clauses.iter().any(|seen| seen.cite == clause.cite) {
            clauses.push(clause);
        }
    }
    let zh = clauses.iter().map(|clause| clause.label.zh.as_str()).collect::<Vec<_>>().join("、");
    let en = clauses.iter().map(|clause| clause.label.en.as_str()).collect::<Vec<_>>().join("; ");
    let noun = if count == 1 { "item" } else { "items" };
    let say = Say::new(format!("依{zh}核对{count}项"), format!("Verify {count} {noun} under {en}"));
    Headline::ToVerify { clauses: clauses.iter().map(|clause| clause.cite.clone()).collect(), count, say }
}

pub(super) fn notes(findings: &[CheckFinding], ask: &[AskAuthority], eases: &[CheckConvenience]) -> Vec<Say> {
    let mut notes = Vec::new();
    if findings.is_empty() && ask.is_empty() {
        // Never "no violations": the platform knows only what it may show for this matter.
        notes.push(Say::new(
            "未查询到与本事项有关的可核查信息。",
            "Nothing that may be shown for this matter was found.",
        ));
    } else {
        notes.push(Say::new(
            "核查结果本身不作出任何决定；是否影响办理，由经办人依所引条款决定并说明理由。",
            "A finding decides nothing by itself: the officer decides under the quoted clause, and gives a reason.",
        ));
        notes.push(Say::new(
            "对所列信息有异议的，可向本平台提出异议；对办理决定不服的，可依法申请行政复议或者提起行政诉讼。",
            "Whoever contests a record listed here can object on this platform; a decision in the matter can be taken to administrative reconsideration or to court.",
        ));
    }
    if !eases.is_empty() {
        notes.push(Say::new("便利措施不延长其他申请人的办理时限。", "An ease lengthens nobody else's time."));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_numbered_in_english() {
        for (zh, en) in [
            ("第十条", "article 10"),
            ("第二十二条", "article 22"),
            ("第一百零三条", "article 103"),
            ("第一百一十八条", "article 118"),
            ("第一百七十八条", "article 178"),
            ("第二百零一条至第二百零四条", "第二百零一条至第二百零四条"),
            ("第条", "第条"),
            ("从业资格", "从业资格"),
        ] {
            assert_eq!(label_en(zh), en);
        }
    }
}
