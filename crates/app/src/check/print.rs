//! The slip on paper: the same that the clerk read, to be handed to the applicant.

use chengxin_core::check::{AskAuthority, CheckConvenience, CheckFinding, Slip};
use chengxin_core::{Lang, Say};
use chengxin_typeset::{DecisionDoc, Pair};

use super::Checked;
use super::asked::digest;
use crate::paper::{self, Print};
use crate::{AppError, Installation, Mode};

impl Installation {
    /// The slip of a check as PDF/A, without the number of the applicant's document, as everything on it.
    ///
    /// # Errors
    /// An internal fault of the typesetter.
    pub fn check_slip_pdf(&self, checked: &Checked, lang: Lang) -> Result<Vec<u8>, AppError> {
        let head = DecisionDoc {
            city: self.city().to_owned(),
            synthetic: self.mode() == Mode::Synthetic,
            content_hash: digest(&checked.slip.answer)?,
            ..DecisionDoc::default()
        };
        Ok(paper::letter(&document(&checked.slip, head, Print(lang)), checked.at_us)?.pdf)
    }
}

fn document(slip: &Slip, base: DecisionDoc, print: Print) -> DecisionDoc {
    let (head, answer) = (&slip.head, &slip.answer);
    let mut table = vec![
        print.pair("办理事项", "Matter", print.short(&answer.matter_name)),
        print.pair("依据", "Clause", print.short(&answer.clause.label)),
        print.pair("办理单位", "Authority", head.authority.clone()),
        print.pair("办件编号", "Application", head.case_number.clone()),
        print.pair("核查结果", "Answer", print.short(answer.headline.say())),
    ];
    answer.findings.iter().for_each(|it| finding(&mut table, it, print));
    answer.ask.iter().for_each(|it| to_ask(&mut table, it, print));
    answer.conveniences.iter().for_each(|it| ease(&mut table, it, print));
    DecisionDoc {
        title: "核查单".to_owned(),
        title_en: "Slip of a check".to_owned(),
        number: head.number.clone(),
        date: head.asked_on.to_string(),
        addressee: head.applicant.clone(),
        paragraphs: vec![print.text(&Say::new(
            "窗口为办理您申请的事项作了下列核查。这是经办人员看到的全部内容；核查结果本身不作任何决定。",
            "For the matter that you applied for, a window asked the platform what follows. It is all that the clerk read; by itself it decides nothing.",
        ))],
        table,
        closing: print.all(&answer.notes),
        signer: head.authority.clone(),
        ..base
    }
}

fn finding(table: &mut Vec<Pair>, it: &CheckFinding, print: Print) {
    let mark = it.mark.as_ref().map(|mark| format!("［{}］", print.short(mark))).unwrap_or_default();
    let title =
        format!("{}{mark} · {} · {}", print.short(&it.item_name), print.short(&it.authority.name), it.decided_on);
    table.push(Pair::new(print.text(&it.finding_name), title));
    for field in &it.fields {
        table.push(Pair::new(print.text(&field.label), print.short(&field.value)));
    }
    if let Some(statement) = &it.statement {
        table.push(print.pair("当事人陈述", "Own statement", statement.clone()));
    }
    table.push(print.pair("条款", "Clause", print.short(&it.clause.label)));
    let means = std::iter::once(&it.means).chain(&it.reason).map(|say| print.text(say)).collect::<Vec<_>>().join("\n");
    table.push(print.pair("说明", "Meaning", means));
    table.push(print.pair("您可以", "You can", print.text(&it.can_do)));
}

fn to_ask(table: &mut Vec<Pair>, it: &AskAuthority, print: Print) {
    let title = format!("{} · {}", print.short(&it.item_name), print.short(&it.authority.name));
    table.push(print.pair("向认定单位核实", "Ask the authority", title));
    table.push(print.pair("说明", "Meaning", print.text(&it.means)));
    table.push(print.pair("您可以", "You can", print.text(&it.can_do)));
}

fn ease(table: &mut Vec<Pair>, it: &CheckConvenience, print: Print) {
    let title = format!("{} · {}", print.short(&it.fact), it.decided_on);
    table.push(Pair::new(print.text(&it.name), title));
    table.push(print.pair("说明", "Meaning", print.text(&it.means)));
}
