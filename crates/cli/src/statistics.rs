//! `chengxin statistics`: how authorities send and answer, in tables, as files, and as everybody may read it.

use std::path::Path;

use chengxin_app::reading::Reading;
use chengxin_app::statistics::{ExportFormat, Figure, StatisticsTable};

use crate::args::{StatisticsCommand, StatisticsExport};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};
use crate::own_file;
use crate::table::Table;

pub(crate) fn statistics(context: &Context, args: &StatisticsCommand) -> Result<Exit, Failure> {
    match args {
        StatisticsCommand::Show { month, table } => show(context, month.as_deref(), table.as_deref()),
        StatisticsCommand::Export(args) => export(context, args),
        StatisticsCommand::Board => board(context),
    }
}

fn show(context: &Context, month: Option<&str>, table: Option<&str>) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "statistics_show", None)?;
    let shown = installation.statistics_show(&caller, month)?;
    let known = shown.tables.iter().map(|of| of.code).collect::<Vec<_>>();
    if let Some(table) = table.filter(|table| !known.contains(table)) {
        let known = known.join("、");
        return Err(Failure::invalid(
            format!("没有名为“{table}”的统计表；有：{known}"),
            format!("there is no table “{table}”: there are {known}"),
        ));
    }
    let out = &context.out;
    for of in shown.tables.iter().filter(|of| table.is_none_or(|table| table == of.code)) {
        out.value(of);
        print(out, of);
    }
    Ok(Exit::Done)
}

fn print(out: &Out, of: &StatisticsTable) {
    let (title, span) = (out.tr(&of.title), out.tr(&of.span));
    out.line(&out.look(Look::Title, &format!("{title} · {span}  {}", of.code)));
    let columns = of.columns.iter().map(|column| format!(">{}", out.tr(column)));
    let headings: Vec<String> = std::iter::once(out.tr(&of.of).to_owned()).chain(columns).collect();
    let mut table = Table::new(&headings.iter().map(String::as_str).collect::<Vec<_>>());
    for row in of.rows.iter().chain(&of.sum) {
        let label = std::iter::once(out.tr(&row.label).to_owned());
        table.row(label.chain(row.figures.iter().map(Figure::text)));
    }
    if table.is_empty() {
        out.say("  没有数据", "  nothing");
    } else {
        table.print(out, 2);
    }
    out.paragraph(2, out.tr(&of.note));
}

/// By the ending of a file's name.
fn format_of(path: &Path) -> Result<ExportFormat, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    ExportFormat::from_code(&ending).ok_or_else(|| {
        Failure::invalid(
            format!("“{}”须以 .csv 或 .xlsx 结尾", path.display()),
            format!("the name of “{}” ends in .csv or .xlsx", path.display()),
        )
    })
}

fn export(context: &Context, args: &StatisticsExport) -> Result<Exit, Failure> {
    let format = format_of(&args.out)?;
    let installation = context.open()?;
    let caller = context.caller(&installation, "statistics_export", None)?;
    let (month, lang) = (args.month.as_deref(), context.out.lang);
    let file = installation.statistics_export(&caller, month, &args.table, format, lang)?;
    own_file::write(&args.out, &file.content)?;
    let shown = args.out.display();
    context.out.value(&serde_json::json!({ "table": args.table, "file": shown.to_string() }));
    context.out.say(format!("已写入 {shown}"), format!("written to {shown}"));
    Ok(Exit::Done)
}

fn board(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "statistics_board", None)?;
    let board = Reading::open(&installation)?.statistics_board(&caller)?;
    let out = &context.out;
    out.value(&board);
    let month = board.month;
    out.say(format!("各单位报送质量 · {month}"), format!("How authorities sent in {month}"));
    let headings = [out.pick("单位", "authority"), out.pick(">批次", ">files"), out.pick(">及时率", ">in time")];
    let mut table = Table::new(&[headings[0], headings[1], headings[2], out.pick(">采用率", ">taken")]);
    for of in &board.authorities {
        let name = out.tr(&of.authority_name).to_owned();
        table.row([name, of.submissions.to_string(), of.in_time.text(), of.taken.text()]);
    }
    if table.is_empty() {
        out.say("  该月没有验收的批次", "  nothing was accepted in it");
    } else {
        table.print(out, 2);
    }
    Ok(Exit::Done)
}
