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
pub(super) fn cited(catalogue: &Catalogue, cite: &str) -> Cited {
    let (label, says) = match catalogue.clause(cite) {
        Some((law, clause)) => (
            Say::new(format!("《{}》{}", law.title, clause.label), format!("{}, {}", law.title_en, clause.label)),
            Say::new(&clause.says, &clause.says_en),
        ),
        None => (Say::new(cite, cite), Say::default()),
    };
    Cited { cite: cite.to_owned(), label, says }
}

/// 可继续办理, or 依第X条核对N项.
pub(super) fn headline(findings: &[CheckFinding], ask: &[AskAuthority]) -> Headline {
    let adverse = findings.iter().filter(|finding| finding.finding.is_adverse()).map(|finding| &finding.clause);
    let all: Vec<&Cited> = adverse.chain(ask.iter().map(|ask| &ask.clause)).collect();
    if all.is_empty() {
        return Headline::MayProceed { say: Say::new("可继续办理", "May proceed") };
    }
    let points = all.len();
    let mut clauses: Vec<&Cited> = Vec::new();
    for clause in all {
        if !clauses.iter().any(|seen| seen.cite == clause.cite) {
            clauses.push(clause);
        }
    }
    let zh = clauses.iter().map(|clause| clause.label.zh.as_str()).collect::<Vec<_>>().join("、");
    let en = clauses.iter().map(|clause| clause.label.en.as_str()).collect::<Vec<_>>().join("; ");
    let noun = if points == 1 { "point" } else { "points" };
    let say = Say::new(format!("依{zh}核对{points}项"), format!("Verify {points} {noun} under {en}"));
    Headline::ToVerify { clauses: clauses.iter().map(|clause| clause.cite.clone()).collect(), points, say }
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
        notes.push(Say::new(
            "便利措施不延长其他申请人的办理时限。",
            "An ease lengthens nobody else's time.",
        ));
    }
    notes
}
