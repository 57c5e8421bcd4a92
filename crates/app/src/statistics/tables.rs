//! The tables, put together from what the store has and cut down to what may be told.

use chengxin_core::Say;
use chengxin_core::catalogue::Catalogue;
use chengxin_core::complaint::ComplaintState;
use chengxin_core::objection::ObjectionState as O;
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::repair::RepairState as R;
use chengxin_core::statistics::table::sum;
use chengxin_core::statistics::{Month, Share, published};
use chengxin_core::workflow::Word as _;
use chengxin_store::View;
use chengxin_store::statistics::{MonthOfOffice, SubmissionCounts};
use serde::Serialize;

use super::TREND;
use super::figure::{Figure, Precision};
use crate::AppError;
use crate::authority::called;

/// How objections and statements “this is not me” end.
const OBJECTIONS: [O; 6] = [O::Refused, O::Corrected, O::Withdrawn, O::Kept, O::Theirs, O::NotTheirs];
/// How repairs end.
const REPAIRS: [R; 3] = [R::TurnedAway, R::Refused, R::Granted];
/// How complaints end.
const COMPLAINTS: [ComplaintState; 4] =
    [ComplaintState::Upheld, ComplaintState::NotUpheld, ComplaintState::PassedOn, ComplaintState::Withdrawn];

/// A table of figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsTable {
    /// Its name in addresses and files.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// What it is about.
    pub title: Say,
    /// Of what a row is.
    pub of: Say,
    /// Of which time.
    pub span: Say,
    /// How it is counted, and what it does not say.
    pub note: Say,
    /// What its columns are.
    pub columns: Vec<Say>,
    /// Its rows, in an order that no figure decides.
    pub rows: Vec<StatisticsRow>,
    /// All rows together, where that means something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<StatisticsRow>,
    /// Which column a picture shows, from 0.
    pub drawn: usize,
}

/// A row of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsRow {
    /// Code of what it is about.
    pub code: String,
    /// The same in words.
    pub label: Say,
    /// One figure for each column.
    pub figures: Vec<Figure>,
}

/// A row before it is known what may be told of it.
struct Line {
    code: String,
    label: Say,
    /// Numbers of files or items, which are nobody.
    plain: Vec<u64>,
    /// Numbers behind which there are people.
    counts: Vec<u64>,
    /// Which of the counts, by their places, are part and whole of a share.
    share: Option<(usize, usize)>,
}

impl Line {
    /// A number of people's affairs and nothing else.
    fn of(code: impl Into<String>, label: Say, count: u64) -> Self {
        Self { code: code.into(), label, plain: Vec::new(), counts: vec![count], share: None }
    }

    fn row(&self, told: bool) -> StatisticsRow {
        let count = |value: &u64| if told { Figure::Count { value: *value } } else { Figure::Withheld };
        let plain = self.plain.iter().map(|value| Figure::Count { value: *value });
        let share = self.share.map(|(part, whole)| Figure::from(Share::of(self.counts[part], self.counts[whole])));
        let figures = plain.chain(self.counts.iter().map(count)).chain(share).collect();
        StatisticsRow { code: self.code.clone(), label: self.label.clone(), figures }
    }
}

/// Rows with their sum, cut down to what may be told.
fn cut(lines: &[Line]) -> (Vec<StatisticsRow>, Option<StatisticsRow>) {
    let counts: Vec<Vec<u64>> = lines.iter().map(|line| line.counts.clone()).collect();
    let told = published(&counts);
    let rows = lines.iter().zip(&told.rows).map(|(line, told)| line.row(*told)).collect();
    let all = lines.first().map(|first| {
        let (plain, counts) = (lines.iter().map(|line| line.plain.as_slice()), counts.iter().map(Vec::as_slice));
        let label = Say::new("合计", "All");
        let all = Line { code: String::new(), label, plain: sum(plain), counts: sum(counts), share: first.share };
        all.row(told.sum)
    });
    (rows, all)
}

/// Every table of a month.
pub(super) fn all(view: View<'_>, catalogue: &Catalogue, month: Month) -> Result<Vec<StatisticsTable>, AppError> {
    let sent = view.submission_figures(month.back(TREND - 1).number(), month.number())?;
    let of_month: Vec<&MonthOfOffice> = sent.iter().filter(|row| row.month == month.number()).collect();
    let items = view.items_sent()?;
    Ok(vec![
        submissions(view, month, &of_month)?,
        timeliness(view, month, &of_month)?,
        trend(month, &sent),
        coverage(catalogue, &items, "domains", "domain", Say::new("领域", "Field of life"), |item| &item.domains),
        coverage(catalogue, &items, "occupations", "occupation", Say::new("职业", "Occupation"), |item| {
            &item.occupations
        }),
        objections(view, month)?,
        repairs(view, month)?,
        checks(view, catalogue, month)?,
        complaints(view, month)?,
    ])
}

fn say(zh: &str, en: &str) -> Say {
    Say::new(zh, en)
}

fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

fn span_of_month(month: Month) -> Say {
    Say::new(format!("{}年{}月", month.year(), month.month()), month.to_string())
}

fn span_of_quarter(month: Month) -> Say {
    let (first, year) = (month.quarter(), month.quarter().year());
    let number = first.quarter_number();
    Say::new(format!("{year}年第{number}季度"), format!("quarter {number} of {year}"))
}

/// First day of a quarter, and the first no longer in it; days since 1970-01-01.
fn days_of_quarter(month: Month) -> (i32, i32) {
    let first = month.quarter();
    (first.start_day(), first.next().next().next().start_day())
}

/// One authority alone, month by month: the same figures as all of them have, cut down in the same way.
pub(super) fn own(view: View<'_>, authority: &str, month: Month) -> Result<Vec<StatisticsTable>, AppError> {
    let sent = view.submission_figures(month.back(TREND - 1).number(), month.number())?;
    let months = (0..TREND).rev().map(|back| month.back(back));
    let of = |month: Month| sent.iter().find(|row| row.month == month.number() && row.authority == authority);
    let found: Vec<(Month, &MonthOfOffice)> = months.filter_map(|month| Some((month, of(month)?))).collect();
    let named = |month: &Month| (month.to_string(), span_of_month(*month));
    let taken: Vec<Line> = found.iter().map(|(month, row)| line_taken(row, named(month))).collect();
    let judged = found.iter().filter(|(_, row)| row.counts.judged > 0);
    let in_time: Vec<Line> = judged.map(|(month, row)| line_in_time(row, named(month))).collect();
    let year = Say::new(format!("截至{}的十二个月", span_of_month(month).zh), format!("twelve months up to {month}"));
    let alone = |mut table: StatisticsTable, lines: &[Line]| {
        (table.rows, table.sum) = cut(lines);
        (table.of, table.span) = (say("月份", "Month"), year.clone());
        table
    };
    Ok(vec![alone(submissions(view, month, &[])?, &taken), alone(timeliness(view, month, &[])?, &in_time)])
}

/// What an office sent in a month, under a code and a name.
fn line_taken(row: &MonthOfOffice, (code, label): (String, Say)) -> Line {
    let SubmissionCounts { rows, taken, refused, held, .. } = row.counts;
    let counts = [taken, refused, held, rows].map(count).into();
    Line { code, label, plain: vec![count(row.submissions)], counts, share: Some((0, 3)) }
}

/// How much of it came in time.
fn line_in_time(row: &MonthOfOffice, (code, label): (String, Say)) -> Line {
    let SubmissionCounts { judged, in_time, .. } = row.counts;
    let counts = [in_time, judged - in_time, judged].map(count).into();
    Line { code, label, plain: Vec::new(), counts, share: Some((0, 2)) }
}

fn submissions(view: View<'_>, month: Month, sent: &[&MonthOfOffice]) -> Result<StatisticsTable, AppError> {
    let line = |row: &&MonthOfOffice| -> Result<Line, AppError> {
        let label = called(view.authority(&row.authority)?.as_ref(), &row.authority);
        Ok(line_taken(row, (row.authority.clone(), label)))
    };
    let lines = sent.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    let (rows, sum) = cut(&lines);
    Ok(StatisticsTable {
        code: "submissions",
        title: say("报送与采用率", "Submissions, and how much of them was taken"),
        of: say("单位", "Authority"),
        span: span_of_month(month),
        note: say(
            "按验收月份统计；撤回的批次不计。采用率为既未退回也未待核实的行所占比例。单位按代码排列，不排名。",
            "By the month of acceptance, without what was recalled. Taken is what was neither refused nor held. Authorities stand by code and are not ranked.",
        ),
        columns: vec![
            say("批次", "Files"),
            say("采用行数", "Rows taken"),
            say("退回行数", "Rows refused"),
            say("待核实行数", "Rows held"),
            say("行数", "Rows"),
            say("采用率", "Taken"),
        ],
        rows,
        sum,
        drawn: 5,
    })
}

fn timeliness(view: View<'_>, month: Month, sent: &[&MonthOfOffice]) -> Result<StatisticsTable, AppError> {
    let line = |row: &&&MonthOfOffice| -> Result<Line, AppError> {
        let label = called(view.authority(&row.authority)?.as_ref(), &row.authority);
        Ok(line_in_time(row, (row.authority.clone(), label)))
    };
    let lines = sent.iter().filter(|row| row.counts.judged > 0).collect::<Vec<_>>();
    let lines = lines.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    let (rows, sum) = cut(&lines);
    Ok(StatisticsTable {
        code: "timeliness",
        title: say("报送及时率", "Sent in time"),
        of: say("单位", "Authority"),
        span: span_of_month(month),
        note: say(
            "目录规定了报送时限的事项（行政许可、行政处罚为自决定之日起七个工作日）：首次报送的记录中，验收日在时限之内的比例。补报历史数据会使比例降低。",
            "Of items for which the catalogue sets a time for sending (licences and penalties: seven working days from the decision): the share of records sent for the first time whose acceptance was within it. Sending what is years old lowers it.",
        ),
        columns: vec![
            say("按时", "In time"),
            say("逾期", "Late"),
            say("首次报送", "Sent first"),
            say("及时率", "In time"),
        ],
        rows,
        sum,
        drawn: 3,
    })
}

/// Month by month: the sums that each month's own tables tell, as shares.
fn trend(month: Month, sent: &[MonthOfOffice]) -> StatisticsTable {
    let months = (0..TREND).rev().map(|back| month.back(back));
    let row = |month: Month| {
        let own = sent.iter().filter(|row| row.month == month.number());
        let of = |part: fn(&MonthOfOffice) -> i64| own.clone().map(|row| count(part(row))).sum::<u64>();
        let files = of(|row| row.submissions);
        let in_time = Share::of(of(|row| row.counts.in_time), of(|row| row.counts.judged));
        let taken = Share::of(of(|row| row.counts.taken), of(|row| row.counts.rows));
        let figures = vec![Figure::Count { value: files }, in_time.into(), taken.into()];
        StatisticsRow { code: month.to_string(), label: span_of_month(month), figures }
    };
    StatisticsTable {
        code: "trend",
        title: say("逐月及时率和采用率", "Month by month"),
        of: say("月份", "Month"),
        span: Say::new(format!("截至{}的十二个月", span_of_month(month).zh), format!("twelve months up to {month}")),
        note: say("全部单位合计。", "All authorities together."),
        columns: vec![say("批次", "Files"), say("及时率", "In time"), say("采用率", "Taken")],
        rows: months.map(row).collect(),
        sum: None,
        drawn: 1,
    }
}

/// Items of the catalogue that a word of a dictionary names, and how many of them anybody has sent. Items, never people.
fn coverage(
    catalogue: &Catalogue,
    sent: &[String],
    code: &'static str,
    dictionary: &str,
    of: Say,
    words: impl Fn(&chengxin_core::catalogue::Item) -> &Vec<String>,
) -> StatisticsTable {
    let entries = catalogue.dictionary(dictionary).map_or(&[][..], |dictionary| dictionary.entries());
    let row = |entry: &chengxin_core::catalogue::model::DictionaryValue| {
        let named = || catalogue.items().iter().filter(|def| words(&def.item).contains(&entry.value));
        let (items, used) =
            (named().count() as u64, named().filter(|def| sent.iter().any(|code| code == def.code())).count() as u64);
        let share = (used * 100).checked_div(items).map_or(Figure::Nothing, |percent| Figure::Share {
            percent: u8::try_from(percent).unwrap_or(100),
            bound: Precision::Exactly,
        });
        let figures = vec![Figure::Count { value: items }, Figure::Count { value: used }, share];
        StatisticsRow { code: entry.value.clone(), label: Say::new(&entry.value, &entry.en), figures }
    };
    StatisticsTable {
        code,
        title: Say::new(
            format!("目录覆盖：{}", of.zh),
            format!("What of the catalogue is sent, by {}", of.en.to_lowercase()),
        ),
        of,
        span: say("目前", "as of today"),
        note: say(
            "统计目录事项的个数，不统计记录和人数。已报送的事项是曾有批次验收的事项；未报送的不一定有应报而未报。",
            "Counts items of the catalogue, neither records nor people. Sent are items of which a file was ever accepted; that one was not does not say that it should have been.",
        ),
        columns: vec![say("目录事项", "Items"), say("已报送", "Sent"), say("比例", "Share")],
        rows: entries.iter().map(row).collect(),
        sum: None,
        drawn: 2,
    }
}

fn outcomes(code: &'static str, title: Say, month: Month, note: Say, lines: &[Line]) -> StatisticsTable {
    let (rows, sum) = cut(lines);
    StatisticsTable {
        code,
        title,
        of: say("结果", "Outcome"),
        span: span_of_quarter(month),
        note,
        columns: vec![say("件数", "How many")],
        rows,
        sum,
        drawn: 0,
    }
}

fn closed(view: View<'_>, month: Month) -> Result<Vec<(i64, String, i64)>, AppError> {
    let (from, until) = days_of_quarter(month);
    Ok(view.proceeding_outcomes(from, until)?)
}

/// How many of these kinds ended in a state.
fn ended(closed: &[(i64, String, i64)], kinds: &[ProceedingKind], state: &str) -> u64 {
    let own = closed.iter().filter(|(kind, of, _)| of == state && kinds.iter().any(|own| *own as i64 == *kind));
    own.map(|(_, _, number)| count(*number)).sum()
}

fn objections(view: View<'_>, month: Month) -> Result<StatisticsTable, AppError> {
    let closed = closed(view, month)?;
    let kinds = [ProceedingKind::Objection, ProceedingKind::NotMe];
    let line = |state: O| Line::of(state.code(), state.name(), ended(&closed, &kinds, state.code()));
    let note = say(
        "该季度答复的异议和非本人声明，按结果。已更正、已撤销、确认非本人即异议成立。",
        "Objections and statements “this is not me” that were answered in the quarter, by what came of them. Corrected, withdrawn and not theirs are those upheld.",
    );
    Ok(outcomes("objections", say("异议结果", "How objections ended"), month, note, &OBJECTIONS.map(line)))
}

fn repairs(view: View<'_>, month: Month) -> Result<StatisticsTable, AppError> {
    let closed = closed(view, month)?;
    let line = |state: R| Line::of(state.code(), state.name(), ended(&closed, &[ProceedingKind::Repair], state.code()));
    let note = say("该季度决定的信用修复申请，按结果。", "Requests for repair that were decided in the quarter.");
    Ok(outcomes("repairs", say("信用修复结果", "How repairs ended"), month, note, &REPAIRS.map(line)))
}

fn complaints(view: View<'_>, month: Month) -> Result<StatisticsTable, AppError> {
    let (from, until) = days_of_quarter(month);
    let closed = view.complaint_outcomes(from, until)?;
    let line = |state: ComplaintState| {
        let own = closed.iter().filter(|(of, _)| of == state.code());
        Line::of(state.code(), state.name(), own.map(|(_, number)| count(*number)).sum())
    };
    let note = say("该季度办结的投诉，按结果。", "Complaints that were closed in the quarter.");
    Ok(outcomes("complaints", say("投诉结果", "How complaints ended"), month, note, &COMPLAINTS.map(line)))
}

fn checks(view: View<'_>, catalogue: &Catalogue, month: Month) -> Result<StatisticsTable, AppError> {
    let first = month.quarter();
    let months = [first, first.next(), first.next().next()].map(Month::number);
    let counted = view.check_months(i64::from(TREND) * 3)?;
    // A quarter of which a month lacks is not told: what it says today would differ from what it says tomorrow.
    let whole = counted.contains(&months[2]);
    let found = if whole { view.check_counts(months[0], months[2])? } else { Vec::new() };
    let line = |(code, number): &(String, i64)| {
        let matter = catalogue.matter(code).map(|def| Say::new(&def.matter.name, &def.matter.name_en));
        Line::of(code, matter.unwrap_or_else(|| Say::new(code, code)), count(*number))
    };
    let (rows, sum) = cut(&found.iter().map(line).collect::<Vec<_>>());
    Ok(StatisticsTable {
        code: "checks",
        title: say("窗口核查", "Checks at windows"),
        of: say("事项", "Matter"),
        span: span_of_quarter(month),
        note: say(
            "已答复的核查，按办理事项；每月结束后由后台任务从留痕中统计一次，依法保密的不计。",
            "Answered checks by matter, counted from the log once after each month; those that a law hides are not counted.",
        ),
        columns: vec![say("次数", "How often")],
        rows,
        sum,
        drawn: 0,
    })
}
