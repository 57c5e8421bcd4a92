//! `chengxin publication`.

use chengxin_app::publication::{
    PublicationDraft, PublicationLine, PublicationQuery, PublicationShown, PublicationText, PublicationTextState,
};

use crate::args::{PublicationCommand, PublicationConfirm, PublicationList};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};

pub(crate) fn publication(context: &Context, args: &PublicationCommand) -> Result<Exit, Failure> {
    match args {
        PublicationCommand::List(args) => list(context, args),
        PublicationCommand::Show { code } => show(context, code),
        PublicationCommand::Draft { code } => {
            let mut installation = context.open()?;
            let caller = context.caller(&installation, "publication_draft", None)?;
            let draft = installation.publication_draft(&caller, code)?;
            context.out.value(&draft);
            print(&context.out, &draft);
            Ok(Exit::Done)
        }
        PublicationCommand::Confirm(args) => confirm(context, args),
    }
}

fn list(context: &Context, args: &PublicationList) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "publication_list", None)?;
    let (item, authority, after) = (args.item.clone(), args.authority.clone(), args.after.clone());
    let asked = PublicationQuery { item, authority, after, limit: args.limit, withdrawn: args.withdrawn };
    let list = installation.publication_list(&caller, &asked)?;
    let out = &context.out;
    out.value(&list);
    out.say(format!("公示：{} 条", list.entries.len()), format!("published: {}", list.entries.len()));
    for line in &list.entries {
        print_line(out, line);
    }
    if let Some(next) = &list.next {
        out.say(format!("下一页：--after {next}"), format!("next: --after {next}"));
    }
    Ok(Exit::Done)
}

fn print_line(out: &Out, line: &PublicationLine) {
    let number = line.document_number.as_deref().unwrap_or("-");
    let day = line.decided_on.map(|day| day.to_string()).unwrap_or_default();
    let mark = line.mark.as_ref().map(|mark| format!("（{}）", out.tr(mark))).unwrap_or_default();
    out.line(&out.look(Look::Title, &format!("{day}  {number}{mark}")));
    out.item(2, &format!("{} · {}", line.subject, out.tr(&line.authority_name)));
    if line.text == PublicationTextState::Awaits {
        out.item(2, out.pick("文字待确认", "its texts wait to be confirmed"));
    }
    out.item(2, &line.code);
}

fn show(context: &Context, code: &str) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "publication_show", None)?;
    let out = &context.out;
    match installation.publication_show(&caller, code)? {
        PublicationShown::Entry(entry) => {
            out.value(&entry);
            print_line(out, &entry.line);
            for field in &entry.fields {
                out.item(4, &format!("{}{}{}", out.tr(&field.label), out.pick("：", ": "), out.tr(&field.value)));
            }
            out.item(2, &format!("{}{}", out.pick("公示依据：", "published on: "), out.tr(&entry.clause.label)));
            Ok(Exit::Done)
        }
        gone => {
            let why = gone.gone().unwrap_or_default();
            Err(Failure::new(Exit::NotFound, why.zh, why.en))
        }
    }
}

fn confirm(context: &Context, args: &PublicationConfirm) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "publication_confirm", None)?;
    let given = PublicationText {
        code: args.code.clone(),
        version: args.version,
        line: args.line,
        texts: args.texts.iter().cloned().collect(),
        explanation: args.explanation.clone(),
    };
    let done = installation.publication_confirm(&caller, &given)?;
    let out = &context.out;
    out.value(&done);
    print(out, &done.draft);
    for warning in &done.warnings {
        out.item(2, out.tr(warning));
    }
    Ok(Exit::Done)
}

fn print(out: &Out, draft: &PublicationDraft) {
    let number = draft.document_number.as_deref().unwrap_or("-");
    let version = draft.version;
    out.line(&out.look(Look::Title, &format!("{}  {number}", out.tr(&draft.item_name))));
    out.item(2, &format!("{}{version}", out.pick("版本：", "version: ")));
    if draft.line != 0 {
        out.item(2, &format!("{}{}", out.pick("已确认于留痕第：", "confirmed by line: "), draft.line));
    }
    for text in &draft.texts {
        out.item(2, &format!("{} {}", text.field, out.tr(&text.label)));
        out.item(4, &text.draft);
        if let Some(confirmed) = &text.confirmed {
            out.item(4, &format!("{}{confirmed}", out.pick("已确认：", "confirmed: ")));
        }
    }
    if draft.withdrawn {
        let explained = draft.explanation.as_deref().unwrap_or("-");
        out.item(2, &format!("{}{explained}", out.pick("已撤回；公开说明：", "withdrawn; explanation: ")));
    }
}
