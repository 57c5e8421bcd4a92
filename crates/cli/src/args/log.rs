//! The options of `chengxin log`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chengxin_seal::Profile;
use clap::{Args, Subcommand};

use super::subject::{DocumentOption, ProofFile};
use super::values::{SubjectNumber, profile};

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    #[command(
        about = "核验整个日志与整个数据库：改动、删除、加入、调换都能查出并定位 ¦ Check the whole log against the whole database: whatever was altered, removed, added or moved is found and located"
    )]
    Verify(LogVerify),
    #[command(
        about = "为一条留痕或一条记录出具存在证明（留痕） ¦ Prove that an entry, or a record, stands in the log; logged",
        after_help = "例：chengxin log prove 17 -o proof.json；chengxin log prove --record ID --subject - -o proof.json ¦ chengxin log prove 17 -o proof.json, or chengxin log prove --record ID --subject - -o proof.json"
    )]
    Prove(LogProve),
    #[command(
        name = "verify-proof",
        about = "离线核对 chengxin log prove 写出的存在证明，只需要公钥 ¦ Check a proof that chengxin log prove wrote, offline; needs only the public key"
    )]
    VerifyProof(ProofFile),
    #[command(
        about = "日志是否只增未改：对照两个检查点 ¦ Did the log only grow? Two checkpoints held against each other"
    )]
    Consistency(LogConsistency),
    #[command(about = "最新的已签名检查点；请另行保存 ¦ The newest signed checkpoint; keep it elsewhere")]
    Checkpoint(LogCheckpoint),
    #[command(about = "把等待的条目编入日志并签名 ¦ Give waiting entries their places and sign the log")]
    Sequence,
    #[command(
        about = "揭示保密期已满的条目；服务每天自动执行 ¦ Reveal what the law had hidden until today; a server does it by itself"
    )]
    Reveal,
    #[command(
        about = "把检查点和瓦片写到目录，任何静态网站都可公开 ¦ Write checkpoint and tiles to a folder that any static server can hand out"
    )]
    Publish(LogPublish),
    #[command(
        name = "witness-add",
        about = "登记见证方：请其为检查点签名 ¦ Add a witness that is asked to sign checkpoints"
    )]
    WitnessAdd(LogWitnessAdd),
    #[command(
        about = "现在就请见证方签名；服务每十秒自动执行 ¦ Ask the witnesses to sign now; a server does it every ten seconds"
    )]
    Cosign,
    #[command(
        about = "作为见证方运行：为其他平台的检查点签名 ¦ Run a witness, which signs the checkpoints of other logs",
        after_help = "例：chengxin log witness --name witness.example --state ./witness --log 公钥 ¦ chengxin log witness --name witness.example --state ./witness --log KEY"
    )]
    Witness(LogWitness),
}

#[derive(Debug, Args)]
pub(crate) struct LogPublish {
    #[arg(long, value_name = "FOLDER", help = "写到此目录 ¦ Where to")]
    pub(crate) to: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct LogWitnessAdd {
    #[arg(
        value_name = "KEY",
        help = "见证方的公钥文本（它的 /key 页） ¦ The witness's key as text, as its page /key shows it"
    )]
    pub(crate) key: String,
    #[arg(value_name = "URL", help = "见证方的网址 ¦ The witness's address")]
    pub(crate) url: String,
}

#[derive(Debug, Args)]
pub(crate) struct LogWitness {
    #[arg(long, value_name = "NAME", help = "见证方名称，通常是其域名 ¦ Name of the witness, usually its host name")]
    pub(crate) name: String,
    #[arg(long, value_name = "FOLDER", help = "存放密钥和已签记录的目录 ¦ Folder for its key and what it has signed")]
    pub(crate) state: PathBuf,
    #[arg(
        long,
        value_name = "KEY",
        required = true,
        help = "所见证日志的公钥文本（其 /log/key 页）；可多次 ¦ Key of a log to watch, as its page /log/key shows it; may be given again"
    )]
    pub(crate) log: Vec<String>,
    #[arg(long, value_name = "intl|gm", value_parser = profile, default_value = "intl", hide_default_value = true,
        help = "新密钥的算法组；缺省 intl ¦ Set of primitives of a new key; intl if absent")]
    pub(crate) profile: Profile,
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8081",
        hide_default_value = true,
        help = "服务地址；缺省 127.0.0.1:8081 ¦ Where to serve; 127.0.0.1:8081 if absent"
    )]
    pub(crate) listen: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct LogVerify {
    #[arg(
        long,
        value_name = "FILE",
        help = "存放在别处的检查点：尾部被截断或日志被改写时即可发现 ¦ A checkpoint kept elsewhere: shows a cut-off tail and a log that was rewritten"
    )]
    pub(crate) since: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LogProve {
    #[arg(
        value_name = "LEAF",
        required_unless_present = "record",
        conflicts_with = "record",
        help = "条目在日志中的位置，从 0 起 ¦ Place of the entry in the log, from 0"
    )]
    pub(crate) leaf: Option<u64>,
    #[arg(
        long,
        value_name = "ID",
        requires = "subject",
        help = "证明这条记录（32 位十六进制编号） ¦ Prove this record instead (its id of 32 hexadecimal digits)"
    )]
    pub(crate) record: Option<String>,
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "record",
        help = "记录主体的证件号码；写 - 则从标准输入读 ¦ Document number of the record's subject; - reads it from standard input"
    )]
    pub(crate) subject: Option<SubjectNumber>,
    #[command(flatten)]
    pub(crate) document: DocumentOption,
    #[arg(
        long,
        value_name = "N",
        requires = "record",
        help = "记录的第几版；缺省为最新 ¦ Which version of it; the newest if absent"
    )]
    pub(crate) record_version: Option<i64>,
    #[arg(long, short, value_name = "FILE", help = "写到此文件；缺省为标准输出 ¦ Where to; standard output if absent")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LogConsistency {
    #[arg(
        value_name = "OLD",
        help = "较旧的：检查点文件，或条目数 ¦ The older: a checkpoint's file, or a number of entries"
    )]
    pub(crate) old: PathBuf,
    #[arg(value_name = "NEW", help = "较新的；缺省为现在的日志 ¦ The newer; the log as it stands if absent")]
    pub(crate) new: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LogCheckpoint {
    #[arg(long, short, value_name = "FILE", help = "写到此文件；缺省为标准输出 ¦ Where to; standard output if absent")]
    pub(crate) out: Option<PathBuf>,
}
