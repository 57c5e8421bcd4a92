//! A sentence for people, in both languages of the platform.

use serde::{Deserialize, Serialize};

/// The language in which a person is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Lang {
    /// Simplified Chinese, the first language of every page and document.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// Reads `zh…`, `en…` (as in `LANG=zh_CN.UTF-8`); anything else is Chinese, the first language.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag.trim().to_ascii_lowercase().starts_with("en") { Self::En } else { Self::Zh }
    }
}

/// The same sentence in Simplified Chinese and in English.
///
/// Two strings rather than a key: whoever writes a refusal writes both sentences beside the rule, where the
/// compiler sees that neither lacks a parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Say {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Say {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl std::fmt::Display for Say {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}
