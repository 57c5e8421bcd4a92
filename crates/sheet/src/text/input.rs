//! Bytes of a text file in an encoding whose line ends and separators are single bytes: UTF-8 and
//! GB 18030 as they are, UTF-16 turned into UTF-8 on the way.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{DecoderResult, UTF_16BE, UTF_16LE};

use crate::format::Encoding;

/// A text file under reading.
#[derive(Debug)]
pub(crate) struct Input {
    file: File,
    wide: Option<Wide>,
}

struct Wide {
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    text: String,
}

impl std::fmt::Debug for Wide {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wide")
    }
}

impl Input {
    /// Starts after the byte order mark.
    pub(crate) fn new(mut file: File, encoding: Encoding) -> io::Result<Input> {
        file.seek(SeekFrom::Start(encoding.mark_len() as u64))?;
        let decoder = match encoding {
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            _ => None,
        };
        let wide = decoder.map(|decoder| Wide { decoder, raw: Vec::new(), text: String::new() });
        Ok(Input { file, wide })
    }

    /// Appends about `want` bytes to `out` and returns how many bytes of the file that took; 0 only at
    /// the end of the file.
    pub(crate) fn fill(&mut self, out: &mut Vec<u8>, want: usize) -> io::Result<usize> {
        let Some(wide) = &mut self.wide else {
            return Read::by_ref(&mut self.file).take(want as u64).read_to_end(out);
        };
        wide.raw.clear();
        let read = Read::by_ref(&mut self.file).take(want as u64).read_to_end(&mut wide.raw)?;
        wide.text.clear();
        let needed = wide.decoder.max_utf8_buffer_length_without_replacement(read);
        wide.text.reserve(needed.unwrap_or(want * 2));
        let (result, _) = wide.decoder.decode_to_string_without_replacement(&wide.raw, &mut wide.text, read == 0);
        match result {
            DecoderResult::InputEmpty => {
                out.extend_from_slice(wide.text.as_bytes());
                Ok(read)
            }
            // The first pass found no such thing, so the file is not the one that it was.
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "UTF-16 changed while reading")),
        }
    }

    /// The file, for a look at whether it is unchanged.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }
}
