//! `chengxin matter`, `policy`, `check`, and what the person reads of it, from end to end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, LI, PENALTY, Said, ZHANG, office, office_of};

const MATTER: &str = "road-transport-practitioner";

/// A city in which Zhang Wei's licence was revoked.
fn city() -> City {
    let (city, transport) = (City::new(), office_of("transport"));
    let row = format!(
        "{},自然人,身份证,{},云交罚〔2026〕1号,违规营运,使用伪造的从业资格证营运,《道路运输条例》第六十六条,吊销许可证件,吊销从业资格证,,2026-09-01,云汀市交通运输局,{transport},2026-08-20,道路运输从业资格证",
        ZHANG.0, ZHANG.1
    );
    city.write("rows.csv", format!("{PENALTY},CF_NR_ZKDX\n{row}\n"));
    city.run(&["import", "--authority", &transport, "--item", "penalty", "rows.csv"]).ends(0);
    city.run(&["submission", "release", "1"]).ends(0);
    city
}

fn ask(city: &City, office: &str, matter: &str, name: &str, more: &[&str]) -> Said {
    let who = format!("clerk:王芳@{office}");
    let mut args = vec!["--as", &who, "--purpose", "办理从业资格", "--json", "check", "ask", "--matter", matter];
    args.extend(["--case", "云交受〔2026〕17号", "--subject", ZHANG.1, "--name", name]);
    args.extend(more);
    city.run(&args)
}

#[test]
fn a_clerk_asks_decides_and_the_person_reads_both() {
    let (city, transport) = (city(), office_of("transport"));
    let checked = ask(&city, &transport, MATTER, ZHANG.0, &["--out", "slip.json"]).ends(0).value();
    let finding = &checked["answer"]["findings"][0];
    assert_eq!((&finding["item"], &finding["finding"]), (&"penalty".into(), &"consider".into()), "{checked:#}");
    let slip = std::fs::read_to_string(city.path("slip.json")).unwrap();
    assert!(!slip.contains(ZHANG.1) && slip.contains(finding["record"].as_str().unwrap()));

    let number = checked["head"]["number"].as_str().unwrap();
    let who = format!("clerk:王芳@{transport}");
    let mut args = vec!["--as", &who, "--purpose", "登记结果", "--json", "check", "outcome", "--subject", ZHANG.1];
    args.extend(["--check", number, "--outcome", "refused", "--reason", "从业资格证被吊销未满期限"]);
    args.extend(["--record", finding["record"].as_str().unwrap()]);
    let notice = city.run(&args).ends(0).value();
    assert!(notice["review"]["zh"].as_str().unwrap().contains("行政复议"), "{notice:#}");
    city.run(&args).ends(8);

    let checks = city.run(&["--json", "me", "checks", "--subject", ZHANG.1]).ends(0).value();
    assert_eq!(checks[0]["answer"], checked["answer"]);
    assert_eq!(checks[0]["outcomes"][0]["reason"], "从业资格证被吊销未满期限");
    let preview = city.run(&["--json", "me", "preview", "--matter", MATTER, "--subject", ZHANG.1]).ends(0).value();
    assert_eq!(preview["findings"], checked["answer"]["findings"]);
    for (lang, words) in [("zh", "从业资格证被吊销未满期限"), ("en", "outcome:")] {
        let said = city.run(&["--lang", lang, "me", "checks", "--subject", ZHANG.1]).ends(0).out;
        assert!(said.contains(words) && said.contains(number), "{said}");
    }
    let others = city.run(&["--json", "me", "checks", "--subject", LI.1]).ends(0).value();
    assert_eq!(others, serde_json::json!([]));
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn what_may_not_be_asked_is_refused_with_its_own_exit_code() {
    let (city, transport) = (city(), office_of("transport"));
    ask(&city, &transport, "no-such-matter", ZHANG.0, &[]).ends(6);
    ask(&city, &office(), MATTER, ZHANG.0, &[]).ends(7);
    ask(&city, &transport, MATTER, "张韦", &[]).ends(8);
    ask(&city, &transport, MATTER, " ", &[]).ends(3);
    ask(&city, &transport, MATTER, ZHANG.0, &["--out", "absent/slip.json"]).ends(3);
    assert!(!city.path("absent").exists());
    let resident = ["--as", "resident:张伟", "check", "ask", "--matter", MATTER, "--case", "1", "--subject", ZHANG.1];
    city.run(&[&resident[..], &["--name", ZHANG.0]].concat()).ends(7);
}

#[test]
fn the_rules_are_read_by_everybody() {
    let city = City::new();
    let matters = city.run(&["--json", "matter", "list"]).ends(0).value();
    let matters = matters.as_array().unwrap();
    assert!(matters.iter().any(|matter| matter["code"] == MATTER) && matters.len() >= 20, "{}", matters.len());
    for (lang, words) in [("zh", "道路"), ("en", "Road")] {
        let said = city.run(&["--lang", lang, "matter", "show", MATTER]).ends(0).out;
        assert!(said.to_lowercase().contains(&words.to_lowercase()), "{said}");
    }
    city.run(&["matter", "show", "no-such-matter"]).ends(6);
    let policies = city.run(&["--json", "policy", "show"]).ends(0).out;
    assert!(policies.contains("submitter-does-not-release") && policies.contains("house#second-person"));
}

/// A city with a finance bureau, and a list of suppliers who apply.
fn suppliers(count: usize) -> (City, String) {
    let (city, finance) = (City::new(), "11990000MB0000004Y".to_owned());
    city.run(&["authority", "add", &finance, "--name", "云汀市财政局", "--kind", "finance"]).ends(0);
    let numbers = (0..count).map(|at| {
        let first = format!("91990000MC{at:07}");
        let check = chengxin_core::identity::Uscc::check_character(first.as_bytes().try_into().unwrap()).unwrap();
        format!("procurement-credit-notice#screen,云汀供应商{at}有限公司,{first}{check},采审{at}号\n")
    });
    city.write("list.csv", format!("核查依据,名称,统一社会信用代码,办件编号\n{}", numbers.collect::<String>()));
    (city, finance)
}

#[test]
fn a_batch_goes_on_where_it_was_interrupted_and_writes_over_nothing() {
    let (city, finance) = suppliers(2_001);
    let (clerk, decider) = (format!("clerk:王芳@{finance}"), format!("decider:钱进@{finance}"));
    let by = |who: &str, args: &[&str]| {
        let all = [&["--as", who, "--purpose", "供应商资格审查", "--json", "check", "batch"], args].concat();
        city.run(&all)
    };
    let opened = by(&clerk, &["open", "--matter", "procurement-supplier", "list.csv"]).ends(0).value();
    let number = opened["number"].as_str().unwrap().to_owned();
    assert_eq!((&opened["applications"], &opened["parts"]), (&2_001.into(), &3.into()), "{opened:#}");
    let answer = |out: &str| by(&clerk, &["answer", &number, "list.csv", "--out", out]);
    answer("out.jsonl").ends(8);
    by(&clerk, &["approve", &number]).ends(7);
    by(&decider, &["approve", &number]).ends(0);
    answer("out.jsonl").ends(0);
    let lines = |name: &str| std::fs::read_to_string(city.path(name)).unwrap().lines().count();
    assert_eq!(lines("out.jsonl"), 2_001);
    assert_eq!(by(&clerk, &["list"]).ends(0).value()[0]["state"], "answered");

    // The last part was cut off when it was written: it alone is asked once more.
    let whole = std::fs::read(city.path("out.jsonl")).unwrap();
    std::fs::write(city.path("out.jsonl"), &whole[..whole.len() - 40]).unwrap();
    let again = answer("out.jsonl").ends(0).value();
    assert_eq!((&again["resumedAt"], lines("out.jsonl")), (&3.into(), 2_001));
    // All is there: nobody is asked about again.
    assert_eq!(answer("out.jsonl").ends(0).value()["resumedAt"], 4);
    city.write("other.txt", "notes of somebody\n");
    answer("other.txt").ends(2);
    assert_eq!(std::fs::read_to_string(city.path("other.txt")).unwrap(), "notes of somebody\n");
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn a_list_with_faults_is_told_application_by_application() {
    let (city, finance) = suppliers(3);
    let list = std::fs::read_to_string(city.path("list.csv")).unwrap().replace("采审1号", "");
    city.write("list.csv", list);
    let who = format!("clerk:王芳@{finance}");
    for (lang, words) in [("zh", "第 2 件"), ("en", "application 2")] {
        let args = [
            "--as",
            &who,
            "--purpose",
            "审查",
            "--lang",
            lang,
            "check",
            "batch",
            "open",
            "--matter",
            "procurement-supplier",
            "list.csv",
        ];
        let said = city.run(&args).ends(3);
        assert!(said.err.contains(words), "{}", said.err);
    }
    city.run(&[
        "--as",
        &who,
        "--purpose",
        "审查",
        "check",
        "batch",
        "open",
        "--matter",
        "food-business-permit",
        "list.csv",
    ])
    .ends(7);
    city.run(&["--as", &who, "--purpose", "审查", "check", "batch", "answer", "PC-1", "list.csv", "--out", "x"])
        .ends(6);
}
