//! Loading: one meaning, found fast, known by its content.

use chengxin_core::catalogue::model::FieldRole;
use chengxin_core::catalogue::{Catalogue, FindingRule, HeadingMatch, check};
use proptest::prelude::*;

use crate::example::{PLACE, TODAY, changed, files, load};

#[test]
fn fields_of_sets_come_before_the_items_own() {
    let catalogue = load(&files());
    let item = catalogue.item("penalty").unwrap();
    let codes: Vec<_> = item.fields.iter().map(|def| def.field.code.as_str()).collect();
    assert_eq!(codes, ["MC", "LB", "ZJLX", "ZJHM", "SHXYM", "WSH", "CFLB", "FK", "JDRQ", "BZ"]);
    assert_eq!(item.fields[0].fieldset.as_deref(), Some("party"));
    assert_eq!(item.fields[5].fieldset, None);
    assert_eq!(item.identity_fields(), [5]);
    assert_eq!(item.index_of(FieldRole::DecidedOn), Some(8));
    assert_eq!(item.index_of(FieldRole::SourceTime), None);
    assert_eq!(item.field("FK").unwrap().field.label, "罚款金额（万元）");
    assert!(item.field("fk").is_none(), "codes are exact; headings are not");
    assert!(item.concerns_people());
}

#[test]
fn items_laws_clauses_lists_and_measures_are_found_by_code() {
    let catalogue = load(&files());
    let (law, clause) = catalogue.clause("penalty-law#art-48").unwrap();
    assert_eq!((law.title.as_str(), clause.label.as_str()), ("行政处罚法", "第四十八条"));
    assert!(catalogue.clause("penalty-law").is_none());
    assert!(catalogue.clause("order-36#art-48").is_none());
    assert_eq!(catalogue.laws().len(), 3);
    assert_eq!(catalogue.measures()[0].agency, "市场监督管理部门");
    assert_eq!(catalogue.items().len(), 1);
    assert!(catalogue.item("penalties").is_none());
    assert!(catalogue.dictionary("domain").is_some());
}

#[test]
fn a_spelling_becomes_the_stored_value_and_says_so() {
    let catalogue = load(&files());
    let choices = catalogue.item("penalty").unwrap().field("LB").unwrap().choices.clone().unwrap();
    assert_eq!(choices.normalise("自然人"), Some(("自然人", false)));
    assert_eq!(choices.normalise("个人"), Some(("自然人", true)));
    assert_eq!(choices.normalise(" 自 然 人 "), Some(("自然人", true)));
    assert_eq!(choices.normalise("２"), Some(("法人及非法人组织", true)));
    assert_eq!(choices.normalise("3"), None);
    assert_eq!(choices.index_of("法人"), Some(1));
    assert_eq!(choices.values().collect::<Vec<_>>(), ["自然人", "法人及非法人组织"]);
    assert!(choices.holds("自然人") && !choices.holds("个人"));
}

#[test]
fn a_document_kind_without_a_dictionary_takes_the_one_of_document_kinds() {
    let catalogue = load(&files());
    let choices = catalogue.item("penalty").unwrap().field("ZJLX").unwrap().choices.clone().unwrap();
    assert_eq!(choices.normalise("01"), Some(("身份证", true)));
}

#[test]
fn headings_of_an_item_are_matched_through_the_catalogue() {
    let catalogue = load(&files());
    let item = catalogue.item("penalty").unwrap();
    assert_eq!(item.match_heading("＊罚款金额(万元)（必填）"), Some(7));
    assert_eq!(item.match_heading("wsh"), Some(5));
    assert_eq!(item.match_heading("名称"), Some(0));
    assert_eq!(item.match_heading("法定代表人"), None);
    assert_eq!(item.match_heading("罚款金额（元）"), None);
    assert_eq!(item.heading("罚款金额（元）"), HeadingMatch::WrongUnit(7));
}

#[test]
fn the_hash_knows_content_and_names_and_not_the_order_of_files() {
    let catalogue = load(&files());
    let mut reversed = files();
    reversed.reverse();
    assert_eq!(load(&reversed).hash, catalogue.hash);
    assert_eq!(catalogue.hash_hex().len(), 64);
    let mut renamed = files();
    renamed[0].0 = "law.toml".to_owned();
    assert_ne!(load(&renamed).hash, catalogue.hash);
    assert_ne!(load(&changed("max_months = 36", "max_months = 35")).hash, catalogue.hash);
    // What moves from the end of one file to the beginning of the next is another catalogue.
    let split = |a: &str, b: &str| load(&[("a".to_owned(), a.to_owned()), ("b".to_owned(), b.to_owned())]).hash;
    assert_ne!(split("# one\n# two\n", ""), split("# one\n", "# two\n"));
}

#[test]
fn loading_refuses_what_has_no_one_meaning_and_tells_everything_at_once() {
    let mut files = changed("uses = [\"party\"]", "uses = [\"partie\"]");
    files.push(("a.toml".to_owned(), "[[item".to_owned()));
    files.push(("b.toml".to_owned(), "colour = 1\n".to_owned()));
    let rules: Vec<_> = Catalogue::load(&files).unwrap_err().iter().map(|f| (f.file.clone(), f.rule)).collect();
    assert_eq!(
        rules,
        [
            ("a.toml".to_owned(), FindingRule::NotReadable),
            ("b.toml".to_owned(), FindingRule::NotReadable),
            ("items.toml".to_owned(), FindingRule::UnknownFieldset),
        ]
    );
}

#[test]
fn an_empty_catalogue_loads_and_holds_nothing() {
    let catalogue = Catalogue::load(&[]).unwrap();
    assert!(catalogue.items().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A half-written file is refused or judged; every finding names a line that the file has.
    #[test]
    fn a_file_cut_anywhere_is_judged_on_lines_that_it_has(file in 0usize..4, share in 0.0f64..1.0) {
        let mut files = files();
        let text = &mut files[file].1;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a short text")]
        let at = text.floor_char_boundary((text.len() as f64 * share) as usize);
        text.truncate(at);
        for finding in check(&files, TODAY, PLACE) {
            let (_, text) = files.iter().find(|(name, _)| *name == finding.file).expect("a file that was given");
            prop_assert!((1..=text.lines().count().max(1) + 1).contains(&finding.line), "{finding}");
        }
    }

    /// No heading, however odd, breaks the matching; and what it matches, it matches again once trimmed.
    #[test]
    fn any_heading_is_matched_or_not_without_breaking(heading in "[ 　（）()*：a-zA-Z_罚款金额万元名称文书号必填]{0,20}") {
        let catalogue = load(&files());
        let item = catalogue.item("penalty").expect("the example has it");
        prop_assert_eq!(item.heading(&heading), item.heading(heading.trim()));
    }
}
