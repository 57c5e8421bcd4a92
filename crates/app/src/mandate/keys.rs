//! Tags and seals of mandates. They stay with the first version of the index key: see `account/keys.rs` for why.

use chengxin_core::identity::Document;
use chengxin_core::mandate::{MandateCode, MandateNumber};
use chengxin_seal::same_secret;
use chengxin_store::mandate::{MandateCodeRow, MandateRow};
use data_encoding::HEXLOWER;

use crate::keyring::Keyring;

/// What is authenticated beside what is sealed of a mandate, so that it cannot be laid to another.
pub(super) fn mandate_aad(subject: &[u8; 16], mandate: &[u8; 16]) -> Vec<u8> {
    [&b"mandate"[..], subject, mandate].concat()
}

impl Keyring {
    /// Id of the mandate with a number.
    pub(super) fn mandate_id(&self, number: &MandateNumber) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&self.code_tag("mandate", &[number.as_str().as_bytes()])[..16]);
        id
    }

    /// Tag of a one-time code.
    pub(super) fn mandate_code_tag(&self, code: &MandateCode) -> [u8; 32] {
        self.code_tag("mandate-code", &[code.as_str().as_bytes()])
    }

    /// What stands in an offer for whom it is meant: their number itself is kept nowhere before they come. It lies sealed, so that it
    /// need not follow a rotation of the index key.
    pub(super) fn meant(&self, document: &Document) -> String {
        let parts: [&[u8]; 2] = [&[document.kind().as_u8()], document.number().as_bytes()];
        HEXLOWER.encode(&self.code_tag("mandate-meant", &parts))
    }

    /// The row with its seal: without it anybody who can write to the database could act for anybody.
    pub(super) fn sealed_mandate(&self, mut row: MandateRow) -> MandateRow {
        row.seal = self.mandate_seal(&row);
        row
    }

    fn mandate_seal(&self, row: &MandateRow) -> [u8; 32] {
        let numbers = [row.kind, row.given, row.stage, row.from_us, row.until_us, row.granted_us, row.line];
        let numbers = numbers.map(i64::to_be_bytes).concat();
        let id = |id: &Option<[u8; 16]>| id.map_or_else(Vec::new, |id| id.to_vec());
        let (actor, parent) = (id(&row.actor_id), id(&row.parent_id));
        self.code_tag("mandate-row", &[&row.subject_id, &row.mandate_id, &numbers, &actor, &parent, &row.sealed])
    }

    /// Was the mandate written with our key?
    pub(super) fn is_mandate(&self, row: &MandateRow) -> bool {
        same_secret(&row.seal, &self.mandate_seal(row))
    }

    /// The row of a code, with its seal: without it somebody could have a code of their own lead to another's offer.
    pub(super) fn sealed_mandate_code(&self, code: &MandateCode, row: &MandateRow) -> MandateCodeRow {
        let (code_tag, subject_id, mandate_id) = (self.mandate_code_tag(code), row.subject_id, row.mandate_id);
        let mut row = MandateCodeRow { code_tag, subject_id, mandate_id, seal: [0; 32] };
        row.seal = self.mandate_code_seal(&row);
        row
    }

    fn mandate_code_seal(&self, row: &MandateCodeRow) -> [u8; 32] {
        self.code_tag("mandate-code-row", &[&row.code_tag, &row.subject_id, &row.mandate_id])
    }

    /// Was the code written with our key?
    pub(super) fn is_mandate_code(&self, row: &MandateCodeRow) -> bool {
        same_secret(&row.seal, &self.mandate_code_seal(row))
    }
}
