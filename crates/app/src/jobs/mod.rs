//! Jobs: what follows from a change and must not be lost, done by any process that works on the installation.
//!
//! A job is written in the transaction of the change. A worker claims it for a while, does it and ends it; one that dies leaves
//! its claim to run out, and another does it again. So each is done at least once, and a second time does no harm. What a
//! job says is not believed: before it destroys anything it looks whether the database agrees, since whoever can write to the
//! database could write a job.

pub(crate) mod destroy;
mod tidy;
mod worker;

pub(crate) use worker::job_id;
pub use worker::{JobLine, Round, worker_name};

/// What can be a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobKind {
    /// Destroy the keys of what a submission brought and its acceptance took out again.
    Destroy,
    /// The daily round: what is past its deadline goes, what was hidden until today is revealed, what an authority is late with is
    /// told, and what may be kept no longer is destroyed.
    Tidy,
    /// Tell whom the adverse records of a submission are about, a slice of them.
    NoticeMake,
    /// Look for the channels of whom a notice concerns.
    NoticeSend,
    /// Hand one message to one channel.
    NoticeDeliver,
    /// Send a channel the code that proves it.
    ChannelCode,
    /// Tell somebody that repair of their record has become possible.
    RepairPossible,
    /// Look again at a record whose destruction was put off.
    RecordExpire,
    /// Ask whether anything holds the key of a subject.
    SubjectForget,
    /// Record about an authority that it answered late, or when it answered in the end.
    AuthorityLate,
    /// Tell whoever was shown a record that it changed.
    RecordReach,
    /// Walk the records for whose repair a new catalogue has moved the day.
    RepairMoved,
}

impl JobKind {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Destroy => "keys_destroy",
            Self::Tidy => "tidy",
            Self::NoticeMake => "notice_make",
            Self::NoticeSend => "notice_send",
            Self::NoticeDeliver => "notice_deliver",
            Self::ChannelCode => "channel_code",
            Self::RepairPossible => "repair_possible",
            Self::RecordExpire => "record_expire",
            Self::SubjectForget => "subject_forget",
            Self::AuthorityLate => "authority_late",
            Self::RecordReach => "record_reach",
            Self::RepairMoved => "repair_moved",
        }
    }

    const ALL: [Self; 12] = [
        Self::Destroy,
        Self::Tidy,
        Self::NoticeMake,
        Self::NoticeSend,
        Self::NoticeDeliver,
        Self::ChannelCode,
        Self::RepairPossible,
        Self::RecordExpire,
        Self::SubjectForget,
        Self::AuthorityLate,
        Self::RecordReach,
        Self::RepairMoved,
    ];

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Does it wait for somebody else's machine? Then it pauses by a rule of its own, and is given up in the end.
    fn goes_outside(self) -> bool {
        matches!(self, Self::NoticeDeliver | Self::ChannelCode)
    }
}
