//! Statistics of a small city, held against what one counts by hand: of work and never of people, without a rank, and without a number that points at somebody.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chengxin_app::Kind;
use chengxin_app::intake::{ImportRequest, Silent};
use chengxin_app::reading::Reading;
use chengxin_app::statistics::{ExportFormat, Figure, Precision, Statistics, StatisticsTable};
use chengxin_core::objection::ObjectionStep;
use chengxin_core::{Lang, Role};
use chengxin_sheet::{Limits, Rows, Source};
use chengxin_store::authority::AuthorityRow;

use crate::city::{City, OFFICE, Row, caller, csv, row};
use crate::contest::{Contest, MATTER};
use crate::desk::{DAY, Desk, administrator, credit_office, public};
use crate::lived::{Lived, auditor};

/// Another office, whose code sorts before the first one's.
const OTHER: &str = "11990000MA00000151";

/// Rows decided on a day.
fn decided(from: u32, count: u32, day: &str) -> Vec<Row> {
    (from..from + count).map(|n| Row { decided: day.to_owned(), conduct: "2026-08-20".to_owned(), ..row(n) }).collect()
}

fn send(city: &mut City, office: &str, name: &str, rows: &[Row]) {
    let path = city.write(name, &csv(rows));
    let (authority, item) = (office.to_owned(), Some("penalty".to_owned()));
    let request = ImportRequest { authority, item, file: path, ..ImportRequest::default() };
    let officer = caller(Role::DataOfficer, "zhou", Some(office));
    city.installation.submission_import(&officer, &request, &mut Silent).unwrap();
}

fn with_other_office(city: &mut City, name: &str) {
    let authority = AuthorityRow {
        code: OTHER.to_owned(),
        name: name.to_owned(),
        name_en: String::new(),
        kind: "transport".to_owned(),
    };
    city.installation.authority_add(&administrator(), &authority).unwrap();
}

/// Fifteen days later, when November is over.
fn in_december(city: City) -> Desk {
    let desk = Desk::over(city);
    desk.pass(15 * DAY);
    desk
}

fn shown(desk: &Desk) -> Statistics {
    desk.app.statistics_show(&credit_office(), None).unwrap()
}

fn table<'s>(of: &'s Statistics, code: &str) -> &'s StatisticsTable {
    of.tables.iter().find(|table| table.code == code).unwrap()
}

/// What stands in the rows of a table, its sum last.
fn texts(table: &StatisticsTable) -> Vec<Vec<String>> {
    let rows = table.rows.iter().chain(&table.sum);
    rows.map(|row| std::iter::once(row.code.clone()).chain(row.figures.iter().map(Figure::text)).collect()).collect()
}

fn count(table: &StatisticsTable, code: &str) -> Figure {
    table.rows.iter().find(|row| row.code == code).unwrap().figures[0]
}

#[test]
fn what_an_office_sent_is_what_one_counts_by_hand() {
    let mut city = City::new();
    // Received on Saturday, 21 November: the seventh working day before it is the 11th.
    let mut rows = decided(1, 12, "2026-11-11");
    rows.extend(decided(13, 8, "2026-11-10"));
    rows.extend(decided(21, 6, "2026-02-30"));
    send(&mut city, OFFICE, "a.csv", &rows);
    let desk = in_december(city);
    let of = shown(&desk);
    assert_eq!(of.month.to_string(), "2026-11");
    let line = |code: &str| [code, "1", "20", "6", "0", "26", "76%"].map(str::to_owned).to_vec();
    assert_eq!(texts(table(&of, "submissions")), [line(OFFICE), line("")]);
    let line = |code: &str| [code, "12", "8", "20", "60%"].map(str::to_owned).to_vec();
    assert_eq!(texts(table(&of, "timeliness")), [line(OFFICE), line("")]);
    let trend = table(&of, "trend");
    assert_eq!((trend.rows.len(), trend.rows[11].code.as_str()), (12, "2026-11"));
    let share = |percent| Figure::Share { percent, bound: Precision::Exactly };
    assert_eq!(trend.rows[11].figures, [Figure::Count { value: 1 }, share(60), share(76)]);
    assert_eq!(trend.rows[10].figures, [Figure::Count { value: 0 }, Figure::Nothing, Figure::Nothing]);
    let traffic = table(&of, "domains").rows.iter().find(|row| row.code == "交通安全").unwrap();
    let Figure::Count { value: items } = traffic.figures[0] else { panic!("items are told") };
    assert!(items > 0 && traffic.figures[1] == Figure::Count { value: 1 }, "penalty alone was sent: {traffic:?}");
    assert!(table(&of, "occupations").rows.len() > 10);
}

#[test]
fn few_late_rows_are_told_as_a_bound_and_cannot_be_found_from_the_sum() {
    let mut city = City::new();
    with_other_office(&mut city, "云汀市公路局");
    send(&mut city, OFFICE, "a.csv", &decided(1, 20, "2026-11-20"));
    let mut rows = decided(41, 6, "2026-11-20");
    rows.extend(decided(51, 2, "2026-09-01"));
    send(&mut city, OTHER, "b.csv", &rows);
    let desk = in_december(city);
    let of = shown(&desk);
    let line = |code: &str, cells: [&str; 4]| std::iter::once(code).chain(cells).map(str::to_owned).collect::<Vec<_>>();
    let expected = [
        line(OTHER, ["—", "—", "—", "≥50%"]),
        line(OFFICE, ["20", "0", "20", "100%"]),
        line("", ["—", "—", "—", "≥85%"]),
    ];
    assert_eq!(texts(table(&of, "timeliness")), expected, "by code, and two are late: neither row nor sum says so");
    let board = Reading::open(&desk.app).unwrap().statistics_board(&public()).unwrap();
    let lines: Vec<_> = board.authorities.iter().map(|line| (line.authority.as_str(), line.in_time.text())).collect();
    assert_eq!(lines, [(OTHER, "≥50%".to_owned()), (OFFICE, "100%".to_owned())]);
}

#[test]
fn authorities_stand_by_code_whoever_is_better_and_no_table_is_about_people() {
    for (first, second) in [(("2026-11-20"), ("2026-09-01")), (("2026-09-01"), ("2026-11-20"))] {
        let mut city = City::new();
        with_other_office(&mut city, "云汀市公路局");
        send(&mut city, OFFICE, "a.csv", &decided(1, 9, first));
        send(&mut city, OTHER, "b.csv", &decided(41, 30, second));
        let desk = in_december(city);
        let of = shown(&desk);
        for table in ["submissions", "timeliness"].map(|code| table(&of, code)) {
            let codes: Vec<_> = table.rows.iter().map(|row| row.code.as_str()).collect();
            assert_eq!(codes, [OTHER, OFFICE], "{}", table.code);
        }
        let codes: Vec<_> = of.tables.iter().map(|table| table.code).collect();
        let known = [
            "submissions",
            "timeliness",
            "trend",
            "domains",
            "occupations",
            "objections",
            "repairs",
            "checks",
            "complaints",
        ];
        assert_eq!(
            codes, known,
            "a new table is thought about: it counts no adverse records, listings or people covered"
        );
        for table in &of.tables {
            let words: String =
                table.columns.iter().chain([&table.title, &table.of]).map(|say| say.zh.clone()).collect();
            assert!(!["人", "名单", "不利", "排名"].iter().any(|word| words.contains(word)), "{words}");
        }
    }
}

#[test]
fn only_a_month_that_is_over_is_told_and_only_to_whom_it_is_for() {
    let desk = in_december(City::new());
    let app = &desk.app;
    for month in ["2026-12", "2027-01", "2026-13", "november"] {
        let refused = app.statistics_show(&credit_office(), Some(month)).unwrap_err();
        assert_eq!(refused.kind, Kind::Invalid, "{month}");
        assert!(refused.public.en.contains("2026-11"), "it says which there is: {}", refused.public.en);
    }
    let empty = app.statistics_show(&auditor(), Some("2020-01")).unwrap();
    assert!(table(&empty, "submissions").rows.is_empty());
    for role in
        [Role::Clerk, Role::DataOfficer, Role::Decider, Role::IdentityClerk, Role::Administrator, Role::Resident]
    {
        let other = caller(role, "other", Some(OFFICE));
        assert_eq!(app.statistics_show(&other, None).unwrap_err().kind, Kind::Forbidden, "{role:?}");
        let file = app.statistics_export(&other, None, "timeliness", ExportFormat::Csv, Lang::Zh);
        assert_eq!(file.unwrap_err().kind, Kind::Forbidden, "{role:?}");
    }
    let none = app.statistics_export(&credit_office(), None, "people", ExportFormat::Csv, Lang::Zh).unwrap_err();
    assert_eq!(none.kind, Kind::NotFound);
}

#[test]
fn a_file_says_what_the_page_says_and_nothing_in_it_is_a_formula() {
    let mut city = City::new();
    with_other_office(&mut city, "=HYPERLINK(1)局");
    send(&mut city, OFFICE, "a.csv", &decided(1, 20, "2026-11-20"));
    send(&mut city, OTHER, "b.csv", &decided(41, 3, "2026-11-20"));
    let desk = in_december(city);
    let of = shown(&desk);
    let timeliness = table(&of, "timeliness");
    let export = |format| desk.app.statistics_export(&credit_office(), None, "timeliness", format, Lang::En).unwrap();
    let csv = export(ExportFormat::Csv);
    assert_eq!(csv.name, "timeliness-2026-11.csv");
    let text = String::from_utf8(csv.content).unwrap();
    let mut lines = text.strip_prefix('\u{FEFF}').expect("the mark of UTF-8").lines();
    assert_eq!(lines.next(), Some("Code,Authority,In time,Late,Sent first,In time"));
    let expected: Vec<String> = timeliness
        .rows
        .iter()
        .chain(&timeliness.sum)
        .map(|row| {
            let label = if row.label.en.starts_with('=') { format!("'{}", row.label.en) } else { row.label.en.clone() };
            [row.code.clone(), label]
                .into_iter()
                .chain(row.figures.iter().map(Figure::text))
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect();
    assert_eq!(lines.map(str::to_owned).collect::<Vec<_>>(), expected);
    assert!(text.contains(",—,—,—,") && !text.contains(",3,"), "three are not told in a file either: {text}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("timeliness.xlsx");
    std::fs::write(&path, export(ExportFormat::Xlsx).content).unwrap();
    let mut blocks = Source::open(&path, None, &Limits::default()).unwrap().blocks(1, 6).unwrap();
    let (mut rows, mut read) = (Rows::default(), Vec::<Vec<String>>::new());
    while let Some(block) = blocks.next_block().unwrap() {
        block.decode(&mut rows).unwrap();
        read.extend(rows.iter().map(|row| (0..6).map(|at| row.field(at).to_owned()).collect()));
    }
    assert_eq!(read.len(), expected.len());
    assert_eq!(read[0][1], "=HYPERLINK(1)局", "text, in a cell that is text");
    assert_eq!(read[0][2..], ["—", "—", "—", "—"].map(str::to_owned));
}

#[test]
fn what_was_taken_back_is_counted_no_more_and_the_log_knows() {
    let mut city = City::new();
    send(&mut city, OFFICE, "a.csv", &decided(1, 20, "2026-11-20"));
    let officer = city.officer();
    city.installation.submission_recall(&officer, 1, "发错文件").unwrap();
    let mut desk = in_december(city);
    assert!(table(&shown(&desk), "submissions").rows.is_empty());
    desk.assert_whole();
}

#[test]
fn checks_are_counted_once_after_each_month_and_told_by_the_quarter() {
    let mut contest = Contest::new();
    (0..6).for_each(|n| drop(contest.check(&format!("{n}号"))));
    let round = |contest: &mut Contest| {
        contest.desk.app.job_run(&administrator(), "one").unwrap();
    };
    round(&mut contest);
    contest.days(42);
    let before = contest.desk.app.statistics_show(&credit_office(), None).unwrap();
    assert_eq!(before.month.to_string(), "2026-12");
    assert!(table(&before, "checks").rows.is_empty(), "December was not counted yet");
    round(&mut contest);
    round(&mut contest);
    let of = contest.desk.app.statistics_show(&credit_office(), None).unwrap();
    let checks = table(&of, "checks");
    assert_eq!(checks.span.en, "quarter 4 of 2026");
    assert_eq!(count(checks, MATTER), Figure::Count { value: 6 });
    contest.desk.assert_whole();
}

#[test]
fn answers_are_told_by_what_came_of_them_and_a_single_one_is_nobodys_business() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.decide(&number, ObjectionStep::Accept, "").unwrap();
    contest.decide(&number, ObjectionStep::Keep, "处罚决定仍然有效").unwrap();
    contest.days(42);
    let of = contest.desk.app.statistics_show(&credit_office(), None).unwrap();
    let objections = table(&of, "objections");
    assert_eq!(count(objections, "kept"), Figure::Withheld);
    assert_eq!(count(objections, "corrected"), Figure::Count { value: 0 });
    assert_eq!(objections.sum.as_ref().unwrap().figures, [Figure::Withheld]);
    assert!(table(&of, "repairs").rows.iter().all(|row| row.figures == [Figure::Count { value: 0 }]));
}

#[test]
fn how_the_installation_fares_is_told_without_anybody_in_it() {
    let lived = Lived::new(chengxin_seal::Profile::Intl);
    let app = lived.open();
    let before = app.installation_show(&credit_office()).unwrap();
    assert_eq!((before.schema, before.checked_whole), (before.schema_needed, None));
    assert!(before.log_size > 40 && !before.queues.is_empty(), "{before:?}");
    app.log_verify(&auditor(), None).unwrap();
    let after = app.installation_show(&auditor()).unwrap();
    assert_eq!(after.checked_whole, Some(true));
    let changes = app.catalogue_history(&credit_office()).unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(changes[0].in_use);
    for role in [Role::Clerk, Role::Decider, Role::Resident] {
        let other = caller(role, "other", Some(OFFICE));
        assert_eq!(app.installation_show(&other).unwrap_err().kind, Kind::Forbidden);
        assert_eq!(app.catalogue_history(&other).unwrap_err().kind, Kind::Forbidden);
    }
}
