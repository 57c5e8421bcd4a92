//! Verifying: every change is found, and nothing that a file says about itself is believed.

use chengxin_app::Kind;
use chengxin_app::report::{IssuedReport, REPORT_TYPE, ReportStatus, VerdictStatus, read_trust_list, verify};
use chengxin_seal::{Profile, SignedEnvelope, SigningKey, TrustList, TrustedKey, sign_envelope};
use jiff::civil::date;

use super::fixture::{City, TODAY, WANG, about, public, resident};

fn issued(profile: Profile) -> (City, IssuedReport, TrustList) {
    let mut city = City::with_profile(profile);
    city.wang();
    let report = city.installation.report_issue(&resident(), &about(WANG)).unwrap();
    let trust = read_trust_list(city.installation.trust_list_json().as_bytes()).unwrap();
    (city, report, trust)
}

fn status(file: &[u8], signature: Option<&[u8]>, trust: &TrustList) -> VerdictStatus {
    verify(file, signature, trust, TODAY).status
}

#[test]
fn what_was_issued_is_valid_in_both_forms_and_says_who_signed_when_over_what() {
    for profile in Profile::ALL {
        let (_, report, trust) = issued(profile);
        let json = verify(report.json.as_bytes(), None, &trust, TODAY);
        assert_eq!(json.status, VerdictStatus::Valid, "{:?}", json.say);
        assert_eq!(json.signer.as_deref(), Some("示范市"));
        assert_eq!(json.signed_at.as_deref(), Some("2026-06-10 09:00:00"));
        assert_eq!(json.report.as_deref(), Some(report.number.as_str()));
        assert_eq!(json.content_sha256.as_deref(), Some(report.content_hash.as_str()));
        let pdf = verify(&report.pdf, Some(report.pdf_signature.as_bytes()), &trust, TODAY);
        assert_eq!(pdf.status, VerdictStatus::Valid, "{:?}", pdf.say);
        assert_eq!(pdf.pdf_sha256.as_deref(), Some(report.pdf_hash.as_str()));
        assert_eq!(pdf.over.unwrap().zh, "PDF 文件的全部字节");
    }
}

#[test]
fn the_public_key_list_beside_the_database_verifies_too() {
    let (city, report, _) = issued(Profile::Intl);
    let file = std::fs::read(city.dir.path().join("trust.json")).unwrap();
    let trust = read_trust_list(&file).unwrap();
    assert_eq!(status(report.json.as_bytes(), None, &trust), VerdictStatus::Valid);
    assert_eq!(read_trust_list(b"{}").unwrap_err().kind, Kind::Invalid);
}

#[test]
fn one_byte_changed_anywhere_on_a_page_is_found() {
    for profile in Profile::ALL {
        let (_, report, trust) = issued(profile);
        let signature = report.pdf_signature.as_bytes();
        let length = report.pdf.len();
        for at in [0, 9, length / 3, length / 2, length - 20, length - 1] {
            let mut pdf = report.pdf.clone();
            pdf[at] ^= 1;
            assert_eq!(status(&pdf, Some(signature), &trust), VerdictStatus::Altered, "byte {at}");
        }
        let appended = [&report.pdf[..], b"\n"].concat();
        assert_eq!(status(&appended, Some(signature), &trust), VerdictStatus::Altered);
        assert_eq!(status(&report.pdf[..length - 1], Some(signature), &trust), VerdictStatus::Altered);
        assert_eq!(status(b"", Some(signature), &trust), VerdictStatus::Altered);
    }
}

#[test]
fn altered_and_signed_again_with_another_key_has_an_unknown_signer() {
    for profile in Profile::ALL {
        let (_, report, trust) = issued(profile);
        let stranger = SigningKey::generate(profile);
        let mut envelope = SignedEnvelope::from_json(report.json.as_bytes()).unwrap();
        let text = String::from_utf8(envelope.payload.clone()).unwrap().replace("20,000.00 元", "200.00 元");
        assert_ne!(text.as_bytes(), envelope.payload);
        let forged = sign_envelope(&stranger, REPORT_TYPE, text.as_bytes(), envelope.signed_at_us);
        assert_eq!(status(forged.to_json().as_bytes(), None, &trust), VerdictStatus::UnknownSigner);

        // Under the trusted key's id the signature does not fit.
        let named = SignedEnvelope { key_id: envelope.key_id.clone(), ..forged.clone() };
        assert_eq!(status(named.to_json().as_bytes(), None, &trust), VerdictStatus::Altered);

        // The same for the PDF: a stranger's signature over an altered file.
        let mut pdf = report.pdf.clone();
        pdf[report.pdf.len() / 2] ^= 1;
        envelope = SignedEnvelope::from_json(report.pdf_signature.as_bytes()).unwrap();
        let forged = sign_envelope(&stranger, &envelope.payload_type, &envelope.payload, envelope.signed_at_us);
        assert_eq!(status(&pdf, Some(forged.to_json().as_bytes()), &trust), VerdictStatus::UnknownSigner);

        // A key that the file itself brings is not a reason to trust it.
        let own = TrustList::new(vec![TrustedKey::new(stranger.verifying_key(), 0, None, "示范市")]).unwrap();
        assert_eq!(status(report.json.as_bytes(), None, &own), VerdictStatus::UnknownSigner);
    }
}

#[test]
fn the_signature_of_another_report_does_not_fit() {
    let (mut city, one, trust) = issued(Profile::Intl);
    let other = city.installation.report_issue(&resident(), &about(WANG)).unwrap();
    let verdict = verify(&one.pdf, Some(other.pdf_signature.as_bytes()), &trust, TODAY);
    assert_eq!(verdict.status, VerdictStatus::Altered);
    assert!(verdict.say.zh.contains("不属于同一份报告"));
}

#[test]
fn every_field_of_the_envelope_counts() {
    let (_, report, trust) = issued(Profile::Intl);
    let good: serde_json::Value = serde_json::from_str(&report.json).unwrap();
    let with = |name: &str, value: serde_json::Value| {
        let mut json = good.clone();
        json[name] = value;
        status(json.to_string().as_bytes(), None, &trust)
    };
    let payload = good["payload"].as_str().unwrap().to_owned();
    let swapped = format!("{}{}", if payload.starts_with('A') { 'B' } else { 'A' }, &payload[1..]);
    assert_eq!(with("payload", swapped.into()), VerdictStatus::Altered);
    assert_eq!(with("payload", "not base64!".into()), VerdictStatus::Altered);
    assert_eq!(with("signedAtUs", 1.into()), VerdictStatus::Altered);
    assert_eq!(with("payloadType", "application/json".into()), VerdictStatus::NotAReport);
    assert_eq!(with("keyId", "0000000000000000".into()), VerdictStatus::UnknownSigner);
    assert_eq!(with("publicKey", "AAAA".into()), VerdictStatus::Altered, "nothing may be brought along");
    // White space outside what is signed changes nothing.
    assert_eq!(status(good.to_string().as_bytes(), None, &trust), VerdictStatus::Valid);
    assert_eq!(status(format!("\u{feff}{good}").as_bytes(), None, &trust), VerdictStatus::Valid);
}

#[test]
fn a_key_counts_only_for_its_time() {
    let (city, report, trust) = issued(Profile::Intl);
    let envelope = SignedEnvelope::from_json(report.json.as_bytes()).unwrap();
    let public = trust.find(&envelope.key_id).unwrap().public().clone();
    let retired = TrustedKey::new(public, 0, Some(envelope.signed_at_us), "示范市");
    let list = TrustList::new(vec![retired]).unwrap();
    assert_eq!(status(report.json.as_bytes(), None, &list), VerdictStatus::KeyNotValidThen);
    assert_eq!(status(&report.pdf, Some(report.pdf_signature.as_bytes()), &list), VerdictStatus::KeyNotValidThen);
    drop(city);
}

#[test]
fn other_documents_are_told_apart() {
    let (city, report, trust) = issued(Profile::Intl);
    let signing = city.keys.provider().signing_key();
    let receipt =
        sign_envelope(signing, "application/vnd.chengxin.receipt+json", b"{}", 1_800_000_000_000_000).to_json();
    let verdict = verify(receipt.as_bytes(), None, &trust, TODAY);
    assert_eq!(verdict.status, VerdictStatus::NotAReport);
    assert!(verdict.say.en.contains("receipt") && verdict.signer.is_some(), "{:?}", verdict.say);

    assert_eq!(status(report.pdf_signature.as_bytes(), None, &trust), VerdictStatus::NotAReport);
    assert_eq!(status(&report.pdf, Some(report.json.as_bytes()), &trust), VerdictStatus::NotAReport);
    assert_eq!(status(&report.pdf, Some(receipt.as_bytes()), &trust), VerdictStatus::NotAReport);
    assert_eq!(status(&report.pdf, None, &trust), VerdictStatus::NoSignature);
    assert_eq!(status(&report.pdf, Some(b"no json"), &trust), VerdictStatus::Altered);
    for other in [&b""[..], b"hello", b"{}", b"{", b"[]", b"\0\0\0", b"{\"payloadType\":1}"] {
        assert_eq!(status(other, None, &trust), VerdictStatus::NotAReport);
    }
    // A trusted signature over something that only calls itself a report.
    let hollow = sign_envelope(signing, REPORT_TYPE, b"{}", 1_800_000_000_000_000).to_json();
    assert_eq!(status(hollow.as_bytes(), None, &trust), VerdictStatus::NotAReport);
}

#[test]
fn the_installation_says_what_became_of_a_report_since() {
    let (mut city, report, _) = issued(Profile::Intl);
    let now = |city: &City, report: &IssuedReport| {
        let json = city.installation.report_verify(&public(), report.json.as_bytes(), None).unwrap();
        let pdf =
            city.installation.report_verify(&public(), &report.pdf, Some(report.pdf_signature.as_bytes())).unwrap();
        assert_eq!(json.now, pdf.now);
        assert_eq!(pdf.can_be_relied_on(), pdf.now == Some(ReportStatus::Valid));
        pdf.now
    };
    assert_eq!(now(&city, &report), Some(ReportStatus::Valid));

    let subject =
        city.installation.find_subject(chengxin_core::identity::DocumentKind::ResidentId, WANG).unwrap().unwrap();
    // A record that came later is none of this report's.
    city.fine_of(subject, date(2026, 6, 1), "新");
    assert_eq!(now(&city, &report), Some(ReportStatus::Valid));

    let versions = city.store.view().versions_of_subject(&subject).unwrap();
    let shown = report.content.records();
    let fine = versions
        .into_iter()
        .find(|v| {
            v.row.item == "penalty"
                && shown.iter().any(|(id, _)| *id == chengxin_core::record::RecordId(v.row.record_id).hex())
        })
        .unwrap();
    let fine = super::fixture::Record { row: fine.row };
    // Derived columns computed again, to the same: no change.
    let same = city.next(&fine, |row| row.cause = 3);
    assert_eq!(now(&city, &report), Some(ReportStatus::Valid));
    city.next(&same, |row| row.state = 2);
    assert_eq!(now(&city, &report), Some(ReportStatus::ChangedSince));

    city.installation.report_withdraw(&resident(), &report.verify_url).unwrap();
    assert_eq!(now(&city, &report), Some(ReportStatus::Withdrawn));
}

#[test]
fn a_day_after_its_last_day_a_report_is_expired_with_and_without_the_installation() {
    let (city, report, trust) = issued(Profile::Intl);
    let city = city.on(date(2026, 7, 10));
    let verdict = city.installation.report_verify(&public(), report.json.as_bytes(), None).unwrap();
    assert_eq!(verdict.now, Some(ReportStatus::Valid), "the last day counts");
    let city = city.on(date(2026, 7, 11));
    let verdict = city.installation.report_verify(&public(), report.json.as_bytes(), None).unwrap();
    assert_eq!((verdict.status, verdict.now), (VerdictStatus::Valid, Some(ReportStatus::Expired)));
    let alone = verify(report.json.as_bytes(), None, &trust, date(2026, 7, 11));
    assert_eq!(alone.now, Some(ReportStatus::Expired));
    assert!(!alone.can_be_relied_on());
    assert_eq!(verify(report.json.as_bytes(), None, &trust, date(2026, 7, 10)).now, None);
}
