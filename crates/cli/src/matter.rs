//! `chengxin matter`: what windows may ask, on which clause, and what a finding would mean.

use chengxin_app::matter::{MatterView, RelevantView};
use chengxin_core::catalogue::matter::MatterGround;

use crate::args::Matter;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};

pub(crate) fn matter(context: &Context, args: &Matter) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let out = &context.out;
    match args {
        Matter::List => {
            let caller = context.caller(&installation, "matter_show", None)?;
            let matters = installation.matter_list(&caller)?;
            out.value(&matters);
            out.say(format!("现行办理事项 {} 项", matters.len()), format!("{} matters in force", matters.len()));
            for matter in &matters {
                out.item(2, &format!("{}  {} · {}", matter.code, out.tr(&matter.name), out.tr(&matter.clause_label)));
            }
        }
        Matter::Show { code } => {
            let caller = context.caller(&installation, "matter_show", None)?;
            let matter = installation.matter_show(&caller, code)?;
            out.value(&matter);
            show(out, &matter);
        }
    }
    Ok(Exit::Done)
}

fn show(out: &Out, matter: &MatterView) {
    out.line(&out.look(Look::Title, &format!("{}（{}）", out.tr(&matter.name), matter.code)));
    let ground = match matter.ground {
        MatterGround::Duty => out.pick("法定职责", "the authority's duty"),
        MatterGround::Consent => out.pick("申请人授权", "the applicant's consent"),
    };
    out.item(2, &format!("{}{}", out.pick("依据：", "on: "), out.tr(&matter.clause_label)));
    out.item(2, &format!("{}{ground}", out.pick("核查理由：", "asked on: ")));
    for relevant in &matter.relevant {
        relevance(out, relevant);
    }
    for ease in &matter.conveniences {
        relevance(out, ease);
    }
}

fn relevance(out: &Out, view: &RelevantView) {
    let what: Vec<&str> = view.what.iter().map(|say| out.tr(say)).collect();
    out.line("");
    out.line(&out.look(Look::Title, &format!("{} · {}", out.tr(&view.kind), what.join(out.pick("、", ", ")))));
    out.item(2, &format!("{}{}", out.pick("条款：", "clause: "), out.tr(&view.clause_label)));
    out.paragraph(2, out.tr(&view.means));
    if let Some(can_do) = &view.can_do {
        out.paragraph(2, out.tr(can_do));
    }
}
