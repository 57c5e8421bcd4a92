//! What a forger would do to a report, so that the demonstration can show that it is found out.

use chengxin_app::report::REPORT_TYPE;
use chengxin_seal::{Profile, SignedEnvelope, SigningKey, sign_envelope};
use serde_json::{Value, json};

use crate::exit::{Exit, Failure};

/// The PDF with one byte of a page changed.
pub(super) fn altered_pdf(pdf: &[u8]) -> Vec<u8> {
    let mut copy = pdf.to_vec();
    let middle = copy.len() / 2;
    if let Some(byte) = copy.get_mut(middle) {
        *byte = byte.wrapping_add(1);
    }
    copy
}

/// The signed content with every record taken out, under the signature that it had.
pub(super) fn altered_json(report: &str) -> Result<String, Failure> {
    let mut envelope = envelope(report)?;
    envelope.payload = without_records(&envelope.payload)?;
    Ok(envelope.to_json())
}

/// The same, signed again with a key that the forger made.
pub(super) fn signed_again(report: &str, profile: Profile) -> Result<String, Failure> {
    let envelope = envelope(report)?;
    let key = SigningKey::generate(profile);
    let payload = without_records(&envelope.payload)?;
    Ok(sign_envelope(&key, REPORT_TYPE, &payload, envelope.signed_at_us).to_json())
}

fn envelope(report: &str) -> Result<SignedEnvelope, Failure> {
    SignedEnvelope::from_json(report.as_bytes()).map_err(|error| broken(&error))
}

fn without_records(payload: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut content: Value = serde_json::from_slice(payload).map_err(|error| broken(&error))?;
    if let Some(classes) = content.get_mut("classes").and_then(Value::as_array_mut) {
        for class in classes {
            class["entries"] = json!([]);
            class["empty"] = json!({ "zh": "未查询到可报告信息", "en": "nothing reportable" });
        }
    }
    serde_json::to_vec(&content).map_err(|error| broken(&error))
}

fn broken(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Exit::Internal, "报告的 JSON 无法读取", "the report's JSON cannot be read").because(error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_forged_report_says_nothing_of_its_records_and_has_another_key() {
        let key = SigningKey::generate(Profile::Intl);
        let content = json!({ "classes": [{ "entries": [{ "record": "ab" }], "empty": null }] }).to_string();
        let report = sign_envelope(&key, REPORT_TYPE, content.as_bytes(), 7).to_json();
        let again = SignedEnvelope::from_json(signed_again(&report, Profile::Intl).unwrap().as_bytes()).unwrap();
        assert_ne!(again.key_id, key.key_id());
        assert!(!String::from_utf8(again.payload).unwrap().contains("record"));
        let altered = SignedEnvelope::from_json(altered_json(&report).unwrap().as_bytes()).unwrap();
        assert_eq!(altered.key_id, key.key_id());
        assert_eq!(altered_pdf(b"%PDF-1.7").len(), 8);
        assert_ne!(altered_pdf(b"%PDF-1.7"), b"%PDF-1.7");
    }
}
