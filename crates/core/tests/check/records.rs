//! Records with valid defaults, and the catalogue that is shipped.

use std::path::Path;
use std::sync::LazyLock;

use chengxin_core::Say;
use chengxin_core::catalogue::{Catalogue, Severity, SubjectKind};
use chengxin_core::check::{CheckAnswer, CheckAuthority, CheckRecord, CheckStanding, answer};
use chengxin_core::record::RecordId;
use jiff::civil::{Date, date};

pub(crate) const TODAY: Date = date(2026, 11, 21);

/// The shipped catalogue with its matters.
pub(crate) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let mut files = Vec::new();
    for folder in [folder.clone(), folder.join("matters")] {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|extension| extension == "toml") {
                files.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    Catalogue::load(&files).unwrap()
});

pub(crate) fn ask(matter: &str, applicant: SubjectKind, records: &[CheckRecord]) -> CheckAnswer {
    answer(&CATALOGUE, CATALOGUE.matter(matter).unwrap(), applicant, records, TODAY).unwrap()
}

pub(crate) fn json(answer: &CheckAnswer) -> String {
    serde_json::to_string(answer).unwrap()
}

/// A record decided half a year ago and shown for three years.
pub(crate) fn record(number: u8, item: &str, kind: &str) -> CheckRecord {
    CheckRecord {
        record: RecordId([number; 16]),
        version: 1,
        item: item.to_owned(),
        authority: CheckAuthority {
            code: "11990000MB00000000".to_owned(),
            name: Say::new("诚信市某局", "A bureau of Chengxin City"),
            kind: kind.to_owned(),
        },
        decided_on: date(2026, 5, 20),
        display_from: date(2026, 5, 20),
        display_until: Some(date(2029, 5, 21)),
        severity: Some(Severity::Serious),
        standing: CheckStanding::Plain,
        fields: Vec::new(),
        statement: None,
    }
}

pub(crate) fn with(mut record: CheckRecord, fields: &[(&str, &str)]) -> CheckRecord {
    record.fields.extend(fields.iter().map(|(code, value)| ((*code).to_owned(), (*value).to_owned())));
    record
}

pub(crate) fn standing(mut record: CheckRecord, standing: CheckStanding) -> CheckRecord {
    record.standing = standing;
    record
}

/// The revocation of a food permit.
pub(crate) fn revoked(number: u8) -> CheckRecord {
    with(
        record(number, "penalty", "market_regulation"),
        &[
            ("CF_XDR_MC", "诚信市测试餐饮店"),
            ("CF_XDR_ZJHM", "990000199001010017"),
            ("CF_WSH", "诚市监罚〔2026〕17号"),
            ("CF_CFLB", "罚款、吊销许可证件"),
            ("CF_NR_FK", "12345600"),
            ("CF_NR_ZKDX", "食品经营许可证 JY29900000000017"),
            ("CF_SY", "经营者（身份证990000199001010017）使用回收食品"),
        ],
    )
}

/// A fine by the market regulator.
pub(crate) fn fined(number: u8) -> CheckRecord {
    with(record(number, "penalty", "market_regulation"), &[("CF_WSH", "诚市监罚〔2026〕3号"), ("CF_CFLB", "罚款")])
}

/// A fact on which an ease rests.
pub(crate) fn model(number: u8) -> CheckRecord {
    with(record(number, "food-safety-model", "market_regulation"), &[("RYMC", "食品安全示范店")])
}
