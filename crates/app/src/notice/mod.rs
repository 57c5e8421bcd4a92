//! Notices: what somebody is told, how they are told that it waits, and from when it counts.
//!
//! A use case tells in its own transaction (`tell`, `tell_authority`): the row, the entry in the person's log and the job that carries the
//! message out stand or fall with the change. What a notice says is composed when it is read, from the record, the catalogue and the calendar
//! (`text.rs`), so that nothing of a record lies a second time. What goes out (`deliver.rs`, `carry.rs`) is one sentence for all news, to
//! channels that were proven (`channel.rs`). Where nobody could be told, the notice stays 未送达: the authority prints it and serves it (`letter.rs`), and
//! no deadline runs meanwhile (`delivered_on`).

mod carry;
mod channel;
mod dead;
mod deliver;
mod encrypted;
mod letter;
mod list;
mod mail;
mod make;
mod moved;
mod office;
mod possible;
mod row;
mod tell;
#[cfg(test)]
mod tests;
mod text;
mod waiting;

pub use channel::{AddedChannel, ChannelLine, ChannelRequest};
pub use dead::DeadLine;
pub use letter::{LetterLine, NoticeLetter, Served};
pub use list::NoticeLine;
pub use mail::{MailSettings, MailTls};
pub use office::OfficeNoticeLine;
pub use text::{NoticePart, NoticeView};
pub use waiting::Waiting;

pub(crate) use make::after_release;
pub(crate) use moved::{after_catalogue, moves_repair};
pub(crate) use possible::{await_repair, repair_moved};
pub(crate) use tell::{About, delivered_on, platform};
pub(crate) use tell::{Told, ToldOffice, tell, tell_authority};

use data_encoding::HEXLOWER;

use crate::AppError;

/// Most notices and channels that one list holds.
const MOST: i64 = 500;

/// Reads the number of a notice or a channel: 32 hexadecimal digits.
fn read_id(text: &str) -> Option<[u8; 16]> {
    HEXLOWER.decode(text.trim().to_ascii_lowercase().as_bytes()).ok()?.try_into().ok()
}

/// To a person, of a notice that is none of theirs.
fn no_such_notice() -> AppError {
    AppError::not_found(
        "没有此编号的告知；运行 chengxin me notices 可查看全部告知",
        "there is no notice of this number: chengxin me notices shows them all",
    )
}

/// To a person, of a channel that is none of theirs.
fn no_such_channel() -> AppError {
    AppError::not_found(
        "您没有此编号的通知渠道；运行 chengxin channel list 可查看全部渠道",
        "you have no channel of this number: chengxin channel list shows them all",
    )
}
