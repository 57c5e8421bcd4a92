//! Digests of parts, and the seal of a batch. They stay with the first version of the index key: see `account/keys.rs` for why.

use chengxin_seal::same_secret;
use chengxin_store::check_batch::CheckBatchRow;

use super::rows::ReadRow;
use crate::keyring::Keyring;

impl Keyring {
    /// Digest of a part of a batch: the same for the same applications, however they were written.
    pub(super) fn check_part(&self, number: &str, part: usize, rows: &[ReadRow]) -> [u8; 32] {
        let part = (part as u64).to_be_bytes();
        let mut parts: Vec<&[u8]> = Vec::with_capacity(2 + 5 * rows.len());
        parts.extend([number.as_bytes(), part.as_slice()]);
        for row in rows {
            let document = &row.applicant.document;
            parts.extend([
                document.kind().code().as_bytes(),
                document.number().as_bytes(),
                row.applicant.name.as_bytes(),
                row.applicant.case_number.as_bytes(),
                row.ground.as_bytes(),
            ]);
        }
        self.code_tag("check-part", &parts)
    }

    /// The row with its seal: without it anybody who can write to the database could approve a batch.
    pub(super) fn sealed_check_batch(&self, mut row: CheckBatchRow) -> CheckBatchRow {
        row.seal = self.check_batch_seal(&row);
        row
    }

    fn check_batch_seal(&self, row: &CheckBatchRow) -> [u8; 32] {
        let approved_us = row.approved_us.unwrap_or(-1);
        let numbers =
            [row.applications, row.part_size, row.opened_us, approved_us, row.until_us, row.done, row.repeated];
        let numbers = numbers.map(i64::to_be_bytes).concat();
        let approved_by = row.approved_by.as_deref().unwrap_or_default();
        let texts =
            [&row.number, &row.authority, &row.matter, &row.purpose, &row.opened_by].map(|text| text.as_bytes());
        let [number, authority, matter, purpose, opened_by] = texts;
        let parts = [number, authority, matter, purpose, opened_by, approved_by.as_bytes(), &numbers, &row.parts];
        self.code_tag("check-batch-row", &parts)
    }

    /// Was the batch written with our key?
    pub(super) fn is_check_batch(&self, row: &CheckBatchRow) -> bool {
        same_secret(&row.seal, &self.check_batch_seal(row))
    }
}
