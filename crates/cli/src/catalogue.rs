//! `chengxin catalogue`: what may be recorded, and what a change of it would do.

use std::path::{Path, PathBuf};

use chengxin_app::catalogue::{Applied, ItemImpact, findings, load, read_dir, shipped_files};
use chengxin_app::installation::files;
use chengxin_core::Lang;
use chengxin_core::catalogue::{Finding, Impact, ShowSection};
use chengxin_core::dates::shanghai_date;
use serde_json::{Value, json};

use crate::args::Catalogue;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::init::SYNTHETIC_PLACE;
use crate::out::{Look, Out};
use crate::table::Table;

pub(crate) fn catalogue(context: &Context, args: &Catalogue) -> Result<Exit, Failure> {
    match args {
        Catalogue::Check { folder, place } => check(context, folder.as_deref(), place.as_deref()),
        Catalogue::Show { item } => show(context, item.as_deref()),
        Catalogue::Template { item, out } => template(context, item, out.as_deref()),
        Catalogue::Confirm { clause, by, office, note } => {
            let mut installation = context.open()?;
            let caller = context.caller(&installation, "catalogue_confirm", None)?;
            installation.catalogue_confirm(&caller, clause, by, office, note)?;
            context.out.value(&json!({ "clause": clause, "by": by, "office": office }));
            context.out.say(
                format!("已记下：{office} {by} 已核对条款 {clause} 的原文"),
                format!("noted: {by} of {office} has read clause {clause} at its source"),
            );
            Ok(Exit::Done)
        }
        Catalogue::History => history(context),
        Catalogue::Impact { folders } => impact(context, folders),
        Catalogue::Apply { folder } => apply(context, folder),
    }
}

/// What changes of the catalogue did.
fn history(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "catalogue_history", None)?;
    let out = &context.out;
    let headings = [out.pick("时间", "applied"), out.pick("目录", "catalogue"), out.pick(">记录", ">examined")];
    let further = [out.pick(">变更", ">changed"), out.pick(">提前", ">earlier"), out.pick(">延后", ">later")];
    let mut table = Table::new(&[headings[0], headings[1], headings[2], further[0], further[1], further[2]]);
    for of in installation.catalogue_history(&caller)? {
        out.value(&of);
        let hash = of.catalogue.get(..12).unwrap_or(&of.catalogue).to_owned();
        table.row([of.applied, hash, of.examined, of.changed, of.earlier, of.later]);
    }
    if table.is_empty() {
        out.say("启用以来没有变更过目录", "the catalogue was never changed");
    } else {
        table.print(out, 0);
    }
    Ok(Exit::Done)
}

/// Catalogues are checked before there is an installation too: by whoever writes them.
fn check(context: &Context, dir: Option<&Path>, place: Option<&str>) -> Result<Exit, Failure> {
    let here = context.globals.dir().join(files::KEYS).exists();
    let found = match (here, dir, place) {
        (true, Some(dir), None) => {
            let installation = context.open()?;
            let caller = context.caller(&installation, "catalogue_check", None)?;
            installation.catalogue_check(&caller, dir)?
        }
        _ => {
            let read = dir.map_or_else(|| Ok(shipped_files()), read_dir)?;
            findings(&read, shanghai_date(context.clock().now_us()), place.unwrap_or(SYNTHETIC_PLACE))
        }
    };
    let errors = found.iter().filter(|finding| finding.is_error()).count();
    for finding in &found {
        context.out.value(finding);
        line(&context.out, finding);
    }
    let notes = found.len() - errors;
    if errors > 0 {
        return Err(Failure::invalid(
            format!("目录有 {errors} 处错误、{notes} 处提示，不能启用；请按上面的文件和行号修改"),
            format!(
                "the catalogue has {errors} errors and {notes} notes and cannot be used: mend it by file and line above"
            ),
        ));
    }
    context.out.say(format!("目录可以启用（{notes} 处提示）"), format!("the catalogue may be used ({notes} notes)"));
    Ok(Exit::Done)
}

fn line(out: &Out, finding: &Finding) {
    let about = finding.item.as_deref().or(finding.matter.as_deref());
    let item = about.map(|code| format!(" {code}")).unwrap_or_default();
    let head = format!("{}:{}{item} [{}]", finding.file, finding.line, finding.rule.code());
    let look = if finding.is_error() { Look::Bad } else { Look::Faint };
    if finding.is_error() || !out.quiet {
        out.line(&format!("{} {}", out.look(look, &head), out.tr(&finding.say)));
    }
}

fn show(context: &Context, item: Option<&str>) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "catalogue_show", None)?;
    let out = &context.out;
    for ShowSection { title, lines } in &installation.catalogue_show(&caller, item)? {
        out.value(&json!({ "title": title, "lines": lines }));
        out.line(&out.look(Look::Title, out.tr(title)));
        for line in lines {
            out.item(2, out.tr(line));
        }
    }
    Ok(Exit::Done)
}

fn template(context: &Context, item: &str, out: Option<&Path>) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "catalogue_template", None)?;
    let path = out.map_or_else(|| PathBuf::from(format!("{item}.xlsx")), Path::to_owned);
    installation.catalogue_template(&caller, item, &path)?;
    let shown = path.display();
    context.out.value(&json!({ "item": item, "file": path }));
    context.out.say(format!("已写出模板 {shown}"), format!("wrote the template {shown}"));
    Ok(Exit::Done)
}

/// Against the records of the installation; where there is none, two folders are still held against each other.
fn impact(context: &Context, dirs: &[PathBuf]) -> Result<Exit, Failure> {
    let (old, new) = match dirs {
        [new] => (None, new),
        [old, new, ..] => (Some(old.as_path()), new),
        [] => return Err(Failure::new(Exit::Usage, "须给出目录文件夹", "name a folder of catalogue files")),
    };
    let out = &context.out;
    let here = context.globals.dir().join(files::KEYS).exists();
    if let (Some(old), false) = (old, here) {
        let found = chengxin_core::catalogue::impact(&load(&read_dir(old)?)?, &load(&read_dir(new)?)?);
        out.value(&json!({ "rules": found, "items": Value::Null }));
        rules(out, &found);
        return Ok(Exit::Done);
    }
    let installation = context.open()?;
    let caller = context.caller(&installation, "catalogue_impact", None)?;
    let found = installation.catalogue_impact(&caller, old, new)?;
    out.value(&found);
    rules(out, &found.rules);
    records(out, &found.items);
    Ok(Exit::Done)
}

fn rules(out: &Out, impact: &Impact) {
    if impact.is_empty() {
        out.say("规则没有变化", "no rule changes");
        return;
    }
    let list = |zh: &str, en: &str, items: &[String]| {
        if !items.is_empty() {
            out.say(format!("{zh}：{}", items.join("、")), format!("{en}: {}", items.join(", ")));
        }
    };
    list("新增事项", "new items", &impact.added);
    list("不再有的事项", "items gone", &impact.removed);
    for change in &impact.changed {
        out.line(&out.look(Look::Title, &change.item));
        for rule in &change.changes {
            out.item(2, out.tr(&rule.say));
        }
    }
    for say in &impact.shared {
        out.paragraph(0, out.tr(say));
    }
}

fn records(out: &Out, items: &[ItemImpact]) {
    let mut table = Table::new(&match out.lang {
        Lang::Zh => ["事项", ">现有记录", ">提前停止公示", ">推迟停止公示", ">严重程度改变"],
        Lang::En => ["item", ">records held", ">shown for less", ">shown for longer", ">severity changes"],
    });
    for ItemImpact { item, records, earlier, later, severity } in items {
        table.row([item.clone(), records.to_string(), earlier.to_string(), later.to_string(), severity.to_string()]);
    }
    if !table.is_empty() {
        out.line("");
        table.print(out, 0);
    }
}

fn apply(context: &Context, dir: &Path) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "catalogue_apply", None)?;
    let applied = installation.catalogue_apply(&caller, dir)?;
    let out = &context.out;
    out.value(&applied);
    let Applied { hash, already, examined, changed, earlier, later } = &applied;
    let hash = hash.get(..12).unwrap_or(hash);
    if *already {
        out.say(
            format!("目录 {hash} 已在使用，未作改变"),
            format!("catalogue {hash} is in use already; nothing was changed"),
        );
        return Ok(Exit::Done);
    }
    out.say(
        format!("目录 {hash} 已启用：核对了 {examined} 条记录，{changed} 条重新计算（提前停止公示 {earlier}，推迟 {later}）"),
        format!("catalogue {hash} is in use: {examined} records examined, {changed} computed again ({earlier} shown for less, {later} for longer)"),
    );
    out.tell("仍在运行的服务须重启后才使用新目录", "restart whatever still runs, it keeps the old catalogue");
    Ok(Exit::Done)
}
