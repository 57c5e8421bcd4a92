//! Who helps: where people reach the credit office, as it says it of itself. Every page ends with it.

use serde::{Deserialize, Serialize};

use crate::Say;

/// Most characters of a place or of hours.
const LONGEST: usize = 120;
/// Most characters of a telephone number.
const LONGEST_PHONE: usize = 40;

/// Where people reach the credit office. What is empty is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Contact {
    /// Telephone: digits, spaces and `+ - ( )`, 40 characters at most.
    pub phone: String,
    /// Address of the window, in Chinese, 120 characters at most.
    pub place: String,
    /// The same in English; the Chinese one stands in for it where it is empty.
    pub place_en: String,
    /// When somebody is there, in Chinese, 120 characters at most.
    pub hours: String,
    /// The same in English.
    pub hours_en: String,
}

impl Contact {
    /// The same without blanks around what it says, if all of it can be.
    ///
    /// # Errors
    /// The field that cannot be, by its name, and why.
    pub fn checked(self) -> Result<Self, (&'static str, Say)> {
        let phone = self.phone.trim().to_owned();
        let odd = |c: char| !(c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')'));
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        if phone.contains(odd) || phone.len() > LONGEST_PHONE || (!phone.is_empty() && digits < 3) {
            let say = Say::new(
                "电话只含数字、空格和 + - ( )，至少 3 位数字、至多 40 个字符，如 0990-123456",
                "a telephone number has digits, spaces and + - ( ), 3 digits at least and 40 characters at most, such as 0990-123456",
            );
            return Err(("phone", say));
        }
        Ok(Self {
            phone,
            place: line("place", &self.place)?,
            place_en: line("place_en", &self.place_en)?,
            hours: line("hours", &self.hours)?,
            hours_en: line("hours_en", &self.hours_en)?,
        })
    }

    /// Does it say nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Address of the window.
    #[must_use]
    pub fn place(&self) -> Say {
        both(&self.place, &self.place_en)
    }

    /// When somebody is there.
    #[must_use]
    pub fn hours(&self) -> Say {
        both(&self.hours, &self.hours_en)
    }
}

/// Where one of both is empty the other stands in.
fn both(zh: &str, en: &str) -> Say {
    Say::new(if zh.is_empty() { en } else { zh }, if en.is_empty() { zh } else { en })
}

fn line(name: &'static str, text: &str) -> Result<String, (&'static str, Say)> {
    let text = text.trim();
    if text.chars().count() > LONGEST || text.contains(char::is_control) {
        let say = Say::new("须为一行文字，至多 120 个字符", "one line of text, of 120 characters at most, is needed");
        return Err((name, say));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_said_by_its_field() {
        let of = |phone: &str, place: &str| {
            Contact { phone: phone.to_owned(), place: place.to_owned(), ..Contact::default() }.checked()
        };
        for phone in ["", "0990-123456", " +86 (990) 123456 ", "123"] {
            assert_eq!(of(phone, "一号窗口").map(|c| c.phone).ok().as_deref(), Some(phone.trim()));
        }
        for phone in ["call me", "12", "电话 12345", &"1".repeat(41), "1\n2345"] {
            assert_eq!(of(phone, "").map_err(|(field, _)| field), Err("phone"), "{phone}");
        }
        for place in ["一\n二", &"长".repeat(121)] {
            assert_eq!(of("", place).map_err(|(field, _)| field), Err("place"));
        }
        assert!(of("", &"长".repeat(120)).is_ok());
    }

    #[test]
    fn one_language_stands_in_for_the_other() {
        let contact = Contact { place: "一号窗口".to_owned(), hours_en: "9–17".to_owned(), ..Contact::default() };
        assert_eq!((contact.place().en, contact.hours().zh), ("一号窗口".to_owned(), "9–17".to_owned()));
        assert!(!contact.is_empty() && Contact::default().is_empty());
    }
}
