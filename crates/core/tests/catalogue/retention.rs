//! How long records are kept, as data.

use chengxin_core::catalogue::{RuleKind, impact, show};
use jiff::civil::date;

use crate::example::{TODAY, assert_found, changed, files, load, with};

/// A rule of the item's own.
const OWN: &str = "\n[[item.retention]]\nfrom = 2022-01-01\nmonths = 12\nclause = \"penalty-law#art-48\"\n";

#[test]
fn an_item_is_kept_for_as_long_as_its_class_unless_it_says_so_itself() {
    let item = load(&files()).item("penalty").unwrap().clone();
    assert_eq!(item.retention_on(TODAY).map(|rule| rule.months), Some(36));
    let own = load(&with(OWN)).item("penalty").unwrap().clone();
    assert_eq!(own.retention_on(TODAY).map(|rule| rule.months), Some(12));
    assert_eq!(own.retention_on(date(2021, 12, 31)), None, "and then nothing of its class counts");
    // Last shown on 31 August, twelve months: 31 August is the last day on which it is kept.
    assert_eq!(own.kept_until(Some(date(2026, 9, 1)), TODAY), Some(date(2027, 9, 1)));
    assert_eq!(own.kept_until(None, TODAY), None, "without an end it is kept");
}

#[test]
fn an_item_of_which_nothing_says_how_long_it_is_kept_is_refused() {
    assert_found(
        &changed(
            "\n[[retention]]\nclass = '行政管理'\nfrom = 2021-07-15\nmonths = 36\nclause = \"penalty-law#art-48\"\n",
            "",
        )
        .into_iter()
        .map(mark)
        .collect::<Vec<_>>(),
        "retention",
    );
    let over = changed("from = 2021-07-15\nmonths = 36", "from = 2021-07-15\nuntil = 2026-01-01\nmonths = 36");
    assert_found(&over.into_iter().map(mark).collect::<Vec<_>>(), "retention");
}

/// The item is where the finding stands.
fn mark((name, text): (String, String)) -> (String, String) {
    let marked = text.replacen("[[item]]", "[[item]] #!", 1);
    (name, marked)
}

#[test]
fn nothing_is_kept_for_less_than_a_month_or_more_than_five_years() {
    for months in [0, 61] {
        assert_found(&changed("months = 36\nclause", &format!("months = {months} #!\nclause")), "retention");
        assert_found(&with(&OWN.replace("months = 12", &format!("months = {months} #!"))), "retention");
    }
}

#[test]
fn a_rule_for_no_class_and_two_for_one_day_and_one_on_no_clause_are_refused() {
    let more = |text: &str| {
        let mut all = files();
        all[4].1.push_str(text);
        all
    };
    let rule = "[[retention]]\nclass = \"行政管理\"\nfrom = 2023-01-01\nmonths = 24\nclause = \"penalty-law#art-48\"\n";
    assert_found(&more(&rule.replace("行政管理\"", "行政管制\" #!")), "retention");
    assert_found(&more(&rule.replace("from = 2023-01-01", "from = 2023-01-01 #!")), "overlapping_dates");
    let ended = rule.replace("from = 2023-01-01", "from = 2020-01-01\nuntil = 2021-07-15");
    assert_found(&more(&ended.replace("#art-48\"", "#art-99\" #!")), "unknown_clause");
    assert_found(&with(&OWN.replace("#art-48\"", "#art-99\" #!")), "unknown_clause");
}

#[test]
fn what_is_held_against_somebody_rests_on_no_wish_of_theirs() {
    assert_found(&changed("open_to_minors = false\n", "open_to_minors = false\nown_wish = true #!\n"), "own_wish");
}

#[test]
fn how_long_it_is_kept_is_shown_and_a_change_of_it_is_told() {
    let (old, new) = (load(&files()), load(&with(OWN)));
    let lines: Vec<_> = show(&new, new.item("penalty").unwrap())
        .into_iter()
        .filter(|section| section.title.en == "Kept for")
        .flat_map(|section| section.lines)
        .collect();
    assert!(lines[0].zh.contains("保存 12 个月") && lines[0].zh.contains("第四十八条"), "{lines:?}");
    let told = impact(&old, &new);
    assert!(told.changed[0].touches(RuleKind::Retention) && !told.changed[0].moves_display());
    assert_eq!(told.changed[0].changes.len(), 2, "what goes and what comes");
}
