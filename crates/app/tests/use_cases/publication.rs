//! What is published: whom it names, what it hides, when it ends, and who words it.

use std::collections::BTreeMap;

use chengxin_app::publication::{
    PublicationList, PublicationQuery, PublicationShown, PublicationText, PublicationTextState,
};
use chengxin_app::record::{Afterwards, Decision, RecordRef};
use chengxin_app::{AppError, Installation, Kind, Mode};
use chengxin_core::identity::DocumentKind;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Ground, Role};
use chengxin_seal::Profile;
use jiff::civil::date;
use rstest::rstest;

use crate::city::{City, Firm, OFFICE, caller, firm, firms_csv, trader};
use crate::contest::Contest;
use crate::desk::{DAY, Desk, administrator, public};

const FACTS: &str = "CF_SY";

/// The shipped rule: organisations alone.
const RULE: &str =
    "for = \"public\"\nfrom = \"2021-07-15\"\nsubjects = [\"organisation\"]\nseverities = [\"general\", \"serious\"]";
/// What it would be where a law named people too.
const RULE_WITH_PEOPLE: &str = "for = \"public\"\nfrom = \"2021-07-15\"\nsubjects = [\"person\", \"sole_trader\", \"organisation\"]\nseverities = [\"general\", \"serious\"]";

fn penalties() -> PublicationQuery {
    PublicationQuery { item: Some("penalty".to_owned()), limit: 10, ..PublicationQuery::default() }
}

fn listed(app: &Installation) -> PublicationList {
    app.publication_list(&public(), &penalties()).unwrap()
}

fn shown(app: &Installation, code: &str) -> PublicationShown {
    app.publication_show(&public(), code).unwrap()
}

fn is_over(app: &Installation, code: &str) -> bool {
    shown(app, code) == PublicationShown::Ended
}

fn second() -> Caller {
    caller(Role::Decider, "qian", Some(OFFICE))
}

fn confirm(app: &mut Installation, by: &Caller, code: &str, text: &str) -> Result<(), AppError> {
    let texts = BTreeMap::from([(FACTS.to_owned(), text.to_owned())]);
    let given = PublicationText { code: code.to_owned(), version: 1, line: 0, texts, explanation: None };
    app.publication_confirm(by, &given).map(drop)
}

/// A city in which these firms were fined.
fn city(firms: &[Firm]) -> Desk {
    let mut city = City::new();
    let outcome = city.import_firms("firms.csv", firms);
    assert_eq!(outcome.quality.counts.new, firms.len() as u64, "{:?}", outcome.quality);
    Desk::over(city)
}

/// The catalogue of a place where a law has people published too.
fn publish_people(app: &mut Installation, dir: &std::path::Path) {
    let folder = dir.join("with-people");
    std::fs::create_dir_all(folder.join("matters")).unwrap();
    for (name, text) in chengxin_app::catalogue::shipped_files() {
        let other = text.replace(RULE, RULE_WITH_PEOPLE);
        assert_eq!(other != text, name == "items-licence-penalty.toml");
        std::fs::write(folder.join(name), other).unwrap();
    }
    app.catalogue_apply(&administrator(), &folder).unwrap();
}

#[test]
fn a_firms_penalty_is_shown_with_its_clause_and_without_the_texts_that_nobody_confirmed() {
    let desk = city(&[firm(1)]);
    let list = listed(&desk.app);
    let [line] = &list.entries[..] else { panic!("{list:?}") };
    assert_eq!(
        (line.subject.as_str(), line.document_number.as_deref()),
        (firm(1).name.as_str(), Some("云交罚〔2026〕企1号"))
    );
    assert_eq!(line.text, PublicationTextState::Awaits);
    let PublicationShown::Entry(entry) = shown(&desk.app, &line.code) else { panic!("it is shown") };
    assert_eq!((entry.line.clone(), entry.shown_through), (line.clone(), Some(date(2027, 9, 1))));
    assert_eq!(entry.clause.cite, "penalty-law#art-48");
    let codes: Vec<_> = entry.fields.iter().map(|field| field.code.as_str()).collect();
    for there in ["CF_XDR_MC", "CF_XDR_SHXYM", "CF_WSH", "CF_CFLB", "CF_NR_FK", "CF_JDRQ", "CF_CFJG"] {
        assert!(codes.contains(&there), "{there}: {codes:?}");
    }
    let all = serde_json::to_string(&entry).unwrap();
    for hidden in ["何小雨", "CF_FRDB", "未按规定维护车辆", "罚款人民币陆万元", "违反道路运输管理规定", "19850505"]
    {
        assert!(!all.contains(hidden), "{hidden}: {all}");
    }
    // The address says nothing of whom it is about.
    assert!(line.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) && !line.code.contains("990000"));
}

#[rstest]
#[case::a_person_whose_licence_was_revoked(false)]
#[case::a_sole_trader_with_a_very_large_fine(true)]
fn nobody_is_published_whom_the_law_of_the_item_does_not_name(#[case] of_trader: bool) {
    let mut app = if of_trader {
        let mut desk = city(&[trader(1)]);
        let release = desk.app.submission_release(&second(), 1);
        assert!(release.is_ok(), "it waited for a second officer, as a person's does");
        desk
    } else {
        Contest::new().desk
    };
    assert_eq!(listed(&app.app).entries, [], "not today");
    app.pass(30 * DAY);
    assert_eq!(listed(&app.app).entries, [], "and on no other day");
    let licences = PublicationQuery { item: Some("licence".to_owned()), limit: 10, ..PublicationQuery::default() };
    assert_eq!(app.app.publication_list(&public(), &licences).unwrap().entries, []);
    // Where a law comes to name them they are shown, masked, and nothing of them in full.
    let dir = app.city.dir.path().to_owned();
    publish_people(&mut app.app, &dir);
    let list = listed(&app.app);
    let [line] = &list.entries[..] else { panic!("{list:?}") };
    let PublicationShown::Entry(entry) = shown(&app.app, &line.code) else { panic!("it is shown") };
    let all = serde_json::to_string(&(list.clone(), entry)).unwrap();
    let (name, masked, number) = match of_trader {
        true => ("何小雨", "何******店", trader(1).code),
        false => ("周明", "周*", crate::city::row(1).number),
    };
    assert!(
        all.contains(masked) && !all.contains(name) && !all.contains(&number) && !all.contains(&number[6..14]),
        "{all}"
    );
    assert!(!line.code.contains(&number));
}

#[test]
fn what_waits_for_a_second_officer_is_not_published() {
    let mut desk = city(&[trader(1)]);
    let dir = desk.city.dir.path().to_owned();
    publish_people(&mut desk.app, &dir);
    assert_eq!(listed(&desk.app).entries, []);
    desk.app.submission_release(&second(), 1).unwrap();
    assert_eq!(listed(&desk.app).entries.len(), 1);
}

#[test]
fn an_entry_is_gone_on_the_day_after_its_period_and_minor_ones_never_were() {
    let small = Firm { fine: "0.100000".to_owned(), ..firm(2) };
    let desk = city(&[firm(1), small]);
    let list = listed(&desk.app);
    let [line] = &list.entries[..] else { panic!("a warning or a small fine is not published: {list:?}") };
    // From 2026-11-21 to 2027-09-01.
    desk.pass(284 * DAY);
    assert_eq!(listed(&desk.app).entries.len(), 1);
    assert!(!is_over(&desk.app, &line.code), "its last day");
    desk.pass(DAY);
    assert_eq!(listed(&desk.app).entries, []);
    assert!(is_over(&desk.app, &line.code), "the day after, without any job");
}

#[test]
fn a_withdrawn_decision_is_gone_at_once_and_its_address_says_why() {
    let mut desk = city(&[firm(1)]);
    let code = listed(&desk.app).entries.remove(0).code;
    let gone = Firm { action: "撤销".to_owned(), ..firm(1) };
    let path = desk.city.write("gone.csv", &firms_csv(&[gone]));
    let officer = desk.city.officer();
    let request = chengxin_app::intake::ImportRequest {
        authority: OFFICE.to_owned(),
        item: Some("penalty".to_owned()),
        file: path,
        ..Default::default()
    };
    desk.app.submission_import(&officer, &request, &mut chengxin_app::intake::Silent).unwrap();
    assert_eq!(listed(&desk.app).entries, []);
    let PublicationShown::Withdrawn(why) = shown(&desk.app, &code) else { panic!("with an explanation") };
    assert_eq!(why.document_number.as_deref(), Some("云交罚〔2026〕企1号"));
    assert_eq!((why.withdrawn_on, why.clause.cite.as_str()), (Some(date(2026, 11, 21)), "penalty-law#art-48"));
    assert!(why.explanation.zh.contains("已被变更、撤销"));
    let all = serde_json::to_string(&why).unwrap();
    assert!(!all.contains("虚构1号") && !all.contains("60000"), "of the decision itself nothing: {all}");

    let draft = desk.app.publication_draft(&second(), &code).unwrap();
    assert!(draft.withdrawn);
    let explain = |text: Option<&str>, texts: BTreeMap<String, String>| PublicationText {
        code: code.clone(),
        version: draft.version,
        line: draft.line,
        texts,
        explanation: text.map(str::to_owned),
    };
    let text = BTreeMap::from([(FACTS.to_owned(), "不再公示".to_owned())]);
    for wrong in
        [explain(None, BTreeMap::new()), explain(None, text), explain(Some("致电13800000000"), BTreeMap::new())]
    {
        assert_eq!(desk.app.publication_confirm(&second(), &wrong).unwrap_err().kind, Kind::Invalid);
    }
    let said = "复议机关认定事实不清，已撤销原决定";
    desk.app.publication_confirm(&second(), &explain(Some(said), BTreeMap::new())).unwrap();
    let PublicationShown::Withdrawn(why) = shown(&desk.app, &code) else { panic!("with an explanation") };
    assert_eq!(why.explanation.zh, said);
    desk.pass(284 * DAY);
    assert!(!is_over(&desk.app, &code), "its last day");
    desk.pass(DAY);
    assert!(is_over(&desk.app, &code), "explained as long as it would have been shown");
}

#[test]
fn a_text_is_shown_as_an_officer_confirmed_it_and_only_beside_what_they_read() {
    let named = Firm { facts: "何小雨驾驶的车辆未维护，电话13800000000".to_owned(), ..firm(1) };
    let mut desk = city(&[named]);
    let code = listed(&desk.app).entries.remove(0).code;
    let draft = desk.app.publication_draft(&second(), &code).unwrap();
    let text = draft.texts.iter().find(|text| text.field == FACTS).unwrap();
    assert_eq!((text.draft.as_str(), text.starred), ("***驾驶的车辆未维护，电话***********", true));

    for (text, what) in [
        ("何小雨驾驶的车辆未维护", "the representative's name"),
        ("电话 138 0000 0000", "a telephone"),
        ("证件990000198505050778", "an identity number"),
        ("账号6222000000000000", "an account"),
        ("1\u{200b}38\u{200b}0000\u{200b}0000", "a number parted by signs that nobody sees"),
    ] {
        assert_eq!(confirm(&mut desk.app, &second(), &code, text).unwrap_err().kind, Kind::Invalid, "{what}");
    }
    assert_eq!(listed(&desk.app).entries[0].text, PublicationTextState::Awaits);
    let unknown = PublicationText {
        code: code.clone(),
        version: 1,
        line: 0,
        texts: [("CF_FRDB".to_owned(), "公示".to_owned())].into(),
        explanation: None,
    };
    assert_eq!(desk.app.publication_confirm(&second(), &unknown).unwrap_err().kind, Kind::Invalid);

    confirm(&mut desk.app, &second(), &code, "该公司的车辆未按规定维护").unwrap();
    let PublicationShown::Entry(entry) = shown(&desk.app, &code) else { panic!("it is shown") };
    let facts = entry.fields.iter().find(|field| field.code == FACTS).unwrap();
    assert_eq!(facts.value.zh, "该公司的车辆未按规定维护");
    assert_eq!(entry.line.text, PublicationTextState::Confirmed);
    assert!(!entry.fields.iter().any(|field| field.code == "CF_NR"), "another text was not confirmed");

    // The office sends other facts: what was confirmed counts for them no more.
    let path = desk.city.write("other.csv", &firms_csv(&[Firm { facts: "未按规定检测车辆".to_owned(), ..firm(1) }]));
    let officer = desk.city.officer();
    let request = chengxin_app::intake::ImportRequest {
        authority: OFFICE.to_owned(),
        item: Some("penalty".to_owned()),
        file: path,
        ..Default::default()
    };
    desk.app.submission_import(&officer, &request, &mut chengxin_app::intake::Silent).unwrap();
    assert_eq!(listed(&desk.app).entries[0].text, PublicationTextState::Awaits);
    let stale = confirm(&mut desk.app, &second(), &code, "该公司的车辆未按规定维护");
    assert_eq!(stale.unwrap_err().kind, Kind::Conflict, "that was read of the version before");
}

#[test]
fn neither_whoever_sent_a_row_nor_another_authority_nor_whoever_made_an_address_up_words_it() {
    let mut desk = city(&[firm(1)]);
    let code = listed(&desk.app).entries.remove(0).code;
    let sender = desk.city.officer();
    assert_eq!(confirm(&mut desk.app, &sender, &code, "事实").unwrap_err().kind, Kind::Forbidden);
    assert_eq!(desk.app.publication_draft(&sender, &code).unwrap_err().kind, Kind::Forbidden);
    let elsewhere = caller(Role::Decider, "wu", Some("11990000MB0000002C"));
    assert_eq!(desk.app.publication_draft(&elsewhere, &code).unwrap_err().kind, Kind::NotFound);
    for role in [Role::Clerk, Role::CreditOffice, Role::Auditor, Role::IdentityClerk, Role::Resident] {
        let other = caller(role, "li", Some(OFFICE));
        assert_eq!(desk.app.publication_draft(&other, &code).unwrap_err().kind, Kind::Forbidden, "{role:?}");
    }
    for made_up in ["", "abc", &"a".repeat(77), &code[..76]] {
        assert_eq!(desk.app.publication_show(&public(), made_up).unwrap_err().kind, Kind::NotFound);
        assert_eq!(desk.app.publication_draft(&second(), made_up).unwrap_err().kind, Kind::NotFound);
    }
    assert_eq!(listed(&desk.app).entries[0].text, PublicationTextState::Awaits);
}

#[test]
fn a_contested_entry_is_marked_and_held_back_once_its_answer_is_late() {
    let mut contest = Contest::new();
    let dir = contest.desk.city.dir.path().to_owned();
    publish_people(&mut contest.desk.app, &dir);
    let line = listed(&contest.desk.app).entries.remove(0);
    assert_eq!(line.mark, None);
    contest.object();
    let marked = listed(&contest.desk.app).entries.remove(0);
    assert_eq!(marked.mark.map(|mark| mark.zh), Some("异议中".to_owned()));
    contest.days(60);
    assert_eq!(listed(&contest.desk.app).entries, []);
    assert_eq!(shown(&contest.desk.app, &line.code), PublicationShown::Paused);
}

#[test]
fn a_list_goes_on_where_it_stopped_by_authority_and_by_no_place_that_was_made_up() {
    let desk = city(&(1..=5).map(firm).collect::<Vec<_>>());
    let mut asked = PublicationQuery { limit: 2, ..penalties() };
    let (mut found, mut parts) = (Vec::new(), 0);
    loop {
        let list = desk.app.publication_list(&public(), &asked).unwrap();
        found.extend(list.entries.into_iter().map(|line| line.subject));
        parts += 1;
        let Some(next) = list.next else { break };
        asked.after = Some(next);
    }
    found.sort();
    let mut all: Vec<_> = (1..=5).map(|n| firm(n).name).collect();
    all.sort();
    assert_eq!((found, parts), (all, 3));
    let of = |authority: &str| {
        let asked = PublicationQuery { authority: Some(authority.to_owned()), ..penalties() };
        desk.app.publication_list(&public(), &asked).unwrap().entries.len()
    };
    assert_eq!((of(OFFICE), of("11990000MB0000002C")), (5, 0));
    let code = listed(&desk.app).entries.remove(0).code;
    for made_up in ["x", "20000-", "20000-abc", &format!("20000-{code}")] {
        let asked = PublicationQuery { after: Some(made_up.to_owned()), ..penalties() };
        assert_eq!(desk.app.publication_list(&public(), &asked).unwrap_err().kind, Kind::Invalid, "{made_up}");
    }
    for none in ["judgment-debtor", "serious-wage-violation", "nothing"] {
        let asked = PublicationQuery { item: Some(none.to_owned()), ..penalties() };
        assert_eq!(desk.app.publication_list(&public(), &asked).unwrap_err().kind, Kind::NotFound, "{none}");
    }
}

#[test]
fn reading_leaves_no_line_and_wording_leaves_one_for_whom_it_is_about() {
    let mut desk = city(&[firm(1)]);
    let own = Caller { ground: Ground::OwnRight, authority: None, ..caller(Role::Representative, "he", None) };
    let lines = |desk: &mut Desk| {
        let lines = desk.app.log_lines(&own, DocumentKind::Uscc, &firm(1).code).unwrap().lines;
        let told: Vec<_> = lines.into_iter().map(|line| line.operation).collect();
        told.into_iter().filter(|name| name.starts_with("publication")).rev().collect::<Vec<_>>()
    };
    let code = listed(&desk.app).entries.remove(0).code;
    let _entry = shown(&desk.app, &code);
    assert_eq!(lines(&mut desk), [] as [&str; 0]);
    desk.app.publication_draft(&second(), &code).unwrap();
    confirm(&mut desk.app, &second(), &code, "车辆未按规定维护").unwrap();
    assert_eq!(lines(&mut desk), ["publication_draft", "publication_confirm"]);
}

#[test]
fn with_an_erased_record_goes_what_was_confirmed_beside_it() {
    let mut desk = city(&[firm(1)]);
    let code = listed(&desk.app).entries.remove(0).code;
    confirm(&mut desk.app, &second(), &code, "车辆未按规定维护").unwrap();
    assert_eq!(desk.hand().rows("SELECT version FROM publication ORDER BY version", &[]).unwrap().len(), 1);
    let own = Caller { ground: Ground::OwnRight, authority: None, ..caller(Role::Representative, "he", None) };
    let held = desk.app.record_list(&own, DocumentKind::Uscc, &firm(1).code).unwrap().records.remove(0).record;
    let at = RecordRef { kind: DocumentKind::Uscc, number: firm(1).code, record: RecordId::from_hex(&held).unwrap() };
    let decision = Decision { case_no: "云删〔2026〕1号".to_owned(), decided_on: date(2026, 11, 21) };
    desk.app.record_erase(&second(), &at, &decision, Afterwards::KeepLock).unwrap();
    assert_eq!(desk.hand().rows("SELECT version FROM publication ORDER BY version", &[]).unwrap().len(), 0);
    assert!(is_over(&desk.app, &code));
    assert_eq!(listed(&desk.app).entries, []);
}

#[test]
fn production_publishes_on_no_clause_that_nobody_read_and_the_other_profile_works_alike() {
    for (mode, profile) in [(Mode::Production, Profile::Intl), (Mode::Synthetic, Profile::Gm)] {
        let city = City::with(mode, profile);
        let list = city.installation.publication_list(&public(), &PublicationQuery { limit: 1, ..Default::default() });
        let items: Vec<_> = list.unwrap().items.into_iter().map(|item| item.code).collect();
        // Both notices rest on clauses that were read.
        assert_eq!(items, ["licence", "penalty"]);
    }
}
