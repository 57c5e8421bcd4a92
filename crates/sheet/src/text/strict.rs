//! Whether bytes are in an encoding, strictly, chunk by chunk, and where they first are not.

use encoding_rs::{DecoderResult, GB18030, UTF_16BE, UTF_16LE};

use crate::format::Encoding;

/// Strict UTF-8 across chunks.
#[derive(Default)]
pub(crate) struct Utf8 {
    /// A character cut off at the end of the last chunk: at most 3 bytes.
    pending: Vec<u8>,
    end: u64,
}

impl Utf8 {
    /// # Errors
    /// The offset of the first bad byte.
    pub(crate) fn feed(&mut self, chunk: &[u8], offset: u64) -> Result<(), u64> {
        self.end = offset + chunk.len() as u64;
        let mut rest = chunk;
        while !self.pending.is_empty() {
            let Some((&next, after)) = rest.split_first() else { return Ok(()) };
            let start = offset + (chunk.len() - rest.len()) as u64 - self.pending.len() as u64;
            self.pending.push(next);
            rest = after;
            match std::str::from_utf8(&self.pending) {
                Ok(_) => self.pending.clear(),
                Err(e) if e.error_len().is_some() => return Err(start),
                Err(_) => {}
            }
        }
        // A character cut off at the end is set aside first: almost every chunk ends in one, and then the
        // fast check, which does not say where it fails, would be of no use.
        let cut = cut_off(rest);
        if simdutf8::basic::from_utf8(&rest[..rest.len() - cut]).is_ok() {
            self.pending.extend_from_slice(&rest[rest.len() - cut..]);
            return Ok(());
        }
        let start = self.end - rest.len() as u64;
        match std::str::from_utf8(rest) {
            Err(e) if e.error_len().is_some() => Err(start + e.valid_up_to() as u64),
            _ => Err(self.end - cut as u64),
        }
    }

    pub(crate) fn finish(&self) -> Result<(), u64> {
        if self.pending.is_empty() { Ok(()) } else { Err(self.end - self.pending.len() as u64) }
    }
}

/// Bytes at the end that begin a UTF-8 character and do not end it.
fn cut_off(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let byte = bytes[bytes.len() - back];
        let wanted = match byte {
            0x80..=0xBF => continue,
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return 0,
        };
        return if wanted > back { back } else { 0 };
    }
    0
}

/// Strict GB 18030 or UTF-16 across chunks, by decoding into a buffer that is thrown away.
pub(crate) struct Other {
    pub(crate) encoding: Encoding,
    decoder: encoding_rs::Decoder,
    scratch: Vec<u8>,
    end: u64,
    pub(crate) nul: Option<u64>,
}

impl Other {
    pub(crate) fn new(encoding: Encoding) -> Other {
        let decoder = match encoding {
            Encoding::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
            Encoding::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
            _ => GB18030.new_decoder_without_bom_handling(),
        };
        Other { encoding, decoder, scratch: vec![0; 16 * 1024], end: 0, nul: None }
    }

    pub(crate) fn feed(&mut self, chunk: &[u8], offset: u64) -> Result<(), u64> {
        self.end = offset + chunk.len() as u64;
        self.decode(chunk, false)
    }

    pub(crate) fn finish(&mut self) -> Result<(), u64> {
        self.decode(&[], true)
    }

    fn decode(&mut self, mut chunk: &[u8], last: bool) -> Result<(), u64> {
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(chunk, &mut self.scratch, last);
            if self.nul.is_none() && memchr::memchr(0, &self.scratch[..written]).is_some() {
                self.nul = Some(self.end - chunk.len() as u64);
            }
            chunk = &chunk[read..];
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let back = u64::from(length) + u64::from(after);
                    return Err((self.end - chunk.len() as u64).saturating_sub(back));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(bytes: &[u8], chunk: usize) -> Result<(), u64> {
        let mut utf8 = Utf8::default();
        for (n, piece) in bytes.chunks(chunk).enumerate() {
            utf8.feed(piece, (n * chunk) as u64)?;
        }
        utf8.finish()
    }

    #[test]
    fn a_chunk_may_end_anywhere_in_a_character() {
        let text = "aé一𠮷b𠮷一é";
        for chunk in 1..=text.len() {
            assert_eq!(feed(text.as_bytes(), chunk), Ok(()), "chunks of {chunk}");
        }
    }

    #[test]
    fn the_first_bad_byte_is_found_however_the_chunks_fall() {
        for (bad, wanted) in [
            (&b"a\xE4\xB8\x80\xFFb"[..], 4),
            (b"ab\xE4\xB8", 2),
            (b"ab\xE4\xB8c", 2),
            (b"\xF0\xA0\xAE\xB7\xED\xA0\x80", 4),
            (b"ab\xE0\x80", 2),
            (b"\xC0\x80", 0),
            (b"a\xF4\x90\x80\x80", 1),
        ] {
            for chunk in 1..=bad.len() {
                assert_eq!(feed(bad, chunk), Err(wanted), "{bad:x?} in chunks of {chunk}");
            }
        }
    }
}
