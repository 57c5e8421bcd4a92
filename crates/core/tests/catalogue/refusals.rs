//! What the checker refuses about items, rules and measures: each with file, line, item and reason.

use chengxin_core::catalogue::{Catalogue, FindingRule, check};

use crate::example::{LAWS, PLACE, TODAY, assert_found, changed, files, with};

#[test]
fn a_file_that_is_not_toml_is_refused_with_its_line() {
    let mut files = files();
    files[0].1 = "[[law]]\ncode = \"a\"\ntitle = #!\n".to_owned();
    assert_found(&files, "not_readable");
}

#[test]
fn a_misspelt_key_is_refused_and_not_read_as_absent() {
    let files = changed("open_to_minors = false", "open_to_minors = false\nsealled = true #!");
    assert_found(&files, "not_readable");
}

#[test]
fn a_date_that_the_calendar_does_not_have_is_refused() {
    assert_found(&changed("from = \"2026-04-01\"", "from = \"2026-02-30\" #!"), "not_readable");
    assert_found(&changed("from = \"2026-04-01\"", "from = \"2026-04-01T10:00\" #!"), "not_readable");
}

#[test]
fn two_items_with_one_code_are_refused() {
    let item = crate::example::ITEM.replacen("code = \"penalty\"", "code = \"penalty\" #!", 1);
    let found = assert_found(&with(&item), "duplicate_code");
    assert_eq!(found[0].item.as_deref(), Some("penalty"));
    assert!(found[0].say.en.contains("items.toml:3"), "it names the first: {}", found[0].say.en);
}

#[test]
fn two_clauses_laws_lists_sets_or_measures_with_one_code_are_refused() {
    for (from, to) in [
        ("code = \"order-36\"", "code = \"penalty-law\" #!"),
        (
            "code = \"domain\"",
            "code = \"domain\"\nname = \"a\"\nname_en = \"a\"\nvalue = []\n[[dictionary]]\ncode = \"domain\" #!",
        ),
        ("[[fieldset]]", "[[fieldset]]\ncode = \"party\"\nfield = []\n[[fieldset]]"),
        (
            "[[measure]]",
            "[[measure]]\ncode = \"inspection\"\nname = \"a\"\nname_en = \"a\"\nitems = [\"penalty\"]\nagency = \"a\"\nclause = \"penalty-law#art-48\"\nfrom = 2021-07-15\n[[measure]]",
        ),
    ] {
        let files = changed(from, to);
        let errors = Catalogue::load(&files).expect_err("two things with one code");
        assert_eq!(errors[0].rule, FindingRule::DuplicateCode, "{to}");
        assert!(check(&files, TODAY, PLACE).iter().any(|f| f.rule == FindingRule::DuplicateCode));
    }
}

#[test]
fn an_unknown_field_set_is_refused() {
    let files = changed("uses = [\"party\"]", "uses = [\n  \"party\",\n  \"partie\", #!\n]");
    assert_found(&files, "unknown_fieldset");
}

#[test]
fn an_unknown_dictionary_is_refused() {
    assert_found(&changed("dictionary = \"subject-kind\"", "dictionary = \"subject-kinds\" #!"), "unknown_dictionary");
    let files = changed(
        "[[item.field]]\ncode = \"BZ\"",
        "[[item.field]] #!\ncode = \"X\"\nlabel = \"类型\"\nlabel_en = \"Type\"\ntype = \"choice\"\ncontent = \"decision\"\n[[item.field]]\ncode = \"BZ\"",
    );
    assert_found(&files, "unknown_dictionary");
}

#[test]
fn an_unknown_class_domain_occupation_or_kind_of_authority_is_refused() {
    assert_found(&changed("class = \"行政管理\"", "class = \"行政\" #!"), "unknown_word");
    assert_found(&changed("domains = [\"食品药品\"]", "domains = [\"食品药品\", \"食品\"] #!"), "unknown_word");
    assert_found(&changed("occupations = [\"律师\"]", "occupations = [\"侠客\"] #!"), "unknown_word");
    assert_found(
        &changed("authorities = [\"market\"]", "authorities = [\n\"market\",\n\"markets\", #!\n]"),
        "unknown_word",
    );
}

#[test]
fn an_unknown_clause_is_refused_wherever_it_is_cited() {
    for at in [
        "severity = \"minor\"\nmax_months = 3\nclock = \"decided_on\"\nclause = \"order-36#periods\"",
        "decide_working_days = 10\nclause = \"order-36#periods\"",
        "severities = [\"general\", \"serious\"]\nclause = \"penalty-law#art-48\"",
    ] {
        let broken = at.replace("#periods\"", "#period\" #!").replace("#art-48\"", "#art-4\" #!");
        assert_found(&changed(at, &broken), "unknown_clause");
    }
    assert_found(
        &changed(
            "agency = \"市场监督管理部门\"\nclause = \"penalty-law#art-48\"",
            "agency = \"a\"\nclause = \"penalty-law\" #!",
        ),
        "unknown_clause",
    );
}

#[test]
fn an_item_without_a_basis_is_refused() {
    let files = changed("[[item.basis]]\nclause = \"penalty-law#art-48\"\nfrom = 2021-07-15\n", "");
    let files = mark(files, "[[item]]");
    let found = assert_found(&files, "no_basis_in_force");
    assert_eq!((found[0].item.as_deref(), found[0].file.as_str()), (Some("penalty"), "items.toml"));
}

#[test]
fn a_basis_that_has_ended_is_refused() {
    let files = changed(
        "[[item.basis]]\nclause = \"penalty-law#art-48\"\nfrom = 2021-07-15",
        "[[item.basis]] #!\nclause = \"penalty-law#art-48\"\nfrom = 2021-07-15\nuntil = 2026-11-21",
    );
    assert_found(&files, "no_basis_in_force");
}

#[test]
fn a_basis_whose_law_is_no_longer_or_not_yet_in_force_is_refused() {
    let with_law = |span: &str| {
        let files = changed("level = \"law\"\nfrom = 2021-07-15", &format!("level = \"law\"\n{span}"));
        mark(files, "[[item.basis]]")
    };
    for span in ["from = 2021-07-15\nuntil = 2026-01-01", "from = 2027-01-01"] {
        let findings = check(&with_law(span), TODAY, PLACE);
        let basis: Vec<_> = findings.iter().filter(|f| f.rule == FindingRule::NoBasisInForce).collect();
        assert_eq!(basis.len(), 1, "{findings:#?}");
        assert!(with_law(span)[2].1.lines().nth(basis[0].line - 1).unwrap().contains("#!"));
    }
}

#[test]
fn a_basis_of_too_low_a_rank_is_refused() {
    let files =
        changed("[[item.basis]]\nclause = \"penalty-law#art-48\"", "[[item.basis]] #!\nclause = \"order-36#periods\"");
    let found = assert_found(&files, "no_basis_in_force");
    assert!(found[0].say.en.contains("rank"));
}

#[test]
fn a_local_regulation_founds_an_item_in_its_place_and_nowhere_else() {
    let files = changed(
        "[[item.basis]]\nclause = \"penalty-law#art-48\"\nfrom = 2021-07-15",
        "[[item.basis]]\nclause = \"local#art-9\"\nfrom = 2022-01-01",
    );
    assert_eq!(check(&files, TODAY, "990000"), []);
    assert_eq!(check(&files, TODAY, "990001"), []);
    for place in ["110000", "99", ""] {
        let found = check(&files, TODAY, place);
        assert!(found.iter().any(|f| f.rule == FindingRule::NoBasisInForce), "{place}: {found:#?}");
    }
}

#[test]
fn a_local_basis_of_another_place_beside_one_that_holds_is_noted() {
    let files = changed(
        "clause = \"penalty-law#art-48\"\nfrom = 2021-07-15\n\n[[item.severity]]",
        "clause = \"penalty-law#art-48\"\nfrom = 2021-07-15\n[[item.basis]]\nclause = \"local#art-9\"\nfrom = 2022-01-01\n[[item.severity]]",
    );
    let found = check(&files, TODAY, "110000");
    assert_eq!(found.iter().map(|f| (f.rule, f.is_error())).collect::<Vec<_>>(), [(FindingRule::OtherPlace, false)]);
}

#[test]
fn an_item_that_rests_on_the_law_on_public_security_penalties_is_refused() {
    let files = changed("title = \"行政处罚法\"", "title = \"治安管理处罚法\"");
    let files = mark_after(files, "[[item.basis]]", "clause = \"penalty-law#art-48\"");
    assert_found(&files, "refused_at_the_door");
}

#[test]
fn an_item_about_people_that_is_open_to_minors_is_refused() {
    assert_found(&changed("open_to_minors = false", "open_to_minors = true #!"), "open_to_minors");
}

#[test]
fn overlapping_rules_are_refused_on_the_later_one() {
    let basis = "[[item.basis]]\nclause = \"penalty-law#art-48\"\nfrom = 2021-07-15\n";
    assert_found(
        &changed(basis, &format!("{basis}\n[[item.basis]]\nclause = \"penalty-law#art-48\"\nfrom = 2024-01-01 #!\n")),
        "overlapping_dates",
    );
    let period = "[[item.period]]\nfrom = 2026-04-01\nseverity = \"minor\"";
    assert_found(
        &changed(
            period,
            "[[item.period]]\nfrom = 2020-01-01\nseverity = \"minor\"\nmax_months = 1\nclock = \"decided_on\"\nclause = \"order-36#periods\"\n[[item.period]]\nfrom = 2026-04-01 #!\nseverity = \"minor\"",
        ),
        "overlapping_dates",
    );
    let repair = "[[item.repair]]\nfrom = 2026-04-01\n";
    assert_found(
        &changed(
            repair,
            "[[item.repair]]\nfrom = 2020-04-01\nconditions = [\"a\"]\nconditions_en = [\"a\"]\naccept_working_days = 1\ndecide_working_days = 1\nclause = \"order-36#periods\"\n[[item.repair]]\nfrom = 2026-04-01 #!\n",
        ),
        "overlapping_dates",
    );
    let severity = "[[item.severity]]\nfrom = 2026-04-01\n";
    assert_found(
        &changed(
            severity,
            "[[item.severity]]\nfrom = 2026-01-01\notherwise = \"minor\"\n[[item.severity]]\nfrom = 2026-04-01 #!\n",
        ),
        "overlapping_dates",
    );
}

#[test]
fn use_rules_overlap_only_for_the_same_use_subject_and_severity() {
    let other = |severities: &str, mark: &str| {
        with(&format!(
            "\n[[item.use]]\nfor = \"public\"\nfrom = 2026-01-01 {mark}\nsubjects = [\"organisation\"]\nseverities = {severities}\nclause = \"penalty-law#art-48\"\n"
        ))
    };
    assert_eq!(check(&other("[\"minor\"]", ""), TODAY, PLACE), []);
    assert_found(&other("[\"serious\"]", "#!"), "overlapping_dates");
    assert_found(&other("[]", "#!"), "overlapping_dates");
}

#[test]
fn rules_that_follow_each_other_on_the_same_day_do_not_overlap() {
    let files = changed(
        "[[item.repair]]\nfrom = 2026-04-01\n",
        "[[item.repair]]\nfrom = 2020-04-01\nuntil = 2026-04-01\nconditions = [\"a\"]\nconditions_en = [\"a\"]\naccept_working_days = 1\ndecide_working_days = 1\nclause = \"order-36#periods\"\n[[item.repair]]\nfrom = 2026-04-01\n",
    );
    assert_eq!(check(&files, TODAY, PLACE), []);
}

#[test]
fn a_rule_that_ends_before_it_begins_is_refused() {
    assert_found(
        &changed("[[item.repair]]\nfrom = 2026-04-01", "[[item.repair]]\nfrom = 2026-04-01\nuntil = 2026-04-01 #!"),
        "overlapping_dates",
    );
    assert_found(
        &changed("place = \"9900\"\nfrom = 2022-01-01", "place = \"9900\"\nfrom = 2022-01-01\nuntil = 2021-01-01 #!"),
        "overlapping_dates",
    );
}

#[test]
fn an_adverse_item_without_a_period_is_refused() {
    let serious = "[[item.period]]\nfrom = 2026-04-01\nseverity = \"serious\"\nmin_months = 12\nmax_months = 36\nclock = \"decided_on\"\nclause = \"order-36#periods\"\n";
    let found = check(&changed(serious, ""), TODAY, PLACE);
    assert!(found.iter().any(|f| f.rule == FindingRule::Period && f.say.en.contains("serious records")), "{found:#?}");
    assert!(found.iter().all(|f| f.item.as_deref() == Some("penalty")));
}

#[test]
fn an_adverse_period_beyond_three_years_or_without_end_is_refused() {
    assert_found(&changed("max_months = 36", "max_months = 37 #!"), "period");
    let serious = "[[item.period]]\nfrom = 2026-04-01\nseverity = \"serious\"\nmin_months = 12\nmax_months = 36";
    let endless = "[[item.period]] #!\nfrom = 2026-04-01\nseverity = \"serious\"\nmin_months = 12";
    assert_found(&changed(serious, endless), "period");
}

#[test]
fn a_minimum_longer_than_the_maximum_is_refused() {
    assert_found(&changed("min_months = 12\nmax_months = 36", "min_months = 37 #!\nmax_months = 36"), "period");
}

#[test]
fn a_day_on_which_a_decision_would_have_no_period_is_noted() {
    let files = changed(
        "[[item.period]]\nfrom = 2021-07-15\nuntil = 2026-04-01",
        "[[item.period]] #!\nfrom = 2021-07-15\nuntil = 2026-03-01",
    );
    let found = assert_found(&files, "period_gap");
    assert!(!found[0].is_error());
    assert!(found[0].say.en.contains("2026-03-01"), "{}", found[0].say.en);
}

#[test]
fn a_severity_case_that_cannot_decide_is_refused() {
    assert_found(&changed("any_of = [\"吊销许可证件\"]", "any_of = [\"吊销许可\"] #!"), "severity_rule");
    assert_found(&changed("field = \"CFLB\"\nany_of = [\"吊销许可证件\"]", "field = \"CFLB\" #!"), "severity_rule");
    assert_found(&changed("field = \"FK\"", "field = \"BZ\" #!"), "severity_rule");
    assert_found(&changed("field = \"FK\"", "field = \"FKK\" #!"), "unknown_field");
}

#[test]
fn publishing_people_on_less_than_a_law_is_refused() {
    let public = "[[item.use]]\nfor = \"public\"\nfrom = 2021-07-15\nsubjects = [\"organisation\"]\nseverities = [\"general\", \"serious\"]\nclause = \"penalty-law#art-48\"";
    let people = public.replace("[\"organisation\"]", "[\"person\", \"organisation\"]");
    assert_eq!(check(&changed(public, &people), TODAY, PLACE), [], "a law may");
    assert_found(&changed(public, &people.replace("penalty-law#art-48\"", "local#art-9\" #!")), "publication_basis");
    assert_eq!(check(&changed(public, &public.replace("penalty-law#art-48", "local#art-9")), TODAY, PLACE), []);
}

#[test]
fn a_use_that_the_item_does_not_allow_is_refused() {
    assert_found(
        &changed(
            "for = \"report\"\nfrom = 2021-07-15\nsubjects = [\"person\", \"organisation\"]",
            "for = \"report\"\nfrom = 2021-07-15\nsubjects = [\"authority\"] #!",
        ),
        "use_rule",
    );
    assert_found(
        &changed(
            "for = \"report\"\nfrom = 2021-07-15\nsubjects = [\"person\", \"organisation\"]",
            "for = \"report\"\nfrom = 2021-07-15\nsubjects = [] #!",
        ),
        "use_rule",
    );
    assert_found(&mark(changed("sharing = \"public\"", "sharing = \"government\""), "for = \"public\""), "use_rule");
    let sealed = mark(changed("open_to_minors = false", "open_to_minors = false\nsealed = true"), "for = \"");
    assert_found(&sealed, "use_rule");
}

#[test]
fn a_repair_rule_that_tells_the_person_too_little_is_refused() {
    assert_found(
        &changed(
            "conditions = [\"已改正\"]\nconditions_en = [\"The conduct is corrected\"]",
            "conditions = [] #!\nconditions_en = []",
        ),
        "repair_rule",
    );
    assert_found(&changed("conditions_en = [\"The conduct is corrected\"]", "conditions_en = [] #!"), "repair_rule");
    assert_found(&changed("decide_working_days = 10", "decide_working_days = 0 #!"), "repair_rule");
}

#[test]
fn a_measure_without_agency_item_or_basis_is_refused() {
    assert_found(&changed("agency = \"市场监督管理部门\"", "agency = \" \" #!"), "measure");
    assert_found(&changed("items = [\"penalty\"]", "items = [\n\"penalty\",\n\"penalties\" #!\n]"), "measure");
    assert_found(&changed("items = [\"penalty\"]", "items = [] #!"), "measure");
    let agency = "agency = \"市场监督管理部门\"\nclause = \"penalty-law#art-48\"";
    assert_found(&changed(agency, "agency = \"a\"\nclause = \"order-36#periods\" #!"), "measure");
}

#[test]
fn a_clause_that_nobody_has_read_is_noted_with_what_rests_on_it() {
    let files = changed(
        "[[law.clause]]\ncode = \"periods\"\nlabel = \"公示期限\"\nsays = \"一般失信信息最短公示三个月，最长一年。\"\nsays_en = \"General records are shown from three months to one year.\"\nverified = true",
        "[[law.clause]] #!\ncode = \"periods\"\nlabel = \"a\"\nsays = \"a\"\nsays_en = \"a\"\nverified = false",
    );
    let found = assert_found(&files, "unverified");
    assert!(!found[0].is_error());
    assert!(found[0].say.en.contains("penalty"));
}

#[test]
fn an_unused_field_set_is_noted() {
    let mut files = files();
    files[1].1.push_str("\n[[fieldset]] #!\ncode = \"spare\"\nfield = []\n");
    assert!(!assert_found(&files, "unused_fieldset")[0].is_error());
}

#[test]
fn a_line_is_right_in_spite_of_comments_and_many_line_strings() {
    let noise = "# [[item]]\n# code = \"penalty\"\n";
    let says = "says = \"\"\"\n[[item]]\ncode = \"not an item\"\n\"\"\"";
    let mut files = changed("open_to_minors = false", "open_to_minors = true #!");
    files[2].1.insert_str(0, noise);
    files[0].1 = LAWS.replace("says = \"本市可以归集的信息。\"", says);
    assert_found(&files, "open_to_minors");
}

/// Marks every line that holds a text, in the items.
fn mark(mut files: Vec<(String, String)>, line: &str) -> Vec<(String, String)> {
    let marked = files[2].1.lines().map(|l| if l.contains(line) { format!("{l} #!\n") } else { format!("{l}\n") });
    files[2].1 = marked.collect();
    files
}

/// Marks the first line that holds `text` after the first that holds `start`, in the items.
fn mark_after(mut files: Vec<(String, String)>, start: &str, text: &str) -> Vec<(String, String)> {
    let from = files[2].1.find(start).unwrap();
    let at = from + files[2].1[from..].find(text).unwrap() + text.len();
    files[2].1.insert_str(at, " #!");
    files
}
