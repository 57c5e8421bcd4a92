//! 国办发〔2020〕49号 (in force 2020-12-07): nothing is collected outside the catalogue or without a basis; an adverse finding needs a document; publication follows
//! the catalogue; lists and measures need a law, an administrative regulation or a central policy document.
//!
//! What a list takes before somebody is on it (notice of reasons, basis and rights, an answer, a reasoned decision) is not built: only records of listings that
//! an authority has determined come in. Departure: a document is asked for by number and kind, and not read.

use chengxin_core::catalogue::FindingRule;
use chengxin_core::catalogue::matter::FindingKind;
use chengxin_core::catalogue::model::{FieldRole, LawLevel, Polarity, SubjectKind, Use};
use chengxin_core::refusal::Reason;
use rstest::rstest;

use crate::clocks::{catalogue, day, item, items};
use crate::penalty_row::PenaltyRow;
use crate::proposal::Proposal;

const BASIS: &str = "clause = \"food-safety-law#archive\"\nfrom = \"2026-04-01\"";

fn resting_on(basis: &str) -> Proposal {
    Proposal::new().with(BASIS, basis)
}

/// 二、科学界定信用信息纳入范围和程序.
#[rstest]
#[case::a_department_rule("order-36#general")]
#[case::the_national_catalogue_by_itself("national-catalogue-2024#classes")]
#[case::an_opinion_of_an_office("ndrc-2018-424#seven-days")]
fn sec_2_what_is_below_a_regulation_founds_no_item(#[case] clause: &str) {
    let proposal = resting_on(&format!("clause = \"{clause}\"\nfrom = \"2026-04-01\""));
    assert_eq!(proposal.refused(), [FindingRule::NoBasisInForce]);
}

#[test]
fn sec_2_an_item_needs_a_basis_and_one_that_is_in_force() {
    let without = Proposal::new().with(&format!("[[item.basis]]\n{BASIS}\n"), "");
    assert_eq!(without.refused(), [FindingRule::NoBasisInForce]);
    let ended = format!("{BASIS}\nuntil = \"2026-09-01\"");
    assert_eq!(resting_on(&ended).refused(), [FindingRule::NoBasisInForce]);
    let not_begun = BASIS.replace("2026-04-01", "2026-09-02");
    assert_eq!(resting_on(&not_begun).refused(), [FindingRule::NoBasisInForce]);
}

#[test]
fn sec_2_a_local_item_rests_on_a_local_regulation_of_the_place_and_of_no_other() {
    const LOCAL: &str = r#"
[[law]]
code = "made-up-local"
title = "诚信市社会信用条例"
title_en = "A regulation of the made-up city"
level = "local_regulation"
place = "9900"
from = 2022-01-01

[[law.clause]]
code = "art-9"
label = "第九条"
says = "本市可以归集的信息。"
says_en = "What the city may collect."
verified = true
"#;
    let local = || resting_on("clause = \"made-up-local#art-9\"\nfrom = \"2026-04-01\"").and(LOCAL);
    assert_eq!(local().refused(), []);
    assert_eq!(local().at("110000").refused(), [FindingRule::NoBasisInForce]);
}

#[test]
fn sec_2_no_city_adds_a_class_to_the_thirteen_of_the_national_catalogue() {
    let classes = catalogue().dictionary("item-class").expect("the classes");
    assert_eq!(classes.values().count(), 13);
    let proposal = Proposal::new().with("class = \"行政管理\"", "class = \"文明行为\"");
    assert_eq!(proposal.refused(), [FindingRule::UnknownWord]);
}

#[test]
fn sec_2_every_shipped_item_rests_on_a_source_that_may_found_it() {
    let on = day((2026, 9, 1));
    for item in items() {
        let founding = item.basis_on(on).map(|basis| catalogue().clause(&basis.clause).expect("a clause").0);
        let levels: Vec<_> = founding.map(|law| law.level).collect();
        assert!(!levels.is_empty(), "{}", item.code());
        for level in levels {
            // A local regulation would be a city's own: none is shipped.
            let national = [LawLevel::Law, LawLevel::AdministrativeRegulation, LawLevel::CentralPolicy];
            assert!(national.contains(&level), "{}: {level:?}", item.code());
        }
    }
}

#[test]
fn sec_2_a_decision_from_before_the_basis_does_not_come_in() {
    let row = |decided| PenaltyRow { decided, kind: "罚款" }.on((2021, 1, 4));
    assert_eq!(row((2020, 12, 6)).err(), Some(vec![Reason::NoBasis]));
    assert!(row((2020, 12, 7)).is_ok());
}

#[test]
fn sec_2_a_column_outside_the_item_is_no_field_of_it() {
    for heading in ["文明积分", "献血次数", "闯红灯次数", "物业费欠缴"] {
        assert_eq!(item("penalty").match_heading(heading), None, "{heading}");
    }
    assert!(item("penalty").match_heading("行政处罚决定书文号").is_some());
}

#[test]
fn sec_2_an_adverse_item_asks_for_the_number_and_the_kind_of_its_document() {
    const DAY: &str = r#"
[[item.field]]
code = "RDRQ"
label = "认定日期"
label_en = "Day of the document"
type = "date"
required = true
identity = true
role = "decided_on"
shown_to = ["subject", "check"]
content = "decision"
"#;
    const NUMBER: &str = r#"
[[item.field]]
code = "RDWH"
label = "文号"
label_en = "Number"
type = "text"
max_length = 100
required = true
role = "document_number"
shown_to = ["subject", "check"]
content = "decision"
"#;
    let asking = |fields: &[&str]| {
        let bare = Proposal::new().with("\"party-person\", \"determination\", \"source\"", "\"party-person\"");
        fields.iter().fold(bare, |proposal, field| proposal.and(field)).refused()
    };
    let kind = NUMBER.replace("RDWH", "WSLX").replace("文号", "文书类型").replace("\"Number\"", "\"Kind\"");
    let kind = kind.replace("document_number", "document_type");
    assert_eq!(asking(&[DAY]), [FindingRule::MissingRole], "no document");
    assert_eq!(asking(&[DAY, NUMBER]), [FindingRule::MissingRole], "a number of nobody knows what");
    assert_eq!(asking(&[DAY, NUMBER, &kind]), []);
    assert_eq!(asking(&[DAY, &NUMBER.replace("文号", "处罚决定书文号")]), [], "a label that names the document");
    let adverse: Vec<_> = items().iter().filter(|item| item.item.polarity == Polarity::Adverse).collect();
    assert!(adverse.len() > 10, "{}", adverse.len());
    for item in adverse {
        assert!(item.field_of(FieldRole::DocumentNumber).is_some_and(|def| def.field.required), "{}", item.code());
    }
}

/// 三、规范公共信用信息共享公开范围和程序.
#[test]
fn sec_3_a_use_that_the_catalogue_does_not_state_does_not_happen() {
    let (on, person) = (day((2026, 9, 1)), SubjectKind::Person);
    let mut closed = 0;
    for item in items() {
        for use_for in [Use::Public, Use::Report, Use::Check] {
            let stated =
                item.item.use_rules.iter().any(|rule| rule.use_for == use_for && rule.subjects.contains(&person));
            if !stated {
                closed += 1;
                assert!(item.may_show(use_for, on, person, None).is_none(), "{} {use_for:?}", item.code());
            }
        }
    }
    assert!(closed > items().len(), "{closed}");
}

#[test]
fn sec_3_what_is_not_public_in_the_catalogue_is_not_published() {
    const PUBLISHED: &str = "\n[[item.use]]\nfor = \"public\"\nfrom = 2026-04-01\nsubjects = [\"person\"]\nclause = \"penalty-law#art-48\"\n";
    let shared = Proposal::new().with("sharing = \"public\"", "sharing = \"government\"");
    assert_eq!(shared.and(PUBLISHED).refused(), [FindingRule::UseRule]);
    let on_an_opinion = PUBLISHED.replace("penalty-law#art-48", "state-council-2020-49#sec-3");
    assert_eq!(Proposal::new().and(&on_an_opinion).refused(), [FindingRule::PublicationBasis]);
}

/// 四、规范严重失信主体名单认定标准和程序.
#[test]
fn sec_4_every_shipped_list_rests_on_a_law_a_regulation_or_a_central_policy_and_holds_no_person() {
    let on = day((2026, 9, 1));
    let lists: Vec<_> = items().iter().filter(|item| item.item.class == "严重失信主体名单").collect();
    assert!(lists.len() > 10, "{}", lists.len());
    for item in lists {
        assert!(item.basis_on(on).next().is_some(), "{}", item.code());
        assert!(
            !item.allows(SubjectKind::Person),
            "{}: the persons responsible are told of by their own item",
            item.code()
        );
    }
}

/// 五、依法依规开展失信惩戒.
const MEASURE: &str = r#"
[[measure]]
code = "proposed-measure"
name = "拟增措施"
name_en = "Proposed measure"
items = ["proposed"]
agency = "market_regulation"
clause = "food-safety-law#archive"
from = "2026-04-01"
"#;

#[rstest]
#[case::as_proposed("", "", true)]
#[case::on_a_department_rule("food-safety-law#archive", "order-36#effect", false)]
#[case::on_the_national_list_by_itself("food-safety-law#archive", "national-measures-2024#list", false)]
#[case::by_nobody("agency = \"market_regulation\"", "agency = \"\"", false)]
#[case::from_no_fact("items = [\"proposed\"]", "items = []", false)]
#[case::from_what_is_no_item("items = [\"proposed\"]", "items = [\"blood-donation\"]", false)]
fn sec_5_a_measure_needs_a_fact_an_agency_and_a_law(#[case] from: &str, #[case] to: &str, #[case] stands: bool) {
    let refused = Proposal::new().and(&MEASURE.replacen(from, to, 1)).refused();
    assert_eq!(refused, if stands { vec![] } else { vec![FindingRule::Measure] });
}

#[test]
fn sec_5_no_shipped_measure_restricts_travel_housing_schooling_or_consumption() {
    assert!(catalogue().measures().len() > 5, "{}", catalogue().measures().len());
    for measure in catalogue().measures() {
        let (law, _) = catalogue().clause(&measure.clause).expect("a clause");
        assert!(law.level.may_found_collection() && !measure.agency.is_empty(), "{}", measure.code);
        for word in ["乘", "出行", "出境", "高铁", "飞机", "购房", "住房", "入学", "子女", "就读", "消费", "贷款"]
        {
            assert!(!measure.name.contains(word), "{}: {}", measure.code, measure.name);
        }
    }
}

#[test]
fn sec_5_what_bars_at_a_window_quotes_a_statute_that_says_so() {
    let mut bars = 0;
    for relevance in catalogue().matters().iter().flat_map(|matter| &matter.matter.relevant) {
        if relevance.finding == FindingKind::Bars {
            bars += 1;
            let (law, clause) = catalogue().clause(&relevance.clause).expect("a clause");
            assert!(matches!(law.level, LawLevel::Law | LawLevel::AdministrativeRegulation), "{}", relevance.clause);
            assert!(!relevance.quote.is_empty() && clause.says.contains(&relevance.quote), "{}", relevance.clause);
        }
    }
    assert!(bars > 10, "{bars}");
}
