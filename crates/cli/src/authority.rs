//! `chengxin authority`: who may send.

use std::collections::HashMap;
use std::path::Path;

use chengxin_app::Installation;
use chengxin_app::authority::AuthorityRow;
use serde::Deserialize;
use serde_json::json;

use crate::args::Authority;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::Look;
use crate::table::Table;

/// One entry of a list of authorities, as `chengxin synth` writes it.
#[derive(Debug, Deserialize)]
struct Entry {
    code: String,
    name: String,
    #[serde(default)]
    name_en: String,
    kind: String,
    /// Code of the authority that supervises it.
    #[serde(default)]
    supervisor: Option<String>,
}

/// An authority, and who supervises it where that is said.
type Under = (AuthorityRow, Option<String>);

impl From<Entry> for Under {
    fn from(Entry { code, name, name_en, kind, supervisor }: Entry) -> Self {
        (AuthorityRow { code, name, name_en, kind }, supervisor)
    }
}

pub(crate) fn authority(context: &Context, args: &Authority) -> Result<Exit, Failure> {
    match args {
        Authority::Add { code, name, name_en, kind, supervisor } => {
            let row =
                AuthorityRow { code: code.clone(), name: name.clone(), name_en: name_en.clone(), kind: kind.clone() };
            register(context, &mut context.open()?, vec![(row, supervisor.clone())])
        }
        Authority::Load { file } => {
            let rows = read(file)?;
            register(context, &mut context.open()?, rows)
        }
        Authority::List => list(context),
        Authority::Records { code } => records(context, code),
    }
}

fn register(context: &Context, installation: &mut Installation, rows: Vec<Under>) -> Result<Exit, Failure> {
    let caller = context.caller(installation, "authority_add", None)?;
    for (row, supervisor) in &rows {
        installation.authority_add_under(&caller, row, supervisor.as_deref())?;
        context.out.value(&json!({ "authority": row.code, "name": row.name, "kind": row.kind }));
        context.out.tell(format!("已登记 {} {}", row.code, row.name), format!("registered {} {}", row.code, row.name));
    }
    Ok(Exit::Done)
}

/// Reads a list of authorities.
pub(crate) fn read(file: &Path) -> Result<Vec<Under>, Failure> {
    let text = std::fs::read(file).map_err(|error| Failure::io(file, &error))?;
    let entries: Vec<Entry> = serde_json::from_slice(&text).map_err(|error| {
        let (file, line) = (file.display(), error.line());
        Failure::invalid(
            format!("{file} 第 {line} 行：不是单位清单；应为 JSON 数组，每项有 code、name、kind"),
            format!("{file}, line {line}: not a list of authorities; a JSON list of code, name and kind is needed"),
        )
        .because(error)
    })?;
    Ok(entries.into_iter().map(Into::into).collect())
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "authority_list", None)?;
    let out = &context.out;
    let mut table = Table::new(&[
        out.pick("代码", "code"),
        out.pick("名称", "name"),
        out.pick("类型", "kind"),
        out.pick("主管部门", "supervisor"),
    ]);
    let under: HashMap<_, _> = installation.authority_supervisors(&caller)?.into_iter().collect();
    for AuthorityRow { code, name, name_en, kind } in installation.authority_list(&caller)? {
        let supervisor = under.get(&code).map_or("", String::as_str);
        out.value(&json!({ "code": code, "name": name, "name_en": name_en, "kind": kind, "supervisor": supervisor }));
        let shown = if name_en.is_empty() { &name } else { out.pick(&name, &name_en) };
        table.row([code.as_str(), shown, &kind, supervisor]);
    }
    if table.is_empty() {
        out.say("还没有登记任何单位：chengxin authority add", "no authority yet: chengxin authority add");
    }
    table.print(out, 0);
    Ok(Exit::Done)
}

fn records(context: &Context, code: &str) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "authority_records", None)?;
    let out = &context.out;
    let all = installation.authority_records(&caller, code)?;
    out.value(&all);
    out.line(&out.look(Look::Title, out.tr(&all.name)));
    if all.records.is_empty() {
        out.say("今天没有公开的记录", "nothing is public today");
    }
    for record in &all.records {
        out.item(2, out.tr(&record.item_name));
        for (label, value) in &record.fields {
            out.paragraph(4, &format!("{}：{}", out.tr(label), out.tr(value)));
        }
        if let Some(mark) = &record.mark {
            out.paragraph(4, out.tr(mark));
        }
    }
    Ok(Exit::Done)
}
