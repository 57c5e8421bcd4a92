//! 征信业管理条例 第十四条 (in force 2013-03-15): religion, genes, fingerprints, blood type, disease and medical history may not be collected. It binds credit
//! agencies: by analogy, and compiled in, so that no file of a catalogue can loosen it.
//!
//! Departure: the second paragraph (not read at its source) lets income, deposits, securities, insurance, real estate and amounts of tax be collected on written
//! consent. Here nobody's consent opens the first four. Of people the last two are no kinds of their own: no shipped item has a field for them.

use chengxin_core::catalogue::FindingRule;
use chengxin_core::catalogue::forbidden::{content, scan};
use rstest::rstest;

use crate::clocks::items;
use crate::proposal::Proposal;

/// What the first paragraph names, with the word of the closed vocabulary.
const NAMED: [(&str, &str); 6] = [
    ("宗教信仰", "religion"),
    ("基因", "genes"),
    ("指纹", "fingerprints"),
    ("血型", "blood_type"),
    ("疾病", "disease"),
    ("病史", "medical_history"),
];

#[test]
fn each_kind_that_the_article_names_is_forbidden_whomever_the_item_is_about() {
    for (named, code) in NAMED {
        assert!(content(code).is_some_and(|content| !content.allowed), "{named}");
        for people in [true, false] {
            assert_eq!(scan(named, people).map(|hit| hit.content.code), Some(code), "{named}, people: {people}");
        }
    }
}

#[test]
fn a_catalogue_that_would_collect_one_is_refused_by_its_heading_or_by_what_it_says_of_itself() {
    for (named, code) in NAMED {
        let by_heading = Proposal::new().with("拟采集内容", named);
        assert_eq!(by_heading.refused(), [FindingRule::ForbiddenField], "{named}");
        let by_content = Proposal::new().with("content = \"decision\"", &format!("content = \"{code}\""));
        assert_eq!(by_content.refused(), [FindingRule::ForbiddenField], "{code}");
    }
}

#[rstest]
#[case::spaced("血 型")]
#[case::longer("宗教信仰情况")]
#[case::another_word("既往病史")]
#[case::english("Fingerprint image")]
#[case::an_abbreviation("DNA 样本编号")]
fn another_spelling_hides_nothing(#[case] heading: &str) {
    assert_eq!(Proposal::new().with("拟采集内容", heading).refused(), [FindingRule::ForbiddenField]);
}

#[test]
fn no_shipped_item_takes_a_column_of_such_a_heading() {
    assert!(items().len() > 60, "{}", items().len());
    for item in items() {
        for (named, _) in NAMED {
            assert_eq!(item.match_heading(named), None, "{}: {named}", item.code());
        }
    }
}

#[rstest]
#[case::income("个人收入")]
#[case::deposits("银行存款")]
#[case::securities("有价证券")]
#[case::insurance("商业保险")]
fn of_people_income_and_savings_are_refused_with_consent_or_without(#[case] named: &str) {
    assert_eq!(scan(named, true).map(|hit| hit.content.code), Some("wealth"));
    assert_eq!(scan(named, false), None, "of an organisation it is an ordinary matter");
    let on_consent = Proposal::new()
        .with("拟采集内容", named)
        .with("sharing = \"public\"", "sharing = \"consent\"\nown_wish = true")
        .with("polarity = \"adverse\"", "polarity = \"neutral\"");
    assert_eq!(on_consent.refused(), [FindingRule::ForbiddenField]);
}

#[test]
fn of_people_no_shipped_field_is_about_real_estate_or_the_amount_of_tax() {
    let about_people: Vec<_> = items().iter().filter(|item| item.concerns_people()).collect();
    assert!(about_people.len() > 30, "{}", about_people.len());
    for item in about_people {
        for field in item.fields.iter().map(|def| &def.field) {
            for word in ["不动产", "房产", "房屋", "纳税额", "纳税数额", "税额"] {
                assert!(!field.label.contains(word), "{}: {}", item.code(), field.label);
            }
        }
    }
}
