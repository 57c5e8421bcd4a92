//! What an item may not do to people: hold forbidden kinds, be open to minors, grade them.

use std::collections::HashMap;

use super::super::finding::FindingRule;
use super::super::forbidden::{self, Hit, SCORE};
use super::super::heading::fold;
use super::super::model::Field;
use super::super::source::Step::Key;
use super::scene::{Here, Scene};
use crate::say::Say;

/// What a name was found to speak of, by name and by whether people are concerned: field sets bring the same names to
/// a hundred items.
type Known<'a> = HashMap<(&'a str, bool), Option<Hit>>;

pub(super) fn check(scene: &mut Scene<'_>) {
    let mut known = Known::new();
    for here in scene.items() {
        minors(scene, here);
        name(scene, here);
        for (index, field) in here.fields() {
            content(scene, here, index, field, &mut known);
        }
    }
}

/// # Source
/// The national report standard of 2022: natural persons with full civil capacity only.
fn minors(scene: &mut Scene<'_>, here: Here<'_>) {
    if here.item().open_to_minors && here.def.concerns_people() {
        let say = Say::new(
            "涉及自然人的事项不得对未成年人开放（open_to_minors 必须为 false）",
            "an item about people may not be open to minors (open_to_minors must be false)",
        );
        scene.item(here, FindingRule::OpenToMinors, &[Key("open_to_minors")], say);
    }
}

fn name(scene: &mut Scene<'_>, here: Here<'_>) {
    if !here.def.concerns_people() {
        return;
    }
    let item = here.item();
    let names = [("name", &item.name), ("name_en", &item.name_en), ("code", &item.code)];
    let Some((key, hit)) = names.into_iter().find_map(|(key, text)| Some((key, forbidden::scan(text, true)?))) else {
        return;
    };
    if hit.content.code == SCORE {
        scene.item(here, FindingRule::ScoresPeople, &[Key(key)], scores_people(&hit));
        return;
    }
    let say = Say::new(
        format!("事项名称中的“{}”属于禁止归集的“{}”", hit.word, hit.content.zh),
        format!("the item's name speaks of {} (`{}`), which nobody may record", hit.content.en, hit.word),
    );
    scene.item(here, FindingRule::ForbiddenField, &[Key(key)], say);
}

fn scores_people(hit: &Hit) -> Say {
    Say::new(
        format!("“{}”：不得对自然人和个体工商户评分、评级", hit.word),
        format!("`{}`: people and sole traders are neither scored nor graded", hit.word),
    )
}

fn content<'a>(scene: &mut Scene<'_>, here: Here<'_>, index: usize, field: &'a Field, known: &mut Known<'a>) {
    let code = &field.code;
    match forbidden::content(&field.content) {
        None => {
            let say = Say::new(
                format!("字段 {code} 的内容类别“{}”不在允许的词汇中", field.content),
                format!("the content `{}` of field {code} is not in the closed vocabulary", field.content),
            );
            scene.field(here, index, "content", FindingRule::UnknownContent, say);
        }
        Some(content) if !content.allowed && content.code != SCORE => {
            let say = Say::new(
                format!("字段 {code} 的内容属于禁止归集的“{}”", content.zh),
                format!("field {code} would hold {}, which nobody may record", content.en),
            );
            scene.field(here, index, "content", FindingRule::ForbiddenField, say);
        }
        Some(content) if !content.allowed && here.def.concerns_people() => {
            let hit = Hit { content, word: content.code };
            scene.field(here, index, "content", FindingRule::ScoresPeople, scores_people(&hit));
        }
        Some(_) => words(scene, here, index, field, known),
    }
}

/// Names that give a forbidden kind away, whatever the field says of its content.
fn words<'a>(scene: &mut Scene<'_>, here: Here<'_>, index: usize, field: &'a Field, known: &mut Known<'a>) {
    let people = here.def.concerns_people();
    let names = [("label", &field.label), ("label_en", &field.label_en), ("code", &field.code)];
    let aliases = field.aliases.iter().map(|alias| ("aliases", alias));
    let found = names.into_iter().chain(aliases).find_map(|(key, text)| {
        let hit = (*known.entry((text, people)).or_insert_with(|| forbidden::scan(text, people)))?;
        Some((key, text, hit))
    });
    let Some((key, text, hit)) = found else { return };
    if hit.content.code == SCORE {
        scene.field(here, index, key, FindingRule::ScoresPeople, scores_people(&hit));
        return;
    }
    let say = Say::new(
        format!("字段 {} 的“{}”属于禁止归集的“{}”", field.code, fold(text), hit.content.zh),
        format!(
            "`{text}` of field {} speaks of {} (`{}`), which nobody may record",
            field.code, hit.content.en, hit.word
        ),
    );
    scene.field(here, index, key, FindingRule::ForbiddenField, say);
}
