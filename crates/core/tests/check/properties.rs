//! What the answer may never depend on, for every shipped matter.

use std::collections::BTreeSet;

use chengxin_core::catalogue::{Matter, Severity, SubjectKind, forbidden};
use chengxin_core::check::{CheckRecord, CheckStanding, answer};
use jiff::ToSpan;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::records::{CATALOGUE, TODAY, json, record};

const ALL_STANDINGS: [CheckStanding; 7] = [
    CheckStanding::Plain,
    CheckStanding::UnderObjection,
    CheckStanding::OutOfUse,
    CheckStanding::AwaitsRelease,
    CheckStanding::Repaired,
    CheckStanding::Sealed,
    CheckStanding::Withdrawn,
];

type Asked = (usize, SubjectKind);

fn any_matter() -> impl Strategy<Value = Asked> {
    (any::<Index>(), any::<Index>()).prop_map(|(matter, subject)| {
        let at = matter.index(CATALOGUE.matters().len());
        (at, *subject.get(&CATALOGUE.matters()[at].matter.subjects))
    })
}

/// Values at which the conditions of a matter look, and some at which none does.
fn values(matter: &Matter) -> Vec<(String, String)> {
    let conditions = matter.relevant.iter().flat_map(|relevance| &relevance.when);
    let looked_at = conditions.flat_map(|condition| {
        let words = condition.any_of.iter().chain(&condition.contains);
        words.flat_map(|word| condition.fields.iter().map(move |field| (field.clone(), word.clone())))
    });
    let others =
        [("CF_CFLB", "罚款、限制从业"), ("CF_CFLB", "吊销许可证件"), ("YXQZ", "2026-11-20"), ("CF_SY", "事实")];
    looked_at.chain(others.map(|(field, value)| (field.to_owned(), value.to_owned()))).collect()
}

/// A record that has a fair chance of mattering: three of four are of an item that the matter names, and of an
/// authority that it names.
fn any_record(asked: Asked) -> impl Strategy<Value = CheckRecord> {
    let def = &CATALOGUE.matters()[asked.0];
    let items: Vec<String> = CATALOGUE.items().iter().map(|def| def.code().to_owned()).collect();
    let own: Vec<String> = def.items().into_iter().map(str::to_owned).collect();
    let relevant = def.matter.relevant.iter().flat_map(|relevance| relevance.authorities.clone());
    let named: Vec<String> = relevant.chain(def.matter.authorities.clone()).collect();
    let severities = vec![None, Some(Severity::Minor), Some(Severity::General), Some(Severity::Serious)];
    let values = values(&def.matter);
    let who = (any::<[u8; 16]>(), 1..4i64, any::<Index>(), any::<Index>(), 0..4u8);
    let when = (0..2000i32, -30..30i32, proptest::option::of(-400..800i32));
    let standing = prop_oneof![
        3 => Just(CheckStanding::Plain),
        1 => Just(CheckStanding::UnderObjection),
        1 => Just(CheckStanding::OutOfUse),
        2 => select(ALL_STANDINGS.to_vec()),
    ];
    let what = (standing, select(severities), proptest::collection::vec(select(values), 0..6));
    (who, when, what).prop_map(
        move |((id, version, item, kind, near), (ago, from, until), (standing, severity, values))| {
            let code = if near > 0 { item.get(&own) } else { item.get(&items) };
            let senders = &CATALOGUE.item(code).unwrap().item.authorities;
            let kinds = if near > 1 { &named } else { senders };
            let mut it = record(0, code, &kinds[kind.index(kinds.len())]);
            it.record.0 = id;
            it.version = version;
            it.decided_on = TODAY.saturating_sub(ago.days());
            it.display_from = it.decided_on.saturating_add(from.days());
            it.display_until = until.map(|days| TODAY.saturating_add(days.days()));
            it.standing = standing;
            it.severity = severity;
            it.fields = values;
            it
        },
    )
}

fn asked_with(most: usize) -> impl Strategy<Value = (Asked, Vec<CheckRecord>)> {
    any_matter().prop_flat_map(move |asked| (Just(asked), proptest::collection::vec(any_record(asked), 0..most)))
}

fn asked_with_another() -> impl Strategy<Value = (Asked, Vec<CheckRecord>, CheckRecord)> {
    let joined = asked_with(6).prop_flat_map(|(asked, shown)| (Just(asked), Just(shown), any_record(asked)));
    joined.prop_map(|(asked, shown, other)| (asked, shown, other))
}

/// Without this the properties below could hold because nothing is ever found.
#[test]
fn the_records_made_up_here_reach_every_part_of_an_answer() {
    let mut runner = TestRunner::deterministic();
    let (mut kinds, mut asks, mut eases, mut marks) = (BTreeSet::new(), 0, 0, 0);
    for _ in 0..2000 {
        let (asked, records) = asked_with(6).new_tree(&mut runner).unwrap().current();
        let def = &CATALOGUE.matters()[asked.0];
        let answer = answer(&CATALOGUE, def, asked.1, &records, TODAY).unwrap();
        kinds.extend(answer.findings.iter().map(|finding| finding.finding));
        marks += answer.findings.iter().filter(|finding| finding.reason.is_some()).count();
        asks += answer.ask.len();
        eases += answer.conveniences.len();
    }
    assert_eq!(kinds.len(), 3, "{kinds:?}");
    assert!(marks > 20 && asks > 20 && eases > 20, "{marks} {asks} {eases}");
}

fn ask((matter, applicant): Asked, records: &[CheckRecord]) -> String {
    json(&answer(&CATALOGUE, &CATALOGUE.matters()[matter], applicant, records, TODAY).unwrap())
}

/// Is this a bar whose silence would endanger others, as the catalogue says and nothing else?
fn may_need_asking(it: &CheckRecord) -> bool {
    it.standing == CheckStanding::OutOfUse && CATALOGUE.item(&it.item).unwrap().item.safety_bar
}

/// Hides a record in one of the ways in which records are hidden.
fn hide(mut it: CheckRecord, way: usize) -> CheckRecord {
    match way % 8 {
        0 => it.standing = CheckStanding::AwaitsRelease,
        1 => it.standing = CheckStanding::Repaired,
        2 => it.standing = CheckStanding::Sealed,
        3 => it.standing = CheckStanding::Withdrawn,
        4 => it.display_until = Some(TODAY),
        5 => it.display_from = TODAY.saturating_add(1.day()),
        6 => it.item = "no-such-item".to_owned(),
        _ if CATALOGUE.item(&it.item).unwrap().item.safety_bar => it.standing = CheckStanding::Repaired,
        _ => it.standing = CheckStanding::OutOfUse,
    }
    it
}

fn every_text(value: &Value, each: &mut impl FnMut(&str, bool)) {
    match value {
        Value::String(text) => each(text, false),
        Value::Array(all) => all.iter().for_each(|value| every_text(value, each)),
        Value::Object(all) => {
            for (key, value) in all {
                each(key, true);
                every_text(value, each);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn a_hidden_record_changes_no_byte(
        (matter, shown, hidden) in asked_with_another(),
        way in 0..8usize,
        at in any::<Index>(),
        twin in any::<bool>(),
    ) {
        let before = ask(matter, &shown);
        let mut hidden = hide(hidden, way);
        if twin && !shown.is_empty() {
            // The same record in a version that may not be shown must not push the shown one aside.
            hidden.record = at.get(&shown).record;
            hidden.version = 9;
        }
        let mut all = shown;
        all.insert(at.index(all.len() + 1), hidden);
        prop_assert_eq!(before, ask(matter, &all));
    }

    #[test]
    fn an_irrelevant_record_changes_no_byte(
        (matter, shown, other) in asked_with_another(),
    ) {
        let def = &CATALOGUE.matters()[matter.0];
        let mut other = other;
        if def.items().contains(&other.item.as_str()) {
            let foreign = CATALOGUE.items().iter().find(|it| !def.items().contains(&it.code()));
            other.item = foreign.unwrap().code().to_owned();
        }
        let before = ask(matter, &shown);
        let mut all = shown;
        all.push(other);
        prop_assert_eq!(before, ask(matter, &all));
    }

    #[test]
    fn a_record_that_is_shown_nowhere_in_the_answer_changed_no_byte_of_it(
        (matter, shown, other) in asked_with_another(),
    ) {
        let mut all = shown.clone();
        all.push(other.clone());
        let def = &CATALOGUE.matters()[matter.0];
        let after = answer(&CATALOGUE, def, matter.1, &all, TODAY).unwrap();
        let hex = other.record.hex();
        prop_assume!(after.records().iter().all(|(record, _)| *record != hex));
        prop_assert_eq!(ask(matter, &shown), json(&after));
    }

    #[test]
    fn the_order_of_the_records_changes_nothing(
        (matter, records, shuffled) in
            asked_with(8).prop_flat_map(|(asked, all)| (Just(asked), Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(ask(matter, &records), ask(matter, &shuffled));
    }

    #[test]
    fn a_record_handed_over_twice_counts_once(
        (matter, records) in asked_with(6),
    ) {
        let twice: Vec<_> = records.iter().chain(&records).cloned().collect();
        prop_assert_eq!(ask(matter, &records), ask(matter, &twice));
    }

    #[test]
    fn no_answer_contains_a_score_a_grade_or_a_total(
        (matter, records) in asked_with(8),
    ) {
        let value: Value = serde_json::from_str(&ask(matter, &records)).unwrap();
        every_text(&value, &mut |text, is_key| {
            assert_eq!(forbidden::scan_for_score(text), None, "{text}");
            let banned = ["score", "grade", "total", "rating", "rank", "sum", "index"];
            assert!(!is_key || !banned.iter().any(|word| text.contains(word)), "{text}");
        });
    }

    #[test]
    fn every_adverse_finding_has_its_clause_its_meaning_and_what_to_do(
        (matter, records) in asked_with(8),
    ) {
        let def = &CATALOGUE.matters()[matter.0];
        let answer = answer(&CATALOGUE, def, matter.1, &records, TODAY).unwrap();
        let said = |say: &chengxin_core::Say| !say.zh.is_empty() && !say.en.is_empty();
        for finding in &answer.findings {
            prop_assert!(CATALOGUE.clause(&finding.clause.cite).is_some());
            prop_assert!(said(&finding.means) && said(&finding.can_do) && said(&finding.clause.says));
            let source = records.iter().find(|it| it.record.hex() == finding.record).unwrap();
            prop_assert_eq!(source.standing == CheckStanding::UnderObjection, finding.mark.is_some());
        }
        for point in &answer.ask {
            let source = records.iter().find(|it| it.record.hex() == point.record).unwrap();
            prop_assert!(may_need_asking(source) && said(&point.means) && said(&point.can_do));
        }
    }

    #[test]
    fn no_contested_record_supports_an_adverse_outcome_alone(
        (matter, records) in asked_with(8),
    ) {
        let contested: Vec<_> = records
            .into_iter()
            .map(|it| CheckRecord { standing: CheckStanding::UnderObjection, ..it })
            .collect();
        let def = &CATALOGUE.matters()[matter.0];
        let answer = answer(&CATALOGUE, def, matter.1, &contested, TODAY).unwrap();
        prop_assert!(!answer.can_support_adverse_outcome());
        prop_assert!(answer.findings.iter().all(|it| it.finding != chengxin_core::catalogue::FindingKind::Bars));
    }
}
