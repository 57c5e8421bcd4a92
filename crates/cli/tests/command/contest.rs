//! Objection, “this is not me”, repair, complaint, horizon and leak at the command line, each from its beginning to its end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, ZHANG, office, office_of, two_penalties};
use serde_json::Value;

/// A city in which somebody has a released penalty; and the record's id.
fn city() -> (City, String) {
    let city = two_penalties();
    let record = records(&city)["records"][0]["record"].as_str().unwrap().to_owned();
    (city, record)
}

fn records(city: &City) -> Value {
    city.run(&["--json", "me", "records", "--subject", ZHANG.1]).ends(0).value()
}

fn decider() -> String {
    format!("decider:周洁@{}", office())
}

fn number(said: &Value) -> String {
    said["number"].as_str().unwrap().to_owned()
}

#[test]
fn an_objection_is_filed_marked_answered_and_read_back_with_its_decision() {
    let (city, record) = city();
    let who = decider();
    let file = ["--json", "objection", "file", &record, "--subject", ZHANG.1];
    city.write("车票.txt", "云汀—外地");
    city.run(&[&file[..], &["--aspect", "content"]].concat()).ends(3);
    let grounds = ["--aspect", "content", "--text", "当日不在本市", "--attach", "车票.txt"];
    let case = number(&city.run(&[&file[..], &grounds].concat()).ends(0).value());
    city.run(&[&file[..], &grounds].concat()).ends(8);
    assert_eq!(records(&city)["records"][0]["mark"]["en"], "under objection");
    let work = city.run(&["--lang", "en", "--as", &who, "proceeding", "work"]).ends(0).out;
    assert!(work.contains(&case) && !work.contains(ZHANG.0), "{work}");
    let decide = ["--as", &who, "objection", "decide", &case, "--step"];
    city.run(&[&decide[..], &["keep", "--text", "属实"]].concat()).ends(8);
    city.run(&[&decide[..], &["accept"]].concat()).ends(0);
    city.run(&[&decide[..], &["ask-more", "--text", "请提供原件"]].concat()).ends(0);
    let add = ["objection", "add", &case, "--subject", ZHANG.1];
    city.run(&[&add[..], &["--text", "原件已核对"]].concat()).ends(0);
    city.run(&[&add[..], &["--statement", "--text", "当日经营者不是我"]].concat()).ends(0);
    city.run(&["--as", &who, "proceeding", "attachment", &case, "1", "--out", "back.txt"]).ends(0);
    assert_eq!(std::fs::read(city.path("back.txt")).unwrap(), "云汀—外地".as_bytes());
    city.run(&[&decide[..], &["keep", "--text", "经核查属实"]].concat()).ends(0);
    let kept = records(&city)["records"][0].clone();
    assert!(kept["mark"].is_null() && kept["statement"] == "当日经营者不是我", "{kept:#}");
    for (lang, words) in [("zh", ["维持", "行政复议"]), ("en", ["kept", "reconsideration"])] {
        let said = city.run(&["--lang", lang, "me", "proceedings", "--subject", ZHANG.1]).ends(0).out;
        assert!(words.iter().all(|word| said.contains(word)) && said.contains(&case), "{said}");
    }
    let decision = ["proceeding", "decision", &case, "--subject", ZHANG.1, "--out"];
    city.run(&[&decision[..], &["decision.pdf"]].concat()).ends(0);
    assert!(std::fs::read(city.path("decision.pdf")).unwrap().starts_with(b"%PDF"));
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn not_me_is_out_of_use_until_an_identity_clerk_has_found_out() {
    let (city, record) = city();
    let said = city.run(&["--json", "objection", "file", &record, "--subject", ZHANG.1, "--not-me"]).ends(0).value();
    let case = number(&said);
    assert_eq!(records(&city)["records"][0]["mark"]["zh"], "停止使用（待答复）");
    let find = ["objection", "identify", &case, "--step", "find-not-theirs", "--text", "照片和签名均非本人"];
    city.run(&[&["--as", &decider()][..], &find].concat()).ends(7);
    city.run(&[&["--as", "identity_clerk:孙敏"][..], &find].concat()).ends(0);
    assert_eq!(records(&city)["records"][0]["state"], "withdrawn");
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn a_repair_goes_from_the_horizon_to_a_decision_that_anybody_verifies() {
    let (city, record) = city();
    let who = decider();
    let horizon = city.run(&["--json", "me", "horizon", &record, "--subject", ZHANG.1]).ends(0).value();
    assert!(horizon["repairFrom"].as_str().is_some() && horizon["stopsOn"].as_str().is_some(), "{horizon:#}");
    city.write("凭证.txt", "已缴清");
    city.write("承诺.txt", "本人承诺守法经营");
    let ask = ["--json", "repair", "file", &record, "--subject", ZHANG.1, "--step", "ask", "--text", "申请修复"];
    let papers = ["--attach", "凭证.txt", "--commitment", "承诺.txt"];
    city.run(&[&ask[..], &["--attach", "凭证.txt"]].concat()).ends(3);
    let asked = city.run(&[&ask[..], &papers].concat()).ends(0).value();
    let case = number(&asked);
    let decide = ["--as", &who, "repair", "decide", &case, "--step"];
    city.run(&[&decide[..], &["accept"]].concat()).ends(0);
    city.run(&[&decide[..], &["extend", "--text", "需函询", "--until", "2026-12-11"]].concat()).ends(0);
    city.run(&[&decide[..], &["grant", "--text", "义务已履行"]].concat()).ends(0);
    assert_eq!(records(&city)["records"][0]["state"], "repaired");
    let out = ["proceeding", "decision", &case, "--subject", ZHANG.1, "--out", "decision.json"];
    city.run(&out).ends(0);
    let signed: Value = serde_json::from_slice(&std::fs::read(city.path("decision.json")).unwrap()).unwrap();
    let payload = data_encoding::BASE64.decode(signed["payload"].as_str().unwrap().as_bytes()).unwrap();
    let decided: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!((decided["outcome"].as_str(), decided["reasons"].as_str()), (Some("granted"), Some("义务已履行")));
    let code = decided["verifyUrl"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let verified = city.run(&["--lang", "en", "proceeding", "verify", &case, &code]).ends(0).out;
    assert!(verified.contains(&case), "{verified}");
    let wrong = if code.ends_with('2') { "3" } else { "2" };
    let altered = format!("{}{wrong}", &code[..code.len() - 1]);
    assert_ne!(city.run(&["proceeding", "verify", &case, &altered]).code, 0);
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn a_line_of_the_log_becomes_a_complaint_that_is_answered() {
    let (city, _) = city();
    let clerk = format!("clerk:王芳@{}", office_of("transport"));
    let ask = ["--as", &clerk, "check", "ask", "--matter", "road-transport-practitioner", "--subject", ZHANG.1];
    city.run(&[&ask[..], &["--name", ZHANG.0, "--case", "云交受〔2026〕1号"]].concat()).ends(0);
    let log = city.run(&["--json", "me", "log", "--subject", ZHANG.1]).ends(0).value();
    let line = log["lines"].as_array().unwrap().iter().find(|line| line["operation"] == "check_answer").unwrap();
    let line = line["number"].to_string();
    let file = ["--json", "complaint", "file", "--subject", ZHANG.1, "--line", &line, "--text", "我从未申请过该事项"];
    let case = number(&city.run(&file).ends(0).value());
    city.run(&["--as", &clerk, "complaint", "work"]).ends(7);
    let office = "credit_office:何伟";
    let work = city.run(&["--as", office, "complaint", "work"]).ends(0).out;
    assert!(work.contains(&case) && !work.contains(ZHANG.0), "{work}");
    city.run(&["--as", office, "complaint", "answer", &case, "--step", "accept"]).ends(0);
    let who = format!("decider:何芳@{}", office_of("transport"));
    city.run(&["--as", &who, "complaint", "comment", &case, "--text", "申请材料编号有误，属误查"]).ends(0);
    let uphold = ["complaint", "answer", &case, "--step", "uphold", "--text", "经查系误查，已责令改正"];
    city.run(&[&["--as", &who][..], &uphold].concat()).ends(7);
    city.run(&[&["--as", office][..], &uphold].concat()).ends(0);
    let own = city.run(&["--lang", "zh", "me", "complaints", "--subject", ZHANG.1]).ends(0).out;
    assert!(own.contains(&case) && own.contains("经查系误查"), "{own}");
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn whoever_an_account_touched_is_listed_and_the_letters_are_drafted() {
    let (city, _) = city();
    let account = "王芳";
    let clerk = format!("clerk:{account}@{}", office_of("transport"));
    let ask = ["--as", &clerk, "check", "ask", "--matter", "road-transport-practitioner", "--subject", ZHANG.1];
    city.run(&[&ask[..], &["--name", ZHANG.0, "--case", "云交受〔2026〕1号"]].concat()).ends(0);
    let log = city.run(&["--json", "me", "log", "--subject", ZHANG.1]).ends(0).value();
    let line = log["lines"].as_array().unwrap().iter().find(|line| line["operation"] == "check_answer").unwrap();
    let actor = line["actor"].as_str().unwrap_or(account).to_owned();
    city.run(&["--as", "credit_office:何伟", "leak", "list", "--account", &actor, "--out", "touched.jsonl"]).ends(0);
    let touched = std::fs::read_to_string(city.path("touched.jsonl")).unwrap();
    assert_eq!(touched.lines().count(), 1, "{touched}");
    assert!(touched.contains("check_answer") && !touched.contains(ZHANG.0) && !touched.contains(ZHANG.1), "{touched}");
    let why = ["--cause", "账号被盗用", "--harm", "可能被冒用", "--measures", "已停用账号", "--advice", "留意诈骗电话"];
    let draft =
        ["--as", "credit_office:何伟", "leak", "notices", "--account", &actor, "--contact", "12345", "--to", "letters"];
    city.run(&[&draft[..], &why].concat()).ends(0);
    let letters: Vec<_> =
        std::fs::read_dir(city.path("letters")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(letters.len() >= 2, "a letter and the report: {letters:?}");
    let told = city.run(&["--lang", "en", "me", "log", "--subject", ZHANG.1]).ends(0).out;
    assert!(told.contains("leak"), "{told}");
    city.run(&["log", "verify"]).ends(0);
}
