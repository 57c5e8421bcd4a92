//! The kinds of document that can name a subject.

use super::{ResidentId, Uscc};
use serde::{Deserialize, Serialize};

/// A kind of identity document. The first five are the values of `XK_XDR_ZJLX` and `CF_XDR_ZJLX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 身份证, GB 11643.
    ResidentId,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证.
    HkMacauPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 外国人永久居留身份证.
    ForeignPermanentResidentCard,
    /// 统一社会信用代码, GB 32100.
    Uscc,
}

impl DocumentKind {
    /// The kind of document that a number is of, where nobody said: a resident's number or a unified social credit code. A code
    /// that fails its check is taken for a resident's number, so that a mistyped one is refused and not looked for among
    /// organisations; other documents must be named.
    #[must_use]
    pub fn of_number(number: &str) -> Self {
        match Uscc::parse(number) {
            Ok((_, None)) if ResidentId::parse(number).is_err() => Self::Uscc,
            _ => Self::ResidentId,
        }
    }

    /// Every kind, in order of [`Self::as_u8`].
    pub const ALL: [Self; 6] = [
        Self::ResidentId,
        Self::Passport,
        Self::HkMacauPermit,
        Self::TaiwanPermit,
        Self::ForeignPermanentResidentCard,
        Self::Uscc,
    ];

    /// The code of the data standard: `01` to `05`, and `uscc`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "01",
            Self::Passport => "02",
            Self::HkMacauPermit => "03",
            Self::TaiwanPermit => "04",
            Self::ForeignPermanentResidentCard => "05",
            Self::Uscc => "uscc",
        }
    }

    /// The Chinese name, which is also the value that files carry.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::ResidentId => "身份证",
            Self::Passport => "护照",
            Self::HkMacauPermit => "港澳居民来往内地通行证",
            Self::TaiwanPermit => "台湾居民来往大陆通行证",
            Self::ForeignPermanentResidentCard => "外国人永久居留身份证",
            Self::Uscc => "统一社会信用代码",
        }
    }

    /// The English name, for use inside a sentence.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::ResidentId => "resident ID",
            Self::Passport => "passport",
            Self::HkMacauPermit => "Hong Kong and Macau travel permit",
            Self::TaiwanPermit => "Taiwan travel permit",
            Self::ForeignPermanentResidentCard => "foreign permanent resident ID card",
            Self::Uscc => "unified social credit code",
        }
    }

    /// What the document's number is called in Chinese: 身份证号码, but 统一社会信用代码.
    #[must_use]
    pub const fn number_zh(self) -> &'static str {
        match self {
            Self::ResidentId => "身份证号码",
            Self::Passport => "护照号码",
            Self::HkMacauPermit => "港澳居民来往内地通行证号码",
            Self::TaiwanPermit => "台湾居民来往大陆通行证号码",
            Self::ForeignPermanentResidentCard => "外国人永久居留身份证号码",
            Self::Uscc => "统一社会信用代码",
        }
    }

    /// What the document's number is called in English, for use inside a sentence.
    #[must_use]
    pub const fn number_en(self) -> &'static str {
        match self {
            Self::ResidentId => "resident ID number",
            Self::Passport => "passport number",
            Self::HkMacauPermit => "Hong Kong and Macau travel permit number",
            Self::TaiwanPermit => "Taiwan travel permit number",
            Self::ForeignPermanentResidentCard => "foreign permanent resident ID card number",
            Self::Uscc => "unified social credit code",
        }
    }

    /// Reads the value of a document kind column: the Chinese name or the code. 居民身份证, the card's
    /// full name, is taken too. Surrounding white space does not matter; anything else is `None`.
    #[must_use]
    pub fn from_value(value: &str) -> Option<Self> {
        let value = value.trim();
        if value == "居民身份证" {
            return Some(Self::ResidentId);
        }
        Self::ALL.into_iter().find(|kind| value == kind.name_zh() || value == kind.code())
    }

    /// The number under which the kind is stored and goes into a subject's tag. It never changes.
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        match self {
            Self::ResidentId => 1,
            Self::Passport => 2,
            Self::HkMacauPermit => 3,
            Self::TaiwanPermit => 4,
            Self::ForeignPermanentResidentCard => 5,
            Self::Uscc => 6,
        }
    }

    /// The kind stored under `number`; the inverse of [`Self::as_u8`].
    #[must_use]
    pub fn from_u8(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_u8() == number)
    }

    /// Whether the document names a natural person.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::Uscc)
    }
}
