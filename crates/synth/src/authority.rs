//! The authorities of the made-up city.

use serde::{Deserialize, Serialize};

use crate::number::uscc;

/// Name of the city. No such city exists; its area prefix is 990000.
pub const CITY: &str = "云汀市";

/// The same in English.
pub const CITY_EN: &str = "Yunting City";

/// A unit that sends files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Unified social credit code, register `11`, area 990000, with a right check character.
    pub code: String,
    /// Chinese name, with the city's.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Kind, as the catalogue's dictionary `authority-kind` has it.
    pub kind: String,
    /// The character or two by which its documents are numbered: `云汀市监罚〔2026〕12号`.
    #[serde(skip)]
    pub(crate) short: &'static str,
}

/// Kind, name without the city, English name, short form in document numbers.
const ALL: &[(&str, &str, &str, &str)] = &[
    ("market_regulation", "市场监督管理局", "Administration for Market Regulation", "市监"),
    ("transport", "交通运输局", "Transport Bureau", "交"),
    ("housing_construction", "住房和城乡建设局", "Housing and Construction Bureau", "住建"),
    ("fire_rescue", "消防救援支队", "Fire and Rescue Division", "消"),
    ("ecology", "生态环境局", "Ecology and Environment Bureau", "环"),
    ("urban_management", "城市管理局", "Urban Management Bureau", "城管"),
    ("emergency_management", "应急管理局", "Emergency Management Bureau", "应急"),
    ("human_resources", "人力资源和社会保障局", "Human Resources and Social Security Bureau", "人社"),
    ("culture_tourism", "文化广电和旅游局", "Culture and Tourism Bureau", "文旅"),
    ("public_security", "公安局", "Public Security Bureau", "公"),
    ("tax", "税务局", "Tax Bureau", "税"),
    ("justice", "司法局", "Justice Bureau", "司"),
    ("court", "中级人民法院", "Intermediate People's Court", "法"),
    ("civil_affairs", "民政局", "Civil Affairs Bureau", "民"),
    ("civilisation_office", "精神文明建设办公室", "Civilisation Office", "文明办"),
    ("public_resources", "公共资源交易中心", "Public Resources Exchange", "公资"),
];

/// The authorities, always the same ones.
#[must_use]
pub fn authorities() -> Vec<Authority> {
    let made = |(index, (kind, name, name_en, short)): (usize, &(&str, &str, &str, &'static str))| Authority {
        code: uscc("11", index as u64 + 1),
        name: format!("{CITY}{name}"),
        name_en: format!("{name_en} of {CITY_EN}"),
        kind: (*kind).to_owned(),
        short,
    };
    ALL.iter().enumerate().map(made).collect()
}
