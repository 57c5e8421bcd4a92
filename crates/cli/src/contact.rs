//! `chengxin contact`: where people reach the credit office.

use chengxin_core::contact::Contact;

use crate::args;
use crate::context::Context;
use crate::exit::{Exit, Failure};

pub(crate) fn contact(context: &Context, args: &args::Contact) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "contact_show", None)?;
    let mut contact = installation.contact_show(&caller)?;
    if let args::Contact::Set { phone, place, place_en, hours, hours_en } = args {
        let said = [
            (&mut contact.phone, phone),
            (&mut contact.place, place),
            (&mut contact.place_en, place_en),
            (&mut contact.hours, hours),
            (&mut contact.hours_en, hours_en),
        ];
        for (field, said) in said {
            if let Some(said) = said {
                field.clone_from(said);
            }
        }
        let caller = context.caller(&installation, "contact_set", None)?;
        contact = installation.contact_set(&caller, contact)?;
    }
    told(context, &contact);
    Ok(Exit::Done)
}

fn told(context: &Context, contact: &Contact) {
    let out = &context.out;
    out.value(contact);
    if contact.is_empty() {
        out.tell("尚未登记联系方式；请运行 chengxin contact set", "nothing is said yet: run chengxin contact set");
        return;
    }
    let (place, hours) = (contact.place(), contact.hours());
    let lines = [
        ("电话", "telephone", contact.phone.as_str(), contact.phone.as_str()),
        ("地址", "place", &place.zh, &place.en),
        ("服务时间", "hours", &hours.zh, &hours.en),
    ];
    for (name_zh, name_en, zh, en) in lines.into_iter().filter(|(_, _, zh, _)| !zh.is_empty()) {
        out.tell(format!("{name_zh}：{zh}"), format!("{name_en}: {en}"));
    }
}
