//! Examples, as sentences.

use chengxin_core::catalogue::SubjectKind::{Organisation, Person, SoleTrader};
use chengxin_core::catalogue::matter::MatterGround;
use chengxin_core::catalogue::{FindingKind, LawLevel};
use chengxin_core::check::{CheckAnswer, CheckError, CheckStanding, Headline, SlipHead, answer};
use chengxin_core::{Lang, Say};
use jiff::ToSpan;
use jiff::civil::date;

use crate::records::{CATALOGUE, TODAY, ask, fined, json, model, record, revoked, standing, with};

fn kinds(answer: &CheckAnswer) -> Vec<FindingKind> {
    answer.findings.iter().map(|finding| finding.finding).collect()
}

fn pretty(answer: &CheckAnswer) -> String {
    serde_json::to_string_pretty(answer).unwrap()
}

#[test]
fn at_least_twenty_two_matters_are_shipped_each_on_a_clause_that_exists() {
    let matters = CATALOGUE.matters();
    assert!(matters.len() >= 22, "{}", matters.len());
    for def in matters {
        for clause in def.matter.clauses() {
            assert!(CATALOGUE.clause(clause).is_some(), "{}: {clause}", def.code());
        }
        assert!(def.holds_on(TODAY) && !def.items().is_empty(), "{}", def.code());
    }
    assert!(matters.iter().any(|def| def.matter.ground == MatterGround::Consent));
    assert_eq!(matters.iter().filter(|def| def.matter.batch).count(), 1, "only where the clause asks for it");
}

#[test]
fn what_bars_rests_on_a_law_or_an_administrative_regulation() {
    for relevance in CATALOGUE.matters().iter().flat_map(|def| &def.matter.relevant) {
        let (law, _) = CATALOGUE.clause(&relevance.clause).unwrap();
        let statute = matches!(law.level, LawLevel::Law | LawLevel::AdministrativeRegulation);
        assert!(relevance.finding != FindingKind::Bars || statute, "{}", relevance.clause);
    }
}

#[test]
fn an_applicant_about_whom_nothing_is_found_may_proceed() {
    let answer = ask("food-business-permit", SoleTrader, &[]);
    assert_eq!(*answer.headline.say(), Say::new("可继续办理", "May proceed"));
    assert!(!answer.found() && !answer.can_support_adverse_outcome());
    let notes: String = answer.notes.iter().map(|note| note.get(Lang::Zh)).collect();
    assert!(notes.contains("未查询到") && !notes.contains("无违法"), "{notes}");
}

#[test]
fn a_revoked_food_permit_bars_a_new_one_under_article_135() {
    let answer = ask("food-business-permit", SoleTrader, &[revoked(1)]);
    assert_eq!(kinds(&answer), [FindingKind::Bars]);
    assert_eq!(answer.headline.say().zh, "依《食品安全法》第一百三十五条核对1项");
    assert!(answer.can_support_adverse_outcome());
    let shown: Vec<_> = answer.findings[0].fields.iter().map(|field| (&*field.code, &*field.value.zh)).collect();
    assert!(shown.contains(&("CF_NR_FK", "123,456.00 元")), "{shown:?}");
    insta::assert_snapshot!("revoked_food_permit", pretty(&answer));
}

#[test]
fn a_fine_is_only_considered_and_five_years_later_nothing_bars() {
    let answer = ask("food-business-permit", SoleTrader, &[fined(1)]);
    assert_eq!(kinds(&answer), [FindingKind::Consider]);
    let mut old = revoked(1);
    old.decided_on = date(2021, 11, 20);
    old.display_until = None;
    assert_eq!(kinds(&ask("food-business-permit", SoleTrader, &[old.clone()])), []);
    old.decided_on = date(2021, 11, 21);
    assert_eq!(kinds(&ask("food-business-permit", SoleTrader, &[old])), [FindingKind::Bars], "the last day");
}

#[test]
fn a_revocation_of_another_permit_does_not_bar() {
    let mut other = revoked(1);
    other.fields.retain(|(code, _)| code != "CF_NR_ZKDX");
    let other = with(other, &[("CF_NR_ZKDX", "特种设备生产许可证")]);
    assert_eq!(kinds(&ask("food-business-permit", SoleTrader, &[other])), [FindingKind::Consider]);
}

#[test]
fn a_penalty_in_an_unrelated_field_is_not_found() {
    let tax = with(record(1, "penalty", "tax"), &[("CF_CFLB", "吊销许可证件"), ("CF_NR_ZKDX", "食品经营许可证")]);
    let debtor = record(2, "judgment-debtor", "court");
    let answer = ask("food-business-permit", SoleTrader, &[tax, debtor.clone()]);
    assert_eq!(json(&answer), json(&ask("food-business-permit", SoleTrader, &[])));
    assert_eq!(kinds(&ask("company-officer-registration", Person, &[debtor])), [FindingKind::Consider], "named there");
}

#[test]
fn under_objection_a_record_is_marked_and_never_bars() {
    let contested = standing(revoked(1), CheckStanding::UnderObjection);
    let answer = ask("food-business-permit", SoleTrader, std::slice::from_ref(&contested));
    assert_eq!(kinds(&answer), [FindingKind::Consider]);
    assert_eq!(answer.findings[0].mark, Some(Say::new("异议中", "under objection")));
    assert!(answer.findings[0].reason.as_ref().unwrap().zh.contains("不得单独"));
    assert!(!answer.can_support_adverse_outcome(), "alone it supports nothing");
    let both = ask("food-business-permit", SoleTrader, &[contested, revoked(2)]);
    assert_eq!(kinds(&both), [FindingKind::Bars, FindingKind::Consider]);
    assert!(both.can_support_adverse_outcome(), "the other one does");
}

#[test]
fn a_revocation_that_is_out_of_use_is_answered_by_ask_the_authority() {
    let answer = ask("food-business-permit", SoleTrader, &[standing(revoked(1), CheckStanding::OutOfUse)]);
    assert!(answer.findings.is_empty());
    assert_eq!(answer.ask.len(), 1);
    assert_eq!(answer.headline.say().zh, "依《食品安全法》第一百三十五条核对1项");
    assert!(!answer.can_support_adverse_outcome());
    let text = json(&answer);
    assert!(!text.contains("诚市监罚") && !text.contains("异议中") && !text.contains("回收食品"), "{text}");
    insta::assert_snapshot!("out_of_use_safety_bar", pretty(&answer));
}

#[test]
fn a_fine_that_is_out_of_use_is_silent_although_its_item_holds_revocations() {
    let answer = ask("food-business-permit", SoleTrader, &[standing(fined(1), CheckStanding::OutOfUse)]);
    assert_eq!(json(&answer), json(&ask("food-business-permit", SoleTrader, &[])));
}

#[test]
fn a_ban_that_is_over_is_not_found() {
    let ban =
        |last: &str| with(record(1, "industry-ban", "market_regulation"), &[("XZLY", "食品生产经营"), ("YXQZ", last)]);
    assert_eq!(kinds(&ask("food-manager-post", Person, &[ban("2026-11-21")])), [FindingKind::Bars], "its last day");
    assert_eq!(kinds(&ask("food-manager-post", Person, &[ban("2026-11-20")])), []);
    assert_eq!(kinds(&ask("food-manager-post", Person, &[ban("")])), [FindingKind::Bars], "no end is known");
}

#[test]
fn an_ease_rests_on_one_named_fact_and_states_the_ordinary_time() {
    let answer = ask("food-business-permit", SoleTrader, &[model(1)]);
    assert_eq!(answer.headline.say().zh, "可继续办理");
    let [ease] = answer.conveniences.as_slice() else { panic!("{:?}", answer.conveniences) };
    assert_eq!((ease.name.zh.as_str(), ease.fact.zh.as_str()), ("绿色通道", "食品药品安全诚信示范单位"));
    assert_eq!(ease.ordinary_working_days, 20);
    assert_eq!(answer.records(), [(ease.record.as_str(), 1)]);
    insta::assert_snapshot!("green_lane", pretty(&answer));
}

#[test]
fn an_adverse_finding_takes_the_ease_away_and_a_contested_one_does_not() {
    let eases = |records: &[_]| ask("food-business-permit", SoleTrader, records).conveniences.len();
    assert_eq!(eases(&[model(1), fined(2)]), 0);
    assert_eq!(eases(&[model(1), standing(fined(2), CheckStanding::UnderObjection)]), 1);
    assert_eq!(eases(&[model(1), standing(fined(2), CheckStanding::Repaired)]), 1);
    assert_eq!(eases(&[standing(model(1), CheckStanding::OutOfUse)]), 0);
}

#[test]
fn no_matter_of_health_school_or_relief_has_an_ease() {
    for def in CATALOGUE.matters().iter().filter(|def| !def.matter.conveniences.is_empty()) {
        for kind in ["health", "education", "civil_affairs", "medical_security"] {
            assert!(!def.may_be_asked_by(kind), "{}", def.code());
        }
    }
}

#[test]
fn refusing_consent_costs_nothing_and_the_answer_says_so() {
    let breach = record(1, "commitment-breach", "market_regulation");
    let answer = ask("commitment-based-approval", Organisation, &[breach]);
    assert_eq!(answer.ground, MatterGround::Consent);
    assert!(answer.if_refused.as_ref().unwrap().zh.contains("一般方式"));
    assert_eq!(kinds(&answer), [FindingKind::Consider]);
    assert!(answer.findings[0].can_do.zh.contains("照常办理"));
}

#[test]
fn a_matter_is_answered_only_while_it_is_in_force_and_for_its_own_applicants() {
    let matter = CATALOGUE.matter("food-business-permit").unwrap();
    let before = matter.matter.from.saturating_sub(1.day());
    for records in [vec![], vec![revoked(1)]] {
        let asked = |applicant, day| answer(&CATALOGUE, matter, applicant, &records, day);
        assert_eq!(asked(SoleTrader, before), Err(CheckError::NotInForce));
        assert_eq!(asked(Person, TODAY), Err(CheckError::NotForThisApplicant));
        assert!(asked(SoleTrader, TODAY).is_ok());
    }
}

#[test]
fn the_slip_is_what_the_clerk_saw_without_any_identity_number() {
    let mut contested = standing(revoked(1), CheckStanding::UnderObjection);
    contested.statement = Some("本人990000199001010017从未经营该店".to_owned());
    let answer = ask("food-business-permit", SoleTrader, &[contested]);
    let slip = answer.slip(SlipHead {
        number: "HC-2026-000017".to_owned(),
        applicant: "王小明 990000199001010017".to_owned(),
        authority: "诚信市市场监督管理局".to_owned(),
        case_number: "SP-2026-17".to_owned(),
        asked_on: TODAY,
    });
    assert_eq!(slip.answer, answer);
    let text = serde_json::to_string(&slip).unwrap();
    assert!(!text.contains("990000199001010017") && text.contains("王小明 990*************17"), "{text}");
    assert!(text.contains("HC-2026-000017") && text.contains("SP-2026-17"));
}

#[test]
fn the_headline_names_every_clause_once_and_counts_every_point() {
    let answer = ask("food-business-permit", SoleTrader, &[revoked(1), fined(2), fined(3)]);
    let Headline::ToVerify { clauses, count, say } = &answer.headline else { panic!("{:?}", answer.headline) };
    assert_eq!((clauses.len(), *count), (2, 3));
    assert_eq!(say.zh, "依《食品安全法》第一百三十五条、《食品安全法》第一百一十三条核对3项");
}
