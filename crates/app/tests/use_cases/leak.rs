//! After a leak: exactly those who were touched are found, each reads that they were, and nothing of a record comes out.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::contest;
use crate::desk;
use crate::machine;

use chengxin_app::check::CheckRequest;
use chengxin_app::client::TokenRequest;
use chengxin_app::leak::{LeakLetter, LeakPerson, LeakSaid, LeakSearch, LeakSummary};
use chengxin_app::{AppError, Kind};
use chengxin_core::{Caller, Ground, Lang, Role, Session, Standing};
use city::{OFFICE, Row, caller};
use contest::{Contest, KIND, MATTER, clerk, own, revoked};
use desk::{MINUTE, credit_office, public};
use jiff::civil::date;
use machine::{Key, claims, new_client};

const CLAUSE: &str = "road-transport-regulation#art-9";

struct Town {
    contest: Contest,
    rows: Vec<Row>,
}

fn town() -> Town {
    let names = ["周明", "李静", "王芳", "赵强", "孙丽"];
    let named =
        |(at, name): (usize, &&str)| Row { name: (*name).to_owned(), ..revoked(u32::try_from(at).unwrap() + 1) };
    let rows: Vec<Row> = names.iter().enumerate().map(named).collect();
    Town { contest: Contest::with(&rows), rows }
}

fn auditor() -> Caller {
    caller(Role::Auditor, "audit", None)
}

impl Town {
    fn check(&mut self, who: &Caller, row: usize) {
        let Row { number, name, .. } = self.rows[row].clone();
        let case_number = format!("A-{row}");
        let request = CheckRequest { matter: MATTER.to_owned(), kind: KIND, number, name, case_number };
        self.contest.desk.app.check_answer(who, &request).unwrap();
    }

    fn list(&mut self, who: &Caller, search: &LeakSearch) -> Result<(LeakSummary, Vec<LeakPerson>), AppError> {
        let mut people = Vec::new();
        let summary = self.contest.desk.app.leak_list(who, search, &mut |person| {
            people.push(person);
            Ok(())
        })?;
        Ok((summary, people))
    }

    /// Operations in somebody's own log.
    fn lines(&mut self, row: usize) -> Vec<String> {
        let number = self.rows[row].number.clone();
        let lines = self.contest.desk.app.log_lines(&own(), KIND, &number).unwrap();
        assert_eq!(lines.broken, None);
        lines.lines.into_iter().map(|line| line.operation).collect()
    }

    fn has_line(&mut self, row: usize) -> bool {
        self.lines(row).iter().any(|operation| operation == "leak_list")
    }
}

fn by_account(name: &str) -> LeakSearch {
    LeakSearch { accounts: vec![name.to_owned()], ..LeakSearch::default() }
}

fn other_clerk() -> Caller {
    Caller { actor: "wu".to_owned(), ..clerk() }
}

#[test]
fn whom_an_account_looked_up_are_found_and_nobody_else_and_each_of_them_reads_it() {
    let mut town = town();
    for row in 0..3 {
        town.check(&clerk(), row);
    }
    town.check(&other_clerk(), 3);
    let (summary, people) = town.list(&auditor(), &by_account("li")).unwrap();
    assert_eq!((summary.people, summary.told, summary.lines, summary.records), (3, 3, 3, 3));
    assert_eq!(people.len(), 3);
    assert_eq!(summary.operations.get("check_answer"), Some(&3));
    assert!(summary.unseen.is_empty(), "{:?}", summary.unseen);
    for person in &people {
        let line = &person.lines[0];
        assert_eq!((line.operation.as_str(), line.told, line.role.as_str()), ("check_answer", true, "clerk"));
        assert_eq!(line.authority.as_deref(), Some(OFFICE));
        assert!(line.actor.starts_with('#'), "staff stay tags: {}", line.actor);
        assert_eq!((person.records[0].item.as_str(), person.records[0].class.zh.as_str()), ("penalty", "行政管理"));
    }
    let told: Vec<bool> = (0..5).map(|row| town.has_line(row)).collect();
    assert_eq!(told, [true, true, true, false, false]);
    town.contest.desk.assert_whole();
}

#[test]
fn nothing_of_what_a_record_says_nor_whose_it_is_comes_out() {
    let mut town = town();
    town.check(&clerk(), 0);
    let (summary, people) = town.list(&credit_office(), &by_account("li")).unwrap();
    let out = serde_json::to_string(&(summary, people)).unwrap();
    let Row { name, number, document, facts, violation, .. } = town.rows[0].clone();
    for secret in [name, number, document, facts, violation, "道路运输从业资格证".to_owned(), "A-0".to_owned()]
    {
        assert!(!out.contains(&secret), "{secret} in {out}");
    }
}

#[test]
fn a_search_tells_those_who_were_found_by_an_earlier_one_again_and_does_not_find_searches() {
    let mut town = town();
    town.check(&clerk(), 0);
    town.list(&auditor(), &by_account("li")).unwrap();
    let (summary, _) = town.list(&auditor(), &by_account("audit")).unwrap();
    assert_eq!(summary.people, 0, "looking for a leak is no leak");
    town.list(&auditor(), &by_account("li")).unwrap();
    let told = town.lines(0).into_iter().filter(|operation| operation == "leak_list").count();
    assert_eq!(told, 2);
}

#[test]
fn a_span_of_time_finds_what_was_told_in_it_whoever_was_told() {
    let mut town = town();
    town.check(&clerk(), 0);
    town.contest.desk.pass(60 * MINUTE);
    let from = town.contest.desk.now();
    town.check(&clerk(), 1);
    town.check(&other_clerk(), 2);
    town.contest.desk.pass(60 * MINUTE);
    let until = town.contest.desk.now();
    town.check(&clerk(), 3);
    let span = LeakSearch { from_us: Some(from), until_us: Some(until), ..LeakSearch::default() };
    let (summary, _) = town.list(&auditor(), &span).unwrap();
    assert_eq!((summary.people, summary.lines), (2, 2));
    let both = LeakSearch { accounts: vec!["wu".to_owned()], ..span };
    let (summary, _) = town.list(&auditor(), &both).unwrap();
    assert_eq!(summary.people, 1, "an account within a span");
    assert!(!town.has_line(0) && town.has_line(1) && town.has_line(2) && !town.has_line(3));
}

#[test]
fn what_a_machine_did_with_a_key_is_found_by_the_keys_name() {
    let mut town = town();
    let app = &mut town.contest.desk.app;
    let key = Key::new("ES256", "kid-2026");
    let line = app.client_add(&desk::administrator(), &new_client(Role::Clerk, &["check_answer"], &key)).unwrap();
    let assertion = key.assertion(&claims(&line.id.to_string(), &app.token_endpoint(), app.now_us(), "one"));
    let request = TokenRequest { assertion, client_id: None, scope: None, source: "10.0.0.7".to_owned() };
    let token = app.token_issue(&public(), &request).unwrap().token;
    let who = app.session_find(&token).unwrap().unwrap();
    let now_us = app.now_us();
    let machine = who.acting(Role::Clerk, Some(OFFICE), "test", Ground::Duty(CLAUSE.to_owned()), now_us).unwrap();
    town.check(&machine, 4);
    town.check(&clerk(), 0);
    let search = LeakSearch { keys: vec!["kid-2026".to_owned()], ..LeakSearch::default() };
    let (summary, people) = town.list(&auditor(), &search).unwrap();
    assert_eq!((summary.people, people.len()), (1, 1));
    assert_eq!(summary.elsewhere.get("token_issue"), Some(&1), "what concerns nobody is counted beside");
    assert!(town.has_line(4) && !town.has_line(0));
    let wrong = LeakSearch { keys: vec!["kid-2025".to_owned()], ..LeakSearch::default() };
    let (summary, _) = town.list(&auditor(), &wrong).unwrap();
    assert_eq!((summary.people, summary.unseen), (0, vec!["kid-2025".to_owned()]), "a name that was mistyped is said");
}

#[test]
fn an_account_is_found_by_its_login_and_a_session_of_it_by_its_id() {
    let mut town = town();
    let person = town.contest.desk.clerk("wangfang");
    let signed_in = town.contest.desk.sign_in(&person);
    let app = &mut town.contest.desk.app;
    let who = app.session_find(&signed_in.token).unwrap().unwrap();
    let now_us = app.now_us();
    let acting = who.acting(Role::Clerk, Some(OFFICE), "test", Ground::Duty(CLAUSE.to_owned()), now_us).unwrap();
    let own_account = caller(Role::Clerk, &acting.actor, Some(OFFICE));
    let session = app.session_list(&Caller { standing: acting.standing.clone(), ..own_account }, &who).unwrap();
    let id = session[0].id.clone();
    town.check(&acting, 1);
    let (by_login, _) = town.list(&auditor(), &by_account("wangfang")).unwrap();
    let by_session = LeakSearch { sessions: vec![id], ..LeakSearch::default() };
    let (by_session, _) = town.list(&auditor(), &by_session).unwrap();
    assert_eq!((by_login.people, by_session.people), (1, 1));
    assert!(by_login.unseen.is_empty() && by_session.unseen.is_empty());
}

#[test]
fn whoever_may_not_search_or_did_not_just_say_who_they_are_is_refused_and_nobody_is_written_to() {
    let mut town = town();
    town.check(&clerk(), 0);
    let session = |confirmed| Session {
        two_factors: true,
        confirmed,
        subject: None,
        held: vec![Role::Auditor],
        unused_days: 0,
        today: date(2026, 11, 21),
    };
    let signed_in = |confirmed| Caller { standing: Standing::Session(Box::new(session(confirmed))), ..auditor() };
    assert_eq!(town.list(&signed_in(false), &by_account("li")).unwrap_err().kind, Kind::Forbidden);
    for role in Role::ALL.into_iter().filter(|role| !matches!(role, Role::Auditor | Role::CreditOffice)) {
        let other = caller(role, "somebody", Some(OFFICE));
        assert_eq!(town.list(&other, &by_account("li")).unwrap_err().kind, Kind::Forbidden, "{role:?}");
    }
    let silent = Ground::SilentDuty {
        clause: CLAUSE.to_owned(),
        silence: CLAUSE.to_owned(),
        until: date(2027, 1, 1),
        said: false,
    };
    let silent = Caller { ground: silent, ..auditor() };
    assert_eq!(town.list(&silent, &by_account("li")).unwrap_err().kind, Kind::Forbidden, "never a silent way");
    assert!(!town.has_line(0));
    assert_eq!(town.list(&signed_in(true), &by_account("li")).unwrap().0.people, 1);
    assert_eq!(town.list(&auditor(), &LeakSearch::default()).unwrap_err().kind, Kind::Invalid);
    let backwards = LeakSearch { from_us: Some(2), until_us: Some(1), ..LeakSearch::default() };
    assert_eq!(town.list(&auditor(), &backwards).unwrap_err().kind, Kind::Invalid);
}

#[test]
fn letters_are_drafted_for_each_with_what_only_people_know_and_a_report_without_names() {
    let mut town = town();
    town.check(&clerk(), 0);
    town.check(&clerk(), 1);
    let said = LeakSaid {
        cause: "一名工作人员的口令被他人获知".to_owned(),
        harm: "可能被用于诈骗".to_owned(),
        measures: "已停用该账户".to_owned(),
        advice: "请留意陌生来电".to_owned(),
        contact: "云汀市信用主管部门 0990-12345678".to_owned(),
    };
    let mut letters: Vec<LeakLetter> = Vec::new();
    let app = &mut town.contest.desk.app;
    let mut keep = |letter| {
        letters.push(letter);
        Ok(())
    };
    let drafted = app.leak_notices(&credit_office(), &by_account("li"), &said, Lang::Zh, &mut keep).unwrap();
    assert_eq!((drafted.summary.people, drafted.addressed), (2, 2));
    assert!(drafted.report.starts_with(b"%PDF"));
    let addressees: Vec<_> = letters.iter().map(|letter| letter.addressee.clone().unwrap()).collect();
    assert!(addressees.iter().any(|name| name.starts_with("周明（990***")), "{addressees:?}");
    for letter in &letters {
        assert!(letter.pdf.starts_with(b"%PDF"));
        let text: String = letter.text.iter().map(|say| say.zh.as_str()).collect();
        for said in [&said.cause, &said.harm, &said.measures, &said.advice, &said.contact] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("违规停车"), "nothing of the record");
    }
    let vague = LeakSaid { measures: String::new(), ..said.clone() };
    let mut nobody = |_| unreachable!("nothing is drafted");
    let refused = app.leak_notices(&credit_office(), &by_account("li"), &vague, Lang::Zh, &mut nobody).unwrap_err();
    assert_eq!(refused.kind, Kind::Invalid);
    let refused = app.leak_notices(&auditor(), &by_account("li"), &said, Lang::Zh, &mut nobody).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden, "an auditor needs no names");
    assert!(town.lines(0).iter().any(|operation| operation == "leak_notices"));
    town.contest.desk.assert_whole();
}

#[test]
fn one_who_has_records_and_read_them_as_a_reader_too_is_one_person() {
    let mut town = town();
    town.check(&clerk(), 0);
    town.contest.report();
    let search = LeakSearch { from_us: Some(0), ..LeakSearch::default() };
    let (summary, people) = town.list(&auditor(), &search).unwrap();
    assert_eq!((summary.people, people.len()), (1, 1));
    assert!(people[0].reachable);
}
