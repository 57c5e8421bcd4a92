//! Tags and seals of consents. They stay with the first version of the index key: see `account/keys.rs` for why.

use chengxin_core::consent::{ConsentCode, ReceiptNumber};
use chengxin_seal::same_secret;
use chengxin_store::consent::{ConsentCodeRow, ConsentRow};

use crate::keyring::Keyring;

/// What is authenticated beside what is sealed of a consent, so that it cannot be laid to another.
pub(super) fn consent_aad(subject: &[u8; 16], consent: &[u8; 16]) -> Vec<u8> {
    [&b"consent"[..], subject, consent].concat()
}

/// The same beside one of its uses.
pub(super) fn use_aad(subject: &[u8; 16], consent: &[u8; 16], number: i64) -> Vec<u8> {
    [&b"consent-use"[..], subject, consent, &number.to_be_bytes()].concat()
}

impl Keyring {
    /// Id of the consent with a receipt.
    pub(super) fn consent_id(&self, number: &ReceiptNumber) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&self.code_tag("consent", &[number.as_str().as_bytes()])[..16]);
        id
    }

    /// Tag of a one-time code.
    pub(super) fn consent_code_tag(&self, code: &ConsentCode) -> [u8; 32] {
        self.code_tag("consent-code", &[code.as_str().as_bytes()])
    }

    /// The row with its seal: without it anybody who can write to the database could consent for anybody.
    pub(super) fn sealed_consent(&self, mut row: ConsentRow) -> ConsentRow {
        row.seal = self.consent_seal(&row);
        row
    }

    fn consent_seal(&self, row: &ConsentRow) -> [u8; 32] {
        let numbers =
            [row.confirmed, row.stopped, row.from_us, row.until_us, row.uses, row.used, row.granted_us, row.line];
        let numbers = numbers.map(i64::to_be_bytes).concat();
        self.code_tag("consent-row", &[&row.subject_id, &row.consent_id, &numbers, &row.sealed])
    }

    /// Was the consent written with our key?
    pub(super) fn is_consent(&self, row: &ConsentRow) -> bool {
        same_secret(&row.seal, &self.consent_seal(row))
    }

    /// The row of a code, with its seal: without it somebody could have a code of their own lead to another's consent.
    pub(super) fn sealed_consent_code(&self, code: &ConsentCode, row: &ConsentRow) -> ConsentCodeRow {
        let (code_tag, subject_id, consent_id) = (self.consent_code_tag(code), row.subject_id, row.consent_id);
        let mut row = ConsentCodeRow { code_tag, subject_id, consent_id, seal: [0; 32] };
        row.seal = self.consent_code_seal(&row);
        row
    }

    fn consent_code_seal(&self, row: &ConsentCodeRow) -> [u8; 32] {
        self.code_tag("consent-code-row", &[&row.code_tag, &row.subject_id, &row.consent_id])
    }

    /// Was the code written with our key?
    pub(super) fn is_consent_code(&self, row: &ConsentCodeRow) -> bool {
        same_secret(&row.seal, &self.consent_code_seal(row))
    }
}
