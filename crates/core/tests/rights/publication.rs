//! What of a row leaves the house on its public page, for rows of every making.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use chengxin_core::catalogue::model::{FieldRole, FieldType, SubjectKind};
use chengxin_core::catalogue::{Catalogue, FieldDef, ItemDef, Severity};
use chengxin_core::dates::to_days;
use chengxin_core::publication::{Fate, drafts, fate, is_public_notice, masked, publishable, value_in};
use chengxin_core::record::{Standing, State};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::select;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let files: Vec<_> =
        files.map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect();
    Catalogue::load(&files).unwrap()
});

fn penalty() -> &'static ItemDef {
    CATALOGUE.item("penalty").unwrap()
}

const NAME: &str = "何小雨";
const NUMBER: &str = "990000199001010017";
const OTHER_NUMBER: &str = "990000198505050018";
const REPRESENTATIVE: &str = "周明远";

/// Words of a row: harmless, and with something in them that must stay.
fn words() -> impl Strategy<Value = String> {
    let part = select(vec![
        "",
        "未按规定",
        "2026-03-01",
        "罚款20000元",
        "第12条",
        NAME,
        NUMBER,
        OTHER_NUMBER,
        REPRESENTATIVE,
        "13800000000",
        "邮箱a@b.cn",
        "9900 0019 9001 0100 17",
        "9135",
    ]);
    prop::collection::vec(part, 0..4).prop_map(|parts| parts.join("；"))
}

/// A row about somebody, and texts that were confirmed beside it, whoever did.
fn row() -> impl Strategy<Value = (SubjectKind, Vec<(String, String)>, BTreeMap<String, String>)> {
    let kind = select(vec![SubjectKind::Person, SubjectKind::SoleTrader, SubjectKind::Organisation]);
    let fields = penalty().fields.len();
    (kind, prop::collection::vec(words(), fields), prop::collection::vec(words(), fields)).prop_map(
        |(kind, values, texts)| {
            let codes = penalty().fields.iter().map(|def| def.field.code.clone());
            // Days, amounts and codes are what intake lets them be.
            let worded = |(def, value): (&FieldDef, String)| {
                let words = matches!(def.field.kind, FieldType::Text | FieldType::Name | FieldType::Choice);
                (def.field.code.clone(), if words { value } else { String::new() })
            };
            let mut row: Vec<_> = penalty().fields.iter().zip(values).map(worded).collect();
            let mut set = |code: &str, value: &str| {
                row.iter_mut().find(|(of, _)| of == code).unwrap().1 = value.to_owned();
            };
            set("CF_XDR_MC", NAME);
            set("CF_XDR_ZJHM", NUMBER);
            set("CF_FR_ZJHM", OTHER_NUMBER);
            set("CF_FRDB", REPRESENTATIVE);
            (kind, row, codes.zip(texts).collect())
        },
    )
}

proptest! {
    #[test]
    fn nothing_that_stays_in_the_house_stands_anywhere_on_the_page((kind, row, confirmed) in row()) {
        let page = masked(penalty(), kind, &row, &confirmed);
        for field in &page {
            let own_name = field.def.field.role == Some(FieldRole::SubjectName);
            for secret in [NUMBER, OTHER_NUMBER, REPRESENTATIVE, "13800000000", "a@b.cn", "9900 0019 9001 0100 17"] {
                prop_assert!(!field.value.contains(secret), "{} says {}", field.def.field.code, field.value);
            }
            // The name of a firm is public; that of somebody is not, and nowhere else either.
            prop_assert!(kind == SubjectKind::Organisation || !field.value.contains(NAME), "{}", field.value);
            if own_name {
                let whole = field.value == NAME;
                prop_assert_eq!(whole, kind == SubjectKind::Organisation);
            }
        }
        let codes: Vec<_> = page.iter().map(|field| field.def.field.code.as_str()).collect();
        for never in ["CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_FRDB", "CF_FR_ZJLX", "CF_FR_ZJHM", "BZ", "CNZM", "CF_SJLYDM"] {
            prop_assert!(!codes.contains(&never), "{never}");
        }
    }

    #[test]
    fn what_was_written_freely_is_shown_only_as_it_was_confirmed((kind, row, confirmed) in row()) {
        let without = masked(penalty(), kind, &row, &BTreeMap::new());
        prop_assert!(without.iter().all(|field| !field.def.field.free_text));
        for field in masked(penalty(), kind, &row, &confirmed).iter().filter(|field| field.def.field.free_text) {
            prop_assert_eq!(&field.value, &confirmed[&field.def.field.code]);
            prop_assert!(publishable(penalty(), kind, &row, &field.value).is_ok());
        }
        for draft in drafts(penalty(), kind, &row) {
            prop_assert!(publishable(penalty(), kind, &row, &draft.draft).is_ok(), "a draft is masked: {}", draft.draft);
        }
    }
}

const DECIDED: Date = date(2026, 4, 10);

fn standing(subject: SubjectKind) -> Standing {
    let until = date(2027, 4, 10);
    let (display_from, display_until) = (to_days(DECIDED), Some(to_days(until)));
    let severity = Some(Severity::General);
    Standing { subject, severity, display_from, display_until, state: State::Active, awaits_release: false }
}

#[test]
fn a_page_ends_with_its_period_its_repair_and_its_withdrawal_and_never_was_for_whom_no_law_names() {
    let firm = standing(SubjectKind::Organisation);
    let on = |standing: &Standing, day| fate(standing, penalty(), false, day);
    assert_eq!(on(&firm, date(2027, 4, 9)), Fate::Shown);
    assert_eq!(on(&firm, date(2027, 4, 10)), Fate::Ended, "the day after");
    assert_eq!(on(&firm, date(2026, 4, 9)), Fate::Ended, "the day before");
    assert_eq!(fate(&firm, penalty(), true, DECIDED), Fate::Paused);
    for (state, then) in
        [(State::Withdrawn, Fate::Withdrawn), (State::Repaired, Fate::Ended), (State::Erased, Fate::Ended)]
    {
        let gone = Standing { state, ..firm };
        assert_eq!(on(&gone, DECIDED), then, "{state:?}");
        assert_eq!(on(&gone, date(2027, 4, 10)), Fate::Ended, "{state:?}");
    }
    assert_eq!(on(&Standing { awaits_release: true, ..firm }, DECIDED), Fate::Ended);
    for nobody in [SubjectKind::Person, SubjectKind::SoleTrader] {
        for state in [State::Active, State::Withdrawn] {
            assert_eq!(on(&Standing { state, ..standing(nobody) }, DECIDED), Fate::Ended, "{nobody:?}");
        }
    }
    for undecided in [None, Some(Severity::Minor)] {
        assert_eq!(on(&Standing { severity: undecided, ..firm }, DECIDED), Fate::Ended);
    }
}

#[test]
fn the_two_notices_are_licences_and_penalties_and_lists_are_none() {
    let notices = CATALOGUE.items().iter().filter(|item| is_public_notice(item)).map(ItemDef::code);
    let public = |code: &&str| {
        let rules = &CATALOGUE.item(code).unwrap().item.use_rules;
        rules.iter().any(|rule| rule.use_for == chengxin_core::catalogue::Use::Public)
    };
    assert_eq!(notices.filter(public).collect::<Vec<_>>(), ["licence", "penalty"]);
}

#[test]
fn a_sole_traders_code_is_starred_and_a_firms_stands_whole() {
    let row = |code: &str| {
        vec![("CF_XDR_MC".to_owned(), "何小雨修理店".to_owned()), ("CF_XDR_SHXYM".to_owned(), code.to_owned())]
    };
    let code_on = |kind, code: &str| {
        value_in(&masked(penalty(), kind, &row(code), &BTreeMap::new()), FieldRole::SubjectUscc).unwrap()
    };
    assert_eq!(code_on(SubjectKind::Organisation, "91350100M000100Y43"), "91350100M000100Y43");
    for code in ["92350100M000100Y41", "91350100M000100Y43"] {
        assert!(code_on(SubjectKind::SoleTrader, code).contains("*************"), "{code}");
    }
}
