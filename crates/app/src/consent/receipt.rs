//! The receipt of a consent: what it says, signed with the installation's key, to be checked by the same dated list of keys as reports.

use std::collections::BTreeSet;

use chengxin_core::Say;
use chengxin_core::catalogue::Catalogue;
use chengxin_core::consent::{Confirmed, Recipient};
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::Document;
use chengxin_core::mandate::MandateKind;
use chengxin_seal::{SignedEnvelope, TrustList, sign_envelope, verify_envelope};
use serde::{Deserialize, Serialize};

use super::grant::Granted;
use super::row::Opened;
use crate::installation::Mode;
use crate::{AppError, Installation};

/// Payload type of a signed receipt.
pub const CONSENT_TYPE: &str = "application/vnd.chengxin.consent+json";
/// Name of the format, in the receipt's first field.
const FORMAT: &str = "chengxin-consent/1";

/// What a receipt says. It is the person's: who holds it can show what was allowed, and can ask for nothing with it that is not granted to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentReceipt {
    /// Name of the format.
    pub format: String,
    /// Its number.
    pub number: String,
    /// The city whose platform keeps it.
    pub city: String,
    /// Are the data made up?
    pub synthetic: bool,
    /// Kind of the person's document.
    pub document: Say,
    /// Its number, masked.
    pub document_number: String,
    /// To whom.
    pub recipient: Recipient,
    /// For what, in the person's words; empty where only a matter is named.
    pub purpose: String,
    /// For which matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<ReceiptMatter>,
    /// Which classes of items.
    pub classes: Vec<Say>,
    /// From when, microseconds UTC.
    pub from_us: i64,
    /// The same in Asia/Shanghai.
    pub from: String,
    /// From when no longer.
    pub until_us: i64,
    /// The same in Asia/Shanghai.
    pub until: String,
    /// How often it may be used.
    pub uses: i64,
    /// How it was confirmed.
    pub confirmed: Confirmed,
    /// The same in words.
    pub confirmed_name: Say,
    /// The mandate on which it was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<OnMandate>,
    /// Who is to receive the report that it allows; only on signed paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_for: Option<String>,
    /// When the receipt was made, microseconds UTC. A later one of the same number, after narrowing, takes the place of an earlier.
    pub issued_at_us: i64,
    /// The same in Asia/Shanghai.
    pub issued_at: String,
    /// What the person can do with it.
    pub rights: Vec<Say>,
}

/// On what somebody granted a consent for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OnMandate {
    /// Kind of the mandate.
    pub kind: MandateKind,
    /// The same in words: who acted.
    pub kind_name: Say,
    /// Its number.
    pub number: String,
}

impl OnMandate {
    pub(super) fn of(of: &Opened) -> Option<Self> {
        let (kind, number) = of.body.mandate.clone()?;
        Some(Self { kind, kind_name: kind.name(), number })
    }
}

/// A matter on a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceiptMatter {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Say,
    /// The clause that states it.
    pub clause: String,
    /// What happens where consent is refused: nothing that costs the applicant anything.
    pub if_refused: Say,
}

/// The receipt in a signed file, checked against the keys that the verifier trusts.
///
/// # Errors
/// [`crate::Kind::Invalid`] for what is no receipt, was altered, or was signed by a key that is not on the list.
pub fn verify_receipt(file: &[u8], trust: &TrustList) -> Result<ConsentReceipt, AppError> {
    let none = || AppError::invalid("不是授权回执", "this is no receipt of a consent");
    let envelope = SignedEnvelope::from_json(file).map_err(|_| none())?;
    if envelope.payload_type != CONSENT_TYPE {
        return Err(none());
    }
    let verified = verify_envelope(&envelope, trust).map_err(|error| {
        AppError::invalid(
            "回执的签名无效：内容被改动，或者签名的密钥不在信任清单上",
            "the receipt's signature does not hold: it was altered, or its key is not on the trust list",
        )
        .because(error)
    })?;
    let receipt: ConsentReceipt = serde_json::from_slice(verified.payload).map_err(|_| none())?;
    if receipt.format == FORMAT { Ok(receipt) } else { Err(none()) }
}

impl Installation {
    /// The signed receipt of a consent as it stands.
    pub(super) fn granted(&self, document: &Document, of: &Opened) -> Result<Granted, AppError> {
        let (terms, now_us) = (&of.consent.terms, self.now_us());
        let matter = terms.matter.as_deref().and_then(|code| self.catalogue.matter(code)).map(|matter| ReceiptMatter {
            code: matter.code().to_owned(),
            name: matter.name(),
            clause: matter.matter.clause.clone(),
            if_refused: Say::new(&matter.matter.if_refused, &matter.matter.if_refused_en),
        });
        let receipt = ConsentReceipt {
            format: FORMAT.to_owned(),
            number: of.number(),
            city: self.city().to_owned(),
            synthetic: self.mode() == Mode::Synthetic,
            document: Say::new(document.kind().name_zh(), document.kind().name_en()),
            document_number: document.masked(),
            recipient: terms.recipient.clone(),
            purpose: terms.purpose.clone(),
            matter,
            classes: named(&self.catalogue, &terms.classes),
            from_us: terms.from_us,
            from: shanghai_text(terms.from_us),
            until_us: terms.until_us,
            until: shanghai_text(terms.until_us),
            uses: terms.uses,
            confirmed: of.consent.confirmed,
            confirmed_name: of.consent.confirmed.name(),
            mandate: OnMandate::of(of),
            report_for: of.body.report_for.clone(),
            issued_at_us: now_us,
            issued_at: shanghai_text(now_us),
            rights: rights(),
        };
        let payload = serde_json::to_vec(&receipt).map_err(|error| AppError::internal(format!("receipt: {error}")))?;
        let json = sign_envelope(self.keys.provider().signing_key(), CONSENT_TYPE, &payload, now_us).to_json();
        Ok(Granted { receipt, json })
    }
}

/// Classes with their English names.
pub(super) fn named(catalogue: &Catalogue, classes: &BTreeSet<String>) -> Vec<Say> {
    let entries = catalogue.dictionary("item-class").map_or(&[][..], |classes| classes.entries());
    let name = |class: &String| {
        let english = entries.iter().find(|entry| entry.value == *class).map_or(class.as_str(), |entry| &entry.en);
        Say::new(class, english)
    };
    classes.iter().map(name).collect()
}

/// # Source
/// 个人信息保护法 arts 15–16: consent can be withdrawn, and refusing it is no reason to refuse a service.
fn rights() -> Vec<Say> {
    vec![
        Say::new(
            "您可以随时缩小或者撤回该授权，自下一次核查起生效；不同意或者撤回授权，不影响您按一般方式办理。",
            "You may narrow or withdraw this consent at any time, with effect from the next check; refusing or withdrawing it costs you nothing, and the matter is handled in its ordinary way.",
        ),
        Say::new(
            "如果您是被要求、被迫交出该授权的，请声明“非自愿”：凭它的核查随即停止，对方不会得知原因。",
            "If you were made to hand this over, say so: nothing is shared on it any more, and whoever asks is not told why.",
        ),
        Say::new(
            "每一次使用都记入您的留痕，您可以随时查看。",
            "Every use is a line in your log, which you can read at any time.",
        ),
    ]
}
