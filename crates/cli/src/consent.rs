//! `chengxin consent`: what a person allows, and what became of it; and signed paper, recorded at a window.

use chengxin_app::Installation;
use chengxin_app::consent::{
    ConsentCodeRequest, ConsentLine, ConsentNarrowing, ConsentReceipt, ConsentRequest, Granted, PaperConsent, PaperFor,
    RecipientAsked,
};
use chengxin_core::{Caller, Say};
use serde_json::json;

use crate::args::{
    Consent, ConsentCodeArgs, ConsentGrant, ConsentNarrow, ConsentOne, ConsentReceiptArgs, ConsentRecord, ReceiptOut,
    Subject,
};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::{is_pdf, writable};
use crate::me::asked;
use crate::out::{Look, Out};
use crate::own_file;

pub(crate) fn consent(context: &Context, args: &Consent) -> Result<Exit, Failure> {
    match args {
        Consent::Code(args) => code(context, args),
        Consent::Disown(args) => disown(context, args),
        Consent::Grant(args) => grant(context, args),
        Consent::List(args) => list(context, args),
        Consent::Narrow(args) => narrow(context, args),
        Consent::Receipt(args) => receipt(context, args),
        Consent::Record(args) => record(context, args),
        Consent::Withdraw(args) => withdraw(context, args),
    }
}

fn grant(context: &Context, args: &ConsentGrant) -> Result<Exit, Failure> {
    args.out.ready()?;
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "consent_grant")?;
    let recipient = match (&args.authority, &args.organisation) {
        (Some(code), _) => RecipientAsked::Authority(code.clone()),
        (None, Some(name)) => RecipientAsked::Organisation(name.clone()),
        (None, None) => return Err(Failure::new(Exit::Usage, "须写明授权给谁", "say to whom it is given")),
    };
    let request = ConsentRequest {
        kind,
        number,
        recipient,
        purpose: args.what_for.clone().unwrap_or_default(),
        matter: args.matter.clone(),
        classes: args.classes.clone(),
        from: args.from,
        until: args.until,
        uses: args.uses,
    };
    let granted = installation.consent_grant(&caller, &request)?;
    context.out.value(&granted.receipt);
    print_receipt(&context.out, &granted.receipt);
    args.out.write(&context.out, &granted)?;
    Ok(Exit::Done)
}

fn list(context: &Context, args: &Subject) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, args, "consent_list")?;
    let lines = installation.consent_list(&caller, kind, &number)?;
    let out = &context.out;
    out.value(&lines);
    let count = lines.len();
    out.say(format!("您的授权：{count} 项"), format!("consents that you gave: {count}"));
    for line in &lines {
        out.line("");
        print_line(out, line);
    }
    Ok(Exit::Done)
}

fn narrow(context: &Context, args: &ConsentNarrow) -> Result<Exit, Failure> {
    args.out.ready()?;
    let (mut installation, caller, kind, number) = asked(context, &args.of.subject, "consent_narrow")?;
    let classes = (!args.classes.is_empty()).then(|| args.classes.clone());
    let by = ConsentNarrowing { until: args.until, uses: args.uses, classes };
    let granted = installation.consent_narrow(&caller, kind, &number, &args.of.receipt, &by)?;
    context.out.value(&granted.receipt);
    print_receipt(&context.out, &granted.receipt);
    args.out.write(&context.out, &granted)?;
    Ok(Exit::Done)
}

fn receipt(context: &Context, args: &ConsentReceiptArgs) -> Result<Exit, Failure> {
    args.out.ready()?;
    let (mut installation, caller, kind, number) = asked(context, &args.of.subject, "consent_receipt")?;
    let granted = installation.consent_receipt(&caller, kind, &number, &args.of.receipt)?;
    context.out.value(&granted.receipt);
    print_receipt(&context.out, &granted.receipt);
    args.out.write(&context.out, &granted)?;
    Ok(Exit::Done)
}

fn withdraw(context: &Context, args: &ConsentOne) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "consent_withdraw")?;
    let line = installation.consent_withdraw(&caller, kind, &number, &args.receipt)?;
    stopped(context, &line, "已撤回，自下一次核查起生效", "withdrawn, with effect from the next check")
}

fn disown(context: &Context, args: &ConsentOne) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "consent_disown")?;
    let line = installation.consent_disown(&caller, kind, &number, &args.receipt)?;
    let (zh, en) = (
        "已停止凭该授权的一切核查；对方不会得知原因，只有您的留痕中写明",
        "nothing is shared on this consent any more; whoever asks is not told why, only your own log says so",
    );
    stopped(context, &line, zh, en)
}

fn stopped(context: &Context, line: &ConsentLine, zh: &str, en: &str) -> Result<Exit, Failure> {
    let out = &context.out;
    out.value(line);
    print_line(out, line);
    out.say(zh, en);
    Ok(Exit::Done)
}

fn code(context: &Context, args: &ConsentCodeArgs) -> Result<Exit, Failure> {
    args.out.ready()?;
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "consent_code")?;
    let (matter, authority) = (args.matter.clone(), args.authority.clone());
    let issued = installation.consent_code(&caller, &ConsentCodeRequest { kind, number, matter, authority })?;
    let out = &context.out;
    out.value(&json!({
        "code": issued.code.grouped(), "qrSvg": issued.qr_svg()?, "expiresUs": issued.expires_us, "receipt": issued.granted.receipt,
    }));
    out.line(&out.look(Look::Title, &issued.code.grouped()));
    issued.qr_lines()?.iter().for_each(|line| out.line(&format!("  {line}")));
    out.say(
        format!("  {} 前在窗口出示，只能用一次；只显示这一次", issued.expires()),
        format!("  show it at the desk before {}; it works once, and is shown this once", issued.expires()),
    );
    print_receipt(out, &issued.granted.receipt);
    args.out.write(out, &issued.granted)?;
    Ok(Exit::Done)
}

fn record(context: &Context, args: &ConsentRecord) -> Result<Exit, Failure> {
    args.out.ready()?;
    let (kind, number) = args.subject.read()?;
    let mut installation: Installation = context.open()?;
    let caller: Caller = context.caller(&installation, "consent_record", None)?;
    let paper = PaperConsent {
        kind,
        number,
        what: match &args.matter {
            Some(matter) => PaperFor::Check(matter.clone()),
            None => PaperFor::Report {
                purpose: args.what_for.clone().unwrap_or_default(),
                classes: args.classes.clone(),
                recipient: args.recipient.clone().unwrap_or_default(),
            },
        },
        evidence: args.evidence.clone(),
        paper: args.paper.clone(),
    };
    let granted = installation.consent_record(&caller, &paper)?;
    context.out.value(&granted.receipt);
    print_receipt(&context.out, &granted.receipt);
    args.out.write(&context.out, &granted)?;
    Ok(Exit::Done)
}

impl ReceiptOut {
    /// Can it be written? Asked before anything is done.
    fn ready(&self) -> Result<(), Failure> {
        self.out.as_deref().map_or(Ok(()), writable)
    }

    fn write(&self, out: &Out, granted: &Granted) -> Result<(), Failure> {
        let Some(path) = &self.out else { return Ok(()) };
        let content = if is_pdf(path) { granted.pdf(out.lang)? } else { (granted.json.clone() + "\n").into_bytes() };
        own_file::write(path, content)?;
        let shown = path.display();
        out.say(format!("已写出签名的回执 {shown}"), format!("wrote the signed receipt {shown}"));
        Ok(())
    }
}

/// Facts of a consent, label and value.
fn facts(out: &Out, facts: &[(&str, &str, String)]) {
    for (zh, en, fact) in facts.iter().filter(|(.., fact)| !fact.is_empty()) {
        out.item(2, &format!("{}{}{fact}", out.pick(zh, en), out.pick("：", ": ")));
    }
}

fn joined(out: &Out, classes: &[Say]) -> String {
    classes.iter().map(|class| out.tr(class)).collect::<Vec<_>>().join(out.pick("、", ", "))
}

fn print_receipt(out: &Out, receipt: &ConsentReceipt) {
    out.line(&out.look(Look::Title, &format!("{} {}", out.pick("授权回执", "Receipt"), receipt.number)));
    let matter = receipt.matter.as_ref().map(|matter| format!("{} ({})", out.tr(&matter.name), matter.code));
    facts(
        out,
        &[
            ("授权给", "to", receipt.recipient.name().to_owned()),
            ("用途", "for", receipt.purpose.clone()),
            ("办理事项", "matter", matter.unwrap_or_default()),
            ("信息类别", "classes", joined(out, &receipt.classes)),
            ("起", "from", receipt.from.clone()),
            ("止（不含）", "until (exclusive)", receipt.until.clone()),
            ("次数", "uses", receipt.uses.to_string()),
            ("确认方式", "confirmed by", out.tr(&receipt.confirmed_name).to_owned()),
        ],
    );
    if let Some(matter) = &receipt.matter {
        out.paragraph(2, out.tr(&matter.if_refused));
    }
    for right in &receipt.rights {
        out.paragraph(2, out.tr(right));
    }
}

fn print_line(out: &Out, line: &ConsentLine) {
    let title = format!("{}  {}", line.number, out.tr(&line.state_name));
    out.line(&out.look(Look::Title, &title));
    let matter = match (&line.matter_name, &line.matter) {
        (Some(name), Some(code)) => format!("{} ({code})", out.tr(name)),
        _ => String::new(),
    };
    facts(
        out,
        &[
            ("授权给", "to", line.recipient.name().to_owned()),
            ("用途", "for", line.purpose.clone()),
            ("办理事项", "matter", matter),
            ("信息类别", "classes", joined(out, &line.classes)),
            ("起", "from", line.from.clone()),
            ("止（不含）", "until (exclusive)", line.until.clone()),
            ("次数", "uses", format!("{} / {}", line.used.len(), line.uses)),
            ("确认方式", "confirmed by", out.tr(&line.confirmed_name).to_owned()),
        ],
    );
    for used in &line.used {
        out.item(4, &format!("{}  {} · {} · {}", used.at, used.authority, used.case_number, used.check));
    }
}
