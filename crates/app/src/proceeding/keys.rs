//! Tags and seals of proceedings. They stay with the first version of the index key: see `account/keys.rs` for why.

use chengxin_core::proceeding::ProceedingNumber;
use chengxin_seal::same_secret;
use chengxin_store::proceeding::{FollowUpRow, ProceedingNumberRow, ProceedingRow};

use crate::keyring::Keyring;

/// What is authenticated beside what is sealed of a proceeding, so that it cannot be laid to another.
pub(super) fn aad(subject: &[u8; 16], id: &[u8; 16]) -> Vec<u8> {
    [&b"proceeding"[..], subject, id].concat()
}

/// The same of something handed in: `part` tells its name from its content.
pub(super) fn file_aad(subject: &[u8; 16], id: &[u8; 16], file_no: i64, part: u8) -> Vec<u8> {
    [&b"proceeding-file"[..], subject, id, &file_no.to_be_bytes(), &[part]].concat()
}

/// The same of whoever was shown a record.
pub(super) fn follow_up_aad(subject: &[u8; 16], id: &[u8; 16]) -> Vec<u8> {
    [&b"follow-up"[..], subject, id].concat()
}

impl Keyring {
    /// Id of the proceeding with a number.
    pub(super) fn proceeding_id(&self, number: &ProceedingNumber) -> [u8; 16] {
        half(&self.code_tag("proceeding", &[number.as_str().as_bytes()]))
    }

    /// Tag of a number.
    pub(super) fn proceeding_tag(&self, number: &ProceedingNumber) -> [u8; 32] {
        self.code_tag("proceeding-number", &[number.as_str().as_bytes()])
    }

    /// Id of what follows for whoever made a check, once a record changed that it showed: `by` a proceeding, or by the version that its authority wrote.
    pub(super) fn follow_up_id(&self, check: &str, record: &[u8; 16], by: &[u8; 16]) -> [u8; 16] {
        half(&self.code_tag("follow-up", &[check.as_bytes(), record, by]))
    }

    /// The row with its seal: without it anybody who can write to the database could have a record put out of use, or back.
    pub(super) fn sealed_proceeding(&self, mut row: ProceedingRow) -> ProceedingRow {
        row.seal = self.proceeding_seal(&row);
        row
    }

    fn proceeding_seal(&self, row: &ProceedingRow) -> [u8; 32] {
        // None is no day that can be.
        let day = |day: Option<i64>| day.unwrap_or(i64::MIN);
        let numbers = [
            row.kind,
            row.waits,
            row.filed_us,
            day(row.due_on),
            day(row.told_on),
            day(row.closed_on),
            row.late_days,
            row.stated,
            row.line,
        ];
        let numbers = numbers.map(i64::to_be_bytes).concat();
        let parts: [&[u8]; 7] = [
            &row.subject_id,
            &row.proceeding_id,
            &row.record_id,
            row.authority.as_bytes(),
            row.state.as_bytes(),
            &numbers,
            &row.sealed,
        ];
        self.code_tag("proceeding-row", &parts)
    }

    /// Was the proceeding written with our key?
    pub(super) fn is_proceeding(&self, row: &ProceedingRow) -> bool {
        same_secret(&row.seal, &self.proceeding_seal(row))
    }

    /// The row of a number, with its seal: without it somebody could have a number lead to another's proceeding.
    pub(super) fn sealed_proceeding_number(
        &self,
        number: &ProceedingNumber,
        subject: &[u8; 16],
    ) -> ProceedingNumberRow {
        self.sealed_number_row(self.proceeding_tag(number), subject, self.proceeding_id(number))
    }

    /// The same for whatever else has a number that leads to somebody: a complaint.
    pub(crate) fn sealed_number_row(
        &self,
        number_tag: [u8; 32],
        subject: &[u8; 16],
        proceeding_id: [u8; 16],
    ) -> ProceedingNumberRow {
        let mut row = ProceedingNumberRow { number_tag, subject_id: *subject, proceeding_id, seal: [0; 32] };
        row.seal = self.proceeding_number_seal(&row);
        row
    }

    fn proceeding_number_seal(&self, row: &ProceedingNumberRow) -> [u8; 32] {
        self.code_tag("proceeding-number-row", &[&row.number_tag, &row.subject_id, &row.proceeding_id])
    }

    /// Was the number written with our key?
    pub(crate) fn is_proceeding_number(&self, row: &ProceedingNumberRow) -> bool {
        same_secret(&row.seal, &self.proceeding_number_seal(row))
    }

    /// The row of a follow-up, with its seal.
    pub(super) fn sealed_follow_up(&self, mut row: FollowUpRow) -> FollowUpRow {
        row.seal = self.follow_up_seal(&row);
        row
    }

    fn follow_up_seal(&self, row: &FollowUpRow) -> [u8; 32] {
        let numbers = [row.state, row.told_us, row.line].map(i64::to_be_bytes).concat();
        let ids: [&[u8]; 3] = [&row.subject_id, &row.follow_up_id, &row.record_id];
        self.code_tag("follow-up-row", &[ids[0], ids[1], ids[2], row.authority.as_bytes(), &numbers, &row.sealed])
    }

    /// Was the follow-up written with our key?
    pub(super) fn is_follow_up(&self, row: &FollowUpRow) -> bool {
        same_secret(&row.seal, &self.follow_up_seal(row))
    }
}

fn half(tag: &[u8; 32]) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&tag[..16]);
    id
}
