//! The options of `chengxin issuer`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Issuer {
    #[command(
        about = "设定登录提供方，或改变对它的信任 ¦ Set up a provider of sign-in, or change what one is trusted for",
        after_help = "设定文件（TOML）的写法见 docs/operating/sign-in.md。 ¦ See docs/operating/sign-in.md for what the file (TOML) says."
    )]
    Set {
        #[arg(value_name = "NAME", help = "名称；出现在网址中 ¦ Its name, as it stands in addresses")]
        name: String,
        #[arg(value_name = "FILE.toml", help = "设定文件 ¦ File with its terms")]
        file: PathBuf,
        #[arg(
            long,
            value_name = "FILE",
            help = "内含 client_secret 或私钥（JWK）的文件；读取后加密保存 ¦ File with the client secret, or with a private key (JWK); it is read, sealed and kept"
        )]
        secret: PathBuf,
    },
    #[command(about = "列出登录提供方 ¦ List providers of sign-in")]
    List,
    #[command(about = "停用登录提供方；立即生效 ¦ Remove a provider of sign-in, at once")]
    Remove {
        #[arg(value_name = "NAME", help = "名称 ¦ Its name")]
        name: String,
    },
    #[command(
        about = "发放一次性码，由工作人员把账户与登录提供方关联 ¦ Make the one-time code by which a member of staff links their account to a provider"
    )]
    Link {
        #[arg(value_name = "NAME", help = "登录提供方的名称 ¦ Name of the provider")]
        name: String,
        #[arg(value_name = "LOGIN", help = "工作人员的登录名 ¦ Login name of the account")]
        login: String,
    },
}
