//! The diagrams in `docs/` are drawn from the tables of lawful steps. `CHENGXIN_WRITE_DOCS=1` writes them anew.

use std::path::Path;

use chengxin_core::channel::{self, CHANNEL, ChannelStage};
use chengxin_core::complaint::{self, COMPLAINT, ComplaintState};
use chengxin_core::delivery::{DELIVERY, Delivery};
use chengxin_core::follow_up::{self, FOLLOW_UP, FollowUpState};
use chengxin_core::objection::{self, OBJECTION, ObjectionState};
use chengxin_core::repair::{self, REPAIR, RepairState};
use chengxin_core::workflow::diagram;

/// Holds the diagram of a page against what is drawn now.
fn drawn(page: &str, diagram: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("```mermaid\n").unwrap();
    let (kept, after) = rest.split_once("```").unwrap();
    if std::env::var_os("CHENGXIN_WRITE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}```mermaid\n{diagram}```{after}")).unwrap();
        return;
    }
    assert!(
        kept == diagram,
        "draw docs/{page} anew: CHENGXIN_WRITE_DOCS=1 cargo nextest run --workspace -E 'binary(rights)'"
    );
}

#[test]
fn the_diagram_of_objections_is_that_of_the_code() {
    drawn("objection.md", &diagram(OBJECTION, &[ObjectionState::Filed, ObjectionState::NotMe], objection::clock));
}

#[test]
fn the_diagram_of_repair_is_that_of_the_code() {
    drawn("repair.md", &diagram(REPAIR, &[RepairState::Open], repair::clock));
}

#[test]
fn the_diagram_of_complaints_is_that_of_the_code() {
    drawn("complaint.md", &diagram(COMPLAINT, &[ComplaintState::Filed], complaint::clock));
}

#[test]
fn the_diagram_of_follow_ups_is_that_of_the_code() {
    let begin = [FollowUpState::first(false), FollowUpState::first(true)];
    drawn("follow-up.md", &diagram(FOLLOW_UP, &begin, follow_up::clock));
}

#[test]
fn the_diagram_of_delivery_is_that_of_the_code() {
    drawn("delivery.md", &diagram(DELIVERY, &[Delivery::NotDelivered], |_| None));
}

#[test]
fn the_diagram_of_channels_is_that_of_the_code() {
    drawn("channel.md", &diagram(CHANNEL, &[ChannelStage::Unproven], channel::clock));
}
