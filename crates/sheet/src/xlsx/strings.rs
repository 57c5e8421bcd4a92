//! The shared strings of a workbook: one buffer and the ends of the strings in it, under a limit.

use crate::error::Fault;
use crate::limits::Limits;
use crate::xlsx::package::{Part, damaged};
use crate::xlsx::xml::{Token, Tokens, XmlFault, push_resolved, undo_escapes};

const CHUNK: usize = 256 * 1024;
/// Most bytes of XML for one string: 32 767 characters, each formatted on its own, need about 4 MiB.
const MAX_ITEM: usize = 16 * 1024 * 1024;

/// The strings, by their number. Also used for the strings of XLS.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// String `index`.
    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        self.text.get(start..end)
    }

    /// Lets `append` write one more string.
    ///
    /// # Errors
    /// [`Fault::SharedStringsTooLarge`], and what `append` says.
    pub(crate) fn add(
        &mut self,
        limit: usize,
        append: impl FnOnce(&mut String) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        append(&mut self.text)?;
        let size = self.text.len() + self.ends.len() * size_of::<u32>();
        let end = u32::try_from(self.text.len()).ok().filter(|_| size <= limit);
        self.ends.push(end.ok_or(Fault::SharedStringsTooLarge { limit })?);
        Ok(())
    }

    /// Reads the shared strings part.
    pub(crate) fn read(mut part: Part, limits: &Limits) -> Result<Strings, Fault> {
        let mut strings = Strings::default();
        let mut bytes = Vec::with_capacity(2 * CHUNK);
        let mut close: Option<Vec<u8>> = None;
        loop {
            let read = part.fill(&mut bytes, CHUNK)?;
            let close = match &close {
                Some(close) => close.as_slice(),
                None => close.insert(closing_tag(&bytes).map_err(|e| damaged(part.name(), e))?),
            };
            let whole = match read {
                0 => bytes.len(),
                _ => memchr::memmem::rfind(&bytes, close).map_or(0, |at| at + close.len()),
            };
            let text = simdutf8::basic::from_utf8(&bytes[..whole]);
            let text = text.map_err(|_| damaged(part.name(), "not UTF-8"))?;
            strings.read_items(text, part.name(), limits)?;
            bytes.drain(..whole);
            if read == 0 {
                // Nothing more will come: what grew too large is given back.
                strings.text.shrink_to_fit();
                strings.ends.shrink_to_fit();
                return Ok(strings);
            }
            if bytes.len() > MAX_ITEM {
                return Err(damaged(part.name(), "a string without an end"));
            }
        }
    }

    fn read_items(&mut self, text: &str, part: &str, limits: &Limits) -> Result<(), Fault> {
        let mut tokens = Tokens::new(text);
        while let Some(token) = tokens.next().map_err(|e| damaged(part, e))? {
            if let Token::Open { name: "si", empty, .. } = token {
                self.add(limits.max_shared_strings_bytes, |out| match empty {
                    true => Ok(()),
                    false => rich_text(&mut tokens, "si", out).map_err(|e| damaged(part, e)),
                })?;
            }
        }
        Ok(())
    }
}

/// `</si>` with the prefix that the document uses, from its first tag.
fn closing_tag(start: &[u8]) -> Result<Vec<u8>, XmlFault> {
    let at = memchr::memmem::find(start, b"sst").ok_or("no string table")?;
    let open = memchr::memrchr(b'<', &start[..at]).ok_or("no string table")?;
    Ok([b"</", &start[open + 1..at], b"si>"].concat())
}

/// Appends the text of `<t>` elements up to `</until>`; phonetic guides (`rPh`) are no text.
pub(crate) fn rich_text(tokens: &mut Tokens<'_>, until: &str, out: &mut String) -> Result<(), XmlFault> {
    let start = out.len();
    let mut in_text = false;
    let mut in_guide = false;
    loop {
        match tokens.next()?.ok_or("a string breaks off")? {
            Token::Open { name: "t", empty, .. } => in_text = !empty && !in_guide,
            Token::Open { name: "rPh", empty, .. } => in_guide = !empty,
            Token::Close { name: "rPh" } => in_guide = false,
            Token::Close { name: "t" } => in_text = false,
            Token::Close { name } if name == until => break,
            Token::Text(text) if in_text => push_resolved(out, text)?,
            Token::Raw(text) if in_text => out.push_str(text),
            _ => {}
        }
    }
    undo_escapes(out, start);
    Ok(())
}
