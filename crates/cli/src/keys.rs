//! `chengxin keys`: which keys there are, and new ones.

use chengxin_app::installation::files;
use chengxin_app::keys::{KeyVersion, Rotate, Rotated};
use chengxin_core::dates::shanghai_text;

use crate::args::Keys;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::table::Table;

pub(crate) fn keys(context: &Context, args: &Keys) -> Result<Exit, Failure> {
    match args {
        Keys::List => list(context),
        Keys::Rotate { what } => rotate(context, what),
    }
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "keys_list", None)?;
    let keys = installation.keys_list(&caller)?;
    let out = &context.out;
    out.value(&keys);
    out.say(
        format!(
            "安装 {} · 算法组 {} · {} · 密钥文件状态 {}",
            keys.installation, keys.profile, keys.holder, keys.fingerprint
        ),
        format!(
            "installation {} · profile {} · {} · state of the key file {}",
            keys.installation, keys.profile, keys.holder, keys.fingerprint
        ),
    );
    let mut table = Table::new(&[
        out.pick("用途", "use"),
        out.pick("版本", "version"),
        out.pick("自", "from"),
        out.pick("至", "until"),
    ]);
    let now = out.pick("使用中", "in use");
    let earlier = out.pick("仅用于读旧数据", "reads older data only");
    for (what, versions) in [(out.pick("索引", "index"), &keys.index), (out.pick("封装", "wrapping"), &keys.wrapping)]
    {
        for KeyVersion { version, made_at_us, current } in versions {
            table.row([what, &version.to_string(), &shanghai_text(*made_at_us), if *current { now } else { earlier }]);
        }
    }
    for key in &keys.signing {
        let until = key.until_us.map_or_else(|| now.to_owned(), shanghai_text);
        table.row([out.pick("签名", "signing"), &key.id, &shanghai_text(key.from_us), &until]);
    }
    table.print(out, 0);
    Ok(Exit::Done)
}

fn rotate(context: &Context, what: &str) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "keys_rotate", None)?;
    let what = Rotate::from_code(what).ok_or_else(|| Failure::new(Exit::Usage, "没有这种密钥", "no such key"))?;
    let rotated = installation.keys_rotate(&caller, what)?;
    let out = &context.out;
    out.value(&rotated);
    let Rotated { index, wrapping, signing } = &rotated;
    if let Some((version, documents, kept)) = index {
        out.say(
            format!("索引密钥已换为第 {version} 版：重算了 {documents} 个证件索引"),
            format!("index key is now version {version}: {documents} documents have new tags"),
        );
        if *kept > 0 {
            out.notice(
                format!("{kept} 个证件保留旧索引：新索引已属另一主体，请由身份核验人员核对"),
                format!("{kept} documents kept their old tags, for another subject holds the new one: ask the identity clerk"),
            );
        }
    }
    if let Some((version, keys)) = wrapping {
        out.say(
            format!("封装密钥已换为第 {version} 版：重新封装了 {keys} 个主体密钥"),
            format!("wrapping key is now version {version}: {keys} keys are wrapped anew"),
        );
    }
    if let Some(id) = signing {
        out.say(
            format!("签名密钥已换为 {id}；旧密钥签过的文件仍可核验；请重新公布 {}", files::TRUST),
            format!("signing key is now {id}; what the old one signed still verifies; publish {} again", files::TRUST),
        );
    }
    out.tell(
        format!("请立即备份 {}：旧的备份不再适用；并重启仍在运行的服务", files::KEYS),
        format!("back up {} now, older copies no longer fit, and restart whatever still runs on it", files::KEYS),
    );
    Ok(Exit::Done)
}
