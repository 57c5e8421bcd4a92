//! `chengxin init`: a new installation.

use std::path::Path;

use chengxin_app::account::OneTimeCode;
use chengxin_app::authority::AuthorityRow;
use chengxin_app::installation::{NewInstallation, files};
use chengxin_app::{Installation, Mode};
use chengxin_core::Caller;
use serde_json::json;

use crate::args::Init;
use crate::context::Context;
use crate::exit::{Exit, Failure};

/// Place of what is made up: an area that no division has.
pub(crate) const SYNTHETIC_PLACE: &str = "990000";

pub(crate) fn init(context: &Context, args: &Init) -> Result<Exit, Failure> {
    let mode = if args.synthetic { Mode::Synthetic } else { Mode::Production };
    let new = settings(context, args, mode)?;
    let caller = context.caller_without(mode, "installation_init")?;
    let mut installation = make(context, &context.globals.dir(), &new, &caller)?;
    let link = installation.account_first_link(&caller)?;
    told(context, &installation, &new, &link);
    Ok(Exit::Done)
}

/// Makes it; where data are made up, the offices of the made-up city may send from the start.
pub(crate) fn make(
    context: &Context,
    dir: &Path,
    new: &NewInstallation,
    caller: &Caller,
) -> Result<Installation, Failure> {
    let mut installation = Installation::init(dir, new, context.clock(), caller)?;
    if new.mode == Mode::Synthetic {
        for authority in chengxin_synth::authorities() {
            installation.authority_add(caller, &registered(authority))?;
        }
    }
    Ok(installation)
}

fn registered(authority: chengxin_synth::Authority) -> AuthorityRow {
    let chengxin_synth::Authority { code, name, name_en, kind, .. } = authority;
    AuthorityRow { code, name, name_en, kind }
}

fn settings(context: &Context, args: &Init, mode: Mode) -> Result<NewInstallation, Failure> {
    let given = |value: &Option<String>, made_up: &str, option: &str| match (value, mode) {
        (Some(value), _) => Ok(value.clone()),
        (None, Mode::Synthetic) => Ok(made_up.to_owned()),
        (None, Mode::Production) => Err(Failure::new(
            Exit::Usage,
            format!("正式环境须给出 {option}；只是试用请加 --synthetic"),
            format!("production takes {option}; to try it out, add --synthetic"),
        )),
    };
    Ok(NewInstallation {
        mode,
        profile: args.profile,
        city: given(&args.city, chengxin_synth::CITY, "--city")?,
        place: given(&args.place, SYNTHETIC_PLACE, "--place")?,
        base_url: given(&args.base_url, "http://127.0.0.1:8080", "--base-url")?,
        places: context.globals.places()?,
    })
}

fn told(context: &Context, installation: &Installation, new: &NewInstallation, link: &OneTimeCode) {
    let out = &context.out;
    let dir = installation.dir().display();
    let items = installation.catalogue().items().len();
    out.value(&json!({
        "dir": dir.to_string(), "mode": new.mode.code(), "profile": new.profile.name(), "city": new.city,
        "place": new.place, "catalogue": installation.catalogue().hash_hex(), "items": items,
        "first_link": link.link, "first_link_expires_us": link.expires_us,
    }));
    let (mode_zh, mode_en) = match new.mode {
        Mode::Production => ("正式环境", "production"),
        Mode::Synthetic => ("演示环境：只用虚构的人", "made-up people only"),
    };
    let profile = new.profile.name();
    out.say(
        format!("已在 {dir} 建立安装（{mode_zh}，算法组 {profile}，目录 {items} 个事项）"),
        format!("made an installation in {dir} ({mode_en}, profile {profile}, {items} items)"),
    );
    out.tell(
        format!("首位管理员凭此一次性链接设定密码（{} 前有效）：\n  {}", link.expires(), link.link),
        format!(
            "the first administrator chooses a password with this one-time link (until {}):\n  {}",
            link.expires(),
            link.link
        ),
    );
    if new.mode == Mode::Production {
        out.say(
            format!("请立即把 {} 另行妥善保管：丢失后任何人都无法再读出数据", files::KEYS),
            format!("copy {} to a safe place now: without it nothing can be read again, by anybody", files::KEYS),
        );
        out.say(
            "下一步：chengxin authority add 登记单位；chengxin catalogue confirm 确认条款",
            "next: chengxin authority add, and chengxin catalogue confirm for the clauses",
        );
    } else {
        out.tell(
            "虚构城市的各单位已登记；下一步：chengxin synth 造文件，chengxin import 导入",
            "the offices of the made-up city are registered; next: chengxin synth makes files, chengxin import takes them in",
        );
    }
}
