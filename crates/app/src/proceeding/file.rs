//! What is handed in with a step: looked at by its content, shown to a scanner where there is one, and sealed.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use chengxin_core::Say;
use chengxin_core::attachment::{AT_ONCE, AttachmentFault, MOST, Media, inspect, safe_name};
use chengxin_store::proceeding::ProceedingFileRow;
use serde::{Deserialize, Serialize};

use super::keys::file_aad;
use super::row::{Keeper, Opened};
use crate::{AppError, Kind};

/// Name and content stand beside each other, each sealed for itself.
const NAME: u8 = 1;
const CONTENT: u8 = 2;

/// Something that is handed in.
#[derive(Clone)]
pub struct Attachment {
    /// As whoever hands it in calls it; may be empty.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attachment").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

/// What is handed in, once it is known to be harmless.
pub(super) struct Checked {
    name: String,
    media: Media,
    content: Vec<u8>,
}

/// Name and kind of something handed in, as they lie sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) media: Media,
}

/// Looks at what is handed in. All of it is good, or nothing is taken.
///
/// # Errors
/// [`Kind::Invalid`] with the name of the first that is not, and why; [`Kind::Unavailable`] where a scanner is set up and does not answer.
pub(super) fn checked(attachments: &[Attachment]) -> Result<Vec<Checked>, AppError> {
    let refused = |fault: AttachmentFault, name: &str| {
        let Say { zh, en } = fault.say(name);
        AppError::invalid(zh, en)
    };
    if let Some(extra) = attachments.get(AT_ONCE) {
        return Err(refused(AttachmentFault::TooMany(AT_ONCE), &extra.name));
    }
    let scanner = Scanner::set_up();
    let check = |given: &Attachment| {
        let media = inspect(&given.content).map_err(|fault| refused(fault, &given.name))?;
        if let Some(scanner) = &scanner {
            scanner.pass(&given.content, &safe_name(&given.name, ""))?;
        }
        Ok(Checked { name: safe_name(&given.name, media.ending()), media, content: given.content.clone() })
    };
    attachments.iter().map(check).collect()
}

/// Handles of what is handed in next: the numbers of its rows.
pub(super) fn handles(after: &Opened, count: usize) -> Result<Vec<String>, AppError> {
    let before = after.attached();
    if before + count > MOST {
        return Err(AppError::conflict(
            format!("一个办件最多 {MOST} 个附件，已有 {before} 个；请合并后再提交"),
            format!("a proceeding has {MOST} attachments at most, and {before} are there: merge what you hand in"),
        ));
    }
    Ok((before + 1..=before + count).map(|number| number.to_string()).collect())
}

/// The rows of what is handed in, under these handles.
pub(super) fn rows(
    of: &Opened,
    keeper: &Keeper,
    handles: &[String],
    files: &[Checked],
    now_us: i64,
) -> Result<Vec<ProceedingFileRow>, AppError> {
    let (subject, id) = (&of.row.subject_id, &of.row.proceeding_id);
    let row = |(handle, file): (&String, &Checked)| {
        let file_no: i64 = handle.parse().map_err(|_| AppError::internal("a handle is a number"))?;
        let label = Label { name: file.name.clone(), media: file.media };
        let label = serde_json::to_vec(&label).map_err(|error| AppError::internal(format!("attachment: {error}")))?;
        Ok(ProceedingFileRow {
            subject_id: *subject,
            proceeding_id: *id,
            file_no,
            added_us: now_us,
            size: i64::try_from(file.content.len()).unwrap_or(i64::MAX),
            sealed: keeper.key.seal(&file_aad(subject, id, file_no, NAME), &label),
            body: keeper.key.seal(&file_aad(subject, id, file_no, CONTENT), &file.content),
        })
    };
    handles.iter().zip(files).map(row).collect()
}

/// Name and kind of something that was handed in.
pub(super) fn label(of: &Opened, keeper: &Keeper, file_no: i64, sealed: &[u8]) -> Result<Label, AppError> {
    let aad = file_aad(&of.row.subject_id, &of.row.proceeding_id, file_no, NAME);
    let plain = keeper.key.open(&aad, sealed).map_err(|_| broken())?;
    serde_json::from_slice(&plain).map_err(|_| broken())
}

/// Its content.
pub(super) fn content(of: &Opened, keeper: &Keeper, file_no: i64, body: &[u8]) -> Result<Vec<u8>, AppError> {
    let aad = file_aad(&of.row.subject_id, &of.row.proceeding_id, file_no, CONTENT);
    keeper.key.open(&aad, body).map_err(|_| broken())
}

fn broken() -> AppError {
    AppError::internal("something handed in does not open: it was altered")
}

/// Address of a scanner for viruses that speaks clamd's protocol, `host:port`; none where it is not set.
const SCANNER: &str = "CHENGXIN_CLAMD";
/// How long a scanner may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A scanner for viruses.
struct Scanner(String);

impl Scanner {
    fn set_up() -> Option<Self> {
        std::env::var(SCANNER).ok().filter(|address| !address.is_empty()).map(Self)
    }

    /// Refuses what the scanner finds something in. One that does not answer lets nothing pass: it was set up to be asked.
    fn pass(&self, content: &[u8], name: &str) -> Result<(), AppError> {
        let answer = self.asked(content).map_err(|error| {
            AppError::new(
                Kind::Unavailable,
                "附件暂时无法检查，请稍后再提交；其他内容未丢失",
                "attachments cannot be looked at just now: hand them in again later",
            )
            .because(format!("scanner at {}: {error}", self.0))
        })?;
        if answer.trim_end_matches(['\0', '\n']).ends_with("OK") {
            return Ok(());
        }
        Err(AppError::invalid(
            format!("附件“{name}”未通过病毒检查；请换一个文件"),
            format!("the attachment “{name}” did not pass the scan for viruses: choose another file"),
        )
        .because(answer))
    }

    /// INSTREAM: chunks with their length before them, an empty one at the end.
    fn asked(&self, content: &[u8]) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.0)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(b"zINSTREAM\0")?;
        for chunk in content.chunks(64 * 1024) {
            stream.write_all(&u32::try_from(chunk.len()).unwrap_or(0).to_be_bytes())?;
            stream.write_all(chunk)?;
        }
        stream.write_all(&0u32.to_be_bytes())?;
        let mut answer = String::new();
        stream.take(1_024).read_to_string(&mut answer)?;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::io::BufRead as _;
    use std::net::TcpListener;

    use super::*;

    /// A scanner that answers one question.
    fn scanner(answer: &'static str) -> (Scanner, std::thread::JoinHandle<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let served = std::thread::spawn(move || {
            let mut reader = std::io::BufReader::new(listener.accept().unwrap().0);
            let mut command = Vec::new();
            reader.read_until(0, &mut command).unwrap();
            assert_eq!(command, b"zINSTREAM\0");
            let mut received = 0;
            loop {
                let mut length = [0; 4];
                reader.read_exact(&mut length).unwrap();
                let length = u32::from_be_bytes(length) as usize;
                if length == 0 {
                    break;
                }
                reader.read_exact(&mut vec![0; length]).unwrap();
                received += length;
            }
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
            received
        });
        (Scanner(address), served)
    }

    #[test]
    fn a_scanner_is_given_every_byte_and_its_word_counts() {
        let content = vec![b'a'; 200_000];
        let (clean, served) = scanner("stream: OK\0");
        clean.pass(&content, "a.txt").unwrap();
        assert_eq!(served.join().unwrap(), content.len());
        let (found, served) = scanner("stream: Eicar-Test-Signature FOUND\0");
        assert_eq!(found.pass(&content, "a.txt").unwrap_err().kind, Kind::Invalid);
        served.join().unwrap();
    }

    #[test]
    fn a_scanner_that_is_set_up_and_does_not_answer_lets_nothing_pass() {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        assert_eq!(Scanner(closed).pass(b"a", "a.txt").unwrap_err().kind, Kind::Unavailable);
    }
}
