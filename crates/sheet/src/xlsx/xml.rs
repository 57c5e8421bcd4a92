//! The little XML that workbooks need: tags, attributes, text, entities.
//!
//! A worksheet of a million rows has a hundred million tags, so this reads them as slices and checks only
//! what it uses; a general reader took several times as long. Namespace prefixes are dropped, because
//! some programs write `<x:row>` for `<row>`. Entities that a document defines for itself do not exist
//! here: a DOCTYPE is refused.

use std::borrow::Cow;

/// What went wrong, for support.
pub(crate) type XmlFault = &'static str;

/// A piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// `<name attributes>`, or `<name attributes/>` where `empty`.
    Open { name: &'a str, attributes: &'a str, empty: bool },
    /// `</name>`.
    Close { name: &'a str },
    /// Text between tags, entities still in it.
    Text(&'a str),
    /// The inside of a CDATA section.
    Raw(&'a str),
}

/// Reads tokens off a text.
#[derive(Debug, Clone)]
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(text: &'a str) -> Tokens<'a> {
        Tokens { text, at: 0 }
    }

    /// The next token; comments and processing instructions are passed over.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Token<'a>>, XmlFault> {
        loop {
            let rest = &self.text[self.at..];
            let Some(first) = rest.as_bytes().first() else { return Ok(None) };
            if *first != b'<' {
                let end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
                self.at += end;
                return Ok(Some(Token::Text(&rest[..end])));
            }
            match rest.as_bytes().get(1) {
                Some(b'!') => match self.declaration(rest)? {
                    Some(token) => return Ok(Some(token)),
                    None => continue,
                },
                Some(b'?') => self.at += skip(rest, "?>")?,
                Some(b'/') => {
                    let end = memchr::memchr(b'>', rest.as_bytes()).ok_or("a tag is not closed")?;
                    self.at += end + 1;
                    return Ok(Some(Token::Close { name: local(rest[2..end].trim_end()) }));
                }
                _ => {
                    let end = tag_end(rest.as_bytes()).ok_or("a tag is not closed")?;
                    self.at += end + 1;
                    return Ok(Some(open(&rest[1..end])));
                }
            }
        }
    }

    /// A comment is passed over, a CDATA section is text, everything else is refused.
    fn declaration(&mut self, rest: &'a str) -> Result<Option<Token<'a>>, XmlFault> {
        if rest.starts_with("<!--") {
            self.at += skip(rest, "-->")?;
            return Ok(None);
        }
        let Some(inside) = rest.strip_prefix("<![CDATA[") else {
            return Err("a document type declaration");
        };
        let end = memchr::memmem::find(inside.as_bytes(), b"]]>").ok_or("a CDATA section is not closed")?;
        self.at += "<![CDATA[".len() + end + "]]>".len();
        Ok(Some(Token::Raw(&inside[..end])))
    }
}

fn skip(rest: &str, end: &str) -> Result<usize, XmlFault> {
    memchr::memmem::find(rest.as_bytes(), end.as_bytes())
        .map(|at| at + end.len())
        .ok_or("a comment or instruction is not closed")
}

/// Where a tag ends: the first `>` outside quotation marks.
#[inline]
fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut quote = 0;
    for (at, &byte) in tag.iter().enumerate() {
        match byte {
            b'>' if quote == 0 => return Some(at),
            b'"' | b'\'' if quote == 0 => quote = byte,
            _ if byte == quote => quote = 0,
            _ => {}
        }
    }
    None
}

#[inline]
fn open(inside: &str) -> Token<'_> {
    let (inside, empty) = match inside.strip_suffix('/') {
        Some(inside) => (inside, true),
        None => (inside, false),
    };
    let end = inside.bytes().position(|b| b.is_ascii_whitespace()).unwrap_or(inside.len());
    Token::Open { name: local(&inside[..end]), attributes: &inside[end..], empty }
}

#[inline]
fn local(name: &str) -> &str {
    name.bytes().position(|b| b == b':').map_or(name, |at| &name[at + 1..])
}

/// Goes through `name="value"` pairs; values still have their entities. Stops at what is no pair.
pub(crate) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let trimmed = rest.trim_ascii_start();
        let equals = trimmed.bytes().position(|b| b == b'=')?;
        let name = local(trimmed[..equals].trim_ascii_end());
        let value = trimmed[equals + 1..].trim_ascii_start();
        let quote = value.bytes().next().filter(|b| matches!(b, b'"' | b'\''))?;
        let end = memchr::memchr(quote, &value.as_bytes()[1..])?;
        rest = &value[end + 2..];
        Some((name, &value[1..=end]))
    })
}

/// One attribute, entities resolved.
pub(crate) fn attribute<'a>(text: &'a str, wanted: &str) -> Result<Option<Cow<'a, str>>, XmlFault> {
    attributes(text).find(|(name, _)| *name == wanted).map(|(_, value)| resolved(value)).transpose()
}

/// Text with its entities resolved.
pub(crate) fn resolved(text: &str) -> Result<Cow<'_, str>, XmlFault> {
    if memchr::memchr2(b'&', b'\r', text.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    push_resolved(&mut out, text)?;
    Ok(Cow::Owned(out))
}

/// Appends text, entities resolved and line ends made `\n`, as XML says.
#[inline]
pub(crate) fn push_resolved(out: &mut String, text: &str) -> Result<(), XmlFault> {
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'&', b'\r', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('\r') {
            out.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
            continue;
        }
        let end = memchr::memchr(b';', rest.as_bytes()).ok_or("an entity is not closed")?;
        out.push(entity(&rest[1..end])?);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Ok(())
}

fn entity(name: &str) -> Result<char, XmlFault> {
    let code = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => name.strip_prefix('#').and_then(|decimal| decimal.parse().ok()),
        },
    };
    code.filter(|&code| code != 0).and_then(char::from_u32).ok_or("an entity that XML does not know")
}

/// Undoes `_x000D_`, the way that workbooks write characters which XML cannot hold, in `out[from..]`.
///
/// # Source
/// ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
#[inline]
pub(crate) fn undo_escapes(out: &mut String, from: usize) {
    let appended = &out.as_bytes()[from..];
    if memchr::memchr(b'_', appended).is_none() || memchr::memmem::find(appended, b"_x").is_none() {
        return;
    }
    let text = out.split_off(from);
    let mut rest = text.as_str();
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"_x") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match escaped(rest) {
            Some(c) => {
                out.push(c);
                rest = &rest[7..];
            }
            None => {
                out.push('_');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

/// The character of an escape at the start of the text. NUL stays escaped: no cell may hold it.
fn escaped(text: &str) -> Option<char> {
    let hex = text.get(2..6).filter(|_| text.as_bytes().get(6) == Some(&b'_'))?;
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(hex, 16).ok().filter(|&code| code != 0).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn all(text: &str) -> Vec<Token<'_>> {
        let mut tokens = Tokens::new(text);
        std::iter::from_fn(|| tokens.next().unwrap()).collect()
    }

    #[test]
    fn tags_lose_their_prefix_and_keep_their_attributes() {
        let tokens = all("<?xml version=\"1.0\"?><!-- x --><x:c r=\"A>1\" t='s'/>a&amp;b</x:v>");
        assert_eq!(tokens[0], Token::Open { name: "c", attributes: " r=\"A>1\" t='s'", empty: true });
        assert_eq!(tokens[1..], [Token::Text("a&amp;b"), Token::Close { name: "v" }]);
        assert_eq!(attributes(" r=\"A>1\" t = 's'").collect::<Vec<_>>(), [("r", "A>1"), ("t", "s")]);
    }

    #[test]
    fn entities_are_resolved_and_unknown_ones_refused() {
        assert_eq!(resolved("&lt;&#x4e00;&#65;\r\n").unwrap(), "<一A\n");
        assert!(resolved("&xxe;").is_err());
        assert!(resolved("&#0;").is_err());
        assert!(Tokens::new("<!DOCTYPE a [<!ENTITY x \"y\">]>").next().is_err());
    }

    #[test]
    fn escapes_of_workbooks_are_undone() {
        let mut text = "_x_a_x000A_b_x0000__x005F_x0041_".to_owned();
        undo_escapes(&mut text, 3);
        assert_eq!(text, "_x_a\nb_x0000__x0041_");
    }
}
