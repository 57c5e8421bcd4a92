//! To whom a record and its fields are shown.

use super::super::finding::FindingRule;
use super::super::forbidden;
use super::super::model::{Audience, Field, FieldRole, FieldType, LawLevel, Sharing, Use, UseRule};
use super::super::source::Step::{At, Key};
use super::scene::{Here, Scene};
use crate::say::Say;

/// Text longer than this, in characters, is prose that someone wrote, not a name or a number.
const PROSE: u32 = 512;

pub(super) fn check(scene: &mut Scene<'_>) {
    for here in scene.items() {
        for (i, rule) in here.item().use_rules.iter().enumerate() {
            use_rule(scene, here, i, rule);
        }
        for (index, field) in here.fields() {
            shown(scene, here, index, field);
        }
    }
}

fn use_rule(scene: &mut Scene<'_>, here: Here<'_>, i: usize, rule: &UseRule) {
    let item = here.item();
    let fault = if item.sealed {
        Some(("for", Say::new("封存的事项不得用于任何用途", "a sealed item is shown for no use")))
    } else if rule.subjects.is_empty() {
        Some(("subjects", Say::new("没有写明适用于哪些主体", "the rule covers no subject")))
    } else if rule.subjects.iter().any(|kind| !item.subjects.contains(kind)) {
        Some((
            "subjects",
            Say::new("规则涉及本事项没有的主体性质", "the rule covers subjects that the item is not about"),
        ))
    } else if rule.use_for == Use::Public && item.sharing != Sharing::Public {
        Some((
            "for",
            Say::new(
                "本事项的公开属性不是“公开”，不得公示",
                "the item is not of public sharing and cannot be published",
            ),
        ))
    } else {
        None
    };
    if let Some((key, say)) = fault {
        scene.item(here, FindingRule::UseRule, &[Key("use"), At(i), Key(key)], say);
    }
    let people = rule.subjects.iter().any(|kind| kind.is_person_like());
    let cited = scene.catalogue.clause(&rule.clause);
    if let Some((law, _)) = cited.filter(|(law, _)| rule.use_for == Use::Public && people && law.level != LawLevel::Law)
    {
        let say = Say::new(
            format!("公示自然人或者个体工商户必须以法律为依据，《{}》不是法律", law.title),
            format!("people and sole traders are published only on a law, and {} is none", law.title_en),
        );
        scene.item(here, FindingRule::PublicationBasis, &[Key("use"), At(i), Key("clause")], say);
    }
}

fn shown(scene: &mut Scene<'_>, here: Here<'_>, index: usize, field: &Field) {
    let outside = |audience| field.shown_to.contains(&audience);
    let (public, report) = (outside(Audience::Public), outside(Audience::Report));
    let code = &field.code;
    let private = if field.kind == FieldType::DocumentNumber {
        Some(("证件号码", "the number of an identity document"))
    } else if field.content == "contact" {
        Some(("联系方式", "a contact"))
    } else if forbidden::names_contact(&field.label) {
        Some(("联系方式或者地址", "a contact or an address"))
    } else if field.kind == FieldType::Name && field.personal && field.role != Some(FieldRole::SubjectName) {
        // A legal representative's column never publishes a person.
        Some(("主体以外的自然人姓名", "the name of a person who is not the subject"))
    } else {
        None
    };
    if let Some((zh, en)) = private.filter(|_| public || report) {
        let say = Say::new(
            format!("字段 {code} 是{zh}，不得写入公示页面或者信用报告"),
            format!("field {code} is {en} and appears neither in public nor in a report"),
        );
        scene.field(here, index, "shown_to", FindingRule::ShownTooWidely, say);
    }
    // What a decision cites is checked against laws, not written about people.
    let prose = field.kind == FieldType::Text
        && field.role != Some(FieldRole::CitedBasis)
        && (field.max_length > PROSE || field.content == "remark");
    if public && prose && !field.free_text {
        let say = Say::new(
            format!("字段 {code} 是自由文本，公示前须经人工确认（free_text = true）"),
            format!("field {code} is free text: without free_text = true it would be published unread"),
        );
        scene.field(here, index, "shown_to", FindingRule::UnmarkedFreeText, say);
    }
}
