//! Signed notes: a text, and the signatures of those who vouch for it.
//!
//! # Source
//! C2SP signed-note v1.0.0.

use std::fmt;

use crate::base64;

/// Largest note that is read.
pub const MAX_NOTE_BYTES: usize = 1 << 20;

/// Most signatures that a note may have. The format asks readers to take at least 16.
pub const MAX_SIGNATURES: usize = 100;

/// The mark that a signature line begins with.
const MARK: &str = "— ";

/// Signs notes with one key.
pub trait NoteSigner {
    /// Name of the key: not empty, without spaces and `+`.
    fn name(&self) -> &str;
    /// Key ID, as in [`key_hash`](crate::key_hash).
    fn key_hash(&self) -> [u8; 4];
    /// Signature over exactly these bytes.
    fn sign(&self, message: &[u8]) -> Vec<u8>;
}

/// Checks signatures of one key.
pub trait NoteVerifier {
    /// Name of the key.
    fn name(&self) -> &str;
    /// Key ID.
    fn key_hash(&self) -> [u8; 4];
    /// Whether `signature` is this key's over exactly these bytes. Anything malformed is `false`.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// Why a note is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE_BYTES`].
    #[error("the note has {bytes} bytes: expected at most {MAX_NOTE_BYTES}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not UTF-8, or with a control character other than the newline.
    #[error("byte {at} of the note: expected UTF-8 text without control characters other than newline")]
    Character {
        /// Where.
        at: usize,
    },
    /// The text does not end in a newline.
    #[error("the text of the note does not end in a newline")]
    Text,
    /// No blank line with signatures after it.
    #[error("the note has no signatures: expected a blank line, then signature lines that end in a newline")]
    NoSignatures,
    /// More than [`MAX_SIGNATURES`].
    #[error("the note has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// A line that is no signature line.
    #[error("signature line {line}: {expected}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// A known key's signature that is not over this text. The whole note is refused.
    #[error("the signature of {name} does not fit the text")]
    BadSignature {
        /// Name of the key.
        name: String,
    },
    /// None of the keys asked for has signed.
    #[error("the note is signed by none of the known keys: expected one of {}", names.join(", "))]
    UnknownSigners {
        /// Names of the known keys.
        names: Vec<String>,
    },
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: String,
    /// Key ID.
    pub key_hash: [u8; 4],
    /// What the key's algorithm made of the text; at least one byte.
    pub signature: Vec<u8>,
}

impl NoteSignature {
    /// `— name base64`, without a newline at its end.
    ///
    /// # Errors
    /// [`NoteError::Line`], which says it is line `line`.
    pub fn parse(text: &str, line: usize) -> Result<Self, NoteError> {
        let fail = |expected| NoteError::Line { line, expected };
        let rest = text.strip_prefix(MARK).ok_or_else(|| fail("expected an em dash and a space"))?;
        let (name, encoded) = rest.split_once(' ').ok_or_else(|| fail("expected a name, a space and base64"))?;
        if !is_key_name(name) {
            return Err(fail("expected a name without spaces and plus"));
        }
        let bytes = base64::decode(encoded).ok_or_else(|| fail("expected canonical base64"))?;
        match bytes.split_first_chunk::<4>() {
            Some((key_hash, signature)) if !signature.is_empty() => {
                Ok(Self { name: name.to_owned(), key_hash: *key_hash, signature: signature.to_vec() })
            }
            _ => Err(fail("expected four bytes of key ID and a signature")),
        }
    }

    fn is_by(&self, name: &str, key_hash: [u8; 4]) -> bool {
        self.name == name && self.key_hash == key_hash
    }
}

impl fmt::Display for NoteSignature {
    /// The line, without a newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_hash.as_slice(), &self.signature].concat();
        write!(f, "{MARK}{} {}", self.name, base64::encode(&bytes))
    }
}

/// Whether a key may have this name.
#[must_use]
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace() || c < ' ')
}

/// A text with its signatures. Nothing about it is known until [`Note::open`] has checked it.
///
/// Its [`Display`](fmt::Display) is the note as it is stored and sent; [`Note::parse`] takes exactly what that gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Reads a note, strictly.
    ///
    /// # Errors
    /// [`NoteError`], except those of [`Note::open`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLong { bytes: bytes.len() });
        }
        let note = std::str::from_utf8(bytes).map_err(|error| NoteError::Character { at: error.valid_up_to() })?;
        check_characters(note)?;
        let blank = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, lines) = (&note[..=blank], &note[blank + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        if lines.bytes().filter(|byte| *byte == b'\n').count() >= MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let parse = |(i, line)| NoteSignature::parse(line, i + 1);
        let signatures = lines.split('\n').enumerate().map(parse).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Signs a text, which ends in a newline, with each of the keys.
    ///
    /// # Errors
    /// [`NoteError::Text`], [`NoteError::Character`], [`NoteError::NoSignatures`] where there are no signers, and
    /// [`NoteError::Line`] where a signer's name is none.
    pub fn sign(text: String, signers: &[&dyn NoteSigner]) -> Result<Self, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::Text);
        }
        check_characters(&text)?;
        if signers.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        let mut note = Self { text, signatures: Vec::with_capacity(signers.len()) };
        for (i, signer) in signers.iter().enumerate() {
            if !is_key_name(signer.name()) {
                return Err(NoteError::Line { line: i + 1, expected: "expected a name without spaces and plus" });
            }
            let signature = signer.sign(note.text.as_bytes());
            note.signatures.push(NoteSignature {
                name: signer.name().to_owned(),
                key_hash: signer.key_hash(),
                signature,
            });
        }
        Ok(note)
    }

    /// The text, with the newline at its end.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every signature, checked or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature. One by the same key, if there is any, goes.
    ///
    /// # Errors
    /// [`NoteError::TooManySignatures`].
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        self.signatures.retain(|there| !there.is_by(&signature.name, signature.key_hash));
        if self.signatures.len() >= MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// The signatures that known keys have made, one a key (its first), in the order of the note. Signatures of unknown keys are
    /// ignored, even under a known name or ID.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] where any signature under a known name and ID does not fit; [`NoteError::UnknownSigners`] where
    /// no known key has signed.
    pub fn open(&self, known: &[&dyn NoteVerifier]) -> Result<Vec<&NoteSignature>, NoteError> {
        let mut good: Vec<&NoteSignature> = Vec::new();
        for signature in &self.signatures {
            let by = |verifier: &&&dyn NoteVerifier| signature.is_by(verifier.name(), verifier.key_hash());
            let mut keys = known.iter().filter(by).peekable();
            if keys.peek().is_none() {
                continue;
            }
            // Two known keys under one name and ID are a mishap of one in four thousand million: either may fit.
            if !keys.any(|key| key.verify(self.text.as_bytes(), &signature.signature)) {
                return Err(NoteError::BadSignature { name: signature.name.clone() });
            }
            if !good.iter().any(|there| there.is_by(&signature.name, signature.key_hash)) {
                good.push(signature);
            }
        }
        let names = || known.iter().map(|verifier| verifier.name().to_owned()).collect();
        if good.is_empty() { Err(NoteError::UnknownSigners { names: names() }) } else { Ok(good) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    let control = text.bytes().position(|byte| byte < b' ' && byte != b'\n');
    control.map_or(Ok(()), |at| Err(NoteError::Character { at }))
}
