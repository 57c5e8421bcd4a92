//! A small catalogue with nothing wrong in it. A test changes one thing and says what must be found.
//!
//! `#!` in the changed text marks the line on which the finding must stand.

use chengxin_core::catalogue::{Catalogue, Finding, FindingSeverity, check};
use jiff::civil::{Date, date};

pub(crate) const TODAY: Date = date(2026, 11, 21);
pub(crate) const PLACE: &str = "990000";

pub(crate) const LAWS: &str = r#"
[[law]]
code = "penalty-law"
title = "行政处罚法"
title_en = "Administrative Penalty Law"
level = "law"
from = 2021-07-15

[[law.clause]]
code = "art-48"
label = "第四十八条"
says = "具有一定社会影响的行政处罚决定应当依法公开。"
says_en = "Penalties with a certain social impact are published."
verified = true

[[law]]
code = "order-36"
title = "信用修复管理办法"
title_en = "Measures for credit repair"
level = "department_rule"
from = "2026-04-01"

[[law.clause]]
code = "periods"
label = "公示期限"
says = "一般失信信息最短公示三个月，最长一年。"
says_en = "General records are shown from three months to one year."
verified = true

[[law]]
code = "local"
title = "社会信用条例"
title_en = "Local regulation on social credit"
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

pub(crate) const WORDS: &str = r#"
[[dictionary]]
code = "item-class"
name = "信息类别"
name_en = "Item class"
[[dictionary.value]]
value = "行政管理"
en = "administration"

[[dictionary]]
code = "domain"
name = "领域"
name_en = "Field of life"
[[dictionary.value]]
value = "食品药品"
en = "food and drugs"

[[dictionary]]
code = "occupation"
name = "职业"
name_en = "Occupation"
[[dictionary.value]]
value = "律师"
en = "lawyers"

[[dictionary]]
code = "authority-kind"
name = "责任单位"
name_en = "Kind of authority"
[[dictionary.value]]
value = "market"
en = "market regulation"

[[dictionary]]
code = "subject-kind"
name = "主体类别"
name_en = "Kind of subject"
[[dictionary.value]]
value = "自然人"
en = "person"
aliases = ["个人", "1"]
[[dictionary.value]]
value = "法人及非法人组织"
en = "organisation"
aliases = ["法人", "2"]

[[dictionary]]
code = "document-kind"
name = "证件类型"
name_en = "Kind of document"
[[dictionary.value]]
value = "身份证"
en = "resident identity card"
aliases = ["01"]

[[dictionary]]
code = "penalty-type"
name = "处罚类别"
name_en = "Kind of penalty"
[[dictionary.value]]
value = "警告"
en = "warning"
[[dictionary.value]]
value = "罚款"
en = "fine"
[[dictionary.value]]
value = "吊销许可证件"
en = "revocation"

[[fieldset]]
code = "party"

[[fieldset.field]]
code = "MC"
label = "相对人名称"
label_en = "Name of the party"
aliases = ["名称"]
type = "name"
max_length = 200
required = true
personal = true
role = "subject_name"
shown_to = ["subject", "check", "report", "public"]
content = "identity"

[[fieldset.field]]
code = "LB"
label = "相对人类别"
label_en = "Kind of party"
type = "choice"
dictionary = "subject-kind"
required = true
role = "subject_kind"
shown_to = ["subject", "check", "report", "public"]
content = "identity"

[[fieldset.field]]
code = "ZJLX"
label = "证件类型"
label_en = "Kind of document"
type = "document_kind"
role = "subject_document_kind"
personal = true
shown_to = ["subject"]
content = "identity"

[[fieldset.field]]
code = "ZJHM"
label = "证件号码"
label_en = "Number of the document"
type = "document_number"
role = "subject_document_number"
required_if = { field = "LB", in = ["自然人"] }
personal = true
shown_to = ["subject"]
content = "identity"

[[fieldset.field]]
code = "SHXYM"
label = "统一社会信用代码"
label_en = "Credit code"
type = "uscc"
role = "subject_uscc"
shown_to = ["subject", "check", "report", "public"]
content = "identity"
"#;

pub(crate) const ITEM: &str = r#"
[[item]]
code = "penalty"
name = "行政处罚"
name_en = "Administrative penalty"
class = "行政管理"
domains = ["食品药品"]
occupations = ["律师"]
subjects = ["person", "organisation"]
authorities = ["market"]
polarity = "adverse"
sharing = "public"
open_to_minors = false
uses = ["party"]

[[item.basis]]
clause = "penalty-law#art-48"
from = 2021-07-15

[[item.severity]]
from = 2026-04-01
otherwise = "minor"

[[item.severity.case]]
is = "serious"
field = "CFLB"
any_of = ["吊销许可证件"]

[[item.severity.case]]
is = "general"
field = "FK"
person_at_least_fen = 500000
organisation_at_least_fen = 5000000

[[item.period]]
from = 2021-07-15
until = 2026-04-01
min_months = 3
max_months = 12
clock = "decided_on"
clause = "order-36#periods"

[[item.period]]
from = 2026-04-01
severity = "minor"
max_months = 3
clock = "decided_on"
clause = "order-36#periods"

[[item.period]]
from = 2026-04-01
severity = "general"
min_months = 3
max_months = 12
clock = "decided_on"
clause = "order-36#periods"

[[item.period]]
from = 2026-04-01
severity = "serious"
min_months = 12
max_months = 36
clock = "decided_on"
clause = "order-36#periods"

[[item.use]]
for = "public"
from = 2021-07-15
subjects = ["organisation"]
severities = ["general", "serious"]
clause = "penalty-law#art-48"

[[item.use]]
for = "report"
from = 2021-07-15
subjects = ["person", "organisation"]
clause = "penalty-law#art-48"

[[item.repair]]
from = 2026-04-01
conditions = ["已改正"]
conditions_en = ["The conduct is corrected"]
accept_working_days = 3
decide_working_days = 10
clause = "order-36#periods"

[[item.field]]
code = "WSH"
label = "行政处罚决定书文号"
label_en = "Number of the decision"
aliases = ["文书号"]
type = "text"
max_length = 128
required = true
identity = true
role = "document_number"
shown_to = ["subject", "check", "report", "public"]
content = "decision"

[[item.field]]
code = "CFLB"
label = "处罚类别"
label_en = "Kind of penalty"
type = "choice"
dictionary = "penalty-type"
required = true
shown_to = ["subject", "check", "report", "public"]
content = "decision"

[[item.field]]
code = "FK"
label = "罚款金额（万元）"
label_en = "Fine (10 000 CNY)"
type = "money_wan"
shown_to = ["subject", "check", "report", "public"]
content = "amount"

[[item.field]]
code = "JDRQ"
label = "处罚决定日期"
label_en = "Date of the decision"
type = "date"
required = true
role = "decided_on"
shown_to = ["subject", "check", "report", "public"]
content = "decision"

[[item.field]]
code = "BZ"
label = "备注"
label_en = "Remark"
type = "text"
max_length = 512
shown_to = ["subject"]
content = "remark"
"#;

pub(crate) const RETENTION: &str = r#"
[[retention]]
class = '行政管理'
from = 2021-07-15
months = 36
clause = "penalty-law#art-48"
"#;

pub(crate) const MEASURE: &str = r#"
[[measure]]
code = "inspection"
name = "加强检查"
name_en = "Closer inspection"
items = ["penalty"]
agency = "市场监督管理部门"
clause = "penalty-law#art-48"
from = 2021-07-15
"#;

pub(crate) const ALL: [&str; 5] = ["laws.toml", "words.toml", "items.toml", "measures.toml", "retention.toml"];

/// The files of the example.
pub(crate) fn files() -> Vec<(String, String)> {
    ALL.into_iter().zip([LAWS, WORDS, ITEM, MEASURE, RETENTION]).map(|(n, t)| (n.to_owned(), t.to_owned())).collect()
}

/// The example with one passage of it, which must stand there exactly once, replaced.
pub(crate) fn changed(from: &str, to: &str) -> Vec<(String, String)> {
    let mut files = files();
    let found: usize = files.iter().map(|(_, text)| text.matches(from).count()).sum();
    assert_eq!(found, 1, "the passage to change must stand in the example exactly once: {from}");
    for (_, text) in &mut files {
        *text = text.replace(from, to);
    }
    files
}

/// The example with text added to its items.
pub(crate) fn with(text: &str) -> Vec<(String, String)> {
    let mut files = files();
    files[2].1.push_str(text);
    files
}

pub(crate) fn load(files: &[(String, String)]) -> Catalogue {
    Catalogue::load(files).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// Asserts that the check finds exactly the rule, as often as lines are marked with `#!` and on those lines.
#[track_caller]
pub(crate) fn assert_found(files: &[(String, String)], code: &str) -> Vec<Finding> {
    let findings = check(files, TODAY, PLACE);
    let mut expected: Vec<(String, usize)> = Vec::new();
    for (name, text) in files {
        let marked = text.lines().enumerate().filter(|(_, line)| line.contains("#!"));
        expected.extend(marked.map(|(i, _)| (name.clone(), i + 1)));
    }
    expected.sort();
    assert!(!expected.is_empty(), "no line is marked");
    let found: Vec<_> = findings.iter().map(|f| (f.file.clone(), f.line)).collect();
    assert_eq!(found, expected, "{findings:#?}");
    for finding in &findings {
        assert_eq!(finding.rule.code(), code, "{findings:#?}");
        assert!(!finding.say.zh.is_empty() && !finding.say.en.is_empty());
    }
    findings
}

#[test]
fn the_example_has_nothing_wrong_with_it() {
    assert_eq!(check(&files(), TODAY, PLACE), []);
    assert!(FindingSeverity::Error < FindingSeverity::Note, "errors come first where findings are sorted");
}
