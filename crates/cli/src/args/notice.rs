//! The options of `chengxin notice` and `chengxin channel`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::subject::{Subject, own};
use super::values::whole_date;

#[derive(Debug, Subcommand)]
pub(crate) enum ChannelCommand {
    #[command(
        about = "添加通知渠道；验证码会发到该渠道 ¦ Add a channel; its code is sent there",
        mut_arg("subject", own)
    )]
    Add(ChannelAdd),
    #[command(about = "列出我的通知渠道（留痕） ¦ My channels; logged", mut_arg("subject", own))]
    List(Subject),
    #[command(
        about = "凭收到的验证码验证渠道；此后才会发送通知 ¦ Prove a channel with the code that was sent there; only then does it count",
        mut_arg("subject", own)
    )]
    Prove(ChannelProve),
    #[command(about = "删除通知渠道及其地址 ¦ Remove a channel, and its address with it", mut_arg("subject", own))]
    Remove(ChannelOne),
}

#[derive(Debug, Args)]
pub(crate) struct ChannelAdd {
    #[arg(long, value_name = "KIND", value_parser = ["mail", "webhook"],
        help = "渠道种类：mail 电子邮件、webhook 接口回调 ¦ Kind of channel: mail or webhook")]
    pub(crate) kind: String,
    #[arg(
        long,
        value_name = "ADDRESS",
        help = "地址：邮箱，或 https:// 网址 ¦ A mail address, or an https:// address"
    )]
    pub(crate) address: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Args)]
pub(crate) struct ChannelOne {
    #[arg(value_name = "CHANNEL", help = "渠道编号 ¦ Number of the channel")]
    pub(crate) channel: String,
    #[command(flatten)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Args)]
pub(crate) struct ChannelProve {
    #[command(flatten)]
    pub(crate) of: ChannelOne,
    #[arg(long, value_name = "CODE", help = "收到的验证码 ¦ The code that came")]
    pub(crate) code: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NoticeCommand {
    #[command(about = "列出未能送出的消息 ¦ Messages that were given up")]
    Dead,
    #[command(about = "本单位收到的告知 ¦ What one's authority is told")]
    Inbox,
    #[command(
        about = "打印书面告知（PDF），由认定单位送达 ¦ Print the letter of a notice (PDF), for the authority to serve"
    )]
    Letter {
        #[arg(value_name = "NOTICE", help = "告知编号 ¦ Number of the notice")]
        notice: String,
        #[arg(long, short, value_name = "FILE", help = "写到此文件 ¦ Write it here")]
        out: PathBuf,
    },
    #[command(name = "mail-set", about = "设定发送通知的邮件服务器 ¦ Set the mail server by which notices go out")]
    MailSet(MailSet),
    #[command(about = "重新发送一条未能送出的消息 ¦ Have a message tried again that was given up")]
    Retry {
        #[arg(value_name = "MESSAGE", help = "消息编号 ¦ Number of the message")]
        message: String,
    },
    #[command(about = "登记书面告知已送达 ¦ Record that a letter was served")]
    Served(NoticeServed),
    #[command(about = "列出本单位待送达的告知 ¦ What one's authority has to serve on paper")]
    Undelivered,
}

#[derive(Debug, Args)]
pub(crate) struct NoticeServed {
    #[arg(value_name = "NOTICE", help = "告知编号 ¦ Number of the notice")]
    pub(crate) notice: String,
    #[arg(long = "served-on", value_name = "DATE", value_parser = whole_date, help = "送达日期 ¦ Day on which it was served")]
    pub(crate) served_on: Date,
    #[arg(long, value_name = "NAME", help = "送达人 ¦ Who served it")]
    pub(crate) by: String,
    #[arg(
        long,
        value_name = "TEXT",
        help = "送达凭证，如送达回证的编号 ¦ What shows it: kind and number of the acknowledgement"
    )]
    pub(crate) evidence: String,
}

#[derive(Debug, Args)]
pub(crate) struct MailSet {
    #[arg(long, value_name = "NAME", help = "邮件服务器主机名 ¦ Host name of the mail server")]
    pub(crate) host: String,
    #[arg(long, value_name = "PORT", default_value_t = 465, help = "端口 ¦ Port")]
    pub(crate) port: u16,
    #[arg(long, value_name = "TLS", value_parser = ["implicit", "starttls", "none"], default_value = "implicit",
        help = "加密方式；none 只用于本机的服务器 ¦ Encryption; none only for a server on this machine")]
    pub(crate) tls: String,
    #[arg(
        long,
        value_name = "ADDRESS",
        help = "发件人地址，所有通知相同 ¦ Address of the sender, the same for all news"
    )]
    pub(crate) from: String,
    #[arg(long, value_name = "USER", default_value = "", help = "用户名 ¦ User")]
    pub(crate) user: String,
    #[arg(
        long = "password-file",
        value_name = "FILE",
        help = "内含口令的文件；读取后加密保存 ¦ File with the password; it is read, sealed and kept"
    )]
    pub(crate) password: Option<PathBuf>,
    #[arg(
        long,
        value_name = "FILE",
        help = "为邮件服务器作证的自有证书（PEM） ¦ Certificate (PEM) of whoever vouches for the server, where that is nobody whom everybody knows"
    )]
    pub(crate) certificate: Option<PathBuf>,
}
