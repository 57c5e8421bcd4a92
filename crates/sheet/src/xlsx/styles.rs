//! Which cell styles make a number a date.

use std::collections::HashMap;

use crate::serial::NumberKind;
use crate::xlsx::xml::{Token, Tokens, XmlFault, attribute};

/// The kind of each cell style, by its number, from the styles part.
pub(crate) fn kinds(text: &str) -> Result<Vec<NumberKind>, XmlFault> {
    let mut custom = HashMap::new();
    let mut kinds = Vec::new();
    let mut in_cell_styles = false;
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next()? {
        match token {
            Token::Open { name: "numFmt", attributes, .. } => {
                let id = attribute(attributes, "numFmtId")?.and_then(|id| id.parse::<u32>().ok());
                if let (Some(id), Some(code)) = (id, attribute(attributes, "formatCode")?) {
                    custom.insert(id, kind_of_code(&code));
                }
            }
            Token::Open { name: "cellXfs", empty, .. } => in_cell_styles = !empty,
            Token::Close { name: "cellXfs" } => in_cell_styles = false,
            Token::Open { name: "xf", attributes, .. } if in_cell_styles => {
                let id = attribute(attributes, "numFmtId")?.and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
                kinds.push(custom.get(&id).copied().unwrap_or_else(|| kind_of_builtin(id)));
            }
            _ => {}
        }
    }
    Ok(kinds)
}

/// # Source
/// ECMA-376 part 1, 18.8.30: 14–22 and 45–47 for all languages, 27–36 and 50–58 for Chinese, where 32–35
/// and 55–56 are times (`h"时"mm"分"`).
pub(crate) fn kind_of_builtin(id: u32) -> NumberKind {
    match id {
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => NumberKind::Date,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => NumberKind::Time,
        46 => NumberKind::Elapsed,
        _ => NumberKind::Number,
    }
}

/// Reads the first section of a number format, the one for positive numbers.
pub(crate) fn kind_of_code(code: &str) -> NumberKind {
    let mut date = false;
    let mut time = false;
    let mut minutes_or_months = false;
    let mut digits = false;
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c.to_ascii_lowercase() {
            ';' => break,
            '"' => {
                chars.by_ref().find(|&c| c == '"');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                if !inside.is_empty() && ['h', 'm', 's'].iter().any(|u| inside.chars().all(|c| c == *u)) {
                    return NumberKind::Elapsed;
                }
            }
            // `General`, and `G/通用格式`, as a Chinese Excel calls it.
            'g' if chars.peek() == Some(&'/') || code.to_ascii_lowercase().contains("general") => {
                return NumberKind::Number;
            }
            '0' | '#' | '?' => digits = true,
            'y' | 'd' | 'e' | 'b' | 'g' => date = true,
            'h' | 's' => time = true,
            'm' => minutes_or_months = true,
            _ => {}
        }
    }
    match (date, time) {
        // `0.00E+00` has an e; a fraction of a second (`ss.000`) has digits.
        _ if digits && !time => NumberKind::Number,
        (true, _) => NumberKind::Date,
        (false, true) => NumberKind::Time,
        (false, false) if minutes_or_months => NumberKind::Date,
        (false, false) => NumberKind::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_formats_of_numbers() {
        for code in [
            "yyyy-mm-dd",
            "yyyy\"年\"m\"月\"d\"日\";@",
            "[$-804]yyyy/m/d",
            "m/d/yy h:mm",
            "mmm",
            "[DBNum1]yyyy",
            "dddd",
        ] {
            assert_eq!(kind_of_code(code), NumberKind::Date, "{code}");
        }
        for code in ["h:mm:ss", "h:mm AM/PM", "ss.000", "上午/下午h\"时\"mm\"分\""] {
            assert_eq!(kind_of_code(code), NumberKind::Time, "{code}");
        }
        for code in [
            "General",
            "0.00",
            "0.00E+00",
            "#,##0.00_ ",
            "@",
            "\"day\"0",
            "[Red]0",
            "G/通用格式",
            "[DBNum2][$-804]General",
            "_-* #,##0.00_-",
            "0%",
        ] {
            assert_eq!(kind_of_code(code), NumberKind::Number, "{code}");
        }
        assert_eq!(kind_of_code("[h]:mm"), NumberKind::Elapsed);
    }

    #[test]
    fn only_cell_styles_count() {
        let text = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;x&quot;\"/></numFmts>\
                    <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
                    <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"><alignment/></xf><xf numFmtId=\"14\"/></cellXfs>\
                    </styleSheet>";
        assert_eq!(kinds(text), Ok(vec![NumberKind::Number, NumberKind::Date, NumberKind::Date]));
    }
}
