//! What the checker refuses about matters: each with file, line, matter and reason.

use chengxin_core::catalogue::{Catalogue, FindingRule, check, impact};
use chengxin_core::{Ground, Say};
use jiff::civil::date;

use crate::example::{self, PLACE, TODAY, assert_found, load};

const LAWS: &str = r#"
[[law]]
code = "trade-law"
title = "行业法"
title_en = "Trade law"
level = "law"
from = 2021-01-01

[[law.clause]]
code = "art-5"
label = "第五条"
says = "经营者应当取得许可；主管部门应当逐一核查全部申请人。"
says_en = "Traders need a permit; every applicant is examined."
verified = true

[[law.clause]]
code = "art-9"
label = "第九条"
says = "被限制从业的，限制期内不得申请许可；会展表彰不影响许可。"
says_en = "Whoever is banned may not apply while the ban lasts; fair awards do not matter."
verified = true

[[dictionary]]
code = "yes"
name = "是否"
name_en = "Yes or no"
[[dictionary.value]]
value = "是"
en = "yes"
"#;

/// Items as the rules about matters need them: adverse, good, of another field, never shown at a check.
fn items() -> String {
    let item = |code: &str, polarity: &str, domains: &str, uses: &str, extra: &str| {
        format!(
            r#"
[[item]]
code = "{code}"
name = "事项{code}"
name_en = "Item {code}"
class = "行政管理"
domains = [{domains}]
subjects = ["person", "organisation"]
authorities = ["market"]
polarity = "{polarity}"
sharing = "government"
open_to_minors = false
uses = ["party"]
{extra}
[[item.basis]]
clause = "trade-law#art-5"
from = 2021-01-01
[[item.period]]
from = 2021-01-01
max_months = 36
clock = "decided_on"
clause = "order-36#periods"
[[item.use]]
for = "{uses}"
from = 2021-01-01
subjects = ["person", "organisation"]
clause = "trade-law#art-5"
[[item.repair]]
from = 2026-04-01
conditions = ["已改正"]
conditions_en = ["The conduct is corrected"]
accept_working_days = 3
decide_working_days = 10
clause = "order-36#periods"
[[item.field]]
code = "WH"
label = "决定书文号"
label_en = "Number"
type = "text"
max_length = 100
required = true
identity = true
role = "document_number"
shown_to = ["subject", "check"]
content = "decision"
[[item.field]]
code = "RQ"
label = "决定日期"
label_en = "Date"
type = "date"
required = true
role = "decided_on"
shown_to = ["subject", "check"]
content = "decision"
[[item.field]]
code = "JY"
label = "是否禁业"
label_en = "Ban"
type = "choice"
dictionary = "yes"
shown_to = ["subject", "check"]
content = "decision"
[[item.field]]
code = "NB"
label = "内部备注"
label_en = "Note"
type = "text"
max_length = 100
shown_to = ["subject"]
content = "remark"
"#
        )
    };
    let own = "\"食品药品\"";
    [
        item(
            "ban",
            "adverse",
            own,
            "check",
            "safety_bar = true\nsafety_bar_if = { fields = [\"JY\"], any_of = [\"是\"] }",
        ),
        item("kept", "positive", own, "check", ""),
        item("elsewhere", "adverse", "", "check", ""),
        item("hidden", "adverse", own, "report", ""),
    ]
    .concat()
}

const MATTER: &str = r#"
[[matter]]
code = "permit"
name = "经营许可"
name_en = "Trade permit"
authorities = ["market"]
domains = ["食品药品"]
subjects = ["person", "organisation"]
clause = "trade-law#art-5"
ground = "duty"
open_to_minors = false
working_days = 10
from = 2022-01-01

[[matter.relevant]]
items = ["ban"]
finding = "bars"
clause = "trade-law#art-9"
when = [{ fields = ["JY"], any_of = ["是"] }]
within_months = 36
quote = "限制期内不得申请许可"
means = "限制期内不得申请。"
means_en = "No application while the ban lasts."
can_do = "期满后再申请。"
can_do_en = "Apply when it is over."

[[matter.relevant]]
class = "行政管理"
finding = "informs"
clause = "trade-law#art-5"
means = "供参考。"
means_en = "For information."
can_do = "有误的可以更正。"
can_do_en = "Have it corrected."

[[matter.convenience]]
kind = "green_lane"
item = "kept"
clause = "trade-law#art-5"
means = "优先受理。"
means_en = "Taken first."
"#;

fn files() -> Vec<(String, String)> {
    let mut files = example::files();
    files.push(("more-laws.toml".to_owned(), LAWS.to_owned()));
    files.push(("more-items.toml".to_owned(), items()));
    files.push(("matters/permit.toml".to_owned(), MATTER.to_owned()));
    files
}

/// The example with one passage of the matter, which must stand there exactly once, replaced.
fn changed(from: &str, to: &str) -> Vec<(String, String)> {
    assert_eq!(MATTER.matches(from).count(), 1, "the passage to change must stand in the matter exactly once: {from}");
    let mut files = files();
    files.last_mut().unwrap().1 = MATTER.replace(from, to);
    files
}

#[track_caller]
fn refused(from: &str, to: &str, code: &str) {
    for finding in assert_found(&changed(from, to), code) {
        assert_eq!(finding.matter.as_deref(), Some("permit"), "it names the matter");
        assert!(finding.to_string().contains(": permit: ["), "{finding}");
    }
}

#[test]
fn the_example_matter_has_nothing_wrong_with_it() {
    assert_eq!(check(&files(), TODAY, PLACE), []);
}

#[test]
fn two_matters_with_one_code_are_refused() {
    let mut files = files();
    files.last_mut().unwrap().1.push_str(&MATTER.replace("code = \"permit\"", "code = \"permit\" #!"));
    let found = assert_found(&files, "duplicate_code");
    assert_eq!(found[0].matter.as_deref(), Some("permit"));
    assert!(Catalogue::load(&files).is_err());
}

#[test]
fn a_misspelt_key_of_a_matter_is_refused_and_not_read_as_absent() {
    assert_found(&changed("open_to_minors = false", "open_to_minors = false\nsilent = true #!"), "not_readable");
}

#[test]
fn a_matter_that_leaves_out_what_a_finding_means_is_refused() {
    refused("means = \"限制期内不得申请。\"", "means = \"\" #!", "matter_words");
    refused("can_do_en = \"Have it corrected.\"", "can_do_en = \" \" #!", "matter_words");
    refused("name_en = \"Trade permit\"", "name_en = \"\" #!", "matter_words");
    refused("means_en = \"Taken first.\"", "means_en = \"\" #!", "matter_words");
    let without = check(&changed("can_do = \"期满后再申请。\"\n", ""), TODAY, PLACE);
    assert_eq!(without[0].rule, FindingRule::NotReadable, "{without:#?}");
}

#[test]
fn a_matter_for_nobody_or_by_nobody_or_about_nothing_is_refused() {
    refused("authorities = [\"market\"]", "authorities = [] #!", "empty_matter");
    let findings = check(&changed("subjects = [\"person\", \"organisation\"]", "subjects = []"), TODAY, PLACE);
    assert!(findings.iter().any(|f| f.rule == FindingRule::EmptyMatter), "{findings:#?}");
    let only_head = MATTER.split("[[matter.relevant]]").next().unwrap();
    let mut files = files();
    files.last_mut().unwrap().1 = only_head.replace("[[matter]]", "[[matter]] #!");
    assert_found(&files, "empty_matter");
}

#[test]
fn a_matter_without_a_field_of_life_or_an_occupation_is_refused() {
    let findings = check(&changed("domains = [\"食品药品\"]\n", ""), TODAY, PLACE);
    assert!(findings.iter().any(|f| f.rule == FindingRule::EmptyMatter && f.say.en.contains("field of life")));
}

#[test]
fn words_of_a_matter_outside_their_lists_are_refused() {
    refused("authorities = [\"market\"]", "authorities = [\"market\", \"markets\"] #!", "unknown_word");
    refused("domains = [\"食品药品\"]", "domains = [\"食品药品\", \"食品\"] #!", "unknown_word");
    refused("class = \"行政管理\"", "class = \"行政\" #!", "unknown_word");
}

#[test]
fn an_unknown_clause_of_a_matter_is_refused_wherever_it_is_cited() {
    refused("clause = \"trade-law#art-5\"\nground", "clause = \"trade-law#art-6\" #!\nground", "unknown_clause");
    refused("clause = \"trade-law#art-5\"\nmeans = \"供", "clause = \"trade-law\" #!\nmeans = \"供", "unknown_clause");
    refused("clause = \"trade-law#art-5\"\nmeans = \"优", "clause = \"x\" #!\nmeans = \"优", "unknown_clause");
}

#[test]
fn a_matter_on_a_clause_of_a_law_that_is_not_in_force_here_today_is_refused() {
    let cite = "clause = \"trade-law#art-5\"\nground";
    let mut files = changed(cite, "clause = \"later-law#art-1\" #!\nground");
    files[5].1.push_str(
        "\n[[law]]\ncode = \"later-law\"\ntitle = \"后法\"\ntitle_en = \"Later law\"\nlevel = \"law\"\nfrom = 2027-01-01\n\
         [[law.clause]]\ncode = \"art-1\"\nlabel = \"第一条\"\nsays = \"一\"\nsays_en = \"one\"\nverified = true\n",
    );
    assert_found(&files, "matter_basis");
    files[5].1 = files[5].1.replace(
        "level = \"law\"\nfrom = 2027-01-01",
        "level = \"local_regulation\"\nplace = \"3101\"\nfrom = 2020-01-01",
    );
    assert_found(&files, "matter_basis");
}

#[test]
fn a_matter_that_ends_before_it_begins_is_refused() {
    refused("from = 2022-01-01", "from = 2022-01-01\nuntil = 2021-12-31 #!", "overlapping_dates");
}

#[test]
fn a_matter_open_to_minors_is_refused() {
    refused("open_to_minors = false", "open_to_minors = true #!", "open_to_minors");
}

#[test]
fn a_matter_that_would_grade_people_is_refused() {
    refused("name = \"经营许可\"", "name = \"信用积分核查\" #!", "matter_grades");
    refused("means = \"供参考。\"", "means = \"信用评级较低。\" #!", "matter_grades");
    refused("means_en = \"For information.\"", "means_en = \"A low credit score.\" #!", "matter_grades");
}

#[test]
fn evaluations_are_not_among_what_a_check_answers_with() {
    let class = "[[dictionary.value]]\nvalue = \"行政管理\"\nen = \"administration\"\n";
    let graded = "[[dictionary.value]]\nvalue = \"信用评价结果\"\nen = \"evaluation\"\n";
    let with_class = |mut files: Vec<(String, String)>| {
        files[1].1 = files[1].1.replacen(class, &format!("{class}{graded}"), 1);
        files
    };
    let files = with_class(changed("class = \"行政管理\"", "class = \"信用评价结果\" #!"));
    assert_found(&files, "matter_grades");
    let mut files = with_class(changed("items = [\"ban\"]", "items = [\n\"ban\",\n\"elsewhere\", #!\n]"));
    files[4].1 += &example::RETENTION.replace("行政管理", "信用评价结果");
    let at = files[6].1.find("code = \"elsewhere\"").unwrap();
    let rest = files[6].1.split_off(at).replacen("class = \"行政管理\"", "class = \"信用评价结果\"", 1);
    files[6].1.push_str(&rest);
    assert_found(&files, "matter_grades");
}

#[test]
fn a_matter_that_speaks_of_a_forbidden_kind_is_refused() {
    refused("name = \"经营许可\"", "name = \"患者用药许可\" #!", "forbidden_field");
}

#[test]
fn an_item_that_is_unknown_or_never_shown_at_a_check_is_refused() {
    refused("items = [\"ban\"]", "items = [\n\"ban\",\n\"bann\", #!\n]", "matter_item");
    refused("items = [\"ban\"]", "items = [\n\"ban\",\n\"hidden\", #!\n]", "matter_item");
    refused("item = \"kept\"", "item = \"keptt\" #!", "matter_item");
}

#[test]
fn an_item_about_others_than_the_applicants_is_refused() {
    let mut files = changed("subjects = [\"person\", \"organisation\"]", "subjects = [\"sole_trader\"]");
    let text = files.last_mut().unwrap();
    text.1 = text.1.replace("items = [\"ban\"]", "items = [\"ban\"] #!");
    let findings = check(&files, TODAY, PLACE);
    assert!(findings.iter().any(|f| f.rule == FindingRule::MatterItem && f.say.en.contains("not about anybody")));
}

#[test]
fn items_and_a_class_together_or_neither_are_refused() {
    refused("items = [\"ban\"]", "items = [\"ban\"] #!\nclass = \"行政管理\"", "matter_item");
    refused("items = [\"ban\"]", "items = [] #!", "matter_item");
}

#[test]
fn an_item_outside_the_matters_field_is_refused_unless_the_clause_names_it() {
    let outside = |quote: &str| changed("item = \"kept\"", &format!("item = \"kept\"\n{quote}"));
    let elsewhere = |files: Vec<(String, String)>| -> Vec<(String, String)> {
        let mut files = files;
        let at = files[6].1.find("code = \"kept\"").unwrap();
        let rest = files[6].1.split_off(at).replacen("domains = [\"食品药品\"]", "domains = []", 1);
        files[6].1.push_str(&rest);
        files
    };
    let mut files = elsewhere(outside(""));
    files[7].1 = files[7].1.replace("item = \"kept\"", "item = \"kept\" #!");
    assert_found(&files, "outside_field");
    assert_eq!(check(&elsewhere(outside("quote = \"经营者应当取得许可\"")), TODAY, PLACE), [], "the clause names it");
    assert_found(&elsewhere(outside("quote = \"经营者应当表彰\" #!")), "outside_field");
    let adverse = "clause = \"trade-law#art-5\"\nmeans = \"供参考。\"";
    let class = format!("class = \"行政管理\"\nfinding = \"informs\"\n{adverse}");
    let items = format!("items = [\"elsewhere\"] #!\nfinding = \"consider\"\n{adverse}");
    refused(&class, &items, "outside_field");
}

#[test]
fn an_item_of_many_fields_is_not_taken_whole() {
    let many = "\"食品药品\", \"甲\", \"乙\", \"丙\", \"丁\", \"戊\"";
    let words = ["甲", "乙", "丙", "丁", "戊"];
    let added: String =
        words.iter().map(|word| format!("[[dictionary.value]]\nvalue = \"{word}\"\nen = \"{word}\"\n")).collect();
    let food = "[[dictionary.value]]\nvalue = \"食品药品\"\nen = \"food and drugs\"\n";
    let wide = |mut files: Vec<(String, String)>| {
        files[1].1 = files[1].1.replacen(food, &format!("{food}{added}"), 1);
        let at = files[6].1.find("code = \"ban\"").unwrap();
        let rest = files[6].1.split_off(at).replacen("domains = [\"食品药品\"]", &format!("domains = [{many}]"), 1);
        files[6].1.push_str(&rest);
        files
    };
    let whole = changed("when = [{ fields = [\"JY\"], any_of = [\"是\"] }]\n", "");
    let findings = check(&wide(whole), TODAY, PLACE);
    assert!(findings.iter().all(|f| f.rule == FindingRule::MatterTooWide), "{findings:#?}");
    assert_eq!(findings.len(), 2, "by code and by class: {findings:#?}");
    let foreign = changed("finding = \"bars\"", "authorities = [\"market\"]\nfinding = \"bars\"");
    let by_class: Vec<_> = check(&wide(foreign), TODAY, PLACE).into_iter().map(|f| f.line).collect();
    assert_eq!(by_class.len(), 1, "the first is narrowed now");
}

#[test]
fn a_bar_without_the_words_of_a_statute_that_prohibits_is_refused() {
    refused(
        "finding = \"bars\"\nclause = \"trade-law#art-9\"\nwhen = [{ fields = [\"JY\"], any_of = [\"是\"] }]\nwithin_months = 36\nquote = \"限制期内不得申请许可\"",
        "finding = \"bars\" #!\nclause = \"trade-law#art-9\"\nquote = \"会展表彰\"",
        "bar_without_prohibition",
    );
    refused(
        "finding = \"bars\"\nclause = \"trade-law#art-9\"\nwhen = [{ fields = [\"JY\"], any_of = [\"是\"] }]\nwithin_months = 36\nquote = \"限制期内不得申请许可\"",
        "finding = \"bars\" #!\nclause = \"order-36#periods\"",
        "bar_without_prohibition",
    );
}

#[test]
fn what_is_not_adverse_only_informs_and_no_class_bars() {
    let good = "items = [\"ban\"]\nfinding = \"bars\"\nclause = \"trade-law#art-9\"\nwhen = [{ fields = [\"JY\"], any_of = [\"是\"] }]";
    refused(good, "items = [\"kept\"]\nfinding = \"consider\" #!\nclause = \"trade-law#art-9\"", "finding_kind");
    let findings = check(&changed("items = [\"ban\"]", "class = \"行政管理\""), TODAY, PLACE);
    assert!(findings.iter().any(|f| f.rule == FindingRule::FindingKind && f.say.en.contains("never by class")));
}

#[test]
fn a_condition_that_no_record_can_be_held_against_is_refused() {
    let when = "when = [{ fields = [\"JY\"], any_of = [\"是\"] }]";
    for broken in [
        "{ fields = [\"JYY\"], any_of = [\"是\"] }",
        "{ fields = [\"JY\"], any_of = [\"否\"] }",
        "{ fields = [\"NB\"], contains = [\"甲\"] }",
        "{ fields = [\"JY\"] }",
        "{ fields = [], any_of = [\"是\"] }",
    ] {
        refused(when, &format!("when = [\n{broken}, #!\n]"), "matter_condition");
    }
    refused(when, "while_valid = true #!", "matter_condition");
    refused("within_months = 36", "within_months = 0 #!", "matter_condition");
}

#[test]
fn a_safety_bar_is_narrowed_only_by_fields_that_exist() {
    let mut files = files();
    files[6].1 = files[6].1.replace("safety_bar_if = { fields = [\"JY\"]", "safety_bar_if = { fields = [\"JZ\"]");
    let findings = check(&files, TODAY, PLACE);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].rule, findings[0].item.as_deref()), (FindingRule::UnknownField, Some("ban")));
    files[6].1 = files[6].1.replace("JZ", "JY").replace("safety_bar = true\n", "");
    assert_eq!(check(&files, TODAY, PLACE)[0].rule, FindingRule::UnknownField);
}

#[test]
fn consent_is_asked_only_where_refusing_costs_nothing() {
    refused("ground = \"duty\"", "ground = \"consent\" #!", "matter_ground");
    let says = "ground = \"consent\"\nif_refused = \"照常办理\"\nif_refused_en = \"Handled as usual\"";
    let mut files = changed("ground = \"duty\"", says);
    let text = files.last_mut().unwrap();
    text.1 = text.1.replace("finding = \"bars\"", "finding = \"bars\" #!");
    assert_found(&files, "matter_ground");
    text_of(&mut files, "finding = \"bars\" #!", "finding = \"consider\"");
    assert_eq!(check(&files, TODAY, PLACE), []);
}

fn text_of(files: &mut [(String, String)], from: &str, to: &str) {
    let text = files.last_mut().unwrap();
    text.1 = text.1.replace(from, to);
}

#[test]
fn a_batch_is_refused_unless_the_clause_asks_for_it() {
    refused("ground = \"duty\"", "ground = \"duty\"\nbatch = true #!", "matter_batch");
    refused("ground = \"duty\"", "ground = \"duty\"\nbatch = true #!\nbatch_quote = \"全部居民\"", "matter_batch");
    let asked = changed("ground = \"duty\"", "ground = \"duty\"\nbatch = true\nbatch_quote = \"核查全部申请人\"");
    assert_eq!(check(&asked, TODAY, PLACE), []);
}

#[test]
fn an_ease_rests_on_one_good_fact_and_states_the_ordinary_time() {
    refused("item = \"kept\"", "item = \"ban\" #!", "convenience");
    let mut files = changed("working_days = 10\n", "");
    text_of(&mut files, "kind = \"green_lane\"", "kind = \"green_lane\" #!");
    assert_found(&files, "convenience");
}

#[test]
fn there_is_no_ease_in_health_school_relief_or_utilities() {
    let mut files = changed("kind = \"green_lane\"", "kind = \"green_lane\" #!");
    for (_, text) in &mut files {
        *text = text.replace("\"market\"", "\"health\"");
    }
    assert_found(&files, "convenience");
}

#[test]
fn clauses_of_matters_that_nobody_read_are_noted() {
    let mut files = files();
    files[5].1 = files[5].1.replacen("verified = true", "verified = false", 2);
    let notes: Vec<_> = check(&files, TODAY, PLACE);
    assert!(notes.iter().all(|f| f.rule == FindingRule::Unverified));
    assert!(notes.iter().any(|f| f.say.en.contains("permit")), "{notes:#?}");
}

#[test]
fn a_matter_is_dated_and_knows_who_may_ask_on_which_ground() {
    let catalogue = load(&changed("from = 2022-01-01", "from = 2022-01-01\nuntil = 2027-01-01"));
    let matter = catalogue.matter("permit").unwrap();
    assert!(!matter.holds_on(date(2021, 12, 31)) && matter.holds_on(date(2022, 1, 1)));
    assert!(matter.holds_on(date(2026, 12, 31)) && !matter.holds_on(date(2027, 1, 1)));
    assert!(matter.may_be_asked_by("market") && !matter.may_be_asked_by("tax"));
    assert!(matter.accepts(&Ground::Duty("trade-law#art-5".to_owned())));
    assert!(!matter.accepts(&Ground::Duty("trade-law#art-9".to_owned())), "only the clause that states the matter");
    assert!(!matter.accepts(&Ground::Consent("1".to_owned())) && !matter.accepts(&Ground::Operation));
    assert!(matter.accepts(&Ground::OwnRight), "a person previews what a window would see");
    assert_eq!(matter.items(), ["ban", "kept"], "by code and by class: its own field, and what a check may show");
    assert_eq!(catalogue.matter("permits"), None);
}

#[test]
fn a_changed_matter_is_told_among_what_a_new_catalogue_changes() {
    let (old, new) = (load(&files()), load(&changed("within_months = 36", "within_months = 24")));
    let told: Vec<Say> = impact(&old, &new).shared;
    assert!(told.iter().any(|say| say.en.contains("matter permit changes")), "{told:?}");
}
