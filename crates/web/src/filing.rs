//! What is filed about a record, by the person or for them at a window: what there is to choose from, and what is wrong before anybody is asked.

use chengxin_core::objection::STATEMENT;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::repair::RepairStep;
use chengxin_core::workflow::Word as _;

use crate::form::Frame;
use crate::handed::Handed;
use crate::typed::{Faults, Typed};

/// In `aspect`: the record is somebody else's.
const NOT_ME: &str = "not-me";
/// In `what`: the person's own words, to stand beside the record.
const OWN_WORDS: &str = "statement";
/// In `what`: something more for whoever decides.
pub(crate) const SUPPLY: &str = "supply";
/// What the person does toward repair.
const STEPS: [RepairStep; 4] = [RepairStep::Ask, RepairStep::Perform, RepairStep::AskDelay, RepairStep::Explain];
/// Against what one objects.
const ASPECTS: [ObjectionAspect; 3] =
    [ObjectionAspect::Content, ObjectionAspect::Period, ObjectionAspect::RepairResult];

/// Values of `aspect`, in words.
pub(crate) fn aspects(f: &Frame) -> Vec<(&'static str, String)> {
    let aspects = ASPECTS.into_iter().map(|aspect| (aspect.code(), f.say(&aspect.name())));
    aspects.chain([(NOT_ME, f.m("object-not-me"))]).collect()
}

/// Against what somebody objects; nothing for “this is not me”, which needs no grounds.
pub(crate) fn aspect(f: &Frame, typed: &Typed, faults: &mut Faults) -> Option<ObjectionAspect> {
    let aspect = ASPECTS.into_iter().find(|aspect| aspect.code() == typed.get("aspect"));
    match (aspect, typed.is("aspect", NOT_ME)) {
        (None, false) => faults.wrong(f, "aspect", "fault-choose"),
        (None, true) => {}
        (Some(_), _) => drop(typed.needed(f, "grounds", faults)),
    }
    aspect
}

/// Values of `what` in an addition, in words.
pub(crate) fn additions(f: &Frame) -> Vec<(&'static str, String)> {
    vec![(SUPPLY, f.m("addition-supply")), (OWN_WORDS, f.m("addition-statement"))]
}

/// Is it the person's own statement that is added? What is handed in otherwise may come without words.
pub(crate) fn statement(f: &Frame, handed: &Handed, faults: &mut Faults) -> bool {
    let (typed, statement) = (&handed.typed, handed.typed.is("what", OWN_WORDS));
    let chars = typed.get("text").chars().count();
    if chars == 0 && (statement || handed.files("file").is_empty()) {
        faults.wrong(f, "text", "fault-missing");
    }
    if statement && chars > STATEMENT {
        faults.say("text", f.m1("fault-statement", "count", chars));
    }
    statement
}

/// Values of `step`, in words.
pub(crate) fn steps(f: &Frame) -> Vec<(&'static str, String)> {
    STEPS.into_iter().map(|step| (step.code(), f.say(&step.name()))).collect()
}

/// The step toward repair, with what it needs.
pub(crate) fn step(f: &Frame, handed: &Handed, faults: &mut Faults) -> Option<RepairStep> {
    let step = STEPS.into_iter().find(|step| step.code() == handed.typed.get("step"));
    match step {
        None => faults.wrong(f, "step", "fault-choose"),
        Some(RepairStep::Ask) => {
            for name in ["file", "commitment"] {
                if handed.files(name).is_empty() {
                    faults.wrong(f, name, "fault-file");
                }
            }
        }
        Some(RepairStep::AskDelay | RepairStep::Explain) => drop(handed.typed.needed(f, "text", faults)),
        Some(_) => {}
    }
    step
}
