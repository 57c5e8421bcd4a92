//! What the checker refuses about fields: what they hold, what they are called, to whom they are shown.

use chengxin_core::catalogue::{FindingRule, check};

use crate::example::{PLACE, TODAY, assert_found, changed, with};

/// A further field of the example's item.
fn field(text: &str) -> Vec<(String, String)> {
    with(&format!("\n[[item.field]]\n{text}\n"))
}

#[test]
fn a_field_of_a_forbidden_kind_is_refused_by_what_it_says_of_itself() {
    for content in
        ["religion", "genes", "fingerprints", "blood_type", "disease", "medical_history", "petitions", "contesting"]
    {
        let files = field(&format!(
            "code = \"X\"\nlabel = \"其他\"\nlabel_en = \"Other\"\ntype = \"text\"\nmax_length = 9\ncontent = \"{content}\" #!"
        ));
        let found = assert_found(&files, "forbidden_field");
        assert_eq!(found[0].item.as_deref(), Some("penalty"));
    }
}

#[test]
fn a_field_of_a_forbidden_kind_is_refused_by_its_names_whatever_it_says_of_itself() {
    for line in [
        "label = \"血 型\" #!\nlabel_en = \"Other\"",
        "label = \"宗教信仰\" #!\nlabel_en = \"Other\"",
        "label = \"既往病史\" #!\nlabel_en = \"Other\"",
        "label = \"政治面貌\" #!\nlabel_en = \"Other\"",
        "label = \"配偶姓名\" #!\nlabel_en = \"Other\"",
        "label = \"家庭住址\" #!\nlabel_en = \"Other\"",
        "label = \"疫苗接种情况\" #!\nlabel_en = \"Other\"",
        "label = \"上访次数\" #!\nlabel_en = \"Other\"",
        "label = \"异议记录\" #!\nlabel_en = \"Other\"",
        "label = \"投诉次数\" #!\nlabel_en = \"Other\"",
        "label = \"其他\"\nlabel_en = \"Complaints filed\" #!",
        "label = \"行动轨迹\" #!\nlabel_en = \"Other\"",
        "label = \"其他\"\nlabel_en = \"Fingerprint image\" #!",
        "label = \"其他\"\nlabel_en = \"Other\"\naliases = [\"说明\", \"人脸特征\"] #!",
    ] {
        let files = field(&format!("code = \"X\"\n{line}\ntype = \"text\"\nmax_length = 9\ncontent = \"decision\""));
        assert_found(&files, "forbidden_field");
    }
    let files = field(
        "code = \"GR_DNA\" #!\nlabel = \"其他\"\nlabel_en = \"Other\"\ntype = \"text\"\nmax_length = 9\ncontent = \"decision\"",
    );
    assert_found(&files, "forbidden_field");
}

#[test]
fn a_forbidden_field_of_a_field_set_is_refused_where_it_is_written() {
    let files = changed("label = \"证件号码\"", "label = \"指纹编号\" #!");
    let found = assert_found(&files, "forbidden_field");
    assert_eq!(found[0].file, "words.toml");
}

#[test]
fn a_content_outside_the_vocabulary_is_refused_and_so_is_none() {
    assert_found(
        &field(
            "code = \"X\"\nlabel = \"其他\"\nlabel_en = \"Other\"\ntype = \"text\"\nmax_length = 9\ncontent = \"hobby\" #!",
        ),
        "unknown_content",
    );
    let files = with(
        "\n[[item.field]] #!\ncode = \"X\"\nlabel = \"其他\"\nlabel_en = \"Other\"\ntype = \"text\"\nmax_length = 9\n",
    );
    assert_found(&files, "unknown_content");
}

#[test]
fn scoring_people_is_refused_in_names_and_fields() {
    assert_found(&changed("name = \"行政处罚\"", "name = \"居民信用积分\" #!"), "scores_people");
    assert_found(&changed("name_en = \"Administrative penalty\"", "name_en = \"Credit score\" #!"), "scores_people");
    for label in ["信用评分", "信用等级", "信用分", "累计记分"] {
        let files = field(&format!(
            "code = \"X\"\nlabel = \"{label}\" #!\nlabel_en = \"Other\"\ntype = \"text\"\nmax_length = 9\ncontent = \"decision\""
        ));
        assert_found(&files, "scores_people");
    }
    assert_found(
        &field(
            "code = \"X\"\nlabel = \"其他\"\nlabel_en = \"Other\"\ntype = \"text\"\nmax_length = 9\ncontent = \"score\" #!",
        ),
        "scores_people",
    );
}

#[test]
fn two_names_that_cannot_be_told_apart_are_refused_also_across_field_sets() {
    assert_found(&changed("aliases = [\"文书号\"]", "aliases = [\n\"文书号\",\n\"ＭＣ\", #!\n]"), "duplicate_heading");
    assert_found(&changed("label = \"备注\"", "label = \"文 书 号\" #!"), "duplicate_heading");
    assert_found(&changed("label_en = \"Remark\"", "label_en = \"date of THE decision\" #!"), "duplicate_heading");
    assert_found(&changed("aliases = [\"文书号\"]", "aliases = [\"文书号\", \"文书 号\"] #!"), "duplicate_heading");
    let found = check(&changed("code = \"BZ\"", "code = \"WSH\""), TODAY, PLACE);
    assert!(found.iter().any(|f| f.rule == FindingRule::DuplicateHeading), "{found:#?}");
}

#[test]
fn one_spelling_for_two_values_is_refused() {
    assert_found(
        &changed(
            "value = \"法人及非法人组织\"\nen = \"organisation\"\naliases = [\"法人\", \"2\"]",
            "value = \"法人及非法人组织\" #!\nen = \"organisation\"\naliases = [\"法人\", \"１\"]",
        ),
        "duplicate_spelling",
    );
}

#[test]
fn a_second_field_of_one_role_is_refused() {
    let files = field(
        "code = \"X\"\nlabel = \"公告日期\"\nlabel_en = \"Day of notice\"\ntype = \"date\"\nrole = \"decided_on\" #!\ncontent = \"decision\"",
    );
    assert_found(&files, "duplicate_role");
}

#[test]
fn an_item_without_the_fields_that_every_record_needs_is_refused() {
    for role in [
        "subject_name",
        "subject_kind",
        "subject_document_kind",
        "subject_document_number",
        "subject_uscc",
        "decided_on",
    ] {
        let files = without_role(role);
        let found = check(&files, TODAY, PLACE);
        let missing: Vec<_> = found.iter().filter(|f| f.rule == FindingRule::MissingRole).collect();
        assert_eq!(missing.len(), 1, "{role}: {found:#?}");
        assert!(missing[0].say.en.contains(role), "{role}: {}", missing[0].say.en);
        assert_eq!((missing[0].file.as_str(), missing[0].line), ("items.toml", 2), "the item's own line");
    }
}

#[test]
fn an_adverse_item_needs_a_required_number_of_a_named_kind_of_document() {
    let found = check(&without_role("document_number"), TODAY, PLACE);
    assert_eq!(found.iter().map(|f| f.rule).collect::<Vec<_>>(), [FindingRule::MissingRole]);
    let number = "type = \"text\"\nmax_length = 128\nrequired = true\nidentity = true";
    assert_found(
        &changed(number, "type = \"text\"\nmax_length = 128\nrequired = false #!\nidentity = true"),
        "missing_role",
    );
    assert_found(&changed("label = \"行政处罚决定书文号\"", "label = \"文号\" #!"), "missing_role");
    let typed = "\n[[item.field]]\ncode = \"WSLX\"\nlabel = \"文书类型\"\nlabel_en = \"Kind of paper\"\ntype = \"text\"\nmax_length = 64\nrequired = true\nrole = \"document_type\"\ncontent = \"decision\"\n";
    let mut files = changed("label = \"行政处罚决定书文号\"", "label = \"文号\"");
    files[2].1.push_str(typed);
    assert_eq!(check(&files, TODAY, PLACE), []);
}

#[test]
fn a_field_that_no_record_can_do_without_must_be_required() {
    let files = changed(
        "type = \"date\"\nrequired = true\nrole = \"decided_on\"",
        "type = \"date\"\nrequired = false #!\nrole = \"decided_on\"",
    );
    assert_found(&files, "missing_role");
}

#[test]
fn a_type_that_does_not_fit_the_role_is_refused() {
    assert_found(
        &changed(
            "type = \"date\"\nrequired = true\nrole = \"decided_on\"",
            "type = \"text\" #!\nmax_length = 10\nrequired = true\nrole = \"decided_on\"",
        ),
        "field_form",
    );
}

#[test]
fn a_text_without_a_greatest_length_or_with_a_blank_name_is_refused() {
    let number = "type = \"text\"\nmax_length = 128\nrequired = true\nidentity = true";
    assert_found(
        &changed(number, "type = \"text\"\nmax_length = 0 #!\nrequired = true\nidentity = true"),
        "field_form",
    );
    assert_found(&changed("label_en = \"Remark\"", "label_en = \"\" #!"), "field_form");
    assert_found(&changed("aliases = [\"文书号\"]", "aliases = [\" \"] #!"), "field_form");
    assert_found(
        &changed("type = \"money_wan\"", "type = \"money_wan\"\ndictionary = \"penalty-type\" #!"),
        "field_form",
    );
}

#[test]
fn a_condition_on_an_unknown_field_or_value_is_refused() {
    let condition = "required_if = { field = \"LB\", in = [\"自然人\"] }";
    assert_found(&changed(condition, "required_if = { field = \"LBB\", in = [\"自然人\"] } #!"), "unknown_field");
    assert_found(&changed(condition, "required_if = { field = \"LB\", in = [\"个人\"] } #!"), "unknown_field");
    assert_found(&changed(condition, "required_if = { field = \"LB\", in = [] } #!"), "unknown_field");
}

#[test]
fn an_item_whose_records_cannot_be_told_apart_is_refused() {
    let mut files = changed("identity = true\n", "");
    files[2].1 = files[2].1.replacen("[[item]]", "[[item]] #!", 1);
    assert_found(&files, "no_identity");
}

#[test]
fn an_item_about_nobody_or_from_nobody_is_refused() {
    assert_found(&changed("authorities = [\"market\"]", "authorities = [] #!"), "empty_item");
    assert_found(&changed("name_en = \"Administrative penalty\"", "name_en = \"\" #!"), "empty_item");
    let found = check(
        &changed("subjects = [\"person\", \"organisation\"]\nauthorities", "subjects = []\nauthorities"),
        TODAY,
        PLACE,
    );
    assert!(found.iter().any(|f| f.rule == FindingRule::EmptyItem), "{found:#?}");
}

#[test]
fn numbers_contacts_and_third_persons_stay_out_of_reports_and_public_pages() {
    for audience in ["report", "public"] {
        let number = "required_if = { field = \"LB\", in = [\"自然人\"] }\npersonal = true\nshown_to = [\"subject\"]";
        let shown = number.replace("[\"subject\"]", &format!("[\"{audience}\"] #!"));
        assert_found(&changed(number, &shown), "shown_too_widely");
        for own in [
            "label = \"其他\"\nlabel_en = \"Other\"\ntype = \"text\"\nmax_length = 9\ncontent = \"contact\"",
            "label = \"联系电话\"\nlabel_en = \"Other\"\ntype = \"text\"\nmax_length = 9\ncontent = \"decision\"",
            "label = \"法定代表人\"\nlabel_en = \"Other\"\ntype = \"name\"\nmax_length = 9\npersonal = true\ncontent = \"identity\"",
        ] {
            assert_found(
                &field(&format!("code = \"X\"\n{own}\nshown_to = [\"subject\", \"{audience}\"] #!")),
                "shown_too_widely",
            );
            assert_eq!(check(&field(&format!("code = \"X\"\n{own}\nshown_to = [\"subject\"]")), TODAY, PLACE), []);
        }
    }
}

#[test]
fn free_text_may_not_be_published_unread() {
    let remark = "max_length = 512\nshown_to = [\"subject\"]\ncontent = \"remark\"";
    assert_found(
        &changed(remark, &remark.replace("[\"subject\"]", "[\"subject\", \"public\"] #!")),
        "unmarked_free_text",
    );
    let marked = remark.replace("[\"subject\"]", "[\"subject\", \"public\"]\nfree_text = true");
    assert_eq!(check(&changed(remark, &marked), TODAY, PLACE), []);
    let prose = "code = \"X\"\nlabel = \"违法事实\"\nlabel_en = \"Facts\"\ntype = \"text\"\nmax_length = 2000\nshown_to = [\"public\"] #!\ncontent = \"decision\"";
    assert_found(&field(prose), "unmarked_free_text");
}

/// The example without the field of one role, wherever it is written.
fn without_role(role: &str) -> Vec<(String, String)> {
    let mut files = crate::example::files();
    for (_, text) in &mut files {
        for header in ["[[fieldset.field]]", "[[item.field]]"] {
            let mut parts = text.split(header);
            let first = parts.next().unwrap().to_owned();
            let wanted = format!("role = \"{role}\"");
            // A condition on the kind of subject goes with the kind.
            let kept = parts.filter(|part| !part.contains(&wanted));
            *text = kept.fold(first, |all, part| {
                let part = if role == "subject_kind" { drop_line(part, "required_if") } else { part.to_owned() };
                format!("{all}{header}{part}")
            });
        }
    }
    if role == "document_number" {
        // Something else tells the records apart.
        files[2].1 = files[2].1.replacen("role = \"decided_on\"", "identity = true\nrole = \"decided_on\"", 1);
    }
    files
}

fn drop_line(text: &str, start: &str) -> String {
    text.lines().filter(|line| !line.starts_with(start)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn an_item_about_people_may_not_be_named_after_a_forbidden_kind() {
    assert_found(&changed("name = \"行政处罚\"", "name = \"非正常上访记录\" #!"), "forbidden_field");
    assert_found(
        &changed("name_en = \"Administrative penalty\"", "name_en = \"Marital status\" #!"),
        "forbidden_field",
    );
}
