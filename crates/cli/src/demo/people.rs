//! The step after which the reader goes on by themselves: accounts in the roles that the pages are for, each begun by a one-time link. Nobody has a password that
//! somebody else chose, not even here.

use chengxin_app::Installation;
use chengxin_app::account::NewAccount;
use chengxin_core::identity::DocumentKind;
use chengxin_core::operation_words::role;
use chengxin_core::{Caller, Ground, Role, Say};
use chengxin_synth::{Authority, FileEntry, Manifest, Sample};
use serde_json::json;

use super::{officer, step};
use crate::exit::Failure;
use crate::out::{Look, Out};

/// Somebody whose account waits to be begun.
struct Begun {
    who: Say,
    /// Where they begin their day.
    start: &'static str,
    link: String,
}

/// The authority whose window and officers have something to do: of those with a matter to check, the one whose file was looked at closely, or else the first.
fn office<'m>(installation: &Installation, manifest: &'m Manifest, shown: Option<&FileEntry>) -> Option<&'m Authority> {
    let checks = |of: &&Authority| {
        installation.matter_list_own(&officer(Role::Clerk, &of.code)).is_ok_and(|matters| !matters.is_empty())
    };
    let looked_at = manifest.authorities.iter().find(|of| shown.is_some_and(|file| file.authority == of.code));
    looked_at.filter(checks).or_else(|| manifest.authorities.iter().find(checks))
}

/// Opens the accounts and prints a link for each.
pub(super) fn begin(
    out: &Out,
    installation: &mut Installation,
    manifest: &Manifest,
    resident: Option<&Sample>,
    shown: Option<&FileEntry>,
) -> Result<(), Failure> {
    step(out, 7, "自己登录看看：每人一条一次性链接", "Sign in yourself: a one-time link for each");
    let mut begun = Vec::new();
    let office = office(installation, manifest, shown);
    if let (Some(of), Some(sample)) = (office, resident) {
        let window = officer(Role::IdentityClerk, &of.code);
        let code = installation.activation_issue(
            &window,
            DocumentKind::ResidentId,
            &sample.number,
            "居民身份证原件，与本人相符",
        )?;
        let resident = role(Role::Resident);
        let who = Say::new(format!("{}（{}）", resident.zh, sample.name), format!("{} ({})", resident.en, sample.name));
        begun.push(Begun { who, start: "/me", link: code.link });
    }
    let operator = Caller { ground: Ground::Operation, ..Caller::operator("demo-administrator", "演示") };
    let at =
        |of: &Authority| (Some(of.code.clone()), Say::new(format!(" · {}", of.name), format!(" · {}", of.name_en)));
    let staff = [Role::Clerk, Role::DataOfficer, Role::Decider].map(|role| (role, office.map(at)));
    for (as_role, of) in staff.into_iter().chain([(Role::CreditOffice, Some((None, Say::new("", ""))))]) {
        let Some((authority, named)) = of else { continue };
        let words = role(as_role);
        let new = NewAccount {
            login: format!("demo.{}", as_role.code().replace('_', ".")),
            name: words.zh.clone(),
            rights: vec![(as_role, authority)],
        };
        let opened = installation.account_open(&operator, &new)?;
        let start = if as_role == Role::CreditOffice { "/office" } else { "/desk" };
        let who = Say::new(format!("{}{}", words.zh, named.zh), format!("{}{}", words.en, named.en));
        begun.push(Begun { who, start, link: opened.code.link });
    }
    // No table: a link that is cut to the width of a terminal leads nowhere.
    for one in &begun {
        out.value(&json!({ "step": "account", "who": one.who, "start": one.start, "link": one.link }));
        out.line(&format!("     {}  {}", out.tr(&one.who), out.look(Look::Faint, one.start)));
        out.line(&format!("       {}", one.link));
    }
    out.paragraph(
        5,
        out.pick(
            "打开链接，自己设置密码；工作人员另须身份验证器或者通行密钥。链接只能用一次。没有任何默认密码。",
            "Open a link and choose a password of your own; staff add an authenticator app or a passkey. A link works once. There is no default password anywhere.",
        ),
    );
    Ok(())
}
