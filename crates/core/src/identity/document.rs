//! One document: its kind and its canonical number.

use core::fmt;

use jiff::civil::Date;

use super::resident_id::{birth_date, check_fits, is_province};
use super::{DocumentKind, ResidentId, ResidentIdError, Uscc, UsccError, UsccWarning, mask_number};
use crate::say::Say;

/// Whether the installation may hold made-up people and organisations
/// ([`super::SYNTHETIC_AREA`]). Real numbers are accepted either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyntheticRule {
    /// A test, a demonstration or a training city.
    Allowed,
    /// Production.
    Refused,
}

/// An identity document whose number has passed the rules of its kind.
///
/// The number is canonical: half-width, upper case, without white space. Two documents are the same
/// exactly if they are equal. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Document {
    kind: DocumentKind,
    number: String,
}

impl Document {
    /// Checks `text` as a number of this kind and brings it into canonical form.
    ///
    /// White space anywhere is dropped and full-width letters and digits become half-width; a caller
    /// that reports what was normalised compares [`Self::number`] with `text`. The number in canonical
    /// form is the only allocation where the text is plain ASCII.
    ///
    /// Accepted, besides [`ResidentId`] and [`Uscc`]:
    /// - passport: 5 to 14 letters and digits with a digit among them (house rule; 15 and more are
    ///   nearly always another document in the wrong column);
    /// - 港澳居民来往内地通行证: `H` or `M` with 8 digits, or with 10 on older permits, where the last
    ///   two count renewals;
    /// - 台湾居民来往大陆通行证: 8 digits, or 10 on older permits, which a letter or digit may follow, in
    ///   brackets or not;
    /// - 外国人永久居留身份证: 18 digits that start with 9 and a province code and carry a birth date and
    ///   a GB 11643 check character, or 3 letters with 12 digits on older cards.
    ///
    /// # Errors
    /// [`DocumentError`]; never contains the number.
    pub fn parse(
        kind: DocumentKind,
        text: &str,
        synthetic: SyntheticRule,
    ) -> Result<(Self, Option<DocumentWarning>), DocumentError> {
        if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Self::parse_plain(kind, text, synthetic);
        }
        Self::parse_plain(kind, &plain(text), synthetic)
    }

    fn parse_plain(
        kind: DocumentKind,
        text: &str,
        synthetic: SyntheticRule,
    ) -> Result<(Self, Option<DocumentWarning>), DocumentError> {
        if text.is_empty() {
            return Err(DocumentError::Empty(kind));
        }
        match kind {
            DocumentKind::ResidentId => {
                let id = ResidentId::parse(text)?;
                refuse_synthetic(id.is_synthetic(), kind, synthetic)?;
                Ok((Self { kind, number: id.as_str().to_owned() }, None))
            }
            DocumentKind::Uscc => {
                let (code, warning) = Uscc::parse(text)?;
                refuse_synthetic(code.is_synthetic(), kind, synthetic)?;
                let document = Self { kind, number: code.as_str().to_owned() };
                Ok((document, warning.map(DocumentWarning::Uscc)))
            }
            _ => Self::parse_other(kind, text),
        }
    }

    fn parse_other(kind: DocumentKind, text: &str) -> Result<(Self, Option<DocumentWarning>), DocumentError> {
        let mut number = text.to_ascii_uppercase();
        if kind == DocumentKind::TaiwanPermit {
            number.retain(|c| !matches!(c, '(' | ')'));
        }
        let characters = number.as_bytes();
        let fits = match kind {
            DocumentKind::Passport => is_passport(characters),
            DocumentKind::HkMacauPermit => is_hk_macau_permit(characters),
            DocumentKind::TaiwanPermit => is_taiwan_permit(characters),
            DocumentKind::ForeignPermanentResidentCard => is_resident_card(characters)?,
            DocumentKind::ResidentId | DocumentKind::Uscc => false,
        };
        if !fits {
            return Err(DocumentError::Format(kind));
        }
        if is_placeholder(characters) {
            return Err(DocumentError::Placeholder(kind));
        }
        Ok((Self { kind, number }, None))
    }

    /// The kind of document.
    #[must_use]
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The canonical number.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The canonical number, by value.
    #[must_use]
    pub fn into_number(self) -> String {
        self.number
    }

    /// The number with all but a few characters starred; see [`mask_number`].
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(self.kind, &self.number)
    }

    /// The birth date, where the number states one: resident IDs and 18-digit foreign permanent
    /// resident ID cards. For all others the authority attests adulthood.
    #[must_use]
    pub fn birth_date(&self) -> Option<Date> {
        match self.kind {
            DocumentKind::ResidentId | DocumentKind::ForeignPermanentResidentCard => {
                birth_date(self.number.as_bytes().try_into().ok()?)
            }
            _ => None,
        }
    }

    /// Whether the number is a made-up person's or organisation's.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        let area = match self.kind {
            DocumentKind::ResidentId => self.number.get(..6),
            DocumentKind::Uscc => self.number.get(2..8),
            _ => None,
        };
        area == Some(super::SYNTHETIC_AREA)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("kind", &self.kind).field("number", &self.masked()).finish()
    }
}

/// What keeps a text from being a document's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DocumentError {
    /// Nothing was given, or white space only.
    #[error("no {} was given", .0.number_en())]
    Empty(DocumentKind),
    /// Not a resident ID number.
    #[error(transparent)]
    ResidentId(#[from] ResidentIdError),
    /// Not a unified social credit code.
    #[error(transparent)]
    Uscc(#[from] UsccError),
    /// Not of the form that numbers of this kind have.
    #[error("the {} does not have the form of one", .0.number_en())]
    Format(DocumentKind),
    /// One character or digit repeated throughout.
    #[error("the {} is one repeated character", .0.number_en())]
    Placeholder(DocumentKind),
    /// A made-up number where only real data may be held.
    #[error("the {} is made up for tests", .0.number_en())]
    SyntheticRefused(DocumentKind),
    /// A card number whose birth date does not exist.
    #[error("the birth date in the foreign permanent resident ID card number does not exist")]
    CardBirthDate,
    /// A card number whose check character does not fit.
    #[error("the check character of the foreign permanent resident ID card number does not fit")]
    CardChecksum,
}

impl DocumentError {
    /// What is wrong and how to mend it, in Chinese and English.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::Empty(kind) => Say::new(
                format!("未填写{}。请补填。", kind.number_zh()),
                format!("no {} was given; fill it in", kind.number_en()),
            ),
            Self::ResidentId(error) => error.say(),
            Self::Uscc(error) => error.say(),
            Self::Format(kind) => say_format(kind),
            Self::Placeholder(kind) => Say::new(
                format!("{}不能用同一字符重复填充。请填写证件上的号码。", kind.number_zh()),
                format!("the {} is one repeated character; give the one on the document", kind.number_en()),
            ),
            Self::SyntheticRefused(kind) => Say::new(
                format!("{}为测试专用（区划990000），正式系统不予接收。请填写真实号码。", kind.number_zh()),
                format!(
                    "the {} is made up for tests (area 990000) and is not accepted here; give the real one",
                    kind.number_en()
                ),
            ),
            Self::CardBirthDate => Say::new(
                "外国人永久居留身份证号码中的出生日期（第7至14位）不存在。请对照证件核对。",
                "the birth date in the foreign permanent resident ID card number (digits 7 to 14) does not exist; \
                 compare it with the card",
            ),
            Self::CardChecksum => Say::new(
                "外国人永久居留身份证号码校验位不符，至少有一位填写有误。请对照证件逐位核对。",
                "the check character of the foreign permanent resident ID card number does not fit; compare it with \
                 the card",
            ),
        }
    }
}

/// A doubt about a document number that does not stop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentWarning {
    /// A doubt about a unified social credit code.
    Uscc(UsccWarning),
}

impl DocumentWarning {
    /// What is doubtful and what to do, in Chinese and English.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::Uscc(warning) => warning.say(),
        }
    }
}

fn say_format(kind: DocumentKind) -> Say {
    let (zh, en) = match kind {
        DocumentKind::Passport => (
            "应为5至14位字母和数字。请对照护照资料页核对，并确认证件类型填写正确。",
            "has 5 to 14 letters and digits; compare it with the passport's data page and check the document kind",
        ),
        DocumentKind::HkMacauPermit => (
            "应为字母H或M加8位（旧证10位）数字。请对照证件核对，并确认证件类型填写正确。",
            "is H or M with 8 digits (10 on older permits); compare it with the permit and check the document kind",
        ),
        DocumentKind::TaiwanPermit => (
            "应为8位数字（旧证10位，可另带1位字母或数字）。请对照证件核对，并确认证件类型填写正确。",
            "has 8 digits (older permits 10, and perhaps one more character); compare it with the permit and check \
             the document kind",
        ),
        DocumentKind::ForeignPermanentResidentCard => (
            "应为以9开头的18位号码（旧证为3位字母加12位数字）。请对照证件核对，并确认证件类型填写正确。",
            "has 18 characters and starts with 9 (older cards: 3 letters and 12 digits); compare it with the card \
             and check the document kind",
        ),
        DocumentKind::ResidentId | DocumentKind::Uscc => {
            ("应为18位。请对照证件核对。", "has 18 characters; compare it with the document")
        }
    };
    Say::new(format!("{}{zh}", kind.number_zh()), format!("a {} {en}", kind.number_en()))
}

fn refuse_synthetic(is_synthetic: bool, kind: DocumentKind, rule: SyntheticRule) -> Result<(), DocumentError> {
    if is_synthetic && rule == SyntheticRule::Refused {
        return Err(DocumentError::SyntheticRefused(kind));
    }
    Ok(())
}

/// Drops white space and invisible joiners, and brings full-width ASCII to half width.
fn plain(text: &str) -> String {
    text.chars().filter(|&c| !super::name::is_blank(c)).map(super::name::half_width).collect()
}

fn are_digits(characters: &[u8]) -> bool {
    characters.iter().all(u8::is_ascii_digit)
}

/// `00000000`, `H00000000`: one character repeated, apart from a leading letter.
fn is_placeholder(characters: &[u8]) -> bool {
    let rest = match characters {
        [first, rest @ ..] if first.is_ascii_alphabetic() => rest,
        all => all,
    };
    rest.iter().all(|c| Some(c) == rest.first())
}

fn is_passport(characters: &[u8]) -> bool {
    (5..=14).contains(&characters.len())
        && characters.iter().all(u8::is_ascii_alphanumeric)
        && characters.iter().any(u8::is_ascii_digit)
}

fn is_hk_macau_permit(characters: &[u8]) -> bool {
    matches!(characters, [b'H' | b'M', digits @ ..] if matches!(digits.len(), 8 | 10) && are_digits(digits))
}

fn is_taiwan_permit(characters: &[u8]) -> bool {
    match characters.len() {
        8 | 10 => are_digits(characters),
        11 => are_digits(&characters[..10]) && characters[10].is_ascii_alphanumeric(),
        _ => false,
    }
}

/// Whether this is a foreign permanent resident card's number, of the present or the older form.
fn is_resident_card(characters: &[u8]) -> Result<bool, DocumentError> {
    if let Ok(eighteen) = <&[u8; 18]>::try_from(characters) {
        let starts = eighteen[0] == b'9' && is_province(eighteen[1], eighteen[2]);
        let ends = eighteen[17].is_ascii_digit() || eighteen[17] == b'X';
        if !starts || !ends || !are_digits(&eighteen[..17]) {
            return Ok(false);
        }
        birth_date(eighteen).ok_or(DocumentError::CardBirthDate)?;
        return if check_fits(eighteen) { Ok(true) } else { Err(DocumentError::CardChecksum) };
    }
    Ok(characters.len() == 15 && characters[..3].iter().all(u8::is_ascii_alphabetic) && are_digits(&characters[3..]))
}
