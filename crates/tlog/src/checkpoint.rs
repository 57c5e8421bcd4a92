//! Checkpoints: a log states its size and root.
//!
//! # Source
//! C2SP tlog-checkpoint v1.0.0.

use std::fmt;

use crate::note::{Note, NoteError, NoteSignature, NoteSigner, NoteVerifier};
use crate::tile::canonical;
use crate::{Hash, TreeHash, base64};

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note is malformed, or not signed as it must be.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A line of the text is not what it should be.
    #[error("line {line} of the checkpoint: {expected}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// It is another log's.
    #[error("the checkpoint is of the log {found:?}: expected {expected:?}")]
    Origin {
        /// Origin stated.
        found: String,
        /// Origin expected.
        expected: String,
    },
    /// A tree without leaves has one root only.
    #[error("the checkpoint of no leaves has a root that is not the hash of nothing")]
    EmptyRoot,
}

/// What a checkpoint says.
///
/// Its [`Display`](fmt::Display) is the text that is signed; [`Checkpoint::parse`] takes exactly what that gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log: one line, not empty.
    pub origin: String,
    /// Leaves of the tree.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
    /// Further lines, none of them empty. Best none at all: nobody can audit them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Reads the text of a checkpoint, strictly.
    ///
    /// # Errors
    /// [`CheckpointError::Line`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let fail = |line, expected| CheckpointError::Line { line, expected };
        let newlines = text.bytes().filter(|byte| *byte == b'\n').count();
        let lines = text.strip_suffix('\n').ok_or_else(|| fail(newlines + 1, "expected a newline at its end"))?;
        let mut lines = lines.split('\n').enumerate().map(|(i, line)| (i + 1, line));
        let mut next = |expected| match lines.next() {
            Some((_, line)) if !line.is_empty() => Ok(line),
            Some((number, _)) => Err(fail(number, expected)),
            None => Err(fail(newlines + 1, expected)),
        };
        let origin = next("expected the name of the log")?.to_owned();
        if origin.contains(|c: char| c < ' ') {
            return Err(fail(1, "expected a name without control characters"));
        }
        let size = canonical(next("expected the size")?);
        let size = size.ok_or_else(|| fail(2, "expected a decimal number below 2^64 without leading zeros"))?;
        let root = base64::decode_hash(next("expected the root")?);
        let root = root.ok_or_else(|| fail(3, "expected 32 bytes in canonical base64"))?;
        let mut extensions = Vec::new();
        for (number, line) in lines {
            if line.is_empty() || line.contains(|c: char| c < ' ') {
                return Err(fail(number, "expected an extension that is not empty and has no control characters"));
            }
            extensions.push(line.to_owned());
        }
        Ok(Self { origin, size, root, extensions })
    }

    /// The signed checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError::Line`] where the checkpoint could not be read again, and the errors of [`Note::sign`].
    pub fn sign(&self, signers: &[&dyn NoteSigner]) -> Result<Note, CheckpointError> {
        let text = self.to_string();
        if Self::parse(&text)? != *self {
            return Err(CheckpointError::Line { line: 1, expected: "expected fields without newlines" });
        }
        Ok(Note::sign(text, signers)?)
    }

    /// Reads a signed checkpoint of the log `origin`, which must be signed by one of `log`. Signatures by `others` (witnesses)
    /// are checked where they are there; one that does not fit refuses the checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(
        bytes: &[u8],
        origin: &str,
        log: &[&dyn NoteVerifier],
        others: &[&dyn NoteVerifier],
    ) -> Result<OpenCheckpoint, CheckpointError> {
        let note = Note::parse(bytes)?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != origin {
            return Err(CheckpointError::Origin { found: checkpoint.origin, expected: origin.to_owned() });
        }
        note.open(log)?;
        let all: Vec<&dyn NoteVerifier> = log.iter().chain(others).copied().collect();
        let signatures = note.open(&all)?.into_iter().cloned().collect();
        Ok(OpenCheckpoint { checkpoint, note, signatures })
    }

    /// Checks the one root that can be known without a proof: that of no leaves.
    ///
    /// # Errors
    /// [`CheckpointError::EmptyRoot`].
    pub fn check_empty(&self, hash: &impl TreeHash) -> Result<(), CheckpointError> {
        if self.size == 0 && self.root != hash.hash(&[]) { Err(CheckpointError::EmptyRoot) } else { Ok(()) }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, base64::encode(&self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A checkpoint whose signatures were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCheckpoint {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The note it came in, with every signature.
    pub note: Note,
    /// The signatures by known keys, all of them good, one a key.
    pub signatures: Vec<NoteSignature>,
}
