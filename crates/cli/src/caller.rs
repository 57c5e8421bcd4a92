//! Who asks, from `--as` and `--purpose`; where data are made up, whoever may.

use chengxin_app::Mode;
use chengxin_core::operation::operation;
use chengxin_core::{Caller, Ground, Role, Standing};

use crate::args::Globals;
use crate::exit::{Exit, Failure};

/// The caller of an operation.
///
/// # Errors
/// In production, where role or purpose is missing. Whether the role may is for the policy.
pub(crate) fn of(globals: &Globals, mode: Mode, name: &str, authority: Option<&str>) -> Result<Caller, Failure> {
    if mode == Mode::Production && (globals.act_as.is_none() || globals.purpose.is_none()) {
        return Err(Failure::new(
            Exit::Forbidden,
            "正式环境中每次操作都须写明 --as 角色:姓名@单位代码 和 --purpose 用途",
            "in production every operation takes --as ROLE:NAME@AUTHORITY and --purpose TEXT",
        ));
    }
    let first = operation(name).and_then(|o| o.roles.first()).copied().unwrap_or(Role::Public);
    let role = globals.act_as.as_ref().map_or(first, |a| a.role);
    let given = globals.act_as.as_ref().and_then(|a| a.name.clone());
    let own = globals.act_as.as_ref().and_then(|a| a.authority.clone());
    Ok(Caller {
        actor: given.unwrap_or_else(|| actor(role)),
        role,
        authority: own.or_else(|| authority.filter(|_| serves_an_authority(role)).map(str::to_owned)),
        purpose: globals.purpose.clone().unwrap_or_else(|| "demonstration".to_owned()),
        ground: Ground::usual(role),
        standing: Standing::Console,
    })
}

/// Who it is where nobody said: at a console of made-up data, one person in each role, so that whoever releases is
/// still somebody else than whoever sent.
fn actor(role: Role) -> String {
    format!("console-{}", role.code())
}

fn serves_an_authority(role: Role) -> bool {
    matches!(role, Role::Clerk | Role::DataOfficer | Role::Decider)
}
