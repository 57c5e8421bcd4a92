//! A matter: who may ask, on which clause and ground, in words that people read, without minors, grades or batches that
//! no clause asks for.
//!
//! # Source
//! Domain reference §2, §7, §9 (hard limits); 国办发〔2020〕49号 (五): a consequence only on a quoted clause.

use super::super::dated::Dated;
use super::super::finding::FindingRule;
use super::super::forbidden;
use super::super::matter::{Convenience, FindingKind, MatterGround};
use super::super::model::Polarity;
use super::super::source::Step::{self, At, Key};
use super::scene::{Scene, There};
use super::words::unknown_clause;
use crate::say::Say;

/// Class of the national catalogue that holds grades.
pub(super) const GRADES: &str = "信用评价结果";

/// Fields of life, and kinds of authority, in which nobody is served before others or on easier terms: health, relief,
/// schools, utilities.
const NO_EASE_DOMAINS: &[&str] = &["医疗卫生", "社会救助"];
const NO_EASE_AUTHORITIES: &[&str] = &["health", "medical_security", "education", "civil_affairs", "water"];

pub(super) fn check(scene: &mut Scene<'_>) {
    for there in scene.matters() {
        empty(scene, there);
        words_of_lists(scene, there);
        names(scene, there);
        clauses(scene, there);
        people(scene, there);
        ground(scene, there);
        batch(scene, there);
        for (i, convenience) in there.matter.conveniences.iter().enumerate() {
            ease(scene, there, i, convenience);
        }
    }
}

fn empty(scene: &mut Scene<'_>, there: There<'_>) {
    let matter = there.matter;
    for (is_empty, key, zh, en) in [
        (matter.authorities.is_empty(), "authorities", "没有写明可以核查的单位", "no authority may ask"),
        (matter.subjects.is_empty(), "subjects", "没有写明申请人性质", "nobody can apply"),
        (
            matter.domains.is_empty() && matter.occupations.is_empty(),
            "domains",
            "没有写明所属领域或者职业",
            "it belongs to no field of life and no occupation",
        ),
        (matter.relevant.is_empty(), "relevant", "没有与之相关的信用事项", "nothing is relevant to it"),
    ] {
        if is_empty {
            scene.matter(there, FindingRule::EmptyMatter, &[Key(key)], Say::new(zh, en));
        }
    }
    if matter.span().is_empty() {
        let say = Say::new("失效日期不晚于生效日期", "it ends before it begins");
        scene.matter(there, FindingRule::OverlappingDates, &[Key("until")], say);
    }
}

fn words_of_lists(scene: &mut Scene<'_>, there: There<'_>) {
    let matter = there.matter;
    let mut listed: Vec<(&str, &str, Vec<Step<'_>>)> = Vec::new();
    for (key, dictionary, values) in [
        ("authorities", "authority-kind", &matter.authorities),
        ("domains", "domain", &matter.domains),
        ("occupations", "occupation", &matter.occupations),
    ] {
        listed.extend(values.iter().enumerate().map(|(i, value)| (dictionary, value.as_str(), vec![Key(key), At(i)])));
    }
    for (i, relevance) in matter.relevant.iter().enumerate() {
        let at = |key, j| vec![Key("relevant"), At(i), Key(key), At(j)];
        let kinds = relevance.authorities.iter().enumerate();
        listed.extend(kinds.map(|(j, kind)| ("authority-kind", kind.as_str(), at("authorities", j))));
        if !relevance.class.is_empty() {
            listed.push(("item-class", &relevance.class, vec![Key("relevant"), At(i), Key("class")]));
        }
    }
    for (i, convenience) in matter.conveniences.iter().enumerate() {
        let at = |j| vec![Key("convenience"), At(i), Key("authorities"), At(j)];
        let kinds = convenience.authorities.iter().enumerate();
        listed.extend(kinds.map(|(j, kind)| ("authority-kind", kind.as_str(), at(j))));
    }
    for (dictionary, value, path) in listed {
        if !scene.catalogue.dictionary(dictionary).is_some_and(|choices| choices.holds(value)) {
            let say = Say::new(
                format!("“{value}”不在字典 {dictionary} 中"),
                format!("`{value}` is not in the dictionary `{dictionary}`"),
            );
            scene.matter(there, FindingRule::UnknownWord, &path, say);
        }
    }
}

/// Everything that people read stands there in both languages, and speaks of nothing forbidden.
fn names(scene: &mut Scene<'_>, there: There<'_>) {
    let matter = there.matter;
    let mut texts: Vec<(Vec<Step<'_>>, &str)> =
        vec![(vec![Key("name")], &matter.name), (vec![Key("name_en")], &matter.name_en)];
    for (i, it) in matter.relevant.iter().enumerate() {
        let all =
            [("means", &it.means), ("means_en", &it.means_en), ("can_do", &it.can_do), ("can_do_en", &it.can_do_en)];
        texts.extend(all.map(|(key, text)| (vec![Key("relevant"), At(i), Key(key)], text.as_str())));
    }
    for (i, it) in matter.conveniences.iter().enumerate() {
        let all = [("means", &it.means), ("means_en", &it.means_en)];
        texts.extend(all.map(|(key, text)| (vec![Key("convenience"), At(i), Key(key)], text.as_str())));
    }
    for (path, text) in texts {
        if text.trim().is_empty() {
            let say = Say::new(
                "缺少中文或者英文说明：含义和申请人可以做什么都必须写明",
                "words are missing in one language: what it means and what the applicant can do must both be said",
            );
            scene.matter(there, FindingRule::MatterWords, &path, say);
        } else if let Some(hit) = forbidden::scan_for_score(text) {
            let say = Say::new(
                format!("“{}”：核查不以评分、评级作答", hit.word),
                format!("`{}`: a check answers with no score and no grade", hit.word),
            );
            scene.matter(there, FindingRule::MatterGrades, &path, say);
        }
    }
    if let Some(hit) = forbidden::scan(&matter.name, true).filter(|hit| hit.content.code != forbidden::SCORE) {
        let say = Say::new(
            format!("事项名称中的“{}”属于禁止的“{}”", hit.word, hit.content.zh),
            format!("the name speaks of {} (`{}`), which nobody may check", hit.content.en, hit.word),
        );
        scene.matter(there, FindingRule::ForbiddenField, &[Key("name")], say);
    }
}

fn clauses(scene: &mut Scene<'_>, there: There<'_>) {
    let matter = there.matter;
    let relevant = matter.relevant.iter().map(|it| &it.clause).enumerate().map(|(i, c)| ("relevant", i, c));
    let eases = matter.conveniences.iter().map(|it| &it.clause).enumerate().map(|(i, c)| ("convenience", i, c));
    let mut cited = vec![(vec![Key("clause")], &matter.clause)];
    cited.extend(relevant.chain(eases).map(|(key, i, clause)| (vec![Key(key), At(i), Key("clause")], clause)));
    for (path, clause) in cited {
        let Some((law, _)) = scene.catalogue.clause(clause) else {
            scene.matter(there, FindingRule::UnknownClause, &path, unknown_clause(clause));
            continue;
        };
        // A matter that is announced for later, or over, need not rest on anything today.
        let today = law.span().holds(scene.today) && scene.is_of_this_place(law);
        if matter.span().holds(scene.today) && !today {
            let say = Say::new(
                format!("《{}》今日在本地不适用", law.title),
                format!("{} does not hold today and here", law.title_en),
            );
            scene.matter(there, FindingRule::MatterBasis, &path, say);
        }
    }
}

/// # Source
/// The national report standard of 2022: natural persons with full civil capacity only.
fn people(scene: &mut Scene<'_>, there: There<'_>) {
    if there.matter.open_to_minors {
        let say = Say::new(
            "不得对未成年人开展核查（open_to_minors 必须为 false）",
            "minors are not checked (open_to_minors must be false)",
        );
        scene.matter(there, FindingRule::OpenToMinors, &[Key("open_to_minors")], say);
    }
}

/// Consent only where refusing costs nothing: what happens then is written down, and nothing can bar.
fn ground(scene: &mut Scene<'_>, there: There<'_>) {
    let matter = there.matter;
    let says_refusal = !matter.if_refused.trim().is_empty() && !matter.if_refused_en.trim().is_empty();
    let barring = matter.relevant.iter().position(|it| it.finding == FindingKind::Bars);
    match (matter.ground, says_refusal, barring) {
        (MatterGround::Consent, false, _) => {
            let say = Say::new(
                "依同意核查的，应当写明拒绝同意时如何照常办理（if_refused、if_refused_en）",
                "a check on consent says how the matter goes on where it is refused (if_refused, if_refused_en)",
            );
            scene.matter(there, FindingRule::MatterGround, &[Key("ground")], say);
        }
        (MatterGround::Consent, true, Some(i)) => {
            let say = Say::new(
                "依同意核查的事项不得有“法定禁止”：拒绝同意不应付出代价",
                "a check on consent cannot find what bars: refusing would then cost something",
            );
            scene.matter(there, FindingRule::MatterGround, &[Key("relevant"), At(i), Key("finding")], say);
        }
        _ => {}
    }
}

fn batch(scene: &mut Scene<'_>, there: There<'_>) {
    let matter = there.matter;
    let says = scene.catalogue.clause(&matter.clause).map_or("", |(_, clause)| clause.says.as_str());
    let asked_for = !matter.batch_quote.is_empty() && says.contains(&matter.batch_quote);
    if matter.batch && !asked_for {
        let say = Say::new(
            "只有条款要求的，才可以批量核查：batch_quote 应当是该条款的原话",
            "a batch only where the clause asks for it: batch_quote must be a passage of that clause",
        );
        scene.matter(there, FindingRule::MatterBatch, &[Key("batch")], say);
    }
}

fn ease(scene: &mut Scene<'_>, there: There<'_>, i: usize, convenience: &Convenience) {
    let matter = there.matter;
    let closed = matter.domains.iter().any(|domain| NO_EASE_DOMAINS.contains(&domain.as_str()))
        || matter.authorities.iter().any(|kind| NO_EASE_AUTHORITIES.contains(&kind.as_str()));
    let fact = scene.catalogue.item(&convenience.item).map(|def| def.item.polarity);
    let fault = match fact {
        _ if closed => Some((
            "kind",
            Say::new(
                "医疗、教育、救助和公用事业领域不设便利措施",
                "there is no ease in health, school, relief or utilities",
            ),
        )),
        _ if matter.working_days.is_none_or(|days| days == 0) => Some((
            "kind",
            Say::new(
                "有便利措施的事项应当写明对所有人的通常办理时限（working_days）",
                "a matter with an ease states the ordinary time for everybody (working_days)",
            ),
        )),
        Some(polarity) if polarity != Polarity::Positive => Some((
            "item",
            Say::new(
                format!("“{}”不是守信信息，不能作为便利措施的依据", convenience.item),
                format!("`{}` is no good fact on which an ease could rest", convenience.item),
            ),
        )),
        _ => None,
    };
    if let Some((key, say)) = fault {
        scene.matter(there, FindingRule::Convenience, &[Key("convenience"), At(i), Key(key)], say);
    }
}
